/* session: who is behind a request. Everything is read again at every request, in one statement, so
 * that a revocation, an expiry or a changed role holds at the next one. */
#include "office/inner.h"
#include "office_sql.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

enum { ONCE_TIME = 8, ONCE_RANDOM = 16, ONCE_MAC = 24, ONCE_CHARS = 48 };
#define ONCE_LIFE_S INT64_C(86400)

void token_new(struct context *cx, char out[TOKEN_CHARS + 1])
{
    unsigned char raw[TOKEN_BYTES];
    cx->env->random(cx->env, raw, sizeof raw);
    sodium_bin2hex(out, TOKEN_CHARS + 1, raw, sizeof raw);
    sodium_memzero(raw, sizeof raw);
}

struct str token_hash(struct context *cx, struct str token)
{
    struct digest d = hash_of(token);
    return str_copy(cx->arena, (struct str){(const char *)d.b, sizeof d.b});
}

/* --- what is derived from a cookie -------------------------------------------------------- */

static struct str derived(struct context *cx, struct str token, const char *use)
{
    struct hasher h;
    char hex[65];
    bool fits = token.n >= 16 && token.n <= 64;
    hash_init(&h, fits ? token : STR("no-cookie-no-form"));
    hash_text(&h, str_of(use));
    struct digest d = hash_end(&h);
    digest_hex(&d, hex);
    return str_copy(cx->arena, str_of(hex));
}

