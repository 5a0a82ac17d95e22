/* show: a set as a lawyer reads it: one definition with its versions, two sets side by side. */
#include "law/ruleset.h"

#include <string.h>

struct names {
    struct context *cx;
    struct str *name;
    size_t n;
};

static int add_name(struct names *l, struct str name)
{
    for (size_t i = 0; i < l->n; i++)
        if (str_equal(l->name[i], name))
            return OK;
    size_t n = l->n;
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        struct str *more = ARENA_ARRAY(l->cx->arena, n ? n * 2 : 16, struct str);
        if (!more)
            return fail(l->cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, l->name, n * sizeof *more);
        l->name = more;
    }
    l->name[l->n++] = name;
    return OK;
}

static struct str year_text(struct context *cx, int year)
{
    struct text t;
    if (year == YEAR_ALWAYS)
        return STR("全年度");
    text_init(&t, 64);
    text_add_fiscal_year(&t, year);
    text_adds(&t, "から");
    struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s;
}

/* A formula on one line: blanks and line ends run together. */
static struct str on_one_line(struct context *cx, struct str s)
{
    struct text t;
    bool blank = false;
    text_init(&t, TEXT_MAX);
    for (size_t i = 0; i < s.n; i++) {
        bool is_blank = s.p[i] == ' ' || s.p[i] == '\n' || s.p[i] == '\r' || s.p[i] == '\t';
        if (!is_blank && blank && t.n > 0)
            text_addc(&t, ' ');
        blank = is_blank;
        if (!is_blank)
            text_addc(&t, s.p[i]);
    }
    struct str out = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return out;
}

/* A value put on from outside has no text of its own. */
static struct str version_text(struct context *cx, const struct item *item, const struct version *v)
{
    struct text t;
    if (v->written.p)
        return on_one_line(cx, v->written);
    text_init(&t, 4000);
    for (size_t i = 0; v->value && i < WORDS_MAX && (item->index_choice >= 0 || i == 0); i++)
        if (v->is_set[i]) {
            text_add_law_value(&t, &v->value[i]);
            break;
        }
    struct str out = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return out;
}

/* ---- one item ----------------------------------------------------------------------------- */

static int add_uses(struct names *l, const struct ruleset *r, const struct expr *e)
{
    int status = OK;
    if (!e)
        return OK;
    if (e->kind == EXPR_REFER || e->kind == EXPR_TABLE)
        status = add_name(l, r->item[e->item].name);
    for (uint32_t i = 0; i < e->n && status == OK; i++)
        status = add_uses(l, r, e->arg[i]);
    return status;
}

static bool refers(const struct expr *e, int item)
{
    if (!e)
        return false;
    if ((e->kind == EXPR_REFER || e->kind == EXPR_TABLE) && e->item == item)
        return true;
    for (uint32_t i = 0; i < e->n; i++)
        if (refers(e->arg[i], item))
            return true;
    return false;
}

static int add_users(struct names *l, const struct ruleset *r, int item)
{
    int status = OK;
    for (size_t i = 0; i < r->n_items && status == OK; i++)
        for (size_t v = 0; v < r->item[i].n && status == OK; v++)
            if (refers(r->item[i].version[v].body, item))
                status = add_name(l, r->item[i].name);
    return status;
}

static struct str signature(struct context *cx, const struct ruleset *r, const struct item *i)
{
    struct text t;
    text_init(&t, 400);
    if (i->index_choice >= 0)
        text_addf(&t, "(" STR_FMT ") ", STR_ARG(r->choice[i->index_choice].name));
    if (i->stepped)
        text_addf(&t, "(" STR_FMT ") ", STR_ARG(law_type_name(r, i->argument_type)));
    if (i->scope >= 0)
        text_addf(&t, "[" STR_FMT "] ", STR_ARG(r->scope[i->scope].name));
    text_addf(&t, ": " STR_FMT, STR_ARG(law_type_name(r, i->type)));
    struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s;
}

static int list_versions(struct context *cx, const struct item *i, struct rule_item *out)
{
    struct rule_version *rows = ARENA_ARRAY(cx->arena, i->n + 1, struct rule_version);
    if (!rows)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    for (size_t k = 0; k < i->n; k++) {
        const struct version *v = &i->version[k];
        size_t at = k;
        for (; at > 0 && rows[at - 1].fiscal_year < v->from_year; at--)
            rows[at] = rows[at - 1];
        rows[at] = (struct rule_version){year_text(cx, v->from_year), v->from_year,
                                         version_text(cx, i, v)};
        if (v->unconfirmed.p && !out->note.p)
            out->note = v->unconfirmed;
    }
    out->versions = rows;
    out->n_versions = i->n;
    return OK;
}

int ruleset_item(struct context *cx, const struct ruleset *r, struct str name,
                 struct rule_item *out)
{
    static const char *const kinds[] = {"事実", "値", "定義", "月集合"};
    const struct symbol *s = law_symbol_find(r, name);
    int id = s && s->kind == SYMBOL_ITEM ? s->id : -1, word;
    if (id < 0 && !law_item_by_name(r, name, &id, &word))
        return fail(cx, ERR_NOT_FOUND, "law.plan.unknown", "name=" STR_FMT, STR_ARG(name));
    const struct item *i = &r->item[id];
    struct names uses = {.cx = cx}, users = {.cx = cx};
    *out = (struct rule_item){.kind = str_of(kinds[i->kind]),
                              .name = i->name,
                              .label = i->label,
                              .signature = signature(cx, r, i),
                              .article = i->article,
                              .file = law_place_name(r, i->at),
                              .line = (int)i->at.line};
    int status = list_versions(cx, i, out);
    for (size_t v = 0; v < i->n && status == OK; v++)
        status = add_uses(&uses, r, i->version[v].body);
    if (status == OK)
        status = add_users(&users, r, id);
    out->uses = uses.name;
    out->n_uses = uses.n;
    out->users = users.name;
    out->n_users = users.n;
    return status;
}

