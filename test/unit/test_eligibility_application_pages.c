/* Applications as they are received, for whom an address is kept, and their pages. */
#include "applying.h"

/* --- as received
 * ------------------------------------------------------------------------------------- */

static void test_received(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    struct applications open;

    set_day(t, "2026-08-20");
    struct application a = part(&h, 100, 0);
    a.in.identity = IDENTITY_NONE;
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID, "eligibility.plan.identity_missing");
    a = part(&h, 100, 0);
    put_words(&a, "shoe_size", "27", NULL, NULL);
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.application.item_unknown");
    a = part(&h, 100, 0);
    a.n_items--;
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.application.item_missing");
    a = long_stay(&h, "2026-08-20", "2026-08-10", "2026-08-09");
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID, "eligibility.application.item_span");
    a = form(&h, APPLICATION_LIMIT, h.head, "2026-08-21");
    town_refused(t, application_enter(&t->w, &a), ERR_INVALID,
                 "eligibility.plan.notified_in_future");
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 0);

    a = part(&h, 100, 0);
    (void)looked(t, &a);
    assert_int_equal(a.n_items, 6);
    assert_int_equal(a.item[3].amount.n, 100);
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 1);
    town_refused(t, decide(t, refusal_of(&a, "nonsense")), ERR_INVALID,
                 "eligibility.application.reason");
    (void)settled(t, (struct application_decision){.no = a.no,
                                                   .state = APPLICATION_WITHDRAWN,
                                                   .words = STR("本人の申出")});
    town_refused(t, decide(t, grant_of(&a)), ERR_INVALID, "eligibility.application.decided");
    TOWN_OK(t, applications_open(&t->w, STR(""), 50, &open));
    assert_int_equal(open.n, 0);
    struct decided_list register_of = {0};
    TOWN_OK(t, decided_of_person(&t->w, h.head, &register_of));
    bool is_there = false;
    for (size_t i = 0; i < register_of.n; i++)
        is_there = is_there || str_is(register_of.rows[i].number, "2026-1");
    assert_true(is_there);
}

/* Under protection the address is on no notice. */
static void test_protected(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    const struct span since = {day_of("2015-04-01"), YMD_NONE};

    set_day(t, "2026-08-20");
    struct application a = part(&h, 100, 0);
    (void)looked(t, &a);
    (void)settled(t, grant_of(&a));
    MUST_SAY(notice(t, a.no), "本町一丁目");
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t,
            party_open_protection(f.party, f.event_no,
                                  &(struct protection_fact){h.other, "violence", STR("1"), since},
                                  NULL));
    feed_end(&f);
    assert_false(has(notice(t, a.no), "本町一丁目")); /* printed again: not there any more */
    a = part(&h, 100, 0);
    (void)looked(t, &a);
    (void)settled(t, grant_of(&a));
    const struct str page = notice(t, a.no);
    MUST_SAY(page, "窓口で手渡し");
    assert_false(has(page, "本町一丁目"));
}

/* --- the pages
 * -------------------------------------------------------------------------------------- */

static const struct frame frame = {.city = {"", 0}, .user = {"", 0}, .path = {"/", 1}};
static struct reply rp;

static int call(struct town *t, const char *pattern, enum method method, struct request *rq)
{
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
        return result < 0 ? result : rp.location.n > 0 ? 303 : rp.status ? rp.status : 200;
    }
    fail_msg("no route %s", pattern);
    return ERR_NOT_FOUND;
}

static void add(struct request *rq, const char *name, const char *value)
{
    rq->form[rq->n_form++] = (struct pair){str_of(name), str_of(value)};
}

static struct request filled(struct town *t, const char *part)
{
    char last[32];
    int64_t no = 0;
    struct request rq = {.part = {str_of(part)}};

    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &no));
    snprintf(last, sizeof last, "%lld", (long long)no);
    add(&rq, "_read_at", str_copy(t->w.cx.arena, str_of(last)).p);
    return rq;
}

static struct request received(struct town *t)
{
    struct request rq = filled(t, "0000000011");
    add(&rq, "received", "R8.8.20"), add(&rq, "source", "person"), add(&rq, "route", "counter");
    return rq;
}

