/* One resident change becomes facts about people and households. */
#include "desk/eligibility/resident_change.h"

#include <string.h>

static struct str or_none(struct str s)
{
    return s.n ? s : STR_NONE;
}

static union track_fact residency_of(const struct change_line *l)
{
    const char *start = str_is(l->kind, "birth")    ? "birth"
                        : str_is(l->kind, "status") ? "status"
                                                    : "move_in";

    return (union track_fact){
        .residency = {.person_id = l->person_id, .is_resident = true, .started_by = start}};
}

static const char *end_of(struct str kind)
{
    static const char *const ends[] = {"move_out", "left_country", "death", "ex_officio"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (str_is(kind, ends[i]))
            return ends[i];
    }
    return "removed";
}

static union track_fact membership_of(const struct change_line *l)
{
    const struct str relation = line_field(l, "relation");

    return (union track_fact){.membership = {.household_id = l->household_after,
                                             .person_id = l->person_id,
                                             .relation = relation,
                                             .is_head = str_is(relation, "01")}};
}

static union track_fact address_of(const struct change_line *l)
{
    return (union track_fact){.address = {.household_id = l->household_after,
                                          .kind = "residence",
                                          .business = STR("all"),
                                          .postal_code = or_none(line_field(l, "postal_code")),
                                          .city_code = or_none(line_field(l, "city_code")),
                                          .town_code = or_none(line_field(l, "town_code")),
                                          .prefecture = line_field(l, "prefecture"),
                                          .city = line_field(l, "city"),
                                          .town = line_field(l, "town"),
                                          .number = line_field(l, "number"),
                                          .building = or_none(line_field(l, "building"))}};
}

/* --- the parts of a person ---------------------------------------------------------------------
 */

typedef void edit_fn(const struct change_line *l, struct track *t);

static int edit(struct change_line *l, int loaded, struct track *t, edit_fn *fn)
{
    if (loaded < 0)
        return loaded;
    fn(l, t);
    return track_write(t, l->batch, l->event_no);
}

static void put_residency(const struct change_line *l, struct track *t)
{
    const union track_fact f = residency_of(l);
    track_put(t, l->effect, &f);
}

static void put_membership(const struct change_line *l, struct track *t)
{
    const union track_fact f = membership_of(l);
    track_put(t, l->effect, &f);
}

static void put_address(const struct change_line *l, struct track *t)
{
    const union track_fact f = address_of(l);
    track_put(t, l->effect, &f);
}

static void end_track(const struct change_line *l, struct track *t)
{
    (void)track_end(t, l->effect, end_of(l->kind));
}

static void resume_track(const struct change_line *l, struct track *t)
{
    track_resume(t, l->sort == SORT_CANCEL ? l->earlier_effect : l->effect);
}

static void undo_track(const struct change_line *l, struct track *t)
{
    track_undo(t, l->earlier_effect);
}

static int edit_residency(struct change_line *l, edit_fn *fn)
{
    struct track t;
    return edit(l, track_residency(l->w, l->person_id, &t), &t, fn);
}

static int edit_membership(struct change_line *l, edit_fn *fn)
{
    struct track t;
    return edit(l, track_membership(l->w, l->person_id, &t), &t, fn);
}

static int edit_address(struct change_line *l, int64_t household, edit_fn *fn)
{
    struct track t;

    if (household == 0 || (fn == put_address && line_field(l, "town").n == 0))
        return OK;
    return edit(l, track_residence(l->w, household, &t), &t, fn);
}

/* --- names and permission to stay: the line holds them whole -----------------------------------
 */

static void replace(struct track *t, struct ymd day, const union track_fact *f, bool in_place)
{
    if (in_place)
        track_correct(t, day, f);
    else
        track_put(t, day, f);
}

static int set_names(struct change_line *l, bool in_place)
{
    const struct str real = line_field(l, "real_name");
    union track_fact f = {.name = {.person_id = l->person_id,
                                   .kind = real.n ? "alias" : "real",
                                   .name = line_field(l, "name"),
                                   .kana = or_none(line_field(l, "kana")),
                                   .is_used = true}};
    struct track used, other;
    int result = track_name(l->w, l->person_id, true, &used);

    if (result >= 0)
        result = track_name(l->w, l->person_id, false, &other);
    if (result < 0)
        return result;
    replace(&used, l->effect, &f, in_place);
    f.name.kind = "real";
    f.name.name = real;
    f.name.kana = STR_NONE;
    f.name.is_used = false;
    if (real.n)
        replace(&other, l->effect, &f, in_place);
    else
        (void)track_end(&other, l->effect, NULL);
    result = track_write(&used, l->batch, l->event_no);
    return result < 0 ? result : track_write(&other, l->batch, l->event_no);
}

