/*
 * A chief confirms a draft against its control totals: only then decisions, document numbers and
 * charges exist. Households are taken in their order, a piece at a time, one event each; the
 * collection desk charges inside the same transaction. The cursor commits with the piece.
 */
#include "desk/levy/draft.h"
#include "levy_sql.h"

#include <string.h>

struct confirm {
    struct work *w;
    struct job *job;
    struct draft draft;
    struct ymd issued;
    int64_t piece; /* households */
};

static int read_options(struct confirm *c, int64_t *draft_no)
{
    struct work *w = c->w;
    if (!str_to_int(job_option(c->job, "draft"), draft_no)) {
        return fail(&w->cx, ERR_INVALID, "levy.draft.number", NULL);
    }
    if (!ymd_parse(job_option(c->job, "issue-date"), &c->issued)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.issue_date", NULL);
    }
    if (!str_to_int(setting_get(w, "levy.piece"), &c->piece) || c->piece < 1) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.piece");
    }
    return 0;
}

/* The totals the chief gives are those he has seen; another draft has others. */
static int check_totals(struct confirm *c)
{
    struct work *w = c->w;
    int64_t households;
    int64_t total;
    if (!str_to_int(job_option(c->job, "households"), &households) ||
        !str_to_int(job_option(c->job, "total"), &total)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.totals_missing", NULL);
    }
    if (households != c->draft.households || total != c->draft.total.n) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.totals_differ", "%lld, %lld",
                    (long long)c->draft.households, (long long)c->draft.total.n);
    }
    return 0;
}

/* Decisions may only rest on rules in force: those adopted, with the hash the draft used. */
static int check_rules(struct work *w, const struct draft *d)
{
    const struct ruleset *rules;
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    if (rc >= 0 && !digest_equal(ruleset_hash(rules), &d->rule_hash)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.rules", NULL);
    }
    return rc;
}

static int check_year_free(struct work *w, const struct draft *d)
{
    struct levy_draft_confirmed_of_year_in in = {.fiscal_year = d->fiscal_year};
    struct levy_draft_confirmed_of_year_list list;
    int rc = levy_draft_confirmed_of_year(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (list.rows[i].draft_no != d->draft_no) {
            return fail(&w->cx, ERR_DUPLICATE, "levy.confirm.year_done", "%lld",
                        (long long)list.rows[i].draft_no);
        }
    }
    return rc;
}

/* The one who ran the draft does not confirm it. The console's system user stands for nobody; only
 * the demo city lets it do both. */
static int check_person(struct work *w, const struct draft *d)
{
    int rc = work_need(w, RIGHT_LEVY_CONFIRM);
    if (rc < 0) {
        return rc;
    }
    if (w->actor->user_id == d->run_by && !(w->actor->user_id == 0 && office_is_demo(w->office))) {
        return fail(&w->cx, ERR_DENIED, "levy.confirm.same_person", NULL);
    }
    return 0;
}

int draft_may_be_confirmed(struct work *w, const struct draft *d)
{
    int rc = check_person(w, d);
    return rc < 0 ? rc : check_rules(w, d);
}

int draft_confirm_begin(struct work *w, struct job *job, const struct draft *d, struct ymd issued,
                        int (*check)(struct work *w, const struct draft *d))
{
    struct levy_draft_confirming_in in = {.draft_no = d->draft_no,
                                          .confirmed_by = w->actor->user_id,
                                          .issue_ymd = issued,
                                          .confirm_job = job_id(job)};
    struct event e = work_event(w, "levy.confirm");
    e.effective = issued;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = check(w, d); /* under the writer lock: two chiefs cannot both begin */
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : levy_draft_confirming(&w->cx, w->store, &in);
    if (rc == 0) {
        rc = fail(&w->cx, ERR_STALE, "levy.confirm.not_ready", "%lld", (long long)d->draft_no);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* 0: begin or go on. */
static int confirm_open(struct confirm *c)
{
    struct work *w = c->w;
    int64_t draft_no = 0;
    int rc = read_options(c, &draft_no);
    rc = rc < 0 ? rc : levy_draft_find(w, draft_no, &c->draft);
    if (rc <= 0) {
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)draft_no);
    }
    if (!str_is(c->draft.kind, "initial")) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.kind", "%lld", (long long)draft_no);
    }
    rc = draft_may_be_confirmed(w, &c->draft);
    rc = rc < 0 ? rc : check_totals(c);
    if (rc < 0 || c->draft.status == DRAFT_CONFIRMING) {
        return rc; /* killed on the way: go on */
    }
    if (c->draft.status != DRAFT_READY) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.not_ready", "%lld", (long long)draft_no);
    }
    return draft_confirm_begin(w, c->job, &c->draft, c->issued, check_year_free);
}

/* --- a piece ---------------------------------------------------------------------------------- */

