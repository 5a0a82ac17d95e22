/* A whole file against the description of its columns. */
#include "exchange/exchange.h"

#include <assert.h>
#include <sodium.h>
#include <string.h>

/* --- descriptions ------------------------------------------------------------------------------
 */

static bool kind_of(struct str s, enum column_kind *out)
{
    static const char *const names[] = {"text", "kana", "digits", "day", "yen", "choice"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (str_is(s, names[i])) {
            *out = (enum column_kind)i;
            return true;
        }
    }
    return false;
}

static bool read_column(struct str line, struct column *out)
{
    out->name = str_cut(&line, '\t');
    out->id = str_cut(&line, '\t');
    const struct str kind = str_cut(&line, '\t'), required = str_cut(&line, '\t');
    const struct str maximum = str_cut(&line, '\t');
    out->choices = str_cut(&line, '\t');
    out->label = str_cut(&line, '\t');
    out->required = str_is(required, "!");
    out->expected = out->required || str_is(required, "+");
    if (str_is(out->choices, "-"))
        out->choices = STR("");
    return kind_of(kind, &out->kind) && str_to_int(maximum, &out->maximum) && out->id.n > 0;
}

int columns_read(struct context *cx, struct arena *a, const char *name, struct str tsv,
                 struct columns *out)
{
    int line = 0;

    *out = (struct columns){ARENA_ARRAY(a, CSV_FIELDS_MAX, struct column), 0};
    if (!out->rows)
        return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
    while (tsv.n > 0) {
        const struct str row = str_cut(&tsv, '\n');
        line++;
        if (row.n == 0 || row.p[0] == '#')
            continue;
        if (out->n == CSV_FIELDS_MAX || !read_column(row, &out->rows[out->n])) {
            (void)fail(cx, ERR_SYNTAX, "exchange.columns", STR_FMT, STR_ARG(row));
            return fail_where(cx, name, line, 0, "");
        }
        out->n++;
    }
    return OK;
}

size_t column_of(const struct columns *c, const char *id)
{
    size_t i = 0;

    while (i < c->n && !str_is(c->rows[i].id, id))
        i++;
    assert(i < c->n && "every id is in the description");
    return i;
}

/* --- fields --------------------------------------------------------------------------------------
 */

static bool is_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    }
    return true;
}

static bool is_choice(struct str choices, struct str value)
{
    while (choices.n > 0) {
        if (str_equal(str_cut(&choices, '|'), value))
            return true;
    }
    return false;
}

static bool has_control(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if ((unsigned char)s.p[i] < 0x20 || s.p[i] == 0x7F)
            return true;
    }
    return false;
}

static const char *number_problem(const struct column *c, struct str value)
{
    int64_t n = 0;

    if (!str_to_int(value, &n))
        return "exchange.field.number";
    return n > c->maximum || n < -c->maximum ? "exchange.field.too_great" : NULL;
}

static const char *text_problem(const struct column *c, struct str value)
{
    if (has_control(value))
        return "exchange.field.control";
    return utf8_length(value) > (size_t)c->maximum ? "exchange.field.too_long" : NULL;
}

const char *column_problem(const struct column *c, struct str value)
{
    struct ymd day;

    if (value.n == 0)
        return c->required ? "exchange.field.missing" : NULL;
    switch (c->kind) {
    case COLUMN_TEXT:
        return text_problem(c, value);
    case COLUMN_KANA:
        return is_kana(value) ? text_problem(c, value) : "exchange.field.kana";
    case COLUMN_DIGITS:
        if (!is_digits(value))
            return "exchange.field.digits";
        return c->maximum && value.n != (size_t)c->maximum ? "exchange.field.length" : NULL;
    case COLUMN_DAY:
        return value.n == 10 && ymd_parse(value, &day) ? NULL : "exchange.field.day";
    case COLUMN_YEN:
        return number_problem(c, value);
    case COLUMN_CHOICE:
        return is_choice(c->choices, value) ? NULL : "exchange.field.choice";
    }
    return NULL;
}

/* --- the file
 * --------------------------------------------------------------------------------------- */

struct reading {
    struct context *cx;
    struct arena *arena;
    struct csv_reader csv;
    struct table *t;
    size_t position[CSV_FIELDS_MAX]; /* of a field of the file in the columns */
    size_t n_header;
    size_t cap;
};

static int out_of_memory(struct context *cx)
{
    return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
}

