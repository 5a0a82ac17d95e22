/*
 * What the levy is fed with and by whom it is opened: the calendar of its files with its alarms,
 * counts on both sides, which source of income counts, the deemed head, and the sub-systems with
 * rights of their own that share one number.
 */
#include "asked.h"
#include "correcting.h"
#include "lists.h"
#include "read_pdf.h"

#include "desk/counter/counter.h"
#include "desk/eligibility/feed.h"
#include "desk/levy/population.h"
#include "desk/linkage/linkage.h"
#include "office/inner.h"

/* --- the calendar -------------------------------------------------------------------------------
 */

static const struct late_duty *late(struct town *t, const char *job)
{
    struct late_duty *rows = NULL;
    size_t n = 0;
    TOWN_OK(t, job_late_duties(&t->w, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].job, job)) {
            return &rows[i];
        }
    }
    return NULL;
}

static void clock_at(struct town *t, const char *day)
{
    const int64_t ten = ((int64_t)day_of(day).day * 86400 + 3600) * INT64_C(1000000);
    env_advance(t->env, ten - t->env->now_us(t->env));
    stand_on(t, day);
}

static void due_is(struct town *t, const char *job, const char *day)
{
    const struct late_duty *l = late(t, job);
    if (!l || ymd_compare(l->due, day_of(day)) != 0) {
        char got[11] = "none";
        if (l) {
            ymd_format(l->due, got);
        }
        fail_msg("%s: due %s, expected %s", job, got, day);
    }
}

/* Nothing ever came: on each of these days the calendar names the day each file was due. */
static void test_calendar(void **state)
{
    struct town *t = *state;
    static const struct {
        const char *today, *daily, *two_weekly, *yearly, *monthly, *care;
    } days[] = {
        /* a Thursday; the second Monday is the 15th of June, then every second one */
        {"2026-06-18", "2026-06-17", "2026-06-08", "2026-06-05", "2026-06-10", "2026-06-15"},
        {"2026-07-09", "2026-07-08", "2026-07-06", "2026-06-05", "2026-06-10", "2026-06-15"},
        {"2026-07-16", "2026-07-15", "2026-07-06", "2026-06-05", "2026-07-10", "2026-07-15"},
        {"2026-11-27", "2026-11-26", "2026-11-23", "2026-06-05", "2026-11-10", "2026-07-15"},
        {"2027-02-18", "2027-02-17", "2027-02-15", "2026-06-05", "2027-02-10", "2027-02-15"},
        {"2027-04-16", "2027-04-15", "2027-04-12", "2026-06-05", "2027-04-10", "2027-04-15"},
        {"2027-06-08", "2027-06-07", "2027-06-07", "2027-06-05", "2027-05-10", "2027-04-15"},
    };
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        clock_at(t, days[i].today);
        due_is(t, "import-resident-changes", days[i].daily);
        due_is(t, "import-nonresidents", days[i].daily);
        due_is(t, "name-match", days[i].daily);
        due_is(t, "name-match-result", days[i].daily);
        due_is(t, "tax-changes-levy", days[i].two_weekly);
        due_is(t, "import-incomes-yearly", days[i].yearly);
        due_is(t, "import-care-eligibility", days[i].monthly);
        due_is(t, "import-care-levy", days[i].care);
    }
}

/* Once a month instead of twice: the calendar follows the municipality's setting. */
static void test_correction_days(void **state)
{
    struct town *t = *state;
    clock_at(t, "2026-09-09");
    due_is(t, "levy-correct", "2026-09-05");
    clock_at(t, "2026-09-25"); /* the 20th is a Sunday, the days after it are holidays */
    due_is(t, "levy-correct", "2026-09-20");
    town_refused(t, setting_set(&t->w, "cycle.levy_correct", STR("monthly:"), STR("x")),
                 ERR_INVALID, "office.setting_cycle");
    town_refused(t, setting_set(&t->w, "cycle.levy_correct", STR("monthly:32"), STR("x")),
                 ERR_INVALID, "office.setting_cycle");
    TOWN_OK(t, setting_set(&t->w, "cycle.levy_correct", STR("monthly:12"), STR("要綱第3条")));
    due_is(t, "levy-correct", "2026-09-12");
    clock_at(t, "2026-10-08");
    due_is(t, "levy-correct", "2026-09-12");
    clock_at(t, "2026-10-14");
    due_is(t, "levy-correct", "2026-10-12");
}

/* --- counts on both sides -----------------------------------------------------------------------
 */

