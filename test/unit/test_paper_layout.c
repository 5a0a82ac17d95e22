/* Layouts: mistakes with their place, values and their formats, what fits and what does not. */
#include "paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct paper *paper;
static struct arena arena;
static struct context cx;

static int open_paper(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return paper_open(&cx, NULL, &paper);
}

static int close_paper(void **state)
{
    (void)state;
    paper_close(paper);
    arena_release(&arena);
    return 0;
}

static int clear(void **state)
{
    (void)state;
    error_clear(&cx);
    return 0;
}

static struct form *load(const char *layout)
{
    struct form *f = NULL;
    int r = form_load(&cx, paper, "test.form", str_of(layout), &f);
    if (r < 0)
        print_message("# %s %d:%d\n", cx.error.message, cx.error.line, cx.error.column);
    assert_int_equal(r, OK);
    return f;
}

#define PAGE(body) "form t\npaper A4\npage p\n" body "\nend\n"

/* --- mistakes --------------------------------------------------------------------------------- */

static const struct {
    const char *layout;
    const char *message;
    int line, column;
} mistakes[] = {
    {"", "paper.layout.nopage", 0, 1},
    {"paper A4\n", "paper.layout.form", 1, 1},
    {"form\n", "paper.layout.word", 1, 5},
    {"form t u\n", "paper.layout.extra", 1, 8},
    {"form t\npaper B5\n", "paper.layout.paper", 2, 7},
    {"form t\npage p\nend\n", "paper.layout.paper", 2, 6},
    {"form t\npaper 0 0\n", "paper.layout.size", 2, 10},
    {"form t\nfont x\n", "paper.layout.top", 2, 1},
    {"form t\ntitle x\n", "paper.layout.text", 2, 7},
    {"form t\npaper A4\npage p\n", "paper.layout.end", 3, 1},
    {PAGE("txt 1 2 3 4 \"x\""), "paper.layout.element", 4, 1},
    {PAGE("  text 1 2 3 \"x\""), "paper.layout.number", 4, 14},
    {PAGE("text 1 2 3 4"), "paper.layout.text", 4, 13},
    {PAGE("text 1 2 30 4 \"x"), "paper.layout.string", 4, 15},
    {PAGE("text 1 2 30 4 \"x\\q\""), "paper.layout.escape", 4, 18},
    {PAGE("text 1 2 30 4 \"{x\""), "paper.layout.content", 4, 15},
    {PAGE("text 1 2 30 4 \"x}\""), "paper.layout.content", 4, 15},
    {PAGE("text 1 2 30 4 \"{x:wrong}\""), "paper.layout.content", 4, 15},
    {PAGE("text 1 2 30 4 \"x\" colour=red"), "paper.layout.attribute", 4, 19},
    {PAGE("text 1 2 30 4 \"x\" ink=red"), "paper.layout.value", 4, 19},
    {PAGE("text 1 2 30 4 \"x\" size=1"), "paper.layout.value", 4, 19},
    {PAGE("text 1 2 30 4 \"x\" size="), "paper.layout.pair", 4, 19},
    {PAGE("text 1 2 30 4 \"x\" style=none"), "paper.layout.style", 4, 19},
    {PAGE("text 1 2 30 4 \"x\"y"), "paper.layout.blank", 4, 18},
    {PAGE("text 1 2 30 4 \"日本\" size=0"), "paper.layout.value", 4, 20},
    {PAGE("text 1 2 30 0 \"x\""), "paper.layout.size", 4, 6},
    {PAGE("text 190 2 30 4 \"x\""), "paper.layout.outside", 4, 1},
    {PAGE("line -1 2 30 4"), "paper.layout.outside", 4, 1},
    {PAGE("use nothing 1 2"), "paper.layout.block", 4, 5},
    {PAGE("grid 10 10 50 50 columns=10,x"), "paper.layout.value", 4, 18},
    {PAGE("text 10 10 50 5 \"x\" step=1,2"), "paper.layout.value", 4, 21},
    {PAGE("window 20 20 90 45 pad=3\ntext 21 25 20 5 \"x\""), "paper.layout.window", 5, 1},
    {PAGE("window 20 20 90 45 pad=3\ntext 111 25 20 5 \"x\""), "paper.layout.window", 5, 1},
    {"form t\npaper A4\npage p of=x\nend\n", "paper.layout.per", 3, 12},
    {"form t\npaper A4\npage p per=0\nend\n", "paper.layout.attribute", 3, 8},
    {PAGE("text 1 2 30 4 \"\xFF\""), "paper.layout.utf8", 4, 1},
    {PAGE("text 10 10 5 5 \"too long for this place\""), "paper.value.fit", 4, 1},
    {PAGE("text 10 10 90 5 \"\xE2\xBB\x86\""), "paper.glyph.missing", 4, 1},
};

