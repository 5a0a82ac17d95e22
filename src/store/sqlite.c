/* sqlite: the embedded engine: connection, settings, transactions, checkpoints. */
#include "store/sqlite.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

/* The write-ahead log is copied back by whoever holds the writer lock: SQLite up to 3.51.2 has a
 * WAL-reset fault when one connection writes while another checkpoints. It is done in a turn of its
 * own behind the commit, and often: copying back 2,000 pages takes about as long as one chunk of a
 * batch, 16,000 made counters wait for 240 ms (measured). */
enum { CHECKPOINT_PAGES = 2000 };

enum status sqlite_status(int code)
{
    switch (code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return ERR_DUPLICATE;
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        return ERR_REFERENCE;
    case SQLITE_IOERR_NOMEM:
        return ERR_MEMORY;
    case SQLITE_IOERR_CORRUPTFS:
        return ERR_CORRUPT;
    default:
        break;
    }
    switch (code & 0xFF) {
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return ERR_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return ERR_RETRY;
    case SQLITE_NOMEM:
        return ERR_MEMORY;
    case SQLITE_IOERR:
    case SQLITE_FULL:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return ERR_IO;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return ERR_CORRUPT;
    case SQLITE_TOOBIG:
        return ERR_LIMIT;
    default:
        return ERR_FATAL;
    }
}

int sqlite_fail(struct context *cx, struct store *st, int code, const char *doing)
{
    enum status status = sqlite_status(code);
    fail(cx, status, store_message(status), NULL);
    fail_detail(cx, "%s: sqlite %d: %s", doing, code,
                st->sqlite ? sqlite3_errmsg(st->sqlite) : sqlite3_errstr(code));
    return (int)status;
}

