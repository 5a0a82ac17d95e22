/* application_inner: what the files about applications share. Internal to the desk. */
#ifndef DESK_ELIGIBILITY_APPLICATION_INNER_H
#define DESK_ELIGIBILITY_APPLICATION_INNER_H

#include "desk/eligibility/certificate_inner.h"
#include "desk/eligibility/filing_inner.h"

/* --- data (application_data.c) -------------------------------------------------------------------
 */

enum { ITEM_KINDS_MAX = 24, REASONS_MAX = 32 };
struct item_kind {
    enum application_kind kind;
    struct str name;
    bool has_person, has_from, has_to, has_amount, has_number, has_words;
    int64_t least, most;
    struct str label;
};
struct item_kinds {
    struct item_kind rows[ITEM_KINDS_MAX];
    size_t n;
};
int item_kinds_read(struct work *w, struct item_kinds *out) WARN_UNUSED;
const struct item_kind *item_kind_of(const struct item_kinds *k, enum application_kind kind,
                                     struct str name); /* NULL: unknown */
struct refusal_reason {
    enum application_kind kind;
    struct str code, words, basis;
    bool is_law; /* found from the facts: it holds or it does not */
};
struct refusal_reasons {
    struct refusal_reason rows[REASONS_MAX];
    size_t n;
};
int refusal_reasons_read(struct work *w, struct refusal_reasons *out) WARN_UNUSED;
const struct refusal_reason *refusal_reason_of(const struct refusal_reasons *r,
                                               enum application_kind kind, struct str code);
struct part_line { /* data/part_payment.tsv */
    int64_t percent, savings_months;
    enum relief_kind relief;
    int rate, months;
};
/* The first line that fits: 1, 0 none fits; *savings_only: only the savings were too much. */
int part_line_of(struct work *w, const struct application *a, struct part_line *out,
                 bool *savings_only) WARN_UNUSED;
enum relief_kind relief_of_word(struct str word);

const struct application_item *application_item_of(const struct application *a,
                                                   const char *name); /* the first; NULL */
int application_number(const struct application *a, const char *name);

/* --- entries (application.c, application_decide.c)
 * ------------------------------------------------ */

int application_apply(struct work *w, const struct event *e, struct str payload);
int application_decision_apply(struct work *w, const struct event *e, struct str payload);
/* A decision that waits, in words for the second person. */
int application_shown(struct work *w, const struct event *e, struct str *payload);
/* judge_entry.c: takes the revenues of a granted application and judges again, under e. */
int standard_income_grant(struct work *w, const struct event *e, const struct standard_income *s,
                          struct str application_no) WARN_UNUSED;
struct standard_income application_standard_income(const struct application *a);

/* --- paper (application_print.c)
 * ------------------------------------------------------------------ */

struct application_paper { /* all that a notice says */
    const struct application *a;
    const struct application_look *look;
    const struct application_step *step;
    const struct refusal_reason *reason; /* NULL: none */
};
/* The values of the notice, packed, and the hash of its layout; in the work's arena. */
int application_paper_keep(struct work *w, const struct application_paper *p, struct str *data,
                           struct str *hash) WARN_UNUSED;

const char *application_kind_message(enum application_kind kind);
const char *application_state_message(enum application_state state);
const char *relief_message(enum relief_kind kind);

/* --- pages (application_page.c, application_entry_page.c)
 * ----------------------------------------- */

page_handler applications_page, application_person_page, application_show, application_pdf_page;
page_handler application_standard_post, application_limit_post, application_disease_post,
    application_part_post;
page_handler application_grant_post, application_grant_part_post, application_refuse_post,
    application_end_post;

#endif
