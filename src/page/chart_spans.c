/*
 * chart_spans: what lasted from when to when, in lanes over the years, with the table beside it.
 * Every bar carries its words, so that nothing depends on colour; an end outside of the picture is
 * open.
 */
#include "page/page.h"

enum { WIDTH = 1080, LEFT = 132, RIGHT = 12, TOP = 26, LANE = 28, BAR = 22, LETTER = 13, DEEP = 8 };

struct drawing {
    struct html *h;
    const struct chart_lanes *c;
    int y; /* of the lane */
};

static int64_t x_of(const struct drawing *d, struct ymd day)
{
    int64_t span = d->c->to.day - d->c->from.day;
    int64_t at = day.day - d->c->from.day;
    int64_t out = 0;
    if (at <= 0 || span <= 0)
        return LEFT;
    if (at >= span)
        return WIDTH - RIGHT;
    (void)muldiv(at, WIDTH - RIGHT - LEFT, span, ROUND_HALF_UP, &out);
    return LEFT + out;
}

static struct ymd end_of(const struct drawing *d, const struct chart_span *s)
{
    return ymd_is_none(s->to) ? d->c->to : s->to;
}

static bool is_shown(const struct drawing *d, const struct chart_span *s)
{
    return s->from.day < d->c->to.day && end_of(d, s).day >= d->c->from.day;
}

/* Which row of its lane: the first one that is free where it begins. */
static int place(const struct drawing *d, const struct chart_span *s, int64_t taken[DEEP])
{
    int64_t x = x_of(d, s->from);
    int row = 0;
    while (row < DEEP - 1 && taken[row] > x)
        row++;
    int64_t wide = (int64_t)utf8_length(s->label) * LETTER + 8;
    int64_t end = x_of(d, end_of(d, s));
    bool is_day = s->to.day == s->from.day;
    taken[row] = (is_day && x + wide > end ? x + wide : end) + 1;
    return row;
}

static struct str first_letters(struct str s, size_t n)
{
    struct str rest = s;
    for (size_t i = 0; i < n && rest.n > 0; i++)
        (void)utf8_next(&rest);
    return (struct str){s.p, s.n - rest.n};
}

static void put_label(struct drawing *d, const struct chart_span *s, int64_t x, int64_t width)
{
    size_t room = width > LETTER ? (size_t)(width - 6) / LETTER : 0;
    size_t letters = utf8_length(s->label);
    if (room < 2 && letters > room)
        return;
    struct str shown = letters <= room ? s->label : first_letters(s->label, room);
    (void)text_addf(&d->h->text, "<text class=\"in\" x=\"%lld\" y=\"%d\">", (long long)x + 4,
                    d->y + BAR - 6);
    html_text(d->h, shown);
    html_raw(d->h, "</text>");
}

static void put_span(struct drawing *d, const struct chart_span *s, int row)
{
    int64_t x = x_of(d, s->from);
    int64_t width = x_of(d, end_of(d, s)) - x;
    int lane = d->y;
    d->y += row * LANE;
    (void)text_addf(&d->h->text, "<g class=\"span t%d\"><title>", s->look);
    html_text(d->h, s->label);
    html_raw(d->h, " ");
    html_era_short(d->h, s->from);
    html_raw(d->h, " ");
    html_era_short(d->h, s->to);
    (void)text_addf(&d->h->text,
                    "</title><rect x=\"%lld\" y=\"%d\" width=\"%lld\" height=\"%d\" rx=\"3\"/>",
                    (long long)x, d->y, (long long)(width > 3 ? width : 3), BAR);
    put_label(d, s, x, width > 3 ? width : WIDTH - RIGHT - x);
    html_raw(d->h, "</g>");
    d->y = lane;
}

