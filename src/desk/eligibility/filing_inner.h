/*
 * filing_inner: the entries that are no change of cover: one text of lines "word value", one check
 * of how it came in, one way into the store.
 */
#ifndef DESK_ELIGIBILITY_FILING_INNER_H
#define DESK_ELIGIBILITY_FILING_INNER_H

#include "desk/eligibility/notification_inner.h"

/* The i-th check of an filing: the field it speaks of; *what a message id, or NULL where all is
 * well. */
enum { FILING_CHECKS = 8 };
const char *filing_check(const struct filing *in, struct ymd today, size_t i, const char **what);
struct filing filing_of(const struct notification *n);
/* ERR_INVALID with the first that is wrong. */
int filing_ok(struct work *w, const struct filing *in) WARN_UNUSED;
int filing_refuse(struct work *w, const char *field, const char *what) WARN_UNUSED;

void filing_write(struct text *t, struct work *w, const struct filing *in, int64_t person_id);
int filing_read(struct work *w, struct str payload, struct filing *in,
                int64_t *person_id) WARN_UNUSED;
/* Lines of the payload. */
void filing_put_words(struct text *t, const char *word, struct str value);
void filing_put_day(struct text *t, const char *word, struct ymd day);
void filing_put_month(struct text *t, const char *word, struct month m);
void filing_put_number(struct text *t, const char *word, int64_t value); /* 0: no line */
struct str filing_words(struct str payload, const char *word); /* empty when there is none */
struct ymd filing_day(struct str payload, const char *word);   /* YMD_NONE when there is none */
struct month filing_month(struct str payload, const char *word);
int64_t filing_number(struct str payload, const char *word);

/* Enters the payload; the event speaks of the day. */
int filing_enter(struct work *w, const char *kind, const struct filing *in, int64_t person_id,
                 struct text *payload, int64_t *event_no) WARN_UNUSED;
/* The decision of an entry applied under e, with its one line; the pendings it settles. */
int filing_decide(struct work *w, const struct event *e, const struct filing *in, const char *kind,
                  int64_t person_id) WARN_UNUSED;

/* What is known of the one person: birth, periods, stays. */
int filing_person(struct work *w, int64_t person_id, struct subject **out) WARN_UNUSED;

int circumstance_entry_apply(struct work *w, const struct event *e, struct str payload);
int placement_entry_apply(struct work *w, const struct event *e, struct str payload);
int override_entry_apply(struct work *w, const struct event *e, struct str payload);
int head_entry_apply(struct work *w, const struct event *e, struct str payload);

/* filing_page.c: pages of routes, and what of an entry a checker may see. */
struct request;
struct reply;
int placement_page(struct work *w, struct request *rq, struct reply *rp);
int placement_save(struct work *w, struct request *rq, struct reply *rp);
int circumstance_page(struct work *w, struct request *rq, struct reply *rp);
int circumstance_save(struct work *w, struct request *rq, struct reply *rp);
int filing_entry_shown(struct work *w, const struct event *e, struct str *payload);

/* pending_job.c */
int pending_calendar_job(struct work *w, struct job *job);
int pending_apply_job(struct work *w, struct job *job);

#endif