static int64_t take(struct town *t, const char *job, const char *body)
{
    static int files;
    int64_t id = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/in%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    TOWN_OK(t, job_run(&t->w, job, str_format(t->w.cx.arena, "path=%s", path.p), &id));
    return id;
}

static int64_t figure(struct town *t, int64_t job, const char *name)
{
    struct job_figure_row *rows = NULL;
    size_t n = 0;
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].name, name)) {
            return rows[i].value;
        }
    }
    return -1;
}

static int64_t ran(struct town *t, const char *job)
{
    int64_t id = 0;
    TOWN_OK(t, job_run(&t->w, job, STR(""), &id));
    return id;
}

static struct family two_people(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const struct family h = settle_in(&f, 0);
    feed_end(&f);
    return h;
}

#define HEAD "0000007000"
#define WIFE "0000007001"
#define TAX  "宛名番号,所得年,情報源,給与収入,公的年金等収入,課税区分\r\n"

/* The tax office's file says how many records it has; so many are taken, so many the levy takes. */
static void test_tax_flow(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    (void)two_people(t);
    clock_at(t, "2026-06-08");
    due_is(t, "import-incomes-yearly", "2026-06-05");
    job = take(t, "import-incomes-yearly",
               TAX HEAD ",2025,tax,3000000,,levied\r\n" WIFE ",2025,tax,,800000,exempt\r\n"
                        "CONTROL,2\r\n");
    assert_int_equal(figure(t, job, "lines"), 2);
    assert_int_equal(figure(t, job, "good"), 2);
    assert_null(late(t, "import-incomes-yearly"));
    assert_int_equal(figure(t, ran(t, "tax-changes-levy"), "people"), 2);
    assert_null(late(t, "tax-changes-levy"));
    clock_at(t, "2026-06-23"); /* two weeks on: the next taking is due, and gets what came since */
    due_is(t, "tax-changes-levy", "2026-06-22");
    job = take(t, "import-incomes", TAX WIFE ",2025,tax,,900000,exempt\r\nCONTROL,1\r\n");
    assert_int_equal(figure(t, job, "good"), 1);
    assert_int_equal(figure(t, ran(t, "tax-changes-levy"), "people"), 1);
    assert_null(late(t, "tax-changes-levy"));
    assert_int_equal(list_of(t, "levy", "tax_changes", "levy"), 1);
}

#define COVER "宛名番号,被保険者区分,資格取得日,資格喪失日,介護被保険者番号\r\n"
#define CARE  "宛名番号,賦課年月,特別徴収額,年金保険者\r\n"

static void test_care_flow(void **state)
{
    struct town *t = *state;
    struct feed_facts facts;
    const struct family h = two_people(t);
    const int64_t both[2] = {h.head.person, h.other.person};
    clock_at(t, "2026-07-16");
    due_is(t, "import-care-eligibility", "2026-07-10");
    int64_t job = take(t, "import-care-eligibility",
                       COVER HEAD ",2,2020-05-05,,7\r\n" WIFE ",2,2021-05-05,,8\r\nCONTROL,2\r\n");
    assert_int_equal(figure(t, job, "good"), 2);
    TOWN_OK(t, feed_facts_of(&t->w, "care_eligibility", both, 2, &facts));
    assert_int_equal(facts.n, 2);
    assert_null(late(t, "import-care-eligibility"));
    due_is(t, "import-care-levy", "2026-07-15");
    job = take(t, "import-care-levy", CARE HEAD ",202607,5000,A\r\nCONTROL,1\r\n");
    assert_int_equal(figure(t, job, "good"), 1);
    TOWN_OK(t, feed_facts_of(&t->w, "care_levy", both, 2, &facts));
    assert_int_equal(facts.n, 1);
    assert_null(late(t, "import-care-levy"));
    clock_at(t, "2026-08-12"); /* the next month's cover is due, premiums not before February */
    due_is(t, "import-care-eligibility", "2026-08-10");
    assert_null(late(t, "import-care-levy"));
}

