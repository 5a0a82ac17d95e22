/* intake: the table of sources and ways, and what it refuses. */
#include "office/inner.h"

extern const unsigned char office_intake_tsv[];
extern const size_t office_intake_tsv_size;

enum { INTAKE_ROWS = 400 };

/* The next line of the table: group, source, and the ways with "," between. */
static bool next_line(struct str *rest, struct intake_route *line)
{
    while (rest->n > 0) {
        struct str text = str_cut(rest, '\n');
        if (text.n == 0 || text.p[0] == '#')
            continue;
        line->group = str_cut(&text, '\t');
        line->source = str_cut(&text, '\t');
        line->route = text;
        return true;
    }
    return false;
}

static struct str table_text(void)
{
    return (struct str){(const char *)office_intake_tsv, office_intake_tsv_size};
}

static bool has_group(struct str group)
{
    struct str rest = table_text();
    struct intake_route line;

    while (next_line(&rest, &line)) {
        if (str_equal(line.group, group))
            return true;
    }
    return false;
}

/* "levy.income" has rows of its own; "levy.other" goes by those of the desk. */
static struct str group_of(struct str name)
{
    struct str desk = name;
    return has_group(name) ? name : str_cut(&desk, '.');
}

static bool has_route(struct str routes, struct str route)
{
    while (routes.n > 0) {
        if (str_equal(str_cut(&routes, ','), route))
            return true;
    }
    return false;
}

bool intake_knows(struct str group)
{
    return has_group(group_of(group));
}

bool intake_is_allowed(struct str group, struct str source, struct str route)
{
    const struct str own = group_of(group);
    struct str rest = table_text();
    struct intake_route line;

    while (next_line(&rest, &line)) {
        const bool is_ours = str_equal(line.group, own) || str_is(line.group, "*");
        if (is_ours && str_equal(line.source, source) && has_route(line.route, route))
            return true;
    }
    return false;
}

int intake_need(struct work *w, struct str group, struct str source, struct str route)
{
    if (intake_is_allowed(group, source, route))
        return OK;
    return fail(&w->cx, ERR_INVALID, "office.intake_pair",
                STR_FMT " source=" STR_FMT " route=" STR_FMT, STR_ARG(group), STR_ARG(source),
                STR_ARG(route));
}

int intake_routes(struct work *w, struct intake_route **rows, size_t *n)
{
    struct str rest = table_text();
    struct intake_route line;

    *n = 0;
    *rows = ARENA_ARRAY(w->cx.arena, INTAKE_ROWS, struct intake_route);
    if (!*rows)
        return fail(&w->cx, ERR_MEMORY, "base.memory", NULL);
    while (next_line(&rest, &line)) {
        struct str routes = line.route;
        while (routes.n > 0) {
            if (*n == INTAKE_ROWS)
                return fail(&w->cx, ERR_LIMIT, "office.intake_table", STR_FMT, STR_ARG(line.group));
            (*rows)[*n] = line;
            (*rows)[(*n)++].route = str_cut(&routes, ',');
        }
    }
    return OK;
}
