/* Which account of a person serves a business and a purpose. */
#include "desk/party/inner.h"

static struct account_fact fact_of(int64_t person_id, const struct party_person_accounts_row *r)
{
    return (struct account_fact){.person_id = person_id,
                                 .business = r->business,
                                 .purpose = r->purpose,
                                 .bank_code = r->bank_code,
                                 .branch_code = r->branch_code,
                                 .kind = r->kind,
                                 .account_no = r->account_no,
                                 .holder = r->holder,
                                 .is_public = r->is_public,
                                 .source = r->source,
                                 .source_day = r->source_ymd,
                                 .valid = {r->valid_from, r->valid_to}};
}

/* 2: an account of the business; 1: one for all; 0: none of these. */
static int rank(const struct party_person_accounts_row *r, struct str business, struct str purpose,
                struct ymd day)
{
    if (!str_equal(r->purpose, purpose) ||
        !span_holds((struct span){r->valid_from, r->valid_to}, day))
        return 0;
    return str_equal(r->business, business) ? 2 : str_is(r->business, "all");
}

int party_account_for(struct work *w, int64_t person_id, struct str business, struct str purpose,
                      struct account_fact *out)
{
    const struct party_person_accounts_in in = {person_id, w->asof.known};
    struct party_person_accounts_list list;
    int best = 0;
    const int result = party_person_accounts(&w->cx, w->store, &in, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const int r = rank(&list.rows[i], business, purpose, w->asof.valid);
        if (r <= best)
            continue;
        best = r;
        *out = fact_of(person_id, &list.rows[i]);
    }
    return result < 0 ? result : best > 0;
}
