#include "base/hash.h"

#include <assert.h>
#include <sodium.h>
#include <stdatomic.h>
#include <string.h>

_Static_assert(sizeof(crypto_generichash_state) <= sizeof(((struct hasher *)0)->state),
               "struct hasher must hold libsodium's state");

/* What precedes a typed value, so that ("ab","c") and ("a","bc"), 1 and "1", none and "" differ. */
enum { TAG_NULL = 0, TAG_INT = 1, TAG_TEXT = 2 };

static crypto_generichash_state *state_of(struct hasher *h)
{
    return (void *)h->state;
}

void hash_init(struct hasher *h, struct str key)
{
    static atomic_bool chosen; /* sodium_init picks the fastest BLAKE2b of this processor */
    if (!chosen)
        chosen = sodium_init() >= 0;
    assert(!key.p ||
           (key.n >= crypto_generichash_KEYBYTES_MIN && key.n <= crypto_generichash_KEYBYTES_MAX));
    int r = crypto_generichash_init(state_of(h), (const unsigned char *)key.p, key.p ? key.n : 0,
                                    sizeof(struct digest));
    assert(r == 0);
    (void)r;
}

static void feed(struct hasher *h, const void *p, size_t n)
{
    if (n > 0)
        crypto_generichash_update(state_of(h), p, n);
}

void hash_bytes(struct hasher *h, struct str s)
{
    feed(h, s.p, s.n);
}

static void feed_tagged(struct hasher *h, unsigned char tag, uint64_t v)
{
    unsigned char b[9] = {tag};
    for (int i = 0; i < 8; i++)
        b[1 + i] = (unsigned char)(v >> (8 * i));
    feed(h, b, sizeof b);
}

void hash_text(struct hasher *h, struct str s)
{
    if (!s.p) {
        hash_null(h);
        return;
    }
    feed_tagged(h, TAG_TEXT, s.n);
    feed(h, s.p, s.n);
}

void hash_int(struct hasher *h, int64_t v)
{
    feed_tagged(h, TAG_INT, (uint64_t)v);
}

void hash_null(struct hasher *h)
{
    feed_tagged(h, TAG_NULL, 0);
}

struct digest hash_end(struct hasher *h)
{
    struct digest d;
    crypto_generichash_final(state_of(h), d.b, sizeof d.b);
    sodium_memzero(h->state, sizeof h->state);
    return d;
}

struct digest hash_of(struct str s)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_bytes(&h, s);
    return hash_end(&h);
}

bool digest_equal(const struct digest *a, const struct digest *b)
{
    return sodium_memcmp(a->b, b->b, sizeof a->b) == 0;
}

void digest_sum(struct digest *sum, const struct digest *d)
{
    unsigned carry = 0;
    for (size_t i = 0; i < sizeof sum->b; i++) {
        carry += (unsigned)sum->b[i] + d->b[i];
        sum->b[i] = (unsigned char)(carry & 0xFF);
        carry >>= 8;
    }
}

static const char hex_digits[] = "0123456789abcdef";

void digest_hex(const struct digest *d, char out[65])
{
    for (size_t i = 0; i < sizeof d->b; i++) {
        out[2 * i] = hex_digits[d->b[i] >> 4];
        out[2 * i + 1] = hex_digits[d->b[i] & 15];
    }
    out[64] = '\0';
}

bool digest_parse(struct str hex, struct digest *out)
{
    return hex_parse(hex, out->b, sizeof out->b);
}

int hex_add(struct text *t, struct str bytes)
{
    for (size_t i = 0; i < bytes.n; i++) {
        unsigned char c = (unsigned char)bytes.p[i];
        char pair[2] = {hex_digits[c >> 4], hex_digits[c & 15]};
        text_add(t, (struct str){pair, 2});
    }
    return t->failed ? ERR_MEMORY : OK;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool hex_parse(struct str hex, unsigned char *out, size_t length)
{
    if (hex.n != length * 2)
        return false;
    for (size_t i = 0; i < hex.n; i++) {
        if (hex_value(hex.p[i]) < 0)
            return false;
    }
    for (size_t i = 0; i < length; i++)
        out[i] = (unsigned char)(hex_value(hex.p[2 * i]) << 4 | hex_value(hex.p[2 * i + 1]));
    return true;
}

int base32_add(struct text *t, struct str bytes)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    uint32_t held = 0;
    unsigned bits = 0;
    for (size_t i = 0; i < bytes.n; i++) {
        held = held << 8 | (unsigned char)bytes.p[i];
        bits += 8;
        while (bits >= 5) {
            bits -= 5;
            text_addc(t, digits[held >> bits & 31]);
        }
        held &= (UINT32_C(1) << bits) - 1;
    }
    if (bits > 0)
        text_addc(t, digits[held << (5 - bits) & 31]);
    return t->failed ? ERR_MEMORY : OK;
}
