/* One debtor: years by instalments, and the transactions that one figure opens to. */
#include "collection_pages.h"
#include "collection_sql.h"
#include "desk/collection/dunning_pages.h"
#include "desk/collection/ledger.h"
#include "desk/collection/limitation.h"
#include "desk/collection/pages.h"

#include <stdlib.h>

enum { COLUMNS = 99 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int look(struct work *w, const struct person *p)
{
    const struct audit_line line = {.class = AUDIT_INQUIRY,
                                    .person_id = p->person_id,
                                    .household_id = p->household_id,
                                    .purpose = STR("collection.debtor"),
                                    .query = STR(""),
                                    .count = 1};
    return audit_write(w, &line);
}

static int read_debtor(struct work *w, struct str person_no, struct person *p)
{
    int64_t id = 0;
    int rc = party_person_by_no(w, person_no, &id);

    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debtor.none", STR_FMT, STR_ARG(person_no));
    rc = rc < 0 ? rc : party_person(w, id, p);
    return rc < 0 ? rc : look(w, p);
}

/* --- the grid -----------------------------------------------------------------------------------
 */

struct grid {
    struct work *w;
    struct collection_debtor_view *v;
    const struct liability_accounts *accounts;
    struct limits limits;
    int number[COLUMNS]; /* of each column */
    size_t n;
};

static int compare_numbers(const void *a, const void *b)
{
    return *(const int *)a - *(const int *)b;
}

static int make_columns(struct grid *g)
{
    bool is_used[COLUMNS + 1] = {false};
    struct collection_debtor_columns_row *rows;

    for (size_t i = 0; i < g->accounts->n; i++) {
        for (size_t k = 0; k < g->accounts->rows[i].n; k++) {
            const int number = g->accounts->rows[i].rows[k].number;
            if (number > 0 && number <= COLUMNS && !is_used[number]) {
                is_used[number] = true;
                g->number[g->n++] = number;
            }
        }
    }
    qsort(g->number, g->n, sizeof *g->number, compare_numbers);
    rows = ARENA_ARRAY(g->w->cx.arena, g->n + 1, struct collection_debtor_columns_row);
    if (!rows)
        return no_memory(g->w);
    for (size_t i = 0; i < g->n; i++)
        rows[i].label = levy_instalment_label(g->w, g->number[i]);
    g->v->columns = rows;
    g->v->n_columns = g->n;
    return OK;
}

static int fill_cell(struct grid *g, const struct liability *l, const struct instalment_balance *b,
                     struct collection_debtor_years_cells_row *cell)
{
    struct limitation limit = {.last = YMD_NONE};
    const int rc = b->state == INSTALMENT_OVERDUE ? limit_of(g->w, &g->limits, l, b, &limit) : OK;

    *cell = (struct collection_debtor_years_cells_row){
        .has_any = true,
        .link = str_format(g->w->cx.arena, "/collection/debtor/" STR_FMT "/%lld/%d",
                           STR_ARG(g->v->person_no), (long long)b->liability_id, b->number),
        .charged = b->charged,
        .balance = b->balance,
        .due = b->due,
        .status = instalment_state_message(b->state),
        .is_overdue = b->state == INSTALMENT_OVERDUE,
        .is_paid = b->state == INSTALMENT_PAID,
        .overpaid = b->overpaid,
        .limit = limit.last,
        .limit_cause = limit_message(limit.cause),
        .is_lapsed = !ymd_is_none(limit.last) && ymd_compare(limit.last, g->w->asof.valid) < 0};
    return rc;
}

static int fill_year(struct grid *g, const struct liability_account *a,
                     struct collection_debtor_years_row *row)
{
    struct collection_debtor_years_cells_row *cells =
        ARENA_ARRAY(g->w->cx.arena, g->n + 1, struct collection_debtor_years_cells_row);
    int rc = cells ? OK : no_memory(g->w);

