/*
 * collection (収納): the ledger of what debtors owe and paid.
 *
 * A liability is one debtor, accounting year, levy year and notice number; it points to the
 * household it arose from and stays with the debtor when the household changes. Instalments hang
 * on it. The journal is append-only: an entry is a transfer between accounts of a liability's
 * instalments, its postings sum to zero, in whole and by part of the levy.
 *
 * Invariants, checked before every COMMIT and by verify
 * - the postings of an entry sum to zero, and each part of them does
 * - an instalment's amount is what the journal charged on it
 * - a liability's instalments sum to what was decided under its number
 * - no entry and no posting is ever changed or closed
 * Balances are never stored: they are sums of postings.
 */
#ifndef DESK_COLLECTION_COLLECTION_H
#define DESK_COLLECTION_COLLECTION_H

#include "desk/levy/levy.h"

/* Accounts. Money owed by the debtor is positive on DUE; where it goes to is the other side. */
enum account {
    ACCOUNT_LEVIED = 1,       /* 調定: the other side of every charge */
    ACCOUNT_DUE = 2,          /* 未納: still to be paid */
    ACCOUNT_RECEIVED = 3,     /* 収納 */
    ACCOUNT_OVERPAID = 4,     /* 過誤納 */
    ACCOUNT_REFUND_DUE = 5,   /* 還付未済 */
    ACCOUNT_REFUNDED = 6,     /* 還付済 */
    ACCOUNT_APPROPRIATED = 7, /* 充当 */
    ACCOUNT_WRITTEN_OFF = 8,  /* 不納欠損 */
    /* Amounts beside the levy have no parts. */
    ACCOUNT_LATE_CHARGE = 9,      /* 延滞金 */
    ACCOUNT_DUNNING_FEE = 10,     /* 督促手数料 */
    ACCOUNT_REFUND_INTEREST = 11, /* 還付加算金 */
    ACCOUNT_CASH = 12,            /* 延滞金・手数料の入金、加算金の支払 */
    ACCOUNT_LATE_DUE = 13,        /* 延滞金未納 */
    ACCOUNT_FEE_DUE = 14,         /* 督促手数料未納 */
    /* 繰越: out of one accounting year (+) and into the next (-); zero in sum. */
    ACCOUNT_CARRIED = 15
};
#define ACCOUNT_LAST 15

struct liability {
    int64_t liability_id;
    struct str kind; /* "nhi_fee" 料, "nhi_tax" 税 */
    int64_t debtor_id, household_id;
    int accounting_year, levy_year;
    int64_t notice_no;
};

/* One line of an entry, on instalment `number` (0: the liability as a whole). */
struct posting {
    int number;
    enum account account;
    struct yen yen;
    /* Zero for the accounts beside the levy, but where an appropriation pays them: then those of
     * the overpayment it comes from. */
    struct yen part[LEVY_PARTS];
};
struct entry {
    struct str kind; /* "charge", "correction", "receipt", ... */
    int64_t liability_id;
    struct ymd accounting, value;
    int64_t basis_id; /* the decision, receipt ... it comes from */
    const struct posting *postings;
    size_t n;
    int booked_year; /* 会計年度; 0: what booked_year makes of the liability's year and the day */
};
/* Appends entries under an event opened in the caller's write transaction. ERR_CORRUPT when one
 * does not sum to zero. */
int ledger_post(struct work *w, int64_t event_no, const struct entry *entries,
                size_t n) WARN_UNUSED;

/* --- queries, as known at w->asof.known -------------------------------------------------- */

enum instalment_state { INSTALMENT_PAID, INSTALMENT_OPEN, INSTALMENT_OVERDUE, INSTALMENT_ZERO };
struct instalment_balance {
    int64_t liability_id;
    int number;
    struct ymd due;
    struct yen charged;
    struct yen part[LEVY_PARTS];
    struct yen received;
    struct yen overpaid;         /* 過誤納 found on it, before it is refunded or appropriated */
    struct yen balance;          /* still due */
    enum instalment_state state; /* on w->asof.valid */
};
struct liability_account {
    struct liability liability;
    struct instalment_balance *rows;
    size_t n;
    struct yen charged, received, overpaid, balance;
};
struct liability_accounts {
    struct liability_account *rows;
    size_t n;
};
/* What arose from a household in a levy year (0: all); one statement. */
int collection_household(struct work *w, int64_t household_id, int levy_year,
                         struct liability_accounts *out) WARN_UNUSED;
/* All that one debtor owes or owed (levy_year 0: every year); one statement. */
int collection_debtor(struct work *w, int64_t debtor_id, int levy_year,
                      struct liability_accounts *out) WARN_UNUSED;
/* 1 found, 0 not. */
int collection_by_notice(struct work *w, int levy_year, int64_t notice_no,
                         struct liability_account *out) WARN_UNUSED;

struct ledger_totals {
    struct yen account[ACCOUNT_LAST + 1]; /* by enum account */
    struct yen part[LEVY_PARTS]; /* charged, by part */
};
int collection_totals(struct work *w, int levy_year, struct ledger_totals *out) WARN_UNUSED;

/* --- paper handed to contractors (紙のバッチ) --------------------------------------------- */

struct paper_batch {
    int64_t no;
    struct str form_kind, contractor;
    struct ymd handed;
    int64_t sheets, back; /* open while sheets are not returned or destroyed: back < sheets */
};
/* 1 found, 0 not. */
int collection_paper(struct work *w, int64_t batch_no, struct paper_batch *out) WARN_UNUSED;

extern const struct desk collection_desk;

#include "desk/collection/receipt.h"
#include "desk/collection/slip.h"

#endif
