/* Files of header, data, trailer and end records, read and proved as a whole. */
#include "exchange/exchange.h"

#include <string.h>

#define EOF_MARK 0x1A

struct reading {
    struct context *cx;
    struct arena *a;
    struct record_file *f;
    struct str rest;
    int64_t line;
    size_t capacity;        /* of the groups */
    struct record_row *rows; /* of all groups */
    size_t n_rows;
    bool in_group, has_ended;
};

static int no_memory(struct context *cx)
{
    return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
}

/* --- layouts ------------------------------------------------------------------------------------
 */

static const struct fixed_field *find(const struct fixed_record *r, struct str id)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_equal(r->fields[i].id, id))
            return &r->fields[i];
    }
    return NULL;
}

bool record_has(const struct fixed_record *r, const char *id)
{
    return find(r, str_of(id)) != NULL;
}

static const struct fixed_record *named(const struct fixed_layout *l, struct str name)
{
    for (size_t i = 0; i < l->n; i++) {
        if (str_equal(l->records[i].name, name))
            return &l->records[i];
    }
    return NULL;
}

static int refuse_layout(struct context *cx, const char *name, struct str what)
{
    (void)fail(cx, ERR_SYNTAX, "exchange.records.table", STR_FMT, STR_ARG(what));
    return fail_where(cx, name, 0, 0, NULL);
}

int record_layout_check(struct context *cx, const char *name, const struct fixed_layout *layout,
                        const char *fields)
{
    static const char *const records[] = {"header", "data", "trailer", "end"};
    struct str rest = str_of(fields);

    for (size_t i = 0; i < sizeof records / sizeof *records; i++) {
        const struct fixed_record *r = named(layout, str_of(records[i]));
        if (!r || r->length != layout->records[0].length || r->fields[0].n != 1)
            return refuse_layout(cx, name, str_of(records[i]));
    }
    while (rest.n > 0) {
        const struct str whole = str_cut(&rest, ' ');
        struct str id = whole;
        const struct fixed_record *r = named(layout, str_cut(&id, '.'));
        if (!r || !find(r, id))
            return refuse_layout(cx, name, whole);
    }
    return OK;
}

/* --- problems -----------------------------------------------------------------------------------
 */

int record_problems_init(struct context *cx, struct arena *a, struct record_problems *out)
{
    *out = (struct record_problems){
        .rows = ARENA_ARRAY(a, RECORD_PROBLEMS_MAX, struct record_problem)};
    return out->rows ? OK : no_memory(cx);
}

static void add_problem(struct record_problems *p, struct record_problem one)
{
    p->all++;
    if (p->n < RECORD_PROBLEMS_MAX)
        p->rows[p->n++] = one;
}

void record_refuse(struct record_file *f, struct record_row *row, const struct fixed_record *r,
                   const char *id, const char *reason)
{
    const struct fixed_field *field = id ? find(r, str_of(id)) : NULL;
    const struct record_problem p = {
        .line = row->line,
        .field = field ? field->label : STR(""),
        .value = field ? (struct str){row->bytes + field->at, field->n} : STR(""),
        .reason = reason};

    row->is_bad = true;
    add_problem(&f->problems, p);
}

static void check_fields(struct reading *r, struct record_row *row, const struct fixed_record *kind)
{
    const char *reason = NULL;
    int at = -1;

    while ((at = fixed_wrong(r->cx, kind, row->bytes, (size_t)(at + 1), &reason)) >= 0) {
        const struct fixed_field *field = &kind->fields[at];
        row->is_bad = true;
        add_problem(&r->f->problems,
                    (struct record_problem){.line = row->line,
                                            .field = field->label,
                                            .value = {row->bytes + field->at, field->n},
                                            .reason = reason});
    }
}

/* --- lines --------------------------------------------------------------------------------------
 */

static void see_ends(struct reading *r)
{
    const char *cr = memchr(r->rest.p, '\r', r->rest.n), *lf = memchr(r->rest.p, '\n', r->rest.n);
    r->f->ends = cr && lf ? ENDS_CRLF : cr ? ENDS_CR : lf ? ENDS_LF : ENDS_NONE;
}

