/* Pages of the reports: what was made, what it adds up to, and the federation's file. */
#include "desk/levy/report.h"
#include "levy_pages.h"
#include "levy_sql.h"

#include <stddef.h>
#include <string.h>

#define REPORTS_SHOWN 30
#define CUT_OUT_BYTES ((size_t)4 << 20)

static const char *const kind_ids[] = {"levy.report.kind.1", "levy.report.kind.1",
                                       "levy.report.kind.2", "levy.report.kind.3",
                                       "levy.report.kind.4"};

static int made_page(struct work *w, struct request *rq, struct reply *rp,
                     const struct levy_make_figures_form *form)
{
    const struct levy_reports_recent_in in = {.n = REPORTS_SHOWN};
    struct levy_reports_recent_list list;
    struct levy_made_figures_view v = {.make_figures = form};
    int rc = levy_reports_recent(&w->cx, w->store, &in, &list);
    struct levy_made_figures_recent_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_made_figures_recent_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_reports_recent_row *r = &list.rows[i];
        rows[i] =
            (struct levy_made_figures_recent_row){.job = r->job_id,
                                                  .year_label =
                                                      levy_year_label(&w->cx, (int)r->fiscal_year),
                                                  .base = r->base_ymd,
                                                  .decisions = r->decisions,
                                                  .total = r->total_yen,
                                                  .is_done = r->decisions > 0};
    }
    v.recent = rows;
    v.n_recent = list.n;
    levy_page_made_figures(&rp->body, rq->frame, &v);
    return 0;
}

int levy_show_reports(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_make_figures_form form;
    levy_make_figures_form_init(&form);
    form.year = ymd_fiscal_year(w->today);
    form.base = w->today;
    return made_page(w, rq, rp, &form);
}

int levy_run_report(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_make_figures_form form;
    char base[11] = "";
    int64_t job = 0;
    int rc = levy_make_figures_form_read(&w->cx, rq, &form);
    if (rc == ERR_INVALID) {
        error_clear(&w->cx);
        rp->status = 422;
        return made_page(w, rq, rp, &form);
    }
    if (rc >= 0) {
        ymd_format(form.base, base);
        rc = job_queue(w, "levy-report",
                       str_format(w->cx.arena, "year=%lld base=%s", (long long)form.year, base),
                       &job);
    }
    return rc < 0 ? rc : reply_redirect(rq, rp, "/job/%lld", (long long)job);
}

/* --- one of them -------------------------------------------------------------------------------
 */

static int find_report(struct work *w, int64_t job, struct levy_reports_recent_row *out)
{
    const struct levy_reports_recent_in in = {.n = INT32_MAX};
    struct levy_reports_recent_list list;
    int rc = levy_reports_recent(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < list.n && rc >= 0; i++) {
        if (list.rows[i].job_id == job && list.rows[i].decisions > 0) {
            *out = list.rows[i];
            return 0;
        }
    }
    return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.report.missing", NULL);
}

/* One line of the table: a figure of every part. */
struct figure_line {
    const char *label;
    bool is_sum, is_count;
    size_t offset; /* of a count or a yen, which is a number in a struct */
};
#define OF(member) offsetof(struct levy_report_parts_row, member)
static const struct figure_line figure_lines[] = {
    {"levy.figures.people", false, true, OF(people)},
    {"levy.figures.caps", false, true, OF(at_cap)},
    {"levy.figures.income", false, false, OF(income_yen)},
    {"levy.figures.asset", false, false, OF(asset_yen)},
    {"levy.figures.person", false, false, OF(person_yen)},
    {"levy.figures.household", false, false, OF(household_yen)},
    {"levy.figures.special", false, false, OF(special_cut)},
    {"levy.figures.person_cut", false, false, OF(person_cut)},
    {"levy.figures.household_cut", false, false, OF(household_cut)},
    {"levy.figures.child", false, false, OF(child_cut)},
    {"levy.figures.maternity", false, false, OF(maternity_cut)},
    {"levy.figures.over", false, false, OF(cap_cut)},
    {"levy.figures.rest", false, false, OF(rest_cut)},
    {"levy.figures.levied", true, false, OF(levied_yen)},
};
enum { FIGURE_LINES = sizeof figure_lines / sizeof *figure_lines };

static int64_t number_at(const struct levy_report_parts_row *p, size_t offset)
{
    int64_t n;
    memcpy(&n, (const char *)p + offset, sizeof n);
    return n;
}

