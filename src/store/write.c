/* write: rows into tables: one, many, and the closing of facts. */
#include "store/engine.h"
#include "store_sql.h"

#include <assert.h>

/* Below this a COPY costs PostgreSQL more than single inserts. */
enum { BULK_FROM = 8 };

static int may_write(struct context *cx, struct store *st, const struct store_table *t)
{
    if (!st->writing)
        return fail(cx, ERR_INVALID, "store.write_outside_transaction", "%s", t->name);
    if (st->doomed)
        return fail(cx, ERR_INVALID, "store.doomed", "%s", t->name);
    if (st->streaming)
        return fail(cx, ERR_INVALID, "store.busy_stream", "%s", t->name);
    return OK;
}

/* What is bound to an insert: the values of a row, its seal behind them. */
struct row_values {
    struct store_value v[MAX_VALUES];
    int n;
    unsigned char seal[SEAL_BYTES];
};

static int row_values(struct context *cx, struct store *st, const struct store_table *t,
                      const void *row, const struct bulk_place *place, struct row_values *out)
{
    int rc = field_values(cx, t->fields, t->n_fields, row, out->v);
    out->n = t->n_fields;
    if (rc < 0 || !t->chained)
        return rc;
    rc = seal_row(cx, st, t, out->v, place, out->seal);
    out->v[out->n++] =
        (struct store_value){.type = ST_BLOB, .s = {(const char *)out->seal, SEAL_BYTES}};
    return rc;
}

int store_insert(struct context *cx, struct store *st, const struct store_table *t, const void *row)
{
    const struct bulk_place alone = {NULL, 0};
    struct row_values values;
    struct store_cursor *c = NULL;
    int rc = may_write(cx, st, t);
    if (rc >= 0)
        rc = row_values(cx, st, t, row, &alone, &values);
    if (rc < 0)
        return store_failed(cx, st, t->insert, rc);
    rc = store_cursor_open(cx, st, t->insert, values.v, false, &c);
    if (rc < 0)
        return rc;
    rc = store_step(cx, c, NULL);
    store_cursor_close(c);
    return rc < 0 ? rc : OK;
}

static int insert_each(struct context *cx, struct store *st, const struct store_table *t,
                       const void *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int rc = store_insert(cx, st, t, (const char *)rows + i * t->row_size);
        if (rc < 0)
            return rc;
    }
    return OK;
}

static int write_rows(struct context *cx, struct store *st, const struct store_table *t,
                      const void *rows, size_t n)
{
    struct bulk_place place = {seal_ahead_begin(cx, t, rows, n), 0};
    struct row_values values;
    int rc = OK;
    for (; rc >= 0 && place.at < n; place.at++) {
        const char *row = (const char *)rows + place.at * t->row_size;
        rc = row_values(cx, st, t, row, &place, &values);
        if (rc >= 0)
            rc = st->driver->bulk_row(cx, st, values.v, values.n);
        if (rc < 0)
            error_add(cx, "row %zu of %zu", place.at, n);
    }
    seal_ahead_end(place.ahead);
    return rc < 0 ? rc : OK;
}

int store_bulk(struct context *cx, struct store *st, const struct store_table *t, const void *rows,
               size_t n)
{
    if (n < BULK_FROM)
        return insert_each(cx, st, t, rows, n);
    int rc = may_write(cx, st, t);
    if (rc >= 0)
        rc = st->driver->bulk_begin(cx, st, t);
    if (rc < 0)
        return store_failed(cx, st, t->insert, rc);
    st->statements++;
    st->wrote = true;
    rc = write_rows(cx, st, t, rows, n);
    int ended = st->driver->bulk_end(cx, st, rc >= 0);
    if (rc >= 0)
        rc = ended;
    return rc < 0 ? store_failed(cx, st, t->insert, rc) : OK;
}

/* --- closing ------------------------------------------------------------------------------- */

static int run_close(struct context *cx, struct store *st, const struct store_statement *q,
                     const struct store_value *keys, int64_t event_no)
{
    struct store_value in[2] = {*keys, {.type = ST_ID, .i = event_no}};
    struct store_cursor *c = NULL;
    int rc = store_cursor_open(cx, st, q, in, false, &c);
    if (rc < 0)
        return rc;
    rc = store_step(cx, c, NULL);
    int64_t touched = c->touched;
    store_cursor_close(c);
    return rc < 0 ? rc : (int)touched;
}

