/*
 * http: libmicrohttpd as a library. It reads requests and sends replies; what a request may look
 * like is decided here, before anything of it is believed.
 */
#include "serve/inner.h"

#include <microhttpd.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
    CONNECTIONS = 256,
    PER_ADDRESS = 128,
    HEADER_BYTES = 32 * 1024,
    KEEP_ALIVE_S = 5,
    REQUEST_S = 30, /* a request must have arrived whole after this long */
    UPLOAD_S = 600, /* with a file */
    UPLOAD_BYTES = 256 << 20,
    SPARE_EXCHANGES = 8
};

static struct exchange *spare;
static size_t n_spare;

/* Requests under way, to end those of slow senders. */
static struct sender {
    struct MHD_Connection *connection;
    int64_t deadline_us;
} senders[CONNECTIONS];
static size_t n_busy;

static int request_seconds(const struct worker *w)
{
    return w->options->request_seconds > 0 ? w->options->request_seconds : REQUEST_S;
}

static void sender_begin(struct worker *w, struct MHD_Connection *c)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (senders[i].connection)
            continue;
        senders[i] = (struct sender){c, w->cx.env->monotonic_us(w->cx.env) +
                                            (int64_t)request_seconds(w) * 1000000};
        return;
    }
}

static struct sender *sender_find(struct MHD_Connection *c)
{
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (senders[i].connection == c)
            return &senders[i];
    }
    return NULL;
}

/* 0 while nothing is owed: an idle connection is ended by the library's own time-out. */
static void sender_set(struct worker *w, struct MHD_Connection *c, int seconds)
{
    struct sender *s = sender_find(c);
    if (s)
        s->deadline_us =
            seconds ? w->cx.env->monotonic_us(w->cx.env) + (int64_t)seconds * 1000000 : 0;
}

void http_sweep(struct worker *w)
{
    int64_t now = w->cx.env->monotonic_us(w->cx.env);
    for (size_t i = 0; i < CONNECTIONS; i++) {
        if (!senders[i].connection || senders[i].deadline_us == 0 || senders[i].deadline_us > now)
            continue;
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(senders[i].connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        senders[i].deadline_us = 0;
        if (info)
            (void)shutdown(info->connect_fd, SHUT_RDWR);
        log_event(w->log, "slow_sender", NULL);
    }
}

size_t http_busy(void)
{
    return n_busy;
}

/* A connection that opens and never sends a whole header falls under the same deadline. */
static void connection_changed(void *arg, struct MHD_Connection *c, void **socket_context,
                               enum MHD_ConnectionNotificationCode code)
{
    struct worker *w = arg;
    (void)socket_context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        sender_begin(w, c);
        return;
    }
    struct sender *s = sender_find(c);
    if (s)
        *s = (struct sender){0};
}

/* --- what a request may look like ------------------------------------------------------------- */

struct headers {
    const char *end; /* of the line before */
    int hosts, lengths;
    bool is_bad;
    bool has_transfer_encoding;
    struct str cookie, content_type, content_length, if_none_match, fetch_site, forwarded;
};

static bool name_is(struct str name, const char *lower)
{
    if (name.n != strlen(lower))
        return false;
    for (size_t i = 0; i < name.n; i++) {
        char c = name.p[i] >= 'A' && name.p[i] <= 'Z' ? (char)(name.p[i] + 32) : name.p[i];
        if (c != lower[i])
            return false;
    }
    return true;
}

static bool is_token(struct str s)
{
    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];
        if (c <= 0x20 || c >= 0x7F || strchr("()<>@,;:\\\"/[]?={}", c))
            return false;
    }
    return s.n > 0;
}

/*
 * Folded lines (obs-fold) and bare LF: 0.9.75 joins a folded line in memory of its own, so that the
 * lines no longer stand one behind the other with CR LF between them. Later versions refuse them.
 */
static bool is_own_line(const struct headers *h, const char *name)
{
    static int lies_flat = -1;
    if (lies_flat < 0)
        lies_flat = strcmp(MHD_get_version(), "0.9.75") == 0;
    return !lies_flat || name == h->end + 2;
}

static void keep_header(struct headers *h, struct str name, struct str value)
{
    struct str *const kept[] = {&h->cookie,        &h->content_type, &h->content_length,
                                &h->if_none_match, &h->fetch_site,   &h->forwarded};
    static const char *const names[] = {"cookie",        "content-type",   "content-length",
                                        "if-none-match", "sec-fetch-site", "x-forwarded-for"};
    h->hosts += name_is(name, "host");
    h->lengths += name_is(name, "content-length");
    h->has_transfer_encoding |= name_is(name, "transfer-encoding");
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (name_is(name, names[i]))
            *kept[i] = value;
    }
}

