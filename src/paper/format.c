/* How values are written on paper: money, days, years, numbers. */
#include "paper/data.h"

static int wrong_format(struct context *cx, const struct form_value *v)
{
    return fail(cx, ERR_INVALID, "paper.value.format", "name=" STR_FMT, STR_ARG(v->name));
}

static int write_wide(struct text *out, struct str s)
{
    int32_t c;
    while ((c = utf8_next(&s)) >= 0) {
        if (c == ' ')
            c = 0x3000;
        else if (c > ' ' && c < 0x7F)
            c += 0xFEE0;
        utf8_add(out, c);
    }
    return out->failed ? ERR_MEMORY : OK;
}

static int write_text(struct context *cx, const struct form_value *v, enum form_format format,
                      struct text *out)
{
    struct str s = v->text;
    if (format == FORMAT_PLAIN)
        return text_add(out, s);
    if (format == FORMAT_WIDE)
        return write_wide(out, s);
    if (format != FORMAT_POSTCODE)
        return wrong_format(cx, v);
    if (s.n != 7)
        return text_add(out, s);
    text_add(out, (struct str){s.p, 3});
    text_addc(out, '-');
    return text_add(out, (struct str){s.p + 3, 4});
}

static int write_yen(struct context *cx, const struct form_value *v, enum form_format format,
                     struct text *out)
{
    struct yen y = YEN(v->number);
    if (format == FORMAT_YEN)
        text_adds(out, "\xC2\xA5");
    if (format == FORMAT_PLAIN || format == FORMAT_YEN || format == FORMAT_COMMA)
        return text_add_yen(out, y);
    if (format == FORMAT_DIGITS)
        return text_addf(out, "%lld", (long long)v->number);
    if (format != FORMAT_MINUS)
        return wrong_format(cx, v);
    if (v->number > 0)
        text_adds(out, "\xE2\x96\xB2"); /* ▲, the office's minus */
    return text_add_yen(out, YEN(v->number > 0 ? v->number : -v->number));
}

/* " 8. 6.30": the year of the era in two places, so that columns of days stand straight. */
static int write_dots(struct text *out, struct ymd d)
{
    struct era_day e = ymd_era(d);
    return text_addf(out, "%2d.%2d.%2d", e.year, e.month, e.day);
}

static int write_day(struct context *cx, const struct form_value *v, enum form_format format,
                     struct text *out)
{
    if (ymd_is_none(v->day))
        return OK;
    if (format == FORMAT_PLAIN || format == FORMAT_ERA)
        return text_add_era(out, v->day);
    if (format == FORMAT_SHORT)
        return text_add_era_short(out, v->day);
    return format == FORMAT_DOTS ? write_dots(out, v->day) : wrong_format(cx, v);
}

static int write_count(struct context *cx, const struct form_value *v, enum form_format format,
                       struct text *out)
{
    if (format == FORMAT_PLAIN || format == FORMAT_DIGITS)
        return text_addf(out, "%lld", (long long)v->number);
    if (format == FORMAT_COMMA)
        return text_add_yen(out, YEN(v->number));
    if (format == FORMAT_FISCAL && v->number >= 1868 && v->number <= 9999)
        return text_add_fiscal_year(out, (int)v->number);
    if (format != FORMAT_WIDE)
        return wrong_format(cx, v);
    char figures[24];
    int n = 0;
    for (int64_t rest = v->number < 0 ? -v->number : v->number; n == 0 || rest > 0; rest /= 10)
        figures[n++] = (char)('0' + rest % 10);
    while (n-- > 0)
        utf8_add(out, 0xFF10 + figures[n] - '0');
    return OK;
}

static int write_value(struct context *cx, const struct form_value *v, enum form_format format,
                       struct text *out)
{
    switch (v->kind) {
    case VALUE_TEXT:
        return write_text(cx, v, format, out);
    case VALUE_YEN:
        return write_yen(cx, v, format, out);
    case VALUE_DAY:
        return write_day(cx, v, format, out);
    case VALUE_COUNT:
        return write_count(cx, v, format, out);
    case VALUE_RATIO:
        if (format == FORMAT_PLAIN || format == FORMAT_PERCENT)
            return text_add_ratio_percent(out, v->ratio);
        return wrong_format(cx, v);
    case VALUE_FLAG:
        break;
    }
    return wrong_format(cx, v);
}

int value_write(struct context *cx, const struct form_value *v, enum form_format format,
                struct text *out)
{
    int r = write_value(cx, v, format, out);
    if (out->failed && r >= 0)
        r = ERR_MEMORY;
    return r == ERR_MEMORY ? fail(cx, ERR_MEMORY, "base.memory", NULL) : r;
}

static int name_in_error(struct context *cx, struct str name)
{
    char field[90];
    size_t n = name.n < sizeof field - 1 ? name.n : sizeof field - 1;
    for (size_t i = 0; i < n; i++)
        field[i] = name.p[i];
    field[n] = '\0';
    return fail_where(cx, NULL, 0, 0, field);
}

int content_write(struct context *cx, const struct content *c, const struct form_data *d,
                  const struct form_data *extra, struct text *out)
{
    for (size_t i = 0; i < c->n; i++) {
        const struct piece *p = &c->pieces[i];
        if (p->literal.p) {
            text_add(out, p->literal);
            continue;
        }
        const struct form_value *v = data_find(d, p->name);
        if (!v)
            v = data_find(extra, p->name);
        if (!v && p->optional)
            continue;
        if (!v) {
            (void)fail(cx, ERR_INVALID, "paper.value.missing", "whose=" STR_FMT,
                       STR_ARG(d->whose));
            return name_in_error(cx, p->name);
        }
        int r = value_write(cx, v, p->format, out);
        if (r < 0)
            return name_in_error(cx, p->name);
    }
    return out->failed ? fail(cx, ERR_MEMORY, "base.memory", NULL) : OK;
}
