/* Judgements as stored: looked up by person and day, written where they differ. */
#include "desk/eligibility/judge_unit.h"
#include "desk/eligibility/judge_write.h"

#include <stdlib.h>
#include <string.h>

/* --- days and names -------------------------------------------------------------------------- */

int judge_year_of(struct ymd day)
{
    int year, month, dom;

    ymd_split(day, &year, &month, &dom);
    return month >= 8 ? year : year - 1;
}

struct span judge_year_span(int year)
{
    return (struct span){ymd_of(year, 8, 1), ymd_of(year + 1, 8, 1)};
}

struct ymd judge_change_day(struct ymd day)
{
    int year, month, dom;

    ymd_split(day, &year, &month, &dom);
    if (dom == 1)
        return day;
    return month == 12 ? ymd_of(year + 1, 1, 1) : ymd_of(year, month + 1, 1);
}

const char *division_message(enum division d)
{
    static const char *const ids[DIVISION_KINDS] = {
        "eligibility.division.0", "eligibility.division.1",  "eligibility.division.2",
        "eligibility.division.3", "eligibility.division.4",  "eligibility.division.5",
        "eligibility.division.6", "eligibility.division.7",  "eligibility.division.8",
        "eligibility.division.9", "eligibility.division.10", "eligibility.division.11",
        "eligibility.division.12"};

    return ids[d >= DIVISION_NONE && d < DIVISION_KINDS ? d : DIVISION_NONE];
}

/* --- by person and day ----------------------------------------------------------------------- */

static struct judged *find_judged(struct judged *rows, size_t n, int64_t person_id)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].person_id == person_id)
            return &rows[i];
    }
    return NULL;
}

/* Ids in the order of the answer, found by halves: a renewal asks for thousands at once. */
struct place {
    int64_t person_id;
    size_t at;
};

static int by_place(const void *a, const void *b)
{
    const struct place *x = a, *y = b;

    return (x->person_id > y->person_id) - (x->person_id < y->person_id);
}

static struct judged *at_person(const struct place *places, size_t n, struct judged *out,
                                int64_t person_id)
{
    const struct place key = {.person_id = person_id};
    const struct place *p = bsearch(&key, places, n, sizeof *places, by_place);

    return p ? &out[p->at] : NULL;
}

static int read_overrides(struct work *w, struct store_id_list ids, struct ymd day,
                          const struct place *places, struct judged *out)
{
    const struct eligibility_judge_overrides_on_in in = {.person_ids = ids,
                                                         .asof = {day, w->asof.known}};
    struct eligibility_judge_overrides_on_list list;
    const int result = eligibility_judge_overrides_on(&w->cx, w->store, &in, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        struct judged *j = at_person(places, ids.n, out, list.rows[i].person_id);
        if (!j || j->judgement_id == 0)
            continue;
        j->is_overridden = true;
        if (list.rows[i].is_share)
            j->share = (int)list.rows[i].value;
        else
            j->division = (enum division)list.rows[i].value;
    }
    return result;
}

int judgement_many(struct work *w, const int64_t *person_ids, size_t n, struct ymd day,
                   struct judged *out)
{
    const struct eligibility_judged_on_in in = {.person_ids = {person_ids, n},
                                                .asof = {day, w->asof.known}};
    struct eligibility_judged_on_list list;
    struct place *places = ARENA_ARRAY(w->cx.arena, n + 1, struct place);

    if (!places)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < n; i++) {
        places[i] = (struct place){person_ids[i], i};
        out[i] = (struct judged){.person_id = person_ids[i]};
    }
    qsort(places, n, sizeof *places, by_place);
    const int result = eligibility_judged_on(&w->cx, w->store, &in, &list);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_judged_on_row *r = &list.rows[i];
        struct judged *j = at_person(places, n, out, r->person_id);
        if (j)
            *j = (struct judged){.person_id = r->person_id,
                                 .elderly = (int)r->elderly,
                                 .share = (int)r->share,
                                 .division = (enum division)r->division,
                                 .judgement_id = r->judgement_id,
                                 .valid = {r->valid_from, r->valid_to}};
    }
    return result < 0 ? result
                      : read_overrides(w, (struct store_id_list){person_ids, n}, day, places, out);
}

