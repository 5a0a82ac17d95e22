/* desk: the office's own tables. */
#include "audit_sql.h"
#include "office/consistency.h"
#include "office/inner_pages.h"

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

static const struct route routes[] = {
    ROUTE_GET("/sign-in", RIGHT_PUBLIC, AUDIT_NONE, door_show, "office.screen.sign_in"),
    ROUTE_POST("/sign-in", RIGHT_PUBLIC, AUDIT_NONE, door_enter, "office.screen.sign_in"),
    ROUTE_POST("/sign-in/terminal", RIGHT_PUBLIC, AUDIT_NONE, door_enrol, "office.screen.terminal"),
    ROUTE_GET("/sign-in/code", RIGHT_PUBLIC, AUDIT_NONE, factor_show, "office.screen.factor"),
    ROUTE_POST("/sign-in/code", RIGHT_PUBLIC, AUDIT_NONE, factor_enter, "office.screen.factor"),
    ROUTE_GET("/password", RIGHT_PUBLIC, AUDIT_NONE, password_show, "office.screen.password"),
    ROUTE_POST("/password", RIGHT_PUBLIC, AUDIT_NONE, password_save, "office.screen.password"),
    ROUTE_POST("/sign-out", RIGHT_PUBLIC, AUDIT_NONE, door_leave, "office.screen.sign_out"),
    ROUTE_GET("/", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, home_show, "office.screen.home"),
    ROUTE_GET("/calendar", RIGHT(RIGHT_JOB_VIEW), AUDIT_NONE, calendar_show,
              "office.screen.calendar"),
    ROUTE_GET("/jobs", RIGHT(RIGHT_JOB_VIEW), AUDIT_NONE, jobs_show, "office.screen.jobs"),
    ROUTE_GET("/jobs/start/{}", RIGHT(RIGHT_JOB_VIEW), AUDIT_NONE, job_start_show,
              "office.screen.job_start"),
    ROUTE_POST("/jobs/start/{}", RIGHT(RIGHT_JOB_VIEW), AUDIT_CHANGE, job_start_save,
               "office.screen.job_start"),
    ROUTE_GET("/job/{}", RIGHT(RIGHT_JOB_VIEW), AUDIT_NONE, job_show, "office.screen.job"),
    ROUTE_GET("/job/{}/progress", RIGHT(RIGHT_JOB_VIEW), AUDIT_NONE, job_progress_show,
              "office.screen.job"),
    ROUTE_GET("/audit", RIGHT(RIGHT_AUDIT_VIEW), AUDIT_INQUIRY, audit_show, "office.screen.audit"),
    ROUTE_POST("/audit/review", RIGHT(RIGHT_AUDIT_VIEW), AUDIT_CHANGE, review_save,
               "office.screen.review"),
    ROUTE_GET("/users", RIGHT(RIGHT_USER_VIEW), AUDIT_NONE, users_show, "office.screen.users"),
    ROUTE_POST("/users/terminal", RIGHT(RIGHT_USER_ADMIN), AUDIT_CHANGE, terminal_save,
               "office.screen.terminal"),
    ROUTE_GET("/users/new", RIGHT(RIGHT_USER_ADMIN), AUDIT_NONE, user_new_show,
              "office.screen.user"),
    ROUTE_POST("/users/new", RIGHT(RIGHT_USER_ADMIN), AUDIT_CHANGE, user_new_save,
               "office.screen.user"),
    ROUTE_GET("/user/{}", RIGHT(RIGHT_USER_VIEW), AUDIT_NONE, user_show, "office.screen.user"),
    ROUTE_POST("/user/{}", RIGHT(RIGHT_USER_ADMIN), AUDIT_CHANGE, user_save, "office.screen.user"),
    ROUTE_POST("/user/{}/secret", RIGHT(RIGHT_USER_ADMIN), AUDIT_CHANGE, user_secret_save,
               "office.screen.user"),
    ROUTE_GET("/rights", RIGHT(RIGHT_USER_VIEW), AUDIT_NONE, rights_show, "office.screen.rights"),
    ROUTE_POST("/rights/review", RIGHT(RIGHT_USER_VIEW), AUDIT_CHANGE, rights_review_save,
               "office.screen.rights"),
    ROUTE_GET("/settings", RIGHT(RIGHT_SETTING_ADMIN), AUDIT_NONE, settings_show,
              "office.screen.settings"),
    ROUTE_GET("/settings/{}", RIGHT(RIGHT_SETTING_ADMIN), AUDIT_NONE, setting_show,
              "office.screen.settings"),
    ROUTE_POST("/settings/{}", RIGHT(RIGHT_SETTING_ADMIN), AUDIT_CHANGE, setting_save,
               "office.screen.settings"),
    ROUTE_POST("/settings-branch", RIGHT(RIGHT_SETTING_ADMIN), AUDIT_CHANGE, branch_save,
               "office.screen.settings"),
    ROUTE_GET("/data-map", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, data_map_show,
              "office.screen.data_map"),
    ROUTE_GET("/lists", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, lists_show, "office.screen.lists"),
    ROUTE_GET("/list/{}/{}", RIGHT(RIGHT_SIGNED_IN), AUDIT_OUTPUT, list_show, "office.screen.list"),
    ROUTE_GET("/list/{}/{}/{}", RIGHT(RIGHT_SIGNED_IN), AUDIT_OUTPUT, list_show,
              "office.screen.list"),
    ROUTE_GET("/pending", RIGHT(RIGHT_CHECK), AUDIT_NONE, pending_show, "office.screen.pending"),
    ROUTE_GET("/pending/{}", RIGHT(RIGHT_CHECK), AUDIT_INQUIRY, pending_entry_show,
              "office.screen.pending"),
    ROUTE_POST("/pending/{}", RIGHT(RIGHT_CHECK), AUDIT_CHANGE, pending_entry_save,
               "office.screen.pending"),
    ROUTE_GET("/findings", RIGHT(RIGHT_ELIGIBILITY_VIEW), AUDIT_NONE, findings_show,
              "office.screen.findings"),
    ROUTE_GET("/findings/{}", RIGHT(RIGHT_ELIGIBILITY_VIEW), AUDIT_OUTPUT, findings_of_show,
              "office.screen.findings"),
    ROUTE_GET("/finding/{}", RIGHT(RIGHT_ELIGIBILITY_VIEW), AUDIT_INQUIRY, finding_show,
              "office.screen.finding"),
    ROUTE_POST("/finding/{}", RIGHT(RIGHT_ELIGIBILITY_EDIT), AUDIT_CHANGE, finding_save,
               "office.screen.finding"),
    ROUTE_GET("/mynumber/{}", RIGHT(RIGHT_MYNUMBER), AUDIT_INQUIRY, number_show,
              "office.screen.mynumber"),
    ROUTE_POST("/mynumber/{}", RIGHT(RIGHT_MYNUMBER), AUDIT_INQUIRY, number_reveal,
               "office.screen.mynumber"),
};

