/* value: numbers, money and days as pages show them; none of it needs escaping. */
#include "page/page.h"

static void add(struct html *h, const struct text *t)
{
    if (t->failed)
        h->text.failed = true;
    else
        html_lit(h, text_str(t).p, t->n);
}

void html_plain(struct html *h, int64_t n)
{
    (void)text_add_int(&h->text, n);
}

void html_count(struct html *h, int64_t n)
{
    (void)text_add_yen(&h->text, YEN(n));
}

void html_fiscal(struct html *h, int64_t year)
{
    (void)text_add_fiscal_year(&h->text, (int)year);
}

void html_yen(struct html *h, struct yen y)
{
    (void)text_add_yen(&h->text, y);
}

void html_yen_plain(struct html *h, struct yen y)
{
    html_plain(h, y.n);
}

void html_day(struct html *h, struct ymd d)
{
    if (!ymd_is_none(d))
        (void)text_add_ymd(&h->text, d);
}

void html_era(struct html *h, struct ymd d)
{
    if (!ymd_is_none(d))
        (void)text_add_era(&h->text, d);
}

void html_era_short(struct html *h, struct ymd d)
{
    if (!ymd_is_none(d))
        (void)text_add_era_short(&h->text, d);
}

/* 令和8年6月: the first day of the month without its day. */
void html_month(struct html *h, struct month m)
{
    static const char first_day[] = "1\xE6\x97\xA5"; /* 1日 */
    if (m.n == MONTH_NONE.n)
        return;
    struct text t;
    text_init(&t, 64);
    (void)text_add_era(&t, month_first(m));
    if (t.n > sizeof first_day - 1)
        t.n -= sizeof first_day - 1;
    add(h, &t);
    text_release(&t);
}

void html_month_plain(struct html *h, struct month m)
{
    if (m.n != MONTH_NONE.n)
        (void)text_addf(&h->text, "%04d-%02d", m.n / 12, m.n % 12 + 1);
}

void html_time(struct html *h, int64_t time_us)
{
    (void)text_add_time(&h->text, time_us);
}

void html_percent(struct html *h, struct ratio r)
{
    if (r.den != 0)
        (void)text_add_ratio_percent(&h->text, r);
}
