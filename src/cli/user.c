/* user: accounts from the console: the first administrator, and the way back in when nobody can. */
#include "cli/cli.h"
#include "office/office.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { NAME, ROLE, BRANCH, EXPIRES, BIRTH, PASSWORD_FILE, REASON, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"name", true},   {"role", true},
                                                    {"branch", true}, {"expires", true},
                                                    {"birth", true},  {"password-file", true},
                                                    {"reason", true}};

enum { PASSWORD_ROOM = 200, GENERATED = 16 };

static const char *sentence(const char *id)
{
    const struct message *m = message_find(id);
    return m ? m->text : id;
}

/* One line from the file ("-": standard input); a made-up one when no file is given. */
static int password_read(struct context *cx, const struct options *o, struct str *out)
{
    static const char letters[] = "abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY3479";
    char line[PASSWORD_ROOM];
    if (!o->value[PASSWORD_FILE].p) {
        for (size_t i = 0; i < GENERATED; i++)
            line[i] = i % 5 == 4 ? '-' : letters[env_random_u64(cx->env) % (sizeof letters - 1)];
        *out = str_copy(cx->arena, (struct str){line, GENERATED});
        return out->p ? 1 : fail(cx, ERR_MEMORY, "base.memory", NULL);
    }
    struct str path = o->value[PASSWORD_FILE];
    bool is_stdin = str_is(path, "-");
    FILE *f = is_stdin ? stdin : fopen(str_c(cx->arena, path), "r");
    char *got = f ? fgets(line, sizeof line, f) : NULL;
    if (f && !is_stdin)
        (void)fclose(f);
    if (!got)
        return fail(cx, ERR_IO, "office.cli.password_file", STR_FMT, STR_ARG(path));
    *out = str_copy(cx->arena, str_trim(str_of(line)));
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static int day_read(struct context *cx, struct str text, struct ymd *out)
{
    *out = YMD_NONE;
    if (!text.p || ymd_parse_any(text, out))
        return OK;
    return fail(cx, ERR_INVALID, "office.cli.day", STR_FMT, STR_ARG(text));
}

static int print_factor(struct work *w, struct str name)
{
    struct str base32;
    struct str url;
    int rc = user_totp(w, name, &base32, &url);
    if (rc >= 0)
        printf("%s: " STR_FMT "\n%s\n", sentence("office.cli.totp"), STR_ARG(base32), url.p);
    return rc;
}

static int print_recovery(struct work *w, struct str name)
{
    struct str codes[10];
    int rc = user_recovery(w, name, codes);
    if (rc < 0)
        return rc;
    printf("%s:\n", sentence("office.cli.recovery"));
    for (int i = 0; i < 10; i++)
        printf("  " STR_FMT "\n", STR_ARG(codes[i]));
    return OK;
}

static int do_add(struct work *w, const struct options *o)
{
    struct user_new u = {.sign_in_name = o->words[1],
                         .full_name = o->value[NAME],
                         .branch = o->value[BRANCH].p ? o->value[BRANCH] : STR("main")};
    int64_t id;
    if (!role_parse(o->value[ROLE], &u.role))
        return fail(&w->cx, ERR_INVALID, "office.role", STR_FMT, STR_ARG(o->value[ROLE]));
    int rc = day_read(&w->cx, o->value[EXPIRES], &u.expires);
    if (rc >= 0)
        rc = day_read(&w->cx, o->value[BIRTH], &u.birth);
    int made = rc < 0 ? rc : password_read(&w->cx, o, &u.password);
    if (made < 0)
        return made;
    rc = user_add(w, &u, &id);
    if (rc < 0)
        return rc;
    if (made)
        printf("%s: " STR_FMT "\n", sentence("office.cli.password"), STR_ARG(u.password));
    rc = print_factor(w, u.sign_in_name);
    return rc < 0 ? rc : print_recovery(w, u.sign_in_name);
}

static int do_password(struct work *w, const struct options *o)
{
    struct str password;
    int made = password_read(&w->cx, o, &password);
    int rc = made < 0 ? made : user_password(w, o->words[1], password);
    if (rc >= 0 && made)
        printf("%s: " STR_FMT "\n", sentence("office.cli.password"), STR_ARG(password));
    return rc;
}

static void print_json_text(const char *key, struct str s)
{
    printf("\"%s\":\"", key);
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] == '"' || s.p[i] == '\\')
            printf("\\%c", s.p[i]);
        else
            putchar(s.p[i]);
    printf("\"");
}

static void print_user(const struct user_row *u, bool json)
{
    char day[11] = "-";
    const char *state = u->disabled ? "disabled" : u->locked ? "locked" : "open";
    if (!ymd_is_none(u->expires))
        ymd_format(u->expires, day);
    if (!json) {
        printf(STR_FMT "\t" STR_FMT "\t" STR_FMT "\t" STR_FMT "\t%s\t%s\n",
               STR_ARG(u->sign_in_name), STR_ARG(u->full_name), STR_ARG(u->role),
               STR_ARG(u->branch), day, state);
        return;
    }
    printf("{");
    print_json_text("name", u->sign_in_name);
    printf(",");
    print_json_text("full_name", u->full_name);
    printf(",");
    print_json_text("role", u->role);
    printf(",");
    print_json_text("branch", u->branch);
    printf(",\"expires\":");
    printf(ymd_is_none(u->expires) ? "null" : "\"%s\"", day);
    printf(",\"state\":\"%s\",\"second_factor\":%s}\n", state, u->has_factor ? "true" : "false");
}

static int do_list(struct work *w, const struct options *o)
{
    struct user_rows rows;
    int rc = user_list(w, &rows);
    for (size_t i = 0; rc >= 0 && i < rows.n; i++)
        print_user(&rows.rows[i], o->json);
    return rc;
}

static int do_disable(struct work *w, const struct options *o)
{
    return user_disable(w, o->words[1], o->value[REASON].p ? o->value[REASON] : STR("console"));
}

static int do_totp(struct work *w, const struct options *o)
{
    return print_factor(w, o->words[1]);
}

static int do_recovery(struct work *w, const struct options *o)
{
    return print_recovery(w, o->words[1]);
}

/* A code that enrols the browser it is typed into; words: name of the terminal. */
static int do_terminal(struct work *w, const struct options *o)
{
    struct str code;
    struct str branch = o->value[BRANCH].p ? o->value[BRANCH] : STR("main");
    int rc = terminal_code(w, o->words[1], branch, &code);
    if (rc >= 0)
        printf("%s: " STR_FMT "\n", sentence("office.cli.terminal"), STR_ARG(code));
    return rc;
}

static const struct {
    const char *verb;
    int (*run)(struct work *w, const struct options *o);
    bool needs_name;
} verbs[] = {
    {"add", do_add, true},           {"list", do_list, false}, {"disable", do_disable, true},
    {"password", do_password, true}, {"totp", do_totp, true},  {"recovery", do_recovery, true},
    {"terminal", do_terminal, true},
};

int cmd_user(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    for (size_t i = 0; o.n_words > 0 && i < sizeof verbs / sizeof *verbs; i++) {
        if (!str_is(o.words[0], verbs[i].verb) || (verbs[i].needs_name && o.n_words < 2))
            continue;
        if (work_open(&w, cx, options_city(cx, &o), STORE_WRITE) < 0)
            return report_error(cx);
        int rc = verbs[i].run(&w, &o);
        if (rc < 0)
            cx->error = w.cx.error;
        work_close(&w);
        return rc < 0 ? report_error(cx) : EXIT_OK;
    }
    return command_help("user", false);
}
