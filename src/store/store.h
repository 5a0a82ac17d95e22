/*
 * store: one interface over SQLite and PostgreSQL.
 *
 * A store is one open connection of a single-threaded process, opened after fork. Statements are
 * not written here: tools/mksql turns the named blocks of a .sql file into typed C functions that
 * call the lower half of this header (see SQL.md).
 *
 * Writing. A write transaction takes the writer lock at once (SQLite: the fair turnstile of two
 * lock files beside the database; PostgreSQL: an advisory lock), so event numbers are in commit
 * order on both engines. Transactions nest: an inner begin/commit only counts, an inner rollback
 * dooms the outer one; file and line of every open begin are kept for error messages.
 *
 * Facts. Rows of a fact table are opened by an event (known_from) and closed by a later one
 * (known_to); known_to is the only column ever updated. Every inserted row of a chained table
 * gets a salt and a digest (column `seal`); commit adds one link to the chain: previous link,
 * event range, digest of the new rows' digests in (table, key) order. Closing a row writes a row
 * in `closure`, itself chained, from which verify rebuilds known_to.
 *
 * Money that is written in a transaction is re-read before COMMIT by the balance checks that
 * desks register (store_check_add).
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/base.h"

struct store;

/* Array parameters of statements. */
struct store_id_list {
    const int64_t *p;
    size_t n;
};
struct store_text_list {
    const struct str *p;
    size_t n;
};

enum store_engine { STORE_SQLITE, STORE_POSTGRES };
enum store_mode {
    STORE_READ,  /* read-only connection (read pages) */
    STORE_WRITE, /* counter: short write transactions */
    STORE_BATCH  /* jobs: large cache; one batch per database at a time */
};

/* url: "sqlite:/path/city.db" or "postgres:CONNINFO" (libpq). The schema must exist unless
 * store_create is used. */
int store_open(struct context *cx, const char *url, enum store_mode mode,
               struct store **out) WARN_UNUSED;
void store_close(struct store *st);
enum store_engine store_engine(const struct store *st);
const char *store_url(const struct store *st);
/* False when the connection is lost: close it and open another. */
bool store_is_usable(const struct store *st);

/* Creates an empty database with all registered schemas (error when it holds one already):
 * those whose schema.sql names no database, or the one named ("audit"). */
int store_create(struct context *cx, const char *url) WARN_UNUSED;
int store_create_named(struct context *cx, const char *url, const char *database) WARN_UNUSED;
/* Tables of the program, generated (party_schema, ...); called once at start by cli, in the order
 * base to desk, so that a table stands before those that reference it. */
struct store_schema;
void store_schema_add(const struct store_schema *schema);
/* Statistics for the query planner, after a large load. Inside no transaction. */
int store_analyze(struct context *cx, struct store *st) WARN_UNUSED;

/* --- transactions ------------------------------------------------------------------------ */

int store_begin_at(struct context *cx, struct store *st, bool write, const char *file,
                   int line) WARN_UNUSED;
#define STORE_BEGIN(cx, st)      store_begin_at((cx), (st), true, __FILE__, __LINE__)
#define STORE_BEGIN_READ(cx, st) store_begin_at((cx), (st), false, __FILE__, __LINE__)
int store_commit(struct context *cx, struct store *st) WARN_UNUSED;
/* From now on a commit of this connection returns when others can read it, and is brought to the
 * disk beside what follows; SQLite only, elsewhere nothing changes. ERR_IO, ERR_MEMORY: nothing has
 * changed. For records that must be on disk before what they record is shown, not before it is
 * looked up. */
int store_settle_later(struct context *cx, struct store *st) WARN_UNUSED;
/* Returns when everything committed is on disk. ERR_IO: something is not and never will be. */
int store_settle(struct context *cx, struct store *st) WARN_UNUSED;
void store_rollback(struct store *st); /* never fails: at worst the connection is dropped */
bool store_in_transaction(const struct store *st);
/* A SAVEPOINT around statements whose failure is tolerated. */
int store_savepoint(struct context *cx, struct store *st) WARN_UNUSED;
int store_savepoint_end(struct context *cx, struct store *st, bool keep) WARN_UNUSED;

/* Runs in every outer commit that wrote, before COMMIT; a negative result refuses the commit. */
typedef int store_check_fn(struct context *cx, struct store *st, int64_t first_event,
                           int64_t last_event);
