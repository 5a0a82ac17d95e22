/* Pages of runs: what waits, a run with its totals, files and results; data files and the request
 * form that goes with them. */
#include "desk/collection/debit_pages.h"
#include "collection_pages.h"
#include "desk/collection/debit_done.h"
#include "desk/collection/debit_letter.h"

#include <string.h>

enum { RUNS_SHOWN = 40, ROWS_SHOWN = 200, FILES_SHOWN = 40 };
#define PDF_BYTES ((size_t)8 << 20)

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static const char *run_state(int64_t state)
{
    return state == RUN_DRAFT       ? "collection.debit.run.1"
           : state == RUN_CONFIRMED ? "collection.debit.run.2"
                                    : "collection.debit.run.3";
}

static const char *run_kind(bool is_first)
{
    return is_first ? "collection.debit.run.first" : "collection.debit.run.again";
}

static const char *subject_message(struct str subject)
{
    return str_is(subject, "nhi_tax")   ? "collection.debit.subject.tax"
           : str_is(subject, "nhi_fee") ? "collection.debit.subject.fee"
                                        : "collection.debit.subject.all";
}

static int look(struct work *w, int64_t n)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                               .purpose = STR("collection.debit"),
                                               .query = STR(""),
                                               .count = n});
}

/* --- what waits ---------------------------------------------------------------------------------
 */

static int fill_runs(struct work *w, struct collection_debit_work_view *v)
{
    const struct collection_debit_runs_in q = {RUNS_SHOWN};
    struct collection_debit_runs_list list;
    const int rc = collection_debit_runs(&w->cx, w->store, &q, &list);
    struct collection_debit_work_runs_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_work_runs_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_runs_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_work_runs_row){.no = r->run_no,
                                                          .kind = run_kind(r->of_run_null),
                                                          .due = r->due_ymd,
                                                          .debit = r->debit_ymd,
                                                          .status = run_state(r->state),
                                                          .is_draft = r->state == RUN_DRAFT,
                                                          .requests = r->requests,
                                                          .total = r->total_yen,
                                                          .files = r->files,
                                                          .answers = r->answers,
                                                          .done = r->done_yen,
                                                          .failed = r->failed};
    }
    v->runs = rows;
    v->n_runs = list.n;
    return OK;
}

static int fill_waiting(struct work *w, int state, struct collection_debit_work_view *v, size_t *n)
{
    const struct collection_debits_of_state_in q = {state, ROWS_SHOWN};
    struct collection_debits_of_state_list list;
    const int rc = collection_debits_of_state(&w->cx, w->store, &q, &list);
    struct collection_debit_work_waiting_row *rows =
        ARENA_ARRAY(w->cx.arena, v->n_waiting + list.n + 1,
                    struct collection_debit_work_waiting_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    if (v->n_waiting > 0)
        memcpy(rows, v->waiting, v->n_waiting * sizeof *rows);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debits_of_state_row *r = &list.rows[i];
        rows[v->n_waiting++] = (struct collection_debit_work_waiting_row){
            .no = r->debit_no,
            .person_no = r->person_no,
            .action = debit_message(w, "action", r->action),
            .received = r->received_ymd,
            .status = debit_state_message(state),
            .bank = debit_bank_words(w, r->bank_code, r->branch_code),
            .start = debit_start_words(w, r->first_year, r->first_number)};
    }
    v->waiting = rows;
    *n += list.n;
    return OK;
}

static int fill_mismatches(struct work *w, struct collection_debit_work_view *v, size_t *n)
{
    const struct collection_debits_of_state_in q = {DEBIT_MISMATCH, ROWS_SHOWN};
    struct collection_debits_of_state_list list;
    const int rc = collection_debits_of_state(&w->cx, w->store, &q, &list);
    struct collection_debit_work_mismatches_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_work_mismatches_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debits_of_state_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_work_mismatches_row){
            .no = r->debit_no,
            .person_no = r->person_no,
            .action = debit_message(w, "action", r->action),
            .answered = r->answered_ymd,
            .answer = debit_message(w, "answer", r->answer),
            .bank = debit_bank_words(w, r->bank_code, r->branch_code)};
    }
    v->mismatches = rows;
    v->n_mismatches = list.n;
    *n += list.n;
    return OK;
}

