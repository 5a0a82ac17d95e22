/* write_table: what one table needs: struct, DDL of both engines, its own statements. */
#include "mksql.h"

#include <string.h>

static const char *const sqlite_type[] = {"integer", "integer", "integer", "text",   "text",
                                          "text",    "integer", "blob",    "integer"};
static const char *const postgres_type[] = {"bigint", "bigint",   "bigint", "text",  "text",
                                            "text",   "smallint", "bytea",  "bigint"};

/* The columns a row struct carries, as parameters. */
static int row_params(const struct table *t, struct param *out)
{
    int n = 0;
    for (int i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (!column_is_managed(t, c))
            out[n++] = (struct param){.name = c->name, .type = c->type, .nullable = !c->not_null};
    }
    return n;
}

static const struct column *written(const struct table *t, int index)
{
    int n = 0;
    for (int i = 0; i < t->n_columns; i++)
        if (!column_is_managed(t, &t->columns[i]) && n++ == index)
            return &t->columns[i];
    return NULL;
}

/* Index among the written columns of a column index. */
static int written_index(const struct table *t, int column)
{
    int n = 0;
    for (int i = 0; i < column; i++)
        n += !column_is_managed(t, &t->columns[i]);
    return column < 0 ? -1 : n;
}

static char *ddl(const struct table *t, bool postgres)
{
    struct buffer b = {0};
    const char *const *types = postgres ? postgres_type : sqlite_type;
    buffer_addf(&b, "create table %s (", t->name);
    for (int i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        buffer_addf(&b, "%s\n  %s %s", i ? "," : "", c->name, types[c->type]);
        if (*c->rest)
            buffer_addf(&b, " %s", c->rest);
        if (c->type == T_FLAG)
            buffer_addf(&b, " check (%s in (0, 1))", c->name);
    }
    for (int i = 0; i < t->n_clauses; i++)
        buffer_addf(&b, ",\n  %s", t->clauses[i]);
    buffer_addf(&b, "\n)%s", postgres ? "" : " strict");
    return b.p;
}

static char *quoted(const char *s)
{
    struct buffer b = {0};
    buffer_adds(&b, "'");
    for (; *s; s++)
        buffer_addf(&b, *s == '\'' ? "''" : "%c", *s);
    buffer_adds(&b, "'");
    return b.p;
}

static char *ddl_with_comments(const struct table *t)
{
    struct buffer b = {0};
    buffer_adds(&b, ddl(t, true));
    buffer_addf(&b, ";\ncomment on table %s is %s", t->name, quoted(t->about));
    for (int i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        buffer_addf(&b, ";\ncomment on column %s.%s is %s", t->name, c->name,
                    quoted(pool_format("%s | %s %s %s %s %s", c->label, c->file, c->group, c->keep,
                                       c->mask, c->disclose)));
    }
    return b.p;
}

/* "a, b, c" of the written columns, the seal behind them. */
static char *column_list(const struct table *t)
{
    struct buffer b = {0};
    for (int i = 0; i < t->n_columns; i++)
        if (!column_is_managed(t, &t->columns[i]))
            buffer_addf(&b, "%s%s", b.n ? ", " : "", t->columns[i].name);
    if (t->chained)
        buffer_adds(&b, ", seal");
    return b.p;
}

static char *insert_sql(const struct table *t, const char *columns, int n, char mark)
{
    struct buffer b = {0};
    buffer_addf(&b, "insert into %s (%s) values (", t->name, columns);
    for (int i = 1; i <= n; i++)
        buffer_addf(&b, "%s%c%d", i > 1 ? ", " : "", mark, i);
    buffer_adds(&b, ")");
    return b.p;
}

struct own { /* a statement of the table itself */
    const char *name;
    const char *sqlite;
    const char *postgres;
    const char *in;
    const char *out;
    int parameters;
    int columns;
    bool writes;
};

static void write_own(const struct output *o, const struct table *t, const struct own *s)
{
    fprintf(o->c, "static const struct store_statement %s_%s_%s_own = {\n", o->prefix, t->name,
            s->name);
    fprintf(o->c, "    .name = \"%s.%s.%s\",\n    .sqlite = ", o->prefix, t->name, s->name);
    write_string(o->c, s->sqlite);
    fprintf(o->c, ",\n    .postgres = ");
    write_string(o->c, s->postgres);
    fprintf(o->c,
            ",\n    .rows = %s,\n    .writes = %s,\n    .parameters = %d,\n    .columns = %d,\n",
            s->writes ? "ROWS_EXEC" : "ROWS_MANY", s->writes ? "true" : "false", s->parameters,
            s->columns);
    if (s->in)
        fprintf(o->c, "    .in = %s,\n", s->in);
    if (s->out)
        fprintf(o->c, "    .out = %s,\n", s->out);
    fprintf(o->c, "};\n");
}

