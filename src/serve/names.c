/*
 * names: characters that clerks' PCs may lack. A page that shows some (outside of CP932, or chosen
 * by a variation selector) gets a style sheet that names a font made for exactly these characters,
 * cut from IPAmj Mincho. The address carries the characters as a sorted set of code points, never a
 * name, so any worker can make the font again and browsers keep it.
 */
#include "serve/inner.h"

#include <hb-subset.h>
#include <hb.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEQUENCES_MAX = 64, KANJI_FIRST = 0x4E00, KANJI_LAST = 0x9FFF, CODES_MAX = 1024 };

/* As paper finds its fonts: HOKENKA_FONTS or Debian's folder. */
static const char *font_path(void)
{
    static char path[512];
    const char *folder = env_variable("HOKENKA_FONTS");
    if (!path[0])
        snprintf(path, sizeof path, "%s/ipamjm.ttf",
                 folder ? folder : "/usr/share/fonts/truetype/ipamj");
    return path;
}

struct sequence {
    int32_t base;
    int32_t selector; /* 0: none */
};
struct rare {
    struct sequence rows[SEQUENCES_MAX];
    size_t n;
};

/* --- which characters
 * ------------------------------------------------------------------------------ */

static bool in_cp932(struct exchange *x, int32_t c)
{
    struct context cx = x->cx;
    struct text one, out;
    text_init(&one, 8);
    text_init(&out, 8);
    error_clear(&cx);
    (void)utf8_add(&one, c);
    bool is = encode(&cx, text_str(&one), ENC_CP932, LOSS_REFUSE, NULL, &out) == OK;
    text_release(&one);
    text_release(&out);
    return is;
}

/* Asked once per character and process: 0 not known yet, 1 usual, 2 rare. */
static bool is_rare_kanji(struct exchange *x, int32_t c)
{
    static unsigned char known[KANJI_LAST - KANJI_FIRST + 1];
    unsigned char *k = &known[c - KANJI_FIRST];
    if (*k == 0)
        *k = in_cp932(x, c) ? 1 : 2;
    return *k == 2;
}

static bool is_selector(int32_t c)
{
    return (c >= 0xE0100 && c <= 0xE01EF) || (c >= 0xFE00 && c <= 0xFE0F);
}

static bool is_rare(struct exchange *x, int32_t c)
{
    if (c >= KANJI_FIRST && c <= KANJI_LAST)
        return is_rare_kanji(x, c);
    return (c >= 0x3400 && c <= 0x4DBF) || (c >= 0xF900 && c <= 0xFAFF) ||
           (c >= 0x20000 && c <= 0x323AF);
}

static int compare(const void *a, const void *b)
{
    const struct sequence *p = a, *q = b;
    if (p->base != q->base)
        return p->base < q->base ? -1 : 1;
    return (p->selector > q->selector) - (p->selector < q->selector);
}

static void keep(struct rare *r, struct sequence s)
{
    for (size_t i = 0; i < r->n; i++) {
        if (compare(&r->rows[i], &s) == 0)
            return;
    }
    if (r->n < SEQUENCES_MAX)
        r->rows[r->n++] = s;
}

/* Most of a page is ASCII, then kana, then kanji that were asked about before. */
static bool is_plain(struct exchange *x, const unsigned char *p, size_t n)
{
    if (n < 4 || p[0] < 0xE3 || p[0] > 0xE9 || (p[1] & 0xC0) != 0x80 || (p[2] & 0xC0) != 0x80)
        return false;
    int32_t c = (p[0] & 0x0F) << 12 | (p[1] & 0x3F) << 6 | (p[2] & 0x3F);
    bool is_usual = c < 0x3400 || (c >= KANJI_FIRST && c <= KANJI_LAST && !is_rare_kanji(x, c));
    return is_usual && p[3] < 0xEE; /* a selector may follow: EF B8.., F3 A0.. */
}

static void collect(struct exchange *x, struct str page, struct rare *out)
{
    int32_t before = 0;
    for (size_t i = 0; i < page.n;) {
        const unsigned char *p = (const unsigned char *)page.p + i;
        uint64_t eight;
        if (page.n - i >= sizeof eight) {
            memcpy(&eight, p, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) == 0) {
                i += sizeof eight;
                before = 0;
                continue;
            }
        }
        if (*p < 0xE3 || is_plain(x, p, page.n - i)) { /* nothing rare begins lower */
            i += *p < 0xE3 ? 1 : 3;
            before = 0;
            continue;
        }
        struct str rest = {page.p + i, page.n - i};
        int32_t c = utf8_next(&rest);
        if (c < 0)
            return;
        if (is_selector(c) && before)
            keep(out, (struct sequence){before, c});
        else if (is_rare(x, c))
            keep(out, (struct sequence){c, 0});
        before = c;
        i = page.n - rest.n;
    }
    qsort(out->rows, out->n, sizeof out->rows[0], compare);
}

/* "9089-e0101_9ad9" */
static void add_codes(struct text *t, const struct rare *r)
{
    for (size_t i = 0; i < r->n; i++) {
        (void)text_addf(t, "%s%x", i ? "_" : "", (unsigned)r->rows[i].base);
        if (r->rows[i].selector)
            (void)text_addf(t, "-%x", (unsigned)r->rows[i].selector);
    }
}

