/*
 * assess: from facts in columns to amounts, instalments and packed rows. Internal to the levy.
 *
 * One frame is one plan with the positions of its results and fields resolved; a population is
 * the facts of many debtor-household-years in flat arrays.
 */
#ifndef DESK_LEVY_ASSESS_H
#define DESK_LEVY_ASSESS_H

#include "desk/levy/population.h"

/* --- packed instalments ------------------------------------------------------------------- */

/* Splits `total` over the given instalment amounts' parts: every row and every column adds up.
 * The amounts of s->row are set; parts are shares of `part`. */
void schedule_split(struct levy_schedule *s, const struct yen part[LEVY_PARTS]);
/* Number, due day and the four parts of every instalment, as varints. */
int schedule_pack(const struct levy_schedule *s, struct text *out) WARN_UNUSED;
int schedule_unpack(struct context *cx, struct str bytes, struct levy_schedule *out) WARN_UNUSED;

/* What an instalment is of; 0 and *due left alone when there is none of the number. */
struct yen schedule_amount(const struct levy_schedule *s, int number, struct ymd *due);

/* --- rule sets and plans of this process (rules.c) ------------------------------------------ */

/* In the caller's arena, not kept. */
int levy_plan_new(struct work *w, const struct ruleset *rules, int fiscal_year,
                  const struct plan **out) WARN_UNUSED;
/* Kept for the process when the rule set is. */
int levy_plan(struct work *w, const struct ruleset *rules, int fiscal_year,
              const struct plan **out) WARN_UNUSED;
/* The plan of something stored: of the set adopted at one of two events (what it looked from; when
 * it was decided, for a look back at an earlier day), which must have this hash. */
int levy_plan_of_hash(struct work *w, const struct digest *hash, const int64_t known[2],
                      int fiscal_year, const struct plan **out) WARN_UNUSED;
/* Another goal of the same rules (目的): the judgements of the desk below. */
int levy_goal_plan(struct work *w, const struct ruleset *rules, int fiscal_year, struct str goal,
                   const struct plan **out) WARN_UNUSED;
int levy_rules_of_hash(struct work *w, const struct digest *hash, const int64_t known[2],
                       const struct ruleset **out) WARN_UNUSED;
int levy_plan_of_decision(struct work *w, const struct decision *d,
                          const struct plan **out) WARN_UNUSED;

/* --- assessing ------------------------------------------------------------------------------ */

/* Field and result numbers of the rules' words, looked up once. */
struct words;
struct assessor {
    const struct plan *plan;
    struct facts *facts;
    struct evaluation *evaluation;
    struct words *words;
    struct levy_schedule calendar;   /* numbers and due days of the year; amounts zero */
    const struct population *filled; /* whose units the facts hold, from `first` */
    size_t first, count;
    bool is_borrowed; /* the facts are another assessor's */
};
/* Lives in cx->arena and the heap: no rewinding behind its back. */
int assessor_init(struct context *cx, struct assessor *a, const struct plan *plan) WARN_UNUSED;
void assessor_release(struct assessor *a);
/* Units first .. first+count-1 into the columns; another plan over the same facts may borrow them.
 */
int assessor_fill(struct context *cx, struct assessor *a, const struct population *p, size_t first,
                  size_t count) WARN_UNUSED;
/* An assessor for another plan that evaluates the facts `owner` holds. */
int assessor_borrow(struct context *cx, struct assessor *a, const struct assessor *owner,
                    const struct plan *plan) WARN_UNUSED;

struct assessment {
    struct levy_result result;
    struct levy_schedule schedule;
    int months; /* with anybody insured */
    bool failed;
    struct law_failure failure;
    size_t explained_at, explained_n; /* in the text given to assessor_run */
};
/* Evaluates filled units at .. at+count-1 (count <= LAW_BLOCK). explanations NULL: none, and no
 * schedule either: the what-if needs amounts only. */
int assessor_run(struct context *cx, struct assessor *a, size_t at, size_t count,
                 struct assessment *out, struct text *explanations) WARN_UNUSED;

/* One unit of a population, with its explanation. */
int assess_unit(struct work *w, const struct plan *plan, const struct population *p, size_t at,
                struct assessed *out) WARN_UNUSED;

/* --- decisions in order of their number ----------------------------------------------------- */

/* Those in force of some households, by household and day. */
int decisions_of_households(struct work *w, const int64_t *household_ids, size_t n, int fiscal_year,
                            struct decisions *out) WARN_UNUSED;
/* The same of a range of households. */
int decisions_of_range(struct work *w, int fiscal_year, int64_t after, int64_t up_to,
                       struct decisions *out) WARN_UNUSED;
/* What a correction's draft decided, also where it was replaced since; draft 0: what was decided at
 * the counter for a year, is in force and has no notice yet. By number, some at a time. */
struct correction_page {
    int64_t draft_no;
    int fiscal_year;
    int64_t after_no, n;
};
int decisions_of_correction(struct work *w, const struct correction_page *page,
                            struct decisions *out) WARN_UNUSED;
int decision_by_id(struct work *w, int64_t decision_id, struct decision *out) WARN_UNUSED;
int levy_decisions_page(struct work *w, int fiscal_year, int64_t after_no, size_t n,
                        struct decisions *out) WARN_UNUSED;
/* All of a year, in force or replaced, by their rows. */
int levy_decisions_stored(struct work *w, int fiscal_year, int64_t after_id, size_t n,
                          struct decisions *out) WARN_UNUSED;

#endif
