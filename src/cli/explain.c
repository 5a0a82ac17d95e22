/* explain: why a household owes what it owes, opened to the last yen. */
#include "cli/city_store.h"

#include "desk/levy/levy.h"

#include <stdio.h>

enum { YEAR, KNOWN, DEPTH, N_OPTIONS, TREE_MAXIMUM = 4 << 20 };
static const struct option_spec specs[N_OPTIONS] = {{"year", true},
                                                    {"as-of-known", true},
                                                    {"depth", true}};

static int print_decision(struct work *w, const struct decision *d, const struct options *o,
                          int depth)
{
    struct explanation x;
    struct text t;

    int result = levy_explanation(w, d, &x);
    if (result < 0)
        return result;
    if (x.n_results == 0)
        return fail(&w->cx, ERR_CORRUPT, "cli.explain.empty", "%lld", (long long)d->decision_no);
    text_init(&t, TREE_MAXIMUM);
    if (o->json)
        result = explanation_json(&x, x.results[0], depth, &t);
    else
        result = explanation_text(&x, x.results[0], depth, &t);
    if (result >= 0 && !t.failed)
        printf(STR_FMT "\n", STR_ARG(text_str(&t)));
    text_release(&t);
    return result;
}

static int explain(struct work *w, const struct options *o)
{
    int64_t year, known, depth, household;
    struct decisions list;

    int result = options_number(&w->cx, o->value[YEAR], "year", 0, &year);
    if (result >= 0)
        result = options_number(&w->cx, o->value[KNOWN], "as-of-known", KNOWN_NOW, &known);
    if (result >= 0)
        result = options_number(&w->cx, o->value[DEPTH], "depth", 0, &depth);
    if (result < 0)
        return result;
    w->asof.known = known;
    result = party_household_by_no(w, o->words[0], &household);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "cli.explain.household", STR_FMT, STR_ARG(o->words[0]));
    if (result > 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .household_id = household,
                                                     .count = 1});
    if (result >= 0)
        result = levy_decisions_of_household(w, household, (int)year, false, &list);
    if (result < 0)
        return result;
    if (list.n == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "cli.explain.none", STR_FMT, STR_ARG(o->words[0]));
    for (size_t i = 0; i < list.n && (i == 0 || year != 0) && result >= 0; i++)
        result = print_decision(w, &list.rows[i], o, (int)depth);
    return result < 0 ? result : audit_outcome(w, OK, 1);
}

int cmd_explain(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words != 1)
        return command_help("explain", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.explain";
    const int result = explain(&w, &o);
    const int code = result < 0 ? report_error(&w.cx) : EXIT_OK;
    work_close(&w);
    return code;
}
