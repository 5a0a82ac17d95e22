#include "base/error.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { RECENT = 256 };

static const struct message *messages;
static size_t message_count;
static const struct message *recent[RECENT]; /* found lately, by the address of the id */

void context_init(struct context *cx, struct env *env, struct arena *arena)
{
    *cx = (struct context){.env = env, .arena = arena};
}

void error_clear(struct context *cx)
{
    cx->error = (struct error){.code = OK};
}

/* Cuts at a character boundary: a facts field that ends in half a character would make the
 * page it is shown on invalid. */
static void cut_to_character(char *s)
{
    size_t n = strlen(s);
    size_t back = 0;
    while (back < n && back < 4 && ((unsigned char)s[n - 1 - back] & 0xC0) == 0x80)
        back++;
    if (back == n || back == 4)
        return;
    unsigned char lead = (unsigned char)s[n - 1 - back];
    size_t needed = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
    if (needed > back)
        s[n - 1 - back] = '\0';
}

static void set_string(char *out, size_t room, const char *s)
{
    if (!s)
        return;
    snprintf(out, room, "%s", s);
    cut_to_character(out);
}

int fail(struct context *cx, enum status code, const char *message, const char *facts, ...)
{
    struct error *e = &cx->error;
    if (e->code != OK)
        return e->code;
    e->code = code;
    set_string(e->message, sizeof e->message, message);
    if (facts) {
        va_list args;
        va_start(args, facts);
        vsnprintf(e->facts, sizeof e->facts, facts, args);
        va_end(args);
        cut_to_character(e->facts);
    }
    return code;
}

int fail_where(struct context *cx, const char *file, int line, int column, const char *field)
{
    struct error *e = &cx->error;
    if (!e->file[0])
        set_string(e->file, sizeof e->file, file);
    if (!e->line)
        e->line = line;
    if (!e->column)
        e->column = column;
    if (!e->field[0])
        set_string(e->field, sizeof e->field, field);
    return e->code;
}

int fail_detail(struct context *cx, const char *detail, ...)
{
    struct error *e = &cx->error;
    if (e->detail[0])
        return e->code;
    va_list args;
    va_start(args, detail);
    vsnprintf(e->detail, sizeof e->detail, detail, args);
    va_end(args);
    cut_to_character(e->detail);
    return e->code;
}

int error_add(struct context *cx, const char *doing, ...)
{
    struct error *e = &cx->error;
    size_t at = strlen(e->doing);
    if (at > 0 && at + 4 < sizeof e->doing) {
        memcpy(e->doing + at, " < ", 4);
        at += 3;
    }
    va_list args;
    va_start(args, doing);
    vsnprintf(e->doing + at, sizeof e->doing - at, doing, args);
    va_end(args);
    cut_to_character(e->doing);
    return e->code;
}

const char *status_name(enum status code)
{
    switch (code) {
    case OK:
        return "OK";
    case ERR_MEMORY:
        return "MEMORY";
    case ERR_IO:
        return "IO";
    case ERR_SYNTAX:
        return "SYNTAX";
    case ERR_INVALID:
        return "INVALID";
    case ERR_NOT_FOUND:
        return "NOT_FOUND";
    case ERR_DENIED:
        return "DENIED";
    case ERR_STALE:
        return "STALE";
    case ERR_DUPLICATE:
        return "DUPLICATE";
    case ERR_REFERENCE:
        return "REFERENCE";
    case ERR_CONSTRAINT:
        return "CONSTRAINT";
    case ERR_RETRY:
        return "RETRY";
    case ERR_RANGE:
        return "RANGE";
    case ERR_CORRUPT:
        return "CORRUPT";
    case ERR_LIMIT:
        return "LIMIT";
    case ERR_FATAL:
        return "FATAL";
    case ERR_FAULT:
        return "FAULT";
    }
    return "UNKNOWN";
}

void message_table_set(const struct message *rows, size_t n)
{
    messages = rows;
    message_count = n;
    memset(recent, 0, sizeof recent);
}

static const struct message *message_search(const char *id)
{
    size_t low = 0;
    size_t high = message_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(messages[middle].id, id);
        if (order == 0)
            return &messages[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* A page asks for the same ids again and again, mostly at the same address. */
const struct message *message_find(const char *id)
{
    const struct message **m = &recent[((uintptr_t)id >> 3 ^ (uintptr_t)id >> 11) % RECENT];
    if (!*m || strcmp((*m)->id, id) != 0)
        *m = message_search(id);
    return *m;
}

struct str message_words(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static void add_where(const struct error *e, struct text *out)
{
    text_adds(out, e->file);
    if (e->line)
        text_addf(out, "%s%d", e->file[0] ? ":" : "line ", e->line);
    if (e->column)
        text_addf(out, ":%d", e->column);
    if (e->field[0])
        text_addf(out, "%s[%s]", e->file[0] || e->line ? " " : "", e->field);
}

static bool has_where(const struct error *e)
{
    return e->file[0] || e->line || e->field[0];
}

int error_render(const struct error *e, struct text *out)
{
    const struct message *m = message_find(e->message);
    if (m)
        text_adds(out, m->text);
    else
        text_addf(out, "%s (%s)", e->message, status_name(e->code));
    if (e->facts[0])
        text_addf(out, "\n  %s", e->facts);
    if (has_where(e)) {
        text_adds(out, "\n  ");
        add_where(e, out);
    }
    if (m && m->advice[0])
        text_addf(out, "\n→ %s", m->advice);
    return out->failed ? ERR_MEMORY : OK;
}

int error_render_log(const struct error *e, struct text *out)
{
    text_addf(out, "%s %s", status_name(e->code), e->message);
    if (has_where(e)) {
        text_adds(out, " at ");
        add_where(e, out);
    }
    if (e->doing[0])
        text_addf(out, " doing %s", e->doing);
    if (e->detail[0])
        text_addf(out, " detail %s", e->detail);
    return out->failed ? ERR_MEMORY : OK;
}
