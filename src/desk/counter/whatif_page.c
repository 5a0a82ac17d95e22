/* The what-if at the counter: a made-up household, or a real one changed. Nothing is stored. */
#include "desk/counter/view.h"

#include <string.h>

#define CHANGES_SHOWN 60

/* --- form and trial -----------------------------------------------------------------------------
 */

static struct yen given(struct yen v)
{
    return v.n == FORM_ABSENT ? YEN(0) : v;
}

static struct trial_member member_of(const struct counter_trial_member_entry *e)
{
    struct trial_member m = {.name = e->name,
                             .birth = e->born,
                             .is_head = e->is_head,
                             .is_insured = e->is_insured,
                             .moved_to_elderly = e->moved,
                             .acquired = e->acquired,
                             .lost = e->lost,
                             .lost_to_insurance = e->by_insurance,
                             .left_work = e->left_work,
                             .birth_due = e->birth_due,
                             .births = e->twins ? 2 : 1};
    m.income.salary_revenue = given(e->salary);
    m.income.pension_revenue = given(e->pension);
    m.income.other_income = given(e->other);
    m.income.separate_income = given(e->separate);
    m.income.net_loss_carried = given(e->loss);
    m.income.fixed_asset_tax = given(e->asset_tax);
    m.income.is_undeclared = e->undeclared;
    return m;
}

static bool is_blank(const struct counter_trial_member_entry *e)
{
    return ymd_is_none(e->born) && !e->is_head && !e->is_insured;
}

/* A row left blank is nobody; the rows of a real household (stored, may be NULL) keep their person.
 */
static void trial_of(const struct counter_trial_form *form, const struct trial *stored,
                     struct trial *t)
{
    *t = (struct trial){.fiscal_year = (int)form->year};
    for (size_t i = 0; i < form->n_member; i++) {
        if (is_blank(&form->member[i])) {
            continue;
        }
        struct trial_member *m = &t->member[t->n++];
        *m = member_of(&form->member[i]);
        m->person_id = stored && i < stored->n ? stored->member[i].person_id : 0;
    }
}

static const struct trial_member *stored_member(const struct trial *stored, int64_t person_id)
{
    for (size_t i = 0; i < stored->n && person_id != 0; i++) {
        if (stored->member[i].person_id == person_id) {
            return &stored->member[i];
        }
    }
    return NULL;
}

/* What the tax office computed and the form has no field for is kept for the same person. */
static void keep_unasked(const struct trial *stored, bool has_asset, struct trial *t)
{
    for (size_t i = 0; i < t->n; i++) {
        const struct trial_member *same_person = stored_member(stored, t->member[i].person_id);
        if (!same_person) {
            continue;
        }
        const struct income *was = &same_person->income;
        struct income *now = &t->member[i].income;
        struct income asked = *was;
        if (!has_asset) {
            now->fixed_asset_tax = was->fixed_asset_tax;
        }
        int64_t other = was->business_income.n + was->property_income.n + was->other_income.n;
        bool same = was->salary_revenue.n == now->salary_revenue.n &&
                    was->pension_revenue.n == now->pension_revenue.n &&
                    other == now->other_income.n &&
                    was->separate_income.n == now->separate_income.n &&
                    was->net_loss_carried.n == now->net_loss_carried.n &&
                    was->fixed_asset_tax.n == now->fixed_asset_tax.n;
        if (same) {
            asked.is_undeclared = now->is_undeclared;
            *now = asked;
        }
    }
}

static struct counter_trial_member_entry entry_of(const struct trial_member *m, struct str name)
{
    const struct income *in = &m->income;
    return (struct counter_trial_member_entry){.name = name,
                                               .born = m->birth,
                                               .is_head = m->is_head,
                                               .is_insured = m->is_insured,
                                               .moved = m->moved_to_elderly,
                                               .salary = in->salary_revenue,
                                               .pension = in->pension_revenue,
                                               .other =
                                                   YEN(in->business_income.n +
                                                       in->property_income.n + in->other_income.n),
                                               .separate = in->separate_income,
                                               .loss = in->net_loss_carried,
                                               .asset_tax = in->fixed_asset_tax,
                                               .undeclared = in->is_undeclared,
                                               .acquired = m->acquired,
                                               .lost = m->lost,
                                               .by_insurance = m->lost_to_insurance,
                                               .left_work = m->left_work,
                                               .birth_due = m->birth_due,
                                               .twins = m->births > 1};
}

/* --- results -------------------------------------------------------------------------------------
 */

