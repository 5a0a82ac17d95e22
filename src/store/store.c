/* store: opening and closing. */
#include "store/engine.h"
#include "store_sql.h"

#include <string.h>

/* Both parts of the url are checked here, so that a typing error names itself. */
static int read_url(struct context *cx, const char *url, struct store *st)
{
    static const char sqlite[] = "sqlite:";
    static const char postgres[] = "postgres:";
    size_t n = strlen(url);
    st->url = memory_alloc(n + 1);
    if (!st->url)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    memcpy(st->url, url, n);
    if (strncmp(url, sqlite, sizeof sqlite - 1) == 0 && n >= sizeof sqlite) {
        st->engine = STORE_SQLITE;
        st->driver = &sqlite_driver;
        st->place = st->url + sizeof sqlite - 1;
    } else if (strncmp(url, postgres, sizeof postgres - 1) == 0 && n >= sizeof postgres) {
        st->engine = STORE_POSTGRES;
        st->driver = &postgres_driver;
        st->place = st->url + sizeof postgres - 1;
    } else {
        return fail(cx, ERR_INVALID, "store.url", "%.20s", url);
    }
    return OK;
}

void store_free(struct store *st)
{
    settle_end(st);
    if (st->driver)
        st->driver->disconnect(st);
    memory_free(st->copy);
    arena_release(&st->row_arena);
    memory_free(st->prepared);
    memory_free(st->links);
    memory_free(st->seal_room.bytes);
    memory_free(st->url);
    memory_free(st->database);
    memory_free(st);
}

int store_connect(struct context *cx, const char *url, enum store_mode mode, bool create,
                  struct store **out)
{
    struct store *st = memory_alloc(sizeof *st);
    if (!st)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    st->mode = mode;
    st->lock = (struct turnstile){.turn = -1, .write = -1, .batch = -1};
    arena_init(&st->row_arena, 0);
    int rc = read_url(cx, url, st);
    if (rc >= 0)
        rc = st->driver->connect(cx, st, create);
    if (rc < 0) {
        error_add(cx, "open store");
        store_free(st);
        return rc;
    }
    *out = st;
    return OK;
}

int store_set_database(struct context *cx, struct store *st, struct str name)
{
    st->database = memory_alloc(name.n + 1);
    if (!st->database)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    memcpy(st->database, name.p, name.n);
    return OK;
}

static int get_info(struct context *cx, struct store *st, const char *name, struct str *value)
{
    struct store_info_get_in in = {.name = str_of(name)};
    struct store_info_get_row row;
    int rc = store_info_get(cx, st, &in, &row);
    if (rc == 1)
        *value = row.value;
    return rc;
}

/* Which tables stand here, and whether they are this program's. */
static int recognise(struct context *cx, struct store *st)
{
    struct str database = STR_NONE;
    struct str hash = STR_NONE;
    char expected[65];
    int rc = get_info(cx, st, "database", &database);
    if (rc == 1)
        rc = store_set_database(cx, st, database);
    if (rc >= 0)
        rc = get_info(cx, st, STORE_SCHEMA_HASH, &hash);
    if (rc < 0)
        return rc;
    if (!st->database || !hash.p)
        return fail(cx, ERR_INVALID, "store.not_ours", NULL);
    struct digest d = schema_hash(st->database);
    digest_hex(&d, expected);
    if (!str_is(hash, expected))
        return fail(cx, ERR_INVALID, "store.schema_differs", NULL);
    return OK;
}

int store_open(struct context *cx, const char *url, enum store_mode mode, struct store **out)
{
    struct store *st = NULL;
    int rc = store_connect(cx, url, mode, false, &st);
    if (rc < 0)
        return rc;
    struct arena_mark mark = arena_mark(cx->arena);
    rc = recognise(cx, st);
    arena_rewind(cx->arena, mark);
    if (rc < 0) {
        error_add(cx, "open store");
        store_free(st);
        return rc;
    }
    *out = st;
    return OK;
}

void store_close(struct store *st)
{
    if (!st)
        return;
    while (st->depth > 0)
        store_rollback(st);
    store_free(st);
}

enum store_engine store_engine(const struct store *st)
{
    return st->engine;
}

const char *store_url(const struct store *st)
{
    return st->url;
}

bool store_is_usable(const struct store *st)
{
    return !st->broken;
}

int store_analyze(struct context *cx, struct store *st)
{
    if (st->depth > 0)
        return fail(cx, ERR_INVALID, "store.nesting", NULL);
    if (st->engine == STORE_POSTGRES)
        return st->driver->command(cx, st, "analyze");
    int rc = turnstile_take(cx, &st->lock);
    if (rc < 0)
        return rc;
    rc = st->driver->command(cx, st, "pragma analysis_limit=1000; analyze");
    turnstile_leave(&st->lock);
    return rc;
}
