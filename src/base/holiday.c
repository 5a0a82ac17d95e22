#include "base/date.h"
#include "base/table.h"

static int32_t number_of(struct ymd d)
{
    int year;
    int month;
    int day;
    ymd_split(d, &year, &month, &day);
    return year * 10000 + month * 100 + day;
}

bool ymd_is_holiday(struct ymd d)
{
    int32_t key = number_of(d);
    size_t low = 0;
    size_t high = holiday_rows_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (holiday_rows[middle][0] == key)
            return true;
        if (holiday_rows[middle][0] < key)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

bool ymd_is_closed(struct ymd d)
{
    int weekday = ymd_weekday(d);
    int32_t month_day = number_of(d) % 10000;
    return weekday == 0 || weekday == 6 || month_day >= 1229 || month_day <= 103 ||
           ymd_is_holiday(d);
}

struct ymd ymd_next_open(struct ymd d)
{
    while (!ymd_is_none(d) && ymd_is_closed(d))
        d = ymd_add(d, 1);
    return d;
}

struct ymd holidays_known_until(void)
{
    return ymd_of(holiday_rows[holiday_rows_count - 1][0] / 10000, 12, 31);
}
