/*
 * notify: one notice (届) at the counter from the open cases to the printed certificate. Internal.
 *
 * The form is read into a notification, which eligibility plans and enters; nothing is entered that
 * was not previewed: the page carries a digest of what it showed (seen).
 */
#ifndef DESK_COUNTER_NOTIFY_H
#define DESK_COUNTER_NOTIFY_H

#include "desk/counter/view.h"

#define NOTIFY_LINES 24 /* as many as the form has */
/* A line to tick: a member with his newest period, or an earlier period of his. */
struct notify_line {
    const struct member *member;
    const struct insured_period *period; /* NULL: never insured */
    bool is_earlier;
};
struct notify {
    struct work *w;
    struct party_home home;
    struct insured_periods periods; /* of everybody, by person */
    struct pendings pendings;       /* open ones of the household */
    struct notify_line line[NOTIFY_LINES];
    size_t n;
    size_t form_line[NOTIFICATION_CHANGES_MAX]; /* line of each change of the notification */
};
/* The household with what is open about it; writes the audit line. */
int notify_read(struct notify *y, struct work *w, struct str household_no,
                enum audit_class class) WARN_UNUSED;
struct str notify_name(const struct notify *y, int64_t person_id); /* empty: not of them */

/* --- the form ------------------------------------------------------------------------------- */

/* An empty form of the household: today, at the counter, the person himself. */
void notify_form_new(const struct notify *y, struct counter_notify_form *form);
/* Filled with what a pending change proposes. */
void notify_form_fill(const struct notify *y, const struct notification *n,
                      struct counter_notify_form *form);
/* What was typed, as a notification; what is missing or contradicts becomes a problem of the form
 * and ERR_INVALID. */
int notify_form_take(struct notify *y, struct counter_notify_form *form,
                     struct notification *out) WARN_UNUSED;
/* Problems of the plan beside the fields they are about; how many refuse it. */
size_t notify_form_refuse(const struct notify *y, const struct notification_plan *plan,
                          struct counter_notify_form *form);
/* What the digest of a previewed notification is. */
struct str notify_seen(struct work *w, const struct notification *n);

/* --- the preview ------------------------------------------------------------------------------ */

/* Applies the notification, assesses the household, rolls back; fills the preview of the page. */
int notify_preview(struct notify *y, const struct notification *n,
                   const struct notification_plan *plan, struct counter_notify_view *v) WARN_UNUSED;

/* Documents of the household's people: what is due and what is held, as it stands now (in a preview:
 * as it would stand). The preview and the page after the notice both ask here. */
struct papers {
    struct certificate_needs needs; /* of everybody insured */
    struct helds helds;             /* of everybody, newest first */
};
int papers_read(struct work *w, const struct party_home *home, struct papers *out) WARN_UNUSED;
bool paper_is_due(const struct certificate_need *n); /* by the notice, and can be issued */
bool paper_is_to_come_back(const struct held *h);    /* now: he is not insured or has a newer one */
bool papers_has_due(const struct papers *p, int64_t person_id);
/* Now, or as soon as the one that is due is issued. */
bool papers_has_back(const struct papers *p, int64_t person_id);

/* What other sections have told already, with where from. */
int notify_known(const struct notify *y, struct counter_notify_view *v) WARN_UNUSED;

page_handler show_notify, send_notify, show_notified, settle_papers, hand_papers;

#endif
