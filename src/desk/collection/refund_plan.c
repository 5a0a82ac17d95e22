/* What becomes of a debtor's overpayments; what they consist of. */
#include "desk/collection/refund_plan.h"

struct yen parts_sum(const struct yen part[LEVY_PARTS])
{
    struct yen all = YEN(0);
    for (int k = 0; k < LEVY_PARTS; k++)
        all = yen_add(all, part[k]);
    return all;
}

void parts_of(const struct yen whole[LEVY_PARTS], struct yen amount, struct yen out[LEVY_PARTS])
{
    struct yen open[LEVY_PARTS];

    for (int k = 0; k < LEVY_PARTS; k++) {
        open[k] = whole[k].n > 0 ? whole[k] : YEN(0);
        out[k] = whole[k];
    }
    if (parts_sum(whole).n != amount.n)
        parts_share(open, amount, out);
}

/* --- the plan -----------------------------------------------------------------------------------
 */

static void take_off(struct yen from[LEVY_PARTS], const struct yen part[LEVY_PARTS])
{
    for (int k = 0; k < LEVY_PARTS; k++)
        from[k] = YEN(from[k].n - part[k].n);
}

static int64_t owed(const struct refund_instalment *r, enum refund_line_kind kind)
{
    return kind == LINE_PREMIUM ? parts_sum(r->due).n : kind == LINE_LATE ? r->late.n : r->fee.n;
}

static void pay(struct refund_instalment *r, const struct refund_line *line)
{
    if (line->kind == LINE_PREMIUM)
        take_off(r->due, line->to_part);
    else if (line->kind == LINE_LATE)
        r->late = YEN(r->late.n - line->yen.n);
    else
        r->fee = YEN(r->fee.n - line->yen.n);
}

/* What an appropriation pays beside the premium has no parts of its own: it keeps the giver's. */
static size_t appropriate(struct refund_instalment *rows, size_t from, size_t to,
                          enum refund_line_kind kind, struct refund_line *out)
{
    struct refund_instalment *giver = &rows[from];
    const int64_t has = parts_sum(giver->over).n;
    const int64_t wants = owed(&rows[to], kind);
    const struct yen amount = YEN(has < wants ? has : wants);

    if (amount.n <= 0)
        return 0;
    *out = (struct refund_line){.kind = kind, .from = from, .to = to, .yen = amount};
    parts_of(giver->over, amount, out->part);
    for (int k = 0; k < LEVY_PARTS; k++)
        out->to_part[k] = out->part[k];
    if (kind == LINE_PREMIUM)
        parts_of(rows[to].due, amount, out->to_part);
    take_off(giver->over, out->part);
    pay(&rows[to], out);
    return 1;
}

static size_t give_back(struct refund_instalment *rows, size_t from, struct refund_line *out)
{
    const struct yen left = parts_sum(rows[from].over);

    if (left.n <= 0)
        return 0;
    *out = (struct refund_line){.kind = LINE_REFUND, .from = from, .to = from, .yen = left};
    for (int k = 0; k < LEVY_PARTS; k++)
        out->part[k] = rows[from].over[k];
    take_off(rows[from].over, out->part);
    return 1;
}

size_t refund_plan(struct refund_instalment *rows, size_t n, const struct refund_terms *t,
                   struct refund_line *out)
{
    size_t lines = 0;

    for (size_t from = 0; from < n; from++) {
        for (size_t to = 0; to < n; to++) {
            const bool is_arrears = t->is_open_too || ymd_compare(rows[to].due_day, t->as_of) < 0;
            const bool may = is_arrears && rows[to].is_tax == rows[from].is_tax;
            for (int k = 0; k < 3 && may; k++)
                lines += appropriate(rows, from, to, t->order[k], &out[lines]);
        }
        lines += give_back(rows, from, &out[lines]);
    }
    return lines;
}

/* --- lots ---------------------------------------------------------------------------------------
 */

struct lots {
    struct refund_lot *rows, *payments;
    size_t n, n_payments;
};

static void add_lot(struct lots *l, struct refund_lot lot)
{
    l->rows[l->n++] = lot;
}

/* A reduction makes the newest payments too much. */
static void reduce(struct lots *l, int64_t yen, struct ymd arose)
{
    struct ymd paid = arose;

    for (size_t i = l->n_payments; i > 0 && yen > 0; i--) {
        struct refund_lot *p = &l->payments[i - 1];
        const int64_t take = p->yen.n < yen ? p->yen.n : yen;
        paid = take > 0 ? p->paid : paid;
        if (take > 0)
            add_lot(l, (struct refund_lot){YEN(take), p->paid, arose, CAUSE_REDUCED});
        p->yen = YEN(p->yen.n - take);
        yen -= take;
    }
    if (yen > 0)
        add_lot(l, (struct refund_lot){YEN(yen), paid, arose, CAUSE_REDUCED});
}

static void consume(struct lots *l, int64_t yen)
{
    size_t kept = 0;

    for (size_t i = 0; i < l->n; i++) {
        struct refund_lot lot = l->rows[i];
        const int64_t take = lot.yen.n < yen ? lot.yen.n : yen;
        lot.yen = YEN(lot.yen.n - take);
        yen -= take;
        if (lot.yen.n > 0)
            l->rows[kept++] = lot;
    }
    l->n = kept;
}

static void step(struct lots *l, const struct refund_step *s)
{
    const bool is_receipt = str_is(s->kind, "receipt") || str_is(s->kind, "reposted");

    if ((s->received.n > 0 || s->appropriated.n > 0) && s->due.n < 0)
        l->payments[l->n_payments++] =
            (struct refund_lot){YEN(-s->due.n), s->value, s->value, CAUSE_REDUCED};
    if (s->over.n < 0 && is_receipt)
        add_lot(l, (struct refund_lot){YEN(-s->over.n), s->value, s->value, CAUSE_ERRONEOUS});
    else if (s->over.n < 0)
        reduce(l, -s->over.n, s->value);
    else if (s->over.n > 0)
        consume(l, s->over.n);
}

size_t refund_lots(const struct refund_step *steps, size_t n, struct yen unposted, struct ymd as_of,
                   struct refund_lot *out, struct refund_lot *payments)
{
    struct lots l = {.rows = out, .payments = payments};

    for (size_t i = 0; i < n; i++)
        step(&l, &steps[i]);
    if (unposted.n > 0)
        reduce(&l, unposted.n, as_of);
    return l.n;
}

size_t refund_take_lots(struct refund_instalment *r, struct yen amount, struct refund_lot *out)
{
    size_t n = 0;
    int64_t left = amount.n;

    while (left > 0 && r->at_lot < r->n_lots) {
        const struct refund_lot *lot = &r->lots[r->at_lot];
        const int64_t has = lot->yen.n - r->of_lot.n;
        const int64_t take = has < left ? has : left;
        out[n] = *lot;
        out[n++].yen = YEN(take);
        left -= take;
        r->of_lot = YEN(r->of_lot.n + take);
        if (r->of_lot.n == lot->yen.n) {
            r->at_lot++;
            r->of_lot = YEN(0);
        }
    }
    return n;
}
