#include "base/kana.h"

#include "base/table.h"

enum {
    KANA_FIRST = 0x30A1,
    KANA_LAST = 0x30FA,
    HIRAGANA_FIRST = 0x3041,
    HIRAGANA_LAST = 0x3096,
    MIDDLE_DOT = 0x30FB,
    LONG_VOWEL = 0x30FC,
    REPEAT = 0x30FD,        /* ヽ */
    REPEAT_VOICED = 0x30FE, /* ヾ */
    HALF_FIRST = 0xFF61,
    HALF_KANA = 0xFF66,
    HALF_LONG = 0xFF70,
    HALF_VOICED = 0xFF9E,
    HALF_SEMI_VOICED = 0xFF9F,
    BLANK = 0x3000,
    NO_CHARACTER = -2
};

static const int32_t *kana_row(int32_t c)
{
    return c >= KANA_FIRST && c <= KANA_LAST ? kana_rows[c - KANA_FIRST] : NULL;
}

/* The katakana with this base, voicing and size; 0 when there is none (ア with a mark). */
static int32_t kana_compose(int32_t base, int32_t voicing, int32_t small)
{
    for (int32_t c = KANA_FIRST; c <= KANA_LAST; c++) {
        const int32_t *row = kana_row(c);
        if (row[KANA_BASE] == base && row[KANA_VOICING] == voicing && row[KANA_SMALL] == small)
            return c;
    }
    return 0;
}

/* U+FF61..U+FF9F to the full-width character; marks become U+309B and U+309C. */
static int32_t half_to_full(int32_t c)
{
    static const int32_t signs[] = {0x3002, 0x300C, 0x300D, 0x3001, MIDDLE_DOT};
    static int32_t full[HALF_VOICED - HALF_KANA];
    if (c < HALF_KANA)
        return signs[c - HALF_FIRST];
    if (c == HALF_LONG)
        return LONG_VOWEL;
    if (c >= HALF_VOICED)
        return c == HALF_VOICED ? 0x309B : 0x309C;
    int32_t *known = &full[c - HALF_KANA];
    for (int32_t k = KANA_FIRST; *known == 0 && k <= KANA_LAST; k++) {
        const int32_t *row = kana_row(k);
        bool is_small = c >= 0xFF67 && c <= 0xFF6F;
        if (row[KANA_HALF] == c && row[KANA_VOICING] == 0 && (row[KANA_SMALL] == 1) == is_small)
            *known = k;
    }
    return *known;
}

static bool is_half(int32_t c)
{
    return c >= HALF_FIRST && c <= HALF_SEMI_VOICED;
}

static int32_t hiragana_to_katakana(int32_t c)
{
    bool is_hiragana = (c >= HIRAGANA_FIRST && c <= HIRAGANA_LAST) || c == 0x309D || c == 0x309E;
    return is_hiragana ? c + 0x60 : c;
}

/* 1 for a voiced mark, 2 for a half-voiced one, in any of their forms. */
static int32_t voicing_mark(int32_t c)
{
    if (c == 0x3099 || c == 0x309B || c == HALF_VOICED)
        return 1;
    return c == 0x309A || c == 0x309C || c == HALF_SEMI_VOICED ? 2 : 0;
}

/* A mark that follows the kana c joins it; otherwise nothing is consumed. */
static int32_t join_mark(struct str *s, int32_t c)
{
    const int32_t *row = kana_row(c);
    struct str rest = *s;
    int32_t mark = row && row[KANA_VOICING] == 0 ? voicing_mark(utf8_next(&rest)) : 0;
    int32_t joined = mark ? kana_compose(row[KANA_BASE], mark, row[KANA_SMALL]) : 0;
    if (joined == 0)
        return c;
    *s = rest;
    return joined;
}

static int32_t ascii_to_half(int32_t c)
{
    if (c >= 0xFF01 && c <= 0xFF5E)
        return c - 0xFEE0;
    return c == BLANK || c == 0xA0 ? ' ' : c;
}

/* The next character in one form: full-width katakana with its mark joined, ASCII in half width.
 * -1 on a bad sequence, NO_CHARACTER at the end. */
static int32_t kana_next(struct str *s)
{
    int32_t c = utf8_next(s);
    if (c < 0)
        return c;
    if (is_half(c))
        c = half_to_full(c);
    return join_mark(s, hiragana_to_katakana(ascii_to_half(c)));
}

static int32_t to_upper(int32_t c)
{
    return c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c;
}

