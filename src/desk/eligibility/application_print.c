/* The notice of a decision about an application: its values, kept when it is decided, and the
 * paper.
 */
#include "desk/eligibility/application_inner.h"

#include <string.h>

static const char *const notice_layout = "application_notice";
static const char *const part_layout = "part_payment";

static struct str numbered(struct work *w, const char *prefix, int n)
{
    const char *id = str_c(w->cx.arena, str_format(w->cx.arena, "%s%d", prefix, n));
    return id ? message_words(id) : STR("");
}

/* --- lines of the table
 * ---------------------------------------------------------------------------- */

/* Every line has all of them, so that none is looked up in the notice around it. */
static struct form_data *line(struct form_data *d, const char *label)
{
    struct form_data *i = form_item(d, "rows");

    form_put_text(i, "label", message_words(label));
    form_put_text(i, "value", STR(""));
    form_put_flag(i, "is_day", false);
    form_put_flag(i, "is_amount", false);
    form_put_flag(i, "is_number", false);
    form_put_text(i, "unit", STR(""));
    return i;
}

static void line_words(struct form_data *d, const char *label, struct str value)
{
    if (value.n > 0)
        form_put_text(line(d, label), "value", value);
}

static void line_day(struct form_data *d, const char *label, struct ymd day)
{
    if (ymd_is_none(day))
        return;
    struct form_data *i = line(d, label);
    form_put_flag(i, "is_day", true);
    form_put_day(i, "day", day);
}

static void line_amount(struct form_data *d, const char *label, struct yen amount)
{
    struct form_data *i = line(d, label);

    form_put_flag(i, "is_amount", true);
    form_put_yen(i, "amount", amount);
}

static void line_number(struct form_data *d, const char *label, int64_t n, const char *unit)
{
    struct form_data *i = line(d, label);

    form_put_flag(i, "is_number", true);
    form_put_count(i, "number", n);
    form_put_text(i, "unit", message_words(unit));
}

/* --- what was decided
 * ------------------------------------------------------------------------------- */

static void put_income(struct form_data *d, const struct application_paper *p)
{
    struct yen sum = {0};

    for (size_t i = 0; i < p->a->n_items; i++) {
        if (str_is(p->a->item[i].name, "revenue"))
            sum.n += p->a->item[i].amount.n;
    }
    line_amount(d, "eligibility.notice.revenue", sum);
    if (p->look->share_before > 0)
        line_number(d, "eligibility.notice.share_before", p->look->share_before,
                    "eligibility.notice.tenths");
    if (p->look->share_after > 0)
        line_number(d, "eligibility.notice.share_after", p->look->share_after,
                    "eligibility.notice.tenths");
}

static void put_limit(struct form_data *d, const struct application_paper *p)
{
    if (p->look->paper.n > 0 && p->step->state == APPLICATION_GRANTED)
        line_words(d, "eligibility.notice.paper",
                   message_words(certificate_message(p->look->paper)));
    line_words(d, "eligibility.notice.division",
               message_words(division_message(p->look->division)));
    if (application_number(p->a, "long_stay") > 0)
        line_number(d, "eligibility.notice.stay_days", p->look->stay_days,
                    "eligibility.notice.days");
    if (p->step->state == APPLICATION_GRANTED)
        line_day(d, "eligibility.notice.long_stay", p->look->long_stay);
}

static void put_disease(struct work *w, struct form_data *d, const struct application_paper *p)
{
    line_words(d, "eligibility.notice.disease",
               numbered(w, "eligibility.disease.", application_number(p->a, "disease")));
    if (p->step->state == APPLICATION_GRANTED)
        line_amount(d, "eligibility.notice.limit", p->look->limit);
}

static void put_part(struct form_data *d, const struct application_paper *p)
{
    if (p->step->state != APPLICATION_GRANTED)
        return;
    line_words(d, "eligibility.notice.relief", message_words(relief_message(p->step->relief)));
    if (p->step->relief == RELIEF_REDUCE)
        line_number(d, "eligibility.notice.rate", p->step->rate, "eligibility.notice.percent");
}

static void put_kind(struct work *w, struct form_data *d, const struct application_paper *p)
{
    switch (p->a->kind) {
    case APPLICATION_STANDARD_INCOME:
        put_income(d, p);
        break;
    case APPLICATION_LIMIT:
        put_limit(d, p);
        break;
    case APPLICATION_DISEASE:
        put_disease(w, d, p);
        break;
    case APPLICATION_PART_PAYMENT:
        put_part(d, p);
        break;
    }
}

