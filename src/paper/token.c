/* One line of a layout as words, numbers, strings and key=value. */
#include "paper/layout.h"

int layout_error(struct context *cx, const struct form *f, int line, int column,
                 const char *message)
{
    fail(cx, ERR_SYNTAX, message, NULL);
    char file[200];
    struct str name = f->file;
    size_t n = name.n < sizeof file - 1 ? name.n : sizeof file - 1;
    for (size_t i = 0; i < n; i++)
        file[i] = name.p[i];
    file[n] = '\0';
    return fail_where(cx, file, line, column, NULL);
}

struct cursor {
    struct context *cx;
    struct form *f;
    struct str rest; /* of the line */
    int line;
    int column;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static void step(struct cursor *c)
{
    if (((unsigned char)c->rest.p[0] & 0xC0) != 0x80)
        c->column++;
    c->rest.p++;
    c->rest.n--;
}

static bool at(const struct cursor *c, char wanted)
{
    return c->rest.n > 0 && c->rest.p[0] == wanted;
}

static int add_escaped(struct cursor *c, struct text *out)
{
    step(c);
    if (c->rest.n == 0)
        return layout_error(c->cx, c->f, c->line, c->column, "paper.layout.string");
    char escaped = c->rest.p[0];
    if (escaped != 'n' && escaped != '"' && escaped != '\\')
        return layout_error(c->cx, c->f, c->line, c->column, "paper.layout.escape");
    text_addc(out, escaped == 'n' ? '\n' : escaped);
    step(c);
    return OK;
}

/* From the opening quote to behind the closing one. */
static int read_string(struct cursor *c, struct str *out)
{
    int start = c->column;
    int r = OK;
    struct text t;
    text_init(&t, 16384);
    step(c);
    while (r == OK && c->rest.n > 0 && c->rest.p[0] != '"') {
        if (c->rest.p[0] == '\\') {
            r = add_escaped(c, &t);
        } else {
            text_addc(&t, c->rest.p[0]);
            step(c);
        }
    }
    if (r == OK && c->rest.n == 0)
        r = layout_error(c->cx, c->f, c->line, start, "paper.layout.string");
    if (r == OK) {
        step(c);
        *out = str_copy(&c->f->arena, text_str(&t));
        if (t.failed || !out->p)
            r = fail(c->cx, ERR_MEMORY, "base.memory", NULL);
    }
    text_release(&t);
    return r;
}

static struct str read_bare(struct cursor *c, bool stop_at_equals)
{
    struct str s = {c->rest.p, 0};
    while (c->rest.n > 0 && !is_blank(c->rest.p[0]) && !at(c, '"') &&
           !(stop_at_equals && at(c, '='))) {
        step(c);
        s.n++;
    }
    return s;
}

static int read_token(struct cursor *c, struct token *t)
{
    *t = (struct token){.column = c->column};
    if (at(c, '"')) {
        t->kind = TOKEN_STRING;
        return read_string(c, &t->text);
    }
    t->text = read_bare(c, true);
    if (!at(c, '=')) {
        double unused;
        t->kind = number_read(t->text, &unused) ? TOKEN_NUMBER : TOKEN_WORD;
        return at(c, '"') ? layout_error(c->cx, c->f, c->line, c->column, "paper.layout.blank")
                          : OK;
    }
    t->kind = TOKEN_PAIR;
    step(c);
    t->quoted = at(c, '"');
    if (t->quoted)
        return read_string(c, &t->value);
    t->value = read_bare(c, false);
    if (t->text.n == 0 || t->value.n == 0)
        return layout_error(c->cx, c->f, c->line, t->column, "paper.layout.pair");
    return OK;
}

static int read_tokens(struct cursor *c, struct token_line *out)
{
    for (;;) {
        while (c->rest.n > 0 && is_blank(c->rest.p[0]))
            step(c);
        if (c->rest.n == 0 || at(c, '#'))
            break;
        if (out->n == MAX_TOKENS)
            return layout_error(c->cx, c->f, c->line, c->column, "paper.layout.long");
        int r = read_token(c, &out->tokens[out->n]);
        if (r < 0)
            return r;
        out->n++;
        if (c->rest.n > 0 && !is_blank(c->rest.p[0]))
            return layout_error(c->cx, c->f, c->line, c->column, "paper.layout.blank");
    }
    out->end_column = c->column;
    return OK;
}

int token_line_next(struct context *cx, struct form *f, struct str *rest, struct token_line *out)
{
    out->n = 0;
    while (out->n == 0) {
        if (rest->n == 0)
            return 0;
        struct str line = str_cut(rest, '\n');
        out->line++;
        if (line.n > 0 && line.p[line.n - 1] == '\r')
            line.n--;
        if (!utf8_valid(line))
            return layout_error(cx, f, out->line, 1, "paper.layout.utf8");
        struct cursor c = {cx, f, line, out->line, 1};
        int r = read_tokens(&c, out);
        if (r < 0)
            return r;
    }
    return 1;
}
