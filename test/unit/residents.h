/*
 * residents: a few people and households made by hand in a town, through the desks' own feeds.
 */
#ifndef TEST_RESIDENTS_H
#define TEST_RESIDENTS_H

#include "desk/eligibility/eligibility.h"

#include "town.h"

static const struct desk *const residents_desks[] = {&office_desk, &party_desk, &eligibility_desk};

static inline void residents_start(void)
{
    office_desks_set(residents_desks, sizeof residents_desks / sizeof *residents_desks);
}

/* One write transaction with one event; facts are opened between begin and end. */
struct feed {
    struct town *t;
    struct party_batch *party;
    struct eligibility_batch *eligibility;
    int64_t event_no;
};

static inline struct ymd day_of(const char *text)
{
    struct ymd day = YMD_NONE;
    assert_true(text == NULL || ymd_parse(str_of(text), &day));
    return day;
}

static inline struct feed feed_begin(struct town *t, const char *kind, int64_t household_id)
{
    struct feed f = {.t = t};
    struct event e = {.kind = str_of(kind),
                      .effective = t->w.today,
                      .received = t->w.today,
                      .source = STR("register"),
                      .route = STR("counter"),
                      .status = EVENT_CHECKED,
                      .household_id = household_id};
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    f.event_no = e.no;
    TOWN_OK(t, party_batch_new(&t->w, &f.party));
    TOWN_OK(t, eligibility_batch_new(&t->w, &f.eligibility));
    return f;
}

static inline void feed_end(struct feed *f)
{
    TOWN_OK(f->t, party_batch_write(&f->t->w, f->party));
    TOWN_OK(f->t, eligibility_batch_write(&f->t->w, f->eligibility));
    TOWN_OK(f->t, store_commit(&f->t->w.cx, f->t->w.store));
    party_batch_free(f->party);
    eligibility_batch_free(f->eligibility);
}

static inline int64_t new_id(struct feed *f)
{
    int64_t id = 0;
    TOWN_OK(f->t, store_ids(&f->t->w.cx, f->t->w.store, 1, &id));
    return id;
}

struct who {
    const char *no, *name, *kana, *birth;
    enum sex sex;
};

static inline int64_t add_person(struct feed *f, struct who who)
{
    const int64_t id = new_id(f);
    const struct span since = {day_of(who.birth), YMD_NONE};

    TOWN_OK(f->t, party_open_person(f->party, f->event_no, id, str_of(who.no), since.from));
    TOWN_OK(f->t, party_open_identity(f->party, f->event_no,
                                      &(struct identity_fact){.person_id = id,
                                                              .birth = since.from,
                                                              .sex = who.sex,
                                                              .death = YMD_NONE},
                                      NULL));
    TOWN_OK(f->t, party_open_name(f->party, f->event_no,
                                  &(struct name_fact){.person_id = id,
                                                      .kind = "real",
                                                      .name = str_of(who.name),
                                                      .kana = str_of(who.kana),
                                                      .is_used = true,
                                                      .valid = since},
                                  NULL));
    TOWN_OK(f->t, party_open_residency(f->party, f->event_no,
                                       &(struct residency_fact){.person_id = id,
                                                                .is_resident = true,
                                                                .started_by = "initial",
                                                                .valid = since},
                                       NULL));
    return id;
}

static inline int64_t add_household(struct feed *f, const char *no, const char *town,
                                    const char *number, const char *from)
{
    const int64_t id = new_id(f);

    TOWN_OK(f->t, party_open_household(f->party, f->event_no, id, str_of(no)));
    TOWN_OK(f->t, party_open_address(f->party, f->event_no,
                                     &(struct address_fact){.household_id = id,
                                                            .kind = "residence",
                                                            .business = STR("all"),
                                                            .postal_code = STR("0000011"),
                                                            .prefecture = STR("架空県"),
                                                            .city = STR("保険市"),
                                                            .town = str_of(town),
                                                            .number = str_of(number),
                                                            .valid = {day_of(from), YMD_NONE}},
                                     NULL));
    return id;
}

/* The row, for closing. */
static inline int64_t add_member(struct feed *f, int64_t household, int64_t person,
                                 const char *relation, const char *from, const char *to)
{
    int64_t row = 0;
    TOWN_OK(f->t,
            party_open_membership(f->party, f->event_no,
                                  &(struct membership_fact){.household_id = household,
                                                            .person_id = person,
                                                            .relation = str_of(relation),
                                                            .is_head =
                                                                str_is(str_of(relation), "01"),
                                                            .valid = {day_of(from), day_of(to)}},
                                  &row));
    return row;
}

struct insured {
    const char *from, *to, *cause; /* cause of the loss; NULL: the loss day */
    int acquired_by, lost_by;
};

static inline int64_t add_period(struct feed *f, int64_t person, struct insured i)
{
    int64_t row = 0;
    const struct ymd lost_cause = day_of(i.cause ? i.cause : i.to);
    TOWN_OK(f->t, eligibility_open_period(
                      f->eligibility, f->event_no,
                      &(struct insured_period){.person_id = person,
                                               .period_no = 1,
                                               .acquired_by = (enum acquired_by)i.acquired_by,
                                               .acquired_cause = day_of(i.from),
                                               .acquired_notified = day_of(i.from),
                                               .lost_by = i.lost_by,
                                               .lost_cause = lost_cause,
                                               .lost_notified = lost_cause,
                                               .prefecture_acquired = day_of(i.from),
                                               .prefecture_lost = day_of(i.to),
                                               .valid = {day_of(i.from), day_of(i.to)}},
                      &row));
    return row;
}

static inline void add_number(struct feed *f, int64_t household, const char *number,
                              const char *from)
{
    TOWN_OK(f->t, eligibility_open_household(f->eligibility, f->event_no,
                                             &(struct insured_household){.household_id = household,
                                                                         .symbol = STR("保険"),
                                                                         .number = str_of(number),
                                                                         .valid = {day_of(from),
                                                                                   YMD_NONE}},
                                             NULL));
}

static inline void add_branch(struct feed *f, int64_t household, int64_t person, const char *number,
                              const char *branch)
{
    TOWN_OK(f->t, eligibility_open_branch(f->eligibility, f->event_no, person,
                                          &(struct insured_household){.household_id = household,
                                                                      .symbol = STR("保険"),
                                                                      .number = str_of(number)},
                                          str_of(branch)));
}

#endif
