/* kana: search keys, sort keys, widths, variants of kanji. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct text out;

static int set_up(void **state)
{
    (void)state;
    text_init(&out, 1 << 16);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    text_release(&out);
    return 0;
}

static const char *run(int (*f)(struct text *, struct str), const char *s)
{
    text_clear(&out);
    assert_int_equal(f(&out, str_of(s)), OK);
    return text_str(&out).p;
}

static void names_fold_to_one_search_key(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"ヤマダ　タロー", "ヤマタタロ"},
        {"やまだ たろう", "ヤマタタロウ"},
        {"ﾔﾏﾀﾞ ﾀﾛｰ", "ヤマタタロ"},
        {"ヤマタﾞ タロー", "ヤマタタロ"},
        {"ヤマタ\xE3\x82\x99タロー", "ヤマタタロ"},
        {"ヂヅヲヰヱ", "シスオイエ"},
        {"ぢづをゐゑ", "シスオイエ"},
        {"ﾁﾞﾂﾞｦ", "シスオ"},
        {"チ\xE3\x82\x99", "シ"},
        {"キョウコ", "キヨウコ"},
        {"ジャック・チャン", "シヤツクチヤン"},
        {"ヴァン", "ウアン"},
        {"ｳﾞｧﾝ", "ウアン"},
        {"イスゞ", "イスス"},
        {"いすゞ", "イスス"},
        {"バヽ", "ハハ"},
        {"ミヤヶ", "ミヤケ"},
        {"パパ", "ハハ"},
        {"ヷヸヹヺ", "ワイエオ"},
        {"Nguyen Van-An", "NGUYENVANAN"},
        {"ＮＧＵＹＥＮ", "NGUYEN"},
        {"", ""},
        {"　 ・ー", ""},
        {"ヽア", "ア"},
        {"山田タロウ", "山田タロウ"},
        {"１２３", "123"},
        {"オオ－タ", "オオタ"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(run(kana_fold, rows[i][0]), rows[i][1]);
}

static void widths_convert(void **state)
{
    (void)state;
    assert_string_equal(run(kana_to_half, "ガッコウ・ヴァー「」、。"), "ｶﾞｯｺｳ･ｳﾞｧｰ｢｣､｡");
    assert_string_equal(run(kana_to_half, "パピプ漢字Aヮヰヱヵヶ"), "ﾊﾟﾋﾟﾌﾟ漢字Aﾜｲｴｶｹ");
    assert_string_equal(run(kana_to_full, "ｶﾞｯｺｳ･ｳﾞｧｰ｢｣､｡"), "ガッコウ・ヴァー「」、。");
    assert_string_equal(run(kana_to_full, "ﾜｱﾞﾟﾊﾟｦﾝ"), "ワア゛゜パヲン");
    assert_string_equal(run(width_to_half, "ＡＢｃ１２３－／　カナ漢"), "ABc123-/ カナ漢");
    /* every katakana with a half-width form of its own comes back */
    static const char all[] =
        "ァアィイゥウェエォオカガキギクグケゲコゴサザシジスズセゼソゾタダチヂッツヅテデ"
        "トドナニヌネノハバパヒビピフブプヘベペホボポマミムメモャヤュユョヨラリルレロ"
        "ワヲンヴー・";
    char half[1000];
    const char *halved = run(kana_to_half, all);
    memcpy(half, halved, out.n + 1);
    assert_string_equal(run(kana_to_full, half), all);
}

