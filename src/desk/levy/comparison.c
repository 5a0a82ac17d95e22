/* The jobs behind the radar and what-if pages: computed, then written as one result. */
#include "desk/levy/comparison.h"
#include "levy_sql.h"

#define COMPARISON_SETS_MAX 21
#define RADAR_ROWS_WRITTEN  20000

/* --- writing
 * -------------------------------------------------------------------------------------- */

static struct levy_comparison_set set_row(int64_t job, size_t number, struct str name, int year,
                                          const struct levy_figures *f)
{
    return (struct levy_comparison_set){
        .job_id = job,
        .number = (int64_t)number,
        .name = name,
        .fiscal_year = year,
        .households = f->households,
        .insured = f->insured,
        .undeclared = f->undeclared,
        .failed = f->failed,
        .total_yen = YEN(f->total_yen),
        .medical_yen = YEN(f->part_yen[PART_MEDICAL]),
        .support_yen = YEN(f->part_yen[PART_SUPPORT]),
        .care_yen = YEN(f->part_yen[PART_CARE]),
        .child_yen = YEN(f->part_yen[PART_CHILD]),
        .tier_7 = f->tier[7],
        .tier_5 = f->tier[5],
        .tier_2 = f->tier[2],
        .cap_medical = f->at_cap[PART_MEDICAL],
        .cap_support = f->at_cap[PART_SUPPORT],
        .cap_care = f->at_cap[PART_CARE],
        .cap_child = f->at_cap[PART_CHILD],
        .winners = f->winners,
        .losers = f->losers,
        .gain_yen = YEN(f->gain_yen),
        .loss_yen = YEN(f->loss_yen),
    };
}

static int write_set(struct work *w, const struct levy_comparison_set *row,
                     const struct levy_figures *f)
{
    struct levy_comparison_bucket buckets[LEVY_BUCKETS];
    for (int i = 0; i < LEVY_BUCKETS; i++) {
        buckets[i] = (struct levy_comparison_bucket){row->job_id, row->number, i, f->bucket[i]};
    }
    int rc = levy_comparison_set_insert(&w->cx, w->store, row);
    return rc < 0 ? rc : levy_comparison_bucket_bulk(&w->cx, w->store, buckets, LEVY_BUCKETS);
}

/* A job killed while writing left nothing (one transaction); one run twice replaces its result. */
static int clear_result(struct work *w, int64_t job)
{
    struct levy_comparison_clear_in a = {.job_id = job};
    struct levy_comparison_bucket_clear_in b = {.job_id = job};
    struct levy_radar_cause_clear_in c = {.job_id = job};
    struct levy_radar_change_clear_in d = {.job_id = job};
    int rc = levy_comparison_clear(&w->cx, w->store, &a);
    rc = rc < 0 ? rc : levy_comparison_bucket_clear(&w->cx, w->store, &b);
    rc = rc < 0 ? rc : levy_radar_cause_clear(&w->cx, w->store, &c);
    return rc < 0 ? rc : levy_radar_change_clear(&w->cx, w->store, &d);
}

static int end_transaction(struct work *w, int rc)
{
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int read_year(struct work *w, struct job *job, int *out)
{
    int64_t year;
    if (!str_to_int(job_option(job, "year"), &year)) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    *out = (int)year;
    return 0;
}

/* --- what-if over the city -----------------------------------------------------------------------
 */

struct named_sets {
    const struct ruleset *rules[COMPARISON_SETS_MAX];
    struct str name[COMPARISON_SETS_MAX];
    size_t n;
};

/* "a=1 b=2;a=2": the adopted set first, then one set per piece. */
static int read_sets(struct work *w, struct str sets, struct named_sets *out)
{
    out->n = 1;
    out->name[0] = STR("adopted");
    int rc = levy_rules(w, KNOWN_NOW, &out->rules[0]);
    while (rc >= 0 && sets.n > 0) {
        struct str one = str_trim(str_cut(&sets, ';'));
        if (one.n == 0) {
            continue;
        }
        if (out->n == COMPARISON_SETS_MAX) {
            return fail(&w->cx, ERR_LIMIT, "levy.simulate.sets", NULL);
        }
        out->name[out->n] = one;
        rc = levy_rules_named(w, one, &out->rules[out->n]);
        out->n++;
    }
    return rc;
}

static int write_simulation(struct work *w, struct job *job, int year, const struct named_sets *s,
                            const struct levy_figures *f)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = clear_result(w, job_id(job));
    for (size_t i = 0; i < s->n && rc >= 0; i++) {
        struct levy_comparison_set row = set_row(job_id(job), i, s->name[i], year, &f[i]);
        rc = write_set(w, &row, &f[i]);
    }
    job_progress(job)->done = f[0].households;
    job_progress(job)->failed = f[0].failed;
    rc = rc < 0 ? rc : job_figure(w, job, "households", f[0].households);
    rc = rc < 0 ? rc : job_figure(w, job, "total_yen", f[0].total_yen);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    return end_transaction(w, rc);
}

