#include "cli/commands.h"

const struct command commands[] = {
    {"version", "hokenka version [--json]", "cli.about.version", "hokenka version", cmd_version},
};
const size_t command_count = sizeof(commands) / sizeof(commands[0]);
