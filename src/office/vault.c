/* vault: My Numbers. Stored sealed and bound to their person; found by number only through a keyed
 * digest, for the linkage; shown only here, with the right and a reason, one audit line each. */
#include "office/inner.h"
#include "office_sql.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { BLIND_BYTES = 32, VAULT_CHUNK = 2000 };

/* The person is sealed in: a row that is moved to somebody else does not open. */
struct person_tag {
    char text[32];
    struct seal_what what;
};

static void tag_fill(struct person_tag *t, int64_t person_id, int64_t key_id)
{
    int n = snprintf(t->text, sizeof t->text, "person:%lld", (long long)person_id);
    t->what = (struct seal_what){.key_id = key_id, .use = KEY_SEAL, .bound = {t->text, (size_t)n}};
}

static void blind_with(const struct secret *key, struct str number, unsigned char *out)
{
    crypto_generichash(out, BLIND_BYTES, (const unsigned char *)number.p, number.n, key->bytes,
                       key->length);
}

static int blind(struct context *cx, struct office *o, int64_t key_id, struct str number,
                 unsigned char out[BLIND_BYTES])
{
    struct secret key;
    int rc = key_derive(cx, o, key_id, KEY_BLIND, &key);
    if (rc < 0)
        return rc;
    blind_with(&key, number, out);
    secret_release(&key);
    return OK;
}

static int vault_find(struct work *w, int64_t person_id, struct office_db_vault_row_row *row)
{
    return office_db_vault_row(&w->cx, w->store,
                               &(struct office_db_vault_row_in){.person_id = person_id}, row);
}

/* --- putting ------------------------------------------------------------------------------ */

struct putting { /* one chunk of numbers under one event */
    struct work *w;
    int64_t event_no;
    struct secret seal_key;
    struct secret blind_key;
    struct office_db_vault_held_list held; /* by person id */
    struct office_db_vault_number *rows;
    size_t n_rows;
    int64_t *closed;
    size_t n_closed;
};

static const struct office_db_vault_held_row *held_find(const struct putting *p, int64_t person_id)
{
    size_t low = 0;
    size_t high = p->held.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (p->held.rows[middle].person_id < person_id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->held.n && p->held.rows[low].person_id == person_id ? &p->held.rows[low] : NULL;
}

static int put_one(struct putting *p, const struct vault_item *item)
{
    struct context *cx = &p->w->cx;
    struct person_tag tag;
    if (!my_number_is_valid(item->number)) /* facts name the person, never the number */
        return fail(cx, ERR_INVALID, "vault.check_digit", "person=%lld",
                    (long long)item->person_id);
    unsigned char *digest = arena_alloc(cx->arena, BLIND_BYTES);
    if (!digest)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    blind_with(&p->blind_key, item->number, digest);
    struct office_db_vault_number *row = &p->rows[p->n_rows];
    *row = (struct office_db_vault_number){.person_id = item->person_id,
                                           .key_id = key_newest(p->w->office),
                                           .blind_index = {(const char *)digest, BLIND_BYTES},
                                           .known_from = p->event_no};
    const struct office_db_vault_held_row *old = held_find(p, item->person_id);
    if (old && str_equal(old->blind_index, row->blind_index))
        return OK;
    if (old)
        p->closed[p->n_closed++] = old->vault_id;
    tag_fill(&tag, item->person_id, row->key_id);
    int rc = seal_with(cx, &p->seal_key, tag.what.bound, item->number, &row->sealed);
    p->n_rows += rc >= 0;
    return rc;
}

static int held_read(struct putting *p, const struct vault_item *items, size_t n)
{
    struct context *cx = &p->w->cx;
    int64_t *ids = ARENA_ARRAY(cx->arena, n, int64_t);
    p->rows = ARENA_ARRAY(cx->arena, n, struct office_db_vault_number);
    p->closed = ARENA_ARRAY(cx->arena, n, int64_t);
    if (!ids || !p->rows || !p->closed)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < n; i++)
        ids[i] = items[i].person_id;
    struct office_db_vault_held_in in = {.persons = {ids, n}};
    return office_db_vault_held(cx, p->w->store, &in, &p->held);
}

static int put_chunk(struct putting *p, const struct vault_item *items, size_t n)
{
    struct work *w = p->w;
    int64_t first = 0;
    p->n_rows = 0;
    p->n_closed = 0;
    int rc = held_read(p, items, n);
    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = put_one(p, &items[i]);
    if (rc >= 0 && p->n_closed > 0)
        rc = office_db_vault_number_close_many(&w->cx, w->store, p->closed, p->n_closed,
                                               p->event_no);
    if (rc >= 0 && p->n_rows > 0)
        rc = store_ids(&w->cx, w->store, (int64_t)p->n_rows, &first);
    for (size_t i = 0; i < p->n_rows; i++)
        p->rows[i].vault_id = first + (int64_t)i;
    if (rc >= 0 && p->n_rows > 0)
        rc = office_db_vault_number_bulk(&w->cx, w->store, p->rows, p->n_rows);
    return rc;
}

