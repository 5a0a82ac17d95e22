/*
 * The yearly renewal: one run over everybody insured, sorted into streams, counts that add up to
 * the insured, what is left out listed, issued by another person, killed and run again.
 */
#include "levy_town.h"
#include "office/list_inner.h"
#include "residents.h"

#include <dirent.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { PEOPLE = 600 };
#define DAY "2026-08-01"

static struct actor operator, chief;
/* The renewal looked at, and a fiscal year it lies in. */
static const char *the_day = DAY;
static int the_year = 2026;

/* --- jobs
 * ------------------------------------------------------------------------------------------ */

static int64_t run_as(struct town *t, const struct actor *who, const char *kind, struct str options)
{
    const struct actor *before = t->w.actor;
    int64_t job = 0;
    t->w.actor = who;
    TOWN_OK(t, job_run(&t->w, kind, options, &job));
    t->w.actor = before;
    return job;
}

static int64_t figure(struct town *t, int64_t job, const char *name)
{
    struct job_figure_row *rows;
    size_t n = 0;
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        if (str_is(rows[i].name, name))
            return rows[i].value;
    }
    return 0;
}

static void say_figures(struct town *t, int64_t job)
{
    struct job_figure_row *rows;
    size_t n = 0;
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++)
        print_message("# " STR_FMT ": %lld\n", STR_ARG(rows[i].name), (long long)rows[i].value);
}

/* --- the streams and what is left out, as the lists show them
 * ---------------------------------------- */

struct sheet {
    struct arena *arena;
    struct str cells[8000];
    int64_t numbers[8000];
    size_t n;
    int columns;
};
static struct sheet sheet;

static int keep(struct list_run *r, int column, struct str value)
{
    struct sheet *s = r->arg;
    (void)column;
    assert_true(s->n < sizeof s->cells / sizeof *s->cells);
    s->numbers[s->n] = r->number;
    s->cells[s->n] = str_copy(s->arena, value);
    return s->cells[s->n++].p ? OK : ERR_MEMORY;
}

static size_t list_of(struct town *t, const char *name, int64_t renewal)
{
    char no[24];
    snprintf(no, sizeof no, "%lld", (long long)renewal);
    struct str given[1] = {str_of(no)};
    const struct list_definition *l = list_find(STR("eligibility"), str_of(name));
    assert_non_null(l);
    struct list_run r = {.list = l, .given = given, .n_given = 1, .cell = keep, .arg = &sheet};
    sheet = (struct sheet){.arena = t->w.cx.arena, .columns = l->statement->columns};
    TOWN_OK(t, list_run(&t->w, &r));
    return sheet.n / (size_t)sheet.columns;
}

/* Everybody insured on the day, counted in the facts of the levy. */
static int64_t insured(struct town *t)
{
    const struct facts_request rq = {.fiscal_year = the_year, .limit = 20000, .known = KNOWN_NOW};
    struct levy_facts f;
    int64_t n = 0;
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &f));
    assert_true(f.at_end);
    for (size_t i = 0; i < f.n_persons; i++) {
        const struct fact_person *p = &f.persons[i];
        for (size_t k = 0; k < p->n_spans; k++) {
            const struct fact_span *s = &f.spans[p->first_span + k];
            n += span_holds((struct span){s->acquired, s->lost}, day_of(the_day));
        }
    }
    return n;
}

/* Due, under 70 (or of 70 to 74), to be sent by post. */
static bool wants_elder;
static bool is_plain(const struct certificate_need *n)
{
    return n->due && !n->refused && (n->share > 0) == wants_elder && n->has_address &&
           !n->is_protected;
}

/* A household with somebody plain: the at-th of them. */
static int64_t household_at(struct town *t, size_t at)
{
    const struct facts_request rq = {.fiscal_year = the_year, .limit = 20000, .known = KNOWN_NOW};
    struct levy_facts f;
    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &f));
    for (size_t i = 0; i < f.n_households; i++) {
        struct certificate_needs needs;
        t->w.asof.valid = day_of(the_day);
        TOWN_OK(t, certificate_due(&t->w, f.households[i].household_id, &needs));
        t->w.asof.valid = t->w.today;
        bool has_adult = false;
        for (size_t k = 0; k < needs.n; k++)
            has_adult = has_adult || is_plain(&needs.rows[k]);
        if (has_adult && at-- == 0)
            return f.households[i].household_id;
    }
    fail_msg("no such household");
    return 0;
}

