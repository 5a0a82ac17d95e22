/* postgres: the large engine. */
#include "store/engine.h"

static int not_yet(struct context *cx, struct store *st, bool create)
{
    (void)st;
    (void)create;
    return fail(cx, ERR_FATAL, "store.fatal", NULL);
}
static void nothing(struct store *st)
{
    (void)st;
}
const struct driver postgres_driver = {.connect = not_yet, .disconnect = nothing};
