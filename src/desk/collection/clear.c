/* What one receipt does to the instalment it is for. */
#include "desk/collection/clear.h"

const struct clear_policy clear_all = {false, false, false, false};

static struct yen sum(const struct yen part[LEVY_PARTS])
{
    struct yen all = YEN(0);
    for (int k = 0; k < LEVY_PARTS; k++)
        all = yen_add(all, part[k]);
    return all;
}

/* Why the receipt is not an ordinary one; "" when it is. */
static const char *irregularity(const struct clear_target *t, struct yen balance, struct yen paid)
{
    const bool is_nothing_due = balance.n <= 0;

    if (paid.n == 0)
        return "";
    if (is_nothing_due && t->written_off.n > 0)
        return "written_off";
    if (is_nothing_due && sum(t->charged).n == 0)
        return "cancelled";
    if (is_nothing_due)
        return "double";
    if (paid.n > balance.n)
        return "over";
    return paid.n < balance.n ? "short" : "";
}

static bool is_held(const struct clear_policy *p, const char *reason)
{
    const struct {
        const char *reason;
        bool holds;
    } kinds[] = {{"double", p->holds_double},
                 {"over", p->holds_over},
                 {"written_off", p->holds_written_off},
                 {"cancelled", p->holds_cancelled}};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (str_is(str_of(reason), kinds[i].reason))
            return kinds[i].holds;
    }
    return false;
}

/* Only what is positive can be paid: a part below zero is owed to the debtor and stays. */
static void share_due(const struct clear_target *t, struct yen paid, struct yen out[LEVY_PARTS])
{
    struct yen open[LEVY_PARTS];
    bool has_negative = false;

    for (int k = 0; k < LEVY_PARTS; k++) {
        has_negative |= t->due[k].n < 0;
        open[k] = t->due[k].n > 0 ? t->due[k] : YEN(0);
    }
    if (!has_negative && paid.n == sum(t->due).n) {
        for (int k = 0; k < LEVY_PARTS; k++)
            out[k] = t->due[k];
        return;
    }
    parts_share(open, paid, out);
}

void clear_receipt(struct clear_target *t, const struct receipt_record *r,
                   const struct clear_policy *policy, struct cleared *out)
{
    *out = (struct cleared){.outcome = OUTCOME_HELD, .reason = "unknown"};
    if (!t)
        return;
    const struct yen balance = sum(t->due);
    const struct yen to_due = YEN(balance.n <= 0 ? 0 : r->yen.n < balance.n ? r->yen.n : balance.n);

    out->reason = irregularity(t, balance, r->yen);
    if (is_held(policy, out->reason))
        return;
    out->outcome = OUTCOME_POSTED;
    out->late = r->late;
    out->fee = r->fee;
    if (to_due.n > 0)
        share_due(t, to_due, out->due);
    if (r->yen.n > to_due.n)
        parts_share(t->charged, YEN(r->yen.n - to_due.n), out->over);
    for (int k = 0; k < LEVY_PARTS; k++)
        t->due[k] = YEN(t->due[k].n - out->due[k].n);
}