static void stand(struct town *t, int64_t household, enum arrears_state state)
{
    struct feed f = feed_begin(t, "eligibility.arrears", household);
    TOWN_OK(t, arrears_standing_put(&t->w, f.event_no,
                                    &(struct arrears_standing){household,
                                                               {.state = state, .short_months = 3},
                                                               {day_of("2024-04-01"), YMD_NONE}}));
    feed_end(&f);
}

static struct certificate_needs needs_on(struct town *t, int64_t household, const char *day)
{
    struct certificate_needs needs;
    const struct asof before = t->w.asof;
    t->w.asof.valid = day_of(day);
    TOWN_OK(t, certificate_due(&t->w, household, &needs));
    t->w.asof = before;
    return needs;
}

static int64_t plain_of(struct town *t, int64_t household)
{
    const struct certificate_needs needs = needs_on(t, household, the_day);
    for (size_t k = 0; k < needs.n; k++) {
        if (is_plain(&needs.rows[k]))
            return needs.rows[k].person_id;
    }
    fail_msg("nobody plain");
    return 0;
}

static struct helds papers_of(struct town *t, int64_t person)
{
    struct helds all;
    TOWN_OK(t, certificate_of_people(&t->w, &person, 1, &all));
    return all;
}

/* --- before the switch: normal, short, certificate
 * ---------------------------------------------------- */

static int64_t sum_of_main(struct town *t, int64_t renewal)
{
    const size_t rows = list_of(t, "renewal_streams", renewal);
    int64_t sum = 0;
    for (size_t i = 0; i < rows; i++) {
        if (str_is(sheet.cells[i * 4], "main"))
            sum += sheet.numbers[i * 4 + 3];
    }
    return sum;
}

/* The pages of the files of one kind, one document a page, and the number of files. */
static int64_t pages_of(struct town *t, const char *kind, int64_t *files)
{
    char folder[400], command[1200];
    int64_t pages = 0;
    snprintf(folder, sizeof folder, "%s/out/certificates-%s", t->path, the_day);
    DIR *d = opendir(folder);
    assert_non_null(d);
    *files = 0;
    for (struct dirent *e; (e = readdir(d)) != NULL;) {
        if (strncmp(e->d_name, kind, strlen(kind)) != 0 || e->d_name[strlen(kind)] != '-')
            continue;
        pid_t pid;
        int status = -1;
        struct text words;
        assert_null(strstr(e->d_name, ".part"));
        snprintf(command, sizeof command, "%s/%s", folder, e->d_name);
        char out[] = "/tmp/hokenka-renewal-XXXXXX";
        close(mkstemp(out));
        char *argv[] = {(char *)"pdftotext", command, out, NULL};
        if (posix_spawnp(&pid, argv[0], NULL, NULL, argv, environ) != 0) {
            print_message("# pdftotext is not installed\n");
            skip();
        }
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_int_equal(status, 0);
        text_init(&words, 64 << 20);
        TOWN_OK(t, file_read(&t->w.cx, out, 64 << 20, &words));
        for (size_t i = 0; i < words.n; i++)
            pages += words.p[i] == '\f';
        text_release(&words);
        unlink(out);
        ++*files;
    }
    closedir(d);
    return pages;
}

/* Nobody's individual number card can be used any more, so that all who held a notice need another
 * document. */
static void cards_off(struct town *t)
{
    const struct facts_request rq = {.fiscal_year = the_year, .limit = 20000, .known = KNOWN_NOW};
    const struct span none = {day_of("2000-01-01"), day_of("2000-01-01")};
    struct levy_facts facts;
    struct feed f = feed_begin(t, "eligibility.cards", 0);

    TOWN_OK(t, eligibility_facts_load(&t->w, &rq, &facts));
    for (size_t i = 0; i < facts.n_persons; i++) {
        const struct card_registration off = {facts.persons[i].person_id, STR("link"), none};
        TOWN_OK(t, certificate_card_set(&t->w, f.event_no, &off));
    }
    feed_end(&f);
}

