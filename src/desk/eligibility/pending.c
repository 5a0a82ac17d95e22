/* Pending changes: found, opened by a feed or the calendar, closed by a notification or a word. */
#include "desk/eligibility/notification_inner.h"

#include <stdlib.h>

static struct pending pending_of(const struct eligibility_pendings_by_id_row *r)
{
    return (struct pending){.pending_id = r->pending_change_id,
                            .kind = (enum pending_kind)r->kind,
                            .state = (enum pending_state)r->state,
                            .household_id = r->household_id,
                            .person_id = r->person_id,
                            .cause = r->cause_ymd,
                            .source = r->source,
                            .detail = r->detail.p ? r->detail : STR(""),
                            .opened_by = r->opened_by,
                            .closed_by = r->closed_by_null ? 0 : r->closed_by,
                            .reason = r->reason.p ? r->reason : STR("")};
}

int pendings_of_ids(struct work *w, const int64_t *ids, size_t n, struct pendings *out)
{
    struct eligibility_pendings_by_id_list list;
    const int result =
        n == 0
            ? OK
            : eligibility_pendings_by_id(&w->cx, w->store,
                                         &(struct eligibility_pendings_by_id_in){{ids, n}}, &list);

    *out = (struct pendings){NULL, 0};
    if (result < 0 || n == 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct pending);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        out->rows[out->n++] = pending_of(&list.rows[i]);
    return OK;
}

/* --- finding ---------------------------------------------------------------------------------- */

static int ids_of_owner(struct work *w, const struct pending_query *q, const int64_t **ids,
                        size_t *n)
{
    struct eligibility_pending_ids_of_household_list homes;
    struct eligibility_pending_ids_of_person_list people;
    const bool by_home = q->household_id != 0;
    const int result =
        by_home ? eligibility_pending_ids_of_household(
                      &w->cx, w->store,
                      &(struct eligibility_pending_ids_of_household_in){q->household_id}, &homes)
                : eligibility_pending_ids_of_person(&w->cx, w->store,
                                                    &(struct eligibility_pending_ids_of_person_in){
                                                        q->person_id},
                                                    &people);

    if (result < 0)
        return result;
    *n = by_home ? homes.n : people.n;
    int64_t *out = ARENA_ARRAY(w->cx.arena, *n + 1, int64_t);
    if (!out)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < *n; i++)
        out[i] = by_home ? homes.rows[i].pending_change_id : people.rows[i].pending_change_id;
    *ids = out;
    return OK;
}

static int ids_of_city(struct work *w, const struct pending_query *q, struct ymd after_cause,
                       const int64_t **ids, size_t *n)
{
    const int64_t limit = q->limit > 0 ? q->limit : INT32_MAX;
    const struct eligibility_pending_ids_open_in open = {q->kind, after_cause, q->after, limit};
    const struct eligibility_pending_ids_all_in all = {q->kind, after_cause, q->after, limit};
    struct eligibility_pending_ids_open_list opened;
    struct eligibility_pending_ids_all_list every;
    const int result = q->open_only ? eligibility_pending_ids_open(&w->cx, w->store, &open, &opened)
                                    : eligibility_pending_ids_all(&w->cx, w->store, &all, &every);

    if (result < 0)
        return result;
    *n = q->open_only ? opened.n : every.n;
    int64_t *out = ARENA_ARRAY(w->cx.arena, *n + 1, int64_t);
    if (!out)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < *n; i++)
        out[i] = q->open_only ? opened.rows[i].pending_change_id : every.rows[i].pending_change_id;
    *ids = out;
    return OK;
}

static bool is_wanted(const struct pending_query *q, const struct pending *p, struct ymd cause)
{
    const int later = ymd_compare(p->cause, cause);

    return (q->household_id == 0 || p->household_id == q->household_id) &&
           (q->person_id == 0 || p->person_id == q->person_id) &&
           (q->kind == 0 || (int)p->kind == q->kind) &&
           (!q->open_only || p->state == PENDING_OPEN) &&
           (q->after == 0 || later > 0 || (later == 0 && p->pending_id > q->after));
}

int pending_find(struct work *w, const struct pending_query *q, struct pendings *out)
{
    struct pendings from = {NULL, 0};
    const int64_t *ids = NULL;
    size_t n = 0;
    struct ymd cause = ymd_of(1, 1, 1);
    int result = q->after != 0 ? pendings_of_ids(w, &q->after, 1, &from) : OK;

    if (from.n > 0)
        cause = from.rows[0].cause;
    if (result >= 0)
        result = q->household_id != 0 || q->person_id != 0 ? ids_of_owner(w, q, &ids, &n)
                                                           : ids_of_city(w, q, cause, &ids, &n);
    if (result >= 0)
        result = pendings_of_ids(w, ids, n, out);
    if (result < 0)
        return error_add(&w->cx, "find pending changes");
    size_t kept = 0;
    for (size_t i = 0; i < out->n; i++) {
        if (is_wanted(q, &out->rows[i], cause) && (q->limit <= 0 || (int64_t)kept < q->limit))
            out->rows[kept++] = out->rows[i];
    }
    out->n = kept;
    return OK;
}

