/*
 * transfer: money that the city pays into accounts (振込): orders of other parts of the desk go to
 * the bank in files (総合振込); what the bank could not pay is open again, and so is what it paid
 * and gave back later (資金返却: the file's results once more, whole or only those rows; taken
 * once). Part of the collection desk.
 */
#ifndef DESK_COLLECTION_TRANSFER_H
#define DESK_COLLECTION_TRANSFER_H

#include "desk/collection/collection.h"

enum transfer_state {
    TRANSFER_WAITS = 1,
    TRANSFER_SENT = 2,
    TRANSFER_PAID = 3,
    TRANSFER_FAILED = 4
};
struct transfer {
    int64_t transfer_no; /* out */
    int64_t person_id;
    struct str basis; /* "refund" */
    int64_t basis_id; /* of the row it pays */
    struct str order_no; /* 支出命令番号; may be empty */
    struct yen yen;
    struct ymd pay;
    int state;
    struct str result; /* of the bank: "" none yet, 0 paid, 1 no account, 2 another name, 9 other */
};
/* In the caller's transaction: to be paid on t->pay into the person's account for refunds.
 * ERR_INVALID where he has none. */
int transfer_put(struct work *w, int64_t event_no, struct transfer *t) WARN_UNUSED;
/* The same into an account that the order names itself (還付請求書). */
struct transfer_account {
    struct str bank_code, branch_code, kind, account_no, holder;
};
int transfer_put_into(struct work *w, int64_t event_no, struct transfer *t,
                      const struct transfer_account *a) WARN_UNUSED;
/* What failed is sent again to the account that is registered now, on another day. ERR_STALE: it
 * did not fail. */
int transfer_again(struct work *w, int64_t event_no, int64_t transfer_no, struct ymd pay) WARN_UNUSED;
/* 1 found, 0 not. */
int transfer_find(struct work *w, int64_t transfer_no, struct transfer *out) WARN_UNUSED;

/* Heard inside the transaction that took the bank's answer, once for every order it settles
 * (paid or failed). */
typedef int transfer_fn(struct work *w, int64_t event_no, const struct transfer *t);
void transfer_tell(transfer_fn *fn);

job_fn transfer_send_job, transfer_take_job;

#endif
