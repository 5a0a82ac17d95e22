/* Does anything of this desk hang on a person? Asked before a non-resident is removed. */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

int collection_refers_to(struct work *w, int64_t person_id, const char **why)
{
    struct collection_hangs_on_row row;
    const int result =
        collection_hangs_on(&w->cx, w->store, &(struct collection_hangs_on_in){person_id}, &row);

    *why = "collection.refers";
    return result < 0 ? result : row.n > 0;
}
