/* What a person may ask about his own data, reception slips, decisions, media, other sections'
 * terminals. */
#include "link_town.h"

#include "desk/linkage/pages.h"
#include "office/inner.h"
#include "office_sql.h"

/* --- requests
 * ------------------------------------------------------------------------------------- */

static struct disclosure_new request_of(int64_t person_id)
{
    return (struct disclosure_new){.person_id = person_id,
                                   .kind = STR("disclose"),
                                   .requester = STR("保険　太郎"),
                                   .identity = IDENTITY_NUMBER_CARD,
                                   .proxy_document = STR(""),
                                   .content = STR("国保の記録すべて"),
                                   .received = day_of("2026-06-10")};
}

static void test_request(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct linkage_disclosure_by_no_row d;
    int64_t no = 0;
    struct disclosure_new r = request_of(k.taro);
    t->w.actor = link_town_clerk();
    r.identity = IDENTITY_NONE;
    town_refused(t, disclosure_enter(&t->w, &r, &no), ERR_INVALID, "linkage.disclosure.identity");
    r = request_of(k.taro);
    r.is_proxy = true;
    town_refused(t, disclosure_enter(&t->w, &r, &no), ERR_INVALID, "linkage.disclosure.proxy");
    r.proxy_document = STR("委任状");
    TOWN_OK(t, disclosure_enter(&t->w, &r, &no));
    TOWN_OK(t, disclosure_find(&t->w, no, &d));
    assert_true(d.is_proxy);
    assert_int_equal(ymd_compare(d.due_ymd, day_of("2026-07-10")), 0); /* thirty days */
    town_refused(t, disclosure_extend(&t->w, no, STR(" ")), ERR_INVALID,
                 "linkage.disclosure.reason");
    TOWN_OK(t, disclosure_extend(&t->w, no, STR("大量のため")));
    TOWN_OK(t, disclosure_find(&t->w, no, &d));
    assert_int_equal(ymd_compare(d.due_ymd, day_of("2026-08-09")), 0);
    town_refused(t, disclosure_extend(&t->w, no, STR("もう一度")), ERR_STALE,
                 "linkage.disclosure.settled");
    town_refused(t, disclosure_decide(&t->w, no, STR("part"), STR("")), ERR_INVALID,
                 "linkage.disclosure.reason");
    TOWN_OK(t, disclosure_decide(&t->w, no, STR("part"), STR("第三者の情報を除く")));
    town_refused(t, disclosure_decide(&t->w, no, STR("none"), STR("x")), ERR_STALE,
                 "linkage.disclosure.settled");
}

/* --- the extract
 * ---------------------------------------------------------------------------------- */

static bool extract_has(const struct extract *x, const char *item, const char *value)
{
    for (size_t i = 0; i < x->n; i++)
        if (str_is(x->lines[i].item, item) && str_is(x->lines[i].value, value))
            return true;
    return false;
}

static bool extract_says(const struct extract *x, const char *words)
{
    for (size_t i = 0; i < x->n; i++)
        if (memmem(x->lines[i].value.p, x->lines[i].value.n, words, strlen(words)))
            return true;
    return false;
}

/* Taro corrected his name and moved out alone; the others moved on without him. */
static void taro_leaves(struct town *t, struct link_town *k)
{
    struct party_state s;
    struct feed f = feed_begin(t, "party.import", k->household);
    TOWN_OK(t, party_states(&t->w, &k->taro, 1, &s));
    TOWN_OK(t, party_close(f.party, PARTY_NAME, s.name_row, f.event_no));
    s.name.name = STR("保険　太朗");
    TOWN_OK(t, party_open_name(f.party, f.event_no, &s.name, NULL));
    TOWN_OK(t, party_close(f.party, PARTY_MEMBERSHIP, s.membership_row, f.event_no));
    s.membership.valid.to = day_of("2026-05-01");
    TOWN_OK(t, party_open_membership(f.party, f.event_no, &s.membership, NULL));
    TOWN_OK(t, party_close(f.party, PARTY_ADDRESS, s.address_row, f.event_no));
    s.address.valid.to = day_of("2026-06-01");
    TOWN_OK(t, party_open_address(f.party, f.event_no, &s.address, NULL));
    s.address.valid = (struct span){day_of("2026-06-01"), YMD_NONE};
    s.address.town = STR("秘密町");
    TOWN_OK(t, party_open_address(f.party, f.event_no, &s.address, NULL));
    feed_end(&f);
}

