/* Rates of a rule set as numbers, put in proportion, scaled, and written as settings again. */
#include "desk/levy/rates.h"

#include <string.h>

static const char *const lever_words[RATE_LEVERS] = {"所得割率", "均等割", "平等割"};
static const char asset_word[] = "資産割率";
static const char adult_word[] = "十八歳以上均等割";

static struct str rate_name(struct work *w, int part, int lever)
{
    return str_format(w->cx.arena, STR_FMT ".%s", STR_ARG(levy_part_word(part)),
                      lever_words[lever]);
}

/* -1 when the ordinance has none: not every part has every rate. */
static int read_one(struct work *w, const struct ruleset *rules, int fiscal_year, struct str name,
                    int64_t *out)
{
    struct law_value v;
    *out = -1;
    int rc = name.p ? ruleset_value(&w->cx, rules, fiscal_year, name, &v)
                    : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0 || v.none) {
        return rc;
    }
    const int64_t unit = v.type == LAW_RATIO ? RATE_ONE : 1;
    return muldiv(v.num, unit, v.den, ROUND_FLOOR, out)
               ? 0
               : fail(&w->cx, ERR_RANGE, "levy.solve.rate", STR_FMT, STR_ARG(name));
}

int rates_read(struct work *w, const struct ruleset *rules, int fiscal_year, struct rates *out)
{
    int rc = 0;
    for (int k = 0; k < LEVY_PARTS && rc >= 0; k++) {
        for (int l = 0; l < RATE_LEVERS && rc >= 0; l++) {
            rc = read_one(w, rules, fiscal_year, rate_name(w, k, l), &out->value[k][l]);
        }
    }
    return rc < 0 ? rc : read_one(w, rules, fiscal_year, STR("十八歳以上均等割"), &out->adult);
}

int levy_has_asset(struct work *w, int fiscal_year, bool *out)
{
    const struct ruleset *rules;
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    *out = false;
    if (rc == ERR_NOT_FOUND) {
        error_clear(&w->cx);
        return 0;
    }
    for (int k = 0; k < LEVY_PARTS && rc >= 0 && !*out; k++) {
        int64_t rate = -1;
        rc =
            read_one(w, rules, fiscal_year,
                     str_format(w->cx.arena, STR_FMT ".%s", STR_ARG(levy_part_word(k)), asset_word),
                     &rate);
        *out = rate > 0;
    }
    if (rc == ERR_NOT_FOUND) { /* a rate there is, and the ordinance has yet to say it */
        error_clear(&w->cx);
        *out = true;
        return 0;
    }
    return rc < 0 ? rc : 0;
}

/* --- words -------------------------------------------------------------------------------------
 */

/* 94200 is 9.42; 100000 is 10. */
static void put_percent(struct text *t, int64_t millionths)
{
    int64_t rest = millionths % 10000;
    int digits = 4;
    (void)text_addf(t, "%lld", (long long)(millionths / 10000));
    if (rest == 0) {
        return;
    }
    while (rest % 10 == 0) {
        rest /= 10;
        digits--;
    }
    (void)text_addf(t, ".%0*lld", digits, (long long)rest);
}

int rates_words(struct work *w, const struct rates *r, struct str *out)
{
    struct text t;
    text_init(&t, 4096);
    for (int k = 0; k < LEVY_PARTS; k++) {
        for (int l = 0; l < RATE_LEVERS; l++) {
            const int64_t value = r->value[k][l];
            if (value < 0) {
                continue;
            }
            (void)text_addf(&t, "%s" STR_FMT ".%s=", t.n ? " " : "", STR_ARG(levy_part_word(k)),
                            lever_words[l]);
            if (l == RATE_INCOME) {
                put_percent(&t, value);
            } else {
                (void)text_addf(&t, "%lld", (long long)value);
            }
        }
    }
    if (r->adult >= 0) {
        (void)text_addf(&t, " %s=%lld", adult_word, (long long)r->adult);
    }
    *out = str_copy(w->cx.arena, text_str(&t));
    const bool failed = t.failed || !out->p;
    text_release(&t);
    return failed ? fail(&w->cx, ERR_MEMORY, "memory", NULL) : 0;
}

/* --- scaling -----------------------------------------------------------------------------------
 */

static int64_t nearest(int64_t value, int64_t scale, int64_t one, int64_t unit)
{
    int64_t units = 0;
    if (!muldiv(value, scale, one * unit, ROUND_HALF_UP, &units)) {
        return INT64_MAX / 4; /* beyond every levy: the city's totals stop growing long before */
    }
    return units * unit;
}

