/* postgres_statement: prepared statements with binary parameters and results; row by row when
 * streaming. */
#include "store/postgres.h"

#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

static PGconn *db(const struct store *st)
{
    return (PGconn *)st->pg;
}

/* --- binary forms -------------------------------------------------------------------------- */

size_t pg_put_number(unsigned char *to, uint64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        to[i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
    return (size_t)bytes;
}

static int64_t get_number(const char *from, int bytes)
{
    const unsigned char *p = (const unsigned char *)from;
    uint64_t v = bytes > 1 && p[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < bytes; i++)
        v = v << 8 | p[i];
    return (int64_t)v;
}

int32_t pg_length(const struct store_value *v)
{
    if (v->is_null)
        return -1;
    switch (v->type) {
    case ST_FLAG:
        return 2;
    case ST_ID:
    case ST_COUNT:
    case ST_YEN:
    case ST_TIME:
        return 8;
    case ST_TEXT:
    case ST_BLOB:
    case ST_DAY:
    case ST_MONTH:
        return (int32_t)v->s.n;
    case ST_IDS:
    case ST_TEXTS:
        break;
    }
    return -1;
}

size_t pg_put(unsigned char *to, const struct store_value *v)
{
    int32_t n = pg_length(v);
    if (v->type == ST_TEXT || v->type == ST_BLOB || v->type == ST_DAY || v->type == ST_MONTH) {
        if (n > 0)
            memcpy(to, v->s.p, (size_t)n);
    } else {
        pg_put_number(to, (uint64_t)v->i, n);
    }
    return (size_t)n;
}

static Oid oid_of(enum store_type type)
{
    switch (type) {
    case ST_ID:
    case ST_COUNT:
    case ST_YEN:
    case ST_TIME:
        return OID_INT8;
    case ST_FLAG:
        return OID_INT2;
    case ST_DAY:
    case ST_MONTH:
    case ST_TEXT:
        return OID_TEXT;
    case ST_BLOB:
        return OID_BYTEA;
    case ST_IDS:
        return OID_INT8_ARRAY;
    case ST_TEXTS:
        return OID_TEXT_ARRAY;
    }
    return 0;
}

static size_t list_bytes(const struct store_value *v)
{
    const struct store_id_list *ids = (const void *)v->s.p;
    const struct store_text_list *texts = (const void *)v->s.p;
    size_t n = 20;
    if (v->type == ST_IDS)
        return n + ids->n * 12;
    for (size_t i = 0; i < texts->n; i++)
        n += 4 + texts->p[i].n;
    return n;
}

/* A one-dimensional array: dimensions, has-null, element type, length, lower bound, elements. */
static void put_list(unsigned char *to, const struct store_value *v)
{
    const struct store_id_list *ids = (const void *)v->s.p;
    const struct store_text_list *texts = (const void *)v->s.p;
    size_t n = v->type == ST_IDS ? ids->n : texts->n;
    unsigned char *p = to;
    p += pg_put_number(p, n > 0 ? 1 : 0, 4);
    p += pg_put_number(p, 0, 4);
    p += pg_put_number(p, v->type == ST_IDS ? OID_INT8 : OID_TEXT, 4);
    p += pg_put_number(p, n, 4);
    p += pg_put_number(p, 1, 4);
    for (size_t i = 0; i < n; i++) {
        if (v->type == ST_IDS) {
            p += pg_put_number(p, 8, 4);
            p += pg_put_number(p, (uint64_t)ids->p[i], 8);
        } else {
            p += pg_put_number(p, texts->p[i].n, 4);
            if (texts->p[i].n > 0)
                memcpy(p, texts->p[i].p, texts->p[i].n);
            p += texts->p[i].n;
        }
    }
}

/* --- parameters ---------------------------------------------------------------------------- */

struct parameters {
    int n;
    const char *values[MAX_VALUES];
    int lengths[MAX_VALUES];
    int formats[MAX_VALUES];
    Oid types[MAX_VALUES];
    unsigned char numbers[MAX_VALUES][8];
};

static int add_list(struct context *cx, struct store_cursor *c, struct parameters *p, int i,
                    const struct store_value *v)
{
    size_t n = list_bytes(v);
    unsigned char *bytes = n < INT32_MAX ? arena_alloc(&c->st->row_arena, n) : NULL;
    if (!bytes)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    put_list(bytes, v);
    if (n == 20)
        n = 12; /* an empty array has no dimension */
    p->values[i] = (const char *)bytes;
    p->lengths[i] = (int)n;
    return OK;
}

static int add_parameters(struct context *cx, struct store_cursor *c, const struct store_value *in,
                          struct parameters *p)
{
    p->n = c->q->parameters;
    for (int i = 0; i < p->n; i++) {
        const struct store_value *v = &in[i];
        p->formats[i] = 1;
        p->types[i] = oid_of(c->q->in[i].type);
        p->values[i] = NULL;
        p->lengths[i] = 0;
        if (v->is_null)
            continue;
        if (v->type == ST_IDS || v->type == ST_TEXTS) {
            int rc = add_list(cx, c, p, i, v);
            if (rc < 0)
                return rc;
        } else if (p->types[i] == OID_INT8 || p->types[i] == OID_INT2) {
            p->lengths[i] = (int)pg_put(p->numbers[i], v);
            p->values[i] = (const char *)p->numbers[i];
        } else {
            p->lengths[i] = (int)v->s.n;
            p->values[i] = v->s.p;
        }
    }
    return OK;
}

/* --- run ----------------------------------------------------------------------------------- */

static void name_of(const struct prepared *p, char out[16])
{
    snprintf(out, 16, "h%u", p->number);
}

static int prepare(struct context *cx, struct store *st, const struct store_statement *q,
                   const struct parameters *p, struct prepared **out)
{
    char name[16];
    struct prepared *prepared = prepared_find(cx, st, q);
    if (!prepared)
        return ERR_MEMORY;
    *out = prepared;
    if (prepared->number > 0)
        return OK;
    prepared->number = ++st->next_number;
    name_of(prepared, name);
    PGresult *r = PQprepare(db(st), name, q->postgres, p->n, p->types);
    int rc = PQresultStatus(r) == PGRES_COMMAND_OK
                 ? OK
                 : pg_fail(cx, st, (struct pg_result *)r, q->name);
    if (rc < 0)
        prepared->number = 0;
    PQclear(r);
    return rc;
}

static int check_columns(struct context *cx, const struct store_cursor *c, const PGresult *r)
{
    int n = PQnfields(r);
    if (c->q->columns < 0 || c->q->columns == n || PQresultStatus(r) == PGRES_COMMAND_OK)
        return OK;
    return fail(cx, ERR_INVALID, "store.columns_differ", "%s: %d, %d", c->q->name, n,
                c->q->columns);
}

static int take_result(struct context *cx, struct store_cursor *c, PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    if (s != PGRES_COMMAND_OK && s != PGRES_TUPLES_OK && s != PGRES_SINGLE_TUPLE) {
        int rc = pg_fail(cx, c->st, (struct pg_result *)r, c->q->name);
        PQclear(r);
        return rc;
    }
    PQclear((PGresult *)c->result);
    c->result = (struct pg_result *)r;
    c->row = 0;
    if (c->q->writes && *PQcmdTuples(r)) {
        int64_t touched = 0;
        str_to_int(str_of(PQcmdTuples(r)), &touched);
        c->touched = touched;
    }
    return check_columns(cx, c, r);
}

static int next_result(struct context *cx, struct store_cursor *c)
{
    PGresult *r = PQgetResult(db(c->st));
    return r ? take_result(cx, c, r) : OK;
}

static int send(struct context *cx, struct store_cursor *c, const struct parameters *p,
                const char *name)
{
    PGconn *conn = db(c->st);
    int sent = name ? PQsendQueryPrepared(conn, name, p->n, p->values, p->lengths, p->formats, 1)
                    : PQsendQueryParams(conn, c->q->postgres, p->n, p->types, p->values, p->lengths,
                                        p->formats, 1);
    if (!sent || !PQsetSingleRowMode(conn))
        return pg_fail(cx, c->st, NULL, c->q->name);
    return next_result(cx, c);
}

static int run(struct context *cx, struct store_cursor *c, const struct parameters *p)
{
    char name[16];
    PGconn *conn = db(c->st);
    bool own = c->q->columns < 0; /* any columns: not kept */
    if (!own) {
        int rc = prepare(cx, c->st, c->q, p, &c->p);
        if (rc < 0)
            return rc;
        name_of(c->p, name);
    }
    if (c->stream)
        return send(cx, c, p, own ? NULL : name);
    PGresult *r = own ? PQexecParams(conn, c->q->postgres, p->n, p->types, p->values, p->lengths,
                                     p->formats, 1)
                      : PQexecPrepared(conn, name, p->n, p->values, p->lengths, p->formats, 1);
    return take_result(cx, c, r);
}

int pg_query(struct context *cx, struct store_cursor *c, const struct store_value *in)
{
    struct parameters p;
    struct arena *arena = &c->st->row_arena;
    struct arena_mark mark = arena_mark(arena);
    int rc = add_parameters(cx, c, in, &p);
    if (rc >= 0)
        rc = run(cx, c, &p);
    arena_rewind(arena, mark);
    return rc;
}

static int read_number(struct store_value *out, const char *p, int n)
{
    out->type = ST_ID;
    out->i = get_number(p, n);
    return OK;
}

static int read_column(struct context *cx, const PGresult *r, int row, int i,
                       struct store_value *out)
{
    const char *p = PQgetvalue(r, row, i);
    int n = PQgetlength(r, row, i);
    out->is_null = PQgetisnull(r, row, i);
    out->i = 0;
    out->s = STR_NONE;
    switch ((int)PQftype(r, i)) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
    case OID_BOOL:
        return out->is_null ? OK : read_number(out, p, n);
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_NAME:
    case OID_BYTEA:
        out->type = PQftype(r, i) == OID_BYTEA ? ST_BLOB : ST_TEXT;
        if (!out->is_null)
            out->s = (struct str){p, (size_t)n};
        return OK;
    default:
        /* numeric, date and the like: the statement must CAST to one of ours. */
        return fail(cx, ERR_INVALID, "store.column_type", "%s: oid %u", PQfname(r, i),
                    (unsigned)PQftype(r, i));
    }
}

