/* Instalments: rows and columns add up whatever the amounts; packing gives back what went in. */
#include "desk/levy/assess.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"parts of instalments add up in rows and columns [M5 NHI-ASM-031]", split_adds_up, NULL,
         NULL, NULL},
        {"packed instalments come back, cut ones are refused [F6]", packing_round, NULL, NULL,
         NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
