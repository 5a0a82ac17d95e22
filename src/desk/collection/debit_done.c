/* The yearly notice of completed debits (口座振替済通知): only what was debited, and the request
 * form that goes with a data file (依頼書), its totals read from the file itself. */
#include "desk/collection/debit_done.h"
#include "desk/collection/debit_letter.h"
#include "desk/collection/transfer.h"

#include <string.h>

enum { ROWS_MAX = 2000000, BANKS_MAX = 1200 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- the yearly notice --------------------------------------------------------------------------
 */

struct yearly {
    struct debit_letters letters;
    struct ymd from, to;
    struct collection_debit_done_list list;
    struct yen total;
};

static void put_rows(struct yearly *y, size_t from, size_t n, struct form_data *d)
{
    struct work *w = y->letters.w;
    struct yen total = YEN(0);

    for (size_t i = from; i < from + n; i++) {
        const struct collection_debit_done_row *r = &y->list.rows[i];
        struct bank_name bank;
        struct form_data *item = form_item(d, "rows");
        (void)bank_find(r->bank_code, r->branch_code, &bank);
        form_put_count(item, "year", r->levy_year);
        form_put_text(item, "no", levy_instalment_label(w, (int)r->number));
        form_put_day(item, "day", r->debit_ymd);
        form_put_text(item, "account",
                      str_format(w->cx.arena, STR_FMT " ****%.3s",
                                 STR_ARG(bank.bank.p ? bank.bank : r->bank_code),
                                 r->account_no.p + 4));
        form_put_yen(item, "amount", r->yen);
        total.n += r->yen.n;
    }
    form_put_yen(d, "total", total);
    y->total.n += total.n;
}

static int one_done(struct yearly *y, size_t from, size_t n)
{
    struct work *w = y->letters.w;
    const int64_t person_id = y->list.rows[from].person_id;
    struct form_data *d = ARENA_NEW(w->cx.arena, struct form_data);
    struct addressee to;
    const char *pulled = NULL;
    int rc = d ? debit_letters_pulled(w, person_id, &to, &pulled) : no_memory(w);

    if (rc < 0)
        return rc;
    form_data_init(d, w->cx.arena, to.person_no);
    rc = debit_put_office(w, d);
    debit_put_address(d, &to);
    form_put_day(d, "issued", w->today);
    form_put_day(d, "from", y->from);
    form_put_day(d, "to", y->to);
    put_rows(y, from, n, d);
    return rc < 0 ? rc : debit_letters_add(&y->letters, person_id, d, pulled);
}

static int all_done(struct yearly *y)
{
    struct work *w = y->letters.w;
    struct event e = work_event(w, "collection.debit_done");
    size_t n = 0;
    int rc = event_open(&w->cx, w->store, &e);

    for (size_t i = 0; i < y->list.n && rc >= 0; i += n) {
        n = 1;
        while (i + n < y->list.n && y->list.rows[i + n].person_id == y->list.rows[i].person_id)
            n++;
        const bool is_told = debit_letters_has(&y->letters, y->list.rows[i].person_id);
        y->letters.printed_before += is_told;
        if (!is_told)
            rc = one_done(y, i, n);
    }
    rc = debit_letters_close(&y->letters, rc);
    rc = rc < 0 ? rc : debit_letters_write(&y->letters, e.no);
    rc = rc < 0 ? rc : job_figure(w, y->letters.job, "total_yen", y->total.n);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.debit.done");
}

/* The calendar year, as the tax declaration wants it, or the fiscal year. */
static int read_year(struct yearly *y)
{
    struct work *w = y->letters.w;
    int64_t year = 0;

    if (!str_to_int(job_option(y->letters.job, "year"), &year) || year < 2000 || year > 2100)
        return fail(&w->cx, ERR_INVALID, "collection.debit.year", NULL);
    const bool is_fiscal = str_is(setting_get(w, "debit.notice_year"), "fiscal");
    y->from = ymd_of((int)year, is_fiscal ? 4 : 1, 1);
    y->to = ymd_add(ymd_of((int)year + 1, is_fiscal ? 4 : 1, 1), -1);
    y->letters.subject_no = year;
    const struct collection_debit_done_in q = {y->from, y->to, 0, ROWS_MAX};
    return collection_debit_done(&w->cx, w->store, &q, &y->list);
}

int debit_done_job(struct work *w, struct job *job)
{
    struct yearly y = {
        .letters = {.w = w, .job = job, .kind = "done", .layout_name = "debit_done"}};
    int rc = read_year(&y);
    const struct str name =
        str_format(w->cx.arena, "debit-done-%lld.pdf", (long long)y.letters.subject_no);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = debit_letters_open(&y.letters, name, y.list.n);
    rc = rc < 0 ? debit_letters_close(&y.letters, rc) : all_done(&y);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "write notices of completed debits");
}

