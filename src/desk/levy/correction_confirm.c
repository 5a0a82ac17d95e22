/*
 * A chief confirms one of a correction's drafts: increases and decreases apart
 * (増額と減額を分けて決議). Decisions are replaced a piece of households at a time, the collection
 * desk charges the difference in the same transaction. A decision that was replaced since the draft
 * was made stops it.
 */
#include "desk/levy/correction.h"
#include "levy_sql.h"

#include <stdlib.h>
#include <string.h>

/* --- control totals ------------------------------------------------------------------------- */

static void add_cause(struct correction_totals *t, const struct levy_draft_correction_sums_row *r)
{
    size_t k = 0;
    while (k < t->n_causes && !str_equal(t->cause[k].cause, r->cause)) {
        k++;
    }
    if (k == t->n_causes && k < sizeof t->cause / sizeof *t->cause) {
        t->cause[t->n_causes++] = (struct cause_total){.cause = r->cause};
    }
    if (k < t->n_causes) {
        t->cause[k].n += r->households;
        t->cause[k].before = yen_add(t->cause[k].before, r->before_yen);
        t->cause[k].after = yen_add(t->cause[k].after, r->after_yen);
    }
}

int correction_totals(struct work *w, int64_t draft_no, struct correction_totals *out)
{
    struct levy_draft_correction_sums_in in = {.draft_no = draft_no};
    struct levy_draft_correction_sums_list list;
    *out = (struct correction_totals){0};
    int rc = levy_draft_correction_sums(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_draft_correction_sums_row *r = &list.rows[i];
        out->refused += r->outcome == OUTCOME_SKIPPED ? r->households : 0;
        out->failed += r->outcome == OUTCOME_FAILED ? r->households : 0;
        if (r->outcome != OUTCOME_LEVIED && r->outcome != OUTCOME_PULLED) {
            continue;
        }
        out->decided += r->households;
        out->pulled += r->outcome == OUTCOME_PULLED ? r->households : 0;
        out->before = yen_add(out->before, r->before_yen);
        out->after = yen_add(out->after, r->after_yen);
        out->part[PART_MEDICAL] = yen_add(out->part[PART_MEDICAL], r->medical_yen);
        out->part[PART_SUPPORT] = yen_add(out->part[PART_SUPPORT], r->support_yen);
        out->part[PART_CARE] = yen_add(out->part[PART_CARE], r->care_yen);
        out->part[PART_CHILD] = yen_add(out->part[PART_CHILD], r->child_yen);
        add_cause(out, r);
    }
    return rc < 0 ? rc : 0;
}

static struct yen difference(struct yen before, struct yen after)
{
    return YEN(after.n > before.n ? after.n - before.n : before.n - after.n);
}

static int put_figures(struct work *w, struct job *job, bool is_increase, int64_t draft_no,
                       const struct correction_totals *t)
{
    const struct {
        const char *up, *down;
        int64_t value;
    } figures[] = {
        {"increase.draft", "decrease.draft", draft_no},
        {"increase.households", "decrease.households", t->decided},
        {"increase.yen", "decrease.yen", difference(t->before, t->after).n},
        {"increase.refused", "decrease.refused", t->refused},
        {"increase.failed", "decrease.failed", t->failed},
    };
    int rc = 0;
    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++) {
        rc = job_figure(w, job, is_increase ? figures[i].up : figures[i].down, figures[i].value);
    }
    return rc;
}

