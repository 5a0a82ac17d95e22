/* What the monthly comparison looks at in this desk; the statements stand in checks.sql. */
#include "desk/collection/checks.h"

const struct consistency_check collection_checks[COLLECTION_CHECKS] = {
    {"check_charged", "consistency.check_charged", "consistency.pair.levy"},
};
