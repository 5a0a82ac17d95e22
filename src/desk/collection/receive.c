/* The job that takes receipts in our own layout (data/formats/receipts.tsv), of any channel: what
 * an agent's converter or an old system hands over. A file is checked as a whole, then cleared. */
#include "desk/collection/receive.h"
#include "desk/collection/receipt.h"

#include <string.h>

#define FILE_MAXIMUM ((size_t)512 << 20)

extern const unsigned char format_receipts[];
extern const size_t format_receipts_size;

/* Where the fields of a record stand in the file. */
enum place {
    AT_CHANNEL,
    AT_STAGE,
    AT_LEVY_YEAR,
    AT_NOTICE_NO,
    AT_NUMBER,
    AT_ISSUE,
    AT_YEN,
    AT_LATE,
    AT_FEE,
    AT_PAID,
    AT_ACCOUNTING,
    AT_FUNDS,
    AT_PLACE,
    AT_SLIP_KIND,
    AT_RAW_KEY,
    PLACES
};
static const char *const field_ids[PLACES] = {
    [AT_CHANNEL] = "channel",
    [AT_STAGE] = "stage",
    [AT_LEVY_YEAR] = "levy_year",
    [AT_NOTICE_NO] = "notice_no",
    [AT_NUMBER] = "number",
    [AT_ISSUE] = "issue",
    [AT_YEN] = "yen",
    [AT_LATE] = "late",
    [AT_FEE] = "fee",
    [AT_PAID] = "paid",
    [AT_ACCOUNTING] = "accounting",
    [AT_FUNDS] = "funds",
    [AT_PLACE] = "place",
    [AT_SLIP_KIND] = "slip_kind",
    [AT_RAW_KEY] = "raw_key",
};

struct reading {
    struct work *w;
    struct job *job;
    struct text file;
    struct columns columns;
    size_t column[PLACES];
    struct table table;
    struct receipt_record *rows;
    size_t n;
};

static struct str text_at(const struct reading *r, const struct table_row *row, enum place id)
{
    const struct str s = row->fields[r->column[id]];
    return s.p ? s : STR("");
}

static int64_t number_at(const struct reading *r, const struct table_row *row, enum place id)
{
    int64_t value = 0;

    return str_to_int(text_at(r, row, id), &value) ? value : 0;
}

static struct ymd day_at(const struct reading *r, const struct table_row *row, enum place id)
{
    struct ymd d;

    return ymd_parse(text_at(r, row, id), &d) ? d : YMD_NONE;
}

static void read_row(const struct reading *r, const struct table_row *row,
                     struct receipt_record *out)
{
    const bool is_staged = text_at(r, row, AT_STAGE).n > 0;

    *out =
        (struct receipt_record){.channel = (int)number_at(r, row, AT_CHANNEL),
                                .stage = is_staged ? (int)number_at(r, row, AT_STAGE) : STAGE_FINAL,
                                .line = row->line,
                                .levy_year = (int)number_at(r, row, AT_LEVY_YEAR),
                                .notice_no = number_at(r, row, AT_NOTICE_NO),
                                .number = (int)number_at(r, row, AT_NUMBER),
                                .issue = (int)number_at(r, row, AT_ISSUE),
                                .is_divided =
                                    text_at(r, row, AT_LATE).n + text_at(r, row, AT_FEE).n > 0,
                                .yen = YEN(number_at(r, row, AT_YEN)),
                                .late = YEN(number_at(r, row, AT_LATE)),
                                .fee = YEN(number_at(r, row, AT_FEE)),
                                .paid = day_at(r, row, AT_PAID),
                                .accounting = day_at(r, row, AT_ACCOUNTING),
                                .funds = day_at(r, row, AT_FUNDS),
                                .place = text_at(r, row, AT_PLACE),
                                .slip_kind = text_at(r, row, AT_SLIP_KIND),
                                .raw_key = text_at(r, row, AT_RAW_KEY)};
}

