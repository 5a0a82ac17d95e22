/*
 * What a person at a desk says about pension deduction: the wish for direct debit instead of it
 * (口座振替の申出) and its withdrawal, who a pensioner of the records is, what became of a request
 * that was not taken.
 */
#include "desk/levy/pension_match.h"
#include "desk/levy/pension_pages.h"
#include "levy_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

struct str pension_word(struct str payload, const char *id)
{
    while (payload.n > 0) {
        struct str line = str_cut(&payload, '\n');
        if (str_is(str_cut(&line, ' '), id))
            return line;
    }
    return STR("");
}

static int person_of(struct work *w, struct str payload, int64_t *person_id)
{
    const int found = party_person_by_no(w, pension_word(payload, "person_no"), person_id);
    return found > 0   ? OK
           : found < 0 ? found
                       : fail(&w->cx, ERR_NOT_FOUND, "levy.import.person", STR_FMT,
                              STR_ARG(pension_word(payload, "person_no")));
}

/* --- the wish -----------------------------------------------------------------------------------
 */

static int open_wish(struct work *w, int64_t person_id, struct levy_wish_of_row *out)
{
    struct levy_wish_of_list list;
    const int rc = levy_wish_of(&w->cx, w->store, &(struct levy_wish_of_in){person_id}, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        *out = list.rows[i];
        if (ymd_is_none(out->ended_ymd))
            return 1;
    }
    return rc < 0 ? rc : 0;
}

/* His plan of a year; 1 he pays from his pension in it. */
static int pension_plan_of(struct work *w, int64_t person_id, int year,
                           struct collection_plan *plan)
{
    const struct levy_method_of_debtor_in q = {person_id, year};
    struct levy_method_of_debtor_list list;
    int rc = levy_method_of_debtor(&w->cx, w->store, &q, &list);

    if (rc < 0 || list.n == 0)
        return rc < 0 ? rc : 0;
    rc = plan_of(w, list.rows[0].household_id, person_id, year, plan);
    return rc <= 0 ? rc : plan->method == COLLECT_PENSION;
}

/* The payment day from which nothing more is taken: the next one planned that a stop still reaches.
 */
static int effect_of(struct work *w, int64_t person_id, struct ymd *day)
{
    int year = ymd_fiscal_year(w->today);
    const int lead = pension_lead(w, "41");
    struct collection_plan plan;
    int first = pension_first_free(year, w->today, lead);
    const int rc = pension_plan_of(w, person_id, year, &plan);

    if (rc < 0)
        return rc;
    for (int number = first; rc > 0 && number <= PENSION_LAST; number++) {
        if (payments_amount(&plan.payments, number).n > 0) {
            *day = pension_pay_day(year, number);
            return OK;
        }
    }
    if (first > PENSION_LAST)
        first = pension_first_free(++year, w->today, lead);
    *day = pension_pay_day(year, first);
    return OK;
}

static int need_account(struct work *w, int64_t person_id)
{
    struct levy_accounts_of_list list;
    const struct levy_accounts_of_in q = {person_id, w->asof};
    const int rc = levy_accounts_of(&w->cx, w->store, &q, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct levy_accounts_of_row *a = &list.rows[i];
        if (str_is(a->purpose, "debit") &&
            (str_is(a->business, "levy") || str_is(a->business, "collection") ||
             str_is(a->business, "all")))
            return OK;
    }
    return rc < 0 ? rc : fail(&w->cx, ERR_INVALID, "levy.pension.no_account", NULL);
}

/* His plans of this year and the next stop at once: the request goes out with the next file. */
static int stop_plans(struct work *w, int64_t person_id)
{
    struct pension_change c;
    struct event e;
    const struct pension_outcome o = {.reason = METHOD_WISH, .has_account = true};
    int changed = 0;
    int rc = change_begin(w, &e, &c);

    for (int year = ymd_fiscal_year(w->today); rc >= 0 && year <= ymd_fiscal_year(w->today) + 1;
         year++) {
        struct collection_plan plan;
        struct decision d;
        rc = pension_plan_of(w, person_id, year, &plan);
        if (rc <= 0)
            continue;
        rc = decision_of_plan(w, &plan, &d);
        rc = rc < 0 ? rc : change_stop(&c, rc > 0 ? &d : NULL, &plan, &o, "stopped");
        changed += rc > 0;
    }
    return rc < 0 || changed == 0 ? (rc < 0 ? rc : OK) : work_event_tell(w, &e);
}

static int begin_wish(struct work *w, const struct event *e, int64_t person_id, struct ymd received)
{
    struct levy_wish_of_row before;
    struct person p;
    int rc = open_wish(w, person_id, &before);

    if (rc > 0)
        return fail(&w->cx, ERR_DUPLICATE, "levy.pension.wished", NULL);
    rc = rc < 0 ? rc : need_account(w, person_id);
    rc = rc < 0 ? rc : party_person(w, person_id, &p);
    if (rc < 0)
        return rc;
    struct levy_pension_wish row = {.person_id = person_id,
                                    .household_id = p.household_id,
                                    .received_ymd = received,
                                    .ended_ymd = YMD_NONE,
                                    .known_from = e->no};
    rc = effect_of(w, person_id, &row.from_ymd);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.pension_wish_id);
    rc = rc < 0 ? rc : levy_pension_wish_insert(&w->cx, w->store, &row);
    return rc < 0 ? rc : stop_plans(w, person_id);
}

