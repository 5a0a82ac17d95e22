/*
 * Certificates with the real judgement behind them, read back from the paper by pdftotext, and the
 * page of one person's register.
 */
#include "couple.h"
#include "exchange/exchange.h"
#include "read_pdf.h"

static void adopt(struct town *t)
{
    levy_town_adopt(t, ROOT "/rules", STR_NONE);
}

static void earn_pension(struct town *t, int64_t person, int year, int64_t revenue, int64_t taxable)
{
    earn(t, (struct income){.person_id = person,
                            .income_year = year,
                            .pension_revenue = YEN(revenue),
                            .has_taxable = true,
                            .taxable = YEN(taxable),
                            .tax_state = taxable > 0 ? TAX_LEVIED : TAX_EXEMPT});
}

static void earn_business(struct town *t, int64_t person, int64_t income)
{
    earn(t, (struct income){.person_id = person,
                            .income_year = 2025,
                            .business_income = YEN(income),
                            .tax_state = TAX_LEVIED});
}

static struct held issue(struct town *t, const struct home *h, struct certificate_order o)
{
    struct held held;
    TOWN_OK(t, certificate_enter(&t->w, h->household, &o, 1, NULL));
    assert_int_equal(TOWN_OK(t, certificate_by_serial(&t->w, o.serial, &held)), 1);
    return held;
}

static void is_day(struct ymd day, const char *text)
{
    assert_int_equal(ymd_compare(day, day_of(text)), 0);
}

/* --- judged, then printed ----------------------------------------------------------------------
 */

/* Born 1954-08-10: elderly from 2024-09-01, when there were still cards of the elderly. */
static void test_elderly(void **state)
{
    struct town *t = *state;
    struct certificate_order o = {.kind = STR("elderly"), .valid_until = YMD_NONE};

    adopt(t);
    const struct home h = couple(t, "1954-08-10", "1956-02-02");
    o.person_id = h.head;
    earn_pension(t, h.head, 2023, 1200000, 0);
    earn_pension(t, h.other, 2023, 800000, 0);
    judge(t, &h, "2024-08-01");
    set_day(t, "2024-08-31");
    town_refused(t, certificate_enter(&t->w, h.household, &o, 1, NULL), ERR_INVALID,
                 "eligibility.issue.not_elderly");
    set_day(t, "2024-09-01");
    town_refused(t, certificate_enter(&t->w, h.household, &o, 1, NULL), ERR_INVALID,
                 "eligibility.issue.share"); /* judged as one under 70 only */
    struct certificate_needs needs;
    TOWN_OK(t, certificate_due_people(&t->w, &h.head, 1, &needs));
    assert_int_equal(needs.n, 2);
    assert_string_equal(needs.rows[1].due, "eligibility.due.unjudged"); /* said, not guessed */
    assert_string_equal(needs.rows[1].refused, "eligibility.due.unjudged");
    judge(t, &h, "2024-09-01");
    TOWN_OK(t, certificate_due_people(&t->w, &h.head, 1, &needs));
    assert_string_equal(needs.rows[1].due, "eligibility.due.none");
    assert_null(needs.rows[1].refused);
    struct certificate_order judged = o;
    struct held c = issue(t, &h, judged);
    assert_int_equal(c.share, 2);
    is_day(c.effective, "2024-09-01");
    earn_pension(t, h.head, 2023, 9000000, 3800000);
    judge(t, &h, "2024-09-01");
    judged = o;
    judged.cause = STR("share");
    c = issue(t, &h, judged);
    assert_int_equal(c.share, 3);
    is_day(c.effective, "2024-09-01");
    is_day(c.valid_until, "2025-07-31");
}

