/* Slips paid with the banks, stores and networks beside the city; paper keyed twice; transfers;
 * inquiries after property. */
#include "bank_town.h"
#include "read_pdf.h"

#include "desk/collection/debit_done.h"
#include "desk/collection/format.h"

enum { PEOPLE = 300, SEED = 5 };

static struct text slips;

static void barcode(struct town *t, int64_t notice, size_t at, int64_t yen, char out[45])
{
    const struct liability_account a = account_of(t, notice);
    struct slip_key k = {.company = 25200,
                         .account = 1,
                         .fiscal_year = 2026,
                         .instalment = a.rows[at].number,
                         .notice_no = notice};
    struct slip_code c = {.maker = "929023", .due = a.rows[at].due, .amount = YEN(yen)};

    TOWN_OK(t, slip_key_digits(&t->w.cx, &k, c.key));
    TOWN_OK(t, slip_code_digits(&t->w.cx, &c, out));
}

static struct str told(struct town *t, struct bank_office *b, enum bank_notice what, bool fixed,
                       int64_t *n)
{
    struct text out;

    text_init(&out, BANK_FILE);
    TOWN_OK(t, bank_tell(b, what, t->w.today, fixed, &out, n));
    const struct str s = str_copy(t->w.cx.arena, text_str(&out));
    text_release(&out);
    return s;
}

/* Twelve notices pay their first instalment; the twelfth payment is taken back. */
static void pay_at_stores(struct town *t, struct bank_office *b, int64_t notices[12])
{
    int64_t n = 0;

    text_clear(&slips);
    for (int i = 0; i < 12; i++) {
        char digits[45];
        notices[i] = payer(t, i);
        barcode(t, notices[i], 0, account_of(t, notices[i]).rows[0].charged.n, digits);
        (void)text_addf(&slips, "cvs %s\n", digits);
    }
    TOWN_OK(t, bank_pay(b, text_str(&slips), t->w.today, &n));
    assert_int_equal(n, 12);
}

static void test_stores(void **state)
{
    struct town *t = *state;
    int64_t notices[12], n = 0, job = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-25");
    struct bank_office *b = bank_town_open(t, SEED);
    pay_at_stores(t, b, notices);
    bank_town_day(t, "2026-06-26");
    const int64_t before = bank_town_received(t);
    struct str early = told(t, b, NOTICE_EARLY, false, &n);
    assert_int_equal(n, 12);
    TOWN_OK(t, bank_town_give(t, "receive-cvs", early, &job));
    assert_int_equal(bank_town_figure(t, job, "expected"), 12);
    assert_int_equal(bank_town_received(t), before); /* nothing is booked yet */
    bank_town_day(t, "2026-06-27");
    const struct str back = told(t, b, NOTICE_CANCELLED, true, &n);
    assert_int_equal(n, 1);
    TOWN_OK(t, bank_town_give(t, "receive-cvs", back, &job));
    assert_int_equal(bank_town_figure(t, job, "noted"), 1);
    bank_town_day(t, "2026-06-30");
    const struct str final = told(t, b, NOTICE_FINAL, true, &n);
    assert_int_equal(n, 11);
    TOWN_OK(t, bank_town_give(t, "receive-cvs", final, &job));
    assert_int_equal(bank_town_figure(t, job, "posted"), 11);
    int64_t sum = 0;
    for (int i = 0; i < 11; i++) {
        const struct liability_account a = account_of(t, notices[i]);
        assert_int_equal(a.rows[0].balance.n, 0);
        sum += a.rows[0].charged.n;
    }
    assert_int_equal(bank_town_received(t) - before, sum);
    assert_true(account_of(t, notices[11]).rows[0].balance.n > 0);
    /* A file taken twice changes nothing, in either carrier. */
    town_refused(t, bank_town_give(t, "receive-cvs", final, NULL), ERR_DUPLICATE,
                 "party.import.seen");
    town_refused(t, bank_town_give(t, "receive-cvs", early, NULL), ERR_DUPLICATE,
                 "party.import.seen");
    assert_int_equal(bank_town_received(t) - before, sum);
    bank_close(b);
}

