/* Pages of drafts: the list, one draft with its control totals, confirming, dropping, printing. */
#include "desk/levy/correction.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#define DRAFTS_SHOWN  50
#define LETTERS_SHOWN 200

static const char *const status_messages[] = {"levy.status.5", "levy.status.1", "levy.status.2",
                                              "levy.status.3", "levy.status.4", "levy.status.5"};

static const char *status_message(int64_t status)
{
    return status_messages[status >= DRAFT_RUNNING && status <= DRAFT_DROPPED ? status : 0];
}

/* Where people are sent to watch: the job's page. */
static int to_job(struct request *rq, struct reply *rp, int64_t job)
{
    return reply_redirect(rq, rp, "/job/%lld", (long long)job);
}

const char *draft_status_message(int64_t status)
{
    return status_message(status);
}

const char *draft_kind_message(struct str kind)
{
    return str_is(kind, "increase")   ? "levy.kind.increase"
           : str_is(kind, "decrease") ? "levy.kind.decrease"
                                      : "levy.kind.initial";
}

/* --- the list ----------------------------------------------------------------------------------
 */

static int fill_drafts(struct work *w, struct levy_drafts_view *v)
{
    struct levy_draft_list_in in = {.n = DRAFTS_SHOWN};
    struct levy_draft_list_list list;
    int rc = levy_draft_list(&w->cx, w->store, &in, &list);
    if (rc < 0) {
        return rc;
    }
    struct levy_drafts_drafts_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_drafts_drafts_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_draft_list_row *r = &list.rows[i];
        rows[i] = (struct levy_drafts_drafts_row){.no = r->draft_no,
                                                  .kind = draft_kind_message(r->kind),
                                                  .year_label =
                                                      levy_year_label(&w->cx, (int)r->fiscal_year),
                                                  .as_of = r->as_of_ymd,
                                                  .status = status_message(r->status),
                                                  .is_ready = r->status == DRAFT_READY,
                                                  .households = r->households,
                                                  .total = r->total_yen,
                                                  .pulled = r->pulled,
                                                  .issued = r->issue_ymd,
                                                  .rules = r->rules};
    }
    v->drafts = rows;
    v->n_drafts = list.n;
    return 0;
}

/* Forms that were not sent are as they begin. */
static int drafts_page(struct work *w, struct request *rq, struct reply *rp,
                       struct levy_run_form *run, struct levy_bulk_form *correct)
{
    struct levy_run_form new_run;
    struct levy_bulk_form new_correct;
    levy_run_form_init(&new_run);
    new_run.year = ymd_fiscal_year(w->today);
    new_run.as_of = w->today;
    levy_bulk_form_init(&new_correct);
    new_correct.correct_year = ymd_fiscal_year(w->today);
    new_correct.correct_as_of = w->today;
    struct levy_drafts_view v = {.run = run ? run : &new_run,
                                 .bulk = correct ? correct : &new_correct};
    int rc = fill_drafts(w, &v);
    if (rc >= 0) {
        levy_page_drafts(&rp->body, rq->frame, &v);
    }
    return rc;
}

int levy_show_drafts(struct work *w, struct request *rq, struct reply *rp)
{
    return drafts_page(w, rq, rp, NULL, NULL);
}

int levy_run_correction(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_bulk_form form;
    struct text options;
    int64_t job = 0;
    int rc = levy_bulk_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return drafts_page(w, rq, rp, NULL, &form);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 4096);
    text_addf(&options, "year=%lld as-of=", (long long)form.correct_year);
    text_add_ymd(&options, form.correct_as_of);
    text_adds(&options, " issue-date=");
    text_add_ymd(&options, form.issue_date);
    rc = job_queue(w, "levy-correct", text_str(&options), &job);
    text_release(&options);
    return rc < 0 ? rc : to_job(rq, rp, job);
}

int levy_run_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_run_form form;
    struct text options;
    int64_t job = 0;
    int rc = levy_run_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return drafts_page(w, rq, rp, &form, NULL);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 4096);
    text_addf(&options, "year=%lld as-of=", (long long)form.year);
    text_add_ymd(&options, form.as_of);
    if (form.rules.n > 0) {
        text_adds(&options, " rules=");
        option_add(&options, form.rules);
    }
    rc = job_queue(w, "levy-initial", text_str(&options), &job);
    text_release(&options);
    return rc < 0 ? rc : to_job(rq, rp, job);
}

