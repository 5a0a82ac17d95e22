/* What the monthly comparison looks at in this desk; the statements stand in checks.sql. */
#include "desk/party/checks.h"

const struct consistency_check party_checks[PARTY_CHECKS] = {
    {"check_head", "consistency.check_head", "consistency.pair.residents"},
    {"check_two_homes", "consistency.check_two_homes", "consistency.pair.residents"},
    {"check_dead", "consistency.check_dead", "consistency.pair.residents"},
    {"check_homeless", "consistency.check_homeless", "consistency.pair.residents"},
    {"check_protection", "consistency.check_protection", "consistency.pair.residents"},
    {"check_stay", "consistency.check_stay", "consistency.pair.residents"},
};
