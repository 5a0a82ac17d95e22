/* head: reads what stands above the line `---` of a page file. */
#include "mkpage.h"

#include <stdlib.h>
#include <string.h>

enum { MAX_WORDS = MAX_CHOICES + 16 };

struct line { /* one line of the head, cut into words */
    struct source at;
    int indent;
    char *word[MAX_WORDS];
    bool quoted[MAX_WORDS];
    int column[MAX_WORDS];
    int n;
    int next; /* word being looked at */
};

struct reader {
    struct program *p;
    struct unit *u;
    struct source *s;
    struct line line;
    bool done; /* the line --- was read */
};

_Noreturn static void stop_word(const struct line *l, int word, const char *what)
{
    int i = word < l->n ? word : l->n - 1;
    stop_at(&l->at, l->at.line, i >= 0 ? l->column[i] : 1, "%s%s%s%s", what,
            word < l->n ? ": '" : "", word < l->n ? l->word[word] : "", word < l->n ? "'" : "");
}

static char *read_word(struct line *l, struct source *s, bool *quoted)
{
    static char word[4096];
    size_t n = 0;
    *quoted = source_peek(s, 0) == '"';
    bool inside = false;
    while (!source_end(s) && source_peek(s, 0) != '\n') {
        char c = source_peek(s, 0);
        if (!inside && (c == ' ' || c == '\t'))
            break;
        (void)source_next(s);
        if (c == '"')
            inside = !inside;
        else if (n + 1 < sizeof word)
            word[n++] = c;
    }
    if (inside)
        STOP(&l->at, "a quotation mark is not closed");
    return pool_copy(word, n);
}

/* The next line that says something; false at the line --- . */
static bool read_line(struct reader *r)
{
    struct source *s = r->s;
    struct line *l = &r->line;
    for (;;) {
        if (source_end(s))
            STOP(s, "the head ends with a line ---");
        l->at = *s;
        l->n = l->next = 0;
        l->indent = 0;
        while (source_peek(s, 0) == ' ' && !source_end(s)) {
            (void)source_next(s);
            l->indent++;
        }
        while (!source_end(s) && source_peek(s, 0) != '\n' && source_peek(s, 0) != '#') {
            if (source_peek(s, 0) == ' ') {
                (void)source_next(s);
                continue;
            }
            if (source_peek(s, 0) == '\t')
                STOP(s, "indent with blanks, not tabs");
            if (l->n == MAX_WORDS)
                STOP(s, "too many words in a line");
            l->column[l->n] = s->column;
            l->word[l->n] = read_word(l, s, &l->quoted[l->n]);
            l->n++;
        }
        while (!source_end(s) && source_next(s) != '\n')
            ;
        if (l->n == 0)
            continue;
        return !(l->n == 1 && strcmp(l->word[0], "---") == 0);
    }
}

static void advance(struct reader *r)
{
    r->done = !read_line(r);
}

static bool accept(struct line *l, const char *word)
{
    if (l->next >= l->n || l->quoted[l->next] || strcmp(l->word[l->next], word) != 0)
        return false;
    l->next++;
    return true;
}

static char *need_text(struct line *l, const char *what)
{
    if (l->next >= l->n || !l->quoted[l->next])
        stop_word(l, l->next, what);
    return l->word[l->next++];
}

static char *need_name(struct line *l, const char *what)
{
    if (l->next >= l->n || l->quoted[l->next])
        stop_word(l, l->next, what);
    char *name = l->word[l->next];
    for (char *c = name; *c; c++) {
        bool ok = (*c >= 'a' && *c <= 'z') || *c == '_' || (c > name && *c >= '0' && *c <= '9');
        if (!ok)
            stop_word(l, l->next, "names are a-z, 0-9 and _");
    }
    l->next++;
    return name;
}

static int need_int(struct line *l, const char *what)
{
    char *end = NULL;
    if (l->next >= l->n)
        stop_word(l, l->next, what);
    long v = strtol(l->word[l->next], &end, 10);
    if (*end || v < 0 || v > 100000)
        stop_word(l, l->next, what);
    l->next++;
    return (int)v;
}

