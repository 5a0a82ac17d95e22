/* Papers that ask for something: what for, by which law, nothing else, with a filled sample. */
#include "levy_town.h"
#include "read_pdf.h"
#include "residents.h"

#include "desk/eligibility/inquiry.h"
#include "desk/party/dealings.h"

extern const struct form_text eligibility_forms[], levy_forms[];
extern const size_t n_eligibility_forms, n_levy_forms;

static struct paper *the_paper(struct town *t)
{
    static struct paper *paper; /* for the process */
    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    return paper;
}

/* --- every layout of the desks
 * -------------------------------------------------------------------- */

static struct str sample_of(struct town *t, const struct form_text *f, struct str *title)
{
    struct form *form = NULL;
    struct form_data d;
    struct text pdf;
    TOWN_OK(t, form_load(&t->w.cx, the_paper(t), f->name, (struct str){f->body, f->n}, &form));
    form_data_init(&d, t->w.cx.arena, str_of(f->name));
    TOWN_OK(t, form_sample(&t->w.cx, form, &d));
    text_init(&pdf, PDF_MOST);
    const struct paper_info info = {form_title(form), t->w.today};
    TOWN_OK(t, paper_pdf(&t->w.cx, the_paper(t), &info, form, &d, &pdf));
    *title = str_copy(t->w.cx.arena, form_title(form));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    form_free(form);
    return words;
}

/* Its title is on it, or the title that its sample gives it; purpose and law are. */
static void is_whole(struct town *t, const struct form_text *f)
{
    static const char *const said[] = {"利用目的", "根拠"};
    struct str title;
    const struct str page = sample_of(t, f, &title);
    assert_true(title.n > 0);
    must_say(page, said, 2);
    if (!has(page, "法第") && !has(page, "規則第"))
        fail_msg("%s names no article", f->name);
}

static void test_layouts(void **state)
{
    struct town *t = *state;
    assert_true(n_eligibility_forms >= 6 && n_levy_forms >= 2);
    for (size_t i = 0; i < n_eligibility_forms; i++)
        is_whole(t, &eligibility_forms[i]);
    for (size_t i = 0; i < n_levy_forms; i++)
        is_whole(t, &levy_forms[i]);
}

/* --- the letter
 * --------------------------------------------------------------------------------------- */

static int64_t somebody(struct town *t)
{
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, "000000001", "本町", "一丁目２番３号", "2000-04-01");
    const int64_t who = add_person(&f, (struct who){"0000000001", "安　花子", "アン　ハナコ",
                                                    "1980-05-05", SEX_FEMALE});
    (void)add_member(&f, home, who, "01", "2000-04-01", NULL);
    feed_end(&f);
    return who;
}

