/* The scheme for retired workers: what it was, corrected with a reason; nobody joins it any more.
 */
#include "desk/eligibility/retired.h"
#include "desk/eligibility/filing_inner.h"
#include "eligibility_pages.h"

enum { PAYLOAD_LONGEST = 4096 };

static struct ymd setting_day(struct work *w, const char *key)
{
    struct ymd day = YMD_NONE;
    return ymd_parse(setting_get(w, key), &day) ? day : YMD_NONE;
}

/* --- checks -------------------------------------------------------------------------------------
 */

static const char *span_problem(struct work *w, const struct retired_entry *r, const char **field)
{
    const struct ymd end = setting_day(w, "eligibility.retired_end");
    const struct ymd join = setting_day(w, "eligibility.retired_join");

    *field = "from";
    if (ymd_is_none(r->valid.from))
        return "eligibility.retired.from_missing";
    if (ymd_compare(r->valid.from, join) > 0)
        return "eligibility.retired.no_new";
    *field = "to";
    if (ymd_is_none(r->valid.to) || ymd_compare(r->valid.to, end) > 0)
        return "eligibility.retired.ended";
    return ymd_compare(r->valid.to, r->valid.from) <= 0 ? "eligibility.retired.to_before_from"
                                                        : NULL;
}

int retired_list(struct work *w, int64_t person_id, struct retired_rows *out)
{
    const struct eligibility_retired_periods_in q = {person_id};
    struct eligibility_retired_periods_list list;
    const int result = eligibility_retired_periods(&w->cx, w->store, &q, &list);

    *out = (struct retired_rows){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct retired_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct eligibility_retired_periods_row *r = &list.rows[i];
        out->rows[out->n++] = (struct retired_row){r->retired_period_id,
                                                   r->kind,
                                                   r->reason,
                                                   {r->valid_from, r->valid_to}};
    }
    return OK;
}

static int check_rows(struct work *w, const struct retired_entry *r)
{
    struct retired_rows known;
    bool is_there = r->replaces == 0;
    const int result = retired_list(w, r->person_id, &known);

    for (size_t i = 0; result >= 0 && i < known.n; i++) {
        if (known.rows[i].row_id == r->replaces)
            is_there = true;
        else if (!r->is_removed && !span_is_empty(span_cut(known.rows[i].valid, r->valid)))
            return filing_refuse(w, "from", "eligibility.retired.overlap");
    }
    return result < 0 ? result
           : is_there ? OK
                      : filing_refuse(w, "replaces", "eligibility.plan.row_gone");
}

static int check(struct work *w, const struct retired_entry *r)
{
    const char *field = NULL, *problem = NULL;
    const bool is_kind = str_is(r->kind, "self") || str_is(r->kind, "dependant");

    if (str_trim(r->reason).n == 0)
        return filing_refuse(w, "reason", "eligibility.plan.why_missing");
    if (r->is_removed && r->replaces == 0)
        return filing_refuse(w, "replaces", "eligibility.plan.row_gone");
    if (!r->is_removed && !is_kind)
        return filing_refuse(w, "kind", "eligibility.retired.kind");
    if (!r->is_removed)
        problem = span_problem(w, r, &field);
    return problem ? filing_refuse(w, field, problem) : check_rows(w, r);
}

/* --- in and through
 * ------------------------------------------------------------------------------- */

int retired_enter(struct work *w, const struct retired_entry *r, int64_t *event_no)
{
    struct event e = work_event(w, "eligibility.retired");
    struct person p;
    struct text t;
    int result = check(w, r);

    *event_no = 0;
    if (result >= 0)
        result = party_person(w, r->person_id, &p);
    if (result < 0)
        return error_add(&w->cx, "enter a span of the retired workers' scheme");
    e.person_id = r->person_id;
    e.household_id = p.household_id;
    e.effective = r->is_removed ? w->today : r->valid.from;
    e.reason = r->reason;
    text_init(&t, PAYLOAD_LONGEST);
    filing_put_words(&t, "person", p.person_no);
    filing_put_words(&t, "kind", r->kind);
    filing_put_day(&t, "from", r->valid.from);
    filing_put_day(&t, "to", r->valid.to);
    filing_put_words(&t, "reason", r->reason);
    filing_put_number(&t, "replaces", r->replaces);
    filing_put_number(&t, "removed", r->is_removed);
    result = t.failed ? fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL)
                      : work_enter(w, &e, text_str(&t));
    text_release(&t);
    *event_no = result < 0 ? 0 : e.no;
    return result;
}

static int read_text(struct work *w, struct str payload, struct retired_entry *r)
{
    *r = (struct retired_entry){.kind = filing_words(payload, "kind"),
                                .valid = {filing_day(payload, "from"), filing_day(payload, "to")},
                                .reason = filing_words(payload, "reason"),
                                .replaces = filing_number(payload, "replaces"),
                                .is_removed = filing_number(payload, "removed") == 1};
    const int found = party_person_by_no(w, filing_words(payload, "person"), &r->person_id);
    return found < 0    ? found
           : found == 0 ? fail(&w->cx, ERR_SYNTAX, "eligibility.plan.payload", NULL)
                        : OK;
}

int retired_entry_apply(struct work *w, const struct event *e, struct str payload)
{
    struct retired_entry r;
    struct eligibility_retired_period row = {.known_from = e->no};
    int result = read_text(w, payload, &r);

    if (result >= 0)
        result = check(w, &r);
    if (result >= 0 && r.replaces)
        result = eligibility_retired_period_close(&w->cx, w->store, r.replaces, e->no);
    if (result < 0 || r.is_removed)
        return result;
    row.person_id = r.person_id;
    row.kind = r.kind;
    row.reason = r.reason;
    row.valid_from = r.valid.from;
    row.valid_to = r.valid.to;
    result = store_ids(&w->cx, w->store, 1, &row.retired_period_id);
    return result < 0 ? result : eligibility_retired_period_insert(&w->cx, w->store, &row);
}

