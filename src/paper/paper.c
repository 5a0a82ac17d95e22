/* A process's fonts and caches; layouts loaded and let go. */
#include "paper/draw.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct {
    const char *file;
    const char *folder; /* Debian's */
} font_files[FONTS] = {
    [FONT_MINCHO] = {"ipaexm.ttf", "/usr/share/fonts/opentype/ipaexfont-mincho"},
    [FONT_GOTHIC] = {"ipaexg.ttf", "/usr/share/fonts/opentype/ipaexfont-gothic"},
    [FONT_MJ] = {"ipamjm.ttf", "/usr/share/fonts/truetype/ipamj"},
};

static int open_fonts(struct context *cx, struct paper *p, const char *folder)
{
    char path[512];
    for (int i = 0; i < FONTS; i++) {
        int n = snprintf(path, sizeof path, "%s/%s", folder ? folder : font_files[i].folder,
                         font_files[i].file);
        if (n < 0 || (size_t)n >= sizeof path)
            return fail(cx, ERR_LIMIT, "paper.font.read", "file=%s", font_files[i].file);
        int r = font_open(cx, &p->fonts[i], path);
        if (r < 0)
            return r;
    }
    return OK;
}

int paper_open(struct context *cx, const char *font_folder, struct paper **out)
{
    *out = NULL;
    struct paper *p = memory_alloc(sizeof *p);
    if (!p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    arena_init(&p->runs, 2 * (size_t)RUN_CACHE_BYTES);
    arena_init(&p->plan, (size_t)256 << 20);
    p->whose = STR("");
    p->buffer = hb_buffer_create();
    int r = open_fonts(cx, p, font_folder ? font_folder : env_variable("HOKENKA_FONTS"));
    if (r < 0)
        paper_close(p);
    else
        *out = p;
    return r;
}

void paper_close(struct paper *p)
{
    if (!p)
        return;
    if (p->seal.recording)
        cairo_surface_destroy(p->seal.recording);
    for (int i = 0; i < SCALED_SLOTS; i++)
        if (p->scaled[i].font)
            cairo_scaled_font_destroy(p->scaled[i].font);
    for (int i = 0; i < FONTS; i++)
        font_close(&p->fonts[i]);
    hb_buffer_destroy(p->buffer);
    arena_release(&p->runs);
    arena_release(&p->plan);
    memory_free(p);
}

/* --- layouts -------------------------------------------------------------------------------- */

static struct str without_mark(struct str s)
{
    if (str_starts(s, STR("\xEF\xBB\xBF")))
        return (struct str){s.p + 3, s.n - 3};
    return s;
}

static int form_read(struct context *cx, struct form *f, const char *file, struct str layout)
{
    if (layout.n > 1 << 20)
        return fail(cx, ERR_LIMIT, "paper.layout.long", "bytes=%zu", layout.n);
    f->hash = hash_of(layout);
    f->file = str_copy(&f->arena, str_of(file));
    struct str text = str_copy(&f->arena, without_mark(layout));
    if (!f->file.p || !text.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int r = layout_read(cx, f, text);
    if (r == OK)
        r = layout_check(cx, f);
    return r == OK ? draw_prepare(cx, f) : r;
}

int form_load(struct context *cx, struct paper *p, const char *file, struct str layout,
              struct form **out)
{
    *out = NULL;
    struct form *f = memory_alloc(sizeof *f);
    if (!f)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    arena_init(&f->arena, (size_t)64 << 20);
    f->paper = p;
    int r = form_read(cx, f, file, layout);
    if (r < 0)
        form_free(f);
    else
        *out = f;
    return r;
}

static void part_release(struct part *part)
{
    for (size_t i = 0; i < part->n; i++)
        if (part->elements[i].repeat && part->elements[i].repeat->body)
            part_release(part->elements[i].repeat->body);
    for (int i = 0; i < part->n_recordings; i++)
        cairo_surface_destroy(part->recordings[i].surface);
}

void form_free(struct form *f)
{
    if (!f)
        return;
    for (size_t i = 0; i < f->n_blocks; i++)
        part_release(f->blocks[i]);
    for (size_t i = 0; i < f->n_pages; i++)
        part_release(&f->pages[i].body);
    arena_release(&f->arena);
    memory_free(f);
}

struct str form_name(const struct form *f)
{
    return f->name;
}

struct str form_title(const struct form *f)
{
    return f->title.p ? f->title : f->name;
}

struct digest form_hash(const struct form *f)
{
    return f->hash;
}
