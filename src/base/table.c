#include "base/table.h"

int32_t table_pair(const int32_t (*rows)[2], size_t n, int32_t c)
{
    size_t low = 0;
    size_t high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (rows[middle][0] == c)
            return rows[middle][1];
        if (rows[middle][0] < c)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}
