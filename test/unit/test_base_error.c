/* error: the first failure fills the record, callers add; messages by id. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#undef fail /* cmocka takes the name of the function under test */

static const struct message rows[] = {
    {"a.first", "最初の文。", "こうする。"},
    {"b.second", "次の文。", ""},
    {"c.third", "三つ目。", "ああする。"},
};

static struct context cx;
static struct text out;

static int set_up(void **state)
{
    (void)state;
    context_init(&cx, NULL, NULL);
    text_init(&out, 8192);
    message_table_set(rows, 3);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_release(&out);
    message_table_set(NULL, 0);
    return 0;
}

static void first_failure_stays(void **state)
{
    (void)state;
    assert_int_equal(fail(&cx, ERR_INVALID, "a.first", "value=%d", 7), ERR_INVALID);
    assert_int_equal(fail(&cx, ERR_IO, "b.second", "other"), ERR_INVALID);
    assert_int_equal(fail_where(&cx, "in.csv", 12, 3, "birth"), ERR_INVALID);
    fail_where(&cx, "outer.csv", 1, 1, "outer");
    fail_detail(&cx, "errno=%d", 5);
    fail_detail(&cx, "later");
    error_add(&cx, "read row %d", 12);
    assert_int_equal(error_add(&cx, "import residents"), ERR_INVALID);
    assert_string_equal(cx.error.message, "a.first");
    assert_string_equal(cx.error.facts, "value=7");
    assert_string_equal(cx.error.file, "in.csv");
    assert_int_equal(cx.error.line, 12);
    assert_int_equal(cx.error.column, 3);
    assert_string_equal(cx.error.field, "birth");
    assert_string_equal(cx.error.detail, "errno=5");
    assert_string_equal(cx.error.doing, "read row 12 < import residents");
    error_clear(&cx);
    assert_int_equal(cx.error.code, OK);
    assert_string_equal(cx.error.doing, "");
    assert_int_equal(fail(&cx, ERR_IO, "b.second", NULL), ERR_IO);
}

static void long_facts_end_at_a_character(void **state)
{
    (void)state;
    char name[2000];
    for (size_t i = 0; i < sizeof name - 3; i += 3)
        memcpy(name + i, "\xE9\xAB\x99", 4);
    for (int shift = 0; shift < 4; shift++) {
        error_clear(&cx);
        fail(&cx, ERR_INVALID, "a.first", "%.*s%s", shift, "xxx", name);
        fail_where(&cx, name, 0, 0, name);
        for (int i = 0; i < 400; i++)
            error_add(&cx, "%s", "\xE9\xAB\x99");
        assert_true(utf8_valid(str_of(cx.error.facts)));
        assert_true(utf8_valid(str_of(cx.error.file)));
        assert_true(utf8_valid(str_of(cx.error.field)));
        assert_true(utf8_valid(str_of(cx.error.doing)));
        assert_in_range(strlen(cx.error.facts), sizeof cx.error.facts - 4,
                        sizeof cx.error.facts - 1);
    }
}

static void messages_are_found_by_id(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(message_find(rows[i].id), &rows[i]);
    assert_null(message_find(""));
    assert_null(message_find("a"));
    assert_null(message_find("a.firs"));
    assert_null(message_find("d"));
    message_table_set(NULL, 0);
    assert_null(message_find("a.first"));
}

static void clerk_reads_sentence_facts_place_and_advice(void **state)
{
    (void)state;
    fail(&cx, ERR_INVALID, "a.first", "value=7");
    fail_where(&cx, "in.csv", 12, 3, "birth");
    fail_detail(&cx, "secret of the machine");
    assert_int_equal(error_render(&cx.error, &out), OK);
    assert_string_equal(out.p, "最初の文。\n  value=7\n  in.csv:12:3 [birth]\n→ こうする。");
    text_clear(&out);
    error_clear(&cx);
    fail(&cx, ERR_NOT_FOUND, "no.such.id", NULL);
    error_render(&cx.error, &out);
    assert_string_equal(out.p, "no.such.id (NOT_FOUND)");
}

static void log_line_never_holds_facts(void **state)
{
    (void)state;
    fail(&cx, ERR_INVALID, "a.first", "name=%s", "山田太郎");
    fail_where(&cx, NULL, 12, 0, NULL);
    fail_detail(&cx, "errno=5");
    error_add(&cx, "import");
    assert_int_equal(error_render_log(&cx.error, &out), OK);
    assert_string_equal(out.p, "INVALID a.first at line 12 doing import detail errno=5");
}

static void every_status_has_a_name(void **state)
{
    (void)state;
    for (int code = ERR_FAULT; code <= OK; code++)
        assert_string_not_equal(status_name((enum status)code), "UNKNOWN");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"first failure fills the record, callers add", first_failure_stays, set_up, tear_down,
         NULL},
        {"long facts are cut at a character", long_facts_end_at_a_character, set_up, tear_down,
         NULL},
        {"messages are found by id", messages_are_found_by_id, set_up, tear_down, NULL},
        {"clerk reads sentence, facts, place and advice",
         clerk_reads_sentence_facts_place_and_advice, set_up, tear_down, NULL},
        {"log line never holds the facts [E4]", log_line_never_holds_facts, set_up, tear_down,
         NULL},
        {"every status has a name", every_status_has_a_name, set_up, tear_down, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
