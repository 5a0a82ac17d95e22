/* ledger: what the collection's files share: the charge, the checks. Internal. */
#ifndef DESK_COLLECTION_LEDGER_H
#define DESK_COLLECTION_LEDGER_H

#include "desk/collection/collection.h"

/* Charges what the event decided: liabilities, instalments, journal; in the event's transaction. */
int collection_charge(struct work *w, const struct event *e) WARN_UNUSED;
/* The same of decisions that replace others: differences by instalment, and what the debtor has
 * paid too much. */
int collection_correct(struct work *w, int64_t event_no, const struct decision *d) WARN_UNUSED;
/* What was paid under a decision's number beyond what is charged becomes overpayments. */
int collection_overpaid(struct work *w, int64_t event_no, const struct decision *d) WARN_UNUSED;
/* The liability a decision's charges hang on, in the accounting year of the decision. */
struct collection_liability;
struct collection_liability liability_row(struct work *w, const struct decision *d,
                                          int64_t liability_id, int64_t event_no);
/* levy_paid_fn: what was received, for the papers of corrected decisions. */
int collection_paid(struct work *w, int fiscal_year, const int64_t *notice_nos, size_t n,
                    struct levy_paid *out) WARN_UNUSED;
/* Instalments after the plans of an event "levy.pension"; receipts of "levy.pension_result". */
int collection_shape(struct work *w, const struct event *e) WARN_UNUSED;
int collection_receive_pensions(struct work *w, const struct event *e) WARN_UNUSED;
/* store_check_fn: re-reads what was written since first_event; refuses an unbalanced COMMIT. */
int collection_check(struct context *cx, struct store *st, int64_t first_event, int64_t last_event);
/* store_verify_fn: the same over everything, with decisions and notices. */
int collection_verify(struct context *cx, struct store *st, finding_fn *report, void *arg);

/* The accounting year an entry is booked in, of a liability that stands in the given one's books:
 * 4月1日から5月31日は、旧年度の債権なら旧年度に (出納整理期間). */
int booked_year(int of_liability, struct ymd accounting);

int collection_refers_to(struct work *w, int64_t person_id, const char **why);

#endif
