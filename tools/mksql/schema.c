/* schema: reads schema.sql, the truth about tables. */
#include "mksql.h"

#include <ctype.h>
#include <string.h>

static const char *const type_words[] = {"id",   "count", "yen",  "day", "month",
                                         "text", "flag",  "blob", "time"};
static const char *const asof_columns[] = {"valid_from", "valid_to", "known_from", "known_to"};

/* Reserved in PostgreSQL (or SQLite): a column of this name would not parse there. */
static const char *const reserved[] = {
    "all",       "analyze", "and",      "any",    "array",     "as",      "asc",     "between",
    "by",        "case",    "cast",     "check",  "collate",   "column",  "create",  "cross",
    "default",   "desc",    "distinct", "do",     "else",      "end",     "except",  "false",
    "fetch",     "for",     "foreign",  "from",   "full",      "grant",   "group",   "having",
    "in",        "index",   "inner",    "into",   "is",        "isnull",  "join",    "lateral",
    "leading",   "left",    "like",     "limit",  "natural",   "not",     "null",    "offset",
    "on",        "only",    "or",       "order",  "outer",     "placing", "primary", "references",
    "returning", "right",   "select",   "some",   "symmetric", "table",   "then",    "to",
    "trailing",  "true",    "union",    "unique", "user",      "using",   "values",  "when",
    "where",     "window",  "with"};

enum type type_of(const char *word)
{
    for (int i = 0; i < T_NONE; i++)
        if (strcmp(word, type_words[i]) == 0)
            return (enum type)i;
    return T_NONE;
}

static bool is_reserved(const char *name)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strcmp(name, reserved[i]) == 0)
            return true;
    return false;
}

static bool is_asof_column(const char *name)
{
    for (size_t i = 0; i < sizeof asof_columns / sizeof *asof_columns; i++)
        if (strcmp(name, asof_columns[i]) == 0)
            return true;
    return false;
}

bool column_is_managed(const struct table *t, const struct column *c)
{
    return (t->fact && strcmp(c->name, "known_to") == 0) ||
           (t->chained && strcmp(c->name, "seal") == 0);
}

/* "氏名カナ | 宛名 四情報 7年 氏名 開示" */
static void read_note(struct column *c, const char *note, const char *file)
{
    const char *bar = strchr(note, '|');
    if (!bar)
        stop(file, c->line, "column %s: comment must be '-- name | FILE GROUP KEEP MASK DISCLOSE'",
             c->name);
    c->label = trimmed(note, (size_t)(bar - note));
    char **words[] = {&c->file, &c->group, &c->keep, &c->mask, &c->disclose};
    const char *at = bar + 1;
    for (size_t i = 0; i < 5; i++) {
        while (*at == ' ')
            at++;
        size_t n = strcspn(at, " ");
        if (n == 0)
            stop(file, c->line, "column %s: five words expected behind '|', found %zu", c->name, i);
        *words[i] = pool_copy(at, n);
        at += n;
    }
    if (*trimmed(at, strlen(at)))
        stop(file, c->line, "column %s: more than five words behind '|'", c->name);
}

/* One piece between commas of a create table body, with the comments that belong to it. */
struct piece {
    char *text;
    char *note;
    int line;
    bool last;
};

static void add_note(struct buffer *note, const char *at, size_t n)
{
    char *words = trimmed(at + 2, n - 2);
    if (note->n > 0 && *words)
        buffer_adds(note, " ");
    buffer_adds(note, words);
}

/* Reads up to the comma at depth 0 (and the comment behind it on the line) or the closing one. */
static struct piece read_piece(struct source *s)
{
    struct buffer text = {0};
    struct buffer note = {0};
    struct piece piece = {.line = source_line(s, skip_blanks(s->at))};
    int depth = 0;
    for (const char *p = s->at;; p++) {
        if (*p == 0)
            stop(s->file, piece.line, "the table is not closed");
        if (p[0] == '-' && p[1] == '-') {
            size_t n = line_length(p);
            add_note(&note, p, n);
            p += n - 1;
            continue;
        }
        depth += *p == '(';
        depth -= *p == ')';
        if (depth < 0 || (depth == 0 && *p == ',')) {
            piece.last = depth < 0;
            s->at = p + 1;
            break;
        }
        buffer_add(&text, p, 1);
    }
    if (!piece.last) {
        const char *p = s->at;
        while (*p == ' ')
            p++;
        if (p[0] == '-' && p[1] == '-') {
            size_t n = line_length(p);
            add_note(&note, p, n);
            s->at = p + n;
        }
    }
    piece.text = trimmed(text.p ? text.p : "", text.n);
    piece.note = note.p;
    return piece;
}

