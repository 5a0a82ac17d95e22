#include "law/ruleset.h"

#include "law/check.h"
#include "law/parse.h"

#include <string.h>

/* ---- hashes and field numbers ------------------------------------------------------------- */

static void hash_texts(struct ruleset *r)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, STR("hokenka rule set 1"));
    for (size_t i = 0; i < r->n_texts; i++) {
        hash_text(&h, r->text[i].name);
        hash_text(&h, r->text[i].text);
    }
    r->texts_hash = hash_end(&h);
}

static void hash_set(struct ruleset *r)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_bytes(&h, (struct str){(const char *)r->texts_hash.b, sizeof r->texts_hash.b});
    for (size_t i = 0; i < r->n_settings; i++) {
        hash_text(&h, r->setting[i].name);
        hash_text(&h, r->setting[i].value);
    }
    r->hash = hash_end(&h);
}

static void hash_facts(struct ruleset *r)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    for (size_t i = 0; i < r->n_scopes; i++) {
        hash_text(&h, r->scope[i].name);
        hash_int(&h, r->scope[i].parent);
        hash_int(&h, r->scope[i].derived);
    }
    for (size_t i = 0; i < r->n_items; i++) {
        const struct item *f = &r->item[i];
        if (f->kind != ITEM_FACT)
            continue;
        hash_text(&h, f->name);
        hash_int(&h, f->scope);
        hash_int(&h, f->type.base);
        hash_int(&h, f->type.choice);
        hash_int(&h, f->index_choice);
        hash_int(&h, f->required);
        hash_int(&h, f->fallback.none ? -1 : f->fallback.num);
        for (int c = 0; f->type.choice >= 0 && c < (int)r->choice[f->type.choice].n; c++)
            hash_text(&h, r->choice[f->type.choice].word[c]);
    }
    r->facts_hash = hash_end(&h);
}

static void number_fields(struct ruleset *r)
{
    r->n_fields = 0;
    for (size_t i = 0; i < r->n_items; i++) {
        if (r->item[i].kind != ITEM_FACT)
            continue;
        r->item[i].field = (int)r->n_fields;
        r->n_fields += (size_t)law_item_instances(r, &r->item[i]);
    }
}

/* ---- loading ------------------------------------------------------------------------------ */

static int copy_texts(struct context *cx, struct ruleset *r, const struct rule_text *texts,
                      size_t n)
{
    r->text = ARENA_ARRAY(cx->arena, n, struct rule_text);
    r->heading = ARENA_ARRAY(cx->arena, n, struct heading);
    if (!r->text || !r->heading)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < n; i++) {
        r->text[i].name = str_copy(cx->arena, texts[i].name);
        r->text[i].text = str_copy(cx->arena, texts[i].text);
        if (!r->text[i].name.p || !r->text[i].text.p)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
    }
    r->n_texts = n;
    return OK;
}

int ruleset_load_texts(struct context *cx, const struct rule_text *texts, size_t n,
                       struct ruleset **out)
{
    struct ruleset *r = ARENA_NEW(cx->arena, struct ruleset);
    if (!r)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    if (n == 0 || n > TEXTS_MAX)
        return fail(cx, ERR_LIMIT, "law.load.texts", "texts=%zu maximum=%d", n, TEXTS_MAX);
    int status = copy_texts(cx, r, texts, n);
    for (size_t i = 0; i < n && status == OK; i++)
        status = parse_text(cx, r, i);
    if (status == OK && r->n_scopes == 0)
        status = law_fail_at(cx, r, (struct place){0, 1, 1}, "law.check.root", NULL);
    if (status == OK)
        status = law_check_ruleset(cx, r);
    if (status < 0)
        return status;
    number_fields(r);
    hash_texts(r);
    hash_set(r);
    hash_facts(r);
    *out = r;
    return OK;
}

int ruleset_with_text(struct context *cx, const struct ruleset *base, struct rule_text text,
                      struct ruleset **out)
{
    struct rule_text texts[TEXTS_MAX + 1];
    struct ruleset *bare;
    if (base->n_texts >= TEXTS_MAX)
        return fail(cx, ERR_LIMIT, "law.load.texts", "maximum=%d", TEXTS_MAX);
    memcpy(texts, base->text, base->n_texts * sizeof texts[0]);
    texts[base->n_texts] = text;
    int status = ruleset_load_texts(cx, texts, base->n_texts + 1, &bare);
    if (status < 0 || base->n_settings == 0) {
        if (status == OK)
            *out = bare;
        return status;
    }
    return ruleset_override(cx, bare, base->setting, base->n_settings, out);
}

