/* sqlite_statement: prepare, bind, step, and the bulk path of prepared inserts. */
#include "store/sqlite.h"

#include <sqlite3.h>
#include <string.h>

static int prepare(struct context *cx, struct store *st, const struct store_statement *q, bool keep,
                   struct sqlite3_stmt **out)
{
    int code = sqlite3_prepare_v3(st->sqlite, q->sqlite, -1, keep ? SQLITE_PREPARE_PERSISTENT : 0,
                                  out, NULL);
    if (code != SQLITE_OK)
        return sqlite_fail(cx, st, code, q->name);
    if (q->columns >= 0 && sqlite3_column_count(*out) != q->columns) {
        fail(cx, ERR_INVALID, "store.columns_differ", "%s: %d, %d", q->name,
             sqlite3_column_count(*out), q->columns);
        sqlite3_finalize(*out);
        *out = NULL;
        return ERR_INVALID;
    }
    return OK;
}

static int prepared_get(struct context *cx, struct store *st, const struct store_statement *q,
                        struct prepared **out)
{
    struct prepared *p = prepared_find(cx, st, q);
    if (!p)
        return ERR_MEMORY;
    *out = p;
    if (p->busy)
        return fail(cx, ERR_INVALID, "store.busy_statement", "%s", q->name);
    return p->stmt ? OK : prepare(cx, st, q, true, &p->stmt);
}

/* --- bind and step ------------------------------------------------------------------------- */

/* Values stay where they are until the statement is reset: nothing is copied. */
static int bind_value(struct sqlite3_stmt *stmt, int at, const struct store_value *v)
{
    if (v->is_null)
        return sqlite3_bind_null(stmt, at);
    switch (v->type) {
    case ST_ID:
    case ST_COUNT:
    case ST_YEN:
    case ST_FLAG:
    case ST_TIME:
        return sqlite3_bind_int64(stmt, at, v->i);
    case ST_DAY:
    case ST_MONTH:
    case ST_TEXT:
        return sqlite3_bind_text64(stmt, at, v->s.p, v->s.n, SQLITE_STATIC, SQLITE_UTF8);
    case ST_BLOB:
        return sqlite3_bind_blob64(stmt, at, v->s.p, v->s.n, SQLITE_STATIC);
    case ST_IDS:
    case ST_TEXTS:
        return sqlite_list_bind(stmt, at, v);
    }
    return SQLITE_MISMATCH;
}

/* Values on the caller's stack may go away before the last step: those are copied by SQLite. */
static int bind_all(struct context *cx, struct store_cursor *c, const struct store_value *in)
{
    for (int i = 0; i < c->q->parameters; i++) {
        const struct store_value *v = &in[i];
        int code = SQLITE_OK;
        if (!v->is_null && (v->type == ST_DAY || v->type == ST_MONTH))
            code =
                sqlite3_bind_text64(c->stmt, i + 1, v->s.p, v->s.n, SQLITE_TRANSIENT, SQLITE_UTF8);
        else
            code = bind_value(c->stmt, i + 1, v);
        if (code != SQLITE_OK)
            return sqlite_fail(cx, c->st, code, c->q->name);
    }
    return OK;
}

int sqlite_query(struct context *cx, struct store_cursor *c, const struct store_value *in)
{
    int rc;
    if (c->q->columns < 0) {
        c->own = true;
        rc = prepare(cx, c->st, c->q, false, &c->stmt);
        return rc < 0 ? rc : bind_all(cx, c, in);
    }
    struct prepared *p = NULL;
    rc = prepared_get(cx, c->st, c->q, &p);
    if (rc < 0)
        return rc;
    c->p = p;
    c->stmt = p->stmt;
    p->busy = true;
    return bind_all(cx, c, in);
}

static struct str column_bytes(struct sqlite3_stmt *stmt, int i, bool blob)
{
    const void *p = blob ? sqlite3_column_blob(stmt, i) : sqlite3_column_text(stmt, i);
    int n = sqlite3_column_bytes(stmt, i);
    return (struct str){p ? p : "", p ? (size_t)n : 0};
}

