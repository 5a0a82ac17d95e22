#include "law/lex.h"

#include <string.h>

enum { AHEAD = 4 };

struct lexer {
    struct context *cx;
    const struct ruleset *r;
    struct str rest;
    struct place at;
    struct token *token;
    size_t n;
    size_t cap;
    char ascii[2]; /* what to type instead of a full-width character */
};

static int lex_fail(struct lexer *l, const char *message, struct str got, const char *instead)
{
    return law_fail_at(l->cx, l->r, l->at, message, "got=" STR_FMT " instead=%s", STR_ARG(got),
                       instead);
}

/* Moves over n bytes that hold no line end. */
static void skip(struct lexer *l, size_t bytes)
{
    l->at.column = (uint16_t)(l->at.column + utf8_length((struct str){l->rest.p, bytes}));
    l->rest.p += bytes;
    l->rest.n -= bytes;
}

static int32_t peek(struct lexer *l, size_t *bytes)
{
    struct str s = l->rest;
    int32_t c = utf8_next(&s);
    *bytes = l->rest.n - s.n;
    return c;
}

static bool is_digit(int32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(int32_t c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= 0x3005 && c <= 0x3007) ||
           (c >= 0x3041 && c <= 0x3096) || (c >= 0x30A1 && c <= 0x30FC) ||
           (c >= 0x3400 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x3FFFF);
}

/* Signs that look right on a Japanese keyboard but are not the language's. */
static const char *ascii_for(struct lexer *l, int32_t c)
{
    static const struct {
        int32_t wide;
        const char *ascii;
    } signs[] = {
        {0x3000, " "},  {0x3001, ","},  {0x3002, "."},  {0x00D7, "*"},
        {0x00F7, "/"},  {0x2266, "<="}, {0x2267, ">="}, {0x2264, "<="},
        {0x2265, ">="}, {0x2260, "<>"}, {0x201C, "\""}, {0x201D, "\""},
        {0x2212, "-"},  {0x300C, "\""}, {0x300D, "\""}, {0xFF65, "・"},
    };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (signs[i].wide == c)
            return signs[i].ascii;
    if (c >= 0xFF01 && c <= 0xFF5E) {
        l->ascii[0] = (char)(c - 0xFF01 + '!');
        return l->ascii;
    }
    return NULL;
}

static int push(struct lexer *l, struct token t)
{
    if (l->n == l->cap) {
        size_t cap = l->cap ? l->cap * 2 : 512;
        struct token *more =
            cap > 2 * TOKENS_MAX ? NULL : ARENA_ARRAY(l->cx->arena, cap, struct token);
        if (!more)
            return fail(l->cx, ERR_MEMORY, "law.memory", "tokens=%zu", l->n);
        if (l->n > 0)
            memcpy(more, l->token, l->n * sizeof *more);
        l->token = more;
        l->cap = cap;
    }
    l->token[l->n++] = t;
    return OK;
}

static size_t digits_length(struct str s, bool grouped)
{
    size_t n = 0;
    while (n < s.n && (is_digit(s.p[n]) || (grouped && n > 0 && s.p[n] == '_')))
        n++;
    return n;
}

/* 2026-04-01 */
static bool date_ahead(struct str s, struct ymd *d)
{
    if (s.n < 10 || s.p[4] != '-' || s.p[7] != '-' || digits_length(s, false) != 4)
        return false;
    return ymd_parse((struct str){s.p, 10}, d) || (*d = YMD_NONE, true);
}

static int lex_date(struct lexer *l, struct ymd d)
{
    struct token t = {.kind = TOKEN_DATE, .at = l->at, .text = {l->rest.p, 10}, .has_unit = true};
    if (ymd_is_none(d))
        return lex_fail(l, "law.lex.date", t.text, "YYYY-MM-DD");
    t.value = (struct law_value){.type = LAW_DATE, .num = d.day, .den = 1};
    skip(l, 10);
    return push(l, t);
}

