/* read: files, words, lines, and the pool everything lives in. */
#include "mksql.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { POOL_BYTES = 64 << 20 };
static _Alignas(16) char pool[POOL_BYTES];
static size_t pool_used;

void stop(const char *file, int line, const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

void *pool_take(size_t bytes)
{
    size_t rounded = (bytes + 15) & ~(size_t)15;
    if (rounded > POOL_BYTES - pool_used)
        stop("mksql", 0, "more than %d bytes of input", POOL_BYTES);
    void *p = pool + pool_used;
    pool_used += rounded;
    return p;
}

char *pool_copy(const char *from, size_t n)
{
    char *p = pool_take(n + 1);
    memcpy(p, from, n);
    return p;
}

char *pool_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = pool_take((size_t)n + 1);
    va_start(args, format);
    vsnprintf(p, (size_t)n + 1, format, args);
    va_end(args);
    return p;
}

char *trimmed(const char *from, size_t n)
{
    while (n > 0 && isspace((unsigned char)*from)) {
        from++;
        n--;
    }
    while (n > 0 && isspace((unsigned char)from[n - 1]))
        n--;
    return pool_copy(from, n);
}

struct source source_read(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        stop(path, 0, "cannot be opened");
    fseek(f, 0, SEEK_END);
    long n = ftell(f);
    rewind(f);
    char *text = pool_take((size_t)n + 1);
    if (n < 0 || fread(text, 1, (size_t)n, f) != (size_t)n)
        stop(path, 0, "cannot be read");
    fclose(f);
    return (struct source){path, text, text};
}

int source_line(const struct source *s, const char *at)
{
    int line = 1;
    for (const char *p = s->text; p < at; p++)
        line += *p == '\n';
    return line;
}

const char *skip_blanks(const char *at)
{
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

char *next_word(const char **at)
{
    const char *from = skip_blanks(*at);
    const char *to = from;
    while (isalnum((unsigned char)*to) || *to == '_')
        to++;
    *at = to;
    return pool_copy(from, (size_t)(to - from));
}

size_t line_length(const char *at)
{
    const char *end = strchr(at, '\n');
    return end ? (size_t)(end - at) : strlen(at);
}

bool header_line(const char *line, size_t n, char **key, char **value)
{
    if (n < 3 || strncmp(line, "--", 2) != 0)
        return false;
    const char *end = line + n;
    const char *from = line + 2;
    while (from < end && *from == ' ')
        from++;
    const char *to = from;
    while (to < end && (islower((unsigned char)*to) || *to == '_'))
        to++;
    if (to == from || to == end || *to != ':')
        return false;
    *key = pool_copy(from, (size_t)(to - from));
    *value = trimmed(to + 1, (size_t)(end - to - 1));
    return true;
}

void buffer_add(struct buffer *b, const char *from, size_t n)
{
    if (b->n + n + 1 > b->cap) {
        size_t cap = (b->n + n + 1) * 2 + 256;
        char *p = pool_take(cap);
        if (b->n > 0)
            memcpy(p, b->p, b->n);
        b->p = p;
        b->cap = cap;
    }
    memcpy(b->p + b->n, from, n);
    b->n += n;
    b->p[b->n] = 0;
}

void buffer_adds(struct buffer *b, const char *c_string)
{
    buffer_add(b, c_string, strlen(c_string));
}

void buffer_addf(struct buffer *b, const char *format, ...)
{
    char line[4096];
    va_list args;
    va_start(args, format);
    int n = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (n < 0 || (size_t)n >= sizeof line)
        stop("mksql", 0, "a generated line is too long");
    buffer_add(b, line, (size_t)n);
}
