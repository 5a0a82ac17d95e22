/*
 * Runs of direct debit: a draft of what falls due on a day (or of what failed for lack of funds in
 * an earlier run), looked at, then confirmed by another person: files, requests, totals.
 */
#include "desk/collection/debit.h"

#include <string.h>

enum { FILES_MAX = 2000, SERIAL_MAX = 99 };
#define DEBIT_BYTES ((size_t)256 << 20)

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- what a run asks for ------------------------------------------------------------------------
 */

struct line {
    struct collection_debit_draft_put_in row;
    struct str person_no;
};
struct drafting {
    struct work *w;
    struct job *job;
    struct debit_contractors contractors;
    struct fixed_layout customer;
    struct line *lines;
    size_t n;
    struct {
        struct str bank, contractor, subject, section;
    } files[FILES_MAX];
    size_t n_files;
    struct yen total;
    struct ymd due, debit;
    int64_t of_run, run_no;
};

static int file_no(struct drafting *d, const struct debit_contractor *c, struct str bank,
                   struct str subject, int64_t *out)
{
    const struct str to = debit_gathering(c, bank);
    const struct str split = str_is(c->subject, "*") ? STR("") : subject;

    for (size_t i = 0; i < d->n_files; i++) {
        if (str_equal(d->files[i].bank, to) && str_equal(d->files[i].contractor, c->code) &&
            str_equal(d->files[i].subject, split) && str_equal(d->files[i].section, c->section)) {
            *out = (int64_t)i + 1;
            return OK;
        }
    }
    if (d->n_files == FILES_MAX)
        return fail(&d->w->cx, ERR_LIMIT, "collection.debit.files", NULL);
    d->files[d->n_files].bank = to;
    d->files[d->n_files].contractor = c->code;
    d->files[d->n_files].subject = split;
    d->files[d->n_files].section = c->section;
    *out = (int64_t)++d->n_files;
    return OK;
}

/* How many lines of the same debtor, year and instalment stand before it. */
static int64_t serial_of(const struct drafting *d, const struct line *l)
{
    int64_t before = 0;

    for (size_t i = d->n; i > 0; i--) {
        const struct line *o = &d->lines[i - 1];
        if (o->row.person_id != l->row.person_id)
            break;
        before += o->row.levy_year == l->row.levy_year && o->row.number == l->row.number;
    }
    return before;
}

static int add_line(struct drafting *d, struct line *l)
{
    struct work *w = d->w;
    const struct debit_contractor *c =
        debit_contractor_of(&d->contractors, "debit", l->row.bank_code, l->row.subject);
    const struct debit_customer customer = {l->row.levy_year, 1, l->row.number, serial_of(d, l),
                                            l->person_no};

    if (!c)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debit.contractors", STR_FMT,
                    STR_ARG(l->row.bank_code));
    if (customer.serial > SERIAL_MAX)
        return fail(&w->cx, ERR_LIMIT, "collection.debit.serial", STR_FMT, STR_ARG(l->person_no));
    int rc = file_no(d, c, l->row.bank_code, l->row.subject, &l->row.file_no);
    rc = rc < 0 ? rc
                : debit_customer_digits(w, &d->customer, &customer, &l->row.customer_no);
    if (rc < 0)
        return rc;
    d->total.n += l->row.yen.n;
    d->lines[d->n++] = *l;
    return OK;
}

static int room(struct drafting *d, size_t n)
{
    d->lines = ARENA_ARRAY(d->w->cx.arena, n + 1, struct line);
    return d->lines ? OK : no_memory(d->w);
}

#define LINE_FROM(r, code)                                                                         \
    {                                                                                              \
        .row = {.debit_no = (r)->debit_no,                                                         \
                .person_id = (r)->person_id,                                                       \
                .liability_id = (r)->liability_id,                                                 \
                .subject = (r)->kind,                                                              \
                .levy_year = (r)->levy_year,                                                       \
                .notice_no = (r)->notice_no,                                                       \
                .number = (r)->number,                                                             \
                .yen = (r)->balance_yen,                                                           \
                .bank_code = (r)->bank_code,                                                       \
                .branch_code = (r)->branch_code,                                                   \
                .account_kind = (r)->account_kind,                                                 \
                .account_no = (r)->account_no,                                                     \
                .holder = (r)->holder,                                                             \
                .new_code = (code)},                                                               \
        .person_no = (r)->person_no                                                                \
    }

