/*
 * parse: tokens to declarations and expressions. Names inside expressions stay unresolved; check.c
 * resolves and types them once every text of the set is read.
 */
#ifndef LAW_PARSE_H
#define LAW_PARSE_H

#include "law/lex.h"

struct parser {
    struct context *cx;
    struct ruleset *r;
    const struct token *token;
    size_t at;
    int layer;
    int depth;
};

/* Reads text number `which` into the set. */
int parse_text(struct context *cx, struct ruleset *r, size_t which);

/* parse_expression.c */
int parse_expression(struct parser *p, struct expr **out);
/* A literal: number with unit, date, choice word, はい いいえ なし 未定 未到来 全月 無月. */
int parse_value(struct parser *p, struct expr **out);
int parse_reference(struct parser *p, struct expr **out);

/* cursor.c: moving over the tokens */
const struct token *parse_peek(const struct parser *p);
const struct token *parse_next(struct parser *p);
bool parse_is_word(const struct parser *p, const char *word);
bool parse_take_word(struct parser *p, const char *word);
bool parse_is_sign(const struct parser *p, int sign);
bool parse_take_sign(struct parser *p, int sign);
int parse_want_sign(struct parser *p, int sign);
int parse_want_word(struct parser *p, const char *word);
int parse_want_name(struct parser *p, struct str *out);
int parse_want_text(struct parser *p, struct str *out);
int parse_expected(struct parser *p, const char *wanted);
/* True when the next token starts a statement or ends the text. */
bool parse_at_statement(const struct parser *p);
/* The text as written from a token to the last one consumed. */
struct str parse_written(const struct parser *p, const struct token *from);
bool law_is_keyword(struct str word);

/* A growing array in the arena: room for element n (0-based) of `size` bytes. */
int law_grow(struct context *cx, void *array, size_t n, size_t size);
/* Enters a name; ERR_INVALID when it is there already. */
int law_symbol_add(struct context *cx, struct ruleset *r, struct symbol s, struct place at);

/* parse_case.c */
int parse_case(struct parser *p);
/* parse_item.c */
int parse_fact(struct parser *p);
int parse_parameter(struct parser *p);
int parse_setting(struct parser *p);
int parse_definition(struct parser *p);

#endif
