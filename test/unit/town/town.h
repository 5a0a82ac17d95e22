/*
 * town: a whole city (directory, store, audit store, key) made fresh for a test, on both engines.
 *
 *     static void test_x(void **state)
 *     {
 *         struct town *t = *state;      t->w is a work of the console (every right)
 *         TOWN_OK(t, setting_set(&t->w, ...));
 *     }
 *     int main(void)
 *     {
 *         static const struct desk *const desks[] = {&office_desk, ...};
 *         office_desks_set(desks, 1);   before anything else
 *         const struct CMUnitTest tests[] = {TOWN_TESTS("name [ID]", test_x)};
 *         ...
 *
 * At the end of every test the store and the audit store must verify clean, unless the test set
 * t->tampered.
 */
#ifndef TEST_TOWN_H
#define TEST_TOWN_H

#include "office/office.h" /* before cmocka, which makes a macro of fail */

#include "engines.h"

struct town {
    struct engines *store; /* its url, for tampering */
    struct engines *audit;
    struct context cx;
    struct env *env; /* simulated: 2026-06-15 09:00 Japan time, a Monday */
    struct work w;
    char path[320];
    bool tampered;
    CMUnitTestFunction test;
};

int town_setup_sqlite(void **state);
int town_setup_postgres(void **state);
int town_teardown(void **state);
void town_run(void **state);
#define TOWN_TEST_SQLITE(name, function)                                                           \
    {                                                                                              \
        name " (sqlite)", town_run, town_setup_sqlite, town_teardown, &(struct engines_plan)       \
        {                                                                                          \
            function                                                                               \
        }                                                                                          \
    }
#define TOWN_TEST_POSTGRES(name, function)                                                         \
    {                                                                                              \
        name " (postgres)", town_run, town_setup_postgres, town_teardown, &(struct engines_plan)   \
        {                                                                                          \
            function                                                                               \
        }                                                                                          \
    }
#define TOWN_TESTS(name, function)                                                                 \
    TOWN_TEST_SQLITE(name, function), TOWN_TEST_POSTGRES(name, function)

struct town *town_new(enum store_engine engine, bool demo);
void town_free(struct town *t);
/* Closes the work and opens it again (another process would see this). */
void town_reopen(struct town *t, enum store_mode mode);
int town_ok(struct town *t, int rc, const char *file, int line);
#define TOWN_OK(t, call) town_ok((t), (call), __FILE__, __LINE__)
/* rc is that error, with that message id; the record is cleared. */
void town_refused(struct town *t, int rc, enum status code, const char *message);
int town_findings(struct town *t, bool audit); /* of verify */

#endif
