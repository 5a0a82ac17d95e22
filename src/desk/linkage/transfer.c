/* transfer: every passing leaves its row and one row per person; so does every refusal. */
#include "desk/linkage/inner.h"

static int people_write(struct work *w, const struct passing *p, int64_t transfer_id,
                        int64_t event_no)
{
    size_t n = p->person_ids ? (size_t)p->people : 0;
    int64_t first = 0;
    struct linkage_transfer_person *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct linkage_transfer_person);
    int rc = rows ? OK : no_memory(w);
    if (rc < 0 || n == 0)
        return rc;
    rc = store_ids(&w->cx, w->store, (int64_t)n, &first);
    for (size_t i = 0; rc >= 0 && i < n; i++)
        rows[i] =
            (struct linkage_transfer_person){.transfer_person_id = first + (int64_t)i,
                                             .transfer_id = transfer_id,
                                             .person_id = p->person_ids[i],
                                             .link_no = p->link_no,
                                             .items = p->items,
                                             .result = p->reason ? STR("refused") : STR("given"),
                                             .at_ymd = w->today,
                                             .known_from = event_no};
    return rc < 0 ? rc : linkage_transfer_person_bulk(&w->cx, w->store, rows, n);
}

static struct str result_of(const struct passing *p)
{
    if (p->reason)
        return STR("refused");
    return str_is(str_of(p->way), "in") ? STR("taken") : STR("given");
}

static int row_write(struct work *w, const struct passing *p)
{
    struct event e = work_event(w, "linkage.transfer");
    struct env *env = w->cx.env;
    if (p->giver.n)
        e.source = p->giver;
    e.route = STR("link");
    struct linkage_transfer row = {.link_no = str_or_empty(p->link_no),
                                   .way = str_of(p->way),
                                   .source = str_or_empty(p->source),
                                   .target = str_or_empty(p->target),
                                   .items = str_or_empty(p->items),
                                   .people = p->people,
                                   .file_name = str_or_empty(p->file_name),
                                   .sha256 = str_of(p->sha256 ? p->sha256 : ""),
                                   .purpose = str_or_empty(p->purpose),
                                   .user_id = w->actor->user_id,
                                   .user_name = w->actor->user_name,
                                   .terminal = w->actor->terminal,
                                   .at_us = env->now_us(env),
                                   .at_ymd = w->today,
                                   .result = result_of(p),
                                   .reason = str_of(p->reason ? p->reason : "")};
    int rc = work_event_open(w, &e);
    row.known_from = e.no;
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row.transfer_id);
    if (rc >= 0)
        rc = linkage_transfer_insert(&w->cx, w->store, &row);
    return rc < 0 ? rc : people_write(w, p, row.transfer_id, e.no);
}

int passing_write(struct work *w, const struct passing *p)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = row_write(w, p);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "log a transfer over " STR_FMT, STR_ARG(p->link_no));
}

int passing_refuse(struct work *w, struct passing *p, enum status code, const char *message,
                   struct str facts)
{
    p->reason = message;
    error_clear(&w->cx);
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                 .purpose = str_of(message),
                                                 .query = p->link_no,
                                                 .count = 0});
    if (rc >= 0)
        rc = passing_write(w, p);
    return rc < 0 ? rc : fail(&w->cx, code, message, STR_FMT, STR_ARG(facts));
}

int from_server(struct work *w, struct passing *p)
{
    return w->session
               ? passing_refuse(w, p, ERR_DENIED, "linkage.from_terminal", w->actor->terminal)
               : OK;
}

/* --- what a link is open for ------------------------------------------------------------------ */

static int open_items(struct work *w, struct open_link *o)
{
    struct linkage_open_items_list list;
    struct linkage_open_items_in in = {o->link.link_no, {w->today, KNOWN_NOW}};
    struct text t;
    int rc = linkage_open_items(&w->cx, w->store, &in, &list);
    if (rc < 0)
        return rc;
    text_init(&t, 16 << 10);
    for (size_t i = 0; i < list.n; i++)
        text_addf(&t, "%s" STR_FMT, i > 0 ? "," : "", STR_ARG(list.rows[i].items));
    o->items = t.failed ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return o->items.p ? OK : no_memory(w);
}

