#include "base/memory.h"

#include "base/env.h"

#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HOKENKA_ASAN 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HOKENKA_ASAN 1
#endif
#ifdef HOKENKA_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)   ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum { ALIGNMENT = 16, FIRST_BLOCK = 4096, LAST_BLOCK = 1024 * 1024 };

struct arena_block {
    struct arena_block *below;
    size_t size; /* bytes behind the header */
    size_t at;   /* bytes handed out of them */
    _Alignas(ALIGNMENT) unsigned char bytes[];
};

/* Processes have one thread each (design.md), so plain counters do. */
static uint64_t allocations;
static uint64_t fail_in; /* 0: never */
static bool fail_for_good;

void memory_fail_at(uint64_t nth, bool for_good)
{
    fail_in = nth;
    fail_for_good = for_good;
}

uint64_t memory_allocations(void)
{
    return allocations;
}

/* One count per request for memory, whether it needs a new block or not: so the n-th failure
 * reaches every caller that must cope with NULL. */
static bool allocation_fails(void)
{
    allocations++;
    if (fail_in > 1) {
        fail_in--;
    } else if (fail_in == 1) {
        if (!fail_for_good)
            fail_in = 0;
        return true;
    }
    return fault_armed("memory.alloc");
}

void arena_init(struct arena *a, size_t maximum)
{
    *a = (struct arena){.maximum = maximum};
}

static void block_free(struct arena_block *b)
{
    if (!b)
        return;
    ASAN_UNPOISON_MEMORY_REGION(b->bytes, b->size);
    free(b);
}

void arena_release(struct arena *a)
{
    while (a->top) {
        struct arena_block *b = a->top;
        a->top = b->below;
        block_free(b);
    }
    block_free(a->spare);
    arena_init(a, a->maximum);
}

static size_t next_block_size(const struct arena *a, size_t bytes)
{
    size_t size = a->top ? a->top->size * 2 : FIRST_BLOCK;
    if (size > LAST_BLOCK)
        size = LAST_BLOCK;
    return bytes > size ? bytes : size;
}

static struct arena_block *block_take(struct arena *a, size_t bytes)
{
    struct arena_block *b = a->spare;
    if (b && b->size >= bytes) {
        a->spare = NULL;
    } else {
        size_t size = next_block_size(a, bytes);
        if (size > SIZE_MAX - sizeof *b)
            return NULL;
        b = malloc(sizeof *b + size);
        if (!b)
            return NULL;
        b->size = size;
        ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
    }
    b->at = 0;
    b->below = a->top;
    a->top = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t bytes)
{
    if (allocation_fails() || bytes > SIZE_MAX - ALIGNMENT)
        return NULL;
    size_t room = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (room == 0)
        room = ALIGNMENT; /* distinct addresses for empty things */
    if (a->maximum && (room > a->maximum || a->used > a->maximum - room))
        return NULL;
    struct arena_block *b = a->top;
    if (!b || b->size - b->at < room)
        b = block_take(a, room);
    if (!b)
        return NULL;
    unsigned char *p = b->bytes + b->at;
    b->at += room;
    a->used += room;
    ASAN_UNPOISON_MEMORY_REGION(p, bytes);
    memset(p, 0, bytes);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return arena_alloc(a, bytes);
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){a->top, a->top ? a->top->at : 0, a->used};
}

/* The largest block given back is kept: a loop that marks and rewinds for each household would
 * otherwise ask the system for the same block each time. */
static void block_give_back(struct arena *a, struct arena_block *b)
{
    ASAN_POISON_MEMORY_REGION(b->bytes, b->size);
    if (b->size <= LAST_BLOCK && (!a->spare || a->spare->size < b->size)) {
        block_free(a->spare);
        a->spare = b;
    } else {
        block_free(b);
    }
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
    while (a->top != mark.block) {
        struct arena_block *b = a->top;
        assert(b && "arena_rewind: the mark is not of this arena or was rewound over");
        a->top = b->below;
        block_give_back(a, b);
    }
    if (a->top) {
        a->top->at = mark.at;
        ASAN_POISON_MEMORY_REGION(a->top->bytes + mark.at, a->top->size - mark.at);
    }
    a->used = mark.used;
}

void *memory_alloc(size_t bytes)
{
    if (allocation_fails())
        return NULL;
    return calloc(1, bytes ? bytes : 1);
}

void *memory_resize(void *p, size_t bytes)
{
    if (allocation_fails())
        return NULL;
    return realloc(p, bytes ? bytes : 1);
}

void memory_free(void *p)
{
    free(p);
}

int secret_init(struct secret *s, size_t length)
{
    *s = (struct secret){NULL, 0};
    if (sodium_init() < 0 || allocation_fails())
        return ERR_MEMORY;
    s->bytes = sodium_malloc(length);
    if (!s->bytes)
        return ERR_MEMORY;
    sodium_memzero(s->bytes, length);
    s->length = length;
    return OK;
}

void secret_release(struct secret *s)
{
    sodium_free(s->bytes);
    *s = (struct secret){NULL, 0};
}
