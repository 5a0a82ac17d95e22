/* asset: whether the municipality levies on assets (資産割), so that the tax on them is asked for
 * and shown. Part of levy.h. */
#ifndef DESK_LEVY_ASSET_H
#define DESK_LEVY_ASSET_H

#include "desk/levy/levy.h"

/* By the rules adopted: a rate above nothing for any part in that year. False without rules. */
int levy_has_asset(struct work *w, int fiscal_year, bool *out) WARN_UNUSED;

#endif
