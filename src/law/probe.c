/*
 * probe: the values on each side of every threshold.
 *
 * A threshold is a comparison of an amount, number or day with something else, a step of a table,
 * or a month that begins. One plain household (a member insured all year, one row of everything
 * else) is put through the definition with the compared value one below, at and one above it. The
 * lines are a golden file: a threshold that moves shows as a diff.
 */
#include "law/explain.h"
#include "law/ruleset.h"
#include "law/trial.h"

#include "law/apply.h"

enum { YEAR_PROBED = 2014, PROBES_MOST_LINES = 100000, YEARS_MOST = 64 };

struct prober {
    struct context *cx;
    const struct ruleset *r;
    struct text *out;
    size_t n;
    int item, word, year; /* the definition probed */
};

/* What is varied, and around which value. */
struct variable {
    int item, word;
    int64_t around;
};

/* ---- the plain household ------------------------------------------------------------------ */

static struct law_value plain_value(const struct item *f, int year)
{
    switch ((int)f->type.base) {
    case LAW_DATE:
        return law_value_of(LAW_DATE, ymd_of(year - 40, 8, 15).day);
    default:
        return law_value_of(f->type.base, 0);
    }
}

/* Required facts: a birth 40 years ago, eligibility for years, every other day far in the past. */
static int fill_plain(struct trial *t)
{
    int status = OK;
    for (int s = 0; s < (int)t->r->n_scopes && status == OK; s++)
        if (!t->r->scope[s].derived)
            status = facts_add(&t->cx, t->facts, s, 0) < 0 ? t->cx.error.code : OK;
    for (size_t i = 0; i < t->r->n_items && status == OK; i++) {
        const struct item *f = &t->r->item[i];
        for (int w = 0;
             f->kind == ITEM_FACT && f->required && w < law_item_instances(t->r, f) && status == OK;
             w++)
            status = trial_set(t, (int)i, f->index_choice < 0 ? INDEX_NONE : w, 0,
                               plain_value(f, t->year));
    }
    return status;
}

/* ---- finding the variable ----------------------------------------------------------------- */

static bool may_vary(const struct ruleset *r, const struct expr *e)
{
    if (e->kind != EXPR_REFER)
        return false;
    const struct item *i = &r->item[e->item];
    return (i->kind == ITEM_FACT || i->kind == ITEM_DEFINITION) && !r->scope[i->scope].derived &&
           (i->type.base == LAW_YEN || i->type.base == LAW_COUNT || i->type.base == LAW_DATE);
}

/* The reference behind 年齢到達日(d, n) or 誕生日(d, n). */
static const struct expr *age_function(const struct ruleset *r, const struct expr *e)
{
    bool ages = e->kind == EXPR_CALL && (e->op == OP_AGE_REACHED || e->op == OP_BIRTHDAY);
    return ages && may_vary(r, e->arg[0]) && e->arg[1]->kind == EXPR_VALUE ? e->arg[0] : NULL;
}

/* The birth for which the age falls on a day. */
static int64_t birth_for(const struct expr *e, int64_t day)
{
    int year, month, dom;
    struct ymd d = {(int32_t)(day + (e->op == OP_AGE_REACHED))};
    ymd_split(d, &year, &month, &dom);
    struct ymd birth = ymd_of(year - (int)e->arg[1]->value.num, month, dom);
    return ymd_is_none(birth) ? ymd_of(year - (int)e->arg[1]->value.num, 3, 1).day : birth.day;
}

