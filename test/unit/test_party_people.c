/* People, households, addressees; and those who must not be found. */
#include "residents.h"

#include <string.h>

struct home {
    int64_t household, husband, wife, child;
    int64_t rows[3]; /* memberships */
};

static struct home furnish(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct home h = {.household =
                         add_household(&f, "000000201", "本町一丁目", "２番３号", "2010-04-01")};

    h.husband = add_person(&f, (struct who){"0000000011", "田中　次郎", "タナカ　ジロウ",
                                            "1978-01-02", SEX_MALE});
    h.wife = add_person(&f, (struct who){"0000000012", "田中　由美", "タナカ　ユミ", "1980-08-15",
                                         SEX_FEMALE});
    h.child = add_person(&f, (struct who){"0000000013", "田中　葵", "タナカ　アオイ", "2015-03-03",
                                          SEX_FEMALE});
    h.rows[0] = add_member(&f, h.household, h.husband, "01", "2010-04-01", NULL);
    h.rows[1] = add_member(&f, h.household, h.wife, "03", "2010-04-01", NULL);
    h.rows[2] = add_member(&f, h.household, h.child, "04", "2015-03-03", NULL);
    feed_end(&f);
    return h;
}

/* The wife and the child go to a household of their own, under protection. */
static int64_t flee(struct town *t, const struct home *h, const char *until)
{
    struct feed f = feed_begin(t, "party.divorce", h->household);
    const int64_t refuge = add_household(&f, "000000202", "緑町五丁目", "９番８号", "2026-05-01");

    for (int i = 1; i < 3; i++)
        TOWN_OK(t, party_close(f.party, PARTY_MEMBERSHIP, h->rows[i], f.event_no));
    add_member(&f, h->household, h->wife, "03", "2010-04-01", "2026-05-01");
    add_member(&f, h->household, h->child, "04", "2015-03-03", "2026-05-01");
    add_member(&f, refuge, h->wife, "01", "2026-05-01", NULL);
    add_member(&f, refuge, h->child, "04", "2026-05-01", NULL);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = h->wife,
                                                               .kind = "violence",
                                                               .decision_no = STR("7"),
                                                               .valid = {day_of("2026-05-01"),
                                                                         day_of(until)}},
                                     NULL));
    TOWN_OK(t, party_open_contact(f.party, f.event_no,
                                  &(struct contact_fact){.person_id = h->wife,
                                                         .kind = "mobile",
                                                         .value = STR("090-0000-1234"),
                                                         .source = STR("resident"),
                                                         .valid = {day_of("2026-05-01"), YMD_NONE}},
                                  NULL));
    feed_end(&f);
    return refuge;
}

static void hidden(const struct person *p)
{
    assert_true(p->is_protected);
    assert_int_equal(p->address.n, 0);
    assert_int_equal(p->postal_code.n, 0);
}

/* Nobody named here may be shown with an address: the mother who fled and the child with her. */
static void test_protected_by_name(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    const int64_t refuge = flee(t, &h, NULL);
    struct person p;
    struct party_home home;

    TOWN_OK(t, party_person(&t->w, h.wife, &p));
    assert_true(str_is(p.name, "田中　由美"));
    hidden(&p);
    TOWN_OK(t, party_person(&t->w, h.child, &p)); /* not marked herself, but lives with her */
    assert_true(str_is(p.name, "田中　葵"));
    hidden(&p);
    TOWN_OK(t, party_person(&t->w, h.husband, &p));
    assert_false(p.is_protected);
    assert_true(str_is(p.address, "保険市本町一丁目２番３号"));
    assert_int_equal(TOWN_OK(t, party_home(&t->w, refuge, &home)), 1);
    assert_true(home.is_protected);
    assert_int_equal(home.address.n + home.postal_code.n, 0);
    assert_int_equal(TOWN_OK(t, party_home(&t->w, h.household, &home)), 1);
    for (size_t i = 0; i < home.n; i++) { /* the old household still names her, without a place */
        if (home.members[i].person.person_id == h.wife)
            hidden(&home.members[i].person);
    }
}

