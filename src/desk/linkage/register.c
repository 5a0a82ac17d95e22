/* register: links, applications to use data, and the systems that may connect. Each is entered by
 * one person and holds after another one has approved it; the law is looked at both times. */
#include "desk/linkage/inner.h"

enum { PAYLOAD_MAXIMUM = 16 << 10, KEY_HEX = 64 };

int two_people(struct work *w, const struct event *e)
{
    if (e->checked_by != 0 && e->checked_by != e->entered_by)
        return OK;
    return fail(&w->cx, ERR_DENIED, "linkage.two_people", STR_FMT, STR_ARG(e->kind));
}

const char *way_name(enum link_way way)
{
    static const char *const names[] = {"out", "in", "ask"};
    return names[way];
}

int entry_put(struct work *w, const char *kind, struct str reason, const struct text *payload)
{
    if (payload->failed)
        return no_memory(w);
    struct event e = work_event(w, kind);
    e.reason = reason.p ? reason : STR("");
    return work_enter(w, &e, text_str(payload));
}

/* --- links --------------------------------------------------------------------------------- */

static int refuse(struct work *w, enum status code, const char *message, struct str facts)
{
    return fail(&w->cx, code, message, STR_FMT, STR_ARG(facts));
}

/* The board of education is not the mayor's own section: only an ordinance can let it have data
 * [INT-010]. */
static int law_allows(struct work *w, const struct data_link *l, const struct provision *p)
{
    const char *way = l->way == LINK_IN ? "intake" : "inhouse";
    if (!str_is(p->way, way))
        return refuse(w, ERR_DENIED, "linkage.provision_way", p->id);
    if (!str_equal(p->receiver, l->partner))
        return refuse(w, ERR_DENIED, "linkage.receiver", l->partner);
    if (str_is(p->receiver_type, "education") && !provision_is_ordinance(p))
        return refuse(w, ERR_DENIED, "linkage.education", p->id);
    if (ymd_compare(l->from, p->valid_from) < 0)
        return refuse(w, ERR_DENIED, "linkage.provision_day", p->id);
    return OK;
}

static int layout_allows(struct work *w, const struct data_link *l, const struct provision *p)
{
    const struct layout *layout = layout_find(l->layout);
    if (!layout || layout->is_intake != (l->way == LINK_IN))
        return refuse(w, ERR_INVALID, "linkage.layout_unknown", l->layout);
    if (!word_in(p->kinds, ' ', str_of(layout->kind)))
        return refuse(w, ERR_DENIED, "linkage.kind_refused", l->layout);
    return OK;
}

static int link_check(struct work *w, const struct data_link *l, struct provision *p)
{
    int found = provision_find(w, l->provision, p);
    if (found <= 0)
        return found < 0 ? found : refuse(w, ERR_DENIED, "linkage.provision_none", l->provision);
    if (str_trim(l->link_no).n == 0 || str_trim(l->name).n == 0 || ymd_is_none(l->from))
        return refuse(w, ERR_INVALID, "linkage.link_incomplete", l->link_no);
    int rc = law_allows(w, l, p);
    return rc < 0 ? rc : layout_allows(w, l, p);
}

int linkage_link_enter(struct work *w, const struct data_link *l, struct str why)
{
    struct provision p;
    struct text t;
    int rc = link_check(w, l, &p);
    if (rc < 0)
        return error_add(&w->cx, "register link " STR_FMT, STR_ARG(l->link_no));
    text_init(&t, PAYLOAD_MAXIMUM);
    payload_put(&t, "link_no", l->link_no);
    payload_put(&t, "name", l->name);
    payload_put(&t, "way", str_of(way_name(l->way)));
    payload_put(&t, "partner", l->partner);
    payload_put(&t, "provision", l->provision);
    payload_put(&t, "layout", l->layout);
    payload_put(&t, "cycle", l->cycle);
    payload_put_day(&t, "from", l->from);
    payload_put_day(&t, "to", l->to);
    rc = entry_put(w, "linkage.link", why, &t);
    text_release(&t);
    return rc;
}

static enum link_way way_of(struct str name)
{
    return str_is(name, "in") ? LINK_IN : str_is(name, "ask") ? LINK_ASK : LINK_OUT;
}

/* A link that is registered anew replaces its row: what went before stays as known then. */
static int link_replace(struct work *w, struct str link_no, int64_t event_no)
{
    struct linkage_link_by_no_row old;
    int found =
        linkage_link_by_no(&w->cx, w->store, &(struct linkage_link_by_no_in){link_no}, &old);
    return found <= 0 ? found
                      : linkage_data_link_close(&w->cx, w->store, old.data_link_id, event_no);
}

