#include "law/parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SYMBOL_SLOTS = 16384 };

static size_t name_slot(struct str name)
{
    uint64_t h = 14695981039346656037u;
    for (size_t i = 0; i < name.n; i++)
        h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
    return (size_t)(h ^ (h >> 29));
}

const struct symbol *law_symbol_find(const struct ruleset *r, struct str name)
{
    if (r->n_slots == 0)
        return NULL;
    for (size_t i = name_slot(name);; i++) {
        const struct symbol *s = &r->symbol[i & (r->n_slots - 1)];
        if (!s->name.p)
            return NULL;
        if (str_equal(s->name, name))
            return s;
    }
}

int law_symbol_add(struct context *cx, struct ruleset *r, struct symbol s, struct place at)
{
    if (r->n_slots == 0) {
        r->symbol = ARENA_ARRAY(cx->arena, SYMBOL_SLOTS, struct symbol);
        if (!r->symbol)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        r->n_slots = SYMBOL_SLOTS;
    }
    if (law_symbol_find(r, s.name))
        return law_fail_at(cx, r, at, "law.check.taken", "name=" STR_FMT, STR_ARG(s.name));
    size_t probes = 0, i = name_slot(s.name);
    while (r->symbol[i & (r->n_slots - 1)].name.p) {
        if (++probes > SYMBOL_SLOTS / 2)
            return law_fail_at(cx, r, at, "law.parse.items", "maximum=%d", SYMBOL_SLOTS / 2);
        i++;
    }
    r->symbol[i & (r->n_slots - 1)] = s;
    return OK;
}

int law_item_instances(const struct ruleset *r, const struct item *i)
{
    return i->index_choice < 0 ? 1 : (int)r->choice[i->index_choice].n;
}

struct str law_item_instance_name(struct arena *a, const struct ruleset *r, const struct item *i,
                                  int word)
{
    if (i->index_choice < 0 || word < 0)
        return i->name;
    struct str w = r->choice[i->index_choice].word[word];
    struct str name = str_format(a, STR_FMT "." STR_FMT, STR_ARG(w), STR_ARG(i->name));
    return name.p ? name : i->name;
}

static bool item_of(const struct ruleset *r, struct str name, struct str index, int *item,
                    int *word)
{
    const struct symbol *s = law_symbol_find(r, str_trim(name));
    if (!s || s->kind != SYMBOL_ITEM)
        return false;
    const struct item *i = &r->item[s->id];
    *item = s->id;
    *word = INDEX_NONE;
    if (!index.p)
        return i->index_choice < 0;
    const struct symbol *w = law_symbol_find(r, str_trim(index));
    if (!w || w->kind != SYMBOL_WORD || w->id != i->index_choice)
        return false;
    *word = w->word;
    return true;
}

bool law_item_by_name(const struct ruleset *r, struct str name, int *item, int *word)
{
    struct str rest = str_trim(name);
    const char *bracket = rest.n ? memchr(rest.p, '(', rest.n) : NULL;
    if (bracket && rest.p[rest.n - 1] == ')') {
        size_t before = (size_t)(bracket - rest.p);
        struct str index = {bracket + 1, rest.n - before - 2};
        return item_of(r, (struct str){rest.p, before}, index, item, word);
    }
    const char *dot = rest.n ? memchr(rest.p, '.', rest.n) : NULL;
    if (!dot)
        return item_of(r, rest, STR_NONE, item, word);
    size_t before = (size_t)(dot - rest.p);
    struct str item_name = {dot + 1, rest.n - before - 1};
    return item_of(r, item_name, (struct str){rest.p, before}, item, word);
}

struct str law_type_name(const struct ruleset *r, struct type t)
{
    static const char *const names[] = {"円", "割合", "件", "日", "月", "月集合", "真偽", "選択"};
    if (t.base == LAW_CHOICE && t.choice >= 0 && (size_t)t.choice < r->n_choices)
        return r->choice[t.choice].name;
    return str_of(names[t.base]);
}

struct str law_place_name(const struct ruleset *r, struct place at)
{
    return at.text < r->n_texts ? r->text[at.text].name : STR("?");
}

int law_fail_at(struct context *cx, const struct ruleset *r, struct place at, const char *message,
                const char *facts, ...)
{
    struct text t;
    text_init(&t, sizeof cx->error.facts - 1);
    if (facts) {
        va_list args;
        char buffer[sizeof cx->error.facts];
        va_start(args, facts);
        vsnprintf(buffer, sizeof buffer, facts, args);
        va_end(args);
        text_adds(&t, buffer);
    }
    fail(cx, ERR_SYNTAX, message, "%s", t.p ? t.p : "");
    text_release(&t);
    char file[256];
    snprintf(file, sizeof file, STR_FMT, STR_ARG(law_place_name(r, at)));
    return fail_where(cx, file, (int)at.line, at.column, NULL);
}

int law_scope_depth(const struct ruleset *r, int scope)
{
    int depth = 0;
    while (scope >= 0 && r->scope[scope].parent >= 0) {
        scope = r->scope[scope].parent;
        depth++;
    }
    return depth;
}

bool law_scope_above(const struct ruleset *r, int a, int b)
{
    while (b >= 0 && b != a)
        b = r->scope[b].parent;
    return a < 0 || b == a;
}