static void fill(struct town *t, uint64_t seed, const char *switch_day)
{
    levy_town_fill(t, PEOPLE, seed);
    cards_off(t);
    TOWN_OK(t,
            setting_set(&t->w, "eligibility.certificate_switch", str_of(switch_day), STR("test")));
    TOWN_OK(t, setting_set(&t->w, "eligibility.renewal_chunk", STR("17"), STR("test")));
    TOWN_OK(t, setting_set(&t->w, "eligibility.renewal_stream", STR("40"), STR("test")));
}

static void check_files(struct town *t, int64_t job, const char *kind)
{
    char name[64];
    int64_t files = 0;
    snprintf(name, sizeof name, "%s_0", kind);
    const int64_t n = figure(t, job, name);
    assert_int_equal(pages_of(t, kind, &files), n);
    assert_int_equal(files, (n + 39) / 40);
}

enum { HOMES = 50 };

/* Couples of whom every other head is 72; each has held a card since the year before. */
static void homes(struct town *t)
{
    static char no[HOMES][10], person_no[2 * HOMES][11], number[HOMES][9];
    static const struct insured since = {.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN};
    struct feed f = feed_begin(t, "party.initial", 0);
    struct certificate_order cards[2 * HOMES];

    for (int i = 0; i < HOMES; i++) {
        snprintf(no[i], sizeof no[i], "%09d", i + 1);
        snprintf(number[i], sizeof number[i], "%08d", i + 1);
        const int64_t home = add_household(&f, no[i], "本町一丁目", "２番３号", "2010-04-01");
        add_number(&f, home, number[i], "2015-04-01");
        for (int k = 0; k < 2; k++) {
            const int at = 2 * i + k;
            snprintf(person_no[at], sizeof person_no[at], "%010d", at + 1);
            const int64_t id =
                add_person(&f, (struct who){person_no[at], k ? "髙橋　由美" : "髙橋　次郎",
                                            k ? "タカハシ　ユミ" : "タカハシ　ジロウ",
                                            k || i % 2 ? "1980-03-10" : "1952-03-10",
                                            k ? SEX_FEMALE : SEX_MALE});
            add_member(&f, home, id, k ? "02" : "01", "2015-04-01", NULL);
            add_period(&f, id, since);
            add_branch(&f, home, id, number[i], k ? "02" : "01");
            cards[at] = (struct certificate_order){.person_id = id, .valid_until = YMD_NONE};
        }
    }
    feed_end(&f);
    t->w.today = day_of("2023-09-01");
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    f = feed_begin(t, "eligibility.certificate", 0);
    TOWN_OK(t, certificate_issue(&t->w, f.event_no, cards, 2 * HOMES));
    feed_end(&f);
}

static int64_t incomes_of_2023(struct town *t)
{
    struct event e = work_event(&t->w, "levy.income");
    int64_t written = 0;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    for (int i = 1; i <= 2 * HOMES; i++) {
        char no[11];
        struct income in = {.income_year = 2023,
                            .pension_revenue = YEN(1200000),
                            .has_taxable = true,
                            .tax_state = TAX_EXEMPT,
                            .source = INCOME_TAX};
        snprintf(no, sizeof no, "%010d", i);
        assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, str_of(no), &in.person_id)), 1);
        TOWN_OK(t, levy_income_put(&t->w, e.no, &in, 1, &written));
    }
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    return written;
}

