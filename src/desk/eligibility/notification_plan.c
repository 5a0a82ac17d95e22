/*
 * The plan of a notification: each line is done to the picture of what is known, in order; then the
 * picture is checked as a whole.
 */
#include "desk/eligibility/notification_inner.h"

#include <string.h>

/* --- problems -------------------------------------------------------------------------------- */

static void note(struct planning *p, const struct notification_problem *problem)
{
    struct notification_plan *out = p->out;

    if (!problem->is_warning)
        out->is_clean = false;
    if (out->n_problems < NOTIFICATION_PROBLEMS_MAX)
        out->problem[out->n_problems++] = *problem;
}

void planning_problem(struct planning *p, size_t row, const char *field, const char *what)
{
    note(p, &(struct notification_problem){row, field, what, STR(""), false});
}

void planning_warning(struct planning *p, size_t row, const char *field, const char *what)
{
    note(p, &(struct notification_problem){row, field, what, STR(""), true});
}

void planning_about(struct planning *p, struct ymd day)
{
    struct text t;

    if (p->out->n_problems == 0)
        return;
    text_init(&t, 64);
    (void)text_add_era(&t, day);
    p->out->problem[p->out->n_problems - 1].facts = str_copy(p->w->cx.arena, text_str(&t));
    text_release(&t);
}

/* --- covers by other schemes ------------------------------------------------------------------ */

/* What a loss says he is covered by from its cause day on; NULL: nothing. */
static const char *cover_begun(int lost_by, bool is_dependant)
{
    switch (lost_by) {
    case LOST_EMPLOYER:
        return is_dependant ? "dependant" : "employee";
    case LOST_SOCIETY:
        return "society";
    case LOST_ASSISTANCE:
        return "assistance";
    case LOST_LATE_STAGE:
        return "late_stage";
    default:
        return NULL;
    }
}

/* Does an acquisition for this reason end a cover of that kind? */
static bool ends_cover(int acquired_by, const char *kind)
{
    switch (acquired_by) {
    case ACQUIRED_LEFT_EMPLOYER:
        return strcmp(kind, "employee") == 0 || strcmp(kind, "dependant") == 0;
    case ACQUIRED_LEFT_SOCIETY:
        return strcmp(kind, "society") == 0;
    case ACQUIRED_ASSISTANCE_END:
        return strcmp(kind, "assistance") == 0;
    case ACQUIRED_LEFT_LATE_STAGE:
        return strcmp(kind, "late_stage") == 0;
    default:
        return false;
    }
}

/* Another cover that is open on the day ends with it, where the reason says so. */
static void end_covers(struct subject *s, int acquired_by, struct ymd acquired)
{
    for (size_t i = 0; i < s->n_covers; i++) {
        struct working_cover *c = &s->cover[i];
        if (c->is_removed || !ends_cover(acquired_by, c->now.kind) ||
            ymd_compare(c->now.valid.from, acquired) >= 0 || !ymd_is_none(c->now.valid.to))
            continue;
        c->now.valid.to = acquired;
        c->is_changed = true;
    }
}

/* The other cover lasts until he is insured here again, as far as that is known. */
static struct ymd cover_until(const struct subject *s, struct ymd from)
{
    struct ymd until = YMD_NONE;

    for (size_t i = 0; i < s->n_periods; i++) {
        const struct ymd next = s->period[i].now.valid.from;
        if (!s->period[i].is_removed && ymd_compare(next, from) > 0 &&
            (ymd_is_none(until) || ymd_compare(next, until) < 0))
            until = next;
    }
    return until;
}

static void begin_cover(struct planning *p, struct subject *s, const struct cover_change *c,
                        const struct working_period *period)
{
    const char *kind = cover_begun(period->now.lost_by, c->is_dependant);
    const struct ymd from = period->now.lost_cause;

    for (size_t i = 0; kind && i < s->n_covers; i++) {
        const struct working_cover *k = &s->cover[i];
        if (!k->is_removed && strcmp(k->now.kind, kind) == 0 && span_holds(k->now.valid, from))
            return; /* a feed told us before */
    }
    if (!kind || s->n_covers == SUBJECT_COVERS_MAX)
        return;
    s->cover[s->n_covers++] = (struct working_cover){
        .now = {.person_id = s->person_id,
                .kind = kind,
                .insurer = c->insurer.n ? str_copy(p->w->cx.arena, c->insurer) : STR_NONE,
                .valid = {from, cover_until(s, from)}},
        .is_changed = true};
}

