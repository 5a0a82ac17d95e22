/*
 * form_show: fields as markup. What was typed is shown again as it was typed, with its problem
 * beside it; otherwise the value of the form struct. Labels, hints and problems are tied to their
 * fields by id, so that a screen reader says them together.
 */
#include "page/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct showing {
    struct html *h;
    const struct form_shape *shape;
    const struct field *f;
    const struct form_state *state; /* NULL: an empty form */
    const unsigned char *value;     /* NULL: an empty form */
    char name[64];                  /* as sent: "member.2.birth" */
    char id[96];                    /* as an element id: "whatif-member-2-birth" */
    const struct problem *problem;
    bool has_hint;
};

static const struct problem *problem_of(const struct form_state *state, const char *name)
{
    for (size_t i = 0; state && i < state->problems.n; i++) {
        if (strcmp(state->problems.rows[i].field, name) == 0)
            return &state->problems.rows[i];
    }
    return NULL;
}

static void element_id(const struct form_shape *shape, const char *name, char *out, size_t room)
{
    snprintf(out, room, "%s-%s", shape->name, name);
    for (char *c = out; *c; c++) {
        if (*c == '.')
            *c = '-';
    }
}

static const char *usual_hint(const struct field *f)
{
    if (f->hint)
        return f->hint;
    const char *id = f->kind == FIELD_DAY     ? "page.hint.day"
                     : f->kind == FIELD_MONTH ? "page.hint.month"
                     : f->kind == FIELD_KANA  ? "page.hint.kana"
                                              : NULL;
    const struct message *m = id ? message_find(id) : NULL;
    return m ? m->text : NULL;
}

static void showing_init(struct showing *s, struct html *h, const struct form_shape *shape,
                         const struct field *f, const void *form, size_t row)
{
    *s = (struct showing){.h = h, .shape = shape, .f = f, .state = form};
    const unsigned char *base = form;
    if (f->group > 0) {
        const struct field_group *g = &shape->groups[f->group - 1];
        snprintf(s->name, sizeof s->name, "%s.%zu.%s", g->name, row, f->name);
        if (base)
            base += g->offset + row * g->stride;
    } else {
        snprintf(s->name, sizeof s->name, "%s", f->name);
    }
    s->value = base ? base + f->offset : NULL;
    element_id(shape, s->name, s->id, sizeof s->id);
    s->problem = problem_of(s->state, s->name);
    s->has_hint = shape->is_post && usual_hint(f) != NULL;
}

/* What was typed: with problems the text, not the value that may not exist. */
static struct str typed(const struct showing *s)
{
    if (!s->state || !s->state->rq)
        return STR_NONE;
    return s->shape->is_post ? request_form(s->state->rq, s->name)
                             : request_query(s->state->rq, s->name);
}

static void put_month(struct html *out, struct month m)
{
    if (m.n == MONTH_NONE.n)
        return;
    html_era_short(out, month_first(m));
    if (out->text.n > 3)
        out->text.n -= 3; /* without ".01" */
}

/* The value of the struct as it would be typed; into `out`, still to be escaped. */
static void put_kept(const struct showing *s, struct html *out)
{
    const void *v = s->value;
    switch (s->f->kind) {
    case FIELD_TEXT:
    case FIELD_KANA:
    case FIELD_CHOICE:
    case FIELD_PICK:
        (void)text_add(&out->text, *(const struct str *)v);
        return;
    case FIELD_NUMBER:
    case FIELD_ID:
        if (*(const int64_t *)v != FORM_ABSENT)
            html_plain(out, *(const int64_t *)v);
        return;
    case FIELD_YEN:
        if (((const struct yen *)v)->n != FORM_ABSENT)
            html_yen(out, *(const struct yen *)v);
        return;
    case FIELD_DAY:
        html_era_short(out, *(const struct ymd *)v);
        return;
    case FIELD_MONTH:
        put_month(out, *(const struct month *)v);
        return;
    case FIELD_FLAG:
        (void)text_adds(&out->text, *(const bool *)v ? "1" : "");
        return;
    case FIELD_RATE:
        html_percent(out, *(const struct ratio *)v);
        return;
    case FIELD_SECRET:
    case FIELD_FILE:
        return;
    }
}

static void current_value(const struct showing *s, struct html *out)
{
    if (s->f->kind == FIELD_SECRET || s->f->kind == FIELD_FILE)
        return;
    if (s->state && s->state->rq)
        (void)text_add(&out->text, typed(s));
    else if (s->value)
        put_kept(s, out);
}

