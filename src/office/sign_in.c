/* sign_in: password, then second factor, then perhaps a new password. Every attempt leaves an audit
 * line; what the person is told does not say which part was wrong. */
#include "office/inner.h"
#include "office_sql.h"

#include <string.h>

enum { FACTOR_TRIES = 5, LOCK_LONGEST_MINUTES = 60, OLD_PASSWORDS = 8 };
#define FACTOR_LIFE_US (INT64_C(10) * MINUTE_US)

struct attempt {
    struct work *w;
    int64_t now;
    struct str terminal_token;
    struct office_db_terminal_by_token_row terminal;
    bool enrolled;
    struct office_db_user_by_name_row user;
    bool known;
};

static int refused(struct attempt *a, const char *why)
{
    struct audit_sign line = {.user_id = a->known ? a->user.user_id : 0,
                              /* a name nobody has may be a password typed into the wrong box */
                              .user_name = a->known ? a->user.sign_in_name : STR("?"),
                              .terminal = a->enrolled             ? a->terminal.name
                                          : a->w->office->is_demo ? demo_terminal()
                                                                  : STR(""),
                              .branch = a->enrolled ? a->terminal.branch : STR(""),
                              .screen = "office.screen.sign_in",
                              .purpose = str_of(why),
                              .result = ERR_DENIED};
    int rc = audit_sign_in(a->w, &line);
    return rc < 0 ? rc : SIGN_IN_REFUSED;
}

static int failed(struct attempt *a, const char *why)
{
    struct context *cx = &a->w->cx;
    struct office_db_secret_failed_in in = {.user_id = a->user.user_id,
                                            .failures = a->user.failures + 1,
                                            .locked_us_null = true};
    int64_t allowed = setting_number(cx, a->w->office, a->w->store, "lock.failures");
    int64_t over = in.failures - allowed;
    if (over >= 0) {
        int64_t minutes = over < 6 ? INT64_C(1) << over : LOCK_LONGEST_MINUTES;
        in.locked_us = a->now + minutes * MINUTE_US;
        in.locked_us_null = false;
    }
    int rc = office_db_secret_failed(cx, a->w->store, &in);
    return rc < 0 ? rc : refused(a, why);
}

static bool is_locked(const struct attempt *a)
{
    return !a->user.locked_us_null && a->user.locked_us > a->now;
}

/* What besides the password keeps somebody out. NULL: nothing. */
static const char *kept_out(struct attempt *a)
{
    struct ymd today = env_today(a->w->cx.env);
    if (a->user.disabled)
        return "disabled";
    if (!ymd_is_none(a->user.expires_ymd) && ymd_compare(today, a->user.expires_ymd) > 0)
        return "expired";
    if (!a->user.totp_sealed.p)
        return "no_second_factor";
    if (!a->enrolled)
        return a->w->office->is_demo ? NULL : "terminal";
    if (!a->user.any_branch && !str_equal(a->user.branch, a->terminal.branch))
        return "branch";
    return NULL;
}

static int session_begin(struct attempt *a, struct str *token)
{
    char fresh[TOKEN_CHARS + 1];
    struct context *cx = &a->w->cx;
    token_new(cx, fresh);
    *token = str_copy(cx->arena, str_of(fresh));
    struct office_db_session row = {.token_hash = token_hash(cx, *token),
                                    .user_id = a->user.user_id,
                                    .terminal_id = a->terminal.terminal_id,
                                    .terminal_id_null = !a->enrolled,
                                    .started_us = a->now,
                                    .seen_us = a->now,
                                    .ended_us_null = true};
    if (!token->p || !row.token_hash.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int rc = store_ids(cx, a->w->store, 1, &row.session_id);
    return rc < 0 ? rc : office_db_session_insert(cx, a->w->store, &row);
}

static int attempt_read(struct attempt *a, struct str name)
{
    struct context *cx = &a->w->cx;
    int rc = 0;
    if (a->terminal_token.n > 0) {
        struct office_db_terminal_by_token_in in = {.token_hash =
                                                        token_hash(cx, a->terminal_token)};
        rc = office_db_terminal_by_token(cx, a->w->store, &in, &a->terminal);
        a->enrolled = rc == 1;
    }
    if (rc >= 0)
        rc = office_db_user_by_name(cx, a->w->store,
                                    &(struct office_db_user_by_name_in){.sign_in_name = name},
                                    &a->user);
    a->known = rc == 1;
    return rc < 0 ? rc : OK;
}

static int password_step(struct attempt *a, bool right, struct str *token)
{
    if (!a->known)
        return refused(a, "unknown");
    if (is_locked(a))
        return refused(a, "locked");
    if (!right)
        return failed(a, "password");
    const char *why = kept_out(a);
    if (why)
        return refused(a, why);
    int rc = session_begin(a, token);
    return rc < 0 ? rc : SIGN_IN_FACTOR;
}

int sign_in_password(struct work *w, const struct sign_in *in, struct str terminal_token,
                     struct str *token)
{
    struct attempt a = {.w = w,
                        .now = w->cx.env->now_us(w->cx.env),
                        .terminal_token = terminal_token};
    *token = STR_NONE;
    if (in->password.n > PASSWORD_LONGEST)
        return fail(&w->cx, ERR_INVALID, "office.password_long", NULL);
    int rc = attempt_read(&a, in->name);
    /* Outside any transaction: hashing takes 15 ms and may wait for its place. */
    int right = rc < 0 ? rc
                       : password_matches(&w->cx, w->office,
                                          a.known ? a.user.password_hash : STR_NONE, in->password);
    rc = right < 0 ? right : STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return error_add(&w->cx, "sign in");
    rc = attempt_read(&a, in->name); /* as it is now: failures of others count */
    if (rc >= 0)
        rc = password_step(&a, right == 1, token);
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "sign in");
    }
    int result = rc;
    rc = store_commit(&w->cx, w->store);
    return rc < 0 ? rc : result;
}

