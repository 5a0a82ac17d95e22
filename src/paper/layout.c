/* Reading a layout: lines of the text become styles, blocks, pages and elements. */
#include "paper/layout.h"

#include <string.h>

struct reader {
    struct context *cx;
    struct form *f;
    struct str rest;
    struct token_line line;
    int next; /* token to read */
    struct part *part;
    int depth;
};
enum { MAX_DEPTH = 6, MAX_ELEMENTS = 4000 };

static int error_at(struct reader *r, const char *message)
{
    int column = r->next < r->line.n ? r->line.tokens[r->next].column : r->line.end_column;
    return layout_error(r->cx, r->f, r->line.line, column, message);
}

static int no_memory(struct reader *r)
{
    return fail(r->cx, ERR_MEMORY, "base.memory", NULL);
}

/* Doubles an array that lives in the form's arena. */
static void *grow(struct reader *r, void *old, size_t n, size_t *capacity, size_t size)
{
    if (n < *capacity)
        return old;
    size_t larger = *capacity ? *capacity * 2 : 8;
    void *p = arena_array(&r->f->arena, larger, size);
    if (!p) {
        (void)no_memory(r);
        return NULL;
    }
    if (n > 0)
        memcpy(p, old, n * size);
    *capacity = larger;
    return p;
}

static const struct token *take(struct reader *r, enum token_kind kind)
{
    if (r->next >= r->line.n || r->line.tokens[r->next].kind != kind)
        return NULL;
    return &r->line.tokens[r->next++];
}

static int take_word(struct reader *r, struct str *out)
{
    const struct token *t = take(r, TOKEN_WORD);
    if (!t)
        return error_at(r, "paper.layout.word");
    *out = t->text;
    return OK;
}

static int take_lengths(struct reader *r, double **out, int n)
{
    for (int i = 0; i < n; i++) {
        const struct token *t = take(r, TOKEN_NUMBER);
        if (!t)
            return error_at(r, "paper.layout.number");
        number_read(t->text, out[i]);
        *out[i] *= POINTS_PER_MM;
    }
    return OK;
}

static int take_end(struct reader *r)
{
    return r->next == r->line.n ? OK : error_at(r, "paper.layout.extra");
}

static int take_attributes(struct reader *r, struct element *e)
{
    const struct token *t;
    while ((t = take(r, TOKEN_PAIR)) != NULL) {
        int status = attribute_read(r->cx, r->f, r->line.line, t, e);
        if (status < 0)
            return status;
    }
    return take_end(r);
}

static int take_content(struct reader *r, struct content *out)
{
    const struct token *t = take(r, TOKEN_STRING);
    if (!t)
        return error_at(r, "paper.layout.text");
    int status = content_read(r->cx, r->f, t->text, out);
    if (status == ERR_SYNTAX)
        return fail_where(r->cx, str_c(&r->f->arena, r->f->file), r->line.line, t->column, NULL);
    return status;
}

static struct style plain_style(void)
{
    return (struct style){.family = FAMILY_MINCHO, .size = 9, .condense = 100, .lines = 1,
                          .leading = 1.35};
}

static struct element *add_element(struct reader *r, enum element_kind kind)
{
    struct part *p = r->part;
    if (p->n >= MAX_ELEMENTS) {
        (void)error_at(r, "paper.layout.many");
        return NULL;
    }
    p->elements = grow(r, p->elements, p->n, &p->capacity, sizeof *p->elements);
    if (!p->elements) {
        p->n = p->capacity = 0;
        return NULL;
    }
    struct element *e = &p->elements[p->n++];
    *e = (struct element){.kind = kind, .line = r->line.line,
                          .column = r->line.tokens[0].column, .width = 0.1 * POINTS_PER_MM};
    e->style = r->f->n_styles > 0 ? r->f->styles[0] : plain_style();
    return e;
}

