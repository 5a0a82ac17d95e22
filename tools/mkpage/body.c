/* body: markup, values and directives below the line `---`, put out as C statements. */
#include "mkpage.h"

#include <stdlib.h>
#include <string.h>

enum { LITERAL_MAX = 1500, MAX_BLOCKS = 32, MAX_SCOPE = 16 };

enum block_kind { BLOCK_IF, BLOCK_FOR, BLOCK_FORM, BLOCK_ROWS };
struct block {
    enum block_kind kind;
    bool has_else;
    bool is_final;        /* the last {else} was read */
    struct source opened; /* for messages */
    struct html_place before;
    struct html_place first_end; /* of the branch above {else} */
    char *count;                 /* {for}: C of the number of rows */
    int scope;                   /* names in scope before it */
};
struct name { /* a loop variable */
    char *name;
    char *c; /* "r_m->" */
    struct member *members;
    struct member *whole; /* rows part X: the part itself */
    char *index;          /* C: its number from 0 */
};
struct body {
    struct program *p;
    struct unit *u;
    struct source *s;
    struct output *c;
    struct html_place place;
    struct block blocks[MAX_BLOCKS];
    int n_blocks;
    struct name names[MAX_SCOPE];
    int n_names;
    char literal[LITERAL_MAX + 8];
    size_t n_literal;
    char last; /* literal byte before, for blanks */
    bool in_form_tag;
    struct form *form; /* the open form */
    char *form_c;
    int group; /* 1 + open {rows} group */
    bool shown[MAX_FIELDS];
};
struct value { /* what a path leads to */
    char *c;
    enum type type;
    struct member *member;
    char *count; /* C: rows */
};

static void flush(struct body *b)
{
    if (b->n_literal == 0)
        return;
    out(b->c, "    html_lit(h, ");
    out_c_string(b->c, b->literal, b->n_literal);
    out(b->c, ", %zu);\n", b->n_literal);
    b->n_literal = 0;
    b->last = 'x';
}

static void literal(struct body *b, char c)
{
    if (b->place.place == IN_CONTENT && b->place.pre == 0) {
        if (c == '\t')
            c = ' ';
        if ((c == ' ' || c == '\n') && b->last == '\n')
            return;
    }
    bool starts_character = ((unsigned char)c & 0xC0) != 0x80;
    if (b->n_literal >= LITERAL_MAX && starts_character)
        flush(b);
    b->literal[b->n_literal++] = c;
    b->last = c;
}

static void literals(struct body *b, const char *text)
{
    for (; *text; text++)
        literal(b, *text);
}

/* --- words of a directive ------------------------------------------------------------------ */

