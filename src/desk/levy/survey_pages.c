/* Pages of the surveys: how many, who, and what was done about them. */
#include "desk/levy/pages.h"
#include "desk/levy/survey.h"
#include "levy_pages.h"
#include "levy_sql.h"

#define ROWS_SHOWN 30

/* --- all kinds ---------------------------------------------------------------------------------
 */

static const char *const about[SURVEYS + 1] = {"levy.survey.0",       "levy.survey.about.1",
                                               "levy.survey.about.2", "levy.survey.about.3",
                                               "levy.survey.about.4", "levy.survey.about.5",
                                               "levy.survey.about.6"};

static int surveys_page(struct work *w, struct request *rq, struct reply *rp,
                        const struct levy_collect_form *form)
{
    struct levy_surveys_kinds_row kinds[SURVEYS];
    struct levy_surveys_view v = {.collect = form, .income_year = form->year - 1};
    const struct levy_survey_counts_in in = {.income_year = v.income_year};
    const struct levy_survey_collected_in when = {
        .options = str_format(w->cx.arena, "year=%lld", (long long)form->year)};
    struct levy_survey_counts_list counts;
    struct levy_survey_collected_row collected;
    int rc = levy_survey_counts(&w->cx, w->store, &in, &counts);
    rc = rc < 0 ? rc : levy_survey_collected(&w->cx, w->store, &when, &collected);
    if (rc < 0) {
        return rc;
    }
    for (int k = 0; k < SURVEYS; k++) {
        kinds[k] =
            (struct levy_surveys_kinds_row){k + 1, survey_message(k + 1), about[k + 1], 0, 0};
    }
    for (size_t i = 0; i < counts.n; i++) {
        struct levy_surveys_kinds_row *r = &kinds[counts.rows[i].survey - 1];
        r->done = counts.rows[i].done;
        r->open = counts.rows[i].items - r->done;
    }
    v.collected = collected.ended_us_null ? 0 : collected.ended_us;
    v.may_list = work_may(w, RIGHT_LIST);
    v.kinds = kinds;
    v.n_kinds = SURVEYS;
    levy_page_surveys(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_surveys(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_collect_form form;
    levy_collect_form_init(&form);
    int rc = request_query_number(&w->cx, rq, "year", ymd_fiscal_year(w->today), &form.year);
    return rc < 0 ? rc : surveys_page(w, rq, rp, &form);
}

int levy_run_survey(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_collect_form form;
    int64_t job = 0;
    int rc = levy_collect_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        form.year = ymd_fiscal_year(w->today);
        return surveys_page(w, rq, rp, &form);
    }
    rc = rc < 0 ? rc
                : job_queue(w, "levy-survey",
                            str_format(w->cx.arena, "year=%lld", (long long)form.year), &job);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/job/%lld", (long long)job);
}

/* --- one kind ----------------------------------------------------------------------------------
 */

static const char *source_message(int64_t source)
{
    static const char *const ids[] = {"levy.survey_source.0", "levy.survey_source.1",
                                      "levy.survey_source.2", "levy.survey_source.3",
                                      "levy.survey_source.4", "levy.survey_source.5"};
    return ids[source >= 0 && source < 6 ? source : 0];
}

static int fill_items(struct work *w, const struct levy_survey_page_list *list,
                      struct levy_survey_view *v)
{
    const size_t n = list->n < ROWS_SHOWN ? list->n : ROWS_SHOWN;
    struct levy_survey_items_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct levy_survey_items_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        const struct levy_survey_page_row *r = &list->rows[i];
        rows[i] = (struct levy_survey_items_row){.item = r->survey_item_id,
                                                 .person_no = r->person_no,
                                                 .name = r->name,
                                                 .birth = r->birth,
                                                 .household_no = r->household_no,
                                                 .source_a = source_message(r->source_a),
                                                 .source_b = source_message(r->source_b),
                                                 .income_a = r->income_a,
                                                 .income_b = r->income_b,
                                                 .other = r->other,
                                                 .note = r->note,
                                                 .done_ymd = r->done_ymd,
                                                 .done_by = r->done_by};
    }
    v->items = rows;
    v->n_items = n;
    v->more = list->n > n;
    v->after = n ? rows[n - 1].person_no : STR("");
    return 0;
}

