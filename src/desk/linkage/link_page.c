/* One link: what it is open for, who applied, which systems connect, what went. */
#include "desk/linkage/pages.h"

enum { SHOWN = 50 };

static int columns_fill(struct work *w, const struct linkage_link_by_no_row *l,
                        struct linkage_link_view *v)
{
    struct columns columns = {.n = 0};
    struct linkage_open_items_list open;
    struct linkage_open_items_in in = {l->link_no, {w->today, KNOWN_NOW}};
    const struct layout *layout = layout_find(l->layout);
    int rc = layout ? layout_columns(&w->cx, layout, &columns) : OK;
    if (rc >= 0)
        rc = linkage_open_items(&w->cx, w->store, &in, &open);
    struct linkage_link_columns_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, columns.n + 1, struct linkage_link_columns_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < columns.n; i++) {
        rows[i] =
            (struct linkage_link_columns_row){columns.rows[i].id, columns.rows[i].name, false};
        for (size_t k = 0; k < open.n; k++)
            rows[i].open = rows[i].open || word_in(open.rows[k].items, ',', columns.rows[i].id);
    }
    v->columns = rows;
    v->n_columns = columns.n;
    return OK;
}

static int uses_fill(struct work *w, struct str link_no, struct linkage_link_view *v)
{
    struct linkage_uses_list list;
    int rc = linkage_uses(&w->cx, w->store, &(struct linkage_uses_in){link_no}, &list);
    struct linkage_link_uses_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_link_uses_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_uses_row *u = &list.rows[i];
        rows[i] = (struct linkage_link_uses_row){u->use_no,      u->applicant,  u->purpose,
                                                 u->items,       u->law,        u->entered_by,
                                                 u->approved_by, u->valid_from, u->valid_to};
    }
    v->uses = rows;
    v->n_uses = list.n;
    return OK;
}

static int systems_fill(struct work *w, struct str link_no, struct linkage_link_view *v)
{
    struct linkage_systems_list list;
    int rc = linkage_systems(&w->cx, w->store, &(struct linkage_systems_in){link_no}, &list);
    struct linkage_link_systems_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_link_systems_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] =
            (struct linkage_link_systems_row){list.rows[i].system_no,
                                              message_of(w, "linkage.system.", list.rows[i].kind),
                                              list.rows[i].name, list.rows[i].valid_from};
    v->systems = rows;
    v->n_systems = list.n;
    return OK;
}

static int transfers_fill(struct work *w, struct str link_no, struct linkage_link_view *v)
{
    struct linkage_transfers_list list;
    struct linkage_transfers_in in = {link_no, false, SHOWN};
    int rc = linkage_transfers(&w->cx, w->store, &in, &list);
    struct linkage_link_transfers_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_link_transfers_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_transfers_row *t = &list.rows[i];
        rows[i] = (struct linkage_link_transfers_row){
            .at = t->at_us,
            .way = message_of(w, "linkage.way.", t->way),
            .source = t->source,
            .target = t->target,
            .items = t->items,
            .people = t->people,
            .user = t->user_name,
            .result = message_of(w, "linkage.result.", t->result),
            .reason = t->reason.n > 0 ? message_of(w, "", t->reason) : NULL};
    }
    v->transfers = rows;
    v->n_transfers = list.n;
    return OK;
}

static int link_fill(struct work *w, struct str link_no, struct linkage_link_view *v)
{
    struct linkage_link_by_no_row l;
    int found = linkage_link_by_no(&w->cx, w->store, &(struct linkage_link_by_no_in){link_no}, &l);
    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "linkage.unknown_link", NULL);
    v->link_no = l.link_no;
    v->name = l.name;
    v->way = message_of(w, "linkage.way.", l.way);
    v->partner = receiver_name(w, l.provision);
    v->purpose = l.purpose;
    v->provision = l.provision;
    v->law = l.law;
    v->layout = l.layout;
    v->from = l.valid_from;
    v->to = l.valid_to;
    v->may_edit = work_may(w, RIGHT_LINK_EDIT);
    int rc = columns_fill(w, &l, v);
    if (rc >= 0)
        rc = uses_fill(w, link_no, v);
    if (rc >= 0)
        rc = systems_fill(w, link_no, v);
    return rc < 0 ? rc : transfers_fill(w, link_no, v);
}

static int link_page(struct work *w, struct request *rq, struct reply *rp,
                     struct linkage_link_view *v)
{
    int rc = link_fill(w, rq->part[0], v);
    if (rc < 0)
        return rc;
    linkage_page_link(&rp->body, rq->frame, v);
    return OK;
}

int show_link(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_link_view v = {.may_edit = false};
    return link_page(w, rq, rp, &v);
}

static int back(struct work *w, struct request *rq, struct reply *rp)
{
    struct str path = str_format(w->cx.arena, "/linkage/link/" STR_FMT, STR_ARG(rq->part[0]));
    return go_on(rq, rp, path.p ? path.p : "/linkage", "linkage.waits");
}

static int change_line(struct work *w, const struct request *rq, struct str purpose)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                               .purpose = purpose,
                                               .query = rq->part[0]});
}

int save_use(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_use_form form;
    int rc = linkage_use_form_read(&w->cx, rq, &form);
    struct data_use u = {rq->part[0], form.applicant, form.purpose, form.items, form.from, form.to};
    if (rc >= 0)
        rc = change_line(w, rq, form.purpose);
    if (rc >= 0)
        rc = as_problem(w, &form.state, linkage_use_enter(w, &u));
    struct linkage_link_view v = {.use = &form};
    if (is_wrong(w, rp, rc))
        return link_page(w, rq, rp, &v);
    return rc < 0 ? rc : back(w, rq, rp);
}

int save_system(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_system_form form;
    int rc = linkage_system_form_read(&w->cx, rq, &form);
    struct link_system s = {rq->part[0], form.system_no, str_is(form.kind, "terminal"), form.name,
                            form.public_key.p ? form.public_key : STR("")};
    if (rc >= 0)
        rc = change_line(w, rq, form.name);
    if (rc >= 0)
        rc = as_problem(w, &form.state, linkage_system_enter(w, &s));
    struct linkage_link_view v = {.system = &form};
    if (is_wrong(w, rp, rc))
        return link_page(w, rq, rp, &v);
    return rc < 0 ? rc : back(w, rq, rp);
}
