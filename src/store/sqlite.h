/* sqlite: what the files of the SQLite engine share. */
#ifndef STORE_SQLITE_H
#define STORE_SQLITE_H

#include "store/engine.h"

enum status sqlite_status(int code);
int sqlite_fail(struct context *cx, struct store *st, int code, const char *doing);
int sqlite_command(struct context *cx, struct store *st, const char *sql);
int sqlite_query(struct context *cx, struct store_cursor *c, const struct store_value *in);
int sqlite_step(struct context *cx, struct store_cursor *c, struct store_value *out);
void sqlite_finish(struct store_cursor *c);
int sqlite_check(struct context *cx, struct store *st, const struct store_statement *q);
int sqlite_columns(const struct store_cursor *c);
const char *sqlite_name_of_column(const struct store_cursor *c, int column);
int sqlite_bulk_begin(struct context *cx, struct store *st, const struct store_table *t);
int sqlite_bulk_row(struct context *cx, struct store *st, const struct store_value *values, int n);
int sqlite_bulk_end(struct context *cx, struct store *st, bool keep);
/* The table "list" of an array parameter, and the parameter (sqlite_list.c). */
int sqlite_list_add(struct sqlite3 *db);
int sqlite_list_bind(struct sqlite3_stmt *stmt, int at, const struct store_value *v);

#endif