/* Every element that has a place and perhaps contents. */
static int read_placed(struct reader *r, enum element_kind kind, int contents)
{
    struct element *e = add_element(r, kind);
    if (!e)
        return r->cx->error.code;
    double *place[4] = {&e->x, &e->y, &e->w, &e->h};
    int status = take_lengths(r, place, 4);
    if (status == OK && contents > 0)
        status = take_content(r, &e->content);
    if (status == OK && contents > 1)
        status = take_content(r, &e->second);
    if (status == OK)
        status = take_attributes(r, e);
    if (status == OK && kind != EL_LINE && (e->w <= 0 || e->h <= 0)) {
        r->next = 1;
        status = error_at(r, "paper.layout.size");
    }
    if (status == OK && e->style.least == 0)
        e->style.least = e->style.size;
    return status;
}

static int read_text(struct reader *r) { return read_placed(r, EL_TEXT, 1); }
static int read_line(struct reader *r) { return read_placed(r, EL_LINE, 0); }
static int read_box(struct reader *r) { return read_placed(r, EL_BOX, 0); }
static int read_grid(struct reader *r) { return read_placed(r, EL_GRID, 0); }
static int read_gs1(struct reader *r) { return read_placed(r, EL_GS1, 1); }
static int read_customer(struct reader *r) { return read_placed(r, EL_CUSTOMER, 2); }
static int read_qr(struct reader *r) { return read_placed(r, EL_QR, 1); }
static int read_seal(struct reader *r) { return read_placed(r, EL_SEAL, 1); }
static int read_window(struct reader *r) { return read_placed(r, EL_WINDOW, 0); }
static int read_columns(struct reader *r) { return read_placed(r, EL_COLUMNS, 0); }

/* Two short marks at the edges, where the paper is folded. */
static int read_fold(struct reader *r)
{
    double y;
    double *place[1] = {&y};
    int status = take_lengths(r, place, 1);
    if (status == OK)
        status = take_end(r);
    for (int side = 0; status == OK && side < 2; side++) {
        struct element *e = add_element(r, EL_LINE);
        if (!e)
            return r->cx->error.code;
        double length = 4 * POINTS_PER_MM;
        e->x = side == 0 ? 3 * POINTS_PER_MM : r->f->width - 3 * POINTS_PER_MM - length;
        e->w = e->x + length;
        e->y = e->h = y;
    }
    return status;
}

static int read_body(struct reader *r, struct part *part);

static int read_repeat(struct reader *r)
{
    struct element *e = add_element(r, EL_REPEAT);
    if (!e)
        return r->cx->error.code;
    struct repeat *repeat = ARENA_NEW(&r->f->arena, struct repeat);
    struct part *body = ARENA_NEW(&r->f->arena, struct part);
    if (!repeat || !body)
        return no_memory(r);
    repeat->body = body;
    repeat->max = 1000;
    e->repeat = repeat; /* the body may move the elements: e is not used behind it */
    double *place[2] = {&e->x, &e->y};
    int status = take_word(r, &repeat->group);
    if (status == OK)
        status = take_lengths(r, place, 2);
    if (status == OK)
        status = take_attributes(r, e);
    if (status == OK)
        status = read_body(r, body);
    return status;
}

static int read_use(struct reader *r)
{
    struct element *e = add_element(r, EL_USE);
    if (!e)
        return r->cx->error.code;
    struct str name;
    double *place[2] = {&e->x, &e->y};
    int status = take_word(r, &name);
    for (size_t i = 0; status == OK && i < r->f->n_blocks; i++)
        if (str_equal(r->f->blocks[i]->name, name))
            e->part = r->f->blocks[i];
    if (status == OK && !e->part) {
        r->next--;
        return error_at(r, "paper.layout.block");
    }
    if (status == OK)
        status = take_lengths(r, place, 2);
    return status == OK ? take_attributes(r, e) : status;
}

