/*
 * apply: one operator on exact values. The plan folds constants with it, the explanation
 * recomputes the formula it shows with it.
 */
#ifndef LAW_APPLY_H
#define LAW_APPLY_H

#include "law/tree.h"

/* False: over the limits of exact arithmetic, or a division by zero. */
bool law_apply(enum builtin op, const struct law_value *arg, size_t n, struct law_value *out);
/* The step of a table an argument falls on. */
const struct law_value *law_apply_steps(const struct version *v, const struct law_value *argument);
struct law_value law_value_of(enum law_type type, int64_t num);
bool law_value_equal(const struct law_value *a, const struct law_value *b);

/* Months of a fiscal year as dates are turned into them; shared with the column loops. */
int64_t law_months_from(int fiscal_year, int64_t day);
int64_t law_months_before(int fiscal_year, int64_t day);
int64_t law_month_range(int fiscal_year, int64_t day, int64_t from, int64_t to);
int64_t law_day_reached(int64_t birth, int64_t age, bool day_before);

/* The fiscal year the month functions speak of is an extra last argument of apply:
 * 月以後 月前 月範囲 月の日. */

#endif
