/* Instalments: rows and columns add up whatever the amounts; packing gives back what went in. */
#include "desk/levy/correction.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static void split_adds_up(void **state)
{
    struct prng random;
    (void)state;
    prng_seed(&random, 8);
    for (int round = 0; round < 20000; round++) {
        struct levy_schedule s = {.n = 1 + (size_t)prng_below(&random, 12)};
        struct yen part[LEVY_PARTS];
        int64_t total = 0;
        for (int k = 0; k < LEVY_PARTS; k++) {
            part[k] = YEN(prng_chance(&random, 300000) ? 0 : (int64_t)prng_below(&random, 670001));
            total += part[k].n;
        }
        if (prng_chance(&random, 200000)) {
            total -= total % 100; /* an ordinance that rounds the sum once more */
        }
        int64_t each = total / (int64_t)s.n / 10 * 10;
        for (size_t i = 0; i < s.n; i++) {
            s.row[i].amount = YEN(i ? each : total - each * ((int64_t)s.n - 1));
        }
        schedule_split(&s, part);
        int64_t sum = 0;
        for (size_t i = 0; i < s.n; i++) {
            int64_t row = 0;
            for (int k = 0; k < LEVY_PARTS; k++) {
                assert_true(s.row[i].part[k].n >= 0);
                row += s.row[i].part[k].n;
            }
            assert_int_equal(row, s.row[i].amount.n);
            sum += row;
        }
        assert_int_equal(sum, total);
    }
}

static void packing_round(void **state)
{
    struct context cx;
    struct arena arena;
    struct text packed;
    struct levy_schedule s = {.n = 2};
    struct levy_schedule back;
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    text_init(&packed, 4096);
    s.row[0] = (struct levy_instalment){1, ymd_of(2026, 6, 30), YEN(1000), {YEN(900), YEN(100)}};
    s.row[1] = (struct levy_instalment){2, ymd_of(2026, 7, 31), YEN(70), {YEN(0), YEN(70)}};
    assert_true(schedule_pack(&s, &packed) >= 0);
    assert_true(schedule_unpack(&cx, text_str(&packed), &back) >= 0);
    assert_int_equal(back.n, 2);
    assert_int_equal(back.row[0].amount.n, 1000);
    assert_int_equal(back.row[1].part[1].n, 70);
    assert_int_equal(back.row[1].due.day, s.row[1].due.day);
    for (size_t cut = 1; cut < packed.n; cut++) { /* F6: cut in every place */
        struct str half = {packed.p, cut};
        error_clear(&cx);
        int rc = schedule_unpack(&cx, half, &back);
        assert_true(rc == ERR_CORRUPT || back.n < 2);
    }
    text_release(&packed);
    arena_release(&arena);
}

/* --- after a change ------------------------------------------------------------------------- */

static struct levy_schedule year_of_ten(void)
{
    struct levy_schedule s = {.n = 10};
    for (int i = 0; i < 10; i++) {
        s.row[i] =
            (struct levy_instalment){.number = i + 1, .due = month_last(fiscal_month(2026, i + 2))};
    }
    return s;
}

static struct levy_result result_of(int64_t total)
{
    int64_t support = total / 4;
    return (struct levy_result){.total = YEN(total), .part = {YEN(total - support), YEN(support)}};
}

static int64_t sum_of(const struct levy_schedule *s, int part)
{
    int64_t sum = 0;
    for (size_t i = 0; i < s->n; i++) {
        sum += part < 0 ? s->row[i].amount.n : s->row[i].part[part].n;
    }
    return sum;
}

static int64_t amount_of(const struct levy_schedule *s, int number)
{
    for (size_t i = 0; i < s->n; i++) {
        if (s->row[i].number == number) {
            return s->row[i].amount.n;
        }
    }
    return 0;
}

static void assert_row(const struct levy_schedule *s, const int64_t amount[12])
{
    for (int n = 1; n <= 11; n++) {
        assert_int_equal(amount_of(s, n), amount[n]);
    }
}

