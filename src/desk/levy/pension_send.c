/* The job that hands requests to the federation (開始・中止・変更の依頼): what waits becomes a file
 * in the window of the municipality's calendar, with its counts and sums. */
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { REQUESTS_MAX = 100000 };
#define SEND_BYTES ((size_t)64 << 20)

struct sending {
    struct work *w;
    struct job *job;
    struct pension_notice notice;
    struct levy_requests_of_state_list list;
    const struct fixed_layout *layout;
    const char **records;
    struct text bytes;
    char sha256[65];
    struct str name;
    struct yen sum[2];
};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* The payer's own record comes back to him, with what we ask in the fields that are established. */
static int make_record(struct sending *s, const struct levy_requests_of_state_row *r,
                       const char **out)
{
    struct work *w = s->w;
    const struct fixed_record *d = fixed_record_of(s->layout, "data");
    struct levy_candidate_by_id_row c;
    const struct levy_candidate_by_id_in q = {r->candidate_id};
    char *bytes = ARENA_ARRAY(w->cx.arena, d->length + 1, char);
    int64_t reason = 0;
    int rc = bytes ? levy_candidate_by_id(&w->cx, w->store, &q, &c) : no_memory(w);

    if (rc <= 0 || c.record.n != d->length)
        return rc < 0 ? rc : fail(&w->cx, ERR_CORRUPT, "levy.pension.candidate", NULL);
    memcpy(bytes, c.record.p, d->length);
    (void)str_to_int(r->reason, &reason);
    rc = fixed_put_number(&w->cx, d, bytes, "reason", reason);
    rc = rc < 0 ? rc : fixed_put_day(&w->cx, d, bytes, "day", r->day);
    rc = rc < 0 ? rc : fixed_put_number(&w->cx, d, bytes, "amount1", r->amount1_yen.n);
    rc = rc < 0 ? rc : fixed_put_number(&w->cx, d, bytes, "amount2", r->amount2_yen.n);
    rc = rc < 0 ? rc : fixed_put_number(&w->cx, d, bytes, "amount3", 0);
    s->sum[0].n += r->amount1_yen.n;
    s->sum[1].n += r->amount2_yen.n;
    *out = bytes;
    return rc;
}

static int by_payer(const void *a, const void *b)
{
    return memcmp(*(const char *const *)a + 6, *(const char *const *)b + 6, 3);
}

static int make_file(struct sending *s)
{
    struct work *w = s->w;
    int rc = pension_layout(w, &s->layout);

    s->records = ARENA_ARRAY(w->cx.arena, s->list.n + 1, const char *);
    if (!s->records)
        return no_memory(w);
    for (size_t i = 0; i < s->list.n && rc >= 0; i++)
        rc = make_record(s, &s->list.rows[i], &s->records[i]);
    if (rc < 0)
        return rc;
    qsort(s->records, s->list.n, sizeof *s->records, by_payer);
    rc = pension_compose(w, s->notice.notice, s->records, s->list.n, &s->bytes);
    sha256_hex(text_str(&s->bytes), s->sha256);
    return rc;
}

static int write_request(struct sending *s, const struct levy_requests_of_state_row *r,
                         int64_t file_id, int64_t event_no)
{
    struct work *w = s->w;
    struct levy_pension_request next = {.request_id = r->request_id,
                                        .fiscal_year = r->fiscal_year,
                                        .household_id = r->household_id,
                                        .debtor_id = r->debtor_id,
                                        .candidate_id = r->candidate_id,
                                        .notice = r->notice,
                                        .reason = r->reason,
                                        .day = r->day,
                                        .amount1_yen = r->amount1_yen,
                                        .amount2_yen = r->amount2_yen,
                                        .state = 1,
                                        .sent_file_id = file_id,
                                        .answer_file_id_null = true,
                                        .known_from = event_no};
    int rc = levy_pension_request_close(&w->cx, w->store, r->pension_request_row_id, event_no);

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &next.pension_request_row_id);
    return rc < 0 ? rc : levy_pension_request_insert(&w->cx, w->store, &next);
}

