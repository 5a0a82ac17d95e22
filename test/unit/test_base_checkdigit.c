/* check digits, against test/data/vectors/check_digits.tsv. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    const char *kind;
    int (*digit)(struct str);
    bool (*is_valid)(struct str);
} kinds[] = {
    {"hokensha8", mod10_digit, insurer_number_is_valid},
    {"hokensha6", mod10_digit, insurer_number_is_valid},
    {"kouhi8", mod10_digit, insurer_number_is_valid},
    {"lgcode6", municipality_code_digit, municipality_code_is_valid},
    {"mynumber12", my_number_digit, my_number_is_valid},
    {"cvs44", mod10_31_digit, mod10_31_is_valid},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static size_t kind_of(struct str s)
{
    size_t i = 0;
    while (i < KINDS && !str_is(s, kinds[i].kind))
        i++;
    return i;
}

/* kind, full, body, cd, calc, expect, ... */
static void check_line(struct str line, int seen[KINDS])
{
    size_t k = kind_of(str_cut(&line, '\t'));
    assert_true(k < KINDS);
    seen[k]++;
    struct str full = str_cut(&line, '\t');
    struct str body = str_cut(&line, '\t');
    str_cut(&line, '\t');
    int64_t calc;
    assert_true(str_to_int(str_cut(&line, '\t'), &calc));
    bool valid = str_is(str_cut(&line, '\t'), "valid");
    assert_int_equal(kinds[k].digit(body), calc);
    assert_int_equal(kinds[k].is_valid(full), valid);
}

static void vectors_hold(void **state)
{
    (void)state;
    struct context cx;
    context_init(&cx, NULL, NULL);
    struct text t;
    text_init(&t, 1 << 20);
    assert_int_equal(file_read(&cx, ROOT "/test/data/vectors/check_digits.tsv", 1 << 20, &t), OK);
    struct str rest = text_str(&t);
    str_cut(&rest, '\n');
    int seen[KINDS] = {0};
    while (rest.n > 0)
        check_line(str_cut(&rest, '\n'), seen);
    for (size_t k = 0; k < KINDS; k++)
        assert_true(seen[k] > 0);
    text_release(&t);
}

static void one_wrong_digit_is_found(void **state)
{
    (void)state;
    static const char *const good[KINDS] = {
        "33120015", "133066",       "54016027",
        "131016",   "123456789018", "91929023252070000010123499901099999900350000",
    };
    for (size_t k = 0; k < KINDS; k++) {
        char s[64];
        size_t n = strlen(good[k]);
        for (size_t i = 0; i < n; i++) {
            memcpy(s, good[k], n + 1);
            /* modulus 11 with 0 standing for 10 and 11 lets some errors through by design */
            s[i] = (char)('0' + (s[i] - '0' + 1) % 10);
            bool must_be_found = kinds[k].digit == mod10_31_digit || i == n - 1;
            if (must_be_found)
                assert_false(kinds[k].is_valid(str_of(s)));
        }
    }
}

static void other_shapes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",        "1",       "1234567",       "12345a",  "１３３０６６",
        " 133066", "133066 ", "12345678901８", "1330660", "-33066"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(insurer_number_is_valid(str_of(bad[i])));
        assert_false(my_number_is_valid(str_of(bad[i])));
        assert_false(municipality_code_is_valid(str_of(bad[i])));
    }
    assert_false(my_number_is_valid(STR_NONE));
    assert_int_equal(mod10_digit(STR("")), -1);
    assert_int_equal(mod10_31_digit(STR("12x")), -1);
    assert_int_equal(my_number_digit(STR("1234567890")), -1);
    assert_int_equal(municipality_code_digit(STR("1310")), -1);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"check digit vectors hold", vectors_hold, NULL, NULL, NULL},
        {"one wrong digit is found", one_wrong_digit_is_found, NULL, NULL, NULL},
        {"other shapes are refused [F6]", other_shapes_are_refused, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("check digits", tests, NULL, NULL);
}
