/* Direct debit, transfers, account checks: the records of the banks' association by their tables. */
#include "exchange/exchange.h"

#include <string.h>

#define EBCDIC_ONE 0xF1 /* "1" in EBCDIC */

#define HEADER_FIELDS                                                                              \
    "header.type header.code header.contractor header.contractor_name header.date header.bank "    \
    "header.bank_name header.branch header.branch_name header.account_kind header.account_no "
#define DATA_FIELDS                                                                                \
    "data.bank data.bank_name data.branch data.branch_name data.account_kind data.account_no "     \
    "data.holder data.yen data.new_code data.customer data.result trailer.count trailer.yen"
#define RESULT_FIELDS " trailer.done_count trailer.done_yen trailer.failed_count trailer.failed_yen"

int zengin_format_read(struct context *cx, struct arena *a, enum zengin_kind kind, struct str tsv,
                       struct zengin_format *out)
{
    static const char *const names[] = {"zengin_debit.tsv", "zengin_transfer.tsv",
                                        "account_check.tsv"};
    const bool has_results = kind == ZENGIN_DEBIT;

    out->kind = kind;
    const int rc = fixed_layout_read(cx, a, names[kind], tsv, &out->layout);
    return rc < 0 ? rc
                  : record_layout_check(cx, names[kind], &out->layout,
                                        has_results ? HEADER_FIELDS DATA_FIELDS RESULT_FIELDS
                                                    : HEADER_FIELDS DATA_FIELDS);
}

/* --- characters ---------------------------------------------------------------------------------
 */

static bool is_name(struct str half, const char *signs)
{
    for (int32_t c = utf8_next(&half); c != -2; c = utf8_next(&half)) {
        const bool is_kana = c >= 0xFF71 && c <= 0xFF9F; /* no small ones, no long vowel, no wo */
        const bool is_latin = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == ' ';
        if (!is_kana && !is_latin && (c <= 0 || c > 0x7F || !strchr(signs, c)))
            return false;
    }
    return true;
}

bool zengin_place_is_good(struct str half)
{
    return is_name(half, "-");
}

bool zengin_holder_is_good(struct str half)
{
    return is_name(half, "()-.");
}

/* --- reading ------------------------------------------------------------------------------------
 */

struct taking {
    struct context *cx;
    struct arena *a;
    const struct zengin_format *f;
    enum zengin_way way;
    struct zengin_medium *out;
};

static int text_field(struct taking *t, const struct fixed_record *r, const char *bytes,
                      const char *id, struct str *out)
{
    struct context own = *t->cx;

    own.arena = t->a;
    const int rc = fixed_text(&own, r, bytes, id, out);
    t->cx->error = own.error;
    if (rc != ERR_INVALID)
        return rc;
    error_clear(t->cx); /* what is no character is listed already */
    *out = STR("");
    return OK;
}

static int take_header(struct taking *t, struct record_row *row, struct zengin_header *h)
{
    struct record_file *f = &t->out->records;
    const struct fixed_record *r = f->header;
    int64_t date = 0;
    int rc;

    *h = (struct zengin_header){.record = row->bytes, .line = row->line};
    h->contractor = record_code(r, row->bytes, "contractor");
    h->bank = record_code(r, row->bytes, "bank");
    h->branch = record_code(r, row->bytes, "branch");
    h->account_kind = record_code(r, row->bytes, "account_kind");
    h->account_no = record_code(r, row->bytes, "account_no");
    rc = text_field(t, r, row->bytes, "contractor_name", &h->contractor_name);
    rc = rc < 0 ? rc : text_field(t, r, row->bytes, "bank_name", &h->bank_name);
    rc = rc < 0 ? rc : text_field(t, r, row->bytes, "branch_name", &h->branch_name);
    if (rc < 0)
        return rc;
    if (str_is(fixed_raw(r, row->bytes, "code"), "1"))
        return fail(t->cx, ERR_INVALID, "exchange.zengin.ebcdic", NULL);
    if (!str_is(fixed_raw(r, row->bytes, "code"), "0"))
        record_refuse(f, row, r, "code", "exchange.fixed.constant");
    (void)fixed_number(r, row->bytes, "date", &date);
    h->month = (int)(date / 100);
    h->day = (int)(date % 100);
    if (ymd_is_none(ymd_of(2024, h->month, h->day)))
        record_refuse(f, row, r, "date", "exchange.field.day");
    if (!zengin_holder_is_good(h->contractor_name))
        record_refuse(f, row, r, "contractor_name", "exchange.transfer_name");
    return OK;
}