static struct str letter(struct town *t, const struct inquiry *q)
{
    struct text pdf;
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, inquiry_pdf(&t->w, the_paper(t), q, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static void protect(struct town *t, int64_t person)
{
    struct feed f = feed_begin(t, "party.protection", 0);
    TOWN_OK(t, party_open_protection(f.party, f.event_no,
                                     &(struct protection_fact){.person_id = person,
                                                               .kind = "violence",
                                                               .decision_no = STR("1"),
                                                               .valid = {day_of("2026-06-01"),
                                                                         YMD_NONE}},
                                     NULL));
    feed_end(&f);
}

static void test_letters(void **state)
{
    struct town *t = *state;
    static const char *const cover[] = {"隣町健康保険組合御中",
                                        "他の医療保険の加入状況について（照会）",
                                        "安花子",
                                        "昭和55年5月5日",
                                        "架空県保険市本町一丁目２番３号",
                                        "令和8年6月29日",
                                        "資格を取得した日",
                                        "記載例（見本）",
                                        "利用目的国民健康保険の被保険者の資格の得喪の確認のために",
                                        "根拠国民健康保険法第113条の２第１項"};
    const struct inquiry q = {somebody(t), STR("cover"), STR("隣町健康保険組合"),
                              day_of("2026-06-29")};
    TOWN_OK(t, setting_set(&t->w, "office.prefecture", STR("架空県"), STR("test")));
    const unsigned looks = t->w.looks;
    const struct str page = letter(t, &q);
    must_say(page, cover, sizeof cover / sizeof *cover);
    assert_false(has(page, "給与収入")); /* what another letter asks */
    assert_true(t->w.looks > looks);
    protect(t, q.person_id);
    const struct str hidden = letter(t, &q);
    assert_false(has(hidden, "一丁目"));
    assert_true(has(hidden, "安花子"));
}

/* Every kind prints its own purpose, law and items, and no item of another. */
static void test_kinds(void **state)
{
    struct town *t = *state;
    struct inquiry_kinds all;
    const int64_t who = somebody(t);
    TOWN_OK(t, inquiry_kinds(&t->w, &all));
    assert_true(all.n >= 5);
    for (size_t i = 0; i < all.n; i++) {
        const struct inquiry_kind *k = &all.rows[i];
        const struct inquiry q = {who, k->kind, STR("照会先"), day_of("2026-06-29")};
        const struct str page = letter(t, &q);
        struct str items = k->items;
        size_t n = 0;
        for (; items.n > 0; n++) {
            struct str item = str_cut(&items, '|');
            const struct str label = squeezed(t->w.cx.arena, str_cut(&item, '='));
            assert_true(has(page, str_c(t->w.cx.arena, label)));
            assert_true(item.n > 0); /* an example */
        }
        assert_true(n > 0 && n <= 6);
        assert_true(has(page, str_c(t->w.cx.arena, squeezed(t->w.cx.arena, k->purpose))));
        assert_true(has(page, str_c(t->w.cx.arena, squeezed(t->w.cx.arena, k->law))));
    }
}

static void test_refusals(void **state)
{
    struct town *t = *state;
    struct text pdf;
    struct inquiry q = {somebody(t), STR("horoscope"), STR("照会先"), day_of("2026-06-29")};
    text_init(&pdf, PDF_MOST);
    town_refused(t, inquiry_pdf(&t->w, the_paper(t), &q, &pdf), ERR_INVALID,
                 "eligibility.inquiry.kind");
    q.kind = STR("income");
    q.to = STR(" ");
    town_refused(t, inquiry_pdf(&t->w, the_paper(t), &q, &pdf), ERR_INVALID,
                 "eligibility.inquiry.to");
    q.to = STR("隣町");
    q.due = t->w.today;
    town_refused(t, inquiry_pdf(&t->w, the_paper(t), &q, &pdf), ERR_INVALID,
                 "eligibility.inquiry.due");
    assert_int_equal(pdf.n, 0);
    text_release(&pdf);
}

/* --- the paper to fill in
 * ------------------------------------------------------------------------------- */

static struct str blank(struct town *t, bool is_sample)
{
    struct text pdf;
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, blank_pdf(&t->w, the_paper(t), STR("change_notice"), is_sample, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static void test_blank(void **state)
{
    struct town *t = *state;
    static const char *const both[] = {"国民健康保険異動届",
                                       "世帯主の氏名",
                                       "生年月日",
                                       "利用目的この届に書かれた個人情報は",
                                       "根拠国民健康保険法第９条",
                                       "書くのは上の欄だけです"};
    static const char *const filled[] = {"記載見本", "髙橋花子", "令和8年6月1日", "世帯主本人"};
    const struct str empty = blank(t, false), sample = blank(t, true);
    struct text pdf;
    must_say(empty, both, sizeof both / sizeof *both);
    must_say(sample, both, sizeof both / sizeof *both);
    must_say(sample, filled, sizeof filled / sizeof *filled);
    for (size_t i = 0; i < sizeof filled / sizeof *filled; i++)
        assert_false(has(empty, filled[i]));
    text_init(&pdf, PDF_MOST);
    town_refused(t, blank_pdf(&t->w, the_paper(t), STR("certificate_card"), false, &pdf),
                 ERR_NOT_FOUND, "page.not_found");
    text_release(&pdf);
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TEST_SQLITE("every layout prints its purpose and its law [NHI-CMN-030]", test_layouts),
        TOWN_TESTS("a letter that asks: purpose, law, needed items, an example; no protected place "
                   "[NHI-CMN-030]",
                   test_letters),
        TOWN_TEST_SQLITE("every kind of letter asks its own items only [NHI-CMN-030]", test_kinds),
        TOWN_TEST_SQLITE("nobody asked, no day, an unknown kind: no letter", test_refusals),
        TOWN_TEST_SQLITE("the change notice as a paper and as a filled sample [NHI-CMN-030]",
                         test_blank),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