static int set_foreign(struct change_line *l, bool in_place)
{
    const union track_fact f = {.foreign = {.person_id = l->person_id,
                                            .nationality = line_field(l, "nationality"),
                                            .stay_status = line_field(l, "stay_status"),
                                            .stay_until = line_day(l, "stay_until")}};
    struct track t;
    const int result = track_foreign(l->w, l->person_id, &t);

    if (result < 0)
        return result;
    if (f.foreign.nationality.n)
        replace(&t, l->effect, &f, in_place);
    else
        (void)track_end(&t, l->effect, NULL);
    return track_write(&t, l->batch, l->event_no);
}

/* --- birth, sex, death --------------------------------------------------------------------------
 */

static int set_identity(struct change_line *l)
{
    struct party_state state;
    const struct identity_fact f = {.person_id = l->person_id,
                                    .birth = line_day(l, "birth"),
                                    .sex = (enum sex)(line_field(l, "sex").p[0] - '0'),
                                    .death = line_day(l, "death")};

    if (l->is_new_person)
        return party_open_identity(l->batch, l->event_no, &f, NULL);
    int result = party_states(l->w, &l->person_id, 1, &state);
    if (result < 0)
        return result;
    if (ymd_compare(f.birth, state.identity.birth) == 0 && f.sex == state.identity.sex &&
        ymd_compare(f.death, state.identity.death) == 0)
        return OK;
    result = party_close(l->batch, PARTY_IDENTITY, state.identity_row, l->event_no);
    return result < 0 ? result : party_open_identity(l->batch, l->event_no, &f, NULL);
}

/* Where he came from, where he went: as much as the register says. */
static int set_other_city(struct change_line *l, const char *kind)
{
    const struct str city = line_field(l, "other_city");

    if (city.n == 0)
        return OK;
    return party_open_address(l->batch, l->event_no,
                              &(struct address_fact){.person_id = l->person_id,
                                                     .kind = kind,
                                                     .business = STR("all"),
                                                     .city_code =
                                                         or_none(line_field(l, "other_city_code")),
                                                     .prefecture =
                                                         line_field(l, "other_prefecture"),
                                                     .city = city,
                                                     .town = STR(""),
                                                     .number = STR(""),
                                                     .valid = {l->effect, YMD_NONE}},
                              NULL);
}

/* --- kinds of change ----------------------------------------------------------------------------
 */

static int apply_comes(struct change_line *l)
{
    struct track t;
    int result = track_residency(l->w, l->person_id, &t);

    if (result >= 0 && track_at(&t, l->effect))
        return line_fail(l, "kind", "eligibility.change.is_resident");
    if (result >= 0)
        result = edit_residency(l, put_residency);
    if (result >= 0)
        result = edit_membership(l, put_membership);
    if (result >= 0)
        result = edit_address(l, l->household_after, put_address);
    if (result >= 0)
        result = set_identity(l);
    if (result >= 0)
        result = set_names(l, false);
    if (result >= 0)
        result = set_foreign(l, false);
    return result < 0 ? result : set_other_city(l, "former");
}

static int apply_goes(struct change_line *l)
{
    struct track t;
    int result = track_residency(l->w, l->person_id, &t);

    if (result >= 0 && !track_at(&t, ymd_add(l->effect, -1)))
        return line_fail(l, "kind", "eligibility.change.is_no_resident");
    if (result >= 0)
        result = edit_residency(l, end_track);
    if (result >= 0)
        result = edit_membership(l, end_track);
    if (result >= 0)
        result = set_identity(l);
    return result < 0 ? result : set_other_city(l, "destination");
}

static int apply_restored(struct change_line *l)
{
    int result = edit_residency(l, resume_track);

    if (result >= 0)
        result = edit_membership(l, resume_track);
    return result < 0 ? result : set_identity(l);
}

static int apply_moves(struct change_line *l)
{
    int result = edit_membership(l, put_membership);

    return result < 0 ? result : edit_address(l, l->household_after, put_address);
}

static void move_days(const struct change_line *l, struct track *t)
{
    (void)track_move(t, l->earlier_effect, l->effect);
}

/* Another day: whatever began or ended on the earlier one does so on the new one. Other values:
 * they stood wrong from the beginning. */
