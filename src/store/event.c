/* event: event numbers, ids, running numbers. */
#include "store/engine.h"
#include "store_sql.h"

enum { ID_BLOCK = 1000 };

static int take_ids(struct context *cx, struct store *st, int64_t n, int64_t *first)
{
    struct store_ids_take_in in = {.n = n};
    struct store_ids_take_row row;
    int rc = store_ids_take(cx, st, &in, &row);
    if (rc < 0)
        return rc;
    *first = row.next_id - n;
    return OK;
}

static int take_block(struct context *cx, struct store *st, int64_t n)
{
    int64_t wanted = n > ID_BLOCK ? n : ID_BLOCK;
    int64_t first = 0;
    int rc = store_in_transaction(st) ? OK : 1;
    if (rc == 1) {
        rc = STORE_BEGIN(cx, st);
        if (rc < 0)
            return rc;
        rc = take_ids(cx, st, wanted, &first);
        if (rc >= 0)
            rc = store_commit(cx, st);
        else
            store_rollback(st);
    } else {
        rc = take_ids(cx, st, wanted, &first);
    }
    if (rc < 0)
        return rc;
    st->ids_next = first;
    st->ids_end = first + wanted;
    return OK;
}

int store_ids(struct context *cx, struct store *st, int64_t n, int64_t *first)
{
    if (n < 0 || n > INT32_MAX)
        return fail(cx, ERR_LIMIT, "store.too_many_ids", "n=%lld", (long long)n);
    if (st->ids_end - st->ids_next < n) {
        int rc = take_block(cx, st, n);
        if (rc < 0)
            return rc;
    }
    *first = st->ids_next;
    st->ids_next += n;
    return OK;
}

int store_number(struct context *cx, struct store *st, struct str series, int64_t n, int64_t *first)
{
    struct store_number_take_in in = {.series = series, .n = n};
    struct store_number_take_row row;
    int rc = store_number_take(cx, st, &in, &row);
    if (rc < 0)
        return rc;
    *first = row.next_number - n;
    return OK;
}

/* --- events -------------------------------------------------------------------------------- */

/* The first event of a transaction asks for the newest number; the writer lock keeps it ours. */
static int next_event(struct context *cx, struct store *st, int64_t n, int64_t *no)
{
    if (!st->writing)
        return fail(cx, ERR_INVALID, "store.write_outside_transaction", "event");
    if (st->first_event == 0) {
        struct store_event_last_row last;
        int rc = store_event_last(cx, st, &last);
        if (rc < 0)
            return rc;
        st->last_event = last.event_no;
        st->first_event = last.event_no + 1;
    }
    *no = st->last_event + 1;
    st->last_event += n;
    return OK;
}

static struct store_event event_row(struct context *cx, const struct event *e, int64_t no)
{
    struct store_event row = {
        .event_no = no,
        .kind = e->kind,
        .effective = e->effective,
        .received = e->received,
        .source = e->source.p ? e->source : STR(""),
        .route = e->route.p ? e->route : STR(""),
        .reason = e->reason.p ? e->reason : STR(""),
        .entered_by = e->entered_by,
        .entered_by_null = e->entered_by == 0,
        .checked_by = e->checked_by,
        .checked_by_null = e->checked_by == 0,
        .approved_by = e->approved_by,
        .approved_by_null = e->approved_by == 0,
        .status = (int64_t)e->status,
        .household_id = e->household_id,
        .household_id_null = e->household_id == 0,
        .person_id = e->person_id,
        .person_id_null = e->person_id == 0,
        .job_id = e->job_id,
        .job_id_null = e->job_id == 0,
        .entered_at = cx->env->now_us(cx->env),
    };
    return row;
}

int event_open(struct context *cx, struct store *st, struct event *e)
{
    int64_t no = 0;
    int rc = next_event(cx, st, 1, &no);
    if (rc < 0)
        return rc;
    struct store_event row = event_row(cx, e, no);
    rc = store_event_insert(cx, st, &row);
    if (rc < 0)
        return rc;
    e->no = no;
    return OK;
}

int event_open_bulk(struct context *cx, struct store *st, struct event *events, size_t n)
{
    int64_t no = 0;
    int rc = next_event(cx, st, (int64_t)n, &no);
    if (rc < 0)
        return rc;
    struct arena_mark mark = arena_mark(cx->arena);
    struct store_event *rows = ARENA_ARRAY(cx->arena, n, struct store_event);
    if (!rows)
        return store_doom(st, fail(cx, ERR_MEMORY, "store.memory", NULL));
    for (size_t i = 0; i < n; i++) {
        rows[i] = event_row(cx, &events[i], no + (int64_t)i);
        events[i].no = rows[i].event_no;
    }
    rc = store_event_bulk(cx, st, rows, n);
    arena_rewind(cx->arena, mark);
    return rc;
}

