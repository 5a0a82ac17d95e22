#include "law/parse.h"

/* NAME "=" value */
static int parse_pair(struct parser *p, struct expr **left, struct expr **right)
{
    int status;
    if ((status = parse_reference(p, left)) < 0 || (status = parse_want_sign(p, '=')) < 0)
        return status;
    return parse_value(p, right);
}

static int add_pair(struct parser *p, struct expr ***left, struct expr ***right, size_t *n)
{
    struct expr *a, *b;
    int status = parse_pair(p, &a, &b);
    if (status < 0)
        return status;
    if (law_grow(p->cx, left, *n, sizeof **left) < 0 ||
        law_grow(p->cx, right, *n, sizeof **right) < 0)
        return ERR_MEMORY;
    (*left)[*n] = a;
    (*right)[*n] = b;
    (*n)++;
    parse_take_sign(p, ',');
    return OK;
}

static bool row_ahead(const struct parser *p)
{
    const struct token *t = parse_peek(p);
    return t->kind == TOKEN_WORD && t[1].kind == TOKEN_SIGN && t[1].sign == '{';
}

/* SCOPE "{" { NAME "=" value [","] | row } "}" */
static int parse_row(struct parser *p, struct case_row **out)
{
    struct case_row *row = ARENA_NEW(p->cx->arena, struct case_row);
    int status;
    if (!row)
        return fail(p->cx, ERR_MEMORY, "law.memory", NULL);
    row->at = parse_peek(p)->at;
    if (p->depth >= DEPTH_MAX)
        return law_fail_at(p->cx, p->r, row->at, "law.parse.depth", "maximum=%d", DEPTH_MAX);
    if ((status = parse_want_name(p, &row->scope_name)) < 0 ||
        (status = parse_want_sign(p, '{')) < 0)
        return status;
    p->depth++;
    while (status == OK && !parse_take_sign(p, '}')) {
        if (!row_ahead(p)) {
            status = add_pair(p, &row->left, &row->right, &row->n);
            continue;
        }
        if (law_grow(p->cx, &row->child, row->n_children, sizeof *row->child) < 0)
            return ERR_MEMORY;
        status = parse_row(p, &row->child[row->n_children]);
        row->n_children += status == OK;
    }
    p->depth--;
    *out = row;
    return status;
}

/* [ SCOPE NUMBER ] NAME "=" value */
static int parse_result(struct parser *p, struct case_result *out)
{
    const struct token *t = parse_peek(p);
    *out = (struct case_result){.row = 1};
    if (t[0].kind == TOKEN_WORD && t[1].kind == TOKEN_NUMBER) {
        out->scope_name = parse_next(p)->text;
        const struct law_value v = parse_next(p)->value;
        if (v.type != LAW_COUNT || v.num < 1 || v.num > 1000)
            return law_fail_at(p->cx, p->r, t[1].at, "law.check.row", NULL);
        out->row = (int)v.num;
    }
    int status = parse_pair(p, &out->left, &out->right);
    parse_take_sign(p, ',');
    return status;
}

static int parse_case_parts(struct parser *p, struct rule_case *c)
{
    int status = OK;
    while (status == OK && parse_take_word(p, "定め"))
        status = add_pair(p, &c->set_left, &c->set_right, &c->n_set);
    if (status < 0 || (status = parse_want_word(p, "前提")) < 0)
        return status;
    while (status == OK && row_ahead(p)) {
        if (law_grow(p->cx, &c->row, c->n_rows, sizeof *c->row) < 0)
            return ERR_MEMORY;
        status = parse_row(p, &c->row[c->n_rows]);
        c->n_rows += status == OK;
    }
    if (status < 0 || (status = parse_want_word(p, "結果")) < 0)
        return status;
    do {
        if (law_grow(p->cx, &c->result, c->n_results, sizeof *c->result) < 0)
            return ERR_MEMORY;
        status = parse_result(p, &c->result[c->n_results]);
        c->n_results += status == OK;
    } while (status == OK && !parse_at_statement(p));
    return status;
}

/* "例" TEXT [ "出所" TEXT ] "年度" YEAR { "定め" pair } "前提" { row } "結果" { result } */
int parse_case(struct parser *p)
{
    struct rule_case c = {.at = parse_next(p)->at, .layer = p->layer};
    int status = parse_want_text(p, &c.title);
    if (status == OK && parse_take_word(p, "出所"))
        status = parse_want_text(p, &c.source);
    if (status < 0 || (status = parse_want_word(p, "年度")) < 0)
        return status;
    if (parse_peek(p)->kind != TOKEN_YEAR || parse_peek(p)->from)
        return parse_expected(p, "令和8年度");
    c.year = (int)parse_next(p)->value.num;
    if ((status = parse_case_parts(p, &c)) < 0)
        return status;
    if (p->r->n_cases >= CASES_MAX)
        return law_fail_at(p->cx, p->r, c.at, "law.parse.items", "maximum=%d", CASES_MAX);
    if (law_grow(p->cx, &p->r->cases, p->r->n_cases, sizeof *p->r->cases) < 0)
        return ERR_MEMORY;
    p->r->cases[p->r->n_cases++] = c;
    return OK;
}
