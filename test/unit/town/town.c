#include "town.h"

#include <stdio.h>
#include <string.h>

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

struct town *town_new(enum store_engine engine, bool demo)
{
    struct town *t = memory_alloc(sizeof *t);
    struct city_new city = {.name = STR("試験市"), .code = STR("272051"), .demo = demo};
    assert_non_null(t);
    t->store = engines_bare(engine);
    t->audit = engines_bare(engine);
    t->cx = t->store->cx;
    t->env = &t->store->env;
    snprintf(t->path, sizeof t->path, "%s/city", t->store->folder);
    city.path = t->path;
    if (engine == STORE_POSTGRES) {
        city.store_url = str_of(t->store->url);
        city.audit_url = str_of(t->audit->url);
    } else {
        snprintf(t->store->url, sizeof t->store->url, "sqlite:%s/city.db", t->path);
        snprintf(t->audit->url, sizeof t->audit->url, "sqlite:%s/audit.db", t->path);
    }
    TOWN_OK(t, city_create(&t->cx, &city));
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
