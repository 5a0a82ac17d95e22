/* Applications for an exemption, their decision, and the word asked for after a correction. */
#include "desk/levy/assess.h"
#include "desk/levy/exemption.h"
#include "levy_sql.h"

#include <string.h>

const char *exemption_status_message(enum exemption_status s)
{
    return s == EXEMPTION_GRANTED     ? "levy.exemption.status.2"
           : s == EXEMPTION_REFUSED   ? "levy.exemption.status.3"
           : s == EXEMPTION_CANCELLED ? "levy.exemption.status.4"
                                      : "levy.exemption.status.1";
}

/* --- what is refused -------------------------------------------------------------------------- */

static int invalid(struct work *w, const char *message, const char *field)
{
    (void)fail(&w->cx, ERR_INVALID, message, NULL);
    return fail_where(&w->cx, NULL, 0, 0, field);
}

/* Cuts are of instalments that are still to come; the sum is the amount of the year. */
static int check_cuts(struct work *w, const struct exemption *x, struct yen *sum)
{
    struct str rest = x->cuts;
    struct decisions d;
    int rc = levy_decisions_of_household(w, x->household_id, x->fiscal_year, false, &d);
    *sum = YEN(0);
    while (rc >= 0 && rest.n > 0) {
        int64_t number = 0;
        int64_t yen = 0;
        bool is_open = false;
        if (!exemption_cut(&rest, &number, &yen) || yen == 0) {
            return invalid(w, "levy.exemption.cuts", "cuts");
        }
        for (size_t i = 0; i < d.n; i++) {
            for (size_t k = 0; k < d.rows[i].schedule.n; k++) {
                const struct levy_instalment *s = &d.rows[i].schedule.row[k];
                is_open = is_open || (s->number == number && d.rows[i].debtor_id == x->debtor_id &&
                                      ymd_compare(s->due, w->today) >= 0 && yen <= s->amount.n);
            }
        }
        if (!is_open) {
            return invalid(w, "levy.exemption.cut_passed", "cuts");
        }
        *sum = YEN(sum->n + yen);
    }
    return rc < 0 ? rc : 0;
}

static int check(struct work *w, struct exemption *x)
{
    struct exemption_ground g;
    int rc = exemption_ground_of(w, x->ground, KNOWN_NOW, &g);
    if (rc <= 0) {
        return rc < 0 ? rc : invalid(w, "levy.exemption.ground", "ground");
    }
    if (ymd_is_none(x->applied) || ymd_compare(x->applied, w->today) > 0) {
        return invalid(w, "levy.exemption.applied", "applied");
    }
    x->of_income = x->pattern == EXEMPT_RATE && x->of_income;
    switch (x->pattern) {
    case EXEMPT_YEN:
        x->rate = 0;
        x->cuts = STR("");
        return x->yen.n > 0 ? 0 : invalid(w, "levy.exemption.yen", "yen");
    case EXEMPT_RATE:
        x->yen = YEN(0);
        x->cuts = STR("");
        return x->rate > 0 && x->rate <= g.most ? 0 : invalid(w, "levy.exemption.rate", "rate");
    case EXEMPT_INSTALMENTS:
        x->rate = 0;
        rc = check_cuts(w, x, &x->yen);
        return rc < 0 || x->yen.n > 0 ? rc : invalid(w, "levy.exemption.cuts", "cuts");
    }
    return invalid(w, "levy.exemption.pattern", "pattern");
}

/* --- states ------------------------------------------------------------------------------------
 */

static int put(struct work *w, const struct exemption *x, int64_t event_no)
{
    struct levy_exemption row = {.exemption_no = x->no,
                                 .fiscal_year = x->fiscal_year,
                                 .household_id = x->household_id,
                                 .debtor_id = x->debtor_id,
                                 .ground = x->ground,
                                 .pattern = (int64_t)x->pattern,
                                 .yen = x->yen,
                                 .rate = x->rate,
                                 .of_income = x->of_income,
                                 .cuts = x->cuts,
                                 .applied_ymd = x->applied,
                                 .status = (int64_t)x->status,
                                 .decided_ymd = x->decided,
                                 .note = x->note.p ? x->note : STR(""),
                                 .known_from = event_no};
    int rc = store_ids(&w->cx, w->store, 1, &row.exemption_row_id);
    return rc < 0 ? rc : levy_exemption_insert(&w->cx, w->store, &row);
}

static struct event event_of(const struct work *w, const struct exemption *x, struct ymd effective)
{
    struct event e = work_event(w, "levy.exemption");
    e.household_id = x->household_id;
    e.person_id = x->debtor_id;
    e.effective = effective;
    e.reason = x->note.p ? x->note : STR("");
    return e;
}