/* The threshold's value for the plain household. */
static bool threshold_value(struct prober *p, const struct expr *e, int64_t *out)
{
    struct trial t;
    struct text vector;
    struct decoded d;
    bool known = false;
    trial_init(&t, p->cx, p->r, p->year);
    text_init(&vector, 1 << 20);
    int status = trial_want(&t, p->item, p->word);
    if (status == OK)
        status = trial_open(&t);
    if (status == OK)
        status = fill_plain(&t);
    if (status == OK)
        status = trial_run(&t);
    if (status == OK)
        status = evaluation_explain(t.evaluation, 0, &vector);
    if (status == OK)
        status = law_decode_vector(&t.cx, t.plan, text_str(&vector), &d);
    if (status == OK) {
        struct sight s = {.word = p->word < 0 ? 0 : p->word};
        for (int i = 0; i < SCOPES_MAX; i++)
            s.row[i] = i < (int)p->r->n_scopes && d.n[i] > 0 ? 0 : -1;
        struct recomputed v = law_recompute(&d, e, &s);
        known = v.known && !v.value.none && v.value.den == 1;
        *out = v.value.num;
    }
    text_release(&vector);
    trial_release(&t, p->cx, OK);
    return known && !(e->type.base == LAW_DATE && *out == LAW_NO_DATE);
}

/* ---- one line ----------------------------------------------------------------------------- */

static int run_varied(struct trial *t, struct prober *p, struct variable x, int64_t value,
                      struct law_value *result)
{
    const struct item *i = &p->r->item[x.item];
    int status = trial_want(t, p->item, p->word);
    if (status == OK && i->kind == ITEM_DEFINITION)
        status = trial_give(t, x.item, x.word);
    if (status == OK)
        status = trial_open(t);
    if (status == OK)
        status = fill_plain(t);
    if (status == OK)
        status = trial_set(t, x.item, x.word, 0, law_value_of(i->type.base, value));
    if (status == OK)
        status = trial_run(t);
    return status < 0 ? status : trial_value(t, p->item, p->word, 0, result);
}

static int write_probe(struct prober *p, struct variable x, int64_t value)
{
    struct trial t;
    struct law_value result, varied = law_value_of(p->r->item[x.item].type.base, value);
    trial_init(&t, p->cx, p->r, p->year);
    int status = run_varied(&t, p, x, value, &result);
    if (status == OK && p->n++ < PROBES_MOST_LINES) {
        struct str name = law_item_instance_name(&t.arena, p->r, &p->r->item[p->item], p->word);
        struct str by = law_item_instance_name(&t.arena, p->r, &p->r->item[x.item], x.word);
        text_addf(p->out, STR_FMT "\t%d\t" STR_FMT "=", STR_ARG(name), p->year, STR_ARG(by));
        text_add_law_value(p->out, &varied);
        text_addc(p->out, '\t');
        text_add_law_value(p->out, &result);
        text_addc(p->out, '\n');
    }
    bool memory = t.cx.error.code == ERR_MEMORY;
    trial_release(&t, p->cx, OK); /* what the ordinance has not set has no probes */
    return memory ? fail(p->cx, ERR_MEMORY, "law.memory", NULL) : OK;
}

static int write_three(struct prober *p, struct variable x)
{
    int status = OK;
    for (int64_t by = -1; by <= 1 && status == OK; by++)
        status = write_probe(p, x, x.around + by);
    return status;
}

/* ---- the thresholds of an expression ------------------------------------------------------ */

static int formal_word(const struct prober *p, const struct expr *e)
{
    return e->word == INDEX_FORMAL ? p->word : e->word;
}

static int probe_sides(struct prober *p, const struct expr *varied, const struct expr *other)
{
    int64_t at;
    const struct expr *birth = age_function(p->r, varied);
    if (!birth && !may_vary(p->r, varied))
        return 0;
    if (!threshold_value(p, other, &at))
        return 0;
    struct variable x = {varied->item, formal_word(p, varied), at};
    if (birth)
        x = (struct variable){birth->item, formal_word(p, birth), birth_for(varied, at)};
    int status = write_three(p, x);
    return status < 0 ? status : 1;
}

static bool is_comparison(const struct expr *e)
{
    return e->kind == EXPR_CALL && (e->op == OP_LT || e->op == OP_LE || e->op == OP_GT ||
                                    e->op == OP_GE || e->op == OP_EQ || e->op == OP_NE);
}

static int probe_table(struct prober *p, const struct expr *e)
{
    const struct version *v = law_item_version(&p->r->item[e->item], p->year, 0);
    int status = OK;
    if (!v || !may_vary(p->r, e->arg[0]))
        return OK;
    for (size_t i = 0; i + 1 < v->n_steps && status == OK; i++)
        status = write_three(p, (struct variable){e->arg[0]->item, formal_word(p, e->arg[0]),
                                                  v->steps[i].until.num});
    return status;
}

