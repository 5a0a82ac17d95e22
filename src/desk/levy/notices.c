/*
 * The job that prints the notices of a year, or of what a correction decided: streams of 2,000 in
 * the order of their numbers. A child process draws a stream while this process reads the next one;
 * only this process writes to the store. The rows of a stream (print data, layout hash, place, or
 * why it was pulled) and the cursor commit after its file is complete; a stream drawn again is the
 * same file.
 */
#include "desk/levy/correction.h"
#include "desk/levy/notice.h"
#include "levy_sql.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define STREAM_NOTICES 2000
#define STREAM_BYTES   ((size_t)512 << 20)
#define DRAWING_MAX    2

/* Why a document could not be printed, for the operator's list; empty: it was. */
struct refusal {
    char why[96];
};

/* One stream from reading to commit. */
struct stream {
    struct arena arena;
    struct decisions decisions;
    struct letter *letters;
    struct form_data *data;
    struct levy_notice *rows;
    enum levy_reason *pulled;
    struct refusal *refused;
    size_t n;
    int64_t number;
    char *path;
    pid_t child;
    int result; /* the child's report of what could not be printed */
};

struct print {
    struct work *w;
    struct job *job;
    int fiscal_year;
    int64_t draft_no; /* a correction's; -1: the year's notices, 0: what the counter corrected */
    bool is_check;    /* only says whom it will not reach */
    struct letterhead head;
    char *folder, *prefix;
    int64_t next_no; /* after this decision number the next stream begins */
    int64_t next_stream;
    struct layout_sources sources;
    struct stream streams[DRAWING_MAX];
    size_t first, n; /* the ring of streams being drawn, oldest first */
};

/* --- reading
 * -------------------------------------------------------------------------------------- */

/* Print data are kept as packed values, so that a reprint needs no facts of that day. */
static int pack_rows(struct print *p, struct stream *s)
{
    struct context *cx = &p->w->cx;
    for (size_t i = 0; i < s->n; i++) {
        struct text packed;
        text_init(&packed, (size_t)1 << 20);
        int rc = form_data_pack(&s->data[i], &packed);
        struct str bytes = str_copy(&s->arena, text_str(&packed));
        text_release(&packed);
        if (rc < 0 || !bytes.p) {
            return rc < 0 ? rc : fail(cx, ERR_MEMORY, "memory", NULL);
        }
        s->rows[i] = (struct levy_notice){
            .decision_id = s->decisions.rows[i].decision_id,
            .kind = p->draft_no < 0 ? STR("initial") : STR("changed"),
            .issue_ymd = s->decisions.rows[i].issued,
            .batch_no = s->number,
            .position = (int64_t)i + 1,
            .print_data = bytes,
            .layout_hash = {(const char *)p->sources.hash.b, sizeof p->sources.hash.b},
        };
    }
    return 0;
}

static int fill_stream(struct print *p, struct stream *s)
{
    struct context *cx = &p->w->cx;
    s->n = s->decisions.n;
    s->letters = ARENA_ARRAY(&s->arena, s->n, struct letter);
    s->data = ARENA_ARRAY(&s->arena, s->n, struct form_data);
    s->rows = ARENA_ARRAY(&s->arena, s->n, struct levy_notice);
    s->pulled = ARENA_ARRAY(&s->arena, s->n, enum levy_reason);
    s->path = str_c(&s->arena, str_format(&s->arena, "%s/%s-%04lld.pdf", p->folder, p->prefix,
                                          (long long)s->number));
    if (!s->letters || !s->data || !s->rows || !s->pulled || !s->path) {
        return fail(cx, ERR_MEMORY, "memory", NULL);
    }
    int rc = letters_load(p->w, &s->decisions, s->decisions.rows[0].issued, s->letters);
    for (size_t i = 0; rc >= 0 && i < s->n; i++) {
        struct str whose =
            str_format(&s->arena, "%lld", (long long)s->decisions.rows[i].decision_no);
        form_data_init(&s->data[i], &s->arena, whose);
        s->pulled[i] = letter_pulled(&s->letters[i]);
        rc = notice_fill(cx, &p->head, &s->letters[i], &s->data[i]);
    }
    return rc < 0 ? rc : pack_rows(p, s);
}

