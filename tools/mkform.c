/*
 * mkform: layouts of notices into the program.
 *
 *     mkform PREFIX OUT.c OUT.h IN.form ...
 *
 * Gives  const struct form_text PREFIX_forms[]  and  const size_t n_PREFIX_forms.  The name of a
 * form is its file's name without the ending.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static FILE *open_file(const char *path, const char *mode)
{
    FILE *f = fopen(path, mode);
    if (!f) {
        fprintf(stderr, "mkform: %s: %s\n", path, strerror(errno));
        exit(1);
    }
    return f;
}

static void write_literal(FILE *out, FILE *in)
{
    int c;
    int column = 0;
    fputs("    \"", out);
    while ((c = getc(in)) != EOF) {
        if (c == '\n') {
            fputs("\\n\"\n    \"", out);
            column = 0;
            continue;
        }
        if (c == '"' || c == '\\' || c == '?')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7F)
            fprintf(out, "\\%03o", (unsigned)c);
        else
            putc(c, out);
        if (++column % 4000 == 0)
            fputs("\"\n    \"", out);
    }
    fputs("\"", out);
}

static void write_form(FILE *out, const char *path, int i)
{
    FILE *in = open_file(path, "rb");
    fprintf(out, "static const char body_%d[] =\n", i);
    write_literal(out, in);
    fputs(";\n\n", out);
    fclose(in);
}

static void write_row(FILE *out, const char *path, int i)
{
    const char *name = strrchr(path, '/');
    name = name ? name + 1 : path;
    const char *dot = strchr(name, '.');
    fprintf(out, "    {\"%.*s\", body_%d, sizeof body_%d - 1},\n",
            (int)(dot ? dot - name : (long)strlen(name)), name, i, i);
}

int main(int argc, char **argv)
{
    if (argc < 5) {
        fputs("usage: mkform PREFIX OUT.c OUT.h IN.form ...\n", stderr);
        return 2;
    }
    FILE *c = open_file(argv[2], "wb");
    FILE *h = open_file(argv[3], "wb");
    fprintf(h, "#include \"paper/paper.h\"\nextern const struct form_text %s_forms[];\n"
               "extern const size_t n_%s_forms;\n", argv[1], argv[1]);
    fprintf(c, "#include \"paper/paper.h\"\n\nextern const struct form_text %s_forms[];\n"
               "extern const size_t n_%s_forms;\n\n", argv[1], argv[1]);
    for (int i = 4; i < argc; i++)
        write_form(c, argv[i], i - 4);
    fprintf(c, "const struct form_text %s_forms[] = {\n", argv[1]);
    for (int i = 4; i < argc; i++)
        write_row(c, argv[i], i - 4);
    fprintf(c, "};\nconst size_t n_%s_forms = %d;\n", argv[1], argc - 4);
    if (fclose(c) != 0 || fclose(h) != 0) {
        fprintf(stderr, "mkform: %s\n", strerror(errno));
        return 1;
    }
    return 0;
}
