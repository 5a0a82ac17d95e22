/* Until when a premium may be decided (賦課の期間制限), and the terms of a change by the rules. */
#include "desk/levy/correction.h"

/* A rule set without the value decides nothing: the error names it. */
static int count_of(struct context *cx, const struct plan *plan, const char *name, int64_t *out)
{
    struct law_value v;
    int rc = ruleset_value(cx, plan_ruleset(plan), plan_fiscal_year(plan), str_of(name), &v);
    if (rc >= 0 && (v.none || v.num < 0)) {
        return fail(cx, ERR_RANGE, "levy.rules.instalments", "%s", name);
    }
    *out = rc < 0 ? 0 : v.num;
    return rc;
}

static struct ymd years_after(struct ymd d, int64_t years)
{
    int y, m, day;
    ymd_split(d, &y, &m, &day);
    return m == 2 && day == 29 ? ymd_of(y + (int)years, 2, 28) : ymd_of(y + (int)years, m, day);
}

int levy_limit_of(struct context *cx, const struct plan *plan, const struct levy_schedule *calendar,
                  struct ymd from, struct levy_limit *out)
{
    int64_t up = 0;
    int64_t down = 0;
    int rc = count_of(cx, plan, "増額できる年数", &up);
    rc = rc < 0 ? rc : count_of(cx, plan, "減額できる年数", &down);
    if (rc < 0) {
        return rc;
    }
    struct ymd first = calendar->row[0].due;
    *out = (struct levy_limit){.first = ymd_compare(from, first) > 0 ? from : first};
    out->increase = years_after(out->first, up);
    out->decrease = years_after(out->first, down);
    return 0;
}

int schedule_terms_of(struct context *cx, const struct plan *plan,
                      const struct levy_schedule *calendar, struct ymd issued,
                      struct schedule_terms *out)
{
    int64_t months = 1;
    *out = (struct schedule_terms){.calendar = calendar, .issued = issued};
    int rc = count_of(cx, plan, "通知の余日", &out->lead);
    rc = rc < 0 ? rc : count_of(cx, plan, "期割の単位", &out->unit);
    rc = rc < 0 ? rc : count_of(cx, plan, "随時の期の月数", &months);
    if (rc < 0) {
        return rc;
    }
    out->unit = out->unit < 1 ? 1 : out->unit;
    out->extra_due = ymd_next_open(month_last(month_add(ymd_month(issued), (int)months)));
    return 0;
}
