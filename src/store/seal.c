/*
 * seal: salt and digest of one row.
 *
 * The digest is BLAKE2b-256 keyed by the row's salt over the table's name and, column by column,
 * type, name and value. NULLs are left out, so that a column added later (NULL in old rows) does
 * not break old seals. Days and months are fed as the text that is stored: any changed byte is
 * seen. The salt goes with the content, so the digest of a deleted row tells nothing about it.
 */
#include "store/engine.h"

#include <string.h>

enum { SEAL_MAXIMUM = 64 << 20, PER_VALUE = 1 + 8 + 8 };

static size_t put_bytes(unsigned char *to, const void *from, size_t n)
{
    if (n > 0)
        memcpy(to, from, n);
    return n;
}

static size_t put_number(unsigned char *to, uint64_t v)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(v >> (8 * i));
    return 8;
}

static bool is_text(enum store_type type)
{
    return type == ST_TEXT || type == ST_BLOB || type == ST_DAY || type == ST_MONTH;
}

static size_t put_value(unsigned char *to, const char *name, const struct store_value *v)
{
    size_t n = 0;
    size_t name_length = strlen(name);
    bool text = is_text(v->type);
    to[n++] = text ? 2 : 1;
    n += put_bytes(to + n, name, name_length + 1);
    n += put_number(to + n, text ? v->s.n : (uint64_t)v->i);
    if (text)
        n += put_bytes(to + n, v->s.p, v->s.n);
    return n;
}

static int make_room(struct context *cx, struct seal_room *room, size_t n)
{
    if (n <= room->cap)
        return OK;
    if (n > SEAL_MAXIMUM)
        return fail(cx, ERR_LIMIT, "store.row_too_big", NULL);
    unsigned char *p = memory_resize(room->bytes, n * 2);
    if (!p)
        return fail(cx, ERR_MEMORY, "store.memory", NULL);
    *room = (struct seal_room){p, n * 2};
    return OK;
}

size_t seal_size(const struct store_table *t, const struct store_value *values)
{
    size_t n = strlen(t->name) + 1;
    for (int i = 0; i < t->n_fields; i++)
        n += strlen(t->fields[i].name) + PER_VALUE + (is_text(values[i].type) ? values[i].s.n : 0);
    return n;
}

int seal_digest(struct context *cx, struct seal_room *room, const struct store_table *t,
                const struct store_value *values, const unsigned char *salt, struct digest *out)
{
    int rc = make_room(cx, room, seal_size(t, values));
    if (rc < 0)
        return rc;
    size_t n = put_bytes(room->bytes, t->name, strlen(t->name) + 1);
    for (int i = 0; i < t->n_fields; i++)
        if (!values[i].is_null)
            n += put_value(room->bytes + n, t->fields[i].name, &values[i]);
    struct hasher h;
    hash_init(&h, (struct str){(const char *)salt, SALT_BYTES});
    hash_bytes(&h, (struct str){(const char *)room->bytes, n});
    *out = hash_end(&h);
    return OK;
}

/* Salts are drawn many at a time: asking the system for 16 bytes costs more than the hash. */
static const unsigned char *next_salt(struct context *cx, struct store *st)
{
    if (st->salts_left == 0) {
        cx->env->random(cx->env, st->salts, sizeof st->salts);
        st->salts_left = sizeof st->salts;
    }
    st->salts_left -= SALT_BYTES;
    return st->salts + st->salts_left;
}

static int check_event(struct context *cx, struct store *st, const struct store_table *t,
                       const struct store_value *values)
{
    int64_t event = values[t->known_from].i;
    if (st->first_event != 0 && event >= st->first_event && event <= st->last_event)
        return OK;
    return fail(cx, ERR_INVALID, "store.event_not_ours", "table=%s event=%lld", t->name,
                (long long)event);
}

int seal_row(struct context *cx, struct store *st, const struct store_table *t,
             const struct store_value *values, const struct bulk_place *place,
             unsigned char seal[SEAL_BYTES])
{
    struct link_row row = {.table = t, .key = values[t->key].i};
    int rc = check_event(cx, st, t, values);
    if (rc < 0)
        return rc;
    const unsigned char *salt = NULL;
    if (!seal_ahead_of(place->ahead, place->at, &salt, &row.digest)) {
        salt = next_salt(cx, st);
        rc = seal_digest(cx, &st->seal_room, t, values, salt, &row.digest);
    }
    if (rc < 0)
        return rc;
    memcpy(seal, salt, SALT_BYTES);
    memcpy(seal + SALT_BYTES, row.digest.b, sizeof row.digest.b);
    return chain_add(cx, st, &row);
}