/* Decisions that looked at the same facts are read together; the others come in the next stream. */
static size_t alike(const struct decisions *d)
{
    size_t n = 1;
    while (n < d->n && d->rows[n].looked_from == d->rows[0].looked_from &&
           d->rows[n].as_of.day == d->rows[0].as_of.day) {
        n++;
    }
    return n;
}

/* 1 read, 0 nothing left. */
static int read_stream(struct print *p, struct stream *s)
{
    struct work *w = p->w;
    struct arena *before = w->cx.arena;
    *s = (struct stream){.number = p->next_stream};
    arena_init(&s->arena, STREAM_BYTES);
    w->cx.arena = &s->arena;
    int rc = p->draft_no < 0
                 ? levy_decisions_page(w, p->fiscal_year, p->next_no, STREAM_NOTICES, &s->decisions)
                 : decisions_of_correction(w,
                                           &(struct correction_page){p->draft_no, p->fiscal_year,
                                                                     p->next_no, STREAM_NOTICES},
                                           &s->decisions);
    if (rc >= 0 && s->decisions.n > 0) {
        s->decisions.n = alike(&s->decisions);
        if (p->draft_no == 0) { /* the counter's: a file for each look, named by its first number */
            s->number = s->decisions.rows[0].decision_no;
        }
        p->next_no = s->decisions.rows[s->decisions.n - 1].decision_no;
        p->next_stream++;
        rc = fill_stream(p, s);
        rc = rc < 0 ? rc : 1;
    }
    w->cx.arena = before;
    if (rc <= 0) {
        arena_release(&s->arena);
    }
    return rc;
}

/* --- drawing, in the child
 * -------------------------------------------------------------------------- */

static void refuse(struct context *cx, struct refusal *r)
{
    struct str what =
        str_format(cx->arena, "%s %s %s", cx->error.message, cx->error.field, cx->error.facts);
    size_t n = what.n < sizeof r->why - 1 ? what.n : sizeof r->why - 1;
    memcpy(r->why, what.p ? what.p : "levy.reason.9", what.p ? n : sizeof "levy.reason.9");
    error_clear(cx);
}

static int draw(struct context *cx, struct paper *paper, const struct layouts *forms,
                const struct stream *s, struct refusal *failed)
{
    struct paper_info info = {.title = form_title(forms->notice),
                              .issued = s->decisions.rows[0].issued};
    struct paper_stream *out = NULL;
    int rc = paper_stream_open_file(cx, paper, &info, s->path, &out);
    for (size_t i = 0; rc >= 0 && i < s->n; i++) {
        if (s->pulled[i] != REASON_NONE) {
            continue;
        }
        rc = letter_print(cx, out, forms, &s->decisions.rows[i], &s->data[i]);
        if (rc < 0 && rc != ERR_IO && rc != ERR_MEMORY) {
            refuse(cx, &failed[i]); /* it is listed, the stream goes on */
            rc = 0;
        }
    }
    if (rc >= 0 && paper_stream_pages(out) > 0) {
        return paper_stream_close(cx, out);
    }
    paper_stream_abandon(out);
    return rc;
}

static bool send_all(int fd, const char *p, size_t n)
{
    for (ssize_t done = 1; n > 0 && done > 0; n -= done > 0 ? (size_t)done : 0) {
        done = write(fd, p, n);
        p += done > 0 ? done : 0;
        done = done < 0 && errno == EINTR ? 1 : done;
    }
    return n == 0;
}

static void child_draw(struct print *p, struct stream *s, int fd)
{
    struct work *w = p->w;
    struct paper *paper = NULL;
    struct layouts forms = {0};
    w->cx.arena = &s->arena;
    struct refusal *failed = ARENA_ARRAY(&s->arena, s->n, struct refusal);
    int rc = failed ? paper_open(&w->cx, NULL, &paper) : ERR_MEMORY;
    rc = rc < 0 ? rc : layouts_from(&w->cx, paper, &p->sources, &forms);
    rc = rc < 0 ? rc : draw(&w->cx, paper, &forms, s, failed);
    bool sent = failed && send_all(fd, (const char *)failed, s->n * sizeof *failed);
    _exit(rc >= 0 && sent ? 0 : 1);
}