static enum MHD_Result see_header(void *arg, enum MHD_ValueKind kind, const char *name,
                                  size_t n_name, const char *value, size_t n_value)
{
    struct headers *h = arg;
    (void)kind;
    struct str key = {name, n_name}, v = {value ? value : "", value ? n_value : 0};
    if (!is_token(key) || !is_own_line(h, name))
        h->is_bad = true;
    h->end = value ? value + n_value : name + n_name;
    keep_header(h, key, v);
    return MHD_YES;
}

static bool length_of(const struct headers *h, int64_t *out)
{
    *out = 0;
    if (h->lengths == 0)
        return true;
    if (h->lengths > 1 || h->content_length.n == 0 || h->content_length.p[0] == '+')
        return false;
    return str_to_int(h->content_length, out) && *out >= 0;
}

/* 0 or the status of the refusal. */
static int check_headers(struct worker *w, const struct headers *h, enum method method)
{
    int64_t length;
    if (h->is_bad || h->hosts != 1)
        return 400;
    if (h->has_transfer_encoding)
        return h->lengths > 0 ? 400 : 411;
    if (!length_of(h, &length))
        return 400;
    if (method == METHOD_GET)
        return length > 0 ? 400 : 0;
    if (h->lengths == 0)
        return 411;
    bool cross = h->fetch_site.n > 0 && !str_is(h->fetch_site, "same-origin") &&
                 !str_is(h->fetch_site, "none");
    if (cross) {
        log_event(w->log, "cross_site", NULL);
        return 403;
    }
    return 0;
}

/* --- cookies ------------------------------------------------------------------------------------
 */

static void keep_cookie(struct exchange *x, struct str name, struct str value)
{
    if (str_is(name, "hokenka"))
        x->rq.session = value;
    else if (str_is(name, "hokenka_terminal"))
        x->rq.terminal = value;
    else if (str_is(name, "hokenka_pre"))
        x->pre_cookie = value;
    else if (str_is(name, "hokenka_notice"))
        x->notice_cookie = value;
}

static void read_cookies(struct worker *w, struct exchange *x, struct str cookies)
{
    static const struct str prefix = {"__Host-", 7};
    struct str rest = str_copy(&x->arena, cookies);
    while (rest.p && rest.n > 0) {
        struct str value = str_trim(str_cut(&rest, ';'));
        struct str name = str_cut(&value, '=');
        bool has_prefix = str_starts(name, prefix);
        if (has_prefix)
            name = (struct str){name.p + prefix.n, name.n - prefix.n};
        if (has_prefix == w->is_secure) /* over TLS only cookies that TLS has set */
            keep_cookie(x, name, value);
    }
    struct pair pair;
    size_t n = 0;
    struct str coded = str_format(&x->arena, "n=" STR_FMT, STR_ARG(x->notice_cookie));
    if (!x->notice_cookie.n || urlencoded_read(&x->cx, &x->arena, coded, &pair, 1, &n) < 0 ||
        n == 0)
        x->notice_cookie = STR_NONE;
    else
        x->notice_cookie = pair.value;
    error_clear(&x->cx);
}

/* --- the reply
 * ------------------------------------------------------------------------------------ */

static void header(struct MHD_Response *r, const char *name, const char *value)
{
    (void)MHD_add_response_header(r, name, value);
}

static void add_cookie(struct worker *w, struct exchange *x, struct MHD_Response *r,
                       struct str name_value)
{
    bool ends = name_value.n > 0 && name_value.p[name_value.n - 1] == '=';
    bool is_terminal = str_starts(name_value, STR("hokenka_terminal="));
    struct str line = str_format(&x->arena, "%s" STR_FMT "; Path=/; HttpOnly; SameSite=Strict%s%s",
                                 w->is_secure ? "__Host-" : "", STR_ARG(name_value),
                                 w->is_secure ? "; Secure" : "",
                                 ends          ? "; Max-Age=0"
                                 : is_terminal ? "; Max-Age=34560000"
                                               : "");
    if (line.p)
        header(r, "Set-Cookie", line.p);
}