static bool is_clause(const char *word)
{
    return strcmp(word, "primary") == 0 || strcmp(word, "unique") == 0 ||
           strcmp(word, "check") == 0 || strcmp(word, "foreign") == 0 ||
           strcmp(word, "constraint") == 0;
}

static void read_column(struct schema *schema, struct table *t, const struct piece *piece)
{
    const char *at = piece->text;
    char *name = next_word(&at);
    if (is_clause(name)) {
        if (t->n_clauses == MAX_CLAUSES)
            stop(schema->file, piece->line, "more than %d clauses", MAX_CLAUSES);
        t->clauses[t->n_clauses++] = piece->text;
        return;
    }
    if (t->n_columns == MAX_COLUMNS - 1)
        stop(schema->file, piece->line, "more than %d columns", MAX_COLUMNS - 1);
    struct column *c = &t->columns[t->n_columns++];
    c->name = name;
    c->line = piece->line;
    char *type = next_word(&at);
    c->type = type_of(type);
    if (c->type == T_NONE)
        stop(schema->file, c->line,
             "column %s: '%s' is no type (id count yen day month text flag blob time)", name, type);
    if (is_reserved(name))
        stop(schema->file, c->line, "column %s: a reserved word of SQL", name);
    c->rest = trimmed(at, strlen(at));
    c->primary = strstr(c->rest, "primary key") != NULL;
    c->not_null = c->primary || strstr(c->rest, "not null") != NULL;
    if (piece->note)
        read_note(c, piece->note, schema->file);
    else if (!is_asof_column(name))
        stop(schema->file, c->line,
             "column %s: comment '-- name | FILE GROUP KEEP MASK DISCLOSE' is missing", name);
}

static int find_column(const struct table *t, const char *name)
{
    for (int i = 0; i < t->n_columns; i++)
        if (strcmp(t->columns[i].name, name) == 0)
            return i;
    return -1;
}

/* The four time columns get the words of the first column that has some. */
static void inherit_notes(struct schema *schema, struct table *t)
{
    const struct column *from = NULL;
    for (int i = 0; i < t->n_columns && !from; i++)
        if (t->columns[i].label)
            from = &t->columns[i];
    if (!from)
        stop(schema->file, t->line, "table %s: no column has a comment", t->name);
    for (int i = 0; i < t->n_columns; i++) {
        struct column *c = &t->columns[i];
        if (c->label)
            continue;
        c->label = c->name;
        c->file = from->file;
        c->group = from->group;
        c->keep = from->keep;
        c->mask = from->mask;
        c->disclose = from->disclose;
    }
}

static void add_seal(struct schema *schema, struct table *t)
{
    if (find_column(t, "seal") >= 0)
        stop(schema->file, t->line, "table %s: the column seal is added by mksql", t->name);
    struct column *c = &t->columns[t->n_columns++];
    *c = t->columns[0];
    c->name = "seal";
    c->type = T_BLOB;
    c->not_null = true;
    c->primary = false;
    c->rest = "not null";
    c->label = "seal";
}

static void check_table(struct schema *schema, struct table *t)
{
    t->key = -1;
    for (int i = 0; i < t->n_columns; i++)
        if (t->columns[i].primary)
            t->key = i;
    t->known_from = find_column(t, "known_from");
    if (t->known_from < 0 && t->key >= 0 && strcmp(t->columns[t->key].name, "event_no") == 0)
        t->known_from = t->key;
    if (t->fact && (t->known_from < 0 || find_column(t, "known_to") < 0))
        stop(schema->file, t->line, "table %s: a fact needs known_from and known_to", t->name);
    if (!t->fact && find_column(t, "known_to") >= 0)
        stop(schema->file, t->line, "table %s: has known_to, so it must be marked fact", t->name);
    if (t->fact && !t->chained)
        stop(schema->file, t->line, "table %s: a fact must be chained too", t->name);
    if (t->chained && (t->key < 0 || t->columns[t->key].type != T_ID || t->known_from < 0))
        stop(schema->file, t->line,
             "table %s: a chained table needs one id column as primary key, and known_from",
             t->name);
    inherit_notes(schema, t);
    if (t->chained)
        add_seal(schema, t);
}

