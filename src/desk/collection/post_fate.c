/* What becomes of printed documents: posted, returned, addresses looked into; and of paper bundles
 * in the hands of contractors. */
#include "collection_sql.h"
#include "desk/collection/post.h"

static int end(struct work *w, int rc)
{
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

/* --- despatch
 * ---------------------------------------------------------------------------------------- */

static int write_sent(struct work *w, int64_t event_no, struct ymd day,
                      const struct collection_post_to_despatch_list *list)
{
    struct collection_post_result *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct collection_post_result);
    int64_t id = 0;
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    const int rc = store_ids(&w->cx, w->store, (int64_t)list->n, &id);
    for (size_t i = 0; rc >= 0 && i < list->n; i++) {
        rows[i] = (struct collection_post_result){.post_result_id = id + (int64_t)i,
                                                  .post_item_id = list->rows[i].post_item_id,
                                                  .state = POST_SENT,
                                                  .result_ymd = day,
                                                  .note = STR(""),
                                                  .known_from = event_no};
    }
    return rc < 0 ? rc : collection_post_result_bulk(&w->cx, w->store, rows, list->n);
}

int post_despatch(struct work *w, int64_t batch_no, struct ymd day, int64_t count)
{
    const struct collection_post_to_despatch_in in = {batch_no};
    struct collection_post_to_despatch_list list;
    struct event e = work_event(w, "collection.despatch");
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("collection.despatch"),
                                                 .query = STR(""),
                                                 .count = count});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_post_to_despatch(&w->cx, w->store, &in, &list);
    if (rc >= 0 && (int64_t)list.n != count) {
        rc = fail(&w->cx, ERR_INVALID, "collection.post.count", "%zu", list.n);
    }
    if (rc >= 0 && list.n == 0) {
        rc = fail(&w->cx, ERR_STALE, "collection.post.nothing", NULL);
    }
    e.effective = day;
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : write_sent(w, e.no, day, &list);
    return end(w, rc);
}

/* --- one document
 * -------------------------------------------------------------------------------------- */

static int put_fate(struct work *w, const char *kind, int64_t debtor_id,
                    struct collection_post_result *row)
{
    struct event e = work_event(w, kind);
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .person_id = debtor_id,
                                                 .purpose = str_of(kind),
                                                 .query = STR(""),
                                                 .count = 1});
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    e.person_id = debtor_id;
    e.reason = row->note;
    rc = event_open(&w->cx, w->store, &e);
    row->known_from = e.no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row->post_result_id);
    rc = rc < 0 ? rc : collection_post_result_insert(&w->cx, w->store, row);
    rc = rc < 0 ? rc : work_event_tell(w, &e);
    return end(w, rc);
}

/* The newest document of the kind and number that was posted. */
int post_returned(struct work *w, const struct post_return *r)
{
    const struct collection_post_item_of_no_in in = {r->kind, r->no};
    struct collection_post_item_of_no_list list;
    int rc = collection_post_item_of_no(&w->cx, w->store, &in, &list);
    if (rc >= 0 && (r->reason < 1 || r->reason > POST_RETURN_REASONS)) {
        rc = fail(&w->cx, ERR_INVALID, "collection.returned.reason", NULL);
    }
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_post_item_of_no_row *x = &list.rows[i];
        if (x->state_null || x->state != POST_SENT) {
            continue;
        }
        struct collection_post_result row = {.post_item_id = x->post_item_id,
                                             .state = POST_RETURNED,
                                             .result_ymd = r->day,
                                             .reason = r->reason,
                                             .note = r->note.p ? r->note : STR("")};
        return put_fate(w, "collection.returned", x->debtor_id, &row);
    }
    return rc < 0
               ? rc
               : fail(&w->cx, ERR_NOT_FOUND, "collection.post.not_sent", "%lld", (long long)r->no);
}

