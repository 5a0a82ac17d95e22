/* simulate: what a premium would be. premium: JSON cases, one a line; city: the whole city. */
#include "cli/cli.h"
#include "law/law.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { CHUNK = 1 << 16, ANSWER_MAX = 8 << 20 };

/* ---- lines in, lines out ------------------------------------------------------------------ */

struct run {
    struct context *cx;
    struct premium *premium;
    bool explain;
    bool refused;     /* some line was answered with an error object */
    bool begun;       /* the first line has been answered */
    struct text line; /* the line being read; failed once it is longer than a case may be */
    struct text answer;
};

/* A byte order mark may stand before the first line. */
static struct str case_of(struct run *r)
{
    static const struct str mark = {"\xEF\xBB\xBF", 3};
    struct str line = text_str(&r->line);
    if (!r->begun && str_starts(line, mark))
        line = (struct str){line.p + mark.n, line.n - mark.n};
    r->begun = true;
    return line;
}

static int answer_line(struct run *r)
{
    const struct str line = case_of(r);
    text_clear(&r->answer);
    const int status = r->line.failed ? premium_too_long(&r->answer)
                                      : premium_line(r->premium, line, r->explain, &r->answer);
    text_clear(&r->line);
    if (status < 0 || text_addc(&r->answer, '\n') < 0)
        return fail(r->cx, ERR_MEMORY, "base.memory", NULL);
    r->refused = r->refused || status > 0;
    if (fwrite(r->answer.p, 1, r->answer.n, stdout) != r->answer.n)
        return fail(r->cx, ERR_IO, "cli.simulate.write", NULL);
    return OK;
}

static int take_chunk(struct run *r, struct str chunk)
{
    int status = OK;
    while (status == OK && chunk.n > 0) {
        const char *end = memchr(chunk.p, '\n', chunk.n);
        const size_t n = end ? (size_t)(end - chunk.p) : chunk.n;
        if (!r->line.failed)
            text_add(&r->line, (struct str){chunk.p, n});
        if (end)
            status = answer_line(r);
        chunk.p += n + (end ? 1 : 0);
        chunk.n -= n + (end ? 1 : 0);
    }
    return status;
}

static int answer_all(struct run *r)
{
    char *buffer = arena_alloc(r->cx->arena, CHUNK);
    int status = buffer ? OK : fail(r->cx, ERR_MEMORY, "base.memory", NULL);
    while (status == OK) {
        ssize_t got = r->cx->env->read(r->cx->env, STDIN_FILENO, buffer, CHUNK);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return fail(r->cx, ERR_IO, "cli.simulate.read", NULL);
        if (got == 0)
            break;
        status = take_chunk(r, (struct str){buffer, (size_t)got});
    }
    if (status == OK && (r->line.n > 0 || r->line.failed))
        status = answer_line(r); /* the last line may lack its line end */
    if (status == OK && fflush(stdout) != 0)
        status = fail(r->cx, ERR_IO, "cli.simulate.write", NULL);
    return status;
}

/* ---- the command -------------------------------------------------------------------------- */

static int simulate_premium(struct context *cx, int argc, char **argv)
{
    enum { RULES, EXPLAIN, N_OPTIONS };
    static const struct option_spec specs[N_OPTIONS] = {{"rules", true}, {"explain", false}};
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words > 0)
        return command_help("simulate", false);
    struct run r = {.cx = cx, .explain = o.value[EXPLAIN].p != NULL};
    const char *rules = NULL;
    text_init(&r.line, PREMIUM_LINE_MAX);
    text_init(&r.answer, ANSWER_MAX);
    int status = options_rules_dir(cx, &rules);
    if (status >= 0)
        status = premium_new(cx, rules, o.value[RULES], &r.premium);
    if (status >= 0)
        status = answer_all(&r);
    premium_release(r.premium);
    text_release(&r.line);
    text_release(&r.answer);
    if (status < 0)
        return report_error(cx);
    return r.refused ? EXIT_FINDINGS : EXIT_OK;
}

int cmd_simulate(struct context *cx, int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "premium") == 0)
        return simulate_premium(cx, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "city") == 0)
        return cmd_simulate_city(cx, argc - 1, argv + 1);
    if (argc > 1 && strcmp(argv[1], "solve") == 0)
        return cmd_simulate_solve(cx, argc - 1, argv + 1);
    return command_help("simulate", false);
}
