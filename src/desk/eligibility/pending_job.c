/*
 * Two jobs. pending-calendar opens what a day of the calendar brings: 75th birthdays, permissions
 * to stay that run out, placements to confirm, marks that run out; each thing is said once.
 * pending-apply enters the proposals in which nothing is missing, and lists those it passes over.
 */
#include "desk/eligibility/filing_inner.h"

enum { CALENDAR_DAYS = 60, CALENDAR_BACK = 400, CHUNK = 500, APPLY_CHUNK = 100 };

/* --- the calendar ----------------------------------------------------------------------------- */

struct due { /* the same shape as a row of every calendar statement */
    int64_t person_id;
    int64_t household_id;
    struct ymd day;
};
struct part {
    enum pending_kind kind;
    int (*find)(struct work *w, struct span days, int64_t after, struct due *out, size_t *n);
};

#define FINDER(name, statement)                                                                    \
    static int name(struct work *w, struct span days, int64_t after, struct due *out, size_t *n)   \
    {                                                                                              \
        struct statement##_list list;                                                              \
        const struct statement##_in in = {.first = days.from,                                      \
                                          .last = days.to,                                         \
                                          .after = after,                                          \
                                          .n = CHUNK,                                              \
                                          .asof = {w->today, KNOWN_NOW}};                          \
        const int result = statement(&w->cx, w->store, &in, &list);                                \
                                                                                                   \
        *n = result < 0 ? 0 : list.n;                                                              \
        for (size_t i = 0; i < *n; i++)                                                            \
            out[i] =                                                                               \
                (struct due){list.rows[i].person_id, list.rows[i].household_id, list.rows[i].day}; \
        return result;                                                                             \
    }
FINDER(find_births, eligibility_calendar_ages)
FINDER(find_permits, eligibility_calendar_permits)
FINDER(find_placements, eligibility_calendar_placements)
FINDER(find_overrides, eligibility_calendar_overrides)

/* Births whose 75th birthday lies in the days: a day more at either end, for 29 February. */
static int find_ages(struct work *w, struct span days, int64_t after, struct due *out, size_t *n)
{
    int y = 0, m = 0, d = 0;

    ymd_split(days.from, &y, &m, &d);
    const struct ymd first = ymd_add(month_first(month_of(y - 75, m)), d - 2);
    ymd_split(days.to, &y, &m, &d);
    const struct ymd last = ymd_add(month_first(month_of(y - 75, m)), d);
    return find_births(w, (struct span){first, last}, after, out, n);
}

static const struct part parts[] = {{PENDING_AGE_75, find_ages},
                                    {PENDING_STAY, find_permits},
                                    {PENDING_PLACEMENT, find_placements},
                                    {PENDING_OVERRIDE, find_overrides}};
enum { PARTS = sizeof(parts) / sizeof(parts[0]) };
#define CURSOR_PART INT64_C(1000000000000000) /* ids are far below */

static bool was_said(const struct eligibility_pendings_ever_of_list *ever, const struct pending *p)
{
    size_t count = 0;
    const struct eligibility_pendings_ever_of_row *r = ROWS_OF(*ever, p->person_id, &count);

    for (size_t i = 0; i < count; i++) {
        if (r[i].kind == (int64_t)p->kind && ymd_compare(r[i].cause_ymd, p->cause) == 0)
            return true;
    }
    return false;
}

/* Those that lie in the days and were never said. */
static int new_pendings(struct work *w, const struct part *part, struct span days,
                        const struct due *due, size_t n, struct pendings *out)
{
    struct eligibility_pendings_ever_of_list ever;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);

    *out = (struct pendings){ARENA_ARRAY(w->cx.arena, n + 1, struct pending), 0};
    if (!ids || !out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < n; i++)
        ids[i] = due[i].person_id;
    const int result =
        eligibility_pendings_ever_of(&w->cx, w->store,
                                     &(struct eligibility_pendings_ever_of_in){{ids, n}}, &ever);
    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct pending p = {.kind = part->kind,
                                  .household_id = due[i].household_id,
                                  .person_id = due[i].person_id,
                                  .cause = part->kind == PENDING_AGE_75 ? birthday(due[i].day, 75)
                                                                        : due[i].day,
                                  .source = STR("calendar"),
                                  .detail = STR("")};
        if (ymd_compare(p.cause, days.from) >= 0 && ymd_compare(p.cause, days.to) <= 0 &&
            !was_said(&ever, &p))
            out->rows[out->n++] = p;
    }
    return result;
}

static int open_chunk(struct work *w, struct job *job, const struct pendings *rows)
{
    struct event e = work_event(w, "eligibility.calendar");
    int64_t opened = 0;
    int result = rows->n == 0 ? OK : event_open(&w->cx, w->store, &e);

    if (result >= 0 && rows->n > 0)
        result = pending_open(w, e.no, rows->rows, rows->n, &opened);
    if (result >= 0 && rows->n > 0)
        result = work_event_tell(w, &e);
    job_progress(job)->done += opened;
    return result;
}

static int calendar_chunk(struct work *w, struct job *job, struct span days)
{
    struct job_progress *p = job_progress(job);
    const int64_t which = p->cursor / CURSOR_PART;
    struct due *due = ARENA_ARRAY(w->cx.arena, CHUNK, struct due);
    struct pendings rows = {NULL, 0};
    size_t n = 0;

    if (!due)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    int result = parts[which].find(w, days, p->cursor % CURSOR_PART, due, &n);
    if (result >= 0)
        result = new_pendings(w, &parts[which], days, due, n, &rows);
    if (result >= 0)
        result = open_chunk(w, job, &rows);
    p->cursor = n == CHUNK ? which * CURSOR_PART + due[n - 1].person_id : (which + 1) * CURSOR_PART;
    return result < 0 ? result : job_checkpoint(w, job);
}

