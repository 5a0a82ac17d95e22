#include "base/date.h"

/*
 * Eras by their days of change: 明治 from 1868-01-25, 大正 from 1912-07-30, 昭和 from 1926-12-25,
 * 平成 from 1989-01-08 (平成元年政令1号), 令和 from 2019-05-01 (平成31年政令143号). The day of
 * change belongs to the new era. Days of 明治 before 1873 are taken as Gregorian.
 */
struct era_row {
    const char *name;
    char letter;
    int first_year;
    int month;
    int day;
};

static const struct era_row eras[] = {
    [ERA_MEIJI] = {"明治", 'M', 1868, 1, 25},  [ERA_TAISHO] = {"大正", 'T', 1912, 7, 30},
    [ERA_SHOWA] = {"昭和", 'S', 1926, 12, 25}, [ERA_HEISEI] = {"平成", 'H', 1989, 1, 8},
    [ERA_REIWA] = {"令和", 'R', 2019, 5, 1},
};

static struct ymd era_first(enum era era)
{
    return ymd_of(eras[era].first_year, eras[era].month, eras[era].day);
}

struct era_day ymd_era(struct ymd d)
{
    struct era_day e = {ERA_NONE, 0, 0, 0};
    int year;
    ymd_split(d, &year, &e.month, &e.day);
    for (enum era era = ERA_REIWA; era > ERA_NONE; era--) {
        if (!ymd_is_none(d) && ymd_compare(d, era_first(era)) >= 0) {
            e.era = era;
            e.year = year - eras[era].first_year + 1;
            return e;
        }
    }
    return e;
}

bool era_ymd(struct era_day e, struct ymd *out)
{
    if (e.era <= ERA_NONE || e.era > ERA_REIWA || e.year < 1 || e.year > 9999)
        return false;
    struct ymd d = ymd_of(eras[e.era].first_year + e.year - 1, e.month, e.day);
    if (ymd_is_none(d) || ymd_era(d).era != e.era)
        return false;
    *out = d;
    return true;
}

/* "令和8年", "令和元年" */
static int add_era_year(struct text *t, enum era era, int year)
{
    text_adds(t, eras[era].name);
    if (year == 1)
        return text_adds(t, "元年");
    text_add_int(t, year);
    return text_adds(t, "年");
}

int text_add_era(struct text *t, struct ymd d)
{
    if (ymd_is_none(d))
        return t->failed ? ERR_MEMORY : OK;
    struct era_day e = ymd_era(d);
    if (e.era == ERA_NONE) {
        int year;
        ymd_split(d, &year, &e.month, &e.day);
        text_addf(t, "%d年", year);
    } else {
        add_era_year(t, e.era, e.year);
    }
    text_add_int(t, e.month);
    text_adds(t, "月");
    text_add_int(t, e.day);
    return text_adds(t, "日");
}

int text_add_era_short(struct text *t, struct ymd d)
{
    struct era_day e = ymd_era(d);
    if (e.era == ERA_NONE)
        return text_add_ymd(t, d);
    const char s[9] = {eras[e.era].letter,
                       (char)('0' + e.year / 10),
                       (char)('0' + e.year % 10),
                       '.',
                       (char)('0' + e.month / 10),
                       (char)('0' + e.month % 10),
                       '.',
                       (char)('0' + e.day / 10),
                       (char)('0' + e.day % 10)};
    if (e.year > 99)
        return text_addf(t, "%c%02d.%02d.%02d", s[0], e.year, e.month, e.day);
    return text_add(t, (struct str){s, sizeof s});
}

int text_add_fiscal_year(struct text *t, int fiscal_year)
{
    /* The year that began on 平成31年4月1日 is 令和元年度 as a whole (the government's notice of
     * 2019-04-02 on the handling of the change): its name must not change within a ledger. Any
     * other year is named by the era of its first day. */
    int month = fiscal_year == 2019 ? 5 : 4;
    struct era_day e = ymd_era(ymd_of(fiscal_year, month, 1));
    if (e.era == ERA_NONE)
        return text_addf(t, "%d年度", fiscal_year);
    add_era_year(t, e.era, e.year);
    return text_adds(t, "度");
}

/* A day as people write it: full-width characters as their ASCII ones, ideographs kept, blanks
 * dropped. Longer than any day we accept is refused. */
struct written {
    int32_t c[24];
    size_t n;
    size_t at;
};

static bool write_down(struct str s, struct written *w)
{
    *w = (struct written){.n = 0};
    s = str_trim(s);
    while (s.n > 0) {
        int32_t c = utf8_next(&s);
        if (c < 0 || w->n == sizeof w->c / sizeof w->c[0])
            return false;
        if (c >= 0xFF01 && c <= 0xFF5E)
            c -= 0xFEE0;
        if (c != ' ' && c != 0x3000)
            w->c[w->n++] = c;
    }
    return w->n > 0;
}

