/* Reasons, the days they make, and the months that follow from them. */
#include "desk/eligibility/eligibility.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct ymd day_of(const char *text)
{
    struct ymd day = YMD_NONE;
    assert_true(text == NULL || ymd_parse(str_of(text), &day));
    return day;
}

static void expect_day(struct ymd day, const char *expected)
{
    char text[11];
    ymd_format(day, text);
    assert_string_equal(text, expected);
}

static void test_acquisition_days(void **state)
{
    (void)state;
    expect_day(acquisition_day(ACQUIRED_MOVE_IN, day_of("2026-04-10")), "2026-04-10");
    expect_day(acquisition_day(ACQUIRED_LEFT_EMPLOYER, day_of("2026-04-01")), "2026-04-01");
    expect_day(acquisition_day(ACQUIRED_BIRTH, day_of("2028-02-29")), "2028-02-29");
    expect_day(acquisition_day(ACQUIRED_ASSISTANCE_END, day_of("2026-05-31")), "2026-05-31");
    expect_day(acquisition_day(ACQUIRED_LEFT_LATE_STAGE, day_of("2026-05-31")), "2026-06-01");
}

static void test_loss_days(void **state)
{
    (void)state;
    expect_day(loss_day(LOST_EMPLOYER, day_of("2026-05-31"), false), "2026-06-01");
    expect_day(loss_day(LOST_DEATH, day_of("2026-05-31"), false), "2026-06-01");
    expect_day(loss_day(LOST_MOVE_OUT, day_of("2026-05-31"), false), "2026-06-01");
    expect_day(loss_day(LOST_MOVE_OUT, day_of("2026-05-31"), true), "2026-05-31");
    expect_day(loss_day(LOST_ASSISTANCE, day_of("2026-05-31"), false), "2026-05-31");
    expect_day(loss_day(LOST_SOCIETY, day_of("2026-05-31"), false), "2026-05-31");
    expect_day(loss_day(LOST_LATE_STAGE, birthday(day_of("1951-06-01"), 75), false), "2026-06-01");
}

/* From 2026-01-10 to a loss; which months of 2026 are charged, 1 to 12. */
static unsigned months_of(int reason, const char *cause)
{
    const struct ymd day = day_of(cause);
    const struct ymd lost = loss_day((enum lost_by)reason, day, false);
    const struct insured_period p = {.valid = {day_of("2026-01-10"), lost},
                                     .lost_by = reason,
                                     .lost_cause = day};
    unsigned months = 0;
    for (int m = 1; m <= 12; m++)
        months |= month_is_charged(&p, month_of(2026, m)) ? 1U << m : 0;
    return months;
}

static unsigned to_month(int last)
{
    unsigned months = 0;
    for (int m = 1; m <= last; m++)
        months |= 1U << m;
    return months;
}

/* rules_corrections E3: cover from 5/31 means loss on 6/1, and May is the other scheme's. */
static void test_last_day_of_month(void **state)
{
    (void)state;
    assert_int_equal(months_of(LOST_EMPLOYER, "2026-05-31"), to_month(4));
    assert_int_equal(months_of(LOST_EMPLOYER, "2026-06-01"), to_month(5));
    assert_int_equal(months_of(LOST_EMPLOYER, "2026-05-30"), to_month(4));
    assert_int_equal(months_of(LOST_DEATH, "2026-05-31"), to_month(5));
    assert_int_equal(months_of(LOST_DEATH, "2026-05-30"), to_month(4));
    assert_int_equal(months_of(LOST_MOVE_OUT, "2026-05-31"), to_month(5));
    assert_int_equal(months_of(LOST_ASSISTANCE, "2026-05-31"), to_month(4));
    assert_int_equal(months_of(LOST_ASSISTANCE, "2026-06-01"), to_month(5));
    assert_int_equal(months_of(LOST_LATE_STAGE, "2026-06-01"), to_month(5));
}

