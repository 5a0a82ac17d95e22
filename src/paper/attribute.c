/* key=value of the elements and styles of a layout, and the contents in quotes. */
#include "paper/layout.h"

#include <stdlib.h>
#include <string.h>

bool number_read(struct str s, double *out)
{
    size_t i = 0;
    bool negative = s.n > 0 && s.p[0] == '-';
    double value = 0;
    double unit = 0;
    for (i = negative ? 1 : 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '.' && unit == 0 && i + 1 < s.n && i > (negative ? 1u : 0u)) {
            unit = 1;
        } else if (c >= '0' && c <= '9' && i < 16) {
            unit /= 10;
            value = unit > 0 ? value + (c - '0') * unit : value * 10 + (c - '0');
        } else {
            return false;
        }
    }
    *out = negative ? -value : value;
    return s.n > (negative ? 1u : 0u);
}

static bool length_read(struct str s, double *out)
{
    bool ok = number_read(s, out);
    *out *= POINTS_PER_MM;
    return ok;
}

static bool count_read(struct str s, int least, int most, int *out)
{
    int64_t v;
    if (!str_to_int(s, &v) || v < least || v > most)
        return false;
    *out = (int)v;
    return true;
}

bool rules_read(struct str s, struct rules *out)
{
    double at = 0;
    out->n = 0;
    while (s.n > 0) {
        struct str one = str_cut(&s, ',');
        struct str times = one;
        struct str size = str_cut(&times, '*');
        double step;
        int count = 1;
        if (!length_read(size, &step) || step <= 0)
            return false;
        if (size.n < one.n && !count_read(times, 1, MAX_RULES, &count))
            return false;
        for (int i = 0; i < count; i++) {
            if (out->n == MAX_RULES)
                return false;
            at += step;
            out->at[out->n++] = at;
        }
    }
    return out->n > 0;
}

struct choice {
    const char *word;
    int value;
};

static bool choose(const struct choice *choices, size_t n, struct str word, int *out)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(word, choices[i].word)) {
            *out = choices[i].value;
            return true;
        }
    }
    return false;
}
#define CHOOSE(table, word, out) choose((table), sizeof(table) / sizeof *(table), (word), (out))

static const struct choice families[] = {
    {"mincho", FAMILY_MINCHO}, {"gothic", FAMILY_GOTHIC}, {"name", FAMILY_NAME}};
static const struct choice haligns[] = {{"left", ALIGN_LEFT},
                                        {"center", ALIGN_CENTER},
                                        {"right", ALIGN_RIGHT},
                                        {"justify", ALIGN_JUSTIFY}};
static const struct choice valigns[] = {
    {"middle", VALIGN_MIDDLE}, {"top", VALIGN_TOP}, {"bottom", VALIGN_BOTTOM}};
static const struct choice inks[] = {{"black", INK_BLACK},         {"gray", INK_GRAY},
                                     {"white", INK_WHITE},         {"vermilion", INK_VERMILION},
                                     {"blue", INK_BLUE},           {"green", INK_GREEN}};
static const struct choice dashes[] = {{"solid", 0}, {"dotted", 1}, {"dashed", 2}};
static const struct choice rests[] = {{"ignore", 1}, {"error", 0}};

