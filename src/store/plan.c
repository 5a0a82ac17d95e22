/* plan: statements looked at without running them: that they prepare on this engine with the
 * columns they promise, and that none reads a whole big table. */
#include "store/engine.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static int each_statement(struct context *cx, struct store *st,
                          int (*fn)(struct context *, struct store *,
                                    const struct store_statement *, void *),
                          void *arg)
{
    for (size_t i = 0; i < store_n_schemas; i++) {
        const struct store_schema *schema = store_schemas[i];
        for (size_t k = 0; schema_is_here(st, schema) && k < schema->n_statements; k++) {
            const struct store_statement *q = schema->statements[k];
            const char *text = st->engine == STORE_SQLITE ? q->sqlite : q->postgres;
            int rc = text ? fn(cx, st, q, arg) : OK;
            if (rc < 0) {
                error_add(cx, "statement %s", q->name);
                return rc;
            }
        }
    }
    return OK;
}

static int check_one(struct context *cx, struct store *st, const struct store_statement *q,
                     void *arg)
{
    int *n = arg;
    (*n)++;
    return st->driver->check(cx, st, q);
}

int store_check_statements(struct context *cx, struct store *st)
{
    int n = 0;
    int rc = each_statement(cx, st, check_one, &n);
    return rc < 0 ? rc : n;
}

/* --- full scans ------------------------------------------------------------------------------ */

struct scans {
    plan_fn *fn;
    void *arg;
    int found;
};

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static struct str next_name(const char **at)
{
    while (**at && !is_name(**at))
        (*at)++;
    const char *from = *at;
    while (is_name(**at))
        (*at)++;
    return (struct str){from, (size_t)(*at - from)};
}

/* The word behind at, when nothing but blanks lies between. */
static struct str word_behind(const char **at)
{
    while (isspace((unsigned char)**at))
        (*at)++;
    return is_name(**at) ? next_name(at) : STR("");
}

/* "person p" or "person as p" stands in the statement (and not "x.person, p"). */
static bool names_as(const char *sql, const char *table, struct str alias)
{
    const char *from = sql;
    if (str_is(alias, table))
        return true;
    for (struct str word = next_name(&sql); word.n > 0; word = next_name(&sql)) {
        if (!str_is(word, table) || (word.p > from && word.p[-1] == '.'))
            continue;
        const char *at = sql;
        struct str follows = word_behind(&at);
        if (str_is(follows, "as"))
            follows = word_behind(&at);
        if (str_equal(follows, alias))
            return true;
    }
    return false;
}

static const struct store_table *big_table(const struct store *st, const char *sql,
                                           struct str alias)
{
    for (size_t i = 0; i < store_n_schemas; i++) {
        const struct store_schema *schema = store_schemas[i];
        for (size_t k = 0; schema_is_here(st, schema) && k < schema->n_tables; k++)
            if (schema->tables[k]->big && names_as(sql, schema->tables[k]->name, alias))
                return schema->tables[k];
    }
    return NULL;
}

static int look_at_line(const struct store *st, const struct store_statement *q, struct str detail,
                        struct scans *s)
{
    if (!str_starts(detail, STR("SCAN ")))
        return OK;
    const char *at = detail.p + 5;
    const struct store_table *t = big_table(st, q->sqlite, next_name(&at));
    if (!t)
        return OK;
    s->found++;
    return s->fn(s->arg, q, t, detail);
}

static int scan_one(struct context *cx, struct store *st, const struct store_statement *q,
                    void *arg)
{
    struct store_value values[MAX_VALUES];
    struct store_cursor *c = NULL;
    struct text sql;
    text_init(&sql, 1 << 20);
    text_addf(&sql, "explain query plan %s", q->sqlite);
    struct store_statement explain = {.name = q->name, .sqlite = sql.p, .columns = -1};
    int rc = sql.failed ? fail(cx, ERR_MEMORY, "store.memory", NULL)
                        : store_cursor_open(cx, st, &explain, NULL, false, &c);
    while (rc >= 0) {
        rc = store_step(cx, c, values);
        if (rc != 1)
            break;
        rc = look_at_line(st, q, values[3].s, arg);
    }
    store_cursor_close(c);
    text_release(&sql);
    return rc;
}

int store_plan_scans(struct context *cx, struct store *st, plan_fn *fn, void *arg)
{
    struct scans s = {fn, arg, 0};
    if (st->engine != STORE_SQLITE)
        return 0;
    int rc = each_statement(cx, st, scan_one, &s);
    return rc < 0 ? rc : s.found;
}