static int apply_correction(struct change_line *l)
{
    struct track t;
    int result = track_residency(l->w, l->person_id, &t);

    if (result >= 0 && !track_move(&t, l->earlier_effect, l->effect))
        return line_fail(l, "change_day", "eligibility.change.days_cross");
    if (result >= 0)
        result = edit_residency(l, move_days);
    if (result >= 0)
        result = edit_membership(l, move_days);
    if (result >= 0)
        result = edit_address(l, l->household_after, move_days);
    if (result >= 0)
        result = set_identity(l);
    if (result >= 0)
        result = set_names(l, true);
    return result < 0 ? result : set_foreign(l, true);
}

static int apply_cancel(struct change_line *l)
{
    edit_fn *const back = l->earlier_sort == SORT_GOES ? resume_track : undo_track;
    int result = edit_residency(l, back);

    if (result >= 0)
        result = edit_membership(l, back);
    if (result >= 0 && l->earlier_sort == SORT_MOVES)
        result = edit_address(l, l->household_after, back);
    return result < 0 ? result : set_identity(l);
}

static int apply_facts(struct change_line *l)
{
    switch (l->sort) {
    case SORT_COMES:
        return apply_comes(l);
    case SORT_RESTORED:
        return apply_restored(l);
    case SORT_GOES:
        return apply_goes(l);
    case SORT_MOVES:
        return apply_moves(l);
    case SORT_RELATION:
        return edit_membership(l, put_membership);
    case SORT_NAME:
        return set_names(l, false);
    case SORT_FOREIGN:
        return set_foreign(l, false);
    case SORT_CORRECTION:
        return apply_correction(l);
    case SORT_CANCEL:
        return apply_cancel(l);
    }
    return OK;
}

/* --- ids and the event --------------------------------------------------------------------------
 */

static int household_of(struct change_line *l, const char *id, int64_t *out, bool *is_new)
{
    const struct str no = line_field(l, id);
    int result = OK;

    *out = 0;
    *is_new = false;
    if (no.n > 0)
        result = party_household_ids_by_no(l->w, &no, 1, out);
    if (result < 0 || no.n == 0 || *out != 0)
        return result;
    *is_new = true;
    return store_ids(&l->w->cx, l->w->store, 1, out);
}

static int find_ids(struct change_line *l)
{
    bool unknown = false;
    int result = party_ids_by_no(l->w, &l->person_no, 1, &l->person_id);

    l->is_new_person = l->person_id == 0;
    if (result >= 0 && l->is_new_person)
        result = store_ids(&l->w->cx, l->w->store, 1, &l->person_id);
    if (result >= 0)
        result = household_of(l, "household_before", &l->household_before, &unknown);
    if (result >= 0 && unknown)
        return line_fail(l, "household_before", "eligibility.change.unknown_household");
    if (result >= 0)
        result = household_of(l, "household_after", &l->household_after, &l->is_new_household);
    return result;
}

/* A correction need not name the household: it is the one he lived in last. */
static int last_household(struct change_line *l)
{
    struct track t;

    if (l->household_before || l->household_after)
        return OK;
    const int result = track_membership(l->w, l->person_id, &t);
    if (result >= 0 && t.n > 0)
        l->household_before = t.s[t.n - 1].fact.membership.household_id;
    return result;
}

static int open_event(struct change_line *l)
{
    struct event e = work_event(l->w, "");

    e.kind = str_format(l->w->cx.arena, "register." STR_FMT, STR_ARG(l->kind));
    if (!e.kind.p)
        return fail(&l->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    e.effective = l->day;
    e.received = l->notified;
    e.source = STR("register");
    e.route = STR("file");
    e.household_id = l->household_after ? l->household_after : l->household_before;
    e.person_id = l->person_id;
    const int result = event_open(&l->w->cx, l->w->store, &e);
    l->event_no = e.no;
    l->event = e;
    return result;
}

static int open_anchors(struct change_line *l)
{
    int result = OK;

    if (l->is_new_person)
        result = party_open_person(l->batch, l->event_no, l->person_id, l->person_no, l->effect);
    if (result >= 0 && l->is_new_household)
        result = party_open_household(l->batch, l->event_no, l->household_after,
                                      line_field(l, "household_after"));
    return result;
}

int change_apply(struct change_line *l)
{
    int result = find_ids(l);

    if (result >= 0)
        result = last_household(l);
    if (result >= 0)
        result = open_event(l);
    if (result >= 0)
        result = open_anchors(l);
    if (result >= 0)
        result = apply_facts(l);
    if (result >= 0)
        result = party_batch_write(l->w, l->batch);
    return result < 0 ? result : work_event_tell(l->w, &l->event);
}
