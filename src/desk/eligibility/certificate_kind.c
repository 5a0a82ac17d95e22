/* Kinds of certificates and who gets which: the two tables of data/, with the city's settings. */
#include "desk/eligibility/certificate_inner.h"

extern const unsigned char data_certificates[];
extern const unsigned char data_certificate_choice[];

int certificate_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static struct str table_text(const unsigned char *bytes)
{
    return str_of((const char *)bytes);
}

int data_line(struct str *rest, struct str cells[DATA_COLUMNS], size_t wanted)
{
    while (rest->n > 0) {
        struct str line = str_cut(rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        size_t n = 0;
        while (line.n > 0 && n < DATA_COLUMNS)
            cells[n++] = str_cut(&line, '\t');
        return n == wanted && line.n == 0 ? 1 : -1;
    }
    return 0;
}

static struct ymd day_cell(const struct certificate_tables *t, struct str cell)
{
    struct ymd day = YMD_NONE;

    if (str_is(cell, "switch"))
        return t->switch_day;
    return ymd_parse(cell, &day) ? day : YMD_NONE;
}

static bool yes(struct str cell)
{
    return str_is(cell, "yes");
}

static int yes_no(struct str cell)
{
    return str_is(cell, "-") ? -1 : yes(cell);
}

static int bad_table(struct work *w, const char *name)
{
    return fail(&w->cx, ERR_CORRUPT, "eligibility.certificate_table", "%s", name);
}

static int read_kinds(struct work *w, struct certificate_tables *t)
{
    struct str rest = table_text(data_certificates), c[DATA_COLUMNS];
    int64_t years = 0;
    int got;

    while ((got = data_line(&rest, c, 9)) > 0) {
        if (t->n_kinds == sizeof(t->kind) / sizeof(t->kind[0]) || !str_to_int(c[5], &years))
            return bad_table(w, "certificates");
        t->kind[t->n_kinds++] = (struct certificate_kind){.name = c[0],
                                                          .family = c[1],
                                                          .first = day_cell(t, c[2]),
                                                          .before = day_cell(t, c[3]),
                                                          .latest = day_cell(t, c[4]),
                                                          .years = (int)years,
                                                          .is_yearly = str_is(c[6], "yearly"),
                                                          .is_short = str_is(c[6], "short"),
                                                          .has_share = yes(c[7]),
                                                          .form = c[8]};
    }
    return got < 0 ? bad_table(w, "certificates") : OK;
}

static int arrears_cell(struct str cell)
{
    return str_is(cell, "special") ? ARREARS_SPECIAL
           : str_is(cell, "short") ? ARREARS_SHORT
           : str_is(cell, "none")  ? ARREARS_NONE
                                   : -1;
}

static int read_choices(struct work *w, struct certificate_tables *t)
{
    struct str rest = table_text(data_certificate_choice), c[DATA_COLUMNS];
    int got;

    while ((got = data_line(&rest, c, 8)) > 0) {
        const char *reason = str_c(w->cx.arena, c[7]);
        if (!reason)
            return certificate_memory(w);
        if (t->n_choices == sizeof(t->choice) / sizeof(t->choice[0]) || !certificate_kind(t, c[6]))
            return bad_table(w, "certificate_choice");
        t->choice[t->n_choices++] =
            (struct certificate_choice){.is_after = str_is(c[0], "after"),
                                        .arrears = arrears_cell(c[1]),
                                        .child = yes_no(c[2]),
                                        .card = yes_no(c[3]),
                                        .wish = str_is(c[4], "-") ? STR("") : c[4],
                                        .kind = c[6],
                                        .reason = reason};
    }
    return got < 0 ? bad_table(w, "certificate_choice") : OK;
}

static int number_set(struct work *w, const char *key, int64_t least, int64_t most, int *out)
{
    int64_t n = 0;

    if (!str_to_int(setting_get(w, key), &n) || n < least || n > most)
        return fail(&w->cx, ERR_INVALID, "eligibility.certificate_setting", "%s", key);
    *out = (int)n;
    return OK;
}

/* "08-01" */
static int renewal_day_set(struct work *w, struct certificate_tables *t)
{
    struct str day = setting_get(w, "eligibility.renewal_day");
    const struct str month = str_cut(&day, '-');
    int64_t m = 0, d = 0;

    if (!str_to_int(month, &m) || !str_to_int(day, &d) || ymd_is_none(ymd_of(2025, (int)m, (int)d)))
        return fail(&w->cx, ERR_INVALID, "eligibility.certificate_setting",
                    "eligibility.renewal_day");
    t->renewal_month = (int)m;
    t->renewal_day = (int)d;
    return OK;
}

static int read_settings(struct work *w, struct certificate_tables *t)
{
    if (!ymd_parse(setting_get(w, "eligibility.certificate_switch"), &t->switch_day))
        return fail(&w->cx, ERR_INVALID, "eligibility.certificate_setting",
                    "eligibility.certificate_switch");
    int result = renewal_day_set(w, t);
    if (result >= 0)
        result = number_set(w, "eligibility.short_months", 1, 12, &t->short_months);
    return result < 0 ? result : number_set(w, "eligibility.certificate_years", 1, 5, &t->years);
}

int certificate_tables_read(struct work *w, const struct certificate_tables **out)
{
    struct certificate_tables *t = ARENA_NEW(w->cx.arena, struct certificate_tables);
    int result = t ? read_settings(w, t) : certificate_memory(w);

    if (result >= 0)
        result = read_kinds(w, t);
    if (result >= 0)
        result = read_choices(w, t);
    *out = t;
    return result < 0 ? error_add(&w->cx, "read the kinds of certificates") : OK;
}

/* --- asking
 * --------------------------------------------------------------------------------------- */

const struct certificate_kind *certificate_kind(const struct certificate_tables *t, struct str name)
{
    for (size_t i = 0; i < t->n_kinds; i++) {
        if (str_equal(t->kind[i].name, name))
            return &t->kind[i];
    }
    return NULL;
}

struct str certificate_family(struct str kind)
{
    struct str rest = table_text(data_certificates), c[DATA_COLUMNS];

    while (data_line(&rest, c, 9) > 0) {
        if (str_equal(c[0], kind))
            return c[1];
    }
    return STR_NONE;
}

const char *certificate_kind_refused(const struct certificate_kind *k, struct ymd day)
{
    if (!ymd_is_none(k->before) && ymd_compare(day, k->before) >= 0)
        return "eligibility.issue.kind_ended";
    if (!ymd_is_none(k->first) && ymd_compare(day, k->first) < 0)
        return "eligibility.issue.kind_not_yet";
    return NULL;
}