int correction_draft_settle(struct work *w, struct job *job, int64_t draft_no, bool is_increase)
{
    struct correction_totals t;
    struct digest content;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = correction_totals(w, draft_no, &t);
    rc = rc < 0 ? rc : draft_content(w, draft_no, &content);
    if (rc >= 0) {
        bool is_empty = t.decided + t.refused + t.failed == 0;
        struct levy_correction_draft_finish_in in = {.draft_no = draft_no,
                                                     .status =
                                                         is_empty ? DRAFT_DROPPED : DRAFT_READY,
                                                     .households = t.decided,
                                                     .total_yen = difference(t.before, t.after),
                                                     .pulled = t.pulled,
                                                     .content = {(const char *)content.b,
                                                                 sizeof content.b}};
        rc = levy_correction_draft_finish(&w->cx, w->store, &in);
        job_progress(job)->skipped += t.refused;
        job_progress(job)->failed += t.failed;
    }
    rc = rc < 0 ? rc : put_figures(w, job, is_increase, draft_no, &t);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* --- beginning -------------------------------------------------------------------------------- */

struct confirm {
    struct work *w;
    struct job *job;
    struct draft draft;
    struct change_terms terms;
    int64_t piece;
};

static int check_totals(struct confirm *c)
{
    struct work *w = c->w;
    int64_t households;
    int64_t yen;
    if (!str_to_int(job_option(c->job, "households"), &households) ||
        !str_to_int(job_option(c->job, "difference"), &yen)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.totals_missing", NULL);
    }
    if (households != c->draft.households || yen != c->draft.total.n) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.totals_differ", "%lld, %lld",
                    (long long)c->draft.households, (long long)c->draft.total.n);
    }
    return 0;
}

/* Nothing it rests on was decided otherwise since. */
static int check_fresh(struct work *w, const struct draft *d)
{
    struct levy_draft_correction_stale_in stale = {.draft_no = d->draft_no};
    struct levy_draft_correction_stale_list gone;
    struct levy_draft_correction_taken_in taken = {.draft_no = d->draft_no,
                                                   .fiscal_year = d->fiscal_year};
    struct levy_draft_correction_taken_list twice;
    int rc = levy_draft_correction_stale(&w->cx, w->store, &stale, &gone);
    if (rc >= 0 && gone.n > 0) {
        return fail(&w->cx, ERR_STALE, "levy.correct.stale", "%lld",
                    (long long)gone.rows[0].decision_no);
    }
    rc = rc < 0 ? rc : levy_draft_correction_taken(&w->cx, w->store, &taken, &twice);
    if (rc >= 0 && twice.n > 0) {
        return fail(&w->cx, ERR_STALE, "levy.correct.stale", STR_FMT,
                    STR_ARG(twice.rows[0].household_no));
    }
    return rc;
}

static int terms_of_draft(struct confirm *c)
{
    struct work *w = c->w;
    const struct ruleset *rules;
    const struct draft *d = &c->draft;
    c->terms = (struct change_terms){.fiscal_year = d->fiscal_year,
                                     .known = d->known,
                                     .as_of = d->as_of,
                                     .issued = d->issued};
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    return rc < 0 ? rc : levy_plan(w, rules, d->fiscal_year, &c->terms.plan);
}

static int confirm_open(struct confirm *c)
{
    struct work *w = c->w;
    int64_t no = 0;
    if (!str_to_int(job_option(c->job, "draft"), &no)) {
        return fail(&w->cx, ERR_INVALID, "levy.draft.number", NULL);
    }
    if (!str_to_int(setting_get(w, "levy.piece"), &c->piece) || c->piece < 1) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.piece");
    }
    int rc = levy_draft_find(w, no, &c->draft);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no);
    }
    if (!draft_is_correction(&c->draft)) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.kind", "%lld", (long long)no);
    }
    rc = draft_may_be_confirmed(w, &c->draft);
    rc = rc < 0 ? rc : check_totals(c);
    rc = rc < 0 ? rc : terms_of_draft(c);
    if (rc < 0 || c->draft.status == DRAFT_CONFIRMING) {
        return rc;
    }
    if (c->draft.status != DRAFT_READY) {
        return fail(&w->cx, ERR_INVALID, "levy.confirm.not_ready", "%lld", (long long)no);
    }
    return draft_confirm_begin(w, c->job, &c->draft, c->draft.issued, check_fresh);
}

/* --- a piece ---------------------------------------------------------------------------------- */

static const struct levy_draft_correction_page_row *
replaced_by(const struct levy_draft_correction_page_list *list,
            const struct levy_assessment_page_row *a)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct levy_draft_correction_page_row *r = &list->rows[i];
        if (r->household_id == a->household_id && r->debtor_id == a->debtor_id &&
            r->from_ymd.day == a->from_ymd.day) {
            return r;
        }
    }
    return NULL;
}

