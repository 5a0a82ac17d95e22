/* signature: which system made a file is proved by its key (ed25519), not by where the file lies.
 */
#include "desk/linkage/inner.h"

#include <sodium.h>

enum {
    SEED = crypto_sign_SEEDBYTES,
    SIGNATURE = crypto_sign_BYTES,
    PUBLIC = crypto_sign_PUBLICKEYBYTES
};

static const char *key_path(struct work *w)
{
    return str_c(w->cx.arena, str_format(w->cx.arena, "%s/link.key", office_city_path(w->office)));
}

static int key_make(struct work *w, const char *path)
{
    unsigned char seed[SEED];
    struct text hex;
    text_init(&hex, 2 * SEED + 1);
    w->cx.env->random(w->cx.env, seed, sizeof seed);
    int rc = hex_add(&hex, (struct str){(const char *)seed, sizeof seed});
    sodium_memzero(seed, sizeof seed);
    if (rc >= 0)
        rc = file_write(&w->cx, path, text_str(&hex));
    if (hex.p)
        sodium_memzero(hex.p, hex.n);
    text_release(&hex);
    return rc;
}

static int key_load(struct work *w, unsigned char public_key[PUBLIC], struct secret *key)
{
    const char *path = key_path(w);
    unsigned char seed[SEED];
    struct text hex;
    if (!path)
        return no_memory(w);
    text_init(&hex, 2 * SEED + 2);
    int rc = file_read(&w->cx, path, 2 * SEED + 2, &hex);
    if (rc == ERR_NOT_FOUND) {
        error_clear(&w->cx);
        rc = key_make(w, path);
        if (rc >= 0)
            rc = file_read(&w->cx, path, 2 * SEED + 2, &hex);
    }
    if (rc >= 0 && !hex_parse(str_trim(text_str(&hex)), seed, sizeof seed))
        rc = fail(&w->cx, ERR_CORRUPT, "linkage.own_key", NULL);
    if (rc >= 0 && secret_init(key, crypto_sign_SECRETKEYBYTES) < 0)
        rc = no_memory(w);
    if (rc >= 0)
        (void)crypto_sign_seed_keypair(public_key, key->bytes, seed);
    sodium_memzero(seed, sizeof seed);
    if (hex.p)
        sodium_memzero(hex.p, hex.n);
    text_release(&hex);
    return rc < 0 ? rc : OK;
}

static int hex_keep(struct work *w, const unsigned char *bytes, size_t n, struct str *out)
{
    struct text t;
    text_init(&t, 2 * n + 1);
    int rc = hex_add(&t, (struct str){(const char *)bytes, n});
    *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return out->p ? OK : no_memory(w);
}

int own_public_key(struct work *w, struct str *hex)
{
    unsigned char public_key[PUBLIC];
    struct secret key = {NULL, 0};
    int rc = key_load(w, public_key, &key);
    secret_release(&key);
    return rc < 0 ? rc : hex_keep(w, public_key, sizeof public_key, hex);
}

int manifest_sign(struct work *w, struct str manifest, struct str *signature_hex)
{
    unsigned char public_key[PUBLIC], signature[SIGNATURE];
    struct secret key = {NULL, 0};
    int rc = key_load(w, public_key, &key);
    if (rc < 0)
        return rc;
    (void)crypto_sign_detached(signature, NULL, (const unsigned char *)manifest.p, manifest.n,
                               key.bytes);
    secret_release(&key);
    return hex_keep(w, signature, sizeof signature, signature_hex);
}

bool manifest_is_of(struct str manifest, struct str signature_hex, struct str public_key_hex)
{
    unsigned char public_key[PUBLIC], signature[SIGNATURE];
    if (!hex_parse(public_key_hex, public_key, sizeof public_key) ||
        !hex_parse(str_trim(signature_hex), signature, sizeof signature))
        return false;
    return crypto_sign_verify_detached(signature, (const unsigned char *)manifest.p, manifest.n,
                                       public_key) == 0;
}