/* --- second factor ------------------------------------------------------------------------ */

struct factor_step {
    struct work *w;
    int64_t now;
    struct office_db_session_by_token_row row;
};

static int factor_line(struct factor_step *f, const char *purpose, int result)
{
    struct audit_sign line = {.user_id = f->row.user_id,
                              .user_name = f->row.sign_in_name,
                              .terminal = f->row.terminal.p ? f->row.terminal : demo_terminal(),
                              .branch = f->row.branch,
                              .screen = "office.screen.factor",
                              .purpose = str_of(purpose),
                              .result = result};
    return audit_sign_in(f->w, &line);
}

static int factor_wrong(struct factor_step *f)
{
    struct context *cx = &f->w->cx;
    struct store *st = f->w->store;
    int64_t allowed = setting_number(cx, f->w->office, st, "lock.failures");
    struct office_db_secret_failed_in in = {.user_id = f->row.user_id,
                                            .failures = f->row.failures + 1,
                                            .locked_us_null = f->row.failures + 1 < allowed,
                                            .locked_us = f->now + MINUTE_US};
    int rc =
        office_db_session_try(cx, st,
                              &(struct office_db_session_try_in){.session_id = f->row.session_id});
    if (rc >= 0)
        rc = office_db_secret_failed(cx, st, &in);
    if (rc >= 0)
        rc = factor_line(f, "second_factor", ERR_DENIED);
    return rc < 0 ? rc : SIGN_IN_REFUSED;
}

/* The cookie changes, so that one that was known before the sign-in is worth nothing. */
static int factor_right(struct factor_step *f, bool recovery, struct str *next_token)
{
    char fresh[TOKEN_CHARS + 1];
    struct context *cx = &f->w->cx;
    token_new(cx, fresh);
    *next_token = str_copy(cx->arena, str_of(fresh));
    struct office_db_session_full_in in = {.session_id = f->row.session_id,
                                           .token_hash = token_hash(cx, *next_token),
                                           .seen_us = f->now};
    if (!next_token->p || !in.token_hash.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    int rc = office_db_session_full(cx, f->w->store, &in);
    if (rc >= 0)
        rc = office_db_secret_signed_in(cx, f->w->store,
                                        &(struct office_db_secret_signed_in_in){
                                            .user_id = f->row.user_id, .signed_in_us = f->now});
    if (rc >= 0)
        rc = factor_line(f, recovery ? "recovery_code" : "second_factor", OK);
    if (rc < 0)
        return rc;
    return f->row.must_change ? SIGN_IN_PASSWORD : SIGN_IN_DONE;
}

static int factor_try(struct factor_step *f, struct str code, struct str *next_token)
{
    if (f->row.factor_done || f->row.factor_tries >= FACTOR_TRIES ||
        f->now - f->row.started_us > FACTOR_LIFE_US || !f->row.totp_sealed.p || f->row.disabled ||
        (!f->row.locked_us_null && f->row.locked_us > f->now))
        return SIGN_IN_REFUSED;
    int rc = factor_totp(f->w, f->row.user_id, f->row.totp_sealed, code);
    if (rc > 0)
        return factor_right(f, false, next_token);
    if (rc == 0)
        rc = factor_recovery(f->w, f->row.user_id, code);
    if (rc > 0)
        return factor_right(f, true, next_token);
    return rc < 0 ? rc : factor_wrong(f);
}

int sign_in_factor(struct work *w, struct str token, struct str code, struct str *next_token)
{
    struct factor_step f = {.w = w, .now = w->cx.env->now_us(w->cx.env)};
    struct office_db_session_by_token_in in = {.token_hash = token_hash(&w->cx, token)};
    *next_token = STR_NONE;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return error_add(&w->cx, "second factor");
    rc = office_db_session_by_token(&w->cx, w->store, &in, &f.row);
    if (rc > 0)
        rc = factor_try(&f, str_trim(code), next_token);
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(&w->cx, "second factor");
    }
    int result = rc;
    rc = store_commit(&w->cx, w->store);
    return rc < 0 ? rc : result;
}

