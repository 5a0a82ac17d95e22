/* What came in: the day table, files, months against last year; the error list and settling. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/pages.h"

#include <stdio.h>
#include <stdlib.h>

enum { FILES_SHOWN = 30, ERRORS_SHOWN = 100, EXPECTED_DAYS = 7 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* Preliminary notices older than this should have been confirmed. */
static struct ymd expected_before(const struct work *w)
{
    return ymd_add(w->today, -EXPECTED_DAYS);
}

/* --- the day ------------------------------------------------------------------------------------
 */

static int view_day(struct work *w, struct collection_receipts_view *v)
{
    const struct collection_day_table_in q = {v->day};
    struct collection_day_table_list list;
    const int rc = collection_day_table(&w->cx, w->store, &q, &list);
    struct collection_receipts_lines_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_receipts_lines_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_day_table_row *r = &list.rows[i];
        rows[i] =
            (struct collection_receipts_lines_row){.channel = channel_message((int)r->channel),
                                                   .posted = r->posted,
                                                   .posted_yen = r->posted_yen,
                                                   .held = r->held,
                                                   .held_yen = r->held_yen,
                                                   .total = r->posted + r->held,
                                                   .total_yen =
                                                       yen_add(r->posted_yen, r->held_yen)};
        v->posted_all = yen_add(v->posted_all, r->posted_yen);
        v->held_all = yen_add(v->held_all, r->held_yen);
    }
    v->told_all = yen_add(v->posted_all, v->held_all);
    v->lines = rows;
    v->n_lines = list.n;
    return OK;
}

static int view_files(struct work *w, struct collection_receipts_view *v)
{
    const struct collection_receipt_files_newest_in q = {FILES_SHOWN};
    struct collection_receipt_files_newest_list list;
    const int rc = collection_receipt_files_newest(&w->cx, w->store, &q, &list);
    struct collection_receipts_files_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_receipts_files_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_receipt_files_newest_row *r = &list.rows[i];
        rows[i] =
            (struct collection_receipts_files_row){.name = r->file_name,
                                                   .channel = channel_message((int)r->channel),
                                                   .records = r->records,
                                                   .total = r->total_yen,
                                                   .posted = r->posted,
                                                   .held = r->held,
                                                   .expected = r->expected,
                                                   .taken = r->taken_ymd};
    }
    v->files = rows;
    v->n_files = list.n;
    return OK;
}

static int64_t sum_of(const struct collection_month_sums_list *list, int year, int month)
{
    char text[8];

    (void)snprintf(text, sizeof text, "%04d-%02d", year, month);
    for (size_t i = 0; i < list->n; i++) {
        if (str_is(list->rows[i].month, text))
            return list->rows[i].yen.n;
    }
    return 0;
}

static int view_months(struct work *w, struct collection_receipts_view *v, struct html *chart)
{
    const int year = ymd_fiscal_year(v->day);
    const struct collection_month_sums_in q = {ymd_of(year - 1, 4, 1), ymd_of(year + 1, 4, 1)};
    struct collection_month_sums_list list;
    struct chart_point points[12];
    const struct message *named = message_find("collection.chart.month");
    const char *suffix = named ? named->text : "";
    int rc = collection_month_sums(&w->cx, w->store, &q, &list);

    for (int i = 0; rc >= 0 && i < 12; i++) {
        const int month = 1 + (3 + i) % 12;
        const int ahead = month < 4;
        points[i] = (struct chart_point){str_format(w->cx.arena, "%d%s", month, suffix),
                                         sum_of(&list, year + ahead, month) / 1000,
                                         sum_of(&list, year - 1 + ahead, month) / 1000};
    }
    const struct message *title = message_find("collection.chart.months");
    const struct message *unit = message_find("collection.chart.unit");
    const struct chart_series s = {.title = title ? str_of(title->text) : STR(""),
                                   .unit = unit ? str_of(unit->text) : STR(""),
                                   .first_label = levy_year_label(&w->cx, year),
                                   .second_label = levy_year_label(&w->cx, year - 1),
                                   .points = points,
                                   .n = 12};
    v->months = chart;
    return rc < 0 ? rc : chart_bars(chart, &s);
}

static int view_held(struct work *w, struct collection_receipts_view *v)
{
    const struct collection_receipts_held_sum_in q = {expected_before(w)};
    struct collection_receipts_held_sum_list list;
    const int rc = collection_receipts_held_sum(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (list.rows[i].outcome == OUTCOME_HELD) {
            v->held += list.rows[i].n;
            v->held_yen = yen_add(v->held_yen, list.rows[i].yen);
        } else {
            v->late_expected += list.rows[i].n;
        }
    }
    return rc;
}

