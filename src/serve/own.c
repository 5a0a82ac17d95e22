/* own: what the server itself shows: the built-in files, and in demo cities the components. */
#include "serve/inner.h"

#include "serve_pages.h"

#include <string.h>

/* --- static files -------------------------------------------------------------------------------
 */

bool own_static(struct exchange *x)
{
    struct str rest = x->path;
    if (!str_starts(rest, STR("/static/")))
        return false;
    rest = (struct str){rest.p + 8, rest.n - 8};
    struct str tag = str_cut(&rest, '/');
    const struct asset *a = asset_find(rest);
    if (!a || !str_is(tag, a->tag)) {
        x->rp.status = 404;
        x->rp.type = "text/plain; charset=utf-8";
        x->rp.bytes = STR("404\n");
        return true;
    }
    struct str known = x->if_none_match;
    struct str etag = str_format(&x->arena, "\"%s\"", a->tag);
    x->if_none_match = etag;
    x->rp.cacheable = true;
    x->rp.type = a->type;
    x->rp.bytes = a->bytes;
    x->rp.status = known.n > 0 && etag.p && str_equal(known, etag) ? 304 : 200;
    return true;
}

/* --- the components, for whoever makes pages
 * ------------------------------------------------------ */

static int show_style(struct work *w, struct request *rq, struct reply *rp)
{
    if (!office_is_demo(w->office))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    return style_show(w, rq, rp);
}

static int save_style(struct work *w, struct request *rq, struct reply *rp)
{
    if (!office_is_demo(w->office))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    return style_save(w, rq, rp);
}

static const struct route routes[] = {
    ROUTE_GET("/style", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, show_style, "serve.screen.style"),
    ROUTE_POST("/style", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, save_style, "serve.screen.style"),
    ROUTE_GET("/font/{}/{}", RIGHT(RIGHT_SIGNED_IN), AUDIT_NONE, names_show, "serve.screen.font"),
};

const struct route *own_routes(size_t *n)
{
    *n = sizeof routes / sizeof routes[0];
    return routes;
}
