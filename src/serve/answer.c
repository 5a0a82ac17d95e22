/*
 * answer: one request from its headers to its page. The order of the checks is the order of
 * trust: what needs no secret first, what changes something last.
 */
#include "serve/inner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BUDGET_US = 50000 };

static void redirect(struct exchange *x, const char *path)
{
    x->rp.status = 303;
    x->rp.location = str_of(path);
}

/* --- errors ------------------------------------------------------------------------------------
 */

static void new_reference(struct exchange *x)
{
    snprintf(x->reference, sizeof x->reference, "%08llx",
             (unsigned long long)(env_random_u64(x->cx.env) & 0xFFFFFFFFu));
    x->frame.reference = str_of(x->reference);
}

void answer_error(struct worker *w, struct exchange *x, int status)
{
    new_reference(x);
    struct str cookies[2] = {x->rp.set_cookie[0], x->rp.set_cookie[1]};
    text_clear(&x->rp.body.text);
    x->rp = (struct reply){.status = status, .body = x->rp.body};
    x->rp.set_cookie[0] = cookies[0];
    x->rp.set_cookie[1] = cookies[1];
    if (x->frame.city.p == NULL)
        frame_fill(w, x);
    x->frame.reference = str_of(x->reference);
    page_error(&x->rp.body, &x->frame, &x->cx.error, status);
}

/* Without the audit store nobody may look at anything: that is the service being away. */
static int status_of(const struct error *e)
{
    if (strncmp(e->message, "office.audit.", 13) == 0)
        return 503;
    return error_http_status(e);
}

static bool refuse(struct worker *w, struct exchange *x, enum status code, const char *message,
                   int status)
{
    (void)fail(&x->cx, code, message, NULL);
    answer_error(w, x, status);
    return false;
}

/* --- before the body -----------------------------------------------------------------------------
 */

static int find_session(struct worker *w, struct exchange *x)
{
    int r = office_session_find(&x->cx, w->office, x->rq.session, x->rq.terminal, &x->session);
    if (r < 0)
        return r;
    x->has_session = r > 0;
    if (x->has_session)
        return OK;
    if (x->pre_cookie.n != 64) {
        unsigned char random[32];
        struct text hex;
        text_init(&hex, 64);
        x->cx.env->random(x->cx.env, random, sizeof random);
        r = hex_add(&hex, (struct str){(const char *)random, sizeof random});
        x->new_pre = str_copy(&x->arena, text_str(&hex));
        text_release(&hex);
        if (r < 0 || !x->new_pre.p)
            return fail(&x->cx, ERR_MEMORY, "base.memory", NULL);
        x->pre_cookie = x->new_pre;
    }
    office_session_visitor(&x->cx, x->pre_cookie, &x->session);
    return OK;
}

/* A stranger is led to the sign-in page and from there back to where he wanted to go. */
static void lead_to_sign_in(struct exchange *x)
{
    bool comes_back = x->rq.method == METHOD_GET && x->path.n > 1;
    struct html h;
    html_init(&h);
    html_raw(&h, "/sign-in");
    if (comes_back) {
        html_raw(&h, "?next=");
        html_url(&h, x->path);
    }
    struct str where = str_copy(&x->arena, text_str(&h.text));
    html_release(&h);
    redirect(x, where.p ? where.p : "/sign-in");
}

static bool check_right(struct worker *w, struct exchange *x)
{
    uint64_t right = x->route->right;
    if (right & RIGHT_PUBLIC)
        return true;
    if (!x->has_session) {
        lead_to_sign_in(x);
        return false;
    }
    if (!x->session.enrolled)
        return refuse(w, x, ERR_DENIED, "serve.terminal", 403);
    if (x->session.second_factor_open || x->session.password_expired) {
        redirect(x, x->session.second_factor_open ? "/sign-in/code" : "/password");
        return false;
    }
    if ((x->session.actor.rights & right) != right)
        return refuse(w, x, ERR_DENIED, "serve.denied", 403);
    return true;
}

bool answer_admit(struct worker *w, struct exchange *x)
{
    x->is_admitted = false;
    if (x->rq.method == METHOD_GET && own_static(x))
        return false;
    int r = find_session(w, x);
    if (r == OK)
        r = router_find(&x->cx, w->router, x->rq.method, x->path, x->rq.part, &x->route);
    if (r < 0) {
        bool is_method = strcmp(x->cx.error.message, "serve.method") == 0;
        answer_error(w, x, is_method ? 405 : status_of(&x->cx.error));
        return false;
    }
    if (!check_right(w, x))
        return false;
    x->is_admitted = true;
    return true;
}

/* --- the work
 * ------------------------------------------------------------------------------------- */

