/*
 * Two fiscal years of a city: people come and go, incomes are told late and again, corrections in
 * bulk and at the counter, exemptions, premiums from pensions. Then every decision that was ever
 * stored, in force or replaced, is computed again from what was known then, to the byte, and both
 * engines hold the same.
 *
 * HOKENKA_REPLAY_PEOPLE makes the city larger (120), for a run by hand.
 */
#include "correcting.h"
#include "pension_town.h"

#include "desk/levy/exemption.h"

enum { PEOPLE = 120, SEED = 5, FIRST = 2025, YEARS = 2, PEOPLE_MAX = 4000 };

struct lived {
    struct town *t;
    struct payer_office *payer;
    struct prng prng;
    struct actor clerk;
    struct text file;
    int64_t people[PEOPLE_MAX]; /* insured at some time */
    size_t n;
    int homes;
    int64_t bulk, counter, exempted, cancelled, left, came, pensions;
};

static struct digest digests[2], explained[2];
static bool is_lived[2];

static int64_t people_wanted(void)
{
    int64_t n = PEOPLE;
    const char *given = env_variable("HOKENKA_REPLAY_PEOPLE");
    if (given)
        str_to_int(str_of(given), &n);
    return n;
}

static void on(struct lived *l, struct ymd day)
{
    register_town_day(l->t, day);
}

static const char *text_of(struct ymd day)
{
    static char text[8][11];
    static int next;
    char *out = text[next++ % 8];
    ymd_format(day, out);
    return out;
}

static size_t below(struct lived *l, size_t n)
{
    return (size_t)prng_below(&l->prng, n);
}

/* --- incomes ------------------------------------------------------------------------------------
 */

static void tell(struct lived *l, int64_t person, int year, enum income_source source, int64_t yen)
{
    struct feed f = feed_begin(l->t, "levy.income", 0);
    const struct income in = {.person_id = person,
                              .income_year = year,
                              .source = source,
                              .pension_revenue = YEN(yen % 5 == 0 ? 1800000 : 0),
                              .business_income = YEN(yen)};
    int64_t written = 0;
    TOWN_OK(l->t, levy_income_put(&l->t->w, f.event_no, &in, 1, &written));
    feed_end(&f);
}

static int64_t some_yen(struct lived *l)
{
    return below(l, 4) == 0 ? 0 : (int64_t)below(l, 60) * 100000 + (int64_t)below(l, 1000);
}

/* Who is or was insured in a year, by the levy's own facts. */
static void find_people(struct lived *l, int fiscal_year)
{
    struct levy_facts f;
    const struct facts_request rq = {.fiscal_year = fiscal_year,
                                     .limit = 100000,
                                     .known = KNOWN_NOW};
    TOWN_OK(l->t, eligibility_facts_load(&l->t->w, &rq, &f));
    l->n = 0;
    for (size_t i = 0; i < f.n_persons && l->n < PEOPLE_MAX; i++) {
        if (f.persons[i].n_spans > 0)
            l->people[l->n++] = f.persons[i].person_id;
    }
    assert_true(l->n > 20);
}

static void incomes_of_june(struct lived *l, int fiscal_year)
{
    find_people(l, fiscal_year);
    for (size_t i = 0; i < l->n; i++) {
        if (below(l, 20) > 0) /* one in twenty did not declare */
            tell(l, l->people[i], fiscal_year - 1, INCOME_TAX, some_yen(l));
    }
}

/* --- people come and go -------------------------------------------------------------------------
 */

static void somebody_leaves(struct lived *l)
{
    struct town *t = l->t;
    struct insured_periods periods;
    const int64_t person = l->people[below(l, l->n)];
    TOWN_OK(t, eligibility_periods(&t->w, person, &periods));
    if (periods.n == 0 || periods.rows[periods.n - 1].lost_by != 0)
        return;
    struct insured_period last = periods.rows[periods.n - 1];
    const struct ymd lost = ymd_add(t->w.today, -(int)below(l, 60));
    if (ymd_compare(last.valid.from, lost) >= 0)
        return;
    struct feed f = feed_begin(t, "eligibility.period", 0);
    TOWN_OK(t, eligibility_close(f.eligibility, ELIGIBILITY_PERIOD, last.row_id, f.event_no));
    last.lost_by = below(l, 2) ? LOST_EMPLOYER : LOST_MOVE_OUT;
    last.lost_cause = last.lost_notified = last.valid.to = lost;
    TOWN_OK(t, eligibility_open_period(f.eligibility, f.event_no, &last, NULL));
    feed_end(&f);
    l->left++;
}