static void test_before(void **state)
{
    struct town *t = *state;
    the_day = "2024-08-01";
    the_year = 2024;
    levy_town_adopt(t, ROOT "/rules", STR_NONE);
    TOWN_OK(t, setting_set(&t->w, "eligibility.renewal_chunk", STR("17"), STR("test")));
    TOWN_OK(t, setting_set(&t->w, "eligibility.renewal_stream", STR("40"), STR("test")));
    homes(t);
    t->w.today = day_of("2024-07-10");
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    (void)incomes_of_2023(t);
    stand(t, household_at(t, 0), ARREARS_SHORT);
    stand(t, household_at(t, 1), ARREARS_SPECIAL);
    (void)run_as(t, &operator, "judge-yearly", STR("year=2024"));
    const int64_t draft = run_as(t, &operator, "certificate-renewal", STR("day=2024-08-01"));
    say_figures(t, draft);
    const int64_t no = figure(t, draft, "renewal");
    assert_int_equal(figure(t, draft, "insured"), 2 * HOMES);
    assert_int_equal(insured(t), 2 * HOMES);
    assert_int_equal(sum_of_main(t, no), 2 * HOMES);
    assert_int_equal(figure(t, draft, "card_0"), 2 * HOMES - 4);
    assert_int_equal(figure(t, draft, "short_card_0"), 2);
    assert_int_equal(figure(t, draft, "qualification_0"), 2);
    assert_int_equal(figure(t, draft, "elderly_0"), HOMES / 2);

    /* who drafted it does not issue it */
    struct str options = levy_town_options(t, "renewal=%lld", (long long)no);
    const struct actor *before = t->w.actor;
    struct actor both = operator;
    int64_t job = 0;
    both.rights |= chief.rights;
    t->w.actor = &both;
    town_refused(t, job_run(&t->w, "certificate-renewal-issue", options, &job), ERR_DENIED,
                 "eligibility.renewal.same_person");
    t->w.actor = before;
    const int64_t issue = run_as(t, &chief, "certificate-renewal-issue", options);
    check_files(t, issue, "card");
    check_files(t, issue, "short_card");
    check_files(t, issue, "qualification");
    check_files(t, issue, "elderly");
    assert_int_equal(sum_of_main(t, no), insured(t));

    /* the short card ends after three months, the others with the judge year; old ones ended */
    int64_t person = 0;
    t->w.today = day_of("2024-08-01");
    t->w.asof = (struct asof){t->w.today, KNOWN_NOW};
    assert_int_equal(TOWN_OK(t, party_person_by_no(&t->w, STR("0000000001"), &person)), 1);
    struct helds all = papers_of(t, person);
    assert_int_equal(all.n, 3);
    bool has_short = false;
    for (size_t i = 0; i < all.n; i++) {
        const bool is_short = str_is(all.rows[i].kind, "short_card");
        has_short = has_short || is_short;
        if (is_short)
            assert_int_equal(ymd_compare(all.rows[i].valid_until, day_of("2024-10-31")), 0);
        if (str_is(all.rows[i].kind, "elderly"))
            assert_int_equal(ymd_compare(all.rows[i].effective, day_of("2024-08-01")), 0);
        assert_true(str_is(all.rows[i].branch, "01"));
        assert_int_equal(all.rows[i].state, str_is(all.rows[i].kind, "card")
                                                ? CERTIFICATE_EXPIRED
                                                : CERTIFICATE_IN_FORCE);
    }
    assert_true(has_short);
    the_day = DAY;
    the_year = 2026;
}

/* --- after the switch
 * ------------------------------------------------------------------------------------ */

/* The last document of the first person of a household came back from the post. */
static int64_t undelivered(struct town *t, int64_t household)
{
    struct certificate_order o = {.person_id = plain_of(t, household), .valid_until = YMD_NONE};
    TOWN_OK(t, certificate_enter(&t->w, household, &o, 1, NULL));
    TOWN_OK(t, certificate_hand_over(&t->w, &(struct certificate_handover){.serial = o.serial,
                                                                           .how = STR("post")}));
    TOWN_OK(t, certificate_hand_over(&t->w,
                                     &(struct certificate_handover){.serial = o.serial,
                                                                    .how = STR("undelivered")}));
    return o.person_id;
}

static int64_t excluded(struct town *t, int64_t renewal, const char *outcome)
{
    const size_t rows = list_of(t, "renewal_excluded", renewal);
    int64_t n = 0;
    for (size_t i = 0; i < rows; i++)
        n += str_is(sheet.cells[i * 5 + 3], outcome);
    return n;
}

