/* rule: the rules checked, one of them shown, two sets compared. */
#include "cli/cli.h"
#include "law/law.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

enum { RULES, GOLDEN, WRITE_GOLDEN, N_OPTIONS };
static const struct option_spec specs[N_OPTIONS] = {{"rules", true},
                                                    {"golden", true},
                                                    {"write-golden", true}};

enum { GOLDEN_MAX = 16 << 20, LINES_SHOWN = 20 };

static const char *sentence(const char *id)
{
    const struct message *m = message_find(id);
    return m ? m->text : id;
}

static json_t *json_of(struct str s)
{
    return s.p ? json_stringn(s.p, s.n) : json_null();
}

static int write_out(const char *bytes, size_t n, void *to)
{
    return fwrite(bytes, 1, n, to) == n ? 0 : -1;
}

static int print_json(struct context *cx, json_t *value)
{
    int bad =
        value ? json_dump_callback(value, write_out, stdout, JSON_INDENT(2) | JSON_PRESERVE_ORDER)
              : -1;
    json_decref(value);
    putchar('\n');
    return bad ? fail(cx, ERR_IO, "cli.rule.write", NULL) : OK;
}

static int load(struct context *cx, struct str name, struct ruleset **out)
{
    const char *dir;
    int status = options_rules_dir(cx, &dir);
    return status < 0 ? status : ruleset_load_directory(cx, dir, name, out);
}

/* ---- check -------------------------------------------------------------------------------- */

struct golden {
    size_t differing;
    size_t lines;
};

static void show_line(const char *sign, struct str line, struct golden *g)
{
    if (line.p && g->differing <= LINES_SHOWN)
        printf("%s " STR_FMT "\n", sign, STR_ARG(line));
}

/* Line by line; a line moved is two differences, which is what one wants to see. */
static void compare_lines(struct str have, struct str want, struct golden *g)
{
    while (have.n > 0 || want.n > 0) {
        struct str a = have.n > 0 ? str_cut(&have, '\n') : STR_NONE;
        struct str b = want.n > 0 ? str_cut(&want, '\n') : STR_NONE;
        g->lines++;
        if (a.p && b.p && str_equal(a, b))
            continue;
        g->differing++;
        show_line("-", b, g);
        show_line("+", a, g);
    }
}

static int check_golden(struct context *cx, const struct options *o,
                        const struct rule_report *report, struct golden *g)
{
    struct text want;
    *g = (struct golden){0};
    if (o->value[WRITE_GOLDEN].p)
        return file_write(cx, str_c(cx->arena, o->value[WRITE_GOLDEN]), report->probes);
    if (!o->value[GOLDEN].p)
        return OK;
    text_init(&want, GOLDEN_MAX);
    int status = file_read(cx, str_c(cx->arena, o->value[GOLDEN]), GOLDEN_MAX, &want);
    if (status >= 0)
        compare_lines(report->probes, text_str(&want), g);
    text_release(&want);
    return status < 0 ? status : OK;
}

static json_t *finding_json(const struct rule_finding *f)
{
    json_t *row = json_object();
    json_object_set_new(row, "file", json_of(f->file));
    json_object_set_new(row, "line", json_integer(f->line));
    json_object_set_new(row, "column", json_integer(f->column));
    json_object_set_new(row, "message", json_string(sentence(f->message)));
    json_object_set_new(row, "facts", json_of(f->facts));
    return row;
}

static int check_json(struct context *cx, const struct rule_report *r, const struct golden *g)
{
    json_t *top = json_object(), *rows = json_array();
    for (size_t i = 0; i < r->n; i++)
        json_array_append_new(rows, finding_json(&r->findings[i]));
    json_object_set_new(top, "definitions", json_integer((json_int_t)r->definitions));
    json_object_set_new(top, "parameters", json_integer((json_int_t)r->parameters));
    json_object_set_new(top, "cases", json_integer((json_int_t)r->cases));
    json_object_set_new(top, "cases_failed", json_integer((json_int_t)r->cases_failed));
    json_object_set_new(top, "probes", json_integer((json_int_t)r->n_probes));
    json_object_set_new(top, "probes_differing", json_integer((json_int_t)g->differing));
    json_object_set_new(top, "findings", rows);
    return print_json(cx, top);
}

