/* Pages of payment notices on paper: batches, and the two keyings of one. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/debit_letter.h"
#include "desk/collection/debit_pages.h"
#include "desk/collection/keyed.h"

enum { BATCHES_SHOWN = 60 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static const char *state_message(int64_t state)
{
    static const char *const ids[] = {"collection.keyed.state.4", "collection.keyed.state.1",
                                      "collection.keyed.state.2", "collection.keyed.state.3",
                                      "collection.keyed.state.4"};
    return ids[state >= KEYED_FIRST && state <= KEYED_DROPPED ? state : 0];
}

static bool is_clerks_error(int rc)
{
    return rc == ERR_INVALID || rc == ERR_DUPLICATE || rc == ERR_DENIED || rc == ERR_STALE;
}

/* --- batches ------------------------------------------------------------------------------------
 */

static int show_work(struct work *w, struct request *rq, struct reply *rp,
                     struct collection_keyed_cover_form *form)
{
    const struct collection_keyed_batches_in q = {BATCHES_SHOWN};
    struct collection_keyed_batches_list list;
    struct collection_keyed_work_view v = {.keyed_cover = form};
    const int rc = collection_keyed_batches(&w->cx, w->store, &q, &list);
    struct collection_keyed_work_batches_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_keyed_work_batches_row);

    if (!rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_keyed_batches_row *r = &list.rows[i];
        rows[i] =
            (struct collection_keyed_work_batches_row){.no = r->batch_no,
                                                       .channel = channel_message((int)r->channel),
                                                       .place = r->place,
                                                       .accounting = r->accounting_ymd,
                                                       .slips = r->slips,
                                                       .total = r->total_yen,
                                                       .status = state_message(r->state),
                                                       .is_open = r->state < KEYED_RELEASED};
    }
    v.batches = rows;
    v.n_batches = list.n;
    collection_page_keyed_work(&rp->body, rq->frame, &v);
    return OK;
}

int keyed_show_work(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_keyed_cover_form form;

    collection_keyed_cover_form_init(&form);
    form.accounting = w->today;
    return show_work(w, rq, rp, &form);
}

static int audit_change(struct work *w, int64_t count)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                               .purpose = STR("collection.keyed"),
                                               .query = STR(""),
                                               .count = count});
}

static int open_batch(struct work *w, const struct collection_keyed_cover_form *form, int64_t *no)
{
    const struct keyed_cover c = {str_is(form->channel, "post") ? CHANNEL_POST : CHANNEL_BANK,
                                  form->place, form->accounting, form->slips, form->total};
    int rc = audit_change(w, form->slips);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = keyed_open(w, &c, no);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int keyed_save_cover(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_keyed_cover_form form;
    int64_t no = 0;
    int rc = collection_keyed_cover_form_read(&w->cx, rq, &form);

    if (rc >= 0) {
        rc = open_batch(w, &form, &no);
        if (rc == ERR_INVALID) {
            const struct str message = str_copy(w->cx.arena, str_of(w->cx.error.message));
            error_clear(&w->cx);
            form_problem(&w->cx, &form.state, "accounting", message.p, NULL);
        }
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_work(w, rq, rp, &form);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/keyed/%lld", (long long)no);
}

/* --- one batch ----------------------------------------------------------------------------------
 */

static const struct keyed_line *line_of(const struct keyed_line *rows, size_t n, int64_t line)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].line == line)
            return &rows[i];
    }
    return NULL;
}

static struct collection_keyed_batch_differences_row
different(struct work *w, const struct keyed_line *l, const char *who)
{
    return (
        struct collection_keyed_batch_differences_row){.line = l->line,
                                                       .who = who,
                                                       .year_label =
                                                           levy_year_label(&w->cx, l->levy_year),
                                                       .notice = l->notice_no,
                                                       .term = levy_instalment_label(w, l->number),
                                                       .yen = l->yen,
                                                       .late = l->late,
                                                       .fee = l->fee,
                                                       .paid = l->paid};
}

/* What both have keyed and do not agree on: before the second is at it there is nothing to say. */
static int fill_differences(struct work *w, const struct keyed_batch *b,
                            struct collection_keyed_batch_view *v)
{
    struct collection_keyed_batch_differences_row *rows =
        ARENA_ARRAY(w->cx.arena, 2 * b->n_different + 1,
                    struct collection_keyed_batch_differences_row);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < b->n_different; i++) {
        const struct keyed_line *x = line_of(b->first, b->n_first, b->different[i]),
                                *y = line_of(b->second, b->n_second, b->different[i]);
        if (!x || !y)
            continue;
        rows[v->n_differences++] = different(w, x, "collection.keyed.pass.1");
        rows[v->n_differences++] = different(w, y, "collection.keyed.pass.2");
    }
    v->differences = rows;
    return OK;
}

