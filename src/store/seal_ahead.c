/* seal_ahead: digests of the rows of a bulk insert, computed by a thread of its own while the
 * engine takes the rows. It only reads the rows and writes digests; anything out of the ordinary
 * makes it stop, and the rows that are left are sealed where they are written, which meets the same
 * error in the right place. */
#include "store/engine.h"

#include <sched.h>
#include <stdatomic.h>

enum { AHEAD_FROM = 500, ROOM = 64 << 10, TOLD_EVERY = 16 };

struct seal_ahead {
    const struct store_table *table;
    const char *rows;
    size_t n;
    unsigned char *salts;
    struct digest *digests;
    struct seal_room room;
    pthread_t thread;
    atomic_size_t done; /* digests that may be read */
    atomic_bool ended;  /* no more will come */
};

static void *seal_all(void *arg)
{
    struct seal_ahead *s = arg;
    struct store_value values[MAX_VALUES];
    struct arena arena;
    struct context cx;

    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    for (size_t i = 0; i < s->n; i++) {
        const int rc = field_values(&cx, s->table->fields, s->table->n_fields,
                                    s->rows + i * s->table->row_size, values);
        if (rc < 0 || seal_size(s->table, values) > s->room.cap ||
            seal_digest(&cx, &s->room, s->table, values, s->salts + i * SALT_BYTES,
                        &s->digests[i]) < 0)
            break;
        if ((i + 1) % TOLD_EVERY == 0 || i + 1 == s->n)
            atomic_store_explicit(&s->done, i + 1, memory_order_release);
    }
    atomic_store_explicit(&s->ended, true, memory_order_release);
    arena_release(&arena);
    return NULL;
}

static void release(struct seal_ahead *s)
{
    memory_free(s->salts);
    memory_free(s->digests);
    memory_free(s->room.bytes);
    memory_free(s);
}

struct seal_ahead *seal_ahead_begin(struct context *cx, const struct store_table *t,
                                    const void *rows, size_t n)
{
    if (!t->chained || n < AHEAD_FROM)
        return NULL;
    struct seal_ahead *s = memory_alloc(sizeof *s);
    if (!s)
        return NULL;
    *s = (struct seal_ahead){.table = t,
                             .rows = rows,
                             .n = n,
                             .salts = memory_alloc(n * SALT_BYTES),
                             .digests = memory_alloc(n * sizeof *s->digests),
                             .room = {memory_alloc(ROOM), ROOM}};
    if (!s->salts || !s->digests || !s->room.bytes) {
        release(s);
        return NULL;
    }
    cx->env->random(cx->env, s->salts, n * SALT_BYTES);
    if (store_thread(&s->thread, seal_all, s) != 0) {
        release(s);
        return NULL;
    }
    return s;
}

bool seal_ahead_of(struct seal_ahead *s, size_t at, const unsigned char **salt,
                   struct digest *digest)
{
    if (!s)
        return false;
    while (atomic_load_explicit(&s->done, memory_order_acquire) <= at) {
        if (atomic_load_explicit(&s->ended, memory_order_acquire) &&
            atomic_load_explicit(&s->done, memory_order_acquire) <= at)
            return false;
        sched_yield();
    }
    *salt = s->salts + at * SALT_BYTES;
    *digest = s->digests[at];
    return true;
}

void seal_ahead_end(struct seal_ahead *s)
{
    if (!s)
        return;
    pthread_join(s->thread, NULL);
    release(s);
}
