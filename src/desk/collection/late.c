/* The walk over the days of a late charge or of interest on a refund. Pure: figures come in terms.
 */
#include "desk/collection/late.h"

/* --- days --------------------------------------------------------------------------------------
 */

struct ymd months_elapsed(struct ymd first, int64_t months)
{
    int y, m, day, last;
    ymd_split(first, &y, &m, &day);
    const struct month end = month_add(month_of(y, m), (int)months);
    ymd_split(month_last(end), &y, &m, &last);
    /* The day before the one of the same number; where there is none, the month's last. */
    return day > last ? month_last(end) : ymd_add(ymd_of(y, m, day), -1);
}

static int year_of(struct ymd d)
{
    int y, m, day;
    ymd_split(d, &y, &m, &day);
    return y;
}

static struct ymd earlier(struct ymd a, struct ymd b)
{
    return ymd_compare(b, a) < 0 ? b : a;
}

/* The earliest of next and candidate that lies behind d. */
static struct ymd cut(struct ymd d, struct ymd next, struct ymd candidate)
{
    return !ymd_is_none(candidate) && ymd_compare(candidate, d) > 0 ? earlier(next, candidate)
                                                                    : next;
}

/* --- one segment -------------------------------------------------------------------------------
 */

static int64_t based_on(const struct late_rule *rule, int64_t yen)
{
    return yen < rule->base_least ? 0 : yen / rule->base_unit * rule->base_unit;
}

static int64_t asked_for(const struct late_rule *rule, int64_t yen)
{
    return yen < rule->least ? 0 : yen / rule->unit * rule->unit;
}

static int too_much(struct context *cx)
{
    return fail(cx, ERR_RANGE, "collection.late.range", NULL);
}

/* rate * base * days / 365, exactly and down to the step. */
static int compute(struct context *cx, const struct late_terms *t, struct late_segment *s)
{
    int64_t product, yen;
    s->days = s->to.day - s->from.day + 1;
    if (__builtin_mul_overflow(s->base.n, s->days, &product) ||
        !ratio_mul(s->rate, ratio_of(product, t->year_days), &s->exact) ||
        !ratio_round(s->exact, ROUND_FLOOR, t->step, &yen)) {
        return too_much(cx);
    }
    s->yen = YEN(yen);
    return OK;
}

static int rate_in(struct context *cx, const struct ratio rates[LATE_YEARS], struct ymd day,
                   struct ratio *out)
{
    const int year = year_of(day);
    const int at = year - LATE_YEAR_FIRST;
    if (at < 0 || at >= LATE_YEARS || rates[at].den == 0) {
        return fail(cx, ERR_NOT_FOUND, "collection.late.no_rate", "%d", year);
    }
    *out = rates[at];
    return OK;
}

struct segments {
    const struct late_segment *rows;
    size_t n;
    enum late_rounding rounding;
};

/* The sum under the rounding in use. */
static int add_up(struct context *cx, const struct late_terms *t, const struct segments *x,
                  struct yen band[LATE_BANDS], struct yen *sum)
{
    struct ratio of_band[LATE_BANDS];
    struct ratio all = ratio_of(0, 1);
    int64_t yen = 0, segments = 0, bands = 0;
    for (int b = 0; b < LATE_BANDS; b++) {
        of_band[b] = ratio_of(0, 1);
    }
    for (size_t i = 0; i < x->n; i++) {
        const struct late_segment *s = &x->rows[i];
        segments += s->yen.n;
        if (!ratio_add(all, s->exact, &all) ||
            !ratio_add(of_band[s->band], s->exact, &of_band[s->band])) {
            return too_much(cx);
        }
    }
    for (int b = 0; b < LATE_BANDS; b++) {
        if (!ratio_round(of_band[b], ROUND_FLOOR, t->step, &yen)) {
            return too_much(cx);
        }
        band[b] = YEN(yen);
        bands += yen;
    }
    if (!ratio_round(all, ROUND_FLOOR, t->step, &yen)) {
        return too_much(cx);
    }
    *sum = YEN(x->rounding == LATE_EACH_SEGMENT ? segments
               : x->rounding == LATE_EACH_BAND  ? bands
                                                : yen);
    return OK;
}

/* --- late charges -------------------------------------------------------------------------------
 */

