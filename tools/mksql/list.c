/* list: reads lists/NAME.sql, one SELECT that the office can show, print and export. */
#include "mksql.h"

#include <string.h>

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

static void list_header(struct query *q, const char *key, const char *value)
{
    if (strcmp(key, "list") == 0)
        q->name = pool_format("%s", value);
    else if (strcmp(key, "title") == 0)
        q->title = pool_format("%s", value);
    else if (strcmp(key, "purpose") == 0)
        q->purpose = pool_format("%s", value);
    else if (strcmp(key, "right") == 0)
        q->right = pool_format("%s", value);
    else if (strcmp(key, "audit") == 0)
        q->audit = pool_format("%s", value);
    else if (strcmp(key, "column") == 0)
        read_named(q->out, &q->n_out, value, q);
    else if (strcmp(key, "param") == 0)
        read_named(q->in, &q->n_in, value, q);
    else
        stop(q->file, q->line, "unknown heading '%s'", key);
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
    query_check(q, schema, text);
    if (q->writes)
        stop(path, 1, "a list only reads");
    query_expand(q, text, true, true);
    all->rows[all->n++] = q;
}
