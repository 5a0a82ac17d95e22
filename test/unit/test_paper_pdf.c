/*
 * The notice and the slips as a PDF, read back by tools that are not ours: pdftotext, mutool,
 * qpdf, pdftoppm, pdffonts, zbarimg.
 */
#include "paper/paper.h"

#include <fcntl.h>
#include <glob.h>
#include <setjmp.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

extern char **environ;

enum { MOST = 64 << 20 };
static char folder[] = "/tmp/hokenka-paper-XXXXXX";
static struct paper *paper;
static struct form *notice, *slip;
static struct arena arena;
static struct context cx;

static struct form *load(const char *name)
{
    char path[300];
    struct text t;
    struct form *f = NULL;
    snprintf(path, sizeof path, ROOT "/src/desk/levy/forms/%s.form", name);
    text_init(&t, 1 << 20);
    int r = file_read(&cx, path, 1 << 20, &t);
    if (r >= 0)
        r = form_load(&cx, paper, name, text_str(&t), &f);
    if (r < 0)
        print_message("# %s %s:%d %s\n", cx.error.message, name, cx.error.line, cx.error.facts);
    text_release(&t);
    return f;
}

static int open_all(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    if (!mkdtemp(folder) || paper_open(&cx, NULL, &paper) < 0)
        return -1;
    notice = load("levy_notice");
    slip = load("payment_slip");
    return notice && slip ? 0 : -1;
}

/* Runs a tool; its output (and errors) go to out. The exit code. */
static int run(struct text *out, char *const *argv)
{
    char path[300];
    pid_t pid;
    int status = -1;
    posix_spawn_file_actions_t actions;
    snprintf(path, sizeof path, "%s/output", folder);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    int r = posix_spawnp(&pid, argv[0], &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (r != 0)
        return -1;
    if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status))
        return -1;
    text_clear(out);
    assert_int_equal(file_read(&cx, path, MOST, out), OK);
    return WEXITSTATUS(status);
}
#define RUN(out, ...) run((out), (char *[]){__VA_ARGS__, NULL})

static int close_all(void **state)
{
    (void)state;
    form_free(notice);
    form_free(slip);
    paper_close(paper);
    pid_t pid;
    char *const argv[] = {(char *)"rm", (char *)"-rf", folder, NULL};
    if (posix_spawnp(&pid, "rm", NULL, NULL, argv, environ) == 0)
        waitpid(pid, NULL, 0);
    arena_release(&arena);
    return 0;
}

/* Skips the running test, saying why, when a tool is not installed. */
static void need(const char *tool, const char *test)
{
    struct text t;
    text_init(&t, 1 << 20);
    int r = RUN(&t, (char *)"which", (char *)tool);
    text_release(&t);
    if (r == 0)
        return;
    print_message("# SKIP %s: %s is not installed\n", test, tool);
    skip();
}

static void sample(struct form *f, struct form_data *d)
{
    form_data_init(d, &arena, STR("見本"));
    assert_int_equal(form_sample(&cx, f, d), OK);
}

static const struct paper_info info = {{"納入通知書", 15}, {20614}};

static char *save(const char *name, struct form *f, const struct form_data *d)
{
    static char path[300];
    struct text t;
    text_init(&t, MOST);
    error_clear(&cx);
    int r = paper_pdf(&cx, paper, &info, f, d, &t);
    if (r < 0)
        print_message("# %s line %d %s\n", cx.error.message, cx.error.line, cx.error.facts);
    assert_int_equal(r, OK);
    snprintf(path, sizeof path, "%s/%s.pdf", folder, name);
    assert_int_equal(file_write(&cx, path, text_str(&t)), OK);
    text_release(&t);
    return path;
}

/* Readers guess blanks from distances: what is compared is the text without them. */
static char *without_blanks(const char *s)
{
    char *out = arena_alloc(&arena, strlen(s) + 1);
    size_t n = 0;
    assert_non_null(out);
    while (*s) {
        if (strncmp(s, "\xE3\x80\x80", 3) == 0)
            s += 3;
        else if (*s == ' ' || *s == '\n' || *s == '\f')
            s++;
        else
            out[n++] = *s++;
    }
    return out;
}

