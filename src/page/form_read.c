/*
 * form_read: what a browser sent, against what the form declares. Nothing is guessed: a field
 * that is not declared or sent twice refuses the request, and every problem is collected, so that
 * the clerk sees all of them at once beside the fields.
 */
#include "page/page.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS_MAX = 32, FIELDS_MAX = 96 };

struct reading {
    struct context *cx;
    const struct form_shape *shape;
    const struct request *rq;
    unsigned char *form;
    struct form_state *state;
    uint32_t sent[FIELDS_MAX];   /* one bit per row */
    uint32_t filled[FIELDS_MAX]; /* the value was not empty */
};
struct place { /* a declared field, and the row of its group */
    const struct field *field;
    size_t index;
    size_t row;
};

static unsigned char *value_at(const struct form_shape *shape, void *form, const struct field *f,
                               size_t row)
{
    unsigned char *base = form;
    if (f->group > 0) {
        const struct field_group *g = &shape->groups[f->group - 1];
        base += g->offset + row * g->stride;
    }
    return base + f->offset;
}

/* --- problems -------------------------------------------------------------------------------- */

static struct str sentence(struct arena *a, const char *message, const char *facts)
{
    const struct message *m = message_find(message);
    const char *text = m ? m->text : message;
    const char *gap = strstr(text, "{}");
    if (!gap)
        return str_copy(a, str_of(text));
    return str_format(a, "%.*s%s%s", (int)(gap - text), text, facts ? facts : "", gap + 2);
}

void form_problem(struct context *cx, struct form_state *state, const char *field,
                  const char *message, const char *facts)
{
    if (state->problems.n == sizeof state->problems.rows / sizeof state->problems.rows[0])
        return;
    struct problem *p = &state->problems.rows[state->problems.n++];
    snprintf(p->field, sizeof p->field, "%s", field ? field : "");
    p->what = sentence(cx->arena, message, facts);
}

static void field_name(const struct form_shape *shape, const struct place *at, char out[48])
{
    if (at->field->group > 0)
        snprintf(out, 48, "%s.%zu.%s", shape->groups[at->field->group - 1].name, at->row,
                 at->field->name);
    else
        snprintf(out, 48, "%s", at->field->name);
}

static void wrong(struct reading *r, const struct place *at, const char *message, const char *facts)
{
    char name[48];
    field_name(r->shape, at, name);
    form_problem(r->cx, r->state, name, message, facts);
}

static void wrong_limit(struct reading *r, const struct place *at, const char *message,
                        int64_t limit)
{
    char facts[32];
    snprintf(facts, sizeof facts, "%lld", (long long)limit);
    wrong(r, at, message, facts);
}

/* --- kinds ------------------------------------------------------------------------------------ */

static struct str normal_lines(struct arena *a, struct str s)
{
    char *p = arena_alloc(a, s.n + 1);
    if (!p)
        return STR_NONE;
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != '\r')
            p[n++] = s.p[i];
    }
    return (struct str){p, n};
}

static bool has_control(struct str s, bool lines)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if ((c < 0x20 && !(lines && c == '\n')) || c == 0x7F)
            return true;
    }
    return false;
}

static void check_length(struct reading *r, const struct place *at, struct str s)
{
    int64_t n = (int64_t)utf8_length(s);
    if (n > at->field->maximum)
        wrong_limit(r, at, "page.form.too_long", at->field->maximum);
    else if (n < at->field->minimum)
        wrong_limit(r, at, "page.form.too_short", at->field->minimum);
}

static void read_text(struct reading *r, const struct place *at, struct str s, void *out)
{
    bool lines = at->field->lines > 1;
    if (lines)
        s = normal_lines(r->rq->arena, s);
    if (has_control(s, lines)) {
        wrong(r, at, "page.form.control", NULL);
        return;
    }
    check_length(r, at, s);
    *(struct str *)out = s;
}

/* Hiragana is typed often; the kana field holds full-width katakana only. */
static bool to_katakana(struct text *t, struct str s)
{
    for (int32_t c; (c = utf8_next(&s)) >= 0;) {
        if ((c >= 0x3041 && c <= 0x3096) || c == 0x309D || c == 0x309E)
            c += 0x60;
        if (c == ' ')
            c = 0x3000;
        if (c == '-' || c == 0x2010 || c == 0x2212 || c == 0xFF0D)
            c = 0x30FC;
        (void)utf8_add(t, c);
    }
    return !t->failed;
}