/* The cover that a loss brought in goes with it when the loss was wrong. */
static void forget_cover(struct subject *s, const struct insured_period *was)
{
    for (size_t i = 0; i < s->n_covers; i++) {
        struct working_cover *c = &s->cover[i];
        const char *kind = cover_begun(was->lost_by, strcmp(c->now.kind, "dependant") == 0);
        if (kind && strcmp(c->now.kind, kind) == 0 &&
            ymd_compare(c->now.valid.from, was->lost_cause) == 0)
            c->is_changed = c->is_removed = true;
    }
}

/* A cover that ended only because he was said to be insured here goes on when that was wrong. */
static void reopen_covers(struct subject *s, const struct insured_period *was)
{
    for (size_t i = 0; i < s->n_covers; i++) {
        struct working_cover *c = &s->cover[i];
        if (c->is_removed || !c->is_ended_here || !ends_cover(was->acquired_by, c->now.kind) ||
            ymd_compare(c->now.valid.to, was->valid.from) != 0)
            continue;
        c->now.valid.to = cover_until(s, c->now.valid.from);
        c->is_changed = true;
    }
}

/* --- days ------------------------------------------------------------------------------------- */

/* Late-stage cover begins at 75 on the birthday itself; by certification of a disability on the day
 * of certification, and the loss follows by 法8条1項 on the day after, or on the day itself where
 * the city keeps it so. */
static struct ymd lost_on(struct planning *p, const struct subject *s, const struct cover_change *c)
{
    const bool of_age = !ymd_is_none(s->birth) && ymd_compare(birthday(s->birth, 75), c->lost) == 0;

    if (c->lost_by == LOST_LATE_STAGE && !of_age)
        return str_is(setting_get(p->w, "eligibility.disability_loss"), "same_day")
                   ? c->lost
                   : ymd_add(c->lost, 1);
    return loss_day((enum lost_by)c->lost_by, c->lost,
                    c->is_same_day || (c->lost_by == LOST_MOVE_OUT && c->is_in_prefecture));
}

/* The prefecture's cover goes on through a move inside it; the newest such period tells its day. */
static struct ymd prefecture_day(struct planning *p, size_t row, const struct subject *s,
                                 struct ymd acquired)
{
    const struct cover_change *c = &p->n->row[row];
    struct ymd day = YMD_NONE;

    if (!ymd_is_none(c->prefecture_acquired) && c->prefecture_acquired.day != 0)
        return c->prefecture_acquired;
    if (c->acquired_by != ACQUIRED_MOVE_IN || !c->is_in_prefecture)
        return acquired;
    for (size_t i = 0; i < s->n_periods; i++) {
        const struct insured_period *k = &s->period[i].now;
        if (!s->period[i].is_removed && k->lost_by == LOST_MOVE_OUT &&
            ymd_is_none(k->prefecture_lost) && ymd_compare(k->valid.to, acquired) <= 0)
            day = k->prefecture_acquired;
    }
    if (ymd_is_none(day))
        planning_warning(p, row, "prefecture_acquired", "eligibility.plan.prefecture_unknown");
    return ymd_is_none(day) ? acquired : day;
}

/* --- the lines -------------------------------------------------------------------------------- */

static bool is_acquisition(int reason)
{
    return reason > 0 && reason < LOST_MOVE_OUT && reason_is_known(reason) &&
           reason != ACQUIRED_HOUSEHOLD;
}

static bool is_loss(int reason)
{
    return reason >= LOST_MOVE_OUT && reason_is_known(reason) && reason != LOST_HOUSEHOLD;
}

static int64_t next_period_no(const struct subject *s)
{
    int64_t most = 0;

    for (size_t i = 0; i < s->n_periods; i++) {
        if (s->period[i].now.period_no > most)
            most = s->period[i].now.period_no;
    }
    return most + 1;
}

static void set_acquired(struct planning *p, size_t row, struct subject *s,
                         struct insured_period *d)
{
    const struct cover_change *c = &p->n->row[row];

    d->acquired_by = (enum acquired_by)c->acquired_by;
    d->acquired_cause = c->acquired;
    d->acquired_notified = p->n->notified;
    d->valid.from = acquisition_day(d->acquired_by, c->acquired);
    d->prefecture_acquired = prefecture_day(p, row, s, d->valid.from);
}

static void set_lost(struct planning *p, size_t row, struct subject *s, struct insured_period *d)
{
    const struct cover_change *c = &p->n->row[row];
    const bool goes_on = c->lost_by == LOST_MOVE_OUT && c->is_in_prefecture;

    d->lost_by = c->lost_by;
    d->lost_cause = c->lost;
    d->lost_notified = p->n->notified;
    d->valid.to = lost_on(p, s, c);
    d->prefecture_lost = goes_on ? YMD_NONE : d->valid.to;
}

