/*
 * The yearly run (当初賦課) as a draft: every household assessed under one rule set, as of one day
 * and one event number. A chunk of households is read, computed, then written in one transaction
 * under one event; the chunk's digest goes into the chain, the rows themselves can be dropped.
 */
#include "desk/levy/draft.h"
#include "levy_sql.h"

#include <string.h>

#define CHUNK_BYTES ((size_t)256 << 20)

/* What a run needs from beginning to end. */
struct run {
    struct work *w;
    struct job *job;
    int64_t draft_no;
    int fiscal_year;
    struct ymd as_of;
    size_t chunk; /* households */
    int64_t known;
    struct str rules; /* "": the adopted set */
    const struct plan *plan;
    struct assessor assessor;
    struct income_table incomes;
    struct population population; /* of the chunk */
    struct text explanations, instalments;
};

/* A computed household before its bytes have their final place. */
struct place {
    size_t explained_at, explained_n, instalments_at, instalments_n;
    struct digest inputs;
};
struct chunk {
    struct levy_draft_assessment *rows;
    struct place *places;
    size_t n;
    struct levy_facts facts;
    struct levy_draft_chunk seal;
    struct levy_households_numbered_list looked; /* every household, whatever came of it */
    int64_t done, skipped, failed;               /* of these households */
};

/* --- computing a chunk ------------------------------------------------------------------------ */

static int chunk_load(struct run *r, int64_t after, struct chunk *c)
{
    struct work *w = r->w;
    struct facts_request rq = {.fiscal_year = r->fiscal_year,
                               .after_household_id = after,
                               .limit = r->chunk,
                               .known = r->known,
                               .as_of = r->as_of};
    memset(c, 0, sizeof *c);
    int rc = eligibility_facts_load(w, &rq, &c->facts);
    if (rc >= 0) {
        struct levy_households_numbered_in in = {.after = after,
                                                 .up_to = c->facts.last_household_id,
                                                 .during = {ymd_of(r->fiscal_year, 4, 1),
                                                            ymd_of(r->fiscal_year + 1, 4, 1),
                                                            r->known}};
        rc = levy_households_numbered(&w->cx, w->store, &in, &c->looked);
    }
    if (rc < 0) {
        return rc;
    }
    population_clear(&r->population);
    rc = population_add(w, &r->population, &c->facts, &r->incomes, r->as_of);
    if (rc < 0) {
        return rc;
    }
    size_t n = r->population.units.n;
    c->rows = ARENA_ARRAY(w->cx.arena, n + 1, struct levy_draft_assessment);
    c->places = ARENA_ARRAY(w->cx.arena, n + 1, struct place);
    return c->rows && c->places ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static void set_outcome(struct levy_draft_assessment *row, const struct unit *u,
                        const struct assessment *a)
{
    enum levy_reason reason = u->is_protected ? REASON_PROTECTED : (enum levy_reason)u->reason;
    if (a->failed) {
        row->outcome = OUTCOME_FAILED;
        row->reason = REASON_LAW;
        return;
    }
    if (a->months == 0) {
        row->outcome = OUTCOME_SKIPPED;
        row->reason = REASON_NO_MONTH;
        return;
    }
    reason = reason == REASON_NONE && a->result.total.n == 0 ? REASON_ZERO : reason;
    row->outcome = reason == REASON_NONE ? OUTCOME_LEVIED : OUTCOME_PULLED;
    row->reason = reason;
}

static void row_fill(struct levy_draft_assessment *row, int64_t draft_no, const struct unit *u,
                     const struct assessment *a)
{
    *row = (struct levy_draft_assessment){
        .draft_no = draft_no,
        .household_id = u->household_id,
        .debtor_id = u->debtor_id,
        .from_ymd = {u->from_day},
        .total_yen = a->result.total,
        .medical_yen = a->result.part[PART_MEDICAL],
        .support_yen = a->result.part[PART_SUPPORT],
        .care_yen = a->result.part[PART_CARE],
        .child_yen = a->result.part[PART_CHILD],
        .tier = a->result.tier,
        .marks = (int64_t)a->result.marks,
        .judge_yen = a->result.judge,
        .insured = a->result.insured,
    };
    set_outcome(row, u, a);
}

static int place_one(struct run *r, struct chunk *c, const struct unit *u,
                     const struct assessment *a)
{
    struct place *p = &c->places[c->n];
    row_fill(&c->rows[c->n++], r->draft_no, u, a);
    p->explained_at = a->explained_at;
    p->explained_n = a->explained_n;
    p->instalments_at = r->instalments.n;
    int rc = schedule_pack(&a->schedule, &r->instalments);
    p->instalments_n = r->instalments.n - p->instalments_at;
    unit_digest(&r->population, u, &p->inputs);
    return rc < 0 ? fail(&r->w->cx, ERR_MEMORY, "memory", NULL) : 0;
}

/* The buffers do not move any more: rows get their bytes, the chunk its digest. */
static void chunk_seal(struct run *r, struct chunk *c)
{
    struct hasher h;
    int64_t total = 0;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < c->n; i++) {
        struct levy_draft_assessment *row = &c->rows[i];
        struct place *p = &c->places[i];
        row->explanation =
            (struct str){text_str(&r->explanations).p + p->explained_at, p->explained_n};
        row->instalments =
            (struct str){text_str(&r->instalments).p + p->instalments_at, p->instalments_n};
        row->inputs = (struct str){(const char *)p->inputs.b, sizeof p->inputs.b};
        assessment_digest(&h, row);
        total += row->total_yen.n;
    }
    struct digest sum = hash_end(&h);
    struct str bytes = {(const char *)sum.b, sizeof sum.b};
    c->seal = (struct levy_draft_chunk){
        .draft_no = r->draft_no,
        .first_household = c->n ? c->rows[0].household_id : 0,
        .last_household = c->n ? c->rows[c->n - 1].household_id : 0,
        .assessments = (int64_t)c->n,
        .total_yen = YEN(total),
        .content = str_copy(r->w->cx.arena, bytes),
    };
}

