/* The draft of a renewal: who gets which document, in one run over all insured. */
#include "desk/eligibility/renewal.h"

enum { CHUNK = 1000 };

struct drafting {
    struct work *w;
    struct job *job;
    struct eligibility_renewal_of_job_row renewal;
};

static bool is_same(const char *a, const char *b)
{
    return a && str_is(str_of(a), b);
}

enum renewal_outcome renewal_outcome_of(const struct certificate_need *need, struct ymd day)
{
    if (is_same(need->refused, "eligibility.issue.no_number"))
        return RENEWAL_NO_NUMBER;
    if (need->refused)
        return RENEWAL_UNDECIDED;
    if (!need->due)
        return RENEWAL_HOLDS;
    if (!ymd_is_none(need->valid_until) && ymd_compare(need->valid_until, day) < 0)
        return RENEWAL_OVER;
    if (need->is_protected)
        return RENEWAL_PROTECTED;
    if (!need->has_address)
        return RENEWAL_NO_ADDRESS;
    return need->is_undelivered ? RENEWAL_UNDELIVERED : RENEWAL_PRINT;
}

/* --- begun or gone on with
 * ------------------------------------------------------------------------ */

static int begin_new(struct drafting *x, struct ymd day)
{
    struct work *w = x->w;
    struct eligibility_renewal row = {.renewal_ymd = day,
                                      .status = RENEWAL_DRAFTING,
                                      .job_id = job_id(x->job),
                                      .drafted_by = w->actor->user_id};
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = store_number(&w->cx, w->store, STR("eligibility.renewal"), 1, &row.renewal_no);
    if (result >= 0)
        result = eligibility_renewal_insert(&w->cx, w->store, &row);
    if (result < 0) {
        store_rollback(w->store);
        return result;
    }
    x->renewal = (struct eligibility_renewal_of_job_row){.renewal_no = row.renewal_no,
                                                         .renewal_ymd = day,
                                                         .status = RENEWAL_DRAFTING,
                                                         .drafted_by = row.drafted_by};
    return store_commit(&w->cx, w->store);
}

static int begin(struct drafting *x)
{
    struct work *w = x->w;
    struct ymd day;
    const int found =
        eligibility_renewal_of_job(&w->cx, w->store,
                                   &(struct eligibility_renewal_of_job_in){job_id(x->job)},
                                   &x->renewal);

    if (found != 0)
        return found < 0 ? found : OK;
    if (!ymd_parse(job_option(x->job, "day"), &day))
        return fail(&w->cx, ERR_INVALID, "eligibility.renewal.day", NULL);
    return begin_new(x, day);
}

/* --- a chunk of people
 * ------------------------------------------------------------------------------ */

static struct eligibility_renewal_row row_of(const struct drafting *x,
                                             const struct certificate_need *need)
{
    return (struct eligibility_renewal_row){.renewal_no = x->renewal.renewal_no,
                                            .person_id = need->person_id,
                                            .family = certificate_family(need->kind),
                                            .household_id = need->household_id,
                                            .postal_code =
                                                need->postal_code.p ? need->postal_code : STR(""),
                                            .kind = need->kind,
                                            .outcome =
                                                renewal_outcome_of(need, x->renewal.renewal_ymd),
                                            .share = need->share,
                                            .valid_until = need->valid_until};
}

static int write_chunk(struct drafting *x, const struct certificate_needs *needs)
{
    struct work *w = x->w;
    struct job_progress *g = job_progress(x->job);
    struct eligibility_renewal_row *rows =
        ARENA_ARRAY(w->cx.arena, needs->n + 1, struct eligibility_renewal_row);

    if (!rows)
        return certificate_memory(w);
    for (size_t i = 0; i < needs->n; i++) {
        rows[i] = row_of(x, &needs->rows[i]);
        if (str_is(rows[i].family, "main"))
            x->renewal.insured++;
        g->done += rows[i].outcome < RENEWAL_HOLDS;
        g->skipped += rows[i].outcome >= RENEWAL_HOLDS;
    }
    int result = eligibility_renewal_row_bulk(&w->cx, w->store, rows, needs->n);
    if (result >= 0)
        result = eligibility_renewal_set(&w->cx, w->store,
                                         &(struct eligibility_renewal_set_in){x->renewal.renewal_no,
                                                                              RENEWAL_DRAFTING,
                                                                              x->renewal.insured});
    return result < 0 ? result : job_checkpoint(w, x->job);
}

/* As the day will find them, as it is known now. *n people were looked at. */
static int chunk(struct drafting *x, size_t *n)
{
    struct work *w = x->w;
    const struct asof before = w->asof, then = {x->renewal.renewal_ymd, KNOWN_NOW};
    struct eligibility_insured_after_list list;
    struct certificate_needs needs = {0};
    const struct eligibility_insured_after_in in = {job_progress(x->job)->cursor, CHUNK, then};
    int result = eligibility_insured_after(&w->cx, w->store, &in, &list);
    int64_t *ids = result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);

    *n = result < 0 ? 0 : list.n;
    if (!ids || *n == 0)
        return result < 0 || ids ? result : certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        ids[i] = list.rows[i].person_id;
    w->asof = then;
    result = certificate_due_people(w, ids, list.n, &needs);
    w->asof = before;
    if (result < 0)
        return result;
    job_progress(x->job)->cursor = ids[list.n - 1];
    return write_chunk(x, &needs);
}

static int chunk_commit(struct drafting *x, size_t *n)
{
    struct work *w = x->w;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = chunk(x, n);
    if (result >= 0)
        result = store_commit(&w->cx, w->store);
    else
        store_rollback(w->store);
    arena_rewind(w->cx.arena, mark);
    return result;
}

/* --- figures
 * ---------------------------------------------------------------------------------------- */

int renewal_figures(struct work *w, struct job *job, int64_t renewal_no)
{
    struct eligibility_renewal_counts_list list;
    int64_t insured = 0;
    int result =
        eligibility_renewal_counts(&w->cx, w->store,
                                   &(struct eligibility_renewal_counts_in){renewal_no}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_renewal_counts_row *r = &list.rows[i];
        const char *name = str_c(w->cx.arena, str_format(w->cx.arena, STR_FMT "_%lld",
                                                         STR_ARG(r->kind), (long long)r->outcome));
        insured += str_is(r->family, "main") ? r->n : 0;
        result = name ? job_figure(w, job, name, r->n) : certificate_memory(w);
    }
    if (result >= 0)
        result = job_figure(w, job, "insured", insured);
    return result < 0 ? result : job_figure(w, job, "renewal", renewal_no);
}

static int end(struct drafting *x)
{
    struct work *w = x->w;
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = eligibility_renewal_set(&w->cx, w->store,
                                     &(struct eligibility_renewal_set_in){x->renewal.renewal_no,
                                                                          RENEWAL_DRAFTED,
                                                                          x->renewal.insured});
    if (result >= 0)
        result = renewal_figures(w, x->job, x->renewal.renewal_no);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int certificate_renewal(struct work *w, struct job *job)
{
    struct drafting x = {.w = w, .job = job};
    size_t n = 1;
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .query = STR("certificate-renewal"),
                                                     .count = -1});

    if (result >= 0)
        result = begin(&x);
    while (result >= 0 && n > 0)
        result = chunk_commit(&x, &n);
    if (result >= 0)
        result = audit_outcome(w, OK, x.renewal.insured);
    return result < 0 ? error_add(&w->cx, "draft a renewal") : end(&x);
}
