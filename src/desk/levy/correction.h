/*
 * correction (更正): facts came after a decision; the debtor's year is assessed again and the
 * difference decided. Internal to the levy.
 *
 * A change is one debtor's year that comes out different from what is in force, is levied for the
 * first time, or has ended. The bulk run (一括更正) looks at the whole city and makes two drafts,
 * one of increases and one of decreases, which a chief confirms apart; the immediate one (即時更正)
 * decides one household at the counter. Both replace the decision in force by a newer one under
 * the same number; all earlier states stay.
 */
#ifndef DESK_LEVY_CORRECTION_H
#define DESK_LEVY_CORRECTION_H

#include "desk/levy/draft.h"

/* --- instalments after a change (schedule_change.c) ----------------------------------------- */

struct schedule_terms {
    const struct levy_schedule *calendar; /* numbers and due days of the year */
    struct ymd issued;                    /* day of the notice */
    int64_t lead;                /* 通知の余日: days between it and a due day it may change */
    int64_t unit;                /* 期割の単位 */
    struct ymd extra_due;        /* of an instalment made for the change */
    const struct unit_cut *cuts; /* 期別減免額 */
    size_t n_cuts;
};
/* From the instalments in force (n 0: none yet) to those of the new result; amounts of 0 do not
 * exist. Pure. ERR_LIMIT when the year has no number left. */
int schedule_change(struct context *cx, const struct levy_schedule *before,
                    const struct levy_result *result, const struct schedule_terms *terms,
                    struct levy_schedule *out) WARN_UNUSED;
/* The terms a year's rules set for a notice of that day; cuts none. */
int schedule_terms_of(struct context *cx, const struct plan *plan,
                      const struct levy_schedule *calendar, struct ymd issued,
                      struct schedule_terms *out) WARN_UNUSED;
/* What a decision that replaced another must have made of its instalments, for the replay. */
struct replayed {
    const struct plan *plan;
    const struct population *p;
    const struct unit *u; /* NULL: the facts give no such debtor */
    const struct levy_result *result;
    const struct levy_schedule *schedule; /* as a first decision has it */
    struct str vector;
};
int schedule_replay(struct work *w, const struct decision *d, const struct replayed *again,
                    struct levy_schedule *out) WARN_UNUSED;

/* --- limitation (correction_limit.c) --------------------------------------------------------- */

struct levy_limit {
    struct ymd first;              /* the day the time runs from (法110条の2) */
    struct ymd increase, decrease; /* last day of a decision */
};
int levy_limit_of(struct context *cx, const struct plan *plan, const struct levy_schedule *calendar,
                  struct ymd from, struct levy_limit *out) WARN_UNUSED;

/* --- finding changes (correction.c) ---------------------------------------------------------- */

struct change_terms {
    int fiscal_year;
    int64_t known;
    struct ymd as_of, issued;
    const struct plan *plan;
};
/* Compares the units of a population (facts of whole households) with the decisions in force of
 * the same households, both in order of household. explanations holds what the changes point to
 * until it is cleared. Memory: w->cx.arena. */
struct change_request {
    const struct change_terms *terms;
    const struct population *now;
    const struct decisions *decided;
    struct assessor *assessor;
    struct text *explanations;
};
int changes_find(struct work *w, const struct change_request *rq,
                 struct levy_changes *out) WARN_UNUSED;
/* Cause, day and basis of each change, from the facts before and now (correction_cause.c). */
int changes_explain(struct work *w, const struct change_request *rq,
                    struct levy_changes *out) WARN_UNUSED;

/* Opens the decisions of changes under an event and closes those they replace. */
struct change_decision {
    int64_t event_no, officer_id, draft_no;
    const struct change_terms *terms;
};
int changes_decide(struct work *w, const struct change_decision *how,
                   const struct levy_change *rows, size_t n) WARN_UNUSED;

/* --- jobs ------------------------------------------------------------------------------------- */

int levy_correct_job(struct work *w, struct job *job) WARN_UNUSED;
int levy_correct_confirm(struct work *w, struct job *job) WARN_UNUSED;
/* Control totals into one of the two drafts and figures into the job; ready, or dropped when there
 * is nothing to decide and nothing to list. */
struct correction_totals {
    int64_t decided, pulled, refused, failed; /* debtors */
    struct yen before, after;                 /* of those decided */
    struct yen part[LEVY_PARTS];              /* after */
    struct cause_total {
        struct str cause;
        int64_t n;
        struct yen before, after;
    } cause[16];
    size_t n_causes;
};
int correction_totals(struct work *w, int64_t draft_no, struct correction_totals *out) WARN_UNUSED;
int correction_draft_settle(struct work *w, struct job *job, int64_t draft_no,
                            bool is_increase) WARN_UNUSED;
/* A draft is one of a correction's two. */
bool draft_is_correction(const struct draft *d);

/* What pages call a draft's state and kind: message ids. */
const char *draft_status_message(int64_t status);
const char *draft_kind_message(struct str kind);
/* The values of a draft's decision document (更正決議書). */
struct form_data;
int correction_paper(struct work *w, const struct draft *d, struct form_data *out) WARN_UNUSED;

/* The entry "levy.correction" of the counter. */
int correction_entry_apply(struct work *w, const struct event *e, struct str payload);

#endif
