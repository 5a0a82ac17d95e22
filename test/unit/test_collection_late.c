/*
 * Late charges and interest on refunds: published examples to the yen, and every threshold one day
 * and one yen to either side, with the rules of real municipalities.
 */
#include "levy_town.h"

#include "desk/collection/late.h"

static struct arena arena;
static struct context cx;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static struct ymd day(const char *s)
{
    struct ymd d = YMD_NONE;
    assert_true(ymd_parse(str_of(s), &d));
    return d;
}

/* The terms of a municipality, with a setting or two changed. */
static struct late_terms terms(const char *municipality, const char *kind, int year,
                               const char *setting)
{
    static struct late_terms t;
    struct ruleset *r = NULL;
    struct rule_setting s;
    const struct str name = municipality ? str_of(municipality) : STR_NONE;
    assert_int_equal(ruleset_load_directory(&cx, ROOT "/rules", name, &r), OK);
    if (setting) {
        assert_int_equal(rule_setting_parse(&cx, str_of(setting), &s), OK);
        assert_int_equal(ruleset_override(&cx, r, &s, 1, &r), OK);
    }
    if (late_terms_read(&cx, r, str_of(kind), year, &t) < 0)
        print_error("%s %s\n", cx.error.message, cx.error.facts);
    assert_int_equal(cx.error.code, OK);
    return t;
}

static struct late_case case_of(const char *due, int64_t yen, const char *until)
{
    return (struct late_case){.kind = STR("nhi_fee"),
                              .levy_year = 2026,
                              .due = day(due),
                              .amount = YEN(yen),
                              .until = day(until)};
}

static struct late_result walk(const struct late_terms *t, const struct late_case *c)
{
    struct late_result r;
    assert_int_equal(late_walk(&cx, t, c, &r), OK);
    return r;
}

static int64_t charge(const struct late_terms *t, const char *due, int64_t yen, const char *until)
{
    const struct late_case c = case_of(due, yen, until);
    return walk(t, &c).charge.n;
}

/* --- published -------------------------------------------------------------------------------- */

static void shinagawa(void **state)
{
    (void)state;
    const struct late_terms t = terms("新宿区", "nhi_fee", 2020, NULL);
    const struct late_case c = case_of("2021-04-30", 100000, "2021-10-31");
    const struct late_result r = walk(&t, &c);
    assert_int_equal(r.rounding, LATE_SUM);
    assert_int_equal(r.n, 2);
    assert_int_equal(r.rows[0].days, 92);
    assert_int_equal(r.rows[1].days, 92);
    assert_int_equal(r.sum.n, 2848);
    assert_int_equal(r.charge.n, 2800);
}

static void fukuoka(void **state)
{
    (void)state;
    const struct late_terms band =
        terms(NULL, "nhi_tax", 2025, "延滞金の途中の端数=割合の帯ごとに切捨");
    const struct late_terms each = terms(NULL, "nhi_tax", 2025, NULL);
    struct late_case c = case_of("2025-09-01", 152500, "2026-02-05");
    c.kind = STR("nhi_tax");
    struct late_result r = walk(&band, &c);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.rows[0].days, 30);
    assert_int_equal(r.rows[0].base.n, 152000);
    assert_int_equal(r.rows[1].days, 91);
    assert_int_equal(r.rows[2].days, 36);
    assert_int_equal(r.band[LATE_LOW].n, 299);
    assert_int_equal(r.band[LATE_HIGH].n, 4661);
    assert_int_equal(r.sum.n, 4960); /* 299 + 4,661 */
    assert_int_equal(r.charge.n, 4900);
    r = walk(&each, &c);
    assert_int_equal(r.rows[1].yen.n, 3296);
    assert_int_equal(r.rows[2].yen.n, 1364);
    assert_int_equal(r.sum.n, 4959);
    assert_int_equal(r.charge.n, 4900);
}

