/*
 * late: late charges (延滞金) and interest on refunds (還付加算金), to the yen, with every step.
 *
 * late_walk and refund_walk are pure: days are cut at year ends, at the end of the low rate, at
 * part payments and reliefs; every figure, rate and rounding comes from the rules (rules/national/
 * 80-entai.rule and the municipality's), read into struct late_terms.
 *
 * Invariants
 * - The segments follow each other from the day after the due date to the day of payment. Their
 *   products are exact; only the rules' roundings lose anything.
 * - What a year's rates are not known for is refused, never computed with last year's.
 */
#ifndef DESK_COLLECTION_LATE_H
#define DESK_COLLECTION_LATE_H

#include "desk/collection/collection.h"

/* --- terms: what the rules say ---------------------------------------------------------------- */

enum late_rounding { LATE_EACH_SEGMENT, LATE_EACH_BAND, LATE_SUM }; /* 延滞の端数, in its order */
enum late_band { LATE_LOW, LATE_HIGH, LATE_RELIEVED, LATE_BANDS };
enum refund_start { START_PAID, START_MONTH_PAID, START_MONTH_TOLD }; /* 還付加算の起算 */
#define LATE_YEAR_FIRST 2000
#define LATE_YEARS      60

struct late_rule { /* base and result: below `least` nothing, then down to `unit` */
    int64_t base_least, base_unit, least, unit;
};
struct late_terms {
    bool is_charged;         /* 延滞金を徴収する, of the kind and levy year */
    int64_t months;          /* of the low rate */
    int64_t year_days, step; /* 365; the unit steps are rounded to */
    enum late_rounding rounding, refund_rounding;
    struct late_rule late, refund;
    enum refund_start start[5]; /* by 還付の原因 */
    int64_t start_months;
    /* by calendar year; den 0: not known */
    struct ratio rate[LATE_BANDS][LATE_YEARS], refund_rate[LATE_YEARS];
};
/* Of a kind of claim ("nhi_fee", "nhi_tax") and a levy year under the rules in force; kept for the
 * process. */
int late_terms_of(struct work *w, struct str kind, int levy_year,
                  const struct late_terms **out) WARN_UNUSED;
int late_terms_read(struct context *cx, const struct ruleset *rules, struct str kind, int levy_year,
                    struct late_terms *out) WARN_UNUSED;

/* The rules a late charge is computed by, by name, for the page that opens it. */
#define LATE_RULES 8
extern const char *const late_rule_names[LATE_RULES];

/* Figures of dunning in a levy year. */
struct dunning_terms {
    int64_t days;     /* 督促までの日数 */
    struct yen fee;   /* 督促手数料 */
    struct yen least; /* 督促する最低額 */
    int64_t pay_days; /* 督促の指定日数 */
    int64_t lapse[2]; /* 時効の年数: fee, tax */
    int64_t rests[2]; /* 督促後に時効が完成しない日数: fee, tax */
};
int dunning_terms_of(struct work *w, int levy_year, struct dunning_terms *out) WARN_UNUSED;

/* --- late charges ------------------------------------------------------------------------------
 */

struct late_payment {
    struct ymd paid; /* 領収日: the charge of that day is still on the balance before it */
    struct yen yen;
};
enum late_relief_kind { RELIEF_REDUCED, RELIEF_WAIVED }; /* 猶予の割合まで軽減; 全額免除 */
struct late_relief {
    struct ymd from, to; /* half-open; YMD_NONE: goes on */
    enum late_relief_kind kind;
};
struct late_case {
    struct str kind; /* of the liability */
    int levy_year;
    struct ymd due;
    struct yen amount;                   /* of the instalment */
    const struct late_payment *payments; /* by day; those after `until` do not count */
    size_t n_payments;
    const struct late_relief *reliefs;
    size_t n_reliefs;
    struct ymd until; /* 完納の日, or the day up to which it is asked for */
};
struct late_segment {
    struct ymd from, to; /* both included */
    int64_t days;
    struct yen balance, base; /* base: what the rate is put on */
    enum late_band band;
    struct ratio rate;
    struct ratio exact; /* base * rate * days / 365 */
    struct yen yen;     /* down to the step; what counts where each segment is rounded */
};
enum late_outcome { /* message id "collection.late.N" */
                    LATE_CHARGED,
                    LATE_IN_TIME,    /* paid by the due date */
                    LATE_NOT_LEVIED, /* the ordinance asks for none */
                    LATE_SMALL_BASE,
                    LATE_SMALL,
                    LATE_WAIVED,
                    LATE_UNKNOWN /* a year is not announced: nothing may be printed or asked for */
};
struct late_result {
    struct late_segment *rows;
    size_t n;
    struct yen band[LATE_BANDS]; /* where bands are rounded */
    struct yen sum;              /* after the rounding on the way */
    struct yen charge;           /* what is asked for */
    enum late_outcome outcome;
    enum late_rounding rounding;
    struct ymd low_until; /* last day of the low rate */
    const struct late_terms *terms;
};
int late_walk(struct context *cx, const struct late_terms *t, const struct late_case *c,
              struct late_result *out) WARN_UNUSED;
