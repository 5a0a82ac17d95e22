/*
 * The adopted rule sets of this process: read once, kept for its life, found again by their texts.
 * A set never changes, so keeping it is safe. Sets of a what-if live in the caller's arena.
 */
#include "desk/levy/assess.h"

#include <stdlib.h>
#include <string.h>

#define SETS_MAX  64
#define PLANS_MAX 128

struct kept_set {
    struct digest key; /* of names and bodies in force */
    const struct ruleset *rules;
};
struct kept_plan {
    const struct ruleset *rules;
    int fiscal_year;
    struct str goal;
    const struct plan *plan;
};
static struct {
    bool is_open;
    struct arena arena;
    struct kept_set sets[SETS_MAX];
    size_t n_sets;
    struct kept_plan plans[PLANS_MAX];
    size_t n_plans;
} kept;

/* The caller's context with the memory that stays; errors go to the caller's record. */
struct lasting {
    struct context cx;
    struct work *w;
};

static void lasting_begin(struct lasting *l, struct work *w)
{
    if (!kept.is_open) {
        arena_init(&kept.arena, (size_t)512 << 20);
        kept.is_open = true;
    }
    l->w = w;
    l->cx = w->cx;
    l->cx.arena = &kept.arena;
}

static int lasting_end(struct lasting *l, int rc)
{
    if (rc < 0) {
        l->w->cx.error = l->cx.error;
    }
    return rc;
}

/* national, then prefecture, then municipality; a later text wins. */
static int rank_of(struct str name)
{
    return str_starts(name, STR("national/")) ? 0 : str_starts(name, STR("prefecture/")) ? 1 : 2;
}

static int by_rank_and_name(const void *a, const void *b)
{
    const struct adopted *x = a;
    const struct adopted *y = b;
    int rx = rank_of(x->name);
    int ry = rank_of(y->name);
    return rx != ry ? rx - ry : str_compare(x->name, y->name);
}

static struct digest key_of(const struct adopted_list *list)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < list->n; i++) {
        hash_text(&h, list->rows[i].name);
        hash_bytes(&h, (struct str){(const char *)list->rows[i].hash.b, sizeof(struct digest)});
    }
    return hash_end(&h);
}

static const struct ruleset *set_find(const struct digest *key)
{
    for (size_t i = 0; i < kept.n_sets; i++) {
        if (digest_equal(&kept.sets[i].key, key)) {
            return kept.sets[i].rules;
        }
    }
    return NULL;
}

static void set_keep(const struct digest *key, const struct ruleset *rules)
{
    if (kept.n_sets < SETS_MAX) { /* 64 adoptions in one process: later ones are read again */
        kept.sets[kept.n_sets++] = (struct kept_set){*key, rules};
    }
}

