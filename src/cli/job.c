/* job: runs a job in this process, lists jobs, shows one. */
#include "cli/cli.h"
#include "office/office.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

enum { KIND_OPTIONS = 16 };

static const char *sentence(struct str id)
{
    char name[64];
    snprintf(name, sizeof name, STR_FMT, STR_ARG(id));
    const struct message *m = message_find(name);
    return m ? m->text : "";
}

static void on_signal(int number)
{
    (void)number;
    office_job_stop();
}

/* --- options of a kind, from its declaration "year:number draft?:id" ---------------------- */

static int specs_of(struct context *cx, const struct job_kind *kind, struct option_spec *specs,
                    size_t *n)
{
    struct str rest = str_of(kind->options);
    *n = 0;
    while (rest.n > 0) {
        struct str word = str_trim(str_cut(&rest, ' '));
        struct str name = str_cut(&word, ':');
        if (name.n == 0)
            continue;
        if (name.p[name.n - 1] == '?')
            name.n--;
        if (*n == KIND_OPTIONS)
            return fail(cx, ERR_LIMIT, "job.options", "%s", kind->name);
        specs[(*n)++] = (struct option_spec){str_c(cx->arena, name), true};
    }
    return OK;
}

/* "name=value name=value", blanks and percent signs of values written as %20 and %25. */
static int options_text(struct context *cx, const struct option_spec *specs, size_t n,
                        const struct options *o, struct str *out)
{
    struct text t;
    text_init(&t, 4000);
    for (size_t i = 0; i < n; i++) {
        if (!o->value[i].p)
            continue;
        text_addf(&t, "%s%s=", t.n > 0 ? " " : "", specs[i].name);
        for (size_t k = 0; k < o->value[i].n; k++) {
            char c = o->value[i].p[k];
            if (c == ' ' || c == '%')
                text_addf(&t, "%%%02X", (unsigned)(unsigned char)c);
            else
                text_addc(&t, c);
        }
    }
    *out = str_copy(cx->arena, text_str(&t));
    bool good = !t.failed && out->p;
    text_release(&t);
    return good ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

/* --- showing ------------------------------------------------------------------------------ */

static void print_time(int64_t time_us)
{
    struct text t;
    text_init(&t, 40);
    if (time_us > 0)
        text_add_time(&t, time_us);
    struct str s = text_str(&t);
    printf("\t" STR_FMT, STR_ARG(s));
    text_release(&t);
}

static void print_job(const struct job_row *j, bool json)
{
    const struct job_progress *p = &j->progress;
    if (json) {
        printf("{\"id\":%lld,\"kind\":\"" STR_FMT "\",\"options\":\"" STR_FMT
               "\",\"state\":\"" STR_FMT "\",\"total\":%lld,\"done\":%lld,\"skipped\":%lld,"
               "\"failed\":%lld,\"message\":\"" STR_FMT "\"}\n",
               (long long)j->job_id, STR_ARG(j->kind), STR_ARG(j->options), STR_ARG(j->state),
               (long long)p->total, (long long)p->done, (long long)p->skipped, (long long)p->failed,
               STR_ARG(j->message));
        return;
    }
    printf("%lld\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t%lld/%lld\t%lld\t%lld",
           (long long)j->job_id, STR_ARG(j->kind), STR_ARG(j->options), STR_ARG(j->state),
           (long long)p->done, (long long)p->total, (long long)p->skipped, (long long)p->failed);
    print_time(j->started_us);
    print_time(j->ended_us);
    printf("%s%s\n", j->message.n > 0 ? "\t" : "", sentence(j->message));
}

static int show_figures(struct work *w, int64_t id)
{
    struct job_figure_row *rows;
    size_t n;
    int rc = job_figures(w, id, &rows, &n);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        printf("  " STR_FMT "\t%lld\n", STR_ARG(rows[i].name), (long long)rows[i].value);
    return rc;
}

static int show(struct work *w, int64_t id, bool json)
{
    struct job_row row;
    int rc = job_get(w, id, &row);
    if (rc < 0)
        return rc;
    print_job(&row, json);
    return json ? OK : show_figures(w, id);
}

static int show_list(struct work *w, bool json)
{
    struct job_rows rows;
    int rc = job_list(w, 0, 100, &rows);
    for (size_t i = 0; rc >= 0 && i < rows.n; i++)
        print_job(&rows.rows[i], json);
    return rc;
}

/* --- running ------------------------------------------------------------------------------ */

static int run(struct context *cx, const struct job_kind *kind, int argc, char **argv)
{
    struct option_spec specs[KIND_OPTIONS];
    struct options o;
    struct str options;
    struct work w;
    size_t n;
    int64_t id = 0;
    if (specs_of(cx, kind, specs, &n) < 0 || options_read(cx, argc, argv, specs, n, &o) < 0)
        return EXIT_USAGE;
    if (options_text(cx, specs, n, &o, &options) < 0 ||
        work_open(&w, cx, options_city(cx, &o), STORE_WRITE) < 0)
        return report_error(cx);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    int rc = job_run(&w, kind->name, options, &id);
    if (rc >= 0)
        rc = show(&w, id, o.json);
    if (rc < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return rc < 0 ? report_error(cx) : EXIT_OK;
}

static int run_named(struct context *cx, int argc, char **argv)
{
    const struct job_kind *kind = argc > 2 ? job_kind_find(str_of(argv[2])) : NULL;
    if (argc <= 2)
        return command_help("job", false);
    if (kind)
        return run(cx, kind, argc - 2, argv + 2);
    (void)fail(cx, ERR_NOT_FOUND, "job.kind_unknown", "%s", argv[2]);
    (void)report_error(cx);
    return EXIT_USAGE;
}

int cmd_job(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;
    int64_t id = 0;
    if (argc > 1 && strcmp(argv[1], "run") == 0)
        return run_named(cx, argc, argv);
    if (options_read(cx, argc, argv, NULL, 0, &o) < 0)
        return EXIT_USAGE;
    bool list = o.n_words == 1 && str_is(o.words[0], "list");
    bool status = o.n_words == 2 && str_is(o.words[0], "status") && str_to_int(o.words[1], &id);
    if (!list && !status)
        return command_help("job", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(cx);
    int rc = list ? show_list(&w, o.json) : show(&w, id, o.json);
    if (rc < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return rc < 0 ? report_error(cx) : EXIT_OK;
}