/* From the first of a lane's spans; gives the first of the next lane. */
static size_t put_lane(struct drawing *d, size_t at)
{
    const struct chart_span *first = &d->c->rows[at];
    int64_t taken[DEEP] = {0};
    int rows = 1;
    (void)text_addf(&d->h->text, "<text class=\"l\" x=\"%d\" y=\"%d\">", LEFT - 8, d->y + BAR - 6);
    html_text(d->h, first->lane);
    html_raw(d->h, "</text>");
    for (; at < d->c->n && str_equal(d->c->rows[at].lane, first->lane); at++) {
        if (!is_shown(d, &d->c->rows[at]))
            continue;
        int row = place(d, &d->c->rows[at], taken);
        put_span(d, &d->c->rows[at], row);
        rows = row + 1 > rows ? row + 1 : rows;
    }
    d->y += rows * LANE + 4;
    return at;
}

static void put_years(struct drawing *d, int height)
{
    int year = 0;
    int month = 0;
    int day = 0;
    ymd_split(d->c->from, &year, &month, &day);
    for (struct ymd first = ymd_of(month > 1 || day > 1 ? year + 1 : year, 1, 1);
         first.day < d->c->to.day; first = ymd_of(++year + (month > 1 || day > 1), 1, 1)) {
        int64_t x = x_of(d, first);
        (void)text_addf(&d->h->text,
                        "<line class=\"grid\" x1=\"%lld\" y1=\"18\" x2=\"%lld\" y2=\"%d\"/>"
                        "<text class=\"year\" x=\"%lld\" y=\"14\">",
                        (long long)x, (long long)x, height, (long long)x + 3);
        html_month(d->h, ymd_month(first));
        html_raw(d->h, "</text>");
    }
    int64_t now = x_of(d, d->c->today);
    (void)text_addf(&d->h->text,
                    "<line class=\"now\" x1=\"%lld\" y1=\"18\" x2=\"%lld\" y2=\"%d\"/>",
                    (long long)now, (long long)now, height);
}

/* As put_lane without drawing: how high it gets. */
static int height_of(const struct chart_lanes *c)
{
    struct html nothing;
    html_init(&nothing);
    struct drawing d = {.h = &nothing, .c = c, .y = TOP};
    for (size_t at = 0; at < c->n;)
        at = put_lane(&d, at);
    html_release(&nothing);
    return d.y;
}

static void put_table(struct html *h, const struct chart_lanes *c)
{
    html_raw(h, "<details class=\"chart-table\"><summary>");
    html_message(h, "page.chart.table");
    html_raw(h, "</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">");
    html_message(h, "page.chart.item");
    html_raw(h, "</th><th scope=\"col\">");
    html_message(h, "page.chart.what");
    html_raw(h, "</th><th scope=\"col\">");
    html_message(h, "page.chart.from");
    html_raw(h, "</th><th scope=\"col\">");
    html_message(h, "page.chart.to");
    html_raw(h, "</th><th scope=\"col\">");
    html_message(h, "page.chart.source");
    html_raw(h, "</th></tr></thead><tbody>");
    for (size_t i = 0; i < c->n; i++) {
        const struct chart_span *s = &c->rows[i];
        html_raw(h, "<tr><th scope=\"row\">");
        html_text(h, s->lane);
        html_raw(h, "</th><td>");
        html_text(h, s->label);
        html_raw(h, "</td><td class=\"nowrap\">");
        html_era_short(h, s->from);
        html_raw(h, "</td><td class=\"nowrap\">");
        html_era_short(h, s->to);
        html_raw(h, "</td><td>");
        html_text(h, s->note);
        html_raw(h, "</td></tr>");
    }
    html_raw(h, "</tbody></table></div></details>");
}

int chart_spans(struct html *out, const struct chart_lanes *c)
{
    int height = height_of(c);
    struct drawing d = {.h = out, .c = c, .y = TOP};
    html_raw(out, "<figure class=\"chart lanes\"><figcaption>");
    html_text(out, c->title);
    (void)text_addf(&out->text,
                    "</figcaption><svg role=\"img\" viewBox=\"0 0 %d %d\" aria-label=\"", WIDTH,
                    height);
    html_attr(out, c->title);
    html_raw(out, "\">");
    put_years(&d, height);
    for (size_t at = 0; at < c->n;)
        at = put_lane(&d, at);
    html_raw(out, "</svg>");
    put_table(out, c);
    html_raw(out, "</figure>\n");
    return out->text.failed ? ERR_MEMORY : OK;
}
