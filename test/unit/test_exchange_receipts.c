/* Files of banks, stores, OCR readers and payment networks: read, proved, written byte for byte. */
#include "exchange/exchange.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

static struct str file(const char *path)
{
    struct text t;
    text_init(&t, 1 << 24);
    assert_int_equal(file_read(&cx, path, 1 << 24, &t), OK);
    const struct str s = str_copy(&arena, text_str(&t));
    text_release(&t);
    return s;
}

static struct str table(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/data/formats/%s", ROOT, name);
    return file(path);
}

/* A sample that nobody here wrote; the tests that want it are skipped where it is not there. */
static struct str sample(const char *name)
{
    char path[512];
    snprintf(path, sizeof path, "%s/../shared/samples/%s", ROOT, name);
    if (access(path, R_OK) != 0) {
        print_message("# skipped: %s is not there\n", path);
        skip();
    }
    return file(path);
}

static struct zengin_format format(enum zengin_kind kind)
{
    static const char *const names[] = {"zengin_debit.tsv", "zengin_transfer.tsv",
                                        "account_check.tsv"};
    struct zengin_format f;
    assert_int_equal(zengin_format_read(&cx, &arena, kind, table(names[kind]), &f), OK);
    return f;
}

static struct fixed_layout layout(const char *name)
{
    struct fixed_layout l;
    assert_int_equal(fixed_layout_read(&cx, &arena, name, table(name), &l), OK);
    return l;
}

/* The records under a name in test/data/vectors/zengin_samples.json. */
static struct str vector(const char *name)
{
    struct str json = file(ROOT "/test/data/vectors/zengin_samples.json");
    struct text out;
    const char *at = strstr(json.p, name), *end = strchr(at, ']');

    text_init(&out, 100000);
    while ((at = strstr(at, "\"hex\": \"")) != NULL && at < end) {
        unsigned char bytes[120];
        at += 8;
        assert_true(hex_parse((struct str){at, 240}, bytes, 120));
        (void)text_add(&out, (struct str){(char *)bytes, 120});
    }
    const struct str s = str_copy(&arena, text_str(&out));
    text_release(&out);
    assert_true(s.n > 0);
    return s;
}

static struct str written(const struct zengin_format *f, enum zengin_way way,
                          const struct zengin_medium *m, enum record_ends ends)
{
    struct zengin_medium copy = *m;
    struct text out;
    text_init(&out, 1 << 24);
    copy.records.ends = ends;
    assert_int_equal(zengin_write(&cx, f, way, &copy, &out), OK);
    const struct str s = str_copy(&arena, text_str(&out));
    text_release(&out);
    return s;
}

static void assert_same(struct str a, struct str b)
{
    assert_int_equal(a.n, b.n);
    assert_memory_equal(a.p, b.p, a.n);
}

/* As if it were our own: no record to copy from. */
static void forget(struct zengin_medium *m)
{
    for (size_t i = 0; i < m->n; i++) {
        m->files[i].header.record = NULL;
        for (size_t k = 0; k < m->files[i].n; k++)
            m->files[i].rows[k].record = NULL;
    }
}

