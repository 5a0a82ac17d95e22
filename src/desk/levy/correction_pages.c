/* A correction's draft on screen: its totals by cause, its rows, confirming and printing. */
#include "desk/levy/correction.h"
#include "desk/levy/notice.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

enum { ROWS_SHOWN = 300 };

/* --- the view --------------------------------------------------------------------------------- */

static struct yen apart(struct yen before, struct yen after)
{
    return YEN(after.n - before.n);
}

static int view_causes(struct work *w, const struct correction_totals *t,
                       struct levy_correction_view *v)
{
    static const char *const parts[LEVY_PARTS] = {"levy.part.medical", "levy.part.support",
                                                  "levy.part.care", "levy.part.child"};
    struct arena *a = w->cx.arena;
    struct levy_correction_causes_row *rows =
        ARENA_ARRAY(a, t->n_causes + 1, struct levy_correction_causes_row);
    struct levy_correction_parts_row *amounts =
        ARENA_ARRAY(a, LEVY_PARTS, struct levy_correction_parts_row);
    if (!rows || !amounts) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < t->n_causes; i++) {
        const struct cause_total *c = &t->cause[i];
        rows[i] = (struct levy_correction_causes_row){levy_cause_message(c->cause), c->n, c->before,
                                                      c->after, apart(c->before, c->after)};
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        amounts[k] = (struct levy_correction_parts_row){parts[k], t->part[k]};
    }
    v->causes = rows;
    v->n_causes = t->n_causes;
    v->parts = amounts;
    v->n_parts = LEVY_PARTS;
    return 0;
}

static int view_rows(struct work *w, const struct draft *d, struct levy_correction_view *v)
{
    struct levy_draft_correction_shown_in in = {.draft_no = d->draft_no, .n = ROWS_SHOWN};
    struct levy_draft_correction_shown_list list;
    int rc = levy_draft_correction_shown(&w->cx, w->store, &in, &list);
    struct levy_correction_rows_of_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_correction_rows_of_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_draft_correction_shown_row *r = &list.rows[i];
        rows[i] =
            (struct levy_correction_rows_of_row){.household_no = r->household_no,
                                                 .notice_no = r->decision_no,
                                                 .is_new = r->decision_no == 0,
                                                 .cause = levy_cause_message(r->cause),
                                                 .changed = r->change_ymd,
                                                 .before = r->before_yen,
                                                 .after = r->after_yen,
                                                 .difference = apart(r->before_yen, r->after_yen),
                                                 .standing = levy_reason_message(r->reason),
                                                 .is_refused = r->outcome == OUTCOME_SKIPPED ||
                                                               r->outcome == OUTCOME_FAILED};
    }
    v->rows_of = rows;
    v->n_rows_of = list.n;
    v->rows_shown = ROWS_SHOWN;
    return 0;
}

static void view_draft(struct work *w, const struct draft *d, const struct correction_totals *t,
                       struct levy_correction_view *v)
{
    char hex[65];
    digest_hex(&d->rule_hash, hex);
    hex[16] = '\0';
    v->no = d->draft_no;
    v->side = str_is(d->kind, "increase") ? "levy.side.increase" : "levy.side.decrease";
    v->year_label = levy_year_label(&w->cx, d->fiscal_year);
    v->as_of = d->as_of;
    v->issued = d->issued;
    v->status = draft_status_message(d->status);
    v->known = d->known;
    v->hash = str_copy(w->cx.arena, str_of(hex));
    v->job = d->job_id;
    v->is_running = d->status == DRAFT_RUNNING || d->status == DRAFT_CONFIRMING;
    v->is_confirmed = d->status == DRAFT_CONFIRMED;
    v->may_confirm = d->status == DRAFT_READY && d->households > 0 &&
                     work_may(w, RIGHT_LEVY_CONFIRM) && w->actor->user_id != d->run_by;
    v->may_drop = d->status == DRAFT_READY && work_may(w, RIGHT_LEVY_EDIT);
    v->may_print = work_may(w, RIGHT_PRINT);
    v->households = t->decided;
    v->before = t->before;
    v->after = t->after;
    v->difference = YEN(apart(t->before, t->after).n < 0 ? -apart(t->before, t->after).n
                                                         : apart(t->before, t->after).n);
    v->pulled = t->pulled;
    v->refused = t->refused;
    v->failed = t->failed;
}

