/*
 * sqlite_list: an array parameter as a table of one column: "select value from list(?1)". The
 * parameter is a pointer to the caller's list (SQLite hands it to nobody but this module), so that
 * nothing is written out and read again for every place where the list stands.
 */
#include "store/sqlite.h"

#include <sqlite3.h>

static const char list_ids[] = "ids", list_texts[] = "texts"; /* what the pointer points to */

struct list_cursor {
    sqlite3_vtab_cursor base;
    const struct store_id_list *ids; /* one of the two */
    const struct store_text_list *texts;
    size_t at, n;
};

enum { COLUMN_VALUE, COLUMN_LIST };

static int list_connect(sqlite3 *db, void *arg, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **message)
{
    (void)arg, (void)argc, (void)argv, (void)message;
    int rc = sqlite3_declare_vtab(db, "create table x (value, list hidden)");
    if (rc != SQLITE_OK)
        return rc;
    *out = sqlite3_malloc(sizeof **out);
    if (!*out)
        return SQLITE_NOMEM;
    **out = (sqlite3_vtab){0};
    return sqlite3_vtab_config(db, SQLITE_VTAB_INNOCUOUS);
}

static int list_disconnect(sqlite3_vtab *table)
{
    sqlite3_free(table);
    return SQLITE_OK;
}

static int list_open(sqlite3_vtab *table, sqlite3_vtab_cursor **out)
{
    (void)table;
    struct list_cursor *c = sqlite3_malloc(sizeof *c);
    if (!c)
        return SQLITE_NOMEM;
    *c = (struct list_cursor){0};
    *out = &c->base;
    return SQLITE_OK;
}

static int list_close(sqlite3_vtab_cursor *c)
{
    sqlite3_free(c);
    return SQLITE_OK;
}

/* Without the list there is nothing to read. */
static int list_best(sqlite3_vtab *table, sqlite3_index_info *info)
{
    (void)table;
    for (int i = 0; i < info->nConstraint; i++) {
        if (info->aConstraint[i].iColumn != COLUMN_LIST || !info->aConstraint[i].usable ||
            info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
            continue;
        info->aConstraintUsage[i].argvIndex = 1;
        info->aConstraintUsage[i].omit = 1;
        info->estimatedCost = 1;
        info->estimatedRows = 10;
        return SQLITE_OK;
    }
    return SQLITE_CONSTRAINT;
}

static int list_filter(sqlite3_vtab_cursor *cursor, int number, const char *name, int argc,
                       sqlite3_value **argv)
{
    (void)number, (void)name, (void)argc;
    struct list_cursor *c = (struct list_cursor *)cursor;
    c->ids = sqlite3_value_pointer(argv[0], list_ids);
    c->texts = sqlite3_value_pointer(argv[0], list_texts);
    c->n = c->ids ? c->ids->n : c->texts ? c->texts->n : 0;
    c->at = 0;
    return SQLITE_OK;
}

static int list_next(sqlite3_vtab_cursor *cursor)
{
    ((struct list_cursor *)cursor)->at++;
    return SQLITE_OK;
}

static int list_eof(sqlite3_vtab_cursor *cursor)
{
    const struct list_cursor *c = (struct list_cursor *)cursor;
    return c->at >= c->n;
}

static int list_column(sqlite3_vtab_cursor *cursor, sqlite3_context *out, int column)
{
    const struct list_cursor *c = (struct list_cursor *)cursor;
    if (column != COLUMN_VALUE)
        return SQLITE_OK;
    if (c->ids)
        sqlite3_result_int64(out, c->ids->p[c->at]);
    else
        sqlite3_result_text64(out, c->texts->p[c->at].p, c->texts->p[c->at].n, SQLITE_STATIC,
                              SQLITE_UTF8);
    return SQLITE_OK;
}

static int list_rowid(sqlite3_vtab_cursor *cursor, sqlite3_int64 *out)
{
    *out = (sqlite3_int64)((struct list_cursor *)cursor)->at;
    return SQLITE_OK;
}

/* Without xCreate it is there without being made, and only by its name. */
static const sqlite3_module list_module = {.xConnect = list_connect,
                                           .xBestIndex = list_best,
                                           .xDisconnect = list_disconnect,
                                           .xOpen = list_open,
                                           .xClose = list_close,
                                           .xFilter = list_filter,
                                           .xNext = list_next,
                                           .xEof = list_eof,
                                           .xColumn = list_column,
                                           .xRowid = list_rowid};

int sqlite_list_add(struct sqlite3 *db)
{
    return sqlite3_create_module(db, "list", &list_module, NULL);
}

int sqlite_list_bind(struct sqlite3_stmt *stmt, int at, const struct store_value *v)
{
    /* the module only reads */
    return sqlite3_bind_pointer(stmt, at, (void *)(uintptr_t)v->s.p,
                                v->type == ST_IDS ? list_ids : list_texts, NULL);
}
