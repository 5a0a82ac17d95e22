/* Convenience stores and what comes with them (smartphones, post): both carriers. */
#include "desk/collection/read.h"

#include <string.h>

/* 40 store, 70 smartphone, 80 post, by the code of the head office. */
static int channel_of(struct str chains, const struct cvs_row *c)
{
    if (c->kind == CVS_POST || c->kind == CVS_POST_CORRECTED)
        return CHANNEL_POST;
    while (chains.n > 0) {
        struct str line = str_cut(&chains, '\n');
        int64_t channel = 0;
        if (line.n > 0 && line.p[0] != '#' && str_equal(str_cut(&line, '\t'), c->chain) &&
            str_to_int(str_cut(&line, '\t'), &channel))
            return (int)channel;
    }
    return CHANNEL_STORE;
}

static struct receipt_record record_of(struct work *w, struct str chains, const struct cvs_row *c)
{
    struct read_key key = {.number = 0};
    const bool is_ours = !c->is_bad && read_slip_key(w, c->key, &key);
    struct receipt_record r = {.channel = channel_of(chains, c),
                               .stage = (int)cvs_stage(c->kind),
                               .line = c->line,
                               .yen = c->yen,
                               .paid = c->paid,
                               .funds = c->funds,
                               .slip_kind = STR("barcode")};

    key.issue = is_ours ? c->reissue : 0;
    read_put_key(&r, &key);
    r.accounting = read_later(c->paid, ymd_is_none(c->booked) ? c->made : c->booked);
    r.place =
        str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(c->chain), STR_ARG(c->shop));
    r.raw_key = str_format(w->cx.arena, STR_FMT " " STR_FMT, STR_ARG(c->barcode), STR_ARG(c->time));
    return r;
}

static int hand_over(struct work *w, struct job *job, const struct format_file *f,
                     const struct cvs_file *in)
{
    struct read_rows out = {ARENA_ARRAY(w->cx.arena, in->n + 1, struct receipt_record), 0};
    struct str chains;
    const int rc = format_table(w, "cvs_chains.tsv", &chains);

    if (rc < 0 || !out.rows)
        return rc < 0 ? rc : fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < in->n; i++)
        out.rows[out.n++] = record_of(w, chains, &in->rows[i]);
    return read_hand_over(w, job, f, CHANNEL_STORE, &out);
}

/* Records begin with a digit and have no comma in their first line; a CSV begins with its header
 * row. */
static bool is_fixed(struct str bytes)
{
    return bytes.n > 0 && bytes.p[0] >= '0' && bytes.p[0] <= '9';
}

static int read_file(struct work *w, struct job *job, const struct format_file *f)
{
    const struct str bytes = text_str(&f->bytes);
    struct fixed_layout layout;
    struct cvs_file in;
    struct str columns;
    int rc = is_fixed(bytes) ? format_layout(w, "cvs_records.tsv", &layout)
                             : format_table(w, "cvs_csv.tsv", &columns);

    if (rc >= 0)
        rc = is_fixed(bytes) ? cvs_read_fixed(&w->cx, w->cx.arena, &layout, bytes, &in)
                             : cvs_read_csv(&w->cx, w->cx.arena, columns, bytes, &in);
    rc = rc < 0 ? rc : read_refuse(w, job, &in.problems);
    return rc < 0 ? rc : hand_over(w, job, f, &in);
}

int read_cvs_job(struct work *w, struct job *job)
{
    struct format_file f;
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, STR("receive_cvs"), STR("bank"), STR("file"));
    rc = rc < 0 ? rc : read_file(w, job, &f);
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take receipts of stores") : OK;
}
