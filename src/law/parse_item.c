#include "law/parse.h"

#include <string.h>

/* A new item under a new name. */
static int new_item(struct parser *p, struct item item, struct item **out)
{
    struct ruleset *r = p->r;
    struct symbol s = {.name = item.name, .kind = SYMBOL_ITEM, .id = (int)r->n_items};
    if (r->n_items >= ITEMS_MAX)
        return law_fail_at(p->cx, r, item.at, "law.parse.items", "maximum=%d", ITEMS_MAX);
    int status = law_symbol_add(p->cx, r, s, item.at);
    if (status < 0)
        return status;
    if (law_grow(p->cx, &r->item, r->n_items, sizeof *r->item) < 0)
        return ERR_MEMORY;
    r->item[r->n_items] = item;
    *out = &r->item[r->n_items++];
    return OK;
}

/* ":" 円 | 割合 | 件 | 日 | 月 | 月集合 | 真偽 | the name of a choice */
static int parse_type(struct parser *p, struct type *out)
{
    static const char *const names[] = {"円", "割合", "件", "日", "月", "月集合", "真偽"};
    const struct token *t = parse_peek(p);
    if (t->kind != TOKEN_WORD)
        return parse_expected(p, "TYPE");
    for (int i = 0; i < 7; i++) {
        if (str_is(t->text, names[i])) {
            parse_next(p);
            *out = (struct type){(enum law_type)i, -1};
            return OK;
        }
    }
    const struct symbol *s = law_symbol_find(p->r, t->text);
    if (!s || s->kind != SYMBOL_CHOICE)
        return parse_expected(p, "TYPE");
    parse_next(p);
    *out = (struct type){LAW_CHOICE, s->id};
    return OK;
}

static int parse_choice_name(struct parser *p, int *choice)
{
    const struct symbol *s = law_symbol_find(p->r, parse_peek(p)->text);
    if (!s || s->kind != SYMBOL_CHOICE)
        return parse_expected(p, "CHOICE");
    parse_next(p);
    *choice = s->id;
    return OK;
}

/* [ "(" CHOICE ")" ] of facts and definitions */
static int parse_index(struct parser *p, int *choice)
{
    *choice = -1;
    if (!parse_take_sign(p, '('))
        return OK;
    int status = parse_choice_name(p, choice);
    return status < 0 ? status : parse_want_sign(p, ')');
}

/* "[" SCOPE "]" */
static int parse_scope(struct parser *p, int *scope)
{
    int status = parse_want_sign(p, '[');
    if (status < 0)
        return status;
    const struct symbol *s = law_symbol_find(p->r, parse_peek(p)->text);
    if (!s || s->kind != SYMBOL_SCOPE)
        return parse_expected(p, "SCOPE");
    parse_next(p);
    *scope = s->id;
    return parse_want_sign(p, ']');
}

/* LABEL [ "根拠" TEXT ] */
static int parse_label(struct parser *p, struct item *item)
{
    int status = parse_want_text(p, &item->label);
    if (status == OK && parse_take_word(p, "根拠"))
        status = parse_want_text(p, &item->article);
    return status;
}

