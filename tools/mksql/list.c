/* list: reads lists/NAME.sql, one SELECT that the office can show, print and export. */
#include "mksql.h"

#include <string.h>
#include <strings.h>

/* "name type 見出し", and a default behind it for parameters. */
static void read_named(struct param *params, int *n, const char *value, const struct query *q)
{
    if (*n == MAX_PARAMS)
        stop(q->file, q->line, "more than %d names", MAX_PARAMS);
    char *words[4] = {"", "", "", ""};
    const char *at = value;
    for (int i = 0; i < 4 && *at; i++) {
        size_t length = i == 3 ? strlen(at) : strcspn(at, " ");
        words[i] = pool_copy(at, length);
        at = skip_blanks(at + length);
    }
    struct param *p = &params[(*n)++];
    size_t last = strlen(words[1]);
    bool nullable = last > 0 && words[1][last - 1] == '?';
    if (nullable)
        words[1][last - 1] = 0;
    *p = (struct param){.name = words[0],
                        .type = type_of(words[1]),
                        .nullable = nullable,
                        .label = words[2],
                        .standard = words[3]};
    if (p->type == T_NONE || !*p->label)
        stop(q->file, q->line, "'%s': name, type and heading expected", value);
}

static int named(const struct param *params, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(params[i].name, name) == 0)
            return i;
    return -1;
}

/* "name type how PARAMETER [NUMBER]": a parameter nobody types; it stands behind those typed. */
static void read_derived(struct query *q, const char *value)
{
    char *words[5] = {"", "", "", "", ""};
    const char *at = value;
    for (int i = 0; i < 5 && *at; i++) {
        size_t length = strcspn(at, " ");
        words[i] = pool_copy(at, length);
        at = skip_blanks(at + length);
    }
    int from = named(q->in, q->n_in, words[3]);
    if (from < 0 || q->in[from].how || q->n_in == MAX_PARAMS || type_of(words[1]) == T_NONE)
        stop(q->file, q->line, "'%s': name, type, how and a parameter expected", value);
    q->in[q->n_in++] = (struct param){.name = words[0],
                                      .type = type_of(words[1]),
                                      .how = pool_format("%s %s", words[2], words[4]),
                                      .from = from};
}

/* "COLUMN PREFIX": its codes are shown as the sentences of the messages PREFIX.CODE. */
static void read_words(struct query *q, const char *value)
{
    size_t length = strcspn(value, " ");
    int column = named(q->out, q->n_out, pool_copy(value, length));
    if (column < 0 || !value[length])
        stop(q->file, q->line, "'%s': a column and a prefix of messages expected", value);
    q->out[column].words = pool_format("%s.", skip_blanks(value + length));
}

static void list_header(struct query *q, const char *key, const char *value)
{
    const struct {
        const char *key;
        char **place;
    } texts[] = {{"list", &q->name},   {"title", &q->title}, {"purpose", &q->purpose},
                 {"right", &q->right}, {"audit", &q->audit}, {"small", &q->small},
                 {"total", &q->total}, {"sum", &q->sum},     {"day", &q->day},
                 {"chart", &q->chart}};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        if (strcmp(key, texts[i].key) == 0) {
            *texts[i].place = pool_format("%s", value);
            return;
        }
    }
    if (strcmp(key, "column") == 0)
        read_named(q->out, &q->n_out, value, q);
    else if (strcmp(key, "param") == 0)
        read_named(q->in, &q->n_in, value, q);
    else if (strcmp(key, "words") == 0)
        read_words(q, value);
    else if (strcmp(key, "derive") == 0)
        read_derived(q, value);
    else
        stop(q->file, q->line, "unknown heading '%s'", key);
}

/* --- statistics: nobody can be told from them ---------------------------------------------- */

static bool is_statistics(const struct query *q)
{
    const char *right = strncmp(q->right, "RIGHT_", 6) == 0 ? q->right + 6 : q->right;
    return strcasecmp(right, "statistics") == 0;
}

