/* Transfers: orders, the file to the bank, its results. */
#include "desk/collection/transfer.h"
#include "desk/collection/debit.h"

#include <string.h>

enum { LISTENERS = 4, FILES_MAX = 200, DAYS_BACK = 200 };
#define TRANSFER_BYTES ((size_t)64 << 20)

static transfer_fn *listeners[LISTENERS];
static size_t n_listeners;

void transfer_tell(transfer_fn *fn)
{
    for (size_t i = 0; i < n_listeners; i++) {
        if (listeners[i] == fn)
            return;
    }
    if (n_listeners < LISTENERS)
        listeners[n_listeners++] = fn;
}

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- orders -------------------------------------------------------------------------------------
 */

static int put_account(struct work *w, struct collection_transfer_order *row)
{
    struct account_fact a;
    const struct asof looked_at = w->asof;

    w->asof = (struct asof){w->today, KNOWN_NOW};
    const int rc = party_account_for(w, row->person_id, STR("collection"), STR("refund"), &a);
    w->asof = looked_at;
    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_INVALID, "collection.transfer.no_account", NULL);
    row->bank_code = a.bank_code;
    row->branch_code = a.branch_code;
    row->account_kind = a.kind;
    row->account_no = a.account_no;
    row->holder = a.holder;
    return OK;
}

static int insert(struct work *w, struct collection_transfer_order *row)
{
    const int rc = store_ids(&w->cx, w->store, 1, &row->transfer_order_id);
    return rc < 0 ? rc : collection_transfer_order_insert(&w->cx, w->store, row);
}

int transfer_put_into(struct work *w, int64_t event_no, struct transfer *t,
                      const struct transfer_account *a)
{
    struct collection_transfer_order row = {.person_id = t->person_id,
                                            .basis = t->basis,
                                            .basis_id = t->basis_id,
                                            .order_no = t->order_no.p ? t->order_no : STR(""),
                                            .state = TRANSFER_WAITS,
                                            .yen = t->yen,
                                            .pay_ymd = t->pay,
                                            .file_id_null = true,
                                            .result = STR(""),
                                            .known_from = event_no};
    int rc = store_number(&w->cx, w->store, STR("collection.transfer"), 1, &row.transfer_no);

    if (a) {
        row.bank_code = a->bank_code;
        row.branch_code = a->branch_code;
        row.account_kind = a->kind;
        row.account_no = a->account_no;
        row.holder = a->holder;
    } else {
        rc = rc < 0 ? rc : put_account(w, &row);
    }
    t->transfer_no = row.transfer_no;
    return rc < 0 ? rc : insert(w, &row);
}

int transfer_put(struct work *w, int64_t event_no, struct transfer *t)
{
    return transfer_put_into(w, event_no, t, NULL);
}

#define ORDER_FROM(r, no)                                                                          \
    {                                                                                              \
        .transfer_no = (no), .person_id = (r)->person_id, .basis = (r)->basis,                     \
        .basis_id = (r)->basis_id, .order_no = (r)->order_no, .yen = (r)->yen,                     \
        .bank_code = (r)->bank_code, .branch_code = (r)->branch_code,                              \
        .account_kind = (r)->account_kind, .account_no = (r)->account_no, .holder = (r)->holder,   \
        .pay_ymd = (r)->pay_ymd, .file_id_null = true, .result = STR("")                           \
    }

static int replace(struct work *w, int64_t row_id, struct collection_transfer_order *next)
{
    const int rc = collection_transfer_order_close(&w->cx, w->store, row_id, next->known_from);
    return rc < 0 ? rc : insert(w, next);
}

int transfer_again(struct work *w, int64_t event_no, int64_t transfer_no, struct ymd pay)
{
    const struct collection_transfer_by_no_in q = {transfer_no};
    struct collection_transfer_by_no_row r;
    int rc = collection_transfer_by_no(&w->cx, w->store, &q, &r);

    if (rc <= 0 || r.state != TRANSFER_FAILED)
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_STALE, "collection.transfer.not_failed", "%lld",
                             (long long)transfer_no);
    struct collection_transfer_order next = ORDER_FROM(&r, transfer_no);
    next.state = TRANSFER_WAITS;
    next.pay_ymd = pay;
    next.known_from = event_no;
    rc = put_account(w, &next);
    return rc < 0 ? rc : replace(w, r.transfer_order_id, &next);
}

