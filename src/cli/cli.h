/*
 * cli: one file per subcommand; the table is in commands.c.
 *
 * Exit codes: 0 ok, 1 findings, 2 usage, 3 failed. Every command has --help with an example and
 * --json where it prints data. Errors say what, where and what to do, on standard error.
 *
 * A city is a directory: city.db (or a file `store` with a postgres: url), audit.db, vault.key,
 * settings. HOKENKA_CITY or --city PATH names it; default ./city.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/base.h"

enum exit_code { EXIT_OK = 0, EXIT_FINDINGS = 1, EXIT_USAGE = 2, EXIT_FAILED = 3 };

struct command {
    const char *name;    /* "simulate" */
    const char *usage;   /* "hokenka simulate premium [--rules NAME] [--explain] < cases.jsonl" */
    const char *about;   /* message id */
    const char *example; /* a line that runs */
    int (*run)(struct context *cx, int argc, char **argv); /* argv[0] is the command's name */
};

/* Options: "--name value", "--name=value", flags. Unknown ones are refused by name. */
struct option_spec {
    const char *name; /* "city" */
    bool has_value;
};
struct options {
    struct str value[24]; /* in the order of the specs; p == NULL when absent; "" for a flag */
    struct str words[16]; /* the rest */
    size_t n_words;
    struct str city; /* --city; p == NULL when absent */
    bool json;
    bool help;
};
/* 0, or ERR_INVALID after printing what is wrong. --city, --json and --help are always known. */
int options_read(struct context *cx, int argc, char **argv, const struct option_spec *specs,
                 size_t n, struct options *out) WARN_UNUSED;
/* The city directory: --city, HOKENKA_CITY, or "city". */
const char *options_city(struct context *cx, const struct options *o);
/* The number an option holds, or `absent`; ERR_INVALID names the option and what it held. */
int options_number(struct context *cx, struct str value, const char *option, int64_t absent,
                   int64_t *out) WARN_UNUSED;
/* The folder of the rule files: HOKENKA_RULES, ./rules, or beside or above the executable, or
 * ../share/hokenka/rules; the first that has national/. ERR_NOT_FOUND says where it looked. */
int options_rules_dir(struct context *cx, const char **out) WARN_UNUSED;

/* Usage, what it is for, and the example; for --help and wrong usage. Returns EXIT_USAGE. */
int command_help(const char *name, bool asked_for);
/* "0.1.0" */
extern const char program_version[];

/* One file each; the table is in commands.c. */
int cmd_backup(struct context *cx, int argc, char **argv);
int cmd_demo(struct context *cx, int argc, char **argv);
int cmd_digest(struct context *cx, int argc, char **argv);
int cmd_doctor(struct context *cx, int argc, char **argv);
int cmd_explain(struct context *cx, int argc, char **argv);
int cmd_export(struct context *cx, int argc, char **argv);
int cmd_form(struct context *cx, int argc, char **argv);
int cmd_import(struct context *cx, int argc, char **argv);
int cmd_init(struct context *cx, int argc, char **argv);
int cmd_job(struct context *cx, int argc, char **argv);
int cmd_levy_results(struct context *cx, int argc, char **argv);
int cmd_medium(struct context *cx, int argc, char **argv);
int cmd_outside(struct context *cx, int argc, char **argv);
int cmd_radar(struct context *cx, int argc, char **argv);
int cmd_replay(struct context *cx, int argc, char **argv);
int cmd_restore(struct context *cx, int argc, char **argv);
int cmd_rule(struct context *cx, int argc, char **argv);
int cmd_serve(struct context *cx, int argc, char **argv);
int cmd_simulate(struct context *cx, int argc, char **argv); /* premium | city */
int cmd_simulate_city(struct context *cx, int argc, char **argv);
int cmd_simulate_solve(struct context *cx, int argc, char **argv);
int cmd_user(struct context *cx, int argc, char **argv);
int cmd_verify(struct context *cx, int argc, char **argv);
int cmd_version(struct context *cx, int argc, char **argv);

/* Prints the error of cx on stderr and gives EXIT_FAILED. */
int report_error(struct context *cx);

#endif
