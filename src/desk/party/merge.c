/* Several numbers of one person (名寄せ): who is led by whom. */
#include "desk/party/inner.h"

#include <stdlib.h>

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

static int by_person(const void *a, const void *b)
{
    const struct lead *x = a, *y = b;
    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

static int by_leading(const void *a, const void *b)
{
    const struct lead *x = a, *y = b;
    return (x->leading_id > y->leading_id) - (x->leading_id < y->leading_id);
}

int party_leads(struct work *w, struct asof at, struct leads *out)
{
    const struct party_lead_links_in in = {at};
    struct party_lead_links_list list;
    const int result = party_lead_links(&w->cx, w->store, &in, &list);

    *out = (struct leads){0};
    if (result < 0 || list.n == 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n, struct lead);
    out->by_person = ARENA_ARRAY(w->cx.arena, list.n, struct lead);
    if (!out->rows || !out->by_person)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        out->rows[i] = out->by_person[i] =
            (struct lead){list.rows[i].person_id, list.rows[i].leading_id};
    out->n = list.n;
    qsort(out->by_person, out->n, sizeof *out->by_person, by_person);
    return OK;
}

int64_t leads_leader(const struct leads *l, int64_t person_id)
{
    const struct lead key = {.person_id = person_id};
    const struct lead *found =
        l->n > 0 ? bsearch(&key, l->by_person, l->n, sizeof key, by_person) : NULL;
    return found ? found->leading_id : person_id;
}

const struct lead *leads_of(const struct leads *l, int64_t leading_id, size_t *n)
{
    const struct lead key = {.leading_id = leading_id};
    const struct lead *found =
        l->n > 0 ? bsearch(&key, l->rows, l->n, sizeof key, by_leading) : NULL;

    *n = 0;
    if (!found)
        return NULL;
    while (found > l->rows && found[-1].leading_id == leading_id)
        found--;
    while (found + *n < l->rows + l->n && found[*n].leading_id == leading_id)
        ++*n;
    return found;
}
