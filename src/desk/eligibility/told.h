/*
 * told: what other businesses of the city have told about a person, read only: the register, care,
 * welfare, pensions, employment, late-stage care, other insurers. Part of eligibility.h.
 *
 * Each row says from whom it is, when it came in and by which event. Addresses are not among them.
 */
#ifndef DESK_ELIGIBILITY_TOLD_H
#define DESK_ELIGIBILITY_TOLD_H

#include "desk/party/party.h"

enum told_part {
    TOLD_RESIDENCY = 1, /* kind: why he is on the register; code: why no more */
    TOLD_HOUSEHOLD = 2, /* kind: relation; code: number of the household */
    TOLD_FEED = 3,      /* kind: the file, "care_eligibility"; code, detail: as the file says */
    TOLD_COVER = 4,     /* kind: employee dependant society late_stage assistance */
    TOLD_PENDING = 5    /* kind: who told; code: kind of the pending change */
};
struct told_by { /* how something came in */
    int64_t event_no;
    struct str source;
    struct ymd received;
    int64_t at_us; /* when it was taken in */
};
struct told {
    enum told_part part;
    struct str kind, code, detail;
    struct ymd day, until;
    struct str period; /* "202604"; empty: none */
    struct yen amount;
    bool has_amount;
    struct told_by by;
};
struct told_list {
    struct told *rows;
    size_t n;
};
/* As known at w->asof.known; the caller writes the audit line. */
int eligibility_told(struct work *w, int64_t person_id, struct told_list *out) WARN_UNUSED;
/* Who told the address of a household that holds on w->asof.valid; 1 found, 0 not. */
int eligibility_address_told(struct work *w, int64_t household_id, struct told_by *out) WARN_UNUSED;

#endif
