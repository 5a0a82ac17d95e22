#include "base/text.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { TEXT_FIRST = 64 };

void text_init(struct text *t, size_t maximum)
{
    assert(maximum > 0 && "a growable text states its maximum");
    *t = (struct text){.maximum = maximum};
}

void text_release(struct text *t)
{
    memory_free(t->p);
    *t = (struct text){.maximum = t->maximum};
}

void text_clear(struct text *t)
{
    t->n = 0;
    t->failed = false;
    if (t->p)
        t->p[0] = '\0';
}

static int text_fail(struct text *t)
{
    t->failed = true;
    return ERR_MEMORY;
}

static int text_grow(struct text *t, size_t needed)
{
    size_t cap = t->cap ? t->cap : TEXT_FIRST;
    while (cap < needed)
        cap = cap > SIZE_MAX / 2 ? needed : cap * 2;
    if (cap > t->maximum + 1 && t->maximum < SIZE_MAX)
        cap = t->maximum + 1;
    char *p = memory_resize(t->p, cap);
    if (!p)
        return text_fail(t);
    t->p = p;
    t->cap = cap;
    return OK;
}

/* Makes room for `more` bytes and the NUL. The maximum counts bytes of text, without the NUL. */
static inline int text_reserve(struct text *t, size_t more)
{
    if (t->failed || more > t->maximum || t->n > t->maximum - more)
        return text_fail(t);
    size_t needed = t->n + more + 1;
    return needed <= t->cap ? OK : text_grow(t, needed);
}

int text_add(struct text *t, struct str s)
{
    if (text_reserve(t, s.n) < 0)
        return ERR_MEMORY;
    if (s.n > 0)
        memcpy(t->p + t->n, s.p, s.n);
    t->n += s.n;
    t->p[t->n] = '\0';
    return OK;
}

int text_adds(struct text *t, const char *c_string)
{
    return text_add(t, str_of(c_string));
}

int text_addc(struct text *t, char c)
{
    return text_add(t, (struct str){&c, 1});
}

int text_add_int(struct text *t, int64_t n)
{
    char digits[24];
    size_t at = sizeof digits;
    uint64_t rest = n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
    do {
        digits[--at] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (n < 0)
        digits[--at] = '-';
    return text_add(t, (struct str){digits + at, sizeof digits - at});
}

/* Written into the room there is; only what does not fit is written a second time. */
int text_addf(struct text *t, const char *format, ...)
{
    size_t room = t->cap - t->n;
    va_list args;
    va_start(args, format);
    int length = vsnprintf(t->cap ? t->p + t->n : NULL, room, format, args);
    va_end(args);
    if (length < 0 || text_reserve(t, (size_t)length) < 0) {
        if (t->cap)
            t->p[t->n] = '\0';
        return text_fail(t);
    }
    if ((size_t)length >= room) {
        va_start(args, format);
        vsnprintf(t->p + t->n, (size_t)length + 1, format, args);
        va_end(args);
    }
    t->n += (size_t)length;
    return OK;
}

struct str text_str(const struct text *t)
{
    return (struct str){t->p ? t->p : "", t->n};
}
