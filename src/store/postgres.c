/* postgres: the large engine: connection, settings, transactions, errors. */
#include "store/postgres.h"

#include <libpq-fe.h>
#include <string.h>
#include <unistd.h>

/* Advisory locks, one number each: who writes, and which batch runs. They lie in the database, so
 * cities on one server do not meet. The server queues waiters in order. */
static const char lock_write[] = "begin isolation level read committed read write; "
                                 "select pg_advisory_xact_lock(1752131182)";
static const char lock_batch[] = "select pg_try_advisory_lock(1752131183)";
static const char settings[] =
    "set client_min_messages = warning; set jit = off; set timezone = 'UTC'; "
    "set standard_conforming_strings = on";
/* Statements of pages are few and prepared once: to plan one anew for every page takes longer than
 * to run it. */
static const char reading[] =
    "set default_transaction_read_only = on; set plan_cache_mode = force_generic_plan";

static PGconn *db(const struct store *st)
{
    return (PGconn *)st->pg;
}

static bool begins(const char *state, const char *prefix)
{
    return strncmp(state, prefix, strlen(prefix)) == 0;
}

static enum status status_of(const char *state)
{
    static const struct {
        const char *prefix;
        enum status status;
    } states[] = {
        {"23505", ERR_DUPLICATE}, {"23503", ERR_REFERENCE}, {"23", ERR_CONSTRAINT},
        {"22", ERR_CONSTRAINT},   {"40", ERR_RETRY},        {"55P03", ERR_RETRY},
        {"53200", ERR_MEMORY},    {"53100", ERR_IO},        {"58", ERR_IO},
        {"XX001", ERR_CORRUPT},   {"XX002", ERR_CORRUPT},   {"25006", ERR_DENIED},
        {"54", ERR_LIMIT},
    };
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        if (begins(state, states[i].prefix))
            return states[i].status;
    return ERR_FATAL;
}

int pg_fail(struct context *cx, struct store *st, const struct pg_result *r, const char *doing)
{
    const PGresult *result = (const PGresult *)r;
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    /* The primary message only: its detail repeats values of the row. */
    const char *text = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    enum status status = state ? status_of(state) : ERR_FATAL;
    if (PQstatus(db(st)) == CONNECTION_BAD) {
        st->broken = true;
        status = ERR_FATAL;
    }
    fail(cx, status, st->broken ? "store.connection_lost" : store_message(status), NULL);
    fail_detail(cx, "%s: postgres %s: %s", doing, state ? state : "-",
                text ? text : PQerrorMessage(db(st)));
    return (int)status;
}

static bool succeeded(const PGresult *r)
{
    ExecStatusType s = PQresultStatus(r);
    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

int pg_command(struct context *cx, struct store *st, const char *sql)
{
    PGresult *r = PQexec(db(st), sql);
    int rc = succeeded(r) ? OK : pg_fail(cx, st, (struct pg_result *)r, "command");
    PQclear(r);
    return rc;
}

/* Text order must be that of the bytes, as in SQLite: otherwise lists and keysets differ. */
static int check_collation(struct context *cx, struct store *st)
{
    const char *encoding = PQparameterStatus(db(st), "server_encoding");
    PGresult *r = PQexec(db(st), "select datcollate from pg_database "
                                 "where datname = current_database()");
    const char *collation = succeeded(r) && PQntuples(r) == 1 ? PQgetvalue(r, 0, 0) : "";
    bool right = encoding && strcmp(encoding, "UTF8") == 0 &&
                 (strcmp(collation, "C") == 0 || strcmp(collation, "C.UTF-8") == 0 ||
                  strcmp(collation, "C.utf8") == 0);
    int rc = right ? OK
                   : fail(cx, ERR_INVALID, "store.collation", "%s %s", encoding ? encoding : "",
                          collation);
    PQclear(r);
    return rc;
}

/* 1 taken, 0 somebody has it. */
static int try_batch(struct context *cx, struct store *st)
{
    PGresult *r = PQexec(db(st), lock_batch);
    int rc = succeeded(r) ? 0 : pg_fail(cx, st, (struct pg_result *)r, "batch lock");
    if (rc >= 0)
        rc = strcmp(PQgetvalue(r, 0, 0), "t") == 0;
    PQclear(r);
    return rc;
}

static int take_batch(struct context *cx, struct store *st)
{
    /* The server lets go of a closed connection's lock only when its backend has ended. */
    for (int tries = 0; tries < 100; tries++) {
        int rc = try_batch(cx, st);
        if (rc != 0)
            return rc < 0 ? rc : OK;
        usleep(20000);
    }
    return fail(cx, ERR_RETRY, "store.batch_busy", NULL);
}

static void no_notice(void *arg, const PGresult *r)
{
    (void)arg;
    (void)r;
}

static int pg_connect(struct context *cx, struct store *st, bool create)
{
    (void)create;
    st->pg = (struct pg_conn *)PQconnectdb(st->place);
    if (!st->pg)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    if (PQstatus(db(st)) != CONNECTION_OK) {
        fail(cx, ERR_IO, "store.connect", NULL);
        fail_detail(cx, "%s", PQerrorMessage(db(st)));
        return ERR_IO;
    }
    PQsetNoticeReceiver(db(st), no_notice, NULL);
    int rc = PQsetClientEncoding(db(st), "UTF8") == 0 ? OK : pg_fail(cx, st, NULL, "encoding");
    if (rc >= 0)
        rc = pg_command(cx, st, settings);
    if (rc >= 0)
        rc = check_collation(cx, st);
    if (rc >= 0 && st->mode == STORE_READ)
        rc = pg_command(cx, st, reading);
    if (rc >= 0 && st->mode == STORE_BATCH)
        rc = take_batch(cx, st);
    return rc;
}

static void pg_disconnect(struct store *st)
{
    PQfinish(db(st));
    st->pg = NULL;
}

static int pg_begin(struct context *cx, struct store *st, bool write)
{
    int rc =
        pg_command(cx, st, write ? lock_write : "begin isolation level repeatable read read only");
    if (rc < 0 && !st->broken)
        PQclear(PQexec(db(st), "rollback"));
    return rc;
}

static int pg_commit(struct context *cx, struct store *st)
{
    PGresult *r = PQexec(db(st), "commit");
    int rc = OK;
    if (!succeeded(r))
        rc = pg_fail(cx, st, (struct pg_result *)r, "commit");
    else if (strcmp(PQcmdStatus(r), "COMMIT") != 0)
        rc = fail(cx, ERR_FATAL, "store.fatal", "%s", PQcmdStatus(r));
    PQclear(r);
    return rc;
}

static void pg_rollback(struct store *st)
{
    if (!st->pg || PQtransactionStatus(db(st)) == PQTRANS_IDLE)
        return;
    PGresult *r = PQexec(db(st), "rollback");
    if (!succeeded(r))
        st->broken = true;
    PQclear(r);
}

const struct driver postgres_driver = {
    .connect = pg_connect,
    .disconnect = pg_disconnect,
    .begin = pg_begin,
    .commit = pg_commit,
    .rollback = pg_rollback,
    .command = pg_command,
    .query = pg_query,
    .step = pg_step,
    .finish = pg_finish,
    .check = pg_check,
    .columns = pg_columns,
    .column_name = pg_name_of_column,
    .bulk_begin = pg_bulk_begin,
    .bulk_row = pg_bulk_row,
    .bulk_end = pg_bulk_end,
};
