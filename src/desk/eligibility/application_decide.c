/* Deciding an application: what the law makes of it is looked at again when the decision counts. */
#include "desk/eligibility/application_inner.h"

enum { PAYLOAD_MAX = 4096, RELIEF_ROWS = 2 };

/* One decision in hand. */
struct deciding {
    struct work *w;
    const struct event *e;
    struct application a;
    struct application_decision d;
    struct application_look look;
    struct application_steps steps;
    struct refusal_reasons reasons;
    const struct refusal_reason *reason;
    struct application_step step;
};

static int refuse(struct deciding *x, const char *field, const char *what)
{
    return filing_refuse(x->w, field, what);
}

/* --- may it be decided so
 * ------------------------------------------------------------------------- */

static enum application_state newest(const struct deciding *x)
{
    return x->steps.n > 0 ? x->steps.rows[x->steps.n - 1].state : APPLICATION_OPEN;
}

static const char *state_problem(const struct deciding *x)
{
    const enum application_state now = newest(x);

    switch (x->d.state) {
    case APPLICATION_GRANTED:
    case APPLICATION_REFUSED:
    case APPLICATION_WITHDRAWN:
        return now == APPLICATION_OPEN ? NULL : "eligibility.application.decided";
    case APPLICATION_REVOKED:
        return now == APPLICATION_GRANTED ? NULL : "eligibility.application.not_granted";
    case APPLICATION_OPEN:
        break;
    }
    return "eligibility.application.state_unknown";
}

/* Part-payment is the city's to decide: another measure than the one proposed wants words. */
static int check_part(struct deciding *x, bool has_words)
{
    const bool is_own = x->d.relief != RELIEF_NONE;
    const enum relief_kind relief = is_own ? x->d.relief : x->look.relief;
    const int rate = relief == RELIEF_EXEMPT   ? 100
                     : relief == RELIEF_REDUCE ? (is_own ? x->d.rate : x->look.rate)
                                               : 0;

    if (relief < RELIEF_REDUCE || relief > RELIEF_DEFER)
        return refuse(x, "relief", "eligibility.application.relief");
    if (relief == RELIEF_REDUCE && (rate < 1 || rate > 99))
        return refuse(x, "rate", "eligibility.application.rate");
    if (x->d.months < 0 || x->d.months > 12)
        return refuse(x, "months", "eligibility.application.months");
    if ((relief != x->look.relief || rate != x->look.rate || x->look.refusal.n > 0) && !has_words)
        return refuse(x, "words", "eligibility.application.words");
    x->look.relief = relief;
    x->look.rate = rate;
    if (x->d.months > 0)
        x->look.valid.to = month_first(month_add(ymd_month(x->look.valid.from), x->d.months));
    return OK;
}

static int check_grant(struct deciding *x, bool has_words)
{
    if (x->look.problem)
        return refuse(x, "state", x->look.problem);
    if (x->a.kind == APPLICATION_PART_PAYMENT)
        return str_is(x->look.refusal, "not_insured")
                   ? refuse(x, "state", "eligibility.application.law_refuses")
                   : check_part(x, has_words);
    return x->look.refusal.n > 0 ? refuse(x, "state", "eligibility.application.law_refuses") : OK;
}

static int check_refusal(struct deciding *x, bool has_words)
{
    int result = refusal_reasons_read(x->w, &x->reasons);

    if (result < 0)
        return result;
    x->reason = refusal_reason_of(&x->reasons, x->a.kind, x->d.reason);
    if (!x->reason)
        return refuse(x, "reason", "eligibility.application.reason");
    if (x->reason->is_law && !str_equal(x->d.reason, x->look.refusal))
        return refuse(x, "reason", "eligibility.application.not_the_reason");
    /* what the law grants is refused for want of evidence or the like, and that is said */
    return !str_equal(x->d.reason, x->look.refusal) && !has_words
               ? refuse(x, "words", "eligibility.application.words")
               : OK;
}

static int check(struct deciding *x)
{
    const bool has_words = str_trim(x->d.words).n > 0;
    const char *problem = state_problem(x);

    if (problem)
        return refuse(x, "state", problem);
    if (x->d.state == APPLICATION_GRANTED)
        return check_grant(x, has_words);
    if (x->d.state == APPLICATION_REFUSED)
        return check_refusal(x, has_words);
    return has_words ? OK : refuse(x, "words", "eligibility.application.words");
}

