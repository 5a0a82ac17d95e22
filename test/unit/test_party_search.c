/* Searching with one box. */
#include "residents.h"

static int64_t yamada, takahashi, rare, left_long_ago, deemed, nguyen;

static void furnish(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t a = add_household(&f, "000000101", "本町一丁目", "２番３号", "2010-04-01");
    const int64_t b = add_household(&f, "000000102", "桜ケ丘四丁目", "１２番１号", "2010-04-01");

    yamada = add_person(&f, (struct who){"0000000001", "山田　太郎", "ヤマダ　タロウ", "1964-01-02",
                                         SEX_MALE});
    takahashi = add_person(&f, (struct who){"0000000002", "髙橋　惠子", "タカハシ　ケイコ",
                                            "1970-08-15", SEX_FEMALE});
    rare = add_person(&f, (struct who){"0000000003", "渡邊\U000E0106　𠮷一", "ワタナベ　ヨシカズ",
                                       "1955-03-03", SEX_MALE});
    left_long_ago = add_person(&f, (struct who){"0000000004", "山田　花子", "ヤマダ　ハナコ",
                                                "1990-12-31", SEX_FEMALE});
    deemed = add_person(&f, (struct who){"0000000005", "佐藤　一郎", "サトウ　イチロウ",
                                         "1975-05-05", SEX_MALE});
    nguyen = add_person(&f, (struct who){"0000000006", "NGUYEN VAN HUNG", "グエン　ヴァン　フン",
                                         "1999-09-09", SEX_MALE});
    add_member(&f, a, yamada, "01", "2010-04-01", NULL);
    add_member(&f, a, takahashi, "03", "2010-04-01", NULL);
    add_member(&f, a, left_long_ago, "04", "2010-04-01", "2021-05-01");
    add_member(&f, b, deemed, "01", "2010-04-01", NULL);
    add_member(&f, b, rare, "05", "2010-04-01", NULL);
    add_member(&f, b, nguyen, "99", "2022-04-01", NULL);
    add_period(&f, yamada, (struct insured){"2010-04-01", NULL, NULL, 1, 0});
    add_period(&f, left_long_ago,
               (struct insured){"2010-04-01", "2021-05-01", "2021-04-30", 1, 51});
    add_period(&f, rare, (struct insured){"2015-04-01", NULL, NULL, 2, 0});
    add_number(&f, a, "00001234", "2010-04-01");
    add_number(&f, b, "00005678", "2015-04-01");
    add_branch(&f, a, yamada, "00001234", "01");
    add_branch(&f, b, rare, "00005678", "01");
    feed_end(&f);
}

/* Found, in this order: ids behind the box, ended by 0. */
static void finds(struct town *t, const char *box, const int64_t *expected)
{
    struct search_words words;
    struct id_list found;
    size_t n = 0;

    TOWN_OK(t, party_search_words(&t->w.cx, str_of(box), &words));
    TOWN_OK(t, eligibility_search(&t->w, &words, 20, &found));
    while (expected[n])
        n++;
    if (found.n != n)
        print_message("# %s: %zu found, %zu expected\n", box, found.n, n);
    assert_int_equal(found.n, n);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(found.ids[i], expected[i]);
}

static void test_kana(void **state)
{
    struct town *t = *state;
    furnish(t);
    finds(t, "ヤマダ", (int64_t[]){yamada, left_long_ago, 0});
    finds(t, "やまだ", (int64_t[]){yamada, left_long_ago, 0});
    finds(t, "ﾔﾏﾀﾞ ﾀﾛｳ", (int64_t[]){yamada, 0});
    finds(t, "ヤマタ", (int64_t[]){yamada, left_long_ago, 0});
    finds(t, "マダ", (int64_t[]){0});
    finds(t, "グエン", (int64_t[]){nguyen, 0});
}