static void need_end(struct line *l)
{
    if (l->next < l->n)
        stop_word(l, l->next, "not understood here");
}

struct member *member_find(struct member *first, const char *name, size_t n)
{
    for (struct member *m = first; m; m = m->next) {
        if (strlen(m->name) == n && memcmp(m->name, name, n) == 0)
            return m;
    }
    return NULL;
}

struct form *form_find(struct program *p, const char *name)
{
    for (size_t i = 0; i < p->n_forms; i++) {
        if (strcmp(p->forms[i]->name, name) == 0)
            return p->forms[i];
    }
    return NULL;
}

/* --- the view ------------------------------------------------------------------------------ */

static const struct {
    const char *word;
    enum type type;
} simple_types[] = {
    {"text", T_TEXT},   {"link", T_LINK},   {"yen", T_YEN},   {"day", T_DAY},
    {"month", T_MONTH}, {"count", T_COUNT}, {"id", T_ID},     {"flag", T_FLAG},
    {"time", T_TIME},   {"rate", T_RATE},   {"html", T_HTML}, {"message", T_MESSAGE},
};

static void read_part_name(struct reader *r, struct member *m)
{
    struct line *l = &r->line;
    if (l->next >= l->n)
        stop_word(l, l->next, "the name of the part is missing");
    char *dot = strchr(l->word[l->next], '.');
    if (dot) {
        *dot = '\0';
        m->part_prefix = l->word[l->next];
        m->part = dot + 1;
        l->next++;
    } else {
        m->part_prefix = pool_copy(r->p->prefix, strlen(r->p->prefix));
        m->part = need_name(l, "the name of the part");
    }
    m->c_struct = pool_format("%s_%s_view", m->part_prefix, m->part);
}

static struct member *read_members(struct reader *r, const char *outer, int indent);

static void read_type(struct reader *r, struct member *m, const char *outer)
{
    struct line *l = &r->line;
    for (size_t i = 0; i < sizeof simple_types / sizeof simple_types[0]; i++) {
        if (accept(l, simple_types[i].word)) {
            m->type = simple_types[i].type;
            return;
        }
    }
    if (accept(l, "rows")) {
        m->type = T_ROWS;
        if (accept(l, "part")) {
            m->type = T_ROWS_PART;
            read_part_name(r, m);
        } else {
            m->c_struct = pool_format("%s_%s_row", outer, m->name);
        }
    } else if (accept(l, "group")) {
        m->type = T_GROUP;
        m->c_struct = pool_format("%s_%s", outer, m->name);
    } else if (accept(l, "part")) {
        m->type = T_PART;
        read_part_name(r, m);
    } else if (accept(l, "form")) {
        m->type = T_FORM;
        m->part = need_name(l, "the name of the form");
    } else {
        stop_word(l, l->next,
                  "no type of a view (text link yen day month count id flag time rate "
                  "html message, rows, rows part X, group, part X, form X)");
    }
}

static void refuse_c_words(struct line *l, const char *name)
{
    static const char *const words[] = {"auto",     "break",    "case",     "char",   "const",
                                        "continue", "default",  "do",       "double", "enum",
                                        "extern",   "float",    "goto",     "inline", "int",
                                        "long",     "register", "restrict", "return", "short",
                                        "signed",   "sizeof",   "static",   "struct", "switch",
                                        "typedef",  "union",    "unsigned", "void",   "volatile",
                                        "while",    "bool",     "true",     "false",  "state"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(name, words[i]) == 0)
            stop_word(l, 0, "this word means something in C; take another name");
    }
}

static void refuse_reserved(struct line *l, const char *name)
{
    refuse_c_words(l, name);
    static const char *const words[] = {"if",   "else",   "for",    "none", "end",
                                        "form", "field",  "fields", "rows", "include",
                                        "row",  "number", "frame",  "n"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(name, words[i]) == 0)
            stop_word(l, 0, "this word means something in a page; take another name");
    }
}

