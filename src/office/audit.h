/*
 * audit: who looked at or changed whose record. Part of office.h.
 */
#ifndef OFFICE_AUDIT_H
#define OFFICE_AUDIT_H

#include "office/office.h"

struct audit_line {
    enum audit_class class;
    int64_t person_id;    /* whose; 0: none */
    int64_t household_id; /* 0: none */
    struct str purpose;   /* 目的; may be empty for inquiry */
    struct str query;     /* conditions of a list or search, never results */
    int64_t count;        /* persons shown or written; -1: not yet known */
};
int audit_open(struct context *cx, const char *url, struct audit **out) WARN_UNUSED;
void audit_close(struct audit *a);
/* While it holds, a line is on disk when audit_settle returns and not before: for a process that
 * shows nothing until then. A request that changes something has it off: no line, no act. */
void audit_later(struct audit *a, bool is_later);
/* < 0: a line is not on disk; nothing of what hangs on it may be shown. */
int audit_settle(struct context *cx, struct audit *a) WARN_UNUSED;
/* Writes and makes durable one line; increments w->looks. Failing means: do not act. */
int audit_write(struct work *w, const struct audit_line *line) WARN_UNUSED;
/* Many lines, one sync: printing writes one line per document. */
int audit_write_many(struct work *w, const struct audit_line *lines, size_t n) WARN_UNUSED;
/* After the act: result (0 or the status) and the count. Belongs to the work's newest line. */
int audit_outcome(struct work *w, int result, int64_t count) WARN_UNUSED;
struct audit_row {
    int64_t line_no;
    int64_t time_us;
    struct str user_name, terminal, branch, screen, class, purpose, query;
    int64_t person_id, household_id, count;
    int result;
};
struct audit_search {
    struct str user_name; /* STR_NONE: any */
    int64_t person_id;    /* 0: any */
    struct str screen;    /* STR_NONE: any */
    struct ymd from, to;  /* YMD_NONE: any; both days included */
    bool abnormal;        /* only closed days, out of hours, refused sign-ins [SEC-021] */
    int64_t before;       /* paging: lines older than this number, 0: newest */
    int limit;
};
struct audit_rows {
    struct audit_row *rows;
    size_t n;
    int64_t last;
};
int audit_find(struct context *cx, struct audit *a, const struct audit_search *s,
               struct audit_rows *out) WARN_UNUSED;
/* Every line, every chain, every anchor; findings or < 0. */
int audit_verify(struct context *cx, struct audit *a, finding_fn *report, void *arg) WARN_UNUSED;
/* The daily anchor: heads of all chains and of the journal, written to both stores and as a file
 * CITY/anchors/DAY.txt that the operator takes off the machine. Once a day; later calls do nothing.
 */
int audit_anchor(struct work *w, struct str *file) WARN_UNUSED;
/* Compares an anchor file (brought back) with the audit store; findings or < 0. */
int audit_verify_anchor(struct context *cx, struct audit *a, struct str anchor, finding_fn *report,
                        void *arg) WARN_UNUSED;

#endif
