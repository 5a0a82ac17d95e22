/* decided: eligibility's part of the register of decisions: cover that began and ended, documents
 * that were issued. */
#include "desk/eligibility/application_inner.h"
#include "desk/eligibility/inner.h"

static int add(struct work *w, struct decided_list *out, const struct decided *row)
{
    return row->number.p ? decided_add(w, out, row)
                         : fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static struct str number_of(struct work *w, int64_t event_no)
{
    return str_format(w->cx.arena, "%lld", (long long)event_no);
}

static int add_periods(struct work *w, int64_t person_id, struct decided_list *out)
{
    struct eligibility_decided_periods_list list;
    struct eligibility_decided_periods_in in = {person_id};
    int rc = eligibility_decided_periods(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct eligibility_decided_periods_row *r = &list.rows[i];
        const bool is_loss = r->lost_by.n > 0;
        const struct str code = is_loss ? r->lost_by : r->acquired_by;
        struct decided row = {.day = is_loss ? r->lost : r->acquired,
                              .number = number_of(w, r->event_no),
                              .kind = is_loss ? "eligibility.decided.loss"
                                              : "eligibility.decided.acquisition",
                              .basis = sentence(reason_message(reason_of_code(code))),
                              .officer = r->officer,
                              .noticed = YMD_NONE,
                              .detail = r->why,
                              .is_open = r->is_open};
        rc = add(w, out, &row);
    }
    return rc < 0 ? rc : OK;
}

static int add_certificates(struct work *w, int64_t person_id, struct decided_list *out)
{
    struct eligibility_decided_certificates_list list;
    struct eligibility_decided_certificates_in in = {person_id};
    int rc = eligibility_decided_certificates(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct eligibility_decided_certificates_row *r = &list.rows[i];
        const struct str id =
            str_format(w->cx.arena, "eligibility.certificate." STR_FMT, STR_ARG(r->kind));
        struct decided row = {.day = r->issued_ymd,
                              .number = r->serial,
                              .kind = "eligibility.decided.certificate",
                              .basis = id.p ? sentence(id.p) : r->kind,
                              .officer = r->officer,
                              .noticed = r->issued_ymd,
                              .detail = r->return_reason,
                              .is_open = r->is_open};
        rc = add(w, out, &row);
    }
    return rc < 0 ? rc : OK;
}

static int add_applications(struct work *w, int64_t person_id, struct decided_list *out)
{
    struct eligibility_decided_applications_list list;
    struct eligibility_decided_applications_in in = {person_id};
    struct refusal_reasons reasons;
    int rc = refusal_reasons_read(w, &reasons);

    if (rc >= 0)
        rc = eligibility_decided_applications(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct eligibility_decided_applications_row *r = &list.rows[i];
        const enum application_kind kind = (enum application_kind)r->kind;
        const struct refusal_reason *why = refusal_reason_of(&reasons, kind, r->reason);
        struct decided row = {
            .day = r->decided_ymd,
            .number = str_format(w->cx.arena, "%lld-%lld", (long long)r->fiscal_year,
                                 (long long)r->decision_no),
            .kind = application_kind_message(kind),
            .basis = why ? why->basis
                         : sentence(application_state_message((enum application_state)r->state)),
            .officer = r->officer,
            .noticed = r->decided_ymd,
            .detail = why ? why->words : r->words,
            .is_open = r->is_last};
        rc = add(w, out, &row);
    }
    return rc < 0 ? rc : OK;
}

int eligibility_decided(struct work *w, int64_t person_id, struct decided_list *out)
{
    int result = add_periods(w, person_id, out);

    if (result >= 0)
        result = add_certificates(w, person_id, out);
    return result < 0 ? result : add_applications(w, person_id, out);
}
