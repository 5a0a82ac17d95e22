/*
 * sweep: the whole city under several rule sets, nothing stored. Two processes share the
 * computing: the child gets half of the units, evaluates them and sends its rows back through a
 * pipe; it never touches the store. Internal to the levy.
 */
#ifndef DESK_LEVY_SWEEP_H
#define DESK_LEVY_SWEEP_H

#include "desk/levy/assess.h"

/* Evaluates units first .. first+count-1 and writes count rows of `size` bytes to `rows`. */
typedef int sweep_fn(struct context *cx, void *arg, size_t first, size_t count, void *rows);
/* Runs fn over n units in two processes (one when n is small); rows holds n * size bytes. */
int sweep_share(struct context *cx, sweep_fn *fn, void *arg, size_t n, size_t size,
                void *rows) WARN_UNUSED;

/* What a household pays under one set: enough for every figure. */
struct swept {
    int32_t total_yen;
    int32_t part_yen[LEVY_PARTS];
    uint16_t marks;
    uint8_t tier;
    uint8_t failed;
};
/* rows[set * units + i]. */
int sweep_city(struct work *w, const struct population *p, const struct plan *const *plans,
               size_t n_plans, struct swept *rows) WARN_UNUSED;
void sweep_figures(const struct population *p, const struct swept *rows, const struct swept *base,
                   struct levy_figures *out);

#endif