/* As many links as the file of the day has lines, as many the levy follows. */
static void test_name_flow(void **state)
{
    struct town *t = *state;
    const struct family h = two_people(t);
    struct leads leads;
    struct text file;
    clock_at(t, "2026-06-17");
    due_is(t, "name-match", "2026-06-16");
    (void)ran(t, "name-match");
    assert_null(late(t, "name-match"));
    struct feed f = feed_begin(t, "party.merge", 0);
    TOWN_OK(t, party_open_merge(f.party, f.event_no,
                                &(struct merge_fact){.person_id = h.other.person,
                                                     .leading_id = h.head.person,
                                                     .reason = STR("戸籍で確認"),
                                                     .valid = {day_of("2026-06-01"), YMD_NONE}},
                                NULL));
    feed_end(&f);
    const int64_t job = ran(t, "name-match-result");
    assert_int_equal(figure(t, job, "links"), 1);
    assert_null(late(t, "name-match-result"));
    const struct str path =
        str_format(t->w.cx.arena, "%s/handover/name-match-2026-06-17.csv", t->path);
    text_init(&file, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path.p, 1 << 20, &file));
    assert_non_null(strstr(text_str(&file).p, "CONTROL,1\r\n"));
    text_release(&file);
    TOWN_OK(t, party_leads(&t->w, t->w.asof, &leads));
    assert_int_equal(leads.n, 1);
    assert_int_equal(leads.rows[0].leading_id, h.head.person);
    assert_null(late(t, "name-match"));
    clock_at(t, "2026-06-19");
    due_is(t, "name-match", "2026-06-18"); /* yesterday's was missed */
}

/* --- which source counts ------------------------------------------------------------------------
 */

static void says(struct town *t, int64_t person, enum income_source source, int64_t yen)
{
    struct feed f = feed_begin(t, "levy.income", 0);
    const struct income in = {.person_id = person,
                              .income_year = 2025,
                              .source = source,
                              .business_income = YEN(yen)};
    int64_t written = 0;
    TOWN_OK(t, levy_income_put(&t->w, f.event_no, &in, 1, &written));
    feed_end(&f);
}

static int64_t counted(struct town *t, int64_t person)
{
    struct incomes best, all;
    const struct income_query q = {&person, 1, 2025, {t->w.today, KNOWN_NOW}, true};
    TOWN_OK(t, incomes_of_people(&t->w, &q, &best));
    TOWN_OK(t, levy_incomes(&t->w, &person, 1, 2025, KNOWN_NOW, &all));
    assert_int_equal(best.n, 1);
    assert_int_equal(best.rows[0].source, all.rows[0].source); /* shown first: what counts */
    return best.rows[0].business_income.n;
}

/* An answer of another municipality waits for the tax office, and with another order it does not;
 * decisions made before keep their order and replay. */
static void test_order(void **state)
{
    struct town *t = *state;
    const struct family h = two_people(t);
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    says(t, h.other.person, INCOME_TAX, 0);
    says(t, h.head.person, INCOME_DECLARATION, 1000000);
    assert_int_equal(counted(t, h.head.person), 1000000);
    says(t, h.head.person, INCOME_INQUIRY, 4000000);
    assert_int_equal(counted(t, h.head.person), 4000000);
    says(t, h.head.person, INCOME_TAX, 2000000);
    assert_int_equal(counted(t, h.head.person), 2000000);
    levy_year(t, 2026, "2026-06-15");
    const struct decision first = in_force(t, h.household, 2026);
    stand_on(t, "2026-08-05");

    static const char *const wrong[] = {"tax inquiry declaration", "override tax tax inquiry",
                                        "override tax inquiry declaration estimate", "税 職権", ""};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        town_refused(t, setting_set(&t->w, "levy.income_order", str_of(wrong[i]), STR("x")),
                     ERR_INVALID, "levy.income.order");
    }
    TOWN_OK(t, setting_set(&t->w, "levy.income_order", STR("override inquiry tax declaration"),
                           STR("賦課事務要領")));
    assert_int_equal(counted(t, h.head.person), 4000000);
    struct two_drafts two = correct_year(t, 2026, "2026-08-05");
    assert_int_equal(two.up.households, 1);
    const struct decision second = in_force(t, h.household, 2026);
    assert_true(second.result.total.n > first.result.total.n);
    assert_int_equal(second.result.total.n, assessed_now(t, h.household, 2026));
    struct decisions all;
    TOWN_OK(t, levy_decisions_of_household(&t->w, h.household, 2026, true, &all));
    assert_int_equal(all.n, 2);
    for (size_t i = 0; i < all.n; i++) {
        bool same = false;
        TOWN_OK(t, levy_replay(&t->w, &all.rows[i], &same));
        assert_true(same);
    }
    says(t, h.head.person, INCOME_OVERRIDE, 500000);
    assert_int_equal(counted(t, h.head.person), 500000);
    TOWN_OK(t, setting_set(&t->w, "levy.income_order", STR("declaration override inquiry tax"),
                           STR("試験")));
    assert_int_equal(counted(t, h.head.person), 1000000);
}