/* Nobody sees what the other has keyed before he has keyed it himself. */
static int fill_mine(struct work *w, const struct keyed_batch *b,
                     struct collection_keyed_batch_view *v)
{
    const bool is_first = w->actor->user_id == b->first_by;
    const struct keyed_line *from = is_first ? b->first : b->second;
    const size_t n = is_first ? b->n_first : b->n_second;
    struct collection_keyed_batch_mine_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct collection_keyed_batch_mine_row);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < n; i++)
        rows[i] =
            (struct collection_keyed_batch_mine_row){.line = from[i].line,
                                                     .year_label =
                                                         levy_year_label(&w->cx, from[i].levy_year),
                                                     .notice = from[i].notice_no,
                                                     .term =
                                                         levy_instalment_label(w, from[i].number),
                                                     .yen = from[i].yen,
                                                     .late = from[i].late,
                                                     .fee = from[i].fee,
                                                     .paid = from[i].paid};
    v->mine = rows;
    v->n_mine = n;
    v->keyed = (int64_t)n;
    v->is_first = is_first;
    v->is_second = !is_first;
    v->may_key = (int64_t)n < b->cover.slips || v->n_differences > 0;
    v->is_waiting = is_first && b->state == KEYED_FIRST && !v->may_key;
    return OK;
}

static int batch_of(struct work *w, const struct request *rq, struct keyed_batch *b)
{
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);

    rc = rc < 0 ? rc : keyed_find(w, no, b);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.keyed.none", NULL);
    return rc < 0 ? rc
                  : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                        .purpose = STR("collection.keyed"),
                                                        .query = STR(""),
                                                        .count = b->cover.slips});
}

static int show_batch(struct work *w, struct request *rq, struct reply *rp,
                      struct collection_keyed_line_form *line,
                      struct collection_keyed_close_form *closing)
{
    struct keyed_batch b;
    struct collection_keyed_line_form next;
    int rc = batch_of(w, rq, &b);

    if (rc < 0)
        return rc;
    struct collection_keyed_batch_view v = {.no = b.no,
                                            .channel = channel_message(b.cover.channel),
                                            .place = b.cover.place,
                                            .accounting = b.cover.accounting,
                                            .slips = b.cover.slips,
                                            .total = b.cover.total,
                                            .status = state_message(b.state),
                                            .is_open = b.state < KEYED_RELEASED,
                                            .n_first = (int64_t)b.n_first,
                                            .n_second = (int64_t)b.n_second,
                                            .first_total = b.first_total,
                                            .may_close = work_may(w, RIGHT_COLLECTION_EDIT),
                                            .keyed_close = closing};
    rc = fill_differences(w, &b, &v);
    rc = rc < 0 ? rc : fill_mine(w, &b, &v);
    if (rc < 0)
        return rc;
    collection_keyed_line_form_init(&next);
    next.line = v.keyed + 1;
    next.year = ymd_fiscal_year(w->today);
    next.paid = b.cover.accounting;
    next.state.focus = "notice";
    v.keyed_line = line ? line : &next;
    collection_page_keyed_batch(&rp->body, rq->frame, &v);
    return OK;
}

int keyed_show_batch(struct work *w, struct request *rq, struct reply *rp)
{
    return show_batch(w, rq, rp, NULL, NULL);
}

static struct yen or_zero(struct yen y)
{
    return y.n == FORM_ABSENT ? YEN(0) : y;
}

static int save_line(struct work *w, int64_t no, const struct collection_keyed_line_form *form)
{
    const struct keyed_line l = {form->line,         (int)form->year, form->notice,
                                 (int)form->number,  form->yen,       or_zero(form->late),
                                 or_zero(form->fee), form->paid};
    int rc = audit_change(w, 1);

    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = str_is(form->go, "settle") ? keyed_settle(w, no, &l) : keyed_add(w, no, &l);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int problem(struct work *w, struct form_state *state, const char *field)
{
    const struct str message = str_copy(w->cx.arena, str_of(w->cx.error.message));
    const struct str facts = str_copy(w->cx.arena, str_of(w->cx.error.facts));

    error_clear(&w->cx);
    form_problem(&w->cx, state, field, message.p, facts.p);
    return ERR_INVALID;
}

int keyed_save_line(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_keyed_line_form form;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);

    rc = rc < 0 ? rc : collection_keyed_line_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        rc = save_line(w, no, &form);
        rc = is_clerks_error(rc) ? problem(w, &form.state, "line") : rc;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_batch(w, rq, rp, &form, NULL);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/keyed/%lld", (long long)no);
}

static int close_batch(struct work *w, int64_t no, bool is_release)
{
    struct event e = work_event(w, "collection.keyed");
    struct receipt_counts counts;
    int rc = audit_change(w, 1);

    e.source = STR("bank");
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = is_release ? event_open(&w->cx, w->store, &e) : OK;
    if (rc >= 0)
        rc = is_release ? keyed_release(w, e.no, no, &counts) : keyed_drop(w, no);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int keyed_save_close(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_keyed_close_form form;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &no);

    rc = rc < 0 ? rc : collection_keyed_close_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        rc = close_batch(w, no, str_is(form.go, "release"));
        rc = is_clerks_error(rc) ? problem(w, &form.state, "go") : rc;
    }
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show_batch(w, rq, rp, NULL, &form);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/collection/keyed/%lld", (long long)no);
}
