/*
 * date: table tests of three days on each side of every boundary, every year 2000 to 2060, against
 * counting by hand (spec: museum, class "year boundary, era, school year").
 */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static bool leap(int y)
{
    if (y % 400 == 0)
        return true;
    return y % 100 != 0 && y % 4 == 0;
}

/* Steps one day on, the slow way. */
static void step(int *y, int *m, int *d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int last = *m == 2 && leap(*y) ? 29 : days[*m - 1];
    if (++*d <= last)
        return;
    *d = 1;
    if (++*m <= 12)
        return;
    *m = 1;
    ++*y;
}

static void every_day_from_1868_to_2200(void **state)
{
    (void)state;
    int y = 1868;
    int m = 1;
    int d = 1;
    int32_t n = ymd_of(1868, 1, 1).day;
    int weekday = 3; /* 1868-01-01 was a Wednesday */
    assert_int_equal(ymd_of(1970, 1, 1).day, 0);
    for (; y <= 2200; step(&y, &m, &d), n++, weekday = (weekday + 1) % 7) {
        struct ymd day = ymd_of(y, m, d);
        int y2;
        int m2;
        int d2;
        ymd_split(day, &y2, &m2, &d2);
        if (day.day != n || y2 != y || m2 != m || d2 != d || ymd_weekday(day) != weekday)
            fail_msg("%04d-%02d-%02d", y, m, d);
        char s[11];
        char expected[32];
        struct ymd back;
        ymd_format(day, s);
        snprintf(expected, sizeof expected, "%04d-%02d-%02d", y, m, d);
        assert_string_equal(s, expected);
        assert_true(ymd_parse(str_of(s), &back));
        assert_int_equal(back.day, n);
        int fiscal = m >= 4 ? y : y - 1;
        assert_int_equal(ymd_fiscal_year(day), fiscal);
        assert_int_equal(month_of_fiscal_year(ymd_month(day)), m >= 4 ? m - 4 : m + 8);
        struct month month = ymd_month(day);
        assert_int_equal(fiscal_month(fiscal, month_of_fiscal_year(month)).n, month.n);
        assert_int_equal(month_first(month).day, n - d + 1);
        assert_true(month_last(month).day >= n);
        assert_int_equal(month_last(month).day + 1, month_first(month_add(month, 1)).day);
    }
}

