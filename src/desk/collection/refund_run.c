/*
 * The run over everybody with an overpayment: matched and drafted, then confirmed by a chief
 * against its totals. What a debtor's case comes to is computed again when it is decided; a case
 * that has changed since the draft stops it.
 */
#include "desk/collection/refund_inner.h"

enum { DEBTORS_MAX = 1000000, PIECE = 200, LINES_MAX = 1000000 };

static int read_draft(struct work *w, const struct job *job,
                      struct collection_refund_draft_by_no_row *out)
{
    struct collection_refund_draft_by_no_in q = {0};

    if (!str_to_int(job_option(job, "draft"), &q.draft_no) || q.draft_no < 1)
        return fail(&w->cx, ERR_INVALID, "collection.refund.draft", NULL);
    const int rc = collection_refund_draft_by_no(&w->cx, w->store, &q, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.refund.draft", "%lld",
                          (long long)q.draft_no)
                   : rc;
}

/* --- drafting -----------------------------------------------------------------------------------
 */

struct drafting {
    struct work *w;
    struct job *job;
    struct ymd as_of;
    int64_t draft_no;
    struct collection_refund_debtors_list debtors;
    size_t at;
};

/* A job that was killed goes on with its draft. */
static int draft_open(struct drafting *d)
{
    struct work *w = d->w;
    const struct collection_refund_draft_of_job_in q = {job_id(d->job)};
    struct collection_refund_draft_of_job_row before;
    int rc = collection_refund_draft_of_job(&w->cx, w->store, &q, &before);

    d->draft_no = rc > 0 ? before.draft_no : 0;
    if (rc != 0)
        return rc;
    rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = store_number(&w->cx, w->store, STR("collection.refund_draft"), 1, &d->draft_no);
    const struct collection_refund_draft row = {.draft_no = d->draft_no,
                                                .as_of_ymd = d->as_of,
                                                .status = DRAFT_RUNNING,
                                                .job_id = job_id(d->job),
                                                .run_by = w->actor->user_id,
                                                .notice_ymd = YMD_NONE,
                                                .confirmed_by_null = true,
                                                .confirm_job_null = true};
    rc = rc < 0 ? rc : collection_refund_draft_insert(&w->cx, w->store, &row);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int draft_debtor(struct drafting *d, int64_t debtor_id)
{
    struct work *w = d->w;
    struct overpaid_case c;
    int rc = refund_case_read(w, debtor_id, d->as_of, d->as_of, &c);
    struct collection_refund_draft_line *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, c.n_lines + 1, struct collection_refund_draft_line);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < c.n_lines; i++) {
        const struct refund_line *x = &c.lines[i];
        const bool is_refund = x->kind == LINE_REFUND;
        rows[i] =
            (struct collection_refund_draft_line){.draft_no = d->draft_no,
                                                  .debtor_id = debtor_id,
                                                  .line = (int64_t)i + 1,
                                                  .kind = x->kind,
                                                  .liability_id = c.rows[x->from].liability_id,
                                                  .number = c.rows[x->from].number,
                                                  .to_liability_id =
                                                      is_refund ? 0 : c.rows[x->to].liability_id,
                                                  .to_number = is_refund ? 0 : c.rows[x->to].number,
                                                  .yen = x->yen};
    }
    job_progress(d->job)->done += c.n_lines > 0;
    return c.n_lines == 0 ? OK
                          : collection_refund_draft_line_bulk(&w->cx, w->store, rows, c.n_lines);
}

