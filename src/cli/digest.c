/* digest: the state of a city in one line; equal on both engines and on equal runs. */
#include "cli/city_store.h"

#include <stdio.h>

enum { TABLES, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"tables", false}};

static int print_table(void *arg, struct str table, const struct digest *d, int64_t rows)
{
    const struct options *o = arg;
    char hex[65];
    digest_hex(d, hex);
    if (o->json)
        printf("{\"table\":\"" STR_FMT "\",\"rows\":%lld,\"digest\":\"%s\"}\n", STR_ARG(table),
               (long long)rows, hex);
    else
        printf("%s  %10lld  " STR_FMT "\n", hex, (long long)rows, STR_ARG(table));
    return OK;
}

static int print_state(struct context *cx, struct store *st, const struct options *o)
{
    struct digest d;
    char hex[65];
    int rc = store_state_digest(cx, st, &d);
    if (rc < 0)
        return rc;
    digest_hex(&d, hex);
    printf(o->json ? "{\"digest\":\"%s\"}\n" : "%s\n", hex);
    return OK;
}

int cmd_digest(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct store *st = NULL;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("digest", false);
    int rc = city_store_open(cx, options_city(cx, &o), "store", STORE_READ, &st);
    if (rc >= 0 && o.value[TABLES].p)
        rc = store_table_digests(cx, st, print_table, &o);
    if (rc >= 0)
        rc = print_state(cx, st, &o);
    store_close(st);
    return rc < 0 ? report_error(cx) : EXIT_OK;
}
