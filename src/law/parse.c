#include "law/parse.h"

#include <string.h>

/* "規則" TEXT [ "根拠" TEXT ] [ "自治体" NAME ] [ "広域" NAME ] [ "所属" NAME ] */
static int parse_heading(struct parser *p)
{
    struct heading *h = &p->r->heading[p->layer];
    parse_next(p);
    int status = parse_want_text(p, &h->title);
    if (status == OK && parse_take_word(p, "根拠"))
        status = parse_want_text(p, &h->article);
    if (status == OK && parse_take_word(p, "自治体"))
        status = parse_want_name(p, &h->municipality);
    if (status == OK && parse_take_word(p, "広域"))
        status = parse_want_name(p, &h->region);
    if (status == OK && parse_take_word(p, "所属"))
        status = parse_want_name(p, &h->belongs);
    return status;
}

static int add_word(struct parser *p, struct choice *c, struct place at)
{
    struct str word;
    int status = parse_want_name(p, &word);
    if (status < 0)
        return status;
    if (c->n >= WORDS_MAX)
        return law_fail_at(p->cx, p->r, at, "law.parse.items", "maximum=%d", WORDS_MAX);
    struct symbol s = {.name = word,
                       .kind = SYMBOL_WORD,
                       .id = (int)p->r->n_choices,
                       .word = (int)c->n};
    if ((status = law_symbol_add(p->cx, p->r, s, at)) < 0)
        return status;
    if (law_grow(p->cx, &c->word, c->n, sizeof *c->word) < 0)
        return ERR_MEMORY;
    c->word[c->n++] = word;
    return OK;
}

/* "選択" NAME TEXT "=" NAME { "," NAME } */
static int parse_choice_statement(struct parser *p)
{
    struct choice c = {.at = parse_next(p)->at};
    int status;
    if ((status = parse_want_name(p, &c.name)) < 0 || (status = parse_want_text(p, &c.label)) < 0 ||
        (status = parse_want_sign(p, '=')) < 0)
        return status;
    if (p->r->n_choices >= CHOICES_MAX)
        return law_fail_at(p->cx, p->r, c.at, "law.parse.items", "maximum=%d", CHOICES_MAX);
    struct symbol s = {.name = c.name, .kind = SYMBOL_CHOICE, .id = (int)p->r->n_choices};
    if ((status = law_symbol_add(p->cx, p->r, s, c.at)) < 0)
        return status;
    do {
        if ((status = add_word(p, &c, parse_peek(p)->at)) < 0)
            return status;
    } while (parse_take_sign(p, ','));
    if (law_grow(p->cx, &p->r->choice, p->r->n_choices, sizeof *p->r->choice) < 0)
        return ERR_MEMORY;
    p->r->choice[p->r->n_choices++] = c;
    return OK;
}

/* [ "各" SCOPE ":" ] expression */
static int parse_part(struct parser *p, struct scope *s)
{
    int over = -1, status;
    if (parse_take_word(p, "各")) {
        const struct symbol *found = law_symbol_find(p->r, parse_peek(p)->text);
        if (!found || found->kind != SYMBOL_SCOPE)
            return parse_expected(p, "SCOPE");
        parse_next(p);
        over = found->id;
        if ((status = parse_want_sign(p, ':')) < 0)
            return status;
    }
    if (law_grow(p->cx, &s->part, s->n_parts, sizeof *s->part) < 0 ||
        law_grow(p->cx, &s->part_over, s->n_parts, sizeof *s->part_over) < 0)
        return ERR_MEMORY;
    s->part_over[s->n_parts] = over;
    if ((status = parse_expression(p, &s->part[s->n_parts])) < 0)
        return status;
    s->n_parts++;
    return OK;
}

/* "区分け" NAME "=" part { "," part }: NAME is the months of a derived row. */
static int parse_split(struct parser *p, struct scope *s)
{
    struct item months = {.kind = ITEM_MONTHS,
                          .at = parse_peek(p)->at,
                          .layer = p->layer,
                          .type = {LAW_MONTHS, -1},
                          .index_choice = -1,
                          .scope = (int)p->r->n_scopes};
    int status = parse_want_name(p, &months.name);
    if (status < 0)
        return status;
    months.label = months.name;
    s->derived = true;
    s->months_item = (int)p->r->n_items;
    struct symbol y = {.name = months.name, .kind = SYMBOL_ITEM, .id = s->months_item};
    if ((status = law_symbol_add(p->cx, p->r, y, months.at)) < 0)
        return status;
    if (law_grow(p->cx, &p->r->item, p->r->n_items, sizeof *p->r->item) < 0)
        return ERR_MEMORY;
    p->r->item[p->r->n_items++] = months;
    if ((status = parse_want_sign(p, '=')) < 0)
        return status;
    do {
        if ((status = parse_part(p, s)) < 0)
            return status;
    } while (parse_take_sign(p, ','));
    return OK;
}