/* The same with the rules in force. */
int late_charge(struct work *w, const struct late_case *c, struct late_result *out) WARN_UNUSED;

/* --- interest on refunds ------------------------------------------------------------------------
 */

enum refund_cause {
    REFUND_REDUCED,   /* the amount was reduced: 資格喪失, 所得更正, 減免 */
    REFUND_ERRONEOUS, /* paid twice or in error */
    REFUND_INCOME_TAX /* tax only: an income tax correction causes the reduction */
};
struct refund_case {
    struct str kind;
    int levy_year;
    enum refund_cause cause;
    struct yen amount; /* of one instalment, one payment */
    struct ymd paid;   /* 領収日 */
    struct ymd told;   /* the notice of the income tax correction; YMD_NONE */
    struct ymd until;  /* 還付: 支出を決定した日; 充当: 充当した日 */
};
struct refund_result {
    struct late_segment *rows;
    size_t n;
    struct ymd start; /* 起算日 */
    enum refund_start rule;
    struct yen sum, interest;
    enum late_outcome outcome;
};
/* 還付加算金 and 充当加算金 are asked for apart: each is rounded by itself. */
int refund_walk(struct context *cx, const struct late_terms *t, const struct refund_case *c,
                struct refund_result *out) WARN_UNUSED;
int refund_interest(struct work *w, const struct refund_case *c,
                    struct refund_result *out) WARN_UNUSED;

/* Months from a first day: the last day of the period (民法143条). */
struct ymd months_elapsed(struct ymd first, int64_t months);

/* --- of what stands in the journal ---------------------------------------------------------------
 */

/* One instalment with what was paid on it and what relieves it. */
struct late_instalment {
    int64_t liability_id, debtor_id, notice_no;
    int number;
    struct late_case c;
    struct yen balance;
    struct late_result late; /* as of c.until */
    struct yen late_paid;    /* late charges received on it */
    struct yen late_due;     /* what is left to pay of them */
};
struct late_instalments {
    struct late_instalment *rows;
    size_t n;
};
enum late_which {
    LATE_UNPAID,    /* due before the day and unpaid */
    LATE_PAID_LATE, /* also what was paid after it was due */
    LATE_NOT_DUE    /* also what is unpaid and not due yet */
};
/* Instalments of a debtor with their late charges up to `day`. By levy year and due day. */
int late_of_debtor(struct work *w, int64_t debtor_id, struct ymd day, enum late_which which,
                   struct late_instalments *out) WARN_UNUSED;
/* The same of many debtors, in the order of the ids; a handful of statements. */
int late_of_debtors(struct work *w, const int64_t *debtor_ids, size_t n, struct ymd day,
                    struct late_instalments *out) WARN_UNUSED;
/* 1 found, 0 not. */
int late_of_instalment(struct work *w, int64_t liability_id, int number, struct ymd day,
                       struct late_instalment *out) WARN_UNUSED;
/* ERR_NOT_FOUND where the charge is not known: before it is printed or asked for. */
int late_known(struct work *w, const struct late_instalment *x) WARN_UNUSED;
const char *late_outcome_message(enum late_outcome outcome);
const char *late_band_message(enum late_band band);

#endif
