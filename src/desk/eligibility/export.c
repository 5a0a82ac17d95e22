/* The residents of a day as a file of the same format as the import takes. */
#include "desk/eligibility/inner.h"

enum { CHUNK = 5000 };
extern const unsigned char format_residents[];
extern const size_t format_residents_size;

static void put_person(struct csv_file *f, const struct eligibility_residents_after_row *r)
{
    csv_put(f, "person_no", r->person_no);
    csv_put(f, "name", r->name);
    csv_put(f, "kana", r->kana);
    csv_put(f, "real_name", r->real_name);
    csv_put_day(f, "birth", r->birth_ymd);
    csv_put(f, "sex", r->sex);
    csv_put_day(f, "resident_from", r->resident_from);
    csv_put(f, "household_no", r->household_no);
    csv_put(f, "relation", r->relation);
    csv_put(f, "nationality", r->nationality);
    csv_put(f, "stay_status", r->stay_status);
    csv_put_day(f, "stay_until", r->stay_until);
    csv_put_flag(f, "protected", r->is_protected);
}

static void put_address(struct csv_file *f, const struct eligibility_residents_after_row *r)
{
    csv_put(f, "postal_code", r->postal_code);
    csv_put(f, "city_code", r->city_code);
    csv_put(f, "prefecture", r->prefecture);
    csv_put(f, "city", r->city);
    csv_put(f, "town_code", r->town_code);
    csv_put(f, "town", r->town);
    csv_put(f, "number", r->number);
    csv_put(f, "building", r->building);
}

static void put_period(struct csv_file *f, const struct eligibility_residents_after_row *r)
{
    csv_put(f, "symbol", r->symbol);
    csv_put(f, "insured_no", r->insured_no);
    csv_put(f, "branch", r->branch);
    csv_put_day(f, "acquired", r->acquired_ymd);
    csv_put(f, "acquired_by", r->acquired_by);
    csv_put_day(f, "acquired_notified", r->acquired_notified_ymd);
    csv_put_day(f, "lost", r->lost_ymd);
    csv_put(f, "lost_by", r->lost_by);
    csv_put_day(f, "lost_cause", r->lost_cause_ymd);
}

static int put_all(struct work *w, struct csv_file *f)
{
    struct eligibility_residents_after_list list;
    int64_t after = 0;
    int result = OK;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct eligibility_residents_after_in in = {after, CHUNK, w->asof};
        result = eligibility_residents_after(&w->cx, w->store, &in, &list);
        for (size_t i = 0; result >= 0 && i < list.n; i++) {
            put_person(f, &list.rows[i]);
            put_address(f, &list.rows[i]);
            put_period(f, &list.rows[i]);
            csv_file_row(f);
            after = list.rows[i].person_id;
        }
        arena_rewind(w->cx.arena, mark);
    } while (result >= 0 && list.n == CHUNK);
    return result;
}

int eligibility_export_residents(struct work *w, struct text *out, int64_t *rows)
{
    const struct str description = {(const char *)format_residents, format_residents_size};
    struct csv_file f;
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .query = STR("export residents"),
                                                     .count = -1});

    *rows = 0;
    if (result < 0)
        return result;
    result = csv_file_open(&w->cx, &f, "residents", description, out);
    if (result >= 0)
        result = put_all(w, &f);
    const int closed = csv_file_close(&w->cx, &f);
    result = result < 0 ? result : closed;
    *rows = f.rows;
    const int told = audit_outcome(w, result, f.rows);
    return result < 0 ? result : told;
}
