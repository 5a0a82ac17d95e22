/*
 * Incomes keyed at the counter: the answer of another municipality (税照会回答書), a declaration,
 * or what we decide ourselves. The text of the entry holds the columns of the file of incomes, so
 * that an answer keyed here and one that came by a file are the same statement.
 */
#include "desk/levy/income_words.h"
#include "levy_pages.h"

#include <stddef.h>

enum { PAYLOAD_LONGEST = 8192, YEARS_SHOWN = 3 };

typedef struct levy_income_form income_form;

/* --- from the page to words ---------------------------------------------------------------------
 */

static const struct {
    const char *id;
    size_t offset; /* of a struct yen */
} yens[] = {
    {"salary_revenue", offsetof(struct levy_income_form, salary_revenue)},
    {"pension_revenue", offsetof(struct levy_income_form, pension_revenue)},
    {"salary_income", offsetof(struct levy_income_form, salary_income)},
    {"pension_income", offsetof(struct levy_income_form, pension_income)},
    {"business_income", offsetof(struct levy_income_form, business_income)},
    {"property_income", offsetof(struct levy_income_form, property_income)},
    {"other_income", offsetof(struct levy_income_form, other_income)},
    {"forestry_income", offsetof(struct levy_income_form, forestry_income)},
    {"separate_income", offsetof(struct levy_income_form, separate_income)},
    {"separate_deduction", offsetof(struct levy_income_form, separate_deduction)},
    {"net_loss", offsetof(struct levy_income_form, net_loss)},
    {"casualty_loss", offsetof(struct levy_income_form, casualty_loss)},
    {"family_paid", offsetof(struct levy_income_form, family_paid)},
    {"family_received", offsetof(struct levy_income_form, family_received)},
    {"salary_adjustment", offsetof(struct levy_income_form, salary_adjustment)},
    {"fixed_asset_tax", offsetof(struct levy_income_form, fixed_asset_tax)},
    {"total_income", offsetof(struct levy_income_form, total_income)},
    {"taxable", offsetof(struct levy_income_form, taxable)},
};

static void put_number(struct text *t, const char *id, int64_t value)
{
    if (value != FORM_ABSENT)
        (void)text_addf(t, "%s %lld\n", id, (long long)value);
}

static void put_word(struct text *t, const char *id, struct str value)
{
    if (value.n > 0)
        (void)text_addf(t, "%s " STR_FMT "\n", id, STR_ARG(value));
}

static void put_words(struct text *t, const struct levy_income_form *f, struct str person_no)
{
    put_word(t, "person_no", person_no);
    put_number(t, "income_year", f->income_year);
    put_word(t, "source", f->source);
    put_number(t, "undeclared", f->undeclared);
    for (size_t i = 0; i < sizeof(yens) / sizeof(yens[0]); i++)
        put_number(t, yens[i].id, ((const struct yen *)((const char *)f + yens[i].offset))->n);
    put_number(t, "dependants", f->dependants);
    put_number(t, "small_children", f->small_children);
    put_word(t, "tax_state", f->tax_state);
    put_word(t, "widow", f->widow);
    put_word(t, "disability", f->disability);
    put_number(t, "minor", f->minor);
}

static struct str word_of_payload(const void *from, const char *id)
{
    struct str rest = *(const struct str *)from;

    while (rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        if (str_is(str_cut(&line, ' '), id))
            return line;
    }
    return STR("");
}

/* --- from words to the statement
 * ------------------------------------------------------------------ */

int income_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    const struct income_words words = {word_of_payload, &payload};
    const char *field = NULL;
    const char *problem = income_words_problem(&words, w->today, &field);
    int64_t person_id = 0, written = 0;

    if (problem) {
        (void)fail(&w->cx, ERR_INVALID, problem, NULL);
        return fail_where(&w->cx, NULL, 0, 0, field);
    }
    const int found = party_person_by_no(w, word_of_payload(&payload, "person_no"), &person_id);
    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "levy.import.person", NULL);
    const struct income in = income_from_words(&words, person_id);
    return levy_income_put(w, e->no, &in, 1, &written);
}

/* --- the page
 * --------------------------------------------------------------------------------------- */

static const char *source_label(enum income_source s)
{
    static const char *const labels[] = {"levy.income_source.0", "levy.income_source.1",
                                         "levy.income_source.2", "levy.income_source.3",
                                         "levy.income_source.4", "levy.income_source.5"};
    return labels[(unsigned)s < 6 ? s : 0];
}

static int year_now(const struct work *w)
{
    int year, month, day;
    ymd_split(w->today, &year, &month, &day);
    return year;
}