static bool has(const struct text *t, const char *part)
{
    if (strstr(without_blanks(text_str(t).p), without_blanks(part)))
        return true;
    print_message("# not found: %s\n", part);
    return false;
}

static size_t count(const struct text *t, const char *part)
{
    size_t n = 0;
    const char *wanted = without_blanks(part);
    const char *p = without_blanks(text_str(t).p);
    for (; (p = strstr(p, wanted)) != NULL; p += strlen(wanted))
        n++;
    return n;
}

/* --- tests ------------------------------------------------------------------------------------- */

static void the_file_is_a_sound_pdf(void **state)
{
    (void)state;
    struct text t;
    struct form_data d;
    need("qpdf", "the file is a sound PDF");
    text_init(&t, MOST);
    sample(notice, &d);
    char *path = save("sound", notice, &d);
    assert_int_equal(RUN(&t, (char *)"qpdf", (char *)"--check", path), 0);
    /* a part used three times on a page: no name may stand twice in a dictionary */
    struct form_data slips;
    sample(slip, &slips);
    char *two = save("sound_slips", slip, &slips);
    assert_int_equal(RUN(&t, (char *)"qpdf", (char *)"--qdf", two, (char *)"/dev/null"), 0);
    path = save("sound", notice, &d);
    need("pdffonts", "fonts are embedded");
    assert_int_equal(RUN(&t, (char *)"pdffonts", path), 0);
    struct str rest = text_str(&t);
    (void)str_cut(&rest, '\n');
    (void)str_cut(&rest, '\n');
    int fonts = 0;
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        char copy[200] = "";
        memcpy(copy, line.p, line.n < 199 ? line.n : 199);
        assert_non_null(strstr(copy, "yes yes yes")); /* embedded, subset, with ToUnicode */
        fonts++;
    }
    assert_in_range(fonts, 3, 20);
    text_release(&t);
}

static void the_notice_is_read_back(void **state)
{
    (void)state;
    static const char *const expected[] = {
        "令和8年度　国民健康保険料　納入通知書", "〒154-0023", "髙橋 﨑太郎　様", "¥312,400",
        "令和8年6月30日", "33,400", "31,000", "北川市国民健康保険条例第14条", "納期限までに",
        "○○県国民健康保険審査会", "国民健康保険法第91条", "裁決を経た後でなければ",
        "１人あたりの額×人数", "47,600×3人", "▲23,800", "211,300", "78,400", "15,800", "6,900",
        "髙橋 瀨津子", "S63.11.23", "3,860,000", "第 0000012345 号", "納付書による納付"};
    struct text t;
    struct form_data d;
    need("pdftotext", "the notice is read back");
    text_init(&t, MOST);
    sample(notice, &d);
    char *path = save("notice", notice, &d);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        assert_true(has(&t, expected[i]));
    assert_int_equal(count(&t, "日31,000"), 9);
    assert_int_equal(count(&t, "市長に対して"), 0);
    text_release(&t);
}

static void tax_wording_goes_to_the_mayor(void **state)
{
    (void)state;
    struct text t;
    struct form_data d;
    need("pdftotext", "tax wording");
    text_init(&t, MOST);
    sample(notice, &d);
    form_put_flag(&d, "is_tax", true);
    form_put_flag(&d, "is_changed", true);
    form_put_yen(&d, "total_before", YEN(350000));
    form_put_day(&d, "change_day", ymd_of(2026, 9, 1));
    form_put_text(&d, "change_reason", STR("所得の更正"));
    char *path = save("tax", notice, &d);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    assert_true(has(&t, "国民健康保険税　変更（更正）通知書"));
    assert_true(has(&t, "北川市長に対して審査請求"));
    assert_true(has(&t, "地方税法第19条"));
    assert_true(has(&t, "変更前 ¥350,000 → 変更後 ¥312,400"));
    assert_true(has(&t, "所得の更正"));
    assert_int_equal(count(&t, "国民健康保険審査会"), 0);
    assert_int_equal(count(&t, "保険料"), 0);
    text_release(&t);
}

