/*
 * Radar: every household whose result changes between two rule sets or two drafts, and why. The
 * cause is found in the two explanations: what differs although nothing it is computed from does.
 */
#include "desk/levy/draft.h"
#include "desk/levy/sweep.h"
#include "levy_sql.h"

#include <stdlib.h>
#include <string.h>

#define RADAR_CAUSES_MAX 512
#define RADAR_NAMES_MAX  8

struct radar_build {
    struct work *w;
    struct radar *out;
    size_t cap;
};

/* --- causes ---------------------------------------------------------------------------------- */

/* The distinct names of what differs by itself, in the rules' order. */
static struct str cause_names(struct work *w, const struct explanation_change *rows, size_t n)
{
    struct text t;
    const struct explanation_change *named[RADAR_NAMES_MAX];
    size_t kept = 0;
    text_init(&t, 4096);
    for (size_t i = 0; i < n && kept < RADAR_NAMES_MAX; i++) {
        bool seen = !rows[i].cause;
        for (size_t k = 0; k < kept && !seen; k++) {
            seen = str_equal(named[k]->name, rows[i].name);
        }
        if (!seen) {
            named[kept++] = &rows[i];
            text_adds(&t, t.n ? " " : "");
            text_add(&t, rows[i].name);
        }
    }
    struct str s = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return s;
}

static int cause_find(struct radar_build *b, struct str names, uint32_t *at)
{
    struct radar *r = b->out;
    for (size_t i = 0; i < r->n_causes; i++) {
        if (str_equal(r->causes[i].names, names)) {
            *at = (uint32_t)i;
            return 0;
        }
    }
    if (r->n_causes == RADAR_CAUSES_MAX) {
        *at = RADAR_CAUSES_MAX - 1; /* the rest is counted together */
        return 0;
    }
    *at = (uint32_t)r->n_causes;
    r->causes[r->n_causes++] = (struct radar_cause){.names = names};
    return 0;
}

static int radar_row(struct radar_build *b, const struct radar_row *row)
{
    struct radar *r = b->out;
    if (r->n == b->cap) {
        return fail(&b->w->cx, ERR_LIMIT, "levy.radar.rows", NULL);
    }
    struct radar_cause *c = &r->causes[row->cause];
    c->households++;
    c->winners += row->after.n < row->before.n;
    c->losers += row->after.n > row->before.n;
    c->yen += row->after.n - row->before.n;
    r->rows[r->n++] = *row;
    return 0;
}

static int radar_begin(struct radar_build *b, struct work *w, size_t cap, struct radar *out)
{
    *out = (struct radar){0};
    *b = (struct radar_build){.w = w, .out = out, .cap = cap};
    out->rows = ARENA_ARRAY(w->cx.arena, cap + 1, struct radar_row);
    out->causes = ARENA_ARRAY(w->cx.arena, RADAR_CAUSES_MAX, struct radar_cause);
    return out->rows && out->causes ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* One household's two vectors to the position of its cause; what the diff needed goes away. */
static int cause_of(struct radar_build *b, const struct plan *pa, struct str va,
                    const struct plan *pb, struct str vb, uint32_t *at)
{
    struct work *w = b->w;
    const struct explanation_change *rows;
    size_t n = 0;
    struct arena_mark mark = arena_mark(w->cx.arena);
    int rc = explanation_diff(&w->cx, pa, va, pb, vb, &rows, &n);
    if (rc < 0) {
        return rc;
    }
    struct str names = cause_names(w, rows, n);
    if (!names.p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    size_t known = b->out->n_causes;
    rc = cause_find(b, names, at);
    if (b->out->n_causes == known) {
        arena_rewind(w->cx.arena, mark); /* nothing of it is kept */
    }
    return rc;
}

/* --- two rule sets ------------------------------------------------------------------------------
 */

struct both {
    struct assessor a, b;
    struct text va, vb;
    struct assessment *block_a, *block_b;
};

static int both_block(struct radar_build *r, struct both *p, const struct population *city,
                      size_t at, size_t count)
{
    struct context *cx = &r->w->cx;
    text_clear(&p->va);
    text_clear(&p->vb);
    int rc = assessor_run(cx, &p->a, at, count, p->block_a, &p->va);
    rc = rc < 0 ? rc : assessor_run(cx, &p->b, at, count, p->block_b, &p->vb);
    for (size_t i = 0; rc >= 0 && i < count; i++) {
        const struct assessment *x = &p->block_a[i];
        const struct assessment *y = &p->block_b[i];
        const struct unit *u = &UNITS(city)[at + i];
        struct radar_row row = {u->household_id, u->debtor_id, x->result.total, y->result.total, 0};
        if (x->failed || y->failed ||
            (x->result.total.n == y->result.total.n &&
             memcmp(x->result.part, y->result.part, sizeof x->result.part) == 0)) {
            continue;
        }
        struct str va = {text_str(&p->va).p + x->explained_at, x->explained_n};
        struct str vb = {text_str(&p->vb).p + y->explained_at, y->explained_n};
        rc = cause_of(r, p->a.plan, va, p->b.plan, vb, &row.cause);
        rc = rc < 0 ? rc : radar_row(r, &row);
    }
    return rc;
}

static int both_city(struct radar_build *r, struct both *p, const struct population *city)
{
    struct context *cx = &r->w->cx;
    size_t n = city->units.n;
    p->block_a = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct assessment);
    p->block_b = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct assessment);
    if (!p->block_a || !p->block_b) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = 0;
    for (size_t at = 0; at < n && rc >= 0; at += LAW_BLOCK) {
        rc = both_block(r, p, city, at, n - at < LAW_BLOCK ? n - at : LAW_BLOCK);
    }
    return rc;
}