static void write_close(const struct output *o, const struct table *t)
{
    const char *key = t->columns[t->key].name;
    struct own one = {.name = "close", .in = "store_close_fields", .parameters = 2, .writes = true};
    one.sqlite =
        pool_format("update %s set known_to = ?2 where %s = ?1 and known_to is null", t->name, key);
    one.postgres =
        pool_format("update %s set known_to = $2 where %s = $1 and known_to is null", t->name, key);
    write_own(o, t, &one);
    struct own many = {.name = "closes",
                       .in = "store_closes_fields",
                       .parameters = 2,
                       .writes = true};
    many.sqlite = pool_format("update %s set known_to = ?2 where %s in (select value from "
                              "list(?1)) and known_to is null",
                              t->name, key);
    many.postgres = pool_format("update %s set known_to = $2 where %s = any($1) "
                                "and known_to is null",
                                t->name, key);
    write_own(o, t, &many);
}

/* Every column, in the order of an insert; facts have known_to behind. */
static void write_scan(const struct output *o, const struct table *t, const char *fields, int all)
{
    struct own scan = {.name = "scan", .out = fields, .columns = all + (t->fact ? 1 : 0)};
    scan.sqlite =
        pool_format("select %s%s from %s%s%s", column_list(t), t->fact ? ", known_to" : "", t->name,
                    t->key >= 0 ? " order by " : "", t->key >= 0 ? t->columns[t->key].name : "");
    scan.postgres = scan.sqlite;
    write_own(o, t, &scan);
}

/* A restored fact comes with its known_to. */
static void write_fact(const struct output *o, const struct table *t, const char *fields, int all)
{
    struct own load = {.name = "load", .in = fields, .parameters = all + 1, .writes = true};
    load.sqlite = insert_sql(t, pool_format("%s, known_to", column_list(t)), all + 1, '?');
    load.postgres = insert_sql(t, pool_format("%s, known_to", column_list(t)), all + 1, '$');
    write_own(o, t, &load);
    write_close(o, t);
}

/* By key: the seal of a row, and its deletion. */
static void write_sealed(const struct output *o, const struct table *t, const char *owner)
{
    const char *key = t->columns[t->key].name;
    struct own seal = {.name = "seal", .in = "store_close_fields", .parameters = 1, .columns = 2};
    const char *event = t->columns[t->known_from].name;
    seal.out = pool_format("%s_seal_fields", owner);
    seal.sqlite = pool_format("select %s, seal from %s where %s = ?1", event, t->name, key);
    seal.postgres = pool_format("select %s, seal from %s where %s = $1", event, t->name, key);
    fprintf(o->c,
            "static const struct store_field %s[] = {{\"known_from\", ST_ID, false, 0, 0}, "
            "{\"seal\", ST_BLOB, false, 0, 0}};\n",
            seal.out);
    write_own(o, t, &seal);
    struct own purge = {.name = "purge",
                        .in = "store_close_fields",
                        .parameters = 1,
                        .writes = true};
    purge.sqlite = pool_format("delete from %s where %s = ?1", t->name, key);
    purge.postgres = pool_format("delete from %s where %s = $1", t->name, key);
    write_own(o, t, &purge);
}

void write_table_statements(const struct output *o, const struct table *t)
{
    struct param params[MAX_COLUMNS];
    char *owner = pool_format("%s_%s", o->prefix, t->name);
    char *fields = pool_format("%s_fields", owner);
    int n = row_params(t, params);
    /* The seal is the last parameter of an insert and the column behind the fields of a scan. */
    write_fields(o->c, fields, owner, params, n,
                 "    {\"seal\", ST_BLOB, false, 0, 0},\n    {\"known_to\", ST_ID, true, 0, 0},\n");
    int all = n + (t->chained ? 1 : 0);
    struct own insert = {.name = "insert", .in = fields, .parameters = all, .writes = true};
    insert.sqlite = insert_sql(t, column_list(t), all, '?');
    insert.postgres = insert_sql(t, column_list(t), all, '$');
    write_own(o, t, &insert);
    write_scan(o, t, fields, all);
    if (t->fact)
        write_fact(o, t, fields, all);
    if (t->chained)
        write_sealed(o, t, owner);
}

static void write_row_struct(const struct output *o, const struct table *t)
{
    fprintf(o->h, "\n/* %s: %s */\nstruct %s_%s {\n", t->name, t->about, o->prefix, t->name);
    for (int i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        if (column_is_managed(t, c))
            continue;
        fprintf(o->h, "    %s%s; /* %s */\n", type_member[c->type], c->name, c->label);
        if (!c->not_null && type_has_companion(c->type))
            fprintf(o->h, "    bool %s_null;\n", c->name);
    }
    fprintf(o->h, "};\n");
}