static void skip_blanks(struct body *b)
{
    while (source_peek(b->s, 0) == ' ' || source_peek(b->s, 0) == '\n')
        (void)source_next(b->s);
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

static char *word(struct body *b)
{
    skip_blanks(b);
    size_t n = 0;
    while (is_word(source_peek(b->s, n)))
        n++;
    char *w = pool_copy(b->s->text + b->s->at, n);
    source_skip(b->s, n);
    return w;
}

static bool accept_word(struct body *b, const char *w)
{
    skip_blanks(b);
    size_t n = strlen(w);
    if (!source_starts(b->s, w) || is_word(source_peek(b->s, n)))
        return false;
    source_skip(b->s, n);
    return true;
}

static void need_brace(struct body *b)
{
    skip_blanks(b);
    if (source_peek(b->s, 0) != '}')
        STOP(b->s, "expected '}'");
    (void)source_next(b->s);
}

/* --- paths --------------------------------------------------------------------------------- */

static struct member frame_members[] = {
    {.name = (char *)"city", .type = T_TEXT},     {.name = (char *)"user", .type = T_TEXT},
    {.name = (char *)"role", .type = T_TEXT},     {.name = (char *)"branch", .type = T_TEXT},
    {.name = (char *)"terminal", .type = T_TEXT}, {.name = (char *)"today", .type = T_TEXT},
    {.name = (char *)"path", .type = T_TEXT},     {.name = (char *)"demo", .type = T_FLAG},
};

static struct member *frame_view(void)
{
    size_t n = sizeof frame_members / sizeof frame_members[0];
    for (size_t i = 0; i + 1 < n; i++)
        frame_members[i].next = &frame_members[i + 1];
    return frame_members;
}

/* The members behind a part, when the part is of this program. */
static struct member *part_members(struct body *b, const struct member *m)
{
    if (strcmp(m->part_prefix, b->p->prefix) != 0)
        return NULL;
    for (size_t i = 0; i < b->p->n_units; i++) {
        if (b->p->units[i].kind == UNIT_PART && strcmp(b->p->units[i].name, m->part) == 0)
            return b->p->units[i].view;
    }
    STOP(b->s, "there is no part %s", m->part);
}

struct walk { /* along a path */
    char *c;  /* C up to here, ending in -> or . */
    struct member *members;
};

static bool walk_start(struct body *b, const char *w, size_t n, struct walk *at, struct value *v)
{
    if (n == 5 && memcmp(w, "frame", 5) == 0) {
        *at = (struct walk){pool_copy("f->", 3), frame_view()};
        return true;
    }
    for (int i = b->n_names - 1; i >= 0; i--) {
        struct name *name = &b->names[i];
        if (strlen(name->name) != n || memcmp(name->name, w, n) != 0)
            continue;
        *at = (struct walk){name->c, name->members};
        if (w[n] == '\0' && name->whole)
            *v = (struct value){pool_format("(*r_%s)", name->name), T_PART, name->whole, NULL};
        if (strcmp(w + n, ".number") == 0)
            *v = (struct value){pool_format("(int64_t)(%s + 1)", name->index), T_COUNT, NULL, NULL};
        return true;
    }
    return false;
}

static struct value resolve(struct body *b, const char *path)
{
    struct value v = {NULL, T_TEXT, NULL, NULL};
    struct walk at = {pool_copy("v->", 3), b->u->view};
    const char *w = path;
    size_t n = strcspn(w, ".");
    if (n == 0)
        STOP(b->s, "a name is missing");
    if (b->group && strcmp(path, "row") == 0)
        return (struct value){pool_copy("(int64_t)(row + 1)", 18), T_COUNT, NULL, NULL};
    if (walk_start(b, w, n, &at, &v)) {
        if (v.c)
            return v;
        w += n + (w[n] == '.');
    }
    for (;;) {
        n = strcspn(w, ".");
        struct member *m = member_find(at.members, w, n);
        if (!m)
            STOP(b->s, "'%.*s' is not declared (in %s)", (int)n, w, path);
        v = (struct value){pool_format("%s%s", at.c, m->name), m->type, m, NULL};
        if (m->type == T_ROWS || m->type == T_ROWS_PART)
            v.count = pool_format("%sn_%s", at.c, m->name);
        if (w[n] == '\0')
            return v;
        w += n + 1;
        if (v.count && strcmp(w, "n") == 0)
            return (struct value){pool_format("(int64_t)%s", v.count), T_COUNT, NULL, NULL};
        if (m->type != T_GROUP && m->type != T_PART)
            STOP(b->s, "'%s' has no fields (in %s); {for x in %s}?", m->name, path, m->name);
        at.c = pool_format("%s.", v.c);
        at.members = m->type == T_PART ? part_members(b, m) : m->first;
    }
}

/* --- values -------------------------------------------------------------------------------- */

static const struct writer {
    enum type type;
    const char *format; /* NULL: without one */
    const char *content;
    const char *attribute;
    const char *url_start;
    const char *url;
} writers[] = {
    {T_TEXT, NULL, "html_text", "html_attr", NULL, "html_url"},
    {T_LINK, NULL, "html_text", "html_attr", "html_link", NULL},
    {T_YEN, NULL, "html_yen", "html_yen", NULL, "html_yen_plain"},
    {T_YEN, "plain", "html_yen_plain", "html_yen_plain", NULL, "html_yen_plain"},
    {T_DAY, NULL, "html_era", "html_era", NULL, "html_day"},
    {T_DAY, "iso", "html_day", "html_day", NULL, "html_day"},
    {T_DAY, "short", "html_era_short", "html_era_short", NULL, "html_era_short"},
    {T_MONTH, NULL, "html_month", "html_month", NULL, "html_month_plain"},
    {T_MONTH, "iso", "html_month_plain", "html_month_plain", NULL, "html_month_plain"},
    {T_COUNT, NULL, "html_count", "html_count", NULL, "html_plain"},
    {T_COUNT, "fiscal", "html_fiscal", "html_fiscal", NULL, NULL},
    {T_COUNT, "plain", "html_plain", "html_plain", NULL, "html_plain"},
    {T_ID, NULL, "html_plain", "html_plain", NULL, "html_plain"},
    {T_TIME, NULL, "html_time", "html_time", NULL, NULL},
    {T_RATE, NULL, "html_percent", "html_percent", NULL, "html_percent"},
    {T_HTML, NULL, "html_markup", NULL, NULL, NULL},
    {T_MESSAGE, NULL, "html_message", "html_message", NULL, NULL},
};

static const char *writer_of(struct body *b, enum type type, const char *format)
{
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        const struct writer *w = &writers[i];
        if (w->type != type || (w->format == NULL) != (format == NULL) ||
            (format && strcmp(format, w->format) != 0))
            continue;
        switch (b->place.place) {
        case IN_CONTENT:
            return w->content;
        case IN_ATTR:
            return w->attribute;
        case IN_URL_START:
            return w->url_start;
        case IN_URL:
            return w->url;
        case IN_TAG_NAME:
        case IN_TAG:
        case IN_ATTR_NAME:
        case AFTER_ATTR_NAME:
        case IN_COMMENT:
            return NULL;
        }
    }
    if (format)
        STOP(b->s, "this type has no format '%s'", format);
    return NULL;
}

