/* Customer barcode of Japan Post (カスタマバーコード, formats.md 12.1). */
#include "paper/paper.h"

#include <string.h>

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

/* 0-9, hyphen, CC1-CC8: the three bars of each (1 long, 2 upper, 3 lower, 4 timing). libzint has
 * the same table but refuses an address that must be cut in the middle of a letter. */
enum { HYPHEN = 10, CC1 = 11, CC4 = 14, SYMBOLS = 19, DATA = POSTCODE + NUMBER };
static const char *const symbol_bars[SYMBOLS] = {"144", "114", "132", "312", "123", "141", "321",
                                                 "213", "231", "411", "414", "324", "342", "234",
                                                 "432", "243", "423", "441", "111"};

struct symbols {
    int value[DATA];
    int n;
};

static void add_symbol(struct symbols *s, int value)
{
    if (s->n < DATA)
        s->value[s->n++] = value;
}

/* A letter is a control code for ten letters and a figure; what is over 20 symbols is cut off. */
static void add_character(struct symbols *s, char c)
{
    if (c == '-') {
        add_symbol(s, HYPHEN);
    } else if (is_letter(c)) {
        add_symbol(s, CC1 + (c - 'A') / 10);
        add_symbol(s, (c - 'A') % 10);
    } else {
        add_symbol(s, c - '0');
    }
}

int customer_bars(struct context *cx, struct str postcode, struct str number, char out[68])
{
    char digits[POSTCODE + 1];
    struct symbols s = {.n = 0};
    if (!read_postcode(postcode, digits))
        return fail(cx, ERR_INVALID, "paper.customer.postcode", "postcode=" STR_FMT,
                    STR_ARG(postcode));
    if (!is_number(number))
        return fail(cx, ERR_INVALID, "paper.customer.number", "number=" STR_FMT, STR_ARG(number));
    for (int i = 0; i < POSTCODE; i++)
        add_character(&s, digits[i]);
    for (size_t i = 0; i < number.n; i++)
        add_character(&s, number.p[i]);
    while (s.n < DATA)
        add_symbol(&s, CC4);
    int sum = 0;
    memcpy(out, "13", 2);
    for (int i = 0; i < DATA; i++) {
        sum += s.value[i];
        memcpy(out + 2 + 3 * i, symbol_bars[s.value[i]], 3);
    }
    memcpy(out + 2 + 3 * DATA, symbol_bars[(SYMBOLS - sum % SYMBOLS) % SYMBOLS], 3);
    memcpy(out + BARS - 2, "31", 3);
    return OK;
}
