/* evaluate: the state of one evaluation, shared by the loops and the explanation. */
#ifndef LAW_EVALUATE_H
#define LAW_EVALUATE_H

#include "law/facts.h"
#include "law/plan.h"

struct rows_seen {
    int *map;   /* row of the scope below -> row of the scope above, within the block */
    int *start; /* row above -> first row below; start[rows above] = rows below */
    int map_cap;
    int start_cap;
};

struct failure_mark {
    enum status code;
    int node;  /* definition, or -1 */
    int field; /* fact not set */
};

/* A vector while it is written. */
struct scratch {
    unsigned char *bytes;
    size_t cap;
};

struct evaluation {
    const struct plan *p;
    struct facts *f;
    int64_t *pool[PLAN_SCOPES_MAX]; /* slots, each cap rows */
    int cap[PLAN_SCOPES_MAX];
    int count[PLAN_SCOPES_MAX];
    int base[SCOPES_MAX]; /* first row of the block */
    struct rows_seen edge[EDGES_MAX];
    int64_t **reg;
    int64_t **blank; /* a fact no row of which is set */
    int *blank_cap;
    int *given_field;            /* -1: never given */
    struct failure_mark *failed; /* by household of the block */
    bool any_failed;
    struct scratch *scratch;
    int64_t year_first, year_last; /* days */
};

/* loops.c */
void law_run_instruction(struct context *cx, struct evaluation *e, int at, int *status);
void law_mark_failed(struct evaluation *e, int scope, int row, enum status code, int node,
                     int field);
/* split.c: rows of derived scopes and products */
int law_run_split(struct context *cx, struct evaluation *e, const struct instruction *i);
int law_build_edges(struct context *cx, struct evaluation *e);
int law_room_for(struct context *cx, struct evaluation *e, int scope, int rows);
int law_room_for_ints(struct context *cx, int **array, int *cap, int needed);
void law_place_registers(struct evaluation *e, int scope);

#endif
