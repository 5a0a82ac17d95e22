/* encoding: CP932 and JIS X 0201 with a loss report, against test/data/vectors/cp932.tsv. */
#include "base/base.h"
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct context cx;
static struct text out;
static struct loss_report report;

static int set_up(void **state)
{
    (void)state;
    context_init(&cx, NULL, NULL);
    text_init(&out, 1 << 20);
    memset(&report, 0, sizeof report);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_release(&out);
    return 0;
}

static int to(enum encoding e, enum lossy how, const char *s)
{
    text_clear(&out);
    error_clear(&cx);
    memset(&report, 0, sizeof report);
    return encode(&cx, str_of(s), e, how, &report, &out);
}

static int from(enum encoding e, struct str bytes)
{
    text_clear(&out);
    error_clear(&cx);
    return decode(&cx, bytes, e, &out);
}

static struct str code_bytes(struct str hex, unsigned char b[2])
{
    assert_true(hex_parse(hex, b, hex.n / 2));
    return (struct str){(const char *)b, hex.n / 2};
}

/* char, U+XXXX, canonical code, codes that decode to it, note */
static void check_vector(struct str line)
{
    struct str c = str_cut(&line, '\t');
    str_cut(&line, '\t');
    unsigned char b[2];
    struct str canonical = code_bytes(str_cut(&line, '\t'), b);
    text_clear(&out);
    assert_int_equal(encode(&cx, c, ENC_CP932, LOSS_REFUSE, NULL, &out), OK);
    assert_true(str_equal(text_str(&out), canonical));
    struct str codes = str_cut(&line, '\t');
    while (codes.n > 0) {
        assert_int_equal(from(ENC_CP932, code_bytes(str_cut(&codes, ' '), b)), OK);
        assert_true(str_equal(text_str(&out), c));
    }
}

static void canonical_codes_hold(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 1 << 20);
    assert_int_equal(file_read(&cx, ROOT "/test/data/vectors/cp932.tsv", 1 << 20, &t), OK);
    struct str rest = text_str(&t);
    str_cut(&rest, '\n');
    int rows = 0;
    for (; rest.n > 0; rows++)
        check_vector(str_cut(&rest, '\n'));
    assert_true(rows >= 20);
    text_release(&t);
}

/* Whatever CP932 takes without loss comes back as it was; whatever it gives can be given back. */
static void every_character_comes_back_or_is_lost_aloud(void **state)
{
    (void)state;
    struct text s;
    struct text bytes;
    text_init(&s, 8);
    text_init(&bytes, 8);
    int carried = 0;
    for (int32_t c = 0; c <= 0x10FFFF; c++) {
        text_clear(&s);
        text_clear(&bytes);
        if (utf8_add(&s, c) < 0)
            continue;
        error_clear(&cx);
        int r = encode(&cx, text_str(&s), ENC_CP932, LOSS_REFUSE, NULL, &bytes);
        if (r < 0) {
            assert_string_equal(cx.error.message, "base.encoding.missing");
            assert_int_equal(bytes.n, 0);
            continue;
        }
        carried++;
        assert_int_equal(from(ENC_CP932, text_str(&bytes)), OK);
        if (!str_equal(text_str(&out), text_str(&s)))
            fail_msg("U+%04X comes back otherwise", (unsigned)c);
    }
    assert_in_range(carried, 7400, 7600); /* CP932 without its private use area */
    text_release(&s);
    text_release(&bytes);
}

static void every_substitute_is_needed_and_fits(void **state)
{
    (void)state;
    struct text s;
    text_init(&s, 8);
    for (size_t i = 0; i < substitute_rows_count; i++) {
        text_clear(&s);
        utf8_add(&s, substitute_rows[i][0]);
        assert_int_equal(to(ENC_CP932, LOSS_REFUSE, s.p), ERR_INVALID);
        assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, s.p), OK);
        assert_int_equal(report.total, 1);
        assert_int_equal(report.rows[0].code_point, substitute_rows[i][0]);
        assert_int_equal(report.rows[0].replaced_by, substitute_rows[i][1]);
        assert_true(out.n >= 1 && out.n <= 2);
    }
    assert_true(substitute_rows_count > 1000);
    assert_true(variant_rows_count >= 150);
    for (size_t i = 0; i < variant_rows_count; i++)
        assert_int_equal(table_pair(variant_rows, variant_rows_count, variant_rows[i][1]), 0);
    text_release(&s);
}

