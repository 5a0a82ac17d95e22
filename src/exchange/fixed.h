/*
 * fixed: records of fixed length in bytes, described by a table. Part of exchange.h.
 *
 * A table says of every byte what it is: digits (right, zeros), half-width characters of JIS X 0201
 * (left, blanks), kanji of JIS X 0208 in two bytes each between shift codes, or not established.
 * What is not established is never filled in: it is blank in a record we make, and stays as it came
 * in one that we give back.
 */
#ifndef EXCHANGE_FIXED_H
#define EXCHANGE_FIXED_H

#include "base/base.h"

enum fixed_kind { FIXED_DIGITS, FIXED_HALF, FIXED_KANJI, FIXED_SHIFT, FIXED_UNSET };
struct fixed_field {
    struct str id; /* "-": a filler */
    struct str label;
    struct str value; /* what it always is; shift codes in hex; else empty */
    size_t at, n;     /* bytes */
    enum fixed_kind kind;
    char status; /* V verified, P one source, M from memory, D our own, - not established */
};
struct fixed_record {
    struct str name;
    size_t length;
    const struct fixed_field *fields; /* in their order, without gaps */
    size_t n;
};
struct fixed_layout {
    const struct fixed_record *records;
    size_t n;
};
/* One line a field: record, offset, length, kind (N C K S U), id, value or "-", status, name.
 * Fields that overlap or leave a gap are refused. Memory of `a`; texts point into the table. */
int fixed_layout_read(struct context *cx, struct arena *a, const char *name, struct str tsv,
                      struct fixed_layout *out) WARN_UNUSED;
/* Asserts that there is one. */
const struct fixed_record *fixed_record_of(const struct fixed_layout *l, const char *name);

/* A new record: blanks, zeros, constants. NULL: no memory. */
char *fixed_new(struct arena *a, const struct fixed_record *r);
/* ERR_RANGE when the digits do not suffice; a field that is not established is refused. */
int fixed_put_number(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                     int64_t value) WARN_UNUSED;
int fixed_put_day(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                  struct ymd day) WARN_UNUSED; /* none: zeros */
/* UTF-8 into half-width or kanji. What does not fit is cut; a character that the set lacks becomes
 * its usual form, else a mark; *lost counts both and may be NULL. */
int fixed_put_text(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                   struct str utf8, int *lost) WARN_UNUSED;

struct str fixed_raw(const struct fixed_record *r, const char *bytes, const char *id);
/* False: not digits. */
bool fixed_number(const struct fixed_record *r, const char *bytes, const char *id, int64_t *out);
/* Zeros: YMD_NONE; false: no day. */
bool fixed_day(const struct fixed_record *r, const char *bytes, const char *id, struct ymd *out);
int fixed_text(struct context *cx, const struct fixed_record *r, const char *bytes, const char *id,
               struct str *utf8) WARN_UNUSED;

/* The first field from number `from` on that is not what the table says: its number and a message
 * id, -1 when all are right. */
int fixed_wrong(struct context *cx, const struct fixed_record *r, const char *bytes, size_t from,
                const char **reason) WARN_UNUSED;

#endif