int event_last(struct context *cx, struct store *st, int64_t *no)
{
    struct store_event_last_row row;
    int rc = store_event_last(cx, st, &row);
    if (rc < 0)
        return rc;
    *no = row.event_no;
    return OK;
}

int event_newer(struct context *cx, struct store *st, int64_t household_id, int64_t since,
                int64_t *no)
{
    struct store_event_newer_in in = {.household_id = household_id, .since = since};
    struct store_event_newer_row row;
    int rc = store_event_newer(cx, st, &in, &row);
    if (rc < 0)
        return rc;
    *no = rc == 1 ? row.event_no : 0;
    return OK;
}

/* --- reading, with the marks that came later ------------------------------------------------ */

static void apply_mark(struct event *e, const struct store_event_marks_row *m)
{
    if (m->event_no != e->no)
        return;
    e->status = (enum event_status)m->status;
    if (e->status == EVENT_CHECKED)
        e->checked_by = m->user_id;
    else
        e->approved_by = m->user_id;
}

static int apply_marks(struct context *cx, struct store *st, struct event *events, size_t n)
{
    int64_t *nos = ARENA_ARRAY(cx->arena, n, int64_t);
    if (!nos)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    for (size_t i = 0; i < n; i++)
        nos[i] = events[i].no;
    struct store_event_marks_in in = {.event_nos = {nos, n}};
    struct store_event_marks_list list;
    int rc = store_event_marks(cx, st, &in, &list);
    for (size_t k = 0; rc >= 0 && k < list.n; k++)
        for (size_t i = 0; i < n; i++)
            apply_mark(&events[i], &list.rows[k]);
    return rc;
}

int event_get(struct context *cx, struct store *st, int64_t no, struct event *out)
{
    struct store_event_by_no_in in = {.event_no = no};
    struct store_event_by_no_row r;
    int rc = store_event_by_no(cx, st, &in, &r);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return fail(cx, ERR_NOT_FOUND, "store.no_such_event", "event=%lld", (long long)no);
    *out = (struct event){no,
                          r.kind,
                          r.effective,
                          r.received,
                          r.source,
                          r.route,
                          r.reason,
                          r.entered_by,
                          r.checked_by,
                          r.approved_by,
                          (enum event_status)r.status,
                          r.household_id,
                          r.person_id,
                          r.job_id,
                          r.entered_at};
    return apply_marks(cx, st, out, 1);
}

int event_history(struct context *cx, struct store *st, const struct event_history *query,
                  struct event_list *out)
{
    struct store_event_history_in in = {
        .household_id = query->household_id,
        .person_ids = query->person_ids,
        .before = query->before ? query->before : INT64_MAX,
        .limit = query->limit,
    };
    struct store_event_history_list list;
    *out = (struct event_list){0};
    int rc = store_event_history(cx, st, &in, &list);
    if (rc < 0 || list.n == 0)
        return rc;
    out->rows = ARENA_ARRAY(cx->arena, list.n, struct event);
    if (!out->rows)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    out->n = list.n;
    for (size_t i = 0; i < list.n; i++) {
        const struct store_event_history_row *r = &list.rows[i];
        out->rows[i] = (struct event){r->event_no,
                                      r->kind,
                                      r->effective,
                                      r->received,
                                      r->source,
                                      r->route,
                                      r->reason,
                                      r->entered_by,
                                      r->checked_by,
                                      r->approved_by,
                                      (enum event_status)r->status,
                                      r->household_id,
                                      r->person_id,
                                      r->job_id,
                                      r->entered_at};
    }
    return apply_marks(cx, st, out->rows, out->n);
}

int event_decide(struct context *cx, struct store *st, const struct event_decision *d,
                 int64_t *by_event)
{
    static const char *const kinds[] = {"event.enter", "event.check", "event.approve",
                                        "event.reject"};
    struct event target;
    int64_t id = 0;
    int rc = event_get(cx, st, d->event_no, &target);
    if (rc < 0)
        return rc;
    struct event e = {.kind = str_of(kinds[d->status]),
                      .effective = env_today(cx->env),
                      .received = env_today(cx->env),
                      .source = STR("person"),
                      .route = STR("counter"),
                      .reason = d->reason,
                      .entered_by = d->user_id,
                      .household_id = target.household_id,
                      .person_id = target.person_id};
    rc = event_open(cx, st, &e);
    if (rc >= 0)
        rc = store_ids(cx, st, 1, &id);
    if (rc < 0)
        return rc;
    struct store_event_mark mark = {.event_mark_id = id,
                                    .event_no = d->event_no,
                                    .status = (int64_t)d->status,
                                    .user_id = d->user_id,
                                    .known_from = e.no};
    *by_event = e.no;
    return store_event_mark_insert(cx, st, &mark);
}
