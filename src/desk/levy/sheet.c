/* One paper of the desk, not of a yearly run: drawn in memory from its values. */
#include "desk/levy/notice.h"

int sheet_pdf(struct work *w, const char *name, const struct form_data *data, struct text *out)
{
    struct paper *paper = NULL;
    struct form *form = NULL;
    struct str layout;
    int rc = office_paper(w, &paper);
    rc = rc < 0 ? rc : layout_named(w, name, &layout);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, name, layout, &form);
    rc = rc < 0 ? rc
                : paper_pdf(&w->cx, paper, &(struct paper_info){form_title(form), w->today}, form,
                            data, out);
    form_free(form);
    return rc < 0 ? error_add(&w->cx, "print %s", name) : 0;
}

static int keep_bytes(struct context *cx, void *arg, struct str bytes)
{
    struct text *out = arg;
    return text_add(out, bytes) < 0 ? fail(cx, ERR_MEMORY, "memory", NULL) : 0;
}

int sheet_print(struct work *w, const struct sheet_forms *forms, const char *name,
                const struct form_data *const *data, size_t n, struct text *out)
{
    struct paper *paper = NULL;
    struct form *form = NULL;
    struct paper_stream *stream = NULL;
    struct str layout;
    int rc = office_paper(w, &paper);
    rc = rc < 0 ? rc : layout_in(w, forms, name, &layout);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, name, layout, &form);
    rc = rc < 0 ? rc
                : paper_stream_open(&w->cx, paper, &(struct paper_info){form_title(form), w->today},
                                    keep_bytes, out, &stream);
    for (size_t i = 0; i < n && rc >= 0; i++) {
        rc = paper_stream_add(&w->cx, stream, form, data[i]);
    }
    if (stream) {
        int closed = paper_stream_close(&w->cx, stream);
        rc = rc < 0 ? rc : closed;
    }
    form_free(form);
    return rc < 0 ? error_add(&w->cx, "print %s", name) : 0;
}

int sheet_send(struct work *w, struct reply *rp, struct text *pdf, struct str file_name)
{
    struct str bytes = str_copy(w->cx.arena, text_str(pdf));
    if (!bytes.p) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    reply_file(rp, "application/pdf", bytes, file_name, true);
    return 0;
}

int sheet_reply(struct work *w, struct reply *rp, const char *name, const struct form_data *data,
                struct str file_name)
{
    struct text pdf;
    text_init(&pdf, (size_t)64 << 20);
    int rc = sheet_pdf(w, name, data, &pdf);
    struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&pdf));
    text_release(&pdf);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    reply_file(rp, "application/pdf", bytes, file_name, true);
    return 0;
}
