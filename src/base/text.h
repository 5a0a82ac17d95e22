/*
 * text: str is a borrowed run of bytes (UTF-8 unless said otherwise, not NUL-terminated);
 * text is a growable buffer that states its maximum. p == NULL in a str means "no value" (NULL).
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/error.h"
#include "base/memory.h"

struct str {
    const char *p;
    size_t n;
};
#define STR(literal) ((struct str){(literal), sizeof(literal) - 1})
#define STR_NONE     ((struct str){NULL, 0})
#define STR_FMT      "%.*s"
#define STR_ARG(s)   (int)(s).n, (s).p ? (s).p : ""

struct str str_of(const char *c_string); /* NULL gives STR_NONE */
/* The sentence of a message id; the id itself when it is unknown. */
struct str message_words(const char *id);
struct str str_or_empty(struct str s); /* "" for no value */
bool str_equal(struct str a, struct str b);
bool str_is(struct str a, const char *c_string);
int str_compare(struct str a, struct str b); /* memcmp order */
bool str_starts(struct str s, struct str prefix);
struct str str_trim(struct str s); /* ASCII white space and U+3000 at both ends */
/* Splits at the first separator: returns the part before it and moves *rest behind it. */
struct str str_cut(struct str *rest, char separator);
/* Copies; the result is NUL-terminated as well. NULL p when out of memory. */
struct str str_copy(struct arena *a, struct str s);
char *str_c(struct arena *a, struct str s);
struct str str_format(struct arena *a, const char *format, ...) PRINTF_LIKE(2, 3);
/* Whole string must be a number; false otherwise or on overflow. */
bool str_to_int(struct str s, int64_t *out);

struct text {
    char *p; /* NUL-terminated when n > 0 or cap > 0 */
    size_t n;
    size_t cap;
    size_t maximum;
    bool failed; /* sticky: an append did not fit or memory ran out; check once at the end */
};
/* maximum > 0, in bytes; nothing is allocated before the first append. */
void text_init(struct text *t, size_t maximum);
void text_release(struct text *t);
void text_clear(struct text *t); /* empty and not failed; keeps the memory */
/* All appends return 0 or ERR_MEMORY and set failed; ignoring the result is allowed. */
int text_add(struct text *t, struct str s);
int text_adds(struct text *t, const char *c_string);
int text_addc(struct text *t, char c);
int text_add_int(struct text *t, int64_t n); /* "%lld" */
int text_addf(struct text *t, const char *format, ...) PRINTF_LIKE(2, 3);
struct str text_str(const struct text *t); /* p is never NULL */

/* UTF-8. */
bool utf8_valid(struct str s);
/* Decodes one code point and moves *s behind it; returns -1 on a bad sequence, -2 at the end. */
int32_t utf8_next(struct str *s);
int utf8_add(struct text *t, int32_t code_point);
size_t utf8_length(struct str s); /* code points */

#endif
