/*
 * encoding: UTF-8 <-> CP932 <-> JIS X 0201 with a report of what could not be carried over.
 * Canonical CP932 codes as in test/data/vectors/cp932.tsv (髙=FBFC). A character that the target
 * lacks is replaced by what the substitution table names (one row in the loss report), or refused.
 */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/text.h"

enum encoding { ENC_UTF8, ENC_CP932, ENC_JISX0201 };
enum lossy { LOSS_REFUSE, LOSS_SUBSTITUTE };
struct loss {
    size_t offset; /* in the input, bytes */
    int32_t code_point;
    int32_t replaced_by; /* 0: nothing, refused */
};
struct loss_report {
    struct loss rows[64];
    size_t n;     /* rows filled */
    size_t total; /* losses seen, may exceed n */
};
/* Appends the converted bytes. ERR_INVALID with code point and offset in the error otherwise. */
int encode(struct context *cx, struct str utf8, enum encoding to, enum lossy how,
           struct loss_report *report, struct text *out) WARN_UNUSED;
int decode(struct context *cx, struct str bytes, enum encoding from, struct text *out) WARN_UNUSED;

#endif
