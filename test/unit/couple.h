/*
 * couple: a household of two made by hand, judged by the real rules and held to the certificates of
 * a city whose arrears the test itself says (tests_arrears).
 */
#ifndef TEST_COUPLE_H
#define TEST_COUPLE_H

#include "levy_town.h"
#include "residents.h"

static const struct insured since_2015 = {.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN};
#define NUMBER "00000123"

static struct certificate_arrears tests_arrears;
static inline int arrears(struct work *w, const int64_t *households, size_t n,
                          struct certificate_arrears *out)
{
    (void)w, (void)households;
    for (size_t i = 0; i < n; i++)
        out[i] = tests_arrears;
    return OK;
}

/* --- a household by hand ---------------------------------------------------------------------- */

struct home {
    int64_t household, head, other;
};

static inline void set_day(struct town *t, const char *day)
{
    t->w.today = day_of(day);
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
}

static inline struct home couple(struct town *t, const char *head_birth, const char *other_birth)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = {.household =
                         add_household(&f, "000000201", "本町一丁目", "２番３号", "2010-04-01")};
    const int64_t *const people[] = {&h.head, &h.other};

    tests_arrears = (struct certificate_arrears){0};
    h.head = add_person(&f, (struct who){"0000000011", "髙橋　次郎", "タカハシ　ジロウ", head_birth,
                                         SEX_MALE});
    h.other = add_person(&f, (struct who){"0000000012", "髙橋　由美", "タカハシ　ユミ", other_birth,
                                          SEX_FEMALE});
    add_number(&f, h.household, NUMBER, "2015-04-01");
    for (size_t i = 0; i < 2; i++) {
        add_member(&f, h.household, *people[i], i == 0 ? "01" : "02", "2015-04-01", NULL);
        add_period(&f, *people[i], since_2015);
        add_branch(&f, h.household, *people[i], NUMBER, i == 0 ? "01" : "02");
    }
    feed_end(&f);
    return h;
}

static inline void earn(struct town *t, struct income in)
{
    int64_t written = 0;
    struct event e = work_event(&t->w, "levy.income");

    in.source = INCOME_TAX;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(&t->w, e.no, &in, 1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static inline void judge(struct town *t, const struct home *h, const char *from)
{
    int written = 0;
    TOWN_OK(t, judge_household(&t->w, h->household, day_of(from), JUDGE_COUNTER, &written));
}

#endif