/* --- one draft -----------------------------------------------------------------------------------
 */

static int view_tables(struct work *w, const struct draft_totals *t, struct levy_draft_view *v)
{
    static const char *const part_messages[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                          "levy.part.care", "levy.part.child"};
    static const int tiers[] = {7, 5, 2, 0};
    struct arena *a = w->cx.arena;
    struct levy_draft_parts_row *parts = ARENA_ARRAY(a, LEVY_PARTS, struct levy_draft_parts_row);
    struct levy_draft_tiers_row *rows = ARENA_ARRAY(a, 4, struct levy_draft_tiers_row);
    struct levy_draft_reasons_row *reasons =
        ARENA_ARRAY(a, LEVY_REASONS, struct levy_draft_reasons_row);
    if (!parts || !rows || !reasons) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        parts[k] = (struct levy_draft_parts_row){message_words(part_messages[k]), t->part[k],
                                                 t->at_cap[k]};
        rows[k] = (struct levy_draft_tiers_row){message_words(levy_tier_message(tiers[k])),
                                                t->tier[tiers[k]]};
    }
    for (int k = 1; k < LEVY_REASONS; k++) {
        if (t->reason[k] > 0) {
            reasons[v->n_reasons++] =
                (struct levy_draft_reasons_row){levy_reason_message(k), t->reason[k]};
        }
    }
    v->parts = parts;
    v->n_parts = LEVY_PARTS;
    v->tiers = rows;
    v->n_tiers = 4;
    v->reasons = reasons;
    return 0;
}

static int view_letters(struct work *w, struct levy_draft_view *v)
{
    struct levy_assessment_pulled_named_in in = {.draft_no = v->no, .n = LETTERS_SHOWN};
    struct levy_assessment_pulled_named_list list;
    int rc = levy_assessment_pulled_named(&w->cx, w->store, &in, &list);
    if (rc < 0) {
        return rc;
    }
    struct levy_draft_letters_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_draft_letters_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        rows[i] =
            (struct levy_draft_letters_row){list.rows[i].household_no, list.rows[i].household_id,
                                            levy_reason_message(list.rows[i].reason),
                                            list.rows[i].total_yen};
    }
    v->letters = rows;
    v->n_letters = list.n;
    return 0;
}

static void view_draft(struct work *w, const struct draft *d, const struct draft_totals *t,
                       struct levy_draft_view *v)
{
    char hex[65];
    digest_hex(&d->rule_hash, hex);
    hex[16] = '\0';
    v->no = d->draft_no;
    v->year_label = levy_year_label(&w->cx, d->fiscal_year);
    v->as_of = d->as_of;
    v->known = d->known;
    v->status = status_message(d->status);
    v->hash = str_copy(w->cx.arena, str_of(hex));
    v->rules = d->rules;
    v->households = t->outcome[OUTCOME_LEVIED] + t->outcome[OUTCOME_PULLED];
    v->insured = t->insured;
    v->undeclared = t->undeclared;
    v->total = t->total;
    v->pulled = t->outcome[OUTCOME_PULLED];
    v->failed = t->outcome[OUTCOME_FAILED];
    v->issued = d->issued;
    v->job = d->job_id;
    v->is_running = d->status == DRAFT_RUNNING || d->status == DRAFT_CONFIRMING;
    v->is_confirmed = d->status == DRAFT_CONFIRMED;
    v->may_drop = d->status == DRAFT_READY && work_may(w, RIGHT_LEVY_EDIT);
    v->may_confirm = d->status == DRAFT_READY && work_may(w, RIGHT_LEVY_CONFIRM) &&
                     w->actor->user_id != d->run_by;
}

static int charts(const struct levy_draft_view *v, struct html *parts, struct html *tiers)
{
    struct chart_point p[LEVY_PARTS];
    struct chart_point t[LEVY_PARTS];
    for (size_t k = 0; k < LEVY_PARTS; k++) {
        p[k] = (struct chart_point){v->parts[k].label, v->parts[k].amount.n, INT64_MIN};
        t[k] = (struct chart_point){v->tiers[k].label, v->tiers[k].households, INT64_MIN};
    }
    struct chart_series a = {.title = message_words("levy.chart.parts"),
                             .unit = message_words("levy.unit.yen"),
                             .first_label = STR(""),
                             .second_label = STR(""),
                             .points = p,
                             .n = LEVY_PARTS};
    struct chart_series b = {.title = message_words("levy.chart.tiers"),
                             .unit = message_words("levy.unit.households"),
                             .first_label = STR(""),
                             .second_label = STR(""),
                             .points = t,
                             .n = LEVY_PARTS};
    int rc = chart_bars(parts, &a);
    return rc < 0 ? rc : chart_shares(tiers, &b);
}

