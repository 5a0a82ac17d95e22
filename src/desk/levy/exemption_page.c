/* One exemption: what granting it would change, its decision by another person, its notice. */
#include "desk/levy/correction.h"
#include "desk/levy/exemption.h"
#include "desk/levy/notice.h"
#include "desk/levy/pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

static int find(struct work *w, const struct request *rq, struct exemption *x)
{
    int64_t year = 0;
    int64_t no = 0;
    int rc = request_part_id(&w->cx, rq, 0, &year);
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 1, &no);
    rc = rc < 0 ? rc : exemption_find(w, (int)year, no, x);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "levy.exemption.none", "%lld", (long long)no) : rc;
}

/* --- what it would change
 * ------------------------------------------------------------------------- */

static int view_change(struct work *w, const struct levy_change *c, struct levy_exemption_view *v)
{
    struct levy_exemption_instalments_row *rows =
        ARENA_ARRAY(w->cx.arena, LEVY_INSTALMENTS_MAX + 1, struct levy_exemption_instalments_row);
    if (!rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (int n = 1; n <= LEVY_INSTALMENTS_MAX; n++) {
        struct ymd due = YMD_NONE;
        struct yen before = schedule_amount(&c->was, n, &due);
        struct yen after = schedule_amount(&c->schedule, n, &due);
        if (!ymd_is_none(due)) {
            rows[v->n_instalments++] =
                (struct levy_exemption_instalments_row){n, due, before, after, before.n != after.n};
        }
    }
    v->instalments = rows;
    v->has_preview = true;
    v->before = c->before;
    v->after = c->result.total;
    v->difference = YEN(c->before.n - c->result.total.n);
    v->is_refused = c->outcome == OUTCOME_SKIPPED || c->outcome == OUTCOME_FAILED;
    v->reason = levy_reason_message(c->reason);
    return 0;
}

static int view_preview(struct work *w, const struct exemption *x, struct levy_exemption_view *v)
{
    struct levy_changes changes;
    struct levy_changes others;
    int rc = levy_changes_of_household(w, x->household_id, x->fiscal_year, w->today, &others);
    v->is_mixed = rc >= 0 && others.n > 0;
    rc = rc < 0 ? rc : exemption_preview(w, x, w->today, &changes);
    for (size_t i = 0; rc >= 0 && i < changes.n; i++) {
        if (changes.rows[i].debtor_id == x->debtor_id) {
            return view_change(w, &changes.rows[i], v);
        }
    }
    return rc;
}

static int view_names(struct work *w, const struct exemption *x, struct levy_exemption_view *v)
{
    struct exemption_ground g = {.label = STR(""), .article = STR(""), .papers = STR("")};
    struct person p;
    struct str no;
    int rc = exemption_ground_of(w, x->ground, x->event_no, &g);
    rc = rc < 0 ? rc : party_person(w, x->debtor_id, &p);
    v->debtor = rc >= 0 ? p.name : STR("");
    rc = rc < 0 ? rc : levy_household_nos(w, &x->household_id, 1, &no);
    v->household_no = rc >= 0 && no.p ? no : STR("");
    v->ground = g.label;
    v->article = g.article;
    v->papers = g.papers;
    return rc;
}

static int show(struct work *w, struct request *rq, struct reply *rp, struct levy_exemption_view *v)
{
    struct exemption x;
    struct levy_decide_form decide;
    struct levy_cancel_form cancel;
    int rc = find(w, rq, &x);
    if (rc < 0) {
        return rc;
    }
    levy_decide_form_init(&decide);
    decide.day = w->today;
    levy_cancel_form_init(&cancel);
    cancel.day = w->today;
    v->decide = v->decide ? v->decide : &decide;
    v->cancel = v->cancel ? v->cancel : &cancel;
    v->year = x.fiscal_year;
    v->year_label = levy_year_label(&w->cx, x.fiscal_year);
    v->no = x.no;
    v->what = exemption_text(w, &x);
    v->applied = x.applied;
    v->note = x.note;
    v->status = exemption_status_message(x.status);
    v->is_waiting = x.status == EXEMPTION_APPLIED;
    v->is_granted = x.status == EXEMPTION_GRANTED;
    v->is_settled = x.status != EXEMPTION_APPLIED;
    v->decided = x.decided;
    rc = exemption_is_mine(w, &x, &v->is_mine);
    if (rc < 0) {
        return rc;
    }
    v->may_decide = v->is_waiting && !v->is_mine && work_may(w, RIGHT_LEVY_CONFIRM);
    v->may_cancel = v->is_granted && work_may(w, RIGHT_LEVY_CONFIRM);
    v->may_print = work_may(w, RIGHT_PRINT);
    struct audit_line line = {.class = AUDIT_INQUIRY,
                              .household_id = x.household_id,
                              .person_id = x.debtor_id,
                              .purpose = STR("levy.exemption"),
                              .query = STR(""),
                              .count = 1};
    rc = audit_write(w, &line);
    rc = rc < 0 ? rc : view_names(w, &x, v);
    rc = rc < 0 || !v->is_waiting ? rc : view_preview(w, &x, v);
    if (rc >= 0) {
        levy_page_exemption(&rp->body, rq->frame, v);
    }
    return rc < 0 ? rc : 0;
}

int levy_show_exemption(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_exemption_view v = {0};
    return show(w, rq, rp, &v);
}

/* --- deciding
 * ------------------------------------------------------------------------------------- */

static int audit_change(struct work *w, const struct exemption *x)
{
    struct audit_line line = {.class = AUDIT_CHANGE,
                              .household_id = x->household_id,
                              .person_id = x->debtor_id,
                              .purpose = STR("levy.exemption"),
                              .query = STR(""),
                              .count = 1};
    return audit_write(w, &line);
}

int levy_save_decide(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_decide_form form;
    struct levy_exemption_view v = {.decide = &form};
    struct exemption x;
    int rc = levy_decide_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &x);
    rc = rc < 0 ? rc : audit_change(w, &x);
    rc = rc < 0 ? rc
                : exemption_decide(w, x.fiscal_year, x.no, str_is(form.answer, "grant"), form.day,
                                   form.note);
    if (rc == ERR_INVALID) {
        const struct error e = w->cx.error;
        error_clear(&w->cx);
        form_problem(&w->cx, &form.state, *e.field ? e.field : "answer", e.message, NULL);
        rp->status = 422;
        return show(w, rq, rp, &v);
    }
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("levy.exemption.decided");
    return reply_redirect(rq, rp, "/levy/exemption/%d/%lld", x.fiscal_year, (long long)x.no);
}

