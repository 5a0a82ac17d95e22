#include "law/trial.h"

#include "law/apply.h"
#include "law/ruleset.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int law_add_finding(struct findings *f, struct place at, const char *message, const char *facts,
                    ...)
{
    char buffer[900];
    va_list args;
    va_start(args, facts);
    vsnprintf(buffer, sizeof buffer, facts, args);
    va_end(args);
    size_t n = f->n;
    if (n == 0 || (n >= 16 && (n & (n - 1)) == 0)) {
        struct rule_finding *more = ARENA_ARRAY(f->cx->arena, n ? n * 2 : 16, struct rule_finding);
        if (!more)
            return fail(f->cx, ERR_MEMORY, "law.memory", NULL);
        if (n > 0)
            memcpy(more, f->row, n * sizeof *more);
        f->row = more;
    }
    f->row[f->n++] = (struct rule_finding){.file = law_place_name(f->r, at),
                                           .line = (int)at.line,
                                           .column = at.column,
                                           .message = message,
                                           .facts = str_copy(f->cx->arena, str_of(buffer))};
    return OK;
}

/* ---- the case's household ----------------------------------------------------------------- */

/* A literal, or 月集合(4月, 5月). */
static struct law_value literal_value(const struct expr *e)
{
    struct law_value set = law_value_of(LAW_MONTHS, 0);
    if (e->kind != EXPR_CALL)
        return e->value;
    for (uint32_t i = 0; i < e->n; i++)
        set.num |= INT64_C(1) << e->arg[i]->value.num;
    return set;
}

static int give_row_definitions(struct trial *t, const struct case_row *row)
{
    int status = OK;
    for (size_t i = 0; i < row->n && status == OK; i++)
        if (t->r->item[row->left[i]->item].kind == ITEM_DEFINITION)
            status = trial_give(t, row->left[i]->item, row->left[i]->word);
    for (size_t i = 0; i < row->n_children && status == OK; i++)
        status = give_row_definitions(t, row->child[i]);
    return status;
}

static int fill_row(struct trial *t, const struct case_row *row, int parent);

/* The pairs of a row and the rows below it, into row number `at`. */
static int fill_fields(struct trial *t, const struct case_row *row, int at)
{
    int status = OK;
    for (size_t i = 0; i < row->n && status == OK; i++) {
        struct law_value v = literal_value(row->right[i]);
        status = trial_set(t, row->left[i]->item, row->left[i]->word, at, v);
    }
    for (size_t i = 0; i < row->n_children && status == OK; i++)
        status = fill_row(t, row->child[i], at);
    return status;
}

static int fill_row(struct trial *t, const struct case_row *row, int parent)
{
    int at = facts_add(&t->cx, t->facts, row->scope, parent);
    return at < 0 ? at : fill_fields(t, row, at);
}

static int fill_case(struct trial *t, const struct rule_case *c)
{
    int household = facts_add(&t->cx, t->facts, LAW_ROOT_SCOPE, 0),
        status = household < 0 ? household : OK;
    for (size_t i = 0; i < c->n_rows && status == OK; i++)
        status = c->row[i]->scope == LAW_ROOT_SCOPE ? fill_fields(t, c->row[i], household)
                                                    : fill_row(t, c->row[i], household);
    return status;
}

static int put_settings(struct context *cx, const struct rule_case *c, struct ruleset *r)
{
    int status = OK;
    for (size_t i = 0; i < c->n_set && status == OK; i++) {
        const struct expr *left = c->set_left[i];
        struct law_value v = literal_value(c->set_right[i]);
        if (!v.none)
            v.type = r->item[left->item].type.base;
        status = ruleset_put(cx, r, left->item, left->word, v);
    }
    return status;
}

/* ---- running ------------------------------------------------------------------------------ */

static int compare_results(struct findings *f, struct trial *t, const struct rule_case *c,
                           bool *failed)
{
    struct law_value got;
    int status = OK;
    for (size_t i = 0; i < c->n_results && status == OK; i++) {
        const struct case_result *x = &c->result[i];
        struct law_value want = literal_value(x->right);
        if ((status = trial_value(t, x->left->item, x->left->word, x->row - 1, &got)) < 0)
            return status;
        if (law_value_equal(&want, &got))
            continue;
        struct text expected, actual;
        text_init(&expected, 300);
        text_init(&actual, 300);
        text_add_law_value(&expected, &want);
        text_add_law_value(&actual, &got);
        struct str name =
            law_item_instance_name(&t->arena, t->r, &t->r->item[x->left->item], x->left->word);
        status = law_add_finding(f, x->left->at, "law.rule.case",
                                 "%.120s: " STR_FMT " expected=" STR_FMT " got=" STR_FMT,
                                 str_c(&t->arena, c->title), STR_ARG(name),
                                 STR_ARG(text_str(&expected)), STR_ARG(text_str(&actual)));
        *failed = true;
        text_release(&expected);
        text_release(&actual);
    }
    return status;
}

