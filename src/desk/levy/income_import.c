/* Incomes from a file of the tax office, of another municipality or of declarations. */
#include "desk/levy/income_words.h"
#include "levy_sql.h"

#include <stdlib.h>

extern const unsigned char format_incomes[];
extern const size_t format_incomes_size;

struct line {
    const struct import *im;
    const struct table_row *row;
};

static struct str word_of_line(const void *from, const char *id)
{
    const struct line *l = from;
    return import_field(l->im, l->row, id);
}

static int check(struct import *im, struct table_row *row)
{
    const struct line l = {im, row};
    const struct income_words words = {word_of_line, &l};
    const char *field = NULL;
    const char *problem = income_words_problem(&words, im->w->today, &field);

    return problem ? import_problem(im, row, field, problem) : OK;
}

static int look_up(struct import *im, struct table_row *const *rows, size_t n, int64_t *people)
{
    struct str *nos = ARENA_ARRAY(im->w->cx.arena, n + 1, struct str);

    if (!nos)
        return fail(&im->w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < n; i++)
        nos[i] = import_field(im, rows[i], "person_no");
    return party_ids_by_no(im->w, nos, n, people);
}

/* An unknown number is never matched by name: the file is refused with the line. */
static int unknown_person(struct import *im, const struct table_row *row)
{
    (void)fail(&im->w->cx, ERR_NOT_FOUND, "levy.import.person", STR_FMT,
               STR_ARG(import_field(im, row, "person_no")));
    return fail_where(&im->w->cx, "", (int)row->line, 0, "person_no");
}

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct income *incomes = ARENA_ARRAY(im->w->cx.arena, n + 1, struct income);
    int64_t *people = ARENA_ARRAY(im->w->cx.arena, n + 1, int64_t);
    int64_t written = 0;
    int result = incomes && people ? look_up(im, rows, n, people)
                                   : fail(&im->w->cx, ERR_MEMORY, "party.memory", NULL);

    for (size_t i = 0; i < n && result >= 0; i++) {
        if (people[i] == 0)
            return unknown_person(im, rows[i]);
        const struct line l = {im, rows[i]};
        const struct income_words words = {word_of_line, &l};
        incomes[i] = income_from_words(&words, people[i]);
    }
    return result < 0 ? result : levy_income_put(im->w, event_no, incomes, n, &written);
}

int levy_income_import(struct work *w, struct job *job)
{
    const struct import_kind kind = {.name = "incomes",
                                     .event_kind = "levy.income",
                                     .source = "tax",
                                     .description = {(const char *)format_incomes,
                                                     format_incomes_size},
                                     .sum = "salary_revenue",
                                     .check = check,
                                     .apply = apply};
    return party_import(w, job, &kind);
}

/* --- the whole year, at the beginning of June ------------------------------------------------- */

enum { NUMBERS_CHUNK = 5000, CHILD_AGE = 16 };

/* The numbers of the file, in order: who is looked for must be on it. */
struct whole {
    struct str *nos;
    size_t n;
};

static int by_text(const void *a, const void *b)
{
    return str_compare(*(const struct str *)a, *(const struct str *)b);
}

/* The year's file is about the calendar year before, all of it. */
static int begin_whole(struct import *im)
{
    struct whole *all = im->own;
    int year, month, day;

    ymd_split(im->w->today, &year, &month, &day);
    all->nos = ARENA_ARRAY(im->w->cx.arena, im->table.n + 1, struct str);
    if (!all->nos)
        return fail(&im->w->cx, ERR_MEMORY, "party.memory", NULL);
    for (size_t i = 0; i < im->table.n; i++) {
        struct table_row *row = &im->table.rows[i];
        int64_t stated = 0;
        int result = OK;
        if (!str_to_int(import_field(im, row, "income_year"), &stated) || stated != year - 1)
            result = import_problem(im, row, "income_year", "levy.yearly.year");
        all->nos[all->n] = str_copy(im->w->cx.arena, import_field(im, row, "person_no"));
        if (result < 0 || !all->nos[all->n++].p)
            return result < 0 ? result : fail(&im->w->cx, ERR_MEMORY, "party.memory", NULL);
    }
    qsort(all->nos, all->n, sizeof(struct str), by_text);
    return OK;
}

/* Who counts for the levy and is not on the file: a note for each, and the figure. */
static int note_missing(struct work *w, struct job *job, const struct whole *all, int64_t *missing)
{
    int year, month, day;
    ymd_split(w->today, &year, &month, &day);
    struct levy_tax_people_in in = {.born_by = ymd_add(birthday(ymd_of(year, 1, 1), -CHILD_AGE), 1),
                                    .n = NUMBERS_CHUNK,
                                    .asof = w->asof};
    struct levy_tax_people_list list;
    int result = OK;

    do {
        result = levy_tax_people(&w->cx, w->store, &in, &list);
        for (size_t i = 0; result >= 0 && i < list.n; i++) {
            const struct levy_tax_people_row *r = &list.rows[i];
            in.after = r->person_id;
            if (bsearch(&r->person_no, all->nos, all->n, sizeof(struct str), by_text))
                continue;
            ++*missing;
            result = job_note(w, job, false, r->person_id, "levy.yearly.missing", r->person_no);
        }
    } while (result >= 0 && list.n == NUMBERS_CHUNK);
    return result;
}

static int write_missing(struct work *w, struct job *job, const struct whole *all)
{
    int64_t missing = 0;
    int result = STORE_BEGIN(&w->cx, w->store);

    if (result < 0)
        return result;
    result = note_missing(w, job, all, &missing);
    if (result >= 0)
        result = job_figure(w, job, "missing", missing);
    if (result >= 0)
        result = job_checkpoint(w, job);
    if (result >= 0)
        return store_commit(&w->cx, w->store);
    store_rollback(w->store);
    return error_add(&w->cx, "list who is missing");
}

int levy_income_yearly(struct work *w, struct job *job)
{
    struct whole all = {NULL, 0};
    const struct import_kind kind = {.name = "incomes_yearly",
                                     .event_kind = "levy.income",
                                     .source = "tax",
                                     .description = {(const char *)format_incomes,
                                                     format_incomes_size},
                                     .sum = "salary_revenue",
                                     .own = &all,
                                     .begin = begin_whole,
                                     .check = check,
                                     .apply = apply};
    const int result = party_import(w, job, &kind);

    if (result < 0 || str_is(job_option(job, "mode"), "report"))
        return result;
    return write_missing(w, job, &all);
}
