/* explain: stored vectors of evaluated values, decoded; formulas recomputed over them. */
#ifndef LAW_EXPLAIN_H
#define LAW_EXPLAIN_H

#include "law/evaluate.h"

/* The values of one household by scope, row, column. */
struct decoded {
    const struct plan *p;
    int n[SCOPES_MAX];
    int *parent[SCOPES_MAX];    /* row of the scope above */
    int64_t *value[SCOPES_MAX]; /* n * n_columns */
};
/* vector.c */
int law_decode_vector(struct context *cx, const struct plan *p, struct str vector,
                      struct decoded *out);
int64_t law_decoded_at(const struct decoded *d, int scope, int row, int column);

/* Which row of each scope an expression looks at; -1: none. */
struct sight {
    int row[SCOPES_MAX];
    int word; /* the definition's index word */
};
struct sight law_sight_of(const struct decoded *d, int scope, int row, int word);

/* A value that was recomputed: unknown where the plan left it out because it could not matter. */
struct recomputed {
    struct law_value value;
    bool known;
    bool constant; /* hangs on no fact */
};
/* formula.c */
struct recomputed law_recompute(const struct decoded *d, const struct expr *e,
                                const struct sight *s);
struct recomputed law_recall(const struct decoded *d, const struct expr *e, const struct sight *s);
int law_write_formula(const struct decoded *d, const struct expr *e, const struct sight *s,
                      struct text *out);
/* Rows of a scope below or beside what is in sight; *next from 0 on; false behind the last. */
bool law_next_row(const struct decoded *d, const struct sight *s, int scope, int *next,
                  struct sight *inner);
/* Which branch a 場合 takes: position of its value; *condition: of the condition, or -1. */
uint32_t law_taken_branch(const struct decoded *d, const struct expr *e, const struct sight *s,
                          int *condition);
bool law_row_counts(const struct decoded *d, const struct expr *e, const struct sight *inner);

/* The column a fact of the plan is stored in; -1: it cannot matter. */
int plan_fact_column(const struct plan *p, int scope, int field);
const struct node *plan_node(const struct plan *p, int item, int word);

#endif
