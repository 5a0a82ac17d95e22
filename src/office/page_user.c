/* page_user: accounts and terminals. */
#include "office/inner_pages.h"

#include <stdio.h>
#include <string.h>

enum { UNUSED_DAYS = 90, PASSWORD_CHARS = 17 };

static const char *role_label(struct work *w, struct str role)
{
    return id_of(w, "office.role.", role);
}

/* Branches to choose from. */
static int branches_fill(struct work *w, const struct page_option_view **options, size_t *n)
{
    struct office_db_branches_list list;
    int rc = office_db_branches(&w->cx, w->store, &list);
    struct page_option_view *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct page_option_view);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[i] = (struct page_option_view){list.rows[i].code, list.rows[i].name};
    *options = rows;
    *n = list.n;
    return OK;
}

/* --- list --------------------------------------------------------------------------------- */

static int users_fill(struct work *w, struct office_users_view *v)
{
    struct user_rows users;
    int64_t now = w->cx.env->now_us(w->cx.env);
    int rc = user_list(w, &users);
    struct office_users_users_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, users.n + 1, struct office_users_users_row);
    struct office_users_counts_row *counts =
        ARENA_ARRAY(w->cx.arena, ROLES, struct office_users_counts_row);
    if (rc < 0 || !rows || !counts)
        return rc < 0 ? rc : out_of_memory(w);
    for (int i = 0; i < ROLES; i++)
        counts[i].role = role_label(w, str_of(role_name((enum role)i)));
    for (size_t i = 0; i < users.n; i++) {
        const struct user_row *u = &users.rows[i];
        enum role role;
        if (!u->disabled && role_parse(u->role, &role))
            counts[role].amount++;
        rows[i] =
            (struct office_users_users_row){.user_id = u->user_id,
                                            .name = u->sign_in_name,
                                            .full_name = u->full_name,
                                            .role = role_label(w, u->role),
                                            .branch = u->branch,
                                            .expires = u->expires,
                                            .disabled = u->disabled,
                                            .locked = u->locked,
                                            .has_factor = u->has_factor,
                                            .last = u->signed_in_us,
                                            .unused =
                                                !u->disabled &&
                                                now - u->signed_in_us > UNUSED_DAYS * DAY_US &&
                                                now - u->changed_us > UNUSED_DAYS * DAY_US};
    }
    v->users = rows;
    v->n_users = users.n;
    v->counts = counts;
    v->n_counts = ROLES;
    return OK;
}

static int terminals_fill(struct work *w, struct office_users_view *v)
{
    struct office_db_terminals_list list;
    int rc = office_db_terminals(&w->cx, w->store, &list);
    struct office_users_terminals_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct office_users_terminals_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        const struct office_db_terminals_row *t = &list.rows[i];
        rows[i] = (struct office_users_terminals_row){.name = t->name,
                                                      .branch = t->branch,
                                                      .section = t->section,
                                                      .enrolled =
                                                          t->enrolled_us_null ? 0 : t->enrolled_us,
                                                      .revoked = !t->revoked_us_null,
                                                      .open = !t->enrolled_us_null};
    }
    v->terminals = rows;
    v->n_terminals = list.n;
    return OK;
}

static int users_page(struct work *w, struct request *rq, struct reply *rp,
                      const struct office_terminal_form *form)
{
    struct office_users_view v = {.may_admin = work_may(w, RIGHT_USER_ADMIN), .terminal = form};
    int rc = users_fill(w, &v);
    if (rc >= 0)
        rc = terminals_fill(w, &v);
    if (rc >= 0)
        rc = branches_fill(w, &v.branches, &v.n_branches);
    if (rc < 0)
        return rc;
    office_page_users(&rp->body, rq->frame, &v);
    return OK;
}

int users_show(struct work *w, struct request *rq, struct reply *rp)
{
    return users_page(w, rq, rp, NULL);
}

int terminal_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_terminal_form form;
    struct office_terminal_code_view v;
    int rc = office_terminal_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc))
        return users_page(w, rq, rp, &form);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = STR("terminal"),
                                                 .query = form.name});
    if (rc >= 0)
        rc = terminal_code_for(w, &(struct terminal_new){form.name, form.branch, form.section},
                               &v.code);
    if (rc < 0)
        return rc;
    v.name = form.name;
    office_page_terminal_code(&rp->body, rq->frame, &v);
    return OK;
}

/* --- one account -------------------------------------------------------------------------- */

