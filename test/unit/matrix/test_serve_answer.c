/*
 * One request after the other without sockets: every route of every desk against every role, and
 * what a form and an audited page need before anything happens.
 */
#include "town.h"

#include <stdio.h>
#include <string.h>

#include "office/inner.h"
#include "serve/inner.h"

extern const struct desk party_desk, eligibility_desk, levy_desk, collection_desk, benefit_desk,
    counter_desk;

enum { ROLE_COUNT = 6 };

static struct town *town;
static struct worker worker;
static struct exchange *x;
static struct str tokens[ROLE_COUNT];
static unsigned handled;

/* --- a desk of the test ------------------------------------------------------------------------
 */

static int look_without_line(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    (void)rq;
    html_raw(&rp->body, "secret");
    handled++;
    return OK;
}

static int look_with_line(struct work *w, struct request *rq, struct reply *rp)
{
    struct audit_line line = {.class = AUDIT_INQUIRY, .person_id = 7, .count = 1};
    int r = audit_write(w, &line);
    if (r < 0)
        return r;
    return look_without_line(w, rq, rp);
}

static int change(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    handled++;
    return reply_redirect(rq, rp, "/t/done");
}

static int change_fails(struct work *w, struct request *rq, struct reply *rp)
{
    (void)rq;
    (void)rp;
    handled++;
    return (fail)(&w->cx, ERR_STALE, "page.fault", NULL);
}

static const struct route routes[] = {
    ROUTE_GET("/t/unaudited", RIGHT(RIGHT_PARTY_VIEW), AUDIT_INQUIRY, look_without_line,
              "t.screen"),
    ROUTE_GET("/t/audited/{}", RIGHT(RIGHT_PARTY_VIEW), AUDIT_INQUIRY, look_with_line, "t.screen"),
    ROUTE_GET("/t/audited/new", RIGHT(RIGHT_PARTY_EDIT), AUDIT_NONE, look_without_line, "t.screen"),
    ROUTE_POST("/t/change", RIGHT(RIGHT_PARTY_EDIT), AUDIT_NONE, change, "t.screen"),
    ROUTE_POST("/t/fails", RIGHT(RIGHT_PARTY_EDIT), AUDIT_NONE, change_fails, "t.screen"),
};
static const struct desk test_desk = {.name = "test",
                                      .label = "t.desk",
                                      .routes = routes,
                                      .n_routes = sizeof routes / sizeof *routes};

static const struct desk *const desks[] = {
    &office_desk,
#ifdef HAVE_PARTY
    &party_desk,
#endif
#ifdef HAVE_ELIGIBILITY
    &eligibility_desk,
#endif
#ifdef HAVE_LEVY
    &levy_desk,
#endif
#ifdef HAVE_COLLECTION
    &collection_desk,
#endif
#ifdef HAVE_BENEFIT
    &benefit_desk,
#endif
#ifdef HAVE_COUNTER
    &counter_desk,
#endif
    &test_desk,
};

/* --- town
 * ----------------------------------------------------------------------------------------- */

static const char *const names[ROLE_COUNT] = {
    [ROLE_CLERK] = "clerk",
    [ROLE_CHIEF] = "chief",
    [ROLE_OPERATOR] = "operator",
    [ROLE_AUDITOR] = "auditor",
    [ROLE_ADMINISTRATOR] = "administrator",
    [ROLE_KEYER] = "keyer",
};

static struct str code_of(const char *name)
{
    struct demo_account accounts[16];
    size_t n = 0;
    TOWN_OK(town, office_demo_accounts(&town->cx, town->w.office, accounts, 16, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(accounts[i].name, name))
            return accounts[i].totp_hint;
    }
    fail_msg("no account %s", name);
    return STR_NONE;
}

static struct str sign_in(const char *name)
{
    char password[64];
    struct str token = STR_NONE, next = STR_NONE;
    snprintf(password, sizeof password, "hokenka-%s", name);
    struct sign_in in = {str_of(name), str_of(password)};
    int r = TOWN_OK(town, sign_in_password(&town->w, &in, STR_NONE, &token));
    if (r == SIGN_IN_FACTOR)
        r = TOWN_OK(town, sign_in_factor(&town->w, token, code_of(name), &next));
    assert_int_equal(r, SIGN_IN_DONE);
    return next.p ? next : token;
}

static int set_up(void **state)
{
    (void)state;
    static const struct serve_options options = {.version = "test"};
    town = town_new(STORE_SQLITE, true);
    TOWN_OK(town, office_demo_users(&town->w));
    worker = (struct worker){.options = &options, .office = town->w.office};
    arena_init(&worker.arena, 0);
    context_init(&worker.cx, town->env, &worker.arena);
    assert_int_equal(router_new(&worker.cx, &worker.router), OK);
    x = exchange_new(&worker);
    for (int i = 0; i < ROLE_COUNT; i++)
        tokens[i] = sign_in(names[i]);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    exchange_free(x);
    arena_release(&worker.arena);
    town_free(town);
    return 0;
}

