/* Pension deduction without a city: plans of payments, records of fixed length. */
#include "levy_town.h"

#include "desk/levy/pension_inner.h"

/* --- plans --------------------------------------------------------------------------------------
 */

static struct levy_schedule ten(int64_t annual)
{
    static const int months[10] = {6, 7, 8, 9, 10, 11, 12, 1, 2, 3};
    struct levy_schedule s = {.n = 0};
    const int64_t each = annual / 10 / 10 * 10;

    for (int i = 0; i < 10; i++) {
        const struct ymd due =
            ymd_next_open(month_last(month_of(months[i] > 3 ? 2026 : 2027, months[i])));
        s.row[s.n++] = (struct levy_instalment){.number = i + 1,
                                                .due = due,
                                                .amount = YEN(i == 0 ? annual - 9 * each : each)};
    }
    const struct yen part[LEVY_PARTS] = {YEN(annual * 6 / 10), YEN(annual / 4), YEN(0),
                                         YEN(annual - annual * 6 / 10 - annual / 4)};
    schedule_split(&s, part);
    return s;
}

static int64_t amount(const struct payments *p, int number)
{
    return payments_amount(p, number).n;
}

/* New in October: June to September as the ordinance has it, the rest by the pension. */
static void test_october(void **state)
{
    const struct levy_schedule s = ten(123456);
    struct payments p = {.n = 0};

    (void)state;
    payments_ordinary(&p, &s);
    const int64_t first_four = amount(&p, 1) + amount(&p, 2) + amount(&p, 3) + amount(&p, 4);
    payments_start(&p, 2026, PENSION_OCTOBER, 100);
    assert_int_equal(amount(&p, 1) + amount(&p, 2) + amount(&p, 3) + amount(&p, 4), first_four);
    for (int number = 5; number <= 10; number++)
        assert_int_equal(amount(&p, number), 0);
    const int64_t rest = 123456 - first_four;
    assert_int_equal(amount(&p, 55), rest / 3 / 100 * 100);
    assert_int_equal(amount(&p, 56), amount(&p, 55));
    assert_int_equal(amount(&p, 54), rest - 2 * amount(&p, 55));
    assert_int_equal(payments_sum(&p).n, 123456);
}

/* Running: 仮徴収 as in February, the rest of the year in three with the remainder in October. */
static void test_running(void **state)
{
    const struct levy_schedule s = ten(120000);
    struct payments p = {.n = 0};

    (void)state;
    payments_provisional(&p, 2026, PENSION_FIRST, YEN(23300));
    assert_int_equal(payments_sum(&p).n, 3 * 23300);
    payments_settle(&p, 2026, &s, 100);
    assert_int_equal(amount(&p, 51), 23300);
    assert_int_equal(amount(&p, 55), 16700); /* (120,000 - 69,900) / 3 = 16,700 */
    assert_int_equal(amount(&p, 54), 16700);
    assert_int_equal(payments_sum(&p).n, 120000);
    /* 120,040: 40 yen more go with October. */
    const struct levy_schedule more = ten(120040);
    struct payments q = {.n = 0};
    payments_provisional(&q, 2026, PENSION_FIRST, YEN(23300));
    payments_settle(&q, 2026, &more, 100);
    assert_int_equal(amount(&q, 54), 16740);
    assert_int_equal(amount(&q, 56), 16700);
    /* More was taken provisionally than the year asks: nothing more, and what is over is over. */
    const struct levy_schedule less = ten(50000);
    struct payments r = {.n = 0};
    payments_provisional(&r, 2026, PENSION_FIRST, YEN(23300));
    payments_settle(&r, 2026, &less, 100);
    assert_int_equal(payments_sum(&r).n, 50000);
    assert_int_equal(amount(&r, 51), 23300);
    assert_int_equal(amount(&r, 54), 0);
}

/* More: beside the pension in the ordinary way. Less, or nothing any more: stop, the rest to the
 * next due dates, at once when none is left. */