/* Rates by calendar year as the cities print them: 365 days of 1,000,000 yen in the high band. */
static void rates(void **state)
{
    static const struct {
        int first, last, low, high, refund; /* per mille */
    } known[] = {{2000, 2001, 45, 146, 45}, {2002, 2006, 41, 146, 41}, {2007, 2007, 44, 146, 44},
                 {2008, 2008, 47, 146, 47}, {2009, 2009, 45, 146, 45}, {2010, 2013, 43, 146, 43},
                 {2014, 2014, 29, 92, 19},  {2015, 2016, 28, 91, 18},  {2017, 2017, 27, 90, 17},
                 {2018, 2020, 26, 89, 16},  {2021, 2021, 25, 88, 10},  {2022, 2025, 24, 87, 9},
                 {2026, 2026, 28, 91, 13}};
    (void)state;
    const struct late_terms t = terms(NULL, "nhi_fee", 2026, NULL);
    int years = 0;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        for (int y = known[i].first; y <= known[i].last; y++, years++) {
            const int at = y - LATE_YEAR_FIRST;
            assert_int_equal(ratio_compare(t.rate[LATE_LOW][at], ratio_of(known[i].low, 1000)), 0);
            assert_int_equal(ratio_compare(t.rate[LATE_HIGH][at], ratio_of(known[i].high, 1000)),
                             0);
            assert_int_equal(ratio_compare(t.refund_rate[at], ratio_of(known[i].refund, 1000)), 0);
        }
    }
    assert_int_equal(years, 27);
    assert_int_equal(t.rate[LATE_LOW][years].den, 0); /* 2027 is not announced */
    const struct late_case c = case_of("2026-06-30", 100000, "2027-01-01");
    struct late_result r;
    assert_int_equal(late_walk(&cx, &t, &c, &r), ERR_NOT_FOUND);
    assert_string_equal(cx.error.message, "collection.late.no_rate");
    error_clear(&cx);
}

/* --- thresholds ---------------------------------------------------------------------------------
 */

static void base_and_result(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2026, NULL);
    /* base: 1,999 nothing; 2,000 to 2,999 the same; a year and a half of it is still under 1,000 */
    struct late_case c = case_of("2014-06-30", 1999, "2026-06-30");
    c.levy_year = 2014;
    assert_int_equal(walk(&t, &c).outcome, LATE_SMALL_BASE);
    c.amount = YEN(2000);
    const int64_t least = walk(&t, &c).sum.n;
    assert_true(least > 0);
    c.amount = YEN(2999);
    assert_int_equal(walk(&t, &c).sum.n, least);
    c.amount = YEN(3000);
    assert_true(walk(&t, &c).sum.n > least);
    /* result: 999 is nothing, 1,000 is asked for; 100,000 yen, due 2026-06-30: 238 to 7/31, then
       24.93 a day */
    int64_t before = 0;
    for (int i = 1; i < 90; i++) {
        c = case_of("2026-06-30", 100000, "2026-06-30");
        c.until = ymd_add(c.due, i);
        const struct late_result r = walk(&t, &c);
        assert_int_equal(r.charge.n, r.sum.n < 1000 ? 0 : r.sum.n / 100 * 100);
        assert_int_equal(r.outcome, r.sum.n < 1000 ? LATE_SMALL : LATE_CHARGED);
        assert_true(r.sum.n > before);
        before = r.sum.n;
    }
}

static void first_and_last_days(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2026, NULL);
    struct late_case c = case_of("2026-06-30", 1000000, "2026-06-29");
    assert_int_equal(walk(&t, &c).outcome, LATE_IN_TIME);
    c.until = day("2026-06-30");
    assert_int_equal(walk(&t, &c).outcome, LATE_IN_TIME);
    c.until = day("2026-07-01");
    assert_int_equal(walk(&t, &c).rows[0].days, 1);
    assert_int_equal(walk(&t, &c).sum.n, 76); /* 1,000,000 * 2.8 % / 365 = 76.7 */
    /* the low rate lasts until one month has elapsed: 31 July; the next day is dear */
    c.until = day("2026-07-31");
    assert_int_equal(walk(&t, &c).n, 1);
    assert_int_equal(walk(&t, &c).rows[0].days, 31);
    c.until = day("2026-08-01");
    assert_int_equal(walk(&t, &c).n, 2);
    assert_int_equal(walk(&t, &c).rows[1].days, 1);
    assert_int_equal(walk(&t, &c).rows[1].yen.n, 249); /* 9.1 % */
    /* the year's end cuts; 1 January has its own rate */
    c = case_of("2025-06-30", 1000000, "2025-12-31");
    assert_int_equal(walk(&t, &c).n, 2);
    c.until = day("2026-01-01");
    const struct late_result r = walk(&t, &c);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.rows[2].days, 1);
    assert_int_equal(r.rows[2].yen.n, 249);
    assert_int_equal(r.rows[1].yen.n, 1000000LL * 87 * 153 / 365000);
}

/* 365 also in a leap year: 366 days of 2024 cost more than a year's rate. */
static void leap_year(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2023, NULL);
    struct late_case c = case_of("2023-10-31", 1000000, "2024-12-31");
    const struct late_result r = walk(&t, &c);
    assert_int_equal(r.rows[r.n - 1].days, 366);
    assert_int_equal(r.rows[r.n - 1].yen.n, 1000000LL * 87 * 366 / 365000);
    assert_int_equal(r.rows[r.n - 1].yen.n, 87238);
}

