/*
 * lint: keeps the rules of the house that a compiler does not.
 *
 *   sizes      function <= 70 lines, <= 6 parameters, nesting <= 4; .c <= 800 lines, .h <= 400
 *   words      banned functions; malloc and free only in src/base; no float in src/law, src/desk
 *   rooms      an include crosses folders only to <folder>/<folder>.h, and only downwards
 *   SQL        statements stand in .sql files; as-of comparisons come from the marker
 *   names      no util, common, misc, helper, manager
 *   language   no Japanese in C (messages, pages, forms and rules hold it)
 *
 * Exceptions stand in tools/lint.allow: PATH<TAB>RULE<TAB>DETAIL or *<TAB>REASON.
 * Works on the files that git tracks (or, without git, on what it finds under src and tools).
 */
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_FILE = 4 << 20, MAX_ALLOW = 400, FUNCTION_LINES = 70, PARAMETERS = 6, NESTING = 4 };

static int findings;
static char *allow[MAX_ALLOW][4];
static size_t allow_n;
static size_t function_sizes[65536];
static size_t functions;

/* A path that ends in / stands for the folder. */
static bool covers(const char *pattern, const char *path)
{
    const size_t n = strlen(pattern);
    return n > 0 && pattern[n - 1] == '/' ? strncmp(pattern, path, n) == 0 : !strcmp(pattern, path);
}

static bool allowed(const char *path, const char *rule, const char *detail)
{
    for (size_t i = 0; i < allow_n; i++) {
        const bool same = covers(allow[i][0], path) && strcmp(allow[i][1], rule) == 0;
        if (same && (strcmp(allow[i][2], "*") == 0 || strcmp(allow[i][2], detail) == 0))
            return true;
    }
    return false;
}

static void found(const char *path, int line, const char *rule, const char *detail)
{
    if (allowed(path, rule, detail))
        return;
    printf("%s:%d: %s: %s\n", path, line, rule, detail);
    findings++;
}

static char *read_whole(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = malloc(MAX_FILE + 1);
    const size_t n = text ? fread(text, 1, MAX_FILE, f) : 0;
    fclose(f);
    if (text)
        text[n] = '\0';
    return text;
}

static void read_allow(void)
{
    static char line[1024];
    FILE *f = fopen("tools/lint.allow", "r");

    while (f && allow_n < MAX_ALLOW && fgets(line, sizeof(line), f)) {
        char *cursor = line;
        int column = 0;
        if (line[0] == '#' || line[0] == '\n')
            continue;
        for (char *word; column < 4 && (word = strsep(&cursor, "\t\n")) != NULL; column++)
            allow[allow_n][column] = strdup(word);
        if (column < 4 || allow[allow_n][3][0] == '\0') {
            printf("tools/lint.allow: four columns with a reason wanted: %s\n", allow[allow_n][0]);
            findings++;
        } else {
            allow_n++;
        }
    }
    if (f)
        fclose(f);
}

/* --- comments and literals --------------------------------------------------------------- */

enum part { CODE, COMMENT, LINE_COMMENT, LITERAL, CHARACTER };

static enum part step(enum part at, const char *p, size_t *skip)
{
    *skip = 0;
    switch (at) {
    case CODE:
        if (p[0] == '/' && p[1] == '*')
            return COMMENT;
        if (p[0] == '/' && p[1] == '/')
            return LINE_COMMENT;
        if (p[0] == '"')
            return LITERAL;
        return p[0] == '\'' ? CHARACTER : CODE;
    case COMMENT:
        if (p[0] == '*' && p[1] == '/') {
            *skip = 1;
            return CODE;
        }
        return COMMENT;
    case LINE_COMMENT:
        return p[0] == '\n' ? CODE : LINE_COMMENT;
    case LITERAL:
    case CHARACTER:
        *skip = p[0] == '\\' ? 1 : 0;
        return p[0] == (at == LITERAL ? '"' : '\'') ? CODE : at;
    }
    return CODE;
}

