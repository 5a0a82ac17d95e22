/*
 * application (申請): what people ask the section for and what was decided: the standard income
 * (基準収入額適用), the limit and the reduction with the long stay
 * (限度額・標準負担額減額、長期該当), a specified disease (特定疾病), and a cut, a waiver or a
 * deferral of part-payment (法44条).
 *
 * Invariants
 * - An application and its items are written once. What became of it is a row per decision, each
 * with a number of the register of decisions; the newest says what holds. Taking back is a newer
 * row.
 * - application_look says what the law makes of it: a decision that departs from it is refused,
 *   except where the law leaves it to the city (part-payment), and there it needs words.
 * - Reasons for refusing are data: data/application_reasons.tsv; items: data/application_items.tsv.
 * - A decision is an entry "eligibility.application_decision": it counts after a second person's
 *   word where the city's setting asks for it.
 */
#ifndef DESK_ELIGIBILITY_APPLICATION_H
#define DESK_ELIGIBILITY_APPLICATION_H

#include "desk/eligibility/certificate.h"
#include "desk/eligibility/notification.h"

enum application_kind { /* message id "eligibility.application.kind.N" */
                        APPLICATION_STANDARD_INCOME = 1,
                        APPLICATION_LIMIT = 2,
                        APPLICATION_DISEASE = 3,
                        APPLICATION_PART_PAYMENT = 4
};
enum application_state { /* message id "eligibility.application.state.N" */
                         APPLICATION_OPEN = 0,
                         APPLICATION_GRANTED = 1,
                         APPLICATION_REFUSED = 2,
                         APPLICATION_WITHDRAWN = 3, /* before a decision */
                         APPLICATION_REVOKED = 4    /* what was granted ends */
};
enum relief_kind { /* message id "eligibility.relief.N" */
                   RELIEF_NONE = 0,
                   RELIEF_LIMIT = 1,
                   RELIEF_LONG_STAY = 2,
                   RELIEF_DISEASE = 3,
                   RELIEF_REDUCE = 4,
                   RELIEF_EXEMPT = 5,
                   RELIEF_DEFER = 6
};

/* --- as received --------------------------------------------------------------------------------
 */

#define APPLICATION_ITEMS_MAX 24
struct application_item { /* which members an item has says data/application_items.tsv */
    struct str name;
    int64_t person_id;   /* 0: none */
    struct ymd from, to; /* both days belong to it; YMD_NONE: none */
    struct yen amount;
    bool has_amount;
    int64_t number;
    bool has_number;
    struct str words;
    struct str person_no, person_name; /* out */
};
struct application {
    int64_t application_id;
    struct str no; /* 申請番号 */
    enum application_kind kind;
    struct filing in; /* household, received, by whom, identity */
    int64_t person_id;
    struct application_item item[APPLICATION_ITEMS_MAX];
    size_t n_items;
    /* out */
    struct str person_no, name, officer;
    enum application_state state; /* the newest */
    struct ymd decided;           /* YMD_NONE: open */
    bool waits;                   /* a decision waits for a second person */
    int64_t event_no;
};
/* As an entry "eligibility.application": 0 and its number, 1 waits; ERR_INVALID names the field. */
int application_enter(struct work *w, struct application *a) WARN_UNUSED;
int application_get(struct work *w, struct str no, struct application *out) WARN_UNUSED; /* 1, 0 */
struct applications {
    struct application *rows; /* without items */
    size_t n;
};
int applications_open(struct work *w, struct str after, int64_t n,
                      struct applications *out) WARN_UNUSED;
int applications_of_person(struct work *w, int64_t person_id, struct applications *out) WARN_UNUSED;

/* --- what the law makes of it -------------------------------------------------------------------
 */

struct application_look {
    const char *problem; /* message id: cannot be decided yet (no judgement, ...); NULL */
    struct str refusal;  /* code of the reason for which the law refuses; empty: it grants */
    struct span valid;   /* of what is granted */
    enum relief_kind relief;
    int rate; /* part-payment: per cent taken off */
    enum division division;
    struct yen limit;
    int disease;
    struct str paper;     /* kind of certificate to be issued; empty: none */
    struct ymd long_stay; /* from which day; YMD_NONE: none */
    int stay_days;        /* that count, of the twelve months */
    int share_before, share_after;
};
int application_look(struct work *w, const struct application *a,
                     struct application_look *out) WARN_UNUSED;

/* --- decided -------------------------------------------------------------------------------------
 */

struct application_decision {
    struct str no;
    enum application_state state;
    struct str reason;       /* refused: a code of the list */
    struct str words;        /* why, where it departs from the look, is withdrawn or revoked */
    enum relief_kind relief; /* part-payment; RELIEF_NONE: as looked */
    int rate;                /* RELIEF_REDUCE */
    int months;              /* part-payment; 0: as looked */
    bool is_without_paper;   /* no certificate now */
};
/* 0 decided, 1 waits for a second person. */
int application_decide(struct work *w, const struct application_decision *d,
                       int64_t *event_no) WARN_UNUSED;
struct application_step {
    enum application_state state;
    struct ymd decided;
    int fiscal_year;
    int64_t decision_no;
    struct str reason; /* in words; empty: none */
    struct str basis;  /* of a refusal */
    struct str words, officer, checker;
    enum relief_kind relief;
    int rate;
    struct ymd from, last; /* YMD_NONE: none */
    struct str serial;     /* of the certificate issued with it */
    struct str layout_hash, print_data;
};
struct application_steps {
    struct application_step *rows; /* oldest first */
    size_t n;
};
int application_steps(struct work *w, const struct application *a,
                      struct application_steps *out) WARN_UNUSED;
/* The notice of the newest decision as it was printed first; writes the audit line of the print. */
int application_pdf(struct work *w, struct paper *paper, struct str no,
                    struct text *out) WARN_UNUSED;

/* --- what it gives: read by the benefits ---------------------------------------------------------
 */

struct relief {
    int64_t person_id;
    struct str application_no;
    enum relief_kind kind;
    enum division division;
    struct yen limit;
    int disease, rate;
    struct span valid;
};
struct reliefs {
    struct relief *rows;
    size_t n;
};
/* Of people on w->asof.valid. */
int relief_of_people(struct work *w, const int64_t *person_ids, size_t n,
                     struct reliefs *out) WARN_UNUSED;
/* What remains of a part-payment of one person that day: paid now, paid later, given up. */
struct part_payment {
    struct yen now, later, given_up;
};
struct part_payment part_payment_under(const struct reliefs *all, int64_t person_id,
                                       struct yen part);

#endif
