/* Several numbers of one person (名寄せ): who is led by whom. */
#include "desk/party/inner.h"

int party_leading_people(struct work *w, const int64_t *person_ids, size_t n, int64_t *leading_ids)
{
    const struct party_leaders_in in = {ids_of(person_ids, n), w->asof};
    struct party_leaders_list list;

    if (n == 0)
        return OK;
    const int result = party_leaders(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < n && result >= 0; i++) {
        const struct party_leaders_row *r = FIND_PERSON(list, person_ids[i]);
        leading_ids[i] = r ? r->leading_id : person_ids[i];
    }
    return result;
}

int party_leading_person(struct work *w, int64_t person_id, int64_t *leading_id)
{
    return party_leading_people(w, &person_id, 1, leading_id);
}

int party_merged_people(struct work *w, int64_t leading_id, struct id_list *out)
{
    const struct party_followers_in in = {leading_id, w->asof};
    struct party_followers_list list;
    const int result = party_followers(&w->cx, w->store, &in, &list);

    if (result < 0)
        return result;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, list.n + 1, int64_t);
    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    ids[0] = leading_id;
    for (size_t i = 0; i < list.n; i++)
        ids[i + 1] = list.rows[i].person_id;
    *out = (struct id_list){ids, list.n + 1, false};
    return OK;
}