static size_t lines_of(const struct reading *r)
{
    size_t n = 1;

    if (r->f->ends == ENDS_NONE)
        return r->rest.n / r->f->data->length + 1;
    for (size_t i = 0; i < r->rest.n; i++)
        n += r->rest.p[i] == (r->f->ends == ENDS_CR ? '\r' : '\n');
    return n;
}

/* The next record's bytes; false at the end. */
static bool next_line(struct reading *r, struct str *out)
{
    const size_t length = r->f->data->length;

    if (r->rest.n == 0)
        return false;
    r->line++;
    if (r->f->ends == ENDS_NONE) {
        const size_t n = r->rest.n < length ? r->rest.n : length;
        *out = (struct str){r->rest.p, n};
        r->rest = (struct str){r->rest.p + n, r->rest.n - n};
        return true;
    }
    *out = str_cut(&r->rest, r->f->ends == ENDS_CR ? '\r' : '\n');
    if (r->f->ends == ENDS_CRLF && out->n > 0 && out->p[out->n - 1] == '\r')
        out->n--;
    return true;
}

/* May the record end here? Only what may be blank may be missing. */
static bool ends_well(const struct fixed_record *kind, size_t n)
{
    for (size_t i = 0; i < kind->n; i++) {
        const struct fixed_field *f = &kind->fields[i];
        if (f->at + f->n > n && f->kind != FIXED_HALF)
            return false;
    }
    return true;
}

static const struct fixed_record *kind_of(const struct record_file *f, char first)
{
    const struct fixed_record *const kinds[] = {f->header, f->data, f->trailer, f->end};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i]->fields[0].value.n == 1 && kinds[i]->fields[0].value.p[0] == first)
            return kinds[i];
    }
    return NULL;
}

/* Fills up what was cut off; NULL bytes: refused. */
static int whole_record(struct reading *r, struct str line, const struct fixed_record *kind,
                        struct record_row *out)
{
    *out = (struct record_row){r->line, line.p, false};
    if (!kind || line.n > kind->length || (line.n < kind->length && !ends_well(kind, line.n))) {
        add_problem(&r->f->problems,
                    (struct record_problem){.line = r->line,
                                            .value = line,
                                            .field = STR(""),
                                            .reason = kind ? "exchange.records.length"
                                                           : "exchange.records.kind"});
        out->bytes = NULL;
        return OK;
    }
    if (line.n == kind->length)
        return OK;
    char *bytes = ARENA_ARRAY(r->a, kind->length, char);
    if (!bytes)
        return no_memory(r->cx);
    memset(bytes, ' ', kind->length);
    memcpy(bytes, line.p, line.n);
    out->bytes = bytes;
    return OK;
}

/* --- groups -------------------------------------------------------------------------------------
 */

static void misplaced(struct reading *r, struct record_row *row, const struct fixed_record *kind)
{
    record_refuse(r->f, row, kind, NULL, "exchange.records.order");
}

static int begin_group(struct reading *r, struct record_row *row)
{
    struct record_file *f = r->f;

    if (r->in_group || r->has_ended)
        misplaced(r, row, f->header);
    if (f->n == r->capacity) {
        const size_t more = r->capacity ? 2 * r->capacity : 4;
        struct record_group *groups = ARENA_ARRAY(r->a, more, struct record_group);
        if (!groups)
            return no_memory(r->cx);
        if (f->n > 0)
            memcpy(groups, f->groups, f->n * sizeof *groups);
        f->groups = groups;
        r->capacity = more;
    }
    f->groups[f->n++] = (struct record_group){.header = *row, .rows = r->rows + r->n_rows};
    r->in_group = true;
    return OK;
}

static void take_data(struct reading *r, struct record_row *row)
{
    if (!r->in_group) {
        misplaced(r, row, r->f->data);
        return;
    }
    r->rows[r->n_rows++] = *row;
    r->f->groups[r->f->n - 1].n++;
}

static void prove(struct reading *r, struct record_row *row, const char *id, int64_t found)
{
    const struct fixed_record *t = r->f->trailer;
    int64_t said = 0;

    if (record_has(t, id) && fixed_number(t, row->bytes, id, &said) && said != found)
        record_refuse(r->f, row, t, id, "exchange.records.total");
}