static int read_row(struct context *cx, struct store_cursor *c, struct store_value *out)
{
    const PGresult *r = (const PGresult *)c->result;
    int n = c->q->columns >= 0 ? c->q->columns : PQnfields(r);
    for (int i = 0; out && i < n && i < MAX_VALUES; i++) {
        int rc = read_column(cx, r, c->row, i, &out[i]);
        if (rc >= 0 && c->q->columns >= 0)
            rc = field_kind(cx, &c->q->out[i], &out[i]);
        if (rc < 0)
            return rc;
    }
    c->row++;
    return 1;
}

int pg_step(struct context *cx, struct store_cursor *c, struct store_value *out)
{
    if (c->row >= PQntuples((PGresult *)c->result) && c->stream &&
        PQresultStatus((PGresult *)c->result) == PGRES_SINGLE_TUPLE) {
        int rc = next_result(cx, c);
        if (rc < 0)
            return rc;
    }
    return c->row < PQntuples((PGresult *)c->result) ? read_row(cx, c, out) : 0;
}

/* What is left of a stream is read away: cancelling would abort the transaction. */
void pg_finish(struct store_cursor *c)
{
    PQclear((PGresult *)c->result);
    c->result = NULL;
    if (!c->stream)
        return;
    for (PGresult *r = PQgetResult(db(c->st)); r; r = PQgetResult(db(c->st)))
        PQclear(r);
}

