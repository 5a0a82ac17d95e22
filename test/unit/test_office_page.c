/* The office's pages and lists, through their handlers: what they show, hide, refuse and record. */
#include "town.h"

#include "office/inner_pages.h"
#include "office/list_inner.h"

#include <stdio.h>
#include <string.h>

struct visit { /* one request */
    struct town *t;
    struct request rq;
    struct reply rp;
    struct frame frame;
    int rc;
};

static struct actor everybody(const char *name, int64_t id, uint64_t rights)
{
    return (struct actor){.user_id = id,
                          .user_name = str_of(name),
                          .full_name = str_of(name),
                          .branch = STR("本庁"),
                          .terminal = STR("窓口1"),
                          .rights = rights};
}

static void form(struct visit *v, const char *name, const char *value)
{
    v->rq.form[v->rq.n_form++] = (struct pair){str_of(name), str_of(value)};
}

static void query(struct visit *v, const char *name, const char *value)
{
    v->rq.query[v->rq.n_query++] = (struct pair){str_of(name), str_of(value)};
}

static struct visit *visit(struct town *t, enum method method)
{
    static struct visit v;
    html_release(&v.rp.body);
    v = (struct visit){.t = t};
    v.rq.method = method;
    v.rq.frame = &v.frame;
    v.rq.arena = t->w.cx.arena;
    html_init(&v.rp.body);
    t->w.looks = 0;
    return &v;
}

static bool go(struct visit *v, page_handler *handler)
{
    v->rc = handler(&v->t->w, &v->rq, &v->rp);
    return v->rc >= 0;
}

static bool shows(const struct visit *v, const char *what)
{
    struct str s = text_str(&v->rp.body.text);
    return memmem(s.p, s.n, what, strlen(what)) != NULL;
}

static void open_page(struct visit *v, page_handler *handler, const char *part)
{
    v->rq.part[0] = str_of(part);
    TOWN_OK(v->t, go(v, handler) ? 0 : v->rc);
}

/* --- lists -------------------------------------------------------------------------------- */

static void put_job(struct town *t, const char *kind, int64_t done, int64_t skipped)
{
    struct office_db_job row = {.kind = str_of(kind),
                                .options = STR(""),
                                .state = STR("finished"),
                                .done = done,
                                .skipped = skipped,
                                .started_us_null = true,
                                .beat_us_null = true,
                                .ended_us_null = true,
                                .as_of = t->w.today};
    struct office_db_job_number_row number;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, office_db_job_number(&t->w.cx, t->w.store, &number));
    row.job_id = number.job_id;
    TOWN_OK(t, office_db_job_insert(&t->w.cx, t->w.store, &row));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static void open_figures(struct visit *v, const char *since)
{
    v->rq.part[1] = STR("jobs_by_kind");
    query(v, "v0", since);
    open_page(v, list_show, "office");
}

static void test_small_cells(void **state)
{
    struct town *t = *state;
    put_job(t, "alpha", 1234, 2);
    put_job(t, "beta", 30, 12);
    put_job(t, "gamma", 17, 40);
    put_job(t, "delta", 0, 0);
    struct visit *v = visit(t, METHOD_GET);
    open_figures(v, "2026-06-01");
    assert_true(shows(v, ">1234<"));
    assert_true(shows(v, ">17<"));
    assert_true(shows(v, ">0<"));
    assert_true(shows(v, ">10office.list.below<")); /* two skipped persons are not told */
    assert_false(shows(v, ">2<"));
    assert_true(shows(v, ">office.flag.hidden<")); /* nor can they be had from a total of 54 */
    assert_false(shows(v, ">12<"));
    assert_true(shows(v, ">40<"));
    assert_false(shows(v, "href=\"/party")); /* no way from a figure to a person */
    assert_int_equal(t->w.looks, 1);         /* SEC-019: the output left a line */
    TOWN_OK(t, setting_set(&t->w, "office.small_cell", STR("2"), STR("test")));
    v = visit(t, METHOD_GET);
    open_figures(v, "2026-06-01");
    assert_true(shows(v, ">2<"));
    assert_true(shows(v, ">12<"));
}

/* Two hidden numbers that add up to less than the threshold would still tell: a third goes too. */
static void test_small_sum(void **state)
{
    struct town *t = *state;
    put_job(t, "alpha", 1, 0);
    put_job(t, "beta", 1, 0);
    put_job(t, "gamma", 25, 0);
    put_job(t, "delta", 900, 0);
    struct visit *v = visit(t, METHOD_GET);
    open_figures(v, "2026-06-01");
    assert_false(shows(v, ">25<"));
    assert_true(shows(v, ">900<"));
    assert_true(shows(v, ">office.flag.hidden<"));
    v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("jobs_by_kind");
    v->rq.part[2] = STR("csv");
    query(v, "v0", "2026-06-01");
    open_page(v, list_show, "office"); /* what goes out as a file is hidden as well */
    assert_null(memmem(v->rp.bytes.p, v->rp.bytes.n, ",25,", 4));
    assert_non_null(memmem(v->rp.bytes.p, v->rp.bytes.n, ",900,", 5));
}

