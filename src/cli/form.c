/* form: layouts of notices on paper, looked at without a database. */
#include "cli/cli.h"
#include "paper/paper.h"

#include <stdio.h>

enum { LAYOUT_MOST = 1 << 20 };

static int load(struct context *cx, struct paper *p, struct str file, struct form **out)
{
    struct text layout;
    char *path = str_c(cx->arena, file);
    text_init(&layout, LAYOUT_MOST);
    int r = path ? file_read(cx, path, LAYOUT_MOST, &layout)
                 : fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (r >= 0)
        r = form_load(cx, p, path, text_str(&layout), out);
    text_release(&layout);
    return r;
}

static int to_stdout(struct context *cx, void *arg, struct str bytes)
{
    (void)arg;
    if (fwrite(bytes.p, 1, bytes.n, stdout) == bytes.n)
        return OK;
    return fail(cx, ERR_IO, "paper.write", NULL);
}

static int preview(struct context *cx, struct paper *p, struct form *f)
{
    struct form_data d;
    struct paper_stream *s;
    struct paper_info info = {form_title(f), env_today(cx->env)};
    form_data_init(&d, cx->arena, form_title(f));
    int r = form_sample(cx, f, &d);
    if (r < 0)
        return r;
    r = paper_stream_open(cx, p, &info, to_stdout, NULL, &s);
    if (r < 0)
        return r;
    r = paper_stream_add(cx, s, f, &d);
    if (r < 0) {
        paper_stream_abandon(s);
        return r;
    }
    return paper_stream_close(cx, s);
}

static void show(const struct form *f, bool json)
{
    char hex[65];
    struct digest hash = form_hash(f);
    digest_hex(&hash, hex);
    if (json)
        printf("{\"form\":\"" STR_FMT "\",\"hash\":\"%s\"}\n", STR_ARG(form_name(f)), hex);
    else
        printf(STR_FMT " %s\n", STR_ARG(form_name(f)), hex);
}

static int run(struct context *cx, const struct options *o, struct paper *p)
{
    struct form *f = NULL;
    int r = load(cx, p, o->words[1], &f);
    if (r >= 0 && str_is(o->words[0], "preview"))
        r = preview(cx, p, f);
    else if (r >= 0)
        show(f, o->json);
    form_free(f);
    return r;
}

int cmd_form(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct paper *p = NULL;
    if (options_read(cx, argc, argv, NULL, 0, &o) < 0)
        return EXIT_USAGE;
    bool known = o.n_words == 2 && (str_is(o.words[0], "preview") || str_is(o.words[0], "check"));
    if (!known) {
        (void)fail(cx, ERR_INVALID, "cli.form.usage", NULL);
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    int r = paper_open(cx, NULL, &p);
    if (r >= 0)
        r = run(cx, &o, p);
    paper_close(p);
    return r < 0 ? report_error(cx) : EXIT_OK;
}