static void test_limits(void **state)
{
    static const struct {
        int64_t income;
        enum division division;
    } cases[] = {{9440001, DIVISION_A},
                 {6430001, DIVISION_I},
                 {2530001, DIVISION_U},
                 {2530000, DIVISION_E}};
    struct town *t = *state;
    const struct certificate_order limit = {.kind = STR("limit"),
                                            .cause = STR("wish"),
                                            .valid_until = YMD_NONE};

    adopt(t);
    const struct home h = couple(t, "1980-03-10", "1982-03-10");
    earn_pension(t, h.other, 2025, 0, 0);
    set_day(t, "2026-08-10");
    struct certificate_order o = limit;
    o.person_id = h.head;
    town_refused(t, certificate_enter(&t->w, h.household, &o, 1, NULL), ERR_INVALID,
                 "eligibility.issue.division");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        earn_business(t, h.head, cases[i].income);
        judge(t, &h, "2026-08-01");
        o = limit;
        o.person_id = h.head;
        const struct held c = issue(t, &h, o);
        assert_int_equal(c.division, cases[i].division);
        is_day(c.effective, "2026-08-01");
        is_day(c.valid_until, "2027-07-31");
    }
    earn_pension(t, h.head, 2025, 0, 0); /* untaxed: the limit and the reduction on one document */
    judge(t, &h, "2026-08-01");
    o = limit;
    o.kind = STR("limit_reduction");
    o.person_id = h.head;
    assert_int_equal(issue(t, &h, o).division, DIVISION_O);
    tests_arrears.blocks_limits = true;
    o = limit;
    o.person_id = h.head;
    town_refused(t, certificate_enter(&t->w, h.household, &o, 1, NULL), ERR_INVALID,
                 "eligibility.issue.arrears");
}

/* Which documents the head should hold, and with which share, from day, age, income, arrears and
 * card. */
static void test_documents(void **state)
{
    static const struct {
        bool is_before, is_elderly, is_rich, has_card;
        enum arrears_state arrears;
        const char *kind, *second;
        int share; /* of the document that carries it */
    } cases[] = {
        {false, false, false, false, ARREARS_NONE, "confirmation", NULL, 0},
        {false, false, true, false, ARREARS_NONE, "confirmation", NULL, 0},
        {false, false, false, true, ARREARS_NONE, "notice", NULL, 0},
        {false, true, false, false, ARREARS_NONE, "confirmation", NULL, 2},
        {false, true, true, false, ARREARS_NONE, "confirmation", NULL, 3},
        {false, true, false, true, ARREARS_NONE, "notice", NULL, 2},
        {false, true, true, true, ARREARS_NONE, "notice", NULL, 3},
        {false, true, true, false, ARREARS_SPECIAL, "special_confirmation", NULL, 3},
        {false, true, false, true, ARREARS_SPECIAL, "special_notice", NULL, 2},
        {false, false, true, false, ARREARS_SHORT, "confirmation", NULL, 0},
        {true, false, true, false, ARREARS_NONE, "card", NULL, 0},
        {true, false, false, true, ARREARS_SHORT, "short_card", NULL, 0},
        {true, true, false, false, ARREARS_NONE, "card", "elderly", 2},
        {true, true, true, true, ARREARS_NONE, "card", "elderly", 3},
        {true, true, true, false, ARREARS_SPECIAL, "qualification", "elderly", 3},
    };
    struct town *t = *state;
    adopt(t);
    const struct home h = couple(t, "1954-03-10", "1980-03-10"); /* 72 and 46 */

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const int64_t who = cases[i].is_elderly ? h.head : h.other;
        const struct span none = {day_of("2020-01-01"), day_of("2020-01-01")};
        const struct span since = {day_of("2020-01-01"), YMD_NONE};
        struct feed f = feed_begin(t, "eligibility.card_registration", 0);
        struct certificate_needs needs;
        print_message("# case %zu\n", i);
        TOWN_OK(t, certificate_card_set(&t->w, f.event_no,
                                        &(struct card_registration){who, STR("link"),
                                                                    cases[i].has_card ? since
                                                                                      : none}));
        feed_end(&f);
        TOWN_OK(t, setting_set(&t->w, "eligibility.certificate_switch",
                               cases[i].is_before ? STR("2027-04-01") : STR("2024-12-02"),
                               STR("test")));
        tests_arrears = (struct certificate_arrears){.state = cases[i].arrears};
        earn_pension(t, h.head, 2025, cases[i].is_rich ? 9000000 : 1200000,
                     cases[i].is_rich ? 3800000 : 0);
        earn_pension(t, h.other, 2025, 0, 0);
        set_day(t, "2026-08-10");
        judge(t, &h, "2026-08-01");
        TOWN_OK(t, certificate_due_people(&t->w, &who, 1, &needs));
        assert_int_equal(needs.n, cases[i].second ? 2 : 1);
        assert_true(str_is(needs.rows[0].kind, cases[i].kind));
        if (cases[i].second)
            assert_true(str_is(needs.rows[1].kind, cases[i].second));
        assert_int_equal(needs.rows[needs.n - 1].share, cases[i].share);
    }
}

