#include "law/premium.h"

#include <stdio.h>
#include <string.h>

const char *const premium_component[COMPONENTS] = {"medical", "support", "care", "child"};

static const int64_t YEN_MOST = INT64_C(100000000000); /* of one fact of a case */

enum { YEAR_LEAST = 2014, YEAR_MOST = 2027, CHILD_FROM_YEAR = 2026 };

struct reader {
    struct refusal *why;
    char at[64]; /* "members[1]." */
};

void premium_copy(char *out, size_t size, const char *s)
{
    size_t n = strlen(s);
    if (n >= size) {
        n = size - 1;
        while (n > 0 && ((unsigned char)s[n] & 0xC0) == 0x80)
            n--;
    }
    memcpy(out, s, n);
    out[n] = '\0';
}

static bool refuse(struct reader *r, const char *code, const char *field, const char *message,
                   const char *facts)
{
    const size_t n = strlen(r->at);
    r->why->code = code;
    r->why->message = message;
    memcpy(r->why->field, r->at, n);
    premium_copy(r->why->field + n, sizeof r->why->field - n, field);
    premium_copy(r->why->facts, sizeof r->why->facts, facts);
    return false;
}

static bool refuse_missing(struct reader *r, const char *field)
{
    return refuse(r, "missing", field, "law.case.missing", "");
}

static bool refuse_type(struct reader *r, const char *field, const char *expected)
{
    return refuse(r, "type", field, "law.case.type", expected);
}

/* ---- single values ------------------------------------------------------------------------ */

static bool read_whole(struct reader *r, const json_t *v, const char *field,
                       const int64_t bounds[2], int64_t *out)
{
    char facts[80];
    if (!json_is_integer(v))
        return refuse_type(r, field, "integer");
    *out = json_integer_value(v);
    if (*out >= bounds[0] && *out <= bounds[1])
        return true;
    snprintf(facts, sizeof facts, "%lld..%lld", (long long)bounds[0], (long long)bounds[1]);
    return refuse(r, "range", field, "law.case.range", facts);
}

static bool read_yen(struct reader *r, const json_t *v, const char *field, int64_t *out)
{
    return read_whole(r, v, field, (int64_t[]){0, YEN_MOST}, out);
}

static bool read_flag(struct reader *r, const json_t *v, const char *field, bool *out)
{
    if (!json_is_boolean(v))
        return refuse_type(r, field, "true|false");
    *out = json_is_true(v);
    return true;
}

/* "7.71": percent as a decimal string with at most four decimals, up to 100. */
static bool read_percent(struct reader *r, const json_t *v, const char *field, char out[24])
{
    struct ratio ratio;
    if (!json_is_string(v))
        return refuse_type(r, field, "\"7.71\"");
    struct str s = {json_string_value(v), json_string_length(v)};
    if (s.n == 0 || s.n > 16 || strspn(s.p, "0123456789.") != s.n || !ratio_parse(s, true, &ratio))
        return refuse(r, "type", field, "law.case.percent", "\"7.71\"");
    if (ratio.num > ratio.den || ratio.den > 1000000)
        return refuse(r, "range", field, "law.case.range", "0..100, 0.0001");
    memcpy(out, s.p, s.n);
    out[s.n] = '\0';
    return true;
}

static bool read_word(struct reader *r, const json_t *v, const char *field,
                      const char *const *words, int *out)
{
    char facts[160] = "";
    if (!json_is_string(v))
        return refuse_type(r, field, "string");
    for (int i = 0; words[i]; i++) {
        if (strcmp(words[i], json_string_value(v)) == 0) {
            *out = i;
            return true;
        }
        size_t n = strlen(facts);
        snprintf(facts + n, sizeof facts - n, "%s%s", n ? "|" : "", words[i]);
    }
    return refuse(r, "range", field, "law.case.word", facts);
}

static bool read_unit(struct reader *r, const json_t *v, const char *field, int64_t *out)
{
    if (!read_whole(r, v, field, (int64_t[]){1, 100}, out))
        return false;
    if (*out == 1 || *out == 10 || *out == 100)
        return true;
    return refuse(r, "range", field, "law.case.range", "1|10|100");
}

static bool known(const char *key, const char *const *keys)
{
    for (; *keys; keys++)
        if (strcmp(*keys, key) == 0)
            return true;
    return false;
}

/* Every member of the object is one of keys. */
static bool only_known(struct reader *r, const json_t *object, const char *field,
                       const char *const *keys)
{
    const char *key;
    json_t *v;
    if (!json_is_object(object))
        return refuse_type(r, field, "object");
    json_object_foreach((json_t *)object, key, v)
    {
        if (!known(key, keys)) {
            char name[96];
            const size_t n =
                (size_t)snprintf(name, sizeof name, "%.20s%s", field, field[0] ? "." : "");
            premium_copy(name + n, sizeof name - n, key);
            return refuse(r, "unknown_field", name, "law.case.unknown", "");
        }
    }
    return true;
}

