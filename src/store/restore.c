/* restore: a backup file into an empty database, on either engine. */
#include "store/backup.h"
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct reader {
    struct context *cx;
    struct env *env;
    const char *path;
    int fd;
    size_t at;
    size_t n;
    struct arena values; /* of one row */
    unsigned char bytes[BACKUP_BUFFER];
};
struct head {
    struct str database;
    struct str schema;
    int64_t link;
    struct digest digest;
};

static int damaged(struct reader *r, const char *what)
{
    fail(r->cx, ERR_CORRUPT, "store.backup_damaged", "%s", r->path);
    fail_detail(r->cx, "%s", what);
    return ERR_CORRUPT;
}

/* Bytes in the buffer; 0 at the end of the file. */
static int refill(struct reader *r)
{
    ssize_t got;
    do {
        got = r->env->read(r->env, r->fd, r->bytes, sizeof r->bytes);
    } while (got < 0 && errno == EINTR);
    r->at = 0;
    r->n = got > 0 ? (size_t)got : 0;
    if (got < 0) {
        fail(r->cx, ERR_IO, "store.backup_file", "%s", r->path);
        return ERR_IO;
    }
    return got > 0;
}

static int get(struct reader *r, void *to, size_t n)
{
    unsigned char *p = to;
    while (n > 0) {
        if (r->at == r->n) {
            int rc = refill(r);
            if (rc <= 0)
                return rc < 0 ? rc : damaged(r, "cut short");
        }
        size_t part = r->n - r->at < n ? r->n - r->at : n;
        memcpy(p, r->bytes + r->at, part);
        r->at += part;
        p += part;
        n -= part;
    }
    return OK;
}

static int get_number(struct reader *r, int bytes, uint64_t *out)
{
    unsigned char b[8] = {0};
    int rc = get(r, b, (size_t)bytes);
    *out = 0;
    for (int i = 0; i < bytes; i++)
        *out |= (uint64_t)b[i] << (8 * i);
    return rc;
}

static int get_bytes(struct reader *r, struct arena *arena, struct str *out)
{
    uint64_t n = 0;
    int rc = get_number(r, 4, &n);
    if (rc < 0)
        return rc;
    if (n > BACKUP_VALUE_MAXIMUM)
        return damaged(r, "a value is too long");
    char *p = arena_alloc(arena, n + 1);
    if (!p)
        return fail(r->cx, ERR_MEMORY, "store.memory", NULL);
    *out = (struct str){p, n};
    return get(r, p, n);
}

static int get_named(struct reader *r, struct arena *arena, struct str *out)
{
    unsigned char kind = 0;
    int rc = get(r, &kind, 1);
    if (rc >= 0 && kind != BACKUP_BYTES)
        rc = damaged(r, "a name is missing");
    return rc < 0 ? rc : get_bytes(r, arena, out);
}

static int get_value(struct reader *r, enum store_type type, struct store_value *out)
{
    unsigned char kind = 0;
    uint64_t number = 0;
    *out = (struct store_value){.type = type};
    int rc = get(r, &kind, 1);
    if (rc < 0)
        return rc;
    if (kind == BACKUP_NULL) {
        out->is_null = true;
        return OK;
    }
    if (type_is_number(type) != (kind == BACKUP_NUMBER) || kind > BACKUP_BYTES)
        return damaged(r, "a value has the wrong kind");
    if (kind == BACKUP_BYTES)
        return get_bytes(r, &r->values, &out->s);
    rc = get_number(r, 8, &number);
    out->i = (int64_t)number;
    return rc;
}

static int get_head(struct reader *r, struct head *h)
{
    char magic[sizeof BACKUP_MAGIC] = {0};
    uint64_t link = 0;
    int rc = get(r, magic, strlen(BACKUP_MAGIC));
    if (rc >= 0 && strcmp(magic, BACKUP_MAGIC) != 0)
        rc = damaged(r, "no backup of this program");
    if (rc >= 0)
        rc = get_named(r, r->cx->arena, &h->database);
    if (rc >= 0)
        rc = get_named(r, r->cx->arena, &h->schema);
    if (rc >= 0)
        rc = get_number(r, 8, &link);
    h->link = (int64_t)link;
    return rc < 0 ? rc : get(r, h->digest.b, sizeof h->digest.b);
}

/* --- tables ---------------------------------------------------------------------------------- */

/* Inserts and copies every column, known_to of facts included. */
static struct store_table loading(const struct store_table *t)
{
    struct store_table load = *t;
    if (t->fact) {
        load.insert = t->load;
        load.copy = t->load_copy;
    }
    return load;
}

static int load_row(struct reader *r, struct store *st, const struct store_table *t)
{
    struct store_value values[MAX_VALUES];
    int rc = OK;
    for (int i = 0; rc >= 0 && i < t->scan->columns; i++)
        rc = get_value(r, t->scan->out[i].type, &values[i]);
    if (rc >= 0)
        rc = st->driver->bulk_row(r->cx, st, values, t->scan->columns);
    arena_rewind(&r->values, (struct arena_mark){0});
    return rc;
}

static int load_rows(struct reader *r, struct store *st, const struct store_table *t)
{
    for (;;) {
        unsigned char mark = 0;
        int rc = get(r, &mark, 1);
        if (rc >= 0 && mark == 'E')
            return OK;
        if (rc >= 0 && mark != 'R')
            rc = damaged(r, "a row is missing");
        if (rc >= 0)
            rc = load_row(r, st, t);
        if (rc < 0)
            return rc;
    }
}

