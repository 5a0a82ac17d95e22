/* One household corrected at the counter (即時更正), what a decision changed, and its replay. */
#include "desk/levy/correction.h"
#include "desk/levy/exemption.h"
#include "levy_sql.h"

#define EXPLANATIONS ((size_t)4 << 20)

/* --- one household -------------------------------------------------------------------------- */

static int find_in(struct work *w, const struct change_terms *t, int64_t household_id,
                   const struct population *p, struct text *explanations, struct levy_changes *out)
{
    struct assessor a;
    struct decisions decided;
    struct change_request rq = {
        .terms = t, .now = p, .decided = &decided, .assessor = &a, .explanations = explanations};
    int rc = decisions_of_households(w, &household_id, 1, t->fiscal_year, &decided);
    rc = rc < 0 ? rc : assessor_init(&w->cx, &a, t->plan);
    if (rc < 0) {
        return rc;
    }
    rc = changes_find(w, &rq, out);
    assessor_release(&a);
    return rc;
}

/* Explanations point into a text that goes: they are copied where they stay. */
static int keep(struct work *w, struct levy_changes *out)
{
    for (size_t i = 0; i < out->n; i++) {
        out->rows[i].explanation = str_copy(w->cx.arena, out->rows[i].explanation);
        if (!out->rows[i].explanation.p) {
            return fail(&w->cx, ERR_MEMORY, "memory", NULL);
        }
    }
    return 0;
}

static int terms_now(struct work *w, int fiscal_year, struct ymd issued, struct change_terms *out)
{
    const struct ruleset *rules;
    *out = (struct change_terms){.fiscal_year = fiscal_year, .as_of = w->today, .issued = issued};
    int rc = event_last(&w->cx, w->store, &out->known);
    rc = rc < 0 ? rc : levy_rules(w, KNOWN_NOW, &rules);
    return rc < 0 ? rc : levy_plan(w, rules, fiscal_year, &out->plan);
}

/* tried: an exemption that is not granted yet; NULL: none. */
static int find(struct work *w, const struct change_terms *t, int64_t household_id,
                const struct exemption *tried, struct levy_changes *out)
{
    struct population p;
    struct text explanations;
    text_init(&explanations, EXPLANATIONS);
    int rc = population_of_household(w, household_id, t->fiscal_year, t->known, t->as_of, &p);
    rc = rc < 0 || !tried ? rc : exemption_try(w, &p, tried);
    rc = rc < 0 ? rc : find_in(w, t, household_id, &p, &explanations, out);
    rc = rc < 0 ? rc : keep(w, out);
    population_release(&p);
    text_release(&explanations);
    return rc < 0 ? error_add(&w->cx, "correct household %lld", (long long)household_id) : 0;
}

int levy_changes_of_household(struct work *w, int64_t household_id, int fiscal_year,
                              struct ymd issued, struct levy_changes *out)
{
    struct change_terms t;
    *out = (struct levy_changes){0};
    int rc = terms_now(w, fiscal_year, issued, &t);
    return rc < 0 ? rc : find(w, &t, household_id, NULL, out);
}

int exemption_preview(struct work *w, const struct exemption *x, struct ymd day,
                      struct levy_changes *out)
{
    struct change_terms t;
    *out = (struct levy_changes){0};
    int rc = terms_now(w, x->fiscal_year, day, &t);
    return rc < 0 ? rc : find(w, &t, x->household_id, x, out);
}

static size_t decidable(struct levy_changes *c)
{
    size_t kept = 0;
    for (size_t i = 0; i < c->n; i++) {
        if (c->rows[i].outcome == OUTCOME_LEVIED || c->rows[i].outcome == OUTCOME_PULLED) {
            c->rows[kept++] = c->rows[i];
        }
    }
    return kept;
}