static bool is_one_of(char c, const char *all)
{
    return c != '\0' && strchr(all, c) != NULL;
}

static const char *kinds_of(const struct zengin_format *f)
{
    return f->kind == ZENGIN_DEBIT ? "1239" : "1249";
}

static const char *results_of(const struct taking *t)
{
    if (t->way == ZENGIN_REQUEST)
        return t->f->kind == ZENGIN_TRANSFER ? " " : "0";
    return t->f->kind == ZENGIN_DEBIT ? "0123489" : "0129";
}

static void check_row(struct taking *t, struct record_row *row, const struct zengin_row *z)
{
    struct record_file *f = &t->out->records;
    const struct fixed_record *r = f->data;

    if (z->account_kind.n != 1 || !is_one_of(z->account_kind.p[0], kinds_of(t->f)))
        record_refuse(f, row, r, "account_kind", "exchange.field.choice");
    if (!is_one_of(z->new_code, t->f->kind == ZENGIN_CHECK ? "0123" : "012"))
        record_refuse(f, row, r, "new_code", "exchange.field.choice");
    if (!is_one_of(z->result, results_of(t)))
        record_refuse(f, row, r, "result", "exchange.field.choice");
    if (!zengin_place_is_good(z->bank_name))
        record_refuse(f, row, r, "bank_name", "exchange.transfer_name");
    if (!zengin_place_is_good(z->branch_name))
        record_refuse(f, row, r, "branch_name", "exchange.transfer_name");
    if (!zengin_holder_is_good(z->holder) || z->holder.n == 0)
        record_refuse(f, row, r, "holder", "exchange.transfer_name");
    if (t->f->kind != ZENGIN_CHECK && z->yen.n == 0)
        record_refuse(f, row, r, "yen", "exchange.zengin.zero");
}

static int take_row(struct taking *t, struct record_row *row, struct zengin_row *z)
{
    const struct fixed_record *r = t->out->records.data;

    *z = (struct zengin_row){.record = row->bytes, .line = row->line};
    z->bank = record_code(r, row->bytes, "bank");
    z->branch = record_code(r, row->bytes, "branch");
    z->account_kind = record_code(r, row->bytes, "account_kind");
    z->account_no = record_code(r, row->bytes, "account_no");
    z->customer = record_code(r, row->bytes, "customer");
    z->new_code = fixed_raw(r, row->bytes, "new_code").p[0];
    z->result = fixed_raw(r, row->bytes, "result").p[0];
    (void)fixed_number(r, row->bytes, "yen", &z->yen.n);
    int rc = text_field(t, r, row->bytes, "holder", &z->holder);
    rc = rc < 0 ? rc : text_field(t, r, row->bytes, "bank_name", &z->bank_name);
    rc = rc < 0 ? rc : text_field(t, r, row->bytes, "branch_name", &z->branch_name);
    if (rc >= 0)
        check_row(t, row, z);
    z->is_bad = row->is_bad;
    return rc;
}

static void sum_up(struct zengin_file *f)
{
    f->total = f->done_yen = f->failed_yen = YEN(0);
    f->done = f->failed = 0;
    for (size_t i = 0; i < f->n; i++) {
        const bool is_done = f->rows[i].result == '0';
        f->total.n += f->rows[i].yen.n;
        f->done += is_done;
        f->failed += !is_done;
        *(is_done ? &f->done_yen.n : &f->failed_yen.n) += f->rows[i].yen.n;
    }
}

static void prove(struct taking *t, struct record_row *trailer, const char *id, int64_t want)
{
    const struct fixed_record *r = t->out->records.trailer;
    int64_t said = 0;

    if (fixed_number(r, trailer->bytes, id, &said) && said != want)
        record_refuse(&t->out->records, trailer, r, id, "exchange.records.total");
}

static void prove_results(struct taking *t, struct record_row *trailer, const struct zengin_file *z)
{
    const bool is_result = t->way == ZENGIN_RESULT;

    if (t->f->kind != ZENGIN_DEBIT || !trailer->bytes)
        return;
    prove(t, trailer, "done_count", is_result ? z->done : 0);
    prove(t, trailer, "done_yen", is_result ? z->done_yen.n : 0);
    prove(t, trailer, "failed_count", is_result ? z->failed : 0);
    prove(t, trailer, "failed_yen", is_result ? z->failed_yen.n : 0);
}

