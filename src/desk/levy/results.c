/* The results of the whole city as a file, and two such files against each other. */
#include "desk/levy/assess.h"
#include "exchange/exchange.h"
#include "levy_sql.h"

#include <stdio.h>

#define RESULTS_MAX  96
#define DIGEST_SHOWN 32 /* of the 64 characters of a digest */

/* --- writing -----------------------------------------------------------------------------------
 */

struct writing {
    struct work *w;
    const struct population *city;
    struct assessor assessor;
    const struct result_info *info;
    int shown[RESULTS_MAX]; /* positions of the household's own results */
    size_t n;
    struct assessment *block;
    struct text vectors;
    struct text *out;
    struct str *household_no, *person_no;
};

static int choose(struct writing *x)
{
    const size_t all = plan_results(x->assessor.plan, &x->info);
    for (size_t i = 0; i < all && x->n < RESULTS_MAX; i++) {
        if (x->info[i].scope == LAW_ROOT_SCOPE) {
            x->shown[x->n++] = (int)i;
        }
    }
    return x->n ? 0 : fail(&x->w->cx, ERR_INVALID, "levy.results.none", NULL);
}

static void put_header(struct writing *x)
{
    static const char *const first[] = {"household_no", "person_no", "from", "digest"};
    for (size_t i = 0; i < sizeof first / sizeof *first; i++) {
        csv_add(x->out, str_of(first[i]));
    }
    for (size_t i = 0; i < x->n; i++) {
        csv_add(x->out, x->info[x->shown[i]].name);
    }
    csv_end(x->out);
}

static void put_value(struct writing *x, int result, size_t row)
{
    char word[48];
    const int64_t num = evaluation_value(x->assessor.evaluation, result, (int)row);
    const int64_t den = x->info[result].den;
    if (den == 1) {
        snprintf(word, sizeof word, "%lld", (long long)num);
    } else {
        snprintf(word, sizeof word, "%lld/%lld", (long long)num, (long long)den);
    }
    csv_add(x->out, str_of(word));
}

static void put_unit(struct writing *x, size_t row, const struct assessment *a)
{
    const struct unit *u = &UNITS(x->city)[row];
    char word[65] = "";
    char day[11] = "";
    ymd_format((struct ymd){u->from_day}, day);
    if (!a->failed) {
        sha256_hex((struct str){text_str(&x->vectors).p + a->explained_at, a->explained_n}, word);
    }
    csv_add(x->out, x->household_no[row].p ? x->household_no[row] : STR(""));
    csv_add(x->out, x->person_no[row].p ? x->person_no[row] : STR(""));
    csv_add(x->out, str_of(day));
    csv_add(x->out, (struct str){word, a->failed ? 0 : DIGEST_SHOWN});
    for (size_t i = 0; i < x->n; i++) {
        if (a->failed) {
            csv_add(x->out, STR("-"));
        } else {
            put_value(x, x->shown[i], row);
        }
    }
    csv_end(x->out);
}

static int put_blocks(struct writing *x)
{
    struct context *cx = &x->w->cx;
    const size_t n = x->city->units.n;
    int rc = 0;
    for (size_t at = 0; at < n && rc >= 0; at += LAW_BLOCK) {
        const size_t count = n - at < LAW_BLOCK ? n - at : LAW_BLOCK;
        text_clear(&x->vectors);
        rc = assessor_run(cx, &x->assessor, at, count, x->block, &x->vectors);
        for (size_t i = 0; i < count && rc >= 0; i++) {
            put_unit(x, at + i, &x->block[i]);
        }
    }
    return rc >= 0 && x->out->failed ? fail(cx, ERR_LIMIT, "levy.results.size", NULL) : rc;
}

static struct str number_of(const struct levy_person_numbers_list *list, int64_t person_id)
{
    size_t low = 0;
    size_t high = list->n;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (list->rows[middle].person_id == person_id) {
            return list->rows[middle].person_no;
        }
        if (list->rows[middle].person_id < person_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return STR("");
}

/* Numbers people know, of every unit. */
static int read_numbers(struct writing *x)
{
    struct work *w = x->w;
    const size_t n = x->city->units.n;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    x->household_no = ARENA_ARRAY(w->cx.arena, n + 1, struct str);
    x->person_no = ARENA_ARRAY(w->cx.arena, n + 1, struct str);
    if (!ids || !x->household_no || !x->person_no) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = UNITS(x->city)[i].household_id;
    }
    int rc = levy_household_nos(w, ids, n, x->household_no);
    for (size_t i = 0; i < n; i++) {
        ids[i] = UNITS(x->city)[i].debtor_id;
    }
    for (size_t at = 0; at < n && rc >= 0; at += LAW_BLOCK) {
        const size_t count = n - at < LAW_BLOCK ? n - at : LAW_BLOCK;
        const struct levy_person_numbers_in in = {.person_ids = {ids + at, count}};
        struct levy_person_numbers_list list;
        rc = levy_person_numbers(&w->cx, w->store, &in, &list);
        for (size_t i = at; i < at + count && rc >= 0; i++) {
            x->person_no[i] = number_of(&list, ids[i]);
        }
    }
    return rc;
}

static int write_city(struct writing *x, const struct plan *plan)
{
    struct context *cx = &x->w->cx;
    int rc = assessor_init(cx, &x->assessor, plan);
    if (rc < 0) {
        return rc;
    }
    rc = choose(x);
    rc = rc < 0 ? rc : read_numbers(x);
    x->block = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct assessment);
    rc = rc < 0 || x->block ? rc : fail(cx, ERR_MEMORY, "memory", NULL);
    if (rc >= 0) {
        put_header(x);
        rc = x->city->units.n ? assessor_fill(cx, &x->assessor, x->city, 0, x->city->units.n) : 0;
    }
    rc = rc < 0 ? rc : put_blocks(x);
    assessor_release(&x->assessor);
    return rc;
}

int levy_results(struct work *w, int fiscal_year, struct str rules, struct text *out, int64_t *rows)
{
    const struct ruleset *set;
    const struct plan *plan;
    struct population city;
    struct writing x = {.w = w, .city = &city, .out = out};
    bool warm;
    int rc = work_need(w, RIGHT_SIMULATE);
    rc = rc < 0 ? rc : levy_rules_named(w, rules, &set);
    rc = rc < 0 ? rc : levy_plan(w, set, fiscal_year, &plan);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("levy.results"),
                                                      .query = rules.n ? rules : STR("adopted")});
    rc = rc < 0 ? rc : population_of_city(w, fiscal_year, &city, &warm);
    if (rc < 0) {
        return rc;
    }
    *rows = (int64_t)city.units.n;
    text_init(&x.vectors, (size_t)64 << 20);
    rc = write_city(&x, plan);
    text_release(&x.vectors);
    population_release(&city);
    rc = rc < 0 ? rc : audit_outcome(w, OK, *rows);
    return rc < 0 ? error_add(&w->cx, "write the results of the city") : 0;
}