/* One of each kind, as the browser sends them. */
static void take_in_four(struct town *t)
{
    struct request rq = received(t);

    /* without a look at his papers it is not taken in, and the form says so */
    add(&rq, "disease", "1");
    assert_int_equal(call(t, "/applications/{}/disease", METHOD_POST, &rq), 422);
    MUST_SAY(text_str(&rp.body.text), "eligibility.plan.identity_missing");
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "disease", "1"), add(&rq, "doctor_day", "R8.8.18");
    add(&rq, "doctor", "中央病院");
    assert_int_equal(call(t, "/applications/{}/disease", METHOD_POST, &rq), 303);
    assert_true(str_is(rp.location, "/application/000001"));
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "year", "2026"), add(&rq, "revenues.0.who", "0000000011");
    add(&rq, "revenues.0.revenue", "3,000,000");
    assert_int_equal(call(t, "/applications/{}/income", METHOD_POST, &rq), 303);
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "long_stay", "1"), add(&rq, "stays.0.from", "R8.5.1");
    add(&rq, "stays.0.to", "R8.8.10"), add(&rq, "stays.0.place", "中央病院");
    assert_int_equal(call(t, "/applications/{}/limit", METHOD_POST, &rq), 303);
    rq = received(t);
    add(&rq, "identity", "3"), add(&rq, "cause", "disaster"), add(&rq, "wanted", "exempt");
    add(&rq, "months", "3"), add(&rq, "income", "100,000"), add(&rq, "livelihood", "200000");
    add(&rq, "savings", "0");
    assert_int_equal(call(t, "/applications/{}/part", METHOD_POST, &rq), 303);
}

static void test_pages(void **state)
{
    struct town *t = *state;
    const struct home h = judged_couple(t, "1980-03-10", "1982-03-10");
    struct request look = {.part = {STR("0000000011")}}, list = {0}, one;

    set_day(t, "2026-08-20");
    earn_business(t, h.head, 2025, 6430001, 1000000);
    earn_business(t, h.other, 2025, 0, 0);
    judge(t, &h, "2026-08-01");
    const unsigned looks = t->w.looks;
    assert_int_equal(call(t, "/applications/{}", METHOD_GET, &look), 200);
    assert_int_equal(t->w.looks, looks + 1);
    MUST_SAY(text_str(&rp.body.text), "accesskey=\"1\"", "accesskey=\"4\"");

    take_in_four(t);
    assert_int_equal(call(t, "/applications", METHOD_GET, &list), 200);
    MUST_SAY(text_str(&rp.body.text), "000001", "000002", "000003", "000004", "髙橋");
    one = (struct request){.part = {STR("000002")}}; /* nobody of 70 to 74: no button to grant */
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "70歳から74歳までの被保険者がいないため", "/refuse");
    assert_false(has(text_str(&rp.body.text), "/application/000002/grant"));
    one.part[0] = STR("000001");
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "20,000", "/application/000001/grant", "中央病院");

    /* the console needs a second person too, where the setting asks for one */
    struct request rq = filled(t, "000001");
    assert_int_equal(call(t, "/application/{}/grant", METHOD_POST, &rq), 303);
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "/pending");
    assert_false(has(text_str(&rp.body.text), "/application/000001/grant"));
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, waiting_event(t), true, STR("")));
    t->w.actor = before;
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), 200);
    MUST_SAY(text_str(&rp.body.text), "/application/000001/pdf", "tester", "2026-1");

    /* a form older than what has happened to the household is not taken */
    rq = (struct request){.part = {STR("000004")}};
    add(&rq, "_read_at", "1"), add(&rq, "relief", "auto");
    assert_int_equal(call(t, "/application/{}/grant-part", METHOD_POST, &rq), 422);
    rq = filled(t, "000004");
    add(&rq, "relief", "auto");
    assert_int_equal(call(t, "/application/{}/grant-part", METHOD_POST, &rq), 303);
    rq = filled(t, "000002");
    add(&rq, "reason", "nobody");
    assert_int_equal(call(t, "/application/{}/refuse", METHOD_POST, &rq), 303);
    rq = filled(t, "000003");
    add(&rq, "words", "本人の申出");
    assert_int_equal(call(t, "/application/{}/end", METHOD_POST, &rq), 303);
    one.part[0] = STR("999999");
    assert_int_equal(call(t, "/application/{}", METHOD_GET, &one), ERR_NOT_FOUND);
    error_clear(&t->w.cx);
    html_release(&rp.body);
}

int main(void)
{
    levy_town_start();
    certificate_arrears_set(arrears);
    message_table_set(words_known, sizeof words_known / sizeof *words_known);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("what the form must say, and the register of decisions", test_received),
        TOWN_TESTS("no address on the notice of a protected household", test_protected),
        TOWN_TESTS("taken in, looked at, decided and printed on the pages", test_pages),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
