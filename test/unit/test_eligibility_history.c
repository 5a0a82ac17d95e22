/* Acquisition and loss by household and by person: every stretch, in order, as of a day, as known.
 */
#include "asked.h"
#include "residents.h"

#include <stdio.h>

#define IN       "eligibility.reason.01"
#define FREE     "eligibility.reason.02"
#define CAME     "eligibility.reason.08"
#define OUT      "eligibility.reason.51"
#define EMPLOYED "eligibility.reason.52"
#define WENT     "eligibility.reason.58"

struct home {
    int64_t household, own; /* of the family; the son's own later */
    int64_t father, mother, son;
    int64_t stay; /* the son's membership row */
};

static struct who named(const char *no, const char *name, const char *birth)
{
    return (struct who){no, name, "シケン　ヒト", birth, SEX_UNKNOWN};
}

/* In in 2020; the mother employed for a while; out in 2024, in again in 2025. */
static struct home settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = {.household = add_household(&f, "000000701", "本町", "１", "2020-04-01"),
                     .own = add_household(&f, "000000702", "緑町", "２", "2026-04-10")};
    h.father = add_person(&f, named("0000000701", "父　一", "1970-01-01"));
    h.mother = add_person(&f, named("0000000702", "母　二", "1972-01-01"));
    h.son = add_person(&f, named("0000000703", "子　三", "2000-01-01"));
    add_member(&f, h.household, h.father, "01", "2020-04-01", "2024-05-31");
    add_member(&f, h.household, h.mother, "03", "2020-04-01", "2024-05-31");
    add_member(&f, h.household, h.father, "01", "2025-02-01", NULL);
    add_member(&f, h.household, h.mother, "03", "2025-02-01", NULL);
    h.stay = add_member(&f, h.household, h.son, "04", "2025-02-01", NULL);
    add_period(&f, h.father, (struct insured){"2020-04-01", "2024-06-01", "2024-05-31", 1, 51});
    add_period(&f, h.mother, (struct insured){"2020-04-01", "2022-10-01", "2022-10-01", 1, 52});
    add_period(&f, h.mother, (struct insured){"2023-07-01", "2024-06-01", "2024-05-31", 2, 51});
    add_period(&f, h.father, (struct insured){"2025-02-01", NULL, NULL, 1, 0});
    add_period(&f, h.mother, (struct insured){"2025-02-01", NULL, NULL, 1, 0});
    add_period(&f, h.son, (struct insured){"2025-02-01", NULL, NULL, 1, 0});
    add_number(&f, h.household, "00000701", "2020-04-01");
    feed_end(&f);
    return h;
}

/* The son goes to a household of his own: told late. */
static int64_t leave(struct town *t, const struct home *h)
{
    int64_t before = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    struct feed f = feed_begin(t, "party.split", h->household);
    TOWN_OK(t, party_close(f.party, PARTY_MEMBERSHIP, h->stay, f.event_no));
    add_member(&f, h->household, h->son, "04", "2025-02-01", "2026-04-10");
    add_member(&f, h->own, h->son, "01", "2026-04-10", NULL);
    feed_end(&f);
    return before;
}

static void test_three_moves(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    (void)leave(t, &h);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/eligibility/household/000000701", NULL)), 200);
    assert_true(shows_in_order((const char *const[]){
        "取得と喪失", "父　一",    "R02.04.01", IN,          "R06.06.01", OUT, /* */
        "母　二",     "R02.04.01", IN,          "R04.10.01", EMPLOYED,         /* */
        "母　二",     "R05.07.01", FREE,        "R06.06.01", OUT,              /* */
        "父　一",     "R07.02.01", IN,          "資格あり",                    /* */
        "母　二",     "R07.02.01", IN,          "資格あり",                    /* */
        "子　三",     "R07.02.01", IN,          "R08.04.10", WENT,        NULL}));
    assert_true(shows_in_order((const char *const[]){"世帯にいる人", "子　三", "R08.04.10",
                                                     "取得と喪失", NULL})); /* he has left */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/eligibility/household/000000702", NULL)), 200);
    assert_true(shows_in_order(
        (const char *const[]){"取得と喪失", "子　三", "R08.04.10", CAME, "資格あり", NULL}));
    assert_false(shows("父　一"));
}

/* The same of one person, on his own page: three periods in order. */
static void test_by_person(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    struct insured_periods p;
    struct person who;
    struct html page;
    TOWN_OK(t, eligibility_periods(&t->w, h.mother, &p));
    assert_int_equal(p.n, 3);
    TOWN_OK(t, party_person(&t->w, h.mother, &who));
    html_init(&page);
    TOWN_OK(t, eligibility_person_html(&t->w, &who, &page));
    html_release(&answer.body);
    answer.body = page;
    assert_true(shows_in_order(
        (const char *const[]){"令和2年4月1日", IN, "令和4年10月1日", EMPLOYED, "令和5年7月1日",
                              FREE, "令和6年6月1日", OUT, "令和7年2月1日", IN, NULL}));
}

static void test_other_times(void **state)
{
    struct town *t = *state;
    const struct home h = settle(t);
    const int64_t before = leave(t, &h);
    char address[96];
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET,
                                    "/eligibility/household/000000701?valid=2023-01-01", NULL)),
                     200);
    assert_true(shows_in_order(
        (const char *const[]){"取得と喪失", "父　一", IN, "資格あり", "母　二", EMPLOYED, NULL}));
    assert_false(shows(FREE) || shows(OUT) || shows("子　三"));
    snprintf(address, sizeof address, "/eligibility/household/000000701?known=%lld",
             (long long)before);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows("子　三")); /* as we knew it then, he had not left */
    assert_false(shows(WENT));
}

static void test_right(void **state)
{
    struct town *t = *state;
    const struct actor stranger = with_rights(RIGHT(RIGHT_PARTY_VIEW) | RIGHT(RIGHT_LEVY_VIEW));
    (void)settle(t);
    town_refused(t, ask(t, METHOD_GET, "/eligibility/household/000000799", NULL), ERR_NOT_FOUND,
                 "eligibility.judge.household");
    const struct actor *before = t->w.actor;
    t->w.actor = &stranger;
    town_refused(t, ask(t, METHOD_GET, "/eligibility/household/000000701", NULL), ERR_DENIED,
                 "serve.denied");
    t->w.actor = before;
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a household with three moves shows all periods in order with reasons, those "
                   "who left too [NHI-ELG-001]",
                   test_three_moves),
        TOWN_TESTS("a person's periods in order with reasons [NHI-ELG-001]", test_by_person),
        TOWN_TESTS("the history as of a day, and as it was known [NHI-ELG-001 NHI-CMN-016]",
                   test_other_times),
        TOWN_TESTS("the history needs its right", test_right),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