static int write_rows(struct sending *s)
{
    struct work *w = s->w;
    struct event e = work_event(w, "levy.pension_sent");
    struct levy_pension_file row = {.way = STR("out"),
                                    .notice = s->notice.notice,
                                    .file_name = s->name,
                                    .sha256 = str_of(s->sha256),
                                    .made_ymd = w->today,
                                    .records = (int64_t)s->list.n,
                                    .amount1_yen = s->sum[0],
                                    .amount2_yen = s->sum[1]};
    int rc = event_open(&w->cx, w->store, &e);

    row.known_from = e.no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.pension_file_id);
    rc = rc < 0 ? rc : levy_pension_file_insert(&w->cx, w->store, &row);
    for (size_t i = 0; i < s->list.n && rc >= 0; i++)
        rc = write_request(s, &s->list.rows[i], row.pension_file_id, e.no);
    rc = rc < 0 ? rc : job_figure(w, s->job, "records", (int64_t)s->list.n);
    rc = rc < 0 ? rc : job_figure(w, s->job, "amount1_yen", s->sum[0].n);
    rc = rc < 0 ? rc : job_figure(w, s->job, "amount2_yen", s->sum[1].n);
    job_progress(s->job)->total = job_progress(s->job)->done = (int64_t)s->list.n;
    return rc < 0 ? rc : job_checkpoint(w, s->job);
}

/* CITY/out/pension/Z2N00001.dta, numbered as files go out. */
static int name_file(struct sending *s, struct str *path)
{
    struct work *w = s->w;
    const char *city = office_city_path(w->office);
    const struct str out = str_format(w->cx.arena, "%s/out", city);
    const struct str folder = str_format(w->cx.arena, "%s/out/pension", city);
    struct levy_pension_file_count_row sent;
    const int rc = levy_pension_file_count(&w->cx, w->store, &sent);

    if (rc < 0)
        return rc;
    if (!out.p || !folder.p)
        return no_memory(w);
    if ((mkdir(out.p, 0700) < 0 && errno != EEXIST) ||
        (mkdir(folder.p, 0700) < 0 && errno != EEXIST))
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", folder.p);
    s->name = str_format(w->cx.arena, "Z2" STR_FMT "%05lld.dta", STR_ARG(s->notice.file),
                         (long long)sent.n + 1);
    *path = str_format(w->cx.arena, STR_FMT "/" STR_FMT, STR_ARG(folder), STR_ARG(s->name));
    return path->p && s->name.p ? OK : no_memory(w);
}

/* The file is there before the rows say that it went; a run that was cut off writes it again. */
static int send_all(struct sending *s)
{
    struct work *w = s->w;
    struct str path = STR_NONE;
    int rc = make_file(s);

    rc = rc < 0 ? rc : name_file(s, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(&s->bytes));
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = write_rows(s);
    rc = rc < 0 ? rc : FAULT(&w->cx, "levy.pension.sent");
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int nothing_to_send(struct sending *s)
{
    struct work *w = s->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = job_figure(w, s->job, "records", 0);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int send_notice(struct work *w, struct job *job)
{
    struct sending s = {.w = w, .job = job};
    const struct str code = job_option(job, "notice");
    const struct levy_requests_of_state_in q = {0, code, 0, REQUESTS_MAX};

    if (!pension_notice_find(code, &s.notice) || !str_is(s.notice.way, "out"))
        return fail(&w->cx, ERR_INVALID, "levy.pension.notice", STR_FMT, STR_ARG(code));
    int rc =
        str_trim(job_option(job, "force")).n > 0 ? OK : pension_window(w, str_c(w->cx.arena, code));
    rc = rc < 0 ? rc : levy_requests_of_state(&w->cx, w->store, &q, &s.list);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("levy.pension_sent"),
                                                      .query = code,
                                                      .count = (int64_t)s.list.n});
    text_init(&s.bytes, SEND_BYTES);
    rc = rc < 0 ? rc : s.list.n == 0 ? nothing_to_send(&s) : send_all(&s);
    text_release(&s.bytes);
    return rc < 0 ? error_add(&w->cx, "send pension requests") : OK;
}

int pension_send_job(struct work *w, struct job *job)
{
    return pension_as_of(w, job, send_notice);
}
