/* What the party desk is made of. */
#include "desk/party/checks.h"
#include "desk/party/inner.h"

#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

#define VIEW RIGHT(RIGHT_PARTY_VIEW)
#define EDIT (RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_PARTY_EDIT))

static const struct route routes[] = {
    ROUTE_GET("/party/person/{}/details", VIEW, AUDIT_INQUIRY, party_details_page,
              "party.screen.details"),
    ROUTE_GET("/party/person/{}/new/{}", EDIT, AUDIT_INQUIRY, party_new_page, "party.screen.new"),
    ROUTE_POST("/party/person/{}/new/{}", EDIT, AUDIT_CHANGE, party_new_save, "party.screen.new"),
    ROUTE_GET("/party/person/{}/end/{}/{}", EDIT, AUDIT_INQUIRY, party_end_page,
              "party.screen.end"),
    ROUTE_POST("/party/person/{}/end/{}/{}", EDIT, AUDIT_CHANGE, party_end_save,
               "party.screen.end"),
    ROUTE_GET("/party/person/{}/mynumber", VIEW | RIGHT(RIGHT_MYNUMBER), AUDIT_INQUIRY,
              party_mynumber_page, "party.screen.mynumber"),
    ROUTE_POST("/party/person/{}/mynumber", VIEW | RIGHT(RIGHT_MYNUMBER), AUDIT_CHANGE,
               party_mynumber_save, "party.screen.mynumber"),
    ROUTE_GET("/party/legacy/{}", VIEW, AUDIT_INQUIRY, party_legacy_page_show,
              "party.screen.legacy"),
    ROUTE_GET("/party/nonresident/new", EDIT, AUDIT_INQUIRY, party_nonresident_new_page,
              "party.screen.nonresident"),
    ROUTE_POST("/party/nonresident/new", EDIT, AUDIT_CHANGE, party_nonresident_new_save,
               "party.screen.nonresident"),
    ROUTE_GET("/party/nonresident/{}/change", EDIT, AUDIT_INQUIRY, party_nonresident_change_page,
              "party.screen.nonresident"),
    ROUTE_POST("/party/nonresident/{}/change", EDIT, AUDIT_CHANGE, party_nonresident_change_save,
               "party.screen.nonresident"),
    ROUTE_GET("/party/nonresident/{}/confirm", EDIT, AUDIT_INQUIRY, party_nonresident_word_page,
              "party.screen.nonresident"),
    ROUTE_POST("/party/nonresident/{}/confirm", EDIT, AUDIT_CHANGE, party_nonresident_confirm_save,
               "party.screen.nonresident"),
    ROUTE_GET("/party/nonresident/{}/remove", EDIT, AUDIT_INQUIRY, party_nonresident_remove_page,
              "party.screen.nonresident"),
    ROUTE_POST("/party/nonresident/{}/remove", EDIT, AUDIT_CHANGE, party_nonresident_remove_save,
               "party.screen.nonresident"),
};

/* The first day on which the four files hold. */
static const struct setting settings[] = {
    {"legacy.cutover", "2019-02-01", "party.setting.legacy_cutover"},
};

static const char *setting_problem(const char *key, struct str value)
{
    struct ymd day;
    return strcmp(key, "legacy.cutover") == 0 && !legacy_cutover_parse(value, &day)
               ? "party.legacy.cutover"
               : NULL;
}

static const struct menu_item menu[] = {
    {"/party/nonresident/new", "party.screen.nonresident", "a", EDIT},
};

/* What ends a protection, moves money or says who is who waits for a second person; a protection
 * counts at once, since waiting would show the address meanwhile. A new non-resident is only
 * provisional until two people have compared him. */
static const struct entry_kind entries[] = {
    {"party.nonresident", "party.section.nonresident", false, RIGHT(RIGHT_PARTY_EDIT),
     party_apply_nonresident},
    {"party.nonresident_change", "party.section.nonresident_change", true, RIGHT(RIGHT_PARTY_EDIT),
     party_apply_nonresident},
    {"party.nonresident_confirm", "party.section.confirm", true, RIGHT(RIGHT_PARTY_EDIT),
     party_apply_confirmation},
    {"party.sending", "party.section.sending", true, RIGHT(RIGHT_PARTY_EDIT), party_apply_section},
    {"party.contact", "party.section.contact", false, RIGHT(RIGHT_PARTY_EDIT), party_apply_section},
    {"party.account", "party.section.account", true, RIGHT(RIGHT_PARTY_EDIT), party_apply_section},
    {"party.agent", "party.section.agent", true, RIGHT(RIGHT_PARTY_EDIT), party_apply_section},
    {"party.protection", "party.section.protection", false, RIGHT(RIGHT_PARTY_EDIT),
     party_apply_section},
    {"party.protection_end", "party.section.protection_end", true, RIGHT(RIGHT_PARTY_EDIT),
     party_apply_section},
    {"party.merge", "party.section.merge", true, RIGHT(RIGHT_PARTY_EDIT), party_apply_section},
};

static const struct job_kind jobs[] = {
    {"import-legacy", "party.job.import_legacy", IMPORT_OPTIONS, RIGHT(RIGHT_IMPORT),
     party_import_legacy},
    {"name-match", "party.job.name_match", "", RIGHT(RIGHT_JOB_RUN), party_name_match},
    {"name-match-result", "party.job.name_match_result", "",
     RIGHT(RIGHT_JOB_RUN) | RIGHT(RIGHT_LIST), party_hand_over},
};

const struct desk party_desk = {
    .name = "party",
    .label = "party.desk",
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .settings = settings,
    .n_settings = COUNT(settings),
    .setting_problem = setting_problem,
    .entries = entries,
    .n_entries = COUNT(entries),
    .schema = &party_schema,
    .checks = party_checks,
    .n_checks = PARTY_CHECKS,
    .person_of_no = party_person_by_no,
    .refers_to = party_refers_to,
    .entry_shown = party_entry_shown,
};
