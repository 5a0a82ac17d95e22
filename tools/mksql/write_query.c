/* write_query: struct ..._in, struct ..._row and the typed function of one statement. */
#include "mksql.h"

#include <string.h>

const char *const type_enum[] = {"ST_ID",   "ST_COUNT", "ST_YEN",  "ST_DAY", "ST_MONTH",
                                 "ST_TEXT", "ST_FLAG",  "ST_BLOB", "ST_TIME"};
const char *const type_member[] = {"int64_t ",    "int64_t ",      "struct yen ",
                                   "struct ymd ", "struct month ", "struct str ",
                                   "bool ",       "struct str ",   "int64_t "};

bool type_has_companion(enum type t)
{
    return t == T_ID || t == T_COUNT || t == T_YEN || t == T_TIME || t == T_FLAG;
}

void write_params_member(FILE *f, const struct param *p)
{
    if (p->span != SPAN_NONE)
        fprintf(f, "    struct %s %s;\n", p->name, p->name);
    else if (p->array)
        fprintf(f, "    struct store_%s_list %s;\n", p->type == T_ID ? "id" : "text", p->name);
    else
        fprintf(f, "    %s%s;\n", type_member[p->type], p->name);
    if (!p->array && p->nullable && type_has_companion(p->type))
        fprintf(f, "    bool %s_null;\n", p->name);
}

static void write_span_fields(FILE *f, const char *owner, enum span span)
{
    static const char *const parts[][3] = {{NULL},
                                           {"known", "valid", NULL},
                                           {"known", "from", "to"}};
    const char *name = span == SPAN_ASOF ? "asof" : "during";
    for (int i = 0; i < span_values(span); i++)
        fprintf(f, "    {\"%s_%s\", %s, false, offsetof(struct %s, %s.%s), 0},\n", name,
                parts[span][i], i == 0 ? "ST_ID" : "ST_DAY", owner, name, parts[span][i]);
}

void write_fields(FILE *f, const char *name, const char *owner, const struct param *params, int n,
                  const char *tail)
{
    fprintf(f, "static const struct store_field %s[] = {\n", name);
    for (int i = 0; i < n; i++) {
        const struct param *p = &params[i];
        if (p->span != SPAN_NONE) {
            write_span_fields(f, owner, p->span);
            continue;
        }
        const char *type = type_enum[p->type];
        if (p->array)
            type = p->type == T_ID ? "ST_IDS" : "ST_TEXTS";
        fprintf(f, "    {\"%s\", %s, %s, offsetof(struct %s, %s), ", p->name, type,
                p->nullable ? "true" : "false", owner, p->name);
        if (!p->array && p->nullable && type_has_companion(p->type))
            fprintf(f, "offsetof(struct %s, %s_null)},\n", owner, p->name);
        else
            fprintf(f, "0},\n");
    }
    fprintf(f, "%s};\n", tail);
}

static int count_values(const struct query *q)
{
    int n = 0;
    for (int i = 0; i < q->n_in; i++)
        n += span_values(q->in[i].span);
    return n;
}

static void write_structs(FILE *h, const char *name, const struct query *q)
{
    if (q->n_in > 0) {
        fprintf(h, "struct %s_in {\n", name);
        for (int i = 0; i < q->n_in; i++)
            write_params_member(h, &q->in[i]);
        fprintf(h, "};\n");
    }
    if (q->n_out > 0) {
        fprintf(h, "struct %s_row {\n", name);
        for (int i = 0; i < q->n_out; i++)
            write_params_member(h, &q->out[i]);
        fprintf(h, "};\n");
    }
    if (q->rows == ROWS_MANY && !q->is_list)
        fprintf(h, "struct %s_list {\n    struct %s_row *rows;\n    size_t n;\n};\n", name, name);
}