static int note(struct context *cx, struct arena *a, struct table *t, struct table_problem p)
{
    t->all_problems++;
    if (t->n_problems == TABLE_PROBLEMS_MAX)
        return OK;
    if (!t->problems) {
        t->problems = ARENA_ARRAY(a, TABLE_PROBLEMS_MAX, struct table_problem);
        if (!t->problems)
            return out_of_memory(cx);
    }
    p.field = str_copy(a, p.field);
    p.value = str_copy(a, p.value);
    if (!p.field.p || !p.value.p)
        return out_of_memory(cx);
    t->problems[t->n_problems++] = p;
    return OK;
}

int table_problem(struct context *cx, struct arena *a, struct table *t, struct table_row *row,
                  size_t column, const char *reason)
{
    const struct str value = row->fields[column];

    row->is_bad = true;
    return note(cx, a, t,
                (struct table_problem){row->line, t->columns->rows[column].name,
                                       value.p ? value : STR(""), reason});
}

static size_t find_column(const struct columns *c, struct str name)
{
    size_t i = 0;
    while (i < c->n && !str_equal(c->rows[i].name, name))
        i++;
    return i;
}

/* Every unknown, double or missing column is named. */
static int read_header(struct reading *r)
{
    const struct columns *c = r->t->columns;
    bool seen[CSV_FIELDS_MAX] = {false};
    int result = csv_read(r->cx, &r->csv);

    if (result < 0)
        return result;
    if (result == 0)
        return note(r->cx, r->arena, r->t,
                    (struct table_problem){1, STR(""), STR(""), "exchange.file.empty"});
    r->n_header = r->csv.n;
    for (size_t i = 0; i < r->n_header && result >= 0; i++) {
        const size_t at = find_column(c, r->csv.fields[i]);
        r->position[i] = at;
        if (at == c->n || seen[at])
            result = note(r->cx, r->arena, r->t,
                          (struct table_problem){r->csv.line, r->csv.fields[i], STR(""),
                                                 at == c->n ? "exchange.column.unknown"
                                                            : "exchange.column.double"});
        else
            seen[at] = true;
    }
    for (size_t i = 0; i < c->n && result >= 0; i++) {
        if (c->rows[i].expected && !seen[i])
            result = note(r->cx, r->arena, r->t,
                          (struct table_problem){r->csv.line, c->rows[i].name, STR(""),
                                                 "exchange.column.missing"});
    }
    return result;
}

/* CONTROL,count,HEADER=sum,... */
static bool is_control(const struct reading *r)
{
    return r->csv.n >= 2 && str_is(r->csv.fields[0], "CONTROL");
}

/* "固定資産税額=12345" of a yen column of the file. */
static bool read_control_sum(struct table *t, struct str field)
{
    const struct columns *c = t->columns;
    const size_t at = find_column(c, str_cut(&field, '='));

    if (at == c->n || c->rows[at].kind != COLUMN_YEN || !str_to_int(field, &t->control[at].sum))
        return false;
    t->control[at].is_given = true;
    return true;
}

/* "異動事由:move_in=3" of a choice column; counted when all lines are read. */
static bool read_control_share(struct reading *r, struct str field)
{
    const struct columns *c = r->t->columns;
    struct table_share share = {.column = find_column(c, str_cut(&field, ':'))};

    share.choice = str_copy(r->arena, str_cut(&field, '='));
    if (share.column == c->n || c->rows[share.column].kind != COLUMN_CHOICE || !share.choice.p ||
        !is_choice(c->rows[share.column].choices, share.choice) ||
        !str_to_int(field, &share.announced))
        return false;
    for (size_t i = 0; i < r->t->n; i++)
        share.found += str_equal(r->t->rows[i].fields[share.column], share.choice);
    r->t->shares[r->t->n_shares++] = share;
    return true;
}

static bool has_colon(struct str s)
{
    const struct str name = str_cut(&s, '=');
    return memchr(name.p, ':', name.n) != NULL;
}

static int read_control(struct reading *r)
{
    struct table *t = r->t;
    bool good = str_to_int(r->csv.fields[1], &t->control_count);

    t->shares = ARENA_ARRAY(r->arena, r->csv.n, struct table_share);
    if (!t->shares)
        return out_of_memory(r->cx);
    for (size_t i = 2; i < r->csv.n && good; i++)
        good = has_colon(r->csv.fields[i]) ? read_control_share(r, r->csv.fields[i])
                                           : read_control_sum(t, r->csv.fields[i]);
    t->has_control = good;
    if (good)
        return OK;
    return note(r->cx, r->arena, t,
                (struct table_problem){r->csv.line, STR("CONTROL"), r->csv.fields[1],
                                       "exchange.control.unreadable"});
}