int collection_show_receipts(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_daytable_form form;
    struct html chart;
    int rc = collection_daytable_form_read(&w->cx, rq, &form);

    if (rc < 0)
        return rc;
    const struct ymd day = ymd_is_none(form.day) ? w->today : form.day;
    struct collection_receipts_view v = {.day = day,
                                         .year_label =
                                             levy_year_label(&w->cx, ymd_fiscal_year(day))};
    form.day = day;
    v.daytable = &form;
    html_init(&chart);
    rc = view_held(w, &v);
    rc = rc < 0 ? rc : view_day(w, &v);
    rc = rc < 0 ? rc : view_files(w, &v);
    rc = rc < 0 ? rc : view_months(w, &v, &chart);
    if (rc >= 0)
        collection_page_receipts(&rp->body, rq->frame, &v);
    html_release(&chart);
    return rc;
}

/* --- the error list -----------------------------------------------------------------------------
 */

static int view_sums(struct work *w, struct collection_errors_view *v)
{
    const struct collection_receipts_held_sum_in q = {expected_before(w)};
    struct collection_receipts_held_sum_list list;
    const int rc = collection_receipts_held_sum(&w->cx, w->store, &q, &list);
    struct collection_errors_sums_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_errors_sums_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] =
            (struct collection_errors_sums_row){list.rows[i].outcome == OUTCOME_EXPECTED
                                                    ? "collection.reason.unconfirmed"
                                                    : receipt_reason_message(list.rows[i].reason),
                                                list.rows[i].n, list.rows[i].yen};
    v->sums = rows;
    v->n_sums = list.n;
    return OK;
}

static struct collection_errors_list_row error_row(const struct collection_receipts_held_row *r)
{
    return (struct collection_errors_list_row){.id = r->receipt_id,
                                               .channel = channel_message((int)r->channel),
                                               .levy_year = r->levy_year,
                                               .notice_no = r->notice_no,
                                               .period = r->number,
                                               .yen = YEN(r->yen.n + r->late_yen.n + r->fee_yen.n),
                                               .paid = r->paid_ymd,
                                               .accounting = r->accounting_ymd,
                                               .place = r->place,
                                               .reason = r->outcome == OUTCOME_EXPECTED
                                                             ? "collection.reason.unconfirmed"
                                                             : receipt_reason_message(r->reason),
                                               .file = r->file_name,
                                               .line = r->line};
}

int collection_show_errors(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_errors_view v = {.more = 0};
    struct collection_receipts_held_list list = {NULL, 0};
    int64_t after = 0;
    int rc = request_query_number(&w->cx, rq, "after", 0, &after);
    const struct collection_receipts_held_in q = {after, expected_before(w), ERRORS_SHOWN + 1};

    rc = rc < 0 ? rc : view_sums(w, &v);
    rc = rc < 0 ? rc : collection_receipts_held(&w->cx, w->store, &q, &list);
    struct collection_errors_list_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_errors_list_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    const struct audit_line line = {.class = AUDIT_INQUIRY,
                                    .purpose = STR("collection.errors"),
                                    .query = STR(""),
                                    .count = (int64_t)list.n};
    rc = audit_write(w, &line);
    for (size_t i = 0; i < list.n && i < ERRORS_SHOWN; i++)
        rows[v.n_list++] = error_row(&list.rows[i]);
    v.more = list.n > ERRORS_SHOWN ? list.rows[ERRORS_SHOWN - 1].receipt_id : 0;
    v.list = rows;
    if (rc >= 0)
        collection_page_errors(&rp->body, rq->frame, &v);
    return rc;
}

/* --- one of them --------------------------------------------------------------------------------
 */

static int view_account(struct work *w, int levy_year, int64_t notice_no,
                        struct collection_error_view *v)
{
    struct liability_account a;
    struct person p;
    int rc = collection_by_notice(w, levy_year, notice_no, &a);

    v->debtor = STR("");
    v->debtor_link = STR("");
    if (rc <= 0)
        return rc;
    rc = party_person(w, a.liability.debtor_id, &p);
    struct collection_error_instalments_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, a.n + 1, struct collection_error_instalments_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < a.n; i++)
        rows[i] =
            (struct collection_error_instalments_row){levy_instalment_label(w, a.rows[i].number),
                                                      a.rows[i].due, a.rows[i].charged,
                                                      a.rows[i].balance,
                                                      instalment_state_message(a.rows[i].state)};
    v->instalments = rows;
    v->n_instalments = a.n;
    v->debtor = p.name;
    v->debtor_link = str_format(w->cx.arena, "/collection/debtor/" STR_FMT, STR_ARG(p.person_no));
    return OK;
}

