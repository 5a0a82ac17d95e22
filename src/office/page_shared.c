/* page_shared: small things that several pages of the office need. */
#include "office/inner_pages.h"

#include <string.h>

const char *id_of(struct work *w, const char *prefix, struct str name)
{
    struct str id = str_format(w->cx.arena, "%s" STR_FMT, prefix, STR_ARG(name));
    return id.p ? id.p : prefix;
}

struct str sentence_of(const char *id)
{
    const struct message *m = message_find(id);
    return m ? str_of(m->text) : str_of(id);
}

int out_of_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}

/* "//host" and "/\host" lead elsewhere in some browsers. */
bool path_is_ours(struct str path)
{
    if (path.n == 0 || path.p[0] != '/')
        return false;
    if (path.n > 1 && (path.p[1] == '/' || path.p[1] == '\\'))
        return false;
    return !memchr(path.p, '\n', path.n) && !memchr(path.p, '\r', path.n);
}

int redirect_saying(struct request *rq, struct reply *rp, const char *path, const char *message)
{
    rp->notice = sentence_of(message);
    return reply_redirect(rq, rp, "%s", path);
}

bool form_is_wrong(struct work *w, struct reply *rp, int rc)
{
    if (rc != ERR_INVALID)
        return false;
    error_clear(&w->cx);
    rp->status = 422;
    rp->shows_nobody = w->looks == 0; /* the form alone: nothing was looked at */
    return true;
}

/* The buffer of `made` goes; its bytes live on in the request's memory, read-only. */
void html_keep(struct work *w, struct html *made, struct html *kept)
{
    struct str s = made->text.failed ? STR_NONE : str_copy(w->cx.arena, text_str(&made->text));
    html_release(made);
    *kept = (struct html){.text = {.p = (char *)(uintptr_t)s.p, .n = s.p ? s.n : 0, .maximum = 1}};
}
