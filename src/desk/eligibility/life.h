/*
 * life: everything with days that is known of one person, for one picture. Part of eligibility.h.
 */
#ifndef DESK_ELIGIBILITY_LIFE_H
#define DESK_ELIGIBILITY_LIFE_H

#include "desk/party/party.h"

enum life_part { /* message id "eligibility.life.N" */
                 LIFE_RESIDENCY =
                     1, /* on the resident register; code: why it began, detail: ended */
                 LIFE_HOUSEHOLD = 2,    /* code: relation, detail: number of the household */
                 LIFE_COVER = 3,        /* insured here; code and detail: reasons */
                 LIFE_OTHER = 4,        /* other cover; detail: insurer */
                 LIFE_CERTIFICATE = 5,  /* from issue to return or last day; detail: serial */
                 LIFE_CIRCUMSTANCE = 6, /* code: kind */
                 LIFE_PLACEMENT = 7,    /* detail: place */
                 LIFE_PARTS = 8
};
struct life_row {
    enum life_part part;
    struct str code;
    struct str detail;
    struct span valid;
    int64_t event_no; /* known from it */
    struct str source;
    struct ymd received;
};
struct life {
    struct life_row *rows; /* by part, oldest first */
    size_t n;
};
/* As known at w->asof.known, in one statement. */
int eligibility_life(struct work *w, int64_t person_id, struct life *out) WARN_UNUSED;
/* What a row says, in words: message id; never NULL. */
const char *life_message(const struct life_row *r);

#endif
