/* Methods and payments as facts: read, replaced under an event of their own, told to the desks that
 * charge. */
#include "desk/levy/pension_inner.h"
#include "levy_sql.h"

#include <string.h>

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- the day of a job --- */

int pension_as_of(struct work *w, struct job *job, job_fn *run)
{
    const struct ymd today = w->today;
    const struct asof looked_at = w->asof;
    struct ymd day;

    if (ymd_parse(job_option(job, "as-of"), &day)) {
        w->today = day;
        w->asof.valid = day;
    }
    const int rc = run(w, job);
    w->today = today;
    w->asof = looked_at;
    return rc;
}

/* --- settings -----------------------------------------------------------------------------------
 */

int64_t pension_unit(struct work *w)
{
    int64_t unit = 0;
    return str_to_int(setting_get(w, "pension.unit"), &unit) && unit > 0 ? unit : 100;
}

/* "MM-DD MM-DD DAYS" or "monthly DAY DAYS" */
static struct str window_of(struct work *w, const char *notice)
{
    const char *key = str_c(w->cx.arena, str_format(w->cx.arena, "pension.window.%s", notice));
    return key ? setting_get(w, key) : STR("");
}

int pension_lead(struct work *w, const char *notice)
{
    struct str rest = window_of(w, notice);
    int64_t days = 0;

    (void)str_cut(&rest, ' ');
    (void)str_cut(&rest, ' ');
    return str_to_int(rest, &days) && days >= 0 && days < 400 ? (int)days : 45;
}

static bool is_within(struct str window, struct ymd today)
{
    int year, month, day;
    int64_t last = 0;

    ymd_split(today, &year, &month, &day);
    const struct str from = str_cut(&window, ' '), to = str_cut(&window, ' ');
    if (str_is(from, "monthly"))
        return str_to_int(to, &last) && day <= last;
    char now[6] = {(char)('0' + month / 10), (char)('0' + month % 10), '-',
                   (char)('0' + day / 10),   (char)('0' + day % 10),   '\0'};
    return str_compare(str_of(now), from) >= 0 && str_compare(str_of(now), to) <= 0;
}

int pension_window(struct work *w, const char *notice)
{
    const struct str window = window_of(w, notice);

    return window.n > 0 && is_within(window, w->today)
               ? OK
               : fail(&w->cx, ERR_INVALID, "levy.pension.window", "%s " STR_FMT, notice,
                      STR_ARG(window));
}

/* --- reading ------------------------------------------------------------------------------------
 */

/* Three statements give the same columns under three struct names. */
#define PLAN_FROM(r)                                                                               \
    (struct collection_plan)                                                                       \
    {                                                                                              \
        .method_row_id = (r)->collection_method_id, .household_id = (r)->household_id,             \
        .debtor_id = (r)->debtor_id, .event_no = (r)->event_no,                                    \
        .fiscal_year = (int)(r)->fiscal_year, .method = (enum collection_way)(r)->method,          \
        .reason = (int)(r)->reason, .failed = (unsigned)(r)->failed, .cause = (r)->cause,          \
        .decided = (r)->decided_ymd, .annual = (r)->annual_yen, .notice_no = (r)->notice_no,       \
        .provisional_no = (r)->provisional_no, .is_provisional = (r)->is_provisional               \
    }

static int read_payments(struct work *w, struct collection_plan *plan)
{
    const struct levy_payments_of_in q = {plan->household_id, plan->debtor_id, plan->fiscal_year};
    struct levy_payments_of_list list;
    const int rc = levy_payments_of(&w->cx, w->store, &q, &list);

    if (rc < 0 || list.n > PAYMENTS_MAX)
        return rc < 0 ? rc : fail(&w->cx, ERR_CORRUPT, "levy.pension.payments", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_payments_of_row *r = &list.rows[i];
        plan->payments.row[plan->payments.n++] =
            (struct payment){.number = (int)r->number,
                             .is_pension = r->method == COLLECT_PENSION,
                             .due = r->due_ymd,
                             .amount = r->amount_yen,
                             .part = {r->medical_yen, r->support_yen, r->care_yen, r->child_yen}};
    }
    return OK;
}