/* ---- values ------------------------------------------------------------------------------- */

static bool version_sets(const struct item *i, const struct version *v, int word)
{
    if (i->kind == ITEM_DEFINITION)
        return v->body != NULL;
    if (i->stepped)
        return v->n_steps > 0;
    return v->is_set[word];
}

const struct version *law_item_version(const struct item *i, int year, int word)
{
    const struct version *best = NULL;
    int w = word < 0 ? 0 : word;
    for (size_t k = 0; k < i->n; k++) {
        const struct version *v = &i->version[k];
        if (v->from_year > year || !version_sets(i, v, w))
            continue;
        if (!best || v->layer > best->layer ||
            (v->layer == best->layer && v->from_year > best->from_year))
            best = v;
    }
    return best;
}

struct law_value law_parameter_value(const struct item *i, int year, int word)
{
    const struct version *v = law_item_version(i, year, word);
    if (!v || i->stepped)
        return (struct law_value){.type = i->type.base, .none = true, .num = 1, .den = 1};
    return v->value[word < 0 ? 0 : word];
}

static bool choice_value(const struct ruleset *r, int choice, struct str word,
                         struct law_value *out)
{
    const struct symbol *s = law_symbol_find(r, word);
    if (!s || s->kind != SYMBOL_WORD || s->id != choice)
        return false;
    *out = (struct law_value){.type = LAW_CHOICE,
                              .num = s->word,
                              .den = 1,
                              .word = r->choice[choice].word[s->word]};
    return true;
}

static bool strip_suffix(struct str *s, const char *suffix)
{
    struct str x = str_of(suffix);
    if (s->n < x.n || memcmp(s->p + s->n - x.n, x.p, x.n) != 0)
        return false;
    s->n -= x.n;
    return true;
}

static bool number_text(struct str s, enum law_type type, struct law_value *out)
{
    struct ratio ratio;
    bool percent = strip_suffix(&s, "%") || type == LAW_RATIO;
    if (percent && type != LAW_RATIO)
        return false;
    if (type == LAW_YEN)
        strip_suffix(&s, "円");
    if (s.n == 0 || !ratio_parse(s, percent, &ratio) || (type != LAW_RATIO && ratio.den != 1))
        return false;
    if (ratio.num <= -LAW_FACT_LIMIT || ratio.num >= LAW_FACT_LIMIT)
        return false;
    *out = (struct law_value){.type = type, .num = ratio.num, .den = ratio.den};
    return true;
}

int law_setting_value(struct context *cx, const struct ruleset *r, const struct item *item,
                      struct str text, struct law_value *out)
{
    struct ymd day;
    int64_t month;
    struct str s = str_trim(text);
    const enum law_type type = item->type.base;
    if (str_is(s, "なし")) {
        *out = (struct law_value){.type = type, .none = true, .num = 0, .den = 1};
        return OK;
    }
    if (type == LAW_CHOICE && choice_value(r, item->type.choice, s, out))
        return OK;
    if ((type == LAW_YEN || type == LAW_RATIO || type == LAW_COUNT) && number_text(s, type, out))
        return OK;
    if (type == LAW_DATE && ymd_parse(s, &day)) {
        *out = (struct law_value){.type = type, .num = day.day, .den = 1};
        return OK;
    }
    if (type == LAW_TRUTH && (str_is(s, "はい") || str_is(s, "いいえ"))) {
        *out = (struct law_value){.type = type, .num = str_is(s, "はい"), .den = 1};
        return OK;
    }
    if (type == LAW_MONTH && strip_suffix(&s, "月") && str_to_int(s, &month) && month >= 1 &&
        month <= 12) {
        *out = (struct law_value){.type = type, .num = (month + 8) % 12, .den = 1};
        return OK;
    }
    return fail(cx, ERR_INVALID, "law.set.value",
                "name=" STR_FMT " value=" STR_FMT " expected=" STR_FMT, STR_ARG(item->name),
                STR_ARG(text), STR_ARG(law_type_name(r, item->type)));
}

int ruleset_copy(struct context *cx, const struct ruleset *base, struct ruleset **out)
{
    struct ruleset *r = ARENA_NEW(cx->arena, struct ruleset);
    struct item *items = ARENA_ARRAY(cx->arena, base->n_items, struct item);
    if (!r || !items)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    *r = *base;
    r->item = items;
    memcpy(items, base->item, base->n_items * sizeof *items);
    *out = r;
    return OK;
}