static bool is_alphanumeric(int32_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* Hyphens, dashes and minus signs people write for one another. */
static bool is_dash(int32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212;
}

/* What a search key leaves out. */
static bool is_silent(int32_t c)
{
    if (c < 0x80)
        return !is_alphanumeric(c);
    return voicing_mark(c) != 0 || is_dash(c) || c == MIDDLE_DOT || c == LONG_VOWEL ||
           (c >= 0x3001 && c <= 0x3002) || (c >= 0x300C && c <= 0x300D);
}

static bool is_repeat(int32_t c)
{
    return c == REPEAT || c == REPEAT_VOICED;
}

int kana_fold(struct text *out, struct str s)
{
    int32_t last = 0; /* what a repeat sign repeats */
    int32_t c;
    while ((c = kana_next(&s)) >= 0) {
        if (is_repeat(c))
            c = last;
        const int32_t *row = kana_row(c);
        if (row)
            c = row[KANA_KEY];
        last = row ? c : 0;
        if (c != 0 && !is_silent(c))
            utf8_add(out, to_upper(c));
    }
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    return out->failed ? ERR_MEMORY : OK;
}

/*
 * Sort keys follow JIS X 4061: first the base kana, a long vowel sign standing for the vowel before
 * it; when all of these are equal, the voicing (none, voiced, half-voiced); then the form (long
 * vowel sign, small, repeat sign, full size). The key is "bases voicings forms" with one digit per
 * character; a blank sorts below every character a key holds, so plain byte order does the rest.
 */
struct sort_weights {
    struct text voicing;
    struct text form;
};
enum form { FORM_LONG = '0', FORM_SMALL, FORM_REPEAT, FORM_FULL };

struct sort_character {
    int32_t base;
    int32_t voicing;
    enum form form;
};

static struct sort_character sort_character(int32_t c, int32_t before)
{
    const int32_t *last = kana_row(before);
    const int32_t *row = kana_row(c);
    if (c == LONG_VOWEL && last && last[KANA_VOWEL])
        return (struct sort_character){last[KANA_VOWEL], 0, FORM_LONG};
    if (is_repeat(c) && last)
        return (struct sort_character){last[KANA_BASE], c == REPEAT_VOICED ? 1 : 0, FORM_REPEAT};
    if (row)
        return (struct sort_character){row[KANA_BASE], row[KANA_VOICING],
                                       row[KANA_SMALL] ? FORM_SMALL : FORM_FULL};
    return (struct sort_character){is_silent(c) || is_repeat(c) ? 0 : to_upper(c), 0, FORM_FULL};
}

static int sort_key(struct text *out, struct str s, struct sort_weights *w)
{
    int32_t before = 0;
    int32_t c;
    while ((c = kana_next(&s)) >= 0) {
        struct sort_character k = sort_character(c, before);
        if (k.base == 0)
            continue;
        utf8_add(out, k.base);
        text_addc(&w->voicing, (char)('0' + k.voicing));
        text_addc(&w->form, (char)k.form);
        before = k.base;
    }
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    text_addc(out, ' ');
    text_add(out, text_str(&w->voicing));
    text_addc(out, ' ');
    text_add(out, text_str(&w->form));
    return out->failed || w->voicing.failed || w->form.failed ? ERR_MEMORY : OK;
}

int kana_sort_key(struct text *out, struct str s)
{
    struct sort_weights w;
    text_init(&w.voicing, s.n + 1);
    text_init(&w.form, s.n + 1);
    int r = sort_key(out, s, &w);
    text_release(&w.voicing);
    text_release(&w.form);
    return r;
}

bool is_kana(struct str s)
{
    if (s.n == 0)
        return false;
    int32_t c;
    while ((c = utf8_next(&s)) >= 0) {
        bool fits = kana_row(c) || (c >= MIDDLE_DOT && c <= REPEAT_VOICED) || c == ' ' ||
                    c == BLANK || c == HALF_FIRST + 4 || (c >= HALF_KANA && is_half(c));
        if (!fits)
            return false;
    }
    return c == NO_CHARACTER;
}

static int32_t sign_to_half(int32_t c)
{
    switch (c) {
    case 0x3002:
        return HALF_FIRST;
    case 0x300C:
        return HALF_FIRST + 1;
    case 0x300D:
        return HALF_FIRST + 2;
    case 0x3001:
        return HALF_FIRST + 3;
    case MIDDLE_DOT:
        return HALF_FIRST + 4;
    case LONG_VOWEL:
        return HALF_LONG;
    case 0x3099:
    case 0x309B:
        return HALF_VOICED;
    case 0x309A:
    case 0x309C:
        return HALF_SEMI_VOICED;
    default:
        return c;
    }
}

int kana_to_half(struct text *out, struct str s)
{
    int32_t c;
    while ((c = utf8_next(&s)) >= 0) {
        const int32_t *row = kana_row(c);
        utf8_add(out, row ? row[KANA_HALF] : sign_to_half(c));
        if (row && row[KANA_HALF_MARK])
            utf8_add(out, row[KANA_HALF_MARK]);
    }
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    return out->failed ? ERR_MEMORY : OK;
}

int kana_to_full(struct text *out, struct str s)
{
    int32_t c;
    while ((c = utf8_next(&s)) >= 0) {
        if (is_half(c))
            c = join_mark(&s, half_to_full(c));
        utf8_add(out, c);
    }
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    return out->failed ? ERR_MEMORY : OK;
}

static bool is_variation_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

int kanji_fold(struct text *out, struct str s)
{
    int32_t c;
    while ((c = utf8_next(&s)) >= 0) {
        if (is_half(c))
            c = join_mark(&s, half_to_full(c));
        c = ascii_to_half(c);
        int32_t form = table_pair(variant_rows, variant_rows_count, c);
        if (form)
            c = form;
        if (!is_variation_selector(c) && c > ' ')
            utf8_add(out, is_dash(c) ? '-' : to_upper(c));
    }
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    return out->failed ? ERR_MEMORY : OK;
}

int width_to_half(struct text *out, struct str s)
{
    int32_t c;
    while ((c = utf8_next(&s)) >= 0)
        utf8_add(out, ascii_to_half(c));
    if (c != NO_CHARACTER)
        return ERR_INVALID;
    return out->failed ? ERR_MEMORY : OK;
}

void bigrams(struct str folded, void (*f)(void *arg, struct str bigram), void *arg)
{
    struct str first = folded;
    struct str rest = folded;
    if (utf8_next(&rest) < 0)
        return;
    while (true) {
        struct str second = rest;
        if (utf8_next(&rest) < 0)
            return;
        f(arg, (struct str){first.p, (size_t)(rest.p - first.p)});
        first = second;
    }
}