static void test_extract(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct link_answer a;
    struct extract x;
    open_link_of(t, link_to(LINK_ASK, "care", "PRV-035", "link_eligibility"), "person_no,name");
    struct link_question q = {STR("L-0001"), k.taro, STR("name"), STR("算定")};
    TOWN_OK(t, linkage_ask(&t->w, &q, &a));
    taro_leaves(t, &k);
    TOWN_OK(t, extract_make(&t->w, k.taro, &x));
    assert_true(extract_has(&x, "氏名", "保険　太朗"));
    assert_true(extract_has(&x, "氏名", "保険　太郎")); /* what was corrected is history */
    assert_true(extract_has(&x, "取得事由", "02"));     /* eligibility */
    assert_true(extract_has(&x, "被保険者番号", "00012345"));
    assert_true(extract_has(&x, "町字", "本町"));
    assert_true(extract_has(&x, "連携番号", "L-0001")); /* what was asked about him */
    assert_false(extract_says(&x, "花子"));             /* others */
    assert_false(extract_says(&x, "秘密町"));           /* where they went without him */
    assert_true(x.withheld > 0);
    size_t lines_of_taro = x.n;
    TOWN_OK(t, extract_make(&t->w, k.other, &x));
    assert_true(x.n < lines_of_taro);
    assert_false(extract_says(&x, "本町"));
}

static void test_extract_job(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct text file;
    struct audit_rows lines;
    int64_t no = 0, job = 0;
    struct disclosure_new r = request_of(k.taro);
    t->w.actor = link_town_clerk();
    TOWN_OK(t, disclosure_enter(&t->w, &r, &no));
    TOWN_OK(t, job_run(&t->w, "disclosure-extract",
                       str_format(t->w.cx.arena, "request=%lld", (long long)no), &job));
    text_init(&file, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, extract_path(&t->w, no, "csv").p, 1 << 20, &file));
    assert_non_null(memmem(file.p, file.n, "保険　太郎", strlen("保険　太郎")));
    assert_null(memmem(file.p, file.n, "花子", strlen("花子")));
    text_clear(&file);
    TOWN_OK(t, file_read(&t->w.cx, extract_path(&t->w, no, "pdf").p, 1 << 20, &file));
    assert_memory_equal(file.p, "%PDF-", 5);
    text_release(&file);
    struct audit_search s = {.person_id = k.taro, .from = YMD_NONE, .to = YMD_NONE, .limit = 50};
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit, &s, &lines));
    bool logged = false;
    for (size_t i = 0; i < lines.n; i++)
        logged = logged || str_is(lines.rows[i].purpose, "disclosure-extract");
    assert_true(logged);
    r.kind = STR("correct");
    TOWN_OK(t, disclosure_enter(&t->w, &r, &no));
    town_refused(t,
                 job_run(&t->w, "disclosure-extract",
                         str_format(t->w.cx.arena, "request=%lld", (long long)no), &job),
                 ERR_INVALID, "linkage.disclosure.not_disclose");
}

/* --- decisions
 * ------------------------------------------------------------------------------------- */

static void test_decisions(void **state)
{
    struct town *t = *state;
    struct link_town k = link_town_fill(t);
    struct decided_list list;
    struct disclosure_new r = request_of(k.taro);
    int64_t no = 0;
    TOWN_OK(t, user_add(&t->w,
                        &(struct user_new){.sign_in_name = STR("kakaricho"),
                                           .full_name = STR("係長　次郎"),
                                           .branch = STR("main"),
                                           .role = ROLE_CHIEF,
                                           .expires = YMD_NONE,
                                           .birth = YMD_NONE,
                                           .password = STR("Kumo-tatsu-4912"),
                                           .keep_password = true},
                        &no));
    struct actor chief = *link_town_chief();
    chief.user_id = no;
    t->w.actor = &chief;
    TOWN_OK(t, disclosure_enter(&t->w, &r, &no));
    TOWN_OK(t, disclosure_decide(&t->w, no, STR("whole"), STR("")));
    TOWN_OK(t, decided_of_person(&t->w, k.taro, &list));
    assert_int_equal(list.n, 2);
    assert_string_equal(list.rows[0].kind, "linkage.disclosure.kind.disclose"); /* newest first */
    assert_int_equal(ymd_compare(list.rows[0].day, t->w.today), 0);
    assert_true(str_is(list.rows[0].officer, "係長　次郎"));
    assert_true(list.rows[0].number.n > 0 && list.rows[0].basis.n > 0);
    assert_int_equal(ymd_compare(list.rows[0].noticed, t->w.today), 0);
    assert_string_equal(list.rows[1].kind, "eligibility.decided.acquisition");
    assert_int_equal(ymd_compare(list.rows[1].day, day_of("2015-04-01")), 0);
    TOWN_OK(t, decided_of_person(&t->w, k.other, &list));
    assert_int_equal(list.n, 0);
}