static void read_kana(struct reading *r, const struct place *at, struct str s, void *out)
{
    struct text katakana, full;
    text_init(&katakana, 2048);
    text_init(&full, 2048);
    bool fits = to_katakana(&katakana, s) && kana_to_full(&full, text_str(&katakana)) == OK &&
                is_kana(text_str(&full));
    if (fits) {
        struct str kept = str_copy(r->rq->arena, text_str(&full));
        check_length(r, at, kept);
        *(struct str *)out = kept;
    } else {
        wrong(r, at, "page.form.kana", NULL);
    }
    text_release(&katakana);
    text_release(&full);
}

/* Half-width digits without commas and the yen sign or word: "１，２３４円" -> "1234". */
static struct str bare_number(struct reading *r, struct str s)
{
    struct text t;
    text_init(&t, 256);
    (void)width_to_half(&t, s);
    char *p = arena_alloc(r->rq->arena, t.n + 1);
    size_t n = 0;
    struct str left = text_str(&t);
    for (int32_t c; p && (c = utf8_next(&left)) >= 0;) {
        if (c == 0x5186 || c == 0xA5 || c == 0x3001 || c == ',' || c == ' ' || c == '%')
            continue; /* 円 ¥ 、 */
        p[n++] = c < 0x80 ? (char)c : '?';
    }
    text_release(&t);
    return (struct str){p, p ? n : 0};
}

static bool read_integer(struct reading *r, const struct place *at, struct str s, int64_t *out)
{
    int64_t v;
    if (!str_to_int(bare_number(r, s), &v)) {
        wrong(r, at, "page.form.number", NULL);
        return false;
    }
    if (v > at->field->maximum)
        wrong_limit(r, at, "page.form.too_large", at->field->maximum);
    else if (v < at->field->minimum)
        wrong_limit(r, at, "page.form.too_small", at->field->minimum);
    else
        *out = v;
    return true;
}

static void read_number(struct reading *r, const struct place *at, struct str s, void *out)
{
    (void)read_integer(r, at, s, out);
}

static void read_yen(struct reading *r, const struct place *at, struct str s, void *out)
{
    (void)read_integer(r, at, s, &((struct yen *)out)->n);
}

static void read_day(struct reading *r, const struct place *at, struct str s, void *out)
{
    if (!ymd_parse_any(s, out))
        wrong(r, at, "page.form.day", NULL);
}

/* A month is a day without its day: try what the day notations put behind it. */
bool form_month(struct str s, struct month *out)
{
    static const char *const days[] = {".1", "/1", "-01", "01", "1\xE6\x97\xA5", NULL};
    for (size_t i = 0; days[i]; i++) {
        char line[64];
        struct ymd d = YMD_NONE;
        int n = snprintf(line, sizeof line, "%.*s%s", (int)s.n, s.p, days[i]);
        if (n > 0 && (size_t)n < sizeof line && ymd_parse_any(str_of(line), &d)) {
            *out = ymd_month(d);
            return true;
        }
    }
    return false;
}

static void read_month(struct reading *r, const struct place *at, struct str s, void *out)
{
    if (!form_month(s, out))
        wrong(r, at, "page.form.month", NULL);
}

static void read_choice(struct reading *r, const struct place *at, struct str s, void *out)
{
    for (size_t i = 0; i < at->field->n_choices; i++) {
        if (str_is(s, at->field->choices[i].value)) {
            *(struct str *)out = str_of(at->field->choices[i].value);
            return;
        }
    }
    wrong(r, at, "page.form.choice", NULL);
}

static void read_flag(struct reading *r, const struct place *at, struct str s, void *out)
{
    if (str_is(s, "1"))
        *(bool *)out = true;
    else
        wrong(r, at, "page.form.choice", NULL);
}

static void read_rate(struct reading *r, const struct place *at, struct str s, void *out)
{
    struct ratio v;
    if (!ratio_parse(bare_number(r, s), true, &v))
        wrong(r, at, "page.form.rate", NULL);
    else if (ratio_compare(v, ratio_of(at->field->maximum, 100)) > 0)
        wrong_limit(r, at, "page.form.too_large", at->field->maximum);
    else if (ratio_compare(v, ratio_of(at->field->minimum, 100)) < 0)
        wrong_limit(r, at, "page.form.too_small", at->field->minimum);
    else
        *(struct ratio *)out = v;
}

