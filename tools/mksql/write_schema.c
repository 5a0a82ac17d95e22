/* write_schema: the registry of a prefix: tables, indexes, statements, lists. */
#include "mksql.h"

#include <string.h>

void write_string(FILE *f, const char *s)
{
    if (!s) {
        fputs("NULL", f);
        return;
    }
    fputc('"', f);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\')
            fprintf(f, "\\%c", *s);
        else if (*s == '\n')
            fputs(s[1] ? "\\n\"\n        \"" : "\\n", f);
        else
            fputc(*s, f);
    }
    fputc('"', f);
}

static void write_table_statement_names(const struct output *o, const struct table *t)
{
    static const char *const names[] = {"insert", "scan", "load", "close",
                                        "closes", "seal", "purge"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (i < 2 || (i < 5 ? t->fact : t->chained))
            fprintf(o->c, "    &%s_%s_%s_own,\n", o->prefix, t->name, names[i]);
}

static void write_statement_names(const struct output *o, const struct schema *schema,
                                  const struct queries *q)
{
    fprintf(o->c, "static const struct store_statement *const statements[] = {\n");
    for (int i = 0; i < schema->n_tables; i++)
        write_table_statement_names(o, schema->tables[i]);
    for (int i = 0; i < q->n; i++)
        fprintf(o->c, "    &%s_%s%s_statement,\n", o->prefix, q->rows[i]->is_list ? "list_" : "",
                q->rows[i]->name);
    fprintf(o->c, "    NULL};\n");
}

void write_schema(const struct output *o, const struct schema *schema, const struct queries *q)
{
    fprintf(o->c, "static const struct store_table *const tables[] = {\n");
    for (int i = 0; i < schema->n_tables; i++)
        fprintf(o->c, "    &%s_%s_table,\n", o->prefix, schema->tables[i]->name);
    fprintf(o->c, "    NULL};\nstatic const char *const indexes[] = {\n");
    for (int i = 0; i < schema->n_indexes; i++) {
        fprintf(o->c, "    ");
        write_string(o->c, schema->indexes[i]);
        fprintf(o->c, ",\n");
    }
    fprintf(o->c, "    NULL};\n");
    write_statement_names(o, schema, q);
    fprintf(o->c, "static const struct list_definition *const lists[] = {\n");
    for (int i = 0; i < q->n; i++)
        if (q->rows[i]->is_list)
            fprintf(o->c, "    &%s_list_%s,\n", o->prefix, q->rows[i]->name);
    fprintf(o->c, "    NULL};\n");
    fprintf(o->h, "\nextern const struct store_schema %s_schema;\n", o->prefix);
    fprintf(
        o->c,
        "const struct store_schema %s_schema = {\n    .name = \"%s\",\n    .database = \"%s\",\n"
        "    .tables = tables,\n    .n_tables = sizeof tables / sizeof *tables - 1,\n"
        "    .indexes = indexes,\n    .n_indexes = sizeof indexes / sizeof *indexes - 1,\n"
        "    .statements = statements,\n"
        "    .n_statements = sizeof statements / sizeof *statements - 1,\n"
        "    .lists = lists,\n    .n_lists = sizeof lists / sizeof *lists - 1,\n};\n",
        o->prefix, o->prefix, schema->database ? schema->database : "city");
}
