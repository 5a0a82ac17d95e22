/* warm: what outlives requests is opened before the first one. */
#include "office/inner.h"
#include "paper/paper.h"

int office_paper(struct work *w, struct paper **out)
{
    static struct paper *opened;
    int rc = opened ? OK : paper_open(&w->cx, NULL, &opened);
    *out = opened;
    return rc;
}

static void warm_all(struct work *w)
{
    struct paper *paper;
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    if (office_paper(w, &paper) < 0)
        error_clear(&w->cx);
    for (size_t i = 0; i < n; i++) {
        if (desks[i]->warm && desks[i]->warm(w) < 0)
            error_clear(&w->cx);
    }
}

void office_warm(struct context *cx, struct office *o)
{
    struct work w;
    struct arena_mark mark = arena_mark(cx->arena);
    if (office_work_begin(cx, o, NULL, "warm", false, &w) >= 0) {
        warm_all(&w);
        office_work_end(&w);
    }
    error_clear(cx);
    arena_rewind(cx->arena, mark);
}
