/* backup: both databases of a city into a folder, while it is being served. */
#include "cli/city_store.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

static int make_folder(struct context *cx, const char *folder)
{
    if (mkdir(folder, 0700) == 0 || errno == EEXIST)
        return OK;
    fail(cx, ERR_IO, "cli.backup.folder", "%s", folder);
    fail_detail(cx, "%s", strerror(errno));
    return ERR_IO;
}

static int write_one(struct context *cx, const char *city, const char *which, const char *folder)
{
    struct store *st = NULL;
    struct str path = str_format(cx->arena, "%s/%s.backup", folder, which);
    struct str anchor = str_format(cx->arena, "%s/%s.anchor", folder, which);
    if (!path.p || !anchor.p)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    struct stat s;
    if (stat(path.p, &s) == 0)
        return fail(cx, ERR_DUPLICATE, "cli.backup.there", "%s", path.p);
    int rc = city_store_open(cx, city, which, STORE_READ, &st);
    if (rc < 0)
        return rc;
    rc = store_backup(cx, st, path.p);
    if (rc >= 0)
        rc = store_anchor_add(cx, st, anchor.p);
    store_close(st);
    if (rc >= 0 && stat(path.p, &s) == 0)
        printf("%s\t%lld\n", path.p, (long long)s.st_size);
    return rc;
}

int cmd_backup(struct context *cx, int argc, char **argv)
{
    struct options o;
    if (options_read(cx, argc, argv, NULL, 0, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words != 1)
        return command_help("backup", false);
    const char *city = options_city(cx, &o);
    const char *folder = str_c(cx->arena, o.words[0]);
    int rc = folder ? make_folder(cx, folder) : fail(cx, ERR_MEMORY, "base.memory", NULL);
    if (rc >= 0)
        rc = write_one(cx, city, "store", folder);
    if (rc >= 0)
        rc = write_one(cx, city, "audit", folder);
    if (rc < 0)
        return report_error(cx);
    printf("%s\n", sentence("cli.backup.key"));
    return EXIT_OK;
}
