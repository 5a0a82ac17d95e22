/* eras: three days on each side of every change, printing and reading of days as people write. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const struct {
    enum era before;
    enum era after;
    int y, m, d;
    int last_year; /* of the era before */
} changes[] = {
    {ERA_NONE, ERA_MEIJI, 1868, 1, 25, 0},     {ERA_MEIJI, ERA_TAISHO, 1912, 7, 30, 45},
    {ERA_TAISHO, ERA_SHOWA, 1926, 12, 25, 15}, {ERA_SHOWA, ERA_HEISEI, 1989, 1, 8, 64},
    {ERA_HEISEI, ERA_REIWA, 2019, 5, 1, 31},
};

static void three_days_around_every_change(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof changes / sizeof changes[0]; i++) {
        for (int off = -3; off <= 3; off++) {
            struct ymd d = ymd_add(ymd_of(changes[i].y, changes[i].m, changes[i].d), off);
            struct era_day e = ymd_era(d);
            assert_int_equal(e.era, off < 0 ? changes[i].before : changes[i].after);
            if (off >= 0)
                assert_int_equal(e.year, 1);
            else if (e.era != ERA_NONE)
                assert_int_equal(e.year, changes[i].last_year);
        }
    }
}

static void every_day_goes_to_its_era_and_back(void **state)
{
    (void)state;
    struct ymd last = ymd_of(2117, 12, 31); /* 令和99年 */
    struct text t;
    text_init(&t, 100);
    for (struct ymd d = ymd_of(1868, 1, 25); ymd_compare(d, last) <= 0; d = ymd_add(d, 1)) {
        struct ymd back = YMD_NONE;
        assert_true(era_ymd(ymd_era(d), &back));
        assert_int_equal(back.day, d.day);
        text_clear(&t);
        text_add_era(&t, d);
        back = YMD_NONE;
        assert_true(ymd_parse_any(text_str(&t), &back));
        assert_int_equal(back.day, d.day);
        text_clear(&t);
        text_add_era_short(&t, d);
        back = YMD_NONE;
        assert_true(ymd_parse_any(text_str(&t), &back));
        assert_int_equal(back.day, d.day);
    }
    text_release(&t);
}

static void days_outside_their_era_are_refused(void **state)
{
    (void)state;
    static const struct era_day bad[] = {
        {ERA_HEISEI, 31, 5, 1}, {ERA_HEISEI, 1, 1, 7},    {ERA_SHOWA, 64, 1, 8},
        {ERA_SHOWA, 1, 12, 24}, {ERA_TAISHO, 15, 12, 25}, {ERA_REIWA, 1, 4, 30},
        {ERA_REIWA, 0, 5, 1},   {ERA_REIWA, 8, 2, 29},    {ERA_NONE, 1, 1, 1},
        {ERA_MEIJI, 1, 1, 24},  {ERA_REIWA, 8, 13, 1},
    };
    struct ymd out;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(era_ymd(bad[i], &out));
}

static const char *era_text(struct text *t, int y, int m, int d)
{
    text_clear(t);
    text_add_era(t, ymd_of(y, m, d));
    return text_str(t).p;
}

static const char *year_text(struct text *t, int fiscal_year)
{
    text_clear(t);
    text_add_fiscal_year(t, fiscal_year);
    return text_str(t).p;
}

static void days_are_printed(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 100);
    assert_string_equal(era_text(&t, 2026, 6, 15), "令和8年6月15日");
    assert_string_equal(era_text(&t, 2019, 5, 1), "令和元年5月1日");
    assert_string_equal(era_text(&t, 2019, 4, 30), "平成31年4月30日");
    assert_string_equal(era_text(&t, 1989, 1, 8), "平成元年1月8日");
    assert_string_equal(era_text(&t, 1989, 1, 7), "昭和64年1月7日");
    assert_string_equal(era_text(&t, 1850, 1, 2), "1850年1月2日");
    assert_string_equal(era_text(&t, 0, 0, 0), "");
    text_clear(&t);
    text_add_era_short(&t, ymd_of(2026, 6, 15));
    assert_string_equal(t.p, "R08.06.15");
    text_release(&t);
}

