/* city_store: a city's databases for the commands that look after them. */
#ifndef CLI_CITY_STORE_H
#define CLI_CITY_STORE_H

#include "cli/cli.h"
#include "store/store.h"

/* which: "store" or "audit". */
int city_store_open(struct context *cx, const char *city, const char *which, enum store_mode mode,
                    struct store **out) WARN_UNUSED;
/* The sentence of a message id, or the id. */
const char *sentence(const char *id);
/* A JSON string with its quotes. */
void print_json_text(struct str s);

/* Prints findings as verify reports them; both stores of a city use one. */
struct finding_print {
    const char *database;
    bool json;
    int n;
};
int finding_print(void *print, const struct finding *f); /* a finding_fn */

#endif
