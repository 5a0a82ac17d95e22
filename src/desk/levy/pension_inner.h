/*
 * pension_inner: what the files of pension deduction share. Internal to the levy.
 */
#ifndef DESK_LEVY_PENSION_INNER_H
#define DESK_LEVY_PENSION_INNER_H

#include "desk/levy/assess.h"
#include "desk/levy/deduction.h"

/* --- pension_payments.c: plans of payments, pure ------------------------------------------------
 */

/* The day a pension is paid for the instalment 51..56 of a year: the 15th, the open day before it
 * where that is closed; and the last day on which the payer hands over (10th of the next month). */
struct ymd pension_pay_day(int fiscal_year, int number);
struct ymd pension_due(int fiscal_year, int number);
/* The first number whose payment is `lead` days or more after the day; PENSION_LAST + 1: none. */
int pension_first_free(int fiscal_year, struct ymd day, int lead);

/* The ordinance's own instalments. */
void payments_ordinary(struct payments *p, const struct levy_schedule *s);
/* From the first number on by the pension: what the ordinance asks later than its payment day is
 * taken in equal amounts floored to the unit, the remainder with the first. None left: nothing. */
void payments_start(struct payments *p, int fiscal_year, int first, int64_t unit);
/* Provisional: the same amount of April, June and August, from the first number on. */
void payments_provisional(struct payments *p, int fiscal_year, int first, struct yen each);
/* The year is decided: provisional payments stay, the rest is taken in October, December, February;
 * what was taken too much goes back to the annual amount, latest first. */
void payments_settle(struct payments *p, int fiscal_year, const struct levy_schedule *s,
                     int64_t unit);
/* Rows of 0 yen for the ordinance's due dates, where there are none yet. */
void payments_room(struct payments *p, const struct levy_schedule *s);
/* From the first number on nothing more is taken: to the next ordinary due dates after the day, at
 * once when none is left. */
void payments_stop(struct payments *p, struct yen annual, int first, struct ymd day, int64_t unit);
/* A payment day failed: that one alone is owed in the ordinary way. */
void payments_fail(struct payments *p, int number, struct ymd day, int64_t unit);
/* The same while the year has no amount yet: that one is asked no more. */
void payments_drop(struct payments *p, int number);
/* Another annual amount. More: the difference in the ordinary way beside the pension. Less: stop.
 */
void payments_change(struct payments *p, struct yen annual, int first, struct ymd day,
                     int64_t unit);
struct yen payments_sum(const struct payments *p);
struct yen payments_pension_sum(const struct payments *p);
struct yen payments_amount(const struct payments *p, int number);
/* Parts for all of them: those that stay as they were keep theirs. */
void payments_split(struct payments *p, const struct yen part[LEVY_PARTS],
                    const struct payments *before);

/* Do the payments' parts add up to these? */
bool payments_has_parts(const struct payments *p, const struct yen part[LEVY_PARTS]);
/* The same amounts with other parts: those due before the day keep theirs where that leaves enough
 * for the others. */
void payments_split_again(struct payments *p, const struct yen part[LEVY_PARTS], struct ymd day);

/* --- pension_store.c: facts ---------------------------------------------------------------------
 */

/* Under an event "levy.pension" of the caller, who tells the other desks when all of it is written:
 * closes the method and payments that were and opens the new ones. plan->method_row_id: the row it
 * takes the place of, 0 none; afterwards its own. */
int plan_write(struct work *w, int64_t event_no, struct collection_plan *plan) WARN_UNUSED;
/* 1 found, 0 none; of one debtor. */
int plan_of(struct work *w, int64_t household_id, int64_t debtor_id, int fiscal_year,
            struct collection_plan *out) WARN_UNUSED;

struct pension_ask { /* a request that waits to be sent */
    int64_t household_id, debtor_id, candidate_id;
    int fiscal_year;
    const char *notice, *reason;
    struct ymd day;
    struct yen amount1, amount2;
};
int request_open(struct work *w, int64_t event_no, const struct pension_ask *a) WARN_UNUSED;
/* A job as of the day it was given (option as-of), as if that were today. */
int pension_as_of(struct work *w, struct job *job, job_fn *run) WARN_UNUSED;
int64_t pension_unit(struct work *w);                 /* setting pension.unit */
int pension_lead(struct work *w, const char *notice); /* days of setting pension.window.NN */
/* OK within the window of the setting; ERR_INVALID names it. */
int pension_window(struct work *w, const char *notice) WARN_UNUSED;