static void test_debit(void **state)
{
    (void)state;
    const struct zengin_format f = format(ZENGIN_DEBIT);
    struct zengin_medium m;

    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, vector("request_91"), &m), OK);
    assert_int_equal(m.records.problems.all, 0);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.files[0].n, 2);
    assert_int_equal(m.files[0].total.n, 34005);
    assert_true(str_is(m.files[0].header.contractor, "1234567890"));
    assert_int_equal(m.files[0].header.month, 7);
    assert_int_equal(m.files[0].header.day, 31);
    assert_true(str_is(m.files[0].rows[0].bank, "9900"));
    assert_true(str_is(m.files[0].rows[0].holder, "ﾔﾏﾀﾞ ﾀﾛｳ"));
    assert_true(str_is(m.files[0].rows[1].customer, "20260001000012350107"));
    forget(&m);
    assert_same(written(&f, ZENGIN_REQUEST, &m, ENDS_NONE), vector("request_91"));
    /* The result: what the bank fills in, and its totals. */
    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_RESULT, vector("result_91"), &m), OK);
    assert_int_equal(m.records.problems.all, 0);
    assert_int_equal(m.files[0].done, 1);
    assert_int_equal(m.files[0].done_yen.n, 10605);
    assert_int_equal(m.files[0].failed_yen.n, 23400);
    assert_int_equal(m.files[0].rows[1].result, '1');
    forget(&m);
    assert_same(written(&f, ZENGIN_RESULT, &m, ENDS_NONE), vector("result_91"));
    /* A bank answers in the records it was given. */
    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, vector("request_91"), &m), OK);
    m.files[0].rows[0].result = '0';
    m.files[0].rows[1].result = '1';
    assert_same(written(&f, ZENGIN_RESULT, &m, ENDS_NONE), vector("result_91"));
}

/* Line ends of all kinds, a mark at the end, several files on one medium. */
static void test_media(void **state)
{
    (void)state;
    const struct zengin_format f = format(ZENGIN_DEBIT);
    struct zengin_medium m, again;
    struct zengin_file both[2];
    struct text out;

    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, vector("request_91"), &m), OK);
    for (int ends = ENDS_NONE; ends <= ENDS_CRLF; ends++) {
        struct str bytes = written(&f, ZENGIN_REQUEST, &m, (enum record_ends)ends);
        bytes = str_format(&arena, STR_FMT "\x1A", STR_ARG(bytes));
        assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, bytes, &again), OK);
        assert_int_equal(again.records.problems.all, 0);
        assert_int_equal(again.records.ends, ends);
        assert_int_equal(again.files[0].total.n, 34005);
    }
    both[0] = both[1] = m.files[0];
    m.files = both;
    m.n = 2;
    text_init(&out, 100000);
    assert_int_equal(zengin_write(&cx, &f, ZENGIN_REQUEST, &m, &out), OK);
    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, text_str(&out), &again), OK);
    assert_int_equal(again.n, 2);
    assert_int_equal(again.records.problems.all, 0);
    assert_int_equal(again.files[1].total.n, 34005);
    text_release(&out);
}

/* The first problem of the file that `change` has damaged. */
static const char *problem_with(enum zengin_way way, size_t at, const char *bytes, int64_t *line,
                                const char **field)
{
    const struct zengin_format f = format(ZENGIN_DEBIT);
    const struct str good = vector(way == ZENGIN_RESULT ? "result_91" : "request_91");
    char *copy = str_c(&arena, good);
    struct zengin_medium m;

    memcpy(copy + at, bytes, strlen(bytes));
    const int rc = zengin_read(&cx, &arena, &f, way, (struct str){copy, good.n}, &m);
    if (rc < 0) {
        const char *message = str_c(&arena, str_of(cx.error.message));
        error_clear(&cx);
        return message;
    }
    if (m.records.problems.all == 0)
        return "";
    *line = m.records.problems.rows[0].line;
    *field = str_c(&arena, m.records.problems.rows[0].field);
    return m.records.problems.rows[0].reason;
}

