/*
 * error: one structured record, filled by the function that fails first.
 *
 * Every fallible function returns an int: >= 0 is success (often 0, or 1/0 for found/not found),
 * < 0 is one of enum status. The record lives in the context that is passed down; callers add
 * what they were doing (error_add), they never replace. Japanese sentences live in the message
 * files (messages.tsv beside the module); C knows only their ids.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stddef.h>

enum status {
    OK = 0,
    ERR_MEMORY = -1,      /* out of memory, or over a stated maximum of a buffer */
    ERR_IO = -2,          /* open, read, write, sync, socket */
    ERR_SYNTAX = -3,      /* a text that does not parse: file, line, column say where */
    ERR_INVALID = -4,     /* a value that is not allowed: field says which */
    ERR_NOT_FOUND = -5,   /* asked for by key and not there */
    ERR_DENIED = -6,      /* no right, no session, no enrolment */
    ERR_STALE = -7,       /* somebody changed it since it was read */
    ERR_DUPLICATE = -8,   /* UNIQUE */
    ERR_REFERENCE = -9,   /* foreign key */
    ERR_CONSTRAINT = -10, /* CHECK, NOT NULL */
    ERR_RETRY = -11,      /* serialization, lock time-out: the transaction may be run again */
    ERR_RANGE = -12,      /* number over its limits */
    ERR_CORRUPT = -13,    /* stored data that contradict themselves */
    ERR_LIMIT = -14,      /* too many, too large, too often */
    ERR_FATAL = -15,      /* the connection or the disk is gone */
    ERR_FAULT = -16       /* an injected fault, tests only */
};

struct error {
    enum status code;
    char message[64]; /* id in the message files, for the clerk */
    char facts[512];  /* the values it speaks about; may hold personal data: never logged */
    char file[256];   /* where: file, line, column, field; empty or 0 when unknown */
    int line;
    int column;
    char field[96];
    char doing[512];  /* "read row 12 < import residents", outermost last */
    char detail[512]; /* technical, for the log only */
};

struct arena;
struct env;

/* What every fallible function is passed first. */
struct context {
    struct env *env;
    struct arena *arena; /* results that outlive the call are allocated here */
    struct error error;
};

#define WARN_UNUSED       __attribute__((warn_unused_result))
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

void context_init(struct context *cx, struct env *env, struct arena *arena);
void error_clear(struct context *cx);
/* Fills the record (unless it is filled already) and returns code. facts may be NULL. */
int fail(struct context *cx, enum status code, const char *message, const char *facts, ...)
    PRINTF_LIKE(4, 5);
/* Says where; keeps what is there already. Returns the code of the record. */
int fail_where(struct context *cx, const char *file, int line, int column, const char *field);
int fail_detail(struct context *cx, const char *detail, ...) PRINTF_LIKE(2, 3);
/* A caller adds what it was doing. Returns the code of the record. */
int error_add(struct context *cx, const char *doing, ...) PRINTF_LIKE(2, 3);
const char *status_name(enum status code);

/* Message files: id -> sentence and advice (Japanese). Built in by tools/mkmessage. */
struct message {
    const char *id;
    const char *text;
    const char *advice;
};
const struct message *message_find(const char *id);           /* NULL when unknown */
void message_table_set(const struct message *rows, size_t n); /* sorted by id */
/* Written by tools/mkmessage from every messages.tsv; the program calls it first. */
void messages_install(void);
struct text;
/* The whole error as a clerk or operator should read it: sentence, facts, where, what to do. */
int error_render(const struct error *e, struct text *out);
/* One line for the log: code, id, where, doing, detail; never the facts. */
int error_render_log(const struct error *e, struct text *out);

#endif