static int32_t peek(const struct written *w)
{
    return w->at < w->n ? w->c[w->at] : 0;
}

static bool take_any(struct written *w, int32_t a, int32_t b, int32_t c, int32_t d)
{
    int32_t next = peek(w);
    if (next == 0 || (next != a && next != b && next != c && next != d))
        return false;
    w->at++;
    return true;
}

/* One to `most` digits, or 元 for 1 where that is allowed. Returns how many, 0 for none. */
static size_t take_number(struct written *w, size_t most, int *out)
{
    size_t digits = 0;
    *out = 0;
    while (digits < most && peek(w) >= '0' && peek(w) <= '9') {
        *out = *out * 10 + (int)(peek(w) - '0');
        w->at++;
        digits++;
    }
    return digits;
}

/* An era by its name (two characters) or its letter. */
static enum era take_era(struct written *w)
{
    for (enum era era = ERA_MEIJI; era <= ERA_REIWA; era++) {
        struct str name = str_of(eras[era].name);
        int32_t first = utf8_next(&name);
        int32_t second = utf8_next(&name);
        if (w->at + 1 < w->n && w->c[w->at] == first && w->c[w->at + 1] == second) {
            w->at += 2;
            return era;
        }
        if (peek(w) == eras[era].letter || peek(w) == eras[era].letter - 'A' + 'a') {
            w->at++;
            return era;
        }
    }
    return ERA_NONE;
}

enum { KANJI_YEAR = 0x5E74, KANJI_MONTH = 0x6708, KANJI_DAY = 0x65E5, KANJI_FIRST = 0x5143 };

/* month and day behind the year, with separators: 6月15日, 6.15, /6/15, -06-15 */
static bool take_month_day(struct written *w, int *month, int *day)
{
    if (!take_any(w, KANJI_YEAR, '.', '/', '-') || take_number(w, 2, month) == 0 ||
        !take_any(w, KANJI_MONTH, '.', '/', '-') || take_number(w, 2, day) == 0)
        return false;
    take_any(w, KANJI_DAY, 0, 0, 0);
    return w->at == w->n;
}

/* YYYYMMDD, or an era digit (1 明治 .. 5 令和) and YYMMDD. */
static bool parse_digits(const struct written *w, struct ymd *out)
{
    int v = 0;
    for (size_t i = 0; i < w->n; i++)
        v = v * 10 + (int)(w->c[i] - '0');
    if (w->n == 8) {
        *out = ymd_of(v / 10000, v / 100 % 100, v % 100);
        return !ymd_is_none(*out);
    }
    int era = v / 1000000;
    if (w->n != 7 || era < (int)ERA_MEIJI || era > (int)ERA_REIWA)
        return false;
    struct era_day e = {(enum era)era, v / 10000 % 100, v / 100 % 100, v % 100};
    return era_ymd(e, out);
}

static bool all_digits(const struct written *w)
{
    for (size_t i = 0; i < w->n; i++) {
        if (w->c[i] < '0' || w->c[i] > '9')
            return false;
    }
    return w->n <= 8;
}

/* Letter or name, then YYMMDD without separators: R080615. */
static bool parse_era_digits(struct written *w, struct era_day *e)
{
    return w->n - w->at == 6 && take_number(w, 2, &e->year) == 2 &&
           take_number(w, 2, &e->month) == 2 && take_number(w, 2, &e->day) == 2;
}

bool ymd_parse_any(struct str s, struct ymd *out)
{
    struct written w;
    struct ymd d = YMD_NONE;
    struct era_day e = {ERA_NONE, 0, 0, 0};
    if (!write_down(s, &w))
        return false;
    if (all_digits(&w)) {
        if (!parse_digits(&w, &d))
            return false;
        *out = d;
        return true;
    }
    e.era = take_era(&w);
    if (e.era != ERA_NONE) {
        struct written whole = w;
        if (parse_era_digits(&whole, &e))
            return era_ymd(e, out);
        if (take_any(&w, KANJI_FIRST, 0, 0, 0))
            e.year = 1;
        else if (take_number(&w, 2, &e.year) == 0)
            return false;
        return take_month_day(&w, &e.month, &e.day) && era_ymd(e, out);
    }
    if (take_number(&w, 4, &e.year) != 4 || !take_month_day(&w, &e.month, &e.day))
        return false;
    d = ymd_of(e.year, e.month, e.day);
    if (ymd_is_none(d))
        return false;
    *out = d;
    return true;
}
