/* verify_table: one chained table within a window of links. */
#include "store/verify.h"
#include "store_sql.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- closures ------------------------------------------------------------------------------ */

static int add_closure(void *arg, const struct store_closures_of_row *row)
{
    struct verify *v = arg;
    int rc = verify_room(v, &v->closures, &v->cap_closures, v->n_closures, sizeof *v->closures);
    if (rc < 0)
        return rc;
    v->closures[v->n_closures++] = (struct verify_closure){row->row_key, row->known_from};
    return OK;
}

static int read_closures(struct verify *v, const struct store_table *t)
{
    struct store_closures_of_in in = {.table_name = str_of(t->name)};
    v->n_closures = 0;
    if (!t->fact || !v->first_window)
        return OK;
    return store_closures_of_each(v->cx, v->st, &in, add_closure, v);
}

/* Closures and rows both come in key order: *at walks along. */
static int check_closure(struct verify *v, const struct store_table *t, int64_t key,
                         const struct store_value *known_to, size_t *at)
{
    int rc = OK;
    for (; rc >= 0 && *at < v->n_closures && v->closures[*at].key < key; (*at)++)
        rc =
            verify_tell(v, t->name, v->closures[*at].key, "store.verify.closure_without_row", NULL);
    bool has = *at < v->n_closures && v->closures[*at].key == key;
    int64_t event = has ? v->closures[(*at)++].event : 0;
    if (rc >= 0 && has != !known_to->is_null)
        rc = verify_tell(v, t->name, key,
                         has ? "store.verify.not_closed" : "store.verify.closed_by_nobody", NULL);
    else if (rc >= 0 && has && known_to->i != event)
        rc = verify_tell(v, t->name, key, "store.verify.known_to", NULL);
    for (; rc >= 0 && *at < v->n_closures && v->closures[*at].key == key; (*at)++)
        rc = verify_tell(v, t->name, key, "store.verify.closed_twice", NULL);
    return rc;
}

/* --- rows ---------------------------------------------------------------------------------- */

static int compare_event(const void *key, const void *element)
{
    const int64_t *event = key;
    const struct verify_link *l = element;
    if (*event < l->facts.first_event)
        return -1;
    return *event > l->facts.last_event;
}

/* Puts a row to its link; one outside the chain is told once, in the last window. */
static int add_row(struct verify *v, const struct store_table *t, int64_t event,
                   const struct verify_row *row)
{
    bool before = event < v->first_of_window;
    if (before && !(v->first_window && event < 1))
        return OK;
    const struct verify_link *l =
        bsearch(&event, v->links, v->n_links, sizeof *v->links, compare_event);
    if (!l)
        return v->last_window || before
                   ? verify_tell(v, t->name, row->key, "store.verify.no_link", NULL)
                   : OK;
    int rc = verify_room(v, &v->rows, &v->cap_rows, v->n_rows, sizeof *v->rows);
    if (rc < 0)
        return rc;
    v->rows[v->n_rows] = *row;
    v->rows[v->n_rows++].link_no = l->facts.link_no;
    return OK;
}

static bool in_window(const struct verify *v, int64_t event)
{
    return event >= v->first_of_window && (v->last_window || event <= v->last_event);
}

static int check_row(struct verify *v, const struct store_table *t,
                     const struct store_value *values)
{
    const struct store_value *seal = &values[t->n_fields];
    int64_t event = values[t->known_from].i;
    struct verify_row row = {.key = values[t->key].i};
    struct digest d;
    if (!in_window(v, event) && !(v->first_window && event < 1))
        return OK;
    if (seal->is_null || seal->s.n != SEAL_BYTES)
        return verify_tell(v, t->name, row.key, "store.verify.seal", NULL);
    int rc = seal_digest(v->cx, &v->st->seal_room, t, values, (const unsigned char *)seal->s.p, &d);
    memcpy(row.digest.b, seal->s.p + SALT_BYTES, sizeof row.digest.b);
    if (rc >= 0 && !digest_equal(&d, &row.digest))
        rc = verify_tell(v, t->name, row.key, "store.verify.seal", NULL);
    return rc < 0 ? rc : add_row(v, t, event, &row);
}

