/* terminal: enrolled browsers. An administrator gives out a code for a named place; the browser
 * into which it is typed carries the terminal's mark from then on. */
#include "office/inner.h"
#include "office_sql.h"

#include <string.h>

enum { CODE_CHARS = 10 };
#define CODE_LIFE_US (INT64_C(30) * MINUTE_US)

static const char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"; /* no I, O, 0, 1 */

static struct str code_hash(struct context *cx, struct str code)
{
    char clean[CODE_CHARS];
    size_t n = 0;
    for (size_t i = 0; i < code.n && n < CODE_CHARS; i++) {
        char c = code.p[i] >= 'a' && code.p[i] <= 'z' ? (char)(code.p[i] - 32) : code.p[i];
        if (memchr(letters, c, sizeof letters - 1))
            clean[n++] = c;
    }
    struct digest d = hash_of((struct str){clean, n});
    return str_copy(cx->arena, (struct str){(const char *)d.b, sizeof d.b});
}

static int code_new(struct context *cx, struct str *out)
{
    unsigned char raw[CODE_CHARS];
    char code[CODE_CHARS + 1];
    size_t n = 0;
    cx->env->random(cx->env, raw, sizeof raw);
    for (size_t i = 0; i < sizeof raw; i++) {
        if (i == CODE_CHARS / 2)
            code[n++] = '-';
        code[n++] = letters[raw[i] & 31];
    }
    *out = str_copy(cx->arena, (struct str){code, n});
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

int terminal_code(struct work *w, struct str name, struct str branch, struct str *code)
{
    return terminal_code_for(w, &(struct terminal_new){name, branch, STR("")}, code);
}

int terminal_code_for(struct work *w, const struct terminal_new *t, struct str *code)
{
    struct context *cx = &w->cx;
    struct office_db_terminal row = {.name = str_trim(t->name),
                                     .branch = t->branch,
                                     .section = t->section.p ? str_trim(t->section) : STR(""),
                                     .code_us = cx->env->now_us(cx->env) + CODE_LIFE_US,
                                     .enrolled_us_null = true,
                                     .revoked_us_null = true,
                                     .entered_by = w->actor->user_id};
    int rc = work_need(w, RIGHT_USER_ADMIN);
    if (rc >= 0 && row.name.n == 0)
        rc = fail(cx, ERR_INVALID, "office.terminal_name", NULL);
    if (rc >= 0)
        rc = code_new(cx, code);
    if (rc < 0)
        return rc;
    row.code_hash = code_hash(cx, *code);
    rc = STORE_BEGIN(cx, w->store);
    if (rc < 0)
        return rc;
    rc = store_ids(cx, w->store, 1, &row.terminal_id);
    if (rc >= 0)
        rc = office_db_terminal_insert(cx, w->store, &row);
    if (rc >= 0)
        return store_commit(cx, w->store);
    store_rollback(w->store);
    return error_add(cx, "prepare a terminal");
}

static int enrol(struct work *w, struct str code, struct str token, struct str *name)
{
    struct context *cx = &w->cx;
    struct office_db_terminal_by_code_row row;
    int64_t now = cx->env->now_us(cx->env);
    struct office_db_terminal_by_code_in in = {.code_hash = code_hash(cx, code), .now_us = now};
    int rc = office_db_terminal_by_code(cx, w->store, &in, &row);
    if (rc == 0)
        return fail(cx, ERR_DENIED, "office.terminal_code", NULL);
    if (rc < 0)
        return rc;
    struct office_db_terminal_enrol_in enrolled = {.terminal_id = row.terminal_id,
                                                   .token_hash = token_hash(cx, token),
                                                   .enrolled_us = now};
    rc = office_db_terminal_enrol(cx, w->store, &enrolled);
    if (rc == 0)
        return fail(cx, ERR_DENIED, "office.terminal_code", NULL);
    *name = row.name;
    struct audit_sign line = {.user_name = STR("?"),
                              .terminal = row.name,
                              .branch = row.branch,
                              .screen = "office.screen.terminal",
                              .purpose = STR("enrol")};
    return rc < 0 ? rc : audit_sign_in(w, &line);
}

int terminal_enrol(struct work *w, struct str code, struct str *token, struct str *name)
{
    char fresh[TOKEN_CHARS + 1];
    token_new(&w->cx, fresh);
    *token = str_copy(w->cx.arena, str_of(fresh));
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = enrol(w, code, *token, name);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "enrol a terminal");
}