/* Whose barcode is not ours, and a check digit that is wrong: on the error list, the rest posted. */
static void test_unreadable(void **state)
{
    struct town *t = *state;
    struct fixed_layout l;
    struct cvs_row rows[3];
    struct text out;
    char digits[3][45];
    int64_t job = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-25");
    TOWN_OK(t, format_layout(&t->w, "cvs_records.tsv", &l));
    for (int i = 0; i < 3; i++) {
        const int64_t no = payer(t, i);
        barcode(t, no, 0, account_of(t, no).rows[0].charged.n, digits[i]);
        rows[i] = (struct cvs_row){.kind = CVS_FINAL,
                                   .paid = t->w.today,
                                   .made = t->w.today,
                                   .funds = YMD_NONE,
                                   .booked = t->w.today,
                                   .time = STR("0900"),
                                   .barcode = str_of(digits[i]),
                                   .yen = account_of(t, no).rows[0].charged,
                                   .shop = STR("1"),
                                   .chain = STR("820")};
    }
    digits[1][20] = digits[1][20] == '5' ? '6' : '5'; /* misread */
    memcpy(digits[2] + 8, "99999", 5);                /* another company */
    digits[2][43] = slip_check_digit(digits[2]);
    text_init(&out, 10000);
    const struct cvs_header h = {STR("25200"), t->w.today};
    TOWN_OK(t, cvs_write_fixed(&t->w.cx, &l, &h, rows, 3, &out));
    TOWN_OK(t, bank_town_give(t, "receive-cvs", text_str(&out), &job));
    assert_int_equal(bank_town_figure(t, job, "posted"), 1);
    assert_int_equal(bank_town_figure(t, job, "held"), 2);
    /* Wrong totals: nothing of it is taken. */
    char *wrong = str_c(t->w.cx.arena, text_str(&out));
    wrong[4 * 122 + 6] = '9';
    town_refused(t, bank_town_give(t, "receive-cvs", (struct str){wrong, out.n}, NULL), ERR_INVALID,
                 "collection.format.refused");
    text_release(&out);
}

static void municipal(struct town *t, int64_t notice, size_t at, char out[45])
{
    const struct liability_account a = account_of(t, notice);
    struct ocr_lines l;
    struct str lines, checks;

    TOWN_OK(t, format_table(&t->w, "ocr_lines.tsv", &lines));
    TOWN_OK(t, format_table(&t->w, "ocr_checks.tsv", &checks));
    TOWN_OK(t, ocr_lines_read(&t->w.cx, t->w.cx.arena, lines, checks, &l));
    snprintf(out, 45, "20261%010lld%02d%09lld%07d%05d%d00000", (long long)notice, a.rows[at].number,
             (long long)a.rows[at].charged.n, 0, 0, 0);
    assert_true(ocr_line_complete(&l, "municipal", out));
}

static void payment_number(struct town *t, int64_t notice, size_t at, char out[21])
{
    struct fixed_layout l;
    const struct payment_no no = {1, 2026, account_of(t, notice).rows[at].number, notice, 0};

    TOWN_OK(t, format_layout(&t->w, "payment_no.tsv", &l));
    assert_true(payment_no_digits(&t->w.cx, &l, &no, out));
}

