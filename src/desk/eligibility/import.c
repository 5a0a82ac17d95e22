/*
 * Residents from a file: who is new is registered, who is known is compared and what differs is
 * closed and opened again. One line is one person as of the day of the file.
 */
#include "desk/eligibility/inner.h"

#include <string.h>

extern const unsigned char format_residents[];
extern const size_t format_residents_size;

struct intake { /* a chunk of rows being written */
    struct import *im;
    struct work *w;
    struct party_batch *party;
    struct eligibility_batch *eligibility;
    int64_t event_no;
    struct table_row *const *rows;
    size_t n;
    int64_t *people; /* per row; new ones get theirs while writing */
    int64_t *homes;
    struct party_state *states; /* per row; person_id 0: new */
    struct str *home_nos;       /* households opened in this chunk, with their ids */
    int64_t *home_ids;
    size_t n_homes;
    int64_t *numbered; /* households that have a number now or got one here */
    size_t n_numbered;
};

static struct str field(const struct intake *in, size_t i, const char *id)
{
    return import_field(in->im, in->rows[i], id);
}

static struct ymd day(const struct intake *in, size_t i, const char *id)
{
    return import_day(in->im, in->rows[i], id);
}

static struct str or_none(struct str s)
{
    return s.n ? s : STR_NONE;
}

/* --- what single fields cannot show ---------------------------------------------------------- */

static int check_days(struct import *im, struct table_row *row)
{
    const struct ymd birth = import_day(im, row, "birth"),
                     from = import_day(im, row, "resident_from");
    const struct ymd to = import_day(im, row, "resident_to"), death = import_day(im, row, "death");

    if (ymd_compare(birth, im->w->today) > 0)
        return import_problem(im, row, "birth", "eligibility.period.birth_in_future");
    if (ymd_compare(from, birth) < 0)
        return import_problem(im, row, "resident_from", "eligibility.import.before_birth");
    if (!ymd_is_none(to) && ymd_compare(to, from) < 0)
        return import_problem(im, row, "resident_to", "eligibility.import.end_before_start");
    if (ymd_is_none(to) != (import_field(im, row, "ended_by").n == 0))
        return import_problem(im, row, "ended_by", "eligibility.import.end_and_reason");
    if (!ymd_is_none(death) && ymd_compare(death, birth) < 0)
        return import_problem(im, row, "death", "eligibility.import.before_birth");
    return OK;
}

static int check_period(struct import *im, struct table_row *row)
{
    const struct ymd acquired = import_day(im, row, "acquired"), lost = import_day(im, row, "lost");

    if (ymd_is_none(acquired)) {
        const bool something = import_field(im, row, "acquired_by").n ||
                               import_field(im, row, "lost").n ||
                               import_field(im, row, "lost_by").n;
        return something
                   ? import_problem(im, row, "acquired", "eligibility.period.acquired_missing")
                   : OK;
    }
    if (import_field(im, row, "acquired_by").n == 0)
        return import_problem(im, row, "acquired_by", "eligibility.import.reason_missing");
    if (ymd_is_none(lost) != (import_field(im, row, "lost_by").n == 0))
        return import_problem(im, row, "lost_by", "eligibility.import.reason_missing");
    if (import_field(im, row, "insured_no").n == 0)
        return import_problem(im, row, "insured_no", "eligibility.import.number_missing");
    const struct period_claim claim = {import_day(im, row, "birth"), acquired, lost, NULL, 0};
    const char *problem = period_problem(&claim, im->w->today);
    return problem ? import_problem(im, row, "acquired", problem) : OK;
}

static int check(struct import *im, struct table_row *row)
{
    const int result = check_days(im, row);

    if (result < 0 || row->is_bad)
        return result;
    return check_period(im, row);
}

/* --- people --------------------------------------------------------------------------------------
 */

static struct identity_fact identity_of(const struct intake *in, size_t i)
{
    return (struct identity_fact){.person_id = in->people[i],
                                  .birth = day(in, i, "birth"),
                                  .sex = (enum sex)(field(in, i, "sex").p[0] - '0'),
                                  .death = day(in, i, "death")};
}

