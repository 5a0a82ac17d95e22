#include "engines.h"

#include <ftw.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

const char engines_mksql[] = MKSQL;

enum { CONNINFO = 300 };
static char conninfo[CONNINFO];
static bool started_here;
static bool postgres_missing;
static pid_t started_by;

/* --- the cluster ---------------------------------------------------------------------------- */

/* Runs test/pg.sh with one or two words; its first line goes to out. */
static bool run_script(const char *verb, const char *argument, char *out, size_t room)
{
    char script[4096];
    int ends[2];
    int status = 0;
    const char *root = env_variable("HOKENKA_ROOT");
    snprintf(script, sizeof script, "%s/test/pg.sh", root ? root : ROOT);
    if (pipe(ends) != 0)
        return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDOUT_FILENO);
        close(ends[0]);
        close(ends[1]);
        execl(script, script, verb, argument, (char *)NULL);
        _exit(127);
    }
    close(ends[1]);
    size_t n = 0;
    for (ssize_t got = 1; got > 0 && n < room - 1; n += (size_t)(got > 0 ? got : 0))
        got = read(ends[0], out + n, room - 1 - n);
    close(ends[0]);
    out[n] = 0;
    out[strcspn(out, "\n")] = 0;
    return child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status) &&
           WEXITSTATUS(status) == 0;
}

static void stop_cluster(void)
{
    char out[CONNINFO];
    if (started_here && getpid() == started_by)
        run_script("stop", conninfo, out, sizeof out);
}

bool engines_have_postgres(void)
{
    if (conninfo[0])
        return true;
    if (postgres_missing)
        return false;
    const char *given = env_variable("HOKENKA_TEST_PG");
    const char *engine = env_variable("HOKENKA_TEST_ENGINE");
    if (engine && strcmp(engine, "sqlite") == 0) {
        postgres_missing = true;
        print_message("SKIP PostgreSQL tests: HOKENKA_TEST_ENGINE is sqlite\n");
        return false;
    }
    if (given && *given) {
        snprintf(conninfo, sizeof conninfo, "%s", given);
        return true;
    }
    char watched[24]; /* the cluster goes when we do, however that happens */
    snprintf(watched, sizeof watched, "%d", (int)getpid());
    if (!run_script("start", watched, conninfo, sizeof conninfo) || !conninfo[0]) {
        conninfo[0] = 0;
        postgres_missing = true;
        print_message("SKIP PostgreSQL tests: no cluster could be started (test/pg.sh start)\n");
        return false;
    }
    started_here = true;
    started_by = getpid();
    atexit(stop_cluster);
    return true;
}

/* One connection makes and drops the databases of a program: a new one costs as much as a database.
 */
static void admin(const char *sql)
{
    static PGconn *db;
    static pid_t owner;
    char info[CONNINFO + 32];
    if (!db || owner != getpid()) { /* a parent's is not for its child */
        snprintf(info, sizeof info, "%s dbname=postgres", conninfo);
        db = PQconnectdb(info);
        owner = getpid();
    }
    PGresult *r = PQexec(db, sql);
    if (PQresultStatus(r) != PGRES_COMMAND_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(db));
    PQclear(r);
}

/* --- one database --------------------------------------------------------------------------- */

static int remove_entry(const char *path, const struct stat *s, int flag, struct FTW *walk)
{
    (void)s;
    (void)flag;
    (void)walk;
    return remove(path);
}

static void database_name(const struct engines *e, char *out, size_t room)
{
    const char *slash = strrchr(e->folder, '/');
    snprintf(out, room, "t_%.200s", slash ? slash + 1 : e->folder);
    for (char *p = out; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
        if (*p == '-' || *p == '.')
            *p = '_';
    }
}

static void make_folder(struct engines *e)
{
    static unsigned number;
    const char *tmp = env_variable("TMPDIR");
    snprintf(e->folder, sizeof e->folder, "%s/hokenka-%d-%u-XXXXXX", tmp ? tmp : "/tmp",
             (int)getpid(), number++);
    if (!mkdtemp(e->folder))
        fail_msg("%s: cannot be made", e->folder);
}

