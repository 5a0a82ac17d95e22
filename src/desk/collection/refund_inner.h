/* refund_inner: what the files of appropriations and refunds share. Internal to the desk. */
#ifndef DESK_COLLECTION_REFUND_INNER_H
#define DESK_COLLECTION_REFUND_INNER_H

#include "collection_sql.h"
#include "desk/collection/ledger.h"
#include "desk/collection/receipt_write.h"
#include "desk/collection/refund_plan.h"

/* --- one debtor's case (refund_case.c) ------------------------------------------------------- */

struct overpaid_case {
    int64_t debtor_id;
    struct refund_instalment *rows;
    size_t n;
    struct refund_line *lines;
    size_t n_lines;
    struct yen overpaid, appropriated, refunded, interest, appropriation_interest;
    bool is_interest_known;
};
/* Reads and plans; interest as if decided on `decided`. */
int refund_case_read(struct work *w, int64_t debtor_id, struct ymd as_of, struct ymd decided,
                     struct overpaid_case *out) WARN_UNUSED;

/* --- limitation (refund_limit.c): 料 2年 (国民健康保険法110条1項), 税 5年 (地方税法18条の3) -- */

int refund_limit_years(struct work *w, bool is_tax, int64_t *out) WARN_UNUSED;
/* The last day on which it can be claimed. */
struct ymd refund_last_day(struct ymd arose, int64_t years);

/* --- deciding (refund_decide.c) --------------------------------------------------------------- */

struct refund_deciding {
    int64_t event_no, draft_no, drafted_by;
    struct ymd decided;
};
/* Writes decision, lines and postings of a case; out: the decision. */
int refund_decide(struct work *w, const struct refund_deciding *how, const struct overpaid_case *c,
                  struct refund_decision *out) WARN_UNUSED;
int refund_entry_apply(struct work *w, const struct event *e, struct str payload);
int refund_draft_job(struct work *w, struct job *job) WARN_UNUSED;
int refund_confirm_job(struct work *w, struct job *job) WARN_UNUSED;
int refund_drop_job(struct work *w, struct job *job) WARN_UNUSED;
int refund_notices_job(struct work *w, struct job *job) WARN_UNUSED;
int refunds_decided_of(struct work *w, int64_t person_id, struct decided_list *out);
const char *refund_cause_message(struct str cause);
struct str refund_cause_of(const struct refund_line *line); /* "reduced", "erroneous", "both" */
const char *refund_kind_message(int kind);

/* --- payment (refund_claim.c, refund_pay.c) ----------------------------------------------------
 */

int refund_claim_apply(struct work *w, const struct event *e, struct str payload);
/* The first state of a payment, for a claim that has an account. */
int refund_order(struct work *w, int64_t event_no, int64_t refund_id) WARN_UNUSED;
/* "R2026-12-1": year, number, attempt. */
struct str refund_reference(struct work *w, int64_t year, int64_t no, int64_t attempt);

/* What was sent becomes orders to the bank; transfer_fn: what became of them. */
int refund_transfers_order(struct work *w, int64_t event_no, const struct refund_transfers *list);
struct transfer;
int refund_transfer_heard(struct work *w, int64_t event_no, const struct transfer *t);

#endif
