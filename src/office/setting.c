/* setting: what the municipality has chosen. Facts in the store, cached per process; the cache is
 * dropped when a request sees a newer row. */
#include "office/inner_pages.h"
#include "office_sql.h"

#include <string.h>

enum { SETTING_MEMORY = 1 << 20, SETTING_LONGEST = 4000 };

void settings_init(struct office *o)
{
    arena_init(&o->now.arena, SETTING_MEMORY);
    arena_init(&o->then.arena, SETTING_MEMORY);
    o->now.version = -1;
    o->now.known = KNOWN_NOW;
    o->then.version = -1;
}

void settings_release(struct office *o)
{
    arena_release(&o->now.arena);
    arena_release(&o->then.arena);
}

void settings_seen(struct office *o, int64_t version)
{
    if (o->now.version != version)
        o->now.version = -1;
}

/* Reads every setting as known at cache->known into the cache's own memory. */
static int cache_read(struct context *cx, struct setting_cache *cache, struct store *st)
{
    struct office_db_settings_now_list list;
    struct office_db_setting_version_row version;
    arena_release(&cache->arena);
    arena_init(&cache->arena, SETTING_MEMORY);
    struct context own = *cx;
    own.arena = &cache->arena;
    error_clear(&own);
    cache->n = 0;
    struct office_db_settings_now_in in = {.known = cache->known};
    int rc = office_db_setting_version(&own, st, &version);
    if (rc >= 0)
        rc = office_db_settings_now(&own, st, &in, &list);
    if (rc < 0) {
        cx->error = own.error;
        return error_add(cx, "read the settings");
    }
    cache->rows = ARENA_ARRAY(&cache->arena, list.n + 1, struct setting_row);
    if (!cache->rows)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < list.n; i++)
        cache->rows[i] = (struct setting_row){list.rows[i].key, list.rows[i].value};
    cache->n = list.n;
    cache->version = version.version;
    return OK;
}

static struct str cache_find(const struct setting_cache *cache, const char *key)
{
    for (size_t i = 0; i < cache->n; i++)
        if (str_is(cache->rows[i].key, key))
            return cache->rows[i].value;
    return STR_NONE;
}

static struct str initial_of(const char *key)
{
    const struct setting *s = setting_find(key);
    if (s)
        return str_of(s->initial);
    if (strncmp(key, "check.", 6) == 0) {
        const struct entry_kind *kind = entry_kind_find(str_of(key + 6));
        return kind && kind->check ? STR("1") : STR("0");
    }
    return STR("");
}

struct str setting_in(struct context *cx, struct office *o, struct store *st, const char *key)
{
    if (o->now.version < 0 && cache_read(cx, &o->now, st) < 0)
        return initial_of(key); /* the error stands in cx: the caller's next call meets it */
    struct str value = cache_find(&o->now, key);
    return value.p ? value : initial_of(key);
}

int64_t setting_number(struct context *cx, struct office *o, struct store *st, const char *key)
{
    int64_t n;
    if (str_to_int(setting_in(cx, o, st, key), &n) || str_to_int(initial_of(key), &n))
        return n;
    return 0;
}

/* Inside a transaction that wrote a setting the cache would show others what may be undone. */
static struct str setting_fresh(struct work *w, const char *key)
{
    struct office_db_setting_row_row row;
    int rc = office_db_setting_row(&w->cx, w->store,
                                   &(struct office_db_setting_row_in){.key = str_of(key)}, &row);
    return rc == 1 ? row.value : initial_of(key);
}

struct str setting_get(struct work *w, const char *key)
{
    struct office *o = w->office;
    if (w->asof.known == KNOWN_NOW || w->asof.known == 0) {
        if (o->now.version < 0 && store_in_transaction(w->store))
            return setting_fresh(w, key);
        return setting_in(&w->cx, o, w->store, key);
    }
    if (o->then.version < 0 || o->then.known != w->asof.known) {
        o->then.known = w->asof.known;
        o->then.version = -1;
        if (cache_read(&w->cx, &o->then, w->store) < 0)
            return initial_of(key);
    }
    struct str value = cache_find(&o->then, key);
    return value.p ? value : initial_of(key);
}

/* Payload: key, newline, value. */
int setting_apply(struct work *w, const struct event *e, struct str payload)
{
    struct office_db_setting_row_row old;
    struct str value = payload;
    struct str key = str_cut(&value, '\n');
    struct office_db_setting row = {.key = key, .value = value, .known_from = e->no};
    int rc = office_db_setting_row(&w->cx, w->store, &(struct office_db_setting_row_in){.key = key},
                                   &old);
    if (rc == 1)
        rc = office_db_setting_close(&w->cx, w->store, old.setting_id, e->no);
    if (rc >= 0)
        rc = store_ids(&w->cx, w->store, 1, &row.setting_id);
    if (rc >= 0)
        rc = office_db_setting_insert(&w->cx, w->store, &row);
    w->office->now.version = -1;
    w->office->then.version = -1;
    return rc < 0 ? error_add(&w->cx, "set " STR_FMT, STR_ARG(key)) : OK;
}

/* What the desk of a setting says against a value. */
static const char *problem_of(const char *key, struct str value)
{
    size_t n;
    const struct desk *const *desks = office_desks(&n);
    const char *problem = NULL;
    for (size_t i = 0; i < n && !problem; i++)
        problem = desks[i]->setting_problem ? desks[i]->setting_problem(key, value) : NULL;
    return problem;
}

static int setting_allowed(struct work *w, const char *key, struct str value)
{
    const char *problem = problem_of(key, value);
    if (!setting_find(key) &&
        !entry_kind_find(str_of(strncmp(key, "check.", 6) == 0 ? key + 6 : "")))
        return fail(&w->cx, ERR_NOT_FOUND, "office.setting_unknown", "%s", key);
    if (value.n > SETTING_LONGEST || !utf8_valid(value))
        return fail(&w->cx, ERR_INVALID, "office.setting_value", "%s", key);
    if (strncmp(key, "cycle.", 6) == 0 && !calendar_rule_is_good(value))
        return fail(&w->cx, ERR_INVALID, "office.setting_cycle", "%s", key);
    if (problem)
        return fail(&w->cx, ERR_INVALID, problem, "%s", key);
    /* The mark of a practice city is made with the city and cannot be put on later. */
    if (str_is(value, "1") && strcmp(key, "office.demo") == 0 && !office_is_demo(w->office))
        return fail(&w->cx, ERR_DENIED, "office.not_demo", "%s", key);
    return OK;
}

int setting_set(struct work *w, const char *key, struct str value, struct str reason)
{
    struct event e = work_event(w, "office.setting");
    e.reason = reason;
    int rc = work_need(w, RIGHT_SETTING_ADMIN);
    if (rc >= 0)
        rc = setting_allowed(w, key, value);
    if (rc < 0)
        return rc;
    struct str payload = str_format(w->cx.arena, "%s\n" STR_FMT, key, STR_ARG(value));
    if (!payload.p)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = work_enter(w, &e, payload);
    if (rc >= 0) {
        int waits = rc;
        rc = store_commit(&w->cx, w->store);
        return rc < 0 ? rc : waits;
    }
    store_rollback(w->store);
    return error_add(&w->cx, "set %s", key);
}