/* Token first, then the one-time id: a second click does nothing. */
static bool check_form(struct worker *w, struct exchange *x)
{
    if (!office_csrf_matches(&x->session, request_form(&x->rq, "_csrf")))
        return refuse(w, x, ERR_DENIED, "serve.token", 403);
    struct str once = request_form(&x->rq, "_once");
    int r = office_once_take(&x->cx, w->office, &x->session, once);
    if (r == 0)
        return refuse(w, x, ERR_DUPLICATE, "serve.once", 409);
    if (r < 0) {
        answer_error(w, x, status_of(&x->cx.error));
        return false;
    }
    return true;
}

/* A form that changed nothing may be sent again as it is. */
static void give_once_back(struct worker *w, struct exchange *x)
{
    struct context cx = x->cx;
    error_clear(&cx);
    if (office_once_return(&cx, w->office, request_form(&x->rq, "_once")) < 0)
        log_event(w->log, "once_not_returned", cx.error.message);
}

static int64_t cpu_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* The first call of a route in a process reads fonts and files that later ones find in memory. */
static bool was_called_before(struct worker *w, const struct route *route)
{
    for (size_t i = 0; i < w->n_called; i++) {
        if (w->called[i] == route)
            return true;
    }
    if (w->n_called < sizeof w->called / sizeof w->called[0])
        w->called[w->n_called++] = route;
    return false;
}

/* No handler works over 50 ms, the hashing of a password aside; with HOKENKA_STRICT_BUDGET (tests)
 * that is an assertion. */
static void check_budget(struct worker *w, struct exchange *x, int64_t worked_us)
{
    bool is_warm = was_called_before(w, x->route);
    if (worked_us <= BUDGET_US)
        return;
    log_event(w->log, is_warm ? "over_budget" : "over_budget_cold", x->route->pattern);
    if (is_warm && env_variable("HOKENKA_STRICT_BUDGET"))
        abort();
}

static bool needs_line(const struct exchange *x)
{
    return x->route->audit != AUDIT_NONE && !x->rp.shows_nobody;
}

/* A form that comes back unchanged: whoever it shows, its handler has written a line for; where it
 * shows nobody, the address that was posted to is the line. */
static int line_of_returned_form(struct exchange *x, struct work *work)
{
    const struct audit_line line = {
        .class = AUDIT_INQUIRY, .purpose = STR(""), .query = x->rq.path, .count = 0};
    return x->rp.status == 422 ? audit_write(work, &line) : OK;
}

static int run_handler(struct worker *w, struct exchange *x, struct work *work)
{
    struct env *env = x->cx.env;
    int64_t began = env->monotonic_us(env), cpu = cpu_us() - office_password_us();
    uint64_t statements = work->store ? store_statements(work->store) : 0;
    int r = x->route->handler(work, &x->rq, &x->rp);
    x->statements = work->store ? store_statements(work->store) - statements : 0;
    x->handler_us = env->monotonic_us(env) - began;
    if (r >= 0 && needs_line(x) && work->looks == 0)
        r = line_of_returned_form(x, work);
    if (r >= 0 && needs_line(x) && work->looks == 0)
        r = fail(&work->cx, ERR_FATAL, "serve.unaudited", NULL);
    if (r >= 0 && x->rp.body.text.failed)
        r = fail(&work->cx, ERR_LIMIT, "serve.page_too_large", NULL);
    if (r < 0)
        x->cx.error = work->cx.error;
    check_budget(w, x, cpu_us() - office_password_us() - cpu);
    return r;
}

static void act(struct worker *w, struct exchange *x)
{
    struct work work;
    bool writes = x->rq.method == METHOD_POST;
    int r = office_work_begin(&x->cx, w->office, &x->session, x->route->screen, writes, &work);
    if (r >= 0) {
        r = run_handler(w, x, &work);
        office_work_end(&work);
    }
    if (writes && (r < 0 || x->rp.status >= 400))
        give_once_back(w, x);
    if (r < 0)
        answer_error(w, x, status_of(&x->cx.error));
}

void answer(struct worker *w, struct exchange *x)
{
    frame_fill(w, x);
    x->rq.frame = &x->frame;
    if (x->rq.method == METHOD_POST && !check_form(w, x))
        return;
    office_looks(w->office, x->rq.method != METHOD_POST);
    act(w, x);
    if (!x->rp.bytes.p && !x->rp.location.p)
        names_add_font(x);
    if (office_settled(&x->cx, w->office) < 0)
        answer_error(w, x, status_of(&x->cx.error));
    if (x->rp.status == 0)
        x->rp.status = x->rp.location.p ? 303 : 200;
}
