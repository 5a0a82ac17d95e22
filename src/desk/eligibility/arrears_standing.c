/* How far households are behind, as facts: what certificates are chosen by when no desk says it. */
#include "desk/eligibility/certificate_inner.h"

static struct certificate_arrears *find(const int64_t *households, size_t n,
                                        struct certificate_arrears *out, int64_t id, size_t *from)
{
    for (; *from < n; ++*from) {
        if (households[*from] == id)
            return &out[(*from)++];
    }
    return NULL;
}

/* A household may be asked for several times, once for each of its people. */
int arrears_standing_read(struct work *w, const int64_t *households, size_t n,
                          struct certificate_arrears *out)
{
    struct eligibility_arrears_standing_of_list list;
    const int result = eligibility_arrears_standing_of(
        &w->cx, w->store, &(struct eligibility_arrears_standing_of_in){{households, n}, w->asof},
        &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_arrears_standing_of_row *r = &list.rows[i];
        size_t from = 0;
        for (struct certificate_arrears *a;
             (a = find(households, n, out, r->household_id, &from)) != NULL;)
            *a = (struct certificate_arrears){.state = (enum arrears_state)r->state,
                                              .has_reason = r->has_reason,
                                              .short_months = (int)r->short_months,
                                              .blocks_limits = r->blocks_limits};
    }
    return result;
}

static int open_row(struct work *w, int64_t event_no, const struct arrears_standing *s)
{
    struct eligibility_arrears_standing row = {.household_id = s->household_id,
                                               .state = s->is.state,
                                               .has_reason = s->is.has_reason,
                                               .short_months = s->is.short_months,
                                               .blocks_limits = s->is.blocks_limits,
                                               .valid_from = s->valid.from,
                                               .valid_to = s->valid.to,
                                               .known_from = event_no};
    const int result = store_ids(&w->cx, w->store, 1, &row.arrears_standing_id);

    return result < 0 ? result : eligibility_arrears_standing_insert(&w->cx, w->store, &row);
}

/* What stood before it goes on to the day it begins. */
int arrears_standing_put(struct work *w, int64_t event_no, const struct arrears_standing *s)
{
    struct eligibility_arrears_standing_open_list list;
    int result = eligibility_arrears_standing_open(
        &w->cx, w->store, &(struct eligibility_arrears_standing_open_in){s->household_id}, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_arrears_standing_open_row *r = &list.rows[i];
        const struct arrears_standing rest = {s->household_id,
                                              {(enum arrears_state)r->state, r->has_reason,
                                               (int)r->short_months, r->blocks_limits},
                                              {r->valid_from, s->valid.from}};
        if (!ymd_is_none(r->valid_to) && ymd_compare(r->valid_to, s->valid.from) <= 0)
            continue;
        result =
            eligibility_arrears_standing_close(&w->cx, w->store, r->arrears_standing_id, event_no);
        if (result >= 0 && !span_is_empty(rest.valid))
            result = open_row(w, event_no, &rest);
    }
    if (result < 0 || span_is_empty(s->valid))
        return result < 0 ? error_add(&w->cx, "set the standing of arrears") : OK;
    return open_row(w, event_no, s);
}
