/* Plans of payments: which part of a year's amount comes from the pension and which in the ordinary
 * way. Nothing here reads or writes; whatever is done, the sum is the year's amount. */
#include "desk/levy/pension_inner.h"

#include <stdlib.h>
#include <string.h>

enum { PAY_DAY = 15, HAND_OVER_DAY = 10, NOTICE_DAYS = 15 };

/* --- days ---------------------------------------------------------------------------------------
 */

static struct month pay_month(int fiscal_year, int number)
{
    return fiscal_month(fiscal_year, 2 * (number - PENSION_FIRST));
}

struct ymd pension_pay_day(int fiscal_year, int number)
{
    struct ymd day = ymd_add(month_first(pay_month(fiscal_year, number)), PAY_DAY - 1);

    while (ymd_is_closed(day))
        day = ymd_add(day, -1);
    return day;
}

struct ymd pension_due(int fiscal_year, int number)
{
    const struct month next = month_add(pay_month(fiscal_year, number), 1);
    return ymd_next_open(ymd_add(month_first(next), HAND_OVER_DAY - 1));
}

int pension_first_free(int fiscal_year, struct ymd day, int lead)
{
    int number = PENSION_FIRST;

    while (number <= PENSION_LAST &&
           ymd_compare(pension_pay_day(fiscal_year, number), ymd_add(day, lead)) < 0)
        number++;
    return number;
}

/* --- rows ---------------------------------------------------------------------------------------
 */

static struct payment *find(struct payments *p, int number)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->row[i].number == number)
            return &p->row[i];
    }
    return NULL;
}

static int by_number(const void *a, const void *b)
{
    const struct payment *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

/* The row of a number, made where there is none; the last one when there is no room. */
static struct payment *row_of(struct payments *p, int number, bool is_pension, struct ymd due)
{
    struct payment *row = find(p, number);

    if (row || p->n == PAYMENTS_MAX)
        return row ? row : &p->row[PAYMENTS_MAX - 1];
    p->row[p->n++] = (struct payment){.number = number, .is_pension = is_pension, .due = due};
    qsort(p->row, p->n, sizeof p->row[0], by_number);
    return find(p, number);
}

struct yen payments_sum(const struct payments *p)
{
    int64_t sum = 0;

    for (size_t i = 0; i < p->n; i++)
        sum += p->row[i].amount.n;
    return YEN(sum);
}

struct yen payments_pension_sum(const struct payments *p)
{
    int64_t sum = 0;

    for (size_t i = 0; i < p->n; i++)
        sum += p->row[i].is_pension ? p->row[i].amount.n : 0;
    return YEN(sum);
}

struct yen payments_amount(const struct payments *p, int number)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->row[i].number == number)
            return p->row[i].amount;
    }
    return YEN(0);
}

/* --- moving amounts -----------------------------------------------------------------------------
 */

/* Equal amounts floored to the unit for so many rows, the remainder with the first. */
static int64_t each_of(int64_t amount, int64_t rows, int64_t unit)
{
    return amount / rows / unit * unit;
}

/* A due day that leaves time for a letter. */
static struct ymd at_once_day(struct ymd day)
{
    return ymd_next_open(month_last(ymd_month(ymd_add(day, NOTICE_DAYS))));
}

static void add_at_once(struct payments *p, int64_t amount, struct ymd day)
{
    int number = AT_ONCE_FIRST;

    while (find(p, number) && find(p, number)->amount.n > 0 && number < PENSION_FIRST - 1)
        number++;
    struct payment *row = row_of(p, number, false, at_once_day(day));
    row->due = row->amount.n == 0 ? at_once_day(day) : row->due;
    row->amount.n += amount;
}

static bool is_coming(const struct payment *r, struct ymd day)
{
    return !r->is_pension && r->number < AT_ONCE_FIRST && ymd_compare(r->due, day) > 0;
}

/* To the ordinary due dates after the day. */
static void add_ordinary(struct payments *p, int64_t amount, struct ymd day, int64_t unit)
{
    int64_t rows = 0;
    bool is_first = true;

    for (size_t i = 0; i < p->n; i++)
        rows += is_coming(&p->row[i], day);
    if (amount == 0)
        return;
    if (rows == 0) {
        add_at_once(p, amount, day);
        return;
    }
    const int64_t each = each_of(amount, rows, unit);
    for (size_t i = 0; i < p->n; i++) {
        if (!is_coming(&p->row[i], day))
            continue;
        p->row[i].amount.n += is_first ? amount - each * (rows - 1) : each;
        is_first = false;
    }
}

