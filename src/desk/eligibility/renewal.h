/*
 * renewal (一斉更新): once a year everybody insured gets the document he should hold on a day. A
 * run drafts it: every insured person stands in it once (the elderly card of old is a second row),
 * with the stream he is printed in or the reason why not. Another person has the draft issued:
 * documents in the order of the post, streams of a setting's size, then the files. Internal to the
 * desk.
 */
#ifndef DESK_ELIGIBILITY_RENEWAL_H
#define DESK_ELIGIBILITY_RENEWAL_H

#include "desk/eligibility/certificate_inner.h"

enum renewal_outcome { /* message id "eligibility.renewal.N"; under 10 a document is issued */
                       RENEWAL_PRINT = 0,
                       RENEWAL_PROTECTED = 1, /* handed over at the counter */
                       RENEWAL_NO_ADDRESS = 2,
                       RENEWAL_UNDELIVERED = 3, /* the last one came back from the post */
                       RENEWAL_HOLDS = 10,      /* the one he holds goes on */
                       RENEWAL_UNDECIDED = 11,  /* the share is not judged yet */
                       RENEWAL_NO_NUMBER = 12,
                       RENEWAL_CHANGED = 13, /* not what was drafted any more */
                       RENEWAL_OVER = 14     /* its last day would be before the day */
};
enum renewal_status {
    RENEWAL_DRAFTING = 1,
    RENEWAL_DRAFTED = 2,
    RENEWAL_ISSUING = 3,
    RENEWAL_ISSUED = 4
};
enum renewal_outcome renewal_outcome_of(const struct certificate_need *need, struct ymd day);
/* A figure of the job page for every kind and outcome, and the sum; inside a transaction. */
int renewal_figures(struct work *w, struct job *job, int64_t renewal_no) WARN_UNUSED;
/* The printed streams as files below the city's directory; those that are there already stay. */
int renewal_print(struct work *w, struct job *job, int64_t renewal_no, struct ymd day) WARN_UNUSED;

int certificate_renewal(struct work *w, struct job *job);
int certificate_renewal_issue(struct work *w, struct job *job);

#endif
