/* The daily comparison: pairs of people that may be one, for the list that somebody works through.
 * Nothing is linked by it. */
#include "desk/party/inner.h"

/* All in one transaction: the list of the day is there whole, or that of the day before. */
static int write_pairs(struct work *w, struct job *job)
{
    struct party_match_pairs_list list;
    int result = party_match_clear(&w->cx, w->store);

    if (result >= 0)
        result =
            party_match_pairs(&w->cx, w->store, &(struct party_match_pairs_in){w->asof}, &list);
    if (result < 0)
        return result;
    struct party_name_match *rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct party_name_match);
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct party_name_match){list.rows[i].person_id, list.rows[i].other_id,
                                            list.rows[i].same_items, w->today};
    result = party_name_match_bulk(&w->cx, w->store, rows, list.n);
    job_progress(job)->total = job_progress(job)->done = (int64_t)list.n;
    if (result >= 0)
        result = job_figure(w, job, "pairs", (int64_t)list.n);
    return result < 0 ? result : job_checkpoint(w, job);
}

int party_name_match(struct work *w, struct job *job)
{
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .purpose = STR("party.name_match"),
                                                     .count = -1});
    if (result >= 0)
        result = STORE_BEGIN(&w->cx, w->store);
    if (result < 0)
        return result;
    result = write_pairs(w, job);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "compare names");
}