static void put_value(struct body *b, const char *path)
{
    struct value v = resolve(b, path);
    char *format = NULL;
    if (source_peek(b->s, 0) == ':') {
        (void)source_next(b->s);
        format = word(b);
    }
    if (v.type == T_FLAG || v.type == T_ROWS || v.type == T_ROWS_PART || v.type == T_GROUP ||
        v.type == T_PART || v.type == T_FORM)
        STOP(b->s, "'%s' cannot be put out: {if}, {for}, {include} or {form}", path);
    const char *writer = writer_of(b, v.type, format);
    if (!writer && b->place.place == IN_URL_START)
        STOP(b->s, "'%s' cannot start an address: begin with / or declare it link", path);
    if (!writer)
        STOP(b->s, "'%s' may not stand in %s", path, html_place_name(b->place.place));
    need_brace(b);
    flush(b);
    out(b->c, "    %s(h, %s);\n", writer, v.c);
    if (b->place.place == IN_URL_START)
        b->place.place = IN_URL;
}

/* --- conditions ---------------------------------------------------------------------------- */

static char *truth(struct body *b, const struct value *v, const char *path)
{
    switch (v->type) {
    case T_TEXT:
    case T_LINK:
        return pool_format("%s.n > 0", v->c);
    case T_YEN:
        return pool_format("%s.n != 0", v->c);
    case T_DAY:
        return pool_format("!ymd_is_none(%s)", v->c);
    case T_MONTH:
        return pool_format("%s.n != INT32_MIN", v->c);
    case T_COUNT:
    case T_ID:
    case T_TIME:
        return pool_format("%s != 0", v->c);
    case T_FLAG:
        return v->c;
    case T_RATE:
        return pool_format("%s.num != 0", v->c);
    case T_HTML:
        return pool_format("(%s && %s->text.n > 0)", v->c, v->c);
    case T_MESSAGE:
    case T_FORM:
        return pool_format("%s != NULL", v->c);
    case T_ROWS:
    case T_ROWS_PART:
        return pool_format("%s > 0", v->count);
    case T_GROUP:
    case T_PART:
        break;
    }
    STOP(b->s, "'%s' is no condition", path);
}

