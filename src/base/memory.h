/*
 * memory: arenas by lifetime, and the only place that calls malloc and free.
 *
 * An arena hands out memory that goes away all at once. Lifetimes are named: process, job,
 * transaction, request, household. Every allocation can be made to fail by the fault point
 * "memory.alloc" (env.h); out of memory is an ordinary error (ERR_MEMORY).
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena_block;
struct arena {
    struct arena_block *top;
    struct arena_block *spare; /* a block given back, kept for the next growth */
    size_t used;               /* bytes handed out */
    size_t maximum;            /* 0: no maximum */
};
struct arena_mark {
    struct arena_block *block;
    size_t at;
    size_t used;
};

void arena_init(struct arena *a, size_t maximum);
/* Gives everything back; the arena may be used again. */
void arena_release(struct arena *a);
/* 16-byte aligned, zeroed; NULL when out of memory or over the maximum. */
void *arena_alloc(struct arena *a, size_t bytes);
/* As arena_alloc for count * size with overflow check. */
void *arena_array(struct arena *a, size_t count, size_t size);
struct arena_mark arena_mark(const struct arena *a);
/* Gives back everything handed out since the mark. */
void arena_rewind(struct arena *a, struct arena_mark mark);
#define ARENA_NEW(a, type)          ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

/* Heap blocks for things with an owner and no arena. memory_free(NULL) is allowed. */
void *memory_alloc(size_t bytes); /* zeroed */
/* What is added is not zeroed; on NULL the old block stays as it was. */
void *memory_resize(void *p, size_t bytes);
void memory_free(void *p);

/* Secrets: guarded, locked, wiped on release (libsodium). */
struct secret {
    unsigned char *bytes;
    size_t length;
};
int secret_init(struct secret *s, size_t length); /* 0 or ERR_MEMORY */
void secret_release(struct secret *s);

/* Test switch: the n-th request for memory from now fails (0: none); once or for good. Every
 * arena_alloc, memory_alloc, memory_resize and secret_init is one request. */
void memory_fail_at(uint64_t nth, bool for_good);
uint64_t memory_allocations(void); /* requests so far, for budgets in tests */

#endif
