/*
 * load: pages on a clock. N keep-alive clients, R requests a second sent when they are due whether
 * or not the server keeps up; the time of a page runs from when it was due, so that waiting for a
 * connection counts.
 *
 *     load PORT CLIENTS RATE SECONDS COOKIE FILE     FILE: one path per line, taken in turn
 *
 * Prints one JSON line; exit 1 when a request failed.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS_MAX = 512, PATHS_MAX = 100000, REPLY_MAX = 4 << 20 };

struct client {
    int fd;
    bool is_busy;
    int64_t due_us;
    size_t received, wanted; /* wanted 0: the header is not whole yet */
    char head[16384];
};
struct load {
    int port, clients, rate, seconds;
    const char *cookie;
    char *paths[PATHS_MAX];
    size_t n_paths;
    struct client client[CLIENTS_MAX];
    int epoll;
    int64_t *times;
    size_t n_times, room;
    size_t sent, failed, bytes;
    int first_bad_status;
};

static int64_t now_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static void die(const char *what)
{
    fprintf(stderr, "load: %s: %s\n", what, strerror(errno));
    exit(2);
}

static void dial(struct load *l, struct client *c)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)l->port)};
    int on = 1;
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&a, sizeof a) < 0)
        die("connect");
    (void)setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    (void)fcntl(c->fd, F_SETFL, O_NONBLOCK);
    struct epoll_event e = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(l->epoll, EPOLL_CTL_ADD, c->fd, &e) < 0)
        die("epoll");
    c->is_busy = false;
}

static void finish(struct load *l, struct client *c, int status)
{
    if (status != 200) {
        l->failed++;
        if (!l->first_bad_status)
            l->first_bad_status = status;
    }
    if (l->n_times < l->room)
        l->times[l->n_times++] = now_us() - c->due_us;
    l->bytes += c->received;
    c->is_busy = false;
}

static void ask(struct load *l, struct client *c, int64_t due)
{
    char request[4096];
    int n = snprintf(request, sizeof request,
                     "GET %s HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n\r\n",
                     l->paths[l->sent % l->n_paths], l->cookie);
    c->is_busy = true;
    c->due_us = due;
    c->received = c->wanted = 0;
    l->sent++;
    if (n < 0 || send(c->fd, request, (size_t)n, MSG_NOSIGNAL) != n) {
        close(c->fd);
        finish(l, c, 0);
        dial(l, c);
    }
}

/* The header once it is whole: how long the reply will be. */
static void see_head(struct client *c)
{
    char *end = strstr(c->head, "\r\n\r\n");
    if (!end)
        return;
    const char *length = strcasestr(c->head, "\r\nContent-Length:");
    c->wanted = (size_t)(end + 4 - c->head) + (length ? strtoul(length + 17, NULL, 10) : 0);
}

static void hear(struct load *l, struct client *c)
{
    static char rest[65536];
    for (;;) {
        bool in_head = c->wanted == 0 && c->received < sizeof c->head - 1;
        char *to = in_head ? c->head + c->received : rest;
        size_t room = in_head ? sizeof c->head - 1 - c->received : sizeof rest;
        ssize_t n = recv(c->fd, to, room, 0);
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) { /* the server ends idle connections; one that was busy has failed */
            close(c->fd);
            if (c->is_busy)
                finish(l, c, 0);
            dial(l, c);
            return;
        }
        if (in_head)
            c->head[c->received + (size_t)n] = '\0';
        c->received += (size_t)n;
        if (c->wanted == 0)
            see_head(c);
        if (c->wanted > 0 && c->received >= c->wanted) {
            finish(l, c, (int)strtol(c->head + 9, NULL, 10));
            return;
        }
    }
}

static struct client *idle(struct load *l)
{
    static int turn;
    for (int i = 0; i < l->clients; i++) {
        struct client *c = &l->client[(turn + i) % l->clients];
        if (!c->is_busy) {
            turn = (turn + i + 1) % l->clients;
            return c;
        }
    }
    return NULL;
}

static void run(struct load *l)
{
    int64_t began = now_us();
    size_t all = (size_t)l->rate * (size_t)l->seconds;
    while (l->n_times < all && now_us() - began < (int64_t)(l->seconds + 10) * 1000000) {
        struct epoll_event events[64];
        int64_t due = began + (int64_t)l->sent * 1000000 / l->rate;
        struct client *c = NULL;
        while (l->sent < all && due <= now_us() && (c = idle(l)) != NULL) {
            ask(l, c, due);
            due = began + (int64_t)l->sent * 1000000 / l->rate;
        }
        int64_t wait = due - now_us();
        struct timespec t = {.tv_nsec = wait <= 0 || wait > 20000 ? 1000000 : wait * 1000};
        int n = epoll_pwait2(l->epoll, events, 64, &t, NULL);
        for (int i = 0; i < n; i++)
            hear(l, events[i].data.ptr);
    }
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static double ms_at(const struct load *l, double share)
{
    if (l->n_times == 0)
        return 0;
    size_t i = (size_t)((double)(l->n_times - 1) * share);
    return (double)l->times[i] / 1000.0;
}

static void read_paths(struct load *l, const char *file)
{
    static char line[4096];
    FILE *f = fopen(file, "r");
    if (!f)
        die(file);
    while (l->n_paths < PATHS_MAX && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '/')
            l->paths[l->n_paths++] = strdup(line);
    }
    fclose(f);
    if (l->n_paths == 0)
        die("no paths");
}

int main(int argc, char **argv)
{
    static struct load l;
    if (argc != 7) {
        fprintf(stderr, "usage: load PORT CLIENTS RATE SECONDS COOKIE FILE\n");
        return 2;
    }
    l.port = (int)strtol(argv[1], NULL, 10);
    l.clients = (int)strtol(argv[2], NULL, 10);
    l.rate = (int)strtol(argv[3], NULL, 10);
    l.seconds = (int)strtol(argv[4], NULL, 10);
    l.cookie = argv[5];
    if (l.clients < 1 || l.clients > CLIENTS_MAX || l.rate < 1 || l.seconds < 1)
        die("numbers");
    read_paths(&l, argv[6]);
    l.room = (size_t)l.rate * (size_t)l.seconds;
    l.times = calloc(l.room, sizeof *l.times);
    l.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (!l.times || l.epoll < 0)
        die("start");
    for (int i = 0; i < l.clients; i++)
        dial(&l, &l.client[i]);
    int64_t began = now_us();
    run(&l);
    double seconds = (double)(now_us() - began) / 1e6;
    qsort(l.times, l.n_times, sizeof *l.times, compare);
    printf("{\"clients\":%d,\"rate\":%d,\"requests\":%zu,\"failed\":%zu,\"first_bad_status\":%d,"
           "\"per_second\":%.1f,\"bytes\":%zu,\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,"
           "\"max_ms\":%.3f}\n",
           l.clients, l.rate, l.n_times, l.failed, l.first_bad_status,
           seconds > 0 ? (double)l.n_times / seconds : 0, l.bytes, ms_at(&l, 0.5), ms_at(&l, 0.9),
           ms_at(&l, 0.99), ms_at(&l, 1.0));
    return l.failed > 0 || l.n_times < l.room;
}
