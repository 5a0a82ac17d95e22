/* What changed: units of now against decisions in force; and the decision that follows. */
#include "desk/levy/correction.h"
#include "desk/levy/exemption.h"
#include "levy_sql.h"

#include <string.h>

/* --- pairing -------------------------------------------------------------------------------- */

/* For every unit the decision it belongs to, for every decision whether it found its unit. */
struct pairs {
    const struct decision **of_unit; /* NULL: levied for the first time */
    bool *is_found;                  /* by decision */
};

static void pair(struct pairs *p, const struct change_request *rq, size_t unit, size_t decision)
{
    p->of_unit[unit] = &rq->decided->rows[decision];
    p->is_found[decision] = true;
}

/* The same debtor from the same day; then the same debtor whose first day moved. */
static void pair_household(struct pairs *p, const struct change_request *rq, size_t u0, size_t u1,
                           size_t d0, size_t d1)
{
    for (int exact = 1; exact >= 0; exact--) {
        for (size_t i = u0; i < u1; i++) {
            const struct unit *u = &UNITS(rq->now)[i];
            for (size_t k = d0; k < d1 && !p->of_unit[i]; k++) {
                const struct decision *d = &rq->decided->rows[k];
                if (!p->is_found[k] && d->debtor_id == u->debtor_id &&
                    (!exact || d->from.day == u->from_day)) {
                    pair(p, rq, i, k);
                }
            }
        }
    }
}

static int pairs_make(struct work *w, const struct change_request *rq, struct pairs *p)
{
    const struct population *now = rq->now;
    size_t n = now->units.n;
    size_t u = 0;
    p->of_unit = ARENA_ARRAY(w->cx.arena, n + 1, const struct decision *);
    p->is_found = ARENA_ARRAY(w->cx.arena, rq->decided->n + 1, bool);
    if (!p->of_unit || !p->is_found) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t d = 0; d < rq->decided->n;) {
        int64_t household = rq->decided->rows[d].household_id;
        size_t d1 = d;
        while (d1 < rq->decided->n && rq->decided->rows[d1].household_id == household) {
            d1++;
        }
        while (u < n && UNITS(now)[u].household_id < household) {
            u++;
        }
        size_t u0 = u;
        while (u < n && UNITS(now)[u].household_id == household) {
            u++;
        }
        pair_household(p, rq, u0, u, d, d1);
        d = d1;
    }
    return 0;
}

/* --- what differs ----------------------------------------------------------------------------- */

/* A difference while the explanations still move. */
struct note {
    size_t unit; /* SIZE_MAX: there is none any more */
    const struct decision *decision;
    struct levy_result result;
    size_t explained_at, explained_n;
    bool failed;
};
struct finder {
    struct work *w;
    const struct change_request *rq;
    struct pairs pairs;
    struct note *notes;
    size_t n;
};

static bool is_different(const struct decision *d, const struct levy_result *r)
{
    return d->result.total.n != r->total.n || memcmp(d->result.part, r->part, sizeof r->part) != 0;
}

static bool is_worth_deciding(const struct decision *d, const struct assessment *a)
{
    if (d) {
        return a->failed || is_different(d, &a->result);
    }
    return a->failed || (a->months > 0 && a->result.total.n > 0);
}

static int compare_units(struct finder *f)
{
    struct context *cx = &f->w->cx;
    const struct change_request *rq = f->rq;
    size_t n = rq->now->units.n;
    struct assessment *block = ARENA_ARRAY(cx->arena, LAW_BLOCK, struct assessment);
    if (!block) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = n ? assessor_fill(cx, rq->assessor, rq->now, 0, n) : 0;
    for (size_t at = 0; at < n && rc >= 0; at += LAW_BLOCK) {
        size_t count = n - at < LAW_BLOCK ? n - at : LAW_BLOCK;
        rc = assessor_run(cx, rq->assessor, at, count, block, rq->explanations);
        for (size_t i = 0; i < count && rc >= 0; i++) {
            const struct decision *d = f->pairs.of_unit[at + i];
            if (is_worth_deciding(d, &block[i])) {
                f->notes[f->n++] = (struct note){
                    at + i,         d, block[i].result, block[i].explained_at, block[i].explained_n,
                    block[i].failed};
            }
        }
    }
    return rc;
}

/* Households that have nobody left whom this debtor owes for. */
static void note_ended(struct finder *f)
{
    for (size_t i = 0; i < f->rq->decided->n; i++) {
        const struct decision *d = &f->rq->decided->rows[i];
        if (!f->pairs.is_found[i] && d->result.total.n > 0) {
            f->notes[f->n++] = (struct note){.unit = SIZE_MAX, .decision = d};
        }
    }
}

/* --- changes ---------------------------------------------------------------------------------- */