static int run_opened(struct findings *f, struct trial *t, const struct rule_case *c, bool *failed)
{
    int status = OK;
    for (size_t i = 0; i < c->n_results && status == OK; i++)
        status = trial_want(t, c->result[i].left->item, c->result[i].left->word);
    for (size_t i = 0; i < c->n_rows && status == OK; i++)
        status = give_row_definitions(t, c->row[i]);
    if (status == OK)
        status = trial_open(t);
    if (status == OK)
        status = fill_case(t, c);
    if (status == OK)
        status = trial_run(t);
    return status < 0 ? status : compare_results(f, t, c, failed);
}

/* A case that cannot be run is a finding, not the end of the check. */
static int run_case(struct findings *f, const struct rule_case *c, bool *failed)
{
    struct trial t;
    struct ruleset *r = NULL;
    trial_init(&t, f->cx, f->r, c->year);
    int status = ruleset_upto(&t.cx, f->r, c->layer, &r);
    if (status == OK)
        status = put_settings(&t.cx, c, r);
    t.r = r;
    if (status == OK)
        status = run_opened(f, &t, c, failed);
    if (status < 0 && t.cx.error.code != ERR_MEMORY) {
        *failed = true;
        status = law_add_finding(f, c->at, "law.rule.case_error", "%.120s: %s %.200s %s:%d",
                                 str_c(&t.arena, c->title), t.cx.error.message, t.cx.error.facts,
                                 t.cx.error.file, t.cx.error.line);
        error_clear(&t.cx);
    }
    return trial_release(&t, f->cx, status);
}

int law_run_cases(struct findings *f, struct rule_report *report)
{
    int status = OK;
    report->cases = f->r->n_cases;
    for (size_t i = 0; i < f->r->n_cases && status == OK; i++) {
        bool failed = false;
        status = run_case(f, &f->r->cases[i], &failed);
        report->cases_failed += failed;
    }
    return status;
}

/* ---- what a definition owes --------------------------------------------------------------- */

static void mark_covered(const struct ruleset *r, bool *covered)
{
    for (size_t i = 0; i < r->n_cases; i++)
        for (size_t k = 0; k < r->cases[i].n_results; k++)
            covered[r->cases[i].result[k].left->item] = true;
}

/* Makes the definition's plan alone: circles and amounts that cannot be told apart show up here.
 * What the ordinance has not set yet is no finding. */
static int check_plans(struct findings *f, const struct item *item, int id)
{
    int status = OK;
    for (size_t v = 0; v < item->n && status == OK; v++) {
        struct trial t;
        int year = item->version[v].from_year;
        if (year < YEAR_FIRST)
            continue;
        trial_init(&t, f->cx, f->r, year);
        status = trial_want(&t, id, item->index_choice < 0 ? INDEX_NONE : 0);
        if (status == OK)
            status = trial_open(&t);
        if (status < 0 && t.cx.error.code != ERR_MEMORY) {
            status = OK;
            if (strcmp(t.cx.error.message, "law.plan.unset") != 0)
                status = law_add_finding(f, item->version[v].at, t.cx.error.message,
                                         STR_FMT " %s:%d %.200s", STR_ARG(item->name),
                                         t.cx.error.file, t.cx.error.line, t.cx.error.facts);
            error_clear(&t.cx);
        }
        status = trial_release(&t, f->cx, status);
    }
    return status;
}

static int check_debts(struct findings *f, struct rule_report *report)
{
    const struct ruleset *r = f->r;
    bool *covered = ARENA_ARRAY(f->cx->arena, r->n_items + 1, bool);
    int status = covered ? OK : fail(f->cx, ERR_MEMORY, "law.memory", NULL);
    if (status == OK)
        mark_covered(r, covered);
    for (size_t i = 0; i < r->n_items && status == OK; i++) {
        const struct item *item = &r->item[i];
        report->parameters += item->kind == ITEM_PARAMETER;
        if (item->kind == ITEM_DEFINITION || item->kind == ITEM_PARAMETER) {
            if (!item->article.n)
                status = law_add_finding(f, item->at, "law.rule.no_article", STR_FMT,
                                         STR_ARG(item->name));
            if (status == OK && item->n == 0)
                status =
                    law_add_finding(f, item->at, "law.rule.no_date", STR_FMT, STR_ARG(item->name));
        }
        if (item->kind != ITEM_DEFINITION || status < 0)
            continue;
        report->definitions++;
        if (!covered[i])
            status = law_add_finding(f, item->at, "law.rule.no_case", STR_FMT, STR_ARG(item->name));
        if (status == OK)
            status = check_plans(f, item, (int)i);
    }
    return status;
}

int ruleset_check(struct context *cx, const struct ruleset *r, struct rule_report *out)
{
    enum { PROBES_MOST = 8 << 20 };
    struct findings f = {.cx = cx, .r = r};
    struct text probes;
    *out = (struct rule_report){0};
    int status = check_debts(&f, out);
    if (status == OK)
        status = law_run_cases(&f, out);
    text_init(&probes, PROBES_MOST);
    if (status == OK)
        status = law_run_probes(cx, r, &probes, &out->n_probes);
    if (status == OK) {
        out->probes = str_copy(cx->arena, text_str(&probes));
        if (!out->probes.p)
            status = fail(cx, ERR_MEMORY, "law.memory", NULL);
    }
    text_release(&probes);
    out->findings = f.row;
    out->n = f.n;
    return status;
}
