/* Known facts in the order of their days, changed as a feed tells. */
#include "desk/eligibility/track.h"

#include <string.h>

enum { SPARE = 4 };

static int track_room(struct work *w, enum party_fact kind, size_t n, struct track *out)
{
    *out = (struct track){.kind = kind};
    out->s = ARENA_ARRAY(w->cx.arena, n + SPARE, struct stretch);
    return out->s ? OK : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

/* --- reading ---------------------------------------------------------------------------------- */

static const char *one_of(struct str s, const char *const *words)
{
    for (; *words; words++) {
        if (str_is(s, *words))
            return *words;
    }
    return NULL;
}

int track_residency(struct work *w, int64_t person_id, struct track *out)
{
    static const char *const starts[] = {"move_in", "birth",      "restored", "status",
                                         "initial", "registered", NULL};
    static const char *const ends[] = {"move_out",     "death",   "ex_officio",
                                       "left_country", "removed", NULL};
    struct eligibility_residencies_of_list list;
    int result =
        eligibility_residencies_of(&w->cx, w->store,
                                   &(struct eligibility_residencies_of_in){person_id}, &list);

    if (result >= 0)
        result = track_room(w, PARTY_RESIDENCY, list.n, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_residencies_of_row *r = &list.rows[i];
        struct stretch *s = &out->s[out->n++];
        *s = (struct stretch){.row = r->row_id, .valid = {r->valid_from, r->valid_to}};
        s->fact.residency = (struct residency_fact){.person_id = person_id,
                                                    .is_resident = true,
                                                    .started_by = one_of(r->started_by, starts),
                                                    .ended_by = one_of(r->ended_by, ends),
                                                    .is_provisional = r->is_provisional};
    }
    return result;
}

int track_membership(struct work *w, int64_t person_id, struct track *out)
{
    struct eligibility_memberships_of_list list;
    int result =
        eligibility_memberships_of(&w->cx, w->store,
                                   &(struct eligibility_memberships_of_in){person_id}, &list);

    if (result >= 0)
        result = track_room(w, PARTY_MEMBERSHIP, list.n, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_memberships_of_row *r = &list.rows[i];
        struct stretch *s = &out->s[out->n++];
        *s = (struct stretch){.row = r->row_id, .valid = {r->valid_from, r->valid_to}};
        s->fact.membership = (struct membership_fact){.household_id = r->household_id,
                                                      .person_id = person_id,
                                                      .relation = r->relation,
                                                      .is_head = r->is_head};
    }
    return result;
}

int track_name(struct work *w, int64_t person_id, bool is_used, struct track *out)
{
    static const char *const kinds[] = {"real", "alias", "former", "latin", NULL};
    struct eligibility_names_in_time_list list;
    int result =
        eligibility_names_in_time(&w->cx, w->store,
                                  &(struct eligibility_names_in_time_in){person_id}, &list);

    if (result >= 0)
        result = track_room(w, PARTY_NAME, list.n, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_names_in_time_row *r = &list.rows[i];
        if (r->is_used != is_used || (!is_used && !str_is(r->kind, "real")))
            continue;
        struct stretch *s = &out->s[out->n++];
        *s = (struct stretch){.row = r->row_id, .valid = {r->valid_from, r->valid_to}};
        s->fact.name = (struct name_fact){.person_id = person_id,
                                          .kind = one_of(r->kind, kinds),
                                          .name = r->name,
                                          .kana = r->kana,
                                          .is_used = is_used};
    }
    return result;
}

int track_foreign(struct work *w, int64_t person_id, struct track *out)
{
    struct eligibility_stays_of_list list;
    int result =
        eligibility_stays_of(&w->cx, w->store, &(struct eligibility_stays_of_in){person_id}, &list);

    if (result >= 0)
        result = track_room(w, PARTY_FOREIGN, list.n, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_stays_of_row *r = &list.rows[i];
        struct stretch *s = &out->s[out->n++];
        *s = (struct stretch){.row = r->row_id, .valid = {r->valid_from, r->valid_to}};
        s->fact.foreign = (struct foreign_fact){.person_id = person_id,
                                                .nationality = r->nationality,
                                                .stay_status = r->stay_status,
                                                .stay_until = r->stay_until,
                                                .is_excluded = r->is_excluded};
    }
    return result;
}

int track_residence(struct work *w, int64_t household_id, struct track *out)
{
    struct eligibility_residences_of_list list;
    int result =
        eligibility_residences_of(&w->cx, w->store,
                                  &(struct eligibility_residences_of_in){household_id}, &list);

    if (result >= 0)
        result = track_room(w, PARTY_ADDRESS, list.n, out);
    for (size_t i = 0; result >= 0 && i < list.n; i++) {
        const struct eligibility_residences_of_row *r = &list.rows[i];
        struct stretch *s = &out->s[out->n++];
        *s = (struct stretch){.row = r->row_id, .valid = {r->valid_from, r->valid_to}};
        s->fact.address = (struct address_fact){.household_id = household_id,
                                                .kind = "residence",
                                                .business = STR("all"),
                                                .postal_code = r->postal_code,
                                                .city_code = r->city_code,
                                                .town_code = r->town_code,
                                                .prefecture = r->prefecture,
                                                .city = r->city,
                                                .town = r->town,
                                                .number = r->number,
                                                .building = r->building};
    }
    return result;
}

/* --- looking ---------------------------------------------------------------------------------- */

struct stretch *track_at(struct track *t, struct ymd day)
{
    for (size_t i = 0; i < t->n; i++) {
        if (!t->s[i].is_gone && span_holds(t->s[i].valid, day))
            return &t->s[i];
    }
    return NULL;
}

struct stretch *track_last(struct track *t, struct ymd day)
{
    struct stretch *last = NULL;

    for (size_t i = 0; i < t->n; i++) {
        if (!t->s[i].is_gone && ymd_compare(t->s[i].valid.from, day) <= 0)
            last = &t->s[i];
    }
    return last;
}

static bool is_same(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static bool same_address(const struct address_fact *a, const struct address_fact *b)
{
    return is_same(a->postal_code, b->postal_code) && is_same(a->city, b->city) &&
           is_same(a->town, b->town) && is_same(a->number, b->number) &&
           is_same(a->building, b->building);
}

static bool same_fact(enum party_fact kind, const union track_fact *a, const union track_fact *b)
{
    if (kind == PARTY_RESIDENCY)
        return true; /* being on the register is being on it, however it began */
    if (kind == PARTY_MEMBERSHIP)
        return a->membership.household_id == b->membership.household_id &&
               is_same(a->membership.relation, b->membership.relation);
    if (kind == PARTY_NAME)
        return is_same(a->name.name, b->name.name) && is_same(a->name.kana, b->name.kana) &&
               strcmp(a->name.kind, b->name.kind) == 0;
    if (kind == PARTY_FOREIGN)
        return is_same(a->foreign.nationality, b->foreign.nationality) &&
               is_same(a->foreign.stay_status, b->foreign.stay_status) &&
               ymd_compare(a->foreign.stay_until, b->foreign.stay_until) == 0;
    return same_address(&a->address, &b->address);
}

/* --- changing --------------------------------------------------------------------------------- */

/* The first day after `day` on which another stretch begins; YMD_NONE: none does. */
static struct ymd next_begin(const struct track *t, struct ymd day)
{
    struct ymd next = YMD_NONE;

    for (size_t i = 0; i < t->n; i++) {
        const struct ymd from = t->s[i].valid.from;
        if (!t->s[i].is_gone && ymd_compare(from, day) > 0 &&
            (ymd_is_none(next) || ymd_compare(from, next) < 0))
            next = from;
    }
    return next;
}

/* A new stretch at its place by first day. */
static void track_insert(struct track *t, struct stretch s)
{
    size_t at = t->n;

    while (at > 0 && ymd_compare(t->s[at - 1].valid.from, s.valid.from) > 0) {
        t->s[at] = t->s[at - 1];
        at--;
    }
    t->s[at] = s;
    t->n++;
}

void track_put(struct track *t, struct ymd day, const union track_fact *fact)
{
    struct stretch *now = track_at(t, day);
    struct stretch fresh = {.valid = {day, next_begin(t, day)}, .fact = *fact, .is_changed = true};

    if (now && same_fact(t->kind, &now->fact, fact))
        return;
    if (now) {
        fresh.valid.to = now->valid.to;
        now->valid.to = day;
        now->is_changed = true;
        now->is_gone = span_is_empty(now->valid);
    }
    track_insert(t, fresh);
}

void track_correct(struct track *t, struct ymd day, const union track_fact *fact)
{
    struct stretch *s = track_last(t, day);

    if (!s) {
        track_put(t, day, fact);
        return;
    }
    if (same_fact(t->kind, &s->fact, fact))
        return;
    s->fact = *fact;
    s->is_changed = true;
}

bool track_end(struct track *t, struct ymd day, const char *ended_by)
{
    struct stretch *last = track_last(t, ymd_add(day, -1));

    if (!last || (!ymd_is_none(last->valid.to) && ymd_compare(last->valid.to, day) < 0))
        return false;
    last->valid.to = day;
    last->is_changed = true;
    if (t->kind == PARTY_RESIDENCY)
        last->fact.residency.ended_by = ended_by;
    for (size_t i = 0; i < t->n; i++) {
        if (ymd_compare(t->s[i].valid.from, day) >= 0)
            t->s[i].is_gone = t->s[i].is_changed = true;
    }
    return true;
}

void track_resume(struct track *t, struct ymd day)
{
    const struct ymd next = next_begin(t, ymd_add(day, -1));

    for (size_t i = 0; i < t->n; i++) {
        if (t->s[i].is_gone || ymd_compare(t->s[i].valid.to, day) != 0 ||
            ymd_is_none(t->s[i].valid.to))
            continue;
        t->s[i].valid.to = next;
        t->s[i].is_changed = true;
        if (t->kind == PARTY_RESIDENCY)
            t->s[i].fact.residency.ended_by = NULL;
    }
}

bool track_move(struct track *t, struct ymd from, struct ymd to)
{
    bool good = true;

    for (size_t i = 0; i < t->n; i++) {
        struct stretch *s = &t->s[i];
        const bool begins = ymd_compare(s->valid.from, from) == 0;
        const bool ends = !ymd_is_none(s->valid.to) && ymd_compare(s->valid.to, from) == 0;
        if (s->is_gone || (!begins && !ends))
            continue;
        s->valid.from = begins ? to : s->valid.from;
        s->valid.to = ends ? to : s->valid.to;
        s->is_changed = true;
        good = good && !span_is_empty(s->valid);
    }
    return good;
}

void track_undo(struct track *t, struct ymd day)
{
    struct stretch *begun = NULL, *before = NULL;

    for (size_t i = 0; i < t->n; i++) {
        struct stretch *s = &t->s[i];
        if (!s->is_gone && ymd_compare(s->valid.from, day) == 0)
            begun = s;
        if (!s->is_gone && !ymd_is_none(s->valid.to) && ymd_compare(s->valid.to, day) == 0)
            before = s;
    }
    if (before) {
        before->valid.to = begun ? begun->valid.to : YMD_NONE;
        before->is_changed = true;
        if (t->kind == PARTY_RESIDENCY)
            before->fact.residency.ended_by = begun ? begun->fact.residency.ended_by : NULL;
    }
    if (begun)
        begun->is_gone = begun->is_changed = true;
}

/* --- writing ---------------------------------------------------------------------------------- */

static int stretch_open(struct stretch s, enum party_fact kind, struct party_batch *b,
                        int64_t event_no)
{
    if (kind == PARTY_RESIDENCY) {
        s.fact.residency.valid = s.valid;
        return party_open_residency(b, event_no, &s.fact.residency, NULL);
    }
    if (kind == PARTY_MEMBERSHIP) {
        s.fact.membership.valid = s.valid;
        return party_open_membership(b, event_no, &s.fact.membership, NULL);
    }
    if (kind == PARTY_NAME) {
        s.fact.name.valid = s.valid;
        return party_open_name(b, event_no, &s.fact.name, NULL);
    }
    if (kind == PARTY_FOREIGN) {
        s.fact.foreign.valid = s.valid;
        return party_open_foreign(b, event_no, &s.fact.foreign, NULL);
    }
    s.fact.address.valid = s.valid;
    return party_open_address(b, event_no, &s.fact.address, NULL);
}

int track_write(const struct track *t, struct party_batch *b, int64_t event_no)
{
    int result = OK;

    for (size_t i = 0; i < t->n && result >= 0; i++) {
        const struct stretch *s = &t->s[i];
        if (!s->is_changed)
            continue;
        if (s->row)
            result = party_close(b, t->kind, s->row, event_no);
        if (result >= 0 && !s->is_gone)
            result = stretch_open(*s, t->kind, b, event_no);
    }
    return result;
}
