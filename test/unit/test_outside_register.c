/* The register beside the city: believable days, the same every time, in files that can be read. */
#include "register_town.h"

extern const unsigned char register_format_changes[];
extern const size_t register_format_changes_size;

enum { PEOPLE = 800, DAYS = 200 };

static struct columns columns_of(struct town *t)
{
    const struct str tsv = {(const char *)register_format_changes, register_format_changes_size};
    struct columns c;
    TOWN_OK(t, columns_read(&t->w.cx, t->w.cx.arena, "resident_changes", tsv, &c));
    return c;
}

static void live_files(struct town *t, struct register_office *r, struct text *all)
{
    for (int i = 0; i < DAYS; i++) {
        TOWN_OK(t, register_live(r, ymd_add(register_today(r), 1)));
        TOWN_OK(t, register_changes(r, register_today(r), all, NULL));
    }
}

static int64_t lines_of_kind(const struct columns *c, const struct table *table, const char *kind)
{
    int64_t n = 0;
    for (size_t i = 0; i < table->n; i++)
        n += str_is(table->rows[i].fields[column_of(c, "kind")], kind);
    return n;
}

static void test_days(void **state)
{
    struct town *t = *state;
    const struct columns c = columns_of(t);
    int64_t expected = 1, by_kind[18] = {0};
    static const char *const kinds[] = {"move_in",      "birth",      "move_out",   "death",
                                        "moved",        "split",      "merge",      "head",
                                        "name",         "correction", "stay",       "relation",
                                        "left_country", "status",     "ex_officio", "restored",
                                        "cancel",       "nationality"};
    register_town_fill(t, PEOPLE, 3);
    struct register_office *r = register_town_open(t, "register.db", 3, 5);
    for (int i = 0; i < DAYS; i++) {
        struct text file;
        struct table table;
        int64_t lines = 0;
        text_init(&file, 4 << 20);
        TOWN_OK(t, register_live(r, ymd_add(register_today(r), 1)));
        TOWN_OK(t, register_changes(r, register_today(r), &file, &lines));
        TOWN_OK(t, table_read(&t->w.cx, t->w.cx.arena, &c, text_str(&file), &table));
        for (size_t k = 0; k < table.n_problems; k++)
            print_message("# line %lld " STR_FMT " " STR_FMT " %s\n",
                          (long long)table.problems[k].line, STR_ARG(table.problems[k].field),
                          STR_ARG(table.problems[k].value), table.problems[k].reason);
        assert_int_equal(table.all_problems, 0);
        assert_int_equal(table.n, lines);
        assert_true(table.has_control && table.control_count == lines);
        for (size_t s = 0; s < table.n_shares; s++)
            assert_int_equal(table.shares[s].announced, table.shares[s].found);
        for (size_t k = 0; k < table.n; k++, expected++) {
            int64_t sequence = 0;
            assert_true(str_to_int(table.rows[k].fields[column_of(&c, "sequence")], &sequence));
            assert_int_equal(sequence, expected);
        }
        for (size_t k = 0; k < 18; k++)
            by_kind[k] += lines_of_kind(&c, &table, kinds[k]);
        text_release(&file);
    }
    for (size_t k = 0; k < 18; k++)
        print_message("# %s %lld\n", kinds[k], (long long)by_kind[k]);
    for (size_t k = 0; k < 10; k++)
        assert_true(by_kind[k] > 0);
    register_close(r);
}

static void test_same(void **state)
{
    struct town *t = *state;
    struct text a, b;
    text_init(&a, 16 << 20);
    text_init(&b, 16 << 20);
    register_town_fill(t, PEOPLE, 5);
    struct register_office *one = register_town_open(t, "one.db", 5, 5);
    live_files(t, one, &a);
    register_close(one);
    struct register_office *two = register_town_open(t, "two.db", 5, 5);
    TOWN_OK(t, register_live(two, ymd_add(register_today(two), DAYS / 2))); /* and closed, opened */
    register_close(two);
    TOWN_OK(t, register_open(&t->w.cx, str_format(t->w.cx.arena, "%s/two.db", t->path).p, &two));
    TOWN_OK(t, register_live(two, ymd_add(ymd_of(2025, 4, 1), DAYS)));
    for (int i = 1; i <= DAYS; i++)
        TOWN_OK(t, register_changes(two, ymd_add(ymd_of(2025, 4, 1), i), &b, NULL));
    assert_true(str_equal(text_str(&a), text_str(&b)));
    register_close(two);
    text_release(&a);
    text_release(&b);
}

static void test_question(void **state)
{
    struct town *t = *state;
    struct text answer;
    const struct register_resident *rows = NULL;
    text_init(&answer, 1 << 20);
    register_town_fill(t, PEOPLE, 7);
    struct register_office *r = register_town_open(t, "register.db", 7, 5);
    const size_t n = register_residents(r, &rows);
    assert_in_range(n, 700, 900);
    assert_int_equal(TOWN_OK(t, register_ask(r, rows[0].person_no, &answer)), 1);
    assert_true(text_str(&answer).n > rows[0].name.n);
    assert_non_null(
        memmem(text_str(&answer).p, text_str(&answer).n, rows[0].name.p, rows[0].name.n));
    assert_int_equal(register_ask(r, STR("0999999999"), &answer), 0);
    register_close(r);
    text_release(&answer);
}

int main(void)
{
    register_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TEST_SQLITE("two hundred days of changes, in sequence, with their control record",
                         test_days),
        TOWN_TEST_SQLITE("the same seed lives the same days", test_same),
        TOWN_TEST_SQLITE("one person is asked for by number, never by name", test_question),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
