/* Customer barcode: the published vectors bar by bar, and what is taken out of an address. */
#include "paper/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#include <zint.h>

static struct arena arena;
static struct context cx;

static int setup(void **state)
{
    (void)state;
    arena_init(&arena, 0);
    context_init(&cx, env_real(), &arena);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

/* The text of "key": "…" behind *at; moves *at behind it. The file is ours: no general reader. */
static bool next_value(const char **at, const char *key, struct str *out)
{
    const char *p = strstr(*at, key);
    if (!p)
        return false;
    p += strlen(key);
    const char *end = strchr(p, '"');
    assert_non_null(end);
    *out = (struct str){p, (size_t)(end - p)};
    *at = end;
    return true;
}

static void published_bars_are_drawn(void **state)
{
    (void)state;
    struct text t;
    text_init(&t, 1 << 20);
    assert_int_equal(file_read(&cx, ROOT "/test/data/vectors/customer_barcode.json", 1 << 20, &t),
                     OK);
    const char *at = text_str(&t).p;
    struct str zip, address, bars;
    int n = 0;
    while (next_value(&at, "\"zip\": \"", &zip)) {
        char drawn[68];
        assert_true(next_value(&at, "\"address\": \"", &address));
        assert_true(next_value(&at, "\"bars\": \"", &bars));
        assert_int_equal(customer_bars(&cx, zip, address, drawn), OK);
        if (!str_is(bars, drawn))
            print_message("# " STR_FMT " " STR_FMT ": %s\n", STR_ARG(zip), STR_ARG(address), drawn);
        assert_true(str_is(bars, drawn));
        n++;
    }
    assert_int_equal(n, 13);
    text_release(&t);
}

static const struct {
    const char *after_town;
    const char *number;
} addresses[] = {
    /* those of the post's manual */
    {"1丁目3番2号 503", "1-3-2-503"},
    {"六丁目7番14号 ABCビル2階", "6-7-14-2"},
    {"29丁目1524-23 第2ビル501号室", "29-1524-23-2-501"},
    {"3丁目80番25号 J1ビル2-B", "3-80-25J1-2B"},
    {"3丁目16番4号 205", "3-16-4-205"},
    {"22番1号 A308", "22-1A308"},
    /* widths, dashes, kanji numbers, names */
    {"３－１６－４－２０５", "3-16-4-205"},
    {"三丁目十六番四号", "3-16-4"},
    {"二十九丁目１０２番地の三", "29-102"}, /* only figures before a counter word */
    {"百二十番地", "120"},
    {"一番町マンション", "1"},
    {"16ー4 コーポ三田 2F", "16-4-2"},
    {"5-1 サンシャイン60", "5-1-60"},
    {"5-1 SUNビル 3", "5-1-3"},
    {"大字北字南", ""},
    {"無番地", ""},
    {"", ""},
    {"12番地 b棟", "12B"},
    {"甲1234番地", "1234"},
    {"第1地割2番地3", "1-2-3"},
};

static void the_number_is_taken_out_of_an_address(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof addresses / sizeof *addresses; i++) {
        struct text t;
        text_init(&t, 200);
        assert_int_equal(customer_number(&t, str_of(addresses[i].after_town)), OK);
        if (strcmp(text_str(&t).p, addresses[i].number) != 0)
            print_message("# %s\n", addresses[i].after_town);
        assert_string_equal(text_str(&t).p, addresses[i].number);
        text_release(&t);
    }
}

/* Oracle: libzint's own encoder, for all that it takes. */
static void libzint_draws_the_same_bars(void **state)
{
    (void)state;
    struct prng random;
    prng_seed(&random, 20260615);
    for (int i = 0; i < 2000; i++) {
        static const char set[] = "0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        char input[21];
        char bars[68];
        size_t n = 7 + prng_below(&random, 7); /* six letters at most are twelve symbols */
        for (size_t k = 0; k < n; k++)
            input[k] = set[prng_below(&random, k < 7 ? 10 : 37)];
        input[n] = '\0';
        assert_int_equal(customer_bars(&cx, (struct str){input, 7},
                                       (struct str){input + 7, n - 7}, bars), OK);
        struct zint_symbol *s = ZBarcode_Create();
        assert_non_null(s);
        s->symbology = BARCODE_JAPANPOST;
        assert_int_equal(ZBarcode_Encode(s, (unsigned char *)input, (int)n), 0);
        assert_int_equal(s->width, 133);
        for (int k = 0; k < 67; k++) {
            bool up = s->encoded_data[0][2 * k >> 3] >> (2 * k & 7) & 1;
            bool down = s->encoded_data[2][2 * k >> 3] >> (2 * k & 7) & 1;
            assert_int_equal(bars[k], up && down ? '1' : up ? '2' : down ? '3' : '4');
        }
        ZBarcode_Delete(s);
    }
}

static void a_wrong_postcode_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "123456", "12345678", "12-34567", "1234a67", "１２３4567"};
    char bars[68];
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        error_clear(&cx);
        assert_int_equal(customer_bars(&cx, str_of(wrong[i]), STR("1"), bars), ERR_INVALID);
        assert_string_equal(cx.error.message, "paper.customer.postcode");
    }
    error_clear(&cx);
    assert_int_equal(customer_bars(&cx, STR("1234567"), STR("1丁目"), bars), ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        {"published customer barcodes are drawn bar by bar [NHI-ASM-027]",
         published_bars_are_drawn, setup, teardown, NULL},
        {"the number is taken out of an address", the_number_is_taken_out_of_an_address, setup,
         teardown, NULL},
        {"libzint draws the same bars for 2,000 random numbers", libzint_draws_the_same_bars, setup,
         teardown, NULL},
        {"a wrong postcode is refused", a_wrong_postcode_is_refused, setup, teardown, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("paper customer barcode", tests, NULL, NULL);
}
