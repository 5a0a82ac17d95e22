/* Two files of results, line by line: who differs, by how much, and in which results. */
#include "desk/levy/levy.h"
#include "exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

#define CAUSE_NAMES 8
#define CAUSES_MAX  512

struct side {
    struct str bytes;
    struct str name[CSV_FIELDS_MAX];
    size_t n_names;
    struct str **lines; /* n_names fields each, sorted by numbers and day */
    size_t n;
    int column[CSV_FIELDS_MAX]; /* of the other side, by this one's; -1: it has none */
    int total;                  /* position of the year's amount */
};
enum { HOUSEHOLD_NO, PERSON_NO, FROM, DIGEST, FIRST_RESULT };

/* --- a side ------------------------------------------------------------------------------------
 */

/* In a job only what lies in the city's folder: its name comes from a form. */
static int read_bytes(struct work *w, struct str file, struct text *out)
{
    const bool is_inside = file.n > 0 && file.p[0] != '.' && !memchr(file.p, '/', file.n);
    struct str path = file;
    if (w->job_id != 0 && !is_inside) {
        return fail(&w->cx, ERR_DENIED, "levy.results.place", STR_FMT, STR_ARG(file));
    }
    if (w->job_id != 0) {
        path = str_format(w->cx.arena, "%s/results/" STR_FMT, office_city_path(w->office),
                          STR_ARG(file));
    }
    char *name = path.p ? str_c(w->cx.arena, path) : NULL;
    return name ? file_read(&w->cx, name, LEVY_RESULTS_BYTES, out)
                : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

static int text_of_side(struct work *w, int fiscal_year, struct str name, struct text *out)
{
    int64_t rows = 0;
    if (str_starts(name, STR("results:"))) {
        return read_bytes(w, (struct str){name.p + 8, name.n - 8}, out);
    }
    return levy_results(w, fiscal_year, name, out, &rows);
}

static int by_key(const void *a, const void *b)
{
    const struct str *x = *(struct str *const *)a;
    const struct str *y = *(struct str *const *)b;
    for (int i = HOUSEHOLD_NO; i <= FROM; i++) {
        const int order = str_compare(x[i], y[i]);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

static int not_results(struct work *w)
{
    return fail(&w->cx, ERR_SYNTAX, "levy.results.file", NULL);
}

static int read_header(struct work *w, struct csv_reader *r, struct side *s)
{
    const int rc = csv_read(&w->cx, r);
    if (rc <= 0 || r->n <= FIRST_RESULT || !str_is(r->fields[HOUSEHOLD_NO], "household_no") ||
        !str_is(r->fields[DIGEST], "digest")) {
        return rc < 0 ? rc : not_results(w);
    }
    s->n_names = r->n;
    for (size_t i = 0; i < r->n; i++) {
        s->name[i] = str_copy(w->cx.arena, r->fields[i]);
        if (str_equal(s->name[i], levy_total_word())) {
            s->total = (int)i;
        }
    }
    return s->total ? 0 : not_results(w);
}

/* Fields that needed no quotes lie in the bytes; the numbers and results never do. */
static int read_lines(struct work *w, struct side *s)
{
    struct csv_reader r;
    size_t room = 1;
    for (size_t i = 0; i < s->bytes.n; i++) {
        room += s->bytes.p[i] == '\n';
    }
    csv_open(&r, s->bytes);
    int rc = read_header(w, &r, s);
    s->lines = rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, room, struct str *);
    rc = rc < 0 || s->lines ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    while (rc >= 0 && (rc = csv_read(&w->cx, &r)) > 0) {
        struct str *fields = ARENA_ARRAY(w->cx.arena, s->n_names, struct str);
        if (!fields || r.n != s->n_names || s->n == room) {
            rc = fields ? not_results(w) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
            break;
        }
        memcpy(fields, r.fields, s->n_names * sizeof *fields);
        s->lines[s->n++] = fields;
    }
    csv_close(&r);
    if (rc >= 0 && s->n > 0) {
        qsort(s->lines, s->n, sizeof *s->lines, by_key);
    }
    return rc;
}

static void match_columns(struct side *a, const struct side *b)
{
    for (size_t i = 0; i < a->n_names; i++) {
        a->column[i] = -1;
        for (size_t k = 0; k < b->n_names; k++) {
            a->column[i] = str_equal(a->name[i], b->name[k]) ? (int)k : a->column[i];
        }
    }
}

/* --- differences -------------------------------------------------------------------------------
 */

struct comparing {
    struct work *w;
    struct side a, b;
    struct radar *out;
};

static struct yen total_of(const struct side *s, struct str *const *line)
{
    int64_t yen = 0;
    return YEN(str_to_int((*line)[s->total], &yen) ? yen : 0);
}

static int cause_of(struct comparing *c, struct str names, uint32_t *at)
{
    struct radar *r = c->out;
    for (size_t i = 0; i < r->n_causes; i++) {
        if (str_equal(r->causes[i].names, names)) {
            *at = (uint32_t)i;
            return 0;
        }
    }
    if (r->n_causes == CAUSES_MAX) {
        *at = CAUSES_MAX - 1; /* the rest is counted together */
        return 0;
    }
    *at = (uint32_t)r->n_causes;
    r->causes[r->n_causes].names = str_copy(c->w->cx.arena, names);
    return r->causes[r->n_causes++].names.p ? 0 : fail(&c->w->cx, ERR_MEMORY, "memory", NULL);
}

/* The results that differ, without the amounts that follow from them; these alone where nothing
 * else does (another way of rounding). */
static void names_of(const struct comparing *c, const struct str *x, const struct str *y,
                     bool outcomes, struct text *out)
{
    int kept = 0;
    for (size_t i = FIRST_RESULT; i < c->a.n_names && kept < CAUSE_NAMES; i++) {
        const int other = c->a.column[i];
        if (other >= 0 && levy_is_outcome(c->a.name[i]) == outcomes && !str_equal(x[i], y[other])) {
            (void)text_adds(out, out->n ? " " : "");
            (void)text_add(out, c->a.name[i]);
            kept++;
        }
    }
}

static bool is_same_line(const struct comparing *c, const struct str *x, const struct str *y)
{
    for (size_t i = FIRST_RESULT; i < c->a.n_names; i++) {
        const int other = c->a.column[i];
        if (other >= 0 && !str_equal(x[i], y[other])) {
            return false;
        }
    }
    return true;
}

/* By the numbers of people: the ids of another city's database mean nothing here. */
static int ids_of(struct comparing *c, const struct str *line, struct radar_row *row)
{
    struct work *w = c->w;
    int rc = party_household_by_no(w, line[HOUSEHOLD_NO], &row->household_id);
    rc = rc < 0 ? rc : party_person_by_no(w, line[PERSON_NO], &row->debtor_id);
    return rc == 0 ? fail(&w->cx, ERR_NOT_FOUND, "levy.results.household", STR_FMT,
                          STR_ARG(line[HOUSEHOLD_NO]))
                   : rc;
}

static int differ(struct comparing *c, struct str *const *x, struct str *const *y, struct str names)
{
    struct radar *r = c->out;
    struct radar_row row = {.before = x ? total_of(&c->a, x) : YEN(0),
                            .after = y ? total_of(&c->b, y) : YEN(0)};
    int rc = ids_of(c, x ? *x : *y, &row);
    rc = rc < 0 ? rc : cause_of(c, names, &row.cause);
    if (rc < 0) {
        return rc;
    }
    struct radar_cause *cause = &r->causes[row.cause];
    cause->households++;
    cause->winners += row.after.n < row.before.n;
    cause->losers += row.after.n > row.before.n;
    cause->yen += row.after.n - row.before.n;
    r->rows[r->n++] = row;
    return 0;
}

static int step(struct comparing *c, size_t *i, size_t *k)
{
    struct str *const *x = *i < c->a.n ? &c->a.lines[*i] : NULL;
    struct str *const *y = *k < c->b.n ? &c->b.lines[*k] : NULL;
    const int order = !x ? 1 : !y ? -1 : by_key(x, y);
    *i += order <= 0;
    *k += order >= 0;
    if (order != 0) {
        return differ(c, order < 0 ? x : NULL, order > 0 ? y : NULL,
                      order < 0 ? STR("-") : STR("+"));
    }
    if (is_same_line(c, *x, *y)) {
        return 0;
    }
    struct text names;
    text_init(&names, 4096);
    names_of(c, *x, *y, false, &names);
    if (names.n == 0) {
        names_of(c, *x, *y, true, &names);
    }
    const int rc = differ(c, x, y, text_str(&names));
    text_release(&names);
    return rc;
}

static void count_side(const struct side *s, struct levy_figures *out)
{
    for (size_t i = 0; i < s->n; i++) {
        out->households++;
        out->failed += str_is(s->lines[i][s->total], "-");
        out->total_yen += total_of(s, &s->lines[i]).n;
    }
}

static int compare(struct comparing *c)
{
    struct arena *a = c->w->cx.arena;
    size_t i = 0;
    size_t k = 0;
    int rc = read_lines(c->w, &c->a);
    rc = rc < 0 ? rc : read_lines(c->w, &c->b);
    if (rc < 0) {
        return rc;
    }
    match_columns(&c->a, &c->b);
    c->out->rows = ARENA_ARRAY(a, c->a.n + c->b.n + 1, struct radar_row);
    c->out->causes = ARENA_ARRAY(a, CAUSES_MAX, struct radar_cause);
    if (!c->out->rows || !c->out->causes) {
        return fail(&c->w->cx, ERR_MEMORY, "memory", NULL);
    }
    memset(c->out->causes, 0, CAUSES_MAX * sizeof *c->out->causes);
    while (rc >= 0 && (i < c->a.n || k < c->b.n)) {
        rc = step(c, &i, &k);
    }
    count_side(&c->a, &c->out->before);
    count_side(&c->b, &c->out->after);
    return rc;
}

int levy_results_compare(struct work *w, int fiscal_year, struct str a, struct str b,
                         struct radar *out)
{
    struct comparing c = {.w = w, .out = out};
    struct text texts[2];
    *out = (struct radar){0};
    text_init(&texts[0], LEVY_RESULTS_BYTES);
    text_init(&texts[1], LEVY_RESULTS_BYTES);
    int rc = text_of_side(w, fiscal_year, a, &texts[0]);
    rc = rc < 0 ? rc : text_of_side(w, fiscal_year, b, &texts[1]);
    c.a.bytes = text_str(&texts[0]);
    c.b.bytes = text_str(&texts[1]);
    rc = rc < 0 ? rc : compare(&c);
    text_release(&texts[0]);
    text_release(&texts[1]);
    return rc < 0 ? error_add(&w->cx, "compare results") : 0;
}