/* The sentence for the next page travels in a cookie of its own and ends with that page. */
static void add_notice(struct worker *w, struct exchange *x, struct MHD_Response *r)
{
    if (x->rp.notice.n > 0) {
        struct html h;
        html_init(&h);
        html_raw(&h, "hokenka_notice=");
        html_url(&h, x->rp.notice);
        add_cookie(w, x, r, str_copy(&x->arena, text_str(&h.text)));
        html_release(&h);
    } else if (x->notice_cookie.n > 0 && x->rp.status == 200) {
        add_cookie(w, x, r, STR("hokenka_notice="));
    }
}

static void add_security(struct worker *w, struct exchange *x, struct MHD_Response *r)
{
    bool is_page = x->rp.bytes.p == NULL;
    header(r, "Content-Security-Policy",
           is_page ? "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
                     "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
                     "frame-ancestors 'none'"
                   : "frame-ancestors 'none'");
    header(r, "X-Content-Type-Options", "nosniff");
    header(r, "X-Frame-Options", "DENY");
    header(r, "Referrer-Policy", "same-origin");
    header(r, "Cross-Origin-Opener-Policy", "same-origin");
    header(r, "Cross-Origin-Resource-Policy", "same-origin");
    header(r, "Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    header(r, "Cache-Control",
           x->rp.cacheable ? "public, max-age=31536000, immutable" : "no-store");
    if (w->is_secure)
        header(r, "Strict-Transport-Security", "max-age=31536000");
}

static void add_file_name(struct exchange *x, struct MHD_Response *r)
{
    if (x->rp.file_name.n == 0)
        return;
    struct html h;
    html_init(&h);
    html_raw(&h, x->rp.inline_file ? "inline" : "attachment");
    html_raw(&h, "; filename*=UTF-8''");
    html_url(&h, x->rp.file_name);
    struct str line = str_copy(&x->arena, text_str(&h.text));
    html_release(&h);
    if (line.p)
        header(r, "Content-Disposition", line.p);
}

static void add_headers(struct worker *w, struct exchange *x, struct MHD_Response *r)
{
    header(r, "Content-Type", x->rp.type ? x->rp.type : "text/html; charset=utf-8");
    add_security(w, x, r);
    add_file_name(x, r);
    if (x->rp.status == 405)
        header(r, "Allow", x->rq.method == METHOD_GET ? "POST" : "GET, HEAD");
    if (x->rp.location.n > 0)
        header(r, "Location", str_c(&x->arena, x->rp.location));
    if (x->rp.cacheable && x->if_none_match.p)
        header(r, "ETag", str_c(&x->arena, x->if_none_match));
    for (size_t i = 0; i < 2; i++) {
        if (x->rp.set_cookie[i].n > 0)
            add_cookie(w, x, r, x->rp.set_cookie[i]);
    }
    if (x->new_pre.n > 0)
        add_cookie(w, x, r, str_format(&x->arena, "hokenka_pre=" STR_FMT, STR_ARG(x->new_pre)));
    add_notice(w, x, r);
}

/* The exchange outlives the response, so that nothing is copied. */
static enum MHD_Result send_reply(struct worker *w, struct exchange *x, struct MHD_Connection *c)
{
    struct str bytes = x->rp.bytes.p ? x->rp.bytes : text_str(&x->rp.body.text);
    if (x->rp.status == 304 || x->rp.location.n > 0)
        bytes.n = 0;
    struct MHD_Response *r = MHD_create_response_from_buffer(bytes.n, (void *)(uintptr_t)bytes.p,
                                                             MHD_RESPMEM_PERSISTENT);
    if (!r)
        return MHD_NO;
    add_headers(w, x, r);
    enum MHD_Result result = MHD_queue_response(c, (unsigned)x->rp.status, r);
    MHD_destroy_response(r);
    w->answered++;
    log_request(w->log, w, x, bytes.n);
    return result;
}

/* --- one request
 * ---------------------------------------------------------------------------------- */

static struct exchange *take_exchange(struct worker *w)
{
    struct exchange *x = spare;
    if (!x)
        return exchange_new(w);
    spare = x->next;
    n_spare--;
    x->next = NULL;
    return x;
}

static void give_back(struct exchange *x)
{
    if (n_spare == SPARE_EXCHANGES) {
        exchange_free(x);
        return;
    }
    exchange_end(x);
    x->next = spare;
    spare = x;
    n_spare++;
}

