/* Payments by number: Pay-easy (records) and eL-QR (CSV), and the number itself. */
#include "exchange/exchange.h"

#include <string.h>

static int no_memory(struct context *cx)
{
    return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
}

/* --- the number ---------------------------------------------------------------------------------
 */

bool payment_no_digits(struct context *cx, const struct fixed_layout *layout,
                       const struct payment_no *p, char out[21])
{
    const struct fixed_record *r = fixed_record_of(layout, "payment");
    const struct {
        const char *id;
        int64_t value;
    } parts[] = {{"account", p->account},
                 {"year", p->year},
                 {"number", p->number},
                 {"notice", p->notice},
                 {"reissue", p->reissue}};
    char *bytes = r->length == 20 ? fixed_new(cx->arena, r) : NULL;

    for (size_t i = 0; i < 5 && bytes; i++) {
        if (fixed_put_number(cx, r, bytes, parts[i].id, parts[i].value) < 0)
            return false;
    }
    if (!bytes || fixed_put_number(cx, r, bytes, "cd", mod10_digit((struct str){bytes, 19})) < 0)
        return false;
    memcpy(out, bytes, 20);
    out[20] = '\0';
    return true;
}

bool payment_no_parse(const struct fixed_layout *layout, struct str digits, struct payment_no *out)
{
    const struct fixed_record *r = fixed_record_of(layout, "payment");

    *out = (struct payment_no){.year = 0};
    if (digits.n != r->length || !mod10_is_valid(digits))
        return false;
    return fixed_number(r, digits.p, "account", &out->account) &&
           fixed_number(r, digits.p, "year", &out->year) &&
           fixed_number(r, digits.p, "number", &out->number) &&
           fixed_number(r, digits.p, "notice", &out->notice) &&
           fixed_number(r, digits.p, "reissue", &out->reissue);
}

/* --- Pay-easy -----------------------------------------------------------------------------------
 */

static void take_mpn(struct record_file *f, struct record_row *row, struct payment_row *p)
{
    const struct fixed_record *r = f->data;
    const char stage = fixed_raw(r, row->bytes, "stage").p[0];

    *p = (struct payment_row){.line = row->line, .stage = (enum payment_stage)(stage - '0')};
    p->institution = record_code(r, row->bytes, "institution");
    p->payment = record_code(r, row->bytes, "payment");
    p->confirmation = record_code(r, row->bytes, "confirmation");
    p->division = record_code(r, row->bytes, "division");
    p->time = record_code(r, row->bytes, "time");
    p->place = (struct str){fixed_raw(r, row->bytes, "bank").p,
                            fixed_raw(r, row->bytes, "bank").n + fixed_raw(r, row->bytes,
                                                                           "branch").n};
    p->key = p->way = STR("");
    (void)fixed_number(r, row->bytes, "yen", &p->yen.n);
    if (stage < '1' || stage > '3')
        record_refuse(f, row, r, "stage", "exchange.field.choice");
    if (p->yen.n == 0)
        record_refuse(f, row, r, "yen", "exchange.zengin.zero");
    if (!fixed_day(r, row->bytes, "paid", &p->paid) || ymd_is_none(p->paid))
        record_refuse(f, row, r, "paid", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "booked", &p->booked))
        record_refuse(f, row, r, "booked", "exchange.field.day");
    if (!fixed_day(r, row->bytes, "funds", &p->funds))
        record_refuse(f, row, r, "funds", "exchange.field.day");
    p->is_bad = row->is_bad;
}

#define MPN_FIELDS                                                                                 \
    "header.institution header.made data.stage data.institution data.payment data.confirmation "   \
    "data.division data.yen data.paid data.time data.bank data.branch data.booked data.funds "     \
    "trailer.count trailer.yen"

int mpn_read(struct context *cx, struct arena *a, const struct fixed_layout *layout,
             struct str bytes, struct payment_file *out)
{
    struct record_file f;
    size_t rows = 0;

    *out = (struct payment_file){.n = 0};
    int rc = record_layout_check(cx, "mpn_records.tsv", layout, MPN_FIELDS);
    rc = rc < 0 ? rc : record_file_read(cx, a, layout, bytes, &f);
    for (size_t i = 0; rc >= 0 && i < f.n; i++)
        rows += f.groups[i].n;
    out->rows = rc < 0 ? NULL : ARENA_ARRAY(a, rows + 1, struct payment_row);
    if (rc < 0 || !out->rows)
        return rc < 0 ? rc : no_memory(cx);
    for (size_t i = 0; i < f.n; i++) {
        for (size_t k = 0; k < f.groups[i].n; k++) {
            take_mpn(&f, &f.groups[i].rows[k], &out->rows[out->n]);
            out->total.n += out->rows[out->n++].yen.n;
        }
    }
    out->problems = f.problems;
    return OK;
}

static int put_mpn(struct context *cx, const struct fixed_record *r, const struct payment_row *p,
                   struct text *out)
{
    char *bytes = fixed_new(cx->arena, r);
    const struct {
        const char *id;
        struct str value;
    } codes[] = {{"institution", p->institution}, {"payment", p->payment},
                 {"confirmation", p->confirmation}, {"division", p->division}, {"time", p->time}};
    int rc = bytes ? fixed_put_number(cx, r, bytes, "stage", p->stage) : no_memory(cx);

    for (size_t i = 0; i < 5 && rc >= 0; i++)
        rc = record_put_code(cx, r, bytes, codes[i].id, codes[i].value);
    if (rc >= 0 && p->place.n == 7) {
        rc = record_put_code(cx, r, bytes, "bank", (struct str){p->place.p, 4});
        rc = rc < 0 ? rc : record_put_code(cx, r, bytes, "branch", (struct str){p->place.p + 4, 3});
    }
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "yen", p->yen.n);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "paid", p->paid);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "booked", p->booked);
    rc = rc < 0 ? rc : fixed_put_day(cx, r, bytes, "funds", p->funds);
    if (rc >= 0)
        record_add(out, r, bytes, ENDS_CRLF);
    return rc;
}

