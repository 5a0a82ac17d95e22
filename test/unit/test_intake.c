/* Where everything that is taken in comes from, and by which way: the table and its refusals. */
#include "link_town.h"

static const char answer[] =
    "宛名番号,所得年,情報源,給与収入\r\n0000000011,2025,inquiry,1000000\r\n";
static const char start[] = "宛名番号,区分,異動,異動日,事由,保険者,参照番号\r\n"
                            "0000000011,assistance,start,2026-06-10,,,C-1\r\n";

static int take(struct town *t, const char *job, const char *body, const char *more)
{
    static int files;
    int64_t id = 0;
    const struct str path = str_format(t->w.cx.arena, "%s/intake%d.csv", t->path, files++);
    TOWN_OK(t, file_write(&t->w.cx, path.p, str_of(body)));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT "%s", STR_ARG(path), more),
                   &id);
}

static struct event newest(struct town *t)
{
    struct event e;
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, last_event(t), &e));
    return e;
}

static bool came(struct town *t, const char *source, const char *route)
{
    const struct event e = newest(t);
    return str_is(e.source, source) && str_is(e.route, route);
}

/* Of a job "import-care-levy" the file is "care_levy". */
static struct str file_of(struct town *t, const char *job)
{
    struct str name = str_format(t->w.cx.arena, "%s", job + strlen("import-"));
    char *p = str_c(t->w.cx.arena, name);
    for (size_t i = 0; i < name.n; i++)
        p[i] = p[i] == '-' ? '_' : p[i];
    return str_of(p);
}

/* No file and no entry that the program knows is without rows of its own or of its desk. */
static void test_whole(void **state)
{
    struct town *t = *state;
    size_t desks = 0, files = 0, entries = 0;
    const struct desk *const *desk = office_desks(&desks);
    for (size_t i = 0; i < desks; i++) {
        for (size_t k = 0; k < desk[i]->n_jobs; k++) {
            if (!str_starts(str_of(desk[i]->jobs[k].name), STR("import-")))
                continue;
            files++;
            if (!intake_knows(file_of(t, desk[i]->jobs[k].name)))
                fail_msg("%s has no source", desk[i]->jobs[k].name);
        }
        for (size_t k = 0; k < desk[i]->n_entries; k++, entries++)
            assert_true(
                intake_is_allowed(str_of(desk[i]->entries[k].kind), STR("city"), STR("counter")));
    }
    assert_true(files >= 14 && entries >= 20);
    assert_true(intake_knows(STR("compare_residents")));
    assert_false(intake_knows(STR("astrology")));
}

/* Every word of the table is one that a clerk can read. */
static void test_words(void **state)
{
    struct town *t = *state;
    struct intake_route *rows = NULL;
    size_t n = 0;
    struct text file;
    text_init(&file, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, ROOT "/src/desk/eligibility/messages.tsv", 1 << 20, &file));
    TOWN_OK(t, file_read(&t->w.cx, ROOT "/src/desk/counter/messages.tsv", 1 << 20, &file));
    const char *words_file = str_c(t->w.cx.arena, text_str(&file));
    text_release(&file);
    TOWN_OK(t, intake_routes(&t->w, &rows, &n));
    assert_true(n > 60);
    for (size_t i = 0; i < n; i++) {
        const struct str words[] = {str_format(t->w.cx.arena, "\nsource." STR_FMT "\t",
                                               STR_ARG(rows[i].source)),
                                    str_format(t->w.cx.arena, "\nroute." STR_FMT "\t",
                                               STR_ARG(rows[i].route))};
        for (size_t k = 0; k < 2; k++) {
            if (!strstr(words_file, words[k].p))
                fail_msg("%s", words[k].p);
        }
    }
}

