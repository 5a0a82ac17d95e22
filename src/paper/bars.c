/* Barcodes as rectangles: libzint says which modules are dark, the layout says how large. */
#include "paper/plan.h"

#include <string.h>
#include <zint.h>

enum { GS1_MODULES = 288, GS1_QUIET = 10, QR_QUIET = 4, QR_MASK = 2 };
static const double gs1_widest = 60 * POINTS_PER_MM;  /* what a 60 mm scanner reads */
static const double gs1_lowest = 10 * POINTS_PER_MM;

static bool is_dark(const struct zint_symbol *s, int row, int column)
{
    return (s->encoded_data[row][column >> 3] >> (column & 7) & 1) != 0;
}

static int encode_failed(struct plan *pl, struct zint_symbol *s, struct str value)
{
    (void)fail(pl->cx, ERR_INVALID, "paper.bars.encode", "whose=" STR_FMT " value=" STR_FMT,
               STR_ARG(pl->paper->whose), STR_ARG(value));
    (void)fail_detail(pl->cx, "zint: %s", s->errtxt);
    return ERR_INVALID;
}

/* Dark stretches of one row, side by side, as one rectangle each. */
static size_t row_rects(const struct zint_symbol *s, int row, const struct rect *unit,
                        struct rect *out)
{
    size_t n = 0;
    for (int x = 0; x < s->width; x++) {
        if (!is_dark(s, row, x))
            continue;
        int from = x;
        while (x + 1 < s->width && is_dark(s, row, x + 1))
            x++;
        out[n++] = (struct rect){unit->x + (float)from * unit->w, unit->y,
                                 (float)(x + 1 - from) * unit->w, unit->h};
    }
    return n;
}

static int put_bars(struct plan *pl, const struct element *e, const double box[4],
                    const struct rect *rects, size_t n)
{
    struct mark *m = plan_mark(pl, MARK_BARS, e);
    if (!m)
        return pl->cx->error.code;
    m->x = box[0];
    m->y = box[1];
    m->bars.rects = rects;
    m->bars.n = n;
    return plan_box(pl, e, box);
}

static int layout_wrong(struct plan *pl, const char *message)
{
    return fail(pl->cx, ERR_INVALID, message, NULL);
}

/* --- GS1-128 of a payment slip ------------------------------------------------------------- */

static int plan_lines_below(struct plan *pl, const struct element *e, const double box[4],
                            const char *digits)
{
    char lines[2][40];
    slip_code_lines(digits, lines[0], lines[1]);
    double pitch = e->style.size * e->style.leading;
    struct element plain = *e;
    plain.style.valign = VALIGN_TOP;
    plain.name = STR("");
    /* the marks point to an element that lives as long as they do */
    struct element *kept = ARENA_NEW(pl->arena, struct element);
    if (!kept)
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    *kept = plain;
    for (int i = 0; i < 2; i++) {
        double at[4] = {box[0], box[1] + i * pitch, box[2], pitch};
        int r = plan_text_at(pl, kept, at, str_of(lines[i]));
        if (r < 0)
            return r;
    }
    return OK;
}

/* What the bars say must be what the slip says in words: its values `amount` and `due`. */
static int check_against_words(struct plan *pl, const struct place *at,
                               const struct slip_code *code)
{
    const struct form_value *amount = data_find(at->d, STR("amount"));
    const struct form_value *due = data_find(at->d, STR("due"));
    bool same = !amount || amount->kind != VALUE_YEN || amount->number == code->amount.n;
    if (due && due->kind == VALUE_DAY && !ymd_is_none(code->due))
        same &= ymd_compare(due->day, code->due) == 0;
    if (same)
        return OK;
    return fail(pl->cx, ERR_INVALID, "paper.slip.mismatch", "whose=" STR_FMT,
                STR_ARG(pl->paper->whose));
}

int plan_gs1(struct plan *pl, const struct element *e, const struct place *at, struct str digits)
{
    if (digits.n == 0)
        return OK;
    struct slip_code code;
    int r = slip_code_parse(pl->cx, digits, &code);
    if (r == OK)
        r = check_against_words(pl, at, &code);
    if (r < 0)
        return r;
    double text_height = 2 * e->style.size * e->style.leading + 1.5;
    double bar_height = e->h - text_height;
    double module = e->w / (GS1_MODULES + 2 * GS1_QUIET);
    if (bar_height < gs1_lowest || module * GS1_MODULES > gs1_widest)
        return layout_wrong(pl, "paper.bars.size");
    struct zint_symbol *s = ZBarcode_Create();
    struct rect *rects = ARENA_ARRAY(pl->arena, GS1_MODULES / 2 + 1, struct rect);
    if (!s || !rects) {
        ZBarcode_Delete(s);
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    }
    char input[48] = "[91]";
    memcpy(input + 4, digits.p + 2, 42);
    s->symbology = BARCODE_GS1_128;
    s->input_mode = GS1_MODE;
    if (ZBarcode_Encode(s, (const unsigned char *)input, 46) >= ZINT_ERROR ||
        s->width != GS1_MODULES)
        r = encode_failed(pl, s, digits);
    struct rect unit = {0, 0, (float)module, (float)bar_height};
    size_t n = r < 0 ? 0 : row_rects(s, 0, &unit, rects);
    ZBarcode_Delete(s);
    if (r < 0)
        return r;
    double left = at->ox + e->x + GS1_QUIET * module;
    double bars[4] = {left, at->oy + e->y, GS1_MODULES * module, bar_height};
    r = put_bars(pl, e, bars, rects, n);
    double below[4] = {at->ox + e->x, at->oy + e->y + bar_height + 1.5, e->w, text_height};
    return r < 0 ? r : plan_lines_below(pl, e, below, digits.p);
}