int mpn_write(struct context *cx, const struct fixed_layout *layout, struct ymd made,
              const struct payment_row *rows, size_t n, struct text *out)
{
    const struct fixed_record *header = fixed_record_of(layout, "header"),
                              *trailer = fixed_record_of(layout, "trailer"),
                              *end = fixed_record_of(layout, "end");
    char *first = fixed_new(cx->arena, header), *total = fixed_new(cx->arena, trailer),
         *last = fixed_new(cx->arena, end);
    int64_t sum = 0;
    int rc = first && total && last ? fixed_put_day(cx, header, first, "made", made)
                                    : no_memory(cx);

    if (rc >= 0 && n > 0)
        rc = record_put_code(cx, header, first, "institution", rows[0].institution);
    if (rc >= 0)
        record_add(out, header, first, ENDS_CRLF);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = put_mpn(cx, fixed_record_of(layout, "data"), &rows[i], out);
        sum += rows[i].yen.n;
    }
    rc = rc < 0 ? rc : fixed_put_number(cx, trailer, total, "count", (int64_t)n);
    rc = rc < 0 ? rc : fixed_put_number(cx, trailer, total, "yen", sum);
    if (rc < 0)
        return rc;
    record_add(out, trailer, total, ENDS_CRLF);
    record_add(out, end, last, ENDS_CRLF);
    return out->failed ? no_memory(cx) : OK;
}

/* --- eL-QR --------------------------------------------------------------------------------------
 */

static struct str cell(const struct columns *c, const struct table_row *row, const char *id)
{
    const struct str s = row->fields[column_of(c, id)];
    return s.p ? s : STR("");
}

static struct ymd day_of(const struct columns *c, const struct table_row *row, const char *id)
{
    struct ymd d = YMD_NONE;
    return ymd_parse(cell(c, row, id), &d) ? d : YMD_NONE;
}

static void take_el(const struct columns *c, const struct table_row *row, struct payment_row *p)
{
    int64_t stage = 0;

    *p = (struct payment_row){.line = row->line, .is_bad = row->is_bad};
    (void)str_to_int(cell(c, row, "stage"), &stage);
    (void)str_to_int(cell(c, row, "yen"), &p->yen.n);
    (void)str_to_int(cell(c, row, "fee"), &p->fee.n);
    p->stage = (enum payment_stage)stage;
    p->institution = cell(c, row, "institution");
    p->payment = cell(c, row, "payment");
    p->confirmation = cell(c, row, "confirmation");
    p->division = cell(c, row, "division");
    p->key = cell(c, row, "key");
    p->way = cell(c, row, "way");
    p->paid = day_of(c, row, "paid");
    p->booked = day_of(c, row, "booked");
    p->funds = day_of(c, row, "funds");
    p->time = p->place = STR("");
}

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

/* The number of lines and the sum of the amounts where the file says them. */
static void prove_control(const struct columns *c, const struct table *t,
                          struct record_problems *out)
{
    const size_t yen = column_of(c, "yen");
    const bool is_wrong = t->has_control && (t->control_count != (int64_t)t->n ||
                                             (t->control[yen].is_given &&
                                              t->control[yen].sum != t->sums[yen]));

    out->all += is_wrong;
    if (is_wrong && out->n < RECORD_PROBLEMS_MAX)
        out->rows[out->n++] =
            (struct record_problem){.field = STR("CONTROL"), .value = STR(""),
                                    .reason = "exchange.records.total"};
}

int el_read(struct context *cx, struct arena *a, struct str columns, struct str bytes,
            struct payment_file *out)
{
    struct columns described;
    struct table table;

    *out = (struct payment_file){.n = 0};
    int rc = columns_read(cx, a, "el_receipts.tsv", columns, &described);
    rc = rc < 0 ? rc : table_read(cx, a, &described, bytes, &table);
    out->rows = rc < 0 ? NULL : ARENA_ARRAY(a, table.n + 1, struct payment_row);
    if (rc < 0 || !out->rows)
        return rc < 0 ? rc : no_memory(cx);
    for (size_t i = 0; i < table.n; i++) {
        take_el(&described, &table.rows[i], &out->rows[out->n]);
        out->total.n += out->rows[out->n++].yen.n;
    }
    rc = keep_problems(cx, a, &table, &out->problems);
    if (rc >= 0)
        prove_control(&described, &table, &out->problems);
    return rc;
}

int el_write(struct context *cx, struct str columns, const struct payment_row *rows, size_t n,
             struct text *out)
{
    struct csv_file f;
    int rc = csv_file_open(cx, &f, "el_receipts.tsv", columns, out);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct payment_row *p = &rows[i];
        csv_put_number(&f, "stage", p->stage);
        csv_put(&f, "institution", p->institution);
        csv_put(&f, "payment", p->payment);
        csv_put(&f, "confirmation", p->confirmation);
        csv_put(&f, "division", p->division);
        csv_put(&f, "key", p->key);
        csv_put(&f, "way", p->way);
        csv_put_day(&f, "paid", p->paid);
        csv_put_day(&f, "booked", p->booked);
        csv_put_day(&f, "funds", p->funds);
        csv_put_number(&f, "yen", p->yen.n);
        csv_put_number(&f, "fee", p->fee.n);
        csv_file_row(&f);
    }
    const int closed = csv_file_close(cx, &f);
    return rc < 0 ? rc : closed;
}