static int by_due_down(const void *a, const void *b)
{
    const struct payment *const *x = a, *const *y = b;
    const int by_day = ymd_compare((*y)->due, (*x)->due);
    return by_day != 0 ? by_day : (*y)->number - (*x)->number;
}

/* So much less is owed in the year: the latest payments first. */
static void take_back(struct payments *p, int64_t amount)
{
    struct payment *rows[PAYMENTS_MAX];

    for (size_t i = 0; i < p->n; i++)
        rows[i] = &p->row[i];
    qsort(rows, p->n, sizeof rows[0], by_due_down);
    for (size_t i = 0; i < p->n && amount > 0; i++) {
        const int64_t part = rows[i]->amount.n < amount ? rows[i]->amount.n : amount;
        rows[i]->amount.n -= part;
        amount -= part;
    }
}

static void put_pension(struct payments *p, int fiscal_year, int first, int64_t amount,
                        int64_t unit)
{
    const int64_t rows = PENSION_LAST - first + 1;
    const int64_t each = each_of(amount, rows, unit);

    for (int number = first; number <= PENSION_LAST; number++)
        row_of(p, number, true, pension_due(fiscal_year, number))->amount =
            YEN(number == first ? amount - each * (rows - 1) : each);
}

/* --- plans --------------------------------------------------------------------------------------
 */

void payments_ordinary(struct payments *p, const struct levy_schedule *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct levy_instalment *in = &s->row[i];
        struct payment *row = row_of(p, in->number, false, in->due);
        row->amount = in->amount;
        memcpy(row->part, in->part, sizeof row->part);
    }
}

void payments_start(struct payments *p, int fiscal_year, int first, int64_t unit)
{
    const struct ymd from = pension_pay_day(fiscal_year, first);
    int64_t rest = 0;

    if (first > PENSION_LAST)
        return;
    for (size_t i = 0; i < p->n; i++) {
        const struct payment *r = &p->row[i];
        if (r->is_pension ? r->number < first : ymd_compare(r->due, from) < 0)
            continue;
        rest += p->row[i].amount.n;
        p->row[i].amount = YEN(0);
    }
    if (rest > 0)
        put_pension(p, fiscal_year, first, rest, unit);
}

void payments_provisional(struct payments *p, int fiscal_year, int first, struct yen each)
{
    for (int number = first; number < PENSION_OCTOBER; number++)
        row_of(p, number, true, pension_due(fiscal_year, number))->amount = each;
}

void payments_room(struct payments *p, const struct levy_schedule *s)
{
    for (size_t i = 0; i < s->n; i++)
        (void)row_of(p, s->row[i].number, false, s->row[i].due);
}

void payments_settle(struct payments *p, int fiscal_year, const struct levy_schedule *s,
                     int64_t unit)
{
    int64_t annual = 0;

    payments_room(p, s);
    for (size_t i = 0; i < s->n; i++)
        annual += s->row[i].amount.n;
    const int64_t rest = annual - payments_sum(p).n;
    if (rest > 0)
        put_pension(p, fiscal_year, PENSION_OCTOBER, rest, unit);
    else
        take_back(p, -rest);
}

/* The day before the pension is paid of which this is the instalment. */
static struct ymd eve_of(const struct payment *r)
{
    return ymd_add(month_first(month_add(ymd_month(r->due), -1)), PAY_DAY - 2);
}

/* To the ordinary due dates the pension had taken the place of; where those are over, to whichever
 * come after the day. */
static void add_instead(struct payments *p, int64_t amount, struct ymd since, struct ymd day,
                        int64_t unit)
{
    const struct ymd later = ymd_is_none(since) || ymd_compare(since, day) < 0 ? day : since;
    int64_t rows = 0;

    for (size_t i = 0; i < p->n; i++)
        rows += is_coming(&p->row[i], later);
    add_ordinary(p, amount, rows > 0 ? later : day, unit);
}

void payments_stop(struct payments *p, struct yen annual, int first, struct ymd day, int64_t unit)
{
    struct ymd since = YMD_NONE;

    for (size_t i = 0; i < p->n; i++) {
        struct payment *r = &p->row[i];
        if (!r->is_pension || r->number < first)
            continue;
        if (r->amount.n > 0 && ymd_is_none(since))
            since = eve_of(r);
        r->amount = YEN(0);
    }
    const int64_t rest = annual.n - payments_sum(p).n;
    if (rest >= 0)
        add_instead(p, rest, since, day, unit);
    else
        take_back(p, -rest);
}