/* --- the register -------------------------------------------------------------------------------
 */

/* To whom, when, where, by whom; back when and why; and what is still out. */
static void test_register(void **state)
{
    struct town *t = *state;
    const struct actor *before = t->w.actor;
    struct actor clerk = levy_town_actor(ROLE_CLERK, 31);
    struct helds open;

    const struct home h = couple(t, "1980-03-10", "1982-03-10");
    clerk.user_name = STR("sato");
    clerk.branch = STR("north");
    t->w.actor = &clerk;
    set_day(t, "2026-06-10");
    struct held a =
        issue(t, &h, (struct certificate_order){.person_id = h.head, .valid_until = YMD_NONE});
    assert_true(str_is(a.person_no, "0000000011"));
    is_day(a.issued, "2026-06-10");
    assert_true(str_is(a.place, "north"));
    assert_true(str_is(a.user, "sato"));
    t->w.actor = before;
    set_day(t, "2026-06-12");
    (void)issue(t, &h,
                (struct certificate_order){.person_id = h.head,
                                           .cause = STR("name"),
                                           .valid_until = YMD_NONE});
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 1);
    assert_true(str_equal(open.rows[0].serial, a.serial));
    const struct certificate_return back = {a.serial, t->w.today, STR("replaced"), YMD_NONE};
    TOWN_OK(t, certificate_return_enter(&t->w, &back, 1, NULL));
    TOWN_OK(t, certificate_by_serial(&t->w, a.serial, &a));
    is_day(a.returned, "2026-06-12");
    assert_true(str_is(a.return_reason, "replaced"));
    assert_true(str_is(a.place, "north")); /* that of the issue, not of the return */
    assert_true(str_is(a.user, "sato"));
    TOWN_OK(t, certificate_open_returns(&t->w, STR_NONE, 50, &open));
    assert_int_equal(open.n, 0);
}

/* The few words that paper and page take from the messages, which a test program does not have. */
static const struct message words_known[] = {
    {"eligibility.certificate.confirmation", "資格確認書", NULL},
    {"eligibility.handed.counter", "窓口", NULL},
    {"eligibility.print.heading", "の交付について", NULL},
    {"eligibility.print.scheme", "国民健康保険", NULL},
    {"eligibility.returned.replaced", "差替", NULL},
    {"eligibility.sex.female", "女", NULL},
    {"eligibility.sex.male", "男", NULL},
};

/* --- read back from the paper ------------------------------------------------------------------
 */

static struct paper *paper_of_process(struct town *t)
{
    static struct paper *paper;

    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    return paper;
}