static void read_secret(struct reading *r, const struct place *at, struct str s, void *out)
{
    check_length(r, at, s);
    *(struct str *)out = s;
}

/* An upload comes as a part of its own; as a plain field it is a mistake. */
static void read_file(struct reading *r, const struct place *at, struct str s, void *out)
{
    (void)s;
    (void)out;
    wrong(r, at, "page.form.file", NULL);
}

typedef void read_fn(struct reading *r, const struct place *at, struct str s, void *out);
static read_fn *const readers[] = {
    [FIELD_TEXT] = read_text,     [FIELD_KANA] = read_kana,     [FIELD_SECRET] = read_secret,
    [FIELD_NUMBER] = read_number, [FIELD_YEN] = read_yen,       [FIELD_DAY] = read_day,
    [FIELD_MONTH] = read_month,   [FIELD_CHOICE] = read_choice, [FIELD_PICK] = read_text,
    [FIELD_FLAG] = read_flag,     [FIELD_ID] = read_number,     [FIELD_RATE] = read_rate,
    [FIELD_FILE] = read_file,
};

/* --- absent values ------------------------------------------------------------------------------
 */

static void make_absent(const struct field *f, void *out)
{
    switch (f->kind) {
    case FIELD_TEXT:
    case FIELD_KANA:
    case FIELD_SECRET:
    case FIELD_CHOICE:
    case FIELD_PICK:
        *(struct str *)out = STR_NONE;
        return;
    case FIELD_NUMBER:
    case FIELD_ID:
        *(int64_t *)out = FORM_ABSENT;
        return;
    case FIELD_YEN:
        *(struct yen *)out = YEN(FORM_ABSENT);
        return;
    case FIELD_DAY:
        *(struct ymd *)out = YMD_NONE;
        return;
    case FIELD_MONTH:
        *(struct month *)out = MONTH_NONE;
        return;
    case FIELD_FLAG:
        *(bool *)out = false;
        return;
    case FIELD_RATE:
        *(struct ratio *)out = (struct ratio){0, 0};
        return;
    case FIELD_FILE:
        *(const struct upload **)out = NULL;
        return;
    }
}

void form_init(const struct form_shape *shape, void *form)
{
    memset(form, 0, shape->size);
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        size_t rows = f->group > 0 ? shape->groups[f->group - 1].maximum : 1;
        for (size_t row = 0; row < rows; row++)
            make_absent(f, value_at(shape, form, f, row));
    }
}

/* --- the request --------------------------------------------------------------------------------
 */

static bool find_in_group(const struct form_shape *shape, struct str name, struct place *out)
{
    struct str rest = name;
    struct str group = str_cut(&rest, '.');
    struct str number = str_cut(&rest, '.');
    int64_t row;
    if (!str_to_int(number, &row) || row < 0 || number.n > 2 || rest.n == 0)
        return false;
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        if (f->group == 0 || !str_is(rest, f->name) ||
            !str_is(group, shape->groups[f->group - 1].name))
            continue;
        *out = (struct place){f, i, (size_t)row};
        return (size_t)row < shape->groups[f->group - 1].maximum;
    }
    return false;
}

static bool find_field(const struct form_shape *shape, struct str name, struct place *out)
{
    for (size_t i = 0; i < shape->n_fields; i++) {
        if (shape->fields[i].group == 0 && str_is(name, shape->fields[i].name)) {
            *out = (struct place){&shape->fields[i], i, 0};
            return true;
        }
    }
    return name.n > 0 && memchr(name.p, '.', name.n) && find_in_group(shape, name, out);
}

static void refuse_unknown(struct reading *r, struct str name)
{
    char facts[64];
    snprintf(facts, sizeof facts, "%.*s", (int)(name.n > 40 ? 40 : name.n), name.p);
    if (!utf8_valid(str_of(facts)))
        facts[0] = '\0';
    form_problem(r->cx, r->state, "", "page.form.unknown", facts);
}

/* Fields of the machinery itself; serve has checked token and id. */
static bool is_ours(struct reading *r, const struct pair *p)
{
    if (str_is(p->name, "_read_at")) {
        int64_t v;
        r->state->read_at = str_to_int(p->value, &v) && v >= 0 ? v : 0;
        return true;
    }
    return str_is(p->name, "_csrf") || str_is(p->name, "_once");
}

