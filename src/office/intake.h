/*
 * intake: who may tell us what, and by which way (入手元, 入手方法). Part of office.h.
 *
 * The table data/intake_routes.tsv lists the pairs for each group: a file, a kind of keyed entry,
 * or a desk. What is not listed is refused before anything is written.
 */
#ifndef OFFICE_INTAKE_H
#define OFFICE_INTAKE_H

#include "office/office.h"

struct intake_route {
    struct str group, source, route;
};
/* The whole table, one row for each way. */
int intake_routes(struct work *w, struct intake_route **rows, size_t *n) WARN_UNUSED;
/* Does the group, or the desk it belongs to, have rows of its own? */
bool intake_knows(struct str group);
bool intake_is_allowed(struct str group, struct str source, struct str route);
/* ERR_INVALID names group, source and way. */
int intake_need(struct work *w, struct str group, struct str source, struct str route) WARN_UNUSED;

#endif
