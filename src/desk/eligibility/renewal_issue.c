/* A drafted renewal is issued: documents in the order of the post, in chunks of one event each. */
#include "desk/eligibility/renewal.h"

enum { STREAM_LEAST = 1, STREAM_MOST = 10000 };

struct issuing {
    struct work *w;
    struct job *job;
    struct eligibility_renewal_get_row renewal;
    struct eligibility_renewal_documents_list documents;
    struct ymd today; /* the day it is */
    int64_t chunk, stream;
    struct certificate_order *orders; /* of the chunk in hand */
    size_t *at;                       /* the document of each order */
    size_t n;
};

/* --- what is still as drafted
 * ------------------------------------------------------------------------ */

static const struct certificate_need *need_of(const struct certificate_needs *needs,
                                              const struct eligibility_renewal_documents_row *d)
{
    size_t low = 0, high = needs->n;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (needs->rows[middle].person_id < d->person_id)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < needs->n && needs->rows[low].person_id == d->person_id; low++) {
        if (str_equal(needs->rows[low].kind, d->kind))
            return &needs->rows[low];
    }
    return NULL;
}

static bool is_as_drafted(const struct issuing *x, const struct certificate_needs *needs,
                          const struct eligibility_renewal_documents_row *d)
{
    const struct certificate_need *need = need_of(needs, d);

    return need && need->share == d->share &&
           (int64_t)renewal_outcome_of(need, x->renewal.renewal_ymd) == d->outcome &&
           ymd_compare(need->valid_until, d->valid_until) == 0;
}

static int put_row(struct issuing *x, const struct eligibility_renewal_documents_row *d,
                   struct str serial, int64_t place)
{
    const bool is_printed = d->outcome == RENEWAL_PRINT && serial.p;
    const struct eligibility_renewal_issued_in in = {
        .renewal_no = x->renewal.renewal_no,
        .person_id = d->person_id,
        .family = d->family,
        .outcome = serial.p ? d->outcome : RENEWAL_CHANGED,
        .serial = serial,
        .stream = is_printed ? place / x->stream + 1 : 0,
        .position = is_printed ? place % x->stream + 1 : 0};
    const int result = eligibility_renewal_issued(&x->w->cx, x->w->store, &in);

    return result < 0 ? result : OK;
}

static int left_out(struct issuing *x, const struct eligibility_renewal_documents_row *d)
{
    job_progress(x->job)->skipped++;
    const int result =
        job_note(x->w, x->job, false, d->person_id, "eligibility.renewal.13", STR(""));
    return result < 0 ? result : put_row(x, d, STR_NONE, 0);
}

/* The orders of a chunk: what has changed since the draft is left out and said. */
static int make_orders(struct issuing *x, size_t first, size_t n)
{
    struct work *w = x->w;
    struct certificate_needs needs;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);
    int result = ids ? OK : certificate_memory(w);

    x->n = 0;
    for (size_t i = 0; i < n && result >= 0; i++)
        ids[i] = x->documents.rows[first + i].person_id;
    if (result >= 0)
        result = certificate_due_people(w, ids, n, &needs);
    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct eligibility_renewal_documents_row *d = &x->documents.rows[first + i];
        if (d->outcome == RENEWAL_CHANGED || !is_as_drafted(x, &needs, d)) {
            result = left_out(x, d);
            continue;
        }
        x->at[x->n] = first + i;
        x->orders[x->n++] = (struct certificate_order){.person_id = d->person_id,
                                                       .kind = d->kind,
                                                       .cause = STR("renewal"),
                                                       .why = STR(""),
                                                       .valid_until = YMD_NONE,
                                                       .share = (int)d->share,
                                                       .handed = STR("")};
    }
    return result;
}

/* Each document's place in the stream of its kind: those before it are counted in the table. */
static int put_rows(struct issuing *x)
{
    struct str kind = STR("");
    struct eligibility_renewal_last_stream_row last = {0};
    int64_t place = 0;
    int result = OK;

    for (size_t i = 0; i < x->n && result >= 0; i++) {
        const struct eligibility_renewal_documents_row *d = &x->documents.rows[x->at[i]];
        if (!str_equal(kind, d->kind)) {
            kind = d->kind;
            result = eligibility_renewal_last_stream(
                &x->w->cx, x->w->store,
                &(struct eligibility_renewal_last_stream_in){x->renewal.renewal_no, kind}, &last);
            place = last.n;
        }
        if (result >= 0)
            result = put_row(x, d, x->orders[i].serial, place);
        place += d->outcome == RENEWAL_PRINT;
    }
    return result;
}

/* --- a chunk
 * -------------------------------------------------------------------------------------------- */

/* On the day of the renewal, whatever day it is: that day stands on the documents. */
static int issue_on_day(struct issuing *x, struct event *e, size_t first, size_t n)
{
    struct work *w = x->w;
    const struct asof before = w->asof;

    w->today = x->renewal.renewal_ymd;
    w->asof = (struct asof){w->today, KNOWN_NOW};
    int result = make_orders(x, first, n);
    if (result >= 0)
        result = certificate_issue(w, e->no, x->orders, x->n);
    if (result >= 0)
        result = put_rows(x);
    w->today = x->today;
    w->asof = before;
    return result;
}

