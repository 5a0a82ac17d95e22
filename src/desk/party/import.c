/* Files taken in: read and checked as a whole, then written by chunks of one transaction each. */
#include "desk/party/inner.h"

#include <string.h>

enum { CHUNK = 20000 };
#define FILE_MAXIMUM ((size_t)1 << 30)

struct run { /* one file */
    struct import im;
    struct arena arena;
    struct text file;
    char sha256[65];
    struct table_row **good;
    size_t n_good;
    int64_t sum;
};

struct str import_field(const struct import *im, const struct table_row *row, const char *id)
{
    const struct str s = row->fields[column_of(&im->columns, id)];
    return s.p ? s : STR("");
}

struct ymd import_day(const struct import *im, const struct table_row *row, const char *id)
{
    struct ymd day;
    return ymd_parse(import_field(im, row, id), &day) ? day : YMD_NONE;
}

int import_problem(struct import *im, struct table_row *row, const char *id, const char *reason)
{
    return table_problem(&im->w->cx, im->arena, &im->table, row, column_of(&im->columns, id),
                         reason);
}

/* --- reading and checking --------------------------------------------------------------------- */

static int read_mode(struct run *r)
{
    const struct str mode = job_option(r->im.job, "mode");

    r->im.mode = str_is(mode, "lines")    ? IMPORT_LINES
                 : str_is(mode, "report") ? IMPORT_REPORT
                 : mode.n == 0            ? r->im.kind->usual
                                          : IMPORT_ALL;
    if (mode.n == 0 || r->im.mode != IMPORT_ALL || str_is(mode, "all"))
        return OK;
    return fail(&r->im.w->cx, ERR_INVALID, "party.import.mode", STR_FMT, STR_ARG(mode));
}

static int read_table(struct run *r)
{
    struct context *cx = &r->im.w->cx;
    const char *path = str_c(&r->arena, job_option(r->im.job, "path"));
    int result = path ? file_read(cx, path, FILE_MAXIMUM, &r->file)
                      : fail(cx, ERR_MEMORY, "party.memory", NULL);

    if (result < 0)
        return result;
    sha256_hex(text_str(&r->file), r->sha256);
    result = columns_read(cx, &r->arena, r->im.kind->name, r->im.kind->description, &r->im.columns);
    return result < 0 ? result
                      : table_read(cx, &r->arena, &r->im.columns, text_str(&r->file), &r->im.table);
}

static int check_rows(struct run *r)
{
    const struct import_kind *kind = r->im.kind;
    struct table *t = &r->im.table;
    int result = OK;

    if (kind->sum)
        r->sum = t->sums[column_of(&r->im.columns, kind->sum)];
    if (kind->begin && t->n > 0)
        result = kind->begin(&r->im);
    for (size_t i = 0; i < t->n && result >= 0; i++) {
        if (kind->check && !t->rows[i].is_bad)
            result = kind->check(&r->im, &t->rows[i]);
    }
    return result;
}

/* One figure of the file against what was announced. */
static int check_figure(struct run *r, const char *name, int64_t announced, int64_t found)
{
    struct context *cx = &r->im.w->cx;

    if (announced == found)
        return OK;
    (void)fail(cx, ERR_INVALID, "party.import.control", "%s: %lld / %lld", name,
               (long long)announced, (long long)found);
    return fail_where(cx, r->im.kind->name, 0, 0, name);
}

/* Against the control record and against what the operator typed in. */
static int check_control(struct run *r)
{
    const struct table *t = &r->im.table;
    const struct str count = job_option(r->im.job, "count"), sum = job_option(r->im.job, "sum");
    int64_t announced = 0;
    int result = OK;

    if (t->has_control)
        result = check_figure(r, "count", t->control_count, (int64_t)t->n);
    for (size_t i = 0; i < r->im.columns.n && result >= 0; i++) {
        const char *id = str_c(&r->arena, r->im.columns.rows[i].id);
        if (t->control[i].is_given)
            result = check_figure(r, id ? id : "", t->control[i].sum, t->sums[i]);
    }
    for (size_t i = 0; i < t->n_shares && result >= 0; i++) {
        const char *choice = str_c(&r->arena, t->shares[i].choice);
        result = check_figure(r, choice ? choice : "", t->shares[i].announced, t->shares[i].found);
    }
    if (result >= 0 && count.n && str_to_int(count, &announced))
        result = check_figure(r, "count", announced, (int64_t)t->n);
    if (result >= 0 && sum.n && str_to_int(sum, &announced))
        result = check_figure(r, "sum", announced, r->sum);
    return result;
}

