/* Collecting the surveys of a year: each person's statements against what stands open. */
#include "desk/levy/survey.h"
#include "desk/levy/population.h"
#include "levy_sql.h"

#include <string.h>

#define SURVEY_CHUNK 5000

const char *survey_message(int64_t survey)
{
    static const char *const ids[SURVEYS + 1] = {"levy.survey.0", "levy.survey.1", "levy.survey.2",
                                                 "levy.survey.3", "levy.survey.4", "levy.survey.5",
                                                 "levy.survey.6"};
    return ids[survey > 0 && survey <= SURVEYS ? survey : 0];
}

struct collection {
    struct work *w;
    int income_year;
    struct levy_survey_people_list people;
    struct incomes all;  /* every statement, by person and rank */
    struct incomes best; /* the one that counts, by person */
    struct levy_survey_item *found;
    size_t n_found;
    int64_t opened, closed;
};

/* --- what is found -----------------------------------------------------------------------------
 */

static struct yen amount_of(const struct income *in)
{
    if (in->has_total_income) {
        return in->total_income;
    }
    const struct yen parts[] = {in->salary_revenue,  in->pension_revenue, in->business_income,
                                in->property_income, in->other_income,    in->forestry_income,
                                in->separate_income};
    struct yen sum = YEN(0);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        sum = yen_add(sum, parts[i]);
    }
    return sum;
}

/* What both of them say: an amount that one leaves to be computed is not different. */
static bool is_different(const struct income *a, const struct income *b)
{
    const int64_t pairs[][2] = {
        {a->salary_revenue.n, b->salary_revenue.n},
        {a->pension_revenue.n, b->pension_revenue.n},
        {a->has_salary_income && b->has_salary_income ? a->salary_income.n : 0,
         a->has_salary_income && b->has_salary_income ? b->salary_income.n : 0},
        {a->has_pension_income && b->has_pension_income ? a->pension_income.n : 0,
         a->has_pension_income && b->has_pension_income ? b->pension_income.n : 0},
        {a->business_income.n, b->business_income.n},
        {a->property_income.n, b->property_income.n},
        {a->other_income.n, b->other_income.n},
        {a->forestry_income.n, b->forestry_income.n},
        {a->separate_income.n, b->separate_income.n},
        {a->fixed_asset_tax.n, b->fixed_asset_tax.n},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        if (pairs[i][0] != pairs[i][1]) {
            return true;
        }
    }
    return false;
}

static const struct income *find(const struct incomes *list, int64_t person_id, size_t *n)
{
    size_t low = 0;
    size_t high = list->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (list->rows[middle].person_id < person_id) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *n = 0;
    while (low + *n < list->n && list->rows[low + *n].person_id == person_id) {
        (*n)++;
    }
    return *n ? &list->rows[low] : NULL;
}

static struct levy_survey_item *add(struct collection *c, const struct levy_survey_people_row *p,
                                    enum survey survey)
{
    struct levy_survey_item *s = &c->found[c->n_found++];
    *s = (struct levy_survey_item){.survey = survey,
                                   .person_id = p->person_id,
                                   .household_id = p->household_id,
                                   .household_id_null = p->household_id_null,
                                   .income_year = c->income_year,
                                   .other = STR(""),
                                   .facts_no = p->facts_no};
    return s;
}

static void find_statements(struct collection *c, const struct levy_survey_people_row *p)
{
    const bool child =
        !ymd_is_none(p->birth) && age_on(p->birth, ymd_of(c->income_year, 12, 31)) < ADULT_AGE;
    size_t n_best = 0;
    size_t n = 0;
    const struct income *best = find(&c->best, p->person_id, &n_best);
    const struct income *all = find(&c->all, p->person_id, &n);
    if (!best && !child && p->claimed == 0) {
        (void)add(c, p, SURVEY_NONE);
    }
    if (best && best->is_undeclared) {
        add(c, p, SURVEY_UNDECLARED)->source_a = best->source;
    }
    for (size_t i = 1; i < n; i++) { /* the first that differs from the one that counts */
        if (all[i].source != INCOME_ESTIMATE && !all[i].is_undeclared && !all[0].is_undeclared &&
            is_different(&all[0], &all[i])) {
            struct levy_survey_item *s = add(c, p, SURVEY_DIFFER);
            s->source_a = all[0].source;
            s->source_b = all[i].source;
            s->income_a = amount_of(&all[0]);
            s->income_b = amount_of(&all[i]);
            break;
        }
    }
    if (p->households > 1 || (p->same_as.n > 0 && n > 0)) {
        add(c, p, SURVEY_TWICE)->other = p->households > 1 ? p->other_household : p->same_as;
    }
    if (!best && !child && p->claimed > 0) {
        (void)add(c, p, SURVEY_DEPENDANT);
    }
}

static void find_inquiry(struct collection *c, const struct levy_survey_people_row *p)
{
    size_t n = 0;
    const struct income *all = find(&c->all, p->person_id, &n);
    bool answered = false;
    for (size_t i = 0; i < n; i++) {
        answered = answered || all[i].source == INCOME_INQUIRY;
    }
    if (p->inquiry.n > 0 && !answered) {
        add(c, p, SURVEY_INQUIRY)->other = p->inquiry;
    }
}