/* Looking at the day before she fled, or at what was known then, lifts nothing. */
static void test_protected_at_other_times(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    int64_t before = 0;
    struct person p;

    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    (void)flee(t, &h, NULL);
    t->w.asof.valid = day_of("2026-04-01");
    TOWN_OK(t, party_person(&t->w, h.wife, &p));
    hidden(&p);
    t->w.asof.known = before;
    TOWN_OK(t, party_person(&t->w, h.wife, &p));
    hidden(&p);
}

static void test_protection_ends(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct person p;

    (void)flee(t, &h, "2026-06-15"); /* today is the first day without it */
    TOWN_OK(t, party_person(&t->w, h.wife, &p));
    assert_false(p.is_protected);
    assert_true(str_is(p.address, "保険市緑町五丁目９番８号"));
}

static void test_letters_reach_them(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct addressee out[2];
    const int64_t ids[] = {h.wife, h.husband};

    (void)flee(t, &h, NULL);
    TOWN_OK(t, party_addressees(&t->w, ids, 2, STR("levy"), out));
    assert_true(out[0].is_protected && out[0].has_address);
    assert_true(str_is(out[0].town, "緑町五丁目"));
    assert_true(str_is(out[0].number, "９番８号"));
    assert_false(out[1].is_protected);
}

static void add_sending(struct town *t, int64_t person, const char *business, const char *town,
                        const char *from, const char *to)
{
    struct feed f = feed_begin(t, "party.sending", 0);
    TOWN_OK(t, party_open_address(f.party, f.event_no,
                                  &(struct address_fact){.person_id = person,
                                                         .kind = "sending",
                                                         .business = str_of(business),
                                                         .prefecture = STR("東京都"),
                                                         .city = STR("新宿区"),
                                                         .town = str_of(town),
                                                         .number = STR("１"),
                                                         .addressee = STR("田中　花"),
                                                         .valid = {day_of(from), day_of(to)}},
                                  NULL));
    feed_end(&f);
}

static void test_sending(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct addressee out;

    add_sending(t, h.husband, "all", "西町", "2026-01-01", NULL);
    add_sending(t, h.husband, "levy", "東町", "2026-04-01", "2026-06-16");
    TOWN_OK(t, party_addressees(&t->w, &h.husband, 1, STR("levy"), &out));
    assert_true(out.is_sending && str_is(out.town, "東町") && str_is(out.name, "田中　花"));
    TOWN_OK(t, party_addressees(&t->w, &h.husband, 1, STR("collection"), &out));
    assert_true(out.is_sending && str_is(out.town, "西町"));
    t->w.asof.valid = day_of("2026-06-16"); /* ends by date */
    TOWN_OK(t, party_addressees(&t->w, &h.husband, 1, STR("levy"), &out));
    assert_true(str_is(out.town, "西町"));
    TOWN_OK(t, party_addressees(&t->w, &h.wife, 1, STR("levy"), &out));
    assert_true(!out.is_sending && str_is(out.town, "本町一丁目"));
}

