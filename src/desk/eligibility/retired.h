/*
 * retired: the scheme for retired workers (退職者医療), which has ended: its spans are shown and
 * corrected, never opened after its end. Part of the eligibility desk.
 */
#ifndef DESK_ELIGIBILITY_RETIRED_H
#define DESK_ELIGIBILITY_RETIRED_H

#include "desk/eligibility/eligibility.h"

struct retired_entry {
    int64_t person_id;
    struct str kind; /* "self", "dependant" */
    struct span valid;
    struct str reason;
    int64_t replaces; /* a row that this one takes the place of; 0: none */
    bool is_removed;  /* the row replaced never was */
};
/* Kind "eligibility.retired", after a second person's look: 0 applied, 1 waits. ERR_INVALID for
 * what the scheme never allowed: a beginning after the last day of joining (setting
 * eligibility.retired_join), an end after its own (eligibility.retired_end), an overlap. */
int retired_enter(struct work *w, const struct retired_entry *r, int64_t *event_no) WARN_UNUSED;
struct retired_row {
    int64_t row_id;
    struct str kind, reason;
    struct span valid;
};
struct retired_rows {
    struct retired_row *rows;
    size_t n;
};
/* As they stand now, oldest first. */
int retired_list(struct work *w, int64_t person_id, struct retired_rows *out) WARN_UNUSED;
int retired_entry_apply(struct work *w, const struct event *e, struct str payload);
int retired_page(struct work *w, struct request *rq, struct reply *rp);
int retired_save(struct work *w, struct request *rq, struct reply *rp);

#endif