static void read_column(struct sqlite3_stmt *stmt, int i, struct store_value *out)
{
    int type = sqlite3_column_type(stmt, i);
    out->is_null = type == SQLITE_NULL;
    out->i = 0;
    out->s = STR_NONE;
    if (type == SQLITE_INTEGER) {
        out->type = ST_ID;
        out->i = sqlite3_column_int64(stmt, i);
    } else if (type != SQLITE_NULL) {
        out->type = type == SQLITE_BLOB ? ST_BLOB : ST_TEXT;
        out->s = column_bytes(stmt, i, type == SQLITE_BLOB);
    }
}

int sqlite_step(struct context *cx, struct store_cursor *c, struct store_value *out)
{
    int code = sqlite3_step(c->stmt);
    if (code == SQLITE_DONE) {
        if (c->q->writes)
            c->touched = sqlite3_changes64(c->st->sqlite);
        return 0;
    }
    if (code != SQLITE_ROW)
        return sqlite_fail(cx, c->st, code, c->q->name);
    int n = c->q->columns >= 0 ? c->q->columns : sqlite3_column_count(c->stmt);
    for (int i = 0; out && i < n && i < MAX_VALUES; i++) {
        read_column(c->stmt, i, &out[i]);
        int rc = c->q->columns >= 0 ? field_kind(cx, &c->q->out[i], &out[i]) : OK;
        if (rc < 0)
            return rc;
    }
    return 1;
}

void sqlite_finish(struct store_cursor *c)
{
    if (c->own) {
        sqlite3_finalize(c->stmt);
    } else if (c->stmt) {
        sqlite3_reset(c->stmt);
        sqlite3_clear_bindings(c->stmt);
        c->p->busy = false;
    }
    c->stmt = NULL;
}

int sqlite_check(struct context *cx, struct store *st, const struct store_statement *q)
{
    struct sqlite3_stmt *stmt = NULL;
    int rc = prepare(cx, st, q, false, &stmt);
    if (rc >= 0 && sqlite3_bind_parameter_count(stmt) != q->parameters)
        rc = fail(cx, ERR_INVALID, "store.columns_differ", "%s: parameters %d, %d", q->name,
                  sqlite3_bind_parameter_count(stmt), q->parameters);
    sqlite3_finalize(stmt);
    return rc;
}

int sqlite_columns(const struct store_cursor *c)
{
    return sqlite3_column_count(c->stmt);
}

const char *sqlite_name_of_column(const struct store_cursor *c, int column)
{
    return sqlite3_column_name(c->stmt, column);
}

/* --- bulk ---------------------------------------------------------------------------------- */

int sqlite_bulk_begin(struct context *cx, struct store *st, const struct store_table *t)
{
    int rc = prepared_get(cx, st, t->insert, &st->bulk);
    if (rc >= 0)
        st->bulk->busy = true;
    return rc;
}

int sqlite_bulk_row(struct context *cx, struct store *st, const struct store_value *values, int n)
{
    struct sqlite3_stmt *stmt = st->bulk->stmt;
    for (int i = 0; i < n; i++) {
        int code = bind_value(stmt, i + 1, &values[i]);
        if (code != SQLITE_OK)
            return sqlite_fail(cx, st, code, st->bulk->q->name);
    }
    int code = sqlite3_step(stmt);
    int rc = code == SQLITE_DONE ? OK : sqlite_fail(cx, st, code, st->bulk->q->name);
    sqlite3_reset(stmt);
    return rc;
}

int sqlite_bulk_end(struct context *cx, struct store *st, bool keep)
{
    (void)cx;
    (void)keep;
    sqlite3_clear_bindings(st->bulk->stmt);
    st->bulk->busy = false;
    st->bulk = NULL;
    return OK;
}