static void test_changes(void **state)
{
    const struct levy_schedule s = ten(120000);
    struct payments p = {.n = 0};

    (void)state;
    payments_ordinary(&p, &s);
    payments_start(&p, 2026, PENSION_OCTOBER, 100);
    const int64_t october = amount(&p, 54), december = amount(&p, 55);
    struct payments more = p;
    payments_change(&more, YEN(126000), PENSION_OCTOBER, ymd_of(2026, 9, 10), 100);
    assert_int_equal(amount(&more, 54), october);
    assert_int_equal(payments_pension_sum(&more).n, payments_pension_sum(&p).n);
    int64_t ordinary = 0;
    for (int number = 4; number <= 10; number++)
        ordinary += amount(&more, number) - amount(&p, number);
    assert_int_equal(ordinary, 6000); /* due dates after 10 September: 4 to 10 */
    assert_int_equal(payments_sum(&more).n, 126000);

    struct payments less = p; /* from December on; October is on its way */
    payments_change(&less, YEN(100000), 55, ymd_of(2026, 10, 1), 100);
    assert_int_equal(amount(&less, 54), october);
    assert_int_equal(amount(&less, 55) + amount(&less, 56), 0);
    assert_int_equal(payments_sum(&less).n, 100000);
    /* 100,000 - 48,000 - October, on the due dates after the December payment: 7 to 10. */
    assert_int_equal(amount(&less, 5) + amount(&less, 6), 0);
    assert_int_equal(amount(&less, 7) + amount(&less, 8) + amount(&less, 9) + amount(&less, 10),
                     100000 - 4 * 12000 - october);

    struct payments undone = p; /* nothing was taken yet: as if it had never been planned */
    payments_stop(&undone, YEN(120000), PENSION_FIRST, ymd_of(2026, 8, 20), 10);
    for (size_t i = 0; i < s.n; i++)
        assert_int_equal(amount(&undone, (int)i + 1), s.row[i].amount.n);

    struct payments late = p; /* nothing ordinary is due any more */
    payments_stop(&late, YEN(120000), 56, ymd_of(2027, 4, 1), 100);
    assert_int_equal(amount(&late, 56), 0);
    assert_int_equal(amount(&late, AT_ONCE_FIRST), december);
    assert_int_equal(payments_sum(&late).n, 120000);
}

/* --- whatever happens, the sum is the year's
 * ------------------------------------------------------ */

static void check_rows(const struct payments *p, int64_t annual)
{
    int64_t sum = 0;

    for (size_t i = 0; i < p->n; i++) {
        const struct payment *r = &p->row[i];
        int64_t parts = 0;
        for (int k = 0; k < LEVY_PARTS; k++) {
            assert_true(r->part[k].n >= 0);
            parts += r->part[k].n;
        }
        assert_true(r->amount.n >= 0);
        assert_int_equal(parts, r->amount.n);
        assert_true(i == 0 || p->row[i - 1].number < r->number);
        sum += r->amount.n;
    }
    assert_int_equal(sum, annual);
}

static void split(struct payments *p, const struct payments *before, int64_t annual)
{
    const struct yen part[LEVY_PARTS] = {YEN(annual * 5 / 10), YEN(annual / 5), YEN(annual / 10),
                                         YEN(annual - annual * 5 / 10 - annual / 5 - annual / 10)};
    payments_split(p, part, before);
    check_rows(p, annual);
}

static void one_life(struct prng *r)
{
    int64_t annual = 10000 + (int64_t)prng_below(r, 900000);
    struct payments p = {.n = 0};
    const struct levy_schedule s = ten(annual);
    const int64_t unit = prng_below(r, 2) ? 100 : 1000;
    int day = 0;

    if (prng_below(r, 2)) {
        payments_provisional(&p, 2026, PENSION_FIRST + (int)prng_below(r, 3),
                             YEN((int64_t)prng_below(r, 80000)));
        payments_settle(&p, 2026, &s, unit);
    } else {
        payments_ordinary(&p, &s);
        payments_start(&p, 2026, PENSION_OCTOBER + (int)prng_below(r, 3), unit);
    }
    split(&p, NULL, annual);
    for (int step = 0; step < 12; step++) {
        const struct payments before = p;
        const struct ymd today = ymd_add(ymd_of(2026, 6, 20), day += (int)prng_below(r, 50));
        const int first = pension_first_free(2026, today, 45);
        switch (prng_below(r, 5)) {
        case 0:
            payments_stop(&p, YEN(annual), first, today, unit);
            break;
        case 1:
            payments_fail(&p, PENSION_FIRST + (int)prng_below(r, 6), today, unit);
            break;
        case 2:
            payments_start(&p, 2026, first < PENSION_OCTOBER ? PENSION_OCTOBER : first, unit);
            break;
        default:
            annual = prng_below(r, 8) == 0 ? 0 : (int64_t)prng_below(r, 1000000);
            payments_change(&p, YEN(annual), first, today, unit);
        }
        split(&p, &before, annual);
        const struct yen other[LEVY_PARTS] = {YEN(annual / 4), YEN(annual - annual / 4), YEN(0),
                                              YEN(0)};
        payments_split_again(&p, other, today);
        check_rows(&p, annual);
        assert_true(payments_has_parts(&p, other));
        for (size_t i = 0; i < p.n; i++) { /* what is paid when is not touched by it */
            assert_true(p.row[i].part[PART_CARE].n == 0 || ymd_compare(p.row[i].due, today) < 0);
        }
    }
}

