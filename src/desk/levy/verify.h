/* verify: the levy's findings. Internal to the levy. */
#ifndef DESK_LEVY_VERIFY_H
#define DESK_LEVY_VERIFY_H

#include "desk/levy/levy.h"

/* store_verify_fn. */
int levy_verify(struct context *cx, struct store *st, finding_fn *report, void *arg);

#endif
