/* emit: the structs, form tables and functions of the generated header and program. */
#include "mkpage.h"

#include <string.h>

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static const char *c_type(enum type type)
{
    switch (type) {
    case T_TEXT:
    case T_LINK:
        return "struct str ";
    case T_YEN:
        return "struct yen ";
    case T_DAY:
        return "struct ymd ";
    case T_MONTH:
        return "struct month ";
    case T_COUNT:
    case T_ID:
    case T_TIME:
        return "int64_t ";
    case T_FLAG:
        return "bool ";
    case T_RATE:
        return "struct ratio ";
    case T_HTML:
        return "const struct html *";
    case T_MESSAGE:
        return "const char *";
    case T_ROWS:
    case T_ROWS_PART:
    case T_GROUP:
    case T_PART:
    case T_FORM:
        break;
    }
    return "";
}

/* --- views --------------------------------------------------------------------------------- */

static void emit_struct(struct program *p, const char *name, const struct member *first);

static void emit_member(struct program *p, const struct member *m)
{
    struct output *h = &p->h;
    switch (m->type) {
    case T_ROWS:
    case T_ROWS_PART:
        out(h, "    const struct %s *%s;\n    size_t n_%s;\n", m->c_struct, m->name, m->name);
        return;
    case T_GROUP:
    case T_PART:
        out(h, "    struct %s %s;\n", m->c_struct, m->name);
        return;
    case T_FORM:
        out(h, "    const struct %s_%s_form *%s; /* NULL: empty */\n", p->prefix, m->part, m->name);
        return;
    case T_TEXT:
    case T_LINK:
    case T_YEN:
    case T_DAY:
    case T_MONTH:
    case T_COUNT:
    case T_ID:
    case T_FLAG:
    case T_TIME:
    case T_RATE:
    case T_HTML:
    case T_MESSAGE:
        out(h, "    %s%s;\n", c_type(m->type), m->name);
        return;
    }
}

static void emit_struct(struct program *p, const char *name, const struct member *first)
{
    for (const struct member *m = first; m; m = m->next) {
        if (m->type == T_ROWS || m->type == T_GROUP)
            emit_struct(p, m->c_struct, m->first);
        if (m->type == T_ROWS_PART)
            out(&p->h, "struct %s;\n", m->c_struct);
    }
    out(&p->h, "struct %s {\n", name);
    if (!first)
        out(&p->h, "    bool nothing;\n");
    for (const struct member *m = first; m; m = m->next)
        emit_member(p, m);
    out(&p->h, "};\n");
}

/* A part held by value must be declared before its holder. */
static bool is_ready(const struct program *p, const struct member *m)
{
    for (; m; m = m->next) {
        if ((m->type == T_ROWS || m->type == T_GROUP) && !is_ready(p, m->first))
            return false;
        if (m->type != T_PART || strcmp(m->part_prefix, p->prefix) != 0)
            continue;
        bool found = false;
        for (size_t i = 0; i < p->n_units && !found; i++)
            found = p->units[i].kind == UNIT_PART && p->units[i].emitted &&
                    strcmp(p->units[i].name, m->part) == 0;
        if (!found)
            return false;
    }
    return true;
}

static void emit_unit_types(struct program *p, struct unit *u)
{
    out(&p->h, "\n/* %s */\n", base_name(u->source.file));
    emit_struct(p, pool_format("%s_%s_view", p->prefix, u->name), u->view);
    out(&p->h,
        "void %s_%s_%s(struct html *h, const struct frame *f, const struct %s_%s_view *v);\n",
        p->prefix, u->kind == UNIT_PAGE ? "page" : "part", u->name, p->prefix, u->name);
    u->emitted = true;
}

