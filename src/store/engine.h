/*
 * engine: inside of the store. An engine is a table of functions over one connection; everything
 * above it (transactions, rows, seals, chain) is the same for both.
 */
#ifndef STORE_ENGINE_H
#define STORE_ENGINE_H

#include "store/store.h"

#include <pthread.h>

enum {
    MAX_VALUES = 128, /* parameters or columns of one statement */
    MAX_CURSORS = 8,  /* open at once on one connection */
    MAX_NESTING = 16, /* transactions in transactions */
    MAX_SAVEPOINTS = 8,
    SALT_BYTES = 16,
    SEAL_BYTES = SALT_BYTES + (int)sizeof(struct digest),
    SALT_BLOCK = 256 * SALT_BYTES
};

struct sqlite3;
struct sqlite3_stmt;
struct pg_conn;
struct pg_result;

/* One statement prepared on one connection. */
struct prepared {
    const struct store_statement *q; /* NULL: free slot */
    struct sqlite3_stmt *stmt;
    unsigned number; /* PostgreSQL: its name is "h<number>" */
    bool busy;
};

struct store_cursor {
    struct store *st;
    const struct store_statement *q;
    struct prepared *p;
    struct sqlite3_stmt *stmt;
    struct pg_result *result;
    int row;
    bool open;
    bool stream; /* no other statement until it is closed */
    bool own;    /* the statement is the cursor's own, not kept */
    int64_t touched;
};

/* A row that the next chain link will cover. */
struct link_row {
    const struct store_table *table;
    int64_t key;
    struct digest digest;
};

struct place {
    const char *file;
    int line;
};
struct savepoint {
    size_t n_links;
    int64_t first_event;
    int64_t last_event;
};

/* The two lock files of a SQLite database (turnstile.c). */
struct turnstile {
    int turn;
    int write;
    int batch; /* held for the life of a batch; a counter only looks at it */
    uint64_t inode;
    bool held;
    struct turnstile *next; /* held in this process */
};

struct store;
struct settling;
/* settle.c: a commit is to be brought to the disk; the end, when all of them are there. */
void settle_ask(struct store *st);
void settle_end(struct store *st);

struct driver;
/* A row being sealed, serialised. */
struct seal_room {
    unsigned char *bytes;
    size_t cap;
};

struct store {
    enum store_engine engine;
    enum store_mode mode;
    const struct driver *driver;
    char *url;
    const char *place; /* path or conninfo, inside url */
    char *database;    /* "city", "audit": which tables stand here */
    struct sqlite3 *sqlite;
    struct pg_conn *pg;
    struct turnstile lock;
    int wal_pages;
    struct settling *settling; /* NULL: what is committed is on disk (settle.c) */
    struct prepared *prepared;
    size_t n_prepared;
    size_t cap_prepared;
    unsigned next_number;
    struct prepared *bulk; /* the insert of a bulk under way */
    struct store_cursor cursors[MAX_CURSORS];
    bool streaming;
    bool broken; /* the connection is lost */
    uint64_t statements;
    int64_t touched;

    int depth;
    bool writing;
    bool wrote;
    bool doomed;
    struct place opened[MAX_NESTING];
    struct place doomed_at;
    struct savepoint savepoints[MAX_SAVEPOINTS];
    int n_savepoints;
    int64_t first_event; /* opened in this transaction; 0: none yet */
    int64_t last_event;
    struct link_row *links;
    size_t n_links;
    size_t cap_links;
    int64_t ids_next;
    int64_t ids_end;

    unsigned char salts[SALT_BLOCK];
    size_t salts_left;
    struct seal_room seal_room;
    unsigned char *copy; /* PostgreSQL: rows on their way */
    size_t copy_n;
    size_t copy_cap;
    struct arena row_arena; /* the row a streaming callback sees */
};

struct driver {
    int (*connect)(struct context *cx, struct store *st, bool create);
    void (*disconnect)(struct store *st);
    int (*begin)(struct context *cx, struct store *st, bool write);
    int (*commit)(struct context *cx, struct store *st);
    void (*rollback)(struct store *st);
    /* Commands of the engine or DDL: several, no parameters, no rows. */
    int (*command)(struct context *cx, struct store *st, const char *sql);
    int (*query)(struct context *cx, struct store_cursor *c, const struct store_value *in);
    /* q->columns < 0: any number of columns; value types are what the engine has. */
    int (*step)(struct context *cx, struct store_cursor *c, struct store_value *out);
    void (*finish)(struct store_cursor *c);
    /* Prepares without running; columns must be as many and of the kind that q says. */
    int (*check)(struct context *cx, struct store *st, const struct store_statement *q);
    int (*columns)(const struct store_cursor *c);
    const char *(*column_name)(const struct store_cursor *c, int column);
    int (*bulk_begin)(struct context *cx, struct store *st, const struct store_table *t);
    int (*bulk_row)(struct context *cx, struct store *st, const struct store_value *values, int n);
    int (*bulk_end)(struct context *cx, struct store *st, bool keep);
};
extern const struct driver sqlite_driver;
extern const struct driver postgres_driver;

/* --- registry (registry.c) ----------------------------------------------------------------- */

