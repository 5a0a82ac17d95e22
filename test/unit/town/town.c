#include "town.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int town_ok(struct town *t, int rc, const char *file, int line)
{
    const struct error *r = t->w.cx.error.code ? &t->w.cx.error : &t->cx.error;
    if (rc < 0)
        fail_msg("%s:%d: %s: %s %s (%s) %s < %s", file, line, status_name((enum status)rc),
                 r->message, r->facts, r->file, r->detail, r->doing);
    return rc;
}

void town_refused(struct town *t, int rc, enum status code, const char *message)
{
    const struct error *r = t->w.cx.error.code ? &t->w.cx.error : &t->cx.error;
    if (rc != (int)code || strcmp(r->message, message) != 0)
        fail_msg("expected %s %s, got %d %s %s %s", status_name(code), message, rc, r->message,
                 r->facts, r->detail);
    error_clear(&t->w.cx);
    error_clear(&t->cx);
}

/* --- the city of a test ----------------------------------------------------------------------
 *
 * Making the tables takes longer than most tests do. A city is made once for each engine and kind
 * in a program; every test gets a copy of it. */

static void town_places(struct town *t, struct engines *store, struct engines *audit)
{
    t->store = store;
    t->audit = audit;
    t->cx = store->cx;
    t->env = &store->env;
    snprintf(t->path, sizeof t->path, "%s/city", store->folder);
    if (store->engine == STORE_SQLITE) {
        snprintf(store->url, sizeof store->url, "sqlite:%s/city.db", t->path);
        snprintf(audit->url, sizeof audit->url, "sqlite:%s/audit.db", t->path);
    }
}

static struct town *town_made(enum store_engine engine, bool demo)
{
    struct town *t = memory_alloc(sizeof *t);
    struct city_new city = {.name = STR("試験市"), .code = STR("272051"), .demo = demo};
    assert_non_null(t);
    town_places(t, engines_bare(engine), engines_bare(engine));
    city.path = t->path;
    if (engine == STORE_POSTGRES) {
        city.store_url = str_of(t->store->url);
        city.audit_url = str_of(t->audit->url);
    }
    TOWN_OK(t, city_create(&t->cx, &city));
    return t;
}

static struct {
    struct town *made[2][2];         /* by engine and kind; not open */
    const struct desk *const *desks; /* whose tables they hold */
    size_t n_desks;
    pid_t owner;
} patterns;

static void patterns_free(void)
{
    for (int i = 0; i < 4 && patterns.owner == getpid(); i++) {
        struct town *t = patterns.made[i / 2][i % 2];
        patterns.made[i / 2][i % 2] = NULL;
        if (t)
            town_free(t);
    }
}

static struct town *pattern_of(enum store_engine engine, bool demo)
{
    size_t n = 0;
    const struct desk *const *desks = office_desks(&n);
    struct town **t = &patterns.made[engine == STORE_POSTGRES][demo];
    if (patterns.owner != getpid()) {
        memset(&patterns, 0, sizeof patterns); /* a forked test's: its parent's are not its own */
        patterns.owner = getpid();
        patterns.desks = desks;
        patterns.n_desks = n;
        atexit(patterns_free);
    }
    if (env_variable("HOKENKA_TEST_FRESH") || patterns.desks != desks || patterns.n_desks != n)
        return NULL; /* other tables than those the pattern has */
    if (!*t)
        *t = town_made(engine, demo);
    return *t;
}

static void copy_file(struct town *t, const char *from, const char *name)
{
    char path[700];
    struct text body;
    text_init(&body, (size_t)64 << 20);
    snprintf(path, sizeof path, "%s/%s", from, name);
    TOWN_OK(t, file_read(&t->cx, path, (size_t)64 << 20, &body));
    snprintf(path, sizeof path, "%s/%s", t->path, name);
    TOWN_OK(t, file_write(&t->cx, path, text_str(&body)));
    assert_int_equal(chmod(path, 0600), 0);
    text_release(&body);
}

static void copy_folder(struct town *t, const char *from)
{
    DIR *folder = opendir(from);
    assert_non_null(folder);
    assert_int_equal(mkdir(t->path, 0700), 0);
    for (const struct dirent *entry = readdir(folder); entry; entry = readdir(folder)) {
        if (entry->d_type == DT_REG)
            copy_file(t, from, entry->d_name);
    }
    closedir(folder);
}

static void put_url(struct town *t, const char *which, const char *url)
{
    char path[400];
    snprintf(path, sizeof path, "%s/%s", t->path, which);
    TOWN_OK(t, file_write(&t->cx, path, str_format(t->cx.arena, "%s\n", url)));
    assert_int_equal(chmod(path, 0600), 0);
}

struct town *town_new(enum store_engine engine, bool demo)
{
    const struct town *pattern = pattern_of(engine, demo);
    struct town *t;
    if (!pattern) {
        t = town_made(engine, demo);
    } else {
        t = memory_alloc(sizeof *t);
        assert_non_null(t);
        town_places(t, engines_copy(pattern->store), engines_copy(pattern->audit));
        copy_folder(t, pattern->path);
        if (engine == STORE_POSTGRES) {
            put_url(t, "store", t->store->url);
            put_url(t, "audit", t->audit->url);
        }
    }
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, STORE_WRITE));
    return t;
}

static int print_finding(void *arg, const struct finding *f)
{
    (void)arg;
    print_message("# finding: " STR_FMT " " STR_FMT " " STR_FMT " " STR_FMT "\n", STR_ARG(f->table),
                  STR_ARG(f->key), STR_ARG(f->what), STR_ARG(f->facts));
    return OK;
}

int town_findings(struct town *t, bool audit)
{
    if (audit)
        return TOWN_OK(t, audit_verify(&t->w.cx, t->w.audit, print_finding, NULL));
    return TOWN_OK(t, store_verify(&t->w.cx, t->w.store, print_finding, NULL));
}

void town_free(struct town *t)
{
    work_close(&t->w);
    engines_free(t->audit);
    engines_free(t->store);
    memory_free(t);
}

void town_reopen(struct town *t, enum store_mode mode)
{
    work_close(&t->w);
    error_clear(&t->cx);
    TOWN_OK(t, work_open(&t->w, &t->cx, t->path, mode));
}

static int setup(void **state, enum store_engine engine)
{
    const struct engines_plan *plan = *state;
    *state = NULL;
    if (engine == STORE_POSTGRES && !engines_have_postgres())
        return 0;
    struct town *t = town_new(engine, false);
    t->test = plan->test;
    *state = t;
    return 0;
}

int town_setup_sqlite(void **state)
{
    return setup(state, STORE_SQLITE);
}

int town_setup_postgres(void **state)
{
    return setup(state, STORE_POSTGRES);
}

void town_run(void **state)
{
    struct town *t = *state;
    if (!t) {
        skip();
        return;
    }
    t->test(state);
    error_clear(&t->w.cx);
    if (!t->tampered) {
        assert_false(store_in_transaction(t->w.store));
        assert_int_equal(town_findings(t, false), 0);
        assert_int_equal(town_findings(t, true), 0);
    }
}

int town_teardown(void **state)
{
    if (*state)
        town_free(*state);
    *state = NULL;
    return 0;
}
