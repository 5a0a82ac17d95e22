/* Forms: kinds, limits, what is refused, and how it is shown again. */
#include "page/page.h"

#include "sample_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct context cx;
static struct request rq;
static struct sample_note_form form;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    rq = (struct request){.method = METHOD_POST, .arena = &arena};
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static void send(const char *name, const char *value)
{
    rq.form[rq.n_form++] = (struct pair){str_of(name), str_of(value)};
}

static int read_form(void)
{
    error_clear(&cx);
    return sample_note_form_read(&cx, &rq, &form);
}

static bool has_problem(const char *field)
{
    for (size_t i = 0; i < form.state.problems.n; i++) {
        if (strcmp(form.state.problems.rows[i].field, field) == 0)
            return true;
    }
    return false;
}

/* One value in a form that is otherwise right. */
static bool accepts(const char *name, const char *value)
{
    rq.n_form = 0;
    send("member.0.born", "R1.5.1");
    if (strcmp(name, "word") != 0)
        send("word", "ことば");
    send(name, value);
    int r = read_form();
    assert_int_equal(r == OK, !has_problem(name));
    return r == OK;
}

static void kinds_take_what_clerks_type(void **state)
{
    (void)state;
    assert_true(accepts("amount", "１，２３４円"));
    assert_int_equal(form.amount.n, 1234);
    assert_true(accepts("amount", ""));
    assert_int_equal(form.amount.n, FORM_ABSENT);
    assert_true(accepts("people", " 20 "));
    assert_int_equal(form.people, 20);
    assert_true(accepts("kana", "やまだ ﾀﾛｳ"));
    assert_true(str_is(form.kana, "ヤマダ　タロウ"));
    assert_true(accepts("ratio", "7.71"));
    assert_int_equal(form.ratio.num, 771);
    assert_int_equal(form.ratio.den, 10000);
    assert_true(accepts("kind", "b"));
    assert_true(str_is(form.kind, "b"));
    assert_true(accepts("urgent", "1"));
    assert_true(form.urgent);
    assert_true(accepts("many", "一\r\n二"));
    assert_true(str_is(form.many, "一\n二"));
    assert_true(accepts("pass", " secret "));
    assert_true(str_is(form.pass, " secret "));
}

static void days_and_months_in_every_notation(void **state)
{
    (void)state;
    static const char *const days[] = {"R8.6.15", "令和8年6月15日", "20260615", "2026-06-15",
                                       "5080615", "Ｒ８．６．１５", "r8/6/15"};
    static const char *const months[] = {"R8.6", "令和8年6月", "202606", "2026-06", "R8/6"};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        if (!accepts("day", days[i]))
            fail_msg("%s is refused", days[i]);
        assert_int_equal(form.day.day, ymd_of(2026, 6, 15).day);
    }
    for (size_t i = 0; i < sizeof months / sizeof months[0]; i++) {
        if (!accepts("since", months[i]))
            fail_msg("%s is refused", months[i]);
        assert_int_equal(form.since.n, month_of(2026, 6).n);
    }
    assert_false(accepts("day", "R8.2.30"));
    assert_false(accepts("day", "15"));
    assert_false(accepts("since", "R8.13"));
}

static void limits_hold_on_both_sides(void **state)
{
    (void)state;
    assert_false(accepts("word", "一"));
    assert_true(accepts("word", "一二"));
    assert_true(accepts("word", "一二三四五六七八"));
    assert_false(accepts("word", "一二三四五六七八九"));
    assert_false(accepts("people", "0"));
    assert_true(accepts("people", "1"));
    assert_false(accepts("people", "21"));
    assert_true(accepts("amount", "1000000"));
    assert_false(accepts("amount", "1000001"));
    assert_false(accepts("amount", "-1"));
    assert_false(accepts("amount", "99999999999999999999"));
    assert_false(accepts("amount", "12a"));
    assert_true(accepts("ratio", "20"));
    assert_false(accepts("ratio", "20.01"));
    assert_false(accepts("kind", "c"));
    assert_false(accepts("urgent", "yes"));
    assert_false(accepts("kana", "山田"));
    assert_false(accepts("word", "a\x01z"));
    assert_false(accepts("word", "a\nz"));
    assert_false(accepts("word", "\xE3\x81"));
    assert_false(accepts("paper", "file as text"));
    assert_false(accepts("person_id", "x"));
}

