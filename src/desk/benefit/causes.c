/*
 * Causes of unjust enrichment (不当利得の事由): codes of a table. The city adopts its own by an
 * event; until then that of the program's data holds.
 */
#include "desk/benefit/inner.h"

enum { CODE_LONGEST = 20 };

static const struct str table_kind = {"table", 5};
static const struct str table_name = {"unjust_causes", 13};

static bool is_code(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        if (!(s.p[i] >= 'a' && s.p[i] <= 'z') && s.p[i] != '_')
            return false;
    }
    return s.n > 0 && s.n <= CODE_LONGEST;
}

bool benefit_cause_is_known(const struct benefit_causes *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++) {
        if (str_equal(all->rows[i].code, code))
            return true;
    }
    return false;
}

static int parse(struct work *w, struct str body, struct benefit_causes *out)
{
    *out = (struct benefit_causes){.n = 0};
    while (body.n > 0) {
        const struct str line = str_cut(&body, '\n');
        struct benefit_cause c = {.label = line};
        if (line.n == 0 || line.p[0] == '#')
            continue;
        c.code = str_cut(&c.label, '\t');
        if (out->n == BENEFIT_CAUSES_MAX || !is_code(c.code) || c.label.n == 0 ||
            benefit_cause_is_known(out, c.code))
            return fail(&w->cx, ERR_INVALID, "benefit.causes.table", STR_FMT, STR_ARG(line));
        out->rows[out->n++] = c;
    }
    return out->n > 0 ? OK : fail(&w->cx, ERR_INVALID, "benefit.causes.table", NULL);
}

int benefit_causes_read(struct work *w, int64_t known, struct benefit_causes *out)
{
    extern const unsigned char benefit_unjust_causes_tsv[];
    extern const size_t benefit_unjust_causes_tsv_size;
    struct str body = {(const char *)benefit_unjust_causes_tsv, benefit_unjust_causes_tsv_size};
    struct adopted_list list;
    const int64_t seen = w->asof.known;

    w->asof.known = known;
    const int rc = office_adopted(w, table_kind, &list);
    w->asof.known = seen;
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        if (str_equal(list.rows[i].name, table_name))
            body = list.rows[i].body;
    }
    return rc < 0 ? rc : parse(w, body, out);
}

struct str benefit_cause_label(const struct benefit_causes *all, struct str code)
{
    for (size_t i = 0; i < all->n; i++) {
        if (str_equal(all->rows[i].code, code))
            return all->rows[i].label;
    }
    return code;
}

int benefit_causes_adopt(struct work *w, struct str body, struct str reason)
{
    struct benefit_causes all;
    const int rc = parse(w, body, &all);

    return rc < 0 ? rc : office_adopt(w, table_kind, table_name, body, reason);
}