/* --- a new password ----------------------------------------------------------------------- */

static int password_digest(struct work *w, int64_t user_id, struct str password, struct digest *out)
{
    struct secret key;
    struct hasher h;
    int rc = keys_load(&w->cx, w->office);
    if (rc >= 0)
        rc = key_derive(&w->cx, w->office, w->office->keys.ids[0], KEY_PASSWORD, &key);
    if (rc < 0)
        return rc;
    hash_init(&h, (struct str){(const char *)key.bytes, key.length});
    hash_int(&h, user_id);
    hash_text(&h, password);
    *out = hash_end(&h);
    secret_release(&key);
    return OK;
}

int password_remember(struct work *w, int64_t user_id, struct str password)
{
    struct digest d;
    int rc = password_digest(w, user_id, password, &d);
    struct office_db_user_password_old row = {.user_id = user_id,
                                              .changed_us = w->cx.env->now_us(w->cx.env),
                                              .digest = {(const char *)d.b, sizeof d.b}};
    return rc < 0 ? rc : office_db_user_password_old_insert(&w->cx, w->store, &row);
}

/* 1: the password was used before. */
static int used_before(struct work *w, int64_t user_id, struct str password)
{
    struct office_db_password_old_row row;
    struct digest d;
    int rc = password_digest(w, user_id, password, &d);
    struct office_db_password_old_in in = {.user_id = user_id,
                                           .digest = {(const char *)d.b, sizeof d.b},
                                           .n = OLD_PASSWORDS};
    if (rc >= 0)
        rc = office_db_password_old(&w->cx, w->store, &in, &row);
    return rc < 0 ? rc : row.found > 0;
}

int password_allowed(struct work *w, const struct office_db_user_by_id_row *u, struct str password)
{
    struct password_of of = {.sign_in_name = u->sign_in_name,
                             .full_name = u->full_name,
                             .birth = u->birth_ymd,
                             .minimum = setting_number(&w->cx, w->office, w->store,
                                                       "password.min_length")};
    const char *why = password_refused(password, &of);
    if (why)
        return fail(&w->cx, ERR_INVALID, why, NULL);
    int rc = used_before(w, u->user_id, password);
    return rc == 1 ? fail(&w->cx, ERR_INVALID, "office.password_used", NULL) : rc;
}

int password_put(struct work *w, const struct password_new *p)
{
    struct context *cx = &w->cx;
    int64_t now = cx->env->now_us(cx->env);
    struct office_db_secret_password_in in = {.user_id = p->user_id,
                                              .password_hash = p->hash,
                                              .changed_us = now,
                                              .must_change = p->must_change};
    struct office_db_session_end_user_in sessions = {.user_id = p->user_id,
                                                     .but_session = w->session ? w->session->id : 0,
                                                     .ended_us = now};
    int rc = password_remember(w, p->user_id, p->password);
    if (rc >= 0)
        rc = office_db_secret_password(cx, w->store, &in);
    if (rc >= 0)
        rc = office_db_session_end_user(cx, w->store, &sessions);
    return rc;
}

int sign_in_change(struct work *w, int64_t user_id, struct str old_password,
                   struct str new_password)
{
    struct context *cx = &w->cx;
    struct office_db_user_by_id_row u;
    struct str hash;
    int rc = office_db_user_by_id(cx, w->store,
                                  &(struct office_db_user_by_id_in){.user_id = user_id}, &u);
    if (rc == 0)
        return fail(cx, ERR_NOT_FOUND, "office.user_missing", NULL);
    if (rc > 0)
        rc = password_matches(cx, w->office, u.password_hash, old_password);
    if (rc == 0)
        return fail(cx, ERR_DENIED, "office.password_wrong", NULL);
    if (rc > 0)
        rc = password_allowed(w, &u, new_password);
    if (rc >= 0)
        rc = password_hash(cx, w->office, new_password, &hash);
    if (rc >= 0)
        rc = STORE_BEGIN(cx, w->store);
    if (rc < 0)
        return rc;
    rc = password_put(w, &(struct password_new){user_id, new_password, hash, false});
    if (rc >= 0)
        return store_commit(cx, w->store);
    store_rollback(w->store);
    return error_add(cx, "change the password");
}