static int take_file(struct taking *t, struct record_group *g, struct zengin_file *z)
{
    int rc = take_header(t, &g->header, &z->header);

    z->rows = ARENA_ARRAY(t->a, g->n + 1, struct zengin_row);
    z->n = g->n;
    if (!z->rows)
        return fail(t->cx, ERR_MEMORY, "exchange.memory", NULL);
    for (size_t i = 0; i < g->n && rc >= 0; i++)
        rc = take_row(t, &g->rows[i], &z->rows[i]);
    if (rc < 0)
        return rc;
    sum_up(z);
    prove_results(t, &g->trailer, z);
    return OK;
}

int zengin_read(struct context *cx, struct arena *a, const struct zengin_format *f,
                enum zengin_way way, struct str bytes, struct zengin_medium *out)
{
    struct taking t = {.cx = cx, .a = a, .f = f, .way = way, .out = out};

    *out = (struct zengin_medium){.n = 0};
    if (bytes.n > 0 && (unsigned char)bytes.p[0] == EBCDIC_ONE)
        return fail(cx, ERR_INVALID, "exchange.zengin.ebcdic", NULL);
    int rc = record_file_read(cx, a, &f->layout, bytes, &out->records);
    out->files = ARENA_ARRAY(a, out->records.n + 1, struct zengin_file);
    if (rc >= 0 && !out->files)
        rc = fail(cx, ERR_MEMORY, "exchange.memory", NULL);
    for (size_t i = 0; rc >= 0 && i < out->records.n; i++) {
        rc = take_file(&t, &out->records.groups[i], &out->files[i]);
        out->n = i + 1;
    }
    return rc;
}

/* --- writing ------------------------------------------------------------------------------------
 */

struct writing {
    struct context *cx;
    const struct zengin_format *f;
    enum zengin_way way;
    enum record_ends ends;
    struct text *out;
    const struct fixed_record *header, *data, *trailer, *end;
};
struct pair_of {
    const char *id;
    struct str value;
};

static char *record_new(struct writing *w, const struct fixed_record *r, const char *from)
{
    char *bytes = fixed_new(w->cx->arena, r);

    if (bytes && from)
        memcpy(bytes, from, r->length);
    return bytes;
}

static int put_codes(struct writing *w, const struct fixed_record *r, char *bytes,
                     const struct pair_of *rows, size_t n)
{
    int rc = OK;

    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = record_put_code(w->cx, r, bytes, rows[i].id, rows[i].value);
    return rc;
}

/* A name that loses a character would be another name. */
static int put_names(struct writing *w, const struct fixed_record *r, char *bytes,
                     const struct pair_of *rows, size_t n)
{
    int lost = 0;
    int rc = OK;

    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = fixed_put_text(w->cx, r, bytes, rows[i].id, rows[i].value, &lost);
        if (rc >= 0 && lost > 0)
            rc = fail(w->cx, ERR_INVALID, "exchange.transfer_name", STR_FMT,
                      STR_ARG(rows[i].value));
    }
    return rc;
}

static int put_header(struct writing *w, const struct zengin_header *h)
{
    char *bytes = record_new(w, w->header, h->record);
    const struct pair_of codes[] = {{"code", STR("0")},
                                    {"contractor", h->contractor},
                                    {"bank", h->bank},
                                    {"branch", h->branch},
                                    {"account_kind", h->account_kind},
                                    {"account_no", h->account_no}};
    const struct pair_of names[] = {{"contractor_name", h->contractor_name},
                                    {"bank_name", h->bank_name},
                                    {"branch_name", h->branch_name}};

    if (!bytes)
        return fail(w->cx, ERR_MEMORY, "exchange.memory", NULL);
    int rc = h->record ? OK
                       : put_codes(w, w->header, bytes, codes, sizeof codes / sizeof *codes);
    if (!h->record && rc >= 0)
        rc = put_names(w, w->header, bytes, names, sizeof names / sizeof *names);
    if (!h->record && rc >= 0)
        rc = fixed_put_number(w->cx, w->header, bytes, "date", h->month * 100 + h->day);
    record_add(w->out, w->header, bytes, w->ends);
    return rc;
}

