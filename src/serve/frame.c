/* frame: who, where, menu, and the tokens that the forms of the page will carry. */
#include "serve/inner.h"

#include <string.h>

static const char *role_label(enum role role)
{
    switch (role) {
    case ROLE_CLERK:
        return "office.role.clerk";
    case ROLE_CHIEF:
        return "office.role.chief";
    case ROLE_OPERATOR:
        return "office.role.operator";
    case ROLE_AUDITOR:
        return "office.role.auditor";
    case ROLE_ADMINISTRATOR:
        return "office.role.administrator";
    case ROLE_KEYER:
        return "office.role.keyer";
    }
    return "";
}

static struct str message_text(const char *id)
{
    const struct message *m = message_find(id);
    return m ? str_of(m->text) : STR_NONE;
}

static void add_items(struct exchange *x, const struct desk *d, bool is_start,
                      struct menu_item *menu)
{
    uint64_t rights = x->session.actor.rights;
    for (size_t i = 0; i < d->n_menu && x->frame.n_menu < MENU_MAX; i++) {
        const struct menu_item *m = &d->menu[i];
        if ((rights & m->right) == m->right && (strcmp(m->path, "/") == 0) == is_start)
            menu[x->frame.n_menu++] = *m;
    }
}

/* Only what the user may open; what is denied is absent [SEC-005]. The start page first, then the
 * desks, then what belongs to the office itself. */
static void fill_menu(struct exchange *x)
{
    struct menu_item *menu = ARENA_ARRAY(&x->arena, MENU_MAX, struct menu_item);
    size_t n = 0;
    const struct desk *const *desks = office_desks(&n);
    if (!menu)
        return;
    x->frame.menu = menu;
    for (size_t d = 0; d < n; d++)
        add_items(x, desks[d], true, menu);
    for (size_t d = 0; d < n; d++) {
        if (desks[d] != &office_desk)
            add_items(x, desks[d], false, menu);
    }
    add_items(x, &office_desk, false, menu);
}

static struct str today(struct worker *w, struct exchange *x)
{
    struct text t;
    text_init(&t, 64);
    (void)text_add_era(&t, office_today(w->office, x->cx.env));
    struct str s = str_copy(&x->arena, text_str(&t));
    text_release(&t);
    return s;
}

static struct str search_path(struct worker *w, struct exchange *x)
{
    struct context cx = x->cx;
    struct str part[PART_MAX];
    const struct route *route = NULL;
    struct str path = STR("/party/search");
    error_clear(&cx);
    if (router_find(&cx, w->router, METHOD_GET, path, part, &route) < 0)
        return STR_NONE;
    return (x->session.actor.rights & route->right) == route->right ? path : STR_NONE;
}

static void fill_person(struct worker *w, struct exchange *x)
{
    const struct actor *a = &x->session.actor;
    x->frame.user = a->full_name.n ? a->full_name : a->user_name;
    x->frame.role = message_text(role_label(a->role));
    x->frame.branch = a->branch;
    x->frame.search = search_path(w, x);
    fill_menu(x);
}

void frame_fill(struct worker *w, struct exchange *x)
{
    x->frame = (struct frame){
        .city = office_city_name(w->office),
        .terminal = x->session.actor.terminal,
        .csrf = x->session.csrf,
        .today = today(w, x),
        .path = x->path,
        .demo = office_is_demo(w->office),
        .notice = x->notice_cookie,
        .version = str_of(w->options->version),
    };
    if (!x->frame.city.p)
        x->frame.city = STR("");
    struct context cx = x->cx;
    error_clear(&cx);
    if (x->session.csrf.p && office_once_new(&cx, w->office, &x->session, &x->frame.once) < 0)
        x->frame.once = STR_NONE; /* its form will be refused; the page can still be read */
    if (x->has_session && !x->session.second_factor_open && x->session.enrolled)
        fill_person(w, x);
}
