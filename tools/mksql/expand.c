/* expand: markers and $parameters of one statement, for SQLite and for PostgreSQL. */
#include "mksql.h"

#include <ctype.h>
#include <string.h>

struct expansion {
    struct query *q;
    bool postgres;
    struct buffer out;
};

static _Noreturn void refuse(const struct query *q, const char *what, const char *word)
{
    stop(q->file, q->line, "query %s: %s '%s'", q->name, what, word);
}

static struct param *param_find(struct query *q, const char *name)
{
    for (int i = 0; i < q->n_in; i++)
        if (strcmp(q->in[i].name, name) == 0)
            return &q->in[i];
    return NULL;
}

int span_values(enum span span)
{
    switch (span) {
    case SPAN_ASOF:
        return 2;
    case SPAN_DURING:
        return 3;
    case SPAN_NONE:
        break;
    }
    return 1;
}

/* Statement numbers of parameters, from 1. */
static int param_number(const struct query *q, const struct param *p)
{
    int number = 1;
    for (const struct param *x = q->in; x < p; x++)
        number += span_values(x->span);
    return number;
}

static void add_number(struct expansion *e, int number)
{
    buffer_addf(&e->out, "%c%d", e->postgres ? '$' : '?', number);
}

/* Declares a parameter that a marker brings along. */
static void declare(struct query *q, const char *name, enum span span)
{
    if (param_find(q, name))
        return;
    if (q->n_in == MAX_PARAMS)
        refuse(q, "too many parameters", name);
    q->in[q->n_in++] = (struct param){.name = pool_format("%s", name), .type = T_ID, .span = span};
}

/* The number of a marker's parameter; part 0 is known, then the days. */
static int marker_number(struct query *q, const char *name, int part)
{
    struct param *p = param_find(q, name);
    p->used++;
    return param_number(q, p) + part;
}

static const char *known_parameter(struct query *q)
{
    return param_find(q, "asof") ? "asof" : param_find(q, "during") ? "during" : "known";
}

/* Nearly every row was known by then. PostgreSQL takes a third for granted and would read the whole
 * index of the events beside the one that finds the row: the sum keeps it from that. */
static void add_known(struct expansion *e, const char *alias, const char *parameter)
{
    int number = marker_number(e->q, parameter, 0);
    buffer_addf(&e->out, "%s.known_from%s <= ", alias, e->postgres ? " + 0" : "");
    add_number(e, number);
    buffer_addf(&e->out, " and (%s.known_to is null or %s.known_to > ", alias, alias);
    add_number(e, number);
    buffer_adds(&e->out, ")");
}

static void add_valid(struct expansion *e, const char *alias)
{
    int number = marker_number(e->q, "asof", 1);
    buffer_addf(&e->out, " and %s.valid_from <= ", alias);
    add_number(e, number);
    buffer_addf(&e->out, " and (%s.valid_to is null or %s.valid_to > ", alias, alias);
    add_number(e, number);
    buffer_adds(&e->out, ")");
}

static void add_overlap(struct expansion *e, const char *alias)
{
    int from = marker_number(e->q, "during", 1);
    buffer_addf(&e->out, " and %s.valid_from < ", alias);
    add_number(e, from + 1);
    buffer_addf(&e->out, " and (%s.valid_to is null or %s.valid_to > ", alias, alias);
    add_number(e, from);
    buffer_adds(&e->out, ")");
}

static void add_events(struct expansion *e, const char *alias)
{
    buffer_addf(&e->out, "%s.known_from >= ", alias);
    add_number(e, marker_number(e->q, "first_event", 0));
    buffer_addf(&e->out, " and %s.known_from <= ", alias);
    add_number(e, marker_number(e->q, "last_event", 0));
}

static const char *const marker_words[] = {"asof", "known", "during", "events",
                                           "now",  "open",  "in",     "each"};

/* The words "in " or "not in " before the array go: PostgreSQL compares with the array itself, by
 * which it can look into an index however many tables are joined. */
static void add_any(struct expansion *e, int number)
{
    static const char *const forms[2][2] = {{" not in ", " <> all"}, {" in ", " = any"}};
    for (size_t i = 0; i < 2; i++) {
        size_t n = strlen(forms[i][0]);
        if (e->out.n < n || memcmp(e->out.p + e->out.n - n, forms[i][0], n) != 0)
            continue;
        e->out.n -= n;
        buffer_addf(&e->out, "%s($%d)", forms[i][1], number);
        return;
    }
    refuse(e->q, "{in ...} stands behind in or not in", "{in");
}

static int array_number(struct expansion *e, const char *name)
{
    struct param *p = param_find(e->q, name);
    if (!p || !p->array)
        refuse(e->q, "no array parameter", name);
    p->used++;
    return param_number(e->q, p);
}

static void add_in(struct expansion *e, const char *name)
{
    int number = array_number(e, name);
    if (e->postgres)
        add_any(e, number);
    else
        buffer_addf(&e->out, "(select value from list(?%d))", number);
}

