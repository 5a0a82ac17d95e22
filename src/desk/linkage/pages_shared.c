/* pages_shared: what several pages of this folder need. */
#include "desk/linkage/pages.h"

#include <stdio.h>

int go_on(struct request *rq, struct reply *rp, const char *path, const char *message)
{
    const struct message *m = message_find(message);
    rp->notice = str_of(m ? m->text : message);
    return reply_redirect(rq, rp, "%s", path);
}

int as_problem(struct work *w, struct form_state *state, int rc)
{
    char message[64];
    if (rc != ERR_INVALID && rc != ERR_DENIED && rc != ERR_NOT_FOUND && rc != ERR_DUPLICATE &&
        rc != ERR_STALE)
        return rc;
    struct str facts = str_copy(w->cx.arena, str_of(w->cx.error.facts));
    struct str field = str_copy(w->cx.arena, str_of(w->cx.error.field));
    snprintf(message, sizeof message, "%s", w->cx.error.message);
    error_clear(&w->cx);
    form_problem(&w->cx, state, field.p ? field.p : "", message,
                 facts.p && facts.n ? facts.p : NULL);
    return ERR_INVALID;
}

bool is_wrong(struct work *w, struct reply *rp, int rc)
{
    if (rc != ERR_INVALID)
        return false;
    error_clear(&w->cx);
    rp->status = 422;
    rp->shows_nobody = w->looks == 0;
    return true;
}

const char *message_of(struct work *w, const char *prefix, struct str name)
{
    struct str id = str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(name));
    return id.p ? id.p : prefix;
}

int person_of(struct work *w, const struct request *rq, struct person *out)
{
    int64_t id = 0;
    int rc = party_person_by_no(w, rq->part[0], &id);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "linkage.unknown_key", STR_FMT, STR_ARG(rq->part[0]));
    return rc < 0 ? rc : party_person(w, id, out);
}
