/* The register of documents as a file: what stands on each of them and what became of it. */
#include "desk/eligibility/certificate_inner.h"
#include "exchange/exchange.h"

#include <stdio.h>

enum { CHUNK = 5000 };
extern const unsigned char format_certificates[];
extern const size_t format_certificates_size;

static void put_face(struct csv_file *f, const struct eligibility_certificates_after_row *r)
{
    csv_put(f, "person_no", r->person_no);
    csv_put(f, "kind", r->kind);
    csv_put(f, "serial", r->serial);
    csv_put(f, "symbol", r->symbol);
    csv_put(f, "number", r->number);
    csv_put(f, "branch", r->branch);
    csv_put(f, "face_name", r->face_name);
    csv_put(f, "face_kana", r->face_kana);
    csv_put(f, "real_name", r->real_name);
    csv_put(f, "real_kana", r->real_kana);
    csv_put_flag(f, "sex_on_back", r->is_sex_on_back);
    csv_put_flag(f, "undisclosed", r->is_undisclosed);
}

static void put_terms(struct csv_file *f, const struct eligibility_certificates_after_row *r)
{
    csv_put_day(f, "issued", r->issued_ymd);
    csv_put_day(f, "effective", r->effective_ymd);
    csv_put_day(f, "valid_until", r->valid_until);
    csv_put_number(f, "issue_count", r->issue_count);
    csv_put(f, "cause", r->cause);
    csv_put_number(f, "share", r->share);
    csv_put_number(f, "division", r->division);
    csv_put_day(f, "long_stay", r->long_stay_ymd);
    csv_put_number(f, "limit", r->limit_yen.n);
    csv_put_number(f, "disease", r->disease);
    csv_put_day(f, "returned", r->returned_ymd);
    csv_put(f, "return_reason", r->return_reason);
    csv_put_day(f, "return_cause", r->return_cause_ymd);
}

static int put_all(struct work *w, struct csv_file *f)
{
    struct eligibility_certificates_after_list list;
    char after[32] = "";
    int result = OK;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct eligibility_certificates_after_in in = {str_of(after), CHUNK, w->asof.known};
        result = eligibility_certificates_after(&w->cx, w->store, &in, &list);
        for (size_t i = 0; result >= 0 && i < list.n; i++) {
            put_face(f, &list.rows[i]);
            put_terms(f, &list.rows[i]);
            csv_file_row(f);
        }
        if (result >= 0 && list.n > 0)
            snprintf(after, sizeof after, STR_FMT, STR_ARG(list.rows[list.n - 1].serial));
        arena_rewind(w->cx.arena, mark);
    } while (result >= 0 && list.n == CHUNK);
    return result;
}

int certificate_export(struct work *w, struct text *out, int64_t *rows)
{
    const struct str description = {(const char *)format_certificates, format_certificates_size};
    struct csv_file f;
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .query = STR("export certificates"),
                                                     .count = -1});

    *rows = 0;
    if (result < 0)
        return result;
    result = csv_file_open(&w->cx, &f, "certificates", description, out);
    if (result >= 0)
        result = put_all(w, &f);
    const int closed = csv_file_close(&w->cx, &f);
    result = result < 0 ? result : closed;
    *rows = f.rows;
    const int told = audit_outcome(w, result, f.rows);
    return result < 0 ? result : told;
}
