/* keyring: keys outside the database, in CITY/vault.key (mode 0600): lines "id hex", newest last.
 * Everything sealed names the key id it was sealed under, so that a new key can be added and old
 * texts stay readable. Keys never leave guarded memory (no core dump, no swap). */
#include "office/inner.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>

enum { KEYS = 8, LINE = 2 + 2 * KEY_BYTES + 16 };

static int key_path(struct context *cx, const struct office *o, struct str *path)
{
    *path = str_format(cx->arena, "%s/vault.key", o->city_path);
    return path->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

int keys_make(struct context *cx, const char *path)
{
    unsigned char key[KEY_BYTES];
    char line[LINE];
    int fd = cx->env->open(cx->env, path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return errno == EEXIST ? OK : fail(cx, ERR_IO, "vault.key_write", "%s", path);
    cx->env->random(cx->env, key, sizeof key);
    char hex[2 * KEY_BYTES + 1];
    sodium_bin2hex(hex, sizeof hex, key, sizeof key);
    int n = snprintf(line, sizeof line, "1 %s\n", hex);
    bool good =
        cx->env->write(cx->env, fd, line, (size_t)n) == n && cx->env->sync(cx->env, fd) == 0;
    good = cx->env->close(cx->env, fd) == 0 && good;
    sodium_memzero(key, sizeof key);
    sodium_memzero(hex, sizeof hex);
    sodium_memzero(line, sizeof line);
    return good ? OK : fail(cx, ERR_IO, "vault.key_write", "%s", path);
}

static int key_line(struct office *o, struct str line)
{
    struct str rest = line;
    struct str id = str_cut(&rest, ' ');
    struct key_ring *k = &o->keys;
    if (k->count == KEYS || !str_to_int(id, &k->ids[k->count]))
        return ERR_SYNTAX;
    if (!hex_parse(str_trim(rest), k->master.bytes + k->count * KEY_BYTES, KEY_BYTES))
        return ERR_SYNTAX;
    k->count++;
    return OK;
}

/* Others than the owner must not be able to read it; a key file with a lax mode is refused. */
static int key_mode(struct context *cx, const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return fail(cx, ERR_IO, "vault.key_missing", "%s", path);
    if ((st.st_mode & 077) != 0)
        return fail(cx, ERR_DENIED, "vault.key_mode", "%s", path);
    return OK;
}

static int key_read(struct context *cx, struct office *o, const char *path)
{
    struct secret raw;
    if (secret_init(&raw, KEYS * LINE) < 0)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int fd = cx->env->open(cx->env, path, O_RDONLY, 0);
    ssize_t n = fd < 0 ? -1 : cx->env->read(cx->env, fd, raw.bytes, raw.length);
    if (fd >= 0)
        (void)cx->env->close(cx->env, fd);
    int rc = n > 0 ? OK : ERR_IO;
    struct str rest = {(const char *)raw.bytes, n > 0 ? (size_t)n : 0};
    while (rc == OK && rest.n > 0) {
        struct str line = str_trim(str_cut(&rest, '\n'));
        if (line.n > 0)
            rc = key_line(o, line);
    }
    secret_release(&raw);
    if (rc == OK && o->keys.count > 0)
        return OK;
    return fail(cx, rc == OK ? ERR_SYNTAX : rc, "vault.key_read", "%s", path);
}

int keys_load(struct context *cx, struct office *o)
{
    struct str path;
    if (o->keys.count > 0)
        return OK;
    /* Secrets of this process must not end in a core file. */
    const struct rlimit none = {0, 0};
    if (setrlimit(RLIMIT_CORE, &none) != 0)
        return fail(cx, ERR_FATAL, "vault.core_limit", NULL);
    int rc = key_path(cx, o, &path);
    if (rc >= 0)
        rc = key_mode(cx, path.p);
    if (rc >= 0 && !o->keys.master.bytes &&
        (secret_init(&o->keys.master, KEYS * KEY_BYTES) < 0 || secret_init(&o->keys.shown, 16) < 0))
        rc = fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (rc >= 0)
        rc = key_read(cx, o, path.p);
    return rc < 0 ? error_add(cx, "read the vault key") : OK;
}

void keys_release(struct key_ring *k)
{
    secret_release(&k->master);
    secret_release(&k->shown);
    k->count = 0;
}

int64_t key_newest(const struct office *o)
{
    return o->keys.count > 0 ? o->keys.ids[o->keys.count - 1] : 0;
}

int key_derive(struct context *cx, struct office *o, int64_t key_id, enum key_use use,
               struct secret *out)
{
    int rc = keys_load(cx, o);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < o->keys.count; i++) {
        if (o->keys.ids[i] != key_id)
            continue;
        if (secret_init(out, KEY_BYTES) < 0)
            return fail(cx, ERR_MEMORY, "base.memory", NULL);
        crypto_kdf_derive_from_key(out->bytes, KEY_BYTES, (uint64_t)use, "hokenka_",
                                   o->keys.master.bytes + i * KEY_BYTES);
        return OK;
    }
    return fail(cx, ERR_NOT_FOUND, "vault.key_unknown", "%lld", (long long)key_id);
}

int seal_with(struct context *cx, const struct secret *key, struct str bound, struct str plain,
              struct str *out)
{
    const size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    unsigned long long n = 0;
    unsigned char *p =
        arena_alloc(cx->arena, nonce + plain.n + crypto_aead_xchacha20poly1305_ietf_ABYTES);
    if (!p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    cx->env->random(cx->env, p, nonce);
    crypto_aead_xchacha20poly1305_ietf_encrypt(p + nonce, &n, (const unsigned char *)plain.p,
                                               plain.n, (const unsigned char *)bound.p, bound.n,
                                               NULL, p, key->bytes);
    *out = (struct str){(const char *)p, nonce + (size_t)n};
    return OK;
}

int seal(struct context *cx, struct office *o, const struct seal_what *what, struct str plain,
         struct str *out)
{
    struct secret key;
    int rc = key_derive(cx, o, what->key_id, what->use, &key);
    if (rc < 0)
        return rc;
    rc = seal_with(cx, &key, what->bound, plain, out);
    secret_release(&key);
    return rc;
}

int unseal(struct context *cx, struct office *o, const struct seal_what *what, struct str sealed,
           unsigned char *out, size_t room)
{
    struct secret key;
    const size_t nonce = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
    const size_t tag = crypto_aead_xchacha20poly1305_ietf_ABYTES;
    if (sealed.n < nonce + tag || sealed.n - nonce - tag > room)
        return fail(cx, ERR_CORRUPT, "vault.sealed", NULL);
    int rc = key_derive(cx, o, what->key_id, what->use, &key);
    if (rc < 0)
        return rc;
    unsigned long long n = 0;
    const unsigned char *p = (const unsigned char *)sealed.p;
    int bad = crypto_aead_xchacha20poly1305_ietf_decrypt(out, &n, NULL, p + nonce, sealed.n - nonce,
                                                         (const unsigned char *)what->bound.p,
                                                         what->bound.n, p, key.bytes);
    secret_release(&key);
    return bad ? fail(cx, ERR_CORRUPT, "vault.sealed", NULL) : (int)n;
}
