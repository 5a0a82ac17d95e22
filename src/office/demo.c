/* demo: accounts of every role for a practice city, with passwords everybody may know. Only a city
 * that was made with the demo mark has them. */
#include "office/inner.h"
#include "office_sql.h"

#include <stdio.h>

static const struct {
    const char *name;
    const char *password;
    enum role role;
    const char *branch;
} accounts[DEMO_ACCOUNTS] = {
    {"clerk", "hokenka-clerk", ROLE_CLERK, "main"},
    {"clerk2", "hokenka-clerk2", ROLE_CLERK, "minami"},
    {"chief", "hokenka-chief", ROLE_CHIEF, "main"},
    {"operator", "hokenka-operator", ROLE_OPERATOR, "main"},
    {"auditor", "hokenka-auditor", ROLE_AUDITOR, "main"},
    {"administrator", "hokenka-administrator", ROLE_ADMINISTRATOR, "main"},
    {"keyer", "hokenka-keyer", ROLE_KEYER, "main"},
};

static struct str sentence(const char *prefix, const char *name)
{
    char id[64];
    snprintf(id, sizeof id, "%s.%s", prefix, name);
    const struct message *m = message_find(id);
    return m ? str_of(m->text) : str_of(name);
}

struct str demo_terminal(void)
{
    return sentence("office", "demo_terminal");
}

static int account_make(struct work *w, size_t i)
{
    int64_t id;
    struct str base32;
    struct str url;
    struct user_new u = {.sign_in_name = str_of(accounts[i].name),
                         .full_name = sentence("office.demo_user", accounts[i].name),
                         .branch = str_of(accounts[i].branch),
                         .role = accounts[i].role,
                         .expires = YMD_NONE,
                         .birth = YMD_NONE,
                         .password = str_of(accounts[i].password),
                         .keep_password = true};
    int rc = user_add(w, &u, &id);
    return rc < 0 ? rc : user_totp(w, u.sign_in_name, &base32, &url);
}

int office_demo_users(struct work *w)
{
    if (!w->office->is_demo)
        return fail(&w->cx, ERR_DENIED, "office.not_demo", NULL);
    struct str branch = sentence("office.demo_branch", "minami");
    int rc = branch_add(w, STR("minami"), branch, STR(""));
    for (size_t i = 0; i < DEMO_ACCOUNTS && rc >= 0; i++) {
        rc = account_make(w, i);
        if (rc < 0)
            return error_add(&w->cx, "make the practice accounts");
    }
    return rc < 0 ? rc : OK;
}

int demo_accounts(struct work *w, struct demo_account *out, size_t cap, size_t *n)
{
    int rc = OK;
    *n = 0;
    for (size_t i = 0; rc >= 0 && w->office->is_demo && i < DEMO_ACCOUNTS && *n < cap; i++) {
        struct office_db_user_by_name_row row;
        struct office_db_user_by_name_in in = {.sign_in_name = str_of(accounts[i].name)};
        struct demo_account *a = &out[*n];
        rc = office_db_user_by_name(&w->cx, w->store, &in, &row);
        if (rc <= 0)
            continue;
        *a = (struct demo_account){.name = str_of(accounts[i].name),
                                   .password = str_of(accounts[i].password),
                                   .role = accounts[i].role,
                                   .role_label =
                                       sentence("office.role", role_name(accounts[i].role))};
        rc = factor_code_now(w, row.user_id, row.totp_sealed, &a->totp_hint);
        *n += rc >= 0;
    }
    return rc < 0 ? rc : OK;
}

int office_demo_accounts(struct context *cx, struct office *o, struct demo_account *out, size_t cap,
                         size_t *n)
{
    struct work w;
    *n = 0;
    int rc = office_work_begin(cx, o, NULL, "office.screen.sign_in", false, &w);
    if (rc >= 0)
        rc = demo_accounts(&w, out, cap, n);
    if (rc < 0 && cx->error.code == OK)
        cx->error = w.cx.error;
    office_work_end(&w);
    return rc < 0 ? rc : OK;
}
