/* Slips that people pay, and what the city is told of it. */
#include "outside/bank/inner.h"

#include <string.h>

enum { FUNDS_DAYS = 12, TAKEN_BACK_ONE_IN = 12 };

/* --- paid ---------------------------------------------------------------------------------------
 */

static int64_t number(struct str s)
{
    int64_t value = 0;
    return str_to_int(s, &value) ? value : -1;
}

static struct str part(struct str s, size_t at, size_t n)
{
    return s.n >= at + n ? (struct str){s.p + at, n} : STR("");
}

/* What a line says: way, digits, more, amount. */
static bool read_line(struct str line, struct bank_db_payment_put_in *p)
{
    const struct str way = str_cut(&line, ' ');

    p->digits = str_cut(&line, ' ');
    p->more = str_cut(&line, ' ');
    p->way = str_is(way, "municipal") ? STR("ocr") : way;
    if (str_is(way, "cvs"))
        p->yen = YEN(number(part(p->digits, 37, 6)));
    else if (str_is(way, "ocr"))
        p->yen = YEN(number(part(p->digits, 18, 6)));
    else if (str_is(way, "municipal"))
        p->yen = YEN(number(part(p->digits, 17, 9)) + number(part(p->digits, 26, 7)) +
                     number(part(p->digits, 33, 5)));
    else if (str_is(way, "mpn") || str_is(way, "el"))
        p->yen = YEN(number(line));
    else
        return false;
    return p->yen.n > 0 && p->digits.n > 0;
}

/* Stores by turns, so that every chain is seen. */
static void place_of(struct bank_office *o, struct bank_db_payment_put_in *p)
{
    static const char *const chains[] = {"010", "020", "030", "080", "820"};
    const bool is_store = str_is(p->way, "cvs");

    p->chain = is_store ? str_of(chains[p->payment_no % 5]) : STR("");
    p->place = is_store ? str_format(&o->arena, "%07lld", (long long)(100000 + p->payment_no))
               : str_is(p->way, "el") ? STR("app")
                                      : STR("0001001");
    p->is_taken_back = is_store && p->payment_no % TAKEN_BACK_ONE_IN == 0;
}

static int pay_all(struct bank_office *o, struct str slips, struct ymd day, int64_t *n)
{
    struct bank_db_payment_last_row last;
    int rc = bank_db_payment_last(&o->cx, o->store, &last);

    while (rc >= 0 && slips.n > 0) {
        const struct str line = str_trim(str_cut(&slips, '\n'));
        struct bank_db_payment_put_in p = {.paid_ymd = day};
        if (line.n == 0)
            continue;
        if (!read_line(line, &p))
            return fail(&o->cx, ERR_INVALID, "bank.slip", STR_FMT, STR_ARG(line));
        p.payment_no = ++last.n;
        place_of(o, &p);
        rc = bank_db_payment_put(&o->cx, o->store, &p);
        ++*n;
    }
    return rc < 0 ? rc : OK;
}

int bank_pay(struct bank_office *o, struct str slips, struct ymd day, int64_t *n)
{
    int64_t unused = 0;

    error_clear(&o->cx);
    int rc = STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return bank_told(o, rc);
    rc = pay_all(o, slips, day, n ? n : &unused);
    if (rc >= 0)
        return bank_told(o, store_commit(&o->cx, o->store));
    store_rollback(o->store);
    return bank_told(o, rc);
}

/* --- told ---------------------------------------------------------------------------------------
 */

struct telling {
    struct bank_office *o;
    struct ymd day;
    bool is_fixed;
    struct text *out;
    struct bank_db_payments_list list;
    size_t n;
};

static struct str chain_name(struct str chain)
{
    static const struct {
        const char *code, *name;
    } names[] = {{"010", "SEVEN-ELEVEN"}, {"020", "LAWSON"}, {"030", "FAMILYMART"},
                 {"080", "MINISTOP"},     {"820", "PAYPAY"}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_is(chain, names[i].code))
            return str_of(names[i].name);
    }
    return STR("");
}

