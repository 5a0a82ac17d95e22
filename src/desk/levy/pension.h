/*
 * pension: how a premium is collected (特別徴収・普通徴収): from the pension, by slip, by direct
 * debit. Part of levy.h.
 *
 * What was judged (deduction.h), wished and answered becomes a method for a debtor and year and,
 * where part of the premium comes from the pension, a plan of payments. The collection desk hears
 * of the plan through the event "levy.pension" and shapes the instalments after it; what the
 * pension payer took comes through "levy.pension_result".
 *
 * Invariants
 * - All payments of a debtor and year, of whatever method, sum to the year's amount (of a
 *   provisional plan: to what is taken provisionally), and so do their parts.
 * - A payment that was planned once keeps its number; one that falls away stays with 0 yen, so that
 *   money that comes all the same has a place.
 * - Instalments 51 to 56 are the pension payments of April to February; 31 and up are at once.
 */
#ifndef DESK_LEVY_PENSION_H
#define DESK_LEVY_PENSION_H

#include "desk/levy/levy.h"

enum collection_way { /* message id "levy.method.N" */
                      COLLECT_PENSION = 1,
                      COLLECT_SLIP = 2,
                      COLLECT_DEBIT = 3
};
enum method_reason { /* 0 to 7: enum deduction_result; message id "levy.method_reason.N" */
                     METHOD_NO_CANDIDATE = 8, /* the payer has not told us of him */
                     METHOD_WISH = 9,         /* direct debit instead */
                     METHOD_REJECTED = 10,    /* the payer did not take the request */
                     METHOD_FAILED = 11,      /* the payer could not take it */
                     METHOD_CONTINUED = 12,   /* from the year before */
                     METHOD_TOO_LATE = 13,    /* no payment of the year can be reached any more */
                     METHOD_REDUCED = 14      /* the year's amount became less */
};

enum { PENSION_FIRST = 51, PENSION_OCTOBER = 54, PENSION_LAST = 56, AT_ONCE_FIRST = 31 };
#define PAYMENTS_MAX 32
struct payment {
    int number;
    bool is_pension;
    struct ymd due;
    struct yen amount;
    struct yen part[LEVY_PARTS]; /* sums to amount */
};
struct payments { /* by number */
    struct payment row[PAYMENTS_MAX];
    size_t n;
};

struct collection_plan {
    int64_t method_row_id, household_id, debtor_id, event_no;
    int fiscal_year;
    enum collection_way method;
    int reason;
    unsigned failed; /* bit of each enum deduction_result that does not hold */
    struct str cause;
    struct ymd decided;
    struct yen annual;
    int64_t notice_no, provisional_no; /* the second takes over what the first began; 0: none */
    bool is_provisional;
    struct payments payments; /* none where nothing is taken from the pension */
};
struct collection_plans {
    struct collection_plan *rows;
    size_t n;
};
/* What an event decided, with the payments as they now are. Memory: w->cx.arena. */
int levy_plans_of_event(struct work *w, int64_t event_no, struct collection_plans *out) WARN_UNUSED;
/* Of a household (every debtor) and year; payments included. */
int levy_plans_of_household(struct work *w, int64_t household_id, int fiscal_year,
                            struct collection_plans *out) WARN_UNUSED;
/* The decisions of an event were charged: plans that were there already follow them, in the same
 * transaction, each under the event it opens. */
int levy_plans_follow(struct work *w, const struct event *e) WARN_UNUSED;

/* How a household pays in a year, as a piece of a page. */
int levy_collection_html(struct work *w, int64_t household_id, int fiscal_year,
                         struct html *out) WARN_UNUSED;
/* 第3期, 10月, 随時 of an instalment's number. */
struct str levy_instalment_label(struct work *w, int number);

/* Money taken from a pension, to be posted on the debtor's instalment. */
struct pension_receipt {
    int64_t result_id, notice_no;
    int fiscal_year, number;
    struct ymd paid; /* the pension's payment day */
    struct yen amount;
};
struct pension_receipts {
    struct pension_receipt *rows;
    size_t n;
};
int levy_pension_received(struct work *w, int64_t event_no,
                          struct pension_receipts *out) WARN_UNUSED;

/* An amount in the proportion of parts, to the yen: what the divisions leave goes one by one to the
 * largest remainders. All parts 0: the first part takes it. */
void parts_share(const struct yen part[LEVY_PARTS], struct yen amount, struct yen out[LEVY_PARTS]);

#endif
