/*
 * resident_change: one line of the daily file of resident changes, on its way into the desks'
 * facts. Part of the eligibility desk.
 */
#ifndef DESK_ELIGIBILITY_RESIDENT_CHANGE_H
#define DESK_ELIGIBILITY_RESIDENT_CHANGE_H

#include "desk/eligibility/track.h"

enum change_sort {
    SORT_COMES,      /* move_in birth status */
    SORT_RESTORED,   /* restored */
    SORT_GOES,       /* move_out left_country death ex_officio */
    SORT_MOVES,      /* moved merge split */
    SORT_RELATION,   /* head relation */
    SORT_NAME,       /* name */
    SORT_FOREIGN,    /* nationality stay */
    SORT_CORRECTION, /* another day or other values of an earlier line */
    SORT_CANCEL      /* an earlier line never was */
};
enum change_sort change_sort_of(struct str kind);
/* The first day on which a change of that kind is so: one who leaves is here on his last day. */
struct ymd change_effect(struct str kind, struct ymd day, bool is_same_day);

struct change_line {
    struct import *im;
    struct work *w;
    struct table_row *row;
    struct party_batch *batch;
    int64_t event_no;
    struct event event;
    int64_t sequence;
    struct str kind;
    enum change_sort sort;
    struct ymd day, effect, notified;
    struct str person_no;
    int64_t person_id; /* 0: new with this line */
    int64_t household_before, household_after;
    bool is_new_person, is_new_household;
    /* corrections and cancellations: the line they are about */
    int64_t corrects;
    struct str earlier_kind;
    enum change_sort earlier_sort;
    struct ymd earlier_day, earlier_effect;
};
struct str line_field(const struct change_line *l, const char *id);
struct ymd line_day(const struct change_line *l, const char *id);
int line_fail(struct change_line *l, const char *id, const char *reason) WARN_UNUSED;

/* Ids, event and facts of one line. */
int change_apply(struct change_line *l) WARN_UNUSED;
/* What the section has to do: *kind 0 when nothing. */
int change_pending(struct change_line *l, int *kind) WARN_UNUSED;

#endif