/* Those that are over keep their parts, the others make up for it. */
static void test_parts(void **state)
{
    const struct levy_schedule s = ten(120000);
    struct payments p = {.n = 0};
    const struct yen first[LEVY_PARTS] = {YEN(60000), YEN(40000), YEN(0), YEN(20000)};
    const struct yen second[LEVY_PARTS] = {YEN(66000), YEN(34000), YEN(0), YEN(20000)};

    (void)state;
    payments_ordinary(&p, &s);
    payments_start(&p, 2026, PENSION_OCTOBER, 100);
    payments_split(&p, first, NULL);
    const struct payments before = p;
    assert_true(payments_has_parts(&p, first));
    assert_false(payments_has_parts(&p, second));
    payments_split_again(&p, second, ymd_of(2026, 9, 10));
    assert_true(payments_has_parts(&p, second));
    for (size_t i = 0; i < p.n; i++) {
        assert_int_equal(p.row[i].amount.n, before.row[i].amount.n);
        if (ymd_compare(p.row[i].due, ymd_of(2026, 9, 10)) < 0)
            assert_memory_equal(p.row[i].part, before.row[i].part, sizeof p.row[i].part);
    }
    assert_int_equal(p.row[0].part[PART_MEDICAL].n, before.row[0].part[PART_MEDICAL].n);
}

static void test_property(void **state)
{
    struct prng r;

    (void)state;
    prng_seed(&r, 20261015);
    for (int i = 0; i < 20000; i++)
        one_life(&r);
}

static void test_days(void **state)
{
    char day[11];

    (void)state;
    ymd_format(pension_pay_day(2026, 54), day);
    assert_string_equal(day, "2026-10-15");
    ymd_format(pension_pay_day(2026, 53), day); /* 15 August 2026 is a Saturday */
    assert_string_equal(day, "2026-08-14");
    ymd_format(pension_due(2026, 54), day);
    assert_string_equal(day, "2026-11-10");
    ymd_format(pension_due(2026, 56), day);
    assert_string_equal(day, "2027-03-10");
    assert_int_equal(pension_first_free(2026, ymd_of(2026, 8, 1), 45), 54);
    assert_int_equal(pension_first_free(2026, ymd_of(2026, 9, 15), 45), 55);
    assert_int_equal(pension_first_free(2026, ymd_of(2027, 3, 1), 0), PENSION_LAST + 1);
}

/* --- conditions, all at once ---------------------------------------------------------------------
 */

static void test_conditions(void **state)
{
    struct town *t = *state;
    struct deduction_law law;
    const struct deduction_facts nothing = {.head_birth = ymd_of(1952, 1, 1),
                                            .insured = 2,
                                            .elders = 1,
                                            .levy = YEN(100000)};
    TOWN_OK(t, deduction_law_of(&t->w, 2026, &law));
    assert_int_equal(deduction_failed(&nothing, &law, 2026),
                     1u << DEDUCTION_HEAD_NOT_INSURED | 1u << DEDUCTION_AGES |
                         1u << DEDUCTION_TURNS_75 | 1u << DEDUCTION_NO_PENSION |
                         1u << DEDUCTION_NO_CARE);
    assert_int_equal(deduction_judge(&nothing, &law, 2026), DEDUCTION_HEAD_NOT_INSURED);
    struct deduction_facts poor = nothing;
    poor.has_pension = poor.has_care = poor.is_head_insured = true;
    poor.pension = YEN(179999);
    poor.care = YEN(9000);
    poor.elders = 2;
    assert_int_equal(deduction_failed(&poor, &law, 2026), 1u << DEDUCTION_TURNS_75 |
                                                              1u << DEDUCTION_SMALL_PENSION |
                                                              1u << DEDUCTION_HALF);
}

/* --- records -------------------------------------------------------------------------------------
 */

