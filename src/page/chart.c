/*
 * chart: pictures as SVG with their table beside them. Bars lie, because Japanese labels are long
 * and figures are read to the right of them. Classes carry the colours; patterns and words carry
 * the same, so that nothing depends on colour.
 */
#include "page/page.h"

#include <string.h>

enum {
    WIDTH = 720,
    LABEL_MIN = 60,
    LABEL_MAX = 340,
    LETTER = 16,
    FIGURE = 140,
    ROW = 30,
    BAR = 18,
    PAIR = 44
};

static int finish(const struct html *out)
{
    return out->text.failed ? ERR_MEMORY : OK;
}

static bool has_second(const struct chart_series *s)
{
    return s->second_label.n > 0;
}

static int64_t largest(const struct chart_series *s)
{
    int64_t max = 1;
    for (size_t i = 0; i < s->n; i++) {
        if (s->points[i].value > max)
            max = s->points[i].value;
        if (s->points[i].second != INT64_MIN && s->points[i].second > max)
            max = s->points[i].second;
    }
    return max;
}

/* Where the bars begin: behind the longest label. */
static int label_width(const struct chart_series *s)
{
    int width = LABEL_MIN;
    for (size_t i = 0; i < s->n; i++) {
        size_t letters = utf8_length(s->points[i].label);
        int wanted = letters > LABEL_MAX / LETTER ? LABEL_MAX : (int)letters * LETTER + LETTER;
        if (wanted > width)
            width = wanted;
    }
    return width;
}

static int64_t length_of(const struct chart_series *s, int64_t value)
{
    int64_t out = 0;
    if (value <= 0 ||
        !muldiv(value, WIDTH - label_width(s) - FIGURE, largest(s), ROUND_HALF_UP, &out))
        return 0;
    return out > 0 ? out : 1;
}

static void put_figure(struct html *h, int64_t v, struct str unit)
{
    if (v == INT64_MIN)
        return;
    html_count(h, v);
    html_text(h, unit);
}

static void put_bar(struct html *h, const struct chart_series *s, int64_t v, int y, int number)
{
    int64_t n = length_of(s, v);
    int left = label_width(s);
    (void)text_addf(&h->text,
                    "<rect class=\"s%d\" x=\"%d\" y=\"%d\" width=\"%lld\" height=\"%d\" rx=\"2\"/>",
                    number, left, y, (long long)n, BAR);
    (void)text_addf(&h->text, "<text class=\"v\" x=\"%lld\" y=\"%d\">", (long long)(left + n + 6),
                    y + BAR - 4);
    put_figure(h, v, s->unit);
    html_raw(h, "</text>");
}

static void put_cell(struct html *h, int64_t v, struct str unit)
{
    html_raw(h, "<td class=\"money\">");
    put_figure(h, v, unit);
    html_raw(h, "</td>");
}

static void put_table(struct html *h, const struct chart_series *s)
{
    html_raw(h, "<details class=\"chart-table\"><summary>");
    html_message(h, "page.chart.table");
    html_raw(h, "</summary><table><thead><tr><th scope=\"col\">");
    html_message(h, "page.chart.item");
    html_raw(h, "</th><th scope=\"col\">");
    html_text(h, s->first_label.n ? s->first_label : s->title);
    if (has_second(s)) {
        html_raw(h, "</th><th scope=\"col\">");
        html_text(h, s->second_label);
    }
    html_raw(h, "</th></tr></thead><tbody>");
    for (size_t i = 0; i < s->n; i++) {
        html_raw(h, "<tr><th scope=\"row\">");
        html_text(h, s->points[i].label);
        html_raw(h, "</th>");
        put_cell(h, s->points[i].value, s->unit);
        if (has_second(s))
            put_cell(h, s->points[i].second, s->unit);
        html_raw(h, "</tr>");
    }
    html_raw(h, "</tbody></table></details>");
}

static void open_figure(struct html *h, const struct chart_series *s, int height)
{
    html_raw(h, "<figure class=\"chart\"><figcaption>");
    html_text(h, s->title);
    (void)text_addf(&h->text, "</figcaption><svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"",
                    WIDTH, height);
    html_attr(h, s->title);
    html_raw(h, "\">");
}

static void put_key(struct html *h, const struct chart_series *s)
{
    html_raw(h, "<p class=\"key\"><span class=\"k s1\"></span>");
    html_text(h, s->first_label);
    html_raw(h, "<span class=\"k s2\"></span>");
    html_text(h, s->second_label);
    html_raw(h, "</p>");
}

int chart_bars(struct html *out, const struct chart_series *s)
{
    bool two = has_second(s);
    int row = two ? PAIR : ROW;
    open_figure(out, s, (int)s->n * row + 4);
    for (size_t i = 0; i < s->n; i++) {
        const struct chart_point *p = &s->points[i];
        int y = (int)i * row + 4;
        (void)text_addf(&out->text, "<text class=\"l\" x=\"%d\" y=\"%d\">", label_width(s) - 10,
                        y + BAR - 4 + (two ? BAR / 2 : 0));
        html_text(out, p->label);
        html_raw(out, "</text>");
        put_bar(out, s, p->value, y, 1);
        if (two && p->second != INT64_MIN)
            put_bar(out, s, p->second, y + BAR + 1, 2);
    }
    html_raw(out, "</svg>");
    if (two)
        put_key(out, s);
    put_table(out, s);
    html_raw(out, "</figure>\n");
    return finish(out);
}

/* --- shares ------------------------------------------------------------------------------------
 */

static int64_t total_of(const struct chart_series *s)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->n; i++)
        sum += s->points[i].value > 0 ? s->points[i].value : 0;
    return sum;
}