/* from: a database to copy, NULL: an empty one. */
static void make_url(struct engines *e, const char *from)
{
    char name[256];
    char sql[800];
    if (e->engine == STORE_SQLITE) {
        snprintf(e->url, sizeof e->url, "sqlite:%s/city.db", e->folder);
        return;
    }
    database_name(e, name, sizeof name);
    snprintf(sql, sizeof sql,
             "create database %s template %s %s encoding 'UTF8' lc_collate 'C.UTF-8' "
             "lc_ctype 'C.UTF-8'",
             name, from ? from : "template0", PQlibVersion() >= 150000 ? "strategy file_copy" : "");
    admin(sql);
    snprintf(e->url, sizeof e->url, "postgres:%.300s dbname=%.150s", conninfo, name);
}

int engines_ok(struct engines *e, int rc, const char *file, int line)
{
    const struct error *r = &e->cx.error;
    if (rc < 0)
        fail_msg("%s:%d: %s: %s %s (%s) %s < %s", file, line, status_name((enum status)rc),
                 r->message, r->facts, r->file, r->detail, r->doing);
    return rc;
}

static struct engines *bare(enum store_engine engine, const char *from)
{
    struct engines *e = memory_alloc(sizeof *e);
    assert_non_null(e);
    e->engine = engine;
    arena_init(&e->arena, 0);
    env_simulated(&e->env, INT64_C(1781481600000000), 1);
    context_init(&e->cx, &e->env, &e->arena);
    make_folder(e);
    make_url(e, from);
    return e;
}

struct engines *engines_bare(enum store_engine engine)
{
    return bare(engine, NULL);
}

struct engines *engines_copy(const struct engines *from)
{
    char name[256];
    database_name(from, name, sizeof name);
    return bare(from->engine, name);
}

struct engines *engines_new(enum store_engine engine)
{
    struct engines *e = engines_bare(engine);
    ENGINES_OK(e, store_create(&e->cx, e->url));
    ENGINES_OK(e, store_open(&e->cx, e->url, STORE_WRITE, &e->st));
    return e;
}

void engines_free(struct engines *e)
{
    char name[256];
    char sql[300];
    store_close(e->st);
    if (e->engine == STORE_POSTGRES) {
        database_name(e, name, sizeof name);
        snprintf(sql, sizeof sql, "drop database %.250s with (force)", name);
        admin(sql);
    }
    nftw(e->folder, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
    env_release(&e->env);
    arena_release(&e->arena);
    memory_free(e);
}

void engines_reopen(struct engines *e, enum store_mode mode)
{
    store_close(e->st);
    e->st = NULL;
    error_clear(&e->cx);
    ENGINES_OK(e, store_open(&e->cx, e->url, mode, &e->st));
}

int engines_setup_sqlite(void **state)
{
    const struct engines_plan *plan = *state;
    struct engines *e = engines_new(STORE_SQLITE);
    e->test = plan->test;
    *state = e;
    return 0;
}

int engines_setup_postgres(void **state)
{
    const struct engines_plan *plan = *state;
    *state = NULL;
    if (!engines_have_postgres())
        return 0;
    struct engines *e = engines_new(STORE_POSTGRES);
    e->test = plan->test;
    *state = e;
    return 0;
}

void engines_run(void **state)
{
    struct engines *e = *state;
    if (!e)
        skip();
    else
        e->test(state);
}

int engines_teardown(void **state)
{
    if (*state)
        engines_free(*state);
    *state = NULL;
    return 0;
}

void engines_tamper(struct engines *e, const char *sql)
{
    if (e->engine == STORE_SQLITE) {
        sqlite3 *db = NULL;
        char *message = NULL;
        assert_int_equal(sqlite3_open(e->url + strlen("sqlite:"), &db), SQLITE_OK);
        sqlite3_busy_timeout(db, 5000);
        if (sqlite3_exec(db, sql, NULL, NULL, &message) != SQLITE_OK)
            fail_msg("%s: %s", sql, message);
        sqlite3_close(db);
        return;
    }
    PGconn *db = PQconnectdb(e->url + strlen("postgres:"));
    PGresult *r = PQexec(db, sql);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", sql, PQerrorMessage(db));
    PQclear(r);
    PQfinish(db);
}

int64_t engines_event(struct engines *e, const char *kind)
{
    struct event event = {.kind = str_of(kind),
                          .effective = env_today(&e->env),
                          .received = env_today(&e->env),
                          .source = STR("test"),
                          .route = STR("test")};
    ENGINES_OK(e, event_open(&e->cx, e->st, &event));
    return event.no;
}
