/* job_list: jobs as people see them. */
#include "office/inner.h"
#include "office_sql.h"

static int64_t or_zero(bool is_null, int64_t value)
{
    return is_null ? 0 : value;
}

int job_list(struct work *w, int64_t before, int limit, struct job_rows *out)
{
    struct office_db_jobs_list list;
    struct office_db_jobs_in in = {.before = before > 0 ? before : INT64_MAX, .n = limit};
    int rc = office_db_jobs(&w->cx, w->store, &in, &list);
    if (rc < 0)
        return error_add(&w->cx, "list the jobs");
    out->n = list.n;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct job_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_jobs_row *r = &list.rows[i];
        out->rows[i] = (struct job_row){
            .job_id = r->job_id,
            .kind = r->kind,
            .options = r->options,
            .state = r->state,
            .progress = {r->total, r->done, r->skipped, r->failed, 0},
            .requested_by = r->full_name.p ? r->full_name : STR(""),
            .queued_us = r->queued_us,
            .started_us = or_zero(r->started_us_null, r->started_us),
            .beat_us = or_zero(r->beat_us_null, r->beat_us),
            .ended_us = or_zero(r->ended_us_null, r->ended_us),
            .message = r->message.p ? r->message : STR(""),
        };
    }
    return OK;
}

int job_get(struct work *w, int64_t id, struct job_row *out)
{
    struct job_rows rows;
    int rc = job_list(w, id + 1, 1, &rows);
    if (rc < 0)
        return rc;
    if (rows.n == 0 || rows.rows[0].job_id != id)
        return fail(&w->cx, ERR_NOT_FOUND, "job.missing", "%lld", (long long)id);
    *out = rows.rows[0];
    return OK;
}

int job_figures(struct work *w, int64_t id, struct job_figure_row **rows, size_t *n)
{
    struct office_db_job_figures_list list;
    int rc = office_db_job_figures(&w->cx, w->store, &(struct office_db_job_figures_in){id}, &list);
    if (rc < 0)
        return error_add(&w->cx, "figures of job %lld", (long long)id);
    *n = list.n;
    *rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct job_figure_row);
    if (!*rows)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        (*rows)[i] = (struct job_figure_row){list.rows[i].name, list.rows[i].value};
    return OK;
}