static struct str printed(struct town *t, struct str serial)
{
    struct text pdf;

    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, certificate_pdf(&t->w, paper_of_process(t), serial, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static void test_face(void **state)
{
    static const char *const face[] = {"国民健康保険資格確認書",
                                       "保険00000123",
                                       "（枝番）02",
                                       "木下マリア",
                                       "キノシタマリア",
                                       "（本名MARIASANTOSマリアサントス）",
                                       "昭和57年3月10日",
                                       "裏面記載",
                                       "性別女",
                                       "平成27年4月1日",
                                       "髙橋次郎",
                                       "架空県保険市本町一丁目２番３号",
                                       "令和8年7月31日"};
    struct town *t = *state;
    const struct home h = couple(t, "1980-03-10", "1982-03-10");
    const struct span since = {day_of("2015-04-01"), YMD_NONE};
    struct feed f = feed_begin(t, "party.name", 0);
    struct party_state now;

    TOWN_OK(t, party_states(&t->w, &h.other, 1, &now));
    TOWN_OK(t, party_close(f.party, PARTY_NAME, now.name_row, f.event_no));
    TOWN_OK(t, party_open_name(f.party, f.event_no,
                               &(struct name_fact){h.other, "alias", STR("木下　マリア"),
                                                   STR("キノシタ　マリア"), true, since},
                               NULL));
    TOWN_OK(t, party_open_name(f.party, f.event_no,
                               &(struct name_fact){h.other, "real", STR("MARIA SANTOS"),
                                                   STR("マリア　サントス"), false, since},
                               NULL));
    feed_end(&f);
    set_day(t, "2026-06-15");
    message_table_set(words_known, sizeof words_known / sizeof *words_known);
    struct held c = issue(t, &h,
                          (struct certificate_order){.person_id = h.other,
                                                     .is_sex_on_back = true,
                                                     .valid_until = YMD_NONE});
    assert_true(str_is(c.real_name, "MARIA SANTOS"));
    assert_true(str_is(c.real_kana, "マリア　サントス"));
    assert_true(c.is_sex_on_back && !c.is_undisclosed);
    must_say(printed(t, c.serial), face, sizeof face / sizeof *face);

    /* Under protection: marked, handed over at the counter, no address on the paper. */
    f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){h.head, "violence", STR("1"), since},
                                     NULL));
    feed_end(&f);
    c = issue(t, &h, (struct certificate_order){.person_id = h.head, .valid_until = YMD_NONE});
    assert_true(c.is_undisclosed);
    const struct str page = printed(t, c.serial);
    must_say(page, (const char *const[]){"窓口で手渡し", "タカハシジロウ", "（枝番）01"}, 3);
    assert_false(has(page, "本町一丁目"));
    assert_false(has(page, "裏面記載"));
    assert_false(has(page, "本名"));
    message_table_set(NULL, 0);
}

/* --- the eleven items of the face: kept, printed, handed over in a file
 * --------------------------- */

static struct table handed_over(struct town *t)
{
    static struct arena a;
    static struct text spec, out;
    static struct columns columns;
    struct table table;
    int64_t rows = 0;

    arena_release(&a);
    arena_init(&a, 0);
    text_release(&spec);
    text_release(&out);
    text_init(&spec, PDF_MOST);
    text_init(&out, PDF_MOST);
    TOWN_OK(t, file_read(&t->w.cx, ROOT "/data/formats/certificates.tsv", PDF_MOST, &spec));
    TOWN_OK(t, columns_read(&t->w.cx, &a, "certificates", text_str(&spec), &columns));
    const unsigned looks = t->w.looks;
    TOWN_OK(t, certificate_export(&t->w, &out, &rows));
    assert_int_equal(t->w.looks, looks + 1);
    TOWN_OK(t, table_read(&t->w.cx, &a, &columns, text_str(&out), &table));
    assert_int_equal(table.all_problems, 0);
    assert_int_equal(table.n, rows);
    assert_true(table.has_control && table.control_count == rows);
    assert_false(has(text_str(&out), "本町一丁目"));
    assert_false(has(text_str(&out), "123456789018")); /* the My Number of the vault */
    return table;
}

static void file_says(const struct table *table, struct str serial, const char *id,
                      const char *value)
{
    const size_t key = column_of(table->columns, "serial"), at = column_of(table->columns, id);

    for (size_t i = 0; i < table->n; i++) {
        if (!str_equal(table->rows[i].fields[key], serial))
            continue;
        const struct str got = table->rows[i].fields[at];
        if (value[0] ? !str_is(got, value) : got.n > 0)
            fail_msg("%s is " STR_FMT ", not %s", id, STR_ARG(got), value);
        return;
    }
    fail_msg("serial not in the file");
}

