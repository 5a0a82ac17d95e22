/* hokenka outside: the institutions around a city, for training and trials: the resident register,
 * the pension payer, the banks, the finance system. */
#include "cli/outside.h"
#include "cli/commands.h"
#include "outside/register/register.h"

#include <stdio.h>

static const struct option_spec specs[N_OUTSIDE_OPTIONS] = {{"file", true}, {"day", true},
                                                            {"seed", true}, {"pace", true},
                                                            {"from", true}, {"out", true},
                                                            {"code", true}, {"since", true}};
#define FILE_MAXIMUM ((size_t)1 << 30)

static const char *path_of(struct context *cx, const struct options *o)
{
    return o->value[OPT_FILE].p ? str_c(cx->arena, o->value[OPT_FILE]) : "register.db";
}

int outside_day(struct context *cx, const struct options *o, int option, struct ymd *day)
{
    *day = env_today(cx->env);
    if (!o->value[option].p || ymd_parse(o->value[option], day))
        return OK;
    (void)fail(cx, ERR_INVALID, "demo.option", STR_FMT, STR_ARG(o->value[option]));
    return fail_where(cx, "", 0, 0, specs[option].name);
}

int outside_give(struct context *cx, const struct options *o, const struct text *t)
{
    if (t->failed)
        return fail(cx, ERR_MEMORY, "register.memory", NULL);
    if (o->value[OPT_OUT].p)
        return file_write(cx, str_c(cx->arena, o->value[OPT_OUT]), text_str(t));
    (void)fwrite(t->p, 1, t->n, stdout);
    return OK;
}

static int init(struct context *cx, const struct options *o)
{
    struct register_new n = {.path = path_of(cx, o)};
    struct text residents;
    int64_t seed = 1, pace = 1;
    int result = outside_day(cx, o, OPT_DAY, &n.day);

    text_init(&residents, FILE_MAXIMUM);
    if (result >= 0)
        result = options_number(cx, o->value[OPT_SEED], "seed", 1, &seed);
    if (result >= 0)
        result = options_number(cx, o->value[OPT_PACE], "pace", 1, &pace);
    if (result >= 0)
        result = o->value[OPT_FROM].p
                     ? file_read(cx, str_c(cx->arena, o->value[OPT_FROM]), FILE_MAXIMUM, &residents)
                     : fail(cx, ERR_INVALID, "register.residents", NULL);
    n.residents = text_str(&residents);
    n.seed = (uint64_t)seed;
    n.pace = (int)pace;
    if (result >= 0)
        result = register_create(cx, &n);
    text_release(&residents);
    return result;
}

typedef int register_use(struct context *cx, struct register_office *r, const struct options *o,
                         struct text *out);

static int use_day(struct context *cx, struct register_office *r, const struct options *o,
                   struct text *out)
{
    struct ymd day;
    int result = outside_day(cx, o, OPT_DAY, &day);

    if (result >= 0)
        result = register_live(r, day);
    return result < 0 ? result : register_changes(r, day, out, NULL);
}

static int use_everybody(struct context *cx, struct register_office *r, const struct options *o,
                         struct text *out)
{
    (void)cx;
    (void)o;
    return register_everybody(r, out, NULL);
}

static int use_ask(struct context *cx, struct register_office *r, const struct options *o,
                   struct text *out)
{
    const struct str no = o->n_words > 2 ? o->words[2] : STR("");
    const int found = register_ask(r, no, out);

    return found != 0 ? found : fail(cx, ERR_NOT_FOUND, "register.nobody", STR_FMT, STR_ARG(no));
}

static int use(struct context *cx, const struct options *o, register_use *fn)
{
    struct register_office *r = NULL;
    struct text out;
    int result = register_open(cx, path_of(cx, o), &r);

    text_init(&out, FILE_MAXIMUM);
    if (result >= 0)
        result = fn(cx, r, o, &out);
    if (result >= 0)
        result = outside_give(cx, o, &out);
    text_release(&out);
    register_close(r);
    return result;
}

int cmd_outside(struct context *cx, int argc, char **argv)
{
    struct options o;

    if (options_read(cx, argc, argv, specs, N_OUTSIDE_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    const struct {
        const char *name;
        int (*run)(struct context *cx, struct str verb, const struct options *o);
    } others[] = {
        {"pension", outside_pension}, {"bank", outside_bank}, {"finance", outside_finance}};
    for (size_t i = 0; o.n_words >= 2 && i < sizeof others / sizeof *others; i++) {
        if (!str_is(o.words[0], others[i].name))
            continue;
        const int done = others[i].run(cx, o.words[1], &o);
        return done == 1 ? command_help("outside", false) : done < 0 ? report_error(cx) : EXIT_OK;
    }
    const struct str verb = o.n_words >= 2 && str_is(o.words[0], "register") ? o.words[1] : STR("");
    const int result = str_is(verb, "init")        ? init(cx, &o)
                       : str_is(verb, "day")       ? use(cx, &o, use_day)
                       : str_is(verb, "residents") ? use(cx, &o, use_everybody)
                       : str_is(verb, "person")    ? use(cx, &o, use_ask)
                                                   : 1;
    if (result == 1 && !str_is(verb, "person"))
        return command_help("outside", false);
    return result < 0 ? report_error(cx) : EXIT_OK;
}