/* Members indented deeper than `indent`; the line behind them is current afterwards. */
static struct member *read_members(struct reader *r, const char *outer, int indent)
{
    struct member *first = NULL, **end = &first;
    int own = r->line.indent;
    while (!r->done && r->line.indent > indent) {
        if (r->line.indent != own)
            stop_word(&r->line, 0, "this line is indented unlike its neighbours");
        struct member *m = pool(sizeof *m);
        m->line = r->line.at.line;
        m->name = need_name(&r->line, "the name of a view field");
        refuse_reserved(&r->line, m->name);
        if (member_find(first, m->name, strlen(m->name)))
            stop_word(&r->line, 0, "declared twice");
        read_type(r, m, outer);
        need_end(&r->line);
        *end = m;
        end = &m->next;
        struct line named = r->line;
        advance(r);
        if (m->type == T_ROWS || m->type == T_GROUP) {
            m->first = read_members(r, pool_format("%s_%s", outer, m->name), own);
            if (!m->first)
                stop_word(&named, 0, "has no fields of its own (indent them below)");
        }
    }
    return first;
}

/* --- forms --------------------------------------------------------------------------------- */

static const struct {
    const char *word, *kind, *c_type, *minimum, *maximum;
} field_kinds[] = {
    {"text", "FIELD_TEXT", "struct str ", "0", "200"},
    {"kana", "FIELD_KANA", "struct str ", "0", "100"},
    {"secret", "FIELD_SECRET", "struct str ", "0", "128"},
    {"number", "FIELD_NUMBER", "int64_t ", "0", "999999999"},
    {"yen", "FIELD_YEN", "struct yen ", "0", "999999999999"},
    {"day", "FIELD_DAY", "struct ymd ", "0", "0"},
    {"month", "FIELD_MONTH", "struct month ", "0", "0"},
    {"choice", "FIELD_CHOICE", "struct str ", "0", "0"},
    {"pick", "FIELD_PICK", "struct str ", "0", "200"},
    {"flag", "FIELD_FLAG", "bool ", "0", "0"},
    {"id", "FIELD_ID", "int64_t ", "0", "9223372036854775807"},
    {"rate", "FIELD_RATE", "struct ratio ", "0", "100"},
    {"file", "FIELD_FILE", "const struct upload *", "0", "0"},
};

static void read_kind(struct line *l, struct form_field *f)
{
    for (size_t i = 0; i < sizeof field_kinds / sizeof field_kinds[0]; i++) {
        if (accept(l, field_kinds[i].word)) {
            f->kind = field_kinds[i].kind;
            f->c_type = field_kinds[i].c_type;
            f->minimum = pool_copy(field_kinds[i].minimum, strlen(field_kinds[i].minimum));
            f->maximum = pool_copy(field_kinds[i].maximum, strlen(field_kinds[i].maximum));
            f->look = "LOOK_USUAL";
            return;
        }
    }
    stop_word(l, l->next,
              "no kind of a form field (text kana secret number yen day month choice "
              "pick flag id rate file)");
}

static bool is_number(const char *p, size_t n)
{
    size_t i = n > 0 && p[0] == '-' ? 1 : 0;
    if (i == n || n > 18)
        return false;
    for (; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
    }
    return true;
}

static bool read_limits(const char *word, char **minimum, char **maximum)
{
    const char *dots = strstr(word, "..");
    if (!dots || !is_number(word, (size_t)(dots - word)) || !is_number(dots + 2, strlen(dots + 2)))
        return false;
    *minimum = pool_copy(word, (size_t)(dots - word));
    *maximum = pool_copy(dots + 2, strlen(dots + 2));
    return true;
}

static void read_choice(struct line *l, struct form_field *f)
{
    char *word = l->word[l->next];
    char *equals = strchr(word, '=');
    if (!equals || equals == word || strcmp(f->kind, "FIELD_CHOICE") != 0)
        stop_word(l, l->next, "not understood in a form field");
    if (f->n_choices == MAX_CHOICES)
        stop_word(l, l->next, "too many choices");
    f->values[f->n_choices] = pool_copy(word, (size_t)(equals - word));
    f->labels[f->n_choices++] = equals + 1;
    l->next++;
}