/* A foreigner whose documents carry the name she goes by. */
static void goes_by_alias(struct town *t, int64_t person)
{
    const struct span since = {day_of("2015-04-01"), YMD_NONE};
    struct party_state now;

    TOWN_OK(t, party_states(&t->w, &person, 1, &now));
    struct feed f = feed_begin(t, "party.name", 0);
    TOWN_OK(t, party_close(f.party, PARTY_NAME, now.name_row, f.event_no));
    TOWN_OK(t, party_open_name(f.party, f.event_no,
                               &(struct name_fact){person, "alias", STR("木下　マリア"),
                                                   STR("キノシタ　マリア"), true, since},
                               NULL));
    TOWN_OK(t, party_open_name(f.party, f.event_no,
                               &(struct name_fact){person, "real", STR("MARIA SANTOS"),
                                                   STR("マリア　サントス"), false, since},
                               NULL));
    feed_end(&f);
}

static void joins_company(struct town *t, const struct home *h)
{
    struct insured_periods periods;

    TOWN_OK(t, eligibility_periods(&t->w, h->other, &periods));
    struct feed f = feed_begin(t, "eligibility.joined_employer", h->household);
    TOWN_OK(t, eligibility_close(f.eligibility, ELIGIBILITY_PERIOD, periods.rows[0].row_id,
                                 f.event_no));
    (void)add_period(&f, h->other,
                     (struct insured){.from = "2015-04-01",
                                      .to = "2026-06-20",
                                      .cause = "2026-06-19",
                                      .acquired_by = ACQUIRED_MOVE_IN,
                                      .lost_by = LOST_EMPLOYER});
    feed_end(&f);
}

static void letter_says(struct town *t, struct str serial, const char *words)
{
    struct text pdf;
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, certificate_recall_pdf(&t->w, paper_of_process(t), serial, &pdf));
    must_say(words_of(t, text_str(&pdf)), &words, 1);
    text_release(&pdf);
}

static void test_eleven(void **state)
{
    static const char *const printed_items[] = {"（枝番）02",     "保険",           "00000123",
                                                "木下マリア",     "キノシタマリア", "MARIASANTOS",
                                                "マリアサントス", "裏面記載"};
    static const char *const items[][2] = {{"branch", "02"},
                                           {"symbol", "保険"},
                                           {"number", "00000123"},
                                           {"face_name", "木下　マリア"},
                                           {"face_kana", "キノシタ　マリア"},
                                           {"real_name", "MARIA SANTOS"},
                                           {"real_kana", "マリア　サントス"},
                                           {"sex_on_back", "1"},
                                           {"undisclosed", "0"},
                                           {"return_reason", ""},
                                           {"return_cause", ""}};
    struct town *t = *state;
    const struct home h = couple(t, "1980-03-10", "1982-03-10");
    const struct span since = {day_of("2015-04-01"), YMD_NONE};

    TOWN_OK(t, vault_put(&t->w, h.other, STR("123456789018"), STR("test")));
    goes_by_alias(t, h.other);
    set_day(t, "2026-06-15");
    message_table_set(words_known, sizeof words_known / sizeof *words_known);
    const struct held c = issue(t, &h,
                                (struct certificate_order){.person_id = h.other,
                                                           .is_sex_on_back = true,
                                                           .valid_until = YMD_NONE});
    must_say(printed(t, c.serial), printed_items, sizeof printed_items / sizeof *printed_items);
    struct table table = handed_over(t);
    for (size_t i = 0; i < sizeof items / sizeof *items; i++)
        file_says(&table, c.serial, items[i][0], items[i][1]);

    /* cover lost: the letter says since when, the register and the file say so when it is back */
    joins_company(t, &h);
    set_day(t, "2026-06-25");
    letter_says(t, c.serial, "令和8年6月20日");
    const struct certificate_return back = {c.serial, t->w.today, STR("loss"), YMD_NONE};
    TOWN_OK(t, certificate_return_enter(&t->w, &back, 1, NULL));
    table = handed_over(t);
    file_says(&table, c.serial, "return_reason", "loss");
    file_says(&table, c.serial, "return_cause", "2026-06-20");
    file_says(&table, c.serial, "returned", "2026-06-25");

    /* under protection: marked in the file, and the paper says that it is handed over */
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){h.head, "violence", STR("1"), since},
                                     NULL));
    feed_end(&f);
    const struct held d =
        issue(t, &h, (struct certificate_order){.person_id = h.head, .valid_until = YMD_NONE});
    must_say(printed(t, d.serial), (const char *const[]){"窓口で手渡し"}, 1);
    table = handed_over(t);
    file_says(&table, d.serial, "undisclosed", "1");
    file_says(&table, d.serial, "sex_on_back", "0");
    file_says(&table, d.serial, "real_name", "");
    assert_false(has(printed(t, c.serial), "本町一丁目")); /* issued before, printed again */
    message_table_set(NULL, 0);
}

