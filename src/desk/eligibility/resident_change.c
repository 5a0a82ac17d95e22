/*
 * The daily file of resident changes: in the order of the register's sequence, each once; a gap or
 * a repeat refuses the file and names the number; who is no resident, and who is not known by
 * number, is refused, never matched by name.
 */
#include "desk/eligibility/resident_change.h"

#include <stdlib.h>
#include <string.h>

extern const unsigned char format_resident_changes[];
extern const size_t format_resident_changes_size;

enum change_sort change_sort_of(struct str kind)
{
    static const struct {
        const char *kind;
        enum change_sort sort;
    } sorts[] = {{"move_in", SORT_COMES},        {"birth", SORT_COMES},
                 {"status", SORT_COMES},         {"restored", SORT_RESTORED},
                 {"move_out", SORT_GOES},        {"left_country", SORT_GOES},
                 {"death", SORT_GOES},           {"ex_officio", SORT_GOES},
                 {"moved", SORT_MOVES},          {"merge", SORT_MOVES},
                 {"split", SORT_MOVES},          {"head", SORT_RELATION},
                 {"relation", SORT_RELATION},    {"name", SORT_NAME},
                 {"nationality", SORT_FOREIGN},  {"stay", SORT_FOREIGN},
                 {"correction", SORT_CORRECTION}};

    for (size_t i = 0; i < sizeof(sorts) / sizeof(sorts[0]); i++) {
        if (str_is(kind, sorts[i].kind))
            return sorts[i].sort;
    }
    return SORT_CANCEL;
}

struct ymd change_effect(struct str kind, struct ymd day, bool is_same_day)
{
    return change_sort_of(kind) == SORT_GOES && !is_same_day ? ymd_add(day, 1) : day;
}

struct str line_field(const struct change_line *l, const char *id)
{
    return import_field(l->im, l->row, id);
}

struct ymd line_day(const struct change_line *l, const char *id)
{
    return import_day(l->im, l->row, id);
}

int line_fail(struct change_line *l, const char *id, const char *reason)
{
    struct context *cx = &l->w->cx;
    const struct str header = l->im->columns.rows[column_of(&l->im->columns, id)].name;
    const char *field = str_c(cx->arena, header);

    (void)fail(cx, ERR_INVALID, reason, "sequence=%lld person=" STR_FMT " " STR_FMT,
               (long long)l->sequence, STR_ARG(l->person_no), STR_ARG(line_field(l, id)));
    return fail_where(cx, "resident_changes", (int)l->row->line, 0, field ? field : id);
}

/* --- the order of the file ---------------------------------------------------------------------
 */

struct order {    /* of one file */
    int64_t last; /* sequence taken in before it */
    struct str *comers;
    size_t n_comers;
    struct str *known; /* sorted numbers of the people we know */
    int64_t *ids;
    size_t n;
};

static int64_t sequence_of(const struct import *im, const struct table_row *row)
{
    int64_t n = 0;
    return str_to_int(import_field(im, row, "sequence"), &n) ? n : 0;
}

struct keyed {
    int64_t sequence;
    struct table_row row;
};

static int by_sequence(const void *a, const void *b)
{
    const int64_t x = ((const struct keyed *)a)->sequence, y = ((const struct keyed *)b)->sequence;
    return (x > y) - (x < y);
}

static int sort_rows(struct import *im)
{
    struct table *t = &im->table;
    struct keyed *k = ARENA_ARRAY(im->arena, t->n + 1, struct keyed);

    if (!k)
        return fail(&im->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < t->n; i++)
        k[i] = (struct keyed){sequence_of(im, &t->rows[i]), t->rows[i]};
    qsort(k, t->n, sizeof(*k), by_sequence);
    for (size_t i = 0; i < t->n; i++)
        t->rows[i] = k[i].row;
    return OK;
}

static int refuse_sequence(struct import *im, const struct table_row *row, const char *message,
                           int64_t number)
{
    struct context *cx = &im->w->cx;
    const char *field =
        str_c(cx->arena, im->columns.rows[column_of(&im->columns, "sequence")].name);

    (void)fail(cx, ERR_INVALID, message, "%lld", (long long)number);
    return fail_where(cx, im->kind->name, (int)row->line, 0, field ? field : "sequence");
}

static int check_sequence(struct import *im, int64_t last)
{
    const struct table *t = &im->table;
    int64_t expected = last + 1;

    for (size_t i = 0; i < t->n; i++, expected++) {
        const int64_t n = sequence_of(im, &t->rows[i]);
        if (n == 0)
            return OK; /* unreadable: a problem of its line */
        if (last == 0 && i == 0)
            expected = n; /* the first file of all */
        if (n < expected)
            return refuse_sequence(im, &t->rows[i], "eligibility.change.repeated", n);
        if (n > expected)
            return refuse_sequence(im, &t->rows[i], "eligibility.change.gap", expected);
    }
    return OK;
}