static int scan_rows(struct verify *v, const struct store_table *t)
{
    struct store_value values[MAX_VALUES];
    struct store_cursor *c = NULL;
    size_t closure = 0;
    int rc = store_cursor_open(v->cx, v->st, t->scan, NULL, true, &c);
    while (rc >= 0) {
        rc = store_step(v->cx, c, values);
        if (rc != 1)
            break;
        rc = check_row(v, t, values);
        if (rc >= 0 && t->fact && v->first_window)
            rc = check_closure(v, t, values[t->key].i, &values[t->n_fields + 1], &closure);
    }
    store_cursor_close(c);
    for (; rc >= 0 && closure < v->n_closures; closure++)
        rc = verify_tell(v, t->name, v->closures[closure].key, "store.verify.closure_without_row",
                         NULL);
    return rc;
}

struct purged {
    struct verify *v;
    const struct store_table *table;
};

static int add_purged(void *arg, const struct store_purged_of_row *p)
{
    struct purged *a = arg;
    struct verify_row row = {.key = p->row_key};
    if (p->row_digest.n != sizeof row.digest.b || !in_window(a->v, p->row_event))
        return OK;
    memcpy(row.digest.b, p->row_digest.p, sizeof row.digest.b);
    return add_row(a->v, a->table, p->row_event, &row);
}

static int add_purged_rows(struct verify *v, const struct store_table *t)
{
    struct store_purged_of_in in = {.table_name = str_of(t->name)};
    struct purged a = {v, t};
    return store_purged_of_each(v->cx, v->st, &in, add_purged, &a);
}

/* --- parts --------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b)
{
    const struct verify_row *x = a;
    const struct verify_row *y = b;
    if (x->link_no != y->link_no)
        return x->link_no < y->link_no ? -1 : 1;
    return (x->key > y->key) - (x->key < y->key);
}

static int tell_part(struct verify *v, const struct store_table *t, const struct verify_part *p,
                     int64_t found)
{
    char facts[200];
    snprintf(facts, sizeof facts, "link=%lld rows=%lld found=%lld", (long long)p->link_no,
             (long long)p->rows, (long long)found);
    return verify_tell(v, t->name, 0,
                       found == p->rows ? "store.verify.rows_differ" : "store.verify.rows_missing",
                       facts);
}

/* Rows of one link from *at on against the part that the link holds. */
static int check_part(struct verify *v, const struct store_table *t, const struct verify_part *p,
                      size_t *at)
{
    struct hasher h = part_hash_begin(t->name);
    int64_t found = 0;
    int rc = OK;
    for (; rc >= 0 && *at < v->n_rows && v->rows[*at].link_no < p->link_no; (*at)++)
        rc = verify_tell(v, t->name, v->rows[*at].key, "store.verify.row_not_in_link", NULL);
    for (; *at < v->n_rows && v->rows[*at].link_no == p->link_no; (*at)++, found++)
        part_hash_row(&h, v->rows[*at].key, &v->rows[*at].digest);
    struct digest d = hash_end(&h);
    if (rc >= 0 && (found != p->rows || !digest_equal(&d, &p->digest)))
        rc = tell_part(v, t, p, found);
    return rc;
}

static int check_parts(struct verify *v, const struct store_table *t)
{
    size_t at = 0;
    int rc = OK;
    if (v->n_rows > 1)
        qsort(v->rows, v->n_rows, sizeof *v->rows, compare_rows);
    for (size_t i = 0; rc >= 0 && i < v->n_parts; i++)
        if (v->parts[i].table == t)
            rc = check_part(v, t, &v->parts[i], &at);
    for (; rc >= 0 && at < v->n_rows; at++)
        rc = verify_tell(v, t->name, v->rows[at].key, "store.verify.row_not_in_link", NULL);
    return rc;
}

int verify_table(struct verify *v, const struct store_table *t)
{
    v->n_rows = 0;
    int rc = read_closures(v, t);
    if (rc >= 0)
        rc = scan_rows(v, t);
    if (rc >= 0)
        rc = add_purged_rows(v, t);
    return rc < 0 ? rc : check_parts(v, t);
}
