/* Tables of outside formats, and files as jobs take them. */
#include "desk/collection/format.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TABLE_BYTES ((size_t)1 << 18)

#define BUILT_IN(name)                                                                             \
    extern const unsigned char collection_format_##name[];                                         \
    extern const size_t collection_format_##name##_size
BUILT_IN(zengin_debit);
BUILT_IN(zengin_transfer);
BUILT_IN(account_check);
BUILT_IN(cvs_records);
BUILT_IN(cvs_csv);
BUILT_IN(ocr_lines);
BUILT_IN(ocr_checks);
BUILT_IN(ocr_records);
BUILT_IN(mpn_records);
BUILT_IN(payment_no);
BUILT_IN(el_receipts);
BUILT_IN(debit_customer);
BUILT_IN(debit_contractors);
BUILT_IN(cvs_chains);

struct built_in {
    const char *name;
    const unsigned char *bytes;
    const size_t *n;
};
#define ENTRY(name) {#name ".tsv", collection_format_##name, &collection_format_##name##_size}
static const struct built_in tables[] = {
    ENTRY(zengin_debit), ENTRY(zengin_transfer), ENTRY(account_check),  ENTRY(cvs_records),
    ENTRY(cvs_csv),      ENTRY(ocr_lines),       ENTRY(ocr_checks),     ENTRY(ocr_records),
    ENTRY(mpn_records),  ENTRY(payment_no),      ENTRY(el_receipts),    ENTRY(debit_customer),
    ENTRY(debit_contractors), ENTRY(cvs_chains)};

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "memory", NULL);
}

int format_table(struct work *w, const char *name, struct str *out)
{
    const char *city = office_city_path(w->office);
    const struct str path =
        city ? str_format(w->cx.arena, "%s/formats/%s", city, name) : STR_NONE;

    if (path.p && access(path.p, R_OK) == 0) {
        struct text t;
        text_init(&t, TABLE_BYTES);
        const int rc = file_read(&w->cx, path.p, TABLE_BYTES, &t);
        *out = rc < 0 ? STR_NONE : str_copy(w->cx.arena, text_str(&t));
        text_release(&t);
        return rc < 0 ? rc : out->p ? OK : no_memory(w);
    }
    for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
        if (strcmp(tables[i].name, name) == 0) {
            *out = (struct str){(const char *)tables[i].bytes, *tables[i].n};
            return OK;
        }
    }
    return fail(&w->cx, ERR_NOT_FOUND, "collection.format.none", "%s", name);
}

int format_layout(struct work *w, const char *name, struct fixed_layout *out)
{
    struct str tsv;
    const int rc = format_table(w, name, &tsv);
    return rc < 0 ? rc : fixed_layout_read(&w->cx, w->cx.arena, name, tsv, out);
}

int format_zengin(struct work *w, enum zengin_kind kind, struct zengin_format *out)
{
    static const char *const names[] = {"zengin_debit.tsv", "zengin_transfer.tsv",
                                        "account_check.tsv"};
    struct str tsv;
    const int rc = format_table(w, names[kind], &tsv);

    return rc < 0 ? rc : zengin_format_read(&w->cx, w->cx.arena, kind, tsv, out);
}

/* --- files --------------------------------------------------------------------------------------
 */

int format_open(struct work *w, struct job *job, struct format_file *f)
{
    const struct str path = job_option(job, "path");
    const char *c_path = str_c(w->cx.arena, path);

    *f = (struct format_file){.path = path, .name = path};
    text_init(&f->bytes, FORMAT_FILE_MAX);
    for (size_t i = path.n; i > 0; i--) {
        if (path.p[i - 1] == '/') {
            f->name = (struct str){path.p + i, path.n - i};
            break;
        }
    }
    const int rc = c_path ? file_read(&w->cx, c_path, FORMAT_FILE_MAX, &f->bytes) : no_memory(w);
    sha256_hex(text_str(&f->bytes), f->sha256);
    return rc;
}

static int note_problems(struct work *w, struct job *job, const struct record_problems *p)
{
    int rc = OK;

    for (size_t i = 0; i < p->n && rc >= 0; i++) {
        const struct record_problem *r = &p->rows[i];
        struct text value;
        text_init(&value, 4096);
        if (!utf8_valid(r->value) && decode(&w->cx, r->value, ENC_JISX0201, &value) < 0)
            error_clear(&w->cx);
        const struct str shown = utf8_valid(r->value) ? r->value : text_str(&value);
        rc = job_note(w, job, true, r->line, r->reason,
                      str_format(w->cx.arena, STR_FMT " [" STR_FMT "]", STR_ARG(r->field),
                                 STR_ARG(shown)));
        text_release(&value);
    }
    job_progress(job)->failed = (int64_t)p->all;
    return rc < 0 ? rc : job_checkpoint(w, job);
}

int format_refuse(struct work *w, struct job *job, const struct record_problems *p)
{
    if (p->all == 0)
        return OK;
    int rc = STORE_BEGIN(&w->cx, w->store);
    if (rc < 0)
        return rc;
    rc = note_problems(w, job, p);
    if (rc >= 0)
        rc = store_commit(&w->cx, w->store);
    else
        store_rollback(w->store);
    return rc < 0 ? rc : fail(&w->cx, ERR_INVALID, "collection.format.refused", "%zu", p->all);
}

int format_path(struct work *w, const char *folder, struct str name, struct str *out)
{
    const char *city = office_city_path(w->office);
    const struct str above = str_format(w->cx.arena, "%s/out", city),
                     in = str_format(w->cx.arena, "%s/out/%s", city, folder);

    *out = str_format(w->cx.arena, "%s/out/%s/" STR_FMT, city, folder, STR_ARG(name));
    if (!above.p || !in.p || !out->p)
        return no_memory(w);
    if ((mkdir(above.p, 0700) < 0 && errno != EEXIST) || (mkdir(in.p, 0700) < 0 && errno != EEXIST))
        return fail(&w->cx, ERR_IO, "levy.notices.folder", "%s", in.p);
    return OK;
}
