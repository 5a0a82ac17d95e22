/* hokenka demo: makes a practice city, and on request its yearly levy. */
#include "cli/demo/demo.h"
#include "cli/cli.h"
#include "cli/commands.h"
#include "cli/demo_payments.h"
#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { OPT_PEOPLE, OPT_SEED, OPT_STORE, OPT_UNTIL, OPT_RULES, OPT_LEVY, OPT_FORMER, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"people", true}, {"seed", true},
                                                    {"store", true},  {"until", true},
                                                    {"rules", true},  {"levy", false},
                                                    {"former", true}};

struct demo_run {
    struct context *cx;
    const char *path; /* of the city */
    struct str store_url;
    const char *rules;
    bool levy, json;
    struct demo_request request;
    struct demo_city *city;
    struct demo_makeup makeup;
    struct levy_figures figures;
    bool is_tty;
};

static int number_option(struct context *cx, struct str s, const char *name, int64_t absent,
                         int64_t *out)
{
    *out = absent;
    if (!s.p || str_to_int(s, out))
        return OK;
    (void)fail(cx, ERR_INVALID, "demo.option", STR_FMT, STR_ARG(s));
    return fail_where(cx, "", 0, 0, name);
}

static int read_options(struct demo_run *run, const struct options *o)
{
    int64_t seed = 1;
    int result =
        number_option(run->cx, o->value[OPT_PEOPLE], "people", 20000, &run->request.people);

    if (result >= 0)
        result = number_option(run->cx, o->value[OPT_SEED], "seed", 1, &seed);
    if (result >= 0)
        result = number_option(run->cx, o->value[OPT_FORMER], "former", 0, &run->request.former);
    if (result < 0)
        return result;
    run->request.seed = (uint64_t)seed;
    run->request.until = YMD_NONE;
    if (o->value[OPT_UNTIL].p && !ymd_parse(o->value[OPT_UNTIL], &run->request.until)) {
        (void)fail(run->cx, ERR_INVALID, "demo.option", STR_FMT, STR_ARG(o->value[OPT_UNTIL]));
        return fail_where(run->cx, "", 0, 0, "until");
    }
    run->path = options_city(run->cx, o);
    run->store_url = o->value[OPT_STORE];
    run->rules = o->value[OPT_RULES].p;
    if (!run->rules && options_rules_dir(run->cx, &run->rules) < 0)
        return run->cx->error.code;
    run->levy = o->value[OPT_LEVY].p != NULL;
    run->json = o->json;
    return OK;
}

static void line_of(const char *message, const char *format, ...) PRINTF_LIKE(2, 3);

static const char *sentence(const char *id)
{
    const struct message *m = message_find(id);
    return m ? m->text : id;
}

static void line_of(const char *message, const char *format, ...)
{
    va_list values;

    printf("  %s: ", sentence(message));
    va_start(values, format);
    vprintf(format, values);
    va_end(values);
    printf("\n");
}

static void show_progress(void *arg, int64_t done, int64_t total)
{
    const struct demo_run *run = arg;

    if (run->is_tty)
        fprintf(stderr, "\r%s %" PRId64 "/%" PRId64 "%s", sentence("demo.writing"), done, total,
                done == total ? "\n" : "");
}

/* --- the city ------------------------------------------------------------------------------- */

static int adopt_rules(struct demo_run *run, struct work *w)
{
    struct ruleset *rules = NULL;
    const struct rule_text *texts = NULL;
    int result = ruleset_load_directory(&w->cx, run->rules, demo_city_name(run->city), &rules);
    const size_t n = result < 0 ? 0 : ruleset_texts(rules, &texts);

    for (size_t i = 0; i < n && result >= 0; i++)
        result = office_adopt(w, STR("rules"), texts[i].name, texts[i].text, STR("demo"));
    return result < 0 ? error_add(&w->cx, "adopt the rules in %s", run->rules) : OK;
}

static int furnish(struct demo_run *run, struct work *w)
{
    int result = demo_city_write(w, run->city, show_progress, run);

    if (result >= 0)
        result = setting_set(w, "office.insurer_no", demo_city_insurer(run->city), STR("demo"));
    if (result >= 0)
        result = office_demo_users(w);
    if (result >= 0)
        result = adopt_rules(run, w);
    return result < 0 ? result : store_analyze(&w->cx, w->store);
}

static int levy_years(struct demo_run *run, struct work *w)
{
    int64_t job = 0;
    int result = OK;

    if (run->levy)
        result = levy_initial_all(w, 2025, ymd_of(2025, 6, 10), ymd_of(2025, 6, 16));
    if (run->levy && result >= 0)
        result = levy_initial_all(w, 2026, ymd_of(2026, 6, 10), ymd_of(2026, 6, 15));
    if (run->levy && result >= 0)
        result = demo_payments(w, 2025, w->today);
    if (run->levy && result >= 0) /* shares and divisions of August 2025 to July 2026 */
        result = job_run(w, "judge-yearly", STR("year=2025"), &job);
    return result < 0 ? result : levy_city_figures(w, 2026, NULL, 0, &run->figures);
}

/* The city opens on the day after its notices went out, whatever day it is outside. */
enum { DAYS_AFTER = 6 };