static void test_files(void **state)
{
    struct town *t = *state;
    (void)link_town_fill(t);
    const int64_t before = last_event(t);
    town_refused(t, take(t, "import-assistance", start, " route=network"), ERR_INVALID,
                 "office.intake_pair");
    town_refused(t, take(t, "import-assistance", start, " source=care"), ERR_INVALID,
                 "office.intake_pair");
    town_refused(t, take(t, "import-incomes", answer, " source=municipality route=link"),
                 ERR_INVALID, "office.intake_pair");
    assert_int_equal(last_event(t), before); /* nothing was written */
    TOWN_OK(t, take(t, "import-assistance", start, ""));
    assert_true(came(t, "assistance", "file"));
    TOWN_OK(t, take(t, "import-incomes", answer, " source=municipality route=network"));
    assert_true(came(t, "municipality", "network"));
}

/* The pairs of one file are not those of another: pension data never come over the link. */
static void test_tables(void **state)
{
    static const char *const givers[] = {"person", "head", "member", "proxy"}; /* of the page */
    (void)state;
    for (size_t i = 0; i < sizeof givers / sizeof *givers; i++) {
        const struct str giver = str_of(givers[i]), kind = STR("eligibility.notification");
        assert_true(intake_is_allowed(kind, giver, STR("counter")));
        assert_true(intake_is_allowed(kind, giver, STR("post")));
        assert_false(intake_is_allowed(kind, giver, STR("network")));
    }
    assert_true(intake_is_allowed(STR("eligibility.notification"), STR("city"), STR("counter")));
    assert_true(intake_is_allowed(STR("care_levy"), STR("care"), STR("link")));
    assert_false(intake_is_allowed(STR("care_levy"), STR("care"), STR("network")));
    assert_true(intake_is_allowed(STR("pension_payer"), STR("pension"), STR("network")));
    assert_false(intake_is_allowed(STR("pension_payer"), STR("pension"), STR("link")));
    assert_false(intake_is_allowed(STR("pension_payer"), STR("care"), STR("file")));
    assert_true(intake_is_allowed(STR("eligibility.head"), STR("proxy"), STR("post")));
    assert_false(intake_is_allowed(STR("eligibility.head"), STR("person"), STR("file")));
    assert_false(intake_is_allowed(STR("levy.income"), STR("proxy"), STR("counter")));
    assert_false(intake_is_allowed(STR("incomes"), STR("municipality"), STR("post")));
}

static void test_keyed(void **state)
{
    struct town *t = *state;
    const struct link_town k = link_town_fill(t);
    struct event e = work_event(&t->w, "party.contact");
    const int64_t before = last_event(t);
    e.person_id = k.taro;
    e.source = STR("pension");
    town_refused(t, work_enter(&t->w, &e, STR("x")), ERR_INVALID, "office.intake_pair");
    e.source = STR("person");
    e.route = STR("file");
    town_refused(t, work_enter(&t->w, &e, STR("x")), ERR_INVALID, "office.intake_pair");
    assert_int_equal(last_event(t), before);
    struct circumstance_entry in = {.in = {.household_id = k.household,
                                           .notified = t->w.today,
                                           .source = STR("person"),
                                           .route = STR("post"),
                                           .why = STR(""),
                                           .identity = IDENTITY_POST},
                                    .fact = {.person_id = k.taro,
                                             .kind = CIRCUMSTANCE_UNEMPLOYED,
                                             .code = 22,
                                             .day = day_of("2026-04-30"),
                                             .notified = t->w.today,
                                             .first_month = MONTH_NONE,
                                             .last_month = MONTH_NONE}};
    int64_t no = 0;
    TOWN_OK(t, circumstance_enter(&t->w, &in, &no));
    struct event entered;
    TOWN_OK(t, event_get(&t->w.cx, t->w.store, no, &entered));
    assert_true(str_is(entered.source, "person") && str_is(entered.route, "post"));
}

int main(void)
{
    link_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TEST_SQLITE("every file and every entry has its sources", test_whole),
        TOWN_TEST_SQLITE("every source and way of the table has its word", test_words),
        TOWN_TEST_SQLITE("pairs are those of the file, not of another", test_tables),
        TOWN_TESTS("a file carries source and route; a pair that is not listed is refused "
                   "[NHI-CMN-029]",
                   test_files),
        TOWN_TESTS("so does what is keyed, at every desk [NHI-CMN-029]", test_keyed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
