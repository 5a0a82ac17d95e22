/*
 * job: restartable, countable batches. Part of office.h.
 */
#ifndef OFFICE_JOB_H
#define OFFICE_JOB_H

#include "office/office.h"

/* A job is restartable and countable. Its work list is cut into chunks by key ranges; a chunk is
 * one transaction and one event; the cursor commits with the chunk. */
struct job_progress {
    int64_t total, done, skipped, failed;
    int64_t cursor; /* meaning belongs to the job: last key done */
};
struct job;
typedef int job_fn(struct work *w, struct job *job);
struct job_kind {
    const char *name;    /* "levy-initial" */
    const char *about;   /* message id */
    const char *options; /* "year:number as-of:day draft?:id" */
    uint64_t right;
    job_fn *run; /* 0 done, 1 call again, < 0 failed; called again after a kill. w->store is
                    a STORE_BATCH connection outside any transaction */
};
/* Inside the job function. */
struct str job_option(const struct job *job, const char *name);
int64_t job_id(const struct job *job);
struct job_progress *job_progress(struct job *job);
/* Inside the chunk's transaction: counts and cursor are written with it. */
int job_checkpoint(struct work *w, struct job *job) WARN_UNUSED;
/* One household or record that was skipped or failed, with the reason (message id + facts). */
int job_note(struct work *w, struct job *job, bool failed, int64_t key, const char *message,
             struct str facts) WARN_UNUSED;
/* A figure for the job page and the report ("households", "total_yen", "at_cap_medical"). */
int job_figure(struct work *w, struct job *job, const char *name, int64_t value) WARN_UNUSED;
/* Options are "name=value name=value" (blanks in values as %20), checked against the kind.
 * Starts (or resumes an unfinished one with the same options); runs to the end in this process.
 * ERR_LIMIT while another batch runs on this city. */
int job_run(struct work *w, const char *kind, struct str options, int64_t *id) WARN_UNUSED;
/* Queues for the job process of `serve`. */
int job_queue(struct work *w, const char *kind, struct str options, int64_t *id) WARN_UNUSED;

/* What a page does that starts one: queues it and goes to its page. Options without memory (p NULL)
 * are ERR_MEMORY. */
int reply_job(struct work *w, struct request *rq, struct reply *rp, const char *kind,
              struct str options) WARN_UNUSED;

/* For lists of jobs and their page. */
struct job_row {
    int64_t job_id;
    struct str kind, options;
    struct str state; /* queued, running, finished, failed */
    struct job_progress progress;
    struct str requested_by;                          /* full name; empty: the console */
    int64_t queued_us, started_us, beat_us, ended_us; /* 0: not yet */
    struct str message;                               /* of a failed one: message id */
};
struct job_rows {
    struct job_row *rows;
    size_t n;
};
int job_list(struct work *w, int64_t before, int limit, struct job_rows *out) WARN_UNUSED;
int job_get(struct work *w, int64_t id, struct job_row *out) WARN_UNUSED;
struct job_figure_row {
    struct str name;
    int64_t value;
};
int job_figures(struct work *w, int64_t id, struct job_figure_row **rows, size_t *n) WARN_UNUSED;
/* What the calendar wanted by now and has not seen: a file not taken, a run not made. */
struct late_duty {
    struct str label;
    struct str job;  /* its kind */
    struct ymd due;  /* the newest day it should have run */
    int64_t last_us; /* when it last came to its end; 0: never */
};
int job_late_duties(struct work *w, struct late_duty **rows, size_t *n) WARN_UNUSED;
const struct job_kind *job_kind_find(struct str name); /* NULL when unknown */

#endif