/* Sets that declare other facts are filled apart. */
static int both_open(struct radar_build *r, struct both *p, const struct population *city,
                     const struct plan *plan_a, const struct plan *plan_b)
{
    struct context *cx = &r->w->cx;
    *p = (struct both){0};
    text_init(&p->va, (size_t)64 << 20);
    text_init(&p->vb, (size_t)64 << 20);
    int rc = assessor_init(cx, &p->a, plan_a);
    rc = rc < 0 ? rc : assessor_fill(cx, &p->a, city, 0, city->units.n);
    if (rc < 0) {
        return rc;
    }
    if (ruleset_same_facts(plan_ruleset(plan_a), plan_ruleset(plan_b))) {
        return assessor_borrow(cx, &p->b, &p->a, plan_b);
    }
    rc = assessor_init(cx, &p->b, plan_b);
    return rc < 0 ? rc : assessor_fill(cx, &p->b, city, 0, city->units.n);
}

static void both_close(struct both *p)
{
    assessor_release(&p->b);
    assessor_release(&p->a);
    text_release(&p->va);
    text_release(&p->vb);
}

static int radar_totals(struct work *w, const struct population *city,
                        const struct plan *const plans[2], struct radar *out)
{
    size_t n = city->units.n;
    struct swept *rows = memory_alloc(2 * n * sizeof *rows + 1);
    int rc = rows ? sweep_city(w, city, plans, 2, rows) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc >= 0) {
        sweep_figures(city, rows, NULL, &out->before);
        sweep_figures(city, rows + n, rows, &out->after);
    }
    memory_free(rows);
    return rc;
}

int levy_radar(struct work *w, int fiscal_year, const struct ruleset *a, const struct ruleset *b,
               struct radar *out)
{
    const struct plan *plans[2];
    struct population city;
    struct radar_build r;
    struct both p = {0};
    bool warm;
    int rc = levy_plan(w, a, fiscal_year, &plans[0]);
    rc = rc < 0 ? rc : levy_plan(w, b, fiscal_year, &plans[1]);
    rc = rc < 0 ? rc : population_of_city(w, fiscal_year, &city, &warm);
    if (rc < 0) {
        return rc;
    }
    rc = radar_begin(&r, w, city.units.n, out);
    if (rc >= 0 && city.units.n > 0) {
        rc = radar_totals(w, &city, plans, out);
        rc = rc < 0 ? rc : both_open(&r, &p, &city, plans[0], plans[1]);
        rc = rc < 0 ? rc : both_city(&r, &p, &city);
        both_close(&p);
    }
    population_release(&city);
    return rc < 0 ? error_add(&w->cx, "compare two rule sets") : 0;
}

/* --- two drafts
 * ----------------------------------------------------------------------------------- */

#define RADAR_PAGE 2000

struct draft_side {
    const struct plan *plan;
    struct draft draft;
    struct levy_assessment_page_list page;
    size_t at;
    int64_t after;
};

