/*
 * encoding: UTF-8 <-> CP932 <-> JIS X 0201 with a report of what could not be carried over.
 * Canonical CP932 codes as in test/data/vectors/cp932.tsv (髙=FBFC). A character that the target
 * lacks is replaced by what the substitution table names (one row in the loss report), or refused.
 * Private use characters (gaiji) mean something else at every city: they are decoded from CP932 as
 * they came, and lost on the way out. JIS X 0201: 5C is the yen sign and 7E the overline;
 * full-width letters and katakana become half-width ones as substitutes. A BOM before UTF-8 is
 * dropped.
 */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/text.h"

enum encoding { ENC_UTF8, ENC_CP932, ENC_JISX0201 };
enum lossy {
    LOSS_REFUSE,     /* the first character the target lacks is an error */
    LOSS_SUBSTITUTE, /* the substitute where the table names one, an error otherwise */
    LOSS_MARK        /* as LOSS_SUBSTITUTE, and 〓 (JIS X 0201: ?) where the table has none */
};
struct loss {
    size_t offset; /* in the input, bytes */
    int32_t code_point;
    int32_t replaced_by; /* the first character of what stands for it; 0: dropped or refused */
};
struct loss_report {
    struct loss rows[64];
    size_t n;     /* rows filled */
    size_t total; /* losses seen, may exceed n */
};
/* Appends the converted bytes; out is as before when it fails. ERR_INVALID says the code point and
 * the offset of the first character refused. report may be NULL; the rows of a call that fails are
 * kept, the refused character the last of them. */
int encode(struct context *cx, struct str utf8, enum encoding to, enum lossy how,
           struct loss_report *report, struct text *out) WARN_UNUSED;
/* ERR_INVALID says the offset of the first byte that stands for nothing: half a character at the
 * end is base.encoding.half. */
int decode(struct context *cx, struct str bytes, enum encoding from, struct text *out) WARN_UNUSED;

#endif
