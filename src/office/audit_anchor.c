/* audit_anchor: once a day the heads of all chains are tied together, with the journal's, into one
 * digest that is kept in both stores and as a line in a file that leaves the machine. */
#include "office/audit_inner.h"
#include "office_sql.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

struct digest anchor_digest(const struct anchor_part *p)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, digest_bytes(&p->before));
    hash_int(&h, p->day.day);
    hash_int(&h, p->last_line);
    hash_text(&h, digest_bytes(&p->heads));
    hash_int(&h, p->journal_link);
    hash_text(&h, digest_bytes(&p->journal));
    return hash_end(&h);
}

int anchor_heads(struct context *cx, struct audit *a, int64_t after_line, int64_t last_line,
                 struct digest *out)
{
    struct audit_db_heads_list list;
    struct audit_db_heads_in in = {.after_line = after_line, .last_line = last_line};
    struct hasher h;
    int rc = audit_db_heads(cx, a->st, &in, &list);
    if (rc < 0)
        return rc;
    hash_init(&h, STR_NONE);
    hash_int(&h, last_line);
    for (size_t i = 0; i < list.n; i++) {
        hash_int(&h, list.rows[i].writer_id);
        hash_int(&h, list.rows[i].sequence);
        hash_text(&h, list.rows[i].link);
    }
    *out = hash_end(&h);
    return OK;
}

static int anchor_put(struct work *w, struct anchor_part *part, struct digest *out)
{
    struct context *cx = &w->cx;
    struct audit_db_anchor_newest_row newest;
    struct audit_db_line_last_row last;
    int64_t after = 0;
    int rc = audit_db_anchor_newest(cx, w->audit->st, &newest);
    if (rc == 1) {
        after = newest.last_line;
        if (newest.anchor_hash.n == sizeof part->before.b)
            memcpy(part->before.b, newest.anchor_hash.p, newest.anchor_hash.n);
    }
    if (rc >= 0)
        rc = audit_db_line_last(cx, w->audit->st, &last);
    if (rc < 0)
        return rc;
    part->last_line = last.line_no - 1;
    rc = anchor_heads(cx, w->audit, after, part->last_line, &part->heads);
    if (rc < 0)
        return rc;
    *out = anchor_digest(part);
    struct audit_db_audit_anchor row = {.anchor_ymd = part->day,
                                        .last_line = part->last_line,
                                        .heads = digest_bytes(&part->heads),
                                        .journal_link = part->journal_link,
                                        .journal_hash = digest_bytes(&part->journal),
                                        .anchor_hash = digest_bytes(out)};
    return audit_db_audit_anchor_insert(cx, w->audit->st, &row);
}

static int anchor_in_audit(struct work *w, struct anchor_part *part, struct digest *out)
{
    int rc = STORE_BEGIN(&w->cx, w->audit->st);
    if (rc < 0)
        return rc;
    rc = anchor_put(w, part, out);
    if (rc >= 0)
        return store_commit(&w->cx, w->audit->st);
    store_rollback(w->audit->st);
    return rc;
}

static int anchor_in_store(struct work *w, const struct anchor_part *part, const struct digest *d)
{
    struct office_db_audit_anchor_note row = {.anchor_ymd = part->day,
                                              .last_line = part->last_line,
                                              .anchor_hash = digest_bytes(d)};
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = office_db_audit_anchor_note_insert(&w->cx, w->store, &row);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

/* "2026-06-15 48211 9f3c...": day, last line, anchor. */
static int anchor_file(struct work *w, const struct anchor_part *part, const struct digest *d,
                       struct str *file)
{
    char hex[65];
    char day[11];
    struct context *cx = &w->cx;
    const char *city = w->office->city_path;
    digest_hex(d, hex);
    ymd_format(part->day, day);
    struct str folder = str_format(cx->arena, "%s/anchors", city);
    struct str path = str_format(cx->arena, "%s/anchors/%s.txt", city, day);
    struct str line = str_format(cx->arena, "%s %lld %s\n", day, (long long)part->last_line, hex);
    if (!folder.p || !path.p || !line.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (mkdir(folder.p, 0700) != 0 && errno != EEXIST)
        return fail(cx, ERR_IO, "office.city_folder", "%s", folder.p);
    *file = path;
    return file_write(cx, path.p, line);
}

int audit_anchor(struct work *w, struct str *file)
{
    struct context *cx = &w->cx;
    struct audit_db_anchor_of_row there;
    struct anchor_part part = {.day = w->today};
    struct digest d;
    *file = STR_NONE;
    int rc = audit_ready(cx, w->audit);
    if (rc >= 0)
        rc = audit_flush(cx, w->audit);
    if (rc >= 0)
        rc = audit_db_anchor_of(cx, w->audit->st,
                                &(struct audit_db_anchor_of_in){.anchor_ymd = part.day}, &there);
    if (rc == 1)
        return OK;
    if (rc >= 0)
        rc = store_chain_head(cx, w->store, &part.journal_link, &part.journal);
    if (rc >= 0)
        rc = anchor_in_audit(w, &part, &d);
    if (rc >= 0)
        rc = anchor_in_store(w, &part, &d);
    if (rc >= 0)
        rc = anchor_file(w, &part, &d, file);
    return rc < 0 ? error_add(cx, "write the daily anchor") : OK;
}