void payments_fail(struct payments *p, int number, struct ymd day, int64_t unit)
{
    struct payment *r = find(p, number);

    if (!r)
        return;
    const int64_t amount = r->amount.n;
    r->amount = YEN(0);
    add_ordinary(p, amount, day, unit);
}

void payments_drop(struct payments *p, int number)
{
    struct payment *r = find(p, number);

    if (r)
        r->amount = YEN(0);
}

void payments_change(struct payments *p, struct yen annual, int first, struct ymd day, int64_t unit)
{
    const int64_t more = annual.n - payments_sum(p).n;

    if (more > 0)
        add_ordinary(p, more, day, unit);
    else if (more < 0)
        payments_stop(p, annual, first, day, unit);
}

/* --- parts --------------------------------------------------------------------------------------
 */

void parts_share(const struct yen part[LEVY_PARTS], struct yen amount, struct yen out[LEVY_PARTS])
{
    int64_t remainder[LEVY_PARTS] = {0};
    int64_t all = 0, given = 0;

    for (int k = 0; k < LEVY_PARTS; k++)
        all += part[k].n;
    for (int k = 0; k < LEVY_PARTS; k++) {
        const int64_t product = all > 0 ? part[k].n * amount.n : 0; /* < 10^12: no overflow */
        out[k] = YEN(all > 0 ? product / all : 0);
        remainder[k] = all > 0 ? product % all : 0;
        given += out[k].n;
    }
    if (all <= 0)
        out[PART_MEDICAL] = amount;
    for (; all > 0 && given < amount.n; given++) {
        int best = 0;
        for (int k = 1; k < LEVY_PARTS; k++)
            best = remainder[k] > remainder[best] ? k : best;
        out[best].n++;
        remainder[best] = -1;
    }
}

static bool is_kept(const struct payment *row, const struct payments *before)
{
    for (size_t i = 0; before && i < before->n; i++) {
        const struct payment *b = &before->row[i];
        if (b->number == row->number)
            return b->amount.n == row->amount.n && b->amount.n > 0;
    }
    return false;
}

/* What is left of the parts when the kept ones have theirs; false: one of them is overdrawn. */
static bool keep_parts(struct payments *p, const struct payments *before,
                       struct yen left[LEVY_PARTS])
{
    bool is_good = true;

    for (size_t i = 0; i < p->n; i++) {
        struct payment *row = &p->row[i];
        if (!is_kept(row, before))
            continue;
        for (size_t b = 0; b < before->n; b++) {
            if (before->row[b].number == row->number)
                memcpy(row->part, before->row[b].part, sizeof row->part);
        }
        for (int k = 0; k < LEVY_PARTS; k++)
            left[k].n -= row->part[k].n;
    }
    for (int k = 0; k < LEVY_PARTS; k++)
        is_good &= left[k].n >= 0;
    return is_good;
}

void payments_split(struct payments *p, const struct yen part[LEVY_PARTS],
                    const struct payments *before)
{
    struct yen left[LEVY_PARTS], whole[LEVY_PARTS];

    parts_share(part, payments_sum(p), whole); /* the ordinance may round the sum of the parts */
    memcpy(left, whole, sizeof left);
    if (!keep_parts(p, before, left)) {
        before = NULL;
        memcpy(left, whole, sizeof left);
    }
    for (size_t i = 0; i < p->n; i++) {
        struct payment *row = &p->row[i];
        if (is_kept(row, before))
            continue;
        parts_share(left, row->amount, row->part);
        for (int k = 0; k < LEVY_PARTS; k++)
            left[k].n -= row->part[k].n;
    }
}

bool payments_has_parts(const struct payments *p, const struct yen part[LEVY_PARTS])
{
    struct yen whole[LEVY_PARTS];
    bool same = true;

    parts_share(part, payments_sum(p), whole);
    for (int k = 0; k < LEVY_PARTS; k++) {
        int64_t sum = 0;
        for (size_t i = 0; i < p->n; i++)
            sum += p->row[i].part[k].n;
        same &= sum == whole[k].n;
    }
    return same;
}

void payments_split_again(struct payments *p, const struct yen part[LEVY_PARTS], struct ymd day)
{
    struct payments passed = {.n = 0};

    for (size_t i = 0; i < p->n; i++) {
        if (ymd_compare(p->row[i].due, day) < 0)
            passed.row[passed.n++] = p->row[i];
    }
    payments_split(p, part, &passed);
}
