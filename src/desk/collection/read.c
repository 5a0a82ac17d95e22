/* What the readers of outside formats share: numbers on slips, what refuses a file, handing over. */
#include "desk/collection/read.h"

#include <string.h>

enum { COMPANY = 5, KEY = 21, SHORT_KEY = 16 };

static int64_t digits_of(struct str s, size_t at, size_t n)
{
    int64_t value = 0;
    return str_to_int((struct str){s.p + at, n}, &value) ? value : -1;
}

bool read_slip_key(struct work *w, struct str digits, struct read_key *out)
{
    struct str s = digits;

    *out = (struct read_key){.number = 0};
    if (s.n == KEY) {
        const struct str company = setting_get(w, "levy.slip_company");
        if (!str_equal((struct str){s.p, COMPANY}, company))
            return false;
        s = (struct str){s.p + COMPANY, SHORT_KEY};
    }
    if (s.n != SHORT_KEY ||
        !str_equal((struct str){s.p, 1}, setting_get(w, "levy.slip_account")))
        return false;
    const int64_t year = digits_of(s, 1, 2), number = digits_of(s, 3, 2),
                  notice = digits_of(s, 5, 10);
    if (year < 0 || number < 0 || notice < 0)
        return false;
    *out = (struct read_key){(int)(2000 + year), notice, (int)number, 0};
    return true;
}

void read_put_key(struct receipt_record *r, const struct read_key *k)
{
    r->levy_year = k->levy_year;
    r->notice_no = k->notice_no;
    r->number = k->number;
    r->issue = k->issue;
}

static bool is_about_number(const char *reason)
{
    return strncmp(reason, "exchange.cvs.", 13) == 0 || strncmp(reason, "exchange.ocr.", 13) == 0;
}

int read_refuse(struct work *w, struct job *job, const struct record_problems *p)
{
    bool is_refused = p->all > p->n;

    for (size_t i = 0; i < p->n; i++)
        is_refused |= !is_about_number(p->rows[i].reason);
    return is_refused ? format_refuse(w, job, p) : OK;
}

int read_hand_over(struct work *w, struct job *job, const struct format_file *f, int channel,
                   const struct read_rows *r)
{
    struct receipt_file file = {.channel = channel, .source = STR("bank"), .name = f->name};
    struct receipt_counts counts;
    const bool is_begun = job_progress(job)->cursor > 0;

    memcpy(file.sha256, f->sha256, sizeof file.sha256);
    if (!is_begun) {
        const int rc = audit_write(w, &(struct audit_line){.class = AUDIT_CHANGE,
                                                           .purpose = STR("collection.receipts"),
                                                           .query = f->name,
                                                           .count = (int64_t)r->n});
        if (rc < 0)
            return rc;
    }
    return receipts_take(w, job, &file, r->rows, r->n, &counts);
}

struct ymd read_later(struct ymd a, struct ymd b)
{
    return ymd_is_none(b) || ymd_compare(a, b) >= 0 ? a : b;
}
