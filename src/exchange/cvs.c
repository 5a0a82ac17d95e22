/* Payments at convenience stores: notices at once, final ones, cancellations, in both carriers. */
#include "exchange/exchange.h"

#include <string.h>

enum { BARCODE = 44 };

static int no_memory(struct context *cx)
{
    return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
}

enum payment_stage cvs_stage(enum cvs_kind k)
{
    return k == CVS_EARLY || k == CVS_REAL ? PAYMENT_EARLY
           : k == CVS_CANCELLED            ? PAYMENT_CANCELLED
                                           : PAYMENT_FINAL;
}

static bool is_kind(int64_t k)
{
    return k == CVS_EARLY || k == CVS_FINAL || k == CVS_CANCELLED || k == CVS_POST ||
           k == CVS_POST_CORRECTED || k == CVS_REAL;
}

static void add_total(struct cvs_file *f, const struct cvs_row *r)
{
    f->total.n += r->kind == CVS_CANCELLED ? -r->yen.n : r->yen.n;
}

/* What the 44 digits say; a message id when they say nothing. */
static const char *read_barcode(struct cvs_row *r)
{
    const struct str b = r->barcode;
    int64_t yen = 0;
    char due[9] = "20";

    if (b.n == BARCODE && str_to_int((struct str){b.p + 37, 6}, &yen))
        r->yen = YEN(yen); /* what was paid, whatever else cannot be read */
    if (b.n != BARCODE || !mod10_31_is_valid(b))
        return "exchange.cvs.barcode";
    if (memcmp(b.p, "91", 2) != 0 || b.p[36] > '1')
        return "exchange.cvs.barcode";
    r->maker = (struct str){b.p + 2, 6};
    r->key = (struct str){b.p + 8, 21};
    r->reissue = b.p[29] - '0';
    r->due = YMD_NONE;
    memcpy(due + 2, b.p + 30, 6);
    if (memcmp(due, "20999999", 8) != 0 && !ymd_parse((struct str){due, 8}, &r->due))
        return "exchange.cvs.barcode";
    r->has_stamp = b.p[36] == '1';
    return NULL;
}

/* --- fixed --------------------------------------------------------------------------------------
 */

static void take_fixed(struct record_file *f, struct record_row *row, struct cvs_row *c)
{
    const struct fixed_record *r = f->data;
    int64_t kind = 0;

    *c = (struct cvs_row){.line = row->line};
    (void)fixed_number(r, row->bytes, "kind", &kind);
    if (!is_kind(kind))
        record_refuse(f, row, r, "kind", "exchange.field.choice");
    c->kind = (enum cvs_kind)kind;
    c->barcode = fixed_raw(r, row->bytes, "barcode");
    const char *problem = read_barcode(c);
    if (problem)
        record_refuse(f, row, r, "barcode", problem);
    if (!fixed_day(r, row->bytes, "paid", &c->paid) || ymd_is_none(c->paid))
        record_refuse(f, row, r, "paid", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "made", &c->made))
        record_refuse(f, row, r, "made", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "funds", &c->funds))
        record_refuse(f, row, r, "funds", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "booked", &c->booked))
        record_refuse(f, row, r, "booked", "exchange.field.day");
    c->time = fixed_raw(r, row->bytes, "time");
    c->shop = record_code(r, row->bytes, "shop");
    c->chain = record_code(r, row->bytes, "chain");
    c->chain_name = STR("");
    c->is_bad = row->is_bad;
}

#define FIXED_FIELDS                                                                               \
    "header.company header.made data.kind data.paid data.time data.barcode data.shop data.made "   \
    "data.funds data.booked data.chain trailer.count trailer.total"

int cvs_read_fixed(struct context *cx, struct arena *a, const struct fixed_layout *layout,
                   struct str bytes, struct cvs_file *out)
{
    struct record_file f;
    size_t rows = 0;

    *out = (struct cvs_file){.n = 0};
    int rc = record_layout_check(cx, "cvs_records.tsv", layout, FIXED_FIELDS);
    rc = rc < 0 ? rc : record_file_read(cx, a, layout, bytes, &f);
    for (size_t i = 0; rc >= 0 && i < f.n; i++)
        rows += f.groups[i].n;
    out->rows = rc < 0 ? NULL : ARENA_ARRAY(a, rows + 1, struct cvs_row);
    if (rc < 0 || !out->rows)
        return rc < 0 ? rc : no_memory(cx);
    for (size_t i = 0; i < f.n; i++) {
        struct record_row *trailer = &f.groups[i].trailer;
        const int64_t before = out->total.n;
        int64_t said = 0;
        for (size_t k = 0; k < f.groups[i].n; k++) {
            take_fixed(&f, &f.groups[i].rows[k], &out->rows[out->n]);
            add_total(out, &out->rows[out->n++]);
        }
        const int64_t sum = out->total.n - before;
        if (trailer->bytes && fixed_number(f.trailer, trailer->bytes, "total", &said) &&
            said != (sum < 0 ? 0 : sum))
            record_refuse(&f, trailer, f.trailer, "total", "exchange.records.total");
    }
    out->problems = f.problems;
    return OK;
}