static int account_read(struct work *w, const struct request *rq,
                        struct office_db_user_by_id_row *u)
{
    int64_t id;
    int rc = request_part_id(&w->cx, rq, 0, &id);
    if (rc >= 0)
        rc = office_db_user_by_id(&w->cx, w->store, &(struct office_db_user_by_id_in){id}, u);
    if (rc == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "office.user_missing", NULL);
    return rc;
}

static int rights_fill(struct work *w, const struct office_db_user_by_id_row *u,
                       struct office_user_view *v)
{
    struct user_scope scope = {u->role, u->desks, u->rights_more, u->rights_less};
    uint64_t rights = rights_of(&scope);
    struct office_user_rights_row *rows =
        ARENA_ARRAY(w->cx.arena, RIGHT_BITS, struct office_user_rights_row);
    if (!rows)
        return out_of_memory(w);
    for (int i = 0; i < RIGHT_BITS; i++)
        if (rights & RIGHT(i))
            rows[v->n_rights++].label =
                id_of(w, "office.right.", str_of(right_name((enum right_bit)i)));
    v->rights = rows;
    return OK;
}

static int account_page(struct work *w, struct request *rq, struct reply *rp,
                        const struct office_db_user_by_id_row *u,
                        const struct office_user_change_form *form)
{
    struct office_db_recovery_left_row left;
    int64_t now = w->cx.env->now_us(w->cx.env);
    struct office_user_view v = {.user_id = u->user_id,
                                 .name = u->sign_in_name,
                                 .full_name = u->full_name,
                                 .role = role_label(w, u->role),
                                 .branch = u->branch,
                                 .expires = u->expires_ymd,
                                 .disabled = u->disabled,
                                 .locked = !u->locked_us_null && u->locked_us > now,
                                 .has_factor = u->totp_sealed.p != NULL,
                                 .may_admin = work_may(w, RIGHT_USER_ADMIN),
                                 .user_change = form};
    int rc = office_db_recovery_left(&w->cx, w->store,
                                     &(struct office_db_recovery_left_in){u->user_id}, &left);
    if (rc >= 0)
        rc = rights_fill(w, u, &v);
    if (rc >= 0)
        rc = branches_fill(w, &v.branches, &v.n_branches);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < v.n_branches; i++)
        if (str_equal(v.branches[i].value, u->branch))
            v.branch = v.branches[i].label;
    v.recovery_left = left.n;
    office_page_user(&rp->body, rq->frame, &v);
    return OK;
}

int user_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_db_user_by_id_row u;
    struct office_user_change_form form;
    int rc = account_read(w, rq, &u);
    if (rc < 0)
        return rc;
    office_user_change_form_init(&form);
    form.full_name = u.full_name;
    form.role = u.role;
    form.branch = u.branch;
    form.expires = u.expires_ymd;
    form.desks = u.desks;
    form.rights_more = u.rights_more;
    form.rights_less = u.rights_less;
    form.disabled = u.disabled;
    return account_page(w, rq, rp, &u, &form);
}

static int change_line(struct work *w, struct str name, struct str reason)
{
    return audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                               .purpose = str_or_empty(reason),
                                               .query = name});
}

int user_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_db_user_by_id_row u;
    struct office_user_change_form form;
    int rc = account_read(w, rq, &u);
    if (rc < 0)
        return rc;
    rc = office_user_change_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc))
        return account_page(w, rq, rp, &u, &form);
    struct user_change c = {.full_name = form.full_name,
                            /* untouched stays untouched, so that one may correct one's own name */
                            .role = str_equal(form.role, u.role) ? STR_NONE : form.role,
                            .branch = form.branch,
                            .desks = str_or_empty(form.desks),
                            .rights_more = str_equal(str_or_empty(form.rights_more),
                                                     str_or_empty(u.rights_more))
                                               ? STR_NONE
                                               : str_or_empty(form.rights_more),
                            .rights_less = str_or_empty(form.rights_less),
                            .expires = form.expires,
                            .set_expires = true,
                            .disabled = form.disabled,
                            .set_disabled = true};
    if (rc >= 0)
        rc = change_line(w, u.sign_in_name, form.reason);
    if (rc >= 0)
        rc = user_change(w, u.user_id, &c, form.reason);
    if (rc == ERR_INVALID || rc == ERR_LIMIT) {
        char message[64];
        snprintf(message, sizeof message, "%s", w->cx.error.message);
        error_clear(&w->cx);
        form_problem(&w->cx, &form.state, "role", message, NULL);
        rp->status = 422;
        return account_page(w, rq, rp, &u, &form);
    }
    if (rc < 0)
        return rc;
    rp->notice = sentence_of("office.saved");
    return reply_redirect(rq, rp, "/user/%lld", (long long)u.user_id);
}

