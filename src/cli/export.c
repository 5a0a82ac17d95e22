/* hokenka export: residents as a file that the import takes, the register of certificates. */
#include "cli/cli.h"
#include "cli/commands.h"
#include "desk/eligibility/eligibility.h"
#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdio.h>

#define FILE_MAXIMUM ((size_t)1 << 30)

typedef int export_fn(struct work *w, struct text *out, int64_t *rows);

static export_fn *export_of(struct str what)
{
    return str_is(what, "residents")             ? eligibility_export_residents
           : str_is(what, "certificates")        ? certificate_export
           : str_is(what, "premium-calculation") ? levy_premium_calculation
                                                 : NULL;
}

static int export_file(struct work *w, export_fn *export, const char *path, int64_t *rows)
{
    struct text out;

    text_init(&out, FILE_MAXIMUM);
    int result = export(w, &out, rows);
    if (result >= 0)
        result = file_write(&w->cx, path, text_str(&out));
    text_release(&out);
    return result;
}

int cmd_export(struct context *cx, int argc, char **argv)
{
    struct options o;
    struct work w;
    int64_t rows = 0;

    if (options_read(cx, argc, argv, NULL, 0, &o) < 0)
        return EXIT_USAGE;
    export_fn *export = o.n_words == 2 ? export_of(o.words[0]) : NULL;
    if (!export) {
        (void)fail(cx, ERR_INVALID, "cli.export.what", NULL);
        (void)report_error(cx);
        return EXIT_USAGE;
    }
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(cx);
    const int result = export_file(&w, export, str_c(cx->arena, o.words[1]), &rows);
    if (result < 0)
        cx->error = w.cx.error;
    work_close(&w);
    if (result < 0)
        return report_error(cx);
    if (o.json)
        printf("{\"rows\":%" PRId64 "}\n", rows);
    else
        fprintf(stderr, "%" PRId64 "\n", rows);
    return EXIT_OK;
}
