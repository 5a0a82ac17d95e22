/* outside: what the commands of the institutions around a city share. Internal to cli. */
#ifndef CLI_OUTSIDE_H
#define CLI_OUTSIDE_H

#include "cli/cli.h"

enum {
    OPT_FILE,
    OPT_DAY,
    OPT_SEED,
    OPT_PACE,
    OPT_FROM,
    OPT_OUT,
    OPT_CODE,
    OPT_SINCE,
    N_OUTSIDE_OPTIONS
};
/* Of an option; today where it is not given. */
int outside_day(struct context *cx, const struct options *o, int option,
                struct ymd *day) WARN_UNUSED;
/* To the file --out, or to standard output. */
int outside_give(struct context *cx, const struct options *o, const struct text *t) WARN_UNUSED;
/* 1: no such verb. */
int outside_pension(struct context *cx, struct str verb, const struct options *o) WARN_UNUSED;
int outside_bank(struct context *cx, struct str verb, const struct options *o) WARN_UNUSED;
int outside_finance(struct context *cx, struct str verb, const struct options *o) WARN_UNUSED;

#endif
