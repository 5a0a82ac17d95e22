/* Pages of printing and the post: runs, one run, taking out, despatch, mail that came back. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"
#include "desk/collection/post_inner.h"

enum { RUNS_SHOWN = 30, ITEMS_SHOWN = 100, TASKS_SHOWN = 100 };

const char *post_kind_message(struct str kind)
{
    return str_is(kind, "dunning")    ? "collection.letter.dunning"
           : str_is(kind, "reminder") ? "collection.letter.reminder"
                                      : "collection.letter.notice";
}

const char *returned_message(int64_t reason)
{
    static const char *const ids[POST_RETURN_REASONS] = {
        "collection.returned.1", "collection.returned.2", "collection.returned.3",
        "collection.returned.4", "collection.returned.5", "collection.returned.6"};
    return ids[reason >= 1 && reason <= POST_RETURN_REASONS ? reason - 1 : POST_RETURN_REASONS - 1];
}

static struct str document_link(struct work *w, struct str kind, int64_t post_item_id)
{
    const struct str s = str_is(kind, "levy_notice")
                             ? STR("")
                             : str_format(w->cx.arena, "/collection/document/%lld/letter.pdf",
                                          (long long)post_item_id);
    return s.p ? s : STR("");
}

static int look(struct work *w, const char *query, size_t n)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                               .purpose = STR("collection.post"),
                                               .query = str_of(query),
                                               .count = (int64_t)n});
}

/* --- all runs
 * ---------------------------------------------------------------------------------------- */

static int fill_runs(struct work *w, struct collection_post_runs_view *v)
{
    const struct collection_post_batches_in in = {RUNS_SHOWN};
    struct collection_post_batches_list list;
    const int rc = collection_post_batches(&w->cx, w->store, &in, &list);
    struct collection_post_runs_runs_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_post_runs_runs_row);
    if (!rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_post_batches_row *r = &list.rows[i];
        rows[i] = (struct collection_post_runs_runs_row){r->batch_no, r->made_ymd, r->contractor,
                                                         r->printed,  r->pulled,   r->withdrawn,
                                                         r->posted,   r->returned};
    }
    v->runs = rows;
    v->n_runs = list.n;
    return OK;
}

static int fill_tasks(struct work *w, struct collection_post_runs_view *v)
{
    const struct collection_returned_mail_in in = {TASKS_SHOWN, w->asof};
    struct collection_returned_mail_list list;
    const int rc = collection_returned_mail(&w->cx, w->store, &in, &list);
    struct collection_post_runs_tasks_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_post_runs_tasks_row);
    if (!rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_returned_mail_row *r = &list.rows[i];
        rows[i] = (struct collection_post_runs_tasks_row){
            r->post_item_id, post_kind_message(r->kind),  r->document_no, r->person_no, r->name,
            r->returned_ymd, returned_message(r->reason), r->note};
    }
    v->tasks = rows;
    v->n_tasks = list.n;
    return OK;
}

static int runs_page(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_post_runs_view *v)
{
    struct collection_post_print_form print;
    struct collection_mail_returned_form back;
    collection_post_print_form_init(&print);
    print.issue_date = w->today;
    collection_mail_returned_form_init(&back);
    back.back_day = w->today;
    v->post_print = v->post_print ? v->post_print : &print;
    v->mail_returned = v->mail_returned ? v->mail_returned : &back;
    v->may_print = work_may(w, RIGHT_PRINT);
    v->may_edit = work_may(w, RIGHT_COLLECTION_EDIT);
    int rc = fill_runs(w, v);
    rc = rc < 0 ? rc : fill_tasks(w, v);
    rc = rc < 0 ? rc : look(w, "returned", v->n_tasks);
    if (rc >= 0) {
        collection_page_post_runs(&rp->body, rq->frame, v);
    }
    return rc;
}

int post_show_runs(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_runs_view v = {.n_runs = 0};
    return runs_page(w, rq, rp, &v);
}

int post_print(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_print_form form;
    struct collection_post_runs_view v = {.post_print = &form};
    struct text t;
    int rc = collection_post_print_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return runs_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&t, 1024);
    text_adds(&t, "issue-date=");
    text_add_ymd(&t, form.issue_date);
    if (!ymd_is_none(form.notices)) {
        text_adds(&t, " notices=");
        text_add_ymd(&t, form.notices);
    }
    text_adds(&t, form.slips ? " slips=yes" : "");
    if (form.contractor.n > 0) {
        text_adds(&t, " contractor=");
        for (size_t i = 0; i < form.contractor.n; i++) {
            text_adds(&t, form.contractor.p[i] == ' ' ? "%20" : "");
            text_add(&t, (struct str){form.contractor.p + i, form.contractor.p[i] != ' '});
        }
    }
    rc = reply_job(w, rq, rp, "post-print", t.failed ? STR_NONE : text_str(&t));
    text_release(&t);
    return rc;
}

/* --- forms that refuse with a sentence
 * --------------------------------------------------------------- */