static int64_t count_of(struct town *t, int64_t job, int outcome)
{
    struct job_figure_row *rows;
    size_t n = 0;
    int64_t sum = 0;
    char tail[8];
    snprintf(tail, sizeof tail, "_%d", outcome);
    TOWN_OK(t, job_figures(&t->w, job, &rows, &n));
    for (size_t i = 0; i < n; i++) {
        const size_t k = strlen(tail);
        if (rows[i].name.n > k && memcmp(rows[i].name.p + rows[i].name.n - k, tail, k) == 0)
            sum += rows[i].value;
    }
    return sum;
}

/* Until the share of the new year is judged, nobody of 70 to 74 gets a document. */
static void test_undecided(struct town *t)
{
    const int64_t draft = run_as(t, &operator, "certificate-renewal", STR("day=" DAY));
    const int64_t elders = count_of(t, draft, 11);
    say_figures(t, draft);
    assert_true(elders > 0);
    assert_int_equal(excluded(t, figure(t, draft, "renewal"), "11"), elders);
    assert_int_equal(figure(t, draft, "insured"), insured(t));
    (void)run_as(t, &operator, "judge-yearly", STR("year=2026"));
}

static void test_after(void **state)
{
    struct town *t = *state;
    fill(t, 43, "2024-12-02");
    const int64_t first = household_at(t, 0);
    stand(t, household_at(t, 1), ARREARS_SPECIAL);
    test_undecided(t);
    const int64_t person = undelivered(t, first);
    const struct str branch = papers_of(t, person).rows[0].branch;

    struct feed f = feed_begin(t, "party.protection", 0);
    const int64_t hidden = household_at(t, 2);
    TOWN_OK(t, party_open_protection(
                   f.party, f.event_no,
                   &(struct protection_fact){needs_on(t, hidden, DAY).rows[0].person_id,
                                             "violence",
                                             STR("1"),
                                             {day_of("2026-01-01"), YMD_NONE}},
                   NULL));
    feed_end(&f);

    wants_elder = true;
    f = feed_begin(t, "eligibility.card_registration", 0);
    TOWN_OK(t, certificate_card_set(&t->w, f.event_no,
                                    &(struct card_registration){plain_of(t, household_at(t, 3)),
                                                                STR("link"),
                                                                {day_of("2026-01-01"), YMD_NONE}}));
    feed_end(&f);

    wants_elder = false;
    const int64_t draft = run_as(t, &operator, "certificate-renewal", STR("day=" DAY));
    const int64_t no = figure(t, draft, "renewal");
    say_figures(t, draft);
    assert_int_equal(count_of(t, draft, 11), 0);
    assert_int_equal(figure(t, draft, "notice_0"), 1);
    assert_true(figure(t, draft, "confirmation_0") > 0);
    assert_true(figure(t, draft, "special_confirmation_0") + figure(t, draft, "special_notice_0") >
                0);
    assert_int_equal(excluded(t, no, "3"), 1);
    assert_true(excluded(t, no, "1") > 0);
    assert_int_equal(figure(t, draft, "insured"), insured(t));

    const int64_t issue = run_as(t, &chief, "certificate-renewal-issue",
                                 levy_town_options(t, "renewal=%lld", (long long)no));
    check_files(t, issue, "confirmation");
    check_files(t, issue, "notice");
    assert_int_equal(sum_of_main(t, no), insured(t));

    /* the old one ends, the new one holds, the branch number is what it was */
    t->w.asof.valid = day_of(DAY);
    const struct helds all = papers_of(t, person);
    assert_true(all.n >= 2);
    assert_int_equal(all.rows[0].state, CERTIFICATE_IN_FORCE);
    assert_true(all.rows[1].state == CERTIFICATE_EXPIRED ||
                all.rows[1].state == CERTIFICATE_REPLACED);
    assert_true(str_equal(all.rows[0].branch, branch));
    assert_int_equal(ymd_compare(all.rows[0].issued, day_of(DAY)), 0);
    assert_true(ymd_is_none(all.rows[0].valid_until) ||
                ymd_compare(all.rows[0].valid_until, day_of("2027-07-31")) <= 0);
    t->w.asof.valid = t->w.today;

    /* once more on the same day: nobody needs anything but who could not be given it */
    const int64_t again = run_as(t, &operator, "certificate-renewal", STR("day=" DAY));
    say_figures(t, again);
    assert_int_equal(count_of(t, again, 0), 0);
    assert_int_equal(figure(t, again, "insured"), insured(t));
}

