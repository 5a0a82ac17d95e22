#include "desk/party/party.h"

bool span_holds(struct span s, struct ymd day)
{
    return ymd_compare(s.from, day) <= 0 && (ymd_is_none(s.to) || ymd_compare(day, s.to) < 0);
}

bool span_is_empty(struct span s)
{
    return !ymd_is_none(s.to) && ymd_compare(s.from, s.to) >= 0;
}

struct span span_cut(struct span a, struct span b)
{
    struct span both = {ymd_compare(a.from, b.from) > 0 ? a.from : b.from, a.to};

    if (ymd_is_none(both.to) || (!ymd_is_none(b.to) && ymd_compare(b.to, both.to) < 0))
        both.to = b.to;
    return both;
}