static bool tells_somebody(const struct param *column)
{
    static const char *const parts[] = {"name",   "kana",  "birth",   "address",
                                        "postal", "phone", "contact", "number_plain"};
    static const char *const ends[] = {"_no", "_id", "serial", "death"};
    size_t n = strlen(column->name);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        if (strstr(column->name, parts[i]))
            return true;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        size_t m = strlen(ends[i]);
        if (n >= m && strcmp(column->name + n - m, ends[i]) == 0)
            return true;
    }
    return column->type == T_ID;
}

/* The SELECT list itself may not take such a column under another heading. */
static void refuse_columns_of_people(const struct query *q, const char *sql)
{
    static const char *const columns[] = {"person_no",    "household_no", "person_id",
                                          "household_id", "full_name",    "real_name",
                                          "kana",         "birth_ymd",    "building",
                                          "postal_code",  "decision_no",  "notice_no"};
    const char *end = strstr(sql, "\nfrom ");
    for (int i = 0; i < q->n_out; i++)
        if (tells_somebody(&q->out[i]))
            stop(q->file, 1, "statistics show nobody: no column '%s'", q->out[i].name);
    for (size_t i = 0; end && i < sizeof columns / sizeof *columns; i++) {
        const char *at = strstr(sql, columns[i]);
        bool is_counted = at && at < end && strstr(sql, "count(distinct") != NULL;
        if (at && at < end && !is_counted)
            stop(q->file, 1, "statistics show nobody: '%s' is selected", columns[i]);
    }
}

static void mark_people(struct query *q)
{
    const char *at = q->small ? q->small : "";
    if (strcmp(at, "none") == 0)
        return;
    while (*at) {
        size_t length = strcspn(at, " ");
        int column = named(q->out, q->n_out, pool_copy(at, length));
        if (column < 0 || q->out[column].type != T_COUNT)
            stop(q->file, 1, "small: '%.*s' is no column of counts", (int)length, at);
        q->out[column].is_people = true;
        at = skip_blanks(at + length);
    }
}

static void list_check(struct query *q, const char *sql)
{
    if (is_statistics(q)) {
        if (!q->small)
            stop(q->file, 1,
                 "statistics say which columns count people: '-- small: COLUMN ...' or "
                 "'-- small: none'");
        refuse_columns_of_people(q, sql);
    }
    mark_people(q);
    if (q->sum && named(q->out, q->n_out, q->sum) < 0)
        stop(q->file, 1, "sum: no column '%s'", q->sum);
    if (q->day && named(q->in, q->n_in, q->day) < 0)
        stop(q->file, 1, "day: no parameter '%s'", q->day);
}

void list_read(struct queries *all, const struct schema *schema, const char *path)
{
    struct source s = source_read(path);
    struct query *q = pool_take(sizeof *q);
    struct buffer sql = {0};
    *q = (struct query){.file = path, .rows = ROWS_MANY, .is_list = true, .line = 1};
    while (*s.at) {
        size_t n = line_length(s.at);
        char *key = NULL;
        char *value = NULL;
        q->line = source_line(&s, s.at);
        if (sql.n == 0 && header_line(s.at, n, &key, &value)) {
            list_header(q, key, value);
        } else if (strncmp(s.at, "--", 2) != 0 && *trimmed(s.at, n)) {
            buffer_add(&sql, s.at, n);
            buffer_adds(&sql, "\n");
        }
        s.at += n + (s.at[n] == '\n');
    }
    char *text = trimmed(sql.p ? sql.p : "", sql.n);
    if (*text && text[strlen(text) - 1] == ';')
        text[strlen(text) - 1] = 0;
    if (!q->name || !q->title || !q->right || !q->audit || !*text)
        stop(path, 1, "list, title, right, audit and a SELECT expected");
    list_check(q, text);
    query_check(q, schema, text);
    if (q->writes)
        stop(path, 1, "a list only reads");
    query_expand(q, text, true, true);
    all->rows[all->n++] = q;
}