static void test_other_ways(void **state)
{
    struct town *t = *state;
    char line[45], number[2][21];
    int64_t n = 0, job = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-25");
    struct bank_office *b = bank_town_open(t, SEED);
    const int64_t one = payer(t, 0), two = payer(t, 1), three = payer(t, 2);
    municipal(t, one, 0, line);
    payment_number(t, two, 0, number[0]);
    payment_number(t, three, 0, number[1]);
    text_clear(&slips);
    (void)text_addf(&slips, "municipal %s\nmpn %s 000001 %lld\nel %s 000002 %lld\n", line,
                    number[0], (long long)account_of(t, two).rows[0].charged.n, number[1],
                    (long long)account_of(t, three).rows[0].charged.n);
    TOWN_OK(t, bank_pay(b, text_str(&slips), t->w.today, &n));
    bank_town_day(t, "2026-06-26");
    const struct str batch = told(t, b, NOTICE_OCR, false, &n);
    assert_int_equal(n, 1);
    /* A batch whose total is not that of its slips is refused as a whole. */
    char *wrong = str_c(t->w.cx.arena, batch);
    wrong[2 * 162 + 18] = wrong[2 * 162 + 18] == '1' ? '2' : '1';
    town_refused(t, bank_town_give(t, "receive-ocr", (struct str){wrong, batch.n}, NULL),
                 ERR_INVALID, "collection.format.refused");
    assert_true(account_of(t, one).rows[0].balance.n > 0);
    TOWN_OK(t, bank_town_give(t, "receive-ocr", batch, &job));
    assert_int_equal(bank_town_figure(t, job, "posted"), 1);
    assert_int_equal(account_of(t, one).rows[0].state, INSTALMENT_PAID);
    TOWN_OK(t, bank_town_give(t, "receive-mpn", told(t, b, NOTICE_NUMBER, false, &n), &job));
    assert_int_equal(bank_town_figure(t, job, "posted"), 1);
    assert_int_equal(account_of(t, two).rows[0].balance.n, 0);
    const struct str el = told(t, b, NOTICE_EL, false, &n);
    TOWN_OK(t, bank_town_give(t, "receive-el", el, &job));
    assert_int_equal(bank_town_figure(t, job, "posted"), 1);
    assert_int_equal(account_of(t, three).rows[0].balance.n, 0);
    town_refused(t, bank_town_give(t, "receive-el", el, NULL), ERR_DUPLICATE, "party.import.seen");
    (void)told(t, b, NOTICE_OCR, false, &n);
    assert_int_equal(n, 0); /* told once */
    bank_close(b);
}

/* --- paper, keyed twice -------------------------------------------------------------------------
 */

static int keyed(struct town *t, const struct actor *who, int64_t no, const struct keyed_line *l,
                 int (*fn)(struct work *w, int64_t no, const struct keyed_line *l))
{
    const struct actor *before = t->w.actor;

    t->w.actor = who;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    int rc = fn(&t->w, no, l);
    if (rc < 0)
        store_rollback(t->w.store);
    else
        rc = store_commit(&t->w.cx, t->w.store);
    t->w.actor = before;
    return rc;
}

static int released(struct town *t, const struct actor *who, int64_t no, struct receipt_counts *c)
{
    struct event e = work_event(&t->w, "collection.keyed");
    const struct actor *before = t->w.actor;

    t->w.actor = who;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    int rc = keyed_release(&t->w, e.no, no, c);
    if (rc < 0)
        store_rollback(t->w.store);
    else
        rc = store_commit(&t->w.cx, t->w.store);
    t->w.actor = before;
    return rc;
}