static int fill_stops(struct work *w, struct collection_debit_work_view *v, size_t *n)
{
    const struct collection_debit_stop_candidates_in q = {ROWS_SHOWN};
    struct collection_debit_stop_candidates_list list;
    const int rc = collection_debit_stop_candidates(&w->cx, w->store, &q, &list);
    struct collection_debit_work_stops_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_work_stops_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_stop_candidates_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_work_stops_row){
            .no = r->debit_no,
            .person_no = r->person_no,
            .day = r->debit_ymd,
            .result = debit_message(w, "result", r->result),
            .bank = debit_bank_words(w, r->bank_code, r->branch_code)};
    }
    v->stops = rows;
    v->n_stops = list.n;
    *n += list.n;
    return OK;
}

static int fill_transfers(struct work *w, struct collection_debit_work_view *v, size_t *n)
{
    const struct collection_transfers_failed_in q = {ROWS_SHOWN};
    struct collection_transfers_failed_list list;
    const int rc = collection_transfers_failed(&w->cx, w->store, &q, &list);
    struct collection_debit_work_transfers_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_work_transfers_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_transfers_failed_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_work_transfers_row){
            .no = r->transfer_no,
            .person_no = r->person_no,
            .yen = r->yen,
            .bank = debit_bank_words(w, r->bank_code, r->branch_code),
            .result = debit_message(w, "answer", r->result),
            .day = r->pay_ymd};
    }
    v->transfers = rows;
    v->n_transfers = list.n;
    *n += list.n;
    return OK;
}

static int fill_sent(struct work *w, struct collection_debit_work_view *v)
{
    const struct collection_transfer_files_in q = {FILES_SHOWN};
    struct collection_transfer_files_list list;
    const int rc = collection_transfer_files(&w->cx, w->store, &q, &list);
    struct collection_debit_work_sent_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_work_sent_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_transfer_files_row *r = &list.rows[i];
        const bool is_out = str_is(r->way, "out");
        rows[i] = (struct collection_debit_work_sent_row){
            .way = is_out ? "collection.request.out" : "collection.request.in",
            .day = r->pay_ymd,
            .bank = r->bank_code,
            .file_name = r->file_name,
            .link = is_out && work_may(w, RIGHT_PRINT)
                        ? str_format(w->cx.arena, "/collection/transfer/%lld/request",
                                     (long long)r->transfer_file_id)
                        : STR(""),
            .records = r->records,
            .total = r->total_yen};
    }
    v->sent = rows;
    v->n_sent = list.n;
    return OK;
}

static int fill_people(struct work *w, struct collection_debit_work_view *v, size_t *n)
{
    int rc = fill_waiting(w, DEBIT_APPLIED, v, n);

    rc = rc < 0 ? rc : fill_waiting(w, DEBIT_ASKED, v, n);
    rc = rc < 0 ? rc : fill_mismatches(w, v, n);
    rc = rc < 0 ? rc : fill_stops(w, v, n);
    return rc < 0 ? rc : fill_transfers(w, v, n);
}

static int show_work(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_debit_draft_form *form)
{
    struct collection_debit_work_view v = {.debit_draft = form,
                                           .may_run = work_may(w, RIGHT_JOB_RUN),
                                           .may_key = work_may(w, RIGHT_KEYING),
                                           .sees_people = work_may(w, RIGHT_COLLECTION_VIEW)};
    size_t people = 0;
    int rc = fill_runs(w, &v);

    rc = rc < 0 || !v.sees_people ? rc : fill_people(w, &v, &people);
    rc = rc < 0 ? rc : fill_sent(w, &v);
    rc = rc < 0 ? rc : look(w, (int64_t)people);
    if (rc >= 0)
        collection_page_debit_work(&rp->body, rq->frame, &v);
    return rc < 0 ? rc : OK;
}

int debit_show_work(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_draft_form form;

    collection_debit_draft_form_init(&form);
    return show_work(w, rq, rp, &form);
}

static struct str day_option(struct work *w, const char *name, struct ymd day)
{
    char text[11];

    if (ymd_is_none(day))
        return STR("");
    ymd_format(day, text);
    const struct str s = str_format(w->cx.arena, " %s=%s", name, text);
    return s.p ? s : STR("");
}

static bool is_wrong_draft(const struct collection_debit_draft_form *form)
{
    const bool is_again = form->of != FORM_ABSENT;
    return is_again == !ymd_is_none(form->due) || (is_again && ymd_is_none(form->debit_day));
}

