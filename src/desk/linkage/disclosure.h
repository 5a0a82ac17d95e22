/* disclosure: what a person asks about his own data (開示・訂正・利用停止), and the extract he
 * gets. */
#ifndef DESK_LINKAGE_DISCLOSURE_H
#define DESK_LINKAGE_DISCLOSURE_H

#include "desk/linkage/inner.h"

struct disclosure_new {
    int64_t person_id;
    struct str kind; /* disclose, correct, suspend */
    struct str requester;
    int64_t identity; /* enum identity_check */
    bool is_proxy;
    struct str proxy_document;
    struct str content;
    struct ymd received;
};
int disclosure_enter(struct work *w, const struct disclosure_new *d,
                     int64_t *request_no) WARN_UNUSED;
/* Thirty days more, once, with a reason. */
int disclosure_extend(struct work *w, int64_t request_no, struct str reason) WARN_UNUSED;
/* whole, part, none; a reason is needed unless whole. By somebody with the right to check. */
int disclosure_decide(struct work *w, int64_t request_no, struct str decision,
                      struct str reason) WARN_UNUSED;
int disclosure_find(struct work *w, int64_t request_no,
                    struct linkage_disclosure_by_no_row *out) WARN_UNUSED;
int linkage_decided(struct work *w, int64_t person_id, struct decided_list *out) WARN_UNUSED;

/* Everything that the columns themselves say is disclosed, of one person, with its history. */
struct extract_line {
    struct str file;    /* 個人情報ファイル */
    struct str content; /* what the table holds, in words */
    struct str item;
    struct str value;
    struct str from, to;
    bool is_now; /* false: corrected or replaced since */
};
struct extract {
    struct extract_line *lines;
    size_t n;
    size_t room;
    int64_t withheld; /* values that are not disclosed, counted */
    int64_t tables;
};
int extract_make(struct work *w, int64_t person_id, struct extract *out) WARN_UNUSED;
int extract_csv(struct context *cx, const struct extract *x, struct text *out) WARN_UNUSED;
int extract_pdf(struct work *w, const struct extract *x, struct str title,
                struct text *out) WARN_UNUSED;
/* CITY/disclosure/NUMBER.pdf or .csv, made by the job "disclosure-extract". */
struct str extract_path(struct work *w, int64_t request_no, const char *tail);
int extract_job(struct work *w, struct job *job) WARN_UNUSED;

/* --- reception slips ------------------------------------------------------------------------- */

struct slip_new {
    struct ymd received;
    struct str caller;
    struct str content;
    bool is_serious;
};
int slip_enter(struct work *w, const struct slip_new *s, int64_t *slip_no) WARN_UNUSED;
int slip_answer(struct work *w, int64_t slip_no, struct str answer) WARN_UNUSED;

#endif