static int open_names(struct intake *in, size_t i, struct ymd from)
{
    const struct str real = field(in, i, "real_name");
    struct name_fact f = {.person_id = in->people[i],
                          .kind = real.n ? "alias" : "real",
                          .name = field(in, i, "name"),
                          .kana = or_none(field(in, i, "kana")),
                          .is_used = true,
                          .valid = {from, YMD_NONE}};
    const int result = party_open_name(in->party, in->event_no, &f, NULL);

    if (result < 0 || real.n == 0)
        return result;
    f.kind = "real";
    f.name = real;
    f.kana = STR_NONE;
    f.is_used = false;
    return party_open_name(in->party, in->event_no, &f, NULL);
}

static const char *end_of(struct str word)
{
    static const char *const ends[] = {"move_out", "death", "ex_officio", "left_country"};

    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        if (str_is(word, ends[i]))
            return ends[i];
    }
    return NULL;
}

static int open_residency(struct intake *in, size_t i)
{
    return party_open_residency(
        in->party, in->event_no,
        &(struct residency_fact){.person_id = in->people[i],
                                 .is_resident = true,
                                 .started_by = "registered",
                                 .ended_by = end_of(field(in, i, "ended_by")),
                                 .valid = {day(in, i, "resident_from"), day(in, i, "resident_to")}},
        NULL);
}

static int open_foreign(struct intake *in, size_t i)
{
    if (field(in, i, "nationality").n == 0)
        return OK;
    return party_open_foreign(in->party, in->event_no,
                              &(struct foreign_fact){.person_id = in->people[i],
                                                     .nationality = field(in, i, "nationality"),
                                                     .stay_status = field(in, i, "stay_status"),
                                                     .stay_until = day(in, i, "stay_until"),
                                                     .valid = {day(in, i, "resident_from"),
                                                               YMD_NONE}},
                              NULL);
}

static int open_protection(struct intake *in, size_t i)
{
    if (!str_is(field(in, i, "protected"), "1"))
        return OK;
    return party_open_protection(in->party, in->event_no,
                                 &(struct protection_fact){.person_id = in->people[i],
                                                           .kind = "other",
                                                           .decision_no = STR("file"),
                                                           .valid = {in->w->today, YMD_NONE}},
                                 NULL);
}

static int open_member(struct intake *in, size_t i, struct ymd from)
{
    const struct str relation = field(in, i, "relation");

    return party_open_membership(in->party, in->event_no,
                                 &(struct membership_fact){.household_id = in->homes[i],
                                                           .person_id = in->people[i],
                                                           .relation = relation,
                                                           .is_head = str_is(relation, "01"),
                                                           .valid = {from,
                                                                     day(in, i, "resident_to")}},
                                 NULL);
}

static struct address_fact address_of(const struct intake *in, size_t i, struct ymd from)
{
    return (struct address_fact){.household_id = in->homes[i],
                                 .kind = "residence",
                                 .business = STR("all"),
                                 .postal_code = or_none(field(in, i, "postal_code")),
                                 .city_code = or_none(field(in, i, "city_code")),
                                 .town_code = or_none(field(in, i, "town_code")),
                                 .prefecture = field(in, i, "prefecture"),
                                 .city = field(in, i, "city"),
                                 .town = field(in, i, "town"),
                                 .number = field(in, i, "number"),
                                 .building = or_none(field(in, i, "building")),
                                 .addressee = STR_NONE,
                                 .valid = {from, YMD_NONE}};
}

/* --- households
 * ------------------------------------------------------------------------------------ */

static int64_t home_opened_here(const struct intake *in, struct str no)
{
    for (size_t i = in->n_homes; i > 0; i--) { /* members follow each other in a file */
        if (str_equal(in->home_nos[i - 1], no))
            return in->home_ids[i - 1];
    }
    return 0;
}

