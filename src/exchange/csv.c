/* CSV records. */
#include "exchange/exchange.h"

#include <string.h>

void csv_open(struct csv_reader *r, struct str bytes)
{
    static const char bom[] = "\xEF\xBB\xBF";

    if (bytes.n >= 3 && memcmp(bytes.p, bom, 3) == 0)
        bytes = (struct str){bytes.p + 3, bytes.n - 3};
    *r = (struct csv_reader){.rest = bytes, .line = 0, .next_line = 1};
    text_init(&r->quoted, (size_t)CSV_FIELDS_MAX * CSV_FIELD_BYTES_MAX);
}

void csv_close(struct csv_reader *r)
{
    text_release(&r->quoted);
}

struct scan { /* of one record */
    struct context *cx;
    struct csv_reader *r;
    const char *begin, *p, *end;
};

static int bad(struct scan *s, const char *message)
{
    (void)fail(s->cx, ERR_SYNTAX, message, NULL);
    return fail_where(s->cx, "", (int)s->r->line, (int)(s->p - s->begin) + 1, "");
}

static bool at_line_end(const struct scan *s)
{
    return s->p == s->end || *s->p == '\n' ||
           (*s->p == '\r' && s->p + 1 < s->end && s->p[1] == '\n') ||
           (*s->p == '\r' && s->p + 1 == s->end);
}

static void pass_line_end(struct scan *s)
{
    if (s->p < s->end && *s->p == '\r')
        s->p++;
    if (s->p < s->end && *s->p == '\n')
        s->p++;
    s->r->next_line++;
}

static int add_field(struct scan *s, struct str field, bool quoted)
{
    struct csv_reader *r = s->r;

    if (r->n == CSV_FIELDS_MAX)
        return bad(s, "exchange.csv.too_many_fields");
    if (field.n > CSV_FIELD_BYTES_MAX)
        return bad(s, "exchange.csv.field_too_long");
    if (!utf8_valid(field))
        return bad(s, "exchange.csv.not_utf8");
    if (memchr(field.p, '\0', field.n))
        return bad(s, "exchange.csv.control_character");
    r->starts[r->n] = quoted ? r->quoted.n - field.n : SIZE_MAX;
    r->fields[r->n++] = field;
    return OK;
}

static int plain_field(struct scan *s)
{
    const char *from = s->p;

    while (!at_line_end(s) && *s->p != ',') {
        if (*s->p == '"')
            return bad(s, "exchange.csv.stray_quote");
        s->p++;
    }
    return add_field(s, (struct str){from, (size_t)(s->p - from)}, false);
}

/* Behind the opening quote. Line ends inside quotes belong to the field. */
static int quoted_field(struct scan *s)
{
    struct text *t = &s->r->quoted;
    const size_t from = t->n;

    for (s->p++; s->p < s->end; s->p++) {
        if (*s->p == '\n')
            s->r->next_line++;
        if (*s->p == '"') {
            if (s->p + 1 == s->end || s->p[1] != '"')
                break;
            s->p++;
        }
        if (text_addc(t, *s->p) < 0)
            return bad(s, "exchange.csv.field_too_long");
    }
    if (s->p == s->end)
        return bad(s, "exchange.csv.open_quote");
    s->p++;
    if (!at_line_end(s) && *s->p != ',')
        return bad(s, "exchange.csv.stray_quote");
    return add_field(s, (struct str){t->p ? t->p + from : "", t->n - from}, true);
}

static int scan_record(struct scan *s)
{
    for (;;) {
        const int result = s->p < s->end && *s->p == '"' ? quoted_field(s) : plain_field(s);
        if (result < 0)
            return result;
        if (at_line_end(s))
            return 1;
        s->p++; /* the comma */
    }
}

/* The buffer of unquoted fields may have moved while the record grew. */
static void settle_quoted(struct csv_reader *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->starts[i] != SIZE_MAX && r->quoted.p)
            r->fields[i].p = r->quoted.p + r->starts[i];
    }
}

/* After a bad record: to the end of the line it began on or, inside quotes, of the one it broke on.
 */
static void pass_bad_line(struct scan *s)
{
    while (s->p < s->end && *s->p != '\n')
        s->p++;
    pass_line_end(s);
}

static bool is_blank_line(const struct scan *s)
{
    return s->p < s->end && at_line_end(s);
}

int csv_read(struct context *cx, struct csv_reader *r)
{
    struct scan s = {cx, r, r->rest.p, r->rest.p, r->rest.p + r->rest.n};

    while (is_blank_line(&s))
        pass_line_end(&s);
    r->n = 0;
    text_clear(&r->quoted);
    if (s.p == s.end) {
        r->rest.n = 0;
        return 0;
    }
    s.begin = s.p;
    r->line = r->next_line;
    const int result = scan_record(&s);
    if (result < 0)
        pass_bad_line(&s);
    else
        pass_line_end(&s);
    settle_quoted(r);
    r->rest = (struct str){s.p, (size_t)(s.end - s.p)};
    return result;
}

void csv_add(struct text *out, struct str field)
{
    bool quote = false;

    if (out->n > 0 && out->p[out->n - 1] != '\n')
        (void)text_addc(out, ',');
    for (size_t i = 0; i < field.n && !quote; i++)
        quote = field.p[i] == '"' || field.p[i] == ',' || field.p[i] == '\n' || field.p[i] == '\r';
    /* an empty first field must not look like a blank line */
    quote = quote || (field.n == 0 && (out->n == 0 || out->p[out->n - 1] == '\n'));
    if (!quote) {
        (void)text_add(out, field);
        return;
    }
    (void)text_addc(out, '"');
    for (size_t i = 0; i < field.n; i++) {
        if (field.p[i] == '"')
            (void)text_addc(out, '"');
        (void)text_addc(out, field.p[i]);
    }
    (void)text_addc(out, '"');
}

void csv_end(struct text *out)
{
    (void)text_adds(out, "\r\n");
}