static bool holds_today(struct work *w, struct ymd from, struct ymd to)
{
    return ymd_compare(from, w->today) <= 0 && (ymd_is_none(to) || ymd_compare(w->today, to) < 0);
}

int link_open(struct work *w, struct passing *p, struct str link_no, struct open_link *o)
{
    struct linkage_link_by_no_in in = {link_no};
    p->link_no = link_no;
    int found = linkage_link_by_no(&w->cx, w->store, &in, &o->link);
    if (found == 0)
        return passing_refuse(w, p, ERR_NOT_FOUND, "linkage.unknown_link", link_no);
    if (found > 0)
        found = provision_find(w, o->link.provision, &o->provision);
    if (found < 0)
        return found;
    bool is_in = str_is(o->link.way, "in");
    p->source = is_in ? o->link.partner : STR("nhi");
    p->target = is_in ? STR("nhi") : o->link.partner;
    o->layout = layout_find(o->link.layout);
    if (found == 0 || !str_equal(o->provision.receiver, o->link.partner))
        return passing_refuse(w, p, ERR_DENIED, "linkage.provision_none", o->link.provision);
    if (!o->layout || !str_is(o->link.way, p->way))
        return passing_refuse(w, p, ERR_DENIED, "linkage.wrong_way", link_no);
    int rc = open_items(w, o);
    if (rc < 0)
        return rc;
    if (o->items.n == 0 || !holds_today(w, o->link.valid_from, o->link.valid_to))
        return passing_refuse(w, p, ERR_DENIED, "linkage.closed", link_no);
    return OK;
}

/* --- the end of seven years ---------------------------------------------------------------------
 */

enum { PURGE_CHUNK = 5000 };

static int purge_rows(struct work *w, const struct store_table *t, const int64_t *keys, size_t n)
{
    struct event e = work_event(w, "linkage.purge");
    struct store_id_list list = {keys, n};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = work_event_open(w, &e);
    if (rc >= 0)
        rc = store_purge(&w->cx, w->store, t, &list, e.no);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int purge_people(struct work *w, struct ymd before, int64_t *gone)
{
    struct linkage_old_people_list list;
    struct linkage_old_people_in in = {before, PURGE_CHUNK};
    int rc;
    do {
        rc = linkage_old_people(&w->cx, w->store, &in, &list);
        int64_t *keys = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);
        if (rc < 0 || !keys)
            return rc < 0 ? rc : no_memory(w);
        for (size_t i = 0; i < list.n; i++)
            keys[i] = list.rows[i].transfer_person_id;
        if (list.n > 0)
            rc = purge_rows(w, &linkage_transfer_person_table, keys, list.n);
        *gone += (int64_t)list.n;
    } while (rc >= 0 && list.n == PURGE_CHUNK);
    return rc;
}

static int purge_transfers(struct work *w, struct ymd before, int64_t *gone)
{
    struct linkage_old_transfers_list list;
    struct linkage_old_transfers_in in = {before, PURGE_CHUNK};
    int rc;
    do {
        rc = linkage_old_transfers(&w->cx, w->store, &in, &list);
        int64_t *keys = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);
        if (rc < 0 || !keys)
            return rc < 0 ? rc : no_memory(w);
        for (size_t i = 0; i < list.n; i++)
            keys[i] = list.rows[i].transfer_id;
        if (list.n > 0)
            rc = purge_rows(w, &linkage_transfer_table, keys, list.n);
        *gone += (int64_t)list.n;
    } while (rc >= 0 && list.n == PURGE_CHUNK);
    return rc;
}

int linkage_purge(struct work *w, int64_t *gone)
{
    int year, month, day;
    ymd_split(w->today, &year, &month, &day);
    struct ymd before = ymd_of(year - LINK_YEARS_KEPT, month, day);
    if (ymd_is_none(before)) /* 29 February */
        before = ymd_of(year - LINK_YEARS_KEPT, month, day - 1);
    *gone = 0;
    int rc = purge_people(w, before, gone);
    return rc < 0 ? rc : purge_transfers(w, before, gone);
}
