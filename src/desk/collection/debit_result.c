/*
 * Result files of direct debit: proved against what was asked, then, in one transaction, every
 * answer is kept, what was paid becomes receipts, and what failed stays due.
 */
#include "desk/collection/debit.h"
#include "desk/collection/receipt.h"

#include <stdlib.h>
#include <string.h>

enum { DAYS_BACK = 200 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct taking {
    struct work *w;
    struct job *job;
    struct format_file *file;
    struct zengin_medium medium;
    int64_t event_no;
    int64_t done, failed, again;
    struct yen done_yen, failed_yen;
    struct receipt_counts counts;
};
struct answered { /* one file of the medium beside the one that was sent */
    const struct zengin_file *z;
    int64_t file_id;
    struct ymd debit;
    struct collection_debit_requests_of_file_list asked;
    const struct zengin_row **row; /* by request */
};

/* --- which file it answers ----------------------------------------------------------------------
 */

static bool is_day_of(struct ymd d, const struct zengin_header *h)
{
    int year = 0, month = 0, day = 0;

    ymd_split(d, &year, &month, &day);
    return month == h->month && day == h->day;
}

static int find_sent(struct taking *t, struct answered *a)
{
    struct work *w = t->w;
    const struct zengin_header *h = &a->z->header;
    const struct collection_debit_files_open_in q = {h->bank, h->contractor,
                                                     ymd_add(w->today, -DAYS_BACK),
                                                     ymd_add(w->today, DAYS_BACK)};
    struct collection_debit_files_open_list list;
    const int rc = collection_debit_files_open(&w->cx, w->store, &q, &list);
    bool is_answered = false;

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_debit_files_open_row *r = &list.rows[i];
        const bool is_it = is_day_of(r->debit_ymd, h) && r->records == (int64_t)a->z->n &&
                           r->total_yen.n == a->z->total.n;
        is_answered |= is_it && r->is_answered;
        if (!is_it || r->is_answered)
            continue;
        a->file_id = r->debit_file_id;
        a->debit = r->debit_ymd;
        return OK;
    }
    if (rc < 0)
        return rc;
    return is_answered ? fail(&w->cx, ERR_DUPLICATE, "collection.debit.answered", "%lld",
                              (long long)h->line)
                       : fail(&w->cx, ERR_NOT_FOUND, "collection.debit.unsent",
                              STR_FMT " " STR_FMT " %02d%02d", STR_ARG(h->bank),
                              STR_ARG(h->contractor), h->month, h->day);
}

/* --- line by line -------------------------------------------------------------------------------
 */

static size_t find_request(const struct answered *a, struct str customer)
{
    size_t low = 0, high = a->asked.n;

    while (low < high) {
        const size_t at = low + (high - low) / 2;
        if (str_compare(a->asked.rows[at].customer_no, customer) < 0)
            low = at + 1;
        else
            high = at;
    }
    return low < a->asked.n && str_equal(a->asked.rows[low].customer_no, customer) ? low : SIZE_MAX;
}

static bool is_same(const struct collection_debit_requests_of_file_row *r,
                    const struct zengin_row *z)
{
    return r->yen.n == z->yen.n && str_equal(r->bank_code, z->bank) &&
           str_equal(r->branch_code, z->branch) && str_equal(r->account_kind, z->account_kind) &&
           str_equal(r->account_no, z->account_no);
}

static int match_rows(struct taking *t, struct answered *a)
{
    struct work *w = t->w;
    const struct collection_debit_requests_of_file_in q = {a->file_id};
    int rc = collection_debit_requests_of_file(&w->cx, w->store, &q, &a->asked);

    a->row = ARENA_ARRAY(w->cx.arena, a->asked.n + 1, const struct zengin_row *);
    if (rc >= 0 && !a->row)
        rc = no_memory(w);
    for (size_t i = 0; rc >= 0 && i < a->z->n; i++) {
        const struct zengin_row *z = &a->z->rows[i];
        const size_t at = find_request(a, z->customer);
        if (at == SIZE_MAX || a->row[at] || !is_same(&a->asked.rows[at], z)) {
            (void)fail(&w->cx, ERR_INVALID, "collection.debit.not_asked", STR_FMT,
                       STR_ARG(z->customer));
            return fail_where(&w->cx, NULL, (int)z->line, 0, "customer");
        }
        a->row[at] = z;
    }
    return rc;
}

/* --- written ------------------------------------------------------------------------------------
 */

static int put_answer(struct taking *t, const struct answered *a)
{
    struct work *w = t->w;
    struct collection_debit_answer row = {.debit_file_id = a->file_id,
                                          .file_name = t->file->name,
                                          .sha256 = str_of(t->file->sha256),
                                          .done = a->z->done,
                                          .done_yen = a->z->done_yen,
                                          .failed = a->z->failed,
                                          .failed_yen = a->z->failed_yen,
                                          .known_from = t->event_no};
    const int rc = store_ids(&w->cx, w->store, 1, &row.debit_answer_id);
    return rc < 0 ? rc : collection_debit_answer_insert(&w->cx, w->store, &row);
}

