#include "base/env.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t clock_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static int64_t real_now(struct env *e)
{
    (void)e;
    return clock_us(CLOCK_REALTIME);
}

static int64_t real_monotonic(struct env *e)
{
    (void)e;
    return clock_us(CLOCK_MONOTONIC);
}

static void real_random(struct env *e, void *out, size_t n)
{
    (void)e;
    randombytes_buf(out, n);
}

static int real_open(struct env *e, const char *path, int flags, int mode)
{
    (void)e;
    return open(path, flags | O_CLOEXEC, (mode_t)mode);
}

static ssize_t real_read(struct env *e, int fd, void *buf, size_t n)
{
    (void)e;
    return read(fd, buf, n);
}

static ssize_t real_write(struct env *e, int fd, const void *buf, size_t n)
{
    (void)e;
    return write(fd, buf, n);
}

static int real_sync(struct env *e, int fd)
{
    (void)e;
    return fsync(fd);
}

static int real_rename(struct env *e, const char *from, const char *to)
{
    (void)e;
    return rename(from, to);
}

static int real_unlink(struct env *e, const char *path)
{
    (void)e;
    return unlink(path);
}

static int real_close(struct env *e, int fd)
{
    (void)e;
    return close(fd);
}

#define REAL_FORM                                                                                  \
    {                                                                                              \
        .now_us = real_now, .monotonic_us = real_monotonic, .random = real_random,                 \
        .open = real_open, .read = real_read, .write = real_write, .sync = real_sync,              \
        .rename = real_rename, .unlink = real_unlink, .close = real_close                          \
    }

struct env *env_real(void)
{
    static struct env real = REAL_FORM;
    return &real;
}

/* The simulated form: files are the real ones, clock and random are its own. */
struct simulated {
    int64_t now_us;
    int64_t started_us;
    struct prng prng;
};

static int64_t simulated_now(struct env *e)
{
    return ((const struct simulated *)e->state)->now_us;
}

static int64_t simulated_monotonic(struct env *e)
{
    const struct simulated *s = e->state;
    return s->now_us - s->started_us;
}

static void simulated_random(struct env *e, void *out, size_t n)
{
    struct simulated *s = e->state;
    unsigned char *p = out;
    while (n > 0) {
        uint64_t v = prng_next(&s->prng);
        for (int i = 0; i < 8 && n > 0; i++, n--, v >>= 8)
            *p++ = (unsigned char)v;
    }
}

int env_simulated(struct env *e, int64_t now_us, uint64_t seed)
{
    *e = (struct env)REAL_FORM;
    struct simulated *s = memory_alloc(sizeof *s);
    if (!s)
        return ERR_MEMORY;
    s->now_us = now_us;
    s->started_us = now_us;
    prng_seed(&s->prng, seed);
    e->now_us = simulated_now;
    e->monotonic_us = simulated_monotonic;
    e->random = simulated_random;
    e->state = s;
    return OK;
}

void env_advance(struct env *e, int64_t by_us)
{
    assert(e->now_us == simulated_now && "only a simulated clock can be moved");
    ((struct simulated *)e->state)->now_us += by_us;
}

/* The faulty form: counts the calls of one operation and lets one of them fail. */
enum operation { OP_OPEN, OP_READ, OP_WRITE, OP_SYNC, OP_RENAME, OP_UNLINK, OP_CLOSE, OP_COUNT };

struct faulty {
    struct env *inner;
    enum operation operation;
    uint64_t left; /* calls until the one that fails; 0: it has failed */
    int err;
};

static bool faulty_now(struct env *e, enum operation operation)
{
    struct faulty *f = e->state;
    if (f->operation != operation || f->left == 0 || --f->left > 0)
        return false;
    if (f->err != 0)
        errno = f->err;
    return true;
}

static struct env *inner_of(struct env *e)
{
    return ((struct faulty *)e->state)->inner;
}

/* A short count of n; at least one byte, for 0 would mean the end of the file. */
static size_t short_of(const struct env *e, size_t n)
{
    const struct faulty *f = e->state;
    return f->err == 0 && n > 1 ? n / 2 : n;
}

static bool gives_error(const struct env *e)
{
    return ((const struct faulty *)e->state)->err != 0;
}

