/*
 * The legacy single file (国民健康保険情報ファイル) is moved into the four files of the business:
 * eligibility, levy, benefit, collection. It stays readable as it was. Before the cut-over day
 * (setting legacy.cutover) the old view is the one that holds, from then on the four files.
 */
#include "desk/party/inner.h"
#include "party_pages.h"

extern const unsigned char format_legacy_single[];
extern const size_t format_legacy_single_size;

enum { FILES = 4 };

static int no_memory(struct work *w)
{
    return fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
}

bool legacy_cutover_parse(struct str words, struct ymd *out)
{
    return ymd_parse(words, out);
}

int legacy_cutover(struct work *w, struct ymd *out)
{
    const struct str words = setting_get(w, "legacy.cutover");
    return legacy_cutover_parse(words, out)
               ? OK
               : fail(&w->cx, ERR_CORRUPT, "party.legacy.cutover", STR_FMT, STR_ARG(words));
}

/* --- checked as a whole -------------------------------------------------------------------------
 */

struct taking {
    struct ymd cutover;
    int64_t *people; /* by line of the file */
};

static int know_people(struct import *im, struct taking *t)
{
    const size_t n = im->table.n;
    struct str *nos = ARENA_ARRAY(im->arena, n + 1, struct str);
    t->people = ARENA_ARRAY(im->arena, n + 1, int64_t);
    if (!nos || !t->people)
        return no_memory(im->w);
    for (size_t i = 0; i < n; i++)
        nos[i] = import_field(im, &im->table.rows[i], "person_no");
    int result = party_ids_by_no(im->w, nos, n, t->people);
    for (size_t i = 0; i < n && result >= 0; i++) {
        if (t->people[i] == 0 && nos[i].n > 0)
            result = import_problem(im, &im->table.rows[i], "person_no", "party.legacy.person");
    }
    return result;
}

/* A record is moved once; the same number twice in a file is no record number. */
static int know_references(struct import *im)
{
    const size_t n = im->table.n;
    struct str *names = ARENA_ARRAY(im->arena, n + 1, struct str);
    struct party_legacy_known_list known;
    if (!names)
        return no_memory(im->w);
    for (size_t i = 0; i < n; i++)
        names[i] = import_field(im, &im->table.rows[i], "reference");
    const struct party_legacy_known_in in = {{names, n}};
    int result = party_legacy_known(&im->w->cx, im->w->store, &in, &known);
    for (size_t i = 0; i < n && result >= 0; i++) {
        bool seen = i > 0 && str_compare(names[i - 1], names[i]) >= 0;
        for (size_t k = 0; k < known.n && !seen; k++)
            seen = str_equal(known.rows[k].reference, names[i]);
        if (seen)
            result = import_problem(im, &im->table.rows[i], "reference", "party.legacy.reference");
    }
    return result;
}

static int begin(struct import *im)
{
    struct taking *t = im->own;
    int result = legacy_cutover(im->w, &t->cutover);
    if (result >= 0)
        result = know_people(im, t);
    return result < 0 ? result : know_references(im);
}

static int check(struct import *im, struct table_row *row)
{
    const struct taking *t = im->own;
    const struct ymd from = import_day(im, row, "from"), until = import_day(im, row, "until");
    const bool is_cover = str_is(import_field(im, row, "file"), "1");
    const bool has_amount = import_field(im, row, "amount").n > 0;

    if (!ymd_is_none(from) && ymd_compare(from, t->cutover) >= 0)
        return import_problem(im, row, "from", "party.legacy.after_cutover");
    if (!ymd_is_none(until) && ymd_compare(until, from) < 0)
        return import_problem(im, row, "until", "party.legacy.span");
    if (is_cover == has_amount)
        return import_problem(im, row, "amount", "party.legacy.amount");
    return OK;
}

/* --- moved --------------------------------------------------------------------------------------
 */

struct moving { /* rows of a chunk by the file they go to */
    struct party_legacy_record *record;
    struct party_legacy_eligibility *eligibility;
    struct party_legacy_levy *levy;
    struct party_legacy_benefit *benefit;
    struct party_legacy_collection *collection;
    size_t n, of[FILES + 1];
};