static int check_seen(struct run *r)
{
    struct work *w = r->im.w;
    const struct party_import_seen_in in = {str_of(r->im.kind->name), str_of(r->sha256)};
    struct party_import_seen_row row;
    const int result = party_import_seen(&w->cx, w->store, &in, &row);

    if (result <= 0 || r->im.table.n == 0 ||
        job_progress(r->im.job)->cursor > 0) /* our own, going on */
        return result < 0 ? result : OK;
    return fail(&w->cx, ERR_DUPLICATE, "party.import.seen", "%s", r->sha256);
}

static int gather_good(struct run *r)
{
    struct table *t = &r->im.table;

    r->good = ARENA_ARRAY(&r->arena, t->n + 1, struct table_row *);
    if (!r->good)
        return fail(&r->im.w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < t->n; i++) {
        if (!t->rows[i].is_bad)
            r->good[r->n_good++] = &t->rows[i];
    }
    return OK;
}

/* --- problems ------------------------------------------------------------------------------------
 */

static int problem_rows(struct run *r, struct party_import_error **out)
{
    struct work *w = r->im.w;
    const struct table *t = &r->im.table;
    struct party_import_error *rows =
        ARENA_ARRAY(&r->arena, t->n_problems + 1, struct party_import_error);
    int64_t first = 0;

    *out = rows;
    if (!rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    const int result = store_ids(&w->cx, w->store, (int64_t)t->n_problems + 1, &first);
    for (size_t i = 0; i < t->n_problems; i++) {
        const struct table_problem *p = &t->problems[i];
        rows[i] =
            (struct party_import_error){first + (int64_t)i, job_id(r->im.job), p->line,
                                        p->field,           p->value,          str_of(p->reason)};
    }
    return result;
}

/* One figure per amount: a kind of income that is missing altogether shows as 0 on the job's page,
 * and as a note that somebody has to look at. */
static int write_sum(struct run *r, size_t column)
{
    struct work *w = r->im.w;
    const struct column *c = &r->im.columns.rows[column];
    const char *id = str_c(&r->arena, c->id);

    if (c->kind != COLUMN_YEN)
        return OK;
    if (!id)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    const int result = job_figure(w, r->im.job, id, r->im.table.sums[column]);
    if (result < 0 || r->im.table.filled[column] > 0)
        return result;
    return job_note(w, r->im.job, false, 0, "party.import.empty_column", c->name);
}

static int write_figures(struct run *r)
{
    struct work *w = r->im.w;
    int result = job_figure(w, r->im.job, "lines", (int64_t)r->im.table.n);

    if (result >= 0)
        result = job_figure(w, r->im.job, "good", (int64_t)r->n_good);
    if (result >= 0)
        result = job_figure(w, r->im.job, "problems", (int64_t)r->im.table.all_problems);
    for (size_t i = 0; i < r->im.columns.n && result >= 0; i++)
        result = write_sum(r, i);
    return result;
}

/* The list of bad lines, in a transaction of its own: it stays when the file is refused. */
static int write_problems(struct run *r)
{
    struct work *w = r->im.w;
    struct party_import_error *rows = NULL;
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result =
        party_import_problems_clear(&w->cx, w->store,
                                    &(struct party_import_problems_clear_in){job_id(r->im.job)});
    if (result >= 0)
        result = problem_rows(r, &rows);
    if (result >= 0)
        result = party_import_error_bulk(&w->cx, w->store, rows, r->im.table.n_problems);
    if (result >= 0)
        result = write_figures(r);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

/* --- writing
 * ---------------------------------------------------------------------------------------- */

static int register_file(struct run *r, int64_t event_no)
{
    struct work *w = r->im.w;
    const struct table *t = &r->im.table;
    int64_t id = 0;
    int result = store_ids(&w->cx, w->store, 1, &id);

    if (result < 0)
        return result;
    const struct party_import_file row = {.import_file_id = id,
                                          .kind = str_of(r->im.kind->name),
                                          .sha256 = str_of(r->sha256),
                                          .file_name = job_option(r->im.job, "path"),
                                          .line_count = (int64_t)t->n,
                                          .accepted_count = (int64_t)r->n_good,
                                          .refused_count = (int64_t)(t->n - r->n_good),
                                          .control_count =
                                              t->has_control ? t->control_count : (int64_t)t->n,
                                          .control_sum = r->sum,
                                          .known_from = event_no};
    return party_import_file_insert(&w->cx, w->store, &row);
}

static int write_chunk_rows(struct run *r, size_t first, size_t n)
{
    struct work *w = r->im.w;
    struct event e = work_event(w, r->im.kind->event_kind);
    struct job_progress *progress = job_progress(r->im.job);

    e.source = r->im.source;
    e.route = r->im.route;
    e.reason = r->im.kind->reason.n ? r->im.kind->reason : STR_NONE;
    int result = event_open(&w->cx, w->store, &e);
    if (result >= 0 && first == 0 && r->im.table.n > 0)
        result = register_file(r, e.no);
    if (result >= 0 && n > 0)
        result = r->im.kind->apply(&r->im, e.no, r->good + first, n);
    if (result < 0)
        return result;
    progress->done += (int64_t)n;
    progress->cursor = (int64_t)(first + n);
    result = job_checkpoint(w, r->im.job);
    return result < 0 ? result : FAULT(&w->cx, "party.import.before_commit");
}

static int write_chunk(struct run *r, size_t first, size_t n)
{
    struct work *w = r->im.w;
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = write_chunk_rows(r, first, n);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return result;
}

static int write_good(struct run *r)
{
    struct job_progress *progress = job_progress(r->im.job);
    size_t at = (size_t)progress->cursor;
    int result = OK;

    progress->total = (int64_t)r->im.table.n;
    progress->skipped = (int64_t)(r->im.table.n - r->n_good);
    do {
        const size_t n = r->n_good - at < CHUNK ? r->n_good - at : CHUNK;
        const struct arena_mark mark = arena_mark(r->im.w->cx.arena);
        result = write_chunk(r, at, n);
        arena_rewind(r->im.w->cx.arena, mark);
        at += n;
    } while (result >= 0 && at < r->n_good);
    return result;
}

/* A file whose header or totals are wrong is no file of ours, whatever the mode. */
static bool is_refused(const struct run *r)
{
    const struct table *t = &r->im.table;
    const bool no_rows = t->n == 0 && t->all_problems > 0;
    bool is_misshapen = false;
    for (size_t i = 0; r->im.kind->is_strict && i < t->n_problems; i++)
        is_misshapen |= t->problems[i].field.n == 0;
    return no_rows || is_misshapen || (r->im.mode == IMPORT_ALL && t->all_problems > 0);
}

static int take_in(struct run *r)
{
    struct work *w = r->im.w;
    const size_t bad = r->im.table.all_problems;
    int result = job_progress(r->im.job)->cursor > 0 ? OK : write_problems(r);

    if (result < 0)
        return result;
    if (is_refused(r))
        return fail(&w->cx, ERR_INVALID, "party.import.refused", "problems=%zu", bad);
    return r->im.mode == IMPORT_REPORT ? OK : write_good(r);
}

/* Who it is from and how it came: what the kind says, unless the operator knows better. */
static int read_origin(struct run *r)
{
    const struct str source = job_option(r->im.job, "source");
    const struct str route = job_option(r->im.job, "route");

    r->im.source = source.n ? source : str_of(r->im.kind->source);
    r->im.route = route.n ? route : STR("file");
    return intake_need(r->im.w, str_of(r->im.kind->name), r->im.source, r->im.route);
}

static int run_all(struct run *r)
{
    struct work *w = r->im.w;
    int result = read_mode(r);

    if (result >= 0)
        result = read_origin(r);
    if (result >= 0)
        result = read_table(r);
    if (result >= 0)
        result = check_seen(r);
    if (result >= 0)
        result = check_rows(r);
    if (result >= 0 && r->im.table.n > 0)
        result = check_control(r);
    if (result >= 0)
        result = gather_good(r);
    if (result < 0)
        return result;
    result = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                 .purpose = str_of(r->im.kind->event_kind),
                                                 .query = job_option(r->im.job, "path"),
                                                 .count = (int64_t)r->im.table.n});
    return result < 0 ? result : take_in(r);
}

int party_import(struct work *w, struct job *job, const struct import_kind *kind)
{
    struct run r = {.im = {.w = w, .job = job, .kind = kind, .own = kind->own}};

    arena_init(&r.arena, 0);
    r.im.arena = &r.arena;
    text_init(&r.file, FILE_MAXIMUM);
    const int result = run_all(&r);
    text_release(&r.file);
    arena_release(&r.arena);
    return result < 0 ? error_add(&w->cx, "import %s", kind->name) : OK;
}

int party_import_problems(struct work *w, int64_t job, struct import_problem_list *out)
{
    const struct party_import_problems_of_in in = {job};
    struct party_import_problems_of_list list;
    const int result = party_import_problems_of(&w->cx, w->store, &in, &list);

    *out = (struct import_problem_list){NULL, 0};
    if (result < 0)
        return result;
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct table_problem);
    if (!out->rows)
        return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < list.n; i++) {
        const char *reason = str_c(w->cx.arena, list.rows[i].reason);
        out->rows[out->n++] = (struct table_problem){list.rows[i].line, list.rows[i].field,
                                                     list.rows[i].value, reason ? reason : ""};
    }
    return OK;
}
