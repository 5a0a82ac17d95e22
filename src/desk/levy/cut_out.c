/*
 * The federation's file (保険料適正算定システムへの切出し): a report's households by income class
 * and reduction. Which columns, under which names and in which order stands in a description that a
 * city may put beside its data: formats/premium_calculation.tsv in the city's folder.
 */
#include "desk/levy/report.h"
#include "exchange/exchange.h"
#include "levy_sql.h"

#include <string.h>
#include <unistd.h>

#define FORMAT_FILE  "premium_calculation.tsv"
#define FORMAT_BYTES ((size_t)1 << 18)
#define COLUMNS_MAX  64

struct cell {
    const char *id;
    int64_t value;
};
struct group {
    const struct levy_report_groups_row *row;
    int64_t people[LEVY_PARTS], caps[LEVY_PARTS], levied[LEVY_PARTS], over[LEVY_PARTS];
};
struct cut {
    struct work *w;
    struct csv_file file;
    int64_t sums[COLUMNS_MAX]; /* of the amount columns, by position */
    int64_t year;
    struct ymd base;
};

/* --- the description ---------------------------------------------------------------------------
 */

/* Its own of the city, else the one built in. */
static int description_of(struct work *w, struct str *out)
{
    extern const unsigned char format_premium_calculation[];
    extern const size_t format_premium_calculation_size;
    const char *city = office_city_path(w->office);
    char *path =
        city ? str_c(w->cx.arena, str_format(w->cx.arena, "%s/formats/" FORMAT_FILE, city)) : NULL;
    struct text t;
    *out = (struct str){(const char *)format_premium_calculation, format_premium_calculation_size};
    if (!path || access(path, R_OK) != 0) {
        return 0;
    }
    text_init(&t, FORMAT_BYTES);
    int rc = file_read(&w->cx, path, FORMAT_BYTES, &t);
    *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
    text_release(&t);
    return rc < 0 ? rc : out->p ? 0 : fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

/* --- a row -------------------------------------------------------------------------------------
 */

static int find_column(const struct columns *c, const char *id)
{
    for (size_t i = 0; i < c->n; i++) {
        if (str_is(c->rows[i].id, id)) {
            return (int)i;
        }
    }
    return -1; /* the city does not want it */
}

static void put(struct cut *c, const char *id, int64_t value)
{
    const int at = find_column(&c->file.columns, id);
    if (at < 0) {
        return;
    }
    c->sums[at] += value;
    c->file.values[at] = str_format(&c->file.texts, "%lld", (long long)value);
}

static void put_row(struct cut *c, const struct group *g)
{
    static const char *const caps[] = {"cap_medical", "cap_support", "cap_care", "cap_child"};
    static const char *const levied[] = {"medical", "support", "care", "child"};
    static const char *const over[] = {"over_medical", "over_support", "over_care", "over_child"};
    const struct levy_report_groups_row *r = g->row;
    const int base = find_column(&c->file.columns, "base");
    char day[11];
    ymd_format(c->base, day);
    if (base >= 0) {
        c->file.values[base] = str_copy(&c->file.texts, str_of(day));
    }
    put(c, "year", c->year);
    put(c, "band_from", r->band_from.n);
    put(c, "tier", r->tier);
    put(c, "households", r->households);
    put(c, "insured", r->insured);
    put(c, "undeclared", r->undeclared);
    put(c, "preschool", r->preschool);
    put(c, "special", r->special);
    put(c, "basis", r->basis_yen.n);
    put(c, "asset", r->asset_yen.n);
    put(c, "care_people", g->people[PART_CARE]);
    for (int k = 0; k < LEVY_PARTS; k++) {
        put(c, caps[k], g->caps[k]);
        put(c, levied[k], g->levied[k]);
        put(c, over[k], g->over[k]);
    }
    put(c, "total", r->total_yen.n);
    csv_file_row(&c->file);
}

/* A column of the description that nothing here fills is a mistake of who changed it. */
static int check_columns(struct cut *c)
{
    static const char *const known =
        " year base band_from tier households insured undeclared preschool special basis asset "
        "care_people cap_medical cap_support cap_care cap_child medical support care child "
        "over_medical over_support over_care over_child total ";
    struct context *cx = &c->w->cx;
    if (c->file.columns.n > COLUMNS_MAX) {
        return fail(cx, ERR_LIMIT, "levy.cut_out.column", NULL);
    }
    for (size_t i = 0; i < c->file.columns.n; i++) {
        const struct str id = c->file.columns.rows[i].id;
        const char *word = str_c(cx->arena, str_format(cx->arena, " " STR_FMT " ", STR_ARG(id)));
        if (!word || !strstr(known, word)) {
            return fail(cx, ERR_INVALID, "levy.cut_out.column", STR_FMT, STR_ARG(id));
        }
    }
    return 0;
}

/* Number of rows, and the sum of every amount column under its header. */
static void put_control(struct cut *c)
{
    const struct columns *columns = &c->file.columns;
    struct text *out = c->file.out;
    (void)text_addf(out, "CONTROL,%lld", (long long)c->file.rows);
    for (size_t i = 0; i < columns->n; i++) {
        if (columns->rows[i].kind == COLUMN_YEN) {
            (void)text_addf(out, "," STR_FMT "=%lld", STR_ARG(columns->rows[i].name),
                            (long long)c->sums[i]);
        }
    }
    csv_end(out);
}

/* --- the file ----------------------------------------------------------------------------------
 */

static void take_part(struct group *g, const struct levy_report_group_parts_row *p)
{
    g->people[p->part] = p->people;
    g->caps[p->part] = p->at_cap;
    g->levied[p->part] = p->levied_yen.n;
    g->over[p->part] = p->cap_cut.n;
}

static int put_groups(struct cut *c, int64_t job)
{
    struct work *w = c->w;
    const struct levy_report_groups_in in = {.job_id = job};
    const struct levy_report_group_parts_in parts_in = {.job_id = job};
    struct levy_report_groups_list groups;
    struct levy_report_group_parts_list parts;
    int rc = levy_report_groups(&w->cx, w->store, &in, &groups);
    rc = rc < 0 ? rc : levy_report_group_parts(&w->cx, w->store, &parts_in, &parts);
    size_t at = 0;
    for (size_t i = 0; rc >= 0 && i < groups.n; i++) {
        struct group g = {.row = &groups.rows[i]};
        while (at < parts.n && parts.rows[at].band_from.n == g.row->band_from.n &&
               parts.rows[at].tier == g.row->tier) {
            take_part(&g, &parts.rows[at++]);
        }
        put_row(c, &g);
    }
    return rc;
}

static int report_head(struct work *w, int64_t job, struct cut *c)
{
    const struct levy_reports_recent_in in = {.n = INT32_MAX};
    struct levy_reports_recent_list list;
    int rc = levy_reports_recent(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        if (list.rows[i].job_id == job && list.rows[i].decisions > 0) {
            c->year = list.rows[i].fiscal_year;
            c->base = list.rows[i].base_ymd;
            return 0;
        }
    }
    return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.report.missing", NULL);
}

int levy_cut_out(struct work *w, int64_t job, struct text *out, int64_t *rows)
{
    struct cut c = {.w = w};
    struct str description;
    int rc = work_need(w, RIGHT_STATISTICS);
    rc = rc < 0 ? rc : report_head(w, job, &c);
    rc = rc < 0 ? rc : description_of(w, &description);
    rc = rc < 0 ? rc
                : audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                      .purpose = STR("levy.cut_out"),
                                                      .query = STR("premium_calculation")});
    if (rc < 0) {
        return rc;
    }
    rc = csv_file_open(&w->cx, &c.file, FORMAT_FILE, description, out);
    rc = rc < 0 ? rc : check_columns(&c);
    rc = rc < 0 ? rc : put_groups(&c, job);
    if (rc >= 0) {
        put_control(&c);
    }
    *rows = c.file.rows;
    arena_release(&c.file.texts);
    rc = rc >= 0 && out->failed ? fail(&w->cx, ERR_MEMORY, "memory", NULL) : rc;
    return rc < 0 ? rc : audit_outcome(w, OK, *rows);
}

int levy_premium_calculation(struct work *w, struct text *out, int64_t *rows)
{
    const struct levy_reports_recent_in in = {.n = INT32_MAX};
    struct levy_reports_recent_list list;
    int rc = levy_reports_recent(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        if (list.rows[i].decisions > 0) {
            return levy_cut_out(w, list.rows[i].job_id, out, rows);
        }
    }
    return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.report.missing", NULL);
}
