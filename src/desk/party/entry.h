/*
 * entry: what a clerk enters about a person, by one way for all: a form, checked, written as the
 * text of an entry, checked again and applied when its time comes.
 */
#ifndef DESK_PARTY_ENTRY_H
#define DESK_PARTY_ENTRY_H

#include "desk/party/inner.h"
#include "party_pages.h"

/* What of the person is entered: sending addresses, accounts, ... */
struct section {
    const char *name;     /* in the page's address and the event kind: "account", "party.account" */
    const char *end_kind; /* event kind of ending one; NULL: that of entering */
    const char *label;    /* message id */
    const struct form_shape *shape;
    size_t from_offset;   /* the day it begins, in the form */
    bool tells_household; /* who looks at the household must look again */
    void (*page)(struct html *h, const struct frame *f, const struct person *p, const void *form);
    /* Puts the form in order (digits, kana) and finds what is wrong: form_problem and ERR_INVALID.
     * Called at entering and again when applied. */
    int (*check)(struct work *w, const struct person *p, void *form);
    /* A line that helps the second person (the bank's name); may be NULL. */
    int (*tell)(struct work *w, const void *form, struct text *out);
    int (*open)(struct work *w, struct party_batch *b, int64_t event_no, const struct person *p,
                const void *form);
    int (*find)(struct work *w, int64_t person_id, int64_t row, struct entered *out);
    /* Closes the row; opens it again with the span unless that is empty. */
    int (*trim)(struct work *w, struct party_batch *b, int64_t event_no, const struct entered *what,
                struct span valid);
};
extern const struct section section_sending, section_contact, section_account, section_agent,
    section_protection, section_merge;

/* payload.c */
void payload_line(struct text *out, struct str label, struct str value);
void payload_add(struct text *out, const struct form_shape *shape, const void *form);
struct str payload_reason(const struct form_shape *shape, const void *form); /* or empty */
struct str payload_value(struct str payload, struct str label); /* p NULL: no such line */
int payload_read(struct work *w, const struct form_shape *shape, struct str payload,
                 void *form) WARN_UNUSED;

/* entry.c */
int entry_person(struct work *w, struct str person_no, struct person *out) WARN_UNUSED;
/* ERR_STALE when anything happened to the person since the form was read. */
int entry_unchanged(struct work *w, int64_t person_id, int64_t read_at) WARN_UNUSED;
bool entry_is_wrong(struct work *w, struct reply *rp, int result);
/* Sends the text in; tells on the person's page whether it waits. */
int entry_send(struct work *w, struct event *e, struct text *payload, struct request *rq,
               struct reply *rp, struct str person_no) WARN_UNUSED;
/* What every entry begins with: what is done to whom. */
void entry_head(struct text *out, const char *what, const struct person *p);
int entry_wrong(struct work *w, struct form_state *state, const char *field, const char *message);

/* section_sending.c: what more than one section checks. */
int check_span(struct work *w, struct form_state *state, struct ymd from,
               struct ymd to) WARN_UNUSED;
int to_half(struct work *w, struct str *s) WARN_UNUSED; /* figures and signs */
int check_postal_code(struct work *w, struct form_state *state, struct str *code);

#endif