static int draft_piece(struct drafting *d)
{
    struct work *w = d->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < PIECE && d->at < d->debtors.n && rc >= 0; i++)
        rc = draft_debtor(d, d->debtors.rows[d->at++].debtor_id);
    if (rc >= 0 && d->at > 0)
        job_progress(d->job)->cursor = d->debtors.rows[d->at - 1].debtor_id;
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.refund.draft");
    rc = rc < 0 ? rc : job_checkpoint(w, d->job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

static int draft_finish(struct drafting *d)
{
    struct work *w = d->w;
    const struct collection_refund_draft_sums_in q = {d->draft_no};
    struct collection_refund_draft_sums_row sums;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = collection_refund_draft_sums(&w->cx, w->store, &q, &sums);
    const struct collection_refund_draft_finish_in done = {
        .draft_no = d->draft_no,
        .status = rc >= 0 && sums.debtors > 0 ? DRAFT_READY : DRAFT_DROPPED,
        .debtors = sums.debtors,
        .appropriated_yen = sums.appropriated_yen,
        .refund_yen = sums.refund_yen};
    rc = rc < 0 ? rc : collection_refund_draft_finish(&w->cx, w->store, &done);
    rc = rc < 0 ? rc : job_figure(w, d->job, "draft", d->draft_no);
    rc = rc < 0 ? rc : job_figure(w, d->job, "debtors", sums.debtors);
    rc = rc < 0 ? rc : job_figure(w, d->job, "appropriated_yen", sums.appropriated_yen.n);
    rc = rc < 0 ? rc : job_figure(w, d->job, "refund_yen", sums.refund_yen.n);
    rc = rc < 0 ? rc : job_checkpoint(w, d->job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int refund_draft_job(struct work *w, struct job *job)
{
    struct drafting d = {.w = w, .job = job, .as_of = w->today};
    const struct collection_refund_debtors_in q = {job_progress(job)->cursor, DEBTORS_MAX};
    int rc = work_need(w, RIGHT_COLLECTION_EDIT);

    if (rc >= 0 && job_option(job, "as-of").n > 0 && !ymd_parse(job_option(job, "as-of"), &d.as_of))
        rc = fail(&w->cx, ERR_INVALID, "collection.refund.day", NULL);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("collection.refund"),
                                                      .query = STR("draft"),
                                                      .count = -1});
    rc = rc < 0 ? rc : draft_open(&d);
    rc = rc < 0 ? rc : collection_refund_debtors(&w->cx, w->store, &q, &d.debtors);
    job_progress(job)->total = rc < 0 ? 0 : job_progress(job)->done + (int64_t)d.debtors.n;
    while (rc >= 0 && d.at < d.debtors.n)
        rc = draft_piece(&d);
    rc = rc < 0 ? rc : draft_finish(&d);
    return rc < 0 ? error_add(&w->cx, "draft refunds") : OK;
}

/* --- confirming ---------------------------------------------------------------------------------
 */

struct confirming {
    struct work *w;
    struct job *job;
    struct collection_refund_draft_by_no_row draft;
    struct ymd notice;
    struct collection_refund_draft_lines_list lines;
    size_t at;
};

static int may_confirm(struct confirming *c)
{
    struct work *w = c->w;
    const bool is_same = w->actor->user_id == c->draft.run_by &&
                         !(w->actor->user_id == 0 && office_is_demo(w->office));
    int64_t debtors = 0;
    int64_t overpaid = 0;

    if (is_same)
        return fail(&w->cx, ERR_DENIED, "collection.refund.same_person", NULL);
    if (!str_to_int(job_option(c->job, "debtors"), &debtors) ||
        !str_to_int(job_option(c->job, "overpaid"), &overpaid) ||
        !ymd_parse(job_option(c->job, "notice-date"), &c->notice))
        return fail(&w->cx, ERR_INVALID, "collection.refund.totals_missing", NULL);
    if (debtors != c->draft.debtors || overpaid != c->draft.overpaid_yen.n)
        return fail(&w->cx, ERR_INVALID, "collection.refund.totals_differ", "%lld, %lld",
                    (long long)c->draft.debtors, (long long)c->draft.overpaid_yen.n);
    if (ymd_compare(c->notice, c->draft.as_of_ymd) < 0)
        return fail(&w->cx, ERR_INVALID, "collection.refund.day", NULL);
    return OK;
}

static int confirm_begin(struct confirming *c)
{
    struct work *w = c->w;
    const struct collection_refund_draft_confirming_in q = {c->draft.draft_no, w->actor->user_id,
                                                            c->notice, job_id(c->job)};
    if (c->draft.status == DRAFT_CONFIRMING)
        return OK; /* killed on the way: goes on */
    if (c->draft.status != DRAFT_READY)
        return fail(&w->cx, ERR_INVALID, "collection.refund.not_ready", "%lld",
                    (long long)c->draft.draft_no);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = collection_refund_draft_confirming(&w->cx, w->store, &q);
    if (rc == 0) /* two chiefs cannot both begin */
        rc = fail(&w->cx, ERR_STALE, "collection.refund.not_ready", NULL);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* The case of today is the case of the draft, line by line. */
static bool is_as_drafted(const struct overpaid_case *now,
                          const struct collection_refund_draft_lines_row *rows, size_t n)
{
    bool is_same = now->n_lines == n;

    for (size_t i = 0; i < n && is_same; i++) {
        const struct refund_line *x = &now->lines[i];
        const bool is_refund = x->kind == LINE_REFUND;
        is_same = (int64_t)x->kind == rows[i].kind && x->yen.n == rows[i].yen.n &&
                  now->rows[x->from].liability_id == rows[i].liability_id &&
                  now->rows[x->from].number == rows[i].number &&
                  (is_refund || (now->rows[x->to].liability_id == rows[i].to_liability_id &&
                                 now->rows[x->to].number == rows[i].to_number));
    }
    return is_same;
}

static int confirm_debtor(struct confirming *c, int64_t event_no)
{
    struct work *w = c->w;
    const struct collection_refund_draft_lines_row *rows = &c->lines.rows[c->at];
    const struct refund_deciding how = {event_no, c->draft.draft_no, c->draft.run_by, c->notice};
    struct refund_decision out;
    struct overpaid_case now;
    size_t n = 0;

    while (c->at + n < c->lines.n && rows[n].debtor_id == rows[0].debtor_id)
        n++;
    int rc = refund_case_read(w, rows[0].debtor_id, c->draft.as_of_ymd, c->notice, &now);
    if (rc >= 0 && !is_as_drafted(&now, rows, n))
        return fail(&w->cx, ERR_STALE, "collection.refund.stale", "%lld",
                    (long long)rows[0].debtor_id);
    rc = rc < 0 ? rc : refund_decide(w, &how, &now, &out);
    c->at += n;
    job_progress(c->job)->done++;
    job_progress(c->job)->cursor = rows[0].debtor_id;
    return rc;
}

static int confirm_piece(struct confirming *c)
{
    struct work *w = c->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    struct event e = work_event(w, "collection.refund");
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    e.effective = c->notice;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    rc = event_open(&w->cx, w->store, &e);
    for (size_t i = 0; i < PIECE && c->at < c->lines.n && rc >= 0; i++)
        rc = confirm_debtor(c, e.no);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.refund.confirm");
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

/* What was decided is what was confirmed, to the yen. */
static int confirm_finish(struct confirming *c)
{
    struct work *w = c->w;
    const struct collection_refund_draft_decided_in q = {c->draft.draft_no};
    const struct collection_refund_draft_status_in done = {c->draft.draft_no, DRAFT_CONFIRMED};
    struct collection_refund_draft_decided_row sums;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = collection_refund_draft_decided(&w->cx, w->store, &q, &sums);
    if (rc >= 0 &&
        (sums.refunds != c->draft.debtors || sums.overpaid_yen.n != c->draft.overpaid_yen.n))
        rc = fail(&w->cx, ERR_CORRUPT, "collection.refund.sum", "%lld, %lld",
                  (long long)sums.refunds, (long long)sums.overpaid_yen.n);
    rc = rc < 0 ? rc : collection_refund_draft_status(&w->cx, w->store, &done);
    rc = rc < 0 ? rc : job_figure(w, c->job, "draft", c->draft.draft_no);
    rc = rc < 0 ? rc : job_figure(w, c->job, "refunds", sums.refunds);
    rc = rc < 0 ? rc : job_figure(w, c->job, "overpaid_yen", sums.overpaid_yen.n);
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int refund_confirm_job(struct work *w, struct job *job)
{
    struct confirming c = {.w = w, .job = job};
    int rc = work_need(w, RIGHT_LEVY_CONFIRM);

    rc = rc < 0 ? rc : work_need(w, RIGHT_COLLECTION_EDIT);
    rc = rc < 0 ? rc : read_draft(w, job, &c.draft);
    rc = rc < 0 ? rc : may_confirm(&c);
    rc = rc < 0 ? rc : confirm_begin(&c);
    const struct collection_refund_draft_lines_in q = {c.draft.draft_no, job_progress(job)->cursor,
                                                       INT64_MAX, LINES_MAX};
    rc = rc < 0 ? rc : collection_refund_draft_lines(&w->cx, w->store, &q, &c.lines);
    job_progress(job)->total = rc < 0 ? 0 : c.draft.debtors;
    while (rc >= 0 && c.at < c.lines.n)
        rc = confirm_piece(&c);
    rc = rc < 0 ? rc : confirm_finish(&c);
    return rc < 0 ? error_add(&w->cx, "decide refunds of draft %lld", (long long)c.draft.draft_no)
                  : OK;
}

int refund_drop_job(struct work *w, struct job *job)
{
    struct collection_refund_draft_by_no_row d;
    int rc = work_need(w, RIGHT_COLLECTION_EDIT);

    rc = rc < 0 ? rc : read_draft(w, job, &d);
    if (rc >= 0 && d.status != DRAFT_READY && d.status != DRAFT_RUNNING)
        rc = fail(&w->cx, ERR_INVALID, "collection.refund.not_ready", NULL);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    const struct collection_refund_draft_status_in q = {d.draft_no, DRAFT_DROPPED};
    rc = collection_refund_draft_status(&w->cx, w->store, &q);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}