static void test_keyed(void **state)
{
    struct town *t = *state;
    struct actor a = levy_town_actor(ROLE_CLERK, 51), b = levy_town_actor(ROLE_CLERK, 52),
                 c = levy_town_actor(ROLE_CLERK, 53);
    struct keyed_line l[2];
    struct keyed_batch batch;
    struct receipt_counts counts;
    int64_t no = 0, total = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-26");
    for (int i = 0; i < 2; i++) {
        const struct liability_account x = account_of(t, payer(t, i));
        l[i] = (struct keyed_line){i + 1,
                                   2026,
                                   x.liability.notice_no,
                                   x.rows[0].number,
                                   x.rows[0].charged,
                                   YEN(0),
                                   YEN(0),
                                   ymd_of(2026, 6, 24)};
        total += l[i].yen.n;
    }
    const struct keyed_cover cover = {CHANNEL_BANK, STR("0001 001"), t->w.today, 2, YEN(total)};
    const struct actor *console = t->w.actor;
    t->w.actor = &a;
    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, keyed_open(&t->w, &cover, &no));
    TOWN_OK(t, store_commit(&t->w.cx, t->w.store));
    t->w.actor = console;
    town_refused(t, keyed(t, &b, no, &l[0], keyed_add), ERR_INVALID, "collection.keyed.unfinished");
    TOWN_OK(t, keyed(t, &a, no, &l[0], keyed_add));
    town_refused(t, keyed(t, &a, no, &l[0], keyed_add), ERR_DUPLICATE, "collection.keyed.twice");
    TOWN_OK(t, keyed(t, &a, no, &l[1], keyed_add));
    town_refused(t, released(t, &b, no, &counts), ERR_INVALID, "collection.keyed.unfinished");
    /* The second person keys one of them wrongly. */
    struct keyed_line wrong = l[1];
    wrong.yen.n += 10;
    TOWN_OK(t, keyed(t, &b, no, &l[0], keyed_add));
    town_refused(t, keyed(t, &a, no, &l[1], keyed_add), ERR_DENIED, "collection.keyed.same_person");
    town_refused(t, keyed(t, &c, no, &l[1], keyed_add), ERR_DENIED,
                 "collection.keyed.other_person");
    TOWN_OK(t, keyed(t, &b, no, &wrong, keyed_add));
    assert_int_equal(TOWN_OK(t, keyed_find(&t->w, no, &batch)), 1);
    assert_int_equal(batch.n_different, 1);
    assert_int_equal(batch.different[0], 2);
    town_refused(t, released(t, &b, no, &counts), ERR_INVALID, "collection.keyed.different");
    /* Settled wrongly: then it is the cover that says so. */
    TOWN_OK(t, keyed(t, &b, no, &wrong, keyed_settle));
    town_refused(t, released(t, &b, no, &counts), ERR_INVALID, "collection.keyed.total");
    TOWN_OK(t, keyed(t, &a, no, &l[1], keyed_settle));
    town_refused(t, released(t, &a, no, &counts), ERR_DENIED, "collection.keyed.same_person");
    TOWN_OK(t, released(t, &b, no, &counts));
    assert_int_equal(counts.posted.n, 2);
    assert_int_equal(counts.posted.yen.n, total);
    assert_int_equal(account_of(t, l[0].notice_no).rows[0].state, INSTALMENT_PAID);
    town_refused(t, released(t, &b, no, &counts), ERR_STALE, "collection.keyed.closed");
}

/* --- transfers ----------------------------------------------------------------------------------
 */

static int64_t heard_paid, heard_failed;

static int hear(struct work *w, int64_t event_no, const struct transfer *t)
{
    (void)w;
    (void)event_no;
    heard_paid += t->state == TRANSFER_PAID ? t->yen.n : 0;
    heard_failed += t->state == TRANSFER_FAILED ? t->yen.n : 0;
    return OK;
}

static int order(struct town *t, struct transfer *o)
{
    struct event e = work_event(&t->w, "collection.test");

    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    const int rc = transfer_put(&t->w, e.no, o);
    if (rc >= 0)
        return store_commit(&t->w.cx, t->w.store);
    store_rollback(t->w.store);
    return rc;
}

static int again(struct town *t, int64_t no, struct ymd day)
{
    struct event e = work_event(&t->w, "collection.test");

    TOWN_OK(t, STORE_BEGIN(&t->w.cx, t->w.store));
    TOWN_OK(t, event_open(&t->w.cx, t->w.store, &e));
    const int rc = transfer_again(&t->w, e.no, no, day);
    if (rc >= 0)
        return store_commit(&t->w.cx, t->w.store);
    store_rollback(t->w.store);
    return rc;
}

