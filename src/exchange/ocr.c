/* OCR lines of payment slips with their check digits, and files of what was read. */
#include "exchange/exchange.h"

#include <string.h>

enum { LINE_MAX = 64 };

static int no_memory(struct context *cx)
{
    return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
}

int ocr_lines_read(struct context *cx, struct arena *a, struct str lines, struct str checks,
                   struct ocr_lines *out)
{
    out->checks = checks;
    return fixed_layout_read(cx, a, "ocr_lines.tsv", lines, &out->layout);
}

const struct fixed_record *ocr_line_record(const struct ocr_lines *l, const char *line)
{
    for (size_t i = 0; i < l->layout.n; i++) {
        if (str_is(l->layout.records[i].name, line))
            return &l->layout.records[i];
    }
    return NULL;
}

/* --- check digits -------------------------------------------------------------------------------
 */

/* The digits behind both check digits, from the left: every second one by 9 to 2, the others as
 * they are. */
static int dsk_second(const char *d, size_t n)
{
    int sum = 0, weight = 9;

    for (size_t i = 0; i < n; i++) {
        const int digit = d[i] - '0';
        sum += i % 2 == 0 ? digit * weight : digit;
        if (i % 2 == 0)
            weight = weight == 2 ? 9 : weight - 1;
    }
    return sum % 10;
}

/* d begins with the second check digit. */
static int dsk_first(const char *d, size_t n)
{
    int sum = 2 * (d[0] - '0'), weight = 3;

    for (size_t i = 1; i < n; i++) {
        const int digit = d[i] - '0';
        sum += i % 2 == 1 ? digit : digit * weight;
        if (i % 2 == 0)
            weight = weight == 9 ? 2 : weight + 1;
    }
    return sum % 11 == 10 ? 0 : sum % 11;
}

static int mod11(const char *d, size_t n)
{
    int sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += (d[n - 1 - i] - '0') * (2 + (int)(i % 6));
    const int rest = sum % 11;
    return rest < 2 ? 0 : 11 - rest;
}

static int remainder_of(const char *d, size_t n, int by)
{
    int rest = 0;

    for (size_t i = 0; i < n; i++)
        rest = (10 * rest + d[i] - '0') % by;
    return rest;
}

/* -1: no such way. */
static int check_digit(struct str way, const char *d, size_t n)
{
    const struct str body = {d, n};

    return str_is(way, "dsk2")       ? dsk_second(d, n)
           : str_is(way, "dsk1")     ? dsk_first(d, n)
           : str_is(way, "mod10w21") ? mod10_digit(body)
           : str_is(way, "mod10w31") ? mod10_31_digit(body)
           : str_is(way, "mod11")    ? mod11(d, n)
           : str_is(way, "7dr")      ? remainder_of(d, n, 7)
           : str_is(way, "9dr")      ? remainder_of(d, n, 9)
                                     : -1;
}

static const struct fixed_field *field_named(const struct fixed_record *r, struct str id)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_equal(r->fields[i].id, id))
            return &r->fields[i];
    }
    return NULL;
}

/* The next check of a line: where it stands, and what it should be by the digits; -1: the table
 * says nothing that can be done. */
static bool next_check(const struct ocr_lines *l, const struct fixed_record *r, struct str *rest,
                       const char *digits, size_t *at, int *want)
{
    while (rest->n > 0) {
        struct str line = str_cut(rest, '\n');
        if (line.n == 0 || line.p[0] == '#' || !str_equal(str_cut(&line, '\t'), r->name))
            continue;
        const struct fixed_field *f = field_named(r, str_cut(&line, '\t'));
        const struct str way = str_cut(&line, '\t');
        *at = f ? f->at : 0;
        *want = -1;
        if (f && str_is(line, "backward"))
            *want = check_digit(way, digits, f->at);
        else if (f)
            *want = check_digit(way, digits + f->at + 1, r->length - f->at - 1);
        return true;
    }
    (void)l;
    return false;
}

bool ocr_line_complete(const struct ocr_lines *l, const char *line, char *digits)
{
    const struct fixed_record *r = ocr_line_record(l, line);
    struct str rest = l->checks;
    size_t at = 0;
    int want = 0;

    if (!r)
        return false;
    while (next_check(l, r, &rest, digits, &at, &want)) {
        if (want < 0)
            return false;
        digits[at] = (char)('0' + want);
    }
    return true;
}