/* ---- rates and rounding ------------------------------------------------------------------- */

static bool read_cap(struct reader *r, const json_t *v, int64_t *out)
{
    *out = -1;
    if (!v) /* none is said as null, so that a forgotten cap is not one */
        return refuse_missing(r, "cap");
    return json_is_null(v) || read_yen(r, v, "cap", out);
}

static bool read_component(struct reader *r, const json_t *o, int component,
                           struct premium_rates *x)
{
    static const char *const keys[] = {"income_rate", "asset_rate", "per_capita", "per_household",
                                       "cap",         "per_adult",  NULL};
    const json_t *v;
    struct reader inner = {.why = r->why};
    snprintf(inner.at, sizeof inner.at, "rates.%s.", premium_component[component]);
    x->levied = true;
    if (!only_known(&inner, o, "", keys))
        return false;
    if (!(v = json_object_get(o, "income_rate")))
        return refuse_missing(&inner, "income_rate");
    if (!read_percent(&inner, v, "income_rate", x->income_rate))
        return false;
    if ((v = json_object_get(o, "asset_rate")) &&
        !read_percent(&inner, v, "asset_rate", x->asset_rate))
        return false;
    if (!(v = json_object_get(o, "per_capita")))
        return refuse_missing(&inner, "per_capita");
    if (!read_yen(&inner, v, "per_capita", &x->per_capita))
        return false;
    if (!(v = json_object_get(o, "per_household")))
        return refuse_missing(&inner, "per_household");
    if (!read_yen(&inner, v, "per_household", &x->per_household))
        return false;
    if ((v = json_object_get(o, "per_adult")) && component != COMPONENTS - 1)
        return refuse(&inner, "unknown_field", "per_adult", "law.case.child_only", "");
    if (v && !read_yen(&inner, v, "per_adult", &x->per_adult))
        return false;
    return read_cap(&inner, json_object_get(o, "cap"), &x->cap);
}

static bool read_rates(struct reader *r, const json_t *o, struct premium_case *c)
{
    static const char *const keys[] = {"medical", "support", "care", "child", NULL};
    if (!only_known(r, o, "rates", keys))
        return false;
    c->has_rates = true;
    for (int i = 0; i < COMPONENTS; i++) {
        const json_t *v = json_object_get(o, premium_component[i]);
        if (v && i == COMPONENTS - 1 && c->fiscal_year < CHILD_FROM_YEAR)
            return refuse(r, "range", "rates.child", "law.case.child_year", "2026..");
        if (v && !read_component(r, v, i, &c->rates[i]))
            return false;
    }
    return true;
}

static bool read_rounding(struct reader *r, const json_t *o, struct premium_case *c)
{
    static const char *const keys[] = {"income_levy",       "reduction",  "component_person_unit",
                                       "component_unit",    "total_unit", "cap_basis",
                                       "special_household", NULL};
    static const char *const bases[] = {"segment", "year", NULL};
    static const char *const effects[] = {"month", "levy_date", NULL};
    static const char *const levies[] = {"per_person", "per_household", "none", NULL};
    static const char *const reductions[] = {"exact", "net_per_item", "net_per_household",
                                             "reduction_up", NULL};
    const json_t *v;
    struct reader inner = {.why = r->why, .at = "rounding."};
    c->has_rounding = true;
    if (!only_known(r, o, "rounding", keys))
        return false;
    if (!(v = json_object_get(o, "income_levy")))
        return refuse_missing(&inner, "income_levy");
    if (!read_word(&inner, v, "income_levy", levies, &c->income_levy))
        return false;
    if (!(v = json_object_get(o, "reduction")))
        return refuse_missing(&inner, "reduction");
    if (!read_word(&inner, v, "reduction", reductions, &c->reduction_rounding))
        return false;
    if ((v = json_object_get(o, "component_person_unit")) &&
        !read_unit(&inner, v, "component_person_unit", &c->person_unit))
        return false;
    if (!(v = json_object_get(o, "component_unit")))
        return refuse_missing(&inner, "component_unit");
    if (!read_unit(&inner, v, "component_unit", &c->component_unit))
        return false;
    if (!(v = json_object_get(o, "total_unit")))
        return refuse_missing(&inner, "total_unit");
    if (!read_unit(&inner, v, "total_unit", &c->total_unit))
        return false;
    if ((v = json_object_get(o, "cap_basis")) &&
        !read_word(&inner, v, "cap_basis", bases, &c->cap_basis))
        return false;
    return !(v = json_object_get(o, "special_household")) ||
           read_word(&inner, v, "special_household", effects, &c->special_household);
}

