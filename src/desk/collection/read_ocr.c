/* OCR data of payment notices (納付済通知書) from the designated bank and the post. */
#include "desk/collection/read.h"

#include <string.h>

static int64_t field(const struct ocr_lines *l, const char *line, struct str digits, const char *id)
{
    int64_t value = 0;
    (void)fixed_number(ocr_line_record(l, line), digits.p, id, &value);
    return value;
}

/* The city's own line says everything, late charge and fee too. */
static void municipal(const struct ocr_format *f, const struct ocr_row *o,
                      struct receipt_record *r)
{
    const struct ocr_lines *l = &f->lines;

    r->levy_year = (int)field(l, "municipal", o->upper, "year");
    r->notice_no = field(l, "municipal", o->upper, "notice");
    r->number = (int)field(l, "municipal", o->upper, "number");
    r->issue = (int)field(l, "municipal", o->upper, "reissue");
    r->yen = YEN(field(l, "municipal", o->upper, "yen"));
    r->late = YEN(field(l, "municipal", o->upper, "late"));
    r->fee = YEN(field(l, "municipal", o->upper, "fee"));
    r->is_divided = true;
}

static void agency(struct work *w, const struct ocr_format *f, const struct ocr_row *o,
                   struct receipt_record *r)
{
    const struct fixed_record *lower = ocr_line_record(&f->lines, "dsk_lower");
    struct read_key key;

    if (!read_slip_key(w, fixed_raw(lower, o->lower.p, "key"), &key))
        return;
    key.issue = (int)field(&f->lines, "dsk_lower", o->lower, "reissue");
    read_put_key(r, &key);
}

static struct receipt_record record_of(struct work *w, const struct ocr_format *f,
                                       const struct ocr_batch *b, const struct ocr_row *o)
{
    struct receipt_record r = {.channel = o->is_post ? CHANNEL_POST : CHANNEL_BANK,
                               .stage = STAGE_FINAL,
                               .line = o->line,
                               .yen = o->yen,
                               .paid = o->paid,
                               .accounting = read_later(o->paid, b->booked),
                               .funds = o->funds,
                               .slip_kind = o->is_municipal ? STR("ocr") : STR("ocr_agency")};

    if (!o->is_bad && o->is_municipal)
        municipal(f, o, &r);
    else if (!o->is_bad)
        agency(w, f, o, &r);
    r.place = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(b->bank), STR_ARG(o->place));
    r.raw_key =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(o->upper), STR_ARG(o->lower));
    return r;
}

static int hand_over(struct work *w, struct job *job, const struct format_file *f,
                     const struct ocr_format *format, const struct ocr_file *in)
{
    struct read_rows out = {.n = 0};
    size_t n = 0;

    for (size_t i = 0; i < in->n; i++)
        n += in->batches[i].n;
    out.rows = ARENA_ARRAY(w->cx.arena, n + 1, struct receipt_record);
    if (!out.rows)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < in->n; i++) {
        for (size_t k = 0; k < in->batches[i].n; k++)
            out.rows[out.n++] =
                record_of(w, format, &in->batches[i], &in->batches[i].rows[k]);
    }
    return read_hand_over(w, job, f, CHANNEL_BANK, &out);
}

static int read_format(struct work *w, struct ocr_format *f)
{
    struct str lines, checks;
    int rc = format_layout(w, "ocr_records.tsv", &f->records);

    rc = rc < 0 ? rc : format_table(w, "ocr_lines.tsv", &lines);
    rc = rc < 0 ? rc : format_table(w, "ocr_checks.tsv", &checks);
    return rc < 0 ? rc : ocr_lines_read(&w->cx, w->cx.arena, lines, checks, &f->lines);
}

int read_ocr_job(struct work *w, struct job *job)
{
    struct format_file f;
    struct ocr_format format;
    struct ocr_file in;
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, STR("receive_ocr"), STR("bank"), STR("file"));
    rc = rc < 0 ? rc : read_format(w, &format);
    rc = rc < 0 ? rc : ocr_read(&w->cx, w->cx.arena, &format, text_str(&f.bytes), &in);
    rc = rc < 0 ? rc : read_refuse(w, job, &in.problems);
    rc = rc < 0 ? rc : hand_over(w, job, &f, &format, &in);
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take OCR data of payment notices") : OK;
}