static int collect_first(struct drafting *d)
{
    struct work *w = d->w;
    const struct collection_debit_candidates_in q = {d->due};
    struct collection_debit_candidates_list list;
    int rc = collection_debit_candidates(&w->cx, w->store, &q, &list);

    rc = rc < 0 ? rc : room(d, list.n);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_debit_candidates_row *r = &list.rows[i];
        struct line l = LINE_FROM(r, r->same > 0     ? STR("0")
                                     : r->before > 0 ? STR("2")
                                                     : STR("1"));
        rc = add_line(d, &l);
    }
    return rc;
}

static int collect_again(struct drafting *d)
{
    struct work *w = d->w;
    const struct collection_debit_run_by_no_in of = {d->of_run};
    const struct collection_debit_again_candidates_in q = {d->of_run};
    struct collection_debit_run_by_no_row run;
    struct collection_debit_again_candidates_list list;
    int rc = collection_debit_run_by_no(&w->cx, w->store, &of, &run);

    if (rc == 0 || (rc > 0 && (run.state != RUN_CONFIRMED || !run.of_run_null)))
        return fail(&w->cx, ERR_INVALID, "collection.debit.of_run", "%lld", (long long)d->of_run);
    rc = rc < 0 ? rc : collection_debit_again_candidates(&w->cx, w->store, &q, &list);
    rc = rc < 0 ? rc : room(d, list.n);
    if (rc < 0)
        return rc;
    d->due = run.due_ymd;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct line l = LINE_FROM(&list.rows[i], STR("0"));
        rc = add_line(d, &l);
    }
    return rc;
}

static int write_draft(struct drafting *d)
{
    struct work *w = d->w;
    const struct collection_debit_run_put_in base = {.of_run = d->of_run,
                                                     .of_run_null = d->of_run == 0,
                                                     .due_ymd = d->due,
                                                     .debit_ymd = d->debit,
                                                     .requests = (int64_t)d->n,
                                                     .total_yen = d->total,
                                                     .made_ymd = w->today,
                                                     .made_by = w->actor->user_id};
    struct collection_debit_run_put_in run = base;
    int64_t id = 0;
    int rc = store_number(&w->cx, w->store, STR("collection.debit_run"), 1, &d->run_no);

    run.run_no = d->run_no;
    rc = rc < 0 ? rc : collection_debit_run_put(&w->cx, w->store, &run);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)d->n + 1, &id);
    for (size_t i = 0; i < d->n && rc >= 0; i++) {
        d->lines[i].row.run_no = d->run_no;
        d->lines[i].row.debit_draft_id = id + (int64_t)i;
        rc = collection_debit_draft_put(&w->cx, w->store, &d->lines[i].row);
    }
    rc = rc < 0 ? rc : job_figure(w, d->job, "run", d->run_no);
    rc = rc < 0 ? rc : job_figure(w, d->job, "requests", (int64_t)d->n);
    rc = rc < 0 ? rc : job_figure(w, d->job, "total_yen", d->total.n);
    rc = rc < 0 ? rc : job_figure(w, d->job, "files", (int64_t)d->n_files);
    job_progress(d->job)->total = job_progress(d->job)->done = (int64_t)d->n;
    return rc < 0 ? rc : job_checkpoint(w, d->job);
}

