/* The job that writes a report: every decision in force on the day, read out of its explanation. */
#include "desk/levy/assess.h"
#include "desk/levy/report.h"
#include "levy_sql.h"

#include <string.h>

#define REPORT_CHUNK 2000

struct writing {
    struct work *w;
    struct job *job;
    int fiscal_year;
    struct ymd base;
    struct report_bands bands;
    struct levy_report_unit *units;
    struct levy_report_part *parts;
    size_t n;
    int64_t decisions, insured;
    struct yen total, part[LEVY_PARTS];
    int64_t relief[RELIEF_SUPPORT + 1];
};

static int end_transaction(struct work *w, int rc)
{
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* A report of a job that was killed is written anew from the start. */
static int begin(struct writing *r)
{
    struct work *w = r->w;
    const int64_t id = job_id(r->job);
    const struct levy_report_clear_in a = {id};
    const struct levy_report_unit_clear_in b = {id};
    const struct levy_report_part_clear_in c = {id};
    const struct levy_report_share_clear_in d = {id};
    const struct levy_report_support_clear_in e = {id};
    const struct levy_report row = {.job_id = id,
                                    .fiscal_year = r->fiscal_year,
                                    .base_ymd = r->base,
                                    .total_yen = YEN(0)};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_report_part_clear(&w->cx, w->store, &c);
    rc = rc < 0 ? rc : levy_report_unit_clear(&w->cx, w->store, &b);
    rc = rc < 0 ? rc : levy_report_share_clear(&w->cx, w->store, &d);
    rc = rc < 0 ? rc : levy_report_support_clear(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : levy_report_clear(&w->cx, w->store, &a);
    rc = rc < 0 ? rc : levy_report_insert(&w->cx, w->store, &row);
    return end_transaction(w, rc);
}

/* --- one decision ------------------------------------------------------------------------------
 */

static int open_decision(struct work *w, int fiscal_year, const struct levy_report_decisions_row *d,
                         struct explanation *x)
{
    struct digest hash;
    const int64_t known[2] = {d->looked_from, d->event_no};
    const struct plan *plan;
    if (d->rule_hash.n != sizeof hash.b) {
        return fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", NULL);
    }
    memcpy(hash.b, d->rule_hash.p, sizeof hash.b);
    int rc = levy_plan_of_hash(w, &hash, known, fiscal_year, &plan);
    return rc < 0 ? rc : explanation_open(&w->cx, plan, d->explanation, x);
}

static void count_relief(struct writing *r, const struct levy_report_part *p)
{
    r->relief[RELIEF_REDUCTION] += p->person_cut.n + p->household_cut.n;
    r->relief[RELIEF_PRESCHOOL] += p->part == PART_CHILD ? 0 : p->child_cut.n;
    r->relief[RELIEF_MATERNITY] += p->maternity_cut.n;
}

static int read_decision(struct writing *r, const struct levy_report_decisions_row *d)
{
    const struct yen levied[LEVY_PARTS] = {d->medical_yen, d->support_yen, d->care_yen,
                                           d->child_yen};
    struct levy_report_unit *u = &r->units[r->n];
    struct levy_report_part *part = &r->parts[r->n * LEVY_PARTS];
    struct explanation x;
    int rc = open_decision(r->w, r->fiscal_year, d, &x);
    if (rc < 0) {
        return rc;
    }
    *u = (struct levy_report_unit){.job_id = job_id(r->job),
                                   .decision_id = d->decision_id,
                                   .household_id = d->household_id,
                                   .tier = d->tier,
                                   .insured = d->insured,
                                   .marks = d->marks,
                                   .judge_yen = d->judge_yen,
                                   .total_yen = d->total_yen};
    for (int k = 0; k < LEVY_PARTS; k++) {
        part[k] = (struct levy_report_part){.job_id = u->job_id,
                                            .decision_id = u->decision_id,
                                            .part = k,
                                            .tier = d->tier,
                                            .levied_yen = levied[k]};
    }
    report_read(&x, u, part);
    u->band_from = report_band(&r->bands, u->basis_yen);
    for (int k = 0; k < LEVY_PARTS; k++) {
        part[k].band_from = u->band_from;
        r->part[k].n += levied[k].n;
        count_relief(r, &part[k]);
    }
    r->n++;
    r->decisions++;
    r->insured += d->insured;
    r->total.n += d->total_yen.n;
    return 0;
}

static int write_chunk(struct writing *r)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    job_progress(r->job)->done = r->decisions;
    rc = levy_report_unit_bulk(&w->cx, w->store, r->units, r->n);
    rc = rc < 0 ? rc : levy_report_part_bulk(&w->cx, w->store, r->parts, r->n * LEVY_PARTS);
    rc = rc < 0 ? rc : job_checkpoint(w, r->job);
    return end_transaction(w, rc);
}

static int write_all(struct writing *r)
{
    struct work *w = r->w;
    struct levy_report_decisions_in in = {.fiscal_year = r->fiscal_year,
                                          .base_ymd = r->base,
                                          .n = REPORT_CHUNK};
    struct levy_report_decisions_list list;
    int rc;
    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        rc = levy_report_decisions(&w->cx, w->store, &in, &list);
        r->units = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_report_unit);
        r->parts =
            rc < 0 ? NULL
                   : ARENA_ARRAY(w->cx.arena, (list.n + 1) * LEVY_PARTS, struct levy_report_part);
        if (rc >= 0 && (!r->units || !r->parts)) {
            rc = fail(&w->cx, ERR_MEMORY, "memory", NULL);
        }
        r->n = 0;
        for (size_t i = 0; i < list.n && rc >= 0; i++) {
            const struct arena_mark one = arena_mark(w->cx.arena);
            rc = read_decision(r, &list.rows[i]);
            arena_rewind(w->cx.arena, one);
        }
        in.after = rc >= 0 && list.n ? list.rows[list.n - 1].decision_id : in.after;
        rc = rc < 0 || r->n == 0 ? rc : write_chunk(r);
        if (rc >= 0) {
            arena_rewind(w->cx.arena, mark);
        }
    } while (rc >= 0 && r->n > 0);
    return rc;
}