static void read_marks(struct schema *schema, struct table *t, const char *marks)
{
    for (const char *at = marks; *skip_blanks(at);) {
        char *word = next_word(&at);
        if (strcmp(word, "fact") == 0)
            t->fact = true;
        else if (strcmp(word, "chained") == 0)
            t->chained = true;
        else if (strcmp(word, "big") == 0)
            t->big = true;
        else if (strcmp(word, "plain") != 0)
            stop(schema->file, t->line, "table: mark '%s' is none of fact chained plain big", word);
    }
}

struct heading {
    char *table;
    char *about;
    char *marks;
    char *digest;
};

static void read_table(struct schema *schema, struct source *s, const struct heading *h)
{
    if (schema->n_tables == MAX_TABLES)
        stop(schema->file, 0, "more than %d tables", MAX_TABLES);
    struct table *t = pool_take(sizeof *t);
    t->line = source_line(s, s->at);
    s->at += strlen("create table");
    t->name = next_word(&s->at);
    if (!h->table || strcmp(h->table, t->name) != 0)
        stop(schema->file, t->line, "table %s: '-- table: %s' must stand above it", t->name,
             t->name);
    if (!h->about || !*h->about)
        stop(schema->file, t->line, "table %s: '-- about:' is missing", t->name);
    if (!h->marks)
        stop(schema->file, t->line, "table %s: '-- marks:' is missing (fact chained plain)",
             t->name);
    t->about = h->about;
    t->digest = h->digest ? digest_expand(schema->file, t->line, h->digest) : NULL;
    read_marks(schema, t, h->marks);
    s->at = skip_blanks(s->at);
    if (*s->at != '(')
        stop(schema->file, t->line, "table %s: '(' expected", t->name);
    s->at++;
    for (struct piece piece = {0}; !piece.last;) {
        piece = read_piece(s);
        if (*piece.text)
            read_column(schema, t, &piece);
    }
    check_table(schema, t);
    schema->tables[schema->n_tables++] = t;
    s->at = skip_blanks(s->at);
    if (*s->at != ';')
        stop(schema->file, source_line(s, s->at), "';' expected behind table %s", t->name);
    s->at++;
}

static void read_index(struct schema *schema, struct source *s)
{
    const char *end = strchr(s->at, ';');
    if (!end)
        stop(schema->file, source_line(s, s->at), "';' expected behind the index");
    if (schema->n_indexes == MAX_TABLES * 4)
        stop(schema->file, 0, "too many indexes");
    schema->indexes[schema->n_indexes++] = trimmed(s->at, (size_t)(end - s->at));
    s->at = end + 1;
}

/* about and digest may go on in the comment lines below them. */
static void read_heading_line(struct schema *schema, struct heading *h, char ***last,
                              const char *line, size_t n)
{
    char *key = NULL;
    char *value = NULL;
    if (!header_line(line, n, &key, &value)) {
        if (*last)
            **last = pool_format("%s %s", **last, trimmed(line + 2, n - 2));
        return;
    }
    *last = NULL;
    if (strcmp(key, "table") == 0)
        *h = (struct heading){.table = value};
    else if (strcmp(key, "about") == 0)
        *(*last = &h->about) = value;
    else if (strcmp(key, "marks") == 0)
        h->marks = value;
    else if (strcmp(key, "digest") == 0)
        *(*last = &h->digest) = value;
    else if (strcmp(key, "database") == 0)
        schema->database = value;
}

void schema_read(struct schema *schema, const char *path)
{
    struct source s = source_read(path);
    struct heading h = {0};
    char **last = NULL;
    schema->file = path;
    if (!schema->database)
        schema->database = "city";
    for (s.at = skip_blanks(s.at); *s.at; s.at = skip_blanks(s.at)) {
        if (strncmp(s.at, "--", 2) == 0) {
            size_t n = line_length(s.at);
            read_heading_line(schema, &h, &last, s.at, n);
            s.at += n;
        } else if (strncmp(s.at, "create table", 12) == 0) {
            read_table(schema, &s, &h);
            h = (struct heading){0};
            last = NULL;
        } else if (strncmp(s.at, "create index", 12) == 0 ||
                   strncmp(s.at, "create unique index", 19) == 0) {
            read_index(schema, &s);
            last = NULL;
        } else {
            stop(path, source_line(&s, s.at), "'create table' or 'create index' expected");
        }
    }
}
