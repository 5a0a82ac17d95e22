/* deduction: the yearly judgement of who pays from his pension, and what it was judged by. */
#include "desk/levy/deduction.h"
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

enum { CHUNK = 1000, PAYMENTS = 6 };

/* --- the law ---------------------------------------------------------------------------------- */

static bool read_law(struct str line, int64_t *since, struct deduction_law *out)
{
    int64_t pension, age_from, age_below;
    const bool begins =
        str_to_int(str_cut(&line, '\t'), since) && str_to_int(str_cut(&line, '\t'), &pension);
    struct str share = str_cut(&line, '\t');

    if (!begins || !str_to_int(str_cut(&share, '/'), &out->share_num) ||
        !str_to_int(share, &out->share_den) || !str_to_int(str_cut(&line, '\t'), &age_from) ||
        !str_to_int(str_cut(&line, '\t'), &age_below)) {
        return false;
    }
    out->least_pension = YEN(pension);
    out->age_from = (int)age_from;
    out->age_below = (int)age_below;
    return true;
}

int deduction_law_of(struct work *w, int fiscal_year, struct deduction_law *out)
{
    extern const unsigned char levy_deduction_tsv[];
    extern const size_t levy_deduction_tsv_size;
    struct str rest = {(const char *)levy_deduction_tsv, levy_deduction_tsv_size};
    bool found = false;

    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        struct deduction_law law;
        int64_t since = 0;
        if (line.n == 0 || line.p[0] == '#') {
            continue;
        }
        if (!read_law(line, &since, &law)) {
            return fail(&w->cx, ERR_SYNTAX, "levy.deduction.table", STR_FMT, STR_ARG(line));
        }
        if (since <= fiscal_year) {
            *out = law;
            found = true;
        }
    }
    return found ? OK : fail(&w->cx, ERR_NOT_FOUND, "levy.deduction.table", "%d", fiscal_year);
}

/* --- one household ---------------------------------------------------------------------------- */

/* A payment is for two months: premium / 6 + care <= share of pension / 6, without fractions. */
static bool is_too_much(const struct deduction_facts *f, const struct deduction_law *law)
{
    return (f->levy.n + PAYMENTS * f->care.n) * law->share_den > f->pension.n * law->share_num;
}

static unsigned failing(enum deduction_result condition, bool holds)
{
    return holds ? 0 : 1u << condition;
}

unsigned deduction_failed(const struct deduction_facts *f, const struct deduction_law *law,
                          int fiscal_year)
{
    const struct ymd birthday_75 = birthday(f->head_birth, law->age_below);
    const bool has_care = f->has_care && f->care.n > 0;

    return failing(DEDUCTION_HEAD_NOT_INSURED, f->is_head_insured) |
           failing(DEDUCTION_AGES, f->elders >= f->insured) |
           failing(DEDUCTION_TURNS_75,
                   ymd_compare(birthday_75, ymd_of(fiscal_year + 1, 4, 1)) >= 0) |
           failing(DEDUCTION_NO_PENSION, f->has_pension) |
           failing(DEDUCTION_SMALL_PENSION,
                   !f->has_pension || f->pension.n >= law->least_pension.n) |
           failing(DEDUCTION_NO_CARE, has_care) |
           failing(DEDUCTION_HALF, !f->has_pension || !has_care || !is_too_much(f, law));
}

/* The first that does not hold, in the order of the conditions. */
enum deduction_result deduction_judge(const struct deduction_facts *f,
                                      const struct deduction_law *law, int fiscal_year)
{
    const unsigned failed = deduction_failed(f, law, fiscal_year);
    int first = DEDUCTION_YES;

    for (int i = DEDUCTION_HALF; i > DEDUCTION_YES; i--)
        first = failed >> i & 1 ? i : first;
    return (enum deduction_result)first;
}

/* --- the city -----------------------------------------------------------------------------------
 */

