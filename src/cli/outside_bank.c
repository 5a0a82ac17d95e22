/* hokenka outside bank: the banks, stores and payment networks beside a city, for training and
 * trials. */
#include "cli/outside.h"
#include "outside/bank/bank.h"

#include <stdio.h>

#define FILE_MAXIMUM ((size_t)1 << 30)

static const char *path_of(struct context *cx, const struct options *o)
{
    return o->value[OPT_FILE].p ? str_c(cx->arena, o->value[OPT_FILE]) : "bank.db";
}

static int read_from(struct context *cx, const struct options *o, struct text *out)
{
    return o->value[OPT_FROM].p
               ? file_read(cx, str_c(cx->arena, o->value[OPT_FROM]), FILE_MAXIMUM, out)
               : fail(cx, ERR_INVALID, "bank.residents", NULL);
}

static int init(struct context *cx, const struct options *o)
{
    struct bank_new n = {.path = path_of(cx, o)};
    struct text residents;
    int64_t seed = 1;
    int rc = outside_day(cx, o, OPT_DAY, &n.day);

    text_init(&residents, FILE_MAXIMUM);
    rc = rc < 0 ? rc : options_number(cx, o->value[OPT_SEED], "seed", 1, &seed);
    rc = rc < 0 ? rc : read_from(cx, o, &residents);
    n.residents = text_str(&residents);
    n.seed = (uint64_t)seed;
    rc = rc < 0 ? rc : bank_create(cx, &n);
    text_release(&residents);
    return rc;
}

typedef int bank_use(struct context *cx, struct bank_office *b, const struct options *o,
                     struct text *out);
typedef int bank_serve(struct bank_office *b, struct str request, struct text *answer,
                       struct bank_counts *n);

static int serve(struct context *cx, struct bank_office *b, const struct options *o,
                 struct text *out, bank_serve *fn)
{
    struct text request;
    struct bank_counts n = {.good = 0};

    text_init(&request, FILE_MAXIMUM);
    int rc = read_from(cx, o, &request);
    rc = rc < 0 ? rc : fn(b, text_str(&request), out, &n);
    text_release(&request);
    if (rc >= 0)
        fprintf(stderr, "%lld / %lld\n", (long long)n.good, (long long)(n.good + n.bad));
    return rc;
}

static int use_check(struct context *cx, struct bank_office *b, const struct options *o,
                     struct text *out)
{
    return serve(cx, b, o, out, bank_check);
}

static int use_debit(struct context *cx, struct bank_office *b, const struct options *o,
                     struct text *out)
{
    return serve(cx, b, o, out, bank_debit);
}

static int use_transfer(struct context *cx, struct bank_office *b, const struct options *o,
                        struct text *out)
{
    return serve(cx, b, o, out, bank_transfer);
}

static int use_accounts(struct context *cx, struct bank_office *b, const struct options *o,
                        struct text *out)
{
    (void)cx;
    (void)o;
    return bank_accounts(b, out, NULL);
}

static int use_live(struct context *cx, struct bank_office *b, const struct options *o,
                    struct text *out)
{
    (void)cx;
    (void)o;
    (void)out;
    return bank_live(b);
}

static int use_pay(struct context *cx, struct bank_office *b, const struct options *o,
                   struct text *out)
{
    struct text slips;
    struct ymd day;
    int64_t n = 0;
    int rc = outside_day(cx, o, OPT_DAY, &day);

    (void)out;
    text_init(&slips, FILE_MAXIMUM);
    rc = rc < 0 ? rc : read_from(cx, o, &slips);
    rc = rc < 0 ? rc : bank_pay(b, text_str(&slips), day, &n);
    text_release(&slips);
    if (rc >= 0)
        fprintf(stderr, "%lld\n", (long long)n);
    return rc;
}

/* --code early, cancelled, final, ocr, mpn, el; "early-fixed" and the like: in fixed records. */
static int use_tell(struct context *cx, struct bank_office *b, const struct options *o,
                    struct text *out)
{
    static const char *const names[] = {"early", "cancelled", "final", "ocr", "mpn", "el"};
    struct str code = o->value[OPT_CODE].p ? o->value[OPT_CODE] : STR("");
    const struct str name = str_cut(&code, '-');
    struct ymd day;
    int64_t n = 0;
    const int rc = outside_day(cx, o, OPT_DAY, &day);

    for (int i = 0; rc >= 0 && i < 6; i++) {
        if (str_is(name, names[i]))
            return bank_tell(b, (enum bank_notice)i, day, str_is(code, "fixed"), out, &n);
    }
    return rc < 0 ? rc : fail(cx, ERR_INVALID, "bank.slip", STR_FMT, STR_ARG(name));
}

static int use_inquire(struct context *cx, struct bank_office *b, const struct options *o,
                       struct text *out)
{
    struct text asked;
    struct ymd day;
    int rc = outside_day(cx, o, OPT_DAY, &day);

    text_init(&asked, FILE_MAXIMUM);
    rc = rc < 0 ? rc : read_from(cx, o, &asked);
    rc = rc < 0 ? rc : bank_inquire(b, text_str(&asked), day, out, NULL);
    text_release(&asked);
    return rc;
}

static int use(struct context *cx, const struct options *o, bank_use *fn)
{
    struct bank_office *b = NULL;
    struct text out;
    int rc = bank_open(cx, path_of(cx, o), &b);

    text_init(&out, FILE_MAXIMUM);
    rc = rc < 0 ? rc : fn(cx, b, o, &out);
    rc = rc < 0 ? rc : outside_give(cx, o, &out);
    text_release(&out);
    bank_close(b);
    return rc;
}

int outside_bank(struct context *cx, struct str verb, const struct options *o)
{
    static const struct {
        const char *verb;
        bank_use *fn;
    } verbs[] = {{"accounts", use_accounts}, {"check", use_check},       {"debit", use_debit},
                 {"transfer", use_transfer}, {"live", use_live},         {"pay", use_pay},
                 {"tell", use_tell},         {"inquire", use_inquire}};

    if (str_is(verb, "init"))
        return init(cx, o);
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        if (str_is(verb, verbs[i].verb))
            return use(cx, o, verbs[i].fn);
    }
    return 1;
}
