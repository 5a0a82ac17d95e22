/* slip: payment slips issued apart from the first notice's (再発行). Part of the collection desk.
 */
#ifndef DESK_COLLECTION_SLIP_H
#define DESK_COLLECTION_SLIP_H

#include "desk/collection/collection.h"

struct slip {
    int64_t liability_id;
    int number;      /* 期 */
    struct str kind; /* "reissue", "dunning", "reminder" */
    struct yen yen, late, fee;
    struct ymd limit, issued;
    struct str reason;
    int issue; /* out: 再発行区分 */
};
/* In the caller's transaction: the one in force is closed, s->issue counts up. ERR_LIMIT: nine have
 * been issued. */
int slip_issue(struct work *w, int64_t event_no, struct slip *s) WARN_UNUSED;

#endif