int levy_save_cancel(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_cancel_form form;
    struct levy_exemption_view v = {.cancel = &form};
    struct exemption x;
    int rc = levy_cancel_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &v);
    }
    rc = rc < 0 ? rc : find(w, rq, &x);
    rc = rc < 0 ? rc : audit_change(w, &x);
    rc = rc < 0 ? rc : exemption_cancel(w, x.fiscal_year, x.no, form.day, form.note);
    if (rc < 0) {
        return rc;
    }
    rp->notice = message_words("levy.exemption.decided");
    return reply_redirect(rq, rp, "/levy/exemption/%d/%lld", x.fiscal_year, (long long)x.no);
}

/* --- the notice
 * ------------------------------------------------------------------------------------ */

/* The decision of the same day that the exemption made: its amounts stand on the notice. */
static int put_amounts(struct work *w, const struct exemption *x, struct form_data *out,
                       struct decision *d)
{
    struct decisions all;
    struct correction c;
    bool has_amounts = false;
    int rc = levy_decisions_of_household(w, x->household_id, x->fiscal_year, true, &all);
    *d = (struct decision){0};
    for (size_t i = 0; rc >= 0 && i < all.n; i++) {
        if (all.rows[i].debtor_id != x->debtor_id) {
            continue;
        }
        if (all.rows[i].is_open || d->decision_no == 0) {
            *d = all.rows[i];
        }
        if (!has_amounts && str_is(all.rows[i].cause, "exemption") &&
            all.rows[i].decided.day == x->decided.day) {
            rc = levy_correction_of(w, &all.rows[i], &c);
            has_amounts = rc > 0;
        }
    }
    form_put_flag(out, "has_amounts", has_amounts);
    form_put_yen(out, "before", has_amounts ? c.before : YEN(0));
    form_put_yen(out, "after", has_amounts ? c.after : YEN(0));
    return rc < 0 ? rc : 0;
}

int exemption_paper(struct work *w, const struct exemption *x, struct form_data *out)
{
    struct letterhead head;
    struct letter l = {0};
    struct decision d;
    struct exemption_ground g;
    struct str no = str_format(w->cx.arena, "%lld", (long long)x->no);
    int rc = letterhead_read(w, &head);
    rc = rc < 0 ? rc : exemption_ground_of(w, x->ground, x->event_no, &g);
    rc = rc < 0 ? rc : party_addressees(w, &x->debtor_id, 1, STR("levy"), &l.to);
    rc = rc < 0 ? rc : levy_household_nos(w, &x->household_id, 1, &l.household_no);
    rc = rc < 0 ? rc : put_amounts(w, x, out, &d);
    if (rc < 0) {
        return rc;
    }
    struct str notice_no = str_format(w->cx.arena, "%010lld", (long long)d.decision_no);
    notice_put_office(out, &head);
    notice_put_address(out, &l.to);
    form_put_text(out, "household_no", l.household_no);
    form_put_count(out, "fiscal_year", x->fiscal_year);
    form_put_text(out, "no", no.p ? no : STR(""));
    form_put_text(out, "notice_no", notice_no.p ? notice_no : STR(""));
    form_put_day(out, "decided", x->decided);
    form_put_day(out, "applied", x->applied);
    form_put_flag(out, "is_granted", x->status == EXEMPTION_GRANTED);
    form_put_flag(out, "is_refused", x->status == EXEMPTION_REFUSED);
    form_put_flag(out, "is_cancelled", x->status == EXEMPTION_CANCELLED);
    form_put_text(out, "ground", g.label);
    form_put_text(out, "article", g.article);
    form_put_text(out, "what", exemption_text(w, x));
    form_put_text(out, "note", x->note);
    return 0;
}

int levy_exemption_notice(struct work *w, struct request *rq, struct reply *rp)
{
    struct exemption x;
    struct form_data data;
    int rc = find(w, rq, &x);
    if (rc >= 0 && x.status == EXEMPTION_APPLIED) {
        return fail(&w->cx, ERR_INVALID, "levy.exemption.undecided", NULL);
    }
    struct audit_line line = {.class = AUDIT_PRINT,
                              .household_id = rc < 0 ? 0 : x.household_id,
                              .person_id = rc < 0 ? 0 : x.debtor_id,
                              .purpose = STR("levy.exemption_notice"),
                              .query = STR(""),
                              .count = 1};
    rc = rc < 0 ? rc : audit_write(w, &line);
    form_data_init(&data, w->cx.arena, STR(""));
    rc = rc < 0 ? rc : exemption_paper(w, &x, &data);
    return rc < 0 ? rc
                  : sheet_reply(w, rp, "exemption_notice", &data,
                                str_format(w->cx.arena, "exemption-%d-%lld.pdf", x.fiscal_year,
                                           (long long)x.no));
}
