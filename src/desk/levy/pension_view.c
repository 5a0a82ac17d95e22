/* How a household pays, as a piece of a page: methods, payments, requests, results. */
#include "desk/levy/pension_pages.h"
#include "levy_pages.h"
#include "levy_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static const char *numbered(struct work *w, const char *prefix, int64_t n)
{
    const char *id = str_c(w->cx.arena, str_format(w->cx.arena, "%s%lld", prefix, (long long)n));
    return id ? id : prefix;
}

struct str levy_instalment_label(struct work *w, int number)
{
    if (number >= PENSION_FIRST && number <= PENSION_LAST)
        return message_words(numbered(w, "levy.pension.month.", number));
    if (number >= AT_ONCE_FIRST)
        return message_words("levy.pension.at_once");
    const struct str s = str_format(w->cx.arena, STR_FMT "%d" STR_FMT,
                                    STR_ARG(message_words("levy.pension.ordinal")), number,
                                    STR_ARG(message_words("levy.pension.period")));
    return s.p ? s : STR("");
}

struct str pension_reason_of(struct str notice, struct str code)
{
    struct pension_notice n;
    const struct str found =
        pension_notice_find(notice, &n) ? pension_reason_words(&n, code) : STR_NONE;
    return found.p ? found : code;
}

struct str pension_notice_label(struct str notice)
{
    struct pension_notice n;
    return pension_notice_find(notice, &n) ? n.name : notice;
}

/* --- plans --------------------------------------------------------------------------------------
 */

static void fill_failed(struct work *w, const struct collection_plan *plan,
                        struct levy_collection_plans_row *row,
                        struct levy_collection_plans_failed_row *failed)
{
    row->failed = failed;
    for (int i = 1; i <= DEDUCTION_HALF; i++) {
        if (plan->failed >> i & 1)
            failed[row->n_failed++].label = numbered(w, "levy.method_reason.", i);
    }
}

static struct yen taken_on(const struct levy_results_of_household_list *results,
                           const struct collection_plan *plan, int number, bool *has)
{
    struct yen sum = YEN(0);

    for (size_t i = 0; i < results->n; i++) {
        const struct levy_results_of_household_row *r = &results->rows[i];
        if (r->debtor_id != plan->debtor_id || r->number != number)
            continue;
        sum = yen_add(sum, r->amount_yen);
        *has = true;
    }
    return sum;
}

static int fill_plan(struct work *w, const struct collection_plan *plan,
                     const struct levy_results_of_household_list *results,
                     struct levy_collection_plans_row *row)
{
    struct person p;
    struct levy_collection_plans_failed_row *failed =
        ARENA_ARRAY(w->cx.arena, DEDUCTION_HALF + 1, struct levy_collection_plans_failed_row);
    struct levy_collection_plans_payments_row *payments =
        ARENA_ARRAY(w->cx.arena, plan->payments.n + 1, struct levy_collection_plans_payments_row);
    const int rc = party_person(w, plan->debtor_id, &p);

    if (rc < 0 || !failed || !payments)
        return rc < 0 ? rc : no_memory(w);
    *row =
        (struct levy_collection_plans_row){.year = plan->fiscal_year,
                                           .year_label = levy_year_label(&w->cx, plan->fiscal_year),
                                           .person_no = p.person_no,
                                           .name = p.name,
                                           .method = numbered(w, "levy.method.", plan->method),
                                           .reason =
                                               numbered(w, "levy.method_reason.", plan->reason),
                                           .decided = plan->decided,
                                           .annual = plan->annual,
                                           .no = plan->notice_no,
                                           .is_provisional = plan->is_provisional,
                                           .has_letter = pension_letter_kind(plan) != NULL &&
                                                         work_may(w, RIGHT_PRINT),
                                           .payments = payments};
    fill_failed(w, plan, row, failed);
    for (size_t i = 0; i < plan->payments.n; i++) {
        const struct payment *a = &plan->payments.row[i];
        bool has = false;
        const struct yen taken = taken_on(results, plan, a->number, &has);
        if (a->amount.n == 0 && !has)
            continue;
        payments[row->n_payments++] =
            (struct levy_collection_plans_payments_row){.label =
                                                            levy_instalment_label(w, a->number),
                                                        .way = a->is_pension ? "levy.pension.way.1"
                                                                             : "levy.pension.way.2",
                                                        .due = a->due,
                                                        .amount = a->amount,
                                                        .taken = taken,
                                                        .has_taken = has};
    }
    return OK;
}