static int find_all(struct collection *c)
{
    struct work *w = c->w;
    const size_t n = c->people.n;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    c->found = ARENA_ARRAY(w->cx.arena, n * SURVEYS + 1, struct levy_survey_item);
    if (!ids || !c->found) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = c->people.rows[i].person_id;
    }
    const struct income_query q = {.person_ids = ids,
                                   .n = n,
                                   .income_year = c->income_year,
                                   .at = w->asof,
                                   .no_estimate = true};
    int rc = levy_incomes(w, ids, n, c->income_year, w->asof.known, &c->all);
    rc = rc < 0 ? rc : incomes_of_people(w, &q, &c->best);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        find_statements(c, &c->people.rows[i]);
        find_inquiry(c, &c->people.rows[i]);
    }
    return rc;
}

/* --- against what stands -----------------------------------------------------------------------
 */

static bool is_same_item(const struct levy_survey_standing_row *a, const struct levy_survey_item *b)
{
    return a->facts_no == b->facts_no && a->source_a == b->source_a && a->source_b == b->source_b &&
           a->income_a.n == b->income_a.n && a->income_b.n == b->income_b.n &&
           str_equal(a->other, b->other);
}

static int order_of(const struct levy_survey_standing_row *a, const struct levy_survey_item *b)
{
    if (a->person_id != b->person_id) {
        return a->person_id < b->person_id ? -1 : 1;
    }
    return (a->survey > b->survey) - (a->survey < b->survey);
}

/* Both by person and survey: what stands and is not found is closed, what is new is opened. */
static void settle(struct collection *c, const struct levy_survey_standing_list *standing,
                   int64_t *closed, size_t *n_closed)
{
    size_t opened = 0;
    size_t i = 0;
    size_t k = 0;
    *n_closed = 0;
    while (i < standing->n || k < c->n_found) {
        const int order = i == standing->n  ? 1
                          : k == c->n_found ? -1
                                            : order_of(&standing->rows[i], &c->found[k]);
        const bool same = order == 0 && is_same_item(&standing->rows[i], &c->found[k]);
        if (order <= 0 && !same) {
            closed[(*n_closed)++] = standing->rows[i].survey_item_id;
        }
        if (order >= 0 && !same) {
            c->found[opened++] = c->found[k];
        }
        i += order <= 0;
        k += order >= 0;
    }
    c->n_found = opened;
}

static int write_chunk(struct collection *c, struct job *job, const int64_t *closed,
                       size_t n_closed)
{
    struct work *w = c->w;
    struct event e = work_event(w, "levy.survey");
    int64_t id = 0;
    e.reason = str_format(w->cx.arena, "%d", c->income_year);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    if (c->n_found + n_closed > 0) {
        rc = event_open(&w->cx, w->store, &e);
        rc = rc < 0 || c->n_found == 0 ? rc : store_ids(&w->cx, w->store, (int64_t)c->n_found, &id);
        for (size_t i = 0; i < c->n_found; i++) {
            c->found[i].survey_item_id = id + (int64_t)i;
            c->found[i].known_from = e.no;
        }
        rc = rc < 0 || n_closed == 0
                 ? rc
                 : levy_survey_item_close_many(&w->cx, w->store, closed, n_closed, e.no);
        rc = rc < 0 || c->n_found == 0
                 ? rc
                 : levy_survey_item_bulk(&w->cx, w->store, c->found, c->n_found);
    }
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    c->opened += (int64_t)c->n_found;
    c->closed += (int64_t)n_closed;
    return store_commit(&w->cx, w->store);
}

static int collect_chunk(struct collection *c, struct job *job, int64_t after, int64_t last)
{
    struct work *w = c->w;
    const struct levy_survey_standing_in in = {.income_year = c->income_year,
                                               .first = after + 1,
                                               .last = last};
    struct levy_survey_standing_list standing;
    size_t n_closed = 0;
    int rc = find_all(c);
    rc = rc < 0 ? rc : levy_survey_standing(&w->cx, w->store, &in, &standing);
    int64_t *closed = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, standing.n + 1, int64_t);
    if (!closed) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    settle(c, &standing, closed, &n_closed);
    return write_chunk(c, job, closed, n_closed);
}

static int collect_all(struct collection *c, struct job *job)
{
    struct work *w = c->w;
    int64_t after = 0;
    int rc = 0;
    bool more = true;
    while (rc >= 0 && more) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct levy_survey_people_in in = {.income_year = c->income_year,
                                                 .after = after,
                                                 .n = SURVEY_CHUNK,
                                                 .asof = w->asof};
        c->n_found = 0;
        rc = levy_survey_people(&w->cx, w->store, &in, &c->people);
        more = rc >= 0 && c->people.n == SURVEY_CHUNK;
        const int64_t last =
            more ? c->people.rows[c->people.n - 1].person_id : INT64_MAX; /* those gone too */
        rc = rc < 0 ? rc : collect_chunk(c, job, after, last);
        job_progress(job)->done += (int64_t)c->people.n;
        after = last;
        if (rc >= 0) {
            arena_rewind(w->cx.arena, mark);
        }
    }
    return rc;
}

static int tell(struct work *w, struct job *job, const struct collection *c)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = job_figure(w, job, "opened", c->opened);
    rc = rc < 0 ? rc : job_figure(w, job, "closed", c->closed);
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* Killed, it begins anew: what it had written is found standing and stays. */
int levy_survey_collect(struct work *w, struct job *job)
{
    struct collection c = {.w = w};
    int64_t year = 0;
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("levy.survey"),
                                                 .query = job_option(job, "year")});
    if (rc >= 0 && !str_to_int(job_option(job, "year"), &year)) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    c.income_year = (int)year - 1;
    job_progress(job)->done = 0;
    rc = rc < 0 ? rc : collect_all(&c, job);
    return rc < 0 ? rc : tell(w, job, &c);
}