void emit_types(struct program *p)
{
    size_t left = 0;
    for (size_t i = 0; i < p->n_units; i++)
        left += p->units[i].kind != UNIT_FORMS;
    while (left > 0) {
        size_t before = left;
        for (size_t i = 0; i < p->n_units; i++) {
            struct unit *u = &p->units[i];
            if (u->kind == UNIT_FORMS || u->emitted || !is_ready(p, u->view))
                continue;
            emit_unit_types(p, u);
            left--;
        }
        if (left < before)
            continue;
        for (size_t i = 0; i < p->n_units; i++) {
            struct unit *u = &p->units[i];
            if (!u->emitted && u->kind != UNIT_FORMS)
                stop_at(&u->source, 1, 1,
                        "uses a part that is not there, or parts hold each other");
        }
    }
}

/* --- forms --------------------------------------------------------------------------------- */

static void emit_form_struct(struct program *p, const struct form *f)
{
    struct output *h = &p->h;
    out(h, "\n/* %s */\n", base_name(f->file));
    for (size_t g = 0; g < f->n_groups; g++) {
        out(h, "struct %s_%s_%s_entry {\n", p->prefix, f->name, f->groups[g].name);
        for (size_t i = 0; i < f->n_fields; i++) {
            if (f->fields[i].group == (int)g + 1)
                out(h, "    %s%s;\n", f->fields[i].c_type, f->fields[i].name);
        }
        out(h, "};\n");
    }
    out(h, "struct %s_%s_form {\n    struct form_state state;\n", p->prefix, f->name);
    for (size_t i = 0; i < f->n_fields; i++) {
        if (f->fields[i].group == 0)
            out(h, "    %s%s;\n", f->fields[i].c_type, f->fields[i].name);
    }
    for (size_t g = 0; g < f->n_groups; g++)
        out(h, "    struct %s_%s_%s_entry %s[%d];\n    size_t n_%s;\n", p->prefix, f->name,
            f->groups[g].name, f->groups[g].name, f->groups[g].maximum, f->groups[g].name);
    out(h, "};\nextern const struct form_shape %s_%s_shape;\n", p->prefix, f->name);
    out(h,
        "int %s_%s_form_read(struct context *cx, const struct request *rq,\n"
        "    struct %s_%s_form *form) WARN_UNUSED;\n",
        p->prefix, f->name, p->prefix, f->name);
    out(h, "void %s_%s_form_init(struct %s_%s_form *form);\n", p->prefix, f->name, p->prefix,
        f->name);
}

static void emit_choices(struct program *p, const struct form *f)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        const struct form_field *d = &f->fields[i];
        if (d->n_choices == 0)
            continue;
        out(&p->c, "static const struct choice %s_choices_%zu[] = {\n", f->name, i);
        for (size_t k = 0; k < d->n_choices; k++) {
            out(&p->c, "    {");
            out_c_string(&p->c, d->values[k], strlen(d->values[k]));
            out(&p->c, ", ");
            out_c_string(&p->c, d->labels[k], strlen(d->labels[k]));
            out(&p->c, "},\n");
        }
        out(&p->c, "};\n");
    }
}

static void emit_field(struct program *p, const struct form *f, size_t i)
{
    const struct form_field *d = &f->fields[i];
    out(&p->c, "    {.name = \"%s\", .kind = %s, .look = %s, .required = %d, .lines = %d,\n",
        d->name, d->kind, d->look, d->required, d->lines);
    out(&p->c, "     .minimum = %s, .maximum = %s, .group = %d, .label = ", d->minimum, d->maximum,
        d->group);
    out_c_string(&p->c, d->label, strlen(d->label));
    if (d->hint) {
        out(&p->c, ", .hint = ");
        out_c_string(&p->c, d->hint, strlen(d->hint));
    }
    if (d->n_choices)
        out(&p->c, ",\n     .choices = %s_choices_%zu, .n_choices = %zu", f->name, i, d->n_choices);
    if (d->group)
        out(&p->c, ",\n     .offset = offsetof(struct %s_%s_%s_entry, %s)},\n", p->prefix, f->name,
            f->groups[d->group - 1].name, d->name);
    else
        out(&p->c, ",\n     .offset = offsetof(struct %s_%s_form, %s)},\n", p->prefix, f->name,
            d->name);
}