static const struct {
    const char *word;
    int (*read)(struct reader *r);
} element_words[] = {
    {"text", read_text}, {"line", read_line},         {"box", read_box},
    {"grid", read_grid}, {"gs1", read_gs1},           {"customer", read_customer},
    {"qr", read_qr},     {"seal", read_seal},         {"window", read_window},
    {"fold", read_fold}, {"columns", read_columns},   {"repeat", read_repeat},
    {"use", read_use},
};

static int read_element(struct reader *r)
{
    struct str word;
    int status = take_word(r, &word);
    if (status < 0)
        return status;
    for (size_t i = 0; i < sizeof element_words / sizeof *element_words; i++)
        if (str_is(word, element_words[i].word))
            return element_words[i].read(r);
    r->next--;
    return error_at(r, "paper.layout.element");
}

static int next_line(struct reader *r)
{
    r->next = 0;
    return token_line_next(r->cx, r->f, &r->rest, &r->line);
}

/* Up to the line "end". */
static int read_body(struct reader *r, struct part *part)
{
    struct part *outer = r->part;
    int opened = r->line.line;
    int status = ++r->depth > MAX_DEPTH ? error_at(r, "paper.layout.deep") : OK;
    r->part = part;
    while (status == OK) {
        status = next_line(r);
        if (status == 0)
            status = layout_error(r->cx, r->f, opened, 1, "paper.layout.end");
        if (status < 0)
            break;
        if (str_is(r->line.tokens[0].text, "end")) {
            r->next = 1;
            status = take_end(r);
            break;
        }
        status = read_element(r);
    }
    r->part = outer;
    r->depth--;
    return status;
}

/* --- top level ---------------------------------------------------------------------------- */

static int read_form(struct reader *r)
{
    int status = take_word(r, &r->f->name);
    return status == OK ? take_end(r) : status;
}

static int read_title(struct reader *r)
{
    const struct token *t = take(r, TOKEN_STRING);
    if (!t)
        return error_at(r, "paper.layout.text");
    r->f->title = t->text;
    return take_end(r);
}

static int read_paper(struct reader *r)
{
    double *size[2] = {&r->f->width, &r->f->height};
    const struct token *t = take(r, TOKEN_WORD);
    if (!t) {
        int status = take_lengths(r, size, 2);
        if (status == OK && (r->f->width < 50 || r->f->height < 50 || r->f->width > 2000 ||
                             r->f->height > 2000))
            return error_at(r, "paper.layout.size");
        return status == OK ? take_end(r) : status;
    }
    bool landscape = str_is(t->text, "A4-landscape");
    if (!landscape && !str_is(t->text, "A4")) {
        r->next--;
        return error_at(r, "paper.layout.paper");
    }
    r->f->width = (landscape ? 297 : 210) * POINTS_PER_MM;
    r->f->height = (landscape ? 210 : 297) * POINTS_PER_MM;
    return take_end(r);
}

static int read_style(struct reader *r)
{
    struct element e = {.style = plain_style()};
    struct str name;
    if (r->f->n_styles > 0)
        e.style = r->f->styles[0];
    int status = take_word(r, &name);
    if (status == OK)
        status = take_attributes(r, &e);
    if (status < 0)
        return status;
    struct form *f = r->f;
    f->styles = grow(r, f->styles, f->n_styles, &f->cap_styles, sizeof *f->styles);
    if (!f->styles)
        return no_memory(r);
    e.style.name = name;
    f->styles[f->n_styles++] = e.style;
    return OK;
}

static int read_block(struct reader *r)
{
    struct form *f = r->f;
    struct part *p = ARENA_NEW(&f->arena, struct part);
    if (!p)
        return no_memory(r);
    int status = take_word(r, &p->name);
    if (status == OK)
        status = take_end(r);
    if (status == OK)
        status = read_body(r, p);
    if (status < 0)
        return status;
    f->blocks = grow(r, f->blocks, f->n_blocks, &f->cap_blocks, sizeof *f->blocks);
    if (!f->blocks)
        return no_memory(r);
    f->blocks[f->n_blocks++] = p;
    return OK;
}

