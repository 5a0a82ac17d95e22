/*
 * Months of business at random: receipts right and wrong, held ones settled, incomes corrected,
 * dunnings, refunds and appropriations, orders, transfers, the year closed; and after each month
 * what must hold whatever happened.
 *
 * HOKENKA_TEST_MONTHS="months receipts people" makes it longer (12 400 300): receipts are those of
 * a month.
 */
#include "dunning_town.h"
#include "refunding.h"

#include "desk/collection/refund_page.h"
#include "levy_sql.h"

#include <stdlib.h>

struct size {
    int months, receipts, people;
};

struct business {
    struct town *t;
    struct prng random;
    struct size size;
    struct liability_account *accounts; /* as they were charged last */
    size_t n;
    /* What the test itself counts. */
    int64_t told, posted, held,
        returned;    /* of premium, late charge and fee, by what became of it */
    int64_t premium; /* of what was posted */
    int64_t receipts, refunds, corrected, dunned, transfers;
    struct ymd today;
};

static size_t pick(struct business *b, size_t n)
{
    return (size_t)prng_below(&b->random, n);
}

/* The rates of 2027 and after are not published yet: here they stay as they are in 2026. */
static struct str with_coming_years(struct town *t, struct str text)
{
    static const char last[] = "令和8年";
    struct text out;
    size_t at = 0;

    text_init(&out, 1 << 20);
    for (size_t i = 0; i + sizeof last - 1 < text.n; i++) {
        if (memcmp(text.p + i, last, sizeof last - 1) != 0)
            continue;
        size_t end = i + sizeof last - 1;
        while (end < text.n && (text.p[end] == ' ' || text.p[end] == '.' || text.p[end] == '%' ||
                                (text.p[end] >= '0' && text.p[end] <= '9')))
            end++;
        const struct str rate = {text.p + i + sizeof last - 1, end - i - (sizeof last - 1)};
        (void)text_add(&out, (struct str){text.p + at, end - at});
        for (int year = 9; year <= 16; year++)
            (void)text_addf(&out, "%s令和%d年" STR_FMT, rate.n > 0 ? " " : ", ", year,
                            STR_ARG(rate));
        at = end;
    }
    (void)text_add(&out, (struct str){text.p + at, text.n - at});
    const struct str all = str_copy(t->w.cx.arena, text_str(&out));
    text_release(&out);
    return all;
}

static bool has(struct str text, const char *words)
{
    return memmem(text.p, text.n, words, strlen(words)) != NULL;
}

static void adopt_coming_years(struct town *t)
{
    struct ruleset *rules;
    const struct rule_text *texts;

    TOWN_OK(t, ruleset_load_directory(&t->w.cx, ROOT "/rules", STR("保険市"), &rules));
    const size_t n = ruleset_texts(rules, &texts);
    for (size_t i = 0; i < n; i++) {
        if (has(texts[i].text, "延滞金の低い割合 ("))
            TOWN_OK(t, office_adopt(&t->w, STR("rules"), texts[i].name,
                                    with_coming_years(t, texts[i].text), STR("test")));
    }
}

/* --- accounts -----------------------------------------------------------------------------------
 */

static void read_accounts(struct business *b)
{
    struct town *t = b->t;

    for (size_t i = 0; i < b->n; i++)
        free(b->accounts[i].rows);
    b->n = 0;
    for (int64_t no = 1, missing = 0; missing < 50; no++) {
        struct arena_mark mark = arena_mark(t->w.cx.arena);
        struct liability_account a;
        if (TOWN_OK(t, collection_by_notice(&t->w, 2026, no, &a)) == 1 && a.n > 0) {
            struct liability_account *all = realloc(b->accounts, (b->n + 1) * sizeof *b->accounts);
            struct instalment_balance *rows = malloc(a.n * sizeof *rows);
            assert_true(all && rows);
            memcpy(rows, a.rows, a.n * sizeof *rows);
            a.rows = rows;
            a.liability.kind = STR("");
            b->accounts = all;
            b->accounts[b->n++] = a;
            missing = 0;
        } else {
            missing++;
        }
        arena_rewind(t->w.cx.arena, mark);
    }
    assert_true(b->n > 20);
}

/* --- a month's receipts -------------------------------------------------------------------------
 */