/* A literal of the item's type, choice words resolved. "なし" and "未定" fit every type. */
static int item_value(struct parser *p, struct type type, struct law_value *out)
{
    const struct token *t = parse_peek(p);
    struct expr *e;
    int status = parse_value(p, &e);
    if (status < 0)
        return status;
    if (e->kind == EXPR_REFER) {
        const struct symbol *s = law_symbol_find(p->r, e->name);
        if (!s || s->kind != SYMBOL_WORD || type.base != LAW_CHOICE || s->id != type.choice)
            return law_fail_at(p->cx, p->r, t->at, "law.check.value",
                               "expected=" STR_FMT " got=" STR_FMT,
                               STR_ARG(law_type_name(p->r, type)), STR_ARG(t->text));
        *out = (struct law_value){.type = LAW_CHOICE, .num = s->word, .den = 1, .word = e->name};
        return OK;
    }
    if (e->kind == EXPR_CALL && type.base == LAW_MONTHS && e->op == OP_MONTHS_OF) {
        *out = (struct law_value){.type = LAW_MONTHS, .den = 1};
        for (uint32_t i = 0; i < e->n; i++) {
            if (e->arg[i]->kind != EXPR_VALUE || e->arg[i]->value.type != LAW_MONTH)
                return law_fail_at(p->cx, p->r, e->arg[i]->at, "law.check.value", "expected=%s",
                                   "4月");
            out->num |= INT64_C(1) << e->arg[i]->value.num;
        }
        return OK;
    }
    *out = e->value;
    if (out->none) {
        out->type = type.base;
        return OK;
    }
    if (out->type == LAW_RATIO && type.base == LAW_RATIO)
        return OK;
    if (out->type == LAW_COUNT && type.base == LAW_RATIO) {
        out->type = LAW_RATIO;
        return OK;
    }
    if (e->kind != EXPR_VALUE || out->type != type.base)
        return law_fail_at(p->cx, p->r, t->at, "law.check.value",
                           "expected=" STR_FMT " got=" STR_FMT, STR_ARG(law_type_name(p->r, type)),
                           STR_ARG(t->text));
    return OK;
}

/* "事実" NAME [ index ] scope ":" type label [ "既定" value ] */
int parse_fact(struct parser *p)
{
    struct item item = {.kind = ITEM_FACT,
                        .at = parse_next(p)->at,
                        .layer = p->layer,
                        .required = true};
    struct item *made;
    int status;
    if ((status = parse_want_name(p, &item.name)) < 0 ||
        (status = parse_index(p, &item.index_choice)) < 0 ||
        (status = parse_scope(p, &item.scope)) < 0 || (status = parse_want_sign(p, ':')) < 0 ||
        (status = parse_type(p, &item.type)) < 0 || (status = parse_label(p, &item)) < 0)
        return status;
    if (p->r->scope[item.scope].derived)
        return law_fail_at(p->cx, p->r, item.at, "law.check.derived", "scope=" STR_FMT,
                           STR_ARG(p->r->scope[item.scope].name));
    if (item.type.base == LAW_RATIO)
        return law_fail_at(p->cx, p->r, item.at, "law.check.fact_ratio", "name=" STR_FMT,
                           STR_ARG(item.name));
    if (parse_take_word(p, "既定")) {
        item.required = false;
        if ((status = item_value(p, item.type, &item.fallback)) < 0)
            return status;
    }
    return new_item(p, item, &made);
}

/* ---- dated values ------------------------------------------------------------------------- */

static int parse_steps(struct parser *p, const struct item *item, struct version *v)
{
    int status = OK;
    for (bool last = false; !last && status == OK;) {
        struct step step = {0};
        last = parse_take_word(p, "他");
        if (!last) {
            if ((status = item_value(p, item->argument_type, &step.until)) < 0)
                return status;
            step.inclusive = parse_take_word(p, "以下");
            if (!step.inclusive && (status = parse_want_word(p, "未満")) < 0)
                return status;
            if (v->n_steps > 0 &&
                ratio_compare((struct ratio){step.until.num, step.until.den},
                              (struct ratio){v->steps[v->n_steps - 1].until.num,
                                             v->steps[v->n_steps - 1].until.den}) <= 0)
                return law_fail_at(p->cx, p->r, v->at, "law.check.steps", NULL);
        }
        if ((status = item_value(p, item->type, &step.value)) < 0)
            return status;
        if (v->n_steps >= STEPS_MAX)
            return law_fail_at(p->cx, p->r, v->at, "law.check.steps", "maximum=%d", STEPS_MAX);
        if (law_grow(p->cx, &v->steps, v->n_steps, sizeof *v->steps) < 0)
            return ERR_MEMORY;
        v->steps[v->n_steps++] = step;
        if (!last)
            status = parse_want_sign(p, ';');
    }
    return status;
}