static int view_rows(struct context *cx, const struct assessed *before,
                     const struct assessed *after, struct counter_whatif_view *v)
{
    struct counter_whatif_rows_of_row *rows =
        ARENA_ARRAY(cx->arena, LEVY_PARTS, struct counter_whatif_rows_of_row);
    struct counter_whatif_instalments_row *dues =
        ARENA_ARRAY(cx->arena, LEVY_INSTALMENTS_MAX, struct counter_whatif_instalments_row);
    if (!rows || !dues) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        rows[k] = (struct counter_whatif_rows_of_row){part_message(k),
                                                      before ? before->result.part[k] : YEN(0),
                                                      after->result.part[k]};
    }
    for (size_t i = 0; i < after->schedule.n; i++) {
        const struct levy_instalment *s = &after->schedule.row[i];
        dues[i] = (struct counter_whatif_instalments_row){s->number, s->due, s->amount};
    }
    v->rows_of = rows;
    v->n_rows_of = LEVY_PARTS;
    v->instalments = dues;
    v->n_instalments = after->schedule.n;
    v->after_total = after->result.total;
    v->tier_after = levy_tier_message(after->result.tier);
    v->tier_before = v->tier_after;
    if (before) {
        v->has_before = true;
        v->before_total = before->result.total;
        v->difference = YEN(after->result.total.n - before->result.total.n);
        v->tier_before = levy_tier_message(before->result.tier);
    }
    v->has_result = true;
    return 0;
}

static struct str owner_name(const struct explanation_change *c, const struct str *owners, size_t n)
{
    bool has = str_equal(c->scope, levy_member_scope()) && c->row >= 0 && (size_t)c->row < n;
    return has && owners[c->row].p ? owners[c->row] : STR("");
}

static struct str change_label(struct context *cx, const struct explanation_change *c)
{
    struct explained n = {.name = c->name, .label = c->label};
    return tree_label(cx, &n);
}

static int view_changes(struct context *cx, const struct assessed *before,
                        const struct assessed *after, const struct str *owners, size_t n_owners,
                        struct counter_whatif_view *v)
{
    const struct explanation_change *changes;
    size_t n = 0;
    int rc = explanation_diff(cx, before->plan, before->vector, after->plan, after->vector,
                              &changes, &n);
    struct counter_whatif_changes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(cx->arena, n + 1, struct counter_whatif_changes_row);
    if (!rows) {
        return rc < 0 ? rc : fail(cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n && v->n_changes < CHANGES_SHOWN; i++) {
        const struct explanation_change *c = &changes[i];
        rows[v->n_changes++] =
            (struct counter_whatif_changes_row){change_label(cx, c),
                                                owner_name(c, owners, n_owners),
                                                value_text(cx, &c->before),
                                                value_text(cx, &c->after), c->cause};
    }
    v->changes = rows;
    return 0;
}

static int view_computation(struct context *cx, const struct assessed *after,
                            const struct str *owners, size_t n_owners,
                            struct counter_whatif_view *v)
{
    struct explanation x;
    struct counter_node_view *root = ARENA_NEW(cx->arena, struct counter_node_view);
    int rc = root ? explanation_open(cx, after->plan, after->vector, &x)
                  : fail(cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0 || x.n_results == 0) {
        return rc;
    }
    struct tree_request tree = {.explanation = &x,
                                .root = x.results[0],
                                .owners = owners,
                                .n_owners = n_owners,
                                .open_depth = 1};
    v->tree = root;
    v->n_tree = 1;
    return tree_view(cx, &tree, root);
}

static size_t owners_of(const struct trial *t, struct str owners[TRIAL_MEMBERS_MAX])
{
    for (size_t i = 0; i < t->n; i++) {
        owners[i] = t->member[i].name.p ? t->member[i].name : STR("");
    }
    return t->n;
}

/* Computes the trial (and what is stored, for the comparison) and fills the result's part. */
static int compute(struct work *w, const struct trial *stored, const struct trial *t,
                   struct counter_whatif_view *v)
{
    const struct ruleset *rules;
    struct assessed before;
    struct assessed after;
    struct str owners[TRIAL_MEMBERS_MAX];
    size_t n = owners_of(t, owners);
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    rc = rc < 0 ? rc : levy_trial(w, t, rules, &after);
    if (rc >= 0 && stored) {
        rc = levy_trial(w, stored, rules, &before);
    }
    rc = rc < 0 ? rc : view_rows(&w->cx, stored ? &before : NULL, &after, v);
    if (rc >= 0 && stored) {
        rc = view_changes(&w->cx, &before, &after, owners, n, v);
    }
    return rc < 0 ? rc : view_computation(&w->cx, &after, owners, n, v);
}

/* --- handlers
 * ------------------------------------------------------------------------------------- */

/* A problem of the household as a whole (no head, nobody insured) is shown with the form. */
static int show_problem(struct work *w, struct reply *rp, struct counter_trial_form *form, int rc)
{
    if (rc != ERR_INVALID) {
        return rc;
    }
    if (form->state.problems.n == 0) {
        char message[sizeof w->cx.error.message];
        memcpy(message, w->cx.error.message, sizeof message);
        error_clear(&w->cx);
        form_problem(&w->cx, &form->state, "", message, NULL);
    }
    error_clear(&w->cx);
    rp->status = 422;
    return 0;
}

static int show_page(struct work *w, const struct request *rq, struct reply *rp,
                     struct counter_whatif_view *v)
{
    int rc = levy_has_asset(w, ymd_fiscal_year(w->today), &v->has_asset);
    if (rc >= 0) {
        counter_page_whatif(&rp->body, rq->frame, v);
    }
    return rc;
}

int show_whatif(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_trial_form form;
    struct counter_whatif_view v = {.household_no = STR(""),
                                    .action = STR("/whatif"),
                                    .trial = &form};
    counter_trial_form_init(&form);
    form.year = ymd_fiscal_year(w->today);
    form.member[0].is_head = form.member[0].is_insured = true; /* the usual first person */
    form.n_member = 1;
    return show_page(w, rq, rp, &v);
}

int run_whatif(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_trial_form form;
    struct counter_whatif_view v = {.household_no = STR(""),
                                    .action = STR("/whatif"),
                                    .trial = &form};
    struct trial t;
    int rc = counter_trial_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        trial_of(&form, NULL, &t);
        rc = compute(w, NULL, &t, &v);
    }
    rc = rc < 0 ? show_problem(w, rp, &form, rc) : 0;
    return rc < 0 ? rc : show_page(w, rq, rp, &v);
}

