/* user: accounts. One person, one account, one name for ever; every change is an event; what proves
 * who somebody is lies beside the account and leaves no history. */
#include "office/headcount.h"
#include "office/inner.h"
#include "office_sql.h"

#include <sodium.h>
#include <string.h>

static int account_by_name(struct work *w, struct str name, struct office_db_user_by_name_row *row)
{
    int rc = office_db_user_by_name(&w->cx, w->store,
                                    &(struct office_db_user_by_name_in){.sign_in_name = name}, row);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "office.user_missing", STR_FMT, STR_ARG(name));
    return rc;
}

static int account_by_id(struct work *w, int64_t user_id, struct office_db_user_by_id_row *row)
{
    int rc = office_db_user_by_id(&w->cx, w->store,
                                  &(struct office_db_user_by_id_in){.user_id = user_id}, row);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "office.user_missing", "%lld", (long long)user_id);
    return rc;
}

static bool name_is_good(struct str s)
{
    if (s.n < 3 || s.n > 32)
        return false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!letter && (i == 0 || !memchr("._-", c, 3)))
            return false;
    }
    return true;
}

/* Few people keep the accounts (SEC-016). */
static int administrators_allowed(struct work *w, struct str role)
{
    struct office_db_role_users_row count;
    if (!str_is(role, role_name(ROLE_ADMINISTRATOR)))
        return OK;
    int64_t ceiling = setting_number(&w->cx, w->office, w->store, "office.administrators");
    int rc = office_db_role_users(&w->cx, w->store, &(struct office_db_role_users_in){.role = role},
                                  &count);
    if (rc >= 0 && count.n >= ceiling)
        return fail(&w->cx, ERR_LIMIT, "office.administrators_full", "%lld", (long long)ceiling);
    return rc < 0 ? rc : OK;
}

static int name_is_free(struct work *w, struct str name)
{
    struct office_db_user_named_row row;
    int rc = office_db_user_named(&w->cx, w->store,
                                  &(struct office_db_user_named_in){.sign_in_name = name}, &row);
    if (rc == 1)
        return fail(&w->cx, ERR_DUPLICATE, "office.user_name_taken", STR_FMT, STR_ARG(name));
    return rc;
}

/* --- adding ------------------------------------------------------------------------------- */

static int account_insert(struct work *w, struct event *e, struct office_db_user_account *row,
                          const struct password_new *p)
{
    struct context *cx = &w->cx;
    struct office_db_user_name name = {row->sign_in_name, row->user_id};
    struct office_db_user_secret secret = {.user_id = row->user_id,
                                           .password_hash = p->hash,
                                           .changed_us = cx->env->now_us(cx->env),
                                           .must_change = p->must_change,
                                           .locked_us_null = true,
                                           .signed_in_us_null = true};
    int rc = event_open(cx, w->store, e);
    row->known_from = e->no;
    if (rc >= 0)
        rc = office_db_user_name_insert(cx, w->store, &name);
    if (rc >= 0)
        rc = office_db_user_account_insert(cx, w->store, row);
    if (rc >= 0)
        rc = office_db_user_secret_insert(cx, w->store, &secret);
    if (rc >= 0)
        rc = password_remember(w, row->user_id, p->password);
    return rc < 0 ? rc : work_event_tell(w, e);
}

static int user_allowed(struct work *w, const struct user_new *u)
{
    struct password_of of = {.sign_in_name = u->sign_in_name,
                             .full_name = u->full_name,
                             .birth = u->birth,
                             .minimum = setting_number(&w->cx, w->office, w->store,
                                                       "password.min_length")};
    int rc = work_need(w, RIGHT_USER_ADMIN);
    if (rc < 0)
        return rc;
    if (!name_is_good(u->sign_in_name))
        return fail(&w->cx, ERR_INVALID, "office.user_name", STR_FMT, STR_ARG(u->sign_in_name));
    if (str_trim(u->full_name).n == 0)
        return fail(&w->cx, ERR_INVALID, "office.user_full_name", NULL);
    const char *why = u->keep_password ? NULL : password_refused(u->password, &of);
    return why ? fail(&w->cx, ERR_INVALID, why, NULL) : OK;
}