struct run {
    struct work *w;
    struct deduction_law law;
    int year;
    struct feed_facts pensions, cares;   /* of the chunk */
    struct levy_candidates_of_list told; /* by the pension payers themselves */
    int64_t event_no;
};

static int order_of(const struct feed_fact *f)
{
    const int order = f->code.p ? pension_payer_order(f->code) : 0;
    return order > 0 ? order : INT32_MAX;
}

/* The newest by month; of several pensions of one month that of the first priority, by its payer;
 * of the same the largest. */
static bool is_before(const struct feed_fact *f, const struct feed_fact *best)
{
    const int later = str_compare(f->period, best->period);

    if (later != 0)
        return later > 0;
    if (order_of(f) != order_of(best))
        return order_of(f) < order_of(best);
    return f->amount.n > best->amount.n;
}

static const struct feed_fact *newest_of(const struct feed_facts *facts, int64_t person_id)
{
    const struct feed_fact *best = NULL;

    for (size_t i = 0; i < facts->n; i++) {
        const struct feed_fact *f = &facts->rows[i];
        if (f->person_id == person_id && f->has_amount && (!best || is_before(f, best)))
            best = f;
    }
    return best;
}

/* The pension a premium may be taken from: that of the first priority only (老齢基礎 first), as the
 * payer told it in the year; else what the pension file of the section says. */
static bool pension_of(const struct run *r, int64_t person_id, struct yen *out)
{
    const struct feed_fact *fed = newest_of(&r->pensions, person_id);
    int best = 0;

    for (size_t i = 0; i < r->told.n; i++) {
        const struct levy_candidates_of_row *c = &r->told.rows[i];
        const int order = c->person_id == person_id ? pension_payer_order(c->payer) : 0;
        if (order == 0 || (best != 0 && order >= best))
            continue;
        best = order;
        *out = c->pension_yen;
    }
    if (best == 0)
        *out = fed ? fed->amount : YEN(0);
    return best != 0 || fed;
}

static struct deduction_facts facts_of(const struct run *r,
                                       const struct levy_deduction_households_row *h)
{
    const struct feed_fact *care = newest_of(&r->cares, h->debtor_id);
    struct yen pension;
    const bool has_pension = pension_of(r, h->debtor_id, &pension);

    return (struct deduction_facts){.head_birth = h->birth_ymd,
                                    .is_head_insured = h->is_head_insured,
                                    .insured = h->insured,
                                    .elders = h->elders,
                                    .has_pension = has_pension,
                                    .pension = pension,
                                    .has_care = care != NULL,
                                    .care = care ? care->amount : YEN(0),
                                    .levy = h->total_yen};
}

static int keep(struct run *r, const struct levy_deduction_households_row *h)
{
    struct work *w = r->w;
    const struct deduction_facts f = facts_of(r, h);
    const enum deduction_result result = deduction_judge(&f, &r->law, r->year);
    const int64_t failed = deduction_failed(&f, &r->law, r->year);
    const struct levy_deduction_of_in q = {h->household_id, h->debtor_id, r->year};
    struct levy_deduction_of_row old;
    struct levy_deduction_judgement row = {.fiscal_year = r->year,
                                           .household_id = h->household_id,
                                           .debtor_id = h->debtor_id,
                                           .result = result,
                                           .failed = failed,
                                           .pension_yen = f.pension,
                                           .care_yen = f.care,
                                           .levy_yen = f.levy,
                                           .known_from = r->event_no};
    int rc = levy_deduction_of(&w->cx, w->store, &q, &old);

    if (rc > 0 && old.result == (int64_t)result && old.failed == failed &&
        old.pension_yen.n == f.pension.n && old.care_yen.n == f.care.n &&
        old.levy_yen.n == f.levy.n) {
        return OK; /* nothing new */
    }
    if (rc > 0) {
        rc = levy_deduction_judgement_close(&w->cx, w->store, old.deduction_judgement_id,
                                            r->event_no);
    }
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.deduction_judgement_id);
    return rc < 0 ? rc : levy_deduction_judgement_insert(&w->cx, w->store, &row);
}

