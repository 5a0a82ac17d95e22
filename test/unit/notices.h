/*
 * notices: a family of three and what may be notified about them.
 */
#ifndef TEST_NOTICES_H
#define TEST_NOTICES_H

#include "residents.h"

#include <stdio.h>
#include <string.h>

struct family {
    int64_t household, father, mother, child;
};

/* A household of three in the city since 2020; the father has an employer's cover from 2020. */
static inline struct family settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family h = {.household =
                           add_household(&f, "000000301", "本町一丁目", "１番", "2020-04-01")};

    h.father = add_person(&f, (struct who){"0000000031", "佐藤　一郎", "サトウ　イチロウ",
                                           "1980-02-29", SEX_MALE});
    h.mother = add_person(&f, (struct who){"0000000032", "佐藤　花", "サトウ　ハナ", "1982-08-15",
                                           SEX_FEMALE});
    h.child = add_person(&f, (struct who){"0000000033", "佐藤　空", "サトウ　ソラ", "2015-03-03",
                                          SEX_MALE});
    add_member(&f, h.household, h.father, "01", "2020-04-01", NULL);
    add_member(&f, h.household, h.mother, "03", "2020-04-01", NULL);
    add_member(&f, h.household, h.child, "04", "2020-04-01", NULL);
    TOWN_OK(t,
            eligibility_open_cover(f.eligibility, f.event_no,
                                   &(struct other_cover){.person_id = h.father,
                                                         .kind = "employee",
                                                         .insurer = STR("協会けんぽ"),
                                                         .valid = {day_of("2020-04-01"), YMD_NONE}},
                                   NULL));
    feed_end(&f);
    return h;
}

static inline struct notification notice_of(const struct family *h, const char *notified)
{
    return (struct notification){.household_id = h->household,
                                 .notified = day_of(notified),
                                 .source = STR("person"),
                                 .route = STR("counter"),
                                 .why = STR(""),
                                 .identity = IDENTITY_NUMBER_CARD,
                                 .proxy_name = STR(""),
                                 .proxy_document = STR("")};
}

static inline struct cover_change *line_of(struct notification *n, enum change_kind kind,
                                           int64_t person)
{
    struct cover_change *c = &n->row[n->n++];
    *c = (struct cover_change){.kind = kind,
                               .person_id = person,
                               .acquired = YMD_NONE,
                               .lost = YMD_NONE,
                               .prefecture_acquired = YMD_NONE,
                               .insurer = STR("")};
    return c;
}

static inline void acquire(struct notification *n, int64_t person, int reason, const char *cause)
{
    struct cover_change *c = line_of(n, CHANGE_ACQUIRE, person);
    c->acquired_by = reason;
    c->acquired = day_of(cause);
}

static inline void lose(struct notification *n, int64_t person, int reason, const char *cause)
{
    struct cover_change *c = line_of(n, CHANGE_LOSE, person);
    c->lost_by = reason;
    c->lost = day_of(cause);
}

static inline struct insured_periods periods_of(struct town *t, int64_t person)
{
    struct insured_periods out;
    t->w.asof.known = KNOWN_NOW;
    TOWN_OK(t, eligibility_periods(&t->w, person, &out));
    return out;
}

static inline void expect_day(struct ymd day, const char *expected)
{
    char text[11] = "";
    ymd_format(day, text);
    assert_string_equal(text, expected ? expected : "");
}

static inline void enter(struct town *t, const struct notification *n)
{
    int64_t event_no = 0;
    assert_int_equal(TOWN_OK(t, notification_enter(&t->w, n, &event_no)), 0);
    assert_true(event_no > 0);
}

static inline bool is_insured_on(struct town *t, int64_t person, const char *day)
{
    enum insured_state state;
    t->w.asof = (struct asof){day_of(day), KNOWN_NOW};
    TOWN_OK(t, eligibility_states(&t->w, &person, 1, &state));
    return state == INSURED;
}

static inline const struct notification_problem *problem_of(const struct notification_plan *plan,
                                                            const char *what)
{
    for (size_t i = 0; i < plan->n_problems; i++) {
        if (strcmp(plan->problem[i].what, what) == 0)
            return &plan->problem[i];
    }
    return NULL;
}

static inline void refused(struct town *t, const struct notification *n, const char *what,
                           const char *field)
{
    struct notification_plan plan;
    TOWN_OK(t, notification_plan(&t->w, n, &plan));
    const struct notification_problem *k = problem_of(&plan, what);
    if (!k)
        fail_msg("%s not found; first: %s", what, plan.n_problems ? plan.problem[0].what : "none");
    assert_false(k->is_warning);
    assert_false(plan.is_clean);
    assert_string_equal(k->field, field);
    int64_t event_no = 0, before = 0, after = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    assert_int_equal(notification_enter(&t->w, n, &event_no), ERR_INVALID);
    error_clear(&t->w.cx);
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &after));
    assert_int_equal(before, after);
}

#endif