static void check_text(const struct rule_report *r, const struct golden *g)
{
    for (size_t i = 0; i < r->n; i++)
        printf(STR_FMT ":%d:%d: %s " STR_FMT "\n", STR_ARG(r->findings[i].file),
               r->findings[i].line, r->findings[i].column, sentence(r->findings[i].message),
               STR_ARG(r->findings[i].facts));
    printf("%s: %zu  ", sentence("cli.rule.definitions"), r->definitions);
    printf("%s: %zu  ", sentence("cli.rule.parameters"), r->parameters);
    printf("%s: %zu / %zu  ", sentence("cli.rule.cases"), r->cases - r->cases_failed, r->cases);
    printf("%s: %zu", sentence("cli.rule.probes"), r->n_probes);
    if (g->differing > 0)
        printf("  %s: %zu", sentence("cli.rule.probes_differ"), g->differing);
    putchar('\n');
}

static int rule_check(struct context *cx, const struct options *o)
{
    struct ruleset *r;
    struct rule_report report;
    struct golden g;
    int status = load(cx, o->value[RULES], &r);
    if (status == OK)
        status = ruleset_check(cx, r, &report);
    if (status == OK)
        status = check_golden(cx, o, &report, &g);
    if (status < 0)
        return report_error(cx);
    if (o->json && check_json(cx, &report, &g) < 0)
        return report_error(cx);
    if (!o->json)
        check_text(&report, &g);
    return report.n > 0 || g.differing > 0 ? EXIT_FINDINGS : EXIT_OK;
}

/* ---- show --------------------------------------------------------------------------------- */

static json_t *names_json(const struct str *names, size_t n)
{
    json_t *rows = json_array();
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_of(names[i]));
    return rows;
}

static json_t *item_json(const struct rule_item *x)
{
    json_t *top = json_object(), *versions = json_array();
    for (size_t i = 0; i < x->n_versions; i++) {
        json_t *row = json_object();
        json_object_set_new(row, "effective", json_of(x->versions[i].effective));
        json_object_set_new(row, "fiscal_year", json_integer(x->versions[i].fiscal_year));
        json_object_set_new(row, "text", json_of(x->versions[i].text));
        json_array_append_new(versions, row);
    }
    json_object_set_new(top, "kind", json_of(x->kind));
    json_object_set_new(top, "name", json_of(x->name));
    json_object_set_new(top, "signature", json_of(x->signature));
    json_object_set_new(top, "label", json_of(x->label));
    json_object_set_new(top, "article", json_of(x->article));
    json_object_set_new(top, "unconfirmed", json_of(x->note));
    json_object_set_new(top, "file", json_of(x->file));
    json_object_set_new(top, "line", json_integer(x->line));
    json_object_set_new(top, "versions", versions);
    json_object_set_new(top, "uses", names_json(x->uses, x->n_uses));
    json_object_set_new(top, "users", names_json(x->users, x->n_users));
    return top;
}

static void print_names(const char *id, const struct str *names, size_t n)
{
    if (n == 0)
        return;
    printf("%s:", sentence(id));
    for (size_t i = 0; i < n; i++)
        printf(" " STR_FMT, STR_ARG(names[i]));
    putchar('\n');
}

static void item_text(const struct rule_item *x)
{
    printf(STR_FMT " " STR_FMT " " STR_FMT "  " STR_FMT "\n", STR_ARG(x->kind), STR_ARG(x->name),
           STR_ARG(x->signature), STR_ARG(x->label));
    if (x->article.n)
        printf("%s: " STR_FMT "\n", sentence("cli.rule.article"), STR_ARG(x->article));
    printf("%s: " STR_FMT ":%d\n", sentence("cli.rule.place"), STR_ARG(x->file), x->line);
    if (x->note.n)
        printf("%s: " STR_FMT "\n", sentence("cli.rule.unconfirmed"), STR_ARG(x->note));
    for (size_t i = 0; i < x->n_versions; i++)
        printf("  " STR_FMT "  " STR_FMT "\n", STR_ARG(x->versions[i].effective),
               STR_ARG(x->versions[i].text));
    print_names("cli.rule.uses", x->uses, x->n_uses);
    print_names("cli.rule.users", x->users, x->n_users);
}

static int show_all(struct context *cx, const struct ruleset *r, bool json)
{
    const struct str *names;
    size_t n = ruleset_items(cx, r, &names);
    if (json)
        return print_json(cx, names_json(names, n));
    for (size_t i = 0; i < n; i++) {
        struct rule_item x;
        int status = ruleset_item(cx, r, names[i], &x);
        if (status < 0)
            return status;
        printf(STR_FMT " " STR_FMT " " STR_FMT "  " STR_FMT "\n", STR_ARG(x.kind), STR_ARG(x.name),
               STR_ARG(x.signature), STR_ARG(x.label));
    }
    return OK;
}

