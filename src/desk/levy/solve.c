/* Rates that reach a total: one scale for each target, found between two steps that lie beside. */
#include "desk/levy/rates.h"

#include <string.h>

#define SCALE_TOP  (16 * RATE_ONE) /* nobody looks for more than sixteen times the rates */
#define POINTS_MAX 6               /* scales tried in one sweep */

struct search {
    int part; /* -1: all of them share the scale */
    int64_t target;
    int64_t low, high; /* total at low <= target < total at high */
    int64_t low_yen, high_yen;
};
struct hunt {
    struct work *w;
    const struct solve_request *rq;
    const struct ruleset *rules;
    struct rates now, start;
    struct population city;
    struct search search[LEVY_PARTS];
    size_t n;
    int64_t evaluations;
};

/* --- the city under some rates -----------------------------------------------------------------
 */

static int plan_of_rates(struct hunt *h, const struct rates *r, const struct plan **out)
{
    struct work *w = h->w;
    struct rule_setting rows[LEVY_PARTS * RATE_LEVERS + 1];
    struct ruleset *made = NULL;
    struct str words;
    size_t n = 0;
    int rc = rates_words(w, r, &words);
    while (rc >= 0 && words.n > 0) {
        rc = rule_setting_parse(&w->cx, str_cut(&words, ' '), &rows[n++]);
    }
    rc = rc < 0 ? rc : ruleset_override(&w->cx, h->rules, rows, n, &made);
    return rc < 0 ? rc : levy_plan(w, made, h->rq->fiscal_year, out);
}

/* Nothing of it stays in the arena: a hunt sweeps the city many times. */
static int sweep_rates(struct hunt *h, const struct rates *rates, size_t n,
                       struct levy_figures *out)
{
    struct context *cx = &h->w->cx;
    const struct plan *plans[POINTS_MAX];
    const size_t units = h->city.units.n;
    const struct arena_mark mark = arena_mark(cx->arena);
    struct swept *rows = memory_alloc(units * n * sizeof *rows + 1);
    int rc = rows ? 0 : fail(cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = plan_of_rates(h, &rates[i], &plans[i]);
    }
    rc = rc < 0 ? rc : sweep_city(h->w, &h->city, plans, n, rows);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        sweep_figures(&h->city, rows + i * units, NULL, &out[i]);
    }
    memory_free(rows);
    if (rc >= 0) {
        arena_rewind(cx->arena, mark);
        h->evaluations += (int64_t)n;
    }
    return rc;
}

static int64_t figure_of(const struct levy_figures *f, int part)
{
    return part < 0 ? f->total_yen : f->part_yen[part];
}

/* --- where a scale changes nothing -------------------------------------------------------------
 */

static void rates_at(const struct hunt *h, const struct search *s, int64_t scale, struct rates *out)
{
    int64_t scales[LEVY_PARTS];
    for (int k = 0; k < LEVY_PARTS; k++) {
        scales[k] = s->part < 0 || s->part == k ? scale : RATE_ONE;
    }
    rates_scaled(&h->start, h->rq, scales, out);
}

/* The scale farthest from `from`, towards `limit` and not beyond, that gives the same rates. */
static int64_t farthest_same(const struct hunt *h, const struct search *s, int64_t from,
                             int64_t limit)
{
    struct rates here;
    struct rates there;
    rates_at(h, s, from, &here);
    int64_t same = from;
    int64_t other = limit;
    rates_at(h, s, limit, &there);
    if (rates_equal_in(&here, &there, s->part)) {
        return limit;
    }
    while (other - same > 1 || same - other > 1) {
        const int64_t middle = same + (other - same) / 2;
        rates_at(h, s, middle, &there);
        if (rates_equal_in(&here, &there, s->part)) {
            same = middle;
        } else {
            other = middle;
        }
    }
    return same;
}

static void settle(const struct hunt *h, struct search *s)
{
    s->low = farthest_same(h, s, s->low, s->high);
    s->high = farthest_same(h, s, s->high, s->low);
}

