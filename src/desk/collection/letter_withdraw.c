/* A letter is taken out (引抜) before it is posted; what the register of decisions says of
 * dunnings. */
#include "collection_sql.h"
#include "desk/collection/post.h"

static const char *kind_name(enum letter_kind kind)
{
    return kind == LETTER_DUNNING ? "dunning" : "reminder";
}

static int put_result(struct work *w, int64_t event_no, int64_t post_item_id,
                      enum dunning_reason reason, struct str note)
{
    struct collection_post_result row = {.post_item_id = post_item_id,
                                         .state = POST_WITHDRAWN,
                                         .result_ymd = w->today,
                                         .reason = reason,
                                         .note = note,
                                         .known_from = event_no};
    const int rc = store_ids(&w->cx, w->store, 1, &row.post_result_id);
    return rc < 0 ? rc : collection_post_result_insert(&w->cx, w->store, &row);
}

/* Posted: too late. Printed: the document is marked, so that it is pulled out of the run. */
static int mark_printed(struct work *w, int64_t event_no, enum letter_kind kind, int64_t letter_id,
                        enum dunning_reason reason, struct str note)
{
    const struct collection_post_item_of_letter_in in = {str_of(kind_name(kind)), letter_id};
    struct collection_post_item_of_letter_list list;
    int rc = collection_post_item_of_letter(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_post_item_of_letter_row *r = &list.rows[i];
        if (!r->state_null && r->state >= POST_SENT) {
            return fail(&w->cx, ERR_STALE, "collection.post.sent", "%lld", (long long)r->batch_no);
        }
        if (r->state_null && r->reason == 0) {
            rc = put_result(w, event_no, r->post_item_id, reason, note);
        }
    }
    return rc;
}

/* The fee of a dunning that is taken out is not owed. */
static int take_back_fee(struct work *w, int64_t event_no, int64_t dunning_id)
{
    const struct collection_dunning_one_in in = {dunning_id};
    struct collection_dunning_one_row d;
    const int rc = collection_dunning_one(&w->cx, w->store, &in, &d);
    if (rc <= 0 || d.fee_yen.n == 0) {
        return rc < 0 ? rc : OK;
    }
    const struct posting lines[2] = {
        {.number = (int)d.number, .account = ACCOUNT_FEE_DUE, .yen = YEN(-d.fee_yen.n)},
        {.number = (int)d.number, .account = ACCOUNT_DUNNING_FEE, .yen = d.fee_yen}};
    const struct entry e = {.kind = STR("dunning_fee"),
                            .liability_id = d.liability_id,
                            .accounting = w->today,
                            .value = w->today,
                            .basis_id = dunning_id,
                            .postings = lines,
                            .n = 2};
    return ledger_post(w, event_no, &e, 1);
}

int letter_withdraw(struct work *w, int64_t event_no, enum letter_kind kind, int64_t letter_id,
                    enum dunning_reason reason, struct str note)
{
    struct collection_dunning_withdrawal row = {.letter = str_of(kind_name(kind)),
                                                .letter_id = letter_id,
                                                .reason = reason,
                                                .note = note,
                                                .withdrawn_ymd = w->today,
                                                .known_from = event_no};
    int rc = mark_printed(w, event_no, kind, letter_id, reason, note);
    rc = rc < 0 || kind != LETTER_DUNNING ? rc : take_back_fee(w, event_no, letter_id);
    rc = rc < 0 ? rc
         : kind == LETTER_DUNNING
             ? collection_dunning_close(&w->cx, w->store, letter_id, event_no)
             : collection_reminder_close(&w->cx, w->store, letter_id, event_no);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.withdrawal_id);
    return rc < 0 ? rc : collection_dunning_withdrawal_insert(&w->cx, w->store, &row);
}

/* --- by its number
 * ------------------------------------------------------------------------------------ */

struct found {
    int64_t letter_id, debtor_id;
};

/* Numbers begin anew each fiscal year; that of today is meant. */
static int find(struct work *w, enum letter_kind kind, int64_t no, struct found *out)
{
    const int year = ymd_fiscal_year(w->today);
    const struct ymd from = ymd_of(year, 4, 1);
    const struct ymd to = ymd_of(year + 1, 4, 1);
    int rc;
    if (kind == LETTER_DUNNING) {
        const struct collection_dunning_by_no_in in = {no, from, to};
        struct collection_dunning_by_no_row row;
        rc = collection_dunning_by_no(&w->cx, w->store, &in, &row);
        *out = rc > 0 ? (struct found){row.dunning_id, row.debtor_id} : (struct found){0, 0};
    } else {
        const struct collection_reminder_by_no_in in = {no, from, to};
        struct collection_reminder_by_no_row row;
        rc = collection_reminder_by_no(&w->cx, w->store, &in, &row);
        *out = rc > 0 ? (struct found){row.reminder_id, row.debtor_id} : (struct found){0, 0};
    }
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.letter.none", "%lld", (long long)no)
                   : rc;
}

int letter_withdraw_no(struct work *w, enum letter_kind kind, int64_t no,
                       enum dunning_reason reason, struct str note)
{
    struct event e = work_event(w, "collection.withdraw");
    struct found x;
    int rc = note.n == 0 ? fail(&w->cx, ERR_INVALID, "collection.hold.reason", NULL)
                         : find(w, kind, no, &x);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .person_id = x.debtor_id,
                                                      .purpose = STR("collection.withdraw"),
                                                      .query = str_of(kind_name(kind)),
                                                      .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    e.person_id = x.debtor_id;
    e.reason = note;
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : letter_withdraw(w, e.no, kind, x.letter_id, reason, note);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* --- the register of decisions
 * ------------------------------------------------------------------------- */

int collection_decided(struct work *w, int64_t person_id, struct decided_list *out)
{
    const struct collection_decided_letters_in in = {person_id};
    struct collection_decided_letters_list list;
    int rc = collection_decided_letters(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_decided_letters_row *r = &list.rows[i];
        const char *basis = str_is(r->basis, "nhi_tax") ? "collection.dunning.basis.tax"
                                                        : "collection.dunning.basis.fee";
        const struct message *m = message_find(basis);
        const struct decided row = {
            .day = r->decided_ymd,
            .number = str_format(w->cx.arena, "%d-%lld", ymd_fiscal_year(r->issue_ymd),
                                 (long long)r->dunning_no),
            .kind = "collection.decided.dunning",
            .basis = m ? str_of(m->text) : STR(""),
            .officer = r->officer,
            .noticed = r->posted_ymd,
            .detail = str_format(w->cx.arena, "%lld-%lld %lld", (long long)r->levy_year,
                                 (long long)r->number, (long long)r->balance_yen.n),
            .is_open = r->is_open};
        rc = row.number.p && row.detail.p ? decided_add(w, out, &row)
                                          : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    return rc < 0 ? rc : OK;
}
