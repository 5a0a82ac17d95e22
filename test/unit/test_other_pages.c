/*
 * What other businesses have told, seen from every desk with a right of its own; one 宛名番号 for
 * the same person everywhere and in every file that comes in; the groups of functions with their
 * menus.
 */
#include "levy_town.h"
#include "residents.h"

#include "asked.h"

#include "desk/counter/counter.h"

#define NO "0000000901"

struct town_of {
    int64_t household, person;
};

static void take(struct town *t, const char *job, const char *body)
{
    static int files;
    int64_t id = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/told%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    TOWN_OK(t, job_run(&t->w, job, str_format(t->w.cx.arena, "path=%s", path.p), &id));
}

static int refused(struct town *t, const char *job, const char *body)
{
    int64_t id = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/refused-%s.csv", t->path, job);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=%s", path.p), &id);
}

static struct town_of settle(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct town_of h = {.household = add_household(&f, "000000901", "本町", "１", "2010-04-01")};
    h.person = add_person(&f, (struct who){NO, "多田　一", "タダ　ハジメ", "1958-01-02", SEX_MALE});
    add_member(&f, h.household, h.person, "01", "2010-04-01", NULL);
    add_period(&f, h.person, (struct insured){"2015-04-01", NULL, NULL, 1, 0});
    add_number(&f, h.household, "00000901", "2015-04-01");
    add_branch(&f, h.household, h.person, "00000901", "01");
    TOWN_OK(t, eligibility_open_cover(f.eligibility, f.event_no,
                                      &(struct other_cover){.person_id = h.person,
                                                            .kind = "assistance",
                                                            .insurer = STR_NONE,
                                                            .valid = {day_of("2012-01-01"),
                                                                      day_of("2013-01-01")}},
                                      NULL));
    feed_end(&f);
    return h;
}

/* The offices' own files, each taken in by its job. */
static void tell(struct town *t)
{
    take(t, "import-incomes", "宛名番号,所得年,給与収入,固定資産税額\r\n" NO ",2025,1234567,0\r\n");
    take(t, "import-care-eligibility",
         "宛名番号,被保険者区分,資格取得日,資格喪失日,介護被保険者番号\r\n" NO
         ",1,2023-01-01,,9900000001\r\n");
    take(t, "import-pension-payer",
         "宛名番号,対象年月,年金保険者,年金額,年金証書番号\r\n" NO ",202610,nenkin,780900,\r\n");
    take(t, "import-employment", "宛名番号,離職日,離職理由,照会番号\r\n" NO ",2026-03-31,11,\r\n");
    take(t, "import-late-stage",
         "宛名番号,区分,異動,異動日,事由,保険者,参照番号\r\n" NO
         ",late_stage,start,2026-06-01,,,\r\n");
}

static const struct {
    const char *desk, *path;
    enum right_bit right;
} desks_of[] = {{"party", "/party/other", RIGHT_PARTY_VIEW},
                {"eligibility", "/eligibility/other", RIGHT_ELIGIBILITY_VIEW},
                {"levy", "/levy/other", RIGHT_LEVY_VIEW},
                {"collection", "/collection/other", RIGHT_COLLECTION_VIEW}};
enum { DESKS = sizeof desks_of / sizeof *desks_of };

static void test_told(void **state)
{
    struct town *t = *state;
    (void)settle(t);
    tell(t);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/eligibility/other?no=" NO, NULL)), 200);
    assert_true(shows("多田　一") && shows("保険市本町１"));
    /* register, tax, care, pension, employment, welfare, late-stage: with source, day and event */
    assert_true(shows_in_order(
        (const char *const[]){"counter.other.field.1", "eligibility.life.initial", "register",
                              "R08.06.15", "2026-06-15", "counter.other.field.2",
                              "2025counter.other.income", "1,234,567", "tax", "R08.06.15",
                              "counter.other.field.3", "counter.other.feed.care_eligibility",
                              "9900000001", "R08.06.15", NULL}));
    assert_true(shows("counter.other.feed.pension_payer") && shows("780,900"));
    assert_true(shows("counter.other.feed.employment") && shows("R08.03.31"));
    assert_true(shows_in_order(
        (const char *const[]){"counter.other.field.7", "eligibility.cover.assistance", NULL}));
    assert_true(shows("counter.other.field.8"));
    assert_false(shows("<form action=\"/eligibility/other\" method=\"post\""));
    assert_true(t->w.looks == 1); /* one line for the look */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/other?no=0000000999", NULL)), 200);
    assert_false(shows("多田"));
}