static struct str time_of(struct bank_office *o, int64_t no)
{
    return str_format(&o->arena, "%02d%02d", (int)(8 + no % 13), (int)(no * 7 % 60));
}

static struct cvs_row shop_row(struct telling *t, const struct bank_db_payments_row *p,
                                enum cvs_kind kind)
{
    const bool is_final = kind == CVS_FINAL;
    return (struct cvs_row){.kind = kind,
                            .paid = p->paid_ymd,
                            .made = t->day,
                            .funds = is_final ? ymd_add(p->paid_ymd, FUNDS_DAYS) : YMD_NONE,
                            .booked = is_final ? t->day : YMD_NONE,
                            .time = time_of(t->o, p->payment_no),
                            .barcode = p->digits,
                            .yen = p->yen,
                            .has_stamp = p->digits.n == 44 && p->digits.p[36] == '1',
                            .shop = p->place,
                            .chain = p->chain,
                            .chain_name = chain_name(p->chain)};
}

static int write_stores(struct telling *t, const struct cvs_row *rows, size_t n)
{
    struct bank_office *o = t->o;
    struct fixed_layout layout;
    const struct cvs_header h = {STR("25200"), t->day};

    if (!t->is_fixed)
        return cvs_write_csv(&o->cx, bank_table("cvs_csv"), rows, n, t->out);
    const int rc = fixed_layout_read(&o->cx, &o->arena, "cvs_records.tsv",
                                     bank_table("cvs_records"), &layout);
    return rc < 0 ? rc : cvs_write_fixed(&o->cx, &layout, &h, rows, n, t->out);
}

/* Of the payments read, those that the notice is about, marked as told. */
static int tell_stores(struct telling *t, enum cvs_kind kind, int64_t told)
{
    struct bank_office *o = t->o;
    struct cvs_row *rows = ARENA_ARRAY(&o->arena, t->list.n + 1, struct cvs_row);
    int rc = rows ? OK : bank_no_memory(o);

    for (size_t i = 0; i < t->list.n && rc >= 0; i++) {
        const struct bank_db_payments_row *p = &t->list.rows[i];
        if (kind != CVS_EARLY && p->is_taken_back != (kind == CVS_CANCELLED))
            continue;
        rows[t->n++] = shop_row(t, p, kind);
        const struct bank_db_payment_told_in q = {p->payment_no, told};
        rc = bank_db_payment_told(&o->cx, o->store, &q);
    }
    return rc < 0 || t->n == 0 ? rc : write_stores(t, rows, t->n);
}

static int mark(struct telling *t)
{
    int rc = OK;

    for (size_t i = 0; i < t->list.n && rc >= 0; i++) {
        const struct bank_db_payment_told_in q = {t->list.rows[i].payment_no, 2};
        rc = bank_db_payment_told(&t->o->cx, t->o->store, &q);
    }
    t->n = t->list.n;
    return rc;
}

static int ocr_format_of(struct bank_office *o, struct ocr_format *f)
{
    const int rc = fixed_layout_read(&o->cx, &o->arena, "ocr_records.tsv",
                                     bank_table("ocr_records"), &f->records);
    return rc < 0 ? rc
                  : ocr_lines_read(&o->cx, &o->arena, bank_table("ocr_lines"),
                                   bank_table("ocr_checks"), &f->lines);
}