/* The household as stored, with names, and the year asked for. */
static int read_stored(struct work *w, struct request *rq, int64_t year, struct trial *stored,
                       struct counter_whatif_view *v)
{
    struct party_home home;
    int64_t id = 0;
    int rc = party_household_by_no(w, rq->part[0], &id);
    rc = rc <= 0 ? rc : party_home(w, id, &home);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "counter.household.none", NULL);
    }
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = id,
                              .person_id = home.head_id,
                              .purpose = STR(""),
                              .query = STR("whatif"),
                              .count = (int64_t)home.n};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : levy_trial_of_household(w, id, (int)year, stored);
    for (size_t i = 0; rc >= 0 && i < stored->n; i++) {
        for (size_t k = 0; k < home.n; k++) {
            if (home.members[k].person.person_id == stored->member[i].person_id) {
                stored->member[i].name = home.members[k].person.name;
            }
        }
    }
    v->household_no = home.household_no;
    v->action = str_format(w->cx.arena, "/whatif/" STR_FMT, STR_ARG(home.household_no));
    return rc;
}

int show_whatif_of(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_trial_form form;
    struct counter_whatif_view v = {.trial = &form};
    struct trial stored;
    int64_t year;
    int rc = request_query_number(&w->cx, rq, "year", ymd_fiscal_year(w->today), &year);
    rc = rc < 0 ? rc : read_stored(w, rq, year, &stored, &v);
    if (rc < 0) {
        return rc;
    }
    counter_trial_form_init(&form);
    form.year = year;
    for (size_t i = 0; i < stored.n && i < sizeof form.member / sizeof *form.member; i++) {
        form.member[form.n_member++] = entry_of(&stored.member[i], stored.member[i].name);
    }
    return show_page(w, rq, rp, &v);
}

int run_whatif_of(struct work *w, struct request *rq, struct reply *rp)
{
    struct counter_trial_form form;
    struct counter_whatif_view v = {.trial = &form};
    struct trial stored;
    struct trial t;
    int read = counter_trial_form_read(&w->cx, rq, &form);
    struct error problem = w->cx.error;
    error_clear(&w->cx);
    int64_t year = form.year == FORM_ABSENT ? ymd_fiscal_year(w->today) : form.year;
    int rc = read_stored(w, rq, year, &stored, &v);
    if (rc < 0) {
        return rc;
    }
    if (read < 0) {
        w->cx.error = problem;
        rc = read;
    } else {
        trial_of(&form, &stored, &t);
        rc = levy_has_asset(w, ymd_fiscal_year(w->today), &v.has_asset);
        keep_unasked(&stored, v.has_asset, &t);
        rc = rc < 0 ? rc : compute(w, &stored, &t, &v);
    }
    rc = rc < 0 ? show_problem(w, rp, &form, rc) : 0;
    return rc < 0 ? rc : show_page(w, rq, rp, &v);
}
