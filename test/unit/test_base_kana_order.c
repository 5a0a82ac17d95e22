/* The order of kana sort keys against ICU's Japanese collation (JIS X 4061). */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include <cmocka.h>

enum { NAMES = 600 };

static const char *const syllables[] = {
    "ア", "イ", "ウ", "エ", "オ", "カ", "ガ", "キ", "ギ", "ク", "グ", "ケ", "ゲ", "コ", "ゴ",
    "サ", "ザ", "シ", "ジ", "ス", "ズ", "セ", "ソ", "タ", "ダ", "チ", "ヂ", "ツ", "ヅ", "ッ",
    "テ", "デ", "ト", "ド", "ナ", "ニ", "ネ", "ノ", "ハ", "バ", "パ", "ヒ", "ビ", "ピ", "フ",
    "ブ", "プ", "ヘ", "ホ", "ボ", "ポ", "マ", "ミ", "ム", "メ", "モ", "ヤ", "ャ", "ユ", "ュ",
    "ヨ", "ョ", "ラ", "リ", "ル", "レ", "ロ", "ワ", "ヲ", "ン", "ヴ", "ァ", "ィ", "ェ", "ォ",
};
static const char *const known[] = {
    "サトウ", "サトー", "サイトウ", "サイトー", "ハヤシ",   "ハヤジ",   "バヤシ",   "ハラ",
    "バラ",   "パラ",   "キヨウコ", "キョウコ", "ギョウコ", "オオタ",   "オータ",   "オオダ",
    "カー",   "カア",   "ガア",     "カアー",   "ジョー",   "ジョオ",   "ジヨオ",   "ショウ",
    "ヤマダ", "ヤマタ", "ヤマダー", "ヤマ",     "ヤマダイ", "ワタナベ", "ワタベ",   "ヲカ",
    "オカ",   "ツヅキ", "ツツキ",   "ツズキ",   "スズキ",   "ススキ",   "イッペイ", "イツペイ",
    "チヂワ", "チジワ", "ハッ",     "ハツ",     "ハーツ",   "ハアツ",   "アア",     "アー",
    "アーア", "アアー", "ンマ",
};

struct name {
    char s[64];
    struct text key;
};

static struct name names[NAMES];

static void make_names(uint64_t seed)
{
    struct prng p;
    prng_seed(&p, seed);
    size_t known_n = sizeof known / sizeof known[0];
    for (size_t i = 0; i < NAMES; i++) {
        struct text t;
        text_init(&t, sizeof names[i].s - 1);
        if (i < known_n)
            text_adds(&t, known[i]);
        for (uint64_t k = i < known_n ? 0 : 1 + prng_below(&p, 5); k > 0; k--) {
            const char *s = syllables[prng_below(&p, sizeof syllables / sizeof syllables[0])];
            text_adds(&t, s);
            bool has_vowel = strcmp(s, "ン") != 0;
            if (has_vowel && prng_chance(&p, 150000))
                text_adds(&t, "ー");
        }
        memcpy(names[i].s, t.p, t.n + 1);
        text_release(&t);
        text_init(&names[i].key, 1000);
        assert_int_equal(kana_sort_key(&names[i].key, str_of(names[i].s)), OK);
    }
}

static int32_t to_utf16(const char *s, UChar *u, int32_t room)
{
    int32_t n = 0;
    UErrorCode code = U_ZERO_ERROR;
    u_strFromUTF8(u, room, &n, s, -1, &code);
    assert_true(U_SUCCESS(code));
    return n;
}

static int sign(int n)
{
    return (n > 0) - (n < 0);
}

static void keys_sort_as_icu_does(void **state)
{
    (void)state;
    UErrorCode code = U_ZERO_ERROR;
    UCollator *icu = ucol_open("ja", &code);
    assert_true(U_SUCCESS(code));
    make_names(4061);
    int equal = 0;
    for (size_t i = 0; i < NAMES; i++) {
        UChar a[64];
        int32_t an = to_utf16(names[i].s, a, 64);
        for (size_t j = 0; j < NAMES; j++) {
            UChar b[64];
            int32_t bn = to_utf16(names[j].s, b, 64);
            int want = (int)ucol_strcoll(icu, a, an, b, bn);
            int have = sign(str_compare(text_str(&names[i].key), text_str(&names[j].key)));
            equal += want == 0;
            if (want != have)
                fail_msg("%s : %s is %d by ICU, %d by key (%s : %s)", names[i].s, names[j].s, want,
                         have, names[i].key.p, names[j].key.p);
        }
    }
    assert_in_range(equal, NAMES, NAMES + 200);
    ucol_close(icu);
    for (size_t i = 0; i < NAMES; i++)
        text_release(&names[i].key);
}

/* Widths, hiragana and blanks do not move a name. */
static void writing_does_not_matter(void **state)
{
    (void)state;
    static const char *const same[] = {"ヤマダ　タロー", "やまだ たろー", "ﾔﾏﾀﾞﾀﾛｰ",
                                       "ヤマダ・タロー"};
    struct text first;
    struct text other;
    text_init(&first, 1000);
    text_init(&other, 1000);
    kana_sort_key(&first, str_of(same[0]));
    assert_string_equal(first.p, "ヤマタタロオ 001000 333330");
    for (size_t i = 1; i < sizeof same / sizeof same[0]; i++) {
        text_clear(&other);
        kana_sort_key(&other, str_of(same[i]));
        assert_string_equal(other.p, first.p);
    }
    text_release(&first);
    text_release(&other);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"sort keys order names as ICU does", keys_sort_as_icu_does, NULL, NULL, NULL},
        {"the way of writing does not move a name", writing_does_not_matter, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("kana order", tests, NULL, NULL);
}
