/* frame: what stands around every page, and the error page. */
#include "page/page.h"

#include "page_pages.h"

#include <string.h>

enum { CRUMB_MAX = 8 };

/* The item the reader is in: the one with the longest path above his. */
static size_t current_item(const struct frame *f)
{
    size_t longest = 0, current = f->n_menu;
    for (size_t i = 0; i < f->n_menu; i++) {
        struct str path = str_of(f->menu[i].path);
        bool below = str_starts(f->path, path) &&
                     (f->path.n == path.n || f->path.p[path.n] == '/' || path.n == 1);
        if (below && path.n >= longest && (path.n > 1 || f->path.n == 1)) {
            longest = path.n;
            current = i;
        }
    }
    return current;
}

enum { FEW_ITEMS = 6 };

/* What has a key is used all day and stands in the row; the rest is one step away, where there is
 * more than fits beside it. */
struct menus {
    struct page_masthead_menu_row row[MENU_MAX];
    struct page_masthead_more_row more[MENU_MAX];
};
static void fill_menu(const struct frame *f, struct menus *m, struct page_masthead_view *v)
{
    const size_t current = current_item(f);
    const bool has_room = f->n_menu <= FEW_ITEMS;
    v->menu = m->row;
    v->more = m->more;
    for (size_t i = 0; i < f->n_menu && i < MENU_MAX; i++) {
        const struct menu_item *item = &f->menu[i];
        const struct str path = str_of(item->path);
        const bool is_folded = !item->key && !has_room;
        if (!is_folded)
            m->row[v->n_menu++] =
                (struct page_masthead_menu_row){path, item->label, str_of(item->key), i == current};
        else
            m->more[v->n_more++] = (struct page_masthead_more_row){path, item->label, i == current};
        v->more_current = v->more_current || (is_folded && i == current);
    }
}

static void put_masthead(struct html *h, const struct frame *f, const struct page_head *head,
                         const struct html *title)
{
    struct menus menus;
    struct page_masthead_crumbs_row crumbs[CRUMB_MAX];
    size_t n_crumbs = 0;
    for (; n_crumbs < head->n_crumbs && n_crumbs < CRUMB_MAX; n_crumbs++)
        crumbs[n_crumbs] =
            (struct page_masthead_crumbs_row){.path = str_of(head->crumbs[n_crumbs].path),
                                              .label = str_of(head->crumbs[n_crumbs].label)};
    struct page_masthead_view v = {
        .crumbs = crumbs,
        .n_crumbs = n_crumbs,
        .title = title,
        .notice = f->notice,
        .search = f->search,
        .show_account = f->user.n > 0,
    };
    fill_menu(f, &menus, &v);
    page_part_masthead(h, f, &v);
}

static void put_document_head(struct html *h, const struct frame *f, const struct page_head *head,
                              const struct html *title)
{
    html_raw(h,
             "<!DOCTYPE html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n"
             "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>");
    html_markup(h, title);
    html_raw(h, " | ");
    html_text(h, f->city);
    html_raw(h, "</title>\n");
    if (head->refresh_seconds > 0)
        (void)text_addf(&h->text,
                        "<noscript><meta http-equiv=\"refresh\" content=\"%d\"></noscript>\n",
                        head->refresh_seconds);
    html_raw(h, "<link rel=\"stylesheet\" href=\"");
    asset_url(h, "style.css");
    html_raw(h, "\">\n<script src=\"");
    asset_url(h, "keys.js");
    html_raw(h, "\" defer></script>\n</head>\n<body>\n<a class=\"skip\" href=\"#main\">");
    html_message(h, "page.skip");
    html_raw(h, "</a>\n");
}

void page_begin(struct html *h, const struct frame *f, const struct page_head *head,
                const void *view)
{
    struct html title;
    html_init(&title);
    head->title(&title, f, view);
    put_document_head(h, f, head, &title);
    put_masthead(h, f, head, &title);
    html_raw(h, "<main id=\"main\" tabindex=\"-1\">\n");
    if (!head->is_bare) {
        html_raw(h, "<h1>");
        html_markup(h, &title);
        html_raw(h, "</h1>\n");
    }
    html_release(&title);
}

void page_end(struct html *h, const struct frame *f)
{
    html_raw(h, "</main>\n");
    struct page_footer_view v = {.version = f->version};
    page_part_footer(h, f, &v);
    html_raw(h, "</body>\n</html>\n");
}

int error_http_status(const struct error *e)
{
    switch (e->code) {
    case OK:
        return 200;
    case ERR_NOT_FOUND:
        return 404;
    case ERR_DENIED:
        return 403;
    case ERR_STALE:
    case ERR_DUPLICATE:
        return 409;
    case ERR_INVALID:
    case ERR_SYNTAX:
    case ERR_RANGE:
    case ERR_REFERENCE:
    case ERR_CONSTRAINT:
        return 422;
    case ERR_LIMIT:
        return 429;
    case ERR_RETRY:
        return 503;
    case ERR_MEMORY:
    case ERR_IO:
    case ERR_CORRUPT:
    case ERR_FATAL:
    case ERR_FAULT:
        break;
    }
    return 500;
}

void page_error(struct html *h, const struct frame *f, const struct error *e, int status)
{
    const struct message *m = message_find(e->message);
    if (!m)
        m = message_find("page.fault");
    bool is_ours = status >= 500; /* facts of our own faults help nobody at the counter */
    struct page_fault_view v = {
        .what = m ? str_of(m->text) : str_of(e->message),
        .facts = is_ours ? STR_NONE : str_of(e->facts),
        .item = is_ours ? STR_NONE : str_of(e->field),
        .advice = m ? str_of(m->advice) : STR_NONE,
        .status = status,
        .reference = f->reference,
    };
    page_page_fault(h, f, &v);
}