static char *comparison(struct body *b, const struct value *v, const char *op)
{
    skip_blanks(b);
    size_t n = 0;
    if (source_peek(b->s, 0) == '"') {
        (void)source_next(b->s);
        while (source_peek(b->s, n) && source_peek(b->s, n) != '"' && source_peek(b->s, n) != '\\')
            n++;
        char *text = pool_copy(b->s->text + b->s->at, n);
        source_skip(b->s, n + 1);
        bool equal = strcmp(op, "==") == 0;
        if (v->type != T_TEXT || (!equal && strcmp(op, "!=") != 0))
            STOP(b->s, "only text is compared with \"...\", by == or !=");
        return pool_format("%sstr_is(%s, \"%s\")", equal ? "" : "!", v->c, text);
    }
    while ((source_peek(b->s, n) >= '0' && source_peek(b->s, n) <= '9') ||
           (n == 0 && source_peek(b->s, 0) == '-'))
        n++;
    if (n == 0 || n > 15)
        STOP(b->s, "expected a number or \"text\" to compare with");
    char *number = pool_copy(b->s->text + b->s->at, n);
    source_skip(b->s, n);
    if (v->type != T_COUNT && v->type != T_ID && v->type != T_YEN)
        STOP(b->s, "only count, id and yen are compared with numbers");
    return pool_format("%s%s %s %s", v->c, v->type == T_YEN ? ".n" : "", op, number);
}

static char *condition_atom(struct body *b)
{
    static const char *const ops[] = {"==", "!=", "<=", ">=", "<", ">"};
    bool is_not = accept_word(b, "not");
    char *path = word(b);
    struct value v = resolve(b, path);
    skip_blanks(b);
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++) {
        if (source_starts(b->s, ops[i])) {
            source_skip(b->s, strlen(ops[i]));
            return pool_format("%s(%s)", is_not ? "!" : "", comparison(b, &v, ops[i]));
        }
    }
    return pool_format("%s(%s)", is_not ? "!" : "", truth(b, &v, path));
}

static char *condition(struct body *b)
{
    char *all = condition_atom(b);
    for (;;) {
        if (accept_word(b, "and"))
            all = pool_format("%s && %s", all, condition_atom(b));
        else if (accept_word(b, "or"))
            all = pool_format("(%s) || (%s)", all, condition(b));
        else
            break;
    }
    size_t n = strlen(all); /* one comparison alone: clang warns of doubled parentheses */
    if (all[0] == '(' && strchr(all + 1, '(') == NULL && strchr(all, ')') == all + n - 1)
        return pool_copy(all + 1, n - 2);
    return all;
}

/* --- blocks -------------------------------------------------------------------------------- */

static void open_block(struct body *b, enum block_kind kind, char *count)
{
    if (b->n_blocks == MAX_BLOCKS)
        STOP(b->s, "blocks are nested too deeply");
    b->blocks[b->n_blocks++] = (struct block){
        .kind = kind, .opened = *b->s, .before = b->place, .count = count, .scope = b->n_names};
}

static void put_if(struct body *b)
{
    char *c = condition(b);
    need_brace(b);
    flush(b);
    out(b->c, "    if (%s) {\n", c);
    open_block(b, BLOCK_IF, NULL);
}

static struct block *innermost(struct body *b, const char *directive)
{
    if (b->n_blocks == 0)
        STOP(b->s, "{%s} without {if}, {for}, {form} or {rows}", directive);
    return &b->blocks[b->n_blocks - 1];
}

static void end_branch(struct body *b, struct block *k)
{
    flush(b);
    if (k->has_else) {
        if (!html_same(&b->place, &k->first_end))
            STOP(b->s, "the branches of the block of line %d end in different markup",
                 k->opened.line);
    } else {
        k->first_end = b->place;
        k->has_else = true;
    }
    b->place = k->before;
}

static void put_else(struct body *b)
{
    struct block *k = innermost(b, "else");
    if (k->kind != BLOCK_IF)
        STOP(b->s, "{else} belongs to {if}; {for} has {none}");
    if (k->is_final)
        STOP(b->s, "nothing but {end} follows {else}");
    end_branch(b, k);
    if (accept_word(b, "if")) {
        char *c = condition(b);
        out(b->c, "    } else if (%s) {\n", c);
    } else {
        out(b->c, "    } else {\n");
        k->is_final = true;
    }
    need_brace(b);
}