static struct receipt_record some_receipt(struct business *b)
{
    const struct liability_account *a = &b->accounts[pick(b, b->n)];
    const size_t at = pick(b, a->n);
    const int64_t charged = a->rows[at].charged.n;
    const size_t kind = pick(b, 20);
    const struct ymd day = ymd_add(b->today, -(int)pick(b, 20) - 1);
    const int64_t yen = kind < 12   ? charged
                        : kind < 17 ? 1 + (int64_t)pick(b, (size_t)charged + 1)
                                    : charged + (int64_t)pick(b, 5000);
    struct receipt_record r = paid_by(a, at, yen, day);

    r.is_divided = true;
    r.late = YEN(kind == 5 ? 100 * (int64_t)pick(b, 9) : 0);
    r.notice_no += kind == 19 ? 7000000 : 0;
    r.channel = CHANNEL_STORE;
    return r;
}

static void month_receipts(struct business *b, int month)
{
    struct receipt_record *rows = calloc((size_t)b->size.receipts, sizeof *rows);
    char name[32];

    assert_non_null(rows);
    for (int i = 0; i < b->size.receipts; i++) {
        rows[i] = some_receipt(b);
        b->told += rows[i].yen.n + rows[i].late.n;
        b->premium += rows[i].notice_no < 7000000 ? rows[i].yen.n : 0;
    }
    snprintf(name, sizeof name, "month %d", month);
    const struct receipt_counts c = take(b->t, name, rows, (size_t)b->size.receipts);
    b->posted += c.posted.yen.n;
    b->held += c.held.yen.n;
    b->receipts += b->size.receipts;
    free(rows);
}

