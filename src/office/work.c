/* work: what a desk function may do here, and the events it opens. */
#include "office/inner.h"
#include "office_sql.h"

bool work_may(const struct work *w, enum right_bit bit)
{
    return w->actor && (w->actor->rights & RIGHT(bit)) != 0;
}

int work_need(struct work *w, enum right_bit bit)
{
    if (work_may(w, bit))
        return OK;
    return fail(&w->cx, ERR_DENIED, "office.right_missing", "%s", right_name(bit));
}

static struct str user_shown(struct work *w, int64_t user_id)
{
    struct office_db_user_by_id_row row;
    if (user_id == 0)
        return STR("-");
    int rc = office_db_user_by_id(&w->cx, w->store,
                                  &(struct office_db_user_by_id_in){.user_id = user_id}, &row);
    return rc == 1 ? row.full_name : STR("?");
}

int work_unchanged(struct work *w, int64_t household_id, int64_t read_at)
{
    int64_t no;
    struct event e;
    int rc = event_newer(&w->cx, w->store, household_id, read_at, &no);
    if (rc < 0)
        return error_add(&w->cx, "see whether household %lld changed", (long long)household_id);
    if (no == 0)
        return OK;
    rc = event_get(&w->cx, w->store, no, &e);
    if (rc < 0)
        return error_add(&w->cx, "read event %lld", (long long)no);
    struct str who = user_shown(w, e.entered_by);
    return fail(&w->cx, ERR_STALE, "office.stale", "event=%lld " STR_FMT " " STR_FMT, (long long)no,
                STR_ARG(e.kind), STR_ARG(who));
}

struct event work_event(const struct work *w, const char *kind)
{
    return (struct event){
        .kind = str_of(kind),
        .effective = w->today,
        .received = w->today,
        .source = STR("city"),
        .route = w->job_id > 0 ? STR("job") : STR("counter"),
        .reason = STR(""),
        .entered_by = w->actor ? w->actor->user_id : 0,
        .status = EVENT_CHECKED,
        .job_id = w->job_id,
    };
}

int work_event_tell(struct work *w, const struct event *e)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    for (size_t i = 0; i < n; i++) {
        if (!desks[i]->on_event)
            continue;
        int rc = desks[i]->on_event(w, e);
        if (rc < 0)
            return error_add(&w->cx, "tell desk %s of event %lld", desks[i]->name,
                             (long long)e->no);
    }
    return OK;
}

int work_event_open(struct work *w, struct event *e)
{
    int rc = event_open(&w->cx, w->store, e);
    if (rc < 0)
        return error_add(&w->cx, "open event " STR_FMT, STR_ARG(e->kind));
    return work_event_tell(w, e);
}