static void somebody_comes(struct lived *l)
{
    static char text[600][4][16];
    struct town *t = l->t;
    char(*s)[16] = text[l->homes];
    const char *since = text_of(ymd_add(t->w.today, -(int)below(l, 40)));
    snprintf(s[0], sizeof s[0], "%09d", 800000 + l->homes);
    snprintf(s[1], sizeof s[1], "%010d", 8000000 + l->homes);
    snprintf(s[2], sizeof s[2], "%08d", 800000 + l->homes);
    assert_true(++l->homes < 600);
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, s[0], "新町", "１", since);
    const int64_t person = add_person(&f, (struct who){s[1], "転入　花子", "テンニュウ　ハナコ",
                                                       "1985-03-04", SEX_FEMALE});
    add_member(&f, home, person, "01", since, NULL);
    add_period(&f, person, (struct insured){.from = since, .acquired_by = 1});
    add_number(&f, home, s[2], since);
    feed_end(&f);
    tell(l, person, ymd_fiscal_year(t->w.today) - 1, INCOME_INQUIRY, some_yen(l));
    l->came++;
}

/* --- corrections and exemptions -----------------------------------------------------------------
 */

static bool pick(struct lived *l, int fiscal_year, struct decision *out)
{
    const int64_t no = 1 + (int64_t)below(l, 40);
    return TOWN_OK(l->t, levy_decision_by_no(&l->t->w, fiscal_year, no, out)) == 1 && out->is_open;
}

static void at_the_counter(struct lived *l, int fiscal_year)
{
    struct town *t = l->t;
    struct decision d;
    struct levy_changes changes;
    bool is_decidable = false;
    if (!pick(l, fiscal_year, &d))
        return;
    tell(l, d.debtor_id, fiscal_year - 1, INCOME_OVERRIDE, some_yen(l));
    TOWN_OK(t, levy_changes_of_household(&t->w, d.household_id, fiscal_year, t->w.today, &changes));
    for (size_t i = 0; i < changes.n; i++)
        is_decidable = is_decidable || changes.rows[i].outcome == OUTCOME_LEVIED;
    if (is_decidable)
        l->counter += correct_now(t, d.household_id, fiscal_year, text_of(t->w.today));
}

static void in_bulk(struct lived *l, int fiscal_year)
{
    const struct two_drafts two = correct_year(l->t, fiscal_year, text_of(l->t->w.today));
    l->bulk += two.up.households + two.down.households;
}

static void exempt(struct lived *l, int fiscal_year)
{
    struct town *t = l->t;
    const struct actor *before = t->w.actor;
    struct decision d;
    int64_t no = 0;
    if (!pick(l, fiscal_year, &d) || d.result.total.n < 20000)
        return;
    struct exemption x = {.household_id = d.household_id,
                          .debtor_id = d.debtor_id,
                          .fiscal_year = fiscal_year,
                          .ground = STR("hardship"),
                          .pattern = below(l, 2) ? EXEMPT_YEN : EXEMPT_RATE,
                          .yen = YEN(5000 + (int64_t)below(l, 9000)),
                          .rate = 1000 + 1000 * (int64_t)below(l, 5),
                          .of_income = below(l, 2),
                          .cuts = STR(""),
                          .applied = t->w.today,
                          .note = STR("生活困窮")};
    t->w.actor = &l->clerk;
    TOWN_OK(t, exemption_apply(&t->w, &x, &no));
    t->w.actor = &correcting_chief;
    TOWN_OK(t, exemption_decide(&t->w, fiscal_year, no, true, t->w.today, STR("")));
    l->exempted++;
    if (below(l, 3) == 0) {
        TOWN_OK(t, exemption_cancel(&t->w, fiscal_year, no, t->w.today, STR("収入が回復")));
        l->cancelled++;
    }
    t->w.actor = before;
}

/* --- pensions -----------------------------------------------------------------------------------
 */

static void take(struct lived *l)
{
    (void)pension_town_take(l->t, &l->file);
}