static int load_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    struct reader *r = arg;
    struct store_table load = loading(t);
    struct str name = STR_NONE;
    unsigned char mark = 0;
    int rc = get(r, &mark, 1);
    if (rc >= 0 && mark != 'T')
        rc = damaged(r, "a table is missing");
    if (rc >= 0)
        rc = get_named(r, &r->values, &name);
    if (rc >= 0 && !str_is(name, t->name))
        rc = damaged(r, "another table was expected");
    arena_rewind(&r->values, (struct arena_mark){0});
    if (rc >= 0)
        rc = st->driver->bulk_begin(cx, st, &load);
    if (rc < 0)
        return rc;
    rc = load_rows(r, st, t);
    int ended = st->driver->bulk_end(cx, st, rc >= 0);
    return rc < 0 ? rc : ended;
}

static int load_all(struct reader *r, struct store *st)
{
    struct context *cx = r->cx;
    unsigned char mark = 0;
    int rc = store_create_tables(cx, st);
    if (rc >= 0 && st->engine == STORE_SQLITE)
        rc = st->driver->command(cx, st, "pragma defer_foreign_keys=on");
    if (rc >= 0)
        rc = store_each_table(cx, st, load_table, r);
    if (rc >= 0)
        rc = get(r, &mark, 1);
    if (rc >= 0 && mark != 'Z')
        rc = damaged(r, "the end is missing");
    return rc < 0 ? rc : store_create_indexes(cx, st);
}

/* --- the whole file -------------------------------------------------------------------------- */

static int reader_open(struct reader *r)
{
    r->fd = r->env->open(r->env, r->path, O_RDONLY | O_CLOEXEC, 0);
    r->at = r->n = 0;
    return r->fd < 0 ? fail(r->cx, ERR_IO, "store.backup_file", "%s", r->path) : OK;
}

/* First reading: the digest at the end must be that of what stands before it. */
static int check_file(struct reader *r)
{
    struct hasher h;
    struct digest tail;
    size_t held = 0; /* bytes in tail: the last 32 seen */
    hash_init(&h, STR_NONE);
    for (;;) {
        int rc = refill(r);
        if (rc < 0)
            return rc;
        if (rc == 0)
            break;
        size_t total = held + r->n;
        size_t feed = total > sizeof tail.b ? total - sizeof tail.b : 0;
        size_t from_tail = feed < held ? feed : held;
        hash_bytes(&h, (struct str){(char *)tail.b, from_tail});
        memmove(tail.b, tail.b + from_tail, held - from_tail);
        held -= from_tail;
        hash_bytes(&h, (struct str){(char *)r->bytes, feed - from_tail});
        memcpy(tail.b + held, r->bytes + (feed - from_tail), r->n - (feed - from_tail));
        held += r->n - (feed - from_tail);
    }
    struct digest d = hash_end(&h);
    if (held != sizeof tail.b || !digest_equal(&d, &tail))
        return damaged(r, "the digest at the end differs");
    return OK;
}

static int check_head(struct reader *r, const struct head *h, const char *database)
{
    char expected[65];
    struct digest d = schema_hash(database);
    digest_hex(&d, expected);
    return str_is(h->schema, expected) ? OK
                                       : fail(r->cx, ERR_INVALID, "store.schema_differs", NULL);
}

static int check_chain(struct reader *r, struct store *st, const struct head *h)
{
    struct digest here;
    int64_t link = 0;
    int rc = store_chain_head(r->cx, st, &link, &here);
    if (rc >= 0 && (link != h->link || !digest_equal(&here, &h->digest)))
        rc = damaged(r, "the chain ends elsewhere");
    return rc;
}

static int restore_into(struct reader *r, struct store *st, const struct head *h)
{
    int rc = store_set_database(r->cx, st, h->database);
    if (rc >= 0)
        rc = check_head(r, h, st->database);
    if (rc >= 0)
        rc = STORE_BEGIN(r->cx, st);
    if (rc < 0)
        return rc;
    st->wrote = false; /* nothing new: no check before commit, no link */
    rc = load_all(r, st);
    if (rc >= 0)
        rc = check_chain(r, st, h);
    st->wrote = false;
    if (rc >= 0)
        return store_commit(r->cx, st);
    store_rollback(st);
    return rc;
}

static int restore_file(struct reader *r, const char *url)
{
    struct head h = {0};
    struct store *st = NULL;
    int rc = reader_open(r);
    if (rc >= 0) {
        rc = check_file(r);
        r->env->close(r->env, r->fd);
    }
    if (rc >= 0)
        rc = reader_open(r);
    if (rc < 0)
        return rc;
    rc = get_head(r, &h);
    if (rc >= 0)
        rc = store_connect(r->cx, url, STORE_BATCH, true, &st);
    if (rc >= 0) {
        rc = restore_into(r, st, &h);
        store_close(st);
    }
    r->env->close(r->env, r->fd);
    return rc;
}

int store_restore(struct context *cx, const char *path, const char *url)
{
    struct reader *r = memory_alloc(sizeof *r);
    if (!r)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    struct arena_mark mark = arena_mark(cx->arena);
    r->cx = cx;
    r->env = cx->env;
    r->path = path;
    arena_init(&r->values, 0);
    int rc = restore_file(r, url);
    if (rc < 0)
        error_add(cx, "restore %s", path);
    arena_release(&r->values);
    memory_free(r);
    arena_rewind(cx->arena, mark);
    return rc;
}
