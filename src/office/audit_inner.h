/* audit_inner: the parts of the audit store: writing, reading, proving. */
#ifndef OFFICE_AUDIT_INNER_H
#define OFFICE_AUDIT_INNER_H

#include "audit_sql.h"
#include "office/inner.h"

enum { AUDIT_OUTCOMES = 64, AUDIT_SEED = 48, AUDIT_SALT = 16 };

/* A line or outcome before it has a number. Texts are borrowed. */
struct audit_draft {
    struct audit_db_audit_line row;
};

struct audit_outcome_waiting {
    int64_t of_line;
    int64_t user_id;
    char user_name[64];
    int64_t count;
    int result;
};

/* One process's end of the audit store: its chain's head, and outcomes that ride with the next
 * line's sync. After a failed commit nobody knows what the disk holds: the chain is given up and
 * the next line begins a new one. */
struct audit {
    char *url;
    struct store *st;
    int64_t writer_id; /* 0: no chain yet */
    int64_t sequence;
    struct digest link;
    enum audit_class last_class;
    struct audit_outcome_waiting waiting[AUDIT_OUTCOMES];
    size_t n_waiting;
    bool is_later;   /* lines may reach the disk beside the work: until audit_settle */
    bool is_settled; /* what was written is on disk */
};

struct str digest_bytes(const struct digest *d);
/* Digest of everything a line says, under its salt. */
struct digest audit_content(const struct audit_db_audit_line *row);
struct digest audit_link(const struct digest *before, int64_t writer_id, int64_t sequence,
                         int64_t line_no, struct str content);
/* 16 random bytes, then a digest over them and the rest of the writer's row. */
struct digest audit_seed(const struct audit_db_audit_writer *row);

struct anchor_part {
    struct ymd day;
    int64_t last_line;
    struct digest heads;
    int64_t journal_link;
    struct digest journal;
    struct digest before;
};
struct digest anchor_digest(const struct anchor_part *p);
/* Heads of every chain that grew in (after_line, last_line]. */
int anchor_heads(struct context *cx, struct audit *a, int64_t after_line, int64_t last_line,
                 struct digest *out) WARN_UNUSED;

#endif
