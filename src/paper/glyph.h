/*
 * glyph: fonts and shaped text. A string is shaped once per family into a run: glyphs of up to
 * three fonts, with advances in 1/65536 em, so that one run serves every size.
 *
 * cairo writes a wrong or split ToUnicode entry when one glyph stands for several texts (邊 and
 * 邊+IVS, 角 and the radical ⻆), and its reverse lookup in the font's cmap overrules the text it
 * was given. So cairo sees the fonts without their cmap table, and every font as several twins:
 * which twin draws a glyph depends only on glyph and text, never on what was printed before.
 */
#ifndef PAPER_GLYPH_H
#define PAPER_GLYPH_H

#include "paper/paper.h"

#include <cairo.h>
#include <hb.h>

enum family { FAMILY_MINCHO, FAMILY_GOTHIC, FAMILY_NAME, FAMILIES };
enum font_no { FONT_MINCHO, FONT_GOTHIC, FONT_MJ, FONTS };
/* canonical code point, other single code points, variation sequences, everything else */
enum { TWINS = 4 };
#define EM 65536

struct font_map; /* the font file in memory, shared by the twins, freed with the last of them */
struct font {
    struct font_map *map;
    hb_font_t *hb;
    cairo_font_face_t *twin[TWINS];
    uint32_t *canonical; /* glyph -> code point it stands for; 0 none */
    unsigned n_glyphs;
};

struct glyph {
    uint32_t id;
    uint8_t font;
    uint8_t twin;
    uint8_t bytes; /* of text this glyph's cluster stands for; 0: belongs to the glyph before */
    int32_t dx, dy;
    int32_t advance;
};
struct run {
    struct str text;
    struct glyph *glyphs;
    size_t n;
    int64_t width; /* 1/65536 em */
};

/* Scaled fonts in use, so that cairo is not asked for the same one again and again. */
struct scaled {
    uint32_t key; /* font, twin, quarter points of size, percent of width; 0 empty */
    cairo_scaled_font_t *font;
};
struct cached_run {
    uint64_t hash;
    enum family family;
    struct run run;
    struct cached_run *next;
};
struct seal { /* the one printed last */
    cairo_surface_t *recording;
    double w, h;
    int ink;
    size_t length;
    char text[64];
};
enum { RUN_BUCKETS = 8192, SCALED_SLOTS = 512, RUN_CACHE_BYTES = 12 << 20 };

struct paper {
    struct font fonts[FONTS];
    hb_buffer_t *buffer;
    struct arena runs; /* of the cache */
    struct cached_run *bucket[RUN_BUCKETS];
    struct scaled scaled[SCALED_SLOTS];
    struct seal seal;
    struct arena plan; /* of one document */
    struct str whose;  /* of the document being planned, for errors */
};

int font_open(struct context *cx, struct font *f, const char *path) WARN_UNUSED;
void font_close(struct font *f);

/* Shapes into the arena, or into the cache when arena is NULL. A character no font of the family
 * has gives ERR_INVALID "paper.glyph.missing" with p->whose and the code point. */
int shape(struct context *cx, struct paper *p, struct arena *arena, enum family family,
          struct str text, const struct run **out) WARN_UNUSED;
/* Forgets the cache when it has grown; only between documents. */
void shape_cache_trim(struct paper *p);

/* size in quarter points, width in percent of the natural one. */
cairo_scaled_font_t *scaled_font(struct paper *p, unsigned font, unsigned twin, unsigned quarters,
                                 unsigned percent);

#endif
