/*
 * people: sessions of a server process, accounts, terminals. Part of office.h.
 */
#ifndef OFFICE_PEOPLE_H
#define OFFICE_PEOPLE_H

#include "office/office.h"

/* --- sessions ----------------------------------------------------------------------------- */

/* Read again from the store at every request, so that a revocation holds at the next one. */
struct session {
    int64_t id;
    struct actor actor; /* rights are 0 while second_factor_open or password_expired */
    struct str csrf;    /* token of its forms */
    struct str once_key;
    bool second_factor_open; /* password right, second factor awaited */
    bool password_expired;   /* signed in, must change the password first */
    bool enrolled;           /* the terminal is (or the demo city counts this machine as one) */
    bool demo;
};
/* One statement. 1: session (see the flags), 0: none, expired, revoked, locked; < 0 failure.
 * With 0 the session is still good for public pages (anonymous actor, terminal filled).
 * Touches last-seen at most once a minute. `client` is the address, for the audit line. */
int office_session_find(struct context *cx, struct office *o, struct str token, struct str terminal,
                        struct session *out) WARN_UNUSED;
int office_session_end(struct context *cx, struct office *o, struct str token) WARN_UNUSED;
bool office_csrf_matches(const struct session *s, struct str token);
/* For a visitor without session: the same from the cookie `hokenka_pre`. */
/* CPU time this process has spent on hashing passwords: a cost that is wanted, no slow handler. */
int64_t office_password_us(void);
void office_session_visitor(struct context *cx, struct str pre_cookie, struct session *out);
/* One-time form ids: random + keyed hash, nothing stored until used. */
int office_once_new(struct context *cx, struct office *o, const struct session *s,
                    struct str *out) WARN_UNUSED;
/* 1 first use, 0 used before, ERR_DENIED not ours; a short write transaction of its own. */
int office_once_take(struct context *cx, struct office *o, const struct session *s,
                     struct str once) WARN_UNUSED;
/* The handler failed and changed nothing: the same form may be sent again. */
int office_once_return(struct context *cx, struct office *o, struct str once) WARN_UNUSED;

/* --- accounts ----------------------------------------------------------------------------- */

struct user_new {
    struct str sign_in_name, full_name, branch;
    enum role role;
    struct ymd expires;  /* YMD_NONE: no known end */
    struct ymd birth;    /* only for the password rule; YMD_NONE: unknown */
    struct str password; /* first password; must be changed at the first sign-in unless kept */
    bool keep_password;  /* demo and tests */
};
int user_add(struct work *w, const struct user_new *u, int64_t *user_id) WARN_UNUSED;
int user_disable(struct work *w, struct str sign_in_name, struct str reason) WARN_UNUSED;
int user_password(struct work *w, struct str sign_in_name, struct str password) WARN_UNUSED;
/* New TOTP secret in base32 and as otpauth:// URL; shown once. */
int user_totp(struct work *w, struct str sign_in_name, struct str *base32,
              struct str *url) WARN_UNUSED;
/* Ten printed recovery codes; earlier ones end. */
int user_recovery(struct work *w, struct str sign_in_name, struct str out[10]) WARN_UNUSED;
/* A code (one use, 30 minutes) that enrols the browser it is typed into. */
int terminal_code(struct work *w, struct str name, struct str branch, struct str *code) WARN_UNUSED;
/* The same for a terminal of another section: whoever sits there opens only what that section's
 * links allow, whatever his own rights are. */
struct terminal_new {
    struct str name, branch;
    struct str section; /* "care" as in data/provisions.tsv; empty: our own */
};
int terminal_code_for(struct work *w, const struct terminal_new *t, struct str *code) WARN_UNUSED;
/* Accounts of every role with known passwords; refused in a city without the demo mark. */
struct demo_account {
    struct str name, password;
    enum role role;
    struct str role_label; /* message id */
    struct str totp_hint;  /* the current code */
};
int office_demo_users(struct work *w) WARN_UNUSED;
int office_demo_accounts(struct context *cx, struct office *o, struct demo_account *out, size_t cap,
                         size_t *n) WARN_UNUSED; /* n 0 when not a demo city */

struct user_row {
    int64_t user_id;
    struct str sign_in_name, full_name, role, branch, employment;
    struct ymd expires; /* YMD_NONE: no known end */
    bool disabled, locked, has_factor;
    int64_t signed_in_us; /* 0: never */
    int64_t changed_us;   /* when the password was set */
};
struct user_rows {
    struct user_row *rows;
    size_t n;
};
int user_list(struct work *w, struct user_rows *out) WARN_UNUSED;

#endif