int sqlite_command(struct context *cx, struct store *st, const char *sql)
{
    int code = sqlite3_exec(st->sqlite, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? OK : sqlite_fail(cx, st, sqlite3_extended_errcode(st->sqlite), sql);
}

static int on_wal(void *arg, sqlite3 *db, const char *name, int pages)
{
    struct store *st = arg;
    (void)db;
    (void)name;
    st->wal_pages = pages;
    return SQLITE_OK;
}

static int configure(struct context *cx, struct store *st)
{
    static const int on[] = {SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, SQLITE_DBCONFIG_DEFENSIVE,
                             SQLITE_DBCONFIG_ENABLE_FKEY};
    static const int off[] = {SQLITE_DBCONFIG_DQS_DDL, SQLITE_DBCONFIG_DQS_DML,
                              SQLITE_DBCONFIG_TRUSTED_SCHEMA};
    for (size_t i = 0; i < 3; i++)
        sqlite3_db_config(st->sqlite, on[i], 1, NULL);
    for (size_t i = 0; i < 3; i++)
        sqlite3_db_config(st->sqlite, off[i], 0, NULL);
    sqlite3_extended_result_codes(st->sqlite, 1);
    sqlite3_wal_hook(st->sqlite, on_wal, st); /* takes the place of automatic checkpoints */
    sqlite3_busy_timeout(st->sqlite, 10000);
    if (sqlite_functions_add(st->sqlite) != SQLITE_OK || sqlite_list_add(st->sqlite) != SQLITE_OK)
        return sqlite_fail(cx, st, sqlite3_extended_errcode(st->sqlite), "functions");
    int rc = sqlite_command(cx, st,
                            "pragma journal_mode=wal; pragma synchronous=full;"
                            "pragma temp_store=memory; pragma case_sensitive_like=on;"
                            "pragma cell_size_check=on");
    if (rc < 0)
        return rc;
    /* mmap only in batches: elsewhere an I/O fault must be an error and no SIGBUS. */
    return sqlite_command(cx, st,
                          st->mode == STORE_BATCH
                              ? "pragma cache_size=-262144; pragma mmap_size=0"
                              : "pragma cache_size=-24576; pragma mmap_size=0");
}

/* Made by us so that only its owner can read it; SQLite gives the files beside it the same mode. */
static int make_file(struct context *cx, const char *path)
{
    int fd = cx->env->open(cx->env, path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        fail(cx, ERR_IO, "store.create_file", "%s", path);
        fail_detail(cx, "%s", strerror(errno));
        return ERR_IO;
    }
    cx->env->close(cx->env, fd);
    return OK;
}

static int sqlite_connect(struct context *cx, struct store *st, bool create)
{
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
    int rc = sqlite_memory_install(cx);
    if (rc < 0)
        return rc;
    if (create) {
        rc = make_file(cx, st->place);
        flags |= SQLITE_OPEN_CREATE;
    }
    if (rc < 0)
        return rc;
    int code = sqlite3_open_v2(st->place, &st->sqlite, flags, NULL);
    if (code == SQLITE_CANTOPEN && access(st->place, F_OK) != 0)
        return fail(cx, ERR_NOT_FOUND, "store.no_database", "%s", st->place);
    if (code != SQLITE_OK)
        return sqlite_fail(cx, st, code, "open");
    rc = configure(cx, st);
    if (rc >= 0)
        rc = turnstile_open(cx, st);
    if (rc >= 0 && st->mode == STORE_READ)
        rc = sqlite_command(cx, st, "pragma query_only=on");
    return rc;
}

static void copy_back(struct store *st)
{
    sqlite3_wal_checkpoint_v2(st->sqlite, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    st->wal_pages = 0;
}

static void sqlite_disconnect(struct store *st)
{
    struct arena arena;
    struct context cx;
    for (size_t i = 0; i < st->cap_prepared; i++)
        sqlite3_finalize(st->prepared[i].stmt);
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    if (st->sqlite && st->mode == STORE_BATCH && st->lock.write >= 0 && st->wal_pages > 0 &&
        turnstile_take(&cx, &st->lock) >= 0) {
        /* Nobody is waited for: where a reader is in the way, the log stays as long as it is. */
        sqlite3_busy_timeout(st->sqlite, 0);
        sqlite3_wal_checkpoint_v2(st->sqlite, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    }
    arena_release(&arena);
    turnstile_close(&st->lock);
    sqlite3_close(st->sqlite);
    st->sqlite = NULL;
}

static int sqlite_begin(struct context *cx, struct store *st, bool write)
{
    if (!write)
        return sqlite_command(cx, st, "begin");
    int rc = turnstile_take(cx, &st->lock);
    if (rc < 0)
        return rc;
    rc = sqlite_command(cx, st, "begin immediate");
    if (rc < 0)
        turnstile_leave(&st->lock);
    return rc;
}

/* A batch copies back after its own commits; counters leave it to a running batch. */
static bool copy_back_due(const struct store *st)
{
    return st->wal_pages >= CHECKPOINT_PAGES &&
           (st->mode == STORE_BATCH || !turnstile_batch_runs(&st->lock));
}

static int sqlite_commit(struct context *cx, struct store *st)
{
    int rc = sqlite_command(cx, st, "commit");
    if (rc < 0 || !st->writing)
        return rc;
    turnstile_leave(&st->lock);
    if (copy_back_due(st) && turnstile_take(cx, &st->lock) >= 0) {
        copy_back(st);
        turnstile_leave(&st->lock);
    }
    return OK;
}

static void sqlite_rollback(struct store *st)
{
    /* After some errors SQLite has rolled back by itself; then there is nothing to do. */
    if (st->sqlite && !sqlite3_get_autocommit(st->sqlite) &&
        sqlite3_exec(st->sqlite, "rollback", NULL, NULL, NULL) != SQLITE_OK &&
        !sqlite3_get_autocommit(st->sqlite))
        st->broken = true;
    turnstile_leave(&st->lock);
}

const struct driver sqlite_driver = {
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .command = sqlite_command,
    .query = sqlite_query,
    .step = sqlite_step,
    .finish = sqlite_finish,
    .check = sqlite_check,
    .columns = sqlite_columns,
    .column_name = sqlite_name_of_column,
    .bulk_begin = sqlite_bulk_begin,
    .bulk_row = sqlite_bulk_row,
    .bulk_end = sqlite_bulk_end,
};
