/*
 * collecting: a town whose year was levied, and receipts as a channel tells of them; for the tests
 * of the collection desk.
 */
#ifndef TEST_COLLECTING_H
#define TEST_COLLECTING_H

#include "levy_town.h"

#include "desk/collection/collection.h"

static struct actor collecting_operator, collecting_chief;

static inline void collecting_start(void)
{
    levy_town_start();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    collecting_operator = levy_town_actor(ROLE_OPERATOR, 91);
    collecting_chief = levy_town_actor(ROLE_CHIEF, 92);
}

/* `people` residents, the year 2026 decided and charged on 15 June 2026. */
static inline void collecting_town(struct town *t, int people, uint64_t seed)
{
    int64_t job = 0;
    struct draft d;
    const struct actor *before = t->w.actor;

    levy_town_fill(t, people, seed);
    t->w.actor = &collecting_operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    t->w.actor = &collecting_chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(
                           t, "draft=%lld issue-date=2026-06-15 households=%lld total=%lld",
                           (long long)d.draft_no, (long long)d.households, (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

static inline void collecting_on(struct town *t, const char *day)
{
    struct ymd d;
    assert_true(ymd_parse(str_of(day), &d));
    t->w.today = d;
    t->w.asof = (struct asof){d, KNOWN_NOW};
}

static inline struct liability_account account_of(struct town *t, int64_t notice_no)
{
    struct liability_account a;
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, 2026, notice_no, &a)), 1);
    return a;
}

/* The n-th notice (from 0) that has at least four instalments of more than 3,000 yen, paid by slip.
 */
static inline int64_t payer(struct town *t, int nth)
{
    for (int64_t no = 1; no < 2000; no++) {
        struct liability_account a;
        if (collection_by_notice(&t->w, 2026, no, &a) == 1 && a.n >= 4 && a.rows[0].number < 25 &&
            a.rows[3].charged.n > 3000 && nth-- == 0)
            return no;
    }
    fail_msg("no such notice");
    return 0;
}

/* A final receipt of an instalment, in full or of the amount given. */
static inline struct receipt_record paid_by(const struct liability_account *a, size_t at,
                                            int64_t yen, struct ymd day)
{
    return (struct receipt_record){.channel = CHANNEL_STORE,
                                   .stage = STAGE_FINAL,
                                   .levy_year = a->liability.levy_year,
                                   .notice_no = a->liability.notice_no,
                                   .number = a->rows[at].number,
                                   .yen = YEN(yen),
                                   .paid = day,
                                   .accounting = ymd_add(day, 1),
                                   .place = STR("0001 000123")};
}

static inline struct receipt_file file_named(const char *name)
{
    struct receipt_file f = {.channel = CHANNEL_STORE,
                             .source = STR("store"),
                             .name = str_of(name)};
    sha256_hex(str_of(name), f.sha256);
    return f;
}

static inline struct receipt_counts take(struct town *t, const char *name,
                                         struct receipt_record *rows, size_t n)
{
    struct receipt_file f = file_named(name);
    struct receipt_counts counts;
    for (size_t i = 0; i < n; i++) {
        rows[i].line = (int64_t)i + 1;
    }
    TOWN_OK(t, receipts_take(&t->w, NULL, &f, rows, n, &counts));
    return counts;
}

#endif