/* --- customer barcode ---------------------------------------------------------------------- */

/* At 10 points: pitch 1.2 mm, bar 0.6 mm; long bar 3.6, semi-long 2.4, timing 1.2 mm. */
enum { CUSTOMER_BARS = 67 };

int plan_customer(struct plan *pl, const struct element *e, const struct place *at,
                  const struct str values[2])
{
    char bars[CUSTOMER_BARS + 1];
    if (values[0].n == 0)
        return OK;
    struct text number;
    text_init(&number, 4096);
    int r = customer_number(&number, values[1]);
    r = r < 0 ? fail(pl->cx, ERR_MEMORY, "base.memory", NULL)
              : customer_bars(pl->cx, values[0], text_str(&number), bars);
    text_release(&number);
    if (r < 0)
        return r;
    double unit = 0.6 * POINTS_PER_MM * e->style.size / 10;
    double width = (2 * CUSTOMER_BARS - 1) * unit;
    if (e->style.size < 8 || e->style.size > 11.5 || width > e->w + 0.01 || 6 * unit > e->h + 0.01)
        return layout_wrong(pl, "paper.bars.size");
    struct rect *rects = ARENA_ARRAY(pl->arena, CUSTOMER_BARS, struct rect);
    if (!rects)
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    for (int i = 0; i < CUSTOMER_BARS; i++) {
        bool up = bars[i] == '1' || bars[i] == '2';
        bool down = bars[i] == '1' || bars[i] == '3';
        rects[i] = (struct rect){(float)(2 * i * unit), (float)(up ? 0 : 2 * unit), (float)unit,
                                 (float)((2 + (up ? 2 : 0) + (down ? 2 : 0)) * unit)};
    }
    double box[4] = {at->ox + e->x, at->oy + e->y, width, 6 * unit};
    return put_bars(pl, e, box, rects, CUSTOMER_BARS);
}

/* --- QR ------------------------------------------------------------------------------------- */

/* libzint's rows are ours: lowest bit first. */
static int put_modules(struct plan *pl, const struct element *e, const struct place *at,
                       const struct zint_symbol *s)
{
    unsigned char *bits = arena_array(pl->arena, (size_t)s->rows, MODULE_ROW);
    struct mark *m = bits ? plan_mark(pl, MARK_MODULES, e) : NULL;
    if (!m)
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    for (int y = 0; y < s->rows; y++)
        memcpy(bits + (size_t)y * MODULE_ROW, s->encoded_data[y], MODULE_ROW);
    double side = e->w / (s->width + 2 * QR_QUIET);
    m->x = at->ox + e->x + QR_QUIET * side;
    m->y = at->oy + e->y + QR_QUIET * side;
    m->modules.bits = bits;
    m->modules.side = s->width;
    m->modules.size = side * s->width;
    double box[4] = {m->x, m->y, m->modules.size, m->modules.size};
    return plan_box(pl, e, box);
}

int plan_qr(struct plan *pl, const struct element *e, const struct place *at, struct str text)
{
    if (text.n == 0)
        return OK;
    if (text.n > 500)
        return fail(pl->cx, ERR_LIMIT, "paper.text.long", "bytes=%zu", text.n);
    struct zint_symbol *s = ZBarcode_Create();
    if (!s)
        return fail(pl->cx, ERR_MEMORY, "base.memory", NULL);
    s->symbology = BARCODE_QRCODE;
    s->input_mode = UNICODE_MODE;
    s->option_1 = 2;                  /* error correction M */
    s->option_3 = (QR_MASK + 1) << 8; /* choosing the best mask costs eight times as much */
    int r = ZBarcode_Encode(s, (const unsigned char *)text.p, (int)text.n) >= ZINT_ERROR
                ? encode_failed(pl, s, text)
                : put_modules(pl, e, at, s);
    ZBarcode_Delete(s);
    return r;
}
