/* consistency: findings of the monthly comparison of information groups [NHI-CMN-015]. */
#ifndef OFFICE_CONSISTENCY_H
#define OFFICE_CONSISTENCY_H

#include "office/inner_pages.h"

enum finding_state { FINDING_GONE = 1, FINDING_CORRECTED = 2, FINDING_RIGHT = 3 };
/* The i-th check of all desks; NULL behind the last. */
const struct consistency_check *check_at(size_t i, const struct desk **desk);
const struct consistency_check *check_find(struct str name);

/* The job "consistency": every check as of a day; what is new is opened, what is not found any more
 * is closed by itself, what a person called right as it is stays closed while its facts stay. */
int consistency_job(struct work *w, struct job *job) WARN_UNUSED;

struct finding_word { /* of a person */
    enum finding_state state;
    int64_t corrected_by; /* the event that put it right; 0 unless FINDING_CORRECTED */
    struct str reason;
};
int finding_close(struct work *w, int64_t finding_id, const struct finding_word *word) WARN_UNUSED;

#endif