static int audit_people(struct work *w, const struct levy_survey_view *v)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                               .purpose = STR("levy.survey"),
                                               .query = str_of(v->kind_label),
                                               .count = (int64_t)v->n_items});
}

static int fill_survey(struct work *w, const struct request *rq, struct levy_survey_view *v)
{
    const struct str after = request_query(rq, "after");
    int64_t done = 0;
    int rc = request_part_id(&w->cx, rq, 0, &v->survey);
    if (rc >= 0 && (v->survey < 1 || v->survey > SURVEYS)) {
        rc = fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    rc = rc < 0 ? rc
                : request_query_number(&w->cx, rq, "year", ymd_fiscal_year(w->today) - 1,
                                       &v->income_year);
    rc = rc < 0 ? rc : request_query_number(&w->cx, rq, "done", 0, &done);
    if (rc < 0) {
        return rc;
    }
    const struct levy_survey_page_in in = {.income_year = v->income_year,
                                           .survey = v->survey,
                                           .is_done = done != 0,
                                           .after = after.p ? after : STR(""),
                                           .n = ROWS_SHOWN + 1,
                                           .asof = w->asof};
    struct levy_survey_page_list list;
    rc = levy_survey_page(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : fill_items(w, &list, v);
    v->is_done = done != 0;
    v->kind_label = survey_message(v->survey);
    v->about = about[v->survey];
    v->has_two = v->survey == SURVEY_DIFFER;
    v->has_other = v->survey == SURVEY_TWICE || v->survey == SURVEY_INQUIRY;
    return rc < 0 ? rc : audit_people(w, v);
}

static int survey_page(struct work *w, struct request *rq, struct reply *rp,
                       struct levy_mark_form *form)
{
    struct levy_survey_view v = {.mark = form};
    int rc = fill_survey(w, rq, &v);
    if (rc < 0) {
        return rc;
    }
    form->year = v.income_year;
    form->n_row = v.n_items;
    for (size_t i = 0; i < v.n_items; i++) {
        form->row[i].item = v.items[i].item;
    }
    levy_page_survey(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_survey(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_mark_form form;
    levy_mark_form_init(&form);
    int rc = event_last(&w->cx, w->store, &form.state.read_at);
    return rc < 0 ? rc : survey_page(w, rq, rp, &form);
}

static int mark(struct work *w, const struct levy_mark_form *f, const int64_t *items, size_t n)
{
    if (n == 0) {
        return fail(&w->cx, ERR_INVALID, "levy.survey.nobody", NULL);
    }
    if (str_is(f->go, "ask")) {
        const struct survey_asked asked = {f->municipality, w->today, f->due};
        return survey_ask(w, items, n, &asked);
    }
    return str_is(f->again, "reopen") ? survey_reopen(w, items, n, f->note)
                                      : survey_mark_done(w, items, n, f->note);
}

int levy_mark_survey(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_mark_form form;
    int64_t items[ROWS_SHOWN];
    int64_t survey = 0;
    size_t n = 0;
    int rc = levy_mark_form_read(&w->cx, rq, &form);
    for (size_t i = 0; rc >= 0 && i < form.n_row; i++) {
        if (form.row[i].tick) {
            items[n++] = form.row[i].item;
        }
    }
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 0, &survey);
    rc = rc < 0 ? rc : mark(w, &form, items, n);
    if (rc == ERR_INVALID && form.state.problems.n == 0) {
        const char *message = str_c(w->cx.arena, str_of(w->cx.error.message));
        form_problem(&w->cx, &form.state, str_is(form.go, "ask") ? "municipality" : "note",
                     message ? message : "memory", NULL);
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return survey_page(w, rq, rp, &form);
    }
    return rc < 0 ? rc
                  : reply_redirect(rq, rp, "/levy/survey/%lld?year=%lld", (long long)survey,
                                   (long long)form.year);
}
