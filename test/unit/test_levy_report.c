/* Reports of a year's levy on a base day: every figure is the sum over its households, and the
 * households are the decisions; the federation's file; certificates of the newest amount. */
#include "levy_town.h"

#include "asked.h"
#include "lists.h"
#include "read_pdf.h"
#include "residents.h"

#include "desk/levy/report.h"
#include "exchange/exchange.h"
#include "levy_sql.h"

#include <inttypes.h>
#include <sys/stat.h>

#define YEAR 2026

static int64_t made(struct town *t, const char *base)
{
    int64_t job = 0;
    TOWN_OK(t,
            job_run(&t->w, "levy-report", levy_town_options(t, "year=2026 base=%s", base), &job));
    return job;
}

static void decide(struct town *t)
{
    static struct actor operator, chief;
    const struct actor *before = t->w.actor;
    struct draft d;
    int64_t job = 0;
    operator= levy_town_actor(ROLE_OPERATOR, 71);
    chief = levy_town_actor(ROLE_CHIEF, 72);
    t->w.actor = &operator;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, 0, &d)), 1);
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(
                           t, "draft=%lld issue-date=2026-06-15 households=%lld total=%lld",
                           (long long)d.draft_no, (long long)d.households, (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

struct sums {
    int64_t decisions, insured, total, part[LEVY_PARTS], tier[11];
};

/* From the decisions themselves. */
static struct sums sums_of(struct town *t)
{
    struct sums s = {0};
    for (int64_t no = 1;; no++) {
        struct decision d;
        if (TOWN_OK(t, levy_decision_by_no(&t->w, YEAR, no, &d)) == 0) {
            return s;
        }
        s.decisions++;
        s.insured += d.result.insured;
        s.total += d.result.total.n;
        s.tier[d.result.tier]++;
        for (int k = 0; k < LEVY_PARTS; k++) {
            s.part[k] += d.result.part[k].n;
        }
    }
}

/* What is put on less what is taken off is what is levied, household by household; the rest that no
 * line says is rounding; all lists add up to the decisions. */
static void test_sums(void **state)
{
    struct town *t = *state;
    levy_town_fill(t, 900, 7);
    decide(t);
    const struct sums want = sums_of(t);
    const int64_t job = made(t, "2026-06-15");
    const struct levy_report_sums_in in = {.job_id = job};
    const struct levy_report_parts_in parts_in = {.job_id = job};
    struct levy_report_sums_row sums;
    struct levy_report_parts_list parts;
    TOWN_OK(t, levy_report_sums(&t->w.cx, t->w.store, &in, &sums));
    assert_int_equal(sums.decisions, want.decisions);
    assert_int_equal(sums.insured, want.insured);
    assert_int_equal(sums.total_yen.n, want.total);
    TOWN_OK(t, levy_report_parts(&t->w.cx, t->w.store, &parts_in, &parts));
    assert_int_equal(parts.n, LEVY_PARTS);
    for (size_t k = 0; k < parts.n; k++) {
        const struct levy_report_parts_row *p = &parts.rows[k];
        assert_int_equal(p->levied_yen.n, want.part[k]);
        assert_int_equal(p->income_yen.n + p->asset_yen.n + p->person_yen.n + p->household_yen.n -
                             p->special_cut.n - p->person_cut.n - p->household_cut.n -
                             p->child_cut.n - p->maternity_cut.n - p->cap_cut.n - p->rest_cut.n,
                         p->levied_yen.n);
        assert_in_range(p->rest_cut.n + 4 * want.decisions, 0, 8 * want.decisions);
        assert_true(p->person_cut.n > 0 && p->income_yen.n > 0);
    }
    assert_true(parts.rows[PART_MEDICAL].child_cut.n > 0 && parts.rows[PART_MEDICAL].cap_cut.n > 0);
    assert_int_equal(parts.rows[PART_CARE].household_yen.n, 0);
    const size_t rows = list_of(t, "levy", "report_totals", "2026");
    int64_t levied = 0;
    for (size_t i = 0; i + 1 < rows; i++) { /* the last is the list's own sum */
        levied += sheet.numbers[i * (size_t)sheet.columns + 14];
    }
    assert_int_equal(levied, want.part[0] + want.part[1] + want.part[2] + want.part[3]);
    assert_int_equal(sheet.numbers[(rows - 1) * (size_t)sheet.columns + 14], levied);
}

/* Reduced households by tier: their number is that of the decisions, their reduction that of a
 * household's explanation; whoever bears it adds up. */
static void test_relief(void **state)
{
    struct town *t = *state;
    int64_t cut = 0;
    levy_town_fill(t, 900, 7);
    decide(t);
    const struct sums want = sums_of(t);
    const int64_t job = made(t, "2026-06-15");
    const size_t tiers = list_of(t, "levy", "report_tiers", "2026");
    for (size_t i = 0; i + 1 < tiers; i++) {
        const int64_t tier = sheet.numbers[i * (size_t)sheet.columns];
        const int64_t households = sheet.numbers[i * (size_t)sheet.columns + 1];
        assert_int_equal(households, want.tier[tier]);
    }
    const size_t rows = list_of(t, "levy", "report_stabilisation", "2026");
    for (size_t i = 0; i + 1 < rows; i++) {
        const int64_t *n = &sheet.numbers[i * (size_t)sheet.columns];
        assert_true(n[1] == 7 || n[1] == 5 || n[1] == 2);
        assert_int_equal(n[4] + n[5], n[6]); /* per head and per household apart */
        cut += n[6];
    }
    const struct levy_report_shares_of_in in = {.job_id = job};
    struct levy_report_shares_of_list shares;
    TOWN_OK(t, levy_report_shares_of(&t->w.cx, t->w.store, &in, &shares));
    assert_int_equal(shares.n, 4);
    assert_int_equal(shares.rows[0].amount_yen.n, cut);
    assert_int_equal(shares.rows[0].state_yen.n, 0); /* prefecture three quarters, city the rest */
    assert_int_equal(shares.rows[0].prefecture_yen.n, cut * 3 / 4);
    for (size_t i = 0; i < shares.n; i++) {
        assert_int_equal(shares.rows[i].state_yen.n + shares.rows[i].prefecture_yen.n +
                             shares.rows[i].city_yen.n,
                         shares.rows[i].amount_yen.n);
    }
    assert_int_equal(shares.rows[1].state_yen.n, shares.rows[1].amount_yen.n / 2);
}

/* For every reduced insured a part of the average levy: counted here from the decisions. */
static void test_support(void **state)
{
    struct town *t = *state;
    static const int64_t rates[8] = {[7] = 15, [5] = 14, [2] = 13};
    levy_town_fill(t, 900, 7);
    decide(t);
    const struct sums want = sums_of(t);
    const int64_t job = made(t, "2026-06-15");
    const struct levy_report_supports_in in = {.job_id = job};
    const struct levy_report_reduced_in reduced_in = {.job_id = job};
    struct levy_report_supports_list list;
    struct levy_report_reduced_list people;
    int64_t all[LEVY_PARTS] = {0};
    int64_t sum = 0;
    TOWN_OK(t, levy_report_supports(&t->w.cx, t->w.store, &in, &list));
    TOWN_OK(t, levy_report_reduced(&t->w.cx, t->w.store, &reduced_in, &people));
    for (size_t i = 0; i < people.n; i++) {
        all[people.rows[i].part] += people.rows[i].people;
    }
    assert_int_equal(all[PART_MEDICAL], want.insured);
    assert_true(list.n >= 9);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_report_supports_row *s = &list.rows[i];
        assert_int_equal(s->per_cent, rates[s->tier]);
        assert_int_equal(s->average_yen.n, want.part[s->part] / all[s->part]);
        assert_int_equal(s->amount_yen.n,
                         want.part[s->part] * s->people * s->per_cent / (all[s->part] * 100));
        sum += s->amount_yen.n;
    }
    const struct levy_report_shares_of_in shares_in = {.job_id = job};
    struct levy_report_shares_of_list shares;
    TOWN_OK(t, levy_report_shares_of(&t->w.cx, t->w.store, &shares_in, &shares));
    assert_int_equal(shares.rows[3].kind, 4);
    assert_int_equal(shares.rows[3].amount_yen.n, sum);
    assert_int_equal(shares.rows[3].state_yen.n, sum / 2);
    assert_int_equal(shares.rows[3].prefecture_yen.n, sum / 4);
    const size_t rows = list_of(t, "levy", "report_support", "2026");
    assert_int_equal(rows, list.n);
}

/* By hand: a head of 55 and a child of four, no income, 保険市 2026: seven tenths off, and half of
 * the child's amount that is left. */
static void test_by_hand(void **state)
{
    struct town *t = *state;
    int64_t written = 0;
    struct feed f = feed_begin(t, "party.initial", 0);
    const int64_t home = add_household(&f, "000000501", "本町", "1-1", "2000-04-01");
    const int64_t head = add_person(&f, (struct who){"0000000061", "手　計算", "テ　ケイサン",
                                                     "1970-10-01", SEX_MALE});
    const int64_t child =
        add_person(&f, (struct who){"0000000062", "手　子", "テ　コ", "2022-05-05", SEX_MALE});
    (void)add_member(&f, home, head, "01", "2000-04-01", NULL);
    (void)add_member(&f, home, child, "04", "2022-05-05", NULL);
    add_number(&f, home, "00000501", "2015-04-01");
    (void)add_period(&f, head,
                     (struct insured){.from = "2015-04-01", .acquired_by = ACQUIRED_MOVE_IN});
    (void)add_period(&f, child,
                     (struct insured){.from = "2022-05-05", .acquired_by = ACQUIRED_BIRTH});
    feed_end(&f);
    struct event e = work_event(&t->w, "levy.income");
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    TOWN_OK(t, levy_income_put(
                   &t->w, e.no,
                   &(struct income){.person_id = head, .income_year = 2025, .source = INCOME_TAX},
                   1, &written));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    levy_town_adopt(t, ROOT "/rules", STR("保険市"));
    decide(t);
    const int64_t job = made(t, "2026-06-15");
    const struct levy_report_parts_in in = {.job_id = job};
    struct levy_report_parts_list p;
    TOWN_OK(t, levy_report_parts(&t->w.cx, t->w.store, &in, &p));
    const struct levy_report_parts_row *m = &p.rows[PART_MEDICAL];
    assert_int_equal(m->people, 2);
    assert_int_equal(m->person_yen.n, 2 * 34700);
    assert_int_equal(m->household_yen.n, 33600);
    assert_int_equal(m->person_cut.n, 2 * 24290);
    assert_int_equal(m->household_cut.n, 23520);
    assert_int_equal(m->child_cut.n, 10410 / 2);
    assert_int_equal(m->rest_cut.n, 0);
    assert_int_equal(m->levied_yen.n, 10410 + 5205 + 10080);
    assert_int_equal(p.rows[PART_CARE].people, 1);
    assert_int_equal(p.rows[PART_CARE].person_cut.n, 13090);
    assert_int_equal(p.rows[PART_CHILD].child_cut.n, 522); /* children pay nothing of it */
    const size_t rows = list_of(t, "levy", "report_relief", "2026");
    assert_true(rows > 0);
}

/* The base day: decisions made later do not count, and a report says so instead of nothing. */
static void test_base(void **state)
{
    struct town *t = *state;
    int64_t job = 0;
    levy_town_fill(t, 200, 3);
    decide(t);
    town_refused(t, job_run(&t->w, "levy-report", STR("year=2026 base=2026-06-14"), &job),
                 ERR_NOT_FOUND, "levy.report.none");
    const int64_t first = made(t, "2026-06-15");
    char address[64];
    snprintf(address, sizeof address, "/levy/report/%" PRId64, first);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows("一致") && shows("levy.figures.levied"));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, "/levy/reports", NULL)), 200);
    assert_true(shows(address));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, "/levy/reports",
                                    FIELDS("year", "2026", "base", "2026-06-15"))),
                     303);
}

