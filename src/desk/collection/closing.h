/*
 * closing: the end of an accounting year (出納閉鎖, 5月31日): what is unpaid is carried over into
 * the next year's books (滞納繰越). Drafted, then confirmed by another person against its totals.
 * Internal to the desk.
 */
#ifndef DESK_COLLECTION_CLOSING_H
#define DESK_COLLECTION_CLOSING_H

#include "desk/collection/ledger.h"

enum closing_stage {
    CLOSING_DRAFT = 1,
    CLOSING_CONFIRMING = 2,
    CLOSING_DONE = 3,
    CLOSING_DROPPED = 4
};

/* Jobs: "carry-draft year=Y" and "carry-confirm closing=N debtors=N yen=N". */
job_fn closing_draft_run, closing_confirm_run;

#endif
