/*
 * premium_dated: members of a case of `simulate premium` that are said by their days (born, insured
 * from and to, moved to late-stage care, left work ...) and not by an age and a number of months.
 * The keys are tables: what is read is what is put into the facts of the rules.
 */
#ifndef LAW_PREMIUM_DATED_H
#define LAW_PREMIUM_DATED_H

#include "law/law.h"

#include <jansson.h>

enum { DATED_SCOPES = 5, DATED_FIELDS = 18, DATED_ROWS = 24 };

struct dated_row {
    int scope; /* position in the tables; 0: the member himself */
    bool has[DATED_FIELDS];
    int64_t value[DATED_FIELDS]; /* days, yen, 0/1, numbers */
};
struct premium_dates {
    bool is_used; /* the member has "born" */
    struct dated_row own;
    struct dated_row row[DATED_ROWS]; /* by scope */
    size_t n;
};
/* A reason to refuse: code and message id; field is the key, "periods[0].from" for a row's. */
struct dated_problem {
    const char *code, *message, *facts;
    char field[64];
};
bool premium_dates_read(const json_t *member, struct premium_dates *out, struct dated_problem *why);
/* Keys that only stand in a member with "born". */
bool premium_dates_know(const char *key);

/* Where the rules keep them. */
struct dated_words {
    int scope[DATED_SCOPES];
    int field[DATED_SCOPES][DATED_FIELDS];
};
int premium_dates_find(struct context *cx, const struct facts *f,
                       struct dated_words *out) WARN_UNUSED;
int premium_dates_put(struct context *cx, struct facts *f, const struct dated_words *words,
                      const struct premium_dates *dates, int member) WARN_UNUSED;
/* "2026-04-01" */
bool premium_day(const json_t *v, int64_t *out);

#endif