static int build(struct demo_run *run)
{
    const struct city_new city = {.path = run->path,
                                  .name = demo_city_name(run->city),
                                  .code = demo_city_code(run->city),
                                  .store_url = run->store_url,
                                  .demo = true,
                                  .demo_day = ymd_add(demo_city_last_day(run->city), DAYS_AFTER)};
    struct work w;
    int result = city_create(run->cx, &city);

    if (result >= 0)
        result = work_open(&w, run->cx, run->path, STORE_BATCH);
    if (result < 0)
        return result;
    result = furnish(run, &w);
    if (result >= 0)
        result = levy_years(run, &w);
    if (result >= 0)
        result = demo_pending(&w, demo_city_last_day(run->city));
    if (result < 0)
        run->cx->error = w.cx.error;
    work_close(&w);
    return result;
}

/* --- what it is made of ------------------------------------------------------------------------
 */

/* Tenths of a per cent, in whole numbers. */
static void share_of(const char *message, int64_t part, int64_t whole)
{
    const int64_t tenths = whole > 0 ? (part * 1000 + whole / 2) / whole : 0;
    line_of(message, "%" PRId64 " (%" PRId64 ".%" PRId64 "%%)", part, tenths / 10, tenths % 10);
}

static void print_people(const struct demo_makeup *m)
{
    const int64_t per = m->insured_households > 0
                            ? (m->insured * 100 + m->insured_households / 2) / m->insured_households
                            : 0;

    line_of("demo.residents", "%" PRId64 " / %" PRId64, m->residents, m->households);
    share_of("demo.insured", m->insured, m->residents);
    line_of("demo.insured_households", "%" PRId64 " (%" PRId64 ".%02" PRId64 ")",
            m->insured_households, per / 100, per % 100);
    share_of("demo.old", m->insured_65_74, m->insured);
    share_of("demo.foreign", m->insured_foreign, m->insured);
    share_of("demo.deemed", m->deemed_heads, m->insured_households);
    line_of("demo.special", "%" PRId64, m->special_same);
    share_of("demo.nothing", m->without_income, m->insured_households);
    line_of("demo.others", "%" PRId64 " / %" PRId64 " / %" PRId64, m->employees, m->late_stage,
            m->assistance);
    line_of("demo.protected", "%" PRId64, m->protected_people);
    line_of("demo.events", "%" PRId64, m->events);
}

static void print_levy(const struct levy_figures *f)
{
    share_of("demo.tier7", f->tier[7], f->households);
    share_of("demo.tier5", f->tier[5], f->households);
    share_of("demo.tier2", f->tier[2], f->households);
    share_of("demo.cap", f->at_cap[PART_MEDICAL], f->households);
    share_of("demo.undeclared", f->undeclared, f->households);
    line_of("demo.total", "%" PRId64, f->total_yen);
}

static void print_json(const struct demo_run *run)
{
    const struct demo_makeup *m = &run->makeup;
    const struct levy_figures *f = &run->figures;

    printf("{\"residents\":%" PRId64 ",\"households\":%" PRId64 ",\"insured\":%" PRId64
           ",\"insured_households\":%" PRId64 ",\"insured_65_74\":%" PRId64
           ",\"insured_foreign\":%" PRId64 ",\"deemed_heads\":%" PRId64
           ",\"without_income\":%" PRId64 ",\"events\":%" PRId64,
           m->residents, m->households, m->insured, m->insured_households, m->insured_65_74,
           m->insured_foreign, m->deemed_heads, m->without_income, m->events);
    printf(",\"levied_households\":%" PRId64 ",\"tier7\":%" PRId64 ",\"tier5\":%" PRId64
           ",\"tier2\":%" PRId64 ",\"medical_cap\":%" PRId64 ",\"undeclared\":%" PRId64
           ",\"total_yen\":%" PRId64 "}\n",
           f->households, f->tier[7], f->tier[5], f->tier[2], f->at_cap[PART_MEDICAL],
           f->undeclared, f->total_yen);
}

static void print_makeup(struct demo_run *run, int64_t took_us)
{
    if (run->json) {
        print_json(run);
        return;
    }
    printf("%s: %s (%" PRId64 ".%" PRId64 " s)\n", sentence("demo.made"), run->path,
           took_us / 1000000, took_us / 100000 % 10);
    print_people(&run->makeup);
    print_levy(&run->figures);
}

int cmd_demo(struct context *cx, int argc, char **argv)
{
    struct demo_run run = {.cx = cx};
    struct options o;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0 || read_options(&run, &o) < 0) {
        if (o.n_words > 0)
            (void)fail(cx, ERR_INVALID, "demo.option", STR_FMT, STR_ARG(o.words[0]));
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    const int64_t began = cx->env->monotonic_us(cx->env);
    run.is_tty = isatty(2);
    if (demo_city_new(cx, &run.request, &run.city) < 0)
        return report_error(cx);
    const int result = build(&run);
    demo_city_makeup(run.city, ymd_of(2026, 4, 1), &run.makeup);
    demo_city_free(run.city);
    if (result < 0)
        return report_error(cx);
    print_makeup(&run, cx->env->monotonic_us(cx->env) - began);
    return EXIT_OK;
}