/* --- the page -----------------------------------------------------------------------------------
 */

static const struct frame frame = {.city = {"", 0}, .user = {"", 0}, .path = {"/", 1}};

/* The handler of a route, called; the page's text in *page. */
static int call(struct town *t, const char *pattern, enum method method, struct request *rq,
                struct str *page)
{
    static struct reply rp;
    html_release(&rp.body);
    memset(&rp, 0, sizeof rp);
    html_init(&rp.body);
    rq->frame = &frame;
    rq->arena = t->w.cx.arena;
    rq->method = method;
    for (size_t i = 0; i < eligibility_desk.n_routes; i++) {
        const struct route *r = &eligibility_desk.routes[i];
        if (strcmp(r->pattern, pattern) != 0 || r->method != method)
            continue;
        const int result = r->handler(&t->w, rq, &rp);
        *page = text_str(&rp.body.text);
        return result < 0 ? result : rp.location.n > 0 ? 303 : rp.status ? rp.status : 200;
    }
    fail_msg("no route %s", pattern);
    return ERR_NOT_FOUND;
}

static void add(struct request *rq, const char *name, const char *value)
{
    rq->form[rq->n_form++] = (struct pair){str_of(name), str_of(value)};
}

static int post(struct town *t, const char *pattern, struct request *rq, struct str *page)
{
    char last[32];
    int64_t no = 0;

    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    snprintf(last, sizeof last, "%lld", (long long)no);
    add(rq, "_read_at", str_copy(t->w.cx.arena, str_of(last)).p);
    rq->part[0] = STR("0000000011");
    return call(t, pattern, METHOD_POST, rq, page);
}

static void test_page(void **state)
{
    struct town *t = *state;
    struct request look = {.part = {STR("0000000011")}}, rq = {0};
    struct helds all;
    struct str page;

    const struct home h = couple(t, "1980-03-10", "1982-03-10");
    set_day(t, "2026-06-15");
    message_table_set(words_known, sizeof words_known / sizeof *words_known);
    const unsigned looks = t->w.looks;
    assert_int_equal(call(t, "/certificates/{}", METHOD_GET, &look, &page), 200);
    assert_int_equal(t->w.looks, looks + 1);
    must_say(page, (const char *const[]){"資格確認書", "eligibility.due.none"}, 2);

    add(&rq, "kind", "decided"), add(&rq, "cause", "auto");
    assert_int_equal(post(t, "/certificates/{}/issue", &rq, &page), 303);
    TOWN_OK(t, certificate_of_people(&t->w, &h.head, 1, &all));
    assert_int_equal(all.n, 1);
    const struct held first = all.rows[0];
    assert_true(str_is(first.kind, "confirmation"));

    rq = (struct request){0}; /* another kind than the one decided wants a reason */
    add(&rq, "kind", "notice"), add(&rq, "cause", "kind");
    assert_int_equal(post(t, "/certificates/{}/issue", &rq, &page), 422);
    assert_true(has(page, "eligibility.issue.why"));
    rq = (struct request){0};
    add(&rq, "kind", "decided"), add(&rq, "cause", "name");
    assert_int_equal(post(t, "/certificates/{}/issue", &rq, &page), 303);
    TOWN_OK(t, certificate_of_people(&t->w, &h.head, 1, &all));
    assert_int_equal(all.n, 2);
    const struct str second = all.rows[0].serial;

    rq = (struct request){0};
    add(&rq, "serial", second.p), add(&rq, "how", "counter"), add(&rq, "confirmed", "1");
    assert_int_equal(post(t, "/certificates/{}/hand", &rq, &page), 303);
    rq = (struct request){0};
    add(&rq, "serial", first.serial.p), add(&rq, "reason", "replaced"), add(&rq, "day", "R8.6.15");
    assert_int_equal(post(t, "/certificates/{}/return", &rq, &page), 303);

    /* Every document: type, number, issued, valid to, back or not, who and where. */
    assert_int_equal(call(t, "/certificates/{}", METHOD_GET, &look, &page), 200);
    must_say(page,
             (const char *const[]){first.serial.p, second.p, "00000123-01", "R08.06.15",
                                   "R08.07.31", "eligibility.held.2", "差替", "eligibility.held.0",
                                   "内容確認済", "窓口", t->w.actor->user_name.p, "交付済"},
             12);

    /* The serial of somebody else is not taken here. */
    const struct held other =
        issue(t, &h, (struct certificate_order){.person_id = h.other, .valid_until = YMD_NONE});
    rq = (struct request){0};
    add(&rq, "serial", other.serial.p), add(&rq, "reason", "lost"), add(&rq, "day", "R8.6.15");
    assert_int_equal(post(t, "/certificates/{}/return", &rq, &page), 422);
    assert_true(has(page, "eligibility.certificate.none"));
    look.part[0] = STR("9999999999");
    assert_int_equal(call(t, "/certificates/{}", METHOD_GET, &look, &page), ERR_NOT_FOUND);
    error_clear(&t->w.cx);
    message_table_set(NULL, 0);
}

