/* list: runs the lists of the desks. A list is one SELECT with headings; here it becomes rows of
 * text, a page at a time, or a CSV file. */
#include "office/list_inner.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum { CSV_MAXIMUM = 64 << 20 };

/* "RIGHT_LEVY_CONFIRM", "levy_confirm" and "levy.confirm" are the same right. */
static bool right_is(const char *given, const char *name)
{
    if (strncmp(given, "RIGHT_", 6) == 0)
        given += 6;
    for (; *given && *name; given++, name++) {
        char a = (char)tolower((unsigned char)*given);
        if (a != *name && !(a == '_' && *name == '.'))
            return false;
    }
    return *given == 0 && *name == 0;
}

/* A list whose right is unknown is for nobody. */
bool list_may(const struct work *w, const struct list_definition *l)
{
    for (int i = 0; i < RIGHT_BITS; i++)
        if (right_is(l->right, right_name((enum right_bit)i)))
            return work_may(w, (enum right_bit)i);
    return false;
}

bool list_is_statistics(const struct list_definition *l)
{
    return right_is(l->right, right_name(RIGHT_STATISTICS));
}

/* "levy.totals" is called "totals" in addresses and file names. */
struct str list_name(const struct list_definition *l)
{
    struct str rest = str_of(l->name);
    (void)str_cut(&rest, '.');
    return rest.n > 0 ? rest : str_of(l->name);
}

const struct list_definition *const *lists_of(const struct desk *desk, size_t *n)
{
    *n = desk->schema ? desk->schema->n_lists : 0;
    return desk->schema ? desk->schema->lists : NULL;
}

const struct list_definition *list_find(struct str desk, struct str name)
{
    size_t n;
    size_t count;
    const struct desk *const *desks = office_desks(&n);
    for (size_t i = 0; i < n; i++) {
        const struct list_definition *const *lists = lists_of(desks[i], &count);
        for (size_t j = 0; j < count && str_is(desk, desks[i]->name); j++)
            if (str_equal(name, list_name(lists[j])))
                return lists[j];
    }
    return NULL;
}

/* --- cells -------------------------------------------------------------------------------- */

static bool words_of(const char *prefix, const struct store_value *v, struct text *out)
{
    char id[80];
    int n = v->type == ST_COUNT ? snprintf(id, sizeof id, "%s%lld", prefix, (long long)v->i)
                                : snprintf(id, sizeof id, "%s" STR_FMT, prefix, STR_ARG(v->s));
    const struct message *m = n > 0 && (size_t)n < sizeof id ? message_find(id) : NULL;
    if (m)
        text_adds(out, m->text);
    return m != NULL;
}

void list_cell_text(const struct list_definition *l, int column, const struct store_value *v,
                    struct text *out)
{
    if (v->is_null || (l->words[column] && words_of(l->words[column], v, out)))
        return;
    switch (v->type) {
    case ST_TEXT:
    case ST_DAY:
    case ST_MONTH:
        text_add(out, v->s);
        return;
    case ST_COUNT:
    case ST_YEN:
    case ST_ID:
        text_addf(out, "%lld", (long long)v->i);
        return;
    case ST_FLAG:
        text_add(out, sentence_of(v->i ? "office.flag.yes" : "office.flag.no"));
        return;
    case ST_TIME:
        text_add_time(out, v->i);
        return;
    case ST_BLOB:
        hex_add(out, v->s);
        return;
    case ST_IDS:
    case ST_TEXTS:
        return;
    }
}

struct str list_shown(struct arena *a, const struct list_definition *l, int column,
                      struct str value)
{
    struct text t;
    int64_t yen = 0;

    if (l->statement->out[column].type != ST_YEN || !str_to_int(value, &yen))
        return str_copy(a, value);
    text_init(&t, 64);
    (void)text_add_yen(&t, YEN(yen));
    const struct str s = str_copy(a, text_str(&t));
    text_release(&t);
    return s;
}

/* --- running ------------------------------------------------------------------------------ */

