/* calendar: the cycles of the operations calendar, from its data file, with the newest day each
 * should have run and whether it did. */
#include "office/inner_pages.h"

#include <string.h>

extern const unsigned char office_calendar_tsv[];
extern const size_t office_calendar_tsv_size;

enum { DUTIES = 100, BACK = 400, RULE_LONGEST = 4096 };

static bool number_in(struct str list, int64_t wanted)
{
    int64_t n;
    while (list.n > 0)
        if (str_to_int(str_cut(&list, ','), &n) && n == wanted)
            return true;
    return false;
}

/* "MM-DD" */
static bool is_month_day(struct str s, int month, int day)
{
    int64_t m;
    int64_t d;
    struct str rest = s;
    return str_to_int(str_cut(&rest, '-'), &m) && str_to_int(rest, &d) && m == month && d == day;
}

static bool is_two_weekly(struct ymd d, int64_t weekday)
{
    return ymd_weekday(d) == weekday && (d.day - 4) / 7 % 2 == 0;
}

static bool falls_on(struct str rule, struct ymd d)
{
    struct str rest = rule;
    struct str kind = str_cut(&rest, ':');
    int year;
    int month;
    int day;
    int64_t n = 0;
    ymd_split(d, &year, &month, &day);
    if (str_is(kind, "daily"))
        return true;
    if (str_is(kind, "weekly"))
        return str_to_int(rest, &n) && ymd_weekday(d) == n;
    if (str_is(kind, "twoweekly"))
        return str_to_int(rest, &n) && is_two_weekly(d, n);
    if (str_is(kind, "monthly"))
        return number_in(rest, day);
    if (str_is(kind, "yearly"))
        return is_month_day(rest, month, day);
    if (str_is(kind, "months")) {
        struct str months = str_cut(&rest, ':');
        return str_to_int(rest, &n) && n == day && number_in(months, month);
    }
    return false;
}

/* --- cycles that are settings --------------------------------------------------------------- */

/* "months:{feed.care_levy}:15" with the municipality's months in it. */
static struct str rule_filled(struct work *w, struct str rule)
{
    struct text t;
    text_init(&t, RULE_LONGEST);
    while (rule.n > 0) {
        const bool has_setting = memchr(rule.p, '{', rule.n) != NULL;
        (void)text_add(&t, str_cut(&rule, '{'));
        const char *key = has_setting ? str_c(w->cx.arena, str_cut(&rule, '}')) : NULL;
        if (key)
            (void)text_add(&t, setting_get(w, key));
    }
    const struct str filled = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return filled;
}

static struct str words_of_rule(struct work *w, struct str rule)
{
    const struct str kind = str_cut(&rule, ':');
    const bool is_twice = str_is(kind, "monthly") && memchr(rule.p, ',', rule.n) != NULL;
    return sentence_of(is_twice ? "office.cycle.twice" : id_of(w, "office.cycle.", kind));
}

static bool are_numbers(struct str list, int64_t most)
{
    int64_t n;
    if (list.n == 0)
        return false;
    while (list.n > 0)
        if (!str_to_int(str_cut(&list, ','), &n) || n < 0 || n > most)
            return false;
    return true;
}

bool calendar_rule_is_good(struct str rule)
{
    const struct str kind = str_cut(&rule, ':');
    if (str_is(kind, "daily"))
        return rule.n == 0;
    if (str_is(kind, "weekly") || str_is(kind, "twoweekly"))
        return rule.n == 1 && are_numbers(rule, 6);
    return str_is(kind, "monthly") && are_numbers(rule, 31);
}

/* The newest day of duty before today; a duty of today is not late yet. Closed days move to the
 * next open one, so the day before yesterday's Saturday may be today's duty. */
static struct ymd newest_due(struct str rule, struct ymd today)
{
    if (str_is(rule, "each"))
        return YMD_NONE;
    for (int back = 1; back < BACK; back++) {
        struct ymd d = ymd_add(today, -back);
        if (falls_on(rule, d) && ymd_compare(ymd_next_open(d), today) < 0)
            return d;
    }
    return YMD_NONE;
}

static int64_t last_run(const struct office_db_job_last_by_kind_list *list, struct str kind)
{
    for (size_t i = 0; i < list->n; i++)
        if (str_equal(list->rows[i].kind, kind) && !list->rows[i].ended_us_null)
            return list->rows[i].ended_us;
    return 0;
}

static void duty_read(struct work *w, struct str line, struct duty *d,
                      const struct office_db_job_last_by_kind_list *last)
{
    struct str rest = line;
    struct str rule = rule_filled(w, str_cut(&rest, '\t'));
    *d = (struct duty){.cycle = str_cut(&rest, '\t')};
    if (str_is(d->cycle, "-"))
        d->cycle = words_of_rule(w, rule);
    d->label = str_cut(&rest, '\t');
    d->systems = str_cut(&rest, '\t');
    d->stated = str_is(str_cut(&rest, '\t'), "1");
    d->job = str_trim(rest);
    d->due = newest_due(rule, w->today);
    d->built = d->job.n > 0 && job_kind_find(d->job);
    d->last = d->built ? last_run(last, d->job) : 0;
    int64_t due_us = ymd_is_none(d->due) ? 0 : (int64_t)d->due.day * DAY_US - JAPAN_US;
    d->late = d->built && due_us > 0 && d->last < due_us;
}

int calendar_read(struct work *w, struct duty **rows, size_t *n)
{
    struct office_db_job_last_by_kind_list last;
    struct str rest = {(const char *)office_calendar_tsv, office_calendar_tsv_size};
    int rc = office_db_job_last_by_kind(&w->cx, w->store, &last);
    if (rc < 0)
        return error_add(&w->cx, "read the calendar");
    *n = 0;
    *rows = ARENA_ARRAY(w->cx.arena, DUTIES, struct duty);
    if (!*rows)
        return out_of_memory(w);
    while (rest.n > 0 && *n < DUTIES) {
        struct str line = str_cut(&rest, '\n');
        if (line.n > 0 && line.p[0] != '#')
            duty_read(w, line, &(*rows)[(*n)++], &last);
    }
    return OK;
}

int job_late_duties(struct work *w, struct late_duty **rows, size_t *n)
{
    struct duty *duties;
    size_t all = 0;
    const int rc = calendar_read(w, &duties, &all);

    *n = 0;
    if (rc < 0)
        return rc;
    *rows = ARENA_ARRAY(w->cx.arena, all + 1, struct late_duty);
    if (!*rows)
        return out_of_memory(w);
    for (size_t i = 0; i < all; i++) {
        if (duties[i].late)
            (*rows)[(*n)++] =
                (struct late_duty){duties[i].label, duties[i].job, duties[i].due, duties[i].last};
    }
    return OK;
}
