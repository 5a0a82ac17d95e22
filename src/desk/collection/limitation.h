/*
 * limitation: until when an unpaid instalment may be collected (消滅時効: 料2年
 * 国民健康保険法110条1項, 税5年 地方税法18条1項), by what last renewed it. Part of the collection
 * desk.
 *
 * Counted from the day after the due day, and anew from the day after a dunning (110条2項; that of
 * a tax ten days later, 地方税法18条の2第1項2号), a part payment or an agreement to pay (民法152条,
 * 承認). What happens after the last day revives nothing: the right is gone without anybody
 * invoking it. Days of deferral are not added.
 */
#ifndef DESK_COLLECTION_LIMITATION_H
#define DESK_COLLECTION_LIMITATION_H

#include "collection_sql.h"
#include "desk/collection/collection.h"
#include "desk/collection/dunning.h"

enum limit_cause { /* message id "collection.limit.N" */
                   LIMIT_DUE,
                   LIMIT_DUNNED,
                   LIMIT_PART_PAID,
                   LIMIT_AGREED
};
struct limitation {
    enum limit_cause cause;
    struct ymd from; /* the day it counts from */
    struct ymd last; /* the last day of the right */
};
/* What renews the limitation of a debtor's instalments, in the order of days, and the law of the
 * levy year that was asked for last; both are read when the first instalment is asked for. */
struct limits {
    int64_t debtor_id; /* the rest starts as zero */
    bool is_read;
    struct collection_limit_renewals_list renewals;
    struct dunning_terms terms;
    int levy_year; /* of terms; 0: none yet */
};
/* As of w->asof.valid. */
int limit_of(struct work *w, struct limits *limits, const struct liability *l,
             const struct instalment_balance *b, struct limitation *out) WARN_UNUSED;
const char *limit_message(enum limit_cause cause);

#endif