static int read_facts(struct run *r, const struct levy_deduction_households_list *list)
{
    struct work *w = r->w;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list->n + 1, int64_t);

    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list->n; i++) {
        ids[i] = list->rows[i].debtor_id;
    }
    int rc = feed_facts_of(w, "pension_payer", ids, list->n, &r->pensions);
    rc = rc < 0 ? rc : feed_facts_of(w, "care_levy", ids, list->n, &r->cares);
    const struct levy_candidates_of_in q = {{ids, list->n}, r->year};
    return rc < 0 ? rc : levy_candidates_of(&w->cx, w->store, &q, &r->told);
}

static int judge_chunk(struct run *r, struct job *job,
                       const struct levy_deduction_households_list *list)
{
    struct work *w = r->w;
    struct event e = work_event(w, "levy.deduction");
    int rc = event_open(&w->cx, w->store, &e);

    r->event_no = e.no;
    rc = rc < 0 ? rc : read_facts(r, list);
    for (size_t i = 0; i < list->n && rc >= 0; i++) {
        rc = keep(r, &list->rows[i]);
    }
    if (rc < 0) {
        return rc;
    }
    job_progress(job)->done += (int64_t)list->n;
    job_progress(job)->cursor = list->rows[list->n - 1].decision_id;
    return job_checkpoint(w, job);
}

static int in_transaction(struct run *r, struct job *job,
                          const struct levy_deduction_households_list *list)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0) {
        return rc;
    }
    rc = judge_chunk(r, job, list);
    if (rc >= 0) {
        return store_commit(&w->cx, w->store);
    }
    store_rollback(w->store);
    return rc;
}

static int judge_city(struct run *r, struct job *job)
{
    struct work *w = r->w;
    const struct ymd next = ymd_add(w->asof.valid, 1);
    struct levy_deduction_households_in q = {.year = r->year,
                                             .born_by = birthday(next, -r->law.age_from),
                                             .born_after = birthday(next, -r->law.age_below),
                                             .n = CHUNK,
                                             .asof = w->asof};
    struct levy_deduction_households_list list;
    int rc = OK;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        q.after = job_progress(job)->cursor;
        rc = levy_deduction_households(&w->cx, w->store, &q, &list);
        if (rc >= 0 && list.n > 0) {
            rc = in_transaction(r, job, &list);
        }
        arena_rewind(w->cx.arena, mark);
    } while (rc >= 0 && list.n == CHUNK);
    return rc;
}

/* The payers' own file of the year (特別徴収対象者情報), or the section's yearly file. */
static int need_pensions(struct work *w, int year)
{
    const struct ymd since = ymd_of(year, 5, 1);
    const struct levy_pension_file_taken_in q = {STR("00"), since};
    struct levy_pension_file_taken_row row;
    const int rc = levy_pension_file_taken(&w->cx, w->store, &q, &row);

    return rc < 0 || row.n > 0 ? rc : feed_need(w, "pension_payer_yearly", ymd_of(year, 5, 20));
}

/* Without the pension service's file of late May nobody is judged: its people would be missing. */
static int judge_year(struct work *w, struct job *job)
{
    struct run r = {.w = w};
    int64_t year = 0;

    if (!str_to_int(job_option(job, "year"), &year) || year < 2008 || year > 2100) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    r.year = (int)year;
    int rc = need_pensions(w, r.year);
    rc = rc < 0 ? rc : deduction_law_of(w, r.year, &r.law);
    if (rc >= 0) {
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("levy.deduction"),
                                                 .count = -1});
    }
    rc = rc < 0 ? rc : judge_city(&r, job);
    return rc < 0 ? error_add(&w->cx, "judge who pays from the pension") : OK;
}

int deduction_yearly(struct work *w, struct job *job)
{
    return pension_as_of(w, job, judge_year);
}
