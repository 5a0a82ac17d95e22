/*
 * change: decisions that replace others (更正); part of levy.h, which includes it.
 */
#ifndef DESK_LEVY_CHANGE_H
#define DESK_LEVY_CHANGE_H

#include "desk/levy/levy.h"

/* --- corrections (更正) ---------------------------------------------------------------------- */

enum change_direction { CHANGE_INCREASE = 1, CHANGE_DECREASE = 2 };
/* One debtor's year that comes out different from what is in force. */
struct levy_change {
    int64_t household_id, debtor_id;
    int64_t replaces_id, decision_no; /* 0: levied for the first time */
    struct ymd from, changed;         /* first day of the debt; day of what changed (異動日) */
    struct str cause, basis;          /* message ids levy.cause.*, levy.basis.* */
    enum change_direction direction;
    enum levy_outcome outcome; /* SKIPPED: too late, FAILED: the rules could not compute it */
    enum levy_reason reason;
    struct yen before;
    struct levy_schedule was, schedule;
    struct levy_result result;
    struct str explanation; /* empty: nothing is left to levy */
    struct digest inputs;
    size_t unit;                     /* position in the population; SIZE_MAX: none */
    const struct decision *replaces; /* NULL: levied for the first time */
};
struct levy_changes {
    struct levy_change *rows;
    size_t n;
};
/* What a correction of a household's year notified on a day would decide, from the facts the open
 * transaction sees; nothing is stored. No row: nothing changes. Memory: w->cx.arena. */
int levy_changes_of_household(struct work *w, int64_t household_id, int fiscal_year,
                              struct ymd issued, struct levy_changes *out) WARN_UNUSED;
/* Decides it (即時更正) under an event opened in the caller's write transaction and tells the desks
 * that charge. ERR_INVALID levy.correct.nothing when nothing changes; changes that came too late
 * are left out. *decided: decisions opened. */
int levy_correct_household(struct work *w, const struct event *e, int64_t household_id,
                           int fiscal_year, struct ymd issued, int64_t *decided) WARN_UNUSED;
/* The decision this one replaced, with what it changed: 1 there is one, 0 it is the first. */
struct correction {
    int64_t replaces_id, draft_no;
    struct yen before, after;
    struct ymd changed;
    struct levy_schedule was;
};
int levy_correction_of(struct work *w, const struct decision *d,
                       struct correction *out) WARN_UNUSED;
/* What was paid under a notice number, by instalment; the desk that collects answers for the papers
 * of corrected decisions. */
#define LEVY_NUMBERS 64 /* instalments of the year, and those of payments from a pension */
struct levy_paid {
    struct yen number[LEVY_NUMBERS]; /* received on it, less what is overpaid */
    struct yen received, overpaid;
};
typedef int levy_paid_fn(struct work *w, int fiscal_year, const int64_t *notice_nos, size_t n,
                         struct levy_paid *out);
void levy_paid_ask(levy_paid_fn *fn); /* once at start */

#endif
