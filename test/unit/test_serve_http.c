/*
 * The server as a whole: real processes, real sockets, real misbehaviour. One server for all tests;
 * each test is a client.
 */
#include "serve/serve.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static struct arena arena;
static struct context cx;
static char folder[64], city[96], port_file[128];
static pid_t server;
static int port;

/* --- a desk of the test
 * --------------------------------------------------------------------------- */

static int show_public(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    html_raw(&rp->body, "token=");
    html_text(&rp->body, rq->frame->csrf);
    html_raw(&rp->body, "\nonce=");
    html_text(&rp->body, rq->frame->once);
    html_raw(&rp->body, "\nq=");
    html_text(&rp->body, request_query(rq, "q"));
    (void)text_addf(&rp->body.text, "\npid=%ld\n", (long)getpid());
    return OK;
}

static int take_upload(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    (void)text_addf(&rp->body.text, "uploads=%zu size=%lld fields=%zu\n", rq->n_uploads,
                    rq->n_uploads ? (long long)rq->uploads[0].size : -1, rq->n_form);
    rp->notice = STR("受け取りました");
    return OK;
}

static int answer_late(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    (void)rq;
    (void)usleep(400000);
    html_raw(&rp->body, "late");
    return OK;
}

static int die(struct work *w, struct request *rq, struct reply *rp)
{
    (void)w;
    (void)rq;
    (void)rp;
    abort();
}

static const struct route routes[] = {
    ROUTE_GET("/t/public", RIGHT_PUBLIC, AUDIT_NONE, show_public, "t.screen"),
    ROUTE_POST("/t/upload", RIGHT_PUBLIC, AUDIT_NONE, take_upload, "t.screen"),
    ROUTE_GET("/t/late", RIGHT_PUBLIC, AUDIT_NONE, answer_late, "t.screen"),
    ROUTE_GET("/t/die", RIGHT_PUBLIC, AUDIT_NONE, die, "t.screen"),
    ROUTE_GET("/t/closed", RIGHT(RIGHT_PARTY_VIEW), AUDIT_NONE, show_public, "t.screen"),
};
static const struct desk test_desk = {.name = "test",
                                      .label = "t.desk",
                                      .routes = routes,
                                      .n_routes = sizeof routes / sizeof *routes};
static const struct desk *const desks[] = {&office_desk, &test_desk};

/* --- the server
 * --------------------------------------------------------------------------------------- */

static void run_server(void)
{
    struct serve_options o = {.city_path = city,
                              .address = "127.0.0.1",
                              .workers = 3,
                              .request_seconds = 1,
                              .port_file = port_file,
                              .version = "test"};
    _exit(serve_run(&cx, &o) == OK ? 0 : 1);
}

static void wait_for_port(void)
{
    for (int i = 0; i < 200 && port == 0; i++) {
        FILE *f = fopen(port_file, "r");
        if (f && fscanf(f, "%d", &port) != 1)
            port = 0;
        if (f)
            fclose(f);
        (void)usleep(50000);
    }
    assert_true(port > 0);
}

static int start(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/hokenka-http-XXXXXX");
    assert_non_null(mkdtemp(folder));
    snprintf(city, sizeof city, "%s/city", folder);
    snprintf(port_file, sizeof port_file, "%s/port", folder);
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    struct city_new c = {.path = city, .name = STR("試験市"), .code = STR("272051"), .demo = true};
    assert_int_equal(city_create(&cx, &c), OK);
    (void)fflush(NULL);
    server = fork();
    if (server == 0)
        run_server();
    wait_for_port();
    return 0;
}

static int remove_one(const char *path, const struct stat *s, int kind, struct FTW *f)
{
    (void)s;
    (void)kind;
    (void)f;
    return remove(path);
}

static int stop(void **state)
{
    (void)state;
    int status = 0;
    if (server > 0) {
        (void)kill(server, SIGTERM);
        (void)waitpid(server, &status, 0);
    }
    arena_release(&arena);
    (void)nftw(folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : -1;
}

/* --- a client
 * --------------------------------------------------------------------------------------------- */

static char reply[1 << 20];

static int dial(void)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct timeval limit = {.tv_sec = 8};
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof a), 0);
    return fd;
}

static void say(int fd, const char *bytes, size_t n)
{
    while (n > 0) {
        ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL);
        if (sent <= 0)
            return;
        bytes += sent;
        n -= (size_t)sent;
    }
}