int user_add(struct work *w, const struct user_new *u, int64_t *user_id)
{
    struct context *cx = &w->cx;
    struct str hash;
    struct event e = work_event(w, "office.user");
    int64_t first = 0;
    int rc = user_allowed(w, u);
    if (rc >= 0)
        rc = password_hash(cx, w->office, u->password, &hash);
    if (rc >= 0)
        rc = STORE_BEGIN(cx, w->store);
    if (rc < 0)
        return error_add(cx, "add user " STR_FMT, STR_ARG(u->sign_in_name));
    rc = name_is_free(w, u->sign_in_name);
    if (rc >= 0)
        rc = administrators_allowed(w, str_of(role_name(u->role)));
    if (rc >= 0)
        rc = store_ids(cx, w->store, 2, &first);
    struct office_db_user_account row = {.user_row_id = first,
                                         .user_id = first + 1,
                                         .sign_in_name = u->sign_in_name,
                                         .full_name = u->full_name,
                                         .role = str_of(role_name(u->role)),
                                         .branch = u->branch.p ? u->branch : STR(""),
                                         .expires_ymd = u->expires,
                                         .employment = STR("regular"),
                                         .birth_ymd = u->birth};
    if (!ymd_is_none(u->expires))
        row.employment = STR("term");
    if (rc >= 0)
        rc = account_insert(w, &e, &row,
                            &(struct password_new){row.user_id, u->password, hash,
                                                   !u->keep_password});
    if (rc >= 0)
        rc = headcount_allows(w, 0, rights_of(&(struct user_scope){.role = row.role}));
    if (rc < 0) {
        store_rollback(w->store);
        return error_add(cx, "add user " STR_FMT, STR_ARG(u->sign_in_name));
    }
    *user_id = row.user_id;
    return store_commit(cx, w->store);
}

/* --- changing ----------------------------------------------------------------------------- */

static void take(struct str *into, struct str value)
{
    if (value.p)
        *into = value;
}

static struct office_db_user_account account_from(const struct office_db_user_by_id_row *u)
{
    return (struct office_db_user_account){.user_id = u->user_id,
                                           .sign_in_name = u->sign_in_name,
                                           .full_name = u->full_name,
                                           .role = u->role,
                                           .branch = u->branch,
                                           .any_branch = u->any_branch,
                                           .desks = u->desks,
                                           .rights_more = u->rights_more,
                                           .rights_less = u->rights_less,
                                           .expires_ymd = u->expires_ymd,
                                           .employment = u->employment,
                                           .birth_ymd = u->birth_ymd,
                                           .disabled = u->disabled};
}

static int change_allowed(struct work *w, const struct office_db_user_by_id_row *u,
                          const struct user_change *c)
{
    enum role role;
    uint64_t mask;
    int rc = work_need(w, RIGHT_USER_ADMIN);
    if (rc < 0)
        return rc;
    if (c->role.p && !role_parse(c->role, &role))
        return fail(&w->cx, ERR_INVALID, "office.role", STR_FMT, STR_ARG(c->role));
    if (!rights_parse(c->rights_more, &mask) || !rights_parse(c->rights_less, &mask))
        return fail(&w->cx, ERR_INVALID, "office.rights", NULL);
    /* Nobody gives rights to himself: another administrator must. */
    if (w->actor->user_id == u->user_id && (c->role.p || c->rights_more.p))
        return fail(&w->cx, ERR_DENIED, "office.own_rights", NULL);
    bool rises = c->role.p && !str_equal(c->role, u->role);
    return rises ? administrators_allowed(w, c->role) : OK;
}

static int change_put(struct work *w, const struct office_db_user_by_id_row *u,
                      struct office_db_user_account *row, struct event *e)
{
    struct context *cx = &w->cx;
    int rc = event_open(cx, w->store, e);
    if (rc >= 0)
        rc = office_db_user_account_close(cx, w->store, u->user_row_id, e->no);
    if (rc >= 0)
        rc = store_ids(cx, w->store, 1, &row->user_row_id);
    row->known_from = e->no;
    if (rc >= 0)
        rc = office_db_user_account_insert(cx, w->store, row);
    if (rc >= 0 && row->disabled)
        rc = office_db_session_end_user(
            cx, w->store,
            &(struct office_db_session_end_user_in){.user_id = u->user_id,
                                                    .ended_us = cx->env->now_us(cx->env)});
    return rc < 0 ? rc : work_event_tell(w, e);
}

/* What an account may do today; nothing when it is disabled. */
static uint64_t rights_open(const struct office_db_user_account *u)
{
    const struct user_scope scope = {u->role, u->desks, u->rights_more, u->rights_less};
    return u->disabled ? 0 : rights_of(&scope);
}