static int change_of(struct work *w, const struct levy_assessment_page_row *a,
                     const struct levy_draft_correction_page_row *r, struct levy_change *c)
{
    if (!r || a->inputs.n != sizeof c->inputs.b) {
        return fail(&w->cx, ERR_CORRUPT, "levy.draft.corrupt", "household=%lld",
                    (long long)a->household_id);
    }
    *c = (struct levy_change){.household_id = a->household_id,
                              .debtor_id = a->debtor_id,
                              .replaces_id = r->replaces_id,
                              .decision_no = r->decision_no,
                              .from = a->from_ymd,
                              .changed = r->change_ymd,
                              .cause = r->cause,
                              .basis = r->basis,
                              .outcome = (enum levy_outcome)a->outcome,
                              .reason = (enum levy_reason)a->reason,
                              .before = r->before_yen,
                              .result = {.total = a->total_yen,
                                         .part = {a->medical_yen, a->support_yen, a->care_yen,
                                                  a->child_yen},
                                         .tier = (int)a->tier,
                                         .marks = (unsigned)a->marks,
                                         .judge = a->judge_yen,
                                         .insured = (int)a->insured},
                              .explanation = a->explanation};
    memcpy(c->inputs.b, a->inputs.p, sizeof c->inputs.b);
    return schedule_unpack(&w->cx, a->instalments, &c->schedule);
}

static int decide_page(struct confirm *c, const struct levy_assessment_page_list *page,
                       int64_t event_no)
{
    struct work *w = c->w;
    struct levy_change *rows = ARENA_ARRAY(w->cx.arena, page->n, struct levy_change);
    struct levy_draft_correction_page_in in = {.draft_no = c->draft.draft_no,
                                               .after_id = job_progress(c->job)->cursor,
                                               .up_to_id = page->rows[page->n - 1].household_id};
    struct levy_draft_correction_page_list replaced;
    struct change_decision how = {event_no, w->actor->user_id, c->draft.draft_no, &c->terms};
    size_t n = 0;
    int rc = rows ? levy_draft_correction_page(&w->cx, w->store, &in, &replaced)
                  : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < page->n && rc >= 0; i++) {
        const struct levy_assessment_page_row *a = &page->rows[i];
        if (a->outcome == OUTCOME_LEVIED || a->outcome == OUTCOME_PULLED) {
            rc = change_of(w, a, replaced_by(&replaced, a), &rows[n++]);
        }
    }
    rc = rc < 0 ? rc : changes_decide(w, &how, rows, n);
    job_progress(c->job)->done += (int64_t)n;
    job_progress(c->job)->skipped += (int64_t)(page->n - n);
    return rc;
}

static int piece_write(struct confirm *c, const struct levy_assessment_page_list *page)
{
    struct work *w = c->w;
    struct event e = work_event(w, "levy.decide");
    e.effective = c->draft.issued;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : decide_page(c, page, e.no);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    rc = rc < 0 ? rc : FAULT(&w->cx, "levy.correct.piece");
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

/* What was decided is what was confirmed, to the yen. */
static int confirm_finish(struct confirm *c)
{
    struct work *w = c->w;
    struct levy_correction_sums_of_draft_in in = {.draft_no = c->draft.draft_no};
    struct levy_correction_sums_of_draft_row sum;
    struct levy_draft_status_in done = {.draft_no = c->draft.draft_no, .status = DRAFT_CONFIRMED};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_correction_sums_of_draft(&w->cx, w->store, &in, &sum);
    if (rc >= 0 && (sum.decisions != c->draft.households ||
                    difference(sum.before_yen, sum.after_yen).n != c->draft.total.n)) {
        rc = fail(&w->cx, ERR_CORRUPT, "levy.confirm.sum", "%lld, %lld", (long long)sum.decisions,
                  (long long)sum.after_yen.n);
    }
    rc = rc < 0 ? rc : levy_draft_status(&w->cx, w->store, &done);
    job_progress(c->job)->total = job_progress(c->job)->done + job_progress(c->job)->skipped;
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    rc = rc < 0 ? rc : job_figure(w, c->job, "draft", c->draft.draft_no);
    rc = rc < 0 ? rc : job_figure(w, c->job, "decisions", sum.decisions);
    rc = rc < 0 ? rc
                : job_figure(w, c->job, "difference", difference(sum.before_yen, sum.after_yen).n);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

int levy_correct_confirm(struct work *w, struct job *job)
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