/* Every boundary of five years: the month of joining is charged, the month of leaving is not. */
static void test_month_boundaries(void **state)
{
    (void)state;
    for (struct ymd day = day_of("2024-01-01"); ymd_compare(day, day_of("2028-12-31")) <= 0;
         day = ymd_add(day, 1)) {
        const struct insured_period open = {.valid = {day, YMD_NONE}};
        const struct insured_period left = {.valid = {day_of("2020-01-01"), ymd_add(day, 1)},
                                            .lost_by = LOST_EMPLOYER,
                                            .lost_cause = day};
        const struct insured_period same = {.valid = {day, ymd_add(day, 1)},
                                            .lost_by = LOST_EMPLOYER,
                                            .lost_cause = day};
        const struct month m = ymd_month(day);
        assert_true(month_is_charged(&open, m));
        assert_false(month_is_charged(&open, month_add(m, -1)));
        assert_false(month_is_charged(&left, m));
        assert_true(month_is_charged(&left, month_add(m, -1)));
        assert_false(month_is_charged(&same, m)); /* join and leave in one month: nothing */
    }
}

static void test_problems(void **state)
{
    (void)state;
    const struct ymd today = day_of("2026-06-15");
    const struct span other = {day_of("2025-01-01"), day_of("2025-12-01")};
    struct period_claim c = {day_of("1980-05-05"), day_of("2026-01-01"), YMD_NONE, &other, 1};

    assert_null(period_problem(&c, today));
    c.acquired = day_of("2025-11-30");
    assert_string_equal(period_problem(&c, today), "eligibility.period.overlap");
    c.acquired = day_of("2025-12-01"); /* the day the other cover ended */
    assert_null(period_problem(&c, today));
    c.lost = day_of("2025-11-30");
    assert_string_equal(period_problem(&c, today), "eligibility.period.lost_before_acquired");
    c.lost = YMD_NONE;
    c.birth = day_of("2026-06-16");
    assert_string_equal(period_problem(&c, today), "eligibility.period.birth_in_future");
    c.birth = day_of("2026-02-01");
    assert_string_equal(period_problem(&c, today), "eligibility.period.before_birth");
    c.birth = day_of("1950-12-01");
    assert_string_equal(period_problem(&c, today), "eligibility.period.late_stage");
}

static void test_codes(void **state)
{
    (void)state;
    for (int reason = 0; reason < 100; reason++) {
        const struct str code = reason_code(reason);
        assert_int_equal(reason_is_known(reason), code.p != NULL);
        if (code.p)
            assert_int_equal(reason_of_code(code), reason);
    }
    assert_int_equal(reason_of_code(STR("99")), 0);
    assert_true(unemployment_code_counts(11) && unemployment_code_counts(34));
    assert_false(unemployment_code_counts(24) || unemployment_code_counts(40));
}

/* --- every reason, three days around the ends of months, years, leap Februaries and eras -------
 */

static const char *const boundaries[] = {"1989-01-08", "2019-05-01", "2024-02-29", "2024-03-01",
                                         "2026-03-01", "2026-04-01", "2026-06-01", "2026-07-01",
                                         "2027-01-01", "2028-02-29", "2028-03-01"};
enum { BOUNDARIES = sizeof(boundaries) / sizeof(boundaries[0]) };

/* How many days after its cause the cover begins or ends: 法7条, 8条1項 and 2項. */
static const struct day_rule {
    int reason;
    int days;
    bool by_cause; /* months are counted by the cause day (法6条1号から8号) */
} day_rules[] = {{ACQUIRED_MOVE_IN, 0, false},
                 {ACQUIRED_LEFT_EMPLOYER, 0, false},
                 {ACQUIRED_LEFT_SOCIETY, 0, false},
                 {ACQUIRED_BIRTH, 0, false},
                 {ACQUIRED_ASSISTANCE_END, 0, false},
                 {ACQUIRED_LEFT_LATE_STAGE, 1, false},
                 {ACQUIRED_EX_OFFICIO, 0, false},
                 {ACQUIRED_OTHER, 0, false},
                 {ACQUIRED_STAY_STATUS, 0, false},
                 {LOST_MOVE_OUT, 1, false},
                 {LOST_EMPLOYER, 1, true},
                 {LOST_SOCIETY, 0, false},
                 {LOST_DEATH, 1, false},
                 {LOST_ASSISTANCE, 0, false},
                 {LOST_LATE_STAGE, 0, true},
                 {LOST_EX_OFFICIO, 1, false},
                 {LOST_OTHER, 1, false},
                 {LOST_STAY_STATUS, 1, false}};

