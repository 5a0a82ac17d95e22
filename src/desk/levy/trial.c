/* One household evaluated beside the store: the counter's what-if, and replay. */
#include "desk/levy/assess.h"

#include <string.h>

/* --- a single unit of a population ------------------------------------------------------------ */

static int assess_filled(struct work *w, struct assessor *a, const struct population *p, size_t at,
                         struct assessed *out)
{
    struct assessment one;
    struct text vector;
    text_init(&vector, (size_t)1 << 20);
    int rc = assessor_fill(&w->cx, a, p, at, 1);
    rc = rc < 0 ? rc : assessor_run(&w->cx, a, 0, 1, &one, &vector);
    if (rc >= 0 && one.failed) {
        rc = fail(&w->cx, ERR_INVALID, "levy.law.failed", STR_FMT, STR_ARG(one.failure.definition));
    }
    if (rc >= 0) {
        out->result = one.result;
        out->schedule = one.schedule;
        out->vector = str_copy(w->cx.arena, text_str(&vector));
        rc = out->vector.p ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    text_release(&vector);
    return rc;
}

int assess_unit(struct work *w, const struct plan *plan, const struct population *p, size_t at,
                struct assessed *out)
{
    struct assessor a;
    *out = (struct assessed){.plan = plan};
    int rc = assessor_init(&w->cx, &a, plan);
    if (rc < 0) {
        return rc;
    }
    rc = assess_filled(w, &a, p, at, out);
    assessor_release(&a);
    return rc;
}

/* --- the form's household ----------------------------------------------------------------------
 */

static int32_t day_of(struct ymd d)
{
    return ymd_is_none(d) ? NO_DAY : d.day;
}

static void add_trial_span(struct population *p, const struct trial *t,
                           const struct trial_member *m, struct unit_person *person)
{
    struct unit_span *spans = p->spans.p;
    int32_t before = ymd_of(t->fiscal_year - 1, 4, 1).day;
    if (!m->is_insured) {
        return;
    }
    struct unit_span *s = &spans[p->spans.n++];
    s->acquired = ymd_is_none(m->acquired) ? before : m->acquired.day;
    s->acquired_cause = s->acquired;
    s->acquired_by = ACQUIRED_OTHER;
    s->lost = day_of(m->lost);
    /* The day the other cover began is the day before the loss. */
    s->lost_cause = s->lost == NO_DAY ? NO_DAY : s->lost - (m->lost_to_insurance ? 1 : 0);
    s->lost_by = (int16_t)(s->lost == NO_DAY      ? 0
                           : m->lost_to_insurance ? LOST_EMPLOYER
                                                  : LOST_MOVE_OUT);
    person->n_spans = 1;
}

static void add_trial_circumstances(struct population *p, const struct trial_member *m,
                                    struct unit_person *person)
{
    struct unit_circumstance *rows = p->circumstances.p;
    const struct unit_circumstance none = {.first_month = MONTH_NONE.n, .last_month = MONTH_NONE.n};
    if (!ymd_is_none(m->left_work)) {
        struct unit_circumstance *c = &rows[p->circumstances.n++];
        *c = none;
        c->kind = CIRCUMSTANCE_UNEMPLOYED;
        c->code = 11;
        c->day = m->left_work.day;
        person->n_circumstances++;
    }
    if (!ymd_is_none(m->birth_due)) {
        struct unit_circumstance *c = &rows[p->circumstances.n++];
        *c = none;
        c->kind = CIRCUMSTANCE_MATERNITY;
        c->code = m->births > 1 ? 2 : 1;
        c->day = m->birth_due.day;
        person->n_circumstances++;
    }
}

static void add_trial_member(struct population *p, const struct trial *t, size_t i)
{
    const struct trial_member *m = &t->member[i];
    struct unit_person *persons = p->persons.p;
    struct income *incomes = p->incomes.p;
    struct unit_person *person = &persons[p->persons.n++];
    memset(person, 0, sizeof *person);
    person->person_id = (int64_t)i + 1;
    person->birth_day = day_of(m->birth);
    person->is_debtor = m->is_head;
    person->special_day = m->moved_to_elderly ? ymd_of(t->fiscal_year - 1, 4, 1).day : NO_DAY;
    if (m->moved_to_elderly && !ymd_is_none(m->lost)) {
        person->special_day = m->lost.day;
    }
    person->special_end = NO_DAY;
    person->first_span = (uint32_t)p->spans.n;
    person->first_circumstance = (uint32_t)p->circumstances.n;
    person->has_income = 1;
    person->is_known = !m->income.is_undeclared;
    person->income = (uint32_t)p->incomes.n;
    incomes[p->incomes.n++] = m->income;
    add_trial_span(p, t, m, person);
    add_trial_circumstances(p, m, person);
}

/* Fixed room for one household; the arrays belong to the arena, so nothing is released. */
static int trial_population(struct work *w, const struct trial *t, struct population *p)
{
    struct arena *a = w->cx.arena;
    population_init(p, t->fiscal_year, KNOWN_NOW);
    p->units.p = ARENA_ARRAY(a, 1, struct unit);
    p->persons.p = ARENA_ARRAY(a, TRIAL_MEMBERS_MAX, struct unit_person);
    p->spans.p = ARENA_ARRAY(a, TRIAL_MEMBERS_MAX, struct unit_span);
    p->circumstances.p = ARENA_ARRAY(a, 2 * TRIAL_MEMBERS_MAX, struct unit_circumstance);
    p->incomes.p = ARENA_ARRAY(a, TRIAL_MEMBERS_MAX, struct income);
    if (!p->units.p || !p->persons.p || !p->spans.p || !p->circumstances.p || !p->incomes.p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < t->n; i++) {
        add_trial_member(p, t, i);
    }
    int32_t start = ymd_of(t->fiscal_year, 4, 1).day;
    int32_t first = NO_DAY;
    for (size_t i = 0; i < p->spans.n; i++) {
        int32_t day = SPANS(p)[i].acquired;
        first = day < first ? day : first;
    }
    UNITS(p)
    [0] = (struct unit){.from_day = first != NO_DAY && first > start ? first : start,
                        .reign_from = NO_DAY,
                        .reign_to = NO_DAY,
                        .n_persons = (uint32_t)t->n};
    p->units.n = 1;
    return 0;
}

static int check_trial(struct work *w, const struct trial *t)
{
    size_t heads = 0;
    size_t insured = 0;
    for (size_t i = 0; i < t->n; i++) {
        heads += t->member[i].is_head;
        insured += t->member[i].is_insured;
        if (ymd_is_none(t->member[i].birth)) {
            return fail(&w->cx, ERR_INVALID, "levy.trial.birth", "%zu", i + 1);
        }
    }
    if (heads != 1) {
        return fail(&w->cx, ERR_INVALID, "levy.trial.head", NULL);
    }
    return insured > 0 ? 0 : fail(&w->cx, ERR_INVALID, "levy.trial.nobody", NULL);
}

int levy_trial(struct work *w, const struct trial *t, const struct ruleset *rules,
               struct assessed *out)
{
    const struct plan *plan;
    struct population p;
    int rc = check_trial(w, t);
    rc = rc < 0 ? rc : levy_plan(w, rules, t->fiscal_year, &plan);
    rc = rc < 0 ? rc : trial_population(w, t, &p);
    return rc < 0 ? rc : assess_unit(w, plan, &p, 0, out);
}

/* --- a real household as a form ------------------------------------------------------------------
 */

static struct ymd ymd_or_none(int32_t day)
{
    return day == NO_DAY ? YMD_NONE : (struct ymd){day};
}

static void member_circumstances(const struct population *p, const struct unit_person *person,
                                 struct trial_member *m)
{
    m->left_work = m->birth_due = YMD_NONE;
    for (uint16_t i = 0; i < person->n_circumstances; i++) {
        const struct unit_circumstance *c = &CIRCUMSTANCES(p)[person->first_circumstance + i];
        if (c->kind == CIRCUMSTANCE_UNEMPLOYED) {
            m->left_work = (struct ymd){c->day};
        } else if (c->kind == CIRCUMSTANCE_MATERNITY) {
            m->birth_due = (struct ymd){c->day};
            m->births = c->code;
        }
    }
}

static void member_of(const struct population *p, const struct unit_person *person,
                      struct trial_member *m)
{
    struct ymd year = ymd_of(p->fiscal_year, 4, 1);
    *m = (struct trial_member){.birth = ymd_or_none(person->birth_day),
                               .is_head = person->is_debtor,
                               .is_insured = person->n_spans > 0,
                               .moved_to_elderly = person->special_day != NO_DAY,
                               .acquired = YMD_NONE,
                               .lost = YMD_NONE};
    if (person->n_spans > 0) {
        const struct unit_span *s = &SPANS(p)[person->first_span + person->n_spans - 1u];
        m->acquired = s->acquired > year.day ? (struct ymd){s->acquired} : YMD_NONE;
        m->lost = ymd_or_none(s->lost);
        m->lost_to_insurance = s->lost_by != 0 && loss_counts_by_cause((enum lost_by)s->lost_by);
    }
    if (person->has_income) {
        m->income = INCOMES(p)[person->income];
    }
    m->income.is_undeclared = !person->is_known;
    member_circumstances(p, person, m);
}

/* The unit of today's head: the last of the year. */
int levy_trial_of_household(struct work *w, int64_t household_id, int fiscal_year,
                            struct trial *out)
{
    struct population p;
    *out = (struct trial){.fiscal_year = fiscal_year};
    int rc = population_of_household(w, household_id, fiscal_year, w->asof.known,
                                     ymd_of(fiscal_year + 1, 3, 31), &p);
    if (rc >= 0 && p.units.n == 0) {
        rc = fail(&w->cx, ERR_NOT_FOUND, "levy.trial.no_household", NULL);
    }
    if (rc >= 0) {
        const struct unit *u = &UNITS(&p)[p.units.n - 1];
        for (uint32_t i = 0; i < u->n_persons && out->n < TRIAL_MEMBERS_MAX; i++) {
            const struct unit_person *person = &PERSONS(&p)[u->first_person + i];
            struct trial_member *m = &out->member[out->n++];
            member_of(&p, person, m);
            m->person_id = person->person_id;
        }
    }
    population_release(&p);
    return rc < 0 ? rc : 0;
}