    for (size_t i = 0; rc >= 0 && i < g->n; i++) {
        cells[i] =
            (struct collection_debtor_years_cells_row){.link = STR(""),
                                                       .due = YMD_NONE,
                                                       .status = "collection.state.zero",
                                                       .limit = YMD_NONE,
                                                       .limit_cause = limit_message(LIMIT_DUE)};
        for (size_t k = 0; rc >= 0 && k < a->n; k++) {
            if (a->rows[k].number == g->number[i])
                rc = fill_cell(g, &a->liability, &a->rows[k], &cells[i]);
        }
    }
    if (rc < 0)
        return rc;
    *row = (struct collection_debtor_years_row){
        .year_label = levy_year_label(&g->w->cx, a->liability.levy_year),
        .kind = str_is(a->liability.kind, "nhi_tax") ? "collection.tax" : "collection.fee",
        .notice_no = a->liability.notice_no,
        .charged = a->charged,
        .balance = a->balance,
        .cells = cells,
        .n_cells = g->n};
    return OK;
}

static void add_up(struct collection_debtor_view *v, const struct liability_account *a)
{
    v->charged = yen_add(v->charged, a->charged);
    v->received = yen_add(v->received, a->received);
    v->balance = yen_add(v->balance, a->balance);
    v->overpaid = yen_add(v->overpaid, a->overpaid);
    for (size_t k = 0; k < a->n; k++) {
        if (a->rows[k].state == INSTALMENT_OVERDUE) {
            v->overdue = yen_add(v->overdue, a->rows[k].balance);
            v->n_overdue++;
        }
    }
}

static int make_grid(struct work *w, int64_t debtor_id, const struct liability_accounts *accounts,
                     struct collection_debtor_view *v)
{
    struct grid g = {.w = w, .v = v, .accounts = accounts, .limits = {.debtor_id = debtor_id}};
    struct collection_debtor_years_row *years =
        ARENA_ARRAY(w->cx.arena, accounts->n + 1, struct collection_debtor_years_row);
    int rc = years ? make_columns(&g) : no_memory(w);

    for (size_t i = 0; rc >= 0 && i < accounts->n; i++) {
        add_up(v, &accounts->rows[i]);
        rc = fill_year(&g, &accounts->rows[i], &years[i]);
    }
    v->years = years;
    v->n_years = accounts->n;
    return rc;
}

int collection_show_debtor(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    struct liability_accounts accounts = {NULL, 0};
    int rc = read_debtor(w, rq->part[0], &p);

    rc = rc < 0 ? rc : collection_debtor(w, p.person_id, 0, &accounts);
    if (rc < 0)
        return rc;
    struct collection_debtor_view v = {.person_no = p.person_no,
                                       .name = p.name,
                                       .kana = p.kana,
                                       .household_no = p.household_no.p ? p.household_no : STR(""),
                                       .household_link = STR(""),
                                       .today = w->asof.valid,
                                       .may_edit = work_may(w, RIGHT_COLLECTION_EDIT)};
    if (v.household_no.n > 0)
        v.household_link = str_format(w->cx.arena, "/household/" STR_FMT, STR_ARG(v.household_no));
    rc = make_grid(w, p.person_id, &accounts, &v);
    if (rc >= 0)
        collection_page_debtor(&rp->body, rq->frame, &v);
    return rc;
}

/* --- one instalment -----------------------------------------------------------------------------
 */

static int view_entries(struct work *w, int64_t liability_id, int number,
                        struct collection_instalment_view *v)
{
    const struct collection_transactions_of_instalment_in q = {.liability_id = liability_id,
                                                               .number = number,
                                                               .last_event = w->asof.known};
    struct collection_transactions_of_instalment_list list;
    int64_t left = 0;
    int rc = collection_transactions_of_instalment(&w->cx, w->store, &q, &list);
    struct collection_instalment_entries_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_instalment_entries_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_transactions_of_instalment_row *r = &list.rows[i];
        /* what is not money received or owed back changes what was charged (調定の増減) */
        const int64_t charged = r->due_yen.n + r->received_yen.n - r->overpaid_yen.n;
        left += r->due_yen.n;
        rows[i] =
            (struct collection_instalment_entries_row){.accounting = r->accounting_ymd,
                                                       .value = r->value_ymd,
                                                       .booked = r->booked_year,
                                                       .kind = entry_kind_message(r->kind),
                                                       .channel =
                                                           r->channel_null
                                                               ? "collection.reason.none"
                                                               : channel_message((int)r->channel),
                                                       .place = r->place.p ? r->place : STR(""),
                                                       .charged = YEN(charged),
                                                       .received = r->received_yen,
                                                       .over = r->overpaid_yen,
                                                       .beside = r->beside_yen,
                                                       .left = YEN(left),
                                                       .has_charged = charged != 0,
                                                       .has_received = r->received_yen.n != 0,
                                                       .has_over = r->overpaid_yen.n != 0,
                                                       .has_beside = r->beside_yen.n != 0};
    }
    v->entries = rows;
    v->n_entries = list.n;
    return OK;
}