/* --- requests and results ------------------------------------------------------------------------
 */

static int fill_requests(struct work *w, int64_t household_id, int year,
                         struct levy_collection_view *v)
{
    const struct levy_requests_of_household_in q = {household_id, year};
    struct levy_requests_of_household_list list;
    const int rc = levy_requests_of_household(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    struct levy_collection_requests_row *rows =
        ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_collection_requests_row);
    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_requests_of_household_row *r = &list.rows[i];
        struct pension_notice answered;
        const struct str result = r->result.p ? r->result : STR("");
        const struct str by =
            str_format(w->cx.arena, "%c%c", r->notice.p[0], (char)(r->notice.p[1] + 1));
        rows[i] = (struct levy_collection_requests_row){
            .label = pension_notice_label(r->notice),
            .reason = pension_reason_of(r->notice, r->reason),
            .day = r->day,
            .amount1 = r->amount1_yen,
            .amount2 = r->amount2_yen,
            .standing = numbered(w, "levy.pension.state.", r->state),
            .result = result.n > 0 && pension_notice_find(by, &answered)
                          ? pension_reason_of(by, result)
                          : result,
            .worked = r->worked.p ? r->worked : STR(""),
            .sent = r->sent_ymd,
            .answered = r->answered_ymd,
            .is_rejected = r->state == 3};
    }
    v->requests = rows;
    v->n_requests = list.n;
    return OK;
}

static int fill_results(struct work *w, const struct levy_results_of_household_list *list,
                        struct levy_collection_view *v)
{
    struct levy_collection_results_row *rows =
        ARENA_ARRAY(w->cx.arena, list->n + 1, struct levy_collection_results_row);

    if (!rows)
        return no_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        const struct levy_results_of_household_row *r = &list->rows[i];
        rows[i] =
            (struct levy_collection_results_row){.label = levy_instalment_label(w, (int)r->number),
                                                 .paid = r->paid_ymd,
                                                 .reason = pension_reason_of(STR("22"), r->reason),
                                                 .amount = r->amount_yen,
                                                 .is_posted = r->notice_no > 0};
    }
    v->results = rows;
    v->n_results = list->n;
    return OK;
}

int levy_collection_html(struct work *w, int64_t household_id, int fiscal_year, struct html *out)
{
    const struct levy_results_of_household_in q = {household_id, fiscal_year};
    struct levy_results_of_household_list results;
    struct levy_collection_view v = {.n_plans = 0};
    struct collection_plans plans;
    int rc = levy_plans_of_household(w, household_id, fiscal_year, &plans);

    rc = rc < 0 ? rc : levy_results_of_household(&w->cx, w->store, &q, &results);
    if (rc < 0)
        return rc;
    struct levy_collection_plans_row *rows =
        ARENA_ARRAY(w->cx.arena, plans.n + 1, struct levy_collection_plans_row);
    rc = rows ? OK : no_memory(w);
    for (size_t i = 0; i < plans.n && rc >= 0; i++)
        rc = fill_plan(w, &plans.rows[i], &results, &rows[i]);
    v.plans = rows;
    v.n_plans = plans.n;
    rc = rc < 0 ? rc : fill_requests(w, household_id, fiscal_year, &v);
    rc = rc < 0 ? rc : fill_results(w, &results, &v);
    if (rc < 0)
        return error_add(&w->cx, "show how a household pays");
    levy_part_collection(out, NULL, &v);
    return OK;
}