static void test_damaged(void **state)
{
    (void)state;
    enum { R = 120 };
    const char *field = "";
    int64_t line = 0;
    static const struct {
        size_t at;
        const char *bytes, *reason;
        int64_t line;
    } cases[] = {
        {3, "1", "exchange.zengin.ebcdic", 0},           /* code 1 is EBCDIC */
        {1, "21", "exchange.fixed.constant", 1},         /* another kind of file */
        {54, "0231", "exchange.field.day", 1},           /* there is no 31 February */
        {R + 42, "5", "exchange.field.choice", 2},       /* a kind of account that is none */
        {R + 43, "12A4567", "exchange.fixed.digits", 2}, /* digits */
        {R + 50, "\xB0", "exchange.transfer_name", 2},   /* the long vowel sign */
        {R + 50, "\xA7", "exchange.transfer_name", 2},   /* a small kana */
        {R + 50, ",", "exchange.transfer_name", 2},      /* comma nowhere */
        {R + 5, "(", "exchange.transfer_name", 2},       /* brackets in the name of a bank */
        {R + 90, "3", "exchange.field.choice", 2},
        {R + 111, "1", "exchange.field.choice", 2}, /* a request says no result */
        {3 * R + 1, "000003", "exchange.records.total", 4},
        {3 * R + 7, "000000034006", "exchange.records.total", 4},
        {3 * R + 19, "000001", "exchange.records.total", 4}, /* results in a request */
        {2 * R, "8", "exchange.fixed.digits", 3},            /* a trailer that is none */
        {4 * R, "8", "exchange.fixed.digits", 5},
        {4 * R, "2", "exchange.fixed.digits", 5},
        {4 * R, "7", "exchange.records.kind", 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        line = 0;
        const char *got = problem_with(ZENGIN_REQUEST, cases[i].at, cases[i].bytes, &line, &field);
        assert_string_equal(got, cases[i].reason);
        assert_int_equal(line, cases[i].line);
    }
    assert_string_equal(problem_with(ZENGIN_REQUEST, 0, "\xF1", &line, &field),
                        "exchange.zengin.ebcdic");
    /* Results: a code that is none, and totals that are not those of the lines. */
    assert_string_equal(problem_with(ZENGIN_RESULT, R + 111, "5", &line, &field),
                        "exchange.field.choice");
    assert_string_equal(field, "振替結果コード");
    assert_string_equal(problem_with(ZENGIN_RESULT, 3 * R + 19, "000002", &line, &field),
                        "exchange.records.total");
    assert_string_equal(field, "振替済件数");
    /* Names that do not fit are refused when a file is made. */
    const struct zengin_format f = format(ZENGIN_DEBIT);
    struct zengin_medium m;
    struct text out;
    text_init(&out, 100000);
    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, vector("request_91"), &m), OK);
    forget(&m);
    m.files[0].rows[0].holder = STR("山田 太郎");
    assert_int_equal(zengin_write_file(&cx, &f, &m.files[0], &out), ERR_INVALID);
    error_clear(&cx);
    text_release(&out);
    /* A table without a field the program needs is refused by name. */
    struct zengin_format g;
    assert_int_equal(zengin_format_read(&cx, &arena, ZENGIN_DEBIT, table("cvs_records.tsv"), &g),
                     ERR_SYNTAX);
    assert_string_equal(cx.error.message, "exchange.records.table");
    error_clear(&cx);
}

/* --- samples that nobody here wrote -------------------------------------------------------------
 */

static void test_transfer_sample(void **state)
{
    (void)state;
    const struct zengin_format f = format(ZENGIN_TRANSFER);
    const struct str bytes = sample("zengin/sougou-furikomi.txt");
    struct zengin_medium m;

    assert_int_equal(zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, bytes, &m), OK);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.files[0].n, 2);
    assert_int_equal(m.files[0].total.n, 115015);
    assert_int_equal(m.records.ends, ENDS_CR);
    assert_same(written(&f, ZENGIN_REQUEST, &m, ENDS_CR), bytes);
    /* What it holds besides: new codes that are none. */
    for (size_t i = 0; i < m.records.problems.n; i++)
        assert_string_equal(m.records.problems.rows[i].reason, "exchange.field.choice");
}

static void test_short_sample(void **state)
{
    (void)state;
    const struct zengin_format f = format(ZENGIN_TRANSFER);
    struct zengin_medium m;

    assert_int_equal(
        zengin_read(&cx, &arena, &f, ZENGIN_REQUEST, sample("zengin/kyash-sample.txt"), &m), OK);
    assert_int_equal(m.n, 1);
    assert_int_equal(m.files[0].n, 3);
    assert_int_equal(m.files[0].total.n, 6);
    assert_true(str_is(m.files[0].rows[0].holder, "ｷﾔﾂｼ ｼﾖｳｼﾞ"));
    assert_true(str_is(m.files[0].rows[2].bank, "2606"));
}

