/* draw: marks become ink. Nothing here can be wrong with a document any more. */
#ifndef PAPER_DRAW_H
#define PAPER_DRAW_H

#include "paper/plan.h"

void draw_mark(struct paper *p, cairo_t *cr, const struct mark *m);
/* Plans what is static in every part of the form, so that its mistakes are found at once. */
int draw_prepare(struct context *cx, struct form *f) WARN_UNUSED;

/* rule.c */
void draw_ink(cairo_t *cr, enum ink ink, int percent);
void draw_box_path(cairo_t *cr, double x, double y, double w, double h, double radius);
/* The filling of a box; nothing for other marks. */
void draw_shade(cairo_t *cr, const struct mark *m);
/* The lines of all lines, boxes and grids among the marks, everything of one pen in one stroke. */
void draw_rules(cairo_t *cr, const struct mark *marks, size_t n);

#endif
