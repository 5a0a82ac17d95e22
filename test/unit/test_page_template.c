/* Templates: escaping by position, conditions, loops, parts. */
#include "page/page.h"

#include "sample_pages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#define HOSTILE "<script>'\"&`\x01\n/../?#%"

static struct html out;
static const struct frame frame = {.city = {"保険市", 9},
                                   .csrf = {"TOKEN", 5},
                                   .once = {"ONCE", 4}};

static int set_up(void **state)
{
    (void)state;
    html_init(&out);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    html_release(&out);
    return 0;
}

static void shows(const char *piece)
{
    if (!strstr(text_str(&out.text).p, piece))
        fail_msg("missing: %s\nin: %s", piece, out.text.p);
}

static void lacks(const char *piece)
{
    if (strstr(text_str(&out.text).p, piece))
        fail_msg("must not stand there: %s\nin: %s", piece, out.text.p);
}

static void show(const struct sample_places_view *v)
{
    text_clear(&out.text);
    sample_page_places(&out, &frame, v);
    assert_false(out.text.failed);
}

static void each_place_escapes_its_own_way(void **state)
{
    (void)state;
    struct sample_places_view v = {.word = STR(HOSTILE), .row_id = 12345, .where = STR("/a?b=1&c")};
    show(&v);
    shows("<p>&lt;script&gt;'\"&amp;`\n/../?#%</p>");
    shows("title=\"&lt;script&gt;&#39;&quot;&amp;&#96;\n/../?#%\"");
    shows("href=\"/p/12345/%3Cscript%3E%27%22%26%60%01%0A%2F..%2F%3F%23%25?q=%3Cscript%3E");
    shows("<a href=\"/a?b=1&amp;c\">y</a>");
    shows("<title>題 &lt;script&gt;");
    lacks("<script>'");
}

static void only_addresses_of_our_own_start_a_url(void **state)
{
    (void)state;
    static const char *const bad[] = {"//evil.example/",
                                      "javascript:alert(1)",
                                      "http://evil/",
                                      "/\\evil.example",
                                      "/a b",
                                      "",
                                      "x"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        show(&(struct sample_places_view){.where = str_of(bad[i])});
        shows("<a href=\"#\">y</a>");
    }
    struct html h;
    html_init(&h);
    html_url(&h, STR(".."));
    assert_string_equal(text_str(&h.text).p, "%2E%2E");
    html_release(&h);
}

static void values_are_written_as_clerks_read_them(void **state)
{
    (void)state;
    struct sample_places_view v = {
        .amount = YEN(-1234567),
        .number_of = 20000,
        .born = ymd_of(1989, 1, 7),
        .since = month_of(2026, 6),
        .at = INT64_C(1781483400000000),
        .ratio = ratio_of(771, 10000),
        .row_id = 7,
    };
    show(&v);
    shows("-1,234,567円 -1234567 20,000 20000 7");
    shows("data-n=\"20,000\"");
    shows("昭和64年1月7日|1989-01-07|S64.01.07|令和8年6月|2026-06|2026-06-15 09:30:00|7.71%");
    shows("d=1989-01-07&amp;m=2026-06&amp;y=-1234567");
    show(&(struct sample_places_view){.born = YMD_NONE, .since = MONTH_NONE});
    shows("<p>||||");
}

static void conditions_loops_and_parts(void **state)
{
    (void)state;
    struct sample_places_people_tags_row tags[] = {{STR("甲")}, {STR("乙")}};
    struct sample_places_people_row people[] = {{STR("山田"), tags, 2}, {STR("<b>"), NULL, 0}};
    struct sample_node_view leaf[] = {{.label = STR("葉")}};
    struct sample_node_view top[] = {{.label = STR("根"), .below = leaf, .n_below = 1}};
    struct sample_places_view v = {.people = people,
                                   .n_people = 2,
                                   .tree = top,
                                   .n_tree = 1,
                                   .is_on = true,
                                   .number_of = 1,
                                   .card = {STR("札")},
                                   .nested = {STR("内")},
                                   .said = "sample.none"};
    show(&v);
    shows("<li>1/2 山田 [甲] [乙]</li><li>2/2 &lt;b&gt;</li>");
    lacks("<li>none</li>");
    shows("<p class=\"on\" hidden>{brace}</p>");
    shows("<p>else</p>");
    shows("<b>札</b>");
    shows("<i>根<i>葉</i>");
    shows("<p>内 保険市</p>");
    show(&(struct sample_places_view){.number_of = 1});
    shows("<li>none</li>");
    shows("<p>one</p>");
    shows("<p class=\"off\">");
    show(&(struct sample_places_view){.amount = YEN(-1)});
    shows("<p>below</p>");
    show(&(struct sample_places_view){.word = STR("x")});
    shows("<p>below</p>");
}