static int put_all(struct putting *p, const struct vault_item *items, size_t n)
{
    int rc = OK;
    for (size_t at = 0; at < n && rc >= 0; at += VAULT_CHUNK) {
        struct arena_mark mark = arena_mark(p->w->cx.arena);
        rc = put_chunk(p, items + at, n - at < VAULT_CHUNK ? n - at : VAULT_CHUNK);
        arena_rewind(p->w->cx.arena, mark);
    }
    return rc;
}

/* A person stands at most once among the items. */
int vault_put_many(struct work *w, int64_t event_no, const struct vault_item *items, size_t n)
{
    struct putting p = {.w = w, .event_no = event_no};
    int rc = keys_load(&w->cx, w->office);
    int64_t key_id = key_newest(w->office);
    if (rc >= 0)
        rc = key_derive(&w->cx, w->office, key_id, KEY_SEAL, &p.seal_key);
    if (rc >= 0)
        rc = key_derive(&w->cx, w->office, key_id, KEY_BLIND, &p.blind_key);
    if (rc >= 0)
        rc = put_all(&p, items, n);
    secret_release(&p.seal_key);
    secret_release(&p.blind_key);
    return rc < 0 ? error_add(&w->cx, "put numbers into the vault") : OK;
}

int vault_put(struct work *w, int64_t person_id, struct str number, struct str reason)
{
    struct event e = work_event(w, "office.vault");
    struct vault_item item = {person_id, number};
    e.person_id = person_id;
    e.reason = reason;
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .person_id = person_id,
                                                 .purpose = reason,
                                                 .count = 1});
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = event_open(&w->cx, w->store, &e);
    if (rc >= 0)
        rc = vault_put_many(w, e.no, &item, 1);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "store a number");
}

int vault_matches(struct work *w, int64_t person_id, struct str number)
{
    struct office_db_vault_row_row row;
    unsigned char digest[BLIND_BYTES];
    int rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                 .person_id = person_id,
                                                 .purpose = STR("vault.match"),
                                                 .count = 1});
    if (rc >= 0)
        rc = vault_find(w, person_id, &row);
    if (rc <= 0)
        return rc;
    rc = blind(&w->cx, w->office, row.key_id, number, digest);
    if (rc < 0)
        return rc;
    return row.blind_index.n == sizeof digest &&
           sodium_memcmp(row.blind_index.p, digest, sizeof digest) == 0;
}

int vault_reveal(struct work *w, int64_t person_id, struct str reason, struct str *out)
{
    struct office_db_vault_row_row row;
    struct person_tag tag;
    int rc = work_need(w, RIGHT_MYNUMBER);
    if (rc < 0)
        return rc;
    if (str_trim(reason).n == 0)
        return fail(&w->cx, ERR_INVALID, "vault.reason", NULL);
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                             .person_id = person_id,
                                             .purpose = reason,
                                             .query = STR("vault.reveal"),
                                             .count = 1});
    if (rc >= 0)
        rc = vault_find(w, person_id, &row);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "vault.none", "person=%lld", (long long)person_id);
    if (rc >= 0)
        rc = keys_load(&w->cx, w->office);
    if (rc < 0)
        return rc;
    tag_fill(&tag, person_id, row.key_id);
    struct secret *shown = &w->office->keys.shown;
    rc = unseal(&w->cx, w->office, &tag.what, row.sealed, shown->bytes, shown->length);
    if (rc < 0)
        return error_add(&w->cx, "open the number of person %lld", (long long)person_id);
    *out = (struct str){(const char *)shown->bytes, (size_t)rc};
    return OK;
}

/* Numbers lie under the key that was the newest when they came: every key is tried. */
static int holder_find(struct work *w, struct str number, int64_t *person_id)
{
    const struct key_ring *keys = &w->office->keys;
    for (size_t i = 0; i < keys->count; i++) {
        struct office_db_vault_by_blind_row row;
        unsigned char digest[BLIND_BYTES];
        int rc = blind(&w->cx, w->office, keys->ids[i], number, digest);
        struct office_db_vault_by_blind_in in = {
            .blind_index = {(const char *)digest, sizeof digest}};
        if (rc >= 0)
            rc = office_db_vault_by_blind(&w->cx, w->store, &in, &row);
        if (rc == 1)
            *person_id = row.person_id;
        if (rc != 0)
            return rc;
    }
    return 0;
}

int vault_holder(struct work *w, struct str number, struct str purpose, int64_t *person_id)
{
    *person_id = 0;
    int rc = keys_load(&w->cx, w->office);
    if (rc >= 0)
        rc = holder_find(w, number, person_id);
    if (rc < 0)
        return error_add(&w->cx, "look for the holder of a number");
    rc = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                             .person_id = *person_id,
                                             .purpose = purpose,
                                             .query = STR("vault.holder"),
                                             .count = *person_id ? 1 : 0});
    return rc < 0 ? rc : *person_id != 0;
}