static int fill_stated(struct work *w, int64_t person_id, struct levy_income_view *v)
{
    enum { SOURCES = 5 };
    struct levy_income_stated_row *rows =
        ARENA_ARRAY(w->cx.arena, YEARS_SHOWN * SOURCES, struct levy_income_stated_row);
    int result = rows ? OK : fail(&w->cx, ERR_MEMORY, "memory", NULL);

    for (int back = 0; back < YEARS_SHOWN && result >= 0; back++) {
        struct incomes all;
        const int year = year_now(w) - 1 - back;
        result = levy_incomes(w, &person_id, 1, year, w->asof.known, &all);
        for (size_t i = 0; result >= 0 && i < all.n && i < SOURCES; i++) {
            const struct income *in = &all.rows[i];
            rows[v->n_stated++] =
                (struct levy_income_stated_row){year,
                                                source_label(in->source),
                                                in->salary_revenue,
                                                in->pension_revenue,
                                                YEN(in->business_income.n + in->property_income.n +
                                                    in->other_income.n),
                                                in->fixed_asset_tax};
        }
    }
    v->stated = rows;
    return result;
}

static int person_of(struct work *w, const struct request *rq, struct person *p)
{
    int64_t id = 0;
    const int found = party_person_by_no(w, rq->part[0], &id);

    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    const int result = party_person(w, id, p);
    return result < 0 ? result
                      : audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                            .person_id = id,
                                                            .household_id = p->household_id,
                                                            .purpose = STR("levy.income"),
                                                            .count = 1});
}

static int show(struct work *w, struct request *rq, struct reply *rp, const income_form *form)
{
    struct person p;
    struct levy_income_view v = {.income = form};
    int result = person_of(w, rq, &p);

    if (result >= 0)
        result = fill_stated(w, p.person_id, &v);
    if (result >= 0)
        result = levy_has_asset(w, ymd_fiscal_year(w->today), &v.has_asset);
    if (result < 0)
        return result;
    v.person_no = p.person_no;
    v.name = p.name;
    levy_page_income(&rp->body, rq->frame, &v);
    return OK;
}

int income_page(struct work *w, struct request *rq, struct reply *rp)
{
    income_form form;

    form_init(&levy_income_shape, &form);
    form.income_year = ymd_fiscal_year(w->today) - 1;
    const int result = event_last(&w->cx, w->store, &form.state.read_at);
    return result < 0 ? result : show(w, rq, rp, &form);
}

/* Who told us follows from what it is: an answer is another municipality's. */
static struct str giver_of(const income_form *f)
{
    if (str_is(f->source, "inquiry"))
        return STR("municipality");
    return str_is(f->source, "declaration") ? STR("person") : STR("city");
}

static int check_form(struct work *w, income_form *f, struct str payload)
{
    const struct income_words words = {word_of_payload, &payload};
    const char *field = NULL;
    const char *problem = income_words_problem(&words, w->today, &field);
    const bool is_answer = str_is(f->source, "inquiry");
    bool has_asset = false;

    if (levy_has_asset(w, ymd_fiscal_year(w->today), &has_asset) < 0)
        return ERR_INVALID; /* without rules nothing can be entered */
    if (problem)
        form_problem(&w->cx, &f->state, field, problem, NULL);
    else if (!has_asset && f->fixed_asset_tax.n != FORM_ABSENT)
        form_problem(&w->cx, &f->state, "fixed_asset_tax", "levy.income_entry.asset", NULL);
    else if (is_answer && (f->answered_by.n == 0 || f->reference.n == 0))
        form_problem(&w->cx, &f->state, f->answered_by.n ? "reference" : "answered_by",
                     "levy.income_entry.answer", NULL);
    else if (!intake_is_allowed(STR("levy.income"), giver_of(f), f->route))
        form_problem(&w->cx, &f->state, "route", "office.intake_pair", NULL);
    else
        return OK;
    return ERR_INVALID;
}

static int enter(struct work *w, const income_form *f, const struct person *p, struct str payload)
{
    struct event e = work_event(w, "levy.income");

    e.person_id = p->person_id;
    e.household_id = p->household_id;
    e.source = giver_of(f);
    e.route = f->route;
    e.reason = str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT, STR_ARG(f->reason),
                          STR_ARG(f->answered_by), STR_ARG(f->reference));
    if (!e.reason.p)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    e.reason = str_trim(e.reason);
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                     .person_id = p->person_id,
                                                     .household_id = p->household_id,
                                                     .purpose = e.kind,
                                                     .count = 1});
    if (result >= 0 && p->household_id)
        result = work_unchanged(w, p->household_id, f->state.read_at);
    return result < 0 ? result : work_enter(w, &e, payload);
}

static int save(struct work *w, struct request *rq, struct reply *rp, income_form *form)
{
    struct person p;
    struct text t;
    int result = person_of(w, rq, &p);

    if (result < 0)
        return result;
    text_init(&t, PAYLOAD_LONGEST);
    put_words(&t, form, p.person_no);
    const struct str payload = str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    if (!payload.p)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (check_form(w, form, payload) < 0) {
        rp->status = 422;
        return show(w, rq, rp, form);
    }
    result = enter(w, form, &p, payload);
    if (result < 0)
        return result;
    rp->notice = message_words(result > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/levy/income/" STR_FMT, STR_ARG(p.person_no));
}

int income_save(struct work *w, struct request *rq, struct reply *rp)
{
    income_form form;
    const int result = levy_income_form_read(&w->cx, rq, &form);

    if (result == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return show(w, rq, rp, &form);
    }
    return result < 0 ? result : save(w, rq, rp, &form);
}
