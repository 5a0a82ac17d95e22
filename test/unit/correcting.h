/*
 * correcting: a few households made by hand, levied, then corrected by two people; for the tests of
 * corrections, exemptions and reports of the levy.
 */
#ifndef TEST_CORRECTING_H
#define TEST_CORRECTING_H

#include "levy_sql.h"
#include "levy_town.h"
#include "residents.h"

static struct actor correcting_operator, correcting_chief;

static inline void correcting_start(void)
{
    levy_town_start();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    correcting_operator = levy_town_actor(ROLE_OPERATOR, 91);
    correcting_chief = levy_town_actor(ROLE_CHIEF, 92);
}

static inline void stand_on(struct town *t, const char *day)
{
    t->w.today = day_of(day);
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
}

/* --- households ------------------------------------------------------------------------------- */

struct resident_member {
    int64_t person, period, stay; /* the rows of cover and membership, for closing */
    const char *since;
};
struct family {
    int64_t household;
    const char *no; /* 世帯番号 */
    struct resident_member head, other;
};

static inline struct resident_member insure(struct feed *f, int64_t household, const char *no,
                                            const char *birth, const char *relation,
                                            const char *since)
{
    struct resident_member m = {.since = since};
    m.person = add_person(f, (struct who){no, "試験　太郎", "シケン　タロウ", birth, SEX_MALE});
    m.stay = add_member(f, household, m.person, relation, "2000-01-01", NULL);
    m.period = add_period(f, m.person, (struct insured){.from = since, .acquired_by = 2});
    return m;
}

/* A couple born in 1978 and 1980, insured since 2015; numbers from `serial`. */
static inline struct family settle_in(struct feed *f, int serial)
{
    static char text[64][5][16];
    char(*s)[16] = text[serial];
    struct family h = {.no = s[0]};
    snprintf(s[0], sizeof s[0], "%09d", 700 + serial);
    snprintf(s[1], sizeof s[1], "%010d", 7000 + 2 * serial);
    snprintf(s[2], sizeof s[2], "%010d", 7001 + 2 * serial);
    snprintf(s[3], sizeof s[3], "%08d", 7000 + serial);
    h.household = add_household(f, s[0], "本町", "１", "2000-01-01");
    h.head = insure(f, h.household, s[1], "1978-01-02", "01", "2015-04-01");
    h.other = insure(f, h.household, s[2], "1980-01-02", "03", "2015-04-01");
    add_number(f, h.household, s[3], "2015-04-01");
    return h;
}

static inline void earns(struct feed *f, int64_t person, int year, int64_t yen)
{
    const struct income income = {.person_id = person,
                                  .income_year = year,
                                  .source = INCOME_TAX,
                                  .business_income = YEN(yen)};
    int64_t written = 0;
    TOWN_OK(f->t, levy_income_put(&f->t->w, f->event_no, &income, 1, &written));
}

static inline void earns_now(struct town *t, int64_t person, int year, int64_t yen)
{
    struct feed f = feed_begin(t, "levy.income", 0);
    earns(&f, person, year, yen);
    feed_end(&f);
}

/* A member's cover ends: the day it is lost, the day the cause arose, why. */
static inline void leaves(struct town *t, struct resident_member *m, const char *lost,
                          const char *cause, int lost_by)
{
    struct feed f = feed_begin(t, "eligibility.period", 0);
    TOWN_OK(t, eligibility_close(f.eligibility, ELIGIBILITY_PERIOD, m->period, f.event_no));
    m->period = add_period(&f, m->person, (struct insured){m->since, lost, cause, 2, lost_by});
    feed_end(&f);
}

/* --- levies ----------------------------------------------------------------------------------- */

static inline int64_t run_as(struct town *t, const struct actor *who, const char *kind,
                             struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    TOWN_OK(t, rc);
    return job;
}

static inline int refused_as(struct town *t, const struct actor *who, const char *kind,
                             struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    return rc;
}

static inline void levy_year(struct town *t, int year, const char *issue)
{
    struct draft d;
    run_as(t, &correcting_operator, "levy-initial",
           levy_town_options(t, "year=%d as-of=%s", year, issue));
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    run_as(t, &correcting_chief, "levy-confirm",
           levy_town_options(t, "draft=%lld issue-date=%s households=%lld total=%lld",
                             (long long)d.draft_no, issue, (long long)d.households,
                             (long long)d.total.n));
}

