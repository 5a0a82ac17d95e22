/* entry: entered, then checked. An entry that waits is a text beside the facts; only the second
 * person's word opens the facts, so nobody else can see them before. */
#include "office/inner.h"
#include "office_sql.h"

static bool needs_check(struct work *w, const struct entry_kind *kind)
{
    struct str key = str_format(w->cx.arena, "check.%s", kind->kind);
    return key.p ? str_is(setting_get(w, key.p), "1") : true;
}

static int entry_wait(struct work *w, struct event *e, struct str payload)
{
    e->status = EVENT_ENTERED;
    int rc = event_open(&w->cx, w->store, e);
    if (rc < 0)
        return rc;
    struct office_db_entry row = {.event_no = e->no,
                                  .kind = e->kind,
                                  .payload = payload,
                                  .entered_by = e->entered_by,
                                  .household_id = e->household_id,
                                  .person_id = e->person_id};
    struct office_db_entry_waiting waiting = {e->no, e->entered_by};
    rc = office_db_entry_insert(&w->cx, w->store, &row);
    if (rc >= 0)
        rc = office_db_entry_waiting_insert(&w->cx, w->store, &waiting);
    return rc < 0 ? rc : 1;
}

static int entry_apply(struct work *w, const struct entry_kind *kind, struct event *e,
                       struct str payload)
{
    int rc = event_open(&w->cx, w->store, e);
    if (rc >= 0)
        rc = kind->apply(w, e, payload);
    return rc < 0 ? rc : work_event_tell(w, e);
}

static int entry_put(struct work *w, struct event *e, struct str payload)
{
    const struct entry_kind *kind = entry_kind_find(e->kind);
    if (!kind)
        return fail(&w->cx, ERR_NOT_FOUND, "office.entry_unknown", STR_FMT, STR_ARG(e->kind));
    if (kind->right != 0 && (w->actor->rights & kind->right) == 0)
        return fail(&w->cx, ERR_DENIED, "office.right_missing", STR_FMT, STR_ARG(e->kind));
    const int rc = intake_need(w, e->kind, e->source, e->route);
    if (rc < 0)
        return rc;
    if (needs_check(w, kind))
        return entry_wait(w, e, payload);
    e->status = EVENT_CHECKED;
    return entry_apply(w, kind, e, payload);
}

int work_enter(struct work *w, struct event *e, struct str payload)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = entry_put(w, e, payload);
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "enter " STR_FMT, STR_ARG(e->kind));
    }
    int waits = rc;
    rc = store_commit(&w->cx, w->store);
    return rc < 0 ? rc : waits;
}

/* The checker is another person, with the right; the entry is open; the household is as it was. */
static int check_allowed(struct work *w, int64_t event_no,
                         const struct office_db_entry_row_row *row)
{
    int rc = work_need(w, RIGHT_CHECK);
    if (rc < 0)
        return rc;
    if (!row->result_no_null)
        return fail(&w->cx, ERR_STALE, "office.entry_settled", "%lld", (long long)event_no);
    if (w->actor->user_id == row->entered_by)
        return fail(&w->cx, ERR_DENIED, "office.check_same_person", "%lld", (long long)event_no);
    if (row->household_id != 0)
        return work_unchanged(w, row->household_id, event_no);
    return OK;
}

static int check_event(struct work *w, int64_t event_no, bool ok, struct str reason,
                       struct event *e)
{
    int rc = event_get(&w->cx, w->store, event_no, e);
    if (rc < 0)
        return rc;
    e->no = 0;
    e->checked_by = w->actor->user_id;
    e->status = ok ? EVENT_CHECKED : EVENT_REJECTED;
    if (reason.n > 0)
        e->reason = reason;
    return OK;
}

static int check_put(struct work *w, int64_t event_no, bool ok, struct str reason)
{
    struct office_db_entry_row_row row;
    struct event e;
    int rc = office_db_entry_row(&w->cx, w->store,
                                 &(struct office_db_entry_row_in){.event_no = event_no}, &row);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "office.entry_missing", "%lld", (long long)event_no);
    if (rc > 0)
        rc = check_allowed(w, event_no, &row);
    if (rc >= 0)
        rc = check_event(w, event_no, ok, reason, &e);
    if (rc < 0)
        return rc;
    const struct entry_kind *kind = entry_kind_find(row.kind);
    if (!kind)
        return fail(&w->cx, ERR_NOT_FOUND, "office.entry_unknown", STR_FMT, STR_ARG(row.kind));
    rc = ok ? entry_apply(w, kind, &e, row.payload) : event_open(&w->cx, w->store, &e);
    if (rc < 0)
        return rc;
    struct office_db_entry_result result = {.event_no = e.no,
                                            .entry_no = event_no,
                                            .is_ok = ok,
                                            .checked_by = e.checked_by,
                                            .reason = reason.p ? reason : STR("")};
    rc = office_db_entry_result_insert(&w->cx, w->store, &result);
    return rc < 0 ? rc
                  : office_db_entry_settled(&w->cx, w->store,
                                            &(struct office_db_entry_settled_in){event_no});
}

int office_check(struct work *w, int64_t event_no, bool ok, struct str reason)
{
    if (!ok && str_trim(reason).n == 0)
        return fail(&w->cx, ERR_INVALID, "office.check_reason", "%lld", (long long)event_no);
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = check_put(w, event_no, ok, reason);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "check entry %lld", (long long)event_no);
}
