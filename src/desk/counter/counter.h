/*
 * counter: the flows of the counter that cross desks. The household page puts party, eligibility,
 * levy and collection side by side; the what-if computes a household that is stored nowhere.
 *
 * Nothing is owned here: no table, no fact. Every number on a page that comes from a decision is a
 * link to its explanation.
 */
#ifndef DESK_COUNTER_COUNTER_H
#define DESK_COUNTER_COUNTER_H

#include "desk/collection/collection.h"
#include "desk/levy/levy.h"

extern const struct desk counter_desk;

#endif
