/* Balances: liabilities of a household with their instalments as sums of postings. */
#include "collection_sql.h"
#include "desk/collection/ledger.h"

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

/* Two statements give the same columns under two struct names. */
#define BALANCE_FROM(r)                                                                            \
    (struct instalment_balance)                                                                    \
    {                                                                                              \
        .liability_id = (r)->liability_id, .number = (int)(r)->number, .due = (r)->due_ymd,        \
        .charged = (r)->charged_yen,                                                               \
        .part = {(r)->medical_yen, (r)->support_yen, (r)->care_yen, (r)->child_yen},               \
        .received = (r)->received_yen, .overpaid = (r)->overpaid_yen, .balance = (r)->balance_yen  \
    }
#define LIABILITY_FROM(r)                                                                          \
    (struct liability)                                                                             \
    {                                                                                              \
        .liability_id = (r)->liability_id, .kind = (r)->kind, .debtor_id = (r)->debtor_id,         \
        .household_id = (r)->household_id, .accounting_year = (int)(r)->accounting_year,           \
        .levy_year = (int)(r)->levy_year, .notice_no = (r)->notice_no                              \
    }

/* Appends an instalment to the account it belongs to; rows come sorted by liability. */
static void take(struct liability_accounts *out, struct instalment_balance *rows,
                 const struct liability *l, struct instalment_balance b, struct ymd today)
{
    struct liability_account *a = out->n > 0 ? &out->rows[out->n - 1] : NULL;
    if (!a || a->liability.liability_id != l->liability_id) {
        a = &out->rows[out->n++];
        *a = (struct liability_account){.liability = *l, .rows = rows};
    }
    b.state = state_of(&b, today);
    a->rows[a->n++] = b;
    a->charged = yen_add(a->charged, b.charged);
    a->received = yen_add(a->received, b.received);
    a->overpaid = yen_add(a->overpaid, b.overpaid);
    a->balance = yen_add(a->balance, b.balance);
}

static int room(struct work *w, size_t n, struct liability_accounts *out,
                struct instalment_balance **rows)
{
    *out = (struct liability_accounts){
        .rows = ARENA_ARRAY(w->cx.arena, n + 1, struct liability_account)};
    *rows = ARENA_ARRAY(w->cx.arena, n + 1, struct instalment_balance);
    return out->rows && *rows ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

int collection_household(struct work *w, int64_t household_id, int levy_year,
                         struct liability_accounts *out)
{
    struct collection_instalment_of_household_in in = {.household_id = household_id,
                                                       .levy_year = levy_year,
                                                       .known = w->asof.known,
                                                       .first_event = 0,
                                                       .last_event = w->asof.known};
    struct collection_instalment_of_household_list list = {0};
    struct instalment_balance *rows = NULL;
    int rc = collection_instalment_of_household(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : room(w, list.n, out, &rows);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct liability l = LIABILITY_FROM(&list.rows[i]);
        take(out, rows + i, &l, BALANCE_FROM(&list.rows[i]), w->asof.valid);
    }
    return rc < 0 ? rc : 0;
}

int collection_debtor(struct work *w, int64_t debtor_id, int levy_year,
                      struct liability_accounts *out)
{
    struct collection_instalment_of_debtor_in in = {.debtor_id = debtor_id,
                                                    .levy_year = levy_year,
                                                    .known = w->asof.known,
                                                    .first_event = 0,
                                                    .last_event = w->asof.known};
    struct collection_instalment_of_debtor_list list = {0};
    struct instalment_balance *rows = NULL;
    int rc = collection_instalment_of_debtor(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : room(w, list.n, out, &rows);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct liability l = LIABILITY_FROM(&list.rows[i]);
        take(out, rows + i, &l, BALANCE_FROM(&list.rows[i]), w->asof.valid);
    }
    return rc < 0 ? rc : 0;
}

int collection_by_notice(struct work *w, int levy_year, int64_t notice_no,
                         struct liability_account *out)
{
    struct collection_instalment_of_notice_in in = {.levy_year = levy_year,
                                                    .notice_no = notice_no,
                                                    .known = w->asof.known,
                                                    .first_event = 0,
                                                    .last_event = w->asof.known};
    struct collection_instalment_of_notice_list list = {0};
    struct liability_accounts accounts = {0};
    struct instalment_balance *rows = NULL;
    int rc = collection_instalment_of_notice(&w->cx, w->store, &in, &list);
    rc = rc < 0 ? rc : room(w, list.n, &accounts, &rows);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        struct liability l = LIABILITY_FROM(&list.rows[i]);
        take(&accounts, rows + i, &l, BALANCE_FROM(&list.rows[i]), w->asof.valid);
    }
    if (rc < 0 || accounts.n == 0) {
        return rc < 0 ? rc : 0;
    }
    *out = accounts.rows[0];
    return 1;
}

int collection_totals(struct work *w, int levy_year, struct ledger_totals *out)
{
    struct collection_year_totals_in in = {.levy_year = levy_year};
    struct collection_year_totals_list list;
    *out = (struct ledger_totals){0};
    int rc = collection_year_totals(&w->cx, w->store, &in, &list);
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_year_totals_row *r = &list.rows[i];
        if (r->account < 0 || r->account > ACCOUNT_LAST) {
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

static struct levy_paid *paid_under(const int64_t *notice_nos, size_t n, int64_t no,
                                    struct levy_paid *out)
{
    for (size_t i = 0; i < n; i++) {
        if (notice_nos[i] == no) {
            return &out[i];
        }
    }
    return NULL;
}

int collection_paid(struct work *w, int fiscal_year, const int64_t *notice_nos, size_t n,
                    struct levy_paid *out)
{
    struct collection_paid_of_notices_in in = {.levy_year = fiscal_year,
                                               .notice_nos = {notice_nos, n}};
    struct collection_paid_of_notices_list list;
    int rc = collection_paid_of_notices(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < n; i++) {
        out[i] = (struct levy_paid){0};
    }
    for (size_t i = 0; rc >= 0 && i < list.n; i++) {
        const struct collection_paid_of_notices_row *r = &list.rows[i];
        struct levy_paid *p = paid_under(notice_nos, n, r->notice_no, out);
        if (p && r->number >= 0 && r->number < LEVY_NUMBERS) {
            p->number[r->number] = YEN(r->received_yen.n - r->overpaid_yen.n);
            p->received = yen_add(p->received, r->received_yen);
            p->overpaid = yen_add(p->overpaid, r->overpaid_yen);
        }
    }
    return rc < 0 ? rc : 0;
}
