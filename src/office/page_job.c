/* page_job: the list of jobs, one job with its live progress and figures, and starting one. */
#include "office/inner_pages.h"

#include <stdio.h>
#include <string.h>

enum { JOBS_SHOWN = 50, NOTES_SHOWN = 200, GROUPS = 16 };
#define HALTED_US (INT64_C(120) * MICRO)

static const char *kind_label(struct work *w, struct str name)
{
    const struct job_kind *kind = job_kind_find(name);
    return kind ? kind->about : id_of(w, "", name);
}

static bool declares(struct str *rest, const char *name)
{
    struct str options = *rest;
    size_t n = strlen(name);
    while (options.n > 0) {
        struct str word = str_trim(str_cut(&options, ' '));
        if (word.n > n && memcmp(word.p, name, n) == 0 && (word.p[n] == ':' || word.p[n] == '?'))
            return true;
    }
    return false;
}

/* "year=2026 as-of=2026-06-10" in words: 年度 2026, 基準日 2026-06-10. */
static struct str options_shown(struct work *w, struct str options)
{
    struct text t;
    text_init(&t, 4000);
    while (options.n > 0) {
        struct str value = str_trim(str_cut(&options, ' '));
        struct str name = str_cut(&value, '=');
        char id[64];
        int n = snprintf(id, sizeof id, "job.option." STR_FMT, STR_ARG(name));
        for (int i = 0; i < n && i < (int)sizeof id; i++)
            id[i] = id[i] == '-' ? '_' : id[i];
        const struct message *m = message_find(id);
        text_addf(&t, "%s%s", t.n > 0 ? "  " : "", m ? m->text : "");
        if (!m)
            text_add(&t, name);
        text_addc(&t, ' ');
        text_add(&t, value);
    }
    struct str s = t.failed ? options : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : options;
}

/* A path of the server's own disk is for the console; pages take files by upload. */
static bool kind_is_for_pages(const struct job_kind *kind)
{
    struct str options = str_of(kind->options);
    return !declares(&options, "path") && !declares(&options, "file");
}

static bool kind_may(const struct work *w, const struct job_kind *kind)
{
    uint64_t needed = kind->right ? kind->right : RIGHT(RIGHT_JOB_RUN);
    return kind_is_for_pages(kind) && (w->actor->rights & needed) == needed;
}

/* --- list --------------------------------------------------------------------------------- */

static int kinds_fill(struct work *w, struct office_jobs_view *v)
{
    size_t n;
    size_t count = 0;
    const struct desk *const *desks = office_desks(&n);
    for (size_t i = 0; i < n; i++)
        count += desks[i]->n_jobs;
    struct office_jobs_kinds_row *rows =
        ARENA_ARRAY(w->cx.arena, count + 1, struct office_jobs_kinds_row);
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < desks[i]->n_jobs; j++)
            if (kind_may(w, &desks[i]->jobs[j]))
                rows[v->n_kinds++] = (struct office_jobs_kinds_row){str_of(desks[i]->jobs[j].name),
                                                                    desks[i]->jobs[j].about};
    v->kinds = rows;
    v->may_run = v->n_kinds > 0;
    return OK;
}

static int jobs_fill(struct work *w, const struct job_rows *jobs, struct office_jobs_view *v)
{
    struct office_jobs_jobs_row *rows =
        ARENA_ARRAY(w->cx.arena, jobs->n + 1, struct office_jobs_jobs_row);
    if (!rows)
        return out_of_memory(w);
    for (size_t i = 0; i < jobs->n; i++) {
        const struct job_row *j = &jobs->rows[i];
        rows[i] = (struct office_jobs_jobs_row){.job_id = j->job_id,
                                                .label = kind_label(w, j->kind),
                                                .status = id_of(w, "job.state.", j->state),
                                                .is_failed = str_is(j->state, "failed"),
                                                .is_running = str_is(j->state, "running"),
                                                .options = options_shown(w, j->options),
                                                .total = j->progress.total,
                                                .done = j->progress.done,
                                                .skipped = j->progress.skipped,
                                                .failed = j->progress.failed,
                                                .queued = j->queued_us,
                                                .ended = j->ended_us,
                                                .who = j->requested_by};
    }
    v->jobs = rows;
    v->n_jobs = jobs->n;
    v->shown = (int64_t)jobs->n;
    if (jobs->n == JOBS_SHOWN)
        v->next =
            str_format(w->cx.arena, "/jobs?before=%lld", (long long)jobs->rows[jobs->n - 1].job_id);
    return OK;
}

