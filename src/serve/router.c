/*
 * router: one sorted list of all routes. Sorted so that the first match is the most particular
 * one: fewer or more parts apart, a literal part before a {}; a hundred routes are looked through
 * in less time than one statement takes.
 */
#include "serve/serve.h"

#include "serve/inner.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS_MAX = 10, ROUTES_MAX = 512 };

struct entry {
    const struct route *route;
    struct str part[PARTS_MAX]; /* p == NULL: {} */
    size_t n;
};
struct router {
    struct entry *entries;
    size_t n;
};

static int refuse(struct context *cx, const struct route *r, const char *why)
{
    return fail(cx, ERR_INVALID, "serve.route", "%s (%s)", r->pattern ? r->pattern : "?", why);
}

/* "/a/{}/b" to a, {}, b. */
static int split(struct context *cx, const struct route *r, struct entry *e)
{
    e->route = r;
    struct str rest = str_of(r->pattern + 1);
    size_t holes = 0;
    while (rest.n > 0) {
        if (e->n == PARTS_MAX)
            return refuse(cx, r, "parts");
        struct str part = str_cut(&rest, '/');
        bool is_hole = str_is(part, "{}");
        if (part.n == 0 || (!is_hole && memchr(part.p, '{', part.n)) ||
            (is_hole && holes == PART_MAX))
            return refuse(cx, r, "pattern");
        holes += is_hole;
        e->part[e->n++] = is_hole ? STR_NONE : part;
    }
    return OK;
}

static int check(struct context *cx, const struct route *r)
{
    if (!r->pattern || r->pattern[0] != '/')
        return refuse(cx, r, "pattern");
    if (!r->handler || !r->screen)
        return refuse(cx, r, "handler, screen");
    if (r->right == 0 || r->audit == AUDIT_UNDECLARED)
        return refuse(cx, r, "right, audit");
    if ((r->right & RIGHT_PUBLIC) && r->audit != AUDIT_NONE)
        return refuse(cx, r, "public, audit");
    return OK;
}

static int compare_parts(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return (b.p != NULL) - (a.p != NULL); /* literals first */
    return str_compare(a, b);
}

static int compare(const void *pa, const void *pb)
{
    const struct entry *a = pa, *b = pb;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    for (size_t i = 0; i < a->n; i++) {
        int c = compare_parts(a->part[i], b->part[i]);
        if (c != 0)
            return c;
    }
    return (int)a->route->method - (int)b->route->method;
}

static int add_all(struct context *cx, struct router *r, const struct route *routes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (r->n == ROUTES_MAX)
            return refuse(cx, &routes[i], "number");
        int result = check(cx, &routes[i]);
        if (result == OK)
            result = split(cx, &routes[i], &r->entries[r->n++]);
        if (result < 0)
            return result;
    }
    return OK;
}

/* Two menu items under one access key would leave one of them out of reach, and so would more items
 * than the menu has room for. */
static int check_menu(struct context *cx, const struct desk *const *desks, size_t n)
{
    const struct menu_item *by_key[128] = {NULL};
    size_t items = 0;
    for (size_t d = 0; d < n; d++) {
        items += desks[d]->n_menu;
        if (items > MENU_MAX)
            return fail(cx, ERR_LIMIT, "serve.menu_room", "%s: %zu > %d", desks[d]->name, items,
                        MENU_MAX);
        for (size_t i = 0; i < desks[d]->n_menu; i++) {
            const struct menu_item *m = &desks[d]->menu[i];
            unsigned char key = m->key ? (unsigned char)m->key[0] : 0;
            if (key == 0)
                continue;
            if (key >= 128 || m->key[1] || by_key[key])
                return fail(cx, ERR_INVALID, "serve.menu_key", "%s: %s, %s", m->key, m->path,
                            key < 128 && by_key[key] ? by_key[key]->path : "");
            by_key[key] = m;
        }
    }
    return OK;
}

int router_new(struct context *cx, const struct router **out)
{
    struct router *r = ARENA_NEW(cx->arena, struct router);
    struct entry *entries = ARENA_ARRAY(cx->arena, ROUTES_MAX, struct entry);
    if (!r || !entries)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    r->entries = entries;
    size_t n_desks = 0, n_own = 0;
    const struct desk *const *desks = office_desks(&n_desks);
    for (size_t i = 0; i < n_desks; i++) {
        int result = add_all(cx, r, desks[i]->routes, desks[i]->n_routes);
        if (result < 0)
            return error_add(cx, "read routes of desk %s", desks[i]->name);
    }
    const struct route *own = own_routes(&n_own);
    int result = add_all(cx, r, own, n_own);
    if (result < 0)
        return result;
    qsort(r->entries, r->n, sizeof r->entries[0], compare);
    for (size_t i = 0; i + 1 < r->n; i++) {
        if (compare(&r->entries[i], &r->entries[i + 1]) == 0)
            return refuse(cx, r->entries[i].route, "twice");
    }
    *out = r;
    return check_menu(cx, desks, n_desks);
}

static bool matches(const struct entry *e, const struct str *parts, size_t n)
{
    if (e->n != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (e->part[i].p && !str_equal(e->part[i], parts[i]))
            return false;
    }
    return true;
}

static void fill_holes(const struct entry *e, const struct str *parts, struct str part[PART_MAX])
{
    size_t hole = 0;
    for (size_t i = 0; i < e->n && hole < PART_MAX; i++) {
        if (!e->part[i].p)
            part[hole++] = parts[i];
    }
}

int router_find(struct context *cx, const struct router *r, enum method method, struct str path,
                struct str part[PART_MAX], const struct route **out)
{
    struct str parts[PARTS_MAX];
    size_t n = 0;
    bool other_method = false;
    struct str rest = path.n > 0 ? (struct str){path.p + 1, path.n - 1} : path;
    while (rest.n > 0 && n < PARTS_MAX)
        parts[n++] = str_cut(&rest, '/');
    bool is_odd =
        path.n == 0 || path.p[0] != '/' || rest.n > 0 || (path.n > 1 && path.p[path.n - 1] == '/');
    for (size_t i = 0; i < r->n && !is_odd; i++) {
        const struct entry *e = &r->entries[i];
        if (!matches(e, parts, n))
            continue;
        if (e->route->method == method) {
            fill_holes(e, parts, part);
            *out = e->route;
            return OK;
        }
        other_method = true;
    }
    if (other_method)
        return fail(cx, ERR_DENIED, "serve.method", NULL);
    return fail(cx, ERR_NOT_FOUND, "page.not_found", NULL);
}

size_t router_count(const struct router *r)
{
    return r->n;
}

const struct route *router_at(const struct router *r, size_t i)
{
    return r->entries[i].route;
}
