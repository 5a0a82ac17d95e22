/*
 * The collection of premiums from pensions: what the levy plans becomes instalments (51 to 56 are
 * the pension payments of April to February), what the payer took becomes a receipt on them.
 */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

#include <string.h>

enum { POSTINGS_MAX = 2 * PAYMENTS_MAX + 2 };

struct reshaping { /* one liability after its plan */
    struct work *w;
    int64_t event_no, liability_id;
    struct collection_instalment_rows_list rows; /* as they are */
    struct posting postings[POSTINGS_MAX];
    size_t n;
};

/* --- instalments --------------------------------------------------------------------------------
 */

static const struct collection_instalment_rows_row *row_of(const struct reshaping *s, int number)
{
    for (size_t i = 0; i < s->rows.n; i++) {
        if (s->rows.rows[i].number == number)
            return &s->rows.rows[i];
    }
    return NULL;
}

static bool is_as_planned(const struct collection_instalment_rows_row *r, const struct payment *p)
{
    return r->charged_yen.n == p->amount.n && ymd_compare(r->due_ymd, p->due) == 0 &&
           r->medical_yen.n == p->part[PART_MEDICAL].n &&
           r->support_yen.n == p->part[PART_SUPPORT].n && r->care_yen.n == p->part[PART_CARE].n &&
           r->child_yen.n == p->part[PART_CHILD].n;
}

static void post_difference(struct reshaping *s, const struct collection_instalment_rows_row *r,
                            const struct payment *p)
{
    const int64_t before[LEVY_PARTS] = {r ? r->medical_yen.n : 0, r ? r->support_yen.n : 0,
                                        r ? r->care_yen.n : 0, r ? r->child_yen.n : 0};
    struct posting *out = &s->postings[s->n];

    *out = (struct posting){.number = p->number,
                            .account = ACCOUNT_DUE,
                            .yen = YEN(p->amount.n - (r ? r->charged_yen.n : 0))};
    bool moves = out->yen.n != 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        out->part[k] = YEN(p->part[k].n - before[k]);
        moves |= out->part[k].n != 0;
    }
    s->n += moves;
}

static int put_instalment(struct reshaping *s, const struct payment *p)
{
    struct work *w = s->w;
    const struct collection_instalment_rows_row *r = row_of(s, p->number);
    struct collection_instalment row = {.liability_id = s->liability_id,
                                        .number = p->number,
                                        .due_ymd = p->due,
                                        .charged_yen = p->amount,
                                        .medical_yen = p->part[PART_MEDICAL],
                                        .support_yen = p->part[PART_SUPPORT],
                                        .care_yen = p->part[PART_CARE],
                                        .child_yen = p->part[PART_CHILD],
                                        .known_from = s->event_no};

    if (r && is_as_planned(r, p))
        return OK;
    post_difference(s, r, p);
    int rc = r ? collection_instalment_close(&w->cx, w->store, r->instalment_id, s->event_no) : OK;
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, 1, &row.instalment_id);
    return rc < 0 ? rc : collection_instalment_insert(&w->cx, w->store, &row);
}

/* What the differences leave is another amount of the whole: against LEVIED. */
static void balance(struct reshaping *s)
{
    struct posting whole = {.account = ACCOUNT_LEVIED};
    bool moves = false;

    for (size_t i = 0; i < s->n; i++) {
        whole.yen.n -= s->postings[i].yen.n;
        for (int k = 0; k < LEVY_PARTS; k++)
            whole.part[k].n -= s->postings[i].part[k].n;
    }
    for (int k = 0; k < LEVY_PARTS; k++)
        moves |= whole.part[k].n != 0;
    if (moves || whole.yen.n != 0)
        s->postings[s->n++] = whole;
}

