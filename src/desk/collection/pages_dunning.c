/* Pages of drafts of dunnings and reminders: all of them, one with its totals, confirming. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"

enum { DRAFTS_SHOWN = 20, ROWS_SHOWN = 100, BANDS = 7 };

const char *letters_status_message(int64_t status)
{
    static const char *const ids[] = {"levy.status.5", "levy.status.1", "levy.status.2",
                                      "levy.status.3", "levy.status.4", "levy.status.5"};
    return ids[status >= LETTERS_RUNNING && status <= LETTERS_DROPPED ? status : 0];
}

struct str late_link(struct work *w, int64_t liability_id, int64_t number, struct ymd day)
{
    char until[11];
    ymd_format(day, until);
    const struct str s = str_format(w->cx.arena, "/collection/late/%lld/%lld?day=%s",
                                    (long long)liability_id, (long long)number, until);
    return s.p ? s : STR("");
}

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- the lists
 * ------------------------------------------------------------------------------------- */

static int fill_dunnings(struct work *w, struct collection_dunning_runs_view *v)
{
    const struct collection_drafts_newest_in in = {STR("dunning"), DRAFTS_SHOWN};
    struct collection_drafts_newest_list list;
    const int rc = collection_drafts_newest(&w->cx, w->store, &in, &list);
    struct collection_dunning_runs_dunnings_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_dunning_runs_dunnings_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_drafts_newest_row *r = &list.rows[i];
        rows[i] = (struct collection_dunning_runs_dunnings_row){r->draft_no,
                                                                r->as_of_ymd,
                                                                letters_status_message(r->status),
                                                                r->status == LETTERS_READY,
                                                                r->letters,
                                                                r->letters_yen,
                                                                r->left_out,
                                                                r->issue_ymd};
    }
    v->dunnings = rows;
    v->n_dunnings = list.n;
    return OK;
}

static int fill_reminders(struct work *w, struct collection_dunning_runs_view *v)
{
    const struct collection_drafts_newest_in in = {STR("reminder"), DRAFTS_SHOWN};
    struct collection_drafts_newest_list list;
    const int rc = collection_drafts_newest(&w->cx, w->store, &in, &list);
    struct collection_dunning_runs_reminders_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_dunning_runs_reminders_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_drafts_newest_row *r = &list.rows[i];
        rows[i] = (struct collection_dunning_runs_reminders_row){r->draft_no,
                                                                 r->as_of_ymd,
                                                                 reminder_terms_words(w, r->terms),
                                                                 letters_status_message(r->status),
                                                                 r->status == LETTERS_READY,
                                                                 r->letters,
                                                                 r->letters_yen,
                                                                 r->left_out,
                                                                 r->issue_ymd};
    }
    v->reminders = rows;
    v->n_reminders = list.n;
    return OK;
}

static int runs_page(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_dunning_run_form *dunning,
                     struct collection_reminder_run_form *reminder)
{
    struct collection_dunning_run_form new_dunning;
    struct collection_reminder_run_form new_reminder;
    collection_dunning_run_form_init(&new_dunning);
    new_dunning.as_of = w->today;
    collection_reminder_run_form_init(&new_reminder);
    new_reminder.remind_as_of = w->today;
    new_reminder.contact = STR("any");
    struct collection_dunning_runs_view v = {.may_draft = work_may(w, RIGHT_COLLECTION_EDIT),
                                             .dunning_run = dunning ? dunning : &new_dunning,
                                             .reminder_run = reminder ? reminder : &new_reminder};
    int rc = fill_dunnings(w, &v);
    rc = rc < 0 ? rc : fill_reminders(w, &v);
    if (rc >= 0) {
        collection_page_dunning_runs(&rp->body, rq->frame, &v);
    }
    return rc;
}

int dunning_show_runs(struct work *w, struct request *rq, struct reply *rp)
{
    return runs_page(w, rq, rp, NULL, NULL);
}

static int queue(struct work *w, struct request *rq, struct reply *rp, const char *kind,
                 struct text *options)
{
    const int rc = reply_job(w, rq, rp, kind, options->failed ? STR_NONE : text_str(options));
    text_release(options);
    return rc;
}

int dunning_run(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_dunning_run_form form;
    struct text options;
    const int rc = collection_dunning_run_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return runs_page(w, rq, rp, &form, NULL);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 256);
    text_adds(&options, "as-of=");
    text_add_ymd(&options, form.as_of);
    return queue(w, rq, rp, "dunning-draft", &options);
}

