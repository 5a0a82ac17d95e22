/* The inquiry of another section's terminal, and the media of urgent handovers. */
#include "desk/linkage/pages.h"

/* --- inquiry
 * -------------------------------------------------------------------------------------- */

/* Only the links of the terminal's own section are offered [INT-011]. */
static int inquiry_page(struct work *w, struct request *rq, struct reply *rp,
                        struct linkage_inquiry_view *v)
{
    struct linkage_links_list list;
    int rc = linkage_links(&w->cx, w->store, &list);
    struct page_option_view *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct page_option_view);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    v->section = w->actor->section.p ? w->actor->section : STR("");
    for (size_t i = 0; i < list.n; i++)
        if (str_is(list.rows[i].way, "ask") && str_equal(list.rows[i].partner, v->section))
            rows[v->n_links++] = (struct page_option_view){list.rows[i].link_no, list.rows[i].name};
    v->links = rows;
    rp->shows_nobody = !v->asked;
    linkage_page_inquiry(&rp->body, rq->frame, v);
    return OK;
}

int show_inquiry(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_inquiry_view v = {.asked = false};
    return inquiry_page(w, rq, rp, &v);
}

static int ask(struct work *w, struct linkage_ask_form *f, struct link_answer *answer)
{
    int64_t person_id = 0;
    int rc = party_person_by_no(w, f->person_no, &person_id);
    if (rc == 0)
        rc = fail(&w->cx, ERR_NOT_FOUND, "linkage.unknown_key", NULL);
    struct link_question q = {f->link, person_id, f->items, f->purpose};
    if (rc >= 0)
        rc = linkage_ask(w, &q, answer);
    return as_problem(w, &f->state, rc);
}

static int values_fill(struct work *w, const struct link_answer *a, struct linkage_inquiry_view *v)
{
    struct linkage_inquiry_values_row *rows =
        ARENA_ARRAY(w->cx.arena, a->n + 1, struct linkage_inquiry_values_row);
    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < a->n; i++)
        rows[i] = (struct linkage_inquiry_values_row){a->labels[i], a->values[i]};
    v->values = rows;
    v->n_values = a->n;
    v->asked = true;
    return OK;
}

int run_inquiry(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_ask_form form;
    struct link_answer answer = {.n = 0};
    struct linkage_inquiry_view v = {.ask = &form};
    int rc = linkage_ask_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = ask(w, &form, &answer);
    if (is_wrong(w, rp, rc))
        return inquiry_page(w, rq, rp, &v);
    v.person_no = form.person_no;
    if (rc >= 0)
        rc = values_fill(w, &answer, &v);
    return rc < 0 ? rc : inquiry_page(w, rq, rp, &v);
}

/* --- media
 * ---------------------------------------------------------------------------------------- */

static int media_page(struct work *w, struct request *rq, struct reply *rp,
                      struct linkage_media_view *v)
{
    struct linkage_mediums_list list;
    int rc = linkage_mediums(&w->cx, w->store, &list);
    struct linkage_media_media_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_media_media_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_mediums_row *m = &list.rows[i];
        rows[i] = (struct linkage_media_media_row){m->medium_no,
                                                   m->link_no,
                                                   m->purpose,
                                                   m->handed_to,
                                                   m->entered_by,
                                                   m->approved_by,
                                                   message_of(w, "linkage.medium.", m->state),
                                                   m->state_ymd};
    }
    v->media = rows;
    v->n_media = list.n;
    v->may_edit = work_may(w, RIGHT_LINK_EDIT);
    linkage_page_media(&rp->body, rq->frame, v);
    return OK;
}

int show_media(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_media_view v = {.may_edit = false};
    return media_page(w, rq, rp, &v);
}

int save_medium(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_medium_form form;
    struct linkage_media_view v = {.medium = &form};
    int rc = linkage_medium_form_read(&w->cx, rq, &form);
    struct medium_new m = {form.medium_no, form.link_no, form.handed_to, form.purpose};
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = form.purpose,
                                                 .query = form.medium_no});
    if (rc >= 0)
        rc = as_problem(w, &form.state, linkage_medium_enter(w, &m));
    if (is_wrong(w, rp, rc))
        return media_page(w, rq, rp, &v);
    return rc < 0 ? rc : go_on(rq, rp, "/linkage/media", "linkage.waits");
}

int save_settle(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_settle_form form;
    struct linkage_media_view v = {.settle = &form};
    int rc = linkage_settle_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = as_problem(w, &form.state, linkage_medium_settle(w, form.no, form.done));
    if (is_wrong(w, rp, rc))
        return media_page(w, rq, rp, &v);
    return rc < 0 ? rc : go_on(rq, rp, "/linkage/media", "linkage.saved");
}
