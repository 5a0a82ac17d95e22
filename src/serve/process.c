/* process: a worker answers requests, the job process runs what is queued; each opens the city
 * itself, after the fork. */
#include "serve/process.h"

#include "serve/inner.h"

#include <microhttpd.h>

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

enum { LAST_REPLIES_MS = 5000, SWEEP_MS = 200, NO_JOB_US = 400000, JOB_FAILED_US = 2000000 };

static volatile sig_atomic_t stopping;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
    office_job_stop();
}

static void catch_signals(void)
{
    struct sigaction a = {.sa_handler = on_stop};
    (void)sigaction(SIGTERM, &a, NULL);
    (void)signal(SIGINT, SIG_IGN); /* the terminal's Ctrl-C is the parent's to pass on */
    (void)signal(SIGPIPE, SIG_IGN);
}

static void run_worker(struct worker *w, struct MHD_Daemon *d)
{
    while (!stopping) {
        (void)MHD_run_wait(d, SWEEP_MS);
        http_sweep(w);
    }
    int fd = MHD_quiesce_daemon(d); /* nobody new; those being answered get their page */
    (void)fd;
    for (int ms = 0; http_busy() > 0 && ms < LAST_REPLIES_MS; ms += 50)
        (void)MHD_run_wait(d, 50);
    (void)MHD_run_wait(d, 0);
    MHD_stop_daemon(d);
}

static void run_jobs(struct worker *w)
{
    while (!stopping) {
        struct arena_mark mark = arena_mark(&w->arena);
        error_clear(&w->cx);
        int r = office_job_next(&w->cx, w->office);
        if (r < 0)
            log_event(w->log, "job_failed", w->cx.error.message);
        arena_rewind(&w->arena, mark);
        if (r <= 0 && !stopping)
            (void)usleep(r < 0 ? JOB_FAILED_US : NO_JOB_US);
    }
}

static int open_city(struct worker *w, const struct process *p)
{
    int r = office_open(&w->cx, p->options->city_path, &w->office);
    if (r == OK)
        r = router_new(&w->cx, &w->router);
    return r;
}

static void report(struct worker *w)
{
    struct text t;
    text_init(&t, 4096);
    if (error_render(&w->cx.error, &t) >= 0)
        fprintf(stderr, "%s\n", t.p);
    text_clear(&t);
    if (error_render_log(&w->cx.error, &t) >= 0)
        log_event(w->log, "cannot_start", t.p);
    text_release(&t);
}

int process_run(const struct process *p)
{
    struct worker w = {.options = p->options,
                       .log = p->log,
                       .number = p->number,
                       .is_secure = p->cert.p != NULL || p->options->behind_proxy};
    arena_init(&w.arena, 0);
    context_init(&w.cx, p->env, &w.arena);
    catch_signals();
    if (open_city(&w, p) < 0) {
        report(&w);
        return EXIT_FAILURE_CHILD;
    }
    if (p->kind == PROCESS_JOBS) {
        if (p->options->ready && p->is_first)
            p->options->ready(&w.cx, w.office, p->url);
        (void)close(p->listen_fd);
        run_jobs(&w);
    } else {
        struct MHD_Daemon *d = http_start(&w, p->listen_fd, p->cert, p->key);
        if (!d) {
            log_event(w.log, "cannot_start", "http");
            return EXIT_FAILURE_CHILD;
        }
        office_warm(&w.cx, w.office);
        run_worker(&w, d);
    }
    office_close(w.office);
    arena_release(&w.arena);
    return 0;
}
