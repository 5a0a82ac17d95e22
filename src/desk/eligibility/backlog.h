/*
 * backlog: how much is open at the desk. Part of eligibility.h; what a pending change is says
 * notification.h.
 */
#ifndef DESK_ELIGIBILITY_BACKLOG_H
#define DESK_ELIGIBILITY_BACKLOG_H

#include "desk/eligibility/notification.h"

struct pending_counts {
    int64_t total, overdue;
    int64_t open[PENDING_KINDS]; /* by enum pending_kind */
    int64_t late[PENDING_KINDS]; /* of these: the cause arose before `due` */
};
/* Open pending changes of the city, in one statement. */
int pending_count(struct work *w, struct ymd due, struct pending_counts *out) WARN_UNUSED;
/* 1 found, 0 not; open or closed. */
int pending_by_id(struct work *w, int64_t pending_id, struct pending *out) WARN_UNUSED;

#endif
