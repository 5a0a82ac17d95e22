/*
 * notice: what is printed for a decision. The values come from the decision, its explanation and
 * the names and addresses known at one event; once printed they are stored with the layout's hash,
 * and a reprint takes them from there. Internal to the levy.
 */
#ifndef DESK_LEVY_NOTICE_H
#define DESK_LEVY_NOTICE_H

#include "desk/levy/assess.h"

/* Everything about one notice before its values are filled. */
struct letter {
    const struct decision *decision;
    struct str household_no;
    struct str insured_symbol; /* 記号 番号, the newest; empty: none */
    struct addressee to;
    const struct person
        *members; /* in the order of the explanation's members; name.p NULL: unknown */
    size_t n_members;
    struct explanation explanation;
    const struct collection_plan
        *plan; /* where part comes from the pension; NULL: by instalments */
    struct ymd printed;
    bool is_reprint;
    bool is_changed; /* a correction: with what it changed */
    struct correction correction;
    struct levy_paid paid; /* nothing where nobody collects */
};
int notice_fill(struct context *cx, const struct letterhead *head, const struct letter *l,
                struct form_data *out) WARN_UNUSED;

/* Letters for a run of decisions (same year), set-based. Memory: w->cx.arena. */
int letters_load(struct work *w, const struct decisions *d, struct ymd printed,
                 struct letter *out) WARN_UNUSED;
/* Why it is not sent; REASON_NONE: it goes out. */
enum levy_reason letter_pulled(const struct letter *l);

/* The two layouts in force: their texts (read from the store), then the forms made of them (in the
 * process that prints). */
struct layout_sources {
    struct str notice, slip;
    struct digest hash; /* of both */
};
struct layouts {
    struct form *notice, *slip;
};
int layout_sources(struct work *w, struct layout_sources *out) WARN_UNUSED;
/* One paper in memory (sheet.c), and as the reply to a request. */
int sheet_pdf(struct work *w, const char *name, const struct form_data *data,
              struct text *out) WARN_UNUSED;
int sheet_reply(struct work *w, struct reply *rp, const char *name, const struct form_data *data,
                struct str file_name) WARN_UNUSED;
/* One layout by its name: the adopted one, else the one built in. */
int layout_named(struct work *w, const char *name, struct str *out) WARN_UNUSED;
int layout_in(struct work *w, const struct sheet_forms *forms, const char *name,
              struct str *out) WARN_UNUSED;
int layouts_from(struct context *cx, struct paper *p, const struct layout_sources *from,
                 struct layouts *out) WARN_UNUSED;
void layouts_free(struct layouts *l);
/* The notice and its slips: both or neither. */
int letter_print(struct context *cx, struct paper_stream *s, const struct layouts *forms,
                 const struct decision *d, const struct form_data *data) WARN_UNUSED;

int levy_notices(struct work *w, struct job *job) WARN_UNUSED;
int levy_notices_check(struct work *w, struct job *job) WARN_UNUSED;
/* The desk's warm function: rules, plan and layouts in force. */
int levy_warm(struct work *w) WARN_UNUSED;

#endif
