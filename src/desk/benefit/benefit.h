/*
 * benefit (給付): applications for benefits and unjust enrichment, as a contractor keyed them from
 * paper. Received is all there is so far: checking, deciding and paying are not here yet.
 *
 * Invariants
 * - every row names the batch of paper and the sheet it was keyed from; a sheet is entered once
 * - an application carries the account it is to be paid to, or the wish for the public-money
 * account
 * - numbers run without gaps within the fiscal year of the day of receipt, over both kinds
 */
#ifndef DESK_BENEFIT_BENEFIT_H
#define DESK_BENEFIT_BENEFIT_H

#include "desk/collection/collection.h"

extern const struct desk benefit_desk;

#endif
