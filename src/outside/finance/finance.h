/*
 * finance (財務会計): the city's accounting beside the section, a service of its own with its own
 * database, for training, trials and tests. It takes the daily file of receipts, appropriations and
 * refunds and books it; it takes payment orders and gives each a number. Spoken to by files only,
 * in the columns of data/formats/finance_*.tsv.
 *
 * Invariants
 * - Nothing of a file is booked unless its totals are right.
 * - A file number is taken once; the same file again changes nothing, another one is refused.
 * - An order has one number, however often it is sent.
 */
#ifndef OUTSIDE_FINANCE_FINANCE_H
#define OUTSIDE_FINANCE_FINANCE_H

#include "exchange/exchange.h"
#include "page/page.h"
#include "store/store.h"

/* Tells the store of the service's tables; once, before any store is opened. */
void finance_start(void);

/* In a file that is not there yet. */
int finance_create(struct context *cx, const char *path) WARN_UNUSED;

struct finance_office;
int finance_open(struct context *cx, const char *path, struct finance_office **out) WARN_UNUSED;
void finance_close(struct finance_office *o);

/* Takes a daily file: 1 booked, 0 it was booked before. ERR_SYNTAX, ERR_INVALID: wrong columns or
 * totals; ERR_DUPLICATE: the number was used for something else. */
int finance_take_day(struct finance_office *o, struct str bytes) WARN_UNUSED;
/* Takes payment orders and appends its answers: a number for each, or why not. */
int finance_take_orders(struct finance_office *o, struct str bytes, struct ymd day,
                        struct text *answer) WARN_UNUSED;
/* What it has booked for a day, by flow ("receipt", "appropriated_to", "refund", ...). */
int finance_booked(struct finance_office *o, struct ymd day, struct str flow,
                   struct yen *out) WARN_UNUSED;

#endif