static int know_people(struct import *im, struct order *o)
{
    o->n = im->table.n;
    o->known = ARENA_ARRAY(im->arena, o->n + 1, struct str);
    o->ids = ARENA_ARRAY(im->arena, o->n + 1, int64_t);
    o->comers = ARENA_ARRAY(im->arena, o->n + 1, struct str);
    if (!o->known || !o->ids || !o->comers)
        return fail(&im->w->cx, ERR_MEMORY, "eligibility.memory", NULL);
    for (size_t i = 0; i < o->n; i++)
        o->known[i] = import_field(im, &im->table.rows[i], "person_no");
    return party_ids_by_no(im->w, o->known, o->n, o->ids);
}

static int begin(struct import *im)
{
    struct order *o = im->own;
    struct eligibility_change_last_row last;
    int result = eligibility_change_last(&im->w->cx, im->w->store, &last);

    if (result >= 0)
        result = sort_rows(im);
    if (result >= 0 && job_progress(im->job)->cursor == 0)
        result = check_sequence(im, last.sequence);
    o->last = last.sequence;
    return result < 0 ? result : know_people(im, o);
}

/* --- single lines -------------------------------------------------------------------------------
 */

static bool has_come(struct order *o, struct str no)
{
    for (size_t i = 0; i < o->n_comers; i++) {
        if (str_equal(o->comers[i], no))
            return true;
    }
    return false;
}

static int check_person(struct import *im, struct table_row *row)
{
    struct order *o = im->own;
    const struct str no = import_field(im, row, "person_no");
    const size_t at = (size_t)(row - im->table.rows);

    if (!str_is(import_field(im, row, "register"), "resident"))
        return import_problem(im, row, "register", "eligibility.change.nonresident");
    if (o->ids[at] != 0 || has_come(o, no))
        return OK;
    if (change_sort_of(import_field(im, row, "kind")) != SORT_COMES)
        return import_problem(im, row, "person_no", "eligibility.change.unknown_person");
    o->comers[o->n_comers++] = no;
    return OK;
}

static int check_days(struct import *im, struct table_row *row)
{
    const struct ymd day = import_day(im, row, "change_day"), birth = import_day(im, row, "birth");
    const struct str kind = import_field(im, row, "kind");

    if (ymd_compare(day, im->w->today) > 0 && !str_is(kind, "move_out"))
        return import_problem(im, row, "change_day", "eligibility.change.in_future");
    if (ymd_compare(import_day(im, row, "notified"), im->w->today) > 0)
        return import_problem(im, row, "notified", "eligibility.change.in_future");
    if (ymd_compare(day, birth) < 0)
        return import_problem(im, row, "change_day", "eligibility.import.before_birth");
    if (str_is(kind, "birth") && ymd_compare(day, birth) != 0)
        return import_problem(im, row, "birth", "eligibility.change.birth_day");
    if (str_is(kind, "death") && import_field(im, row, "death").n == 0)
        return import_problem(im, row, "death", "exchange.field.missing");
    return OK;
}

static int check_household(struct import *im, struct table_row *row)
{
    const struct str kind = import_field(im, row, "kind");
    const enum change_sort sort = change_sort_of(kind);
    const bool after = import_field(im, row, "household_after").n > 0;
    const bool before = import_field(im, row, "household_before").n > 0;
    const bool about_earlier = sort == SORT_CORRECTION || sort == SORT_CANCEL;

    if (about_earlier != (import_field(im, row, "corrects").n > 0))
        return import_problem(im, row, "corrects", "eligibility.change.corrects");
    if (about_earlier)
        return OK;
    if (after == (sort == SORT_GOES))
        return import_problem(im, row, "household_after", "eligibility.change.household_after");
    if (!before && sort != SORT_COMES)
        return import_problem(im, row, "household_before", "exchange.field.missing");
    if (after && import_field(im, row, "relation").n == 0)
        return import_problem(im, row, "relation", "exchange.field.missing");
    if ((sort == SORT_COMES || sort == SORT_MOVES) && import_field(im, row, "town").n == 0)
        return import_problem(im, row, "town", "exchange.field.missing");
    return OK;
}

static int check(struct import *im, struct table_row *row)
{
    int result = check_person(im, row);

    if (result >= 0 && !row->is_bad)
        result = check_days(im, row);
    return result < 0 || row->is_bad ? result : check_household(im, row);
}

/* --- writing -------------------------------------------------------------------------------------
 */

