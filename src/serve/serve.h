/*
 * serve: the HTTP server: processes, connections, sessions, routes.
 *
 * The parent binds the socket and forks; it holds no database, no thread and no HTTP daemon. Every
 * worker is one single-threaded process that opens everything itself; one more process runs queued
 * jobs. A worker that dies is replaced; SIGTERM to the parent ends all after their last reply.
 *
 * One request: strict checks of the headers → route → session → enrolled terminal → right →
 * (POST) token and one-time id → work → handler → audited? → page.
 *
 * Invariants
 * - A route without right or audit class, or two routes for one address, stop the start.
 * - An audited route that left no audit line sends no page.
 * - Nothing of a request outlives it: memory, temporary files, transactions.
 * - The access log knows routes, not addresses: no numbers or names of people stand in it.
 */
#ifndef SERVE_SERVE_H
#define SERVE_SERVE_H

#include "office/office.h"

struct serve_options {
    const char *city_path;
    const char *address;  /* "127.0.0.1"; others only with TLS or behind a proxy */
    int port;             /* 0: any free one, see port_file */
    int workers;          /* 0: four per core, at least eight */
    const char *tls_cert; /* PEM files; both or none */
    const char *tls_key;
    int request_seconds;   /* a request must have arrived whole after this; 0: 30 */
    bool behind_proxy;     /* a proxy on this machine speaks TLS and sends X-Forwarded-For */
    const char *port_file; /* the port in figures is written here when all is ready; may be NULL */
    const char *version;   /* of the program, for the footer */
    const char *log_path;  /* NULL: serve.log in the city's directory */
    /* Called by a child once the city is open, before the first request; may be NULL. */
    void (*ready)(struct context *cx, struct office *o, const char *url);
};
/* Serves until SIGTERM or SIGINT; 0 after a graceful end. */
int serve_run(struct context *cx, const struct serve_options *options) WARN_UNUSED;

/* --- routes ------------------------------------------------------------------------------ */

struct router;
/* Every route of every desk and of the server itself; ERR_INVALID naming the route when one is
 * malformed, open to all by mistake, or there twice. Lives as long as the arena of cx. */
int router_new(struct context *cx, const struct router **out) WARN_UNUSED;
/* The route of an address, its {parts} filled. ERR_NOT_FOUND; ERR_DENIED when only the other
 * method is known. `path` is decoded; parts point into it. */
int router_find(struct context *cx, const struct router *r, enum method method, struct str path,
                struct str part[PART_MAX], const struct route **out) WARN_UNUSED;
size_t router_count(const struct router *r);
const struct route *router_at(const struct router *r, size_t i);

/* --- readers of what comes from outside ---------------------------------------------------- */

enum { FORM_BYTES_MAX = 256 * 1024 };
/* application/x-www-form-urlencoded and queries. Strict: bad escapes, NUL, bytes that are no
 * UTF-8, more than `max` pairs, names over 64 bytes are refused. */
int urlencoded_read(struct context *cx, struct arena *arena, struct str s, struct pair *out,
                    size_t max, size_t *n) WARN_UNUSED;

/* multipart/form-data, fed as it comes; files go to `directory` (0600) and are removed by
 * multipart_end, whatever happened before. */
struct multipart;
int multipart_new(struct context *cx, struct arena *arena, struct str content_type,
                  const char *directory, int64_t file_maximum, struct multipart **out) WARN_UNUSED;
int multipart_feed(struct context *cx, struct multipart *m, struct str bytes) WARN_UNUSED;
/* All was fed: fields and uploads of the request. */
int multipart_finish(struct context *cx, struct multipart *m, struct request *rq) WARN_UNUSED;
void multipart_end(struct multipart *m);

#endif