/* "医療 7.71% 支援 2.69%" */
static int parse_indexed_values(struct parser *p, const struct item *item, struct version *v)
{
    const struct choice *c = &p->r->choice[item->index_choice];
    for (;;) {
        const struct token *t = parse_peek(p);
        const struct symbol *s = t->kind == TOKEN_WORD ? law_symbol_find(p->r, t->text) : NULL;
        if (!s || s->kind != SYMBOL_WORD || s->id != item->index_choice)
            break;
        parse_next(p);
        if (v->is_set[s->word])
            return law_fail_at(p->cx, p->r, t->at, "law.check.twice", "name=" STR_FMT,
                               STR_ARG(t->text));
        v->is_set[s->word] = true;
        int status = item_value(p, item->type, &v->value[s->word]);
        if (status < 0)
            return status;
        parse_take_sign(p, ',');
    }
    for (size_t i = 0; i < c->n; i++)
        if (v->is_set[i])
            return OK;
    return parse_expected(p, "VALUE");
}

static int parse_values(struct parser *p, const struct item *item, struct version *v)
{
    size_t n = item->index_choice >= 0 ? p->r->choice[item->index_choice].n : 1;
    v->value = ARENA_ARRAY(p->cx->arena, n, struct law_value);
    v->is_set = ARENA_ARRAY(p->cx->arena, n, bool);
    if (!v->value || !v->is_set)
        return fail(p->cx, ERR_MEMORY, "law.memory", NULL);
    if (item->stepped) {
        v->is_set[0] = true;
        return parse_steps(p, item, v);
    }
    if (item->index_choice >= 0)
        return parse_indexed_values(p, item, v);
    v->is_set[0] = true;
    return item_value(p, item->type, &v->value[0]);
}

static int parse_version(struct parser *p, const struct item *item, struct version *v)
{
    const struct token *from = parse_next(p);
    *v = (struct version){.from_year = (int32_t)from->value.num, .layer = p->layer, .at = from->at};
    const struct token *first;
    int status;
    if (item->kind == ITEM_DEFINITION) {
        if ((status = parse_want_sign(p, '=')) < 0)
            return status;
        first = parse_peek(p);
        status = parse_expression(p, &v->body);
    } else {
        first = parse_peek(p);
        status = parse_values(p, item, v);
    }
    if (status < 0)
        return status;
    v->written = parse_written(p, first);
    if (parse_take_word(p, "出所") && (status = parse_want_text(p, &v->source)) < 0)
        return status;
    if (parse_take_word(p, "未確認"))
        status = parse_want_text(p, &v->unconfirmed);
    return status;
}

/* { FROM values } behind an item's head. */
static int parse_versions(struct parser *p, int id)
{
    struct item *item = &p->r->item[id];
    size_t before = item->n;
    while (parse_peek(p)->kind == TOKEN_YEAR && parse_peek(p)->from) {
        struct version v;
        int status = parse_version(p, item, &v);
        if (status < 0)
            return status;
        for (size_t i = before; i < item->n; i++)
            if (item->version[i].from_year == v.from_year)
                return law_fail_at(p->cx, p->r, v.at, "law.check.twice", "name=" STR_FMT " year=%d",
                                   STR_ARG(item->name), v.from_year);
        if (item->n >= VERSIONS_MAX)
            return law_fail_at(p->cx, p->r, v.at, "law.check.versions", "maximum=%d", VERSIONS_MAX);
        if (law_grow(p->cx, &item->version, item->n, sizeof *item->version) < 0)
            return ERR_MEMORY;
        item->version[item->n++] = v;
    }
    return item->n > before ? OK : parse_expected(p, "令和8年度から");
}