/* --- opening ---------------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static int open_already(struct work *w, const struct pending *rows, size_t n,
                        struct eligibility_pendings_open_of_list *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].person_id;
    qsort(ids, n, sizeof(ids[0]), by_id);
    return eligibility_pendings_open_of(&w->cx, w->store,
                                        &(struct eligibility_pendings_open_of_in){{ids, n}}, out);
}

static bool is_open(const struct eligibility_pendings_open_of_list *list, const struct pending *p)
{
    size_t count = 0;
    const struct eligibility_pendings_open_of_row *r = ROWS_OF(*list, p->person_id, &count);

    for (size_t i = 0; i < count; i++) {
        if (r[i].kind == (int64_t)p->kind && ymd_compare(r[i].cause_ymd, p->cause) == 0)
            return true;
    }
    return false;
}

static bool came_before(const struct pending *rows, size_t i)
{
    for (size_t k = 0; k < i; k++) {
        if (rows[k].person_id == rows[i].person_id && rows[k].kind == rows[i].kind &&
            ymd_compare(rows[k].cause, rows[i].cause) == 0)
            return true;
    }
    return false;
}

static int write_pendings(struct work *w, struct eligibility_pending_change *rows, size_t n)
{
    int64_t first = 0;
    const int result = n == 0 ? OK : store_ids(&w->cx, w->store, (int64_t)n, &first);

    for (size_t i = 0; i < n; i++)
        rows[i].pending_change_id = first + (int64_t)i;
    return result < 0 ? result : eligibility_pending_change_bulk(&w->cx, w->store, rows, n);
}

int pending_open(struct work *w, int64_t event_no, const struct pending *rows, size_t n,
                 int64_t *opened)
{
    struct eligibility_pendings_open_of_list known = {NULL, 0};
    struct eligibility_pending_change *out =
        ARENA_ARRAY(w->cx.arena, n + 1, struct eligibility_pending_change);
    size_t count = 0;
    int result = out ? OK : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);

    if (result >= 0 && n > 0)
        result = open_already(w, rows, n, &known);
    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct pending *p = &rows[i];
        if (p->kind <= 0 || p->kind >= PENDING_KINDS || ymd_is_none(p->cause))
            return fail(&w->cx, ERR_INVALID, "eligibility.pending.unknown", "%d", (int)p->kind);
        if (is_open(&known, p) || came_before(rows, i))
            continue;
        out[count++] =
            (struct eligibility_pending_change){.household_id = p->household_id,
                                                .person_id = p->person_id,
                                                .kind = p->kind,
                                                .cause_ymd = p->cause,
                                                .source = p->source,
                                                .detail = p->detail.n > 0 ? p->detail : STR_NONE,
                                                .known_from = event_no};
    }
    if (result >= 0)
        result = write_pendings(w, out, count);
    if (opened)
        *opened = result < 0 ? 0 : (int64_t)count;
    return result < 0 ? error_add(&w->cx, "open pending changes") : OK;
}

/* --- closing ---------------------------------------------------------------------------------- */

static int put_result(struct work *w, int64_t event_no, int64_t pending_id,
                      enum pending_state state, struct str reason)
{
    struct eligibility_pending_result row = {.pending_change_id = pending_id,
                                             .state = state,
                                             .reason = reason.n > 0 ? reason : STR_NONE,
                                             .known_from = event_no};
    int result = store_ids(&w->cx, w->store, 1, &row.pending_result_id);

    if (result >= 0)
        result = eligibility_pending_change_close(&w->cx, w->store, pending_id, event_no);
    return result < 0 ? result : eligibility_pending_result_insert(&w->cx, w->store, &row);
}

int pending_settle(struct work *w, int64_t event_no, const int64_t *ids, size_t n)
{
    int result = OK;

    for (size_t i = 0; i < n && result >= 0; i++)
        result = put_result(w, event_no, ids[i], PENDING_SETTLED, STR_NONE);
    return result < 0 ? error_add(&w->cx, "settle pending changes") : OK;
}

static int close_one(struct work *w, const struct pending *p, enum pending_state state,
                     struct str reason)
{
    struct event e = work_event(w, "eligibility.pending_closed");

    e.reason = reason.p ? reason : STR("");
    e.household_id = p->household_id;
    e.person_id = p->person_id;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = put_result(w, e.no, p->pending_id, state, reason);
    return result < 0 ? result : work_event_tell(w, &e);
}

int pending_close(struct work *w, int64_t pending_id, enum pending_state state, struct str reason)
{
    struct pendings found;
    const struct str why = str_trim(reason);

    if (state == PENDING_OPEN || (state != PENDING_SETTLED && why.n == 0))
        return fail(&w->cx, ERR_INVALID, "eligibility.pending.reason_missing", NULL);
    int result = STORE_BEGIN(&w->cx, w->store);
    if (result < 0)
        return result;
    result = pendings_of_ids(w, &pending_id, 1, &found);
    if (result >= 0 && found.n == 0)
        result = fail(&w->cx, ERR_NOT_FOUND, "eligibility.pending.missing", "%lld",
                      (long long)pending_id);
    if (result >= 0 && found.rows[0].state != PENDING_OPEN)
        result =
            fail(&w->cx, ERR_STALE, "eligibility.pending.closed", "%lld", (long long)pending_id);
    if (result >= 0)
        result = close_one(w, &found.rows[0], state, why);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "close a pending change");
}
