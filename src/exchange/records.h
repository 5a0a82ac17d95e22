/*
 * records: files of a header, data records, a trailer and an end record, all of one length; several
 * files may follow each other on one medium. Part of exchange.h.
 *
 * The layout table has the records "header", "data", "trailer" and "end", each with a first field
 * that says what it is. Where trailer and data have the fields "count" and "yen" the trailer's are
 * proved. Lines may end by CR, LF, CRLF or not at all; a record whose last blanks were cut off is
 * filled up; a last 1A is passed over. What is wrong is listed with line and field, and the whole
 * file is read to its end.
 */
#ifndef EXCHANGE_RECORDS_H
#define EXCHANGE_RECORDS_H

#include "exchange/fixed.h"

struct record_problem {
    int64_t line;
    struct str field; /* its name; empty: the record as a whole */
    struct str value; /* bytes as they came */
    const char *reason;
};
#define RECORD_PROBLEMS_MAX 1000
struct record_problems {
    struct record_problem *rows;
    size_t n;   /* listed */
    size_t all; /* seen */
};
struct record_row {
    int64_t line;
    const char *bytes; /* of the whole length */
    bool is_bad;
};
struct record_group { /* one file of the medium */
    struct record_row header, trailer; /* trailer.bytes NULL: none came */
    struct record_row *rows;
    size_t n;
};
enum record_ends { ENDS_NONE, ENDS_CR, ENDS_LF, ENDS_CRLF };
struct record_file {
    const struct fixed_record *header, *data, *trailer, *end;
    struct record_group *groups;
    size_t n;
    struct record_problems problems;
    enum record_ends ends;
};
/* Memory of `a`; records point into the bytes or into `a`. Negative only when it is no such file at
 * all or memory ran out; `layout` must stand the look of record_layout_check. */
int record_file_read(struct context *cx, struct arena *a, const struct fixed_layout *layout,
                     struct str bytes, struct record_file *out) WARN_UNUSED;
/* ERR_SYNTAX where a record or one of the fields "data.yen header.made ..." is missing, or records
 * differ in length: tables come from a city's folder as well. */
int record_layout_check(struct context *cx, const char *name, const struct fixed_layout *layout,
                        const char *fields) WARN_UNUSED;

/* --- for the formats that stand on it ------------------------------------------------------------
 */

int record_problems_init(struct context *cx, struct arena *a,
                         struct record_problems *out) WARN_UNUSED;
/* Adds a problem that only the format can see and marks the row; id NULL: the whole record. */
void record_refuse(struct record_file *f, struct record_row *row, const struct fixed_record *r,
                   const char *id, const char *reason);
bool record_has(const struct fixed_record *r, const char *id);
/* Digits and codes as they stand: right and zeros, or left and blanks, by the field's kind.
 * ERR_RANGE when they do not fit. */
int record_put_code(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                    struct str code) WARN_UNUSED;
/* The field without blanks at its end. */
struct str record_code(const struct fixed_record *r, const char *bytes, const char *id);
void record_add(struct text *out, const struct fixed_record *r, const char *bytes,
                enum record_ends ends);

#endif
