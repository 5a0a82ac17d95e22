#include "base/number.h"

#include <assert.h>

/* Products of two int64 fit; the language has no name for it yet. */
__extension__ typedef __int128 wide;

static bool within_limit(int64_t n)
{
    return n < YEN_LIMIT && n > -YEN_LIMIT;
}

bool yen_add_checked(struct yen a, struct yen b, struct yen *out)
{
    int64_t sum;
    if (__builtin_add_overflow(a.n, b.n, &sum) || !within_limit(sum))
        return false;
    *out = YEN(sum);
    return true;
}

struct yen yen_add(struct yen a, struct yen b)
{
    struct yen sum = YEN(0);
    bool fits = yen_add_checked(a, b, &sum);
    assert(fits && "yen over its limit");
    (void)fits;
    return sum;
}

struct yen yen_sub(struct yen a, struct yen b)
{
    assert(b.n != INT64_MIN);
    return yen_add(a, YEN(-b.n));
}

static wide wide_gcd(wide a, wide b)
{
    if (a < 0)
        a = -a;
    while (b != 0) {
        wide r = a % b;
        a = b;
        b = r;
    }
    return a;
}

static bool fits_int64(wide n)
{
    return n >= INT64_MIN && n <= INT64_MAX;
}

static bool reduce(wide num, wide den, struct ratio *out)
{
    if (den == 0)
        return false;
    if (den < 0) {
        num = -num;
        den = -den;
    }
    wide g = wide_gcd(num, den);
    num /= g;
    den /= g;
    if (!fits_int64(num) || !fits_int64(den))
        return false;
    *out = (struct ratio){(int64_t)num, (int64_t)den};
    return true;
}

struct ratio ratio_of(int64_t num, int64_t den)
{
    struct ratio r = {0, 1};
    bool made = reduce(num, den, &r);
    assert(made && "ratio with denominator 0 or out of range");
    (void)made;
    return r;
}

/* Digits into *v, which already holds those before the point; false on overflow. */
static bool take_digits(struct str *s, int64_t *v, size_t *count)
{
    *count = 0;
    while (s->n > 0 && s->p[0] >= '0' && s->p[0] <= '9') {
        if (__builtin_mul_overflow(*v, 10, v) || __builtin_add_overflow(*v, s->p[0] - '0', v))
            return false;
        s->p++;
        s->n--;
        (*count)++;
    }
    return true;
}

bool ratio_parse(struct str s, bool percent, struct ratio *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    if (negative) {
        s.p++;
        s.n--;
    }
    int64_t num = 0;
    size_t before;
    size_t after = 0;
    if (!take_digits(&s, &num, &before) || before == 0)
        return false;
    if (s.n > 0 && s.p[0] == '.') {
        s.p++;
        s.n--;
        if (!take_digits(&s, &num, &after) || after == 0 || after > 18)
            return false;
    }
    if (s.n > 0)
        return false;
    wide den = percent ? 100 : 1;
    for (size_t i = 0; i < after; i++)
        den *= 10;
    return reduce(negative ? -(wide)num : num, den, out);
}

bool ratio_add(struct ratio a, struct ratio b, struct ratio *out)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return reduce(left + right, (wide)a.den * b.den, out);
}

bool ratio_sub(struct ratio a, struct ratio b, struct ratio *out)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return reduce(left - right, (wide)a.den * b.den, out);
}

bool ratio_mul(struct ratio a, struct ratio b, struct ratio *out)
{
    return reduce((wide)a.num * b.num, (wide)a.den * b.den, out);
}

bool ratio_div(struct ratio a, struct ratio b, struct ratio *out)
{
    return reduce((wide)a.num * b.den, (wide)a.den * b.num, out);
}

int ratio_compare(struct ratio a, struct ratio b)
{
    wide left = (wide)a.num * b.den;
    wide right = (wide)b.num * a.den;
    return (left > right) - (left < right);
}

/* num / den to a whole number, den > 0. */
static wide divide(wide num, wide den, enum rounding how)
{
    wide q = num / den;
    wide r = num % den;
    switch (how) {
    case ROUND_FLOOR:
        return r < 0 ? q - 1 : q;
    case ROUND_CEILING:
        return r > 0 ? q + 1 : q;
    case ROUND_HALF_UP:
        if (r >= den - r) /* r + r >= den without the sum */
            return q + 1;
        if (-r >= den + r)
            return q - 1;
        return q;
    }
    assert(false && "unknown rounding");
    return q;
}

bool ratio_round(struct ratio r, enum rounding how, int64_t unit, int64_t *out)
{
    assert(r.den > 0 && unit > 0);
    wide n = divide(r.num, (wide)r.den * unit, how) * unit;
    if (!fits_int64(n))
        return false;
    *out = (int64_t)n;
    return true;
}

bool muldiv(int64_t a, int64_t b, int64_t c, enum rounding how, int64_t *out)
{
    if (c == 0)
        return false;
    wide num = (wide)a * b;
    wide n = c > 0 ? divide(num, c, how) : divide(-num, -(wide)c, how);
    if (!fits_int64(n))
        return false;
    *out = (int64_t)n;
    return true;
}

int text_add_yen(struct text *t, struct yen y)
{
    char reversed[32];
    size_t n = 0;
    uint64_t v = y.n < 0 ? 0 - (uint64_t)y.n : (uint64_t)y.n;
    for (int digits = 0; digits == 0 || v > 0; digits++, v /= 10) {
        if (digits > 0 && digits % 3 == 0)
            reversed[n++] = ',';
        reversed[n++] = (char)('0' + v % 10);
    }
    if (y.n < 0)
        reversed[n++] = '-';
    char out[sizeof reversed];
    for (size_t i = 0; i < n; i++)
        out[i] = reversed[n - 1 - i];
    return text_add(t, (struct str){out, n});
}

/* A ratio that has no end as a decimal is shown as the fraction it is, never rounded silently. */
int text_add_ratio_percent(struct text *t, struct ratio r)
{
    assert(r.den > 0);
    wide num = (wide)r.num * 100;
    wide g = wide_gcd(num, r.den);
    num /= g;
    wide den = r.den / g;
    bool negative = num < 0;
    wide rest = negative ? -num : num;
    char decimals[20];
    size_t n = 0;
    wide whole = rest / den;
    rest %= den;
    while (rest != 0 && n < sizeof decimals) {
        rest *= 10;
        decimals[n++] = (char)('0' + (int)(rest / den));
        rest %= den;
    }
    text_adds(t, negative ? "-" : "");
    if (rest != 0 || !fits_int64(whole)) {
        wide top = negative ? -num : num;
        if (!fits_int64(top))
            return text_addf(t, "%lld/%lld*100", (long long)r.num, (long long)r.den);
        return text_addf(t, "%lld/%lld", (long long)top, (long long)den);
    }
    text_addf(t, "%lld", (long long)whole);
    if (n > 0) {
        text_addc(t, '.');
        text_add(t, (struct str){decimals, n});
    }
    return t->failed ? ERR_MEMORY : OK;
}
