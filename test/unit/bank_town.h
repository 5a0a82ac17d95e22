/*
 * bank_town: a levied town with the banks and stores beside it; people sign up for direct debit
 * with the accounts they have there, and files go to and fro.
 */
#ifndef TEST_BANK_TOWN_H
#define TEST_BANK_TOWN_H

#include "collecting.h"

#include "collection_sql.h"
#include "desk/collection/debit.h"
#include "desk/collection/keyed.h"
#include "desk/collection/transfer.h"
#include "outside/bank/bank.h"

#include <unistd.h>

#define BANK_FILE ((size_t)64 << 20)

static inline void bank_town_start(void)
{
    collecting_start();
    bank_start();
}

static inline struct str bank_town_path(struct town *t, const char *name)
{
    static int files;
    return str_format(t->w.cx.arena, "%s/%d-%s", t->path, files++, name);
}

static inline void bank_town_day(struct town *t, const char *day)
{
    struct ymd d;

    assert_true(ymd_parse(str_of(day), &d));
    const int64_t ten = ((int64_t)d.day * 86400 + 3600) * INT64_C(1000000);
    env_advance(t->env, ten - t->env->now_us(t->env));
    collecting_on(t, day);
}

static inline struct bank_office *bank_town_open(struct town *t, uint64_t seed)
{
    struct bank_office *b = NULL;
    struct text residents;
    int64_t rows = 0;
    const struct str path = bank_town_path(t, "bank.db");

    text_init(&residents, BANK_FILE);
    TOWN_OK(t, eligibility_export_residents(&t->w, &residents, &rows));
    TOWN_OK(t, bank_create(&t->w.cx,
                           &(struct bank_new){path.p, text_str(&residents), t->w.today, seed}));
    text_release(&residents);
    TOWN_OK(t, bank_open(&t->w.cx, path.p, &b));
    return b;
}

/* A job with a file of these bytes. */
static inline int bank_town_give(struct town *t, const char *job, struct str bytes, int64_t *id)
{
    int64_t unused = 0;
    const struct str path = bank_town_path(t, "given");

    TOWN_OK(t, file_write(&t->w.cx, path.p, bytes));
    return job_run(&t->w, job, str_format(t->w.cx.arena, "path=" STR_FMT, STR_ARG(path)),
                   id ? id : &unused);
}

static inline int64_t bank_town_run(struct town *t, const char *job, const char *options)
{
    int64_t id = 0;
    TOWN_OK(t, job_run(&t->w, job, str_copy(t->w.cx.arena, str_of(options)), &id));
    return id;
}

static inline int64_t bank_town_figure(struct town *t, int64_t job, const char *name)
{
    struct job_figure_row *rows = NULL;
    size_t n = 0;

    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].name, name))
            return rows[i].value;
    }
    return -1;
}

/* What somebody has at the bank; account_no.n 0: nothing. */
struct bank_town_account {
    struct str bank, branch, kind, account_no, holder, state;
    int64_t balance;
};
static inline struct bank_town_account bank_town_account(struct town *t, struct bank_office *b,
                                                         struct str person_no)
{
    struct bank_town_account a = {.balance = 0};
    struct csv_reader r;
    struct text t2;

    text_init(&t2, BANK_FILE);
    TOWN_OK(t, bank_accounts(b, &t2, NULL));
    csv_open(&r, text_str(&t2));
    while (csv_read(&t->w.cx, &r) > 0) {
        if (!str_equal(r.fields[0], person_no))
            continue;
        struct arena *m = t->w.cx.arena;
        a = (struct bank_town_account){str_copy(m, r.fields[1]),
                                       str_copy(m, r.fields[2]),
                                       str_copy(m, r.fields[3]),
                                       str_copy(m, r.fields[4]),
                                       str_copy(m, r.fields[5]),
                                       str_copy(m, r.fields[7]),
                                       0};
        (void)str_to_int(r.fields[6], &a.balance);
    }
    csv_close(&r);
    text_release(&t2);
    return a;
}