/* A row that was not open any more was closed by somebody else. */
static int all_closed(struct context *cx, struct store *st, const struct store_table *t,
                      int touched, size_t n)
{
    if (touched < 0 || (size_t)touched == n)
        return touched;
    fail(cx, ERR_STALE, "store.closed_already", "table=%s", t->name);
    return store_doom(st, ERR_STALE);
}

static int write_closures(struct context *cx, struct store *st, const struct store_table *t,
                          const struct store_id_list *keys, int64_t event_no)
{
    int64_t id = 0;
    int rc = store_ids(cx, st, (int64_t)keys->n, &id);
    if (rc < 0)
        return rc;
    struct arena_mark mark = arena_mark(cx->arena);
    struct store_closure *rows = ARENA_ARRAY(cx->arena, keys->n, struct store_closure);
    if (!rows)
        return store_doom(st, fail(cx, ERR_MEMORY, "store.memory", NULL));
    for (size_t i = 0; i < keys->n; i++)
        rows[i] = (struct store_closure){.closure_id = id + (int64_t)i,
                                         .table_name = str_of(t->name),
                                         .row_key = keys->p[i],
                                         .known_from = event_no};
    rc = store_closure_bulk(cx, st, rows, keys->n);
    arena_rewind(cx->arena, mark);
    return rc;
}

int store_close_fact(struct context *cx, struct store *st, const struct store_table *t, int64_t key,
                     int64_t event_no)
{
    struct store_id_list keys = {&key, 1};
    struct store_value value = {.type = ST_ID, .i = key};
    assert(t->fact);
    int rc = run_close(cx, st, t->close, &value, event_no);
    rc = all_closed(cx, st, t, rc, 1);
    return rc < 0 ? rc : write_closures(cx, st, t, &keys, event_no);
}

int store_close_facts(struct context *cx, struct store *st, const struct store_table *t,
                      const struct store_id_list *keys, int64_t event_no)
{
    struct store_value value = {.type = ST_IDS, .s = {(const char *)keys, 0}};
    assert(t->fact);
    if (keys->n == 0)
        return OK;
    int rc = run_close(cx, st, t->closes, &value, event_no);
    rc = all_closed(cx, st, t, rc, keys->n);
    return rc < 0 ? rc : write_closures(cx, st, t, keys, event_no);
}

/* --- deletion at its time ------------------------------------------------------------------- */

static int purge_row(struct context *cx, struct store *st, const struct store_table *t, int64_t key,
                     struct store_purged *out)
{
    struct store_value in = {.type = ST_ID, .i = key};
    struct store_value row[2];
    struct store_cursor *c = NULL;
    int rc = store_cursor_open(cx, st, t->seal_of, &in, false, &c);
    if (rc >= 0)
        rc = store_step(cx, c, row);
    if (rc == 1 && row[1].s.n == SEAL_BYTES) {
        out->row_event = row[0].i;
        out->row_digest =
            str_copy(cx->arena, (struct str){row[1].s.p + SALT_BYTES, sizeof(struct digest)});
    }
    store_cursor_close(c);
    if (rc < 0)
        return rc;
    if (!out->row_digest.p)
        return store_doom(st, fail(cx, ERR_NOT_FOUND, "store.not_found", "%s", t->name));
    rc = store_cursor_open(cx, st, t->purge, &in, false, &c);
    if (rc >= 0)
        rc = store_step(cx, c, NULL);
    store_cursor_close(c);
    return rc;
}

int store_purge(struct context *cx, struct store *st, const struct store_table *t,
                const struct store_id_list *keys, int64_t event_no)
{
    int64_t id = 0;
    int rc = store_ids(cx, st, (int64_t)keys->n, &id);
    struct arena_mark mark = arena_mark(cx->arena);
    struct store_purged *rows =
        rc < 0 ? NULL : ARENA_ARRAY(cx->arena, keys->n, struct store_purged);
    if (!rows)
        return store_doom(st, rc < 0 ? rc : fail(cx, ERR_MEMORY, "store.memory", NULL));
    for (size_t i = 0; rc >= 0 && i < keys->n; i++) {
        rows[i] = (struct store_purged){.purged_id = id + (int64_t)i,
                                        .table_name = str_of(t->name),
                                        .row_key = keys->p[i],
                                        .known_from = event_no};
        rc = purge_row(cx, st, t, keys->p[i], &rows[i]);
    }
    if (rc >= 0)
        rc = store_purged_bulk(cx, st, rows, keys->n);
    arena_rewind(cx->arena, mark);
    return rc;
}