static void fill_from_unit(const struct change_request *rq, const struct note *n,
                           struct levy_change *c)
{
    const struct unit *u = &UNITS(rq->now)[n->unit];
    c->household_id = u->household_id;
    c->debtor_id = u->debtor_id;
    c->from = (struct ymd){u->from_day};
    c->result = n->result;
    c->explanation = (struct str){text_str(rq->explanations).p + n->explained_at, n->explained_n};
    unit_digest(rq->now, u, &c->inputs);
    if (n->failed) {
        c->outcome = OUTCOME_FAILED;
        c->reason = REASON_LAW;
    } else if (u->is_protected || u->reason) {
        c->outcome = OUTCOME_PULLED;
        c->reason = u->is_protected ? REASON_PROTECTED : (enum levy_reason)u->reason;
    }
}

static void fill(const struct change_request *rq, const struct note *n, struct levy_change *c)
{
    const struct decision *d = n->decision;
    *c = (struct levy_change){.unit = n->unit,
                              .outcome = OUTCOME_LEVIED,
                              .cause = STR("new"),
                              .basis = STR("ordinance"),
                              .explanation = STR("")};
    if (d) {
        c->replaces = d;
        c->replaces_id = d->decision_id;
        c->decision_no = d->decision_no;
        c->before = d->result.total;
        c->was = d->schedule;
        c->household_id = d->household_id;
        c->debtor_id = d->debtor_id;
        c->from = d->from;
    }
    if (n->unit != SIZE_MAX) {
        fill_from_unit(rq, n, c);
    } else {
        c->inputs = hash_of(STR(""));
    }
    c->changed = c->from;
    c->direction = c->result.total.n > c->before.n ? CHANGE_INCREASE : CHANGE_DECREASE;
}

/* Too late: an increase is refused for good; a decrease unless other cover was found. */
static int set_limit(struct work *w, const struct change_request *rq, struct levy_change *c)
{
    struct levy_limit limit;
    const struct levy_schedule *calendar = &rq->assessor->calendar;
    int rc = levy_limit_of(&w->cx, rq->terms->plan, calendar, c->from, &limit);
    bool up = c->direction == CHANGE_INCREASE;
    struct ymd last = up ? limit.increase : limit.decrease;
    bool late = rc >= 0 && ymd_compare(rq->terms->issued, last) > 0;
    if (late && (up || !str_is(c->basis, "other_cover"))) {
        c->outcome = OUTCOME_SKIPPED;
        c->reason = REASON_LIMIT;
    } else if (rc >= 0 && !late) {
        c->basis = STR("ordinance");
    }
    return rc;
}

static int set_schedule(struct work *w, const struct change_request *rq, struct levy_change *c)
{
    struct schedule_terms terms;
    int rc = schedule_terms_of(&w->cx, rq->terms->plan, &rq->assessor->calendar, rq->terms->issued,
                               &terms);
    if (c->unit != SIZE_MAX) {
        const struct unit *u = &UNITS(rq->now)[c->unit];
        terms.cuts = CUTS(rq->now) + u->first_cut;
        terms.n_cuts = u->n_cuts;
    }
    return rc < 0 ? rc : schedule_change(&w->cx, &c->was, &c->result, &terms, &c->schedule);
}

static int settle(struct work *w, const struct change_request *rq, struct levy_changes *out)
{
    int rc = changes_explain(w, rq, out);
    for (size_t i = 0; i < out->n && rc >= 0; i++) {
        struct levy_change *c = &out->rows[i];
        if (c->outcome != OUTCOME_FAILED) {
            rc = set_limit(w, rq, c);
            rc = rc < 0 ? rc : set_schedule(w, rq, c);
        }
    }
    return rc;
}

int changes_find(struct work *w, const struct change_request *rq, struct levy_changes *out)
{
    struct finder f = {.w = w, .rq = rq};
    *out = (struct levy_changes){0};
    f.notes = ARENA_ARRAY(w->cx.arena, rq->now->units.n + rq->decided->n + 1, struct note);
    int rc = f.notes ? pairs_make(w, rq, &f.pairs) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : compare_units(&f);
    if (rc < 0) {
        return rc;
    }
    note_ended(&f);
    out->rows = ARENA_ARRAY(w->cx.arena, f.n + 1, struct levy_change);
    if (!out->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (; out->n < f.n; out->n++) {
        fill(rq, &f.notes[out->n], &out->rows[out->n]);
    }
    return settle(w, rq, out);
}

/* --- deciding --------------------------------------------------------------------------------- */

static struct str digest_bytes(const struct digest *d)
{
    return (struct str){(const char *)d->b, sizeof d->b};
}

static struct levy_decision decision_row(const struct change_decision *how,
                                         const struct levy_change *c, struct str instalments)
{
    const struct change_terms *t = how->terms;
    return (struct levy_decision){
        .decision_no = c->decision_no,
        .fiscal_year = t->fiscal_year,
        .household_id = c->household_id,
        .debtor_id = c->debtor_id,
        .from_ymd = c->from,
        .cause = c->cause,
        .decided_ymd = t->issued,
        .issue_ymd = t->issued,
        .basis = c->basis,
        .officer_id = how->officer_id,
        .draft_no = how->draft_no,
        .rule_hash = digest_bytes(ruleset_hash(plan_ruleset(t->plan))),
        .looked_from = t->known,
        .as_of_ymd = t->as_of,
        .outcome = c->outcome,
        .reason = c->reason,
        .total_yen = c->result.total,
        .medical_yen = c->result.part[PART_MEDICAL],
        .support_yen = c->result.part[PART_SUPPORT],
        .care_yen = c->result.part[PART_CARE],
        .child_yen = c->result.part[PART_CHILD],
        .tier = c->result.tier,
        .marks = (int64_t)c->result.marks,
        .judge_yen = c->result.judge,
        .insured = c->result.insured,
        .instalments = instalments,
        .explanation = c->explanation,
        .inputs = digest_bytes(&c->inputs),
        .known_from = how->event_no,
    };
}

static int close_replaced(struct work *w, const struct change_decision *how,
                          const struct levy_change *rows, size_t n)
{
    int64_t *keys = ARENA_ARRAY(w->cx.arena, n + 1, int64_t);
    size_t closed = 0;
    if (!keys) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i].replaces_id) {
            keys[closed++] = rows[i].replaces_id;
        }
    }
    return closed ? levy_decision_close_many(&w->cx, w->store, keys, closed, how->event_no) : 0;
}