int debit_run_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_draft_form form;
    int rc = collection_debit_draft_form_read(&w->cx, rq, &form);

    if (rc >= 0 && is_wrong_draft(&form)) {
        form_problem(&w->cx, &form.state, "due", "collection.debit.due", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_work(w, rq, rp, &form);
    }
    if (rc < 0)
        return rc;
    const struct str of =
        form.of == FORM_ABSENT ? STR("") : str_format(w->cx.arena, " of=%lld", (long long)form.of);
    return reply_job(w, rq, rp, "debit-draft",
                     str_trim(str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT,
                                         STR_ARG(day_option(w, "due", form.due)),
                                         STR_ARG(day_option(w, "debit-day", form.debit_day)),
                                         STR_ARG(of))));
}

/* --- one run ------------------------------------------------------------------------------------
 */

static int run_of(struct work *w, const struct request *rq,
                  struct collection_debit_run_by_no_row *out)
{
    struct collection_debit_run_by_no_in q = {0};
    int rc = request_part_id(&w->cx, rq, 0, &q.run_no);

    rc = rc < 0 ? rc : collection_debit_run_by_no(&w->cx, w->store, &q, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.debit.no_run", NULL) : rc;
}

static int fill_drafts(struct work *w, struct collection_debit_run_view *v)
{
    const struct collection_debit_draft_files_in q = {v->no};
    struct collection_debit_draft_files_list list;
    const int rc = collection_debit_draft_files(&w->cx, w->store, &q, &list);
    struct collection_debit_run_drafts_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_run_drafts_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_draft_files_row *r = &list.rows[i];
        struct bank_name bank;
        (void)bank_find(r->bank_code, STR("000"), &bank);
        rows[i] = (struct collection_debit_run_drafts_row){.bank = str_format(w->cx.arena,
                                                                              STR_FMT " " STR_FMT,
                                                                              STR_ARG(r->bank_code),
                                                                              STR_ARG(bank.bank)),
                                                           .subject = subject_message(r->subject),
                                                           .records = r->records,
                                                           .total = r->yen};
    }
    v->drafts = rows;
    v->n_drafts = list.n;
    return OK;
}

static void sum_file(struct collection_debit_run_view *v,
                     const struct collection_debit_files_of_run_row *r)
{
    v->done += r->done_null ? 0 : r->done;
    v->failed += r->failed_null ? 0 : r->failed;
    v->done_yen.n += r->done_yen_null ? 0 : r->done_yen.n;
    v->failed_yen.n += r->failed_yen_null ? 0 : r->failed_yen.n;
}

static int fill_files(struct work *w, struct collection_debit_run_view *v)
{
    const struct collection_debit_files_of_run_in q = {v->no};
    struct collection_debit_files_of_run_list list;
    const int rc = collection_debit_files_of_run(&w->cx, w->store, &q, &list);
    struct collection_debit_run_files_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_debit_run_files_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_debit_files_of_run_row *r = &list.rows[i];
        struct bank_name bank;
        (void)bank_find(r->bank_code, STR("000"), &bank);
        sum_file(v, r);
        rows[i] = (struct collection_debit_run_files_row){
            .bank = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(r->bank_code),
                               STR_ARG(bank.bank)),
            .contractor = r->contractor,
            .subject = subject_message(r->subject),
            .section = r->section,
            .file_name = r->file_name,
            .link = v->sees_people && v->may_drop
                        ? str_format(w->cx.arena, "/collection/debit/run/%lld/file/%lld",
                                     (long long)v->no, (long long)r->debit_file_id)
                        : STR(""),
            .paper = v->may_print
                         ? str_format(w->cx.arena, "/collection/debit/run/%lld/request/%lld",
                                      (long long)v->no, (long long)r->debit_file_id)
                         : STR(""),
            .records = r->records,
            .total = r->total_yen,
            .is_answered = !r->done_null,
            .done = r->done_null ? 0 : r->done,
            .done_yen = r->done_yen_null ? YEN(0) : r->done_yen,
            .failed = r->failed_null ? 0 : r->failed,
            .failed_yen = r->failed_yen_null ? YEN(0) : r->failed_yen};
    }
    v->files = rows;
    v->n_files = list.n;
    return OK;
}

