/* init: an empty city: directory, both stores, vault key, first settings; rules from files. */
#include "cli/cli.h"
#include "office/office.h"

#include <stdio.h>

enum { STORE, AUDIT, NAME, CODE, DEMO, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {
    {"store", true}, {"audit", true}, {"name", true}, {"code", true}, {"demo", false}};

/* A practice city is of no use without somebody to sign in as. */
static int demo_users(struct context *cx, const struct city_new *city)
{
    struct work w;
    if (!city->demo)
        return OK;
    int rc = work_open(&w, cx, city->path, STORE_WRITE);
    if (rc < 0)
        return rc;
    rc = office_demo_users(&w);
    if (rc < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return rc;
}

int cmd_init(struct context *cx, int argc, char **argv)
{
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (!o.value[NAME].p || o.n_words > 0)
        return command_help("init", false);
    struct city_new city = {.path = options_city(cx, &o),
                            .name = o.value[NAME],
                            .code = o.value[CODE],
                            .store_url = o.value[STORE],
                            .audit_url = o.value[AUDIT],
                            .demo = o.value[DEMO].p != NULL};
    if (city.code.p && !municipality_code_is_valid(city.code)) {
        (void)fail(cx, ERR_INVALID, "office.city_code", STR_FMT, STR_ARG(city.code));
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    if (city_create(cx, &city) < 0 || demo_users(cx, &city) < 0)
        return report_error(cx);
    printf("%s\n", city.path);
    return EXIT_OK;
}