static struct cvs_file store_sample(struct str *bytes)
{
    struct cvs_file f;
    *bytes = sample("cvs/dsk-test.csv");
    assert_int_equal(cvs_read_csv(&cx, &arena, table("cvs_csv.tsv"), *bytes, &f), OK);
    return f;
}

static void test_store_sample(void **state)
{
    (void)state;
    struct str bytes;
    const struct cvs_file f = store_sample(&bytes);
    struct cvs_file fixed;
    struct text out;

    assert_int_equal(f.problems.all, 0);
    assert_int_equal(f.n, 16);
    assert_int_equal(f.rows[0].kind, CVS_EARLY);
    assert_int_equal(f.rows[1].kind, CVS_CANCELLED);
    assert_int_equal(f.rows[0].yen.n, 10605);
    assert_int_equal(f.rows[0].reissue, 1);
    assert_true(str_is(f.rows[0].key, "252070000010123499900"));
    assert_true(str_is(f.rows[0].chain, "010"));
    assert_true(ymd_is_none(f.rows[0].funds) && !ymd_is_none(f.rows[10].funds));
    text_init(&out, 1 << 20);
    assert_int_equal(cvs_write_csv(&cx, table("cvs_csv.tsv"), f.rows, f.n, &out), OK);
    assert_same((struct str){out.p, out.n - 2}, bytes); /* its last line has no end */
    /* The same content in the other carrier. */
    const struct fixed_layout l = layout("cvs_records.tsv");
    const struct cvs_header h = {STR("25200"), f.rows[0].made};
    text_clear(&out);
    assert_int_equal(cvs_write_fixed(&cx, &l, &h, f.rows, f.n, &out), OK);
    assert_int_equal(cvs_read_fixed(&cx, &arena, &l, text_str(&out), &fixed), OK);
    assert_int_equal(fixed.problems.all, 0);
    assert_int_equal(fixed.n, f.n);
    assert_int_equal(fixed.total.n, f.total.n);
    for (size_t i = 0; i < f.n; i++) {
        assert_true(str_equal(fixed.rows[i].barcode, f.rows[i].barcode));
        assert_int_equal(fixed.rows[i].kind, f.rows[i].kind);
        assert_int_equal(fixed.rows[i].paid.day, f.rows[i].paid.day);
        assert_int_equal(fixed.rows[i].yen.n, f.rows[i].yen.n);
    }
    text_release(&out);
}

/* --- barcodes, OCR lines, numbers ---------------------------------------------------------------
 */

static void test_barcodes(void **state)
{
    (void)state;
    struct str rest = file(ROOT "/test/data/vectors/cvs_gs1_128.tsv");
    const struct fixed_layout l = layout("cvs_records.tsv");
    int valid = 0, refused = 0;

    (void)str_cut(&rest, '\n');
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n'), cells[14];
        for (size_t i = 0; i < 14; i++)
            cells[i] = str_cut(&line, '\t');
        if (cells[0].n != 44)
            continue;
        const struct cvs_row row = {.kind = CVS_EARLY,
                                    .paid = ymd_of(2026, 6, 15),
                                    .made = ymd_of(2026, 6, 16),
                                    .funds = YMD_NONE,
                                    .booked = YMD_NONE,
                                    .time = STR("1200"),
                                    .barcode = cells[0],
                                    .shop = STR("1"),
                                    .chain = STR("010")};
        struct cvs_file back;
        struct text out;
        text_init(&out, 10000);
        struct cvs_row amount = row;
        (void)str_to_int(cells[7], &amount.yen.n);
        const struct cvs_header h = {STR("25200"), row.made};
        assert_int_equal(cvs_write_fixed(&cx, &l, &h, &amount, 1, &out), OK);
        assert_int_equal(cvs_read_fixed(&cx, &arena, &l, text_str(&out), &back), OK);
        const bool is_valid = mod10_31_is_valid(cells[0]);
        valid += is_valid;
        refused += !is_valid;
        assert_int_equal(back.rows[0].is_bad, !is_valid);
        if (is_valid) {
            assert_true(str_equal(back.rows[0].maker, cells[2]));
            assert_true(str_equal(back.rows[0].key, cells[3]));
            assert_int_equal(back.rows[0].yen.n, amount.yen.n);
        }
        text_release(&out);
    }
    assert_int_equal(valid, 11);
    assert_int_equal(refused, 33);
}