/* --- the federation's file ---------------------------------------------------------------------
 */

static struct str cut(struct town *t, int64_t job)
{
    struct text out;
    int64_t rows = 0;
    text_init(&out, 1 << 20);
    TOWN_OK(t, levy_cut_out(&t->w, job, &out, &rows));
    const struct str s = str_copy(t->w.cx.arena, text_str(&out));
    text_release(&out);
    return s;
}

static void test_cut_out(void **state)
{
    struct town *t = *state;
    struct columns columns;
    struct table table;
    struct text tsv;
    levy_town_fill(t, 900, 7);
    decide(t);
    const struct sums want = sums_of(t);
    const int64_t job = made(t, "2026-06-15");
    const struct str bytes = cut(t, job);
    text_init(&tsv, 1 << 16);
    TOWN_OK(t, file_read(&t->w.cx, ROOT "/data/formats/premium_calculation.tsv", 1 << 16, &tsv));
    TOWN_OK(t, columns_read(&t->w.cx, t->w.cx.arena, "x", text_str(&tsv), &columns));
    TOWN_OK(t, table_read(&t->w.cx, t->w.cx.arena, &columns, bytes, &table));
    assert_int_equal(table.n_problems, 0);
    assert_true(table.has_control);
    assert_int_equal(table.control_count, table.n);
    const struct {
        const char *id;
        int64_t sum;
    } sums[] = {{"households", want.decisions},
                {"insured", want.insured},
                {"total", want.total},
                {"medical", want.part[PART_MEDICAL]},
                {"support", want.part[PART_SUPPORT]},
                {"care", want.part[PART_CARE]},
                {"child", want.part[PART_CHILD]}};
    for (size_t i = 0; i < sizeof sums / sizeof *sums; i++) {
        const size_t at = column_of(&columns, sums[i].id);
        assert_int_equal(table.sums[at], sums[i].sum);
        assert_true(table.control[at].is_given);
        assert_int_equal(table.control[at].sum, sums[i].sum);
    }
    /* the city's own columns, in its own order; one that is not known is refused */
    const char *folder = str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/formats", t->path));
    const char *file =
        str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/premium_calculation.tsv", folder));
    assert_int_equal(mkdir(folder, 0700), 0);
    TOWN_OK(t,
            file_write(&t->w.cx, file,
                       STR("人数\tinsured\tyen\t+\t0\t-\t\n世帯\thouseholds\tyen\t+\t0\t-\t\n")));
    assert_true(str_starts(cut(t, job), STR("人数,世帯\r\n")));
    TOWN_OK(t, file_write(&t->w.cx, file, STR("人数\tpeople\tyen\t+\t0\t-\t\n")));
    struct text out;
    int64_t rows = 0;
    text_init(&out, 1 << 20);
    town_refused(t, levy_cut_out(&t->w, job, &out, &rows), ERR_INVALID, "levy.cut_out.column");
    text_release(&out);
    text_release(&tsv);
}

