/* The sample values a layout brings with it. */
#include "paper/data.h"

static int put_sample(struct form_data *d, const char *name, struct str value)
{
    struct str rest = value;
    struct str kind = str_cut(&rest, ':');
    int64_t n = 0;
    struct ymd day;
    struct ratio ratio;
    if (str_is(kind, "yen") && str_to_int(rest, &n) && n > -YEN_LIMIT && n < YEN_LIMIT)
        form_put_yen(d, name, YEN(n));
    else if (str_is(kind, "count") && str_to_int(rest, &n))
        form_put_count(d, name, n);
    else if (str_is(kind, "flag") && str_to_int(rest, &n))
        form_put_flag(d, name, n != 0);
    else if (str_is(kind, "day") && ymd_parse(rest, &day))
        form_put_day(d, name, day);
    else if (str_is(kind, "percent") && ratio_parse(rest, true, &ratio))
        form_put_ratio(d, name, ratio);
    else
        return ERR_SYNTAX;
    return OK;
}

int form_sample(struct context *cx, const struct form *f, struct form_data *out)
{
    struct form_data *item = out;
    int line = 0;
    for (size_t i = 0; i < f->n_samples; i++) {
        const struct sample *s = &f->samples[i];
        char *name = str_c(out->arena, s->name);
        char *group = str_c(out->arena, s->group);
        if (!name || !group)
            return fail(cx, ERR_MEMORY, "base.memory", NULL);
        if (s->line != line)
            item = s->group.n > 0 ? form_item(out, group) : out;
        line = s->line;
        if (s->quoted)
            form_put_text(item, name, s->value);
        else if (put_sample(item, name, s->value) < 0)
            return layout_error(cx, f, s->line, s->column, "paper.layout.sample");
    }
    return OK;
}
