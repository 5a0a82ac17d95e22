/* judge_write: what the files of the judgement share about stored rows. Internal to the desk. */
#ifndef DESK_ELIGIBILITY_JUDGE_WRITE_H
#define DESK_ELIGIBILITY_JUDGE_WRITE_H

#include "desk/eligibility/inner.h"

/* Of many households, as known, oldest first by household. */
int judgements_read(struct work *w, struct store_id_list households, int from_year, int64_t known,
                    struct judgements *out) WARN_UNUSED;
/* The same people with the same values. */
bool judgement_same(const struct judgement *a, const struct judgement *b);

/* Many households judged from one day under one event, inside the caller's transaction. */
struct judge_order {
    int64_t event_no;
    struct ymd day;
    enum judge_cause cause;
    const int64_t *only; /* sorted; NULL: the next of the city */
    size_t n_only;
    int64_t after;
    size_t limit;
};
struct judge_counts {
    int64_t judged;    /* households looked at with somebody insured */
    int64_t written;   /* judgements opened */
    int64_t undecided; /* households with a share that cannot be said yet */
    int64_t last_household_id;
    bool at_end;
};
int judge_write(struct work *w, const struct judge_order *order,
                struct judge_counts *out) WARN_UNUSED;

/* judge_change.c: opens a pending re-judgement when a household that was judged changes. */
int judge_on_event(struct work *w, const struct event *e) WARN_UNUSED;
/* judge_entry.c: what the second person's word does. */
int judge_override_apply(struct work *w, const struct event *e, struct str payload);
int standard_income_apply(struct work *w, const struct event *e, struct str payload);

/* judge_page.c */
int judge_show(struct work *w, struct request *rq, struct reply *rp);
struct str judge_member_scope(void);

int judge_yearly(struct work *w, struct job *job);
int judge_elderly(struct work *w, struct job *job);
int judge_pending(struct work *w, struct job *job);

#endif
