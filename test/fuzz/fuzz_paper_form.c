/*
 * Any text as a layout: it is refused with a place, or it is loaded, its sample values are printed,
 * and the same text gives the same bytes again.
 */
#include "paper/paper.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct paper *paper;

static void check(bool holds)
{
    if (!holds)
        abort();
}

static int print(struct context *cx, struct form *f, struct digest *out)
{
    struct form_data d;
    struct text t;
    struct paper_info info = {STR("fuzz"), ymd_of(2026, 6, 1)};
    form_data_init(&d, cx->arena, STR("fuzz"));
    text_init(&t, 64 << 20);
    int r = form_sample(cx, f, &d);
    if (r >= 0)
        r = paper_pdf(cx, paper, &info, f, &d, &t);
    *out = hash_of(text_str(&t));
    text_release(&t);
    return r;
}

static void pack(struct context *cx, struct str bytes)
{
    struct form_data d;
    struct text t;
    text_init(&t, 64 << 20);
    if (form_data_unpack(cx, bytes, cx->arena, &d) >= 0)
        check(form_data_pack(&d, &t) == OK);
    text_release(&t);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena arena;
    struct context cx;
    struct form *f = NULL;
    struct str bytes = {(const char *)data, size};
    arena_init(&arena, (size_t)256 << 20);
    context_init(&cx, env_real(), &arena);
    if (!paper)
        check(paper_open(&cx, NULL, &paper) >= 0);
    if (form_load(&cx, paper, "fuzz", bytes, &f) >= 0) {
        struct digest first;
        struct digest again;
        int r = print(&cx, f, &first);
        error_clear(&cx);
        check(print(&cx, f, &again) == r);
        check(r < 0 || digest_equal(&first, &again));
    } else {
        check(cx.error.message[0] != '\0');
    }
    form_free(f);
    error_clear(&cx);
    pack(&cx, bytes);
    arena_release(&arena);
    return 0;
}