/* ---- members ------------------------------------------------------------------------------ */

static bool read_months(struct reader *r, const json_t *o, struct premium_member *m)
{
    static const char *const keys[] = {"medical", "support", "care", "child", NULL};
    if (!only_known(r, o, "months", keys))
        return false;
    for (int i = 0; i < COMPONENTS; i++) {
        const json_t *v = json_object_get(o, premium_component[i]);
        char field[32];
        snprintf(field, sizeof field, "months.%s", premium_component[i]);
        if (v && !read_whole(r, v, field, (int64_t[]){0, 12}, &m->months[i]))
            return false;
    }
    return true;
}

static bool read_flags(struct reader *r, const json_t *o, struct premium_member *m)
{
    const struct {
        const char *key;
        bool *flag;
    } flags[] = {{"head", &m->head},
                 {"insured", &m->insured},
                 {"preschool", &m->preschool},
                 {"unemployed", &m->unemployed},
                 {"moved_to_elderly", &m->moved_to_elderly},
                 {"earner", &m->earner}};
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        const json_t *v = json_object_get(o, flags[i].key);
        if (v && !read_flag(r, v, flags[i].key, flags[i].flag))
            return false;
    }
    m->has_earner = json_object_get(o, "earner") != NULL;
    return true;
}

static bool read_amounts(struct reader *r, const json_t *o, struct premium_member *m)
{
    const struct {
        const char *key;
        int64_t *yen;
        bool *has;
        int64_t least;
    } amounts[] = {{"salary_revenue", &m->salary_revenue, NULL, 0},
                   {"pension_revenue", &m->pension_revenue, NULL, 0},
                   {"other_income", &m->other_income, NULL, -YEN_MOST},
                   {"total_income", &m->total_income, &m->has_total, -YEN_MOST},
                   {"salary_income", &m->salary_income, &m->has_salary_income, 0},
                   {"pension_income", &m->pension_income, &m->has_pension_income, 0},
                   {"fixed_asset_tax", &m->fixed_asset_tax, NULL, 0}};
    for (size_t i = 0; i < sizeof amounts / sizeof amounts[0]; i++) {
        const json_t *v = json_object_get(o, amounts[i].key);
        if (!v)
            continue;
        if (!read_whole(r, v, amounts[i].key, (int64_t[]){amounts[i].least, YEN_MOST},
                        amounts[i].yen))
            return false;
        if (amounts[i].has)
            *amounts[i].has = true;
    }
    return true;
}

/* A member by his days: no age and nothing that follows from it; and the other way round. */
static bool read_dates(struct reader *r, const json_t *o, struct premium_member *m)
{
    static const char *const by_age[] = {
        "insured", "age",    "preschool",    "unemployed", "moved_to_elderly",
        "earner",  "months", "total_income", NULL};
    struct dated_problem why;
    const char *key;
    json_t *v;
    const bool is_dated = json_object_get(o, "born") != NULL;
    json_object_foreach((json_t *)o, key, v)
    {
        if (is_dated ? known(key, by_age) : premium_dates_know(key))
            return refuse(r, "unknown_field", key, "law.case.unknown", "");
    }
    return premium_dates_read(o, &m->dates, &why) ||
           refuse(r, why.code, why.field, why.message, why.facts);
}

/* What both kinds of members may say stands here; the rest is the tables'. */
static bool only_member_keys(struct reader *r, const json_t *o, const char *const *keys)
{
    const char *key;
    json_t *v;
    if (!json_is_object(o))
        return refuse_type(r, "", "object");
    json_object_foreach((json_t *)o, key, v)
    {
        if (!known(key, keys) && !premium_dates_know(key))
            return refuse(r, "unknown_field", key, "law.case.unknown", "");
    }
    return true;
}

static bool read_member(struct reader *r, const json_t *o, struct premium_member *m)
{
    static const char *const keys[] = {"head",
                                       "insured",
                                       "age",
                                       "preschool",
                                       "unemployed",
                                       "moved_to_elderly",
                                       "earner",
                                       "salary_revenue",
                                       "pension_revenue",
                                       "other_income",
                                       "total_income",
                                       "salary_income",
                                       "pension_income",
                                       "fixed_asset_tax",
                                       "months",
                                       NULL};
    const json_t *v;
    *m = (struct premium_member){.insured = true, .months = {-1, -1, -1, -1}};
    if (!only_member_keys(r, o, keys) || !read_dates(r, o, m))
        return false;
    if (m->dates.is_used)
        return read_flags(r, o, m) && read_amounts(r, o, m);
    if (!(v = json_object_get(o, "age")))
        return refuse_missing(r, "age");
    if (!read_whole(r, v, "age", (int64_t[]){0, AGE_MAX}, &m->age) || !read_flags(r, o, m) ||
        !read_amounts(r, o, m))
        return false;
    return !(v = json_object_get(o, "months")) || read_months(r, v, m);
}

