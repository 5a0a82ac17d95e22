/*
 * What other businesses of the city have told about a person (他業務の情報), beside his address
 * card: read only, each line with where it is from, when it came in and by which event. Every desk
 * has its own way in, with its own right; each look leaves an audit line that says from which desk.
 */
#include "desk/counter/view.h"

#include <string.h>

enum business { /* message id "counter.other.field.N" */
                BUSINESS_REGISTER = 1,
                BUSINESS_TAX,
                BUSINESS_CARE,
                BUSINESS_PENSION,
                BUSINESS_EMPLOYMENT,
                BUSINESS_DISABILITY,
                BUSINESS_WELFARE,
                BUSINESS_LATE_STAGE,
                BUSINESS_INSURER,
                BUSINESS_END
};
struct other {
    struct work *w;
    struct person person;
    struct told_list told;
    struct incomes_told incomes;
    struct counter_other_lines_row *rows;
    size_t n;
    bool has_asset; /* the municipality levies on assets */
};

static const char *business_message(enum business f)
{
    static const char *const ids[BUSINESS_END] = {"counter.other.field.1", "counter.other.field.1",
                                                  "counter.other.field.2", "counter.other.field.3",
                                                  "counter.other.field.4", "counter.other.field.5",
                                                  "counter.other.field.6", "counter.other.field.7",
                                                  "counter.other.field.8", "counter.other.field.9"};
    return ids[f];
}

static enum business business_of_feed(struct str feed)
{
    return str_starts(feed, STR("care_"))      ? BUSINESS_CARE
           : str_starts(feed, STR("pension_")) ? BUSINESS_PENSION
           : str_is(feed, "employment")        ? BUSINESS_EMPLOYMENT
           : str_is(feed, "facility")          ? BUSINESS_DISABILITY
                                               : BUSINESS_REGISTER;
}

static enum business business_of_word(struct str word)
{
    return str_is(word, "assistance") || str_is(word, "welfare") ? BUSINESS_WELFARE
           : str_is(word, "late_stage") || str_is(word, "union") ? BUSINESS_LATE_STAGE
           : str_is(word, "tax")                                 ? BUSINESS_TAX
           : str_is(word, "register")                            ? BUSINESS_REGISTER
           : str_is(word, "pension")                             ? BUSINESS_PENSION
                                                                 : BUSINESS_INSURER;
}

/* --- words ------------------------------------------------------------------------------------ */

static struct str word(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static struct str word_under(struct work *w, const char *prefix, struct str code)
{
    struct str id = str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(code));
    return id.p ? word(id.p) : code;
}

static struct str kept(struct work *w, struct text *t)
{
    struct str s = t->failed ? STR_NONE : str_copy(w->cx.arena, text_str(t));
    text_release(t);
    return s.p ? s : STR("");
}

/* Parts of one line, a blank between. */
static void add_part(struct text *t, const char *label, struct str value)
{
    if (value.n == 0) {
        return;
    }
    (void)text_addf(t, "%s" STR_FMT " " STR_FMT, t->n > 0 ? " / " : "", STR_ARG(word(label)),
                    STR_ARG(value));
}

static void add_yen(struct text *t, const char *label, struct yen amount)
{
    (void)text_addf(t, "%s" STR_FMT " ", t->n > 0 ? " / " : "", STR_ARG(word(label)));
    (void)text_add_yen(t, amount);
    (void)text_add(t, word("levy.unit.yen"));
}

static struct str facts_of_feed(struct work *w, const struct told *r)
{
    struct text t;
    text_init(&t, 2048);
    add_part(&t, "counter.other.period", r->period);
    add_part(&t, "counter.other.code", r->code);
    if (r->has_amount) {
        add_yen(&t, "counter.other.amount", r->amount);
    }
    add_part(&t, "counter.other.reference", r->detail);
    return kept(w, &t);
}

static struct str facts_of_income(struct work *w, const struct income_told *r, bool has_asset)
{
    struct text t;
    text_init(&t, 2048);
    if (r->is_undeclared) {
        (void)text_add(&t, word("counter.other.undeclared"));
        return kept(w, &t);
    }
    add_yen(&t, "counter.other.salary", r->salary_revenue);
    add_yen(&t, "counter.other.pension", r->pension_revenue);
    add_yen(&t, "counter.other.rest", r->other_income);
    if (has_asset && r->fixed_asset_tax.n > 0) {
        add_yen(&t, "counter.other.asset_tax", r->fixed_asset_tax);
    }
    if (r->has_total_income) {
        add_yen(&t, "counter.other.total", r->total_income);
    }
    if (r->has_taxable) {
        add_yen(&t, "counter.other.taxable", r->taxable);
    }
    if (r->tax_state != TAX_UNKNOWN) {
        struct str state = str_format(w->cx.arena, "%d", (int)r->tax_state);
        add_part(&t, "counter.other.tax", word_under(w, "eligibility.tax_state.", state));
    }
    return kept(w, &t);
}

/* --- lines ------------------------------------------------------------------------------------ */

static struct counter_other_lines_row *line(struct other *o, enum business business,
                                            const struct told_by *by)
{
    struct counter_other_lines_row *row = &o->rows[o->n++];
    *row = (struct counter_other_lines_row){.business = business_message(business),
                                            .what = STR(""),
                                            .from = YMD_NONE,
                                            .to = YMD_NONE,
                                            .facts = STR(""),
                                            .source = source_word(o->w, by->source),
                                            .received = by->received,
                                            .at = by->at_us,
                                            .event = by->event_no};
    return row;
}

