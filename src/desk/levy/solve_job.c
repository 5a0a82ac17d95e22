/* The job that looks for rates: computed first, then written as one result. */
#include "desk/levy/trial_pages.h"
#include "levy_sql.h"

static struct solve_words words_of_job(const struct job *job)
{
    return (struct solve_words){.target = job_option(job, "target"),
                                .part = {[PART_MEDICAL] = job_option(job, "medical"),
                                         [PART_SUPPORT] = job_option(job, "support"),
                                         [PART_CARE] = job_option(job, "care"),
                                         [PART_CHILD] = job_option(job, "child")},
                                .moves = job_option(job, "moves"),
                                .shares = job_option(job, "shares"),
                                .rate_unit = job_option(job, "rate-unit"),
                                .yen_unit = job_option(job, "yen-unit")};
}

static int write_steps(struct work *w, int64_t job, const struct solved *s)
{
    int rc = 0;
    for (int i = 0; i < SOLVE_STEPS && rc >= 0; i++) {
        const struct levy_figures *f = &s->step[i].figures;
        const struct levy_rate_solve_step row = {.job_id = job,
                                                 .step = i,
                                                 .settings = s->step[i].settings,
                                                 .households = f->households,
                                                 .failed = f->failed,
                                                 .total_yen = YEN(f->total_yen),
                                                 .medical_yen = YEN(f->part_yen[PART_MEDICAL]),
                                                 .support_yen = YEN(f->part_yen[PART_SUPPORT]),
                                                 .care_yen = YEN(f->part_yen[PART_CARE]),
                                                 .child_yen = YEN(f->part_yen[PART_CHILD])};
        rc = levy_rate_solve_step_insert(&w->cx, w->store, &row);
    }
    return rc;
}

static int write_request(struct work *w, struct job *job, const struct solve_request *rq,
                         const struct solved *s)
{
    const struct yen none = YEN(0);
    const struct str shares = job_option(job, "shares");
    struct yen part[LEVY_PARTS] = {none, none, none, none};
    int64_t target = rq->by_part ? 0 : rq->target_yen[0];
    for (int k = 0; k < LEVY_PARTS && rq->by_part; k++) {
        part[k] = YEN(rq->part[k] ? rq->target_yen[k] : 0);
        target += part[k].n;
    }
    const struct levy_rate_solve row = {.job_id = job_id(job),
                                        .fiscal_year = rq->fiscal_year,
                                        .by_part = rq->by_part,
                                        .moves = job_option(job, "moves"),
                                        .shares = shares.p ? shares : STR(""),
                                        .rate_unit = rq->rate_unit,
                                        .yen_unit = YEN(rq->yen_unit),
                                        .target_yen = YEN(target),
                                        .target_medical = part[PART_MEDICAL],
                                        .target_support = part[PART_SUPPORT],
                                        .target_care = part[PART_CARE],
                                        .target_child = part[PART_CHILD],
                                        .evaluations = s->evaluations};
    return levy_rate_solve_insert(&w->cx, w->store, &row);
}

static int write_result(struct work *w, struct job *job, const struct solve_request *rq,
                        const struct solved *s)
{
    const struct levy_rate_solve_clear_in clear = {.job_id = job_id(job)};
    const struct levy_rate_solve_step_clear_in steps = {.job_id = job_id(job)};
    const struct solve_step *near = &s->step[SOLVE_NEAREST];
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_rate_solve_step_clear(&w->cx, w->store, &steps);
    rc = rc < 0 ? rc : levy_rate_solve_clear(&w->cx, w->store, &clear);
    rc = rc < 0 ? rc : write_request(w, job, rq, s);
    rc = rc < 0 ? rc : write_steps(w, job_id(job), s);
    job_progress(job)->done = near->figures.households;
    job_progress(job)->failed = near->figures.failed;
    rc = rc < 0 ? rc : job_figure(w, job, "households", near->figures.households);
    rc = rc < 0 ? rc : job_figure(w, job, "total_yen", near->figures.total_yen);
    rc = rc < 0 ? rc : job_figure(w, job, "miss_yen", levy_solve_miss(rq, near, -1));
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

int levy_solve_job(struct work *w, struct job *job)
{
    const struct solve_words words = words_of_job(job);
    struct solve_request rq;
    struct solved solved;
    int64_t year = 0;
    int rc = work_need(w, RIGHT_SIMULATE);
    if (rc >= 0 && !str_to_int(job_option(job, "year"), &year)) {
        rc = fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    rc = rc < 0 ? rc : levy_solve_read(w, (int)year, &words, &rq);
    rc = rc < 0 ? rc : levy_solve(w, &rq, &solved);
    return rc < 0 ? rc : write_result(w, job, &rq, &solved);
}