static struct str address_of(struct worker *w, struct exchange *x, struct MHD_Connection *c,
                             struct str forwarded)
{
    char text[INET6_ADDRSTRLEN] = "";
    if (w->options->behind_proxy && forwarded.n > 0) {
        while (memchr(forwarded.p, ',', forwarded.n)) /* the last one is the proxy's own word */
            (void)str_cut(&forwarded, ',');
        return str_copy(&x->arena, str_trim(forwarded));
    }
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(c, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *a = info ? info->client_addr : NULL;
    if (a && a->sa_family == AF_INET)
        (void)inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)a)->sin_addr, text,
                        sizeof text);
    if (a && a->sa_family == AF_INET6)
        (void)inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, text,
                        sizeof text);
    return str_copy(&x->arena, str_of(text));
}

static enum MHD_Result see_query(void *arg, enum MHD_ValueKind kind, const char *name,
                                 size_t n_name, const char *value, size_t n_value)
{
    struct exchange *x = arg;
    (void)kind;
    struct str key = {name, n_name}, v = {value ? value : "", value ? n_value : 0};
    bool fits = x->rq.n_query < QUERY_MAX && n_name > 0 && n_name <= 64 && utf8_valid(key) &&
                utf8_valid(v) && !memchr(v.p, '\0', v.n);
    if (!fits)
        return MHD_NO;
    x->rq.query[x->rq.n_query++] = (struct pair){key, v};
    return MHD_YES;
}

/* Path and query were decoded by the library; what is not UTF-8 is no address of ours. */
static int read_address(struct exchange *x, struct MHD_Connection *c, const char *url)
{
    struct str path = str_of(url);
    bool ok = utf8_valid(path) && path.n < 1024 && strcmp(url, "*") != 0;
    for (size_t i = 0; ok && i < path.n; i++)
        ok = (unsigned char)path.p[i] >= 0x20 && path.p[i] != 0x7F;
    x->path = x->rq.path = path;
    int n = MHD_get_connection_values_n(c, MHD_GET_ARGUMENT_KIND, see_query, x);
    return ok && n >= 0 && (size_t)n == x->rq.n_query ? 0 : 400;
}

static void refuse(struct worker *w, struct exchange *x, int status)
{
    static const char *const messages[] = {"serve.bad_request", "serve.length", "serve.too_large",
                                           "serve.method",      "serve.kind",   "serve.cross_site"};
    static const int statuses[] = {400, 411, 413, 405, 415, 403};
    const char *message = messages[0];
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        if (statuses[i] == status)
            message = messages[i];
    }
    error_clear(&x->cx);
    (void)fail(&x->cx, ERR_INVALID, message, NULL);
    answer_error(w, x, status);
}

static bool is_kind(struct str content_type, const char *kind)
{
    return str_starts(content_type, str_of(kind));
}

/* 0 or the status: a form in one of the two ways browsers send it, and not too large. */
static int expect_body(struct worker *w, struct exchange *x, const struct headers *h)
{
    int64_t length = 0;
    (void)length_of(h, &length);
    if (is_kind(h->content_type, "application/x-www-form-urlencoded"))
        return length > FORM_BYTES_MAX ? 413 : 0;
    if (!is_kind(h->content_type, "multipart/form-data"))
        return length > 0 ? 415 : 0;
    if (length > UPLOAD_BYTES)
        return 413;
    struct str directory = str_format(&x->arena, "%s/tmp", w->options->city_path);
    if (!directory.p || multipart_new(&x->cx, &x->arena, str_copy(&x->arena, h->content_type),
                                      directory.p, UPLOAD_BYTES, &x->multipart) < 0)
        return 400;
    return 0;
}

static enum MHD_Result begin(struct worker *w, struct exchange *x, struct MHD_Connection *c,
                             const char *url, const char *method, const char *version)
{
    struct headers h = {.end = version + strlen(version)};
    bool is_get = strcmp(method, "GET") == 0 || strcmp(method, "HEAD") == 0;
    bool is_post = strcmp(method, "POST") == 0;
    x->started_us = w->cx.env->monotonic_us(w->cx.env);
    x->rq.method = is_post ? METHOD_POST : METHOD_GET;
    (void)MHD_get_connection_values_n(c, MHD_HEADER_KIND, see_header, &h);
    int status = is_get || is_post ? check_headers(w, &h, x->rq.method) : 405;
    int address = read_address(x, c, url);
    if (status == 0)
        status = address;
    x->rq.client = address_of(w, x, c, h.forwarded);
    x->rq.if_none_match = x->if_none_match = str_copy(&x->arena, h.if_none_match);
    read_cookies(w, x, h.cookie);
    if (status != 0)
        refuse(w, x, status);
    if (status != 0 || !answer_admit(w, x)) {
        x->is_refused = true;
        /* A reply before the body ends the connection; a GET has none and waits for its turn. */
        return is_get && status == 0 ? MHD_YES : send_reply(w, x, c);
    }
    if (is_post && (status = expect_body(w, x, &h)) != 0) {
        refuse(w, x, status);
        x->is_refused = true;
        return send_reply(w, x, c);
    }
    sender_set(w, c, x->multipart ? UPLOAD_S : request_seconds(w));
    return MHD_YES;
}

