/* What the monthly comparison looks at in this desk; the statements stand in checks.sql. */
#include "desk/eligibility/checks.h"

const struct consistency_check eligibility_checks[ELIGIBILITY_CHECKS] = {
    {"check_not_resident", "consistency.check_not_resident", "consistency.pair.residents"},
    {"check_uncovered", "consistency.check_uncovered", "consistency.pair.medical"},
    {"check_two_periods", "consistency.check_two_periods", "consistency.pair.eligibility"},
    {"check_two_numbers", "consistency.check_two_numbers", "consistency.pair.eligibility"},
    {"check_no_number", "consistency.check_no_number", "consistency.pair.eligibility"},
    {"check_double_cover", "consistency.check_double_cover", "consistency.pair.medical"},
    {"check_late_stage", "consistency.check_late_stage", "consistency.pair.medical"},
    {"check_dead_insured", "consistency.check_dead_insured", "consistency.pair.residents"},
    {"check_certificate", "consistency.check_certificate", "consistency.pair.certificate"},
    {"check_no_certificate", "consistency.check_no_certificate", "consistency.pair.certificate"},
    {"check_employment", "consistency.check_employment", "consistency.pair.employment"},
    {"check_care", "consistency.check_care", "consistency.pair.care"},
};
