/* pension_match: who of ours a pensioner of a record is. Internal to the levy. */
#ifndef DESK_LEVY_PENSION_MATCH_H
#define DESK_LEVY_PENSION_MATCH_H

#include "desk/levy/pension_inner.h"

struct pension_match {
    const char *by;    /* exact, none, several */
    int64_t person_id; /* 0 unless exact */
};
int pension_match(struct work *w, const struct fixed_record *d, const char *record,
                  struct pension_match *out) WARN_UNUSED;
/* ERR_STALE when somebody has said so before. */
int pension_match_by_hand(struct work *w, int64_t event_no, int64_t candidate_id,
                          int64_t person_id) WARN_UNUSED;

#endif