static int64_t faulty_clock(struct env *e)
{
    struct env *in = inner_of(e);
    return in->now_us(in);
}

static int64_t faulty_monotonic(struct env *e)
{
    struct env *in = inner_of(e);
    return in->monotonic_us(in);
}

static void faulty_random(struct env *e, void *out, size_t n)
{
    struct env *in = inner_of(e);
    in->random(in, out, n);
}

static int faulty_open(struct env *e, const char *path, int flags, int mode)
{
    struct env *in = inner_of(e);
    return faulty_now(e, OP_OPEN) ? -1 : in->open(in, path, flags, mode);
}

static ssize_t faulty_read(struct env *e, int fd, void *buf, size_t n)
{
    struct env *in = inner_of(e);
    if (faulty_now(e, OP_READ)) {
        if (gives_error(e))
            return -1;
        n = short_of(e, n);
    }
    return in->read(in, fd, buf, n);
}

static ssize_t faulty_write(struct env *e, int fd, const void *buf, size_t n)
{
    struct env *in = inner_of(e);
    if (faulty_now(e, OP_WRITE)) {
        if (gives_error(e))
            return -1;
        n = short_of(e, n);
    }
    return in->write(in, fd, buf, n);
}

static int faulty_sync(struct env *e, int fd)
{
    struct env *in = inner_of(e);
    return faulty_now(e, OP_SYNC) ? -1 : in->sync(in, fd);
}

static int faulty_rename(struct env *e, const char *from, const char *to)
{
    struct env *in = inner_of(e);
    return faulty_now(e, OP_RENAME) ? -1 : in->rename(in, from, to);
}

static int faulty_unlink(struct env *e, const char *path)
{
    struct env *in = inner_of(e);
    return faulty_now(e, OP_UNLINK) ? -1 : in->unlink(in, path);
}

/* As Linux does it: the descriptor is gone even where close reports an error. */
static int faulty_close(struct env *e, int fd)
{
    struct env *in = inner_of(e);
    bool fails = faulty_now(e, OP_CLOSE);
    int err = errno;
    int r = in->close(in, fd);
    if (fails)
        errno = err;
    return fails ? -1 : r;
}

int env_faulty(struct env *e, struct env *inner, const char *operation, uint64_t nth, int err)
{
    static const char *const names[OP_COUNT] = {"open",   "read",   "write", "sync",
                                                "rename", "unlink", "close"};
    *e = (struct env){.now_us = faulty_clock,
                      .monotonic_us = faulty_monotonic,
                      .random = faulty_random,
                      .open = faulty_open,
                      .read = faulty_read,
                      .write = faulty_write,
                      .sync = faulty_sync,
                      .rename = faulty_rename,
                      .unlink = faulty_unlink,
                      .close = faulty_close};
    int op = 0;
    while (op < OP_COUNT && strcmp(names[op], operation) != 0)
        op++;
    if (op == OP_COUNT)
        return ERR_INVALID;
    struct faulty *f = memory_alloc(sizeof *f);
    if (!f)
        return ERR_MEMORY;
    *f = (struct faulty){inner, (enum operation)op, nth, err};
    e->state = f;
    return OK;
}

void env_release(struct env *e)
{
    memory_free(e->state);
    e->state = NULL;
}

enum { SECOND = 1000000 };
static const int64_t day_us = INT64_C(86400) * SECOND;
static const int64_t japan_us = INT64_C(9) * 3600 * SECOND;

static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

struct ymd env_today(struct env *e)
{
    return (struct ymd){(int32_t)floor_div(e->now_us(e) + japan_us, day_us)};
}

int text_add_time(struct text *t, int64_t time_us)
{
    int64_t local = time_us + japan_us;
    int64_t day = floor_div(local, day_us);
    int second = (int)((local - day * day_us) / SECOND);
    text_add_ymd(t, (struct ymd){(int32_t)day});
    return text_addf(t, " %02d:%02d:%02d", second / 3600, second / 60 % 60, second % 60);
}

uint64_t env_random_u64(struct env *e)
{
    uint64_t v;
    e->random(e, &v, sizeof v);
    return v;
}

const char *env_variable(const char *name)
{
    return secure_getenv(name);
}
