/*
 * Applications for direct debit: entered at a desk, asked of the bank, accepted or sent back;
 * changed, cancelled, ended. The account itself is the one registered for debits in the party desk,
 * with its checks of bank, branch and kana.
 */
#include "desk/collection/debit.h"

#include <string.h>

static bool can_be_debited(struct str kind)
{
    return str_is(kind, "1") || str_is(kind, "2") || str_is(kind, "9");
}

static int person_of(struct work *w, struct str payload, int64_t *person_id)
{
    const struct str no = debit_word(payload, "person_no");
    const int found = party_person_by_no(w, no, person_id);
    return found > 0   ? OK
           : found < 0 ? found
                       : fail(&w->cx, ERR_NOT_FOUND, "levy.import.person", STR_FMT, STR_ARG(no));
}

static int account_of(struct work *w, int64_t person_id, struct collection_debit_accounts_row *out)
{
    const struct collection_debit_accounts_in q = {person_id, {w->today, KNOWN_NOW}};
    struct collection_debit_accounts_list list;
    const int rc = collection_debit_accounts(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    if (list.n == 0)
        return fail(&w->cx, ERR_INVALID, "collection.debit.no_account", NULL);
    *out = list.rows[0];
    return can_be_debited(out->kind)
               ? OK
               : fail(&w->cx, ERR_INVALID, "collection.debit.savings", STR_FMT, STR_ARG(out->kind));
}

/* "2026-6-123": levy year, instalment and notice of the instalment debits begin with. */
static int start_of(struct work *w, int64_t person_id, struct str start,
                    struct collection_direct_debit *row)
{
    const struct collection_debit_starts_in q = {person_id, w->today};
    struct collection_debit_starts_list list;
    const int rc = collection_debit_starts(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_debit_starts_row *s = &list.rows[i];
        const struct str key = str_format(w->cx.arena, "%lld-%lld-%lld", (long long)s->levy_year,
                                          (long long)s->number, (long long)s->notice_no);
        if (!str_equal(key, start))
            continue;
        row->first_year = s->levy_year;
        row->first_number = s->number;
        row->first_due_ymd = s->due_ymd;
        return OK;
    }
    return rc < 0 ? rc : fail(&w->cx, ERR_INVALID, "collection.debit.start", STR_FMT,
                              STR_ARG(start));
}

/* What stands, and what still waits for the bank; at most one of each. */
static int standing(struct work *w, int64_t person_id, struct collection_debits_of_person_row *held,
                    bool *has_held, bool *is_waiting)
{
    const struct collection_debits_of_person_in q = {person_id};
    struct collection_debits_of_person_list list;
    const int rc = collection_debits_of_person(&w->cx, w->store, &q, &list);

    *has_held = *is_waiting = false;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const int64_t state = list.rows[i].state;
        if (state == DEBIT_ACCEPTED) {
            *held = list.rows[i];
            *has_held = true;
        }
        *is_waiting |= state == DEBIT_APPLIED || state == DEBIT_ASKED;
    }
    return rc < 0 ? rc : OK;
}

static int check_action(struct work *w, struct str action, bool has_held, bool is_waiting)
{
    const bool is_new = str_is(action, "new");

    if (!is_new && !str_is(action, "change") && !str_is(action, "cancel"))
        return fail(&w->cx, ERR_INVALID, "collection.debit.action", STR_FMT, STR_ARG(action));
    if (is_waiting)
        return fail(&w->cx, ERR_DUPLICATE, "collection.debit.waiting", NULL);
    if (is_new && has_held)
        return fail(&w->cx, ERR_DUPLICATE, "collection.debit.held", NULL);
    if (!is_new && !has_held)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debit.none", NULL);
    return OK;
}

static int insert_row(struct work *w, struct collection_direct_debit *row)
{
    int rc = store_ids(&w->cx, w->store, 1, &row->direct_debit_id);
    return rc < 0 ? rc : collection_direct_debit_insert(&w->cx, w->store, row);
}

/* The account and the start of a new or changed debit; a cancellation keeps those that stand. */
static int fill_row(struct work *w, struct str payload,
                    const struct collection_debits_of_person_row *held,
                    struct collection_direct_debit *row)
{
    struct collection_debit_accounts_row a;
    int rc;

    if (str_is(row->action, "cancel")) {
        row->first_year = held->first_year;
        row->first_number = held->first_number;
        row->first_due_ymd = held->first_due_ymd;
        row->bank_code = held->bank_code;
        row->branch_code = held->branch_code;
        row->account_kind = held->account_kind;
        row->account_no = held->account_no;
        row->holder = held->holder;
        return OK;
    }
    rc = account_of(w, row->person_id, &a);
    rc = rc < 0 ? rc : start_of(w, row->person_id, debit_word(payload, "start"), row);
    if (rc < 0)
        return rc;
    row->bank_code = a.bank_code;
    row->branch_code = a.branch_code;
    row->account_kind = a.kind;
    row->account_no = a.account_no;
    row->holder = a.holder;
    const bool is_same = str_is(row->action, "change") && str_equal(a.bank_code, held->bank_code) &&
                         str_equal(a.branch_code, held->branch_code) &&
                         str_equal(a.kind, held->account_kind) &&
                         str_equal(a.account_no, held->account_no);
    return is_same ? fail(&w->cx, ERR_DUPLICATE, "collection.debit.same", NULL) : OK;
}

