/* Pages of radar and what-if over the city: forms, results, and the levy's routes. */
#include "desk/levy/comparison.h"
#include "desk/levy/comparison_pictures.h"
#include "desk/levy/income_words.h"
#include "desk/levy/pages.h"
#include "desk/levy/pension_pages.h"
#include "desk/levy/report.h"
#include "desk/levy/survey.h"
#include "desk/levy/trial_pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#define COMPARISONS_SHOWN 30
#define CHANGES_SHOWN     200
#define NAMED_SHOWN       40

/* Values in a job's options have their blanks as %20 and lines as ';'. */
void option_add(struct text *out, struct str value)
{
    for (size_t i = 0; i < value.n; i++) {
        char c = value.p[i];
        if (c == ' ' || c == '\t') {
            text_adds(out, "%20");
        } else if (c == '\n') {
            text_addc(out, ';');
        } else if (c != '\r') {
            text_addc(out, c);
        }
    }
}

static int view_named(struct work *w, struct levy_comparisons_view *v)
{
    const struct levy_rate_sets_in in = {.n = NAMED_SHOWN};
    struct levy_rate_sets_list list;
    int rc = levy_rate_sets(&w->cx, w->store, &in, &list);
    struct levy_comparisons_named_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_comparisons_named_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        rows[i] =
            (struct levy_comparisons_named_row){list.rows[i].name,
                                                levy_year_label(&w->cx,
                                                                (int)list.rows[i].fiscal_year),
                                                list.rows[i].settings};
    }
    v->named = rows;
    v->n_named = list.n;
    return 0;
}

static int comparisons_page(struct work *w, struct request *rq, struct reply *rp,
                            struct levy_comparisons_view *v)
{
    struct levy_comparison_recent_in in = {.n = COMPARISONS_SHOWN};
    struct levy_comparison_recent_list list;
    int rc = levy_comparison_recent(&w->cx, w->store, &in, &list);
    if (rc < 0) {
        return rc;
    }
    struct levy_comparisons_rows_of_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_comparisons_rows_of_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        rows[i] =
            (struct levy_comparisons_rows_of_row){list.rows[i].job_id,
                                                  levy_year_label(&w->cx,
                                                                  (int)list.rows[i].fiscal_year),
                                                  list.rows[i].name, list.rows[i].sets};
    }
    v->rows_of = rows;
    v->n_rows_of = list.n;
    rc = view_named(w, v);
    if (rc < 0) {
        return rc;
    }
    levy_page_comparisons(&rp->body, rq->frame, v);
    return 0;
}

int levy_show_comparisons(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_simulate_form simulate;
    struct levy_radar_form radar;
    struct levy_comparisons_view v = {.simulate = &simulate, .radar = &radar};
    levy_simulate_form_init(&simulate);
    levy_radar_form_init(&radar);
    simulate.year = radar.year = ymd_fiscal_year(w->today);
    return comparisons_page(w, rq, rp, &v);
}

static int queue(struct work *w, struct request *rq, struct reply *rp, const char *kind,
                 struct text *options)
{
    int64_t job = 0;
    int rc = options->failed ? fail(&w->cx, ERR_LIMIT, "levy.simulate.sets", NULL)
                             : job_queue(w, kind, text_str(options), &job);
    text_release(options);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/job/%lld", (long long)job);
}

int levy_run_simulation(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_simulate_form form;
    struct levy_comparisons_view v = {.simulate = &form};
    struct text options;
    int rc = levy_simulate_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return comparisons_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 16384);
    text_addf(&options, "year=%lld sets=", (long long)form.year);
    option_add(&options, form.sets);
    return queue(w, rq, rp, "simulate-city", &options);
}

int levy_run_radar(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_radar_form form;
    struct levy_comparisons_view v = {.radar = &form};
    struct text options;
    int rc = levy_radar_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return comparisons_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 4096);
    text_addf(&options, "year=%lld a=", (long long)form.year);
    option_add(&options, form.before);
    text_adds(&options, " b=");
    option_add(&options, form.after);
    return queue(w, rq, rp, "radar", &options);
}

/* --- a result
 * -------------------------------------------------------------------------------------- */

/* The set in force has a word of its own; the others are called by their settings. */
struct str comparison_set_name(struct str name)
{
    const struct message *m = str_is(name, "adopted") ? message_find("levy.rules.adopted") : NULL;
    return m ? str_of(m->text) : name;
}