int levy_plans_of_event(struct work *w, int64_t event_no, struct collection_plans *out)
{
    const struct levy_method_of_event_in q = {event_no, event_no};
    struct levy_method_of_event_list list;
    int rc = levy_method_of_event(&w->cx, w->store, &q, &list);

    *out = (struct collection_plans){NULL, 0};
    if (rc < 0)
        return rc;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_plan);
    for (size_t i = 0; out->rows && i < list.n && rc >= 0; i++) {
        struct collection_plan *plan = &out->rows[out->n++];
        *plan = PLAN_FROM(&list.rows[i]);
        rc = read_payments(w, plan);
    }
    return rc < 0 ? rc : out->rows ? OK : no_memory(w);
}

int levy_plans_of_household(struct work *w, int64_t household_id, int fiscal_year,
                            struct collection_plans *out)
{
    const struct levy_method_of_household_in q = {household_id, fiscal_year};
    struct levy_method_of_household_list list;
    int rc = levy_method_of_household(&w->cx, w->store, &q, &list);

    *out = (struct collection_plans){NULL, 0};
    if (rc < 0)
        return rc;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_plan);
    for (size_t i = 0; out->rows && i < list.n && rc >= 0; i++) {
        struct collection_plan *plan = &out->rows[out->n++];
        *plan = PLAN_FROM(&list.rows[i]);
        rc = read_payments(w, plan);
    }
    return rc < 0 ? rc : out->rows ? OK : no_memory(w);
}

int plan_of(struct work *w, int64_t household_id, int64_t debtor_id, int fiscal_year,
            struct collection_plan *out)
{
    struct collection_plans all;
    const int rc = levy_plans_of_household(w, household_id, fiscal_year, &all);

    for (size_t i = 0; rc >= 0 && i < all.n; i++) {
        if (all.rows[i].debtor_id == debtor_id) {
            *out = all.rows[i];
            return 1;
        }
    }
    return rc < 0 ? rc : 0;
}

int levy_pension_received(struct work *w, int64_t event_no, struct pension_receipts *out)
{
    const struct levy_results_of_event_in q = {event_no, event_no};
    struct levy_results_of_event_list list;
    const int rc = levy_results_of_event(&w->cx, w->store, &q, &list);

    *out = (struct pension_receipts){NULL, 0};
    if (rc < 0)
        return rc;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct pension_receipt);
    for (size_t i = 0; out->rows && i < list.n; i++) {
        const struct levy_results_of_event_row *r = &list.rows[i];
        out->rows[out->n++] = (struct pension_receipt){.result_id = r->pension_result_id,
                                                       .notice_no = r->notice_no,
                                                       .fiscal_year = (int)r->fiscal_year,
                                                       .number = (int)r->number,
                                                       .paid = r->paid_ymd,
                                                       .amount = r->amount_yen};
    }
    return out->rows ? OK : no_memory(w);
}

/* --- writing ------------------------------------------------------------------------------------
 */

static struct levy_collection_payment payment_row(const struct collection_plan *plan,
                                                  const struct payment *p, int64_t event_no)
{
    return (struct levy_collection_payment){.fiscal_year = plan->fiscal_year,
                                            .household_id = plan->household_id,
                                            .debtor_id = plan->debtor_id,
                                            .number = p->number,
                                            .method =
                                                p->is_pension ? COLLECT_PENSION : COLLECT_SLIP,
                                            .due_ymd = p->due,
                                            .amount_yen = p->amount,
                                            .medical_yen = p->part[PART_MEDICAL],
                                            .support_yen = p->part[PART_SUPPORT],
                                            .care_yen = p->part[PART_CARE],
                                            .child_yen = p->part[PART_CHILD],
                                            .known_from = event_no};
}