void rates_scaled(const struct rates *start, const struct solve_request *rq,
                  const int64_t scale[LEVY_PARTS], struct rates *out)
{
    *out = *start;
    for (int k = 0; k < LEVY_PARTS; k++) {
        for (int l = 0; l < RATE_LEVERS && rq->part[k]; l++) {
            if (rq->moves[l] && start->value[k][l] >= 0) {
                out->value[k][l] = nearest(start->value[k][l], scale[k], RATE_ONE,
                                           l == RATE_INCOME ? rq->rate_unit : rq->yen_unit);
            }
        }
    }
    const int64_t person = start->value[PART_CHILD][RATE_PERSON];
    if (rq->part[PART_CHILD] && rq->moves[RATE_PERSON] && start->adult >= 0 && person > 0) {
        out->adult = nearest(start->adult, out->value[PART_CHILD][RATE_PERSON], person, 1);
    }
}

bool rates_equal_in(const struct rates *a, const struct rates *b, int part)
{
    if (part < 0) {
        return memcmp(a, b, sizeof *a) == 0;
    }
    return memcmp(a->value[part], b->value[part], sizeof a->value[part]) == 0 &&
           (part != PART_CHILD || a->adult == b->adult);
}

/* --- shares ------------------------------------------------------------------------------------
 */

static const char *const basis_words[RATE_LEVERS] = {"試算の所得", "試算の人月", "試算の世帯月"};

struct basis_run {
    struct evaluation *e;
    int result[LEVY_PARTS][RATE_LEVERS];
};

static int basis_block(struct context *cx, struct basis_run *b, size_t at, size_t n,
                       struct rate_basis *out)
{
    struct law_failure failure;
    int rc = evaluate(cx, b->e, (int)at, (int)n);
    for (size_t i = at; i < at + n && rc >= 0; i++) { /* rows are counted over all facts */
        if (evaluation_failed(b->e, (int)i, &failure)) {
            continue;
        }
        for (int k = 0; k < LEVY_PARTS; k++) {
            const int *of = b->result[k];
            out->income_yen[k] += evaluation_value(b->e, of[RATE_INCOME], (int)i);
            out->person_months[k] += evaluation_value(b->e, of[RATE_PERSON], (int)i);
            out->household_months[k] += evaluation_value(b->e, of[RATE_HOUSEHOLD], (int)i);
        }
    }
    return rc;
}

static int basis_city(struct work *w, const struct population *p, const struct plan *plan,
                      struct assessor *owner, struct rate_basis *out)
{
    struct basis_run b = {0};
    int rc = p->units.n ? assessor_fill(&w->cx, owner, p, 0, p->units.n) : 0;
    rc = rc < 0 ? rc : evaluation_new(&w->cx, plan, owner->facts, &b.e);
    for (int k = 0; k < LEVY_PARTS && rc >= 0; k++) {
        for (int l = 0; l < RATE_LEVERS && rc >= 0; l++) {
            rc = plan_result(&w->cx, plan,
                             str_format(w->cx.arena, STR_FMT ".%s", STR_ARG(levy_part_word(k)),
                                        basis_words[l]));
            b.result[k][l] = rc;
        }
    }
    for (size_t at = 0; at < p->units.n && rc >= 0; at += LAW_BLOCK) {
        rc = basis_block(&w->cx, &b, at, p->units.n - at < LAW_BLOCK ? p->units.n - at : LAW_BLOCK,
                         out);
    }
    evaluation_release(b.e);
    return rc;
}

/* The rules with three definitions more that say what the rates are put on. */
static int basis_plan(struct work *w, const struct ruleset *rules, int fiscal_year,
                      const struct plan **out)
{
    extern const unsigned char levy_basis_rule[];
    extern const size_t levy_basis_rule_size;
    struct ruleset *more = NULL;
    struct plan *plan = NULL;
    struct str wanted[LEVY_PARTS * RATE_LEVERS];
    for (int i = 0; i < LEVY_PARTS * RATE_LEVERS; i++) {
        wanted[i] = str_format(w->cx.arena, STR_FMT ".%s", STR_ARG(levy_part_word(i / RATE_LEVERS)),
                               basis_words[i % RATE_LEVERS]);
    }
    const struct plan_request rq = {.fiscal_year = fiscal_year,
                                    .wanted = wanted,
                                    .n_wanted = LEVY_PARTS * RATE_LEVERS};
    int rc =
        ruleset_with_text(&w->cx, rules,
                          (struct rule_text){STR("basis.rule"),
                                             {(const char *)levy_basis_rule, levy_basis_rule_size}},
                          &more);
    rc = rc < 0 ? rc : plan_new(&w->cx, more, &rq, &plan);
    *out = plan;
    return rc;
}