static void what_is_no_day_is_none(void **state)
{
    (void)state;
    static const int bad[][3] = {
        {2023, 2, 29}, {1900, 2, 29}, {2100, 2, 29}, {2024, 2, 30}, {2024, 4, 31}, {2024, 0, 1},
        {2024, 13, 1}, {2024, 1, 0},  {2024, 1, 32}, {0, 1, 1},     {-1, 1, 1},    {10000, 1, 1},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_true(ymd_is_none(ymd_of(bad[i][0], bad[i][1], bad[i][2])));
    assert_false(ymd_is_none(ymd_of(2000, 2, 29)));
    assert_true(ymd_is_none(ymd_add(ymd_of(9999, 12, 31), 1)));
    assert_true(ymd_is_none(ymd_add(ymd_of(1, 1, 1), -1)));
    assert_true(ymd_is_none(ymd_add(ymd_of(2026, 1, 1), INT32_MAX)));
    assert_true(ymd_is_none(ymd_add(YMD_NONE, 1)));
    assert_int_equal(month_add(MONTH_NONE, 1).n, MONTH_NONE.n);
    assert_true(ymd_is_none(month_last(MONTH_NONE)));
    assert_int_equal(ymd_month(YMD_NONE).n, MONTH_NONE.n);
    static const char *const text[] = {
        "",         "2026",       "2026-4-1",         "2026-04-1",  "2026/04/01",
        "20260431", "2026-02-29", "2026-04-011",      "2026-0401",  "202604-01",
        "abcdefgh", " 20260401",  "２０２６０４０１", "2026-04_01",
    };
    struct ymd out = ymd_of(2026, 1, 1);
    for (size_t i = 0; i < sizeof text / sizeof text[0]; i++)
        assert_false(ymd_parse(str_of(text[i]), &out));
    assert_int_equal(out.day, ymd_of(2026, 1, 1).day);
}

/* Years between by comparing month and day as a person would; 2/29 counts as 3/1 in common years.
 */
static int age_by_hand(int by, int bm, int bd, int y, int m, int d)
{
    if (bm == 2 && bd == 29 && !leap(y)) {
        bm = 3;
        bd = 1;
    }
    bool had_it = m > bm || (m == bm && d >= bd);
    return y - by - (had_it ? 0 : 1);
}

static void ages_around_every_birthday(void **state)
{
    (void)state;
    static const int births[][3] = {
        {1925, 12, 31}, {1950, 1, 1},  {1951, 4, 1},  {1951, 4, 2},  {1948, 2, 29}, {1952, 2, 28},
        {1953, 3, 1},   {1961, 3, 31}, {1986, 7, 15}, {1996, 2, 29}, {2000, 4, 1},  {2000, 4, 2},
    };
    for (size_t i = 0; i < sizeof births / sizeof births[0]; i++) {
        const int *b = births[i];
        struct ymd birth = ymd_of(b[0], b[1], b[2]);
        for (int year = 2001; year <= 2060; year++) {
            int age = year - b[0];
            struct ymd day = birthday(birth, age);
            assert_int_equal(age_reached(birth, age).day, day.day - 1);
            for (int off = -3; off <= 3; off++) {
                int y;
                int m;
                int d;
                struct ymd on = ymd_add(day, off);
                ymd_split(on, &y, &m, &d);
                assert_int_equal(age_on(birth, on), age_by_hand(b[0], b[1], b[2], y, m, d));
                assert_int_equal(age_on(birth, on), off < 0 ? age - 1 : age);
            }
        }
    }
}

static void leap_day_births(void **state)
{
    (void)state;
    struct ymd birth = ymd_of(1952, 2, 29);
    assert_int_equal(birthday(birth, 75).day, ymd_of(2027, 3, 1).day);
    assert_int_equal(age_reached(birth, 75).day, ymd_of(2027, 2, 28).day);
    assert_int_equal(birthday(birth, 76).day, ymd_of(2028, 2, 29).day);
    assert_int_equal(age_reached(birth, 76).day, ymd_of(2028, 2, 28).day);
    /* born on 3/1: the age is reached on the last day of February, whichever that is */
    assert_int_equal(age_reached(ymd_of(1963, 3, 1), 65).day, ymd_of(2028, 2, 29).day);
    assert_int_equal(age_reached(ymd_of(1963, 3, 1), 64).day, ymd_of(2027, 2, 28).day);
    assert_int_equal(age_on(birth, ymd_of(1952, 2, 29)), 0);
    assert_int_equal(age_on(birth, ymd_of(1952, 2, 28)), -1);
}

/* Born on 4/1 one belongs to the earlier school year, born on 4/2 to the later: each year anew
 * (Sakai 2023 kept the boundary of a test run for a whole school year). */
static void school_years_turn_between_april_1_and_2(void **state)
{
    (void)state;
    static const int ages[] = {6, 15, 18, 22};
    for (int year = 2000; year <= 2060; year++) {
        for (size_t a = 0; a < sizeof ages / sizeof ages[0]; a++) {
            for (int off = -3; off <= 3; off++) {
                struct ymd birth = ymd_add(ymd_of(year - ages[a], 4, 1), off);
                int end = off <= 0 ? year : year + 1;
                assert_int_equal(school_year_end(birth, ages[a]).day, ymd_of(end, 3, 31).day);
            }
        }
    }
    assert_int_equal(school_year_end(ymd_of(2020, 2, 29), 6).day, ymd_of(2026, 3, 31).day);
    assert_true(ymd_is_none(school_year_end(YMD_NONE, 6)));
}

static void fiscal_years_turn_on_april_1(void **state)
{
    (void)state;
    for (int year = 2000; year <= 2060; year++) {
        for (int off = -3; off <= 3; off++) {
            struct ymd day = ymd_add(ymd_of(year, 4, 1), off);
            assert_int_equal(ymd_fiscal_year(day), off < 0 ? year - 1 : year);
        }
        assert_int_equal(fiscal_month(year, 0).n, month_of(year, 4).n);
        assert_int_equal(fiscal_month(year, 11).n, month_of(year + 1, 3).n);
        assert_int_equal(month_last(fiscal_month(year, 10)).day - ymd_of(year + 1, 2, 1).day + 1,
                         leap(year + 1) ? 29 : 28);
    }
}

static void known_holidays(void **state)
{
    (void)state;
    static const int holidays[][3] = {
        {2026, 1, 1},  {2026, 5, 6},  {2026, 9, 21},  {2026, 9, 22}, {2026, 9, 23}, {2019, 4, 30},
        {2019, 5, 1},  {2019, 5, 2},  {2019, 10, 22}, {2020, 2, 24}, {2020, 7, 23}, {2020, 7, 24},
        {2020, 8, 10}, {2021, 7, 22}, {2021, 8, 9},   {2027, 3, 22}, {2025, 2, 24},
    };
    static const int open[][3] = {
        {2026, 5, 7},  {2026, 9, 24},  {2019, 4, 26}, {2019, 12, 23}, {2020, 10, 12},
        {2021, 7, 19}, {2026, 12, 28}, {2027, 1, 4},  {2026, 6, 30},
    };
    for (size_t i = 0; i < sizeof holidays / sizeof holidays[0]; i++) {
        struct ymd d = ymd_of(holidays[i][0], holidays[i][1], holidays[i][2]);
        assert_true(ymd_is_holiday(d));
        assert_true(ymd_is_closed(d));
    }
    for (size_t i = 0; i < sizeof open / sizeof open[0]; i++) {
        struct ymd d = ymd_of(open[i][0], open[i][1], open[i][2]);
        assert_false(ymd_is_holiday(d));
        assert_false(ymd_is_closed(d));
        assert_int_equal(ymd_next_open(d).day, d.day);
    }
    assert_true(ymd_compare(holidays_known_until(), ymd_of(2030, 12, 31)) >= 0);
}

static void offices_close_at_the_turn_of_the_year(void **state)
{
    (void)state;
    for (int year = 2000; year <= 2049; year++) {
        for (int d = 29; d <= 31; d++)
            assert_true(ymd_is_closed(ymd_of(year, 12, d)));
        for (int d = 1; d <= 3; d++)
            assert_true(ymd_is_closed(ymd_of(year, 1, d)));
        struct ymd open = ymd_next_open(ymd_of(year, 12, 31));
        assert_true(ymd_compare(open, ymd_of(year + 1, 1, 4)) >= 0);
        assert_true(ymd_compare(open, ymd_of(year + 1, 1, 6)) <= 0);
    }
}

static void due_days_move_to_the_next_open_day(void **state)
{
    (void)state;
    static const int rows[][6] = {
        {2026, 10, 31, 2026, 11, 2}, {2026, 12, 31, 2027, 1, 4},   {2027, 1, 31, 2027, 2, 1},
        {2026, 5, 3, 2026, 5, 7},    {2027, 2, 28, 2027, 3, 1},    {2026, 8, 31, 2026, 8, 31},
        {2022, 12, 31, 2023, 1, 4},  {2026, 12, 25, 2026, 12, 25},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const int *r = rows[i];
        assert_int_equal(ymd_next_open(ymd_of(r[0], r[1], r[2])).day, ymd_of(r[3], r[4], r[5]).day);
    }
    assert_true(ymd_is_none(ymd_next_open(YMD_NONE)));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"every day from 1868 to 2200", every_day_from_1868_to_2200, NULL, NULL, NULL},
        {"what is no day is none [F6]", what_is_no_day_is_none, NULL, NULL, NULL},
        {"ages around every birthday, 2001-2060 [M4]", ages_around_every_birthday, NULL, NULL,
         NULL},
        {"leap-day births", leap_day_births, NULL, NULL, NULL},
        {"school years turn between April 1 and 2 [M4 museum Sakai 2023]",
         school_years_turn_between_april_1_and_2, NULL, NULL, NULL},
        {"fiscal years turn on April 1 [M4]", fiscal_years_turn_on_april_1, NULL, NULL, NULL},
        {"known holidays", known_holidays, NULL, NULL, NULL},
        {"offices close from December 29 to January 3", offices_close_at_the_turn_of_the_year, NULL,
         NULL, NULL},
        {"due days move to the next open day", due_days_move_to_the_next_open_day, NULL, NULL,
         NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("date", tests, NULL, NULL);
}