static void every_mistake_names_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        struct form *f = NULL;
        error_clear(&cx);
        int r = form_load(&cx, paper, "test.form", str_of(mistakes[i].layout), &f);
        bool same = r < 0 && !f && strcmp(cx.error.message, mistakes[i].message) == 0 &&
                    cx.error.line == mistakes[i].line && cx.error.column == mistakes[i].column &&
                    strcmp(cx.error.file, "test.form") == 0;
        if (!same)
            print_message("# %zu: %s %s %d:%d, expected %s %d:%d\n%s", i, cx.error.file,
                          cx.error.message, cx.error.line, cx.error.column, mistakes[i].message,
                          mistakes[i].line, mistakes[i].column, mistakes[i].layout);
        assert_true(same);
    }
}

static void blanks_marks_and_line_ends_do_not_matter(void **state)
{
    (void)state;
    struct form *f = load("\xEF\xBB\xBF"
                          "form t\r\npaper A4\r\n\r\n# comment\r\npage p\r\n"
                          "\ttext 1 2 30 4 \"x\" # more\r\nend");
    assert_true(str_is(form_name(f), "t"));
    form_free(f);
}

static void the_hash_is_of_the_text(void **state)
{
    (void)state;
    struct form *a = load(PAGE("text 10 10 90 5 \"x\""));
    struct form *b = load(PAGE("text 10 10 90 5 \"x\""));
    struct form *c = load(PAGE("text 10 10 90 5 \"y\""));
    struct digest ha = form_hash(a);
    struct digest hb = form_hash(b);
    struct digest hc = form_hash(c);
    assert_true(digest_equal(&ha, &hb));
    assert_false(digest_equal(&ha, &hc));
    form_free(a);
    form_free(b);
    form_free(c);
}

/* --- values ------------------------------------------------------------------------------------ */

static int boxes_of(struct form *f, struct form_data *d, struct paper_box **boxes, size_t *n)
{
    error_clear(&cx);
    return paper_boxes(&cx, paper, f, d, boxes, n);
}

static void missing_values_and_glyphs_name_person_and_field(void **state)
{
    (void)state;
    struct paper_box *boxes;
    size_t n;
    struct form_data d;
    struct form *f = load(PAGE("text 10 10 90 8 \"{name}\" font=name name=who"));
    form_data_init(&d, &arena, STR("宛名番号 0000012345"));
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.value.missing");
    assert_string_equal(cx.error.field, "name");
    form_put_text(&d, "name", STR("山田\xE2\xBB\x86"));
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.glyph.missing");
    assert_non_null(strstr(cx.error.facts, "宛名番号 0000012345"));
    assert_non_null(strstr(cx.error.facts, "U+2EC6"));
    assert_string_equal(cx.error.field, "who");
    assert_int_equal(cx.error.line, 4);
    /* a variation sequence no font has: the other shape would be another name */
    form_put_text(&d, "name", STR("渡邊\xF3\xA0\x84\x80"));
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    assert_non_null(strstr(cx.error.facts, "U+908A U+E0100"));
    form_put_text(&d, "name", STR("渡邊\xF3\xA0\x84\x88")); /* E0108 is in IPAmj */
    assert_int_equal(boxes_of(f, &d, &boxes, &n), OK);
    assert_int_equal(n, 1);
    form_put_text(&d, "name", STR("山田\x01"));
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    form_put_text(&d, "name", STR("山田\xE5"));
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.text.utf8");
    form_free(f);
}

