/*
 * plan: the definitions wanted for one fiscal year as instructions over columns.
 *
 * Each definition is made once per index word (a node). Parameters are folded in, branches they
 * decide disappear, equal instructions are one. A register is a column over the rows of a scope;
 * its denominator is known here, so that columns hold only numerators.
 */
#ifndef LAW_PLAN_H
#define LAW_PLAN_H

#include "law/tree.h"

enum opcode {
    I_FACT,  /* a = field: the fact's own column */
    I_GIVEN, /* a = given column, b = computed: the given value where there is one */
    I_FILL,  /* k */
    I_ADD,
    I_SUB,
    I_RSUB,
    I_MUL,
    I_MAX,
    I_MIN, /* a with b, or with k when b < 0 */
    I_LT,
    I_LE,
    I_GT,
    I_GE,
    I_EQ,
    I_NE, /* likewise */
    I_AND,
    I_OR,
    I_ANDNOT, /* likewise; truths and month sets */
    I_NOT,
    I_SELECT,    /* a ? (b or k) : (c or k2) */
    I_ROUND,     /* a to k2 whole units of k parts: floor(a / k) * k2; mode */
    I_ROUND_DIV, /* a / b: k = parts, k2 = unit; mode */
    I_TABLE,     /* k = table */
    I_IF_NONE,
    I_IS_SET,
    I_MONTHS_FROM,
    I_MONTHS_BEFORE,
    I_MONTH_RANGE, /* a, k = from, k2 = to; or b, c registers for from and to */
    I_MONTH_COUNT,
    I_OVERLAP,
    I_PER_MONTHS, /* 27720 / a for a number of months */
    I_AGE_REACHED,
    I_BIRTHDAY,
    I_SHIFT_DAY,
    I_FISCAL_YEAR_OF,
    I_NEXT_OPEN,
    I_GATHER, /* a of a scope above, along edge k */
    I_SUM,
    I_UNION,
    I_LARGEST,
    I_SMALLEST, /* a of the scope below, along edge k */
    I_SPLIT     /* k = split: makes the rows of a derived scope */
};

enum { PER_MONTHS = 27720 }; /* divisible by 1..12 */

struct instruction {
    enum opcode op;
    enum rounding mode;
    int scope; /* of the result */
    int a, b, c;
    int64_t k, k2;
    int node; /* the definition it belongs to, for errors */
    int slot; /* where the result lies: facts have none (-1) */
};

/* A value while the plan is made. */
struct operand {
    bool constant;
    struct law_value value; /* constant */
    int reg;
    int scope;
    int64_t den;
    enum law_type type;
    bool is_month_count; /* between 0 and 12: may divide */
};

/* Rows of `scope` seen from rows of `above`. A product scope has two such edges. */
struct edge {
    int above;
    int scope;
};

struct product {
    int scope; /* its number, behind the declared ones */
    int a, b;  /* rows of b beside each row of a of the same household */
    int edge_a, edge_b;
};

struct split {
    int scope;
    int months; /* register */
    size_t n;
    int *reg; /* month sets; -1: constant */
    int *over;
    int64_t *constant;
};

struct table {
    const struct version *version;
    int64_t *until; /* n - 1 bounds as "argument < until" */
    int64_t *value;
    size_t n;
    int64_t den;
};

/* A definition for one index word. */
struct node {
    int item;
    int word;
    int state; /* 0 unseen, 1 being made, 2 made */
    struct operand operand;
    int given;  /* given column, or -1 */
    int column; /* position in the explanation's columns of its scope; -1: constant */
};

/* What the explanation stores of each row, in canonical order: facts, given, definitions. */
struct column {
    enum { COLUMN_FACT, COLUMN_GIVEN, COLUMN_NODE } kind;
    int id;  /* field, given number, node */
    int reg; /* -1: the given column itself */
    enum law_type type;
};

enum { EDGES_MAX = 64, PRODUCTS_MAX = 16, PLAN_SCOPES_MAX = SCOPES_MAX + PRODUCTS_MAX };

struct plan {
    const struct ruleset *r;
    int fiscal_year;
    struct instruction *code; /* result register i is code[i] */
    size_t n_code;
    bool *live;
    struct node *node;
    size_t n_nodes;
    int *node_of; /* item -> first node + 1 by word; 0: none */
    int *node_base;
    struct table *table;
    size_t n_tables;
    struct split *split;
    size_t n_splits;
    struct edge edge[EDGES_MAX];
    int n_edges;
    struct product product[PRODUCTS_MAX];
    int n_products;
    int n_scopes; /* declared and products */
    int n_slots[PLAN_SCOPES_MAX];
    bool scope_used[PLAN_SCOPES_MAX];
    struct result_info *result;
    int *result_node;
    size_t n_results;
    struct str *given; /* as asked for */
    int *given_item;
    int *given_word;
    size_t n_given;
    struct column *column[SCOPES_MAX];
    size_t n_columns[SCOPES_MAX];
    int64_t *usual[SCOPES_MAX];    /* what a column mostly holds */
    bool scope_stored[SCOPES_MAX]; /* has columns, or rows below that have */
    uint32_t identity;             /* of the canonical order, for explanation_open */
};

/* While a plan is made. */
struct maker {
    struct context *cx;
    struct plan *p;
    int *numbered; /* equal instructions: hash slots of register + 1 */
    size_t n_numbered;
    int node;   /* being made */
    int word;   /* its index word */
    int leaf;   /* its scope */
    int beside; /* the other scope of the product an aggregate has opened, or -1 */
    int depth;
    bool may_be_none; /* the first argument of なければ or 定めあり is being made */
    bool split_made[SCOPES_MAX];
};

/* make_expression.c */
int make_expression(struct maker *m, const struct expr *e, struct operand *out);
/* Brings two values to one denominator. */
int make_alike(struct maker *m, const struct expr *e, struct operand *a, struct operand *b);
/* make_operator.c */
int make_call(struct maker *m, const struct expr *e, struct operand *out);
/* make_rows.c: columns, gathers, aggregates, splits */
int plan_emit(struct maker *m, struct instruction i, int *reg);
int make_gather(struct maker *m, struct operand *o, int scope);
int make_column(struct maker *m, struct operand *o, int scope); /* a constant becomes a column */
int make_scope_of(struct maker *m, const struct operand *a, const struct operand *b, int *scope);
int make_aggregate(struct maker *m, const struct expr *e, struct operand *out);
int make_split(struct maker *m, int scope);
bool plan_scope_above(const struct plan *p, int a, int b);
/* plan.c */
int make_node(struct maker *m, int item, int word, struct operand *out);
int plan_fail(struct maker *m, struct place at, const char *message, const char *facts, ...)
    PRINTF_LIKE(4, 5);
/* schedule.c: what is needed, where it lies, the explanation's columns */
int plan_schedule(struct context *cx, struct plan *p);

/* vector.c */
int plan_usual_values(struct context *cx, struct plan *p);

#endif