/* Names with JIS X 0213 plane 2, compatibility ideographs, variation sequences, and glyphs that
 * stand for two texts in one document. */
static const char *const rare_names[] = {
    "髙橋 﨑太郎", "𠮷田 𠮟", "渡邊󠄈 瀨", "渡邊 花", "渡邉󠄐 一", "葛󠄂城 葛󠄃", "辻󠄂 辻", "神谷 神谷",
    "𡈽屋 𠀋", "齋󠄂藤 齊", "鷗 𩸽 彅", "⼀ 一", "か゚ き゚", "𣘺本 𦥑", "羽生 﨟"};

static void rare_names_are_read_back(void **state)
{
    (void)state;
    struct text t;
    struct form *f = NULL;
    struct form_data d;
    need("pdftotext", "rare names");
    static const char layout[] =
        "form t\npaper A4\npage p\nrepeat names 20 10 step=0,12 max=20\n"
        "text 0 0 80 8 \"{name}\" font=name size=14\n"
        "text 90 0 80 8 \"{name}\" font=gothic size=14 if=plain\nend\nend\n";
    error_clear(&cx);
    assert_int_equal(form_load(&cx, paper, "rare", STR(layout), &f), OK);
    form_data_init(&d, &arena, STR("名簿"));
    size_t n = 0;
    for (size_t i = 0; i < sizeof rare_names / sizeof *rare_names; i++) {
        struct form_data one;
        struct paper_box *boxes;
        size_t n_boxes;
        form_data_init(&one, &arena, STR("一人"));
        form_put_text(form_item(&one, "names"), "name", str_of(rare_names[i]));
        error_clear(&cx);
        if (paper_boxes(&cx, paper, f, &one, &boxes, &n_boxes) < 0) {
            /* the only reason to leave a name out here: no font has its sequence */
            assert_string_equal(cx.error.message, "paper.glyph.missing");
            print_message("# not in the fonts: %s\n", cx.error.facts);
            continue;
        }
        form_put_text(form_item(&d, "names"), "name", str_of(rare_names[i]));
        n++;
    }
    assert_in_range(n, 15, 15);
    text_init(&t, MOST);
    char *path = save("rare", f, &d);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    size_t found = 0;
    for (size_t i = 0; i < sizeof rare_names / sizeof *rare_names; i++)
        found += count(&t, rare_names[i]) > 0;
    assert_int_equal(found, n);
    /* no marked content in between: every reader copies the names, not only those that know it */
    assert_int_equal(RUN(&t, (char *)"qpdf", (char *)"--qdf", (char *)"--object-streams=disable",
                         path, (char *)"-"), 0);
    assert_null(memmem(t.p, t.n, "ActualText", 10));
    need("mutool", "a second reader");
    assert_int_equal(RUN(&t, (char *)"mutool", (char *)"draw", (char *)"-F", (char *)"txt", path), 0);
    assert_true(has(&t, "髙橋 﨑太郎"));
    assert_true(has(&t, "𡈽屋 𠀋"));
    assert_true(has(&t, "渡邊 花"));
    form_free(f);
    text_release(&t);
}

/* Slips of a household with ten instalments; digits[i] is what the bars must say. */
static void put_slips(struct form_data *d, char digits[10][45], int64_t amounts[10])
{
    form_data_init(d, &arena, STR("世帯 1"));
    form_put_count(d, "fiscal_year", 2026);
    form_put_text(d, "notice_no", STR("0000012345"));
    form_put_text(d, "city", STR("北川市"));
    form_put_text(d, "address", STR("○○県北川市若林三丁目16番4号"));
    form_put_text(d, "building", STR(""));
    form_put_text(d, "addressee", STR("𠮷田 瀨津子"));
    form_put_flag(d, "is_tax", false);
    for (int i = 0; i < 10; i++) {
        struct form_data *item = form_item(d, "slips");
        struct slip_code c = {.maker = "929023", .due = ymd_of(2026, 6 + (i < 7 ? i : 6), 28)};
        struct slip_key k = {52000, 1, 2026, i + 1, 12345, 0};
        amounts[i] = 31000 + 1234 * i;
        c.amount = YEN(amounts[i]);
        assert_int_equal(slip_key_digits(&cx, &k, c.key), OK);
        assert_int_equal(slip_code_digits(&cx, &c, digits[i]), OK);
        form_put_count(item, "no", i + 1);
        form_put_day(item, "due", c.due);
        form_put_yen(item, "amount", c.amount);
        form_put_text(item, "barcode", str_of(digits[i]));
        form_put_text(item, "refusal", STR(""));
    }
}