static void kana_are_told_from_others(void **state)
{
    (void)state;
    static const char *const yes[] = {"ヤマダ　タロー", "ﾔﾏﾀﾞ ﾀﾛｰ", "ア・イ", "ヴ",
                                      "ヽヾ",           "ｦ",        "ヶ"};
    static const char *const no[] = {"",   "やまだ", "山田",   "ヤマダA",  "ヤマダ1",
                                     "ｱ｡", "ア、",   "ア\x81", "ア゛ー漢", "ア\n"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        assert_true(is_kana(str_of(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        assert_false(is_kana(str_of(no[i])));
    assert_false(is_kana(STR_NONE));
}

static void variants_fold_to_one_form(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"髙橋", "高橋"},
        {"山﨑", "山崎"},
        {"𠮷田", "吉田"},
        {"渡邊", "渡辺"},
        {"渡邉", "渡辺"},
        {"渡邉\xF3\xA0\x84\x83", "渡辺"},
        {"齋藤", "斉藤"},
        {"齊藤", "斉藤"},
        {"斎藤", "斉藤"},
        {"濵田", "浜田"},
        {"濱田", "浜田"},
        {"嶋", "島"},
        {"嶌", "島"},
        {"桒原", "桑原"},
        {"栁", "柳"},
        {"瀨", "瀬"},
        {"德", "徳"},
        {"廣澤", "広沢"},
        {"櫻", "桜"},
        {"國", "国"},
        {"眞惠", "真恵"},
        {"壽", "寿"},
        {"龍", "竜"},
        {"羽", "羽"},
        {"神", "神"},
        {"⾼⽥", "高田"},
        {"霞ヶ関", "霞ケ関"},
        {"霞ｹ関", "霞ケ関"},
        {"山田　太郎", "山田太郎"},
        {"中央１－２−３", "中央1-2-3"},
        {"中央1‐2―3", "中央1-2-3"},
        {"ａｂｃ", "ABC"},
        {"塚\xEF\xB8\x80", "塚"},
        {"ガード", "ガード"},
        {"ｶﾞｰﾄﾞ", "ガード"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_string_equal(run(kanji_fold, rows[i][0]), rows[i][1]);
}

/* A random string of the characters that matter here, and some that do not. */
static void random_string(struct prng *p, struct text *t)
{
    static const int32_t ranges[][2] = {
        {0x20, 0x7E},     {0x3000, 0x303F},   {0x3041, 0x30FF}, {0xFF00, 0xFFEF},
        {0x4E00, 0x9FFF}, {0xF900, 0xFAD9},   {0x3099, 0x309C}, {0xFF61, 0xFF9F},
        {0x2F00, 0x2FD5}, {0xE0100, 0xE01EF}, {0x2010, 0x2015}, {0x20B9F, 0x20BB8},
        {0xC0, 0x17F},    {1, 0x1F},
    };
    text_clear(t);
    uint64_t length = prng_below(p, 12);
    for (uint64_t i = 0; i < length; i++) {
        const int32_t *r = ranges[prng_below(p, sizeof ranges / sizeof ranges[0])];
        utf8_add(t, r[0] + (int32_t)prng_below(p, (uint64_t)(r[1] - r[0] + 1)));
    }
}

static void folds_are_idempotent(void **state)
{
    (void)state;
    static int (*const folds[])(struct text *, struct str) = {kana_fold, kanji_fold, kana_to_half,
                                                              width_to_half};
    uint64_t seed = 20261101;
    struct prng p;
    prng_seed(&p, seed);
    struct text in;
    struct text once;
    text_init(&in, 4096);
    text_init(&once, 4096);
    for (int i = 0; i < 200000; i++) {
        random_string(&p, &in);
        int (*fold)(struct text *, struct str) = folds[i % 4];
        text_clear(&once);
        text_clear(&out);
        assert_int_equal(fold(&once, text_str(&in)), OK);
        assert_int_equal(fold(&out, text_str(&once)), OK);
        assert_true(utf8_valid(text_str(&out)));
        if (!str_equal(text_str(&once), text_str(&out)))
            fail_msg("seed %llu round %d: %s | %s | %s", (unsigned long long)seed, i,
                     text_str(&in).p, text_str(&once).p, text_str(&out).p);
    }
    text_release(&in);
    text_release(&once);
}

/* Folding cannot turn a prefix of a name into something that is no prefix of its key. */
static void prefix_search_finds_the_name(void **state)
{
    (void)state;
    static const char *const names[] = {"ヤマダ　タロー", "ｶﾞﾙｼｱ ﾏﾙｹｽ", "いすゞ じろう",
                                        "ジョーンズ"};
    struct text prefix;
    text_init(&prefix, 4096);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str whole = str_of(names[i]);
        struct str rest = whole;
        while (utf8_next(&rest) >= 0) {
            text_clear(&prefix);
            text_clear(&out);
            kana_fold(&prefix, (struct str){whole.p, whole.n - rest.n});
            kana_fold(&out, whole);
            /* ガ cut before its half-width mark gives カ, whose key is the same */
            assert_true(str_starts(text_str(&out), text_str(&prefix)));
        }
    }
    text_release(&prefix);
}

static void bad_bytes_are_errors(void **state)
{
    (void)state;
    static int (*const all[])(struct text *, struct str) = {kana_fold,     kanji_fold,
                                                            kana_to_half,  kana_to_full,
                                                            width_to_half, kana_sort_key};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        text_clear(&out);
        assert_int_equal(all[i](&out, STR("ア\x81\x40")), ERR_INVALID);
        text_clear(&out);
        memory_fail_at(1, true);
        struct text small;
        text_init(&small, 100);
        assert_int_equal(all[i](&small, STR("アイ")), ERR_MEMORY);
        memory_fail_at(0, false);
        text_release(&small);
    }
}

static void collect(void *arg, struct str bigram)
{
    struct text *t = arg;
    text_add(t, bigram);
    text_addc(t, '|');
}

static void bigrams_overlap(void **state)
{
    (void)state;
    bigrams(STR("渡𠮷a辺"), collect, &out);
    assert_string_equal(text_str(&out).p, "渡𠮷|𠮷a|a辺|");
    text_clear(&out);
    bigrams(STR("渡"), collect, &out);
    bigrams(STR(""), collect, &out);
    bigrams(STR_NONE, collect, &out);
    assert_string_equal(text_str(&out).p, "");
}

#define TEST(name, fn)                                                                             \
    {                                                                                              \
        name, fn, set_up, tear_down, NULL                                                          \
    }

int main(void)
{
    static const struct CMUnitTest tests[] = {
        TEST("names fold to one search key [NHI-CMN-010]", names_fold_to_one_search_key),
        TEST("kana convert between widths", widths_convert),
        TEST("kana are told from others", kana_are_told_from_others),
        TEST("variants fold to one form [NHI-CMN-010]", variants_fold_to_one_form),
        TEST("folds are idempotent", folds_are_idempotent),
        TEST("prefix search finds the name [NHI-CMN-010]", prefix_search_finds_the_name),
        TEST("bad bytes and missing memory are errors [F1 F6]", bad_bytes_are_errors),
        TEST("bigrams overlap", bigrams_overlap),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("kana", tests, NULL, NULL);
}