static void put_value(const struct showing *s)
{
    struct html v;
    html_init(&v);
    current_value(s, &v);
    html_attr(s->h, text_str(&v.text));
    html_release(&v);
}

static bool value_is(const struct showing *s, struct str wanted)
{
    struct html v;
    html_init(&v);
    current_value(s, &v);
    bool is = str_equal(str_trim(text_str(&v.text)), wanted);
    html_release(&v);
    return is;
}

static void put_attribute(struct html *h, const char *name, const char *value)
{
    html_raw(h, " ");
    html_raw(h, name);
    html_raw(h, "=\"");
    html_attr(h, str_of(value));
    html_raw(h, "\"");
}

static void put_described(const struct showing *s)
{
    if (s->state && s->state->focus && strcmp(s->state->focus, s->name) == 0)
        html_raw(s->h, " autofocus");
    if (s->f->required)
        put_attribute(s->h, "aria-required", "true");
    if (s->problem)
        put_attribute(s->h, "aria-invalid", "true");
    if (!s->has_hint && !s->problem)
        return;
    html_raw(s->h, " aria-describedby=\"");
    if (s->has_hint)
        (void)text_addf(&s->h->text, "hint-%s%s", s->id, s->problem ? " " : "");
    if (s->problem)
        (void)text_addf(&s->h->text, "wrong-%s", s->id);
    html_raw(s->h, "\"");
}

static void put_label_text(const struct showing *s)
{
    html_text(s->h, str_of(s->f->label));
    if (s->f->required) {
        html_raw(s->h, "<span class=\"needed\">");
        html_message(s->h, "page.form.required_mark");
        html_raw(s->h, "</span>");
    }
}

static void put_hint_and_problem(const struct showing *s)
{
    if (s->has_hint) {
        (void)text_addf(&s->h->text, "<p class=\"hint\" id=\"hint-%s\">", s->id);
        html_text(s->h, str_of(usual_hint(s->f)));
        html_raw(s->h, "</p>");
    }
    if (s->problem) {
        (void)text_addf(&s->h->text, "<p class=\"wrong\" id=\"wrong-%s\">", s->id);
        html_text(s->h, s->problem->what);
        html_raw(s->h, "</p>");
    }
}

static const char *input_class(enum field_kind kind)
{
    switch (kind) {
    case FIELD_YEN:
        return "figure yen";
    case FIELD_NUMBER:
    case FIELD_RATE:
        return "figure";
    case FIELD_DAY:
    case FIELD_MONTH:
        return "date";
    case FIELD_TEXT:
    case FIELD_KANA:
    case FIELD_SECRET:
    case FIELD_CHOICE:
    case FIELD_PICK:
    case FIELD_FLAG:
    case FIELD_ID:
    case FIELD_FILE:
        break;
    }
    return NULL;
}

static void put_input(const struct showing *s)
{
    enum field_kind kind = s->f->kind;
    const char *type = kind == FIELD_SECRET ? "password" : kind == FIELD_FILE ? "file" : "text";
    const char *unit = kind == FIELD_YEN    ? "page.unit.yen"
                       : kind == FIELD_RATE ? "page.unit.percent"
                                            : NULL;
    if (unit)
        html_raw(s->h, "<span class=\"with-unit\">");
    html_raw(s->h, "<input type=\"");
    html_raw(s->h, type);
    html_raw(s->h, "\" id=\"");
    html_raw(s->h, s->id);
    html_raw(s->h, "\" name=\"");
    html_raw(s->h, s->name);
    html_raw(s->h, "\"");
    const char *class = input_class(kind);
    if (class)
        put_attribute(s->h, "class", class);
    if (kind == FIELD_NUMBER || kind == FIELD_YEN)
        put_attribute(s->h, "inputmode", "numeric");
    if (kind == FIELD_RATE)
        put_attribute(s->h, "inputmode", "decimal");
    if (kind == FIELD_TEXT || kind == FIELD_KANA || kind == FIELD_SECRET)
        (void)text_addf(&s->h->text, " maxlength=\"%lld\"", (long long)s->f->maximum);
    put_attribute(s->h, "autocomplete", "off"); /* terminals are shared */
    if (!s->shape->is_post && usual_hint(s->f)) /* forms that ask are small: hint in the field */
        put_attribute(s->h, "placeholder", usual_hint(s->f));
    if (kind != FIELD_FILE) {
        html_raw(s->h, " value=\"");
        put_value(s);
        html_raw(s->h, "\"");
    }
    put_described(s);
    html_raw(s->h, ">");
    if (unit) {
        html_raw(s->h, "<span>");
        html_message(s->h, unit);
        html_raw(s->h, "</span></span>");
    }
}

