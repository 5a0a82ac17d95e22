/*
 * engines: a test on both engines, each with a fresh and empty database.
 *
 *     static void test_move(void **state)
 *     {
 *         struct engines *e = *state;      e->st is open for writing, e->cx, e->url
 *         ...
 *     }
 *     int main(void)
 *     {
 *         store_schema_add(&party_schema); before anything else
 *         const struct CMUnitTest tests[] = {
 *             ENGINES_TESTS("a move closes one fact and opens another [NHI-ELG-001 F4]",
 * test_move),
 *         };
 *         cmocka_set_message_output(CM_OUTPUT_TAP);
 *         return cmocka_run_group_tests(tests, NULL, NULL);
 *     }
 *
 * The PostgreSQL cluster is the one that HOKENKA_TEST_PG names (test/pg.sh start prints it), or one
 * that the first test starts and the end of the program stops. Where PostgreSQL is not installed
 * those tests are skipped and say so.
 */
#ifndef TEST_ENGINES_H
#define TEST_ENGINES_H

#include "store/store.h" /* before cmocka, which makes a macro of fail */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct engines {
    struct context cx;
    struct arena arena;
    struct env env; /* simulated: 2026-06-15 09:00 Japan time, random from seed 1 */
    enum store_engine engine;
    char folder[256]; /* a temporary folder of this test */
    char url[512];
    struct store *st;
    CMUnitTestFunction test;
};

/* What ENGINES_TESTS puts into the table; a row of one engine alone is ENGINES_TEST_SQLITE. */
struct engines_plan {
    CMUnitTestFunction test;
};
int engines_setup_sqlite(void **state);
int engines_setup_postgres(void **state);
int engines_teardown(void **state);
void engines_run(void **state); /* the test, or a skip where there is no PostgreSQL */
#define ENGINES_TEST_SQLITE(name, function)                                                        \
    {                                                                                              \
        name " (sqlite)", engines_run, engines_setup_sqlite, engines_teardown,                     \
            &(struct engines_plan)                                                                 \
        {                                                                                          \
            function                                                                               \
        }                                                                                          \
    }
#define ENGINES_TEST_POSTGRES(name, function)                                                      \
    {                                                                                              \
        name " (postgres)", engines_run, engines_setup_postgres, engines_teardown,                 \
            &(struct engines_plan)                                                                 \
        {                                                                                          \
            function                                                                               \
        }                                                                                          \
    }
#define ENGINES_TESTS(name, function)                                                              \
    ENGINES_TEST_SQLITE(name, function), ENGINES_TEST_POSTGRES(name, function)

/* A further database beside (for comparing two), open for writing. */
struct engines *engines_new(enum store_engine engine);
/* The same without tables, and not open: for what creates them itself. */
struct engines *engines_bare(enum store_engine engine);
/* A place of its own for a copy of another one: on PostgreSQL the copy is made, on SQLite the folder
 * is there and the files are the caller's to copy. Nobody may be connected to the other one. */
struct engines *engines_copy(const struct engines *from);
void engines_free(struct engines *e);
/* Closes the connection and opens it again in another mode. */
void engines_reopen(struct engines *e, enum store_mode mode);
/* False where PostgreSQL cannot be had; says so once. */
bool engines_have_postgres(void);
/* SQL that the program itself would never run (tampering), over a connection of its own. */
void engines_tamper(struct engines *e, const char *sql);
/* The build's own generator, for tests of what it refuses. */
extern const char engines_mksql[];
/* Fails the test with the whole error record when rc < 0; returns rc. */
int engines_ok(struct engines *e, int rc, const char *file, int line);
#define ENGINES_OK(e, call) engines_ok((e), (call), __FILE__, __LINE__)
/* An event of today inside a write transaction; its number. */
int64_t engines_event(struct engines *e, const char *kind);

#endif