int judgement_share(struct work *w, int64_t person_id, struct ymd day, int *tenths)
{
    struct judged j;
    const int result = judgement_many(w, &person_id, 1, day, &j);

    if (result < 0 || j.judgement_id == 0)
        return result < 0 ? result : 0;
    *tenths = j.share;
    return 1;
}

int judgement_division(struct work *w, int64_t person_id, struct ymd day, enum division *out)
{
    struct judged j;
    const int result = judgement_many(w, &person_id, 1, day, &j);

    if (result < 0 || j.judgement_id == 0)
        return result < 0 ? result : 0;
    *out = j.division;
    return 1;
}

/* --- reading whole judgements --------------------------------------------------------------------
 */

static struct digest digest_of(struct str bytes)
{
    struct digest d = {{0}};

    memcpy(d.b, bytes.p, bytes.n < sizeof d.b ? bytes.n : sizeof d.b);
    return d;
}

/* The two queries' rows have the same members. */
#define JUDGEMENT_FROM(out, r)                                                                     \
    *(out) = (struct judgement)                                                                    \
    {                                                                                              \
        .judgement_id = (r)->judgement_id, .household_id = (r)->household_id,                      \
        .looked_from = (r)->looked_from, .event_no = (r)->known_from,                              \
        .year = (int)(r)->judge_year, .cause = (enum judge_cause)(r)->cause,                       \
        .day = (r)->judged_ymd, .valid = {(r)->valid_from, (r)->valid_to},                         \
        .rule_hash = digest_of((r)->rule_hash), .inputs = digest_of((r)->inputs),                  \
        .explanation = (r)->explanation                                                            \
    }

static int read_people(struct work *w, int64_t known, struct judgement *rows, size_t n)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    struct eligibility_judgement_people_list list;

    if (!ids)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < n; i++)
        ids[i] = rows[i].judgement_id;
    const struct eligibility_judgement_people_in in = {.judgement_ids = {ids, n}, .known = known};
    const int result = eligibility_judgement_people(&w->cx, w->store, &in, &list);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_judgement_people_row *r = &list.rows[i];
        size_t at = 0;
        while (at < n && rows[at].judgement_id != r->judgement_id)
            at++;
        if (at == n || rows[at].n == JUDGED_MAX)
            continue;
        rows[at].person[rows[at].n++] = (struct judged){.person_id = r->person_id,
                                                        .elderly = (int)r->elderly,
                                                        .share = (int)r->share,
                                                        .division = (enum division)r->division,
                                                        .judgement_id = r->judgement_id,
                                                        .valid = {r->valid_from, r->valid_to}};
    }
    return result;
}

int judgements_read(struct work *w, struct store_id_list households, int from_year, int64_t known,
                    struct judgements *out)
{
    const struct eligibility_judgements_of_in in = {.household_ids = households,
                                                    .from_year = from_year,
                                                    .known = known};
    struct eligibility_judgements_of_list list;
    int result = eligibility_judgements_of(&w->cx, w->store, &in, &list);

    *out = (struct judgements){0};
    if (result < 0 || list.n == 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n, struct judgement);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        JUDGEMENT_FROM(&out->rows[i], &list.rows[i]);
    out->n = list.n;
    return read_people(w, known, out->rows, out->n);
}

int judgements_of_household(struct work *w, int64_t household_id, struct judgements *out)
{
    const int result =
        judgements_read(w, (struct store_id_list){&household_id, 1}, 0, w->asof.known, out);

    for (size_t i = 0; result >= 0 && i < out->n / 2; i++) {
        const struct judgement swap = out->rows[i];
        out->rows[i] = out->rows[out->n - 1 - i];
        out->rows[out->n - 1 - i] = swap;
    }
    return result;
}

