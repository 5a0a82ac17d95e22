/*
 * Every statement of the whole program, on both engines: it prepares with the columns it promises,
 * and none reads a whole big table unless plans.allow says why. The digests of all tables can be
 * taken, an empty database is clean, and every row kind that is allowed is still a scan.
 */
#include "engines.h"

#include <stdio.h>
#include <string.h>

extern const struct store_schema office_db_schema, audit_db_schema, party_schema,
    eligibility_schema, levy_schema, collection_schema, benefit_schema;

enum { MAX_ALLOWED = 400 };

struct allowed {
    struct str statement;
    struct str table;
    bool seen;
};
struct allow_list {
    struct allowed rows[MAX_ALLOWED];
    size_t n;
    int refused;
    struct text file;
};

static void read_allowed(struct engines *e, struct allow_list *l)
{
    text_init(&l->file, 1 << 20);
    ENGINES_OK(e, file_read(&e->cx, ROOT "/test/unit/plans.allow", 1 << 20, &l->file));
    struct str rest = text_str(&l->file);
    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (line.n == 0 || line.p[0] == '#')
            continue;
        assert_true(l->n < MAX_ALLOWED);
        struct allowed *a = &l->rows[l->n++];
        a->statement = str_cut(&line, '\t');
        a->table = str_cut(&line, '\t');
        if (line.n == 0)
            fail_msg("plans.allow: %.*s: a reason is missing", STR_ARG(a->statement));
    }
}

/* A table's own scan reads it whole by its nature: verify, digest, backup. */
static bool is_own_scan(const char *name)
{
    size_t n = strlen(name);
    return n > 5 && strcmp(name + n - 5, ".scan") == 0;
}

static int look(void *arg, const struct store_statement *q, const struct store_table *t,
                struct str detail)
{
    struct allow_list *l = arg;
    if (is_own_scan(q->name))
        return OK;
    for (size_t i = 0; i < l->n; i++) {
        if (str_is(l->rows[i].statement, q->name) && str_is(l->rows[i].table, t->name)) {
            l->rows[i].seen = true;
            return OK;
        }
    }
    l->refused++;
    print_message("full scan: %s\t%s\t%.*s\n", q->name, t->name, STR_ARG(detail));
    return OK;
}

static void test_scans(void **state)
{
    struct engines *e = *state;
    static struct allow_list list;
    read_allowed(e, &list);
    ENGINES_OK(e, store_plan_scans(&e->cx, e->st, look, &list));
    for (size_t i = 0; i < list.n; i++)
        if (!list.rows[i].seen)
            fail_msg("plans.allow: %.*s reads %.*s no longer: take the line out",
                     STR_ARG(list.rows[i].statement), STR_ARG(list.rows[i].table));
    text_release(&list.file);
    assert_int_equal(list.refused, 0);
}

static void test_statements(void **state)
{
    struct engines *e = *state;
    int n = ENGINES_OK(e, store_check_statements(&e->cx, e->st));
    print_message("%d statements\n", n);
    assert_true(n > 200);
}

static int refuse_finding(void *arg, const struct finding *f)
{
    (void)arg;
    fail_msg("%.*s %.*s", STR_ARG(f->table), STR_ARG(f->what));
    return OK;
}

static void test_empty(void **state)
{
    struct engines *e = *state;
    struct digest d;
    ENGINES_OK(e, store_state_digest(&e->cx, e->st, &d));
    assert_int_equal(ENGINES_OK(e, store_verify(&e->cx, e->st, refuse_finding, NULL)), 0);
}

int main(void)
{
    const struct store_schema *const schemas[] = {&office_db_schema, &audit_db_schema,
                                                  &party_schema,     &eligibility_schema,
                                                  &levy_schema,      &collection_schema,
                                                  &benefit_schema};
    for (size_t i = 0; i < sizeof schemas / sizeof *schemas; i++)
        store_schema_add(schemas[i]);
    const struct CMUnitTest tests[] = {
        ENGINES_TESTS("every statement of the program prepares as it is declared [F4]",
                      test_statements),
        ENGINES_TEST_SQLITE("no statement reads a whole big table unawares", test_scans),
        ENGINES_TESTS("every table's digest and seals can be taken [F4 E1]", test_empty),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