static void scan_at(const char *pdf, const char *resolution, char digits[10][45])
{
    struct text t;
    char prefix[300];
    text_init(&t, MOST);
    snprintf(prefix, sizeof prefix, "%s/at%s", folder, resolution);
    assert_int_equal(RUN(&t, (char *)"pdftoppm", (char *)"-r", (char *)resolution, (char *)"-gray",
                         (char *)"-png", (char *)pdf, prefix), 0);
    char all[20 * 60 + 1] = "";
    for (int page = 1; page <= 4; page++) {
        char image[320];
        snprintf(image, sizeof image, "%s-%d.png", prefix, page);
        assert_int_equal(RUN(&t, (char *)"zbarimg", (char *)"-q", (char *)"--raw", image), 0);
        strncat(all, text_str(&t).p, sizeof all - strlen(all) - 1);
    }
    size_t n = 0;
    for (const char *p = all; (p = strchr(p, '\n')) != NULL; p++)
        n++;
    assert_int_equal(n, 10);
    for (int i = 0; i < 10; i++)
        assert_non_null(strstr(all, digits[i]));
    text_release(&t);
}

static void every_slip_is_scanned(void **state)
{
    (void)state;
    char digits[10][45];
    int64_t amounts[10];
    struct form_data d;
    need("pdftoppm", "slips are scanned");
    need("zbarimg", "slips are scanned");
    put_slips(&d, digits, amounts);
    char *path = save("slips", slip, &d);
    scan_at(path, "200", digits);
    scan_at(path, "300", digits);
}

static void amounts_on_slips_are_those_of_the_instalments(void **state)
{
    (void)state;
    char digits[10][45];
    int64_t amounts[10];
    struct text t;
    struct form_data d;
    need("pdftotext", "amounts on slips");
    put_slips(&d, digits, amounts);
    text_init(&t, MOST);
    char *path = save("amounts", slip, &d);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    for (int i = 0; i < 10; i++) {
        struct text yen;
        struct slip_code c;
        text_init(&yen, 40);
        text_adds(&yen, "¥");
        text_add_yen(&yen, YEN(amounts[i]));
        assert_int_equal(count(&t, text_str(&yen).p), 3); /* one on each stub */
        text_release(&yen);
        assert_int_equal(slip_code_parse(&cx, str_of(digits[i]), &c), OK);
        assert_int_equal(c.amount.n, amounts[i]);
        char line1[40];
        char line2[24];
        slip_code_lines(digits[i], line1, line2);
        assert_true(has(&t, line1));
        assert_true(has(&t, line2));
    }
    assert_int_equal(count(&t, "領収証書"), 10);
    assert_int_equal(count(&t, "領収済通知書"), 10);
    text_release(&t);
}

static void a_refused_slip_has_no_barcode_but_the_reason(void **state)
{
    (void)state;
    struct text t;
    struct form_data d;
    char digits[10][45];
    int64_t amounts[10];
    need("pdftotext", "refused slip");
    put_slips(&d, digits, amounts);
    struct form_data *item = form_item(&d, "slips");
    form_put_count(item, "no", 11);
    form_put_day(item, "due", ymd_of(2027, 3, 31));
    form_put_yen(item, "amount", YEN(300001));
    form_put_text(item, "barcode", STR(""));
    form_put_text(item, "refusal", STR("金額が30万円を超えるため使えません。"));
    text_init(&t, MOST);
    char *path = save("refused", slip, &d);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    assert_int_equal(count(&t, "コンビニエンスストアでは使えません"), 1);
    assert_true(has(&t, "30万円を超えるため"));
    assert_int_equal(count(&t, "(91)929023"), 10);
    /* a barcode with a wrong check digit is not printed at all */
    form_put_text(item, "barcode", STR("91929023252070000010123499901099999900350001"));
    struct text out;
    text_init(&out, MOST);
    error_clear(&cx);
    assert_int_equal(paper_pdf(&cx, paper, &info, slip, &d, &out), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.slip.code");
    /* bars that say another amount than the words are not printed either */
    form_put_yen(item, "amount", YEN(35001));
    form_put_text(item, "barcode", STR("91929023252070000010123499901099999900350000"));
    error_clear(&cx);
    assert_int_equal(paper_pdf(&cx, paper, &info, slip, &d, &out), ERR_INVALID);
    assert_string_equal(cx.error.message, "paper.slip.mismatch");
    text_release(&out);
    text_release(&t);
}

static const struct paper_box *box_named(const struct paper_box *boxes, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(boxes[i].name, name))
            return &boxes[i];
    fail_msg("no box %s", name);
    return NULL;
}

