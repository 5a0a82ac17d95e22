/* Any bytes as a file of direct debits, transfers or account checks: read to their end; what has no
 * problem is written again and comes out as it came, or is read the same. */
#include "exchange/exchange.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct str table(struct context *cx, const char *path)
{
    static struct text kept[3];
    static int n;

    text_init(&kept[n], 1 << 20);
    check(file_read(cx, path, 1 << 20, &kept[n]) == OK);
    return text_str(&kept[n++]);
}

static void read_again(struct context *cx, const struct zengin_format *f, enum zengin_way way,
                       const struct zengin_medium *m)
{
    struct zengin_medium again;
    struct text out;

    text_init(&out, 64 << 20);
    check(zengin_write(cx, f, way, m, &out) == OK);
    check(zengin_read(cx, cx->arena, f, way, text_str(&out), &again) == OK);
    check(again.n == m->n && again.records.problems.all == 0);
    for (size_t i = 0; i < m->n; i++)
        check(again.files[i].n == m->files[i].n && again.files[i].total.n == m->files[i].total.n);
    text_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const paths[] = {"data/formats/zengin_debit.tsv",
                                        "data/formats/zengin_transfer.tsv",
                                        "data/formats/account_check.tsv"};
    static struct str tables[3];
    struct arena arena;
    struct context cx;

    arena_init(&arena, 1 << 28);
    context_init(&cx, env_real(), &arena);
    for (int kind = 0; kind < 3; kind++) {
        struct zengin_format f;
        if (!tables[kind].p)
            tables[kind] = table(&cx, paths[kind]);
        check(zengin_format_read(&cx, &arena, (enum zengin_kind)kind, tables[kind], &f) == OK);
        for (int way = ZENGIN_REQUEST; way <= ZENGIN_RESULT; way++) {
            struct zengin_medium m;
            const int rc = zengin_read(&cx, &arena, &f, (enum zengin_way)way,
                                       (struct str){(const char *)data, size}, &m);
            check(rc == OK || rc == ERR_SYNTAX || rc == ERR_INVALID || rc == ERR_MEMORY);
            error_clear(&cx);
            if (rc == OK && m.records.problems.all == 0)
                read_again(&cx, &f, (enum zengin_way)way, &m);
        }
    }
    arena_release(&arena);
    return 0;
}
