/* Banks, the post bank's numbers, names of the transfer system. */
#include "desk/party/party.h"

#include "town.h"

#include <string.h>

static void test_banks(void **state)
{
    struct bank_name b;

    (void)state;
    assert_true(bank_find(STR("0001"), STR("001"), &b));
    assert_true(str_is(b.bank, "みずほ") && str_is(b.branch, "東京営業部"));
    assert_true(bank_find(STR("9900"), STR("238"), &b));
    assert_true(str_is(b.bank, "ゆうちょ") && str_is(b.branch, "二三八"));
    assert_false(bank_find(STR("0001"), STR("000"), &b)); /* the bank is known, the branch not */
    assert_true(str_is(b.bank, "みずほ") && b.branch.p == NULL);
    assert_false(bank_find(STR("0002"), STR("001"), &b));
    assert_null(b.bank.p);
    assert_false(bank_find(STR("000"), STR("001"), &b));
    assert_false(bank_find(STR(""), STR(""), &b));
}

static void test_post(void **state)
{
    struct post_account a;

    (void)state;
    assert_true(post_account_convert(STR("12340"), STR("12345671"), &a));
    assert_string_equal(a.branch_code, "238");
    assert_string_equal(a.kind, "1");
    assert_string_equal(a.account_no, "1234567");
    assert_true(post_account_convert(STR("10010"), STR("123451"), &a)); /* a short number */
    assert_string_equal(a.account_no, "0012345");
    assert_true(post_account_convert(STR("01230"), STR("12345"), &a)); /* a transfer account */
    assert_string_equal(a.branch_code, "129");
    assert_string_equal(a.kind, "2");
    assert_string_equal(a.account_no, "0012345");
    assert_false(post_account_convert(STR("12340"), STR("12345672"), &a)); /* ends in 1 */
    assert_false(post_account_convert(STR("12341"), STR("12345671"), &a));
    assert_false(post_account_convert(STR("22340"), STR("12345671"), &a));
    assert_false(post_account_convert(STR("1234"), STR("12345671"), &a));
    assert_false(post_account_convert(STR("12340"), STR(""), &a));
    assert_false(post_account_convert(STR("12340"), STR("123456781"), &a));
}

static struct str in_transfer(struct town *t, const char *name)
{
    struct text out;

    text_init(&out, 256);
    TOWN_OK(t, transfer_name(&t->w.cx, &out, str_of(name)));
    const struct str s = str_copy(t->w.cx.arena, text_str(&out));
    text_release(&out);
    return s;
}

static void refused(struct town *t, const char *name)
{
    struct text out;

    text_init(&out, 256);
    town_refused(t, transfer_name(&t->w.cx, &out, str_of(name)), ERR_INVALID,
                 "exchange.transfer_name");
    text_release(&out);
}

static void test_names(void **state)
{
    struct town *t = *state;

    assert_true(str_is(in_transfer(t, "ヤマダ　タロウ"), "ﾔﾏﾀﾞ ﾀﾛｳ"));
    assert_int_equal(utf8_length(in_transfer(t, "ヤマダ　タロウ")), 8); /* bytes of the record */
    assert_true(str_is(in_transfer(t, "キャッシュ"), "ｷﾔﾂｼﾕ"));
    assert_true(str_is(in_transfer(t, "サーバー"), "ｻ-ﾊﾞ-"));
    assert_true(str_is(in_transfer(t, "カ）ａｂｃ－１"), "ｶ)ABC-1"));
    assert_true(str_is(in_transfer(t, "ヲノ"), "ｵﾉ"));
    assert_true(str_is(in_transfer(t, "ヴィラ・ポー"), "ｳﾞｲﾗ.ﾎﾟ-"));
    assert_true(str_is(in_transfer(t, "ﾀﾅｶ ｼﾞﾛｳ"), "ﾀﾅｶ ｼﾞﾛｳ")); /* once more changes nothing */
    refused(t, "田中");
    refused(t, "タナカ、");
    refused(t, "アﾞ"); /* no such sound */
    refused(t, "ﾞｱ");
}

static void test_cut(void **state)
{
    (void)state;
    assert_true(str_is(transfer_name_cut(STR("ﾔﾏﾀﾞ"), 4), "ﾔﾏﾀﾞ"));
    assert_true(str_is(transfer_name_cut(STR("ﾔﾏﾀﾞ"), 3), "ﾔﾏ")); /* ﾀ would say another name */
    assert_true(str_is(transfer_name_cut(STR("ﾔﾏﾀﾞ"), 2), "ﾔﾏ"));
    assert_true(str_is(transfer_name_cut(STR("ﾔﾏﾀﾞ"), 0), ""));
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk};
    office_desks_set(desks, 2);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_banks),
        cmocka_unit_test(test_post),
        TOWN_TEST_SQLITE("names in the writing of the transfer system", test_names),
        cmocka_unit_test(test_cut),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