/* The letter slides 3 mm in its envelope in every direction: the address stays in the window. */
static void the_address_stays_in_the_window(void **state)
{
    (void)state;
    static const char *const inside[] = {"postcode", "address", "addressee", "customer",
                                         "party_no"};
    struct form_data d;
    struct paper_box *boxes;
    size_t n;
    sample(notice, &d);
    form_put_text(&d, "address", STR("○○県北川市若林三丁目大字長い長い町名字さらに長い小字の名前の続く土地16番4号"));
    form_put_text(&d, "building", STR("グランドメゾン北川中央公園前ウエストタワー 1205号室"));
    form_put_text(&d, "addressee", STR("ロドリゲス・ガルシア・マリア・フェルナンダ"));
    assert_int_equal(paper_boxes(&cx, paper, notice, &d, &boxes, &n), OK);
    const struct paper_box *w = box_named(boxes, n, "window");
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++) {
        const struct paper_box *b = box_named(boxes, n, inside[i]);
        assert_int_equal(b->page, 1);
        assert_true(b->left_um >= w->left_um + 3000);
        assert_true(b->top_um >= w->top_um + 3000 - 100);
        assert_true(b->left_um + b->width_um <= w->left_um + w->width_um - 3000);
        assert_true(b->top_um + b->height_um <= w->top_um + w->height_um - 3000);
    }
    /* quiet zone of the customer barcode: 2 mm above and below */
    const struct paper_box *bars = box_named(boxes, n, "customer");
    const struct paper_box *name = box_named(boxes, n, "addressee");
    const struct paper_box *number = box_named(boxes, n, "party_no");
    assert_true(name->top_um + name->height_um + 1500 <= bars->top_um);
    assert_true(bars->top_um + bars->height_um + 1000 <= number->top_um);
    const struct paper_box *seal = box_named(boxes, n, "seal");
    assert_in_range(seal->width_um, 17000, 21500);
}

/* Museum: 仙台市 2019 printed 平成1年度 after the change of the era. */
static void the_first_year_of_an_era_is_gannen(void **state)
{
    (void)state;
    struct text t;
    need("pdftotext", "first year of an era");
    text_init(&t, MOST);
    for (int year = 1988; year <= 2028; year++) {
        struct form_data d;
        if (year > 1990 && year < 2017)
            continue;
        sample(notice, &d);
        form_put_count(&d, "fiscal_year", year);
        form_put_day(&d, "issued", ymd_of(year, 6, 1));
        char *path = save("era", notice, &d);
        assert_int_equal(RUN(&t, (char *)"pdftotext", path, (char *)"-"), 0);
        assert_int_equal(count(&t, "平成1年") + count(&t, "令和1年") + count(&t, "平成32年"), 0);
        if (year == 2019)
            assert_true(has(&t, "令和元年度") && has(&t, "令和元年6月1日"));
        if (year == 1989)
            assert_true(has(&t, "平成元年度") && has(&t, "平成元年6月1日"));
    }
    text_release(&t);
}