int transfer_find(struct work *w, int64_t transfer_no, struct transfer *out)
{
    const struct collection_transfer_by_no_in q = {transfer_no};
    struct collection_transfer_by_no_row r;
    const int rc = collection_transfer_by_no(&w->cx, w->store, &q, &r);

    if (rc > 0)
        *out = (struct transfer){transfer_no, r.person_id, r.basis,      r.basis_id, r.order_no,
                                 r.yen,       r.pay_ymd,   (int)r.state, r.result};
    return rc;
}

/* --- out ----------------------------------------------------------------------------------------
 */

struct sending {
    struct work *w;
    struct job *job;
    struct ymd pay;
    struct zengin_format format;
    struct debit_contractors contractors;
    struct collection_transfers_waiting_list list;
    struct zengin_file files[FILES_MAX];
    size_t n;
    size_t *file_of; /* of each order */
    int64_t ids[FILES_MAX];
    struct yen total;
};

static struct zengin_file *file_for(struct sending *s, const struct debit_contractor *c, size_t at)
{
    struct work *w = s->w;

    for (size_t i = 0; i < s->n; i++) {
        if (str_equal(s->files[i].header.contractor, c->code) &&
            str_equal(s->files[i].header.bank, c->gather)) {
            s->file_of[at] = i;
            return &s->files[i];
        }
    }
    if (s->n == FILES_MAX)
        return NULL;
    struct zengin_file *f = &s->files[s->n];
    f->rows = ARENA_ARRAY(w->cx.arena, s->list.n + 1, struct zengin_row);
    if (!f->rows || debit_header(w, c, c->gather, s->pay, &f->header) < 0)
        return NULL;
    s->file_of[at] = s->n++;
    return f;
}

static int add(struct sending *s, size_t at)
{
    struct work *w = s->w;
    const struct collection_transfers_waiting_row *r = &s->list.rows[at];
    const struct debit_contractor *c =
        debit_contractor_of(&s->contractors, "transfer", r->bank_code, STR("*"));
    struct debit_place place;

    if (!c || c->gather.n != 4)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debit.contractors", "transfer");
    struct zengin_file *f = file_for(s, c, at);
    const int rc = f ? debit_place(w, r->bank_code, r->branch_code, &place) : no_memory(w);
    if (rc < 0)
        return rc;
    s->total.n += r->yen.n;
    f->rows[f->n++] = (struct zengin_row){.bank = r->bank_code,
                                          .bank_name = place.bank,
                                          .branch = r->branch_code,
                                          .branch_name = place.branch,
                                          .account_kind = r->account_kind,
                                          .account_no = r->account_no,
                                          .holder = r->holder,
                                          .yen = r->yen,
                                          .new_code = '0',
                                          .customer = str_format(w->cx.arena, "%020lld",
                                                                 (long long)r->transfer_no)};
    return OK;
}

static int put_file(struct sending *s, size_t at, int64_t event_no)
{
    struct work *w = s->w;
    const struct zengin_file *f = &s->files[at];
    struct collection_transfer_file row = {.way = STR("out"),
                                           .answers_id_null = true,
                                           .pay_ymd = s->pay,
                                           .contractor = f->header.contractor,
                                           .bank_code = f->header.bank,
                                           .records = (int64_t)f->n,
                                           .known_from = event_no};
    struct text t;
    struct str path;
    char sha256[65];

    for (size_t i = 0; i < f->n; i++)
        row.total_yen.n += f->rows[i].yen.n;
    row.file_name =
        str_format(w->cx.arena, "transfer-%lld-" STR_FMT "-" STR_FMT ".dat",
                   (long long)job_id(s->job), STR_ARG(row.bank_code), STR_ARG(row.contractor));
    text_init(&t, TRANSFER_BYTES);
    int rc = zengin_write_file(&w->cx, &s->format, f, &t);
    rc = rc < 0 ? rc : format_path(w, "transfer", row.file_name, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(&t));
    sha256_hex(text_str(&t), sha256);
    text_release(&t);
    row.sha256 = str_of(sha256);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.transfer_file_id);
    s->ids[at] = row.transfer_file_id;
    return rc < 0 ? rc : collection_transfer_file_insert(&w->cx, w->store, &row);
}