static int apply_inside(struct work *w, struct exemption *x)
{
    struct event e = event_of(w, x, x->applied);
    struct str series = str_format(w->cx.arena, "exemption.%d", x->fiscal_year);
    e.received = x->applied;
    int rc = check(w, x);
    rc = rc < 0 ? rc : series.p ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : store_number(&w->cx, w->store, series, 1, &x->no);
    return rc < 0 ? rc : put(w, x, e.no);
}

/* Commits what went well, takes back what did not. */
static int end(struct work *w, int rc)
{
    if (rc >= 0) {
        return store_commit(&w->cx, w->store);
    }
    if (store_in_transaction(w->store)) {
        store_rollback(w->store);
    }
    return rc;
}

int exemption_apply(struct work *w, const struct exemption *x, int64_t *no)
{
    struct exemption mine = *x;
    mine.status = EXEMPTION_APPLIED;
    mine.decided = YMD_NONE;
    int rc = work_need(w, RIGHT_LEVY_EDIT);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = end(w, apply_inside(w, &mine));
    *no = rc < 0 ? 0 : mine.no;
    return rc < 0 ? error_add(&w->cx, "apply for an exemption") : 0;
}

int exemption_find(struct work *w, int fiscal_year, int64_t no, struct exemption *out)
{
    struct levy_exemption_one_in in = {.fiscal_year = fiscal_year, .exemption_no = no};
    struct levy_exemption_one_row r;
    int rc = levy_exemption_one(&w->cx, w->store, &in, &r);
    if (rc > 0) {
        *out = (struct exemption){.row_id = r.exemption_row_id,
                                  .no = no,
                                  .household_id = r.household_id,
                                  .debtor_id = r.debtor_id,
                                  .event_no = r.event_no,
                                  .fiscal_year = fiscal_year,
                                  .ground = r.ground,
                                  .pattern = (enum exemption_pattern)r.pattern,
                                  .yen = r.yen,
                                  .rate = r.rate,
                                  .of_income = r.of_income,
                                  .cuts = r.cuts,
                                  .applied = r.applied_ymd,
                                  .decided = r.decided_ymd,
                                  .status = (enum exemption_status)r.status,
                                  .note = r.note};
    }
    return rc;
}

/* --- deciding -----------------------------------------------------------------------------------
 */

int exemption_is_mine(struct work *w, const struct exemption *x, bool *is_mine)
{
    struct levy_exemption_entered_by_in in = {.fiscal_year = x->fiscal_year, .exemption_no = x->no};
    struct levy_exemption_entered_by_row row;
    int rc = levy_exemption_entered_by(&w->cx, w->store, &in, &row);
    *is_mine = rc > 0 && !row.entered_by_null && row.entered_by == w->actor->user_id;
    return rc < 0 ? rc : 0;
}

static int check_person(struct work *w, const struct exemption *x)
{
    bool is_mine = false;
    int rc = work_need(w, RIGHT_LEVY_CONFIRM);
    rc = rc < 0 ? rc : exemption_is_mine(w, x, &is_mine);
    return rc >= 0 && is_mine ? fail(&w->cx, ERR_DENIED, "levy.exemption.same_person", NULL) : rc;
}

static int review_row(struct work *w, int64_t event_no, int fiscal_year, int64_t exemption_no,
                      const struct levy_change *c, int64_t decision_no)
{
    struct levy_exemption_review row = {.fiscal_year = fiscal_year,
                                        .exemption_no = exemption_no,
                                        .decision_no = decision_no,
                                        .before_yen = c->before,
                                        .after_yen = c->result.total,
                                        .answer = 0,
                                        .note = STR(""),
                                        .known_from = event_no};
    int rc = store_ids(&w->cx, w->store, 1, &row.exemption_review_id);
    return rc < 0 ? rc : levy_exemption_review_insert(&w->cx, w->store, &row);
}

/* Nothing of the premium changes: that is decided too, and somebody looks at it. */
static int list_without_effect(struct work *w, const struct exemption *x, int64_t event_no)
{
    struct decisions d;
    int rc = levy_decisions_of_household(w, x->household_id, x->fiscal_year, false, &d);
    for (size_t i = 0; rc >= 0 && i < d.n; i++) {
        const struct decision *own = &d.rows[i];
        if (own->debtor_id == x->debtor_id) {
            const struct levy_change same = {.before = own->result.total, .result = own->result};
            return review_row(w, event_no, x->fiscal_year, x->no, &same, own->decision_no);
        }
    }
    return rc < 0 ? rc : 0;
}

static int decide_change(struct work *w, const struct exemption *x, struct ymd day)
{
    struct event e = work_event(w, "levy.decide");
    int64_t decided = 0;
    e.household_id = x->household_id;
    e.person_id = x->debtor_id;
    e.effective = day;
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = event_open(&w->cx, w->store, &e);
    rc =
        rc < 0 ? rc : levy_correct_household(w, &e, x->household_id, x->fiscal_year, day, &decided);
    return rc < 0 ? rc : work_event_tell(w, &e);
}

