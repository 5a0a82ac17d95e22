/* Non-residents: registered, compared, confirmed, changed, removed. */
#include "residents.h"

#include <string.h>

static const struct nonresident takeda = {.name = {"武田　一郎", 15},
                                          .kana = {"タケダ　イチロウ", 24},
                                          .birth = {0},
                                          .sex = SEX_MALE,
                                          .prefecture = {"東京都", 9},
                                          .city = {"新宿区", 9},
                                          .town = {"西新宿一丁目", 18},
                                          .number = {"１番１号", 12}};

static struct nonresident sample(void)
{
    struct nonresident n = takeda;
    n.birth = day_of("1961-07-07");
    n.since = day_of("2026-04-01");
    return n;
}

static int64_t enrol(struct town *t, const struct nonresident *n, bool is_provisional)
{
    struct feed f = feed_begin(t, "party.nonresident", 0);
    int64_t id = 0;

    TOWN_OK(t, party_nonresident_open(f.party, f.event_no, n, is_provisional, &id));
    feed_end(&f);
    return id;
}

static void test_enrolled(void **state)
{
    struct town *t = *state;
    const struct nonresident n = sample();
    const int64_t id = enrol(t, &n, true);
    struct search_words words;
    struct id_list found;
    struct addressee to;
    struct person p;
    int64_t by_no = 0;

    TOWN_OK(t, party_person(&t->w, id, &p));
    assert_true(p.is_nonresident && !p.is_resident && str_is(p.person_no, "9000000001"));
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("9000000001"), &by_no)), 1);
    assert_int_equal(by_no, id);
    TOWN_OK(t, party_search_words(&t->w.cx, STR("タケダ"), &words));
    TOWN_OK(t, party_search(&t->w, &words, NULL, 10, &found));
    assert_true(found.n == 1 && found.ids[0] == id);
    TOWN_OK(t, party_addressees(&t->w, &id, 1, STR("levy"), &to));
    assert_true(to.has_address && str_is(to.town, "西新宿一丁目"));
}

/* All five: the same; fewer: similar; a namesake born on another day elsewhere: neither. */
static void test_alike(void **state)
{
    struct town *t = *state;
    struct nonresident n = sample();
    struct alike_list list;
    const int64_t first = enrol(t, &n, true);

    TOWN_OK(t, party_alike(&t->w, &n, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.rows[0].person_id, first);
    assert_int_equal(list.rows[0].items, 5);
    n.town = STR("北町");
    TOWN_OK(t, party_alike(&t->w, &n, &list));
    assert_true(list.n == 1 && list.rows[0].items == 4 && !list.rows[0].address);
    n.name = STR("竹田　一郎"); /* other characters, same reading and day */
    TOWN_OK(t, party_alike(&t->w, &n, &list));
    assert_true(list.n == 1 && list.rows[0].items == 3 && !list.rows[0].name);
    n.birth = day_of("1971-07-07");
    TOWN_OK(t, party_alike(&t->w, &n, &list));
    assert_int_equal(list.n, 0);
    n = sample();
    n.birth = day_of("1961-07-08");
    TOWN_OK(t, party_alike(&t->w, &n, &list)); /* same name, reading and address */
    assert_true(list.n == 1 && list.rows[0].items == 4 && !list.rows[0].birth);
}

/* A move keeps the days before it; a correction from the first day leaves nothing. */
static void test_changed(void **state)
{
    struct town *t = *state;
    struct nonresident n = sample();
    const int64_t id = enrol(t, &n, false);
    struct feed f = feed_begin(t, "party.nonresident", 0);
    struct addressee to;
    struct person p;

    n.town = STR("北町");
    n.since = day_of("2026-06-01");
    TOWN_OK(t, party_nonresident_change(f.party, f.event_no, id, &n));
    feed_end(&f);
    TOWN_OK(t, party_addressees(&t->w, &id, 1, STR("levy"), &to));
    assert_true(str_is(to.town, "北町"));
    t->w.asof.valid = day_of("2026-05-31");
    TOWN_OK(t, party_addressees(&t->w, &id, 1, STR("levy"), &to));
    assert_true(str_is(to.town, "西新宿一丁目"));
    t->w.asof.valid = t->w.today;
    f = feed_begin(t, "party.nonresident", 0);
    n = sample();
    n.name = STR("武田　市郎");
    TOWN_OK(t, party_nonresident_change(f.party, f.event_no, id, &n));
    feed_end(&f);
    TOWN_OK(t, party_person(&t->w, id, &p));
    assert_true(str_is(p.name, "武田　市郎"));
    TOWN_OK(t, party_addressees(&t->w, &id, 1, STR("levy"), &to));
    assert_true(str_is(to.town, "西新宿一丁目"));
}

static void test_removed(void **state)
{
    struct town *t = *state;
    const struct nonresident n = sample();
    const int64_t id = enrol(t, &n, false);
    struct feed f = feed_begin(t, "party.nonresident", 0);
    struct search_words words;
    struct id_list found;
    int64_t before = f.event_no - 1, by_no = 0;
    struct person p;

    TOWN_OK(t, party_nonresident_remove(f.party, f.event_no, id));
    feed_end(&f);
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("9000000001"), &by_no)), 0);
    TOWN_OK(t, party_search_words(&t->w.cx, STR("タケダ"), &words));
    TOWN_OK(t, party_search(&t->w, &words, NULL, 10, &found));
    assert_int_equal(found.n, 0);
    t->w.asof.known = before;
    TOWN_OK(t, party_person(&t->w, id, &p)); /* as it was known then */
    assert_true(str_is(p.name, "武田　一郎"));
}

static void refused(struct town *t, int64_t id, const char *why)
{
    struct feed f = feed_begin(t, "party.nonresident", 0);

    town_refused(t, party_nonresident_remove(f.party, f.event_no, id), ERR_STALE, why);
    store_rollback(t->w.store);
    party_batch_free(f.party);
    eligibility_batch_free(f.eligibility);
}

static void test_referred(void **state)
{
    struct town *t = *state;
    struct nonresident n = sample();
    const int64_t insured = enrol(t, &n, false), head = enrol(t, &n, false);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t house = add_household(&f, "000000301", "本町", "１", "2026-04-01");

    add_period(&f, insured,
               (struct insured){.from = "2026-04-01", .acquired_by = ACQUIRED_MOVE_IN});
    add_member(&f, house, head, "01", "2026-04-01", NULL);
    feed_end(&f);
    refused(t, insured, "eligibility.refers");
    refused(t, head, "party.nonresident.dealings");
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a non-resident is found by name and number and gets letters [ADR-001 ADR-004]",
                   test_enrolled),
        TOWN_TESTS("likeness in five items is listed, nobody is taken for another [ADR-004]",
                   test_alike),
        TOWN_TESTS("a non-resident moves, and a mistake is corrected [ADR-004]", test_changed),
        TOWN_TESTS("a non-resident is removed, what was known before stays [ADR-004]",
                   test_removed),
        TOWN_TESTS("removal is refused while a desk refers to the person [ADR-004]", test_referred),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
