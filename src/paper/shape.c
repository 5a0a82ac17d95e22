/* Shaping: which font has a character, then HarfBuzz on each stretch of one font. */
#include "paper/glyph.h"

#include <stdio.h>
#include <string.h>

/* Families and the order in which their fonts are asked. Names come in IPAmj, whose variation
 * sequences are those of 戸籍統一文字; text comes in IPAex. */
static const enum font_no family_order[FAMILIES][FONTS] = {
    [FAMILY_MINCHO] = {FONT_MINCHO, FONT_MJ, FONT_GOTHIC},
    [FAMILY_GOTHIC] = {FONT_GOTHIC, FONT_MJ, FONT_MINCHO},
    [FAMILY_NAME] = {FONT_MJ, FONT_MINCHO, FONT_GOTHIC},
};

/* A character with the marks that belong to it: variation selector, voiced mark, accent. */
struct unit {
    struct str text;
    hb_codepoint_t base;
    hb_codepoint_t selector; /* 0: none */
    hb_codepoint_t mark;     /* 0: none */
};

static bool is_selector(int32_t c)
{
    return (c >= 0xFE00 && c <= 0xFE0F) || (c >= 0xE0100 && c <= 0xE01EF);
}

static bool is_mark(int32_t c)
{
    return c == 0x3099 || c == 0x309A || (c >= 0x0300 && c <= 0x036F);
}

static bool next_unit(struct str *rest, struct unit *u)
{
    struct str start = *rest;
    int32_t c = utf8_next(rest);
    if (c < 0)
        return false;
    *u = (struct unit){.base = (hb_codepoint_t)c};
    for (;;) {
        struct str before = *rest;
        int32_t next = utf8_next(rest);
        if (is_selector(next)) {
            u->selector = (hb_codepoint_t)next;
        } else if (is_mark(next)) {
            u->mark = (hb_codepoint_t)next;
        } else {
            *rest = before;
            break;
        }
    }
    u->text = (struct str){start.p, (size_t)(rest->p - start.p)};
    return true;
}

static bool font_has(const struct font *f, const struct unit *u)
{
    hb_codepoint_t g;
    if (u->selector && !hb_font_get_variation_glyph(f->hb, u->base, u->selector, &g))
        return false;
    if (!u->selector && !hb_font_get_nominal_glyph(f->hb, u->base, &g))
        return false;
    return !u->mark || hb_font_get_nominal_glyph(f->hb, u->mark, &g);
}

struct shaper {
    struct context *cx;
    struct paper *p;
    struct arena *arena;
    struct run *run;
    size_t capacity;
};

static int refuse(struct shaper *s, const struct unit *u)
{
    char code[32];
    int n = snprintf(code, sizeof code, "U+%04X", u->base);
    if (u->selector)
        snprintf(code + n, sizeof code - (size_t)n, " U+%04X", u->selector);
    return fail(s->cx, ERR_INVALID, "paper.glyph.missing",
                "whose=" STR_FMT " code=%s text=" STR_FMT, STR_ARG(s->p->whose), code,
                STR_ARG(s->run->text));
}

/* Control characters never reach paper. */
static int choose_font(struct shaper *s, enum family family, const struct unit *u)
{
    if (u->base < 0x20 || u->base == 0x7F)
        return refuse(s, u);
    for (int i = 0; i < FONTS; i++)
        if (font_has(&s->p->fonts[family_order[family][i]], u))
            return (int)family_order[family][i];
    return refuse(s, u);
}

static uint8_t choose_twin(const struct font *f, uint32_t glyph, struct str cluster)
{
    int32_t c = utf8_next(&cluster);
    if (cluster.n == 0)
        return glyph < f->n_glyphs && f->canonical[glyph] == (uint32_t)c ? 0 : 1;
    int32_t second = utf8_next(&cluster);
    return is_selector(second) && cluster.n == 0 ? 2 : 3;
}