/* --- slips
 * ------------------------------------------------------------------------------------------ */

static void test_slips(void **state)
{
    struct town *t = *state;
    struct linkage_slips_list list;
    int64_t usual = 0, serious = 0, later = 0;
    struct slip_new s = {day_of("2026-06-01"), STR("匿名"), STR("名前の使われ方を知りたい"), false};
    TOWN_OK(t, setting_set(&t->w, "linkage.slip_days", STR("10"), STR("要綱")));
    t->w.actor = link_town_clerk();
    TOWN_OK(t, slip_enter(&t->w, &s, &usual));
    s.is_serious = true;
    TOWN_OK(t, slip_enter(&t->w, &s, &serious));
    s.received = day_of("2026-06-14");
    TOWN_OK(t, slip_enter(&t->w, &s, &later));
    assert_int_equal(serious, usual + 1); /* numbers run */
    t->w.today = day_of("2026-06-11");
    struct linkage_slips_in in = {true, t->w.today, 50};
    TOWN_OK(t, linkage_slips(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1); /* on its last day the usual one is in time */
    assert_int_equal(list.rows[0].slip_no, serious);
    in.today = day_of("2026-06-12");
    TOWN_OK(t, linkage_slips(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 2);
    TOWN_OK(t, slip_answer(&t->w, usual, STR("目的内の利用です")));
    town_refused(t, slip_answer(&t->w, usual, STR("もう一度")), ERR_STALE, "linkage.slip.answered");
    TOWN_OK(t, linkage_slips(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1); /* answered in time: no longer listed */
    struct linkage_slip_by_no_row row;
    struct linkage_slip_by_no_in by = {usual};
    TOWN_OK(t, linkage_slip_by_no(&t->w.cx, t->w.store, &by, &row));
    assert_true(str_is(row.caller, "匿名"));
    assert_true(str_is(row.answer, "目的内の利用です"));
    assert_int_equal(ymd_compare(row.answered_ymd, day_of("2026-06-11")), 0);
}

/* --- media
 * ------------------------------------------------------------------------------------------ */

static void test_medium(void **state)
{
    struct town *t = *state;
    struct text opened;
    const struct str password = STR("mikazuki-no-yoru");
    struct medium_new m = {STR("M-0001"), STR("L-0001"), STR("介護保険課 課長"), STR("災害")};
    (void)link_town_fill(t);
    open_link_of(t, link_to(LINK_OUT, "care", "PRV-035", "link_eligibility"), "person_no,name");
    const char *path = str_format(t->w.cx.arena, "%s/handover.sealed", t->path).p;
    t->w.actor = link_town_clerk();
    assert_int_equal(TOWN_OK(t, linkage_medium_enter(&t->w, &m)), 1);
    town_refused(t, linkage_medium_seal(&t->w, m.medium_no, password, path), ERR_DENIED,
                 "linkage.medium_not_approved");
    t->w.actor = link_town_chief();
    TOWN_OK(t, office_check(&t->w, last_event(t), true, STR("")));
    town_refused(t, linkage_medium_seal(&t->w, m.medium_no, STR("short"), path), ERR_INVALID,
                 "linkage.medium_password");
    TOWN_OK(t, linkage_medium_seal(&t->w, m.medium_no, password, path));
    town_refused(t, linkage_medium_enter(&t->w, &m), ERR_DUPLICATE, "linkage.medium_out");
    text_init(&opened, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path, 1 << 20, &opened));
    assert_null(memmem(opened.p, opened.n, "太郎", strlen("太郎"))); /* nothing readable */
    opened.p[opened.n - 1] ^= 1;
    const char *changed = str_format(t->w.cx.arena, "%s/changed.sealed", t->path).p;
    TOWN_OK(t, file_write(&t->w.cx, changed, text_str(&opened)));
    text_clear(&opened);
    town_refused(t, linkage_medium_open(&t->w.cx, changed, password, &opened), ERR_DENIED,
                 "linkage.sealed_password");
    town_refused(t, linkage_medium_open(&t->w.cx, path, STR("mikazuki-no-asa"), &opened),
                 ERR_DENIED, "linkage.sealed_password");
    assert_int_equal(opened.n, 0);
    TOWN_OK(t, linkage_medium_open(&t->w.cx, path, password, &opened));
    assert_non_null(memmem(opened.p, opened.n, "保険　太郎", strlen("保険　太郎")));
    text_release(&opened);
    struct linkage_mediums_list list;
    TOWN_OK(t, linkage_medium_settle(&t->w, m.medium_no, STR("erased")));
    TOWN_OK(t, linkage_mediums(&t->w.cx, t->w.store, &list));
    assert_int_equal(list.n, 1);
    assert_true(str_is(list.rows[0].state, "erased"));
    town_refused(t, linkage_medium_settle(&t->w, m.medium_no, STR("returned")), ERR_INVALID,
                 "linkage.medium_not_out");
}

/* --- terminals
 * ------------------------------------------------------------------------------------- */

static const char password_text[] = "Kumo-tatsu-4912";

static struct str terminal_of(struct town *t, const char *name, const char *section)
{
    struct str code, token, place;
    struct terminal_new n = {str_of(name), STR("main"), str_of(section)};
    TOWN_OK(t, terminal_code_for(&t->w, &n, &code));
    TOWN_OK(t, terminal_enrol(&t->w, code, &token, &place));
    return token;
}

static struct session signed_in(struct town *t, struct str terminal)
{
    struct session s;
    struct str token, next, base32, url;
    struct sign_in in = {STR("hanako"), str_of(password_text)};
    struct office_db_user_by_name_row row;
    TOWN_OK(t, user_totp(&t->w, in.name, &base32, &url));
    assert_int_equal(TOWN_OK(t, sign_in_password(&t->w, &in, terminal, &token)), SIGN_IN_FACTOR);
    TOWN_OK(t, office_db_user_by_name(&t->w.cx, t->w.store,
                                      &(struct office_db_user_by_name_in){in.name}, &row));
    struct str code;
    TOWN_OK(t, factor_code_now(&t->w, row.user_id, row.totp_sealed, &code));
    assert_true(TOWN_OK(t, sign_in_factor(&t->w, token, code, &next)) >= 0);
    assert_int_equal(TOWN_OK(t, office_session_find(&t->w.cx, t->w.office, next, terminal, &s)), 1);
    return s;
}

static bool may_open(const struct session *s, const struct desk *desk, const char *pattern)
{
    for (size_t i = 0; i < desk->n_routes; i++)
        if (strcmp(desk->routes[i].pattern, pattern) == 0)
            return (s->actor.rights & desk->routes[i].right) == desk->routes[i].right;
    fail_msg("no route %s", pattern);
    return false;
}

static void test_terminal_section(void **state)
{
    struct town *t = *state;
    int64_t id;
    TOWN_OK(t, user_add(&t->w,
                        &(struct user_new){.sign_in_name = STR("hanako"),
                                           .full_name = STR("花子"),
                                           .branch = STR("main"),
                                           .role = ROLE_CLERK,
                                           .expires = YMD_NONE,
                                           .birth = YMD_NONE,
                                           .password = str_of(password_text),
                                           .keep_password = true},
                        &id));
    struct str ours = terminal_of(t, "窓口1", ""), theirs = terminal_of(t, "介護1", "care");
    struct session s = signed_in(t, ours);
    assert_true(may_open(&s, &eligibility_desk, "/party/search"));
    assert_true(may_open(&s, &linkage_desk, "/disclosure/{}"));
    env_advance(t->env, INT64_C(61) * 1000000); /* the next code */
    s = signed_in(t, theirs);
    assert_true(str_is(s.actor.section, "care"));
    assert_false(may_open(&s, &eligibility_desk, "/party/search"));
    assert_false(may_open(&s, &linkage_desk, "/disclosure/{}"));
    assert_false(may_open(&s, &linkage_desk, "/linkage"));
    assert_true(may_open(&s, &linkage_desk, "/linkage/inquiry"));
}

int main(void)
{
    link_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a request has identity, proxy, thirty days and a decision [NHI-CMN-026]",
                   test_request),
        TOWN_TESTS("the extract covers all desks with history and nobody else [NHI-CMN-026]",
                   test_extract),
        TOWN_TESTS("the extract is made by a job and logged [NHI-CMN-026]", test_extract_job),
        TOWN_TESTS("decisions of all desks are listed by person [NHI-CMN-022]", test_decisions),
        TOWN_TESTS("slips over their period are listed, serious ones earlier [NHI-CMN-027]",
                   test_slips),
        TOWN_TESTS("a medium is approved, sealed, registered and followed [INT-014]", test_medium),
        TOWN_TESTS("the same user at a terminal of another section opens only its inquiries "
                   "[INT-011]",
                   test_terminal_section),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