static void acquire(struct planning *p, size_t row, struct subject *s)
{
    const struct cover_change *c = &p->n->row[row];

    if (!is_acquisition(c->acquired_by)) {
        planning_problem(p, row, "reason", "eligibility.reason.unknown");
        return;
    }
    if (ymd_is_none(c->acquired)) {
        planning_problem(p, row, "acquired", "eligibility.period.acquired_missing");
        return;
    }
    if (s->n_periods == SUBJECT_PERIODS_MAX) {
        planning_problem(p, row, "acquired", "eligibility.facts.too_many");
        return;
    }
    struct working_period *k = &s->period[s->n_periods];
    *k = (struct working_period){.is_changed = true,
                                 .now = {.person_id = s->person_id,
                                         .period_no = next_period_no(s),
                                         .lost_cause = YMD_NONE,
                                         .lost_notified = YMD_NONE,
                                         .prefecture_lost = YMD_NONE,
                                         .valid = {YMD_NONE, YMD_NONE}}};
    set_acquired(p, row, s, &k->now);
    s->n_periods++;
    p->touched[row] = k;
    end_covers(s, c->acquired_by, k->now.valid.from);
}

/* The period a loss ends: the one an earlier line of the notification began, else the newest open
 * one. */
static struct working_period *open_period(const struct planning *p, size_t row, struct subject *s)
{
    for (size_t i = row; i > 0; i--) {
        struct working_period *k = p->touched[i - 1];
        if (p->who[i - 1] == s && k && !k->is_known && k->now.lost_by == 0)
            return k;
    }
    for (size_t i = s->n_periods; i > 0; i--) {
        struct working_period *k = &s->period[i - 1];
        if (!k->is_removed && k->now.lost_by == 0)
            return k;
    }
    return NULL;
}

static bool was_lost_before(const struct subject *s, struct ymd day)
{
    for (size_t i = 0; i < s->n_periods; i++) {
        const struct insured_period *k = &s->period[i].now;
        if (!s->period[i].is_removed && k->lost_by != 0 && ymd_compare(k->valid.from, day) <= 0)
            return true;
    }
    return false;
}

static void lose(struct planning *p, size_t row, struct subject *s)
{
    const struct cover_change *c = &p->n->row[row];
    struct working_period *k = open_period(p, row, s);

    if (!is_loss(c->lost_by)) {
        planning_problem(p, row, "reason", "eligibility.reason.unknown");
        return;
    }
    if (ymd_is_none(c->lost)) {
        planning_problem(p, row, "lost", "eligibility.plan.lost_missing");
        return;
    }
    if (!k) {
        planning_problem(p, row, "person",
                         was_lost_before(s, c->lost) ? "eligibility.plan.already_lost"
                                                     : "eligibility.plan.not_insured");
        return;
    }
    set_lost(p, row, s, &k->now);
    k->is_changed = true;
    p->touched[row] = k;
    begin_cover(p, s, c, k);
}

/* The period a correction speaks of. */
static struct working_period *named_period(struct planning *p, size_t row, struct subject *s)
{
    for (size_t i = 0; i < s->n_periods; i++) {
        struct working_period *k = &s->period[i];
        if (k->is_known && !k->is_removed && k->now.row_id == p->n->row[row].row_id)
            return k;
    }
    planning_problem(p, row, "period", "eligibility.plan.period_gone");
    return NULL;
}

/* Another day or reason: the other cover ends with the new one. */
static void correct_acquired(struct planning *p, size_t row, struct subject *s,
                             struct working_period *k)
{
    const struct insured_period was = k->now;

    k->is_removed = true; /* it must not be taken for the next one */
    reopen_covers(s, &was);
    k->is_removed = false;
    set_acquired(p, row, s, &k->now);
    end_covers(s, p->n->row[row].acquired_by, k->now.valid.from);
}

static void correct(struct planning *p, size_t row, struct subject *s)
{
    const struct cover_change *c = &p->n->row[row];
    struct working_period *k = named_period(p, row, s);

    if (!k)
        return;
    if ((c->acquired_by != 0 && !is_acquisition(c->acquired_by)) ||
        (c->lost_by != 0 && !is_loss(c->lost_by))) {
        planning_problem(p, row, "reason", "eligibility.reason.unknown");
        return;
    }
    if (c->acquired_by == 0 && c->lost_by == 0) {
        planning_problem(p, row, "reason", "eligibility.plan.nothing_corrected");
        return;
    }
    if ((c->acquired_by != 0 && ymd_is_none(c->acquired)) ||
        (c->lost_by != 0 && ymd_is_none(c->lost))) {
        planning_problem(p, row, c->acquired_by != 0 ? "acquired" : "lost",
                         "eligibility.plan.cause_missing");
        return;
    }
    const struct insured_period was = k->now;
    k->is_changed = true;
    p->touched[row] = k;
    if (c->acquired_by != 0)
        correct_acquired(p, row, s, k);
    if (c->lost_by == 0)
        return;
    if (was.lost_by != 0)
        forget_cover(s, &was);
    set_lost(p, row, s, &k->now);
    begin_cover(p, s, c, k);
}

