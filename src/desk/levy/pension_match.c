/*
 * Who of ours a pensioner is. Birth, sex and reading must be the same as in our records, and the
 * name or the address too, and nobody else may be like that; everything else is listed for a
 * person to say. Ours is written as the record would have it and compared byte by byte.
 */
#include "desk/levy/pension_match.h"
#include "levy_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static bool is_same(const struct fixed_record *d, const char *a, const char *b, const char *id)
{
    return str_equal(fixed_raw(d, a, id), fixed_raw(d, b, id));
}

static int put_address(struct work *w, const struct fixed_record *d, char *bytes, int64_t person_id)
{
    const struct levy_home_address_of_in q = {person_id, w->asof};
    struct levy_home_address_of_list list;
    int rc = levy_home_address_of(&w->cx, w->store, &q, &list);

    if (rc < 0 || list.n == 0)
        return rc;
    const struct levy_home_address_of_row *r = &list.rows[0];
    const struct str all =
        str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT STR_FMT, STR_ARG(r->prefecture),
                   STR_ARG(r->city), STR_ARG(r->town), STR_ARG(r->number), STR_ARG(r->building));
    return all.p ? fixed_put_text(&w->cx, d, bytes, "address", all, NULL) : no_memory(w);
}

/* 1 the same one, 0 not. */
static int compare(struct work *w, const struct fixed_record *d, const char *record,
                   const struct levy_born_on_row *ours)
{
    char *bytes = fixed_new(w->cx.arena, d);
    int rc = bytes ? fixed_put_text(&w->cx, d, bytes, "kana", ours->kana, NULL) : no_memory(w);

    rc = rc < 0 ? rc : fixed_put_text(&w->cx, d, bytes, "name", ours->name, NULL);
    if (rc < 0 || !is_same(d, bytes, record, "kana"))
        return rc < 0 ? rc : 0;
    if (is_same(d, bytes, record, "name"))
        return 1;
    rc = put_address(w, d, bytes, ours->person_id);
    return rc < 0 ? rc : is_same(d, bytes, record, "address");
}

int pension_match(struct work *w, const struct fixed_record *d, const char *record,
                  struct pension_match *out)
{
    struct levy_born_on_in q = {.asof = w->asof, .sex = fixed_raw(d, record, "sex")};
    struct levy_born_on_list list;
    int64_t found = 0;

    *out = (struct pension_match){.by = "none"};
    if (!fixed_day(d, record, "birth", &q.birth))
        return OK;
    int rc = levy_born_on(&w->cx, w->store, &q, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_born_on_row *ours = &list.rows[i];
        if (!ours->kana.p || ours->person_id == out->person_id)
            continue;
        rc = compare(w, d, record, ours);
        if (rc <= 0)
            continue;
        found++;
        out->person_id = ours->person_id;
    }
    if (rc < 0)
        return rc;
    out->by = found == 1 ? "exact" : found > 1 ? "several" : "none";
    out->person_id = found == 1 ? out->person_id : 0;
    return OK;
}

/* --- a person says who he is ---------------------------------------------------------------------
 */

int pension_match_by_hand(struct work *w, int64_t event_no, int64_t candidate_id, int64_t person_id)
{
    const struct levy_candidate_by_id_in q = {candidate_id};
    struct levy_candidate_by_id_row c;
    int rc = levy_candidate_by_id(&w->cx, w->store, &q, &c);

    if (rc <= 0)
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.pension.candidate", NULL);
    if (!c.person_id_null)
        return fail(&w->cx, ERR_STALE, "levy.pension.matched", NULL);
    struct levy_pension_candidate next = {.candidate_id = candidate_id,
                                          .pension_file_id = c.pension_file_id,
                                          .fiscal_year = c.fiscal_year,
                                          .notice = c.notice,
                                          .reason = c.reason,
                                          .payer = c.payer,
                                          .identity = c.identity,
                                          .record = c.record,
                                          .pension_yen = c.pension_yen,
                                          .matched_by = STR("hand"),
                                          .person_id = person_id,
                                          .known_from = event_no};
    rc = levy_pension_candidate_close(&w->cx, w->store, c.pension_candidate_row_id, event_no);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &next.pension_candidate_row_id);
    return rc < 0 ? rc : levy_pension_candidate_insert(&w->cx, w->store, &next);
}
