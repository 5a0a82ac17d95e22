/*
 * number: yen and exact ratios. No floating point anywhere near money.
 * Overflow is refused (ERR_RANGE through the *_checked forms) or asserted where it cannot happen.
 */
#ifndef BASE_NUMBER_H
#define BASE_NUMBER_H

#include "base/text.h"

struct yen {
    int64_t n;
};
#define YEN(v) ((struct yen){(v)})

/* |n| of any yen in the program is below this (10^15), so sums of 1,000 cannot overflow. */
#define YEN_LIMIT INT64_C(1000000000000000)

struct yen yen_add(struct yen a, struct yen b); /* asserts the limit */
struct yen yen_sub(struct yen a, struct yen b);
bool yen_add_checked(struct yen a, struct yen b, struct yen *out);

/* num/den, den > 0, reduced. */
struct ratio {
    int64_t num;
    int64_t den;
};
enum rounding {
    ROUND_FLOOR,   /* 切捨 (towards minus infinity) */
    ROUND_CEILING, /* 切上 */
    ROUND_HALF_UP  /* 四捨五入 (0.5 away from zero) */
};
struct ratio ratio_of(int64_t num, int64_t den);
/* "7.71" percent -> 771/10000 with percent true; "0.72" -> 18/25 with percent false. */
bool ratio_parse(struct str s, bool percent, struct ratio *out);
bool ratio_add(struct ratio a, struct ratio b, struct ratio *out); /* false: out of range */
bool ratio_sub(struct ratio a, struct ratio b, struct ratio *out);
bool ratio_mul(struct ratio a, struct ratio b, struct ratio *out);
bool ratio_div(struct ratio a, struct ratio b, struct ratio *out);
int ratio_compare(struct ratio a, struct ratio b);
/* Rounds to a multiple of unit (1, 10, 100, 1000 yen). */
bool ratio_round(struct ratio r, enum rounding how, int64_t unit, int64_t *out);
/* floor(a * b / c) and friends without overflow of the product. */
bool muldiv(int64_t a, int64_t b, int64_t c, enum rounding how, int64_t *out);

/* "1,234,567" ; "12.34%" style helpers for pages and paper. */
int text_add_yen(struct text *t, struct yen y);             /* 1,234,567 or -1,234 */
int text_add_ratio_percent(struct text *t, struct ratio r); /* 7.71 */

#endif
