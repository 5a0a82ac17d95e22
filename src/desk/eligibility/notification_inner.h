/*
 * notification_inner: what the files of notifications share.
 *
 * A planning is the people of a notification with everything known of them that matters; changes
 * are made to that picture one after another, so that a later line sees what an earlier one did.
 * What differs from what was known is written at the end; nothing else is.
 */
#ifndef DESK_ELIGIBILITY_NOTIFICATION_INNER_H
#define DESK_ELIGIBILITY_NOTIFICATION_INNER_H

#include "desk/eligibility/inner.h"

enum { SUBJECT_PERIODS_MAX = 64, SUBJECT_COVERS_MAX = 64 };

struct working_period {
    struct insured_period now; /* as it will stand; row_id: of what is known */
    bool is_known;             /* there is a row */
    bool is_changed;
    bool is_removed;
};
struct working_cover {
    int64_t row_id; /* 0: new */
    struct other_cover now;
    bool is_ended_here; /* its end came with the acquisition on that day, not from the insurer */
    bool is_changed;
    bool is_removed;
};
struct subject {
    int64_t person_id;
    struct ymd birth;
    struct ymd death;
    struct working_period period[SUBJECT_PERIODS_MAX];
    size_t n_periods;
    struct working_cover cover[SUBJECT_COVERS_MAX];
    size_t n_covers;
    const struct eligibility_subject_stays_row *stays;
    size_t n_stays;
    const struct eligibility_subject_residencies_row *residencies;
    size_t n_residencies;
    const struct eligibility_subject_permits_row *permits;
    size_t n_permits;
    int64_t papers; /* documents he holds */
};
struct planning {
    struct work *w;
    const struct notification *n;
    struct notification_plan *out;
    struct subject *subject; /* by person_id */
    size_t n_subjects;
    struct working_period *touched[NOTIFICATION_CHANGES_MAX]; /* by line of the notification */
    struct subject *who[NOTIFICATION_CHANGES_MAX];
};

/* notification_plan.c: 0, or ERR_* when it could not look; problems are in the plan. */
int planning_make(struct planning *p) WARN_UNUSED;
/* row NOTIFICATION_CHANGES_MAX: the notification itself. */
void planning_problem(struct planning *p, size_t row, const char *field, const char *what);
void planning_warning(struct planning *p, size_t row, const char *field, const char *what);
/* Facts of the problem noted last: a day. */
void planning_about(struct planning *p, struct ymd day);

/* notification_view.c: what is known of the people. */
int planning_look(struct planning *p) WARN_UNUSED;
struct subject *planning_subject(struct planning *p, int64_t person_id);

/* notification_check.c: what the picture must be like when every line is done. */
void planning_check(struct planning *p);
/* Of the notification as such: days, source and route, identity, reasons in words. */
void planning_check_filing(struct planning *p);
bool change_needs_why(const struct cover_change *c);

/* notification_number.c: symbol, number and branch number for whoever begins to be insured in the
 * household. */
int numbers_give(struct planning *p, struct eligibility_batch *b, int64_t event_no) WARN_UNUSED;

/* notification_write.c */
int planning_write(struct planning *p, int64_t event_no) WARN_UNUSED;
/* The record of a decision; kind "cover", "circumstance", ... */
struct decision_record {
    const char *kind;
    const char *basis; /* message id */
    int64_t household_id;
    struct ymd notified;
    struct str source, route, why;
    enum identity_check identity;
    struct str proxy_name, proxy_document;
};
int decision_record(struct work *w, int64_t event_no, const struct decision_record *d,
                    int64_t *notification_id) WARN_UNUSED;
int decision_line(struct work *w, int64_t event_no, int64_t notification_id, int64_t person_id,
                  int kind) WARN_UNUSED;

/* notification_text.c: the payload of an entry that may wait. */
int notification_write_text(struct work *w, const struct notification *n,
                            struct text *out) WARN_UNUSED;
int notification_read_text(struct work *w, struct str payload,
                           struct notification *out) WARN_UNUSED;

/* pending.c */
int pending_settle(struct work *w, int64_t event_no, const int64_t *ids, size_t n) WARN_UNUSED;
int pendings_of_ids(struct work *w, const int64_t *ids, size_t n, struct pendings *out) WARN_UNUSED;

/* notification.c: entries. */
int notification_entry_apply(struct work *w, const struct event *e, struct str payload);

#endif
