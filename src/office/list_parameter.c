/* list_parameter: what a list is asked: values as typed or by default, those computed from them
 * (days of birth of a month's birthdays), and the day looked at. */
#include "office/list_inner.h"

#include <string.h>

size_t list_parameters(const struct list_definition *l)
{
    size_t n = 0;
    while (n < (size_t)l->statement->parameters && l->parameter_labels[n])
        n++;
    return n;
}

static struct str day_text(struct work *w, struct ymd d)
{
    char day[11];
    ymd_format(d, day);
    struct str s = str_copy(w->cx.arena, str_of(day));
    return s.p ? s : STR("0000-00-00");
}

static struct str month_text(struct work *w, struct month m)
{
    return (struct str){day_text(w, month_first(m)).p, 7};
}

struct str list_default(struct work *w, const struct list_definition *l, size_t i)
{
    struct str s = str_of(l->parameter_defaults[i]);
    if (str_is(s, "fiscal_year"))
        return str_format(w->cx.arena, "%d", ymd_fiscal_year(w->today));
    if (str_is(s, "today"))
        return day_text(w, w->today);
    if (str_is(s, "this_month"))
        return month_text(w, ymd_month(w->today));
    if (str_is(s, "last_month"))
        return month_text(w, month_add(ymd_month(w->today), -1));
    return s.p ? s : STR("");
}

/* --- one value ---------------------------------------------------------------------------- */

static int refused(struct work *w, struct str text)
{
    return fail(&w->cx, ERR_INVALID, "office.list_param", STR_FMT, STR_ARG(text));
}

static int day_value(struct work *w, struct str text, struct store_value *v)
{
    struct ymd d;
    if (!ymd_parse_any(text, &d))
        return refused(w, text);
    v->s = day_text(w, d);
    return OK;
}

static int month_value(struct work *w, struct str text, struct store_value *v)
{
    struct month m;
    if (!form_month(text, &m))
        return refused(w, text);
    v->s = month_text(w, m);
    return OK;
}

static int value_of(struct work *w, const struct store_field *f, struct str text,
                    struct store_value *v)
{
    *v = (struct store_value){.type = f->type, .is_null = text.n == 0};
    if (v->is_null && f->nullable)
        return OK;
    v->is_null = false;
    switch (f->type) {
    case ST_DAY:
        return day_value(w, text, v);
    case ST_MONTH:
        return month_value(w, text, v);
    case ST_TEXT:
        v->s = text.p ? text : STR("");
        return OK;
    case ST_ID:
    case ST_COUNT:
    case ST_YEN:
    case ST_FLAG:
        if (str_to_int(text, &v->i))
            return OK;
        break;
    case ST_BLOB:
    case ST_TIME:
    case ST_IDS:
    case ST_TEXTS:
        break;
    }
    return refused(w, text);
}

/* --- computed ----------------------------------------------------------------------------- */

/* Who was born on February 29 has his birthday on March 1 of a common year: the bound is then
 * February 29 itself. */
struct ymd list_birthday_bound(struct ymd day, int64_t age)
{
    int year;
    int month;
    int d;
    ymd_split(day, &year, &month, &d);
    year -= (int)age;
    struct ymd leap = ymd_of(year, 2, 29);
    struct ymd born = ymd_of(year, month, d);
    if (month == 3 && d == 1 && !ymd_is_none(leap) && ymd_is_none(ymd_of(year + (int)age, 2, 29)))
        return leap;
    return ymd_is_none(born) ? ymd_of(year, 3, 1) : born;
}

/* An age is reached on the day before the birthday (年齢計算ニ関する法律). */
struct ymd list_reached_bound(struct ymd day, int64_t age)
{
    return list_birthday_bound(ymd_add(day, 1), age);
}

/* month_from, month_to: the days of a month; reached_from, reached_to N: days of birth of those
 * who reach an age in it; birthday_from, birthday_to N: of those who have that birthday in it;
 * reached_by N: the latest day of birth, exclusive, of those who have reached it on a day. */
static int derive(struct work *w, struct str how, struct str given, struct ymd *out)
{
    struct str rest = how;
    struct str kind = str_cut(&rest, ' ');
    struct month m;
    struct ymd day;
    int64_t age = 0;
    if (rest.n > 0 && !str_to_int(rest, &age))
        return refused(w, how);
    if (!form_month(given, &m) || str_is(kind, "reached_by")) {
        if (!ymd_parse_any(given, &day))
            return refused(w, given);
        *out = str_is(kind, "reached_by") ? list_reached_bound(ymd_add(day, 1), age) : day;
        return OK;
    }
    bool is_end = kind.n > 3 && memcmp(kind.p + kind.n - 3, "_to", 3) == 0;
    day = month_first(month_add(m, is_end ? 1 : 0));
    if (str_starts(kind, STR("reached_")))
        day = list_reached_bound(day, age);
    else if (str_starts(kind, STR("birthday_")))
        day = list_birthday_bound(day, age);
    *out = day;
    return OK;
}

static struct str given_value(struct work *w, const struct list_run *r, size_t i)
{
    return i < r->n_given && r->given[i].n > 0 ? r->given[i] : list_default(w, r->list, i);
}

int list_day(struct work *w, const struct list_run *r, struct ymd *out)
{
    struct month m;
    *out = w->asof.valid;
    if (r->list->day < 0)
        return OK;
    struct str text = given_value(w, r, (size_t)r->list->day);
    if (ymd_parse_any(text, out))
        return OK;
    if (!form_month(text, &m))
        return refused(w, text);
    *out = month_last(m);
    return OK;
}

/* The as-of pair comes last and without labels. */
static int asof_value(struct work *w, const struct list_run *r, const struct store_field *f,
                      struct store_value *v)
{
    struct ymd day;
    *v = (struct store_value){.type = f->type, .i = w->asof.known};
    if (f->type != ST_DAY)
        return OK;
    int rc = list_day(w, r, &day);
    v->s = rc < 0 ? STR("") : day_text(w, day);
    return rc;
}

int list_parameters_fill(struct work *w, const struct list_run *r, struct store_value *values)
{
    const struct store_statement *q = r->list->statement;
    const struct list_derived *derived = r->list->derived;
    size_t shown = list_parameters(r->list);
    struct ymd day;
    int rc = OK;
    if (q->parameters > LIST_PARAMETERS || q->columns > LIST_COLUMNS)
        return fail(&w->cx, ERR_LIMIT, "office.list_param", "%s", r->list->name);
    for (size_t i = 0; rc >= 0 && i < (size_t)q->parameters; i++) {
        if (i < shown) {
            rc = value_of(w, &q->in[i], given_value(w, r, i), &values[i]);
        } else if (derived->how) {
            rc = derive(w, str_of(derived->how), given_value(w, r, (size_t)derived->parameter),
                        &day);
            values[i] = (struct store_value){.type = ST_DAY};
            if (rc >= 0)
                values[i].s = day_text(w, day);
            derived++;
        } else {
            rc = asof_value(w, r, &q->in[i], &values[i]);
        }
    }
    return rc;
}