static int chunk_compute(struct run *r, struct chunk *c)
{
    struct assessment *block = ARENA_ARRAY(r->w->cx.arena, LAW_BLOCK, struct assessment);
    size_t n = r->population.units.n;
    if (!block) {
        return fail(&r->w->cx, ERR_MEMORY, "memory", NULL);
    }
    text_clear(&r->explanations);
    text_clear(&r->instalments);
    int rc = n ? assessor_fill(&r->w->cx, &r->assessor, &r->population, 0, n) : 0;
    for (size_t at = 0; at < n && rc >= 0; at += LAW_BLOCK) {
        size_t count = n - at < LAW_BLOCK ? n - at : LAW_BLOCK;
        rc = assessor_run(&r->w->cx, &r->assessor, at, count, block, &r->explanations);
        for (size_t i = 0; i < count && rc >= 0; i++) {
            rc = place_one(r, c, &UNITS(&r->population)[at + i], &block[i]);
        }
    }
    if (rc >= 0) {
        chunk_seal(r, c);
    }
    return rc;
}

/* --- writing a chunk -------------------------------------------------------------------------- */

static int note_outcomes(struct run *r, struct chunk *c)
{
    int rc = 0;
    for (size_t i = 0; i < c->n && rc >= 0; i++) {
        const struct levy_draft_assessment *row = &c->rows[i];
        if (row->outcome != OUTCOME_LEVIED && row->reason != REASON_ZERO) {
            rc = job_note(r->w, r->job, row->outcome == OUTCOME_FAILED, row->household_id,
                          levy_reason_message(row->reason), STR(""));
        }
    }
    return rc;
}

/* Why a household has no debtor in the draft: nobody is its head, or nobody in it is insured. */
static enum levy_reason reason_left_out(const struct chunk *c, size_t *fact, int64_t household_id)
{
    const struct levy_facts *f = &c->facts;
    while (*fact < f->n_households && f->households[*fact].household_id < household_id) {
        ++*fact;
    }
    bool has_facts = *fact < f->n_households && f->households[*fact].household_id == household_id;
    return has_facts && f->households[*fact].n_heads == 0 ? REASON_NO_HEAD : REASON_NO_MONTH;
}

