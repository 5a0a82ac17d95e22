/* Late charges of what stands in the journal: balances, payments, reliefs of debtors, a handful of
 * statements for many of them. */
#include "collection_sql.h"
#include "desk/collection/late.h"

#include <stdlib.h>
#include <string.h>

struct loading {
    struct work *w;
    struct ymd day, before; /* until when; due before */
    struct collection_late_instalments_list due;
    struct collection_late_payments_list payments;
    struct collection_late_waivers_list waivers;
    struct collection_holds_list holds;
    struct collection_late_received_list received;
};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int by_id(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a;
    const int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The liabilities among the rows, each once. */
static int liabilities_of(struct loading *l, int64_t **ids, size_t *n)
{
    *ids = ARENA_ARRAY(l->w->cx.arena, l->due.n + 1, int64_t);
    *n = 0;
    if (!*ids) {
        return no_memory(l->w);
    }
    for (size_t i = 0; i < l->due.n; i++) {
        (*ids)[i] = l->due.rows[i].liability_id;
    }
    qsort(*ids, l->due.n, sizeof **ids, by_id);
    for (size_t i = 0; i < l->due.n; i++) {
        if (i == 0 || (*ids)[i] != (*ids)[i - 1]) {
            (*ids)[(*n)++] = (*ids)[i];
        }
    }
    return OK;
}

static int read_all(struct loading *l, const int64_t *debtor_ids, size_t n)
{
    struct work *w = l->w;
    const struct collection_late_instalments_in due = {{debtor_ids, n}, l->before};
    const struct collection_holds_in holds = {{debtor_ids, n}};
    int64_t *ids = NULL;
    size_t n_ids = 0;
    int rc = collection_late_instalments(&w->cx, w->store, &due, &l->due);
    if (rc < 0 || l->due.n == 0) {
        return rc;
    }
    rc = liabilities_of(l, &ids, &n_ids);
    const struct collection_late_payments_in payments = {{ids, n_ids}};
    const struct collection_late_waivers_in waivers = {{ids, n_ids}};
    rc = rc < 0 ? rc : collection_late_payments(&w->cx, w->store, &payments, &l->payments);
    const struct collection_late_received_in received = {{ids, n_ids}};
    rc = rc < 0 ? rc : collection_late_waivers(&w->cx, w->store, &waivers, &l->waivers);
    rc = rc < 0 ? rc : collection_late_received(&w->cx, w->store, &received, &l->received);
    return rc < 0 ? rc : collection_holds(&w->cx, w->store, &holds, &l->holds);
}

/* --- of one instalment ---------------------------------------------------------------------------
 */

/* The first payment of a liability and instalment; they come in this order. */
static size_t first_payment(const struct loading *l, int64_t liability, int64_t number)
{
    size_t low = 0, high = l->payments.n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const struct collection_late_payments_row *p = &l->payments.rows[middle];
        const bool before =
            p->liability_id < liability || (p->liability_id == liability && p->number < number);
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

static int set_payments(struct loading *l, struct late_instalment *x)
{
    const size_t first = first_payment(l, x->liability_id, x->number);
    size_t n = 0;
    while (first + n < l->payments.n &&
           l->payments.rows[first + n].liability_id == x->liability_id &&
           l->payments.rows[first + n].number == x->number) {
        n++;
    }
    struct late_payment *rows = ARENA_ARRAY(l->w->cx.arena, n + 1, struct late_payment);
    if (!rows) {
        return no_memory(l->w);
    }
    for (size_t i = 0; i < n; i++) {
        const struct collection_late_payments_row *p = &l->payments.rows[first + i];
        rows[i] = (struct late_payment){p->paid_ymd, p->yen};
    }
    x->c.payments = rows;
    x->c.n_payments = n;
    return OK;
}

/* Deferral lowers the rate; a suspended claim and a waiver bear nothing. */
static int set_reliefs(struct loading *l, int64_t debtor_id, struct late_instalment *x)
{
    struct late_relief *rows =
        ARENA_ARRAY(l->w->cx.arena, l->holds.n + l->waivers.n + 1, struct late_relief);
    size_t n = 0;
    if (!rows) {
        return no_memory(l->w);
    }
    for (size_t i = 0; i < l->holds.n; i++) {
        const struct collection_holds_row *h = &l->holds.rows[i];
        const bool relieves = str_is(h->kind, "deferred") || str_is(h->kind, "suspended");
        if (h->debtor_id == debtor_id && relieves &&
            (h->liability_id == 0 || h->liability_id == x->liability_id)) {
            rows[n++] =
                (struct late_relief){h->from_ymd, h->to_ymd,
                                     str_is(h->kind, "deferred") ? RELIEF_REDUCED : RELIEF_WAIVED};
        }
    }
    for (size_t i = 0; i < l->waivers.n; i++) {
        const struct collection_late_waivers_row *v = &l->waivers.rows[i];
        if (v->liability_id == x->liability_id && (v->number == 0 || v->number == x->number)) {
            rows[n++] = (struct late_relief){v->from_ymd, v->to_ymd, RELIEF_WAIVED};
        }
    }
    x->c.reliefs = rows;
    x->c.n_reliefs = n;
    return OK;
}

static int fill(struct loading *l, const struct collection_late_instalments_row *r,
                struct late_instalment *x)
{
    *x = (struct late_instalment){.liability_id = r->liability_id,
                                  .number = (int)r->number,
                                  .debtor_id = r->debtor_id,
                                  .notice_no = r->notice_no,
                                  .balance = r->balance_yen,
                                  .c = {.kind = r->kind,
                                        .levy_year = (int)r->levy_year,
                                        .due = r->due_ymd,
                                        .amount = r->charged_yen,
                                        .until = l->day}};
    int rc = set_payments(l, x);
    rc = rc < 0 ? rc : set_reliefs(l, r->debtor_id, x);
    rc = rc < 0 ? rc : late_charge(l->w, &x->c, &x->late);
    if (rc == ERR_NOT_FOUND && strcmp(l->w->cx.error.message, "collection.late.no_rate") == 0) {
        error_clear(&l->w->cx); /* lists go on without it, papers do not */
        x->late.outcome = LATE_UNKNOWN;
        x->late.charge = YEN(0);
        x->late.n = 0;
        rc = OK;
    }
    for (size_t i = 0; rc >= 0 && i < l->received.n; i++) {
        const struct collection_late_received_row *p = &l->received.rows[i];
        if (p->liability_id == x->liability_id && p->number == x->number) {
            x->late_paid = p->yen;
        }
    }
    if (x->late.charge.n > x->late_paid.n) {
        x->late_due = yen_sub(x->late.charge, x->late_paid);
    }
    return rc;
}

/* Paid, but later than due: its late charge is what is left of it. */
static bool is_wanted(const struct collection_late_instalments_row *r, enum late_which which)
{
    return r->balance_yen.n > 0 || (which == LATE_PAID_LATE && r->charged_yen.n > 0);
}

static int load(struct work *w, const int64_t *debtor_ids, size_t n, struct ymd day,
                enum late_which which, struct late_instalments *out)
{
    struct loading l = {.w = w,
                        .day = day,
                        .before = which == LATE_NOT_DUE ? ymd_of(9999, 1, 1) : day};
    *out = (struct late_instalments){NULL, 0};
    int rc = n == 0 ? OK : read_all(&l, debtor_ids, n);
    if (rc < 0 || l.due.n == 0) {
        return rc;
    }
    out->rows = ARENA_ARRAY(w->cx.arena, l.due.n, struct late_instalment);
    if (!out->rows) {
        return no_memory(w);
    }
    for (size_t i = 0; rc >= 0 && i < l.due.n; i++) {
        if (is_wanted(&l.due.rows[i], which)) {
            rc = fill(&l, &l.due.rows[i], &out->rows[out->n++]);
        }
    }
    return rc < 0 ? error_add(&w->cx, "late charges up to a day") : OK;
}

int late_of_debtors(struct work *w, const int64_t *debtor_ids, size_t n, struct ymd day,
                    struct late_instalments *out)
{
    return load(w, debtor_ids, n, day, LATE_UNPAID, out);
}

int late_of_debtor(struct work *w, int64_t debtor_id, struct ymd day, enum late_which which,
                   struct late_instalments *out)
{
    return load(w, &debtor_id, 1, day, which, out);
}

static bool pick(const struct late_instalments *all, int64_t liability_id, int number,
                 struct late_instalment *out)
{
    for (size_t i = 0; i < all->n; i++) {
        if (all->rows[i].liability_id == liability_id && all->rows[i].number == number) {
            *out = all->rows[i];
            return true;
        }
    }
    return false;
}

int late_of_instalment(struct work *w, int64_t liability_id, int number, struct ymd day,
                       struct late_instalment *out)
{
    const struct collection_debtor_of_liability_in in = {liability_id};
    struct collection_debtor_of_liability_row row;
    struct late_instalments all;
    int rc = collection_debtor_of_liability(&w->cx, w->store, &in, &row);
    if (rc <= 0) {
        return rc;
    }
    rc = late_of_debtor(w, row.debtor_id, day, LATE_PAID_LATE, &all);
    if (rc >= 0 && pick(&all, liability_id, number, out)) {
        return 1;
    }
    rc = rc < 0 ? rc : late_of_debtor(w, row.debtor_id, day, LATE_NOT_DUE, &all);
    return rc < 0 ? rc : pick(&all, liability_id, number, out);
}

int late_known(struct work *w, const struct late_instalment *x)
{
    return x->late.outcome == LATE_UNKNOWN ? fail(&w->cx, ERR_NOT_FOUND, "collection.late.no_rate",
                                                  "%d", ymd_fiscal_year(x->c.until))
                                           : OK;
}
