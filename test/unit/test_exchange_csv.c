/* CSV records and files against their columns. */
#include "exchange/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct arena arena;
static struct context cx;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* Every record as fields between [ ], records between ; and errors as !message. */
static const char *records_of(struct str bytes)
{
    struct csv_reader r;
    struct text t;
    int result = 1;

    text_init(&t, 100000);
    csv_open(&r, bytes);
    for (int guard = 0; result != 0 && guard < 1000; guard++) {
        result = csv_read(&cx, &r);
        if (result < 0)
            (void)text_addf(&t, "!%s@%lld", cx.error.message, (long long)r.line);
        for (size_t i = 0; result > 0 && i < r.n; i++)
            (void)text_addf(&t, "[" STR_FMT "]", STR_ARG(r.fields[i]));
        if (result != 0)
            (void)text_addc(&t, ';');
        error_clear(&cx);
    }
    csv_close(&r);
    const char *out = str_c(&arena, text_str(&t));
    text_release(&t);
    return out;
}

static void test_records(void **state)
{
    (void)state;
    assert_string_equal(records_of(STR("a,b\r\nc,d\r\n")), "[a][b];[c][d];");
    assert_string_equal(records_of(STR("a,b\nc,d")), "[a][b];[c][d];"); /* no final newline */
    assert_string_equal(records_of(STR("\xEF\xBB\xBF"
                                       "a,b\n")),
                        "[a][b];");
    assert_string_equal(records_of(STR("")), "");
    assert_string_equal(records_of(STR("\r\n\n\r\n")), "");
    assert_string_equal(records_of(STR("a\r")), "[a];");
    assert_string_equal(records_of(STR(",\n,,\n")), "[][];[][][];");
    assert_string_equal(records_of(STR("\"a,1\",\"b\"\"c\"\"\",\"\"\n")), "[a,1][b\"c\"][];");
    assert_string_equal(records_of(STR("\"two\nlines\",x\ny\n")), "[two\nlines][x];[y];");
    assert_string_equal(records_of(STR("髙橋,\"邊\U000E0106\"\n")), "[髙橋][邊\U000E0106];");
}

static void test_bad_records(void **state)
{
    (void)state;
    assert_string_equal(records_of(STR("a\"b,c\nok\n")), "!exchange.csv.stray_quote@1;[ok];");
    assert_string_equal(records_of(STR("\"a\"b\nok\n")), "!exchange.csv.stray_quote@1;[ok];");
    assert_string_equal(records_of(STR("x\n\"open")), "[x];!exchange.csv.open_quote@2;");
    assert_string_equal(records_of(STR("a\xFF,b\nok")), "!exchange.csv.not_utf8@1;[ok];");
    assert_string_equal(records_of(STR("\xE3\x81\nok")), "!exchange.csv.not_utf8@1;[ok];");
    assert_string_equal(records_of((struct str){"a\0b\nok", 6}),
                        "!exchange.csv.control_character@1;[ok];");
}

/* `n` fields of `bytes` each. */
static struct str line_of(size_t n, size_t bytes)
{
    struct text t;

    text_init(&t, 16 << 20);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            (void)text_addc(&t, ',');
        for (size_t k = 0; k < bytes; k++)
            (void)text_addc(&t, 'x');
    }
    const struct str out = str_copy(&arena, text_str(&t));
    text_release(&t);
    return out;
}

static void test_limits(void **state)
{
    (void)state;
    assert_null(strchr(records_of(line_of(CSV_FIELDS_MAX, 1)), '!'));
    assert_string_equal(records_of(line_of(CSV_FIELDS_MAX + 1, 1)),
                        "!exchange.csv.too_many_fields@1;");
    assert_null(strchr(records_of(line_of(1, CSV_FIELD_BYTES_MAX)), '!'));
    assert_string_equal(records_of(line_of(1, CSV_FIELD_BYTES_MAX + 1)),
                        "!exchange.csv.field_too_long@1;");
}

/* What is written is read back, whatever it holds. */
static void test_round_trip(void **state)
{
    struct prng r;
    (void)state;
    prng_seed(&r, 20261120);
    for (int round = 0; round < 2000; round++) {
        static const char *const pieces[] = {"a", ",", "\"", "\n", "\r\n", "髙", "", " ", "-"};
        struct str fields[8];
        struct text file;
        struct csv_reader reader;
        const size_t n = 1 + prng_below(&r, 8);
        text_init(&file, 1 << 20);
        for (size_t i = 0; i < n; i++) {
            struct text f;
            text_init(&f, 1000);
            for (uint64_t k = prng_below(&r, 6); k > 0; k--)
                (void)text_adds(&f, pieces[prng_below(&r, 9)]);
            fields[i] = str_copy(&arena, text_str(&f));
            text_release(&f);
            csv_add(&file, fields[i]);
        }
        csv_end(&file);
        csv_open(&reader, text_str(&file));
        assert_int_equal(csv_read(&cx, &reader), 1);
        assert_int_equal(reader.n, n);
        for (size_t i = 0; i < n; i++)
            assert_true(str_equal(reader.fields[i], fields[i]));
        assert_int_equal(csv_read(&cx, &reader), 0);
        csv_close(&reader);
        text_release(&file);
    }
}

