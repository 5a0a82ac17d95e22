/*
 * Bodies from outside: what was read from an urlencoded body reads the same after writing it out
 * again; a multipart body gives the same in one piece and in many; a form never takes more than it
 * declares.
 */
#include "serve/serve.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

extern const struct form_shape serve_sample_shape; /* src/serve/pages/style.html */

static void check(bool holds)
{
    if (!holds)
        abort();
}

/* --- no file is written
 * --------------------------------------------------------------------------- */

static int open_nothing(struct env *e, const char *path, int flags, int mode)
{
    (void)e;
    (void)path;
    (void)flags;
    (void)mode;
    return 1000;
}

static ssize_t write_nothing(struct env *e, int fd, const void *buf, size_t n)
{
    (void)e;
    (void)buf;
    check(fd == 1000);
    return (ssize_t)n;
}

static int close_nothing(struct env *e, int fd)
{
    (void)e;
    check(fd == 1000);
    return 0;
}

static int unlink_nothing(struct env *e, const char *path)
{
    (void)e;
    check(path != NULL);
    return 0;
}

/* --- forms
 * ------------------------------------------------------------------------------------------ */

static void read_as_form(struct context *cx, struct request *rq)
{
    static _Alignas(16) unsigned char form[65536];
    check(serve_sample_shape.size <= sizeof form);
    error_clear(cx);
    int r = form_read(cx, &serve_sample_shape, rq, form);
    const struct form_state *state = (const void *)form;
    check(r == OK || r == ERR_INVALID);
    check((r == OK) == (state->problems.n == 0));
    struct html h;
    struct frame f = {.csrf = STR("t"), .once = STR("o")};
    html_init(&h);
    form_begin(&h, &f, &serve_sample_shape, form);
    for (size_t i = 0; i < serve_sample_shape.n_fields; i++)
        form_field(&h, &serve_sample_shape, i, form, 0);
    check(utf8_valid(text_str(&h.text)));
    check(strstr(text_str(&h.text).p, "<script") == NULL);
    html_release(&h);
}

static void try_urlencoded(struct context *cx, struct request *rq, struct str s)
{
    static struct pair again[FORM_MAX];
    size_t n = 0;
    error_clear(cx);
    rq->n_uploads = 0;
    if (urlencoded_read(cx, cx->arena, s, rq->form, FORM_MAX, &rq->n_form) < 0)
        return;
    read_as_form(cx, rq);
    struct html h;
    html_init(&h);
    for (size_t i = 0; i < rq->n_form; i++) {
        html_url(&h, rq->form[i].name);
        html_raw(&h, "=");
        html_url(&h, rq->form[i].value);
        html_raw(&h, "&");
    }
    bool is_small = h.text.n <= FORM_BYTES_MAX;
    for (size_t i = 0; i < rq->n_form; i++)
        is_small = is_small && rq->form[i].name.n > 0 && rq->form[i].name.n <= 21;
    if (is_small) {
        check(urlencoded_read(cx, cx->arena, text_str(&h.text), again, FORM_MAX, &n) == OK);
        check(n == rq->n_form);
        for (size_t i = 0; i < n; i++)
            check(str_equal(again[i].name, rq->form[i].name) &&
                  str_equal(again[i].value, rq->form[i].value));
    }
    html_release(&h);
}

static int feed(struct context *cx, struct str s, size_t piece, struct request *rq)
{
    struct multipart *m = NULL;
    error_clear(cx);
    rq->n_form = rq->n_uploads = 0;
    int r =
        multipart_new(cx, cx->arena, STR("multipart/form-data; boundary=\"B\""), "/none", 4096, &m);
    for (size_t i = 0; r == OK && i < s.n; i += piece)
        r = multipart_feed(cx, m, (struct str){s.p + i, s.n - i < piece ? s.n - i : piece});
    if (r == OK)
        r = multipart_finish(cx, m, rq);
    multipart_end(m);
    return r;
}

static void try_multipart(struct context *cx, struct str s, size_t piece)
{
    static struct request whole, parts;
    whole.arena = parts.arena = cx->arena;
    int r = feed(cx, s, s.n + 1, &whole);
    int q = feed(cx, s, piece, &parts);
    check((r == OK) == (q == OK));
    if (r != OK)
        return;
    check(whole.n_form == parts.n_form && whole.n_uploads == parts.n_uploads);
    for (size_t i = 0; i < whole.n_form; i++)
        check(str_equal(whole.form[i].name, parts.form[i].name) &&
              str_equal(whole.form[i].value, parts.form[i].value));
    for (size_t i = 0; i < whole.n_uploads; i++)
        check(whole.uploads[i].size == parts.uploads[i].size);
    read_as_form(cx, &whole);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct request rq;
    struct arena arena;
    struct context cx;
    struct env env = *env_real();
    if (size < 1)
        return 0;
    env.open = open_nothing;
    env.write = write_nothing;
    env.close = close_nothing;
    env.unlink = unlink_nothing;
    arena_init(&arena, 64 << 20);
    context_init(&cx, &env, &arena);
    rq.method = METHOD_POST;
    rq.arena = &arena;
    struct str s = {(const char *)data + 1, size - 1};
    try_urlencoded(&cx, &rq, s);
    try_multipart(&cx, s, (size_t)data[0] % 19 + 1);
    arena_release(&arena);
    return 0;
}
