/* The page on which applications of a person are taken in, by keyboard alone. */
#include "desk/eligibility/application_inner.h"
#include "eligibility_pages.h"

struct asked {
    struct work *w;
    struct person person;
    int64_t household_id;
    struct eligibility_income_application_form *income; /* to be filled in beforehand; NULL */
    struct eligibility_application_person_view v;
};

static int read_person(struct asked *a, struct work *w, const struct request *rq,
                       enum audit_class class)
{
    int64_t id = 0;
    struct holders who = {0};
    int result = party_person_by_no(w, rq->part[0], &id);

    *a = (struct asked){.w = w};
    if (result == 0)
        result = fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = class,
                                                     .person_id = id,
                                                     .purpose = STR("application"),
                                                     .count = 1});
    if (result >= 0)
        result = party_person(w, id, &a->person);
    if (result >= 0)
        result = holders_load(w, &id, 1, &who);
    /* the household he is insured in: a student away is insured where his parents live */
    a->household_id =
        who.n > 0 && who.rows[0].household_id ? who.rows[0].household_id : a->person.household_id;
    return result < 0 ? error_add(&w->cx, "read a person's applications") : OK;
}

/* --- what the page shows
 * --------------------------------------------------------------------------- */

static int fill_applications(struct asked *a)
{
    struct applications all;
    int result = applications_of_person(a->w, a->person.person_id, &all);

    if (result < 0)
        return result;
    struct eligibility_application_person_applications_row *rows =
        ARENA_ARRAY(a->w->cx.arena, all.n + 1,
                    struct eligibility_application_person_applications_row);
    if (!rows)
        return certificate_memory(a->w);
    for (size_t i = 0; i < all.n; i++) {
        const struct application *x = &all.rows[i];
        rows[i] = (struct eligibility_application_person_applications_row){
            .no = x->no,
            .kind = application_kind_message(x->kind),
            .received = x->in.notified,
            .status = application_state_message(x->state),
            .is_open = x->state == APPLICATION_OPEN,
            .waits = x->waits,
            .decided = x->decided};
    }
    a->v.applications = rows;
    a->v.n_applications = all.n;
    return OK;
}

/* Those of 70 to 74 in the household, who are to be named with their revenue. */
static int fill_elderly(struct asked *a, struct holders *out)
{
    struct eligibility_household_insured_list list;
    const struct eligibility_household_insured_in in = {a->household_id, a->w->asof};
    int result = eligibility_household_insured(&a->w->cx, a->w->store, &in, &list);
    int64_t *ids = result < 0 ? NULL : ARENA_ARRAY(a->w->cx.arena, list.n + 1, int64_t);

    if (!ids)
        return result < 0 ? result : certificate_memory(a->w);
    for (size_t i = 0; i < list.n; i++)
        ids[i] = list.rows[i].person_id;
    result = holders_load(a->w, ids, list.n, out);
    if (result < 0)
        return result;
    struct eligibility_application_person_elderly_row *rows =
        ARENA_ARRAY(a->w->cx.arena, out->n + 1, struct eligibility_application_person_elderly_row);
    if (!rows)
        return certificate_memory(a->w);
    for (size_t i = 0; i < out->n; i++) {
        const struct holder *h = &out->rows[i];
        a->v.is_insured = a->v.is_insured || h->person_id == a->person.person_id;
        if (holder_is_elderly(h, a->w->asof.valid))
            rows[a->v.n_elderly++] =
                (struct eligibility_application_person_elderly_row){h->person_no, h->name,
                                                                    h->birth};
    }
    a->v.elderly = rows;
    for (size_t i = 0; a->income && i < a->v.n_elderly && i < STANDARD_INCOME_MAX; i++) {
        a->income->revenues[i].who = rows[i].person_no;
        a->income->revenues[i].revenue.n = FORM_ABSENT;
        a->income->n_revenues = i + 1;
    }
    return OK;
}

static void fill_head(struct asked *a)
{
    a->v.person_no = a->person.person_no;
    a->v.name = a->person.name;
    a->v.kana = a->person.kana;
    a->v.birth = a->person.birth;
    a->v.household_no = a->person.household_no;
    a->v.hidden = a->person.is_protected;
    a->v.may_edit = work_may(a->w, RIGHT_ELIGIBILITY_EDIT);
    if (a->v.kind > 0)
        a->v.kind_name = application_kind_message((enum application_kind)a->v.kind);
}

static int show(struct asked *a, struct request *rq, struct reply *rp)
{
    struct holders home = {0};
    int result = fill_applications(a);

    fill_head(a);
    if (result >= 0 && a->household_id)
        result = fill_elderly(a, &home);
    if (result >= 0)
        eligibility_page_application_person(&rp->body, rq->frame, &a->v);
    return result < 0 ? error_add(&a->w->cx, "show a person's applications") : OK;
}