static int start_drawing(struct print *p, struct stream *s)
{
    int fd[2];
    if (p->is_check) {
        return 0;
    }
    if (pipe(fd) < 0) {
        return fail(&p->w->cx, ERR_IO, "levy.notices.process", NULL);
    }
    s->child = fork();
    if (s->child == 0) {
        close(fd[0]);
        child_draw(p, s, fd[1]);
    }
    close(fd[1]);
    s->result = fd[0];
    return s->child > 0 ? 0 : fail(&p->w->cx, ERR_IO, "levy.notices.process", NULL);
}

/* Waits for the file; which documents could not be printed, and why, comes through the pipe. */
static int end_drawing(struct print *p, struct stream *s)
{
    int state = 0;
    size_t got = 0;
    size_t size = s->n * sizeof *s->refused;
    s->refused = ARENA_ARRAY(&s->arena, s->n, struct refusal);
    if (p->is_check) {
        return s->refused ? 0 : fail(&p->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (ssize_t r = s->refused ? 1 : 0; r > 0 && got<size; got += r> 0 ? (size_t)r : 0) {
        r = read(s->result, (char *)s->refused + got, size - got);
    }
    close(s->result);
    while (waitpid(s->child, &state, 0) < 0 && errno == EINTR) {
    }
    s->child = 0;
    if (got != size || !WIFEXITED(state) || WEXITSTATUS(state) != 0) {
        return fail(&p->w->cx, ERR_IO, "levy.notices.process", "%lld", (long long)s->number);
    }
    for (size_t i = 0; i < s->n; i++) {
        if (s->refused[i].why[0]) {
            s->pulled[i] = REASON_PRINT;
        }
    }
    return 0;
}

/* --- committing
 * ------------------------------------------------------------------------------------ */

static int count_letter(struct print *p, struct stream *s, size_t i, int64_t event_no)
{
    struct job_progress *g = job_progress(p->job);
    s->rows[i].pulled_reason = s->pulled[i];
    s->rows[i].known_from = event_no;
    if (s->pulled[i] == REASON_NONE) {
        g->done++;
        return 0;
    }
    bool failed = s->pulled[i] == REASON_PRINT;
    g->failed += failed;
    g->skipped += !failed;
    return job_note(p->w, p->job, failed, s->decisions.rows[i].decision_no,
                    levy_reason_message(s->pulled[i]),
                    failed ? str_of(s->refused[i].why) : STR(""));
}

static int write_rows(struct print *p, struct stream *s)
{
    struct work *w = p->w;
    struct event e = work_event(w, "levy.notice");
    int64_t id;
    e.effective = s->decisions.rows[0].issued;
    int rc = p->is_check ? 0 : event_open(&w->cx, w->store, &e);
    rc = rc < 0 ? rc : store_ids(&w->cx, w->store, (int64_t)s->n, &id);
    for (size_t i = 0; rc >= 0 && i < s->n; i++) {
        s->rows[i].notice_id = id + (int64_t)i;
        rc = count_letter(p, s, i, e.no);
    }
    rc = rc < 0 || p->is_check ? rc : levy_notice_bulk(&w->cx, w->store, s->rows, s->n);
    job_progress(p->job)->cursor = s->decisions.rows[s->n - 1].decision_no;
    return rc < 0 ? rc : job_checkpoint(w, p->job);
}

/* Printing writes one audit line per document. */
static int audit_stream(struct print *p, const struct stream *s)
{
    struct audit_line *lines = ARENA_ARRAY(p->w->cx.arena, s->n, struct audit_line);
    size_t n = 0;
    if (!lines) {
        return fail(&p->w->cx, ERR_MEMORY, "memory", NULL);
    }
    for (size_t i = 0; i < s->n && !p->is_check; i++) {
        if (s->pulled[i] == REASON_NONE) {
            lines[n++] = (struct audit_line){.class = AUDIT_PRINT,
                                             .person_id = s->decisions.rows[i].debtor_id,
                                             .household_id = s->decisions.rows[i].household_id,
                                             .purpose = STR("levy-notices"),
                                             .query = STR(""),
                                             .count = 1};
        }
    }
    return n ? audit_write_many(p->w, lines, n) : 0;
}

static int finish_stream(struct print *p, struct stream *s)
{
    struct work *w = p->w;
    int rc = end_drawing(p, s);
    rc = rc < 0 ? rc : audit_stream(p, s);
    rc = rc < 0 ? rc : STORE_BEGIN(&w->cx, w->store);
    if (rc >= 0) {
        rc = write_rows(p, s);
        rc = rc < 0 ? rc : FAULT(&w->cx, "levy.notices.stream");
        if (rc >= 0) {
            rc = store_commit(&w->cx, w->store);
        } else {
            store_rollback(w->store);
        }
    }
    arena_release(&s->arena);
    return rc;
}

/* --- the job
 * ---------------------------------------------------------------------------------------- */

static int make_folder(struct print *p)
{
    struct work *w = p->w;
    const char *city = office_city_path(w->office);
    struct str out = str_format(w->cx.arena, "%s/out", city);
    struct str folder = str_format(w->cx.arena, "%s/out/levy-%d", city, p->fiscal_year);
    p->folder = folder.p ? str_c(w->cx.arena, folder) : NULL;
    if (!out.p || !p->folder) {
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    }
    if ((mkdir(out.p, 0700) < 0 && errno != EEXIST) ||
        (mkdir(p->folder, 0700) < 0 && errno != EEXIST)) {
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", p->folder);
    }
    return 0;
}

/* "year" for the year's notices; "draft" for a correction's, 0 with a year for those decided at the
 * counter and not printed yet. */
static int read_options(struct print *p)
{
    struct work *w = p->w;
    struct str draft = job_option(p->job, "draft");
    int64_t year = 0;
    struct draft d;
    p->draft_no = -1;
    if (draft.n > 0 && !str_to_int(draft, &p->draft_no)) {
        return fail(&w->cx, ERR_INVALID, "levy.draft.number", NULL);
    }
    if (p->draft_no > 0) {
        int rc = levy_draft_find(w, p->draft_no, &d);
        if (rc <= 0 || !draft_is_correction(&d)) {
            return rc < 0 ? rc : fail(&w->cx, ERR_NOT_FOUND, "levy.draft.none", NULL);
        }
        if (d.status != DRAFT_CONFIRMED) {
            return fail(&w->cx, ERR_INVALID, "levy.notices.not_confirmed", NULL);
        }
        year = d.fiscal_year;
    } else if (!str_to_int(job_option(p->job, "year"), &year)) {
        return fail(&w->cx, ERR_INVALID, "levy.initial.options", NULL);
    }
    p->fiscal_year = (int)year;
    return 0;
}

static int count_decisions(struct print *p, int64_t after_no, int64_t *out)
{
    struct work *w = p->w;
    int rc;
    if (p->draft_no < 0) {
        struct levy_decision_count_in in = {.fiscal_year = p->fiscal_year, .after_no = after_no};
        struct levy_decision_count_row row;
        rc = levy_decision_count(&w->cx, w->store, &in, &row);
        *out = rc < 0 ? 0 : row.decisions;
    } else {
        struct levy_correction_count_in in = {.draft_no = p->draft_no,
                                              .fiscal_year = p->fiscal_year,
                                              .after_no = after_no};
        struct levy_correction_count_row row;
        rc = levy_correction_count(&w->cx, w->store, &in, &row);
        *out = rc < 0 ? 0 : row.decisions;
    }
    return rc;
}

static int print_open(struct print *p)
{
    struct work *w = p->w;
    int64_t left = 0;
    p->next_no = job_progress(p->job)->cursor;
    int rc = read_options(p);
    if (rc < 0) {
        return rc;
    }
    struct str prefix = p->draft_no < 0
                            ? str_format(w->cx.arena, "%d", p->fiscal_year)
                            : str_format(w->cx.arena, "change-%lld", (long long)job_id(p->job));
    p->prefix = prefix.p ? str_c(w->cx.arena, prefix) : NULL;
    rc = p->prefix ? make_folder(p) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    rc = rc < 0 ? rc : letterhead_read(w, &p->head);
    rc = rc < 0 ? rc : layout_sources(w, &p->sources);
    rc = rc < 0 ? rc : count_decisions(p, 0, &job_progress(p->job)->total);
    rc = rc < 0 ? rc : count_decisions(p, p->next_no, &left);
    struct job_progress *g = job_progress(p->job);
    /* What the counter decided leaves the list when it is printed: what was done counts. */
    int64_t printed = p->draft_no == 0 ? g->done + g->skipped + g->failed : g->total - left;
    p->next_stream = printed / STREAM_NOTICES + 1;
    return rc;
}

static int print_all(struct print *p)
{
    int more = 1;
    int rc = 0;
    while (rc >= 0 && (more > 0 || p->n > 0)) {
        if (more > 0 && p->n < DRAWING_MAX) {
            struct stream *s = &p->streams[(p->first + p->n) % DRAWING_MAX];
            more = read_stream(p, s);
            rc = more < 0 ? more : 0;
            if (more > 0) {
                rc = start_drawing(p, s);
                p->n++;
            }
        } else {
            struct stream *s = &p->streams[p->first];
            p->first = (p->first + 1) % DRAWING_MAX;
            p->n--;
            rc = finish_stream(p, s);
        }
    }
    return rc;
}

/* After a failure: children still drawing are waited for, their files are drawn again next time. */
static void print_abandon(struct print *p)
{
    for (; p->n > 0; p->n--, p->first = (p->first + 1) % DRAWING_MAX) {
        struct stream *s = &p->streams[p->first];
        if (s->child > 0) {
            close(s->result);
            while (waitpid(s->child, NULL, 0) < 0 && errno == EINTR) {
            }
        }
        arena_release(&s->arena);
    }
}

int levy_notice_counts(struct work *w, int fiscal_year, struct notice_counts *out)
{
    struct levy_notices_printed_in in = {.fiscal_year = fiscal_year};
    struct levy_notices_printed_row row;
    int rc = levy_notices_printed(&w->cx, w->store, &in, &row);
    *out = rc < 0 ? (struct notice_counts){0}
                  : (struct notice_counts){row.notices - row.pulled, row.pulled};
    return rc < 0 ? rc : 0;
}

static int print_figures(struct print *p)
{
    struct work *w = p->w;
    struct notice_counts c;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0) {
        return rc;
    }
    rc = levy_notice_counts(w, p->fiscal_year, &c);
    if (p->draft_no >= 0 || p->is_check) {
        c = (struct notice_counts){job_progress(p->job)->done,
                                   job_progress(p->job)->skipped + job_progress(p->job)->failed};
    }
    rc = rc < 0 ? rc : job_figure(w, p->job, "notices", c.sent);
    rc = rc < 0 ? rc : job_figure(w, p->job, "pulled", c.pulled);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    return store_commit(&w->cx, w->store);
}

static int run(struct work *w, struct job *job, bool is_check)
{
    struct print *p = ARENA_NEW(w->cx.arena, struct print);
    int rc = p ? work_need(w, RIGHT_PRINT) : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    if (rc < 0) {
        return rc;
    }
    *p = (struct print){.w = w, .job = job, .is_check = is_check};
    rc = print_open(p);
    rc = rc < 0 ? rc : print_all(p);
    if (rc < 0) {
        print_abandon(p);
        return error_add(&w->cx, "print the notices of %d", p->fiscal_year);
    }
    return print_figures(p);
}

int levy_notices(struct work *w, struct job *job)
{
    return run(w, job, false);
}

/* Whom the printing will reach and whom not, and why, before a sheet is printed. */
int levy_notices_check(struct work *w, struct job *job)
{
    return run(w, job, true);
}