static bool is_as_before(const struct levy_payments_of_row *r, const struct payment *p)
{
    return r->amount_yen.n == p->amount.n && ymd_compare(r->due_ymd, p->due) == 0 &&
           r->medical_yen.n == p->part[PART_MEDICAL].n &&
           r->support_yen.n == p->part[PART_SUPPORT].n && r->care_yen.n == p->part[PART_CARE].n &&
           r->child_yen.n == p->part[PART_CHILD].n;
}

/* Closes the row of the same number where it differs; 1: it stays as it is. */
static int close_differing(struct work *w, const struct levy_payments_of_list *old,
                           const struct payment *p, int64_t event_no)
{
    for (size_t i = 0; i < old->n; i++) {
        const struct levy_payments_of_row *r = &old->rows[i];
        if (r->number != p->number)
            continue;
        if (is_as_before(r, p))
            return 1;
        return levy_collection_payment_close(&w->cx, w->store, r->collection_payment_id, event_no);
    }
    return OK;
}

static int write_payments(struct work *w, const struct collection_plan *plan, int64_t event_no)
{
    const struct levy_payments_of_in q = {plan->household_id, plan->debtor_id, plan->fiscal_year};
    struct levy_payments_of_list old;
    int rc = levy_payments_of(&w->cx, w->store, &q, &old);

    for (size_t i = 0; i < plan->payments.n && rc >= 0; i++) {
        const struct payment *p = &plan->payments.row[i];
        struct levy_collection_payment row = payment_row(plan, p, event_no);
        rc = close_differing(w, &old, p, event_no);
        if (rc != OK)
            continue;
        rc = store_ids(&w->cx, w->store, 1, &row.collection_payment_id);
        rc = rc < 0 ? rc : levy_collection_payment_insert(&w->cx, w->store, &row);
    }
    return rc < 0 ? rc : OK;
}

static int write_method(struct work *w, struct collection_plan *plan)
{
    struct levy_collection_method row = {.fiscal_year = plan->fiscal_year,
                                         .household_id = plan->household_id,
                                         .debtor_id = plan->debtor_id,
                                         .method = plan->method,
                                         .reason = plan->reason,
                                         .failed = plan->failed,
                                         .cause = plan->cause,
                                         .decided_ymd = plan->decided,
                                         .annual_yen = plan->annual,
                                         .notice_no = plan->notice_no,
                                         .provisional_no = plan->provisional_no,
                                         .is_provisional = plan->is_provisional,
                                         .known_from = plan->event_no};
    int rc =
        plan->method_row_id > 0
            ? levy_collection_method_close(&w->cx, w->store, plan->method_row_id, plan->event_no)
            : OK;

    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.collection_method_id);
    plan->method_row_id = row.collection_method_id;
    return rc < 0 ? rc : levy_collection_method_insert(&w->cx, w->store, &row);
}

int plan_write(struct work *w, int64_t event_no, struct collection_plan *plan)
{
    plan->event_no = event_no;
    int rc = write_method(w, plan);
    rc = rc < 0 ? rc : write_payments(w, plan, event_no);
    return rc < 0
               ? error_add(&w->cx, "decide how household %lld pays", (long long)plan->household_id)
               : OK;
}

int request_open(struct work *w, int64_t event_no, const struct pension_ask *a)
{
    int64_t ids = 0;
    const int rc = store_ids(&w->cx, w->store, 2, &ids);
    const struct levy_pension_request row = {.pension_request_row_id = ids,
                                             .request_id = ids + 1,
                                             .fiscal_year = a->fiscal_year,
                                             .household_id = a->household_id,
                                             .debtor_id = a->debtor_id,
                                             .candidate_id = a->candidate_id,
                                             .notice = str_of(a->notice),
                                             .reason = str_of(a->reason),
                                             .day = a->day,
                                             .amount1_yen = a->amount1,
                                             .amount2_yen = a->amount2,
                                             .state = 0,
                                             .sent_file_id_null = true,
                                             .answer_file_id_null = true,
                                             .known_from = event_no};

    return rc < 0 ? rc : levy_pension_request_insert(&w->cx, w->store, &row);
}