static void add_user(struct town *t, const char *name, const char *full_name)
{
    int64_t id;
    TOWN_OK(t, user_add(&t->w,
                        &(struct user_new){.sign_in_name = str_of(name),
                                           .full_name = str_of(full_name),
                                           .branch = STR("main"),
                                           .expires = YMD_NONE,
                                           .birth = YMD_NONE,
                                           .password = STR("Kumo-tatsu-4912"),
                                           .keep_password = true},
                        &id));
}

static void test_csv(void **state)
{
    struct town *t = *state;
    add_user(t, "first", "=cmd|' /C calc'!A0");
    add_user(t, "second", "髙橋, \"花\"子");
    struct visit *v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("csv");
    open_page(v, list_show, "office");
    struct str b = v->rp.bytes;
    assert_memory_equal(b.p, "\xEF\xBB\xBFサインイン名,氏名", 3 + strlen("サインイン名,氏名"));
    assert_non_null(memmem(b.p, b.n, "\"'=cmd|' /C calc'!A0\"", 21)); /* no formula */
    assert_non_null(memmem(b.p, b.n, "\"髙橋, \"\"花\"\"子\"", strlen("\"髙橋, \"\"花\"\"子\"")));
    assert_memory_equal(b.p + b.n - 2, "\r\n", 2);
    v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("cp932");
    open_page(v, list_show, "office");
    assert_non_null(memmem(v->rp.bytes.p, v->rp.bytes.n, "\xFB\xFC\x8B\xB4", 4)); /* 髙橋 */
}

static void test_list_rights(void **state)
{
    struct town *t = *state;
    const struct actor clerk = everybody("c", 5, role_rights(ROLE_CLERK));
    struct visit *v = visit(t, METHOD_GET);
    struct work keep = t->w;
    t->w.actor = &clerk;
    v->rq.part[0] = STR("office");
    v->rq.part[1] = STR("accounts");
    assert_false(go(v, list_show));
    assert_int_equal(v->rc, ERR_DENIED);
    error_clear(&t->w.cx);
    v = visit(t, METHOD_GET);
    open_page(v, lists_show, "");
    assert_false(shows(v, "/list/office/accounts")); /* absent, not only refused [SEC-005] */
    t->w = keep;
    v = visit(t, METHOD_GET);
    open_page(v, lists_show, "");
    assert_true(shows(v, "/list/office/accounts"));
}

static void test_mass_output(void **state)
{
    struct town *t = *state;
    TOWN_OK(t, setting_set(&t->w, "office.mass_output", STR("2"), STR("試験")));
    for (int i = 0; i < 4; i++) {
        char name[16];
        snprintf(name, sizeof name, "user-%d", i);
        add_user(t, name, "利用者");
    }
    const struct actor auditor = everybody("a", 5, role_rights(ROLE_AUDITOR));
    struct work keep = t->w;
    t->w.actor = &auditor;
    struct visit *v = visit(t, METHOD_GET);
    v->rq.part[0] = STR("office");
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("csv");
    assert_false(go(v, list_show));
    town_refused(t, v->rc, ERR_LIMIT, "office.list_too_long");
    const struct actor printer = everybody("p", 6, role_rights(ROLE_AUDITOR) | RIGHT(RIGHT_PRINT));
    t->w.actor = &printer;
    v = visit(t, METHOD_GET);
    v->rq.part[0] = STR("office");
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("pdf");
    assert_false(go(v, list_show));
    town_refused(t, v->rc, ERR_LIMIT, "office.list_too_long");
    t->w = keep;
    v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("csv");
    open_page(v, list_show, "office"); /* with a chief's right */
}

/* The log's newest line, and how many rows it says. */
static struct audit_row newest_line(struct town *t)
{
    struct audit_rows rows;
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit,
                          &(struct audit_search){.limit = 1, .from = YMD_NONE, .to = YMD_NONE},
                          &rows));
    assert_int_equal(rows.n, 1);
    return rows.rows[0];
}

