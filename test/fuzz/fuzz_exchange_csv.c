/* Any bytes are read to their end; what comes out is valid, within its limits, and written again it
 * is read the same; a whole file against columns never takes a row the columns forbid. */
#include "exchange/exchange.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static void write_again(struct context *cx, const struct csv_reader *r)
{
    struct csv_reader again;
    struct text t;

    text_init(&t, 8 << 20);
    for (size_t i = 0; i < r->n; i++)
        csv_add(&t, r->fields[i]);
    csv_end(&t);
    csv_open(&again, text_str(&t));
    check(csv_read(cx, &again) == 1);
    check(again.n == r->n);
    for (size_t i = 0; i < r->n; i++)
        check(str_equal(again.fields[i], r->fields[i]));
    check(csv_read(cx, &again) == 0);
    csv_close(&again);
    text_release(&t);
}

static void read_records(struct context *cx, struct str bytes)
{
    struct csv_reader r;
    int result = 1;

    csv_open(&r, bytes);
    for (size_t guard = 0; result != 0; guard++) {
        check(guard <= bytes.n + 1); /* every call moves on */
        result = csv_read(cx, &r);
        check(result >= 0 || result == ERR_SYNTAX);
        error_clear(cx);
        for (size_t i = 0; result > 0 && i < r.n; i++)
            check(utf8_valid(r.fields[i]) && r.fields[i].n <= CSV_FIELD_BYTES_MAX);
        /* a first field that begins with a BOM would lose it: only the file may have one */
        if (result > 0 && !str_starts(r.fields[0], STR("\xEF\xBB\xBF")))
            write_again(cx, &r);
    }
    csv_close(&r);
}

static void read_table(struct context *cx, struct str bytes)
{
    static const char description[] = "a\ta\tdigits\t!\t0\t-\t\nb\tb\ttext\t-\t9\t-\t\n"
                                      "c\tc\tday\t-\t0\t-\t\nd\td\tyen\t-\t99\t-\t\n";
    struct columns columns;
    struct table t;

    check(columns_read(cx, cx->arena, "fuzz", STR(description), &columns) == OK);
    if (table_read(cx, cx->arena, &columns, bytes, &t) < 0)
        return;
    check(t.all_problems >= t.n_problems);
    for (size_t i = 0; i < t.n; i++) {
        for (size_t k = 0; k < columns.n && !t.rows[i].is_bad; k++)
            check(column_problem(&columns.rows[k], t.rows[i].fields[k]) == NULL);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct str bytes = {(const char *)data, size};
    struct arena arena;
    struct context cx;

    arena_init(&arena, 1 << 28);
    context_init(&cx, env_real(), &arena);
    read_records(&cx, bytes);
    read_table(&cx, bytes);
    arena_release(&arena);
    return 0;
}
