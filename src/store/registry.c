/* registry: what the program consists of: schemas, checks before commit, checks of verify. */
#include "store/engine.h"

#include <assert.h>
#include <string.h>

const struct store_schema *store_schemas[MAX_SCHEMAS];
size_t store_n_schemas;
store_check_fn *store_checks[MAX_CHECKS];
size_t store_n_checks;
store_verify_fn *store_verifiers[MAX_CHECKS];
size_t store_n_verifiers;

extern const struct store_schema store_schema;

static void add_once(const struct store_schema *schema)
{
    for (size_t i = 0; i < store_n_schemas; i++)
        if (store_schemas[i] == schema)
            return;
    assert(store_n_schemas < MAX_SCHEMAS);
    store_schemas[store_n_schemas++] = schema;
}

void store_schema_add(const struct store_schema *schema)
{
    add_once(&store_schema);
    add_once(schema);
}

void store_check_add(store_check_fn *check)
{
    for (size_t i = 0; i < store_n_checks; i++)
        if (store_checks[i] == check)
            return;
    assert(store_n_checks < MAX_CHECKS);
    store_checks[store_n_checks++] = check;
}

void store_verify_add(store_verify_fn *check)
{
    for (size_t i = 0; i < store_n_verifiers; i++)
        if (store_verifiers[i] == check)
            return;
    assert(store_n_verifiers < MAX_CHECKS);
    store_verifiers[store_n_verifiers++] = check;
}

static bool belongs(const struct store_schema *schema, const char *database)
{
    return schema == &store_schema || strcmp(schema->database, database) == 0;
}

bool schema_is_here(const struct store *st, const struct store_schema *schema)
{
    return belongs(schema, st->database);
}

int store_each_table(struct context *cx, struct store *st, table_fn *fn, void *arg)
{
    add_once(&store_schema);
    for (size_t i = 0; i < store_n_schemas; i++) {
        const struct store_schema *schema = store_schemas[i];
        for (size_t k = 0; schema_is_here(st, schema) && k < schema->n_tables; k++) {
            int rc = fn(cx, st, schema->tables[k], arg);
            if (rc < 0)
                return rc;
        }
    }
    return OK;
}

/* Over the DDL of all tables of one database: a program and a database that differ do not meet. */
struct digest schema_hash(const char *database)
{
    struct hasher h;
    add_once(&store_schema);
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < store_n_schemas; i++) {
        const struct store_schema *schema = store_schemas[i];
        if (!belongs(schema, database))
            continue;
        hash_text(&h, str_of(schema->name));
        for (size_t k = 0; k < schema->n_tables; k++)
            hash_text(&h, str_of(schema->tables[k]->sqlite));
        for (size_t k = 0; k < schema->n_indexes; k++)
            hash_text(&h, str_of(schema->indexes[k]));
    }
    return hash_end(&h);
}

struct column_walk {
    column_fn *fn;
    void *arg;
};

static int walk_columns(struct context *cx, struct store *st, const struct store_table *t,
                        void *arg)
{
    const struct column_walk *w = arg;
    (void)cx;
    (void)st;
    for (int i = 0; i < t->n_columns; i++) {
        int rc = w->fn(w->arg, t, &t->columns[i]);
        if (rc < 0)
            return rc;
    }
    return OK;
}

int store_each_column(struct context *cx, struct store *st, column_fn *fn, void *arg)
{
    struct column_walk w = {fn, arg};
    return store_each_table(cx, st, walk_columns, &w);
}