static int tell_ocr(struct telling *t)
{
    struct bank_office *o = t->o;
    struct ocr_format f;
    struct ocr_row *rows = ARENA_ARRAY(&o->arena, t->list.n + 1, struct ocr_row);
    int rc = rows ? ocr_format_of(o, &f) : bank_no_memory(o);

    rc = rc < 0 ? rc : mark(t);
    for (size_t i = 0; i < t->list.n && rc >= 0; i++) {
        const struct bank_db_payments_row *p = &t->list.rows[i];
        rows[i] = (struct ocr_row){.is_municipal = p->more.n == 0,
                                   .paid = p->paid_ymd,
                                   .funds = ymd_add(p->paid_ymd, 2),
                                   .place = p->place,
                                   .yen = p->yen,
                                   .upper = p->digits,
                                   .lower = p->more};
    }
    const struct ocr_batch b = {STR("0001"), str_format(&o->arena, "%010lld", (long long)t->day.day),
                                t->day,      t->day,
                                rows,        t->list.n,
                                YEN(0)};
    return rc < 0 || t->list.n == 0 ? rc : ocr_write(&o->cx, &f, &b, 1, t->out);
}

static struct payment_row payment_of(struct telling *t, const struct bank_db_payments_row *p,
                                     bool is_el)
{
    struct bank_office *o = t->o;
    return (struct payment_row){.stage = PAYMENT_FINAL,
                                .institution = STR("12345"),
                                .payment = p->digits,
                                .confirmation = p->more,
                                .division = STR("001"),
                                .key = str_format(&o->arena, "EL%012lld", (long long)p->payment_no),
                                .way = STR("app"),
                                .yen = p->yen,
                                .paid = p->paid_ymd,
                                .booked = t->day,
                                .funds = ymd_add(p->paid_ymd, 3),
                                .time = is_el ? STR("") : STR("120000"),
                                .place = is_el ? STR("") : p->place};
}

static int tell_numbers(struct telling *t, bool is_el)
{
    struct bank_office *o = t->o;
    struct payment_row *rows = ARENA_ARRAY(&o->arena, t->list.n + 1, struct payment_row);
    struct fixed_layout layout;
    int rc = rows ? mark(t) : bank_no_memory(o);

    for (size_t i = 0; i < t->list.n && rc >= 0; i++)
        rows[i] = payment_of(t, &t->list.rows[i], is_el);
    if (rc < 0 || t->list.n == 0)
        return rc;
    if (is_el)
        return el_write(&o->cx, bank_table("el_receipts"), rows, t->list.n, t->out);
    rc = fixed_layout_read(&o->cx, &o->arena, "mpn_records.tsv", bank_table("mpn_records"),
                           &layout);
    return rc < 0 ? rc : mpn_write(&o->cx, &layout, t->day, rows, t->list.n, t->out);
}

static int tell(struct telling *t, enum bank_notice what)
{
    struct bank_office *o = t->o;
    static const char *const ways[] = {"cvs", "cvs", "cvs", "ocr", "mpn", "el"};
    const bool is_after = what == NOTICE_CANCELLED || what == NOTICE_FINAL;
    const struct bank_db_payments_in q = {str_of(ways[what]), is_after ? 1 : 0, t->day};
    const int rc = bank_db_payments(&o->cx, o->store, &q, &t->list);

    if (rc < 0)
        return rc;
    switch (what) {
    case NOTICE_EARLY:
        return tell_stores(t, CVS_EARLY, 1);
    case NOTICE_CANCELLED:
        return tell_stores(t, CVS_CANCELLED, 2);
    case NOTICE_FINAL:
        return tell_stores(t, CVS_FINAL, 2);
    case NOTICE_OCR:
        return tell_ocr(t);
    case NOTICE_NUMBER:
        return tell_numbers(t, false);
    case NOTICE_EL:
        return tell_numbers(t, true);
    }
    return OK;
}

int bank_tell(struct bank_office *o, enum bank_notice what, struct ymd day, bool fixed,
              struct text *out, int64_t *n)
{
    struct telling t = {.o = o, .day = day, .is_fixed = fixed, .out = out};

    error_clear(&o->cx);
    int rc = STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return bank_told(o, rc);
    rc = tell(&t, what);
    if (n)
        *n = (int64_t)t.n;
    if (rc >= 0)
        return bank_told(o, store_commit(&o->cx, o->store));
    store_rollback(o->store);
    return bank_told(o, rc);
}
