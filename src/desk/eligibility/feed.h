/*
 * feed: files of other offices (福祉, 後期, 介護, 年金, 雇用保険): taken in once, line by line
 * against their description, in their cycle. Part of eligibility.h.
 */
#ifndef DESK_ELIGIBILITY_FEED_H
#define DESK_ELIGIBILITY_FEED_H

#include "desk/party/party.h"

/* One line as it stands, of a feed of data/formats: "care_levy", "pension_payer", ... */
struct feed_fact {
    int64_t person_id;
    struct ymd day, until;
    struct str period; /* "202606" */
    struct str code;
    struct yen amount;
    bool has_amount;
    struct str reference;
};
struct feed_facts {
    struct feed_fact *rows;
    size_t n;
};
/* By person, as known now. */
int feed_facts_of(struct work *w, const char *feed, const int64_t *person_ids, size_t n,
                  struct feed_facts *out) WARN_UNUSED;
/* What a run stands on must have come since that day: ERR_NOT_FOUND names the file and the day it
 * came last. The yearly deduction asks it for "pension_payer" since the 20th of May. */
int feed_need(struct work *w, const char *feed, struct ymd since) WARN_UNUSED;

#endif
