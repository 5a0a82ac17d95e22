#include "law/parse.h"

#include <string.h>

const struct token *parse_peek(const struct parser *p)
{
    return &p->token[p->at];
}

const struct token *parse_next(struct parser *p)
{
    const struct token *t = &p->token[p->at];
    if (t->kind != TOKEN_END)
        p->at++;
    return t;
}

bool parse_is_word(const struct parser *p, const char *word)
{
    const struct token *t = parse_peek(p);
    return t->kind == TOKEN_WORD && str_is(t->text, word);
}

bool parse_take_word(struct parser *p, const char *word)
{
    if (!parse_is_word(p, word))
        return false;
    p->at++;
    return true;
}

bool parse_is_sign(const struct parser *p, int sign)
{
    const struct token *t = parse_peek(p);
    return t->kind == TOKEN_SIGN && t->sign == sign;
}

bool parse_take_sign(struct parser *p, int sign)
{
    if (!parse_is_sign(p, sign))
        return false;
    p->at++;
    return true;
}

int parse_expected(struct parser *p, const char *wanted)
{
    const struct token *t = parse_peek(p);
    if (t->kind == TOKEN_END)
        return law_fail_at(p->cx, p->r, t->at, "law.parse.end", "expected=%s", wanted);
    return law_fail_at(p->cx, p->r, t->at, "law.parse.expected", "expected=%s got=" STR_FMT, wanted,
                       STR_ARG(t->text));
}

int parse_want_sign(struct parser *p, int sign)
{
    char wanted[3] = {(char)(sign & 0xFF), (char)(sign >> 8), '\0'};
    return parse_take_sign(p, sign) ? OK : parse_expected(p, wanted);
}

int parse_want_word(struct parser *p, const char *word)
{
    return parse_take_word(p, word) ? OK : parse_expected(p, word);
}

int parse_want_text(struct parser *p, struct str *out)
{
    if (parse_peek(p)->kind != TOKEN_TEXT)
        return parse_expected(p, "\"...\"");
    *out = parse_next(p)->text;
    return OK;
}

bool law_is_keyword(struct str word)
{
    static const char *const words[] = {
        "規則",   "選択",     "範囲",   "事実", "値",   "定め", "定義",   "目的",
        "例",     "根拠",     "自治体", "広域", "所属", "上",   "区分け", "各",
        "既定",   "出所",     "未確認", "場合", "なら", "他",   "かつ",   "または",
        "でない", "なければ", "のうち", "年度", "前提", "結果", "はい",   "いいえ",
        "なし",   "未定",     "未到来", "全月", "無月", "以下", "未満",
    };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

int parse_want_name(struct parser *p, struct str *out)
{
    const struct token *t = parse_peek(p);
    if (t->kind != TOKEN_WORD || law_is_keyword(t->text))
        return parse_expected(p, "NAME");
    *out = parse_next(p)->text;
    return OK;
}

bool parse_at_statement(const struct parser *p)
{
    static const char *const words[] = {"規則", "選択", "範囲", "事実", "値",
                                        "定め", "定義", "目的", "例"};
    const struct token *t = parse_peek(p);
    if (t->kind == TOKEN_END)
        return true;
    for (size_t i = 0; t->kind == TOKEN_WORD && i < sizeof words / sizeof words[0]; i++)
        if (str_is(t->text, words[i]))
            return true;
    return false;
}

struct str parse_written(const struct parser *p, const struct token *from)
{
    if (&p->token[p->at] == from)
        return STR_NONE;
    const struct token *last = &p->token[p->at - 1];
    const char *end = last->text.p + last->text.n + (last->kind == TOKEN_TEXT ? 1 : 0);
    const char *start = from->text.p - (from->kind == TOKEN_TEXT ? 1 : 0);
    return (struct str){start, (size_t)(end - start)};
}

int law_grow(struct context *cx, void *array, size_t n, size_t size)
{
    enum { FIRST = 4 };
    if (n != 0 && (n < FIRST || (n & (n - 1)) != 0))
        return OK;
    void *old, *more = arena_array(cx->arena, n == 0 ? FIRST : n * 2, size);
    if (!more)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    memcpy(&old, array, sizeof old);
    if (n > 0)
        memcpy(more, old, n * size);
    memcpy(array, &more, sizeof more);
    return OK;
}