static int load_adopted(struct lasting *l, const struct adopted_list *list,
                        const struct ruleset **out)
{
    struct rule_text *texts = ARENA_ARRAY(l->cx.arena, list->n, struct rule_text);
    struct ruleset *rules = NULL;
    if (!texts) {
        return fail(&l->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list->n; i++) {
        texts[i].name = str_copy(l->cx.arena, list->rows[i].name);
        texts[i].text = str_copy(l->cx.arena, list->rows[i].body);
        if (!texts[i].name.p || !texts[i].text.p) {
            return fail(&l->cx, ERR_MEMORY, "memory", NULL);
        }
    }
    int rc = ruleset_load_texts(&l->cx, texts, list->n, &rules);
    *out = rules;
    return rc;
}

/* As known then; the bodies only of a set that this process has not read yet. */
static int adopted_at(struct work *w, int64_t known, bool has_bodies, struct adopted_list *list)
{
    const int64_t seen = w->asof.known;
    w->asof.known = known;
    int rc = has_bodies ? office_adopted(w, STR("rules"), list)
                        : office_adopted_names(w, STR("rules"), list);
    w->asof.known = seen;
    if (rc >= 0 && list->n == 0)
        rc = fail(&w->cx, ERR_NOT_FOUND, "levy.rules.none", NULL);
    if (rc >= 0)
        qsort(list->rows, list->n, sizeof *list->rows, by_rank_and_name);
    return rc;
}

int levy_rules(struct work *w, int64_t known, const struct ruleset **out)
{
    struct adopted_list list;
    struct lasting l;
    int rc = adopted_at(w, known, false, &list);
    if (rc < 0) {
        return rc;
    }
    struct digest key = key_of(&list);
    *out = set_find(&key);
    if (*out) {
        return 0;
    }
    rc = adopted_at(w, known, true, &list);
    if (rc < 0) {
        return rc;
    }
    lasting_begin(&l, w);
    rc = load_adopted(&l, &list, out);
    if (rc >= 0) {
        set_keep(&key, *out);
    }
    return lasting_end(&l, rc);
}

/* "a=1 b=2": settings on top of the adopted set. */
static int rules_with_settings(struct work *w, struct str settings, const struct ruleset **out)
{
    const struct ruleset *base;
    struct rule_setting rows[32];
    struct ruleset *made = NULL;
    size_t n = 0;
    int rc = levy_rules(w, KNOWN_NOW, &base);
    while (rc >= 0 && settings.n > 0) {
        struct str one = str_trim(str_cut(&settings, ' '));
        if (one.n == 0) {
            continue;
        }
        if (n == sizeof rows / sizeof *rows) {
            return fail(&w->cx, ERR_LIMIT, "levy.rules.settings", "max=32");
        }
        rc = rule_setting_parse(&w->cx, one, &rows[n++]);
    }
    rc = rc < 0 ? rc : ruleset_override(&w->cx, base, rows, n, &made);
    *out = made;
    return rc;
}

static int rules_of_directory(struct work *w, struct str name, const struct ruleset **out)
{
    struct str municipality = name;
    char *path = str_c(w->cx.arena, str_cut(&municipality, '#'));
    struct ruleset *made = NULL;
    int rc = path ? ruleset_load_directory(&w->cx, path, municipality, &made)
                  : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    *out = made;
    return rc;
}

int levy_rules_named(struct work *w, struct str name, const struct ruleset **out)
{
    if (name.n == 0 || str_is(name, "adopted")) {
        return levy_rules(w, KNOWN_NOW, out);
    }
    if (str_starts(name, STR("set:"))) {
        struct str settings = STR_NONE;
        const int rc = levy_rate_set(w, (struct str){name.p + 4, name.n - 4}, &settings);
        return rc < 0 ? rc : rules_with_settings(w, settings, out);
    }
    if (memchr(name.p, '=', name.n)) {
        return rules_with_settings(w, name, out);
    }
    if (memchr(name.p, '#', name.n)) {
        return rules_of_directory(w, name, out);
    }
    return fail(&w->cx, ERR_INVALID, "levy.rules.name", STR_FMT, STR_ARG(name));
}

static int goal_plan_new(struct context *cx, const struct ruleset *rules, int fiscal_year,
                         struct str goal, const struct plan **out)
{
    struct plan_request rq = {.fiscal_year = fiscal_year, .goal = goal};
    struct plan *made = NULL;
    int rc = plan_new(cx, rules, &rq, &made);
    *out = made;
    return rc;
}

int levy_plan_new(struct work *w, const struct ruleset *rules, int fiscal_year,
                  const struct plan **out)
{
    return goal_plan_new(&w->cx, rules, fiscal_year, STR("賦課"), out);
}

static bool is_kept(const struct ruleset *rules)
{
    for (size_t i = 0; i < kept.n_sets; i++) {
        if (kept.sets[i].rules == rules) {
            return true;
        }
    }
    return false;
}

int levy_goal_plan(struct work *w, const struct ruleset *rules, int fiscal_year, struct str goal,
                   const struct plan **out)
{
    struct lasting l;
    for (size_t i = 0; i < kept.n_plans; i++) {
        const struct kept_plan *k = &kept.plans[i];
        if (k->rules == rules && k->fiscal_year == fiscal_year && str_equal(k->goal, goal)) {
            *out = k->plan;
            return 0;
        }
    }
    if (!is_kept(rules) || kept.n_plans == PLANS_MAX) {
        return goal_plan_new(&w->cx, rules, fiscal_year, goal, out);
    }
    lasting_begin(&l, w);
    struct kept_plan made = {rules, fiscal_year, str_copy(l.cx.arena, goal), NULL};
    int rc = made.goal.p ? goal_plan_new(&l.cx, rules, fiscal_year, made.goal, &made.plan)
                         : fail(&l.cx, ERR_MEMORY, "memory", NULL);
    rc = lasting_end(&l, rc);
    *out = made.plan;
    if (rc >= 0) {
        kept.plans[kept.n_plans++] = made;
    }
    return rc;
}

int levy_plan(struct work *w, const struct ruleset *rules, int fiscal_year, const struct plan **out)
{
    return levy_goal_plan(w, rules, fiscal_year, STR("賦課"), out);
}

/* The set adopted at one of the two events, if it has this hash. */
int levy_rules_of_hash(struct work *w, const struct digest *hash, const int64_t known[2],
                       const struct ruleset **out)
{
    for (int i = 0; i < 2; i++) {
        int rc = levy_rules(w, known[i], out);
        if (rc < 0 && rc != ERR_NOT_FOUND) {
            return rc;
        }
        if (rc >= 0 && digest_equal(ruleset_hash(*out), hash)) {
            return 0;
        }
        error_clear(&w->cx);
    }
    return fail(&w->cx, ERR_CORRUPT, "levy.rules.hash", NULL);
}

int levy_plan_of_hash(struct work *w, const struct digest *hash, const int64_t known[2],
                      int fiscal_year, const struct plan **out)
{
    const struct ruleset *rules;
    for (size_t i = 0; i < kept.n_plans; i++) {
        if (kept.plans[i].fiscal_year == fiscal_year && str_is(kept.plans[i].goal, "賦課") &&
            digest_equal(ruleset_hash(kept.plans[i].rules), hash)) {
            *out = kept.plans[i].plan;
            return 0;
        }
    }
    int rc = levy_rules_of_hash(w, hash, known, &rules);
    return rc < 0 ? rc : levy_plan(w, rules, fiscal_year, out);
}
