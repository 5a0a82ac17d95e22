/* sealed: Argon2id makes the key, secretstream (XChaCha20-Poly1305) seals 64 KiB pieces in order;
 * the last piece says that it is the last, so a cut file does not open. */
#include "desk/linkage/sealed.h"

#include <sodium.h>
#include <string.h>

enum {
    MAGIC = 16,
    SALT = crypto_pwhash_SALTBYTES,
    COST = 8,
    HEAD = MAGIC + SALT + 2 * COST,
    STREAM = crypto_secretstream_xchacha20poly1305_HEADERBYTES,
    EXTRA = crypto_secretstream_xchacha20poly1305_ABYTES,
    PIECE = 64 << 10
};
static const char magic[MAGIC + 1] = "HOKENKA-SEALED1\n";

static void cost_put(unsigned char *at, uint64_t cost)
{
    for (int i = 0; i < COST; i++)
        at[i] = (unsigned char)(cost >> 8 * i);
}

static uint64_t cost_get(const unsigned char *at)
{
    uint64_t cost = 0;
    for (int i = COST - 1; i >= 0; i--)
        cost = cost << 8 | at[i];
    return cost;
}

/* Costs stand in the file, so that later ones may be higher; more than we would ever write is
 * refused before memory is asked for. */
static int key_of(struct context *cx, const unsigned char *head, struct str password,
                  struct secret *key)
{
    uint64_t operations = cost_get(head + MAGIC + SALT);
    uint64_t memory = cost_get(head + MAGIC + SALT + COST);
    if (operations > crypto_pwhash_OPSLIMIT_SENSITIVE ||
        memory > crypto_pwhash_MEMLIMIT_SENSITIVE || memory < crypto_pwhash_MEMLIMIT_MIN ||
        operations < crypto_pwhash_OPSLIMIT_MIN)
        return fail(cx, ERR_CORRUPT, "linkage.sealed_file", NULL);
    if (secret_init(key, crypto_secretstream_xchacha20poly1305_KEYBYTES) < 0)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (crypto_pwhash(key->bytes, key->length, password.p, password.n, head + MAGIC, operations,
                      (size_t)memory, crypto_pwhash_ALG_ARGON2ID13) == 0)
        return OK;
    secret_release(key);
    return fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static int pieces_seal(struct context *cx, crypto_secretstream_xchacha20poly1305_state *stream,
                       struct str plain, struct text *out)
{
    unsigned char piece[PIECE + EXTRA];
    bool is_last = false;
    while (!is_last) {
        size_t n = plain.n < PIECE ? plain.n : PIECE;
        is_last = n == plain.n;
        unsigned char tag = is_last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
        (void)crypto_secretstream_xchacha20poly1305_push(stream, piece, NULL,
                                                         (const unsigned char *)plain.p, n, NULL, 0,
                                                         tag);
        text_add(out, (struct str){(const char *)piece, n + EXTRA});
        plain.p += n;
        plain.n -= n;
    }
    return out->failed ? fail(cx, ERR_LIMIT, "base.file.too_large", NULL) : OK;
}

int sealed_make(struct context *cx, struct str plain, struct str password, struct text *out)
{
    unsigned char head[HEAD], stream_head[STREAM];
    crypto_secretstream_xchacha20poly1305_state stream;
    struct secret key;
    memcpy(head, magic, MAGIC);
    cx->env->random(cx->env, head + MAGIC, SALT);
    cost_put(head + MAGIC + SALT, crypto_pwhash_OPSLIMIT_MODERATE);
    cost_put(head + MAGIC + SALT + COST, crypto_pwhash_MEMLIMIT_MODERATE);
    int rc = key_of(cx, head, password, &key);
    if (rc < 0)
        return rc;
    (void)crypto_secretstream_xchacha20poly1305_init_push(&stream, stream_head, key.bytes);
    secret_release(&key);
    text_add(out, (struct str){(const char *)head, sizeof head});
    text_add(out, (struct str){(const char *)stream_head, sizeof stream_head});
    rc = pieces_seal(cx, &stream, plain, out);
    sodium_memzero(&stream, sizeof stream);
    return rc;
}

static int pieces_open(struct context *cx, crypto_secretstream_xchacha20poly1305_state *stream,
                       struct str sealed, struct text *out)
{
    unsigned char piece[PIECE];
    unsigned char tag = 0;
    while (sealed.n >= EXTRA && tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL) {
        size_t n = sealed.n < PIECE + EXTRA ? sealed.n : PIECE + EXTRA;
        unsigned long long got = 0;
        if (crypto_secretstream_xchacha20poly1305_pull(stream, piece, &got, &tag,
                                                       (const unsigned char *)sealed.p, n, NULL,
                                                       0) != 0)
            return fail(cx, ERR_DENIED, "linkage.sealed_password", NULL);
        text_add(out, (struct str){(const char *)piece, (size_t)got});
        sealed.p += n;
        sealed.n -= n;
    }
    sodium_memzero(piece, sizeof piece);
    if (tag != crypto_secretstream_xchacha20poly1305_TAG_FINAL || sealed.n > 0)
        return fail(cx, ERR_CORRUPT, "linkage.sealed_file", NULL);
    return out->failed ? fail(cx, ERR_LIMIT, "base.file.too_large", NULL) : OK;
}

int sealed_open(struct context *cx, struct str sealed, struct str password, struct text *out)
{
    crypto_secretstream_xchacha20poly1305_state stream;
    struct secret key;
    if (sealed.n < HEAD + STREAM || memcmp(sealed.p, magic, MAGIC) != 0)
        return fail(cx, ERR_CORRUPT, "linkage.sealed_file", NULL);
    const unsigned char *head = (const unsigned char *)sealed.p;
    int rc = key_of(cx, head, password, &key);
    if (rc < 0)
        return rc;
    bool fits =
        crypto_secretstream_xchacha20poly1305_init_pull(&stream, head + HEAD, key.bytes) == 0;
    secret_release(&key);
    if (!fits)
        return fail(cx, ERR_CORRUPT, "linkage.sealed_file", NULL);
    rc = pieces_open(cx, &stream, (struct str){sealed.p + HEAD + STREAM, sealed.n - HEAD - STREAM},
                     out);
    sodium_memzero(&stream, sizeof stream);
    if (rc < 0)
        text_clear(out); /* nothing of a file that is not whole */
    return rc;
}
