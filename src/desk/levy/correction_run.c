/*
 * The bulk correction (一括更正) as two drafts: the whole city is assessed again from what is known
 * now, a chunk of households at a time; where a debtor's year comes out different from the decision
 * in force it goes into the draft of increases or into that of decreases. What did not change is in
 * neither, so two runs in a month pick up only what came between them.
 */
#include "desk/levy/correction.h"
#include "levy_sql.h"

#include <stdlib.h>
#include <string.h>

#define RUN_BYTES ((size_t)256 << 20)
enum { SIDES = 2 };
static const char *const side_kinds[SIDES] = {"increase", "decrease"};

struct run {
    struct work *w;
    struct job *job;
    struct change_terms terms;
    int64_t draft_no[SIDES];
    size_t chunk;
    struct assessor assessor;
    struct income_table incomes;
    struct population population;
    struct text explanations, instalments;
};

bool draft_is_correction(const struct draft *d)
{
    return str_is(d->kind, side_kinds[0]) || str_is(d->kind, side_kinds[1]);
}

/* --- the rows of a chunk for one draft ----------------------------------------------------------
 */

struct side {
    struct levy_draft_assessment *rows;
    struct levy_draft_correction *corrections;
    struct levy_draft_chunk seal;
    size_t n;
};

static struct levy_draft_assessment assessment_row(int64_t draft_no, const struct levy_change *c)
{
    return (struct levy_draft_assessment){
        .draft_no = draft_no,
        .household_id = c->household_id,
        .debtor_id = c->debtor_id,
        .from_ymd = c->from,
        .outcome = c->outcome,
        .reason = c->reason,
        .total_yen = c->result.total,
        .medical_yen = c->result.part[PART_MEDICAL],
        .support_yen = c->result.part[PART_SUPPORT],
        .care_yen = c->result.part[PART_CARE],
        .child_yen = c->result.part[PART_CHILD],
        .tier = c->result.tier,
        .marks = (int64_t)c->result.marks,
        .judge_yen = c->result.judge,
        .insured = c->result.insured,
        .explanation = c->explanation,
        .inputs = {(const char *)c->inputs.b, sizeof c->inputs.b},
    };
}

static struct levy_draft_correction correction_row(int64_t draft_no, const struct levy_change *c)
{
    return (struct levy_draft_correction){.draft_no = draft_no,
                                          .household_id = c->household_id,
                                          .debtor_id = c->debtor_id,
                                          .from_ymd = c->from,
                                          .replaces_id = c->replaces_id,
                                          .decision_no = c->decision_no,
                                          .before_yen = c->before,
                                          .cause = c->cause,
                                          .basis = c->basis,
                                          .change_ymd = c->changed};
}

static int by_key(const void *a, const void *b)
{
    const struct levy_change *x = a;
    const struct levy_change *y = b;
    if (x->household_id != y->household_id) {
        return x->household_id < y->household_id ? -1 : 1;
    }
    int day = ymd_compare(x->from, y->from);
    return day ? day : (x->debtor_id > y->debtor_id) - (x->debtor_id < y->debtor_id);
}

/* Rows in the order in which the store gives them back: verify digests them again. */
static int side_fill(struct run *r, const struct levy_changes *changes, int which, struct side *s)
{
    struct arena *a = r->w->cx.arena;
    size_t *at = ARENA_ARRAY(a, changes->n + 1, size_t);
    s->rows = ARENA_ARRAY(a, changes->n + 1, struct levy_draft_assessment);
    s->corrections = ARENA_ARRAY(a, changes->n + 1, struct levy_draft_correction);
    s->n = 0;
    if (!at || !s->rows || !s->corrections) {
        return fail(&r->w->cx, ERR_MEMORY, "memory", NULL);
    }
    text_clear(&r->instalments);
    for (size_t i = 0; i < changes->n; i++) {
        const struct levy_change *c = &changes->rows[i];
        if ((int)c->direction != which + 1) {
            continue;
        }
        at[s->n] = r->instalments.n;
        if (schedule_pack(&c->schedule, &r->instalments) < 0) {
            return fail(&r->w->cx, ERR_MEMORY, "memory", NULL);
        }
        s->rows[s->n] = assessment_row(r->draft_no[which], c);
        s->rows[s->n].instalments.n = r->instalments.n - at[s->n];
        s->corrections[s->n++] = correction_row(r->draft_no[which], c);
    }
    struct str packed = str_copy(a, text_str(&r->instalments));
    for (size_t i = 0; i < s->n; i++) {
        s->rows[i].instalments.p = packed.p ? packed.p + at[i] : "";
    }
    return s->n == 0 || packed.p ? 0 : fail(&r->w->cx, ERR_MEMORY, "memory", NULL);
}

