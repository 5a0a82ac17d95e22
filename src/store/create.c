/* create: the tables of an empty database. */
#include "store/engine.h"
#include "store_sql.h"

#include <string.h>

/* --- creating ------------------------------------------------------------------------------ */

static int note_columns(struct context *cx, struct store *st, const struct store_table *t)
{
    const size_t n = (size_t)t->n_columns;
    struct arena_mark mark = arena_mark(cx->arena);
    struct store_column_note *notes = ARENA_ARRAY(cx->arena, n + 1, struct store_column_note);
    if (!notes)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    for (size_t i = 0; i < n; i++) {
        const struct store_column *c = &t->columns[i];
        notes[i] = (struct store_column_note){str_of(t->name), str_of(c->name),    str_of(c->label),
                                              str_of(c->file), str_of(c->group),   str_of(c->keep),
                                              str_of(c->mask), str_of(c->disclose)};
    }
    int rc = store_column_note_bulk(cx, st, notes, n);
    arena_rewind(cx->arena, mark);
    return rc < 0 ? rc : OK;
}

static int create_table(struct context *cx, struct store *st, const struct store_table *t,
                        void *arg)
{
    (void)arg;
    const char *ddl = st->engine == STORE_SQLITE ? t->sqlite : t->postgres;
    int rc = st->driver->command(cx, st, ddl);
    if (rc < 0)
        error_add(cx, "table %s", t->name);
    return rc;
}

int store_create_tables(struct context *cx, struct store *st)
{
    struct store_tables_here_row here;
    int rc = store_tables_here(cx, st, &here);
    if (rc >= 0 && here.n > 0)
        rc = fail(cx, ERR_DUPLICATE, "store.not_empty", NULL);
    return rc < 0 ? rc : store_each_table(cx, st, create_table, NULL);
}

static int note_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    (void)arg;
    return note_columns(cx, st, t);
}

int store_create_indexes(struct context *cx, struct store *st)
{
    for (size_t i = 0; i < store_n_schemas; i++) {
        const struct store_schema *schema = store_schemas[i];
        for (size_t k = 0; schema_is_here(st, schema) && k < schema->n_indexes; k++) {
            int rc = st->driver->command(cx, st, schema->indexes[k]);
            if (rc < 0) {
                error_add(cx, "%s", schema->indexes[k]);
                return rc;
            }
        }
    }
    return OK;
}

static int put_info(struct context *cx, struct store *st, const char *name, const char *value)
{
    struct store_info_put_in in = {.name = str_of(name), .value = str_of(value)};
    int rc = store_info_put(cx, st, &in);
    return rc < 0 ? rc : OK;
}

static int create_all(struct context *cx, struct store *st)
{
    char hash[65];
    int rc = store_create_tables(cx, st);
    if (rc >= 0)
        rc = store_create_indexes(cx, st);
    if (rc >= 0)
        rc = store_each_table(cx, st, note_table, NULL);
    struct digest d = schema_hash(st->database);
    digest_hex(&d, hash);
    if (rc >= 0)
        rc = put_info(cx, st, STORE_SCHEMA_HASH, hash);
    if (rc >= 0)
        rc = put_info(cx, st, "database", st->database);
    return rc;
}

int store_create_named(struct context *cx, const char *url, const char *database)
{
    struct store *st = NULL;
    int rc = store_connect(cx, url, STORE_WRITE, true, &st);
    if (rc < 0)
        return rc;
    struct arena_mark mark = arena_mark(cx->arena);
    rc = store_set_database(cx, st, str_of(database));
    if (rc >= 0)
        rc = STORE_BEGIN(cx, st);
    if (rc >= 0)
        rc = create_all(cx, st);
    if (rc >= 0)
        rc = store_commit(cx, st);
    if (rc < 0)
        error_add(cx, "create store");
    store_close(st);
    arena_rewind(cx->arena, mark);
    return rc;
}

int store_create(struct context *cx, const char *url)
{
    return store_create_named(cx, url, "city");
}
