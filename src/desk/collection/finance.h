/*
 * finance (財務連動): what the finance system is told, in files only: each day's receipts,
 * appropriations and refunds by subject, year and fund; payment orders; and what it answers. Part
 * of the collection desk.
 *
 * Invariants
 * - A file covers the entries of one accounting day between two events: all files of a day together
 *   are the day, whatever came late, and none is told twice.
 * - A file sent again has the same number and the same bytes.
 */
#ifndef DESK_COLLECTION_FINANCE_H
#define DESK_COLLECTION_FINANCE_H

#include "desk/collection/refund.h"

struct finance_totals {
    struct yen received, appropriated, refunded, interest;
    int64_t records;
};
struct finance_file {
    int64_t file_no, part, after_event, up_to_event;
    struct ymd day;
    struct str name;
    struct finance_totals totals;
    char sha256[65];
};
/* The bytes of a day file, appended to out; fills its totals and digest. */
int finance_day_file(struct work *w, struct finance_file *f, struct text *out) WARN_UNUSED;
/* Retired people's share of a part's income from a month on, in millionths; the rest and every
 * rounding is general. Entered, then checked. 1: waits. */
int income_split_enter(struct work *w, int part, struct month from,
                       int64_t retired_ppm) WARN_UNUSED;

int finance_send_job(struct work *w, struct job *job) WARN_UNUSED;
int finance_orders_job(struct work *w, struct job *job) WARN_UNUSED;
int finance_take_job(struct work *w, struct job *job) WARN_UNUSED;
int refund_transfers_job(struct work *w, struct job *job) WARN_UNUSED;
int income_split_apply(struct work *w, const struct event *e, struct str payload);

/* CITY/out/NAME, made when it is not there. */
int finance_folder(struct work *w, const char *name, struct str *out) WARN_UNUSED;
/* The answers of a file of the finance system, in the caller's transaction and event. */
struct finance_answers {
    int64_t accepted, refused;
};
int finance_answers_take(struct work *w, int64_t event_no, struct str bytes,
                         struct finance_answers *out) WARN_UNUSED;
/* The orders that wait, as a file; n: how many. */
int finance_orders_file(struct work *w, struct text *out, int64_t *n, struct yen *sum) WARN_UNUSED;

#endif