int ruleset_put(struct context *cx, struct ruleset *r, int item, int word, struct law_value value)
{
    struct item *i = &r->item[item];
    size_t words = (size_t)law_item_instances(r, i);
    struct version *versions = ARENA_ARRAY(cx->arena, i->n + 1, struct version);
    struct version *v = versions ? &versions[i->n] : NULL;
    if (!v || !(v->value = ARENA_ARRAY(cx->arena, words, struct law_value)) ||
        !(v->is_set = ARENA_ARRAY(cx->arena, words, bool)))
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    if (i->n > 0)
        memcpy(versions, i->version, i->n * sizeof *versions);
    v->from_year = YEAR_ALWAYS;
    v->layer = TEXTS_MAX + (int)i->n; /* above every text, the last one put wins */
    v->at = i->at;
    v->value[word < 0 ? 0 : word] = value;
    v->is_set[word < 0 ? 0 : word] = true;
    i->version = versions;
    i->n++;
    return OK;
}

static int put_setting(struct context *cx, struct ruleset *r, const struct rule_setting *s)
{
    int item, word;
    struct law_value value;
    if (!law_item_by_name(r, s->name, &item, &word))
        return fail(cx, ERR_NOT_FOUND, "law.set.unknown", "name=" STR_FMT, STR_ARG(s->name));
    if (r->item[item].kind != ITEM_PARAMETER || r->item[item].stepped)
        return fail(cx, ERR_INVALID, "law.set.not_parameter", "name=" STR_FMT, STR_ARG(s->name));
    int status = law_setting_value(cx, r, &r->item[item], s->value, &value);
    return status < 0 ? status : ruleset_put(cx, r, item, word, value);
}

int ruleset_override(struct context *cx, const struct ruleset *base,
                     const struct rule_setting *settings, size_t n, struct ruleset **out)
{
    struct ruleset *r;
    int status = ruleset_copy(cx, base, &r);
    if (status < 0)
        return status;
    r->n_settings = base->n_settings + n;
    r->setting = ARENA_ARRAY(cx->arena, r->n_settings + 1, struct rule_setting);
    if (!r->setting)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t i = 0; i < r->n_settings && status == OK; i++) {
        const struct rule_setting *s =
            i < base->n_settings ? &base->setting[i] : &settings[i - base->n_settings];
        r->setting[i] =
            (struct rule_setting){str_copy(cx->arena, s->name), str_copy(cx->arena, s->value)};
        if (!r->setting[i].name.p || !r->setting[i].value.p)
            return fail(cx, ERR_MEMORY, "law.memory", NULL);
        if (i >= base->n_settings)
            status = put_setting(cx, r, &r->setting[i]);
    }
    hash_set(r);
    *out = r;
    return status;
}

int rule_setting_parse(struct context *cx, struct str s, struct rule_setting *out)
{
    const char *equals = s.n ? memchr(s.p, '=', s.n) : NULL;
    if (!equals || equals == s.p || equals == s.p + s.n - 1)
        return fail(cx, ERR_INVALID, "law.set.form", "value=" STR_FMT, STR_ARG(s));
    out->name = str_trim((struct str){s.p, (size_t)(equals - s.p)});
    out->value = str_trim((struct str){equals + 1, (size_t)(s.p + s.n - equals - 1)});
    return OK;
}

/* ---- what others ask of a set ------------------------------------------------------------- */

const struct digest *ruleset_hash(const struct ruleset *r)
{
    return &r->hash;
}

bool ruleset_same_facts(const struct ruleset *a, const struct ruleset *b)
{
    return digest_equal(&a->facts_hash, &b->facts_hash);
}

size_t ruleset_texts(const struct ruleset *r, const struct rule_text **texts)
{
    *texts = r->text;
    return r->n_texts;
}

struct str ruleset_municipality_name(const struct ruleset *r)
{
    for (size_t i = r->n_texts; i-- > 0;)
        if (r->heading[i].municipality.p)
            return r->heading[i].municipality;
    return STR_NONE;
}

size_t ruleset_choice(const struct ruleset *r, struct str name, const struct str **words)
{
    const struct symbol *s = law_symbol_find(r, name);
    if (!s || s->kind != SYMBOL_CHOICE)
        return 0;
    *words = r->choice[s->id].word;
    return r->choice[s->id].n;
}