static int64_t balance_on(const struct late_case *c, struct ymd day)
{
    int64_t balance = c->amount.n;
    for (size_t i = 0; i < c->n_payments; i++) {
        balance -= ymd_compare(c->payments[i].paid, day) < 0 ? c->payments[i].yen.n : 0;
    }
    return balance;
}

static const struct late_relief *relief_on(const struct late_case *c, struct ymd day)
{
    const struct late_relief *found = NULL;
    for (size_t i = 0; i < c->n_reliefs; i++) {
        const struct late_relief *r = &c->reliefs[i];
        const bool holds =
            ymd_compare(r->from, day) <= 0 && (ymd_is_none(r->to) || ymd_compare(day, r->to) < 0);
        if (holds && (!found || r->kind == RELIEF_WAIVED)) {
            found = r;
        }
    }
    return found;
}

/* The first day of the next segment. */
static struct ymd next_cut(const struct late_case *c, struct ymd low_until, struct ymd d)
{
    struct ymd next = earlier(ymd_of(year_of(d) + 1, 1, 1), ymd_add(c->until, 1));
    next = cut(d, next, ymd_add(low_until, 1));
    for (size_t i = 0; i < c->n_payments; i++) {
        next = cut(d, next, ymd_add(c->payments[i].paid, 1));
    }
    for (size_t i = 0; i < c->n_reliefs; i++) {
        next = cut(d, next, c->reliefs[i].from);
        next = cut(d, next, c->reliefs[i].to);
    }
    return next;
}

static int rate_of(struct context *cx, const struct late_terms *t, const struct late_relief *relief,
                   struct late_segment *s)
{
    struct ratio relieved;
    int rc = rate_in(cx, t->rate[s->band], s->from, &s->rate);
    if (rc < 0 || !relief) {
        return rc;
    }
    if (relief->kind == RELIEF_WAIVED) {
        relieved = ratio_of(0, 1);
    } else {
        rc = rate_in(cx, t->rate[LATE_RELIEVED], s->from, &relieved);
    }
    if (rc >= 0 && ratio_compare(relieved, s->rate) < 0) {
        s->rate = relieved;
        s->band = LATE_RELIEVED;
    }
    return rc;
}

static int walk_days(struct context *cx, const struct late_terms *t, const struct late_case *c,
                     struct late_result *out)
{
    struct ymd d = ymd_add(c->due, 1);
    int rc = OK;
    while (rc >= 0 && ymd_compare(d, c->until) <= 0) {
        const int64_t balance = balance_on(c, d);
        const struct ymd next = next_cut(c, out->low_until, d);
        const int64_t base = based_on(&t->late, balance);
        if (balance <= 0) {
            break;
        }
        if (base > 0) {
            struct late_segment *s = &out->rows[out->n++];
            *s = (struct late_segment){.from = d,
                                       .to = ymd_add(next, -1),
                                       .balance = YEN(balance),
                                       .base = YEN(base),
                                       .band = ymd_compare(d, out->low_until) <= 0 ? LATE_LOW
                                                                                   : LATE_HIGH};
            rc = rate_of(cx, t, relief_on(c, d), s);
            rc = rc < 0 ? rc : compute(cx, t, s);
        }
        d = next;
    }
    return rc;
}

static enum late_outcome outcome_of(const struct late_terms *t, const struct late_result *r)
{
    bool is_waived = r->n > 0;
    for (size_t i = 0; i < r->n; i++) {
        is_waived = is_waived && r->rows[i].rate.num == 0;
    }
    if (r->n == 0) {
        return LATE_SMALL_BASE;
    }
    return is_waived ? LATE_WAIVED : r->sum.n < t->late.least ? LATE_SMALL : LATE_CHARGED;
}

int late_walk(struct context *cx, const struct late_terms *t, const struct late_case *c,
              struct late_result *out)
{
    *out = (struct late_result){.rounding = t->rounding, .terms = t, .outcome = LATE_IN_TIME};
    out->low_until = months_elapsed(ymd_add(c->due, 1), t->months);
    if (!t->is_charged) {
        out->outcome = LATE_NOT_LEVIED;
        return OK;
    }
    if (ymd_compare(c->until, c->due) <= 0 || balance_on(c, ymd_add(c->due, 1)) <= 0) {
        return OK;
    }
    const size_t years = (size_t)(year_of(c->until) - year_of(c->due)) + 1;
    const size_t room = years + 2 + c->n_payments + 2 * c->n_reliefs;
    out->rows = ARENA_ARRAY(cx->arena, room, struct late_segment);
    int rc = out->rows ? walk_days(cx, t, c, out) : fail(cx, ERR_MEMORY, "memory", NULL);
    const struct segments all = {out->rows, out->n, t->rounding};
    rc = rc < 0 ? rc : add_up(cx, t, &all, out->band, &out->sum);
    if (rc >= 0) {
        out->outcome = outcome_of(t, out);
        out->charge = YEN(asked_for(&t->late, out->sum.n));
    }
    return rc;
}

