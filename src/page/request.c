/* request: what a handler asks of a request, and the two replies that are no page. */
#include "page/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static struct str pair_find(const struct pair *pairs, size_t n, const char *name)
{
    for (size_t i = 0; i < n; i++) {
        if (str_is(pairs[i].name, name))
            return pairs[i].value;
    }
    return STR_NONE;
}

struct str request_query(const struct request *rq, const char *name)
{
    return pair_find(rq->query, rq->n_query, name);
}

struct str request_form(const struct request *rq, const char *name)
{
    return pair_find(rq->form, rq->n_form, name);
}

int request_part_id(struct context *cx, const struct request *rq, size_t part, int64_t *out)
{
    if (part < PART_MAX && rq->part[part].p && str_to_int(rq->part[part], out) && *out > 0)
        return OK;
    return fail(cx, ERR_NOT_FOUND, "page.not_found", NULL);
}

int request_query_number(struct context *cx, const struct request *rq, const char *name,
                         int64_t absent, int64_t *out)
{
    struct str s = str_trim(request_query(rq, name));
    *out = absent;
    if (s.n == 0)
        return OK;
    if (str_to_int(s, out))
        return OK;
    *out = absent;
    (void)fail(cx, ERR_INVALID, "page.query.number", NULL);
    return fail_where(cx, NULL, 0, 0, name);
}

int reply_redirect(struct request *rq, struct reply *rp, const char *format, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof line)
        return ERR_MEMORY;
    rp->location = str_copy(rq->arena, str_of(line));
    rp->status = 303;
    return rp->location.p ? OK : ERR_MEMORY;
}

void reply_file(struct reply *rp, const char *type, struct str bytes, struct str file_name,
                bool shown_in_browser)
{
    rp->type = type;
    rp->bytes = bytes;
    rp->file_name = file_name;
    rp->inline_file = shown_in_browser;
}