static struct str newest_transfer(struct town *t)
{
    const struct collection_transfer_files_in q = {1};
    struct collection_transfer_files_list list;

    TOWN_OK(t, collection_transfer_files(&t->w.cx, t->w.store, &q, &list));
    assert_true(list.n == 1 && str_is(list.rows[0].way, "out"));
    return bank_town_read(t, "transfer", list.rows[0].file_name);
}

/* The bank's results of a file once more, with one amount's result another: whole, or that row. */
static struct str results_with(struct town *t, struct str answer, int64_t yen, bool is_whole)
{
    struct zengin_format f;
    struct zengin_medium m;
    struct text out;

    text_init(&out, BANK_FILE);
    TOWN_OK(t, format_zengin(&t->w, ZENGIN_TRANSFER, &f));
    TOWN_OK(t, zengin_read(&t->w.cx, t->w.cx.arena, &f, ZENGIN_RESULT, answer, &m));
    struct zengin_file *z = &m.files[0];
    for (size_t i = 0; i < z->n; i++) {
        if (z->rows[i].yen.n != yen)
            continue;
        z->rows[i].result = '1';
        if (!is_whole)
            z->rows[0] = z->rows[i];
    }
    z->n = is_whole ? z->n : 1;
    TOWN_OK(t, zengin_write(&t->w.cx, &f, ZENGIN_RESULT, &m, &out));
    const struct str s = str_copy(t->w.cx.arena, text_str(&out));
    text_release(&out);
    return s;
}

/* What was paid and came back later is taken once, as a file of the row or of them all. */
static void came_back(struct town *t, struct str answer, int64_t transfer_no, int64_t yen)
{
    struct transfer now;
    int64_t job = 0;

    heard_paid = heard_failed = 0;
    const struct str other = results_with(t, answer, yen, false);
    char *wrong = str_c(t->w.cx.arena, other);
    const struct str key = str_format(t->w.cx.arena, "%020lld", (long long)transfer_no);
    char *no = memmem(wrong, other.n, key.p, key.n);
    assert_non_null(no);
    no[0] = '7'; /* nobody's order */
    town_refused(t, bank_town_give(t, "transfer-take", (struct str){wrong, other.n}, NULL),
                 ERR_NOT_FOUND, "collection.debit.unsent");
    TOWN_OK(t, bank_town_give(t, "transfer-take", results_with(t, answer, yen, false), &job));
    assert_int_equal(bank_town_figure(t, job, "returned"), 1);
    assert_int_equal(bank_town_figure(t, job, "returned_yen"), yen);
    assert_int_equal(bank_town_figure(t, job, "failed"), 0);
    assert_int_equal(heard_failed, yen);
    assert_int_equal(heard_paid, 0);
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, transfer_no, &now)), 1);
    assert_int_equal(now.state, TRANSFER_FAILED);
    for (int whole = 0; whole < 2; whole++)
        town_refused(t,
                     bank_town_give(t, "transfer-take", results_with(t, answer, yen, whole), NULL),
                     ERR_DUPLICATE, "collection.debit.answered");
    assert_int_equal(heard_failed, yen);
}