/* --- the deemed head ----------------------------------------------------------------------------
 */

struct deemed {
    int64_t household, head, wife;
};

/* He works for an employer and is not insured; she is. */
static struct deemed deemed_home(struct feed *f, int serial, int64_t his_yen)
{
    static char text[4][4][16];
    char(*s)[16] = text[serial];
    struct deemed d;
    snprintf(s[0], sizeof s[0], "%09d", 880 + serial);
    snprintf(s[1], sizeof s[1], "%010d", 8800 + 2 * serial);
    snprintf(s[2], sizeof s[2], "%010d", 8801 + 2 * serial);
    snprintf(s[3], sizeof s[3], "%08d", 8800 + serial);
    d.household = add_household(f, s[0], "本町", "８", "2000-01-01");
    d.head =
        add_person(f, (struct who){s[1], "擬制　一郎", "ギセイ　イチロウ", "1978-01-02", SEX_MALE});
    add_member(f, d.household, d.head, "01", "2000-01-01", NULL);
    d.wife = insure(f, d.household, s[2], "1980-01-02", "03", "2015-04-01").person;
    add_number(f, d.household, s[3], "2015-04-01");
    earns(f, d.head, 2025, his_yen);
    earns(f, d.wife, 2025, 0);
    return d;
}

static void test_deemed_head(void **state)
{
    struct town *t = *state;
    struct paper *paper;
    struct text pdf;
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    struct feed f = feed_begin(t, "party.initial", 0);
    const struct deemed poor = deemed_home(&f, 0, 0), rich = deemed_home(&f, 1, 5000000);
    feed_end(&f);
    levy_year(t, 2026, "2026-06-15");
    const struct decision p = in_force(t, poor.household, 2026),
                          r = in_force(t, rich.household, 2026);
    /* He owes, and only she counts as insured. */
    assert_int_equal(p.debtor_id, poor.head);
    assert_int_equal(r.debtor_id, rich.head);
    assert_int_equal(r.result.insured, 1);
    assert_true(r.result.marks & MARK_DEEMED_HEAD);
    /* His income takes the reduction away and adds nothing to the premium: 34,700 + 33,600 for
     * medical care, 11,100 + 10,700 for support, 18,700 for nursing care, 1,740 + 96 for children.
     */
    assert_int_equal(p.result.tier, 7);
    assert_int_equal(r.result.tier, 0);
    assert_int_equal(r.result.judge.n, 5000000);
    assert_int_equal(r.result.part[PART_MEDICAL].n, 34700 + 33600);
    assert_int_equal(r.result.total.n, 34700 + 33600 + 11100 + 10700 + 18700 + 1740 + 96);
    assert_int_equal(p.result.part[PART_MEDICAL].n, 34700 * 3 / 10 + 33600 * 3 / 10);
    TOWN_OK(t, office_paper(&t->w, &paper));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, setting_set(&t->w, "levy.mayor", STR("試験市長"), STR("試験")));
    TOWN_OK(t, levy_notice_pdf(&t->w, paper, &r, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    static const char *const said[] = {"擬制一郎様", "110,636"};
    must_say(words, said, 2);
    assert_int_equal(list_of(t, "eligibility", "deemed_heads", NULL), 2);
}

/* --- whose right opens what ---------------------------------------------------------------------
 */

/* A clerk's account that is limited to some desks, as the office makes its rights. */
static struct actor clerk_of(const char *desks, int64_t id)
{
    const struct user_scope scope = {.role = STR("clerk"), .desks = str_of(desks)};
    struct actor a = with_rights(rights_of(&scope));
    a.user_id = id;
    a.user_name = str_of(desks);
    return a;
}

static const struct {
    const char *desk, *own, *other;
} systems[] = {{"eligibility", "/certificates/" HEAD, "/eligibility/other?no=" HEAD},
               {"levy", "/levy/income/" HEAD, "/levy/other?no=" HEAD},
               {"collection", "/collection/other?no=" HEAD, "/collection/other?no=" HEAD}};
enum { SYSTEMS = sizeof systems / sizeof *systems };

static size_t lines_of(struct town *t, const char *user, int64_t person)
{
    struct audit_rows rows;
    const struct audit_search q = {.user_name = str_of(user),
                                   .person_id = person,
                                   .from = YMD_NONE,
                                   .to = YMD_NONE,
                                   .limit = 50};
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit, &q, &rows));
    return rows.n;
}

/* An account of one sub-system opens the person there and nowhere else, and leaves its own lines.
 */
