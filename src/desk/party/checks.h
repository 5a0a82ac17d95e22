/* checks: the comparisons of this desk, for its desk table. */
#ifndef DESK_PARTY_CHECKS_H
#define DESK_PARTY_CHECKS_H

#include "office/office.h"

enum { PARTY_CHECKS = 6 };
extern const struct consistency_check party_checks[PARTY_CHECKS];

#endif
