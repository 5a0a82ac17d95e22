/* The register of documents as a file: what stands on each of them and what became of it. */
#include "desk/eligibility/certificate_inner.h"
#include "exchange/exchange.h"

#include <stdio.h>

enum { CHUNK = 5000 };
extern const unsigned char format_certificates[];
extern const size_t format_certificates_size;

struct output {
    struct work *w;
    struct columns columns;
    struct text *out;
    struct str *values; /* of the row in hand, by column */
    struct arena texts;
    int64_t rows;
};

static void put(struct output *o, const char *id, struct str value)
{
    o->values[column_of(&o->columns, id)] = value.p ? value : STR("");
}

static void put_day(struct output *o, const char *id, struct ymd d)
{
    char text[11] = "";

    if (!ymd_is_none(d))
        ymd_format(d, text);
    put(o, id, str_copy(&o->texts, str_of(text)));
}

static void put_flag(struct output *o, const char *id, bool value)
{
    put(o, id, value ? STR("1") : STR("0"));
}

/* 0: the document does not carry it. */
static void put_number(struct output *o, const char *id, int64_t value)
{
    put(o, id, value == 0 ? STR("") : str_format(&o->texts, "%lld", (long long)value));
}

static void put_face(struct output *o, const struct eligibility_certificates_after_row *r)
{
    put(o, "person_no", r->person_no);
    put(o, "kind", r->kind);
    put(o, "serial", r->serial);
    put(o, "symbol", r->symbol);
    put(o, "number", r->number);
    put(o, "branch", r->branch);
    put(o, "face_name", r->face_name);
    put(o, "face_kana", r->face_kana);
    put(o, "real_name", r->real_name);
    put(o, "real_kana", r->real_kana);
    put_flag(o, "sex_on_back", r->is_sex_on_back);
    put_flag(o, "undisclosed", r->is_undisclosed);
}

static void put_terms(struct output *o, const struct eligibility_certificates_after_row *r)
{
    put_day(o, "issued", r->issued_ymd);
    put_day(o, "effective", r->effective_ymd);
    put_day(o, "valid_until", r->valid_until);
    put_number(o, "issue_count", r->issue_count);
    put(o, "cause", r->cause);
    put_number(o, "share", r->share);
    put_number(o, "division", r->division);
    put_day(o, "long_stay", r->long_stay_ymd);
    put_number(o, "limit", r->limit_yen.n);
    put_number(o, "disease", r->disease);
    put_day(o, "returned", r->returned_ymd);
    put(o, "return_reason", r->return_reason);
    put_day(o, "return_cause", r->return_cause_ymd);
}

static void put_row(struct output *o, const struct eligibility_certificates_after_row *r)
{
    const struct arena_mark mark = arena_mark(&o->texts);

    put_face(o, r);
    put_terms(o, r);
    for (size_t i = 0; i < o->columns.n; i++)
        csv_add(o->out, o->values[i]);
    csv_end(o->out);
    o->rows++;
    arena_rewind(&o->texts, mark);
}

static int put_all(struct output *o)
{
    struct work *w = o->w;
    struct eligibility_certificates_after_list list;
    char after[32] = "";
    int result = OK;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct eligibility_certificates_after_in in = {str_of(after), CHUNK, w->asof.known};
        result = eligibility_certificates_after(&w->cx, w->store, &in, &list);
        for (size_t i = 0; result >= 0 && i < list.n; i++)
            put_row(o, &list.rows[i]);
        if (result >= 0 && list.n > 0)
            snprintf(after, sizeof after, STR_FMT, STR_ARG(list.rows[list.n - 1].serial));
        arena_rewind(w->cx.arena, mark);
    } while (result >= 0 && list.n == CHUNK);
    return result;
}

static int put_file(struct output *o)
{
    int result =
        columns_read(&o->w->cx, &o->texts, "certificates",
                     (struct str){(const char *)format_certificates, format_certificates_size},
                     &o->columns);

    if (result < 0)
        return result;
    o->values = ARENA_ARRAY(&o->texts, o->columns.n + 1, struct str);
    if (!o->values)
        return certificate_memory(o->w);
    for (size_t i = 0; i < o->columns.n; i++)
        csv_add(o->out, o->columns.rows[i].name);
    csv_end(o->out);
    result = put_all(o);
    (void)text_addf(o->out, "CONTROL,%lld\r\n", (long long)o->rows);
    return result < 0 || !o->out->failed ? result : certificate_memory(o->w);
}

int certificate_export(struct work *w, struct text *out, int64_t *rows)
{
    struct output o = {.w = w, .out = out};
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .query = STR("export certificates"),
                                                     .count = -1});

    *rows = 0;
    if (result < 0)
        return result;
    arena_init(&o.texts, 0);
    result = put_file(&o);
    arena_release(&o.texts);
    *rows = o.rows;
    const int told = audit_outcome(w, result, o.rows);
    return result < 0 ? result : told;
}