static int64_t inked_width(struct form *f, const char *name)
{
    struct paper_box *boxes;
    size_t n;
    struct form_data d;
    form_data_init(&d, &arena, STR_NONE);
    form_put_text(&d, "name", str_of(name));
    if (boxes_of(f, &d, &boxes, &n) < 0)
        return -1;
    assert_int_equal(n, 1);
    return boxes[0].width_um;
}

static void a_name_is_pressed_then_shrunk_then_refused(void **state)
{
    (void)state;
    struct form *f =
        load(PAGE("text 10 10 42 8 \"{name}\" font=name size=12 condense=50 min=6 name=n"));
    int64_t em = 12 * 25400 / 72;
    assert_in_range(inked_width(f, "山田太郎"), 4 * em - 50, 4 * em + 50);
    int64_t pressed = inked_width(f, "山田太郎山田太郎山田太郎山田太郎"); /* 16 em in 42 mm */
    assert_in_range(pressed, 30000, 42000);
    int64_t shrunk = inked_width(f, "山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎山田太郎");
    assert_in_range(shrunk, 30000, 42000);
    char longest[200 * 3 + 1] = "";
    for (int i = 0; i < 200; i++)
        memcpy(longest + 3 * i, "山", 4);
    assert_int_equal(inked_width(f, longest), -1);
    assert_string_equal(cx.error.message, "paper.value.fit");
    assert_int_equal(cx.error.line, 4);
    form_free(f);
}

