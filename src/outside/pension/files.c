/* Files of the pension payer: control record, and per payer header, data, trailer. */
#include "outside/pension/inner.h"

#include <string.h>

struct out {
    struct payer_office *o;
    struct ymd day;
    int64_t notice, city, scheme;
    struct text *text;
};

static int put_common(const struct out *f, const struct fixed_record *r, char *bytes,
                      struct str payer)
{
    struct context *cx = &f->o->cx;
    int64_t code = 0;
    int rc = str_to_int(payer, &code) ? OK : fail(cx, ERR_INVALID, "payer.file", NULL);

    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "city", f->city);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "payer", code);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "notice", f->notice);
    rc = rc < 0 ? rc : fixed_put_number(cx, r, bytes, "scheme", f->scheme);
    return rc < 0 ? rc : fixed_put_day(cx, r, bytes, "made", f->day);
}

static int add(const struct out *f, const struct fixed_record *r, const char *bytes)
{
    return text_add(f->text, (struct str){bytes, r->length}) < 0 ? payer_no_memory(f->o) : OK;
}

static const char *record_of(const struct payer_office *o, const struct payer_line *line)
{
    return line->record ? line->record : o->records[line->person];
}

static struct str payer_of(const struct payer_office *o, const struct payer_line *line)
{
    return fixed_raw(o->data, record_of(o, line), "payer");
}

static int put_data(const struct out *f, const struct payer_line *line)
{
    static const char *const amounts[] = {"amount1", "amount2", "amount3"};
    struct payer_office *o = f->o;
    char *bytes = ARENA_ARRAY(o->cx.arena, o->data->length, char);
    int64_t reason = 0;

    if (!bytes)
        return payer_no_memory(o);
    memcpy(bytes, record_of(o, line), o->data->length);
    (void)str_to_int(str_of(line->reason), &reason);
    int rc = put_common(f, o->data, bytes, payer_of(o, line));
    rc = rc < 0 ? rc : fixed_put_number(&o->cx, o->data, bytes, "reason", reason);
    rc = rc < 0 ? rc : fixed_put_day(&o->cx, o->data, bytes, "day", line->day);
    for (int i = 0; i < 3 && rc >= 0; i++)
        rc = fixed_put_number(&o->cx, o->data, bytes, amounts[i], line->amount[i].n);
    return rc < 0 ? rc : add(f, o->data, bytes);
}

static int put_trailer(const struct out *f, struct str payer, const struct payer_line *lines,
                       size_t n)
{
    static const char *const amounts[] = {"amount1", "amount2", "amount3"};
    struct payer_office *o = f->o;
    char *bytes = fixed_new(o->cx.arena, o->trailer);
    int rc = bytes ? put_common(f, o->trailer, bytes, payer) : payer_no_memory(o);

    rc = rc < 0 ? rc : fixed_put_number(&o->cx, o->trailer, bytes, "count", (int64_t)n);
    for (int i = 0; i < 3 && rc >= 0; i++) {
        int64_t sum = 0;
        for (size_t k = 0; k < n; k++)
            sum += lines[k].amount[i].n;
        rc = fixed_put_number(&o->cx, o->trailer, bytes, amounts[i], sum);
    }
    return rc < 0 ? rc : add(f, o->trailer, bytes);
}

static int put_group(const struct out *f, const struct payer_line *lines, size_t n)
{
    struct payer_office *o = f->o;
    const struct str payer = payer_of(o, lines);
    char *bytes = fixed_new(o->cx.arena, o->header);
    int rc = bytes ? put_common(f, o->header, bytes, payer) : payer_no_memory(o);

    rc = rc < 0 ? rc : add(f, o->header, bytes);
    for (size_t i = 0; i < n && rc >= 0; i++)
        rc = put_data(f, &lines[i]);
    return rc < 0 ? rc : put_trailer(f, payer, lines, n);
}

/* How many lines from here on are the same payer's. */
static size_t group_of(const struct payer_office *o, const struct payer_lines *lines, size_t from)
{
    size_t n = 1;

    while (from + n < lines->n &&
           str_equal(payer_of(o, &lines->rows[from]), payer_of(o, &lines->rows[from + n])))
        n++;
    return n;
}

static int put_control(const struct out *f, const struct payer_lines *lines)
{
    struct payer_office *o = f->o;
    char *bytes = fixed_new(o->cx.arena, o->control);
    int64_t records = (int64_t)lines->n;

    for (size_t i = 0; i < lines->n; i += group_of(o, lines, i))
        records += 2;
    int rc =
        bytes ? fixed_put_number(&o->cx, o->control, bytes, "city", f->city) : payer_no_memory(o);
    rc = rc < 0 ? rc : fixed_put_number(&o->cx, o->control, bytes, "medium", 1);
    rc = rc < 0 ? rc : fixed_put_day(&o->cx, o->control, bytes, "made", f->day);
    rc = rc < 0 ? rc : fixed_put_number(&o->cx, o->control, bytes, "records", records);
    return rc < 0 ? rc : add(f, o->control, bytes);
}

int payer_write(struct payer_office *o, const char *notice, struct ymd day,
                const struct payer_lines *lines, struct text *out)
{
    struct out f = {.o = o, .day = day, .text = out};
    size_t group = 0;

    if (!str_to_int(str_of(notice), &f.notice) || !str_to_int(o->city, &f.city) ||
        !str_to_int(o->scheme, &f.scheme))
        return fail(&o->cx, ERR_INVALID, "payer.file", NULL);
    int rc = put_control(&f, lines);
    for (size_t i = 0; i < lines->n && rc >= 0; i += group) {
        group = group_of(o, lines, i);
        rc = put_group(&f, lines->rows + i, group);
    }
    return rc;
}

size_t payer_find(const struct payer_office *o, const char *record)
{
    static const char *const fields[] = {"birth", "sex", "kana", "name", "address"};

    for (size_t i = 0; i < o->people.n; i++) {
        bool is_same = true;
        for (size_t k = 0; k < sizeof fields / sizeof *fields && is_same; k++)
            is_same = str_equal(fixed_raw(o->data, record, fields[k]),
                                fixed_raw(o->data, o->records[i], fields[k]));
        if (is_same && str_equal(fixed_raw(o->data, record, "payer"), o->people.rows[i].payer))
            return i;
    }
    return SIZE_MAX;
}