/* What the desk refuses stands above the form's field; true: show the page again. */
static bool is_refused(struct work *w, int rc, struct form_state *state, const char *field)
{
    if (rc != ERR_INVALID && rc != ERR_NOT_FOUND && rc != ERR_STALE) {
        return false;
    }
    const struct error e = w->cx.error;
    error_clear(&w->cx);
    if (state->problems.n == 0) {
        form_problem(&w->cx, state, field, e.message, NULL);
    }
    return true;
}

int post_save_withdrawal(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_letter_withdraw_form form;
    struct collection_post_runs_view v = {.letter_withdraw = &form};
    int rc = collection_letter_withdraw_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        rc =
            letter_withdraw_no(w, str_is(form.letter, "dunning") ? LETTER_DUNNING : LETTER_REMINDER,
                               form.no,
                               str_is(form.why, "paid")      ? DUNNING_PAID
                               : str_is(form.why, "changed") ? DUNNING_CHANGED
                                                             : DUNNING_BY_HAND,
                               form.note);
    }
    if (is_refused(w, rc, &form.state, "no")) {
        rp->status = 422;
        return runs_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("collection.post.withdrawn");
    return reply_redirect(rq, rp, "/collection/post");
}

int post_save_returned(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_mail_returned_form form;
    struct collection_post_runs_view v = {.mail_returned = &form};
    int rc = collection_mail_returned_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        struct post_return r = {.kind = form.kind,
                                .no = form.back_no,
                                .day = form.back_day,
                                .note = form.back_note};
        (void)str_to_int(form.reason, &r.reason);
        rc = post_returned(w, &r);
    }
    if (is_refused(w, rc, &form.state, "back_no")) {
        rp->status = 422;
        return runs_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("collection.post.returned");
    return reply_redirect(rq, rp, "/collection/post");
}

/* --- one run
 * ------------------------------------------------------------------------------------------- */

static int fill_kinds(struct work *w, struct collection_post_run_view *v)
{
    const struct collection_post_counts_in in = {v->no};
    struct collection_post_counts_list list;
    const int rc = collection_post_counts(&w->cx, w->store, &in, &list);
    struct collection_post_run_kinds_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_post_run_kinds_row);
    if (!rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_post_counts_row *r = &list.rows[i];
        rows[i] = (struct collection_post_run_kinds_row){post_kind_message(r->kind),
                                                         r->printed,
                                                         r->pages,
                                                         r->pulled,
                                                         r->withdrawn,
                                                         r->posted,
                                                         r->returned,
                                                         r->yen};
        v->to_post += r->printed - r->withdrawn - r->posted;
    }
    v->kinds = rows;
    v->n_kinds = list.n;
    return OK;
}

static const char *pulled_message(int64_t reason)
{
    return reason == POST_UNPRINTABLE ? "collection.post.unprintable"
                                      : dunning_reason_message(reason);
}

static int fill_pulled(struct work *w, struct collection_post_run_view *v)
{
    const struct collection_post_pulled_in in = {v->no, ITEMS_SHOWN, w->asof};
    struct collection_post_pulled_list list;
    const int rc = collection_post_pulled(&w->cx, w->store, &in, &list);
    struct collection_post_run_pulled_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_post_run_pulled_row);
    if (!rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_post_pulled_row *r = &list.rows[i];
        rows[i] =
            (struct collection_post_run_pulled_row){post_kind_message(r->kind),
                                                    r->document_no,
                                                    r->person_no,
                                                    r->name,
                                                    r->yen,
                                                    pulled_message(r->reason),
                                                    r->reason > DUNNING_BY_HAND
                                                        ? document_link(w, r->kind, r->post_item_id)
                                                        : STR("")};
    }
    v->pulled = rows;
    v->n_pulled = list.n;
    return OK;
}

static int fill_documents(struct work *w, const struct request *rq,
                          struct collection_post_run_view *v)
{
    int64_t after = 0;
    int rc = request_query_number(&w->cx, rq, "after", 0, &after);
    const struct collection_post_items_in in = {v->no, after, ITEMS_SHOWN + 1, w->asof};
    struct collection_post_items_list list;
    rc = rc < 0 ? rc : collection_post_items(&w->cx, w->store, &in, &list);
    struct collection_post_run_documents_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_post_run_documents_row);
    if (!rows) {
        return rc < 0 ? rc : post_no_memory(w);
    }
    v->n_documents = list.n > ITEMS_SHOWN ? ITEMS_SHOWN : list.n;
    for (size_t i = 0; i < v->n_documents; i++) {
        const struct collection_post_items_row *r = &list.rows[i];
        rows[i] = (struct collection_post_run_documents_row){
            .place = r->place,
            .kind = post_kind_message(r->kind),
            .no = r->document_no,
            .person_no = r->person_no,
            .name = r->name,
            .pages = r->pages,
            .insert_code = r->insert_code,
            .delivery_code = r->delivery_code,
            .yen = r->yen,
            .now = post_state_message(r->state_null, r->state),
            .link = document_link(w, r->kind, r->post_item_id)};
        v->after = r->place;
    }
    v->documents = rows;
    v->has_more = list.n > ITEMS_SHOWN;
    return OK;
}

