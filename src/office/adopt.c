/* adopt: rule files and form layouts in force; bodies are kept by hash for ever. */
#include "office/inner.h"
#include "office_sql.h"

static struct str digest_str(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

static bool digest_from(struct str s, struct digest *out)
{
    if (s.n != sizeof out->b)
        return false;
    for (size_t i = 0; i < s.n; i++)
        out->b[i] = (unsigned char)s.p[i];
    return true;
}

static int adopt_row(struct work *w, struct office_db_adopted_text *row, struct str reason)
{
    struct office_db_adopted_row_row old;
    struct event e = work_event(w, "office.adopt");
    e.reason = reason;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = office_db_adopted_row(&w->cx, w->store,
                                   &(struct office_db_adopted_row_in){.kind = row->kind,
                                                                      .name = row->name},
                                   &old);
    if (rc < 0)
        return rc;
    if (rc == 1 && str_equal(old.body_hash, row->body_hash))
        return OK; /* in force already */
    bool had = rc == 1;
    rc = event_open(&w->cx, w->store, &e);
    if (rc >= 0 && had)
        rc = office_db_adopted_text_close(&w->cx, w->store, old.adopted_id, e.no);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row->adopted_id);
    row->known_from = e.no;
    if (rc >= 0)
        rc = office_db_adopted_text_insert(&w->cx, w->store, row);
    return rc < 0 ? rc : work_event_tell(w, &e);
}

int office_adopt(struct work *w, struct str kind, struct str name, struct str body,
                 struct str reason)
{
    struct digest hash = hash_of(body);
    struct office_db_adopted_text row = {.kind = kind,
                                         .name = name,
                                         .body = body,
                                         .body_hash = digest_str(&hash)};
    int rc = work_need(w, RIGHT_RULE_ADOPT);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = adopt_row(w, &row, reason);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "adopt " STR_FMT, STR_ARG(name));
}

static int adopted_rows(struct work *w, size_t n, struct adopted_list *out)
{
    out->n = n;
    out->rows = ARENA_ARRAY(w->cx.arena, n + 1, struct adopted);
    return out->rows ? OK : fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}

/* The hash as it is stored, into a row that is otherwise filled. */
static int adopted_hash(struct work *w, struct str stored, struct adopted *a)
{
    return digest_from(stored, &a->hash)
               ? OK
               : fail(&w->cx, ERR_CORRUPT, "office.adopted_hash", STR_FMT, STR_ARG(a->name));
}

int office_adopted(struct work *w, struct str kind, struct adopted_list *out)
{
    struct office_db_adopted_now_list list;
    struct office_db_adopted_now_in in = {.kind = kind, .known = w->asof.known};
    int rc = office_db_adopted_now(&w->cx, w->store, &in, &list);
    if (rc < 0)
        return error_add(&w->cx, "read adopted " STR_FMT, STR_ARG(kind));
    rc = adopted_rows(w, list.n, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct office_db_adopted_now_row *r = &list.rows[i];
        out->rows[i] = (struct adopted){.name = r->name, .body = r->body, .event_no = r->event_no};
        rc = adopted_hash(w, r->body_hash, &out->rows[i]);
    }
    return rc;
}

int office_adopted_names(struct work *w, struct str kind, struct adopted_list *out)
{
    struct office_db_adopted_names_list list;
    struct office_db_adopted_names_in in = {.kind = kind, .known = w->asof.known};
    int rc = office_db_adopted_names(&w->cx, w->store, &in, &list);
    if (rc < 0)
        return error_add(&w->cx, "read the names of adopted " STR_FMT, STR_ARG(kind));
    rc = adopted_rows(w, list.n, out);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct office_db_adopted_names_row *r = &list.rows[i];
        out->rows[i] = (struct adopted){.name = r->name, .body = STR(""), .event_no = r->event_no};
        rc = adopted_hash(w, r->body_hash, &out->rows[i]);
    }
    return rc;
}

int office_adopted_by_hash(struct work *w, struct str kind, const struct digest *hash,
                           struct adopted *out)
{
    struct office_db_adopted_hash_row row;
    struct office_db_adopted_hash_in in = {.kind = kind, .body_hash = digest_str(hash)};
    int rc = office_db_adopted_hash(&w->cx, w->store, &in, &row);
    if (rc <= 0)
        return rc;
    *out = (struct adopted){.name = row.name,
                            .body = row.body,
                            .hash = *hash,
                            .event_no = row.event_no};
    struct digest again = hash_of(row.body);
    if (!digest_equal(&again, hash))
        return fail(&w->cx, ERR_CORRUPT, "office.adopted_hash", STR_FMT, STR_ARG(row.name));
    return 1;
}