static struct ocr_format ocr_format(void)
{
    struct ocr_format f = {.records = layout("ocr_records.tsv")};
    assert_int_equal(
        ocr_lines_read(&cx, &arena, table("ocr_lines.tsv"), table("ocr_checks.tsv"), &f.lines), OK);
    return f;
}

static void test_ocr_lines(void **state)
{
    (void)state;
    const struct ocr_lines l = ocr_format().lines;
    char line[64] = "270011090122100000010605200000000025207";

    assert_null(ocr_line_problem(&cx, &l, "dsk_upper", str_of(line)));
    assert_null(ocr_line_problem(&cx, &l, "dsk_lower",
                                 STR("00000001012349990010000000002902300000000000")));
    /* Every single digit that is read wrongly is noticed, or it is no digit that may change. */
    int unnoticed = 0;
    for (size_t i = 0; i < 39; i++) {
        const char was = line[i];
        for (char c = '0'; c <= '9'; c++) {
            line[i] = c;
            unnoticed += c != was && ocr_line_problem(&cx, &l, "dsk_upper", str_of(line)) == NULL;
        }
        line[i] = was;
    }
    assert_int_equal(unnoticed, 0);
    char own[] = "20261000000012306000033400000000000000000000";
    assert_true(ocr_line_complete(&l, "municipal", own));
    assert_null(ocr_line_problem(&cx, &l, "municipal", str_of(own)));
    own[13] = own[13] == '9' ? '8' : '9';
    assert_string_equal(ocr_line_problem(&cx, &l, "municipal", str_of(own)), "exchange.ocr.check");
    assert_string_equal(ocr_line_problem(&cx, &l, "municipal", STR("2026")),
                        "exchange.ocr.length");
    assert_false(ocr_line_complete(&l, "nobody", own));
}

