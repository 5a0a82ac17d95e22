/* One debtor's case: his instalments with what they are overpaid by, and what the law makes of it.
 */
#include "desk/collection/refund_inner.h"

static refund_interest_fn *interest_fn;

void refund_interest_ask(refund_interest_fn *fn)
{
    interest_fn = fn;
}

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- reading ------------------------------------------------------------------------------------
 */

static struct refund_instalment instalment_of(const struct collection_refund_balances_row *r)
{
    struct refund_instalment x = {.liability_id = r->liability_id,
                                  .notice_no = r->notice_no,
                                  .levy_year = (int)r->levy_year,
                                  .number = (int)r->number,
                                  .is_tax = str_is(r->kind, "nhi_tax"),
                                  .booked_of = (int)r->booked_year,
                                  .received_year = (int)r->booked_year,
                                  .due_day = r->due_ymd,
                                  .due = {r->due_medical, r->due_support, r->due_care,
                                          r->due_child},
                                  .over = {r->over_medical, r->over_support, r->over_care,
                                           r->over_child},
                                  .late = r->late_yen,
                                  .fee = r->fee_yen};

    for (int k = 0; parts_sum(x.due).n < 0 && k < LEVY_PARTS; k++)
        x.unposted[k] = YEN(-x.due[k].n);
    for (int k = 0; parts_sum(x.unposted).n > 0 && k < LEVY_PARTS; k++) {
        x.over[k] = yen_add(x.over[k], x.unposted[k]);
        x.due[k] = YEN(0);
    }
    return x;
}

static int read_balances(struct work *w, struct overpaid_case *c)
{
    const struct collection_refund_balances_in q = {c->debtor_id};
    struct collection_refund_balances_list list;
    const int rc = collection_refund_balances(&w->cx, w->store, &q, &list);

    if (rc < 0)
        return rc;
    c->n = list.n;
    c->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct refund_instalment);
    c->lines =
        ARENA_ARRAY(w->cx.arena, (PLAN_LINES_PER_INSTALMENT + 1) * list.n + 1, struct refund_line);
    if (!c->rows || !c->lines)
        return no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        c->rows[i] = instalment_of(&list.rows[i]);
    return OK;
}

/* --- what it consists of ------------------------------------------------------------------------
 */

static void add_to_step(struct refund_step *s, const struct collection_refund_history_row *r)
{
    struct yen *of = r->account == ACCOUNT_DUE        ? &s->due
                     : r->account == ACCOUNT_RECEIVED ? &s->received
                     : r->account == ACCOUNT_OVERPAID ? &s->over
                                                      : &s->appropriated;
    *of = yen_add(*of, r->yen);
}

static int read_lots(struct work *w, const struct collection_refund_history_list *list,
                     struct ymd as_of, struct refund_instalment *x)
{
    struct refund_step *steps = ARENA_ARRAY(w->cx.arena, list->n + 1, struct refund_step);
    struct refund_lot *payments = ARENA_ARRAY(w->cx.arena, 2 * list->n + 2, struct refund_lot);
    size_t n = 0;
    int64_t entry_id = 0;

    x->lots = ARENA_ARRAY(w->cx.arena, 2 * list->n + 2, struct refund_lot);
    if (!steps || !payments || !x->lots)
        return no_memory(w);
    for (size_t i = 0; i < list->n; i++) {
        const struct collection_refund_history_row *r = &list->rows[i];
        if (r->liability_id != x->liability_id || r->number != x->number)
            continue;
        if (r->entry_id != entry_id)
            steps[n++] = (struct refund_step){.kind = r->kind, .value = r->value_ymd};
        entry_id = r->entry_id;
        add_to_step(&steps[n - 1], r);
        if (r->account == ACCOUNT_RECEIVED && r->yen.n > 0)
            x->received_year = (int)r->booked_year;
    }
    x->n_lots = refund_lots(steps, n, parts_sum(x->unposted), as_of, x->lots, payments);
    return OK;
}

static int read_history(struct work *w, struct overpaid_case *c, struct ymd as_of)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, c->n + 1, int64_t);
    size_t n = 0;

    if (!ids)
        return no_memory(w);
    for (size_t i = 0; i < c->n; i++) {
        if (parts_sum(c->rows[i].over).n > 0)
            ids[n++] = c->rows[i].liability_id;
    }
    const struct collection_refund_history_in q = {{ids, n}};
    struct collection_refund_history_list list = {0};
    int rc = n > 0 ? collection_refund_history(&w->cx, w->store, &q, &list) : OK;
    for (size_t i = 0; i < c->n && rc >= 0; i++) {
        if (parts_sum(c->rows[i].over).n > 0)
            rc = read_lots(w, &list, as_of, &c->rows[i]);
    }
    return rc;
}