int jobs_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct job_rows jobs;
    struct office_jobs_view v = {0};
    int64_t before;
    int rc = request_query_number(&w->cx, rq, "before", 0, &before);
    if (rc >= 0)
        rc = job_list(w, before, JOBS_SHOWN, &jobs);
    if (rc >= 0)
        rc = jobs_fill(w, &jobs, &v);
    if (rc >= 0)
        rc = kinds_fill(w, &v);
    if (rc < 0)
        return rc;
    if (before > 0)
        v.first = STR("/jobs");
    office_page_jobs(&rp->body, rq->frame, &v);
    return OK;
}

/* --- one job ------------------------------------------------------------------------------ */

static struct office_job_progress_view progress_of(struct work *w, const struct job_row *j)
{
    const struct job_progress *p = &j->progress;
    int64_t settled = p->done + p->skipped + p->failed;
    int64_t now = w->cx.env->now_us(w->cx.env);
    bool running = str_is(j->state, "running");
    bool halted = running && j->beat_us > 0 && now - j->beat_us > HALTED_US;
    bool finished = str_is(j->state, "finished");
    return (struct office_job_progress_view){.job_id = j->job_id,
                                             .status = halted ? "job.state.halted"
                                                              : id_of(w, "job.state.", j->state),
                                             .is_live = running || str_is(j->state, "queued"),
                                             .is_failed = str_is(j->state, "failed"),
                                             .is_done = finished,
                                             .percent = finished       ? 100
                                                        : p->total > 0 ? settled * 100 / p->total
                                                                       : 0,
                                             .total = p->total,
                                             .done = p->done,
                                             .skipped = p->skipped,
                                             .failed = p->failed,
                                             .started = j->started_us,
                                             .beat = j->beat_us,
                                             .ended = j->ended_us,
                                             .error =
                                                 j->message.n > 0 ? id_of(w, "", j->message) : ""};
}

int job_progress_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct job_row j;
    int64_t id;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0)
        rc = job_get(w, id, &j);
    if (rc < 0)
        return rc;
    struct office_job_progress_view v = progress_of(w, &j);
    office_part_job_progress(&rp->body, rq->frame, &v);
    return OK;
}

/* "tier.7" belongs to the group "tier"; a group of two and more is drawn. */
static struct str group_of(struct str name)
{
    struct str rest = name;
    struct str head = str_cut(&rest, '.');
    return rest.n > 0 ? head : STR_NONE;
}

static const struct html *group_chart(struct work *w, struct str group,
                                      const struct job_figure_row *rows, size_t n)
{
    struct chart_point *points = ARENA_ARRAY(w->cx.arena, n, struct chart_point);
    struct html own;
    struct html *h = &own;
    struct chart_series s = {.title = sentence_of(id_of(w, "job.figure.", group)),
                             .points = points};
    if (!points)
        return NULL;
    for (size_t i = 0; i < n; i++)
        if (str_equal(group_of(rows[i].name), group))
            points[s.n++] = (struct chart_point){sentence_of(id_of(w, "job.figure.", rows[i].name)),
                                                 rows[i].value, INT64_MIN};
    html_init(h);
    if (s.n < 2 || chart_bars(h, &s) < 0) {
        error_clear(&w->cx);
        html_release(h);
        return NULL;
    }
    struct html *kept = ARENA_NEW(w->cx.arena, struct html);
    if (kept)
        html_keep(w, h, kept);
    return kept;
}

