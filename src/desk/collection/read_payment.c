/* Payments by number: Pay-easy and eL-QR. */
#include "desk/collection/read.h"

#include <string.h>

struct reading {
    struct work *w;
    struct fixed_layout numbers;
    int channel;
};

static struct receipt_record record_of(const struct reading *k, const struct payment_row *p)
{
    struct work *w = k->w;
    struct payment_no no;
    struct receipt_record r = {.channel = k->channel,
                               .stage = (int)p->stage,
                               .line = p->line,
                               .yen = p->yen,
                               .paid = p->paid,
                               .accounting = read_later(p->paid, p->booked),
                               .funds = p->funds,
                               .slip_kind = STR("number")};

    if (payment_no_parse(&k->numbers, p->payment, &no)) {
        const struct read_key key = {(int)no.year, no.notice, (int)no.number, (int)no.reissue};
        read_put_key(&r, &key);
    }
    if (k->channel == CHANNEL_EL && str_is(p->way, "app"))
        r.channel = CHANNEL_SMARTPHONE;
    r.place = k->channel == CHANNEL_EL ? p->way : p->place;
    r.raw_key = k->channel == CHANNEL_EL
                    ? p->key
                    : str_format(w->cx.arena, STR_FMT " " STR_FMT " " STR_FMT,
                                 STR_ARG(p->payment), STR_ARG(p->confirmation), STR_ARG(p->time));
    return r;
}

static int hand_over(const struct reading *k, struct job *job, const struct format_file *f,
                     const struct payment_file *in)
{
    struct work *w = k->w;
    struct read_rows out = {ARENA_ARRAY(w->cx.arena, in->n + 1, struct receipt_record), 0};

    if (!out.rows)
        return fail(&w->cx, ERR_MEMORY, "memory", NULL);
    for (size_t i = 0; i < in->n; i++)
        out.rows[out.n++] = record_of(k, &in->rows[i]);
    return read_hand_over(w, job, f, k->channel, &out);
}

static int take(struct reading *k, struct job *job, const struct format_file *f)
{
    struct work *w = k->w;
    struct payment_file in;
    struct fixed_layout layout;
    struct str columns;
    const bool is_el = k->channel == CHANNEL_EL;
    int rc = is_el ? format_table(w, "el_receipts.tsv", &columns)
                   : format_layout(w, "mpn_records.tsv", &layout);

    rc = rc < 0 ? rc : format_layout(w, "payment_no.tsv", &k->numbers);
    if (rc >= 0)
        rc = is_el ? el_read(&w->cx, w->cx.arena, columns, text_str(&f->bytes), &in)
                   : mpn_read(&w->cx, w->cx.arena, &layout, text_str(&f->bytes), &in);
    rc = rc < 0 ? rc : read_refuse(w, job, &in.problems);
    return rc < 0 ? rc : hand_over(k, job, f, &in);
}

static int take_file(struct work *w, struct job *job, struct str group, int channel)
{
    struct reading k = {.w = w, .channel = channel};
    struct format_file f;
    int rc = format_open(w, job, &f);

    rc = rc < 0 ? rc : intake_need(w, group, STR("bank"), STR("file"));
    rc = rc < 0 ? rc : take(&k, job, &f);
    text_release(&f.bytes);
    return rc < 0 ? error_add(&w->cx, "take payments by number") : OK;
}

int read_mpn_job(struct work *w, struct job *job)
{
    return take_file(w, job, STR("receive_mpn"), CHANNEL_PAY_EASY);
}

int read_el_job(struct work *w, struct job *job)
{
    return take_file(w, job, STR("receive_el"), CHANNEL_EL);
}
