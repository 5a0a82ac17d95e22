/* verify: what the files of verify share. */
#ifndef STORE_VERIFY_H
#define STORE_VERIFY_H

#include "store/engine.h"

struct verify_link {
    struct link_facts facts;
};
struct verify_part { /* as chain_part has it */
    const struct store_table *table;
    int64_t link_no;
    int64_t rows;
    struct digest digest;
};
struct verify_row {
    int64_t link_no;
    int64_t key;
    struct digest digest;
};
struct verify_closure {
    int64_t key;
    int64_t event;
};

/* Links in memory at once; a window ends earlier where its rows would be too many. */
enum { WINDOW_LINKS = 200000, WINDOW_ROWS = 4000000 };

struct verify {
    struct context *cx;
    struct store *st;
    finding_fn *report;
    void *arg;
    int findings;
    struct verify_link *links; /* of the window */
    size_t n_links;
    size_t cap_links;
    struct verify_part *parts;
    size_t n_parts;
    size_t cap_parts;
    struct verify_row *rows; /* of one table */
    size_t n_rows;
    size_t cap_rows;
    struct verify_closure *closures;
    size_t n_closures;
    size_t cap_closures;
    int64_t window_rows;
    int64_t last_link; /* read so far */
    int64_t last_event;
    struct digest last_digest;
    int64_t first_of_window; /* event numbers of the window */
    bool last_window;
    bool first_window;
};

int verify_tell(struct verify *v, const char *table, int64_t key, const char *what,
                const char *facts);
/* Room for one more element of *array. */
int verify_room(struct verify *v, void *array, size_t *cap, size_t n, size_t size);
/* Reads the next links and their parts, checks them against each other. 0: no more. */
int verify_window(struct verify *v);
/* Rows, seals, closures and parts of one chained table within the window. */
int verify_table(struct verify *v, const struct store_table *t);
const struct store_table *verify_find_table(const struct verify *v, struct str name);

#endif
