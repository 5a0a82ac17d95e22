/* premium: one JSON case of `simulate premium`, read and refused field by field. */
#ifndef LAW_PREMIUM_H
#define LAW_PREMIUM_H

#include "law/law.h"
#include "law/premium_dated.h"

#include <jansson.h>

enum { COMPONENTS = 4, MEMBERS_MAX = 100, AGE_MAX = 130, ID_MAX_BYTES = 200 };

/* Why a line is refused: the three members of the error object. */
struct refusal {
    const char *code;    /* "syntax", "unknown_field", "missing", "type", "range", "rules" */
    char field[96];      /* "members[1].age" */
    const char *message; /* message id */
    char facts[200];
};

struct premium_member {
    bool head, insured, preschool, unemployed, moved_to_elderly;
    int64_t age;
    bool has_earner, earner;
    bool has_total, has_salary_income, has_pension_income;
    int64_t salary_revenue, pension_revenue, other_income;
    int64_t total_income, salary_income, pension_income, fixed_asset_tax;
    int64_t months[COMPONENTS]; /* -1: not given */
    struct premium_dates dates; /* used: age and what follows from it are not given */
};

struct premium_rates {
    bool levied;
    char income_rate[24], asset_rate[24];              /* percent; empty: none */
    int64_t per_capita, per_household, per_adult, cap; /* cap -1: none */
};

struct premium_case {
    int64_t fiscal_year;
    bool has_rates;
    struct premium_rates rates[COMPONENTS];
    bool has_rounding;
    int income_levy, reduction_rounding; /* index of the word */
    int64_t person_unit;                 /* 0: no such floor */
    int64_t component_unit, total_unit;
    int cap_basis, special_household; /* index of the word; 0: not given */
    bool has_liable_from, has_liable_to;
    int64_t liable_from, liable_to; /* of the debtor: a change of head cuts the year */
    int64_t reduction;              /* tenths; -1: to be judged */
    int64_t exemption[COMPONENTS];
    struct premium_member member[MEMBERS_MAX];
    size_t n_members;
};

extern const char *const premium_component[COMPONENTS]; /* "medical" ... */

/* False: refused, why is filled. */
bool premium_read(const json_t *root, struct premium_case *out, struct refusal *why);

/* As much of s as fits into size bytes, never half a character. */
void premium_copy(char *out, size_t size, const char *s);

#endif
