/*
 * solve: rates from a target total (料率試算), and rates with a name. Part of levy.h.
 *
 * The total of a part grows with its rates, so one number, by which all rates that may move are
 * multiplied and then put on their units, is looked for between the last one that stays below the
 * target and the first one that does not. The whole city is evaluated for every number tried.
 */
#ifndef DESK_LEVY_SOLVE_H
#define DESK_LEVY_SOLVE_H

#include "desk/levy/levy.h"

/* What an ordinance levies by, in the order of the shares written "50:35:15". */
enum rate_lever { RATE_INCOME, RATE_PERSON, RATE_HOUSEHOLD, RATE_LEVERS };
struct rates {
    int64_t value[LEVY_PARTS][RATE_LEVERS]; /* income: millionths (9.42% is 94200); else yen;
                                               -1: the ordinance has no such amount */
    int64_t adult; /* 18歳以上均等割 in yen; moves with its part's person */
};
struct solve_request {
    int fiscal_year;
    bool by_part;                   /* a target for each part named, else one for all of them */
    bool part[LEVY_PARTS];          /* parts whose rates move */
    int64_t target_yen[LEVY_PARTS]; /* not by part: [0] is that of the whole */
    bool moves[RATE_LEVERS];
    int64_t share[RATE_LEVERS]; /* of what is levied before reductions and caps; all 0: as now;
                                   household < 0: what is not by income is split as now */
    int64_t rate_unit;          /* millionths; 100 is 0.01 % */
    int64_t yen_unit;
};
enum solve_step_kind { SOLVE_NOW, SOLVE_BELOW, SOLVE_ABOVE, SOLVE_NEAREST, SOLVE_STEPS };
struct solve_step {
    struct rates rates;
    struct str settings; /* as levy_rules_named reads them */
    struct levy_figures figures;
};
struct solved {
    struct solve_step step[SOLVE_STEPS]; /* below: not above the target; above: not below it */
    int64_t evaluations;                 /* how often the whole city was computed */
};
/* What levy_solve is asked for, from words: "income,person", "50:35:15",
 * "50:50" or "", "0.01", "100". */
struct solve_words {
    struct str target, part[LEVY_PARTS], moves, shares, rate_unit, yen_unit;
};
int levy_solve_read(struct work *w, int fiscal_year, const struct solve_words *words,
                    struct solve_request *out) WARN_UNUSED;
/* The whole city, by secant and bisection, nothing stored. ERR_RANGE when no rates reach it. */
int levy_solve(struct work *w, const struct solve_request *rq, struct solved *out) WARN_UNUSED;
/* Reached minus wanted, of a part (-1: of the whole); a part without target gives 0. */
int64_t levy_solve_miss(const struct solve_request *rq, const struct solve_step *s, int part);

/* Gives rates a name for the comparison: "set:NAME" of levy_rules_named. */
int levy_rate_set_put(struct work *w, int fiscal_year, struct str name,
                      struct str settings) WARN_UNUSED;
int levy_rate_set(struct work *w, struct str name, struct str *settings) WARN_UNUSED;

#endif
