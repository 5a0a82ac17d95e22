/* factor: the second factor: time codes (RFC 6238, 30 s, 6 figures) and printed recovery codes. A
 * code is good once: the time step of the last one is kept, a recovery code is crossed out. */
#include "office/inner.h"
#include "office_sql.h"

#include <liboath/oath.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { TOTP_BYTES = 20, TOTP_STEP = 30, TOTP_DIGITS = 6, RECOVERY_CHARS = 12 };

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"; /* base32 */

struct user_tag {
    char text[32];
    struct seal_what what;
};

static void tag_fill(struct user_tag *t, struct office *o, int64_t user_id)
{
    int n = snprintf(t->text, sizeof t->text, "user:%lld", (long long)user_id);
    t->what =
        (struct seal_what){.key_id = key_newest(o), .use = KEY_TOTP, .bound = {t->text, (size_t)n}};
}

static struct str base32(struct arena *a, const unsigned char *p, size_t n)
{
    char *out = arena_alloc(a, n * 8 / 5 + 2);
    size_t at = 0;
    unsigned bits = 0;
    int have = 0;
    if (!out)
        return STR_NONE;
    for (size_t i = 0; i < n; i++) {
        bits = (bits << 8 | p[i]) & 0xffff;
        for (have += 8; have >= 5; have -= 5)
            out[at++] = alphabet[bits >> (have - 5) & 31];
    }
    return (struct str){out, at};
}

/* The sealed text begins with the key id it is under, so that keys may change. */
static int seal_secret(struct work *w, int64_t user_id, const struct secret *secret,
                       struct str *out)
{
    struct user_tag tag;
    struct str sealed;
    int rc = keys_load(&w->cx, w->office);
    if (rc < 0)
        return rc;
    tag_fill(&tag, w->office, user_id);
    rc = seal(&w->cx, w->office, &tag.what,
              (struct str){(const char *)secret->bytes, secret->length}, &sealed);
    if (rc < 0)
        return rc;
    char *p = arena_alloc(w->cx.arena, sealed.n + 1);
    if (!p)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    p[0] = (char)tag.what.key_id;
    memcpy(p + 1, sealed.p, sealed.n);
    *out = (struct str){p, sealed.n + 1};
    return OK;
}

static int open_secret(struct work *w, int64_t user_id, struct str sealed, struct secret *out)
{
    struct user_tag tag;
    if (sealed.n < 1)
        return fail(&w->cx, ERR_CORRUPT, "vault.sealed", NULL);
    int rc = keys_load(&w->cx, w->office);
    if (rc < 0)
        return rc;
    if (secret_init(out, TOTP_BYTES) < 0)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    tag_fill(&tag, w->office, user_id);
    tag.what.key_id = (unsigned char)sealed.p[0];
    rc = unseal(&w->cx, w->office, &tag.what, (struct str){sealed.p + 1, sealed.n - 1}, out->bytes,
                out->length);
    if (rc < 0)
        secret_release(out);
    return rc;
}

int factor_new(struct work *w, int64_t user_id, struct str *base32_out)
{
    struct secret secret;
    struct office_db_secret_factor_in in = {.user_id = user_id};
    if (secret_init(&secret, TOTP_BYTES) < 0)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    w->cx.env->random(w->cx.env, secret.bytes, secret.length);
    int rc = seal_secret(w, user_id, &secret, &in.totp_sealed);
    if (rc >= 0) {
        *base32_out = base32(w->cx.arena, secret.bytes, secret.length);
        rc = base32_out->p ? office_db_secret_factor(&w->cx, w->store, &in)
                           : fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    }
    secret_release(&secret);
    return rc < 0 ? rc : OK;
}

int factor_totp(struct work *w, int64_t user_id, struct str sealed, struct str code)
{
    struct secret secret;
    char otp[TOTP_DIGITS + 1];
    uint64_t step = 0;
    int where = 0;
    if (code.n != TOTP_DIGITS)
        return 0;
    memcpy(otp, code.p, TOTP_DIGITS);
    otp[TOTP_DIGITS] = 0;
    int rc = open_secret(w, user_id, sealed, &secret);
    if (rc < 0)
        return rc;
    int64_t now = w->cx.env->now_us(w->cx.env) / MICRO;
    rc = oath_totp_validate3((const char *)secret.bytes, secret.length, (time_t)now, TOTP_STEP, 0,
                             1, &where, &step, otp);
    secret_release(&secret);
    if (rc < 0)
        return 0;
    if (w->office->is_demo) /* practice: the code on the page may be typed again and again */
        return 1;
    /* No row is touched when this step or a later one was used: the code was seen before. */
    return office_db_secret_step(&w->cx, w->store,
                                 &(struct office_db_secret_step_in){.user_id = user_id,
                                                                    .totp_step = (int64_t)step});
}