static int fill_failures(struct work *w, struct collection_debit_run_view *v)
{
    const struct collection_debit_failures_in q = {v->no};
    struct collection_debit_failures_list list;
    struct person_list people;
    int rc = collection_debit_failures(&w->cx, w->store, &q, &list);
    const size_t n = rc >= 0 && list.n < ROWS_SHOWN ? list.n : ROWS_SHOWN;
    struct collection_debit_run_failures_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct collection_debit_run_failures_row);
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);

    if (rc < 0 || !rows || !ids)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < n; i++)
        ids[i] = list.rows[i].person_id;
    rc = party_people(w, ids, n, &people);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct collection_debit_failures_row *r = &list.rows[i];
        rows[i] = (struct collection_debit_run_failures_row){
            .person_no = STR(""),
            .name = STR(""),
            .year_label = levy_year_label(&w->cx, (int)r->levy_year),
            .term = levy_instalment_label(w, (int)r->number),
            .yen = r->yen,
            .balance = r->balance_yen,
            .result = debit_message(w, "result", r->result)};
        for (size_t k = 0; k < people.n; k++) {
            if (people.rows[k].person_id == r->person_id) {
                rows[i].person_no = people.rows[k].person_no;
                rows[i].name = people.rows[k].name;
            }
        }
    }
    v->failures = rows;
    v->n_failures = rc < 0 ? 0 : n;
    return rc < 0 ? rc : OK;
}

struct run_forms {
    struct collection_debit_confirm_form *confirm;
    struct collection_debit_letters_form *letters;
};

static int show_run(struct work *w, struct request *rq, struct reply *rp,
                    const struct run_forms *forms)
{
    struct collection_debit_run_by_no_row run;
    struct collection_debit_drop_form drop;
    int rc = run_of(w, rq, &run);

    if (rc < 0)
        return rc;
    collection_debit_drop_form_init(&drop);
    drop.run = run.run_no;
    struct collection_debit_run_view v = {.no = run.run_no,
                                          .kind = run_kind(run.of_run_null),
                                          .due = run.due_ymd,
                                          .debit = run.debit_ymd,
                                          .made = run.made_ymd,
                                          .status = run_state(run.state),
                                          .is_draft = run.state == RUN_DRAFT,
                                          .is_confirmed = run.state == RUN_CONFIRMED,
                                          .is_first = run.of_run_null,
                                          .may_confirm = work_may(w, RIGHT_LEVY_CONFIRM) &&
                                                         w->actor->user_id != run.made_by,
                                          .may_drop = work_may(w, RIGHT_JOB_RUN),
                                          .may_print = work_may(w, RIGHT_PRINT),
                                          .sees_people = work_may(w, RIGHT_COLLECTION_VIEW),
                                          .requests = run.requests,
                                          .total = run.total_yen,
                                          .of_run = run.of_run_null ? 0 : run.of_run,
                                          .debit_confirm = forms->confirm,
                                          .debit_drop = &drop,
                                          .debit_letters = forms->letters};
    rc = fill_drafts(w, &v);
    rc = rc < 0 ? rc : fill_files(w, &v);
    rc = rc < 0 || !v.sees_people ? rc : fill_failures(w, &v);
    rc = rc < 0 ? rc : look(w, (int64_t)v.n_failures);
    if (rc >= 0)
        collection_page_debit_run(&rp->body, rq->frame, &v);
    return rc < 0 ? rc : OK;
}

static int show_fresh(struct work *w, struct request *rq, struct reply *rp, struct run_forms forms)
{
    struct collection_debit_confirm_form confirm;
    struct collection_debit_letters_form letters;

    collection_debit_confirm_form_init(&confirm);
    collection_debit_letters_form_init(&letters);
    letters.limit = ymd_add(w->today, 20);
    forms.confirm = forms.confirm ? forms.confirm : &confirm;
    forms.letters = forms.letters ? forms.letters : &letters;
    return show_run(w, rq, rp, &forms);
}

int debit_show_run(struct work *w, struct request *rq, struct reply *rp)
{
    return show_fresh(w, rq, rp, (struct run_forms){NULL, NULL});
}

int debit_run_confirm(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_confirm_form form;
    struct collection_debit_run_by_no_row run;
    int rc = collection_debit_confirm_form_read(&w->cx, rq, &form);

    if (rc >= 0)
        rc = run_of(w, rq, &run);
    if (rc >= 0 && (form.requests != run.requests || form.total.n != run.total_yen.n)) {
        form_problem(&w->cx, &form.state, "requests", "collection.debit.totals", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_fresh(w, rq, rp, (struct run_forms){&form, NULL});
    }
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "debit-confirm",
                              str_format(w->cx.arena, "run=%lld requests=%lld total=%lld",
                                         (long long)run.run_no, (long long)form.requests,
                                         (long long)form.total.n));
}

int debit_run_drop(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_drop_form form;
    struct collection_debit_run_by_no_row run;
    int rc = collection_debit_drop_form_read(&w->cx, rq, &form);

    rc = rc < 0 ? rc : run_of(w, rq, &run);
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "debit-drop",
                              str_format(w->cx.arena, "run=%lld", (long long)run.run_no));
}

