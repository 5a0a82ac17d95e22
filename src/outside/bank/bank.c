/* The bank: opening, making accounts, what people have and earn. */
#include "outside/bank/inner.h"

#include <string.h>
#include <unistd.h>

enum { GROWN_UP = 18, BANKS = 4 };

#define BUILT_IN(name)                                                                             \
    extern const unsigned char bank_format_##name[];                                               \
    extern const size_t bank_format_##name##_size
BUILT_IN(residents);
BUILT_IN(zengin_debit);
BUILT_IN(zengin_transfer);
BUILT_IN(account_check);
BUILT_IN(cvs_records);
BUILT_IN(cvs_csv);
BUILT_IN(ocr_lines);
BUILT_IN(ocr_checks);
BUILT_IN(ocr_records);
BUILT_IN(mpn_records);
BUILT_IN(el_receipts);
BUILT_IN(property_inquiries);
BUILT_IN(property_answers);

struct str bank_table(const char *name)
{
#define ENTRY(n) {#n, bank_format_##n, &bank_format_##n##_size}
    static const struct {
        const char *name;
        const unsigned char *bytes;
        const size_t *n;
    } tables[] = {ENTRY(residents),   ENTRY(zengin_debit),       ENTRY(zengin_transfer),
                  ENTRY(account_check), ENTRY(cvs_records),      ENTRY(cvs_csv),
                  ENTRY(ocr_lines),   ENTRY(ocr_checks),         ENTRY(ocr_records),
                  ENTRY(mpn_records), ENTRY(el_receipts),        ENTRY(property_inquiries),
                  ENTRY(property_answers)};
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].name, name) == 0)
            return (struct str){(const char *)tables[i].bytes, *tables[i].n};
    }
    return STR("");
}

int bank_no_memory(struct bank_office *o)
{
    return fail(&o->cx, ERR_MEMORY, "memory", NULL);
}

int bank_told(struct bank_office *o, int result)
{
    if (result < 0 && o->opener)
        o->opener->error = o->cx.error;
    return result;
}

int bank_clean(struct bank_office *o, const struct record_problems *p)
{
    if (p->all == 0)
        return OK;
    const struct record_problem *first = &p->rows[0];
    (void)fail(&o->cx, ERR_INVALID, "bank.file", "%zu: %s", p->all, first->reason);
    return fail_where(&o->cx, NULL, (int)first->line, 0, str_c(o->cx.arena, first->field));
}

void bank_start(void)
{
    store_schema_add(&bank_db_schema);
}

/* --- opening ------------------------------------------------------------------------------------
 */

static int office_new(struct context *cx, const char *path, struct bank_office **out)
{
    struct bank_office *o = memory_alloc(sizeof *o);

    *out = o;
    if (!o)
        return fail(cx, ERR_MEMORY, "memory", NULL);
    *o = (struct bank_office){.cx = *cx, .opener = cx};
    arena_init(&o->arena, 0);
    o->cx.arena = &o->arena;
    const struct str url = str_format(&o->arena, "sqlite:%s", path);
    return url.p ? store_open(&o->cx, url.p, STORE_WRITE, &o->store) : bank_no_memory(o);
}

void bank_close(struct bank_office *o)
{
    if (!o)
        return;
    store_close(o->store);
    arena_release(&o->arena);
    memory_free(o);
}

int bank_open(struct context *cx, const char *path, struct bank_office **out)
{
    *out = NULL;
    int rc = access(path, R_OK) == 0 ? office_new(cx, path, out)
                                     : fail(cx, ERR_NOT_FOUND, "bank.missing", "%s", path);

    rc = rc < 0 ? rc : bank_db_accounts(&(*out)->cx, (*out)->store, &(*out)->accounts);
    if (rc >= 0)
        return OK;
    if (*out)
        cx->error = (*out)->cx.error;
    bank_close(*out);
    *out = NULL;
    return error_add(cx, "open the bank %s", path);
}

/* --- making one ---------------------------------------------------------------------------------
 */

struct making {
    struct bank_office *o;
    struct columns columns;
    struct table table;
    struct prng prng;
    const struct bank_new *n;
    int64_t next;
};

static struct str taken(const struct making *m, size_t row, const char *id)
{
    const struct str s = m->table.rows[row].fields[column_of(&m->columns, id)];
    return s.p ? s : STR("");
}

/* Banks and branches that are there; the post bank's branches end in 8. */
static void place_drawn(struct making *m, struct bank_db_account_put_in *in)
{
    static const struct {
        const char *bank, *branch;
    } places[BANKS] = {{"0001", "001"}, {"0005", "001"}, {"0009", "015"}, {"9900", "018"}};
    const uint64_t at = prng_below(&m->prng, BANKS);

    in->bank = str_of(places[at].bank);
    in->branch = str_of(places[at].branch);
}

static int holder_of(struct making *m, struct str kana, struct str *out)
{
    struct text t;

    text_init(&t, 1024);
    int rc = transfer_name(&m->o->cx, &t, kana);
    if (rc == ERR_INVALID) {
        error_clear(&m->o->cx);
        rc = text_adds(&t, "ﾌﾒｲ");
    }
    *out = str_copy(&m->o->arena, transfer_name_cut(text_str(&t), 30));
    text_release(&t);
    return rc < 0 ? rc : out->p ? OK : bank_no_memory(m->o);
}