static int find_home(struct intake *in, size_t i)
{
    const struct str no = field(in, i, "household_no");

    if (in->homes[i] == 0)
        in->homes[i] = home_opened_here(in, no);
    if (in->homes[i] != 0)
        return OK;
    int64_t id = 0;
    int result = store_ids(&in->w->cx, in->w->store, 1, &id);
    if (result < 0)
        return result;
    in->homes[i] = id;
    in->home_nos[in->n_homes] = no;
    in->home_ids[in->n_homes++] = id;
    result = party_open_household(in->party, in->event_no, id, no);
    if (result < 0)
        return result;
    const struct address_fact f = address_of(in, i, day(in, i, "resident_from"));
    return party_open_address(in->party, in->event_no, &f, NULL);
}

static int number_home(struct intake *in, size_t i, struct ymd from)
{
    for (size_t k = in->n_numbered; k > 0; k--) {
        if (in->numbered[k - 1] == in->homes[i])
            return OK;
    }
    in->numbered[in->n_numbered++] = in->homes[i];
    return eligibility_open_household(in->eligibility, in->event_no,
                                      &(struct insured_household){.household_id = in->homes[i],
                                                                  .symbol = field(in, i, "symbol"),
                                                                  .number =
                                                                      field(in, i, "insured_no"),
                                                                  .valid = {from, YMD_NONE}},
                                      NULL);
}

/* --- periods
 * ------------------------------------------------------------------------------------------ */

static struct insured_period period_of(const struct intake *in, size_t i)
{
    const struct ymd acquired = day(in, i, "acquired"), lost = day(in, i, "lost");
    const struct ymd notified = day(in, i, "acquired_notified"), cause = day(in, i, "lost_cause");

    return (struct insured_period){.person_id = in->people[i],
                                   .period_no = 1,
                                   .acquired_by = (enum acquired_by)reason_of_code(
                                       field(in, i, "acquired_by")),
                                   .acquired_cause = acquired,
                                   .acquired_notified = ymd_is_none(notified) ? acquired : notified,
                                   .lost_by = reason_of_code(field(in, i, "lost_by")),
                                   .lost_cause = ymd_is_none(cause) ? lost : cause,
                                   .lost_notified = ymd_is_none(lost) ? YMD_NONE : in->w->today,
                                   .prefecture_acquired = acquired,
                                   .prefecture_lost = lost,
                                   .valid = {acquired, lost}};
}

static int open_period(struct intake *in, size_t i)
{
    struct insured_period p = period_of(in, i);
    const struct insured_household h = {.symbol = field(in, i, "symbol"),
                                        .number = field(in, i, "insured_no")};
    int result = number_home(in, i, p.valid.from);

    if (result >= 0)
        result = eligibility_open_period(in->eligibility, in->event_no, &p, NULL);
    if (result >= 0 && field(in, i, "branch").n)
        result = eligibility_open_branch(in->eligibility, in->event_no, in->people[i], &h,
                                         field(in, i, "branch"));
    return result;
}

/* The period that began on the same day, if there is one, takes the loss; else a new one. */
static int compare_period(struct intake *in, size_t i)
{
    struct insured_periods known;
    const struct ymd acquired = day(in, i, "acquired"), lost = day(in, i, "lost");

    if (ymd_is_none(acquired))
        return OK;
    int result = eligibility_periods(in->w, in->people[i], &known);
    for (size_t k = 0; k < known.n && result >= 0; k++) {
        if (ymd_compare(known.rows[k].valid.from, acquired) != 0)
            continue;
        if (ymd_compare(known.rows[k].valid.to, lost) == 0)
            return OK;
        struct insured_period p = period_of(in, i);
        p.period_no = known.rows[k].period_no;
        result = eligibility_close(in->eligibility, ELIGIBILITY_PERIOD, known.rows[k].row_id,
                                   in->event_no);
        return result < 0 ? result
                          : eligibility_open_period(in->eligibility, in->event_no, &p, NULL);
    }
    return result < 0 ? result : open_period(in, i);
}

/* --- one row
 * --------------------------------------------------------------------------------------------- */

