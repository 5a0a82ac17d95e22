/* The yearly run from end to end, for demo cities and tests: draft as operator, confirm as chief.
 */
#include "desk/levy/draft.h"
#include "levy_sql.h"

static int newest_of_job(struct work *w, int64_t job, struct draft *out)
{
    struct levy_draft_of_job_in in = {.job_id = job};
    struct levy_draft_of_job_row row;
    int rc = levy_draft_of_job(&w->cx, w->store, &in, &row);
    rc = rc <= 0 ? rc : levy_draft_find(w, row.draft_no, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", NULL) : rc;
}

int levy_initial_all(struct work *w, int fiscal_year, struct ymd as_of, struct ymd issue)
{
    char as_of_text[11];
    char issue_text[11];
    struct draft d;
    int64_t job = 0;
    ymd_format(as_of, as_of_text);
    ymd_format(issue, issue_text);
    struct str options = str_format(w->cx.arena, "year=%d as-of=%s", fiscal_year, as_of_text);
    int rc = job_run(w, "levy-initial", options, &job);
    rc = rc < 0 ? rc : newest_of_job(w, job, &d);
    if (rc < 0) {
        return error_add(&w->cx, "levy %d", fiscal_year);
    }
    options = str_format(w->cx.arena, "draft=%lld issue-date=%s households=%lld total=%lld",
                         (long long)d.draft_no, issue_text, (long long)d.households,
                         (long long)d.total.n);
    rc = job_run(w, "levy-confirm", options, &job);
    return rc < 0 ? error_add(&w->cx, "levy %d", fiscal_year) : 0;
}
