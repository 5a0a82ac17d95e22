/* Files about accounts: the check at sign-up, direct debits, transfers. */
#include "outside/bank/inner.h"

#include <string.h>

struct serving {
    struct bank_office *o;
    enum zengin_kind kind;
    struct zengin_format format;
    struct zengin_medium medium;
    struct bank_counts *n;
};
/* What the bank says to a row, and does. */
typedef char answer_fn(struct bank_office *o, const struct zengin_row *z,
                       struct bank_db_accounts_row *a);

static struct bank_db_accounts_row *find(struct bank_office *o, const struct zengin_row *z)
{
    for (size_t i = 0; i < o->accounts.n; i++) {
        struct bank_db_accounts_row *a = &o->accounts.rows[i];
        if (str_equal(a->account_no, z->account_no) && str_equal(a->branch, z->branch) &&
            str_equal(a->bank, z->bank) && str_equal(a->account_kind, z->account_kind))
            return a;
    }
    return NULL;
}

static bool is_holder(const struct bank_db_accounts_row *a, const struct zengin_row *z)
{
    return str_equal(a->holder, z->holder);
}

static bool is_open(const struct bank_db_accounts_row *a)
{
    return !str_is(a->state, "closed");
}

static char check(struct bank_office *o, const struct zengin_row *z, struct bank_db_accounts_row *a)
{
    (void)o;
    if (!a || !is_open(a))
        return '1';
    if (!is_holder(a, z))
        return '2';
    if (z->new_code != '0')
        a->has_form = z->new_code != '3';
    return '0';
}

static char debit(struct bank_office *o, const struct zengin_row *z, struct bank_db_accounts_row *a)
{
    (void)o;
    if (!a || !is_open(a))
        return '2';
    if (str_is(a->state, "stopped"))
        return '3';
    if (!a->has_form)
        return '4';
    if (!is_holder(a, z))
        return '9';
    if (a->balance_yen.n < z->yen.n)
        return '1';
    a->balance_yen.n -= z->yen.n;
    return '0';
}

static char transfer(struct bank_office *o, const struct zengin_row *z,
                     struct bank_db_accounts_row *a)
{
    (void)o;
    if (!a || !is_open(a))
        return '1';
    if (!is_holder(a, z))
        return '2';
    a->balance_yen.n += z->yen.n;
    return '0';
}

static int keep(struct bank_office *o, const struct bank_db_accounts_row *a)
{
    const struct bank_db_account_change_in q = {a->account_id, a->balance_yen, a->state,
                                                a->has_form};
    return bank_db_account_change(&o->cx, o->store, &q);
}

static int carry_out(struct serving *s, answer_fn *answer)
{
    struct bank_office *o = s->o;
    int rc = OK;

    for (size_t i = 0; i < s->medium.n; i++) {
        for (size_t k = 0; k < s->medium.files[i].n && rc >= 0; k++) {
            struct zengin_row *z = &s->medium.files[i].rows[k];
            struct bank_db_accounts_row *a = find(o, z);
            z->result = answer(o, z, a);
            const bool is_good = z->result == '0';
            s->n->good += is_good;
            s->n->bad += !is_good;
            *(is_good ? &s->n->good_yen.n : &s->n->bad_yen.n) += z->yen.n;
            rc = a && is_good ? keep(o, a) : OK;
        }
    }
    return rc;
}

/* A file is carried out once; a check may be asked again. */
static int once(struct serving *s, struct str bytes)
{
    struct bank_office *o = s->o;
    char sha256[65];
    struct bank_db_file_seen_row row;
    static const char *const names[] = {"debit", "transfer", "check"};

    if (s->kind == ZENGIN_CHECK)
        return OK;
    sha256_hex(bytes, sha256);
    const struct bank_db_file_seen_in q = {str_of(sha256)};
    const struct bank_db_file_put_in put = {str_of(sha256), str_of(names[s->kind])};
    const int rc = bank_db_file_seen(&o->cx, o->store, &q, &row);
    return rc < 0   ? rc
           : rc > 0 ? fail(&o->cx, ERR_DUPLICATE, "bank.twice", "%s", sha256)
                    : bank_db_file_put(&o->cx, o->store, &put);
}

static int serve_all(struct serving *s, struct str bytes, answer_fn *answer, struct text *out)
{
    struct bank_office *o = s->o;
    int rc = once(s, bytes);

    rc = rc < 0 ? rc : carry_out(s, answer);
    return rc < 0 ? rc
                  : zengin_write(&o->cx, &s->format, ZENGIN_RESULT, &s->medium, out);
}

static int serve_file(struct serving *s, struct str bytes, answer_fn *answer, struct text *out)
{
    static const char *const tables[] = {"zengin_debit", "zengin_transfer", "account_check"};
    struct bank_office *o = s->o;
    int rc = zengin_format_read(&o->cx, &o->arena, s->kind, bank_table(tables[s->kind]),
                                &s->format);

    *s->n = (struct bank_counts){.good = 0};
    rc = rc < 0 ? rc
                : zengin_read(&o->cx, &o->arena, &s->format, ZENGIN_REQUEST, bytes, &s->medium);
    rc = rc < 0 ? rc : bank_clean(o, &s->medium.records.problems);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return rc;
    rc = serve_all(s, bytes, answer, out);
    if (rc >= 0)
        return store_commit(&o->cx, o->store);
    store_rollback(o->store);
    return rc;
}

static int serve(struct bank_office *o, enum zengin_kind kind, struct str bytes, answer_fn *answer,
                 struct text *out, struct bank_counts *n)
{
    struct bank_counts unused;
    struct serving s = {.o = o, .kind = kind, .n = n ? n : &unused};
    error_clear(&o->cx);
    int rc = serve_file(&s, bytes, answer, out);

    if (rc < 0 && bank_db_accounts(&o->cx, o->store, &o->accounts) < 0) /* as on the disk */
        rc = o->cx.error.code;
    return bank_told(o, rc);
}

int bank_check(struct bank_office *o, struct str request, struct text *answer,
               struct bank_counts *n)
{
    return serve(o, ZENGIN_CHECK, request, check, answer, n);
}

int bank_debit(struct bank_office *o, struct str request, struct text *answer,
               struct bank_counts *n)
{
    return serve(o, ZENGIN_DEBIT, request, debit, answer, n);
}

int bank_transfer(struct bank_office *o, struct str request, struct text *answer,
                  struct bank_counts *n)
{
    return serve(o, ZENGIN_TRANSFER, request, transfer, answer, n);
}