static struct levy_comparison_sets_row set_view(const struct levy_comparison_sets_of_row *r,
                                                struct yen base)
{
    return (struct levy_comparison_sets_row){.name = comparison_set_name(r->name),
                                             .households = r->households,
                                             .total = r->total_yen,
                                             .difference = YEN(r->total_yen.n - base.n),
                                             .medical = r->medical_yen,
                                             .support = r->support_yen,
                                             .care = r->care_yen,
                                             .child = r->child_yen,
                                             .tier_7 = r->tier_7,
                                             .tier_5 = r->tier_5,
                                             .tier_2 = r->tier_2,
                                             .cap_medical = r->cap_medical,
                                             .cap_support = r->cap_support,
                                             .cap_care = r->cap_care,
                                             .cap_child = r->cap_child,
                                             .winners = r->winners,
                                             .losers = r->losers,
                                             .gain = r->gain_yen,
                                             .loss = r->loss_yen};
}

static int view_sets(struct work *w, struct levy_comparison_view *v)
{
    struct levy_comparison_sets_of_in in = {.job_id = v->job};
    struct levy_comparison_sets_of_list list;
    int rc = levy_comparison_sets_of(&w->cx, w->store, &in, &list);
    if (rc >= 0 && list.n == 0) {
        rc = fail(&w->cx, ERR_NOT_FOUND, "levy.comparison.none", NULL);
    }
    if (rc < 0) {
        return rc;
    }
    struct levy_comparison_sets_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n, struct levy_comparison_sets_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        rows[i] = set_view(&list.rows[i], list.rows[0].total_yen);
    }
    v->year_label = levy_year_label(&w->cx, (int)list.rows[0].fiscal_year);
    v->sets = rows;
    v->n_sets = list.n;
    return 0;
}

static int view_causes(struct work *w, struct levy_comparison_view *v)
{
    struct levy_radar_causes_in in = {.job_id = v->job};
    struct levy_radar_causes_list list;
    int rc = levy_radar_causes(&w->cx, w->store, &in, &list);
    struct levy_comparison_causes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_comparison_causes_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_radar_causes_row *r = &list.rows[i];
        rows[i] = (struct levy_comparison_causes_row){r->number,  r->names,  r->households,
                                                      r->winners, r->losers, r->difference_yen};
    }
    v->causes = rows;
    v->n_causes = list.n;
    return 0;
}

static struct str cause_name(const struct levy_comparison_view *v, int64_t no)
{
    for (size_t i = 0; i < v->n_causes; i++) {
        if (v->causes[i].no == no) {
            return v->causes[i].names;
        }
    }
    return STR("");
}

static int view_changes(struct work *w, const struct request *rq, struct levy_comparison_view *v)
{
    struct levy_radar_changes_in in = {.job_id = v->job, .n = CHANGES_SHOWN};
    struct levy_radar_changes_list list;
    int rc = request_query_number(&w->cx, rq, "cause", -1, &in.cause);
    rc = rc < 0 ? rc : levy_radar_changes(&w->cx, w->store, &in, &list);
    struct levy_comparison_changes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_comparison_changes_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_radar_changes_row *r = &list.rows[i];
        rows[i] = (struct levy_comparison_changes_row){r->household_no, r->before_yen, r->after_yen,
                                                       YEN(r->after_yen.n - r->before_yen.n),
                                                       cause_name(v, r->cause)};
    }
    v->changes = rows;
    v->n_changes = list.n;
    return 0;
}

int levy_show_comparison(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_comparison_view v = {0};
    struct comparison_pictures pictures;
    int rc = request_part_id(&w->cx, rq, 0, &v.job);
    comparison_pictures_init(&pictures);
    rc = rc < 0 ? rc : view_sets(w, &v);
    rc = rc < 0 ? rc : view_causes(w, &v);
    rc = rc < 0 ? rc : view_changes(w, rq, &v);
    rc = rc < 0 ? rc : comparison_pictures_draw(w, &v, &pictures);
    if (rc >= 0) {
        struct audit_line line = {.class = AUDIT_INQUIRY,
                                  .purpose = STR(""),
                                  .query = STR("comparison"),
                                  .count = (int64_t)v.n_changes};
        rc = audit_write(w, &line);
    }
    if (rc >= 0) {
        levy_page_comparison(&rp->body, rq->frame, &v);
    }
    comparison_pictures_release(&pictures);
    return rc;
}