static int chunk(struct issuing *x, size_t first, size_t n)
{
    struct work *w = x->w;
    struct event e = work_event(w, "eligibility.renewal");
    struct job_progress *g = job_progress(x->job);

    e.effective = x->renewal.renewal_ymd;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = issue_on_day(x, &e, first, n);
    if (result >= 0)
        result = work_event_tell(w, &e);
    if (result < 0)
        return result;
    g->done += (int64_t)x->n;
    g->cursor = (int64_t)(first + n);
    result = FAULT(&w->cx, "eligibility.renewal.chunk");
    return result < 0 ? result : job_checkpoint(w, x->job);
}

static int chunk_commit(struct issuing *x, size_t first)
{
    struct work *w = x->w;
    const size_t left = x->documents.n - first;
    const size_t n = left < (size_t)x->chunk ? left : (size_t)x->chunk;
    const struct arena_mark mark = arena_mark(w->cx.arena);
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = chunk(x, first, n);
    if (result >= 0)
        result = store_commit(&w->cx, w->store);
    else
        store_rollback(w->store);
    arena_rewind(w->cx.arena, mark);
    return result;
}

/* --- the job
 * ---------------------------------------------------------------------------------------------- */

static int size_setting(struct work *w, const char *key, int64_t *out)
{
    if (!str_to_int(setting_get(w, key), out) || *out < STREAM_LEAST || *out > STREAM_MOST)
        return fail(&w->cx, ERR_INVALID, "eligibility.certificate_setting", "%s", key);
    return OK;
}

/* Another person than the one who drafted it. */
static int check_renewal(struct issuing *x)
{
    struct work *w = x->w;
    const struct eligibility_renewal_get_row *r = &x->renewal;

    if (r->status < RENEWAL_DRAFTED)
        return fail(&w->cx, ERR_INVALID, "eligibility.renewal.not_drafted", "%lld",
                    (long long)r->renewal_no);
    if (r->status == RENEWAL_ISSUED)
        return fail(&w->cx, ERR_STALE, "eligibility.renewal.issued", "%lld",
                    (long long)r->renewal_no);
    return r->drafted_by != 0 && r->drafted_by == w->actor->user_id
               ? fail(&w->cx, ERR_DENIED, "eligibility.renewal.same_person", "%lld",
                      (long long)r->renewal_no)
               : OK;
}

static int open_renewal(struct issuing *x)
{
    struct work *w = x->w;
    int64_t no = 0;

    if (!str_to_int(job_option(x->job, "renewal"), &no))
        return fail(&w->cx, ERR_INVALID, "eligibility.renewal.none", NULL);
    int result = eligibility_renewal_get(&w->cx, w->store, &(struct eligibility_renewal_get_in){no},
                                         &x->renewal);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.renewal.none", "%lld", (long long)no);
    if (result >= 0)
        result = check_renewal(x);
    if (result >= 0)
        result = size_setting(w, "eligibility.renewal_chunk", &x->chunk);
    if (result >= 0)
        result = size_setting(w, "eligibility.renewal_stream", &x->stream);
    if (result >= 0)
        result = eligibility_renewal_documents(&w->cx, w->store,
                                               &(struct eligibility_renewal_documents_in){no},
                                               &x->documents);
    if (result < 0)
        return result;
    job_progress(x->job)->total = (int64_t)x->documents.n;
    x->orders = ARENA_ARRAY(w->cx.arena, (size_t)x->chunk, struct certificate_order);
    x->at = ARENA_ARRAY(w->cx.arena, (size_t)x->chunk, size_t);
    return x->orders && x->at ? OK : certificate_memory(w);
}

static int end(struct issuing *x)
{
    struct work *w = x->w;
    const struct eligibility_renewal_set_in in = {x->renewal.renewal_no, RENEWAL_ISSUED,
                                                  x->renewal.insured};
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = eligibility_renewal_set(&w->cx, w->store, &in);
    if (result >= 0)
        result = renewal_figures(w, x->job, x->renewal.renewal_no);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int certificate_renewal_issue(struct work *w, struct job *job)
{
    struct issuing x = {.w = w, .job = job, .today = w->today};
    int result = work_need(w, RIGHT_CERTIFICATE_EDIT);

    if (result >= 0)
        result = open_renewal(&x);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .query = STR("certificate-renewal-issue"),
                                                     .count = (int64_t)x.documents.n});
    while (result >= 0 && (size_t)job_progress(job)->cursor < x.documents.n)
        result = chunk_commit(&x, (size_t)job_progress(job)->cursor);
    if (result >= 0)
        result = renewal_print(w, job, x.renewal.renewal_no, x.renewal.renewal_ymd);
    return result < 0 ? error_add(&w->cx, "issue a renewal") : end(&x);
}