/* Each desk has its own way in: on its menu with its right, refused and absent without it. */
static void test_own_right(void **state)
{
    struct town *t = *state;
    const struct actor *before = t->w.actor;
    char address[64];
    (void)settle(t);
    tell(t);
    for (int i = 0; i < DESKS; i++) {
        const struct actor may = with_rights(RIGHT(desks_of[i].right) | RIGHT(RIGHT_OTHER));
        const struct actor lacks = with_rights(RIGHT(desks_of[i].right));
        assert_true(is_on_menu(may.rights, desks_of[i].path));
        assert_false(is_on_menu(lacks.rights, desks_of[i].path));
        for (int k = 0; k < DESKS; k++) {
            snprintf(address, sizeof address, "%s?no=" NO, desks_of[k].path);
            t->w.actor = &may;
            const int got = ask(t, METHOD_GET, address, NULL);
            if (k == i)
                assert_int_equal(TOWN_OK(t, got), 200);
            else
                town_refused(t, got, ERR_DENIED, "serve.denied");
            assert_int_equal(is_on_menu(may.rights, desks_of[k].path), k == i);
        }
        t->w.actor = &lacks;
        snprintf(address, sizeof address, "%s?no=" NO, desks_of[i].path);
        town_refused(t, ask(t, METHOD_GET, address, NULL), ERR_DENIED, "serve.denied");
        assert_false(shows("多田"));
    }
    t->w.actor = before;
}

/* The same number opens the same person in every desk, and the log says which desk looked. */
static void test_one_key(void **state)
{
    struct town *t = *state;
    const struct town_of h = settle(t);
    char address[64];
    for (int i = 0; i < DESKS; i++) {
        snprintf(address, sizeof address, "%s?no=" NO, desks_of[i].path);
        assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
        assert_true(shows("多田　一") && shows("/party/person/" NO "/details"));
        struct audit_rows found;
        const struct audit_search q = {.person_id = h.person,
                                       .from = YMD_NONE,
                                       .to = YMD_NONE,
                                       .limit = 1};
        TOWN_OK(t, audit_find(&t->w.cx, t->w.audit, &q, &found));
        assert_true(found.n == 1 && str_is(found.rows[0].query, desks_of[i].desk));
        assert_true(str_is(found.rows[0].purpose, "other"));
    }
    int64_t id = 0;
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR(NO), &id)), 1);
    assert_int_equal(id, h.person);
}

/* A record under a number nobody has is refused with its line, though the name is somebody's. */
static void test_unknown_key(void **state)
{
    struct town *t = *state;
    const struct town_of h = settle(t);
    struct incomes known;
    int64_t id = 0;
    assert_int_equal(refused(t, "import-incomes",
                             "宛名番号,所得年,給与収入,固定資産税額\r\n" NO ",2025,1,0\r\n"
                             "0000000999,2025,5000000,0\r\n"),
                     ERR_NOT_FOUND);
    assert_int_equal(t->w.cx.error.line, 3); /* where in the file, and of which field */
    assert_non_null(strstr(t->w.cx.error.facts, "0000000999"));
    error_clear(&t->w.cx);
    TOWN_OK(t, levy_incomes(&t->w, &h.person, 1, 2025, KNOWN_NOW, &known));
    assert_int_equal(known.n, 0); /* the whole file, the good line with it */
    assert_int_equal(refused(t, "import-care-eligibility",
                             "宛名番号,被保険者区分,資格取得日,資格喪失日,介護被保険者番号\r\n"
                             "0000000999,1,2023-01-01,,9900000001\r\n"),
                     ERR_INVALID);
    error_clear(&t->w.cx);
    /* the same name, reading and birthday under another number is another person */
    take(
        t, "import-nonresidents",
        "宛名番号,法人,氏名,フリガナ,生年月日,性別,異動日,郵便番号,都道府県,市区町村名,町字,番地号,"
        "方書\r\n9000000017,0,多田　一,タダ　ハジメ,1958-01-02,1,2026-06-01,,架空県,隣市,東町,１,"
        "\r\n");
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("9000000017"), &id)), 1);
    assert_int_not_equal(id, h.person);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/eligibility/other?no=" NO, NULL)), 200);
    assert_false(shows("counter.other.feed.care_eligibility") || shows("5,000,000"));
}

/* At the counter nothing known is asked for again: it stands there with where from and when. */
static void test_known_at_counter(void **state)
{
    struct town *t = *state;
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    (void)settle(t);
    tell(t);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/counter/notify/000000901", NULL)), 200);
    assert_true(
        shows_in_order((const char *const[]){"保険市本町１", "register", "R08.06.15", "多田　一",
                                             "tax", "R08.06.15", "1,234,567", NULL}));
}

