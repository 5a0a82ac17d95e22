/* The day's file for the finance system: by flow, year, fund and subject. */
#include "collection_sql.h"
#include "desk/collection/finance.h"
#include "exchange/exchange.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_BYTES ((size_t)64 << 20)

extern const unsigned char format_finance_day[];
extern const size_t format_finance_day_size;

int finance_folder(struct work *w, const char *name, struct str *out)
{
    const char *city = office_city_path(w->office);
    const struct str root = str_format(w->cx.arena, "%s/out", city);

    *out = str_format(w->cx.arena, "%s/out/%s", city, name);
    if (!root.p || !out->p)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if ((mkdir(root.p, 0700) < 0 && errno != EEXIST) ||
        (mkdir(out->p, 0700) < 0 && errno != EEXIST))
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", out->p);
    return OK;
}

/* --- the lines ----------------------------------------------------------------------------------
 */

struct day_file {
    struct work *w;
    struct finance_file *file;
    struct csv_file csv;
    struct str no, fund;
};

static void add_total(struct finance_totals *t, struct str flow, int64_t yen)
{
    struct yen *of = str_is(flow, "receipt")           ? &t->received
                     : str_is(flow, "appropriated_to") ? &t->appropriated
                     : str_starts(flow, STR("refund")) ? &t->refunded
                     : str_is(flow, "interest")        ? &t->interest
                                                       : NULL;
    if (of)
        of->n += yen;
}

static void put_line(struct day_file *d, const struct collection_finance_day_row *r, int digit,
                     int64_t yen)
{
    struct csv_file *f = &d->csv;

    if (yen == 0)
        return;
    csv_put(f, "file_no", d->no);
    csv_put_day(f, "day", d->file->day);
    csv_put_number(f, "part", d->file->part);
    csv_put(f, "flow", r->flow);
    csv_put_number(f, "year", r->year);
    csv_put(f, "fund", d->fund);
    csv_put_number(f, "subject", 100 * (r->is_tax + 1) + 10 * (r->is_carried + 1) + digit);
    csv_put_number(f, "count", r->n);
    csv_put_number(f, "yen", yen);
    csv_file_row(f);
    add_total(&d->file->totals, r->flow, yen);
}

static void put_row(struct day_file *d, const struct collection_finance_day_row *r)
{
    const int64_t part[LEVY_PARTS] = {r->medical_yen.n, r->support_yen.n, r->care_yen.n,
                                      r->child_yen.n};

    for (int k = 0; k < LEVY_PARTS && r->beside == 0; k++)
        put_line(d, r, k + 1, part[k]);
    if (r->beside > 0)
        put_line(d, r, LEVY_PARTS + (int)r->beside, r->yen.n);
}

static void put_total(struct day_file *d)
{
    struct csv_file *f = &d->csv;
    const struct str yen =
        str_format(d->w->cx.arena, "%lld", (long long)d->file->totals.received.n);

    csv_put(f, "file_no", d->no);
    csv_put_day(f, "day", d->file->day);
    csv_put_number(f, "part", d->file->part);
    csv_put(f, "flow", STR("total"));
    csv_put(f, "count", str_format(d->w->cx.arena, "%lld", (long long)d->file->totals.records));
    csv_put(f, "yen", yen);
    csv_file_row(f);
}

