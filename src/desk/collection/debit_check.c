/* The account check at sign-up (口座確認): what was applied for goes to the banks in files, what
 * they answer makes it stand or sends it back. */
#include "desk/collection/debit.h"

#include <string.h>

enum { APPLICATIONS_MAX = 50000, FILES_MAX = 500 };
#define CHECK_BYTES ((size_t)64 << 20)

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct sending {
    struct work *w;
    struct job *job;
    struct zengin_format format;
    struct debit_contractors contractors;
    struct collection_debits_of_state_list list;
    struct zengin_file *files;
    size_t n;
    struct str *names;
};

/* --- out ----------------------------------------------------------------------------------------
 */

static struct zengin_file *file_of(struct sending *s, const struct debit_contractor *c,
                                   struct str bank)
{
    const struct str to = debit_gathering(c, bank);
    struct work *w = s->w;

    for (size_t i = 0; i < s->n; i++) {
        if (str_equal(s->files[i].header.bank, to) &&
            str_equal(s->files[i].header.contractor, c->code))
            return &s->files[i];
    }
    if (s->n == FILES_MAX)
        return NULL;
    struct zengin_file *f = &s->files[s->n];
    f->rows = ARENA_ARRAY(w->cx.arena, s->list.n + 1, struct zengin_row);
    if (!f->rows || debit_header(w, c, to, w->today, &f->header) < 0)
        return NULL;
    s->n++;
    return f;
}

static char action_code(struct str action)
{
    return str_is(action, "new") ? '1' : str_is(action, "change") ? '2' : '3';
}

static int add_row(struct sending *s, const struct collection_debits_of_state_row *r)
{
    struct work *w = s->w;
    const struct debit_contractor *c =
        debit_contractor_of(&s->contractors, "debit", r->bank_code, STR("*"));
    struct debit_place place;
    struct zengin_file *f = c ? file_of(s, c, r->bank_code) : NULL;

    if (!f)
        return c ? no_memory(w)
                 : fail(&w->cx, ERR_NOT_FOUND, "collection.debit.contractors", STR_FMT,
                        STR_ARG(r->bank_code));
    const int rc = debit_place(w, r->bank_code, r->branch_code, &place);
    f->rows[f->n++] = (struct zengin_row){
        .bank = r->bank_code,
        .bank_name = place.bank,
        .branch = r->branch_code,
        .branch_name = place.branch,
        .account_kind = r->account_kind,
        .account_no = r->account_no,
        .holder = r->holder,
        .new_code = action_code(r->action),
        .customer = str_format(w->cx.arena, "%020lld", (long long)r->debit_no)};
    return rc;
}

static int write_file(struct sending *s, const struct zengin_file *f, size_t at)
{
    struct work *w = s->w;
    struct text t;
    struct str path;
    char day[11];

    ymd_format(w->today, day);
    const struct str name =
        str_format(w->cx.arena, "check-%s-" STR_FMT "-" STR_FMT "-%lld.dat", day,
                   STR_ARG(f->header.bank), STR_ARG(f->header.contractor),
                   (long long)job_id(s->job));
    text_init(&t, CHECK_BYTES);
    int rc = zengin_write_file(&w->cx, &s->format, f, &t);
    rc = rc < 0 ? rc : format_path(w, "debit", name, &path);
    rc = rc < 0 ? rc : file_write(&w->cx, path.p, text_str(&t));
    text_release(&t);
    s->names[at] = name;
    return rc;
}

static int mark_sent(struct sending *s)
{
    struct work *w = s->w;
    struct event e = work_event(w, "collection.debit_check");
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    for (size_t i = 0; i < s->list.n && rc >= 0; i++) {
        struct collection_debit_by_no_row r;
        const struct collection_debit_by_no_in q = {s->list.rows[i].debit_no};
        rc = collection_debit_by_no(&w->cx, w->store, &q, &r);
        if (rc > 0 && r.state == DEBIT_APPLIED) {
            struct collection_direct_debit next = debit_copy(&r, q.debit_no, e.no);
            next.state = DEBIT_ASKED;
            rc = debit_replace(w, r.direct_debit_id, &next);
        }
    }
    rc = rc < 0 ? rc : job_figure(w, s->job, "records", (int64_t)s->list.n);
    rc = rc < 0 ? rc : job_figure(w, s->job, "files", (int64_t)s->n);
    job_progress(s->job)->total = job_progress(s->job)->done = (int64_t)s->list.n;
    rc = rc < 0 ? rc : job_checkpoint(w, s->job);
    rc = rc < 0 ? rc : FAULT(&w->cx, "collection.debit.checked");
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* The files are there before the rows say that they went; a run that was cut off writes them
 * again. */
int debit_check_send_job(struct work *w, struct job *job)
{
    struct sending s = {.w = w, .job = job};
    const struct collection_debits_of_state_in q = {DEBIT_APPLIED, APPLICATIONS_MAX};
    int rc = format_zengin(w, ZENGIN_CHECK, &s.format);

    rc = rc < 0 ? rc : debit_contractors_read(w, &s.contractors);
    rc = rc < 0 ? rc : collection_debits_of_state(&w->cx, w->store, &q, &s.list);
    s.files = ARENA_ARRAY(w->cx.arena, FILES_MAX, struct zengin_file);
    s.names = ARENA_ARRAY(w->cx.arena, FILES_MAX, struct str);
    if (rc >= 0 && (!s.files || !s.names))
        rc = no_memory(w);
    for (size_t i = 0; rc >= 0 && i < s.list.n; i++)
        rc = add_row(&s, &s.list.rows[i]);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("collection.debit_check"),
                                                      .query = STR(""),
                                                      .count = (int64_t)s.list.n});
    for (size_t i = 0; rc >= 0 && i < s.n; i++)
        rc = write_file(&s, &s.files[i], i);
    rc = rc < 0 ? rc : mark_sent(&s);
    return rc < 0 ? error_add(&w->cx, "ask the banks about accounts") : OK;
}

