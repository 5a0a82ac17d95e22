/* process: what runs in one child of the server: a worker or the jobs. */
#ifndef SERVE_PROCESS_H
#define SERVE_PROCESS_H

#include "serve/serve.h"

struct log;
enum process_kind { PROCESS_WORKER, PROCESS_JOBS };
enum { EXIT_FAILURE_CHILD = 3 };
struct process {
    enum process_kind kind;
    int number;
    const struct serve_options *options;
    int listen_fd;
    const char *url;
    struct str cert, key; /* PEM; STR_NONE without TLS */
    struct env *env;
    struct log *log;
    bool is_first; /* not a replacement */
};
/* Until SIGTERM. The process' exit code: EXIT_FAILURE_CHILD when the city cannot be opened. */
int process_run(const struct process *p);

#endif