static bool set_font(struct element *e, struct str v)
{
    int i;
    if (!CHOOSE(families, v, &i))
        return false;
    e->style.family = (enum family)i;
    return true;
}
static bool set_align(struct element *e, struct str v)
{
    int i;
    if (!CHOOSE(haligns, v, &i))
        return false;
    e->style.align = (enum halign)i;
    return true;
}
static bool set_valign(struct element *e, struct str v)
{
    int i;
    if (!CHOOSE(valigns, v, &i))
        return false;
    e->style.valign = (enum valign)i;
    return true;
}
static bool set_ink(struct element *e, struct str v)
{
    int i;
    if (!CHOOSE(inks, v, &i))
        return false;
    e->style.ink = (enum ink)i;
    return true;
}
static bool set_dash(struct element *e, struct str v)
{
    return CHOOSE(dashes, v, &e->dash);
}
static bool set_size(struct element *e, struct str v)
{
    e->style.least = 0;
    return number_read(v, &e->style.size) && e->style.size >= 2 && e->style.size <= 200;
}
static bool set_least(struct element *e, struct str v)
{
    return number_read(v, &e->style.least) && e->style.least >= 2;
}
static bool set_condense(struct element *e, struct str v)
{
    return count_read(v, 30, 100, &e->style.condense);
}
static bool set_lines(struct element *e, struct str v)
{
    return count_read(v, 1, 200, &e->style.lines);
}
static bool set_cells(struct element *e, struct str v)
{
    return count_read(v, 1, 100, &e->style.cells);
}
static bool set_leading(struct element *e, struct str v)
{
    return number_read(v, &e->style.leading) && e->style.leading >= 0.8;
}
static bool set_tracking(struct element *e, struct str v)
{
    return number_read(v, &e->style.tracking);
}
static bool set_pad(struct element *e, struct str v)
{
    return length_read(v, &e->style.pad);
}
static bool set_width(struct element *e, struct str v)
{
    return length_read(v, &e->width) && e->width >= 0;
}
static bool set_frame(struct element *e, struct str v)
{
    return length_read(v, &e->frame) && e->frame >= 0;
}
static bool set_radius(struct element *e, struct str v)
{
    return length_read(v, &e->radius) && e->radius >= 0;
}
static bool set_shade(struct element *e, struct str v)
{
    return count_read(v, 0, 100, &e->shade);
}
static bool set_columns(struct element *e, struct str v)
{
    return rules_read(v, &e->columns);
}
static bool set_rows(struct element *e, struct str v)
{
    return rules_read(v, &e->rows);
}
static bool set_name(struct element *e, struct str v)
{
    e->name = v;
    return true;
}
/* The second condition of an element joins the first: both must hold. */
static bool set_condition(struct element *e, struct str v, bool negated)
{
    struct condition *c = e->when.name.n == 0 ? &e->when : &e->when_too;
    if (c->name.n > 0)
        return false;
    *c = (struct condition){v, negated};
    return true;
}
static bool set_if(struct element *e, struct str v)
{
    return set_condition(e, v, false);
}
static bool set_unless(struct element *e, struct str v)
{
    return set_condition(e, v, true);
}
static bool set_step(struct element *e, struct str v)
{
    struct str dx = str_cut(&v, ',');
    return e->repeat && length_read(dx, &e->repeat->dx) && length_read(v, &e->repeat->dy);
}
static bool set_max(struct element *e, struct str v)
{
    return e->repeat && count_read(v, 1, 1000, &e->repeat->max);
}
static bool set_fold(struct element *e, struct str v)
{
    struct str n = str_cut(&v, ',');
    struct str dx = str_cut(&v, ',');
    return e->repeat && count_read(n, 1, 1000, &e->repeat->fold) &&
           length_read(dx, &e->repeat->fold_dx) && length_read(v, &e->repeat->fold_dy);
}
static bool set_rest(struct element *e, struct str v)
{
    int i;
    if (!e->repeat || !CHOOSE(rests, v, &i))
        return false;
    e->repeat->rest_ignored = i != 0;
    return true;
}

static const struct {
    const char *key;
    bool (*set)(struct element *e, struct str value);
} attributes[] = {
    {"font", set_font},       {"size", set_size},       {"min", set_least},
    {"condense", set_condense}, {"lines", set_lines},   {"leading", set_leading},
    {"tracking", set_tracking}, {"pad", set_pad},       {"cells", set_cells},
    {"align", set_align},     {"valign", set_valign},   {"ink", set_ink},
    {"width", set_width},     {"frame", set_frame},     {"dash", set_dash},
    {"radius", set_radius},   {"shade", set_shade},     {"columns", set_columns},
    {"rows", set_rows},       {"name", set_name},       {"if", set_if},
    {"unless", set_unless},   {"step", set_step},       {"max", set_max},
    {"fold", set_fold},       {"rest", set_rest},
};