/* A layout whose sample is of one year and one day, without barcodes. */
static struct form *of_the_day(const char *path, int year, const char *day, bool *names_a_year)
{
    struct text from, to;
    struct form *f = NULL;
    text_init(&from, 1 << 20);
    text_init(&to, 1 << 20);
    assert_int_equal(file_read(&cx, path, 1 << 20, &from), OK);
    for (const char *p = text_str(&from).p; *p; p++) {
        if (strncmp(p, "count:2026", 10) == 0 || strncmp(p, "count:2025", 10) == 0) {
            text_addf(&to, "count:%d", year);
            p += 9;
        } else if (strncmp(p, "day:", 4) == 0 && p[4] >= '0' && p[4] <= '9') {
            text_addf(&to, "day:%s", day);
            p += 13;
        } else if (strncmp(p, "barcode=\"9", 10) == 0) { /* says another day and amount */
            text_adds(&to, "barcode=\"\"");
            p = strchr(p + 9, '"');
        } else {
            text_add(&to, (struct str){p, 1});
        }
    }
    *names_a_year = strstr(from.p, ":fiscal}") != NULL;
    if (strstr(from.p, ":dots}")) /* 31. 4.30 and 1. 5. 1 below each other */
        fail_msg("%s has a day without its era", path);
    const int r = form_load(&cx, paper, "era", text_str(&to), &f);
    if (r < 0)
        print_message("# %s:%d %s\n", path, cx.error.line, cx.error.message);
    assert_int_equal(r, OK);
    text_release(&from);
    text_release(&to);
    return f;
}

static bool says(const struct text *t, const char *part)
{
    return count(t, part) > 0;
}

/* What the slips of 仙台市 had, and what comes of an era that is not the day's. Papers name 平成 in
 * laws (平成…年法律), never in a day or a year of theirs from 2019-05-01 on. */
static bool is_wrong(const struct text *t, bool is_reiwa)
{
    static const char *const never[] = {"平成1年", "令和1年", "昭和1年", "平成32年", "昭和65年"};
    static const char *const old[] = {"平成31年", "平成元年", "H31.", "H01."};
    bool wrong = false;
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        wrong |= says(t, never[i]);
    for (size_t i = 0; is_reiwa && i < sizeof old / sizeof *old; i++)
        wrong |= says(t, old[i]);
    return wrong;
}

/* Every slip, notice and certificate that comes with the program. */
static void every_paper_names_the_year_of_its_day(void **state)
{
    (void)state;
    static const struct {
        int year;
        const char *day, *year_words;
    } rows[] = {{2019, "2019-05-01", "令和元年度"}, {2019, "2019-12-31", "令和元年度"},
                {2018, "2019-04-30", "平成30年度"}, {2020, "2020-01-01", "令和2年度"},
                {1989, "1989-01-08", "平成元年度"}, {1988, "1989-01-07", "昭和63年度"}};
    glob_t papers;
    struct text t;
    size_t named = 0;
    need("pdftotext", "years of papers");
    text_init(&t, MOST);
    text_adds(&t, "平成1年度 国民健康保険料");
    assert_true(is_wrong(&t, true)); /* the slip of 2019 */
    assert_int_equal(glob(ROOT "/src/desk/*/forms/*.form", 0, NULL, &papers), 0);
    assert_true(papers.gl_pathc > 20);
    for (size_t i = 0; i < papers.gl_pathc; i++) {
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            struct form_data d;
            bool names_a_year;
            struct form *f =
                of_the_day(papers.gl_pathv[i], rows[k].year, rows[k].day, &names_a_year);
            sample(f, &d);
            char *path = save("era", f, &d);
            assert_int_equal(RUN(&t, (char *)"pdftotext", path, (char *)"-"), 0);
            if (is_wrong(&t, strcmp(rows[k].day, "2019-05-01") >= 0) ||
                (names_a_year && !says(&t, rows[k].year_words)))
                fail_msg("%s of %s", papers.gl_pathv[i], rows[k].day);
            named += names_a_year;
            form_free(f);
        }
    }
    assert_true(named > 10 * sizeof rows / sizeof *rows);
    globfree(&papers);
    text_release(&t);
}

static void pdf_bytes(struct form *f, const struct form_data *d, struct digest *out)
{
    struct text t;
    text_init(&t, MOST);
    error_clear(&cx);
    assert_int_equal(paper_pdf(&cx, paper, &info, f, d, &t), OK);
    *out = hash_of(text_str(&t));
    text_release(&t);
}

