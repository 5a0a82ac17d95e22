/* job: what a job function does inside its chunk: counts, cursor, notes and figures commit with it.
 */
#include "office/inner.h"
#include "office_sql.h"

#include <signal.h>

static volatile sig_atomic_t stop_asked;

void office_job_stop(void)
{
    stop_asked = 1;
}

bool job_is_stopping(void)
{
    return stop_asked != 0;
}

void job_stop_clear(void)
{
    stop_asked = 0;
}

int64_t job_id(const struct job *job)
{
    return job->id;
}

struct job_progress *job_progress(struct job *job)
{
    return &job->progress;
}

static int notes_put(struct work *w, struct job *job)
{
    if (job->n_waiting == 0)
        return OK;
    struct arena_mark mark = arena_mark(w->cx.arena);
    struct office_db_job_note *rows =
        ARENA_ARRAY(w->cx.arena, job->n_waiting, struct office_db_job_note);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < job->n_waiting; i++) {
        const struct job_note_row *note = &job->waiting[i];
        rows[i] = (struct office_db_job_note){.job_id = job->id,
                                              .note_no = job->notes + (int64_t)i + 1,
                                              .failed = note->failed,
                                              .item_key = note->key,
                                              .message = str_of(note->message),
                                              .facts = note->facts};
    }
    int rc = office_db_job_note_bulk(&w->cx, w->store, rows, job->n_waiting);
    arena_rewind(w->cx.arena, mark);
    if (rc < 0)
        return rc;
    job->notes += (int64_t)job->n_waiting;
    job->n_waiting = 0;
    arena_release(&job->arena);
    arena_init(&job->arena, 0);
    return OK;
}

int job_note(struct work *w, struct job *job, bool failed, int64_t key, const char *message,
             struct str facts)
{
    if (job->n_waiting == JOB_NOTES) {
        int rc = notes_put(w, job);
        if (rc < 0)
            return error_add(&w->cx, "note of job %lld", (long long)job->id);
    }
    struct str kept = str_copy(&job->arena, facts.p ? facts : STR(""));
    if (!kept.p)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    job->waiting[job->n_waiting++] = (struct job_note_row){failed, key, message, kept};
    return OK;
}

int job_figure(struct work *w, struct job *job, const char *name, int64_t value)
{
    struct office_db_job_figure_set_in in = {.job_id = job->id,
                                             .name = str_of(name),
                                             .value = value};
    int rc = office_db_job_figure_set(&w->cx, w->store, &in);
    return rc < 0 ? error_add(&w->cx, "figure %s", name) : OK;
}

int job_checkpoint(struct work *w, struct job *job)
{
    const struct job_progress *p = &job->progress;
    if (stop_asked)
        return fail(&w->cx, ERR_RETRY, "job.stopped", "%lld", (long long)job->id);
    int rc = FAULT(&w->cx, "job.checkpoint");
    if (rc >= 0)
        rc = notes_put(w, job);
    struct office_db_job_save_in in = {.job_id = job->id,
                                       .total = p->total,
                                       .done = p->done,
                                       .skipped = p->skipped,
                                       .failed = p->failed,
                                       .cursor_key = p->cursor,
                                       .notes = job->notes,
                                       .now_us = w->cx.env->now_us(w->cx.env)};
    if (rc >= 0)
        rc = office_db_job_save(&w->cx, w->store, &in);
    return rc < 0 ? error_add(&w->cx, "checkpoint of job %lld", (long long)job->id) : OK;
}

int reply_job(struct work *w, struct request *rq, struct reply *rp, const char *kind,
              struct str options)
{
    int64_t job = 0;
    const int rc =
        options.p ? job_queue(w, kind, options, &job) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/job/%lld", (long long)job);
}