static void emit_groups(struct program *p, const struct form *f)
{
    out(&p->c, "static const struct field_group %s_groups[] = {\n", f->name);
    for (size_t g = 0; g < f->n_groups; g++) {
        const struct form_group *d = &f->groups[g];
        out(&p->c, "    {.name = \"%s\", .minimum = %d, .maximum = %d,\n", d->name, d->minimum,
            d->maximum);
        out(&p->c, "     .offset = offsetof(struct %s_%s_form, %s),\n", p->prefix, f->name,
            d->name);
        out(&p->c, "     .stride = sizeof(struct %s_%s_%s_entry),\n", p->prefix, f->name, d->name);
        out(&p->c, "     .count_offset = offsetof(struct %s_%s_form, n_%s), .label = ", p->prefix,
            f->name, d->name);
        out_c_string(&p->c, d->label, strlen(d->label));
        out(&p->c, "},\n");
    }
    out(&p->c, "};\n");
}

static bool has_file(const struct form *f)
{
    for (size_t i = 0; i < f->n_fields; i++) {
        if (strcmp(f->fields[i].kind, "FIELD_FILE") == 0)
            return true;
    }
    return false;
}

static void emit_form(struct program *p, const struct form *f)
{
    struct output *c = &p->c;
    out(c, "\n/* form %s */\n", f->name);
    emit_choices(p, f);
    if (f->n_fields) {
        out(c, "static const struct field %s_fields[] = {\n", f->name);
        for (size_t i = 0; i < f->n_fields; i++)
            emit_field(p, f, i);
        out(c, "};\n");
    }
    if (f->n_groups)
        emit_groups(p, f);
    out(c, "const struct form_shape %s_%s_shape = {\n", p->prefix, f->name);
    out(c, "    .name = \"%s\", .is_post = %d, .has_upload = %d,\n", f->name, f->is_post,
        has_file(f));
    if (f->n_fields)
        out(c, "    .fields = %s_fields, .n_fields = %zu,\n", f->name, f->n_fields);
    if (f->n_groups)
        out(c, "    .groups = %s_groups, .n_groups = %zu,\n", f->name, f->n_groups);
    out(c, "    .size = sizeof(struct %s_%s_form)};\n", p->prefix, f->name);
    out(c,
        "int %s_%s_form_read(struct context *cx, const struct request *rq,\n"
        "    struct %s_%s_form *form)\n{\n"
        "    return form_read(cx, &%s_%s_shape, rq, form);\n}\n",
        p->prefix, f->name, p->prefix, f->name, p->prefix, f->name);
    out(c,
        "void %s_%s_form_init(struct %s_%s_form *form)\n{\n"
        "    form_init(&%s_%s_shape, form);\n}\n",
        p->prefix, f->name, p->prefix, f->name, p->prefix, f->name);
}

void emit_forms(struct program *p)
{
    for (size_t i = 0; i < p->n_forms; i++) {
        emit_form_struct(p, p->forms[i]);
        emit_form(p, p->forms[i]);
    }
}

/* --- functions ----------------------------------------------------------------------------- */

static void emit_head(struct program *p, struct unit *u)
{
    struct output *c = &p->c;
    out(c, "static void title_%s(struct html *h, const struct frame *f, const void *view)\n{\n",
        u->name);
    out(c, "    const struct %s_%s_view *v = view;\n    (void)f;\n    (void)v;\n", p->prefix,
        u->name);
    title_compile(p, u);
    out(c, "}\n");
    if (u->n_crumbs) {
        out(c, "static const struct crumb crumbs_%s[] = {\n", u->name);
        for (size_t i = 0; i < u->n_crumbs; i++) {
            out(c, "    {");
            out_c_string(c, u->crumb_path[i], strlen(u->crumb_path[i]));
            out(c, ", ");
            out_c_string(c, u->crumb_label[i], strlen(u->crumb_label[i]));
            out(c, "},\n");
        }
        out(c, "};\n");
    }
    out(c,
        "static const struct page_head head_%s = {\n    .title = title_%s, "
        ".refresh_seconds = %d, .is_bare = %d",
        u->name, u->name, u->refresh, u->is_bare);
    if (u->n_crumbs)
        out(c, ",\n    .crumbs = crumbs_%s, .n_crumbs = %zu", u->name, u->n_crumbs);
    out(c, "};\n");
}

