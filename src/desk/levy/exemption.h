/*
 * exemption (減免): what is taken off a debtor's premium of a year on application (法77条), after
 * cap and months. Granted ones are facts of the assessment. Internal to the levy.
 */
#ifndef DESK_LEVY_EXEMPTION_H
#define DESK_LEVY_EXEMPTION_H

#include "desk/levy/population.h"

enum exemption_pattern { EXEMPT_YEN = 1, EXEMPT_RATE = 2, EXEMPT_INSTALMENTS = 3 };
enum exemption_status {
    EXEMPTION_APPLIED = 1,
    EXEMPTION_GRANTED = 2,
    EXEMPTION_REFUSED = 3,
    EXEMPTION_CANCELLED = 4
};

/* "5:1000 6:1000": the next reduction of an instalment; false at the end or when it is none. */
bool exemption_cut(struct str *cuts, int64_t *number, int64_t *yen);

/* The granted exemptions of the units from `first` on. */
int exemptions_add(struct work *w, struct population *p, size_t first) WARN_UNUSED;

#endif
