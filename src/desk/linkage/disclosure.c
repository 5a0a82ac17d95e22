/* disclosure: requests of persons for their own data, their days, and what was decided. The days
 * are those of 個人情報保護法83条・94条・102条: thirty, and thirty more with a reason. */
#include "desk/linkage/disclosure.h"

enum { DAYS = 30 };

static int invalid(struct work *w, const char *message, const char *field)
{
    (void)fail(&w->cx, ERR_INVALID, message, NULL);
    return fail_where(&w->cx, NULL, 0, 0, field);
}

static int disclosure_check(struct work *w, const struct disclosure_new *d)
{
    if (!str_is(d->kind, "disclose") && !str_is(d->kind, "correct") && !str_is(d->kind, "suspend"))
        return invalid(w, "linkage.disclosure.kind", "kind");
    if (str_trim(d->requester).n == 0)
        return invalid(w, "linkage.disclosure.requester", "requester");
    if (d->identity < IDENTITY_NUMBER_CARD || d->identity > IDENTITY_POST)
        return invalid(w, "linkage.disclosure.identity", "identity");
    if (d->is_proxy && str_trim(d->proxy_document).n == 0)
        return invalid(w, "linkage.disclosure.proxy", "proxy_document");
    if (ymd_is_none(d->received) || ymd_compare(d->received, w->today) > 0)
        return invalid(w, "linkage.disclosure.received", "received");
    return OK;
}

/* One event, one row in the place of the old one. */
static int row_put(struct work *w, const char *kind, int64_t old_row,
                   struct linkage_disclosure *row)
{
    struct event e = work_event(w, kind);
    e.person_id = row->person_id;
    e.reason = row->reason;
    int rc = work_event_open(w, &e);
    row->known_from = e.no;
    if (rc >= 0 && old_row > 0)
        rc = linkage_disclosure_close(&w->cx, w->store, old_row, e.no);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row->disclosure_id);
    if (rc >= 0 && row->request_no == 0)
        rc = store_number(&w->cx, w->store, STR("disclosure"), 1, &row->request_no);
    return rc < 0 ? rc : linkage_disclosure_insert(&w->cx, w->store, row);
}

static int put(struct work *w, const char *kind, int64_t old_row, struct linkage_disclosure *row)
{
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .person_id = row->person_id,
                                                 .purpose = str_of(kind),
                                                 .query = row->kind,
                                                 .count = 1});
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = row_put(w, kind, old_row, row);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "write a disclosure request");
}

int disclosure_enter(struct work *w, const struct disclosure_new *d, int64_t *request_no)
{
    int rc = work_need(w, RIGHT_DISCLOSURE);
    if (rc >= 0)
        rc = disclosure_check(w, d);
    if (rc < 0)
        return rc;
    struct linkage_disclosure row = {.person_id = d->person_id,
                                     .kind = d->kind,
                                     .requester = d->requester,
                                     .identity = d->identity,
                                     .is_proxy = d->is_proxy,
                                     .proxy_document = str_or_empty(d->proxy_document),
                                     .content = str_or_empty(d->content),
                                     .received_ymd = d->received,
                                     .due_ymd = ymd_add(d->received, DAYS),
                                     .extension = STR(""),
                                     .decision = STR(""),
                                     .decided_ymd = YMD_NONE,
                                     .reason = STR("")};
    rc = put(w, "linkage.disclosure", 0, &row);
    *request_no = row.request_no;
    return rc;
}

int disclosure_find(struct work *w, int64_t request_no, struct linkage_disclosure_by_no_row *out)
{
    struct linkage_disclosure_by_no_in in = {request_no};
    int rc = linkage_disclosure_by_no(&w->cx, w->store, &in, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "linkage.disclosure.none", "%lld",
                          (long long)request_no)
                   : rc;
}

