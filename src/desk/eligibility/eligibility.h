/*
 * eligibility (資格): who is insured from when to when, why, under which numbers, and what follows
 * from that for the levy.
 *
 * Invariants
 * - A period runs from the acquisition day up to, not including, the loss day. The day the other
 *   cover ended or began (cause day) is kept apart: months are counted by it for some reasons.
 * - Periods of one person do not overlap. A change is a newer row known from a later event.
 * - A symbol, number and branch number belong to one person for ever.
 * - Marks (deemed head, special same household, special household, ages) are derived from facts,
 *   never ticked; an override carries its reason and its last day.
 */
#ifndef DESK_ELIGIBILITY_ELIGIBILITY_H
#define DESK_ELIGIBILITY_ELIGIBILITY_H

#include "desk/party/party.h"

/* --- reasons and their dates (国民健康保険法7条, 8条) -------------------------------------- */

enum acquired_by {                             /* 取得事由; stored as two digits */
                   ACQUIRED_MOVE_IN = 1,       /* 転入 */
                   ACQUIRED_LEFT_EMPLOYER = 2, /* 社保離脱 (also the end of being a dependant) */
                   ACQUIRED_LEFT_SOCIETY = 3,  /* 国保組合離脱 */
                   ACQUIRED_BIRTH = 4,
                   ACQUIRED_ASSISTANCE_END = 5, /* 生保廃止・停止 */
                   ACQUIRED_LEFT_LATE_STAGE = 6,
                   ACQUIRED_EX_OFFICIO = 7,
                   ACQUIRED_HOUSEHOLD =
                       8, /* came from another household of this city; only in facts */
                   ACQUIRED_OTHER = 9,
                   ACQUIRED_STAY_STATUS = 10 /* 在留資格取得 */
};
enum lost_by { /* 喪失事由 */
               LOST_MOVE_OUT = 51,
               LOST_EMPLOYER = 52, /* 社保加入・被扶養者認定 */
               LOST_SOCIETY = 53,
               LOST_DEATH = 54,
               LOST_ASSISTANCE = 55,
               LOST_LATE_STAGE = 56,
               LOST_EX_OFFICIO = 57,
               LOST_HOUSEHOLD = 58, /* went to another household of this city; only in facts */
               LOST_OTHER = 59,
               LOST_STAY_STATUS = 60
};
/* Message id "eligibility.reason.01"; never NULL. */
const char *reason_message(int reason);
bool reason_is_known(int reason);
struct str reason_code(int reason);  /* "01"; STR_NONE when unknown */
int reason_of_code(struct str code); /* 0 when unknown */

/* The day eligibility begins, from the day its cause arose: moving in, birth: that day; an
 * employer's cover that ended: cause = its loss day = the same day; late-stage cover given back:
 * the day after. */
struct ymd acquisition_day(enum acquired_by reason, struct ymd cause);
/* The day eligibility is lost, from the day its cause arose: employer's cover, death, moving out:
 * the day after; assistance, society: the day itself; 75th birthday: the birthday itself; moving
 * to a place where cover starts the same day: is_same_day. */
struct ymd loss_day(enum lost_by reason, struct ymd cause, bool is_same_day);
/* True where months are counted by the cause day (法6条1号から8号までの事由). */
bool loss_counts_by_cause(enum lost_by reason);
/* Why a period cannot be entered: message id, or NULL when it may. `others` are the person's
 * other periods and covers. */
struct period_claim {
    struct ymd birth;
    struct ymd acquired;
    struct ymd lost; /* YMD_NONE: open */
    const struct span *others;
    size_t n_others;
};
const char *period_problem(const struct period_claim *c, struct ymd today);

/* --- what is known of one person --------------------------------------------------------- */

struct insured_period {
    int64_t row_id;
    int64_t person_id;
    int64_t period_no;
    enum acquired_by acquired_by;
    struct ymd acquired_cause;
    struct ymd acquired_notified;
    int lost_by; /* 0: still insured, else enum lost_by */
    struct ymd lost_cause;
    struct ymd lost_notified;
    struct ymd prefecture_acquired;
    struct ymd prefecture_lost;
    struct span valid;
};
struct insured_periods {
    struct insured_period *rows;
    size_t n;
};
/* Every period of a person as known at w->asof.known, oldest first. */
int eligibility_periods(struct work *w, int64_t person_id, struct insured_periods *out) WARN_UNUSED;
/* The same of many people: by person_id, then oldest first. */
int eligibility_periods_all(struct work *w, const int64_t *person_ids, size_t n,
                            struct insured_periods *out) WARN_UNUSED;

enum insured_state { NEVER_INSURED, INSURED, WAS_INSURED };
/* Is a month charged: acquired by its end and not ended in it or before; the month of the end is
 * that of the cause day where the reason says so (法6条1号から8号), else that of the loss day. */