int post_checked(struct work *w, int64_t post_item_id, struct str note)
{
    const struct collection_post_item_get_in in = {post_item_id};
    struct collection_post_item_get_row x;
    int rc = collection_post_item_get(&w->cx, w->store, &in, &x);
    if (rc == 0 || (rc > 0 && (x.state_null || x.state != POST_RETURNED))) {
        return fail(&w->cx, ERR_STALE, "collection.returned.done", NULL);
    }
    if (rc >= 0 && note.n == 0) {
        return fail(&w->cx, ERR_INVALID, "collection.hold.reason", NULL);
    }
    struct collection_post_result row = {.post_item_id = post_item_id,
                                         .state = POST_CHECKED,
                                         .result_ymd = w->today,
                                         .note = note};
    return rc < 0 ? rc : put_fate(w, "collection.address_checked", x.debtor_id, &row);
}

/* --- bundles of paper
 * ------------------------------------------------------------------------------------- */

int paper_hand_over(struct work *w, struct paper_bundle *b)
{
    struct event e = work_event(w, "collection.paper");
    struct collection_paper_batch row = {.form_kind = b->form_kind,
                                         .sheets = b->sheets,
                                         .contractor = b->contractor,
                                         .handed_ymd = b->handed,
                                         .note = b->note.p ? b->note : STR("")};
    if (b->sheets < 1 || b->form_kind.n == 0 || b->contractor.n == 0) {
        return fail(&w->cx, ERR_INVALID, "collection.paper.what", NULL);
    }
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = event_open(&w->cx, w->store, &e);
    row.known_from = e.no;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.paper_batch_id);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, STR("collection.paper"), 1, &row.batch_no);
    rc = rc < 0 ? rc : collection_paper_batch_insert(&w->cx, w->store, &row);
    b->no = row.batch_no;
    return end(w, rc);
}

int collection_paper(struct work *w, int64_t batch_no, struct paper_batch *out)
{
    const struct collection_paper_batch_get_in in = {batch_no};
    struct collection_paper_batch_get_row b;
    const int rc = collection_paper_batch_get(&w->cx, w->store, &in, &b);
    *out = (struct paper_batch){.no = batch_no};
    if (rc > 0) {
        *out =
            (struct paper_batch){batch_no, b.form_kind, b.contractor, b.handed_ymd, b.sheets, b.back};
    }
    return rc;
}

static int check_return(struct work *w, const struct collection_paper_batch_get_row *b,
                        const struct paper_return *r)
{
    if (r->report_no.n == 0) {
        return fail(&w->cx, ERR_INVALID, "collection.paper.report", NULL);
    }
    if (r->sheets < 1 || r->sheets > b->sheets - b->back) {
        return fail(&w->cx, ERR_INVALID, "collection.paper.sheets", "%lld",
                    (long long)(b->sheets - b->back));
    }
    return ymd_compare(r->day, b->handed_ymd) < 0
               ? fail(&w->cx, ERR_INVALID, "collection.paper.day", NULL)
               : OK;
}

int paper_take_back(struct work *w, int64_t batch_no, const struct paper_return *r)
{
    const struct collection_paper_batch_get_in in = {batch_no};
    struct collection_paper_batch_get_row b;
    struct event e = work_event(w, "collection.paper_return");
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = collection_paper_batch_get(&w->cx, w->store, &in, &b);
    rc = rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "collection.paper.none", "%lld", (long long)batch_no)
                 : rc;
    rc = rc < 0 ? rc : check_return(w, &b, r);
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    struct collection_paper_batch_return row = {.paper_batch_id = b.paper_batch_id,
                                                .way = r->way,
                                                .sheets = r->sheets,
                                                .returned_ymd = r->day,
                                                .report_no = r->report_no,
                                                .note = r->note.p ? r->note : STR(""),
                                                .known_from = e.no};
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.paper_return_id);
    rc = rc < 0 ? rc : collection_paper_batch_return_insert(&w->cx, w->store, &row);
    return end(w, rc);
}
