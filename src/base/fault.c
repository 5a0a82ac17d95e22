#include "base/env.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static struct {
    bool parsed;
    bool armed;
    bool kill;
    uint64_t left; /* visits until the one that fails */
    size_t length;
    char name[64];
} fault;

bool fault_arm(const char *spec)
{
    memset(&fault, 0, sizeof fault);
    fault.parsed = true;
    if (!spec)
        return true;
    struct str rest = str_of(spec);
    struct str name = str_cut(&rest, ':');
    int64_t nth;
    if (!str_to_int(str_cut(&rest, ':'), &nth) || nth < 1 || name.n == 0 ||
        name.n >= sizeof fault.name || (rest.n > 0 && !str_is(rest, "kill")))
        return false;
    memcpy(fault.name, name.p, name.n);
    fault.length = name.n;
    fault.left = (uint64_t)nth;
    fault.kill = rest.n > 0;
    fault.armed = true;
    return true;
}

/* A mistyped switch must not look like a test that passed. */
static void fault_parse(void)
{
    static const char complaint[] = "HOKENKA_FAULT: expected name:nth[:kill]\n";
    if (fault_arm(env_variable("HOKENKA_FAULT")))
        return;
    ssize_t written = write(STDERR_FILENO, complaint, sizeof complaint - 1);
    (void)written;
    _exit(2);
}

bool fault_armed(const char *name)
{
    if (!fault.parsed)
        fault_parse();
    if (!fault.armed || strcmp(fault.name, name) != 0 || --fault.left > 0)
        return false;
    if (fault.kill)
        raise(SIGKILL);
    fault.armed = false;
    return true;
}

int fault_point(struct context *cx, const char *name)
{
    if (!fault_armed(name))
        return OK;
    return fail(cx, ERR_FAULT, "base.fault", "%s", name);
}
