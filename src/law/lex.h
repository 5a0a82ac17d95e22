/*
 * lex: a rule text as tokens with their places. ASCII spaces and operators only; a full-width
 * digit, bracket or space outside a quoted text is an error that says what to type instead.
 */
#ifndef LAW_LEX_H
#define LAW_LEX_H

#include "law/tree.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* a name or keyword */
    TOKEN_NUMBER, /* value: with its unit */
    TOKEN_DATE,
    TOKEN_TEXT, /* "..." without the quotes */
    TOKEN_YEAR, /* 令和8年度 ; from: 令和8年度から */
    TOKEN_SIGN  /* ( ) [ ] { } , : ; . = < > <= >= <> + - * / */
};

struct token {
    enum token_kind kind;
    struct place at;
    struct str text; /* as written */
    struct law_value value;
    bool has_unit; /* a number written with 円, % or 月 */
    bool from;
    int sign; /* one or two characters: '(' or '<' + 256 * '=' */
};

#define SIGN2(a, b) ((a) + 256 * (b))

/* All tokens of text number `which` of the set, TOKEN_END last. */
int law_lex(struct context *cx, const struct ruleset *r, size_t which, struct token **out,
            size_t *n);

#endif