static int read_options(struct drafting *d)
{
    struct work *w = d->w;
    const struct str of = job_option(d->job, "of");
    const bool is_again = of.n > 0;

    d->due = YMD_NONE;
    if (is_again && !str_to_int(of, &d->of_run))
        return fail(&w->cx, ERR_INVALID, "collection.debit.of_run", STR_FMT, STR_ARG(of));
    if (!is_again && !ymd_parse(job_option(d->job, "due"), &d->due))
        return fail(&w->cx, ERR_INVALID, "collection.debit.due", NULL);
    d->debit = d->due;
    const struct str day = job_option(d->job, "debit-day");
    if ((day.n > 0 || is_again) && !ymd_parse(day, &d->debit))
        return fail(&w->cx, ERR_INVALID, "collection.debit.due", STR_FMT, STR_ARG(day));
    return ymd_is_closed(d->debit) ? fail(&w->cx, ERR_INVALID, "collection.debit.closed", NULL)
                                   : OK;
}

int debit_draft_job(struct work *w, struct job *job)
{
    struct drafting *d = ARENA_NEW(w->cx.arena, struct drafting);

    if (!d)
        return no_memory(w);
    *d = (struct drafting){.w = w, .job = job};
    int rc = read_options(d);
    rc = rc < 0 ? rc : debit_contractors_read(w, &d->contractors);
    rc = rc < 0 ? rc : format_layout(w, "debit_customer.tsv", &d->customer);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store); /* what is read is what is written */
    if (rc < 0)
        return rc;
    rc = d->of_run ? collect_again(d) : collect_first(d);
    rc = rc < 0 ? rc : write_draft(d);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.debit.drafted");
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "draft direct debits");
}

/* --- dropped ------------------------------------------------------------------------------------
 */

static int run_of(struct work *w, struct job *job, struct collection_debit_run_by_no_row *out)
{
    struct collection_debit_run_by_no_in q = {0};
    const int rc = str_to_int(job_option(job, "run"), &q.run_no)
                       ? collection_debit_run_by_no(&w->cx, w->store, &q, out)
                       : 0;

    if (rc <= 0)
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "collection.debit.no_run", STR_FMT,
                             STR_ARG(job_option(job, "run")));
    return out->state == RUN_DRAFT
               ? OK
               : fail(&w->cx, ERR_STALE, "collection.debit.not_draft", "%lld", (long long)q.run_no);
}

static int drop(struct work *w, struct job *job, int64_t run_no)
{
    const struct collection_debit_run_state_in q = {run_no, RUN_DROPPED, w->actor->user_id};
    int rc = collection_debit_run_state(&w->cx, w->store, &q);

    rc = rc < 0 ? rc
                : collection_debit_draft_drop(&w->cx, w->store,
                                              &(struct collection_debit_draft_drop_in){run_no});
    return rc < 0 ? rc : job_checkpoint(w, job);
}