/* Whoever opens a number that is led is told where the levy is. */
static void test_led(void **state)
{
    struct town *t = *state;
    const struct town_of h = settle(t);
    struct feed f = feed_begin(t, "party.merge", 0);
    const int64_t led = add_person(&f, (struct who){"0000000902", "多田　一", "タダ　ハジメ",
                                                    "1958-01-02", SEX_MALE});
    TOWN_OK(t, party_open_merge(f.party, f.event_no,
                                &(struct merge_fact){.person_id = led,
                                                     .leading_id = h.person,
                                                     .reason = STR("戸籍で確認"),
                                                     .valid = {day_of("2026-06-01"), YMD_NONE}},
                                NULL));
    feed_end(&f);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/party/person/0000000902", NULL)), 200);
    assert_true(shows("代表の番号 <a href=\"/party/person/" NO "\">"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/party/person/" NO, NULL)), 200);
    assert_false(shows("代表の番号"));
}

/* Knowing and managing eligibility; certificates; the arrears side: each from its own menu. */
static void test_groups(void **state)
{
    static const struct {
        const char *path;
        enum right_bit right;
    } groups[] = {{"/counter/pending", RIGHT_ELIGIBILITY_VIEW},
                  {"/certificates", RIGHT_CERTIFICATE_VIEW},
                  {"/certificates/special", RIGHT_SPECIAL_EDIT}};
    struct town *t = *state;
    const struct actor *before = t->w.actor;
    (void)settle(t);
    for (size_t i = 0; i < 3; i++) {
        const uint64_t also = i == 0 ? RIGHT(RIGHT_PARTY_VIEW) : 0;
        const struct actor own = with_rights(RIGHT(groups[i].right) | also);
        t->w.actor = &own;
        for (size_t k = 0; k < 3; k++) {
            const int got = ask(t, METHOD_GET, groups[k].path, NULL);
            assert_int_equal(is_on_menu(own.rights, groups[k].path), k == i);
            if (k == i)
                assert_int_equal(TOWN_OK(t, got), 200);
            else
                town_refused(t, got, ERR_DENIED, "serve.denied");
        }
    }
    t->w.actor = before;
}

static int a_year_behind(struct work *w, const int64_t *households, size_t n,
                         struct certificate_arrears *out)
{
    (void)w;
    (void)households;
    for (size_t i = 0; i < n; i++)
        out[i].state = ARREARS_SPECIAL;
    return OK;
}

/* What is out because of arrears, and what became of it. */
static void test_special(void **state)
{
    struct town *t = *state;
    const struct town_of h = settle(t);
    struct certificate_order o = {.person_id = h.person,
                                  .kind = STR(""),
                                  .cause = STR(""),
                                  .why = STR(""),
                                  .valid_until = YMD_NONE,
                                  .handed = STR("")};
    certificate_arrears_set(a_year_behind);
    TOWN_OK(t, certificate_enter(&t->w, h.household, &o, 1, NULL));
    certificate_arrears_set(NULL);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/certificates/special", NULL)), 200);
    assert_true(shows_in_order((const char *const[]){o.serial.p,
                                                     "eligibility.certificate.special_confirmation",
                                                     "多田　一", "eligibility.held.0", NULL}));
    TOWN_OK(t, certificate_return_enter(&t->w,
                                        &(struct certificate_return){o.serial, t->w.today,
                                                                     STR("error"), YMD_NONE},
                                        1, NULL));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/certificates/special", NULL)), 200);
    assert_false(shows(o.serial.p)); /* not out any more */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/certificates/special?state=all", NULL)), 200);
    assert_true(
        shows_in_order((const char *const[]){o.serial.p, "eligibility.held.2", "R08.06.15", NULL}));
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &counter_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("what other businesses told is shown read-only with source, day and event, and "
                   "the look is logged [NHI-ELG-004]",
                   test_told),
        TOWN_TESTS("each desk's way to it is on its menu with its own right, refused and absent "
                   "without",
                   test_own_right),
        TOWN_TESTS("one number opens the same person in every desk, and the log tells which looked",
                   test_one_key),
        TOWN_TESTS("files are joined by the number alone: an unknown one is refused, a name is no "
                   "key [NHI-CMN-031]",
                   test_unknown_key),
        TOWN_TESTS("address and income known inside stand at the counter with source and date "
                   "[NHI-CMN-020]",
                   test_known_at_counter),
        TOWN_TESTS("the page of a number that is led names the leading one", test_led),
        TOWN_TESTS("eligibility, certificates and the arrears side have menus and rights of their "
                   "own [NHI-ELG-050]",
                   test_groups),
        TOWN_TESTS("short-term and special certificates are followed on the arrears side "
                   "[NHI-ELG-050]",
                   test_special),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
