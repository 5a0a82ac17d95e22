/*
 * What a notice would do: it is applied in a transaction, the household is assessed as it then
 * stands, and everything is rolled back. What the page says is what will be computed, to the yen.
 */
#include "desk/counter/notify.h"

#include <stdlib.h>

#define YEARS_MAX 3 /* this fiscal year and the two before: an older one is not levied any more */

struct preview {
    struct notify *y;
    const struct notification *n;
    int first_year, last_year;
    struct decisions decisions; /* in force */
    struct levy_debts after[YEARS_MAX];
    struct papers papers; /* as they would be */
};

/* --- the years it touches ------------------------------------------------------------------------
 */

static void reach(struct preview *p, struct ymd day)
{
    if (!ymd_is_none(day) && ymd_fiscal_year(day) < p->first_year) {
        p->first_year = ymd_fiscal_year(day);
    }
}

static void find_years(struct preview *p, const struct notification_plan *plan)
{
    p->first_year = p->last_year = ymd_fiscal_year(p->y->w->today);
    for (size_t i = 0; i < plan->n; i++) {
        const struct planned_change *c = &plan->row[i];
        bool moved_start = !c->has_before || !c->has_after ||
                           ymd_compare(c->before.valid.from, c->after.valid.from) != 0;
        if (c->has_before) {
            reach(p, moved_start ? c->before.valid.from : c->before.valid.to);
        }
        if (c->has_after) {
            reach(p, moved_start ? c->after.valid.from : c->after.valid.to);
        }
    }
    if (p->first_year < p->last_year - (YEARS_MAX - 1)) {
        p->first_year = p->last_year - (YEARS_MAX - 1);
    }
}

/* --- applied and rolled back
 * ----------------------------------------------------------------------- */

static int assess_applied(struct preview *p)
{
    struct work *w = p->y->w;
    struct event e = work_event(w, "eligibility.notification");
    e.household_id = p->n->household_id;
    e.received = p->n->notified;
    int rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : notification_apply(w, e.no, p->n);
    rc = rc < 0 ? rc : papers_read(w, &p->y->home, &p->papers);
    for (int year = p->first_year; year <= p->last_year && rc >= 0; year++) {
        rc = levy_assess_household(w, p->n->household_id, year, &p->after[year - p->first_year]);
    }
    return rc;
}

static int try_it(struct preview *p)
{
    struct work *w = p->y->w;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = assess_applied(p);
    store_rollback(w->store);
    return rc < 0 ? error_add(&w->cx, "try a notification of household %lld",
                              (long long)p->n->household_id)
                  : 0;
}

/* --- the view: people
 * ---------------------------------------------------------------------------------
 */

static const char *kind_message(enum change_kind kind)
{
    static const char *const ids[] = {"counter.change.0", "counter.change.1", "counter.change.2",
                                      "counter.change.3", "counter.change.4", "counter.change.5",
                                      "counter.change.6"};
    return ids[kind >= CHANGE_ACQUIRE && kind <= CHANGE_HOUSEHOLD ? kind : 0];
}