static void add_number(struct text *t, const char *name, int64_t n)
{
    if (n != FORM_ABSENT && n > 0) {
        text_addf(t, " %s=%lld", name, (long long)n);
    }
}

static void add_day(struct text *t, const char *name, struct ymd day)
{
    if (!ymd_is_none(day)) {
        text_addf(t, " %s=", name);
        text_add_ymd(t, day);
    }
}

int reminder_run(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_reminder_run_form form;
    struct text options;
    const int rc = collection_reminder_run_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return runs_page(w, rq, rp, NULL, &form);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 2048);
    text_adds(&options, "as-of=");
    text_add_ymd(&options, form.remind_as_of);
    add_number(&options, "least", form.least);
    add_number(&options, "most", form.most);
    add_number(&options, "number", form.number);
    add_day(&options, "due-from", form.due_from);
    add_day(&options, "due-to", form.due_to);
    if (form.contact.n > 0) {
        text_addf(&options, " contact=" STR_FMT, STR_ARG(form.contact));
    }
    if (form.area.n > 0) {
        text_adds(&options, " area=");
        for (size_t i = 0; i < form.area.n; i++) {
            text_adds(&options, form.area.p[i] == ' ' ? "%20" : "");
            text_add(&options, (struct str){form.area.p + i, form.area.p[i] != ' '});
        }
    }
    text_adds(&options, form.receipt ? " receipt=yes" : "");
    return queue(w, rq, rp, "reminder-draft", &options);
}

/* --- one draft
 * ------------------------------------------------------------------------------------- */

static int find(struct work *w, const struct request *rq, struct collection_draft_get_row *d)
{
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    const struct collection_draft_get_in in = {no};
    rc = rc < 0 ? rc : collection_draft_get(&w->cx, w->store, &in, d);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no) : rc;
}

static int fill_reasons(struct work *w, struct collection_letters_draft_view *v)
{
    const struct collection_draft_reasons_in in = {v->no};
    struct collection_draft_reasons_list list;
    const int rc = collection_draft_reasons(&w->cx, w->store, &in, &list);
    struct collection_letters_draft_reasons_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_letters_draft_reasons_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_draft_reasons_row *r = &list.rows[i];
        rows[i] = (struct collection_letters_draft_reasons_row){dunning_reason_message(r->reason),
                                                                r->reason > 0 &&
                                                                    r->reason <= DUNNING_BY_HAND,
                                                                r->reason > DUNNING_BY_HAND,
                                                                r->rows_n,
                                                                r->debtors,
                                                                r->yen};
    }
    v->reasons = rows;
    v->n_reasons = list.n;
    return OK;
}

static int fill_lines(struct work *w, const struct request *rq,
                      struct collection_letters_draft_view *v)
{
    int64_t after = 0, out = 0;
    int rc = request_query_number(&w->cx, rq, "after", 0, &after);
    rc = rc < 0 ? rc : request_query_number(&w->cx, rq, "out", 0, &out);
    v->shows_left_out = out != 0;
    const struct collection_draft_page_in in = {v->no, after, ROWS_SHOWN + 1, out != 0, w->asof};
    struct collection_draft_page_list list;
    rc = rc < 0 ? rc : collection_draft_page(&w->cx, w->store, &in, &list);
    struct collection_letters_draft_lines_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_letters_draft_lines_row);
    if (!rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    v->n_lines = list.n > ROWS_SHOWN ? ROWS_SHOWN : list.n;
    for (size_t i = 0; i < v->n_lines; i++) {
        const struct collection_draft_page_row *r = &list.rows[i];
        rows[i] = (struct collection_letters_draft_lines_row){
            .person_no = r->person_no,
            .name = r->name,
            .year_label = levy_year_label(&w->cx, (int)r->levy_year),
            .part = levy_instalment_label(w, (int)r->number),
            .due = r->due_ymd,
            .balance = r->balance_yen,
            .late = r->late_yen,
            .late_link = late_link(w, r->liability_id, r->number, v->as_of),
            .reason = dunning_reason_message(r->reason),
            .is_out = r->reason > 0};
        v->after = r->draft_row_id;
    }
    v->lines = rows;
    v->has_more = list.n > ROWS_SHOWN;
    return OK;
}