static int put_fixed(struct context *cx, const struct fixed_record *r, const struct cvs_row *c,
                     struct text *out)
{
    char *bytes = fixed_new(cx->arena, r);
    const struct {
        const char *id;
        struct str value;
    } codes[] = {{"time", c->time}, {"barcode", c->barcode}, {"shop", c->shop},
                 {"chain", c->chain}};
    const struct {
        const char *id;
        struct ymd day;
    } days[] = {{"paid", c->paid}, {"made", c->made}, {"funds", c->funds}, {"booked", c->booked}};
    int rc = bytes ? fixed_put_number(cx, r, bytes, "kind", c->kind) : no_memory(cx);

    for (size_t i = 0; i < 4 && rc >= 0; i++)
        rc = record_put_code(cx, r, bytes, codes[i].id, codes[i].value);
    for (size_t i = 0; i < 4 && rc >= 0; i++)
        rc = fixed_put_day(cx, r, bytes, days[i].id, days[i].day);
    if (rc >= 0)
        record_add(out, r, bytes, ENDS_CRLF);
    return rc;
}

int cvs_write_fixed(struct context *cx, const struct fixed_layout *layout,
                    const struct cvs_header *h, const struct cvs_row *rows, size_t n,
                    struct text *out)
{
    const struct fixed_record *header = fixed_record_of(layout, "header"),
                              *trailer = fixed_record_of(layout, "trailer"),
                              *end = fixed_record_of(layout, "end");
    char *first = fixed_new(cx->arena, header), *total = fixed_new(cx->arena, trailer),
         *last = fixed_new(cx->arena, end);
    struct cvs_file sums = {.n = 0};
    int rc = first && total && last ? record_put_code(cx, header, first, "company", h->company)
                                    : no_memory(cx);

    rc = rc < 0 ? rc : fixed_put_day(cx, header, first, "made", h->made);
    if (rc >= 0)
        record_add(out, header, first, ENDS_CRLF);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = put_fixed(cx, fixed_record_of(layout, "data"), &rows[i], out);
        add_total(&sums, &rows[i]);
    }
    rc = rc < 0 ? rc : fixed_put_number(cx, trailer, total, "count", (int64_t)n);
    rc = rc < 0 ? rc
                : fixed_put_number(cx, trailer, total, "total",
                                   sums.total.n < 0 ? 0 : sums.total.n);
    if (rc < 0)
        return rc;
    record_add(out, trailer, total, ENDS_CRLF);
    record_add(out, end, last, ENDS_CRLF);
    return out->failed ? no_memory(cx) : OK;
}

/* --- CSV ----------------------------------------------------------------------------------------
 */

struct csv_taking {
    struct context *cx;
    struct arena *a;
    const struct columns *columns;
    struct table *table;
    struct cvs_file *out;
    int rc;
};

static struct str cell(const struct csv_taking *t, const struct table_row *row, const char *id)
{
    const struct str s = row->fields[column_of(t->columns, id)];
    return s.p ? s : STR("");
}

static void refuse_cell(struct csv_taking *t, struct table_row *row, const char *id,
                        const char *reason)
{
    if (t->rc >= 0)
        t->rc = table_problem(t->cx, t->a, t->table, row, column_of(t->columns, id), reason);
}

/* "0" and nothing: not known yet. */
static struct ymd day_cell(struct csv_taking *t, struct table_row *row, const char *id)
{
    const struct str s = cell(t, row, id);
    struct ymd d = YMD_NONE;

    if (s.n > 0 && !str_is(s, "0") && !ymd_parse(s, &d))
        refuse_cell(t, row, id, "exchange.field.day");
    return d;
}

static void take_csv(struct csv_taking *t, struct table_row *row, struct cvs_row *c)
{
    int64_t kind = 0, yen = 0;
    struct str barcode = cell(t, row, "barcode");

    *c = (struct cvs_row){.line = row->line};
    (void)str_to_int(cell(t, row, "kind"), &kind);
    (void)str_to_int(cell(t, row, "yen"), &yen);
    c->kind = (enum cvs_kind)kind;
    if (str_starts(barcode, STR("EAN")))
        barcode = (struct str){barcode.p + 3, barcode.n - 3};
    c->barcode = barcode;
    const char *problem = read_barcode(c);
    if (problem)
        refuse_cell(t, row, "barcode", problem);
    else if (c->yen.n != yen)
        refuse_cell(t, row, "yen", "exchange.cvs.amount");
    c->yen = YEN(yen);
    c->paid = day_cell(t, row, "paid");
    if (ymd_is_none(c->paid))
        refuse_cell(t, row, "paid", "exchange.field.day");
    c->made = day_cell(t, row, "made");
    c->funds = day_cell(t, row, "funds");
    c->booked = YMD_NONE;
    c->time = cell(t, row, "time");
    c->shop = cell(t, row, "shop");
    c->chain = cell(t, row, "chain");
    c->chain_name = cell(t, row, "chain_name");
    c->is_bad = row->is_bad;
    add_total(t->out, c);
}

