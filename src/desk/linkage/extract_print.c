/* extract_print: the extract as a file and on paper, and the job that makes both. */
#include "desk/linkage/disclosure.h"
#include "paper/paper.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

enum { COLUMNS = 6, PIECE = 34, EXTRACT_MAXIMUM = 64 << 20 };

static struct str sentence(const char *id)
{
    const struct message *m = message_find(id);
    return str_of(m ? m->text : id);
}

static const char *const headings[] = {"linkage.extract.file",   "linkage.extract.content",
                                       "linkage.extract.item",   "linkage.extract.value",
                                       "linkage.extract.period", "linkage.extract.state"};

static struct str state_of(const struct extract_line *l)
{
    return sentence(l->is_now ? "linkage.extract.now" : "linkage.extract.past");
}

int extract_csv(struct context *cx, const struct extract *x, struct text *out)
{
    for (size_t i = 0; i < COLUMNS; i++)
        csv_add(out, sentence(headings[i]));
    csv_end(out);
    for (size_t i = 0; i < x->n; i++) {
        const struct extract_line *l = &x->lines[i];
        csv_add(out, l->file);
        csv_add(out, l->content);
        csv_add(out, l->item);
        csv_add(out, l->value);
        csv_add(out, str_format(cx->arena, STR_FMT "/" STR_FMT, STR_ARG(l->from), STR_ARG(l->to)));
        csv_add(out, state_of(l));
        csv_end(out);
    }
    return out->failed ? fail(cx, ERR_LIMIT, "base.file.too_large", NULL) : OK;
}

/* --- on paper ------------------------------------------------------------------------------------
 */

/* The first characters of a long value; the rest goes on in the next row. */
static struct str piece_cut(struct str *rest)
{
    struct str piece = *rest, at = *rest;
    for (int i = 0; i < PIECE && at.n > 0; i++)
        (void)utf8_next(&at);
    piece.n -= at.n;
    *rest = at;
    return piece;
}

static size_t rows_of(const struct extract *x)
{
    size_t n = 0;
    for (size_t i = 0; i < x->n; i++)
        n += utf8_length(x->lines[i].value) / PIECE + 1;
    return n;
}

static int cells_fill(struct work *w, const struct extract *x, struct str *cells, size_t *n)
{
    struct arena *a = w->cx.arena;
    for (size_t i = 0; i < x->n; i++) {
        const struct extract_line *l = &x->lines[i];
        struct str rest = l->value;
        struct str period =
            l->from.n > 0 ? str_format(a, STR_FMT " - " STR_FMT, STR_ARG(l->from), STR_ARG(l->to))
                          : STR("");
        if (!period.p)
            return no_memory(w);
        struct str row[COLUMNS] = {l->file,          l->content, l->item,
                                   piece_cut(&rest), period,     state_of(l)};
        memcpy(cells + *n, row, sizeof row);
        for (*n += COLUMNS; rest.n > 0; *n += COLUMNS) {
            for (size_t k = 0; k < COLUMNS; k++)
                cells[*n + k] = STR("");
            cells[*n + 3] = piece_cut(&rest);
        }
    }
    return OK;
}

static int width_of(struct str s)
{
    int width = 1;
    while (s.n > 0)
        width += utf8_next(&s) < 0x80 ? 1 : 2;
    return width;
}

/* As wide as the widest cell of each column asks. */
static void columns_fill(const struct str *cells, size_t n, struct paper_column *columns)
{
    for (size_t i = 0; i < COLUMNS; i++)
        columns[i] = (struct paper_column){sentence(headings[i]), width_of(sentence(headings[i])),
                                           PAPER_LEFT};
    for (size_t i = 0; i < n; i++) {
        int *weight = &columns[i % COLUMNS].weight, width = width_of(cells[i]);
        if (*weight < width)
            *weight = width;
    }
}

static struct str layout_of_list(void)
{
    for (size_t i = 0; i < n_paper_forms; i++)
        if (strcmp(paper_forms[i].name, "list") == 0)
            return (struct str){paper_forms[i].body, paper_forms[i].n};
    return STR("");
}

static int print(struct work *w, const struct paper_list *list, struct text *out)
{
    struct paper *paper = NULL;
    struct form *form = NULL;
    int rc = paper_open(&w->cx, NULL, &paper);
    if (rc >= 0)
        rc = form_load(&w->cx, paper, "list.form", layout_of_list(), &form);
    if (rc >= 0)
        rc = paper_list_pdf(&w->cx, paper, form, list, out);
    form_free(form);
    paper_close(paper);
    return rc;
}