static int figures_fill(struct work *w, int64_t id, struct office_job_view *v)
{
    struct job_figure_row *figures;
    size_t n;
    int rc = job_figures(w, id, &figures, &n);
    struct office_job_figures_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, n + 1, struct office_job_figures_row);
    struct office_job_groups_row *groups =
        ARENA_ARRAY(w->cx.arena, GROUPS, struct office_job_groups_row);
    if (rc < 0 || !rows || !groups)
        return rc < 0 ? rc : out_of_memory(w);
    struct str group = STR("");
    for (size_t i = 0; i < n; i++) {
        struct str own = group_of(figures[i].name);
        rows[i] =
            (struct office_job_figures_row){sentence_of(id_of(w, "job.figure.", figures[i].name)),
                                            figures[i].value};
        if (own.p && !str_equal(own, group) && v->n_groups < GROUPS) {
            const struct html *chart = group_chart(w, own, figures, n);
            if (chart)
                groups[v->n_groups++].chart = chart;
        }
        group = own.p ? own : STR("");
    }
    v->figures = rows;
    v->n_figures = n;
    v->groups = groups;
    return OK;
}

static int reasons_fill(struct work *w, int64_t id, struct office_job_view *v)
{
    struct office_db_job_note_counts_list list;
    int rc = office_db_job_note_counts(&w->cx, w->store, &(struct office_db_job_note_counts_in){id},
                                       &list);
    struct office_job_reasons_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_job_reasons_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct office_job_reasons_row){id_of(w, "", list.rows[i].message),
                                                  list.rows[i].n, list.rows[i].failed};
    v->reasons = rows;
    v->n_reasons = list.n;
    return OK;
}

/* Notes name persons: only who may see them, and with a line. */
static int notes_fill(struct work *w, int64_t id, int64_t after, struct office_job_view *v)
{
    struct office_db_job_notes_list list;
    struct office_db_job_notes_in in = {.job_id = id, .after = after, .n = NOTES_SHOWN};
    if (!work_may(w, RIGHT_LEVY_VIEW) || v->n_reasons == 0)
        return OK;
    int rc = office_db_job_notes(&w->cx, w->store, &in, &list);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .query = str_format(w->cx.arena, "job=%lld",
                                                                     (long long)id),
                                                 .count = (int64_t)list.n});
    struct office_job_notes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_job_notes_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] =
            (struct office_job_notes_row){list.rows[i].item_key, id_of(w, "", list.rows[i].message),
                                          list.rows[i].facts, list.rows[i].failed};
    v->notes = rows;
    v->n_notes = list.n;
    v->may_see_notes = true;
    if (list.n == NOTES_SHOWN)
        v->more = str_format(w->cx.arena, "/job/%lld?after=%lld", (long long)id,
                             (long long)list.rows[list.n - 1].note_no);
    return OK;
}

int job_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct job_row j;
    int64_t id;
    int64_t after = 0;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0)
        rc = request_query_number(&w->cx, rq, "after", 0, &after);
    if (rc >= 0)
        rc = job_get(w, id, &j);
    if (rc < 0)
        return rc;
    struct office_job_view v = {.job_id = id,
                                .label = kind_label(w, j.kind),
                                .options = options_shown(w, j.options),
                                .who = j.requested_by,
                                .progress = progress_of(w, &j)};
    v.is_live = v.progress.is_live;
    rc = figures_fill(w, id, &v);
    if (rc >= 0)
        rc = reasons_fill(w, id, &v);
    if (rc >= 0)
        rc = notes_fill(w, id, after, &v);
    if (rc < 0)
        return rc;
    office_page_job(&rp->body, rq->frame, &v);
    return OK;
}

/* --- starting ----------------------------------------------------------------------------- */

static size_t declared_count(struct str options)
{
    size_t n = 0;
    while (options.n > 0)
        n += str_trim(str_cut(&options, ' ')).n > 0;
    return n;
}

static void start_view(const struct job_kind *kind, struct office_job_start_view *v)
{
    struct str options = str_of(kind->options);
    v->kind = str_of(kind->name);
    v->label = kind->about;
    v->declared = options;
    v->has_year = declares(&options, "year");
    v->has_as_of = declares(&options, "as-of");
    v->has_issue = declares(&options, "issue-date");
    v->has_draft = declares(&options, "draft");
    v->has_month = declares(&options, "month");
    size_t known = (size_t)v->has_year + v->has_as_of + v->has_issue + v->has_draft + v->has_month;
    v->has_other = declared_count(options) > known;
}