/* --- interest -----------------------------------------------------------------------------------
 */

static int interest_of(struct work *w, const struct refund_instalment *from, struct ymd decided,
                       struct refund_line *line)
{
    struct refund_interest_fact *facts =
        ARENA_ARRAY(w->cx.arena, line->n_lots + 1, struct refund_interest_fact);

    if (!facts)
        return no_memory(w);
    for (size_t i = 0; i < line->n_lots; i++)
        facts[i] = (struct refund_interest_fact){.amount = line->lots[i].yen,
                                                 .paid = line->lots[i].paid,
                                                 .decided = decided,
                                                 .cause = line->lots[i].cause,
                                                 .is_tax = from->is_tax,
                                                 .is_appropriation = line->kind != LINE_REFUND};
    return interest_fn ? interest_fn(w, facts, line->n_lots, &line->interest) : OK;
}

static int fill_line(struct work *w, struct overpaid_case *c, struct ymd decided,
                     struct refund_line *line)
{
    struct refund_instalment *from = &c->rows[line->from];

    line->lots = ARENA_ARRAY(w->cx.arena, from->n_lots + 1, struct refund_lot);
    if (!line->lots)
        return no_memory(w);
    line->n_lots = refund_take_lots(from, line->yen, line->lots);
    const int rc = interest_of(w, from, decided, line);
    const bool is_refund = line->kind == LINE_REFUND;
    struct yen *sum = is_refund ? &c->refunded : &c->appropriated;
    struct yen *interest = is_refund ? &c->interest : &c->appropriation_interest;

    *sum = yen_add(*sum, line->yen);
    *interest = yen_add(*interest, line->interest);
    c->overpaid = yen_add(c->overpaid, line->yen);
    return rc;
}

/* --- the case -----------------------------------------------------------------------------------
 */

/* "fee premium late": the order inside an instalment; each once. */
static int read_order(struct work *w, enum refund_line_kind order[3])
{
    struct str rest = setting_get(w, "refund.order");
    unsigned seen = 0;

    for (int i = 0; i < 3; i++) {
        const struct str word = str_cut(&rest, ' ');
        order[i] = str_is(word, "premium") ? LINE_PREMIUM
                   : str_is(word, "late")  ? LINE_LATE
                   : str_is(word, "fee")   ? LINE_FEE
                                           : LINE_REFUND;
        seen |= 1U << order[i];
    }
    return rest.n == 0 && seen == (1U << LINE_PREMIUM | 1U << LINE_LATE | 1U << LINE_FEE)
               ? OK
               : fail(&w->cx, ERR_INVALID, "collection.refund.order", NULL);
}

int refund_case_read(struct work *w, int64_t debtor_id, struct ymd as_of, struct ymd decided,
                     struct overpaid_case *out)
{
    struct refund_terms terms = {.as_of = as_of,
                                 .is_open_too =
                                     str_is(setting_get(w, "refund.appropriate_to"), "open")};

    *out = (struct overpaid_case){.debtor_id = debtor_id, .is_interest_known = interest_fn != NULL};
    int rc = read_order(w, terms.order);
    rc = rc < 0 ? rc : read_balances(w, out);
    rc = rc < 0 ? rc : read_history(w, out, as_of);
    if (rc < 0)
        return rc;
    out->n_lines = refund_plan(out->rows, out->n, &terms, out->lines);
    for (size_t i = 0; i < out->n_lines && rc >= 0; i++)
        rc = fill_line(w, out, decided, &out->lines[i]);
    return rc;
}

int refund_propose(struct work *w, int64_t debtor_id, struct ymd as_of, struct refund_proposal *out)
{
    struct overpaid_case c;
    const int rc = refund_case_read(w, debtor_id, as_of, as_of, &c);

    *out = (struct refund_proposal){.debtor_id = debtor_id};
    if (rc < 0)
        return rc;
    out->overpaid = c.overpaid;
    out->appropriated = c.appropriated;
    out->refunded = c.refunded;
    return c.n_lines > 0;
}