static bool read_members(struct reader *r, const json_t *o, struct premium_case *c)
{
    size_t heads = 0;
    if (!json_is_array(o))
        return refuse_type(r, "members", "array");
    c->n_members = json_array_size(o);
    if (c->n_members == 0 || c->n_members > MEMBERS_MAX)
        return refuse(r, "range", "members", "law.case.range", "1..100");
    for (size_t i = 0; i < c->n_members; i++) {
        struct reader inner = {.why = r->why};
        snprintf(inner.at, sizeof inner.at, "members[%zu].", i);
        if (!read_member(&inner, json_array_get(o, i), &c->member[i]))
            return false;
        heads += c->member[i].head;
        if (c->member[i].dates.is_used != c->member[0].dates.is_used)
            return refuse(&inner, "missing", "born", "law.case.missing", "");
    }
    return heads <= 1 || refuse(r, "range", "members", "law.case.heads", "head");
}

/* ---- the case ----------------------------------------------------------------------------- */

static bool read_exemption(struct reader *r, const json_t *o, struct premium_case *c)
{
    static const char *const keys[] = {"medical", "support", "care", "child", NULL};
    struct reader inner = {.why = r->why, .at = "exemption."};
    if (!only_known(r, o, "exemption", keys))
        return false;
    for (int i = 0; i < COMPONENTS; i++) {
        const json_t *v = json_object_get(o, premium_component[i]);
        if (v && !read_yen(&inner, v, premium_component[i], &c->exemption[i]))
            return false;
    }
    return true;
}

static bool read_reduction(struct reader *r, const json_t *v, struct premium_case *c)
{
    if (!read_whole(r, v, "reduction", (int64_t[]){0, 7}, &c->reduction))
        return false;
    if (c->reduction == 0 || c->reduction == 2 || c->reduction == 5 || c->reduction == 7)
        return true;
    return refuse(r, "range", "reduction", "law.case.range", "0|2|5|7");
}

static bool read_liable(struct reader *r, const json_t *root, struct premium_case *c)
{
    const struct {
        const char *key;
        bool *has;
        int64_t *day;
    } days[] = {{"liable_from", &c->has_liable_from, &c->liable_from},
                {"liable_to", &c->has_liable_to, &c->liable_to}};
    for (size_t i = 0; i < 2; i++) {
        const json_t *v = json_object_get(root, days[i].key);
        *days[i].has = v != NULL;
        if (v && !premium_day(v, days[i].day))
            return refuse_type(r, days[i].key, "\"2026-04-01\"");
    }
    return true;
}

static bool read_id(struct reader *r, const json_t *v)
{
    if (!v || json_is_integer(v))
        return true;
    if (!json_is_string(v))
        return refuse_type(r, "id", "string|integer");
    return json_string_length(v) <= ID_MAX_BYTES ||
           refuse(r, "range", "id", "law.case.range", "200");
}

static bool read_year(struct reader *r, const json_t *root, struct premium_case *c)
{
    const json_t *v = json_object_get(root, "fiscal_year");
    return v ? read_whole(r, v, "fiscal_year", (int64_t[]){YEAR_LEAST, YEAR_MOST}, &c->fiscal_year)
             : refuse_missing(r, "fiscal_year");
}

bool premium_read(const json_t *root, struct premium_case *c, struct refusal *why)
{
    static const char *const keys[] = {
        "id",      "municipality", "source",    "published_by_insurer",
        "note",    "expect",       "kind",      "fiscal_year",
        "rates",   "rounding",     "reduction", "exemption",
        "members", "liable_from",  "liable_to", NULL};
    static const char *const kinds[] = {"fee", "tax", NULL};
    struct reader r = {.why = why};
    const json_t *v;
    int kind;
    memset(c, 0, sizeof *c);
    c->reduction = -1;
    if (!only_known(&r, root, "", keys) || !read_id(&r, json_object_get(root, "id")) ||
        !read_year(&r, root, c))
        return false;
    if ((v = json_object_get(root, "kind")) && !read_word(&r, v, "kind", kinds, &kind))
        return false;
    if ((v = json_object_get(root, "rates")) && !read_rates(&r, v, c))
        return false;
    if ((v = json_object_get(root, "rounding")) && !read_rounding(&r, v, c))
        return false;
    if ((v = json_object_get(root, "reduction")) && !read_reduction(&r, v, c))
        return false;
    if ((v = json_object_get(root, "exemption")) && !read_exemption(&r, v, c))
        return false;
    if (!read_liable(&r, root, c))
        return false;
    if (!(v = json_object_get(root, "members")))
        return refuse_missing(&r, "members");
    return read_members(&r, v, c);
}