/* --- pension_change.c: what changes a plan, written with the requests that follow ----------------
 */

struct pension_change { /* under one event */
    struct work *w;
    int64_t event_no;
    int64_t unit;
    int lead_start, lead_later, lead_stop; /* days before a payment that a request needs */
};
int change_begin(struct work *w, struct event *e, struct pension_change *out) WARN_UNUSED;
struct pension_outcome { /* what was judged of a debtor */
    int reason;          /* enum deduction_result or enum method_reason; 0: pays from the pension */
    unsigned failed;     /* as in struct collection_plan */
    bool has_account;
    bool is_over;         /* the payer takes nothing more by himself: no request is needed */
    int64_t candidate_id; /* 0: none */
};
/* d: the decision; cur: the plan as it is, method_row_id 0 when there is none. 1: something
 * changed. */
int change_decide(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                  const struct pension_outcome *o) WARN_UNUSED;
/* Nothing more from the pension. d NULL: the year is not decided yet. */
int change_stop(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                const struct pension_outcome *o, const char *cause) WARN_UNUSED;
/* A payment day on which nothing could be taken; is_lost: there is no pension any more. */
int change_fail(struct pension_change *c, const struct decision *d, struct collection_plan *cur,
                int number, bool is_lost) WARN_UNUSED;
/* The pension by which a person would pay, of the first priority; 1 found. */
int candidate_of(struct work *w, int64_t person_id, int fiscal_year,
                 int64_t *candidate_id) WARN_UNUSED;
/* Has he asked for direct debit and not taken it back? */
int wish_of(struct work *w, int64_t person_id, bool *has) WARN_UNUSED;
int decision_of_plan(struct work *w, const struct collection_plan *plan,
                     struct decision *out) WARN_UNUSED; /* 1 found, 0 provisional */

/* --- pension_file.c -----------------------------------------------------------------------------
 */

struct pension_notice { /* a line of data/formats/pension_notices.tsv */
    struct str notice, way, file, answers, reasons, name;
    struct str amounts[3];
};
bool pension_notice_find(struct str notice, struct pension_notice *out);
/* The words of a reason code; STR_NONE: unknown to the table. */
struct str pension_reason_words(const struct pension_notice *n, struct str code);
/* The same in one step; the code itself where it is unknown; the name of a notice. */
struct str pension_reason_of(struct str notice, struct str code);
struct str pension_notice_label(struct str notice);
/* 1 first, 2 others, 0 unknown. */
int pension_payer_order(struct str payer);
struct str pension_payer_name(struct str payer);
int pension_layout(struct work *w, const struct fixed_layout **out) WARN_UNUSED;
/* What tells one pensioner from another in all notices: payer, birth, sex, names, address. */
int pension_identity(struct work *w, const char *record, struct str *out) WARN_UNUSED;

struct pension_problem {
    int64_t record; /* from 1; 0: the control record or the file */
    int64_t offset; /* byte of the file, from 1 */
    struct str field, value;
    const char *reason;
};
struct pension_records { /* a file that was read and checked */
    struct pension_notice notice;
    struct str city;
    struct ymd made;
    const char **rows; /* data records, 500 bytes each, in the file's bytes */
    size_t n;
    struct yen sum[3];
    struct pension_problem *problems;
    size_t n_problems;
};
/* Everything is checked; problems are listed by record and field, none is written. */
int pension_read(struct work *w, struct str bytes, struct pension_records *out) WARN_UNUSED;
/* Data records in order of their payers become a whole file with control, headers and trailers. */
int pension_compose(struct work *w, struct str notice, const char *const *records, size_t n,
                    struct text *out) WARN_UNUSED;

/* --- jobs ---------------------------------------------------------------------------------------
 */

int pension_plan_job(struct work *w, struct job *job) WARN_UNUSED;
int pension_provisional_job(struct work *w, struct job *job) WARN_UNUSED;
int pension_take_job(struct work *w, struct job *job) WARN_UNUSED;
int pension_send_job(struct work *w, struct job *job) WARN_UNUSED;
int pension_letters_job(struct work *w, struct job *job) WARN_UNUSED;

#endif
