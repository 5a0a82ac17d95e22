/*
 * levy-results: what this version of the program makes of the whole city, as a file. Another
 * version compares it: hokenka radar results:OLD.csv adopted.
 */
#include "cli/city_store.h"
#include "cli/cli.h"

#include "desk/levy/levy.h"

#include <inttypes.h>
#include <stdio.h>

static int write_results(struct work *w, const struct options *o, int64_t *rows)
{
    struct text out;
    int64_t year = 0;

    int result = options_number(&w->cx, o->value[0], "year", ymd_fiscal_year(w->today), &year);
    text_init(&out, LEVY_RESULTS_BYTES);
    if (result >= 0)
        result = levy_results(w, (int)year, o->value[1].p ? o->value[1] : STR(""), &out, rows);
    if (result >= 0)
        result = file_write(&w->cx, str_c(w->cx.arena, o->words[0]), text_str(&out));
    text_release(&out);
    return result;
}

int cmd_levy_results(struct context *cx, int argc, char **argv)
{
    static const struct option_spec specs[] = {{"year", true}, {"rules", true}};
    struct options o;
    struct work w;
    int64_t rows = 0;

    if (options_read(cx, argc, argv, specs, 2, &o) < 0)
        return EXIT_USAGE;
    if (o.n_words != 1)
        return command_help("levy-results", false);
    if (work_open(&w, cx, options_city(cx, &o), STORE_READ) < 0)
        return report_error(&w.cx);
    w.screen = "cli.levy_results";
    const int result = write_results(&w, &o, &rows);
    const int code = result < 0 ? report_error(&w.cx) : EXIT_OK;
    work_close(&w);
    if (code == EXIT_OK && o.json)
        printf("{\"rows\":%" PRId64 "}\n", rows);
    else if (code == EXIT_OK)
        fprintf(stderr, "%" PRId64 "\n", rows);
    return code;
}