static int reshape(struct reshaping *s, const struct payments *p, const char *kind,
                   int64_t basis_id)
{
    struct work *w = s->w;
    const struct collection_instalment_rows_in q = {s->liability_id};
    int rc = collection_instalment_rows(&w->cx, w->store, &q, &s->rows);

    for (size_t i = 0; i < p->n && rc >= 0; i++)
        rc = put_instalment(s, &p->row[i]);
    balance(s);
    if (rc < 0 || s->n == 0)
        return rc;
    const struct entry e = {.kind = str_of(kind),
                            .liability_id = s->liability_id,
                            .accounting = w->today,
                            .value = w->today,
                            .basis_id = basis_id,
                            .postings = s->postings,
                            .n = s->n};
    return ledger_post(w, s->event_no, &e, 1);
}

/* --- liabilities --------------------------------------------------------------------------------
 */

static int liability_of(struct work *w, int fiscal_year, int64_t notice_no, int64_t *id)
{
    const struct collection_liability_numbered_in q = {fiscal_year, notice_no};
    struct collection_liability_numbered_list list;
    const int rc = collection_liability_numbered(&w->cx, w->store, &q, &list);

    *id = rc >= 0 && list.n > 0 ? list.rows[0].liability_id : 0;
    return rc < 0 ? rc : *id != 0;
}

static int liability_new(struct work *w, int64_t event_no, const struct collection_plan *plan,
                         int64_t *id)
{
    const bool is_tax = str_is(setting_get(w, "levy.kind"), "tax");
    int rc = store_ids(&w->cx, w->store, 1, id);
    const struct collection_liability row = {.liability_id = *id,
                                             .kind = is_tax ? STR("nhi_tax") : STR("nhi_fee"),
                                             .debtor_id = plan->debtor_id,
                                             .household_id = plan->household_id,
                                             .accounting_year = plan->fiscal_year,
                                             .levy_year = plan->fiscal_year,
                                             .notice_no = plan->notice_no,
                                             .known_from = event_no};

    return rc < 0 ? rc : collection_liability_insert(&w->cx, w->store, &row);
}

/* --- a provisional liability gives way to the year's --------------------------------------------
 */

/* What was received on one goes to the other, instalment by instalment, with its parts. */
static int carry(struct work *w, int64_t event_no, int64_t from, int64_t to)
{
    const struct collection_received_rows_in q = {from};
    struct collection_received_rows_list list;
    int rc = collection_received_rows(&w->cx, w->store, &q, &list);

    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        const struct collection_received_rows_row *r = &list.rows[i];
        const struct yen part[LEVY_PARTS] = {r->medical_yen, r->support_yen, r->care_yen,
                                             r->child_yen};
        struct posting lines[2][2];
        for (int side = 0; side < 2; side++) {
            const int64_t sign = side == 0 ? 1 : -1;
            lines[side][0] = (struct posting){.number = (int)r->number,
                                              .account = ACCOUNT_DUE,
                                              .yen = YEN(sign * r->yen.n)};
            lines[side][1] = (struct posting){.number = (int)r->number,
                                              .account = ACCOUNT_RECEIVED,
                                              .yen = YEN(-sign * r->yen.n)};
            for (int k = 0; k < LEVY_PARTS; k++) {
                lines[side][0].part[k] = YEN(sign * part[k].n);
                lines[side][1].part[k] = YEN(-sign * part[k].n);
            }
        }
        const struct entry both[2] = {{STR("transfer"), from, w->today, w->today, to, lines[0], 2,
                                       0},
                                      {STR("transfer"), to, w->today, w->today, from, lines[1], 2,
                                       0}};
        rc = ledger_post(w, event_no, both, 2);
    }
    return rc < 0 ? error_add(&w->cx, "carry receipts over") : OK;
}

static int take_over(struct work *w, const struct collection_plan *plan, int64_t to)
{
    struct reshaping s = {.w = w, .event_no = plan->event_no};
    struct payments nothing = {.n = 0};
    int rc = liability_of(w, plan->fiscal_year, plan->provisional_no, &s.liability_id);

    if (rc <= 0)
        return rc;
    const struct collection_instalment_rows_in q = {s.liability_id};
    struct collection_instalment_rows_list rows;
    rc = collection_instalment_rows(&w->cx, w->store, &q, &rows);
    for (size_t i = 0; rc >= 0 && i < rows.n && i < PAYMENTS_MAX; i++)
        nothing.row[nothing.n++] =
            (struct payment){.number = (int)rows.rows[i].number, .due = rows.rows[i].due_ymd};
    rc = rc < 0 ? rc : reshape(&s, &nothing, "correction", to);
    return rc < 0 ? rc : carry(w, plan->event_no, s.liability_id, to);
}