static void test_ocr_file(void **state)
{
    (void)state;
    const struct ocr_format f = ocr_format();
    char own[] = "20261000000012306000033400000010000050000000";
    struct ocr_row rows[2] = {{.paid = ymd_of(2026, 7, 1),
                               .funds = ymd_of(2026, 7, 3),
                               .place = STR("0001001"),
                               .yen = YEN(10605),
                               .upper = STR("270011090122100000010605200000000025207"),
                               .lower = STR("00000001012349990010000000002902300000000000")},
                              {.is_municipal = true,
                               .is_post = true,
                               .paid = ymd_of(2026, 7, 2),
                               .funds = YMD_NONE,
                               .place = STR(""),
                               .upper = {own, 44},
                               .lower = STR("")}};
    struct ocr_batch b = {STR("0001"), STR("0000000007"), ymd_of(2026, 7, 3), ymd_of(2026, 7, 3),
                          rows,        2,                 YEN(0)};
    struct ocr_file in;
    struct text out, again;

    assert_true(ocr_line_complete(&f.lines, "municipal", own));
    rows[1].yen = YEN(33400 + 100 + 50);
    text_init(&out, 10000);
    text_init(&again, 10000);
    assert_int_equal(ocr_write(&cx, &f, &b, 1, &out), OK);
    assert_int_equal(ocr_read(&cx, &arena, &f, text_str(&out), &in), OK);
    for (size_t i = 0; i < in.problems.n; i++)
        print_message("# %s\n", in.problems.rows[i].reason);
    assert_int_equal(in.problems.all, 0);
    assert_int_equal(in.n, 1);
    assert_int_equal(in.batches[0].total.n, 10605 + 33550);
    assert_true(in.batches[0].rows[1].is_municipal && in.batches[0].rows[1].is_post);
    assert_int_equal(ocr_write(&cx, &f, in.batches, in.n, &again), OK);
    assert_same(text_str(&again), text_str(&out));
    /* An amount that is not that of the line. */
    rows[0].yen = YEN(10604);
    text_clear(&out);
    assert_int_equal(ocr_write(&cx, &f, &b, 1, &out), OK);
    assert_int_equal(ocr_read(&cx, &arena, &f, text_str(&out), &in), OK);
    assert_int_equal(in.problems.all, 1);
    assert_string_equal(in.problems.rows[0].reason, "exchange.ocr.amount");
    assert_true(in.batches[0].rows[0].is_bad);
    /* Wrong totals of a batch. */
    char *bytes = str_c(&arena, text_str(&out));
    bytes[162 * 3 + 6] = '3';
    assert_int_equal(ocr_read(&cx, &arena, &f, (struct str){bytes, out.n}, &in), OK);
    assert_string_equal(in.problems.rows[0].reason, "exchange.records.total");
    text_release(&out);
    text_release(&again);
}

static void test_payment(void **state)
{
    (void)state;
    const struct fixed_layout numbers = layout("payment_no.tsv"), mpn = layout("mpn_records.tsv");
    const struct payment_no no = {1, 2026, 6, 123, 2};
    struct payment_no back;
    struct payment_file in;
    struct text out, again;
    char digits[21];

    assert_true(payment_no_digits(&cx, &numbers, &no, digits));
    assert_true(payment_no_parse(&numbers, str_of(digits), &back));
    assert_int_equal(back.year, 2026);
    assert_int_equal(back.notice, 123);
    assert_int_equal(back.number, 6);
    assert_int_equal(back.reissue, 2);
    for (size_t i = 0; i < 20; i++) { /* one digit wrong is never taken */
        const char was = digits[i];
        digits[i] = was == '9' ? '0' : (char)(was + 1);
        assert_false(payment_no_parse(&numbers, str_of(digits), &back));
        digits[i] = was;
    }
    const struct payment_row rows[2] = {{.stage = PAYMENT_EARLY,
                                         .institution = STR("12345"),
                                         .payment = str_of(digits),
                                         .confirmation = STR("004321"),
                                         .division = STR("001"),
                                         .key = STR("K1"),
                                         .way = STR("app"),
                                         .yen = YEN(33400),
                                         .paid = ymd_of(2026, 7, 1),
                                         .booked = YMD_NONE,
                                         .funds = YMD_NONE,
                                         .time = STR("093000"),
                                         .place = STR("0001001")},
                                        {.stage = PAYMENT_FINAL,
                                         .institution = STR("12345"),
                                         .payment = str_of(digits),
                                         .confirmation = STR("004321"),
                                         .division = STR("001"),
                                         .key = STR("K1"),
                                         .way = STR("app"),
                                         .yen = YEN(33400),
                                         .paid = ymd_of(2026, 7, 1),
                                         .booked = ymd_of(2026, 7, 2),
                                         .funds = ymd_of(2026, 7, 5),
                                         .time = STR("093000"),
                                         .place = STR("0001001")}};
    text_init(&out, 10000);
    text_init(&again, 10000);
    assert_int_equal(mpn_write(&cx, &mpn, ymd_of(2026, 7, 2), rows, 2, &out), OK);
    assert_int_equal(mpn_read(&cx, &arena, &mpn, text_str(&out), &in), OK);
    assert_int_equal(in.problems.all, 0);
    assert_int_equal(in.total.n, 66800);
    assert_int_equal(mpn_write(&cx, &mpn, ymd_of(2026, 7, 2), in.rows, in.n, &again), OK);
    assert_same(text_str(&again), text_str(&out));
    text_clear(&out);
    text_clear(&again);
    assert_int_equal(el_write(&cx, table("el_receipts.tsv"), rows, 2, &out), OK);
    assert_int_equal(el_read(&cx, &arena, table("el_receipts.tsv"), text_str(&out), &in), OK);
    assert_int_equal(in.problems.all, 0);
    assert_int_equal(in.rows[1].stage, PAYMENT_FINAL);
    assert_int_equal(in.rows[1].booked.day, ymd_of(2026, 7, 2).day);
    assert_int_equal(el_write(&cx, table("el_receipts.tsv"), in.rows, in.n, &again), OK);
    assert_same(text_str(&again), text_str(&out));
    text_release(&out);
    text_release(&again);
}