static const char description[] = "# a comment\n"
                                  "番号\tno\tdigits\t!\t4\t-\t\n"
                                  "氏名\tname\ttext\t!\t5\t-\t\n"
                                  "カナ\tkana\tkana\t-\t9\t-\t\n"
                                  "日\tday\tday\t-\t0\t-\t\n"
                                  "額\tyen\tyen\t-\t1000\t-\t\n"
                                  "区分\tkind\tchoice\t-\t0\t1|2\t\n";

static struct columns columns;

static const char *problems_of(const char *file)
{
    struct table t;
    struct text out;

    text_init(&out, 100000);
    assert_int_equal(columns_read(&cx, &arena, "test", STR(description), &columns), OK);
    assert_true(table_read(&cx, &arena, &columns, str_of(file), &t) >= 0);
    (void)text_addf(&out, "%zu", t.n);
    for (size_t i = 0; i < t.n_problems; i++)
        (void)text_addf(&out, ";%lld " STR_FMT " " STR_FMT " %s", (long long)t.problems[i].line,
                        STR_ARG(t.problems[i].field), STR_ARG(t.problems[i].value),
                        t.problems[i].reason);
    const char *text = str_c(&arena, text_str(&out));
    text_release(&out);
    return text;
}
#define HEAD "番号,氏名,カナ,日,額,区分\n"

static void test_columns(void **state)
{
    (void)state;
    assert_string_equal(problems_of(HEAD "0001,佐藤,サトウ,2026-04-01,1000,2\n"), "1");
    assert_string_equal(problems_of("氏名,番号\n佐藤,0001\n"), "1"); /* any order */
    assert_string_equal(problems_of(HEAD), "0");
    assert_string_equal(problems_of(""), "0;1   exchange.file.empty");
    assert_string_equal(problems_of("番号,氏名,血液型\n0001,佐藤,A\n"),
                        "0;1 血液型  exchange.column.unknown");
    assert_string_equal(problems_of("番号,番号\n"),
                        "0;1 番号  exchange.column.double;1 氏名  exchange.column.missing");
    assert_string_equal(problems_of(HEAD "0001,佐藤\n"), "0;2  0001 exchange.csv.field_count");
}

static void test_fields(void **state)
{
    (void)state;
    assert_string_equal(problems_of(HEAD ",佐藤,,,,\n"), "1;2 番号  exchange.field.missing");
    assert_string_equal(problems_of(HEAD "001,佐藤,,,,\n"), "1;2 番号 001 exchange.field.length");
    assert_string_equal(problems_of(HEAD "00a1,佐藤,,,,\n"), "1;2 番号 00a1 exchange.field.digits");
    assert_string_equal(problems_of(HEAD "0001,一二三四五,,,,\n"), "1");
    assert_string_equal(problems_of(HEAD "0001,一二三四五六,,,,\n"),
                        "1;2 氏名 一二三四五六 exchange.field.too_long");
    assert_string_equal(problems_of(HEAD "0001,佐藤,佐藤,,,\n"),
                        "1;2 カナ 佐藤 exchange.field.kana");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,2026-02-29,,\n"),
                        "1;2 日 2026-02-29 exchange.field.day");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,20260228,,\n"),
                        "1;2 日 20260228 exchange.field.day");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,,1001,\n"),
                        "1;2 額 1001 exchange.field.too_great");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,,-1000,\n"), "1");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,,1.5,\n"), "1;2 額 1.5 exchange.field.number");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,,,3\n"), "1;2 区分 3 exchange.field.choice");
    assert_string_equal(problems_of(HEAD "0001,佐藤,,,,|\n"), "1;2 区分 | exchange.field.choice");
}

static void test_control(void **state)
{
    struct table t;
    (void)state;
    assert_int_equal(columns_read(&cx, &arena, "test", STR(description), &columns), OK);
    assert_true(table_read(&cx, &arena, &columns,
                           STR(HEAD "0001,佐藤,,,5,\n0002,鈴木,,,6,\nCONTROL,2,額=11\n"), &t) >= 0);
    assert_true(t.has_control && t.control_count == 2 && t.n == 2 && t.sums[4] == 11 &&
                t.control[4].is_given && t.control[4].sum == 11 && !t.control[0].is_given);
    assert_string_equal(problems_of(HEAD "CONTROL,0\n0001,佐藤,,,,\n"),
                        "0;3   exchange.control.not_last");
    assert_string_equal(problems_of(HEAD "CONTROL,x\n"),
                        "0;2 CONTROL x exchange.control.unreadable");
    assert_string_equal(problems_of(HEAD "CONTROL,0,氏名=1\n"),
                        "0;2 CONTROL 0 exchange.control.unreadable");
}

static void test_sha256(void **state)
{
    char hex[65];
    (void)state;
    sha256_hex(STR("abc"), hex);
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"records: quotes, line ends, BOM, no final newline, empty [F6]", test_records, set_up,
         tear_down, NULL},
        {"bad records are named and the next one is read [F6]", test_bad_records, set_up, tear_down,
         NULL},
        {"most fields, one more; longest field, one byte more [F6]", test_limits, set_up, tear_down,
         NULL},
        {"what is written is read back", test_round_trip, set_up, tear_down, NULL},
        {"unknown and missing columns are refused and listed [NHI-CMN-011]", test_columns, set_up,
         tear_down, NULL},
        {"every kind of field, inside and beyond its limits [NHI-CMN-012 F6]", test_fields, set_up,
         tear_down, NULL},
        {"the control record", test_control, set_up, tear_down, NULL},
        {"SHA-256 is what sha256sum prints", test_sha256, set_up, tear_down, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
