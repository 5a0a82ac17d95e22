#include "base/encoding.h"

#include "base/table.h"

#include <errno.h>
#include <iconv.h>

enum { GETA = 0x3013, YEN_SIGN = 0xA5, OVERLINE = 0x203E, NOTHING = 0 };

/* One encode call on its way. */
struct encoding_run {
    struct context *cx;
    struct str whole;
    enum lossy how;
    struct loss_report *report;
    struct text *out;
};

/* iconv converters stay open for the life of the process: opening one reads the module list. */
static iconv_t converter(struct context *cx, bool to_cp932)
{
    static iconv_t open_ones[2];
    static bool is_open[2];
    if (!is_open[to_cp932]) {
        iconv_t cd = to_cp932 ? iconv_open("CP932", "UTF-8") : iconv_open("UTF-8", "CP932");
        if (cd == (iconv_t)-1) {
            fail(cx, ERR_IO, "base.encoding.converter", "CP932");
            return cd;
        }
        open_ones[to_cp932] = cd;
        is_open[to_cp932] = true;
    }
    iconv(open_ones[to_cp932], NULL, NULL, NULL, NULL);
    return open_ones[to_cp932];
}

/* Converts as far as it goes and moves *in there. 0 at the end, else the errno of iconv. */
static int convert(iconv_t cd, struct str *in, struct text *out)
{
    char buf[2048];
    while (in->n > 0) {
        char *from = (char *)(uintptr_t)in->p; /* iconv writes nothing here */
        size_t left = in->n;
        char *to = buf;
        size_t room = sizeof buf;
        size_t r = iconv(cd, &from, &left, &to, &room);
        int err = r == (size_t)-1 ? errno : 0;
        in->p = from;
        in->n = left;
        text_add(out, (struct str){buf, (size_t)(to - buf)});
        if (err != 0 && err != E2BIG)
            return err;
    }
    return 0;
}

static size_t offset_of(const struct encoding_run *e, const char *p)
{
    return (size_t)(p - e->whole.p);
}

static void add_loss(struct encoding_run *e, const char *p, int32_t c, int32_t replaced_by)
{
    struct loss_report *r = e->report;
    if (!r)
        return;
    if (r->n < sizeof r->rows / sizeof r->rows[0])
        r->rows[r->n++] = (struct loss){offset_of(e, p), c, replaced_by};
    r->total++;
}

static int refuse(struct encoding_run *e, const char *p, int32_t c)
{
    add_loss(e, p, c, NOTHING);
    return fail(e->cx, ERR_INVALID, "base.encoding.missing", "U+%04X offset=%zu", (unsigned)c,
                offset_of(e, p));
}

static int bad_utf8(struct encoding_run *e, const char *p)
{
    return fail(e->cx, ERR_INVALID, "base.encoding.utf8", "offset=%zu", offset_of(e, p));
}

static bool is_variation_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_private_use(int32_t c)
{
    return (c >= 0xE000 && c <= 0xF8FF) || c >= 0xF0000;
}

static int32_t substitute(int32_t c)
{
    return table_pair(substitute_rows, substitute_rows_count, c);
}

/* Language tags: iconv leaves them out without a word. */
static bool is_tag(int32_t c)
{
    return c >= 0xE0000 && c <= 0xE007F;
}

/* What iconv must not see: it would write what comes back as something else, or nothing. */
static bool is_lost_in_cp932(int32_t c)
{
    return c >= 0x80 &&
           (is_private_use(c) || is_variation_selector(c) || is_tag(c) || substitute(c) != 0);
}

static void add_cp932(iconv_t cd, struct text *out, int32_t c)
{
    struct text one;
    text_init(&one, 8);
    utf8_add(&one, c);
    struct str s = text_str(&one);
    if (one.failed || convert(cd, &s, out) != 0)
        out->failed = true; /* the table names only what CP932 has (test_base_encoding) */
    text_release(&one);
}

