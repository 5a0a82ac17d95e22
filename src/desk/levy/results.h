/*
 * results: what a version of the program makes of the whole city, as a file that another version
 * reads. Part of levy.h.
 *
 * A file has a line for every debtor of a household: numbers people know, every result of the goal
 * 賦課 that belongs to the household under its name, and the digest of the explanation. It says in
 * its header which results it holds, so that versions with other results can still be compared.
 */
#ifndef DESK_LEVY_RESULTS_H
#define DESK_LEVY_RESULTS_H

#include "desk/levy/levy.h"

#define LEVY_RESULTS_BYTES ((size_t)1 << 30)

/* Under the rules of that name (levy_rules_named); nothing stored. *rows: lines written. */
int levy_results(struct work *w, int fiscal_year, struct str rules, struct text *out,
                 int64_t *rows) WARN_UNUSED;
/* Two sides, each "results:FILE" or rules by their name; the causes are the names of the results
 * that differ. A job reads files of the city's folder results/ only. */
int levy_results_compare(struct work *w, int fiscal_year, struct str a, struct str b,
                         struct radar *out) WARN_UNUSED;

/* Amounts that follow from the other results: they differ wherever anything does. */
bool levy_is_outcome(struct str name);

/* The federation's file (保険料適正算定システム) of the newest report of any year. */
int levy_premium_calculation(struct work *w, struct text *out, int64_t *rows) WARN_UNUSED;

#endif