static inline void bank_town_register_for(struct town *t, int64_t person_id, const char *business,
                                          const char *purpose, const struct bank_town_account *a)
{
    struct party_batch *b = NULL;
    struct event e = work_event(&t->w, "party.account");
    const struct account_fact f = {.person_id = person_id,
                                   .business = str_of(business),
                                   .purpose = str_of(purpose),
                                   .bank_code = a->bank,
                                   .branch_code = a->branch,
                                   .kind = a->kind,
                                   .account_no = a->account_no,
                                   .holder = a->holder,
                                   .source = STR("person"),
                                   .source_day = t->w.today,
                                   .valid = {t->w.today, YMD_NONE}};

    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, party_batch_new(&t->w, &b));
    TOWN_OK(t, party_open_account(b, e.no, &f, NULL));
    TOWN_OK(t, party_batch_write(&t->w, b));
    party_batch_free(b);
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
}

static inline void bank_town_register(struct town *t, int64_t person_id, const char *purpose,
                                      const struct bank_town_account *a)
{
    bank_town_register_for(t, person_id, "collection", purpose, a);
}

static inline int bank_town_enter(struct town *t, const char *kind, int64_t person_id,
                                  struct str payload)
{
    struct event e = work_event(&t->w, kind);
    struct person p;

    TOWN_OK(t, party_person(&t->w, person_id, &p));
    e.person_id = person_id;
    e.household_id = p.household_id;
    e.source = STR("person");
    e.route = STR("counter");
    return work_enter(&t->w, &e, payload);
}

/* The first instalment that may still be debited. */
static inline int bank_town_apply(struct town *t, int64_t person_id, const char *action)
{
    const struct collection_debit_starts_in q = {person_id, t->w.today};
    struct collection_debit_starts_list list;
    struct person p;
    char today[11];

    TOWN_OK(t, collection_debit_starts(&t->w.cx, t->w.store, &q, &list));
    TOWN_OK(t, party_person(&t->w, person_id, &p));
    ymd_format(t->w.today, today);
    const struct collection_debit_starts_row *s = list.n > 0 ? &list.rows[0] : NULL;
    return bank_town_enter(t, "collection.debit", person_id,
                           str_format(t->w.cx.arena,
                                      "person_no " STR_FMT
                                      "\naction %s\nreceived %s\nstart %lld-%lld-%lld\n",
                                      STR_ARG(p.person_no), action, today,
                                      s ? (long long)s->levy_year : 0, s ? (long long)s->number : 0,
                                      s ? (long long)s->notice_no : 0));
}

/* A debtor with a usable instalment to come and an account; *nth counts on. */
static inline int64_t bank_town_debtor(struct town *t, struct bank_office *b, int64_t *notice,
                                       struct bank_town_account *a)
{
    for (++*notice; *notice < 5000; ++*notice) {
        struct liability_account l;
        struct person p;
        if (collection_by_notice(&t->w, 2026, *notice, &l) != 1 || l.n < 4 ||
            l.rows[0].number >= 25 || l.rows[0].balance.n == 0)
            continue;
        TOWN_OK(t, party_person(&t->w, l.liability.debtor_id, &p));
        *a = bank_town_account(t, b, p.person_no);
        if (a->account_no.n > 0 && ymd_is_none(p.death))
            return l.liability.debtor_id;
    }
    assert_true(!"a debtor with an account");
    return 0;
}

/* Files that went out: names begin with `prefix`; each is handed to `fn`, its answer to `job`. */
typedef int bank_town_fn(struct bank_office *b, struct str request, struct text *answer,
                         struct bank_counts *n);
static inline struct str bank_town_read(struct town *t, const char *folder, struct str name)
{
    struct text bytes;
    const struct str path = str_format(t->w.cx.arena, "%s/out/%s/" STR_FMT,
                                       office_city_path(t->w.office), folder, STR_ARG(name));
    text_init(&bytes, BANK_FILE);
    TOWN_OK(t, file_read(&t->w.cx, path.p, BANK_FILE, &bytes));
    const struct str s = str_copy(t->w.cx.arena, text_str(&bytes));
    text_release(&bytes);
    return s;
}

static inline struct str bank_town_answer(struct town *t, struct bank_office *b, bank_town_fn *fn,
                                          struct str request, struct bank_counts *n)
{
    struct text answer;

    text_init(&answer, BANK_FILE);
    TOWN_OK(t, fn(b, request, &answer, n));
    const struct str s = str_copy(t->w.cx.arena, text_str(&answer));
    text_release(&answer);
    return s;
}

