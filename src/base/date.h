/*
 * date: days, months, eras, fiscal years, ages, holidays.
 *
 * ymd is a day number (days since 1970-01-01, proleptic Gregorian). In files and in the store a
 * day is TEXT YYYY-MM-DD. A fiscal year N runs from N-04-01 to N+1-03-31.
 * 「X歳に達する日」 is the day before the birthday (年齢計算ニ関する法律); born on 2/29 reaches an
 * age on 2/28, and in a common year has the birthday on 3/1.
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/text.h"

struct ymd {
    int32_t day;
};
/* Also what any function gives for a day outside the years 1..9999. */
#define YMD_NONE ((struct ymd){INT32_MIN})
struct month {
    int32_t n; /* year * 12 + month - 1 */
};
#define MONTH_NONE ((struct month){INT32_MIN})

struct ymd ymd_of(int year, int month, int day); /* YMD_NONE when there is no such day */
void ymd_split(struct ymd d, int *year, int *month, int *day);
bool ymd_is_none(struct ymd d);
int ymd_compare(struct ymd a, struct ymd b);
struct ymd ymd_add(struct ymd d, int days);
/* "2026-04-01" or "20260401"; false when malformed or no such day. */
bool ymd_parse(struct str s, struct ymd *out);
/* "2026-04-01"; nothing for YMD_NONE */
int text_add_ymd(struct text *t, struct ymd d);
void ymd_format(struct ymd d, char out[11]);
int ymd_weekday(struct ymd d); /* 0 Sunday */

struct month month_of(int year, int month);
struct month ymd_month(struct ymd d);
struct month month_add(struct month m, int months);
struct ymd month_first(struct month m);
struct ymd month_last(struct month m);
int ymd_fiscal_year(struct ymd d);
int month_fiscal_year(struct month m);
/* 0 for April .. 11 for March. */
int month_of_fiscal_year(struct month m);
struct month fiscal_month(int fiscal_year, int index);

/* Age in whole years on a day, by the birthday (満年齢 on pages). */
int age_on(struct ymd birth, struct ymd day);
/* The day an age is reached (達する日): the day before the birthday. */
struct ymd age_reached(struct ymd birth, int age);
/* The birthday itself; born 2/29 in a common year: 3/1. */
struct ymd birthday(struct ymd birth, int age);
/* School age: the fiscal year end (3/31) on or after the day the age is reached. */
struct ymd school_year_end(struct ymd birth, int age);

/* Eras 明治 大正 昭和 平成 令和. */
enum era { ERA_NONE, ERA_MEIJI, ERA_TAISHO, ERA_SHOWA, ERA_HEISEI, ERA_REIWA };
struct era_day {
    enum era era;
    int year; /* 1 = 元年 */
    int month;
    int day;
};
struct era_day ymd_era(struct ymd d);
bool era_ymd(struct era_day e, struct ymd *out); /* false: day outside the era */
/* "令和8年6月15日"; 元年 for year 1; nothing for YMD_NONE. */
int text_add_era(struct text *t, struct ymd d);
/* "R08.06.15" */
int text_add_era_short(struct text *t, struct ymd d);
/* "令和8年度"; FY2019 is 令和元年度 although it began in 平成31年. */
int text_add_fiscal_year(struct text *t, int fiscal_year);
/* Accepts R8.6.15, R080615, 令和8年6月15日, S39/1/2, 5080615 (era digit 1 明治 .. 5 令和),
 * 20260615, 2026-06-15, 2026/6/15, 2026年6月15日; 元 for 1, full-width characters and blanks
 * allowed. A day outside its era (平成31年5月1日) is refused. */
bool ymd_parse_any(struct str s, struct ymd *out);

/* National holidays (data/holidays.tsv, built in with its source and date). */
bool ymd_is_holiday(struct ymd d);
/* Saturday, Sunday, holiday, 12/29-1/3 (地方自治法4条の2). */
bool ymd_is_closed(struct ymd d);
/* The day itself or the next open one (納期限の繰延べ, 民法142条; 12/31 too). */
struct ymd ymd_next_open(struct ymd d);
struct ymd holidays_known_until(void);

#endif