static void test_kanji(void **state)
{
    struct town *t = *state;
    furnish(t);
    finds(t, "山田", (int64_t[]){yamada, left_long_ago, 0});
    finds(t, "山田太郎", (int64_t[]){yamada, 0});
    finds(t, "山田　花子", (int64_t[]){left_long_ago, 0});
    finds(t, "高橋恵子", (int64_t[]){takahashi, 0}); /* 髙 and 惠 as they are typed */
    finds(t, "渡辺", (int64_t[]){rare, 0});
    finds(t, "吉一", (int64_t[]){rare, 0});
    finds(t, "郎", (int64_t[]){deemed, yamada, 0});
    finds(t, "nguyen", (int64_t[]){nguyen, 0});
    finds(t, "田太", (int64_t[]){yamada, 0});
    finds(t, "山太", (int64_t[]){0}); /* both characters, but not together */
}

static void test_address(void **state)
{
    struct town *t = *state;
    furnish(t);
    finds(t, "本町1丁目2番", (int64_t[]){takahashi, yamada, left_long_ago, 0});
    finds(t, "本町１－２－３", (int64_t[]){takahashi, yamada, left_long_ago, 0});
    finds(t, "桜ケ丘 サトウ", (int64_t[]){deemed, 0});
    finds(t, "桜ヶ丘４", (int64_t[]){nguyen, deemed, rare, 0});
}

static void test_day(void **state)
{
    struct town *t = *state;
    furnish(t);
    finds(t, "S39.1.2", (int64_t[]){yamada, 0});
    finds(t, "昭和39年1月2日", (int64_t[]){yamada, 0});
    finds(t, "1964-01-02", (int64_t[]){yamada, 0});
    finds(t, "19640102", (int64_t[]){yamada, 0});
    finds(t, "3390102", (int64_t[]){yamada, 0});
    finds(t, "S39/1/2 ヤマダ", (int64_t[]){yamada, 0});
    finds(t, "S39/1/3 ヤマダ", (int64_t[]){0});
}

static void test_numbers(void **state)
{
    struct town *t = *state;
    furnish(t);
    finds(t, "0000000003", (int64_t[]){rare, 0});
    finds(t, "3", (int64_t[]){rare, 0});
    finds(t, "000000101", (int64_t[]){takahashi, yamada, left_long_ago, 0});
    finds(t, "101", (int64_t[]){takahashi, yamada, left_long_ago, 0});
    finds(t, "00001234", (int64_t[]){yamada, 0});
    finds(t, "1234-01", (int64_t[]){yamada, 0});
    finds(t, "1234-02", (int64_t[]){0});
    finds(t, "5678", (int64_t[]){deemed, rare, 0}); /* the deemed head too */
    finds(t, "1234 ハナコ", (int64_t[]){0});
}

static void test_former(void **state)
{
    struct town *t = *state;
    enum insured_state states[4];
    struct person p;
    furnish(t);
    const int64_t ids[] = {yamada, left_long_ago, deemed, rare};
    TOWN_OK(t, eligibility_states(&t->w, ids, 4, states));
    assert_int_equal(states[0], INSURED);
    assert_int_equal(states[1], WAS_INSURED);
    assert_int_equal(states[2], NEVER_INSURED);
    assert_int_equal(states[3], INSURED);
    TOWN_OK(t, party_person(&t->w, left_long_ago, &p));
    assert_true(str_is(p.household_no, "000000101"));
    assert_true(str_is(p.name, "山田　花子"));
}

static void test_my_number(void **state)
{
    struct town *t = *state;
    struct search_words words;
    furnish(t);
    town_refused(t, party_search_words(&t->w.cx, STR("123456789018"), &words), ERR_INVALID,
                 "party.search.my_number");
    town_refused(t, party_search_words(&t->w.cx, STR("１２３４-５６７８-９０１８"), &words),
                 ERR_INVALID, "party.search.my_number");
}

int main(void)
{
    residents_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("search by kana, folded, from the beginning [NHI-CMN-010 RES-001]", test_kana),
        TOWN_TESTS("search by kanji with variants and rare characters [NHI-CMN-010]", test_kanji),
        TOWN_TESTS("search by address, however it is written", test_address),
        TOWN_TESTS("search by birth date in any notation [NHI-CMN-010]", test_day),
        TOWN_TESTS("search by 宛名番号, 世帯番号, 記号番号 and 枝番 [NHI-CMN-010 ADR-008]",
                   test_numbers),
        TOWN_TESTS("who left five years ago is found and marked as former [NHI-CMN-003]",
                   test_former),
        TOWN_TESTS("a My Number is not searched by [ADR-007 E4]", test_my_number),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