bool month_is_charged(const struct insured_period *p, struct month m);
/* State on w->asof.valid of many people, in the order of the ids. */
int eligibility_states(struct work *w, const int64_t *person_ids, size_t n,
                       enum insured_state *out) WARN_UNUSED;

struct certificate {
    struct str kind; /* message id "eligibility.certificate.KIND" */
    struct str serial;
    struct str symbol;
    struct str number;
    struct str branch;
    struct ymd issued;
    struct ymd valid_until;
    int64_t issue_count;
    struct ymd returned;
    struct str return_reason;
};
struct certificates {
    struct certificate *rows;
    size_t n;
};
int eligibility_certificates(struct work *w, int64_t person_id,
                             struct certificates *out) WARN_UNUSED;

/* The household of a certificate number or of a symbol and number; 1 found, 0 not. */
int eligibility_household_by_number(struct work *w, struct str number,
                                    int64_t *household_id) WARN_UNUSED;

/* Party search plus certificate numbers (number, or number-branch). */
int eligibility_search(struct work *w, const struct search_words *words, size_t limit,
                       struct id_list *out) WARN_UNUSED;

/* --- circumstances: facts about a person from which marks and reliefs follow --------------- */

enum circumstance_kind {
    CIRCUMSTANCE_UNEMPLOYED = 1, /* 非自発的失業: day = 離職日, code = 離職理由コード */
    CIRCUMSTANCE_MATERNITY = 2, /* 産前産後: day = 出産(予定)日, code 2 for 多胎, else 1 */
    CIRCUMSTANCE_CARE_EXEMPT = 3, /* 介護保険適用除外: first..last month, day of entering */
    CIRCUMSTANCE_FORMER_DEPENDANT = 4, /* 旧被扶養者: day = 資格取得日 */
    CIRCUMSTANCE_CUSTODY = 5           /* 法59条: first..last month */
};
struct circumstance {
    int64_t person_id;
    enum circumstance_kind kind;
    struct ymd day;
    int32_t code;
    struct month first_month; /* MONTH_NONE where the kind has none */
    struct month last_month;  /* MONTH_NONE: open */
    struct ymd notified;
};
/* 雇用保険の離職理由: 11 12 21 22 31 32 (特定受給資格者), 23 33 34 (特定理由離職者). */
bool unemployment_code_counts(int32_t code);

/* --- facts for the levy, a chunk of households at a time ------------------------------------ */

struct facts_request {
    int fiscal_year;
    int64_t after_household_id; /* households with a greater id, in order */
    size_t limit;               /* households; 1,000 to 20,000 */
    int64_t known;              /* event number; KNOWN_NOW */
    struct ymd as_of;           /* whose links between numbers of one person (名寄せ) count */
    const int64_t *only;        /* not NULL: these households instead (after/limit ignored) */
    size_t n_only;
};
/* Persons that matter: the head (insured or not), everybody insured on a day of the year while
 * in the household, and those of the special same household. Flat arrays; ranges by first and n. */
struct fact_head { /* who is head, clipped to the fiscal year */
    int64_t person_id;
    struct span valid;
};
struct fact_span { /* being insured while living in this household; not clipped to the year */
    struct ymd acquired;
    struct ymd acquired_cause;
    enum acquired_by acquired_by; /* ACQUIRED_HOUSEHOLD: came from another household */
    struct ymd lost;              /* YMD_NONE: open */
    struct ymd lost_cause;
    int lost_by; /* 0 or enum lost_by; LOST_HOUSEHOLD: went to another one */
};
struct fact_special {   /* 特定同一世帯所属者, not clipped to the year */
    struct span valid;  /* from the day late-stage cover began in this household under this head */
    struct month moved; /* month of that day */
};
struct fact_person {
    int64_t person_id;
    struct ymd birth; /* YMD_NONE: unknown */
    struct ymd death;
    bool is_head; /* on some day of the year */
    size_t first_span, n_spans;
    size_t first_special, n_specials;
    size_t first_circumstance, n_circumstances;
};
struct fact_household {
    int64_t household_id;
    bool is_protected;
    size_t first_head, n_heads;
    size_t first_person, n_persons;
};
struct levy_facts {
    struct fact_household *households;
    size_t n_households;
    struct fact_head *heads;
    size_t n_heads;
    struct fact_person *persons;
    size_t n_persons;
    struct fact_span *spans;
    size_t n_spans;
    struct fact_special *specials;
    size_t n_specials;
    struct circumstance *circumstances;
    size_t n_circumstances;
    int64_t
        last_household_id; /* continue after it; households without an insured day are left out */
    bool at_end;
};
/* Only households in which somebody is insured on a day of the fiscal year. Arrays lie in
 * w->cx.arena. A handful of statements whatever the size of the chunk. Somebody with several
 * numbers stands in them once, under the leading one. */
int eligibility_facts_load(struct work *w, const struct facts_request *rq,
                           struct levy_facts *out) WARN_UNUSED;
/* Households numbered like that in the city at the known state; for totals of a job. */
int eligibility_household_count(struct work *w, int fiscal_year, int64_t *out) WARN_UNUSED;

