/*
 * applying: applications of a couple, looked at, decided and printed; for the tests of
 * applications.
 */
#ifndef TEST_APPLYING_H
#define TEST_APPLYING_H

#include "couple.h"
#include "read_pdf.h"

/* Under the city's adopted rules. */
static inline struct home judged_couple(struct town *t, const char *head_birth,
                                        const char *other_birth)
{
    const struct home h = couple(t, head_birth, other_birth);

    levy_town_adopt(t, ROOT "/rules", STR_NONE);
    return h;
}

/* Business income alone: its revenue is in no file of the tax office. */
static inline void earn_business(struct town *t, int64_t person, int year, int64_t income,
                                 int64_t taxable)
{
    earn(t, (struct income){.person_id = person,
                            .income_year = year,
                            .business_income = YEN(income),
                            .has_taxable = true,
                            .taxable = YEN(taxable),
                            .tax_state = taxable > 0 ? TAX_LEVIED : TAX_EXEMPT});
}

static inline int share_on(struct town *t, int64_t person, const char *day)
{
    int tenths = -1;
    TOWN_OK(t, judgement_share(&t->w, person, day_of(day), &tenths));
    return tenths;
}

static inline void is_day(struct ymd day, const char *text)
{
    char got[11] = "none";
    if (!ymd_is_none(day))
        ymd_format(day, got);
    assert_string_equal(got, text);
}

/* --- applying and deciding ---------------------------------------------------------------------
 */

static inline struct application form(const struct home *h, enum application_kind kind,
                                      int64_t person, const char *received)
{
    return (struct application){.kind = kind,
                                .person_id = person,
                                .in = {.household_id = h->household,
                                       .notified = day_of(received),
                                       .source = STR("person"),
                                       .route = STR("counter"),
                                       .identity = IDENTITY_PHOTO}};
}

static inline struct application_item *item(struct application *a, const char *name)
{
    struct application_item *i = &a->item[a->n_items++];
    *i = (struct application_item){.name = str_of(name), .from = YMD_NONE, .to = YMD_NONE};
    return i;
}

static inline void put_number(struct application *a, const char *name, int64_t n)
{
    struct application_item *i = item(a, name);
    i->number = n;
    i->has_number = true;
}

static inline void put_amount(struct application *a, const char *name, int64_t person, int64_t yen)
{
    struct application_item *i = item(a, name);
    i->person_id = person;
    i->amount = YEN(yen);
    i->has_amount = true;
}

static inline void put_words(struct application *a, const char *name, const char *words,
                             const char *from, const char *to)
{
    struct application_item *i = item(a, name);
    i->words = str_of(words);
    i->from = day_of(from);
    i->to = day_of(to);
}

static inline struct application_look looked(struct town *t, struct application *a)
{
    struct application_look look;
    assert_int_equal(TOWN_OK(t, application_enter(&t->w, a)), 0);
    assert_int_equal(a->no.n, 6);
    assert_int_equal(TOWN_OK(t, application_get(&t->w, a->no, a)), 1);
    TOWN_OK(t, application_look(&t->w, a, &look));
    return look;
}

/* A clerk's decision counts after the chief's word. */
static inline int decide(struct town *t, struct application_decision d)
{
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor *before = t->w.actor;
    int64_t event = 0;

    t->w.actor = &clerk;
    int result = application_decide(&t->w, &d, &event);
    if (result == 1) {
        struct application a;
        TOWN_OK(t, application_get(&t->w, d.no, &a));
        assert_true(a.waits);
        town_refused(t, application_decide(&t->w, &d, &event), ERR_INVALID,
                     "eligibility.application.waits");
    }
    t->w.actor = before;
    return result;
}

static inline int64_t waiting_event(struct town *t)
{
    int64_t last = 0;
    TOWN_OK(t, event_last(&t->w.cx, t->w.store, &last));
    return last;
}

static inline void confirm(struct town *t)
{
    const struct actor clerk = levy_town_actor(ROLE_CLERK, 21);
    const struct actor chief = levy_town_actor(ROLE_CHIEF, 22);
    const struct actor *before = t->w.actor;
    const int64_t event = waiting_event(t);

    t->w.actor = &clerk;
    town_refused(t, office_check(&t->w, event, true, STR("")), ERR_DENIED,
                 "office.check_same_person");
    t->w.actor = &chief;
    TOWN_OK(t, office_check(&t->w, event, true, STR("")));
    t->w.actor = before;
}

static inline struct application_step settled(struct town *t, struct application_decision d)
{
    struct application a;
    struct application_steps steps;

    assert_int_equal(TOWN_OK(t, decide(t, d)), 1);
    confirm(t);
    TOWN_OK(t, application_get(&t->w, d.no, &a));
    TOWN_OK(t, application_steps(&t->w, &a, &steps));
    assert_true(steps.n > 0);
    const struct application_step s = steps.rows[steps.n - 1];
    assert_int_equal(s.state, d.state);
    assert_true(str_is(s.officer, "21") && str_is(s.checker, "tester"));
    return s;
}

