/* Events of a household and its people as sentences. */
#include "desk/eligibility/inner.h"
#include "eligibility_pages.h"

enum { MOST_EVENTS = 50 };

struct str coded_word(struct work *w, const char *prefix, struct str word)
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
    const struct eligibility_events_about_in in = {{people->ids, people->n},
                                                   home ? home->household_id : 0,
                                                   w->asof.known,
                                                   MOST_EVENTS};
    struct eligibility_events_about_list list;
    const int result = eligibility_events_about(&w->cx, w->store, &in, &list);

    *n_rows = 0;
    if (result < 0)
        return result;
    struct eligibility_event_view *out =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct eligibility_event_view);
    if (!out)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_events_about_row *e = &list.rows[i];
        out[(*n_rows)++] =
            (struct eligibility_event_view){.effective = e->effective,
                                            .received = e->received,
                                            .kind = coded_word(w, "event", e->kind),
                                            .source = coded_word(w, "source", e->source),
                                            .who = e->person_id_null ? STR("")
                                                                     : name_of(home, e->person_id),
                                            .no = e->event_no};
    }
    *rows = out;
    return OK;
}