/* The tables agree with the field lists they were taken from. */
static void test_layouts(void **state)
{
    (void)state;
    static const struct {
        const char *format, *record, *table, *named;
    } tables[] = {{"総合振込21", "header", "zengin_transfer.tsv", "header"},
                  {"総合振込21", "trailer", "zengin_transfer.tsv", "trailer"},
                  {"口座振替91", "header", "zengin_debit.tsv", "header"},
                  {"口座振替91", "data", "zengin_debit.tsv", "data"},
                  {"口座振替91", "trailer", "zengin_debit.tsv", "trailer"},
                  {"口座振替91", "end", "zengin_debit.tsv", "end"},
                  {"DSK収納120", "body", "cvs_records.tsv", "data"}};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        struct str rest = file(ROOT "/test/data/vectors/fixed_layouts.tsv");
        const struct fixed_layout l = layout(tables[i].table);
        const struct fixed_record *r = fixed_record_of(&l, tables[i].named);
        size_t n = 0;
        while (rest.n > 0) {
            struct str line = str_cut(&rest, '\n');
            if (!str_is(str_cut(&line, '\t'), tables[i].format) ||
                !str_is(str_cut(&line, '\t'), tables[i].record))
                continue;
            int64_t at = 0, length = 0;
            (void)str_to_int(str_cut(&line, '\t'), &at);
            (void)str_to_int(str_cut(&line, '\t'), &length);
            assert_true(n < r->n);
            assert_int_equal(r->fields[n].at, at);
            assert_int_equal(r->fields[n].n, length);
            n++;
        }
        assert_int_equal(n, r->n);
    }
}

int main(void)
{
#define T(words, function)                                                                         \
    {                                                                                              \
        words, function, set_up, tear_down, NULL                                                   \
    }
    const struct CMUnitTest tests[] = {
        T("direct debit, request and result, to the byte [NHI-COL-013 IFC-047]", test_debit),
        T("every line end, a mark at the end, several files on a medium [IFC-047]", test_media),
        T("what is wrong is named with line and field; EBCDIC by its name [IFC-047 NHI-COL-013]",
          test_damaged),
        T("a bank's transfer file that nobody here wrote comes out as it came [BNK-003]",
          test_transfer_sample),
        T("a file whose last fillers were cut off [BNK-003]", test_short_sample),
        T("an agency's file of stores, in both carriers [NHI-COL-005 IFC-048]", test_store_sample),
        T("44 digits: split, and refused by their check digit [NHI-COL-005]", test_barcodes),
        T("OCR lines: both of the agency and the city's own [NHI-COL-005 NHI-COL-008]",
          test_ocr_lines),
        T("a batch of payment notices with its totals [NHI-COL-008 BNK-005]", test_ocr_file),
        T("Pay-easy and eL-QR by payment number [NHI-COL-005 IFC-048]", test_payment),
        T("the tables are those of the public field lists [NHI-COL-013 NHI-COL-005]", test_layouts),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