static int send_all(struct sending *s)
{
    struct work *w = s->w;
    struct event e = work_event(w, "collection.transfer_sent");
    int rc = event_open(&w->cx, w->store, &e);

    for (size_t i = 0; i < s->n && rc >= 0; i++)
        rc = put_file(s, i, e.no);
    for (size_t i = 0; i < s->list.n && rc >= 0; i++) {
        const struct collection_transfers_waiting_row *r = &s->list.rows[i];
        struct collection_transfer_order next = ORDER_FROM(r, r->transfer_no);
        next.state = TRANSFER_SENT;
        next.file_id = s->ids[s->file_of[i]];
        next.file_id_null = false;
        next.known_from = e.no;
        rc = replace(w, r->transfer_order_id, &next);
    }
    rc = rc < 0 ? rc : job_figure(w, s->job, "records", (int64_t)s->list.n);
    rc = rc < 0 ? rc : job_figure(w, s->job, "total_yen", s->total.n);
    rc = rc < 0 ? rc : job_figure(w, s->job, "files", (int64_t)s->n);
    job_progress(s->job)->total = job_progress(s->job)->done = (int64_t)s->list.n;
    rc = rc < 0 ? rc : job_checkpoint(w, s->job);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.transfer.sent");
}

static int collect_and_send(struct sending *s)
{
    struct work *w = s->w;
    const struct collection_transfers_waiting_in q = {s->pay};
    int rc = collection_transfers_waiting(&w->cx, w->store, &q, &s->list);

    s->file_of = ARENA_ARRAY(w->cx.arena, s->list.n + 1, size_t);
    if (rc >= 0 && !s->file_of)
        rc = no_memory(w);
    for (size_t i = 0; rc >= 0 && i < s->list.n; i++)
        rc = add(s, i);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("collection.transfer_sent"),
                                                      .query = STR(""),
                                                      .count = (int64_t)s->list.n});
    return rc < 0 ? rc : send_all(s);
}

int transfer_send_job(struct work *w, struct job *job)
{
    struct sending *s = ARENA_NEW(w->cx.arena, struct sending);

    if (!s)
        return no_memory(w);
    *s = (struct sending){.w = w, .job = job};
    if (!ymd_parse(job_option(job, "day"), &s->pay) || ymd_is_closed(s->pay))
        return fail(&w->cx, ERR_INVALID, "collection.debit.closed", NULL);
    int rc = debit_contractors_read(w, &s->contractors);
    rc = rc < 0 ? rc : format_zengin(w, ZENGIN_TRANSFER, &s->format);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = collect_and_send(s);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "send transfers");
}

/* --- in -----------------------------------------------------------------------------------------
 */

struct taking {
    struct work *w;
    struct job *job;
    struct format_file *file;
    struct zengin_medium medium;
    int64_t event_no, paid, failed, returned;
    struct yen paid_yen, failed_yen, returned_yen;
};

static int find_sent(struct taking *t, const struct zengin_file *z, int64_t *id, struct ymd *pay)
{
    struct work *w = t->w;
    const struct collection_transfer_files_of_day_in q = {z->header.bank, z->header.contractor,
                                                          ymd_add(w->today, -DAYS_BACK),
                                                          ymd_add(w->today, DAYS_BACK)};
    struct collection_transfer_files_of_day_list list;
    const int rc = collection_transfer_files_of_day(&w->cx, w->store, &q, &list);
    bool is_answered = false;

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_transfer_files_of_day_row *r = &list.rows[i];
        int year = 0, month = 0, day = 0;
        ymd_split(r->pay_ymd, &year, &month, &day);
        if (month != z->header.month || day != z->header.day || r->records != (int64_t)z->n ||
            r->total_yen.n != z->total.n)
            continue;
        is_answered |= r->is_answered;
        *id = r->transfer_file_id;
        *pay = r->pay_ymd;
        if (!r->is_answered)
            return OK;
    }
    return rc < 0 ? rc
           : is_answered
               ? fail(&w->cx, ERR_DUPLICATE, "collection.debit.answered", NULL)
               : fail(&w->cx, ERR_NOT_FOUND, "collection.debit.unsent", STR_FMT " " STR_FMT,
                      STR_ARG(z->header.bank), STR_ARG(z->header.contractor));
}

static int tell(struct taking *t, const struct transfer *told)
{
    int rc = OK;

    for (size_t i = 0; i < n_listeners && rc >= 0; i++)
        rc = listeners[i](t->w, t->event_no, told);
    return rc;
}

static int order_of(struct work *w, const struct zengin_row *z, int64_t *no,
                    struct collection_transfer_by_no_row *out)
{
    struct collection_transfer_by_no_in q = {0};
    const int rc = str_to_int(z->customer, &q.transfer_no)
                       ? collection_transfer_by_no(&w->cx, w->store, &q, out)
                       : 0;
    *no = q.transfer_no;
    return rc;
}