/* "NAME in ROWS}": the name for one row, and the rows of the view. */
static char *loop_name(struct body *b, struct value *v)
{
    char *name = word(b);
    if (strchr(name, '.') || !*name)
        STOP(b->s, "{for NAME in ROWS}");
    for (int i = 0; i < b->n_names; i++) {
        if (strcmp(b->names[i].name, name) == 0)
            STOP(b->s, "'%s' is the name of an outer loop", name);
    }
    if (!accept_word(b, "in"))
        STOP(b->s, "{for NAME in ROWS}");
    char *path = word(b);
    *v = resolve(b, path);
    if (v->type != T_ROWS && v->type != T_ROWS_PART)
        STOP(b->s, "'%s' has no rows", path);
    need_brace(b);
    flush(b);
    return name;
}

/* One row by its name, from here to the {end} of the block. */
static void name_row(struct body *b, char *name, const struct value *v, char *index)
{
    out(b->c, "    const struct %s *r_%s = &%s[%s];\n    (void)r_%s;\n", v->member->c_struct, name,
        v->c, index, name);
    if (b->n_names == MAX_SCOPE)
        STOP(b->s, "loops are nested too deeply");
    bool is_part = v->type == T_ROWS_PART;
    b->names[b->n_names++] = (struct name){name, pool_format("r_%s->", name),
                                           is_part ? part_members(b, v->member) : v->member->first,
                                           is_part ? v->member : NULL, index};
}

static void put_for(struct body *b)
{
    struct value v;
    char *name = loop_name(b, &v);
    out(b->c, "    for (size_t i_%s = 0; i_%s < %s; i_%s++) {\n", name, name, v.count, name);
    open_block(b, BLOCK_FOR, v.count); /* {none} needs the count again */
    name_row(b, name, &v, pool_format("i_%s", name));
}

static void put_none(struct body *b)
{
    struct block *k = innermost(b, "none");
    if (k->kind != BLOCK_FOR || k->has_else)
        STOP(b->s, "{none} stands once in a {for}: what to show without rows");
    end_branch(b, k);
    if (!html_same(&k->first_end, &k->before))
        STOP(b->s, "a loop must end in the markup it began in");
    out(b->c, "    }\n    if (%s == 0) {\n", k->count);
    b->n_names = k->scope;
    need_brace(b);
}

static void check_shown(struct body *b, const struct block *k)
{
    for (size_t i = 0; i < b->form->n_fields; i++) {
        const struct form_field *f = &b->form->fields[i];
        bool is_hidden = strcmp(f->kind, "FIELD_ID") == 0 || strcmp(f->look, "LOOK_HIDDEN") == 0;
        if (!b->shown[i] && !is_hidden)
            stop_at(b->s, k->opened.line, 1, "form %s does not show its field %s", b->form->name,
                    f->name);
    }
}

static void put_end(struct body *b)
{
    struct block *k = innermost(b, "end");
    need_brace(b);
    if (k->kind == BLOCK_FORM) {
        check_shown(b, k);
        b->place.depth--;
        literals(b, "</form>");
        b->form = NULL;
    }
    flush(b);
    const struct html_place *expected = k->has_else ? &k->first_end : &k->before;
    bool is_open = k->kind == BLOCK_IF && k->has_else && !k->is_final;
    if (!html_same(&b->place, expected) || (is_open && !html_same(&b->place, &k->before)))
        STOP(b->s, "the block of line %d leaves the markup changed (%s, <%s>)", k->opened.line,
             html_place_name(b->place.place),
             b->place.depth ? b->place.stack[b->place.depth - 1] : "");
    if (k->kind != BLOCK_FORM)
        out(b->c, "    }\n");
    if (k->kind == BLOCK_ROWS)
        b->group = 0;
    b->n_names = k->scope;
    b->n_blocks--;
}

/* --- forms --------------------------------------------------------------------------------- */

static void put_form(struct body *b)
{
    char *path = word(b);
    struct value v = resolve(b, path);
    if (v.type != T_FORM)
        STOP(b->s, "'%s' is no form", path);
    if (b->form || b->place.place != IN_CONTENT)
        STOP(b->s, "a form stands in element content, not inside another one");
    b->form = v.member->form ? v.member->form : form_find(b->p, v.member->part);
    if (!b->form)
        STOP(b->s, "there is no form %s", v.member->part);
    b->form_c = v.c;
    memset(b->shown, 0, sizeof b->shown);
    open_block(b, BLOCK_FORM, NULL);
    literals(b, b->form->is_post ? "<form method=\"post\"" : "<form method=\"get\"");
    for (size_t i = 0; i < b->form->n_fields; i++) {
        if (strcmp(b->form->fields[i].kind, "FIELD_FILE") == 0) {
            literals(b, " enctype=\"multipart/form-data\"");
            break;
        }
    }
    b->place.place = IN_TAG;
    memcpy(b->place.tag, "form", 5);
    b->place.is_closing = b->place.is_self_closing = false;
    b->in_form_tag = true;
}