/* --- requests
 * ----------------------------------------------------------------------------------------- */

static bool admit(enum method method, const char *path, struct str token)
{
    exchange_end(x);
    x->rq.method = method;
    x->path = x->rq.path = str_of(path);
    x->rq.session = token;
    return answer_admit(&worker, x);
}

static int get(const char *path, struct str token)
{
    if (admit(METHOD_GET, path, token))
        answer(&worker, x);
    return x->rp.status;
}

static void field(const char *name, struct str value)
{
    x->rq.form[x->rq.n_form++] = (struct pair){str_of(name), value};
}

/* once STR_NONE: a fresh one */
static int post(const char *path, struct str token, struct str once)
{
    if (!admit(METHOD_POST, path, token))
        return x->rp.status;
    if (!once.p)
        TOWN_OK(town, office_once_new(&x->cx, worker.office, &x->session, &once));
    field("_csrf", x->session.csrf);
    field("_once", once);
    answer(&worker, x);
    return x->rp.status;
}

/* "/a/{}/b" with a number in each hole. */
static void address_of(const struct route *r, char out[256])
{
    size_t n = 0;
    for (const char *c = r->pattern; *c && n + 2 < 256; c++) {
        if (c[0] == '{' && c[1] == '}') {
            out[n++] = '1';
            c++;
        } else {
            out[n++] = *c;
        }
    }
    out[n] = '\0';
}

/* --- tests
 * ---------------------------------------------------------------------------------------------- */

static void every_route_against_every_role(void **state)
{
    (void)state;
    size_t checked = 0;
    for (size_t i = 0; i < router_count(worker.router); i++) {
        const struct route *r = router_at(worker.router, i);
        char path[256];
        address_of(r, path);
        bool is_public = (r->right & RIGHT_PUBLIC) != 0;
        for (int role = 0; role < ROLE_COUNT; role++) {
            bool may = is_public || (role_rights((enum role)role) & r->right) == r->right;
            bool admitted = admit(r->method, path, tokens[role]);
            if (x->route != r && !strstr(r->pattern, "{}"))
                fail_msg("%s leads to %s", path, x->route ? x->route->pattern : "nothing");
            if (admitted != may || (!may && x->rp.status != 403))
                fail_msg("%s as %s: admitted %d, status %d", r->pattern, names[role], admitted,
                         x->rp.status);
            checked++;
        }
        bool stranger = admit(r->method, path, STR_NONE);
        if (stranger != is_public || (!is_public && x->rp.status != 303))
            fail_msg("%s without sign-in: admitted %d, status %d", r->pattern, stranger,
                     x->rp.status);
    }
    print_message("# %zu routes, %zu pairs of route and role\n", router_count(worker.router),
                  checked);
    assert_true(checked >= 5 * ROLE_COUNT);
}

/* Beside what everybody signed in has, who keys paper for a contractor reaches the batches of his
 * form; he cannot close one. */
static void who_keys_sees_his_form_only(void **state)
{
    (void)state;
    size_t reached = 0;
    for (size_t i = 0; i < router_count(worker.router); i++) {
        const struct route *r = router_at(worker.router, i);
        char path[256];
        address_of(r, path);
        const bool is_everybodys = (r->right & ~RIGHT(RIGHT_SIGNED_IN)) == 0;
        if ((r->right & RIGHT_PUBLIC) != 0 || is_everybodys ||
            !admit(r->method, path, tokens[ROLE_KEYER]))
            continue;
        if (!str_starts(str_of(r->pattern), STR("/collection/keyed")))
            fail_msg("%s is open to who keys paper", r->pattern);
        reached++;
    }
#ifdef HAVE_COLLECTION
    assert_int_equal(reached, 4); /* batches, one batch, a cover, a line */
    assert_false(admit(METHOD_POST, "/collection/keyed/1/close", tokens[ROLE_KEYER]));
    assert_false(admit(METHOD_GET, "/collection/receipts", tokens[ROLE_KEYER]));
#else
    assert_int_equal(reached, 0);
#endif
}

static void no_posting_route_works_without_token(void **state)
{
    (void)state;
    for (size_t i = 0; i < router_count(worker.router); i++) {
        const struct route *r = router_at(worker.router, i);
        char path[256];
        if (r->method != METHOD_POST)
            continue;
        address_of(r, path);
        for (int role = 0; role < ROLE_COUNT; role++) {
            if (!admit(METHOD_POST, path, tokens[role]))
                continue;
            field("_csrf", STR("0000000000000000000000000000000000000000000000000000000000000000"));
            answer(&worker, x);
            if (x->rp.status != 403)
                fail_msg("%s answered %d without a token", r->pattern, x->rp.status);
        }
    }
}

