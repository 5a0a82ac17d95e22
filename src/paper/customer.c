/* Customer barcode of Japan Post (カスタマバーコード, formats.md 12.1). */
#include "paper/paper.h"

#include <string.h>
#include <zint.h>

/* --- 抜き出し ------------------------------------------------------------------------------- */

enum { MOST = 64 }; /* characters kept while reading an address */
struct extract {
    char c[MOST];
    size_t n;
};

static void keep(struct extract *x, char c)
{
    if (x->n < MOST)
        x->c[x->n++] = c;
}

static int32_t to_half(int32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    /* every hyphen, dash and minus that addresses are written with */
    if (c == 0x2010 || c == 0x2011 || c == 0x2012 || c == 0x2013 || c == 0x2014 || c == 0x2015 ||
        c == 0x2212 || c == 0x30FC || c == 0xFF70)
        return '-';
    return c;
}

/* 〇一二三四五六七八九 as 0..9, 十 as 10, 百 as 100; -1 otherwise. */
static int kanji_figure(int32_t c)
{
    static const uint16_t figures[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                       0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int i = 0; i < 10; i++)
        if (figures[i] == c)
            return i;
    return c == 0x5341 ? 10 : c == 0x767E ? 100 : -1;
}

/* 丁 番 号 条 線 地割 の ノ: what a kanji number must stand before to count as a number. */
static bool is_counter(int32_t c)
{
    return c == 0x4E01 || c == 0x756A || c == 0x53F7 || c == 0x6761 || c == 0x7DDA || c == 0x306E ||
           c == 0x30CE || c == 0x5730;
}

static void keep_number(struct extract *x, int value)
{
    char reversed[8];
    int n = 0;
    do {
        reversed[n++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0 && n < 8);
    while (n-- > 0)
        keep(x, reversed[n]);
}

/* A stretch of kanji figures: 二十九 -> 29, 一二 -> 12. */
static int read_kanji_number(struct str *rest)
{
    int total = 0;
    int pending = 0;
    bool any = false;
    for (;;) {
        struct str before = *rest;
        int figure = kanji_figure(utf8_next(rest));
        if (figure < 0 || total > 99999) {
            *rest = before;
            return total + pending;
        }
        if (figure >= 10) {
            total += (any && pending > 0 ? pending : 1) * figure;
            pending = 0;
        } else {
            pending = pending * 10 + figure;
        }
        any = true;
    }
}

static void take_kanji_number(struct extract *x, struct str *rest)
{
    struct str number = *rest;
    int value = read_kanji_number(&number);
    struct str next = number;
    if (is_counter(utf8_next(&next)))
        keep_number(x, value);
    else
        keep(x, ' ');
    *rest = number;
}

static void read_address(struct extract *x, struct str s)
{
    while (s.n > 0) {
        struct str before = s;
        int32_t c = to_half(utf8_next(&s));
        if (c < 0)
            return;
        if (kanji_figure(c) >= 0) {
            s = before;
            take_kanji_number(x, &s);
        } else if (c >= 'a' && c <= 'z') {
            keep(x, (char)(c - 'a' + 'A'));
        } else if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || c == '-') {
            keep(x, (char)c);
        } else {
            keep(x, c == '&' || c == '/' || c == '.' || c == 0x30FB ? '.' : ' ');
        }
    }
}

static bool is_letter(char c)
{
    return c >= 'A' && c <= 'Z';
}

/* Runs of two or more letters go; an F behind a figure is a floor and goes. */
static void drop_words(struct extract *x)
{
    struct extract out = {.n = 0};
    for (size_t i = 0; i < x->n; i++) {
        size_t end = i;
        while (end < x->n && is_letter(x->c[end]))
            end++;
        bool floor = end == i + 1 && x->c[i] == 'F' && i > 0 && x->c[i - 1] >= '0' &&
                     x->c[i - 1] <= '9';
        if (end >= i + 2 || floor) {
            keep(&out, ' ');
            i = end - 1;
        } else if (x->c[i] != '.') {
            keep(&out, x->c[i]);
        }
    }
    *x = out;
}

/* What stood between two kept characters becomes one hyphen; none beside a letter or at an end. */
static void join(struct text *out, const struct extract *x)
{
    char last = '\0';
    bool gap = false;
    for (size_t i = 0; i < x->n; i++) {
        char c = x->c[i];
        if (c == ' ' || c == '-') {
            gap = true;
            continue;
        }
        if (gap && last != '\0' && !is_letter(last) && !is_letter(c))
            text_addc(out, '-');
        text_addc(out, c);
        last = c;
        gap = false;
    }
}

int customer_number(struct text *out, struct str after_town)
{
    struct extract x = {.n = 0};
    read_address(&x, after_town);
    drop_words(&x);
    join(out, &x);
    return out->failed ? ERR_MEMORY : OK;
}

/* --- bars ----------------------------------------------------------------------------------- */

enum { BARS = 67, POSTCODE = 7, NUMBER = 13 };

static bool read_postcode(struct str s, char out[POSTCODE + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '-' && i == 3)
            continue;
        if (n == POSTCODE || s.p[i] < '0' || s.p[i] > '9')
            return false;
        out[n++] = s.p[i];
    }
    out[n] = '\0';
    return n == POSTCODE;
}

static bool is_number(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (!is_letter(s.p[i]) && s.p[i] != '-' && (s.p[i] < '0' || s.p[i] > '9'))
            return false;
    return true;
}

static bool dark(const struct zint_symbol *s, int row, int column)
{
    return (s->encoded_data[row][column >> 3] >> (column & 7) & 1) != 0;
}

/* zint gives three rows: what rises, the middle, what falls. */
static void read_bars(const struct zint_symbol *s, char out[BARS + 1])
{
    for (int i = 0; i < BARS; i++) {
        bool up = dark(s, 0, 2 * i);
        bool down = dark(s, 2, 2 * i);
        out[i] = up && down ? '1' : up ? '2' : down ? '3' : '4';
    }
    out[BARS] = '\0';
}

int customer_bars(struct context *cx, struct str postcode, struct str number, char out[68])
{
    char input[POSTCODE + NUMBER + 1];
    if (!read_postcode(postcode, input))
        return fail(cx, ERR_INVALID, "paper.customer.postcode", "postcode=" STR_FMT,
                    STR_ARG(postcode));
    if (!is_number(number))
        return fail(cx, ERR_INVALID, "paper.customer.number", "number=" STR_FMT, STR_ARG(number));
    /* a letter takes two symbols, so 13 characters are always enough; zint cuts the symbols */
    size_t n = number.n < NUMBER ? number.n : NUMBER;
    memcpy(input + POSTCODE, number.p ? number.p : "", n);
    struct zint_symbol *s = ZBarcode_Create();
    if (!s)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    s->symbology = BARCODE_JAPANPOST;
    int r = OK;
    if (ZBarcode_Encode(s, (const unsigned char *)input, (int)(POSTCODE + n)) >= ZINT_ERROR ||
        s->rows != 3 || s->width != 2 * BARS - 1) {
        r = fail(cx, ERR_INVALID, "paper.bars.encode", "number=" STR_FMT, STR_ARG(number));
        (void)fail_detail(cx, "zint: %s", s->errtxt);
    } else {
        read_bars(s, out);
    }
    ZBarcode_Delete(s);
    return r;
}