static void write_statement(const struct output *o, const char *name, const struct query *q)
{
    static const char *const rows[] = {"ROWS_ONE", "ROWS_MAYBE", "ROWS_MANY", "ROWS_EXEC"};
    char *in = pool_format("%s_in", name);
    char *row = pool_format("%s_row", name);
    if (q->n_in > 0)
        write_fields(o->c, pool_format("%s_fields", in), in, q->in, q->n_in, "");
    if (q->n_out > 0)
        write_fields(o->c, pool_format("%s_fields", row), row, q->out, q->n_out, "");
    fprintf(o->c, "static const struct store_statement %s_statement = {\n", name);
    fprintf(o->c, "    .name = \"%s.%s\",\n    .sqlite = ", o->prefix, q->name);
    write_string(o->c, q->sqlite);
    fprintf(o->c, ",\n    .postgres = ");
    write_string(o->c, q->postgres);
    fprintf(o->c,
            ",\n    .rows = %s,\n    .writes = %s,\n    .parameters = %d,\n    .columns = %d,\n",
            rows[q->rows], q->writes ? "true" : "false", count_values(q), q->n_out);
    if (q->n_in > 0)
        fprintf(o->c, "    .in = %s_fields,\n", in);
    if (q->n_out > 0)
        fprintf(o->c, "    .out = %s_fields,\n    .row_size = sizeof(struct %s),\n", row, row);
    fprintf(o->c, "};\n");
}

/* "int NAME(struct context *cx, struct store *st, const struct NAME_in *in<more>)" */
static void write_head(FILE *f, const char *name, const char *suffix, const struct query *q,
                       const char *more)
{
    fprintf(f, "int %s%s(struct context *cx, struct store *st", name, suffix);
    if (q->n_in > 0)
        fprintf(f, ", const struct %s_in *in", name);
    fprintf(f, "%s)", more);
}

static void write_function(const struct output *o, const char *name, const char *suffix,
                           const struct query *q, const char *more, const char *body)
{
    write_head(o->h, name, suffix, q, more);
    fprintf(o->h, " WARN_UNUSED;\n");
    write_head(o->c, name, suffix, q, more);
    fprintf(o->c, "\n{\n%s}\n\n", body);
}

static void write_each(const struct output *o, const char *name, const struct query *q,
                       const char *in)
{
    fprintf(o->h, "typedef int %s_fn(void *arg, const struct %s_row *row);\n", name, name);
    fprintf(o->c, "struct %s_visit {\n    %s_fn *fn;\n    void *arg;\n};\n", name, name);
    fprintf(o->c,
            "static int %s_call(void *arg, const void *row)\n{\n    struct %s_visit *v = arg;\n"
            "    return v->fn(v->arg, row);\n}\n\n",
            name, name);
    char *more = pool_format(", %s_fn *fn, void *arg", name);
    char *body = pool_format("    struct %s_visit v = {fn, arg};\n"
                             "    struct store_visit visit = {%s_call, &v};\n"
                             "    return store_each(cx, st, &%s_statement, %s, &visit);\n",
                             name, name, name, in);
    write_function(o, name, "_each", q, more, body);
}

void write_query(const struct output *o, const struct query *q)
{
    char *name = pool_format("%s_%s", o->prefix, q->name);
    const char *in = q->n_in > 0 ? "in" : "NULL";
    fprintf(o->h, "\n/* %s */\n", q->purpose);
    write_structs(o->h, name, q);
    write_statement(o, name, q);
    if (q->rows == ROWS_EXEC) {
        write_function(o, name, "", q, "",
                       pool_format("    return store_exec(cx, st, &%s_statement, %s);\n", name,
                                   in));
    } else if (q->rows == ROWS_MANY) {
        char *body = pool_format("    struct store_result r = {0};\n"
                                 "    int rc = store_rows(cx, st, &%s_statement, %s, &r);\n"
                                 "    out->rows = r.rows;\n    out->n = r.n;\n    return rc;\n",
                                 name, in);
        write_function(o, name, "", q, pool_format(", struct %s_list *out", name), body);
        write_each(o, name, q, in);
    } else {
        char *body =
            pool_format("    return store_row(cx, st, &%s_statement, %s, out);\n", name, in);
        write_function(o, name, "", q, pool_format(", struct %s_row *out", name), body);
    }
}

static void write_labels(const struct output *o, const char *name, const char *what,
                         const struct param *params, int n)
{
    fprintf(o->c, "static const char *const %s_%s[] = {\n", name, what);
    for (int i = 0; i < n && params[i].label; i++) {
        const char *s = strcmp(what, "defaults") == 0 ? params[i].standard : params[i].label;
        fprintf(o->c, "    ");
        write_string(o->c, s ? s : "");
        fprintf(o->c, ",\n");
    }
    fprintf(o->c, "    NULL};\n");
}