static int put_row(struct writing *w, const struct zengin_row *z)
{
    char *bytes = record_new(w, w->data, z->record);
    const struct str result = {&z->result, 1}, new_code = {&z->new_code, 1};
    const struct pair_of codes[] = {{"bank", z->bank},
                                    {"branch", z->branch},
                                    {"account_kind", z->account_kind},
                                    {"account_no", z->account_no},
                                    {"customer", z->customer},
                                    {"new_code", new_code}};
    const struct pair_of names[] = {{"holder", z->holder},
                                    {"bank_name", z->bank_name},
                                    {"branch_name", z->branch_name}};
    const bool is_transfer = w->f->kind == ZENGIN_TRANSFER;

    if (!bytes)
        return fail(w->cx, ERR_MEMORY, "exchange.memory", NULL);
    int rc = z->record ? OK : put_codes(w, w->data, bytes, codes, sizeof codes / sizeof *codes);
    if (!z->record && rc >= 0)
        rc = put_names(w, w->data, bytes, names, sizeof names / sizeof *names);
    if (!z->record && rc >= 0)
        rc = fixed_put_number(w->cx, w->data, bytes, "yen", z->yen.n);
    if (rc >= 0 && (w->way == ZENGIN_RESULT || (!is_transfer && !z->record)))
        rc = record_put_code(w->cx, w->data, bytes, "result",
                             w->way == ZENGIN_RESULT ? result : STR("0"));
    record_add(w->out, w->data, bytes, w->ends);
    return rc;
}

static int put_trailer(struct writing *w, const struct zengin_file *f)
{
    struct zengin_file sums = *f;
    char *bytes = fixed_new(w->cx->arena, w->trailer);

    if (!bytes)
        return fail(w->cx, ERR_MEMORY, "exchange.memory", NULL);
    sum_up(&sums);
    int rc = fixed_put_number(w->cx, w->trailer, bytes, "count", (int64_t)f->n);
    rc = rc < 0 ? rc : fixed_put_number(w->cx, w->trailer, bytes, "yen", sums.total.n);
    if (w->f->kind == ZENGIN_DEBIT && w->way == ZENGIN_RESULT) {
        const struct {
            const char *id;
            int64_t value;
        } results[] = {{"done_count", sums.done},
                       {"done_yen", sums.done_yen.n},
                       {"failed_count", sums.failed},
                       {"failed_yen", sums.failed_yen.n}};
        for (size_t i = 0; i < 4 && rc >= 0; i++)
            rc = fixed_put_number(w->cx, w->trailer, bytes, results[i].id, results[i].value);
    }
    record_add(w->out, w->trailer, bytes, w->ends);
    return rc;
}

int zengin_write(struct context *cx, const struct zengin_format *f, enum zengin_way way,
                 const struct zengin_medium *m, struct text *out)
{
    const struct zengin_file *files = m->files;
    struct writing w = {.cx = cx,
                        .f = f,
                        .way = way,
                        .ends = m->records.ends,
                        .out = out,
                        .header = fixed_record_of(&f->layout, "header"),
                        .data = fixed_record_of(&f->layout, "data"),
                        .trailer = fixed_record_of(&f->layout, "trailer"),
                        .end = fixed_record_of(&f->layout, "end")};
    int rc = OK;

    for (size_t i = 0; i < m->n && rc >= 0; i++) {
        rc = put_header(&w, &files[i].header);
        for (size_t k = 0; k < files[i].n && rc >= 0; k++)
            rc = put_row(&w, &files[i].rows[k]);
        rc = rc < 0 ? rc : put_trailer(&w, &files[i]);
    }
    const char *end = rc < 0 ? NULL : fixed_new(cx->arena, w.end);
    if (end)
        record_add(out, w.end, end, w.ends);
    if (rc >= 0 && (!end || out->failed))
        return fail(cx, ERR_MEMORY, "exchange.memory", NULL);
    return rc;
}

int zengin_write_file(struct context *cx, const struct zengin_format *f,
                      const struct zengin_file *file, struct text *out)
{
    struct zengin_file one = *file;
    const struct zengin_medium m = {.files = &one, .n = 1, .records = {.ends = ENDS_CRLF}};
    return zengin_write(cx, f, ZENGIN_REQUEST, &m, out);
}
