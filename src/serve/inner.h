/*
 * inner: what the files of serve share with one another.
 */
#ifndef SERVE_INNER_H
#define SERVE_INNER_H

#include "serve/serve.h"

struct log;

/* One process: a worker, or a test. */
struct worker {
    struct context cx; /* arena: process life time */
    struct arena arena;
    const struct serve_options *options;
    const struct router *router;
    struct office *office;
    struct log *log;
    bool is_secure; /* TLS, here or in the proxy before us */
    int number;
    uint64_t answered;
    const struct route *called[256]; /* that have run once in this process */
    size_t n_called;
};

/* One request and its answer. Reused: all memory of a request hangs on its arena and body. */
struct exchange {
    struct arena arena;
    struct context cx; /* fresh for every request */
    struct request rq;
    struct reply rp;
    struct frame frame;
    struct session session;
    const struct route *route;
    bool has_session; /* signed in or on the way */
    bool is_admitted;
    bool is_refused; /* answered already, the body is not wanted */
    struct str notice_cookie;
    struct str pre_cookie; /* visitor's cookie for tokens of public forms */
    struct str new_pre;    /* to be set */
    struct str if_none_match;
    struct str path;
    struct text body; /* of the request */
    struct multipart *multipart;
    char reference[17];
    int64_t started_us;
    int64_t handler_us;
    uint64_t statements;   /* of the handler */
    struct exchange *next; /* free list */
};
struct exchange *exchange_new(struct worker *w); /* NULL: out of memory */
void exchange_end(struct exchange *x); /* temporary files go, memory is kept for the next */
void exchange_free(struct exchange *x);

/* answer.c: first the headers, then (when the body is there) the rest. Never fails: the reply says
 * what went wrong. admit returns false when the reply is complete without the body. */
bool answer_admit(struct worker *w, struct exchange *x);
void answer(struct worker *w, struct exchange *x);
/* A page for the error in x->cx with its status. */
void answer_error(struct worker *w, struct exchange *x, int status);

/* frame.c: everything that stands around the page. */
void frame_fill(struct worker *w, struct exchange *x);

/* style.c: the components with made-up contents. */
int style_show(struct work *w, struct request *rq, struct reply *rp) WARN_UNUSED;
int style_save(struct work *w, struct request *rq, struct reply *rp) WARN_UNUSED;

/* names.c: a font for the rare characters of a page, and the page's link to it. */
void names_add_font(struct exchange *x);
int names_show(struct work *w, struct request *rq, struct reply *rp) WARN_UNUSED;

/* own.c: routes of the server itself. */
const struct route *own_routes(size_t *n);
/* Static files need no session: true when the path was one, x->rp is filled then. */
bool own_static(struct exchange *x);

/* http.c: libmicrohttpd. */
struct MHD_Daemon;
struct MHD_Daemon *http_start(struct worker *w, int listen_fd, struct str cert, struct str key);
/* Ends connections that have not finished their request in time (slow senders). */
void http_sweep(struct worker *w);
size_t http_busy(void); /* requests under way */

/* log.c: one JSON line per event, without personal data. */
int log_open(struct context *cx, const char *path, struct log **out) WARN_UNUSED;
void log_close(struct log *l);
void log_request(struct log *l, const struct worker *w, const struct exchange *x, size_t bytes);
void log_event(struct log *l, const char *event, const char *detail);

#endif