/* --- an event of the levy -----------------------------------------------------------------------
 */

static int shape_one(struct work *w, const struct collection_plan *plan)
{
    struct reshaping s = {.w = w, .event_no = plan->event_no};
    const char *kind = "correction";
    int rc = plan->payments.n == 0
                 ? 0
                 : liability_of(w, plan->fiscal_year, plan->notice_no, &s.liability_id);

    if (rc < 0 || plan->payments.n == 0)
        return rc;
    if (rc == 0 && !plan->is_provisional)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.uncharged", "%lld",
                    (long long)plan->notice_no);
    if (rc == 0) {
        kind = "charge";
        rc = liability_new(w, plan->event_no, plan, &s.liability_id);
    }
    rc = rc < 0 ? rc : reshape(&s, &plan->payments, kind, plan->method_row_id);
    if (rc >= 0 && plan->provisional_no > 0)
        rc = take_over(w, plan, s.liability_id);
    const struct decision d = {.fiscal_year = plan->fiscal_year,
                               .decision_no = plan->notice_no,
                               .decision_id = plan->method_row_id,
                               .decided = w->today,
                               .issued = w->today};
    rc = rc < 0 ? rc : collection_overpaid(w, plan->event_no, &d);
    return rc < 0 ? rc : OK;
}

int collection_shape(struct work *w, const struct event *e)
{
    struct collection_plans plans;
    int rc = levy_plans_of_event(w, e->no, &plans);

    for (size_t i = 0; rc >= 0 && i < plans.n; i++)
        rc = shape_one(w, &plans.rows[i]);
    return rc < 0 ? error_add(&w->cx, "shape instalments of event %lld", (long long)e->no) : OK;
}

/* --- receipts -----------------------------------------------------------------------------------
 */

static int receive(struct work *w, int64_t event_no, const struct pension_receipt *p)
{
    int64_t liability = 0;
    struct collection_instalment_rows_list rows;
    int rc = liability_of(w, p->fiscal_year, p->notice_no, &liability);
    const struct collection_instalment_rows_in q = {liability};
    struct posting lines[2] = {{.number = p->number, .account = ACCOUNT_DUE},
                               {.number = p->number, .account = ACCOUNT_RECEIVED}};

    rc = rc < 0 ? rc : collection_instalment_rows(&w->cx, w->store, &q, &rows);
    if (rc < 0)
        return rc;
    const struct collection_instalment_rows_row *on = NULL;
    for (size_t i = 0; i < rows.n; i++)
        on = rows.rows[i].number == p->number ? &rows.rows[i] : on;
    if (!on)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.no_instalment", "%lld %d",
                    (long long)p->notice_no, p->number);
    const struct yen part[LEVY_PARTS] = {on->medical_yen, on->support_yen, on->care_yen,
                                         on->child_yen};
    parts_share(part, p->amount, lines[1].part);
    lines[1].yen = p->amount;
    lines[0].yen = YEN(-p->amount.n);
    for (int k = 0; k < LEVY_PARTS; k++)
        lines[0].part[k] = YEN(-lines[1].part[k].n);
    const struct entry e = {STR("pension"), liability, w->today, p->paid,
                            p->result_id,   lines,     2,        0};
    return ledger_post(w, event_no, &e, 1);
}

int collection_receive_pensions(struct work *w, const struct event *e)
{
    struct pension_receipts list;
    int rc = levy_pension_received(w, e->no, &list);

    for (size_t i = 0; rc >= 0 && i < list.n; i++)
        rc = receive(w, e->no, &list.rows[i]);
    return rc < 0 ? error_add(&w->cx, "post what pensions paid") : OK;
}
