/* text: borrowed strings, growable text with maximum and sticky failure, UTF-8. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void text_grows_to_its_maximum_and_no_further(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 1000);
    assert_string_equal(text_str(&t).p, "");
    for (int i = 0; i < 1000; i++)
        assert_int_equal(text_addc(&t, 'x'), OK);
    assert_int_equal(t.n, 1000);
    assert_int_equal(strlen(t.p), 1000);
    assert_true(t.cap <= 1001);
    assert_int_equal(text_addc(&t, 'y'), ERR_MEMORY);
    assert_true(t.failed);
    assert_int_equal(t.n, 1000);
    text_clear(&t);
    assert_false(t.failed);
    assert_int_equal(text_addf(&t, "%s-%d", "ab", 12), OK);
    assert_string_equal(t.p, "ab-12");
    text_release(&t);
}

static void failure_of_a_text_is_sticky(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 100);
    text_adds(&t, "before");
    memory_fail_at(1, false);
    char longer[90];
    memset(longer, 'z', sizeof longer);
    assert_int_equal(text_add(&t, (struct str){longer, sizeof longer}), ERR_MEMORY);
    memory_fail_at(0, false);
    assert_int_equal(text_adds(&t, "a"), ERR_MEMORY);
    assert_int_equal(text_addf(&t, "%d", 1), ERR_MEMORY);
    assert_int_equal(utf8_add(&t, 'a'), ERR_MEMORY);
    assert_true(t.failed);
    assert_string_equal(t.p, "before");
    text_release(&t);
}

static void every_allocation_of_a_text_may_fail(void **state)
{
    (void)state;
    uint64_t before = memory_allocations();
    uint64_t needed = 1;
    for (uint64_t nth = 0; nth <= needed; nth++) {
        struct text t;
        text_init(&t, 1 << 16);
        memory_fail_at(nth, true);
        for (int i = 0; i < 5000; i++)
            text_addf(&t, "%d,", i);
        memory_fail_at(0, false);
        assert_int_equal(t.failed, nth != 0);
        if (nth == 0)
            needed = memory_allocations() - before;
        text_release(&t);
    }
    assert_true(needed > 3);
}

static void none_differs_from_empty(void **state)
{
    (void)state;
    assert_null(str_of(NULL).p);
    assert_false(str_equal(STR_NONE, STR("")));
    assert_true(str_equal(STR_NONE, STR_NONE));
    assert_true(str_equal(STR(""), str_of("")));
    assert_true(str_is(STR("abc"), "abc"));
    assert_false(str_is(STR("abc"), "abcd"));
    assert_int_equal(str_compare(STR_NONE, STR("")), -1);
    assert_int_equal(str_compare(STR("a"), STR("ab")), -1);
    assert_int_equal(str_compare(STR("b"), STR("ab")), 1);
    assert_int_equal(str_compare(STR("\x80"), STR("a")), 1);
    assert_int_equal(str_compare(STR("a"), STR("a")), 0);
}

static void strings_are_trimmed_and_cut(void **state)
{
    (void)state;
    assert_true(str_is(str_trim(STR(" \t\r\n　a b　 ")), "a b"));
    assert_true(str_is(str_trim(STR("　　")), ""));
    assert_true(str_is(str_trim(STR("〇")), "〇"));
    struct str rest = STR("a,,b");
    assert_true(str_is(str_cut(&rest, ','), "a"));
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_true(str_is(str_cut(&rest, ','), "b"));
    assert_int_equal(rest.n, 0);
    assert_non_null(rest.p);
    assert_true(str_is(str_cut(&rest, ','), ""));
    assert_true(str_starts(STR("abc"), STR("ab")));
    assert_true(str_starts(STR("abc"), STR("")));
    assert_false(str_starts(STR("ab"), STR("abc")));
}

static void copies_are_terminated(void **state)
{
    (void)state;
    struct arena a;
    arena_init(&a, 0);
    struct str c = str_copy(&a, (struct str){"abcdef", 3});
    assert_string_equal(c.p, "abc");
    assert_int_equal(c.n, 3);
    assert_null(str_copy(&a, STR_NONE).p);
    assert_string_equal(str_c(&a, STR_NONE), "");
    assert_string_equal(str_format(&a, "%s=%d", "k", 5).p, "k=5");
    memory_fail_at(1, true);
    assert_null(str_copy(&a, STR("x")).p);
    assert_null(str_format(&a, "%d", 1).p);
    memory_fail_at(0, false);
    arena_release(&a);
}

static void whole_numbers_are_read_exactly(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        bool ok;
        int64_t v;
    } rows[] = {
        {"0", true, 0},
        {"-0", true, 0},
        {"+12", true, 12},
        {"007", true, 7},
        {"9223372036854775807", true, INT64_MAX},
        {"-9223372036854775808", true, INT64_MIN},
        {"9223372036854775808", false, 0},
        {"-9223372036854775809", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"-", false, 0},
        {"+", false, 0},
        {" 1", false, 0},
        {"1 ", false, 0},
        {"1,000", false, 0},
        {"1e3", false, 0},
        {"１", false, 0},
        {"--1", false, 0},
        {"0x1", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t v = 0;
        assert_int_equal(str_to_int(str_of(rows[i].s), &v), rows[i].ok);
        assert_int_equal(v, rows[i].v);
    }
    int64_t v;
    assert_false(str_to_int(STR_NONE, &v));
}

static void every_scalar_survives_utf8(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 8);
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        text_clear(&t);
        bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        assert_int_equal(utf8_add(&t, c), is_surrogate ? ERR_INVALID : OK);
        if (is_surrogate)
            continue;
        struct str s = text_str(&t);
        assert_true(utf8_valid(s));
        assert_int_equal(utf8_length(s), 1);
        assert_int_equal(utf8_next(&s), c);
        assert_int_equal(utf8_next(&s), -2);
    }
    text_clear(&t);
    assert_int_equal(utf8_add(&t, 0x110000), ERR_INVALID);
    text_clear(&t);
    assert_int_equal(utf8_add(&t, -1), ERR_INVALID);
    text_release(&t);
}

static void bad_utf8_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",
        "\xBF",
        "\xC0\x80",
        "\xC1\xBF",
        "\xC2",
        "\xE0\x9F\xBF",
        "\xE3\x81",
        "\xED\xA0\x80",
        "\xED\xBF\xBF",
        "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80",
        "\xFF",
        "\xE3\x81\x41",
        "a\xF0\x9F\x98",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(utf8_valid(str_of(bad[i])));
    assert_true(utf8_valid(STR("")));
    assert_true(utf8_valid(STR_NONE));
    assert_true(utf8_valid(STR("𠮷野家 ｶﾅ é")));
    assert_int_equal(utf8_length(STR("𠮷野家")), 3);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"text grows to its maximum and no further", text_grows_to_its_maximum_and_no_further, NULL,
         NULL, NULL},
        {"failure of a text is sticky", failure_of_a_text_is_sticky, NULL, NULL, NULL},
        {"every allocation of a text may fail [F1]", every_allocation_of_a_text_may_fail, NULL,
         NULL, NULL},
        {"no value differs from the empty one", none_differs_from_empty, NULL, NULL, NULL},
        {"strings are trimmed and cut", strings_are_trimmed_and_cut, NULL, NULL, NULL},
        {"copies are NUL-terminated", copies_are_terminated, NULL, NULL, NULL},
        {"whole numbers are read exactly", whole_numbers_are_read_exactly, NULL, NULL, NULL},
        {"every scalar value survives UTF-8", every_scalar_survives_utf8, NULL, NULL, NULL},
        {"bad UTF-8 is refused [F6]", bad_utf8_is_refused, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
