/* Notices in bulk: everybody is printed or listed with a reason; killed and run again. */
#include "desk/levy/notice.h" /* the values before they are drawn; paper/data.h reads them */
#include "levy_town.h"
#include "paper/data.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static struct actor clerk, chief;

static void levied_town(struct town *t, uint64_t seed)
{
    int64_t job = 0;
    struct draft d;
    const struct actor *before = t->w.actor;
    levy_town_fill(t, 400, seed);
    clerk = levy_town_actor(ROLE_OPERATOR, 11);
    chief = levy_town_actor(ROLE_CHIEF, 12);
    t->w.actor = &clerk;
    TOWN_OK(t, job_run(&t->w, "levy-initial", STR("year=2026 as-of=2026-06-15"), &job));
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    t->w.actor = &chief;
    TOWN_OK(t, job_run(&t->w, "levy-confirm",
                       levy_town_options(t,
                                         "draft=%lld issue-date=2026-06-15 households=%lld "
                                         "total=%lld",
                                         (long long)d.draft_no, (long long)d.households,
                                         (long long)d.total.n),
                       &job));
    t->w.actor = before;
}

static void print_year(struct town *t)
{
    int64_t job = 0;
    TOWN_OK(t, job_run(&t->w, "levy-notices", STR("year=2026"), &job));
}

static struct digest printed_file(struct town *t)
{
    char path[512];
    struct text file;
    snprintf(path, sizeof path, "%s/out/levy-2026/2026-0001.pdf", t->path);
    text_init(&file, (size_t)256 << 20);
    TOWN_OK(t, file_read(&t->w.cx, path, (size_t)256 << 20, &file));
    assert_true(str_starts(text_str(&file), STR("%PDF-")));
    struct digest d = hash_of(text_str(&file));
    text_release(&file);
    return d;
}

static void test_all_accounted(void **state)
{
    struct town *t = *state;
    struct notice_counts c;
    struct draft d;
    levied_town(t, 23);
    print_year(t);
    (void)printed_file(t);
    TOWN_OK(t, levy_draft_find(&t->w, 0, &d));
    TOWN_OK(t, levy_notice_counts(&t->w, 2026, &c));
    assert_int_equal(c.sent + c.pulled, d.households);
    assert_true(c.sent > 0);
}

static void test_killed(void **state)
{
    struct town *t = *state;
    levied_town(t, 29);
    work_close(&t->w);
    pid_t child = fork();
    if (child == 0) {
        if (!fault_arm("levy.notices.stream:1:kill") ||
            work_open(&t->w, &t->cx, t->path, STORE_WRITE) < 0) {
            _exit(2);
        }
        print_year(t);
        _exit(0);
    }
    int status = 0;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    struct digest first = printed_file(t);
    struct notice_counts c;
    TOWN_OK(t, levy_notice_counts(&t->w, 2026, &c));
    assert_int_equal(c.sent + c.pulled, 0); /* the file was there, its rows were not */
    print_year(t);
    struct digest again = printed_file(t);
    assert_true(digest_equal(&first, &again));
    TOWN_OK(t, levy_notice_counts(&t->w, 2026, &c));
    assert_true(c.sent > 0);
}

static void test_reprint(void **state)
{
    struct town *t = *state;
    struct decision d;
    struct paper *paper;
    struct text before;
    struct text after;
    levied_town(t, 31);
    assert_int_equal(TOWN_OK(t, levy_decision_by_no(&t->w, 2026, 1, &d)), 1);
    TOWN_OK(t, paper_open(&t->w.cx, NULL, &paper));
    text_init(&before, (size_t)32 << 20);
    text_init(&after, (size_t)32 << 20);
    print_year(t);
    int64_t began = env_real()->monotonic_us(env_real());
    TOWN_OK(t, levy_notice_pdf(&t->w, paper, &d, &before));
    int64_t took = env_real()->monotonic_us(env_real()) - began;
    TOWN_OK(t, levy_notice_pdf(&t->w, paper, &d, &after));
    assert_true(str_equal(text_str(&before), text_str(&after)));
    print_message("# one notice with its slips: %lld us\n", (long long)took);
    text_release(&before);
    text_release(&after);
    paper_close(paper);
}

/* --- the computation column ------------------------------------------------------------------- */

static int64_t column(const struct form_data *c, const char *name)
{
    struct yen v = YEN(0);
    assert_true(form_data_yen(c, name, &v));
    return v.n;
}

/* What the last line of a column may hold: less than a yen for each member and one for the
 * component. Maternity and changes inside the year stand in lines of their own. */
static void check_column(const struct letter *l, const struct form_data *c, int64_t *most)
{
    int64_t rounding = column(c, "rounding");
    int64_t rest = rounding < 0 ? -rounding : rounding;
    int64_t sum = column(c, "subtotal") - column(c, "reduction") - column(c, "over_limit") -
                  column(c, "proration") - column(c, "exemption") - rounding;
    assert_int_equal(sum, column(c, "amount"));
    if (rest > (int64_t)l->n_members + 1) {
        fail_msg("no %lld: %lld yen left of %lld", (long long)l->decision->decision_no,
                 (long long)rounding, (long long)column(c, "amount"));
    }
    *most = rest > *most ? rest : *most;
}

static void check_letter(struct town *t, const struct letterhead *head, const struct letter *l,
                         int64_t *most)
{
    struct form_data d;
    form_data_init(&d, t->w.cx.arena, STR(""));
    TOWN_OK(t, notice_fill(&t->w.cx, head, l, &d));
    assert_true(l->household_no.n == 9);
    if (l->insured_symbol.n <= 8)
        fail_msg("household %.*s: symbol \"%.*s\"", STR_ARG(l->household_no),
                 STR_ARG(l->insured_symbol));
    const struct form_group *columns = data_group(&d, STR("components"));
    assert_true(columns && columns->n >= 3);
    for (size_t i = 0; i < columns->n; i++) {
        check_column(l, columns->items[i], most);
    }
}

static void test_column(void **state)
{
    struct town *t = *state;
    struct letterhead head;
    struct decisions all;
    int64_t most = 0;
    levied_town(t, 37);
    TOWN_OK(t, letterhead_read(&t->w, &head));
    TOWN_OK(t, levy_decisions_page(&t->w, 2026, 0, 1000, &all));
    struct letter *letters = ARENA_ARRAY(t->w.cx.arena, all.n, struct letter);
    assert_non_null(letters);
    assert_true(all.n > 30);
    TOWN_OK(t, letters_load(&t->w, &all, ymd_of(2026, 6, 15), letters));
    for (size_t i = 0; i < all.n; i++) {
        check_letter(t, &head, &letters[i], &most);
    }
    print_message("# %zu notices: at most %lld yen of rounding in a column\n", all.n,
                  (long long)most);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every decision is printed or listed with its reason [NHI-ASM-027 M5]",
                   test_all_accounted),
        TOWN_TESTS("the columns of every notice add up; a few yen are left as rounding "
                   "[NHI-ASM-027]",
                   test_column),
        TOWN_TESTS("killed while printing, run again: the same file, nothing twice [F3]",
                   test_killed),
        TOWN_TESTS("a notice printed again is the same byte for byte [NHI-ASM-027 M6]",
                   test_reprint),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
