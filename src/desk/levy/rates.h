/* rates: an ordinance's rates as numbers that can be moved, and as words. Internal to the levy. */
#ifndef DESK_LEVY_RATES_H
#define DESK_LEVY_RATES_H

#include "desk/levy/sweep.h"

#define RATE_ONE INT64_C(1000000) /* a scale of 1; incomes' rates are in millionths */

int rates_read(struct work *w, const struct ruleset *rules, int fiscal_year,
               struct rates *out) WARN_UNUSED;
/* "医療.所得割率=9.42 医療.均等割=34700 ...", of every part; memory of the arena. */
int rates_words(struct work *w, const struct rates *r, struct str *out) WARN_UNUSED;
/* The rates that may move times scale / RATE_ONE, on the nearest multiple of their unit. */
void rates_scaled(const struct rates *start, const struct solve_request *rq,
                  const int64_t scale[LEVY_PARTS], struct rates *out);
bool rates_equal_in(const struct rates *a, const struct rates *b, int part); /* -1: everywhere */

/* What a rate is put on, over the city, before reductions and caps. */
struct rate_basis {
    int64_t income_yen[LEVY_PARTS];
    int64_t person_months[LEVY_PARTS];
    int64_t household_months[LEVY_PARTS]; /* in hundredths: half a levy counts 50 */
};
int rate_basis_of(struct work *w, const struct population *p, const struct ruleset *rules,
                  struct rate_basis *out) WARN_UNUSED;
/* The rates that levy the same in all of a part, before reductions and caps, in these shares. */
int rates_shared(struct work *w, const struct rate_basis *b, const struct solve_request *rq,
                 struct rates *r) WARN_UNUSED;

#endif