static int chart(struct work *w, const struct levy_correction_view *v, struct html *out)
{
    struct chart_point *p = ARENA_ARRAY(w->cx.arena, v->n_causes + 1, struct chart_point);
    if (!p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < v->n_causes; i++) {
        int64_t yen = v->causes[i].difference.n;
        p[i] = (struct chart_point){message_words(v->causes[i].label), yen < 0 ? -yen : yen,
                                    INT64_MIN};
    }
    struct chart_series s = {.title = message_words("levy.chart.causes"),
                             .unit = message_words("levy.unit.yen"),
                             .first_label = STR(""),
                             .second_label = STR(""),
                             .points = p,
                             .n = v->n_causes};
    return v->n_causes ? chart_bars(out, &s) : 0;
}

static int find_draft(struct work *w, const struct request *rq, struct draft *d)
{
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    rc = rc < 0 ? rc : levy_draft_find(w, no, d);
    if (rc == 0 || (rc > 0 && !draft_is_correction(d))) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)no);
    }
    return rc;
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                struct levy_correction_view *v)
{
    struct draft d;
    struct correction_totals t;
    struct html picture;
    int rc = find_draft(w, rq, &d);
    rc = rc < 0 ? rc : correction_totals(w, d.draft_no, &t);
    if (rc < 0) {
        return rc;
    }
    view_draft(w, &d, &t, v);
    rc = view_causes(w, &t, v);
    rc = rc < 0 ? rc : view_rows(w, &d, v);
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .purpose = STR(""),
                              .query = STR("correction"),
                              .count = (int64_t)v->n_rows_of};
    rc = rc < 0 ? rc : audit_write(w, &line);
    html_init(&picture);
    rc = rc < 0 ? rc : chart(w, v, &picture);
    v->chart = &picture;
    if (rc >= 0) {
        levy_page_correction(&rp->body, rq->frame, v);
    }
    html_release(&picture);
    return rc;
}

int levy_show_correction(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_correction_view v = {0};
    return show(w, rq, rp, &v);
}

/* --- what the page does ----------------------------------------------------------------------- */

static int queue(struct work *w, struct request *rq, struct reply *rp, const char *kind,
                 struct str options)
{
    struct audit_line line = {.class = AUDIT_CHANGE,
                              .purpose = str_of(kind),
                              .query = options,
                              .count = -1};
    int rc = options.p ? audit_write(w, &line) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    return rc < 0 ? rc : reply_job(w, rq, rp, kind, options);
}

int levy_confirm_correction(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_settle_form form;
    struct draft d;
    int rc = levy_settle_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        struct levy_correction_view v = {.settle = &form};
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : find_draft(w, rq, &d);
    return rc < 0 ? rc
                  : queue(w, rq, rp, "levy-correct-confirm",
                          str_format(w->cx.arena, "draft=%lld households=%lld difference=%lld",
                                     (long long)d.draft_no, (long long)form.households,
                                     (long long)form.difference.n));
}

int levy_print_correction(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_print_form form;
    struct draft d;
    int rc = levy_print_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        struct levy_correction_view v = {.print = &form};
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : find_draft(w, rq, &d);
    if (rc < 0) {
        return rc;
    }
    struct str options = str_format(w->cx.arena, "draft=%lld", (long long)d.draft_no);
    return queue(w, rq, rp,
                 str_is(form.what, "check") ? "levy-notices-check" : "levy-change-notices",
                 options);
}

int levy_correction_decision(struct work *w, struct request *rq, struct reply *rp)
{
    struct draft d;
    struct form_data data;
    int rc = find_draft(w, rq, &d);
    struct audit_line line = {.class = AUDIT_PRINT,
                              .purpose = STR("levy-correction-decision"),
                              .query = STR(""),
                              .count = rc < 0 ? 0 : d.households};
    rc = rc < 0 ? rc : audit_write(w, &line);
    form_data_init(&data, w->cx.arena, STR(""));
    rc = rc < 0 ? rc : correction_paper(w, &d, &data);
    return rc < 0
               ? rc
               : sheet_reply(w, rp, "correction_decision", &data,
                             str_format(w->cx.arena, "correction-%lld.pdf", (long long)d.draft_no));
}