/* The fields that all four forms begin with. */
#define FORM_BEGIN(form, w)                                                                        \
    do {                                                                                           \
        (form)->received = (w)->today;                                                             \
        (form)->source = STR("person");                                                            \
        (form)->route = STR("counter");                                                            \
    } while (0)

int application_person_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_income_application_form income;
    struct eligibility_limit_application_form limit;
    struct eligibility_disease_application_form disease;
    struct eligibility_part_application_form part;
    int64_t kind = 0, last = 0;
    int result = read_person(&a, w, rq, AUDIT_INQUIRY);

    if (result >= 0)
        result = request_query_number(&w->cx, rq, "kind", 0, &kind);
    if (result >= 0)
        result = event_last(&w->cx, w->store, &last);
    if (result < 0)
        return result;
    eligibility_income_application_form_init(&income);
    eligibility_limit_application_form_init(&limit);
    eligibility_disease_application_form_init(&disease);
    eligibility_part_application_form_init(&part);
    FORM_BEGIN(&income, w);
    FORM_BEGIN(&limit, w);
    FORM_BEGIN(&disease, w);
    FORM_BEGIN(&part, w);
    income.year = judge_year_of(w->today);
    income.state.read_at = limit.state.read_at = disease.state.read_at = part.state.read_at = last;
    a.income = &income;
    a.v.income_application = &income;
    a.v.limit_application = &limit;
    a.v.disease_application = &disease;
    a.v.part_application = &part;
    a.v.kind = kind >= APPLICATION_STANDARD_INCOME && kind <= APPLICATION_PART_PAYMENT ? kind : 0;
    return show(&a, rq, rp);
}

/* --- taken in
 * --------------------------------------------------------------------------------------- */

static struct application_item *item(struct application *x, const char *name)
{
    struct application_item *i = &x->item[x->n_items < APPLICATION_ITEMS_MAX ? x->n_items++ : 0];

    *i = (struct application_item){.name = str_of(name),
                                   .from = YMD_NONE,
                                   .to = YMD_NONE,
                                   .words = STR("")};
    return i;
}

static void item_number(struct application *x, const char *name, int64_t n)
{
    struct application_item *i = item(x, name);

    i->number = n;
    i->has_number = true;
}

static void item_amount(struct application *x, const char *name, struct yen amount)
{
    struct application_item *i = item(x, name);

    i->amount = amount;
    i->has_amount = true;
}

static enum identity_check identity_of(struct str word)
{
    int64_t n = 0;
    return str_to_int(word, &n) ? (enum identity_check)n : IDENTITY_NONE;
}

#define FILING_OF(form)                                                                            \
    (struct filing)                                                                                \
    {                                                                                              \
        .notified = (form)->received, .source = (form)->source, .route = (form)->route,            \
        .identity = identity_of((form)->identity), .proxy_name = (form)->proxy_name,               \
        .proxy_document = (form)->proxy_document, .why = STR("")                                   \
    }

/* After the entry: the application's page; refused: the form again with the problem. */
static int settle(struct asked *a, struct request *rq, struct reply *rp, struct form_state *state,
                  int result)
{
    struct work *w = a->w;

    if (result != ERR_INVALID && result != ERR_STALE && result < 0)
        return result;
    if (state->problems.n == 0)
        form_problem(&w->cx, state, w->cx.error.field, w->cx.error.message, NULL);
    error_clear(&w->cx);
    rp->status = 422;
    return show(a, rq, rp);
}

static int enter(struct asked *a, struct application *x, int64_t read_at)
{
    x->in.household_id = a->household_id;
    x->person_id = a->person.person_id;
    const int result = x->in.household_id
                           ? work_unchanged(a->w, x->in.household_id, read_at)
                           : fail(&a->w->cx, ERR_INVALID, "eligibility.judge.household", NULL);
    return result < 0 ? result : application_enter(a->w, x);
}

static int done(struct request *rq, struct reply *rp, const struct asked *a,
                const struct application *x)
{
    const struct message *m = message_find(x->no.n > 0 ? "eligibility.application.received"
                                                       : "eligibility.certificate.waits");

    rp->notice = m ? str_of(m->text) : STR("");
    return x->no.n > 0
               ? reply_redirect(rq, rp, "/application/" STR_FMT, STR_ARG(x->no))
               : reply_redirect(rq, rp, "/applications/" STR_FMT, STR_ARG(a->person.person_no));
}

/* The head names the others; a person unknown is refused at the entry. */
static int income_items(struct asked *a, const struct eligibility_income_application_form *form,
                        struct application *x)
{
    item_number(x, "year", form->year);
    for (size_t i = 0; i < form->n_revenues; i++) {
        int64_t id = 0;
        if (party_person_by_no(a->w, form->revenues[i].who, &id) != 1)
            return filing_refuse(a->w, "who", "party.person.none");
        if (form->revenues[i].revenue.n == FORM_ABSENT)
            return filing_refuse(a->w, "revenue", "eligibility.application.item_missing");
        item_amount(x, "revenue", form->revenues[i].revenue);
        x->item[x->n_items - 1].person_id = id;
    }
    return OK;
}

