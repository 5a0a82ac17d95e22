/* facts: the columns behind struct facts, for the evaluator. */
#ifndef LAW_FACTS_H
#define LAW_FACTS_H

#include "law/tree.h"

struct field {
    int scope;
    enum law_type type;
    int words;        /* of a choice */
    int64_t fallback; /* VALUE_NONE: required, or none by default */
    bool required;
    bool given;
    struct str name;
    int64_t *column; /* NULL: every row at its default */
    bool *is_set;    /* only of required fields */
    int cap;
};

struct fact_rows {
    int parent_scope;
    int n;
    int cap;
    int *parent; /* row of the parent scope */
    int *first;  /* by parent row: its first child; first[parent rows] = n */
    int first_cap;
};

struct facts {
    const struct ruleset *r;
    struct arena *arena;
    struct field *field;
    int n_fields;
    int n_fact_fields;
    struct fact_rows rows[SCOPES_MAX];
    int n_scopes;
};

/* First child row of a parent row; of the row behind the last one: the number of rows. */
int facts_first(const struct facts *f, int scope, int parent);
int facts_complete(struct context *cx, struct facts *f);

#endif
