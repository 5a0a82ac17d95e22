/* page_door: sign-in, second factor, a new password, enrolment, sign-out. */
#include "office/inner_pages.h"

#include <stdio.h>

/* --- sign-in ------------------------------------------------------------------------------ */

static int door_accounts(struct work *w, struct office_sign_in_view *v)
{
    struct demo_account accounts[DEMO_ACCOUNTS];
    size_t n = 0;
    if (!w->office->is_demo)
        return OK;
    int rc = demo_accounts(w, accounts, DEMO_ACCOUNTS, &n);
    struct office_sign_in_accounts_row *rows =
        ARENA_ARRAY(w->cx.arena, n + 1, struct office_sign_in_accounts_row);
    if (rc < 0 || !rows)
        return rc < 0 ? rc : out_of_memory(w);
    for (size_t i = 0; i < n; i++)
        rows[i] = (struct office_sign_in_accounts_row){accounts[i].name, accounts[i].password,
                                                       id_of(w, "office.role.",
                                                             str_of(role_name(accounts[i].role)))};
    v->accounts = rows;
    v->n_accounts = n;
    return OK;
}

static int door_terminal(struct work *w, struct str cookie, struct office_sign_in_view *v)
{
    struct office_db_terminal_by_token_row row;
    struct office_db_terminal_by_token_in in = {.token_hash = token_hash(&w->cx, cookie)};
    int rc = cookie.n > 0 ? office_db_terminal_by_token(&w->cx, w->store, &in, &row) : 0;
    v->enrolled = rc == 1 || w->office->is_demo;
    v->terminal = rc == 1 ? row.name : sentence_of("office.demo_terminal");
    return rc < 0 ? rc : OK;
}

static int door_page(struct work *w, struct request *rq, struct reply *rp,
                     struct office_sign_in_view *v)
{
    int rc = door_terminal(w, rq->terminal, v);
    if (rc >= 0)
        rc = door_accounts(w, v);
    if (rc < 0)
        return rc;
    office_page_sign_in(&rp->body, rq->frame, v);
    return OK;
}

int door_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_sign_in_form form;
    struct office_sign_in_view v = {.sign_in = &form};
    if (w->session && w->session->id > 0 && w->session->actor.rights)
        return reply_redirect(rq, rp, "/");
    office_sign_in_form_init(&form);
    struct str next = request_query(rq, "next");
    form.next = path_is_ours(next) ? next : STR_NONE;
    return door_page(w, rq, rp, &v);
}

static int set_cookie(struct work *w, struct reply *rp, const char *name, struct str value)
{
    rp->set_cookie[0] = str_format(w->cx.arena, "%s=" STR_FMT, name, STR_ARG(value));
    return rp->set_cookie[0].p ? OK : out_of_memory(w);
}

/* Where the person wanted to go, as a query value for the next page. */
static struct str next_query(struct work *w, struct str next)
{
    struct html h;
    if (!path_is_ours(next))
        return STR("");
    html_init(&h);
    html_raw(&h, "?next=");
    html_url(&h, next);
    struct str s = str_copy(w->cx.arena, text_str(&h.text));
    html_release(&h);
    return s.p ? s : STR("");
}

int door_enter(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_sign_in_form form;
    struct office_sign_in_view v = {.sign_in = &form};
    struct str token;
    int rc = office_sign_in_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc))
        return door_page(w, rq, rp, &v);
    if (rc < 0)
        return rc;
    struct sign_in in = {form.name, form.password};
    rc = sign_in_password(w, &in, rq->terminal, &token);
    if (rc < 0)
        return rc;
    if (rc == SIGN_IN_REFUSED) {
        v.refused = true;
        rp->status = 422;
        return door_page(w, rq, rp, &v);
    }
    rc = set_cookie(w, rp, "hokenka", token);
    struct str query = next_query(w, form.next);
    return rc < 0 ? rc : reply_redirect(rq, rp, "/sign-in/code" STR_FMT, STR_ARG(query));
}

int door_enrol(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_enrol_form form;
    struct office_sign_in_view v = {.enrol = &form};
    struct str token;
    struct str name;
    int rc = office_enrol_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = terminal_enrol(w, form.code, &token, &name);
    if (rc == ERR_DENIED) {
        error_clear(&w->cx);
        form_problem(&w->cx, &form.state, "code", "office.terminal_code", NULL);
        rc = ERR_INVALID;
    }
    if (form_is_wrong(w, rp, rc))
        return door_page(w, rq, rp, &v);
    if (rc >= 0)
        rc = set_cookie(w, rp, "hokenka_terminal", token);
    return rc < 0 ? rc : redirect_saying(rq, rp, "/sign-in", "office.terminal_enrolled");
}