const char *ocr_line_problem(struct context *cx, const struct ocr_lines *l, const char *line,
                             struct str digits)
{
    const struct fixed_record *r = ocr_line_record(l, line);
    struct str rest = l->checks;
    const char *reason = NULL;
    size_t at = 0;
    int want = 0;

    if (!r || digits.n != r->length)
        return "exchange.ocr.length";
    if (fixed_wrong(cx, r, digits.p, 0, &reason) >= 0)
        return reason;
    while (next_check(l, r, &rest, digits.p, &at, &want)) {
        if (want < 0 || digits.p[at] != '0' + want)
            return "exchange.ocr.check";
    }
    return NULL;
}

/* --- files --------------------------------------------------------------------------------------
 */

struct taking {
    struct context *cx;
    const struct ocr_format *f;
    struct record_file *file;
};

static int64_t line_number(const struct ocr_lines *l, const char *line, struct str digits,
                           const char *id)
{
    const struct fixed_record *r = ocr_line_record(l, line);
    int64_t value = 0;

    if (r && record_has(r, id) && digits.n == r->length)
        (void)fixed_number(r, digits.p, id, &value);
    return value;
}

static void check_line(struct taking *t, struct record_row *row, const char *field,
                       const char *line, struct str digits)
{
    const char *problem = ocr_line_problem(t->cx, &t->f->lines, line, digits);
    if (problem)
        record_refuse(t->file, row, t->file->data, field, problem);
}

static void check_lines(struct taking *t, struct record_row *row, const struct ocr_row *o)
{
    const struct ocr_lines *l = &t->f->lines;
    int64_t yen = 0;

    if (o->is_municipal) {
        check_line(t, row, "upper", "municipal", o->upper);
        yen = line_number(l, "municipal", o->upper, "yen") +
              line_number(l, "municipal", o->upper, "late") +
              line_number(l, "municipal", o->upper, "fee");
    } else {
        check_line(t, row, "upper", "dsk_upper", o->upper);
        check_line(t, row, "lower", "dsk_lower", o->lower);
        yen = line_number(l, "dsk_upper", o->upper, "yen");
    }
    if (!row->is_bad && yen != o->yen.n)
        record_refuse(t->file, row, t->file->data, "yen", "exchange.ocr.amount");
}

static void take_row(struct taking *t, struct record_row *row, struct ocr_row *o)
{
    const struct fixed_record *r = t->file->data;
    const char template = fixed_raw(r, row->bytes, "template").p[0];

    *o = (struct ocr_row){.line = row->line, .is_municipal = template == '2'};
    o->is_post = fixed_raw(r, row->bytes, "post").p[0] == '1';
    o->place = record_code(r, row->bytes, "place");
    o->upper = record_code(r, row->bytes, "upper");
    o->lower = record_code(r, row->bytes, "lower");
    (void)fixed_number(r, row->bytes, "yen", &o->yen.n);
    if (template != '1' && template != '2')
        record_refuse(t->file, row, r, "template", "exchange.field.choice");
    if (!fixed_day(r, row->bytes, "paid", &o->paid) || ymd_is_none(o->paid))
        record_refuse(t->file, row, r, "paid", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "funds", &o->funds))
        record_refuse(t->file, row, r, "funds", "exchange.field.day");
    check_lines(t, row, o);
    o->is_bad = row->is_bad;
}

static int take_batch(struct taking *t, struct arena *a, struct record_group *g,
                      struct ocr_batch *b)
{
    const struct fixed_record *r = t->file->header;

    b->bank = record_code(r, g->header.bytes, "bank");
    b->no = record_code(r, g->header.bytes, "batch");
    if (!fixed_day(r, g->header.bytes, "made", &b->made))
        record_refuse(t->file, &g->header, r, "made", "exchange.field.day");
    if (!fixed_day(r, g->header.bytes, "booked", &b->booked))
        record_refuse(t->file, &g->header, r, "booked", "exchange.field.day");
    b->rows = ARENA_ARRAY(a, g->n + 1, struct ocr_row);
    if (!b->rows)
        return no_memory(t->cx);
    for (size_t i = 0; i < g->n; i++) {
        take_row(t, &g->rows[i], &b->rows[i]);
        b->total.n += b->rows[i].yen.n;
    }
    b->n = g->n;
    return OK;
}

