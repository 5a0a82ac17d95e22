/* Reasons of acquisition and loss, and the days they make (国民健康保険法6条から8条). */
#include "desk/eligibility/eligibility.h"

static const struct {
    int reason;
    const char *message;
} reasons[] = {{ACQUIRED_MOVE_IN, "eligibility.reason.01"},
               {ACQUIRED_LEFT_EMPLOYER, "eligibility.reason.02"},
               {ACQUIRED_LEFT_SOCIETY, "eligibility.reason.03"},
               {ACQUIRED_BIRTH, "eligibility.reason.04"},
               {ACQUIRED_ASSISTANCE_END, "eligibility.reason.05"},
               {ACQUIRED_LEFT_LATE_STAGE, "eligibility.reason.06"},
               {ACQUIRED_EX_OFFICIO, "eligibility.reason.07"},
               {ACQUIRED_HOUSEHOLD, "eligibility.reason.08"},
               {ACQUIRED_OTHER, "eligibility.reason.09"},
               {ACQUIRED_STAY_STATUS, "eligibility.reason.10"},
               {LOST_MOVE_OUT, "eligibility.reason.51"},
               {LOST_EMPLOYER, "eligibility.reason.52"},
               {LOST_SOCIETY, "eligibility.reason.53"},
               {LOST_DEATH, "eligibility.reason.54"},
               {LOST_ASSISTANCE, "eligibility.reason.55"},
               {LOST_LATE_STAGE, "eligibility.reason.56"},
               {LOST_EX_OFFICIO, "eligibility.reason.57"},
               {LOST_HOUSEHOLD, "eligibility.reason.58"},
               {LOST_OTHER, "eligibility.reason.59"},
               {LOST_STAY_STATUS, "eligibility.reason.60"}};

const char *reason_message(int reason)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (reasons[i].reason == reason)
            return reasons[i].message;
    }
    return "eligibility.reason.unknown";
}

struct str reason_code(int reason)
{
    const char *message = reason_message(reason);
    return reason_is_known(reason) ? str_of(message + sizeof("eligibility.reason.") - 1) : STR_NONE;
}

int reason_of_code(struct str code)
{
    for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++) {
        if (str_equal(code, reason_code(reasons[i].reason)))
            return reasons[i].reason;
    }
    return 0;
}

bool reason_is_known(int reason)
{
    return reason_message(reason) != reason_message(0);
}

struct ymd acquisition_day(enum acquired_by reason, struct ymd cause)
{
    return reason == ACQUIRED_LEFT_LATE_STAGE ? ymd_add(cause, 1) : cause;
}

struct ymd loss_day(enum lost_by reason, struct ymd cause, bool is_same_day)
{
    switch (reason) {
    case LOST_ASSISTANCE:
    case LOST_SOCIETY:
    case LOST_LATE_STAGE: /* cause: the 75th birthday itself */
    case LOST_HOUSEHOLD:
        return cause;
    case LOST_MOVE_OUT:
        return is_same_day ? cause : ymd_add(cause, 1);
    case LOST_EMPLOYER:
    case LOST_DEATH:
    case LOST_EX_OFFICIO:
    case LOST_OTHER:
    case LOST_STAY_STATUS:
        return ymd_add(cause, 1);
    }
    return ymd_add(cause, 1);
}

bool loss_counts_by_cause(enum lost_by reason)
{
    return reason == LOST_EMPLOYER || reason == LOST_LATE_STAGE;
}

static bool overlaps(struct span a, struct span b)
{
    return !span_is_empty(span_cut(a, b));
}

const char *period_problem(const struct period_claim *c, struct ymd today)
{
    const struct span claimed = {c->acquired, c->lost};

    if (ymd_is_none(c->acquired))
        return "eligibility.period.acquired_missing";
    if (!ymd_is_none(c->birth) && ymd_compare(c->birth, today) > 0)
        return "eligibility.period.birth_in_future";
    if (!ymd_is_none(c->birth) && ymd_compare(c->acquired, c->birth) < 0)
        return "eligibility.period.before_birth";
    if (!ymd_is_none(c->lost) && ymd_compare(c->lost, c->acquired) < 0)
        return "eligibility.period.lost_before_acquired";
    if (!ymd_is_none(c->birth) && ymd_compare(c->acquired, birthday(c->birth, 75)) >= 0)
        return "eligibility.period.late_stage";
    for (size_t i = 0; i < c->n_others; i++) {
        if (overlaps(claimed, c->others[i]))
            return "eligibility.period.overlap";
    }
    return NULL;
}

bool unemployment_code_counts(int32_t code)
{
    return code == 11 || code == 12 || code == 21 || code == 22 || code == 31 || code == 32 ||
           code == 23 || code == 33 || code == 34;
}
