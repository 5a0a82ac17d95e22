/* library: rule files in a folder: national/, prefecture/, municipality/. */
#include "law/law.h"

#include <dirent.h>
#include <string.h>

enum { FILES_MAX = 64, RULE_FILE_MAX = 1 << 20 };

struct file_list {
    struct str name[FILES_MAX];
    size_t n;
};

static bool is_rule_file(struct str name)
{
    struct str end = STR(".rule");
    return name.n > end.n && name.p[0] != '.' && memcmp(name.p + name.n - end.n, end.p, end.n) == 0;
}

static void insert_sorted(struct file_list *list, struct str name)
{
    size_t i = list->n++;
    for (; i > 0 && str_compare(name, list->name[i - 1]) < 0; i--)
        list->name[i] = list->name[i - 1];
    list->name[i] = name;
}

/* The rule files of dir/part in name order: national files are numbered in the statute's order. */
static int list_files(struct context *cx, const char *dir, const char *part, struct file_list *list)
{
    struct str path = str_format(cx->arena, "%s/%s", dir, part);
    list->n = 0;
    if (!path.p)
        return fail(cx, ERR_MEMORY, "law.memory", NULL);
    DIR *d = opendir(path.p);
    if (!d)
        return fail(cx, ERR_IO, "law.load.folder", "folder=%s/%s", dir, part);
    int status = OK;
    for (struct dirent *e = readdir(d); e && status == OK; e = readdir(d)) {
        struct str name = str_of(e->d_name);
        if (!is_rule_file(name))
            continue;
        struct str kept = str_copy(cx->arena, name);
        if (!kept.p)
            status = fail(cx, ERR_MEMORY, "law.memory", NULL);
        else if (list->n == FILES_MAX)
            status = fail(cx, ERR_LIMIT, "law.load.texts", "folder=" STR_FMT " maximum=%d",
                          STR_ARG(path), FILES_MAX);
        else
            insert_sorted(list, kept);
    }
    closedir(d);
    return status;
}

static int read_rule(struct context *cx, const char *dir, const char *part, struct str file,
                     struct rule_text *out)
{
    struct text t;
    text_init(&t, RULE_FILE_MAX);
    struct str path = str_format(cx->arena, "%s/%s/" STR_FMT, dir, part, STR_ARG(file));
    out->name = str_format(cx->arena, "%s/" STR_FMT, part, STR_ARG(file));
    int status = path.p && out->name.p ? file_read(cx, path.p, RULE_FILE_MAX, &t)
                                       : fail(cx, ERR_MEMORY, "law.memory", NULL);
    if (status >= 0) {
        out->text = str_copy(cx->arena, text_str(&t));
        status = out->text.p ? OK : fail(cx, ERR_MEMORY, "law.memory", NULL);
    }
    text_release(&t);
    return status < 0 ? status : OK;
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* The word behind `keyword` in the heading of a rule text: "自治体 吹田市" -> 吹田市. */
static struct str heading_word(struct str text, const char *keyword)
{
    struct str key = str_of(keyword);
    size_t until = text.n < 2000 ? text.n : 2000;
    for (size_t i = 0; i + key.n + 1 < until; i++) {
        if (memcmp(text.p + i, key.p, key.n) != 0 || !is_blank(text.p[i + key.n]) ||
            (i > 0 && !is_blank(text.p[i - 1])))
            continue;
        size_t start = i + key.n, end;
        while (start < until && is_blank(text.p[start]))
            start++;
        for (end = start; end < text.n && !is_blank(text.p[end]);)
            end++;
        return (struct str){text.p + start, end - start};
    }
    return STR_NONE;
}

/* The file of `part` whose heading names it so, or whose file name it is. */
static int find_rule(struct context *cx, const char *dir, const char *part, const char *keyword,
                     struct str name, struct rule_text *out)
{
    struct file_list files;
    int status = list_files(cx, dir, part, &files);
    for (size_t i = 0; i < files.n && status == OK; i++) {
        struct str stem = {files.name[i].p, files.name[i].n - strlen(".rule")};
        if ((status = read_rule(cx, dir, part, files.name[i], out)) < 0)
            return status;
        if (str_equal(stem, name) || str_equal(heading_word(out->text, keyword), name))
            return OK;
    }
    if (status < 0)
        return status;
    return fail(cx, ERR_NOT_FOUND, "law.load.unknown", "name=" STR_FMT " folder=%s", STR_ARG(name),
                part);
}

int ruleset_load_directory(struct context *cx, const char *dir, struct str municipality,
                           struct ruleset **out)
{
    struct rule_text texts[FILES_MAX + 2], city;
    struct file_list files;
    size_t n = 0;
    int status = list_files(cx, dir, "national", &files);
    for (; n < files.n && status == OK; n++)
        status = read_rule(cx, dir, "national", files.name[n], &texts[n]);
    if (status == OK && municipality.p) {
        status = find_rule(cx, dir, "municipality", "自治体", municipality, &city);
        struct str region = status == OK ? heading_word(city.text, "所属") : STR_NONE;
        if (status == OK && region.p)
            status = find_rule(cx, dir, "prefecture", "広域", region, &texts[n++]);
        if (status == OK)
            texts[n++] = city;
    }
    return status < 0 ? status : ruleset_load_texts(cx, texts, n, out);
}

bool ruleset_municipality(struct context *cx, const char *dir, size_t i, struct str *name)
{
    struct file_list files;
    struct rule_text text;
    if (list_files(cx, dir, "municipality", &files) < 0 || i >= files.n ||
        read_rule(cx, dir, "municipality", files.name[i], &text) < 0)
        return false;
    *name = heading_word(text.text, "自治体");
    return name->p != NULL;
}
