/* Folds keep valid UTF-8 valid, are idempotent, and refuse the rest without reading beyond it. */
#include "base/base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void check_fold(int (*fold)(struct text *, struct str), struct str s)
{
    struct text once;
    struct text twice;
    text_init(&once, 1 << 20);
    text_init(&twice, 1 << 20);
    bool valid = utf8_valid(s);
    int r = fold(&once, s);
    check(r == (valid ? OK : ERR_INVALID));
    if (valid) {
        check(utf8_valid(text_str(&once)));
        check(fold(&twice, text_str(&once)) == OK);
        check(str_equal(text_str(&once), text_str(&twice)));
    }
    text_release(&once);
    text_release(&twice);
}

static void count(void *arg, struct str bigram)
{
    check(utf8_length(bigram) == 2);
    ++*(size_t *)arg;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str s = {(const char *)data, size};
    check_fold(kana_fold, s);
    check_fold(kanji_fold, s);
    check_fold(kana_to_half, s);
    check_fold(width_to_half, s);
    struct text out;
    text_init(&out, 1 << 20);
    bool valid = utf8_valid(s);
    check((kana_sort_key(&out, s) == OK) == valid);
    check((kana_to_full(&out, s) == OK) == valid);
    check(!is_kana(s) || valid);
    size_t pairs = 0;
    bigrams(s, count, &pairs);
    if (valid)
        check(pairs == (utf8_length(s) > 0 ? utf8_length(s) - 1 : 0));
    text_release(&out);
    return 0;
}