/* --- what becomes of it -------------------------------------------------------------------------
 */

struct collection_direct_debit debit_copy(const struct collection_debit_by_no_row *r,
                                          int64_t debit_no, int64_t event_no)
{
    return (struct collection_direct_debit){.debit_no = debit_no,
                                            .person_id = r->person_id,
                                            .action = r->action,
                                            .state = r->state,
                                            .received_ymd = r->received_ymd,
                                            .first_year = r->first_year,
                                            .first_number = r->first_number,
                                            .first_due_ymd = r->first_due_ymd,
                                            .bank_code = r->bank_code,
                                            .branch_code = r->branch_code,
                                            .account_kind = r->account_kind,
                                            .account_no = r->account_no,
                                            .holder = r->holder,
                                            .answer = r->answer,
                                            .answered_ymd = r->answered_ymd,
                                            .ended_ymd = YMD_NONE,
                                            .ended_by = STR(""),
                                            .known_from = event_no};
}

int debit_replace(struct work *w, int64_t row_id, struct collection_direct_debit *next)
{
    const int rc = collection_direct_debit_close(&w->cx, w->store, row_id, next->known_from);
    return rc < 0 ? rc : insert_row(w, next);
}

static int find(struct work *w, int64_t debit_no, struct collection_debit_by_no_row *out)
{
    const struct collection_debit_by_no_in q = {debit_no};
    const int rc = collection_debit_by_no(&w->cx, w->store, &q, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.debit.none", "%lld",
                          (long long)debit_no)
                   : rc;
}

static int end_one(struct work *w, int64_t event_no, int64_t debit_no, struct str why)
{
    struct collection_debit_by_no_row r;
    const int rc = find(w, debit_no, &r);

    if (rc < 0)
        return rc;
    if (r.state == DEBIT_ENDED)
        return fail(&w->cx, ERR_STALE, "collection.debit.ended", NULL);
    struct collection_direct_debit next = debit_copy(&r, debit_no, event_no);
    next.state = DEBIT_ENDED;
    next.ended_ymd = w->today;
    next.ended_by = why;
    return debit_replace(w, r.direct_debit_id, &next);
}

static struct str successor_reason(struct str action)
{
    return str_is(action, "cancel") ? STR("cancelled") : STR("changed");
}

static void become_accepted(struct work *w, struct collection_direct_debit *row)
{
    const bool is_cancel = str_is(row->action, "cancel");

    row->state = is_cancel ? DEBIT_ENDED : DEBIT_ACCEPTED;
    row->answered_ymd = w->today;
    row->ended_ymd = is_cancel ? w->today : YMD_NONE;
    row->ended_by = is_cancel ? STR("cancelled") : STR("");
}

/* --- entries ------------------------------------------------------------------------------------
 */

int debit_apply(struct work *w, const struct event *e, struct str payload)
{
    struct collection_debits_of_person_row held;
    struct collection_direct_debit row = {.action = debit_word(payload, "action"),
                                          .state = DEBIT_APPLIED,
                                          .answer = STR(""),
                                          .ended_by = STR(""),
                                          .answered_ymd = YMD_NONE,
                                          .ended_ymd = YMD_NONE,
                                          .known_from = e->no};
    bool has_held = false, is_waiting = false;
    int rc = person_of(w, payload, &row.person_id);

    if (rc < 0)
        return rc;
    if (!ymd_parse(debit_word(payload, "received"), &row.received_ymd) ||
        ymd_compare(row.received_ymd, w->today) > 0)
        return fail(&w->cx, ERR_INVALID, "collection.debit.day", NULL);
    rc = standing(w, row.person_id, &held, &has_held, &is_waiting);
    rc = rc < 0 ? rc : check_action(w, row.action, has_held, is_waiting);
    rc = rc < 0 ? rc : fill_row(w, payload, &held, &row);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, STR("collection.debit"), 1, &row.debit_no);
    if (rc >= 0 && str_is(setting_get(w, "debit.check"), "no")) {
        rc = has_held ? end_one(w, e->no, held.debit_no, successor_reason(row.action)) : OK;
        become_accepted(w, &row);
    }
    return rc < 0 ? rc : insert_row(w, &row);
}

int debit_accept(struct work *w, int64_t event_no, int64_t debit_no)
{
    struct collection_debit_by_no_row r;
    struct collection_debits_of_person_row held;
    bool has_held = false, is_waiting = false;
    int rc = find(w, debit_no, &r);

    rc = rc < 0 ? rc : standing(w, r.person_id, &held, &has_held, &is_waiting);
    if (rc >= 0 && has_held)
        rc = end_one(w, event_no, held.debit_no, successor_reason(r.action));
    if (rc < 0)
        return rc;
    struct collection_direct_debit next = debit_copy(&r, debit_no, event_no);
    become_accepted(w, &next);
    return debit_replace(w, r.direct_debit_id, &next);
}

int debit_end_apply(struct work *w, const struct event *e, struct str payload)
{
    static const char *const reasons[] = {"wish", "result", "died", "moved", "mistake"};
    const struct str why = debit_word(payload, "reason");
    int64_t no = 0;
    bool is_known = false;

    for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
        is_known |= str_is(why, reasons[i]);
    if (!is_known || !str_to_int(debit_word(payload, "debit"), &no))
        return fail(&w->cx, ERR_INVALID, "collection.debit.action", STR_FMT, STR_ARG(why));
    return end_one(w, e->no, no, why);
}