static int session_derive(struct context *cx, struct str token, struct session *s)
{
    s->csrf = derived(cx, token, "csrf");
    s->once_key = derived(cx, token, "once");
    return s->csrf.p && s->once_key.p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static const struct actor nobody = {.user_name = {"", 0},
                                    .full_name = {"", 0},
                                    .branch = {"", 0},
                                    .terminal = {"", 0},
                                    .role = ROLE_CLERK};

void office_session_visitor(struct context *cx, struct str pre_cookie, struct session *out)
{
    *out = (struct session){.actor = nobody};
    if (session_derive(cx, pre_cookie, out) < 0)
        out->csrf = out->once_key = STR_NONE; /* no form of this visitor is taken */
}

bool office_csrf_matches(const struct session *s, struct str token)
{
    return s->csrf.p && token.n == s->csrf.n && sodium_memcmp(s->csrf.p, token.p, token.n) == 0;
}

/* --- finding ------------------------------------------------------------------------------ */

struct seen { /* one request's look at its session */
    struct context *cx;
    struct office *o;
    struct store *st;
    int64_t now;
    struct office_db_session_by_token_row row;
};

static bool limits_hold(struct seen *k)
{
    int64_t idle = setting_number(k->cx, k->o, k->st, "session.idle_minutes");
    int64_t hours = setting_number(k->cx, k->o, k->st, "session.hours");
    if (k->now - k->row.seen_us > idle * MINUTE_US)
        return false;
    return k->now - k->row.started_us <= hours * 60 * MINUTE_US;
}

static bool account_holds(struct seen *k)
{
    if (k->row.disabled)
        return false;
    if (!ymd_is_none(k->row.expires_ymd) &&
        ymd_compare(env_today(k->cx->env), k->row.expires_ymd) > 0)
        return false;
    return true;
}

static bool password_is_old(struct seen *k)
{
    if (k->row.must_change)
        return true;
    int64_t days = setting_number(k->cx, k->o, k->st, "password.days");
    return days > 0 && !k->o->is_demo && k->now - k->row.changed_us > days * DAY_US;
}

/* The session stays with the terminal it began at. */
static bool terminal_holds(struct seen *k, struct str cookie)
{
    if (k->row.terminal_id_null)
        return k->o->is_demo;
    if (!k->row.revoked_us_null || !k->row.terminal_hash.p)
        return false;
    struct str hash = token_hash(k->cx, cookie);
    return hash.p && str_equal(hash, k->row.terminal_hash);
}

static int terminal_fill(struct context *cx, struct office *o, struct store *st, struct str cookie,
                         struct session *out)
{
    struct office_db_terminal_by_token_row row;
    int rc = 0;
    if (cookie.n > 0) {
        struct office_db_terminal_by_token_in in = {.token_hash = token_hash(cx, cookie)};
        rc = office_db_terminal_by_token(cx, st, &in, &row);
    }
    if (rc == 1) {
        out->enrolled = true;
        out->actor.terminal = row.name;
        out->actor.branch = row.branch;
    } else if (rc == 0 && o->is_demo) {
        out->enrolled = true;
        out->actor.terminal = demo_terminal();
    }
    return rc < 0 ? rc : OK;
}

static void actor_fill(struct seen *k, struct session *out)
{
    struct user_scope scope = {.role = k->row.role,
                               .desks = k->row.desks,
                               .rights_more = k->row.rights_more,
                               .rights_less = k->row.rights_less};
    struct actor *a = &out->actor;
    a->user_id = k->row.user_id;
    a->user_name = k->row.sign_in_name;
    a->full_name = k->row.full_name;
    a->branch = k->row.branch_name.p ? k->row.branch_name : k->row.branch;
    if (k->row.terminal.p)
        a->terminal = k->row.terminal;
    a->section = k->row.section.p ? k->row.section : STR("");
    if (!role_parse(k->row.role, &a->role))
        a->role = ROLE_CLERK;
    out->second_factor_open = !k->row.factor_done;
    out->password_expired = !out->second_factor_open && password_is_old(k);
    bool full = !out->second_factor_open && !out->password_expired;
    a->rights = full ? rights_of(&scope) & section_rights(a->section) : 0;
}

static int session_touch(struct seen *k)
{
    struct store *st;
    if (k->now - k->row.seen_us < MINUTE_US)
        return OK;
    int rc = office_writer(k->cx, k->o, &st);
    if (rc >= 0)
        rc = STORE_BEGIN(k->cx, st);
    if (rc < 0)
        return rc;
    rc = office_db_session_seen(k->cx, st,
                                &(struct office_db_session_seen_in){.session_id = k->row.session_id,
                                                                    .seen_us = k->now});
    if (rc >= 0)
        return store_commit(k->cx, st);
    store_rollback(st);
    return rc;
}

static int session_read(struct seen *k, struct str token)
{
    struct office_db_session_by_token_in in = {.token_hash = token_hash(k->cx, token)};
    int rc = office_reader(k->cx, k->o, &k->st);
    if (rc < 0 || token.n != TOKEN_CHARS)
        return rc < 0 ? rc : 0;
    return office_db_session_by_token(k->cx, k->st, &in, &k->row);
}

int office_session_find(struct context *cx, struct office *o, struct str token, struct str terminal,
                        struct session *out)
{
    struct seen k = {.cx = cx, .o = o, .now = cx->env->now_us(cx->env)};
    *out = (struct session){.actor = nobody};
    int rc = session_read(&k, token);
    if (rc < 0)
        return error_add(cx, "find the session");
    if (rc == 1)
        settings_seen(o, k.row.version);
    out->demo = o->is_demo;
    bool good = rc == 1 && limits_hold(&k) && account_holds(&k) && terminal_holds(&k, terminal);
    if (!good || k.row.terminal_id_null)
        rc = terminal_fill(cx, o, k.st, terminal, out);
    else
        out->enrolled = true;
    if (rc < 0 || !good)
        return rc < 0 ? error_add(cx, "find the terminal") : 0;
    out->id = k.row.session_id;
    actor_fill(&k, out);
    rc = session_derive(cx, token, out);
    if (rc >= 0)
        rc = session_touch(&k);
    return rc < 0 ? error_add(cx, "read the session") : 1;
}

int office_session_end(struct context *cx, struct office *o, struct str token)
{
    struct store *st;
    struct office_db_session_end_in in = {.token_hash = token_hash(cx, token),
                                          .ended_us = cx->env->now_us(cx->env)};
    int rc = office_writer(cx, o, &st);
    if (rc >= 0)
        rc = STORE_BEGIN(cx, st);
    if (rc < 0)
        return error_add(cx, "end the session");
    rc = office_db_session_end(cx, st, &in);
    if (rc >= 0)
        return store_commit(cx, st);
    store_rollback(st);
    return error_add(cx, "end the session");
}

/* --- one-time form ids: time, random, keyed hash over both -------------------------------- */

static void once_mac(const struct session *s, const char *head, char out[ONCE_MAC + 1])
{
    struct hasher h;
    char hex[65];
    hash_init(&h, s->once_key);
    hash_text(&h, (struct str){head, ONCE_TIME + ONCE_RANDOM});
    struct digest d = hash_end(&h);
    digest_hex(&d, hex);
    memcpy(out, hex, ONCE_MAC);
    out[ONCE_MAC] = 0;
}

int office_once_new(struct context *cx, struct office *o, const struct session *s, struct str *out)
{
    char id[ONCE_CHARS + 1];
    char mac[ONCE_MAC + 1];
    (void)o;
    if (!s->once_key.p)
        return fail(cx, ERR_DENIED, "office.once", NULL);
    int64_t seconds = cx->env->now_us(cx->env) / MICRO;
    snprintf(id, sizeof id, "%08llx%016llx", (unsigned long long)seconds & 0xffffffffULL,
             (unsigned long long)env_random_u64(cx->env));
    once_mac(s, id, mac);
    memcpy(id + ONCE_TIME + ONCE_RANDOM, mac, sizeof mac);
    *out = str_copy(cx->arena, (struct str){id, ONCE_CHARS});
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static bool once_is_ours(struct context *cx, const struct session *s, struct str once)
{
    char mac[ONCE_MAC + 1];
    unsigned char time_bytes[ONCE_TIME / 2];
    if (once.n != ONCE_CHARS || !s->once_key.p)
        return false;
    once_mac(s, once.p, mac);
    if (sodium_memcmp(mac, once.p + ONCE_TIME + ONCE_RANDOM, ONCE_MAC) != 0)
        return false;
    if (!hex_parse((struct str){once.p, ONCE_TIME}, time_bytes, sizeof time_bytes))
        return false;
    int64_t then = 0;
    for (size_t i = 0; i < sizeof time_bytes; i++)
        then = then << 8 | time_bytes[i];
    int64_t age = cx->env->now_us(cx->env) / MICRO - then;
    return age >= 0 && age < ONCE_LIFE_S;
}

static int once_change(struct context *cx, struct office *o, struct str once, bool take)
{
    struct store *st;
    int64_t now = cx->env->now_us(cx->env);
    int rc = office_writer(cx, o, &st);
    if (rc >= 0)
        rc = STORE_BEGIN(cx, st);
    if (rc < 0)
        return rc;
    /* Now and then the ids that no open form can carry any more go away. */
    if (take && now / MICRO % 64 == 0)
        rc = office_db_once_clean(cx, st,
                                  &(struct office_db_once_clean_in){
                                      .before_us = now - 2 * ONCE_LIFE_S * MICRO});
    if (rc >= 0)
        rc = take ? office_db_once_take(cx, st, &(struct office_db_once_take_in){once, now})
                  : office_db_once_drop(cx, st, &(struct office_db_once_drop_in){once});
    int touched = rc;
    if (rc >= 0)
        rc = store_commit(cx, st);
    else
        store_rollback(st);
    return rc < 0 ? rc : touched;
}

int office_once_take(struct context *cx, struct office *o, const struct session *s, struct str once)
{
    if (!once_is_ours(cx, s, once))
        return fail(cx, ERR_DENIED, "office.once", NULL);
    int rc = once_change(cx, o, once, true);
    return rc < 0 ? error_add(cx, "claim the form") : rc;
}

int office_once_return(struct context *cx, struct office *o, struct str once)
{
    int rc = once_change(cx, o, once, false);
    return rc < 0 ? error_add(cx, "give the form back") : OK;
}
