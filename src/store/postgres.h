/* postgres: what the files of the PostgreSQL engine share. */
#ifndef STORE_POSTGRES_H
#define STORE_POSTGRES_H

#include "store/engine.h"

/* Types of pg_catalog.pg_type that parameters and columns have. */
enum pg_oid {
    OID_BOOL = 16,
    OID_BYTEA = 17,
    OID_NAME = 19,
    OID_INT8 = 20,
    OID_INT2 = 21,
    OID_INT4 = 23,
    OID_TEXT = 25,
    OID_TEXT_ARRAY = 1009,
    OID_INT8_ARRAY = 1016,
    OID_BPCHAR = 1042,
    OID_VARCHAR = 1043
};

/* Reads the error of the result (or of the connection when it is NULL); clears nothing. */
int pg_fail(struct context *cx, struct store *st, const struct pg_result *r, const char *doing);
int pg_command(struct context *cx, struct store *st, const char *sql);
int pg_query(struct context *cx, struct store_cursor *c, const struct store_value *in);
int pg_step(struct context *cx, struct store_cursor *c, struct store_value *out);
void pg_finish(struct store_cursor *c);
int pg_check(struct context *cx, struct store *st, const struct store_statement *q);
int pg_columns(const struct store_cursor *c);
const char *pg_name_of_column(const struct store_cursor *c, int column);
int pg_bulk_begin(struct context *cx, struct store *st, const struct store_table *t);
int pg_bulk_row(struct context *cx, struct store *st, const struct store_value *values, int n);
int pg_bulk_end(struct context *cx, struct store *st, bool keep);

/* Big-endian, as the binary formats have it. Return the bytes written. */
size_t pg_put_number(unsigned char *to, uint64_t v, int bytes);
/* Bytes of a value in binary form (not of lists); -1 for NULL. */
int32_t pg_length(const struct store_value *v);
size_t pg_put(unsigned char *to, const struct store_value *v);

#endif