/* --- a new one, and what it is given ------------------------------------------------------ */

static struct str password_new(struct work *w)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY3479";
    char text[PASSWORD_CHARS];
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = i % 6 == 5 ? '-' : letters[env_random_u64(w->cx.env) % (sizeof letters - 1)];
    return str_copy(w->cx.arena, (struct str){text, sizeof text});
}

static int codes_fill(struct work *w, struct str name, struct office_user_secret_view *v)
{
    struct str codes[10];
    struct office_user_secret_codes_row *rows =
        ARENA_ARRAY(w->cx.arena, 10, struct office_user_secret_codes_row);
    int rc = rows ? user_recovery(w, name, codes) : out_of_memory(w);
    if (rc < 0)
        return rc;
    for (int i = 0; i < 10; i++)
        rows[i].code = codes[i];
    v->codes = rows;
    v->n_codes = 10;
    return OK;
}

static int user_new_page(struct work *w, struct request *rq, struct reply *rp,
                         const struct office_user_new_form *form)
{
    struct office_user_new_view v = {.user_new = form};
    int rc = branches_fill(w, &v.branches, &v.n_branches);
    if (rc < 0)
        return rc;
    office_page_user_new(&rp->body, rq->frame, &v);
    return OK;
}

int user_new_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_user_new_form form;
    office_user_new_form_init(&form);
    form.branch = STR("main");
    form.role = str_of(role_name(ROLE_CLERK));
    return user_new_page(w, rq, rp, &form);
}

static int user_new_put(struct work *w, const struct office_user_new_form *form,
                        struct office_user_secret_view *v)
{
    struct user_new u = {.sign_in_name = form->name,
                         .full_name = form->full_name,
                         .branch = form->branch,
                         .expires = form->expires,
                         .birth = form->birth,
                         .password = password_new(w)};
    if (!u.password.p)
        return out_of_memory(w);
    if (!role_parse(form->role, &u.role))
        return fail(&w->cx, ERR_INVALID, "office.role", NULL);
    int rc = change_line(w, form->name, STR("user.new"));
    if (rc >= 0)
        rc = user_add(w, &u, &v->user_id);
    if (rc >= 0)
        rc = user_totp(w, form->name, &v->totp, &v->url);
    if (rc >= 0)
        rc = codes_fill(w, form->name, v);
    v->name = form->name;
    v->full_name = form->full_name;
    v->password = u.password;
    return rc;
}

int user_new_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_user_new_form form;
    struct office_user_secret_view v = {0};
    int rc = office_user_new_form_read(&w->cx, rq, &form);
    if (rc >= 0) {
        rc = user_new_put(w, &form, &v);
        if (rc == ERR_DUPLICATE || rc == ERR_INVALID || rc == ERR_LIMIT) {
            char message[64];
            snprintf(message, sizeof message, "%s", w->cx.error.message);
            error_clear(&w->cx);
            form_problem(&w->cx, &form.state, rc == ERR_LIMIT ? "role" : "name", message, NULL);
            rc = ERR_INVALID;
        }
    }
    if (form_is_wrong(w, rp, rc))
        return user_new_page(w, rq, rp, &form);
    if (rc < 0)
        return rc;
    office_page_user_secret(&rp->body, rq->frame, &v);
    return OK;
}

static int secret_renew(struct work *w, struct str what, struct office_user_secret_view *v)
{
    int rc = change_line(w, v->name, what);
    if (rc < 0)
        return rc;
    if (str_is(what, "totp"))
        return user_totp(w, v->name, &v->totp, &v->url);
    if (str_is(what, "recovery"))
        return codes_fill(w, v->name, v);
    v->password = password_new(w);
    return v->password.p ? user_password(w, v->name, v->password) : out_of_memory(w);
}

int user_secret_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_db_user_by_id_row u;
    struct office_user_secret_form form;
    int rc = account_read(w, rq, &u);
    if (rc >= 0)
        rc = office_user_secret_form_read(&w->cx, rq, &form);
    if (rc < 0)
        return rc;
    struct office_user_secret_view v = {.user_id = u.user_id,
                                        .full_name = u.full_name,
                                        .name = u.sign_in_name};
    rc = secret_renew(w, form.what, &v);
    if (rc < 0)
        return rc;
    office_page_user_secret(&rp->body, rq->frame, &v);
    return OK;
}