static void test_systems(void **state)
{
    struct town *t = *state;
    const struct actor *before = t->w.actor;
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    const struct family h = two_people(t);
    for (int i = 0; i < SYSTEMS; i++) {
        const struct actor clerk = clerk_of(systems[i].desk, 60 + i);
        t->w.actor = &clerk;
        for (int k = 0; k < SYSTEMS; k++) {
            const int own = ask(t, METHOD_GET, systems[k].own, NULL);
            const bool found = own >= 0 && shows("試験　太郎");
            if (k != i) {
                town_refused(t, own, ERR_DENIED, "serve.denied");
                town_refused(t, ask(t, METHOD_GET, systems[k].other, NULL), ERR_DENIED,
                             "serve.denied");
                assert_false(is_on_menu(clerk.rights, systems[k].desk));
                continue;
            }
            assert_int_equal(TOWN_OK(t, own), 200);
            assert_true(found);
            assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, systems[k].other, NULL)), 200);
            assert_true(shows("試験　太郎"));
        }
        assert_int_equal(lines_of(t, systems[i].desk, h.head.person), 2);
    }
    t->w.actor = before;
}

/* The address function and the in-house links from the levy and from eligibility: with the desk's
 * own right and that of the function, by the menu; refused and absent without it. */
static void test_reach(void **state)
{
    static const struct {
        const char *desk, *menu, *page;
        enum right_bit right;
    } ways[] = {
        {"levy", "/levy/other", "/levy/other?no=" HEAD, RIGHT_OTHER},
        {"levy", "/party/search", "/party/person/" HEAD "/details", RIGHT_PARTY_VIEW},
        {"levy", "/linkage/inquiry", "/linkage/inquiry", RIGHT_LINK_INQUIRY},
        {"eligibility", "/eligibility/other", "/eligibility/other?no=" HEAD, RIGHT_OTHER},
        {"eligibility", "/party/search", "/party/person/" HEAD "/details", RIGHT_PARTY_VIEW},
        {"eligibility", "/linkage/inquiry", "/linkage/inquiry", RIGHT_LINK_INQUIRY},
        {"collection", "/collection/other", "/collection/other?no=" HEAD, RIGHT_OTHER},
        {"collection", "/party/search", "/party/person/" HEAD "/details", RIGHT_PARTY_VIEW},
        {"collection", "/linkage/inquiry", "/linkage/inquiry", RIGHT_LINK_INQUIRY},
    };
    struct town *t = *state;
    const struct actor *before = t->w.actor;
    (void)two_people(t);
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        struct actor may = clerk_of(ways[i].desk, 80);
        may.rights |= RIGHT(ways[i].right);
        t->w.actor = &may;
        assert_true(is_on_menu(may.rights, ways[i].menu));
        assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, ways[i].page, NULL)), 200);
        struct actor lacks = may;
        lacks.rights &= ~RIGHT(ways[i].right);
        t->w.actor = &lacks;
        assert_false(is_on_menu(lacks.rights, ways[i].menu));
        town_refused(t, ask(t, METHOD_GET, ways[i].page, NULL), ERR_DENIED, "serve.denied");
    }
    t->w.actor = before;
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                               &levy_desk,   &collection_desk, &linkage_desk,
                                               &counter_desk};
    correcting_start();
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every file of the levy stands in the calendar and is missed on its day "
                   "[NHI-ASM-034 IFC-004 IFC-006 IFC-009]",
                   test_calendar),
        TOWN_TESTS("the bulk correction is due on the days the municipality sets [NHI-ASM-012]",
                   test_correction_days),
        TOWN_TESTS("the resident tax: in June, then every two weeks, with counts on both sides "
                   "[IFC-006]",
                   test_tax_flow),
        TOWN_TESTS("nursing care: cover monthly, premiums in its months, with counts on both sides "
                   "[IFC-009]",
                   test_care_flow),
        TOWN_TESTS("the name matching: daily, with counts on both sides [IFC-004]", test_name_flow),
        TOWN_TESTS("another order of the sources gives another source in force [NHI-ASM-007]",
                   test_order),
        TOWN_TESTS("the deemed head owes and gets the notice; his income counts for the reduction "
                   "alone [NHI-ASM-020]",
                   test_deemed_head),
        TOWN_TESTS("sub-systems authorise and log on their own and share one number [NHI-CMN-001]",
                   test_systems),
        TOWN_TESTS("addresses and in-house links are reached from each desk with its own right "
                   "[NHI-ASM-035 NHI-ELG-052]",
                   test_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
