/* What the eligibility desk is made of. */
#include "desk/eligibility/eligibility.h"
#include "eligibility_sql.h"

const struct desk eligibility_desk = {
    .name = "eligibility",
    .label = "eligibility.desk",
    .schema = &eligibility_schema,
};
