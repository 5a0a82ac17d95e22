/* post_inner: a run of printing and where its documents come from. Internal to post*.c. */
#ifndef DESK_COLLECTION_POST_INNER_H
#define DESK_COLLECTION_POST_INNER_H

#include "desk/collection/post.h"

enum { POST_PIECE = 200, POST_SOURCES = 3, POST_UNPRINTABLE = 20 };
#define POST_INDEX_HEADS "place,kind,document_no,pages,insert_code,delivery_code,customer_bars"

struct printing;
struct post_source {
    const char *kind;                 /* of post_item */
    const char *layout;               /* NULL: the levy draws it */
    int (*piece)(struct printing *p); /* adds up to POST_PIECE documents, counts p->taken */
};
extern const struct post_source post_sources[POST_SOURCES];

struct printing {
    struct work *w;
    struct job *job;
    struct ymd issue, notices; /* notices: of levy notices, YMD_NONE: none */
    bool with_slips;
    struct letter_run run;
    const char *folder, *kind;
    int64_t batch_id, batch_no, place, event_no;
    const struct post_source *source;
    struct form *form;
    struct digest hash;
    struct notice_drawer *drawer;
    struct paper_stream *stream;
    struct collection_post_item *rows;
    struct audit_line *looks;
    size_t n;     /* documents of the piece */
    size_t taken; /* letters looked at, also those withdrawn */
};
struct post_document {
    int64_t letter_id, no;
    const struct debtor_state *to;
    struct yen yen;
    int64_t reason; /* enum dunning_reason; 0: it is printed */
    int pages;
    struct form_data data;
    const struct decision *decision; /* a levy notice */
};
int post_add(struct printing *p, struct post_document *d) WARN_UNUSED;
int post_no_memory(struct work *w);

#endif