static int kind_of(Oid type)
{
    switch ((int)type) {
    case OID_INT8:
    case OID_INT4:
    case OID_INT2:
    case OID_BOOL:
        return 1;
    case OID_TEXT:
    case OID_VARCHAR:
    case OID_BPCHAR:
    case OID_NAME:
    case OID_BYTEA:
        return 0;
    default:
        return -1;
    }
}

static int check_types(struct context *cx, const struct store_statement *q, const PGresult *r)
{
    if (PQnfields(r) != q->columns)
        return fail(cx, ERR_INVALID, "store.columns_differ", "%s: %d, %d", q->name, PQnfields(r),
                    q->columns);
    for (int i = 0; i < q->columns; i++) {
        int kind = kind_of(PQftype(r, i));
        if (kind < 0 || (kind == 1) != type_is_number(q->out[i].type))
            return fail(cx, ERR_INVALID, "store.column_type", "%s: %s: oid %u", q->name,
                        q->out[i].name, (unsigned)PQftype(r, i));
    }
    return OK;
}

int pg_check(struct context *cx, struct store *st, const struct store_statement *q)
{
    Oid types[MAX_VALUES];
    for (int i = 0; i < q->parameters; i++)
        types[i] = oid_of(q->in[i].type);
    PGresult *r = PQprepare(db(st), "", q->postgres, q->parameters, types);
    if (PQresultStatus(r) == PGRES_COMMAND_OK) {
        PQclear(r);
        r = PQdescribePrepared(db(st), "");
    }
    int rc = PQresultStatus(r) == PGRES_COMMAND_OK
                 ? check_types(cx, q, r)
                 : pg_fail(cx, st, (struct pg_result *)r, q->name);
    PQclear(r);
    return rc;
}

int pg_columns(const struct store_cursor *c)
{
    return PQnfields((const PGresult *)c->result);
}

const char *pg_name_of_column(const struct store_cursor *c, int column)
{
    return PQfname((const PGresult *)c->result, column);
}
