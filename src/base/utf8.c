#include "base/text.h"

/* Length of the sequence a lead byte opens, 0 for a byte that opens none. C0, C1 and F5.. open
 * only overlong or too large forms. */
static size_t sequence_length(unsigned char lead)
{
    if (lead < 0x80)
        return 1;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 2;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 3;
    return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

static bool is_scalar(int32_t c)
{
    return c >= 0 && c <= 0x10FFFF && (c < 0xD800 || c > 0xDFFF);
}

int32_t utf8_next(struct str *s)
{
    static const int32_t lead_mask[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    static const int32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (s->n == 0)
        return -2;
    size_t length = sequence_length((unsigned char)s->p[0]);
    if (length == 0 || length > s->n)
        return -1;
    int32_t c = (unsigned char)s->p[0] & lead_mask[length];
    for (size_t i = 1; i < length; i++) {
        unsigned char b = (unsigned char)s->p[i];
        if ((b & 0xC0) != 0x80)
            return -1;
        c = (c << 6) | (b & 0x3F);
    }
    if (c < least[length] || !is_scalar(c))
        return -1;
    s->p += length;
    s->n -= length;
    return c;
}

bool utf8_valid(struct str s)
{
    int32_t c = 0;
    while (c >= 0)
        c = utf8_next(&s);
    return c == -2;
}

int utf8_add(struct text *t, int32_t code_point)
{
    if (!is_scalar(code_point)) {
        t->failed = true;
        return ERR_INVALID;
    }
    uint32_t c = (uint32_t)code_point;
    unsigned char b[4];
    size_t n = 0;
    if (c < 0x80) {
        b[n++] = (unsigned char)c;
    } else if (c < 0x800) {
        b[n++] = (unsigned char)(0xC0 | (c >> 6));
        b[n++] = (unsigned char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        b[n++] = (unsigned char)(0xE0 | (c >> 12));
        b[n++] = (unsigned char)(0x80 | ((c >> 6) & 0x3F));
        b[n++] = (unsigned char)(0x80 | (c & 0x3F));
    } else {
        b[n++] = (unsigned char)(0xF0 | (c >> 18));
        b[n++] = (unsigned char)(0x80 | ((c >> 12) & 0x3F));
        b[n++] = (unsigned char)(0x80 | ((c >> 6) & 0x3F));
        b[n++] = (unsigned char)(0x80 | (c & 0x3F));
    }
    return text_add(t, (struct str){(const char *)b, n});
}

size_t utf8_length(struct str s)
{
    size_t n = 0;
    while (utf8_next(&s) >= 0)
        n++;
    return n;
}
