/* Inquiries after property (財産調査): who has an account here, and what is on it. */
#include "outside/bank/inner.h"

#include <string.h>

struct asked {
    struct columns columns;
    struct table table;
};

static struct str cell(const struct asked *a, size_t row, const char *id)
{
    const struct str s = a->table.rows[row].fields[column_of(&a->columns, id)];
    return s.p ? s : STR("");
}

/* By name and, where it is told, day of birth. */
static size_t find(const struct bank_office *o, struct str kana, struct ymd birth, size_t *at)
{
    size_t n = 0;

    for (size_t i = 0; i < o->accounts.n; i++) {
        const struct bank_db_accounts_row *a = &o->accounts.rows[i];
        if (str_equal(a->kana, kana) && !str_is(a->state, "closed") &&
            (ymd_is_none(birth) || a->birth_ymd.day == birth.day)) {
            *at = i;
            n++;
        }
    }
    return n;
}

static void answer_one(struct bank_office *o, const struct asked *a, size_t row, struct ymd day,
                       struct csv_file *f, int64_t *found)
{
    struct ymd birth = YMD_NONE;
    size_t at = 0;

    if (!ymd_parse(cell(a, row, "birth"), &birth))
        birth = YMD_NONE;
    const size_t n = find(o, cell(a, row, "kana"), birth, &at);
    csv_put(f, "inquiry", cell(a, row, "inquiry"));
    csv_put(f, "answer", n == 0 ? STR("none") : n == 1 ? STR("found") : STR("several"));
    csv_put(f, "kana", cell(a, row, "kana"));
    csv_put_day(f, "birth", birth);
    csv_put_day(f, "day", day);
    if (n == 1) {
        const struct bank_db_accounts_row *b = &o->accounts.rows[at];
        csv_put(f, "bank", b->bank);
        csv_put(f, "branch", b->branch);
        csv_put(f, "account_kind", b->account_kind);
        csv_put(f, "account_no", b->account_no);
        csv_put(f, "balance", str_format(&o->arena, "%lld", (long long)b->balance_yen.n));
        ++*found;
    }
    csv_file_row(f);
}

int bank_inquire(struct bank_office *o, struct str inquiries, struct ymd day, struct text *answer,
                 int64_t *found)
{
    struct asked a;
    struct csv_file f;
    int64_t n = 0;

    error_clear(&o->cx);
    int rc = columns_read(&o->cx, &o->arena, "property_inquiries.tsv",
                          bank_table("property_inquiries"), &a.columns);
    rc = rc < 0 ? rc : table_read(&o->cx, &o->arena, &a.columns, inquiries, &a.table);
    if (rc >= 0 && a.table.all_problems > 0)
        rc = fail(&o->cx, ERR_INVALID, "bank.file", "%zu", a.table.all_problems);
    if (rc < 0)
        return bank_told(o, rc);
    rc = csv_file_open(&o->cx, &f, "property_answers.tsv", bank_table("property_answers"), answer);
    for (size_t i = 0; rc >= 0 && i < a.table.n; i++)
        answer_one(o, &a, i, day, &f, &n);
    const int closed = csv_file_close(&o->cx, &f);
    if (found)
        *found = n;
    return bank_told(o, rc < 0 ? rc : closed);
}