/* Digits with _ between them, at most 15, and up to 9 decimals. */
static bool number_value(struct str digits, struct str decimals, struct law_value *v)
{
    int64_t num = 0, den = 1;
    for (size_t i = 0; i < digits.n; i++) {
        if (digits.p[i] == '_')
            continue;
        num = num * 10 + (digits.p[i] - '0');
        if (num >= YEN_LIMIT)
            return false;
    }
    if (decimals.n > 9)
        return false;
    for (size_t i = 0; i < decimals.n; i++, den *= 10)
        if (__builtin_mul_overflow(num, 10, &num) || (num += decimals.p[i] - '0') >= YEN_LIMIT)
            return false;
    struct ratio reduced = ratio_of(num, den);
    *v = (struct law_value){.type = LAW_COUNT, .num = reduced.num, .den = reduced.den};
    return true;
}

static void number_unit(struct lexer *l, struct token *t)
{
    static const struct {
        const char *unit;
        enum law_type type;
    } units[] = {{"円", LAW_YEN}, {"%", LAW_RATIO}, {"月", LAW_MONTH}};
    for (size_t i = 0; i < 3; i++) {
        if (!str_starts(l->rest, str_of(units[i].unit)))
            continue;
        t->value.type = units[i].type;
        t->has_unit = true;
        skip(l, strlen(units[i].unit));
        break;
    }
    if (t->value.type == LAW_RATIO) {
        struct ratio reduced = ratio_of(t->value.num, t->value.den * 100);
        t->value.num = reduced.num;
        t->value.den = reduced.den;
    } else if (t->value.type == LAW_COUNT && t->value.den != 1) {
        t->value.type = LAW_RATIO; /* 2.8 */
    }
}

static int lex_number(struct lexer *l)
{
    struct ymd d;
    if (date_ahead(l->rest, &d))
        return lex_date(l, d);
    struct token t = {.kind = TOKEN_NUMBER, .at = l->at, .text = l->rest};
    const char *start = l->rest.p;
    struct str digits = {l->rest.p, digits_length(l->rest, true)}, decimals = STR_NONE;
    skip(l, digits.n);
    if (l->rest.n > 1 && l->rest.p[0] == '.' && is_digit(l->rest.p[1])) {
        skip(l, 1);
        decimals = (struct str){l->rest.p, digits_length(l->rest, false)};
        skip(l, decimals.n);
    }
    t.text.n = (size_t)(l->rest.p - start);
    if (!number_value(digits, decimals, &t.value)) {
        l->at = t.at;
        return lex_fail(l, "law.lex.number", t.text, "999_999_999_999_999");
    }
    number_unit(l, &t);
    t.text.n = (size_t)(l->rest.p - start);
    if (t.value.type == LAW_MONTH) {
        if (t.value.num < 1 || t.value.num > 12 || t.value.den != 1)
            return law_fail_at(l->cx, l->r, t.at, "law.lex.month", "got=" STR_FMT, STR_ARG(t.text));
        t.value.num = (t.value.num + 8) % 12;
    }
    return push(l, t);
}

/* 令和8年度, 平成26年度から, 令和元年度 */
static bool year_word(struct str word, int *year, bool *from)
{
    static const struct {
        const char *era;
        int before;
    } eras[] = {{"平成", 1988}, {"令和", 2018}};
    for (size_t i = 0; i < 2; i++) {
        struct str s = word, era = str_of(eras[i].era);
        if (!str_starts(s, era))
            continue;
        s.p += era.n;
        s.n -= era.n;
        int64_t n = 1;
        size_t digits = digits_length(s, false);
        if (digits == 0 && str_starts(s, STR("元")))
            digits = strlen("元");
        else if (digits == 0 || digits > 2 || !str_to_int((struct str){s.p, digits}, &n) || n < 1)
            return false;
        s.p += digits;
        s.n -= digits;
        *from = str_is(s, "年度から");
        *year = eras[i].before + (int)n;
        return *from || str_is(s, "年度");
    }
    return false;
}

static int lex_word(struct lexer *l)
{
    struct token t = {.kind = TOKEN_WORD, .at = l->at, .text = {l->rest.p, 0}};
    size_t bytes;
    int year;
    while (l->rest.n > 0) {
        int32_t c = peek(l, &bytes);
        if (!is_letter(c) && !is_digit(c))
            break;
        skip(l, bytes);
        t.text.n += bytes;
    }
    if (year_word(t.text, &year, &t.from)) {
        t.kind = TOKEN_YEAR;
        t.value = (struct law_value){.type = LAW_COUNT, .num = year, .den = 1};
    }
    return push(l, t);
}

