/* demo_payments: how a practice city has paid a year. Internal to the command. */
#ifndef CLI_DEMO_PAYMENTS_H
#define CLI_DEMO_PAYMENTS_H

#include "office/office.h"

/* Receipts of a levy year that are accounted for by the day, with mistakes; then the year is closed
 * and carried over. w->store outside any transaction. */
int demo_payments(struct work *w, int levy_year, struct ymd until) WARN_UNUSED;

#endif