static int load(struct deciding *x)
{
    int result = application_get(x->w, x->d.no, &x->a);

    if (result == 0)
        return fail(&x->w->cx, ERR_NOT_FOUND, "eligibility.application.none", STR_FMT,
                    STR_ARG(x->d.no));
    if (result >= 0)
        result = application_steps(x->w, &x->a, &x->steps);
    if (result >= 0)
        result = application_look(x->w, &x->a, &x->look);
    return result < 0 ? result : check(x);
}

/* --- what it gives
 * -------------------------------------------------------------------------------- */

static bool is_part(enum relief_kind kind)
{
    return kind >= RELIEF_REDUCE;
}

/* One of a sort counts on a day: what was given before ends where the new one begins. */
static int make_room(struct deciding *x, enum relief_kind kind, struct ymd from)
{
    struct work *w = x->w;
    struct eligibility_reliefs_of_sort_list list;
    const struct eligibility_reliefs_of_sort_in in = {x->a.person_id,
                                                      is_part(kind) ? RELIEF_REDUCE : kind,
                                                      is_part(kind) ? RELIEF_DEFER : kind};
    int result = eligibility_reliefs_of_sort(&w->cx, w->store, &in, &list);

    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct eligibility_reliefs_of_sort_row *r = &list.rows[i];
        struct eligibility_relief rest = {.person_id = x->a.person_id,
                                          .application_no = r->application_no,
                                          .kind = r->kind,
                                          .division = r->division,
                                          .limit_yen = r->limit_yen,
                                          .disease = r->disease,
                                          .rate = r->rate,
                                          .valid_from = r->valid_from,
                                          .valid_to = from,
                                          .known_from = x->e->no};
        if (ymd_compare(r->valid_to, from) <= 0)
            continue;
        result = eligibility_relief_close(&w->cx, w->store, r->relief_id, x->e->no);
        if (result >= 0 && ymd_compare(rest.valid_from, from) < 0) {
            result = store_ids(&w->cx, w->store, 1, &rest.relief_id);
            result = result < 0 ? result : eligibility_relief_insert(&w->cx, w->store, &rest);
        }
    }
    return result;
}

static int open_relief(struct deciding *x, enum relief_kind kind, struct ymd from)
{
    const struct application_look *l = &x->look;
    struct eligibility_relief row = {.person_id = x->a.person_id,
                                     .application_no = x->a.no,
                                     .kind = kind,
                                     .division = kind <= RELIEF_DISEASE ? l->division : 0,
                                     .limit_yen = l->limit,
                                     .disease = l->disease,
                                     .rate = l->rate,
                                     .valid_from = from,
                                     .valid_to = l->valid.to,
                                     .known_from = x->e->no};
    if (ymd_compare(row.valid_from, row.valid_to) >= 0)
        return OK;
    int result = make_room(x, kind, from);
    if (result >= 0)
        result = store_ids(&x->w->cx, x->w->store, 1, &row.relief_id);
    return result < 0 ? result : eligibility_relief_insert(&x->w->cx, x->w->store, &row);
}

static int issue_paper(struct deciding *x)
{
    const struct certificate_terms terms = {x->look.valid.from, x->look.long_stay};
    struct certificate_order o = {.person_id = x->a.person_id,
                                  .kind = x->look.paper,
                                  .cause = STR(""),
                                  .why = STR(""),
                                  .valid_until = ymd_add(x->look.valid.to, -1),
                                  .division = x->look.division,
                                  .disease = x->look.disease,
                                  .limit = x->look.limit,
                                  .handed = STR(""),
                                  .terms = &terms};

    if (x->look.paper.n == 0 || x->d.is_without_paper)
        return OK;
    const int result = certificate_issue(x->w, x->e->no, &o, 1);
    x->step.serial = o.serial;
    return result;
}

static int grant(struct deciding *x)
{
    const struct standard_income s = application_standard_income(&x->a);
    int result;

    if (x->a.kind == APPLICATION_STANDARD_INCOME)
        return standard_income_grant(x->w, x->e, &s, x->a.no);
    if (x->look.relief == RELIEF_LONG_STAY) {
        result = open_relief(x, RELIEF_LIMIT, x->look.valid.from);
        if (result >= 0)
            result = open_relief(x, RELIEF_LONG_STAY, x->look.long_stay);
    } else {
        result = open_relief(x, x->look.relief, x->look.valid.from);
    }
    return result < 0 || x->a.kind == APPLICATION_PART_PAYMENT ? result : issue_paper(x);
}

/* --- what is taken back
 * --------------------------------------------------------------------------- */