/* A day that decides about months: around the first of October, April and the next April. */
static int probe_months(struct prober *p, const struct expr *e)
{
    const struct expr *birth = age_function(p->r, e->arg[0]);
    const int64_t starts[] = {ymd_of(p->year, 4, 1).day, ymd_of(p->year, 10, 1).day,
                              ymd_of(p->year + 1, 4, 1).day};
    int status = OK;
    if (!birth && !may_vary(p->r, e->arg[0]))
        return OK;
    const struct expr *by = birth ? birth : e->arg[0];
    for (int i = 0; i < 3 && status == OK; i++)
        status =
            write_three(p, (struct variable){by->item, formal_word(p, by),
                                             birth ? birth_for(e->arg[0], starts[i]) : starts[i]});
    return status;
}

static int probe_expression(struct prober *p, const struct expr *e)
{
    int status = OK;
    if (!e)
        return OK;
    if (is_comparison(e)) {
        status = probe_sides(p, e->arg[0], e->arg[1]);
        if (status == 0)
            status = probe_sides(p, e->arg[1], e->arg[0]);
    } else if (e->kind == EXPR_TABLE) {
        status = probe_table(p, e);
    } else if (e->kind == EXPR_CALL &&
               (e->op == OP_MONTHS_FROM || e->op == OP_MONTHS_BEFORE || e->op == OP_MONTH_RANGE)) {
        status = probe_months(p, e);
    }
    for (uint32_t i = 0; i < e->n && status >= 0; i++)
        status = probe_expression(p, e->arg[i]);
    return status < 0 ? status : OK;
}

/* ---- years -------------------------------------------------------------------------------- */

struct years {
    int year[YEARS_MOST];
    int n;
};

static void add_year(struct years *y, int year)
{
    int i = 0;
    if (year < YEAR_PROBED || y->n == YEARS_MOST)
        return;
    while (i < y->n && y->year[i] < year)
        i++;
    if (i < y->n && y->year[i] == year)
        return;
    for (int k = y->n++; k > i; k--)
        y->year[k] = y->year[k - 1];
    y->year[i] = year;
}

/* The years in which the definition's formula or a parameter it names changes. */
static void years_of(const struct ruleset *r, const struct expr *e, struct years *y)
{
    if (!e)
        return;
    if ((e->kind == EXPR_REFER || e->kind == EXPR_TABLE) && r->item[e->item].kind == ITEM_PARAMETER)
        for (size_t i = 0; i < r->item[e->item].n; i++)
            add_year(y, r->item[e->item].version[i].from_year);
    for (uint32_t i = 0; i < e->n; i++)
        years_of(r, e->arg[i], y);
}

static int probe_definition(struct prober *p, int id)
{
    const struct item *item = &p->r->item[id];
    struct years y = {.n = 0};
    int status = OK;
    for (size_t i = 0; i < item->n; i++) {
        add_year(&y, item->version[i].from_year);
        years_of(p->r, item->version[i].body, &y);
    }
    p->item = id;
    for (int i = 0; i < y.n && status == OK; i++) {
        p->year = y.year[i];
        for (int w = 0; w < law_item_instances(p->r, item) && status == OK; w++) {
            const struct version *v = law_item_version(item, p->year, w);
            p->word = item->index_choice < 0 ? INDEX_NONE : w;
            if (v && v->body)
                status = probe_expression(p, v->body);
        }
    }
    return status;
}

int law_run_probes(struct context *cx, const struct ruleset *r, struct text *out, size_t *n)
{
    struct prober p = {.cx = cx, .r = r, .out = out};
    int status = OK;
    for (size_t i = 0; i < r->n_items && status == OK; i++)
        if (r->item[i].kind == ITEM_DEFINITION && !r->scope[r->item[i].scope].derived)
            status = probe_definition(&p, (int)i);
    *n = p.n;
    return status < 0 ? status : out->failed ? fail(cx, ERR_MEMORY, "law.memory", NULL) : OK;
}
