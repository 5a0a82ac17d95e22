/* Until when an instalment may be collected: from its due day, a dunning, a part payment, an
 * agreement to pay; what comes after the last day revives nothing. */
#include "dunning_town.h"

#include "desk/collection/limitation.h"

#include "asked.h"

static struct limitation limit_at(struct town *t, int64_t notice_no, size_t at, const char *kind)
{
    struct limitation limit;
    struct liability_account a = account_of(t, notice_no);
    struct limits limits = {.debtor_id = a.liability.debtor_id};

    a.liability.kind = str_of(kind);
    TOWN_OK(t, limit_of(&t->w, &limits, &a.liability, &a.rows[at], &limit));
    return limit;
}

static void is_limit(struct town *t, int64_t notice_no, size_t at, enum limit_cause cause,
                     const char *last)
{
    const struct limitation limit = limit_at(t, notice_no, at, "nhi_fee");
    assert_int_equal(limit.cause, cause);
    assert_int_equal(limit.last.day, day_of(last).day);
}

static void agree(struct town *t, int64_t debtor, const char *from)
{
    enter(t, "collection.hold",
          levy_town_options(t, "debtor=%lld\nkind=agreement\nreason=分納\nfrom=%s\n",
                            (long long)debtor, from)
              .p);
}

static void dun(struct town *t, const char *day, const char *issue)
{
    const struct collection_draft_get_row d = draft_on(t, day);
    confirm(t, &d, issue);
}

static void pay_some(struct town *t, const char *name, int64_t notice_no, size_t at)
{
    const struct liability_account a = account_of(t, notice_no);
    struct receipt_record row[1] = {paid_by(&a, at, 1000, t->w.today)};
    (void)take(t, name, row, 1);
}

static void test_limit(void **state)
{
    struct town *t = *state;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    const int64_t dunned = payer(t, 0), agreed = payer(t, 1);
    /* Due on 30 June; 料 two years, 税 five. */
    is_limit(t, dunned, 0, LIMIT_DUE, "2028-06-30");
    assert_int_equal(limit_at(t, dunned, 0, "nhi_tax").last.day, day_of("2031-06-30").day);
    agree(t, account_of(t, agreed).liability.debtor_id, "2026-07-10");
    is_limit(t, agreed, 0, LIMIT_AGREED, "2028-07-10");
    is_limit(t, agreed, 1, LIMIT_DUE, "2028-07-31"); /* an instalment not due yet */
    dun(t, "2026-07-20", "2026-07-22");
    is_limit(t, dunned, 0, LIMIT_DUE, "2028-06-30"); /* not before the day it is sent */
    collecting_on(t, "2026-08-10");
    is_limit(t, dunned, 0, LIMIT_DUNNED, "2028-07-22");
    /* A tax's period rests until ten days after the dunning (1 August). */
    assert_int_equal(limit_at(t, dunned, 0, "nhi_tax").last.day, day_of("2031-08-01").day);
    is_limit(t, agreed, 0, LIMIT_AGREED, "2028-07-10"); /* no dunning while he pays by agreement */
    /* A part payment renews that instalment, and no other. */
    pay_some(t, "part", dunned, 0);
    is_limit(t, dunned, 0, LIMIT_PART_PAID, "2028-08-10");
    is_limit(t, dunned, 1, LIMIT_DUE, "2028-07-31");
    /* On the last day it still renews; a day later nothing does. */
    collecting_on(t, "2028-07-31");
    pay_some(t, "last day", dunned, 1);
    is_limit(t, dunned, 1, LIMIT_PART_PAID, "2030-07-31");
    collecting_on(t, "2028-08-11");
    pay_some(t, "too late", dunned, 0);
    is_limit(t, dunned, 0, LIMIT_PART_PAID, "2028-08-10");
}

static void test_pages(void **state)
{
    struct town *t = *state;
    char page[64], one[96];
    struct person p;
    struct actor who = with_rights(RIGHT(RIGHT_COLLECTION_VIEW));
    const struct actor *before = t->w.actor;
    collecting_town(t, 300, 41);
    collecting_on(t, "2026-07-20");
    const struct liability_account a = account_of(t, payer(t, 0));
    TOWN_OK(t, party_person(&t->w, a.liability.debtor_id, &p));
    snprintf(page, sizeof page, "/collection/debtor/" STR_FMT, STR_ARG(p.person_no));
    snprintf(one, sizeof one, "%s/%lld/%d", page, (long long)a.liability.liability_id,
             a.rows[0].number);
    dun(t, "2026-07-20", "2026-07-22");
    collecting_on(t, "2026-07-23");
    t->w.actor = &who;
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows("時効 督促<br>R10.07.22"));
    assert_false(shows("過ぎています"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, one, NULL)), 200);
    assert_true(shows_in_order(
        (const char *const[]){"時効の最終日", "R10.07.22", "督促", "R08.07.22", NULL}));
    assert_false(shows("過ぎています"));
    t->w.actor = before;
    collecting_on(t, "2028-07-23");
    t->w.actor = &who;
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, page, NULL)), 200);
    assert_true(shows("時効の最終日を過ぎています"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, one, NULL)), 200);
    assert_true(shows("過ぎています"));
    t->w.actor = before;
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    dunning_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("until when an instalment may be collected, and why [NHI-COL-016]", test_limit),
        TOWN_TESTS("the pages of a debtor say it [NHI-COL-016]", test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