size_t ruleset_items(struct context *cx, const struct ruleset *r, const struct str **names)
{
    struct names l = {.cx = cx};
    for (size_t i = 0; i < r->n_items; i++)
        if (r->item[i].kind != ITEM_MONTHS && add_name(&l, r->item[i].name) < 0)
            return 0;
    *names = l.name;
    return l.n;
}

/* ---- two sets ----------------------------------------------------------------------------- */

struct changes {
    struct context *cx;
    struct rule_change *row;
    size_t n;
};

static int add_change(struct changes *c, struct rule_change change)
{
    size_t n = c->n;
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        struct rule_change *more = ARENA_ARRAY(c->cx->arena, n ? n * 2 : 16, struct rule_change);
        if (!more)
            return fail(c->cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, c->row, n * sizeof *more);
        c->row = more;
    }
    c->row[c->n++] = change;
    return OK;
}

static struct rule_change change_of(const struct ruleset *r, const struct item *i)
{
    static const char *const kinds[] = {"事実", "値", "定義", "月集合"};
    (void)r;
    return (struct rule_change){.kind = str_of(kinds[i->kind]), .name = i->name, .label = i->label};
}

static const struct item *item_named(const struct ruleset *r, struct str name)
{
    const struct symbol *s = law_symbol_find(r, name);
    return s && s->kind == SYMBOL_ITEM ? &r->item[s->id] : NULL;
}

static bool has_year(const struct item *i, int year)
{
    for (size_t k = 0; i && k < i->n; k++)
        if (i->version[k].from_year == year)
            return true;
    return false;
}

/* What holds of an item from a year on, written out; index words each on their own. */
static struct str in_force(struct context *cx, const struct ruleset *r, const struct item *i,
                           int year, int word)
{
    struct text t;
    const struct version *v =
        i ? law_item_version(i, year == YEAR_ALWAYS ? YEAR_LAST : year, word) : NULL;
    (void)r;
    if (!v)
        return STR_NONE;
    if (i->kind == ITEM_DEFINITION || i->stepped)
        return version_text(cx, i, v);
    text_init(&t, 400);
    const struct law_value *value = &v->value[word < 0 ? 0 : word];
    if (value->none && value->num == VALUE_LEFT_OPEN)
        text_adds(&t, "未定");
    else
        text_add_law_value(&t, value);
    struct str s = str_copy(cx->arena, text_str(&t));
    text_release(&t);
    return s;
}

static int diff_year(struct changes *c, const struct ruleset *a, const struct ruleset *b,
                     const struct item *ia, const struct item *ib, int year)
{
    const struct item *i = ib ? ib : ia;
    const struct ruleset *r = ib ? b : a;
    bool by_word = i->index_choice >= 0 && i->kind == ITEM_PARAMETER;
    int words = by_word ? law_item_instances(r, i) : 1, status = OK;
    for (int w = 0; w < words && status == OK; w++) {
        int word = by_word ? w : INDEX_NONE;
        struct str before = in_force(c->cx, a, ia, year, word),
                   after = in_force(c->cx, b, ib, year, word);
        if ((before.p == NULL) == (after.p == NULL) && str_equal(before, after))
            continue;
        struct rule_change change = change_of(r, i);
        change.name = by_word ? law_item_instance_name(c->cx->arena, r, i, w) : i->name;
        change.effective = year_text(c->cx, year);
        change.before = before;
        change.after = after;
        status = add_change(c, change);
    }
    return status;
}

static int diff_item(struct changes *c, const struct ruleset *a, const struct ruleset *b,
                     const struct item *ia, const struct item *ib)
{
    int status = OK;
    for (size_t k = 0; ib && k < ib->n && status == OK; k++) {
        bool again = false;
        for (size_t j = 0; j < k; j++)
            again = again || ib->version[j].from_year == ib->version[k].from_year;
        if (!again)
            status = diff_year(c, a, b, ia, ib, ib->version[k].from_year);
    }
    for (size_t k = 0; ia && k < ia->n && status == OK; k++)
        if (!has_year(ib, ia->version[k].from_year))
            status = diff_year(c, a, b, ia, ib, ia->version[k].from_year);
    return status;
}

int ruleset_diff(struct context *cx, const struct ruleset *a, const struct ruleset *b,
                 const struct rule_change **rows, size_t *n)
{
    struct changes c = {.cx = cx};
    int status = OK;
    for (size_t i = 0; i < b->n_items && status == OK; i++)
        if (b->item[i].kind == ITEM_PARAMETER || b->item[i].kind == ITEM_DEFINITION)
            status = diff_item(&c, a, b, item_named(a, b->item[i].name), &b->item[i]);
    for (size_t i = 0; i < a->n_items && status == OK; i++)
        if ((a->item[i].kind == ITEM_PARAMETER || a->item[i].kind == ITEM_DEFINITION) &&
            !item_named(b, a->item[i].name))
            status = diff_item(&c, a, b, &a->item[i], NULL);
    *rows = c.row;
    *n = c.n;
    return status;
}
