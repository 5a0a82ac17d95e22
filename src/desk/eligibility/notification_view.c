/* What is known of the people of a notification: six statements whatever their number. */
#include "desk/eligibility/notification_inner.h"

#include <stdlib.h>
#include <string.h>

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return x < y ? -1 : x > y;
}

static size_t people_of(const struct notification *n, int64_t ids[NOTIFICATION_CHANGES_MAX])
{
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < n->n; i++)
        ids[count++] = n->row[i].person_id;
    qsort(ids, count, sizeof(ids[0]), by_id);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || ids[kept - 1] != ids[i])
            ids[kept++] = ids[i];
    }
    return kept;
}

struct subject *planning_subject(struct planning *p, int64_t person_id)
{
    for (size_t i = 0; i < p->n_subjects; i++) {
        if (p->subject[i].person_id == person_id)
            return &p->subject[i];
    }
    return NULL;
}

static int look_people(struct planning *p, const struct store_id_list *ids)
{
    struct eligibility_subjects_list list;
    const struct eligibility_subjects_in in = {*ids};
    const int result = eligibility_subjects(&p->w->cx, p->w->store, &in, &list);

    if (result < 0)
        return result;
    p->subject = ARENA_ARRAY(p->w->cx.arena, list.n + 1, struct subject);
    if (!p->subject)
        return fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        p->subject[i] = (struct subject){.person_id = list.rows[i].person_id,
                                         .birth = list.rows[i].birth_ymd,
                                         .death = list.rows[i].death_ymd};
    p->n_subjects = list.n;
    return OK;
}

static int look_periods(struct planning *p, const struct store_id_list *ids)
{
    struct eligibility_periods_of_list list;
    const struct eligibility_periods_of_in in = {*ids, KNOWN_NOW};
    const int result = eligibility_periods_of(&p->w->cx, p->w->store, &in, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        struct subject *s = planning_subject(p, list.rows[i].person_id);
        if (!s)
            continue;
        if (s->n_periods == SUBJECT_PERIODS_MAX)
            return fail(&p->w->cx, ERR_LIMIT, "eligibility.facts.too_many", NULL);
        s->period[s->n_periods++] =
            (struct working_period){.now = period_of_row(&list.rows[i]), .is_known = true};
    }
    return result;
}

static const char *cover_kind(struct str kind)
{
    static const char *const kinds[] = {"employee", "dependant", "society", "late_stage",
                                        "assistance"};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (str_is(kind, kinds[i]))
            return kinds[i];
    }
    return "employee";
}

static int look_covers(struct planning *p, const struct store_id_list *ids)
{
    struct eligibility_subject_covers_list list;
    const struct eligibility_subject_covers_in in = {*ids};
    const int result = eligibility_subject_covers(&p->w->cx, p->w->store, &in, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_subject_covers_row *r = &list.rows[i];
        struct subject *s = planning_subject(p, r->person_id);
        if (!s)
            continue;
        if (s->n_covers == SUBJECT_COVERS_MAX)
            return fail(&p->w->cx, ERR_LIMIT, "eligibility.facts.too_many", NULL);
        s->cover[s->n_covers++] =
            (struct working_cover){.row_id = r->other_cover_id,
                                   .is_ended_here = r->is_ended_here,
                                   .now = {.person_id = r->person_id,
                                           .kind = cover_kind(r->kind),
                                           .insurer = r->insurer,
                                           .valid = {r->valid_from, r->valid_to}}};
    }
    return result;
}

static int look_places(struct planning *p, const struct store_id_list *ids)
{
    struct eligibility_subject_stays_list stays;
    struct eligibility_subject_residencies_list registered;
    struct eligibility_subject_permits_list permits;
    struct context *cx = &p->w->cx;
    int result = eligibility_subject_stays(cx, p->w->store,
                                           &(struct eligibility_subject_stays_in){*ids}, &stays);

    if (result >= 0)
        result = eligibility_subject_residencies(cx, p->w->store,
                                                 &(struct eligibility_subject_residencies_in){*ids},
                                                 &registered);
    if (result >= 0)
        result =
            eligibility_subject_permits(cx, p->w->store,
                                        &(struct eligibility_subject_permits_in){*ids}, &permits);
    for (size_t i = 0; result >= 0 && i < p->n_subjects; i++) {
        struct subject *s = &p->subject[i];
        s->stays = ROWS_OF(stays, s->person_id, &s->n_stays);
        s->residencies = ROWS_OF(registered, s->person_id, &s->n_residencies);
        s->permits = ROWS_OF(permits, s->person_id, &s->n_permits);
    }
    return result;
}

static int look_papers(struct planning *p, const struct store_id_list *ids)
{
    struct eligibility_subject_papers_list list;
    const struct eligibility_subject_papers_in in = {*ids, p->w->today};
    const int result = eligibility_subject_papers(&p->w->cx, p->w->store, &in, &list);

    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        struct subject *s = planning_subject(p, list.rows[i].person_id);
        if (s)
            s->papers = list.rows[i].papers;
    }
    return result;
}

int planning_look(struct planning *p)
{
    int64_t *people = ARENA_ARRAY(p->w->cx.arena, NOTIFICATION_CHANGES_MAX, int64_t);
    if (!people)
        return fail(&p->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    const struct store_id_list ids = {people, people_of(p->n, people)};
    int result = look_people(p, &ids);

    if (result >= 0)
        result = look_periods(p, &ids);
    if (result >= 0)
        result = look_covers(p, &ids);
    if (result >= 0)
        result = look_places(p, &ids);
    if (result >= 0)
        result = look_papers(p, &ids);
    return result < 0 ? error_add(&p->w->cx, "look at the people of a notification") : OK;
}
