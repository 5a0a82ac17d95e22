#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct str str_of(const char *c_string)
{
    return c_string ? (struct str){c_string, strlen(c_string)} : STR_NONE;
}

struct str str_or_empty(struct str s)
{
    return s.p ? s : STR("");
}

bool str_equal(struct str a, struct str b)
{
    if ((a.p == NULL) != (b.p == NULL) || a.n != b.n)
        return false;
    return a.n == 0 || memcmp(a.p, b.p, a.n) == 0;
}

bool str_is(struct str a, const char *c_string)
{
    return str_equal(a, str_of(c_string));
}

/* No value sorts before the empty one, so that the order is total. */
int str_compare(struct str a, struct str b)
{
    if (!a.p || !b.p)
        return (a.p != NULL) - (b.p != NULL);
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n > 0 ? memcmp(a.p, b.p, n) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
    if (prefix.n == 0)
        return true;
    return s.n >= prefix.n && memcmp(s.p, prefix.p, prefix.n) == 0;
}

static size_t blank_at_start(struct str s)
{
    if (s.n >= 1 && (s.p[0] == ' ' || (s.p[0] >= '\t' && s.p[0] <= '\r')))
        return 1;
    return s.n >= 3 && memcmp(s.p, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

static size_t blank_at_end(struct str s)
{
    if (s.n == 0)
        return 0;
    char c = s.p[s.n - 1];
    if (c == ' ' || (c >= '\t' && c <= '\r'))
        return 1;
    return s.n >= 3 && memcmp(s.p + s.n - 3, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

struct str str_trim(struct str s)
{
    size_t n;
    while ((n = blank_at_start(s)) > 0) {
        s.p += n;
        s.n -= n;
    }
    while ((n = blank_at_end(s)) > 0)
        s.n -= n;
    return s;
}

struct str str_cut(struct str *rest, char separator)
{
    struct str head = *rest;
    const char *at = head.n > 0 ? memchr(head.p, separator, head.n) : NULL;
    if (!at) {
        *rest = (struct str){head.p ? head.p + head.n : NULL, 0};
        return head;
    }
    head.n = (size_t)(at - head.p);
    *rest = (struct str){at + 1, rest->n - head.n - 1};
    return head;
}

struct str str_copy(struct arena *a, struct str s)
{
    if (!s.p)
        return STR_NONE;
    return (struct str){str_c(a, s), s.n};
}

char *str_c(struct arena *a, struct str s)
{
    if (s.n == SIZE_MAX)
        return NULL;
    char *p = arena_alloc(a, s.n + 1);
    if (p && s.n > 0)
        memcpy(p, s.p, s.n);
    return p;
}

struct str str_format(struct arena *a, const char *format, ...)
{
    char first[256]; /* nearly all fit */
    va_list args;
    va_start(args, format);
    int length = vsnprintf(first, sizeof first, format, args);
    va_end(args);
    if (length < 0)
        return STR_NONE;
    if ((size_t)length < sizeof first)
        return str_copy(a, (struct str){first, (size_t)length});
    char *p = arena_alloc(a, (size_t)length + 1);
    if (!p)
        return STR_NONE;
    va_start(args, format);
    vsnprintf(p, (size_t)length + 1, format, args);
    va_end(args);
    return (struct str){p, (size_t)length};
}

bool str_to_int(struct str s, int64_t *out)
{
    bool negative = s.n > 0 && s.p[0] == '-';
    size_t i = negative || (s.n > 0 && s.p[0] == '+') ? 1 : 0;
    if (i >= s.n)
        return false;
    int64_t v = 0;
    for (; i < s.n; i++) {
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
        int64_t digit = s.p[i] - '0';
        /* Gathered below zero, where INT64_MIN has its place too. */
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, digit, &v))
            return false;
    }
    if (!negative && v == INT64_MIN)
        return false;
    *out = negative ? v : -v;
    return true;
}