static int side_open(struct work *w, int64_t draft_no, struct draft_side *s)
{
    *s = (struct draft_side){0};
    int rc = levy_draft_find(w, draft_no, &s->draft);
    if (rc == 0 || (rc > 0 && s->draft.status == DRAFT_DROPPED)) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", "%lld", (long long)draft_no);
    }
    return rc < 0 ? rc : draft_plan(w, &s->draft, &s->plan);
}

static int side_fill(struct work *w, struct draft_side *s)
{
    struct levy_assessment_page_in in = {.draft_no = s->draft.draft_no,
                                         .after_id = s->after,
                                         .n = RADAR_PAGE};
    if (s->at < s->page.n) {
        return 0;
    }
    int rc = levy_assessment_page(&w->cx, w->store, &in, &s->page);
    s->at = 0;
    if (rc >= 0 && s->page.n > 0) {
        s->after = s->page.rows[s->page.n - 1].household_id;
    }
    return rc;
}

static const struct levy_assessment_page_row *side_row(const struct draft_side *s)
{
    return s->at < s->page.n ? &s->page.rows[s->at] : NULL;
}

static int order(const struct levy_assessment_page_row *x, const struct levy_assessment_page_row *y)
{
    if (!x || !y) {
        return x ? -1 : 1;
    }
    if (x->household_id != y->household_id) {
        return x->household_id < y->household_id ? -1 : 1;
    }
    return ymd_compare(x->from_ymd, y->from_ymd);
}

/* Both sides are read in household order; a household on one side only came or went. */
static int draft_step(struct radar_build *r, struct draft_side *a, struct draft_side *b)
{
    const struct levy_assessment_page_row *x = side_row(a);
    const struct levy_assessment_page_row *y = side_row(b);
    int side = order(x, y);
    const struct levy_assessment_page_row *any = side <= 0 ? x : y;
    struct radar_row row = {any->household_id, any->debtor_id, side <= 0 ? x->total_yen : YEN(0),
                            side >= 0 ? y->total_yen : YEN(0), 0};
    int rc = 0;
    a->at += side <= 0;
    b->at += side >= 0;
    if (side == 0 && x->total_yen.n == y->total_yen.n && x->medical_yen.n == y->medical_yen.n &&
        x->support_yen.n == y->support_yen.n && x->care_yen.n == y->care_yen.n) {
        return 0;
    }
    if (side == 0) {
        rc = cause_of(r, a->plan, x->explanation, b->plan, y->explanation, &row.cause);
    } else {
        rc = cause_find(r, side < 0 ? STR("-") : STR("+"), &row.cause);
    }
    return rc < 0 ? rc : radar_row(r, &row);
}

static void side_figures(const struct draft_totals *t, struct levy_figures *out)
{
    out->households = t->outcome[OUTCOME_LEVIED] + t->outcome[OUTCOME_PULLED];
    out->failed = t->outcome[OUTCOME_FAILED];
    out->insured = t->insured;
    out->undeclared = t->undeclared;
    out->total_yen = t->total.n;
    for (int k = 0; k < LEVY_PARTS; k++) {
        out->part_yen[k] = t->part[k].n;
        out->at_cap[k] = t->at_cap[k];
    }
    for (int k = 0; k < 10; k++) {
        out->tier[k] = t->tier[k];
    }
}

int levy_radar_drafts(struct work *w, int64_t draft_a, int64_t draft_b, struct radar *out)
{
    struct draft_side a, b;
    struct draft_totals totals;
    struct radar_build r;
    int rc = side_open(w, draft_a, &a);
    rc = rc < 0 ? rc : side_open(w, draft_b, &b);
    if (rc < 0) {
        return rc;
    }
    rc = radar_begin(&r, w, (size_t)(a.draft.households + b.draft.households) + 1, out);
    while (rc >= 0) {
        rc = side_fill(w, &a);
        rc = rc < 0 ? rc : side_fill(w, &b);
        if (rc < 0 || (!side_row(&a) && !side_row(&b))) {
            break;
        }
        rc = draft_step(&r, &a, &b);
    }
    rc = rc < 0 ? rc : draft_totals(w, draft_a, &totals);
    if (rc >= 0) {
        side_figures(&totals, &out->before);
        rc = draft_totals(w, draft_b, &totals);
    }
    if (rc >= 0) {
        side_figures(&totals, &out->after);
    }
    return rc < 0 ? error_add(&w->cx, "compare two drafts") : 0;
}