static int view_changes(const struct preview *p, const struct notification_plan *plan,
                        struct counter_notify_view *v)
{
    struct counter_notify_changes_row *rows =
        ARENA_ARRAY(p->y->w->cx.arena, plan->n + 1, struct counter_notify_changes_row);
    if (!rows) {
        return fail(&p->y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < plan->n; i++) {
        const struct planned_change *c = &plan->row[i];
        const struct cover_change *asked = &p->n->row[c->row];
        rows[i] = (struct counter_notify_changes_row){
            .name = notify_name(p->y, asked->person_id),
            .kind = kind_message(asked->kind),
            .has_before = c->has_before,
            .before_from = c->has_before ? c->before.valid.from : YMD_NONE,
            .before_by = reason_message((int)c->before.acquired_by),
            .before_to = c->has_before ? c->before.valid.to : YMD_NONE,
            .before_lost = reason_message(c->before.lost_by),
            .has_after = c->has_after,
            .after_from = c->has_after ? c->after.valid.from : YMD_NONE,
            .after_by = reason_message((int)c->after.acquired_by),
            .after_to = c->has_after ? c->after.valid.to : YMD_NONE,
            .after_lost = reason_message(c->after.lost_by),
            .issue = papers_has_due(&p->papers, asked->person_id),
            .back = papers_has_back(&p->papers, asked->person_id)};
    }
    v->changes = rows;
    v->n_changes = plan->n;
    return 0;
}

static bool is_changed(const struct preview *p, int64_t person_id)
{
    for (size_t i = 0; i < p->n->n; i++) {
        if (p->n->row[i].person_id == person_id) {
            return true;
        }
    }
    return false;
}

/* Documents of those the notice does not name: another head or number concerns them too. */
static int view_others(const struct preview *p, struct counter_notify_view *v)
{
    const struct party_home *home = &p->y->home;
    struct counter_notify_others_row *rows =
        ARENA_ARRAY(p->y->w->cx.arena, home->n + 1, struct counter_notify_others_row);
    if (!rows) {
        return fail(&p->y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < home->n; i++) {
        int64_t person_id = home->members[i].person.person_id;
        bool issue = papers_has_due(&p->papers, person_id);
        bool back = papers_has_back(&p->papers, person_id);
        if (!is_changed(p, person_id) && (issue || back)) {
            rows[v->n_others++] =
                (struct counter_notify_others_row){home->members[i].person.name, issue, back};
        }
    }
    v->others = rows;
    return 0;
}

static int view_warnings(const struct preview *p, const struct notification_plan *plan,
                         struct counter_notify_view *v)
{
    struct counter_notify_warnings_row *rows =
        ARENA_ARRAY(p->y->w->cx.arena, plan->n_problems + 1, struct counter_notify_warnings_row);
    if (!rows) {
        return fail(&p->y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < plan->n_problems; i++) {
        const struct notification_problem *x = &plan->problem[i];
        bool has_person = x->row < p->n->n;
        rows[v->n_warnings++] = (struct counter_notify_warnings_row){
            .what = x->what,
            .name = has_person ? notify_name(p->y, p->n->row[x->row].person_id) : STR(""),
            .facts = x->facts.p ? x->facts : STR("")};
    }
    v->warnings = rows;
    return 0;
}

/* --- the view: money
 * --------------------------------------------------------------------------------- */

static void add_due(struct counter_notify_years_instalments_row *rows, size_t *n,
                    const struct levy_instalment *s, bool is_after)
{
    size_t i = 0;
    while (i < *n && rows[i].no != s->number) {
        i++;
    }
    if (i == *n) {
        rows[(*n)++] =
            (struct counter_notify_years_instalments_row){.no = s->number, .due = s->due};
    }
    if (is_after) {
        rows[i].after = YEN(rows[i].after.n + s->amount.n);
    } else {
        rows[i].before = YEN(rows[i].before.n + s->amount.n);
    }
}

static int by_number(const void *a, const void *b)
{
    const struct counter_notify_years_instalments_row *x = a;
    const struct counter_notify_years_instalments_row *y = b;
    return x->no < y->no ? -1 : x->no > y->no;
}

static int view_debtors(const struct preview *p, const struct levy_debts *after,
                        struct counter_notify_years_row *row)
{
    struct counter_notify_years_debtors_row *rows =
        ARENA_ARRAY(p->y->w->cx.arena, LEVY_DEBTS_MAX, struct counter_notify_years_debtors_row);
    if (!rows) {
        return fail(&p->y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < after->n; i++) {
        rows[i] =
            (struct counter_notify_years_debtors_row){notify_name(p->y, after->row[i].debtor_id),
                                                      after->row[i].from,
                                                      after->row[i].assessed.result.total};
    }
    row->debtors = rows;
    row->n_debtors = after->n;
    return 0;
}

static int view_year(const struct preview *p, int year, struct counter_notify_years_row *row)
{
    struct context *cx = &p->y->w->cx;
    const struct levy_debts *after = &p->after[year - p->first_year];
    struct counter_notify_years_instalments_row *dues =
        ARENA_ARRAY(cx->arena, (size_t)2 * LEVY_INSTALMENTS_MAX,
                    struct counter_notify_years_instalments_row);
    size_t n = 0;
    if (!dues) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    *row = (struct counter_notify_years_row){.label = levy_year_label(cx, year),
                                             .tier_before = "counter.notify.none",
                                             .tier_after = "counter.notify.none"};
    for (size_t i = 0; i < p->decisions.n; i++) {
        const struct decision *d = &p->decisions.rows[i];
        if (d->fiscal_year != year || !d->is_open) {
            continue;
        }
        row->decided = true;
        row->before = YEN(row->before.n + d->result.total.n);
        row->tier_before = levy_tier_message(d->result.tier);
        for (size_t k = 0; k < d->schedule.n && n < LEVY_INSTALMENTS_MAX; k++) {
            add_due(dues, &n, &d->schedule.row[k], false);
        }
    }
    for (size_t i = 0; i < after->n; i++) {
        const struct assessed *a = &after->row[i].assessed;
        row->tier_after = levy_tier_message(a->result.tier);
        for (size_t k = 0; k < a->schedule.n && n < (size_t)2 * LEVY_INSTALMENTS_MAX; k++) {
            add_due(dues, &n, &a->schedule.row[k], true);
        }
    }
    qsort(dues, n, sizeof *dues, by_number);
    int64_t difference = after->total.n - row->before.n;
    row->after = after->total;
    row->is_less = difference < 0;
    row->difference = YEN(difference < 0 ? -difference : difference);
    row->instalments = dues;
    row->n_instalments = n;
    return view_debtors(p, after, row);
}

static int view_years(const struct preview *p, struct counter_notify_view *v)
{
    struct counter_notify_years_row *rows =
        ARENA_ARRAY(p->y->w->cx.arena, YEARS_MAX, struct counter_notify_years_row);
    int rc = rows ? 0 : fail(&p->y->w->cx, ERR_MEMORY, "memory", NULL);
    for (int year = p->last_year; year >= p->first_year && rc >= 0; year--) {
        rc = view_year(p, year, &rows[v->n_years++]);
    }
    v->years = rows;
    return rc;
}

int notify_preview(struct notify *y, const struct notification *n,
                   const struct notification_plan *plan, struct counter_notify_view *v)
{
    struct preview *p = ARENA_NEW(y->w->cx.arena, struct preview);
    if (!p) {
        return fail(&y->w->cx, ERR_MEMORY, "memory", NULL);
    }
    *p = (struct preview){.y = y, .n = n};
    find_years(p, plan);
    int rc = levy_decisions_of_household(y->w, n->household_id, 0, false, &p->decisions);
    rc = rc < 0 ? rc : try_it(p);
    rc = rc < 0 ? rc : view_changes(p, plan, v);
    rc = rc < 0 ? rc : view_others(p, v);
    rc = rc < 0 ? rc : view_warnings(p, plan, v);
    return rc < 0 ? rc : view_years(p, v);
}

/* --- what other sections know
 * ------------------------------------------------------------------------ */

static int known_home(const struct notify *y, struct counter_notify_view *v)
{
    struct told_by home;
    int rc = eligibility_address_told(y->w, y->home.household_id, &home);
    v->home_known = rc > 0;
    v->home_source = rc > 0 ? source_word(y->w, home.source) : STR("");
    v->home_received = rc > 0 ? home.received : YMD_NONE;
    v->home_event = rc > 0 ? home.event_no : 0;
    return rc < 0 ? rc : 0;
}

int notify_known(const struct notify *y, struct counter_notify_view *v)
{
    struct work *w = y->w;
    struct incomes_told in;
    int64_t *ids = ARENA_ARRAY(w->cx.arena, y->home.n + 1, int64_t);
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < y->home.n; i++) {
        ids[i] = y->home.members[i].person.person_id;
    }
    int rc = levy_incomes_told(w, ids, y->home.n, &in);
    struct counter_notify_known_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, in.n + 1, struct counter_notify_known_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < in.n; i++) {
        const struct income_told *x = &in.rows[i];
        if (x->income_year != ymd_fiscal_year(w->today) - 1) {
            continue;
        }
        rows[v->n_known++] =
            (struct counter_notify_known_row){.name = notify_name(y, x->person_id),
                                              .year = x->income_year,
                                              .source = source_message(x->source),
                                              .told_by = source_word(w, x->by.source),
                                              .received = x->by.received,
                                              .event = x->by.event_no,
                                              .undeclared = x->is_undeclared,
                                              .salary = x->salary_revenue,
                                              .pension = x->pension_revenue,
                                              .other = x->other_income};
    }
    v->known = rows;
    return known_home(y, v);
}
