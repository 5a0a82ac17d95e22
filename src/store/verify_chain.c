/* verify_chain: the links of a window: their order, their parts, their digests. */
#include "store/verify.h"
#include "store_sql.h"

#include <string.h>

static struct str digest_str(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

static int add_part(struct verify *v, const struct store_parts_row *p)
{
    const struct store_table *t = verify_find_table(v, p->table_name);
    if (!t || p->digest.n != sizeof(struct digest))
        return verify_tell(v, "chain_part", p->link_no, "store.verify.part_unknown", NULL);
    int rc = verify_room(v, &v->parts, &v->cap_parts, v->n_parts, sizeof *v->parts);
    if (rc < 0)
        return rc;
    struct verify_part *part = &v->parts[v->n_parts++];
    *part = (struct verify_part){.table = t, .link_no = p->link_no, .rows = p->row_count};
    memcpy(part->digest.b, p->digest.p, sizeof part->digest.b);
    v->window_rows += p->row_count;
    return OK;
}

/* Event numbers have no gaps, and the event rows of a link are as many as its numbers. */
static int check_order(struct verify *v, const struct store_links_row *l)
{
    int rc = OK;
    if (l->link_no != v->last_link + 1)
        rc = verify_tell(v, "chain_link", l->link_no, "store.verify.link_missing", NULL);
    if (rc >= 0 && (l->first_event != v->last_event + 1 || l->last_event < l->first_event))
        rc = verify_tell(v, "chain_link", l->link_no, "store.verify.link_events", NULL);
    return rc;
}

/* The digest over the stored parts must be the stored one. */
static int check_link(struct verify *v, const struct store_links_row *l,
                      const struct store_parts_list *parts, size_t *at)
{
    struct link_facts facts = {l->link_no, l->first_event, l->last_event};
    int64_t events = 0;
    int rc = OK;
    struct hasher h = link_hash_begin(&facts, digest_str(&v->last_digest));
    for (; rc >= 0 && *at < parts->n && parts->rows[*at].link_no <= l->link_no; (*at)++) {
        const struct store_parts_row *p = &parts->rows[*at];
        link_hash_part(&h, p->table_name, p->row_count, p->digest);
        if (str_is(p->table_name, "event"))
            events = p->row_count;
        rc = add_part(v, p);
    }
    struct digest d = hash_end(&h);
    if (rc >= 0 && !str_equal(l->digest, digest_str(&d)))
        rc = verify_tell(v, "chain_link", l->link_no, "store.verify.link_digest", NULL);
    if (rc >= 0 && events != l->last_event - l->first_event + 1)
        rc = verify_tell(v, "chain_link", l->link_no, "store.verify.link_events", NULL);
    return rc;
}

static int add_link(struct verify *v, const struct store_links_row *l)
{
    int rc = verify_room(v, &v->links, &v->cap_links, v->n_links, sizeof *v->links);
    if (rc < 0)
        return rc;
    v->links[v->n_links++].facts = (struct link_facts){l->link_no, l->first_event, l->last_event};
    v->last_link = l->link_no;
    v->last_event = l->last_event;
    v->last_digest = (struct digest){0};
    if (l->digest.n == sizeof v->last_digest.b)
        memcpy(v->last_digest.b, l->digest.p, sizeof v->last_digest.b);
    return OK;
}

/* One reading of links with their parts; 0 when there are no more. */
static int read_links(struct verify *v, int64_t limit)
{
    struct store_links_in in = {.after = v->last_link, .limit = limit};
    struct store_links_list links;
    struct store_parts_list parts = {0};
    size_t at = 0;
    int rc = store_links(v->cx, v->st, &in, &links);
    if (rc >= 0 && links.n > 0) {
        struct store_parts_in span = {v->last_link, links.rows[links.n - 1].link_no};
        rc = store_parts(v->cx, v->st, &span, &parts);
    }
    for (size_t i = 0; rc >= 0 && i < links.n; i++) {
        rc = check_order(v, &links.rows[i]);
        if (rc >= 0)
            rc = check_link(v, &links.rows[i], &parts, &at);
        if (rc >= 0)
            rc = add_link(v, &links.rows[i]);
    }
    return rc < 0 ? rc : links.n > 0;
}

int verify_window(struct verify *v)
{
    enum { AT_ONCE = 2000 };
    int rc = 1;
    v->n_links = 0;
    v->n_parts = 0;
    v->window_rows = 0;
    v->first_of_window = v->last_event + 1;
    while (rc == 1 && v->n_links < WINDOW_LINKS && v->window_rows < WINDOW_ROWS) {
        struct arena_mark mark = arena_mark(v->cx->arena);
        rc = read_links(v, AT_ONCE);
        arena_rewind(v->cx->arena, mark);
    }
    v->last_window = rc <= 0;
    return rc < 0 ? rc : OK;
}
