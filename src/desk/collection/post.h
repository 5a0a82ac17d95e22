/*
 * post: one run of printing, enclosing and despatch (一括作業): levy notices, dunnings and
 * reminders in one job with their own counts, places, codes; what became of every document.
 * Internal to the collection.
 *
 * Invariants
 * - A document is printed with the balances of the day; what is paid by then, also by a preliminary
 *   notice, is taken out and listed.
 * - A document that was taken out is not posted; one that was posted is not taken out.
 * - A layout or index of the run has no My Number.
 */
#ifndef DESK_COLLECTION_POST_H
#define DESK_COLLECTION_POST_H

#include "desk/collection/letter.h"

enum post_state { POST_WITHDRAWN = 1, POST_SENT = 2, POST_RETURNED = 3, POST_CHECKED = 4 };
/* Why mail came back; message id "collection.returned.N". */
#define POST_RETURN_REASONS 6

#define POST_OPTIONS "issue-date:day notices?:day kinds?:text slips?:text contractor?:text"
/* Prints everything decided for an issue day that is not printed yet, in this order: levy notices
 * (of the day they were issued: option notices; none without), dunnings, reminders (kinds: those of
 * them, by ","); files below CITY/out/post-NUMBER. */
int post_print_job(struct work *w, struct job *job) WARN_UNUSED;

/* All that is printed and was not taken out goes to the post on a day; count: how many the person
 * has counted. ERR_INVALID when it differs. */
int post_despatch(struct work *w, int64_t batch_no, struct ymd day, int64_t count) WARN_UNUSED;
/* One document came back: its address is to be looked into. By kind and number. */
struct post_return {
    struct str kind;
    int64_t no;
    struct ymd day;
    int64_t reason; /* 1 to POST_RETURN_REASONS */
    struct str note;
};
int post_returned(struct work *w, const struct post_return *r) WARN_UNUSED;
/* The address was looked into: the task is done. */
int post_checked(struct work *w, int64_t post_item_id, struct str note) WARN_UNUSED;

/* --- paper handed to contractors
 * ------------------------------------------------------------------ */

struct paper_bundle {
    int64_t no; /* out */
    struct str form_kind, contractor, note;
    int64_t sheets;
    struct ymd handed;
};
int paper_hand_over(struct work *w, struct paper_bundle *b) WARN_UNUSED;
struct paper_return {
    struct str way; /* "returned", "destroyed" */
    int64_t sheets;
    struct ymd day;
    struct str report_no, note;
};
/* ERR_INVALID: more sheets than are out, no report number. */
int paper_take_back(struct work *w, int64_t batch_no, const struct paper_return *r) WARN_UNUSED;

#endif
