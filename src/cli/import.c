/* hokenka import: residents or incomes from a file, as a job. */
#include "cli/city_store.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "desk/party/party.h"

#include <inttypes.h>
#include <stdio.h>

enum { OPT_REPORT, OPT_LINES, OPT_COUNT, OPT_SUM, OPT_FORCE, OPT_SOURCE, OPT_ROUTE, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"report-only", false}, {"lines", false},
                                                    {"count", true},        {"sum", true},
                                                    {"force", true},        {"source", true},
                                                    {"route", true}};

static const char *job_of(struct str word)
{
    static const char *const words[][2] = {{"residents", "import-residents"},
                                           {"incomes", "import-incomes"},
                                           {"incomes-yearly", "import-incomes-yearly"},
                                           {"income-forms", "import-income-forms"},
                                           {"benefit-forms", "import-benefit-forms"},
                                           {"resident-changes", "import-resident-changes"},
                                           {"nonresidents", "import-nonresidents"},
                                           {"assistance", "import-assistance"},
                                           {"late-stage", "import-late-stage"},
                                           {"employer", "import-employer"},
                                           {"care-eligibility", "import-care-eligibility"},
                                           {"care-levy", "import-care-levy"},
                                           {"care-benefit", "import-care-benefit"},
                                           {"pension-first", "import-pension-first"},
                                           {"pension-payer", "import-pension-payer"},
                                           {"pension-payer-yearly", "import-pension-payer-yearly"},
                                           {"employment", "import-employment"},
                                           {"facility", "import-facility"},
                                           {"legacy", "import-legacy"},
                                           {"compare-residents", "compare-residents"}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (str_is(word, words[i][0]))
            return words[i][1];
    }
    return NULL;
}

/* Blanks in a path are written %20 in a job's options. */
static void add_words(struct text *t, struct str path)
{
    for (size_t i = 0; i < path.n; i++) {
        if (path.p[i] == ' ')
            (void)text_adds(t, "%20");
        else
            (void)text_addc(t, path.p[i]);
    }
}

static void add_option(struct text *t, const char *name, struct str value)
{
    if (!value.p)
        return;
    (void)text_addf(t, " %s=", name);
    add_words(t, value);
}

static struct str options_of(struct context *cx, const struct options *o)
{
    struct text t;

    text_init(&t, 8192);
    (void)text_adds(&t, "path=");
    add_words(&t, o->words[1]);
    if (o->value[OPT_REPORT].p)
        (void)text_adds(&t, " mode=report");
    else if (o->value[OPT_LINES].p)
        (void)text_adds(&t, " mode=lines");
    if (o->value[OPT_COUNT].p)
        (void)text_addf(&t, " count=" STR_FMT, STR_ARG(o->value[OPT_COUNT]));
    if (o->value[OPT_SUM].p)
        (void)text_addf(&t, " sum=" STR_FMT, STR_ARG(o->value[OPT_SUM]));
    add_option(&t, "force", o->value[OPT_FORCE]);
    add_option(&t, "source", o->value[OPT_SOURCE]);
    add_option(&t, "route", o->value[OPT_ROUTE]);
    const struct str out = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return out;
}

static void print_problem(const struct table_problem *p, bool json)
{
    const struct message *m = message_find(p->reason);

    if (!json) {
        fprintf(stderr, "%" PRId64 "\t" STR_FMT "\t" STR_FMT "\t%s\n", p->line, STR_ARG(p->field),
                STR_ARG(p->value), m ? m->text : p->reason);
        return;
    }
    printf("{\"line\":%" PRId64 ",\"field\":", p->line);
    print_json_text(p->field);
    printf(",\"value\":");
    print_json_text(p->value);
    printf(",\"reason\":\"%s\"}\n", p->reason);
}

/* The bad lines of the job, whatever became of it. */
static int print_problems(struct work *w, int64_t job, bool json)
{
    struct import_problem_list list;
    const struct error first = w->cx.error;

    error_clear(&w->cx);
    if (job == 0 || party_import_problems(w, job, &list) < 0)
        list.n = 0;
    for (size_t i = 0; i < list.n; i++)
        print_problem(&list.rows[i], json);
    w->cx.error = first;
    return (int)(list.n > 0);
}

static int run(struct work *w, const char *job, const struct options *o)
{
    int64_t id = 0;
    const int result = job_run(w, job, options_of(&w->cx, o), &id);
    const int bad = print_problems(w, id, o->json);

    if (result < 0)
        return result;
    return bad ? EXIT_FINDINGS : EXIT_OK;
}

int cmd_import(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    const char *job = o.n_words == 2 ? job_of(o.words[0]) : NULL;
    if (!job) {
        (void)fail(cx, ERR_INVALID, "cli.import.what", NULL);
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    if (work_open(&w, cx, options_city(cx, &o), STORE_BATCH) < 0)
        return report_error(cx);
    const int result = run(&w, job, &o);
    if (result < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return result < 0 ? report_error(cx) : result;
}