/* The premium as it is with the exemption, or without it again. A year that cannot be changed any
 * more is ERR_INVALID; an exemption that changes nothing stands and is listed. */
static int correct(struct work *w, const struct exemption *x, struct ymd day, int64_t event_no)
{
    struct levy_changes changes;
    const int rc = levy_changes_of_household(w, x->household_id, x->fiscal_year, day, &changes);
    if (rc < 0 || changes.n > 0) {
        return rc < 0 ? rc : decide_change(w, x, day);
    }
    return x->status == EXEMPTION_GRANTED ? list_without_effect(w, x, event_no) : 0;
}

static int next_state(struct work *w, struct exemption *x, enum exemption_status status,
                      struct ymd day, struct str note)
{
    x->status = status;
    x->decided = day;
    x->note = note;
    struct event e = event_of(w, x, day);
    e.approved_by = w->actor->user_id;
    e.status = EVENT_APPROVED;
    int rc = event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : levy_exemption_close(&w->cx, w->store, x->row_id, e.no);
    rc = rc < 0 ? rc : put(w, x, e.no);
    return rc < 0 || status == EXEMPTION_REFUSED ? rc : correct(w, x, day, e.no);
}

struct word {
    int fiscal_year;
    int64_t no;
    enum exemption_status from, to;
    struct ymd day;
    struct str note;
};

static int settle(struct work *w, const struct word *said)
{
    struct exemption x;
    int rc = exemption_find(w, said->fiscal_year, said->no, &x);
    if (rc <= 0) {
        return rc < 0 ? rc
                      : fail(&w->cx, ERR_NOT_FOUND, "levy.exemption.none", "%lld",
                             (long long)said->no);
    }
    if (x.status != said->from) {
        return fail(&w->cx, ERR_STALE, "levy.exemption.settled", "%lld", (long long)said->no);
    }
    if (ymd_is_none(said->day) || ymd_compare(said->day, x.applied) < 0) {
        return invalid(w, "levy.exemption.day", "day");
    }
    if (said->to != EXEMPTION_GRANTED && said->note.n == 0) {
        return invalid(w, "levy.exemption.why", "note");
    }
    rc = check_person(w, &x);
    return rc < 0 ? rc : next_state(w, &x, said->to, said->day, said->note);
}

static int settle_alone(struct work *w, const struct word *said)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = end(w, settle(w, said));
    return rc < 0 ? error_add(&w->cx, "settle exemption %lld", (long long)said->no) : 0;
}

int exemption_decide(struct work *w, int fiscal_year, int64_t no, bool is_granted, struct ymd day,
                     struct str note)
{
    struct word said = {
        fiscal_year, no,  EXEMPTION_APPLIED, is_granted ? EXEMPTION_GRANTED : EXEMPTION_REFUSED,
        day,         note};
    return settle_alone(w, &said);
}

int exemption_cancel(struct work *w, int fiscal_year, int64_t no, struct ymd day, struct str note)
{
    struct word said = {fiscal_year, no, EXEMPTION_GRANTED, EXEMPTION_CANCELLED, day, note};
    return settle_alone(w, &said);
}

/* --- to be confirmed again ----------------------------------------------------------------------
 */

int exemption_reviews_open(struct work *w, int64_t event_no, int fiscal_year,
                           const struct levy_change *rows, const int64_t *decision_nos, size_t n)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);
    struct levy_exemptions_granted_list list;
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = rows[i].household_id;
    }
    struct levy_exemptions_granted_in in = {.household_ids = {ids, n}, .fiscal_year = fiscal_year};
    int rc = levy_exemptions_granted(&w->cx, w->store, &in, &list);
    for (size_t k = 0; rc >= 0 && k < list.n; k++) {
        for (size_t i = 0; i < n && rc >= 0; i++) {
            if (rows[i].debtor_id == list.rows[k].debtor_id &&
                rows[i].household_id == list.rows[k].household_id &&
                !str_is(rows[i].cause, "exemption")) {
                rc = review_row(w, event_no, fiscal_year, list.rows[k].exemption_no, &rows[i],
                                decision_nos[i]);
            }
        }
    }
    return rc;
}

