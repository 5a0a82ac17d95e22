/* Feeding facts in: rows are collected per table and written in bulk, ids given from a block. */
#include "desk/eligibility/certificate_inner.h"

#include <string.h>

struct rows { /* an array of one generated row type, in the batch's arena */
    void *p;
    size_t n, cap;
};
struct closing {
    int64_t row;
    int64_t event_no;
};
struct eligibility_batch {
    struct work *w;
    struct arena arena;
    struct rows household, branch, period, cover, circumstance, placement, certificate;
    struct rows close[ELIGIBILITY_FACTS];
};

int eligibility_batch_new(struct work *w, struct eligibility_batch **out)
{
    struct eligibility_batch *b = memory_alloc(sizeof(*b));

    *out = b;
    if (!b)
        return fail(&w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    b->w = w;
    arena_init(&b->arena, 0);
    return OK;
}

void eligibility_batch_free(struct eligibility_batch *b)
{
    if (!b)
        return;
    arena_release(&b->arena);
    memory_free(b);
}

static int out_of_memory(struct eligibility_batch *b)
{
    return fail(&b->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
}

static void *row_add(struct eligibility_batch *b, struct rows *r, size_t size)
{
    if (r->n == r->cap) {
        const size_t cap = r->cap ? r->cap * 2 : 256;
        char *p = arena_array(&b->arena, cap, size);
        if (!p)
            return NULL;
        if (r->n)
            memcpy(p, r->p, r->n * size);
        r->p = p;
        r->cap = cap;
    }
    return (char *)r->p + size * r->n++;
}

/* A new row with its id; *row is told the id. */
static int fact_begin(struct eligibility_batch *b, struct rows *rows, size_t size, int64_t *row,
                      void **out)
{
    int64_t id = 0;
    const int result = store_ids(&b->w->cx, b->w->store, 1, &id);

    if (result < 0)
        return result;
    *out = row_add(b, rows, size);
    if (!*out)
        return out_of_memory(b);
    *(int64_t *)*out = id; /* the first member of every generated row is its id */
    if (row)
        *row = id;
    return OK;
}
#define FACT_BEGIN(b, member, type, row, out)                                                      \
    fact_begin((b), &(b)->member, sizeof(struct type), (row), (void **)(out))

int eligibility_open_household(struct eligibility_batch *b, int64_t event_no,
                               const struct insured_household *f, int64_t *row)
{
    struct eligibility_insured_household *r = NULL;
    const int result = FACT_BEGIN(b, household, eligibility_insured_household, row, &r);

    if (result < 0)
        return result;
    r->household_id = f->household_id;
    r->symbol = f->symbol;
    r->number = f->number;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_branch(struct eligibility_batch *b, int64_t event_no, int64_t person_id,
                            const struct insured_household *h, struct str branch)
{
    struct eligibility_branch_number *r = NULL;
    const int result = FACT_BEGIN(b, branch, eligibility_branch_number, NULL, &r);

    if (result < 0)
        return result;
    r->person_id = person_id;
    r->symbol = h->symbol;
    r->number = h->number;
    r->branch = branch;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_period(struct eligibility_batch *b, int64_t event_no,
                            const struct insured_period *f, int64_t *row)
{
    struct eligibility_insured_period *r = NULL;

    if (!reason_is_known((int)f->acquired_by) || (f->lost_by && !reason_is_known(f->lost_by)))
        return fail(&b->w->cx, ERR_INVALID, "eligibility.reason.unknown", "%d %d",
                    (int)f->acquired_by, f->lost_by);
    const int result = FACT_BEGIN(b, period, eligibility_insured_period, row, &r);
    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->period_no = f->period_no;
    r->acquired_by = reason_code((int)f->acquired_by);
    r->acquired_cause_ymd = f->acquired_cause;
    r->acquired_notified_ymd = f->acquired_notified;
    r->lost_by = f->lost_by ? reason_code(f->lost_by) : STR_NONE;
    r->lost_cause_ymd = f->lost_by ? f->lost_cause : YMD_NONE;
    r->lost_notified_ymd = f->lost_by ? f->lost_notified : YMD_NONE;
    r->prefecture_acquired_ymd = f->prefecture_acquired;
    r->prefecture_lost_ymd = f->lost_by ? f->prefecture_lost : YMD_NONE;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_cover(struct eligibility_batch *b, int64_t event_no,
                           const struct other_cover *f, int64_t *row)
{
    struct eligibility_other_cover *r = NULL;
    const int result = FACT_BEGIN(b, cover, eligibility_other_cover, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = str_of(f->kind);
    r->insurer = f->insurer;
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_circumstance(struct eligibility_batch *b, int64_t event_no,
                                  const struct circumstance *f, int64_t *row)
{
    struct eligibility_circumstance *r = NULL;

    if (f->kind == CIRCUMSTANCE_UNEMPLOYED && !unemployment_code_counts(f->code))
        return fail(&b->w->cx, ERR_INVALID, "eligibility.circumstance.code", "%d", (int)f->code);
    const int result = FACT_BEGIN(b, circumstance, eligibility_circumstance, row, &r);
    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = f->kind;
    r->day = f->day;
    r->code = f->code;
    r->first_month = f->first_month;
    r->last_month = f->last_month;
    r->notified_ymd = f->notified;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_placement(struct eligibility_batch *b, int64_t event_no,
                               const struct placement *f, int64_t *row)
{
    struct eligibility_placement *r = NULL;
    const int result = FACT_BEGIN(b, placement, eligibility_placement, row, &r);

    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->household_id = f->household_id;
    r->kind = str_of(f->kind);
    r->place = f->place;
    r->review_ymd = f->review;
    if (f->use.city.n > 0) {
        r->postal_code = f->use.postal_code;
        r->prefecture = f->use.prefecture;
        r->city = f->use.city;
        r->town = f->use.town;
        r->number = f->use.number;
        r->building = f->use.building;
    }
    r->valid_from = f->valid.from;
    r->valid_to = f->valid.to;
    r->known_from = event_no;
    return OK;
}

int eligibility_open_certificate(struct eligibility_batch *b, int64_t event_no,
                                 const struct certificate_issue *f, int64_t *row)
{
    struct eligibility_certificate *r = NULL;
    const struct str family = certificate_family(str_of(f->kind));

    if (!family.p)
        return fail(&b->w->cx, ERR_INVALID, "eligibility.issue.kind_unknown", "%s", f->kind);
    const int result = FACT_BEGIN(b, certificate, eligibility_certificate, row, &r);
    if (result < 0)
        return result;
    r->person_id = f->person_id;
    r->kind = str_of(f->kind);
    r->family = family;
    r->real_name = f->real_name;
    r->real_kana = f->real_kana;
    r->is_sex_on_back = f->is_sex_on_back;
    r->is_undisclosed = f->is_undisclosed;
    r->effective_ymd = f->effective;
    r->cause = f->cause;
    r->place = f->place;
    r->serial = f->serial;
    r->symbol = f->symbol;
    r->number = f->number;
    r->branch = f->branch;
    r->face_name = f->face_name;
    r->face_kana = f->face_kana;
    r->issued_ymd = f->issued;
    r->valid_until = f->valid_until;
    r->issue_count = f->issue_count;
    r->returned_ymd = f->returned;
    r->return_reason = f->return_reason;
    r->return_cause_ymd = f->return_cause;
    r->long_stay_ymd = YMD_NONE;
    r->known_from = event_no;
    return OK;
}

int eligibility_close(struct eligibility_batch *b, enum eligibility_fact fact, int64_t row,
                      int64_t event_no)
{
    struct closing *c = row_add(b, &b->close[fact], sizeof(*c));
    if (!c)
        return out_of_memory(b);
    *c = (struct closing){row, event_no};
    return OK;
}

/* --- writing ------------------------------------------------------------------------------ */

typedef int close_fn(struct context *cx, struct store *st, const int64_t *ids, size_t n,
                     int64_t event_no);

/* Rows closed by the same event go together; they were asked for event by event. */
static int write_closings(struct eligibility_batch *b, const struct rows *rows, close_fn *close)
{
    const struct closing *c = rows->p;
    int64_t *ids = ARENA_ARRAY(&b->arena, rows->n, int64_t);
    int result = OK;

    if (rows->n && !ids)
        return out_of_memory(b);
    for (size_t i = 0; i < rows->n && result >= 0;) {
        size_t n = 0;
        const int64_t event_no = c[i].event_no;
        for (; i < rows->n && c[i].event_no == event_no; i++)
            ids[n++] = c[i].row;
        result = close(&b->w->cx, b->w->store, ids, n, event_no);
    }
    return result;
}

static int write_rows(struct eligibility_batch *b)
{
    struct context *cx = &b->w->cx;
    struct store *st = b->w->store;
    int r = eligibility_insured_household_bulk(cx, st, b->household.p, b->household.n);

    if (r >= 0)
        r = eligibility_branch_number_bulk(cx, st, b->branch.p, b->branch.n);
    if (r >= 0)
        r = eligibility_insured_period_bulk(cx, st, b->period.p, b->period.n);
    if (r >= 0)
        r = eligibility_other_cover_bulk(cx, st, b->cover.p, b->cover.n);
    if (r >= 0)
        r = eligibility_circumstance_bulk(cx, st, b->circumstance.p, b->circumstance.n);
    if (r >= 0)
        r = eligibility_placement_bulk(cx, st, b->placement.p, b->placement.n);
    return r < 0 ? r : eligibility_certificate_bulk(cx, st, b->certificate.p, b->certificate.n);
}

static int write_all_closings(struct eligibility_batch *b)
{
    static close_fn *const closers[ELIGIBILITY_FACTS] = {
        [ELIGIBILITY_HOUSEHOLD] = eligibility_insured_household_close_many,
        [ELIGIBILITY_PERIOD] = eligibility_insured_period_close_many,
        [ELIGIBILITY_COVER] = eligibility_other_cover_close_many,
        [ELIGIBILITY_CIRCUMSTANCE] = eligibility_circumstance_close_many,
        [ELIGIBILITY_PLACEMENT] = eligibility_placement_close_many,
        [ELIGIBILITY_CERTIFICATE] = eligibility_certificate_close_many};
    int result = OK;

    for (int f = 0; f < ELIGIBILITY_FACTS && result >= 0; f++)
        result = write_closings(b, &b->close[f], closers[f]);
    return result;
}

static void batch_clear(struct eligibility_batch *b)
{
    struct rows *const all[] = {&b->household,    &b->branch,    &b->period,     &b->cover,
                                &b->circumstance, &b->placement, &b->certificate};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
        *all[i] = (struct rows){0};
    for (int f = 0; f < ELIGIBILITY_FACTS; f++)
        b->close[f] = (struct rows){0};
    arena_release(&b->arena);
}

int eligibility_batch_write(struct work *w, struct eligibility_batch *b)
{
    int result = write_rows(b);

    (void)w;
    if (result >= 0)
        result = write_all_closings(b);
    batch_clear(b);
    return result < 0 ? error_add(&b->w->cx, "write eligibility") : OK;
}