/* "値" NAME [ "(" CHOICE | NAME ":" type ")" ] ":" type label { FROM values } */
int parse_parameter(struct parser *p)
{
    struct item item = {.kind = ITEM_PARAMETER,
                        .at = parse_next(p)->at,
                        .layer = p->layer,
                        .scope = -1,
                        .index_choice = -1};
    struct item *made;
    struct str argument;
    int status = parse_want_name(p, &item.name);
    if (status < 0)
        return status;
    if (parse_take_sign(p, '(')) {
        item.stepped = p->token[p->at + 1].kind == TOKEN_SIGN && p->token[p->at + 1].sign == ':';
        if (item.stepped) {
            if ((status = parse_want_name(p, &argument)) < 0 ||
                (status = parse_want_sign(p, ':')) < 0 ||
                (status = parse_type(p, &item.argument_type)) < 0)
                return status;
        } else if ((status = parse_choice_name(p, &item.index_choice)) < 0) {
            return status;
        }
        if ((status = parse_want_sign(p, ')')) < 0)
            return status;
    }
    if ((status = parse_want_sign(p, ':')) < 0 || (status = parse_type(p, &item.type)) < 0 ||
        (status = parse_label(p, &item)) < 0 || (status = new_item(p, item, &made)) < 0)
        return status;
    return parse_versions(p, (int)(made - p->r->item));
}

/* "定め" NAME [ "根拠" TEXT ] { FROM values }: an ordinance sets what the law leaves to it. */
int parse_setting(struct parser *p)
{
    const struct token *t = parse_next(p);
    struct str name;
    int status = parse_want_name(p, &name);
    if (status < 0)
        return status;
    const struct symbol *s = law_symbol_find(p->r, name);
    if (!s || s->kind != SYMBOL_ITEM || p->r->item[s->id].kind != ITEM_PARAMETER)
        return law_fail_at(p->cx, p->r, t[1].at, "law.check.not_parameter", "name=" STR_FMT,
                           STR_ARG(name));
    if (p->r->item[s->id].layer >= p->layer)
        return law_fail_at(p->cx, p->r, t[1].at, "law.check.same_layer", "name=" STR_FMT,
                           STR_ARG(name));
    struct str article; /* of the ordinance: read by people, kept in the text */
    if (parse_take_word(p, "根拠") && (status = parse_want_text(p, &article)) < 0)
        return status;
    return parse_versions(p, s->id);
}

/* An ordinance defines anew what the law lets it (自治体). */
static int redefine(struct parser *p, int id, const struct item *head)
{
    struct item *old = &p->r->item[id];
    if (old->kind != ITEM_DEFINITION || !old->replaceable || old->layer >= p->layer)
        return law_fail_at(p->cx, p->r, head->at, "law.check.taken", "name=" STR_FMT,
                           STR_ARG(head->name));
    if (old->type.base != head->type.base || old->type.choice != head->type.choice ||
        old->scope != head->scope || old->index_choice != head->index_choice)
        return law_fail_at(p->cx, p->r, head->at, "law.check.redefine", "name=" STR_FMT,
                           STR_ARG(head->name));
    return parse_versions(p, id);
}

/* "定義" NAME [ index ] scope ":" type label [ "自治体" ] { FROM "=" expression } */
int parse_definition(struct parser *p)
{
    struct item item = {.kind = ITEM_DEFINITION, .at = parse_next(p)->at, .layer = p->layer};
    struct item *made;
    int status;
    if ((status = parse_want_name(p, &item.name)) < 0 ||
        (status = parse_index(p, &item.index_choice)) < 0 ||
        (status = parse_scope(p, &item.scope)) < 0 || (status = parse_want_sign(p, ':')) < 0 ||
        (status = parse_type(p, &item.type)) < 0 || (status = parse_label(p, &item)) < 0)
        return status;
    item.replaceable = parse_take_word(p, "自治体");
    const struct symbol *s = law_symbol_find(p->r, item.name);
    if (s && s->kind == SYMBOL_ITEM)
        return redefine(p, s->id, &item);
    if ((status = new_item(p, item, &made)) < 0)
        return status;
    return parse_versions(p, (int)(made - p->r->item));
}
