/* Font files: as they are for HarfBuzz, without their cmap for cairo (glyph.h says why). */
#include "paper/glyph.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <ft2build.h>
#include FT_FREETYPE_H
#include <cairo-ft.h>
#include <hb-ot.h>

struct font_map {
    unsigned char *bytes; /* private: only the page with the table directory is a copy */
    size_t length;
    FT_Library library;
    int users;
};

/* cairo keeps scaled fonts after we let go of them: the face goes when cairo says so. */
struct face_owner {
    FT_Face face;
    struct font_map *map;
};
static const cairo_user_data_key_t face_key;

static void map_unref(struct font_map *m)
{
    if (!m || --m->users > 0)
        return;
    if (m->library)
        FT_Done_FreeType(m->library);
    if (m->bytes)
        munmap(m->bytes, m->length);
    memory_free(m);
}

static void face_done(void *arg)
{
    struct face_owner *o = arg;
    FT_Done_Face(o->face);
    map_unref(o->map);
    memory_free(o);
}

/* cairo trusts its own reverse lookup in the cmap more than the text we give: hide the table. */
static void hide_cmap(unsigned char *bytes, size_t length)
{
    unsigned tables = length > 12 ? (unsigned)bytes[4] << 8 | bytes[5] : 0;
    for (size_t i = 0; i < tables && 12 + 16 * (i + 1) <= length; i++) {
        unsigned char *entry = bytes + 12 + 16 * i;
        if (memcmp(entry, "cmap", 4) == 0)
            memcpy(entry, "xmap", 4);
    }
}

static int map_open(struct context *cx, const char *path, struct font_map *m)
{
    struct stat st;
    int fd = cx->env->open(cx->env, path, O_RDONLY, 0);
    if (fd < 0)
        return fail(cx, ERR_NOT_FOUND, "paper.font.read", "file=%s", path);
    void *p = MAP_FAILED;
    if (fstat(fd, &st) == 0 && st.st_size > 0)
        p = mmap(NULL, (size_t)st.st_size, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);
    cx->env->close(cx->env, fd);
    if (p == MAP_FAILED)
        return fail(cx, ERR_IO, "paper.font.read", "file=%s", path);
    m->bytes = p;
    m->length = (size_t)st.st_size;
    hide_cmap(m->bytes, m->length);
    if (FT_Init_FreeType(&m->library) != 0)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    return OK;
}

static int open_twin(struct context *cx, struct font_map *m, cairo_font_face_t **out)
{
    struct face_owner *o = memory_alloc(sizeof *o);
    if (!o)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (FT_New_Memory_Face(m->library, m->bytes, (FT_Long)m->length, 0, &o->face) != 0) {
        memory_free(o);
        return fail(cx, ERR_INVALID, "paper.font.read", NULL);
    }
    o->map = m;
    m->users++;
    cairo_font_face_t *face = cairo_ft_font_face_create_for_ft_face(o->face, FT_LOAD_NO_HINTING);
    if (cairo_font_face_set_user_data(face, &face_key, o, face_done) != CAIRO_STATUS_SUCCESS) {
        cairo_font_face_destroy(face);
        face_done(o);
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    }
    *out = face;
    return OK;
}

/* Several code points may share a glyph: 0 what Japanese text is written with, 1 the rest, 2 what
 * only repeats others: radicals, compatibility forms, blanks by width. */
static int rank_of(hb_codepoint_t c)
{
    if ((c >= 0x2E80 && c <= 0x2FDF) || (c >= 0xF900 && c <= 0xFAFF) ||
        (c >= 0x2F800 && c <= 0x2FA1F) || (c >= 0x2000 && c <= 0x200F) || c == 0xA0 || c == 0xAD)
        return 2;
    bool usual = (c >= 0x20 && c < 0x7F) || (c >= 0x3000 && c <= 0x9FFF) ||
                 (c >= 0xFF00 && c <= 0xFFEF) || c >= 0x20000;
    return usual ? 0 : 1;
}

/* Which code point a glyph stands for when nothing else is said: the lowest of the best rank. */
static int fill_canonical(struct context *cx, struct font *f)
{
    f->canonical = memory_alloc(f->n_glyphs * sizeof *f->canonical);
    hb_set_t *all = hb_set_create();
    if (!f->canonical || !hb_set_allocation_successful(all)) {
        hb_set_destroy(all);
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    }
    hb_face_collect_unicodes(hb_font_get_face(f->hb), all);
    hb_codepoint_t c = HB_SET_VALUE_INVALID;
    hb_codepoint_t glyph;
    while (hb_set_next(all, &c)) {
        if (!hb_font_get_nominal_glyph(f->hb, c, &glyph) || glyph >= f->n_glyphs)
            continue;
        uint32_t have = f->canonical[glyph];
        if (have == 0 || rank_of(c) < rank_of(have))
            f->canonical[glyph] = c;
    }
    hb_set_destroy(all);
    return OK;
}

static int open_shaper(struct context *cx, struct font *f, const char *path)
{
    hb_blob_t *blob = hb_blob_create_from_file(path);
    hb_face_t *face = hb_face_create(blob, 0);
    f->n_glyphs = hb_face_get_glyph_count(face);
    f->hb = hb_font_create(face);
    hb_ot_font_set_funcs(f->hb);
    hb_font_set_scale(f->hb, EM, EM);
    hb_face_destroy(face);
    hb_blob_destroy(blob);
    if (f->n_glyphs == 0)
        return fail(cx, ERR_INVALID, "paper.font.read", "file=%s", path);
    return fill_canonical(cx, f);
}

int font_open(struct context *cx, struct font *f, const char *path)
{
    struct font_map *m = memory_alloc(sizeof *m);
    if (!m)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    m->users = 1;
    f->map = m;
    int r = map_open(cx, path, m);
    for (int i = 0; r == OK && i < TWINS; i++)
        r = open_twin(cx, m, &f->twin[i]);
    if (r == OK)
        r = open_shaper(cx, f, path);
    return r;
}

void font_close(struct font *f)
{
    for (int i = 0; i < TWINS; i++) {
        if (f->twin[i])
            cairo_font_face_destroy(f->twin[i]);
        f->twin[i] = NULL;
    }
    hb_font_destroy(f->hb);
    memory_free(f->canonical);
    map_unref(f->map);
    *f = (struct font){0};
}
