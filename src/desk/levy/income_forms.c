/* Incomes from paper keyed by a contractor (簡易申告書, 税照会回答書): the number on the form must
 * be that of the person who wrote his birth date on it. */
#include "desk/levy/income_words.h"
#include "levy_sql.h"

extern const unsigned char format_incomes[], format_income_forms[];
extern const size_t format_incomes_size, format_income_forms_size;

struct form_line {
    const struct import *im;
    const struct table_row *row;
};

/* The kind of form says where the statement comes from. */
static struct str word_of_form(const void *from, const char *id)
{
    const struct form_line *l = from;
    return import_field(l->im, l->row, str_is(STR("source"), id) ? "form" : id);
}

static struct income_words words_of(const struct form_line *l)
{
    return (struct income_words){word_of_form, l};
}

/* One file holds one kind: declarations come from the people, answers from municipalities. */
static const char *kind_problem(const struct form_line *l)
{
    const bool is_answer = str_is(import_field(l->im, l->row, "form"), "inquiry");
    return str_is(l->im->source, is_answer ? "municipality" : "person") ? NULL : "levy.forms.kind";
}

static int whose_problem(const struct form_line *l, const char **field, const char **problem)
{
    struct work *w = l->im->w;
    struct person p;
    int64_t person_id = 0;
    int rc = party_person_by_no(w, import_field(l->im, l->row, "person_no"), &person_id);

    if (rc == 0) {
        *field = "person_no";
        *problem = "levy.forms.unknown";
        return OK;
    }
    rc = rc < 0 ? rc : party_person(w, person_id, &p);
    if (rc >= 0 && ymd_compare(p.birth, import_day(l->im, l->row, "born")) != 0) {
        *field = "born";
        *problem = "levy.forms.birth";
    }
    return rc < 0 ? rc : OK;
}

static int check(struct import *im, struct table_row *row)
{
    const struct form_line l = {im, row};
    const struct income_words words = words_of(&l);
    const char *field = "form";
    const char *problem = kind_problem(&l);
    int rc = OK;

    if (!problem)
        problem = income_words_problem(&words, im->w->today, &field);
    if (!problem)
        rc = whose_problem(&l, &field, &problem);
    return rc < 0 ? rc : problem ? import_problem(im, row, field, problem) : OK;
}

static int apply(struct import *im, int64_t event_no, struct table_row *const *rows, size_t n)
{
    struct income *incomes = ARENA_ARRAY(im->w->cx.arena, n + 1, struct income);
    int64_t written = 0;
    int rc = incomes ? OK : fail(&im->w->cx, ERR_MEMORY, "party.memory", NULL);

    for (size_t i = 0; rc >= 0 && i < n; i++) {
        const struct form_line l = {im, rows[i]};
        const struct income_words words = words_of(&l);
        int64_t person_id = 0;
        rc = party_person_by_no(im->w, import_field(im, rows[i], "person_no"), &person_id);
        if (rc >= 0)
            incomes[i] = income_from_words(&words, person_id);
    }
    return rc < 0 ? rc : levy_income_put(im->w, event_no, incomes, n, &written);
}

/* What identifies the paper, then the columns of a statement of income but whose and whence. */
static int description(struct work *w, struct str *out)
{
    struct str rest = {(const char *)format_incomes, format_incomes_size};
    struct text t;

    text_init(&t, format_incomes_size + format_income_forms_size + 1);
    text_add(&t, (struct str){(const char *)format_income_forms, format_income_forms_size});
    while (rest.n > 0) {
        const struct str line = str_cut(&rest, '\n');
        struct str fields = line;
        (void)str_cut(&fields, '\t');
        const struct str id = str_cut(&fields, '\t');
        if (line.n == 0 || line.p[0] == '#' || str_is(id, "person_no") || str_is(id, "source"))
            continue;
        text_add(&t, line);
        text_adds(&t, "\n");
    }
    *out = str_copy(w->cx.arena, text_str(&t));
    const bool is_whole = !t.failed && out->p;
    text_release(&t);
    return is_whole ? OK : fail(&w->cx, ERR_MEMORY, "party.memory", NULL);
}

int levy_income_forms(struct work *w, struct job *job)
{
    struct import_kind kind = {.name = "income_forms",
                               .event_kind = "levy.income",
                               .source = "person",
                               .sum = "salary_revenue",
                               .usual = IMPORT_LINES,
                               .check = check,
                               .apply = apply};
    const int rc = description(w, &kind.description);

    return rc < 0 ? rc : party_import(w, job, &kind);
}
