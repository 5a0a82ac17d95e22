/* The pages of the end of a year: drafts of what is carried over, and confirming one. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/closing.h"
#include "desk/collection/pages.h"

static const char *stage_message(int64_t stage)
{
    return stage == CLOSING_DRAFT        ? "collection.closing.draft"
           : stage == CLOSING_CONFIRMING ? "collection.closing.confirming"
           : stage == CLOSING_DONE       ? "collection.closing.carried"
                                         : "collection.closing.dropped";
}

int collection_show_closings(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_closings_list list;
    struct collection_closings_view v = {.may_draft = work_may(w, RIGHT_JOB_RUN)};
    const int rc = collection_closings(&w->cx, w->store, &list);
    struct collection_closings_list_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_closings_list_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct collection_closings_list_row){
            .no = list.rows[i].closing_no,
            .year_label = levy_year_label(&w->cx, (int)list.rows[i].booked_year),
            .stage = stage_message(list.rows[i].stage),
            .is_done = list.rows[i].stage == CLOSING_DONE,
            .debtors = list.rows[i].debtors,
            .instalments = list.rows[i].instalments,
            .carried = list.rows[i].carried_yen,
            .opened = list.rows[i].opened_ymd};
    v.list = rows;
    v.n_list = list.n;
    collection_page_closings(&rp->body, rq->frame, &v);
    return OK;
}

static int queue(struct work *w, struct request *rq, struct reply *rp, const char *kind,
                 struct str options)
{
    const struct audit_line line = {.class = AUDIT_CHANGE,
                                    .purpose = str_of(kind),
                                    .query = options,
                                    .count = -1};
    int rc = options.p ? audit_write(w, &line) : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    return rc < 0 ? rc : reply_job(w, rq, rp, kind, options);
}

int collection_run_closing(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_closing_form form;
    const int rc = collection_closing_form_read(&w->cx, rq, &form);

    return rc < 0 ? rc
                  : queue(w, rq, rp, "carry-draft",
                          str_format(w->cx.arena, "year=%lld", (long long)form.year));
}

static int read_closing(struct work *w, const struct request *rq,
                        struct collection_closing_by_no_row *out)
{
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);
    const struct collection_closing_by_no_in q = {no};

    rc = rc < 0 ? rc : collection_closing_by_no(&w->cx, w->store, &q, out);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.closing.none", NULL) : rc;
}

int collection_show_closing(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_closing_by_no_row r;
    struct collection_carry_form form;
    const int rc = read_closing(w, rq, &r);

    if (rc < 0)
        return rc;
    collection_carry_form_init(&form);
    form.debtors = r.debtors;
    form.yen_total = r.carried_yen.n;
    const struct collection_closing_view v = {.carry = &form,
                                              .no = r.closing_no,
                                              .year_label =
                                                  levy_year_label(&w->cx, (int)r.booked_year),
                                              .stage = stage_message(r.stage),
                                              .is_draft = r.stage == CLOSING_DRAFT,
                                              .is_done = r.stage == CLOSING_DONE,
                                              .debtors = r.debtors,
                                              .instalments = r.instalments,
                                              .carried = r.carried_yen,
                                              .opened = r.opened_ymd,
                                              .may_confirm = work_may(w, RIGHT_LEVY_CONFIRM) &&
                                                             r.officer != w->actor->user_id};
    collection_page_closing(&rp->body, rq->frame, &v);
    return OK;
}

int collection_confirm_closing(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_carry_form form;
    struct collection_closing_by_no_row r;
    int rc = collection_carry_form_read(&w->cx, rq, &form);

    rc = rc < 0 ? rc : read_closing(w, rq, &r);
    return rc < 0 ? rc
                  : queue(w, rq, rp, "carry-confirm",
                          str_format(w->cx.arena, "closing=%lld debtors=%lld yen=%lld",
                                     (long long)r.closing_no, (long long)form.debtors,
                                     (long long)form.yen_total));
}