static void made_markup_goes_in_whole_or_spoils_the_page(void **state)
{
    (void)state;
    struct html made;
    html_init(&made);
    html_raw(&made, "<em>made</em>");
    show(&(struct sample_places_view){.made = &made});
    shows("<em>made</em>");
    made.text.failed = true;
    text_clear(&out.text);
    sample_page_places(&out, &frame, &(struct sample_places_view){.made = &made});
    assert_true(out.text.failed);
    html_release(&made);
}

static void every_posting_form_carries_token_and_id(void **state)
{
    (void)state;
    struct sample_note_form form;
    sample_note_form_init(&form);
    form.state.read_at = 77;
    form.person_id = 9;
    form.word = STR("\"quoted\"");
    show(&(struct sample_places_view){.note = &form, .row_id = 3});
    shows("<form method=\"post\" enctype=\"multipart/form-data\" action=\"/note/3\">");
    shows("name=\"_csrf\" value=\"TOKEN\"");
    shows("name=\"_once\" value=\"ONCE\"");
    shows("name=\"_read_at\" value=\"77\"");
    shows("<input type=\"hidden\" name=\"person_id\" value=\"9\">");
    shows("value=\"&quot;quoted&quot;\"");
    const char *ask = strstr(out.text.p, "<form method=\"get\" action=\"/ask\"");
    assert_non_null(ask);
    assert_null(strstr(ask, "_csrf"));
}

static int twelve_months(struct html *h)
{
    struct chart_row rows[] = {{STR("<山田>"), "niiixcde....", STR("&")}};
    return chart_months(h, 2026, rows, 1);
}

static void charts_have_a_table_and_escape(void **state)
{
    (void)state;
    struct chart_point points[] = {{STR("<a>"), 30, 20}, {STR("b"), 0, INT64_MIN}};
    struct chart_series s = {.title = STR("題&"),
                             .unit = STR("円"),
                             .first_label = STR("今"),
                             .second_label = STR("前"),
                             .points = points,
                             .n = 2};
    assert_int_equal(chart_bars(&out, &s), OK);
    shows("aria-label=\"題&amp;\"");
    shows("&lt;a&gt;");
    shows("<td class=\"money\">30円</td><td class=\"money\">20円</td>");
    lacks("style=");
    text_clear(&out.text);
    assert_int_equal(chart_shares(&out, &s), OK);
    shows("100.0%");
    text_clear(&out.text);
    assert_int_equal(twelve_months(&out), OK);
    shows("&lt;山田&gt;");
    shows("class=\"m-n\"");
    shows("class=\"m-o\"");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"each place of a page escapes its own way [E5]", each_place_escapes_its_own_way, set_up,
         tear_down, NULL},
        {"only addresses of our own start a URL [E5]", only_addresses_of_our_own_start_a_url,
         set_up, tear_down, NULL},
        {"values are written as clerks read them", values_are_written_as_clerks_read_them, set_up,
         tear_down, NULL},
        {"conditions, loops and parts", conditions_loops_and_parts, set_up, tear_down, NULL},
        {"made markup goes in whole or spoils the page",
         made_markup_goes_in_whole_or_spoils_the_page, set_up, tear_down, NULL},
        {"every posting form carries token, id and read_at [E5]",
         every_posting_form_carries_token_and_id, set_up, tear_down, NULL},
        {"charts have a table and escape their labels", charts_have_a_table_and_escape, set_up,
         tear_down, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("page_template", tests, NULL, NULL);
}