/* The array as a table of SQLite's; PostgreSQL has no need of it. */
static void add_each(struct expansion *e, const char *name)
{
    if (e->postgres)
        refuse(e->q, "{each ...} stands only in a variant for sqlite:", name);
    buffer_addf(&e->out, "list(?%d)", array_number(e, name));
}

static const char *add_marker(struct expansion *e, const char *at)
{
    const char *end = strchr(at, '}');
    if (!end)
        refuse(e->q, "no '}' behind", "{");
    const char *p = at + 1;
    char *word = next_word(&p);
    char *name = next_word(&p);
    bool known_word = false;
    for (size_t i = 0; i < sizeof marker_words / sizeof *marker_words; i++)
        known_word = known_word || strcmp(marker_words[i], word) == 0;
    if (!known_word || !*name || skip_blanks(p) != end)
        refuse(e->q,
               "markers are {asof t} {known t} {during t} {events t} {now t} {open t} {in names} "
               "{each names}, not",
               word);
    bool parenthesis = strcmp(word, "in") != 0 && strcmp(word, "each") != 0;
    buffer_adds(&e->out, parenthesis ? "(" : "");
    if (strcmp(word, "asof") == 0) {
        add_known(e, name, "asof");
        add_valid(e, name);
    } else if (strcmp(word, "known") == 0) {
        add_known(e, name, known_parameter(e->q));
    } else if (strcmp(word, "during") == 0) {
        add_known(e, name, "during");
        add_overlap(e, name);
    } else if (strcmp(word, "events") == 0) {
        add_events(e, name);
    } else if (strcmp(word, "now") == 0) {
        buffer_addf(&e->out, "%s.known_to is null", name);
    } else if (strcmp(word, "open") == 0) {
        buffer_addf(&e->out, "case when %s.known_to is null then 1 else 0 end", name);
    } else if (strcmp(word, "in") == 0) {
        add_in(e, name);
    } else {
        add_each(e, name);
    }
    buffer_adds(&e->out, parenthesis ? ")" : "");
    return end + 1;
}

static const char *add_param(struct expansion *e, const char *at)
{
    const char *p = at + 1;
    char *name = next_word(&p);
    struct param *param = param_find(e->q, name);
    if (!param || param->span != SPAN_NONE)
        refuse(e->q, "parameter is not declared in -- in:", name);
    if (param->array)
        refuse(e->q, "an array stands only in {in ...}:", name);
    param->used++;
    add_number(e, param_number(e->q, param));
    return p;
}

static const char *add_literal(struct expansion *e, const char *at)
{
    const char *end = strchr(at + 1, '\'');
    if (!end)
        refuse(e->q, "a text is not closed", at);
    buffer_add(&e->out, at, (size_t)(end - at) + 1);
    return end + 1;
}

/* Runs of blanks become one; a comment is dropped. */
static const char *add_blank(struct expansion *e, const char *at)
{
    at = skip_blanks(at);
    if (*at)
        buffer_adds(&e->out, " ");
    return at;
}

static char *expand(struct query *q, const char *sql, bool postgres)
{
    struct expansion e = {.q = q, .postgres = postgres};
    for (const char *at = sql; *at;) {
        if (*at == '\'')
            at = add_literal(&e, at);
        else if (*at == '{')
            at = add_marker(&e, at);
        else if (*at == '$')
            at = add_param(&e, at);
        else if (at[0] == '-' && at[1] == '-')
            at += line_length(at);
        else if (isspace((unsigned char)*at))
            at = add_blank(&e, at);
        else
            buffer_add(&e.out, at++, 1);
    }
    return e.out.p;
}

/* Markers bring their parameters along, in a fixed order behind the declared ones. */
static void declare_markers(struct query *q, const char *sql)
{
    bool asof = strstr(sql, "{asof ") != NULL;
    bool during = strstr(sql, "{during ") != NULL;
    if (asof)
        declare(q, "asof", SPAN_ASOF);
    if (during)
        declare(q, "during", SPAN_DURING);
    if (!asof && !during && strstr(sql, "{known "))
        declare(q, "known", SPAN_NONE);
    if (strstr(sql, "{events ")) {
        declare(q, "first_event", SPAN_NONE);
        declare(q, "last_event", SPAN_NONE);
    }
}

void query_expand(struct query *q, const char *sql, bool for_sqlite, bool for_postgres)
{
    declare_markers(q, sql);
    if (for_sqlite)
        q->sqlite = expand(q, sql, false);
    if (for_postgres)
        q->postgres = expand(q, sql, true);
    for (int i = 0; i < q->n_in; i++)
        if (!q->in[i].used)
            refuse(q, "a parameter is declared but not used:", q->in[i].name);
}

char *digest_expand(const char *file, int line, const char *sql)
{
    struct query *q = pool_take(sizeof *q);
    *q = (struct query){.name = "digest", .file = file, .line = line};
    char *out = expand(q, sql, false);
    if (q->n_in > 0)
        refuse(q, "a digest takes no parameters:", q->in[0].name);
    return out;
}