int levy_correct_household(struct work *w, const struct event *e, int64_t household_id,
                           int fiscal_year, struct ymd issued, int64_t *decided)
{
    struct change_terms t;
    struct levy_changes changes;
    *decided = 0;
    int rc = terms_now(w, fiscal_year, issued, &t);
    rc = rc < 0 ? rc : find(w, &t, household_id, NULL, &changes);
    if (rc < 0) {
        return rc;
    }
    changes.n = decidable(&changes);
    if (changes.n == 0) {
        return fail(&w->cx, ERR_INVALID, "levy.correct.nothing", "%d", fiscal_year);
    }
    struct change_decision how = {.event_no = e->no, .officer_id = w->actor->user_id, .terms = &t};
    rc = changes_decide(w, &how, changes.rows, changes.n);
    *decided = rc < 0 ? 0 : (int64_t)changes.n;
    return rc;
}

/* --- the entry of the counter ------------------------------------------------------------------
 */

/* "household_no year issue-date"; decided under an event of its own kind, so that what is charged
 * hangs on one event. */
int correction_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct str household_no = str_cut(&payload, ' ');
    struct str year = str_cut(&payload, ' ');
    struct event decide = work_event(w, "levy.decide");
    struct ymd issued;
    int64_t household_id = 0;
    int64_t fiscal_year = 0;
    int64_t decided = 0;
    if (!str_to_int(year, &fiscal_year) || !ymd_parse(str_trim(payload), &issued)) {
        return fail(&w->cx, ERR_INVALID, "levy.correct.payload", NULL);
    }
    int rc = party_household_by_no(w, household_no, &household_id);
    if (rc <= 0) {
        return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.correct.household", NULL);
    }
    decide.household_id = household_id;
    decide.person_id = e->person_id;
    decide.effective = issued;
    decide.reason = e->reason;
    decide.approved_by = w->actor->user_id;
    decide.status = EVENT_APPROVED;
    rc = event_open(&w->cx, w->store, &decide);
    rc = rc < 0
             ? rc
             : levy_correct_household(w, &decide, household_id, (int)fiscal_year, issued, &decided);
    return rc < 0 ? rc : work_event_tell(w, &decide);
}

/* --- what a decision changed -------------------------------------------------------------------
 */

int levy_correction_of(struct work *w, const struct decision *d, struct correction *out)
{
    struct levy_correction_of_decision_in in = {.decision_id = d->decision_id};
    struct levy_correction_of_decision_row row;
    struct decision before;
    int rc = levy_correction_of_decision(&w->cx, w->store, &in, &row);
    if (rc <= 0) {
        return rc;
    }
    *out = (struct correction){.replaces_id = row.replaces_id,
                               .draft_no = row.draft_no,
                               .before = row.before_yen,
                               .after = row.after_yen,
                               .changed = row.change_ymd};
    if (row.replaces_id == 0) {
        return 1;
    }
    rc = decision_by_id(w, row.replaces_id, &before);
    if (rc <= 0) {
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", "no=%lld",
                             (long long)d->decision_no);
    }
    out->was = before.schedule;
    return 1;
}

int schedule_replay(struct work *w, const struct decision *d, const struct replayed *again,
                    struct levy_schedule *out)
{
    struct correction c;
    struct assessor a;
    struct schedule_terms terms;
    int rc = levy_correction_of(w, d, &c);
    if (rc == 0) {
        return fail(&w->cx, ERR_CORRUPT, "levy.decision.corrupt", "no=%lld",
                    (long long)d->decision_no);
    }
    rc = rc < 0 ? rc : assessor_init(&w->cx, &a, again->plan);
    if (rc < 0) {
        return rc;
    }
    rc = schedule_terms_of(&w->cx, again->plan, &a.calendar, d->issued, &terms);
    if (again->u) {
        terms.cuts = CUTS(again->p) + again->u->first_cut;
        terms.n_cuts = again->u->n_cuts;
    }
    rc = rc < 0 ? rc : schedule_change(&w->cx, &c.was, again->result, &terms, out);
    assessor_release(&a);
    return rc;
}
