/* What the monthly comparison looks at in this desk; the statements stand in checks.sql. */
#include "desk/levy/checks.h"

const struct consistency_check levy_checks[LEVY_CHECKS] = {
    {"check_no_decision", "consistency.check_no_decision", "consistency.pair.levy"},
    {"check_no_insured", "consistency.check_no_insured", "consistency.pair.levy"},
    {"check_tax", "consistency.check_tax", "consistency.pair.tax"},
};