static void read_look(struct line *l, struct form_field *f)
{
    if (accept(l, "radio"))
        f->look = "LOOK_RADIO";
    else if (accept(l, "select"))
        f->look = "LOOK_SELECT";
    else if (accept(l, "buttons"))
        f->look = "LOOK_BUTTONS";
    else if (accept(l, "hidden"))
        f->look = "LOOK_HIDDEN";
    else
        stop_word(l, l->next, "as radio, select, buttons or hidden");
}

static void read_field(struct reader *r, struct form *form, int group)
{
    struct line *l = &r->line;
    if (form->n_fields == MAX_FIELDS)
        stop_word(l, 0, "too many fields in a form");
    struct form_field *f = &form->fields[form->n_fields++];
    f->group = group;
    f->name = need_name(l, "the name of a field");
    refuse_c_words(l, f->name);
    for (size_t i = 0; i + 1 < form->n_fields; i++) {
        if (form->fields[i].group == group && strcmp(form->fields[i].name, f->name) == 0)
            stop_word(l, 0, "declared twice");
    }
    read_kind(l, f);
    f->label = need_text(l, "the label in quotation marks is missing");
    while (l->next < l->n) {
        if (accept(l, "required"))
            f->required = true;
        else if (accept(l, "lines"))
            f->lines = need_int(l, "the number of lines");
        else if (accept(l, "hint"))
            f->hint = need_text(l, "the hint in quotation marks");
        else if (accept(l, "as"))
            read_look(l, f);
        else if (read_limits(l->word[l->next], &f->minimum, &f->maximum))
            l->next++;
        else
            read_choice(l, f);
    }
    if (strcmp(f->kind, "FIELD_CHOICE") == 0 && f->n_choices == 0)
        stop_word(l, 0, "a choice without choices (value=見出し ...)");
}

static void read_group(struct reader *r, struct form *form, int indent)
{
    struct line *l = &r->line;
    if (form->n_groups == MAX_GROUPS)
        stop_word(l, 0, "too many groups in a form");
    struct form_group *g = &form->groups[form->n_groups++];
    g->name = l->word[0];
    l->next = 2;
    char *minimum = NULL, *maximum = NULL;
    if (l->next >= l->n || !read_limits(l->word[l->next], &minimum, &maximum))
        stop_word(l, l->next, "rows need their number: 1..8");
    l->next++;
    g->minimum = (int)strtol(minimum, NULL, 10);
    g->maximum = (int)strtol(maximum, NULL, 10);
    if (g->maximum < 1 || g->maximum > 32 || g->minimum > g->maximum)
        stop_word(l, l->next - 1, "rows of a form are 1 to 32");
    g->label = need_text(l, "the label in quotation marks is missing");
    need_end(l);
    int group = (int)form->n_groups;
    for (advance(r); !r->done && r->line.indent > indent; advance(r))
        read_field(r, form, group);
}

static void read_form(struct reader *r)
{
    struct line *l = &r->line;
    struct form *form = pool(sizeof *form);
    form->name = need_name(l, "the name of the form");
    form->file = r->s->file;
    form->line = l->at.line;
    if (form_find(r->p, form->name))
        stop_word(l, 1, "a form of this name exists already");
    if (accept(l, "post"))
        form->is_post = true;
    else if (!accept(l, "get"))
        stop_word(l, l->next, "post (changes something) or get (asks)");
    need_end(l);
    if (r->p->n_forms == MAX_FORMS)
        stop_word(l, 0, "too many forms");
    r->p->forms[r->p->n_forms++] = form;
    advance(r);
    int own = r->line.indent;
    while (!r->done && r->line.indent > 0) {
        if (r->line.indent != own)
            stop_word(&r->line, 0, "this line is indented unlike its neighbours");
        if (r->line.n > 1 && !r->line.quoted[1] && strcmp(r->line.word[1], "rows") == 0) {
            read_group(r, form, own);
        } else {
            read_field(r, form, 0);
            advance(r);
        }
    }
    if (r->u->kind == UNIT_FORMS)
        return;
    struct member *m = pool(sizeof *m), **end = &r->u->view;
    *m = (struct member){.name = form->name, .type = T_FORM, .part = form->name, .form = form};
    while (*end)
        end = &(*end)->next;
    *end = m;
}