static void put_area(const struct showing *s)
{
    (void)text_addf(&s->h->text, "<textarea id=\"%s\" name=\"%s\" rows=\"%d\" maxlength=\"%lld\"",
                    s->id, s->name, s->f->lines, (long long)s->f->maximum);
    put_described(s);
    html_raw(s->h, ">\n");
    put_value(s);
    html_raw(s->h, "</textarea>");
}

static void open_field(const struct showing *s)
{
    html_raw(s->h, s->problem ? "<div class=\"field is-wrong\">" : "<div class=\"field\">");
}

static void put_line(const struct showing *s)
{
    open_field(s);
    html_raw(s->h, "<label for=\"");
    html_raw(s->h, s->id);
    html_raw(s->h, "\">");
    put_label_text(s);
    html_raw(s->h, "</label>");
    if (s->f->lines > 1)
        put_area(s);
    else
        put_input(s);
    put_hint_and_problem(s);
    html_raw(s->h, "</div>\n");
}

static void put_flag(const struct showing *s)
{
    open_field(s);
    (void)text_addf(
        &s->h->text,
        "<label class=\"tick\"><input type=\"checkbox\" id=\"%s\" name=\"%s\" value=\"1\"", s->id,
        s->name);
    if (value_is(s, STR("1")))
        html_raw(s->h, " checked");
    put_described(s);
    html_raw(s->h, "> ");
    put_label_text(s);
    html_raw(s->h, "</label>");
    put_hint_and_problem(s);
    html_raw(s->h, "</div>\n");
}

static void put_radios(const struct showing *s)
{
    (void)text_addf(&s->h->text,
                    "<fieldset role=\"radiogroup\" class=\"field choices%s\" id=\"%s\"",
                    s->problem ? " is-wrong" : "", s->id);
    put_described(s);
    html_raw(s->h, "><legend>");
    put_label_text(s);
    html_raw(s->h, "</legend>");
    for (size_t i = 0; i < s->f->n_choices; i++) {
        const struct choice *c = &s->f->choices[i];
        (void)text_addf(&s->h->text,
                        "<label class=\"tick\"><input type=\"radio\" name=\"%s\" value=\"",
                        s->name);
        html_attr(s->h, str_of(c->value));
        html_raw(s->h, value_is(s, str_of(c->value)) ? "\" checked> " : "\"> ");
        html_text(s->h, str_of(c->label));
        html_raw(s->h, "</label>");
    }
    put_hint_and_problem(s);
    html_raw(s->h, "</fieldset>\n");
}

static void put_option(const struct showing *s, struct str value, struct str label)
{
    html_raw(s->h, "<option value=\"");
    html_attr(s->h, value);
    html_raw(s->h, value_is(s, value) ? "\" selected>" : "\">");
    html_text(s->h, label);
    html_raw(s->h, "</option>");
}

static void open_select(const struct showing *s)
{
    open_field(s);
    (void)text_addf(&s->h->text, "<label for=\"%s\">", s->id);
    put_label_text(s);
    (void)text_addf(&s->h->text, "</label><select id=\"%s\" name=\"%s\"", s->id, s->name);
    put_described(s);
    html_raw(s->h, ">");
    if (!s->f->required || !s->state)
        put_option(s, (struct str){"", 0}, (struct str){"", 0});
}

static void close_select(const struct showing *s)
{
    html_raw(s->h, "</select>");
    put_hint_and_problem(s);
    html_raw(s->h, "</div>\n");
}

static void put_select(const struct showing *s)
{
    open_select(s);
    for (size_t i = 0; i < s->f->n_choices; i++)
        put_option(s, str_of(s->f->choices[i].value), str_of(s->f->choices[i].label));
    close_select(s);
}

static void put_buttons(const struct showing *s)
{
    html_raw(s->h, "<div class=\"buttons\">");
    for (size_t i = 0; i < s->f->n_choices; i++) {
        (void)text_addf(&s->h->text, "<button name=\"%s\" value=\"", s->name);
        html_attr(s->h, str_of(s->f->choices[i].value));
        html_raw(s->h, i == 0 ? "\">" : "\" class=\"quiet\">");
        html_text(s->h, str_of(s->f->choices[i].label));
        html_raw(s->h, "</button>");
    }
    html_raw(s->h, "</div>\n");
}

static void put_hidden(const struct showing *s)
{
    (void)text_addf(&s->h->text, "<input type=\"hidden\" name=\"%s\" value=\"", s->name);
    put_value(s);
    html_raw(s->h, "\">");
}