void store_check_add(store_check_fn *check);

/* --- ids and events ---------------------------------------------------------------------- */

/* Surrogate ids carry no order; taken in blocks, some may stay unused. */
int store_ids(struct context *cx, struct store *st, int64_t n, int64_t *first) WARN_UNUSED;

/* Running numbers without gaps, inside the write transaction ("notice.2026", "household"). */
int store_number(struct context *cx, struct store *st, struct str series, int64_t n,
                 int64_t *first) WARN_UNUSED;

enum event_status { EVENT_ENTERED, EVENT_CHECKED, EVENT_APPROVED, EVENT_REJECTED };

/* 異動・届出・決定・取込. Everything but `no` is set by the caller. */
struct event {
    int64_t no;           /* out: number in commit order */
    struct str kind;      /* "party.move_in", "levy.draft", ... */
    struct ymd effective; /* 異動日 */
    struct ymd received;  /* 届出日, day we learned it */
    struct str source;    /* who told us: "resident", "tax", "person", ... */
    struct str route;     /* how: "file", "counter", "link", "job" */
    struct str reason;    /* 職権 and overrides: why; may be empty */
    int64_t entered_by;   /* user ids; 0: none yet */
    int64_t checked_by;
    int64_t approved_by;
    enum event_status status;
    int64_t household_id; /* 0: not about one household */
    int64_t person_id;    /* 0: not about one person */
    int64_t job_id;       /* 0: not from a job */
    int64_t entered_at;   /* out of event_get and event_history: microseconds */
};
/* Inside a write transaction: takes the next number, writes the row, sets e->no. */
int event_open(struct context *cx, struct store *st, struct event *e) WARN_UNUSED;
int event_get(struct context *cx, struct store *st, int64_t no, struct event *out) WARN_UNUSED;
/* The newest event that touched the household after `since` (0: none). For lost updates. */
int event_newer(struct context *cx, struct store *st, int64_t household_id, int64_t since,
                int64_t *no) WARN_UNUSED;
/* Events about a household or any of the persons, newest first: the timeline. */
struct event_history {
    int64_t household_id; /* 0: none */
    struct store_id_list person_ids;
    int64_t before; /* only older ones: the next page; 0: from the newest */
    int64_t limit;
};
struct event_list {
    struct event *rows;
    size_t n;
};
int event_history(struct context *cx, struct store *st, const struct event_history *query,
                  struct event_list *out) WARN_UNUSED;
int event_last(struct context *cx, struct store *st, int64_t *no) WARN_UNUSED;

/* Many at once, in order: numbers are set. */
int event_open_bulk(struct context *cx, struct store *st, struct event *events,
                    size_t n) WARN_UNUSED;
/* A second person checked, approved or rejected an event: a further event with a mark, so that
 * nothing is updated. event_get gives the newest status and who set it. */
struct event_decision {
    int64_t event_no;
    enum event_status status; /* EVENT_CHECKED, EVENT_APPROVED, EVENT_REJECTED */
    int64_t user_id;
    struct str reason; /* may be STR_NONE */
};
int event_decide(struct context *cx, struct store *st, const struct event_decision *d,
                 int64_t *by_event) WARN_UNUSED;

/* valid: the day it was so (valid_from <= day < valid_to); known: the event number up to which we
 * look (known_from <= number < known_to). */
struct asof {
    struct ymd valid;
    int64_t known;
};
#define KNOWN_NOW INT64_MAX
/* What overlapped the half-open days from <= day < to, as known at an event number. */
struct during {
    struct ymd from;
    struct ymd to;
    int64_t known;
};

/* --- proof ------------------------------------------------------------------------------- */

/* One finding of verify: a table and a row, in words for the operator. */
struct finding {
    struct str table;
    struct str key;
    struct str what; /* message id */
    struct str facts;
};
typedef int finding_fn(void *arg, const struct finding *f);
/* Recomputes every row seal, the chain, closures, and the anchors; then the registered desk
 * checks. Returns the number of findings or < 0. */