int debit_drop_job(struct work *w, struct job *job)
{
    struct collection_debit_run_by_no_row run;
    int rc = run_of(w, job, &run);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = drop(w, job, run.run_no);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* --- confirmed ----------------------------------------------------------------------------------
 */

struct confirming {
    struct work *w;
    struct job *job;
    struct collection_debit_run_by_no_row run;
    struct debit_contractors contractors;
    struct zengin_format format;
    struct collection_debit_draft_lines_list lines;
    struct collection_debit_request *requests;
    int64_t event_no, files;
};

static int check_person(struct confirming *c)
{
    struct work *w = c->w;
    const int rc = work_need(w, RIGHT_LEVY_CONFIRM);

    if (rc < 0)
        return rc;
    const bool is_system = w->actor->user_id == 0 && office_is_demo(w->office);
    return w->actor->user_id == c->run.made_by && !is_system
               ? fail(&w->cx, ERR_DENIED, "levy.confirm.same_person", NULL)
               : OK;
}

static int check_totals(struct confirming *c)
{
    struct work *w = c->w;
    int64_t requests = -1, total = -1;

    (void)str_to_int(job_option(c->job, "requests"), &requests);
    (void)str_to_int(job_option(c->job, "total"), &total);
    return requests == c->run.requests && total == c->run.total_yen.n
               ? OK
               : fail(&w->cx, ERR_INVALID, "collection.debit.totals", "%lld, %lld",
                      (long long)c->run.requests, (long long)c->run.total_yen.n);
}

/* What is asked is what the ledger says is due now; anything that moved makes the draft void. */
static int check_ledger(struct confirming *c)
{
    int64_t sum = 0;

    for (size_t i = 0; i < c->lines.n; i++) {
        const struct collection_debit_draft_lines_row *r = &c->lines.rows[i];
        if (r->yen.n != r->balance_yen.n || !r->stands)
            return fail(&c->w->cx, ERR_STALE, "collection.debit.moved", "%lld-%lld",
                        (long long)r->notice_no, (long long)r->number);
        sum += r->yen.n;
    }
    return sum == c->run.total_yen.n && (int64_t)c->lines.n == c->run.requests
               ? OK
               : fail(&c->w->cx, ERR_CORRUPT, "collection.debit.totals", "%lld", (long long)sum);
}

static int fill_row(struct confirming *c, const struct collection_debit_draft_lines_row *r,
                    struct zengin_row *z)
{
    struct debit_place place;
    const int rc = debit_place(c->w, r->bank_code, r->branch_code, &place);

    *z = (struct zengin_row){.bank = r->bank_code,
                             .bank_name = place.bank,
                             .branch = r->branch_code,
                             .branch_name = place.branch,
                             .account_kind = r->account_kind,
                             .account_no = r->account_no,
                             .holder = r->holder,
                             .yen = r->yen,
                             .new_code = r->new_code.n > 0 ? r->new_code.p[0] : '0',
                             .customer = r->customer_no,
                             .result = '0'};
    return rc;
}

static struct str file_name(struct confirming *c, const struct zengin_header *h, int64_t no)
{
    return str_format(c->w->cx.arena, "debit-%lld-%02lld-" STR_FMT "-" STR_FMT ".dat",
                      (long long)c->run.run_no, (long long)no, STR_ARG(h->bank),
                      STR_ARG(h->contractor));
}

/* The file is on the disk before its rows say so. */
static int put_file(struct confirming *c, const struct zengin_file *f, int64_t no,
                    struct collection_debit_file *row)
{
    struct work *w = c->w;
    struct text t;
    struct str path;
    char sha256[65];

    row->file_name = file_name(c, &f->header, no);
    text_init(&t, DEBIT_BYTES);
    int rc = zengin_write_file(&w->cx, &c->format, f, &t);
    rc = rc < 0 ? rc : format_path(w, "debit", row->file_name, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(&t));
    sha256_hex(text_str(&t), sha256);
    text_release(&t);
    row->sha256 = str_copy(w->cx.arena, str_of(sha256));
    return rc < 0 ? rc : row->sha256.p ? OK : no_memory(w);
}

static int put_requests(struct confirming *c, size_t from, size_t n, int64_t file_id)
{
    struct work *w = c->w;
    int64_t id = 0;
    int rc = store_ids(&w->cx, w->store, (int64_t)n, &id);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct collection_debit_draft_lines_row *r = &c->lines.rows[from + i];
        c->requests[i] = (struct collection_debit_request){.debit_request_id = id + (int64_t)i,
                                                           .debit_file_id = file_id,
                                                           .run_no = c->run.run_no,
                                                           .debit_no = r->debit_no,
                                                           .person_id = r->person_id,
                                                           .liability_id = r->liability_id,
                                                           .levy_year = r->levy_year,
                                                           .notice_no = r->notice_no,
                                                           .number = r->number,
                                                           .yen = r->yen,
                                                           .bank_code = r->bank_code,
                                                           .branch_code = r->branch_code,
                                                           .account_kind = r->account_kind,
                                                           .account_no = r->account_no,
                                                           .holder = r->holder,
                                                           .new_code = r->new_code,
                                                           .customer_no = r->customer_no,
                                                           .known_from = c->event_no};
    }
    return rc < 0 ? rc : collection_debit_request_bulk(&w->cx, w->store, c->requests, n);
}

