/*
 * track: the known facts of one kind about one person (or household) in the order of their days,
 * as a feed sees them: put a value from a day on, end it, move a day, take a change back. Nothing
 * is written before track_write, which closes the rows that changed and opens what stands now.
 */
#ifndef DESK_ELIGIBILITY_TRACK_H
#define DESK_ELIGIBILITY_TRACK_H

#include "desk/eligibility/inner.h"

union track_fact {
    struct residency_fact residency;
    struct membership_fact membership;
    struct name_fact name;
    struct foreign_fact foreign;
    struct address_fact address;
};
struct stretch {
    int64_t row; /* 0: not written yet */
    struct span valid;
    union track_fact fact; /* its valid is filled in on writing */
    bool is_changed, is_gone;
};
struct track {
    enum party_fact kind;
    struct stretch *s; /* by first day; room for n + 4 */
    size_t n;
};

/* As known now; the name tracks: the one in use, and the others. */
int track_residency(struct work *w, int64_t person_id, struct track *out) WARN_UNUSED;
int track_membership(struct work *w, int64_t person_id, struct track *out) WARN_UNUSED;
int track_name(struct work *w, int64_t person_id, bool is_used, struct track *out) WARN_UNUSED;
int track_foreign(struct work *w, int64_t person_id, struct track *out) WARN_UNUSED;
int track_residence(struct work *w, int64_t household_id, struct track *out) WARN_UNUSED;

/* The stretch that holds the day; NULL: none. */
struct stretch *track_at(struct track *t, struct ymd day);
/* The stretch that holds the day or, where none does, the last that ended before or on it. */
struct stretch *track_last(struct track *t, struct ymd day);
/* From the day on the fact is so, until the next one that begins later; equal ones stay as they
 * are. */
void track_put(struct track *t, struct ymd day, const union track_fact *fact);
/* What stands on the day stood wrong from its beginning; where nothing stands: as track_put. */
void track_correct(struct track *t, struct ymd day, const union track_fact *fact);
/* It is no longer so from the day on; ended_by goes into a residency. False: nothing held then. */
bool track_end(struct track *t, struct ymd day, const char *ended_by);
/* What ended on the day goes on as if it had not. */
void track_resume(struct track *t, struct ymd day);
/* What began or ended on a day began or ended on another. False: the days would cross. */
bool track_move(struct track *t, struct ymd from, struct ymd to);
/* What began on the day never did: what stood before goes on, until where the other ended. */
void track_undo(struct track *t, struct ymd day);
int track_write(const struct track *t, struct party_batch *b, int64_t event_no) WARN_UNUSED;

#endif
