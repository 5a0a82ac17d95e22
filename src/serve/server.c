/*
 * server: the parent. It binds, forks, waits, replaces what died, and passes SIGTERM on. It opens
 * neither database nor HTTP daemon, so that nothing of that kind is ever inherited.
 */
#include "serve/inner.h"

#include "serve/process.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { WORKERS_MAX = 256, BACKLOG = 512, GRACE_S = 10, REST_AFTER_DEATH_US = 200000 };

struct child {
    pid_t pid;
    enum process_kind kind;
    int number;
};
struct server {
    struct context *cx;
    const struct serve_options *options;
    int listen_fd;
    int port;
    char url[128];
    struct text cert, key;
    struct child children[WORKERS_MAX + 1];
    size_t n;
    struct log *log;
    bool is_running; /* all were started once */
};

static volatile sig_atomic_t stopping;

static void on_stop(int signal_number)
{
    (void)signal_number;
    stopping = 1;
}

static int io_failed(struct context *cx, const char *message, const char *doing)
{
    int error = errno;
    int r = fail(cx, ERR_IO, message, NULL);
    (void)fail_detail(cx, "%s: %s", doing, strerror(error));
    return r;
}

/* --- what may be opened to whom ------------------------------------------------------------------
 */

static bool is_loopback(const char *address)
{
    return strncmp(address, "127.", 4) == 0 || strcmp(address, "::1") == 0;
}

static int check_options(struct context *cx, const struct serve_options *o)
{
    bool has_tls = o->tls_cert && o->tls_key;
    if ((o->tls_cert != NULL) != (o->tls_key != NULL))
        return fail(cx, ERR_INVALID, "serve.tls_pair", NULL);
    if (!is_loopback(o->address) && !has_tls)
        return fail(cx, ERR_INVALID, "serve.loopback", "%s", o->address);
    if (o->workers < 0 || o->workers > WORKERS_MAX || o->port < 0 || o->port > 65535)
        return fail(cx, ERR_INVALID, "serve.number", NULL);
    return OK;
}

static socklen_t socket_address(const struct serve_options *o, struct sockaddr_storage *out)
{
    struct sockaddr_in *v4 = (void *)out;
    struct sockaddr_in6 *v6 = (void *)out;
    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, o->address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)o->port);
        return sizeof *v4;
    }
    if (inet_pton(AF_INET6, o->address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)o->port);
        return sizeof *v6;
    }
    return 0;
}

static int bound_port(int fd)
{
    struct sockaddr_storage a;
    socklen_t n = sizeof a;
    if (getsockname(fd, (struct sockaddr *)&a, &n) < 0)
        return -1;
    return ntohs(a.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&a)->sin_port
                                        : ((struct sockaddr_in6 *)(void *)&a)->sin6_port);
}

static int open_socket(struct server *s)
{
    struct sockaddr_storage a;
    socklen_t n = socket_address(s->options, &a);
    int on = 1;
    if (n == 0)
        return fail(s->cx, ERR_INVALID, "serve.address", "%s", s->options->address);
    s->listen_fd = socket(a.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (s->listen_fd < 0)
        return io_failed(s->cx, "serve.socket", "socket");
    (void)setsockopt(s->listen_fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(s->listen_fd, (struct sockaddr *)&a, n) < 0)
        return io_failed(s->cx, errno == EADDRINUSE ? "serve.port_taken" : "serve.socket", "bind");
    if (listen(s->listen_fd, BACKLOG) < 0)
        return io_failed(s->cx, "serve.socket", "listen");
    s->port = bound_port(s->listen_fd);
    bool is_v6 = a.ss_family == AF_INET6;
    snprintf(s->url, sizeof s->url, "%s://%s%s%s:%d/", s->options->tls_cert ? "https" : "http",
             is_v6 ? "[" : "",
             strcmp(s->options->address, "127.0.0.1") == 0 ? "localhost" : s->options->address,
             is_v6 ? "]" : "", s->port);
    return OK;
}

/* --- before the first child
 * ------------------------------------------------------------------------ */

/* Uploads of an earlier run that was killed must not stay [SEC-039]. */
static int clean_uploads(struct server *s, const char *directory)
{
    if (mkdir(directory, 0700) < 0 && errno != EEXIST)
        return io_failed(s->cx, "serve.upload", "mkdir tmp");
    DIR *d = opendir(directory);
    if (!d)
        return io_failed(s->cx, "serve.upload", "open tmp");
    for (struct dirent *e; (e = readdir(d));) {
        if (strncmp(e->d_name, "upload-", 7) == 0)
            (void)unlinkat(dirfd(d), e->d_name, 0);
    }
    closedir(d);
    return OK;
}

static int prepare(struct server *s)
{
    const struct serve_options *o = s->options;
    struct str tmp = str_format(s->cx->arena, "%s/tmp", o->city_path);
    struct str log = str_format(s->cx->arena, "%s/serve.log", o->city_path);
    if (!tmp.p || !log.p)
        return fail(s->cx, ERR_MEMORY, "base.memory", NULL);
    const struct router *router;
    int r = router_new(s->cx, &router); /* a mistake in a route table is seen before any fork */
    if (r == OK)
        r = clean_uploads(s, tmp.p);
    if (r == OK)
        r = log_open(s->cx, o->log_path ? o->log_path : log.p, &s->log);
    if (r == OK && o->tls_cert)
        r = file_read(s->cx, o->tls_cert, 1 << 20, &s->cert);
    if (r == OK && o->tls_key)
        r = file_read(s->cx, o->tls_key, 1 << 20, &s->key);
    return r;
}

/* --- children
 * ---------------------------------------------------------------------------------------- */

static void run_child(struct server *s, const struct child *c)
{
    struct process p = {
        .kind = c->kind,
        .number = c->number,
        .options = s->options,
        .listen_fd = s->listen_fd,
        .url = s->url,
        .cert = s->cert.n ? text_str(&s->cert) : STR_NONE,
        .key = s->key.n ? text_str(&s->key) : STR_NONE,
        .env = s->cx->env,
        .log = s->log,
        .is_first = !s->is_running,
    };
    (void)prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() == 1)
        _exit(EXIT_FAILURE_CHILD);
    _exit(process_run(&p));
}

