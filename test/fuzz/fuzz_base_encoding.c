/* The first byte picks the encoding and what happens to losses. What decodes comes back in bytes
 * that decode to the same; what encodes decodes. */
#include "base/base.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void encode_and_back(struct context *cx, struct str s, enum encoding e, enum lossy how)
{
    struct text bytes;
    struct text back;
    struct loss_report report = {.n = 0};
    text_init(&bytes, 1 << 20);
    text_init(&back, 1 << 20);
    error_clear(cx);
    int r = encode(cx, s, e, how, &report, &bytes);
    check(report.n <= report.total);
    if (r == OK) {
        check(how != LOSS_REFUSE || report.total == 0);
        check(decode(cx, text_str(&bytes), e, &back) == OK);
        bool has_bom = str_starts(s, STR("\xEF\xBB\xBF"));
        if (report.total == 0 && !has_bom)
            check(str_equal(text_str(&back), s));
    } else {
        check(r == ERR_INVALID && bytes.n == 0 && cx->error.facts[0] != '\0');
    }
    text_release(&bytes);
    text_release(&back);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    enum encoding e = (enum encoding)(data[0] % 3);
    enum lossy how = (enum lossy)(data[0] / 3 % 3);
    struct str s = {(const char *)data + 1, size - 1};
    struct context cx;
    context_init(&cx, NULL, NULL);
    struct text text;
    text_init(&text, 1 << 20);
    if (decode(&cx, s, e, &text) == OK) {
        check(utf8_valid(text_str(&text)));
        encode_and_back(&cx, text_str(&text), e, how);
    } else {
        check(text.n == 0);
    }
    encode_and_back(&cx, s, e, how);
    text_release(&text);
    return 0;
}