/* Blanks comments, and literals too unless they are wanted; line numbers stay. */
static char *only_code(const char *text, bool keep_literals)
{
    char *out = strdup(text);
    enum part at = CODE;

    for (size_t i = 0; out && text[i]; i++) {
        size_t skip = 0;
        const enum part next = step(at, text + i, &skip);
        const bool comment = at == COMMENT || at == LINE_COMMENT || next == COMMENT ||
                             next == LINE_COMMENT;
        const bool literal = (at == LITERAL || at == CHARACTER) && next == at;
        for (size_t k = i; k <= i + skip && text[k]; k++) {
            if (text[k] != '\n' && (comment || (literal && !keep_literals)))
                out[k] = ' ';
        }
        i += text[i + skip] ? skip : 0;
        at = next;
    }
    return out;
}

static int line_of(const char *text, const char *p)
{
    int line = 1;
    for (; text < p; text++)
        line += *text == '\n';
    return line;
}

static bool word_char(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Calls f for every identifier of the code. */
static void identifiers(const char *path, const char *code,
                        void (*f)(const char *path, int line, const char *word, const char *at))
{
    char word[80];
    for (const char *p = code; *p;) {
        if (!word_char(*p)) {
            p++;
            continue;
        }
        const char *start = p;
        while (word_char(*p))
            p++;
        const size_t n = (size_t)(p - start);
        const bool member = start > code && (start[-1] == '.' || (start - code > 1 &&
                            start[-1] == '>' && start[-2] == '-'));
        if (n < sizeof(word) && !member) {
            memcpy(word, start, n);
            word[n] = '\0';
            f(path, line_of(code, start), word, p);
        }
    }
}

/* --- words ------------------------------------------------------------------------------- */

static bool one_of(const char *word, const char *const *list)
{
    for (; *list; list++) {
        if (strcmp(word, *list) == 0)
            return true;
    }
    return false;
}

static bool ends(const char *s, const char *tail)
{
    const size_t n = strlen(s);
    const size_t m = strlen(tail);
    return n >= m && strcmp(s + n - m, tail) == 0;
}

static bool under(const char *path, const char *folder)
{
    return strncmp(path, folder, strlen(folder)) == 0;
}

static void check_word(const char *path, int line, const char *word, const char *at)
{
    static const char *const banned[] = {"strcpy", "strcat", "sprintf", "vsprintf", "strtok", "atoi", "atol",
                                         "gmtime", "localtime", "time", "rand", "srand", "getenv",
                                         "system", "popen", "gets", "strncpy", NULL};
    static const char *const heap[] = {"malloc", "calloc", "realloc", "free", "strdup", NULL};
    static const char *const inexact[] = {"float", "double", NULL};

    while (*at == ' ')
        at++;
    if (*at == '(' && one_of(word, banned))
        found(path, line, "banned", word);
    if (*at == '(' && one_of(word, heap) && !under(path, "src/base/"))
        found(path, line, "heap", word);
    if (one_of(word, inexact) && (under(path, "src/law/") || under(path, "src/desk/")))
        found(path, line, "inexact", word);
}

/* --- functions --------------------------------------------------------------------------- */

struct span { /* a function's body */
    const char *open;
    const char *close;
};

static int parameters_before(const char *code, const char *open, char *name, size_t name_max)
{
    const char *p = open - 1;
    int depth = 0;
    int commas = 0;

    while (p > code && isspace((unsigned char)*p))
        p--;
    if (*p != ')')
        return -1;
    for (; p > code; p--) {
        depth += *p == ')' ? 1 : 0;
        depth -= *p == '(' ? 1 : 0;
        commas += *p == ',' && depth == 1 ? 1 : 0;
        if (depth == 0)
            break;
    }
    const char *end = p;
    while (end > code && isspace((unsigned char)end[-1]))
        end--;
    const char *start = end;
    while (start > code && word_char(start[-1]))
        start--;
    snprintf(name, name_max, "%.*s", (int)(end - start), start);
    return commas + 1;
}

static void check_function(const char *path, const char *code, struct span s)
{
    char name[80];
    char detail[160];
    int deepest = 0;
    int depth = 0;
    const int parameters = parameters_before(code, s.open, name, sizeof(name));
    const int lines = line_of(code, s.close) - line_of(code, s.open) + 1;

    if (parameters < 0)
        return;
    for (const char *p = s.open; p < s.close; p++) {
        depth += *p == '{' ? 1 : 0;
        depth -= *p == '}' ? 1 : 0;
        deepest = depth > deepest ? depth : deepest;
    }
    if (functions < sizeof(function_sizes) / sizeof(function_sizes[0]))
        function_sizes[functions++] = (size_t)lines;
    if (lines > FUNCTION_LINES) {
        snprintf(detail, sizeof(detail), "%s", name);
        found(path, line_of(code, s.open), "function-lines", detail);
    }
    if (parameters > PARAMETERS)
        found(path, line_of(code, s.open), "parameters", name);
    if (deepest - 1 > NESTING)
        found(path, line_of(code, s.open), "nesting", name);
}

/* Bodies are the braces that open in the first column. */
static void check_functions(const char *path, const char *code)
{
    struct span s = {NULL, NULL};
    int depth = 0;

    for (const char *p = code; *p; p++) {
        if (*p == '{' && depth++ == 0)
            s.open = p;
        if (*p == '}' && --depth == 0 && s.open && (s.open == code || s.open[-1] == '\n')) {
            s.close = p;
            check_function(path, code, s);
        }
        if (*p == '}' && depth < 0)
            depth = 0;
    }
}

/* --- rooms ------------------------------------------------------------------------------- */

static int level_of(const char *room)
{
    static const struct {
        const char *room;
        int level;
    } levels[] = {{"base", 0},   {"store", 1},  {"law", 1},         {"page", 1},  {"paper", 1},
                  {"exchange", 1}, {"office", 2}, {"desk/party", 3},  {"desk/eligibility", 4},
                  {"desk/levy", 5}, {"desk/collection", 6}, {"desk/arrears", 7},
                  {"desk/benefit", 7}, {"desk/linkage", 7}, {"desk/counter", 8},
                  {"cli/demo", 9}, {"serve", 9}, {"cli", 10}, {"outside/register", 2},
                  {"outside/pension", 2}, {"outside/bank", 2}, {"outside/finance", 2}};
    for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
        if (strcmp(levels[i].room, room) == 0)
            return levels[i].level;
    }
    return -1;
}