static void items_without_a_place_are_an_error(void **state)
{
    (void)state;
    struct paper_box *boxes;
    size_t n;
    struct form *f = load(PAGE("repeat rows 10 10 step=0,5 max=2\n"
                               "text 0 0 50 5 \"{x}\" name=row\nend"));
    struct form_data d;
    form_data_init(&d, &arena, STR("世帯 1"));
    for (int i = 0; i < 2; i++)
        form_put_count(form_item(&d, "rows"), "x", i);
    assert_int_equal(boxes_of(f, &d, &boxes, &n), OK);
    assert_int_equal(n, 2);
    assert_in_range(boxes[1].top_um - boxes[0].top_um, 4998, 5002);
    form_put_count(form_item(&d, "rows"), "x", 3);
    assert_int_equal(boxes_of(f, &d, &boxes, &n), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.group.rest");
    assert_non_null(strstr(cx.error.facts, "items=3 places=2"));
    form_free(f);
}

static void a_group_goes_on_over_pages(void **state)
{
    (void)state;
    struct paper_box *boxes;
    size_t n;
    struct form *f = load("form t\npaper A4\npage first\n"
                          "repeat rows 10 10 step=0,5 max=6\ntext 0 0 50 5 \"{x}\" name=r\nend\n"
                          "end\npage more of=rows per=3 from=6\n"
                          "repeat rows 10 10 step=0,5\ntext 0 0 50 5 \"{x} {page}/{pages}\" name=r\n"
                          "end\nend\n");
    struct form_data d;
    form_data_init(&d, &arena, STR_NONE);
    for (int i = 0; i < 14; i++)
        form_put_count(form_item(&d, "rows"), "x", i);
    assert_int_equal(boxes_of(f, &d, &boxes, &n), OK);
    assert_int_equal(n, 14);
    assert_int_equal(boxes[5].page, 1);
    assert_int_equal(boxes[6].page, 2);
    assert_int_equal(boxes[9].page, 3);
    assert_int_equal(boxes[13].page, 4);
    form_free(f);
}

static void packed_values_come_back(void **state)
{
    (void)state;
    struct text a;
    struct text b;
    struct form_data d;
    struct form_data back;
    text_init(&a, 10000);
    text_init(&b, 10000);
    form_data_init(&d, &arena, STR_NONE);
    form_put_text(&d, "name", STR("髙橋\n\\太郎"));
    form_put_text(&d, "empty", STR(""));
    form_put_yen(&d, "total", YEN(-312400));
    form_put_day(&d, "due", ymd_of(2026, 6, 30));
    form_put_day(&d, "none", YMD_NONE);
    form_put_ratio(&d, "rate", ratio_of(771, 10000));
    form_put_flag(&d, "is_tax", true);
    struct form_data *item = form_item(&d, "rows");
    form_put_count(item, "no", 1);
    form_put_text(form_item(item, "inner"), "x", STR(") y"));
    form_put_count(form_item(&d, "rows"), "no", 2);
    assert_int_equal(form_data_pack(&d, &a), OK);
    assert_int_equal(form_data_unpack(&cx, text_str(&a), &arena, &back), OK);
    assert_int_equal(form_data_pack(&back, &b), OK);
    assert_string_equal(text_str(&a).p, text_str(&b).p);
    struct yen total;
    assert_true(form_data_yen(&back, "total", &total));
    assert_int_equal(total.n, -312400);
    assert_false(form_data_yen(&back, "due", &total));
    static const char *const broken[] = {"y total", "y total x\n", "( rows\n", ")\n", "x a 1\n",
                                         "t a \\q\n", "r a 1/0\n", "d a 2026-02-30\n", "\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        error_clear(&cx);
        assert_int_equal(form_data_unpack(&cx, str_of(broken[i]), &arena, &back), ERR_CORRUPT);
    }
    text_release(&a);
    text_release(&b);
}

static void memory_that_runs_out_is_an_ordinary_error(void **state)
{
    (void)state;
    struct form *f = load(PAGE("text 10 10 90 8 \"{name}\" font=name\n"
                               "customer 10 30 77 4 \"{zip}\" \"1-2\" size=9"));
    struct paper_info info = {STR("x"), ymd_of(2026, 6, 1)};
    int failed = 0;
    for (uint64_t nth = 1; nth < 200; nth++) {
        struct arena own;
        struct form_data d;
        struct text out;
        arena_init(&own, 0);
        text_init(&out, 1 << 20);
        memory_fail_at(nth, false);
        form_data_init(&d, &own, STR_NONE);
        form_put_text(&d, "name", STR("山田太郎"));
        form_put_text(&d, "zip", STR("1234567"));
        error_clear(&cx);
        int r = paper_pdf(&cx, paper, &info, f, &d, &out);
        memory_fail_at(0, false);
        arena_release(&own);
        text_release(&out);
        if (r >= 0)
            break;
        assert_true(r == ERR_MEMORY || r == ERR_IO);
        failed++;
    }
    assert_in_range(failed, 3, 100);
    form_free(f);
}

static void missing_fonts_are_named(void **state)
{
    (void)state;
    struct paper *none = NULL;
    assert_int_equal(paper_open(&cx, "/nonexistent", &none), ERR_NOT_FOUND);
    assert_null(none);
    assert_string_equal(cx.error.message, "paper.font.read");
    assert_non_null(strstr(cx.error.facts, "/nonexistent/ipaexm.ttf"));
    error_clear(&cx);
    assert_true(paper_open(&cx, ROOT "/src/paper", &none) < 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"every mistake in a layout names file, line and column", every_mistake_names_its_place,
         clear, NULL, NULL},
        {"byte order mark, CRLF, comments and no last newline [F6]",
         blanks_marks_and_line_ends_do_not_matter, clear, NULL, NULL},
        {"a layout's hash is that of its text [M6]", the_hash_is_of_the_text, clear, NULL, NULL},
        {"a missing glyph or value names person and field [NHI-ASM-027]",
         missing_values_and_glyphs_name_person_and_field, clear, NULL, NULL},
        {"a long name is pressed, then shrunk, then refused",
         a_name_is_pressed_then_shrunk_then_refused, clear, NULL, NULL},
        {"items without a place on the paper are an error [NHI-ASM-031]",
         items_without_a_place_are_an_error, clear, NULL, NULL},
        {"a group goes on over further pages", a_group_goes_on_over_pages, clear, NULL, NULL},
        {"packed values come back and broken ones are refused [M6]", packed_values_come_back,
         clear, NULL, NULL},
        {"missing fonts are named", missing_fonts_are_named, clear, NULL, NULL},
        {"memory that runs out while printing is an ordinary error [F1]",
         memory_that_runs_out_is_an_ordinary_error, clear, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("paper layout", tests, open_paper, close_paper);
}
