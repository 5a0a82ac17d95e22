/* What the picture must be like when every line of a notification is done. */
#include "desk/eligibility/filing_inner.h"

#include <string.h>

enum { NOTIFY_WITHIN = 14 /* days: 法9条, 規則2条 */ };

bool change_needs_why(const struct cover_change *c)
{
    return c->kind == CHANGE_CORRECT || c->kind == CHANGE_CANCEL || c->kind == CHANGE_RESUME ||
           c->acquired_by == ACQUIRED_EX_OFFICIO || c->lost_by == LOST_EX_OFFICIO;
}

/* --- the notification itself ------------------------------------------------------------------ */

void planning_check_filing(struct planning *p)
{
    const struct notification *n = p->n;
    const struct filing in = filing_of(n);

    for (size_t i = 0; i < FILING_CHECKS; i++) {
        const char *what = NULL;
        const char *field = filing_check(&in, p->w->today, i, &what);
        if (what)
            planning_problem(p, NOTIFICATION_CHANGES_MAX, field, what);
    }
    for (size_t i = 0; i < n->n; i++) {
        if (change_needs_why(&n->row[i]) && str_trim(n->why).n == 0)
            planning_problem(p, i, "why", "eligibility.plan.why_missing");
    }
}

/* --- one person's periods --------------------------------------------------------------------- */

/* One day of two covers is what 法8条1項 makes of joining another scheme; it is no overlap. */
static struct span claimed_span(const struct insured_period *d)
{
    struct span s = d->valid;

    if (d->lost_by != 0 && loss_counts_by_cause((enum lost_by)d->lost_by) &&
        ymd_compare(d->lost_cause, s.to) < 0)
        s.to = d->lost_cause;
    return s;
}

static const char *cover_problem(const struct subject *s, const struct insured_period *d)
{
    const struct span claimed = claimed_span(d);

    for (size_t i = 0; i < s->n_covers; i++) {
        if (!s->cover[i].is_removed && !span_is_empty(span_cut(claimed, s->cover[i].now.valid)))
            return "eligibility.plan.other_cover";
    }
    return NULL;
}

static const char *overlap_problem(const struct subject *s, const struct working_period *k,
                                   struct ymd today)
{
    struct span others[SUBJECT_PERIODS_MAX];
    struct period_claim claim = {s->birth, k->now.valid.from, k->now.valid.to, others, 0};

    for (size_t i = 0; i < s->n_periods; i++) {
        if (&s->period[i] != k && !s->period[i].is_removed)
            others[claim.n_others++] = s->period[i].now.valid;
    }
    return period_problem(&claim, today);
}

/* Where he lives, or is counted, on the day; NULL: nowhere in the household's city. */
static bool is_resident_on(const struct subject *s, struct ymd day)
{
    for (size_t i = 0; i < s->n_residencies; i++) {
        const struct span r = {s->residencies[i].valid_from, s->residencies[i].valid_to};
        if (span_holds(r, day))
            return true;
    }
    for (size_t i = 0; i < s->n_stays; i++) {
        const struct span r = {s->stays[i].valid_from, s->stays[i].valid_to};
        if (s->stays[i].is_placement && span_holds(r, day))
            return true;
    }
    return false;
}

static bool is_of_household(const struct subject *s, int64_t household_id)
{
    for (size_t i = 0; i < s->n_stays; i++) {
        if (s->stays[i].household_id == household_id)
            return true;
    }
    return false;
}

/* Permissions to stay that keep a foreign resident out of the scheme (規則1条): short stays,
 * diplomats, medical stays. One of three months or less needs proof of a longer one. */
static void check_permit(struct planning *p, size_t row, const struct subject *s, struct ymd day)
{
    for (size_t i = 0; i < s->n_permits; i++) {
        const struct eligibility_subject_permits_row *r = &s->permits[i];
        const struct span valid = {r->valid_from, r->valid_to};
        if (!span_holds(valid, day))
            continue;
        if (r->is_excluded) {
            planning_problem(p, row, "acquired", "eligibility.plan.stay_excluded");
            return;
        }
        if (ymd_is_none(r->stay_until))
            continue;
        if (ymd_compare(r->stay_until, day) < 0)
            planning_problem(p, row, "acquired", "eligibility.plan.stay_over");
        else if (ymd_compare(r->stay_until, ymd_add(r->valid_from, 92)) <= 0 &&
                 str_trim(p->n->why).n == 0)
            planning_problem(p, row, "acquired", "eligibility.plan.stay_short");
    }
}