static void room_of(const char *path, char *room, size_t max)
{
    const char *slash = strrchr(path, '/');
    snprintf(room, max, "%.*s", slash ? (int)(slash - path) : 0, path);
}

static void check_include(const char *path, int line, const char *target)
{
    char own[160];
    char other[160];
    char public_header[340];

    room_of(path + strlen("src/"), own, sizeof(own));
    room_of(target, other, sizeof(other));
    if (other[0] == '\0' || strcmp(own, other) == 0)
        return;
    const char *last = strrchr(other, '/');
    snprintf(public_header, sizeof(public_header), "%s/%s.h", other, last ? last + 1 : other);
    if (strcmp(target, public_header) != 0)
        found(path, line, "room-header", target);
    if (level_of(own) >= 0 && (level_of(other) < 0 || level_of(other) >= level_of(own)))
        found(path, line, "room-direction", target);
}

static void check_includes(const char *path, const char *text)
{
    char target[200];
    int line = 1;

    for (const char *p = text; p; p = strchr(p, '\n'), p = p ? p + 1 : NULL, line++) {
        if (sscanf(p, "#include \"%199[^\"]\"", target) == 1)
            check_include(path, line, target);
    }
}

/* --- literals ---------------------------------------------------------------------------- */

static bool sql_literal(const char *p)
{
    static const char *const starts[] = {"\"select ", "\"insert ", "\"update ", "\"delete ",
                                         "\"SELECT ", "\"INSERT ", "\"UPDATE ", "\"DELETE ", NULL};
    for (const char *const *s = starts; *s; s++) {
        if (strncmp(p, *s, strlen(*s)) == 0)
            return true;
    }
    return false;
}

