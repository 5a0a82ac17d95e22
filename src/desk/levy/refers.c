/* Does anything of this desk hang on a person? Asked before a non-resident is removed. */
#include "desk/levy/pages.h"
#include "levy_sql.h"

int levy_refers_to(struct work *w, int64_t person_id, const char **why)
{
    struct levy_hangs_on_row row;
    const int result = levy_hangs_on(&w->cx, w->store, &(struct levy_hangs_on_in){person_id}, &row);

    *why = "levy.refers";
    return result < 0 ? result : row.n > 0;
}