static void test_pdf(void **state)
{
    struct town *t = *state;
    add_user(t, "first", "髙橋花子");
    struct visit *v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("pdf");
    open_page(v, list_show, "office");
    assert_string_equal(v->rp.type, "application/pdf");
    assert_memory_equal(v->rp.bytes.p, "%PDF-", 5);
    assert_true(str_is(v->rp.file_name, "accounts.pdf"));
    assert_int_equal(t->w.looks, 1);
    struct audit_row line = newest_line(t);
    assert_true(str_is(line.class, "print"));
    assert_int_equal(line.count, 1);
    assert_int_equal(line.result, OK);
    v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    query(v, "go", "1");
    open_page(v, list_show, "office");
    assert_true(shows(v, "/list/office/accounts/pdf?"));
}

static void test_pdf_without_print(void **state)
{
    struct town *t = *state;
    const struct actor reader = everybody("r", 5, t->w.actor->rights & ~RIGHT(RIGHT_PRINT));
    struct work keep = t->w;
    t->w.actor = &reader;
    struct visit *v = visit(t, METHOD_GET);
    v->rq.part[1] = STR("accounts");
    query(v, "go", "1");
    open_page(v, list_show, "office");
    assert_false(shows(v, "/list/office/accounts/pdf"));
    assert_true(shows(v, "/list/office/accounts/csv"));
    v = visit(t, METHOD_GET);
    v->rq.part[0] = STR("office");
    v->rq.part[1] = STR("accounts");
    v->rq.part[2] = STR("pdf");
    assert_false(go(v, list_show));
    assert_int_equal(v->rc, ERR_DENIED);
    assert_int_equal(t->w.looks, 0);
    error_clear(&t->w.cx);
    t->w = keep;
}

/* --- data map, calendar ------------------------------------------------------------------- */

static void test_data_map(void **state)
{
    struct town *t = *state;
    struct visit *v = visit(t, METHOD_GET);
    open_page(v, data_map_show, "");
    assert_true(shows(v, "番号ファイル"));
    assert_true(shows(v, "<code>vault_number</code>"));
    assert_true(shows(v, "<code>sealed</code>"));
    size_t columns = 0;
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < desks[i]->schema->n_tables; j++)
            columns += (size_t)desks[i]->schema->tables[j]->n_columns;
    size_t rows = 0;
    struct str s = text_str(&v->rp.body.text);
    for (const char *p = s.p; (p = strstr(p, "<tr><td><code>")) != NULL; p++)
        rows++;
    assert_int_equal(rows, columns); /* each column under exactly one file and group */
}

/* The duties that are late, without those of jobs that the town of the test never needs. */
static size_t late_days(struct town *t, struct str job, size_t *others)
{
    struct duty *duties;
    size_t n;
    size_t late = 0;

    *others = 0;
    TOWN_OK(t, calendar_read(&t->w, &duties, &n));
    for (size_t i = 0; i < n; i++) {
        if (!duties[i].late)
            continue;
        assert_true(duties[i].built);
        if (str_equal(duties[i].job, job))
            late++;
        else
            (*others)++;
    }
    return late;
}

static void test_calendar(void **state)
{
    struct town *t = *state;
    const struct str anchor = STR("audit-anchor");
    struct duty *duties;
    size_t n;
    size_t others;
    size_t others_after;
    int64_t id;
    TOWN_OK(t, calendar_read(&t->w, &duties, &n));
    assert_true(n > 25);
    for (size_t i = 0; i < n; i++) {
        if (str_is(duties[i].job, "levy-initial"))
            assert_int_equal(ymd_compare(duties[i].due, ymd_of(2026, 6, 10)), 0);
        if (str_starts(duties[i].cycle, STR("年度末")))
            assert_int_equal(ymd_compare(duties[i].due, ymd_of(2026, 3, 31)), 0);
    }
    assert_int_equal(late_days(t, anchor, &others), 1); /* the anchor never ran */
    TOWN_OK(t, job_run(&t->w, "audit-anchor", STR(""), &id));
    assert_int_equal(late_days(t, anchor, &others_after), 0);
    assert_int_equal(others_after, others); /* one job's run is no other's */
    env_advance(t->env, INT64_C(3) * 86400 * 1000000);
    t->w.today = env_today(t->env);
    assert_int_equal(late_days(t, anchor, &others_after), 1);
}

/* --- pages -------------------------------------------------------------------------------- */