/* Who may only look at certificates sees no form; looking at people is another right. */
static void test_rights(void **state)
{
    struct town *t = *state;
    struct request look = {.part = {STR("0000000011")}};
    struct actor reader = levy_town_actor(ROLE_CLERK, 41);
    const struct actor *before = t->w.actor;
    struct str page;
    uint64_t search = 0, certificates = 0;

    (void)couple(t, "1980-03-10", "1982-03-10");
    reader.rights &= ~RIGHT(RIGHT_CERTIFICATE_EDIT);
    t->w.actor = &reader;
    assert_int_equal(call(t, "/certificates/{}", METHOD_GET, &look, &page), 200);
    assert_false(has(page, "<form method=\"post\""));
    t->w.actor = before;
    assert_int_equal(call(t, "/certificates/{}", METHOD_GET, &look, &page), 200);
    assert_true(has(page, "/certificates/0000000011/issue"));
    for (size_t i = 0; i < eligibility_desk.n_menu; i++) {
        const struct menu_item *m = &eligibility_desk.menu[i];
        if (strcmp(m->path, "/party/search") == 0)
            search = m->right;
        if (strcmp(m->path, "/certificates") == 0)
            certificates = m->right;
    }
    assert_true(certificates != 0 && search != 0 && certificates != search);
}

int main(void)
{
    levy_town_start();
    certificate_arrears_set(arrears);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the elderly card carries the judged share from the month after the 70th "
                   "birthday [NHI-ELG-022]",
                   test_elderly),
        TOWN_TESTS("limits carry the judged division, end by rule, arrears block them "
                   "[NHI-ELG-023]",
                   test_limits),
        TOWN_TESTS("documents by day, age, judged income, arrears and card [NHI-ELG-029]",
                   test_documents),
        TOWN_TESTS("the register says to whom, when, where, by whom, back when and why "
                   "[NHI-ELG-028]",
                   test_register),
        TOWN_TESTS("the face as pdftotext reads it back, the reading of the name on it [ADR-011]",
                   test_face),
        TOWN_TESTS("the eleven items of the face are kept, printed as set and in the file handed "
                   "over [NHI-ELG-049]",
                   test_eleven),
        TOWN_TESTS("a person's page: every document, issued again, handed over, taken back "
                   "[NHI-ELG-003]",
                   test_page),
        TOWN_TESTS("looking at certificates, issuing them and looking at people are three rights",
                   test_rights),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
