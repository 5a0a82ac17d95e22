/*
 * check: resolves names and types every expression of a set. Mixing yen, ratios, counts, dates,
 * months and truths is an error with its place and what was expected.
 */
#ifndef LAW_CHECK_H
#define LAW_CHECK_H

#include "law/tree.h"

/* Everything of the set, once all texts are read. */
int law_check_ruleset(struct context *cx, struct ruleset *r);

#endif
