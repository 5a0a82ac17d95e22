/* Until when an unpaid instalment may be collected, and why until then. */
#include "desk/collection/limitation.h"

static int read_renewals(struct work *w, struct limits *limits)
{
    const struct collection_limit_renewals_in q = {limits->debtor_id};

    if (limits->is_read)
        return OK;
    limits->is_read = true;
    return collection_limit_renewals(&w->cx, w->store, &q, &limits->renewals);
}

static int law_of(struct work *w, struct limits *limits, int levy_year)
{
    if (limits->levy_year == levy_year)
        return OK;
    const int rc = dunning_terms_of(w, levy_year, &limits->terms);
    limits->levy_year = rc < 0 ? 0 : levy_year;
    return rc;
}

static bool is_of(const struct collection_limit_renewals_row *r, const struct instalment_balance *b)
{
    return (r->liability_id == 0 || r->liability_id == b->liability_id) &&
           (r->number == 0 || r->number == b->number);
}

int limit_of(struct work *w, struct limits *limits, const struct liability *l,
             const struct instalment_balance *b, struct limitation *out)
{
    const struct dunning_terms *terms = &limits->terms;
    int rc = read_renewals(w, limits);

    rc = rc < 0 ? rc : law_of(w, limits, l->levy_year);
    if (rc < 0)
        return rc;
    *out = (struct limitation){LIMIT_DUE, b->due, lapse_after(terms, l->kind, b->due)};
    for (size_t i = 0; i < limits->renewals.n; i++) {
        const struct collection_limit_renewals_row *r = &limits->renewals.rows[i];
        if (!is_of(r, b) || ymd_compare(r->day_ymd, out->from) <= 0 ||
            ymd_compare(r->day_ymd, out->last) > 0 || ymd_compare(r->day_ymd, w->asof.valid) > 0)
            continue;
        const bool is_dunning = r->cause == LIMIT_DUNNED;
        *out = (struct limitation){(enum limit_cause)r->cause, r->day_ymd,
                                   (is_dunning ? lapse_after_dunning : lapse_after)(terms, l->kind,
                                                                                    r->day_ymd)};
    }
    return OK;
}

const char *limit_message(enum limit_cause cause)
{
    static const char *const ids[] = {"collection.limit.0", "collection.limit.1",
                                      "collection.limit.2", "collection.limit.3"};
    return ids[cause];
}
