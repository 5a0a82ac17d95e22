/* One household's year at the counter: what a correction would change, deciding it, and every state
 * the year has had. */
#include "desk/levy/correction.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#include <string.h>

enum { YEARS_SHOWN = 4 };

struct visit {
    struct party_home home;
    int year;
    struct ymd issued;
};

static int read_visit(struct work *w, const struct request *rq, struct visit *v)
{
    int64_t year = 0;
    int rc = request_part_id(&w->cx, rq, 1, &year);
    rc = rc < 0 ? rc : party_home_by_no(w, rq->part[0], &v->home);
    if (rc == 0 || (rc > 0 && (year < 2014 || year > 2100))) {
        return fail(&w->cx, ERR_NOT_FOUND, "levy.correct.household", NULL);
    }
    v->year = (int)year;
    return rc;
}

static struct str name_in(const struct party_home *home, int64_t person_id)
{
    for (size_t i = 0; i < home->n; i++) {
        if (home->members[i].person.person_id == person_id) {
            return home->members[i].person.name;
        }
    }
    return STR("");
}

/* --- changes ---------------------------------------------------------------------------------- */

static int view_instalments(struct work *w, const struct levy_change *c,
                            struct levy_correct_changes_row *row)
{
    struct levy_correct_changes_instalments_row *rows =
        ARENA_ARRAY(w->cx.arena, LEVY_INSTALMENTS_MAX + 1,
                    struct levy_correct_changes_instalments_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int n = 1; n <= LEVY_INSTALMENTS_MAX; n++) {
        struct ymd due = YMD_NONE;
        struct yen before = schedule_amount(&c->was, n, &due);
        struct yen after = schedule_amount(&c->schedule, n, &due);
        if (!ymd_is_none(due)) {
            rows[row->n_instalments++] =
                (struct levy_correct_changes_instalments_row){n, due, before, after,
                                                              before.n != after.n};
        }
    }
    row->instalments = rows;
    return 0;
}

static int view_changes(struct work *w, const struct visit *x, struct levy_correct_view *v)
{
    struct levy_changes changes;
    int rc = levy_changes_of_household(w, x->home.household_id, x->year, x->issued, &changes);
    struct levy_correct_changes_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, changes.n + 1, struct levy_correct_changes_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < changes.n && rc >= 0; i++) {
        const struct levy_change *c = &changes.rows[i];
        bool is_up = c->direction == CHANGE_INCREASE;
        bool is_refused = c->outcome != OUTCOME_LEVIED && c->outcome != OUTCOME_PULLED;
        rows[i] = (struct levy_correct_changes_row){.debtor = name_in(&x->home, c->debtor_id),
                                                    .notice_no = c->decision_no,
                                                    .is_new = c->decision_no == 0,
                                                    .cause = levy_cause_message(c->cause),
                                                    .basis = levy_basis_message(c->basis),
                                                    .changed = c->changed,
                                                    .before = c->before,
                                                    .after = c->result.total,
                                                    .difference = YEN(
                                                        is_up ? c->result.total.n - c->before.n
                                                              : c->before.n - c->result.total.n),
                                                    .is_up = is_up,
                                                    .is_refused = is_refused,
                                                    .reason = levy_reason_message(c->reason)};
        v->may_decide = v->may_decide || !is_refused;
        rc = view_instalments(w, c, &rows[i]);
    }
    v->changes = rows;
    v->n_changes = changes.n;
    return rc;
}

/* --- every state ------------------------------------------------------------------------------ */

static int view_states(struct work *w, const struct visit *x, struct levy_correct_view *v)
{
    struct levy_correction_history_in in = {.household_id = x->home.household_id,
                                            .fiscal_year = x->year,
                                            .known = KNOWN_NOW};
    struct levy_correction_history_list list;
    int rc = levy_correction_history(&w->cx, w->store, &in, &list);
    struct levy_correct_states_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_correct_states_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_correction_history_row *r = &list.rows[i];
        rows[i] =
            (struct levy_correct_states_row){.decided = r->decided_ymd,
                                             .debtor = name_in(&x->home, r->debtor_id),
                                             .notice_no = r->decision_no,
                                             .cause = levy_cause_message(r->cause),
                                             .basis = levy_basis_message(r->basis),
                                             .has_before = !r->before_yen_null,
                                             .before = r->before_yen_null ? YEN(0) : r->before_yen,
                                             .after = r->total_yen,
                                             .changed = r->change_ymd,
                                             .officer = r->officer.p ? r->officer : STR(""),
                                             .is_open = r->is_open,
                                             .known = r->event_no};
    }
    v->states = rows;
    v->n_states = list.n;
    return 0;
}