/* It never counted: the rows are closed and none takes their place. The paper is called back by
 * hand, over the page of certificates. */
static int end_reliefs(struct deciding *x)
{
    struct eligibility_reliefs_of_application_list list;
    int result =
        eligibility_reliefs_of_application(&x->w->cx, x->w->store,
                                           &(struct eligibility_reliefs_of_application_in){x->a.no},
                                           &list);

    for (size_t i = 0; i < list.n && result >= 0; i++)
        result = eligibility_relief_close(&x->w->cx, x->w->store, list.rows[i].relief_id, x->e->no);
    return result;
}

static int end_claims(struct deciding *x)
{
    int64_t ids[STANDARD_INCOME_MAX];
    int written = 0;
    const struct standard_income s = application_standard_income(&x->a);
    struct eligibility_claims_of_application_list list;

    for (size_t i = 0; i < s.n; i++)
        ids[i] = s.row[i].person_id;
    int result =
        eligibility_claims_of_application(&x->w->cx, x->w->store,
                                          &(struct eligibility_claims_of_application_in){{ids, s.n},
                                                                                         x->a.no},
                                          &list);
    for (size_t i = 0; i < list.n && result >= 0; i++)
        result = eligibility_revenue_claim_close(&x->w->cx, x->w->store,
                                                 list.rows[i].revenue_claim_id, x->e->no);
    return result < 0 || list.n == 0
               ? result
               : judge_household_under(x->w, x->e->no, s.household_id, list.rows[0].valid_from,
                                       JUDGE_APPLICATION, &written);
}

static int revoke(struct deciding *x)
{
    return x->a.kind == APPLICATION_STANDARD_INCOME ? end_claims(x) : end_reliefs(x);
}

/* --- the decision
 * ---------------------------------------------------------------------------------- */

static struct str user_of(struct work *w, int64_t user_id)
{
    struct eligibility_user_named_row row;

    if (user_id == w->actor->user_id)
        return w->actor->user_name.n ? w->actor->user_name : STR("system");
    return eligibility_user_named(&w->cx, w->store, &(struct eligibility_user_named_in){user_id},
                                  &row) > 0
               ? row.sign_in_name
               : str_format(w->cx.arena, "%lld", (long long)user_id);
}

static int number(struct deciding *x)
{
    struct work *w = x->w;
    const int year = ymd_fiscal_year(w->today);
    const struct str series = str_format(w->cx.arena, "eligibility.decision.%d", year);

    x->step.fiscal_year = year;
    return series.p ? store_number(&w->cx, w->store, series, 1, &x->step.decision_no)
                    : certificate_memory(w);
}

static void fill_step(struct deciding *x)
{
    const bool is_granted = x->d.state == APPLICATION_GRANTED;
    const struct event *e = x->e;

    x->step.state = x->d.state;
    x->step.decided = x->w->today;
    x->step.reason = x->reason ? x->reason->words : STR("");
    x->step.basis = x->reason ? x->reason->basis : STR("");
    x->step.words = x->d.words;
    x->step.officer = user_of(x->w, e->entered_by);
    x->step.checker = e->checked_by != 0 ? user_of(x->w, e->checked_by) : STR("");
    x->step.relief = is_granted ? x->look.relief : RELIEF_NONE;
    x->step.rate = is_granted ? x->look.rate : 0;
    x->step.from = is_granted ? x->look.valid.from : YMD_NONE;
    x->step.last =
        is_granted && !ymd_is_none(x->look.valid.to) ? ymd_add(x->look.valid.to, -1) : YMD_NONE;
}

static struct str or_none(struct str s)
{
    return s.n > 0 ? s : STR_NONE;
}

static int write(struct deciding *x)
{
    const struct application_paper paper = {&x->a, &x->look, &x->step, x->reason};
    const struct application_step *s = &x->step;
    struct eligibility_application_state row = {.application_id = x->a.application_id,
                                                .step = (int64_t)x->steps.n + 1,
                                                .state = s->state,
                                                .decided_ymd = s->decided,
                                                .fiscal_year = s->fiscal_year,
                                                .decision_no = s->decision_no,
                                                .reason = or_none(x->d.reason),
                                                .words = or_none(s->words),
                                                .officer = s->officer,
                                                .checker = or_none(s->checker),
                                                .relief = s->relief,
                                                .rate = s->rate,
                                                .from_ymd = s->from,
                                                .until_ymd = s->last,
                                                .serial = or_none(s->serial),
                                                .known_from = x->e->no};
    int result = application_paper_keep(x->w, &paper, &row.print_data, &row.layout_hash);

    if (result >= 0)
        result = store_ids(&x->w->cx, x->w->store, 1, &row.application_state_id);
    return result < 0 ? result : eligibility_application_state_insert(&x->w->cx, x->w->store, &row);
}