/* --- the file ------------------------------------------------------------------------------ */

static void read_crumb(struct reader *r)
{
    struct line *l = &r->line;
    struct unit *u = r->u;
    if (u->n_crumbs == MAX_CRUMBS)
        stop_word(l, 0, "too many crumbs");
    u->crumb_path[u->n_crumbs] = need_text(l, "crumb \"/path\" \"名前\"");
    if (strchr(u->crumb_path[u->n_crumbs], '{'))
        stop_word(l, 0, "a crumb's path is fixed: put a path with a value into the body");
    u->crumb_label[u->n_crumbs++] = need_text(l, "crumb \"/path\" \"名前\"");
    need_end(l);
    advance(r);
}

static void read_view(struct reader *r)
{
    need_end(&r->line);
    advance(r);
    struct member *m = read_members(r, pool_format("%s_%s", r->p->prefix, r->u->name), 0);
    struct member **end = &m;
    while (*end)
        end = &(*end)->next;
    *end = r->u->view; /* forms declared above */
    r->u->view = m;
}

static void read_directive(struct reader *r)
{
    struct line *l = &r->line;
    struct unit *u = r->u;
    if (l->indent != 0)
        stop_word(l, 0, "nothing above this line takes indented lines");
    if (accept(l, "title")) {
        u->title_line = l->at.line;
        u->title_column = l->column[1 < l->n ? 1 : 0];
        u->title = need_text(l, "the title in quotation marks");
        need_end(l);
        advance(r);
    } else if (accept(l, "crumb")) {
        read_crumb(r);
    } else if (accept(l, "refresh")) {
        u->refresh = need_int(l, "seconds");
        if (l->next < l->n)
            u->refresh_flag = need_name(l, "the flag of the view that says when");
        need_end(l);
        advance(r);
    } else if (accept(l, "bare")) {
        u->is_bare = true;
        advance(r);
    } else if (accept(l, "view")) {
        read_view(r);
    } else if (accept(l, "form")) {
        read_form(r);
    } else {
        stop_word(l, 0, "expected title, crumb, refresh, bare, view, form or ---");
    }
}

void head_read(struct program *p, struct unit *u)
{
    struct reader *r = pool(sizeof *r);
    r->p = p;
    r->u = u;
    r->s = &u->source;
    if (!read_line(r))
        STOP(r->s, "a page file starts with: page NAME, part NAME or forms NAME");
    struct line *l = &r->line;
    if (accept(l, "page"))
        u->kind = UNIT_PAGE;
    else if (accept(l, "part"))
        u->kind = UNIT_PART;
    else if (accept(l, "forms"))
        u->kind = UNIT_FORMS;
    else
        stop_word(l, 0, "a page file starts with: page NAME, part NAME or forms NAME");
    u->name = need_name(l, "the name of the page");
    need_end(l);
    advance(r);
    while (!r->done)
        read_directive(r);
    if (u->kind == UNIT_PAGE && !u->title)
        stop_at(r->s, 1, 1, "page %s has no title", u->name);
    struct member *flag =
        u->refresh_flag ? member_find(u->view, u->refresh_flag, strlen(u->refresh_flag)) : NULL;
    if (u->refresh_flag && (!flag || flag->type != T_FLAG))
        stop_at(r->s, 1, 1, "refresh: %s is no flag of the view", u->refresh_flag);
    if (u->kind == UNIT_FORMS && u->view)
        stop_at(r->s, 1, 1, "a forms file has no view");
}