#define FIELDS                                                                                     \
    "header.bank header.made header.booked header.batch data.template data.post data.paid "        \
    "data.funds data.place data.yen data.upper data.lower trailer.count trailer.yen"

int ocr_read(struct context *cx, struct arena *a, const struct ocr_format *f, struct str bytes,
             struct ocr_file *out)
{
    struct record_file file;
    struct taking t = {cx, f, &file};

    *out = (struct ocr_file){.n = 0};
    int rc = record_layout_check(cx, "ocr_records.tsv", &f->records, FIELDS);
    rc = rc < 0 ? rc : record_file_read(cx, a, &f->records, bytes, &file);
    out->batches = rc < 0 ? NULL : ARENA_ARRAY(a, file.n + 1, struct ocr_batch);
    if (rc < 0 || !out->batches)
        return rc < 0 ? rc : no_memory(cx);
    for (size_t i = 0; i < file.n && rc >= 0; i++)
        rc = take_batch(&t, a, &file.groups[i], &out->batches[out->n++]);
    out->problems = file.problems;
    return rc;
}

/* --- writing ------------------------------------------------------------------------------------
 */

static int put_row(struct context *cx, const struct fixed_record *r, const struct ocr_row *o,
                   struct text *out)
{
    char *bytes = fixed_new(cx->arena, r);
    int rc = bytes ? fixed_put_number(cx, r, bytes, "template", o->is_municipal ? 2 : 1)
                   : no_memory(cx);

    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "post", o->is_post);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "paid", o->paid);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "funds", o->funds);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "yen", o->yen.n);
    rc = rc < 0 ? rc : record_put_code(cx, r, bytes, "place", o->place);
    rc = rc < 0 ? rc : record_put_code(cx, r, bytes, "upper", o->upper);
    rc = rc < 0 ? rc : record_put_code(cx, r, bytes, "lower", o->lower);
    if (rc >= 0)
        record_add(out, r, bytes, ENDS_CRLF);
    return rc;
}

static int put_batch(struct context *cx, const struct ocr_format *f, const struct ocr_batch *b,
                     struct text *out)
{
    const struct fixed_record *header = fixed_record_of(&f->records, "header"),
                              *trailer = fixed_record_of(&f->records, "trailer");
    char *first = fixed_new(cx->arena, header), *last = fixed_new(cx->arena, trailer);
    int64_t sum = 0;
    int rc = first && last ? record_put_code(cx, header, first, "bank", b->bank) : no_memory(cx);

    rc = rc < 0 ? rc : record_put_code(cx, header, first, "batch", b->no);
    rc = rc < 0 ? rc : fixed_put_day(cx, header, first, "made", b->made);
    rc = rc < 0 ? rc : fixed_put_day(cx, header, first, "booked", b->booked);
    if (rc >= 0)
        record_add(out, header, first, ENDS_CRLF);
    for (size_t i = 0; i < b->n && rc >= 0; i++) {
        rc = put_row(cx, fixed_record_of(&f->records, "data"), &b->rows[i], out);
        sum += b->rows[i].yen.n;
    }
    rc = rc < 0 ? rc : fixed_put_number(cx, trailer, last, "count", (int64_t)b->n);
    rc = rc < 0 ? rc : fixed_put_number(cx, trailer, last, "yen", sum);
    if (rc >= 0)
        record_add(out, trailer, last, ENDS_CRLF);
    return rc;
}

int ocr_write(struct context *cx, const struct ocr_format *f, const struct ocr_batch *batches,
              size_t n, struct text *out)
{
    const struct fixed_record *end = fixed_record_of(&f->records, "end");
    const char *last = fixed_new(cx->arena, end);
    int rc = last ? OK : no_memory(cx);

    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = put_batch(cx, f, &batches[i], out);
    if (rc >= 0)
        record_add(out, end, last, ENDS_CRLF);
    return rc < 0 ? rc : out->failed ? no_memory(cx) : OK;
}