static int page_attribute(struct reader *r, struct form_page *p, const struct token *t)
{
    int64_t v = 0;
    if (str_is(t->text, "of"))
        p->group = t->value;
    else if (str_is(t->text, "if") && p->when.name.n == 0)
        p->when = (struct condition){t->value, false};
    else if (str_is(t->text, "unless") && p->when.name.n == 0)
        p->when = (struct condition){t->value, true};
    else if (str_is(t->text, "per") && str_to_int(t->value, &v) && v >= 1 && v <= 1000)
        p->per = (int)v;
    else if (str_is(t->text, "from") && str_to_int(t->value, &v) && v >= 0 && v <= 1000)
        p->from = (int)v;
    else
        return layout_error(r->cx, r->f, r->line.line, t->column, "paper.layout.attribute");
    return OK;
}

static int read_page(struct reader *r)
{
    struct form *f = r->f;
    struct form_page p = {.line = r->line.line, .column = r->line.tokens[0].column};
    const struct token *t;
    if (f->width == 0)
        return error_at(r, "paper.layout.paper");
    int status = take_word(r, &p.name);
    while (status == OK && (t = take(r, TOKEN_PAIR)) != NULL)
        status = page_attribute(r, &p, t);
    if (status == OK)
        status = take_end(r);
    if (status == OK && (p.group.n > 0) != (p.per > 0))
        status = error_at(r, "paper.layout.per");
    if (status == OK)
        status = read_body(r, &p.body);
    if (status < 0)
        return status;
    f->pages = grow(r, f->pages, f->n_pages, &f->cap_pages, sizeof *f->pages);
    if (!f->pages)
        return no_memory(r);
    f->pages[f->n_pages++] = p;
    return OK;
}

static int items_of(const struct form *f, struct str group)
{
    int n = 0;
    for (size_t i = 0; i < f->n_samples; i++)
        if (str_equal(f->samples[i].group, group) && f->samples[i].item >= n)
            n = f->samples[i].item + 1;
    return n;
}

static int read_sample(struct reader *r)
{
    struct form *f = r->f;
    struct sample s = {.group = STR(""), .line = r->line.line};
    const struct token *t = take(r, TOKEN_WORD);
    if (t) {
        s.group = t->text;
        s.item = items_of(f, s.group);
    }
    while ((t = take(r, TOKEN_PAIR)) != NULL) {
        f->samples = grow(r, f->samples, f->n_samples, &f->cap_samples, sizeof *f->samples);
        if (!f->samples)
            return no_memory(r);
        s.name = t->text;
        s.value = t->value;
        s.quoted = t->quoted;
        s.column = t->column;
        f->samples[f->n_samples++] = s;
    }
    return take_end(r);
}

static const struct {
    const char *word;
    int (*read)(struct reader *r);
} top_words[] = {
    {"form", read_form},   {"title", read_title}, {"paper", read_paper},  {"style", read_style},
    {"block", read_block}, {"page", read_page},   {"sample", read_sample},
};

static int read_top(struct reader *r)
{
    struct str word;
    int status = take_word(r, &word);
    if (status < 0)
        return status;
    if (r->f->name.n == 0 && !str_is(word, "form")) {
        r->next--;
        return error_at(r, "paper.layout.form");
    }
    for (size_t i = 0; i < sizeof top_words / sizeof *top_words; i++)
        if (str_is(word, top_words[i].word))
            return top_words[i].read(r);
    r->next--;
    return error_at(r, "paper.layout.top");
}

int layout_read(struct context *cx, struct form *f, struct str text)
{
    struct reader r = {.cx = cx, .f = f, .rest = text};
    int status;
    while ((status = next_line(&r)) > 0) {
        status = read_top(&r);
        if (status < 0)
            return status;
    }
    if (status == OK && f->n_pages == 0)
        return layout_error(cx, f, r.line.line, 1, "paper.layout.nopage");
    return status;
}