/* --- certificates ------------------------------------------------------------------------------
 */

static void test_certificate(void **state)
{
    struct town *t = *state;
    struct decision d;
    struct person p;
    char address[96];
    levy_town_fill(t, 200, 3);
    decide(t);
    assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, YEAR, 1, &d)), 1);
    TOWN_OK(t, party_person(&t->w, d.debtor_id, &p));
    snprintf(address, sizeof address, "/levy/certificate/" STR_FMT, STR_ARG(p.person_no));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    struct text yen;
    text_init(&yen, 64);
    (void)text_add_yen(&yen, d.result.total);
    const char *amount = str_c(t->w.cx.arena, text_str(&yen));
    text_release(&yen);
    assert_true(shows(amount));
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, address,
                                    FIELDS("fiscal_year", "2026", "receiver", "本人"))),
                     422); /* without a purpose nothing is issued */
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_POST, address,
                                    FIELDS("fiscal_year", "2026", "purpose", "保育所の申込み",
                                           "receiver", "本人"))),
                     200);
    const struct str paper = words_of(t, answer.bytes);
    const char *const words[] = {amount, "保育所の申込み", "第1号", "賦課証明書"};
    must_say(paper, words, sizeof words / sizeof *words);
    const struct levy_certificates_of_in in = {.debtor_id = d.debtor_id};
    struct levy_certificates_of_list list;
    TOWN_OK(t, levy_certificates_of(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
    assert_int_equal(list.rows[0].certificate_no, 1);
    assert_int_equal(list.rows[0].total_yen.n, d.result.total.n);
    assert_true(str_is(list.rows[0].purpose, "保育所の申込み"));
    /* a year without a decision is not certified */
    town_refused(t,
                 ask(t, METHOD_POST, address,
                     FIELDS("fiscal_year", "2024", "purpose", "x", "receiver", "y")),
                 ERR_NOT_FOUND, "levy.certificate.none");
    TOWN_OK(t, levy_certificates_of(&t->w.cx, t->w.store, &in, &list));
    assert_int_equal(list.n, 1);
}

int main(void)
{
    static const struct desk *const desks[] = {&office_desk, &party_desk, &eligibility_desk,
                                               &levy_desk, &collection_desk};
    office_desks_set(desks, sizeof desks / sizeof *desks);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every total is the sum over the households decided [NHI-ASM-023 NHI-ASM-025]",
                   test_sums),
        TOWN_TESTS("reductions by tier and who bears them [NHI-ASM-026]", test_relief),
        TOWN_TESTS("the insurer's support for its reduced insured [NHI-ASM-026]", test_support),
        TOWN_TESTS("a household's reductions by hand [NHI-ASM-025 NHI-ASM-026]", test_by_hand),
        TOWN_TESTS("decisions of the base day [NHI-ASM-025 NHI-ASM-032]", test_base),
        TOWN_TESTS("the federation's file agrees with the levy [NHI-ASM-017 IFC-051]",
                   test_cut_out),
        TOWN_TESTS("a certificate of the amount, its issue recorded [NHI-ASM-032]",
                   test_certificate),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