static int number_fresh(struct work *w, const struct change_decision *how,
                        struct levy_decision *rows, size_t n)
{
    struct str series = str_format(w->cx.arena, "notice.%d", how->terms->fiscal_year);
    int64_t fresh = 0;
    int64_t no = 0;
    for (size_t i = 0; i < n; i++) {
        fresh += rows[i].decision_no == 0;
    }
    int rc = !series.p   ? fail(&w->cx, ERR_MEMORY, "memory", NULL)
             : fresh > 0 ? store_number(&w->cx, w->store, series, fresh, &no)
                         : 0;
    for (size_t i = 0; i < n && rc >= 0; i++) {
        if (rows[i].decision_no == 0) {
            rows[i].decision_no = no++;
        }
    }
    return rc;
}

/* What each new state changed; ids of decisions and corrections in one go. */
static int write_corrections(struct work *w, const struct change_decision *how,
                             const struct levy_change *changes, struct levy_decision *rows,
                             size_t n)
{
    struct levy_correction *out = ARENA_ARRAY(w->cx.arena, n, struct levy_correction);
    int64_t id = 0;
    int rc = out ? store_ids(&w->cx, w->store, 2 * (int64_t)n, &id)
                 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rows[i].decision_id = id++;
        out[i] = (struct levy_correction){.correction_id = id++,
                                          .decision_id = rows[i].decision_id,
                                          .replaces_id = changes[i].replaces_id,
                                          .draft_no = how->draft_no,
                                          .before_yen = changes[i].before,
                                          .after_yen = changes[i].result.total,
                                          .change_ymd = changes[i].changed,
                                          .known_from = how->event_no};
    }
    return rc < 0 ? rc : levy_correction_bulk(&w->cx, w->store, out, n);
}

static int pack_all(struct work *w, const struct change_decision *how,
                    const struct levy_change *changes, size_t n, struct levy_decision *rows)
{
    for (size_t i = 0; i < n; i++) {
        struct text packed;
        text_init(&packed, 4096);
        int rc = schedule_pack(&changes[i].schedule, &packed);
        struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&packed));
        text_release(&packed);
        if (!bytes.p) {
            return fail(&w->cx, ERR_MEMORY, "memory", NULL);
        }
        rows[i] = decision_row(how, &changes[i], bytes);
    }
    return 0;
}

static int confirm_exemptions(struct work *w, const struct change_decision *how,
                              const struct levy_change *changes, const struct levy_decision *rows,
                              size_t n)
{
    int64_t *nos = ARENA_ARRAY(w->cx.arena, n, int64_t);
    if (!nos) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        nos[i] = rows[i].decision_no;
    }
    return exemption_reviews_open(w, how->event_no, how->terms->fiscal_year, changes, nos, n);
}

int changes_decide(struct work *w, const struct change_decision *how,
                   const struct levy_change *rows, size_t n)
{
    struct levy_decision *out = ARENA_ARRAY(w->cx.arena, n + 1, struct levy_decision);
    if (n == 0) {
        return 0;
    }
    int rc = out ? pack_all(w, how, rows, n, out) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : number_fresh(w, how, out, n);
    rc = rc < 0 ? rc : close_replaced(w, how, rows, n);
    rc = rc < 0 ? rc : write_corrections(w, how, rows, out, n);
    rc = rc < 0 ? rc : levy_decision_bulk(&w->cx, w->store, out, n);
    rc = rc < 0 ? rc : confirm_exemptions(w, how, rows, out, n);
    return rc < 0 ? error_add(&w->cx, "decide %zu corrections", n) : 0;
}