static int fill_parts(struct work *w, struct levy_figures_view *v)
{
    const struct levy_report_parts_in in = {.job_id = v->job};
    struct levy_report_parts_list list;
    int rc = levy_report_parts(&w->cx, w->store, &in, &list);
    struct levy_figures_lines_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, FIGURE_LINES, struct levy_figures_lines_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < FIGURE_LINES; i++) {
        const struct figure_line *f = &figure_lines[i];
        int64_t n[LEVY_PARTS] = {0};
        for (size_t k = 0; k < list.n; k++) {
            n[list.rows[k].part] = number_at(&list.rows[k], f->offset);
        }
        rows[i] = (struct levy_figures_lines_row){.label = f->label,
                                                  .is_sum = f->is_sum,
                                                  .is_count = f->is_count,
                                                  .medical = YEN(n[PART_MEDICAL]),
                                                  .support = YEN(n[PART_SUPPORT]),
                                                  .care = YEN(n[PART_CARE]),
                                                  .child = YEN(n[PART_CHILD]),
                                                  .all = YEN(n[PART_MEDICAL] + n[PART_SUPPORT] +
                                                             n[PART_CARE] + n[PART_CHILD])};
    }
    v->lines = rows;
    v->n_lines = FIGURE_LINES;
    return 0;
}

static int fill_shares(struct work *w, struct levy_figures_view *v)
{
    const struct levy_report_shares_of_in in = {.job_id = v->job};
    struct levy_report_shares_of_list list;
    int rc = levy_report_shares_of(&w->cx, w->store, &in, &list);
    struct levy_figures_shares_row *rows =
        rc < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct levy_figures_shares_row);
    if (!rows) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < list.n; i++) {
        const struct levy_report_shares_of_row *s = &list.rows[i];
        rows[i] = (struct levy_figures_shares_row){kind_ids[s->kind], s->amount_yen, s->state_yen,
                                                   s->prefecture_yen, s->city_yen};
    }
    v->shares = rows;
    v->n_shares = list.n;
    return 0;
}

/* What the households add up to beside what the decisions of that day add up to now. */
static int fill_control(struct work *w, const struct levy_reports_recent_row *r,
                        struct levy_figures_view *v)
{
    const struct levy_report_sums_in sums_in = {.job_id = r->job_id};
    const struct levy_report_control_in in = {.fiscal_year = r->fiscal_year,
                                              .base_ymd = r->base_ymd};
    const struct levy_report_of_year_in newest_in = {.fiscal_year = r->fiscal_year};
    struct levy_report_sums_row sums;
    struct levy_report_control_row control;
    struct levy_report_of_year_row newest;
    int rc = levy_report_sums(&w->cx, w->store, &sums_in, &sums);
    rc = rc < 0 ? rc : levy_report_control(&w->cx, w->store, &in, &control);
    rc = rc < 0 ? rc : levy_report_of_year(&w->cx, w->store, &newest_in, &newest);
    if (rc < 0) {
        return rc;
    }
    v->is_newest = rc > 0 && newest.job_id == r->job_id;
    v->decisions = sums.decisions;
    v->insured = sums.insured;
    v->total = sums.total_yen;
    v->control_decisions = control.decisions;
    v->control_total = control.total_yen;
    v->is_same = sums.decisions == control.decisions && sums.insured == control.insured &&
                 sums.total_yen.n == control.total_yen.n;
    return 0;
}

int levy_show_report(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_figures_view v = {0};
    struct levy_reports_recent_row r;
    int rc = request_part_id(&w->cx, rq, 0, &v.job);
    rc = rc < 0 ? rc : find_report(w, v.job, &r);
    if (rc < 0) {
        return rc;
    }
    v.year = r.fiscal_year;
    v.year_label = levy_year_label(&w->cx, (int)r.fiscal_year);
    v.base = r.base_ymd;
    v.may_list = work_may(w, RIGHT_STATISTICS);
    rc = fill_control(w, &r, &v);
    rc = rc < 0 ? rc : fill_parts(w, &v);
    rc = rc < 0 ? rc : fill_shares(w, &v);
    if (rc >= 0) {
        levy_page_figures(&rp->body, rq->frame, &v);
    }
    return rc;
}

int levy_show_cut_out(struct work *w, struct request *rq, struct reply *rp)
{
    struct levy_reports_recent_row r;
    struct text out;
    int64_t job = 0;
    int64_t rows = 0;
    int rc = request_part_id(&w->cx, rq, 0, &job);
    rc = rc < 0 ? rc : find_report(w, job, &r);
    if (rc < 0) {
        return rc;
    }
    text_init(&out, CUT_OUT_BYTES);
    rc = levy_cut_out(w, job, &out, &rows);
    const struct str bytes = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&out));
    text_release(&out);
    if (rc < 0 || !bytes.p) {
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    reply_file(rp, "text/csv", bytes,
               str_format(w->cx.arena, "premium_calculation_%lld.csv", (long long)r.fiscal_year),
               false);
    return 0;
}
