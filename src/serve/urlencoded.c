/* urlencoded: forms and queries, read strictly. */
#include "serve/serve.h"

#include <string.h>

enum { NAME_MAX_BYTES = 64 };

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

static int refuse(struct context *cx, const char *what)
{
    int r = fail(cx, ERR_INVALID, "serve.body", NULL);
    (void)fail_detail(cx, "urlencoded: %s", what);
    return r;
}

/* Decodes s; the result is UTF-8 without NUL. */
static int unescape(struct context *cx, struct arena *arena, struct str s, struct str *out)
{
    char *p = arena_alloc(arena, s.n + 1);
    if (!p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        if (c == '%') {
            int high = i + 2 < s.n ? hex_value(s.p[i + 1]) : -1;
            int low = i + 2 < s.n ? hex_value(s.p[i + 2]) : -1;
            if (high < 0 || low < 0)
                return refuse(cx, "a % without two hexadecimal digits");
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+') {
            c = ' ';
        }
        if (c == '\0')
            return refuse(cx, "a NUL byte");
        p[n++] = c;
    }
    *out = (struct str){p, n};
    return utf8_valid(*out) ? OK : refuse(cx, "bytes that are no UTF-8");
}

static int read_pair(struct context *cx, struct arena *arena, struct str piece, struct pair *out)
{
    struct str value = piece;
    bool has_value = memchr(piece.p, '=', piece.n) != NULL;
    struct str name = has_value ? str_cut(&value, '=') : piece;
    if (!has_value)
        value = (struct str){piece.p + piece.n, 0};
    if (name.n == 0 || name.n > NAME_MAX_BYTES)
        return refuse(cx, "a name that is empty or too long");
    int r = unescape(cx, arena, name, &out->name);
    if (r == OK)
        r = unescape(cx, arena, value, &out->value);
    return r;
}

int urlencoded_read(struct context *cx, struct arena *arena, struct str s, struct pair *out,
                    size_t max, size_t *n)
{
    *n = 0;
    if (s.n > FORM_BYTES_MAX)
        return fail(cx, ERR_LIMIT, "serve.too_large", NULL);
    while (s.n > 0) {
        struct str piece = str_cut(&s, '&');
        if (piece.n == 0)
            continue;
        if (*n == max)
            return fail(cx, ERR_LIMIT, "serve.too_many", NULL);
        int r = read_pair(cx, arena, piece, &out[*n]);
        if (r < 0)
            return r;
        (*n)++;
    }
    return OK;
}