enum { MAX_SCHEMAS = 48, MAX_CHECKS = 32 };
extern const struct store_schema *store_schemas[MAX_SCHEMAS];
extern size_t store_n_schemas;
extern store_check_fn *store_checks[MAX_CHECKS];
extern size_t store_n_checks;
extern store_verify_fn *store_verifiers[MAX_CHECKS];
extern size_t store_n_verifiers;
bool schema_is_here(const struct store *st, const struct store_schema *schema);
struct digest schema_hash(const char *database);
/* Calls fn for every table of the database; a negative result ends the walk. */
typedef int table_fn(struct context *cx, struct store *st, const struct store_table *t, void *arg);
int store_each_table(struct context *cx, struct store *st, table_fn *fn, void *arg);

/* --- opening and creating (store.c, create.c) ------------------------------------------------ */

#define STORE_SCHEMA_HASH "schema_hash" /* in store_info */
int store_connect(struct context *cx, const char *url, enum store_mode mode, bool create,
                  struct store **out);
void store_free(struct store *st);
int store_set_database(struct context *cx, struct store *st, struct str name);
/* Refuse a database that holds something already. */
int store_create_tables(struct context *cx, struct store *st);
int store_create_indexes(struct context *cx, struct store *st);

/* --- statements (statement.c, value.c) ----------------------------------------------------- */

struct prepared *prepared_find(struct context *cx, struct store *st,
                               const struct store_statement *q);
/* stream: rows come as they are read, and nothing else may run meanwhile. */
int store_cursor_open(struct context *cx, struct store *st, const struct store_statement *q,
                      const struct store_value *in, bool stream, struct store_cursor **out);
/* Fills a value from a struct member; days and months are written as text. */
int field_value(struct context *cx, const struct store_field *f, const void *base,
                struct store_value *out);
/* The reverse; texts are copied to the arena. */
int field_set(struct context *cx, const struct store_field *f, const struct store_value *v,
              struct arena *texts, void *base);
int field_values(struct context *cx, const struct store_field *fields, int n, const void *base,
                 struct store_value *out);
bool type_is_number(enum store_type type);
/* A statement that declares a number and selects a text would be read as 0: refused. Sets the
 * declared type. */
int field_kind(struct context *cx, const struct store_field *f, struct store_value *v);
/* The message id for a status that an engine reports. */
const char *store_message(enum status status);
/* Marks the transaction as one that can only be rolled back. */
int store_doom(struct store *st, int rc);
int store_failed(struct context *cx, struct store *st, const struct store_statement *q, int rc);

/* A thread of the store beside the work (settle.c); signals are for the thread that does the work.
 * 0, or an error number. */
int store_thread(pthread_t *out, void *(*run)(void *), void *arg) WARN_UNUSED;

/* --- seals and chain (seal.c, chain.c) ----------------------------------------------------- */

/* The digest of a row's values under a salt; room grows as the row asks. */
int seal_digest(struct context *cx, struct seal_room *room, const struct store_table *t,
                const struct store_value *values, const unsigned char *salt, struct digest *out);
/* Bytes that seal_digest asks room for. */
size_t seal_size(const struct store_table *t, const struct store_value *values);
/* A row of a bulk insert: which one, and who seals ahead of it (NULL: nobody). */
struct bulk_place {
    struct seal_ahead *ahead;
    size_t at;
};
/* Takes or draws a salt, writes salt and digest to seal, puts the row on the transaction's list. */
int seal_row(struct context *cx, struct store *st, const struct store_table *t,
             const struct store_value *values, const struct bulk_place *place,
             unsigned char seal[SEAL_BYTES]);
/* Starts sealing rows in a thread; they stay where they are until it ends. NULL: not worth it, or
 * there is no room for it; all is sealed where it is written then. */
struct seal_ahead *seal_ahead_begin(struct context *cx, const struct store_table *t,
                                    const void *rows, size_t n) WARN_UNUSED;
/* Waits for one row; false: seal it yourself. salt lives until the end. */
bool seal_ahead_of(struct seal_ahead *s, size_t at, const unsigned char **salt,
                   struct digest *digest);
void seal_ahead_end(struct seal_ahead *s);
int chain_add(struct context *cx, struct store *st, const struct link_row *row);
/* Writes the link of this transaction, when it has one. */
int chain_close(struct context *cx, struct store *st);
struct hasher part_hash_begin(const char *table);
void part_hash_row(struct hasher *h, int64_t key, const struct digest *d);
struct link_facts {
    int64_t link_no;
    int64_t first_event;
    int64_t last_event;
};
struct hasher link_hash_begin(const struct link_facts *l, struct str previous);
void link_hash_part(struct hasher *h, struct str table, int64_t rows, struct str digest);

/* --- turnstile ----------------------------------------------------------------------------- */

int turnstile_open(struct context *cx, struct store *st);
void turnstile_close(struct turnstile *t);
int turnstile_take(struct context *cx, struct turnstile *t);
void turnstile_leave(struct turnstile *t);
/* A batch has the database open just now. */
bool turnstile_batch_runs(const struct turnstile *t);

/* --- SQLite's own (sqlite_memory.c, sqlite_functions.c) ------------------------------------ */

int sqlite_memory_install(struct context *cx);
int sqlite_functions_add(struct sqlite3 *db);

#endif