int levy_simulate_city(struct work *w, struct job *job)
{
    struct named_sets sets;
    struct levy_figures *figures =
        ARENA_ARRAY(w->cx.arena, COMPARISON_SETS_MAX, struct levy_figures);
    int year = 0;
    int rc = figures ? work_need(w, RIGHT_SIMULATE) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : read_year(w, job, &year);
    rc = rc < 0 ? rc : read_sets(w, job_option(job, "sets"), &sets);
    rc = rc < 0 ? rc : levy_city_compare(w, year, sets.rules, sets.n, figures);
    return rc < 0 ? rc : write_simulation(w, job, year, &sets, figures);
}

/* --- radar
 * ------------------------------------------------------------------------------------------ */

static int write_causes(struct work *w, int64_t job, const struct radar *r)
{
    struct levy_radar_cause *rows = ARENA_ARRAY(w->cx.arena, r->n_causes, struct levy_radar_cause);
    if (r->n_causes == 0) {
        return 0;
    }
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < r->n_causes; i++) {
        const struct radar_cause *c = &r->causes[i];
        rows[i] = (struct levy_radar_cause){job,        (int64_t)i, c->names,   c->households,
                                            c->winners, c->losers,  YEN(c->yen)};
    }
    return levy_radar_cause_bulk(&w->cx, w->store, rows, r->n_causes);
}

static int write_changes(struct work *w, int64_t job, const struct radar *r, size_t first, size_t n)
{
    struct arena_mark mark = arena_mark(w->cx.arena);
    struct levy_radar_change *rows = ARENA_ARRAY(w->cx.arena, n, struct levy_radar_change);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        const struct radar_row *c = &r->rows[first + i];
        rows[i] = (struct levy_radar_change){job,       c->household_id, c->debtor_id,
                                             c->before, c->after,        c->cause};
    }
    int rc = levy_radar_change_bulk(&w->cx, w->store, rows, n);
    arena_rewind(w->cx.arena, mark);
    return rc;
}

static int write_radar(struct work *w, struct job *job, int year, const struct radar *r)
{
    int64_t id = job_id(job);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    struct levy_comparison_set a = set_row(id, 0, job_option(job, "a"), year, &r->before);
    struct levy_comparison_set b = set_row(id, 1, job_option(job, "b"), year, &r->after);
    rc = clear_result(w, id);
    rc = rc < 0 ? rc : write_set(w, &a, &r->before);
    rc = rc < 0 ? rc : write_set(w, &b, &r->after);
    rc = rc < 0 ? rc : write_causes(w, id, r);
    for (size_t at = 0; at < r->n && rc >= 0; at += RADAR_ROWS_WRITTEN) {
        size_t n = r->n - at < RADAR_ROWS_WRITTEN ? r->n - at : RADAR_ROWS_WRITTEN;
        rc = write_changes(w, id, r, at, n);
    }
    job_progress(job)->done = (int64_t)r->n;
    rc = rc < 0 ? rc : job_figure(w, job, "changed", (int64_t)r->n);
    rc = rc < 0 ? rc : job_figure(w, job, "before_yen", r->before.total_yen);
    rc = rc < 0 ? rc : job_figure(w, job, "after_yen", r->after.total_yen);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    return end_transaction(w, rc);
}

static bool draft_named(struct str name, int64_t *no)
{
    if (!str_starts(name, STR("draft:"))) {
        return false;
    }
    return str_to_int((struct str){name.p + 6, name.n - 6}, no);
}

int levy_radar_named(struct work *w, int fiscal_year, struct str a, struct str b, struct radar *out)
{
    const struct ruleset *rules_a;
    const struct ruleset *rules_b;
    int64_t draft_a;
    int64_t draft_b;
    if (draft_named(a, &draft_a) && draft_named(b, &draft_b)) {
        return levy_radar_drafts(w, draft_a, draft_b, out);
    }
    if (str_starts(a, STR("results:")) || str_starts(b, STR("results:"))) {
        return levy_results_compare(w, fiscal_year, a, b, out);
    }
    int rc = levy_rules_named(w, a, &rules_a);
    rc = rc < 0 ? rc : levy_rules_named(w, b, &rules_b);
    return rc < 0 ? rc : levy_radar(w, fiscal_year, rules_a, rules_b, out);
}

int levy_radar_job(struct work *w, struct job *job)
{
    struct radar r;
    int year = 0;
    int rc = work_need(w, RIGHT_SIMULATE);
    rc = rc < 0 ? rc : read_year(w, job, &year);
    rc = rc < 0 ? rc : levy_radar_named(w, year, job_option(job, "a"), job_option(job, "b"), &r);
    return rc < 0 ? rc : write_radar(w, job, year, &r);
}
