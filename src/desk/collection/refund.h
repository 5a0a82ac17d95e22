/*
 * refund (還付充当): what was paid too much. A run matches what is charged with what was paid and
 * drafts, debtor by debtor, what is appropriated to arrears and what is refunded; a chief confirms
 * the draft against its totals; only then there are decisions with numbers, and postings. The
 * citizen returns the request, the account is paid by transfer, the bank's word closes it or opens
 * it again. Part of the collection desk.
 *
 * Invariants, checked before COMMIT
 * - a decision is the sum of its lines, and the journal takes exactly that off the overpayments
 * - appropriations take from one instalment what they give to another (account 7 sums to zero)
 * - one payment of a refund is open at a time; paid once, unless the bank gave the money back
 */
#ifndef DESK_COLLECTION_REFUND_H
#define DESK_COLLECTION_REFUND_H

#include "desk/collection/collection.h"

enum refund_line_kind {
    LINE_PREMIUM = 1, /* 充当: 本料 */
    LINE_LATE = 2,    /* 充当: 延滞金 */
    LINE_FEE = 3,     /* 充当: 督促手数料 */
    LINE_REFUND = 4,  /* 還付 */
};
/* Why it is overpaid: decides from when interest runs (地方税法17条の4第1項1号, 4号). */
enum overpaid_cause {
    CAUSE_REDUCED = 1,   /* 更正減による過納 */
    CAUSE_ERRONEOUS = 2, /* 二重納付・過誤の納付 */
};

/* --- interest (還付加算金, 充当加算金) ------------------------------------------------------- */

/* One payment in a line of a decision. A line is one instalment's overpayment that goes one way;
 * refund and appropriation are computed, and rounded, each on its own. */
struct refund_interest_fact {
    struct yen amount;
    struct ymd paid;    /* 納付日 */
    struct ymd decided; /* 支払決定日 of a refund, 充当の日 of an appropriation */
    enum overpaid_cause cause;
    bool is_tax, is_appropriation;
};
/* Interest of one line. Who knows the rates registers it; without it interest is 0 and every
 * decision says that it was not computed. */
typedef int refund_interest_fn(struct work *w, const struct refund_interest_fact *facts, size_t n,
                               struct yen *out);
void refund_interest_ask(refund_interest_fn *fn);
/* By the rules of late charges: what the desk registers. ERR_NOT_FOUND: the rates of a year are not
 * announced. */
int refund_interest_of_line(struct work *w, const struct refund_interest_fact *facts, size_t n,
                            struct yen *out);

/* --- decisions -------------------------------------------------------------------------------- */

struct refund_decision {
    int64_t refund_id, debtor_id, draft_no, event_no, drafted_by, decided_by;
    int year, no; /* 還付番号 */
    struct str kind, basis;
    struct ymd decided, limit;
    struct yen overpaid, appropriated, refunded, interest, appropriation_interest;
    bool is_interest_known;
};
/* What is proposed for a debtor as of a day, nothing written: sums only. 1: something, 0 not. */
struct refund_proposal {
    int64_t debtor_id;
    struct yen overpaid, appropriated, refunded;
};
int refund_propose(struct work *w, int64_t debtor_id, struct ymd as_of,
                   struct refund_proposal *out) WARN_UNUSED;
/* Enters one decision at the counter for a second person: 1 it waits, 0 it was decided at once.
 * ERR_NOT_FOUND: nothing is overpaid. */
int refund_enter(struct work *w, int64_t debtor_id, struct ymd notice, struct yen overpaid,
                 int64_t *event_no) WARN_UNUSED;
int refund_find(struct work *w, int year, int64_t no, struct refund_decision *out) WARN_UNUSED;

/* --- request and payment ------------------------------------------------------------------------
 */

enum refund_claim_state { CLAIM_READY = 1, CLAIM_ASKED = 2, CLAIM_NO_ACCOUNT = 3 };
enum refund_payment_state {
    PAYMENT_ORDERED = 1,  /* 支出命令 */
    PAYMENT_ACCEPTED = 2, /* 財務会計が受け付けた */
    PAYMENT_SENT = 3,     /* 振込依頼済 */
    PAYMENT_PAID = 4,
    PAYMENT_FAILED = 5 /* 振込不能: another account is needed */
};
struct refund_account {
    struct str bank, branch, kind, number, holder; /* as the transfer system writes them */
};
struct refund_claim {
    int64_t refund_id;
    bool is_public; /* 公金受取口座を希望: no account is typed, the network is asked */
    struct refund_account account;
    struct ymd claimed;
    struct str note;
};
/* Checks bank, branch and kana, and enters it; a second person's word starts the payment. 1: waits.
 * ERR_INVALID names the field. ERR_RANGE: the limitation day has passed. */
int refund_claim_enter(struct work *w, const struct refund_claim *c) WARN_UNUSED;
/* What the network answered for a claim that asked for the public-money account; NULL: none is
 * registered. Own write transaction. */
int refund_account_answer(struct work *w, int64_t refund_id,
                          const struct refund_account *a) WARN_UNUSED;

/* One row of a transfer file (総合振込): the writer of the file is not of this desk. */
struct refund_transfer {
    struct str bank, branch, kind, number; /* 4, 3, 1, 7 digits */
    struct str kana;                       /* 受取人名, half-width */
    struct yen yen;                        /* refund and interest */
    struct str reference;                  /* comes back with the result: "R2026-12-1" */
};
struct refund_transfers {
    struct refund_transfer *rows;
    size_t n;
};
/* Hands over every payment that finance has accepted: they are sent from now on. In the caller's
 * transaction and event. */
int refund_transfers_send(struct work *w, int64_t event_no,
                          struct refund_transfers *out) WARN_UNUSED;
/* What became of one: paid on a day, or failed with the bank's reason. ERR_NOT_FOUND: no such
 * reference; ERR_STALE: it is not on its way. */
int refund_transfer_result(struct work *w, int64_t event_no, struct str reference, bool is_paid,
                           struct ymd day, struct str reason) WARN_UNUSED;
/* What was paid came back (資金返却): on a day from that of the payment to today the journal takes
 * it back, and another account is needed. ERR_STALE: it is not paid, or came back already. */
int refund_transfer_returned(struct work *w, int64_t event_no, struct str reference, struct ymd day,
                             struct str reason) WARN_UNUSED;
/* The finance system's number for an order; the same number twice changes nothing. */
int refund_order_accepted(struct work *w, int64_t event_no, struct str reference,
                          struct str order_no) WARN_UNUSED;

#endif