static void add_told(struct other *o, const struct told *r)
{
    struct work *w = o->w;
    enum business business = BUSINESS_REGISTER;
    struct str what = STR(""), facts = STR("");
    switch (r->part) {
    case TOLD_RESIDENCY:
        what = word_under(w, "eligibility.life.", r->kind);
        break;
    case TOLD_HOUSEHOLD:
        what = word(relation_message(r->kind));
        facts = r->code;
        break;
    case TOLD_FEED:
        business = business_of_feed(r->kind);
        what = word_under(w, "counter.other.feed.", r->kind);
        facts = facts_of_feed(w, r);
        break;
    case TOLD_COVER:
        business = business_of_word(r->kind);
        what = word_under(w, "eligibility.cover.", r->kind);
        facts = r->detail;
        break;
    case TOLD_PENDING:
        business = business_of_word(r->kind);
        what = word_under(w, "eligibility.pending.", r->code);
        facts = word("counter.other.pending");
        break;
    }
    struct counter_other_lines_row *row = line(o, business, &r->by);
    row->what = what;
    row->facts = facts;
    row->from = r->day;
    row->to = r->until;
}

static void add_income(struct other *o, const struct income_told *r)
{
    struct counter_other_lines_row *row = line(o, BUSINESS_TAX, &r->by);
    row->what = str_format(o->w->cx.arena, "%d" STR_FMT, r->income_year,
                           STR_ARG(word("counter.other.income")));
    row->facts = facts_of_income(o->w, r, o->has_asset);
}

static int read_lines(struct other *o)
{
    struct work *w = o->w;
    int rc = eligibility_told(w, o->person.person_id, &o->told);
    rc = rc < 0 ? rc : levy_incomes_told(w, &o->person.person_id, 1, &o->incomes);
    rc = rc < 0 ? rc : levy_has_asset(w, ymd_fiscal_year(w->today), &o->has_asset);
    if (rc < 0) {
        return rc;
    }
    o->rows =
        ARENA_ARRAY(w->cx.arena, o->told.n + o->incomes.n + 1, struct counter_other_lines_row);
    if (!o->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < o->told.n && o->told.rows[i].part <= TOLD_HOUSEHOLD; i++) {
        add_told(o, &o->told.rows[i]);
    }
    for (size_t i = 0; i < o->incomes.n; i++) {
        add_income(o, &o->incomes.rows[i]);
    }
    for (size_t i = 0; i < o->told.n; i++) {
        if (o->told.rows[i].part > TOLD_HOUSEHOLD) {
            add_told(o, &o->told.rows[i]);
        }
    }
    return 0;
}

/* --- the page --------------------------------------------------------------------------------- */

static int fill(struct other *o, struct counter_other_view *v)
{
    const struct person *p = &o->person;
    struct told_by home = {.event_no = 0};
    int rc = read_lines(o);
    if (rc >= 0 && p->household_id != 0) {
        rc = eligibility_address_told(o->w, p->household_id, &home);
    }
    if (rc < 0) {
        return rc;
    }
    v->found = true;
    v->no = p->person_no;
    v->name = p->name;
    v->kana = p->kana;
    v->birth = p->birth;
    v->hidden = p->is_protected;
    v->address = p->address;
    v->household_no = p->household_no;
    v->has_home = home.event_no != 0;
    v->home_source = v->has_home ? source_word(o->w, home.source) : STR("");
    v->home_received = home.received;
    v->home_event = home.event_no;
    v->lines = o->rows;
    v->n_lines = o->n;
    return 0;
}

static int look_up(struct other *o, struct str no, const char *desk, struct counter_other_view *v)
{
    struct work *w = o->w;
    int64_t id = 0;
    int found = party_person_by_no(w, no, &id);
    if (found < 0) {
        return found;
    }
    struct audit_line a = {.class = AUDIT_INQUIRY,
                           .person_id = id,
                           .purpose = STR("other"),
                           .query = str_of(desk),
                           .count = found};
    int rc = audit_write(w, &a);
    if (rc < 0 || found == 0) {
        return rc;
    }
    rc = party_person(w, id, &o->person);
    return rc < 0 ? rc : fill(o, v);
}

static int show_other(struct work *w, struct request *rq, struct reply *rp, const char *desk)
{
    struct counter_other_form form;
    struct other o = {.w = w};
    struct counter_other_view v = {.desk = str_of(desk),
                                   .other = &form,
                                   .no = STR(""),
                                   .birth = YMD_NONE,
                                   .home_received = YMD_NONE};
    int rc = counter_other_form_read(&w->cx, rq, &form);
    if (rc < 0) {
        return rc;
    }
    v.asked = form.no.n > 0;
    rp->shows_nobody = !v.asked;
    rc = v.asked ? look_up(&o, form.no, desk, &v) : 0;
    if (rc >= 0) {
        counter_page_other(&rp->body, rq->frame, &v);
    }
    return rc;
}

int show_other_party(struct work *w, struct request *rq, struct reply *rp)
{
    return show_other(w, rq, rp, "party");
}

int show_other_eligibility(struct work *w, struct request *rq, struct reply *rp)
{
    return show_other(w, rq, rp, "eligibility");
}

int show_other_levy(struct work *w, struct request *rq, struct reply *rp)
{
    return show_other(w, rq, rp, "levy");
}

int show_other_collection(struct work *w, struct request *rq, struct reply *rp)
{
    return show_other(w, rq, rp, "collection");
}
