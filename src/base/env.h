/*
 * env: everything outside the program comes through here: clock, random, files, faults.
 *
 * Three forms: env_real() for production; env_simulated() with a set clock and a seeded random;
 * env_faulty() wraps another one and makes the n-th call of a named operation fail.
 * Sockets are made by serve and by libcurl; their faults are named fault points.
 * The file functions are those of POSIX: -1 and errno. Files are opened close-on-exec.
 */
#ifndef BASE_ENV_H
#define BASE_ENV_H

#include "base/date.h"
#include "base/text.h"

#include <sys/types.h>

struct env {
    int64_t (*now_us)(struct env *);       /* wall clock, microseconds since 1970 UTC */
    int64_t (*monotonic_us)(struct env *); /* for durations */
    void (*random)(struct env *, void *out, size_t n);
    int (*open)(struct env *, const char *path, int flags, int mode);
    ssize_t (*read)(struct env *, int fd, void *buf, size_t n);
    ssize_t (*write)(struct env *, int fd, const void *buf, size_t n);
    int (*sync)(struct env *, int fd);
    int (*rename)(struct env *, const char *from, const char *to);
    int (*unlink)(struct env *, const char *path);
    int (*close)(struct env *, int fd);
    void *state;
};

struct env *env_real(void);
/* Clock starts at now_us and moves only by env_advance; random from the seed. */
int env_simulated(struct env *e, int64_t now_us, uint64_t seed);
void env_advance(struct env *e, int64_t by_us);
/* operation: "open", "read", "write", "sync", "rename", "unlink", "close"; nth from 1;
 * err: the errno given, 0 for a short count (read, write). Only that call fails. */
int env_faulty(struct env *e, struct env *inner, const char *operation, uint64_t nth, int err);
void env_release(struct env *e);

/* Today in Japan (UTC+9). */
struct ymd env_today(struct env *e);
/* "2026-06-15 09:30:00" Japan time. */
int text_add_time(struct text *t, int64_t time_us);
uint64_t env_random_u64(struct env *e);

/* The process environment (HOKENKA_...); NULL when unset or when running set-uid. */
const char *env_variable(const char *name);

/* Seeded generator (xoshiro256**), for demo cities and property tests: equal on every machine. */
struct prng {
    uint64_t s[4];
};
void prng_seed(struct prng *p, uint64_t seed);
uint64_t prng_next(struct prng *p);
uint64_t prng_below(struct prng *p, uint64_t n); /* uniform in 0..n-1, n > 0 */
bool prng_chance(struct prng *p, uint32_t per_million);

/* Named fault points: FAULT(cx, "levy.chunk.before_commit") gives ERR_FAULT when armed by the
 * environment variable HOKENKA_FAULT=name:nth[:kill] (kill: SIGKILL to ourselves). */
int fault_point(struct context *cx, const char *name) WARN_UNUSED;
/* As fault_point for places without a context: true when this call is the one to fail. */
bool fault_armed(const char *name);
/* Arms from a test: "name:nth[:kill]"; NULL disarms. False when malformed. */
bool fault_arm(const char *spec);
#define FAULT(cx, name) fault_point((cx), (name))

/* Whole files. */
int file_read(struct context *cx, const char *path, size_t maximum, struct text *out) WARN_UNUSED;
/* Written beside, synced, renamed: the old file or the new one, never half. */
int file_write(struct context *cx, const char *path, struct str bytes) WARN_UNUSED;

#endif