#define MOVED(kind, r, id)                                                                         \
    (struct party_legacy_##kind)                                                                   \
    {                                                                                              \
        .legacy_##kind##_id = (id), .legacy_record_id = (r)->legacy_record_id,                     \
        .person_id = (r)->person_id, .fiscal_year = (r)->fiscal_year,                              \
        .fiscal_year_null = (r)->fiscal_year_null, .from_ymd = (r)->from_ymd,                      \
        .until_ymd = (r)->until_ymd, .amount_yen = (r)->amount_yen,                                \
        .amount_yen_null = (r)->amount_yen_null, .content = (r)->content,                          \
        .known_from = (r)->known_from                                                              \
    }

static void move(struct moving *m, const struct party_legacy_record *r, int64_t id)
{
    const size_t at = m->of[r->file]++;
    switch (r->file) {
    case 1:
        m->eligibility[at] = MOVED(eligibility, r, id);
        break;
    case 2:
        m->levy[at] = MOVED(levy, r, id);
        break;
    case 3:
        m->benefit[at] = MOVED(benefit, r, id);
        break;
    default:
        m->collection[at] = MOVED(collection, r, id);
        break;
    }
}

static struct party_legacy_record record_of(struct import *im, const struct table_row *row,
                                            int64_t person_id, int64_t event_no)
{
    int64_t file = 0, year = 0, yen = 0;
    const bool has_year = str_to_int(import_field(im, row, "fiscal_year"), &year);
    const bool has_yen = str_to_int(import_field(im, row, "amount"), &yen);
    (void)str_to_int(import_field(im, row, "file"), &file);
    return (struct party_legacy_record){.reference = import_field(im, row, "reference"),
                                        .file = file,
                                        .person_id = person_id,
                                        .fiscal_year = year,
                                        .fiscal_year_null = !has_year,
                                        .from_ymd = import_day(im, row, "from"),
                                        .until_ymd = import_day(im, row, "until"),
                                        .amount_yen = YEN(yen),
                                        .amount_yen_null = !has_yen,
                                        .content = import_field(im, row, "content"),
                                        .known_from = event_no};
}

static int fill(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n,
                struct moving *m)
{
    const struct taking *t = im->own;
    struct arena *a = im->w->cx.arena;
    int64_t id = 0;
    *m = (struct moving){.record = ARENA_ARRAY(a, n + 1, struct party_legacy_record),
                         .eligibility = ARENA_ARRAY(a, n + 1, struct party_legacy_eligibility),
                         .levy = ARENA_ARRAY(a, n + 1, struct party_legacy_levy),
                         .benefit = ARENA_ARRAY(a, n + 1, struct party_legacy_benefit),
                         .collection = ARENA_ARRAY(a, n + 1, struct party_legacy_collection),
                         .n = n};
    if (!m->record || !m->eligibility || !m->levy || !m->benefit || !m->collection)
        return no_memory(im->w);
    const int result = store_ids(&im->w->cx, im->w->store, 2 * (int64_t)n, &id);
    for (size_t i = 0; i < n && result >= 0; i++) {
        m->record[i] = record_of(im, rows[i], t->people[rows[i] - im->table.rows], event_no);
        m->record[i].legacy_record_id = id++;
        move(m, &m->record[i], id++);
    }
    return result;
}

/* As many records and as much money in the four files as in the single one, file by file. */
static int check_moved(struct work *w, int64_t event_no)
{
    const struct party_legacy_balance_in in = {.first_event = event_no, .last_event = event_no};
    struct party_legacy_balance_list list;
    const int result = party_legacy_balance(&w->cx, w->store, &in, &list);
    for (size_t i = 0; i < list.n && result >= 0; i++) {
        const struct party_legacy_balance_row *b = &list.rows[i];
        if (b->lines != b->moved_lines || b->yen.n != b->moved_yen.n)
            return fail(&w->cx, ERR_CORRUPT, "party.legacy.balance", "%lld", (long long)b->file);
    }
    return result;
}

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct work *w = im->w;
    struct moving m;
    int result = fill(im, event_no, rows, n, &m);
    if (result >= 0)
        result = party_legacy_record_bulk(&w->cx, w->store, m.record, m.n);
    if (result >= 0)
        result = party_legacy_eligibility_bulk(&w->cx, w->store, m.eligibility, m.of[1]);
    if (result >= 0)
        result = party_legacy_levy_bulk(&w->cx, w->store, m.levy, m.of[2]);
    if (result >= 0)
        result = party_legacy_benefit_bulk(&w->cx, w->store, m.benefit, m.of[3]);
    if (result >= 0)
        result = party_legacy_collection_bulk(&w->cx, w->store, m.collection, m.of[4]);
    return result < 0 ? result : check_moved(w, event_no);
}