static void the_same_values_give_the_same_bytes(void **state)
{
    (void)state;
    struct digest first;
    struct digest again;
    struct form_data d;
    struct form_data other;
    sample(notice, &d);
    pdf_bytes(notice, &d, &first);
    /* what was printed before must leave no trace: other people, other fonts, other slips */
    sample(notice, &other);
    form_put_text(&other, "addressee", STR("渡邊\xF3\xA0\x84\x88 神\xEF\xA8\x99"));
    pdf_bytes(notice, &other, &again);
    assert_false(digest_equal(&first, &again));
    sample(slip, &other);
    pdf_bytes(slip, &other, &again);
    pdf_bytes(notice, &d, &again);
    assert_true(digest_equal(&first, &again));
    /* another process: caches, fonts and layouts anew, values through their packed form */
    struct text packed;
    struct form_data back;
    text_init(&packed, 1 << 20);
    assert_int_equal(form_data_pack(&d, &packed), OK);
    form_free(notice);
    form_free(slip);
    paper_close(paper);
    assert_int_equal(paper_open(&cx, NULL, &paper), OK);
    notice = load("levy_notice");
    slip = load("payment_slip");
    assert_int_equal(form_data_unpack(&cx, text_str(&packed), &arena, &back), OK);
    pdf_bytes(notice, &back, &again);
    assert_true(digest_equal(&first, &again));
    text_release(&packed);
}

static void a_failing_document_leaves_the_stream_as_it_was(void **state)
{
    (void)state;
    struct digest with;
    struct digest without;
    char path[300];
    for (int round = 0; round < 2; round++) {
        struct form_data good;
        struct form_data bad;
        struct paper_stream *s;
        struct text t;
        sample(notice, &good);
        sample(notice, &bad);
        form_put_text(&bad, "addressee", STR("山田\xE2\xBB\x86"));
        snprintf(path, sizeof path, "%s/stream.pdf", folder);
        error_clear(&cx);
        assert_int_equal(paper_stream_open_file(&cx, paper, &info, path, &s), OK);
        assert_int_equal(paper_stream_add(&cx, s, notice, &good), 2);
        if (round == 1) {
            assert_int_equal(paper_stream_add(&cx, s, notice, &bad), ERR_INVALID);
            error_clear(&cx);
        }
        assert_int_equal(paper_stream_add(&cx, s, slip, &good), ERR_INVALID); /* no group slips */
        error_clear(&cx);
        struct form *const both[] = {notice, slip}; /* the notice is good, its slips are not */
        assert_int_equal(paper_stream_add_set(&cx, s, both, 2, &good), ERR_INVALID);
        error_clear(&cx);
        assert_int_equal(paper_stream_add(&cx, s, notice, &good), 2);
        assert_int_equal(paper_stream_pages(s), 4);
        assert_int_equal(paper_stream_close(&cx, s), OK);
        text_init(&t, MOST);
        assert_int_equal(file_read(&cx, path, MOST, &t), OK);
        *(round == 0 ? &without : &with) = hash_of(text_str(&t));
        text_release(&t);
    }
    assert_true(digest_equal(&with, &without));
}

static void a_full_disk_leaves_no_half_file(void **state)
{
    (void)state;
    char path[300];
    char part[310];
    snprintf(path, sizeof path, "%s/full.pdf", folder);
    snprintf(part, sizeof part, "%s.part", path);
    static const char *const operations[] = {"open", "write", "sync", "rename"};
    for (size_t i = 0; i < 4; i++) {
        struct env faulty;
        struct context fcx;
        struct paper_stream *s = NULL;
        struct form_data d;
        sample(notice, &d);
        assert_int_equal(env_faulty(&faulty, env_real(), operations[i], 1, 28), OK);
        context_init(&fcx, &faulty, &arena);
        int r = paper_stream_open_file(&fcx, paper, &info, path, &s);
        if (r >= 0) {
            r = paper_stream_add(&fcx, s, notice, &d);
            int closed = paper_stream_close(&fcx, s);
            r = r < 0 ? r : closed;
        }
        assert_true(r < 0);
        assert_int_not_equal(access(path, F_OK), 0);
        assert_int_not_equal(access(part, F_OK), 0);
        env_release(&faulty);
    }
}