int store_verify(struct context *cx, struct store *st, finding_fn *report, void *arg) WARN_UNUSED;
typedef int store_verify_fn(struct context *cx, struct store *st, finding_fn *report, void *arg);
void store_verify_add(store_verify_fn *check);
/* Over every table marked with a digest select: equal on both engines and on equal runs. */
int store_state_digest(struct context *cx, struct store *st, struct digest *out) WARN_UNUSED;
/* The same per table, for finding where two differ. */
typedef int table_digest_fn(void *arg, struct str table, const struct digest *d, int64_t rows);
int store_table_digests(struct context *cx, struct store *st, table_digest_fn *fn,
                        void *arg) WARN_UNUSED;
/* The newest chain link: what the daily anchor carries off the machine. */
int store_chain_head(struct context *cx, struct store *st, int64_t *link,
                     struct digest *out) WARN_UNUSED;
/* One line "time link digest" at the end of a file that lies elsewhere (another disk, a printer,
 * the prefecture); checking it finds a cut tail and a chain that was written anew. */
int store_anchor_add(struct context *cx, struct store *st, const char *path) WARN_UNUSED;
int store_anchor_check(struct context *cx, struct store *st, const char *path, finding_fn *report,
                       void *arg) WARN_UNUSED;

/* --- for tests and doctor ------------------------------------------------------------------ */

/* Prepares every registered statement without running it: columns and parameters as declared.
 * Returns how many. */
int store_check_statements(struct context *cx, struct store *st) WARN_UNUSED;
struct store_statement;
struct store_table;
typedef int plan_fn(void *arg, const struct store_statement *q, const struct store_table *t,
                    struct str detail);
/* SQLite: statements that read a whole big table. Returns how many. */
int store_plan_scans(struct context *cx, struct store *st, plan_fn *fn, void *arg) WARN_UNUSED;
/* What the database holds, table by table and column by column: the data map. */
struct store_column;
typedef int column_fn(void *arg, const struct store_table *t, const struct store_column *c);
int store_each_column(struct context *cx, struct store *st, column_fn *fn, void *arg) WARN_UNUSED;

/* --- backup -------------------------------------------------------------------------------- */

/* One file that holds the whole database as of one moment, while others go on writing; written
 * beside and renamed, so it is whole or not there. */
int store_backup(struct context *cx, struct store *st, const char *path) WARN_UNUSED;
/* Into a place that holds nothing yet; the file's own digest is checked first. */
int store_restore(struct context *cx, const char *path, const char *url) WARN_UNUSED;

/* --- lower half, called by generated code ------------------------------------------------- */

enum store_type {
    ST_ID,
    ST_COUNT,
    ST_YEN,
    ST_DAY,
    ST_MONTH,
    ST_TEXT,
    ST_FLAG,
    ST_BLOB,
    ST_TIME,
    ST_IDS,  /* parameters only: struct store_id_list */
    ST_TEXTS /* parameters only: struct store_text_list */
};
/* A member of a C struct that is bound to a parameter or filled from a column. */
struct store_field {
    const char *name;
    enum store_type type;
    bool nullable;
    uint32_t offset;
    uint32_t null_offset; /* of the bool NAME_null; 0: the type has its own NULL */
};

enum store_rows { ROWS_ONE, ROWS_MAYBE, ROWS_MANY, ROWS_EXEC };
struct store_statement { /* static, one per named block */
    const char *name;    /* "party.person_by_no" */
    const char *sqlite;  /* NULL: not on this engine */
    const char *postgres;
    enum store_rows rows;
    bool writes;
    int parameters;
    int columns;
    const struct store_field *in;
    const struct store_field *out;
    size_t row_size;
};
struct store_result {
    void *rows; /* in cx->arena */
    size_t n;
};
typedef int store_row_fn(void *arg, const void *row);
/* in: the statement's _in struct or NULL. */
int store_exec(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in) WARN_UNUSED; /* rows touched */
int store_row(struct context *cx, struct store *st, const struct store_statement *q, const void *in,
              void *row) WARN_UNUSED; /* 1 found, 0 not */
int store_rows(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in, struct store_result *out) WARN_UNUSED;
struct store_visit {
    store_row_fn *fn;
    void *arg;
};
/* A negative result of fn ends the walk and is returned. */
int store_each(struct context *cx, struct store *st, const struct store_statement *q,
               const void *in, const struct store_visit *visit) WARN_UNUSED;