static void test_audit_page(void **state)
{
    struct town *t = *state;
    struct visit *v = visit(t, METHOD_GET);
    open_page(v, audit_show, "");
    assert_true(v->rp.shows_nobody);
    assert_int_equal(t->w.looks, 0);
    TOWN_OK(t, audit_write(&t->w, &(struct audit_line){.class = AUDIT_PRINT,
                                                       .person_id = 77,
                                                       .purpose = STR("納入通知書 1枚"),
                                                       .count = 1}));
    v = visit(t, METHOD_GET);
    query(v, "person", "77");
    open_page(v, audit_show, "");
    assert_true(shows(v, "納入通知書 1枚"));
    assert_int_equal(t->w.looks, 1); /* looking at the log leaves a line itself */
    v = visit(t, METHOD_GET);
    query(v, "person", "nobody");
    open_page(v, audit_show, "");
    assert_int_equal(v->rp.status, 422);
}

static void test_reviews(void **state)
{
    struct town *t = *state;
    struct visit *v = visit(t, METHOD_POST);
    form(v, "remark", "異常なし");
    open_page(v, review_save, "");
    assert_true(v->rp.location.n > 0);
    v = visit(t, METHOD_GET);
    query(v, "abnormal", "1");
    open_page(v, audit_show, "");
    assert_true(shows(v, "2026-06-14 - 異常なし"));
    v = visit(t, METHOD_POST);
    form(v, "remark", "全員を確かめた");
    open_page(v, rights_review_save, "");
    v = visit(t, METHOD_GET);
    open_page(v, rights_show, "");
    assert_true(shows(v, "全員を確かめた"));
}

static void test_user_pages(void **state)
{
    struct town *t = *state;
    char id[24];
    struct visit *v = visit(t, METHOD_POST);
    form(v, "name", "suzuki.h");
    form(v, "full_name", "鈴木 花子");
    form(v, "role", "clerk");
    form(v, "branch", "main");
    open_page(v, user_new_save, "");
    assert_true(shows(v, "otpauth://"));
    struct office_db_user_by_name_row u;
    assert_int_equal(TOWN_OK(t, office_db_user_by_name(
                                    &t->w.cx, t->w.store,
                                    &(struct office_db_user_by_name_in){STR("suzuki.h")}, &u)),
                     1);
    assert_true(u.must_change);
    snprintf(id, sizeof id, "%lld", (long long)u.user_id);
    v = visit(t, METHOD_GET);
    open_page(v, user_show, id);
    assert_true(shows(v, "鈴木 花子"));
    v = visit(t, METHOD_POST); /* the name is taken: the form comes back and says so */
    form(v, "name", "suzuki.h");
    form(v, "full_name", "別人");
    form(v, "role", "clerk");
    form(v, "branch", "main");
    open_page(v, user_new_save, "");
    assert_int_equal(v->rp.status, 422);
    v = visit(t, METHOD_POST);
    form(v, "full_name", "鈴木 花子");
    form(v, "role", "chief");
    form(v, "branch", "main");
    form(v, "rights_less", "list");
    form(v, "reason", "異動");
    open_page(v, user_save, id);
    assert_int_equal(TOWN_OK(t, office_db_user_by_name(
                                    &t->w.cx, t->w.store,
                                    &(struct office_db_user_by_name_in){STR("suzuki.h")}, &u)),
                     1);
    assert_true(str_is(u.role, "chief"));
    v = visit(t, METHOD_GET);
    open_page(v, rights_show, ""); /* who differs from his role stands there [SEC-008] */
    assert_true(shows(v, "鈴木 花子"));
    struct audit_rows rows;
    TOWN_OK(t, audit_find(&t->w.cx, t->w.audit,
                          &(struct audit_search){.from = YMD_NONE, .to = YMD_NONE}, &rows));
    assert_true(rows.n >= 2); /* what administrators do is logged [SEC-011] */
}

static void test_setting_page(void **state)
{
    struct town *t = *state;
    struct visit *v = visit(t, METHOD_POST);
    form(v, "value", "07:30-20:00");
    open_page(v, setting_save, "office.hours");
    assert_int_equal(v->rp.status, 422); /* no change without a reason */
    v = visit(t, METHOD_POST);
    form(v, "value", "07:30-20:00");
    form(v, "reason", "要綱");
    open_page(v, setting_save, "office.hours");
    assert_true(str_is(setting_get(&t->w, "office.hours"), "07:30-20:00"));
    v = visit(t, METHOD_GET);
    open_page(v, setting_show, "office.hours");
    assert_true(shows(v, "07:30-20:00"));
    v = visit(t, METHOD_POST);
    form(v, "code", "minami");
    form(v, "name", "南支所");
    open_page(v, branch_save, "");
    v = visit(t, METHOD_GET);
    open_page(v, settings_show, "");
    assert_true(shows(v, "南支所"));
}