/* The check at sign-up: out, answered, in. */
struct bank_town_checked {
    int64_t accepted, mismatch, unknown, files;
    struct str last; /* an answer */
};
static inline struct bank_town_checked bank_town_check(struct town *t, struct bank_office *b)
{
    static const char *const banks[] = {"0001", "0005", "0009", "9900"};
    struct bank_town_checked c = {.accepted = 0};
    const int64_t sent = bank_town_run(t, "debit-check-send", "");
    char day[11];

    ymd_format(t->w.today, day);
    for (size_t i = 0; i < sizeof banks / sizeof *banks; i++) {
        struct bank_counts n;
        int64_t job = 0;
        const struct str name = str_format(t->w.cx.arena, "check-%s-%s-1234567890-%lld.dat", day,
                                           banks[i], (long long)sent);
        const struct str path = str_format(t->w.cx.arena, "%s/out/debit/" STR_FMT,
                                           office_city_path(t->w.office), STR_ARG(name));
        if (access(path.p, R_OK) != 0)
            continue;
        c.last = bank_town_answer(t, b, bank_check, bank_town_read(t, "debit", name), &n);
        TOWN_OK(t, bank_town_give(t, "debit-check-take", c.last, &job));
        c.accepted += bank_town_figure(t, job, "accepted");
        c.mismatch += bank_town_figure(t, job, "mismatch");
        c.unknown += bank_town_figure(t, job, "unknown");
        c.files++;
    }
    assert_int_equal(bank_town_figure(t, sent, "files"), c.files);
    return c;
}

/* n people sign up with the accounts they have; ids by order. */
static inline void bank_town_sign_up(struct town *t, struct bank_office *b, size_t n, int64_t *ids)
{
    int64_t notice = 0;

    for (size_t i = 0; i < n; i++) {
        struct bank_town_account a;
        ids[i] = bank_town_debtor(t, b, &notice, &a);
        bank_town_register(t, ids[i], "debit", &a);
        TOWN_OK(t, bank_town_apply(t, ids[i], "new"));
    }
    (void)bank_town_check(t, b);
}

enum { BANK_TOWN_PEOPLE = 300, BANK_TOWN_SEED = 5, BANK_TOWN_SIGNED = 12 };

/* A levied town on 20 June with a bank, people of it signed up; due: of an instalment of the first.
 */
struct bank_town_signed {
    struct bank_office *bank;
    int64_t ids[BANK_TOWN_SIGNED];
    char due[11];
};
static inline void bank_town_due(struct town *t, struct bank_town_signed *s, size_t instalment)
{
    struct liability_accounts all;

    TOWN_OK(t, collection_debtor(&t->w, s->ids[0], 2026, &all));
    ymd_format(all.rows[0].rows[instalment].due, s->due);
}

static inline struct bank_town_signed bank_town_signed_up(struct town *t)
{
    struct bank_town_signed s;

    collecting_town(t, BANK_TOWN_PEOPLE, 41);
    bank_town_day(t, "2026-06-20");
    s.bank = bank_town_open(t, BANK_TOWN_SEED);
    bank_town_sign_up(t, s.bank, BANK_TOWN_SIGNED, s.ids);
    bank_town_due(t, &s, 0);
    return s;
}

/* --- runs ---------------------------------------------------------------------------------------
 */

static inline int64_t bank_town_draft(struct town *t, const char *options, int64_t *job)
{
    const struct actor *before = t->w.actor;

    t->w.actor = &collecting_operator;
    *job = bank_town_run(t, "debit-draft", options);
    t->w.actor = before;
    return bank_town_figure(t, *job, "run");
}

static inline int bank_town_confirm(struct town *t, int64_t run, int64_t requests, int64_t total)
{
    const struct actor *before = t->w.actor;
    int64_t id = 0;

    t->w.actor = &collecting_chief;
    const int rc = job_run(&t->w, "debit-confirm",
                           levy_town_options(t, "run=%lld requests=%lld total=%lld", (long long)run,
                                             (long long)requests, (long long)total),
                           &id);
    t->w.actor = before;
    return rc;
}

static inline struct collection_debit_files_of_run_list bank_town_files(struct town *t, int64_t run)
{
    const struct collection_debit_files_of_run_in q = {run};
    struct collection_debit_files_of_run_list list;

    TOWN_OK(t, collection_debit_files_of_run(&t->w.cx, t->w.store, &q, &list));
    return list;
}

static inline int64_t bank_town_received(struct town *t)
{
    struct ledger_totals totals;

    TOWN_OK(t, collection_totals(&t->w, 2026, &totals));
    return totals.account[ACCOUNT_RECEIVED].n;
}

#endif