void emit_page_function(struct program *p, struct unit *u, const struct output *body)
{
    struct output *c = &p->c;
    bool is_page = u->kind == UNIT_PAGE;
    out(c, "\n/* %s */\n", base_name(u->source.file));
    if (is_page)
        emit_head(p, u);
    out(c, "void %s_%s_%s(struct html *h, const struct frame *f, const struct %s_%s_view *v)\n{\n",
        p->prefix, is_page ? "page" : "part", u->name, p->prefix, u->name);
    if (is_page && u->refresh_flag)
        out(c,
            "    struct page_head head = head_%s;\n    if (!v->%s)\n"
            "        head.refresh_seconds = 0;\n    page_begin(h, f, &head, v);\n",
            u->name, u->refresh_flag);
    else if (is_page)
        out(c, "    page_begin(h, f, &head_%s, v);\n", u->name);
    else
        out(c, "    (void)f;\n    (void)v;\n");
    out_bytes(c, body->p ? body->p : "", body->n);
    if (is_page)
        out(c, "    page_end(h, f);\n");
    out(c, "}\n");
}

/* --- files --------------------------------------------------------------------------------- */

static void write_file(const char *path, const struct output *parts, size_t n)
{
    FILE *f = fopen(path, "wb");
    bool ok = f != NULL;
    for (size_t i = 0; ok && i < n; i++)
        ok = parts[i].n == 0 || fwrite(parts[i].p, 1, parts[i].n, f) == parts[i].n;
    if (!f || fclose(f) != 0 || !ok) {
        struct source s = {.file = path};
        stop_at(&s, 0, 0, "cannot be written");
    }
}

static void include_parts(const struct program *p, struct output *o, const struct member *m)
{
    for (; m; m = m->next) {
        include_parts(p, o, m->first);
        if ((m->type != T_PART && m->type != T_ROWS_PART) ||
            strcmp(m->part_prefix, p->prefix) == 0 ||
            (strcmp(m->part_prefix, "page") == 0 && strcmp(m->part, "option") == 0))
            continue;
        char *line = pool_format("#include \"%s_pages.h\"\n", m->part_prefix);
        if (!o->p || !strstr(o->p, line))
            out(o, "%s", line);
    }
}

void emit_files(struct program *p, const char *header_path, const char *program_path)
{
    struct output header[3] = {0}, program[2] = {0};
    char *guard = pool_format("%s_PAGES_H", p->prefix);
    for (char *g = guard; *g; g++) {
        if (*g >= 'a' && *g <= 'z')
            *g = (char)(*g - 'a' + 'A');
    }
    out(&header[0],
        "/* Made by mkpage from the pages of %s. */\n#ifndef %s\n#define %s\n\n"
        "#include \"page/page.h\"\n",
        p->prefix, guard, guard);
    for (size_t i = 0; i < p->n_units; i++)
        include_parts(p, &header[0], p->units[i].view);
    header[1] = p->h;
    out(&header[2], "\n#endif\n");
    out(&program[0],
        "/* Made by mkpage from the pages of %s. */\n#include \"%s\"\n\n"
        "#include <stddef.h>\n",
        p->prefix, p->header_name);
    program[1] = p->c;
    write_file(header_path, header, 3);
    write_file(program_path, program, 2);
}
