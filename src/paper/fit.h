/* fit: text into its place: lines broken by the Japanese rules, pressed, shrunk, or refused. */
#ifndef PAPER_FIT_H
#define PAPER_FIT_H

#include "paper/layout.h"

struct fit_line {
    const struct run *run;
    size_t first, n;  /* glyphs */
    size_t clusters;
    int64_t width;    /* 1/65536 em, tracking not counted */
};
struct fitted {
    struct fit_line *lines;
    size_t n;
    unsigned quarters; /* size in quarter points */
    unsigned percent;  /* width of the characters */
};

struct fitter {
    struct context *cx;
    struct paper *paper;
    struct arena *keep;  /* lines live here, and runs unless they come from the cache */
    bool cached;
    const struct style *style;
    double w, h;         /* the place, in points */
};
/* ERR_INVALID "paper.value.fit" when nothing the style allows makes it fit. */
int fit_text(const struct fitter *f, struct str text, struct fitted *out) WARN_UNUSED;

#endif
