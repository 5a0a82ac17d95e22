/* A late charge opened to the yen: days, rates, products, roundings, articles. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* The whole part and four places, as far as they go: nothing is computed with it. */
static struct str exact_words(struct work *w, struct ratio r)
{
    const int64_t whole = r.num / r.den;
    int64_t rest = 0;
    (void)muldiv(r.num % r.den, 10000, r.den, ROUND_FLOOR, &rest);
    const struct str s = str_format(w->cx.arena, "%lld.%04lld", (long long)whole, (long long)rest);
    return s.p ? s : STR("");
}

static int fill_steps(struct work *w, const struct late_instalment *x,
                      struct collection_late_steps_view *v)
{
    struct collection_late_steps_steps_row *steps =
        ARENA_ARRAY(w->cx.arena, x->late.n + 1, struct collection_late_steps_steps_row);
    struct collection_late_steps_payments_row *paid =
        ARENA_ARRAY(w->cx.arena, x->c.n_payments + 1, struct collection_late_steps_payments_row);
    if (!steps || !paid) {
        return no_memory(w);
    }
    for (size_t i = 0; i < x->late.n; i++) {
        const struct late_segment *s = &x->late.rows[i];
        steps[i] = (struct collection_late_steps_steps_row){s->from, s->to,
                                                            s->days, s->balance,
                                                            s->base, late_band_message(s->band),
                                                            s->rate, exact_words(w, s->exact),
                                                            s->yen};
    }
    for (size_t i = 0; i < x->c.n_payments; i++) {
        paid[i] = (struct collection_late_steps_payments_row){x->c.payments[i].paid,
                                                              x->c.payments[i].yen};
    }
    v->steps = steps;
    v->n_steps = x->late.n;
    v->payments = paid;
    v->n_payments = x->c.n_payments;
    return OK;
}

/* Where the figures come from. */
static int fill_rules(struct work *w, struct collection_late_steps_view *v)
{
    const struct ruleset *rules = NULL;
    int rc = levy_rules(w, KNOWN_NOW, &rules);
    struct collection_late_steps_rules_row *rows =
        ARENA_ARRAY(w->cx.arena, LATE_RULES, struct collection_late_steps_rules_row);
    if (rc < 0 || !rows) {
        return rc < 0 ? rc : no_memory(w);
    }
    for (size_t i = 0; rc >= 0 && i < LATE_RULES; i++) {
        struct rule_item item;
        rc = ruleset_item(&w->cx, rules, str_of(late_rule_names[i]), &item);
        if (rc >= 0) {
            rows[v->n_rules++] = (struct collection_late_steps_rules_row){item.label, item.article};
        }
    }
    v->rules = rows;
    return rc;
}

static void view_terms(const struct late_instalment *x, struct collection_late_steps_view *v)
{
    static const char *const roundings[] = {"collection.late_rounding.0",
                                            "collection.late_rounding.1",
                                            "collection.late_rounding.2"};
    const struct late_terms *t = x->late.terms;
    v->due = x->c.due;
    v->until = x->c.until;
    v->amount = x->c.amount;
    v->balance = x->balance;
    v->charge = x->late.charge;
    v->sum = x->late.sum;
    v->late_paid = x->late_paid;
    v->outcome = late_outcome_message(x->late.outcome);
    v->rounding = roundings[t->rounding];
    v->low_until = x->late.low_until;
    v->base_least = YEN(t->late.base_least);
    v->base_unit = YEN(t->late.base_unit);
    v->least = YEN(t->late.least);
    v->unit = YEN(t->late.unit);
    v->year_days = t->year_days;
    v->months = t->months;
}

int late_show_steps(struct work *w, struct request *rq, struct reply *rp)
{
    struct collection_late_upto_form form;
    struct collection_late_steps_view v = {.late_upto = &form};
    struct late_instalment x;
    struct person p;
    int rc = request_part_id(&w->cx, rq, 0, &v.liability);
    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 1, &v.instalment);
    rc = rc < 0 ? rc : collection_late_upto_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        form.day = w->today;
        rc = OK;
    }
    form.day = ymd_is_none(form.day) ? w->today : form.day;
    rc = rc < 0 ? rc : late_of_instalment(w, v.liability, (int)v.instalment, form.day, &x);
    if (rc == 0) {
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    }
    rc = rc < 0 ? rc : party_person(w, x.debtor_id, &p);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                      .person_id = x.debtor_id,
                                                      .purpose = STR("collection.late"),
                                                      .count = 1});
    rc = rc < 0 ? rc : fill_steps(w, &x, &v);
    rc = rc < 0 ? rc : fill_rules(w, &v);
    if (rc < 0) {
        return rc;
    }
    v.person_no = p.person_no;
    v.name = p.name;
    v.year_label = levy_year_label(&w->cx, x.c.levy_year);
    v.part = levy_instalment_label(w, x.number);
    v.notice_no = str_format(w->cx.arena, "%010lld", (long long)x.notice_no);
    view_terms(&x, &v);
    collection_page_late_steps(&rp->body, rq->frame, &v);
    return OK;
}
