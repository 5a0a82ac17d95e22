/* hokenka outside finance: the city's accounting beside the section, for training and trials. */
#include "cli/outside.h"
#include "outside/finance/finance.h"

#include <stdio.h>

#define FILE_MAXIMUM ((size_t)1 << 30)

static const char *path_of(struct context *cx, const struct options *o)
{
    return o->value[OPT_FILE].p ? str_c(cx->arena, o->value[OPT_FILE]) : "finance.db";
}

typedef int finance_use(struct context *cx, struct finance_office *f, const struct options *o,
                        struct str bytes, struct text *out);

static int use_day(struct context *cx, struct finance_office *f, const struct options *o,
                   struct str bytes, struct text *out)
{
    (void)cx;
    (void)o;
    const int rc = finance_take_day(f, bytes);
    if (rc >= 0)
        (void)text_adds(out, rc > 0 ? "booked\n" : "seen\n");
    return rc < 0 ? rc : OK;
}

static int use_orders(struct context *cx, struct finance_office *f, const struct options *o,
                      struct str bytes, struct text *out)
{
    struct ymd day;
    const int rc = outside_day(cx, o, OPT_DAY, &day);

    return rc < 0 ? rc : finance_take_orders(f, bytes, day, out);
}

static int use(struct context *cx, const struct options *o, finance_use *fn)
{
    struct finance_office *f = NULL;
    struct text bytes;
    struct text out;
    int rc = o->value[OPT_FROM].p ? OK : fail(cx, ERR_INVALID, "finance.file", NULL);

    text_init(&bytes, FILE_MAXIMUM);
    text_init(&out, FILE_MAXIMUM);
    rc = rc < 0 ? rc : file_read(cx, str_c(cx->arena, o->value[OPT_FROM]), FILE_MAXIMUM, &bytes);
    rc = rc < 0 ? rc : finance_open(cx, path_of(cx, o), &f);
    rc = rc < 0 ? rc : fn(cx, f, o, text_str(&bytes), &out);
    rc = rc < 0 ? rc : outside_give(cx, o, &out);
    finance_close(f);
    text_release(&out);
    text_release(&bytes);
    return rc;
}

int outside_finance(struct context *cx, struct str verb, const struct options *o)
{
    return str_is(verb, "init")     ? finance_create(cx, path_of(cx, o))
           : str_is(verb, "day")    ? use(cx, o, use_day)
           : str_is(verb, "orders") ? use(cx, o, use_orders)
                                    : 1;
}
