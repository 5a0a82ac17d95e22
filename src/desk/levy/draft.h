/* draft: what the files about drafts share. Internal to the levy. */
#ifndef DESK_LEVY_DRAFT_H
#define DESK_LEVY_DRAFT_H

#include "desk/levy/assess.h"

struct levy_draft_assessment; /* generated */
/* Everything an assessment says, without surrogate ids: equal on both engines. */
void assessment_digest(struct hasher *h, const struct levy_draft_assessment *row);

/* The plan it was computed with; ERR_CORRUPT when that set cannot be made again. */
int draft_plan(struct work *w, const struct draft *d, const struct plan **out) WARN_UNUSED;

/* Control totals: what a chief compares before he confirms. */
struct draft_totals {
    int64_t outcome[OUTCOME_FAILED + 1]; /* debtors by outcome */
    int64_t reason[LEVY_REASONS];
    int64_t tier[11];
    int64_t insured;
    int64_t at_cap[LEVY_PARTS]; /* debtors at the cap of a component */
    int64_t undeclared;
    struct yen total, part[LEVY_PARTS];
};
int draft_totals(struct work *w, int64_t draft_no, struct draft_totals *out) WARN_UNUSED;
/* Totals into the draft and figures into the job; the draft is ready. */
int draft_finish(struct work *w, struct job *job, int64_t draft_no) WARN_UNUSED;

/* Another person than the one who ran it, with the right; the rules it used are those in force. */
int draft_may_be_confirmed(struct work *w, const struct draft *d) WARN_UNUSED;
/* Ready to confirming, once; check runs under the writer lock and may refuse. */
int draft_confirm_begin(struct work *w, struct job *job, const struct draft *d, struct ymd issued,
                        int (*check)(struct work *w, const struct draft *d)) WARN_UNUSED;
/* The digests of a draft's chunks in household order, folded. */
int draft_content(struct work *w, int64_t draft_no, struct digest *out) WARN_UNUSED;

/* The jobs. */
int levy_initial(struct work *w, struct job *job) WARN_UNUSED;
int levy_confirm(struct work *w, struct job *job) WARN_UNUSED;
int levy_drop(struct work *w, struct job *job) WARN_UNUSED;

#endif