static int close_inside(struct work *w, int64_t review_id, int answer, struct str note)
{
    struct levy_exemption_review_one_in in = {.exemption_review_id = review_id};
    struct levy_exemption_review_one_row r;
    struct event e = work_event(w, "levy.exemption_review");
    int rc = levy_exemption_review_one(&w->cx, w->store, &in, &r);
    if (rc == 0 || (rc > 0 && r.answer != 0)) {
        return fail(&w->cx, ERR_STALE, "levy.exemption.settled", NULL);
    }
    if (answer < 1 || answer > 3) {
        return invalid(w, "levy.exemption.answer", "answer");
    }
    e.reason = note;
    rc = rc < 0 ? rc : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : levy_exemption_review_close(&w->cx, w->store, review_id, e.no);
    struct levy_exemption_review row = {.fiscal_year = r.fiscal_year,
                                        .exemption_no = r.exemption_no,
                                        .decision_no = r.decision_no,
                                        .before_yen = r.before_yen,
                                        .after_yen = r.after_yen,
                                        .answer = answer,
                                        .note = note.p ? note : STR(""),
                                        .known_from = e.no};
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.exemption_review_id);
    return rc < 0 ? rc : levy_exemption_review_insert(&w->cx, w->store, &row);
}

int exemption_review_close(struct work *w, int64_t review_id, int answer, struct str note)
{
    int rc = work_need(w, RIGHT_LEVY_EDIT);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    return rc < 0 ? rc : end(w, close_inside(w, review_id, answer, note));
}

/* --- custody ------------------------------------------------------------------------------------
 */

static int32_t month_day(int32_t month, int32_t otherwise)
{
    return month == INT32_MIN ? otherwise : month_first((struct month){month}).day;
}

/* The person's cover without the months in custody: ends before them, begins again behind. */
static int cut_spans(struct work *w, struct population *p, struct unit_person *person,
                     const struct unit_circumstance *c)
{
    int32_t from = month_day(c->first_month, c->day);
    int32_t behind =
        c->last_month == INT32_MIN ? NO_DAY : month_first((struct month){c->last_month + 1}).day;
    uint32_t first = (uint32_t)p->spans.n;
    uint16_t n = 0;
    for (uint16_t i = 0; i < person->n_spans; i++) {
        for (int part = 0; part < 2; part++) {
            struct unit_span *s = population_row(&w->cx, &p->spans, sizeof *s);
            if (!s) {
                return ERR_MEMORY;
            }
            *s = SPANS(p)[person->first_span + i];
            if (part == 0 && from < s->lost) {
                s->lost = s->lost_cause = from;
                s->lost_by = LOST_OTHER;
            } else if (part == 1 && behind != NO_DAY && behind > s->acquired) {
                s->acquired = s->acquired_cause = behind;
            } else if (part == 1) {
                p->spans.n--;
                continue;
            }
            if (s->acquired >= s->lost) {
                p->spans.n--;
                continue;
            }
            n++;
        }
    }
    person->first_span = first;
    person->n_spans = n;
    return 0;
}

static int without_custody(struct work *w, struct population *p, int64_t debtor_id, size_t *unit)
{
    int rc = 0;
    *unit = SIZE_MAX;
    for (size_t i = 0; i < p->units.n && rc >= 0; i++) {
        const struct unit *u = &UNITS(p)[i];
        if (u->debtor_id != debtor_id) {
            continue;
        }
        *unit = i;
        for (uint32_t k = 0; k < u->n_persons && rc >= 0; k++) {
            struct unit_person *person = &PERSONS(p)[u->first_person + k];
            for (uint16_t c = 0; c < person->n_circumstances && rc >= 0; c++) {
                const struct unit_circumstance *x =
                    &CIRCUMSTANCES(p)[person->first_circumstance + c];
                rc = x->kind == CIRCUMSTANCE_CUSTODY ? cut_spans(w, p, person, x) : 0;
            }
        }
    }
    return rc;
}

int exemption_custody_amount(struct work *w, int64_t household_id, int64_t debtor_id,
                             int fiscal_year, struct yen *out)
{
    const struct ruleset *rules;
    const struct plan *plan;
    struct population p;
    struct assessed with, without;
    size_t unit;
    *out = YEN(0);
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    rc = rc < 0 ? rc : levy_plan(w, rules, fiscal_year, &plan);
    if (rc < 0) {
        return rc;
    }
    rc = population_of_household(w, household_id, fiscal_year, KNOWN_NOW, w->today, &p);
    for (size_t i = 0; rc >= 0 && i < p.units.n; i++) {
        if (UNITS(&p)[i].debtor_id == debtor_id) {
            rc = assess_unit(w, plan, &p, i, &with);
        }
    }
    rc = rc < 0 ? rc : without_custody(w, &p, debtor_id, &unit);
    if (rc >= 0 && unit != SIZE_MAX) {
        rc = assess_unit(w, plan, &p, unit, &without);
        *out = rc < 0 ? YEN(0) : YEN(with.result.total.n - without.result.total.n);
    }
    population_release(&p);
    return rc < 0 ? rc : 0;
}