static int not_asked(struct work *w, const struct zengin_row *z)
{
    (void)fail(&w->cx, ERR_INVALID, "collection.debit.not_asked", STR_FMT, STR_ARG(z->customer));
    return fail_where(&w->cx, NULL, (int)z->line, 0, "customer");
}

static bool is_asked(const struct collection_transfer_by_no_row *r, const struct zengin_row *z,
                     int64_t file_id)
{
    return !r->file_id_null && r->file_id == file_id && r->yen.n == z->yen.n &&
           str_equal(r->account_no, z->account_no);
}

static int put_result(struct taking *t, const struct zengin_row *z, int64_t no,
                      const struct collection_transfer_by_no_row *r)
{
    struct work *w = t->w;
    struct collection_transfer_order next = ORDER_FROM(r, no);
    const bool is_paid = z->result == '0';
    next.state = is_paid ? TRANSFER_PAID : TRANSFER_FAILED;
    next.result = str_copy(w->cx.arena, (struct str){&z->result, 1});
    next.file_id = r->file_id;
    next.file_id_null = false;
    next.known_from = t->event_no;
    const int rc = replace(w, r->transfer_order_id, &next);
    const struct transfer told = {no,     r->person_id, r->basis,        r->basis_id, r->order_no,
                                  r->yen, r->pay_ymd,   (int)next.state, next.result};
    return rc < 0 ? rc : tell(t, &told);
}

/* What a row of results says of an order: its result, that what was paid came back (資金返却),
 * nothing new, or something that was never asked. */
enum news { NEWS_RESULT, NEWS_RETURNED, NEWS_NONE, NEWS_NOT_ASKED };

static enum news news_of(const struct collection_transfer_by_no_row *r, const struct zengin_row *z,
                         int64_t file_id)
{
    return r->state == TRANSFER_SENT && is_asked(r, z, file_id) ? NEWS_RESULT : NEWS_NOT_ASKED;
}

/* The same of a file that was answered before. What failed then may have been sent again since. */
static enum news late_news_of(const struct collection_transfer_by_no_row *r,
                              const struct zengin_row *z, int64_t file_id)
{
    const bool is_paid = z->result == '0';

    if (r->yen.n != z->yen.n)
        return NEWS_NOT_ASKED;
    if (r->state == TRANSFER_PAID && str_equal(r->account_no, z->account_no))
        return is_paid ? NEWS_NONE : NEWS_RETURNED;
    const bool is_sent_again =
        r->state < TRANSFER_PAID && (r->file_id_null || r->file_id != file_id);
    return !is_paid && (r->state == TRANSFER_FAILED || is_sent_again) ? NEWS_NONE : NEWS_NOT_ASKED;
}

static void count_news(struct taking *t, enum news news, const struct zengin_row *z)
{
    const bool is_paid = z->result == '0';
    int64_t *n = news == NEWS_RETURNED ? &t->returned : is_paid ? &t->paid : &t->failed;
    struct yen *yen = news == NEWS_RETURNED ? &t->returned_yen
                      : is_paid             ? &t->paid_yen
                                            : &t->failed_yen;

    *n += 1;
    yen->n += z->yen.n;
}

static int settle(struct taking *t, const struct zengin_row *z, int64_t file_id, bool is_late)
{
    struct collection_transfer_by_no_row r;
    int64_t no = 0;
    const int rc = order_of(t->w, z, &no, &r);

    if (rc < 0)
        return rc;
    const enum news news =
        rc == 0 ? NEWS_NOT_ASKED : (is_late ? late_news_of : news_of)(&r, z, file_id);
    if (news == NEWS_NOT_ASKED)
        return not_asked(t->w, z);
    if (news == NEWS_NONE)
        return OK;
    count_news(t, news, z);
    return put_result(t, z, no, &r);
}

/* The file with these results that was answered before: all of its rows come again, or only those
 * that came back since. 1 found, 0 not. */
static int find_answered(struct taking *t, const struct zengin_file *z,
                         struct collection_transfer_file *in)
{
    struct work *w = t->w;
    const struct collection_transfer_files_of_day_in q = {z->header.bank, z->header.contractor,
                                                          ymd_add(w->today, -DAYS_BACK),
                                                          ymd_add(w->today, DAYS_BACK)};
    struct collection_transfer_files_of_day_list list;
    const int rc = collection_transfer_files_of_day(&w->cx, w->store, &q, &list);
    bool is_found = false;