static void months(void **state)
{
    static const struct {
        const char *first;
        int months;
        const char *last;
    } rows[] = {{"2021-05-01", 3, "2021-07-31"}, {"2025-09-02", 1, "2025-10-01"},
                {"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"},
                {"2026-07-01", 1, "2026-07-31"}, {"2026-12-01", 1, "2026-12-31"},
                {"2025-11-30", 3, "2026-02-28"}, {"2026-03-31", 1, "2026-04-30"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(months_elapsed(day(rows[i].first), rows[i].months).day,
                         day(rows[i].last).day);
}

/* Three months of the low rate in the special wards; a tax there has one. */
static void three_months(void **state)
{
    (void)state;
    const struct late_terms fee = terms("新宿区", "nhi_fee", 2026, NULL);
    const struct late_terms tax = terms("新宿区", "nhi_tax", 2026, NULL);
    struct late_case c = case_of("2026-06-30", 500000, "2026-10-31");
    assert_int_equal(walk(&fee, &c).low_until.day, day("2026-09-30").day);
    assert_int_equal(walk(&tax, &c).low_until.day, day("2026-07-31").day);
    assert_true(walk(&fee, &c).charge.n < walk(&tax, &c).charge.n);
    /* A city whose ordinance asks for none. */
    const struct late_terms none =
        terms("保険市", "nhi_fee", 2026, "延滞金を徴収する(国保料)=いいえ");
    assert_int_equal(walk(&none, &c).outcome, LATE_NOT_LEVIED);
    assert_int_equal(walk(&none, &c).charge.n, 0);
}

/* --- part payments, reliefs
 * ------------------------------------------------------------------------ */

static void part_payments(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2026, NULL);
    struct late_case c = case_of("2026-06-30", 200000, "2026-10-31");
    const struct late_payment paid[] = {{day("2026-08-31"), YEN(120500)},
                                        {day("2026-11-15"), YEN(79500)}};
    c.payments = paid;
    c.n_payments = 2;
    const struct late_result r = walk(&t, &c);
    assert_int_equal(r.n, 3);
    assert_int_equal(r.rows[1].to.day,
                     day("2026-08-31").day); /* the day itself on the old balance */
    assert_int_equal(r.rows[1].base.n, 200000);
    assert_int_equal(r.rows[2].balance.n, 79500);
    assert_int_equal(r.rows[2].base.n, 79000);
    assert_int_equal(r.rows[2].yen.n, 79000LL * 91 * 61 / 365000);
    /* Paid in full: nothing runs on. */
    const struct late_payment full[] = {{day("2026-08-31"), YEN(200000)}};
    c.payments = full;
    c.n_payments = 1;
    const int64_t to_august = charge(&t, "2026-06-30", 200000, "2026-08-31");
    assert_int_equal(walk(&t, &c).charge.n, to_august);
    /* What is left under 2,000 yen bears nothing. */
    const struct late_payment most[] = {{day("2026-08-31"), YEN(198001)}};
    c.payments = most;
    assert_int_equal(walk(&t, &c).charge.n, to_august);
    /* Paid before it was due: only the rest counts. */
    const struct late_payment early[] = {{day("2026-06-30"), YEN(100000)}};
    c.payments = early;
    assert_int_equal(walk(&t, &c).charge.n, charge(&t, "2026-06-30", 100000, "2026-10-31"));
}

static void reliefs(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2026, NULL);
    struct late_case c = case_of("2026-03-31", 365000, "2026-12-31");
    const struct late_relief deferred[] = {{day("2026-06-01"), day("2026-09-01"), RELIEF_REDUCED}};
    const int64_t full = walk(&t, &c).sum.n;
    c.reliefs = deferred;
    c.n_reliefs = 1;
    struct late_result r = walk(&t, &c);
    /* 92 days at 1.3 % instead of 9.1 % of 365,000: 10 yen a day per 1 % */
    assert_int_equal(full - r.sum.n, 92 * (91 - 13));
    assert_int_equal(r.rows[2].band, LATE_RELIEVED);
    assert_int_equal(r.rows[2].days, 92);
    const struct late_relief waived[] = {{day("2026-04-01"), YMD_NONE, RELIEF_WAIVED}};
    c.reliefs = waived;
    r = walk(&t, &c);
    assert_int_equal(r.charge.n, 0);
    assert_int_equal(r.outcome, LATE_WAIVED);
}

/* --- refunds
 * ------------------------------------------------------------------------------------------ */