static int one_file(struct confirming *c, size_t from, size_t n)
{
    struct work *w = c->w;
    const struct collection_debit_draft_lines_row *first = &c->lines.rows[from];
    const struct debit_contractor *who =
        debit_contractor_of(&c->contractors, "debit", first->bank_code, first->subject);
    struct zengin_file f = {.rows = ARENA_ARRAY(w->cx.arena, n + 1, struct zengin_row), .n = n};
    struct collection_debit_file row = {.run_no = c->run.run_no,
                                        .due_ymd = c->run.due_ymd,
                                        .debit_ymd = c->run.debit_ymd,
                                        .records = (int64_t)n,
                                        .known_from = c->event_no};

    if (!who || !f.rows)
        return who ? no_memory(w) : fail(&w->cx, ERR_STALE, "collection.debit.contractors", NULL);
    int rc = debit_header(w, who, debit_gathering(who, first->bank_code), c->run.debit_ymd,
                          &f.header);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = fill_row(c, &c->lines.rows[from + i], &f.rows[i]);
        row.total_yen.n += c->lines.rows[from + i].yen.n;
    }
    rc = rc < 0 ? rc : put_file(c, &f, first->file_no, &row);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.debit_file_id);
    row.contractor = f.header.contractor;
    row.bank_code = f.header.bank;
    row.subject = str_is(who->subject, "*") ? STR("") : first->subject;
    row.section = who->section;
    rc = rc < 0 ? rc : collection_debit_file_insert(&w->cx, w->store, &row);
    c->files++;
    return rc < 0 ? rc : put_requests(c, from, n, row.debit_file_id);
}

static int put_all(struct confirming *c)
{
    struct work *w = c->w;
    struct event e = work_event(w, "collection.debit_run");
    const struct collection_debit_run_state_in state = {c->run.run_no, RUN_CONFIRMED,
                                                        w->actor->user_id};
    size_t n = 0;

    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = event_open(&w->cx, w->store, &e);
    c->event_no = e.no;
    for (size_t i = 0; i < c->lines.n && rc >= 0; i += n) {
        n = 1;
        while (i + n < c->lines.n && c->lines.rows[i + n].file_no == c->lines.rows[i].file_no)
            n++;
        rc = one_file(c, i, n);
    }
    if (rc >= 0) {
        rc = collection_debit_run_state(&w->cx, w->store, &state);
        rc = rc == 0 ? fail(&w->cx, ERR_STALE, "collection.debit.not_draft", NULL) : rc;
    }
    rc = rc < 0 ? rc
                : collection_debit_draft_drop(
                      &w->cx, w->store, &(struct collection_debit_draft_drop_in){c->run.run_no});
    rc = rc < 0 ? rc : job_figure(w, c->job, "requests", c->run.requests);
    rc = rc < 0 ? rc : job_figure(w, c->job, "total_yen", c->run.total_yen.n);
    rc = rc < 0 ? rc : job_figure(w, c->job, "files", c->files);
    job_progress(c->job)->total = job_progress(c->job)->done = c->run.requests;
    rc = rc < 0 ? rc : job_checkpoint(w, c->job);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.debit.confirmed");
}

static int confirm(struct confirming *c)
{
    struct work *w = c->w;
    const struct collection_debit_draft_lines_in q = {c->run.run_no};
    int rc = collection_debit_draft_lines(&w->cx, w->store, &q, &c->lines);

    rc = rc < 0 ? rc : check_ledger(c);
    c->requests = ARENA_ARRAY(w->cx.arena, c->lines.n + 1, struct collection_debit_request);
    if (rc >= 0 && !c->requests)
        rc = no_memory(w);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("collection.debit_run"),
                                                      .query = STR(""),
                                                      .count = (int64_t)c->lines.n});
    return rc < 0 ? rc : put_all(c);
}

int debit_confirm_job(struct work *w, struct job *job)
{
    struct confirming c = {.w = w, .job = job};
    int rc = run_of(w, job, &c.run);

    rc = rc < 0 ? rc : check_person(&c);
    rc = rc < 0 ? rc : check_totals(&c);
    rc = rc < 0 ? rc : debit_contractors_read(w, &c.contractors);
    rc = rc < 0 ? rc : format_zengin(w, ZENGIN_DEBIT, &c.format);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = confirm(&c);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "confirm direct debits");
}
