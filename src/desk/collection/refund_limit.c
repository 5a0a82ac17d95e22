/* Until when a refund can be claimed (還付請求権の時効): years by the rules, from the day after the
 * overpayment arose. */
#include "desk/collection/refund_inner.h"

int refund_limit_years(struct work *w, bool is_tax, int64_t *out)
{
    const char *name = is_tax ? "税の還付を請求できる年数" : "料の還付を請求できる年数";
    const struct ruleset *rules;
    struct law_value v;
    int rc = levy_rules(w, KNOWN_NOW, &rules);

    rc = rc < 0 ? rc : ruleset_value(&w->cx, rules, ymd_fiscal_year(w->today), str_of(name), &v);
    if (rc >= 0 && (v.none || v.num < 1))
        return fail(&w->cx, ERR_RANGE, "collection.refund.years", "%s", name);
    *out = rc < 0 ? 0 : v.num;
    return rc;
}

struct ymd refund_last_day(struct ymd arose, int64_t years)
{
    int y, m, d;

    ymd_split(arose, &y, &m, &d);
    return m == 2 && d == 29 ? ymd_of(y + (int)years, 2, 28) : ymd_of(y + (int)years, m, d);
}
