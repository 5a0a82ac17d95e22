/*
 * log: one JSON line per request and per security event, for a detector to read [SEC-042]. It
 * names routes, never addresses or fields; who did what to whom is the audit store's business.
 */
#include "serve/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct log {
    struct env *env;
    int fd;
    struct text line;
};

int log_open(struct context *cx, const char *path, struct log **out)
{
    struct log *l = memory_alloc(sizeof *l);
    if (!l)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    l->env = cx->env;
    l->fd = cx->env->open(cx->env, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    text_init(&l->line, 8192);
    if (l->fd < 0) {
        int r = fail(cx, ERR_IO, "base.file.open", "%s", path);
        (void)fail_detail(cx, "open %s: %s", path, strerror(errno));
        memory_free(l);
        return r;
    }
    *out = l;
    return OK;
}

void log_close(struct log *l)
{
    if (!l)
        return;
    if (l->fd >= 0)
        (void)l->env->close(l->env, l->fd);
    text_release(&l->line);
    memory_free(l);
}

static void add_quoted(struct text *t, const char *s)
{
    (void)text_addc(t, '"');
    for (; *s; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\')
            (void)text_addf(t, "\\%c", c);
        else if (c < 0x20 || c == 0x7F)
            (void)text_addf(t, "\\u%04x", c);
        else
            (void)text_addc(t, (char)c);
    }
    (void)text_addc(t, '"');
}

static void begin(struct log *l, const char *event)
{
    text_clear(&l->line);
    (void)text_adds(&l->line, "{\"time\":\"");
    (void)text_add_time(&l->line, l->env->now_us(l->env));
    (void)text_adds(&l->line, "\",\"event\":");
    add_quoted(&l->line, event);
    (void)text_addf(&l->line, ",\"pid\":%ld", (long)getpid());
}

static void field(struct log *l, const char *name, const char *value)
{
    (void)text_addf(&l->line, ",\"%s\":", name);
    add_quoted(&l->line, value);
}

/* One write per line: lines of several processes do not mix (O_APPEND). A full disk must not stop
 * the counter: what cannot be logged here is lost, the audit store is the record. */
static void end(struct log *l)
{
    (void)text_adds(&l->line, "}\n");
    if (!l->line.failed)
        (void)!l->env->write(l->env, l->fd, l->line.p, l->line.n);
}

void log_event(struct log *l, const char *event, const char *detail)
{
    if (!l)
        return;
    begin(l, event);
    if (detail)
        field(l, "detail", detail);
    end(l);
}

static const char *event_name(const struct exchange *x)
{
    if (x->rp.status == 401 || x->rp.status == 403)
        return "refused";
    if (x->rp.status >= 500)
        return "failed";
    return x->handler_us > 50000 ? "slow" : "request";
}

void log_request(struct log *l, const struct worker *w, const struct exchange *x, size_t bytes)
{
    if (!l)
        return;
    begin(l, event_name(x));
    (void)text_addf(&l->line, ",\"worker\":%d", w->number);
    field(l, "method", x->rq.method == METHOD_POST ? "POST" : "GET");
    field(l, "route", x->route ? x->route->pattern : "-");
    int64_t us = l->env->monotonic_us(l->env) - x->started_us;
    (void)text_addf(&l->line, ",\"status\":%d,\"us\":%lld,\"bytes\":%zu,\"statements\":%llu",
                    x->rp.status, (long long)us, bytes, (unsigned long long)x->statements);
    if (x->cx.error.code != OK) {
        struct text t;
        text_init(&t, 4096);
        if (error_render_log(&x->cx.error, &t) >= 0)
            field(l, "error", text_str(&t).p);
        text_release(&t);
        field(l, "reference", x->reference);
    }
    end(l);
}
