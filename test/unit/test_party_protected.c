/*
 * Nobody named here may be found by where she lives: one test per place that shows people.
 *
 * Midori Shirasagi (白鷺　翠) fled to 緑町五丁目９番８号 with her son; the mark is hers alone.
 */
#include "desk/counter/counter.h"
#include "levy_town.h"
#include "residents.h"

#define NAME   "白鷺　翠"
#define REFUGE "緑町五丁目"

static const struct desk *const desks[] = {&office_desk, &party_desk,      &eligibility_desk,
                                           &levy_desk,   &collection_desk, &counter_desk};

static const struct frame frame = {.city = {"", 0},
                                   .user = {"", 0},
                                   .role = {"", 0},
                                   .branch = {"", 0},
                                   .terminal = {"", 0},
                                   .csrf = {"", 0},
                                   .once = {"", 0},
                                   .today = {"", 0},
                                   .path = {"/", 1},
                                   .notice = {"", 0},
                                   .version = {"", 0},
                                   .reference = {"", 0},
                                   .search = {"", 0}};

static struct reply page;

static page_handler *handler_of(const char *pattern)
{
    for (size_t d = 0; d < sizeof desks / sizeof *desks; d++) {
        for (size_t i = 0; i < desks[d]->n_routes; i++) {
            const struct route *r = &desks[d]->routes[i];
            if (strcmp(r->pattern, pattern) == 0 && r->method == METHOD_GET)
                return r->handler;
        }
    }
    fail_msg("no route %s", pattern);
    return NULL;
}

static void get(struct town *t, const char *pattern, const char *part, const char *q)
{
    struct request rq = {.method = METHOD_GET, .frame = &frame, .arena = t->w.cx.arena};

    html_release(&page.body);
    page = (struct reply){.status = 200};
    html_init(&page.body);
    rq.part[0] = str_of(part);
    if (q)
        rq.query[rq.n_query++] = (struct pair){STR("q"), str_of(q)};
    TOWN_OK(t, handler_of(pattern)(&t->w, &rq, &page));
}

static bool shows(const char *words)
{
    const struct str s = text_str(&page.body.text);
    return memmem(s.p, s.n, words, strlen(words)) != NULL;
}

struct family {
    int64_t household, mother, son;
};

static struct family furnish(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    struct family m = {.household =
                           add_household(&f, "000000701", REFUGE, "９番８号", "2026-05-01")};

    m.mother = add_person(&f, (struct who){"0000000701", NAME, "シラサギ　ミドリ", "1985-04-05",
                                           SEX_FEMALE});
    m.son = add_person(&f, (struct who){"0000000702", "白鷺　樹", "シラサギ　イツキ", "2015-04-05",
                                        SEX_MALE});
    add_member(&f, m.household, m.mother, "01", "2026-05-01", NULL);
    add_member(&f, m.household, m.son, "04", "2026-05-01", NULL);
    add_period(&f, m.mother,
               (struct insured){.from = "2026-05-01", .acquired_by = ACQUIRED_MOVE_IN});
    add_number(&f, m.household, "00000701", "2026-05-01");
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = m.mother,
                                                               .kind = "violence",
                                                               .decision_no = STR("7"),
                                                               .valid = {day_of("2026-05-01"),
                                                                         YMD_NONE}},
                                     NULL));
    feed_end(&f);
    return m;
}

static void test_person_page(void **state)
{
    struct town *t = *state;
    furnish(t);
    get(t, "/party/person/{}", "0000000701", NULL);
    assert_true(shows(NAME) && !shows(REFUGE));
    get(t, "/party/person/{}", "0000000702", NULL); /* the son, through her */
    assert_false(shows(REFUGE));
}

static void test_details_page(void **state)
{
    struct town *t = *state;
    furnish(t);
    get(t, "/party/person/{}/details", "0000000701", NULL);
    assert_true(shows(NAME) && !shows(REFUGE));
    get(t, "/party/person/{}/details", "0000000702", NULL);
    assert_false(shows(REFUGE));
}

static void test_household_page(void **state)
{
    struct town *t = *state;
    furnish(t);
    get(t, "/household/{}", "000000701", NULL);
    assert_true(shows(NAME) && !shows(REFUGE));
}

static void test_search_page(void **state)
{
    struct town *t = *state;
    furnish(t);
    get(t, "/party/search", "", "シラサギ");
    assert_true(shows(NAME) && !shows(REFUGE));
    get(t, "/party/search", "", "緑町5-9-8"); /* to be found by it would tell it */
    assert_false(shows(NAME) || shows("0000000701") || shows("白鷺　樹"));
}

/* The letters go to the real place, and carry the mark. */
static void test_letters(void **state)
{
    struct town *t = *state;
    const struct family m = furnish(t);
    struct addressee to;

    TOWN_OK(t, party_addressees(&t->w, &m.mother, 1, STR("levy"), &to));
    assert_true(to.is_protected && str_is(to.town, REFUGE));
}

/* A note of what was looked for holds what was typed, never what was found. */
static void test_log(void **state)
{
    struct town *t = *state;
    const struct family m = furnish(t);
    struct audit_rows rows;

    get(t, "/party/person/{}", "0000000701", NULL);
    get(t, "/party/person/{}/details", "0000000701", NULL);
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit,
                          &(struct audit_search){
                              .person_id = m.mother, .from = YMD_NONE, .to = YMD_NONE, .limit = 10},
                          &rows));
    assert_int_equal(rows.n, 2);
    for (size_t i = 0; i < rows.n; i++) {
        assert_null(memmem(rows.rows[i].query.p, rows.rows[i].query.n, REFUGE, strlen(REFUGE)));
        assert_null(memmem(rows.rows[i].purpose.p, rows.rows[i].purpose.n, REFUGE, strlen(REFUGE)));
    }
}

/* No column of any list of any desk is an address. */
static void test_lists(void **state)
{
    struct town *t = *state;
    struct request rq = {.method = METHOD_GET, .frame = &frame, .arena = t->w.cx.arena};

    furnish(t);
    for (size_t d = 0; d < sizeof desks / sizeof *desks; d++) {
        const struct store_schema *schema = desks[d]->schema;
        for (size_t i = 0; schema && i < (size_t)schema->n_lists; i++) {
            html_release(&page.body);
            page = (struct reply){.status = 200};
            html_init(&page.body);
            rq.part[0] = str_of(desks[d]->name);
            struct str name = str_of(schema->lists[i]->name); /* "party.merged" */
            (void)str_cut(&name, '.');
            rq.part[1] = name;
            rq.part[2] = STR_NONE;
            TOWN_OK(t, handler_of("/list/{}/{}")(&t->w, &rq, &page));
            assert_false(shows(REFUGE));
            rq.part[2] = STR("csv");
            TOWN_OK(t, handler_of("/list/{}/{}/{}")(&t->w, &rq, &page));
            assert_null(memmem(page.bytes.p, page.bytes.n, REFUGE, strlen(REFUGE)));
        }
    }
}

int main(void)
{
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("the person page names her without a place [ADR-014]", test_person_page),
        TOWN_TESTS("her records name her without a place [ADR-014]", test_details_page),
        TOWN_TESTS("the household page names her without a place [ADR-014]", test_household_page),
        TOWN_TESTS("the search finds her by name and not by address [ADR-014]", test_search_page),
        TOWN_TESTS("her letters go to the place and carry the mark [ADR-014]", test_letters),
        TOWN_TESTS("the log says nothing of her place [ADR-014]", test_log),
        TOWN_TESTS("no list and no export says anything of her place [ADR-014]", test_lists),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