static void read_pair(struct reading *r, const struct pair *p)
{
    struct place at;
    if (is_ours(r, p))
        return;
    if (!find_field(r->shape, p->name, &at)) {
        refuse_unknown(r, p->name);
        return;
    }
    uint32_t bit = UINT32_C(1) << at.row;
    if (r->sent[at.index] & bit) {
        wrong(r, &at, "page.form.twice", NULL);
        return;
    }
    r->sent[at.index] |= bit;
    struct str value = at.field->kind == FIELD_SECRET ? p->value : str_trim(p->value);
    if (value.n == 0)
        return;
    if (!utf8_valid(value)) {
        wrong(r, &at, "page.form.control", NULL);
        return;
    }
    r->filled[at.index] |= bit;
    readers[at.field->kind](r, &at, value, value_at(r->shape, r->form, at.field, at.row));
}

static void read_uploads(struct reading *r)
{
    for (size_t i = 0; i < r->rq->n_uploads; i++) {
        const struct upload *u = &r->rq->uploads[i];
        struct place at;
        if (!find_field(r->shape, u->field, &at) || at.field->kind != FIELD_FILE) {
            refuse_unknown(r, u->field);
            continue;
        }
        if (r->sent[at.index] & 1u) {
            wrong(r, &at, "page.form.twice", NULL);
            continue;
        }
        r->sent[at.index] |= 1u;
        if (u->file_name.n == 0 && u->size == 0)
            continue; /* nothing was picked */
        r->filled[at.index] |= 1u;
        *(const struct upload **)(void *)value_at(r->shape, r->form, at.field, at.row) = u;
    }
}

static size_t rows_entered(const struct reading *r, size_t group)
{
    uint32_t any = 0;
    for (size_t i = 0; i < r->shape->n_fields; i++) {
        if (r->shape->fields[i].group == (int)group + 1)
            any |= r->filled[i];
    }
    size_t n = 0;
    while (any >> n && n < ROWS_MAX - 1)
        n++;
    return n;
}

static void check_required(struct reading *r, const struct field *f, size_t index, size_t rows)
{
    for (size_t row = 0; f->required && row < rows; row++) {
        if (r->filled[index] & (UINT32_C(1) << row))
            continue;
        struct place at = {f, index, row};
        bool picks = f->kind == FIELD_CHOICE || f->kind == FIELD_PICK || f->kind == FIELD_FLAG;
        wrong(r, &at, picks ? "page.form.pick_one" : "page.form.required", NULL);
    }
}

static void close_groups(struct reading *r, size_t rows[ROWS_MAX])
{
    for (size_t g = 0; g < r->shape->n_groups; g++) {
        const struct field_group *group = &r->shape->groups[g];
        size_t n = rows_entered(r, g);
        *(size_t *)(void *)(r->form + group->count_offset) = n;
        rows[g] = n > group->minimum ? n : group->minimum;
    }
}

int form_read(struct context *cx, const struct form_shape *shape, const struct request *rq,
              void *form)
{
    form_init(shape, form);
    struct reading r = {.cx = cx, .shape = shape, .rq = rq, .form = form, .state = form};
    r.state->rq = rq;
    if (shape->n_fields > FIELDS_MAX || shape->n_groups > ROWS_MAX)
        return fail(cx, ERR_LIMIT, "page.form.unknown", NULL);
    const struct pair *pairs = shape->is_post ? rq->form : rq->query;
    size_t n = shape->is_post ? rq->n_form : rq->n_query;
    for (size_t i = 0; i < n; i++)
        read_pair(&r, &pairs[i]);
    read_uploads(&r);
    size_t rows[ROWS_MAX] = {0};
    close_groups(&r, rows);
    for (size_t i = 0; i < shape->n_fields; i++) {
        const struct field *f = &shape->fields[i];
        check_required(&r, f, i, f->group > 0 ? rows[f->group - 1] : 1);
    }
    if (r.state->problems.n == 0)
        return OK;
    return fail(cx, ERR_INVALID, "page.form.problems", NULL);
}

bool form_sent(const struct form_shape *shape, const struct request *rq)
{
    const struct pair *pairs = shape->is_post ? rq->form : rq->query;
    size_t n = shape->is_post ? rq->n_form : rq->n_query;
    for (size_t i = 0; i < n; i++) {
        struct place at;
        if (find_field(shape, pairs[i].name, &at) && str_trim(pairs[i].value).n > 0)
            return true;
    }
    return false;
}