static int view_years(struct work *w, const struct visit *x, struct levy_correct_view *v)
{
    struct levy_correct_years_row *rows =
        ARENA_ARRAY(w->cx.arena, YEARS_SHOWN, struct levy_correct_years_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int i = 0; i < YEARS_SHOWN; i++) {
        int year = ymd_fiscal_year(w->today) - i;
        rows[i] =
            (struct levy_correct_years_row){year, levy_year_label(&w->cx, year), year == x->year};
    }
    v->years = rows;
    v->n_years = YEARS_SHOWN;
    return 0;
}

/* --- the page --------------------------------------------------------------------------------- */

static int show(struct work *w, struct request *rq, struct reply *rp, struct visit *x,
                struct levy_correct_form *form)
{
    struct levy_correct_form fresh;
    struct levy_notified_form look;
    struct levy_correct_view v = {0};
    levy_notified_form_init(&look);
    look.issue_date = x->issued;
    levy_correct_form_init(&fresh);
    fresh.issue_date = x->issued;
    v.notified = &look;
    v.correct = form ? form : &fresh;
    v.household_no = x->home.household_no;
    v.year = x->year;
    v.year_label = levy_year_label(&w->cx, x->year);
    v.head_name = x->home.head_name;
    v.issued = x->issued;
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = x->home.household_id,
                              .purpose = STR("levy.correction"),
                              .query = STR(""),
                              .count = 1};
    int rc = audit_write(w, &line);
    rc = rc < 0 ? rc : view_years(w, x, &v);
    rc = rc < 0 ? rc : view_states(w, x, &v);
    rc = rc < 0 || v.n_states == 0 ? rc : view_changes(w, x, &v);
    if (!form && rc >= 0) {
        rc = event_last(&w->cx, w->store, &fresh.state.read_at);
    }
    v.may_decide = v.may_decide && work_may(w, RIGHT_LEVY_EDIT);
    if (rc >= 0) {
        levy_page_correct(&rp->body, rq->frame, &v);
    }
    return rc < 0 ? rc : 0;
}

int levy_show_correct(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_notified_form look;
    struct visit x = {0};
    int rc = read_visit(w, rq, &x);
    rc = rc < 0 ? rc : levy_notified_form_read(&w->cx, rq, &look);
    if (rc < 0) {
        return rc;
    }
    x.issued = ymd_is_none(look.issue_date) ? w->today : look.issue_date;
    return show(w, rq, rp, &x, NULL);
}

static int enter(struct work *w, const struct visit *x, const struct levy_correct_form *form)
{
    struct event e = work_event(w, "levy.correction");
    char day[11];
    ymd_format(form->issue_date, day);
    struct str payload =
        str_format(w->cx.arena, STR_FMT " %d %s", STR_ARG(x->home.household_no), x->year, day);
    struct audit_line line = {.class = AUDIT_CHANGE,
                              .household_id = x->home.household_id,
                              .purpose = STR("levy.correction"),
                              .query = STR(""),
                              .count = 1};
    e.household_id = x->home.household_id;
    e.person_id = x->home.head_id;
    e.reason = form->reason;
    int rc = payload.p ? audit_write(w, &line) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : work_unchanged(w, x->home.household_id, form->state.read_at);
    return rc < 0 ? rc : work_enter(w, &e, payload);
}

int levy_save_correct(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_correct_form form;
    struct visit x = {0};
    int rc = levy_correct_form_read(&w->cx, rq, &form);
    if (rc < 0 && rc != ERR_INVALID) {
        return rc;
    }
    bool is_wrong = rc == ERR_INVALID;
    error_clear(&w->cx);
    rc = read_visit(w, rq, &x);
    x.issued = ymd_is_none(form.issue_date) ? w->today : form.issue_date;
    if (rc < 0 || is_wrong) {
        rp->status = 422;
        return rc < 0 ? rc : show(w, rq, rp, &x, &form);
    }
    rc = enter(w, &x, &form);
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words(rc > 0 ? "party.entry.waits" : "levy.correct.done");
    return reply_redirect(rq, rp, "/levy/correct/" STR_FMT "/%d", STR_ARG(x.home.household_no),
                          x.year);
}
