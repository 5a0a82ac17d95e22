/* Any bytes as data of stores (both carriers), OCR batches, Pay-easy, eL-QR: read to their end, and
 * no row without a problem holds what the formats forbid. */
#include "exchange/exchange.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
    if (!holds)
        abort();
}

static struct str table(struct context *cx, const char *name)
{
    struct text t;
    char path[128] = "data/formats/";

    for (size_t i = 0, at = 13; name[i] && at < 127; i++, at++)
        path[at] = name[i];
    text_init(&t, 1 << 20);
    check(file_read(cx, path, 1 << 20, &t) == OK);
    return text_str(&t); /* kept as long as the process */
}

static struct tables {
    struct str cvs, csv, lines, checks, ocr, mpn, el;
} tables;

static void stores(struct context *cx, struct str bytes)
{
    struct fixed_layout l;
    struct cvs_file f;

    check(fixed_layout_read(cx, cx->arena, "cvs", tables.cvs, &l) == OK);
    if (cvs_read_fixed(cx, cx->arena, &l, bytes, &f) >= 0) {
        for (size_t i = 0; i < f.n; i++)
            check(f.rows[i].is_bad || (mod10_31_is_valid(f.rows[i].barcode) && f.rows[i].key.n == 21));
    }
    error_clear(cx);
    if (cvs_read_csv(cx, cx->arena, tables.csv, bytes, &f) >= 0) {
        for (size_t i = 0; i < f.n; i++)
            check(f.rows[i].is_bad || f.rows[i].barcode.n == 44);
    }
    error_clear(cx);
}

static void others(struct context *cx, struct str bytes)
{
    struct ocr_format o;
    struct ocr_file f;
    struct payment_file p;
    struct fixed_layout l;

    check(fixed_layout_read(cx, cx->arena, "ocr", tables.ocr, &o.records) == OK);
    check(ocr_lines_read(cx, cx->arena, tables.lines, tables.checks, &o.lines) == OK);
    if (ocr_read(cx, cx->arena, &o, bytes, &f) >= 0) {
        for (size_t i = 0; i < f.n; i++)
            for (size_t k = 0; k < f.batches[i].n; k++)
                check(f.batches[i].rows[k].is_bad || f.batches[i].rows[k].upper.n >= 39);
    }
    error_clear(cx);
    check(fixed_layout_read(cx, cx->arena, "mpn", tables.mpn, &l) == OK);
    if (mpn_read(cx, cx->arena, &l, bytes, &p) >= 0) {
        for (size_t i = 0; i < p.n; i++)
            check(p.rows[i].is_bad || (p.rows[i].yen.n > 0 && !ymd_is_none(p.rows[i].paid)));
    }
    error_clear(cx);
    if (el_read(cx, cx->arena, tables.el, bytes, &p) >= 0) {
        for (size_t i = 0; i < p.n; i++)
            check(p.rows[i].is_bad || p.rows[i].payment.n == 20);
    }
    error_clear(cx);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct str bytes = {(const char *)data, size};
    struct arena arena;
    struct context cx;

    arena_init(&arena, 1 << 28);
    context_init(&cx, env_real(), &arena);
    if (!tables.cvs.p)
        tables = (struct tables){table(&cx, "cvs_records.tsv"), table(&cx, "cvs_csv.tsv"),
                                 table(&cx, "ocr_lines.tsv"),   table(&cx, "ocr_checks.tsv"),
                                 table(&cx, "ocr_records.tsv"), table(&cx, "mpn_records.tsv"),
                                 table(&cx, "el_receipts.tsv")};
    stores(&cx, bytes);
    others(&cx, bytes);
    arena_release(&arena);
    return 0;
}