static int start_child(struct server *s, struct child *c)
{
    (void)fflush(NULL);
    pid_t pid = fork();
    if (pid < 0)
        return io_failed(s->cx, "serve.fork", "fork");
    if (pid == 0)
        run_child(s, c);
    c->pid = pid;
    return OK;
}

static int worker_count(const struct serve_options *o)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    int n = o->workers > 0 ? o->workers : (int)(cores > 0 ? cores : 1) * 4;
    if (o->workers == 0 && n < 8)
        n = 8;
    return n > WORKERS_MAX ? WORKERS_MAX : n;
}

static int start_all(struct server *s)
{
    int workers = worker_count(s->options);
    for (int i = 0; i <= workers; i++) {
        struct child *c = &s->children[s->n++];
        *c = (struct child){.kind = i < workers ? PROCESS_WORKER : PROCESS_JOBS, .number = i};
        int r = start_child(s, c);
        if (r < 0)
            return r;
    }
    return OK;
}

static void signal_all(struct server *s, int signal_number)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->children[i].pid > 0)
            (void)kill(s->children[i].pid, signal_number);
    }
}

static struct child *child_of(struct server *s, pid_t pid)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->children[i].pid == pid)
            return &s->children[i];
    }
    return NULL;
}

static void note_death(struct server *s, const struct child *c, int status)
{
    char line[96];
    snprintf(line, sizeof line, "%s %d %s %d", c->kind == PROCESS_JOBS ? "jobs" : "worker",
             c->number, WIFSIGNALED(status) ? "signal" : "exit",
             WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    log_event(s->log, "process_died", line);
}

/* A child that cannot even open the city will not do better the next time. */
static int watch(struct server *s)
{
    s->is_running = true;
    while (!stopping) {
        int status = 0;
        pid_t pid = wait(&status);
        struct child *c = pid > 0 ? child_of(s, pid) : NULL;
        if (!c || stopping)
            continue;
        c->pid = 0;
        note_death(s, c, status);
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FAILURE_CHILD)
            return fail(s->cx, ERR_FATAL, "serve.child", NULL);
        (void)usleep(REST_AFTER_DEATH_US);
        int r = start_child(s, c);
        if (r < 0)
            return r;
    }
    return OK;
}

static bool is_all_gone(struct server *s)
{
    bool gone = true;
    for (size_t i = 0; i < s->n; i++) {
        struct child *c = &s->children[i];
        if (c->pid > 0 && waitpid(c->pid, NULL, WNOHANG) == 0)
            gone = false;
        else
            c->pid = 0;
    }
    return gone;
}

static void wait_for_all(struct server *s)
{
    for (int tenth = 0; tenth < GRACE_S * 10; tenth++) {
        if (is_all_gone(s))
            return;
        (void)usleep(100000);
    }
    signal_all(s, SIGKILL);
    while (!is_all_gone(s))
        (void)usleep(10000);
}

static int write_port(struct server *s)
{
    char line[16];
    if (!s->options->port_file)
        return OK;
    int n = snprintf(line, sizeof line, "%d\n", s->port);
    return file_write(s->cx, s->options->port_file, (struct str){line, (size_t)n});
}

static void catch_signals(void)
{
    struct sigaction a = {.sa_handler = on_stop}; /* no SA_RESTART: wait() must return */
    (void)sigaction(SIGTERM, &a, NULL);
    (void)sigaction(SIGINT, &a, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
}

int serve_run(struct context *cx, const struct serve_options *options)
{
    struct server *s = ARENA_NEW(cx->arena, struct server);
    if (!s)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    *s = (struct server){.cx = cx, .options = options, .listen_fd = -1};
    text_init(&s->cert, 1 << 20);
    text_init(&s->key, 1 << 20);
    stopping = 0;
    int r = check_options(cx, options);
    if (r == OK)
        r = prepare(s);
    if (r == OK)
        r = open_socket(s);
    catch_signals();
    if (r == OK)
        r = start_all(s);
    if (r == OK)
        r = write_port(s);
    if (r == OK)
        r = watch(s);
    signal_all(s, SIGTERM);
    wait_for_all(s);
    if (s->listen_fd >= 0)
        (void)close(s->listen_fd);
    log_close(s->log);
    text_release(&s->cert);
    text_release(&s->key);
    return r;
}