/* What changed between draft and issue is left out and said. */
static void test_changed(void **state)
{
    struct town *t = *state;
    fill(t, 43, "2024-12-02");
    (void)run_as(t, &operator, "judge-yearly", STR("year=2026"));
    const int64_t household = household_at(t, 1);
    const int64_t draft = run_as(t, &operator, "certificate-renewal", STR("day=" DAY));
    const int64_t no = figure(t, draft, "renewal");
    stand(t, household, ARREARS_SPECIAL);
    const int64_t issue = run_as(t, &chief, "certificate-renewal-issue",
                                 levy_town_options(t, "renewal=%lld", (long long)no));
    const int64_t n = count_of(t, issue, 13);
    assert_true(n > 0);
    assert_int_equal(excluded(t, no, "13"), n);
    assert_int_equal(sum_of_main(t, no), insured(t));
}

/* --- killed
 * ------------------------------------------------------------------------------------------------
 */

static void prepare(struct town *t)
{
    fill(t, 47, "2024-12-02");
    (void)run_as(t, &operator, "judge-yearly", STR("year=2026"));
}

static void draft_only(struct town *t)
{
    int64_t job = 0;
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "certificate-renewal", STR("day=" DAY), &job));
}

static void issue_only(struct town *t)
{
    int64_t job = 0;
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "certificate-renewal-issue", STR("renewal=1"), &job));
}

static void run_and_kill(struct town *t, const char *fault, void (*fn)(struct town *t))
{
    int status = 0;
    work_close(&t->w);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!fault_arm(fault) || work_open(&t->w, &t->cx, t->path, STORE_WRITE) < 0)
            _exit(2);
        fn(t);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
}

static struct digest state_digest(struct town *t)
{
    struct digest d;
    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    return d;
}

static void test_killed(void **state)
{
    struct town *t = *state;
    struct town *calm = town_new(t->store->engine, false);
    const struct actor *before = t->w.actor, *calm_before = calm->w.actor;

    prepare(t);
    prepare(calm);
    run_and_kill(t, "job.checkpoint:1:kill", draft_only);
    draft_only(t);
    draft_only(calm);
    run_and_kill(t, "eligibility.renewal.chunk:1:kill", issue_only);
    run_and_kill(t, "eligibility.renewal.chunk:3:kill", issue_only);
    run_and_kill(t, "store.before_commit:2:kill", issue_only);
    run_and_kill(t, "eligibility.renewal.stream:2:kill", issue_only);
    issue_only(t);
    issue_only(calm);
    t->w.actor = before;
    calm->w.actor = calm_before;
    const struct digest a = state_digest(t), b = state_digest(calm);
    assert_true(digest_equal(&a, &b));
    int64_t files = 0, calm_files = 0;
    assert_int_equal(pages_of(t, "confirmation", &files),
                     pages_of(calm, "confirmation", &calm_files));
    assert_true(files > 1 && files == calm_files);
    town_free(calm);
}

int main(void)
{
    levy_town_start();
    operator= levy_town_actor(ROLE_OPERATOR, 31);
    chief = levy_town_actor(ROLE_CHIEF, 32);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("before the switch one run sorts into cards, short cards and certificates by "
                   "arrears, the elderly beside; counts add up [NHI-ELG-030]",
                   test_before),
        TOWN_TESTS("after the switch: confirmations, notices, special ones; what is left out is "
                   "listed [NHI-ELG-030]",
                   test_after),
        TOWN_TESTS("what changed between draft and issue is left out and said", test_changed),
        TOWN_TESTS("killed while drafting, issuing and printing, run again: the same state",
                   test_killed),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
