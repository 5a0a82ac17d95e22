/*
 * mktable: a data file of base to a sorted C table.
 *
 *     mktable NAME TYPES IN.tsv OUT.c
 *
 * TYPES has one letter per column: c one character (its code point; U+XXXX is read too; empty: 0),
 * n a whole number, d a day YYYY-MM-DD (its number YYYYMMDD), - a column that is left out.
 * The C file holds  const int32_t NAME[][COLUMNS]  sorted by the first column and
 * const size_t NAME_count.  Two rows of the same key are an error; '#' starts a comment line.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_COLUMNS = 12, MOST_ROWS = 20000 };

struct row {
    int32_t v[MOST_COLUMNS];
    int line;
};

static struct row rows[MOST_ROWS];
static size_t row_count;
static const char *path;
static int line_number;

__attribute__((noreturn, format(printf, 1, 2))) static void die(const char *format, ...)
{
    va_list args;
    fprintf(stderr, "%s:%d: ", path, line_number);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1);
}

/* The whole cell must be one character of UTF-8. */
static int32_t read_character(const char *s)
{
    const unsigned char *b = (const unsigned char *)s;
    size_t n = strlen(s);
    if (n == 0)
        return 0;
    if (n > 2 && b[0] == 'U' && b[1] == '+') {
        char *end;
        long v = strtol(s + 2, &end, 16);
        if (*end || v <= 0 || v > 0x10FFFF)
            die("'%s' is no code point", s);
        return (int32_t)v;
    }
    size_t length = b[0] < 0x80 ? 1 : b[0] >= 0xF0 ? 4 : b[0] >= 0xE0 ? 3 : 2;
    if (n != length)
        die("'%s': expected one character", s);
    int32_t c = length == 1 ? b[0] : b[0] & (0x7F >> length);
    for (size_t i = 1; i < length; i++)
        c = c << 6 | (b[i] & 0x3F);
    return c;
}

static int32_t read_number(const char *s)
{
    char *end;
    errno = 0;
    long v = strtol(s, &end, 10);
    if (end == s || *end || errno || v > INT32_MAX || v < INT32_MIN)
        die("'%s': expected a whole number", s);
    return (int32_t)v;
}

static int32_t read_day(const char *s)
{
    int32_t v = 0;
    if (strlen(s) != 10 || s[4] != '-' || s[7] != '-')
        die("'%s': expected YYYY-MM-DD", s);
    for (int i = 0; i < 10; i++) {
        if (i == 4 || i == 7)
            continue;
        if (s[i] < '0' || s[i] > '9')
            die("'%s': expected YYYY-MM-DD", s);
        v = v * 10 + (s[i] - '0');
    }
    return v;
}

static void add_row(char *line, const char *types)
{
    if (row_count == MOST_ROWS)
        die("more than %d rows", (int)MOST_ROWS);
    struct row *row = &rows[row_count++];
    row->line = line_number;
    size_t column = 0;
    char *rest = line;
    for (const char *type = types; *type; type++) {
        if (!rest)
            die("expected %zu columns", strlen(types));
        char *cell = rest;
        char *tab = strchr(cell, '\t');
        if (tab)
            *tab++ = '\0';
        rest = tab;
        if (*type == 'c')
            row->v[column++] = read_character(cell);
        else if (*type == 'n')
            row->v[column++] = read_number(cell);
        else if (*type == 'd')
            row->v[column++] = read_day(cell);
        else if (*type != '-')
            die("type '%c' is not known", *type);
    }
    if (rest)
        die("expected %zu columns", strlen(types));
}

static int by_key(const void *a, const void *b)
{
    int32_t x = ((const struct row *)a)->v[0];
    int32_t y = ((const struct row *)b)->v[0];
    return (x > y) - (x < y);
}

static void read_rows(const char *types)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        die("%s", strerror(errno));
    char line[1024];
    while (fgets(line, sizeof line, in)) {
        line_number++;
        size_t n = strlen(line);
        if (n == 0 || line[n - 1] != '\n')
            die("line too long, or the last one without its end");
        line[n - 1] = '\0';
        if (n > 1 && line[0] != '#')
            add_row(line, types);
    }
    if (ferror(in))
        die("cannot be read");
    fclose(in);
    qsort(rows, row_count, sizeof rows[0], by_key);
    for (size_t i = 1; i < row_count; i++) {
        line_number = rows[i].line;
        if (rows[i].v[0] == rows[i - 1].v[0])
            die("the first column stands in line %d already", rows[i - 1].line);
    }
}

static size_t column_count(const char *types)
{
    size_t n = 0;
    for (; *types; types++)
        n += *types != '-';
    return n;
}

static void write_rows(const char *name, size_t columns, const char *to)
{
    FILE *out = fopen(to, "wb");
    if (!out)
        die("%s: %s", to, strerror(errno));
    fprintf(out,
            "/* Made by tools/mktable from a file of data/. */\n#include \"base/table.h\"\n\n"
            "const int32_t %s[][%zu] = {\n",
            name, columns);
    for (size_t i = 0; i < row_count; i++) {
        fputs("    {", out);
        for (size_t c = 0; c < columns; c++)
            fprintf(out, "%s%ld", c > 0 ? ", " : "", (long)rows[i].v[c]);
        fputs("},\n", out);
    }
    fprintf(out, "};\nconst size_t %s_count = %zu;\n", name, row_count);
    if (fclose(out) != 0)
        die("%s: %s", to, strerror(errno));
}

int main(int argc, char **argv)
{
    if (argc != 5 || strlen(argv[2]) > MOST_COLUMNS) {
        fputs("usage: mktable NAME TYPES IN.tsv OUT.c\n", stderr);
        return 2;
    }
    path = argv[3];
    read_rows(argv[2]);
    if (row_count == 0)
        die("no rows");
    write_rows(argv[1], column_count(argv[2]), argv[4]);
    return 0;
}