/* The problems of a table in the shape the records have. */
static int keep_problems(struct context *cx, struct arena *a, const struct table *t,
                         struct record_problems *out)
{
    const int rc = record_problems_init(cx, a, out);

    for (size_t i = 0; rc >= 0 && i < t->n_problems && i < RECORD_PROBLEMS_MAX; i++)
        out->rows[out->n++] =
            (struct record_problem){t->problems[i].line, t->problems[i].field,
                                    t->problems[i].value, t->problems[i].reason};
    out->all = t->all_problems;
    return rc;
}

static int in_utf8(struct context *cx, struct arena *a, struct str bytes, struct str *out)
{
    struct text t;

    *out = bytes;
    if (utf8_valid(bytes))
        return OK;
    text_init(&t, 4 * bytes.n + 16);
    const int rc = decode(cx, bytes, ENC_CP932, &t);
    *out = rc < 0 ? STR_NONE : str_copy(a, text_str(&t));
    text_release(&t);
    return rc < 0 ? rc : out->p ? OK : no_memory(cx);
}

int cvs_read_csv(struct context *cx, struct arena *a, struct str columns, struct str bytes,
                 struct cvs_file *out)
{
    struct columns described;
    struct table table;
    struct csv_taking t = {cx, a, &described, &table, out, OK};
    struct str text;

    *out = (struct cvs_file){.n = 0};
    int rc = columns_read(cx, a, "cvs_csv.tsv", columns, &described);
    rc = rc < 0 ? rc : in_utf8(cx, a, bytes, &text);
    rc = rc < 0 ? rc : table_read(cx, a, &described, text, &table);
    out->rows = rc < 0 ? NULL : ARENA_ARRAY(a, table.n + 1, struct cvs_row);
    if (rc < 0 || !out->rows)
        return rc < 0 ? rc : no_memory(cx);
    for (size_t i = 0; i < table.n && t.rc >= 0; i++)
        take_csv(&t, &table.rows[i], &out->rows[out->n++]);
    return t.rc < 0 ? t.rc : keep_problems(cx, a, &table, &out->problems);
}

static void add_day(struct text *t, struct ymd d)
{
    int y = 0, m = 0, day = 0;

    if (ymd_is_none(d)) {
        (void)text_addc(t, '0');
        return;
    }
    ymd_split(d, &y, &m, &day);
    (void)text_addf(t, "%04d%02d%02d", y, m, day);
}

static void add_csv_row(struct text *t, const struct cvs_row *c)
{
    (void)text_addf(t, "%02d,", (int)c->kind);
    add_day(t, c->paid);
    (void)text_addf(t, "," STR_FMT ",EAN" STR_FMT ",%.6s,%.11s,%d,%lld," STR_FMT ",\"" STR_FMT
                       "\"," STR_FMT ",",
                    STR_ARG(c->time), STR_ARG(c->barcode), c->barcode.p + 13, c->barcode.p + 19,
                    (int)c->has_stamp, (long long)c->yen.n, STR_ARG(c->chain),
                    STR_ARG(c->chain_name), STR_ARG(c->shop));
    add_day(t, c->funds);
    (void)text_addc(t, ',');
    add_day(t, c->made);
    (void)text_adds(t, "\r\n");
}

int cvs_write_csv(struct context *cx, struct str columns, const struct cvs_row *rows, size_t n,
                  struct text *out)
{
    struct columns described;
    struct text t;
    int rc = columns_read(cx, cx->arena, "cvs_csv.tsv", columns, &described);

    text_init(&t, out->maximum);
    for (size_t i = 0; rc >= 0 && i < described.n; i++)
        (void)text_addf(&t, "%s" STR_FMT, i > 0 ? "," : "", STR_ARG(described.rows[i].name));
    (void)text_adds(&t, "\r\n");
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        if (rows[i].barcode.n != BARCODE)
            rc = fail(cx, ERR_INVALID, "exchange.cvs.barcode", STR_FMT, STR_ARG(rows[i].barcode));
        else
            add_csv_row(&t, &rows[i]);
    }
    if (rc >= 0)
        rc = t.failed ? no_memory(cx)
                      : encode(cx, text_str(&t), ENC_CP932, LOSS_REFUSE, NULL, out);
    text_release(&t);
    return rc;
}