static int lose_in_cp932(struct encoding_run *e, iconv_t cd, const char *p, int32_t c)
{
    if (is_variation_selector(c) && e->how != LOSS_REFUSE) {
        add_loss(e, p, c, NOTHING);
        return OK;
    }
    int32_t by = substitute(c);
    if (by == 0 && e->how == LOSS_MARK)
        by = GETA;
    if (by == 0 || e->how == LOSS_REFUSE)
        return refuse(e, p, c);
    add_loss(e, p, c, by);
    add_cp932(cd, e->out, by);
    return OK;
}

/* A run that holds nothing known as lost; iconv stops at what CP932 lacks all the same. */
static int flush_run(struct encoding_run *e, iconv_t cd, struct str run)
{
    while (convert(cd, &run, e->out) != 0) {
        const char *at = run.p;
        int32_t c = utf8_next(&run);
        if (c < 0)
            return bad_utf8(e, at);
        int r = lose_in_cp932(e, cd, at, c);
        if (r < 0)
            return r;
    }
    return OK;
}

static int encode_cp932(struct encoding_run *e)
{
    iconv_t cd = converter(e->cx, true);
    if (cd == (iconv_t)-1)
        return ERR_IO;
    struct str rest = e->whole;
    const char *run = rest.p;
    while (rest.n > 0) {
        const char *at = rest.p;
        int32_t c = utf8_next(&rest);
        if (c < 0)
            return bad_utf8(e, at);
        if (!is_lost_in_cp932(c))
            continue;
        int r = flush_run(e, cd, (struct str){run, (size_t)(at - run)});
        if (r == OK)
            r = lose_in_cp932(e, cd, at, c);
        if (r < 0)
            return r;
        run = rest.p;
    }
    return flush_run(e, cd, (struct str){run, (size_t)(rest.p - run)});
}

/* The byte of a character JIS X 0201 has, -1 otherwise. */
static int jisx0201_byte(int32_t c)
{
    if (c == YEN_SIGN)
        return 0x5C;
    if (c == OVERLINE)
        return 0x7E;
    if (c >= 0 && c <= 0x7F && c != 0x5C && c != 0x7E)
        return c;
    return c >= 0xFF61 && c <= 0xFF9F ? c - 0xFF61 + 0xA1 : -1;
}

/* What stands for a character in JIS X 0201: by the width, by the kana, by the table. */
static int32_t jisx0201_substitute(int32_t c, int32_t *mark)
{
    *mark = 0;
    if (c >= 0x30A1 && c <= 0x30FA) {
        *mark = kana_rows[c - 0x30A1][KANA_HALF_MARK];
        return kana_rows[c - 0x30A1][KANA_HALF];
    }
    if (c >= 0xFF01 && c <= 0xFF5E)
        c -= 0xFEE0;
    switch (c) {
    case '\\':
        return YEN_SIGN;
    case '~':
        return OVERLINE;
    case 0x3000:
        return ' ';
    case 0x3001:
        return 0xFF64;
    case 0x3002:
        return 0xFF61;
    case 0x300C:
        return 0xFF62;
    case 0x300D:
        return 0xFF63;
    case 0x30FB:
        return 0xFF65;
    case 0x30FC:
        return 0xFF70;
    case 0x309B:
        return 0xFF9E;
    case 0x309C:
        return 0xFF9F;
    case 0xFFE5:
        return YEN_SIGN;
    default:
        return c < 0x80 ? c : substitute(c);
    }
}

static int lose_in_jisx0201(struct encoding_run *e, const char *p, int32_t c)
{
    int32_t mark = 0;
    int32_t by = e->how == LOSS_REFUSE ? 0 : jisx0201_substitute(c, &mark);
    if (e->how != LOSS_REFUSE && is_variation_selector(c)) {
        add_loss(e, p, c, NOTHING);
        return OK;
    }
    if (by != 0 && jisx0201_byte(by) < 0)
        by = jisx0201_substitute(by, &mark); /* the table's answer may be full-width itself */
    if ((by == 0 || jisx0201_byte(by) < 0) && e->how == LOSS_MARK)
        by = '?';
    if (by == 0 || jisx0201_byte(by) < 0)
        return refuse(e, p, c);
    add_loss(e, p, c, by);
    text_addc(e->out, (char)jisx0201_byte(by));
    if (mark)
        text_addc(e->out, (char)jisx0201_byte(mark));
    return OK;
}