/* Sendai 2019 printed 「平成1年度」 on payment slips after the change of era. */
static void fiscal_years_are_named(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 100);
    assert_string_equal(year_text(&t, 2018), "平成30年度");
    assert_string_equal(year_text(&t, 2019), "令和元年度");
    assert_string_equal(year_text(&t, 2020), "令和2年度");
    assert_string_equal(year_text(&t, 2026), "令和8年度");
    assert_string_equal(year_text(&t, 1989), "平成元年度");
    assert_string_equal(year_text(&t, 1988), "昭和63年度");
    assert_string_equal(year_text(&t, 1926), "大正15年度");
    assert_string_equal(year_text(&t, 1927), "昭和2年度");
    for (int year = 2000; year <= 2060; year++) {
        const char *s = year_text(&t, year);
        assert_null(strstr(s, "1年度") == s + 6 ? s : NULL); /* 元, never 1 */
        assert_int_equal(strncmp(s, "平成", 6) == 0, year < 2019);
        char expected[40];
        snprintf(expected, sizeof expected, "令和%d年度", year - 2018);
        if (year > 2019)
            assert_string_equal(s, expected);
    }
    text_release(&t);
}

static void days_are_read_as_people_write_them(void **state)
{
    (void)state;
    static const struct {
        const char *s;
        int y, m, d;
    } rows[] = {
        {"R8.6.15", 2026, 6, 15},
        {"r08.06.15", 2026, 6, 15},
        {"R080615", 2026, 6, 15},
        {"令和8年6月15日", 2026, 6, 15},
        {"令和８年６月１５日", 2026, 6, 15},
        {"令和 8年 6月 15日", 2026, 6, 15},
        {"　Ｒ８．６．１５　", 2026, 6, 15},
        {"令和元年5月1日", 2019, 5, 1},
        {"R元.5.1", 2019, 5, 1},
        {"S39/1/2", 1964, 1, 2},
        {"S39-01-02", 1964, 1, 2},
        {"昭和64年1月7日", 1989, 1, 7},
        {"H1.1.8", 1989, 1, 8},
        {"T15.12.24", 1926, 12, 24},
        {"M45.7.29", 1912, 7, 29},
        {"大正元年7月30日", 1912, 7, 30},
        {"5080615", 2026, 6, 15},
        {"3390102", 1964, 1, 2},
        {"１０１０１２５", 1868, 1, 25},
        {"20260615", 2026, 6, 15},
        {"2026-06-15", 2026, 6, 15},
        {"2026/6/5", 2026, 6, 5},
        {"2026.6.5", 2026, 6, 5},
        {"2026年6月5日", 2026, 6, 5},
        {"２０２６－０６－１５", 2026, 6, 15},
        {"R8.6.15日", 2026, 6, 15},
        {"令和8年6月15", 2026, 6, 15},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct ymd d = YMD_NONE;
        if (!ymd_parse_any(str_of(rows[i].s), &d))
            fail_msg("not read: %s", rows[i].s);
        if (d.day != ymd_of(rows[i].y, rows[i].m, rows[i].d).day)
            fail_msg("read otherwise: %s", rows[i].s);
    }
}

static void what_is_no_day_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        " ",
        "R",
        "令和",
        "R8",
        "R8.6",
        "R8.6.",
        "R8.6.15.",
        "R8.6.31",
        "R8.2.29",
        "R.6.15",
        "平成31年5月1日",
        "昭和64年1月8日",
        "H0.1.1",
        "X8.6.15",
        "6080615",
        "0080615",
        "508061",
        "50806151",
        "202606150",
        "2026-6",
        "26-06-15",
        "2026-06-15x",
        "令8.6.15",
        "R8,6,15",
        "R8.6.15 12:00",
        "R100.1.1",
        "R8.006.15",
        "\xFF\xFE",
        "R8.6.1\x80",
        "9999999999999999999999999",
        "元年1月1日",
        "2026元6月1日",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct ymd d = ymd_of(2000, 1, 1);
        if (ymd_parse_any(str_of(bad[i]), &d))
            fail_msg("read: %s", bad[i]);
        assert_int_equal(d.day, ymd_of(2000, 1, 1).day);
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"three days around every change of era [M4]", three_days_around_every_change, NULL, NULL,
         NULL},
        {"every day goes to its era, is printed and read back", every_day_goes_to_its_era_and_back,
         NULL, NULL, NULL},
        {"days outside their era are refused", days_outside_their_era_are_refused, NULL, NULL,
         NULL},
        {"days are printed by era", days_are_printed, NULL, NULL, NULL},
        {"fiscal years are named, never the first by 1 [M4 museum Sendai 2019]",
         fiscal_years_are_named, NULL, NULL, NULL},
        {"days are read as people write them", days_are_read_as_people_write_them, NULL, NULL,
         NULL},
        {"what is no day is refused [F6]", what_is_no_day_is_refused, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("era", tests, NULL, NULL);
}