static int link_write(struct work *w, const struct event *e, const struct data_link *l,
                      const struct provision *p)
{
    struct linkage_data_link row = {.link_no = l->link_no,
                                    .name = l->name,
                                    .way = str_of(way_name(l->way)),
                                    .partner = l->partner,
                                    .partner_type = p->receiver_type,
                                    .purpose = p->work,
                                    .provision = p->id,
                                    .law = p->law,
                                    .layout = l->layout,
                                    .cycle = l->cycle,
                                    .valid_from = l->from,
                                    .valid_to = l->to,
                                    .known_from = e->no};
    int rc = link_replace(w, l->link_no, e->no);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row.data_link_id);
    return rc < 0 ? rc : linkage_data_link_insert(&w->cx, w->store, &row);
}

int link_apply(struct work *w, const struct event *e, struct str payload)
{
    struct data_link l = {.link_no = payload_get(payload, "link_no"),
                          .name = payload_get(payload, "name"),
                          .way = way_of(payload_get(payload, "way")),
                          .partner = payload_get(payload, "partner"),
                          .provision = payload_get(payload, "provision"),
                          .layout = payload_get(payload, "layout"),
                          .cycle = payload_get(payload, "cycle"),
                          .from = payload_day(payload, "from"),
                          .to = payload_day(payload, "to")};
    struct provision p;
    int rc = two_people(w, e);
    if (rc >= 0)
        rc = link_check(w, &l, &p);
    return rc < 0 ? rc : link_write(w, e, &l, &p);
}

/* --- applications to use data ---------------------------------------------------------------- */

static int items_check(struct work *w, const struct linkage_link_by_no_row *l,
                       const struct provision *p, struct str items)
{
    struct columns columns;
    const struct layout *layout = layout_find(l->layout);
    int rc = layout ? layout_columns(&w->cx, layout, &columns)
                    : refuse(w, ERR_INVALID, "linkage.layout_unknown", l->layout);
    if (rc >= 0 && str_trim(items).n == 0)
        rc = refuse(w, ERR_INVALID, "linkage.items_none", l->link_no);
    while (rc >= 0 && items.n > 0) {
        struct str item = str_trim(str_cut(&items, ','));
        bool known = false;
        for (size_t i = 0; i < columns.n; i++)
            known = known || str_equal(columns.rows[i].id, item);
        if (!known)
            rc = refuse(w, ERR_INVALID, "linkage.item_outside", item);
        else if (str_is(item, "my_number") && (!p->may_number || !str_is(l->way, "out")))
            rc = refuse(w, ERR_DENIED, "linkage.number_refused", l->link_no);
    }
    return rc;
}

static int period_check(struct work *w, const struct linkage_link_by_no_row *l,
                        const struct data_use *u)
{
    bool ordered = !ymd_is_none(u->from) && !ymd_is_none(u->to) && ymd_compare(u->from, u->to) < 0;
    bool inside = ordered && ymd_compare(u->from, l->valid_from) >= 0 &&
                  (ymd_is_none(l->valid_to) || ymd_compare(u->to, l->valid_to) <= 0);
    return inside ? OK : refuse(w, ERR_INVALID, "linkage.use_period", u->link_no);
}

/* The tax office asks for taxes: each one from the day of its law. */
static int purpose_check(struct work *w, const struct linkage_link_by_no_row *l,
                         const struct data_use *u)
{
    struct str rest = u->purpose;
    struct tax_purpose tax;
    int rc = OK;
    if (!str_is(l->partner, "tax"))
        return OK;
    while (rc >= 0 && rest.n > 0)
        rc = tax_purpose_need(w, str_cut(&rest, ','), u->from, &tax);
    return rc;
}

static int use_check(struct work *w, const struct data_use *u, struct provision *p)
{
    struct linkage_link_by_no_row l;
    struct linkage_link_by_no_in in = {u->link_no};
    int found = linkage_link_by_no(&w->cx, w->store, &in, &l);
    if (found <= 0)
        return found < 0 ? found : refuse(w, ERR_NOT_FOUND, "linkage.unknown_link", u->link_no);
    found = provision_find(w, l.provision, p);
    if (found <= 0)
        return found < 0 ? found : refuse(w, ERR_DENIED, "linkage.provision_none", l.provision);
    if (str_trim(u->applicant).n == 0 || str_trim(u->purpose).n == 0)
        return refuse(w, ERR_INVALID, "linkage.use_incomplete", u->link_no);
    int rc = period_check(w, &l, u);
    if (rc >= 0)
        rc = purpose_check(w, &l, u);
    return rc < 0 ? rc : items_check(w, &l, p, u->items);
}

