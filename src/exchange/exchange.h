/*
 * exchange: outside file formats. Knows records and fields, never a desk.
 *
 * CSV as the standard for municipal systems has it (RFC 4180, UTF-8, header row; CRLF or LF, a BOM
 * is skipped, the last line may lack its end). Reading is strict about quotes and characters and
 * goes on at the next line after a bad one, so that one run names every bad line.
 */
#ifndef EXCHANGE_EXCHANGE_H
#define EXCHANGE_EXCHANGE_H

#include "base/base.h"

/* --- CSV records ---------------------------------------------------------------------------- */

#define CSV_FIELDS_MAX      128
#define CSV_FIELD_BYTES_MAX 4096

struct csv_reader {
    struct str rest;
    int64_t line; /* of the record read last, from 1 */
    int64_t next_line;
    struct str fields[CSV_FIELDS_MAX]; /* good until the next record is read */
    size_t n;
    struct text quoted;            /* unquoted fields of this record that had quotes */
    size_t starts[CSV_FIELDS_MAX]; /* where they begin in it */
};
void csv_open(struct csv_reader *r, struct str bytes);
void csv_close(struct csv_reader *r);
/* 1 a record, 0 the end, ERR_SYNTAX: this line is none (error filled: message, line, column); the
 * next call goes on behind it. Blank lines are passed over. */
int csv_read(struct context *cx, struct csv_reader *r) WARN_UNUSED;

/* Appends a field, quoted where it must be; csv_end ends the record with CRLF. */
void csv_add(struct text *out, struct str field);
void csv_end(struct text *out);

/* --- columns ---------------------------------------------------------------------------------- */

enum column_kind { COLUMN_TEXT, COLUMN_KANA, COLUMN_DIGITS, COLUMN_DAY, COLUMN_YEN, COLUMN_CHOICE };
struct column {
    struct str name; /* of the header row */
    struct str id;   /* by which the program knows it: "birth" */
    enum column_kind kind;
    bool required;      /* the column must be there and hold a value */
    bool expected;      /* the column must be there; the value may be empty */
    int64_t maximum;    /* characters; digits: exactly that many, 0: any; yen: greatest value */
    struct str choices; /* "0|1|2" */
    struct str label;   /* what it means, for the description */
};
struct columns {
    struct column *rows;
    size_t n;
};
/* The description of a format: one line per column, tab-separated: header name, id, kind, "!" when
 * required, "+" when the column must be there and may be empty, or "-", maximum, choices or "-",
 * meaning. Lines beginning with # are passed over. */
int columns_read(struct context *cx, struct arena *a, const char *name, struct str tsv,
                 struct columns *out) WARN_UNUSED;
/* Position of an id; asserts that there is one. */
size_t column_of(const struct columns *c, const char *id);

/* A file of described columns that goes out: the header row, rows of which every column is empty
 * until it is put, and the control record with their number. Texts of a row live until it ends; the
 * caller keeps `out`. Closed (released) whatever opening said. */
struct csv_file {
    struct text *out;
    struct columns columns;
    struct str *values; /* of the row in hand, by column */
    struct arena texts;
    struct arena_mark row_begins;
    int64_t rows;
};
int csv_file_open(struct context *cx, struct csv_file *f, const char *name, struct str description,
                  struct text *out) WARN_UNUSED;
void csv_put(struct csv_file *f, const char *id, struct str value);
void csv_put_day(struct csv_file *f, const char *id, struct ymd d);     /* none: empty */
void csv_put_flag(struct csv_file *f, const char *id, bool value);      /* 1, 0 */
void csv_put_number(struct csv_file *f, const char *id, int64_t value); /* 0: empty */
void csv_file_row(struct csv_file *f);
int csv_file_close(struct context *cx, struct csv_file *f) WARN_UNUSED;

/* What is wrong with one field: message id; NULL: nothing. Empty fields are right unless required.
 */
const char *column_problem(const struct column *c, struct str value);

/* --- a whole file against its columns ------------------------------------------------------------
 */

struct table_problem {
    int64_t line;
    struct str field; /* header name; empty: the line as a whole */
    struct str value;
    const char *reason; /* message id */
};
struct table_row {
    int64_t line;
    const struct str *fields; /* by position in the columns; p NULL: absent or empty */
    bool is_bad;
};
/* "異動事由:move_in=3" of the control record: so many lines hold that choice. */
struct table_share {
    size_t column;
    struct str choice;
    int64_t announced;
    int64_t found; /* filled in at the end of the file, good and bad lines */
};
struct table {
    const struct columns *columns;
    struct table_row *rows;
    size_t n;
    struct table_problem *problems;
    size_t n_problems;   /* listed */
    size_t all_problems; /* seen */
    bool has_control;    /* a last record CONTROL,count,HEADER=sum,HEADER:CHOICE=lines,... */
    int64_t control_count;
    struct {
        bool is_given;
        int64_t sum;
    } control[CSV_FIELDS_MAX];  /* by column */
    struct table_share *shares; /* HEADER:VALUE=count of choice columns */
    size_t n_shares;
    int64_t sums[CSV_FIELDS_MAX];   /* of the yen columns, good and bad lines */
    int64_t filled[CSV_FIELDS_MAX]; /* lines that hold a value, by column */
};
#define TABLE_PROBLEMS_MAX 10000
#define TABLE_ROWS_MAX     2000000
/* Reads the whole text. Unknown and missing columns are problems of line 1, and then no row is
 * read. Memory of `a`; fields point into it or into the text. */
int table_read(struct context *cx, struct arena *a, const struct columns *columns, struct str bytes,
               struct table *out) WARN_UNUSED;
/* Adds a problem that only the desk can see and marks the row as bad. */
int table_problem(struct context *cx, struct arena *a, struct table *t, struct table_row *row,
                  size_t column, const char *reason) WARN_UNUSED;

/* --- names of the transfer system ------------------------------------------------------------- */

/* 口座名義, 受取人名: half-width kana without small ones and long vowel signs, capital letters,
 * digits, blank ( ) - . ; ERR_INVALID names the first character that has no such form (kanji are
 * refused, not read). */
int transfer_name(struct context *cx, struct text *out, struct str name) WARN_UNUSED;
/* The first characters (bytes of the record), never between a kana and its mark. */
struct str transfer_name_cut(struct str name, size_t characters);

/* SHA-256 in hex: what sha256sum prints. */
void sha256_hex(struct str bytes, char out[65]);

#include "exchange/fixed.h"
#include "exchange/receipts.h"
#include "exchange/records.h"
#include "exchange/zengin.h"

#endif
