/* number: yen within its limit, exact ratios, roundings, against a schoolbook reference. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void yen_stays_within_its_limit(void **state)
{
    (void)state;
    struct yen y = YEN(0);
    assert_true(yen_add_checked(YEN(YEN_LIMIT - 2), YEN(1), &y));
    assert_int_equal(y.n, YEN_LIMIT - 1);
    assert_false(yen_add_checked(YEN(YEN_LIMIT - 1), YEN(1), &y));
    assert_false(yen_add_checked(YEN(-YEN_LIMIT + 1), YEN(-1), &y));
    assert_false(yen_add_checked(YEN(INT64_MAX), YEN(INT64_MAX), &y));
    assert_int_equal(y.n, YEN_LIMIT - 1);
    assert_int_equal(yen_sub(YEN(5), YEN(8)).n, -3);
    assert_int_equal(yen_add(YEN(-5), YEN(8)).n, 3);
}

static void ratios_are_parsed_as_printed(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        bool percent;
        bool ok;
        int64_t num;
        int64_t den;
    } rows[] = {
        {"7.71", true, true, 771, 10000},
        {"0.72", false, true, 18, 25},
        {"100", true, true, 1, 1},
        {"-2.5", true, true, -1, 40},
        {"0", true, true, 0, 1},
        {"0.00", false, true, 0, 1},
        {"9.690", true, true, 969, 10000},
        {"9223372036854775807", false, true, INT64_MAX, 1},
        {"", false, false, 0, 0},
        {".5", false, false, 0, 0},
        {"5.", false, false, 0, 0},
        {"1.2.3", false, false, 0, 0},
        {"1,5", false, false, 0, 0},
        {"7.71%", true, false, 0, 0},
        {"9223372036854775808", false, false, 0, 0},
        {"-", false, false, 0, 0},
        {"0.0000000000000000001", false, false, 0, 0},
        {"0.00000000000000000000000000000000000000000001", true, false, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio r = {0, 0};
        assert_int_equal(ratio_parse(str_of(rows[i].s), rows[i].percent, &r), rows[i].ok);
        assert_int_equal(r.num, rows[i].num);
        assert_int_equal(r.den, rows[i].den);
    }
}

static void ratios_compute_exactly(void **state)
{
    (void)state;
    struct ratio r;
    assert_true(ratio_add(ratio_of(1, 3), ratio_of(1, 6), &r));
    assert_int_equal(r.num, 1);
    assert_int_equal(r.den, 2);
    assert_true(ratio_sub(ratio_of(1, 3), ratio_of(1, 2), &r));
    assert_int_equal(r.num, -1);
    assert_int_equal(r.den, 6);
    assert_true(ratio_mul(ratio_of(-2, 3), ratio_of(3, -4), &r));
    assert_int_equal(r.num, 1);
    assert_int_equal(r.den, 2);
    assert_true(ratio_div(ratio_of(1, 2), ratio_of(-1, 4), &r));
    assert_int_equal(r.num, -2);
    assert_int_equal(r.den, 1);
    assert_false(ratio_div(ratio_of(1, 2), ratio_of(0, 1), &r));
    assert_false(ratio_mul(ratio_of(INT64_MAX, 1), ratio_of(2, 1), &r));
    assert_true(ratio_mul(ratio_of(INT64_MAX, 1), ratio_of(1, INT64_MAX), &r));
    assert_int_equal(r.num, 1);
    assert_int_equal(ratio_compare(ratio_of(1, 3),
                                   ratio_of(333333333333333333, 999999999999999999)),
                     0);
    assert_int_equal(ratio_compare(ratio_of(-1, 2), ratio_of(-1, 3)), -1);
    assert_int_equal(ratio_compare(ratio_of(INT64_MAX, 2), ratio_of(INT64_MAX, 3)), 1);
}

static void roundings_go_their_own_way(void **state)
{
    (void)state;
    static const struct {
        int64_t num, den, unit, floor, ceiling, half_up;
    } rows[] = {
        {5, 2, 1, 2, 3, 3},
        {-5, 2, 1, -3, -2, -3},
        {7, 3, 1, 2, 3, 2},
        {-7, 3, 1, -3, -2, -2},
        {-8, 3, 1, -3, -2, -3},
        {6, 1, 1, 6, 6, 6},
        {149, 1, 100, 100, 200, 100},
        {150, 1, 100, 100, 200, 200},
        {-150, 1, 100, -200, -100, -200},
        {99, 1, 100, 0, 100, 100},
        {49, 1, 100, 0, 100, 0},
        {0, 7, 1000, 0, 0, 0},
        {1225895, 10, 1, 122589, 122590, 122590},
        {9, 1, 10, 0, 10, 10},
        {-1, 3, 10, -10, 0, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ratio r = ratio_of(rows[i].num, rows[i].den);
        int64_t n = 0;
        assert_true(ratio_round(r, ROUND_FLOOR, rows[i].unit, &n));
        assert_int_equal(n, rows[i].floor);
        assert_true(ratio_round(r, ROUND_CEILING, rows[i].unit, &n));
        assert_int_equal(n, rows[i].ceiling);
        assert_true(ratio_round(r, ROUND_HALF_UP, rows[i].unit, &n));
        assert_int_equal(n, rows[i].half_up);
    }
    int64_t n = 1;
    assert_false(ratio_round(ratio_of(INT64_MAX, 1), ROUND_CEILING, 1000, &n));
    assert_int_equal(n, 1);
}

/* 0.0271 * 1,570,000 and the like go off by one yen in binary fractions (spec of the rules). */
static void products_do_not_drift(void **state)
{
    (void)state;
    int64_t n;
    assert_true(muldiv(1570000, 271, 10000, ROUND_FLOOR, &n));
    assert_int_equal(n, 42547);
    assert_true(muldiv(1590000, 771, 10000, ROUND_FLOOR, &n));
    assert_int_equal(n, 122589);
    assert_true(muldiv(INT64_MAX, INT64_MAX, INT64_MAX, ROUND_FLOOR, &n));
    assert_int_equal(n, INT64_MAX);
    assert_true(muldiv(INT64_MIN, 1, -2, ROUND_FLOOR, &n));
    assert_int_equal(n, INT64_C(4611686018427387904));
    assert_false(muldiv(INT64_MIN, 1, -1, ROUND_FLOOR, &n));
    assert_false(muldiv(INT64_MAX, 2, 1, ROUND_FLOOR, &n));
    assert_false(muldiv(1, 1, 0, ROUND_FLOOR, &n));
}