/* A notice goes out and is answered. */
static void ask(struct lived *l, const char *notice)
{
    struct town *t = l->t;
    struct text answer;
    int64_t accepted = 0, rejected = 0;
    char line[64];
    snprintf(line, sizeof line, "notice=%s as-of=%s", notice, text_of(t->w.today));
    const int64_t sent = pension_town_run(t, "pension-send", line);
    if (pension_town_figure(t, sent, "records") == 0)
        return;
    pension_town_sent(t, &l->file);
    text_init(&answer, 64 << 20);
    TOWN_OK(t, payer_take(l->payer, text_str(&l->file), ymd_add(t->w.today, 3), &answer, &accepted,
                          &rejected));
    on(l, ymd_add(t->w.today, 5));
    (void)pension_town_take(t, &answer);
    l->pensions += accepted;
    text_release(&answer);
}

static void judge(struct lived *l, int year)
{
    char line[64];
    snprintf(line, sizeof line, "year=%d as-of=%s", year, text_of(l->t->w.today));
    (void)pension_town_run(l->t, "deduction-yearly", line);
}

static void plan(struct lived *l, const char *job, int year)
{
    char line[64];
    snprintf(line, sizeof line, "year=%d as-of=%s", year, text_of(l->t->w.today));
    (void)pension_town_run(l->t, job, line);
}

static void pay(struct lived *l, int year, int number)
{
    struct yen taken;
    const struct ymd paid = pension_pay_day(year, number);
    text_clear(&l->file);
    TOWN_OK(l->t, payer_pay(l->payer, paid, &l->file, &taken));
    on(l, ymd_add(paid, 10));
    if (taken.n > 0)
        take(l);
}

/* --- two years ----------------------------------------------------------------------------------
 */

static void june(struct lived *l, int year)
{
    int64_t n = 0;
    on(l, ymd_of(year, 6, 12));
    incomes_of_june(l, year);
    text_clear(&l->file);
    TOWN_OK(l->t, payer_candidates(l->payer, ymd_of(year, 6, 14), YMD_NONE, &l->file, &n));
    on(l, ymd_of(year, 6, 16));
    if (n > 0)
        take(l);
    levy_year(l->t, year, text_of(l->t->w.today));
    judge(l, year);
    pension_town_care_of(l->t, year);
    on(l, ymd_of(year, 7, 25));
    judge(l, year);
    plan(l, "pension-plan", year);
    ask(l, "01");
}

static void month(struct lived *l, struct ymd first, int year)
{
    on(l, ymd_add(first, 4));
    for (int i = 0; i < 2; i++)
        somebody_leaves(l);
    somebody_comes(l);
    tell(l, l->people[below(l, l->n)], year - 1, INCOME_TAX, some_yen(l));
    in_bulk(l, year);
    if (year > FIRST) {
        tell(l, l->people[below(l, l->n)], year - 2, INCOME_TAX, some_yen(l));
        in_bulk(l, year - 1);
    }
    at_the_counter(l, year);
    on(l, ymd_add(first, 9));
    exempt(l, year);
    plan(l, "pension-plan", year);
    ask(l, "41");
    on(l, ymd_add(first, 19));
    tell(l, l->people[below(l, l->n)], year - 1, INCOME_OVERRIDE, some_yen(l));
    in_bulk(l, year);
}

static void one_year(struct lived *l, int year)
{
    june(l, year);
    for (int m = 9; m <= 15; m++) { /* September to March */
        month(l, ymd_of(m > 12 ? year + 1 : year, m > 12 ? m - 12 : m, 1), year);
        if (m == 10 || m == 12 || m == 14)
            pay(l, year, PENSION_OCTOBER + (m - 10) / 2);
    }
    on(l, ymd_of(year + 1, 3, 28));
    plan(l, "pension-provisional", year + 1);
    pay(l, year + 1, PENSION_FIRST);
}

/* Every explanation and schedule, in the order of the notices: what both engines must have. */
static struct digest all_explained(struct lived *l)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    for (int year = FIRST; year < FIRST + YEARS; year++) {
        struct decisions all;
        TOWN_OK(l->t, levy_decisions_stored(&l->t->w, year, 0, 100000, &all));
        for (size_t i = 0; i < all.n; i++) {
            hash_text(&h, all.rows[i].explanation);
            hash_bytes(&h, (struct str){(const char *)all.rows[i].inputs.b, sizeof(struct digest)});
        }
    }
    return hash_end(&h);
}

