/*
 * mkmessage: messages.tsv files to one C file.
 *
 *     mkmessage OUT.c IN.tsv ...
 *
 * A line is  id TAB sentence TAB what to do  (the last may be empty); '#' starts a comment line.
 * The C file holds the rows sorted by id and  void messages_install(void),  which hands them to
 * message_table_set. An id that stands twice is an error that names both places.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
    char *id;
    char *text;
    char *advice;
    const char *file;
    int line;
};

struct rows {
    struct row *row;
    size_t n;
    size_t cap;
};

enum { LONGEST_ID = 63 }; /* struct error, message */

__attribute__((noreturn, format(printf, 3, 4))) static void die(const char *file, int line,
                                                                const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: ", file, line);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

static void *grow(void *p, size_t bytes)
{
    void *q = realloc(p, bytes);
    if (!q)
        die("mkmessage", 0, "out of memory");
    return q;
}

static char *read_file(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        die(path, 0, "%s", strerror(errno));
    char *s = NULL;
    size_t n = 0;
    size_t got;
    do {
        s = grow(s, n + 65537);
        got = fread(s + n, 1, 65536, f);
        n += got;
    } while (got > 0);
    if (ferror(f))
        die(path, 0, "cannot be read");
    fclose(f);
    s[n] = '\0';
    if (strlen(s) != n)
        die(path, 0, "holds a NUL byte");
    return s;
}

/* Cuts at c: returns what is before it, moves *rest behind it (NULL when there is no more). */
static char *cut(char **rest, char c)
{
    char *head = *rest;
    char *at = strchr(head, c);
    if (at)
        *at++ = '\0';
    *rest = at;
    return head;
}

static bool is_id(const char *s)
{
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_.-");
    return n > 0 && n <= LONGEST_ID && s[n] == '\0' && strchr(s, '.') && s[0] != '.' &&
           s[n - 1] != '.';
}

static void add_line(struct rows *rows, const char *file, int line, char *s)
{
    char *rest = s;
    struct row r = {.file = file, .line = line};
    r.id = cut(&rest, '\t');
    if (!is_id(r.id))
        die(file, line, "id '%s': expected part.name of a-z 0-9 _ -, at most %d characters", r.id,
            (int)LONGEST_ID);
    if (!rest)
        die(file, line, "%s: expected id TAB sentence TAB what to do", r.id);
    r.text = cut(&rest, '\t');
    if (r.text[0] == '\0')
        die(file, line, "%s: the sentence is missing", r.id);
    static char none[1];
    r.advice = rest ? cut(&rest, '\t') : none;
    if (rest)
        die(file, line, "%s: more than three columns", r.id);
    if (rows->n == rows->cap) {
        rows->cap = rows->cap ? rows->cap * 2 : 256;
        rows->row = grow(rows->row, rows->cap * sizeof *rows->row);
    }
    rows->row[rows->n++] = r;
}

/* The rows point into the text of the file, which the caller frees after the last use. */
static char *add_file(struct rows *rows, const char *path)
{
    char *whole = read_file(path);
    char *rest = whole;
    for (int line = 1; rest; line++) {
        char *s = cut(&rest, '\n');
        size_t n = strlen(s);
        if (n > 0 && s[n - 1] == '\r')
            die(path, line, "carriage return; lines end with LF");
        if (n > 0 && s[0] != '#')
            add_line(rows, path, line, s);
    }
    return whole;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->id, ((const struct row *)b)->id);
}

static void sort_rows(struct rows *rows)
{
    if (rows->n > 0)
        qsort(rows->row, rows->n, sizeof *rows->row, by_id);
    for (size_t i = 1; i < rows->n; i++) {
        const struct row *a = &rows->row[i - 1];
        const struct row *b = &rows->row[i];
        if (strcmp(a->id, b->id) == 0)
            die(b->file, b->line, "id %s stands twice, also at %s:%d", b->id, a->file, a->line);
    }
}

static void put_string(FILE *out, const char *s)
{
    fputc('"', out);
    for (; *s; s++) {
        if (*s == '"' || *s == '\\' || *s == '?')
            fputc('\\', out);
        fputc(*s, out);
    }
    fputc('"', out);
}

static void put_rows(FILE *out, const struct rows *rows)
{
    fputs("/* Made by tools/mkmessage from the messages.tsv files. */\n"
          "#include \"base/base.h\"\n\nstatic const struct message rows[] = {\n",
          out);
    for (size_t i = 0; i < rows->n; i++) {
        fputs("    {", out);
        put_string(out, rows->row[i].id);
        fputs(", ", out);
        put_string(out, rows->row[i].text);
        fputs(", ", out);
        put_string(out, rows->row[i].advice);
        fputs("},\n", out);
    }
    fputs("    {NULL, NULL, NULL}, /* end */\n};\n\nvoid messages_install(void)\n{\n"
          "    message_table_set(rows, sizeof rows / sizeof rows[0] - 1);\n}\n",
          out);
}

static void write_file(const char *path, const struct rows *rows)
{
    FILE *out = fopen(path, "wb");
    if (!out)
        die(path, 0, "%s", strerror(errno));
    put_rows(out, rows);
    if (fclose(out) != 0)
        die(path, 0, "%s", strerror(errno));
}

int main(int argc, char **argv)
{
    struct rows rows = {0};
    if (argc < 2) {
        fputs("usage: mkmessage OUT.c IN.tsv ...\n", stderr);
        return 2;
    }
    char **files = grow(NULL, (size_t)argc * sizeof *files);
    for (int i = 2; i < argc; i++)
        files[i] = add_file(&rows, argv[i]);
    sort_rows(&rows);
    write_file(argv[1], &rows);
    for (int i = 2; i < argc; i++)
        free(files[i]);
    free(files);
    free(rows.row);
    return 0;
}