/* --- control -----------------------------------------------------------------------------------
 */

static int check_control(struct writing *r)
{
    const struct levy_report_control_in in = {.fiscal_year = r->fiscal_year, .base_ymd = r->base};
    struct levy_report_control_row row;
    int rc = levy_report_control(&r->w->cx, r->w->store, &in, &row);
    if (rc < 0) {
        return rc;
    }
    if (row.decisions == 0) {
        return fail(&r->w->cx, ERR_NOT_FOUND, "levy.report.none", NULL);
    }
    const bool same = row.decisions == r->decisions && row.insured == r->insured &&
                      row.total_yen.n == r->total.n && row.medical_yen.n == r->part[0].n &&
                      row.support_yen.n == r->part[1].n && row.care_yen.n == r->part[2].n &&
                      row.child_yen.n == r->part[3].n;
    return same ? 0 : fail(&r->w->cx, ERR_CORRUPT, "levy.report.control", NULL);
}

/* --- what supports the insurer ------------------------------------------------------------------
 */

/* The average levy of a part: all that was levied over all who are levied, reduced or not. */
struct average {
    int64_t levied, people;
};

static int write_support(struct writing *r, const struct levy_report_reduced_row *of,
                         const struct average *a)
{
    struct work *w = r->w;
    int64_t per_cent = 0;
    int64_t amount = 0;
    int rc = of->tier > 0 && of->people > 0
                 ? report_support_rate(w, r->fiscal_year, of->tier, &per_cent)
                 : 0;
    if (rc < 0 || per_cent == 0) {
        return rc;
    }
    if (!muldiv(a->levied, of->people * per_cent, a->people * 100, ROUND_FLOOR, &amount)) {
        return fail(&w->cx, ERR_RANGE, "levy.report.control", NULL);
    }
    const struct levy_report_support row = {.job_id = job_id(r->job),
                                            .part = of->part,
                                            .tier = of->tier,
                                            .people = of->people,
                                            .average_yen = YEN(a->levied / a->people),
                                            .per_cent = per_cent,
                                            .amount_yen = YEN(amount)};
    r->relief[RELIEF_SUPPORT] += amount;
    return levy_report_support_insert(&w->cx, w->store, &row);
}

static int write_supports(struct writing *r)
{
    struct work *w = r->w;
    const struct levy_report_reduced_in in = {.job_id = job_id(r->job)};
    struct levy_report_reduced_list list;
    struct average all[LEVY_PARTS] = {{0, 0}};
    int rc = levy_report_reduced(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        all[list.rows[i].part].levied += list.rows[i].levied_yen.n;
        all[list.rows[i].part].people += list.rows[i].people;
    }
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        rc = write_support(r, &list.rows[i], &all[list.rows[i].part]);
    }
    return rc;
}

/* What is left by rounding down is the city's. */
static int write_shares(struct writing *r)
{
    struct work *w = r->w;
    int rc = 0;
    for (int kind = RELIEF_REDUCTION; kind <= RELIEF_SUPPORT && rc >= 0; kind++) {
        struct report_share s;
        struct levy_report_share row = {.job_id = job_id(r->job),
                                        .kind = kind,
                                        .amount_yen = YEN(r->relief[kind])};
        rc = report_share_of(w, r->fiscal_year, (enum report_relief)kind, &s);
        if (rc < 0 || s.den == 0) {
            continue;
        }
        row.state_yen = YEN(r->relief[kind] * s.state / s.den);
        row.prefecture_yen = YEN(r->relief[kind] * s.prefecture / s.den);
        row.city_yen = YEN(r->relief[kind] - row.state_yen.n - row.prefecture_yen.n);
        rc = levy_report_share_insert(&w->cx, w->store, &row);
    }
    return rc;
}

static int finish(struct writing *r)
{
    struct work *w = r->w;
    const struct levy_report_finish_in in = {.job_id = job_id(r->job),
                                             .decisions = r->decisions,
                                             .total_yen = r->total};
    int rc = check_control(r);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_report_finish(&w->cx, w->store, &in);
    rc = rc < 0 ? rc : write_supports(r);
    rc = rc < 0 ? rc : write_shares(r);
    rc = rc < 0 ? rc : job_figure(w, r->job, "households", r->decisions);
    rc = rc < 0 ? rc : job_figure(w, r->job, "total_yen", r->total.n);
    rc = rc < 0 ? rc : job_checkpoint(w, r->job);
    return end_transaction(w, rc);
}

int levy_report_job(struct work *w, struct job *job)
{
    struct writing r = {.w = w, .job = job};
    int64_t year = 0;
    int rc = work_need(w, RIGHT_LEVY_VIEW);
    if (rc >= 0 && (!str_to_int(job_option(job, "year"), &year) ||
                    !ymd_parse(job_option(job, "base"), &r.base))) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    r.fiscal_year = (int)year;
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("levy.report"),
                                                      .query = job_option(job, "year")});
    rc = rc < 0 ? rc : report_bands_of(w, r.fiscal_year, &r.bands);
    rc = rc < 0 ? rc : begin(&r);
    rc = rc < 0 ? rc : write_all(&r);
    rc = rc < 0 ? rc : finish(&r);
    return rc < 0 ? rc : audit_outcome(w, OK, r.decisions);
}