static int view_receipts(struct work *w, const struct collection_liability_of_id_row *l, int number,
                         struct collection_instalment_view *v)
{
    const struct collection_receipts_of_notice_in q = {l->levy_year, {&l->notice_no, 1}};
    struct collection_receipts_of_notice_list list;
    int rc = collection_receipts_of_notice(&w->cx, w->store, &q, &list);
    struct collection_instalment_receipts_row *rows =
        rc < 0 ? NULL
               : ARENA_ARRAY(w->cx.arena, list.n + 1, struct collection_instalment_receipts_row);

    if (rc < 0 || !rows)
        return rc < 0 ? rc : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_receipts_of_notice_row *r = &list.rows[i];
        if (r->number != number)
            continue;
        rows[v->n_receipts++] = (struct collection_instalment_receipts_row){
            .paid = r->paid_ymd,
            .accounting = r->accounting_ymd,
            .channel = channel_message((int)r->channel),
            .yen = r->yen,
            .late = r->late_yen,
            .place = r->place,
            .outcome = receipt_state_message(r->outcome, r->state_null ? 0 : r->state),
            .reason = receipt_reason_message(r->reason)};
    }
    v->receipts = rows;
    return OK;
}

static int view_limit(struct work *w, int64_t debtor_id, const struct liability *l,
                      const struct instalment_balance *b, struct collection_instalment_view *v)
{
    struct limits limits = {.debtor_id = debtor_id};
    struct limitation limit;

    v->limit = v->limit_from = YMD_NONE;
    v->limit_cause = limit_message(LIMIT_DUE);
    if (b->balance.n <= 0)
        return OK;
    const int rc = limit_of(w, &limits, l, b, &limit);
    if (rc < 0)
        return rc;
    v->limit = limit.last;
    v->limit_from = limit.from;
    v->limit_cause = limit_message(limit.cause);
    v->is_lapsed = ymd_compare(limit.last, w->asof.valid) < 0;
    return OK;
}

static const struct instalment_balance *balance_of(const struct liability_accounts *accounts,
                                                   int64_t liability_id, int number)
{
    for (size_t i = 0; i < accounts->n; i++) {
        for (size_t k = 0; k < accounts->rows[i].n; k++) {
            const struct instalment_balance *b = &accounts->rows[i].rows[k];
            if (b->liability_id == liability_id && b->number == number)
                return b;
        }
    }
    return NULL;
}

static int read_liability(struct work *w, const struct person *p, int64_t id,
                          struct collection_liability_of_id_row *l)
{
    const struct collection_liability_of_id_in q = {id};
    const int rc = collection_liability_of_id(&w->cx, w->store, &q, l);

    if (rc == 0 || (rc > 0 && l->debtor_id != p->person_id))
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debtor.liability", "%lld", (long long)id);
    return rc;
}

int collection_show_instalment(struct work *w, struct request *rq, struct reply *rp)
{
    struct person p;
    struct collection_liability_of_id_row l;
    struct liability_accounts accounts;
    int64_t id = 0;
    int64_t number = 0;
    int rc = request_part_id(&w->cx, rq, 1, &id);

    rc = rc < 0 ? rc : request_part_id(&w->cx, rq, 2, &number);
    rc = rc < 0 ? rc : read_debtor(w, rq->part[0], &p);
    rc = rc < 0 ? rc : read_liability(w, &p, id, &l);
    rc = rc < 0 ? rc : collection_debtor(w, p.person_id, (int)l.levy_year, &accounts);
    if (rc < 0)
        return rc;
    const struct instalment_balance *b = balance_of(&accounts, id, (int)number);
    if (!b)
        return fail(&w->cx, ERR_NOT_FOUND, "collection.debtor.liability", "%lld",
                    (long long)number);
    struct collection_instalment_view v = {.person_no = p.person_no,
                                           .name = p.name,
                                           .year_label = levy_year_label(&w->cx, (int)l.levy_year),
                                           .notice_no = l.notice_no,
                                           .label = levy_instalment_label(w, (int)number),
                                           .due = b->due,
                                           .charged = b->charged,
                                           .received = b->received,
                                           .balance = b->balance,
                                           .overpaid = b->overpaid,
                                           .late_link = late_link(w, id, number, w->today),
                                           .status = instalment_state_message(b->state)};
    const struct liability of = {.kind = l.kind, .levy_year = (int)l.levy_year};
    rc = view_limit(w, p.person_id, &of, b, &v);
    rc = rc < 0 ? rc : view_entries(w, id, (int)number, &v);
    rc = rc < 0 ? rc : view_receipts(w, &l, (int)number, &v);
    if (rc >= 0)
        collection_page_instalment(&rp->body, rq->frame, &v);
    return rc;
}
