/* inner: what the files of the bank share. */
#ifndef OUTSIDE_BANK_INNER_H
#define OUTSIDE_BANK_INNER_H

#include "bank_sql.h"
#include "outside/bank/bank.h"

struct bank_office {
    struct context cx;
    struct context *opener; /* whose error record is filled */
    struct arena arena;     /* everything of an open service */
    struct store *store;
    struct bank_db_accounts_list accounts;
};
int bank_no_memory(struct bank_office *o);
/* Gives the opener the error record; returns the code. */
int bank_told(struct bank_office *o, int result);
/* A table of data/formats, built in. */
struct str bank_table(const char *name);
/* ERR_INVALID where anything is wrong with a file. */
int bank_clean(struct bank_office *o, const struct record_problems *p) WARN_UNUSED;

#endif
