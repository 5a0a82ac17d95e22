#include "desk/party/gram.h"

enum { CHO = 0x4E01, ME = 0x76EE, BAN = 0x756A, CHI = 0x5730, GO = 0x53F7 }; /* 丁目 番地 号 */

static bool is_hyphen(int32_t c)
{
    return c == '-' || c == 0x2010 || c == 0x2212 || c == 0x30FC || c == 0x2015 || c == 0xFF70;
}

static bool is_left_out(int32_t c)
{
    return c == ' ' || c == 0x3000 || c == 0x30FB || c == 0xFF65 || c == '.' || c == ',' ||
           is_hyphen(c);
}

static int32_t kanji_digit(int32_t c)
{
    static const int32_t digits[] = {0x3007, 0x4E00, 0x4E8C, 0x4E09, 0x56DB,
                                     0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
    for (int32_t i = 0; i < 10; i++) {
        if (digits[i] == c)
            return '0' + i;
    }
    return 0;
}

static int32_t peek(struct str s)
{
    return s.n > 0 ? utf8_next(&s) : 0;
}

/* Behind a figure: moves over 丁目, 番地, 番, 号 or a hyphen. */
static bool skip_counter(struct str *s)
{
    const int32_t c = peek(*s);

    if (c != CHO && c != BAN && c != GO && !is_hyphen(c))
        return false;
    (void)utf8_next(s);
    if ((c == CHO && peek(*s) == ME) || (c == BAN && peek(*s) == CHI))
        (void)utf8_next(s);
    return true;
}

static bool is_digit(int32_t c)
{
    return c >= '0' && c <= '9';
}

/* 一丁目 counts as a figure only directly before its counter: 三郎 stays 三郎. */
static int add_folded(struct text *out, struct str s)
{
    while (s.n > 0) {
        int32_t c = utf8_next(&s);
        const int32_t next = peek(s);
        if (c < 0)
            return ERR_INVALID;
        if (is_left_out(c))
            continue;
        if (c >= 'a' && c <= 'z')
            c += 'A' - 'a';
        if (kanji_digit(c) && (next == CHO || next == BAN || next == GO))
            c = kanji_digit(c);
        int result = utf8_add(out, c);
        if (result >= 0 && is_digit(c) && skip_counter(&s))
            result = text_addc(out, '-');
        if (result < 0)
            return ERR_MEMORY;
    }
    return OK;
}

int search_fold(struct text *out, struct str s)
{
    struct text kanji;
    text_init(&kanji, 64 * 1024);
    int result = kanji_fold(&kanji, s);

    if (result >= 0)
        result = add_folded(out, text_str(&kanji));
    text_release(&kanji);
    return result;
}

void search_grams(struct str folded, void (*f)(void *arg, struct str gram), void *arg)
{
    struct str rest = folded;

    while (rest.n > 0) {
        const struct str here = rest;
        if (utf8_next(&rest) < 0)
            return;
        struct str second = rest;
        if (second.n > 0 && utf8_next(&second) < 0)
            return;
        f(arg, (struct str){here.p, (size_t)(second.p - here.p)});
    }
}