/* Against repeated subtraction, on small numbers of all signs. */
static void muldiv_agrees_with_the_definition(void **state)
{
    (void)state;
    for (int64_t a = -12; a <= 12; a++) {
        for (int64_t c = -7; c <= 7; c++) {
            if (c == 0)
                continue;
            int64_t floor = -200;
            int64_t sign = c < 0 ? -1 : 1;
            while ((floor + 1) * c * sign <= a * sign)
                floor++;
            bool exact = floor * c == a;
            int64_t n;
            assert_true(muldiv(a, 1, c, ROUND_FLOOR, &n));
            assert_int_equal(n, floor);
            assert_true(muldiv(a, 1, c, ROUND_CEILING, &n));
            assert_int_equal(n, exact ? floor : floor + 1);
            int64_t twice = (a - floor * c) * 2 * sign; /* against c * sign */
            bool tie = twice == c * sign;
            int64_t nearest = twice > c * sign || (tie && floor >= 0) ? floor + 1 : floor;
            assert_true(muldiv(a, 1, c, ROUND_HALF_UP, &n));
            assert_int_equal(n, nearest);
        }
    }
}

static const char *yen_text(struct text *t, int64_t v)
{
    text_clear(t);
    text_add_yen(t, YEN(v));
    return t->p;
}

static const char *percent_text(struct text *t, struct ratio r)
{
    text_clear(t);
    text_add_ratio_percent(t, r);
    return t->p;
}

static void amounts_and_rates_are_printed(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 100);
    assert_string_equal(yen_text(&t, 0), "0");
    assert_string_equal(yen_text(&t, 999), "999");
    assert_string_equal(yen_text(&t, 1000), "1,000");
    assert_string_equal(yen_text(&t, 1234567), "1,234,567");
    assert_string_equal(yen_text(&t, -1234), "-1,234");
    assert_string_equal(yen_text(&t, -999), "-999");
    assert_string_equal(yen_text(&t, INT64_MIN), "-9,223,372,036,854,775,808");
    assert_string_equal(percent_text(&t, ratio_of(771, 10000)), "7.71");
    assert_string_equal(percent_text(&t, ratio_of(1, 1)), "100");
    assert_string_equal(percent_text(&t, ratio_of(0, 1)), "0");
    assert_string_equal(percent_text(&t, ratio_of(-1, 40)), "-2.5");
    assert_string_equal(percent_text(&t, ratio_of(5, 100000)), "0.005");
    assert_string_equal(percent_text(&t, ratio_of(1, 3)), "100/3");
    text_release(&t);
}

static void printed_rates_are_read_back(void **state)
{
    (void)state;
    struct prng p;
    prng_seed(&p, 20260401);
    struct text t;
    text_init(&t, 100);
    for (int i = 0; i < 20000; i++) {
        struct ratio r = ratio_of((int64_t)prng_below(&p, 2000000) - 1000000, 1000000);
        struct ratio back = {0, 0};
        percent_text(&t, r);
        assert_true(ratio_parse(text_str(&t), true, &back));
        assert_int_equal(ratio_compare(r, back), 0);
    }
    text_release(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"yen stays within its limit", yen_stays_within_its_limit, NULL, NULL, NULL},
        {"ratios are parsed as the ordinance prints them", ratios_are_parsed_as_printed, NULL, NULL,
         NULL},
        {"ratios compute exactly", ratios_compute_exactly, NULL, NULL, NULL},
        {"floor, ceiling and half-up, either sign", roundings_go_their_own_way, NULL, NULL, NULL},
        {"products do not drift by a yen", products_do_not_drift, NULL, NULL, NULL},
        {"muldiv agrees with the definition", muldiv_agrees_with_the_definition, NULL, NULL, NULL},
        {"amounts and rates are printed", amounts_and_rates_are_printed, NULL, NULL, NULL},
        {"printed rates are read back", printed_rates_are_read_back, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