/* "範囲" NAME TEXT [ "上" NAME [ split ] ] */
static int parse_scope_statement(struct parser *p)
{
    struct scope s = {.at = parse_next(p)->at, .parent = -1, .months_item = -1};
    int status;
    if ((status = parse_want_name(p, &s.name)) < 0 || (status = parse_want_text(p, &s.label)) < 0)
        return status;
    if (parse_take_word(p, "上")) {
        const struct symbol *up = law_symbol_find(p->r, parse_peek(p)->text);
        if (!up || up->kind != SYMBOL_SCOPE || p->r->scope[up->id].derived)
            return parse_expected(p, "SCOPE");
        parse_next(p);
        s.parent = up->id;
    }
    if ((s.parent < 0) != (p->r->n_scopes == 0))
        return law_fail_at(p->cx, p->r, s.at, "law.check.root", "name=" STR_FMT, STR_ARG(s.name));
    if (p->r->n_scopes >= SCOPES_MAX)
        return law_fail_at(p->cx, p->r, s.at, "law.parse.items", "maximum=%d", SCOPES_MAX);
    struct symbol y = {.name = s.name, .kind = SYMBOL_SCOPE, .id = (int)p->r->n_scopes};
    if ((status = law_symbol_add(p->cx, p->r, y, s.at)) < 0)
        return status;
    if (parse_take_word(p, "区分け") && (status = parse_split(p, &s)) < 0)
        return status;
    if (s.derived && s.parent != LAW_ROOT_SCOPE)
        return law_fail_at(p->cx, p->r, s.at, "law.check.derived", "scope=" STR_FMT,
                           STR_ARG(s.name));
    if (law_grow(p->cx, &p->r->scope, p->r->n_scopes, sizeof *p->r->scope) < 0)
        return ERR_MEMORY;
    p->r->scope[p->r->n_scopes++] = s;
    return OK;
}

/* "目的" NAME TEXT "=" reference { "," reference } */
static int parse_goal(struct parser *p)
{
    struct goal g = {.at = parse_next(p)->at};
    int status;
    if ((status = parse_want_name(p, &g.name)) < 0 || (status = parse_want_text(p, &g.label)) < 0 ||
        (status = parse_want_sign(p, '=')) < 0)
        return status;
    struct symbol y = {.name = g.name, .kind = SYMBOL_GOAL, .id = (int)p->r->n_goals};
    if ((status = law_symbol_add(p->cx, p->r, y, g.at)) < 0)
        return status;
    do {
        if (law_grow(p->cx, &g.result, g.n, sizeof *g.result) < 0)
            return ERR_MEMORY;
        if ((status = parse_reference(p, &g.result[g.n])) < 0)
            return status;
        g.n++;
    } while (parse_take_sign(p, ','));
    if (law_grow(p->cx, &p->r->goal, p->r->n_goals, sizeof *p->r->goal) < 0)
        return ERR_MEMORY;
    p->r->goal[p->r->n_goals++] = g;
    return OK;
}

static int parse_statement(struct parser *p)
{
    static const struct {
        const char *word;
        int (*parse)(struct parser *);
    } statements[] = {
        {"規則", parse_heading},
        {"選択", parse_choice_statement},
        {"範囲", parse_scope_statement},
        {"事実", parse_fact},
        {"値", parse_parameter},
        {"定め", parse_setting},
        {"定義", parse_definition},
        {"目的", parse_goal},
        {"例", parse_case},
    };
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        if (parse_is_word(p, statements[i].word))
            return statements[i].parse(p);
    return parse_expected(p, "規則 選択 範囲 事実 値 定め 定義 目的 例");
}

int parse_text(struct context *cx, struct ruleset *r, size_t which)
{
    struct parser p = {.cx = cx, .r = r, .layer = (int)which};
    struct token *tokens;
    size_t n;
    int status = law_lex(cx, r, which, &tokens, &n);
    p.token = tokens;
    if (status == OK && !parse_is_word(&p, "規則"))
        status = parse_expected(&p, "規則");
    while (status == OK && parse_peek(&p)->kind != TOKEN_END)
        status = parse_statement(&p);
    return status;
}
