/* A year of pension deduction through the federation's files, with the other side beside it. */
#include "pension_town.h"

enum { SEED = 7 };

static void day(struct town *t, int y, int m, int d)
{
    register_town_day(t, ymd_of(y, m, d));
}

/* Judged, decided, asked: the town at the end of July. */
static struct payer_office *until_july(struct town *t, struct text *file)
{
    int64_t n = 0;

    levy_town_fill(t, 1500, 3);
    day(t, 2026, 6, 15);
    struct payer_office *o = pension_town_payer(t, SEED);
    TOWN_OK(t, payer_candidates(o, ymd_of(2026, 6, 14), YMD_NONE, file, &n));
    const int64_t taken = pension_town_take(t, file);
    assert_int_equal(pension_town_figure(t, taken, "records"), n);
    assert_int_equal(pension_town_figure(t, taken, "matched") +
                         pension_town_figure(t, taken, "unmatched"),
                     n);
    assert_true(pension_town_figure(t, taken, "matched") > n * 9 / 10);
    pension_town_levy(t, 2026, "2026-06-15");
    (void)pension_town_run(t, "deduction-yearly", "year=2026 as-of=2026-06-16");
    pension_town_care(t);
    day(t, 2026, 7, 25);
    (void)pension_town_run(t, "deduction-yearly", "year=2026");
    return o;
}

static int64_t decide(struct town *t)
{
    char line[64];
    char today[11];

    ymd_format(t->w.today, today);
    snprintf(line, sizeof line, "year=2026 as-of=%s", today);
    return pension_town_run(t, "pension-plan", line);
}

/* 01 goes out, 02 comes back. */
static int64_t ask(struct town *t, struct payer_office *o, const char *notice, struct text *file,
                   int64_t *accepted)
{
    struct text answer;
    int64_t rejected = 0;
    char line[64], today[11];

    ymd_format(t->w.today, today);
    snprintf(line, sizeof line, "notice=%s as-of=%s", notice, today);
    const int64_t sent = pension_town_run(t, "pension-send", line);
    if (pension_town_figure(t, sent, "records") == 0)
        return 0;
    pension_town_sent(t, file);
    text_init(&answer, 64 << 20);
    TOWN_OK(t,
            payer_take(o, text_str(file), ymd_add(t->w.today, 10), &answer, accepted, &rejected));
    assert_int_equal(*accepted + rejected, pension_town_figure(t, sent, "records"));
    register_town_day(t, ymd_add(t->w.today, 30));
    const int64_t job = pension_town_take(t, &answer);
    assert_int_equal(pension_town_figure(t, job, "accepted"), *accepted);
    assert_int_equal(pension_town_figure(t, job, "rejected"), rejected);
    assert_int_equal(pension_town_figure(t, job, "unknown"), 0);
    text_release(&answer);
    return rejected;
}

/* A payment day, and the odd month after it. */
static int64_t pay(struct town *t, struct payer_office *o, struct ymd paid, struct text *file)
{
    struct yen taken;
    const int year = ymd_fiscal_year(paid);
    const int64_t before = pension_town_received(t, year);

    text_clear(file);
    TOWN_OK(t, payer_pay(o, paid, file, &taken));
    register_town_day(t, ymd_add(paid, 20));
    const int64_t job = pension_town_take(t, file);
    assert_int_equal(pension_town_figure(t, job, "amount1_yen"), taken.n);
    assert_int_equal(pension_town_figure(t, job, "posted_yen"), taken.n);
    assert_int_equal(pension_town_figure(t, job, "unposted_yen"), 0);
    assert_int_equal(pension_town_received(t, year) - before, taken.n);
    (void)pension_town_check(t, year);
    return taken.n;
}

static size_t rejected_open(struct town *t)
{
    struct levy_requests_rejected_list list;
    const struct levy_requests_rejected_in q = {t->w.asof};

    TOWN_OK(t, levy_requests_rejected(&t->w.cx, t->w.store, &q, &list));
    return list.n;
}

/* --- from the judgement to the ledger ------------------------------------------------------------
 */

static void test_slice(void **state)
{
    struct town *t = *state;
    struct text file;
    int64_t accepted = 0;

    text_init(&file, 64 << 20);
    struct payer_office *o = until_july(t, &file);
    const int64_t plan = decide(t);
    const int64_t started = pension_town_figure(t, plan, "started");
    assert_true(started > 10);
    assert_true(pension_town_figure(t, plan, "slip") > 0);
    assert_int_equal(pension_town_check(t, 2026), (size_t)started);
    const int64_t again = decide(t); /* nothing new: nothing changes */
    assert_int_equal(pension_town_figure(t, again, "started"), 0);
    const int64_t rejected = ask(t, o, "01", &file, &accepted);
    assert_true(accepted > 5 && rejected > 0);
    assert_int_equal(accepted + rejected, started);
    assert_int_equal(rejected_open(t), (size_t)rejected);
    assert_int_equal(pension_town_check(t, 2026),
                     (size_t)accepted); /* the others pay slips again */
    const int64_t taken = pay(t, o, ymd_of(2026, 10, 15), &file);
    assert_true(taken > 0);
    /* The same file again is refused. */
    town_refused(t, pension_town_give(t, "pension-take", text_str(&file)), ERR_DUPLICATE,
                 "party.import.seen");
    assert_int_equal(pension_town_received(t, 2026), taken);
    text_release(&file);
    payer_close(o);
}

int main(void)
{
    pension_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS(
            "judged, decided, 01 asked, 02 answered, 22 posted to the yen; the same file once "
            "[NHI-ASM-028 NHI-ASM-029 IFC-017 IFC-018]",
            test_slice),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