static bool is_hidden(const struct field *f)
{
    return f->kind == FIELD_ID || f->look == LOOK_HIDDEN;
}

static void put_choice(const struct showing *s)
{
    bool few = s->f->n_choices <= 4;
    switch (s->f->look) {
    case LOOK_BUTTONS:
        put_buttons(s);
        return;
    case LOOK_RADIO:
        put_radios(s);
        return;
    case LOOK_SELECT:
        put_select(s);
        return;
    case LOOK_USUAL:
    case LOOK_HIDDEN:
        break;
    }
    if (few)
        put_radios(s);
    else
        put_select(s);
}

void form_field(struct html *h, const struct form_shape *shape, size_t index, const void *form,
                size_t row)
{
    struct showing s;
    showing_init(&s, h, shape, &shape->fields[index], form, row);
    if (is_hidden(s.f)) {
        if (s.f->group > 0) /* the others came with form_begin */
            put_hidden(&s);
    } else if (s.f->kind == FIELD_CHOICE) {
        put_choice(&s);
    } else if (s.f->kind == FIELD_FLAG) {
        put_flag(&s);
    } else {
        put_line(&s);
    }
}

void form_pick(struct html *h, const struct form_shape *shape, size_t index, const void *form,
               const struct page_option_view *options, size_t n)
{
    struct showing s;
    showing_init(&s, h, shape, &shape->fields[index], form, 0);
    open_select(&s);
    for (size_t i = 0; i < n; i++)
        put_option(&s, options[i].value, options[i].label);
    close_select(&s);
}

size_t form_rows(const struct form_shape *shape, size_t group, const void *form)
{
    const struct field_group *g = &shape->groups[group];
    size_t n = 0;
    if (form)
        n = *(const size_t *)(const void *)((const unsigned char *)form + g->count_offset);
    n = n + 1 > g->minimum ? n + 1 : g->minimum; /* one more to fill in */
    return n < g->maximum ? n : g->maximum;
}

/* --- the beginning of a form ------------------------------------------------------------------ */

/* The label of a problem's field: "day" or "member.2.birth". */
static void put_problem_label(struct html *h, const struct form_shape *shape, const char *name)
{
    const char *dot = strrchr(name, '.');
    const char *last = dot ? dot + 1 : name;
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        if (strcmp(f->name, last) != 0 || (f->group > 0) != (dot != NULL) || !f->label[0])
            continue;
        if (dot)
            (void)text_addf(&h->text, "%ld ", strtol(strchr(name, '.') + 1, NULL, 10) + 1);
        html_text(h, str_of(f->label));
        html_raw(h, " : ");
        return;
    }
}

static void put_problems(struct html *h, const struct form_shape *shape,
                         const struct form_state *state)
{
    html_raw(h, "<div class=\"notice wrong\" role=\"alert\" tabindex=\"-1\" id=\"problems\"><p>");
    html_message(h, "page.form.problems");
    html_raw(h, "</p><ul>");
    for (size_t i = 0; i < state->problems.n; i++) {
        const struct problem *p = &state->problems.rows[i];
        html_raw(h, "<li>");
        if (p->field[0]) {
            char id[96];
            element_id(shape, p->field, id, sizeof id);
            (void)text_addf(&h->text, "<a href=\"#%s\">", id);
        }
        put_problem_label(h, shape, p->field);
        html_text(h, p->what);
        html_raw(h, p->field[0] ? "</a></li>" : "</li>");
    }
    html_raw(h, "</ul></div>\n");
}

static void put_token(struct html *h, const char *name, struct str value)
{
    (void)text_addf(&h->text, "<input type=\"hidden\" name=\"%s\" value=\"", name);
    html_attr(h, value);
    html_raw(h, "\">");
}

void form_begin(struct html *h, const struct frame *f, const struct form_shape *shape,
                const void *form)
{
    const struct form_state *state = form;
    html_raw(h, "\n");
    if (shape->is_post) {
        put_token(h, "_csrf", f->csrf);
        put_token(h, "_once", f->once);
        if (state && state->read_at > 0)
            (void)text_addf(&h->text, "<input type=\"hidden\" name=\"_read_at\" value=\"%lld\">",
                            (long long)state->read_at);
    }
    for (size_t i = 0; i < shape->n_fields; i++) {
        if (shape->fields[i].group > 0 || !is_hidden(&shape->fields[i]))
            continue;
        struct showing s;
        showing_init(&s, h, shape, &shape->fields[i], form, 0);
        put_hidden(&s);
    }
    if (state && state->problems.n > 0)
        put_problems(h, shape, state);
}