static void test_transfers(void **state)
{
    struct town *t = *state;
    struct bank_town_account a, b;
    struct bank_counts n;
    int64_t notice = 0, job = 0;

    heard_paid = heard_failed = 0;
    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-22");
    struct bank_office *bank = bank_town_open(t, SEED);
    const int64_t one = bank_town_debtor(t, bank, &notice, &a),
                  two = bank_town_debtor(t, bank, &notice, &b);
    struct transfer o[2] = {{.person_id = one,
                             .basis = STR("other"),
                             .basis_id = 1,
                             .order_no = STR("R8-0001"),
                             .yen = YEN(10605),
                             .pay = ymd_of(2026, 7, 15)},
                            {.person_id = two,
                             .basis = STR("other"),
                             .basis_id = 2,
                             .yen = YEN(23400),
                             .pay = ymd_of(2026, 7, 15)}};
    town_refused(t, order(t, &o[0]), ERR_INVALID, "collection.transfer.no_account");
    bank_town_register(t, one, "refund", &a);
    b.account_no = STR("9999999"); /* nobody's */
    bank_town_register(t, two, "refund", &b);
    TOWN_OK(t, order(t, &o[0]));
    TOWN_OK(t, order(t, &o[1]));
    job = bank_town_run(t, "transfer-send", "day=2026-07-15");
    assert_int_equal(bank_town_figure(t, job, "records"), 2);
    assert_int_equal(bank_town_figure(t, job, "total_yen"), 34005);
    const struct str answer =
        bank_town_answer(t, bank, bank_transfer, newest_transfer(t), &n);
    assert_int_equal(n.good, 1);
    assert_int_equal(n.bad, 1);
    bank_town_day(t, "2026-07-16");
    TOWN_OK(t, bank_town_give(t, "transfer-take", answer, &job));
    assert_int_equal(bank_town_figure(t, job, "paid_yen"), 10605);
    assert_int_equal(bank_town_figure(t, job, "failed_yen"), 23400);
    assert_int_equal(heard_paid, 10605);
    assert_int_equal(heard_failed, 23400);
    town_refused(t, bank_town_give(t, "transfer-take", answer, NULL), ERR_DUPLICATE,
                 "collection.debit.answered");
    struct transfer now;
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, o[1].transfer_no, &now)), 1);
    assert_int_equal(now.state, TRANSFER_FAILED);
    assert_true(str_is(now.result, "1"));
    town_refused(t, again(t, o[0].transfer_no, ymd_of(2026, 7, 22)), ERR_STALE,
                 "collection.transfer.not_failed");
    /* It is open again, for another day. */
    TOWN_OK(t, again(t, o[1].transfer_no, ymd_of(2026, 7, 22)));
    job = bank_town_run(t, "transfer-send", "day=2026-07-22");
    assert_int_equal(bank_town_figure(t, job, "records"), 1);
    assert_int_equal(bank_town_figure(t, job, "total_yen"), 23400);
    /* The other of the first file was paid, and came back; the one that is on its way again stays.
     */
    came_back(t, answer, o[0].transfer_no, 10605);
    assert_int_equal(TOWN_OK(t, transfer_find(&t->w, o[1].transfer_no, &now)), 1);
    assert_int_equal(now.state, TRANSFER_SENT);
    bank_close(bank);
}

/* The request that goes with a file says what the file says; a file that was touched has none. */
static void test_request(void **state)
{
    struct town *t = *state;
    struct bank_town_account a;
    struct text pdf;
    int64_t notice = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-22");
    struct bank_office *bank = bank_town_open(t, SEED);
    int64_t total = 0;
    for (int i = 0; i < 3; i++) {
        const int64_t who = bank_town_debtor(t, bank, &notice, &a);
        struct transfer o = {.person_id = who,
                             .basis = STR("other"),
                             .basis_id = i,
                             .yen = YEN(10605 + 1000 * i),
                             .pay = ymd_of(2026, 7, 15)};
        bank_town_register(t, who, "refund", &a);
        TOWN_OK(t, order(t, &o));
        total += o.yen.n;
    }
    (void)bank_town_run(t, "transfer-send", "day=2026-07-15");
    struct debit_request q = {.kind = ZENGIN_TRANSFER,
                              .bytes = newest_transfer(t),
                              .file_name = STR("transfer.dat"),
                              .subject = STR(""),
                              .section = STR(""),
                              .day = ymd_of(2026, 7, 15)};
    text_init(&pdf, BANK_FILE);
    TOWN_OK(t, debit_request_pdf(&t->w, &q, &pdf));
    const struct str page = squeezed(t->w.cx.arena, words_of(t, text_str(&pdf)));
    text_release(&pdf);
    char yen[32];
    snprintf(yen, sizeof yen, "%lld,%03lld", (long long)total / 1000, (long long)total % 1000);
    assert_true(has(page, yen));
    assert_true(has(page, "3件"));
    char *wrong = str_c(t->w.cx.arena, q.bytes);
    wrong[122 + 89] = wrong[122 + 89] == '9' ? '8' : '9'; /* one amount, and no total */
    q.bytes.p = wrong;
    text_init(&pdf, BANK_FILE);
    town_refused(t, debit_request_pdf(&t->w, &q, &pdf), ERR_CORRUPT, "collection.format.refused");
    text_release(&pdf);
    bank_close(bank);
}

