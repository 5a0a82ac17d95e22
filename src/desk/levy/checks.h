/* checks: the comparisons of this desk, for its desk table. */
#ifndef DESK_LEVY_CHECKS_H
#define DESK_LEVY_CHECKS_H

#include "office/office.h"

enum { LEVY_CHECKS = 3 };
extern const struct consistency_check levy_checks[LEVY_CHECKS];

#endif
