/* The 44 digits of a payment slip: published vectors, fields, check digit, when none is printed. */
#include "paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct context cx;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

struct vector {
    struct str cell[12];
};

/* Calls f for every row of the published table. Returns the rows. */
static int each_vector(void (*f)(const struct vector *v))
{
    struct text t;
    text_init(&t, 1 << 20);
    assert_int_equal(file_read(&cx, ROOT "/test/data/vectors/cvs_gs1_128.tsv", 1 << 20, &t), OK);
    struct str rest = text_str(&t);
    (void)str_cut(&rest, '\n');
    int n = 0;
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        struct vector v = {0};
        for (int i = 0; i < 12 && line.n > 0; i++)
            v.cell[i] = str_cut(&line, '\t');
        f(&v);
        n++;
    }
    text_release(&t);
    return n;
}

static int valid;

static void check_vector(const struct vector *v)
{
    enum { FULL = 0, MAKER = 2, KEY = 3, REISSUE = 4, DUE = 5, STAMP = 6, AMOUNT = 7, LINE1 = 9,
           LINE2 = 10 };
    char line1[40];
    char line2[24];
    char full[45] = "";
    struct slip_code c;
    assert_int_equal(v->cell[FULL].n, 44);
    memcpy(full, v->cell[FULL].p, 44);
    slip_code_lines(full, line1, line2);
    assert_true(str_is(v->cell[LINE1], line1));
    assert_true(str_is(v->cell[LINE2], line2));
    bool good = slip_check_digit(full) == full[43];
    valid += good;
    error_clear(&cx);
    assert_int_equal(slip_code_parse(&cx, v->cell[FULL], &c), good ? OK : ERR_INVALID);
    if (!good) {
        assert_string_equal(cx.error.field, "check");
        full[43] = slip_check_digit(full);
        error_clear(&cx);
        assert_int_equal(slip_code_parse(&cx, str_of(full), &c), OK);
    }
    assert_true(str_is(v->cell[MAKER], c.maker));
    assert_true(str_is(v->cell[KEY], c.key));
    assert_int_equal(c.reissue, v->cell[REISSUE].p[0] - '0');
    assert_int_equal(c.stamp, v->cell[STAMP].p[0] == '1');
    int64_t amount;
    assert_true(str_to_int(v->cell[AMOUNT], &amount));
    assert_int_equal(c.amount.n, amount);
    assert_int_equal(ymd_is_none(c.due), str_is(v->cell[DUE], "999999"));
    char again[45];
    assert_int_equal(slip_code_digits(&cx, &c, again), OK);
    assert_string_equal(again, full);
}

static void every_published_string_is_split_and_checked(void **state)
{
    (void)state;
    valid = 0;
    assert_int_equal(each_vector(check_vector), 44);
    assert_int_equal(valid, 11); /* the 33 masked ones have a wrong check digit */
}

static void one_wrong_digit_is_found(void **state)
{
    (void)state;
    char digits[] = "91929023252070000010123499901099999900350000";
    struct slip_code c;
    for (int i = 2; i < 44; i++) {
        char was = digits[i];
        digits[i] = was == '9' ? '0' : (char)(was + 1);
        error_clear(&cx);
        assert_int_equal(slip_code_parse(&cx, str_of(digits), &c), ERR_INVALID);
        digits[i] = was;
    }
}

static void own_key_holds_year_instalment_and_notice(void **state)
{
    (void)state;
    char key[22];
    struct slip_key k = {12345, 1, 2026, 10, INT64_C(123456789), 0};
    assert_int_equal(slip_key_digits(&cx, &k, key), OK);
    assert_string_equal(key, "123451261001234567890");
    k.notice_no = INT64_C(10000000000);
    assert_int_equal(slip_key_digits(&cx, &k, key), ERR_INVALID);
    assert_string_equal(cx.error.field, "notice_no");
}

static void a_slip_with_due_day_and_amount(void **state)
{
    (void)state;
    char digits[45];
    struct slip_code c = {.maker = "912345", .key = "000000000000004520875", .reissue = 0,
                          .due = ymd_of(2004, 1, 31), .stamp = false, .amount = YEN(29500)};
    assert_int_equal(slip_code_digits(&cx, &c, digits), OK);
    assert_string_equal(digits, "91912345000000000000004520875004013100295004");
    c.amount = YEN(1000000);
    assert_int_equal(slip_code_digits(&cx, &c, digits), ERR_INVALID);
    error_clear(&cx);
    c.amount = YEN(-1);
    assert_int_equal(slip_code_digits(&cx, &c, digits), ERR_INVALID);
}

static void expect_refusal(int64_t amount, int due_day, bool late, bool withheld,
                           const char *expected)
{
    struct slip_terms t = {YEN(amount), ymd_of(2026, 6, due_day), ymd_of(2026, 6, 15), late,
                           withheld};
    const char *why = slip_refusal(&t);
    if (!expected)
        assert_null(why);
    else
        assert_string_equal(why, expected);
}

static void a_barcode_is_refused_with_its_reason(void **state)
{
    (void)state;
    expect_refusal(1, 30, false, false, NULL);
    expect_refusal(300000, 30, false, false, NULL);
    expect_refusal(300001, 30, false, false, "paper.slip.over");
    expect_refusal(0, 30, false, false, "paper.slip.zero");
    expect_refusal(-1, 30, false, false, "paper.slip.zero");
    expect_refusal(1000, 15, false, false, NULL);
    expect_refusal(1000, 14, false, false, "paper.slip.past_due");
    expect_refusal(1000, 30, true, false, "paper.slip.late_charge");
    expect_refusal(1000, 30, false, true, "paper.slip.withheld");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every published 44-digit string splits into its fields [NHI-ASM-027]",
         every_published_string_is_split_and_checked, setup, teardown, NULL},
        {"one wrong digit of a slip is found", one_wrong_digit_is_found, setup, teardown, NULL},
        {"our own key holds year, instalment and notice number",
         own_key_holds_year_instalment_and_notice, setup, teardown, NULL},
        {"a slip with due day and amount", a_slip_with_due_day_and_amount, setup, teardown, NULL},
        {"a barcode is refused with its reason [NHI-ASM-031]",
         a_barcode_is_refused_with_its_reason, setup, teardown, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("paper slip", tests, NULL, NULL);
}
