/* checks: the comparisons of this desk, for its desk table. */
#ifndef DESK_ELIGIBILITY_CHECKS_H
#define DESK_ELIGIBILITY_CHECKS_H

#include "office/office.h"

enum { ELIGIBILITY_CHECKS = 12 };
extern const struct consistency_check eligibility_checks[ELIGIBILITY_CHECKS];

#endif
