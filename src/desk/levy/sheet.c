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