static void check_acquired(struct planning *p, size_t row, const struct subject *s,
                           const struct insured_period *d)
{
    if (!is_resident_on(s, d->valid.from))
        planning_problem(p, row, "acquired", "eligibility.plan.not_resident");
    if (ymd_compare(d->valid.from, p->w->today) > 0)
        planning_warning(p, row, "acquired", "eligibility.plan.acquired_in_future");
    if (d->acquired_by == ACQUIRED_BIRTH && !ymd_is_none(s->birth) &&
        ymd_compare(d->acquired_cause, s->birth) != 0)
        planning_problem(p, row, "acquired", "eligibility.plan.not_birthday");
    check_permit(p, row, s, d->valid.from);
}

static void check_lost(struct planning *p, size_t row, const struct subject *s,
                       const struct insured_period *d)
{
    if (d->lost_by == LOST_DEATH) {
        if (ymd_is_none(s->death))
            planning_warning(p, row, "lost", "eligibility.plan.death_not_registered");
        else if (ymd_compare(s->death, d->lost_cause) != 0)
            planning_problem(p, row, "lost", "eligibility.plan.not_day_of_death");
    }
    if (d->lost_by == LOST_LATE_STAGE && !ymd_is_none(s->birth)) {
        if (ymd_compare(d->lost_cause, birthday(s->birth, 75)) > 0)
            planning_problem(p, row, "lost", "eligibility.plan.after_75");
        else if (ymd_compare(d->lost_cause, birthday(s->birth, 65)) < 0)
            planning_problem(p, row, "lost", "eligibility.plan.before_65");
    }
}

/* A period cannot go on after death or after he left, unless a placement keeps him. */
static void check_end(struct planning *p, size_t row, const struct subject *s,
                      const struct insured_period *d)
{
    const struct ymd last = ymd_is_none(d->valid.to) ? YMD_NONE : ymd_add(d->valid.to, -1);

    if (!ymd_is_none(s->death) && (ymd_is_none(last) || ymd_compare(last, s->death) > 0))
        planning_problem(p, row, "lost", "eligibility.plan.after_death");
    else if (ymd_is_none(last) && ymd_is_none(s->death) && s->n_residencies > 0 &&
             !is_resident_on(s, p->w->today) &&
             ymd_compare(s->residencies[s->n_residencies - 1].valid_from, p->w->today) <= 0)
        planning_problem(p, row, "lost", "eligibility.plan.left_the_city");
}

static void check_late(struct planning *p, size_t row, struct ymd cause)
{
    if (!ymd_is_none(cause) && ymd_compare(p->n->notified, ymd_add(cause, NOTIFY_WITHIN)) > 0) {
        planning_warning(p, row, "notified", "eligibility.plan.notified_late");
        planning_about(p, cause);
    }
}

/* Whether the line is the last that speaks of its period: what the whole period must be like is
 * its matter. */
static bool is_last_word(const struct planning *p, size_t row)
{
    for (size_t i = row + 1; i < p->n->n; i++) {
        if (p->touched[i] == p->touched[row])
            return false;
    }
    return true;
}

static void check_period(struct planning *p, size_t row, const struct subject *s,
                         const struct working_period *k)
{
    const bool loses = p->n->row[row].kind == CHANGE_LOSE;
    const char *overlap = overlap_problem(s, k, p->w->today);
    const char *other = cover_problem(s, &k->now);

    if (overlap)
        planning_problem(p, row, loses ? "lost" : "acquired", overlap);
    else if (other && loses)
        planning_warning(p, row, "lost", other); /* to leave is right, to leave earlier may be */
    else if (other)
        planning_problem(p, row, "acquired", other);
    check_end(p, row, s, &k->now);
}

static void check_line(struct planning *p, size_t row)
{
    const struct subject *s = p->who[row];
    const struct working_period *k = p->touched[row];
    const struct cover_change *c = &p->n->row[row];

    if (!s || !k)
        return;
    if (!is_of_household(s, p->n->household_id))
        planning_problem(p, row, "person", "eligibility.plan.not_of_household");
    if (k->is_removed || c->kind == CHANGE_HOUSEHOLD)
        return;
    if (is_last_word(p, row))
        check_period(p, row, s, k);
    if (c->acquired_by != 0)
        check_acquired(p, row, s, &k->now);
    if (k->now.lost_by != 0 && c->lost_by != 0)
        check_lost(p, row, s, &k->now);
    check_late(p, row,
               c->kind == CHANGE_ACQUIRE ? c->acquired
               : c->kind == CHANGE_LOSE  ? c->lost
                                         : YMD_NONE);
}

void planning_check(struct planning *p)
{
    for (size_t i = 0; i < p->n->n; i++)
        check_line(p, i);
}