/* --- routes
 * ------------------------------------------------------------------------------------------ */

const struct route levy_routes[LEVY_ROUTES] = {
    ROUTE_GET("/levy/drafts", RIGHT(RIGHT_LEVY_VIEW), AUDIT_NONE, levy_show_drafts,
              "levy.screen.drafts"),
    ROUTE_POST("/levy/drafts", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, levy_run_draft,
               "levy.screen.draft_run"),
    ROUTE_GET("/levy/draft/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_draft,
              "levy.screen.draft"),
    ROUTE_POST("/levy/draft/{}/confirm", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_CHANGE,
               levy_confirm_draft, "levy.screen.confirm"),
    ROUTE_POST("/levy/draft/{}/drop", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, levy_drop_draft,
               "levy.screen.drop"),
    ROUTE_POST("/levy/draft/{}/notices", RIGHT(RIGHT_PRINT), AUDIT_PRINT, levy_print_notices,
               "levy.screen.notices"),
    ROUTE_POST("/levy/corrections", RIGHT(RIGHT_JOB_RUN), AUDIT_NONE, levy_run_correction,
               "levy.screen.correction"),
    ROUTE_GET("/levy/correction/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_correction,
              "levy.screen.correction"),
    ROUTE_POST("/levy/correction/{}/confirm", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_CHANGE,
               levy_confirm_correction, "levy.screen.confirm"),
    ROUTE_POST("/levy/correction/{}/print", RIGHT(RIGHT_PRINT), AUDIT_PRINT, levy_print_correction,
               "levy.screen.notices"),
    ROUTE_GET("/levy/correction/{}/decision.pdf", RIGHT(RIGHT_PRINT), AUDIT_PRINT,
              levy_correction_decision, "levy.screen.correction_decision"),
    ROUTE_GET("/levy/correct/{}/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_correct,
              "levy.screen.correct"),
    ROUTE_POST("/levy/correct/{}/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, levy_save_correct,
               "levy.screen.correct"),
    ROUTE_GET("/levy/exemptions", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_exemptions,
              "levy.screen.exemptions"),
    ROUTE_GET("/levy/exemptions/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_exemptions_of,
              "levy.screen.exemptions"),
    ROUTE_POST("/levy/exemptions/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, levy_save_review,
               "levy.screen.exemptions"),
    ROUTE_GET("/levy/exempt/{}/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_INQUIRY, levy_show_exempt,
              "levy.screen.exemption"),
    ROUTE_POST("/levy/exempt/{}/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, levy_save_exempt,
               "levy.screen.exemption"),
    ROUTE_GET("/levy/exemption/{}/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, levy_show_exemption,
              "levy.screen.exemption"),
    ROUTE_POST("/levy/exemption/{}/{}/decide", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_CHANGE,
               levy_save_decide, "levy.screen.exemption"),
    ROUTE_POST("/levy/exemption/{}/{}/cancel", RIGHT(RIGHT_LEVY_CONFIRM), AUDIT_CHANGE,
               levy_save_cancel, "levy.screen.exemption"),
    ROUTE_GET("/levy/exemption/{}/{}/notice.pdf", RIGHT(RIGHT_PRINT), AUDIT_PRINT,
              levy_exemption_notice, "levy.screen.exemption_notice"),
    ROUTE_GET("/levy/exemption-grounds", RIGHT(RIGHT_LEVY_VIEW), AUDIT_NONE,
              levy_show_exemption_grounds, "levy.screen.exemption_grounds"),
    ROUTE_POST("/levy/exemption-grounds", RIGHT(RIGHT_RULE_ADOPT), AUDIT_CHANGE,
               levy_save_exemption_grounds, "levy.screen.exemption_grounds"),
    ROUTE_GET("/levy/comparisons", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_show_comparisons,
              "levy.screen.simulate"),
    ROUTE_POST("/levy/simulate", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_run_simulation,
               "levy.screen.simulate"),
    ROUTE_POST("/levy/radar", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_run_radar,
               "levy.screen.radar"),
    ROUTE_GET("/levy/comparison/{}", RIGHT(RIGHT_SIMULATE) | RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY,
              levy_show_comparison, "levy.screen.radar"),
    ROUTE_GET("/levy/comparison/{}/csv",
              RIGHT(RIGHT_SIMULATE) | RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_LIST), AUDIT_OUTPUT,
              levy_comparison_csv, "levy.screen.radar_csv"),
    ROUTE_GET("/levy/solve", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_show_solve,
              "levy.screen.solve"),
    ROUTE_POST("/levy/solve", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_run_solve,
               "levy.screen.solve"),
    ROUTE_GET("/levy/solve/{}", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_show_solved,
              "levy.screen.solve"),
    ROUTE_POST("/levy/solve/{}", RIGHT(RIGHT_SIMULATE), AUDIT_NONE, levy_save_rates,
               "levy.screen.rate_set"),
    ROUTE_GET("/levy/surveys", RIGHT(RIGHT_LEVY_EDIT), AUDIT_NONE, levy_show_surveys,
              "levy.screen.survey"),
    ROUTE_POST("/levy/surveys", RIGHT(RIGHT_LEVY_EDIT), AUDIT_NONE, levy_run_survey,
               "levy.screen.survey"),
    ROUTE_GET("/levy/survey/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_INQUIRY, levy_show_survey,
              "levy.screen.survey"),
    ROUTE_POST("/levy/survey/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, levy_mark_survey,
               "levy.screen.survey"),
    ROUTE_GET("/levy/reports", RIGHT(RIGHT_LEVY_VIEW), AUDIT_NONE, levy_show_reports,
              "levy.screen.report"),
    ROUTE_POST("/levy/reports", RIGHT(RIGHT_LEVY_VIEW), AUDIT_NONE, levy_run_report,
               "levy.screen.report"),
    ROUTE_GET("/levy/report/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_NONE, levy_show_report,
              "levy.screen.report"),
    ROUTE_GET("/levy/report/{}/cut-out", RIGHT(RIGHT_STATISTICS), AUDIT_OUTPUT, levy_show_cut_out,
              "levy.screen.cut_out"),
    ROUTE_GET("/levy/certificate/{}", RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_PRINT), AUDIT_INQUIRY,
              levy_show_certificate, "levy.screen.certificate"),
    ROUTE_POST("/levy/certificate/{}", RIGHT(RIGHT_LEVY_VIEW) | RIGHT(RIGHT_PRINT), AUDIT_PRINT,
               levy_issue_certificate, "levy.screen.certificate"),
    ROUTE_GET("/levy/income/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_INQUIRY, income_page,
              "levy.screen.income"),
    ROUTE_POST("/levy/income/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, income_save,
               "levy.screen.income"),
    ROUTE_GET("/levy/pension", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, pension_show_work,
              "levy.screen.pension_work"),
    ROUTE_POST("/levy/pension/match", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, pension_save_match,
               "levy.screen.pension_match"),
    ROUTE_POST("/levy/pension/worked", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, pension_save_worked,
               "levy.screen.pension_worked"),
    ROUTE_GET("/levy/pension/{}", RIGHT(RIGHT_LEVY_VIEW), AUDIT_INQUIRY, pension_show_person,
              "levy.screen.pension"),
    ROUTE_POST("/levy/pension/{}", RIGHT(RIGHT_LEVY_EDIT), AUDIT_CHANGE, pension_save_wish,
               "levy.screen.pension_wish"),
    ROUTE_GET("/levy/pension/{}/letter/{}", RIGHT(RIGHT_PRINT), AUDIT_PRINT, pension_show_letter,
              "levy.screen.pension_letter"),
};

const struct menu_item levy_menu[LEVY_MENU] = {
    {"/levy/drafts", "levy.menu.drafts", "f", RIGHT(RIGHT_LEVY_VIEW)},
    {"/levy/exemptions", "levy.menu.exemptions", NULL, RIGHT(RIGHT_LEVY_VIEW)},
    {"/levy/comparisons", "levy.menu.simulate", "y", RIGHT(RIGHT_SIMULATE)},
    {"/levy/reports", "levy.menu.report", NULL, RIGHT(RIGHT_LEVY_VIEW)},
    {"/levy/surveys", "levy.menu.survey", NULL, RIGHT(RIGHT_LEVY_EDIT)},
    {"/levy/pension", "levy.menu.pension", NULL, RIGHT(RIGHT_LEVY_VIEW)},
};
