#include "cli/cli.h"

#include <stdio.h>

const char program_version[] = HOKENKA_VERSION;

int cmd_version(struct context *cx, int argc, char **argv)
{
    struct options o;

    if (options_read(cx, argc, argv, NULL, 0, &o) < 0)
        return EXIT_USAGE;
    if (o.json)
        printf("{\"name\":\"hokenka\",\"version\":\"%s\"}\n", program_version);
    else
        printf("hokenka %s\n", program_version);
    return EXIT_OK;
}
