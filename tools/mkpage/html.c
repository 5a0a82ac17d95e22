/*
 * html: follows the markup byte by byte to know the position of what comes next. Strict on
 * purpose: double-quoted attributes, lower-case names, elements closed in order, no scripts, no
 * inline style, no handlers, no form or field that was not declared.
 */
#include "mkpage.h"

#include <string.h>

static const char *const void_elements[] = {"area", "br",   "col", "hr",    "img",
                                            "link", "meta", "wbr", "input", NULL};
static const char *const refused_elements[] = {"script", "style",  "iframe", "object", "embed",
                                               "base",   "meta",   "link",   "html",   "head",
                                               "body",   "form",   "input",  "select", "textarea",
                                               "option", "applet", NULL};
static const char *const url_attributes[] = {"href",       "src",          "action",
                                             "formaction", "poster",       "cite",
                                             "xlink:href", "data-refresh", NULL};

static bool is_one_of(const char *word, const char *const *words)
{
    for (; *words; words++) {
        if (strcmp(word, *words) == 0)
            return true;
    }
    return false;
}

const char *html_place_name(enum place place)
{
    switch (place) {
    case IN_CONTENT:
        return "element content";
    case IN_TAG_NAME:
        return "a tag name";
    case IN_TAG:
        return "a tag";
    case IN_ATTR_NAME:
        return "an attribute name";
    case AFTER_ATTR_NAME:
        return "an unquoted attribute";
    case IN_ATTR:
        return "an attribute";
    case IN_URL_START:
        return "the start of a URL";
    case IN_URL:
        return "a URL";
    case IN_COMMENT:
        return "a comment";
    }
    return "?";
}

static bool is_name(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == ':' || c == '_' ||
           (c >= 'A' && c <= 'Z');
}

static void name_add(struct html_place *p, const struct source *s, char c)
{
    if (p->name_length + 1 >= sizeof p->name)
        STOP(s, "this name is too long for a tag or attribute");
    p->name[p->name_length++] = c;
    p->name[p->name_length] = '\0';
}

static void tag_named(struct html_place *p, const struct source *s)
{
    memcpy(p->tag, p->name, sizeof p->tag);
    p->name_length = 0;
    p->place = IN_TAG;
    if (p->is_closing || !is_one_of(p->tag, refused_elements))
        return;
    if (strcmp(p->tag, "form") == 0)
        STOP(s, "<form> is written {form NAME action=\"...\"} ... {end}, which adds token and id");
    if (strcmp(p->tag, "input") == 0 || strcmp(p->tag, "select") == 0 ||
        strcmp(p->tag, "textarea") == 0 || strcmp(p->tag, "option") == 0)
        STOP(s, "<%s> is written {field NAME} and declared in the head", p->tag);
    STOP(s, "<%s> may not stand in a page", p->tag);
}

static void tag_done(struct html_place *p, const struct source *s)
{
    p->place = IN_CONTENT;
    if (p->is_closing) {
        if (p->depth == 0 || strcmp(p->stack[p->depth - 1], p->tag) != 0)
            STOP(s, "</%s> closes %s%s%s", p->tag, p->depth ? "<" : "nothing",
                 p->depth ? p->stack[p->depth - 1] : "", p->depth ? ">" : "");
        p->depth--;
        if (strcmp(p->tag, "pre") == 0)
            p->pre--;
        return;
    }
    if (p->is_self_closing || is_one_of(p->tag, void_elements))
        return;
    if (p->depth == MAX_DEPTH)
        STOP(s, "elements are nested too deeply");
    p->stack[p->depth++] = pool_copy(p->tag, strlen(p->tag));
    if (strcmp(p->tag, "pre") == 0)
        p->pre++;
}

static void attribute_named(struct html_place *p, const struct source *s)
{
    if (strncmp(p->name, "on", 2) == 0)
        STOP(s, "event handler %s: scripts stand in static files only", p->name);
    if (strcmp(p->name, "style") == 0)
        STOP(s, "no inline style: use a class");
    if (p->is_closing)
        STOP(s, "a closing tag has no attributes");
}