static struct refund_result refund(const struct late_terms *t, const struct refund_case *c)
{
    struct refund_result r;
    assert_int_equal(refund_walk(&cx, t, c, &r), OK);
    return r;
}

/* Four cases of the corrected rule: never the month after the decision for a fee. */
static void refund_starts(void **state)
{
    (void)state;
    const struct late_terms fee = terms("保険市", "nhi_fee", 2026, NULL);
    const struct late_terms tax = terms("保険市", "nhi_tax", 2026, NULL);
    struct refund_case c = {.kind = STR("nhi_fee"),
                            .levy_year = 2026,
                            .cause = REFUND_REDUCED,
                            .amount = YEN(365000),
                            .paid = day("2026-04-10"),
                            .told = day("2026-09-20"),
                            .until = day("2026-10-31")};
    assert_int_equal(refund(&fee, &c).start.day, day("2026-04-11").day);
    c.cause = REFUND_INCOME_TAX; /* of a fee: a reduction like any other */
    assert_int_equal(refund(&fee, &c).start.day, day("2026-04-11").day);
    c.cause = REFUND_ERRONEOUS;
    assert_int_equal(refund(&fee, &c).start.day, day("2026-05-11").day);
    c.kind = STR("nhi_tax");
    assert_int_equal(refund(&tax, &c).start.day, day("2026-05-11").day);
    c.cause = REFUND_REDUCED;
    assert_int_equal(refund(&tax, &c).start.day, day("2026-04-11").day);
    c.cause = REFUND_INCOME_TAX;
    assert_int_equal(refund(&tax, &c).start.day, day("2026-10-21").day);
    c.told = YMD_NONE;
    struct refund_result r;
    assert_int_equal(refund_walk(&cx, &tax, &c, &r), ERR_INVALID);
    error_clear(&cx);
}

static void refund_amounts(void **state)
{
    (void)state;
    const struct late_terms t = terms("保険市", "nhi_fee", 2026, NULL);
    struct refund_case c = {.kind = STR("nhi_fee"),
                            .levy_year = 2026,
                            .cause = REFUND_REDUCED,
                            .amount = YEN(365999),
                            .paid = day("2025-10-31"),
                            .told = YMD_NONE,
                            .until = day("2026-03-31")};
    const struct refund_result r = refund(&t, &c);
    assert_int_equal(r.n, 2); /* 61 days at 0.9 %, 90 at 1.3 % */
    assert_int_equal(r.rows[0].yen.n, 61 * 9);
    assert_int_equal(r.rows[1].yen.n, 90 * 13);
    assert_int_equal(r.interest.n, 1700);
    c.until = day("2026-02-03"); /* 549 + 34 * 13 = 991 */
    assert_int_equal(refund(&t, &c).sum.n, 991);
    assert_int_equal(refund(&t, &c).interest.n, 0);
    c.until = day("2026-02-04");
    assert_int_equal(refund(&t, &c).sum.n, 1004);
    assert_int_equal(refund(&t, &c).interest.n, 1000);
    c.until = day("2025-10-31");
    assert_int_equal(refund(&t, &c).n, 0);
    c.until = day("2026-03-31");
    c.amount = YEN(1999);
    assert_int_equal(refund(&t, &c).outcome, LATE_SMALL_BASE);
    c.amount = YEN(2000);
    assert_int_equal(refund(&t, &c).outcome, LATE_SMALL);
}

#define LATE(name, function)                                                                       \
    {                                                                                              \
        name, function, set_up, tear_down, NULL                                                    \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        LATE("a published example of 品川区: three months, summed, then floored [NHI-COL-017]",
             shinagawa),
        LATE("a published example of 福岡市, floored by band and by segment [NHI-COL-017]",
             fukuoka),
        LATE("rates of 2000 to 2026; a year not announced is refused [NHI-COL-017]", rates),
        LATE("bases under 2,000 and results under 1,000 yen [NHI-COL-017]", base_and_result),
        LATE("one day around the due date, the end of the low rate and of the year [NHI-COL-017]",
             first_and_last_days),
        LATE("365 days also in a leap year [NHI-COL-017]", leap_year),
        LATE("the day a month has elapsed [NHI-COL-017]", months),
        LATE("the length of the low rate is the ordinance's [NHI-COL-017]", three_months),
        LATE("part payments: the rest bears on [NHI-COL-017]", part_payments),
        LATE("deferral lowers the rate, a waiver takes it off [NHI-ARR-004]", reliefs),
        LATE("interest on refunds begins as the law says: four cases [NHI-COL-009]", refund_starts),
        LATE("interest on refunds to the yen [NHI-COL-009]", refund_amounts),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