static void write_columns(const struct output *o, const struct table *t)
{
    fprintf(o->c, "static const struct store_column %s_%s_columns[] = {\n", o->prefix, t->name);
    for (int i = 0; i < t->n_columns; i++) {
        const struct column *c = &t->columns[i];
        fprintf(o->c, "    {\"%s\", %s, %s", c->name, type_enum[c->type],
                c->not_null ? "false" : "true");
        const char *notes[] = {c->label, c->file, c->group, c->keep, c->mask, c->disclose};
        for (size_t k = 0; k < 6; k++) {
            fprintf(o->c, ", ");
            write_string(o->c, notes[k]);
        }
        fprintf(o->c, "},\n");
    }
    fprintf(o->c, "};\n");
}

static void write_member(FILE *f, const char *member, const char *value)
{
    fprintf(f, "    .%s = ", member);
    write_string(f, value);
    fprintf(f, ",\n");
}

static void write_descriptor(const struct output *o, const struct table *t)
{
    char *name = pool_format("%s_%s", o->prefix, t->name);
    fprintf(o->c, "const struct store_table %s_table = {\n", name);
    write_member(o->c, "name", t->name);
    write_member(o->c, "about", t->about);
    fprintf(o->c, "    .fact = %s,\n    .chained = %s,\n    .big = %s,\n",
            t->fact ? "true" : "false", t->chained ? "true" : "false",
            t->chained || t->big ? "true" : "false");
    write_member(o->c, "digest", t->digest);
    write_member(o->c, "sqlite", ddl(t, false));
    write_member(o->c, "postgres", ddl_with_comments(t));
    write_member(o->c, "copy",
                 pool_format("copy %s (%s) from stdin (format binary)", t->name, column_list(t)));
    int n = 0;
    while (written(t, n))
        n++;
    fprintf(o->c, "    .columns = %s_columns,\n    .n_columns = %d,\n", name, t->n_columns);
    fprintf(o->c, "    .fields = %s_fields,\n    .n_fields = %d,\n", name, n);
    fprintf(o->c, "    .key = %d,\n    .known_from = %d,\n", written_index(t, t->key),
            written_index(t, t->known_from));
    fprintf(o->c,
            "    .row_size = sizeof(struct %s),\n    .insert = &%s_insert_own,\n"
            "    .scan = &%s_scan_own,\n",
            name, name, name);
    if (t->fact)
        fprintf(o->c,
                "    .close = &%s_close_own,\n    .closes = &%s_closes_own,\n"
                "    .load = &%s_load_own,\n    .load_copy = \"copy %s (%s, known_to) from stdin "
                "(format binary)\",\n",
                name, name, name, t->name, column_list(t));
    if (t->chained)
        fprintf(o->c, "    .seal_of = &%s_seal_own,\n    .purge = &%s_purge_own,\n", name, name);
    fprintf(o->c, "};\n");
}

struct wrapper {
    const char *suffix;
    const char *arguments;
    const char *call;
};

static void write_wrapper(const struct output *o, const struct table *t, const struct wrapper *w)
{
    char *head = pool_format("int %s_%s_%s(struct context *cx, struct store *st, %s)", o->prefix,
                             t->name, w->suffix, w->arguments);
    fprintf(o->h, "%s WARN_UNUSED;\n", head);
    fprintf(o->c, "%s\n{\n    %s\n}\n\n", head, w->call);
}

static void write_wrappers(const struct output *o, const struct table *t)
{
    char *name = pool_format("%s_%s", o->prefix, t->name);
    struct wrapper insert = {"insert", pool_format("const struct %s *row", name),
                             pool_format("return store_insert(cx, st, &%s_table, row);", name)};
    struct wrapper bulk = {"bulk", pool_format("const struct %s *rows, size_t n", name),
                           pool_format("return store_bulk(cx, st, &%s_table, rows, n);", name)};
    struct wrapper close = {
        "close", "int64_t key, int64_t event_no",
        pool_format("return store_close_fact(cx, st, &%s_table, key, event_no);", name)};
    struct wrapper closes = {
        "close_many", "const int64_t *keys, size_t n, int64_t event_no",
        pool_format("struct store_id_list list = {keys, n};\n"
                    "    return store_close_facts(cx, st, &%s_table, &list, event_no);",
                    name)};
    write_wrapper(o, t, &insert);
    write_wrapper(o, t, &bulk);
    if (t->fact) {
        write_wrapper(o, t, &close);
        write_wrapper(o, t, &closes);
    }
}

void write_tables(const struct output *o, const struct schema *schema)
{
    for (int i = 0; i < schema->n_tables; i++) {
        const struct table *t = schema->tables[i];
        write_row_struct(o, t);
        fprintf(o->h, "extern const struct store_table %s_%s_table;\n", o->prefix, t->name);
        write_table_statements(o, t);
        write_columns(o, t);
        write_descriptor(o, t);
        write_wrappers(o, t);
    }
}