static bool is_found(const struct search *s)
{
    return s->high - s->low <= 1;
}

/* --- narrowing ---------------------------------------------------------------------------------
 */

/* Around where a straight line between the two ends meets the target, and the middle. */
static void points_of(const struct search *s, int64_t points[POINTS_MAX])
{
    const int64_t step = (s->high - s->low) / 64 + 1;
    int64_t more = 0;
    if (!muldiv(s->high - s->low, s->target - s->low_yen, s->high_yen - s->low_yen, ROUND_FLOOR,
                &more)) {
        more = (s->high - s->low) / 2;
    }
    const int64_t guess = s->low + more;
    const int64_t wanted[POINTS_MAX] = {
        guess - 8 * step, guess - step,     guess,
        guess + step,     guess + 8 * step, s->low + (s->high - s->low) / 2};
    for (int i = 0; i < POINTS_MAX; i++) {
        points[i] = wanted[i] <= s->low    ? s->low + 1
                    : wanted[i] >= s->high ? s->high - 1
                                           : wanted[i];
    }
}

static void learn(struct search *s, int64_t scale, int64_t yen)
{
    if (yen <= s->target && scale > s->low) {
        s->low = scale;
        s->low_yen = yen;
    } else if (yen > s->target && scale < s->high) {
        s->high = scale;
        s->high_yen = yen;
    }
}

/* points[search][point]; every search has its own parts, so one sweep serves them all. */
static int try_points(struct hunt *h, int64_t points[LEVY_PARTS][POINTS_MAX], size_t n,
                      struct levy_figures *figures)
{
    struct rates rates[POINTS_MAX];
    for (size_t i = 0; i < n; i++) {
        int64_t scales[LEVY_PARTS];
        for (int k = 0; k < LEVY_PARTS; k++) {
            scales[k] = RATE_ONE;
            for (size_t g = 0; g < h->n; g++) {
                if (h->search[g].part < 0 || h->search[g].part == k) {
                    scales[k] = points[g][i];
                }
            }
        }
        rates_scaled(&h->start, h->rq, scales, &rates[i]);
    }
    return sweep_rates(h, rates, n, figures);
}

static int bracket(struct hunt *h)
{
    enum { ENDS = 3 };
    static const int64_t at[ENDS] = {0, RATE_ONE, SCALE_TOP};
    int64_t points[LEVY_PARTS][POINTS_MAX];
    struct levy_figures figures[ENDS];
    for (size_t g = 0; g < h->n; g++) {
        memcpy(points[g], at, sizeof at);
    }
    int rc = try_points(h, points, ENDS, figures);
    for (size_t g = 0; g < h->n && rc >= 0; g++) {
        struct search *s = &h->search[g];
        s->low = 0;
        s->high = SCALE_TOP;
        s->low_yen = figure_of(&figures[0], s->part);
        s->high_yen = figure_of(&figures[2], s->part);
        if (s->low_yen > s->target || s->high_yen <= s->target) {
            return fail(&h->w->cx, ERR_RANGE, "levy.solve.reach", STR_FMT " %lld..%lld",
                        STR_ARG(s->part < 0 ? levy_total_word() : levy_part_word(s->part)),
                        (long long)s->low_yen, (long long)s->high_yen);
        }
        learn(s, RATE_ONE, figure_of(&figures[1], s->part));
        settle(h, s);
    }
    return rc;
}

static bool all_found(const struct hunt *h)
{
    for (size_t g = 0; g < h->n; g++) {
        if (!is_found(&h->search[g])) {
            return false;
        }
    }
    return true;
}

static int narrow(struct hunt *h)
{
    int rc = bracket(h);
    while (rc >= 0 && !all_found(h)) {
        int64_t points[LEVY_PARTS][POINTS_MAX];
        struct levy_figures figures[POINTS_MAX];
        for (size_t g = 0; g < h->n; g++) {
            points_of(&h->search[g], points[g]);
        }
        rc = try_points(h, points, POINTS_MAX, figures);
        for (size_t g = 0; g < h->n && rc >= 0; g++) {
            struct search *s = &h->search[g];
            const bool found = is_found(s);
            for (int i = 0; i < POINTS_MAX && !found; i++) {
                learn(s, points[g][i], figure_of(&figures[i], s->part));
            }
            settle(h, s);
        }
    }
    return rc;
}