static const char *stage_message(int64_t stage)
{
    return stage == STAGE_EXPECTED    ? "collection.stage.expected"
           : stage == STAGE_CANCELLED ? "collection.stage.cancelled"
                                      : "collection.stage.final";
}

static int show_error(struct work *w, struct request *rq, struct reply *rp, int64_t id,
                      struct collection_settle_form *form)
{
    const struct collection_receipt_by_id_in q = {id};
    struct collection_receipt_by_id_row r;
    struct collection_settle_form fresh;
    int rc = collection_receipt_by_id(&w->cx, w->store, &q, &r);

    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "collection.settle.none", NULL);
    collection_settle_form_init(&fresh);
    fresh.go = r.stage == STAGE_FINAL ? STR("post") : STR("return");
    fresh.levy_year = r.levy_year;
    fresh.notice_no = r.notice_no;
    fresh.instalment = r.number;
    fresh.late = r.late_yen;
    fresh.fee = r.fee_yen;
    struct collection_error_view v = {
        .settle = form ? form : &fresh,
        .id = id,
        .reason = r.outcome == OUTCOME_EXPECTED ? "collection.reason.unconfirmed"
                                                : receipt_reason_message(r.reason),
        .channel = channel_message((int)r.channel),
        .stage = stage_message(r.stage),
        .paid = r.paid_ymd,
        .accounting = r.accounting_ymd,
        .place = r.place,
        .raw_key = r.raw_key,
        .file = r.file_name,
        .line = r.line,
        .levy_year = r.levy_year,
        .notice_no = r.notice_no,
        .period = r.number,
        .yen = YEN(r.yen.n + r.late_yen.n + r.fee_yen.n),
        .late = r.late_yen,
        .fee = r.fee_yen,
        .is_open = r.state_null && (r.outcome == OUTCOME_HELD || r.outcome == OUTCOME_EXPECTED),
        .treated = receipt_state_message(r.outcome, r.state_null ? 0 : r.state),
        .treated_on = r.treated_ymd,
        .treatment = r.treatment.p ? r.treatment : STR(""),
        .may_edit = work_may(w, RIGHT_COLLECTION_EDIT)};
    const struct audit_line line = {.class = AUDIT_INQUIRY,
                                    .purpose = STR("collection.errors"),
                                    .query = STR(""),
                                    .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : view_account(w, (int)r.levy_year, r.notice_no, &v);
    if (rc >= 0)
        collection_page_error(&rp->body, rq->frame, &v);
    return rc;
}

int collection_show_error(struct work *w, struct request *rq, struct reply *rp)
{
    int64_t id = 0;
    const int rc = request_part_id(&w->cx, rq, 0, &id);

    return rc < 0 ? rc : show_error(w, rq, rp, id, NULL);
}

static int64_t or_zero(int64_t value)
{
    return value == FORM_ABSENT ? 0 : value;
}

static int settle(struct work *w, int64_t id, const struct collection_settle_form *f)
{
    struct event e = work_event(w, "collection.settle");
    const struct receipt_settling s = {.receipt_id = id,
                                       .state = str_is(f->go, "post") ? TREATED_POSTED
                                                                      : TREATED_RETURNED,
                                       .levy_year = (int)or_zero(f->levy_year),
                                       .notice_no = or_zero(f->notice_no),
                                       .number = (int)or_zero(f->instalment),
                                       .late = YEN(or_zero(f->late.n)),
                                       .fee = YEN(or_zero(f->fee.n)),
                                       .reason = f->reason};
    const struct audit_line line = {.class = AUDIT_CHANGE,
                                    .purpose = STR("collection.settle"),
                                    .query = STR(""),
                                    .count = 1};

    e.reason = f->reason;
    int rc = audit_write(w, &line);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : receipt_settle(w, e.no, &s);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int collection_save_settle(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_settle_form form;
    int64_t id = 0;
    int rc = collection_settle_form_read(&w->cx, rq, &form);
    const bool is_wrong = rc == ERR_INVALID;

    if (rc < 0 && !is_wrong)
        return rc;
    error_clear(&w->cx);
    rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0 && is_wrong) {
        rp->status = 422;
        return show_error(w, rq, rp, id, &form);
    }
    rc = rc < 0 ? rc : settle(w, id, &form);
    if (rc == ERR_NOT_FOUND || rc == ERR_INVALID) {
        form_problem(&w->cx, &form.state, "notice_no", w->cx.error.message, NULL);
        error_clear(&w->cx);
        rp->status = 422;
        return show_error(w, rq, rp, id, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = message_words("collection.settle.saved");
    return reply_redirect(rq, rp, "/collection/errors");
}