static int run_page(struct work *w, struct request *rq, struct reply *rp,
                    struct collection_post_run_view *v)
{
    struct collection_post_despatch_form form;
    struct collection_post_batch_get_row b;
    int rc = request_part_id(&w->cx, rq, 0, &v->no);
    const struct collection_post_batch_get_in in = {v->no};
    rc = rc < 0 ? rc : collection_post_batch_get(&w->cx, w->store, &in, &b);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    v->made = b.made_ymd;
    v->contractor = b.contractor;
    v->folder = str_format(w->cx.arena, "out/post-%lld", (long long)v->no);
    rc = fill_kinds(w, v);
    rc = rc < 0 ? rc : fill_pulled(w, v);
    rc = rc < 0 ? rc : fill_documents(w, rq, v);
    rc = rc < 0 ? rc : look(w, "run", v->n_documents + v->n_pulled);
    v->may_post = v->to_post > 0 && work_may(w, RIGHT_PRINT);
    collection_post_despatch_form_init(&form);
    form.day = w->today;
    v->post_despatch = v->post_despatch ? v->post_despatch : &form;
    if (rc >= 0) {
        collection_page_post_run(&rp->body, rq->frame, v);
    }
    return rc;
}

int post_show_run(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_run_view v = {.no = 0};
    return run_page(w, rq, rp, &v);
}

int post_save_despatch(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_despatch_form form;
    struct collection_post_run_view v = {.post_despatch = &form};
    int64_t no = 0;
    int rc = collection_post_despatch_form_read(&w->cx, rq, &form);
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : post_despatch(w, no, form.day, form.count);
    if (is_refused(w, rc, &form.state, "count")) {
        rp->status = 422;
        return run_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("collection.post.despatched");
    return reply_redirect(rq, rp, "/collection/post/%lld", (long long)no);
}

/* --- a letter that came back
 * ------------------------------------------------------------------------------ */

static int task_page(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_post_task_view *v)
{
    const struct collection_returned_mail_in in = {TASKS_SHOWN * 100, w->asof};
    struct collection_returned_mail_list list;
    struct person p;
    int rc = request_part_id(&w->cx, rq, 0, &v->item);
    rc = rc < 0 ? rc : collection_returned_mail(&w->cx, w->store, &in, &list);
    const struct collection_returned_mail_row *r = NULL;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        r = list.rows[i].post_item_id == v->item ? &list.rows[i] : r;
    }
    if (!r) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "collection.returned.done", NULL);
    }
    rc = party_person(w, r->debtor_id, &p);
    rc = rc < 0 ? rc : address_on(w, r->debtor_id, w->today, &v->address);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .person_id = r->debtor_id,
                                                      .purpose = STR("collection.returned"),
                                                      .count = 1});
    if (rc < 0) {
        return rc;
    }
    v->kind = post_kind_message(r->kind);
    v->no = r->document_no;
    v->person_no = p.person_no;
    v->name = p.name;
    v->returned = r->returned_ymd;
    v->reason = returned_message(r->reason);
    v->note = r->note;
    collection_page_post_task(&rp->body, rq->frame, v);
    return OK;
}

int post_show_task(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_task_view v = {.no = 0};
    return task_page(w, rq, rp, &v);
}

int post_save_task(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_mail_checked_form form;
    struct collection_post_task_view v = {.mail_checked = &form};
    int64_t item = 0;
    int rc = collection_mail_checked_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return task_page(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &item);
    rc = rc < 0 ? rc : post_checked(w, item, form.found);
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("collection.post.checked");
    return reply_redirect(rq, rp, "/collection/post");
}

/* --- one document as it was printed
 * ------------------------------------------------------------------------- */

int post_show_document(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_post_item_get_row x;
    struct form_data data;
    int64_t item = 0;
    int rc = request_part_id(&w->cx, rq, 0, &item);
    const struct collection_post_item_get_in in = {item};
    rc = rc < 0 ? rc : collection_post_item_get(&w->cx, w->store, &in, &x);
    if (rc == 0 || (rc > 0 && x.print_data.n == 0)) {
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                      .person_id = x.debtor_id,
                                                      .purpose = STR("collection.document"),
                                                      .query = x.kind,
                                                      .count = 1});
    rc = rc < 0 ? rc : form_data_unpack(&w->cx, x.print_data, w->cx.arena, &data);
    return rc < 0 ? rc
                  : letter_reply(w, rp,
                                 str_is(x.kind, "dunning") ? "dunning_letter" : "reminder_letter",
                                 &data,
                                 str_format(w->cx.arena, STR_FMT "-%lld.pdf", STR_ARG(x.kind),
                                            (long long)x.document_no));
}