static void losses_are_reported_where_they_are(void **state)
{
    (void)state;
    assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, "a𠮷野〜渡邉\xF3\xA0\x84\x83"), OK);
    assert_int_equal(report.total, 3);
    assert_int_equal(report.n, 3);
    assert_int_equal(report.rows[0].offset, 1);
    assert_int_equal(report.rows[0].code_point, 0x20BB7);
    assert_int_equal(report.rows[0].replaced_by, 0x5409);
    assert_int_equal(report.rows[1].offset, 8);
    assert_int_equal(report.rows[1].code_point, 0x301C);
    assert_int_equal(report.rows[1].replaced_by, 0xFF5E);
    assert_int_equal(report.rows[2].code_point, 0xE0103);
    assert_int_equal(report.rows[2].replaced_by, 0);
    char bytes[64];
    memcpy(bytes, out.p, out.n);
    assert_int_equal(from(ENC_CP932, (struct str){bytes, out.n}), OK);
    assert_string_equal(out.p, "a吉野～渡邉");
}

static void refusal_names_the_character(void **state)
{
    (void)state;
    text_clear(&out);
    text_adds(&out, "before");
    assert_int_equal(encode(&cx, STR("ab𠮷"), ENC_CP932, LOSS_REFUSE, &report, &out), ERR_INVALID);
    assert_string_equal(cx.error.facts, "U+20BB7 offset=2");
    assert_string_equal(out.p, "before");
    assert_int_equal(report.total, 1);
    assert_int_equal(report.rows[0].replaced_by, 0);
    /* no substitute: an emoji, a gaiji */
    assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, "山😀"), ERR_INVALID);
    assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, "\xEE\x80\x80"), ERR_INVALID);
    assert_int_equal(to(ENC_CP932, LOSS_MARK, "山😀\xEE\x80\x80川"), OK);
    assert_int_equal(report.total, 2);
    assert_true(str_is(text_str(&out), "\x8E\x52\x81\xAC\x81\xAC\x90\xEC"));
    assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, "ab\xFF"), ERR_INVALID);
    assert_string_equal(cx.error.message, "base.encoding.utf8");
    assert_string_equal(cx.error.facts, "offset=2");
}

static void report_keeps_counting_when_full(void **state)
{
    (void)state;
    struct text s;
    text_init(&s, 1000);
    for (int i = 0; i < 100; i++)
        text_adds(&s, "𠮷");
    assert_int_equal(to(ENC_CP932, LOSS_SUBSTITUTE, s.p), OK);
    assert_int_equal(report.n, 64);
    assert_int_equal(report.total, 100);
    text_release(&s);
}

