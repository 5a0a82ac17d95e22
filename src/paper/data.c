/* The named values of a document. */
#include "paper/data.h"

static uint32_t name_hash(struct str s)
{
    uint32_t h = 2166136261u;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * 16777619u;
    return h;
}

void form_data_init(struct form_data *d, struct arena *a, struct str whose)
{
    *d = (struct form_data){.arena = a, .whose = whose};
}

static void mark_failed(struct form_data *d)
{
    for (; d; d = d->outer)
        d->failed = true;
}

static struct form_value *put(struct form_data *d, const char *name, enum value_kind kind)
{
    struct form_value *v = ARENA_NEW(d->arena, struct form_value);
    if (!v) {
        mark_failed(d);
        return NULL;
    }
    v->name = str_of(name);
    v->hash = name_hash(v->name);
    v->kind = kind;
    v->next = d->values;
    d->values = v;
    return v;
}

void form_put_text(struct form_data *d, const char *name, struct str value)
{
    struct form_value *v = put(d, name, VALUE_TEXT);
    if (!v)
        return;
    v->text = str_copy(d->arena, value.p ? value : STR(""));
    if (!v->text.p)
        mark_failed(d);
}

void form_put_yen(struct form_data *d, const char *name, struct yen value)
{
    struct form_value *v = put(d, name, VALUE_YEN);
    if (v)
        v->number = value.n;
}

void form_put_day(struct form_data *d, const char *name, struct ymd value)
{
    struct form_value *v = put(d, name, VALUE_DAY);
    if (v)
        v->day = value;
}

void form_put_count(struct form_data *d, const char *name, int64_t value)
{
    struct form_value *v = put(d, name, VALUE_COUNT);
    if (v)
        v->number = value;
}

void form_put_ratio(struct form_data *d, const char *name, struct ratio value)
{
    struct form_value *v = put(d, name, VALUE_RATIO);
    if (v)
        v->ratio = value;
}

void form_put_flag(struct form_data *d, const char *name, bool value)
{
    struct form_value *v = put(d, name, VALUE_FLAG);
    if (v)
        v->number = value;
}

static struct form_group *own_group(const struct form_data *d, struct str name)
{
    for (struct form_group *g = d->groups; g; g = g->next)
        if (str_equal(g->name, name))
            return g;
    return NULL;
}

static bool group_grow(struct form_data *d, struct form_group *g)
{
    if (g->n < g->capacity)
        return true;
    size_t capacity = g->capacity ? g->capacity * 2 : 8;
    struct form_data **items = ARENA_ARRAY(d->arena, capacity, struct form_data *);
    if (!items)
        return false;
    for (size_t i = 0; i < g->n; i++)
        items[i] = g->items[i];
    g->items = items;
    g->capacity = capacity;
    return true;
}

struct form_data *form_item(struct form_data *d, const char *group)
{
    struct form_group *g = own_group(d, str_of(group));
    if (!g) {
        g = ARENA_NEW(d->arena, struct form_group);
        if (g) {
            g->name = str_of(group);
            g->next = d->groups;
            d->groups = g;
        }
    }
    struct form_data *item = g ? ARENA_NEW(d->arena, struct form_data) : NULL;
    if (!item || !group_grow(d, g)) {
        mark_failed(d);
        return d;
    }
    form_data_init(item, d->arena, d->whose);
    item->outer = d;
    g->items[g->n++] = item;
    return item;
}

const struct form_value *data_find(const struct form_data *d, struct str name)
{
    uint32_t h = name_hash(name);
    for (; d; d = d->outer)
        for (const struct form_value *v = d->values; v; v = v->next)
            if (v->hash == h && str_equal(v->name, name))
                return v;
    return NULL;
}

const struct form_group *data_group(const struct form_data *d, struct str name)
{
    for (; d; d = d->outer) {
        const struct form_group *g = own_group(d, name);
        if (g)
            return g;
    }
    return NULL;
}

static bool is_true(const struct form_value *v)
{
    switch (v->kind) {
    case VALUE_TEXT:
        return v->text.n > 0;
    case VALUE_DAY:
        return !ymd_is_none(v->day);
    case VALUE_RATIO:
        return v->ratio.num != 0;
    case VALUE_YEN:
    case VALUE_COUNT:
    case VALUE_FLAG:
        return v->number != 0;
    }
    return false;
}

bool data_holds(const struct form_data *d, const struct condition *c)
{
    if (c->name.n == 0)
        return true;
    const struct form_value *v = data_find(d, c->name);
    bool holds = v && is_true(v);
    if (!v) {
        const struct form_group *g = data_group(d, c->name);
        holds = g && g->n > 0;
    }
    return holds != c->negated;
}
