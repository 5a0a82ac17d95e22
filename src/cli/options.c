#include "cli/cli.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const struct option_spec common[] = {{"city", true}, {"json", false}, {"help", false}};
enum { COMMON_CITY, COMMON_JSON, COMMON_HELP, N_COMMON };

struct reader {
    const struct option_spec *specs;
    size_t n;
    struct options *out;
    struct str city;
};

static int refuse(struct context *cx, const char *message, const char *word)
{
    (void)fail(cx, ERR_INVALID, message, "%s", word);
    (void)report_error(cx);
    return ERR_INVALID;
}

/* Where the value of a named option goes: NULL when there is no such option. */
static struct str *slot_of(struct reader *r, struct str name, bool *has_value)
{
    for (size_t i = 0; i < r->n; i++) {
        if (str_is(name, r->specs[i].name)) {
            *has_value = r->specs[i].has_value;
            return &r->out->value[i];
        }
    }
    *has_value = str_is(name, common[COMMON_CITY].name);
    return *has_value ? &r->city : NULL;
}

static bool take_flag(struct options *out, struct str name)
{
    if (str_is(name, common[COMMON_JSON].name)) {
        out->json = true;
        return true;
    }
    if (str_is(name, common[COMMON_HELP].name)) {
        out->help = true;
        return true;
    }
    return false;
}

/* Reads argv[*i], which starts with "--", and its value if it has one. */
static int take_option(struct context *cx, struct reader *r, char **argv, int argc, int *i)
{
    struct str value = str_of(argv[*i] + 2);
    const bool joined = memchr(value.p, '=', value.n) != NULL;
    const struct str name = joined ? str_cut(&value, '=') : value;
    bool has_value = false;

    if (!joined && take_flag(r->out, name))
        return OK;
    struct str *slot = slot_of(r, name, &has_value);
    if (!slot)
        return refuse(cx, "cli.option.unknown", argv[*i]);
    if (!has_value) {
        *slot = STR("");
        return joined ? refuse(cx, "cli.option.no_value_wanted", argv[*i]) : OK;
    }
    if (joined) {
        *slot = value;
        return OK;
    }
    if (*i + 1 >= argc)
        return refuse(cx, "cli.option.value_missing", argv[*i]);
    *slot = str_of(argv[++*i]);
    return OK;
}

int options_read(struct context *cx, int argc, char **argv, const struct option_spec *specs,
                 size_t n, struct options *out)
{
    struct reader r = {specs, n, out, STR_NONE};
    bool only_words = false;

    *out = (struct options){0};
    for (int i = 1; i < argc; i++) {
        if (!only_words && strcmp(argv[i], "--") == 0) {
            only_words = true;
        } else if (!only_words && strncmp(argv[i], "--", 2) == 0) {
            const int result = take_option(cx, &r, argv, argc, &i);
            if (result < 0)
                return result;
        } else if (out->n_words == sizeof(out->words) / sizeof(out->words[0])) {
            return refuse(cx, "cli.words.too_many", argv[i]);
        } else {
            out->words[out->n_words++] = str_of(argv[i]);
        }
    }
    out->city = r.city;
    return OK;
}

const char *options_city(struct context *cx, const struct options *o)
{
    (void)cx;
    if (o->city.p)
        return o->city.p; /* points into argv, so it ends with NUL */
    const char *named = env_variable("HOKENKA_CITY");
    return named && *named ? named : "city";
}

int options_number(struct context *cx, struct str value, const char *option, int64_t absent,
                   int64_t *out)
{
    *out = absent;
    if (!value.p || str_to_int(value, out))
        return OK;
    (void)fail(cx, ERR_INVALID, "cli.number", STR_FMT, STR_ARG(value));
    return fail_where(cx, NULL, 0, 0, option);
}

static bool has_national(const char *folder)
{
    char path[PATH_MAX + 16];

    snprintf(path, sizeof(path), "%s/national", folder);
    return access(path, R_OK | X_OK) == 0;
}

/* The folder the executable lies in; "" when the kernel does not say. */
static void own_folder(char *out, size_t max)
{
    const ssize_t n = readlink("/proc/self/exe", out, max - 1);

    out[n > 0 ? n : 0] = '\0';
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = '\0';
}

int options_rules_dir(struct context *cx, const char **out)
{
    static const char *const beside[] = {"rules", "../rules", "../../rules",
                                         "../share/hokenka/rules"};
    char own[PATH_MAX];
    const char *named = env_variable("HOKENKA_RULES");

    if (named && *named) {
        *out = named;
        return has_national(named) ? OK : fail(cx, ERR_NOT_FOUND, "cli.rules.none", "%s", named);
    }
    if (has_national("rules")) {
        *out = "rules";
        return OK;
    }
    own_folder(own, sizeof(own));
    for (size_t i = 0; i < sizeof(beside) / sizeof(beside[0]); i++) {
        const struct str path = str_format(cx->arena, "%s/%s", own, beside[i]);
        if (!path.p)
            return fail(cx, ERR_MEMORY, "cli.rules.none", NULL);
        if (has_national(path.p)) {
            *out = path.p;
            return OK;
        }
    }
    return fail(cx, ERR_NOT_FOUND, "cli.rules.none", "./rules, %s/rules", own);
}

int report_error(struct context *cx)
{
    struct text t;

    text_init(&t, 64 * 1024);
    if (error_render(&cx->error, &t) < 0 || t.n == 0)
        fprintf(stderr, "%s %s\n", status_name(cx->error.code), cx->error.message);
    else
        fprintf(stderr, STR_FMT "%s", STR_ARG(text_str(&t)), t.p[t.n - 1] == '\n' ? "" : "\n");
    if (cx->error.detail[0])
        fprintf(stderr, "  (%s)\n", cx->error.detail);
    text_release(&t);
    return EXIT_FAILED;
}