int party_import_legacy(struct work *w, struct job *job)
{
    struct taking t = {.people = NULL};
    const struct import_kind kind = {.name = "legacy",
                                     .event_kind = "party.legacy",
                                     .source = "city",
                                     .description = {(const char *)format_legacy_single,
                                                     format_legacy_single_size},
                                     .sum = "amount",
                                     .usual = IMPORT_ALL,
                                     .is_strict = true,
                                     .own = &t,
                                     .begin = begin,
                                     .check = check,
                                     .apply = apply};
    return party_import(w, job, &kind);
}

/* --- read
 * -----------------------------------------------------------------------------------------
 */

/* Who may see a file sees what was moved into it. The single file shows all: its reader needs them
 * all. */
static bool may_see(const struct work *w, int64_t file)
{
    static const enum right_bit rights[FILES + 1] = {RIGHT_PARTY_VIEW, RIGHT_ELIGIBILITY_VIEW,
                                                     RIGHT_LEVY_VIEW, RIGHT_ELIGIBILITY_VIEW,
                                                     RIGHT_COLLECTION_VIEW};
    return work_may(w, rights[file]);
}

static bool may_see_all(const struct work *w)
{
    bool all = true;
    for (int64_t file = 1; file <= FILES; file++)
        all = all && may_see(w, file);
    return all;
}

#define LINE(r)                                                                                    \
    (struct party_legacy_records_row)                                                              \
    {                                                                                              \
        word_id(w->cx.arena, "party.legacy.file.",                                                 \
                str_format(w->cx.arena, "%lld", (long long)(r)->file)),                            \
            (r)->reference, (r)->fiscal_year_null ? 0 : (r)->fiscal_year, (r)->from_ymd,           \
            (r)->until_ymd, !(r)->amount_yen_null, (r)->amount_yen, (r)->content                   \
    }

static int read_single(struct work *w, int64_t person_id, struct party_legacy_view *v)
{
    struct party_legacy_of_person_list list;
    const struct party_legacy_of_person_in in = {person_id};
    const int result = may_see_all(w) ? party_legacy_of_person(&w->cx, w->store, &in, &list)
                                      : work_need(w, RIGHT_COLLECTION_VIEW);
    struct party_legacy_records_row *rows =
        result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct party_legacy_records_row);
    if (result < 0 || !rows)
        return result < 0 ? result : no_memory(w);
    for (size_t i = 0; i < list.n; i++)
        rows[v->n_records++] = LINE(&list.rows[i]);
    v->records = rows;
    return OK;
}

static int read_four(struct work *w, int64_t person_id, struct party_legacy_view *v)
{
    struct party_legacy_moved_of_person_list list;
    const struct party_legacy_moved_of_person_in in = {person_id};
    const int result = party_legacy_moved_of_person(&w->cx, w->store, &in, &list);
    struct party_legacy_records_row *rows =
        result < 0 ? NULL : ARENA_ARRAY(w->cx.arena, list.n + 1, struct party_legacy_records_row);
    if (result < 0 || !rows)
        return result < 0 ? result : no_memory(w);
    for (size_t i = 0; i < list.n; i++) {
        if (may_see(w, list.rows[i].file))
            rows[v->n_records++] = LINE(&list.rows[i]);
    }
    v->records = rows;
    return OK;
}

int party_legacy_page_show(struct work *w, struct request *rq, struct reply *rp)
{
    struct party_legacy_day_form form;
    struct party_legacy_view v = {.legacy_day = &form};
    struct person p;
    int64_t id = 0;
    int result = party_legacy_day_form_read(&w->cx, rq, &form);
    if (result >= 0)
        result = legacy_cutover(w, &v.cutover);
    if (result >= 0)
        result = party_person_by_no(w, rq->part[0], &id);
    if (result == 0)
        return fail(&w->cx, ERR_NOT_FOUND, "party.person.none", NULL);
    if (result >= 0)
        result = party_person(w, id, &p);
    if (result >= 0)
        result = audit_write(w, &(struct audit_line){.class = AUDIT_INQUIRY,
                                                     .person_id = id,
                                                     .purpose = STR("party.legacy"),
                                                     .query = STR(""),
                                                     .count = 1});
    if (result < 0)
        return result;
    v.day = ymd_is_none(form.day) ? w->asof.valid : form.day;
    v.is_single = ymd_compare(v.day, v.cutover) < 0;
    v.person_no = p.person_no;
    v.name = p.name;
    result = v.is_single ? read_single(w, id, &v) : read_four(w, id, &v);
    if (result >= 0)
        party_page_legacy(&rp->body, rq->frame, &v);
    return result < 0 ? result : OK;
}