static int put_results(struct taking *t, const struct answered *a)
{
    struct work *w = t->w;
    struct collection_debit_result *rows =
        ARENA_ARRAY(w->cx.arena, a->asked.n + 1, struct collection_debit_result);
    int64_t id = 0;
    const int rc =
        rows ? store_ids(&w->cx, w->store, (int64_t)a->asked.n + 1, &id) : no_memory(w);

    for (size_t i = 0; rc >= 0 && i < a->asked.n; i++)
        rows[i] =
            (struct collection_debit_result){.debit_result_id = id + (int64_t)i,
                                             .debit_request_id = a->asked.rows[i].debit_request_id,
                                             .result = {&a->row[i]->result, 1},
                                             .debit_ymd = a->debit,
                                             .known_from = t->event_no};
    return rc < 0 ? rc : collection_debit_result_bulk(&w->cx, w->store, rows, a->asked.n);
}

static struct receipt_record receipt_of(const struct answered *a, size_t i)
{
    const struct collection_debit_requests_of_file_row *r = &a->asked.rows[i];
    return (struct receipt_record){.channel = CHANNEL_DEBIT,
                                   .stage = STAGE_FINAL,
                                   .line = a->row[i]->line,
                                   .levy_year = (int)r->levy_year,
                                   .notice_no = r->notice_no,
                                   .number = (int)r->number,
                                   .is_divided = true,
                                   .yen = r->yen,
                                   .paid = a->debit,
                                   .accounting = a->debit,
                                   .funds = a->debit,
                                   .place = r->bank_code,
                                   .slip_kind = STR(""),
                                   .raw_key = r->customer_no};
}

static int post(struct taking *t, const struct answered *files, size_t n)
{
    struct work *w = t->w;
    struct receipt_file f = {.channel = CHANNEL_DEBIT, .source = STR("bank"),
                             .name = t->file->name};
    size_t rows = 0, at = 0;

    memcpy(f.sha256, t->file->sha256, sizeof f.sha256);
    for (size_t i = 0; i < n; i++)
        rows += files[i].asked.n;
    struct receipt_record *records = ARENA_ARRAY(w->cx.arena, rows + 1, struct receipt_record);
    if (!records)
        return no_memory(w);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < files[i].asked.n; k++) {
            if (files[i].row[k]->result == '0')
                records[at++] = receipt_of(&files[i], k);
        }
    }
    return receipts_post(w, t->event_no, &f, records, at, &t->counts);
}

static int put_figures(struct taking *t)
{
    const struct {
        const char *name;
        int64_t value;
    } figures[] = {{"done", t->done},
                   {"done_yen", t->done_yen.n},
                   {"failed", t->failed},
                   {"failed_yen", t->failed_yen.n},
                   {"no_funds", t->again},
                   {"posted", t->counts.posted.n},
                   {"posted_yen", t->counts.posted.yen.n},
                   {"held", t->counts.held.n},
                   {"held_yen", t->counts.held.yen.n}};
    int rc = OK;

    for (size_t i = 0; i < sizeof figures / sizeof *figures && rc >= 0; i++)
        rc = job_figure(t->w, t->job, figures[i].name, figures[i].value);
    job_progress(t->job)->total = t->done + t->failed;
    job_progress(t->job)->done = t->done + t->failed;
    return rc < 0 ? rc : job_checkpoint(t->w, t->job);
}

static void count(struct taking *t, const struct zengin_file *z)
{
    t->done += z->done;
    t->failed += z->failed;
    t->done_yen.n += z->done_yen.n;
    t->failed_yen.n += z->failed_yen.n;
    for (size_t i = 0; i < z->n; i++)
        t->again += z->rows[i].result == '1';
}

static int write_all(struct taking *t)
{
    struct work *w = t->w;
    struct event e = work_event(w, "collection.debit_result");
    struct answered *files =
        ARENA_ARRAY(w->cx.arena, t->medium.n + 1, struct answered);
    int rc = files ? OK : no_memory(w);

    e.source = STR("bank");
    e.route = STR("file");
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    t->event_no = e.no;
    for (size_t i = 0; i < t->medium.n && rc >= 0; i++) {
        files[i] = (struct answered){.z = &t->medium.files[i]};
        rc = find_sent(t, &files[i]);
        rc = rc < 0 ? rc : match_rows(t, &files[i]);
        rc = rc < 0 ? rc : put_answer(t, &files[i]);
        rc = rc < 0 ? rc : put_results(t, &files[i]);
        count(t, &t->medium.files[i]);
    }
    rc = rc < 0 ? rc : post(t, files, t->medium.n);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    rc = rc < 0 ? rc : put_figures(t);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.debit.result");
}

static int take_file(struct taking *t)
{
    struct work *w = t->w;
    struct zengin_format format;
    int rc = format_zengin(w, ZENGIN_DEBIT, &format);

    rc = rc < 0 ? rc
                : zengin_read(&w->cx, w->cx.arena, &format, ZENGIN_RESULT, text_str(&t->file->bytes),
                              &t->medium);
    rc = rc < 0 ? rc : format_refuse(w, t->job, &t->medium.records.problems);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .purpose = STR("collection.debit_result"),
                                                      .query = STR(""),
                                                      .count = (int64_t)t->medium.n});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = write_all(t);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int debit_result_job(struct work *w, struct job *job)
{
    struct format_file f;
    struct taking t = {.w = w, .job = job, .file = &f};
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, STR("debit_result"), STR("bank"), STR("file"));
    rc = rc < 0 ? rc : take_file(&t);
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take results of direct debit") : OK;
}
