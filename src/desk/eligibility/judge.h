/*
 * judge (判定): what share a person pays at the window (負担割合), which limit he has (限度額区分),
 * whether he is early-stage elderly (前期高齢者), from when to when, and why. Part of
 * eligibility.h.
 *
 * Invariants
 * - A judgement is made by the rules adopted in the city, from facts known at one event, for the
 *   household as it stands on one day; it keeps the rules' hash, that event and its explanation.
 * - A judge year runs from 1 August to 31 July and looks at the income of the calendar year before
 *   it: January to July look two years back.
 * - Monthly, yearly and at the counter are one and the same function: they cannot differ.
 * - What the tax office did not say stays unknown; a share of 0 and DIVISION_UNDECIDED mean that
 *   nothing may be printed yet.
 * - The office's own word (職権) over a judgement has a reason and a last day.
 */
#ifndef DESK_ELIGIBILITY_JUDGE_H
#define DESK_ELIGIBILITY_JUDGE_H

#include "desk/eligibility/notification.h"
#include "desk/party/party.h"
#include "law/law.h"

/* --- what a judgement needs to know of incomes, given by the desk that keeps them ----------- */

enum tax_state { /* message id "eligibility.tax_state.N" */
                 TAX_UNKNOWN = 0,
                 TAX_EXEMPT = 1,     /* 住民税非課税 */
                 TAX_PER_CAPITA = 2, /* 均等割のみ */
                 TAX_LEVIED = 3      /* 所得割課税 */
};
struct tax_fact {
    int64_t person_id; /* in */
    struct ymd birth;  /* in */
    bool is_known;     /* declared, answered, or a child without any record */
    bool has_record;   /* false: all amounts are 0 */
    bool is_adjusted;  /* 所得金額調整控除 for dependants */
    bool has_salary_income, has_pension_income, has_total_income, has_taxable;
    enum tax_state state;
    struct yen salary_revenue, pension_revenue; /* gross */
    struct yen salary_income, pension_income;   /* where the tax office gave them */
    struct yen other_income;                    /* business, property, other */
    struct yen forestry_income, separate_income, separate_deduction;
    struct yen net_loss, casualty_loss, family_paid, family_received;
    struct yen total_income; /* 合計所得金額 */
    struct yen taxable;      /* 住民税課税所得 */
};
struct judge_source {
    /* rows[i].person_id and .birth are given; the rest is zero and is filled. Of several numbers of
     * one person linked as of `at` the incomes are added. */
    int (*incomes)(struct work *w, int income_year, struct asof at, struct tax_fact *rows,
                   size_t n);
    /* The rules adopted at `known`; hash not NULL: those with this hash, adopted by then. */
    int (*plan)(struct work *w, int64_t known, const struct digest *hash, int year, struct str goal,
                const struct plan **out);
};
/* Once at start, by the desk that keeps incomes and rules (tests may give their own). */
void judge_source_set(const struct judge_source *source);

/* --- results ---------------------------------------------------------------------------------- */

enum division { /* message id "eligibility.division.N" */
                DIVISION_NONE = 0,
                DIVISION_A = 1,        /* ア */
                DIVISION_I = 2,        /* イ */
                DIVISION_U = 3,        /* ウ */
                DIVISION_E = 4,        /* エ */
                DIVISION_O = 5,        /* オ */
                DIVISION_ACTIVE_3 = 6, /* 現役並みⅢ */
                DIVISION_ACTIVE_2 = 7,
                DIVISION_ACTIVE_1 = 8,
                DIVISION_GENERAL = 9, /* 一般 */
                DIVISION_LOW_2 = 10,  /* 低所得Ⅱ */
                DIVISION_LOW_1 = 11,
                DIVISION_UNDECIDED = 12, /* the taxable income is still to come */
                DIVISION_KINDS = 13
};
const char *division_message(enum division d); /* never NULL */
struct judged {
    int64_t person_id;
    int elderly; /* 前期高齢者区分: 70, 65 or 0 */
    int share;   /* tenths at the window: 2 or 3; 0: undecided */
    enum division division;
    bool is_overridden; /* by the office's own word */
    int64_t judgement_id;
    struct span valid; /* of the judgement */
};
/* Of many people on a day, as known at w->asof.known, in the order of the ids; judgement_id 0:
 * never judged for that day. One statement and one for overrides. */
int judgement_many(struct work *w, const int64_t *person_ids, size_t n, struct ymd day,
                   struct judged *out) WARN_UNUSED;
/* 1 judged, 0 not (nothing written to *out). */
int judgement_share(struct work *w, int64_t person_id, struct ymd day, int *tenths) WARN_UNUSED;
int judgement_division(struct work *w, int64_t person_id, struct ymd day,
                       enum division *out) WARN_UNUSED;