struct two_drafts {
    struct draft up, down;
};
static inline struct two_drafts draft_corrections(struct town *t, int year, const char *issue)
{
    struct two_drafts two;
    struct levy_correction_drafts_of_job_list list;
    struct levy_correction_drafts_of_job_in in = {
        .job_id =
            run_as(t, &correcting_operator, "levy-correct",
                   levy_town_options(t, "year=%d as-of=%s issue-date=%s", year, issue, issue))};
    TOWN_OK(t, levy_correction_drafts_of_job(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 2);
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, list.rows[0].draft_no, &two.up)), 1);
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, list.rows[1].draft_no, &two.down)), 1);
    return two;
}

static inline struct str confirm_options(struct town *t, const struct draft *d)
{
    return levy_town_options(t, "draft=%lld households=%lld difference=%lld",
                             (long long)d->draft_no, (long long)d->households,
                             (long long)d->total.n);
}

static inline void confirm_correction(struct town *t, const struct draft *d)
{
    if (d->status == DRAFT_READY && d->households > 0) {
        run_as(t, &correcting_chief, "levy-correct-confirm", confirm_options(t, d));
    }
}

static inline struct two_drafts correct_year(struct town *t, int year, const char *issue)
{
    struct two_drafts two = draft_corrections(t, year, issue);
    confirm_correction(t, &two.up);
    confirm_correction(t, &two.down);
    return two;
}

/* One household at the counter. */
static inline int64_t correct_now(struct town *t, int64_t household, int year, const char *issue)
{
    struct event e = work_event(&t->w, "levy.decide");
    int64_t decided = 0;
    e.household_id = household;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_correct_household(&t->w, &e, household, year, day_of(issue), &decided));
    TOWN_OK(t, work_event_tell(&t->w, &e));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    return decided;
}

static inline struct decision in_force(struct town *t, int64_t household, int year)
{
    struct decisions d;
    TOWN_OK(t, levy_decisions_of_household(&t->w, household, year, false, &d));
    assert_int_equal(d.n, 1);
    return d.rows[0];
}

/* What a single assessment of the facts of now comes to. */
static inline int64_t assessed_now(struct town *t, int64_t household, int year)
{
    struct levy_debts d;
    TOWN_OK(t, levy_assess_household(&t->w, household, year, &d));
    return d.total.n;
}

/* Replay of the year: all decisions in force come out byte for byte. */
static inline void assert_replayed(struct town *t, int year)
{
    struct replay_count count;
    TOWN_OK(t, levy_replay_year(&t->w, year, NULL, NULL, &count));
    assert_int_equal(count.different, 0);
    assert_true(count.decisions > 0);
}

/* --- the ledger ------------------------------------------------------------------------------- */

static inline struct liability_account account_of(struct town *t, const struct decision *d)
{
    struct liability_account a;
    assert_int_equal(TOWN_OK(t, collection_by_notice(&t->w, d->fiscal_year, d->decision_no, &a)),
                     1);
    return a;
}

/* The debtor pays an instalment in full. */
static inline void pays(struct town *t, const struct decision *d, int number, const char *day)
{
    struct liability_account a = account_of(t, d);
    struct event e = work_event(&t->w, "collection.receipt");
    for (size_t i = 0; i < a.n; i++) {
        const struct instalment_balance *b = &a.rows[i];
        if (b->number != number) {
            continue;
        }
        struct posting lines[2] = {
            {.number = number, .account = ACCOUNT_DUE, .yen = YEN(-b->balance.n)},
            {.number = number, .account = ACCOUNT_RECEIVED, .yen = b->balance}};
        assert_int_equal(b->balance.n, b->charged.n);
        for (int k = 0; k < LEVY_PARTS; k++) {
            lines[0].part[k] = YEN(-b->part[k].n);
            lines[1].part[k] = b->part[k];
        }
        struct entry entry = {.kind = STR("receipt"),
                              .liability_id = a.liability.liability_id,
                              .accounting = day_of(day),
                              .value = day_of(day),
                              .postings = lines,
                              .n = 2};
        TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
        TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
        TOWN_OK(t, ledger_post(&t->w, e.no, &entry, 1));
        TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    }
}

#endif