static int apply_style(struct context *cx, const struct form *f, int line, const struct token *t,
                       struct element *e)
{
    for (size_t i = 0; i < f->n_styles; i++) {
        if (str_equal(f->styles[i].name, t->value)) {
            e->style = f->styles[i];
            return OK;
        }
    }
    return layout_error(cx, f, line, t->column, "paper.layout.style");
}

int attribute_read(struct context *cx, const struct form *f, int line, const struct token *t,
                   struct element *e)
{
    if (str_is(t->text, "style"))
        return apply_style(cx, f, line, t, e);
    for (size_t i = 0; i < sizeof attributes / sizeof *attributes; i++) {
        if (!str_is(t->text, attributes[i].key))
            continue;
        if (!attributes[i].set(e, t->value))
            return layout_error(cx, f, line, t->column, "paper.layout.value");
        return OK;
    }
    return layout_error(cx, f, line, t->column, "paper.layout.attribute");
}

/* --- contents ----------------------------------------------------------------------------- */

static const struct choice formats[] = {
    {"yen", FORMAT_YEN},       {"comma", FORMAT_COMMA},     {"minus", FORMAT_MINUS},
    {"digits", FORMAT_DIGITS}, {"era", FORMAT_ERA},         {"short", FORMAT_SHORT},
    {"dots", FORMAT_DOTS},   {"fiscal", FORMAT_FISCAL},   {"percent", FORMAT_PERCENT},
    {"postcode", FORMAT_POSTCODE}, {"wide", FORMAT_WIDE},
};

static bool value_piece(struct str inner, struct piece *p)
{
    struct str format = inner;
    struct str name = str_cut(&format, ':');
    int chosen = FORMAT_PLAIN;
    if (name.n < inner.n && !CHOOSE(formats, format, &chosen))
        return false;
    p->format = (enum form_format)chosen;
    p->optional = name.n > 0 && name.p[name.n - 1] == '?';
    if (p->optional)
        name.n--;
    p->name = name;
    return name.n > 0 && memchr(name.p, '{', name.n) == NULL;
}

static int content_error(struct context *cx)
{
    return fail(cx, ERR_SYNTAX, "paper.layout.content", NULL);
}

int content_read(struct context *cx, struct form *f, struct str text, struct content *out)
{
    size_t most = 1;
    for (size_t i = 0; i < text.n; i++)
        most += text.p[i] == '{' ? 2 : 0;
    out->n = 0;
    out->pieces = ARENA_ARRAY(&f->arena, most, struct piece);
    if (!out->pieces)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    while (text.n > 0) {
        struct str rest = text;
        struct str literal = str_cut(&rest, '{');
        if (memchr(literal.p, '}', literal.n))
            return content_error(cx);
        if (literal.n > 0)
            out->pieces[out->n++] = (struct piece){.literal = literal};
        if (literal.n == text.n)
            return OK;
        text = rest;
        struct str inner = str_cut(&rest, '}');
        if (inner.n == text.n || !value_piece(inner, &out->pieces[out->n]))
            return content_error(cx);
        out->n++;
        text = rest;
    }
    return OK;
}

bool content_is_static(const struct content *c)
{
    for (size_t i = 0; i < c->n; i++)
        if (!c->pieces[i].literal.p)
            return false;
    return true;
}

bool element_is_static(const struct element *e)
{
    if (e->when.name.n > 0)
        return false;
    if (e->kind == EL_REPEAT || e->kind == EL_USE || e->kind == EL_COLUMNS)
        return false;
    return content_is_static(&e->content) && content_is_static(&e->second);
}

bool element_is_merged(const struct element *e)
{
    return e->kind == EL_USE && e->when.name.n == 0;
}
