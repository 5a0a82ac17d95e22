/* statement: runs named statements: prepared once per connection, typed by their fields. */
#include "store/engine.h"

#include <assert.h>
#include <string.h>

const struct store_field store_close_fields[2] = {{"key", ST_ID, false, 0, 0},
                                                  {"event_no", ST_ID, false, 0, 0}};
const struct store_field store_closes_fields[2] = {{"keys", ST_IDS, false, 0, 0},
                                                   {"event_no", ST_ID, false, 0, 0}};

/* --- prepared statements, by the address of their description ------------------------------ */

static size_t slot_of(const struct prepared *table, size_t cap, const struct store_statement *q)
{
    size_t at = ((uintptr_t)q >> 4) * 0x9E3779B1u & (cap - 1);
    while (table[at].q && table[at].q != q)
        at = (at + 1) & (cap - 1);
    return at;
}

static int prepared_grow(struct context *cx, struct store *st)
{
    size_t cap = st->cap_prepared ? st->cap_prepared * 2 : 64;
    struct prepared *table = memory_alloc(cap * sizeof *table);
    if (!table)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    for (size_t i = 0; i < st->cap_prepared; i++)
        if (st->prepared[i].q)
            table[slot_of(table, cap, st->prepared[i].q)] = st->prepared[i];
    memory_free(st->prepared);
    st->prepared = table;
    st->cap_prepared = cap;
    return OK;
}

static bool any_cursor_open(const struct store *st)
{
    for (int i = 0; i < MAX_CURSORS; i++)
        if (st->cursors[i].open)
            return true;
    return false;
}

/* An empty entry for q (stmt NULL, number 0) is made when there is none. The table never moves
 * while a cursor points into it. */
struct prepared *prepared_find(struct context *cx, struct store *st,
                               const struct store_statement *q)
{
    if (st->cap_prepared > 0) {
        struct prepared *p = &st->prepared[slot_of(st->prepared, st->cap_prepared, q)];
        if (p->q)
            return p;
    }
    bool full = st->cap_prepared == 0 || st->n_prepared * 2 >= st->cap_prepared;
    if (full && (!any_cursor_open(st) || st->n_prepared + 1 >= st->cap_prepared))
        if (prepared_grow(cx, st) < 0)
            return NULL;
    struct prepared *p = &st->prepared[slot_of(st->prepared, st->cap_prepared, q)];
    p->q = q;
    st->n_prepared++;
    return p;
}

/* --- failures ------------------------------------------------------------------------------ */

const char *store_message(enum status status)
{
    switch ((int)status) {
    case ERR_DUPLICATE:
        return "store.duplicate";
    case ERR_REFERENCE:
        return "store.reference";
    case ERR_CONSTRAINT:
        return "store.constraint";
    case ERR_RETRY:
        return "store.retry";
    case ERR_MEMORY:
        return "store.memory";
    case ERR_IO:
        return "store.io";
    case ERR_CORRUPT:
        return "store.corrupt";
    case ERR_LIMIT:
        return "store.too_big";
    default:
        return "store.fatal";
    }
}

int store_doom(struct store *st, int rc)
{
    if (st->depth > 0)
        st->doomed = true;
    return rc;
}

int store_failed(struct context *cx, struct store *st, const struct store_statement *q, int rc)
{
    error_add(cx, "statement %s", q->name);
    return store_doom(st, rc);
}

/* --- cursors ------------------------------------------------------------------------------- */

static int may_run(struct context *cx, struct store *st, const struct store_statement *q)
{
    const char *text = st->engine == STORE_SQLITE ? q->sqlite : q->postgres;
    if (st->broken)
        return fail(cx, ERR_FATAL, "store.connection_lost", NULL);
    if (!text)
        return fail(cx, ERR_INVALID, "store.not_on_this_engine", "%s", q->name);
    if (st->streaming)
        return fail(cx, ERR_INVALID, "store.busy_stream", "%s", q->name);
    if (q->writes && !st->writing)
        return fail(cx, ERR_INVALID, "store.write_outside_transaction", "%s", q->name);
    if (st->doomed)
        return fail(cx, ERR_INVALID, "store.doomed", "%s", q->name);
    return OK;
}

static struct store_cursor *cursor_take(struct context *cx, struct store *st)
{
    for (int i = 0; i < MAX_CURSORS; i++)
        if (!st->cursors[i].open)
            return &st->cursors[i];
    fail(cx, ERR_LIMIT, "store.too_many_cursors", NULL);
    return NULL;
}

int store_cursor_open(struct context *cx, struct store *st, const struct store_statement *q,
                      const struct store_value *in, bool stream, struct store_cursor **out)
{
    int rc = may_run(cx, st, q);
    struct store_cursor *c = rc < 0 ? NULL : cursor_take(cx, st);
    if (!c)
        return rc < 0 ? rc : ERR_LIMIT;
    *c = (struct store_cursor){.st = st, .q = q, .open = true, .stream = stream};
    st->statements++;
    st->wrote = st->wrote || q->writes;
    rc = st->driver->query(cx, c, in);
    if (rc < 0) {
        store_cursor_close(c);
        return store_failed(cx, st, q, rc);
    }
    st->streaming = stream;
    *out = c;
    return OK;
}