/* --- partials for pages ------------------------------------------------------------------- */

/* The members with ages and marks, the months of the fiscal year as a picture, the events as a
 * timeline; markup of this desk's own templates. Addresses are taken out where protected. */
int eligibility_household_html(struct work *w, const struct party_home *home, int fiscal_year,
                               struct html *out) WARN_UNUSED;

/* One person: facts, a year of months, periods, documents, other covers, marks, events. */
int eligibility_person_html(struct work *w, const struct person *p, struct html *out) WARN_UNUSED;

/* --- the feed into the desk ---------------------------------------------------------------- */

struct eligibility_batch;
enum eligibility_fact {
    ELIGIBILITY_HOUSEHOLD,
    ELIGIBILITY_PERIOD,
    ELIGIBILITY_COVER,
    ELIGIBILITY_CIRCUMSTANCE,
    ELIGIBILITY_PLACEMENT,
    ELIGIBILITY_CERTIFICATE
};
#define ELIGIBILITY_FACTS 6
struct insured_household {
    int64_t household_id;
    struct str symbol;
    struct str number;
    struct span valid;
};
struct other_cover {
    int64_t person_id;
    const char *kind; /* employee dependant society late_stage assistance */
    struct str insurer;
    struct span valid;
};
/* Where somebody who stays elsewhere uses his documents; city empty: nowhere else. */
struct use_address {
    struct str postal_code, prefecture, city, town, number, building;
};
struct placement {
    int64_t person_id;
    int64_t household_id;
    const char *kind; /* student facility remote */
    struct str place;
    struct ymd review;
    struct span valid;
    struct use_address use; /* a remote one has it, the others may */
};
struct certificate_issue {
    int64_t person_id;
    const char *kind;
    struct str serial;
    struct str symbol;
    struct str number;
    struct str branch;
    struct str face_name;
    struct str face_kana;
    struct ymd issued;
    struct ymd valid_until;
    int64_t issue_count;
    struct ymd returned;
    struct str return_reason;
    struct ymd return_cause;
    struct str real_name; /* where face_name is an alias; else STR_NONE */
    struct str real_kana;
    bool is_sex_on_back;
    bool is_undisclosed;
    struct ymd effective; /* YMD_NONE in old registers */
    struct str cause;
    struct str place;
};
int eligibility_batch_new(struct work *w, struct eligibility_batch **out) WARN_UNUSED;
void eligibility_batch_free(struct eligibility_batch *b);
int eligibility_open_household(struct eligibility_batch *b, int64_t event_no,
                               const struct insured_household *f, int64_t *row) WARN_UNUSED;
int eligibility_open_branch(struct eligibility_batch *b, int64_t event_no, int64_t person_id,
                            const struct insured_household *h, struct str branch) WARN_UNUSED;
int eligibility_open_period(struct eligibility_batch *b, int64_t event_no,
                            const struct insured_period *f, int64_t *row) WARN_UNUSED;
int eligibility_open_cover(struct eligibility_batch *b, int64_t event_no,
                           const struct other_cover *f, int64_t *row) WARN_UNUSED;
int eligibility_open_circumstance(struct eligibility_batch *b, int64_t event_no,
                                  const struct circumstance *f, int64_t *row) WARN_UNUSED;
int eligibility_open_placement(struct eligibility_batch *b, int64_t event_no,
                               const struct placement *f, int64_t *row) WARN_UNUSED;
int eligibility_open_certificate(struct eligibility_batch *b, int64_t event_no,
                                 const struct certificate_issue *f, int64_t *row) WARN_UNUSED;
int eligibility_close(struct eligibility_batch *b, enum eligibility_fact fact, int64_t row,
                      int64_t event_no) WARN_UNUSED;
int eligibility_batch_write(struct work *w, struct eligibility_batch *b) WARN_UNUSED;

/* --- files --------------------------------------------------------------------------------- */

/* The job "import-residents": data/formats/residents.tsv says what a line holds. */
int eligibility_import_residents(struct work *w, struct job *job) WARN_UNUSED;
/* The job "import-resident-changes": data/formats/resident_changes.tsv; one event per change. */
int eligibility_import_changes(struct work *w, struct job *job) WARN_UNUSED;
/* The residents of w->asof in the same format, with a control record. Writes its audit lines. */
int eligibility_export_residents(struct work *w, struct text *out, int64_t *rows) WARN_UNUSED;

/* For the register of decisions. */
int eligibility_decided(struct work *w, int64_t person_id, struct decided_list *out) WARN_UNUSED;

extern const struct desk eligibility_desk;

#include "desk/eligibility/application.h"
#include "desk/eligibility/backlog.h"
#include "desk/eligibility/certificate.h"
#include "desk/eligibility/feed.h"
#include "desk/eligibility/life.h"
#include "desk/eligibility/told.h"
#include "desk/eligibility/notification.h"

#endif