/* The alias is the name in use; the real name is shown beside it and found as well. */
static void test_alias(void **state)
{
    struct town *t = *state;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t id = new_id(&f);
    const struct span since = {day_of("1990-01-01"), YMD_NONE};
    struct name_fact name = {.person_id = id,
                             .kind = "real",
                             .name = STR("KIM MINJUN"),
                             .kana = STR("キム　ミンジュン"),
                             .is_used = false,
                             .valid = since};
    struct search_words words;
    struct id_list found;
    struct person p;
    TOWN_OK(t, party_open_person(f.party, f.event_no, id, STR("0000000021"), since.from));
    TOWN_OK(t, party_open_identity(
                   f.party, f.event_no,
                   &(struct identity_fact){.person_id = id, .birth = since.from, .death = YMD_NONE},
                   NULL));
    TOWN_OK(t, party_open_name(f.party, f.event_no, &name, NULL));
    name.kind = "alias";
    name.name = STR("金田　俊");
    name.kana = STR("カネダ　シュン");
    name.is_used = true;
    TOWN_OK(t, party_open_name(f.party, f.event_no, &name, NULL));
    feed_end(&f);
    TOWN_OK(t, party_person(&t->w, id, &p));
    assert_true(str_is(p.name, "金田　俊") && str_is(p.name_kind, "alias"));
    assert_true(str_is(p.real_name, "KIM MINJUN"));
    TOWN_OK(t, party_search_words(&t->w.cx, STR("キム"), &words));
    TOWN_OK(t, party_search(&t->w, &words, NULL, 10, &found));
    assert_true(found.n == 1 && found.ids[0] == id);
}

/* Two knowledges of one day: an address change reported late. */
static void test_two_times(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    int64_t before = 0;
    struct person p;

    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &before));
    (void)flee(t, &h, "2026-05-02");
    t->w.asof.valid = day_of("2026-05-10");
    TOWN_OK(t, party_person(&t->w, h.child, &p));
    assert_true(str_is(p.household_no, "000000202"));
    t->w.asof.known = before; /* as we knew it then, she still lived with her father */
    TOWN_OK(t, party_person(&t->w, h.child, &p));
    assert_true(str_is(p.household_no, "000000201"));
    t->w.asof = (struct asof){day_of("2026-04-30"), KNOWN_NOW};
    TOWN_OK(t, party_person(&t->w, h.child, &p));
    assert_true(str_is(p.household_no, "000000201"));
}

static void test_home(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    struct party_home home;
    const uint64_t statements = store_statements(t->w.store);

    assert_int_equal(TOWN_OK(t, party_home(&t->w, h.household, &home)), 1);
    assert_true(store_statements(t->w.store) - statements <= 2);
    assert_int_equal(home.n, 3);
    assert_int_equal(home.head_id, h.husband);
    assert_true(home.members[0].is_head && str_is(home.members[1].relation, "03"));
    assert_true(str_is(home.address, "保険市本町一丁目２番３号"));
    assert_string_equal(relation_message(home.members[2].relation), "party.relation.04");
    assert_int_equal(TOWN_OK(t, party_home(&t->w, h.household + 1000000, &home)), 0);
}

/* What the search of the log by 宛名番号 asks the desks for. */
static void test_person_of_no(void **state)
{
    struct town *t = *state;
    const struct home h = furnish(t);
    int64_t id = 0;

    assert_int_equal(party_desk.person_of_no(&t->w, STR("0000000012"), &id), 1);
    assert_int_equal(id, h.wife);
    assert_int_equal(party_desk.person_of_no(&t->w, STR("0000000099"), &id), 0);
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the log finds a person by 宛名番号 [SEC-017]", test_person_of_no),
        TOWN_TESTS("a protected person's address is hidden, by name, everywhere [ADR-014]",
                   test_protected_by_name),
        TOWN_TESTS("protection holds for looks at other days and earlier knowledge [ADR-014]",
                   test_protected_at_other_times),
        TOWN_TESTS("protection ends with its last day [ADR-014]", test_protection_ends),
        TOWN_TESTS("their own letters reach them, marked [ADR-014 ADR-002]",
                   test_letters_reach_them),
        TOWN_TESTS("sending addresses by business, with period [ADR-002]", test_sending),
        TOWN_TESTS("an alias beside the real name [NHI-ELG-049]", test_alias),
        TOWN_TESTS("as of a day and as known then [NHI-CMN-016 NHI-ELG-002]", test_two_times),
        TOWN_TESTS("a household with head and relations in two statements [ADR-013 ADR-001]",
                   test_home),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
