/*
 * counter: what is handed out to a debtor at the counter: slips issued anew, statements of arrears,
 * certificates of what was paid. Internal to the collection.
 */
#ifndef DESK_COLLECTION_COUNTER_H
#define DESK_COLLECTION_COUNTER_H

#include "desk/collection/letter.h"

struct slip_wanted {
    int64_t liability_id;
    int number;
};
/* Slips of what is due now, with the late charge up to the last day they may be used; the earlier
 * ones are replaced. ERR_INVALID: paid, or not his. One transaction; pdf appended. */
struct slips_order {
    int64_t debtor_id;
    const struct slip_wanted *rows;
    size_t n;
    struct ymd limit;
    struct str reason;
};
int slips_reissue(struct work *w, const struct slips_order *order, struct text *pdf) WARN_UNUSED;

struct paper_order {
    int64_t debtor_id;
    struct str kind;      /* "paid", "tax", "deduction", "statement" */
    struct str year_kind; /* "calendar", "fiscal" */
    int year;
    struct str purpose, receiver;
    struct yen fee;
    int64_t no, issue; /* out; issue: how often it was handed out before */
    struct yen total;  /* out */
};
/* Numbers it, records purpose, receiver and fee, draws it; one transaction. */
int paid_paper(struct work *w, struct paper_order *order, struct text *pdf) WARN_UNUSED;

/* What was received of a debtor in a calendar year, less what was refunded. */
int paid_in_year(struct work *w, int64_t debtor_id, int year, struct yen *out) WARN_UNUSED;
/* His address on a day as one line; empty when it may not be shown or is not known. */
int address_on(struct work *w, int64_t debtor_id, struct ymd day, struct str *out) WARN_UNUSED;

#endif
