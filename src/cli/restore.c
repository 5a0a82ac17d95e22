/* restore: a city from a backup folder, into a place that holds none; proved before it says so. */
#include "cli/city_store.h"
#include "office/office.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { STORE, AUDIT, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"store", true}, {"audit", true}};

/* A PostgreSQL url lies in a file of the city's directory. */
static int write_url(struct context *cx, const char *city, const char *which, struct str url)
{
    if (!url.p)
        return OK;
    struct str path = str_format(cx->arena, "%s/%s", city, which);
    struct str line = str_format(cx->arena, STR_FMT "\n", STR_ARG(url));
    if (!path.p || !line.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    return file_write(cx, path.p, line);
}

static int make_city(struct context *cx, const char *city, const struct options *o)
{
    if (mkdir(city, 0700) != 0 && errno != EEXIST) {
        fail(cx, ERR_IO, "office.city_folder", "%s", city);
        fail_detail(cx, "%s", strerror(errno));
        return ERR_IO;
    }
    int rc = write_url(cx, city, "store", o->value[STORE]);
    return rc < 0 ? rc : write_url(cx, city, "audit", o->value[AUDIT]);
}

static int restore_one(struct context *cx, const char *folder, const char *city, const char *which)
{
    struct str url;
    struct str path = str_format(cx->arena, "%s/%s.backup", folder, which);
    int rc = path.p ? city_url(cx, city, which, &url) : fail(cx, ERR_MEMORY, "base.memory", NULL);
    return rc < 0 ? rc : store_restore(cx, path.p, str_c(cx->arena, url));
}

static int prove(struct context *cx, const char *folder, const char *city, const char *which,
                 struct finding_print *print)
{
    struct store *st = NULL;
    struct str anchor = str_format(cx->arena, "%s/%s.anchor", folder, which);
    int rc = city_store_open(cx, city, which, STORE_READ, &st);
    if (rc < 0)
        return rc;
    rc = store_verify(cx, st, finding_print, print);
    if (rc >= 0)
        rc = store_anchor_check(cx, st, anchor.p, finding_print, print);
    store_close(st);
    return rc;
}

int cmd_restore(struct context *cx, int argc, char **argv)
{
    static const char *const both[] = {"store", "audit"};
    struct options o;
    if (options_read(cx, argc, argv, specs, N_OPTIONS, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words != 1)
        return command_help("restore", false);
    const char *city = options_city(cx, &o);
    const char *folder = str_c(cx->arena, o.words[0]);
    struct finding_print print = {.json = o.json};
    int rc = folder ? make_city(cx, city, &o) : fail(cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; rc >= 0 && i < 2; i++)
        rc = restore_one(cx, folder, city, both[i]);
    for (size_t i = 0; rc >= 0 && i < 2; i++) {
        print.database = both[i];
        rc = prove(cx, folder, city, both[i], &print);
    }
    if (rc < 0)
        return report_error(cx);
    printf("%s\n%s\n", sentence(print.n ? "cli.restore.findings" : "cli.restore.done"),
           sentence("cli.restore.key"));
    return print.n ? EXIT_FINDINGS : EXIT_OK;
}
