/* query: reads the named statements of a .sql file. */
#include "mksql.h"

#include <string.h>

void params_read(struct param *params, int *n, const char *text, const char *file, int line)
{
    for (const char *at = skip_blanks(text); *at; at = skip_blanks(at)) {
        if (*n == MAX_PARAMS)
            stop(file, line, "more than %d names", MAX_PARAMS);
        struct param *p = &params[(*n)++];
        *p = (struct param){.name = next_word(&at)};
        char *type = next_word(&at);
        p->type = type_of(type);
        if (!*p->name || p->type == T_NONE)
            stop(file, line, "'%s %s': a name and a type expected", p->name, type);
        if (strncmp(at, "[]", 2) == 0) {
            p->array = true;
            at += 2;
        }
        if (*at == '?') {
            p->nullable = true;
            at++;
        }
        if (p->array && p->type != T_ID && p->type != T_TEXT)
            stop(file, line, "%s: arrays are of id or text", p->name);
        at = skip_blanks(at);
        if (*at == ',')
            at++;
        else if (*at)
            stop(file, line, "%s: ',' expected before '%.20s'", p->name, at);
    }
}

static enum rows rows_of(const char *word, const struct query *q)
{
    static const char *const words[] = {"one", "maybe", "many", "exec"};
    for (int i = 0; i < 4; i++)
        if (strcmp(word, words[i]) == 0)
            return (enum rows)i;
    stop(q->file, q->line, "query %s: rows '%s' is none of one maybe many exec", q->name, word);
}

static bool is_word_at(const char *sql, const char *at, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(at, word, n) != 0)
        return false;
    if (at > sql && (at[-1] == '_' || (at[-1] >= 'a' && at[-1] <= 'z')))
        return false;
    return at[n] == ' ' || at[n] == '\n' || at[n] == 0;
}

static const char *find_word(const char *sql, const char *word)
{
    for (const char *at = strstr(sql, word); at; at = strstr(at + 1, word))
        if (is_word_at(sql, at, word))
            return at;
    return NULL;
}

/* Chained tables are written by the generated functions alone: they seal and link what they write.
 */
static void check_target(const struct query *q, const struct schema *schema, const char *sql,
                         const char *before)
{
    const char *at = find_word(sql, before);
    if (!at)
        return;
    at += strlen(before);
    char *name = next_word(&at);
    for (int i = 0; i < schema->n_tables; i++)
        if (schema->tables[i]->chained && strcmp(schema->tables[i]->name, name) == 0)
            stop(q->file, q->line, "query %s: table %s is chained; use the generated functions",
                 q->name, name);
}

void query_check(struct query *q, const struct schema *schema, const char *sql)
{
    bool inserts = find_word(sql, "insert into") != NULL;
    bool deletes = find_word(sql, "delete from") != NULL;
    bool updates = strncmp(sql, "update ", 7) == 0;
    q->writes = inserts || deletes || updates;
    check_target(q, schema, sql, "insert into");
    check_target(q, schema, sql, "delete from");
    if (updates)
        check_target(q, schema, sql, "update");
    if (q->rows == ROWS_EXEC && q->n_out > 0)
        stop(q->file, q->line, "query %s: rows exec has no out", q->name);
    if (q->rows != ROWS_EXEC && q->n_out == 0)
        stop(q->file, q->line, "query %s: out is missing", q->name);
    if (q->rows == ROWS_EXEC && !q->writes)
        stop(q->file, q->line, "query %s: rows exec, but nothing is written", q->name);
}

struct block { /* what stands between two headings */
    char *engine;
    bool again; /* an engine variant of a statement read before */
    bool has_rows;
    struct buffer sql;
};

static struct query *query_find(struct queries *all, const char *name)
{
    for (int i = 0; i < all->n; i++)
        if (strcmp(all->rows[i]->name, name) == 0)
            return all->rows[i];
    return NULL;
}

static struct query *query_open(struct queries *all, struct block *b, const char *value,
                                const struct source *s)
{
    const char *at = value;
    char *name = next_word(&at);
    *b = (struct block){.engine = next_word(&at)};
    struct query *q = query_find(all, name);
    if (q && !*b->engine)
        stop(s->file, source_line(s, s->at), "query %s stands here twice", name);
    b->again = q != NULL;
    if (!q) {
        if (all->n == MAX_QUERIES)
            stop(s->file, 0, "more than %d queries", MAX_QUERIES);
        q = pool_take(sizeof *q);
        q->name = name;
        q->file = s->file;
        all->rows[all->n++] = q;
    }
    q->line = source_line(s, s->at);
    return q;
}

static void query_close(struct query *q, struct block *b, const struct schema *schema)
{
    char *sql = trimmed(b->sql.p ? b->sql.p : "", b->sql.n);
    size_t n = strlen(sql);
    if (n > 0 && sql[n - 1] == ';')
        sql[n - 1] = 0;
    if (!*sql)
        stop(q->file, q->line, "query %s: no statement", q->name);
    if (!b->again && !b->has_rows)
        stop(q->file, q->line, "query %s: '-- rows:' is missing", q->name);
    if (!q->purpose || !*q->purpose)
        stop(q->file, q->line, "query %s: '-- purpose:' is missing", q->name);
    if (*b->engine && !q->why)
        stop(q->file, q->line, "query %s %s: '-- why:' is missing", q->name, b->engine);
    query_check(q, schema, sql);
    query_expand(q, sql, strcmp(b->engine, "postgres") != 0, strcmp(b->engine, "sqlite") != 0);
}

static void query_header(struct query *q, struct block *b, const char *key, const char *value,
                         int line)
{
    if (strcmp(key, "purpose") == 0)
        q->purpose = pool_format("%s", value);
    else if (strcmp(key, "why") == 0)
        q->why = pool_format("%s", value);
    else if (strcmp(key, "in") == 0)
        params_read(q->in, &q->n_in, value, q->file, line);
    else if (strcmp(key, "out") == 0)
        params_read(q->out, &q->n_out, value, q->file, line);
    else if (strcmp(key, "rows") == 0) {
        q->rows = rows_of(value, q);
        b->has_rows = true;
    } else
        stop(q->file, line, "query %s: unknown heading '%s'", q->name, key);
}

void queries_read(struct queries *all, const struct schema *schema, const char *path)
{
    struct source s = source_read(path);
    struct query *q = NULL;
    struct block b = {0};
    while (*s.at) {
        size_t n = line_length(s.at);
        char *key = NULL;
        char *value = NULL;
        bool header = header_line(s.at, n, &key, &value);
        if (header && strcmp(key, "query") == 0) {
            if (q)
                query_close(q, &b, schema);
            q = query_open(all, &b, value, &s);
        } else if (q && header && b.sql.n == 0) {
            query_header(q, &b, key, value, source_line(&s, s.at));
        } else if (strncmp(s.at, "--", 2) != 0 && *trimmed(s.at, n)) {
            if (!q)
                stop(path, source_line(&s, s.at), "'-- query: name' expected");
            buffer_add(&b.sql, s.at, n);
            buffer_adds(&b.sql, "\n");
        }
        s.at += n + (s.at[n] == '\n');
    }
    if (q)
        query_close(q, &b, schema);
}