static struct levy_decision decision_row(const struct confirm *c,
                                         const struct levy_assessment_page_row *a)
{
    return (struct levy_decision){
        .fiscal_year = c->draft.fiscal_year,
        .household_id = a->household_id,
        .debtor_id = a->debtor_id,
        .from_ymd = a->from_ymd,
        .cause = STR("initial"),
        .decided_ymd = c->issued,
        .issue_ymd = c->issued,
        .basis = STR("ordinance"),
        .officer_id = c->w->actor->user_id,
        .draft_no = c->draft.draft_no,
        .rule_hash = {(const char *)c->draft.rule_hash.b, sizeof c->draft.rule_hash.b},
        .looked_from = c->draft.known,
        .as_of_ymd = c->draft.as_of,
        .outcome = a->outcome,
        .reason = a->reason,
        .total_yen = a->total_yen,
        .medical_yen = a->medical_yen,
        .support_yen = a->support_yen,
        .care_yen = a->care_yen,
        .child_yen = a->child_yen,
        .tier = a->tier,
        .marks = a->marks,
        .judge_yen = a->judge_yen,
        .insured = a->insured,
        .instalments = a->instalments,
        .explanation = a->explanation,
        .inputs = a->inputs,
    };
}

static bool is_decided(const struct levy_assessment_page_row *a)
{
    return a->outcome == OUTCOME_LEVIED || a->outcome == OUTCOME_PULLED;
}

static int write_decisions(struct confirm *c, const struct levy_assessment_page_list *page,
                           int64_t event_no)
{
    struct work *w = c->w;
    struct levy_decision *rows = ARENA_ARRAY(w->cx.arena, page->n, struct levy_decision);
    struct str series = str_format(w->cx.arena, "notice.%d", c->draft.fiscal_year);
    int64_t id;
    int64_t no;
    size_t n = 0;
    if (!rows || !series.p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < page->n; i++) {
        if (is_decided(&page->rows[i])) {
            rows[n++] = decision_row(c, &page->rows[i]);
        }
    }
    if (n == 0) {
        return 0;
    }
    int rc = store_ids(&w->cx, w->store, (int64_t)n, &id);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, series, (int64_t)n, &no);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rows[i].decision_id = id + (int64_t)i;
        rows[i].decision_no = no + (int64_t)i;
        rows[i].known_from = event_no;
    }
    rc = rc < 0 ? rc : levy_decision_bulk(&w->cx, w->store, rows, n);
    job_progress(c->job)->done += (int64_t)n;
    job_progress(c->job)->skipped += (int64_t)(page->n - n);
    return rc;
}

static int piece_write(struct confirm *c, const struct levy_assessment_page_list *page)
{
    struct work *w = c->w;
    struct event e = work_event(w, "levy.decide");
    e.effective = c->issued;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : write_decisions(c, page, e.no);
    rc = rc < 0 ? rc : work_event_tell(w, &e); /* collection charges what was decided */
    rc = rc < 0 ? rc : FAULT(&w->cx, "levy.confirm.piece");
    if (rc >= 0) {
        job_progress(c->job)->cursor = page->rows[page->n - 1].household_id;
        rc = job_checkpoint(w, c->job);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "decide draft %lld", (long long)c->draft.draft_no);
    }
    return store_commit(&w->cx, w->store);
}

/* What was decided is what was confirmed, to the yen; otherwise the job fails loudly. */
static int confirm_finish(struct confirm *c)
{
    struct work *w = c->w;
    struct levy_decision_of_draft_in in = {.draft_no = c->draft.draft_no,
                                           .fiscal_year = c->draft.fiscal_year};
    struct levy_decision_of_draft_row sum;
    struct levy_draft_status_in done = {.draft_no = c->draft.draft_no, .status = DRAFT_CONFIRMED};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_decision_of_draft(&w->cx, w->store, &in, &sum);
    if (rc >= 0 && (sum.decisions != c->draft.households || sum.total_yen.n != c->draft.total.n)) {
        rc = fail(&w->cx, ERR_CORRUPT, "levy.confirm.sum", "%lld, %lld", (long long)sum.decisions,
                  (long long)sum.total_yen.n);
    }
    rc = rc < 0 ? rc : levy_draft_status(&w->cx, w->store, &done);
    job_progress(c->job)->total = job_progress(c->job)->done + job_progress(c->job)->skipped;
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    rc = rc < 0 ? rc : job_figure(w, c->job, "draft", c->draft.draft_no);
    rc = rc < 0 ? rc : job_figure(w, c->job, "decisions", sum.decisions);
    rc = rc < 0 ? rc : job_figure(w, c->job, "total_yen", sum.total_yen.n);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

int levy_confirm(struct work *w, struct job *job)
{
    struct confirm c = {.w = w, .job = job};
    struct levy_assessment_page_list page;
    int rc = confirm_open(&c);
    if (rc < 0) {
        return rc;
    }
    job_progress(job)->total = c.draft.households;
    do {
        struct arena_mark mark = arena_mark(w->cx.arena);
        struct levy_assessment_page_in in = {.draft_no = c.draft.draft_no,
                                             .after_id = job_progress(job)->cursor,
                                             .n = c.piece};
        rc = levy_assessment_page(&w->cx, w->store, &in, &page);
        if (rc >= 0 && page.n > 0) {
            rc = piece_write(&c, &page);
        }
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && page.n > 0);
    return rc < 0 ? rc : confirm_finish(&c);
}