static int decide(struct deciding *x)
{
    int result = load(x);

    if (result >= 0)
        result = number(x);
    if (result >= 0 && x->d.state == APPLICATION_GRANTED)
        result = grant(x);
    if (result >= 0 && x->d.state == APPLICATION_REVOKED)
        result = revoke(x);
    if (result < 0)
        return result;
    fill_step(x);
    return write(x);
}

/* --- as an entry
 * ----------------------------------------------------------------------------------- */

static void payload_write(struct text *t, const struct application_decision *d)
{
    filing_put_words(t, "application", d->no);
    filing_put_number(t, "state", d->state);
    filing_put_words(t, "reason", d->reason);
    filing_put_words(t, "words", d->words);
    filing_put_number(t, "relief", d->relief);
    filing_put_number(t, "rate", d->rate);
    filing_put_number(t, "months", d->months);
    filing_put_number(t, "no_paper", d->is_without_paper);
}

static struct application_decision payload_read(struct str payload)
{
    return (
        struct application_decision){.no = filing_words(payload, "application"),
                                     .state =
                                         (enum application_state)filing_number(payload, "state"),
                                     .reason = filing_words(payload, "reason"),
                                     .words = filing_words(payload, "words"),
                                     .relief = (enum relief_kind)filing_number(payload, "relief"),
                                     .rate = (int)filing_number(payload, "rate"),
                                     .months = (int)filing_number(payload, "months"),
                                     .is_without_paper = filing_number(payload, "no_paper") != 0};
}

/* As of today, whatever day was looked at. */
static struct deciding *deciding_of(struct work *w, const struct application_decision *d)
{
    struct deciding *x = ARENA_NEW(w->cx.arena, struct deciding);

    if (x)
        *x = (struct deciding){.w = w, .d = *d};
    return x;
}

int application_decision_apply(struct work *w, const struct event *e, struct str payload)
{
    const struct asof before = w->asof;
    const struct application_decision d = payload_read(payload);
    struct deciding *x = deciding_of(w, &d);

    if (!x)
        return certificate_memory(w);
    x->e = e;
    w->asof = (struct asof){w->today, KNOWN_NOW};
    const int result = decide(x);
    w->asof = before;
    return result < 0 ? error_add(&w->cx, "decide application " STR_FMT, STR_ARG(d.no)) : OK;
}

int application_decide(struct work *w, const struct application_decision *d, int64_t *event_no)
{
    struct deciding *x = deciding_of(w, d);
    struct event e = work_event(w, "eligibility.application_decision");
    struct text t;
    int result = x ? load(x) : certificate_memory(w);

    *event_no = 0;
    if (result >= 0 && x->a.waits)
        result = refuse(x, "state", "eligibility.application.waits");
    if (result < 0)
        return result;
    e.household_id = x->a.in.household_id;
    e.person_id = x->a.person_id;
    e.received = x->a.in.notified;
    e.source = x->a.in.source;
    e.reason = d->words.p ? d->words : STR("");
    if (!ymd_is_none(x->look.valid.from))
        e.effective = x->look.valid.from;
    text_init(&t, PAYLOAD_MAX);
    payload_write(&t, d);
    result = t.failed ? certificate_memory(w) : work_enter(w, &e, text_str(&t));
    text_release(&t);
    *event_no = result < 0 ? 0 : e.no;
    return result;
}

/* --- shown to the second person --- */

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static void say(struct text *t, const char *label, struct str value)
{
    if (value.n > 0)
        text_addf(t, STR_FMT " " STR_FMT "\n", STR_ARG(sentence(label)), STR_ARG(value));
}

static void say_number(struct text *t, const char *label, int64_t n)
{
    if (n != 0)
        text_addf(t, STR_FMT " %lld\n", STR_ARG(sentence(label)), (long long)n);
}

