/* medium: a handover that cannot wait for its link: approved by a second person, sealed with a
 * password, numbered, and followed until it is back or erased. */
#include "desk/linkage/inner.h"
#include "desk/linkage/sealed.h"

enum { PAYLOAD_MAXIMUM = 8 << 10, PASSWORD_LEAST = 12 };

static int medium_find(struct work *w, struct str medium_no, struct linkage_medium_by_no_row *m)
{
    return linkage_medium_by_no(&w->cx, w->store, &(struct linkage_medium_by_no_in){medium_no}, m);
}

static int medium_check(struct work *w, const struct medium_new *m)
{
    struct linkage_medium_by_no_row old;
    struct linkage_link_by_no_row link;
    bool whole =
        str_trim(m->medium_no).n > 0 && str_trim(m->handed_to).n > 0 && str_trim(m->purpose).n > 0;
    if (!whole)
        return fail(&w->cx, ERR_INVALID, "linkage.medium_incomplete", STR_FMT,
                    STR_ARG(m->medium_no));
    int found =
        linkage_link_by_no(&w->cx, w->store, &(struct linkage_link_by_no_in){m->link_no}, &link);
    if (found == 0 || (found > 0 && !str_is(link.way, "out")))
        return fail(&w->cx, ERR_NOT_FOUND, "linkage.unknown_link", STR_FMT, STR_ARG(m->link_no));
    if (found > 0)
        found = medium_find(w, m->medium_no, &old);
    if (found > 0 && (str_is(old.state, "approved") || str_is(old.state, "sealed")))
        return fail(&w->cx, ERR_DUPLICATE, "linkage.medium_out", STR_FMT, STR_ARG(m->medium_no));
    return found < 0 ? found : OK;
}

int linkage_medium_enter(struct work *w, const struct medium_new *m)
{
    struct text t;
    int rc = medium_check(w, m);
    if (rc < 0)
        return error_add(&w->cx, "apply for medium " STR_FMT, STR_ARG(m->medium_no));
    text_init(&t, PAYLOAD_MAXIMUM);
    payload_put(&t, "medium_no", m->medium_no);
    payload_put(&t, "link_no", m->link_no);
    payload_put(&t, "handed_to", m->handed_to);
    payload_put(&t, "purpose", m->purpose);
    rc = entry_put(w, "linkage.medium", m->purpose, &t);
    text_release(&t);
    return rc;
}

/* The row of a medium gives way to the next one. */
static int row_replace(struct work *w, int64_t old_row, struct linkage_medium *row,
                       int64_t event_no)
{
    int rc = old_row > 0 ? linkage_medium_close(&w->cx, w->store, old_row, event_no) : OK;
    row->known_from = event_no;
    row->state_ymd = w->today;
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row->medium_row_id);
    return rc < 0 ? rc : linkage_medium_insert(&w->cx, w->store, row);
}

int medium_apply(struct work *w, const struct event *e, struct str payload)
{
    struct medium_new m = {.medium_no = payload_get(payload, "medium_no"),
                           .link_no = payload_get(payload, "link_no"),
                           .handed_to = payload_get(payload, "handed_to"),
                           .purpose = payload_get(payload, "purpose")};
    struct linkage_medium_by_no_row old = {.medium_row_id = 0};
    int rc = two_people(w, e);
    if (rc >= 0)
        rc = medium_check(w, &m);
    if (rc >= 0)
        rc = medium_find(w, m.medium_no, &old);
    if (rc < 0)
        return rc;
    struct linkage_medium row = {.medium_no = m.medium_no,
                                 .link_no = m.link_no,
                                 .purpose = m.purpose,
                                 .handed_to = m.handed_to,
                                 .entered_by = e->entered_by,
                                 .approved_by = e->checked_by,
                                 .sha256 = STR(""),
                                 .state = STR("approved"),
                                 .state_by = e->checked_by};
    return row_replace(w, rc > 0 ? old.medium_row_id : 0, &row, e->no);
}

