/* The whole city: its facts, cached until the next event, and figures under any rule sets. */
#include "desk/levy/sweep.h"

#include <sys/stat.h>

#define CITY_CHUNK 20000

static struct str cache_path(struct work *w, int fiscal_year)
{
    const char *city = office_city_path(w->office);
    return city ? str_format(w->cx.arena, "%s/cache/levy-%d.population", city, fiscal_year)
                : STR_NONE;
}

/* The city is looked at as it will be at the year's end: the cache knows no other day. */
static struct ymd year_end(const struct population *p)
{
    return ymd_of(p->fiscal_year + 1, 3, 31);
}

static int load_chunks(struct work *w, struct population *p, const struct income_table *incomes)
{
    struct facts_request rq = {.fiscal_year = p->fiscal_year,
                               .limit = CITY_CHUNK,
                               .known = p->known,
                               .as_of = year_end(p)};
    struct levy_facts facts;
    int rc;
    do {
        struct arena_mark mark = arena_mark(w->cx.arena);
        rc = eligibility_facts_load(w, &rq, &facts);
        rc = rc < 0 ? rc : population_add(w, p, &facts, incomes, year_end(p));
        rq.after_household_id = facts.last_household_id;
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && !facts.at_end);
    return rc;
}

static int load_city(struct work *w, struct population *p)
{
    struct income_table incomes;
    int rc =
        income_table_load(w, p->fiscal_year - 1, (struct asof){year_end(p), p->known}, &incomes);
    rc = rc < 0 ? rc : load_chunks(w, p, &incomes);
    income_table_release(&incomes);
    return rc;
}

/* A cache that cannot be written costs time, never a result. */
static void keep_cache(struct work *w, struct population *p, struct str path)
{
    struct error before = w->cx.error;
    struct str folder = str_format(w->cx.arena, "%s/cache", office_city_path(w->office));
    if (!folder.p || !path.p) {
        return;
    }
    (void)mkdir(folder.p, 0700);
    if (population_write(&w->cx, p, path.p) < 0) {
        w->cx.error = before;
    }
}

int population_of_city(struct work *w, int fiscal_year, struct population *out, bool *warm)
{
    int64_t known = 0;
    struct str path = cache_path(w, fiscal_year);
    int rc = event_last(&w->cx, w->store, &known);
    if (rc < 0) {
        return rc;
    }
    population_init(out, fiscal_year, known);
    *warm = path.p && population_read(&w->cx, out, path.p) > 0;
    if (*warm) {
        return 0;
    }
    rc = load_city(w, out);
    if (rc < 0) {
        population_release(out);
        return error_add(&w->cx, "load the facts of %d", fiscal_year);
    }
    keep_cache(w, out, path);
    return 0;
}

int levy_city_compare(struct work *w, int fiscal_year, const struct ruleset *const *sets, size_t n,
                      struct levy_figures *out)
{
    const struct plan **plans = ARENA_ARRAY(w->cx.arena, n, const struct plan *);
    struct population p;
    bool warm;
    int rc = plans ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = levy_plan(w, sets[i], fiscal_year, &plans[i]);
    }
    rc = rc < 0 ? rc : population_of_city(w, fiscal_year, &p, &warm);
    if (rc < 0) {
        return rc;
    }
    size_t units = p.units.n;
    struct swept *rows = memory_alloc(units * n * sizeof *rows + 1);
    rc = rows ? sweep_city(w, &p, plans, n, rows) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t k = 0; k < n && rc >= 0; k++) {
        sweep_figures(&p, rows + k * units, k > 0 ? rows : NULL, &out[k]);
    }
    memory_free(rows);
    population_release(&p);
    return rc;
}

int levy_city_figures(struct work *w, int fiscal_year, const struct rule_setting *settings,
                      size_t n, struct levy_figures *out)
{
    const struct ruleset *base;
    struct ruleset *changed = NULL;
    int rc = levy_rules(w, KNOWN_NOW, &base);
    if (rc >= 0 && n > 0) {
        rc = ruleset_override(&w->cx, base, settings, n, &changed);
    }
    if (rc < 0) {
        return rc;
    }
    const struct ruleset *set = changed ? changed : base;
    return levy_city_compare(w, fiscal_year, &set, 1, out);
}