static struct table_row *row_new(struct reading *r)
{
    struct table *t = r->t;

    if (t->n == r->cap) {
        const size_t cap = r->cap ? r->cap * 2 : 1024;
        struct table_row *rows = ARENA_ARRAY(r->arena, cap, struct table_row);
        if (!rows)
            return NULL;
        if (t->n)
            memcpy(rows, t->rows, t->n * sizeof(*rows));
        t->rows = rows;
        r->cap = cap;
    }
    struct table_row *row = &t->rows[t->n];
    struct str *fields = ARENA_ARRAY(r->arena, t->columns->n, struct str);
    if (!fields)
        return NULL;
    *row = (struct table_row){r->csv.line, fields, false};
    t->n++;
    return row;
}

/* Fields without quotes point into the file; the others are copied. */
static int take_fields(struct reading *r, struct table_row *row)
{
    struct str *fields = (struct str *)(uintptr_t)row->fields;

    for (size_t i = 0; i < r->csv.n; i++) {
        const struct str f = r->csv.fields[i];
        if (f.n == 0)
            continue;
        fields[r->position[i]] = r->csv.starts[i] == SIZE_MAX ? f : str_copy(r->arena, f);
        if (!fields[r->position[i]].p)
            return out_of_memory(r->cx);
    }
    return OK;
}

static int check_fields(struct reading *r, struct table_row *row)
{
    const struct columns *c = r->t->columns;
    int result = OK;

    for (size_t i = 0; i < c->n && result >= 0; i++) {
        const char *reason = column_problem(&c->rows[i], row->fields[i]);
        int64_t yen = 0;
        r->t->filled[i] += row->fields[i].n > 0;
        if (c->rows[i].kind == COLUMN_YEN && !reason && row->fields[i].p &&
            str_to_int(row->fields[i], &yen))
            r->t->sums[i] += yen;
        if (reason)
            result = table_problem(r->cx, r->arena, r->t, row, i, reason);
    }
    return result;
}

static int read_row(struct reading *r)
{
    if (r->t->n == TABLE_ROWS_MAX)
        return fail(r->cx, ERR_LIMIT, "exchange.file.too_long", "lines=%d", TABLE_ROWS_MAX);
    if (r->csv.n != r->n_header)
        return note(r->cx, r->arena, r->t,
                    (struct table_problem){r->csv.line, STR(""), r->csv.fields[0],
                                           "exchange.csv.field_count"});
    struct table_row *row = row_new(r);
    if (!row)
        return out_of_memory(r->cx);
    const int result = take_fields(r, row);
    return result < 0 ? result : check_fields(r, row);
}

/* A line that is no CSV record becomes a problem of that line. */
static int note_bad_line(struct reading *r)
{
    const struct error e = r->cx->error;
    const struct message *m = message_find(e.message);

    error_clear(r->cx);
    return note(r->cx, r->arena, r->t,
                (struct table_problem){r->csv.line, STR(""), STR(""),
                                       m ? m->id : "exchange.csv.bad"});
}

static int read_rows(struct reading *r)
{
    int result = 1;

    while (result >= 0 && !r->t->has_control) {
        result = csv_read(r->cx, &r->csv);
        if (result == 0)
            return OK;
        if (result == ERR_SYNTAX)
            result = note_bad_line(r);
        else if (is_control(r))
            result = read_control(r);
        else
            result = read_row(r);
    }
    if (result < 0)
        return result;
    result = csv_read(r->cx, &r->csv);
    if (result == 0)
        return OK;
    error_clear(r->cx);
    return note(r->cx, r->arena, r->t,
                (struct table_problem){r->csv.line, STR(""), STR(""), "exchange.control.not_last"});
}

int table_read(struct context *cx, struct arena *a, const struct columns *columns, struct str bytes,
               struct table *out)
{
    struct reading r = {.cx = cx, .arena = a, .t = out};

    *out = (struct table){.columns = columns};
    csv_open(&r.csv, bytes);
    int result = read_header(&r);
    if (result == ERR_SYNTAX)
        result = note_bad_line(&r);
    if (result >= 0 && out->all_problems == 0)
        result = read_rows(&r);
    csv_close(&r.csv);
    return result;
}

void sha256_hex(struct str bytes, char out[65])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    (void)crypto_hash_sha256(hash, (const unsigned char *)bytes.p, bytes.n);
    (void)sodium_bin2hex(out, 65, hash, sizeof(hash));
}