static const struct menu_item menu[] = {
    {"/", "office.menu.home", "h", RIGHT(RIGHT_SIGNED_IN)},
    {"/pending", "office.menu.pending", "w", RIGHT(RIGHT_CHECK)},
    {"/jobs", "office.menu.jobs", "j", RIGHT(RIGHT_JOB_VIEW)},
    {"/lists", "office.menu.lists", "i", RIGHT(RIGHT_STATISTICS)},
    {"/findings", "office.screen.findings", "g", RIGHT(RIGHT_ELIGIBILITY_VIEW)},
    {"/audit", "office.menu.audit", "o", RIGHT(RIGHT_AUDIT_VIEW)},
    {"/users", "office.menu.users", "u", RIGHT(RIGHT_USER_VIEW)},
    {"/settings", "office.menu.settings", "t", RIGHT(RIGHT_SETTING_ADMIN)},
};

static const struct setting settings[] = {
    {"office.demo", "1", "office.setting.demo"},
    {"office.insurer_no", "999995", "office.setting.insurer_no"},
    {"office.prefecture", "", "office.setting.prefecture"},
    {"office.hours", "08:00-19:00", "office.setting.hours"},
    {"office.administrators", "3", "office.setting.administrators"},
    {"headcount.eligibility", "0", "office.setting.headcount_eligibility"},
    {"headcount.levy", "0", "office.setting.headcount_levy"},
    {"headcount.benefit", "0", "office.setting.headcount_benefit"},
    {"headcount.collection", "0", "office.setting.headcount_collection"},
    {"headcount.keying", "9", "office.setting.headcount_keying"},
    {"office.small_cell", "10", "office.setting.small_cell"},
    {"office.mass_output", "10000", "office.setting.mass_output"},
    {"session.idle_minutes", "30", "office.setting.idle"},
    {"session.hours", "12", "office.setting.hours_longest"},
    {"lock.failures", "5", "office.setting.lock"},
    {"password.min_length", "10", "office.setting.password_length"},
    {"password.days", "180", "office.setting.password_days"},
};

static const struct entry_kind entries[] = {
    {"office.setting", "office.entry.setting", false, RIGHT(RIGHT_SETTING_ADMIN), setting_apply},
};

/* The daily anchor of the audit store and the journal. */
static int anchor_job(struct work *w, struct job *job)
{
    struct str file;
    struct job_progress *p = job_progress(job);
    p->total = 1;
    int rc = audit_anchor(w, &file);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    p->done = 1;
    rc = job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static const struct job_kind jobs[] = {
    {"audit-anchor", "job.audit_anchor", "", RIGHT(RIGHT_JOB_RUN), anchor_job},
    {"consistency", "job.consistency", "as-of?:day", RIGHT(RIGHT_JOB_RUN), consistency_job},
};

static void start(void)
{
    store_schema_add(&audit_db_schema);
}

const struct desk office_desk = {
    .name = "office",
    .label = "office.desk",
    .routes = routes,
    .n_routes = COUNT(routes),
    .menu = menu,
    .n_menu = COUNT(menu),
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .settings = settings,
    .n_settings = COUNT(settings),
    .entries = entries,
    .n_entries = COUNT(entries),
    .schema = &office_db_schema,
    .start = start,
};
