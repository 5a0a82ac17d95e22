/*
 * keyed: payment notices on paper (納付済通知書), keyed by two persons. What the two keyed is
 * compared; every difference is settled against the paper and the totals must be those of the cover
 * before the batch goes to clearing. Internal to the collection desk.
 */
#ifndef DESK_COLLECTION_KEYED_H
#define DESK_COLLECTION_KEYED_H

#include "desk/collection/receipt.h"

enum keyed_state { KEYED_FIRST = 1, KEYED_SECOND = 2, KEYED_RELEASED = 3, KEYED_DROPPED = 4 };

struct keyed_cover {
    int channel; /* CHANNEL_BANK, CHANNEL_POST */
    struct str place;
    struct ymd accounting;
    int64_t slips;
    struct yen total;
};
struct keyed_line {
    int64_t line; /* of the batch, from 1 */
    int levy_year;
    int64_t notice_no;
    int number;
    struct yen yen, late, fee;
    struct ymd paid;
};
struct keyed_batch {
    int64_t no;
    struct keyed_cover cover;
    int state;
    int64_t first_by, second_by;
    struct keyed_line *first, *second; /* by line */
    size_t n_first, n_second;
    int64_t *different; /* lines the two do not agree on, or that one of them lacks */
    size_t n_different;
    struct yen first_total;
};
/* All in the caller's transaction. */
int keyed_open(struct work *w, const struct keyed_cover *c, int64_t *no) WARN_UNUSED;
/* 1 found, 0 not. */
int keyed_find(struct work *w, int64_t no, struct keyed_batch *out) WARN_UNUSED;
/* The first keying belongs to who opened the batch, the second to another person, who begins it
 * when all slips of the cover are there. ERR_DENIED, ERR_INVALID, ERR_STALE. */
int keyed_add(struct work *w, int64_t no, const struct keyed_line *l) WARN_UNUSED;
/* What the paper says, on both sides; by either of the two. */
int keyed_settle(struct work *w, int64_t no, const struct keyed_line *l) WARN_UNUSED;
/* By the second person or another, never while something differs or the totals are not those of the
 * cover. */
int keyed_release(struct work *w, int64_t event_no, int64_t no,
                  struct receipt_counts *out) WARN_UNUSED;
int keyed_drop(struct work *w, int64_t no) WARN_UNUSED;

#endif