/* A household counts once, however many debtors it has: failed if any of them failed, done if any
 * was computed, skipped otherwise. */
static int settle_households(struct run *r, struct chunk *c)
{
    size_t row = 0;
    size_t fact = 0;
    int rc = 0;
    for (size_t i = 0; i < c->looked.n && rc >= 0; i++) {
        int64_t id = c->looked.rows[i].household_id;
        int64_t of[OUTCOME_FAILED + 1] = {0};
        size_t first = row;
        for (; row < c->n && c->rows[row].household_id == id; row++) {
            of[c->rows[row].outcome]++;
        }
        bool is_done = of[OUTCOME_LEVIED] + of[OUTCOME_PULLED] > 0;
        c->failed += of[OUTCOME_FAILED] > 0;
        c->done += of[OUTCOME_FAILED] == 0 && is_done;
        c->skipped += of[OUTCOME_FAILED] == 0 && !is_done;
        if (row == first) {
            rc = job_note(r->w, r->job, false, id,
                          levy_reason_message(reason_left_out(c, &fact, id)), STR(""));
        }
    }
    return rc;
}

static int chunk_write(struct run *r, struct chunk *c)
{
    struct work *w = r->w;
    struct event e = work_event(w, "levy.draft");
    e.effective = r->as_of;
    int rc = event_open(&w->cx, w->store, &e);
    if (rc >= 0 && c->n > 0) {
        rc = levy_draft_assessment_bulk(&w->cx, w->store, c->rows, c->n);
    }
    if (rc >= 0 && c->n > 0) {
        rc = store_ids(&w->cx, w->store, 1, &c->seal.chunk_id);
        c->seal.known_from = e.no;
        rc = rc < 0 ? rc : levy_draft_chunk_insert(&w->cx, w->store, &c->seal);
    }
    rc = rc < 0 ? rc : note_outcomes(r, c);
    return rc < 0 ? rc : settle_households(r, c);
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
    p->done += c->done;
    p->failed += c->failed;
    p->skipped += c->skipped;
    p->cursor = c->facts.last_household_id;
    if (rc >= 0) {
        rc = FAULT(&w->cx, "levy.draft.chunk");
    }
    if (rc >= 0) {
        rc = job_checkpoint(w, r->job);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "write a chunk of draft %lld", (long long)r->draft_no);
    }
    return store_commit(&w->cx, w->store);
}

/* --- the run ---------------------------------------------------------------------------------- */

static int draft_begin(struct run *r)
{
    struct work *w = r->w;
    const struct ruleset *rules = plan_ruleset(r->plan);
    struct str hash = {(const char *)ruleset_hash(rules)->b, sizeof(struct digest)};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = store_number(&w->cx, w->store, STR("levy.draft"), 1, &r->draft_no);
    if (rc >= 0) {
        struct levy_draft row = {.draft_no = r->draft_no,
                                 .kind = STR("initial"),
                                 .fiscal_year = r->fiscal_year,
                                 .as_of_ymd = r->as_of,
                                 .known_no = r->known,
                                 .rule_hash = hash,
                                 .rules = r->rules,
                                 .status = DRAFT_RUNNING,
                                 .job_id = job_id(r->job),
                                 .run_by = w->actor->user_id,
                                 .issue_ymd = YMD_NONE,
                                 .confirmed_by_null = true,
                                 .confirm_job_null = true};
        rc = levy_draft_insert(&w->cx, w->store, &row);
    }
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* A resumed job goes on with the draft it began: same day, same event, same rules. */
static int draft_resume(struct run *r)
{
    struct work *w = r->w;
    struct levy_draft_of_job_in in = {.job_id = job_id(r->job)};
    struct levy_draft_of_job_row of_job;
    struct levy_draft_get_row d;
    int rc = levy_draft_of_job(&w->cx, w->store, &in, &of_job);
    if (rc <= 0) {
        return rc;
    }
    struct levy_draft_get_in get = {.draft_no = of_job.draft_no};
    rc = levy_draft_get(&w->cx, w->store, &get, &d);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", NULL);
    }
    r->draft_no = d.draft_no;
    r->known = d.known_no;
    r->as_of = d.as_of_ymd;
    return 1;
}