static int rows_walk(struct work *w, struct list_run *r, struct store_cursor *c)
{
    struct store_value values[LIST_COLUMNS];
    struct text cell;
    text_init(&cell, 1 << 16);
    int rc = store_step(&w->cx, c, values);
    for (; rc > 0; rc = store_step(&w->cx, c, values)) {
        r->rows++;
        if (r->rows <= r->skip)
            continue;
        if (r->take > 0 && r->rows > r->skip + r->take) {
            r->more = true;
            rc = 0;
            break;
        }
        for (int i = 0; i < r->list->statement->columns && rc > 0; i++) {
            text_clear(&cell);
            list_cell_text(r->list, i, &values[i], &cell);
            rc = r->cell(r, i, text_str(&cell)) < 0 ? out_of_memory(w) : 1;
        }
        if (rc < 0)
            break;
    }
    text_release(&cell);
    return rc;
}

int list_run(struct work *w, struct list_run *r)
{
    struct store_value values[LIST_PARAMETERS];
    struct store_cursor *c;
    int rc = list_may(w, r->list)
                 ? OK
                 : fail(&w->cx, ERR_DENIED, "office.right_missing", "%s", r->list->right);
    if (rc >= 0)
        rc = list_parameters_fill(w, r, values);
    if (rc >= 0)
        rc = store_query(&w->cx, w->store, r->list->statement, values, &c);
    if (rc < 0)
        return error_add(&w->cx, "list %s", r->list->name);
    rc = list_is_statistics(r->list) ? list_statistics_walk(w, r, c) : rows_walk(w, r, c);
    store_cursor_close(c);
    return rc < 0 ? error_add(&w->cx, "list %s", r->list->name) : OK;
}

/* --- CSV ---------------------------------------------------------------------------------- */

/* Quoted where needed; a text that a spreadsheet would take for a formula gets an apostrophe. */
static void csv_cell(struct text *t, struct str s, bool is_text)
{
    bool formula = is_text && s.n > 0 && memchr("=+@\t", s.p[0], 4);
    bool quote = formula || memchr(s.p, ',', s.n) || memchr(s.p, '"', s.n) ||
                 memchr(s.p, '\n', s.n) || memchr(s.p, '\r', s.n);
    if (!quote) {
        text_add(t, s);
        return;
    }
    text_adds(t, formula ? "\"'" : "\"");
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            text_addc(t, '"');
        text_addc(t, s.p[i]);
    }
    text_addc(t, '"');
}

static int csv_put(struct list_run *r, int column, struct str value)
{
    struct text *t = r->arg;
    if (column > 0)
        text_addc(t, ',');
    csv_cell(t, value, r->list->statement->out[column].type == ST_TEXT);
    if (column == r->list->statement->columns - 1)
        text_adds(t, "\r\n");
    return t->failed ? ERR_MEMORY : OK;
}

static int csv_finish(struct work *w, struct text *t, bool cp932, struct str *out)
{
    struct text other;
    struct loss_report loss;
    struct str bytes = text_str(t);
    int rc = OK;
    text_init(&other, CSV_MAXIMUM);
    if (cp932) {
        rc = encode(&w->cx, text_str(t), ENC_CP932, LOSS_SUBSTITUTE, &loss, &other);
        bytes = text_str(&other);
    }
    if (rc >= 0) {
        *out = str_copy(w->cx.arena, bytes);
        rc = out->p ? OK : out_of_memory(w);
    }
    text_release(&other);
    return rc;
}

int list_csv(struct work *w, struct list_run *r, bool cp932, struct str *out)
{
    struct text t;
    text_init(&t, CSV_MAXIMUM);
    if (!cp932)
        text_adds(&t, "\xEF\xBB\xBF");
    r->arg = &t;
    r->cell = csv_put;
    for (int i = 0; i < r->list->statement->columns; i++) {
        text_adds(&t, i > 0 ? "," : "");
        csv_cell(&t, str_of(r->list->column_labels[i]), false);
    }
    text_adds(&t, "\r\n");
    int rc = list_run(w, r);
    if (rc >= 0)
        rc = csv_finish(w, &t, cp932, out);
    text_release(&t);
    return rc;
}
