/* The linkage desk's tables. */
#include "desk/linkage/inner.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static int file_job(struct work *w, struct job *job, int64_t people)
{
    struct job_progress *p = job_progress(job);
    p->total = p->done = people;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = job_figure(w, job, "people", people);
    if (rc >= 0)
        rc = job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int send_job(struct work *w, struct job *job)
{
    struct link_file sent;
    int rc = linkage_send(w, job_option(job, "link"), &sent);
    return rc < 0 ? rc : file_job(w, job, sent.people);
}

static int receive_job(struct work *w, struct job *job)
{
    int64_t people = 0;
    int rc = linkage_receive(w, job_option(job, "link"), job_option(job, "file"), &people);
    return rc < 0 ? rc : file_job(w, job, people);
}

static int purge_job(struct work *w, struct job *job)
{
    int64_t gone = 0;
    int rc = linkage_purge(w, &gone);
    return rc < 0 ? rc : file_job(w, job, gone);
}

static const struct job_kind jobs[] = {
    {"link-send", "linkage.job.send", "link:text", RIGHT(RIGHT_JOB_RUN), send_job},
    {"link-receive", "linkage.job.receive", "link:text file:text", RIGHT(RIGHT_IMPORT),
     receive_job},
    {"link-purge", "linkage.job.purge", "", RIGHT(RIGHT_JOB_RUN), purge_job},
};

static const struct entry_kind entries[] = {
    {"linkage.link", "linkage.entry.link", true, RIGHT(RIGHT_LINK_EDIT), link_apply},
    {"linkage.data_use", "linkage.entry.data_use", true, RIGHT(RIGHT_LINK_EDIT), use_apply},
    {"linkage.system", "linkage.entry.system", true, RIGHT(RIGHT_LINK_EDIT), system_apply},
    {"linkage.medium", "linkage.entry.medium", true, RIGHT(RIGHT_LINK_EDIT), medium_apply},
};

const struct desk linkage_desk = {
    .name = "linkage",
    .label = "linkage.desk",
    .jobs = jobs,
    .n_jobs = COUNT(jobs),
    .entries = entries,
    .n_entries = COUNT(entries),
    .schema = &linkage_schema,
};