static void put_rows(struct work *w, struct form_data *d, const struct application_paper *p)
{
    line_words(d, "eligibility.notice.no", p->a->no);
    line_day(d, "eligibility.notice.received", p->a->in.notified);
    line_words(d, "eligibility.notice.person", str_or_empty(p->a->name));
    line_words(d, "eligibility.notice.decision",
               message_words(application_state_message(p->step->state)));
    put_kind(w, d, p);
    line_day(d, "eligibility.notice.from", p->step->from);
    line_day(d, "eligibility.notice.last", p->step->last);
    line_words(d, "eligibility.notice.serial", str_or_empty(p->step->serial));
}

/* --- titles
 * ------------------------------------------------------------------------------------------ */

/* Part-payment granted is named after the measure. */
static struct str title_of(struct work *w, const struct application_paper *p)
{
    const bool is_measure =
        p->a->kind == APPLICATION_PART_PAYMENT && p->step->state == APPLICATION_GRANTED;
    const struct str what = is_measure
                                ? numbered(w, "eligibility.notice.measure.", (int)p->step->relief)
                                : numbered(w, "eligibility.notice.kind.", (int)p->a->kind);
    const struct str state = numbered(w, "eligibility.notice.state.", (int)p->step->state);

    return str_format(w->cx.arena, STR_FMT STR_FMT STR_FMT STR_FMT,
                      STR_ARG(message_words("eligibility.print.scheme")), STR_ARG(what),
                      STR_ARG(state), STR_ARG(message_words("eligibility.notice.letter")));
}

static void put_titles(struct work *w, struct form_data *d, const struct application_paper *p)
{
    const bool is_refused = p->step->state == APPLICATION_REFUSED;

    form_put_text(d, "title", title_of(w, p));
    form_put_text(d, "decision_no",
                  str_format(w->cx.arena, "%lld", (long long)p->step->decision_no));
    form_put_count(d, "fiscal_year", p->step->fiscal_year);
    form_put_day(d, "issued", p->step->decided);
    form_put_text(d, "body", numbered(w, "eligibility.notice.body.", (int)p->step->state));
    form_put_text(d, "reason", p->reason ? p->reason->words : STR(""));
    form_put_text(d, "reason_basis", p->reason ? p->reason->basis : STR(""));
    form_put_text(d, "words", str_or_empty(p->step->words));
    form_put_flag(d, "has_reason", is_refused);
    form_put_flag(d, "has_words", !is_refused && p->step->words.n > 0);
    form_put_text(d, "basis", numbered(w, "eligibility.notice.basis.", (int)p->a->kind));
    form_put_flag(d, "is_part",
                  p->a->kind == APPLICATION_PART_PAYMENT && p->step->relief != RELIEF_NONE);
    form_put_text(d, "measure", message_words(relief_message(p->step->relief)));
    form_put_count(d, "rate", p->step->rate);
    form_put_flag(d, "is_reduced", p->step->relief == RELIEF_REDUCE);
    if (!ymd_is_none(p->step->from)) {
        form_put_day(d, "from", p->step->from);
        form_put_day(d, "last", p->step->last);
    }
}

/* The letter goes to the head, whose duty and right it is. */
static int put_people(struct work *w, struct form_data *d, const struct application_paper *p)
{
    struct party_home home;
    struct addressee to;
    struct holders holder;
    struct person who;
    int result = party_home(w, p->a->in.household_id, &home);
    const int64_t head = result > 0 && home.head_id ? home.head_id : p->a->person_id;

    if (result >= 0)
        result = party_addressees(w, &head, 1, STR("eligibility"), &to);
    if (result >= 0)
        result = party_person(w, p->a->person_id, &who);
    if (result >= 0)
        result = holders_load(w, &p->a->person_id, 1, &holder);
    if (result < 0)
        return result;
    const struct holder *h = holder.n > 0 ? &holder.rows[0] : NULL;
    certificate_put_address(w, d, &to);
    form_put_text(d, "person_no", to.person_no);
    form_put_text(d, "head_name", str_or_empty(to.name));
    form_put_text(d, "name", who.name);
    form_put_day(d, "birth", who.birth);
    form_put_text(d, "symbol", h ? str_or_empty(h->symbol) : STR(""));
    form_put_text(d, "number", h ? str_or_empty(h->number) : STR(""));
    form_put_text(d, "branch", h ? str_or_empty(h->branch) : STR(""));
    return OK;
}