int application_standard_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_income_application_form form;
    struct application *x = ARENA_NEW(w->cx.arena, struct application);
    int result = read_person(&a, w, rq, AUDIT_CHANGE);

    if (result < 0 || !x)
        return result < 0 ? result : certificate_memory(w);
    a.v.kind = APPLICATION_STANDARD_INCOME;
    a.v.income_application = &form;
    result = eligibility_income_application_form_read(&w->cx, rq, &form);
    *x = (struct application){.kind = APPLICATION_STANDARD_INCOME, .in = FILING_OF(&form)};
    if (result >= 0)
        result = income_items(&a, &form, x);
    if (result >= 0)
        result = enter(&a, x, form.state.read_at);
    return result >= 0 ? done(rq, rp, &a, x) : settle(&a, rq, rp, &form.state, result);
}

static void stay_items(const struct eligibility_limit_application_form *form, struct application *x)
{
    if (form->long_stay)
        item_number(x, "long_stay", 1);
    for (size_t i = 0; i < form->n_stays; i++) {
        struct application_item *s = item(x, form->stays[i].elsewhere ? "stay_elsewhere" : "stay");
        s->from = form->stays[i].from;
        s->to = form->stays[i].to;
        s->words = form->stays[i].place;
    }
}

int application_limit_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_limit_application_form form;
    struct application *x = ARENA_NEW(w->cx.arena, struct application);
    int result = read_person(&a, w, rq, AUDIT_CHANGE);

    if (result < 0 || !x)
        return result < 0 ? result : certificate_memory(w);
    a.v.kind = APPLICATION_LIMIT;
    a.v.limit_application = &form;
    result = eligibility_limit_application_form_read(&w->cx, rq, &form);
    *x = (struct application){.kind = APPLICATION_LIMIT, .in = FILING_OF(&form)};
    if (result >= 0) {
        stay_items(&form, x);
        result = enter(&a, x, form.state.read_at);
    }
    return result >= 0 ? done(rq, rp, &a, x) : settle(&a, rq, rp, &form.state, result);
}

static void disease_items(const struct eligibility_disease_application_form *form,
                          struct application *x)
{
    int64_t n = 0;

    item_number(x, "disease", str_to_int(form->disease, &n) ? n : 0);
    if (ymd_is_none(form->doctor_day) && form->doctor.n == 0)
        return;
    struct application_item *i = item(x, "doctor");
    i->from = form->doctor_day;
    i->words = form->doctor;
}

int application_disease_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_disease_application_form form;
    struct application *x = ARENA_NEW(w->cx.arena, struct application);
    int result = read_person(&a, w, rq, AUDIT_CHANGE);

    if (result < 0 || !x)
        return result < 0 ? result : certificate_memory(w);
    a.v.kind = APPLICATION_DISEASE;
    a.v.disease_application = &form;
    result = eligibility_disease_application_form_read(&w->cx, rq, &form);
    *x = (struct application){.kind = APPLICATION_DISEASE, .in = FILING_OF(&form)};
    if (result >= 0) {
        disease_items(&form, x);
        result = enter(&a, x, form.state.read_at);
    }
    return result >= 0 ? done(rq, rp, &a, x) : settle(&a, rq, rp, &form.state, result);
}

static void part_items(const struct eligibility_part_application_form *form, struct application *x)
{
    item(x, "cause")->words = form->cause;
    item(x, "wanted")->words = form->wanted;
    item_number(x, "months", form->months);
    item_amount(x, "income", form->income);
    item_amount(x, "livelihood", form->livelihood);
    item_amount(x, "savings", form->savings);
}

int application_part_post(struct work *w, struct request *rq, struct reply *rp)
{
    struct asked a;
    struct eligibility_part_application_form form;
    struct application *x = ARENA_NEW(w->cx.arena, struct application);
    int result = read_person(&a, w, rq, AUDIT_CHANGE);

    if (result < 0 || !x)
        return result < 0 ? result : certificate_memory(w);
    a.v.kind = APPLICATION_PART_PAYMENT;
    a.v.part_application = &form;
    result = eligibility_part_application_form_read(&w->cx, rq, &form);
    *x = (struct application){.kind = APPLICATION_PART_PAYMENT, .in = FILING_OF(&form)};
    if (result >= 0) {
        part_items(&form, x);
        result = enter(&a, x, form.state.read_at);
    }
    return result >= 0 ? done(rq, rp, &a, x) : settle(&a, rq, rp, &form.state, result);
}