/* What single fields cannot show. */
static int check_row(struct reading *r, struct table_row *row, const struct receipt_record *x)
{
    struct context *cx = &r->w->cx;
    enum place id = PLACES;
    const char *reason = NULL;

    if (ymd_compare(x->accounting, x->paid) < 0) {
        id = AT_ACCOUNTING;
        reason = "collection.receive.before_paid";
    } else if (ymd_compare(x->paid, r->w->today) > 0) {
        id = AT_PAID;
        reason = "collection.receive.future";
    } else if (x->channel != r->rows[0].channel) {
        id = AT_CHANNEL;
        reason = "collection.receive.mixed";
    }
    return reason ? table_problem(cx, cx->arena, &r->table, row, r->column[id], reason) : OK;
}

static int read_file(struct reading *r)
{
    struct context *cx = &r->w->cx;
    const char *path = str_c(cx->arena, job_option(r->job, "path"));
    const struct str tsv = {(const char *)format_receipts, format_receipts_size};
    int rc =
        path ? file_read(cx, path, FILE_MAXIMUM, &r->file) : fail(cx, ERR_MEMORY, "memory", NULL);

    rc = rc < 0 ? rc : columns_read(cx, cx->arena, "receipts.tsv", tsv, &r->columns);
    for (size_t i = 0; rc >= 0 && i < PLACES; i++)
        r->column[i] = column_of(&r->columns, field_ids[i]);
    rc = rc < 0 ? rc : table_read(cx, cx->arena, &r->columns, text_str(&r->file), &r->table);
    r->rows = rc < 0 ? NULL : ARENA_ARRAY(cx->arena, r->table.n + 1, struct receipt_record);
    if (rc >= 0 && !r->rows)
        rc = fail(cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; rc >= 0 && i < r->table.n; i++) {
        struct table_row *row = &r->table.rows[i];
        if (row->is_bad)
            continue;
        read_row(r, row, &r->rows[r->n]);
        rc = check_row(r, row, &r->rows[r->n]);
        r->n++;
    }
    return rc;
}

/* The file is refused as a whole, every bad line named; nothing of it is posted. */
static int refuse(struct reading *r)
{
    struct work *w = r->w;
    int rc = STORE_BEGIN(&w->cx, w->store);

    if (rc < 0)
        return rc;
    for (size_t i = 0; i < r->table.n_problems && rc >= 0; i++) {
        const struct table_problem *p = &r->table.problems[i];
        rc = job_note(w, r->job, true, p->line, p->reason,
                      str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(p->field),
                                 p->value.p ? (int)p->value.n : 0, p->value.p ? p->value.p : ""));
    }
    job_progress(r->job)->failed = (int64_t)r->table.all_problems;
    rc = rc < 0 ? rc : job_checkpoint(w, r->job);
    if (rc < 0) {
        store_rollback(w->store);
        return rc;
    }
    rc = store_commit(&w->cx, w->store);
    return rc < 0 ? rc
                  : fail(&w->cx, ERR_INVALID, "party.import.refused", "%zu", r->table.all_problems);
}

static int take(struct reading *r)
{
    struct work *w = r->w;
    struct receipt_file f = {.channel = r->rows[0].channel,
                             .source = STR("bank"),
                             .name = job_option(r->job, "path")};
    struct receipt_counts counts;
    const struct audit_line line = {.class = AUDIT_CHANGE,
                                    .purpose = STR("collection.receive"),
                                    .query = f.name,
                                    .count = (int64_t)r->n};
    int rc = audit_write(w, &line);

    for (size_t i = f.name.n; i > 0; i--) {
        if (f.name.p[i - 1] == '/') {
            f.name = (struct str){f.name.p + i, f.name.n - i};
            break;
        }
    }
    sha256_hex(text_str(&r->file), f.sha256);
    return rc < 0 ? rc : receipts_take(w, r->job, &f, r->rows, r->n, &counts);
}

int receive_run(struct work *w, struct job *job)
{
    struct reading r = {.w = w, .job = job};
    int rc = intake_need(w, STR("receive"), STR("bank"), STR("file"));

    text_init(&r.file, FILE_MAXIMUM);
    rc = rc < 0 ? rc : read_file(&r);
    if (rc >= 0 && r.table.all_problems > 0)
        rc = refuse(&r);
    else if (rc >= 0 && r.n == 0)
        rc = fail(&w->cx, ERR_INVALID, "collection.receive.empty", NULL);
    else if (rc >= 0)
        rc = take(&r);
    text_release(&r.file);
    return rc;
}