/* Half of what is held finds its place, half goes back. */
static void settle_held(struct business *b)
{
    struct town *t = b->t;
    const struct collection_receipts_held_in q = {0, ymd_add(b->today, 1), 200};
    struct collection_receipts_held_list list;

    TOWN_OK(t, collection_receipts_held(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_receipts_held_row *r = &list.rows[i];
        const struct liability_account *a = &b->accounts[pick(b, b->n)];
        const int64_t yen = r->yen.n + r->late_yen.n + r->fee_yen.n;
        struct receipt_settling s = {.receipt_id = r->receipt_id,
                                     .state = pick(b, 2) ? TREATED_POSTED : TREATED_RETURNED,
                                     .levy_year = a->liability.levy_year,
                                     .notice_no = a->liability.notice_no,
                                     .number = a->rows[pick(b, a->n)].number,
                                     .reason = STR("test")};
        const int64_t no = open_event(t, "collection.settle");
        TOWN_OK(t, end_event(t, receipt_settle(&t->w, no, &s)));
        b->held -= yen;
        b->posted += s.state == TREATED_POSTED ? yen : 0;
        b->premium += s.state == TREATED_POSTED ? yen : 0;
        b->returned += s.state == TREATED_RETURNED ? yen : 0;
    }
}

/* --- what a month brings besides ----------------------------------------------------------------
 */

static void correct_incomes(struct business *b, int n)
{
    struct town *t = b->t;
    const int64_t no = open_event(t, "levy.income");
    struct levy_correction_drafts_of_job_list list;
    struct levy_correction_drafts_of_job_in of = {0};
    char day[11];

    for (int i = 0; i < n; i++) {
        const struct income income = {.person_id = b->accounts[pick(b, b->n)].liability.debtor_id,
                                      .income_year = 2025,
                                      .source = INCOME_TAX,
                                      .business_income = YEN((int64_t)pick(b, 9000) * 1000)};
        int64_t written = 0;
        TOWN_OK(t, levy_income_put(&t->w, no, &income, 1, &written));
    }
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    ymd_format(b->today, day);
    of.job_id = run_as(t, &collecting_operator, "levy-correct",
                       levy_town_options(t, "year=2026 as-of=%s issue-date=%s", day, day));
    TOWN_OK(t, levy_correction_drafts_of_job(&t->w.cx, t->w.store, &of, &list));
    for (size_t i = 0; i < list.n; i++) {
        struct draft d;
        assert_int_equal(TOWN_OK(t, levy_draft_find(&t->w, list.rows[i].draft_no, &d)), 1);
        if (d.status != DRAFT_READY || d.households == 0)
            continue;
        b->corrected += d.households;
        (void)run_as(t, &collecting_chief, "levy-correct-confirm",
                     levy_town_options(t, "draft=%lld households=%lld difference=%lld",
                                       (long long)d.draft_no, (long long)d.households,
                                       (long long)d.total.n));
    }
    read_accounts(b);
}

static void dun(struct business *b)
{
    char day[11];

    ymd_format(b->today, day);
    const struct collection_draft_get_row d = draft_on(b->t, day);
    b->dunned += d.letters;
    if (d.letters > 0)
        confirm(b->t, &d, day);
}

/* Refunds decided; a few go all the way to the bank, some of those come back. */
static void refund(struct business *b)
{
    struct town *t = b->t;
    const struct collection_refund_draft_by_no_row d = draft_refunds(t);
    const struct collection_refunds_newest_in q = {0, 3, t->w.asof};
    struct collection_refunds_newest_list list;

    b->refunds += d.debtors;
    if (d.debtors == 0)
        return;
    TOWN_OK(t, confirm_refunds(t, &d, &collecting_chief));
    assert_int_equal(account_sum(t, ACCOUNT_OVERPAID), 0);
    TOWN_OK(t, collection_refunds_newest(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        struct refund_decision r;
        assert_int_equal(TOWN_OK(t, refund_find(&t->w, (int)list.rows[i].decided_year,
                                                list.rows[i].refund_no, &r)),
                         1);
        if (refund_payable(&r).n == 0)
            continue;
        const struct refund_claim c = claim_of(t, r.refund_id);
        const struct str reference = refund_reference(&t->w, r.year, r.no, 1);
        claim(t, &c);
        TOWN_OK(t, accept_order(t, reference, reference));
        (void)send_transfers(t);
        TOWN_OK(t, transfer_result(t, reference, pick(b, 4) > 0, STR("test")));
        b->transfers++;
    }
}

static void close_year(struct business *b)
{
    struct town *t = b->t;
    struct collection_closings_list list;
    char day[11];

    ymd_format(b->today, day);
    const int year = ymd_fiscal_year(b->today) - 1;
    (void)run_as(t, &collecting_operator, "carry-draft",
                 levy_town_options(t, "year=%d as-of=%s", year, day));
    TOWN_OK(t, collection_closings(&t->w.cx, t->w.store, &list));
    assert_true(list.n > 0);
    const struct collection_closings_row *c = &list.rows[0];
    (void)run_as(t, &collecting_chief, "carry-confirm",
                 levy_town_options(t, "closing=%lld debtors=%lld yen=%lld",
                                   (long long)c->closing_no, (long long)c->debtors,
                                   (long long)c->carried_yen.n));
}

/* --- what must hold -----------------------------------------------------------------------------
 */

static void check_month(struct business *b)
{
    struct town *t = b->t;
    struct ledger_totals all;
    int64_t sum = 0;

    assert_int_equal(b->told, b->posted + b->held + b->returned);
    TOWN_OK(t, collection_totals(&t->w, 2026, &all));
    for (int k = 1; k <= ACCOUNT_LAST; k++)
        sum += all.account[k].n;
    assert_int_equal(sum, 0);
    assert_int_equal(all.account[ACCOUNT_RECEIVED].n, b->premium);
    assert_true(all.account[ACCOUNT_DUE].n >= 0);
    assert_true(all.account[ACCOUNT_OVERPAID].n <= 0);
    assert_true(all.account[ACCOUNT_REFUND_DUE].n <= 0);
    assert_int_equal(all.account[ACCOUNT_CARRIED].n, 0);
}

/* One liability from its postings alone: every entry sums to zero, every balance comes out. */
static int64_t replay(struct business *b, const struct liability_account *a)
{
    struct town *t = b->t;
    const struct collection_booked_of_liability_in q = {a->liability.liability_id};
    struct collection_booked_of_liability_list list;
    int64_t due[100] = {0};
    int64_t entry = 0;
    int64_t sum = 0;

    TOWN_OK(t, collection_booked_of_liability(&t->w.cx, t->w.store, &q, &list));
    for (size_t i = 0; i < list.n; i++) {
        const struct collection_booked_of_liability_row *r = &list.rows[i];
        if (r->entry_id != entry)
            assert_int_equal(sum, 0);
        entry = r->entry_id;
        sum += r->yen.n;
        due[r->number] += r->account == ACCOUNT_DUE ? r->yen.n : 0;
    }
    assert_int_equal(sum, 0);
    for (size_t k = 0; k < a->n; k++)
        assert_int_equal(due[a->rows[k].number], a->rows[k].balance.n);
    return (int64_t)list.n;
}

/* Nobody owes and is owed on one instalment; the balances are what is due in the books. */
static int64_t check_accounts(struct business *b)
{
    struct town *t = b->t;
    struct ledger_totals all;
    int64_t due = 0;
    int64_t over = 0;
    int64_t postings = 0;

    read_accounts(b);
    for (size_t i = 0; i < b->n; i++) {
        const struct arena_mark mark = arena_mark(t->w.cx.arena);
        const struct liability_account *a = &b->accounts[i];
        for (size_t k = 0; k < a->n; k++) {
            const struct instalment_balance *r = &a->rows[k];
            assert_true(r->balance.n >= 0 && r->overpaid.n >= 0);
            assert_true(r->balance.n == 0 || r->overpaid.n == 0);
            due += r->balance.n;
            over += r->overpaid.n;
        }
        postings += replay(b, a);
        arena_rewind(t->w.cx.arena, mark);
    }
    TOWN_OK(t, collection_totals(&t->w, 2026, &all));
    assert_int_equal(all.account[ACCOUNT_DUE].n, due);
    assert_int_equal(all.account[ACCOUNT_OVERPAID].n, -over);
    return postings;
}

/* Months, receipts of a month, residents. */
static struct size size_wanted(void)
{
    const char *text = getenv("HOKENKA_TEST_MONTHS");
    struct size s = {12, 400, 300};

    if (text && sscanf(text, "%d %d %d", &s.months, &s.receipts, &s.people) != 3)
        fail_msg("HOKENKA_TEST_MONTHS: months receipts people");
    return s;
}

static void one_month(struct business *b, int n)
{
    struct town *t = b->t;
    int year = 2026;
    int month = 7 + n;

    for (; month > 12; month -= 12)
        year++;
    struct arena_mark mark = arena_mark(t->w.cx.arena);
    b->today = month == 5 ? ymd_of(year, 5, 31) : ymd_of(year, month, 25);
    t->w.today = b->today;
    t->w.asof = (struct asof){b->today, KNOWN_NOW};
    month_receipts(b, n);
    settle_held(b);
    if (n % 3 == 1 && year == 2026)
        correct_incomes(b, b->size.people / 30);
    dun(b);
    if (n % 2 == 1)
        refund(b);
    if (month == 5)
        close_year(b);
    check_month(b);
    arena_rewind(t->w.cx.arena, mark);
}

/* Whatever the engine, the same months leave the same city. */
static void same_on_both(struct town *t)
{
    static struct digest first;
    static bool is_known;
    struct digest d;

    TOWN_OK(t, store_state_digest(&t->w.cx, t->w.store, &d));
    if (is_known)
        assert_memory_equal(&d, &first, sizeof d);
    first = d;
    is_known = true;
}

static void test_months(void **state)
{
    struct town *t = *state;
    struct business b = {.t = t, .size = size_wanted()};

    collecting_town(t, b.size.people, 41);
    hold_nothing(t);
    adopt_coming_years(t);
    prng_seed(&b.random, 20260701);
    read_accounts(&b);
    for (int n = 0; n < b.size.months; n++) {
        if (n % 6 <= 1) /* what PostgreSQL's own upkeep does, and it is off here */
            TOWN_OK(t, store_analyze(&t->w.cx, t->w.store));
        one_month(&b, n);
    }
    const int64_t postings = check_accounts(&b);
    assert_true(b.refunds > 0 && b.corrected > 0 && b.dunned > 0 && b.transfers > 0);
    same_on_both(t);
    print_message("# %d months: %lld receipts, %lld postings, %lld refunds, %lld households "
                  "corrected, %lld dunnings\n",
                  b.size.months, (long long)b.receipts, (long long)postings, (long long)b.refunds,
                  (long long)b.corrected, (long long)b.dunned);
    for (size_t i = 0; i < b.n; i++)
        free(b.accounts[i].rows);
    free(b.accounts);
}

int main(void)
{
    refunding_start();
    dunning_town_start();
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("random months of business keep the ledger's invariants "
                   "[M5 NHI-COL-005 NHI-COL-009 NHI-COL-016 NHI-COL-019 NHI-COL-024]",
                   test_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
