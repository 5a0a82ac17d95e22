/* Names as the transfer system of the banks writes them: half-width kana, no small kana, no long
 * vowel sign, few signs. What has no such form is refused; a reading is never guessed. */
#include "exchange/exchange.h"

enum {
    HALF_SMALL_FIRST = 0xFF67,
    HALF_SMALL_LAST = 0xFF6F,
    HALF_LONG = 0xFF70,
    HALF_WO = 0xFF66,
    HALF_A = 0xFF71,
    HALF_O = 0xFF75,
    HALF_N = 0xFF9D,
    HALF_VOICED = 0xFF9E,
    HALF_SEMI_VOICED = 0xFF9F,
    HALF_MIDDLE_DOT = 0xFF65,
    HALF_TSU = 0xFF82,
    HALF_YA = 0xFF94,
    HALF_HA = 0xFF8A,
    HALF_HO = 0xFF8E,
    HALF_KA = 0xFF76,
    HALF_TO = 0xFF84,
    HALF_U = 0xFF73
};

/* ｧｨｩｪｫ ｬｭｮ ｯ in their full size. */
static int32_t enlarge(int32_t c)
{
    if (c <= 0xFF6B)
        return HALF_A + (c - HALF_SMALL_FIRST);
    return c == HALF_SMALL_LAST ? HALF_TSU : HALF_YA + (c - 0xFF6C);
}

/* What stands for the character; 0: it has no form. */
static int32_t transfer_form(int32_t c)
{
    if (c >= HALF_SMALL_FIRST && c <= HALF_SMALL_LAST)
        return enlarge(c);
    if (c == HALF_LONG || c == 0x2010 || c == 0x2015 || c == 0x2212)
        return '-';
    if (c == HALF_WO)
        return HALF_O;
    if (c == HALF_MIDDLE_DOT)
        return '.';
    if (c >= 'a' && c <= 'z')
        return c - ('a' - 'A');
    if (c >= HALF_A && c <= HALF_SEMI_VOICED)
        return c;
    const bool is_sign = c == ' ' || c == '(' || c == ')' || c == '-' || c == '.';
    return is_sign || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ? c : 0;
}

/* A mark stands only behind a kana that takes it. */
static bool takes_mark(int32_t before, int32_t mark)
{
    const bool is_h = before >= HALF_HA && before <= HALF_HO;
    if (mark == HALF_SEMI_VOICED)
        return is_h;
    return is_h || before == HALF_U || (before >= HALF_KA && before <= HALF_TO);
}

static int add_forms(struct context *cx, struct text *out, struct str half)
{
    int32_t c, before = 0;

    while ((c = utf8_next(&half)) >= 0) {
        const int32_t form = transfer_form(c == 0x3000 ? ' ' : c);
        const bool is_mark = form == HALF_VOICED || form == HALF_SEMI_VOICED;
        if (form == 0 || (is_mark && !takes_mark(before, form)))
            return fail(cx, ERR_INVALID, "exchange.transfer_name", "U+%04X", (unsigned)c);
        (void)utf8_add(out, form);
        before = form;
    }
    return out->failed ? fail(cx, ERR_MEMORY, "exchange.memory", NULL) : OK;
}

int transfer_name(struct context *cx, struct text *out, struct str name)
{
    struct text narrow, half;
    int result;

    text_init(&narrow, CSV_FIELD_BYTES_MAX);
    text_init(&half, CSV_FIELD_BYTES_MAX);
    result = width_to_half(&narrow, name);
    if (result >= 0)
        result = kana_to_half(&half, text_str(&narrow));
    if (result < 0)
        result = fail(cx, ERR_INVALID, "exchange.transfer_name", NULL);
    else
        result = add_forms(cx, out, text_str(&half));
    text_release(&narrow);
    text_release(&half);
    return result;
}

/* One character of it is one byte of the record; a kana is not cut from its mark. */
struct str transfer_name_cut(struct str name, size_t characters)
{
    struct str rest = name;
    size_t n = 0, kept = 0;

    while (rest.n > 0 && n < characters) {
        struct str next = rest;
        (void)utf8_next(&next);
        struct str after = next;
        const int32_t follows = after.n > 0 ? utf8_next(&after) : 0;
        const bool has_mark = follows == HALF_VOICED || follows == HALF_SEMI_VOICED;
        if (has_mark && n + 1 == characters)
            break;
        rest = next;
        n++;
        kept = name.n - rest.n;
    }
    return (struct str){name.p, kept};
}
