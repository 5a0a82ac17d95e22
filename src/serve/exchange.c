/* exchange: the memory of one request, kept for the next one. */
#include "serve/inner.h"

enum { REQUEST_ARENA = 32 << 20 };

struct exchange *exchange_new(struct worker *w)
{
    struct exchange *x = memory_alloc(sizeof *x);
    if (!x)
        return NULL;
    arena_init(&x->arena, REQUEST_ARENA);
    html_init(&x->rp.body);
    text_init(&x->body, FORM_BYTES_MAX);
    context_init(&x->cx, w->cx.env, &x->arena);
    x->rq.arena = &x->arena;
    return x;
}

void exchange_end(struct exchange *x)
{
    enum { KEEP = 1 << 20 };
    struct html body = x->rp.body;
    struct text sent = x->body;
    struct arena arena = x->arena;
    struct env *env = x->cx.env;
    multipart_end(x->multipart);
    if (body.text.cap > KEEP)
        html_release(&body);
    if (sent.cap > KEEP)
        text_release(&sent);
    text_clear(&body.text);
    text_clear(&sent);
    arena_rewind(&arena, (struct arena_mark){0});
    *x = (struct exchange){.arena = arena, .body = sent};
    x->rp.body = body;
    context_init(&x->cx, env, &x->arena);
    x->rq.arena = &x->arena;
}

void exchange_free(struct exchange *x)
{
    multipart_end(x->multipart);
    html_release(&x->rp.body);
    text_release(&x->body);
    arena_release(&x->arena);
    memory_free(x);
}