/* The month of the end is not charged, the one before it is; which month that is depends. */
static void check_months(const struct day_rule *r, struct ymd cause, struct ymd lost)
{
    const struct insured_period p = {.valid = {ymd_add(cause, -200), lost},
                                     .lost_by = r->reason,
                                     .lost_cause = cause};
    const struct month end = ymd_month(r->by_cause ? cause : lost);

    assert_false(month_is_charged(&p, end));
    assert_false(month_is_charged(&p, month_add(end, 1)));
    assert_true(month_is_charged(&p, month_add(end, -1)));
}

static void check_rule(const struct day_rule *r, struct ymd cause)
{
    const bool is_loss = r->reason >= LOST_MOVE_OUT;
    const struct ymd day = is_loss ? loss_day((enum lost_by)r->reason, cause, false)
                                   : acquisition_day((enum acquired_by)r->reason, cause);

    assert_int_equal(day.day - cause.day, r->days);
    assert_true(reason_is_known(r->reason));
    assert_int_equal(reason_of_code(reason_code(r->reason)), r->reason);
    if (is_loss)
        check_months(r, cause, day);
    if (r->reason == LOST_MOVE_OUT) {
        assert_int_equal(loss_day(LOST_MOVE_OUT, cause, true).day, cause.day);
        check_months(r, cause, cause);
    }
}

static void test_every_reason(void **state)
{
    (void)state;
    for (size_t b = 0; b < BOUNDARIES; b++) {
        for (int days = -3; days <= 3; days++) {
            const struct ymd cause = ymd_add(day_of(boundaries[b]), days);
            for (size_t i = 0; i < sizeof(day_rules) / sizeof(day_rules[0]); i++)
                check_rule(&day_rules[i], cause);
        }
    }
}

/* Which of two neighbouring months an end around 31 May and 1 June leaves free, by hand. */
static void test_month_of_the_end(void **state)
{
    (void)state;
    static const struct {
        int reason;
        const char *cause;
        bool may, june; /* charged */
    } rows[] = {
        {LOST_EMPLOYER, "2026-05-30", false, false},
        {LOST_EMPLOYER, "2026-05-31", false, false},
        {LOST_EMPLOYER, "2026-06-01", true, false},
        {LOST_DEATH, "2026-05-30", false, false},
        {LOST_DEATH, "2026-05-31", true, false},
        {LOST_MOVE_OUT, "2026-05-30", false, false},
        {LOST_MOVE_OUT, "2026-05-31", true, false},
        {LOST_ASSISTANCE, "2026-05-31", false, false},
        {LOST_ASSISTANCE, "2026-06-01", true, false},
        {LOST_SOCIETY, "2026-05-31", false, false},
        {LOST_LATE_STAGE, "2026-05-31", false, false},
        {LOST_LATE_STAGE, "2026-06-01", true, false},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const struct ymd cause = day_of(rows[i].cause);
        const struct insured_period p = {
            .valid = {day_of("2026-01-10"), loss_day((enum lost_by)rows[i].reason, cause, false)},
            .lost_by = rows[i].reason,
            .lost_cause = cause};
        assert_int_equal(month_is_charged(&p, month_of(2026, 5)), rows[i].may);
        assert_int_equal(month_is_charged(&p, month_of(2026, 6)), rows[i].june);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"the day eligibility begins follows its reason [NHI-ELG-005]", test_acquisition_days, NULL,
         NULL, NULL},
        {"the day eligibility is lost follows its reason [NHI-ELG-006 NHI-ELG-051]", test_loss_days,
         NULL, NULL, NULL},
        {"cover that begins on the last day of a month is not charged twice [NHI-ELG-006]",
         test_last_day_of_month, NULL, NULL, NULL},
        {"month boundaries, every day of five years [NHI-ELG-002]", test_month_boundaries, NULL,
         NULL, NULL},
        {"every reason, three days around ends of months, years and eras [NHI-ELG-005 NHI-ELG-006]",
         test_every_reason, NULL, NULL, NULL},
        {"which month an end leaves free, by reason [NHI-ELG-006]", test_month_of_the_end, NULL,
         NULL, NULL},
        {"impossible periods are refused by name [NHI-CMN-006 NHI-CMN-012]", test_problems, NULL,
         NULL, NULL},
        {"codes of reasons, and leaving reasons that count [NHI-ELG-039]", test_codes, NULL, NULL,
         NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