int rate_basis_of(struct work *w, const struct population *p, const struct ruleset *rules,
                  struct rate_basis *out)
{
    const struct plan *levy;
    const struct plan *plan;
    struct assessor owner;
    *out = (struct rate_basis){0};
    int rc = levy_plan(w, rules, p->fiscal_year, &levy);
    rc = rc < 0 ? rc : basis_plan(w, rules, p->fiscal_year, &plan);
    rc = rc < 0 ? rc : assessor_init(&w->cx, &owner, levy);
    if (rc < 0) {
        return rc;
    }
    rc = basis_city(w, p, plan, &owner, out);
    assessor_release(&owner);
    return rc < 0 ? rc : 0;
}

/* Yen that one lever levies in a year; den: what a basis is counted in. */
static int64_t lever_basis(const struct rate_basis *b, int part, int lever, int64_t *den)
{
    *den = lever == RATE_INCOME ? RATE_ONE : lever == RATE_PERSON ? 12 : 1200;
    return lever == RATE_INCOME   ? b->income_yen[part]
           : lever == RATE_PERSON ? b->person_months[part]
                                  : b->household_months[part];
}

static int64_t lever_gross(const struct rate_basis *b, const struct solve_request *rq, int part,
                           int lever, const struct rates *r)
{
    int64_t den = 1;
    int64_t yen = 0;
    const int64_t basis = lever_basis(b, part, lever, &den);
    if (!rq->moves[lever] || r->value[part][lever] < 0 ||
        !muldiv(r->value[part][lever], basis, den, ROUND_FLOOR, &yen)) {
        return 0;
    }
    return yen;
}

/* A share for an amount the part does not have goes to the other one by heads. A share of the
 * household below 0: what is not by income is split as now. */
static void shares_of(const struct solve_request *rq, const struct rates *r, int part,
                      const int64_t gross[RATE_LEVERS], int64_t share[RATE_LEVERS])
{
    static const int other[RATE_LEVERS] = {RATE_INCOME, RATE_HOUSEHOLD, RATE_PERSON};
    const int64_t heads = gross[RATE_PERSON] + gross[RATE_HOUSEHOLD];
    int64_t wanted[RATE_LEVERS] = {rq->share[RATE_INCOME], rq->share[RATE_PERSON],
                                   rq->share[RATE_HOUSEHOLD]};
    if (wanted[RATE_HOUSEHOLD] < 0) {
        wanted[RATE_HOUSEHOLD] = heads ? wanted[RATE_PERSON] * gross[RATE_HOUSEHOLD] : 0;
        wanted[RATE_PERSON] *= heads ? gross[RATE_PERSON] : 1;
        wanted[RATE_INCOME] *= heads ? heads : 1;
    }
    for (int l = 0; l < RATE_LEVERS; l++) {
        share[l] = 0;
    }
    for (int l = 0; l < RATE_LEVERS; l++) {
        const int to = r->value[part][l] >= 0 && rq->moves[l] ? l : other[l];
        if (rq->moves[to] && r->value[part][to] >= 0) {
            share[to] += wanted[l];
        }
    }
}

static int share_part(struct work *w, const struct rate_basis *b, const struct solve_request *rq,
                      int part, struct rates *r)
{
    int64_t gross[RATE_LEVERS];
    int64_t share[RATE_LEVERS];
    int64_t sum = 0;
    int64_t all = 0;
    for (int l = 0; l < RATE_LEVERS; l++) {
        sum += gross[l] = lever_gross(b, rq, part, l, r);
    }
    shares_of(rq, r, part, gross, share);
    for (int l = 0; l < RATE_LEVERS; l++) {
        all += share[l];
    }
    for (int l = 0; l < RATE_LEVERS && all > 0; l++) {
        int64_t yen = 0;
        int64_t den = 1;
        const int64_t basis = lever_basis(b, part, l, &den);
        if (!rq->moves[l] || r->value[part][l] < 0) {
            continue;
        }
        if (basis <= 0 || !muldiv(sum, share[l], all, ROUND_FLOOR, &yen) ||
            !muldiv(yen, den, basis, ROUND_FLOOR, &r->value[part][l])) {
            return fail(&w->cx, ERR_RANGE, "levy.solve.basis", STR_FMT,
                        STR_ARG(levy_part_word(part)));
        }
    }
    return 0;
}

int rates_shared(struct work *w, const struct rate_basis *b, const struct solve_request *rq,
                 struct rates *r)
{
    const int64_t person = r->value[PART_CHILD][RATE_PERSON];
    int rc = 0;
    for (int k = 0; k < LEVY_PARTS && rc >= 0; k++) {
        rc = rq->part[k] ? share_part(w, b, rq, k, r) : 0;
    }
    if (r->adult >= 0 && person > 0 && r->value[PART_CHILD][RATE_PERSON] >= 0) {
        (void)muldiv(r->adult, r->value[PART_CHILD][RATE_PERSON], person, ROUND_HALF_UP, &r->adult);
    }
    return rc;
}
