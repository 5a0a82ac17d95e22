/* Balances: liabilities of a household with their instalments as sums of postings. */
#include "desk/collection/ledger.h"
#include "collection_sql.h"

static enum instalment_state state_of(const struct instalment_balance *b, struct ymd today)
{
    if (b->charged.n == 0 && b->balance.n == 0) {
        return INSTALMENT_ZERO;
    }
    if (b->balance.n <= 0) {
        return INSTALMENT_PAID;
    }
    return ymd_compare(b->due, today) < 0 ? INSTALMENT_OVERDUE : INSTALMENT_OPEN;
}

static struct instalment_balance
balance_of(const struct collection_instalment_of_liabilities_row *r, struct ymd today)
{
    struct instalment_balance b = {
        .liability_id = r->liability_id,
        .number = (int)r->number,
        .due = r->due_ymd,
        .charged = r->charged_yen,
        .part = {r->medical_yen, r->support_yen, r->care_yen, r->child_yen},
        .received = r->received_yen,
        .balance = r->balance_yen,
    };
    b.state = state_of(&b, today);
    return b;
}

/* The rows come sorted by liability; each account takes its run. */
static int take_instalments(struct work *w, struct liability_account *a,
                            const struct collection_instalment_of_liabilities_list *list)
{
    size_t first = 0;
    while (first < list->n && list->rows[first].liability_id != a->liability.liability_id) {
        first++;
    }
    size_t last = first;
    while (last < list->n && list->rows[last].liability_id == a->liability.liability_id) {
        last++;
    }
    a->n = last - first;
    a->rows = ARENA_ARRAY(w->cx.arena, a->n, struct instalment_balance);
    if (a->n > 0 && !a->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < a->n; i++) {
        a->rows[i] = balance_of(&list->rows[first + i], w->asof.valid);
        a->charged = yen_add(a->charged, a->rows[i].charged);
        a->received = yen_add(a->received, a->rows[i].received);
        a->balance = yen_add(a->balance, a->rows[i].balance);
    }
    return 0;
}

static int load_instalments(struct work *w, struct liability_account *rows, size_t n)
{
    int64_t *ids = ARENA_ARRAY(w->cx.arena, n, int64_t);
    struct collection_instalment_of_liabilities_list list;
    if (n == 0) {
        return 0;
    }
    if (!ids) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < n; i++) {
        ids[i] = rows[i].liability.liability_id;
    }
    struct collection_instalment_of_liabilities_in in = {.liability_ids = {ids, n},
                                                         .known = w->asof.known,
                                                         .first_event = 0,
                                                         .last_event = w->asof.known};
    int rc = collection_instalment_of_liabilities(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < n; i++) {
        rc = take_instalments(w, &rows[i], &list);
    }
    return rc;
}

int collection_household(struct work *w, int64_t household_id, int levy_year,
                         struct liability_accounts *out)
{
    struct collection_liability_of_household_in in = {
        .household_id = household_id, .levy_year = levy_year, .known = w->asof.known};
    struct collection_liability_of_household_list list;
    *out = (struct liability_accounts){0};
    int rc = collection_liability_of_household(&w->cx, w->store, &in, &list);
    if (rc < 0 || list.n == 0) {
        return rc;
    }
    out->rows = ARENA_ARRAY(w->cx.arena, list.n, struct liability_account);
    if (!out->rows) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_liability_of_household_row *r = &list.rows[i];
        out->rows[i].liability = (struct liability){
            .liability_id = r->liability_id, .kind = r->kind, .debtor_id = r->debtor_id,
            .household_id = r->household_id, .accounting_year = (int)r->accounting_year,
            .levy_year = (int)r->levy_year, .notice_no = r->notice_no};
    }
    out->n = list.n;
    return load_instalments(w, out->rows, out->n);
}

int collection_by_notice(struct work *w, int levy_year, int64_t notice_no,
                         struct liability_account *out)
{
    struct collection_liability_by_notice_in in = {
        .levy_year = levy_year, .notice_no = notice_no, .known = w->asof.known};
    struct collection_liability_by_notice_row r;
    *out = (struct liability_account){0};
    int rc = collection_liability_by_notice(&w->cx, w->store, &in, &r);
    if (rc <= 0) {
        return rc;
    }
    out->liability = (struct liability){
        .liability_id = r.liability_id, .kind = r.kind, .debtor_id = r.debtor_id,
        .household_id = r.household_id, .accounting_year = (int)r.accounting_year,
        .levy_year = (int)r.levy_year, .notice_no = r.notice_no};
    rc = load_instalments(w, out, 1);
    return rc < 0 ? rc : 1;
}

int collection_totals(struct work *w, int levy_year, struct ledger_totals *out)
{
    struct collection_year_totals_in in = {.levy_year = levy_year};
    struct collection_year_totals_list list;
    *out = (struct ledger_totals){0};
    int rc = collection_year_totals(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_year_totals_row *r = &list.rows[i];
        if (r->account < 0 || r->account > ACCOUNT_CASH) {
            return fail(&w->cx, ERR_CORRUPT, "collection.account", "%lld", (long long)r->account);
        }
        out->account[r->account] = r->yen;
        if (r->account == ACCOUNT_LEVIED) {
            out->part[PART_MEDICAL] = YEN(-r->medical_yen.n);
            out->part[PART_SUPPORT] = YEN(-r->support_yen.n);
            out->part[PART_CARE] = YEN(-r->care_yen.n);
            out->part[PART_CHILD] = YEN(-r->child_yen.n);
        }
    }
    return rc;
}