int finance_day_file(struct work *w, struct finance_file *f, struct text *out)
{
    const struct collection_finance_day_in q = {.day = f->day,
                                               .first_event = f->after_event + 1,
                                               .last_event = f->up_to_event};
    const struct str layout = {(const char *)format_finance_day, format_finance_day_size};
    struct collection_finance_day_list list;
    struct day_file d = {.w = w, .file = f, .fund = setting_get(w, "finance.fund")};
    int rc = collection_finance_day(&w->cx, w->store, &q, &list);

    f->totals = (struct finance_totals){.records = 0};
    d.no = str_format(w->cx.arena, "%08lld", (long long)f->file_no);
    if (rc < 0)
        return rc;
    rc = csv_file_open(&w->cx, &d.csv, "finance_day", layout, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        put_row(&d, &list.rows[i]);
    if (rc >= 0) {
        f->totals.records = d.csv.rows;
        put_total(&d);
    }
    const int closed = csv_file_close(&w->cx, &d.csv);
    sha256_hex(text_str(out), f->sha256);
    return rc < 0 ? rc : closed;
}

/* --- sending ------------------------------------------------------------------------------------
 */

static int write_row(struct work *w, const struct finance_file *f, int64_t event_no)
{
    struct collection_finance_file row = {.file_no = f->file_no,
                                          .kind = STR("day"),
                                          .day_ymd = f->day,
                                          .part = f->part,
                                          .after_event = f->after_event,
                                          .up_to_event = f->up_to_event,
                                          .file_name = f->name,
                                          .sha256 = str_of(f->sha256),
                                          .records = f->totals.records,
                                          .receipt_yen = f->totals.received,
                                          .appropriated_yen = f->totals.appropriated,
                                          .refund_yen = f->totals.refunded,
                                          .interest_yen = f->totals.interest,
                                          .known_from = event_no};
    const int rc = store_ids(&w->cx, w->store, 1, &row.finance_file_id);
    return rc < 0 ? rc : collection_finance_file_insert(&w->cx, w->store, &row);
}

static int put_figures(struct work *w, struct job *job, const struct finance_file *f)
{
    int rc = job_figure(w, job, "file_no", f->file_no);

    rc = rc < 0 ? rc : job_figure(w, job, "records", f->totals.records);
    rc = rc < 0 ? rc : job_figure(w, job, "receipt_yen", f->totals.received.n);
    rc = rc < 0 ? rc : job_figure(w, job, "appropriated_yen", f->totals.appropriated.n);
    rc = rc < 0 ? rc : job_figure(w, job, "refund_yen", f->totals.refunded.n);
    rc = rc < 0 ? rc : job_figure(w, job, "interest_yen", f->totals.interest.n);
    return rc < 0 ? rc : job_checkpoint(w, job);
}

static int name_it(struct work *w, struct finance_file *f, struct str *path)
{
    struct str folder = STR_NONE;
    const int rc = finance_folder(w, "finance", &folder);

    if (rc < 0)
        return rc;
    f->name = str_format(w->cx.arena, "FIN%08lld.csv", (long long)f->file_no);
    *path = str_format(w->cx.arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(f->name));
    return f->name.p && path->p ? OK : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* Since the last file of the day; nothing new: no file and no number. */
static int send_new(struct work *w, struct job *job, struct finance_file *f, struct text *bytes)
{
    const struct collection_finance_covered_in q = {f->day};
    struct collection_finance_covered_row covered;
    struct event e = work_event(w, "collection.finance_day");
    struct str path = STR_NONE;
    int rc = collection_finance_covered(&w->cx, w->store, &q, &covered);

    rc = rc < 0 ? rc : event_last(&w->cx, w->store, &f->up_to_event);
    f->after_event = rc < 0 ? 0 : covered.up_to_event;
    f->part = rc < 0 ? 0 : covered.files + 1;
    rc = rc < 0 ? rc : finance_day_file(w, f, bytes);
    if (rc < 0 || f->totals.records == 0)
        return rc < 0 ? rc : put_figures(w, job, f);
    rc = store_number(&w->cx, w->store, STR("collection.finance"), 1, &f->file_no);
    text_clear(bytes);
    rc = rc < 0 ? rc : finance_day_file(w, f, bytes);
    rc = rc < 0 ? rc : name_it(w, f, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(bytes));
    e.effective = f->day;
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : write_row(w, f, e.no);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.finance.sent");
    return rc < 0 ? rc : put_figures(w, job, f);
}

/* Under the same number, to the byte. */
static int send_again(struct work *w, struct job *job, struct finance_file *f, struct text *bytes)
{
    const struct collection_finance_file_by_no_in q = {f->file_no};
    struct collection_finance_file_by_no_row r;
    struct str path = STR_NONE;
    int rc = collection_finance_file_by_no(&w->cx, w->store, &q, &r);

    if (rc == 0 || (rc > 0 && !str_is(r.kind, "day")))
        return fail(&w->cx, ERR_NOT_FOUND, "collection.finance.file", "%lld",
                    (long long)f->file_no);
    if (rc < 0)
        return rc;
    f->day = r.day_ymd;
    f->part = r.part;
    f->after_event = r.after_event;
    f->up_to_event = r.up_to_event;
    rc = finance_day_file(w, f, bytes);
    if (rc >= 0 && !str_is(r.sha256, f->sha256))
        rc = fail(&w->cx, ERR_CORRUPT, "collection.finance.differs", "%lld", (long long)f->file_no);
    rc = rc < 0 ? rc : name_it(w, f, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(bytes));
    return rc < 0 ? rc : put_figures(w, job, f);
}

int finance_send_job(struct work *w, struct job *job)
{
    struct finance_file f = {.day = w->today};
    struct text bytes;
    const struct str day = job_option(job, "day");
    const bool is_again = str_to_int(job_option(job, "file"), &f.file_no) && f.file_no > 0;
    int rc = day.n == 0 || ymd_parse(day, &f.day)
                 ? audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                       .purpose = STR("collection.finance"),
                                                       .query = day,
                                                       .count = 0})
                 : fail(&w->cx, ERR_INVALID, "collection.refund.day", NULL);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    text_init(&bytes, FILE_BYTES);
    rc = is_again ? send_again(w, job, &f, &bytes) : send_new(w, job, &f, &bytes);
    text_release(&bytes);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "tell finance of a day");
}

/* --- general, retired ---------------------------------------------------------------------------
 */

int income_split_enter(struct work *w, int part, struct month from, int64_t retired_ppm)
{
    struct event e = work_event(w, "collection.income_split");
    int64_t m = from.n % 12 + 1;
    const struct str payload = str_format(w->cx.arena, "%d %04d-%02lld %lld", part, from.n / 12,
                                          (long long)m, (long long)retired_ppm);

    if (part < 1 || part > LEVY_PARTS || retired_ppm < 0 || retired_ppm > 1000000)
        return fail(&w->cx, ERR_INVALID, "collection.split.value", NULL);
    return payload.p ? work_enter(w, &e, payload) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

int income_split_apply(struct work *w, const struct event *e, struct str payload)
{
    struct collection_income_split row = {.known_from = e->no};
    struct collection_income_split_now_list list;
    struct ymd first;
    const bool has_part = str_to_int(str_cut(&payload, ' '), &row.part);
    const struct str month = str_cut(&payload, ' ');
    const struct str day = str_format(w->cx.arena, STR_FMT "-01", STR_ARG(month));
    const bool is_right = has_part && day.p && ymd_parse(day, &first) &&
                          str_to_int(str_trim(payload), &row.retired_ppm);
    int rc = is_right ? collection_income_split_now(&w->cx, w->store, &list)
                      : fail(&w->cx, ERR_INVALID, "collection.split.value", NULL);

    if (rc < 0)
        return rc;
    row.from_month = ymd_month(first);
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        if (list.rows[i].part == row.part && list.rows[i].from_month.n == row.from_month.n)
            rc = collection_income_split_close(&w->cx, w->store, list.rows[i].income_split_id,
                                               e->no);
    }
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.income_split_id);
    return rc < 0 ? rc : collection_income_split_insert(&w->cx, w->store, &row);
}
