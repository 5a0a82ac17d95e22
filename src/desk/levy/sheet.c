/* One paper of the desk, not of a yearly run: drawn in memory from its values. */
#include "desk/levy/notice.h"

static int append(struct context *cx, void *arg, struct str bytes)
{
    (void)cx;
    return text_add(arg, bytes);
}

static int draw(struct work *w, struct paper *p, struct form *form, const struct form_data *data,
                struct text *out)
{
    struct paper_info info = {.title = form_title(form), .issued = w->today};
    struct paper_stream *s = NULL;
    struct form *const set[] = {form};
    int rc = paper_stream_open(&w->cx, p, &info, append, out, &s);
    if (rc < 0) {
        return rc;
    }
    rc = paper_stream_add_set(&w->cx, s, set, 1, data);
    if (rc < 0) {
        paper_stream_abandon(s);
        return rc;
    }
    return paper_stream_close(&w->cx, s);
}

int sheet_pdf(struct work *w, const char *name, const struct form_data *data, struct text *out)
{
    struct adopted_list adopted;
    struct paper *paper;
    struct form *form = NULL;
    struct str layout;
    int rc = office_adopted(w, STR("form"), &adopted);
    rc = rc < 0 ? rc : layout_text(w, &adopted, name, &layout);
    rc = rc < 0 ? rc : office_paper(w, &paper);
    rc = rc < 0 ? rc : form_load(&w->cx, paper, name, layout, &form);
    rc = rc < 0 ? rc : draw(w, paper, form, data, out);
    form_free(form);
    return rc < 0 ? error_add(&w->cx, "print %s", name) : 0;
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
