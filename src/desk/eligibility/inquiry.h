/*
 * inquiry: letters that ask others about a person (照会文書), and blank papers to fill in (用紙).
 * What may be asked, for what purpose and by which law stands in data/inquiries.tsv; nothing else
 * is asked. Part of the eligibility desk.
 */
#ifndef DESK_ELIGIBILITY_INQUIRY_H
#define DESK_ELIGIBILITY_INQUIRY_H

#include "desk/eligibility/eligibility.h"
#include "paper/paper.h"

struct inquiry_kind {
    struct str kind, title, purpose, law;
    struct str items; /* "|" between, an example behind "=" */
};
struct inquiry_kinds {
    struct inquiry_kind *rows;
    size_t n;
};
int inquiry_kinds(struct work *w, struct inquiry_kinds *out) WARN_UNUSED;

struct inquiry {
    int64_t person_id;
    struct str kind, to;
    struct ymd due;
};
/* The letter as a PDF; a line in the audit log. ERR_INVALID: unknown kind, nobody asked, no day. */
int inquiry_pdf(struct work *w, struct paper *paper, const struct inquiry *q,
                struct text *out) WARN_UNUSED;
/* A paper to fill in, empty or filled with its sample; ERR_NOT_FOUND for another name. */
int blank_pdf(struct work *w, struct paper *paper, struct str name, bool is_sample,
              struct text *out) WARN_UNUSED;

int inquiry_page(struct work *w, struct request *rq, struct reply *rp);
int inquiry_pdf_page(struct work *w, struct request *rq, struct reply *rp);
int papers_page(struct work *w, struct request *rq, struct reply *rp);
int paper_page(struct work *w, struct request *rq, struct reply *rp);

#endif
