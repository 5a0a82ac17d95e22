/* postgres_copy: many rows by COPY in its binary format. */
#include "store/postgres.h"

#include <libpq-fe.h>
#include <string.h>

enum { FLUSH_AT = 256 << 10, ROW_MAXIMUM = 256 << 20 };

static PGconn *db(const struct store *st)
{
    return (PGconn *)st->pg;
}

static int make_room(struct context *cx, struct store *st, size_t more)
{
    size_t wanted = st->copy_n + more;
    if (wanted <= st->copy_cap)
        return OK;
    if (more > ROW_MAXIMUM)
        return fail(cx, ERR_LIMIT, "store.row_too_big", NULL);
    unsigned char *p = memory_resize(st->copy, wanted * 2);
    if (!p)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    st->copy = p;
    st->copy_cap = wanted * 2;
    return OK;
}

static int flush(struct context *cx, struct store *st)
{
    int sent = PQputCopyData(db(st), (const char *)st->copy, (int)st->copy_n);
    st->copy_n = 0;
    return sent == 1 ? OK : pg_fail(cx, st, NULL, "copy");
}

int pg_bulk_begin(struct context *cx, struct store *st, const struct store_table *t)
{
    static const unsigned char head[19] = "PGCOPY\n\377\r\n";
    PGresult *r = PQexec(db(st), t->copy);
    int rc =
        PQresultStatus(r) == PGRES_COPY_IN ? OK : pg_fail(cx, st, (struct pg_result *)r, t->name);
    PQclear(r);
    st->copy_n = 0;
    if (rc >= 0)
        rc = make_room(cx, st, FLUSH_AT + 4096);
    if (rc < 0)
        return rc;
    memcpy(st->copy, head, sizeof head);
    st->copy_n = sizeof head;
    return OK;
}

int pg_bulk_row(struct context *cx, struct store *st, const struct store_value *values, int n)
{
    size_t room = 2;
    for (int i = 0; i < n; i++) {
        int32_t length = pg_length(&values[i]);
        room += 4 + (size_t)(length > 0 ? length : 0);
    }
    int rc = make_room(cx, st, room);
    if (rc < 0)
        return rc;
    unsigned char *p = st->copy + st->copy_n;
    p += pg_put_number(p, (uint64_t)n, 2);
    for (int i = 0; i < n; i++) {
        int32_t length = pg_length(&values[i]);
        p += pg_put_number(p, (uint64_t)(int64_t)length, 4);
        if (length > 0)
            p += pg_put(p, &values[i]);
    }
    st->copy_n = (size_t)(p - st->copy);
    return st->copy_n >= FLUSH_AT ? flush(cx, st) : OK;
}

static int read_end(struct context *cx, struct store *st)
{
    int rc = OK;
    for (PGresult *r = PQgetResult(db(st)); r; r = PQgetResult(db(st))) {
        if (PQresultStatus(r) != PGRES_COMMAND_OK && rc >= 0)
            rc = pg_fail(cx, st, (struct pg_result *)r, "copy");
        PQclear(r);
    }
    return rc;
}

int pg_bulk_end(struct context *cx, struct store *st, bool keep)
{
    int rc = OK;
    if (keep) {
        rc = make_room(cx, st, 2);
        if (rc >= 0) {
            st->copy_n += pg_put_number(st->copy + st->copy_n, UINT64_MAX, 2);
            rc = flush(cx, st);
        }
    }
    if (PQputCopyEnd(db(st), keep && rc >= 0 ? NULL : "given up") != 1 && rc >= 0)
        rc = pg_fail(cx, st, NULL, "copy");
    int ended = read_end(cx, st);
    return rc < 0 ? rc : ended;
}
