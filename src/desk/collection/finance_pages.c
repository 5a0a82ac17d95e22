/* What the finance system is told, on screen: a day by channel, the files that went, the split. */
#include "collection_pages.h"
#include "desk/collection/refund_page.h"

enum { FILES_SHOWN = 30 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- viewing ------------------------------------------------------------------------------------
 */

static int draw(struct work *w, const struct collection_finance_by_channel_list *list,
                struct html *out)
{
    struct chart_point *p = ARENA_ARRAY(w->cx.arena, list->n + 1, struct chart_point);

    if (!p)
        return no_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        p[i].label = message_words(channel_message((int)list->rows[i].channel));
        p[i].value = list->rows[i].posted_yen.n;
        p[i].second = list->rows[i].unposted_yen.n;
    }
    const struct chart_series s = {.title = message_words("collection.finance.chart"),
                                   .unit = message_words("collection.finance.unit"),
                                   .first_label = message_words("collection.finance.posted"),
                                   .second_label = message_words("collection.finance.unposted"),
                                   .points = p,
                                   .n = list->n};
    return list->n > 0 ? chart_bars(out, &s) : OK;
}

static int view_channels(struct work *w, struct ymd day, struct html *chart,
                         struct collection_finance_view *v)
{
    const struct collection_finance_by_channel_in q = {day};
    struct collection_finance_by_channel_list list;
    const int rc = collection_finance_by_channel(&w->cx, w->store, &q, &list);
    struct collection_finance_channels_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_finance_channels_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_finance_by_channel_row *r = &list.rows[i];
        rows[i] = (struct collection_finance_channels_row){channel_message((int)r->channel), r->n,
                                                           r->posted_yen, r->unposted_yen};
        v->posted = yen_add(v->posted, r->posted_yen);
        v->unposted = yen_add(v->unposted, r->unposted_yen);
    }
    v->told = yen_add(v->posted, v->unposted);
    v->channels = rows;
    v->n_channels = list.n;
    return draw(w, &list, chart);
}

static int view_files(struct work *w, struct collection_finance_view *v)
{
    const struct collection_finance_files_newest_in q = {FILES_SHOWN};
    struct collection_finance_files_newest_list list;
    const int rc = collection_finance_files_newest(&w->cx, w->store, &q, &list);
    struct collection_finance_files_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_finance_files_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_finance_files_newest_row *f = &list.rows[i];
        const bool is_day = str_is(f->kind, "day");
        rows[i] =
            (struct collection_finance_files_row){.no = f->file_no,
                                                  .kind = is_day ? "collection.finance.kind_day"
                                                                 : "collection.finance.kind_orders",
                                                  .is_day = is_day,
                                                  .day = f->day_ymd,
                                                  .part = f->part,
                                                  .name = f->file_name,
                                                  .records = f->records,
                                                  .received = f->receipt_yen,
                                                  .appropriated = f->appropriated_yen,
                                                  .refunded =
                                                      yen_add(f->refund_yen, f->interest_yen)};
    }
    v->files = rows;
    v->n_files = list.n;
    return OK;
}

static int view_splits(struct work *w, struct collection_finance_view *v)
{
    static const char *const parts[] = {"collection.part.1", "collection.part.2",
                                        "collection.part.3", "collection.part.4"};
    struct collection_income_split_now_list list;
    const int rc = collection_income_split_now(&w->cx, w->store, &list);
    struct collection_finance_splits_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_finance_splits_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct collection_finance_splits_row){parts[(list.rows[i].part - 1) & 3],
                                                         list.rows[i].from_month,
                                                         list.rows[i].retired_ppm};
    v->splits = rows;
    v->n_splits = list.n;
    return OK;
}

static int day_of(struct work *w, const struct request *rq, struct ymd *day)
{
    return ymd_parse(rq->part[0], day) ? OK
                                       : fail(&w->cx, ERR_NOT_FOUND, "collection.refund.day",
                                              STR_FMT, STR_ARG(rq->part[0]));
}

static int show(struct work *w, struct request *rq, struct reply *rp, struct ymd day,
                struct collection_finance_view *v)
{
    struct collection_finance_do_form todo;
    struct collection_finance_again_form repeat;
    struct collection_split_form split;
    struct html chart;

    collection_finance_do_form_init(&todo);
    collection_finance_again_form_init(&repeat);
    collection_split_form_init(&split);
    split.from = ymd_month(w->today);
    v->finance_do = v->finance_do ? v->finance_do : &todo;
    v->finance_again = v->finance_again ? v->finance_again : &repeat;
    v->split = v->split ? v->split : &split;
    v->day = day;
    v->before = ymd_add(day, -1);
    v->after = ymd_add(day, 1);
    v->may_run = work_may(w, RIGHT_JOB_RUN);
    v->may_edit = work_may(w, RIGHT_COLLECTION_EDIT);
    html_init(&chart);
    int rc = view_channels(w, day, &chart, v);
    v->chart = &chart;
    rc = rc < 0 ? rc : view_files(w, v);
    rc = rc < 0 ? rc : view_splits(w, v);
    if (rc >= 0)
        collection_page_finance(&rp->body, rq->frame, v);
    html_release(&chart);
    return rc < 0 ? rc : OK;
}

int finance_show_today(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_finance_view v = {0};
    return show(w, rq, rp, w->today, &v);
}

int finance_show_day(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_finance_view v = {0};
    struct ymd day;
    const int rc = day_of(w, rq, &day);
    return rc < 0 ? rc : show(w, rq, rp, day, &v);
}

/* --- doing --------------------------------------------------------------------------------------
 */

int finance_run(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_finance_do_form f;
    struct collection_finance_view v = {.finance_do = &f};
    struct ymd day;
    char text[11];
    int rc = day_of(w, rq, &day);

    rc = rc < 0 ? rc : collection_finance_do_form_read(&w->cx, rq, &f);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, day, &v);
    }
    if (rc < 0)
        return rc;
    ymd_format(day, text);
    return str_is(f.what, "day")
               ? reply_job(w, rq, rp, "finance-send", str_format(w->cx.arena, "day=%s", text))
           : str_is(f.what, "orders") ? reply_job(w, rq, rp, "finance-orders", STR(""))
                                      : reply_job(w, rq, rp, "refund-transfers", STR(""));
}

int finance_run_again(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_finance_again_form f;
    struct collection_finance_view v = {.finance_again = &f};
    struct ymd day;
    int rc = day_of(w, rq, &day);

    rc = rc < 0 ? rc : collection_finance_again_form_read(&w->cx, rq, &f);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, day, &v);
    }
    return rc < 0 ? rc
                  : reply_job(w, rq, rp, "finance-send",
                              str_format(w->cx.arena, "file=%lld", (long long)f.file_no));
}

int finance_save_split(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_split_form f;
    struct collection_finance_view v = {.split = &f};
    struct ymd day;
    int64_t part = 0;
    int rc = day_of(w, rq, &day);

    rc = rc < 0 ? rc : collection_split_form_read(&w->cx, rq, &f);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, day, &v);
    }
    (void)(rc >= 0 && str_to_int(f.part, &part));
    rc = rc < 0 ? rc : income_split_enter(w, (int)part, f.from, f.ppm);
    if (rc < 0)
        return rc;
    rp->notice = message_words(rc > 0 ? "collection.refund.waits" : "collection.refund.done");
    return reply_redirect(rq, rp, "/collection/finance");
}