void names_add_font(struct exchange *x)
{
    static const char end[] = "</body>\n</html>\n";
    struct text *page = &x->rp.body.text;
    struct rare rare = {.n = 0};
    size_t n_end = sizeof end - 1;
    if (page->n < n_end || memcmp(page->p + page->n - n_end, end, n_end) != 0)
        return;
    collect(x, text_str(page), &rare);
    if (rare.n == 0 || access(font_path(), R_OK) != 0)
        return;
    page->n -= n_end;
    (void)text_adds(page, "<link rel=\"stylesheet\" href=\"/font/");
    add_codes(page, &rare);
    (void)text_adds(page, "/css\">\n");
    (void)text_adds(page, end);
}

/* --- the font
 * ---------------------------------------------------------------------------------------- */

static bool read_code(struct str s, int32_t *out)
{
    int64_t v = 0;
    if (s.n == 0 || s.n > 5)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return false;
        v = v * 16 + digit;
    }
    *out = (int32_t)v;
    return true;
}

static bool read_codes(struct str codes, struct rare *out)
{
    out->n = 0;
    if (codes.n > CODES_MAX)
        return false;
    while (codes.n > 0) {
        struct str selector = str_cut(&codes, '_');
        struct str base = str_cut(&selector, '-');
        struct sequence s = {0, 0};
        if (out->n == SEQUENCES_MAX || !read_code(base, &s.base) ||
            (selector.n > 0 && (!read_code(selector, &s.selector) || !is_selector(s.selector))))
            return false;
        out->rows[out->n++] = s;
    }
    return out->n > 0;
}

static int show_css(struct request *rq, struct reply *rp, const struct rare *r)
{
    struct text t;
    text_init(&t, 16384);
    (void)text_adds(&t, "@font-face{font-family:HokenkaNames;src:url(\"/font/");
    add_codes(&t, r);
    (void)text_adds(&t, "/ttf\") format(\"truetype\");unicode-range:");
    for (size_t i = 0; i < r->n; i++) {
        (void)text_addf(&t, "%sU+%x", i ? "," : "", (unsigned)r->rows[i].base);
        if (r->rows[i].selector)
            (void)text_addf(&t, ",U+%x", (unsigned)r->rows[i].selector);
    }
    (void)text_adds(&t, "}\n");
    struct str css = str_copy(rq->arena, text_str(&t));
    bool failed = t.failed || !css.p;
    text_release(&t);
    rp->type = "text/css; charset=utf-8";
    rp->bytes = css;
    rp->cacheable = true;
    return failed ? ERR_MEMORY : OK;
}

static hb_face_t *source_face(void)
{
    static hb_face_t *face; /* kept: 46 MB mapped, shared by all workers */
    if (!face) {
        hb_blob_t *blob = hb_blob_create_from_file(font_path());
        face = hb_face_create(blob, 0);
        hb_blob_destroy(blob);
    }
    return face;
}

static hb_face_t *cut(const struct rare *r)
{
    hb_subset_input_t *input = hb_subset_input_create_or_fail();
    if (!input)
        return NULL;
    hb_set_t *wanted = hb_subset_input_unicode_set(input);
    for (size_t i = 0; i < r->n; i++) {
        hb_set_add(wanted, (hb_codepoint_t)r->rows[i].base);
        if (r->rows[i].selector)
            hb_set_add(wanted, (hb_codepoint_t)r->rows[i].selector);
    }
    hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG),
               HB_TAG('G', 'S', 'U', 'B'));
    hb_set_add(hb_subset_input_set(input, HB_SUBSET_SETS_DROP_TABLE_TAG),
               HB_TAG('G', 'P', 'O', 'S'));
    hb_subset_input_set_flags(input, HB_SUBSET_FLAGS_NO_HINTING);
    hb_face_t *face = hb_subset_or_fail(source_face(), input);
    hb_subset_input_destroy(input);
    return face;
}

static int show_font(struct work *w, struct request *rq, struct reply *rp, const struct rare *r)
{
    hb_face_t *face = cut(r);
    if (!face)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    hb_blob_t *blob = hb_face_reference_blob(face);
    unsigned n = 0;
    const char *bytes = hb_blob_get_data(blob, &n);
    rp->bytes = str_copy(rq->arena, (struct str){bytes, n});
    rp->type = "font/ttf";
    rp->cacheable = true;
    hb_blob_destroy(blob);
    hb_face_destroy(face);
    return rp->bytes.p ? OK : fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}

int names_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct rare rare;
    bool is_css = str_is(rq->part[1], "css");
    if ((!is_css && !str_is(rq->part[1], "ttf")) || !read_codes(rq->part[0], &rare))
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    if (is_css)
        return show_css(rq, rp, &rare) < 0 ? fail(&w->cx, ERR_MEMORY, "base.memory", NULL) : OK;
    if (access(font_path(), R_OK) != 0)
        return fail(&w->cx, ERR_NOT_FOUND, "page.not_found", NULL);
    return show_font(w, rq, rp, &rare);
}