const char *late_outcome_message(enum late_outcome outcome)
{
    static const char *const ids[] = {"collection.late.0", "collection.late.1", "collection.late.2",
                                      "collection.late.3", "collection.late.4", "collection.late.5",
                                      "collection.late.6"};
    return ids[outcome];
}

const char *late_band_message(enum late_band band)
{
    static const char *const ids[LATE_BANDS] = {"collection.late_band.0", "collection.late_band.1",
                                                "collection.late_band.2"};
    return ids[band];
}

/* --- interest on refunds ------------------------------------------------------------------------
 */

static int cause_index(const struct refund_case *c)
{
    const bool is_tax = str_is(c->kind, "nhi_tax");
    switch (c->cause) {
    case REFUND_INCOME_TAX:
        return is_tax ? 3 : 0; /* a fee knows no third number: it is a reduction */
    case REFUND_ERRONEOUS:
        return is_tax ? 4 : 1;
    case REFUND_REDUCED:
        break;
    }
    return is_tax ? 2 : 0;
}

/* The day after the months that begin the day after `from`. */
static struct ymd after_months(const struct late_terms *t, struct ymd from)
{
    return ymd_add(months_elapsed(ymd_add(from, 1), t->start_months), 1);
}

static int start_of(struct context *cx, const struct late_terms *t, const struct refund_case *c,
                    struct refund_result *out)
{
    out->rule = t->start[cause_index(c)];
    out->start = ymd_add(c->paid, 1);
    if (out->rule == START_MONTH_PAID) {
        out->start = after_months(t, c->paid);
    }
    if (out->rule == START_MONTH_TOLD) {
        if (ymd_is_none(c->told)) {
            return fail(cx, ERR_INVALID, "collection.refund.told", NULL);
        }
        /* never before it was paid */
        const struct ymd told = after_months(t, c->told);
        out->start = ymd_compare(told, out->start) > 0 ? told : out->start;
    }
    return OK;
}

int refund_walk(struct context *cx, const struct late_terms *t, const struct refund_case *c,
                struct refund_result *out)
{
    struct yen band[LATE_BANDS];
    const int64_t base = based_on(&t->refund, c->amount.n);
    *out = (struct refund_result){.outcome = LATE_IN_TIME};
    int rc = start_of(cx, t, c, out);
    if (rc < 0 || ymd_compare(out->start, c->until) > 0) {
        return rc;
    }
    if (base == 0) {
        out->outcome = LATE_SMALL_BASE;
        return OK;
    }
    const size_t room = (size_t)(year_of(c->until) - year_of(out->start)) + 1;
    out->rows = ARENA_ARRAY(cx->arena, room, struct late_segment);
    if (!out->rows) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (struct ymd d = out->start; rc >= 0 && ymd_compare(d, c->until) <= 0;) {
        const struct ymd next = earlier(ymd_of(year_of(d) + 1, 1, 1), ymd_add(c->until, 1));
        struct late_segment *s = &out->rows[out->n++];
        *s = (struct late_segment){.from = d,
                                   .to = ymd_add(next, -1),
                                   .balance = c->amount,
                                   .base = YEN(base)};
        rc = rate_in(cx, t->refund_rate, d, &s->rate);
        rc = rc < 0 ? rc : compute(cx, t, s);
        d = next;
    }
    const struct segments all = {out->rows, out->n, t->refund_rounding};
    rc = rc < 0 ? rc : add_up(cx, t, &all, band, &out->sum);
    if (rc >= 0) {
        out->interest = YEN(asked_for(&t->refund, out->sum.n));
        out->outcome = out->interest.n > 0 ? LATE_CHARGED : LATE_SMALL;
    }
    return rc;
}
