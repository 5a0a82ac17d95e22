#include "law/law.h"

/* The fiscal year's months in the order of the year: 4月 .. 3月. */
static int calendar_month(int index)
{
    return (index + 3) % 12 + 1;
}

static void add_months(struct text *t, int64_t set)
{
    if (set == 0)
        text_adds(t, "無月");
    for (int i = 0; i < 12; i++) {
        if (!(set >> i & 1))
            continue;
        int last = i;
        while (last < 11 && (set >> (last + 1) & 1))
            last++;
        text_addf(t, "%s%d月", t->n > 0 && (set & ((INT64_C(1) << i) - 1)) ? "・" : "",
                  calendar_month(i));
        if (last > i)
            text_addf(t, "〜%d月", calendar_month(last));
        i = last;
    }
}

static void add_integer(struct text *t, int64_t n)
{
    text_add_yen(t, YEN(n));
}

/* Decimals when they end, a fraction otherwise: 13,230.5  1,234と1/3 */
static void add_fraction(struct text *t, int64_t num, int64_t den)
{
    int64_t whole = num / den, rest = num % den;
    struct ratio r = ratio_of(rest < 0 ? -rest : rest, den);
    if (num < 0 && whole == 0)
        text_addc(t, '-');
    add_integer(t, whole);
    if (r.num == 0)
        return;
    int64_t scale = 1, digits = r.num;
    int places = 0;
    while (places < 9 && scale % r.den != 0) {
        scale *= 10;
        places++;
    }
    if (scale % r.den == 0) {
        digits = r.num * (scale / r.den);
        text_addf(t, ".%0*lld", places, (long long)digits);
    } else {
        text_addf(t, "と%lld/%lld", (long long)r.num, (long long)r.den);
    }
}

/* Percent where it is one with few decimals, otherwise the number itself. */
static void add_ratio(struct text *t, int64_t num, int64_t den)
{
    struct ratio r = ratio_of(num, den);
    if (1000000 % r.den == 0) {
        add_fraction(t, r.num * 100, r.den);
        text_addc(t, '%');
    } else {
        text_addf(t, "%lld/%lld", (long long)r.num, (long long)r.den);
    }
}

int text_add_law_value(struct text *t, const struct law_value *v)
{
    struct text months;
    if (v->none)
        return text_adds(t, "なし");
    switch (v->type) {
    case LAW_YEN:
        add_fraction(t, v->num, v->den);
        text_adds(t, "円");
        break;
    case LAW_RATIO:
        add_ratio(t, v->num, v->den);
        break;
    case LAW_COUNT:
        add_fraction(t, v->num, v->den);
        break;
    case LAW_DATE:
        if (v->num == LAW_NO_DATE)
            text_adds(t, "未到来");
        else
            text_add_era(t, (struct ymd){(int32_t)v->num});
        break;
    case LAW_MONTH:
        text_addf(t, "%d月", calendar_month((int)(v->num % 12)));
        break;
    case LAW_MONTHS:
        text_init(&months, 256);
        add_months(&months, v->num);
        text_add(t, text_str(&months));
        text_release(&months);
        break;
    case LAW_TRUTH:
        text_adds(t, v->num ? "はい" : "いいえ");
        break;
    case LAW_CHOICE:
        text_add(t, v->word);
        break;
    }
    return t->failed ? ERR_MEMORY : OK;
}