/* Nothing filled in: the form comes back with what is wrong, or there is no such thing; never a
 * fault of ours. */
static void an_empty_form_comes_back(void **state)
{
    (void)state;
    size_t posted = 0;
    for (size_t i = 0; i < router_count(worker.router); i++) {
        const struct route *r = router_at(worker.router, i);
        char path[256];
        if (r->method != METHOD_POST || (r->right & RIGHT_PUBLIC) != 0 ||
            str_starts(str_of(r->pattern), STR("/t/")) || str_is(str_of(r->pattern), "/sign-out"))
            continue;
        address_of(r, path);
        for (int role = 0; role < ROLE_COUNT; role++) {
            if ((role_rights((enum role)role) & r->right) != r->right)
                continue;
            const int status = post(path, tokens[role], STR_NONE);
            if (status >= 500)
                fail_msg("%s as %s answered %d to an empty form: %s", r->pattern, names[role],
                         status, x->cx.error.message);
            posted++;
        }
    }
    print_message("# %zu empty forms\n", posted);
    assert_true(posted > 5);
}

static void a_revocation_holds_at_the_next_request(void **state)
{
    (void)state;
    struct str clerk = tokens[ROLE_CLERK];
    assert_true(admit(METHOD_GET, "/t/unaudited", clerk));
    TOWN_OK(town, user_disable(&town->w, STR("clerk"), STR("異動")));
    assert_false(admit(METHOD_GET, "/t/unaudited", clerk));
    assert_int_equal(x->rp.status, 303);
    assert_true(str_starts(x->rp.location, STR("/sign-in?next=")));
}

static void a_page_without_audit_line_is_refused(void **state)
{
    (void)state;
    assert_int_equal(get("/t/unaudited", tokens[ROLE_CHIEF]), 500);
    assert_null(strstr(x->rp.body.text.p, "secret"));
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 200);
    assert_non_null(strstr(x->rp.body.text.p, "secret"));
}

static void no_audit_store_no_page(void **state)
{
    (void)state;
    assert_true(fault_arm("audit.write:1"));
    handled = 0;
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 503);
    assert_null(strstr(x->rp.body.text.p, "secret"));
    assert_int_equal(handled, 0);
    assert_true(fault_arm(NULL));
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 200);
}

static void no_line_on_disk_no_page(void **state)
{
    (void)state;
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 200);
    assert_true(fault_arm("store.settle:1"));
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 503);
    assert_null(strstr(x->rp.body.text.p, "secret"));
    assert_true(fault_arm(NULL));
    assert_int_equal(get("/t/audited/12", tokens[ROLE_CHIEF]), 200);
    assert_non_null(strstr(x->rp.body.text.p, "secret"));
}

static void a_second_click_does_nothing(void **state)
{
    (void)state;
    struct str once = STR_NONE, token = tokens[ROLE_CHIEF];
    assert_true(admit(METHOD_POST, "/t/change", token));
    TOWN_OK(town, office_once_new(&worker.cx, worker.office, &x->session, &once));
    handled = 0;
    assert_int_equal(post("/t/change", token, once), 303);
    assert_int_equal(handled, 1);
    assert_int_equal(post("/t/change", token, once), 409);
    assert_int_equal(handled, 1);
    assert_int_equal(post("/t/change", token, STR("made-up")), 403);
    assert_int_equal(post("/t/change", tokens[ROLE_CLERK], once), 403); /* of another session */
    assert_int_equal(handled, 1);
}

static void a_failed_change_may_be_sent_again(void **state)
{
    (void)state;
    struct str once = STR_NONE, token = tokens[ROLE_CHIEF];
    assert_true(admit(METHOD_POST, "/t/fails", token));
    TOWN_OK(town, office_once_new(&worker.cx, worker.office, &x->session, &once));
    assert_int_equal(post("/t/fails", token, once), 409);
    handled = 0;
    assert_int_equal(post("/t/change", token, once), 303);
    assert_int_equal(handled, 1);
}

static void literal_parts_win_and_unknown_addresses_are_none(void **state)
{
    (void)state;
    struct str token = tokens[ROLE_CHIEF];
    assert_true(admit(METHOD_GET, "/t/audited/new", token));
    assert_string_equal(x->route->pattern, "/t/audited/new");
    assert_true(admit(METHOD_GET, "/t/audited/x", token));
    assert_true(str_is(x->rq.part[0], "x"));
    static const char *const none[] = {"/t/audited",  "/t/audited/", "/t/audited/a/b", "t", "//",
                                       "/t//audited", "/nothing",    "/static/0/../x"};
    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++) {
        assert_false(admit(METHOD_GET, none[i], token));
        assert_int_equal(x->rp.status, 404);
    }
    assert_false(admit(METHOD_GET, "/t/change", token));
    assert_int_equal(x->rp.status, 405);
}

