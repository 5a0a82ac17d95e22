/* trial: one made-up household put through a few definitions: worked cases and probes. */
#ifndef LAW_TRIAL_H
#define LAW_TRIAL_H

#include "law/evaluate.h"

enum { TRIAL_NAMES = 64 };

struct trial {
    struct context cx; /* own arena, so that thousands of trials do not pile up */
    struct arena arena;
    const struct ruleset *r;
    int year;
    struct str wanted[TRIAL_NAMES];
    size_t n_wanted;
    struct str given[TRIAL_NAMES];
    size_t n_given;
    struct plan *plan;
    struct facts *facts;
    struct evaluation *evaluation;
};

int trial_init(struct trial *t, struct context *cx, const struct ruleset *r, int year);
/* Everything goes; an error is handed on to cx. */
int trial_release(struct trial *t, struct context *cx, int status);
/* A name once; ERR_LIMIT when there are too many. */
int trial_want(struct trial *t, int item, int word);
int trial_give(struct trial *t, int item, int word);
/* Plan and facts for the names so far, no rows yet. */
int trial_open(struct trial *t);
/* A fact, or a given definition, of a row; the value in whole units. */
int trial_set(struct trial *t, int item, int word, int row, struct law_value v);
int trial_run(struct trial *t);
/* A wanted definition's value at a row. */
int trial_value(struct trial *t, int item, int word, int row, struct law_value *out);

/* The texts of the same or a lower standing: national rules are tried without what cities set. */
int ruleset_upto(struct context *cx, const struct ruleset *r, int layer, struct ruleset **out);

/* case.c: every worked case; probe.c: the probes of every threshold */
struct findings {
    struct context *cx;
    const struct ruleset *r;
    struct rule_finding *row;
    size_t n;
};
int law_add_finding(struct findings *f, struct place at, const char *message, const char *facts,
                    ...) PRINTF_LIKE(4, 5);
int law_run_cases(struct findings *f, struct rule_report *report);
int law_run_probes(struct context *cx, const struct ruleset *r, struct text *out, size_t *n);

#endif
