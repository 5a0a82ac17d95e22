/* The collection desk's tables. It acts when the levy has decided. */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

static void start(void)
{
    store_check_add(collection_check);
    store_verify_add(collection_verify);
}

static int on_event(struct work *w, const struct event *e)
{
    return str_is(e->kind, "levy.decide") ? collection_charge(w, e) : 0;
}

const struct desk collection_desk = {
    .name = "collection",
    .label = "collection.desk",
    .schema = &collection_schema,
    .refers_to = collection_refers_to,
    .start = start,
    .on_event = on_event,
};
