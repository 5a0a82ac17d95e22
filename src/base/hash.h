/* hash: BLAKE2b-256 (libsodium), hex, base32; typed feeding so that two engines agree. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/text.h"

struct digest {
    unsigned char b[32];
};
struct hasher {
    _Alignas(64) unsigned char state[384]; /* crypto_generichash_state */
};
void hash_init(struct hasher *h, struct str key); /* key: STR_NONE or 16..64 bytes */
void hash_bytes(struct hasher *h, struct str s);
/* Typed feeding: a tag, the length, the value. NULL differs from empty. */
void hash_text(struct hasher *h, struct str s);
void hash_int(struct hasher *h, int64_t v);
void hash_null(struct hasher *h);
struct digest hash_end(struct hasher *h);
struct digest hash_of(struct str s);
bool digest_equal(const struct digest *a, const struct digest *b);
/* Order-free sum of digests modulo 2^256: equal multisets have equal sums. */
void digest_sum(struct digest *sum, const struct digest *d);
void digest_hex(const struct digest *d, char out[65]);
bool digest_parse(struct str hex, struct digest *out);
int hex_add(struct text *t, struct str bytes);
/* RFC 4648 without padding, as authenticator programs want their secret. */
int base32_add(struct text *t, struct str bytes);
bool hex_parse(struct str hex, unsigned char *out, size_t length);

#endif
