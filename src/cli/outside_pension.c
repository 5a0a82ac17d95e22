/* hokenka outside pension: the pension payer beside a city, for training and trials. */
#include "cli/outside.h"
#include "outside/pension/pension.h"

#include <stdio.h>

#define FILE_MAXIMUM ((size_t)1 << 30)

static const char *path_of(struct context *cx, const struct options *o)
{
    return o->value[OPT_FILE].p ? str_c(cx->arena, o->value[OPT_FILE]) : "pension.db";
}

static int read_from(struct context *cx, const struct options *o, struct text *out)
{
    return o->value[OPT_FROM].p
               ? file_read(cx, str_c(cx->arena, o->value[OPT_FROM]), FILE_MAXIMUM, out)
               : fail(cx, ERR_INVALID, "payer.residents", NULL);
}

static int init(struct context *cx, const struct options *o)
{
    const struct str code = o->value[OPT_CODE].p ? o->value[OPT_CODE] : STR("");
    struct payer_new n = {.path = path_of(cx, o),
                          .city = {code.p, code.n > 5 ? 5 : code.n},
                          .scheme = STR("1")};
    struct text residents;
    int64_t seed = 1;
    int rc = outside_day(cx, o, OPT_DAY, &n.day);

    text_init(&residents, FILE_MAXIMUM);
    if (rc >= 0 && n.city.n != 5)
        rc = fail(cx, ERR_INVALID, "payer.city", STR_FMT, STR_ARG(code));
    rc = rc < 0 ? rc : options_number(cx, o->value[OPT_SEED], "seed", 1, &seed);
    rc = rc < 0 ? rc : read_from(cx, o, &residents);
    n.residents = text_str(&residents);
    n.seed = (uint64_t)seed;
    rc = rc < 0 ? rc : payer_create(cx, &n);
    text_release(&residents);
    return rc;
}

typedef int payer_use(struct context *cx, struct payer_office *p, const struct options *o,
                      struct text *out);

static int use_candidates(struct context *cx, struct payer_office *p, const struct options *o,
                          struct text *out)
{
    struct ymd day, since = YMD_NONE;
    int rc = outside_day(cx, o, OPT_DAY, &day);

    if (rc >= 0 && o->value[OPT_SINCE].p)
        rc = outside_day(cx, o, OPT_SINCE, &since);
    return rc < 0 ? rc : payer_candidates(p, day, since, out, NULL);
}

static int use_take(struct context *cx, struct payer_office *p, const struct options *o,
                    struct text *out)
{
    struct text requests;
    struct ymd day;
    int64_t accepted = 0, rejected = 0;
    int rc = outside_day(cx, o, OPT_DAY, &day);

    text_init(&requests, FILE_MAXIMUM);
    rc = rc < 0 ? rc : read_from(cx, o, &requests);
    rc = rc < 0 ? rc : payer_take(p, text_str(&requests), day, out, &accepted, &rejected);
    text_release(&requests);
    if (rc >= 0)
        fprintf(stderr, "%lld / %lld\n", (long long)accepted, (long long)(accepted + rejected));
    return rc;
}

static int use_pay(struct context *cx, struct payer_office *p, const struct options *o,
                   struct text *out)
{
    struct ymd day;
    struct yen taken;
    const int rc = outside_day(cx, o, OPT_DAY, &day);

    return rc < 0 ? rc : payer_pay(p, day, out, &taken);
}

static int use(struct context *cx, const struct options *o, payer_use *fn)
{
    struct payer_office *p = NULL;
    struct text out;
    int rc = payer_open(cx, path_of(cx, o), &p);

    text_init(&out, FILE_MAXIMUM);
    rc = rc < 0 ? rc : fn(cx, p, o, &out);
    rc = rc < 0 ? rc : outside_give(cx, o, &out);
    text_release(&out);
    payer_close(p);
    return rc;
}

int outside_pension(struct context *cx, struct str verb, const struct options *o)
{
    return str_is(verb, "init")         ? init(cx, o)
           : str_is(verb, "candidates") ? use(cx, o, use_candidates)
           : str_is(verb, "take")       ? use(cx, o, use_take)
           : str_is(verb, "pay")        ? use(cx, o, use_pay)
                                        : 1;
}
