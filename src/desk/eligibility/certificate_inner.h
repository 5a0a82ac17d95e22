/* certificate_inner: what the files about certificates share. Internal to the desk. */
#ifndef DESK_ELIGIBILITY_CERTIFICATE_INNER_H
#define DESK_ELIGIBILITY_CERTIFICATE_INNER_H

#include "desk/eligibility/eligibility.h"
#include "eligibility_sql.h"

/* --- kinds (certificate_kind.c) ----------------------------------------------------------------
 */

struct certificate_kind {
    struct str name;
    struct str family;
    struct ymd first;  /* YMD_NONE: always */
    struct ymd before; /* no more issued from this day; YMD_NONE: goes on */
    struct ymd latest; /* holds at most until; YMD_NONE: no such day */
    int years;         /* longest validity */
    bool is_yearly;    /* ends on the day before the yearly renewal */
    bool is_short;     /* ends by months */
    bool has_share;
    struct str form;
};
/* The tables as set for this city; read once for a work, in its arena. */
struct certificate_tables {
    struct certificate_kind kind[24];
    size_t n_kinds;
    struct certificate_choice {
        bool is_after;
        int arrears;     /* enum arrears_state; -1: whatever */
        int child, card; /* 0, 1; -1: whatever */
        struct str wish; /* empty: whatever */
        struct str kind;
        const char *reason;
    } choice[24];
    size_t n_choices;
    struct ymd switch_day;
    int renewal_month, renewal_day; /* 8, 1 */
    int short_months;
    int years; /* validity of a renewal; at most the kind's */
};
/* A table of data/: the next line that is no remark, cut at tabs: 1 one, 0 at the end, -1 not
 * `wanted` columns. */
enum { DATA_COLUMNS = 9 };
int data_line(struct str *rest, struct str cells[DATA_COLUMNS], size_t wanted) WARN_UNUSED;
int certificate_tables_read(struct work *w, const struct certificate_tables **out) WARN_UNUSED;
const struct certificate_kind *certificate_kind(const struct certificate_tables *t,
                                                struct str name); /* NULL: unknown */
/* STR_NONE when unknown; for feeds, which know no city's settings. */
struct str certificate_family(struct str kind);
/* The reason why it may not be issued on that day: message id, or NULL. */
const char *certificate_kind_refused(const struct certificate_kind *k, struct ymd day);

/* arrears_standing.c: what the facts say. */
int arrears_standing_read(struct work *w, const int64_t *households, size_t n,
                          struct certificate_arrears *out);

/* --- who holds one (certificate_due.c) ----------------------------------------------------------
 */

/* The address of use of somebody who stays elsewhere (マル遠, or a student's or a facility's). */
struct place_of_use {
    struct str line; /* empty: none; also of somebody protected */
    struct ymd told; /* when we were told: a document issued before it is to be issued anew */
};
/* out[i] and to[i]: of person_ids[i]; to: where documents go, as party_addressees gave it; the
 * address of use takes its place unless an agent takes the mail. */
int places_of_use(struct work *w, const int64_t *person_ids, size_t n, struct addressee *to,
                  struct place_of_use *out) WARN_UNUSED;

/* All that decides a person's document and stands on it. */
struct holder {
    int64_t person_id;
    int64_t household_id; /* that of the placement, else where he lives; 0: none */
    struct str person_no;
    struct ymd birth;
    struct str sex;
    struct str name, kana, name_kind;
    struct str real_name, real_kana;   /* NULL: no other name */
    struct ymd stay_until;             /* YMD_NONE: none */
    struct ymd placed_until;           /* last day of the placement or its confirmation */
    struct str symbol, number, branch; /* NULL: none */
    struct ymd acquired;               /* YMD_NONE: not insured */
    bool has_card, wants_confirmation, wants_notice;
    bool is_undelivered; /* the newest handover of his: back from the post */
    struct certificate_arrears arrears;
    struct judged judged;
    struct addressee to;
    struct place_of_use use;
};
struct holders {
    struct holder *rows;
    size_t n;
};
/* In the order of the ids; a handful of statements whatever their number. */
int holders_load(struct work *w, const int64_t *person_ids, size_t n,
                 struct holders *out) WARN_UNUSED;
/* The kind of a family, with the reason as a message id. */
const struct certificate_choice *certificate_choose(const struct certificate_tables *t,
                                                    const struct holder *h, struct ymd day);
