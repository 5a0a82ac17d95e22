/* A day that is read can be printed in each form and read back as the same day. */
#include "base/base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_back(int (*print)(struct text *, struct ymd), struct ymd d)
{
    struct text t;
    struct ymd back = YMD_NONE;
    text_init(&t, 100);
    check(print(&t, d) == OK);
    check(ymd_parse_any(text_str(&t), &back));
    check(ymd_compare(d, back) == 0);
    text_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    struct ymd d = YMD_NONE;
    int64_t n;
    struct ratio r;
    if (ymd_parse(s, &d)) {
        struct ymd again = YMD_NONE;
        check(ymd_parse_any(s, &again) && ymd_compare(d, again) == 0);
    }
    if (ymd_parse_any(s, &d)) {
        int year;
        int month;
        int day;
        check(!ymd_is_none(d));
        ymd_split(d, &year, &month, &day);
        check_back(text_add_ymd, d);
        if (year >= 1000 && year <= 2117) { /* two digits of an era year, four of the other */
            check_back(text_add_era, d);
            check_back(text_add_era_short, d);
        }
        ymd_is_closed(d);
        school_year_end(d, 15);
    }
    if (str_to_int(s, &n))
        check(size > 0);
    if (ratio_parse(s, true, &r))
        check(r.den > 0);
    return 0;
}
