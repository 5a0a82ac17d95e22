/* list_inner: running a list of a desk: its rows as texts. */
#ifndef OFFICE_LIST_INNER_H
#define OFFICE_LIST_INNER_H

#include "office/inner_pages.h"

enum { LIST_PAPER_COLUMNS = 16, LIST_PARAMETERS = 24, LIST_COLUMNS = 64 };

struct list_run {
    const struct list_definition *list;
    const struct str *given; /* parameters as typed, in the list's order; empty: the default */
    size_t n_given;
    int64_t skip; /* rows */
    int64_t take; /* 0: all */
    int (*cell)(struct list_run *r, int column, struct str value);
    void *arg;
    int64_t rows; /* out: seen, with those skipped */
    bool more;    /* out: there are rows behind */
    bool hidden;  /* out: small numbers were hidden */
    /* Of the cell being given, in statistics. */
    int64_t number;
    bool is_hidden;
    bool is_total;
};
/* What stands in the desk's folder lists. */
const struct list_definition *const *lists_of(const struct desk *desk, size_t *n);
const struct list_definition *list_find(struct str desk, struct str name);
struct str list_name(const struct list_definition *l);
bool list_may(const struct work *w, const struct list_definition *l);
bool list_is_statistics(const struct list_definition *l);
/* The first day of birth of those whose birthday of that age falls on the day or later. */
struct ymd list_birthday_bound(struct ymd day, int64_t age);
/* The first day of birth of those who reach the age on the day or later. */
struct ymd list_reached_bound(struct ymd day, int64_t age);
size_t list_parameters(const struct list_definition *l);
struct str list_default(struct work *w, const struct list_definition *l, size_t i);
int list_parameters_fill(struct work *w, const struct list_run *r,
                         struct store_value *values) WARN_UNUSED;
/* The day a list looks at: its own parameter's, else the work's. */
int list_day(struct work *w, const struct list_run *r, struct ymd *out) WARN_UNUSED;
void list_cell_text(const struct list_definition *l, int column, const struct store_value *v,
                    struct text *out);
/* As people read it: yen with commas. Files keep the plain value. */
struct str list_shown(struct arena *a, const struct list_definition *l, int column,
                      struct str value);
/* All rows, with what could tell somebody hidden. */
int list_statistics_walk(struct work *w, struct list_run *r, struct store_cursor *c) WARN_UNUSED;
int list_run(struct work *w, struct list_run *r) WARN_UNUSED;
int list_csv(struct work *w, struct list_run *r, bool cp932, struct str *out) WARN_UNUSED;
bool list_fits_paper(const struct list_definition *l);
int list_pdf(struct work *w, struct list_run *r, struct str *out) WARN_UNUSED;

#endif
