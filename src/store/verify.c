/*
 * verify: recomputes what the chain promises.
 *
 * Links are read in windows, so that memory stays bounded. For each window every chained table is
 * read once: each row's seal is computed anew, each closed fact must have its closure and each
 * closure its fact, and the rows of each link must give the digest that the link holds.
 */
#include "store/verify.h"

#include <stdio.h>
#include <string.h>

int verify_tell(struct verify *v, const char *table, int64_t key, const char *what,
                const char *facts)
{
    char number[24];
    snprintf(number, sizeof number, "%lld", (long long)key);
    struct finding f = {str_of(table), str_of(number), str_of(what), str_of(facts ? facts : "")};
    v->findings++;
    return v->report ? v->report(v->arg, &f) : OK;
}

int verify_room(struct verify *v, void *array, size_t *cap, size_t n, size_t size)
{
    void **p = array;
    if (n < *cap)
        return OK;
    size_t wanted = *cap ? *cap * 2 : 1024;
    void *grown = memory_resize(*p, wanted * size);
    if (!grown)
        return fail(v->cx, ERR_MEMORY, "store.memory", NULL);
    *p = grown;
    *cap = wanted;
    return OK;
}

struct search {
    struct str name;
    const struct store_table *found;
};

static int match_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    struct search *s = arg;
    (void)cx;
    (void)st;
    if (t->chained && str_is(s->name, t->name))
        s->found = t;
    return OK;
}

const struct store_table *verify_find_table(const struct verify *v, struct str name)
{
    struct search s = {name, NULL};
    int rc = store_each_table(v->cx, v->st, match_table, &s);
    return rc < 0 ? NULL : s.found;
}

/* A page that cannot be read is a finding, not the end of verify; a lost connection is the end. */
static int survive(struct verify *v, const char *table, int rc)
{
    struct error *e = &v->cx->error;
    if (rc >= 0 || (e->code != ERR_CORRUPT && e->code != ERR_INVALID) || v->st->broken)
        return rc;
    rc = verify_tell(v, table, 0, "store.verify.unreadable", e->detail[0] ? e->detail : e->facts);
    error_clear(v->cx);
    v->st->doomed = false; /* nothing is written here: later tables can still be read */
    return rc;
}

static int one_table(struct context *cx, struct store *st, const struct store_table *t, void *arg)
{
    struct verify *v = arg;
    (void)cx;
    (void)st;
    return t->chained ? survive(v, t->name, verify_table(v, t)) : OK;
}

static int all_windows(struct verify *v)
{
    v->first_window = true;
    for (;;) {
        int rc = survive(v, "chain_link", verify_window(v));
        if (rc >= 0)
            rc = store_each_table(v->cx, v->st, one_table, v);
        if (rc < 0 || v->last_window)
            return rc;
        v->first_window = false;
    }
}

/* SQLite checks its own pages and indexes; PostgreSQL's checksums do that as pages are read. */
static int check_pages(struct verify *v)
{
    static const struct store_statement q = {.name = "store.integrity",
                                             .sqlite = "pragma integrity_check(100)",
                                             .columns = -1};
    struct store_value value;
    struct store_cursor *c = NULL;
    if (v->st->engine != STORE_SQLITE)
        return OK;
    int rc = store_cursor_open(v->cx, v->st, &q, NULL, false, &c);
    while (rc >= 0) {
        char facts[400];
        rc = store_step(v->cx, c, &value);
        if (rc != 1)
            break;
        snprintf(facts, sizeof facts, "%.*s", (int)(value.s.n > 390 ? 390 : value.s.n), value.s.p);
        if (strcmp(facts, "ok") != 0)
            rc = verify_tell(v, "sqlite", 0, "store.verify.pages", facts);
    }
    store_cursor_close(c);
    return survive(v, "sqlite", rc);
}

static int run_verifiers(struct verify *v)
{
    bool city = strcmp(v->st->database, "city") == 0;
    for (size_t i = 0; city && i < store_n_verifiers; i++) {
        int rc = store_verifiers[i](v->cx, v->st, v->report, v->arg);
        if (rc < 0)
            return rc;
        v->findings += rc;
    }
    return OK;
}

int store_verify(struct context *cx, struct store *st, finding_fn *report, void *arg)
{
    struct verify v = {.cx = cx, .st = st, .report = report, .arg = arg};
    int rc = STORE_BEGIN_READ(cx, st);
    if (rc < 0)
        return rc;
    struct arena_mark mark = arena_mark(cx->arena);
    rc = check_pages(&v);
    if (rc >= 0)
        rc = all_windows(&v);
    if (rc >= 0)
        rc = run_verifiers(&v);
    store_rollback(st); /* nothing was written */
    memory_free(v.links);
    memory_free(v.parts);
    memory_free(v.rows);
    memory_free(v.closures);
    arena_rewind(cx->arena, mark);
    return rc < 0 ? rc : v.findings;
}
