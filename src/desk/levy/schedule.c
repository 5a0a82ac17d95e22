/* Instalments: parts shared out so that rows and columns add up, and their packed form. */
#include "desk/levy/assess.h"

/* One instalment takes its share of what is left of every part; the yen that the divisions leave
 * over go one by one to the parts with the largest remainder. The last takes all that is left. */
static void share_out(struct levy_instalment *row, int64_t left[LEVY_PARTS])
{
    int64_t remainder[LEVY_PARTS];
    int64_t all = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        all += left[k];
    }
    int64_t given = 0;
    for (int k = 0; k < LEVY_PARTS; k++) {
        int64_t product = all > 0 ? left[k] * row->amount.n : 0; /* < 10^12: no overflow */
        row->part[k] = YEN(all > 0 ? product / all : 0);
        remainder[k] = all > 0 ? product % all : 0;
        given += row->part[k].n;
    }
    for (; given < row->amount.n; given++) {
        int best = 0;
        for (int k = 1; k < LEVY_PARTS; k++) {
            best = remainder[k] > remainder[best] ? k : best;
        }
        row->part[best].n++;
        remainder[best] = -1;
    }
    for (int k = 0; k < LEVY_PARTS; k++) {
        left[k] -= row->part[k].n;
    }
}

/* The ordinance may round the sum of the parts once more (100円未満切捨): the parts charged are
 * then the shares of that sum. */
static void fit_parts(const struct yen part[LEVY_PARTS], int64_t total, int64_t out[LEVY_PARTS])
{
    struct levy_instalment whole = {.amount = YEN(total)};
    for (int k = 0; k < LEVY_PARTS; k++) {
        out[k] = part[k].n;
    }
    int64_t left[LEVY_PARTS] = {out[0], out[1], out[2], out[3]};
    if (out[0] + out[1] + out[2] + out[3] == total) {
        return;
    }
    share_out(&whole, left);
    for (int k = 0; k < LEVY_PARTS; k++) {
        out[k] = whole.part[k].n;
    }
}

void schedule_split(struct levy_schedule *s, const struct yen part[LEVY_PARTS])
{
    int64_t total = 0;
    for (size_t i = 0; i < s->n; i++) {
        total += s->row[i].amount.n;
    }
    int64_t left[LEVY_PARTS];
    fit_parts(part, total, left);
    for (size_t i = 0; i < s->n; i++) {
        share_out(&s->row[i], left);
    }
}

static int add_varint(struct text *out, uint64_t v)
{
    while (v >= 0x80) {
        text_addc(out, (char)(unsigned char)(v | 0x80));
        v >>= 7;
    }
    return text_addc(out, (char)(unsigned char)v);
}

static bool get_varint(struct str *s, int64_t *out)
{
    uint64_t v = 0;
    for (unsigned shift = 0; shift < 63 && s->n > 0; shift += 7) {
        unsigned char c = (unsigned char)*s->p;
        s->p++;
        s->n--;
        v |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            *out = (int64_t)v;
            return true;
        }
    }
    return false;
}

int schedule_pack(const struct levy_schedule *s, struct text *out)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct levy_instalment *r = &s->row[i];
        add_varint(out, (uint64_t)r->number);
        add_varint(out, (uint64_t)r->due.day);
        for (int k = 0; k < LEVY_PARTS; k++) {
            add_varint(out, (uint64_t)r->part[k].n);
        }
    }
    return out->failed ? ERR_MEMORY : 0;
}

int schedule_unpack(struct context *cx, struct str bytes, struct levy_schedule *out)
{
    out->n = 0;
    while (bytes.n > 0) {
        int64_t v[2 + LEVY_PARTS];
        if (out->n == LEVY_INSTALMENTS_MAX) {
            return fail(cx, ERR_CORRUPT, "levy.schedule.corrupt", NULL);
        }
        for (int k = 0; k < 2 + LEVY_PARTS; k++) {
            if (!get_varint(&bytes, &v[k]) || v[k] > YEN_LIMIT) {
                return fail(cx, ERR_CORRUPT, "levy.schedule.corrupt", NULL);
            }
        }
        struct levy_instalment *r = &out->row[out->n++];
        *r = (struct levy_instalment){.number = (int)v[0], .due = {(int32_t)v[1]}};
        for (int k = 0; k < LEVY_PARTS; k++) {
            r->part[k] = YEN(v[2 + k]);
            r->amount.n += v[2 + k];
        }
    }
    return 0;
}

struct yen schedule_amount(const struct levy_schedule *s, int number, struct ymd *due)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->row[i].number == number) {
            *due = s->row[i].due;
            return s->row[i].amount;
        }
    }
    return YEN(0);
}
