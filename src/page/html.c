/* html: escaping for each position. */
#include "page/page.h"

#include <string.h>

void html_init(struct html *h)
{
    text_init(&h->text, HTML_MAXIMUM);
}

void html_release(struct html *h)
{
    text_release(&h->text);
}

void html_lit(struct html *h, const char *our_markup, size_t n)
{
    (void)text_add(&h->text, (struct str){our_markup, n});
}

void html_raw(struct html *h, const char *our_markup)
{
    (void)text_adds(&h->text, our_markup);
}

void html_markup(struct html *h, const struct html *made)
{
    if (!made)
        return;
    if (made->text.failed)
        h->text.failed = true; /* half a picture is no picture */
    if (made->text.n > 0)
        (void)text_add(&h->text, text_str(&made->text));
}

/* What stands for a byte; "" leaves it out, NULL lets it through. */
static const char *entity(unsigned char c, bool in_attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return in_attribute ? "&quot;" : NULL;
    case '\'':
        return in_attribute ? "&#39;" : NULL;
    case '`':
        return in_attribute ? "&#96;" : NULL;
    case '\n':
    case '\t':
        return NULL;
    default:
        return c < 0x20 || c == 0x7F ? "" : NULL;
    }
}

/* The bytes for which entity() may not be NULL: below 0x20, & < > " ' ` 0x7F. */
static bool may_be_special(unsigned char c)
{
    static const uint64_t bits[4] = {UINT64_C(0x500000C4FFFFFFFF), UINT64_C(0x8000000100000000)};
    return (bits[c >> 6] >> (c & 63) & 1) != 0;
}

static void escape(struct html *h, struct str s, bool in_attribute)
{
    size_t from = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (!may_be_special((unsigned char)s.p[i]))
            continue;
        const char *e = entity((unsigned char)s.p[i], in_attribute);
        if (!e)
            continue;
        if (i > from)
            (void)text_add(&h->text, (struct str){s.p + from, i - from});
        (void)text_adds(&h->text, e);
        from = i + 1;
    }
    if (s.n > from)
        (void)text_add(&h->text, (struct str){s.p + from, s.n - from});
}

void html_text(struct html *h, struct str s)
{
    escape(h, s, false);
}

void html_attr(struct html *h, struct str s)
{
    escape(h, s, true);
}

static bool is_unreserved(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

void html_url(struct html *h, struct str s)
{
    static const char digits[] = "0123456789ABCDEF";
    /* "." and ".." as a whole would walk up the path */
    bool is_dots = str_is(s, ".") || str_is(s, "..");
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (is_unreserved(c) && !is_dots) {
            (void)text_addc(&h->text, (char)c);
            continue;
        }
        char coded[3] = {'%', digits[c >> 4], digits[c & 15]};
        (void)text_add(&h->text, (struct str){coded, 3});
    }
}

void html_link(struct html *h, struct str s)
{
    bool is_ours = s.n > 0 && s.p[0] == '/' && !(s.n > 1 && (s.p[1] == '/' || s.p[1] == '\\'));
    for (size_t i = 0; is_ours && i < s.n; i++)
        is_ours = (unsigned char)s.p[i] > 0x20 && s.p[i] != '\\' && s.p[i] != 0x7F;
    if (is_ours)
        html_attr(h, s);
    else
        html_raw(h, "#");
}

void html_message(struct html *h, const char *id)
{
    if (!id)
        return;
    const struct message *m = message_find(id);
    html_attr(h, str_of(m ? m->text : id));
}