static int state_put(struct work *w, const struct linkage_medium_by_no_row *m, struct str state,
                     struct str sha256)
{
    struct event e = work_event(w, "linkage.medium_state");
    struct linkage_medium row = {.medium_no = m->medium_no,
                                 .link_no = m->link_no,
                                 .purpose = m->purpose,
                                 .handed_to = m->handed_to,
                                 .entered_by = m->entered_by,
                                 .approved_by = m->approved_by,
                                 .sha256 = sha256,
                                 .state = state,
                                 .state_by = w->actor->user_id};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = work_event_open(w, &e);
    if (rc >= 0)
        rc = row_replace(w, m->medium_row_id, &row, e.no);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

static int contents(struct work *w, const struct linkage_medium_by_no_row *m, struct passing *p,
                    struct link_file *f)
{
    struct open_link o;
    p->way = "out";
    int rc = link_open(w, p, m->link_no, &o);
    if (rc >= 0)
        rc = link_file_make(w, &o, f);
    p->way = "medium";
    p->items = rc < 0 ? STR("") : f->items;
    p->person_ids = rc < 0 ? NULL : f->person_ids;
    p->people = rc < 0 ? 0 : f->people;
    p->purpose = m->purpose;
    p->file_name = m->medium_no;
    return rc;
}

static int seal_out(struct work *w, const struct linkage_medium_by_no_row *m, struct str password,
                    const char *path)
{
    struct passing p = {.way = "medium"};
    struct link_file f;
    struct text sealed;
    char sha256[65];
    text_init(&sealed, LINK_FILE_MAXIMUM);
    int rc = contents(w, m, &p, &f);
    if (rc >= 0)
        rc = sealed_make(&w->cx, f.bytes, password, &sealed);
    if (rc >= 0) {
        sha256_hex(text_str(&sealed), sha256);
        p.sha256 = sha256;
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                 .purpose = m->purpose,
                                                 .query = m->medium_no,
                                                 .count = f.people});
    }
    if (rc >= 0)
        rc = passing_write(w, &p);
    if (rc >= 0)
        rc = state_put(w, m, STR("sealed"), str_of(sha256));
    if (rc >= 0)
        rc = file_write(&w->cx, path, text_str(&sealed));
    text_release(&sealed);
    return rc;
}

int linkage_medium_seal(struct work *w, struct str medium_no, struct str password, const char *path)
{
    struct linkage_medium_by_no_row m;
    int found = medium_find(w, medium_no, &m);
    if (found == 0 || (found > 0 && !str_is(m.state, "approved")))
        return fail(&w->cx, ERR_DENIED, "linkage.medium_not_approved", STR_FMT, STR_ARG(medium_no));
    if (found > 0 && password.n < PASSWORD_LEAST)
        return fail(&w->cx, ERR_INVALID, "linkage.medium_password", "%d", PASSWORD_LEAST);
    int rc = found < 0 ? found : seal_out(w, &m, password, path);
    return rc < 0 ? error_add(&w->cx, "seal medium " STR_FMT, STR_ARG(medium_no)) : OK;
}

int linkage_medium_open(struct context *cx, const char *path, struct str password, struct text *out)
{
    struct text sealed;
    text_init(&sealed, LINK_FILE_MAXIMUM);
    int rc = file_read(cx, path, LINK_FILE_MAXIMUM, &sealed);
    if (rc >= 0)
        rc = sealed_open(cx, text_str(&sealed), password, out);
    text_release(&sealed);
    return rc < 0 ? error_add(cx, "open %s", path) : OK;
}

int linkage_medium_settle(struct work *w, struct str medium_no, struct str state)
{
    struct linkage_medium_by_no_row m;
    int found = medium_find(w, medium_no, &m);
    if (found == 0 || (found > 0 && !str_is(m.state, "sealed")))
        return fail(&w->cx, ERR_INVALID, "linkage.medium_not_out", STR_FMT, STR_ARG(medium_no));
    if (!str_is(state, "returned") && !str_is(state, "erased"))
        return fail(&w->cx, ERR_INVALID, "linkage.medium_state", STR_FMT, STR_ARG(state));
    int rc = found < 0 ? found
                       : audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                             .purpose = state,
                                                             .query = medium_no});
    return rc < 0 ? rc : state_put(w, &m, state, m.sha256);
}