static int lex_text(struct lexer *l)
{
    struct token t = {.kind = TOKEN_TEXT, .at = l->at};
    skip(l, 1);
    const char *end = l->rest.n ? memchr(l->rest.p, '"', l->rest.n) : NULL;
    const char *line = l->rest.n ? memchr(l->rest.p, '\n', l->rest.n) : NULL;
    if (!end || (line && line < end)) {
        l->at = t.at;
        return lex_fail(l, "law.lex.text", STR("\""), "\"...\"");
    }
    t.text = (struct str){l->rest.p, (size_t)(end - l->rest.p)};
    skip(l, t.text.n + 1);
    return push(l, t);
}

static int lex_sign(struct lexer *l, int32_t c, size_t bytes)
{
    struct token t = {.kind = TOKEN_SIGN, .at = l->at, .text = {l->rest.p, 1}};
    const char *ascii = ascii_for(l, c);
    if (ascii)
        return lex_fail(l, "law.lex.fullwidth", (struct str){l->rest.p, bytes}, ascii);
    if (c <= 0 || c > 0x7E || !memchr("()[]{},:;.=<>+-*/", c, 17))
        return lex_fail(l, "law.lex.sign", (struct str){l->rest.p, bytes},
                        "( ) [ ] { } , : ; = < > + - * /");
    t.sign = c;
    if (l->rest.n > 1 && ((c == '<' && (l->rest.p[1] == '=' || l->rest.p[1] == '>')) ||
                          (c == '>' && l->rest.p[1] == '='))) {
        t.sign = SIGN2(c, l->rest.p[1]);
        t.text.n = 2;
    }
    skip(l, t.text.n);
    return push(l, t);
}

/* Blanks, line ends and comments. */
static void skip_blank(struct lexer *l)
{
    while (l->rest.n > 0) {
        char c = l->rest.p[0];
        if (c == '\n') {
            l->rest.p++;
            l->rest.n--;
            l->at.line++;
            l->at.column = 1;
        } else if (c == ' ' || c == '\t' || c == '\r') {
            skip(l, 1);
        } else if (c == '#') {
            const char *end = memchr(l->rest.p, '\n', l->rest.n);
            skip(l, end ? (size_t)(end - l->rest.p) : l->rest.n);
        } else {
            return;
        }
    }
}

static int lex_one(struct lexer *l)
{
    size_t bytes;
    int32_t c = peek(l, &bytes);
    if (is_digit(c))
        return lex_number(l);
    if (is_letter(c))
        return lex_word(l);
    if (c == '"')
        return lex_text(l);
    return lex_sign(l, c, bytes);
}

int law_lex(struct context *cx, const struct ruleset *r, size_t which, struct token **out,
            size_t *n)
{
    struct str text = r->text[which].text;
    struct lexer l = {.cx = cx, .r = r, .rest = text, .at = {(uint16_t)which, 1, 1}};
    if (text.n > TEXT_MAX)
        return law_fail_at(cx, r, l.at, "law.lex.size", "bytes=%zu maximum=%d", text.n, TEXT_MAX);
    if (!utf8_valid(text))
        return law_fail_at(cx, r, l.at, "law.lex.utf8", NULL);
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        l.rest = (struct str){text.p + 3, text.n - 3};
    for (skip_blank(&l); l.rest.n > 0; skip_blank(&l)) {
        if (l.n >= TOKENS_MAX)
            return law_fail_at(cx, r, l.at, "law.lex.size", "tokens=%d", TOKENS_MAX);
        int status = lex_one(&l);
        if (status < 0)
            return status;
    }
    int status = OK;
    *n = l.n + 1;
    for (int i = 0; i < AHEAD && status == OK; i++) /* looking ahead never leaves the array */
        status = push(&l, (struct token){.kind = TOKEN_END, .at = l.at, .text = STR("")});
    *out = l.token;
    return status;
}
