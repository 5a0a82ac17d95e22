/*
 * words: the names of the rule files that the levy fills and reads, resolved to numbers once.
 * A name that the rules do not have stops the program at its first use, not a household.
 */
#ifndef DESK_LEVY_WORDS_H
#define DESK_LEVY_WORDS_H

#include "desk/levy/assess.h"

enum fact_scope {
    SCOPE_MEMBER,
    SCOPE_SPAN,
    SCOPE_LEFT_WORK,
    SCOPE_BIRTH,
    SCOPE_CARE_EXEMPT,
    SCOPES
};
#define NO_FIELD (-1) /* the rule set has no such fact */
enum fact_word {
    FACT_REIGN_FROM,
    FACT_REIGN_TO,
    FACT_BORN,
    FACT_HEAD,
    FACT_KNOWN,
    FACT_SALARY,
    FACT_SALARY_INCOME,
    FACT_PENSION,
    FACT_PENSION_INCOME,
    FACT_OTHER,
    FACT_FORESTRY,
    FACT_SEPARATE,
    FACT_SEPARATE_DEDUCTION,
    FACT_NET_LOSS,
    FACT_CASUALTY_LOSS,
    FACT_FAMILY_PAID,
    FACT_FAMILY_RECEIVED,
    FACT_ADJUSTED,
    FACT_ASSET_TAX,
    FACT_SPECIAL_DAY,
    FACT_SPECIAL_END,
    FACT_FORMER_DEPENDANT,
    FACT_FORMER_FROM, /* rule sets before these two knew only the day of acquisition */
    FACT_FORMER_TO,
    FACT_CHILDREN,
    FACT_ACQUIRED,
    FACT_LOST,
    FACT_LOST_CAUSE,
    FACT_LOST_BY,
    FACT_LEFT_WORK,
    FACT_LEFT_REASON,
    FACT_BIRTH_DUE,
    FACT_BIRTH_MULTIPLE,
    FACT_EXEMPT_FROM,
    FACT_EXEMPT_TO,
    FACT_EXEMPTION_YEN, /* 申請減免: rule sets before did not know them */
    FACT_EXEMPTION_RATE,
    FACT_EXEMPTION_INCOME_RATE,
    FACT_WORDS
};
enum result_word { /* the parts in the order of enum levy_part */
                   RESULT_TOTAL,
                   RESULT_MEDICAL,
                   RESULT_SUPPORT,
                   RESULT_CARE,
                   RESULT_CHILD,
                   RESULT_TIER,
                   RESULT_JUDGE,
                   RESULT_UNDECLARED,
                   RESULT_CAP_MEDICAL,
                   RESULT_CAP_SUPPORT,
                   RESULT_CAP_CARE,
                   RESULT_CAP_CHILD,
                   RESULT_MONTHS,
                   RESULT_FIRST_INSTALMENT,
                   RESULT_INSTALMENT,
                   RESULT_WORDS
};
struct words {
    int scope[SCOPES];
    int field[FACT_WORDS];
    int result[RESULT_WORDS];
    int reason_choice[64]; /* enum lost_by -> index of the rules' word */
};
int words_find(struct context *cx, const struct plan *plan, const struct facts *facts,
               struct words *out) WARN_UNUSED;

#endif
