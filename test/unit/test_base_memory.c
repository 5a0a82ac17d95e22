/* memory: arenas, the switch that makes the n-th request fail, guarded secrets. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void arena_memory_is_aligned_and_zeroed(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    for (size_t n = 0; n < 500; n++) {
        unsigned char *p = arena_alloc(&a, n);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % 16, 0);
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(p[i], 0);
            p[i] = 0xA5;
        }
    }
    assert_true(a.used >= 500 * 499 / 2);
    arena_release(&a);
    assert_int_equal(a.used, 0);
}

static void arena_rewinds_to_its_mark(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    char *kept = arena_alloc(&a, 10);
    memcpy(kept, "kept", 5);
    struct arena_mark mark = arena_mark(&a);
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(&a, 5000), 0xFF, 5000);
    arena_rewind(&a, mark);
    assert_int_equal(a.used, mark.used);
    assert_string_equal(kept, "kept");
    unsigned char *again = arena_alloc(&a, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(again[i], 0);
    arena_release(&a);
}

/* A household loop must not ask the system for the same block each time. */
static void arena_keeps_a_block_over_rewinds(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    struct arena_mark mark = arena_mark(&a);
    arena_alloc(&a, 100);
    arena_rewind(&a, mark);
    struct arena_block *spare = a.spare;
    assert_non_null(spare);
    for (int i = 0; i < 1000; i++) {
        arena_alloc(&a, 100);
        assert_ptr_equal(a.top, spare);
        arena_rewind(&a, mark);
    }
    arena_release(&a);
}

static void arena_refuses_above_its_maximum(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 1024);
    assert_non_null(arena_alloc(&a, 1000));
    assert_null(arena_alloc(&a, 100));
    assert_non_null(arena_alloc(&a, 16));
    assert_null(arena_alloc(&a, SIZE_MAX));
    assert_null(arena_array(&a, SIZE_MAX / 2, 3));
    arena_release(&a);
}

static void nth_request_fails_once_and_for_good(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= 20; nth++) {
        struct arena a;
        arena_init(&a, 0);
        memory_fail_at(nth, false);
        for (uint64_t i = 1; i <= 20; i++) {
            bool from_heap = i % 2 == 0;
            void *p = from_heap ? memory_alloc(8) : arena_alloc(&a, 8);
            assert_int_equal(p == NULL, i == nth);
            if (from_heap)
                memory_free(p);
        }
        memory_fail_at(nth, true);
        for (uint64_t i = 1; i <= 20; i++)
            assert_int_equal(arena_alloc(&a, 8) == NULL, i >= nth);
        memory_fail_at(0, false);
        arena_release(&a);
    }
}

static void resize_keeps_the_old_block_when_it_fails(void **state)
{
    (void)state;
    char *p = memory_alloc(4);
    memcpy(p, "abc", 4);
    memory_fail_at(1, false);
    assert_null(memory_resize(p, 4096));
    assert_string_equal(p, "abc");
    p = memory_resize(p, 4096);
    assert_string_equal(p, "abc");
    memory_free(p);
    memory_free(NULL);
}

static void fault_switch_reaches_memory(void **state)
{
    (void)state;
    assert_true(fault_arm("memory.alloc:3"));
    struct arena a;
    arena_init(&a, 0);
    assert_non_null(arena_alloc(&a, 1));
    assert_non_null(arena_alloc(&a, 1));
    assert_null(arena_alloc(&a, 1));
    assert_non_null(arena_alloc(&a, 1));
    fault_arm(NULL);
    arena_release(&a);
}

static void requests_are_counted(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    uint64_t before = memory_allocations();
    arena_alloc(&a, 1);
    memory_free(memory_alloc(1));
    assert_int_equal(memory_allocations() - before, 2);
    arena_release(&a);
}

static void secrets_are_zeroed_and_fail_in_order(void **state)
{
    (void)state;
    struct secret s;
    assert_int_equal(secret_init(&s, 32), OK);
    for (size_t i = 0; i < s.length; i++)
        assert_int_equal(s.bytes[i], 0);
    memset(s.bytes, 1, s.length);
    secret_release(&s);
    assert_null(s.bytes);
    secret_release(&s);
    memory_fail_at(1, false);
    assert_int_equal(secret_init(&s, 32), ERR_MEMORY);
    assert_null(s.bytes);
    memory_fail_at(0, false);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"arena memory is aligned and zeroed", arena_memory_is_aligned_and_zeroed, NULL, NULL,
         NULL},
        {"arena gives back what came after a mark", arena_rewinds_to_its_mark, NULL, NULL, NULL},
        {"arena keeps a block over rewinds", arena_keeps_a_block_over_rewinds, NULL, NULL, NULL},
        {"arena refuses above its maximum", arena_refuses_above_its_maximum, NULL, NULL, NULL},
        {"n-th request for memory fails, once and for good [F1]",
         nth_request_fails_once_and_for_good, NULL, NULL, NULL},
        {"resize keeps the old block when it fails [F1]", resize_keeps_the_old_block_when_it_fails,
         NULL, NULL, NULL},
        {"fault switch reaches memory [F1]", fault_switch_reaches_memory, NULL, NULL, NULL},
        {"requests are counted", requests_are_counted, NULL, NULL, NULL},
        {"secrets start zeroed, fail as ordinary errors", secrets_are_zeroed_and_fail_in_order,
         NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