static int change_in(struct work *w, int64_t user_id, const struct user_change *c,
                     struct str reason)
{
    struct office_db_user_by_id_row u;
    struct event e = work_event(w, "office.user");
    e.reason = reason;
    int rc = account_by_id(w, user_id, &u);
    if (rc >= 0)
        rc = change_allowed(w, &u, c);
    if (rc < 0)
        return rc;
    struct office_db_user_account row = account_from(&u);
    const uint64_t before = rights_open(&row);
    take(&row.full_name, c->full_name);
    take(&row.role, c->role);
    take(&row.branch, c->branch);
    take(&row.desks, c->desks);
    take(&row.rights_more, c->rights_more);
    take(&row.rights_less, c->rights_less);
    if (c->set_expires)
        row.expires_ymd = c->expires;
    if (c->set_disabled)
        row.disabled = c->disabled;
    rc = change_put(w, &u, &row, &e);
    return rc < 0 ? rc : headcount_allows(w, before, rights_open(&row));
}

int user_change(struct work *w, int64_t user_id, const struct user_change *c, struct str reason)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = change_in(w, user_id, c, reason);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "change account %lld", (long long)user_id);
}

int user_disable(struct work *w, struct str sign_in_name, struct str reason)
{
    struct office_db_user_by_name_row row;
    int rc = account_by_name(w, sign_in_name, &row);
    if (rc < 0)
        return rc;
    return user_change(w, row.user_id,
                       &(struct user_change){.disabled = true, .set_disabled = true}, reason);
}

/* --- what proves who it is ---------------------------------------------------------------- */

static int named_for_admin(struct work *w, struct str name, struct office_db_user_by_id_row *u)
{
    struct office_db_user_by_name_row row;
    int rc = work_need(w, RIGHT_USER_ADMIN);
    if (rc >= 0)
        rc = account_by_name(w, name, &row);
    return rc < 0 ? rc : account_by_id(w, row.user_id, u);
}

int user_password(struct work *w, struct str sign_in_name, struct str password)
{
    struct office_db_user_by_id_row u;
    struct str hash;
    int rc = named_for_admin(w, sign_in_name, &u);
    if (rc >= 0)
        rc = password_allowed(w, &u, password);
    if (rc >= 0)
        rc = password_hash(&w->cx, w->office, password, &hash);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return error_add(&w->cx, "set a password");
    rc = password_put(w, &(struct password_new){u.user_id, password, hash, true});
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "set a password");
}

int user_totp(struct work *w, struct str sign_in_name, struct str *base32, struct str *url)
{
    struct office_db_user_by_id_row u;
    int rc = named_for_admin(w, sign_in_name, &u);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return error_add(&w->cx, "set a second factor");
    rc = factor_new(w, u.user_id, base32);
    if (rc >= 0)
        rc = store_commit(&w->cx, w->store);
    else
        store_rollback(w->store);
    if (rc < 0)
        return error_add(&w->cx, "set a second factor");
    *url = str_format(w->cx.arena,
                      "otpauth://totp/Hokenka:" STR_FMT "?secret=" STR_FMT
                      "&issuer=Hokenka&digits=6&period=30",
                      STR_ARG(sign_in_name), STR_ARG(*base32));
    return url->p ? OK : fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
}

int user_recovery(struct work *w, struct str sign_in_name, struct str out[10])
{
    struct office_db_user_by_id_row u;
    int rc = named_for_admin(w, sign_in_name, &u);
    if (rc >= 0)
        rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return error_add(&w->cx, "print recovery codes");
    rc = factor_recovery_new(w, u.user_id, out);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "print recovery codes");
}

int user_list(struct work *w, struct user_rows *out)
{
    struct office_db_users_list list;
    int64_t now = w->cx.env->now_us(w->cx.env);
    int rc = office_db_users(&w->cx, w->store, &list);
    if (rc < 0)
        return error_add(&w->cx, "list the accounts");
    out->n = list.n;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct user_row);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_users_row *r = &list.rows[i];
        out->rows[i] = (struct user_row){
            .user_id = r->user_id,
            .sign_in_name = r->sign_in_name,
            .full_name = r->full_name,
            .role = r->role,
            .branch = r->branch,
            .employment = r->employment,
            .expires = r->expires_ymd,
            .disabled = r->disabled,
            .locked = !r->locked_us_null && r->locked_us > now,
            .has_factor = r->has_factor,
            .signed_in_us = r->signed_in_us_null ? 0 : r->signed_in_us,
            .changed_us = r->changed_us,
        };
    }
    return OK;
}
