/* clear: what one receipt does to the instalment it is for. Pure; internal to the desk. */
#ifndef DESK_COLLECTION_CLEAR_H
#define DESK_COLLECTION_CLEAR_H

#include "desk/collection/receipt.h"

struct clear_target {
    int64_t liability_id, debtor_id, notice_no;
    int number, booked_year;
    struct ymd due_day;
    struct yen charged[LEVY_PARTS];
    struct yen due[LEVY_PARTS]; /* changed by what is posted on it */
    struct yen written_off;
};
/* Which irregular receipts wait for a person; the others are posted and only marked. */
struct clear_policy {
    bool holds_double, holds_over, holds_written_off, holds_cancelled;
};
struct cleared {
    enum receipt_outcome outcome; /* OUTCOME_POSTED, OUTCOME_HELD */
    const char *reason;          /* "": nothing to say; "unknown", "double", "over", "short", ... */
    struct yen due[LEVY_PARTS];  /* of the premium: what it takes off the balance */
    struct yen over[LEVY_PARTS]; /* beyond it */
    struct yen late, fee;
};
/* t NULL: nothing has that number. When posted, t->due becomes what is left. */
void clear_receipt(struct clear_target *t, const struct receipt_record *r,
                   const struct clear_policy *policy, struct cleared *out);
/* Posts whatever it is: a person has said so. */
extern const struct clear_policy clear_all;

#endif