static struct linkage_disclosure row_of(const struct linkage_disclosure_by_no_row *d)
{
    return (struct linkage_disclosure){.request_no = d->request_no,
                                       .person_id = d->person_id,
                                       .kind = d->kind,
                                       .requester = d->requester,
                                       .identity = d->identity,
                                       .is_proxy = d->is_proxy,
                                       .proxy_document = d->proxy_document,
                                       .content = d->content,
                                       .received_ymd = d->received_ymd,
                                       .due_ymd = d->due_ymd,
                                       .extension = d->extension,
                                       .decision = d->decision,
                                       .decided_ymd = d->decided_ymd,
                                       .decided_by = d->decided_by,
                                       .reason = d->reason};
}

int disclosure_extend(struct work *w, int64_t request_no, struct str reason)
{
    struct linkage_disclosure_by_no_row old;
    int rc = work_need(w, RIGHT_DISCLOSURE);
    if (rc >= 0)
        rc = disclosure_find(w, request_no, &old);
    if (rc < 0)
        return rc;
    if (old.decision.n > 0 || old.extension.n > 0)
        return fail(&w->cx, ERR_STALE, "linkage.disclosure.settled", "%lld", (long long)request_no);
    if (str_trim(reason).n == 0)
        return invalid(w, "linkage.disclosure.reason", "reason");
    struct linkage_disclosure row = row_of(&old);
    row.extension = reason;
    row.due_ymd = ymd_add(old.due_ymd, DAYS);
    return put(w, "linkage.disclosure_extension", old.disclosure_id, &row);
}

static bool decision_is_known(struct str decision)
{
    return str_is(decision, "whole") || str_is(decision, "part") || str_is(decision, "none");
}

int disclosure_decide(struct work *w, int64_t request_no, struct str decision, struct str reason)
{
    struct linkage_disclosure_by_no_row old;
    int rc = work_need(w, RIGHT_DISCLOSURE);
    if (rc >= 0)
        rc = work_need(w, RIGHT_CHECK);
    if (rc >= 0)
        rc = disclosure_find(w, request_no, &old);
    if (rc < 0)
        return rc;
    if (old.decision.n > 0)
        return fail(&w->cx, ERR_STALE, "linkage.disclosure.settled", "%lld", (long long)request_no);
    if (!decision_is_known(decision))
        return invalid(w, "linkage.disclosure.decision", "decision");
    if (!str_is(decision, "whole") && str_trim(reason).n == 0)
        return invalid(w, "linkage.disclosure.reason", "reason");
    struct linkage_disclosure row = row_of(&old);
    row.decision = decision;
    row.decided_ymd = w->today;
    row.decided_by = w->actor->user_id;
    row.reason = str_or_empty(reason);
    return put(w, "linkage.disclosure_decision", old.disclosure_id, &row);
}

/* --- in the register of decisions ---------------------------------------------------------------
 */

static const char *kind_message(struct str kind)
{
    return str_is(kind, "disclose")  ? "linkage.disclosure.kind.disclose"
           : str_is(kind, "correct") ? "linkage.disclosure.kind.correct"
                                     : "linkage.disclosure.kind.suspend";
}

static const char *basis_message(struct str kind)
{
    return str_is(kind, "disclose")  ? "linkage.disclosure.law.disclose"
           : str_is(kind, "correct") ? "linkage.disclosure.law.correct"
                                     : "linkage.disclosure.law.suspend";
}

int linkage_decided(struct work *w, int64_t person_id, struct decided_list *out)
{
    struct linkage_decided_disclosures_list list;
    struct linkage_decided_disclosures_in in = {person_id};
    int rc = linkage_decided_disclosures(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct linkage_decided_disclosures_row *r = &list.rows[i];
        const struct message *law = message_find(basis_message(r->kind));
        struct decided row = {.day = r->decided_ymd,
                              .number = str_format(w->cx.arena, "%lld", (long long)r->request_no),
                              .kind = kind_message(r->kind),
                              .basis = str_of(law ? law->text : basis_message(r->kind)),
                              .officer = r->officer,
                              .noticed = r->decided_ymd,
                              .detail = r->reason,
                              .is_open = true};
        rc = row.number.p ? decided_add(w, out, &row) : no_memory(w);
    }
    return rc < 0 ? rc : OK;
}
