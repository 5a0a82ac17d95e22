/* The same behaviour on both engines: types, times, transactions, ids, events. */
#include "engines.h"
#include "sample_sql.h"

#include <stdio.h>
#include <string.h>

static int64_t take_id(struct engines *e)
{
    int64_t id = 0;
    ENGINES_OK(e, store_ids(&e->cx, e->st, 1, &id));
    return id;
}

static struct sample_resident resident(struct engines *e, const char *no, int64_t event)
{
    return (struct sample_resident){
        .resident_row_id = take_id(e),
        .resident_no = str_of(no),
        .kana = STR("ヤマダ　タロウ"),
        .birth = ymd_of(1980, 2, 29),
        .moved_month = month_of(2020, 4),
        .is_foreign = true,
        .income = YEN(3210000),
        .photo = {"\0\xff\x80", 3},
        .valid_from = ymd_of(2020, 4, 1),
        .valid_to = YMD_NONE,
        .known_from = event,
    };
}

static void test_types(void **state)
{
    struct engines *e = *state;
    struct sample_resident_by_no_row out;
    ENGINES_OK(e, STORE_BEGIN(&e->cx, e->st));
    struct sample_resident row = resident(e, "1001", engines_event(e, "test.in"));
    ENGINES_OK(e, sample_resident_insert(&e->cx, e->st, &row));
    ENGINES_OK(e, store_commit(&e->cx, e->st));
    struct sample_resident_by_no_in in = {STR("1001"), {ymd_of(2021, 1, 1), KNOWN_NOW}};
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 1);
    assert_int_equal(out.resident_row_id, row.resident_row_id);
    assert_true(str_is(out.kana, "ヤマダ　タロウ"));
    assert_int_equal(ymd_compare(out.birth, ymd_of(1980, 2, 29)), 0);
    assert_int_equal(out.moved_month.n, month_of(2020, 4).n);
    assert_true(out.is_foreign);
    assert_false(out.income_null);
    assert_int_equal(out.income.n, 3210000);
    assert_int_equal(out.photo.n, 3);
    assert_memory_equal(out.photo.p, "\0\xff\x80", 3);
    in.asof.valid = ymd_of(2019, 12, 31);
    assert_int_equal(ENGINES_OK(e, sample_resident_by_no(&e->cx, e->st, &in, &out)), 0);
}

int main(void)
{
    store_schema_add(&sample_schema);
    const struct CMUnitTest tests[] = {
        ENGINES_TESTS("every column type comes back as it was written [F4]", test_types),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
