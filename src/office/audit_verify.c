/* audit_verify: every line, every chain, every anchor is computed again. */
#include "office/audit_inner.h"

#include <stdio.h>
#include <string.h>

struct proof {
    struct context *cx;
    struct audit *a;
    finding_fn *report;
    void *arg;
    int found;
    int64_t writer_id;
    int64_t sequence;
    int64_t line_no;
    struct digest link;
};

static int found(struct proof *p, const char *table, int64_t key, const char *what)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)key);
    struct finding f = {.table = str_of(table), .key = str_of(number), .what = str_of(what)};
    p->found++;
    return p->report ? p->report(p->arg, &f) : OK;
}

static bool bytes_are(struct str s, const struct digest *d)
{
    return s.n == sizeof d->b && memcmp(s.p, d->b, s.n) == 0;
}

static void link_take(struct proof *p, struct str link)
{
    if (link.n == sizeof p->link.b)
        memcpy(p->link.b, link.p, link.n);
}

static int writer_find(struct proof *p, const struct audit_db_writers_list *writers,
                       int64_t writer_id)
{
    for (size_t i = 0; i < writers->n; i++)
        if (writers->rows[i].writer_id == writer_id) {
            p->link = hash_of(writers->rows[i].seed);
            p->writer_id = writer_id;
            p->sequence = 0;
            p->line_no = 0;
            return OK;
        }
    p->writer_id = writer_id;
    return found(p, "audit_writer", writer_id, "audit.writer_missing");
}

static struct audit_db_audit_line line_of(const struct audit_db_chain_row *r)
{
    return (struct audit_db_audit_line){.outcome_of = r->outcome_of,
                                        .outcome_of_null = r->outcome_of_null,
                                        .time_us = r->time_us,
                                        .user_id = r->user_id,
                                        .user_name = r->user_name,
                                        .terminal = r->terminal,
                                        .branch = r->branch,
                                        .screen = r->screen,
                                        .class = r->class,
                                        .is_off_hours = r->is_off_hours,
                                        .person_id = r->person_id,
                                        .household_id = r->household_id,
                                        .job_id = r->job_id,
                                        .purpose = r->purpose,
                                        .conditions = r->conditions,
                                        .persons = r->persons,
                                        .result = r->result,
                                        .salt = r->salt};
}

/* Compares one line with its chain; then takes its link as given, so that one change is one
 * finding and not a finding in every later line. */
static int line_check(struct proof *p, const struct audit_db_chain_row *r)
{
    struct audit_db_audit_line line = line_of(r);
    int rc = OK;
    if (r->salt.n == AUDIT_SALT) {
        struct digest content = audit_content(&line);
        if (!bytes_are(r->content, &content))
            rc = found(p, "audit_line", r->line_no, "audit.line_changed");
    } else {
        rc = found(p, "audit_line", r->line_no, "audit.line_changed");
    }
    if (rc >= 0 && r->sequence != p->sequence + 1)
        rc = found(p, "audit_line", r->line_no, "audit.line_gap");
    if (rc >= 0 && r->line_no <= p->line_no)
        rc = found(p, "audit_line", r->line_no, "audit.line_order");
    struct digest link = audit_link(&p->link, r->writer_id, r->sequence, r->line_no, r->content);
    if (rc >= 0 && r->sequence == p->sequence + 1 && !bytes_are(r->link, &link))
        rc = found(p, "audit_line", r->line_no, "audit.link_broken");
    p->sequence = r->sequence;
    p->line_no = r->line_no;
    link_take(p, r->link);
    return rc;
}

static int chains_check(struct proof *p, const struct audit_db_writers_list *writers)
{
    struct audit_db_chain_in in = {.n = 2000};
    for (;;) {
        struct arena_mark mark = arena_mark(p->cx->arena);
        struct audit_db_chain_list list;
        int rc = audit_db_chain(p->cx, p->a->st, &in, &list);
        for (size_t i = 0; i < list.n && rc >= 0; i++) {
            if (list.rows[i].writer_id != p->writer_id)
                rc = writer_find(p, writers, list.rows[i].writer_id);
            if (rc >= 0)
                rc = line_check(p, &list.rows[i]);
        }
        if (rc < 0)
            return rc;
        if (list.n > 0) {
            in.after_writer = list.rows[list.n - 1].writer_id;
            in.after_sequence = list.rows[list.n - 1].sequence;
        }
        bool last = list.n < (size_t)in.n;
        arena_rewind(p->cx->arena, mark);
        if (last)
            return OK;
    }
}