static void end_form_tag(struct body *b)
{
    (void)source_next(b->s);
    if (!strstr(b->literal, " action=\"") && b->n_literal < 20)
        STOP(b->s, "{form NAME action=\"/...\"}: the address is missing");
    literal(b, '>');
    b->place.place = IN_CONTENT;
    b->place.stack[b->place.depth++] = "form";
    b->in_form_tag = false;
    flush(b);
    out(b->c, "    form_begin(h, f, &%s_%s_shape, %s);\n", b->p->prefix, b->form->name, b->form_c);
}

static const char *row_c(const struct body *b)
{
    return b->group ? "row" : "0";
}

static void put_one_field(struct body *b, size_t i, const struct value *rows)
{
    b->shown[i] = true;
    flush(b);
    if (rows)
        out(b->c, "    form_pick(h, &%s_%s_shape, %zu, %s, %s, %s);\n", b->p->prefix, b->form->name,
            i, b->form_c, rows->c, rows->count);
    else
        out(b->c, "    form_field(h, &%s_%s_shape, %zu, %s, %s);\n", b->p->prefix, b->form->name, i,
            b->form_c, row_c(b));
}

static void need_form(struct body *b)
{
    if (!b->form || b->in_form_tag || b->place.place != IN_CONTENT)
        STOP(b->s, "stands in the content of a {form}");
}

static void put_field(struct body *b)
{
    need_form(b);
    char *name = word(b);
    for (size_t i = 0; i < b->form->n_fields; i++) {
        const struct form_field *f = &b->form->fields[i];
        if (strcmp(f->name, name) != 0 || f->group != b->group)
            continue;
        bool is_pick = strcmp(f->kind, "FIELD_PICK") == 0;
        struct value rows = {0};
        if (accept_word(b, "from"))
            rows = resolve(b, word(b));
        if (is_pick != (rows.count != NULL) ||
            (is_pick && strcmp(rows.member->c_struct, "page_option_view") != 0))
            STOP(b->s,
                 "a pick, and only that, is shown with {field %s from ROWS}, where the view "
                 "declares ROWS as: rows part page.option",
                 name);
        put_one_field(b, i, is_pick ? &rows : NULL);
        need_brace(b);
        return;
    }
    STOP(b->s, "form %s has no field %s%s", b->form->name, name,
         b->group ? " in this group" : " (outside of its groups)");
}

static void put_fields(struct body *b)
{
    need_form(b);
    need_brace(b);
    for (size_t i = 0; i < b->form->n_fields; i++) {
        const struct form_field *f = &b->form->fields[i];
        bool is_own = strcmp(f->kind, "FIELD_PICK") == 0 || strcmp(f->look, "LOOK_BUTTONS") == 0;
        if (f->group == b->group && !b->shown[i] && !is_own)
            put_one_field(b, i, NULL);
    }
}

static void open_rows(struct body *b, size_t group)
{
    need_brace(b);
    flush(b);
    out(b->c,
        "    for (size_t row = 0, end = form_rows(&%s_%s_shape, %zu, %s); row < end; row++) {\n",
        b->p->prefix, b->form->name, group, b->form_c);
    open_block(b, BLOCK_ROWS, NULL);
}

/* As many rows as the view has, each beside its row of the view: people to choose from. */
static void open_rows_with(struct body *b, size_t group)
{
    struct value v;
    char *name = loop_name(b, &v);
    out(b->c,
        "    for (size_t row = 0; row < %s && row < %s_%s_shape.groups[%zu].maximum; row++) {\n",
        v.count, b->p->prefix, b->form->name, group);
    open_block(b, BLOCK_ROWS, NULL);
    name_row(b, name, &v, "row");
}

