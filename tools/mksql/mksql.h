/*
 * mksql: schema.sql, <prefix>.sql and lists to typed C (src/store/SQL.md is the reference).
 *
 *     mksql PREFIX OUT.c OUT.h INPUT...
 *
 * An input named schema.sql or TOPIC_schema.sql holds tables, one in a folder named lists holds a list, every other one
 * holds queries. The first error ends the run with file, line and what was expected. The program
 * lives for one run: memory comes from one pool and is never given back.
 */
#ifndef MKSQL_H
#define MKSQL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { MAX_COLUMNS = 96, MAX_TABLES = 64, MAX_QUERIES = 400, MAX_PARAMS = 64, MAX_CLAUSES = 24 };

enum type { T_ID, T_COUNT, T_YEN, T_DAY, T_MONTH, T_TEXT, T_FLAG, T_BLOB, T_TIME, T_NONE };

/* --- input (read.c) ------------------------------------------------------------------------ */

struct source {
    const char *file;
    const char *text; /* whole file, NUL-terminated */
    const char *at;   /* reading position */
};
struct source source_read(const char *path);
int source_line(const struct source *s, const char *at);
_Noreturn void stop(const char *file, int line, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void *pool_take(size_t bytes); /* zeroed */
char *pool_copy(const char *from, size_t n);
char *pool_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Without blanks at both ends. */
char *trimmed(const char *from, size_t n);
/* The next word at *at (letters, digits, _); moves *at behind it; empty at anything else. */
char *next_word(const char **at);
const char *skip_blanks(const char *at);
/* One line "-- key: value" or NULL; *key and *value are set. */
bool header_line(const char *line, size_t n, char **key, char **value);
size_t line_length(const char *at);

struct buffer { /* grows inside the pool */
    char *p;
    size_t n;
    size_t cap;
};
void buffer_add(struct buffer *b, const char *from, size_t n);
void buffer_adds(struct buffer *b, const char *c_string);
void buffer_addf(struct buffer *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* --- tables (schema.c) --------------------------------------------------------------------- */

struct column {
    char *name;
    enum type type;
    bool not_null;
    bool primary;
    char *rest; /* constraints behind the type, engine independent */
    char *label;
    char *file;
    char *group;
    char *keep;
    char *mask;
    char *disclose;
    int line;
};
struct table {
    char *name;
    char *about;
    char *digest; /* NULL: not in the state digest */
    bool fact;
    bool chained;
    bool big;
    struct column columns[MAX_COLUMNS];
    int n_columns;
    char *clauses[MAX_CLAUSES]; /* primary key (...), unique (...), foreign key ... */
    int n_clauses;
    int key;        /* index of the single primary key column, -1 */
    int known_from; /* index of the event number, -1 */
    int line;
};
struct schema {
    const char *file;
    char *database;
    struct table *tables[MAX_TABLES];
    int n_tables;
    char *indexes[MAX_TABLES * 4];
    int n_indexes;
};
void schema_read(struct schema *schema, const char *path);
enum type type_of(const char *word);
/* A column that no row struct carries: known_to of a fact, seal of a chained table. */
bool column_is_managed(const struct table *t, const struct column *c);

/* --- statements (query.c, expand.c, list.c) ------------------------------------------------ */

enum rows { ROWS_ONE, ROWS_MAYBE, ROWS_MANY, ROWS_EXEC };
/* Struct parameters of the time markers: asof is known, valid; during is known, from, to. */
enum span { SPAN_NONE, SPAN_ASOF, SPAN_DURING };
struct param {
    char *name;
    enum type type;
    bool nullable;
    bool array;
    enum span span;
    char *label;    /* lists only */
    char *standard; /* lists only: the default */
    char *how;      /* lists only: computed from parameter `from`, never typed */
    int from;
    char *words;    /* lists only: message ids start like this, the code follows */
    bool is_people; /* lists only: a number of people, hidden when small */
    int used;
};
struct query {
    char *name;
    char *purpose;
    char *why;
    enum rows rows;
    struct param in[MAX_PARAMS];
    int n_in;
    struct param out[MAX_PARAMS];
    int n_out;
    char *sqlite; /* expanded; NULL: not on this engine */
    char *postgres;
    char *title; /* lists only */
    char *right;
    char *audit;
    char *small; /* the line of columns that count people, or "none" */
    char *total;
    char *sum; /* names of parameters and columns; NULL: none */
    char *day;
    char *chart;
    bool writes;
    bool is_list;
    const char *file;
    int line;
};
struct queries {
    struct query *rows[MAX_QUERIES];
    int n;
};
void queries_read(struct queries *q, const struct schema *schema, const char *path);
void list_read(struct queries *q, const struct schema *schema, const char *path);
/* "name type, name type?, ..." appended to params. */
void params_read(struct param *params, int *n, const char *text, const char *file, int line);
/* Markers and parameters of the statement text -> both engines' forms. */
void query_expand(struct query *q, const char *sql, bool for_sqlite, bool for_postgres);
/* {now p} and {open p} in the SELECT of the state digest. */
char *digest_expand(const char *file, int line, const char *sql);
int span_values(enum span span); /* statement parameters it takes */
void query_check(struct query *q, const struct schema *schema, const char *sql);

/* --- output -------------------------------------------------------------------------------- */

struct output {
    FILE *c;
    FILE *h;
    const char *prefix;
};
extern const char *const type_enum[];      /* "ST_ID" ... */
extern const char *const type_member[];    /* "int64_t" ... */
bool type_has_companion(enum type t);      /* a NULL needs a bool NAME_null beside the value */
void write_string(FILE *f, const char *s); /* as a C string literal */
void write_tables(const struct output *o, const struct schema *schema);
void write_table_statements(const struct output *o, const struct table *t);
void write_schema(const struct output *o, const struct schema *schema, const struct queries *q);
void write_query(const struct output *o, const struct query *q);
void write_list(const struct output *o, const struct query *q);
void write_params_member(FILE *f, const struct param *p);
void write_fields(FILE *f, const char *name, const char *owner, const struct param *params, int n,
                  const char *tail); /* further rows, as C text */

#endif
