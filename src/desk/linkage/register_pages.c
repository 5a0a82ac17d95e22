/* The register of links, one link, and the list of the law. */
#include "desk/linkage/pages.h"

enum { SHOWN = 50 };

static bool is_open_today(struct work *w, const struct linkage_recipients_list *r,
                          struct str link_no)
{
    (void)w;
    for (size_t i = 0; i < r->n; i++)
        if (str_equal(r->rows[i].link_no, link_no))
            return true;
    return false;
}

static int links_fill(struct work *w, const struct linkage_recipients_list *open,
                      struct linkage_register_view *v)
{
    struct linkage_links_list list;
    int rc = linkage_links(&w->cx, w->store, &list);
    struct linkage_register_links_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_register_links_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct linkage_links_row *l = &list.rows[i];
        rows[i] = (struct linkage_register_links_row){l->link_no,
                                                      l->name,
                                                      message_of(w, "linkage.way.", l->way),
                                                      receiver_name(w, l->provision),
                                                      l->law,
                                                      l->cycle,
                                                      is_open_today(w, open, l->link_no)};
    }
    v->links = rows;
    v->n_links = list.n;
    return OK;
}

static int recipients_fill(struct work *w, const struct linkage_recipients_list *open,
                           struct linkage_register_view *v)
{
    struct linkage_register_recipients_row *rows =
        ARENA_ARRAY(w->cx.arena, open->n + 1, struct linkage_register_recipients_row);
    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < open->n; i++) {
        const struct linkage_recipients_row *r = &open->rows[i];
        if (!str_is(r->way, "in"))
            rows[v->n_recipients++] =
                (struct linkage_register_recipients_row){receiver_name(w, r->provision),
                                                         r->purpose,
                                                         r->law,
                                                         r->items,
                                                         r->valid_to,
                                                         r->link_no};
    }
    v->recipients = rows;
    return OK;
}

static int refused_fill(struct work *w, struct linkage_register_view *v)
{
    struct linkage_transfers_list list;
    struct linkage_transfers_in in = {STR(""), true, SHOWN};
    int rc = linkage_transfers(&w->cx, w->store, &in, &list);
    struct linkage_register_refused_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct linkage_register_refused_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct linkage_register_refused_row){list.rows[i].at_us, list.rows[i].link_no,
                                                        list.rows[i].source,
                                                        message_of(w, "", list.rows[i].reason)};
    v->refused = rows;
    v->n_refused = list.n;
    return OK;
}

int show_register(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_recipients_list open;
    struct linkage_recipients_in in = {{w->today, KNOWN_NOW}};
    struct linkage_register_view v = {.may_edit = work_may(w, RIGHT_LINK_EDIT)};
    int rc = linkage_recipients(&w->cx, w->store, &in, &open);
    if (rc >= 0)
        rc = links_fill(w, &open, &v);
    if (rc >= 0)
        rc = recipients_fill(w, &open, &v);
    if (rc >= 0)
        rc = refused_fill(w, &v);
    if (rc >= 0)
        rc = own_public_key(w, &v.public_key);
    if (rc < 0)
        return rc;
    linkage_page_register(&rp->body, rq->frame, &v);
    return OK;
}

/* --- the law ------------------------------------------------------------------------------------
 */

static struct str kinds_text(struct work *w, struct str kinds)
{
    struct text t;
    text_init(&t, 200);
    while (kinds.n > 0) {
        const struct message *m =
            message_find(message_of(w, "linkage.kind.", str_cut(&kinds, ' ')));
        text_addf(&t, "%s%s", t.n > 0 ? " " : "", m ? m->text : "?");
    }
    struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s.p ? s : STR("");
}

int show_provisions(struct work *w, struct request *rq, struct reply *rp)
{
    struct provisions all;
    int rc = linkage_provisions(&w->cx, &all);
    struct linkage_provisions_provisions_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, all.n + 1, struct linkage_provisions_provisions_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < all.n; i++) {
        const struct provision *p = &all.rows[i];
        bool has_former = !str_is(p->former_row, "-");
        rows[i] = (struct linkage_provisions_provisions_row){
            .id = p->id,
            .way = message_of(w, "linkage.provision.", p->way),
            .table_row = str_is(p->row, "-") ? STR("") : p->row,
            .former = has_former ? p->former_row : STR(""),
            .law = p->law,
            .receiver = p->receiver_name,
            .code = p->receiver,
            .work = p->work,
            .kinds = kinds_text(w, p->kinds),
            .timing = p->timing,
            .may_number = p->may_number};
    }
    struct linkage_provisions_view v = {rows, all.n};
    linkage_page_provisions(&rp->body, rq->frame, &v);
    return OK;
}

/* --- a new link
 * ----------------------------------------------------------------------------------- */

static int provisions_options(struct work *w, struct linkage_link_new_view *v)
{
    struct provisions all;
    int rc = linkage_provisions(&w->cx, &all);
    struct page_option_view *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, all.n + 1, struct page_option_view);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < all.n; i++) {
        const struct provision *p = &all.rows[i];
        if (!str_is(p->way, "network"))
            rows[v->n_provisions++] = (struct page_option_view){
                p->id, str_format(w->cx.arena, STR_FMT " " STR_FMT " (" STR_FMT ")", STR_ARG(p->id),
                                  STR_ARG(p->receiver_name), STR_ARG(p->work))};
    }
    v->provisions = rows;
    return OK;
}

static int link_new_page(struct work *w, struct request *rq, struct reply *rp,
                         const struct linkage_link_form *form)
{
    struct linkage_link_new_view v = {.link = form};
    struct page_option_view *rows = ARENA_ARRAY(w->cx.arena, n_layouts, struct page_option_view);
    int rc = rows ? provisions_options(w, &v) : no_memory(w);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < n_layouts; i++) {
        const struct message *m =
            message_find(message_of(w, "linkage.layout_name.", str_of(layouts[i].name)));
        rows[i] = (struct page_option_view){str_of(layouts[i].name),
                                            str_of(m ? m->text : layouts[i].name)};
    }
    v.layouts = rows;
    v.n_layouts = n_layouts;
    linkage_page_link_new(&rp->body, rq->frame, &v);
    return OK;
}

int show_link_new(struct work *w, struct request *rq, struct reply *rp)
{
    return link_new_page(w, rq, rp, NULL);
}

static enum link_way way_of(struct str name)
{
    return str_is(name, "in") ? LINK_IN : str_is(name, "ask") ? LINK_ASK : LINK_OUT;
}

/* The partner follows from the row of the law: it is not typed in. */
static int link_put(struct work *w, struct linkage_link_form *f)
{
    struct provision p = {.receiver = STR("")};
    int found = provision_find(w, f->provision, &p);
    struct data_link l = {.link_no = f->link_no,
                          .name = f->name,
                          .way = way_of(f->way),
                          .partner = p.receiver,
                          .provision = f->provision,
                          .layout = f->layout,
                          .cycle = f->cycle,
                          .from = f->from,
                          .to = f->to};
    int rc = found < 0 ? found
                       : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                             .purpose = f->why,
                                                             .query = f->link_no});
    return rc < 0 ? rc : as_problem(w, &f->state, linkage_link_enter(w, &l, f->why));
}

int save_link_new(struct work *w, struct request *rq, struct reply *rp)
{
    struct linkage_link_form form;
    int rc = linkage_link_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = link_put(w, &form);
    if (is_wrong(w, rp, rc))
        return link_new_page(w, rq, rp, &form);
    return rc < 0 ? rc : go_on(rq, rp, "/linkage", "linkage.waits");
}
