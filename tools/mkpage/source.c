/* source: files and positions, the pool, the growing outputs of mkpage. */
#include "mkpage.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

static _Alignas(16) char pool_bytes[96u << 20];
static size_t pool_used;

void *pool(size_t bytes)
{
    bytes = (bytes + 15) & ~(size_t)15;
    if (bytes > sizeof pool_bytes - pool_used) {
        fprintf(stderr, "mkpage: out of memory; fewer pages per call\n");
        exit(3);
    }
    void *p = pool_bytes + pool_used;
    pool_used += bytes;
    return p;
}

char *pool_copy(const char *p, size_t n)
{
    char *copy = pool(n + 1);
    memcpy(copy, p, n);
    copy[n] = '\0';
    return copy;
}

char *pool_format(const char *format, ...)
{
    char line[1024];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof line) {
        fprintf(stderr, "mkpage: a name is too long\n");
        exit(3);
    }
    return pool_copy(line, (size_t)n);
}

void stop_at(const struct source *s, int line, int column, const char *format, ...)
{
    fprintf(stderr, "%s:%d:%d: error: ", s->file, line, column);
    va_list ap;
    va_start(ap, format);
    vfprintf(stderr, format, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(1);
}

void source_open(struct source *s, const char *path)
{
    *s = (struct source){.file = path, .line = 1, .column = 1};
    FILE *f = fopen(path, "rb");
    if (!f)
        STOP(s, "cannot be opened");
    size_t cap = 1u << 20;
    char *text = pool(cap);
    s->length = fread(text, 1, cap, f);
    if (ferror(f) || s->length == cap)
        STOP(s, "cannot be read, or larger than 1 MB");
    fclose(f);
    s->text = text;
    if (memchr(text, '\r', s->length))
        STOP(s, "line ends must be LF");
}

bool source_end(const struct source *s)
{
    return s->at >= s->length;
}

char source_peek(const struct source *s, size_t ahead)
{
    return s->at + ahead < s->length ? s->text[s->at + ahead] : '\0';
}

char source_next(struct source *s)
{
    char c = s->text[s->at++];
    if (c == '\n') {
        s->line++;
        s->column = 1;
    } else if (((unsigned char)c & 0xC0) != 0x80) {
        s->column++;
    }
    return c;
}

bool source_starts(const struct source *s, const char *word)
{
    size_t n = strlen(word);
    return s->at + n <= s->length && memcmp(s->text + s->at, word, n) == 0;
}

void source_skip(struct source *s, size_t n)
{
    while (n-- > 0 && !source_end(s))
        (void)source_next(s);
}

static void out_room(struct output *o, size_t more)
{
    if (o->n + more + 1 <= o->cap)
        return;
    size_t cap = o->cap ? o->cap * 2 : 4096;
    while (cap < o->n + more + 1)
        cap *= 2;
    char *p = pool(cap);
    if (o->n)
        memcpy(p, o->p, o->n);
    o->p = p;
    o->cap = cap;
}

void out_bytes(struct output *o, const char *p, size_t n)
{
    if (n == 0)
        return;
    out_room(o, n);
    memcpy(o->p + o->n, p, n);
    o->n += n;
    o->p[o->n] = '\0';
}

void out(struct output *o, const char *format, ...)
{
    char line[8192];
    va_list ap;
    va_start(ap, format);
    int n = vsnprintf(line, sizeof line, format, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof line) {
        fprintf(stderr, "mkpage: a generated line is too long\n");
        exit(3);
    }
    out_bytes(o, line, (size_t)n);
}

void out_c_string(struct output *o, const char *p, size_t n)
{
    out_bytes(o, "\"", 1);
    for (size_t i = 0; i < n; i++) {
        char c = p[i];
        if (c == '"' || c == '\\')
            out_bytes(o, "\\", 1);
        if (c == '\n')
            out_bytes(o, "\\n", 2);
        else if (c == '?') /* no trigraphs */
            out_bytes(o, "\\?", 2);
        else
            out_bytes(o, &c, 1);
    }
    out_bytes(o, "\"", 1);
}