static void say_decision(struct text *t, const struct application *a,
                         const struct application_decision *d,
                         const struct refusal_reasons *reasons)
{
    const struct refusal_reason *why = refusal_reason_of(reasons, a->kind, d->reason);

    say(t, "eligibility.shown.application", a->no);
    say(t, "eligibility.shown.kind", sentence(application_kind_message(a->kind)));
    say(t, "eligibility.shown.person", a->name);
    say(t, "eligibility.shown.state", sentence(application_state_message(d->state)));
    say(t, "eligibility.shown.reason", why ? why->words : STR(""));
    if (d->relief != RELIEF_NONE)
        say(t, "eligibility.shown.relief", sentence(relief_message(d->relief)));
    say_number(t, "eligibility.shown.rate", d->rate);
    say_number(t, "eligibility.shown.months", d->months);
    say(t, "eligibility.shown.words", d->words);
    if (d->is_without_paper)
        text_addf(t, STR_FMT "\n", STR_ARG(sentence("eligibility.shown.no_paper")));
    text_addf(t, STR_FMT "\n", STR_ARG(sentence("eligibility.shown.open")));
}

int application_shown(struct work *w, const struct event *e, struct str *payload)
{
    const struct application_decision d = payload_read(*payload);
    struct application *a = ARENA_NEW(w->cx.arena, struct application);
    struct refusal_reasons reasons;
    struct text t;

    if (!str_is(e->kind, "eligibility.application_decision"))
        return OK;
    int result = a ? application_get(w, d.no, a) : certificate_memory(w);
    if (result > 0)
        result = refusal_reasons_read(w, &reasons);
    else if (result == 0)
        return OK;
    if (result < 0)
        return result;
    text_init(&t, PAYLOAD_MAX);
    say_decision(&t, a, &d, &reasons);
    *payload = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return payload->p ? OK : certificate_memory(w);
}

/* --- read
 * ------------------------------------------------------------------------------------------ */

static struct application_step step_of_row(const struct application *a,
                                           const struct refusal_reasons *reasons,
                                           const struct eligibility_application_states_of_row *r)
{
    const struct refusal_reason *reason = refusal_reason_of(reasons, a->kind, r->reason);

    return (struct application_step){.state = (enum application_state)r->state,
                                     .decided = r->decided_ymd,
                                     .fiscal_year = (int)r->fiscal_year,
                                     .decision_no = r->decision_no,
                                     .reason = reason ? reason->words : r->reason,
                                     .basis = reason ? reason->basis : STR(""),
                                     .words = r->words,
                                     .officer = r->officer,
                                     .checker = r->checker,
                                     .relief = (enum relief_kind)r->relief,
                                     .rate = (int)r->rate,
                                     .from = r->from_ymd,
                                     .last = r->until_ymd,
                                     .serial = r->serial,
                                     .layout_hash = r->layout_hash,
                                     .print_data = r->print_data};
}

int application_steps(struct work *w, const struct application *a, struct application_steps *out)
{
    struct eligibility_application_states_of_list list;
    struct refusal_reasons reasons;
    int result = refusal_reasons_read(w, &reasons);

    *out = (struct application_steps){0};
    if (result >= 0)
        result = eligibility_application_states_of(&w->cx, w->store,
                                                   &(struct eligibility_application_states_of_in){
                                                       a->application_id},
                                                   &list);
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct application_step);
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        out->rows[out->n++] = step_of_row(a, &reasons, &list.rows[i]);
    return OK;
}

int relief_of_people(struct work *w, const int64_t *person_ids, size_t n, struct reliefs *out)
{
    struct eligibility_reliefs_of_list list;
    const int result =
        eligibility_reliefs_of(&w->cx, w->store,
                               &(struct eligibility_reliefs_of_in){{person_ids, n}, w->asof},
                               &list);

    *out = (struct reliefs){0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct relief);
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_reliefs_of_row *r = &list.rows[i];
        out->rows[out->n++] = (struct relief){r->person_id,
                                              r->application_no,
                                              (enum relief_kind)r->kind,
                                              (enum division)r->division,
                                              r->limit_yen,
                                              (int)r->disease,
                                              (int)r->rate,
                                              {r->valid_from, r->valid_to}};
    }
    return OK;
}

/* What is given up is rounded down to the yen: the rest is what he owes. */
struct part_payment part_payment_under(const struct reliefs *all, int64_t person_id,
                                       struct yen part)
{
    struct part_payment p = {.now = part};

    for (size_t i = 0; i < all->n; i++) {
        const struct relief *r = &all->rows[i];
        if (r->person_id != person_id)
            continue;
        if (r->kind == RELIEF_REDUCE || r->kind == RELIEF_EXEMPT) {
            p.given_up = YEN(part.n * r->rate / 100);
            p.now = YEN(part.n - p.given_up.n);
        } else if (r->kind == RELIEF_DEFER) {
            p.later = p.now;
            p.now = YEN(0);
        }
    }
    return p;
}