static void end_group(struct reading *r, struct record_row *row)
{
    struct record_file *f = r->f;
    int64_t sum = 0;

    if (!r->in_group) {
        misplaced(r, row, f->trailer);
        return;
    }
    struct record_group *g = &f->groups[f->n - 1];
    for (size_t i = 0; record_has(f->data, "yen") && i < g->n; i++) {
        int64_t yen = 0;
        if (fixed_number(f->data, g->rows[i].bytes, "yen", &yen))
            sum += yen;
    }
    prove(r, row, "count", (int64_t)g->n);
    if (record_has(f->data, "yen"))
        prove(r, row, "yen", sum);
    g->trailer = *row;
    r->in_group = false;
}

static int take_record(struct reading *r, struct str line)
{
    struct record_file *f = r->f;
    const struct fixed_record *kind = line.n > 0 ? kind_of(f, line.p[0]) : NULL;
    struct record_row row;
    const int rc = whole_record(r, line, kind, &row);

    if (rc < 0 || !row.bytes)
        return rc;
    check_fields(r, &row, kind);
    if (kind == f->header)
        return begin_group(r, &row);
    if (kind == f->data)
        take_data(r, &row);
    else if (kind == f->trailer)
        end_group(r, &row);
    else if (r->in_group || r->has_ended)
        misplaced(r, &row, f->end);
    r->has_ended |= kind == f->end;
    return OK;
}

static void finish(struct reading *r)
{
    struct record_row last = {r->line, NULL, false};

    if (r->in_group || !r->has_ended)
        record_refuse(r->f, &last, r->f->end, NULL, "exchange.records.cut");
}

/* Blank lines and the mark at the end of a file are nothing. */
static struct str without_end(struct str s)
{
    while (s.n > 0 && (s.p[s.n - 1] == EOF_MARK || s.p[s.n - 1] == '\n' || s.p[s.n - 1] == '\r'))
        s.n--;
    return s;
}

int record_file_read(struct context *cx, struct arena *a, const struct fixed_layout *layout,
                     struct str bytes, struct record_file *out)
{
    struct reading r = {.cx = cx, .a = a, .f = out, .rest = bytes};
    struct str line;

    *out = (struct record_file){.header = fixed_record_of(layout, "header"),
                                .data = fixed_record_of(layout, "data"),
                                .trailer = fixed_record_of(layout, "trailer"),
                                .end = fixed_record_of(layout, "end")};
    int rc = record_problems_init(cx, a, &out->problems);
    if (rc < 0)
        return rc;
    if (bytes.n > 0)
        see_ends(&r);
    r.rest = without_end(bytes);
    if (r.rest.n == 0)
        return fail(cx, ERR_SYNTAX, "exchange.records.empty", NULL);
    r.rows = ARENA_ARRAY(a, lines_of(&r) + 1, struct record_row);
    if (!r.rows)
        return no_memory(cx);
    while (rc >= 0 && next_line(&r, &line))
        rc = take_record(&r, line);
    if (rc >= 0)
        finish(&r);
    return rc;
}

/* --- making -------------------------------------------------------------------------------------
 */

int record_put_code(struct context *cx, const struct fixed_record *r, char *bytes, const char *id,
                    struct str code)
{
    const struct fixed_field *f = find(r, str_of(id));

    if (!f || code.n > f->n) {
        (void)fail(cx, ERR_RANGE, "exchange.fixed.range", STR_FMT, STR_ARG(code));
        return fail_where(cx, NULL, 0, 0, id);
    }
    const bool is_digits = f->kind == FIXED_DIGITS;
    memset(bytes + f->at, is_digits ? '0' : ' ', f->n);
    if (code.n > 0)
        memcpy(bytes + f->at + (is_digits ? f->n - code.n : 0), code.p, code.n);
    return OK;
}

struct str record_code(const struct fixed_record *r, const char *bytes, const char *id)
{
    struct str s = fixed_raw(r, bytes, id);

    while (s.n > 0 && s.p[s.n - 1] == ' ')
        s.n--;
    return s;
}

void record_add(struct text *out, const struct fixed_record *r, const char *bytes,
                enum record_ends ends)
{
    static const char *const marks[] = {"", "\r", "\n", "\r\n"};

    (void)text_add(out, (struct str){bytes, r->length});
    (void)text_adds(out, marks[ends]);
}
