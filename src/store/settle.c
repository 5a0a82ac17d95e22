/* settle: commits of one SQLite connection that reach the disk beside the work that follows them.
 * The log is in the system's memory when the commit returns, so every other process reads it; a
 * thread of its own brings it to the disk, and nobody may show what hangs on it before
 * store_settle has returned. */
#include "store/engine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct settling {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t more, settled;
    int log;              /* the write-ahead log's file */
    uint64_t asked, done; /* commits */
    int failure;          /* errno of a sync that failed: what was lost then stays lost */
    bool stops;
};

static void *settle_all(void *arg)
{
    struct settling *s = arg;

    pthread_mutex_lock(&s->lock);
    while (!s->stops || s->done < s->asked) {
        if (s->done == s->asked) {
            pthread_cond_wait(&s->more, &s->lock);
            continue;
        }
        const uint64_t until = s->asked;
        pthread_mutex_unlock(&s->lock);
        const int failure = fdatasync(s->log) == 0 ? 0 : errno;
        pthread_mutex_lock(&s->lock);
        s->failure = failure ? failure : s->failure;
        s->done = until;
        pthread_cond_broadcast(&s->settled);
    }
    pthread_mutex_unlock(&s->lock);
    return NULL;
}

int store_thread(pthread_t *out, void *(*run)(void *), void *arg)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const int rc = pthread_create(out, NULL, run, arg);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return rc;
}

int store_settle_later(struct context *cx, struct store *st)
{
    char path[4096];

    if (st->engine != STORE_SQLITE || st->settling)
        return OK;
    struct settling *s = memory_alloc(sizeof *s);
    if (!s)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    *s = (struct settling){.log = -1};
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->more, NULL);
    pthread_cond_init(&s->settled, NULL);
    if ((size_t)snprintf(path, sizeof path, "%s-wal", st->place) < sizeof path)
        s->log = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    int failure = s->log < 0 ? errno : store_thread(&s->thread, settle_all, s);
    if (failure != 0) {
        if (s->log >= 0)
            close(s->log);
        memory_free(s);
        (void)fail(cx, ERR_IO, "store.settle", "%s", st->place);
        return fail_detail(cx, "%s", strerror(failure));
    }
    st->settling = s;
    return st->driver->command(cx, st, "pragma synchronous=normal");
}

void settle_ask(struct store *st)
{
    struct settling *s = st->settling;

    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->asked++;
    pthread_cond_signal(&s->more);
    pthread_mutex_unlock(&s->lock);
}

int store_settle(struct context *cx, struct store *st)
{
    struct settling *s = st->settling;
    int rc = FAULT(cx, "store.settle");

    if (!s || rc < 0)
        return rc;
    pthread_mutex_lock(&s->lock);
    while (s->done < s->asked)
        pthread_cond_wait(&s->settled, &s->lock);
    const int failure = s->failure;
    pthread_mutex_unlock(&s->lock);
    if (failure == 0)
        return OK;
    (void)fail(cx, ERR_IO, "store.settle", "%s", st->place);
    return fail_detail(cx, "%s", strerror(failure));
}

void settle_end(struct store *st)
{
    struct settling *s = st->settling;

    if (!s)
        return;
    pthread_mutex_lock(&s->lock);
    s->stops = true;
    pthread_cond_signal(&s->more);
    pthread_mutex_unlock(&s->lock);
    pthread_join(s->thread, NULL);
    pthread_cond_destroy(&s->more);
    pthread_cond_destroy(&s->settled);
    pthread_mutex_destroy(&s->lock);
    close(s->log);
    memory_free(s);
    st->settling = NULL;
}