/* --- in -----------------------------------------------------------------------------------------
 */

struct taking {
    struct work *w;
    struct job *job;
    struct zengin_medium medium;
    int64_t event_no;
    int64_t accepted, mismatch, unknown;
};

static bool is_what_was_asked(const struct collection_debit_by_no_row *r,
                              const struct zengin_row *z)
{
    return str_equal(r->bank_code, z->bank) && str_equal(r->branch_code, z->branch) &&
           str_equal(r->account_kind, z->account_kind) && str_equal(r->account_no, z->account_no) &&
           str_equal(r->holder, z->holder) && action_code(r->action) == z->new_code;
}

static int mismatch(struct taking *t, const struct collection_debit_by_no_row *r, int64_t debit_no,
                    const struct zengin_row *z)
{
    struct work *w = t->w;
    struct collection_direct_debit next = debit_copy(r, debit_no, t->event_no);

    next.state = DEBIT_MISMATCH;
    next.answer = str_copy(w->cx.arena, (struct str){&z->result, 1});
    next.answered_ymd = w->today;
    t->mismatch++;
    const int rc = debit_replace(w, r->direct_debit_id, &next);
    return rc < 0 ? rc
                  : job_note(w, t->job, false, z->line, "collection.debit.mismatch",
                             str_format(w->cx.arena, "%lld", (long long)debit_no));
}

static int take_row(struct taking *t, const struct zengin_row *z)
{
    struct work *w = t->w;
    struct collection_debit_by_no_row r;
    struct collection_debit_by_no_in q = {0};
    int rc = str_to_int(z->customer, &q.debit_no)
                 ? collection_debit_by_no(&w->cx, w->store, &q, &r)
                 : 0;

    if (rc < 0)
        return rc;
    if (rc == 0 || r.state != DEBIT_ASKED || !is_what_was_asked(&r, z)) {
        t->unknown++;
        return job_note(w, t->job, true, z->line, "collection.debit.unasked", z->customer);
    }
    if (z->result != '0')
        return mismatch(t, &r, q.debit_no, z);
    t->accepted++;
    return debit_accept(w, t->event_no, q.debit_no);
}

static int take_all(struct taking *t)
{
    struct work *w = t->w;
    struct event e = work_event(w, "collection.debit_answer");
    int64_t records = 0;

    e.source = STR("bank");
    e.route = STR("file");
    int rc = event_open(&w->cx, w->store, &e);
    t->event_no = e.no;
    for (size_t i = 0; i < t->medium.n; i++) {
        records += (int64_t)t->medium.files[i].n;
        for (size_t k = 0; k < t->medium.files[i].n && rc >= 0; k++)
            rc = take_row(t, &t->medium.files[i].rows[k]);
    }
    rc = rc < 0 ? rc : job_figure(w, t->job, "records", records);
    rc = rc < 0 ? rc : job_figure(w, t->job, "accepted", t->accepted);
    rc = rc < 0 ? rc : job_figure(w, t->job, "mismatch", t->mismatch);
    rc = rc < 0 ? rc : job_figure(w, t->job, "unknown", t->unknown);
    job_progress(t->job)->total = records;
    job_progress(t->job)->done = t->accepted + t->mismatch;
    job_progress(t->job)->failed = t->unknown;
    rc = rc < 0 ? rc : job_checkpoint(w, t->job);
    return rc < 0 ? rc : FAULT(&w->cx, "collection.debit.answered");
}

static int take_file(struct taking *t, struct str bytes)
{
    struct work *w = t->w;
    struct zengin_format format;
    int rc = format_zengin(w, ZENGIN_CHECK, &format);

    rc = rc < 0 ? rc
                : zengin_read(&w->cx, w->cx.arena, &format, ZENGIN_RESULT, bytes, &t->medium);
    rc = rc < 0 ? rc : format_refuse(w, t->job, &t->medium.records.problems);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                      .purpose = STR("collection.debit_answer"),
                                                      .query = STR(""),
                                                      .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = take_all(t);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* An answer taken twice finds nobody waiting for it. */
int debit_check_take_job(struct work *w, struct job *job)
{
    struct taking t = {.w = w, .job = job};
    struct format_file f;
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, STR("debit_check"), STR("bank"), STR("file"));
    rc = rc < 0 ? rc : take_file(&t, text_str(&f.bytes));
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take a bank's answers about accounts") : OK;
}