static int writers_check(struct proof *p, const struct audit_db_writers_list *writers)
{
    for (size_t i = 0; i < writers->n; i++) {
        const struct audit_db_writers_row *r = &writers->rows[i];
        struct audit_db_audit_writer row = {.writer_id = r->writer_id,
                                            .started_us = r->started_us,
                                            .host = r->host,
                                            .process = r->process,
                                            .seed = r->seed};
        bool good = r->seed.n == AUDIT_SEED;
        if (good) {
            struct digest d = audit_seed(&row);
            good = memcmp(r->seed.p + AUDIT_SALT, d.b, sizeof d.b) == 0;
        }
        if (!good) {
            int rc = found(p, "audit_writer", r->writer_id, "audit.writer_changed");
            if (rc < 0)
                return rc;
        }
    }
    return OK;
}

static int anchors_check(struct proof *p)
{
    struct audit_db_anchors_list list;
    struct anchor_part part = {.last_line = 0};
    int64_t after = 0;
    int rc = audit_db_anchors(p->cx, p->a->st, &list);
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        const struct audit_db_anchors_row *r = &list.rows[i];
        part.day = r->anchor_ymd;
        part.last_line = r->last_line;
        part.journal_link = r->journal_link;
        if (r->journal_hash.n == sizeof part.journal.b)
            memcpy(part.journal.b, r->journal_hash.p, r->journal_hash.n);
        rc = anchor_heads(p->cx, p->a, after, r->last_line, &part.heads);
        if (rc < 0)
            return rc;
        struct digest d = anchor_digest(&part);
        if (!bytes_are(r->heads, &part.heads))
            rc = found(p, "audit_anchor", r->anchor_ymd.day, "audit.anchor_tail");
        else if (!bytes_are(r->anchor_hash, &d))
            rc = found(p, "audit_anchor", r->anchor_ymd.day, "audit.anchor_changed");
        if (r->anchor_hash.n == sizeof part.before.b)
            memcpy(part.before.b, r->anchor_hash.p, r->anchor_hash.n);
        after = r->last_line;
    }
    return rc;
}

static int verify_all(struct proof *p)
{
    struct audit_db_writers_list writers;
    int rc = audit_db_writers(p->cx, p->a->st, &writers);
    if (rc >= 0)
        rc = writers_check(p, &writers);
    if (rc >= 0)
        rc = chains_check(p, &writers);
    if (rc >= 0)
        rc = anchors_check(p);
    return rc;
}

int audit_verify(struct context *cx, struct audit *a, finding_fn *report, void *arg)
{
    struct proof p = {.cx = cx, .a = a, .report = report, .arg = arg};
    int rc = audit_ready(cx, a);
    if (rc >= 0)
        rc = audit_flush(cx, a);
    /* Pages and indexes first: a search that goes by a broken index would miss lines. */
    if (rc >= 0)
        rc = store_verify(cx, a->st, report, arg);
    p.found = rc > 0 ? rc : 0;
    if (rc >= 0)
        rc = STORE_BEGIN_READ(cx, a->st);
    if (rc < 0)
        return error_add(cx, "verify the audit store");
    rc = verify_all(&p);
    store_rollback(a->st);
    return rc < 0 ? error_add(cx, "verify the audit store") : p.found;
}

int audit_verify_anchor(struct context *cx, struct audit *a, struct str anchor, finding_fn *report,
                        void *arg)
{
    struct proof p = {.cx = cx, .a = a, .report = report, .arg = arg};
    struct audit_db_anchor_of_row row;
    struct audit_db_anchor_of_in in;
    struct digest d;
    struct str rest = anchor;
    struct str day = str_trim(str_cut(&rest, ' '));
    struct str last_line = str_trim(str_cut(&rest, ' '));
    int64_t line;
    if (!ymd_parse(day, &in.anchor_ymd) || !str_to_int(last_line, &line) ||
        !digest_parse(str_trim(rest), &d))
        return fail(cx, ERR_SYNTAX, "audit.anchor_file", STR_FMT, STR_ARG(day));
    int rc = audit_ready(cx, a);
    if (rc >= 0)
        rc = audit_db_anchor_of(cx, a->st, &in, &row);
    if (rc < 0)
        return error_add(cx, "read the anchor");
    if (rc == 0)
        rc = found(&p, "audit_anchor", in.anchor_ymd.day, "audit.anchor_missing");
    else if (row.last_line != line || !bytes_are(row.anchor_hash, &d))
        rc = found(&p, "audit_anchor", in.anchor_ymd.day, "audit.anchor_changed");
    return rc < 0 ? rc : p.found;
}