static int make_account(struct making *m, size_t row)
{
    struct bank_db_account_put_in in = {.person_no = taken(m, row, "person_no"),
                                        .kana = taken(m, row, "kana"),
                                        .account_kind = STR("1"),
                                        .state = STR("open")};

    if (!ymd_parse(taken(m, row, "birth"), &in.birth_ymd) || in.kana.n == 0 ||
        age_on(in.birth_ymd, m->n->day) < GROWN_UP || taken(m, row, "death").n > 0)
        return OK;
    place_drawn(m, &in);
    in.account_id = m->next++;
    in.account_no = str_format(&m->o->arena, "%07lld", (long long)(1000000 + in.account_id * 7));
    in.income_yen = YEN((int64_t)prng_below(&m->prng, 40) * 10000);
    in.balance_yen = YEN((int64_t)prng_below(&m->prng, 6) * (int64_t)prng_below(&m->prng, 60000));
    const uint64_t luck = prng_below(&m->prng, 40);
    in.state = luck == 0 ? STR("closed") : luck == 1 ? STR("stopped") : STR("open");
    const int rc = holder_of(m, in.kana, &in.holder);
    return rc < 0 ? rc : bank_db_account_put(&m->o->cx, m->o->store, &in);
}

static int furnish(struct bank_office *o, const struct bank_new *n)
{
    struct making *m = ARENA_NEW(&o->arena, struct making);
    int rc = m ? OK : bank_no_memory(o);

    if (rc < 0)
        return rc;
    *m = (struct making){.o = o, .n = n, .next = 1};
    prng_seed(&m->prng, n->seed);
    rc = columns_read(&o->cx, &o->arena, "residents", bank_table("residents"), &m->columns);
    rc = rc < 0 ? rc : table_read(&o->cx, &o->arena, &m->columns, n->residents, &m->table);
    if (rc >= 0 && (m->table.all_problems > 0 || m->table.n == 0))
        rc = fail(&o->cx, ERR_INVALID, "bank.residents", "problems=%zu", m->table.all_problems);
    rc = rc < 0 ? rc : STORE_BEGIN(&o->cx, o->store);
    if (rc < 0)
        return rc;
    for (size_t i = 0; i < m->table.n && rc >= 0; i++)
        rc = make_account(m, i);
    if (rc >= 0)
        return store_commit(&o->cx, o->store);
    store_rollback(o->store);
    return rc;
}

int bank_create(struct context *cx, const struct bank_new *n)
{
    struct bank_office *o = NULL;
    const struct str url = str_format(cx->arena, "sqlite:%s", n->path);
    int rc = access(n->path, F_OK) == 0 ? fail(cx, ERR_DUPLICATE, "bank.exists", "%s", n->path)
             : url.p                    ? store_create_named(cx, url.p, "bank")
                                        : fail(cx, ERR_MEMORY, "memory", NULL);

    rc = rc < 0 ? rc : office_new(cx, n->path, &o);
    rc = rc < 0 ? rc : furnish(o, n);
    if (rc < 0 && o)
        cx->error = o->cx.error;
    bank_close(o);
    return rc < 0 ? error_add(cx, "make the bank %s", n->path) : OK;
}

/* --- what people have ---------------------------------------------------------------------------
 */

int bank_accounts(struct bank_office *o, struct text *out, int64_t *n)
{
    static const char *const heads[] = {"person_no", "bank",   "branch",  "account_kind",
                                        "account_no", "holder", "balance", "state"};

    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
        csv_add(out, str_of(heads[i]));
    csv_end(out);
    for (size_t i = 0; i < o->accounts.n; i++) {
        const struct bank_db_accounts_row *a = &o->accounts.rows[i];
        const struct str cells[] = {a->person_no,
                                    a->bank,
                                    a->branch,
                                    a->account_kind,
                                    a->account_no,
                                    a->holder,
                                    str_format(&o->arena, "%lld", (long long)a->balance_yen.n),
                                    a->state};
        for (size_t k = 0; k < sizeof cells / sizeof *cells; k++)
            csv_add(out, cells[k]);
        csv_end(out);
    }
    if (n)
        *n = (int64_t)o->accounts.n;
    return bank_told(o, out->failed ? bank_no_memory(o) : OK);
}

int bank_live(struct bank_office *o)
{
    int rc = STORE_BEGIN(&o->cx, o->store);

    for (size_t i = 0; i < o->accounts.n && rc >= 0; i++) {
        struct bank_db_accounts_row *a = &o->accounts.rows[i];
        a->balance_yen.n += a->income_yen.n;
        const struct bank_db_account_change_in q = {a->account_id, a->balance_yen, a->state,
                                                    a->has_form};
        rc = bank_db_account_change(&o->cx, o->store, &q);
    }
    if (rc >= 0)
        rc = store_commit(&o->cx, o->store);
    else if (store_in_transaction(o->store))
        store_rollback(o->store);
    return bank_told(o, rc);
}
