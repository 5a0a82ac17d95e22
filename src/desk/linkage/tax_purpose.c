/* tax_purpose: for which taxes data are asked or given; each from the day of its law. */
#include "desk/linkage/inner.h"

extern const unsigned char linkage_tax_purposes_tsv[];
extern const size_t linkage_tax_purposes_tsv_size;

static struct str next_column(struct str *line)
{
    const struct str f = str_cut(line, '\t');
    return f.p ? f : STR("");
}

/* By its code or by its name. */
static bool find(struct str word, struct tax_purpose *out)
{
    struct str rest = {(const char *)linkage_tax_purposes_tsv, linkage_tax_purposes_tsv_size};

    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        *out = (struct tax_purpose){.from = YMD_NONE, .to = YMD_NONE};
        out->code = next_column(&line);
        out->name = next_column(&line);
        (void)ymd_parse(next_column(&line), &out->from);
        (void)ymd_parse(next_column(&line), &out->to);
        out->law = line;
        if (str_equal(out->code, word) || str_equal(out->name, word))
            return true;
    }
    return false;
}

int tax_purpose_need(struct work *w, struct str word, struct ymd day, struct tax_purpose *out)
{
    char from[11];

    if (!find(str_trim(word), out))
        return fail(&w->cx, ERR_INVALID, "linkage.tax_purpose", STR_FMT, STR_ARG(word));
    if (ymd_compare(day, out->from) >= 0 && (ymd_is_none(out->to) || ymd_compare(day, out->to) < 0))
        return OK;
    ymd_format(out->from, from);
    return fail(&w->cx, ERR_INVALID, "linkage.tax_purpose_day", STR_FMT " from=%s",
                STR_ARG(out->code), from);
}
