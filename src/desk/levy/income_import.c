/* Incomes from a file of the tax office, of another municipality or of declarations. */
#include "desk/levy/levy.h"

extern const unsigned char format_incomes[];
extern const size_t format_incomes_size;

struct money_column {
    const char *id;
    size_t offset; /* of the struct yen in struct income */
};
#define MONEY(id, member)                                                                          \
    {                                                                                              \
        (id), offsetof(struct income, member)                                                      \
    }
static const struct money_column moneys[] = {
    MONEY("salary_revenue", salary_revenue),       MONEY("pension_revenue", pension_revenue),
    MONEY("salary_income", salary_income),         MONEY("pension_income", pension_income),
    MONEY("business_income", business_income),     MONEY("property_income", property_income),
    MONEY("other_income", other_income),           MONEY("forestry_income", forestry_income),
    MONEY("separate_income", separate_income),     MONEY("separate_deduction", separate_deduction),
    MONEY("net_loss", net_loss_carried),           MONEY("casualty_loss", casualty_loss_carried),
    MONEY("family_paid", family_wages_paid),       MONEY("family_received", family_wages_received),
    MONEY("salary_adjustment", salary_adjustment), MONEY("fixed_asset_tax", fixed_asset_tax),
    MONEY("total_income", total_income),           MONEY("taxable", taxable),
};
enum { N_MONEYS = sizeof(moneys) / sizeof(moneys[0]) };

static int64_t number_of(const struct import *im, const struct table_row *row, const char *id)
{
    int64_t n = 0;
    return str_to_int(import_field(im, row, id), &n) ? n : 0;
}

/* --- what single fields cannot show ---------------------------------------------------------- */

static bool may_be_negative(const char *id)
{
    return str_is(STR("business_income"), id) || str_is(STR("property_income"), id);
}

static int check_money(struct import *im, struct table_row *row)
{
    const bool undeclared = str_is(import_field(im, row, "undeclared"), "1");

    for (size_t i = 0; i < N_MONEYS; i++) {
        const int64_t yen = number_of(im, row, moneys[i].id);
        if (yen < 0 && !may_be_negative(moneys[i].id))
            return import_problem(im, row, moneys[i].id, "levy.import.negative");
        if (yen != 0 && undeclared)
            return import_problem(im, row, moneys[i].id, "levy.import.undeclared_money");
    }
    return OK;
}

static int check(struct import *im, struct table_row *row)
{
    const int64_t year = number_of(im, row, "income_year");
    int this_year, month, day;

    ymd_split(im->w->today, &this_year, &month, &day);
    if (year < 2000 || year > this_year)
        return import_problem(im, row, "income_year", "levy.import.year");
    if (number_of(im, row, "family_received") > number_of(im, row, "salary_revenue"))
        return import_problem(im, row, "family_received", "levy.import.family_wages");
    if (number_of(im, row, "separate_deduction") > number_of(im, row, "separate_income"))
        return import_problem(im, row, "separate_deduction", "levy.import.deduction");
    if (str_is(import_field(im, row, "tax_state"), "exempt") && number_of(im, row, "taxable") > 0)
        return import_problem(im, row, "tax_state", "levy.import.tax_state");
    if (str_is(import_field(im, row, "undeclared"), "1") && import_field(im, row, "taxable").n > 0)
        return import_problem(im, row, "taxable", "levy.import.undeclared_money");
    return check_money(im, row);
}

/* --- writing -------------------------------------------------------------------------------------
 */

static enum income_source source_of(struct str word)
{
    if (str_is(word, "inquiry"))
        return INCOME_INQUIRY;
    return str_is(word, "declaration") ? INCOME_DECLARATION : INCOME_TAX;
}

static enum tax_state tax_state_of(struct str word)
{
    if (str_is(word, "exempt"))
        return TAX_EXEMPT;
    if (str_is(word, "per_capita"))
        return TAX_PER_CAPITA;
    return str_is(word, "levied") ? TAX_LEVIED : TAX_UNKNOWN;
}

/* 0 none, else the place of the word among the two the format knows. */
static int8_t mark_of(struct str word, const char *second)
{
    if (word.n == 0)
        return 0;
    return str_is(word, second) ? 2 : 1;
}

static struct income income_of(const struct import *im, const struct table_row *row, int64_t person)
{
    struct income out = {.person_id = person,
                         .income_year = (int32_t)number_of(im, row, "income_year"),
                         .source = source_of(import_field(im, row, "source")),
                         .is_undeclared = str_is(import_field(im, row, "undeclared"), "1"),
                         .has_salary_income = import_field(im, row, "salary_income").n > 0,
                         .has_pension_income = import_field(im, row, "pension_income").n > 0,
                         .has_total_income = import_field(im, row, "total_income").n > 0,
                         .has_taxable = import_field(im, row, "taxable").n > 0,
                         .tax_state = tax_state_of(import_field(im, row, "tax_state")),
                         .widow = mark_of(import_field(im, row, "widow"), "single_parent"),
                         .disability = mark_of(import_field(im, row, "disability"), "special"),
                         .is_minor = str_is(import_field(im, row, "minor"), "1"),
                         .dependants = (int16_t)number_of(im, row, "dependants"),
                         .small_children = (int16_t)number_of(im, row, "small_children")};

    for (size_t i = 0; i < N_MONEYS; i++)
        *(struct yen *)((char *)&out + moneys[i].offset) = YEN(number_of(im, row, moneys[i].id));
    return out;
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
        incomes[i] = income_of(im, rows[i], people[i]);
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
