/*
 * simulate solve: rates that reach a total. The whole city is computed again and again under other
 * rates, nothing is stored; what is found is printed with the totals it reaches.
 */
#include "cli/city_store.h"

#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdio.h>

enum { YEAR, TARGET, MEDICAL, SUPPORT, CARE, CHILD, MOVE, SHARES, RATE_UNIT, YEN_UNIT, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"year", true},      {"target", true},
                                                    {"medical", true},   {"support", true},
                                                    {"care", true},      {"child", true},
                                                    {"move", true},      {"shares", true},
                                                    {"rate-unit", true}, {"yen-unit", true}};

static struct solve_words words_of(const struct options *o)
{
    return (struct solve_words){.target = o->value[TARGET],
                                .part = {[PART_MEDICAL] = o->value[MEDICAL],
                                         [PART_SUPPORT] = o->value[SUPPORT],
                                         [PART_CARE] = o->value[CARE],
                                         [PART_CHILD] = o->value[CHILD]},
                                .moves = o->value[MOVE].p ? o->value[MOVE]
                                                          : STR("income,person,household"),
                                .shares = o->value[SHARES],
                                .rate_unit = o->value[RATE_UNIT],
                                .yen_unit = o->value[YEN_UNIT]};
}

static const char *const step_word[SOLVE_STEPS] = {"now", "below", "above", "nearest"};

static void print_json(const struct solve_request *rq, const struct solve_step *s, int i)
{
    printf("{\"rates\":\"%s\",\"set\":", step_word[i]);
    print_json_text(s->settings);
    printf(",\"households\":%" PRId64 ",\"total\":%" PRId64 ",\"medical\":%" PRId64
           ",\"support\":%" PRId64 ",\"care\":%" PRId64 ",\"child\":%" PRId64 ",\"miss\":%" PRId64
           "}\n",
           s->figures.households, s->figures.total_yen, s->figures.part_yen[PART_MEDICAL],
           s->figures.part_yen[PART_SUPPORT], s->figures.part_yen[PART_CARE],
           s->figures.part_yen[PART_CHILD], levy_solve_miss(rq, s, -1));
}

static void print_words(const struct solve_request *rq, const struct solve_step *s, int i)
{
    static const char *const label[SOLVE_STEPS] = {"levy.solve.step.0", "levy.solve.step.1",
                                                   "levy.solve.step.2", "levy.solve.step.3"};
    printf("%s\n  " STR_FMT "\n  %s %" PRId64, sentence(label[i]), STR_ARG(s->settings),
           sentence("cli.city.total"), s->figures.total_yen);
    if (i != SOLVE_NOW)
        printf("  %s %" PRId64, sentence("cli.solve.miss"), levy_solve_miss(rq, s, -1));
    printf("\n");
}

static int run_solve(struct work *w, const struct options *o)
{
    const struct solve_words words = words_of(o);
    struct solve_request rq;
    struct solved solved;
    int64_t year = 0;

    int result = options_number(&w->cx, o->value[YEAR], "year", ymd_fiscal_year(w->today), &year);
    if (result >= 0)
        result = levy_solve_read(w, (int)year, &words, &rq);
    if (result >= 0)
        result = levy_solve(w, &rq, &solved);
    for (int i = 0; i < SOLVE_STEPS && result >= 0; i++)
        (o->json ? print_json : print_words)(&rq, &solved.step[i], i);
    return result;
}

int cmd_simulate_solve(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("simulate", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.simulate_city";
    const int code = run_solve(&w, &o) < 0 ? report_error(&w.cx) : EXIT_OK;
    work_close(&w);
    return code;
}
