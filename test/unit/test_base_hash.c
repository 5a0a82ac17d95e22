/* hash: BLAKE2b-256, typed feeding, order-free sums, hex and base32. */
#include "base/base.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void digest_is_blake2b_256(void **state)
{
    (void)state;
    char hex[65];
    struct digest d = hash_of(STR(""));
    digest_hex(&d, hex);
    assert_string_equal(hex, "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8");
    d = hash_of(STR("abc"));
    digest_hex(&d, hex);
    assert_string_equal(hex, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

static struct digest typed(int kind)
{
    struct hasher h;
    hash_init(&h, STR_NONE);
    switch (kind) {
    case 0:
        hash_text(&h, STR("ab"));
        hash_text(&h, STR("c"));
        break;
    case 1:
        hash_text(&h, STR("a"));
        hash_text(&h, STR("bc"));
        break;
    case 2:
        hash_text(&h, STR(""));
        break;
    case 3:
        hash_text(&h, STR_NONE);
        break;
    case 4:
        hash_int(&h, 1);
        break;
    case 5:
        hash_text(&h, STR("1"));
        break;
    case 6:
        hash_int(&h, -1);
        break;
    case 7:
        hash_int(&h, 0);
        break;
    case 8:
        hash_null(&h);
        hash_null(&h);
        break;
    case 9:
        hash_bytes(&h, STR("1"));
        break;
    default:
        break;
    }
    return hash_end(&h);
}

static void types_and_borders_count(void **state)
{
    (void)state;
    for (int a = 0; a <= 10; a++) {
        for (int b = 0; b <= 10; b++) {
            struct digest x = typed(a);
            struct digest y = typed(b);
            assert_int_equal(digest_equal(&x, &y), a == b);
        }
    }
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_null(&h);
    struct digest null = hash_end(&h);
    struct digest none = typed(3);
    assert_true(digest_equal(&null, &none));
}

/* The bytes fed are fixed: tag, length or value as 8 bytes little-endian, content. */
static void feeding_is_as_documented(void **state)
{
    (void)state;
    struct hasher h;
    hash_init(&h, STR_NONE);
    hash_text(&h, STR("abc"));
    hash_int(&h, -2);
    hash_null(&h);
    struct digest a = hash_end(&h);
    struct digest b = hash_of(STR("\x02\x03\0\0\0\0\0\0\0"
                                  "abc"
                                  "\x01\xFE\xFF\xFF\xFF\xFF\xFF\xFF\xFF"
                                  "\0\0\0\0\0\0\0\0\0"));
    assert_true(digest_equal(&a, &b));
}

static void key_changes_the_digest(void **state)
{
    (void)state;
    struct hasher h;
    struct digest d[3];
    struct str keys[3] = {STR_NONE, STR("0123456789abcdef"), STR("0123456789abcdeg")};
    for (int i = 0; i < 3; i++) {
        hash_init(&h, keys[i]);
        hash_bytes(&h, STR("same"));
        d[i] = hash_end(&h);
    }
    assert_false(digest_equal(&d[0], &d[1]));
    assert_false(digest_equal(&d[1], &d[2]));
}

static void sum_is_free_of_order(void **state)
{
    (void)state;
    struct digest up = {{0}};
    struct digest down = {{0}};
    for (int i = 0; i < 100; i++) {
        struct hasher h;
        hash_init(&h, STR_NONE);
        hash_int(&h, i);
        struct digest d = hash_end(&h);
        digest_sum(&up, &d);
        hash_init(&h, STR_NONE);
        hash_int(&h, 99 - i);
        d = hash_end(&h);
        digest_sum(&down, &d);
    }
    assert_true(digest_equal(&up, &down));
    struct digest one = {{1}};
    struct digest most;
    memset(most.b, 0xFF, sizeof most.b);
    digest_sum(&most, &one);
    struct digest zero = {{0}};
    assert_true(digest_equal(&most, &zero));
}

static void hex_goes_both_ways(void **state)
{
    (void)state;
    struct digest d = hash_of(STR("x"));
    struct digest back;
    char hex[65];
    digest_hex(&d, hex);
    assert_true(digest_parse(str_of(hex), &back));
    assert_true(digest_equal(&d, &back));
    assert_false(digest_parse((struct str){hex, 63}, &back));
    hex[10] = 'g';
    assert_false(digest_parse(str_of(hex), &back));
    unsigned char b[3];
    assert_true(hex_parse(STR("00fFA5"), b, 3));
    assert_memory_equal(b, "\x00\xFF\xA5", 3);
    struct text t;
    text_init(&t, 100);
    hex_add(&t, STR("\x00\xFF\xA5"));
    assert_string_equal(t.p, "00ffa5");
    text_release(&t);
}

/* The test vectors of RFC 4648, without their padding. */
static void base32_is_that_of_the_rfc(void **state)
{
    (void)state;
    static const char *const rows[][2] = {
        {"", ""},
        {"f", "MY"},
        {"fo", "MZXQ"},
        {"foo", "MZXW6"},
        {"foob", "MZXW6YQ"},
        {"fooba", "MZXW6YTB"},
        {"foobar", "MZXW6YTBOI"},
    };
    struct text t;
    text_init(&t, 100);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        text_clear(&t);
        base32_add(&t, str_of(rows[i][0]));
        assert_string_equal(text_str(&t).p, rows[i][1]);
    }
    text_release(&t);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        {"digest is BLAKE2b-256", digest_is_blake2b_256, NULL, NULL, NULL},
        {"types and borders of values count [F4]", types_and_borders_count, NULL, NULL, NULL},
        {"feeding is as documented", feeding_is_as_documented, NULL, NULL, NULL},
        {"key changes the digest", key_changes_the_digest, NULL, NULL, NULL},
        {"sum of digests is free of order [F4]", sum_is_free_of_order, NULL, NULL, NULL},
        {"hex goes both ways", hex_goes_both_ways, NULL, NULL, NULL},
        {"base32 is that of RFC 4648", base32_is_that_of_the_rfc, NULL, NULL, NULL},
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests_name("hash", tests, NULL, NULL);
}
