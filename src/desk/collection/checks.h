/* checks: the comparisons of this desk, for its desk table. */
#ifndef DESK_COLLECTION_CHECKS_H
#define DESK_COLLECTION_CHECKS_H

#include "office/office.h"

enum { COLLECTION_CHECKS = 1 };
extern const struct consistency_check collection_checks[COLLECTION_CHECKS];

#endif