bool holder_is_elderly(const struct holder *h, struct ymd day); /* 70 to 74 */
/* Tenths as judged of him as one of 70 to 74; 0: not judged so (a judgement from before counts
 * nothing: its share is that of the younger). */
int holder_share(const struct holder *h);
/* First of the month after the 70th birthday; born on the first: of that month. */
struct ymd elderly_from(struct ymd birth);
bool division_is_decided(enum division d);
/* What one pays in a month for a specified disease (disease_limit.c, data/disease_limits.tsv). */
struct disease_case {
    int64_t disease;
    enum division division;
    struct ymd birth, day;
};
/* YEN(0): it depends on the division, which is not decided; or the day is before the first. */
int disease_limit(struct work *w, const struct disease_case *k, struct yen *out) WARN_UNUSED;
/* 1: the amount is one that somebody of this age pays for this disease. */
int disease_limit_is_one(struct work *w, const struct disease_case *k, struct yen yen) WARN_UNUSED;
/* The last day a document of that kind holds when issued on a day. */
struct ymd certificate_until(const struct certificate_tables *t, const struct certificate_kind *k,
                             const struct holder *h, struct ymd day);
struct ymd certificate_effective(const struct certificate_kind *k, const struct holder *h,
                                 struct ymd day);
/* Registers: the state of a row on a day. */
enum certificate_state certificate_state_of(const struct certificate_tables *t,
                                            const struct held *c, bool is_insured, bool has_newer,
                                            struct ymd day);

/* --- writing (certificate_issue.c)
 * ---------------------------------------------------------------- */

int certificate_handover_write(struct work *w, int64_t event_no,
                               const struct certificate_handover *h) WARN_UNUSED;
/* "eligibility.certificate", "eligibility.certificate_return": entry kinds. */
int certificate_apply(struct work *w, const struct event *e, struct str payload);
int certificate_return_apply(struct work *w, const struct event *e, struct str payload);

/* --- printing (certificate_print.c)
 * --------------------------------------------------------------- */

/* What all documents of the city say. */
struct certificate_head {
    struct str city, mayor, seal, section, office_postcode, office_address, phone, insurer_no,
        prefecture;
};
int certificate_head_read(struct work *w, struct certificate_head *out) WARN_UNUSED;
struct face { /* one document with whose it is and where it goes */
    const struct held *held;
    const struct person *person;
    const struct addressee *to;
    struct ymd acquired;
    struct str used_at; /* the address of use, printed for that where he lives; empty: none */
};
void certificate_fill(struct work *w, const struct certificate_head *head, const struct face *f,
                      struct form_data *out);
/* The parts of it that other letters of the desk have too. */
void certificate_put_head(struct form_data *d, const struct certificate_head *h);
void certificate_put_address(struct work *w, struct form_data *d, const struct addressee *to);
/* The layout of that hash, else the one in force. */
int certificate_layout_of(struct work *w, struct str name, struct str hash,
                          struct str *out) WARN_UNUSED;
/* Values kept from before he came under protection: the address is taken out of them. */
int certificate_hide_address(struct work *w, int64_t person_id, struct form_data *d) WARN_UNUSED;
int certificate_print_one(struct work *w, struct paper *paper, struct str layout,
                          struct form_data *d, struct text *out) WARN_UNUSED;
int certificate_pack(struct work *w, const struct form_data *d, struct str *out) WARN_UNUSED;
int certificate_layout(struct work *w, struct str name, struct str *out) WARN_UNUSED;
enum pulled { /* why a document is not in a printed stream; message id "eligibility.pulled.N" */
              PULLED_NOT = 0,
              PULLED_PROTECTED = 1,
              PULLED_ADDRESS = 2,
              PULLED_UNDELIVERED = 3,
              PULLED_KINDS = 4
};
enum pulled certificate_pulled(const struct holder *h);
const char *pulled_message(int64_t pulled);
/* view.c */
const char *sex_message(enum sex sex);
const char *certificate_message(struct str kind);

const char *certificate_state_message(enum certificate_state state); /* certificate_pages.c */

/* Handlers of routes (certificate_pages.c, certificate_person.c). */
page_handler certificates_page, certificate_special_page, certificate_receive, certificate_pdf_page,
    certificate_recall_page;
page_handler certificate_person_page, certificate_person_issue, certificate_person_hand,
    certificate_person_return;

int certificate_memory(struct work *w); /* ERR_MEMORY */

#endif
