/*
 * simulate city: the whole city under other rates, nothing stored. Each --set is one rate set
 * (settings separated by blanks); each is compared with the rules in force. Up to 20 in one go.
 */
#include "cli/city_store.h"

#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { SETS_MAX = 21 };

struct city_trial {
    struct str name[SETS_MAX]; /* [0]: the rules in force */
    const struct ruleset *set[SETS_MAX];
    struct levy_figures figures[SETS_MAX];
    size_t n;
    int64_t year;
    bool json;
    const char *city;
};

/* options_read keeps one value per name; here --set may stand many times. */
static int take_sets(struct context *cx, int *argc, char **argv, struct city_trial *t)
{
    int kept = 1;

    t->name[t->n++] = STR("");
    for (int i = 1; i < *argc; i++) {
        const bool joined = strncmp(argv[i], "--set=", 6) == 0;
        if (!joined && strcmp(argv[i], "--set") != 0) {
            argv[kept++] = argv[i];
            continue;
        }
        if (t->n == SETS_MAX)
            return fail(cx, ERR_LIMIT, "cli.words.too_many", "%s", argv[i]);
        if (!joined && i + 1 >= *argc)
            return fail(cx, ERR_INVALID, "cli.option.value_missing", "%s", argv[i]);
        t->name[t->n++] = str_of(joined ? argv[i] + 6 : argv[++i]);
    }
    *argc = kept;
    return OK;
}

static void print_json(const struct city_trial *t, size_t i)
{
    static const char *const part[LEVY_PARTS] = {"medical", "support", "care", "child"};
    const struct levy_figures *f = &t->figures[i];

    printf("{\"set\":");
    print_json_text(t->name[i]);
    printf(",\"households\":%" PRId64 ",\"insured\":%" PRId64 ",\"total\":%" PRId64, f->households,
           f->insured, f->total_yen);
    for (size_t k = 0; k < LEVY_PARTS; k++)
        printf(",\"%s\":%" PRId64 ",\"%s_at_cap\":%" PRId64, part[k], f->part_yen[k], part[k],
               f->at_cap[k]);
    printf(",\"winners\":%" PRId64 ",\"losers\":%" PRId64 ",\"gain\":%" PRId64 ",\"loss\":%" PRId64
           "}\n",
           f->winners, f->losers, f->gain_yen, f->loss_yen);
}

static void print_words(const struct city_trial *t, size_t i)
{
    const struct levy_figures *f = &t->figures[i];

    if (i == 0)
        printf("%s\n", sentence("cli.city.now"));
    else
        printf("%s " STR_FMT "\n", sentence("cli.city.set"), STR_ARG(t->name[i]));
    printf("  %s %" PRId64 "  %s %" PRId64 "  %s %" PRId64 "\n", sentence("cli.city.total"),
           f->total_yen, sentence("cli.city.households"), f->households, sentence("cli.city.cap"),
           f->at_cap[PART_MEDICAL]);
    if (i > 0)
        printf("  %s %" PRId64 "  %s %" PRId64 "  %s %" PRId64 "\n", sentence("cli.city.winners"),
               f->winners, sentence("cli.city.losers"), f->losers, sentence("cli.city.difference"),
               f->total_yen - t->figures[0].total_yen);
}

static int run_trial(struct work *w, struct city_trial *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const int result = levy_rules_named(w, t->name[i], &t->set[i]);
        if (result < 0)
            return error_add(&w->cx, "--set " STR_FMT, STR_ARG(t->name[i]));
    }
    const int result = levy_city_compare(w, (int)t->year, t->set, t->n, t->figures);
    if (result < 0)
        return result;
    for (size_t i = 0; i < t->n; i++)
        t->json ? print_json(t, i) : print_words(t, i);
    return OK;
}

/* The year and the city, once --set is taken out. */
static int read_rest(struct context *cx, int argc, char **argv, struct city_trial *t)
{
    static const struct option_spec specs[] = {{"year", true}};
    struct options o;

    if (options_read(cx, argc, argv, specs, 1, &o) < 0)
        return ERR_INVALID;
    t->json = o.json;
    t->city = options_city(cx, &o);
    if (o.n_words > 0)
        (void)fail(cx, ERR_INVALID, "cli.words.too_many", STR_FMT, STR_ARG(o.words[0]));
    else if (options_number(cx, o.value[0], "year", 0, &t->year) >= 0)
        return OK;
    (void)report_error(cx);
    return ERR_INVALID;
}

int cmd_simulate_city(struct context *cx, int argc, char **argv)
{
    struct city_trial t = {.n = 0};
    struct work w;

    if (take_sets(cx, &argc, argv, &t) < 0) {
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    if (read_rest(cx, argc, argv, &t) < 0)
        return EXIT_USAGE;
    if (work_open(&w, cx, t.city, STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.simulate_city";
    if (t.year == 0)
        t.year = ymd_fiscal_year(w.today);
    const int code = run_trial(&w, &t) < 0 ? report_error(&w.cx) : EXIT_OK;
    work_close(&w);
    return code;
}