static void unknown_and_doubled_fields_are_refused(void **state)
{
    (void)state;
    send("word", "ことば");
    send("member.0.born", "R1.5.1");
    send("is_admin", "1");
    assert_int_equal(read_form(), ERR_INVALID);
    assert_true(has_problem(""));
    assert_non_null(strstr(form.state.problems.rows[0].what.p, "page.form.unknown"));
    rq.n_form = 2;
    send("word", "もうひとつ");
    assert_int_equal(read_form(), ERR_INVALID);
    assert_true(has_problem("word"));
    rq.n_form = 2;
    send("member.3.born", "R1.5.1"); /* one row more than there is */
    assert_int_equal(read_form(), ERR_INVALID);
    rq.n_form = 2;
    send("member.-1.born", "R1.5.1");
    assert_int_equal(read_form(), ERR_INVALID);
    rq.n_form = 2;
    send("_read_at", "42");
    send("_csrf", "t");
    send("_once", "o");
    assert_int_equal(read_form(), OK);
    assert_int_equal(form.state.read_at, 42);
}

static void rows_count_up_to_the_last_filled_one(void **state)
{
    (void)state;
    send("word", "ことば");
    send("member.0.born", "R1.5.1");
    send("member.1.born", "");
    send("member.1.wage", "300");
    send("member.2.born", "");
    assert_int_equal(read_form(), ERR_INVALID); /* row 1 has no birthday */
    assert_true(has_problem("member.1.born"));
    assert_false(has_problem("member.2.born"));
    assert_int_equal(form.n_member, 2);
    assert_int_equal(form.member[1].wage.n, 300);
    rq.n_form = 0;
    send("word", "ことば");
    assert_int_equal(read_form(), ERR_INVALID); /* at least one row is asked for */
    assert_true(has_problem("member.0.born"));
}

static void uploads_come_to_their_field_only(void **state)
{
    (void)state;
    send("word", "ことば");
    send("member.0.born", "R1.5.1");
    rq.uploads[0] = (struct upload){STR("paper"), STR("a.csv"), "/tmp/x", 3};
    rq.n_uploads = 1;
    assert_int_equal(read_form(), OK);
    assert_ptr_equal(form.paper, &rq.uploads[0]);
    rq.uploads[0].field = STR("word");
    assert_int_equal(read_form(), ERR_INVALID);
    rq.uploads[0] = (struct upload){STR("paper"), STR(""), "/tmp/x", 0};
    assert_int_equal(read_form(), OK);
    assert_null(form.paper);
}

static void what_was_typed_is_shown_again_with_its_problem(void **state)
{
    (void)state;
    struct html out;
    struct frame frame = {.csrf = STR("t"), .once = STR("o")};
    send("word", "\"><script>");
    send("pass", "geheim");
    send("amount", "12a");
    send("member.0.born", "R9.99.99");
    assert_int_equal(read_form(), ERR_INVALID);
    form_problem(&cx, &form.state, "kind", "sample.closed", NULL);
    html_init(&out);
    sample_page_places(&out, &frame, &(struct sample_places_view){.note = &form});
    const char *page = text_str(&out.text).p;
    assert_non_null(strstr(page, "value=\"&quot;&gt;&lt;script&gt;\""));
    assert_non_null(strstr(page, "value=\"12a\""));
    assert_non_null(strstr(page, "value=\"R9.99.99\""));
    assert_null(strstr(page, "geheim"));
    assert_non_null(strstr(page, "aria-describedby=\"wrong-note-amount\""));
    assert_non_null(strstr(page, "<a href=\"#note-member-0-born\">"));
    assert_non_null(strstr(page, "sample.closed"));
    html_release(&out);
}

static void more_problems_than_fit_are_still_refused(void **state)
{
    (void)state;
    static char names[60][12];
    send("word", "ことば");
    for (size_t i = 0; i < 60; i++) {
        snprintf(names[i], sizeof names[i], "x%zu", i);
        send(names[i], "1");
    }
    assert_int_equal(read_form(), ERR_INVALID);
    assert_int_equal(form.state.problems.n, 32);
}

int main(void)
{
#define FORM_TEST(name, function)                                                                  \
    {                                                                                              \
        name, function, set_up, tear_down, NULL                                                    \
    }
    const struct CMUnitTest tests[] = {
        FORM_TEST("kinds take what clerks type", kinds_take_what_clerks_type),
        FORM_TEST("days and months in every notation", days_and_months_in_every_notation),
        FORM_TEST("limits hold on both sides [F6]", limits_hold_on_both_sides),
        FORM_TEST("unknown and doubled fields are refused [E5]",
                  unknown_and_doubled_fields_are_refused),
        FORM_TEST("rows count up to the last filled one", rows_count_up_to_the_last_filled_one),
        FORM_TEST("uploads come to their field only", uploads_come_to_their_field_only),
        FORM_TEST("what was typed is shown again with its problem",
                  what_was_typed_is_shown_again_with_its_problem),
        FORM_TEST("more problems than fit are still refused",
                  more_problems_than_fit_are_still_refused),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("page_form", tests, NULL, NULL);
}
