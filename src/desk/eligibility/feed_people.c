/* Files about who people are: non-residents daily, and the register's whole list to compare with.
 */
#include "desk/eligibility/inner.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char format_nonresidents[], format_residents[];
extern const size_t format_nonresidents_size, format_residents_size;

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

/* --- non-residents ------------------------------------------------------------------------------
 */

static int check_nonresident(struct import *im, struct table_row *row)
{
    const bool corporation = str_is(import_field(im, row, "corporation"), "1");

    if (!corporation && import_field(im, row, "birth").n == 0)
        return import_problem(im, row, "birth", "exchange.field.missing");
    if (ymd_compare(import_day(im, row, "since"), im->w->today) > 0)
        return import_problem(im, row, "since", "eligibility.change.in_future");
    return OK;
}

static struct nonresident nonresident_of(const struct import *im, const struct table_row *row)
{
    const struct str sex = import_field(im, row, "sex");

    return (struct nonresident){.person_no = import_field(im, row, "person_no"),
                                .is_corporation = str_is(import_field(im, row, "corporation"), "1"),
                                .name = import_field(im, row, "name"),
                                .kana = import_field(im, row, "kana"),
                                .birth = import_day(im, row, "birth"),
                                .birth_note = STR(""),
                                .sex = sex.n ? (enum sex)(sex.p[0] - '0') : SEX_UNKNOWN,
                                .postal_code = import_field(im, row, "postal_code"),
                                .prefecture = import_field(im, row, "prefecture"),
                                .city = import_field(im, row, "city"),
                                .town = import_field(im, row, "town"),
                                .number = import_field(im, row, "number"),
                                .building = import_field(im, row, "building"),
                                .since = import_day(im, row, "since")};
}

/* One who is on the register is the register's to tell. */
static int is_resident(struct import *im, const struct table_row *row, int64_t person_id)
{
    struct person p;
    const int result = party_person(im->w, person_id, &p);

    if (result < 0 || !p.is_resident)
        return result;
    (void)fail(&im->w->cx, ERR_INVALID, "eligibility.feed.is_resident", STR_FMT,
               STR_ARG(p.person_no));
    return fail_where(&im->w->cx, "nonresidents", (int)row->line, 0, "person_no");
}

static int take_nonresident(struct import *im, const struct table_row *row, int64_t event_no,
                            struct party_batch *b)
{
    const struct nonresident n = nonresident_of(im, row);
    int64_t id = 0;
    int result = party_ids_by_no(im->w, &n.person_no, 1, &id);

    if (result >= 0 && id != 0)
        result = is_resident(im, row, id);
    if (result >= 0)
        result = id != 0 ? party_nonresident_change(b, event_no, id, &n)
                         : party_nonresident_open(b, event_no, &n, false, &id);
    return result < 0 ? result : party_batch_write(im->w, b);
}

static int apply_nonresidents(struct import *im, int64_t event_no, struct table_row *const *rows,
                              size_t n)
{
    struct party_batch *b = NULL;
    int result = party_batch_new(im->w, &b);

    for (size_t i = 0; i < n && result >= 0; i++)
        result = take_nonresident(im, rows[i], event_no, b);
    party_batch_free(b);
    return result;
}

int feed_import_nonresidents(struct work *w, struct job *job)
{
    const struct import_kind kind = {.name = "nonresidents",
                                     .event_kind = "feed.file",
                                     .source = "addressee",
                                     .description = {(const char *)format_nonresidents,
                                                     format_nonresidents_size},
                                     .is_strict = true,
                                     .reason = job_option(job, "force"),
                                     .check = check_nonresident,
                                     .apply = apply_nonresidents};
    return party_import(w, job, &kind);
}

/* --- the register's whole list against ours (突合)
 * ------------------------------------------------ */

enum { RESIDENTS_CHUNK = 5000 };

struct comparing {
    struct eligibility_residents_after_row *rows; /* ours, by number */
    bool *is_met;
    size_t n, cap;
};

static int by_person_no(const void *a, const void *b)
{
    return str_compare(((const struct eligibility_residents_after_row *)a)->person_no,
                       ((const struct eligibility_residents_after_row *)b)->person_no);
}

static bool make_room(struct import *im, struct comparing *c, size_t more)
{
    if (c->n + more <= c->cap)
        return true;
    const size_t cap = (c->cap + more) * 2;
    struct eligibility_residents_after_row *rows =
        ARENA_ARRAY(im->w->cx.arena, cap, struct eligibility_residents_after_row);
    if (!rows)
        return false;
    if (c->n)
        memcpy(rows, c->rows, c->n * sizeof(*rows));
    c->rows = rows;
    c->cap = cap;
    return true;
}