    for (size_t i = 0; rc >= 0 && i < list.n && !is_found; i++) {
        const struct collection_transfer_files_of_day_row *r = &list.rows[i];
        int year = 0, month = 0, day = 0;
        ymd_split(r->pay_ymd, &year, &month, &day);
        if (!r->is_answered || month != z->header.month || day != z->header.day)
            continue;
        for (size_t k = 0; k < z->n && !is_found; k++) {
            struct collection_transfer_by_no_row o;
            int64_t no = 0;
            const int found = order_of(w, &z->rows[k], &no, &o);
            if (found < 0)
                return found;
            is_found = found > 0 && is_asked(&o, &z->rows[k], r->transfer_file_id);
        }
        in->answers_id = r->transfer_file_id;
        in->pay_ymd = r->pay_ymd;
    }
    return rc < 0 ? rc : is_found;
}

static int take_one(struct taking *t, const struct zengin_file *z)
{
    struct work *w = t->w;
    struct collection_transfer_file row = {.way = STR("in"),
                                           .contractor = z->header.contractor,
                                           .bank_code = z->header.bank,
                                           .file_name = t->file->name,
                                           .sha256 = str_of(t->file->sha256),
                                           .records = (int64_t)z->n,
                                           .total_yen = z->total,
                                           .known_from = t->event_no};
    const int64_t returned = t->returned;
    int rc = find_sent(t, z, &row.answers_id, &row.pay_ymd);
    bool is_late = false;

    if (rc == ERR_DUPLICATE || rc == ERR_NOT_FOUND) {
        const int found = find_answered(t, z, &row);
        is_late = found > 0;
        rc = found == 0 ? rc : found;
    }
    if (is_late)
        error_clear(&w->cx);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.transfer_file_id);
    rc = rc < 0 ? rc : collection_transfer_file_insert(&w->cx, w->store, &row);
    for (size_t i = 0; i < z->n && rc >= 0; i++)
        rc = settle(t, &z->rows[i], row.answers_id, is_late);
    if (rc < 0 || !is_late || t->returned > returned)
        return rc;
    return fail(&w->cx, ERR_DUPLICATE, "collection.debit.answered", NULL);
}

static int take_all(struct taking *t)
{
    struct work *w = t->w;
    struct event e = work_event(w, "collection.transfer_result");

    e.source = STR("bank");
    e.route = STR("file");
    int rc = event_open(&w->cx, w->store, &e);
    t->event_no = e.no;
    for (size_t i = 0; i < t->medium.n && rc >= 0; i++)
        rc = take_one(t, &t->medium.files[i]);
    rc = rc < 0 ? rc : job_figure(w, t->job, "paid", t->paid);
    rc = rc < 0 ? rc : job_figure(w, t->job, "paid_yen", t->paid_yen.n);
    rc = rc < 0 ? rc : job_figure(w, t->job, "failed", t->failed);
    rc = rc < 0 ? rc : job_figure(w, t->job, "failed_yen", t->failed_yen.n);
    rc = rc < 0 ? rc : job_figure(w, t->job, "returned", t->returned);
    rc = rc < 0 ? rc : job_figure(w, t->job, "returned_yen", t->returned_yen.n);
    job_progress(t->job)->total = job_progress(t->job)->done = t->paid + t->failed + t->returned;
    rc = rc < 0 ? rc : job_checkpoint(w, t->job);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.transfer.result");
}

static int take_file(struct taking *t)
{
    struct work *w = t->w;
    struct zengin_format format;
    int rc = format_zengin(w, ZENGIN_TRANSFER, &format);

    rc = rc < 0 ? rc
                : zengin_read(&w->cx, w->cx.arena, &format, ZENGIN_RESULT,
                              text_str(&t->file->bytes), &t->medium);
    rc = rc < 0 ? rc : format_refuse(w, t->job, &t->medium.records.problems);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .purpose = STR("collection.transfer_result"),
                                                      .query = STR(""),
                                                      .count = (int64_t)t->medium.n});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = take_all(t);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int transfer_take_job(struct work *w, struct job *job)
{
    struct format_file f;
    struct taking t = {.w = w, .job = job, .file = &f};
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, STR("transfer_result"), STR("bank"), STR("file"));
    rc = rc < 0 ? rc : take_file(&t);
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take results of transfers") : OK;
}