int store_query(struct context *cx, struct store *st, const struct store_statement *q,
                const struct store_value *in, struct store_cursor **out)
{
    return store_cursor_open(cx, st, q, in, false, out);
}

int store_step(struct context *cx, struct store_cursor *c, struct store_value *out)
{
    int rc = c->st->driver->step(cx, c, out);
    return rc < 0 ? store_failed(cx, c->st, c->q, rc) : rc;
}

void store_cursor_close(struct store_cursor *c)
{
    if (!c || !c->open)
        return;
    if (c->stream)
        c->st->streaming = false;
    c->st->driver->finish(c);
    c->open = false;
}

/* --- typed --------------------------------------------------------------------------------- */

static int open_typed(struct context *cx, struct store *st, const struct store_statement *q,
                      const void *in, bool stream, struct store_cursor **out)
{
    struct store_value values[MAX_VALUES];
    assert(q->parameters <= MAX_VALUES && q->columns <= MAX_VALUES);
    int rc = field_values(cx, q->in, q->parameters, in, values);
    if (rc < 0)
        return store_failed(cx, st, q, rc);
    return store_cursor_open(cx, st, q, values, stream, out);
}

/* 1: row is filled (its texts in the arena), 0: the end. */
static int next_row(struct context *cx, struct store_cursor *c, struct arena *texts, void *row)
{
    struct store_value values[MAX_VALUES];
    const struct store_statement *q = c->q;
    int rc = store_step(cx, c, values);
    for (int i = 0; rc == 1 && i < q->columns; i++) {
        int got = field_set(cx, &q->out[i], &values[i], texts, row);
        if (got < 0)
            return store_failed(cx, c->st, q, got);
    }
    return rc;
}

int store_exec(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in)
{
    struct store_cursor *c = NULL;
    int rc = open_typed(cx, st, q, in, false, &c);
    if (rc < 0)
        return rc;
    rc = store_step(cx, c, NULL);
    int64_t touched = c->touched;
    store_cursor_close(c);
    return rc < 0 ? rc : (int)(touched > INT32_MAX ? INT32_MAX : touched);
}

int store_row(struct context *cx, struct store *st, const struct store_statement *q, const void *in,
              void *row)
{
    struct store_cursor *c = NULL;
    struct store_value more[MAX_VALUES];
    int rc = open_typed(cx, st, q, in, false, &c);
    if (rc < 0)
        return rc;
    rc = next_row(cx, c, cx->arena, row);
    int second = rc == 1 ? store_step(cx, c, more) : 0;
    store_cursor_close(c);
    if (second < 0)
        return second;
    if (second == 1) {
        fail(cx, ERR_CORRUPT, "store.more_than_one", "%s", q->name);
        return store_failed(cx, st, q, ERR_CORRUPT);
    }
    if (rc == 0 && q->rows == ROWS_ONE)
        return fail(cx, ERR_NOT_FOUND, "store.not_found", "%s", q->name);
    return rc;
}

/* Doubles inside the arena: what is left behind is at most as large as the result. */
static void *result_room(struct context *cx, struct store_result *out, size_t *cap, size_t size)
{
    if (out->n < *cap)
        return (char *)out->rows + out->n * size;
    size_t wanted = *cap ? *cap * 2 : 8;
    char *rows = arena_array(cx->arena, wanted, size);
    if (!rows) {
        fail(cx, ERR_MEMORY, "store.memory", NULL);
        return NULL;
    }
    if (out->n > 0)
        memcpy(rows, out->rows, out->n * size);
    out->rows = rows;
    *cap = wanted;
    return rows + out->n * size;
}

int store_rows(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in, struct store_result *out)
{
    struct store_cursor *c = NULL;
    size_t cap = 0;
    *out = (struct store_result){0};
    int rc = open_typed(cx, st, q, in, false, &c);
    if (rc < 0)
        return rc;
    for (;;) {
        void *row = result_room(cx, out, &cap, q->row_size);
        rc = row ? next_row(cx, c, cx->arena, row) : ERR_MEMORY;
        if (rc != 1)
            break;
        out->n++;
    }
    store_cursor_close(c);
    return rc;
}

int store_each(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in, const struct store_visit *visit)
{
    struct store_cursor *c = NULL;
    int rc = open_typed(cx, st, q, in, true, &c);
    if (rc < 0)
        return rc;
    struct arena *rows = &st->row_arena;
    void *row = arena_alloc(rows, q->row_size);
    struct arena_mark mark = arena_mark(rows);
    rc = row ? 1 : fail(cx, ERR_MEMORY, "store.memory", NULL);
    while (rc == 1) {
        rc = next_row(cx, c, rows, row);
        if (rc == 1) {
            int told = visit->fn(visit->arg, row);
            rc = told < 0 ? told : 1;
        }
        arena_rewind(rows, mark);
    }
    store_cursor_close(c);
    arena_rewind(rows, (struct arena_mark){0});
    return rc;
}

uint64_t store_statements(const struct store *st)
{
    return st->statements;
}