/* Kana and kanji: what people read. Box drawing, arrows and the like may pass. */
static bool japanese(const unsigned char *p)
{
    return p[0] >= 0xe3 && p[0] <= 0xe9 && p[1] >= 0x80;
}

static void check_literals(const char *path, const char *code)
{
    bool inside = false;
    bool reported = false;

    for (const char *p = code; *p; p++) {
        if (*p == '\n') {
            reported = false;
            inside = false;
        } else if (*p == '\\' && inside) {
            p += p[1] ? 1 : 0;
        } else if (*p == '"') {
            inside = !inside;
            if (inside && sql_literal(p) && !under(path, "src/store/"))
                found(path, line_of(code, p), "sql-in-c", "SQL text");
        } else if (inside && !reported && japanese((const unsigned char *)p)) {
            found(path, line_of(code, p), "japanese-in-c", "text for people");
            reported = true;
        }
    }
}

static void check_sql(const char *path, const char *text)
{
    static const char *const hand[] = {"known_to is null", "known_from <=", "known_to >",
                                       "valid_to is null", "valid_from <=", "valid_to >", NULL};
    for (const char *const *h = hand; *h; h++) {
        const char *p = strstr(text, *h);
        const bool defines = under(path, "src/store/") || ends(path, "/schema.sql");
        if (p && !defines)
            found(path, line_of(text, p), "as-of-by-hand", *h);
    }
}

/* --- files ------------------------------------------------------------------------------- */

static void check_name(const char *path)
{
    static const char *const bad[] = {"util", "common", "misc", "helper", "manager", NULL};
    for (const char *const *b = bad; *b; b++) {
        if (strstr(path, *b))
            found(path, 1, "name", *b);
    }
}

static void check_size(const char *path, const char *text)
{
    const int lines = line_of(text, text + strlen(text));
    if (ends(path, ".c") && lines > 800)
        found(path, lines, "file-lines", "more than 800");
    if (ends(path, ".h") && lines > 400)
        found(path, lines, "file-lines", "more than 400");
}

static void check_c(const char *path, const char *text)
{
    char *code = only_code(text, false);
    char *with_literals = only_code(text, true);

    if (code && with_literals) {
        identifiers(path, code, check_word);
        check_functions(path, code);
        check_includes(path, with_literals);
        check_literals(path, with_literals);
    }
    free(code);
    free(with_literals);
}

static void check_file(const char *path)
{
    char *text = read_whole(path);

    if (!text)
        return;
    check_name(path);
    if (under(path, "src/") && (ends(path, ".c") || ends(path, ".h"))) {
        check_size(path, text);
        check_c(path, text);
    } else if (under(path, "tools/") && ends(path, ".c")) {
        check_size(path, text);
        char *code = only_code(text, false);
        if (code)
            check_functions(path, code);
        free(code);
    } else if (under(path, "src/") && ends(path, ".sql")) {
        check_sql(path, text);
    }
    free(text);
}

static int by_size(const void *a, const void *b)
{
    const size_t x = *(const size_t *)a;
    const size_t y = *(const size_t *)b;
    return x < y ? -1 : x > y;
}

int main(void)
{
    char path[512];
    FILE *list = popen("git ls-files -co --exclude-standard src tools 2>/dev/null", "r");

    read_allow();
    while (list && fgets(path, sizeof(path), list)) {
        path[strcspn(path, "\n")] = '\0';
        check_file(path);
    }
    if (list)
        pclose(list);
    qsort(function_sizes, functions, sizeof(function_sizes[0]), by_size);
    if (functions == 0) {
        printf("lint: no functions found: run it at the root of the tree\n");
        return 3;
    }
    printf("lint: %d findings; %zu functions, median %zu lines, 99th percentile %zu\n", findings,
           functions, function_sizes[functions / 2], function_sizes[functions * 99 / 100]);
    return findings > 0;
}