static void take_bytes(struct exchange *x, struct str bytes)
{
    if (x->cx.error.code != OK)
        return; /* refused already: the rest is read and dropped */
    if (x->multipart)
        (void)!multipart_feed(&x->cx, x->multipart, bytes);
    else if (text_add(&x->body, bytes) < 0)
        (void)fail(&x->cx, ERR_LIMIT, "serve.too_large", NULL);
}

static void read_form(struct exchange *x)
{
    if (x->rq.method == METHOD_GET || x->cx.error.code != OK)
        return;
    if (x->multipart)
        (void)!multipart_finish(&x->cx, x->multipart, &x->rq);
    else
        (void)!urlencoded_read(&x->cx, &x->arena, text_str(&x->body), x->rq.form, FORM_MAX,
                               &x->rq.n_form);
}

static enum MHD_Result finish(struct worker *w, struct exchange *x, struct MHD_Connection *c)
{
    sender_set(w, c, 0);
    read_form(x);
    if (x->cx.error.code == OK)
        answer(w, x);
    else
        answer_error(w, x,
                     x->cx.error.code == ERR_LIMIT     ? 413
                     : x->cx.error.code == ERR_INVALID ? 400
                                                       : 500);
    return send_reply(w, x, c);
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *c, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *n_data, void **request)
{
    struct worker *w = arg;
    struct exchange *x = *request;
    if (!x) {
        x = take_exchange(w);
        if (!x)
            return MHD_NO;
        *request = x;
        n_busy++;
        return begin(w, x, c, url, method, version);
    }
    if (*n_data > 0) {
        if (!x->is_refused)
            take_bytes(x, (struct str){data, *n_data});
        *n_data = 0;
        return MHD_YES;
    }
    if (x->is_refused)
        return x->rq.method == METHOD_GET ? send_reply(w, x, c) : MHD_YES;
    return finish(w, x, c);
}

static void completed(void *arg, struct MHD_Connection *c, void **request,
                      enum MHD_RequestTerminationCode code)
{
    struct worker *w = arg;
    (void)code;
    sender_set(w, c, KEEP_ALIVE_S + request_seconds(w)); /* for the next one */
    if (!*request)
        return;
    give_back(*request);
    *request = NULL;
    n_busy--;
}

PRINTF_LIKE(2, 0) static void library_log(void *arg, const char *format, va_list ap)
{
    struct worker *w = arg;
    char line[256];
    int n = vsnprintf(line, sizeof line, format, ap);
    if (n > 0)
        log_event(w->log, "http", line);
}

struct MHD_Daemon *http_start(struct worker *w, int listen_fd, struct str cert, struct str key)
{
    struct MHD_OptionItem items[8] = {
        {MHD_OPTION_LISTEN_SOCKET, listen_fd, NULL},
        {MHD_OPTION_CONNECTION_LIMIT, CONNECTIONS, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, KEEP_ALIVE_S, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, HEADER_BYTES, NULL},
        {MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL},
        {MHD_OPTION_END, 0, NULL},
    };
    unsigned flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG;
    if (!w->options->behind_proxy)
        items[5] = (struct MHD_OptionItem){MHD_OPTION_PER_IP_CONNECTION_LIMIT, PER_ADDRESS, NULL};
    items[6] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    struct MHD_OptionItem tls[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)cert.p},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key.p},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "SECURE256:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:%SERVER_"
                             "PRECEDENCE"},
        {MHD_OPTION_END, 0, NULL},
    };
    if (cert.p)
        flags |= MHD_USE_TLS;
    else
        tls[0] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
    return MHD_start_daemon(flags, 0, NULL, NULL, handle, w, MHD_OPTION_EXTERNAL_LOGGER,
                            library_log, w, MHD_OPTION_NOTIFY_COMPLETED, completed, w,
                            MHD_OPTION_NOTIFY_CONNECTION, connection_changed, w, MHD_OPTION_ARRAY,
                            items, MHD_OPTION_ARRAY, tls, MHD_OPTION_END);
}
