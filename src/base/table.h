/*
 * table: the data files of base as sorted tables, written by tools/mktable at build time. Seen
 * by base only. The first column is the key.
 */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include <stddef.h>
#include <stdint.h>

/* data/holidays.tsv: YYYYMMDD */
extern const int32_t holiday_rows[][1];
extern const size_t holiday_rows_count;

/* data/variants.tsv: character, the form it is searched as */
extern const int32_t variant_rows[][2];
extern const size_t variant_rows_count;

/* data/substitutes.tsv: character, what stands in for it in CP932 */
extern const int32_t substitute_rows[][2];
extern const size_t substitute_rows_count;

/* data/kana.tsv: U+30A1..U+30FA without a gap */
enum kana_column {
    KANA_SELF,
    KANA_BASE,
    KANA_VOICING,
    KANA_SMALL,
    KANA_VOWEL,
    KANA_KEY,
    KANA_HALF,
    KANA_HALF_MARK,
    KANA_COLUMNS
};
extern const int32_t kana_rows[][KANA_COLUMNS];
extern const size_t kana_rows_count;

/* The second column of the row whose key is c, 0 when there is none. */
int32_t table_pair(const int32_t (*rows)[2], size_t n, int32_t c);

#endif