static void side_seal(struct run *r, int which, struct side *s)
{
    struct hasher h;
    int64_t total = 0;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < s->n; i++) {
        assessment_digest(&h, &s->rows[i]);
        total += s->rows[i].total_yen.n;
    }
    struct digest sum = hash_end(&h);
    s->seal = (struct levy_draft_chunk){
        .draft_no = r->draft_no[which],
        .first_household = s->rows[0].household_id,
        .last_household = s->rows[s->n - 1].household_id,
        .assessments = (int64_t)s->n,
        .total_yen = YEN(total),
        .content = str_copy(r->w->cx.arena, (struct str){(const char *)sum.b, sizeof sum.b}),
    };
}

static int side_write(struct run *r, int64_t event_no, struct side *s)
{
    struct work *w = r->w;
    int rc = levy_draft_assessment_bulk(&w->cx, w->store, s->rows, s->n);
    rc = rc < 0 ? rc : levy_draft_correction_bulk(&w->cx, w->store, s->corrections, s->n);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &s->seal.chunk_id);
    s->seal.known_from = event_no;
    return rc < 0 ? rc : levy_draft_chunk_insert(&w->cx, w->store, &s->seal);
}

/* --- a chunk ------------------------------------------------------------------------------------
 */

struct chunk {
    struct levy_facts facts;
    struct decisions decided;
    struct levy_changes changes;
    int64_t households;
};

/* Households that have facts, and those that have nothing left but a decision. */
static int decided_of_chunk(struct run *r, int64_t after, struct chunk *c)
{
    int64_t up_to = c->facts.at_end ? INT64_MAX : c->facts.last_household_id;
    return decisions_of_range(r->w, r->terms.fiscal_year, after, up_to, &c->decided);
}

static int chunk_load(struct run *r, int64_t after, struct chunk *c)
{
    struct work *w = r->w;
    struct facts_request rq = {.fiscal_year = r->terms.fiscal_year,
                               .after_household_id = after,
                               .limit = r->chunk,
                               .known = r->terms.known,
                               .as_of = r->terms.as_of};
    memset(c, 0, sizeof *c);
    int rc = eligibility_facts_load(w, &rq, &c->facts);
    if (rc < 0) {
        return rc;
    }
    population_clear(&r->population);
    rc = population_add(w, &r->population, &c->facts, &r->incomes, r->terms.as_of);
    c->households = (int64_t)c->facts.n_households;
    return rc < 0 ? rc : decided_of_chunk(r, after, c);
}

static int chunk_find(struct run *r, struct chunk *c)
{
    struct change_request rq = {.terms = &r->terms,
                                .now = &r->population,
                                .decided = &c->decided,
                                .assessor = &r->assessor,
                                .explanations = &r->explanations};
    text_clear(&r->explanations);
    int rc = changes_find(r->w, &rq, &c->changes);
    if (rc >= 0 && c->changes.n > 1) {
        qsort(c->changes.rows, c->changes.n, sizeof *c->changes.rows, by_key);
    }
    return rc;
}

static int note_refused(struct run *r, const struct levy_changes *changes)
{
    int rc = 0;
    for (size_t i = 0; i < changes->n && rc >= 0; i++) {
        const struct levy_change *c = &changes->rows[i];
        if (c->outcome != OUTCOME_LEVIED) {
            rc = job_note(r->w, r->job, c->outcome == OUTCOME_FAILED, c->household_id,
                          levy_reason_message(c->reason), STR(""));
        }
    }
    return rc;
}

static int chunk_write(struct run *r, struct chunk *c)
{
    struct work *w = r->w;
    struct event e = work_event(w, "levy.draft");
    e.effective = r->terms.as_of;
    int rc = c->changes.n > 0 ? event_open(&w->cx, w->store, &e) : 0;
    for (int k = 0; k < SIDES && rc >= 0; k++) {
        struct side s;
        rc = side_fill(r, &c->changes, k, &s);
        if (rc >= 0 && s.n > 0) {
            side_seal(r, k, &s);
            rc = side_write(r, e.no, &s);
        }
    }
    return rc < 0 ? rc : note_refused(r, &c->changes);
}

static int chunk_commit(struct run *r, struct chunk *c)
{
    struct work *w = r->w;
    struct job_progress *p = job_progress(r->job);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = chunk_write(r, c);
    p->done += c->households;
    p->cursor = c->facts.last_household_id;
    rc = rc < 0 ? rc : FAULT(&w->cx, "levy.correct.chunk");
    rc = rc < 0 ? rc : job_checkpoint(w, r->job);
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "write a chunk of corrections");
    }
    return store_commit(&w->cx, w->store);
}

/* --- the run ------------------------------------------------------------------------------------
 */

static int draft_open(struct run *r, int which)
{
    struct work *w = r->w;
    const struct ruleset *rules = plan_ruleset(r->terms.plan);
    int rc = store_number(&w->cx, w->store, STR("levy.draft"), 1, &r->draft_no[which]);
    struct levy_draft row = {.draft_no = r->draft_no[which],
                             .kind = str_of(side_kinds[which]),
                             .fiscal_year = r->terms.fiscal_year,
                             .as_of_ymd = r->terms.as_of,
                             .known_no = r->terms.known,
                             .rule_hash = {(const char *)ruleset_hash(rules)->b,
                                           sizeof(struct digest)},
                             .rules = STR(""),
                             .status = DRAFT_RUNNING,
                             .job_id = job_id(r->job),
                             .run_by = w->actor->user_id,
                             .issue_ymd = r->terms.issued,
                             .confirmed_by_null = true,
                             .confirm_job_null = true};
    return rc < 0 ? rc : levy_draft_insert(&w->cx, w->store, &row);
}