static void half_a_character_is_an_error_with_its_offset(void **state)
{
    (void)state;
    assert_int_equal(from(ENC_CP932, STR("ab\x8E")), ERR_INVALID);
    assert_string_equal(cx.error.message, "base.encoding.half");
    assert_string_equal(cx.error.facts, "byte=8E offset=2");
    assert_string_equal(text_str(&out).p, "");
    assert_int_equal(from(ENC_CP932, STR("\x8E\x52\x8E\x0A")), ERR_INVALID);
    assert_string_equal(cx.error.message, "base.encoding.bytes");
    assert_string_equal(cx.error.facts, "byte=8E offset=2");
    static const char *const bad[] = {"\x80", "\xA0",     "\xFD",     "\xFE",
                                      "\xFF", "\x85\x40", "\x81\x7F", "\xFC\xFC"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_int_equal(from(ENC_CP932, str_of(bad[i])), ERR_INVALID);
}

static void long_texts_go_through_in_pieces(void **state)
{
    (void)state;
    struct text s;
    text_init(&s, 1 << 20);
    for (int i = 0; i < 20000; i++)
        text_adds(&s, i % 3 == 0 ? "a" : "髙橋ｱ");
    assert_int_equal(to(ENC_CP932, LOSS_REFUSE, s.p), OK);
    struct text bytes = out;
    text_init(&out, 1 << 20);
    assert_int_equal(from(ENC_CP932, text_str(&bytes)), OK);
    assert_true(str_equal(text_str(&out), text_str(&s)));
    text_release(&bytes);
    text_release(&s);
}

static void jisx0201_is_one_byte_each(void **state)
{
    (void)state;
    for (int b = 0; b < 256; b++) {
        char c = (char)b;
        bool exists = b < 0x80 || (b >= 0xA1 && b <= 0xDF);
        assert_int_equal(from(ENC_JISX0201, (struct str){&c, 1}), exists ? OK : ERR_INVALID);
        if (!exists)
            continue;
        struct text s = out;
        text_init(&out, 100);
        assert_int_equal(encode(&cx, text_str(&s), ENC_JISX0201, LOSS_REFUSE, NULL, &out), OK);
        assert_int_equal(out.n, 1);
        assert_int_equal((unsigned char)out.p[0], b);
        text_release(&s);
    }
    assert_int_equal(from(ENC_JISX0201, STR("\\~\xB1")), OK);
    assert_string_equal(out.p, "¥‾ｱ");
}

static void full_width_becomes_half_in_jisx0201(void **state)
{
    (void)state;
    assert_int_equal(to(ENC_JISX0201, LOSS_REFUSE, "ガ"), ERR_INVALID);
    assert_int_equal(to(ENC_JISX0201, LOSS_SUBSTITUTE, "ガー　Ａ１（￥\\～é・"), OK);
    assert_true(str_is(text_str(&out), "\xB6\xDE\xB0 A1(\\\\~e\xA5"));
    assert_int_equal(report.total, 11);
    assert_int_equal(to(ENC_JISX0201, LOSS_SUBSTITUTE, "ア山"), ERR_INVALID);
    assert_string_equal(cx.error.facts, "U+5C71 offset=3");
    assert_int_equal(to(ENC_JISX0201, LOSS_MARK, "ア山"), OK);
    assert_true(str_is(text_str(&out), "\xB1?"));
}

static void utf8_is_checked_and_its_mark_dropped(void **state)
{
    (void)state;
    assert_int_equal(from(ENC_UTF8, STR("\xEF\xBB\xBF山")), OK);
    assert_string_equal(out.p, "山");
    assert_int_equal(from(ENC_UTF8, STR("a\xE5\xB1")), ERR_INVALID);
    assert_string_equal(cx.error.facts, "offset=1");
    assert_int_equal(to(ENC_UTF8, LOSS_REFUSE, "山"), OK);
    assert_int_equal(from(ENC_UTF8, STR("")), OK);
    assert_int_equal(from(ENC_CP932, STR("")), OK);
    assert_int_equal(from(ENC_JISX0201, STR("")), OK);
}

static void full_buffer_and_missing_memory_are_errors(void **state)
{
    (void)state;
    struct text small;
    text_init(&small, 5);
    assert_int_equal(encode(&cx, STR("山川海"), ENC_CP932, LOSS_REFUSE, NULL, &small), ERR_MEMORY);
    assert_int_equal(small.n, 0);
    text_release(&small);
    for (uint64_t nth = 1; nth <= 3; nth++) {
        text_init(&small, 100);
        error_clear(&cx);
        memory_fail_at(nth, true);
        int r = encode(&cx, STR("𠮷山〜"), ENC_CP932, LOSS_SUBSTITUTE, NULL, &small);
        memory_fail_at(0, false);
        assert_int_equal(r, ERR_MEMORY);
        text_release(&small);
    }
}

#define TEST(name, fn)                                                                             \
    {                                                                                              \
        name, fn, set_up, tear_down, NULL                                                          \
    }

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST("canonical CP932 codes hold", canonical_codes_hold),
        TEST("every character comes back or is lost aloud",
             every_character_comes_back_or_is_lost_aloud),
        TEST("every substitute is needed and fits", every_substitute_is_needed_and_fits),
        TEST("losses are reported where they are", losses_are_reported_where_they_are),
        TEST("refusal names the character", refusal_names_the_character),
        TEST("report keeps counting when full", report_keeps_counting_when_full),
        TEST("half a Shift_JIS character is an error with its offset [F6]",
             half_a_character_is_an_error_with_its_offset),
        TEST("long texts go through in pieces", long_texts_go_through_in_pieces),
        TEST("JIS X 0201 is one byte each", jisx0201_is_one_byte_each),
        TEST("full width becomes half in JIS X 0201", full_width_becomes_half_in_jisx0201),
        TEST("UTF-8 is checked and its mark dropped [F6]", utf8_is_checked_and_its_mark_dropped),
        TEST("full buffer and missing memory are errors [F1]",
             full_buffer_and_missing_memory_are_errors),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("encoding", tests, NULL, NULL);
}