/* By hand: 100,000 yen in tens. */
static void changes_by_hand(void **state)
{
    struct context cx;
    struct arena arena;
    struct levy_schedule calendar = year_of_ten();
    struct schedule_terms terms = {.calendar = &calendar,
                                   .lead = 10,
                                   .unit = 10,
                                   .extra_due = ymd_of(2027, 5, 31)};
    struct levy_schedule none = {0};
    struct levy_schedule first, next;
    struct levy_result r = result_of(100000);
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    terms.issued = ymd_of(2026, 6, 15);
    assert_true(schedule_change(&cx, &none, &r, &terms, &first) >= 0);
    assert_row(&first, (int64_t[12]){0, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000,
                                     10000, 10000});
    terms.issued = ymd_of(2026, 10, 10); /* four have been due */
    r = result_of(130010);
    assert_true(schedule_change(&cx, &first, &r, &terms, &next) >= 0);
    assert_row(&next, (int64_t[12]){0, 10000, 10000, 10000, 10000, 15010, 15000, 15000, 15000,
                                    15000, 15000});
    terms.issued = ymd_of(2026, 10, 25); /* the fifth is due in six days: it stays */
    r = result_of(120000);
    assert_true(schedule_change(&cx, &first, &r, &terms, &next) >= 0);
    assert_row(&next, (int64_t[12]){0, 10000, 10000, 10000, 10000, 10000, 14000, 14000, 14000,
                                    14000, 14000});
    r = result_of(35000); /* less than what was due already: the latest give way first */
    assert_true(schedule_change(&cx, &first, &r, &terms, &next) >= 0);
    assert_row(&next, (int64_t[12]){0, 10000, 10000, 10000, 5000});
    terms.issued = ymd_of(2027, 4, 20); /* none is open */
    r = result_of(101000);
    assert_true(schedule_change(&cx, &first, &r, &terms, &next) >= 0);
    assert_row(&next, (int64_t[12]){0, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000,
                                    10000, 10000, 1000});
    const struct unit_cut cuts[] = {{9, 4000}, {10, 12000}};
    terms.issued = ymd_of(2027, 1, 5);
    terms.cuts = cuts;
    terms.n_cuts = 2;
    r = result_of(84000); /* 期別減免額 of 16,000 */
    assert_true(schedule_change(&cx, &first, &r, &terms, &next) >= 0);
    assert_row(&next,
               (int64_t[12]){0, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 10000, 4000, 0});
    arena_release(&arena);
}

/* Whatever is changed whenever: rows and parts add up, what was due stays unless there is less. */
static void changes_add_up(void **state)
{
    struct context cx;
    struct arena arena;
    struct prng random;
    struct levy_schedule calendar = year_of_ten();
    struct schedule_terms terms = {.calendar = &calendar, .lead = 10, .unit = 10};
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    prng_seed(&random, 17);
    for (int round = 0; round < 4000; round++) {
        struct levy_schedule s = {0};
        terms.issued = ymd_of(2026, 6, 1);
        for (int step = 0; step < 6; step++) {
            struct levy_schedule next;
            struct levy_result r = result_of((int64_t)prng_below(&random, 900001));
            terms.issued.day += (int32_t)prng_below(&random, 120);
            terms.extra_due = month_last(month_add(ymd_month(terms.issued), 1));
            assert_true(schedule_change(&cx, &s, &r, &terms, &next) >= 0);
            assert_int_equal(sum_of(&next, -1), r.total.n);
            for (int k = 0; k < LEVY_PARTS; k++) {
                assert_int_equal(sum_of(&next, k), r.part[k].n);
            }
            bool raised = r.total.n >= sum_of(&s, -1);
            for (size_t i = 0; i < next.n; i++) {
                int64_t parts = 0;
                for (int k = 0; k < LEVY_PARTS; k++) {
                    assert_true(next.row[i].part[k].n >= 0);
                    parts += next.row[i].part[k].n;
                }
                assert_int_equal(parts, next.row[i].amount.n);
            }
            for (size_t i = 0; i < s.n && raised; i++) {
                bool is_fixed = s.row[i].due.day - terms.issued.day < 10;
                if (is_fixed) {
                    assert_int_equal(amount_of(&next, s.row[i].number), s.row[i].amount.n);
                }
            }
            s = next;
        }
    }
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"instalments after a change, by hand [NHI-ASM-031 NHI-ASM-004]", changes_by_hand, NULL,
         NULL, NULL},
        {"instalments after any changes add up [NHI-ASM-031]", changes_add_up, NULL, NULL, NULL},
        {"parts of instalments add up in rows and columns [M5 NHI-ASM-031]", split_adds_up, NULL,
         NULL, NULL},
        {"packed instalments come back, cut ones are refused [F6]", packing_round, NULL, NULL,
         NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
