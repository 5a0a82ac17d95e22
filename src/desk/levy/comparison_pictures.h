/* comparison_pictures: a comparison's figures as charts. Internal to the levy. */
#ifndef DESK_LEVY_COMPARISON_PICTURES_H
#define DESK_LEVY_COMPARISON_PICTURES_H

#include "desk/levy/levy.h"
#include "levy_pages.h"

#define PICTURES_BESIDE 6  /* who gains and loses, by how much, and the caps by component */
#define SETS_DRAWN      21 /* the distribution of every set */
struct comparison_pictures {
    struct html picture[PICTURES_BESIDE + SETS_DRAWN];
    struct levy_comparison_charts_row row[PICTURES_BESIDE + SETS_DRAWN];
    size_t n;
};
void comparison_pictures_init(struct comparison_pictures *p);
void comparison_pictures_release(struct comparison_pictures *p);
/* After the sets of the view are there. */
int comparison_pictures_draw(struct work *w, struct levy_comparison_view *v,
                             struct comparison_pictures *p) WARN_UNUSED;
/* The set in force has a word of its own; the others are called by their settings. */
struct str comparison_set_name(struct str name);

#endif