static int begin_comparing(struct import *im)
{
    struct comparing *c = im->own;
    struct eligibility_residents_after_in in = {.n = RESIDENTS_CHUNK, .asof = im->w->asof};
    struct eligibility_residents_after_list list;

    do {
        const int result = eligibility_residents_after(&im->w->cx, im->w->store, &in, &list);
        if (result < 0)
            return result;
        if (!make_room(im, c, list.n + 1))
            return no_memory(im->w);
        for (size_t i = 0; i < list.n; i++)
            c->rows[c->n++] = list.rows[i];
        in.after = list.n ? list.rows[list.n - 1].person_id : 0;
    } while (list.n == RESIDENTS_CHUNK);
    c->is_met = ARENA_ARRAY(im->w->cx.arena, c->n + 1, bool);
    if (!c->is_met)
        return no_memory(im->w);
    qsort(c->rows, c->n, sizeof(*c->rows), by_person_no);
    return OK;
}

static bool same_text(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

static int compare_texts(struct import *im, struct table_row *row,
                         const struct eligibility_residents_after_row *r)
{
    const struct {
        const char *id;
        struct str ours;
    } texts[] = {{"name", r->name},
                 {"kana", r->kana},
                 {"sex", r->sex},
                 {"household_no", r->household_no},
                 {"relation", r->relation},
                 {"nationality", r->nationality},
                 {"stay_status", r->stay_status},
                 {"town", r->town},
                 {"number", r->number},
                 {"building", r->building}};
    int result = OK;

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]) && result >= 0; i++) {
        if (!same_text(texts[i].ours, import_field(im, row, texts[i].id)))
            result = import_problem(im, row, texts[i].id, "eligibility.compare.differs");
    }
    return result;
}

static int compare_days(struct import *im, struct table_row *row,
                        const struct eligibility_residents_after_row *r)
{
    const struct {
        const char *id;
        struct ymd ours;
    } days[] = {{"birth", r->birth_ymd},
                {"stay_until", r->stay_until},
                {"resident_from", r->resident_from}};
    int result = OK;

    for (size_t i = 0; i < sizeof(days) / sizeof(days[0]) && result >= 0; i++) {
        if (ymd_compare(days[i].ours, import_day(im, row, days[i].id)) != 0)
            result = import_problem(im, row, days[i].id, "eligibility.compare.differs");
    }
    return result;
}

/* Who is on our list and not on theirs is told behind the last line, by number. */
static int tell_missing_there(struct import *im)
{
    const struct comparing *c = im->own;
    const size_t column = column_of(&im->columns, "person_no");
    int result = OK;

    for (size_t i = 0; i < c->n && result >= 0; i++) {
        struct str *fields = ARENA_ARRAY(im->arena, im->columns.n, struct str);
        if (!fields)
            return no_memory(im->w);
        fields[column] = c->rows[i].person_no;
        struct table_row row = {0, fields, false};
        if (!c->is_met[i])
            result = import_problem(im, &row, "person_no", "eligibility.compare.missing_there");
    }
    return result;
}

static int compare_row(struct import *im, struct table_row *row)
{
    struct comparing *c = im->own;
    struct eligibility_residents_after_row key = {.person_no = import_field(im, row, "person_no")};
    struct eligibility_residents_after_row *ours =
        bsearch(&key, c->rows, c->n, sizeof(*c->rows), by_person_no);

    int result = OK;
    if (!ours)
        result = import_problem(im, row, "person_no", "eligibility.compare.missing_here");
    else
        c->is_met[ours - c->rows] = true;
    if (ours && result >= 0)
        result = compare_texts(im, row, ours);
    if (ours && result >= 0)
        result = compare_days(im, row, ours);
    const bool is_last = row == &im->table.rows[im->table.n - 1];
    return result < 0 || !is_last ? result : tell_missing_there(im);
}

static int write_nothing(struct import *im, int64_t event_no, struct table_row *const *rows,
                         size_t n)
{
    (void)im;
    (void)event_no;
    (void)rows;
    (void)n;
    return OK;
}

int feed_compare_residents(struct work *w, struct job *job)
{
    struct comparing comparing = {NULL, NULL, 0, 0};
    const struct import_kind kind = {.name = "compare_residents",
                                     .event_kind = "register.compared",
                                     .source = "register",
                                     .description = {(const char *)format_residents,
                                                     format_residents_size},
                                     .usual = IMPORT_LINES,
                                     .own = &comparing,
                                     .begin = begin_comparing,
                                     .check = compare_row,
                                     .apply = write_nothing};
    return party_import(w, job, &kind);
}
