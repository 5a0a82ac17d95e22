/* draw: marks become ink. Nothing here can be wrong with a document any more. */
#ifndef PAPER_DRAW_H
#define PAPER_DRAW_H

#include "paper/plan.h"

void draw_mark(struct paper *p, cairo_t *cr, const struct mark *m);
/* Plans what is static in every part of the form, so that its mistakes are found at once. */
int draw_prepare(struct context *cx, struct form *f) WARN_UNUSED;

#endif
