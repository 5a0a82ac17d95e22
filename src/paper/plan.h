/*
 * plan: one document as marks with places, page by page, before anything is drawn. Whatever can
 * be wrong with a document (value, glyph, fit, barcode, items without a place) is found here.
 */
#ifndef PAPER_PLAN_H
#define PAPER_PLAN_H

#include "paper/data.h"
#include "paper/fit.h"

struct rect {
    float x, y, w, h; /* points, from the mark's place */
};

enum { MODULE_ROW = 24 }; /* bytes: up to 177 modules and some */

enum mark_kind { MARK_PAGE, MARK_TEXT, MARK_LINE, MARK_BOX, MARK_GRID, MARK_BARS, MARK_MODULES, MARK_SEAL, MARK_PART };
struct mark {
    enum mark_kind kind;
    double x, y; /* points on the page; of a text: the baseline's start */
    const struct element *e;
    union {
        struct {
            struct fit_line line;
            unsigned quarters, percent;
            double extra; /* points between characters */
            double cell;  /* > 0: width of a cell, one character centred in each */
        } text;
        struct {
            double x2, y2;
        } line;
        struct {
            double w, h;
            int shade;
        } box;
        struct {
            const struct rect *rects;
            size_t n;
        } bars;
        struct {
            const unsigned char *bits; /* rows of MODULE_ROW bytes, lowest bit first */
            int side;                  /* modules */
            double size;               /* points */
        } modules;
        const struct run *seal;
        struct part *part;
    };
};

struct printed {
    const struct form_group *group;
    size_t upto;
    bool rest_ignored;
};
enum { MAX_PRINTED = 256 };
struct window { /* items of a group that the page being planned is for */
    struct str group;
    size_t first, count;
};

struct plan {
    struct context *cx;
    struct paper *paper;
    struct form *form;
    struct arena *arena; /* marks, lines, bars */
    struct mark *marks;
    size_t n, capacity;
    struct form_data extra; /* page, pages */
    struct window window;
    struct printed printed[MAX_PRINTED];
    size_t n_printed;
    int page, pages;
    bool recording;   /* only what is static, shaped into the arena for good */
    bool want_boxes;
    struct paper_box *boxes;
    size_t n_boxes, cap_boxes;
};

/* A whole document. */
int plan_document(struct plan *pl, const struct form_data *d) WARN_UNUSED;
/* The static elements of one part, and of the blocks that are always used in it. */
int plan_static(struct plan *pl, const struct part *part, double ox, double oy) WARN_UNUSED;
/* For the elements with their own planner. d: what is around; ox, oy: origin of the part. */
struct place {
    const struct form_data *d;
    double ox, oy;
};
struct mark *plan_mark(struct plan *pl, enum mark_kind kind, const struct element *e);
int plan_failed(struct plan *pl, const struct element *e) WARN_UNUSED;
/* Text into x, y, w, h with the element's style. */
int plan_text_at(struct plan *pl, const struct element *e, const double box[4], struct str text)
    WARN_UNUSED;
int plan_box(struct plan *pl, const struct element *e, const double box[4]) WARN_UNUSED;

/* bars.c */
int plan_gs1(struct plan *pl, const struct element *e, const struct place *at, struct str digits)
    WARN_UNUSED;
int plan_customer(struct plan *pl, const struct element *e, const struct place *at,
                  const struct str values[2]) WARN_UNUSED;
int plan_qr(struct plan *pl, const struct element *e, const struct place *at, struct str text)
    WARN_UNUSED;
/* list.c */
int plan_columns(struct plan *pl, const struct element *e, const struct place *at) WARN_UNUSED;

#endif
