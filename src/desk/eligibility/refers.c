/* Does anything of this desk hang on a person? Asked before a non-resident is removed. */
#include "desk/eligibility/inner.h"

int eligibility_refers_to(struct work *w, int64_t person_id, const char **why)
{
    struct eligibility_hangs_on_row row;
    const int result =
        eligibility_hangs_on(&w->cx, w->store, &(struct eligibility_hangs_on_in){person_id}, &row);

    *why = "eligibility.refers";
    return result < 0 ? result : row.n > 0;
}
