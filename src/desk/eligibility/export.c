/* The residents of a day as a file of the same format as the import takes. */
#include "desk/eligibility/inner.h"

enum { CHUNK = 5000 };
extern const unsigned char format_residents[];
extern const size_t format_residents_size;

struct output {
    struct work *w;
    struct columns columns;
    struct text *out;
    struct str *values; /* of the row in hand, by column */
    struct arena texts; /* days as texts */
    int64_t rows;
};

static void put(struct output *o, const char *id, struct str value)
{
    o->values[column_of(&o->columns, id)] = value;
}

static void put_day(struct output *o, const char *id, struct ymd d)
{
    char text[11] = "";

    if (!ymd_is_none(d))
        ymd_format(d, text);
    put(o, id, str_copy(&o->texts, str_of(text)));
}

static void put_person(struct output *o, const struct eligibility_residents_after_row *r)
{
    put(o, "person_no", r->person_no);
    put(o, "name", r->name);
    put(o, "kana", r->kana);
    put(o, "real_name", r->real_name);
    put_day(o, "birth", r->birth_ymd);
    put(o, "sex", r->sex);
    put_day(o, "resident_from", r->resident_from);
    put(o, "household_no", r->household_no);
    put(o, "relation", r->relation);
    put(o, "nationality", r->nationality);
    put(o, "stay_status", r->stay_status);
    put_day(o, "stay_until", r->stay_until);
    put(o, "protected", r->is_protected ? STR("1") : STR("0"));
}

static void put_address(struct output *o, const struct eligibility_residents_after_row *r)
{
    put(o, "postal_code", r->postal_code);
    put(o, "city_code", r->city_code);
    put(o, "prefecture", r->prefecture);
    put(o, "city", r->city);
    put(o, "town_code", r->town_code);
    put(o, "town", r->town);
    put(o, "number", r->number);
    put(o, "building", r->building);
}

static void put_period(struct output *o, const struct eligibility_residents_after_row *r)
{
    put(o, "symbol", r->symbol);
    put(o, "insured_no", r->insured_no);
    put(o, "branch", r->branch);
    put_day(o, "acquired", r->acquired_ymd);
    put(o, "acquired_by", r->acquired_by);
    put_day(o, "acquired_notified", r->acquired_notified_ymd);
    put_day(o, "lost", r->lost_ymd);
    put(o, "lost_by", r->lost_by);
    put_day(o, "lost_cause", r->lost_cause_ymd);
}

static void put_row(struct output *o, const struct eligibility_residents_after_row *r)
{
    const struct arena_mark mark = arena_mark(&o->texts);

    for (size_t i = 0; i < o->columns.n; i++)
        o->values[i] = STR("");
    put_person(o, r);
    put_address(o, r);
    put_period(o, r);
    for (size_t i = 0; i < o->columns.n; i++)
        csv_add(o->out, o->values[i]);
    csv_end(o->out);
    o->rows++;
    arena_rewind(&o->texts, mark);
}

static int put_all(struct output *o)
{
    struct work *w = o->w;
    struct eligibility_residents_after_list list;
    int64_t after = 0;
    int result = OK;

    do {
        const struct arena_mark mark = arena_mark(w->cx.arena);
        const struct eligibility_residents_after_in in = {after, CHUNK, w->asof};
        result = eligibility_residents_after(&w->cx, w->store, &in, &list);
        for (size_t i = 0; result >= 0 && i < list.n; i++) {
            put_row(o, &list.rows[i]);
            after = list.rows[i].person_id;
        }
        arena_rewind(w->cx.arena, mark);
    } while (result >= 0 && list.n == CHUNK);
    return result;
}

static int put_file(struct output *o)
{
    int result = columns_read(&o->w->cx, &o->texts, "residents",
                              (struct str){(const char *)format_residents, format_residents_size},
                              &o->columns);
    if (result < 0)
        return result;
    o->values = ARENA_ARRAY(&o->texts, o->columns.n + 1, struct str);
    if (!o->values)
        return fail(&o->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < o->columns.n; i++)
        csv_add(o->out, o->columns.rows[i].name);
    csv_end(o->out);
    result = put_all(o);
    (void)text_addf(o->out, "CONTROL,%lld\r\n", (long long)o->rows);
    return result < 0 || !o->out->failed ? result
                                         : fail(&o->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

int eligibility_export_residents(struct work *w, struct text *out, int64_t *rows)
{
    struct output o = {.w = w, .out = out};
    int result = audit_write(w, &(struct audit_line){.class = AUDIT_OUTPUT,
                                                     .query = STR("export residents"),
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
