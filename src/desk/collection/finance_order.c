/* Payment orders for the finance system, its answers, and the transfers that follow. */
#include "collection_sql.h"
#include "desk/collection/finance.h"
#include "desk/collection/refund_inner.h"
#include "exchange/exchange.h"

enum { ORDERS_MAX = 20000 };
#define ORDER_BYTES ((size_t)64 << 20)

extern const unsigned char format_finance_orders[], format_finance_answers[];
extern const size_t format_finance_orders_size, format_finance_answers_size;

/* --- orders -------------------------------------------------------------------------------------
 */

static void put_order(struct work *w, struct csv_file *f,
                      const struct collection_refund_order_lines_row *r)
{
    const int64_t total = r->yen.n + r->interest_yen.n;

    csv_put(f, "reference", refund_reference(w, r->decided_year, r->refund_no, r->attempt));
    csv_put_day(f, "day", r->ordered_ymd);
    csv_put_number(f, "year", r->booked_year);
    csv_put(f, "fund", setting_get(w, "finance.fund"));
    csv_put(f, "refund",
            str_format(w->cx.arena, "%lld-%lld", (long long)r->decided_year,
                       (long long)r->refund_no));
    csv_put_number(f, "returned", r->returned_yen.n);
    csv_put_number(f, "expended", r->expended_yen.n);
    csv_put_number(f, "interest", r->interest_yen.n);
    csv_put_number(f, "total", total);
    csv_put(f, "holder", r->holder);
    csv_file_row(f);
}

int finance_orders_file(struct work *w, struct text *out, int64_t *n, struct yen *sum)
{
    const struct str layout = {(const char *)format_finance_orders, format_finance_orders_size};
    const struct collection_refund_order_lines_in q = {ORDERS_MAX};
    struct collection_refund_order_lines_list list;
    struct csv_file f;
    int rc = collection_refund_order_lines(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    *n = (int64_t)list.n;
    *sum = YEN(0);
    rc = csv_file_open(&w->cx, &f, "finance_orders", layout, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        put_order(w, &f, &list.rows[i]);
        sum->n += list.rows[i].yen.n + list.rows[i].interest_yen.n;
    }
    const int closed = csv_file_close(&w->cx, &f);
    return rc < 0 ? rc : closed;
}

static int write_orders(struct work *w, const struct text *bytes, int64_t n, struct yen sum)
{
    struct event e = work_event(w, "collection.finance_orders");
    struct str folder = STR_NONE;
    struct collection_finance_file row = {.kind = STR("orders"),
                                          .day_ymd = w->today,
                                          .records = n,
                                          .refund_yen = sum};
    char sha256[65];
    int rc = event_open(&w->cx, w->store, &e);

    rc = rc < 0 ? rc : store_number(&w->cx, w->store, STR("collection.finance"), 1, &row.file_no);
    rc = rc < 0 ? rc : finance_folder(w, "finance", &folder);
    if (rc < 0)
        return rc;
    sha256_hex(text_str(bytes), sha256);
    row.file_name = str_format(w->cx.arena, "ORD%08lld.csv", (long long)row.file_no);
    const struct str path =
        str_format(w->cx.arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(row.file_name));
    row.up_to_event = e.no;
    row.sha256 = str_of(sha256);
    row.known_from = e.no;
    rc = path.p && row.file_name.p ? file_write(&w->cx, path.p, text_str(bytes))
                                   : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.finance_file_id);
    return rc < 0 ? rc : collection_finance_file_insert(&w->cx, w->store, &row);
}

static int end_job(struct work *w, struct job *job, int rc)
{
    rc = rc < 0 ? rc : job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int begin_job(struct work *w, const char *purpose)
{
    const int rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                       .purpose = str_of(purpose),
                                                       .query = STR(""),
                                                       .count = -1});
    return rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
}

int finance_orders_job(struct work *w, struct job *job)
{
    struct text bytes;
    struct yen sum = YEN(0);
    int64_t n = 0;
    int rc = begin_job(w, "collection.finance_orders");

    if (rc < 0)
        return rc;
    text_init(&bytes, ORDER_BYTES);
    rc = finance_orders_file(w, &bytes, &n, &sum);
    rc = rc < 0 || n == 0 ? rc : write_orders(w, &bytes, n, sum);
    text_release(&bytes);
    rc = rc < 0 ? rc : job_figure(w, job, "orders", n);
    rc = rc < 0 ? rc : job_figure(w, job, "order_yen", sum.n);
    return end_job(w, job, rc);
}

/* --- answers ------------------------------------------------------------------------------------
 */