static int find_earlier(struct change_line *l)
{
    struct eligibility_change_earlier_row row;

    if (!str_to_int(line_field(l, "corrects"), &l->corrects))
        return OK;
    const struct eligibility_change_earlier_in in = {l->corrects};
    const int result = eligibility_change_earlier(&l->w->cx, l->w->store, &in, &row);
    if (result < 0)
        return result;
    if (result == 0 || !str_equal(row.person_no, l->person_no) || str_is(row.state, "refused"))
        return line_fail(l, "corrects", "eligibility.change.corrects_unknown");
    l->earlier_kind = row.kind;
    l->earlier_sort = change_sort_of(row.kind);
    if (l->earlier_sort == SORT_CORRECTION || l->earlier_sort == SORT_CANCEL)
        return line_fail(l, "corrects", "eligibility.change.corrects_unknown");
    l->earlier_day = row.change_ymd;
    l->earlier_effect = row.effect_ymd;
    if (l->sort == SORT_CORRECTION)
        l->effect = change_effect(l->earlier_kind, l->day,
                                  ymd_compare(row.effect_ymd, row.change_ymd) == 0);
    return OK;
}

static int record(const struct change_line *l, const char *state, int pending, const char *reason)
{
    const struct str before = line_field(l, "household_before");
    const struct str after = line_field(l, "household_after");
    const int64_t home = l->household_after ? l->household_after : l->household_before;
    struct eligibility_resident_change row = {.sequence = l->sequence,
                                              .kind = l->kind,
                                              .change_ymd = l->day,
                                              .effect_ymd = l->effect,
                                              .notified_ymd = l->notified,
                                              .person_id = l->person_id,
                                              .person_id_null = l->person_id == 0,
                                              .household_id = home,
                                              .household_id_null = home == 0,
                                              .person_no = l->person_no,
                                              .household_before = before.n ? before : STR_NONE,
                                              .household_after = after.n ? after : STR_NONE,
                                              .corrects = l->corrects,
                                              .corrects_null = l->corrects == 0,
                                              .state = str_of(state),
                                              .pending_kind = pending,
                                              .pending_kind_null = pending == 0,
                                              .reason = reason ? str_of(reason) : STR_NONE,
                                              .known_from = l->event_no};
    const int result = store_ids(&l->w->cx, l->w->store, 1, &row.resident_change_id);
    return result < 0 ? result : eligibility_resident_change_insert(&l->w->cx, l->w->store, &row);
}

static struct change_line line_of(struct import *im, struct table_row *row, int64_t event_no)
{
    struct change_line l = {.im = im, .w = im->w, .row = row, .event_no = event_no};

    l.sequence = sequence_of(im, row);
    l.kind = line_field(&l, "kind");
    l.sort = change_sort_of(l.kind);
    l.day = line_day(&l, "change_day");
    l.notified = line_day(&l, "notified");
    l.effect = change_effect(l.kind, l.day, str_is(line_field(&l, "same_day"), "1"));
    l.person_no = line_field(&l, "person_no");
    return l;
}

static int take_line(struct import *im, struct table_row *row, struct party_batch *batch)
{
    struct change_line l = line_of(im, row, 0);
    int pending = 0;
    int result = OK;

    l.batch = batch;
    if (l.sort == SORT_CORRECTION || l.sort == SORT_CANCEL)
        result = find_earlier(&l);
    if (result >= 0)
        result = change_apply(&l);
    if (result >= 0)
        result = change_pending(&l, &pending);
    return result < 0 ? result : record(&l, pending ? "pending" : "no_concern", pending, NULL);
}

/* Lines that were not taken keep their place in the sequence, with the reason. */
static int record_refused(struct import *im, int64_t event_no)
{
    const struct table *t = &im->table;
    int result = OK;

    for (size_t i = 0; i < t->n && result >= 0; i++) {
        struct change_line l = line_of(im, &t->rows[i], event_no);
        const char *reason = "exchange.file.line";
        if (!t->rows[i].is_bad || l.sequence == 0 || ymd_is_none(l.day) || ymd_is_none(l.notified))
            continue;
        for (size_t k = 0; k < t->n_problems; k++) {
            if (t->problems[k].line == t->rows[i].line)
                reason = t->problems[k].reason;
        }
        result = record(&l, "refused", 0, reason);
    }
    return result;
}

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct party_batch *batch = NULL;
    int result = party_batch_new(im->w, &batch);

    if (result >= 0 && job_progress(im->job)->cursor == 0)
        result = record_refused(im, event_no);
    for (size_t i = 0; i < n && result >= 0; i++) {
        result = take_line(im, rows[i], batch);
        if (result < 0)
            (void)error_add(&im->w->cx, "line %lld", (long long)rows[i]->line);
    }
    party_batch_free(batch);
    return result;
}

int eligibility_import_changes(struct work *w, struct job *job)
{
    struct order order = {0};
    const struct import_kind kind = {.name = "resident_changes",
                                     .event_kind = "register.file",
                                     .source = "register",
                                     .description = {(const char *)format_resident_changes,
                                                     format_resident_changes_size},
                                     .is_strict = true,
                                     .own = &order,
                                     .begin = begin,
                                     .check = check,
                                     .apply = apply};
    return party_import(w, job, &kind);
}