static int rule_show(struct context *cx, const struct options *o)
{
    struct ruleset *r;
    struct rule_item x;
    int status = load(cx, o->value[RULES], &r);
    if (status == OK && o->n_words == 0)
        return show_all(cx, r, o->json) < 0 ? report_error(cx) : EXIT_OK;
    if (status == OK)
        status = ruleset_item(cx, r, o->words[0], &x);
    if (status == OK && o->json)
        status = print_json(cx, item_json(&x));
    if (status < 0)
        return report_error(cx);
    if (!o->json)
        item_text(&x);
    return EXIT_OK;
}

/* ---- diff --------------------------------------------------------------------------------- */

static bool ends_with(struct str s, const char *end)
{
    size_t n = strlen(end);
    return s.n >= n && memcmp(s.p + s.n - n, end, n) == 0;
}

/* A rule file put on top of the set named by --rules. */
static int load_with_file(struct context *cx, struct str path, struct str base_name,
                          struct ruleset **out)
{
    struct text t;
    struct ruleset *base;
    int status = load(cx, base_name, &base);
    if (status < 0)
        return status;
    text_init(&t, GOLDEN_MAX);
    status = file_read(cx, str_c(cx->arena, path), GOLDEN_MAX, &t);
    if (status >= 0)
        status = ruleset_with_text(cx, base, (struct rule_text){path, text_str(&t)}, out);
    text_release(&t);
    return status < 0 ? status : OK;
}

/* "national", a municipality, a folder of rule files, or a rule file on top of --rules. */
static int load_side(struct context *cx, struct str side, struct str name, struct ruleset **out)
{
    if (str_is(side, "national"))
        return load(cx, STR_NONE, out);
    if (ends_with(side, ".rule"))
        return load_with_file(cx, side, name, out);
    if (memchr(side.p, '/', side.n))
        return ruleset_load_directory(cx, str_c(cx->arena, side), name, out);
    return load(cx, side, out);
}

static json_t *change_json(const struct rule_change *c)
{
    json_t *row = json_object();
    json_object_set_new(row, "kind", json_of(c->kind));
    json_object_set_new(row, "name", json_of(c->name));
    json_object_set_new(row, "label", json_of(c->label));
    json_object_set_new(row, "effective", json_of(c->effective));
    json_object_set_new(row, "before", json_of(c->before));
    json_object_set_new(row, "after", json_of(c->after));
    return row;
}

static int print_changes(struct context *cx, const struct rule_change *rows, size_t n, bool json)
{
    json_t *list = json ? json_array() : NULL;
    for (size_t i = 0; i < n; i++) {
        const struct rule_change *c = &rows[i];
        if (json) {
            json_array_append_new(list, change_json(c));
            continue;
        }
        printf(STR_FMT " " STR_FMT "  " STR_FMT "  " STR_FMT "\n", STR_ARG(c->kind),
               STR_ARG(c->name), STR_ARG(c->effective), STR_ARG(c->label));
        printf("  - " STR_FMT "\n",
               STR_ARG(c->before.p ? c->before : str_of(sentence("cli.rule.absent"))));
        printf("  + " STR_FMT "\n",
               STR_ARG(c->after.p ? c->after : str_of(sentence("cli.rule.absent"))));
    }
    return json ? print_json(cx, list) : OK;
}

static int rule_diff(struct context *cx, const struct options *o)
{
    struct ruleset *a, *b;
    const struct rule_change *rows;
    size_t n;
    if (o->n_words != 2)
        return command_help("rule", false);
    int status = load_side(cx, o->words[0], o->value[RULES], &a);
    if (status == OK)
        status = load_side(cx, o->words[1], o->value[RULES], &b);
    if (status == OK)
        status = ruleset_diff(cx, a, b, &rows, &n);
    if (status == OK)
        status = print_changes(cx, rows, n, o->json);
    if (status < 0)
        return report_error(cx);
    return n > 0 ? EXIT_FINDINGS : EXIT_OK;
}

int cmd_rule(struct context *cx, int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*run)(struct context *, const struct options *);
    } parts[] = {{"check", rule_check}, {"show", rule_show}, {"diff", rule_diff}};
    struct options o;
    for (size_t i = 0; argc > 1 && i < sizeof parts / sizeof parts[0]; i++) {
        if (strcmp(argv[1], parts[i].name) != 0)
            continue;
        if (options_read(cx, argc - 1, argv + 1, specs, N_OPTIONS, &o) < 0)
            return EXIT_USAGE;
        return o.help ? command_help("rule", true) : parts[i].run(cx, &o);
    }
    return command_help("rule", argc > 1 && strcmp(argv[1], "--help") == 0);
}
