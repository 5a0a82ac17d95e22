/* Events of a household and its people as sentences. */
#include "desk/eligibility/inner.h"
#include "eligibility_pages.h"

static struct str sentence_of(struct work *w, const char *prefix, struct str word)
{
    const struct str id = str_format(w->cx.arena, "%s.%.*s", prefix, STR_ARG(word));
    const struct message *m = id.p ? message_find(id.p) : NULL;
    return m ? str_of(m->text) : word;
}

static struct str name_of(const struct party_home *home, int64_t person_id)
{
    for (size_t i = 0; home && i < home->n; i++) {
        if (home->members[i].person.person_id == person_id)
            return home->members[i].person.name;
    }
    return STR("");
}

int timeline(struct work *w, const struct party_home *home, const struct id_list *people,
             const struct eligibility_event_view **rows, size_t *n_rows)
{
    const struct event_history query = {.household_id = home ? home->household_id : 0,
                                        .person_ids = {people->ids, people->n},
                                        .limit = 50};
    struct event_list list;
    const int result = event_history(&w->cx, w->store, &query, &list);

    *n_rows = 0;
    if (result < 0)
        return result;
    struct eligibility_event_view *out =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct eligibility_event_view);
    if (!out)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct event *e = &list.rows[i];
        out[(*n_rows)++] = (struct eligibility_event_view){
            .effective = e->effective,
            .received = e->received,
            .kind = sentence_of(w, "event", e->kind),
            .source = sentence_of(w, "source", e->source),
            .who = name_of(home, e->person_id),
            .no = e->no};
    }
    *rows = out;
    return OK;
}
