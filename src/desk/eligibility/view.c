/* Words and marks that more than one page shows. */
#include "desk/eligibility/inner.h"

const char *sex_message(enum sex sex)
{
    switch (sex) {
    case SEX_MALE:
        return "eligibility.sex.male";
    case SEX_FEMALE:
        return "eligibility.sex.female";
    case SEX_UNKNOWN:
        break;
    }
    return "eligibility.sex.unknown";
}

const char *certificate_message(struct str kind)
{
    static const char *const kinds[] = {
        "eligibility.certificate.card",           "eligibility.certificate.short_card",
        "eligibility.certificate.confirmation",   "eligibility.certificate.notice",
        "eligibility.certificate.elderly",        "eligibility.certificate.limit",
        "eligibility.certificate.disease",        "eligibility.certificate.special_confirmation",
        "eligibility.certificate.special_notice", "eligibility.certificate.qualification",
        "eligibility.certificate.reduction",      "eligibility.certificate.limit_reduction"};
    const size_t prefix = sizeof("eligibility.certificate.") - 1;

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_is(kind, kinds[i] + prefix))
            return kinds[i];
    }
    return "eligibility.certificate.other";
}

const char *circumstance_message(int64_t kind)
{
    static const char *const kinds[] = {"eligibility.circumstance.0", "eligibility.circumstance.1",
                                        "eligibility.circumstance.2", "eligibility.circumstance.3",
                                        "eligibility.circumstance.4", "eligibility.circumstance.5"};
    return kinds[kind >= 1 && kind <= 5 ? kind : 0];
}

struct str year_label(struct work *w, int fiscal_year)
{
    struct text t;

    text_init(&t, 64);
    (void)text_add_fiscal_year(&t, fiscal_year);
    const struct str out = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return out;
}

/* Involuntary unemployment: to the end of the fiscal year after the one of the next day (G4);
 * former dependants: two years, within the months entered; the rest by their months. */
bool circumstance_holds(const struct eligibility_circumstances_of_row *c, struct ymd day)
{
    const struct month month = ymd_month(day), begun = ymd_month(c->day);

    switch ((enum circumstance_kind)c->kind) {
    case CIRCUMSTANCE_UNEMPLOYED: {
        const struct ymd next = ymd_add(c->day, 1);
        return ymd_compare(next, day) <= 0 && ymd_fiscal_year(day) <= ymd_fiscal_year(next) + 1;
    }
    case CIRCUMSTANCE_MATERNITY: {
        const int before = c->code >= 2 ? 3 : 1;
        return month.n >= begun.n - before && month.n <= begun.n + 2;
    }
    case CIRCUMSTANCE_FORMER_DEPENDANT:
        return month.n >= begun.n && month.n < begun.n + 24 &&
               (c->first_month.n == MONTH_NONE.n || month.n >= c->first_month.n) &&
               (c->last_month.n == MONTH_NONE.n || month.n <= c->last_month.n);
    case CIRCUMSTANCE_CARE_EXEMPT:
    case CIRCUMSTANCE_CUSTODY:
        return c->first_month.n <= month.n &&
               (c->last_month.n == MONTH_NONE.n || month.n <= c->last_month.n);
    }
    return false;
}
