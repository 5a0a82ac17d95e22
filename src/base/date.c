#include "base/date.h"

#include <stdio.h>

/* Days are kept within the years that YYYY-MM-DD can write. */
enum { FIRST_YEAR = 1, LAST_YEAR = 9999, DAYS_PER_400_YEARS = 146097 };

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Years are counted from March, so that the leap day is the last of its year: then the days
 * before a month are (153 * m + 2) / 5, m = 0 for March. */
static int32_t day_number(int year, int month, int day)
{
    int y = month <= 2 ? year - 1 : year;
    int m = month <= 2 ? month + 9 : month - 3;
    int era = y / 400;
    int year_of_era = y % 400;
    int day_of_year = (153 * m + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_400_YEARS + day_of_era - 719468; /* 0000-03-01 to 1970-01-01 */
}

struct ymd ymd_of(int year, int month, int day)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 ||
        day > days_in_month(year, month))
        return YMD_NONE;
    return (struct ymd){day_number(year, month, day)};
}

void ymd_split(struct ymd d, int *year, int *month, int *day)
{
    if (ymd_is_none(d)) {
        *year = *month = *day = 0;
        return;
    }
    int n = d.day + 719468;
    int era = n / DAYS_PER_400_YEARS;
    int day_of_era = n % DAYS_PER_400_YEARS;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int m = (5 * day_of_year + 2) / 153;
    *day = day_of_year - (153 * m + 2) / 5 + 1;
    *month = m < 10 ? m + 3 : m - 9;
    *year = era * 400 + year_of_era + (*month <= 2 ? 1 : 0);
}

bool ymd_is_none(struct ymd d)
{
    return d.day < day_number(FIRST_YEAR, 1, 1) || d.day > day_number(LAST_YEAR, 12, 31);
}

int ymd_compare(struct ymd a, struct ymd b)
{
    return (a.day > b.day) - (a.day < b.day);
}

struct ymd ymd_add(struct ymd d, int days)
{
    struct ymd sum;
    if (ymd_is_none(d) || __builtin_add_overflow(d.day, days, &sum.day) || ymd_is_none(sum))
        return YMD_NONE;
    return sum;
}

/* Exactly n digits; moves s behind them. */
static bool take_fixed(struct str *s, size_t n, int *out)
{
    if (s->n < n)
        return false;
    *out = 0;
    for (size_t i = 0; i < n; i++) {
        if (s->p[i] < '0' || s->p[i] > '9')
            return false;
        *out = *out * 10 + (s->p[i] - '0');
    }
    s->p += n;
    s->n -= n;
    return true;
}

static bool take_char(struct str *s, char c)
{
    if (s->n == 0 || s->p[0] != c)
        return false;
    s->p++;
    s->n--;
    return true;
}

bool ymd_parse(struct str s, struct ymd *out)
{
    int year;
    int month;
    int day;
    bool dashes = s.n == 10;
    if ((!dashes && s.n != 8) || !take_fixed(&s, 4, &year) || (dashes && !take_char(&s, '-')) ||
        !take_fixed(&s, 2, &month) || (dashes && !take_char(&s, '-')) || !take_fixed(&s, 2, &day))
        return false;
    struct ymd d = ymd_of(year, month, day);
    if (ymd_is_none(d))
        return false;
    *out = d;
    return true;
}

static void put_digits(char *out, int digits, int v)
{
    for (int i = digits - 1; i >= 0; i--, v /= 10)
        out[i] = (char)('0' + v % 10);
}

void ymd_format(struct ymd d, char out[11])
{
    out[0] = '\0';
    if (ymd_is_none(d))
        return;
    int year;
    int month;
    int day;
    ymd_split(d, &year, &month, &day);
    put_digits(out, 4, year);
    out[4] = '-';
    put_digits(out + 5, 2, month);
    out[7] = '-';
    put_digits(out + 8, 2, day);
    out[10] = '\0';
}

int text_add_ymd(struct text *t, struct ymd d)
{
    char s[11];
    ymd_format(d, s);
    return text_adds(t, s);
}

static int floor_mod(int a, int b)
{
    int r = a % b;
    return r < 0 ? r + b : r;
}

static int floor_div(int a, int b)
{
    return (a - floor_mod(a, b)) / b;
}

int ymd_weekday(struct ymd d)
{
    return floor_mod(floor_mod(d.day, 7) + 4, 7); /* 1970-01-01 was a Thursday */
}

struct month month_of(int year, int month)
{
    if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12)
        return MONTH_NONE;
    return (struct month){year * 12 + month - 1};
}

static bool month_is_none(struct month m)
{
    return m.n < FIRST_YEAR * 12 || m.n > LAST_YEAR * 12 + 11;
}

struct month ymd_month(struct ymd d)
{
    int year;
    int month;
    int day;
    ymd_split(d, &year, &month, &day);
    return month_of(year, month);
}

struct month month_add(struct month m, int months)
{
    struct month sum;
    if (month_is_none(m) || __builtin_add_overflow(m.n, months, &sum.n) || month_is_none(sum))
        return MONTH_NONE;
    return sum;
}

struct ymd month_first(struct month m)
{
    return month_is_none(m) ? YMD_NONE : ymd_of(m.n / 12, m.n % 12 + 1, 1);
}

struct ymd month_last(struct month m)
{
    if (month_is_none(m))
        return YMD_NONE;
    int year = m.n / 12;
    int month = m.n % 12 + 1;
    return ymd_of(year, month, days_in_month(year, month));
}

int ymd_fiscal_year(struct ymd d)
{
    return month_fiscal_year(ymd_month(d));
}

int month_fiscal_year(struct month m)
{
    return month_is_none(m) ? 0 : floor_div(m.n - 3, 12);
}

int month_of_fiscal_year(struct month m)
{
    return floor_mod(m.n - 3, 12);
}

struct month fiscal_month(int fiscal_year, int index)
{
    return month_add(month_of(fiscal_year, 4), index);
}

struct ymd birthday(struct ymd birth, int age)
{
    int year;
    int month;
    int day;
    if (ymd_is_none(birth))
        return YMD_NONE;
    ymd_split(birth, &year, &month, &day);
    if (age < -LAST_YEAR || age > LAST_YEAR)
        return YMD_NONE;
    if (month == 2 && day == 29 && !is_leap(year + age))
        return ymd_of(year + age, 3, 1);
    return ymd_of(year + age, month, day);
}

int age_on(struct ymd birth, struct ymd day)
{
    int birth_year;
    int year;
    int month;
    int d;
    ymd_split(birth, &birth_year, &month, &d);
    ymd_split(day, &year, &month, &d);
    int age = year - birth_year;
    return ymd_compare(day, birthday(birth, age)) < 0 ? age - 1 : age;
}

struct ymd age_reached(struct ymd birth, int age)
{
    return ymd_add(birthday(birth, age), -1);
}

struct ymd school_year_end(struct ymd birth, int age)
{
    struct ymd reached = age_reached(birth, age);
    return ymd_is_none(reached) ? YMD_NONE : ymd_of(ymd_fiscal_year(reached) + 1, 3, 31);
}