/* Dropped drafts have no rows any more; the page still shows what they were. */
static int draft_page(struct work *w, struct request *rq, struct reply *rp,
                      struct levy_draft_view *v)
{
    int64_t no;
    struct draft d;
    struct draft_totals t;
    struct html parts;
    struct html tiers;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : levy_draft_find(w, no, &d);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no);
    }
    rc = draft_totals(w, no, &t);
    if (rc < 0) {
        return rc;
    }
    view_draft(w, &d, &t, v);
    rc = view_tables(w, &t, v);
    rc = rc < 0 ? rc : view_letters(w, v);
    if (rc < 0) {
        return rc;
    }
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .purpose = STR(""),
                              .query = STR("draft"),
                              .count = (int64_t)v->n_letters};
    rc = audit_write(w, &line);
    html_init(&parts);
    html_init(&tiers);
    rc = rc < 0 ? rc : charts(v, &parts, &tiers);
    v->chart_parts = &parts;
    v->chart_tiers = &tiers;
    if (rc >= 0) {
        levy_page_draft(&rp->body, rq->frame, v);
    }
    html_release(&parts);
    html_release(&tiers);
    return rc;
}

int levy_show_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_draft_view v = {0};
    struct draft d;
    int64_t no;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : levy_draft_find(w, no, &d);
    if (rc > 0 && draft_is_correction(&d)) {
        return levy_show_correction(w, rq, rp);
    }
    return rc < 0 ? rc : draft_page(w, rq, rp, &v);
}

/* --- what a draft's page does
 * --------------------------------------------------------------------- */

static int queue_for_draft(struct work *w, struct request *rq, struct reply *rp, const char *kind,
                           const char *more)
{
    int64_t no;
    int64_t job;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    if (rc < 0) {
        return rc;
    }
    struct str options = str_format(w->cx.arena, "draft=%lld%s", (long long)no, more);
    if (!options.p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    struct audit_line line = {.class = AUDIT_CHANGE,
                              .purpose = str_of(kind),
                              .query = options,
                              .count = -1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : job_queue(w, kind, options, &job);
    return rc < 0 ? rc : to_job(rq, rp, job);
}

int levy_confirm_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_confirm_form form;
    struct levy_draft_view v = {.confirm = &form};
    struct text more;
    int rc = levy_confirm_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return draft_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&more, 256);
    text_addf(&more, " households=%lld total=%lld issue-date=", (long long)form.households,
              (long long)form.total.n);
    text_add_ymd(&more, form.issue_date);
    rc = queue_for_draft(w, rq, rp, "levy-confirm", text_str(&more).p);
    text_release(&more);
    return rc;
}

int levy_drop_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_drop_form form;
    struct levy_draft_view v = {.drop = &form};
    int rc = levy_drop_form_read(&w->cx, rq, &form);
    if (rc >= 0 && !form.sure) {
        form_problem(&w->cx, &form.state, "sure", "levy.draft.sure", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return draft_page(w, rq, rp, &v);
    }
    return rc < 0 ? rc : queue_for_draft(w, rq, rp, "levy-drop", "");
}

int levy_print_notices(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_notices_form form;
    struct levy_draft_view v = {.notices = &form};
    struct draft d;
    int64_t no;
    int64_t job;
    int rc = levy_notices_form_read(&w->cx, rq, &form);
    if (rc >= 0 && !form.sure) {
        form_problem(&w->cx, &form.state, "sure", "levy.draft.sure", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return draft_page(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : levy_draft_find(w, no, &d);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no);
    }
    struct str options = str_format(w->cx.arena, "year=%d", d.fiscal_year);
    struct audit_line line = {.class = AUDIT_PRINT,
                              .purpose = STR("levy-notices"),
                              .query = options,
                              .count = -1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : job_queue(w, "levy-notices", options, &job);
    return rc < 0 ? rc : to_job(rq, rp, job);
}