int debit_run_letters(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_letters_form form;
    struct collection_debit_run_by_no_row run;
    int rc = collection_debit_letters_form_read(&w->cx, rq, &form);

    if (rc >= 0 && ymd_compare(form.limit, w->today) < 0) {
        form_problem(&w->cx, &form.state, "limit", "collection.debit.limit", NULL);
        rc = ERR_INVALID;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_fresh(w, rq, rp, (struct run_forms){NULL, &form});
    }
    rc = rc < 0 ? rc : run_of(w, rq, &run);
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "debit-letters",
                              str_format(w->cx.arena, "run=%lld" STR_FMT STR_FMT,
                                         (long long)run.run_no,
                                         STR_ARG(day_option(w, "limit", form.limit)),
                                         STR_ARG(day_option(w, "again", form.again))));
}

/* --- files --------------------------------------------------------------------------------------
 */

/* The bytes that went out: a file that is not what was sent any more is refused. */
static int read_sent(struct work *w, const char *folder, struct str name, struct str sha256,
                     struct str *out)
{
    struct str path;
    struct text t;
    char found[65];
    int rc = format_path(w, folder, name, &path);

    text_init(&t, FORMAT_FILE_MAX);
    rc = rc < 0 ? rc : file_read(&w->cx, path.p, FORMAT_FILE_MAX, &t);
    sha256_hex(text_str(&t), found);
    *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    if (rc >= 0 && !str_is(sha256, found))
        return fail(&w->cx, ERR_CORRUPT, "collection.request.changed", STR_FMT, STR_ARG(name));
    return rc < 0 ? rc : out->p ? OK : no_memory(w);
}

static int file_of(struct work *w, const struct request *rq,
                   struct collection_debit_file_by_id_row *out, struct str *bytes)
{
    struct collection_debit_file_by_id_in q = {0};
    int64_t run = 0;
    int rc = request_part_id(&w->cx, rq, 0, &run);

    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 1, &q.debit_file_id);
    rc = rc < 0 ? rc : collection_debit_file_by_id(&w->cx, w->store, &q, out);
    if (rc == 0 || (rc > 0 && out->run_no != run))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    return rc < 0 ? rc : read_sent(w, "debit", out->file_name, out->sha256, bytes);
}

int debit_show_file(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_file_by_id_row f;
    struct str bytes;
    int rc = file_of(w, rq, &f, &bytes);

    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("collection.debit_file"),
                                                      .query = f.file_name,
                                                      .count = f.records});
    if (rc >= 0)
        reply_file(rp, "application/octet-stream", bytes, f.file_name, false);
    return rc < 0 ? rc : OK;
}

static int show_request(struct work *w, struct reply *rp, const struct debit_request *q)
{
    struct text pdf;

    text_init(&pdf, PDF_BYTES);
    const int rc = debit_request_pdf(w, q, &pdf);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p)
        return rc < 0 ? rc : no_memory(w);
    reply_file(rp, "application/pdf", bytes,
               str_format(w->cx.arena, "request-" STR_FMT ".pdf", STR_ARG(q->file_name)), true);
    return OK;
}

int debit_show_request(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_debit_file_by_id_row f;
    struct str bytes;
    const int rc = file_of(w, rq, &f, &bytes);
    const struct debit_request q = {.kind = ZENGIN_DEBIT,
                                    .bytes = bytes,
                                    .file_name = f.file_name,
                                    .subject = message_words(subject_message(f.subject)),
                                    .section = f.section,
                                    .day = f.debit_ymd};
    return rc < 0 ? rc : show_request(w, rp, &q);
}

int transfer_show_request(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_transfer_file_by_id_in q = {0};
    struct collection_transfer_file_by_id_row f;
    struct str bytes;
    int rc = request_part_id(&w->cx, rq, 0, &q.transfer_file_id);

    rc = rc < 0 ? rc : collection_transfer_file_by_id(&w->cx, w->store, &q, &f);
    if (rc == 0 || (rc > 0 && !str_is(f.way, "out")))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    rc = rc < 0 ? rc : read_sent(w, "transfer", f.file_name, f.sha256, &bytes);
    if (rc < 0)
        return rc;
    const struct debit_request r = {.kind = ZENGIN_TRANSFER,
                                    .bytes = bytes,
                                    .file_name = f.file_name,
                                    .subject = STR(""),
                                    .section = STR(""),
                                    .day = f.pay_ymd};
    return show_request(w, rp, &r);
}
