/*
 * chain: one link for each commit that wrote chained rows.
 *
 * A link's digest covers the previous link's digest, its number, its event numbers, and its parts:
 * for each table in order of name, the number of rows and the digest over (key, row digest) in key
 * order. So a row that is changed, taken out or put in later is missed or found too many.
 */
#include "store/engine.h"
#include "store_sql.h"

#include <stdlib.h>
#include <string.h>

int chain_add(struct context *cx, struct store *st, const struct link_row *row)
{
    if (st->n_links == st->cap_links) {
        size_t cap = st->cap_links ? st->cap_links * 2 : 64;
        struct link_row *rows = memory_resize(st->links, cap * sizeof *rows);
        if (!rows)
            return fail(cx, ERR_MEMORY, "store.memory", NULL);
        st->links = rows;
        st->cap_links = cap;
    }
    st->links[st->n_links++] = *row;
    return OK;
}

static int compare_rows(const void *a, const void *b)
{
    const struct link_row *x = a;
    const struct link_row *y = b;
    if (x->table != y->table)
        return strcmp(x->table->name, y->table->name);
    return (x->key > y->key) - (x->key < y->key);
}

static void sort_rows(struct link_row *rows, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        if (compare_rows(&rows[i - 1], &rows[i]) > 0) {
            qsort(rows, n, sizeof *rows, compare_rows);
            return;
        }
    }
}

struct hasher part_hash_begin(const char *table)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, str_of(table));
    return h;
}

void part_hash_row(struct hasher *h, int64_t key, const struct digest *d)
{
    unsigned char bytes[8 + sizeof d->b];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)key >> (8 * i));
    memcpy(bytes + 8, d->b, sizeof d->b);
    hash_bytes(h, (struct str){(const char *)bytes, sizeof bytes});
}

struct hasher link_hash_begin(const struct link_facts *l, struct str previous)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, previous);
    hash_int(&h, l->link_no);
    hash_int(&h, l->first_event);
    hash_int(&h, l->last_event);
    return h;
}

void link_hash_part(struct hasher *h, struct str table, int64_t rows, struct str digest)
{
    hash_text(h, table);
    hash_int(h, rows);
    hash_text(h, digest);
}

static struct str digest_str(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

/* Writes the part of one table, rows[0..n), and feeds it to the link. */
static int write_part(struct context *cx, struct store *st, int64_t link_no,
                      const struct link_row *rows, size_t n, struct hasher *link)
{
    const char *table = rows->table->name;
    struct hasher h = part_hash_begin(table);
    for (size_t i = 0; i < n; i++)
        part_hash_row(&h, rows[i].key, &rows[i].digest);
    struct digest d = hash_end(&h);
    struct store_chain_part part = {.link_no = link_no,
                                    .table_name = str_of(table),
                                    .row_count = (int64_t)n,
                                    .digest = digest_str(&d)};
    link_hash_part(link, part.table_name, part.row_count, part.digest);
    return store_chain_part_insert(cx, st, &part);
}

static size_t same_table(const struct link_row *rows, size_t n)
{
    size_t k = 1;
    while (k < n && rows[k].table == rows->table)
        k++;
    return k;
}

static int previous_link(struct context *cx, struct store *st, struct link_facts *l,
                         struct digest *previous)
{
    struct store_link_last_row last;
    struct arena_mark mark = arena_mark(cx->arena);
    int rc = store_link_last(cx, st, &last);
    *previous = (struct digest){0};
    *l = (struct link_facts){.link_no = 1, .last_event = 0};
    if (rc == 1 && last.digest.n == sizeof previous->b) {
        memcpy(previous->b, last.digest.p, sizeof previous->b);
        *l = (struct link_facts){.link_no = last.link_no + 1, .last_event = last.last_event};
    }
    arena_rewind(cx->arena, mark);
    return rc;
}

/* Last of all: its digest covers the parts. */
static int write_link(struct context *cx, struct store *st, const struct link_facts *l,
                      const struct digest *digest)
{
    struct store_chain_link link = {.link_no = l->link_no,
                                    .first_event = l->first_event,
                                    .last_event = l->last_event,
                                    .digest = digest_str(digest)};
    return store_chain_link_insert(cx, st, &link);
}

int chain_close(struct context *cx, struct store *st)
{
    struct link_facts l;
    struct digest previous;
    if (st->n_links == 0)
        return OK;
    int rc = previous_link(cx, st, &l, &previous);
    if (rc < 0)
        return rc;
    l.first_event = st->first_event;
    l.last_event = st->last_event;
    sort_rows(st->links, st->n_links);
    struct hasher h = link_hash_begin(&l, digest_str(&previous));
    for (size_t i = 0, n = 0; rc >= 0 && i < st->n_links; i += n) {
        n = same_table(st->links + i, st->n_links - i);
        rc = write_part(cx, st, l.link_no, st->links + i, n, &h);
    }
    if (rc < 0)
        return rc;
    struct digest digest = hash_end(&h);
    return write_link(cx, st, &l, &digest);
}

int store_chain_head(struct context *cx, struct store *st, int64_t *link, struct digest *out)
{
    struct link_facts l;
    int rc = previous_link(cx, st, &l, out);
    *link = l.link_no - 1;
    return rc;
}