static void any_list_is_printed_with_its_pages(void **state)
{
    (void)state;
    struct text t;
    struct text pdf;
    struct form *f = NULL;
    need("pdftotext", "any list");
    struct paper_column columns[] = {{STR("番号"), 1, PAPER_RIGHT}, {STR("氏名"), 3, PAPER_LEFT}};
    static struct str cells[2 * 100];
    for (int i = 0; i < 100; i++) {
        cells[2 * i] = str_format(&arena, "%d", i + 1);
        cells[2 * i + 1] = STR("髙橋 太郎");
    }
    struct paper_list list = {.title = STR("未申告者一覧"), .office = STR("北川市 保険課"),
                              .conditions = STR("年度 2026"), .day = ymd_of(2026, 6, 15),
                              .columns = columns, .n_columns = 2, .cells = cells, .n_rows = 100};
    text_init(&t, MOST);
    text_init(&pdf, MOST);
    error_clear(&cx);
    assert_int_equal(form_load(&cx, paper, "list", (struct str){paper_forms[0].body,
                     paper_forms[0].n}, &f), OK);
    assert_int_equal(paper_list_pdf(&cx, paper, f, &list, &pdf), OK);
    char path[300];
    snprintf(path, sizeof path, "%s/list.pdf", folder);
    assert_int_equal(file_write(&cx, path, text_str(&pdf)), OK);
    assert_int_equal(RUN(&t, (char *)"pdftotext", (char *)"-layout", path, (char *)"-"), 0);
    assert_int_equal(count(&t, "髙橋 太郎"), 100);
    assert_true(has(&t, "1 / 4 ページ") && has(&t, "4 / 4 ページ") && has(&t, "全 100 件"));
    list.n_rows = 0;
    text_clear(&pdf);
    assert_int_equal(paper_list_pdf(&cx, paper, f, &list, &pdf), OK);
    form_free(f);
    text_release(&pdf);
    text_release(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"the file is a sound PDF with embedded subset fonts [P6]", the_file_is_a_sound_pdf, NULL,
         NULL, NULL},
        {"the notice is read back by another tool [NHI-ASM-027]", the_notice_is_read_back, NULL,
         NULL, NULL},
        {"wording of tax and of a change [NHI-ASM-027 NHI-ASM-033]",
         tax_wording_goes_to_the_mayor, NULL, NULL, NULL},
        {"rare names are read back, IVS and plane 2 included", rare_names_are_read_back, NULL,
         NULL, NULL},
        {"every slip of ten is scanned at 200 and 300 dpi [NHI-ASM-027]", every_slip_is_scanned,
         NULL, NULL, NULL},
        {"amounts on slips are those of the instalments [NHI-ASM-027 NHI-ASM-031 M5]",
         amounts_on_slips_are_those_of_the_instalments, NULL, NULL, NULL},
        {"museum: a slip never says two amounts; a refused one says why [M4 M5]", a_refused_slip_has_no_barcode_but_the_reason,
         NULL, NULL, NULL},
        {"the address stays in the envelope's window", the_address_stays_in_the_window, NULL, NULL,
         NULL},
        {"museum: 平成1年度 is never printed [M4]", the_first_year_of_an_era_is_gannen, NULL, NULL,
         NULL},
        {"museum: 仙台市 2019, every paper names the year of its day [M4]",
         every_paper_names_the_year_of_its_day, NULL, NULL, NULL},
        {"the same values give the same bytes [M6]", the_same_values_give_the_same_bytes, NULL,
         NULL, NULL},
        {"a failing document leaves the stream as it was", a_failing_document_leaves_the_stream_as_it_was,
         NULL, NULL, NULL},
        {"a full disk leaves no half file [F2]", a_full_disk_leaves_no_half_file, NULL, NULL, NULL},
        {"any list is printed with its pages [NHI-CMN-030]", any_list_is_printed_with_its_pages,
         NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("paper pdf", tests, open_all, close_all);
}
