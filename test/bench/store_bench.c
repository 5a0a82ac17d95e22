/*
 * store_bench: what a bulk costs beside a bare loader of the same rows.
 *
 *     store_bench [ROWS]       default 100,000 rows with a blob of 500 bytes
 *
 * The bare loader writes the same columns without seals, chain and checks: prepared inserts in one
 * transaction (SQLite), COPY BINARY (PostgreSQL). Ratios are what counts.
 */
#include "engines.h"
#include "sample_sql.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOB = 500, CHUNK = 20000 };

static unsigned char blob[BLOB];

static double seconds(void)
{
    return (double)env_real()->monotonic_us(env_real()) / 1e6;
}

static void say(const char *what, int64_t rows, double from)
{
    double took = seconds() - from;
    printf("%-44s %8.3f s %10.0f rows/s\n", what, took, (double)rows / took);
    fflush(stdout);
}

static void fill(struct sample_decision *rows, int64_t n, int64_t first, int64_t event)
{
    for (int64_t i = 0; i < n; i++)
        rows[i] = (struct sample_decision){.decision_id = first + i,
                                           .household_no = i,
                                           .year = 2026,
                                           .total = YEN(i % 1000000),
                                           .explanation = {(const char *)blob, BLOB},
                                           .known_from = event};
}

static void ours(struct engines *e, int64_t rows, const char *what)
{
    struct sample_decision *chunk = memory_alloc(CHUNK * sizeof *chunk);
    double from = seconds();
    for (int64_t done = 0; done < rows; done += CHUNK) {
        int64_t n = rows - done < CHUNK ? rows - done : CHUNK;
        int64_t first = 0;
        ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
        ENGINES_OK(e, store_ids(&e->cx, e->st, n, &first));
        fill(chunk, n, first, engines_event(e, "bench.decide"));
        ENGINES_OK(e, sample_decision_bulk(&e->cx, e->st, chunk, (size_t)n));
        ENGINES_OK(e, store_commit(&e->cx, e->st));
    }
    say(what, rows, from);
    memory_free(chunk);
}

static void bare_sqlite(struct engines *e, int64_t rows)
{
    char path[400];
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    snprintf(path, sizeof path, "%s/bare.db", e->folder);
    sqlite3_open(path, &db);
    sqlite3_exec(db,
                 "pragma journal_mode=wal; pragma synchronous=full; pragma cache_size=-262144;"
                 "pragma wal_autocheckpoint=0;"
                 "create table decision (decision_id integer primary key, household_no integer,"
                 " year integer, total integer, explanation blob, known_from integer, seal blob)"
                 " strict",
                 NULL, NULL, NULL);
    sqlite3_prepare_v2(db, "insert into decision values (?,?,?,?,?,?,?)", -1, &s, NULL);
    double from = seconds();
    for (int64_t i = 0; i < rows; i++) {
        if (i % CHUNK == 0)
            sqlite3_exec(db, "begin", NULL, NULL, NULL);
        for (int k = 1; k < 7; k++)
            sqlite3_bind_int64(s, k, i + 1);
        sqlite3_bind_blob(s, 5, blob, BLOB, SQLITE_STATIC);
        sqlite3_bind_blob(s, 7, blob, 48, SQLITE_STATIC);
        sqlite3_step(s);
        sqlite3_reset(s);
        if (i % CHUNK == CHUNK - 1 || i == rows - 1)
            sqlite3_exec(db, "commit", NULL, NULL, NULL);
    }
    say("bare loader sqlite (prepared inserts)", rows, from);
    sqlite3_finalize(s);
    sqlite3_close(db);
}

static size_t put(unsigned char *p, int64_t v, int bytes)
{
    for (int i = 0; i < bytes; i++)
        p[i] = (unsigned char)(v >> (8 * (bytes - 1 - i)));
    return (size_t)bytes;
}

static size_t bare_row(unsigned char *to, int64_t i)
{
    unsigned char *p = to;
    p += put(p, 7, 2);
    for (int k = 1; k <= 7; k++) {
        int length = k == 5 ? BLOB : k == 7 ? 48 : 8;
        p += put(p, length, 4);
        if (length == 8)
            p += put(p, i + 1, 8);
        else {
            memcpy(p, blob, (size_t)length);
            p += length;
        }
    }
    return (size_t)(p - to);
}

static void bare_postgres(struct engines *e, int64_t rows)
{
    static unsigned char buffer[1 << 20];
    PGconn *db = PQconnectdb(e->url + strlen("postgres:"));
    PQclear(PQexec(db, "create table bare (decision_id bigint primary key, household_no bigint, "
                       "year bigint, total bigint, explanation bytea, known_from bigint, "
                       "seal bytea)"));
    double from = seconds();
    for (int64_t done = 0; done < rows; done += CHUNK) {
        size_t n = 19;
        memcpy(buffer, "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19);
        PQclear(PQexec(db, "copy bare from stdin (format binary)"));
        for (int64_t i = done; i < done + CHUNK && i < rows; i++) {
            n += bare_row(buffer + n, i);
            if (n > sizeof buffer / 2) {
                PQputCopyData(db, (char *)buffer, (int)n);
                n = 0;
            }
        }
        n += put(buffer + n, -1, 2);
        PQputCopyData(db, (char *)buffer, (int)n);
        PQputCopyEnd(db, NULL);
        for (PGresult *r = PQgetResult(db); r; r = PQgetResult(db))
            PQclear(r);
    }
    say("bare loader postgres (copy binary)", rows, from);
    PQfinish(db);
}

static void proof(struct engines *e, int64_t rows, const char *verify, const char *digest)
{
    struct digest d;
    double from = seconds();
    ENGINES_OK(e, store_verify(&e->cx, e->st, NULL, NULL));
    say(verify, rows, from);
    from = seconds();
    ENGINES_OK(e, store_state_digest(&e->cx, e->st, &d));
    say(digest, rows, from);
}

static void bench_sqlite(void **state)
{
    struct engines *e = engines_new(STORE_SQLITE);
    int64_t rows = *(int64_t *)*state;
    bare_sqlite(e, rows);
    engines_reopen(e, STORE_BATCH);
    ours(e, rows, "sealed, chained, durable: sqlite");
    proof(e, rows, "verify sqlite", "state digest sqlite");
    engines_free(e);
}

static void bench_postgres(void **state)
{
    if (!engines_have_postgres())
        skip();
    struct engines *e = engines_new(STORE_POSTGRES);
    int64_t rows = *(int64_t *)*state;
    bare_postgres(e, rows);
    engines_reopen(e, STORE_BATCH);
    ours(e, rows, "sealed, chained: postgres");
    proof(e, rows, "verify postgres", "state digest postgres");
    engines_free(e);
}

int main(int argc, char **argv)
{
    int64_t rows = 100000;
    if (argc > 1 && !str_to_int(str_of(argv[1]), &rows))
        return 2;
    store_schema_add(&sample_schema);
    for (size_t i = 0; i < BLOB; i++)
        blob[i] = (unsigned char)(i * 7);
    const struct CMUnitTest tests[] = {
        {"sqlite", bench_sqlite, NULL, NULL, &rows},
        {"postgres", bench_postgres, NULL, NULL, &rows},
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