static int open_person(struct intake *in, size_t i)
{
    const struct ymd from = day(in, i, "resident_from");
    int result = store_ids(&in->w->cx, in->w->store, 1, &in->people[i]);

    if (result >= 0)
        result = party_open_person(in->party, in->event_no, in->people[i],
                                   field(in, i, "person_no"), from);
    if (result < 0)
        return result;
    const struct identity_fact identity = identity_of(in, i);
    result = party_open_identity(in->party, in->event_no, &identity, NULL);
    if (result >= 0)
        result = open_names(in, i, from);
    if (result >= 0)
        result = open_residency(in, i);
    if (result >= 0)
        result = open_foreign(in, i);
    if (result >= 0)
        result = open_protection(in, i);
    if (result >= 0)
        result = open_member(in, i, from);
    return result < 0 || ymd_is_none(day(in, i, "acquired")) ? result : open_period(in, i);
}

static bool same_text(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static int compare_identity(struct intake *in, size_t i)
{
    const struct party_state *s = &in->states[i];
    const struct identity_fact f = identity_of(in, i);

    if (ymd_compare(f.birth, s->identity.birth) == 0 && f.sex == s->identity.sex &&
        ymd_compare(f.death, s->identity.death) == 0)
        return OK;
    const int result = party_close(in->party, PARTY_IDENTITY, s->identity_row, in->event_no);
    return result < 0 ? result : party_open_identity(in->party, in->event_no, &f, NULL);
}

static int compare_name(struct intake *in, size_t i)
{
    const struct party_state *s = &in->states[i];
    struct name_fact ended = s->name;

    if (same_text(s->name.name, field(in, i, "name")) &&
        same_text(s->name.kana, field(in, i, "kana")))
        return OK;
    ended.valid.to = in->w->today;
    int result = party_close(in->party, PARTY_NAME, s->name_row, in->event_no);
    if (result >= 0)
        result = party_open_name(in->party, in->event_no, &ended, NULL);
    return result < 0 ? result : open_names(in, i, in->w->today);
}

static int end_membership(struct intake *in, const struct party_state *s, struct ymd to)
{
    struct membership_fact ended = s->membership;
    int result = party_close(in->party, PARTY_MEMBERSHIP, s->membership_row, in->event_no);

    ended.valid.to = to;
    return result < 0 ? result : party_open_membership(in->party, in->event_no, &ended, NULL);
}

/* Another household or relation from today on, or out of the register from the day of the file. */
static int compare_membership(struct intake *in, size_t i)
{
    const struct party_state *s = &in->states[i];
    const struct ymd left = day(in, i, "resident_to");
    const bool same = s->membership.household_id == in->homes[i] &&
                      same_text(s->membership.relation, field(in, i, "relation"));

    if (s->membership_row == 0 || (same && ymd_is_none(left)))
        return OK;
    int result = end_membership(in, s, ymd_is_none(left) ? in->w->today : left);
    if (result < 0 || ymd_is_none(left))
        return result < 0 ? result : open_member(in, i, in->w->today);
    struct residency_fact ended = s->residency;
    ended.valid.to = left;
    ended.ended_by = end_of(field(in, i, "ended_by"));
    result = party_close(in->party, PARTY_RESIDENCY, s->residency_row, in->event_no);
    return result < 0 ? result : party_open_residency(in->party, in->event_no, &ended, NULL);
}

/* The household's address is the head's: one line of a household is enough to move it. */
static int compare_address(struct intake *in, size_t i)
{
    const struct party_state *s = &in->states[i];
    const struct address_fact f = address_of(in, i, in->w->today);
    struct address_fact ended = s->address;

    if (s->address_row == 0 || s->membership.household_id != in->homes[i] ||
        !str_is(field(in, i, "relation"), "01"))
        return OK;
    if (same_text(f.town, ended.town) && same_text(f.number, ended.number) &&
        same_text(f.building, ended.building) && same_text(f.postal_code, ended.postal_code))
        return OK;
    ended.valid.to = in->w->today;
    int result = party_close(in->party, PARTY_ADDRESS, s->address_row, in->event_no);
    if (result >= 0)
        result = party_open_address(in->party, in->event_no, &ended, NULL);
    return result < 0 ? result : party_open_address(in->party, in->event_no, &f, NULL);
}

static int compare_person(struct intake *in, size_t i)
{
    int result = compare_identity(in, i);

    if (result >= 0)
        result = compare_name(in, i);
    if (result >= 0)
        result = compare_membership(in, i);
    if (result >= 0)
        result = compare_address(in, i);
    return result < 0 ? result : compare_period(in, i);
}

/* --- a chunk
 * ------------------------------------------------------------------------------------------------
 */

static int make_room(struct intake *in)
{
    struct arena *a = in->w->cx.arena;

    in->people = ARENA_ARRAY(a, in->n + 1, int64_t);
    in->homes = ARENA_ARRAY(a, in->n + 1, int64_t);
    in->states = ARENA_ARRAY(a, in->n + 1, struct party_state);
    in->home_nos = ARENA_ARRAY(a, in->n + 1, struct str);
    in->home_ids = ARENA_ARRAY(a, in->n + 1, int64_t);
    in->numbered = ARENA_ARRAY(a, 2 * in->n + 1, int64_t);
    return in->people && in->homes && in->states && in->home_nos && in->home_ids && in->numbered
               ? OK
               : fail(&in->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static int look_up(struct intake *in)
{
    struct str *nos = ARENA_ARRAY(in->w->cx.arena, in->n + 1, struct str);
    struct eligibility_numbers_of_households_list numbered;
    int result = nos ? OK : fail(&in->w->cx, ERR_MEMORY, "eligibility.memory", NULL);

    for (size_t i = 0; i < in->n && result >= 0; i++)
        nos[i] = field(in, i, "person_no");
    if (result >= 0)
        result = party_ids_by_no(in->w, nos, in->n, in->people);
    for (size_t i = 0; i < in->n && result >= 0; i++)
        nos[i] = field(in, i, "household_no");
    if (result >= 0)
        result = party_household_ids_by_no(in->w, nos, in->n, in->homes);
    if (result >= 0)
        result = party_states(in->w, in->people, in->n, in->states);
    const struct eligibility_numbers_of_households_in q = {{in->homes, in->n}, in->w->asof};
    if (result >= 0)
        result = eligibility_numbers_of_households(&in->w->cx, in->w->store, &q, &numbered);
    for (size_t i = 0; result >= 0 && i < numbered.n; i++)
        in->numbered[in->n_numbered++] = numbered.rows[i].household_id;
    return result;
}

static int write_rows(struct intake *in)
{
    int result = make_room(in);

    if (result >= 0)
        result = look_up(in);
    for (size_t i = 0; i < in->n && result >= 0; i++) {
        const bool is_new = in->people[i] == 0;
        result = find_home(in, i);
        if (result >= 0)
            result = is_new ? open_person(in, i) : compare_person(in, i);
        if (result < 0)
            (void)error_add(&in->w->cx, "line %lld", (long long)in->rows[i]->line);
    }
    if (result >= 0)
        result = party_batch_write(in->w, in->party);
    return result < 0 ? result : eligibility_batch_write(in->w, in->eligibility);
}

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct intake in = {.im = im, .w = im->w, .event_no = event_no, .rows = rows, .n = n};
    int result = party_batch_new(im->w, &in.party);

    if (result >= 0)
        result = eligibility_batch_new(im->w, &in.eligibility);
    if (result >= 0)
        result = write_rows(&in);
    party_batch_free(in.party);
    eligibility_batch_free(in.eligibility);
    return result;
}

int eligibility_import_residents(struct work *w, struct job *job)
{
    const struct import_kind kind = {.name = "residents",
                                     .event_kind = "party.import",
                                     .source = "register",
                                     .description = {(const char *)format_residents,
                                                     format_residents_size},
                                     .check = check,
                                     .apply = apply};
    return party_import(w, job, &kind);
}
