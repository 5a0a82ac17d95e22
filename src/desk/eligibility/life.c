/* Everything with days that is known of one person. */
#include "desk/eligibility/inner.h"

int eligibility_life(struct work *w, int64_t person_id, struct life *out)
{
    struct eligibility_life_known_list list;
    const struct eligibility_life_known_in in = {person_id, w->asof.known};
    const int result = eligibility_life_known(&w->cx, w->store, &in, &list);

    *out = (struct life){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct life_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_life_known_row *r = &list.rows[i];
        out->rows[out->n++] = (struct life_row){.part = (enum life_part)r->part,
                                                .code = r->code,
                                                .detail = r->detail.p ? r->detail : STR(""),
                                                .valid = {r->day, r->until},
                                                .event_no = r->event_no,
                                                .source = r->source,
                                                .received = r->received};
    }
    return OK;
}

static const char *residency_message(struct str started_by)
{
    static const char *const words[] = {"eligibility.life.move_in",  "eligibility.life.birth",
                                        "eligibility.life.restored", "eligibility.life.status",
                                        "eligibility.life.initial",  "eligibility.life.registered"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (str_is(started_by, words[i] + sizeof("eligibility.life.") - 1))
            return words[i];
    }
    return "eligibility.life.1";
}

const char *life_message(const struct life_row *r)
{
    switch (r->part) {
    case LIFE_RESIDENCY:
        return residency_message(r->code);
    case LIFE_HOUSEHOLD:
        return relation_message(r->code);
    case LIFE_COVER:
        return reason_message(reason_of_code(r->code));
    case LIFE_OTHER:
        return cover_message(r->code);
    case LIFE_CERTIFICATE:
        return certificate_message(r->code);
    case LIFE_CIRCUMSTANCE:
        return circumstance_message(r->code.n ? r->code.p[0] - '0' : 0);
    case LIFE_PLACEMENT:
        return "eligibility.life.7";
    case LIFE_PARTS:
        break;
    }
    return "eligibility.life.1";
}