int factor_code_now(struct work *w, int64_t user_id, struct str sealed, struct str *code)
{
    struct secret secret;
    char otp[TOTP_DIGITS + 1];
    int rc = open_secret(w, user_id, sealed, &secret);
    if (rc < 0)
        return rc;
    int64_t now = w->cx.env->now_us(w->cx.env) / MICRO;
    rc = oath_totp_generate((const char *)secret.bytes, secret.length, (time_t)now, TOTP_STEP, 0,
                            TOTP_DIGITS, otp);
    secret_release(&secret);
    if (rc != OATH_OK)
        return fail(&w->cx, ERR_FATAL, "office.factor", NULL);
    *code = str_copy(w->cx.arena, str_of(otp));
    return code->p ? OK : fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}

/* --- recovery codes ----------------------------------------------------------------------- */

/* Keyed, so that the hashes of a stolen database cannot be tried without the key file. */
static int recovery_hash(struct work *w, int64_t user_id, struct str code, struct digest *out)
{
    struct secret key;
    struct hasher h;
    char letters[RECOVERY_CHARS];
    size_t n = 0;
    for (size_t i = 0; i < code.n && n < RECOVERY_CHARS; i++) {
        char c = code.p[i] >= 'a' && code.p[i] <= 'z' ? (char)(code.p[i] - 32) : code.p[i];
        if (memchr(alphabet, c, sizeof alphabet - 1))
            letters[n++] = c;
    }
    int rc = keys_load(&w->cx, w->office);
    if (rc >= 0)
        rc = key_derive(&w->cx, w->office, key_newest(w->office), KEY_RECOVERY, &key);
    if (rc < 0)
        return rc;
    hash_init(&h, (struct str){(const char *)key.bytes, key.length});
    hash_int(&h, user_id);
    hash_text(&h, (struct str){letters, n});
    *out = hash_end(&h);
    secret_release(&key);
    return OK;
}

int factor_recovery(struct work *w, int64_t user_id, struct str code)
{
    struct digest d;
    if (code.n < RECOVERY_CHARS)
        return 0;
    int rc = recovery_hash(w, user_id, code, &d);
    if (rc < 0)
        return rc;
    struct office_db_recovery_use_in in = {.user_id = user_id,
                                           .code_hash = {(const char *)d.b, sizeof d.b},
                                           .used_us = w->cx.env->now_us(w->cx.env)};
    return office_db_recovery_use(&w->cx, w->store, &in);
}

/* "ABCD-EFGH-2345" */
static int recovery_one(struct work *w, int64_t user_id, struct str *out)
{
    unsigned char raw[RECOVERY_CHARS];
    char code[RECOVERY_CHARS + 3];
    struct digest d;
    size_t n = 0;
    w->cx.env->random(w->cx.env, raw, sizeof raw);
    for (size_t i = 0; i < sizeof raw; i++) {
        if (i > 0 && i % 4 == 0)
            code[n++] = '-';
        code[n++] = alphabet[raw[i] & 31];
    }
    *out = str_copy(w->cx.arena, (struct str){code, n});
    sodium_memzero(code, sizeof code);
    if (!out->p)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    int rc = recovery_hash(w, user_id, *out, &d);
    struct office_db_user_recovery_code row = {.user_id = user_id,
                                               .code_hash = {(const char *)d.b, sizeof d.b},
                                               .used_us_null = true};
    return rc < 0 ? rc : office_db_user_recovery_code_insert(&w->cx, w->store, &row);
}

int factor_recovery_new(struct work *w, int64_t user_id, struct str out[10])
{
    int rc = office_db_recovery_clear(&w->cx, w->store,
                                      &(struct office_db_recovery_clear_in){.user_id = user_id});
    for (int i = 0; i < 10 && rc >= 0; i++)
        rc = recovery_one(w, user_id, &out[i]);
    return rc < 0 ? rc : OK;
}
