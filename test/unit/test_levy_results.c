/* Radar between versions of the program: results in files, against each other and against now. */
#include "levy_town.h"

#include "asked.h"

#include <inttypes.h>
#include <sys/stat.h>

#define YEAR 2026

static const char *write_results(struct town *t, const char *rules, const char *name)
{
    struct text out;
    int64_t rows = 0;
    char *path = str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/results/%s", t->path, name));
    text_init(&out, LEVY_RESULTS_BYTES);
    TOWN_OK(t, levy_results(&t->w, YEAR, str_of(rules), &out, &rows));
    assert_true(rows > 0);
    TOWN_OK(t, file_write(&t->w.cx, path, text_str(&out)));
    text_release(&out);
    return str_c(t->w.cx.arena, str_format(t->w.cx.arena, "results:%s", path));
}

static void settle(struct town *t)
{
    char *folder = str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/results", t->path));
    levy_town_fill(t, 900, 7);
    assert_int_equal(mkdir(folder, 0700), 0);
}

/* A file against now finds the households and the yen that two rule sets find. */
static void test_same_as_sets(void **state)
{
    struct town *t = *state;
    struct radar by_file, by_sets, none;
    settle(t);
    const char *file = write_results(t, "", "now.csv");
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, str_of(file), STR("adopted"), &none));
    assert_int_equal(none.n, 0);
    const char *const change = "医療.所得割率=8.8";
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, str_of(file), str_of(change), &by_file));
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, STR("adopted"), str_of(change), &by_sets));
    assert_int_equal(by_file.before.total_yen, by_sets.before.total_yen);
    assert_int_equal(by_file.after.total_yen, by_sets.after.total_yen);
    for (size_t i = 0; i < by_sets.n; i++) {
        bool found = false;
        for (size_t k = 0; k < by_file.n && !found; k++) {
            const struct radar_row *x = &by_sets.rows[i];
            const struct radar_row *y = &by_file.rows[k];
            found = x->household_id == y->household_id && x->debtor_id == y->debtor_id &&
                    x->before.n == y->before.n && x->after.n == y->after.n;
        }
        assert_true(found);
    }
    bool named = false;
    for (size_t i = 0; i < by_file.n_causes; i++) {
        named = named || str_starts(by_file.causes[i].names, STR("医療.所得割の部"));
    }
    assert_true(named);
}

/* Two files; a household on one side only; what is no file of results. */
static void test_files(void **state)
{
    struct town *t = *state;
    struct radar r;
    struct text all;
    settle(t);
    const char *a = write_results(t, "", "a.csv");
    const char *b = write_results(t, "医療.賦課限度額=500000", "b.csv");
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, str_of(a), str_of(b), &r));
    assert_true(r.n > 0);
    for (size_t i = 0; i < r.n; i++) {
        assert_true(r.rows[i].after.n < r.rows[i].before.n);
    }
    text_init(&all, LEVY_RESULTS_BYTES);
    TOWN_OK(t, file_read(&t->w.cx, a + 8, LEVY_RESULTS_BYTES, &all));
    size_t end = all.n - 2; /* without the last line */
    while (all.p[end - 1] != '\n') {
        end--;
    }
    char *path = str_c(t->w.cx.arena, str_format(t->w.cx.arena, "%s/results/cut.csv", t->path));
    TOWN_OK(t, file_write(&t->w.cx, path, (struct str){all.p, end}));
    text_release(&all);
    const struct str cut = str_format(t->w.cx.arena, "results:%s", path);
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, str_of(a), cut, &r));
    assert_int_equal(r.n, 1);
    assert_true(str_is(r.causes[r.rows[0].cause].names, "-"));
    assert_int_equal(r.rows[0].after.n, 0);
    TOWN_OK(t, file_write(&t->w.cx, path, STR("a,b\r\n1,2\r\n")));
    town_refused(t, levy_radar_named(&t->w, YEAR, str_of(a), cut, &r), ERR_SYNTAX,
                 "levy.results.file");
}

/* The job reads the city's folder only; the page and its file name household, cause and amount. */
static void test_job(void **state)
{
    struct town *t = *state;
    char address[64];
    int64_t job = 0;
    settle(t);
    (void)write_results(t, "", "a.csv");
    TOWN_OK(t, job_run(&t->w, "radar", STR("year=2026 a=results:a.csv b=医療.所得割率=8.8"), &job));
    snprintf(address, sizeof address, "/levy/comparison/%" PRId64, job);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    assert_true(shows("医療.所得割の部"));
    snprintf(address, sizeof address, "/levy/comparison/%" PRId64 "/csv", job);
    assert_int_equal(TOWN_OK(t, ask(t, METHOD_GET, address, NULL)), 200);
    const char *file = str_c(t->w.cx.arena, answer.bytes);
    int64_t lines = 0;
    for (const char *p = file; (p = strchr(p, '\n')) != NULL; p++) {
        lines++;
    }
    struct radar r;
    const struct str same = str_format(t->w.cx.arena, "results:%s/results/a.csv", t->path);
    TOWN_OK(t, levy_radar_named(&t->w, YEAR, same, STR("医療.所得割率=8.8"), &r));
    assert_int_equal(lines, (int64_t)r.n + 1);
    assert_non_null(strstr(file, "医療.所得割の部"));
    char *outside =
        str_c(t->w.cx.arena,
              str_format(t->w.cx.arena, "year=2026 a=results:%s/results/a.csv b=adopted", t->path));
    town_refused(t, job_run(&t->w, "radar", str_of(outside), &job), ERR_DENIED,
                 "levy.results.place");
    town_refused(t, job_run(&t->w, "radar", STR("year=2026 a=results:.. b=adopted"), &job),
                 ERR_DENIED, "levy.results.place");
}

int main(void)
{
    levy_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("a version's file finds what two rule sets find [M7 NHI-ASM-016]",
                   test_same_as_sets),
        TOWN_TESTS("two versions' files, one of them short or no results [M7]", test_files),
        TOWN_TESTS("the radar's page and file over a version's results [M7]", test_job),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