int extract_pdf(struct work *w, const struct extract *x, struct str title, struct text *out)
{
    struct paper_column columns[COLUMNS];
    size_t n = 0;
    struct str *cells = ARENA_ARRAY(w->cx.arena, (rows_of(x) + 1) * COLUMNS, struct str);
    int rc = cells ? cells_fill(w, x, cells, &n) : no_memory(w);
    if (rc < 0)
        return rc;
    columns_fill(cells, n, columns);
    struct paper_list list = {.title = title,
                              .office = office_city_name(w->office),
                              .conditions =
                                  str_format(w->cx.arena, STR_FMT ": %lld",
                                             STR_ARG(sentence("linkage.extract.withheld")),
                                             (long long)x->withheld),
                              .day = w->today,
                              .columns = columns,
                              .n_columns = COLUMNS,
                              .cells = cells,
                              .n_rows = n / COLUMNS};
    return print(w, &list, out);
}

/* --- the job
 * --------------------------------------------------------------------------------------- */

struct str extract_path(struct work *w, int64_t request_no, const char *tail)
{
    const char *city = office_city_path(w->office);
    struct str folder = str_format(w->cx.arena, "%s/disclosure", city);
    if (!folder.p || (mkdir(folder.p, 0700) < 0 && errno != EEXIST))
        return STR_NONE;
    return str_format(w->cx.arena, "%s/disclosure/%lld.%s", city, (long long)request_no, tail);
}

static int file_put(struct work *w, int64_t request_no, const char *tail, const struct text *bytes)
{
    struct str path = extract_path(w, request_no, tail);
    return path.p ? file_write(&w->cx, path.p, text_str(bytes))
                  : fail(&w->cx, ERR_IO, "linkage.folder", NULL);
}

static int files_make(struct work *w, const struct linkage_disclosure_by_no_row *d,
                      const struct extract *x)
{
    struct text csv, pdf;
    struct person p;
    text_init(&csv, EXTRACT_MAXIMUM);
    text_init(&pdf, EXTRACT_MAXIMUM);
    int rc = party_person(w, d->person_id, &p);
    struct str title = rc < 0 ? STR("")
                              : str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT,
                                           STR_ARG(sentence("linkage.extract.title")),
                                           STR_ARG(p.person_no), STR_ARG(p.name));
    if (rc >= 0)
        rc = extract_csv(&w->cx, x, &csv);
    if (rc >= 0)
        rc = extract_pdf(w, x, title, &pdf);
    if (rc >= 0)
        rc = file_put(w, d->request_no, "csv", &csv);
    if (rc >= 0)
        rc = file_put(w, d->request_no, "pdf", &pdf);
    text_release(&csv);
    text_release(&pdf);
    return rc;
}

static int figures_put(struct work *w, struct job *job, const struct extract *x)
{
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    job_progress(job)->total = job_progress(job)->done = (int64_t)x->n;
    rc = job_figure(w, job, "lines", (int64_t)x->n);
    if (rc >= 0)
        rc = job_figure(w, job, "withheld", x->withheld);
    if (rc >= 0)
        rc = job_checkpoint(w, job);
    if (rc >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return rc;
}

int extract_job(struct work *w, struct job *job)
{
    struct linkage_disclosure_by_no_row d;
    struct extract x;
    int64_t request_no = 0;
    if (!str_to_int(job_option(job, "request"), &request_no))
        return fail(&w->cx, ERR_INVALID, "linkage.disclosure.none", NULL);
    int rc = disclosure_find(w, request_no, &d);
    if (rc >= 0 && !str_is(d.kind, "disclose"))
        rc = fail(&w->cx, ERR_INVALID, "linkage.disclosure.not_disclose", NULL);
    if (rc >= 0)
        rc = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                 .person_id = d.person_id,
                                                 .purpose = STR("disclosure-extract"),
                                                 .query = job_option(job, "request"),
                                                 .count = 1});
    if (rc >= 0)
        rc = extract_make(w, d.person_id, &x);
    if (rc >= 0)
        rc = files_make(w, &d, &x);
    return rc < 0 ? rc : figures_put(w, job, &x);
}
