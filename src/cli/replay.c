/* replay: stored decisions computed again from what was known then; the bytes must be the same. */
#include "cli/city_store.h"

#include "desk/levy/levy.h"

#include <stdio.h>

enum { YEAR, ALL, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"year", true}, {"all", false}};

static int print_different(void *arg, const struct decision *d)
{
    const struct options *o = arg;
    const char *kind = d->is_replayed ? "different" : "unfound";

    if (o->json)
        printf("{\"decision\":%lld,\"year\":%d,\"finding\":\"%s\"}\n", (long long)d->decision_no,
               d->fiscal_year, kind);
    else
        printf("%s  %d  %lld\n",
               sentence(d->is_replayed ? "cli.replay.different" : "cli.replay.unfound"),
               d->fiscal_year, (long long)d->decision_no);
    return OK;
}

static void print_count(const struct replay_count *count, const struct options *o)
{
    if (o->json)
        printf("{\"decisions\":%lld,\"different\":%lld}\n", (long long)count->decisions,
               (long long)count->different);
    else
        printf("%s %lld  %s %lld\n", sentence("cli.replay.decisions"), (long long)count->decisions,
               sentence("cli.replay.different"), (long long)count->different);
}

int cmd_replay(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;
    struct replay_count count = {0};
    int64_t year;

    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("replay", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.replay";
    int result = options_number(&w.cx, o.value[YEAR], "year", ymd_fiscal_year(w.today), &year);
    if (result >= 0) /* those in force, or every one that was ever made */
        result = o.value[ALL].p ? levy_replay_stored(&w, (int)year, print_different, &o, &count)
                                : levy_replay_year(&w, (int)year, print_different, &o, &count);
    if (result >= 0)
        print_count(&count, &o);
    const int code = result < 0            ? report_error(&w.cx)
                     : count.different > 0 ? EXIT_FINDINGS
                                           : EXIT_OK;
    work_close(&w);
    return code;
}
