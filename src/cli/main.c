/*
 * hokenka: one executable that is the command line, the batch runner and the web server.
 */
#include "cli/cli.h"
#include "cli/commands.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>

/* Personal data and keys must not end up in a core file. */
static void no_core_dumps(void)
{
    const struct rlimit none = {0, 0};

    (void)setrlimit(RLIMIT_CORE, &none);
    (void)prctl(PR_SET_DUMPABLE, 0);
}

static void print_commands(FILE *f)
{
    fprintf(f, "hokenka %s\n\n", program_version);
    for (size_t i = 0; i < command_count; i++) {
        const struct message *about = message_find(commands[i].about);
        fprintf(f, "  %-10s %s\n", commands[i].name, about ? about->text : "");
    }
    const struct message *more = message_find("cli.usage.more");
    fprintf(f, "\n%s\n", more ? more->text : "");
}

static const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++) {
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    }
    return NULL;
}

int command_help(const char *name, bool asked_for)
{
    const struct command *c = command_find(name);
    FILE *f = asked_for ? stdout : stderr;

    if (!c) {
        print_commands(f);
        return EXIT_USAGE;
    }
    const struct message *about = message_find(c->about);
    fprintf(f, "%s\n\n%s\n\n  %s\n", about ? about->text : c->name, c->usage, c->example);
    return asked_for ? EXIT_OK : EXIT_USAGE;
}

static bool asks_for_help(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return true;
    }
    return false;
}

static int run_command(const struct command *c, int argc, char **argv)
{
    struct arena arena;
    struct context cx;

    if (asks_for_help(argc, argv))
        return command_help(c->name, true);
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    const int code = c->run(&cx, argc, argv);
    arena_release(&arena);
    return code;
}

int main(int argc, char **argv)
{
    no_core_dumps();
    program_start();
    if (argc < 2) {
        print_commands(stderr);
        return EXIT_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        print_commands(stdout);
        return EXIT_OK;
    }
    const struct command *c = command_find(argv[1]);
    if (!c) {
        struct context cx;
        context_init(&cx, env_real(), NULL);
        (void)fail(&cx, ERR_INVALID, "cli.command.unknown", "%s", argv[1]);
        (void)report_error(&cx);
        return EXIT_USAGE;
    }
    return run_command(c, argc - 1, argv + 1);
}