static int encode_jisx0201(struct encoding_run *e)
{
    struct str rest = e->whole;
    while (rest.n > 0) {
        const char *at = rest.p;
        int32_t c = utf8_next(&rest);
        if (c < 0)
            return bad_utf8(e, at);
        int byte = jisx0201_byte(c);
        int r = OK;
        if (byte >= 0)
            text_addc(e->out, (char)byte);
        else
            r = lose_in_jisx0201(e, at, c);
        if (r < 0)
            return r;
    }
    return OK;
}

static int copy_utf8(struct encoding_run *e)
{
    struct str rest = e->whole;
    while (rest.n > 0) {
        const char *at = rest.p;
        if (utf8_next(&rest) < 0)
            return bad_utf8(e, at);
    }
    text_add(e->out, e->whole);
    return OK;
}

/* Leaves out as it was when the conversion failed. */
static int finish(struct context *cx, struct text *out, size_t before, int r)
{
    if (r == OK && out->failed)
        r = fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (r < 0 && out->p) {
        out->n = before;
        out->p[before] = '\0';
    }
    return r;
}

int encode(struct context *cx, struct str utf8, enum encoding to, enum lossy how,
           struct loss_report *report, struct text *out)
{
    struct encoding_run e = {cx, utf8, how, report, out};
    size_t before = out->n;
    int r = OK;
    switch (to) {
    case ENC_UTF8:
        r = copy_utf8(&e);
        break;
    case ENC_CP932:
        r = encode_cp932(&e);
        break;
    case ENC_JISX0201:
        r = encode_jisx0201(&e);
        break;
    }
    return finish(cx, out, before, r);
}

static int decode_cp932(struct encoding_run *e)
{
    iconv_t cd = converter(e->cx, false);
    if (cd == (iconv_t)-1)
        return ERR_IO;
    struct str rest = e->whole;
    int err = convert(cd, &rest, e->out);
    if (err == 0)
        return OK;
    return fail(e->cx, ERR_INVALID, err == EINVAL ? "base.encoding.half" : "base.encoding.bytes",
                "byte=%02X offset=%zu", (unsigned)(unsigned char)rest.p[0], offset_of(e, rest.p));
}

static int decode_jisx0201(struct encoding_run *e)
{
    for (size_t i = 0; i < e->whole.n; i++) {
        unsigned char b = (unsigned char)e->whole.p[i];
        if (b == 0x5C)
            utf8_add(e->out, YEN_SIGN);
        else if (b == 0x7E)
            utf8_add(e->out, OVERLINE);
        else if (b < 0x80)
            text_addc(e->out, (char)b);
        else if (b >= 0xA1 && b <= 0xDF)
            utf8_add(e->out, b - 0xA1 + 0xFF61);
        else
            return fail(e->cx, ERR_INVALID, "base.encoding.bytes", "byte=%02X offset=%zu",
                        (unsigned)b, i);
    }
    return OK;
}

int decode(struct context *cx, struct str bytes, enum encoding from, struct text *out)
{
    struct encoding_run e = {cx, bytes, LOSS_REFUSE, NULL, out};
    size_t before = out->n;
    int r = OK;
    switch (from) {
    case ENC_UTF8:
        if (str_starts(bytes, STR("\xEF\xBB\xBF")))
            e.whole = (struct str){bytes.p + 3, bytes.n - 3};
        r = copy_utf8(&e);
        break;
    case ENC_CP932:
        r = decode_cp932(&e);
        break;
    case ENC_JISX0201:
        r = decode_jisx0201(&e);
        break;
    }
    return finish(cx, out, before, r);
}