static int take_glyphs(struct shaper *s, enum font_no font, struct str stretch)
{
    unsigned n;
    hb_glyph_info_t *info = hb_buffer_get_glyph_infos(s->p->buffer, &n);
    hb_glyph_position_t *at = hb_buffer_get_glyph_positions(s->p->buffer, &n);
    struct run *r = s->run;
    const struct font *f = &s->p->fonts[font];
    for (unsigned i = 0; i < n; i++) {
        if (r->n == s->capacity)
            return fail(s->cx, ERR_LIMIT, "paper.text.long", NULL);
        struct glyph *g = &r->glyphs[r->n];
        *g = (struct glyph){info[i].codepoint, (uint8_t)font, 0, 0,
                            at[i].x_offset, at[i].y_offset, at[i].x_advance};
        r->width += at[i].x_advance;
        if (i > 0 && info[i].cluster == info[i - 1].cluster) {
            g->twin = r->glyphs[r->n++ - 1].twin;
            continue;
        }
        unsigned end = i + 1;
        while (end < n && info[end].cluster == info[i].cluster)
            end++;
        size_t stop = end < n ? info[end].cluster : stretch.n;
        struct str cluster = {stretch.p + info[i].cluster, stop - info[i].cluster};
        g->bytes = (uint8_t)cluster.n;
        g->twin = choose_twin(f, g->id, cluster);
        r->n++;
    }
    return OK;
}

static int shape_stretch(struct shaper *s, enum font_no font, struct str stretch)
{
    hb_buffer_t *b = s->p->buffer;
    hb_buffer_reset(b);
    hb_buffer_set_direction(b, HB_DIRECTION_LTR);
    hb_buffer_set_script(b, HB_SCRIPT_HAN);
    hb_buffer_set_flags(b, HB_BUFFER_FLAG_REMOVE_DEFAULT_IGNORABLES);
    hb_buffer_add_utf8(b, stretch.p, (int)stretch.n, 0, (int)stretch.n);
    hb_shape(s->p->fonts[font].hb, b, NULL, 0);
    return take_glyphs(s, font, stretch);
}

static int shape_all(struct shaper *s, enum family family)
{
    struct str rest = s->run->text;
    const char *start = rest.p;
    int font = -1;
    struct unit u;
    while (next_unit(&rest, &u)) {
        int next = choose_font(s, family, &u);
        int r = next;
        if (next >= 0 && font >= 0 && next != font) {
            r = shape_stretch(s, (enum font_no)font,
                              (struct str){start, (size_t)(u.text.p - start)});
            start = u.text.p;
        }
        if (r < 0)
            return r;
        font = next;
    }
    if (rest.n > 0)
        return fail(s->cx, ERR_INVALID, "paper.text.utf8", "whose=" STR_FMT,
                    STR_ARG(s->p->whose));
    if (font < 0)
        return OK;
    return shape_stretch(s, (enum font_no)font, (struct str){start, (size_t)(rest.p - start)});
}

static int shape_into(struct context *cx, struct paper *p, struct arena *arena,
                      enum family family, struct run *run)
{
    struct shaper s = {cx, p, arena, run, run->text.n + 4};
    run->text = str_copy(arena, run->text);
    run->glyphs = ARENA_ARRAY(arena, s.capacity, struct glyph);
    if (!run->text.p || !run->glyphs)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    return shape_all(&s, family);
}

/* FNV-1a: the table is ours alone, nobody can choose its keys to hurt another. */
static uint64_t text_hash(enum family family, struct str s)
{
    uint64_t h = UINT64_C(14695981039346656037) + (uint64_t)family;
    for (size_t i = 0; i < s.n; i++)
        h = (h ^ (unsigned char)s.p[i]) * UINT64_C(1099511628211);
    return h;
}

static int shape_cached(struct context *cx, struct paper *p, enum family family, struct str text,
                        const struct run **out)
{
    uint64_t h = text_hash(family, text);
    struct cached_run **slot = &p->bucket[h % RUN_BUCKETS];
    for (struct cached_run *c = *slot; c; c = c->next) {
        if (c->hash == h && c->family == family && str_equal(c->run.text, text)) {
            *out = &c->run;
            return OK;
        }
    }
    struct cached_run *c = ARENA_NEW(&p->runs, struct cached_run);
    if (!c)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    c->hash = h;
    c->family = family;
    c->run.text = text;
    int r = shape_into(cx, p, &p->runs, family, &c->run);
    if (r < 0)
        return r;
    c->next = *slot;
    *slot = c;
    *out = &c->run;
    return OK;
}

int shape(struct context *cx, struct paper *p, struct arena *arena, enum family family,
          struct str text, const struct run **out)
{
    if (text.n > 8192)
        return fail(cx, ERR_LIMIT, "paper.text.long", "bytes=%zu", text.n);
    if (!arena)
        return shape_cached(cx, p, family, text, out);
    struct run *run = ARENA_NEW(arena, struct run);
    if (!run)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    run->text = text;
    *out = run;
    return shape_into(cx, p, arena, family, run);
}

void shape_cache_trim(struct paper *p)
{
    if (p->runs.used < RUN_CACHE_BYTES)
        return;
    arena_release(&p->runs);
    memset(p->bucket, 0, sizeof p->bucket);
}