int linkage_use_enter(struct work *w, const struct data_use *u)
{
    struct provision p;
    struct text t;
    int rc = use_check(w, u, &p);
    if (rc < 0)
        return error_add(&w->cx, "apply to use data over " STR_FMT, STR_ARG(u->link_no));
    text_init(&t, PAYLOAD_MAXIMUM);
    payload_put(&t, "link_no", u->link_no);
    payload_put(&t, "applicant", u->applicant);
    payload_put(&t, "purpose", u->purpose);
    payload_put(&t, "items", u->items);
    payload_put_day(&t, "from", u->from);
    payload_put_day(&t, "to", u->to);
    rc = entry_put(w, "linkage.data_use", u->purpose, &t);
    text_release(&t);
    return rc;
}

int use_apply(struct work *w, const struct event *e, struct str payload)
{
    struct data_use u = {.link_no = payload_get(payload, "link_no"),
                         .applicant = payload_get(payload, "applicant"),
                         .purpose = payload_get(payload, "purpose"),
                         .items = payload_get(payload, "items"),
                         .from = payload_day(payload, "from"),
                         .to = payload_day(payload, "to")};
    struct provision p;
    int rc = two_people(w, e);
    if (rc >= 0)
        rc = use_check(w, &u, &p);
    if (rc < 0)
        return rc;
    struct linkage_data_use row = {.link_no = u.link_no,
                                   .applicant = u.applicant,
                                   .purpose = u.purpose,
                                   .law = p.law,
                                   .items = u.items,
                                   .entered_by = e->entered_by,
                                   .approved_by = e->checked_by,
                                   .valid_from = u.from,
                                   .valid_to = u.to,
                                   .known_from = e->no};
    rc = store_ids(&w->cx, w->store, 1, &row.data_use_id);
    if (rc >= 0)
        rc = store_number(&w->cx, w->store, STR("data_use"), 1, &row.use_no);
    return rc < 0 ? rc : linkage_data_use_insert(&w->cx, w->store, &row);
}

/* --- systems --------------------------------------------------------------------------------- */

static int system_check(struct work *w, const struct link_system *s)
{
    struct linkage_link_by_no_row l;
    unsigned char key[KEY_HEX / 2];
    int found =
        linkage_link_by_no(&w->cx, w->store, &(struct linkage_link_by_no_in){s->link_no}, &l);
    if (found <= 0)
        return found < 0 ? found : refuse(w, ERR_NOT_FOUND, "linkage.unknown_link", s->link_no);
    if (str_trim(s->system_no).n == 0 || str_trim(s->name).n == 0)
        return refuse(w, ERR_INVALID, "linkage.system_incomplete", s->link_no);
    if (!s->is_terminal &&
        (s->public_key.n != KEY_HEX || !hex_parse(s->public_key, key, sizeof key)))
        return refuse(w, ERR_INVALID, "linkage.public_key", s->system_no);
    return OK;
}

int linkage_system_enter(struct work *w, const struct link_system *s)
{
    struct text t;
    int rc = system_check(w, s);
    if (rc < 0)
        return error_add(&w->cx, "register system " STR_FMT, STR_ARG(s->system_no));
    text_init(&t, PAYLOAD_MAXIMUM);
    payload_put(&t, "link_no", s->link_no);
    payload_put(&t, "system_no", s->system_no);
    payload_put(&t, "kind", s->is_terminal ? STR("terminal") : STR("server"));
    payload_put(&t, "name", s->name);
    payload_put(&t, "public_key", s->is_terminal ? STR("") : s->public_key);
    rc = entry_put(w, "linkage.system", s->name, &t);
    text_release(&t);
    return rc;
}

int system_apply(struct work *w, const struct event *e, struct str payload)
{
    struct linkage_link_system row = {.link_no = payload_get(payload, "link_no"),
                                      .system_no = payload_get(payload, "system_no"),
                                      .kind = payload_get(payload, "kind"),
                                      .name = payload_get(payload, "name"),
                                      .public_key = payload_get(payload, "public_key"),
                                      .valid_from = w->today,
                                      .valid_to = YMD_NONE,
                                      .known_from = e->no};
    int rc = two_people(w, e);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row.link_system_id);
    return rc < 0 ? rc : linkage_link_system_insert(&w->cx, w->store, &row);
}
