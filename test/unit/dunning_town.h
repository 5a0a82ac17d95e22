/*
 * dunning_town: letters drafted and confirmed, what became of them, entries that hold them; for the
 * tests of dunning, limitation and months of business.
 */
#ifndef TEST_DUNNING_TOWN_H
#define TEST_DUNNING_TOWN_H

#include "collecting.h"
#include "residents.h"

#include "collection_sql.h"

static struct actor drafting_clerk;

static inline void dunning_town_start(void)
{
    collecting_start();
    drafting_clerk = levy_town_actor(ROLE_CLERK, 93);
}

static inline int64_t run_as(struct town *t, const struct actor *who, const char *kind,
                             struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    const int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    TOWN_OK(t, rc);
    return job;
}

static inline int try_as(struct town *t, const struct actor *who, const char *kind,
                         struct str options)
{
    int64_t job = 0;
    const struct actor *before = t->w.actor;
    t->w.actor = who;
    const int rc = job_run(&t->w, kind, options, &job);
    t->w.actor = before;
    return rc;
}

static inline struct collection_draft_get_row draft_by(struct town *t, const char *kind,
                                                       struct str options)
{
    const struct collection_draft_of_job_in of = {run_as(t, &drafting_clerk, kind, options)};
    struct collection_draft_of_job_row no;
    struct collection_draft_get_row d;
    assert_int_equal(TOWN_OK(t, collection_draft_of_job(&t->w.cx, t->w.store, &of, &no)), 1);
    const struct collection_draft_get_in get = {no.draft_no};
    assert_int_equal(TOWN_OK(t, collection_draft_get(&t->w.cx, t->w.store, &get, &d)), 1);
    return d;
}

static inline struct collection_draft_get_row draft_on(struct town *t, const char *day)
{
    return draft_by(t, "dunning-draft", levy_town_options(t, "as-of=%s", day));
}

static inline struct str confirming(struct town *t, const struct collection_draft_get_row *d,
                                    const char *issue)
{
    return levy_town_options(t, "draft=%lld issue-date=%s letters=%lld total=%lld",
                             (long long)d->draft_no, issue, (long long)d->letters,
                             (long long)d->letters_yen.n);
}

static inline void confirm(struct town *t, const struct collection_draft_get_row *d,
                           const char *issue)
{
    run_as(t, &collecting_chief,
           str_is(d->kind, "dunning") ? "dunning-confirm" : "reminder-confirm",
           confirming(t, d, issue));
}

static inline int64_t rows_with(struct town *t, int64_t draft_no, int64_t reason)
{
    const struct collection_draft_reasons_in in = {draft_no};
    struct collection_draft_reasons_list list;
    TOWN_OK(t, collection_draft_reasons(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (list.rows[i].reason == reason)
            return list.rows[i].rows_n;
    }
    return 0;
}

static inline struct collection_letters_of_debtor_list letters(struct town *t, int64_t debtor)
{
    const struct collection_letters_of_debtor_in in = {debtor};
    struct collection_letters_of_debtor_list list;
    TOWN_OK(t, collection_letters_of_debtor(&t->w.cx, t->w.store, &in, &list));
    return list;
}

/* How many instalments of the year are unpaid and were due by a day, from the accounts. */
static inline int64_t unpaid_by(struct town *t, const char *day, int64_t *yen)
{
    struct draft d;
    int64_t n = 0;
    *yen = 0;
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    for (int64_t no = 1; no <= d.households; no++) {
        struct liability_account a;
        if (TOWN_OK(t, collection_by_notice(&t->w, 2026, no, &a)) == 0)
            continue;
        for (size_t i = 0; i < a.n; i++) {
            if (a.rows[i].balance.n > 0 && a.rows[i].number < PENSION_FIRST &&
                ymd_compare(a.rows[i].due, day_of(day)) <= 0) {
                n++;
                *yen += a.rows[i].balance.n;
            }
        }
    }
    return n;
}

static inline void enter(struct town *t, const char *kind, const char *payload)
{
    struct event e = work_event(&t->w, kind);
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, work_enter(&t->w, &e, str_copy(t->w.cx.arena, str_of(payload))));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static inline void hold(struct town *t, int64_t debtor, const char *kind)
{
    char payload[256];
    snprintf(payload, sizeof payload, "debtor=%lld\nkind=%s\nreason=test\nfrom=2026-07-01\n",
             (long long)debtor, kind);
    enter(t, "collection.hold", payload);
}

static inline struct collection_post_counts_row counts(struct town *t, const char *kind)
{
    const struct collection_post_counts_in in = {1};
    struct collection_post_counts_list list;
    TOWN_OK(t, collection_post_counts(&t->w.cx, t->w.store, &in, &list));
    for (size_t i = 0; i < list.n; i++) {
        if (str_is(list.rows[i].kind, kind))
            return list.rows[i];
    }
    return (struct collection_post_counts_row){.printed = 0};
}

static inline struct collection_post_items_list items(struct town *t)
{
    const struct collection_post_items_in in = {1, 0, 5000, t->w.asof};
    struct collection_post_items_list list;
    TOWN_OK(t, collection_post_items(&t->w.cx, t->w.store, &in, &list));
    return list;
}

#endif
