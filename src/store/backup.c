/* backup: every row of every table as of one moment, into one file. */
#include "store/backup.h"
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct writer {
    struct env *env;
    int fd;
    struct hasher hash;
    size_t n;
    bool failed;
    int error;
    unsigned char bytes[BACKUP_BUFFER];
};

static void flush(struct writer *w)
{
    size_t at = 0;
    while (!w->failed && at < w->n) {
        ssize_t wrote = w->env->write(w->env, w->fd, w->bytes + at, w->n - at);
        if (wrote <= 0 && errno != EINTR) {
            w->failed = true;
            w->error = errno;
        }
        at += wrote > 0 ? (size_t)wrote : 0;
    }
    hash_bytes(&w->hash, (struct str){(const char *)w->bytes, w->n});
    w->n = 0;
}

static void put(struct writer *w, const void *from, size_t n)
{
    const unsigned char *p = from;
    while (n > 0) {
        size_t room = sizeof w->bytes - w->n;
        size_t part = n < room ? n : room;
        memcpy(w->bytes + w->n, p, part);
        w->n += part;
        p += part;
        n -= part;
        if (w->n == sizeof w->bytes)
            flush(w);
    }
}

static void put_byte(struct writer *w, unsigned char b)
{
    put(w, &b, 1);
}

static void put_number(struct writer *w, uint64_t v, int bytes)
{
    unsigned char b[8];
    for (int i = 0; i < bytes; i++)
        b[i] = (unsigned char)(v >> (8 * i));
    put(w, b, (size_t)bytes);
}

static void put_bytes(struct writer *w, struct str s)
{
    put_byte(w, BACKUP_BYTES);
    put_number(w, s.n, 4);
    put(w, s.p, s.n);
}

static void put_value(struct writer *w, const struct store_value *v)
{
    if (v->is_null) {
        put_byte(w, BACKUP_NULL);
    } else if (type_is_number(v->type)) {
        put_byte(w, BACKUP_NUMBER);
        put_number(w, (uint64_t)v->i, 8);
    } else {
        put_bytes(w, v->s);
    }
}

static int put_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    struct store_value values[MAX_VALUES];
    struct writer *w = arg;
    struct store_cursor *c = NULL;
    put_byte(w, 'T');
    put_bytes(w, str_of(t->name));
    int rc = store_cursor_open(cx, st, t->scan, NULL, true, &c);
    while (rc >= 0 && !w->failed) {
        rc = store_step(cx, c, values);
        if (rc != 1)
            break;
        put_byte(w, 'R');
        for (int i = 0; i < t->scan->columns; i++)
            put_value(w, &values[i]);
    }
    store_cursor_close(c);
    put_byte(w, 'E');
    return rc;
}

static int put_head(struct context *cx, struct store *st, struct writer *w)
{
    int64_t link = 0;
    struct digest head;
    char hex[65];
    int rc = store_chain_head(cx, st, &link, &head);
    struct digest schema = schema_hash(st->database);
    digest_hex(&schema, hex);
    put(w, BACKUP_MAGIC, strlen(BACKUP_MAGIC));
    put_bytes(w, str_of(st->database));
    put_bytes(w, str_of(hex));
    put_number(w, (uint64_t)link, 8);
    put(w, head.b, sizeof head.b);
    return rc;
}

static int write_all(struct context *cx, struct store *st, struct writer *w)
{
    int rc = STORE_BEGIN_READ(cx, st);
    if (rc < 0)
        return rc;
    rc = put_head(cx, st, w);
    if (rc >= 0)
        rc = store_each_table(cx, st, put_table, w);
    store_rollback(st);
    put_byte(w, 'Z');
    flush(w);
    struct digest d = hash_end(&w->hash);
    hash_init(&w->hash, STR_NONE);
    put(w, d.b, sizeof d.b);
    flush(w);
    return rc;
}

static int file_failed(struct context *cx, const char *path, int error)
{
    fail(cx, ERR_IO, "store.backup_file", "%s", path);
    fail_detail(cx, "%s", strerror(error));
    return ERR_IO;
}

static int write_file(struct context *cx, struct store *st, const char *path, struct writer *w)
{
    w->env = cx->env;
    w->fd = w->env->open(w->env, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (w->fd < 0)
        return file_failed(cx, path, errno);
    hash_init(&w->hash, STR_NONE);
    int rc = write_all(cx, st, w);
    if (rc >= 0 && !w->failed && w->env->sync(w->env, w->fd) != 0) {
        w->failed = true;
        w->error = errno;
    }
    w->env->close(w->env, w->fd);
    return rc >= 0 && w->failed ? file_failed(cx, path, w->error) : rc;
}

int store_backup(struct context *cx, struct store *st, const char *path)
{
    struct text beside;
    struct writer *w = memory_alloc(sizeof *w);
    text_init(&beside, 4096);
    text_addf(&beside, "%s.part", path);
    int rc = !w || beside.failed ? fail(cx, ERR_MEMORY, "store.memory", NULL) : OK;
    if (rc >= 0) {
        rc = write_file(cx, st, beside.p, w);
        if (rc >= 0 && cx->env->rename(cx->env, beside.p, path) != 0)
            rc = file_failed(cx, path, errno);
        if (rc < 0)
            cx->env->unlink(cx->env, beside.p);
    }
    text_release(&beside);
    memory_free(w);
    return rc;
}
