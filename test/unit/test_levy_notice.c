/* Notices in bulk: everybody is printed or listed with a reason; killed and run again. */
#include "levy_town.h"

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

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("every decision is printed or listed with its reason [NHI-ASM-027 M5]",
                   test_all_accounted),
        TOWN_TESTS("killed while printing, run again: the same file, nothing twice [F3]",
                   test_killed),
        TOWN_TESTS("a notice printed again is the same byte for byte [NHI-ASM-027 M6]",
                   test_reprint),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
