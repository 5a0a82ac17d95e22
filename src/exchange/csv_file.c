/* csv_file: a file of described columns that goes out, row by row, with its control record. */
#include "exchange/exchange.h"

int csv_file_open(struct context *cx, struct csv_file *f, const char *name, struct str description,
                  struct text *out)
{
    *f = (struct csv_file){.out = out};
    arena_init(&f->texts, 0);
    int rc = columns_read(cx, &f->texts, name, description, &f->columns);
    if (rc < 0)
        return rc;
    f->values = ARENA_ARRAY(&f->texts, f->columns.n + 1, struct str);
    if (!f->values)
        return fail(cx, ERR_MEMORY, "base.memory", NULL);
    for (size_t i = 0; i < f->columns.n; i++) {
        f->values[i] = STR("");
        csv_add(out, f->columns.rows[i].name);
    }
    csv_end(out);
    f->row_begins = arena_mark(&f->texts);
    return OK;
}

void csv_put(struct csv_file *f, const char *id, struct str value)
{
    f->values[column_of(&f->columns, id)] = value.p ? value : STR("");
}

void csv_put_day(struct csv_file *f, const char *id, struct ymd d)
{
    char text[11] = "";

    if (!ymd_is_none(d))
        ymd_format(d, text);
    csv_put(f, id, str_copy(&f->texts, str_of(text)));
}

void csv_put_flag(struct csv_file *f, const char *id, bool value)
{
    csv_put(f, id, value ? STR("1") : STR("0"));
}

void csv_put_number(struct csv_file *f, const char *id, int64_t value)
{
    csv_put(f, id, value == 0 ? STR("") : str_format(&f->texts, "%lld", (long long)value));
}

void csv_file_row(struct csv_file *f)
{
    for (size_t i = 0; i < f->columns.n; i++) {
        csv_add(f->out, f->values[i]);
        f->values[i] = STR("");
    }
    csv_end(f->out);
    f->rows++;
    arena_rewind(&f->texts, f->row_begins);
}

int csv_file_close(struct context *cx, struct csv_file *f)
{
    (void)text_addf(f->out, "CONTROL,%lld\r\n", (long long)f->rows);
    arena_release(&f->texts);
    return f->out->failed ? fail(cx, ERR_MEMORY, "base.memory", NULL) : OK;
}