/* The judge year of a day: 2026 from 1 August 2026 to 31 July 2027. */
int judge_year_of(struct ymd day);
struct span judge_year_span(int year);

/* --- judging ---------------------------------------------------------------------------------- */

enum judge_cause { /* message id "eligibility.judge_cause.N" */
                   JUDGE_YEARLY = 1,
                   JUDGE_MONTHLY = 2,     /* turned 65 or 70 */
                   JUDGE_CHANGE = 3,      /* somebody came or left */
                   JUDGE_INCOME = 4,      /* incomes were corrected */
                   JUDGE_APPLICATION = 5, /* 基準収入額適用申請 */
                   JUDGE_COUNTER = 6      /* asked for at the counter */
};
#define JUDGED_MAX 32 /* people of one household */
struct judgement {
    int64_t judgement_id, household_id, looked_from, event_no;
    int year;
    enum judge_cause cause;
    struct ymd day; /* the household as of */
    struct span valid;
    struct digest rule_hash, inputs;
    struct str explanation;
    struct judged person[JUDGED_MAX];
    size_t n;
};
/* Looks only: how the household would be judged from `day`. 1, or 0 when nobody is insured then. */
int judge_look(struct work *w, int64_t household_id, struct ymd day,
               struct judgement *out) WARN_UNUSED;
/* Judges from `day` to the end of the judge year, and again on every later day of that year on
 * which the household had been judged; writes what differs under an event of its own, kind
 * "eligibility.judgement", or under event_no inside the caller's transaction. *written: judgements
 * opened, 0: all as before. */
int judge_household(struct work *w, int64_t household_id, struct ymd day, enum judge_cause cause,
                    int *written) WARN_UNUSED;
int judge_household_under(struct work *w, int64_t event_no, int64_t household_id, struct ymd day,
                          enum judge_cause cause, int *written) WARN_UNUSED;
/* From which day a change on `day` counts: the first of the next month, the day itself where it is
 * a first. Who was not insured before counts from the day he is. */
struct ymd judge_change_day(struct ymd day);
/* Incomes of these people and year have changed under an event: a pending re-judgement is opened
 * for every household that was judged by them. */
int judge_touched(struct work *w, int64_t event_no, const int64_t *person_ids, size_t n,
                  int income_year) WARN_UNUSED;

/* Judgements of a household as known, newest first. */
struct judgements {
    struct judgement *rows;
    size_t n;
};
int judgements_of_household(struct work *w, int64_t household_id,
                            struct judgements *out) WARN_UNUSED;
int judgement_get(struct work *w, int64_t judgement_id,
                  struct judgement *out) WARN_UNUSED; /* 1, 0 */
/* Opens the stored explanation with the rules of its hash. */
int judgement_explanation(struct work *w, const struct judgement *j,
                          struct explanation *out) WARN_UNUSED;
/* Its members as they stand in the explanation; ids has room. */
int judgement_members(struct work *w, const struct judgement *j, int64_t *ids, size_t room,
                      size_t *n) WARN_UNUSED;
/* Evaluated again from what was known then: bytes and inputs identical? */
int judgement_replay(struct work *w, const struct judgement *j, bool *same) WARN_UNUSED;

/* --- the office's own word -------------------------------------------------------------------- */

struct judge_override {
    int64_t person_id;
    bool is_share;     /* share, else division */
    int value;         /* tenths or enum division */
    struct span valid; /* both days are needed */
    struct str reason;
};
/* Entered, then checked: kind "eligibility.judge_override". 0 applied, 1 waits. */
int judge_override_enter(struct work *w, const struct judge_override *o,
                         int64_t *event_no) WARN_UNUSED;

/* --- 基準収入額適用申請 ---------------------------------------------------------------------- */

#define STANDARD_INCOME_MAX 8
struct standard_income {
    int64_t household_id;
    int year;            /* judge year it is for */
    struct ymd received; /* 申請日 */
    enum identity_check identity;
    struct {
        int64_t person_id;
        struct yen revenue; /* 収入額 of the calendar year before */
    } row[STANDARD_INCOME_MAX];
    size_t n;
};
/* From 1 August where the application came before it, else from the month after the application. */
struct ymd standard_income_from(int year, struct ymd received);
/* Entered, then checked: kind "eligibility.standard_income"; the second person's word takes the
 * revenues and judges the household again. 0 applied, 1 waits. */
int standard_income_enter(struct work *w, const struct standard_income *s,
                          int64_t *event_no) WARN_UNUSED;

#endif