static void test_pending_page(void **state)
{
    struct town *t = *state;
    char no[24];
    const struct actor anna = everybody("anna", 11, (UINT64_C(1) << RIGHT_BITS) - 1);
    const struct actor berta = everybody("berta", 12, (UINT64_C(1) << RIGHT_BITS) - 1);
    struct work keep = t->w;
    TOWN_OK(t, setting_set(&t->w, "check.office.setting", STR("1"), STR("要綱")));
    t->w.actor = &anna;
    assert_int_equal(TOWN_OK(t, setting_set(&t->w, "session.hours", STR("8"), STR("要綱"))), 1);
    assert_true(str_is(setting_get(&t->w, "session.hours"), "12"));
    int64_t last;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    snprintf(no, sizeof no, "%lld", (long long)last);
    struct visit *v = visit(t, METHOD_GET);
    open_page(v, pending_show, "");
    assert_true(shows(v, "自分の入力"));
    t->w.actor = &berta;
    v = visit(t, METHOD_GET);
    open_page(v, pending_entry_show, no);
    assert_true(shows(v, "session.hours"));
    v = visit(t, METHOD_POST);
    form(v, "go", "no");
    open_page(v, pending_entry_save, no);
    assert_int_equal(v->rp.status, 422); /* sending back needs a reason */
    v = visit(t, METHOD_POST);
    form(v, "go", "ok");
    open_page(v, pending_entry_save, no);
    t->w.office->now.version = -1;
    assert_true(str_is(setting_get(&t->w, "session.hours"), "8"));
    v = visit(t, METHOD_GET);
    open_page(v, pending_show, "");
    assert_true(shows(v, "確認を待つ入力はありません"));
    t->w.actor = keep.actor;
}

static void test_number_page(void **state)
{
    struct town *t = *state;
    TOWN_OK(t, vault_put(&t->w, 3, STR("123456789018"), STR("転入届")));
    struct visit *v = visit(t, METHOD_GET);
    open_page(v, number_show, "3");
    assert_false(shows(v, "123456789018"));
    v = visit(t, METHOD_POST);
    open_page(v, number_reveal, "3");
    assert_int_equal(v->rp.status, 422);
    assert_false(shows(v, "123456789018"));
    v = visit(t, METHOD_POST);
    form(v, "reason", "情報照会の確認");
    open_page(v, number_reveal, "3");
    assert_true(shows(v, "123456789018")); /* the one page */
    assert_int_equal(t->w.looks, 1);
}

static void test_home(void **state)
{
    struct town *t = *state;
    struct visit *v = visit(t, METHOD_GET);
    open_page(v, home_show, "");
    assert_true(shows(v, "予定の日を過ぎた仕事"));
    const struct actor clerk = everybody("c", 5, RIGHT(RIGHT_SIGNED_IN));
    struct work keep = t->w;
    t->w.actor = &clerk;
    v = visit(t, METHOD_GET);
    open_page(v, home_show, "");
    assert_false(shows(v, "ジョブ"));
    t->w = keep;
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk};
    office_desks_set(desks, 1);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("statistics hide small numbers of persons [NHI-CMN-023]", test_small_cells),
        TOWN_TESTS("hidden numbers cannot be had from the others [NHI-CMN-023]", test_small_sum),
        TOWN_TESTS("a list goes out as CSV in UTF-8 and CP932 without formulas [SEC-019 F6]",
                   test_csv),
        TOWN_TESTS("a list goes out as PDF and leaves a print line with its count [SEC-019]",
                   test_pdf),
        TOWN_TESTS("a list is printed only with the right to print [SEC-005]",
                   test_pdf_without_print),
        TOWN_TESTS("a list without the right is absent and refused [SEC-005]", test_list_rights),
        TOWN_TESTS("mass output needs a chief's right [SEC-030]", test_mass_output),
        TOWN_TESTS(
            "the data map shows every column under one file and group [NHI-CMN-002 NHI-CMN-028]",
            test_data_map),
        TOWN_TESTS("the calendar warns of a job that is missing [OPS-001]", test_calendar),
        TOWN_TESTS("looking at the log leaves a line [SEC-017 SEC-020]", test_audit_page),
        TOWN_TESTS("reviews of access and rights are signed [SEC-008 SEC-021]", test_reviews),
        TOWN_TESTS("accounts are made and changed on their pages [SEC-008 SEC-011]",
                   test_user_pages),
        TOWN_TESTS("a setting changes with a reason [NHI-CMN-014]", test_setting_page),
        TOWN_TESTS("the second person checks on the page [NHI-CMN-013 SEC-040]", test_pending_page),
        TOWN_TESTS("a My Number stands on its one page alone, after a reason [SEC-006 E4]",
                   test_number_page),
        TOWN_TESTS("the start page shows what one may do [SEC-005]", test_home),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