static void test_records(void **state)
{
    struct town *t = *state;
    struct context *cx = &t->w.cx;
    const struct fixed_layout *l;
    const char *reason = NULL;
    struct str text;
    struct ymd day;
    int64_t n = 0;
    int lost = 0;

    TOWN_OK(t, pension_layout(&t->w, &l));
    assert_int_equal(fixed_record_of(l, "control")->length, 96);
    assert_int_equal(fixed_record_of(l, "header")->length, 500);
    assert_int_equal(fixed_record_of(l, "trailer")->length, 500);
    const struct fixed_record *d = fixed_record_of(l, "data");
    assert_int_equal(d->length, 500);
    char *b = fixed_new(cx->arena, d);
    TOWN_OK(t, fixed_put_day(cx, d, b, "birth", ymd_of(1955, 3, 9)));
    TOWN_OK(t, fixed_put_text(cx, d, b, "kana", STR("ガクシュウイン　ハナコ"), &lost));
    TOWN_OK(t, fixed_put_text(cx, d, b, "name", STR("学習院　花子"), &lost));
    TOWN_OK(t, fixed_put_text(cx, d, b, "address", STR("保険市中央1丁目2番3号"), &lost));
    assert_int_equal(lost, 0);
    /* The bytes stand where the public layout has them: ESC $ B, JIS codes, ESC ( J. */
    assert_memory_equal(b + 38, "19550309", 8);
    assert_memory_equal(b + 47, "\xB6\xDE\xB8\xBC\xAD\xB3\xB2\xDD \xCA\xC5\xBA", 12);
    assert_memory_equal(b + 72, "\x1B$B", 3);
    assert_memory_equal(b + 75, "\x33\x58\x3D\x2C\x31\x21\x21\x21", 8); /* 学習院, a wide blank */
    assert_memory_equal(b + 125, "\x1B(J", 3);
    assert_memory_equal(b + 378, "\x1B(J", 3);
    for (int i = 21; i < 38; i++) /* not established: blank */
        assert_int_equal(b[i], ' ');
    TOWN_OK(t, fixed_text(cx, d, b, "name", &text));
    assert_true(str_is(text, "学習院　花子"));
    TOWN_OK(t, fixed_text(cx, d, b, "address", &text));
    assert_true(str_is(text, "保険市中央１丁目２番３号"));
    assert_true(fixed_day(d, b, "birth", &day) && ymd_compare(day, ymd_of(1955, 3, 9)) == 0);
    assert_int_equal(fixed_wrong(cx, d, b, 0, &reason), -1);
    /* What the set lacks becomes its usual form and is counted. */
    TOWN_OK(t, fixed_put_text(cx, d, b, "name", STR("髙橋　𠮷子"), &lost));
    TOWN_OK(t, fixed_text(cx, d, b, "name", &text));
    assert_true(lost == 2 && str_starts(text, STR("高橋")));
    /* Errors by field. */
    b[394] = 'x';
    b[80] = ' ';
    b[72] = 0;
    const int first = fixed_wrong(cx, d, b, 0, &reason);
    assert_true(first >= 0 && d->fields[first].kind == FIXED_SHIFT);
    const int second = fixed_wrong(cx, d, b, (size_t)first + 1, &reason);
    assert_true(second > first && str_is(d->fields[second].id, "name"));
    assert_string_equal(reason, "exchange.fixed.kanji");
    assert_false(fixed_number(d, b, "amount1", &n));
    town_refused(t, fixed_put_number(cx, d, b, "unset1", 1), ERR_INVALID, "exchange.fixed.unset");
    town_refused(t, fixed_put_number(cx, d, b, "reason", 100), ERR_RANGE, "exchange.fixed.range");
}

/* The codes we know are those of the public table. */
static void test_codes(void **state)
{
    struct town *t = *state;
    struct text vector;
    struct pension_notice n;
    static const char *const wanted[] = {"22\": {", "01\": \"失権\"", "41\": {",
                                         "04\": \"適用除外\""};

    text_init(&vector, 1 << 20);
    TOWN_OK(t, file_read(&t->w.cx, ROOT "/test/data/vectors/nenkin_tokucho_codes.json", 1 << 20,
                         &vector));
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        assert_non_null(strstr(vector.p, wanted[i]));
    text_release(&vector);
    assert_true(pension_notice_find(STR("22"), &n));
    assert_true(str_is(pension_reason_words(&n, STR("01")), "失権"));
    assert_null(pension_reason_words(&n, STR("99")).p);
    assert_true(pension_notice_find(STR("41"), &n));
    assert_true(str_is(pension_reason_words(&n, STR("04")), "適用除外"));
    assert_false(pension_notice_find(STR("99"), &n));
    assert_int_equal(pension_payer_order(STR("999")), 1);
    assert_int_equal(pension_payer_order(STR("501")), 2);
    assert_int_equal(pension_payer_order(STR("000")), 0);
}

int main(void)
{
    messages_install(); /* papers have no room for ids */
    levy_town_start();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days),
        {"a start in October: ordinary until September, the rest in three [NHI-ASM-028]",
         test_october, NULL, NULL, NULL},
        {"provisional as in February, then the rest of the year in three [NHI-ASM-028]",
         test_running, NULL, NULL, NULL},
        {"more beside it, less and losses stop it [NHI-ASM-028 NHI-ASM-029]", test_changes, NULL,
         NULL, NULL},
        {"another split of the same amount: what is over keeps its parts [NHI-ASM-028]", test_parts,
         NULL, NULL, NULL},
        {"all payments of all methods make the year's amount, whatever happens [NHI-ASM-028]",
         test_property, NULL, NULL, NULL},
        TOWN_TEST_SQLITE("every condition is judged at once [NHI-ASM-028]", test_conditions),
        TOWN_TEST_SQLITE("records to the byte, errors by field [IFC-017 IFC-018]", test_records),
        TOWN_TEST_SQLITE("codes of notices, reasons and payers [IFC-017 IFC-018]", test_codes),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