/* --- property -----------------------------------------------------------------------------------
 */

static void test_property(void **state)
{
    struct town *t = *state;
    struct bank_town_account a;
    struct person p;
    struct text asked, answer;
    struct csv_reader r;
    int64_t notice = 0, found = 0;

    collecting_town(t, PEOPLE, 41);
    bank_town_day(t, "2026-06-22");
    struct bank_office *b = bank_town_open(t, SEED);
    do
        TOWN_OK(t, party_person(&t->w, bank_town_debtor(t, b, &notice, &a), &p));
    while (!str_is(a.state, "open"));
    char birth[11];
    ymd_format(p.birth, birth);
    text_init(&asked, 10000);
    text_init(&answer, 10000);
    (void)text_addf(&asked,
                    "照会番号,氏名カナ,生年月日,住所\r\nQ1," STR_FMT ",%s,\r\nQ2,ソンザイ シナイ,1950-01-01,\r\n",
                    STR_ARG(p.kana), birth);
    TOWN_OK(t, bank_inquire(b, text_str(&asked), t->w.today, &answer, &found));
    csv_open(&r, text_str(&answer));
    assert_int_equal(csv_read(&t->w.cx, &r), 1);
    assert_int_equal(csv_read(&t->w.cx, &r), 1);
    assert_true(str_is(r.fields[0], "Q1"));
    assert_int_equal(found, str_is(r.fields[1], "found"));
    if (found > 0) {
        int64_t balance = -1;
        assert_true(str_equal(r.fields[7], a.account_no));
        assert_true(str_to_int(r.fields[8], &balance));
        assert_int_equal(balance, a.balance);
    }
    assert_int_equal(csv_read(&t->w.cx, &r), 1);
    assert_true(str_is(r.fields[0], "Q2"));
    assert_true(str_is(r.fields[1], "none"));
    csv_close(&r);
    text_release(&asked);
    text_release(&answer);
    bank_close(b);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    bank_town_start();
    transfer_tell(hear);
    text_init(&slips, 1 << 20);
    const struct CMUnitTest tests[] = {
        TOWN_TESTS("stores: at once, taken back, final, in that order, in both carriers; a file "
                   "once [NHI-COL-005 BNK-002 IFC-048]",
                   test_stores),
        TOWN_TESTS("what cannot be read stands on the error list; wrong totals refuse the file "
                   "[NHI-COL-005 BNK-005]",
                   test_unreadable),
        TOWN_TESTS("OCR, Pay-easy, eL-QR: one file of each posts, a debtor's paid state changes "
                   "[NHI-COL-005 NHI-COL-008 BNK-002 BNK-005 IFC-048]",
                   test_other_ways),
        TOWN_TESTS("paper keyed by two persons, differences settled before release "
                   "[DTE-004 DTE-005 NHI-COL-008 IFC-049]",
                   test_keyed),
        TOWN_TESTS("transfers: paid, sent back, sent again, come back after all [BNK-003 FIN-002]",
                   test_transfers),
        TOWN_TESTS("the request form's totals are those of the data file [NHI-COL-015]",
                   test_request),
        TOWN_TESTS("an inquiry after property is answered with the balance [BNK-006]",
                   test_property),
    };
    const int rc = cmocka_run_group_tests(tests, NULL, NULL);
    text_release(&slips);
    return rc;
}