int application_paper_keep(struct work *w, const struct application_paper *p, struct str *data,
                           struct str *hash)
{
    struct certificate_head head;
    struct form_data d;
    struct str layout;
    struct digest *of = ARENA_NEW(w->cx.arena, struct digest);
    int result = of ? certificate_head_read(w, &head) : certificate_memory(w);

    form_data_init(&d, w->cx.arena, p->a->person_no);
    if (result >= 0)
        result = put_people(w, &d, p);
    if (result >= 0)
        result = certificate_layout(w, str_of(notice_layout), &layout);
    if (result < 0)
        return result;
    certificate_put_head(&d, &head);
    form_put_text(&d, "prefecture", head.prefecture);
    put_titles(w, &d, p);
    put_rows(w, &d, p);
    *of = hash_of(layout);
    *hash = (struct str){(const char *)of->b, sizeof of->b};
    return certificate_pack(w, &d, data);
}

/* --- printed
 * ------------------------------------------------------------------------------------------ */

static int append(struct context *cx, void *arg, struct str bytes)
{
    (void)cx;
    return text_add(arg, bytes);
}

struct sheets {
    struct form *form[2];
    size_t n;
    struct ymd issued;
};

static int print_set(struct work *w, struct paper *paper, const struct sheets *sheets,
                     const struct form_data *d, struct text *out)
{
    const struct paper_info info = {.title = form_title(sheets->form[0]), .issued = sheets->issued};
    struct paper_stream *s = NULL;
    int result = paper_stream_open(&w->cx, paper, &info, append, out, &s);

    if (result >= 0)
        result = paper_stream_add_set(&w->cx, s, sheets->form, sheets->n, d);
    if (result < 0) {
        paper_stream_abandon(s);
        return result;
    }
    return paper_stream_close(&w->cx, s);
}

/* Part-payment granted: the document for the hospital comes with the notice. */
static int print(struct work *w, struct paper *paper, const struct application *a,
                 const struct application_step *s, struct text *out)
{
    struct sheets sheets = {.n = 1, .issued = s->decided};
    struct str layout[2] = {STR_NONE, STR_NONE};
    struct form_data d;
    const bool has_document = a->kind == APPLICATION_PART_PAYMENT &&
                              s->state == APPLICATION_GRANTED && s->relief != RELIEF_NONE;
    int result = form_data_unpack(&w->cx, s->print_data, w->cx.arena, &d);

    if (result >= 0)
        result = certificate_hide_address(w, a->person_id, &d);
    if (result >= 0)
        result = certificate_layout_of(w, str_of(notice_layout), s->layout_hash, &layout[0]);
    if (result >= 0)
        result = form_load(&w->cx, paper, "application.form", layout[0], &sheets.form[0]);
    if (result >= 0 && has_document)
        result = certificate_layout(w, str_of(part_layout), &layout[1]);
    if (result >= 0 && has_document)
        result = form_load(&w->cx, paper, "part_payment.form", layout[1], &sheets.form[1]);
    if (result >= 0) {
        d.whose = a->person_no;
        sheets.n = has_document ? 2 : 1;
        result = print_set(w, paper, &sheets, &d, out);
    }
    form_free(sheets.form[0]);
    form_free(sheets.form[1]);
    return result < 0 ? result : OK;
}

int application_pdf(struct work *w, struct paper *paper, struct str no, struct text *out)
{
    struct application *a = ARENA_NEW(w->cx.arena, struct application);
    struct application_steps steps = {0};
    int result = a ? application_get(w, no, a) : certificate_memory(w);

    if (result > 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_PRINT,
                                                     .person_id = a->person_id,
                                                     .household_id = a->in.household_id,
                                                     .purpose = STR("application-notice"),
                                                     .query = no,
                                                     .count = 1});
    else if (result == 0)
        result = fail(&w->cx, ERR_NOT_FOUND, "eligibility.application.none", STR_FMT, STR_ARG(no));
    if (result >= 0)
        result = application_steps(w, a, &steps);
    if (result >= 0 && steps.n == 0)
        result =
            fail(&w->cx, ERR_NOT_FOUND, "eligibility.application.undecided", STR_FMT, STR_ARG(no));
    if (result >= 0)
        result = print(w, paper, a, &steps.rows[steps.n - 1], out);
    return result < 0 ? error_add(&w->cx, "print application " STR_FMT, STR_ARG(no)) : OK;
}