struct store_column { /* what every column says about itself */
    const char *name;
    enum store_type type;
    bool nullable;
    const char *label; /* 日本語名 */
    const char *file;  /* personal-data file */
    const char *group; /* item group */
    const char *keep;  /* how long */
    const char *mask;
    const char *disclose;
};
struct store_table {
    const char *name;
    const char *about;
    bool fact;
    bool chained;
    bool big;                           /* a full scan of it is a finding of the plan test */
    const char *digest;                 /* SELECT of the state digest or NULL */
    const char *sqlite;                 /* create table */
    const char *postgres;               /* create table and comments */
    const char *copy;                   /* COPY ... FROM STDIN BINARY */
    const struct store_column *columns; /* all, in order */
    int n_columns;
    const struct store_field *fields; /* written: without known_to and seal */
    int n_fields;
    int key; /* indexes into fields; -1: none */
    int known_from;
    size_t row_size;
    const struct store_statement *insert;
    const struct store_statement *close;  /* one fact */
    const struct store_statement *closes; /* many */
    const struct store_statement *scan;   /* every row: fields, seal, known_to of facts */
    const struct store_statement *load;   /* facts: an insert with known_to, for restore */
    const char *load_copy;
    const struct store_statement *seal_of; /* event number and seal of one row by key */
    const struct store_statement *purge;   /* delete one row by key: the retention job */
};
extern const struct store_field store_close_fields[2];  /* key, event number */
extern const struct store_field store_closes_fields[2]; /* keys, event number */
int store_insert(struct context *cx, struct store *st, const struct store_table *t,
                 const void *row) WARN_UNUSED;
int store_bulk(struct context *cx, struct store *st, const struct store_table *t, const void *rows,
               size_t n) WARN_UNUSED;
int store_close_fact(struct context *cx, struct store *st, const struct store_table *t, int64_t key,
                     int64_t event_no) WARN_UNUSED;
int store_close_facts(struct context *cx, struct store *st, const struct store_table *t,
                      const struct store_id_list *keys, int64_t event_no) WARN_UNUSED;
/* The retention job deletes content whose time has passed; digests stay so that the chain holds. */
int store_purge(struct context *cx, struct store *st, const struct store_table *t,
                const struct store_id_list *keys, int64_t event_no) WARN_UNUSED;

/* A list: one SELECT that the office shows, prints and exports. Headings stand in the fields'
 * order; statement->in and ->out name and type them. */
struct list_derived { /* a parameter computed from another one: "month_from", "age_from 65" */
    const char *how;
    int parameter;
};
struct list_definition {
    const char *name;
    const char *title;
    const char *purpose;
    const char *right;
    const char *audit;
    const char *const *parameter_labels; /* then those derived, then an asof as two fields */
    const char *const *parameter_defaults;
    const char *const *column_labels;
    const struct store_statement *statement;
    const struct list_derived *derived; /* up to how == NULL */
    const bool *is_people;              /* per column: a number of people, hidden when small */
    const char *const *words;           /* per column: its codes are messages of that prefix */
    const char *total;                  /* label of a last row of sums; NULL: none */
    int sum;                            /* the column that adds up the others of people; -1 */
    int day;                            /* the parameter that says as of which day; -1 */
    int chart_label;                    /* columns of a bar chart; -1 */
    int chart_value;
};

struct store_schema {
    const char *name;
    const char *database;
    const struct store_table *const *tables;
    size_t n_tables;
    const char *const *indexes;
    size_t n_indexes;
    const struct store_statement *const *statements;
    size_t n_statements;
    const struct list_definition *const *lists;
    size_t n_lists;
};

/* Values one by one, for what has no struct (lists, exports). */
struct store_value { /* one parameter or column */
    enum store_type type;
    bool is_null;
    int64_t i;        /* id, count, yen, flag, time */
    struct str s;     /* text, blob, day and month as text; borrowed until the next step */
    char scratch[12]; /* a day or month written as text: field_value fills it */
};
struct store_cursor;
int store_query(struct context *cx, struct store *st, const struct store_statement *q,
                const struct store_value *in, struct store_cursor **out) WARN_UNUSED;
/* 1 a row, 0 the end, < 0 error. */
int store_step(struct context *cx, struct store_cursor *c, struct store_value *out) WARN_UNUSED;
void store_cursor_close(struct store_cursor *c);
/* Statements run since the connection was opened: pages have a budget of them. */
uint64_t store_statements(const struct store *st);

#endif