static void put_rows(struct body *b)
{
    need_form(b);
    char *name = word(b);
    if (b->group)
        STOP(b->s, "{rows} inside {rows}");
    for (size_t i = 0; i < b->form->n_groups; i++) {
        if (strcmp(b->form->groups[i].name, name) != 0)
            continue;
        if (accept_word(b, "with"))
            open_rows_with(b, i);
        else
            open_rows(b, i);
        b->group = (int)i + 1;
        return;
    }
    STOP(b->s, "form %s has no rows %s", b->form->name, name);
}

static void put_include(struct body *b)
{
    char *path = word(b);
    struct value v = resolve(b, path);
    if (v.type != T_PART)
        STOP(b->s, "'%s' is no part", path);
    if (b->place.place != IN_CONTENT)
        STOP(b->s, "a part stands in element content");
    need_brace(b);
    flush(b);
    out(b->c, "    %s_part_%s(h, f, &%s);\n", v.member->part_prefix, v.member->part, v.c);
}

/* --- the body ------------------------------------------------------------------------------ */

static void directive(struct body *b)
{
    static const struct {
        const char *word;
        void (*put)(struct body *);
    } table[] = {
        {"if", put_if},     {"else", put_else},       {"for", put_for},     {"none", put_none},
        {"end", put_end},   {"form", put_form},       {"field", put_field}, {"fields", put_fields},
        {"rows", put_rows}, {"include", put_include},
    };
    html_settle(&b->place, b->s);
    (void)source_next(b->s);
    if (source_peek(b->s, 0) == '#') {
        while (!source_end(b->s) && source_next(b->s) != '}')
            ;
        return;
    }
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
        if (accept_word(b, table[i].word)) {
            table[i].put(b);
            return;
        }
    }
    char *path = word(b);
    put_value(b, path);
}

static void step(struct body *b)
{
    char c = source_peek(b->s, 0);
    if (b->in_form_tag && c == '}' && b->place.place == IN_TAG) {
        end_form_tag(b);
    } else if (c == '{' && source_peek(b->s, 1) == '{') {
        source_skip(b->s, 2);
        literal(b, '{');
    } else if (c == '{') {
        directive(b);
    } else if (b->place.place == IN_CONTENT && source_starts(b->s, "<!--")) {
        while (!source_end(b->s) && !source_starts(b->s, "-->"))
            (void)source_next(b->s);
        source_skip(b->s, 3);
    } else {
        (void)source_next(b->s);
        html_step(&b->place, b->s, c);
        literal(b, c);
    }
}

static void compile(struct body *b)
{
    while (!source_end(b->s))
        step(b);
    html_settle(&b->place, b->s);
    flush(b);
    if (b->n_blocks > 0)
        stop_at(b->s, b->blocks[b->n_blocks - 1].opened.line,
                b->blocks[b->n_blocks - 1].opened.column, "this block has no {end}");
    if (b->place.place != IN_CONTENT || b->place.depth > 0)
        STOP(b->s, "the page ends inside <%s>",
             b->place.depth ? b->place.stack[b->place.depth - 1] : b->place.tag);
}

void body_compile(struct program *p, struct unit *u)
{
    if (u->kind == UNIT_FORMS) {
        while (!source_end(&u->source)) {
            char c = source_next(&u->source);
            if (c != ' ' && c != '\n')
                STOP(&u->source, "a forms file ends with its head");
        }
        return;
    }
    struct output *c = pool(sizeof *c);
    struct body *b = pool(sizeof *b);
    *b = (struct body){.p = p, .u = u, .s = &u->source, .c = c, .last = '\n'};
    compile(b);
    emit_page_function(p, u, c);
}

void title_compile(struct program *p, struct unit *u)
{
    struct source *s = pool(sizeof *s);
    *s = (struct source){.file = u->source.file,
                         .text = u->title,
                         .length = strlen(u->title),
                         .line = u->title_line,
                         .column = u->title_column + 1};
    struct body *b = pool(sizeof *b);
    *b = (struct body){.p = p, .u = u, .s = s, .c = &p->c, .last = 'x'};
    if (memchr(u->title, '<', s->length))
        STOP(s, "no markup in a title");
    compile(b);
}