/* --- the page
 * --------------------------------------------------------------------------------------- */

static struct str kind_word(struct work *w, struct str kind)
{
    const struct str id =
        str_format(w->cx.arena, "eligibility.retired_kind." STR_FMT, STR_ARG(kind));
    const struct message *m = id.p ? message_find(id.p) : NULL;
    return m ? str_of(m->text) : kind;
}

static int fill(struct work *w, int64_t person_id, struct eligibility_retired_view *v)
{
    struct retired_rows list;
    const int result = retired_list(w, person_id, &list);
    struct eligibility_retired_spans_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct eligibility_retired_spans_row);

    if (result < 0 || !rows)
        return result < 0 ? result : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct retired_row *r = &list.rows[i];
        rows[i] = (struct eligibility_retired_spans_row){r->row_id, kind_word(w, r->kind),
                                                         r->valid.from, r->valid.to, r->reason};
    }
    v->spans = rows;
    v->n_spans = list.n;
    return OK;
}

static int person_of(struct work *w, const struct request *rq, enum audit_class class,
                     struct person *p)
{
    int64_t id = 0;
    const int found = party_person_by_no(w, rq->part[0], &id);

    if (found <= 0)
        return found < 0 ? found : fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    const int result = party_person(w, id, p);
    return result < 0 ? result
                      : audit_write(w, &(struct audit_line){.class = class,
                                                            .person_id = id,
                                                            .household_id = p->household_id,
                                                            .purpose = STR("eligibility.retired"),
                                                            .count = 1});
}

static int show(struct work *w, struct request *rq, struct reply *rp,
                const struct eligibility_retired_form *form)
{
    struct person p;
    struct eligibility_retired_view v = {.ended = setting_day(w, "eligibility.retired_end"),
                                         .last_join = setting_day(w, "eligibility.retired_join"),
                                         .is_change =
                                             form->replaces > 0, /* FORM_ABSENT is negative */
                                         .retired = form};
    int result = person_of(w, rq, AUDIT_INQUIRY, &p);

    if (result >= 0)
        result = fill(w, p.person_id, &v);
    if (result < 0)
        return result;
    v.person_no = p.person_no;
    v.name = p.name;
    eligibility_page_retired(&rp->body, rq->frame, &v);
    return OK;
}

/* ?row=: the span that is to be put right stands in the form as it is. */
static int fill_asked(struct work *w, const struct request *rq,
                      struct eligibility_retired_form *form)
{
    struct retired_rows list;
    int64_t row = 0, person_id = 0;
    int result = request_query_number(&w->cx, rq, "row", 0, &row);

    if (result < 0 || row == 0)
        return result;
    result = party_person_by_no(w, rq->part[0], &person_id);
    if (result > 0)
        result = retired_list(w, person_id, &list);
    for (size_t i = 0; result >= 0 && person_id && i < list.n; i++) {
        if (list.rows[i].row_id != row)
            continue;
        form->replaces = row;
        form->kind = list.rows[i].kind;
        form->from = list.rows[i].valid.from;
        form->to = list.rows[i].valid.to;
        form->reason = list.rows[i].reason;
    }
    return result;
}

int retired_page(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_retired_form form;

    form_init(&eligibility_retired_shape, &form);
    int result = event_last(&w->cx, w->store, &form.state.read_at);
    if (result >= 0)
        result = fill_asked(w, rq, &form);
    return result < 0 ? result : show(w, rq, rp, &form);
}

static int show_wrong(struct work *w, struct request *rq, struct reply *rp,
                      const struct eligibility_retired_form *form)
{
    error_clear(&w->cx);
    rp->status = 422;
    return show(w, rq, rp, form);
}

/* What the checks refuse is said at its field; everything else is an error of the page. */
static int save(struct work *w, struct request *rq, struct reply *rp,
                struct eligibility_retired_form *form)
{
    struct person p;
    int64_t event_no = 0;
    int result = person_of(w, rq, AUDIT_CHANGE, &p);

    if (result >= 0 && p.household_id)
        result = work_unchanged(w, p.household_id, form->state.read_at);
    if (result < 0)
        return result;
    const struct retired_entry r = {.person_id = p.person_id,
                                    .kind = form->kind,
                                    .valid = {form->from, form->to},
                                    .reason = form->reason,
                                    .replaces = form->replaces == FORM_ABSENT ? 0 : form->replaces,
                                    .is_removed = form->removed};
    result = retired_enter(w, &r, &event_no);
    if (result == ERR_INVALID) {
        const char *what = str_c(w->cx.arena, str_of(w->cx.error.message));
        const char *field = str_c(w->cx.arena, str_of(w->cx.error.field));
        if (!what || !field)
            return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
        form_problem(&w->cx, &form->state, field, what, NULL);
        return show_wrong(w, rq, rp, form);
    }
    if (result < 0)
        return result;
    rp->notice = message_words(result > 0 ? "party.entry.waits" : "party.entry.done");
    return reply_redirect(rq, rp, "/eligibility/retired/" STR_FMT, STR_ARG(p.person_no));
}

int retired_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct eligibility_retired_form form;
    const int result = eligibility_retired_form_read(&w->cx, rq, &form);

    if (result == ERR_INVALID)
        return show_wrong(w, rq, rp, &form);
    return result < 0 ? result : save(w, rq, rp, &form);
}
