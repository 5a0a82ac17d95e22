/* slip: questions and complaints about the handling of personal data, each with its time. */
#include "desk/linkage/disclosure.h"

static int row_put(struct work *w, const char *kind, int64_t old_row,
                   struct linkage_reception_slip *row)
{
    struct event e = work_event(w, kind);
    int rc = work_event_open(w, &e);
    row->known_from = e.no;
    if (rc >= 0 && old_row > 0)
        rc = linkage_reception_slip_close(&w->cx, w->store, old_row, e.no);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row->slip_id);
    if (rc >= 0 && row->slip_no == 0)
        rc = store_number(&w->cx, w->store, STR("reception_slip"), 1, &row->slip_no);
    return rc < 0 ? rc : linkage_reception_slip_insert(&w->cx, w->store, row);
}

static int put(struct work *w, const char *kind, int64_t old_row,
               struct linkage_reception_slip *row)
{
    int rc = work_need(w, RIGHT_DISCLOSURE);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE, .purpose = str_of(kind)});
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = row_put(w, kind, old_row, row);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "write a reception slip");
}

/* The standard handling period: a setting, shorter where it is serious. */
static struct ymd due_of(struct work *w, const struct slip_new *s)
{
    int64_t days = 0;
    const char *key = s->is_serious ? "linkage.slip_days_serious" : "linkage.slip_days";
    bool is_number = str_to_int(setting_get(w, key), &days) && days > 0 && days < 366;
    return ymd_add(s->received, is_number ? (int)days : 0);
}

int slip_enter(struct work *w, const struct slip_new *s, int64_t *slip_no)
{
    if (str_trim(s->caller).n == 0 || str_trim(s->content).n == 0 || ymd_is_none(s->received))
        return fail(&w->cx, ERR_INVALID, "linkage.slip.incomplete", NULL);
    struct linkage_reception_slip row = {.received_ymd = s->received,
                                         .caller = s->caller,
                                         .content = s->content,
                                         .is_serious = s->is_serious,
                                         .due_ymd = due_of(w, s),
                                         .answer = STR(""),
                                         .answered_ymd = YMD_NONE,
                                         .entered_by = w->actor->user_id};
    int rc = put(w, "linkage.slip", 0, &row);
    *slip_no = row.slip_no;
    return rc;
}

int slip_answer(struct work *w, int64_t slip_no, struct str answer)
{
    struct linkage_slip_by_no_row old;
    int found =
        linkage_slip_by_no(&w->cx, w->store, &(struct linkage_slip_by_no_in){slip_no}, &old);
    if (found <= 0)
        return found < 0
                   ? found
                   : fail(&w->cx, ERR_NOT_FOUND, "linkage.slip.none", "%lld", (long long)slip_no);
    if (old.answer.n > 0)
        return fail(&w->cx, ERR_STALE, "linkage.slip.answered", "%lld", (long long)slip_no);
    if (str_trim(answer).n == 0)
        return fail(&w->cx, ERR_INVALID, "linkage.slip.answer", NULL);
    struct linkage_reception_slip row = {.slip_no = old.slip_no,
                                         .received_ymd = old.received_ymd,
                                         .caller = old.caller,
                                         .content = old.content,
                                         .is_serious = old.is_serious,
                                         .due_ymd = old.due_ymd,
                                         .answer = answer,
                                         .answered_ymd = w->today,
                                         .entered_by = old.entered_by};
    return put(w, "linkage.slip_answer", old.slip_id, &row);
}
