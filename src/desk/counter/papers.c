/* Which documents a notice makes due and which come back: said before it, and done after it. */
#include "desk/counter/notify.h"

#include <string.h>

int papers_read(struct work *w, const struct party_home *home, struct papers *out)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, home->n + 1, int64_t);
    *out = (struct papers){0};
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < home->n; i++) {
        ids[i] = home->members[i].person.person_id;
    }
    int rc = certificate_due(w, home->household_id, &out->needs);
    return rc < 0 ? rc : certificate_of_people(w, ids, home->n, &out->helds);
}

/* What was due before the notice (run out, another kind) is listed, but not made due by it. */
bool paper_is_due(const struct certificate_need *n)
{
    return n->due && !n->refused &&
           (strcmp(n->due, "eligibility.due.none") == 0 ||
            strcmp(n->due, "eligibility.due.number") == 0 ||
            strcmp(n->due, "eligibility.due.name") == 0);
}

bool paper_is_to_come_back(const struct held *h)
{
    return h->state == CERTIFICATE_TO_RETURN || h->state == CERTIFICATE_REPLACED;
}

/* One that stays in force though another is due is given back when that other is issued. */
static bool is_to_be_replaced(const struct papers *p, const struct held *h)
{
    for (size_t i = 0; i < p->needs.n; i++) {
        const struct certificate_need *n = &p->needs.rows[i];
        if (h->state == CERTIFICATE_IN_FORCE && paper_is_due(n) &&
            str_equal(n->held_serial, h->serial)) {
            return true;
        }
    }
    return false;
}

bool papers_has_due(const struct papers *p, int64_t person_id)
{
    for (size_t i = 0; i < p->needs.n; i++) {
        if (p->needs.rows[i].person_id == person_id && paper_is_due(&p->needs.rows[i])) {
            return true;
        }
    }
    return false;
}

bool papers_has_back(const struct papers *p, int64_t person_id)
{
    for (size_t i = 0; i < p->helds.n; i++) {
        const struct held *h = &p->helds.rows[i];
        if (h->person_id == person_id && (paper_is_to_come_back(h) || is_to_be_replaced(p, h))) {
            return true;
        }
    }
    return false;
}