static struct str at(const struct table *t, const struct table_row *r, const char *id)
{
    const struct str s = r->fields[column_of(t->columns, id)];
    return s.p ? s : STR("");
}

int finance_answers_take(struct work *w, int64_t event_no, struct str bytes,
                         struct finance_answers *out)
{
    const struct str layout = {(const char *)format_finance_answers, format_finance_answers_size};
    struct columns columns;
    struct table t;
    int rc = columns_read(&w->cx, w->cx.arena, "finance_answers", layout, &columns);

    *out = (struct finance_answers){0, 0};
    rc = rc < 0 ? rc : table_read(&w->cx, w->cx.arena, &columns, bytes, &t);
    if (rc >= 0 && (t.all_problems > 0 || !t.has_control || t.control_count != (int64_t)t.n))
        rc = fail(&w->cx, ERR_SYNTAX, "collection.finance.answers", "%zu", t.all_problems);
    for (size_t i = 0; rc >= 0 && i < t.n; i++) {
        const bool is_refused = str_is(at(&t, &t.rows[i], "result"), "1");
        out->refused += is_refused;
        if (is_refused)
            continue;
        rc = refund_order_accepted(w, event_no, at(&t, &t.rows[i], "reference"),
                                   at(&t, &t.rows[i], "order_no"));
        out->accepted++;
    }
    return rc < 0 ? error_add(&w->cx, "take the finance system's answers") : OK;
}

int finance_take_job(struct work *w, struct job *job)
{
    struct finance_answers n = {0, 0};
    struct event e = work_event(w, "collection.finance_answers");
    struct text bytes;
    const char *path = str_c(w->cx.arena, job_option(job, "path"));

    text_init(&bytes, ORDER_BYTES);
    int rc = path ? file_read(&w->cx, path, ORDER_BYTES, &bytes)
                  : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : begin_job(w, "collection.finance_answers");
    if (rc >= 0) {
        rc = event_open(&w->cx, w->store, &e);
        rc = rc < 0 ? rc : finance_answers_take(w, e.no, text_str(&bytes), &n);
        rc = rc < 0 ? rc : job_figure(w, job, "accepted", n.accepted);
        rc = rc < 0 ? rc : job_figure(w, job, "refused", n.refused);
        job_progress(job)->total = job_progress(job)->done = n.accepted + n.refused;
        rc = end_job(w, job, rc);
    }
    text_release(&bytes);
    return rc;
}

/* --- transfers ----------------------------------------------------------------------------------
 */

/* A list that a bank's window can work from: the columns of struct refund_transfer. */
static int write_list(struct work *w, const struct refund_transfers *rows, struct str folder,
                      struct str *name)
{
    struct text out;
    char day[11];

    ymd_format(w->today, day);
    text_init(&out, ORDER_BYTES);
    for (size_t i = 0; i < rows->n; i++) {
        const struct refund_transfer *t = &rows->rows[i];
        const struct str cells[] = {t->reference, t->bank, t->branch, t->kind, t->number, t->kana};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            csv_add(&out, cells[k]);
        csv_add(&out, str_format(w->cx.arena, "%lld", (long long)t->yen.n));
        csv_end(&out);
    }
    *name = str_format(w->cx.arena, "transfers-%s-%lld.csv", day, (long long)w->job_id);
    const struct str path =
        str_format(w->cx.arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(*name));
    const int rc = path.p && !out.failed ? file_write(&w->cx, path.p, text_str(&out))
                                         : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    text_release(&out);
    return rc;
}

int refund_transfers_job(struct work *w, struct job *job)
{
    struct refund_transfers rows;
    struct event e = work_event(w, "collection.refund_transfers");
    struct str folder = STR_NONE;
    struct str name = STR_NONE;
    struct yen sum = YEN(0);
    int rc = begin_job(w, "collection.refund_transfers");

    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : refund_transfers_send(w, e.no, &rows);
    rc = rc < 0 ? rc : finance_folder(w, "transfers", &folder);
    if (rc >= 0 && rows.n > 0)
        rc = write_list(w, &rows, folder, &name);
    rc = rc < 0 ? rc : refund_transfers_order(w, e.no, &rows);
    for (size_t i = 0; rc >= 0 && i < rows.n; i++)
        sum.n += rows.rows[i].yen.n;
    rc = rc < 0 ? rc : job_figure(w, job, "transfers", (int64_t)rows.n);
    rc = rc < 0 ? rc : job_figure(w, job, "transfer_yen", sum.n);
    return end_job(w, job, rc);
}