/* --- what was found ----------------------------------------------------------------------------
 */

static int64_t scale_found(const struct search *s, int kind)
{
    const int64_t below = s->target - s->low_yen;
    const int64_t above = s->high_yen - s->target;
    const bool is_low =
        kind == SOLVE_BELOW || below == 0 || (kind == SOLVE_NEAREST && below <= above);
    return is_low ? s->low : s->high;
}

static void rates_found(const struct hunt *h, int kind, struct rates *out)
{
    int64_t scales[LEVY_PARTS];
    *out = h->now;
    if (kind == SOLVE_NOW) {
        return;
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        scales[k] = RATE_ONE;
        for (size_t g = 0; g < h->n; g++) {
            const struct search *s = &h->search[g];
            if (s->part < 0 || s->part == k) {
                scales[k] = scale_found(s, kind);
            }
        }
    }
    rates_scaled(&h->start, h->rq, scales, out);
}

static int tell(struct hunt *h, struct solved *out)
{
    struct rates rates[SOLVE_STEPS];
    struct levy_figures figures[SOLVE_STEPS];
    for (int i = 0; i < SOLVE_STEPS; i++) {
        rates_found(h, i, &rates[i]);
    }
    int rc = sweep_rates(h, rates, SOLVE_STEPS, figures);
    for (int i = 0; i < SOLVE_STEPS && rc >= 0; i++) {
        out->step[i].rates = rates[i];
        out->step[i].figures = figures[i];
        rc = rates_words(h->w, &rates[i], &out->step[i].settings);
    }
    out->evaluations = h->evaluations;
    return rc;
}

static void searches_of(struct hunt *h)
{
    const struct solve_request *rq = h->rq;
    if (!rq->by_part) {
        h->search[h->n++] = (struct search){.part = -1, .target = rq->target_yen[0]};
        return;
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        if (rq->part[k]) {
            h->search[h->n++] = (struct search){.part = k, .target = rq->target_yen[k]};
        }
    }
}

static int hunt_city(struct hunt *h, struct solved *out)
{
    struct rate_basis basis;
    int rc = 0;
    if (h->rq->share[RATE_INCOME] || h->rq->share[RATE_PERSON]) {
        rc = rate_basis_of(h->w, &h->city, h->rules, &basis);
        rc = rc < 0 ? rc : rates_shared(h->w, &basis, h->rq, &h->start);
    }
    rc = rc < 0 ? rc : narrow(h);
    return rc < 0 ? rc : tell(h, out);
}

int levy_solve(struct work *w, const struct solve_request *rq, struct solved *out)
{
    struct hunt h = {.w = w, .rq = rq};
    bool warm;
    *out = (struct solved){0};
    int rc = levy_rules(w, KNOWN_NOW, &h.rules);
    rc = rc < 0 ? rc : rates_read(w, h.rules, rq->fiscal_year, &h.now);
    rc = rc < 0 ? rc : population_of_city(w, rq->fiscal_year, &h.city, &warm);
    if (rc < 0) {
        return rc;
    }
    h.start = h.now;
    searches_of(&h);
    rc = hunt_city(&h, out);
    population_release(&h.city);
    return rc < 0 ? rc : 0;
}

int64_t levy_solve_miss(const struct solve_request *rq, const struct solve_step *s, int part)
{
    if (!rq->by_part) {
        return part < 0 ? s->figures.total_yen - rq->target_yen[0] : 0;
    }
    if (part >= 0) {
        return rq->part[part] ? s->figures.part_yen[part] - rq->target_yen[part] : 0;
    }
    int64_t sum = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        sum += rq->part[k] ? s->figures.part_yen[k] - rq->target_yen[k] : 0;
    }
    return sum;
}