static int end_wish(struct work *w, const struct event *e, int64_t person_id, struct ymd day)
{
    struct levy_wish_of_row before;
    int rc = open_wish(w, person_id, &before);

    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "levy.pension.no_wish", NULL);
    if (rc < 0)
        return rc;
    struct levy_pension_wish row = {.person_id = person_id,
                                    .household_id = before.household_id,
                                    .received_ymd = before.received_ymd,
                                    .from_ymd = before.from_ymd,
                                    .ended_ymd = day,
                                    .ended_by = STR("withdrawn"),
                                    .known_from = e->no};
    rc = levy_pension_wish_close(&w->cx, w->store, before.pension_wish_id, e->no);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.pension_wish_id);
    return rc < 0 ? rc : levy_pension_wish_insert(&w->cx, w->store, &row);
}

int pension_wish_apply(struct work *w, const struct event *e, struct str payload)
{
    int64_t person_id = 0;
    struct ymd day;
    const int rc = person_of(w, payload, &person_id);

    if (rc < 0)
        return rc;
    if (!ymd_parse(pension_word(payload, "received"), &day) || ymd_compare(day, w->today) > 0)
        return fail(&w->cx, ERR_INVALID, "levy.pension.day", NULL);
    return str_is(pension_word(payload, "action"), "withdraw") ? end_wish(w, e, person_id, day)
                                                               : begin_wish(w, e, person_id, day);
}

/* --- who a pensioner is -------------------------------------------------------------------------
 */

int pension_match_apply(struct work *w, const struct event *e, struct str payload)
{
    int64_t person_id = 0, candidate_id = 0;
    const int rc = person_of(w, payload, &person_id);

    if (rc < 0)
        return rc;
    if (!str_to_int(pension_word(payload, "candidate"), &candidate_id))
        return fail(&w->cx, ERR_NOT_FOUND, "levy.pension.candidate", NULL);
    return pension_match_by_hand(w, e->no, candidate_id, person_id);
}

/* --- a request that was not taken ----------------------------------------------------------------
 */

int pension_worked_apply(struct work *w, const struct event *e, struct str payload)
{
    struct levy_request_by_id_row r;
    struct levy_request_by_id_in q = {0};
    const struct str words = pension_word(payload, "words");

    if (!str_to_int(pension_word(payload, "request"), &q.request_id) || words.n == 0)
        return fail(&w->cx, ERR_INVALID, "levy.pension.worked", NULL);
    int rc = levy_request_by_id(&w->cx, w->store, &q, &r);
    if (rc < 0)
        return rc;
    if (rc == 0 || r.state != 3)
        return fail(&w->cx, ERR_STALE, "levy.pension.worked", NULL);
    struct levy_pension_request next = {.request_id = r.request_id,
                                        .fiscal_year = r.fiscal_year,
                                        .household_id = r.household_id,
                                        .debtor_id = r.debtor_id,
                                        .candidate_id = r.candidate_id,
                                        .notice = r.notice,
                                        .reason = r.reason,
                                        .day = r.day,
                                        .amount1_yen = r.amount1_yen,
                                        .amount2_yen = r.amount2_yen,
                                        .state = 4,
                                        .sent_file_id = r.sent_file_id,
                                        .sent_file_id_null = r.sent_file_id_null,
                                        .answer_file_id = r.answer_file_id,
                                        .answer_file_id_null = r.answer_file_id_null,
                                        .result = r.result,
                                        .worked = words,
                                        .known_from = e->no};
    rc = levy_pension_request_close(&w->cx, w->store, r.pension_request_row_id, e->no);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &next.pension_request_row_id);
    return rc < 0 ? rc : levy_pension_request_insert(&w->cx, w->store, &next);
}

/* --- entered ------------------------------------------------------------------------------------
 */

int pension_enter(struct work *w, const char *kind, const struct person *p,
                  const struct pension_words *words)
{
    struct event e = work_event(w, kind);
    struct text t;

    e.person_id = p ? p->person_id : 0;
    e.household_id = p ? p->household_id : 0;
    e.source = str_is(e.kind, "levy.pension_wish") ? STR("person") : STR("city");
    e.route = STR("counter");
    text_init(&t, 4096);
    for (size_t i = 0; i < words->n; i++)
        (void)text_addf(&t, "%s " STR_FMT "\n", words->row[i].id, STR_ARG(words->row[i].value));
    const struct str payload = t.failed ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    if (!payload.p)
        return no_memory(w);
    const int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                       .person_id = e.person_id,
                                                       .household_id = e.household_id,
                                                       .purpose = e.kind,
                                                       .count = 1});
    return rc < 0 ? rc : work_enter(w, &e, payload);
}