/* Letters by the amount unpaid. */
static int draw_chart(struct work *w, int64_t draft_no, struct html *out)
{
    static const char *const bands[BANDS] = {"collection.band.0", "collection.band.1",
                                             "collection.band.2", "collection.band.3",
                                             "collection.band.4", "collection.band.5",
                                             "collection.band.6"};
    const struct collection_draft_amounts_in in = {draft_no};
    struct collection_draft_amounts_list list;
    struct chart_point points[BANDS];
    const int rc = collection_draft_amounts(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    for (int b = 0; b < BANDS; b++) {
        points[b] = (struct chart_point){message_words(bands[b]), 0, INT64_MIN};
    }
    for (size_t i = 0; i < list.n; i++) {
        points[list.rows[i].band].value = list.rows[i].rows_n;
    }
    const struct chart_series s = {.title = message_words("collection.chart.amounts"),
                                   .unit = message_words("collection.unit.instalments"),
                                   .first_label = STR(""),
                                   .second_label = STR(""),
                                   .points = points,
                                   .n = BANDS};
    return chart_bars(out, &s);
}

static void view_draft(struct work *w, const struct collection_draft_get_row *d,
                       struct collection_letters_draft_view *v)
{
    v->no = d->draft_no;
    v->is_dunning = str_is(d->kind, "dunning");
    v->kind_label = v->is_dunning ? "collection.letter.dunning" : "collection.letter.reminder";
    v->as_of = d->as_of_ymd;
    v->terms = reminder_terms_words(w, d->terms);
    v->status = letters_status_message(d->status);
    v->is_running = d->status == LETTERS_RUNNING || d->status == LETTERS_CONFIRMING;
    v->is_ready = d->status == LETTERS_READY;
    v->job = d->job_id;
    v->letters = d->letters;
    v->yen = d->letters_yen;
    v->left_out = d->left_out;
    v->issued = d->issue_ymd;
    v->is_mine = w->actor->user_id == d->run_by;
    v->may_confirm =
        v->is_ready && d->letters > 0 && !v->is_mine && work_may(w, RIGHT_LEVY_CONFIRM);
    v->may_drop = v->is_ready && work_may(w, RIGHT_COLLECTION_EDIT);
}

static int draft_page(struct work *w, struct request *rq, struct reply *rp,
                      struct collection_letters_draft_view *v)
{
    struct collection_draft_get_row d;
    struct html chart;
    int rc = find(w, rq, &d);
    if (rc < 0) {
        return rc;
    }
    view_draft(w, &d, v);
    html_init(&chart);
    rc = fill_reasons(w, v);
    rc = rc < 0 ? rc : fill_lines(w, rq, v);
    rc = rc < 0 ? rc : draw_chart(w, v->no, &chart);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .purpose = STR(""),
                                                      .query = d.kind,
                                                      .count = (int64_t)v->n_lines});
    v->chart = &chart;
    if (rc >= 0) {
        collection_page_letters_draft(&rp->body, rq->frame, v);
    }
    html_release(&chart);
    return rc;
}

int letters_show_draft(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_letters_draft_view v = {.no = 0};
    return draft_page(w, rq, rp, &v);
}

int letters_confirm(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_confirm_letters_form form;
    struct collection_letters_draft_view v = {.confirm_letters = &form};
    struct collection_draft_get_row d;
    struct text options;
    int rc = collection_confirm_letters_form_read(&w->cx, rq, &form);
    if (rc == OK) {
        rc = find(w, rq, &d);
        const bool differs =
            rc >= 0 && (form.letters != d.letters || form.total.n != d.letters_yen.n);
        if (differs) {
            form_problem(&w->cx, &form.state, "letters", "levy.confirm.totals_differ", NULL);
            rc = ERR_INVALID;
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return draft_page(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    text_init(&options, 512);
    text_addf(&options, "draft=%lld issue-date=", (long long)d.draft_no);
    text_add_ymd(&options, form.issue_date);
    text_addf(&options, " letters=%lld total=%lld", (long long)form.letters,
              (long long)form.total.n);
    return queue(w, rq, rp, str_is(d.kind, "dunning") ? "dunning-confirm" : "reminder-confirm",
                 &options);
}

int letters_drop(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_drop_letters_form form;
    struct collection_letters_draft_view v = {.drop_letters = &form};
    struct collection_draft_get_row d;
    int rc = collection_drop_letters_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID || (rc >= 0 && !form.sure)) {
        error_clear(&w->cx);
        if (rc >= 0) {
            form_problem(&w->cx, &form.state, "sure", "collection.draft.sure", NULL);
        }
        rp->status = 422;
        return draft_page(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &d);
    rc = rc < 0 ? rc : dunning_drop(w, d.draft_no);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/dunnings");
}
