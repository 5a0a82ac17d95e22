/* receipt_write: a piece of receipts in one transaction. Internal to the desk. */
#ifndef DESK_COLLECTION_RECEIPT_WRITE_H
#define DESK_COLLECTION_RECEIPT_WRITE_H

#include "collection_sql.h"
#include "desk/collection/clear.h"
#include "desk/collection/ledger.h"

#define CLEARING_YEARS 40

struct clearing_year {
    int year;
    struct clear_target *targets;
    size_t n;
    struct collection_slips_of_notices_list slips;
};
struct clearing {
    struct work *w;
    int64_t event_no, file_id;
    struct receipt_record *rows; /* divided in place, where a slip says how */
    size_t n;
    struct receipt_counts *counts;
    /* filled by clearing_open */
    struct clear_policy policy;
    struct clearing_year years[CLEARING_YEARS];
    size_t n_years;
    struct collection_receipt_expected_of_list expected;
    bool *is_met;
    struct entry *entries;
    struct posting *postings;
    /* what is written */
    size_t n_entries, n_postings;
    int64_t first_id;
    const char *kind; /* of the entries */
    int number;
};
int clearing_open(struct clearing *c) WARN_UNUSED;
int clearing_write(struct clearing *c) WARN_UNUSED;
struct clear_target *clearing_target(struct clearing *c, const struct receipt_record *r);
void clearing_post(struct clearing *c, const struct clear_target *t, const struct cleared *x,
                   const struct receipt_record *r, int64_t receipt_id);
struct clear_policy clearing_policy(struct work *w);

#endif