static int print_it(void *arg, const struct decision *d)
{
    (void)arg;
    print_message("# year %d no %lld %.*s differs\n", d->fiscal_year, (long long)d->decision_no,
                  (int)d->cause.n, d->cause.p);
    return 0;
}

static void replay_all(struct lived *l)
{
    for (int year = FIRST; year < FIRST + YEARS; year++) {
        struct replay_count stored, open;
        TOWN_OK(l->t, levy_replay_stored(&l->t->w, year, print_it, NULL, &stored));
        TOWN_OK(l->t, levy_replay_year(&l->t->w, year, print_it, NULL, &open));
        print_message("# %d: %lld decisions stored, %lld in force\n", year,
                      (long long)stored.decisions, (long long)open.decisions);
        assert_int_equal(stored.different, 0);
        assert_int_equal(open.different, 0);
        assert_true(open.decisions > 20 && stored.decisions > open.decisions + 15);
    }
}

struct table_seen {
    struct digest digest[2];
    bool is_seen[2];
    char name[64];
};
static struct table_seen tables[400];
static size_t n_tables;

/* Which table the engines hold differently, by name. */
static int see_table(void *arg, struct str table, const struct digest *d, int64_t rows)
{
    const bool is_postgres = *(const bool *)arg;
    size_t i = 0;
    while (i < n_tables && !str_is(table, tables[i].name))
        i++;
    if (i == n_tables) {
        assert_true(n_tables < sizeof tables / sizeof *tables);
        snprintf(tables[n_tables++].name, sizeof tables[i].name, STR_FMT, STR_ARG(table));
    }
    tables[i].digest[is_postgres] = *d;
    tables[i].is_seen[is_postgres] = true;
    if (tables[i].is_seen[0] && tables[i].is_seen[1] &&
        !digest_equal(&tables[i].digest[0], &tables[i].digest[1]))
        print_message("# table %s differs, %lld rows\n", tables[i].name, (long long)rows);
    return OK;
}

static void test_two_years(void **state)
{
    static struct lived l;
    struct town *t = *state;
    bool is_postgres = t->store->engine == STORE_POSTGRES;
    l = (struct lived){.t = t, .clerk = levy_town_actor(ROLE_CLERK, 93)};
    pension_town_files = 0;
    text_init(&l.file, 64 << 20);
    prng_seed(&l.prng, SEED);
    register_town_fill(t, people_wanted(), SEED);
    l.payer = pension_town_payer(t, SEED);
    for (int year = FIRST; year < FIRST + YEARS; year++)
        one_year(&l, year);
    print_message("# corrected in bulk %lld, at the counter %lld, exempted %lld, cancelled %lld, "
                  "left %lld, came %lld, requests accepted %lld\n",
                  (long long)l.bulk, (long long)l.counter, (long long)l.exempted,
                  (long long)l.cancelled, (long long)l.left, (long long)l.came,
                  (long long)l.pensions);
    assert_true(l.bulk > 30 && l.counter > 3 && l.exempted > 3 && l.cancelled > 0);
    assert_true(l.left > 5 && l.came > 10 && l.pensions > 0);
    replay_all(&l);
    (void)pension_town_check(t, FIRST);
    (void)pension_town_check(t, FIRST + 1);
    payer_close(l.payer);
    text_release(&l.file);
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &digests[is_postgres]));
    TOWN_OK(t, store_table_digests(&t->w.cx, t->w.store, see_table, &is_postgres));
    explained[is_postgres] = all_explained(&l);
    is_lived[is_postgres] = true;
    if (is_lived[0] && is_lived[1]) {
        assert_memory_equal(&digests[0], &digests[1], sizeof digests[0]);
        assert_memory_equal(&explained[0], &explained[1], sizeof explained[0]);
    }
}

int main(void)
{
    pension_town_start();
    cmocka_set_message_output(CM_OUTPUT_TAP);
    correcting_operator = levy_town_actor(ROLE_OPERATOR, 91);
    correcting_chief = levy_town_actor(ROLE_CHIEF, 92);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("two years of a city: every decision ever stored replays to the byte [M6]",
                   test_two_years),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