int door_leave(struct work *w, struct request *rq, struct reply *rp)
{
    int rc = OK;
    if (w->session && w->session->id > 0) {
        rc = audit_sign_in(w, &(struct audit_sign){.user_id = w->actor->user_id,
                                                   .user_name = w->actor->user_name,
                                                   .terminal = w->actor->terminal,
                                                   .branch = w->actor->branch,
                                                   .screen = "office.screen.sign_out",
                                                   .purpose = STR("sign_out")});
        if (rc >= 0)
            rc = office_session_end(&w->cx, w->office, rq->session);
    }
    rp->set_cookie[0] = STR("hokenka=");
    return rc < 0 ? rc : reply_redirect(rq, rp, "/sign-in");
}

/* --- second factor ------------------------------------------------------------------------ */

static int factor_page(struct work *w, struct request *rq, struct reply *rp,
                       struct office_factor_view *v)
{
    struct office_db_user_by_id_row u;
    int64_t id = w->session->actor.user_id;
    v->name = w->session->actor.full_name;
    int rc = OK;
    if (w->office->is_demo) {
        struct office_db_user_by_id_in in = {.user_id = id};
        rc = office_db_user_by_id(&w->cx, w->store, &in, &u);
        if (rc == 1)
            rc = factor_code_now(w, id, u.totp_sealed, &v->demo_code);
    }
    if (rc < 0)
        return rc;
    office_page_factor(&rp->body, rq->frame, v);
    return OK;
}

static bool factor_is_open(const struct work *w)
{
    return w->session && w->session->id > 0 && w->session->second_factor_open;
}

int factor_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_factor_form form;
    struct office_factor_view v = {.factor = &form};
    if (!factor_is_open(w))
        return reply_redirect(rq, rp, "/sign-in");
    office_factor_form_init(&form);
    struct str next = request_query(rq, "next");
    form.next = path_is_ours(next) ? next : STR_NONE;
    return factor_page(w, rq, rp, &v);
}

int factor_enter(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_factor_form form;
    struct office_factor_view v = {.factor = &form};
    struct str token;
    if (!factor_is_open(w))
        return reply_redirect(rq, rp, "/sign-in");
    int rc = office_factor_form_read(&w->cx, rq, &form);
    if (form_is_wrong(w, rp, rc))
        return factor_page(w, rq, rp, &v);
    if (rc >= 0)
        rc = sign_in_factor(w, rq->session, form.code, &token);
    if (rc < 0)
        return rc;
    if (rc == SIGN_IN_REFUSED) {
        v.refused = true;
        rp->status = 422;
        return factor_page(w, rq, rp, &v);
    }
    int result = rc;
    rc = set_cookie(w, rp, "hokenka", token);
    if (rc < 0)
        return rc;
    if (result == SIGN_IN_PASSWORD)
        return reply_redirect(rq, rp, "/password");
    struct str where = path_is_ours(form.next) ? form.next : STR("/");
    return reply_redirect(rq, rp, STR_FMT, STR_ARG(where));
}

/* --- password ----------------------------------------------------------------------------- */

static bool password_may(const struct work *w)
{
    return w->session && w->session->id > 0 && !w->session->second_factor_open;
}

static int password_page(struct work *w, struct request *rq, struct reply *rp,
                         const struct office_password_form *form)
{
    struct office_password_view v = {.expired = w->session->password_expired, .password = form};
    office_page_password(&rp->body, rq->frame, &v);
    return OK;
}

int password_show(struct work *w, struct request *rq, struct reply *rp)
{
    if (!password_may(w))
        return reply_redirect(rq, rp, "/sign-in");
    return password_page(w, rq, rp, NULL);
}

/* What was wrong goes beside the field it is about. */
static int password_try(struct work *w, struct office_password_form *form)
{
    int rc = OK;
    if (!str_equal(form->fresh, form->again)) {
        form_problem(&w->cx, &form->state, "again", "office.password_differs", NULL);
        return ERR_INVALID;
    }
    rc = sign_in_change(w, w->actor->user_id, form->old, form->fresh);
    if (rc != ERR_DENIED && rc != ERR_INVALID)
        return rc;
    char message[64];
    snprintf(message, sizeof message, "%s", w->cx.error.message);
    error_clear(&w->cx);
    form_problem(&w->cx, &form->state, rc == ERR_DENIED ? "old" : "fresh", message, NULL);
    return ERR_INVALID;
}

int password_save(struct work *w, struct request *rq, struct reply *rp)
{
    struct office_password_form form;
    if (!password_may(w))
        return reply_redirect(rq, rp, "/sign-in");
    int rc = office_password_form_read(&w->cx, rq, &form);
    if (rc >= 0)
        rc = password_try(w, &form);
    if (form_is_wrong(w, rp, rc))
        return password_page(w, rq, rp, &form);
    return rc < 0 ? rc : redirect_saying(rq, rp, "/", "office.password_changed");
}