/* What was known at the end of a day: the event before the first one that reached us later. */
static int known_on(struct work *w, struct ymd day, int64_t *known)
{
    struct levy_first_event_after_in in = {.day = day};
    struct levy_first_event_after_row row;
    int rc = levy_first_event_after(&w->cx, w->store, &in, &row);
    if (rc < 0) {
        return rc;
    }
    if (rc > 0 && !row.event_no_null) {
        *known = row.event_no - 1;
        return 0;
    }
    return event_last(&w->cx, w->store, known);
}

static int run_open(struct run *r)
{
    struct work *w = r->w;
    const struct ruleset *rules;
    struct str year = job_option(r->job, "year");
    int64_t n;
    int64_t chunk;
    if (!str_to_int(year, &n) || !ymd_parse(job_option(r->job, "as-of"), &r->as_of)) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", STR_FMT, STR_ARG(year));
    }
    if (!str_to_int(setting_get(w, "levy.chunk"), &chunk) || chunk < 1 || chunk > 50000) {
        return fail(&w->cx, ERR_INVALID, "levy.setting.number", "levy.chunk");
    }
    r->fiscal_year = (int)n;
    r->chunk = (size_t)chunk;
    int rc = known_on(w, r->as_of, &r->known);
    if (rc >= 0) {
        rc = draft_resume(r);
    }
    bool resumed = rc > 0;
    if (rc >= 0) {
        r->rules = job_option(r->job, "rules");
        rc = r->rules.n > 0 ? levy_rules_named(w, r->rules, &rules)
                            : levy_rules(w, KNOWN_NOW, &rules);
        r->rules = r->rules.n > 0 ? r->rules : STR("");
    }
    if (rc >= 0) {
        rc = levy_plan(w, rules, r->fiscal_year, &r->plan);
    }
    if (rc >= 0 && !resumed) {
        rc = draft_begin(r);
    }
    if (rc >= 0) {
        rc = income_table_load(w, r->fiscal_year - 1, (struct asof){r->as_of, r->known},
                               &r->incomes);
    }
    return rc < 0 ? rc : assessor_init(&w->cx, &r->assessor, r->plan);
}

static int run_chunks(struct run *r)
{
    struct work *w = r->w;
    struct job_progress *p = job_progress(r->job);
    struct chunk c;
    int64_t known = w->asof.known;
    w->asof.known = r->known; /* the households of the run, not those of today */
    int rc = eligibility_household_count(w, r->fiscal_year, &p->total);
    w->asof.known = known;
    if (rc < 0) {
        return rc;
    }
    do {
        struct arena_mark mark = arena_mark(w->cx.arena);
        rc = chunk_load(r, p->cursor, &c);
        if (rc >= 0 && c.looked.n > 0) {
            rc = chunk_compute(r, &c);
            rc = rc < 0 ? rc : chunk_commit(r, &c);
        }
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && !c.facts.at_end);
    return rc < 0 ? rc : draft_finish(w, r->job, r->draft_no);
}

int levy_initial(struct work *w, struct job *job)
{
    struct run r = {.w = w, .job = job};
    int rc = work_need(w, RIGHT_JOB_RUN);
    if (rc < 0) {
        return rc;
    }
    text_init(&r.explanations, CHUNK_BYTES);
    text_init(&r.instalments, CHUNK_BYTES);
    rc = run_open(&r);
    population_init(&r.population, r.fiscal_year, r.known);
    if (rc >= 0) {
        rc = run_chunks(&r);
    }
    population_release(&r.population);
    income_table_release(&r.incomes);
    assessor_release(&r.assessor);
    text_release(&r.explanations);
    text_release(&r.instalments);
    return rc < 0 ? error_add(&w->cx, "draft the levy of %d", r.fiscal_year) : 0;
}