static int start_kind(struct work *w, const struct request *rq, const struct job_kind **kind)
{
    *kind = job_kind_find(rq->part[0]);
    if (!*kind)
        return fail(&w->cx, ERR_NOT_FOUND, "job.kind_unknown", STR_FMT, STR_ARG(rq->part[0]));
    if (!kind_may(w, *kind))
        return fail(&w->cx, ERR_DENIED, "office.right_missing", "%s", (*kind)->name);
    return OK;
}

int job_start_show(struct work *w, struct request *rq, struct reply *rp)
{
    const struct job_kind *kind;
    struct office_job_start_view v = {0};
    struct office_job_start_form form;
    int rc = start_kind(w, rq, &kind);
    if (rc < 0)
        return rc;
    office_job_start_form_init(&form);
    form.year = ymd_fiscal_year(w->today);
    form.as_of = w->today;
    v.job_start = &form;
    start_view(kind, &v);
    office_page_job_start(&rp->body, rq->frame, &v);
    return OK;
}

static void add_day(struct text *t, const char *name, struct ymd d)
{
    if (ymd_is_none(d))
        return;
    text_addf(t, " %s=", name);
    text_add_ymd(t, d);
}

static struct str start_options(struct work *w, const struct office_job_start_view *v,
                                const struct office_job_start_form *f)
{
    struct text t;
    text_init(&t, 2000);
    if (v->has_year && f->year != FORM_ABSENT)
        text_addf(&t, " year=%lld", (long long)f->year);
    if (v->has_as_of)
        add_day(&t, "as-of", f->as_of);
    if (v->has_issue)
        add_day(&t, "issue-date", f->issue_date);
    if (v->has_draft && f->draft != FORM_ABSENT)
        text_addf(&t, " draft=%lld", (long long)f->draft);
    if (v->has_month && f->month.n != MONTH_NONE.n)
        text_addf(&t, " month=%04d-%02d", f->month.n / 12, f->month.n % 12 + 1);
    if (f->other.p)
        text_addf(&t, " " STR_FMT, STR_ARG(f->other));
    struct str s = t.failed ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s;
}

/* The same options ended well today: the person must say that it is meant [OPS-007]. */
static int start_again(struct work *w, const struct job_kind *kind, struct str options,
                       struct office_job_start_form *form)
{
    struct office_db_job_finished_row row;
    struct job job = {0};
    int rc = job_options_read(&w->cx, kind, options, &job);
    if (rc < 0 || form->again)
        return rc;
    struct office_db_job_finished_in in = {str_of(kind->name), job.options};
    rc = office_db_job_finished(&w->cx, w->store, &in, &row);
    if (rc <= 0)
        return rc;
    form_problem(&w->cx, &form->state, "again", "job.finished_today", NULL);
    return ERR_INVALID;
}

static int start_queue(struct work *w, const struct job_kind *kind, struct str options, int64_t *id)
{
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = str_of(kind->about),
                                                 .query = options,
                                                 .count = -1});
    if (rc >= 0)
        rc = job_queue(w, kind->name, options, id);
    return rc < 0 ? rc : audit_outcome(w, OK, 0);
}

int job_start_save(struct work *w, struct request *rq, struct reply *rp)
{
    const struct job_kind *kind;
    struct office_job_start_form form;
    struct office_job_start_view v = {.job_start = &form};
    int64_t id = 0;
    int rc = start_kind(w, rq, &kind);
    if (rc < 0)
        return rc;
    start_view(kind, &v);
    rc = office_job_start_form_read(&w->cx, rq, &form);
    struct str options = rc < 0 ? STR_NONE : start_options(w, &v, &form);
    if (rc >= 0)
        rc = options.p ? start_again(w, kind, options, &form) : out_of_memory(w);
    if (rc == ERR_INVALID && w->cx.error.code == ERR_INVALID)
        form_problem(&w->cx, &form.state, "", w->cx.error.message, w->cx.error.facts);
    if (form_is_wrong(w, rp, rc)) {
        office_page_job_start(&rp->body, rq->frame, &v);
        return OK;
    }
    if (rc >= 0)
        rc = start_queue(w, kind, options, &id);
    if (rc < 0)
        return rc;
    rp->notice = sentence_of("office.job_queued");
    return reply_redirect(rq, rp, "/job/%lld", (long long)id);
}
