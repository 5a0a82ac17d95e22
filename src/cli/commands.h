/* commands: the table of subcommands, and what is installed before any of them runs. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "cli/cli.h"

extern const struct command commands[];
extern const size_t command_count;
/* Messages, schemas, desks: everything that is registered once per process. */
void program_start(void);

#endif