static inline struct application_decision grant_of(const struct application *a)
{
    return (struct application_decision){.no = a->no, .state = APPLICATION_GRANTED};
}

static inline struct application_decision refusal_of(const struct application *a,
                                                     const char *reason)
{
    return (struct application_decision){.no = a->no,
                                         .state = APPLICATION_REFUSED,
                                         .reason = str_of(reason)};
}

/* The law refuses for this reason: granting is refused, refusing for it goes through. */
static inline struct application_step must_refuse(struct town *t, struct application *a,
                                                  const char *reason)
{
    const struct application_look look = looked(t, a);

    if (!str_is(look.refusal, reason))
        fail_msg("refused for " STR_FMT ", not %s", STR_ARG(look.refusal), reason);
    if (a->kind != APPLICATION_PART_PAYMENT)
        town_refused(t, decide(t, grant_of(a)), ERR_INVALID, "eligibility.application.law_refuses");
    return settled(t, refusal_of(a, reason));
}

/* --- the paper -----------------------------------------------------------------------------------
 */

static struct paper *paper; /* for the process */

static inline struct str notice(struct town *t, struct str no)
{
    struct text pdf;
    const unsigned looks = t->w.looks;

    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, application_pdf(&t->w, paper, no, &pdf));
    assert_int_equal(t->w.looks, looks + 1);
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

static inline struct str certificate_words(struct town *t, struct str serial)
{
    struct text pdf;

    if (!paper)
        TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    text_init(&pdf, PDF_MOST);
    TOWN_OK(t, certificate_pdf(&t->w, paper, serial, &pdf));
    const struct str words = words_of(t, text_str(&pdf));
    text_release(&pdf);
    return words;
}

#define MUST_SAY(page, ...)                                                                        \
    must_say(page, (const char *const[]){__VA_ARGS__},                                             \
             sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* What every decision says: who decided, how to object, what the data are used for. */
static inline void must_teach(struct str page)
{
    MUST_SAY(page, "国民健康保険審査会", "３か月以内", "国民健康保険法第91条",
             "国民健康保険法第103条", "利用目的", "根拠", "申請番号", "髙橋次郎", "決定第");
}

static inline struct application long_stay(const struct home *h, const char *received,
                                           const char *from, const char *to)
{
    struct application a = form(h, APPLICATION_LIMIT, h->other, received);
    put_number(&a, "long_stay", 1);
    put_words(&a, "stay", "中央病院", from, to);
    return a;
}
static inline struct application part(const struct home *h, int64_t income, int64_t savings)
{
    struct application a = form(h, APPLICATION_PART_PAYMENT, h->head, "2026-08-20");
    put_words(&a, "cause", "unemployment", NULL, NULL);
    put_words(&a, "wanted", "exempt", NULL, NULL);
    put_number(&a, "months", 6);
    put_amount(&a, "income", 0, income);
    put_amount(&a, "livelihood", 0, 200000);
    put_amount(&a, "savings", 0, savings);
    return a;
}
/* The few words that the paper takes from the messages, which a test program does not have. */
static const struct message words_known[] = {
    {"eligibility.disease.1", "人工腎臓を実施している慢性腎不全", NULL},
    {"eligibility.notice.days", "日", NULL},
    {"eligibility.notice.kind.1", "基準収入額適用", NULL},
    {"eligibility.notice.kind.2", "限度額適用・標準負担額減額", NULL},
    {"eligibility.notice.kind.3", "特定疾病", NULL},
    {"eligibility.notice.kind.4", "一部負担金減額・免除・徴収猶予", NULL},
    {"eligibility.notice.letter", "通知書", NULL},
    {"eligibility.notice.measure.4", "一部負担金減額", NULL},
    {"eligibility.notice.measure.5", "一部負担金免除", NULL},
    {"eligibility.notice.measure.6", "一部負担金徴収猶予", NULL},
    {"eligibility.notice.no", "申請番号", NULL},
    {"eligibility.notice.percent", "％", NULL},
    {"eligibility.notice.state.1", "認定", NULL},
    {"eligibility.notice.state.2", "申請却下", NULL},
    {"eligibility.notice.state.4", "認定取消", NULL},
    {"eligibility.notice.tenths", "割", NULL},
    {"eligibility.print.scheme", "国民健康保険", NULL},
    {"eligibility.relief.4", "減額", NULL},
    {"eligibility.relief.5", "免除", NULL},
    {"eligibility.relief.6", "徴収猶予", NULL},
};

#endif
