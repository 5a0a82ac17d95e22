/*
 * turnstile: who writes next in a SQLite database.
 *
 * SQLite's own waiting is unfair: a batch that releases and retakes the lock starves a counter for
 * seconds. Two lock files make a queue of it: take `turn`, take `write`, release `turn`, work,
 * release `write`. Whoever has just written must take `turn` again, and the one who waits for
 * `write` holds it. flock belongs to the open file, so the files are opened after fork, close on
 * exec, and are never inherited; a process that dies leaves nothing behind.
 */
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static struct turnstile *held_here;

static int lock_file(struct context *cx, const char *path, const char *suffix)
{
    struct text t;
    text_init(&t, 4096);
    text_addf(&t, "%s-%s", path, suffix);
    int fd = t.failed
                 ? -1
                 : cx->env->open(cx->env, t.p, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        fail(cx, ERR_IO, "store.lock_file", "%s-%s", path, suffix);
        fail_detail(cx, "%s", strerror(errno));
        text_release(&t);
        return ERR_IO;
    }
    text_release(&t);
    return fd;
}

/* One batch per database: its lock is held as long as the connection lives. */
static int take_batch(struct context *cx, struct store *st)
{
    /* A counter that looks whether a batch runs holds the lock for an instant. */
    for (int tries = 0; tries < 50; tries++) {
        if (flock(st->lock.batch, LOCK_EX | LOCK_NB) == 0)
            return OK;
        usleep(2000);
    }
    return fail(cx, ERR_RETRY, "store.batch_busy", "%s", st->place);
}

int turnstile_open(struct context *cx, struct store *st)
{
    struct stat s;
    struct turnstile *t = &st->lock;
    if (st->mode == STORE_READ)
        return OK;
    t->turn = lock_file(cx, st->place, "turn");
    if (t->turn < 0)
        return t->turn;
    t->write = lock_file(cx, st->place, "write");
    if (t->write < 0)
        return t->write;
    if (fstat(t->write, &s) != 0)
        return fail(cx, ERR_IO, "store.lock_file", "%s", st->place);
    t->inode = (uint64_t)s.st_ino;
    t->batch = lock_file(cx, st->place, "batch");
    if (t->batch < 0)
        return t->batch;
    return st->mode == STORE_BATCH ? take_batch(cx, st) : OK;
}

void turnstile_close(struct turnstile *t)
{
    turnstile_leave(t);
    int *files[] = {&t->turn, &t->write, &t->batch};
    for (size_t i = 0; i < 3; i++) {
        if (*files[i] >= 0)
            env_real()->close(env_real(), *files[i]);
        *files[i] = -1;
    }
}

static int wait_for(struct context *cx, int fd)
{
    while (flock(fd, LOCK_EX) != 0) {
        if (errno != EINTR) {
            fail(cx, ERR_IO, "store.lock_file", NULL);
            fail_detail(cx, "flock: %s", strerror(errno));
            return ERR_IO;
        }
    }
    return OK;
}

int turnstile_take(struct context *cx, struct turnstile *t)
{
    /* Two connections of one process would wait for each other for ever. */
    for (const struct turnstile *h = held_here; h; h = h->next)
        if (h->inode == t->inode)
            return fail(cx, ERR_INVALID, "store.lock_twice", NULL);
    int rc = wait_for(cx, t->turn);
    if (rc < 0)
        return rc;
    rc = wait_for(cx, t->write);
    flock(t->turn, LOCK_UN);
    if (rc < 0)
        return rc;
    t->held = true;
    t->next = held_here;
    held_here = t;
    return OK;
}

void turnstile_leave(struct turnstile *t)
{
    if (!t->held)
        return;
    for (struct turnstile **h = &held_here; *h; h = &(*h)->next) {
        if (*h == t) {
            *h = t->next;
            break;
        }
    }
    flock(t->write, LOCK_UN);
    t->held = false;
}

bool turnstile_batch_runs(const struct turnstile *t)
{
    if (flock(t->batch, LOCK_SH | LOCK_NB) != 0)
        return errno == EWOULDBLOCK;
    flock(t->batch, LOCK_UN);
    return false;
}
