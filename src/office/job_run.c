/* job_run: takes a job from its row to its end. One batch at a time per city, by a lock file that
 * the kernel gives back when the process dies; a job that was left running is taken up again at its
 * cursor. */
#include "office/inner.h"
#include "office_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>

enum { JOB_MEMORY = 1 << 30 };

static int batch_lock(struct context *cx, struct office *o, int *fd)
{
    struct str path = str_format(cx->arena, "%s/batch.lock", o->city_path);
    if (!path.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    *fd = cx->env->open(cx->env, path.p, O_RDWR | O_CREAT, 0600);
    if (*fd < 0)
        return fail(cx, ERR_IO, "job.lock", "%s", path.p);
    if (flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return OK;
    int why = errno;
    (void)cx->env->close(cx->env, *fd);
    return fail(cx, why == EWOULDBLOCK ? ERR_LIMIT : ERR_IO, "job.busy", NULL);
}

/* --- rows --------------------------------------------------------------------------------- */

static int job_insert(struct work *w, const struct job *job, int64_t *id)
{
    struct office_db_job_number_row number;
    int rc = office_db_job_number(&w->cx, w->store, &number);
    if (rc < 0)
        return rc;
    *id = number.job_id;
    struct office_db_job row = {.job_id = number.job_id,
                                .kind = str_of(job->kind->name),
                                .options = job->options,
                                .state = STR("queued"),
                                .requested_by = w->actor->user_id,
                                .queued_us = w->cx.env->now_us(w->cx.env),
                                .started_us_null = true,
                                .beat_us_null = true,
                                .ended_us_null = true,
                                .as_of = w->today};
    return office_db_job_insert(&w->cx, w->store, &row);
}

/* The unfinished run with these options, or a new one. */
static int job_find(struct work *w, const struct job *job, int64_t *id)
{
    struct office_db_job_unfinished_row row;
    struct office_db_job_unfinished_in in = {str_of(job->kind->name), job->options};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = office_db_job_unfinished(&w->cx, w->store, &in, &row);
    if (rc == 1)
        *id = row.job_id;
    else if (rc == 0)
        rc = job_insert(w, job, id);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int kind_allowed(struct work *w, struct str name, const struct job_kind **kind)
{
    *kind = job_kind_find(name);
    if (!*kind)
        return fail(&w->cx, ERR_NOT_FOUND, "job.kind_unknown", STR_FMT, STR_ARG(name));
    uint64_t needed = (*kind)->right ? (*kind)->right : RIGHT(RIGHT_JOB_RUN);
    if ((w->actor->rights & needed) != needed)
        return fail(&w->cx, ERR_DENIED, "office.right_missing", STR_FMT, STR_ARG(name));
    return OK;
}

int job_queue(struct work *w, const char *kind_name, struct str options, int64_t *id)
{
    const struct job_kind *kind;
    struct job job = {0};
    int rc = kind_allowed(w, str_of(kind_name), &kind);
    if (rc >= 0)
        rc = job_options_read(&w->cx, kind, options, &job);
    if (rc >= 0)
        rc = job_find(w, &job, id);
    return rc < 0 ? error_add(&w->cx, "queue job %s", kind_name) : OK;
}

/* --- one run ------------------------------------------------------------------------------ */

struct run {
    struct work w; /* the job's own: batch connection, job memory */
    struct arena arena;
    struct job job;
    struct job_note_row notes[JOB_NOTES];
    struct store *own; /* opened here */
};

static int run_load(struct run *r, int64_t id)
{
    struct context *cx = &r->w.cx;
    struct office_db_job_row_row row;
    int rc = office_db_job_row(cx, r->w.store, &(struct office_db_job_row_in){.job_id = id}, &row);
    if (rc == 0)
        return fail(cx, ERR_NOT_FOUND, "job.missing", "%lld", (long long)id);
    if (rc < 0)
        return rc;
    const struct job_kind *kind = job_kind_find(row.kind);
    if (!kind)
        return fail(cx, ERR_NOT_FOUND, "job.kind_unknown", STR_FMT, STR_ARG(row.kind));
    rc = job_options_read(cx, kind, row.options, &r->job);
    if (rc < 0)
        return rc;
    r->job.id = id;
    r->job.progress =
        (struct job_progress){row.total, row.done, row.skipped, row.failed, row.cursor_key};
    r->job.notes = row.notes;
    r->w.job_id = id;
    r->w.screen = kind->name;
    /* "as of today" is the day the job was asked for, also when it is taken up a day later. */
    r->w.today = row.as_of;
    r->w.asof.valid = row.as_of;
    return OK;
}

static int run_mark(struct run *r, const char *state, struct str message)
{
    struct context *cx = &r->w.cx;
    int64_t now = cx->env->now_us(cx->env);
    int rc = STORE_BEGIN(cx, r->w.store);
    if (rc < 0)
        return rc;
    if (strcmp(state, "running") == 0)
        rc = office_db_job_start(cx, r->w.store, &(struct office_db_job_start_in){r->job.id, now});
    else
        rc = office_db_job_end(cx, r->w.store,
                               &(struct office_db_job_end_in){.job_id = r->job.id,
                                                              .state = str_of(state),
                                                              .message = message,
                                                              .now_us = now});
    if (rc >= 0)
        return store_commit(cx, r->w.store);
    store_rollback(r->w.store);
    return rc;
}

/* The job's first error is kept; writing down that it failed must not hide it. */
static int run_failed(struct run *r, int code)
{
    struct error first = r->w.cx.error;
    if (store_in_transaction(r->w.store))
        store_rollback(r->w.store);
    error_clear(&r->w.cx);
    bool stopped = code == ERR_RETRY && job_is_stopping();
    int rc = run_mark(r, stopped ? "queued" : "failed", str_of(first.message));
    if (rc < 0)
        error_clear(&r->w.cx); /* the row stays "running": taken up again later */
    rc = audit_outcome(&r->w, code, r->job.progress.done);
    if (rc < 0)
        error_clear(&r->w.cx);
    r->w.cx.error = first;
    return error_add(&r->w.cx, "job %lld", (long long)r->job.id);
}

static int run_job(struct run *r)
{
    struct work *w = &r->w;
    int rc = run_mark(r, "running", STR_NONE);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = str_of(r->job.kind->about),
                                                 .query = r->job.options,
                                                 .count = -1});
    if (rc < 0)
        return run_failed(r, rc);
    int64_t line = w->audit_last;
    do
        rc = r->job.kind->run(w, &r->job);
    while (rc > 0);
    w->audit_last = line;
    if (rc >= 0 && store_in_transaction(w->store))
        rc = fail(&w->cx, ERR_INVALID, "job.open_transaction", "%s", r->job.kind->name);
    if (rc >= 0)
        rc = run_mark(r, "finished", STR_NONE);
    if (rc < 0)
        return run_failed(r, rc);
    rc = audit_outcome(w, OK, r->job.progress.done);
    return rc < 0 ? rc : OK;
}

static int run_open(struct run *r, struct work *w)
{
    arena_init(&r->arena, JOB_MEMORY);
    arena_init(&r->job.arena, 0);
    r->job.waiting = r->notes;
    r->w = *w;
    r->w.cx.arena = &r->arena;
    r->w.job_id = 0;
    error_clear(&r->w.cx);
    if (w->office->is_console && w->office->console_mode == STORE_BATCH)
        return OK;
    int rc = store_open(&r->w.cx, store_url(w->store), STORE_BATCH, &r->own);
    r->w.store = r->own;
    return rc;
}

static int run_with(struct run *r, struct work *w, int64_t id)
{
    int rc = run_open(r, w);
    if (rc >= 0)
        rc = run_load(r, id);
    if (rc >= 0)
        rc = run_job(r);
    if (rc < 0)
        w->cx.error = r->w.cx.error;
    store_close(r->own);
    arena_release(&r->job.arena);
    arena_release(&r->arena);
    return rc;
}

static int run_id(struct work *w, int64_t id)
{
    struct run *r = memory_alloc(sizeof *r);
    if (!r)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    int rc = run_with(r, w, id);
    memory_free(r);
    return rc;
}

int job_run(struct work *w, const char *kind_name, struct str options, int64_t *id)
{
    const struct job_kind *kind;
    struct job job = {0};
    int lock;
    int rc = kind_allowed(w, str_of(kind_name), &kind);
    if (rc >= 0)
        rc = job_options_read(&w->cx, kind, options, &job);
    if (rc >= 0)
        rc = batch_lock(&w->cx, w->office, &lock);
    if (rc < 0)
        return error_add(&w->cx, "run job %s", kind_name);
    rc = job_find(w, &job, id);
    if (rc >= 0)
        rc = run_id(w, *id);
    (void)w->cx.env->close(w->cx.env, lock);
    return rc < 0 ? error_add(&w->cx, "run job %s", kind_name) : OK;
}

/* --- the job process of the server -------------------------------------------------------- */

/* A queued job runs in the name of who asked for it: what it writes is his, and where two people are
 * asked for, he is one of them. His right was checked when he asked; the job has the program's. */
static int requester(struct work *w, int64_t user_id, struct actor *out)
{
    struct office_db_user_by_id_in in = {.user_id = user_id};
    struct office_db_user_by_id_row row;
    *out = system_actor;
    int rc = user_id ? office_db_user_by_id(&w->cx, w->store, &in, &row) : 0;
    if (rc <= 0)
        return rc;
    out->user_id = user_id;
    out->user_name = row.sign_in_name;
    out->full_name = row.full_name;
    out->branch = row.branch;
    out->terminal = STR("job");
    return role_parse(row.role, &out->role) ? OK : fail(&w->cx, ERR_CORRUPT, "job.missing", NULL);
}

static int next_run(struct context *cx, struct office *o, struct work *w)
{
    struct office_db_job_next_row row;
    int lock;
    int rc = office_work_begin(cx, o, NULL, "job", true, w);
    if (rc >= 0)
        rc = office_db_job_next(&w->cx, w->store, &row);
    if (rc <= 0)
        return rc;
    struct actor *actor = ARENA_NEW(w->cx.arena, struct actor);
    rc = actor ? requester(w, row.requested_by, actor) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0)
        return rc;
    w->actor = actor;
    rc = batch_lock(&w->cx, o, &lock);
    if (rc == ERR_LIMIT) { /* a batch runs elsewhere: come again */
        error_clear(&w->cx);
        return 0;
    }
    if (rc < 0)
        return rc;
    rc = run_id(w, row.job_id);
    (void)cx->env->close(cx->env, lock);
    return rc < 0 ? rc : 1;
}

int office_job_next(struct context *cx, struct office *o)
{
    struct work w;
    if (job_is_stopping())
        return 0;
    int rc = next_run(cx, o, &w);
    if (rc < 0)
        cx->error = w.cx.error;
    office_work_end(&w);
    return rc;
}