/* One reply by its Content-Length; the status, 0 when the connection ended without one. */
static int hear(int fd)
{
    size_t n = 0, whole = 0;
    reply[0] = '\0';
    while (n + 1 < sizeof reply) {
        ssize_t got = recv(fd, reply + n, whole ? whole - n : 1, 0);
        if (got <= 0)
            break;
        n += (size_t)got;
        reply[n] = '\0';
        char *end = whole ? NULL : strstr(reply, "\r\n\r\n");
        if (end) {
            const char *length = strcasestr(reply, "Content-Length:");
            whole = (size_t)(end + 4 - reply) + (length ? strtoul(length + 15, NULL, 10) : 0);
        }
        if (whole && n >= whole)
            break;
    }
    return strncmp(reply, "HTTP/1.1 ", 9) == 0 ? (int)strtol(reply + 9, NULL, 10) : 0;
}

static int once(const char *request)
{
    int fd = dial();
    say(fd, request, strlen(request));
    int status = hear(fd);
    close(fd);
    return status;
}

static void value_of(const char *name, char out[128])
{
    const char *p = strstr(reply, name);
    assert_non_null(p);
    p += strlen(name);
    size_t n = strcspn(p, ";\r\n");
    assert_true(n < 128);
    memcpy(out, p, n);
    out[n] = '\0';
}

/* --- tests
 * ---------------------------------------------------------------------------------------------------
 */

static void many_requests_on_one_connection(void **state)
{
    (void)state;
    int fd = dial();
    for (int i = 0; i < 20; i++) {
        const char *request = "GET /t/public?q=%E5%B1%B1+%3C HTTP/1.1\r\nHost: h\r\n\r\n";
        say(fd, request, strlen(request));
        assert_int_equal(hear(fd), 200);
        assert_non_null(strstr(reply, "q=山 &lt;"));
    }
    const char *two = "GET /t/public?q=1 HTTP/1.1\r\nHost: h\r\n\r\n"
                      "GET /t/public?q=2 HTTP/1.1\r\nHost: h\r\n\r\n";
    say(fd, two, strlen(two));
    assert_int_equal(hear(fd), 200);
    assert_non_null(strstr(reply, "q=1"));
    assert_int_equal(hear(fd), 200);
    assert_non_null(strstr(reply, "q=2"));
    close(fd);
}

static void bad_requests_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *request;
        int status;
    } cases[] = {
        {"GET /t/public HTTP/1.1\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
         "\r\n0\r\n\r\n",
         400},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
         400},
        {"GET /t/public HTTP/1.1\r\nHost: a\r\nX-Long: one\r\n two\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\r\nX: one\r\n two\r\nHost: a\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\r\nHost: a\r\nBad name: x\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\r\nHost: a\r\nBad : x\r\n\r\n", 400},
        {"GET /t/public HTTP/1.1\nHost: a\n\n", 400},
        {"GET /t/public?q=%FF HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"GET /t/%FF HTTP/1.1\r\nHost: a\r\n\r\n", 400},
        {"DELETE /t/public HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"POST /t/public HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n", 405},
        {"GET /t/upload HTTP/1.1\r\nHost: a\r\n\r\n", 405},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\n\r\n", 411},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: "
         "1\r\n\r\nx",
         415},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 999999999\r\n\r\n",
         413},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 3\r\n\r\na=%",
         400},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
         "Content-Length: 3\r\n\r\na=1",
         403},
        {"POST /t/upload HTTP/1.1\r\nHost: a\r\nSec-Fetch-Site: cross-site\r\nContent-Type: "
         "application/x-www-form-urlencoded\r\nContent-Length: 3\r\n\r\na=1",
         403},
        {"GET /nothing HTTP/1.1\r\nHost: a\r\n\r\n", 404},
        {"GET /t/closed HTTP/1.1\r\nHost: a\r\n\r\n", 303},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int status = once(cases[i].request);
        if (status != cases[i].status)
            fail_msg("expected %d, got %d for:\n%s", cases[i].status, status, cases[i].request);
    }
    static char large[40000];
    memset(large, 'x', sizeof large - 1);
    memcpy(large, "GET /t/public HTTP/1.1\r\nHost: a\r\nX: ", 37);
    int status = once(large);
    assert_true(status == 431 || status == 413 || status == 0);
    assert_int_equal(once("GET /t/public HTTP/1.1\r\nHost: a\r\n\r\n"), 200);
}

