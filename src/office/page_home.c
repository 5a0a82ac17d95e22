/* page_home: today's work, and the year's calendar. */
#include "audit_sql.h"
#include "office/inner_pages.h"

enum { SOON_DAYS = 30 };
#define HALTED_US (INT64_C(120) * MICRO)

static int64_t day_us(struct ymd d)
{
    return (int64_t)d.day * DAY_US - JAPAN_US;
}

static int home_jobs(struct work *w, struct office_home_view *v)
{
    struct office_db_jobs_running_list list;
    int64_t now = w->cx.env->now_us(w->cx.env);
    int rc = office_db_jobs_running(&w->cx, w->store, &list);
    struct office_home_jobs_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_home_jobs_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_jobs_running_row *r = &list.rows[i];
        const struct job_kind *kind = job_kind_find(r->kind);
        bool halted =
            str_is(r->state, "running") && !r->beat_us_null && now - r->beat_us > HALTED_US;
        rows[i] = (struct office_home_jobs_row){.job_id = r->job_id,
                                                .label = kind ? kind->about : id_of(w, "", r->kind),
                                                .status = halted ? "job.state.halted"
                                                                 : id_of(w, "job.state.", r->state),
                                                .done = r->done + r->skipped + r->failed,
                                                .total = r->total,
                                                .halted = halted};
    }
    v->jobs = rows;
    v->n_jobs = list.n;
    return OK;
}

static int home_warnings(struct work *w, struct office_home_view *v)
{
    struct duty *duties;
    size_t n;
    int rc = calendar_read(w, &duties, &n);
    struct office_home_warnings_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, n + 1, struct office_home_warnings_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < n; i++)
        if (duties[i].late)
            rows[v->n_warnings++] =
                (struct office_home_warnings_row){duties[i].label, duties[i].cycle, duties[i].due,
                                                  duties[i].last, duties[i].job};
    v->warnings = rows;
    return OK;
}

/* What happened since the last review, or in the last thirty days. */
static int home_audit(struct work *w, struct office_home_view *v)
{
    struct office_db_review_last_row last;
    struct audit_db_count_by_day_row count;
    int rc = office_db_review_last(&w->cx, w->store,
                                   &(struct office_db_review_last_in){STR("audit")}, &last);
    v->since = rc == 1 ? ymd_add(last.until_ymd, 1) : ymd_add(w->today, -SOON_DAYS);
    v->reviewed = rc == 1 ? last.until_ymd : YMD_NONE;
    struct audit_db_count_by_day_in in = {day_us(v->since), day_us(ymd_add(w->today, 1))};
    if (rc >= 0)
        rc = audit_ready(&w->cx, w->audit);
    if (rc >= 0)
        rc = audit_db_count_by_day(&w->cx, audit_store(w->audit), &in, &count);
    if (rc < 0)
        return rc;
    v->off_hours = count.off_hours;
    v->refused = count.refused;
    return OK;
}

static int home_accounts(struct work *w, struct office_home_view *v)
{
    struct user_rows users;
    int rc = user_list(w, &users);
    struct office_home_accounts_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, users.n + 1, struct office_home_accounts_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < users.n; i++) {
        const struct user_row *u = &users.rows[i];
        bool soon =
            !u->disabled && !ymd_is_none(u->expires) && u->expires.day - w->today.day <= SOON_DAYS;
        if (soon)
            rows[v->n_accounts++] = (struct office_home_accounts_row){u->full_name, u->expires};
    }
    v->accounts = rows;
    return OK;
}

static int home_waiting(struct work *w, struct office_home_view *v)
{
    struct office_db_entries_waiting_count_row row;
    struct office_db_entries_waiting_count_in in = {w->actor->user_id};
    int rc = office_db_entries_waiting_count(&w->cx, w->store, &in, &row);
    v->waiting = rc < 0 ? 0 : row.n;
    return rc < 0 ? rc : OK;
}

/* What the desks have for the first page. */
static int home_desks(struct work *w, struct html *out)
{
    size_t n;
    int rc = OK;
    const struct desk *const *desks = office_desks(&n);
    for (size_t i = 0; i < n && rc >= 0; i++)
        if (desks[i]->home)
            rc = desks[i]->home(w, out);
    return rc;
}

int home_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct html desks;
    struct office_home_view v = {.may_check = work_may(w, RIGHT_CHECK),
                                 .may_jobs = work_may(w, RIGHT_JOB_VIEW),
                                 .may_audit = work_may(w, RIGHT_AUDIT_VIEW),
                                 .reviewed = YMD_NONE,
                                 .since = w->today,
                                 .desks = &desks};
    int rc = v.may_check ? home_waiting(w, &v) : OK;
    if (rc >= 0 && v.may_jobs)
        rc = home_jobs(w, &v);
    if (rc >= 0 && v.may_jobs)
        rc = home_warnings(w, &v);
    if (rc >= 0 && v.may_audit)
        rc = home_audit(w, &v);
    if (rc >= 0 && work_may(w, RIGHT_USER_ADMIN))
        rc = home_accounts(w, &v);
    html_init(&desks);
    if (rc >= 0)
        rc = home_desks(w, &desks);
    if (rc >= 0)
        office_page_home(&rp->body, rq->frame, &v);
    html_release(&desks);
    return rc < 0 ? rc : OK;
}

int calendar_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct duty *duties;
    size_t n;
    int rc = calendar_read(w, &duties, &n);
    struct office_calendar_jobs_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, n + 1, struct office_calendar_jobs_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct office_calendar_jobs_row){.label = duties[i].label,
                                                    .cycle = duties[i].cycle,
                                                    .systems = duties[i].systems,
                                                    .stated = duties[i].stated,
                                                    .due = duties[i].due,
                                                    .last = duties[i].last,
                                                    .late = duties[i].late,
                                                    .job = duties[i].job,
                                                    .built = duties[i].built};
    struct office_calendar_view v = {.jobs = rows, .n_jobs = n};
    office_page_calendar(&rp->body, rq->frame, &v);
    return OK;
}
