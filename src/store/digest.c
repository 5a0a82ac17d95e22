/*
 * digest: the state of a database in 32 bytes, equal on both engines and on equal runs.
 *
 * Each row of a table's digest SELECT is hashed with its column names; rows are summed modulo
 * 2^256, so their order does not matter; the database is the hash over the tables by name.
 */
#include "store/engine.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_DIGEST_TABLES = 512 };

struct state {
    struct {
        const struct store_table *table;
        struct digest sum;
        int64_t rows;
    } tables[MAX_DIGEST_TABLES];
    size_t n;
};

static void hash_row(const struct store_cursor *c, const struct store_value *values, int n,
                     struct digest *out)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    for (int i = 0; i < n; i++) {
        hash_text(&h, str_of(c->st->driver->column_name(c, i)));
        if (values[i].is_null)
            hash_null(&h);
        else if (values[i].s.p)
            hash_text(&h, values[i].s);
        else
            hash_int(&h, values[i].i);
    }
    *out = hash_end(&h);
}

static int sum_rows(struct context *cx, struct store_cursor *c, struct digest *sum, int64_t *rows)
{
    struct store_value values[MAX_VALUES];
    for (;;) {
        struct digest d;
        int rc = store_step(cx, c, values);
        if (rc != 1)
            return rc;
        hash_row(c, values, c->st->driver->columns(c), &d);
        digest_sum(sum, &d);
        (*rows)++;
    }
}

static int add_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    struct state *s = arg;
    struct store_cursor *c = NULL;
    struct store_statement q = {.name = t->name,
                                .sqlite = t->digest,
                                .postgres = t->digest,
                                .columns = -1};
    if (!t->digest)
        return OK;
    if (s->n == MAX_DIGEST_TABLES)
        return fail(cx, ERR_LIMIT, "store.too_many_tables", NULL);
    s->tables[s->n].table = t;
    int rc = store_cursor_open(cx, st, &q, NULL, true, &c);
    if (rc < 0)
        return rc;
    rc = sum_rows(cx, c, &s->tables[s->n].sum, &s->tables[s->n].rows);
    store_cursor_close(c);
    s->n++;
    return rc;
}

static int compare_tables(const void *a, const void *b)
{
    const struct store_table *const *x = a;
    const struct store_table *const *y = b;
    return strcmp((*x)->name, (*y)->name);
}

static int read_state(struct context *cx, struct store *st, struct state **out)
{
    *out = memory_alloc(sizeof **out);
    if (!*out)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    int rc = STORE_BEGIN_READ(cx, st);
    if (rc < 0)
        return rc;
    rc = store_each_table(cx, st, add_table, *out);
    if (rc >= 0)
        rc = store_commit(cx, st);
    else
        store_rollback(st);
    _Static_assert(offsetof(struct state, tables) == 0, "the table stands first in each entry");
    qsort((*out)->tables, (*out)->n, sizeof(*out)->tables[0], compare_tables);
    return rc;
}

int store_table_digests(struct context *cx, struct store *st, table_digest_fn *fn, void *arg)
{
    struct state *s = NULL;
    int rc = read_state(cx, st, &s);
    for (size_t i = 0; rc >= 0 && i < s->n; i++)
        rc = fn(arg, str_of(s->tables[i].table->name), &s->tables[i].sum, s->tables[i].rows);
    memory_free(s);
    return rc;
}

static int add_to_total(void *arg, struct str table, const struct digest *d, int64_t rows)
{
    struct hasher *h = arg;
    hash_text(h, table);
    hash_int(h, rows);
    hash_bytes(h, (struct str){(const char *)d->b, sizeof d->b});
    return OK;
}

int store_state_digest(struct context *cx, struct store *st, struct digest *out)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    int rc = store_table_digests(cx, st, add_to_total, &h);
    *out = hash_end(&h);
    return rc < 0 ? rc : OK;
}