static void write_text_member(FILE *f, const char *member, const char *value)
{
    fprintf(f, "    .%s = ", member);
    write_string(f, value);
    fprintf(f, ",\n");
}

static int place_of(const struct param *params, int n, const char *name, size_t length)
{
    for (int i = 0; i < n; i++)
        if (strlen(params[i].name) == length && strncmp(params[i].name, name, length) == 0)
            return i;
    return -1;
}

/* Parameters that are computed from others: they stand behind those with labels. */
static void write_derived(const struct output *o, const char *name, const struct query *q)
{
    fprintf(o->c, "static const struct list_derived %s_derived[] = {\n", name);
    for (int i = 0; i < q->n_in; i++)
        if (q->in[i].how)
            fprintf(o->c, "    {\"%s\", %d},\n", q->in[i].how, q->in[i].from);
    fprintf(o->c, "    {NULL, 0}};\n");
}

static void write_people(const struct output *o, const char *name, const struct query *q)
{
    fprintf(o->c, "static const bool %s_people[] = {", name);
    for (int i = 0; i < q->n_out; i++)
        fprintf(o->c, "%s, ", q->out[i].is_people ? "true" : "false");
    fprintf(o->c, "false};\n");
}

static void write_words(const struct output *o, const char *name, const struct query *q)
{
    fprintf(o->c, "static const char *const %s_words[] = {\n", name);
    for (int i = 0; i < q->n_out; i++) {
        if (q->out[i].words)
            fprintf(o->c, "    \"%s\",\n", q->out[i].words);
        else
            fprintf(o->c, "    NULL,\n");
    }
    fprintf(o->c, "    NULL};\n");
}

/* Columns and parameters that are named; -1: none. */
static void write_places(FILE *f, const struct query *q)
{
    const char *chart = q->chart ? q->chart : "";
    size_t first = strcspn(chart, " ");
    const char *second = chart[first] ? chart + first + 1 : chart + first;
    fprintf(f, "    .sum = %d,\n    .day = %d,\n    .chart_label = %d,\n    .chart_value = %d,\n",
            q->sum ? place_of(q->out, q->n_out, q->sum, strlen(q->sum)) : -1,
            q->day ? place_of(q->in, q->n_in, q->day, strlen(q->day)) : -1,
            place_of(q->out, q->n_out, chart, first),
            place_of(q->out, q->n_out, second, strlen(second)));
}

void write_list(const struct output *o, const struct query *q)
{
    char *name = pool_format("%s_list_%s", o->prefix, q->name);
    fprintf(o->h, "\n/* list %s: %s */\n", q->name, q->title);
    write_structs(o->h, name, q);
    fprintf(o->h, "extern const struct list_definition %s;\n", name);
    write_statement(o, name, q);
    write_labels(o, name, "labels", q->out, q->n_out);
    write_labels(o, name, "params", q->in, q->n_in);
    write_labels(o, name, "defaults", q->in, q->n_in);
    write_derived(o, name, q);
    write_people(o, name, q);
    write_words(o, name, q);
    fprintf(o->c, "const struct list_definition %s = {\n", name);
    write_text_member(o->c, "name", pool_format("%s.%s", o->prefix, q->name));
    write_text_member(o->c, "title", q->title);
    write_text_member(o->c, "purpose", q->purpose ? q->purpose : "");
    write_text_member(o->c, "right", q->right);
    write_text_member(o->c, "audit", q->audit);
    fprintf(o->c,
            "    .parameter_labels = %s_params,\n    .parameter_defaults = %s_defaults,\n"
            "    .column_labels = %s_labels,\n    .statement = &%s_statement,\n",
            name, name, name, name);
    fprintf(o->c,
            "    .derived = %s_derived,\n    .is_people = %s_people,\n    .words = %s_words,\n",
            name, name, name);
    if (q->total)
        write_text_member(o->c, "total", q->total);
    write_places(o->c, q);
    fprintf(o->c, "};\n");
}
