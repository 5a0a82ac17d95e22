/*
 * Jobs of the judgement: the whole city for 1 August, and every month the people whose class
 * changes: 65 or 70 reached the day before a birthday, so that one born on the first counts from
 * the month of the birthday and everybody else from the next.
 */
#include "desk/eligibility/judge_unit.h"
#include "desk/eligibility/judge_write.h"

#include <stdlib.h>

enum { CHUNK = 1000 };

struct shift {
    struct work *w;
    struct job *job;
    struct judge_order order;   /* but for the event */
    int64_t written, undecided; /* so far, also before a restart */
};

static int shift_begin(struct shift *s)
{
    struct job_figure_row *figures;
    size_t n = 0;
    const int result = job_figures(s->w, job_id(s->job), &figures, &n);

    for (size_t i = 0; result >= 0 && i < n; i++) {
        if (str_is(figures[i].name, "judgements"))
            s->written = figures[i].value;
        if (str_is(figures[i].name, "undecided"))
            s->undecided = figures[i].value;
    }
    return result;
}

static int tell_figures(struct shift *s, const struct judge_counts *counts)
{
    s->written += counts->written;
    s->undecided += counts->undecided;
    const int result = job_figure(s->w, s->job, "judgements", s->written);
    return result < 0 ? result : job_figure(s->w, s->job, "undecided", s->undecided);
}

static int chunk_put(struct shift *s, struct judge_counts *counts)
{
    struct work *w = s->w;
    struct event e = work_event(w, "eligibility.judgement");
    struct job_progress *progress = job_progress(s->job);

    e.effective = s->order.day;
    int result = event_open(&w->cx, w->store, &e);
    s->order.event_no = e.no;
    if (result >= 0)
        result = judge_write(w, &s->order, counts);
    if (result < 0)
        return result;
    progress->done += counts->judged;
    progress->cursor = counts->last_household_id;
    result = work_event_tell(w, &e);
    if (result >= 0)
        result = tell_figures(s, counts);
    return result < 0 ? result : job_checkpoint(w, s->job);
}

static int chunk(struct shift *s, struct judge_counts *counts)
{
    struct work *w = s->w;
    int result = STORE_BEGIN(&w->cx, w->store);

    *counts = (struct judge_counts){0};
    if (result < 0)
        return result;
    result = chunk_put(s, counts);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

int judge_yearly(struct work *w, struct job *job)
{
    int64_t year = 0;
    struct judge_counts counts = {0};
    struct shift s = {.w = w, .job = job, .order = {.cause = JUDGE_YEARLY, .limit = CHUNK}};
    int result = OK;

    if (!str_to_int(job_option(job, "year"), &year) || year < 2018 || year > 2100)
        return fail(&w->cx, ERR_INVALID, "eligibility.judge.year", NULL);
    s.order.day = judge_year_span((int)year).from;
    result = shift_begin(&s);
    while (result >= 0 && !counts.at_end) {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        s.order.after = job_progress(job)->cursor;
        result = chunk(&s, &counts);
        arena_rewind(w->cx.arena, mark);
    }
    return result;
}

/* --- every month ----------------------------------------------------------------------------- */

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Reached in the month before: birthdays from the 2nd of that month to the 1st of this one. */
static int add_turning(struct work *w, struct month month, int age, int64_t **ids, size_t *n)
{
    const struct month before = {month.n - 1};
    int year, m, dom, year_before, month_before;
    struct eligibility_turning_households_list list;

    ymd_split(month_first(month), &year, &m, &dom);
    ymd_split(month_first(before), &year_before, &month_before, &dom);
    const struct eligibility_turning_households_in in = {.born_from = ymd_of(year_before - age,
                                                                             month_before, 2),
                                                         .born_to = ymd_of(year - age, m, 2),
                                                         .asof = {month_first(month), KNOWN_NOW}};
    const int result = eligibility_turning_households(&w->cx, w->store, &in, &list);
    if (result < 0)
        return result;
    int64_t *all = ARENA_ARRAY(w->cx.arena, *n + list.n + 1, int64_t);
    if (!all)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < *n; i++)
        all[i] = (*ids)[i];
    for (size_t i = 0; i < list.n; i++)
        all[(*n)++] = list.rows[i].household_id;
    *ids = all;
    return OK;
}

/* Those behind the cursor, each once, in order. */
static size_t settle(int64_t *ids, size_t n, int64_t cursor)
{
    size_t kept = 0;

    qsort(ids, n, sizeof *ids, by_id);
    for (size_t i = 0; i < n; i++) {
        if (ids[i] > cursor && (kept == 0 || ids[kept - 1] != ids[i]))
            ids[kept++] = ids[i];
    }
    return kept;
}

int judge_elderly(struct work *w, struct job *job)
{
    struct ymd day;
    int64_t *ids = NULL;
    size_t n = 0;
    struct shift s = {.w = w, .job = job, .order = {.cause = JUDGE_MONTHLY}};

    if (!ymd_parse(job_option(job, "month"), &day))
        return fail(&w->cx, ERR_INVALID, "eligibility.judge.month", NULL);
    const struct month month = ymd_month(day);
    s.order.day = month_first(month);
    int result = shift_begin(&s);
    if (result >= 0)
        result = add_turning(w, month, 65, &ids, &n);
    if (result >= 0)
        result = add_turning(w, month, 70, &ids, &n);
    n = result < 0 ? 0 : settle(ids, n, job_progress(job)->cursor);
    job_progress(job)->total = job_progress(job)->done + (int64_t)n;
    for (size_t at = 0; at < n && result >= 0; at += CHUNK) {
        struct judge_counts counts;
        s.order.only = ids + at;
        s.order.n_only = n - at < CHUNK ? n - at : CHUNK;
        result = chunk(&s, &counts);
    }
    return result;
}