static void pages_carry_strict_headers(void **state)
{
    (void)state;
    assert_int_equal(once("GET /t/public HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    static const char *const wanted[] = {
        "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'",
        "frame-ancestors 'none'",
        "X-Content-Type-Options: nosniff",
        "X-Frame-Options: DENY",
        "Cache-Control: no-store",
        "Referrer-Policy: same-origin",
        "HttpOnly; SameSite=Strict"};
    for (size_t i = 0; i < sizeof wanted / sizeof wanted[0]; i++) {
        if (!strstr(reply, wanted[i]))
            fail_msg("missing: %s", wanted[i]);
    }
    assert_null(strstr(reply, "unsafe-"));
}

static void built_in_files_are_kept_by_browsers(void **state)
{
    (void)state;
    struct html h;
    char request[256];
    html_init(&h);
    asset_url(&h, "style.css");
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", text_str(&h.text).p);
    assert_int_equal(once(request), 200);
    assert_non_null(strstr(reply, "immutable"));
    assert_non_null(strstr(reply, "Content-Type: text/css"));
    char etag[128];
    value_of("ETag: ", etag);
    snprintf(request, sizeof request, "GET %s HTTP/1.1\r\nHost: h\r\nIf-None-Match: %s\r\n\r\n",
             text_str(&h.text).p, etag);
    assert_int_equal(once(request), 304);
    assert_int_equal(once("GET /static/0/style.css HTTP/1.1\r\nHost: h\r\n\r\n"), 404);
    html_release(&h);
}

static size_t temporary_files(void)
{
    char path[128];
    snprintf(path, sizeof path, "%s/tmp", city);
    DIR *d = opendir(path);
    size_t n = 0;
    assert_non_null(d);
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

/* Header and first bytes of an upload of `size` bytes with a token of its own. */
static int begin_upload(size_t size, struct text *tail)
{
    char pre[128], token[128], once_id[128], header[1024], body[1024];
    assert_int_equal(once("GET /t/public HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    value_of("hokenka_pre=", pre);
    value_of("token=", token);
    value_of("once=", once_id);
    int n =
        snprintf(body, sizeof body,
                 "--B\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n%s\r\n"
                 "--B\r\nContent-Disposition: form-data; name=\"_once\"\r\n\r\n%s\r\n"
                 "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.csv\"\r\n\r\n",
                 token, once_id);
    (void)text_adds(tail, "\r\n--B--\r\n");
    int fd = dial();
    int m =
        snprintf(header, sizeof header,
                 "POST /t/upload HTTP/1.1\r\nHost: h\r\nCookie: hokenka_pre=%s\r\nContent-Type: "
                 "multipart/form-data; boundary=B\r\nContent-Length: %zu\r\n\r\n",
                 pre, (size_t)n + size + tail->n);
    say(fd, header, (size_t)m);
    say(fd, body, (size_t)n);
    return fd;
}

static void a_large_upload_arrives_and_goes_away(void **state)
{
    (void)state;
    enum { SIZE = 20 << 20, PIECE = 1 << 16 };
    static char piece[PIECE];
    struct text tail;
    text_init(&tail, 64);
    memset(piece, '7', sizeof piece);
    int fd = begin_upload(SIZE, &tail);
    for (int i = 0; i < SIZE / PIECE; i++)
        say(fd, piece, PIECE);
    say(fd, tail.p, tail.n);
    assert_int_equal(hear(fd), 200);
    assert_non_null(strstr(reply, "uploads=1 size=20971520 fields=2"));
    assert_non_null(strstr(reply, "hokenka_notice=%E5%8F%97"));
    close(fd);
    (void)usleep(100000);
    assert_int_equal(temporary_files(), 0);
    text_clear(&tail);
    fd = begin_upload(SIZE, &tail); /* the sender goes away in the middle */
    say(fd, piece, PIECE);
    (void)usleep(200000);
    assert_int_equal(temporary_files(), 1);
    close(fd);
    for (int i = 0; i < 50 && temporary_files() > 0; i++)
        (void)usleep(100000);
    assert_int_equal(temporary_files(), 0);
    text_release(&tail);
}

static void slow_senders_are_cut_and_block_nobody(void **state)
{
    (void)state;
    int slow[60];
    for (size_t i = 0; i < 60; i++) {
        slow[i] = dial();
        say(slow[i], "GET /t/public HTTP/1.1\r\nHo", 26);
    }
    struct env *env = env_real();
    int64_t began = env->monotonic_us(env);
    assert_int_equal(once("GET /t/public HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_true(env->monotonic_us(env) - began < 500000);
    for (int i = 0; i < 8; i++) { /* a byte now and then keeps nobody in */
        (void)usleep(300000);
        for (size_t k = 0; k < 60; k++)
            (void)!send(slow[k], "s", 1, MSG_NOSIGNAL);
    }
    size_t cut = 0;
    for (size_t i = 0; i < 60; i++) {
        char byte;
        struct timeval soon = {.tv_usec = 1000};
        (void)setsockopt(slow[i], SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon);
        ssize_t n = recv(slow[i], &byte, 1, 0);
        cut += n == 0 || (n < 0 && errno == ECONNRESET) || n > 0;
        close(slow[i]);
    }
    assert_int_equal(cut, 60);
}

static void a_dead_worker_is_replaced(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++)
        assert_int_equal(once("GET /t/die HTTP/1.1\r\nHost: h\r\n\r\n"), 0);
    (void)usleep(1200000);
    for (int i = 0; i < 30; i++)
        assert_int_equal(once("GET /t/public HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
}

static void other_addresses_need_tls(void **state)
{
    (void)state;
    struct serve_options o = {.city_path = city, .address = "0.0.0.0", .version = "test"};
    error_clear(&cx);
    assert_int_equal(serve_run(&cx, &o), ERR_INVALID);
    assert_string_equal(cx.error.message, "serve.loopback");
    error_clear(&cx);
}

static void the_log_knows_no_persons(void **state)
{
    (void)state;
    char path[128];
    struct text t;
    assert_int_equal(once("GET /t/public?q=YAMADA-TARO HTTP/1.1\r\nHost: h\r\n\r\n"), 200);
    assert_int_equal(once("GET /t/closed HTTP/1.1\r\nHost: h\r\n\r\n"), 303);
    snprintf(path, sizeof path, "%s/serve.log", city);
    text_init(&t, 8 << 20);
    assert_int_equal(file_read(&cx, path, 8 << 20, &t), OK);
    assert_null(strstr(t.p, "YAMADA"));
    assert_non_null(strstr(t.p, "\"route\":\"/t/public\""));
    assert_non_null(strstr(t.p, "\"event\":\"slow_sender\""));
    assert_non_null(strstr(t.p, "\"event\":\"process_died\""));
    text_release(&t);
}

static void the_last_replies_are_sent_before_the_end(void **state)
{
    (void)state;
    const char *request = "GET /t/late HTTP/1.1\r\nHost: h\r\n\r\n";
    int fd = dial();
    say(fd, request, strlen(request));
    (void)usleep(100000);
    assert_int_equal(kill(server, SIGTERM), 0);
    assert_int_equal(hear(fd), 200);
    assert_non_null(strstr(reply, "late"));
    close(fd);
    int status = 0;
    assert_int_equal(waitpid(server, &status, 0), server);
    server = 0;
    assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

int main(void)
{
    office_desks_set(desks, sizeof desks / sizeof desks[0]);
    const struct CMUnitTest tests[] = {
        {"many requests on one connection, pipelined too", many_requests_on_one_connection, NULL,
         NULL, NULL},
        {"bad requests are refused [E5 F6]", bad_requests_are_refused, NULL, NULL, NULL},
        {"pages carry strict headers [E5]", pages_carry_strict_headers, NULL, NULL, NULL},
        {"built-in files are kept by browsers", built_in_files_are_kept_by_browsers, NULL, NULL,
         NULL},
        {"a large upload arrives and goes away [SEC-039]", a_large_upload_arrives_and_goes_away,
         NULL, NULL, NULL},
        {"slow senders are cut and block nobody [E5]", slow_senders_are_cut_and_block_nobody, NULL,
         NULL, NULL},
        {"a dead worker is replaced", a_dead_worker_is_replaced, NULL, NULL, NULL},
        {"other addresses than this machine need TLS [SEC-041]", other_addresses_need_tls, NULL,
         NULL, NULL},
        {"the log knows no persons [SEC-047 SEC-042]", the_log_knows_no_persons, NULL, NULL, NULL},
        {"the last replies are sent before the end", the_last_replies_are_sent_before_the_end, NULL,
         NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("serve_http", tests, start, stop);
}
