/* The register as it is read: documents of people, one by its serial, what must come back. */
#include "desk/eligibility/certificate_inner.h"

#include <stdlib.h>

enum { OLD_KINDS_MAX = 24 };

static struct held held_of_row(const struct certificate_tables *t, struct ymd day,
                               const struct eligibility_held_of_row *r)
{
    struct held c = {.person_id = r->person_id,
                     .person_no = r->person_no,
                     .name = r->name,
                     .kind = r->kind,
                     .serial = r->serial,
                     .symbol = r->symbol,
                     .number = r->number,
                     .branch = r->branch,
                     .face_name = r->face_name,
                     .face_kana = r->face_kana,
                     .real_name = r->real_name,
                     .real_kana = r->real_kana,
                     .is_sex_on_back = r->is_sex_on_back,
                     .is_undisclosed = r->is_undisclosed,
                     .issued = r->issued_ymd,
                     .effective = r->effective_ymd,
                     .valid_until = r->valid_until,
                     .issue_count = r->issue_count,
                     .cause = r->cause,
                     .share = r->share,
                     .division = (enum division)r->division,
                     .limit = r->limit_yen,
                     .disease = r->disease,
                     .long_stay = r->long_stay_ymd,
                     .place = r->place,
                     .user = r->issued_by,
                     .returned = r->returned_ymd,
                     .return_reason = r->return_reason,
                     .return_cause = r->return_cause_ymd,
                     .handed = r->how,
                     .is_confirmed = !r->confirmed_null && r->confirmed,
                     .handed_at = r->handed_at_null ? 0 : r->handed_at,
                     .handed_by = r->handed_by};
    c.state = certificate_state_of(t, &c, r->insured, r->newer, day);
    return c;
}

static int read_held(struct work *w, struct store_id_list people, struct store_text_list serials,
                     struct helds *out)
{
    const struct certificate_tables *t;
    struct eligibility_held_of_list list;
    int result = certificate_tables_read(w, &t);

    *out = (struct helds){0};
    if (result >= 0)
        result =
            eligibility_held_of(&w->cx, w->store,
                                &(struct eligibility_held_of_in){people, serials, w->asof}, &list);
    if (result < 0)
        return error_add(&w->cx, "read the register of certificates");
    out->rows = ARENA_ARRAY(w->cx.arena, list.n + 1, struct held);
    if (!out->rows)
        return certificate_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        if (out->n == 0 || !str_equal(out->rows[out->n - 1].serial, list.rows[i].serial))
            out->rows[out->n++] = held_of_row(t, w->asof.valid, &list.rows[i]);
    }
    return OK;
}

int certificate_of_people(struct work *w, const int64_t *person_ids, size_t n, struct helds *out)
{
    return read_held(w, (struct store_id_list){person_ids, n}, (struct store_text_list){0}, out);
}

int certificate_by_serial(struct work *w, struct str serial, struct held *out)
{
    struct helds all;
    const int result =
        read_held(w, (struct store_id_list){0}, (struct store_text_list){&serial, 1}, &all);

    if (result < 0 || all.n == 0)
        return result;
    *out = all.rows[0];
    return 1;
}

/* Kinds whose last day of all is over: nobody need bring them any more. */
static size_t old_kinds(const struct certificate_tables *t, struct ymd day,
                        struct str kinds[OLD_KINDS_MAX + 1])
{
    size_t n = 0;

    kinds[n++] = STR("-");
    for (size_t i = 0; i < t->n_kinds && n <= OLD_KINDS_MAX; i++) {
        const struct certificate_kind *k = &t->kind[i];
        if (!ymd_is_none(k->latest) && ymd_compare(k->latest, day) < 0)
            kinds[n++] = k->name;
    }
    return n;
}

static int by_serial(const void *a, const void *b)
{
    return str_compare(((const struct held *)a)->serial, ((const struct held *)b)->serial);
}

int certificate_open_returns(struct work *w, struct str after_serial, int64_t n, struct helds *out)
{
    const struct certificate_tables *t;
    struct str kinds[OLD_KINDS_MAX + 1];
    struct eligibility_serials_to_return_list list;
    int result = certificate_tables_read(w, &t);

    if (result < 0)
        return result;
    const size_t n_kinds = old_kinds(t, w->asof.valid, kinds);
    result = eligibility_serials_to_return(
        &w->cx, w->store,
        &(struct eligibility_serials_to_return_in){.after = after_serial.p ? after_serial : STR(""),
                                                   .day = w->asof.valid,
                                                   .old_kinds = {kinds, n_kinds},
                                                   .n = n,
                                                   .asof = w->asof},
        &list);
    struct str *serials = result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct str);
    if (!serials)
        return result < 0 ? result : certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        serials[i] = list.rows[i].serial;
    result =
        read_held(w, (struct store_id_list){0}, (struct store_text_list){serials, list.n}, out);
    if (result >= 0 && out->n > 0)
        qsort(out->rows, out->n, sizeof(*out->rows), by_serial);
    return result;
}

int certificate_special(struct work *w, struct str after_serial, bool open_only, int64_t n,
                        struct helds *out)
{
    struct eligibility_special_serials_list list;
    const struct eligibility_special_serials_in in = {.after =
                                                          after_serial.p ? after_serial : STR(""),
                                                      .open_only = open_only,
                                                      .day = w->asof.valid,
                                                      .n = n,
                                                      .known = w->asof.known};
    int result = eligibility_special_serials(&w->cx, w->store, &in, &list);
    struct str *serials = result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct str);

    if (!serials)
        return result < 0 ? result : certificate_memory(w);
    for (size_t i = 0; i < list.n; i++)
        serials[i] = list.rows[i].serial;
    result =
        read_held(w, (struct store_id_list){0}, (struct store_text_list){serials, list.n}, out);
    if (result >= 0 && out->n > 0)
        qsort(out->rows, out->n, sizeof(*out->rows), by_serial);
    return result;
}