static void put_share(struct html *h, int64_t value, int64_t total)
{
    int64_t per_mille = 0;
    if (total > 0 && muldiv(value, 1000, total, ROUND_HALF_UP, &per_mille))
        (void)text_addf(&h->text, "%lld.%lld%%", (long long)(per_mille / 10),
                        (long long)(per_mille % 10));
}

int chart_shares(struct html *out, const struct chart_series *s)
{
    int64_t total = total_of(s), at = 0, sum = 0;
    open_figure(out, s, 34);
    for (size_t i = 0; i < s->n && total > 0; i++) {
        int64_t end = 0;
        sum += s->points[i].value > 0 ? s->points[i].value : 0;
        (void)muldiv(sum, WIDTH, total, ROUND_HALF_UP, &end);
        if (end > at)
            (void)
                text_addf(&out->text,
                          "<rect class=\"s%zu\" x=\"%lld\" y=\"2\" width=\"%lld\" height=\"30\"/>",
                          i % 6 + 1, (long long)at, (long long)(end - at > 1 ? end - at - 1 : 1));
        at = end;
    }
    html_raw(out, "</svg><ul class=\"shares\">");
    for (size_t i = 0; i < s->n; i++) {
        (void)text_addf(&out->text, "<li><span class=\"k s%zu\"></span>", i % 6 + 1);
        html_text(out, s->points[i].label);
        html_raw(out, " <b>");
        put_share(out, s->points[i].value, total);
        html_raw(out, "</b> ");
        put_figure(out, s->points[i].value, s->unit);
        html_raw(out, "</li>");
    }
    html_raw(out, "</ul></figure>\n");
    return finish(out);
}

/* --- months ------------------------------------------------------------------------------------
 */

static const struct month_class {
    char letter;
    const char *sign; /* message ids */
    const char *word;
} month_classes[] = {
    {'i', "page.months.sign.insured", "page.months.insured"},
    {'n', "page.months.sign.new", "page.months.new"},
    {'x', "page.months.sign.lost", "page.months.lost"},
    {'d', "page.months.sign.deemed", "page.months.deemed"},
    {'e', "page.months.sign.exempt", "page.months.exempt"},
    {'c', "page.months.sign.care", "page.months.care"},
    {'.', "page.months.sign.none", "page.months.none"},
};

static const struct month_class *month_class(char letter)
{
    size_t n = sizeof month_classes / sizeof month_classes[0];
    for (size_t i = 0; i < n; i++) {
        if (month_classes[i].letter == letter)
            return &month_classes[i];
    }
    return &month_classes[n - 1];
}

static void put_month_cell(struct html *h, char letter)
{
    const struct month_class *c = month_class(letter);
    html_raw(h, "<td class=\"m-");
    (void)text_addc(&h->text, c->letter == '.' ? 'o' : c->letter);
    html_raw(h, "\"><span aria-hidden=\"true\">");
    html_message(h, c->sign);
    html_raw(h, "</span><span class=\"unseen\">");
    html_message(h, c->word);
    html_raw(h, "</span></td>");
}

static void put_month_row(struct html *h, const struct chart_row *r)
{
    html_raw(h, "<tr><th scope=\"row\">");
    html_text(h, r->label);
    html_raw(h, "</th>");
    size_t n = strnlen(r->cells, 12);
    for (size_t i = 0; i < 12; i++)
        put_month_cell(h, i < n ? r->cells[i] : '.');
    html_raw(h, "<td class=\"note\">");
    html_text(h, r->note);
    html_raw(h, "</td></tr>\n");
}

static bool uses(const struct chart_row *rows, size_t n, char letter)
{
    for (size_t i = 0; i < n; i++) {
        if (memchr(rows[i].cells, letter, strnlen(rows[i].cells, 12)))
            return true;
    }
    return false;
}

static void put_month_key(struct html *h, const struct chart_row *rows, size_t n)
{
    html_raw(h, "<p class=\"key\" aria-hidden=\"true\">");
    for (size_t i = 0; i < sizeof month_classes / sizeof month_classes[0]; i++) {
        const struct month_class *c = &month_classes[i];
        if (!uses(rows, n, c->letter) || c->letter == '.')
            continue;
        (void)text_addf(&h->text, "<span class=\"k m-%c\">", c->letter);
        html_message(h, c->sign);
        html_raw(h, "</span>");
        html_message(h, c->word);
    }
    html_raw(h, "</p>");
}

static void put_month_head(struct html *h, int fiscal_year)
{
    html_raw(h, "<table class=\"months\"><caption>");
    struct text year;
    text_init(&year, 64);
    (void)text_add_fiscal_year(&year, fiscal_year);
    html_text(h, text_str(&year));
    text_release(&year);
    html_raw(h, "</caption><thead><tr><th scope=\"col\">");
    html_message(h, "page.months.person");
    html_raw(h, "</th>");
    for (int i = 0; i < 12; i++) {
        html_raw(h, "<th scope=\"col\">");
        html_plain(h, (i + 3) % 12 + 1);
        html_message(h, "page.months.month");
        html_raw(h, "</th>");
    }
    html_raw(h, "<th scope=\"col\" class=\"note\">");
    html_message(h, "page.months.note");
    html_raw(h, "</th></tr></thead><tbody>\n");
}

int chart_months(struct html *out, int fiscal_year, const struct chart_row *rows, size_t n)
{
    html_raw(out, "<figure class=\"chart\">");
    put_month_head(out, fiscal_year);
    for (size_t i = 0; i < n; i++)
        put_month_row(out, &rows[i]);
    html_raw(out, "</tbody></table>");
    put_month_key(out, rows, n);
    html_raw(out, "</figure>\n");
    return finish(out);
}
