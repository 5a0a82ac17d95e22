/* verify: the chain, the ledger and the audit record prove themselves. */
#include "cli/city_store.h"
#include "office/office.h"

#include <stdio.h>

enum { ANCHOR, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"anchor", true}};

static int verify_store(struct context *cx, const char *city, struct str anchor,
                        struct finding_print *print)
{
    struct store *st = NULL;
    int rc = city_store_open(cx, city, "store", STORE_READ, &st);
    if (rc < 0)
        return rc;
    rc = store_verify(cx, st, finding_print, print);
    if (rc >= 0 && anchor.p)
        rc = store_anchor_check(cx, st, str_c(cx->arena, anchor), finding_print, print);
    store_close(st);
    return rc;
}

static int verify_audit(struct context *cx, const char *city, struct finding_print *print)
{
    struct str url;
    struct audit *audit = NULL;
    int rc = city_url(cx, city, "audit", &url);
    if (rc >= 0)
        rc = audit_open(cx, str_c(cx->arena, url), &audit);
    if (rc < 0)
        return rc;
    rc = audit_verify(cx, audit, finding_print, print);
    audit_close(audit);
    return rc;
}

static void print_end(const struct options *o, int n)
{
    if (o->json)
        printf("{\"findings\":%d}\n", n);
    else if (n == 0)
        printf("%s\n", sentence("cli.verify.clean"));
    else
        printf("%s: %d\n", sentence("cli.verify.findings"), n);
}

int cmd_verify(struct context *cx, int argc, char **argv)
{
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("verify", false);
    const char *city = options_city(cx, &o);
    struct finding_print store = {.database = "city", .json = o.json};
    struct finding_print audit = {.database = "audit", .json = o.json};
    int rc = verify_store(cx, city, o.value[ANCHOR], &store);
    if (rc >= 0)
        rc = verify_audit(cx, city, &audit);
    if (rc < 0)
        return report_error(cx);
    print_end(&o, store.n + audit.n);
    return store.n + audit.n > 0 ? EXIT_FINDINGS : EXIT_OK;
}