int judgement_get(struct work *w, int64_t judgement_id, struct judgement *out)
{
    const struct eligibility_judgement_row_in in = {.judgement_id = judgement_id};
    const struct eligibility_judgement_row_people_in people = {.judgement_id = judgement_id};
    struct eligibility_judgement_row_row row;
    struct eligibility_judgement_row_people_list list;
    int result = eligibility_judgement_row(&w->cx, w->store, &in, &row);

    if (result <= 0)
        return result;
    JUDGEMENT_FROM(out, &row);
    result = eligibility_judgement_row_people(&w->cx, w->store, &people, &list);
    for (size_t i = 0; result >= 0 && i < list.n && out->n < JUDGED_MAX; i++)
        out->person[out->n++] =
            (struct judged){.person_id = list.rows[i].person_id,
                            .elderly = (int)list.rows[i].elderly,
                            .share = (int)list.rows[i].share,
                            .division = (enum division)list.rows[i].division,
                            .judgement_id = judgement_id,
                            .valid = {list.rows[i].valid_from, list.rows[i].valid_to}};
    return result < 0 ? result : 1;
}

/* --- why ------------------------------------------------------------------------------------- */

static int plan_of(struct work *w, const struct judgement *j, const struct plan **out)
{
    if (!judge_source_get())
        return fail(&w->cx, ERR_NOT_FOUND, "eligibility.judge.source", NULL);
    return judge_source_get()->plan(w, j->looked_from, &j->rule_hash, j->year, judge_goal(), out);
}

int judgement_explanation(struct work *w, const struct judgement *j, struct explanation *out)
{
    const struct plan *plan;
    const int result = plan_of(w, j, &plan);

    return result < 0 ? result : explanation_open(&w->cx, plan, j->explanation, out);
}

/* The members of the explanation in its order: who they were, for its page. */
int judgement_members(struct work *w, const struct judgement *j, int64_t *ids, size_t room,
                      size_t *n)
{
    const struct judge_scope scope = {.day = j->day,
                                      .known = j->looked_from,
                                      .only = &j->household_id,
                                      .n_only = 1};
    struct judge_units u;
    const int result = judge_units_load(w, &scope, &u);

    *n = 0;
    for (size_t i = 0; result >= 0 && u.n == 1 && i < u.rows[0].n && i < room; i++)
        ids[(*n)++] = u.members[u.rows[0].first + i].person_id;
    return result;
}

static bool same_people(const struct judgement *a, const struct judgement *b)
{
    bool same = a->n == b->n;

    for (size_t i = 0; same && i < a->n; i++) {
        const struct judged *x = &a->person[i];
        const struct judged *y = find_judged((struct judged *)b->person, b->n, x->person_id);
        same = y && x->elderly == y->elderly && x->share == y->share && x->division == y->division;
    }
    return same;
}

bool judgement_same(const struct judgement *a, const struct judgement *b)
{
    return same_people(a, b);
}

int judgement_replay(struct work *w, const struct judgement *j, bool *same)
{
    const struct judge_scope scope = {.day = j->day,
                                      .known = j->looked_from,
                                      .only = &j->household_id,
                                      .n_only = 1};
    struct judge_units u;
    const struct plan *plan;
    struct judgement *found = ARENA_NEW(w->cx.arena, struct judgement);
    int result =
        found ? plan_of(w, j, &plan) : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);

    *same = false;
    if (result >= 0)
        result = judge_units_load(w, &scope, &u);
    if (result < 0 || u.n != 1)
        return result;
    result = judge_units_run(w, &u, plan, found);
    *same = result >= 0 && digest_equal(&found->inputs, &j->inputs) &&
            str_equal(found->explanation, j->explanation) && same_people(found, j);
    return result;
}

int judge_look(struct work *w, int64_t household_id, struct ymd day, struct judgement *out)
{
    const struct judge_scope scope = {.day = day,
                                      .known = w->asof.known,
                                      .only = &household_id,
                                      .n_only = 1};
    struct judge_units u;
    int result = judge_units_load(w, &scope, &u);

    memset(out, 0, sizeof *out);
    if (result < 0 || u.n == 0)
        return result;
    result = judge_units_run(w, &u, NULL, out);
    out->valid = (struct span){day, judge_year_span(u.year).to};
    return result < 0 ? result : 1;
}