/* --- the request that goes with a file ----------------------------------------------------------
 */

struct bank_sum {
    struct str code, branch;
    int64_t n;
    struct yen yen;
};

static size_t sum_banks(const struct zengin_file *f, struct bank_sum *out)
{
    size_t n = 0;

    for (size_t i = 0; i < f->n; i++) {
        size_t at = 0;
        while (at < n && !str_equal(out[at].code, f->rows[i].bank))
            at++;
        if (at == BANKS_MAX)
            continue;
        if (at == n)
            out[n++] = (struct bank_sum){.code = f->rows[i].bank, .branch = f->rows[i].branch};
        out[at].n++;
        out[at].yen.n += f->rows[i].yen.n;
    }
    return n;
}

static int put_banks(struct work *w, const struct zengin_file *f, struct form_data *d)
{
    struct bank_sum *sums = ARENA_ARRAY(w->cx.arena, BANKS_MAX + 1, struct bank_sum);
    const size_t n = sums ? sum_banks(f, sums) : 0;

    for (size_t i = 0; i < n; i++) {
        struct bank_name bank;
        struct form_data *item = form_item(d, "banks");
        (void)bank_find(sums[i].code, sums[i].branch, &bank);
        form_put_text(item, "code", sums[i].code);
        form_put_text(item, "name", bank.bank.p ? bank.bank : STR(""));
        form_put_count(item, "n", sums[i].n);
        form_put_yen(item, "yen", sums[i].yen);
    }
    return sums ? OK : no_memory(w);
}

static int fill_request(struct work *w, const struct debit_request *q, const struct zengin_file *f,
                        struct form_data *d)
{
    const struct zengin_header *h = &f->header;
    const bool is_transfer = q->kind == ZENGIN_TRANSFER;
    struct bank_name bank;
    char sha256[65];
    int rc = debit_put_office(w, d);

    (void)bank_find(h->bank, h->branch, &bank);
    sha256_hex(q->bytes, sha256);
    form_put_flag(d, "is_transfer", is_transfer);
    form_put_text(d, "what",
                  message_words(is_transfer ? "collection.request.transfer"
                                            : "collection.request.debit"));
    form_put_text(d, "bank", bank.bank.p ? bank.bank : h->bank);
    form_put_text(d, "branch", bank.branch.p ? bank.branch : h->branch);
    form_put_day(d, "issued", w->today);
    form_put_text(d, "contractor", h->contractor);
    form_put_text(d, "contractor_name", h->contractor_name);
    form_put_text(d, "account",
                  str_format(w->cx.arena, STR_FMT " " STR_FMT,
                             STR_ARG(message_words(str_is(h->account_kind, "2")
                                                       ? "collection.debit.kind.2"
                                                       : "collection.debit.kind.1")),
                             STR_ARG(h->account_no)));
    form_put_text(d, "day_label",
                  message_words(is_transfer ? "collection.request.transfer_day"
                                            : "collection.request.debit_day"));
    form_put_day(d, "day", q->day);
    form_put_text(d, "file_name", q->file_name);
    form_put_text(d, "subject", q->subject);
    form_put_text(d, "section_name", q->section);
    form_put_count(d, "count", (int64_t)f->n);
    form_put_yen(d, "total", f->total);
    form_put_text(d, "sha256", str_of(sha256));
    rc = rc < 0 ? rc : put_banks(w, f, d);
    return rc < 0 ? rc : d->failed ? no_memory(w) : OK;
}

int debit_request_pdf(struct work *w, const struct debit_request *q, struct text *out)
{
    struct zengin_format format;
    struct zengin_medium m;
    struct form_data d;
    int rc = format_zengin(w, q->kind, &format);

    rc = rc < 0 ? rc : zengin_read(&w->cx, w->cx.arena, &format, ZENGIN_REQUEST, q->bytes, &m);
    if (rc >= 0 && (m.records.problems.all > 0 || m.n != 1))
        rc = fail(&w->cx, ERR_CORRUPT, "collection.format.refused", STR_FMT, STR_ARG(q->file_name));
    if (rc < 0)
        return rc;
    form_data_init(&d, w->cx.arena, STR(""));
    rc = fill_request(w, q, &m.files[0], &d);
    return rc < 0 ? rc : debit_sheet(w, "transfer_request", &d, out);
}