static void cancel(struct planning *p, size_t row, struct subject *s)
{
    struct working_period *k = named_period(p, row, s);

    if (!k)
        return;
    forget_cover(s, &k->now);
    k->is_changed = k->is_removed = true;
    reopen_covers(s, &k->now);
    p->touched[row] = k;
}

static void resume(struct planning *p, size_t row, struct subject *s)
{
    struct working_period *k = named_period(p, row, s);

    if (!k)
        return;
    if (k->now.lost_by == 0) {
        planning_problem(p, row, "period", "eligibility.plan.not_lost");
        return;
    }
    forget_cover(s, &k->now);
    k->now.lost_by = 0;
    k->now.lost_cause = k->now.lost_notified = k->now.prefecture_lost = k->now.valid.to = YMD_NONE;
    k->is_changed = true;
    p->touched[row] = k;
}

/* Nothing of the period changes; the number and the documents do. */
static void rehouse(struct planning *p, size_t row, struct subject *s)
{
    struct working_period *k = open_period(p, row, s);

    if (!k)
        planning_problem(p, row, "person", "eligibility.plan.not_insured");
    p->touched[row] = k;
}

typedef void line_fn(struct planning *p, size_t row, struct subject *s);

static void do_line(struct planning *p, size_t row)
{
    static line_fn *const lines[] = {
        [CHANGE_ACQUIRE] = acquire, [CHANGE_LOSE] = lose,     [CHANGE_CORRECT] = correct,
        [CHANGE_CANCEL] = cancel,   [CHANGE_RESUME] = resume, [CHANGE_HOUSEHOLD] = rehouse};
    const unsigned kind = p->n->row[row].kind;
    struct planned_change *out = &p->out->row[p->out->n++];

    *out = (struct planned_change){.row = row};
    p->who[row] = planning_subject(p, p->n->row[row].person_id);
    if (!p->who[row]) {
        planning_problem(p, row, "person", "eligibility.plan.person_unknown");
        return;
    }
    if (kind == 0 || kind >= sizeof(lines) / sizeof(lines[0])) {
        planning_problem(p, row, "kind", "eligibility.plan.kind_unknown");
        return;
    }
    const struct subject *s = p->who[row];
    struct working_period before[SUBJECT_PERIODS_MAX];
    memcpy(before, s->period, sizeof(before));
    lines[kind](p, row, p->who[row]);
    const struct working_period *k = p->touched[row];
    out->has_before = k && (kind != CHANGE_ACQUIRE);
    if (out->has_before)
        out->before = before[k - s->period].now;
}

/* --- what follows ----------------------------------------------------------------------------- */

static bool is_insured_after(const struct subject *s)
{
    for (size_t i = 0; i < s->n_periods; i++) {
        if (!s->period[i].is_removed && s->period[i].now.lost_by == 0)
            return true;
    }
    return false;
}

static void put_results(struct planning *p)
{
    for (size_t i = 0; i < p->out->n; i++) {
        struct planned_change *c = &p->out->row[i];
        const struct working_period *k = p->touched[c->row];
        const struct subject *s = p->who[c->row];
        const enum change_kind kind = p->n->row[c->row].kind;
        if (!k || !s)
            continue;
        const bool stays = is_insured_after(s), moves = kind == CHANGE_HOUSEHOLD;
        c->has_after = !k->is_removed;
        c->after = k->now;
        c->returns_certificates = s->papers > 0 && (!stays || moves);
        c->needs_certificate = stays && (s->papers == 0 || moves);
    }
}

int planning_make(struct planning *p)
{
    const struct notification *n = p->n;

    *p->out = (struct notification_plan){.is_clean = true};
    if (n->n == 0 || n->n > NOTIFICATION_CHANGES_MAX || n->n_settles > NOTIFICATION_SETTLES_MAX) {
        planning_problem(p, NOTIFICATION_CHANGES_MAX, "rows", "eligibility.plan.lines");
        return OK;
    }
    const int result = planning_look(p);
    if (result < 0)
        return result;
    planning_check_filing(p);
    for (size_t i = 0; i < n->n; i++)
        do_line(p, i);
    planning_check(p);
    put_results(p);
    return OK;
}
