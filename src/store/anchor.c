/* anchor: the newest link of the chain, carried to a file that lies elsewhere. A chain that was
 * cut or written anew from some point no longer has the links that the anchors name. */
#include "store/engine.h"
#include "store_sql.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { ANCHOR_MAXIMUM = 16 << 20 };

static int append(struct context *cx, const char *path, struct str line)
{
    struct env *env = cx->env;
    int fd = env->open(env, path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(cx, ERR_IO, "store.anchor_file", "%s", path);
    bool written =
        env->write(env, fd, line.p, line.n) == (ssize_t)line.n && env->sync(env, fd) == 0;
    env->close(env, fd);
    return written ? OK : fail(cx, ERR_IO, "store.anchor_file", "%s", path);
}

int store_anchor_add(struct context *cx, struct store *st, const char *path)
{
    struct digest head;
    struct text line;
    char hex[65];
    int64_t link = 0;
    int rc = store_chain_head(cx, st, &link, &head);
    if (rc < 0)
        return rc;
    digest_hex(&head, hex);
    text_init(&line, 256);
    text_add_time(&line, cx->env->now_us(cx->env));
    text_addf(&line, "\t%lld\t%s\n", (long long)link, hex);
    rc = line.failed ? fail(cx, ERR_MEMORY, "store.memory", NULL)
                     : append(cx, path, text_str(&line));
    text_release(&line);
    return rc;
}

struct anchors {
    struct store *st;
    finding_fn *report;
    void *arg;
    int findings;
};

static int tell(struct anchors *a, struct str link, const char *what, struct str facts)
{
    struct finding f = {STR("chain_link"), link, str_of(what), facts};
    a->findings++;
    return a->report ? a->report(a->arg, &f) : OK;
}

static int check_line(struct context *cx, struct anchors *a, struct str line)
{
    struct str rest = line;
    struct digest expected;
    int64_t link_no = 0;
    str_cut(&rest, '\t');
    struct str link = str_cut(&rest, '\t');
    if (!str_to_int(link, &link_no) || !digest_parse(rest, &expected))
        return tell(a, STR(""), "store.verify.anchor_line", line);
    if (link_no == 0)
        return OK; /* anchored before anything was written */
    struct store_link_by_no_in in = {.link_no = link_no};
    struct store_link_by_no_row row;
    int rc = store_link_by_no(cx, a->st, &in, &row);
    if (rc < 0)
        return rc;
    if (rc == 0)
        return tell(a, link, "store.verify.anchor_missing", line);
    if (!str_equal(row.digest, (struct str){(const char *)expected.b, sizeof expected.b}))
        return tell(a, link, "store.verify.anchor_differs", line);
    return OK;
}

int store_anchor_check(struct context *cx, struct store *st, const char *path, finding_fn *report,
                       void *arg)
{
    struct anchors a = {st, report, arg, 0};
    struct text file;
    text_init(&file, ANCHOR_MAXIMUM);
    int rc = file_read(cx, path, ANCHOR_MAXIMUM, &file);
    struct str rest = text_str(&file);
    while (rc >= 0 && rest.n > 0) {
        struct str line = str_cut(&rest, '\n');
        struct arena_mark mark = arena_mark(cx->arena);
        rc = line.n > 0 ? check_line(cx, &a, line) : OK;
        arena_rewind(cx->arena, mark);
    }
    text_release(&file);
    return rc < 0 ? rc : a.findings;
}
