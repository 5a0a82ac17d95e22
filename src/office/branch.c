/* branch: head office, branches, service centres; a code is the same place for ever. */
#include "office/inner.h"
#include "office_sql.h"

static int branch_put(struct work *w, struct event *e, struct office_db_branch *row)
{
    struct context *cx = &w->cx;
    struct office_db_branch_row_row old;
    int rc = office_db_branch_row(cx, w->store, &(struct office_db_branch_row_in){row->code}, &old);
    if (rc < 0 || (rc == 1 && str_equal(old.name, row->name)))
        return rc < 0 ? rc : OK;
    bool renamed = rc == 1;
    rc = event_open(cx, w->store, e);
    row->known_from = e->no;
    if (rc >= 0 && renamed)
        rc = office_db_branch_close(cx, w->store, old.branch_row_id, e->no);
    if (rc >= 0)
        rc = store_ids(cx, w->store, 1, &row->branch_row_id);
    if (rc >= 0)
        rc = office_db_branch_insert(cx, w->store, row);
    return rc < 0 ? rc : work_event_tell(w, e);
}

int branch_add(struct work *w, struct str code, struct str name, struct str reason)
{
    struct office_db_branch row = {.code = code, .name = name};
    struct event e = work_event(w, "office.branch");
    e.reason = reason;
    int rc = work_need(w, RIGHT_SETTING_ADMIN);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = branch_put(w, &e, &row);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "add branch " STR_FMT, STR_ARG(code));
}