typedef int chunk_fn(struct work *w, struct job *job, struct span days);

static int chunk_done(struct work *w, struct job *job, chunk_fn *chunk, struct span days)
{
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = chunk(w, job, days);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

/* One chunk in a transaction of its own, in memory of its own. */
static int in_transaction(struct work *w, struct job *job, chunk_fn *chunk, struct span days)
{
    struct arena own, *outer = w->cx.arena;

    arena_init(&own, 0);
    w->cx.arena = &own;
    const int result = chunk_done(w, job, chunk, days);
    w->cx.arena = outer;
    arena_release(&own);
    return result;
}

int pending_calendar_job(struct work *w, struct job *job)
{
    int64_t ahead = 0;
    int result = OK;

    if (!str_to_int(job_option(job, "days"), &ahead) || ahead < 0 || ahead > 1000)
        ahead = CALENDAR_DAYS;
    const struct span days = {ymd_add(w->today, -CALENDAR_BACK), ymd_add(w->today, (int)ahead)};
    while (result >= 0 && job_progress(job)->cursor / CURSOR_PART < PARTS)
        result = in_transaction(w, job, calendar_chunk, days);
    return result < 0 ? result : OK;
}

/* --- applying --------------------------------------------------------------------------------- */

static bool is_asked_for(struct str kinds, enum pending_kind kind)
{
    while (kinds.n > 0) {
        int64_t number = 0;
        if (str_to_int(str_cut(&kinds, ','), &number) && number == (int64_t)kind)
            return true;
    }
    return false;
}

static struct str words_of(const char *message)
{
    const struct message *m = message_find(message);
    return str_of(m ? m->text : message);
}

static int apply_event(struct work *w, const struct pending *p, const struct notification *n)
{
    struct event e = work_event(w, "eligibility.notification");

    e.effective = p->cause;
    e.source = n->source;
    e.route = n->route;
    e.reason = n->why;
    e.household_id = p->household_id;
    e.person_id = p->person_id;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0)
        result = notification_apply(w, e.no, n);
    return result < 0 ? result : work_event_tell(w, &e);
}

static int pass_over(struct work *w, struct job *job, const struct pending *p, const char *why)
{
    job_progress(job)->skipped++;
    return job_note(w, job, false, p->pending_id, why, STR(""));
}

static const char *first_problem(const struct notification_plan *plan)
{
    for (size_t i = 0; i < plan->n_problems; i++) {
        if (!plan->problem[i].is_warning)
            return plan->problem[i].what;
    }
    return "eligibility.plan.lines";
}

static int apply_one(struct work *w, struct job *job, const struct pending *p)
{
    struct notification *n = ARENA_ARRAY(w->cx.arena, 1, struct notification);
    struct notification_plan *plan = ARENA_ARRAY(w->cx.arena, 1, struct notification_plan);

    if (!n || !plan)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    int result = pending_propose(w, p, 1, n);
    if (result == 0)
        return pass_over(w, job, p, "eligibility.apply.must_ask");
    if (result > 0 && n->n == 0) {
        job_progress(job)->done++;
        return pending_close(w, p->pending_id, PENDING_NO_EFFECT,
                             words_of("eligibility.apply.no_effect"));
    }
    n->route = STR("job");
    n->why = words_of("eligibility.apply.why");
    if (result > 0)
        result = notification_plan(w, n, plan);
    if (result >= 0 && !plan->is_clean)
        return pass_over(w, job, p, first_problem(plan));
    if (result >= 0)
        result = apply_event(w, p, n);
    job_progress(job)->done += result >= 0;
    return result;
}

static int apply_chunk(struct work *w, struct job *job, struct span unused)
{
    struct job_progress *p = job_progress(job);
    struct eligibility_pending_ids_after_list list;
    struct pendings rows = {NULL, 0};
    int result =
        eligibility_pending_ids_after(&w->cx, w->store,
                                      &(struct eligibility_pending_ids_after_in){p->cursor,
                                                                                 APPLY_CHUNK},
                                      &list);

    (void)unused;
    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const int64_t id = list.rows[i].pending_change_id;
        result = pendings_of_ids(w, &id, 1, &rows);
        if (result >= 0 && rows.n == 1 && rows.rows[0].state == PENDING_OPEN &&
            is_asked_for(job_option(job, "kinds"), rows.rows[0].kind) &&
            ymd_compare(rows.rows[0].cause, w->today) <= 0)
            result = apply_one(w, job, &rows.rows[0]);
        p->cursor = id;
    }
    p->total = list.n < APPLY_CHUNK ? p->done + p->skipped : p->total;
    const int more = list.n == APPLY_CHUNK;
    if (result >= 0)
        result = job_checkpoint(w, job);
    return result < 0 ? result : more;
}

int pending_apply_job(struct work *w, struct job *job)
{
    const struct span none = {YMD_NONE, YMD_NONE};
    int64_t before = -1;
    int result = OK;

    while (result >= 0 && job_progress(job)->cursor != before) {
        before = job_progress(job)->cursor;
        result = in_transaction(w, job, apply_chunk, none);
    }
    return result < 0 ? result : OK;
}