static int drafts_begin(struct run *r)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    for (int k = 0; k < SIDES && rc >= 0; k++) {
        rc = draft_open(r, k);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* A resumed job goes on with its drafts: same day, same event. 1: they are there. */
static int drafts_resume(struct run *r)
{
    struct work *w = r->w;
    struct levy_correction_drafts_of_job_in in = {.job_id = job_id(r->job)};
    struct levy_correction_drafts_of_job_list list;
    struct draft d;
    int rc = levy_correction_drafts_of_job(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n != SIDES) {
        return rc < 0 ? rc : 0;
    }
    for (int k = 0; k < SIDES; k++) {
        r->draft_no[k] = list.rows[k].draft_no;
    }
    rc = levy_draft_find(w, r->draft_no[0], &d);
    if (rc > 0) {
        r->terms.known = d.known;
        r->terms.as_of = d.as_of;
        r->terms.issued = d.issued;
    }
    return rc;
}

static int need_initial(struct run *r)
{
    struct work *w = r->w;
    struct levy_initial_of_year_in in = {.fiscal_year = r->terms.fiscal_year};
    struct levy_initial_of_year_list list;
    int rc = levy_initial_of_year(&w->cx, w->store, &in, &list);
    return rc < 0 || list.n > 0
               ? rc
               : fail(&w->cx, ERR_INVALID, "levy.correct.no_initial", "%d", r->terms.fiscal_year);
}

static int read_options(struct run *r)
{
    struct work *w = r->w;
    int64_t year;
    int64_t chunk;
    if (!str_to_int(job_option(r->job, "year"), &year) ||
        !ymd_parse(job_option(r->job, "as-of"), &r->terms.as_of) ||
        !ymd_parse(job_option(r->job, "issue-date"), &r->terms.issued)) {
        return fail(&w->cx, ERR_INVALID, "levy.correct.options", NULL);
    }
    if (!str_to_int(setting_get(w, "levy.chunk"), &chunk) || chunk < 1 || chunk > 50000) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.chunk");
    }
    r->terms.fiscal_year = (int)year;
    r->chunk = (size_t)chunk;
    return 0;
}

static int run_open(struct run *r)
{
    struct work *w = r->w;
    const struct ruleset *rules;
    int rc = read_options(r);
    rc = rc < 0 ? rc : need_initial(r);
    rc = rc < 0 ? rc : event_last(&w->cx, w->store, &r->terms.known);
    rc = rc < 0 ? rc : drafts_resume(r);
    bool resumed = rc > 0;
    rc = rc < 0 ? rc : levy_rules(w, r->terms.known, &rules);
    rc = rc < 0 ? rc : levy_plan(w, rules, r->terms.fiscal_year, &r->terms.plan);
    if (rc >= 0 && !resumed) {
        rc = drafts_begin(r);
    }
    if (rc >= 0) {
        rc = income_table_load(w, r->terms.fiscal_year - 1,
                               (struct asof){r->terms.as_of, r->terms.known}, &r->incomes);
    }
    return rc < 0 ? rc : assessor_init(&w->cx, &r->assessor, r->terms.plan);
}

static int run_chunks(struct run *r)
{
    struct work *w = r->w;
    struct job_progress *p = job_progress(r->job);
    struct chunk c;
    int rc = eligibility_household_count(w, r->terms.fiscal_year, &p->total);
    do {
        struct arena_mark mark = arena_mark(w->cx.arena);
        rc = rc < 0 ? rc : chunk_load(r, p->cursor, &c);
        rc = rc < 0 ? rc : chunk_find(r, &c);
        rc = rc < 0 ? rc : chunk_commit(r, &c);
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && !c.facts.at_end);
    for (int k = 0; k < SIDES && rc >= 0; k++) {
        rc = correction_draft_settle(w, r->job, r->draft_no[k], k == 0);
    }
    return rc;
}

int levy_correct_job(struct work *w, struct job *job)
{
    struct run r = {.w = w, .job = job};
    int rc = work_need(w, RIGHT_JOB_RUN);
    if (rc < 0) {
        return rc;
    }
    text_init(&r.explanations, RUN_BYTES);
    text_init(&r.instalments, RUN_BYTES);
    rc = run_open(&r);
    population_init(&r.population, r.terms.fiscal_year, r.terms.known);
    rc = rc < 0 ? rc : run_chunks(&r);
    population_release(&r.population);
    income_table_release(&r.incomes);
    assessor_release(&r.assessor);
    text_release(&r.explanations);
    text_release(&r.instalments);
    return rc < 0 ? error_add(&w->cx, "correct the levy of %d", r.terms.fiscal_year) : 0;
}