static void content_step(struct html_place *p, const struct source *s, char c)
{
    if (c != '<')
        return;
    if (source_starts(s, "!--")) {
        p->place = IN_COMMENT;
        return;
    }
    p->place = IN_TAG_NAME;
    p->is_closing = p->is_self_closing = false;
    p->name_length = 0;
    p->name[0] = '\0';
    if (source_peek(s, 0) != '/' && !is_name(source_peek(s, 0)))
        STOP(s, "a bare '<': write &lt;");
}

static void tag_step(struct html_place *p, const struct source *s, char c)
{
    if (c == '>') {
        tag_done(p, s);
    } else if (c == '/') {
        p->is_self_closing = true;
    } else if (is_name(c)) {
        p->place = IN_ATTR_NAME;
        p->name_length = 0;
        name_add(p, s, c);
    } else if (c != ' ' && c != '\n' && c != '\t') {
        STOP(s, "'%c' inside a tag", c);
    }
}

static void tag_name_step(struct html_place *p, const struct source *s, char c)
{
    if (c == '/' && p->name_length == 0) {
        p->is_closing = true;
    } else if (is_name(c)) {
        name_add(p, s, c);
    } else {
        tag_named(p, s);
        tag_step(p, s, c);
    }
}

static void attribute_name_step(struct html_place *p, const struct source *s, char c)
{
    if (is_name(c)) {
        name_add(p, s, c);
        return;
    }
    attribute_named(p, s);
    if (c == '=') {
        p->place = AFTER_ATTR_NAME;
        return;
    }
    p->place = IN_TAG;
    tag_step(p, s, c);
}

void html_step(struct html_place *p, const struct source *s, char c)
{
    switch (p->place) {
    case IN_CONTENT:
        content_step(p, s, c);
        break;
    case IN_TAG_NAME:
        tag_name_step(p, s, c);
        break;
    case IN_TAG:
        tag_step(p, s, c);
        break;
    case IN_ATTR_NAME:
        attribute_name_step(p, s, c);
        break;
    case AFTER_ATTR_NAME:
        if (c != '"')
            STOP(s, "the value of %s must stand in double quotes", p->name);
        p->place = is_one_of(p->name, url_attributes) ? IN_URL_START : IN_ATTR;
        break;
    case IN_URL_START:
        if (c != '/' && c != '#' && c != '?' && c != '"')
            STOP(s, "addresses start with / (our own pages only), # or ?");
        p->place = c == '"' ? IN_TAG : IN_URL;
        break;
    case IN_URL:
    case IN_ATTR:
        if (strcmp(p->name, "accesskey") == 0 && c != '"' && c != 'n' && (c < '0' || c > '9'))
            STOP(s, "access keys inside a page are digits; letters belong to the menu");
        if (c == '"')
            p->place = IN_TAG;
        break;
    case IN_COMMENT:
        if (c == '>' && s->at >= 3 && memcmp(s->text + s->at - 3, "-->", 3) == 0)
            p->place = IN_CONTENT;
        break;
    }
}

void html_settle(struct html_place *p, const struct source *s)
{
    if (p->place == IN_TAG_NAME && p->name_length > 0)
        tag_named(p, s);
    if (p->place == IN_ATTR_NAME) {
        attribute_named(p, s);
        p->place = IN_TAG;
    }
}

bool html_same(const struct html_place *a, const struct html_place *b)
{
    if (a->place != b->place && !(a->place >= IN_URL_START && b->place >= IN_URL_START &&
                                  a->place <= IN_URL && b->place <= IN_URL))
        return false;
    if (a->depth != b->depth)
        return false;
    for (int i = 0; i < a->depth; i++) {
        if (strcmp(a->stack[i], b->stack[i]) != 0)
            return false;
    }
    return true;
}