static void mistakes_in_route_tables_stop_the_start(void **state)
{
    (void)state;
    static const struct route good = ROUTE_GET("/a/{}", 1, AUDIT_NONE, look_without_line, "s");
    struct route bad[7] = {good, good, good, good, good, good, good};
    bad[0].pattern = "a";
    bad[1].pattern = "/a//b";
    bad[2].pattern = "/a/{}/{}/{}/{}/{}";
    bad[3].right = 0;
    bad[4].audit = AUDIT_UNDECLARED;
    bad[5].handler = NULL;
    bad[6].right = RIGHT_PUBLIC;
    bad[6].audit = AUDIT_INQUIRY;
    for (size_t i = 0; i <= 7; i++) {
        struct route table[2] = {good, i < 7 ? bad[i] : good}; /* 7: twice the same */
        struct desk desk = {.name = "bad", .routes = table, .n_routes = 2};
        const struct desk *const list[] = {&desk};
        const struct router *router;
        office_desks_set(list, 1);
        int r = router_new(&worker.cx, &router);
        office_desks_set(desks, sizeof desks / sizeof desks[0]);
        assert_int_equal(r, ERR_INVALID);
        error_clear(&worker.cx);
    }
}

static void no_menu_item_is_out_of_reach(void **state)
{
    (void)state;
    static const struct menu_item menu[] = {{"/a", "t.a", "a", 1}, {"/b", "t.b", "a", 1}};
    struct desk desk = {.name = "keys", .menu = menu, .n_menu = 2};
    const struct desk *const list[] = {&desk};
    const struct router *router;
    office_desks_set(list, 1);
    int r = router_new(&worker.cx, &router);
    office_desks_set(desks, sizeof desks / sizeof desks[0]);
    assert_int_equal(r, ERR_INVALID);
    assert_string_equal(worker.cx.error.message, "serve.menu_key");
    error_clear(&worker.cx);
    /* More than there is room for would fall off the end without a word. */
    static struct menu_item many[MENU_MAX + 1];
    for (size_t i = 0; i < MENU_MAX + 1; i++)
        many[i] = (struct menu_item){"/a", "t.a", NULL, 1};
    desk = (struct desk){.name = "many", .menu = many, .n_menu = MENU_MAX + 1};
    office_desks_set(list, 1);
    r = router_new(&worker.cx, &router);
    office_desks_set(desks, sizeof desks / sizeof desks[0]);
    assert_int_equal(r, ERR_LIMIT);
    assert_string_equal(worker.cx.error.message, "serve.menu_room");
    error_clear(&worker.cx);
}

int main(void)
{
    office_desks_set(desks, sizeof desks / sizeof desks[0]);
#define ANSWER_TEST(name, function)                                                                \
    {                                                                                              \
        name, function, set_up, tear_down, NULL                                                    \
    }
    const struct CMUnitTest tests[] = {
        ANSWER_TEST("every route against every role and a stranger [E3 SEC-005]",
                    every_route_against_every_role),
        ANSWER_TEST("who keys paper opens the batches of his form only [DTE-006]",
                    who_keys_sees_his_form_only),
        ANSWER_TEST("no posting route works without its token [E5]",
                    no_posting_route_works_without_token),
        ANSWER_TEST("an empty form comes back with what is wrong [E5]", an_empty_form_comes_back),
        ANSWER_TEST("a revocation holds at the next request [E3]",
                    a_revocation_holds_at_the_next_request),
        ANSWER_TEST("a page without audit line is refused [E2 SEC-017]",
                    a_page_without_audit_line_is_refused),
        ANSWER_TEST("no audit store, no page [E2]", no_audit_store_no_page),
        ANSWER_TEST("a line that is not on disk, no page [E2]", no_line_on_disk_no_page),
        ANSWER_TEST("a second click does nothing [E5]", a_second_click_does_nothing),
        ANSWER_TEST("a failed change may be sent again", a_failed_change_may_be_sent_again),
        ANSWER_TEST("literal parts win, unknown addresses are none",
                    literal_parts_win_and_unknown_addresses_are_none),
        ANSWER_TEST("mistakes in route tables stop the start",
                    mistakes_in_route_tables_stop_the_start),
        ANSWER_TEST("no menu item is out of reach", no_menu_item_is_out_of_reach),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("serve_answer", tests, NULL, NULL);
}
