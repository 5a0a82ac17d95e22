/* medium: seals an approved handover onto an external medium, and opens a sealed file. */
#include "cli/cli.h"
#include "desk/linkage/linkage.h"

#include <stdio.h>

enum { PASSWORD_FILE, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"password-file", true}};

enum { PASSWORD_ROOM = 200, CONTENT_MAXIMUM = 512 << 20 };

/* One line from the file, or from standard input ("-"); never from the command line. */
static int password_read(struct context *cx, const struct options *o, struct str *out)
{
    char line[PASSWORD_ROOM];
    struct str path = o->value[PASSWORD_FILE].p ? o->value[PASSWORD_FILE] : STR("-");
    const bool is_stdin = str_is(path, "-");
    FILE *f = is_stdin ? stdin : fopen(str_c(cx->arena, path), "r");
    const char *got = f ? fgets(line, sizeof line, f) : NULL;
    if (f && !is_stdin)
        (void)fclose(f);
    if (!got)
        return fail(cx, ERR_IO, "office.cli.password_file", STR_FMT, STR_ARG(path));
    *out = str_copy(cx->arena, str_trim(str_of(line)));
    return out->p ? OK : fail(cx, ERR_MEMORY, "base.memory", NULL);
}

static int do_seal(struct context *cx, const struct options *o, struct str password)
{
    struct work w;
    if (work_open(&w, cx, options_city(cx, o), STORE_WRITE) < 0)
        return ERR_IO;
    int rc = linkage_medium_seal(&w, o->words[1], password, str_c(cx->arena, o->words[2]));
    if (rc < 0)
        cx->error = w.cx.error;
    work_close(&w);
    return rc;
}

static int do_open(struct context *cx, const struct options *o, struct str password)
{
    struct text content;
    text_init(&content, CONTENT_MAXIMUM);
    int rc = linkage_medium_open(cx, str_c(cx->arena, o->words[1]), password, &content);
    if (rc >= 0)
        rc = file_write(cx, str_c(cx->arena, o->words[2]), text_str(&content));
    text_release(&content);
    return rc;
}

int cmd_medium(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct str password;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    const bool seals = o.n_words == 3 && str_is(o.words[0], "seal");
    const bool opens = o.n_words == 3 && str_is(o.words[0], "open");
    if (!seals && !opens)
        return command_help("medium", false);
    int rc = password_read(cx, &o, &password);
    if (rc >= 0)
        rc = seals ? do_seal(cx, &o, password) : do_open(cx, &o, password);
    return rc < 0 ? report_error(cx) : EXIT_OK;
}
