/*
 * embed: files to one C file, so that the installed program needs none beside it.
 *
 *     embed OUT.c NAME=FILE ...
 *
 * For each: const unsigned char NAME[] (NUL behind the last byte) and const size_t NAME_size.
 * Whoever uses one declares it extern.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void die(const char *what)
{
    fprintf(stderr, "embed: %s: %s\n", what, errno ? strerror(errno) : "expected NAME=FILE");
    exit(1);
}

static void embed_file(FILE *out, const char *spec)
{
    const char *eq = strchr(spec, '=');
    if (!eq || eq == spec)
        die(spec);
    FILE *in = fopen(eq + 1, "rb");
    if (!in)
        die(eq + 1);
    int name = (int)(eq - spec);
    fprintf(out,
            "extern const unsigned char %.*s[];\nextern const size_t %.*s_size;\n"
            "const unsigned char %.*s[] = {",
            name, spec, name, spec, name, spec);
    size_t n = 0;
    int c;
    for (; (c = fgetc(in)) != EOF; n++)
        fprintf(out, "%s%d,", n % 20 == 0 ? "\n" : "", c);
    if (ferror(in))
        die(eq + 1);
    fclose(in);
    fprintf(out, "\n0};\nconst size_t %.*s_size = %zu;\n", name, spec, n);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fputs("usage: embed OUT.c NAME=FILE ...\n", stderr);
        return 2;
    }
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        die(argv[1]);
    fputs("/* Made by tools/embed. */\n#include <stddef.h>\n\n", out);
    for (int i = 2; i < argc; i++)
        embed_file(out, argv[i]);
    if (fclose(out) != 0)
        die(argv[1]);
    return 0;
}
