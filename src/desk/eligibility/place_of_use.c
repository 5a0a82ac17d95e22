/* Where somebody who stays elsewhere uses his documents: they are printed for it and sent there. */
#include "desk/eligibility/certificate_inner.h"
#include "desk/eligibility/inner.h"

static void send_there(struct addressee *to, const struct eligibility_places_of_use_row *r)
{
    to->postal_code = r->postal_code.p ? r->postal_code : STR("");
    to->prefecture = r->prefecture;
    to->city = r->city;
    to->town = r->town;
    to->number = r->number;
    to->building = r->building.p ? r->building : STR("");
    to->is_sending = true;
    to->has_address = true;
}

/* Of somebody under protection nothing is printed; he is sealed to, or given it by hand, as before.
 */
static struct str line_of(struct work *w, const struct eligibility_places_of_use_row *r)
{
    const struct str building = r->building.p ? r->building : STR("");

    return str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT "%s" STR_FMT,
                      STR_ARG(r->prefecture), STR_ARG(r->city), STR_ARG(r->town),
                      STR_ARG(r->number), building.n ? " " : "", STR_ARG(building));
}

int places_of_use(struct work *w, const int64_t *person_ids, size_t n, struct addressee *to,
                  struct place_of_use *out)
{
    const struct eligibility_places_of_use_in in = {{person_ids, n}, w->asof};
    struct eligibility_places_of_use_list list;
    const int result = n > 0 ? eligibility_places_of_use(&w->cx, w->store, &in, &list) : OK;

    for (size_t i = 0; i < n && result >= 0; i++) {
        size_t count = 0;
        const struct eligibility_places_of_use_row *r = ROWS_OF(list, person_ids[i], &count);
        out[i] = (struct place_of_use){STR(""), YMD_NONE};
        if (count == 0)
            continue;
        out[i].told = r->told;
        if (!to[i].is_protected)
            out[i].line = line_of(w, r);
        if (to[i].care_of.n == 0)
            send_there(&to[i], r);
    }
    return result;
}
